-- Inequality in one number: hhi, gini and top_share, against plain SQL over exact numbers.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/error_of.sql

-- By hand

SELECT is(ARRAY[round(hhi(v), 4), round(gini(v), 4), round(gini(v, true), 4), round(top_share(v, 1), 4), round(top_share(v, 2), 4)], expected::numeric[], format('%s: %s', name, array_agg(v)))
FROM (VALUES
  ('three', '{50,30,20}'::numeric[], '{0.3800,0.2000,0.3000,0.5000,0.8000}'),
  ('three as money', '{700000.00,180000,120000}', '{0.5368,0.3867,0.5800,0.7000,0.8800}'),
  ('one', '{7}', '{1,0,NULL,1,1}'),
  ('two alike', '{5,5}', '{0.5,0,0,0.5,1}'),
  ('equal', '{5,5,5,5,5}', '{0.2,0,0,0.2,0.4}'),
  ('one has all', '{0,0,0,9}', '{1,0.75,1,1,1}'),
  ('returns are customers without money', '{-3,0,0,9}', '{1,0.75,1,1,1}'),
  ('returns do not make the total less', '{10,10,-1000}', '{0.5,0.3333,0.5,0.5,1}'),
  ('nothing', '{0,0}', '{NULL,NULL,NULL,NULL,NULL}'),
  ('nothing above zero', '{0,-5}', '{NULL,NULL,NULL,NULL,NULL}'),
  ('only NULL', '{NULL,NULL}', '{NULL,NULL,NULL,NULL,NULL}'),
  ('NULL among others', '{NULL,80,NULL,20}', '{0.68,0.3,0.6,0.8,1}'),
  ('ties for the first place', '{40,40,20}', '{0.36,0.1333,0.2,0.4,0.8}'),
  ('huge', '{9e36,1e36}', '{0.82,0.4,0.8,0.9,1}'),
  ('tiny', '{3e-38,1e-38}', '{0.625,0.25,0.5,0.75,1}'),
  ('huge and tiny', '{1e19,1e-18}', '{1,0.5,1,1,1}'),
  ('more than 64 bits', '{9223372036854775808,9223372036854775807,-9223372036854775809}', '{0.5,0.3333,0.5,0.5,1}'),
  ('different decimals', '{1,1.00,1.0000}', '{0.3333,0,0,0.3333,0.6667}'),
  ('38 digits', '{99999999999999999999999999999999999999}', '{1,0,NULL,1,1}')
) AS x (name, given, expected), unnest(given) AS v
GROUP BY name, given, expected;
SELECT is(ARRAY[hhi(v), gini(v), gini(v, true), top_share(v, 3)], ARRAY[NULL, NULL, NULL, NULL]::numeric[], 'no rows') FROM generate_series(1, 0) AS v;

-- published: the index of shares in percent, of 10,000
SELECT is(10000 * hhi(v), published::numeric, format('hhi of %s', given))
FROM (VALUES ('{50,30,20}'::numeric[], 3800), (array_fill(10, ARRAY[10]), 1000), ('{60,30,10}', 4600), ('{40,30,20,10}', 3000), ('{25,25,25,25}', 2500), ('{30,30,20,20}', 2600)) AS x (given, published), unnest(given) AS v
GROUP BY given, published;

-- as ineq::Gini (R): (2 * sum(i * x) / sum(x) - (n + 1)) / n on ascending x; its example are ten incomes
SELECT is(ARRAY[round(gini(v), 7), round(gini(v, true), 7)], ARRAY[0.4620911, 0.5134346], 'incomes') FROM unnest('{541,1463,2445,3438,4437,5401,6392,8304,11904,22261}'::numeric[]) AS v;
-- of the numbers 1 to n it is (n * n - 1) / (3 * n * n) * n / ((n + 1) / 2) / 2 = (n - 1) / (3 * n)
SELECT is(ARRAY[round(gini(v), 15), round(gini(v, true), 15)], ARRAY[round((n - 1) / (3.0 * n), 15), round(1 / 3.0, 15)], format('gini of 1 to %s', n)) FROM unnest(ARRAY[2, 3, 10, 1000, 50000]) AS n, LATERAL generate_series(1, n) AS v GROUP BY n;
SELECT is(gini(v), gini(v, false), 'what is the default') FROM generate_series(1, 50) AS v;
SELECT is(ARRAY[round(hhi(v), 16), round(1 / hhi(v), 10)], ARRAY[round(1.0 / n, 16), round(n::numeric, 10)], format('hhi of %s alike: as many as there are', n)) FROM unnest(ARRAY[1, 3, 7, 1000]) AS n, LATERAL generate_series(1, n) AS i, LATERAL (SELECT i - i + 12.34 AS v) AS x GROUP BY n;

