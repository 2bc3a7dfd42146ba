-- The weighted score, against plain SQL and exactly.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(94);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql
\ir ../helpers/surprises_of.sql

-- Examples

SELECT is(weighted_score(v, w), expected, name)
FROM (VALUES
  ('by hand', 0.75, 1::numeric, 0.5::numeric), ('by hand', 0.75, 0.5, 0.5),
  ('a value that is not known leaves with its weight', 0.8, 0.8, 0.4), ('a value that is not known leaves with its weight', 0.8, NULL, 0.6),
  ('a weight that is not known', 0.8, 0.8, 0.4), ('a weight that is not known', 0.8, 0.1, NULL),
  ('one row', 0.9, 0.9, 0.001), ('a weight of zero counts for nothing', 0.9, 0.9, 2), ('a weight of zero counts for nothing', 0.9, 100, 0),
  ('negative values', -0.5, -1, 1), ('negative values', -0.5, 0, 1), ('values of zero', 0, 0, 3), ('values that cancel', 0, -7, 2), ('values that cancel', 0, 7, 2),
  ('weights only count by their proportion', 2.5, 1, 100), ('weights only count by their proportion', 2.5, 3, 300),
  ('all weights zero', NULL, 1, 0), ('all weights zero', NULL, 2, 0.00), ('nothing known', NULL, NULL, 1), ('nothing known', NULL, 1, NULL)
) AS x (name, expected, v, w) GROUP BY name, expected;
SELECT is((SELECT weighted_score(i, 1) FROM generate_series(1, 0) AS i), NULL, 'no rows');
SELECT is(weighted_score(v, w, c), expected, name)
FROM (VALUES
  ('a cap of each row', 1.1, 3::numeric, 1::numeric, 1.2::numeric), ('a cap of each row', 1.1, 2, 1, 1),
  ('below the cap', 0.5, 0.5, 1, 1), ('at the cap', 1, 1, 1, 1), ('no cap in one row', 2, 3, 1, NULL), ('no cap in one row', 2, 3, 1, 1),
  ('a cap below zero', -2, 5, 1, -2), ('a cap of zero', 0, 5, 1, 0), ('the cap of a row that is left out', 0.5, NULL, 1, 0.1), ('the cap of a row that is left out', 0.5, 0.5, 1, 1)
) AS x (name, expected, v, w, c) GROUP BY name, expected;
-- the four metrics of a representative, receivables as 1 - overdue share
SELECT is(round(weighted_score(a, w, 1.2), 4), 0.9850, 'the scorecard of four metrics') FROM (VALUES (1.35, 0.4), (0.8, 0.3), (1.0, 0.1), (1 - 0.175, 0.2)) AS m (a, w);

-- Against plain SQL over random rows, some of them hostile

CREATE TABLE criteria AS
SELECT i, noise % 300 AS customer,
  CASE noise / 300 % 23 WHEN 0 THEN NULL WHEN 1 THEN -(noise / 7000 % 1000) / 10.0 WHEN 2 THEN (noise / 7000 % 1000)::numeric * 1e9 WHEN 3 THEN (noise / 7000 % 1000)::numeric * 1e-12 WHEN 4 THEN 0
    WHEN 5 THEN 1.0 / (1 + noise / 7000 % 97) WHEN 6 THEN (noise / 7000 % 1000) * 1.000 ELSE (noise / 7000 % 1200) / 1000.0 END AS value,
  CASE noise / 7000000 % 17 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN (noise / 7000 % 50)::numeric * 1e6 WHEN 3 THEN 1.0 / (1 + noise / 7000 % 89) ELSE (noise / 70000 % 11) / 10.0 END AS weight,
  CASE noise / 90000000 % 5 WHEN 0 THEN NULL WHEN 1 THEN 1.20 WHEN 2 THEN 1 ELSE 0.5 + noise / 91 % 10 END AS cap
FROM generate_series(1, 20000) AS i, LATERAL (SELECT hashint8extended(i, 11) & 9007199254740991 AS noise) AS n;
INSERT INTO criteria SELECT i, 1000 + i, 1, 0, 1 FROM generate_series(1, 5) AS i;
INSERT INTO criteria SELECT i, 2000 + i, NULL, 1, 1 FROM generate_series(1, 5) AS i;
CREATE TABLE plain AS
SELECT customer, sum(value * weight) / nullif(sum(weight) FILTER (WHERE value IS NOT NULL), 0) AS score,
  sum(least(value, cap) * weight) FILTER (WHERE value IS NOT NULL) / nullif(sum(weight) FILTER (WHERE value IS NOT NULL), 0) AS capped
