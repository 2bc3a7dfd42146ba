-- Price, volume and mix: adding up to the change exactly, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(62);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql

CREATE FUNCTION pg_temp.effects(p pvm_result) RETURNS numeric[]
RETURN ARRAY[(p).before, (p).price, (p).volume, (p).mix, (p).new_products, (p).lost_products, (p).now, (p).change];

-- By hand

SELECT is(pg_temp.effects(pvm(q0, a0, q1, a1)), expected, name)
FROM (VALUES
  ('dearer', 10, 100, 10, 120),
  ('more', 10, 100, 12, 120),
  ('more and dearer', 10, 100, 12, 132),
  ('from cheap to dear', 50, 50, 40, 40),
  ('from cheap to dear', 50, 500, 60, 600),
  ('all at once', 10, 100, 20, 180),
  ('all at once', 5, 60, 1, 12),
  ('all at once', NULL, NULL, 3, 33),
  ('all at once', 2, 40, NULL, NULL),
  ('a new one', NULL, NULL, 5, 50),
  ('a lost one', 5, 50, NULL, NULL),
  ('only returned before', -2, -20, 5, 50),
  ('only returned now', 5, 50, -2, -20),
  ('returned in both', -1, -10, -2, -20),
  ('money without a quantity', 0, 15, 0, 40),
  ('money without a quantity before', NULL, 15, 4, 40),
  ('free before', 5, 0, 5, 50),
  ('free now', 5, 50, 5, NULL),
  ('paid back before', 5, -50, 10, 50),
  ('nothing', NULL, NULL, NULL, NULL),
  ('tiny', 1e-20, 1e-20, 2e-20, 3e-20),
  ('huge', 1e40, 1e60, 3e40, 4e60),
  ('thirds', 3, 1, 1, 1)) AS x (name, q0, a0, q1, a1)
JOIN (VALUES
  ('dearer', '{100,20,0,0,0,0,120,20}'::numeric[]),
  ('more', '{100,0,20,0,0,0,120,20}'),
  ('more and dearer', '{100,12,20,0,0,0,132,32}'),
  ('from cheap to dear', '{550,0,0,90,0,0,640,90}'),
  ('all at once', '{200,-20,64,-12,33,-40,225,25}'),
  ('a new one', '{0,0,0,0,50,0,50,50}'),
  ('a lost one', '{50,0,0,0,0,-50,0,-50}'),
  ('only returned before', '{-20,0,0,0,70,0,50,70}'),
  ('only returned now', '{50,0,0,0,0,-70,-20,-70}'),
  ('returned in both', '{-10,0,0,0,-20,10,-20,-10}'),
  ('money without a quantity', '{15,0,0,0,40,-15,40,25}'),
  ('money without a quantity before', '{15,0,0,0,25,0,40,25}'),
  ('free before', '{0,50,0,0,0,0,50,50}'),
  ('free now', '{50,-50,0,0,0,0,0,-50}'),
  ('paid back before', '{-50,150,-50,0,0,0,50,100}'),
  ('nothing', '{0,0,0,0,0,0,0,0}'),
  ('tiny', '{1e-20,1e-20,1e-20,0,0,0,3e-20,2e-20}'),
  ('huge', '{1e60,1e60,2e60,0,0,0,4e60,3e60}'),
  ('thirds', '{1,0.6666666666666667,-0.6666666666666667,0,0,0,1,0}')) AS y (name, expected) USING (name)
GROUP BY name, expected;

SELECT is((SELECT pvm(1, 2, 3, 4) WHERE false), NULL, 'no rows');
SELECT is(pvm(q0, a0, q1, a1)::text, '(3.10,0.75,1.55,0.00,0.00,-1.55,3.85,0.75)', 'the decimals of the amounts, where no more are needed')
FROM (VALUES (1.000000, 1.55, 2, 3.85), (3, 1.55, NULL, NULL)) AS x (q0, a0, q1, a1);

-- Random products of 60 groups: sold in both periods, in one, returned, without a quantity

CREATE TABLE product AS
SELECT i AS id, i % 60 AS team, i % 7 AS category,
  CASE WHEN noise % 10 > 0 THEN (noise / 10 % 400 - 40) / 4.0 END AS q0, CASE WHEN noise % 9 > 0 THEN (noise / 5 % 90000 - 5000) / 100.0 END AS a0,
  CASE WHEN noise % 11 > 0 THEN (noise / 3 % 500 - 40) / 3.0 END AS q1, CASE WHEN noise % 8 > 0 THEN (noise / 7 % 95000 - 5000) / 100.0 END AS a1
FROM generate_series(1, 3000) AS i, LATERAL (SELECT hashint8extended(i, 21) & 2147483647 AS noise) AS n;
ANALYZE product;