SELECT is(top_share(v, n), money, format('the %s largest', n))
FROM unnest('{40,30,20,10,0,-5}'::numeric[]) AS v, (VALUES (1, 0.4), (2, 0.7), (3, 0.9), (4, 1.0), (5, 1.0), (6, 1.0), (7, 1.0), (1000000, 1.0)) AS x (n, money)
GROUP BY n, money;
SELECT is(top_share(v, n), NULL, 'a row without n is no row') FROM (VALUES (1, NULL::integer)) AS x (v, n);
SELECT is(top_share(v, n), 0.8, 'a row without n among others') FROM (VALUES (1, NULL::integer), (8, 1), (2, 1), (NULL, 1), (1000, NULL)) AS x (v, n);
SELECT is(gini(v, c), 0.3, 'a row without the choice is no row') FROM (VALUES (1000, NULL::boolean), (8, false), (2, false), (NULL, false)) AS x (v, c);

-- pareto_share takes a share of the customers, top_share a number of them
SELECT is(top_share(v, 20), pareto_share(v, 0.20), 'a fifth of 100 are 20') FROM generate_series(1, 100) AS v;

-- Random groups with ties, zeros, returns, NULLs; few and many; small, huge and with many decimals

CREATE TABLE sales AS
SELECT i, g, CASE
    WHEN noise % 97 = 0 THEN NULL
    WHEN noise % 31 = 0 THEN 0
    WHEN noise % 29 = 0 THEN -(noise % 1000)::numeric
    ELSE CASE g % 9
      WHEN 0 THEN (noise % 5 + 1)::numeric
      WHEN 1 THEN round(exp(noise % 1000 / 100.0)::numeric, 2)
      WHEN 2 THEN (noise % 1000000) * 0.01
      WHEN 3 THEN round(exp(noise % 600 / 10.0)::numeric, 0)
      WHEN 4 THEN (noise % 9007199254740991) * 1e15
      WHEN 5 THEN (noise % 1000) * 1e-20
      WHEN 6 THEN 1e18 + noise % 3
      WHEN 7 THEN round((1000000 / (1 + noise % 300))::numeric, 3)
      WHEN 8 THEN (CASE noise % 40 WHEN 1 THEN 9e29 ELSE noise % 100 * 1e-7 END)
    END
  END AS v
FROM generate_series(0, 539) AS g, LATERAL generate_series(1, CASE g % 5 WHEN 0 THEN 1 + g % 4 WHEN 1 THEN 10 WHEN 2 THEN 41 ELSE 90 END) AS i,
  LATERAL (SELECT hashint8extended(g * 1000 + i, 11) & 9007199254740991 AS noise) AS n;

-- the same by plain SQL; a quotient has at least 16 digits, however small it is
CREATE FUNCTION pg_temp.same(ours numeric, plain numeric) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN
  CASE WHEN ours IS NULL OR plain IS NULL THEN ours IS NULL AND plain IS NULL ELSE abs(ours - plain) <= 1e-15 * greatest(abs(plain), 1e-12) END;
CREATE FUNCTION pg_temp.hhi_of(given numeric[]) RETURNS numeric LANGUAGE sql AS $$
  SELECT sum(v * v) / nullif(sum(v) * sum(v), 0) FROM unnest(given) AS v WHERE v > 0
$$;
CREATE FUNCTION pg_temp.gini_of(given numeric[], corrected boolean) RETURNS numeric LANGUAGE sql AS $$
  SELECT (2 * sum(i * v) - (n + 1) * sum(v)) / nullif((n - corrected::integer) * sum(v), 0)
  FROM (SELECT greatest(v, 0) AS v, row_number() OVER (ORDER BY v) AS i, count(*) OVER () AS n FROM unnest(given) AS v WHERE v IS NOT NULL) AS x GROUP BY n
$$;
CREATE FUNCTION pg_temp.top_of(given numeric[], places integer) RETURNS numeric LANGUAGE sql AS $$
  SELECT sum(v) FILTER (WHERE place <= places) / sum(v) FROM (SELECT v, row_number() OVER (ORDER BY v DESC) AS place FROM unnest(given) AS v WHERE v > 0) AS x
$$;
CREATE TABLE plain AS
SELECT g, pg_temp.hhi_of(a) AS h, pg_temp.gini_of(a, false) AS gi, pg_temp.gini_of(a, true) AS gc, pg_temp.top_of(a, 1) AS t1, pg_temp.top_of(a, 3) AS t3, pg_temp.top_of(a, 17) AS t17
FROM (SELECT g, array_agg(v) AS a FROM sales GROUP BY g) AS x;
SELECT cmp_ok(count(DISTINCT h), '>', 400::bigint, 'many different ones') FROM plain;
SELECT cmp_ok(count(*) FILTER (WHERE h IS NULL), '>', 1::bigint, 'some without money') FROM plain;

