-- Numeric and weighted distribution, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(54);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql

-- Examples

SELECT is(ARRAY[round(numeric_distribution(h), 6), round(weighted_distribution(h, w), 6)], ARRAY[counted, weighted]::numeric[], name)
FROM (VALUES
  ('published: in 3 of 5 points of sale with 800 of 1000', 0.600000, 0.800000, true, 500::numeric), ('published: in 3 of 5 points of sale with 800 of 1000', 0.600000, 0.800000, true, 200), ('published: in 3 of 5 points of sale with 800 of 1000', 0.600000, 0.800000, true, 100),
  ('published: in 3 of 5 points of sale with 800 of 1000', 0.600000, 0.800000, false, 150), ('published: in 3 of 5 points of sale with 800 of 1000', 0.600000, 0.800000, false, 50),
  ('one outlet', 1, 1, true, 7), ('one without', 0, 0, false, 7),
  ('not known', NULL, NULL, NULL, 7),
  ('not known is left out', 0.5, 0.75, true, 3), ('not known is left out', 0.5, 0.75, false, 1), ('not known is left out', 0.5, 0.75, NULL, 96),
  ('no weight is left out of the weighted one', 0.666667, 0.75, true, 3), ('no weight is left out of the weighted one', 0.666667, 0.75, false, 1), ('no weight is left out of the weighted one', 0.666667, 0.75, true, NULL),
  ('net returns have no weight', 0.5, 0.75, true, 3), ('net returns have no weight', 0.5, 0.75, false, 1), ('net returns have no weight', 0.5, 0.75, true, -5), ('net returns have no weight', 0.5, 0.75, false, -100),
  ('zero weighs nothing', 0.666667, 1, true, 3), ('zero weighs nothing', 0.666667, 1, true, 0), ('zero weighs nothing', 0.666667, 1, false, 0.00),
  ('all of no weight', 0.5, NULL, true, 0), ('all of no weight', 0.5, NULL, false, -1),
  ('equal weights', 0.333333, 0.333333, true, 5), ('equal weights', 0.333333, 0.333333, false, 5), ('equal weights', 0.333333, 0.333333, false, 5.0),
  ('a very large one', 0.5, 1, true, 9e18), ('a very large one', 0.5, 1, false, 1e-19),
  ('a very small one', 0.5, 0, true, 1e-19), ('a very small one', 0.5, 0, false, 9e18)
) AS x (name, counted, weighted, h, w)
GROUP BY name, counted, weighted;
SELECT is(ARRAY[numeric_distribution(i > 0), weighted_distribution(i > 0, i)], ARRAY[NULL, NULL]::numeric[], 'no rows') FROM generate_series(1, 0) AS i;
SELECT is(numeric_distribution(i <= 333333), 0.333333, 'a million outlets') FROM generate_series(1, 1000000) AS i;
SELECT is(weighted_distribution(i % 2 = 0, i)::text, ((sum(i) FILTER (WHERE i % 2 = 0))::numeric / sum(i))::text, 'weights that are all different') FROM generate_series(1, 99999) AS i;
SELECT is(ARRAY[pg_typeof(numeric_distribution(true)), pg_typeof(weighted_distribution(true, 1))]::text[], '{numeric,numeric}', 'the result is numeric');
SELECT is(weighted_distribution(h, w) FILTER (WHERE w < 10), 0.5, 'FILTER and DISTINCT') FROM (VALUES (true, 5), (false, 5), (true, 100)) AS x (h, w);
SELECT is(numeric_distribution(DISTINCT h), 0.5, 'as elsewhere DISTINCT looks at the values') FROM (VALUES (true), (true), (false)) AS x (h);

-- Coverage and distribution of a standard: 5 audited outlets, 4 positions, the full standard in 2, 14 of 20 present

SELECT is(numeric_distribution(complete), 0.40, 'coverage') FROM (
  SELECT bool_and(sku <= (ARRAY[4, 4, 2, 1, 3])[outlet]) AS complete FROM generate_series(1, 5) AS outlet, generate_series(1, 4) AS sku GROUP BY outlet) AS o;
SELECT is(numeric_distribution(sku <= (ARRAY[4, 4, 2, 1, 3])[outlet]), 0.70, 'distribution') FROM generate_series(1, 5) AS outlet, generate_series(1, 4) AS sku;

-- Against plain SQL over random rows

CREATE TABLE outlets AS
SELECT i, noise % 25 AS region, noise / 25 % 3 AS type,
  CASE noise / 100 % 17 WHEN 0 THEN NULL ELSE noise / 2000 % 5 < noise % 25 % 6 END AS handled,
  CASE noise / 70000 % 61 WHEN 0 THEN NULL WHEN 1 THEN (noise / 1000 % 1000)::numeric * 1e16 WHEN 2 THEN (noise / 1000 % 1000)::numeric * 1e-12 WHEN 3 THEN 0 WHEN 4 THEN -1e30
    ELSE ((noise / 1000 % 100000 - 8000) / 100.0)::numeric(12, 2) END AS weight