CREATE TABLE kam AS SELECT team, pvm(q0, a0, q1, a1) AS p FROM product GROUP BY team;
CREATE TABLE plain AS
SELECT team, sum(a0) AS before, sum(a1) AS now,
  coalesce(sum(a1 - q1 * a0 / q0) FILTER (WHERE q0 > 0 AND q1 > 0), 0) AS price,
  coalesce((sum(q1) FILTER (WHERE q0 > 0 AND q1 > 0) - sum(q0) FILTER (WHERE q0 > 0 AND q1 > 0)) * sum(a0) FILTER (WHERE q0 > 0 AND q1 > 0) / sum(q0) FILTER (WHERE q0 > 0 AND q1 > 0), 0) AS volume,
  -- at the old prices: what was sold now, less the same quantity in the old mix
  coalesce(sum(q1 * a0 / q0) FILTER (WHERE q0 > 0 AND q1 > 0) - sum(q1) FILTER (WHERE q0 > 0 AND q1 > 0) * sum(a0) FILTER (WHERE q0 > 0 AND q1 > 0) / sum(q0) FILTER (WHERE q0 > 0 AND q1 > 0), 0) AS mix,
  coalesce(sum(CASE WHEN q0 <= 0 AND q1 > 0 THEN a1 - a0 WHEN q0 <= 0 THEN a1 END), 0) AS new_products,
  coalesce(sum(CASE WHEN q0 > 0 AND q1 <= 0 THEN a1 - a0 WHEN q0 <= 0 AND q1 <= 0 THEN -a0 END), 0) AS lost_products
FROM (SELECT team, coalesce(q0, 0) AS q0, coalesce(a0, 0) AS a0, coalesce(q1, 0) AS q1, coalesce(a1, 0) AS a1 FROM product) AS x
GROUP BY team;

SELECT is(count(*) FILTER (WHERE (k.p).price + (k.p).volume + (k.p).mix + (k.p).new_products + (k.p).lost_products <> (k.p).now - (k.p).before OR (k.p).change <> (k.p).now - (k.p).before), 0::bigint, 'the effects make the change to the last digit') FROM kam AS k;
SELECT is(count(*) FILTER (WHERE (p).before IS DISTINCT FROM before OR (p).now IS DISTINCT FROM now OR (p).new_products IS DISTINCT FROM new_products OR (p).lost_products IS DISTINCT FROM lost_products), 0::bigint, 'before, now, new and lost') FROM kam JOIN plain USING (team);
SELECT is(count(*) FILTER (WHERE abs((p).price - price) > 1e-10), 0::bigint, 'price') FROM kam JOIN plain USING (team);
SELECT is(count(*) FILTER (WHERE abs((p).volume - volume) > 1e-10), 0::bigint, 'volume') FROM kam JOIN plain USING (team);
SELECT is(count(*) FILTER (WHERE abs((p).mix - mix) > 1e-10), 0::bigint, 'mix, worked out by itself') FROM kam JOIN plain USING (team);
SELECT ok(bool_and((p).price <> 0 AND (p).volume <> 0 AND (p).mix <> 0 AND (p).new_products <> 0 AND (p).lost_products <> 0), 'every group has all effects') FROM kam;
SELECT is(count(*) FILTER (WHERE scale((p).price) > 16 OR scale((p).volume) > 16 OR scale((p).mix) > 16), 0::bigint, 'no effect has more than 16 decimals') FROM (SELECT pvm(round(q0, 2), round(a0, 2), round(q1, 2), round(a1, 2)) AS p FROM product GROUP BY team) AS x;

-- Any order, parts, workers

SELECT is(count(DISTINCT p), 1::bigint, 'any order of the rows gives the same')
FROM generate_series(1, 20) AS n, LATERAL (SELECT pvm(q0, a0, q1, a1 ORDER BY hashint8extended(id, n))::text AS p FROM product) AS x;
CREATE AGGREGATE pg_temp.half(quantity_before numeric, amount_before numeric, quantity_now numeric, amount_now numeric) (SFUNC = pvm_accumulate, STYPE = numeric[]);
SELECT is(pvm_final(pvm_combine(one, other))::text, whole::text, 'two halves by hand, cut at ' || cut)
FROM (VALUES (1), (700), (2999)) AS c (cut),
  LATERAL (SELECT pg_temp.half(q0, a0, q1, a1) AS one FROM product WHERE id <= cut) AS o,
  LATERAL (SELECT pg_temp.half(q0, a0, q1, a1) AS other FROM product WHERE id > cut) AS r,
  (SELECT pvm(q0, a0, q1, a1) AS whole FROM product) AS w;

CREATE TABLE serial AS SELECT category, pvm(q0, a0, q1, a1)::text AS p FROM product GROUP BY category;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
SELECT matches(pg_temp.plan_of('SELECT category, pvm(q0, a0, q1, a1) FROM product GROUP BY category'), 'Finalize (Hash|Group)?Aggregate.*Partial (Hash|Group)?Aggregate', 'aggregated in part by parallel workers');
SELECT is(count(*) FILTER (WHERE k.p = serial.p), 7::bigint, 'parallel = serial') FROM (SELECT category, pvm(q0, a0, q1, a1)::text AS p FROM product GROUP BY category) AS k JOIN serial USING (category);
SET LOCAL max_parallel_workers_per_gather = 0;