CREATE FUNCTION pg_temp.differing(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  outcome text;
BEGIN
  EXECUTE format('SELECT string_agg(concat_ws('' '', g, k, p), ''; '' ORDER BY g) FROM (%s) AS k FULL JOIN plain AS p USING (g)
    WHERE NOT (pg_temp.same(k.h, p.h) AND pg_temp.same(k.gi, p.gi) AND pg_temp.same(k.gc, p.gc) AND pg_temp.same(k.t1, p.t1) AND pg_temp.same(k.t3, p.t3) AND pg_temp.same(k.t17, p.t17)) IS NOT FALSE', query) INTO outcome;
  RETURN left(outcome, 2000);
END $$;
\set raw 'hhi(v) AS h, gini(v) AS gi, gini(v, true) AS gc, top_share(v, 1) AS t1, top_share(v, 3) AS t3, top_share(v, 17) AS t17'
SELECT format('SELECT g, %s FROM sales GROUP BY g', :'raw') AS figures \gset
SELECT is(pg_temp.differing(:'figures'), NULL, 'all figures of all groups, as plain SQL has them');
CREATE TABLE serial AS SELECT g, hhi(v)::text AS h, gini(v)::text AS gi, gini(v, true)::text AS gc, top_share(v, 1)::text AS t1, top_share(v, 3)::text AS t3, top_share(v, 17)::text AS t17 FROM sales GROUP BY g;
SELECT is_empty(format('SELECT g, hhi(v ORDER BY %1$s)::text, gini(v ORDER BY %1$s)::text, gini(v, true ORDER BY %1$s)::text, top_share(v, 1 ORDER BY %1$s)::text, top_share(v, 3 ORDER BY %1$s)::text, top_share(v, 17 ORDER BY %1$s)::text FROM sales GROUP BY g
  EXCEPT SELECT * FROM serial', way), 'in the order of ' || way)
FROM unnest(ARRAY['v', 'v DESC NULLS LAST', 'md5(i::text)', 'scale(v), i DESC', 'scale(v) DESC']) AS way;

-- Properties

CREATE TABLE ours AS SELECT g, count(v) AS n, count(*) FILTER (WHERE v > 0) AS buyers, hhi(v) AS h, gini(v) AS gi, gini(v, true) AS gc, top_share(v, 1) AS t1, top_share(v, 3) AS t3, top_share(v, 17) AS t17 FROM sales GROUP BY g;
SELECT is_empty('SELECT * FROM ours WHERE h > 1 OR h < trunc(1.0 / nullif(buyers, 0), 15)', 'hhi is from 1/n to 1');
SELECT is_empty('SELECT * FROM ours WHERE gi < 0 OR gi > round((n - 1.0) / nullif(n, 0), 15) + 1e-15 OR gc < gi OR gc > 1', 'gini is from 0 to (n - 1)/n, corrected to 1');
SELECT is_empty('SELECT * FROM ours WHERE n > 1 AND abs(gc * (n - 1) - gi * n) > 1e-13', 'corrected is n/(n - 1) times as large');
SELECT is_empty('SELECT * FROM ours WHERE t1 > t3 OR t3 > t17 OR t17 > 1 OR t1 * t1 > h + 1e-15 OR h > t1 + 1e-15', 'the more, the larger; the largest share bounds hhi');
SELECT is_empty('SELECT * FROM ours WHERE buyers BETWEEN 1 AND 17 AND t17 <> 1', 'with fewer than n it is 1');
SELECT is_empty('SELECT g FROM sales WHERE g % 9 IN (0, 1, 2, 7) GROUP BY g HAVING NOT pg_temp.same(hhi(3 * v), hhi(v)) OR NOT pg_temp.same(gini(3 * v), gini(v)) OR NOT pg_temp.same(top_share(3 * v, 2), top_share(v, 2))', 'the unit does not matter');
SELECT is_empty($$ SELECT g, gi, area FROM ours JOIN (
    SELECT g, sum((y + y0) * (x - x0)) - 1 AS area
    FROM (SELECT g, customer_share AS x, value_share AS y, lag(customer_share) OVER w AS x0, lag(value_share) OVER w AS y0
          FROM (SELECT g, pareto_points(v, 1000) AS curve FROM sales GROUP BY g) AS c, unnest(curve) WITH ORDINALITY AS p (customer_share, value_share, no) WINDOW w AS (PARTITION BY g ORDER BY no)) AS p
    GROUP BY g) AS a USING (g) WHERE abs(gi - area) > 1e-14 $$, 'gini is twice the area between the curve of pareto_points and the diagonal');
SELECT is_empty($$ SELECT g, gi, mean FROM ours JOIN (
    SELECT a.g, sum(abs(a.v - b.v)) / (2 * a.n * a.total) AS mean
    FROM (SELECT g, greatest(v, 0) AS v, count(*) OVER w AS n, sum(greatest(v, 0)) OVER w AS total FROM sales WHERE v IS NOT NULL AND g < 60 WINDOW w AS (PARTITION BY g)) AS a
    JOIN (SELECT g, greatest(v, 0) AS v FROM sales WHERE v IS NOT NULL) AS b USING (g) WHERE a.total > 0 GROUP BY a.g, a.n, a.total) AS d USING (g) WHERE NOT pg_temp.same(gi, mean) $$, 'gini is the mean distance of two customers over twice the mean');
SELECT is_empty($$ SELECT s.g FROM sales AS s JOIN (SELECT g, greatest(ceil(0.2 * count(v)), 1)::integer AS fifth FROM sales GROUP BY g) AS f USING (g) GROUP BY s.g HAVING NOT pg_temp.same(top_share(v, fifth), pareto_share(v)) $$, 'pareto_share is the top_share of a fifth, rounded up');

-- Digits

SELECT is(ARRAY[hhi(v ORDER BY i), hhi(v ORDER BY i DESC), top_share(v, 7 ORDER BY i), top_share(v, 7 ORDER BY i DESC), gini(v ORDER BY i), gini(v ORDER BY i DESC)], ARRAY[h, h, t, t, r, r], 'values that get more decimals and digits')
FROM (SELECT i, trunc(7, i % 20) * CASE WHEN i > 150 THEN 1e15 ELSE 1 END AS v FROM generate_series(1, 200) AS i) AS x,
  (SELECT hhi(v) AS h, top_share(v, 7) AS t, gini(v) AS r FROM (SELECT 7 * CASE WHEN i > 150 THEN 1e15 ELSE 1 END AS v FROM generate_series(1, 200) AS i) AS z) AS y GROUP BY h, t, r;
SELECT is(ARRAY[pg_temp.same(hhi(v), pg_temp.hhi_of(array_agg(v))), pg_temp.same(gini(v), pg_temp.gini_of(array_agg(v), false)), pg_temp.same(top_share(v, 1), pg_temp.top_of(array_agg(v), 1)), pg_temp.same(top_share(v, 2), pg_temp.top_of(array_agg(v), 2))], '{t,t,t,t}', 'hostile values: ' || left(given::text, 60))
FROM (VALUES ('{90000000000000000000000000000000000000,1}'::numeric[]), ('{1,1,90000000000000000000000000000000000000}'), ('{0.9,0.00000000000000000000000000000000000001}'),
  ('{50000000000000000000000000000000000000,49999999999999999999999999999999999999}'), ('{33333333333333333333333333333333333333,33333333333333333333333333333333333333,33333333333333333333333333333333333333}'),
  ('{9223372036854775807,9223372036854775807,9223372036854775806}'), ('{18446744073709551616,18446744073709551615}'), ('{34028236692093846346337460743176821.455,34028236692093846346337460743176821.456}'), ('{9223372036854775807,0.1,0.1}'), ('{3,2,1,0.000000000000000000000001}')) AS x (given), unnest(given) AS v
GROUP BY given;
SELECT is(ARRAY[hhi(v), gini(v), top_share(v, 12345)], ARRAY[pg_temp.hhi_of(array_agg(v)), pg_temp.gini_of(array_agg(v), false), pg_temp.top_of(array_agg(v), 12345)], 'many values')
FROM (SELECT (hashint8extended(i, 3) & 65535)::numeric AS v FROM generate_series(1, 60000) AS i) AS x;

-- Merging

CREATE AGGREGATE pg_temp.squared(numeric) (SFUNC = hhi_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.merged_hhi(bytea) (SFUNC = hhi_combine, STYPE = bytea, FINALFUNC = hhi_final);
CREATE AGGREGATE pg_temp.largest(numeric, integer) (SFUNC = top_share_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.merged_top(bytea) (SFUNC = top_share_combine, STYPE = bytea, FINALFUNC = top_share_final);
CREATE AGGREGATE pg_temp.spread(numeric, boolean) (SFUNC = gini_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.merged_gini(bytea) (SFUNC = values_combine, STYPE = bytea, FINALFUNC = gini_final);
SELECT is_empty('SELECT g, pg_temp.merged_hhi(h)::text, pg_temp.merged_gini(c)::text, pg_temp.merged_top(t1)::text, pg_temp.merged_top(t3)::text, pg_temp.merged_top(t17)::text FROM (
    SELECT g, i % 7, pg_temp.squared(v) AS h, pg_temp.spread(v, true) AS c, pg_temp.largest(v, 1) AS t1, pg_temp.largest(v, 3) AS t3, pg_temp.largest(v, 17) AS t17 FROM sales GROUP BY 1, 2) AS x GROUP BY 1
  EXCEPT SELECT g, h, gc, t1, t3, t17 FROM serial', 'states of parts, merged');
SELECT is(ARRAY[pg_temp.merged_hhi(x.h), pg_temp.merged_top(x.t), pg_temp.merged_gini(x.c)], ARRAY[p.h, p.t, p.c], 'the merged states of groups, whose scales differ')
FROM (SELECT pg_temp.squared(v) AS h, pg_temp.largest(v, 50) AS t, pg_temp.spread(v, true) AS c FROM sales WHERE g % 9 IN (0, 1, 2, 3, 7) GROUP BY g) AS x,
  (SELECT hhi(v) AS h, top_share(v, 50) AS t, gini(v, true) AS c FROM sales WHERE g % 9 IN (0, 1, 2, 3, 7)) AS p GROUP BY p.h, p.t, p.c;
SELECT is(ARRAY[hhi_final(hhi_combine(hhi_accumulate(NULL, a), hhi_accumulate(NULL, b))), top_share_final(top_share_combine(top_share_accumulate(NULL, a, 1), top_share_accumulate(NULL, b, 1)))],
  ARRAY[pg_temp.hhi_of(ARRAY[a, b]), pg_temp.top_of(ARRAY[a, b], 1)], format('%s and %s', a, b))
FROM (VALUES (1::numeric, 2::numeric), (2, 0.001), (0.001, 2), (9e18, 9e18), (9e18, 1e-10), (1e-10, 9e18), (1e25, 1), (1, 1e25)) AS x (a, b);
SELECT is(ARRAY[hhi_combine(hhi_accumulate(NULL, 1), NULL), top_share_combine(top_share_accumulate(NULL, 1, 1), NULL)], ARRAY[NULL, NULL]::bytea[], 'a state and none');
SELECT is(ARRAY[hhi_final(NULL), gini_final(NULL), top_share_final(NULL)], ARRAY[NULL, NULL, NULL]::numeric[], 'no state');

\ir ../helpers/plan_of.sql
ANALYZE sales;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SELECT matches(pg_temp.plan_of(:'figures'), 'Partial .*Aggregate', 'workers share the work');
SELECT is(pg_temp.differing(:'figures'), NULL, 'and come to the same');
SELECT matches(pg_temp.plan_of('SELECT hhi(v), gini(v, true), top_share(v, 50) FROM sales WHERE g % 9 < 3'), 'Partial Aggregate', 'and that of one large group');
SELECT is(ARRAY[hhi(v), gini(v, true), top_share(v, 50)], (SELECT ARRAY[pg_temp.hhi_of(a), pg_temp.gini_of(a, true), pg_temp.top_of(a, 50)] FROM (SELECT array_agg(v) AS a FROM sales WHERE g % 9 < 3) AS x), 'to the same') FROM sales WHERE g % 9 < 3;
SET LOCAL max_parallel_workers_per_gather = 0;

SET LOCAL work_mem = '64kB';
SET LOCAL hash_mem_multiplier = 1;
SET LOCAL enable_sort = off;
SELECT matches(pg_temp.plan_of(:'figures'), '^HashAggregate', 'a hash aggregate with little memory');
SELECT is(pg_temp.differing(:'figures'), NULL, 'is the same');
RESET work_mem;
RESET hash_mem_multiplier;
RESET enable_sort;
SELECT results_eq('SELECT g % 7, hhi(v), gini(v), top_share(v, 9) FROM sales WHERE g % 9 IN (0, 1, 2, 7) GROUP BY GROUPING SETS ((g % 7), ()) ORDER BY 1',
  'SELECT * FROM (SELECT g % 7, hhi(v), gini(v), top_share(v, 9) FROM sales WHERE g % 9 IN (0, 1, 2, 7) GROUP BY 1 UNION ALL SELECT NULL, hhi(v), gini(v), top_share(v, 9) FROM sales WHERE g % 9 IN (0, 1, 2, 7)) AS x ORDER BY 1', 'by group and for all');

-- As window aggregates over frames
SELECT is(count(*), 0::bigint, 'over a moving frame') FROM (
  SELECT hhi(v) OVER w AS h, gini(v, true) OVER w AS c, top_share(v, 5) OVER w AS t, array_agg(v) OVER w AS given
  FROM sales WHERE g % 9 IN (0, 1, 4) AND g < 100 WINDOW w AS (PARTITION BY g ORDER BY i ROWS 12 PRECEDING)) AS x
WHERE NOT pg_temp.same(h, pg_temp.hhi_of(given)) OR NOT pg_temp.same(c, pg_temp.gini_of(given, true)) OR NOT pg_temp.same(t, pg_temp.top_of(given, 5));

-- Hostile states: the state is a bytea, which anybody can make

CREATE TABLE states (kind text, state bytea);
ALTER TABLE states ALTER state SET STORAGE plain;
INSERT INTO states
SELECT 'hhi', pg_temp.squared(i * 12.34) FROM generate_series(1, 3) AS i UNION ALL
SELECT 'hhi of 38 digits', pg_temp.squared(i * 3e36) FROM generate_series(1, 3) AS i UNION ALL
SELECT 'gini', pg_temp.spread(i, true) FROM generate_series(1, 9) AS i UNION ALL
SELECT 'top', pg_temp.largest(i * 12.34, 3) FROM generate_series(1, 9) AS i UNION ALL
SELECT 'top of a few', pg_temp.largest(i * 3e36, 100) FROM generate_series(1, 5) AS i;
SELECT results_eq('SELECT kind, length(state) + 4 FROM states ORDER BY kind COLLATE "C"', $$ VALUES ('gini', 160), ('hhi', 72), ('hhi of 38 digits', 72), ('top', 88), ('top of a few', 168) $$, 'their sizes');

SELECT is(pg_temp.error_of(format('SELECT %s(%L)', final, state)), format('XX001 | malformed %s of %s bytes', name, length(state) + 4), format('%s(%s…)', final, left(state::text, 20)))
FROM (VALUES ('hhi_final', 'hhi state'), ('gini_final', 'state of values'), ('top_share_final', 'top_share state')) AS f (final, name),
  unnest(ARRAY['\x', '\x00', decode(repeat('00', 36), 'hex'), decode(repeat('00', 68), 'hex'), decode(repeat('00', 100), 'hex'), decode(repeat('ff', 68), 'hex'), decode(repeat('ff', 100), 'hex')]::bytea[]) AS state;
SELECT is(pg_temp.error_of('SELECT ' || call), expected, call)
FROM (VALUES
  ('hhi_accumulate(''\x01'', 1)', 'XX001 | malformed hhi state of 5 bytes'),
  ('hhi_combine(''\x01'', hhi_accumulate(NULL, 1))', 'XX001 | malformed hhi state of 5 bytes'),
  ('hhi_combine(hhi_accumulate(NULL, 1), ''\x01'')', 'XX001 | malformed hhi state of 5 bytes'),
  ('top_share_accumulate(''\x01'', 1, 1)', 'XX001 | malformed top_share state of 5 bytes'),
  ('top_share_combine(''\x01'', top_share_accumulate(NULL, 1, 1))', 'XX001 | malformed top_share state of 5 bytes'),
  ('top_share_combine(top_share_accumulate(NULL, 1, 1), ''\x01'')', 'XX001 | malformed top_share state of 5 bytes'),
  ('top_share_combine(top_share_accumulate(NULL, 1, 1), top_share_accumulate(NULL, 1, 2))', '22023 | n must be the same for all rows of a group | Give one value, or name the column that decides it in GROUP BY.'),
  ('top_share_accumulate(top_share_accumulate(NULL, 1, 1), 1, 2)', '22023 | n must be the same for all rows of a group | Give one value, or name the column that decides it in GROUP BY.'),
  ('gini_accumulate(''\x01'', 1, true)', 'XX001 | malformed state of values of 5 bytes'),
  ('gini_accumulate(values_accumulate(NULL, 1), 1, true)', 'XX001 | malformed state of values of 96 bytes'),
  ('gini_accumulate(concentration_accumulate(NULL, 1, 0.5), 1, true)', 'XX001 | malformed state of values of 96 bytes'),
  ('gini_final(concentration_accumulate(NULL, 1, 0.5))', 'XX001 | malformed state of values of 96 bytes'),
  ('concentration_final(gini_accumulate(NULL, 1, true))', 'XX001 | malformed state of values of 96 bytes'),
  ('values_combine(values_accumulate(NULL, 1), gini_accumulate(NULL, 1, true))', 'XX001 | malformed state of values of 96 bytes'),
  ('values_combine(gini_accumulate(NULL, 1, false), gini_accumulate(NULL, 1, true))', '22023 | corrected must be the same for all rows of a group | Give one value, or name the column that decides it in GROUP BY.'),
  ('gini_final(set_byte(gini_accumulate(NULL, 1, true), 12, 2))', 'XX001 | malformed state of values of 96 bytes'),
  ('hhi_final(set_byte(hhi_accumulate(NULL, 1), 0, 2))', 'XX001 | malformed hhi state of 72 bytes'),
  ('hhi_final(set_byte(hhi_accumulate(NULL, 1), 2, 39))', 'XX001 | malformed hhi state of 72 bytes'),
  ('hhi_final(set_byte(hhi_accumulate(NULL, 1), 3, 1))', 'XX001 | malformed hhi state of 72 bytes'),
  ('hhi_final(set_byte(hhi_accumulate(NULL, 1), 27, 128))', 'XX001 | malformed hhi state of 72 bytes'),
  ('hhi_final(set_byte(hhi_accumulate(NULL, 1), 67, 128))', 'XX001 | malformed hhi state of 72 bytes'),
  ('hhi_accumulate(set_byte(hhi_accumulate(NULL, 1), 67, 64), 0.1)', 'XX001 | malformed hhi state of 72 bytes'),
  ('top_share_final(set_byte(top_share_accumulate(NULL, 1, 3), 3, 1))', 'XX001 | malformed top_share state of 88 bytes'),
  ('top_share_final(set_byte(top_share_accumulate(NULL, 1, 3), 4, 0))', 'XX001 | malformed top_share state of 88 bytes'),
  ('top_share_final(set_byte(top_share_accumulate(NULL, 1, 3), 8, 4))', 'XX001 | malformed top_share state of 88 bytes'),
  ('top_share_final(set_byte(top_share_accumulate(NULL, 1, 3), 8, 2))', 'XX001 | malformed top_share state of 88 bytes'),
  ('top_share_final(set_byte(top_share_accumulate(NULL, 1, 3), 36, 10))', 'XX001 | malformed top_share state of 88 bytes'),
  ('top_share_final(set_byte(top_share_accumulate(NULL, 5, 3), 36, 6))', 'XX001 | malformed top_share state of 88 bytes'),
  ('top_share_final(set_byte(top_share_accumulate(NULL, 5, 3), 51, 255))', 'XX001 | malformed top_share state of 88 bytes')
) AS x (call, expected);

CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  outcome text := '';
  query text;
BEGIN
  FOREACH query IN ARRAY ARRAY[
    'SELECT hhi_final($1)',
    'SELECT hhi_final(hhi_accumulate($1, 1.5))',
    'SELECT hhi_final(hhi_accumulate($1, 1e-19))',
    'SELECT hhi_final(hhi_combine($1, $1))',
    'SELECT hhi_final(hhi_combine(hhi_accumulate(NULL, 1.125), $1))',
    'SELECT pg_temp.merged_hhi(s) FROM unnest(ARRAY[$1, $1, hhi_accumulate(NULL, 1e-5)]) AS s',
    'SELECT gini_final($1)',
    'SELECT gini_final(gini_accumulate($1, 1.5, true))',
    'SELECT gini_final(values_combine($1, $1))',
    'SELECT pg_temp.merged_gini(s) FROM unnest(ARRAY[$1, $1, $1]) AS s',
    'SELECT top_share_final($1)',
    'SELECT top_share_final(top_share_accumulate($1, 1.5, 3))',
    'SELECT top_share_final(top_share_accumulate($1, 1e-19, 100))',
    'SELECT top_share_final(top_share_combine($1, $1))',
    'SELECT top_share_final(top_share_combine(top_share_accumulate(NULL, 1.125, 3), $1))',
    'SELECT pg_temp.merged_top(s) FROM unnest(ARRAY[$1, $1, top_share_accumulate(NULL, 1e-5, 3)]) AS s',
    'SELECT pg_temp.merged_top(s) FROM unnest(ARRAY[$1, $1, top_share_accumulate(NULL, 1e-5, 100)]) AS s']
  LOOP
    BEGIN
      EXECUTE query USING state;
    EXCEPTION WHEN OTHERS THEN
      IF SQLSTATE NOT IN ('XX001', '22003') AND SQLERRM NOT LIKE '% must be the same for all rows of a group' THEN
        outcome := concat_ws(' ', outcome, query, SQLSTATE, SQLERRM);
      END IF;
    END;
  END LOOP;
  RETURN outcome;
END $$;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(state, i, value)), ''), '; '), NULL, 'a state with any one byte changed: refused, or a number: ' || kind)
FROM states, LATERAL generate_series(0, length(state) - 1) AS i, unnest(ARRAY[0, 1, 3, 24, 64, 127, 255]) AS value GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(substr(state, 1, i)), ''), '; '), NULL, 'a state cut anywhere: refused: ' || kind)
FROM states, LATERAL generate_series(0, length(state)) AS i GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(overlay(state PLACING decode(md5(i::text) || md5((-i)::text), 'hex') FROM 1 + i % (length(state) - 32))), ''), '; '), NULL, 'a state with noise in it: refused, or a number: ' || kind)
FROM states, generate_series(1, 300) AS i GROUP BY kind;