FROM criteria GROUP BY customer;

SELECT results_eq('SELECT customer, weighted_score(value, weight)::text FROM criteria GROUP BY 1 ORDER BY 1', 'SELECT customer, score::text FROM plain ORDER BY 1', 'plain SQL, to the last digit');
SELECT results_eq('SELECT customer, weighted_score(value, weight, cap)::text FROM criteria GROUP BY 1 ORDER BY 1', 'SELECT customer, capped::text FROM plain ORDER BY 1', 'plain SQL with least(value, cap)');
SELECT is_empty('SELECT customer FROM criteria GROUP BY customer HAVING weighted_score(value, weight, NULL) IS DISTINCT FROM weighted_score(value, weight)', 'a cap of NULL in all rows is none');
SELECT ok(count(*) FILTER (WHERE score IS NULL) = 10 AND count(*) FILTER (WHERE score <> capped) > 250, 'both kinds of groups are among them') FROM plain;
SELECT results_eq(format('SELECT customer, weighted_score(value, weight ORDER BY %1$s)::text, weighted_score(value, weight, cap ORDER BY %1$s)::text FROM criteria GROUP BY 1 ORDER BY 1', way),
  'SELECT customer, score::text, capped::text FROM plain ORDER BY 1', 'in the order of ' || way)
FROM unnest(ARRAY['value', 'value DESC', 'weight, i', 'scale(value), i', 'scale(weight) DESC, i', 'md5(i::text)']) AS way;
SELECT results_eq('SELECT customer, i % 7 AS part, weighted_score(value, weight) FROM criteria GROUP BY GROUPING SETS ((customer), (i % 7), ()) ORDER BY 1, 2',
  'SELECT customer, i % 7, sum(value * weight) / nullif(sum(weight) FILTER (WHERE value IS NOT NULL), 0) FROM criteria GROUP BY GROUPING SETS ((customer), (i % 7), ()) ORDER BY 1, 2', 'GROUPING SETS');
SELECT is_empty('SELECT customer FROM criteria WHERE value IS NOT NULL AND weight IS NOT NULL GROUP BY customer HAVING weighted_score(value, weight) NOT BETWEEN min(value) AND max(value)', 'between the lowest and the highest value');
SELECT is_empty('SELECT customer FROM criteria GROUP BY customer HAVING weighted_score(value, weight, cap) > weighted_score(value, weight)', 'a cap never raises a score');
SELECT is_empty('SELECT customer FROM criteria GROUP BY customer HAVING weighted_score(value, 1) IS DISTINCT FROM sum(value) / count(value)', 'equal weights are the mean');
SELECT is_empty('SELECT customer FROM criteria GROUP BY customer HAVING abs(weighted_score(value, weight * 1000) - weighted_score(value, weight)) > 1e-15 * abs(weighted_score(value, weight))', 'weights in another unit');

-- Few rows in memory, many groups
SET LOCAL work_mem = '64kB';
SET LOCAL hash_mem_multiplier = 1;
CREATE TABLE spilled AS SELECT i % 20000 AS g, weighted_score(i, 1.5) AS score FROM generate_series(1, 60000) AS i GROUP BY 1;
SELECT is_empty('SELECT g FROM spilled WHERE score <> (SELECT sum(i * 1.5) / sum(1.5) FROM generate_series(CASE WHEN g = 0 THEN 20000 ELSE g END, 60000, 20000) AS i)', 'groups that spill to disk');
RESET work_mem;
RESET hash_mem_multiplier;

-- Exactly, whatever the size

SELECT is(weighted_score(1.0 / 3, 1.0 / 3)::text, '0.3333333333333333333300000000000000000000', 'a third by a third, with the decimals of numeric');
SELECT is(weighted_score(v, w), v, format('%s by %s', v, w))
FROM (VALUES (2::numeric ^ 100, 2::numeric ^ 20), (99999999999999999999999999999999999999, 99999999999999999999999999999999999999), (-99999999999999999999999999999999999999, 99999999999999999999999999999999999999),
  (-1e-38, 1e-38), (1e37, 1e-38), (-1e-38, 1e37), (18446744073709551615, 18446744073709551615), (-9223372036854775808, 1), (-9223372036854775808, 9223372036854775808), (18446744073709551616, 1), (1e19, 1e19)) AS x (v, w) GROUP BY v, w;