-- Groups inside groups: money adds up, volume and mix together, each by itself not

SELECT ok(bool_and((all_teams.p).before = parts.before AND (all_teams.p).now = parts.now AND (all_teams.p).price = parts.price AND (all_teams.p).new_products = parts.new_products AND (all_teams.p).lost_products = parts.lost_products), 'before, now, price, new and lost add up over groups')
FROM (SELECT pvm(q0, a0, q1, a1) AS p FROM product) AS all_teams,
  (SELECT sum((p).before) AS before, sum((p).now) AS now, sum((p).price) AS price, sum((p).new_products) AS new_products, sum((p).lost_products) AS lost_products, sum((p).volume) AS volume, sum((p).mix) AS mix FROM kam) AS parts;
SELECT ok(bool_and((all_teams.p).volume + (all_teams.p).mix = parts.volume + parts.mix AND abs((all_teams.p).mix - parts.mix) > 1), 'volume and mix only together')
FROM (SELECT pvm(q0, a0, q1, a1) AS p FROM product) AS all_teams, (SELECT sum((p).volume) AS volume, sum((p).mix) AS mix FROM kam) AS parts;
SELECT is(count(*) FILTER (WHERE (p).mix <> 0), 0::bigint, 'one product has no mix') FROM (SELECT pvm(q0, a0, q1, a1) AS p FROM product WHERE q0 > 0 AND q1 > 0 GROUP BY id) AS x;

-- As a window function

SELECT is(count(*) FILTER (WHERE p::text IS DISTINCT FROM (SELECT pvm(q0, a0, q1, a1)::text FROM product AS q WHERE q.team = w.team AND q.id BETWEEN low AND high)), 0::bigint, frame || ' of a window')
FROM (
  SELECT 'a moving frame' AS frame, team, id - 3 * 60 AS low, id AS high, pvm(q0, a0, q1, a1) OVER (PARTITION BY team ORDER BY id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS p FROM product
  UNION ALL SELECT 'a growing frame', team, 1, id, pvm(q0, a0, q1, a1) OVER (PARTITION BY team ORDER BY id) FROM product
  UNION ALL SELECT 'the whole partition', team, 1, 3000, pvm(q0, a0, q1, a1) OVER (PARTITION BY team) FROM product
  UNION ALL SELECT 'an empty frame', team, 0, -1, pvm(q0, a0, q1, a1) OVER (PARTITION BY team ORDER BY id ROWS BETWEEN 5000 PRECEDING AND 4000 PRECEDING) FROM product) AS w
GROUP BY frame;

-- What is refused

SELECT is(pg_temp.error_of(format('SELECT pvm(%s)', array_to_string(array_replace(ARRAY['0', '1', '2', '3'], (n - 1)::text, quote_literal(value) || '::numeric'), ', '))),
  format('22023 | %s must be a finite number, not %s', argument, shown), format('%s %s', shown, argument))
FROM unnest(ARRAY['quantity_before', 'amount_before', 'quantity_now', 'amount_now']) WITH ORDINALITY AS a (argument, n), (VALUES ('NaN', 'NaN'), ('Infinity', 'infinity'), ('-Infinity', '-infinity')) AS v (value, shown);
SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT pvm_final(''{}'')', 'XX001 | malformed state: 8 numbers are expected'),
  ('SELECT pvm_final(''{1,2,3,4,5,6,7}'')', 'XX001 | malformed state: 8 numbers are expected'),
  ('SELECT pvm_final(''{1,2,3,4,5,6,7,NULL}'')', 'XX001 | malformed state: 8 numbers are expected'),
  ('SELECT pvm_final(''{{1,2,3,4},{5,6,7,8}}'')', 'XX001 | malformed state: 8 numbers are expected'),
  ('SELECT pvm_final(''{1,2,3,4,5,6,7,NaN}'')', 'XX001 | malformed state: number 8 is not finite'),
  ('SELECT pvm_combine(''{1,2,3,4,5,6,7,8}'', ''{1}'')', 'XX001 | malformed state: 8 numbers are expected'),
  ('SELECT pvm_accumulate(''{1}'', 1, 2, 3, 4)', 'XX001 | malformed state: 8 numbers are expected'),
  ('SELECT pvm_final(''{1,2,-3,4,5,6,7,8}'')', 'no error')) AS x (query, expected);
SELECT is(ARRAY[pvm_final(NULL)::text, pvm_combine(NULL, '{1,2,3,4,5,6,7,8}')::text], ARRAY[NULL, NULL], 'no state');

SELECT * FROM finish();
ROLLBACK;