CREATE AGGREGATE pg_temp.begun_badly(numeric) (SFUNC = hhi_accumulate, STYPE = bytea, FINALFUNC = hhi_final, INITCOND = 'nonsense');
CREATE AGGREGATE pg_temp.begun_badly(numeric, integer) (SFUNC = top_share_accumulate, STYPE = bytea, FINALFUNC = top_share_final, INITCOND = 'nonsense');
SELECT is(ARRAY[pg_temp.error_of('SELECT pg_temp.begun_badly(1)'), pg_temp.error_of('SELECT pg_temp.begun_badly(1, 1)')], '{XX001 | malformed hhi state of 12 bytes,XX001 | malformed top_share state of 12 bytes}', 'a bad first state');
CREATE TABLE before AS SELECT kind, state::text AS state FROM states;
SELECT is(count(*), 5::bigint, 'states can be used by hand') FROM states
WHERE CASE WHEN kind LIKE 'hhi%' THEN hhi_combine(state, state) <> state AND hhi_accumulate(state, 7) <> state AND hhi_final(state) > 0
  WHEN kind = 'gini' THEN values_combine(state, state) <> state AND gini_accumulate(state, 7, true) <> state AND gini_final(state) > 0
  WHEN kind = 'top' THEN top_share_combine(state, state) <> state AND top_share_accumulate(state, 7, 3) <> state AND top_share_final(state) > 0
  ELSE top_share_combine(state, state) <> state AND top_share_accumulate(state, 7, 100) <> state AND top_share_final(state) > 0 END;