SELECT is(weighted_score(v, w), 0::numeric, 'terms of 76 digits that cancel')
FROM (VALUES (99999999999999999999999999999999999999, 49999999999999999999999999999999999999), (-99999999999999999999999999999999999999, 49999999999999999999999999999999999999), (0, 1)) AS x (v, w);
SELECT is(weighted_score(v, w), 1e-20, 'a small term between two large ones that cancel') FROM (VALUES (1e17, 1), (-1e17, 1), (1e-20 * 3, 1)) AS x (v, w);
SELECT is(weighted_score(99999999999999999999999999999999999999 - i % 2, 0.0001), 99999999999999999999999999999999999998.5, 'ten thousand values of 38 digits') FROM generate_series(1, 10000) AS i;

SELECT is(count(*), 0::bigint, 'pairs of every size: plain SQL')
FROM (SELECT trim_scale(sa * a * 10::numeric ^ ea) AS v, trim_scale(b * 10::numeric ^ eb) AS w, ea, eb FROM (VALUES (1), (-1)) AS s (sa), (VALUES (1), (9), (4294967296), (18446744073709551615), (9223372036854775808)) AS p (a),
        generate_series(-12, 9, 3) AS ea, (VALUES (1), (7), (4294967295), (18446744073709551616)) AS q (b), generate_series(-12, 8, 4) AS eb) AS x,
  LATERAL (SELECT weighted_score(y, z) AS kam, sum(y * z) / sum(z) AS plain FROM (VALUES (v, w), (v / 2, w), (1, 0.5)) AS u (y, z)) AS k
WHERE kam IS DISTINCT FROM plain;

-- Merging

CREATE FUNCTION pg_temp.state(value numeric, weight numeric) RETURNS bytea RETURN weighted_score_accumulate(NULL, value, weight);
CREATE AGGREGATE pg_temp.merged(bytea) (SFUNC = weighted_score_combine, STYPE = bytea, FINALFUNC = weighted_score_final);
CREATE AGGREGATE pg_temp.unfinished(value numeric, weight numeric, cap numeric) (SFUNC = weighted_score_accumulate, STYPE = bytea);
SELECT is(weighted_score_final(weighted_score_combine(pg_temp.state(a, u), pg_temp.state(b, v))), (a * u + b * v) / (u + v), format('merging %s by %s and %s by %s', a, u, b, v))
FROM (VALUES (1::numeric, 1::numeric, 2::numeric, 3::numeric), (0.5, 1, 2, 0.25), (2, 0.25, 0.5, 1), (1e25, 1, 1e-10, 0.001), (1e-10, 0.001, 1e25, 1), (-1e30, 5, 1e30, 5)) AS x (a, u, b, v);
SELECT is((SELECT pg_temp.merged(s ORDER BY customer) FROM (SELECT customer, pg_temp.unfinished(value, weight, cap) AS s FROM criteria GROUP BY customer) AS x),
  (SELECT weighted_score(value, weight, cap) FROM criteria), 'merging the states of groups');
SELECT is(weighted_score_combine(NULL, pg_temp.state(1, 1)), NULL, 'nothing to merge');

ANALYZE criteria;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SELECT matches(pg_temp.plan_of('SELECT customer, weighted_score(value, weight) FROM criteria GROUP BY 1'), 'Partial .*Aggregate', 'workers share the work');
SELECT results_eq('SELECT customer, weighted_score(value, weight)::text, weighted_score(value, weight, cap)::text FROM criteria GROUP BY 1 ORDER BY 1', 'SELECT customer, score::text, capped::text FROM plain ORDER BY 1', 'and come to the same');
RESET max_parallel_workers_per_gather;

SELECT is(count(*), 0::bigint, 'over a moving frame') FROM (
  SELECT weighted_score(value, weight) OVER w AS kam, sum(value * weight) OVER w / nullif(sum(CASE WHEN value IS NOT NULL THEN weight END) OVER w, 0) AS plain
  FROM criteria WHERE customer < 20 WINDOW w AS (PARTITION BY customer ORDER BY i ROWS 5 PRECEDING)) AS x
WHERE kam IS DISTINCT FROM plain;

-- Hostile states: the state is a bytea, which anybody can make