FROM generate_series(1, 30000) AS i, LATERAL (SELECT hashint8extended(i, 11) & 9007199254740991 AS noise) AS n;
CREATE FUNCTION pg_temp.counted(yes bigint, known bigint) RETURNS text RETURN (yes::numeric / nullif(known, 0))::text;
CREATE VIEW plain AS
SELECT region, type, grouping(region, type) AS level, pg_temp.counted(count(*) FILTER (WHERE handled), count(handled)) AS counted,
  (coalesce(sum(weight) FILTER (WHERE handled AND weight > 0), 0) / sum(weight) FILTER (WHERE handled IS NOT NULL AND weight > 0)) AS weighted
FROM outlets GROUP BY GROUPING SETS ((region, type), (region), (type), ());
CREATE VIEW kam AS
SELECT region, type, grouping(region, type) AS level, numeric_distribution(handled)::text AS counted, weighted_distribution(handled, weight) AS weighted
FROM outlets GROUP BY GROUPING SETS ((region, type), (region), (type), ());

SELECT is(count(*) FILTER (WHERE k.counted IS DISTINCT FROM p.counted), 0::bigint, 'numeric distribution in GROUPING SETS, to the last digit')
FROM kam AS k JOIN plain AS p ON (k.region, k.type, k.level) IS NOT DISTINCT FROM (p.region, p.type, p.level);
SELECT is(count(*) FILTER (WHERE k.weighted::text IS DISTINCT FROM p.weighted::text), 0::bigint, 'weighted distribution, too')
FROM kam AS k JOIN plain AS p ON (k.region, k.type, k.level) IS NOT DISTINCT FROM (p.region, p.type, p.level);
SELECT is(count(*), 104::bigint, 'all groups') FROM kam;
SELECT is(count(*) FILTER (WHERE counted::numeric NOT BETWEEN 0 AND 1 OR weighted NOT BETWEEN 0 AND 1), 0::bigint, 'a share is from 0 to 1') FROM kam;
SELECT cmp_ok(count(DISTINCT weighted), '>', 60::bigint, 'many different ones') FROM kam;
SELECT is(count(*) FILTER (WHERE n <> w), 0::bigint, 'with equal weights both are the same') FROM (SELECT numeric_distribution(handled) AS n, weighted_distribution(handled, 7.25) AS w FROM outlets GROUP BY region) AS x;
SELECT is(count(*) FILTER (WHERE abs(yes + no - 1) > 1e-19), 0::bigint, 'what handles and what does not are the whole')
FROM (SELECT weighted_distribution(handled, weight) AS yes, weighted_distribution(NOT handled, weight) AS no FROM outlets GROUP BY region) AS x;
SELECT is(count(*) FILTER (WHERE abs(one - other) > 1e-16), 0::bigint, 'the unit of the weights does not matter')
FROM (SELECT weighted_distribution(handled, weight) AS one, weighted_distribution(handled, weight * 1.25) AS other FROM outlets WHERE weight < 1e6 GROUP BY region) AS x;

-- Coverage is never above distribution where each outlet has as many positions

CREATE TABLE positions AS
SELECT trial, outlet, sku, hashint8extended(trial * 1000 + outlet * 10 + sku, 3) & 255 < trial * 4 + outlet AS present
FROM generate_series(1, 60) AS trial, generate_series(1, 12) AS outlet, generate_series(1, 5) AS sku;
CREATE TABLE coefficients AS
SELECT trial, (SELECT numeric_distribution(complete) FROM (SELECT bool_and(present) AS complete FROM positions AS p WHERE p.trial = t.trial GROUP BY outlet) AS o) AS coverage,
  numeric_distribution(present) AS distribution
FROM positions AS t GROUP BY trial;
SELECT is(count(*) FILTER (WHERE coverage > distribution), 0::bigint, 'coverage <= distribution') FROM coefficients;
SELECT cmp_ok(count(DISTINCT coverage), '>', 5::bigint, 'of many values') FROM coefficients;
SELECT is(ARRAY[numeric_distribution(complete), sum(present)::numeric / sum(required)], ARRAY[0.5, round(1 / 101.0, 20)]::numeric[], 'with standards of different length it may be')
FROM (VALUES (true, 1, 1), (false, 0, 100)) AS x (complete, present, required);
SELECT is(count(*) FILTER (WHERE distribution IS DISTINCT FROM (SELECT avg(share) FROM (SELECT numeric_distribution(present) AS share FROM positions AS p WHERE p.trial = c.trial GROUP BY sku) AS s)), 0::bigint, 'the pooled coefficient is the mean over positions when each outlet has all')
FROM coefficients AS c WHERE round(distribution, 3) = distribution;

-- Any order, workers, spilled, states merged

