-- Building and merging series: however the rows are ordered, split, spilled or framed, the result is the same.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(132);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql


-- the plan of a query, as one text
-- how long after its start a query that statement_timeout cancelled came to an end
CREATE FUNCTION pg_temp.cancelled_after(query text) RETURNS interval LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN NULL;
EXCEPTION WHEN query_canceled THEN
  RETURN clock_timestamp() - statement_timestamp();
END $$;

-- Sales with ties, zeros and returns

CREATE TABLE sales (id integer, customer integer, region integer, day date, amount numeric);
INSERT INTO sales
SELECT i, noise % 3000, noise % 3000 % 7, date '2025-11-01' + (noise / 3000 % 500)::integer,
  CASE WHEN noise % 11 = 0 THEN NULL ELSE round((noise / 1500000 % 1400 - 300) * CASE WHEN noise % 3000 % 50 = 0 THEN 1e22 ELSE 0.25 END, (noise % 3)::integer) END
FROM generate_series(1, 60000) AS i, LATERAL (SELECT hashint8extended(i, 9) & 9007199254740991 AS noise) AS n;
ANALYZE sales;

CREATE FUNCTION pg_temp.measures(source text, key text) RETURNS text
RETURN format($$
  SELECT %2$s AS key,
    sales_series(amount, day, '[2026-01-01,2027-01-01)')::text AS months,
    sales_series(amount, day, '[2025-11-15,2026-11-20)', 'week')::text AS weeks,
    sales_series(amount, day, '[2026-01-01,2026-03-01)', 'day')::text AS days,
    xyz_class(amount, day, '[2026-01-01,2027-01-01)', 'quarter') AS class,
    run_rate(amount, day, '[2026-01-01,2027-01-01)', '2026-05-15', 'months')::text AS rate,
    akb_stable(amount, day, '[2026-01-01,2026-04-01)') AS stable,
    akb_stable(amount, day, '[2026-01-01,2027-01-01)', 'quarter') AS stable_quarters
  FROM %1$s GROUP BY %2$s $$, source, key);