CREATE TABLE states AS SELECT 'small' AS kind, pg_temp.state(0.5, 0.25) AS state UNION ALL SELECT 'large', pg_temp.unfinished(-9e37 + i, 2e37, NULL) FROM generate_series(1, 3) AS i;
SELECT is(pg_temp.error_of(format('SELECT weighted_score_final(%L)', state)), 'XX001 | malformed weighted_score state of ' || length(state) + 4 || ' bytes', 'weighted_score_final(' || left(state::text, 20) || '…)')
FROM unnest(ARRAY['\x', '\x00', decode(repeat('00', 76), 'hex'), decode(repeat('ff', 76), 'hex'), decode('01' || repeat('00', 76), 'hex')]::bytea[]) AS state;
SELECT is(pg_temp.error_of(format('SELECT weighted_score_%s', call)), 'XX001 | malformed weighted_score state of 80 bytes', what)
FROM states, LATERAL (VALUES
  ('too many digits of products', format('final(set_byte(%L, 1, 77))', state)),
  ('too many digits of weights', format('final(set_byte(%L, 3, 39))', state)),
  ('another version', format('accumulate(set_byte(%L, 0, 2), 1, 1)', state)),
  ('weights below zero', format('combine(%L, set_byte(%1$L, 35, 255))', state)),
  ('products that cannot be rescaled', format('accumulate(set_byte(%L, 75, 64), 0.00000001, 1)', state))) AS x (what, call) WHERE kind = 'small';

CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text RETURN pg_temp.surprises_of(state, ARRAY[
    'SELECT weighted_score_final($1)',
    'SELECT weighted_score_combine($1, $1)',
    'SELECT weighted_score_combine($1, pg_temp.state(7, 1))',
    'SELECT weighted_score_combine(pg_temp.state(0.7, 0.001), $1)',
    'SELECT weighted_score_final(weighted_score_accumulate($1, 7, 1.5))',
    'SELECT weighted_score_accumulate($1, 0.000001, 1, 2)',
    'SELECT pg_temp.merged(s) FROM unnest(ARRAY[$1, $1, $1]) AS s'],
  'XX001', '22003');
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(state, i, value)), ''), '; '), NULL, 'a state with any one byte changed: refused, or a number: ' || kind)
FROM states, LATERAL generate_series(0, length(state) - 1) AS i, unnest(ARRAY[0, 1, 3, 24, 64, 128, 255]) AS value GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(substr(state, 1, i)), ''), '; '), NULL, 'a state cut anywhere: refused: ' || kind)
FROM states, LATERAL generate_series(0, length(state)) AS i GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(overlay(state PLACING decode(md5(i::text) || md5((-i)::text), 'hex') FROM 1 + i % (length(state) - 32))), ''), '; '), NULL, 'a state with noise in it: refused, or a number: ' || kind)
FROM states, generate_series(1, 300) AS i GROUP BY kind;
CREATE TABLE before AS SELECT kind, state::text AS state FROM states;
SELECT is(count(*), 2::bigint, 'states can be used by hand') FROM states WHERE weighted_score_combine(state, pg_temp.state(7, 1)) <> state AND weighted_score_accumulate(state, 7, 1) <> state AND weighted_score_final(state) IS NOT NULL;
SELECT is(count(*), 2::bigint, 'and stay as they were') FROM states JOIN before USING (kind) WHERE states.state::text = before.state;

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || query), expected, query)
FROM (VALUES
  ('weighted_score(''NaN'', 1)', '22023 | value must be a finite number, not NaN'),
  ('weighted_score(''-Infinity'', 1, 1)', '22023 | value must be a finite number, not -infinity'),
  ('weighted_score(1, ''NaN'')', '22023 | weight must be a finite number, not NaN'),
  ('weighted_score(1, ''Infinity'', 1)', '22023 | weight must be a finite number, not infinity'),
  ('weighted_score(1, 1, ''NaN'')', '22023 | cap must be a finite number, not NaN'),
  ('weighted_score(1, 1, ''Infinity'')', '22023 | cap must be a finite number, not infinity'),
  ('weighted_score(1, -0.01)', '22023 | weight must not be negative, but is -0.01 | Give zero or more.'),
  ('weighted_score(1, -1e1000)', '22003 | amounts with 1001 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('weighted_score(1e38, 1)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('weighted_score(1, w) FROM (VALUES (1e30), (1e-10)) AS x (w)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('weighted_score(v, 1) FROM (VALUES (9e37), (1e-38)) AS x (v)', '22003 | products with 39 digits before and 38 after the decimal point cannot be added exactly | Round the numbers to fewer decimals.'),
  ('weighted_score(v, w) FROM (VALUES (9e37, 9e37), (1e-38, 1)) AS x (v, w)', '22003 | products with 76 digits before and 38 after the decimal point cannot be added exactly | Round the numbers to fewer decimals.'),
  ('weighted_score(1, 9e37) FROM generate_series(1, 2)', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