SELECT is(count(*), 5::bigint, 'and stay as they were') FROM states JOIN before USING (kind) WHERE states.state::text = before.state;

-- What is refused

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT hhi(''NaN'')', '22023 | value must be a finite number, not NaN'),
  ('SELECT hhi(''-Infinity'')', '22023 | value must be a finite number, not -infinity'),
  ('SELECT gini(''Infinity'')', '22023 | value must be a finite number, not infinity'),
  ('SELECT gini(''NaN'', true)', '22023 | value must be a finite number, not NaN'),
  ('SELECT top_share(''NaN'', 1)', '22023 | value must be a finite number, not NaN'),
  ('SELECT top_share(1, 0)', '22023 | n must be a number of values, not 0 | From 1 to 1000000 are allowed.'),
  ('SELECT top_share(NULL, -1)', '22023 | n must be a number of values, not -1 | From 1 to 1000000 are allowed.'),
  ('SELECT top_share(1, 1000001)', '22023 | n must be a number of values, not 1000001 | From 1 to 1000000 are allowed.'),
  ('SELECT top_share(1, n) FROM unnest(ARRAY[5, 6]) AS n', '22023 | n must be the same for all rows of a group | Give one value, or name the column that decides it in GROUP BY.'),
  ('SELECT top_share(NULL, n) FROM unnest(ARRAY[5, 6]) AS n', '22023 | n must be the same for all rows of a group | Give one value, or name the column that decides it in GROUP BY.'),
  ('SELECT gini(1, c) FROM unnest(ARRAY[true, false]) AS c', '22023 | corrected must be the same for all rows of a group | Give one value, or name the column that decides it in GROUP BY.'),
  ('SELECT gini(NULL, c) FROM unnest(ARRAY[true, false]) AS c', '22023 | corrected must be the same for all rows of a group | Give one value, or name the column that decides it in GROUP BY.'),
  ('SELECT hhi(1e38)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT hhi(v) FROM unnest(ARRAY[1e30, 1e-10]) AS v', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT top_share(v, 1) FROM unnest(ARRAY[1e-10, 1e30]) AS v', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT hhi(v) FROM unnest(ARRAY[6e37, 6e37]) AS v', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('SELECT gini(v) FROM unnest(ARRAY[6e37, 6e37]) AS v', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('SELECT top_share(v, 1) FROM unnest(ARRAY[6e37, 6e37]) AS v', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