CREATE FUNCTION pg_temp.keep(name text, query text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TABLE %I AS %s', name, query);
END $$;

-- rows in one table that are not in the other
CREATE FUNCTION pg_temp.differences(one text, other text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  result bigint;
BEGIN
  EXECUTE format('SELECT count(*) FROM ((TABLE %1$I EXCEPT ALL TABLE %2$I) UNION ALL (TABLE %2$I EXCEPT ALL TABLE %1$I)) AS x', one, other) INTO result;
  RETURN result;
END $$;

SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL enable_sort = on;
SET LOCAL work_mem = '64MB';
SELECT pg_temp.keep('serial', pg_temp.measures('sales', 'customer'));
SELECT pg_temp.keep('serial_regions', pg_temp.measures('sales', 'region'));
SELECT is((SELECT count(*) FROM serial), (SELECT count(DISTINCT customer) FROM sales), 'every customer is there');

-- against sums by plain SQL
SELECT is(count(*) FILTER (WHERE total(s) <> plain OR sale_days(s) <> days), 0::bigint, 'totals and sale days of all customers')
FROM (
  SELECT sales_series(amount, day, '[2026-01-01,2027-01-01)') AS s,
    coalesce(sum(amount) FILTER (WHERE day >= '2026-01-01' AND day < '2027-01-01'), 0) AS plain,
    count(DISTINCT day) FILTER (WHERE day >= '2026-01-01' AND day < '2027-01-01' AND amount > 0) AS days
  FROM sales GROUP BY customer) AS x;

-- Spilled to disk

SET LOCAL enable_sort = off;
SET LOCAL work_mem = '64kB';
SET LOCAL hash_mem_multiplier = 1;
SELECT matches(pg_temp.plan_of(pg_temp.measures('sales', 'customer'), 'ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF'), 'HashAggregate.*Batches: ([2-9]|[0-9]{2,}) .*Disk Usage', 'a hash aggregate spills');
SELECT pg_temp.keep('spilled', pg_temp.measures('sales', 'customer'));
SELECT is(pg_temp.differences('serial', 'spilled'), 0::bigint, 'spilled = in memory');

SET LOCAL enable_sort = on;
SET LOCAL enable_hashagg = off;
SELECT matches(pg_temp.plan_of(pg_temp.measures('sales', 'customer')), 'GroupAggregate', 'a sorted aggregate');
SELECT pg_temp.keep('sorted', pg_temp.measures('sales', 'customer'));
SELECT is(pg_temp.differences('serial', 'sorted'), 0::bigint, 'sorted = hashed');
RESET enable_hashagg;
SET LOCAL work_mem = '64MB';

-- Parallel

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
SELECT matches(pg_temp.plan_of(pg_temp.measures('sales', 'customer')), 'Finalize (Hash|Group)?Aggregate.*Partial (Hash|Group)?Aggregate', 'customers are aggregated in part by parallel workers');
SELECT matches(pg_temp.plan_of(pg_temp.measures('sales', 'region')), 'Finalize (Hash|Group)?Aggregate.*Partial (Hash|Group)?Aggregate', 'regions are aggregated in part by parallel workers');
SELECT pg_temp.keep('parallel', pg_temp.measures('sales', 'customer'));
SELECT pg_temp.keep('parallel_regions', pg_temp.measures('sales', 'region'));
SELECT is(pg_temp.differences('serial', 'parallel'), 0::bigint, 'parallel = serial, by customer');
SELECT is(pg_temp.differences('serial_regions', 'parallel_regions'), 0::bigint, 'parallel = serial, by region');

CREATE TABLE stored AS SELECT customer, region, sales_series(amount, day, '[2026-01-01,2027-01-01)') AS s FROM sales GROUP BY customer, region;
ANALYZE stored;
SELECT matches(pg_temp.plan_of('SELECT region, rollup(s)::text FROM stored GROUP BY region'), 'Partial', 'rollup is parallel, too');
SELECT is(count(*) FILTER (WHERE rolled IS DISTINCT FROM months), 0::bigint, 'rollup = direct, in parallel')
FROM (SELECT region AS key, rollup(s)::text AS rolled FROM stored GROUP BY region) AS r FULL JOIN serial_regions USING (key);
SELECT is((SELECT rollup(s)::text FROM stored), (SELECT sales_series(amount, day, '[2026-01-01,2027-01-01)')::text FROM sales), 'rollup of all = direct, in parallel');
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is((SELECT rollup(s)::text FROM stored), (SELECT sales_series(amount, day, '[2026-01-01,2027-01-01)')::text FROM sales), 'rollup of all = direct');
SELECT is((SELECT rollup(s)::text FROM (SELECT rollup(s) AS s FROM stored GROUP BY region) AS x), (SELECT rollup(s)::text FROM stored), 'rollup of rollups');
SELECT is((SELECT (a.s + b.s + c.s)::text FROM stored AS a, stored AS b, stored AS c WHERE (a.customer, b.customer, c.customer) = (1, 50, 2)),
  (SELECT sales_series(amount, day, '[2026-01-01,2027-01-01)')::text FROM sales WHERE customer IN (1, 50, 2)), '+ = direct');

-- Partitions

CREATE TABLE parts (LIKE sales) PARTITION BY HASH (customer);
CREATE TABLE part_0 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE part_1 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE part_2 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO parts SELECT * FROM sales;
ANALYZE parts;
SET LOCAL enable_partitionwise_aggregate = on;
SELECT matches(pg_temp.plan_of(pg_temp.measures('parts', 'customer')), 'Append.*Aggregate.*Aggregate.*Aggregate', 'each partition is aggregated on its own');
SELECT matches(pg_temp.plan_of(pg_temp.measures('parts', 'region')), 'Finalize.*Append.*Partial.*Partial.*Partial', 'or in part, by another column');
SELECT pg_temp.keep('partitioned', pg_temp.measures('parts', 'customer'));
SELECT pg_temp.keep('partitioned_regions', pg_temp.measures('parts', 'region'));
SELECT is(pg_temp.differences('serial', 'partitioned'), 0::bigint, 'partitionwise = plain, by customer');
SELECT is(pg_temp.differences('serial_regions', 'partitioned_regions'), 0::bigint, 'partitionwise = plain, by region');
RESET enable_partitionwise_aggregate;

-- Order of the rows

CREATE TABLE shuffled AS SELECT * FROM sales ORDER BY hashint8extended(id, 77);
SELECT pg_temp.keep('any_order', pg_temp.measures('shuffled', 'customer'));
SELECT is(pg_temp.differences('serial', 'any_order'), 0::bigint, 'any order of the rows');
SELECT is(count(DISTINCT s), 1::bigint, 'ORDER BY inside the aggregate')
FROM (
  SELECT sales_series(amount, day, '[2026-01-01,2027-01-01)' ORDER BY amount)::text AS s FROM sales
  UNION ALL SELECT sales_series(amount, day, '[2026-01-01,2027-01-01)' ORDER BY amount DESC)::text FROM sales
  UNION ALL SELECT sales_series(amount, day, '[2026-01-01,2027-01-01)' ORDER BY scale(amount), id)::text FROM sales
  UNION ALL SELECT sales_series(amount, day, '[2026-01-01,2027-01-01)')::text FROM sales) AS x;

-- FILTER, DISTINCT, GROUPING SETS, HAVING

SELECT is(sales_series(amount, day, '[2026-01-01,2027-01-01)') FILTER (WHERE region = 3)::text, (SELECT months FROM serial_regions WHERE key = 3), 'FILTER') FROM sales;
SELECT is(
  ARRAY[sales_series(DISTINCT amount, day, '[2026-01-01,2027-01-01)')::text, run_rate(DISTINCT amount, day, '[2026-01-01,2027-01-01)', '2026-05-15', 'days')::text, xyz_class(DISTINCT amount, day, '[2026-01-01,2027-01-01)', 'month'), akb_stable(DISTINCT amount, day, '[2026-01-01,2027-01-01)')::text],
  (SELECT ARRAY[sales_series(amount, day, '[2026-01-01,2027-01-01)')::text, run_rate(amount, day, '[2026-01-01,2027-01-01)', '2026-05-15', 'days')::text, xyz_class(amount, day, '[2026-01-01,2027-01-01)', 'month'), akb_stable(amount, day, '[2026-01-01,2027-01-01)')::text]
   FROM (SELECT DISTINCT amount, day FROM sales WHERE customer < 100) AS d), 'DISTINCT')
FROM sales WHERE customer < 100;
SELECT is(count(*) FILTER (WHERE g.months IS DISTINCT FROM coalesce(c.months, r.months, t.months)), 0::bigint, 'GROUPING SETS')
FROM (
  SELECT customer, region, grouping(customer, region) AS level, sales_series(amount, day, '[2026-01-01,2027-01-01)')::text AS months
  FROM sales GROUP BY GROUPING SETS ((customer), (region), ())) AS g
LEFT JOIN serial AS c ON level = 1 AND c.key = customer
LEFT JOIN serial_regions AS r ON level = 2 AND r.key = region
LEFT JOIN (SELECT sales_series(amount, day, '[2026-01-01,2027-01-01)')::text AS months FROM sales) AS t ON level = 3;
SELECT is((SELECT count(*) FROM (SELECT customer FROM sales GROUP BY customer HAVING akb_stable(amount, day, '[2026-01-01,2026-04-01)')) AS x), (SELECT count(*) FROM serial WHERE stable), 'HAVING');
SELECT is((SELECT array_agg(total(s) ORDER BY year) FROM (SELECT 2025 AS year, sales_series(amount, day, '[2025-01-01,2026-01-01)') AS s FROM sales UNION ALL SELECT 2026, sales_series(amount, day, '[2026-01-01,2027-01-01)') FROM sales) AS x),
  (SELECT array_agg(total ORDER BY year) FROM (SELECT extract(year FROM day) AS year, sum(amount) AS total FROM sales WHERE day < '2027-01-01' GROUP BY 1) AS x), 'one scan can fill several periods');

-- Window frames against a query over the rows of each frame

CREATE TABLE few AS
SELECT id, region AS p, day, row_number() OVER (PARTITION BY region ORDER BY day) / 2 AS tie, amount, sales_series(amount, day, '[2026-01-01,2027-01-01)') OVER (PARTITION BY id) AS s
FROM sales WHERE id <= 140;

SELECT is(pg_temp.error_of(format($$
    DO $do$ BEGIN
      ASSERT (
        SELECT count(*) FILTER (WHERE plain IS DISTINCT FROM kam) = 0 AND count(*) = 140
        FROM (
          SELECT ids, ARRAY[
              sales_series(amount, day, '[2026-01-01,2027-01-01)') OVER w::text,
              xyz_class(amount, day, '[2026-01-01,2027-01-01)', 'quarter') OVER w,
              run_rate(amount, day, '[2026-01-01,2027-01-01)', '2026-06-30', 'days') OVER w::text,
              akb_stable(amount, day, '[2026-01-01,2026-07-01)', 'quarter') OVER w::text,
              rollup(s) OVER w::text] AS kam
          FROM (SELECT *, array_agg(id) OVER w AS ids FROM few WINDOW w AS (PARTITION BY p ORDER BY tie %1$s)) AS x
          WINDOW w AS (PARTITION BY p ORDER BY tie %1$s)) AS f,
        LATERAL (
          SELECT ARRAY[
              sales_series(amount, day, '[2026-01-01,2027-01-01)')::text,
              xyz_class(amount, day, '[2026-01-01,2027-01-01)', 'quarter'),
              run_rate(amount, day, '[2026-01-01,2027-01-01)', '2026-06-30', 'days')::text,
              akb_stable(amount, day, '[2026-01-01,2026-07-01)', 'quarter')::text,
              rollup(s)::text] AS plain
          FROM few WHERE id = ANY (ids)) AS q);
    END $do$ $$, frame)), 'no error', 'OVER (PARTITION BY … ORDER BY … ' || frame || ')')
FROM unnest(ARRAY[
  '',
  'ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
  'ROWS BETWEEN 3 PRECEDING AND CURRENT ROW',
  'ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING',
  'ROWS BETWEEN 5 FOLLOWING AND 8 FOLLOWING',
  'ROWS BETWEEN 8 PRECEDING AND 5 PRECEDING',
  'ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
  'RANGE BETWEEN 2 PRECEDING AND 1 FOLLOWING',
  'RANGE BETWEEN CURRENT ROW AND CURRENT ROW',
  'GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING',
  'GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING',
  'ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING EXCLUDE CURRENT ROW',
  'RANGE BETWEEN 2 PRECEDING AND 2 FOLLOWING EXCLUDE GROUP',
  'GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES']) AS frame;

-- No rows, NULL

SELECT is(ARRAY[sales_series(amount, day, '[2026-01-01,2027-01-01)')::text, sales_series(amount, day, '[2026-01-01,2027-01-01)', 'week')::text, xyz_class(amount, day, '[2026-01-01,2027-01-01)', 'month')], ARRAY[NULL, NULL, NULL]::text[], 'no rows')
FROM sales WHERE false;
SELECT is((SELECT rollup(s)::text FROM stored WHERE false), NULL, 'no series');
SELECT is(rollup(NULL::sales_series)::text, NULL, 'only NULL series');
SELECT is(rollup(CASE WHEN customer % 2 = 0 THEN s END)::text, (rollup(s) FILTER (WHERE customer % 2 = 0))::text, 'NULL among series') FROM stored;
SELECT is(total(sales_series(a, d, p, g))::text, expected, name)
FROM (VALUES
  ('a NULL amount: a series of zeros', NULL::numeric, date '2026-01-05', daterange '[2026-01-01,2026-02-01)', 'day', '0'),
  ('a NULL day: a series of zeros', 5, NULL, '[2026-01-01,2026-02-01)', 'day', '0'),
  ('a NULL period: no series', 5, '2026-01-05', NULL, 'day', NULL),
  ('a NULL grain: no series', 5, '2026-01-05', '[2026-01-01,2026-02-01)', NULL, NULL),
  ('a day outside: a series of zeros', 5, '2026-02-01', '[2026-01-01,2026-02-01)', 'day', '0'),
  ('infinity as a day is outside', 5, 'infinity', '[2026-01-01,2026-02-01)', 'day', '0')) AS x (name, a, d, p, g, expected)
GROUP BY name, expected;
SELECT is(total(sales_series(a, d, p, g)), 7::numeric, 'rows with NULL among others are ignored')
FROM (VALUES (NULL::numeric, date '2026-01-05', daterange '[2026-01-01,2026-02-01)', 'day'), (5, NULL, '[2026-01-01,2026-02-01)', 'day'), (5, '2026-01-05', NULL, 'day'),
  (5, '2026-01-05', '[2026-01-01,2026-02-01)', NULL), (5, '2026-02-01', '[2026-01-01,2026-02-01)', 'day'), (7, '2026-01-31', '[2026-01-01,2026-02-01)', 'day')) AS x (a, d, p, g);
SELECT is(sales_series(1, '2026-01-05', p)::text, sales_series(1, '2026-01-05', '[2026-01-01,2026-02-01)', 'month')::text, 'a period is the same however its bounds are written; the grain is month unless given')
FROM unnest(ARRAY['[2026-01-01,2026-01-31]', '(2025-12-31,2026-02-01)', '(2025-12-31,2026-01-31]', '[ 2026-01-01, "2026-02-01")']::daterange[]) AS p GROUP BY p;

-- Periods and grains that vary

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT sales_series(1, ''2026-01-05'', p) FROM unnest(ARRAY[daterange ''[2026-01-01,2026-02-01)'', ''[2026-01-01,2026-03-01)'']) AS p', '22023 | period and grain must be the same in all rows of a group | Add the period to GROUP BY.'),
  ('SELECT sales_series(NULL, NULL, p) FROM unnest(ARRAY[daterange ''[2026-01-01,2026-02-01)'', ''[2026-01-01,2026-03-01)'']) AS p', '22023 | period and grain must be the same in all rows of a group | Add the period to GROUP BY.'),
  ('SELECT sales_series(1, ''2026-01-05'', ''[2026-01-01,2026-02-01)'', g) FROM unnest(ARRAY[''month'', ''day'']) AS g', '22023 | period and grain must be the same in all rows of a group | Add the period to GROUP BY.'),
  ('SELECT xyz_class(1, ''2026-01-05'', ''[2026-01-01,2026-02-01)'', g) FROM unnest(ARRAY[''month'', ''day'']) AS g', '22023 | period and grain must be the same in all rows of a group | Add the period to GROUP BY.'),
  ('SELECT sales_series(1, ''2026-01-05'', ''[2026-01-01,2026-02-01)'', ''hour'')', '22023 | unknown grain: "hour" | Allowed are "day", "week", "week-sunday", "month", "month-week", "quarter", "year", "fiscal-quarter", "4-4-5", "4-5-4", "5-4-4".'),
  ('SELECT sales_series(1, ''2026-01-05'', ''empty'')', '22023 | period must not be an empty range | A period has at least one day, like [2026-01-01,2027-01-01).'),
  ('SELECT sales_series(NULL, ''2026-01-05'', ''empty'')', '22023 | period must not be an empty range | A period has at least one day, like [2026-01-01,2027-01-01).'),
  ('SELECT sales_series(1, ''2026-01-05'', ''[2026-01-01,)'')', '22023 | period must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('SELECT sales_series(1, ''2026-01-05'', ''(,)'')', '22023 | period must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('SELECT sales_series(1, ''2026-01-05'', ''[2026-01-01,infinity]'', ''day'')', '22023 | period must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('SELECT sales_series(1, ''2026-01-05'', ''[-infinity,infinity)'', ''day'')', '22023 | period must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('SELECT sales_series(1, ''2026-01-05'', ''[1926-01-01,2026-01-02)'', ''year'')', '22023 | period is 36526 days long | At most 36525 days (a hundred years) are allowed.'),
  ('SELECT sales_series(1, ''2026-01-05'', ''[0001-01-01,4000-01-01)'', ''day'')', '22023 | period is 1460604 days long | At most 36525 days (a hundred years) are allowed.'),
  ('SELECT rollup(s) FROM (SELECT s FROM stored UNION ALL SELECT slice(s, ''[2026-01-01,2026-02-01)'') FROM stored) AS x', '22023 | series of different periods or grains cannot be merged | Bring them together with slice() and regrain().'),
  ('SELECT rollup(s) FROM (SELECT s FROM stored UNION ALL SELECT regrain(s, ''quarter'') FROM stored) AS x', '22023 | series of different periods or grains cannot be merged | Bring them together with slice() and regrain().'),
  ('SELECT sales_series_combine(a.s, regrain(a.s, ''year'')) FROM stored AS a', '22023 | series of different periods or grains cannot be merged | Bring them together with slice() and regrain().'),
  ('SELECT sales_series_accumulate(s, 1, ''2026-01-05'', ''[2026-01-01,2026-02-01)'') FROM stored', '22023 | period and grain must be the same in all rows of a group | Add the period to GROUP BY.'),
  ('SELECT sales_series_accumulate(s, 1, ''2026-01-05'', ''[2026-01-01,2027-01-01)'', ''day'') FROM stored', '22023 | period and grain must be the same in all rows of a group | Add the period to GROUP BY.')
) AS x (query, expected);

-- refusing takes no time: nothing of the size asked for is made
SET LOCAL statement_timeout = '2s';
SELECT is(left(pg_temp.error_of('SELECT sales_series(1, ''2026-01-05'', daterange(make_date(-4000, 1, 1), make_date(5000000, 1, 1)), ''day'') FROM generate_series(1, 3)'), 5), '22023', 'two billion buckets are refused at once');
RESET statement_timeout;

-- States by hand: functions of an aggregate, called outside one, leave their arguments alone

CREATE TABLE states AS SELECT 1 AS id, s, s::text AS before FROM stored WHERE customer IN (1, 2, 50, 100) UNION ALL SELECT 2, slice(s, '[2026-02-01,2026-03-01)'), NULL FROM stored WHERE customer = 3;
UPDATE states SET before = s::text;
ALTER TABLE states ALTER s SET STORAGE plain;
CREATE TABLE plain_states (LIKE states);
ALTER TABLE plain_states ALTER s SET STORAGE plain;
INSERT INTO plain_states SELECT * FROM states;

SELECT is(count(*) FILTER (WHERE total(sales_series_accumulate(s, 0.001, '2026-02-15', period(s), 'month')) <> total(s) + 0.001), 0::bigint, 'a row added by hand') FROM plain_states;
SELECT is(count(*) FILTER (WHERE total(sales_series_accumulate(s, 1e25, '2026-02-15', period(s))) <> total(s) + 1e25), 0::bigint, 'a large row added by hand') FROM plain_states;
SELECT is(count(*) FILTER (WHERE sales_series_accumulate(s, 1, '2026-02-15', NULL)::text <> before OR sales_series_accumulate(s, NULL, NULL, period(s))::text <> before OR sales_series_accumulate(s, 1, '2030-01-01', period(s), 'month')::text <> before), 0::bigint, 'a row by hand that is ignored') FROM plain_states;
SELECT is(count(*) FILTER (WHERE total(sales_series_combine(s, s)) <> 2 * total(s)), 0::bigint, 'states merged by hand') FROM plain_states;
SELECT is(count(*) FILTER (WHERE sales_series_finish(s)::text <> before OR xyz_class_final(s) IS DISTINCT FROM xyz_class(s) OR akb_stable_final(s) IS DISTINCT FROM akb_stable(s)), 0::bigint, 'states finished by hand') FROM plain_states;
SELECT is(count(*) FILTER (WHERE s::text <> before), 0::bigint, 'and all stayed as they were') FROM plain_states;

-- a state that no aggregate finished can be stored, read and merged as any other
CREATE TABLE unfinished AS
SELECT sales_series_accumulate(sales_series_accumulate(NULL, 9e37, '2026-01-05', '[2026-01-01,2026-04-01)'), 9e37, '2026-02-05', '[2026-01-01,2026-04-01)') AS s;
SELECT is(totals(s), ARRAY[9e37, 9e37, 0]::numeric[], 'an unfinished state is read') FROM unfinished;
SELECT is(s::text, sales_series_finish(s)::text, 'and written') FROM unfinished;
SELECT is(sales_series_send(s), sales_series_send(sales_series_finish(s)), 'and sent') FROM unfinished;
SELECT is(totals(rollup(sales_series_accumulate(s, -9e37, '2026-01-06', '[2026-01-01,2026-04-01)'))), ARRAY[0, 9e37, 0]::numeric[], 'and merged') FROM unfinished;
INSERT INTO unfinished SELECT sales_series_accumulate(s, 9e37, '2026-01-05', '[2026-01-01,2026-04-01)') FROM unfinished;
SELECT is(pg_temp.error_of(format('SELECT %s FROM unfinished', query)), '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.', 'an unfinished state past 38 digits is refused by ' || query)
FROM unnest(ARRAY['total(s)', 's::text', 's::jsonb', 'sales_series_send(s)', 'totals(s)', 'buckets(s)', 'mean(s)', 'cv(s)', 'xyz_class(s)', 'akb_stable(s)', 'trend(s)', 'seasonality(s)', 'active_buckets(s)', 'slice(s, period(s))', 'regrain(s, ''year'')', 's + s', 'sales_series_finish(s)', 'akb_stable(s, 1)', 'frequency_class(s)', 'run_rate(s, ''2026-01-31'')']) AS query;

-- Aggregates of users' own over the same functions

CREATE AGGREGATE pg_temp.raw_series(amount numeric, sold_on date, period daterange) (SFUNC = sales_series_accumulate, STYPE = sales_series);
CREATE AGGREGATE pg_temp.from_start(amount numeric, sold_on date, period daterange) (SFUNC = sales_series_accumulate, STYPE = sales_series, FINALFUNC = sales_series_finish,
  INITCOND = '{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [12345678901234567890123.5, 0], "sale_days": [3]}');
CREATE AGGREGATE pg_temp.merge_from(sales_series) (SFUNC = sales_series_combine, STYPE = sales_series, COMBINEFUNC = sales_series_combine, PARALLEL = SAFE,
  INITCOND = '{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [12345678901234567890123.5, 0], "sale_days": [3]}');
CREATE AGGREGATE pg_temp.sum_series(sales_series) (SFUNC = sales_series_add, STYPE = sales_series);
SELECT is(pg_temp.raw_series(amount, day, '[2026-01-01,2027-01-01)')::text, sales_series(amount, day, '[2026-01-01,2027-01-01)')::text, 'an aggregate without a final function') FROM sales;
SELECT is(totals(pg_temp.from_start(a, '2026-02-01', '[2026-01-01,2026-03-01)')), ARRAY[12345678901234567890123.50, 3.25]::numeric[], 'an aggregate that begins with a wide series') FROM unnest(ARRAY[1.25, 2]) AS a;
SELECT is(totals(pg_temp.from_start(a, '2026-02-01', '[2026-01-01,2026-03-01)')), ARRAY[12345678901234567890123.50, 3.25]::numeric[], 'and again') FROM unnest(ARRAY[1.25, 2]) AS a;
SELECT is((totals(pg_temp.merge_from(slice(s, '[2026-01-01,2026-03-01)'))))[2], sum(total(s, '[2026-02-01,2026-03-01)')), 'an aggregate that merges into a wide series') FROM stored;
SELECT is(pg_temp.sum_series(s)::text, rollup(s)::text, 'an aggregate of +') FROM stored;
SELECT is(pg_temp.error_of('SELECT pg_temp.from_start(1, ''2026-02-01'', ''[2026-01-01,2026-04-01)'')'), '22023 | period and grain must be the same in all rows of a group | Add the period to GROUP BY.', 'a first state of another period');

-- Cancelling

CREATE TABLE large AS
SELECT sales_series(i * 1e18, date '1950-01-01' + i, '[1930-01-01,2029-12-31)', 'day') AS s FROM generate_series(0, 20000) AS i;
INSERT INTO large SELECT s FROM large, generate_series(1, 20);

SET LOCAL statement_timeout = '300ms';
SELECT ok(pg_temp.cancelled_after('SELECT ' || query) < interval '1.3 s', 'cancelled within a second: ' || query)
FROM (VALUES
  ('sales_series(1, date ''1930-01-01'' + i % 36525, ''[1930-01-01,2029-12-31)'', ''day'') FROM generate_series(1, 100000000) AS i')) AS x (query);
SELECT ok(pg_temp.cancelled_after('SELECT count(s::text) FROM (SELECT sales_series(1, date ''1930-01-01'' + i % 36525, ''[1930-01-01,2029-12-31)'', ''day'') AS s FROM generate_series(1, 100000000) AS i GROUP BY i) AS x') < interval '1.3 s', 'cancelled within a second: many large groups');
SELECT ok(pg_temp.cancelled_after('SELECT rollup(s) FROM large, generate_series(1, 100000)') < interval '1.3 s', 'cancelled within a second: rollup of large series');
SELECT ok(pg_temp.cancelled_after('SELECT count(s + s) FROM large, generate_series(1, 100000)') < interval '1.3 s', 'cancelled within a second: +');
SELECT ok(pg_temp.cancelled_after('SELECT count(s::text) FROM large, generate_series(1, 100000)') < interval '1.3 s', 'cancelled within a second: text');
SELECT ok(pg_temp.cancelled_after('SELECT count(s::text::sales_series) FROM large, generate_series(1, 100000)') < interval '1.3 s', 'cancelled within a second: from text');
SELECT ok(pg_temp.cancelled_after('SELECT count(xyz_class(s)) FROM large, generate_series(1, 100000)') < interval '1.3 s', 'cancelled within a second: xyz_class');
SELECT ok(pg_temp.cancelled_after('SELECT count(regrain(s, ''month-week'')) FROM large, generate_series(1, 100000)') < interval '1.3 s', 'cancelled within a second: regrain');
SELECT ok(pg_temp.cancelled_after('SELECT count(slice(s, ''[1940-01-01,2020-01-01)'')) FROM large, generate_series(1, 100000)') < interval '1.3 s', 'cancelled within a second: slice');
SELECT ok(pg_temp.cancelled_after('SELECT count(b) FROM large, generate_series(1, 100000), buckets(s) AS b') < interval '1.3 s', 'cancelled within a second: buckets');
SELECT ok(pg_temp.cancelled_after('SELECT run_rate(1, date ''2026-01-05'', ''[2026-01-01,2027-01-01)'', ''2026-03-31'', ''months'') FROM generate_series(1, 100000000)') < interval '1.3 s', 'cancelled within a second: run_rate');
RESET statement_timeout;

-- year_series is sales_series of the calendar year

CREATE FUNCTION pg_temp.yearly(aggregate text, grain text) RETURNS text
RETURN format('SELECT customer, calendar_year(day) AS year, %s::text AS s FROM sales GROUP BY 1, 2 ORDER BY 1, 2',
  CASE aggregate WHEN 'year' THEN format('year_series(amount, day, %L)', grain) ELSE format('sales_series(amount, day, days_of_year(calendar_year(day)), %L)', grain) END);
SELECT results_eq(pg_temp.yearly('year', grain), pg_temp.yearly('sales', grain), 'by ' || grain) FROM unnest('{day,week,month,quarter,month-week}'::text[]) AS grain;
SELECT results_eq('SELECT customer, rollup(s, $$[2025-11-01,2027-04-01)$$)::text FROM (SELECT customer, year_series(amount, day, $$month$$) AS s FROM sales GROUP BY customer, calendar_year(day)) AS y GROUP BY 1 ORDER BY 1',
  'SELECT customer, sales_series(amount, day, $$[2025-11-01,2027-04-01)$$)::text FROM sales GROUP BY 1 ORDER BY 1', 'rollup makes one series of the years');
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT results_eq(pg_temp.yearly('year', 'month'), pg_temp.yearly('sales', 'month'), 'parallel');
RESET min_parallel_table_scan_size;
SELECT is((SELECT year_series(amount, day, 'month') FROM (VALUES (NULL::numeric, NULL::date), (1, NULL)) AS x (amount, day)), NULL, 'no day, no year');
SELECT is((SELECT totals(year_series(amount, day, 'quarter')) FROM (VALUES (NULL::numeric, date '2026-05-05'), (3, NULL)) AS x (amount, day)), '{0,0,0,0}', 'a row without an amount has a year');
SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT year_series(1, d, ''month'') FROM (VALUES (date ''2025-12-31''), (''2026-01-01'')) AS x (d)', '22023 | period and grain must be the same in all rows of a group | Add calendar_year(sold_on) to GROUP BY.'),
  ('SELECT year_series(1, ''infinity'', ''month'')', '22023 | sold_on must be a finite date, not infinity'),
  ('SELECT year_series(1, ''10000-01-01'', ''month'')', '22023 | sold_on 10000-01-01 is in no year from 1 to 9999 | Leave such days out with WHERE.'),
  ('SELECT year_series(1, ''2026-01-01'', ''moon'')', '22023 | unknown grain: "moon" | Allowed are "day", "week", "week-sunday", "month", "month-week", "quarter", "year", "fiscal-quarter", "4-4-5", "4-5-4", "5-4-4".')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