CREATE TABLE serial AS SELECT region, numeric_distribution(handled)::text AS n, weighted_distribution(handled, weight)::text AS w FROM outlets GROUP BY region;
SELECT results_eq(format('SELECT region, numeric_distribution(handled ORDER BY %1$s)::text, weighted_distribution(handled, weight ORDER BY %1$s)::text FROM outlets GROUP BY 1 ORDER BY 1', way), 'SELECT * FROM serial ORDER BY 1', 'in the order of ' || way)
FROM unnest(ARRAY['weight', 'weight DESC', 'scale(weight)', 'handled, weight', 'md5(i::text)']) AS way;

ANALYZE outlets;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SELECT matches(pg_temp.plan_of('SELECT region, numeric_distribution(handled)::text, weighted_distribution(handled, weight)::text FROM outlets GROUP BY 1'), 'Partial .*Aggregate', 'workers share the work');
SELECT results_eq('SELECT region, numeric_distribution(handled)::text, weighted_distribution(handled, weight)::text FROM outlets GROUP BY 1 ORDER BY 1', 'SELECT * FROM serial ORDER BY 1', 'and come to the same');
SET LOCAL max_parallel_workers_per_gather = 0;

CREATE TABLE many AS SELECT i % 15000 AS outlet_group, handled, weight FROM outlets;
CREATE TABLE sorted AS SELECT outlet_group, numeric_distribution(handled) AS n, weighted_distribution(handled, weight) AS w FROM many GROUP BY 1;
SET LOCAL work_mem = '64kB';
SET LOCAL hash_mem_multiplier = 1;
SET LOCAL enable_sort = off;
SELECT matches(pg_temp.plan_of('SELECT outlet_group, weighted_distribution(handled, weight) FROM many GROUP BY 1'), '^HashAggregate', 'a hash aggregate with little memory');
SELECT is(count(*), 0::bigint, 'spilled to disk it is the same')
FROM (SELECT outlet_group, numeric_distribution(handled) AS n, weighted_distribution(handled, weight) AS w FROM many GROUP BY 1 EXCEPT ALL SELECT * FROM sorted) AS x;
RESET work_mem;
RESET hash_mem_multiplier;
RESET enable_sort;

CREATE AGGREGATE pg_temp.counting(handled boolean) (SFUNC = numeric_distribution_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.weighing(handled boolean, weight numeric) (SFUNC = weighted_distribution_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.merged(bytea) (SFUNC = part_combine, STYPE = bytea, FINALFUNC = part_final);
SELECT results_eq('SELECT region, pg_temp.merged(c)::text, pg_temp.merged(w)::text FROM (SELECT region, type, pg_temp.counting(handled) AS c, pg_temp.weighing(handled, weight) AS w FROM outlets GROUP BY 1, 2) AS x GROUP BY 1 ORDER BY 1',
  'SELECT * FROM serial ORDER BY 1', 'states of parts, merged');

-- As a window aggregate over frames

SELECT is(count(*) FILTER (WHERE n::text IS DISTINCT FROM (SELECT pg_temp.counted(count(*) FILTER (WHERE h), count(h)) FROM unnest(hs) AS h)), 0::bigint, 'over a moving frame')
FROM (SELECT numeric_distribution(handled) OVER w, array_agg(handled) OVER w FROM outlets WHERE region < 3 WINDOW w AS (PARTITION BY region ORDER BY i ROWS 10 PRECEDING)) AS x (n, hs);

-- What is refused

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT weighted_distribution(true, ''NaN'')', '22023 | weight must be a finite number, not NaN'),
  ('SELECT weighted_distribution(false, ''NaN'')', '22023 | weight must be a finite number, not NaN'),
  ('SELECT weighted_distribution(true, ''Infinity'')', '22023 | weight must be a finite number, not infinity'),
  ('SELECT weighted_distribution(false, ''-Infinity'')', '22023 | weight must be a finite number, not -infinity'),
  ('SELECT weighted_distribution(NULL, ''NaN'')', 'no error'),
  ('SELECT weighted_distribution(h, w) FROM (VALUES (true, 1), (false, ''NaN''::numeric)) AS x (h, w)', '22023 | weight must be a finite number, not NaN'),
  ('SELECT weighted_distribution(true, 1e38)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT weighted_distribution(true, w) FROM (VALUES (-1e37), (1e-20)) AS x (w)', 'no error'),
  ('SELECT weighted_distribution(h, w) FROM (VALUES (true, 1e30), (false, 1e-10)) AS x (h, w)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT weighted_distribution(false, 9e37) FROM generate_series(1, 2)', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.')
) AS x (query, expected);
SELECT matches(pg_temp.error_of('SELECT numeric_distribution(1)'), '^42883 \| function numeric_distribution\(integer\) does not exist \| .*explicit type casts', 'flags are booleans');

SELECT * FROM finish();
ROLLBACK;
