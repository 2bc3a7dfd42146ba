-- rollup(s, period): series by calendar year are one series of any period, the same that the rows make.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(31);

\ir ../helpers/error_of.sql

CREATE TABLE sale AS
SELECT noise % 200 AS customer, date '2022-11-20' + (noise / 200 % 1300)::integer AS sold_on,
  CASE WHEN noise % 13 = 0 THEN NULL ELSE round((noise / 260000 % 1400 - 300) * CASE WHEN noise % 200 % 50 = 0 THEN 1e22 ELSE 0.25 END, (noise % 3)::integer) END AS amount
FROM generate_series(1, 20000) AS i, LATERAL (SELECT hashint8extended(i, 5) & 9007199254740991 AS noise) AS n;
ANALYZE sale;

CREATE TABLE year_series AS
SELECT customer, grain, daterange(year, (year + interval '1 year')::date) AS period, sales_series(amount, sold_on, daterange(year, (year + interval '1 year')::date), grain) AS s
FROM sale, LATERAL (SELECT date_trunc('year', sold_on)::date AS year) AS y, unnest('{day,week,week-sunday,month,month-week,quarter,year}'::text[]) AS grain
GROUP BY customer, grain, year;
ANALYZE year_series;

-- the same as from the rows, by grain and period; a bucket outside may have brought more decimals
CREATE FUNCTION pg_temp.content(s sales_series) RETURNS text RETURN concat((SELECT array_agg(trim_scale(t)) FROM unnest(totals(s)) AS t), s::jsonb -> 'sale_days', s::jsonb -> 'period');
SELECT is_empty(format($$
  SELECT customer, pg_temp.content(rollup(s, %1$L)) FROM year_series WHERE grain = %2$L GROUP BY customer
  EXCEPT SELECT customer, pg_temp.content(sales_series(amount, sold_on, %1$L, %2$L)) FROM sale GROUP BY customer $$, period, grain), format('by %s of %s', grain, period))
FROM (VALUES ('day', '[2023-02-10,2024-08-03)'), ('week', '[2023-02-06,2024-08-05)'), ('week', '[2022-01-01,2027-01-01)'), ('week-sunday', '[2023-02-05,2024-08-04)'),
  ('month', '[2023-07-01,2024-09-01)'), ('month', '[2024-02-01,2024-03-01)'), ('month', '[1990-01-01,2030-01-01)'), ('month-week', '[2023-12-08,2024-01-15)'), ('quarter', '[2022-10-01,2025-10-01)'), ('year', '[2023-01-01,2026-01-01)')) AS v (grain, period);

SELECT is((SELECT s::text FROM (SELECT rollup(s, '[2023-07-01,2024-09-01)') AS s FROM year_series WHERE grain = 'month') AS x),
  (SELECT sales_series(amount, sold_on, '[2023-07-01,2024-09-01)')::text FROM sale), 'the whole base, with totals past 64 bits');

-- order, workers, splitting, spilling, grouping sets, frames
CREATE TABLE direct AS SELECT customer, rollup(s, '[2023-07-01,2024-09-01)') AS s FROM year_series WHERE grain = 'month' GROUP BY customer;
SELECT results_eq($$ SELECT customer, (rollup(s, '[2023-07-01,2024-09-01)' ORDER BY period DESC))::text FROM year_series WHERE grain = 'month' GROUP BY customer ORDER BY customer $$,
  'SELECT customer, s::text FROM direct ORDER BY customer', 'the order of rows does not matter');
SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL max_parallel_workers_per_gather = 2;
SELECT results_eq($$ SELECT (rollup(s, '[2023-07-01,2024-09-01)'))::text FROM year_series WHERE grain = 'month' $$, 'SELECT rollup(s)::text FROM direct', 'parallel is the same');
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL work_mem = '64kB';
SELECT results_eq($$ SELECT customer, (rollup(s, '[2023-07-01,2024-09-01)'))::text FROM year_series WHERE grain = 'month' GROUP BY customer ORDER BY customer $$,
  'SELECT customer, s::text FROM direct ORDER BY customer', 'spilled is the same');
RESET work_mem;
SELECT results_eq($$ SELECT (rollup(s, '[2023-07-01,2024-09-01)'))::text FROM year_series WHERE grain = 'month' GROUP BY GROUPING SETS ((), (customer)) ORDER BY customer NULLS FIRST LIMIT 1 $$, 'SELECT rollup(s)::text FROM direct', 'in grouping sets');
SELECT is((SELECT count(*) FROM (SELECT rollup(s, '[2023-07-01,2024-09-01)') OVER (PARTITION BY customer ORDER BY period ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS w FROM year_series WHERE grain = 'month') AS x WHERE w IS NOT NULL),
  (SELECT count(*) FROM year_series WHERE grain = 'month'), 'in frames');
SELECT is((SELECT rollup(s, '[2023-07-01,2024-09-01)') FROM direct), (SELECT rollup(s) FROM direct), 'series of the same period are added');

-- edges
SELECT is(rollup(s, '[2026-01-01,2026-02-01)'), NULL, 'no rows') FROM year_series WHERE false;
SELECT is(rollup(NULL::sales_series, '[2026-01-01,2026-02-01)'), NULL, 'a NULL series is ignored');
SELECT is(rollup(s, NULL), NULL, 'and a NULL period') FROM direct;
SELECT is(totals(rollup(s, '[2040-01-01,2040-03-01)')), '{0,0}', 'series that lie outside give zeros') FROM direct;
SELECT is(sale_days(rollup(s, '[2040-01-01,2040-03-01)')), 0, 'and no days') FROM direct;
SELECT is(rollup(sales_series, '[2024-02-01,2024-04-01)')::text, '{"version": 1, "period": "[2024-02-01,2024-04-01)", "grain": "month", "totals": [12.50, -3.00], "sale_days": [28]}', 'a leap day keeps its place')
FROM (SELECT sales_series(a, d, '[2024-01-01,2025-01-01)') FROM (VALUES (12.50, date '2024-02-29'), (-3.00, '2024-03-02'), (1, '2024-04-01')) AS v (a, d)) AS x;
SELECT is(rollup(s, '[2024-01-01,2025-12-31)')::text, '{"version": 1, "period": "[2024-01-01,2025-12-31)", "grain": "fiscal-quarter", "totals": [1, 0, 0, 0, 0, 0, 0, 2], "sale_days": [4, 721]}', 'fiscal quarters come together where they fit')
FROM (VALUES ('{"version": 1, "period": "[2024-01-01,2025-01-01)", "grain": "fiscal-quarter", "totals": [1, 0, 0, 0], "sale_days": [4]}'::sales_series),
  ('{"version": 1, "period": "[2025-01-01,2025-12-31)", "grain": "fiscal-quarter", "totals": [0, 0, 0, 2], "sale_days": [355]}')) AS v (s);

-- errors
SELECT is(pg_temp.error_of($$ SELECT rollup(s, '[2023-07-15,2024-09-01)') FROM year_series WHERE grain = 'month' $$),
  '22023 | period [2023-07-15,2024-09-01) cuts the bucket [2023-07-01,2023-08-01) of a series | Begin and end the period where buckets do, as those of closed_period() do, or keep series by day.', 'a bucket is cut');
SELECT is(pg_temp.error_of($$ SELECT rollup(s, '[2023-11-01,2024-11-01)') FROM (VALUES (sales_series '{"version": 1, "period": "[2024-01-01,2024-07-01)", "grain": "fiscal-quarter", "totals": [1, 0], "sale_days": [4]}')) AS v (s) $$),
  '22023 | bucket [2024-01-01,2024-04-01) of a series lies in two buckets of the period [2023-11-01,2024-11-01) by fiscal-quarter | Begin the period with the period of a series, or keep series by day.', 'a bucket belongs to two');
SELECT is(pg_temp.error_of($$ SELECT rollup(s, '[2023-01-01,2026-01-01)') FROM year_series $$),
  '22023 | period and grain must be the same in all rows of a group | Choose the series of one grain with WHERE.', 'two grains');
SELECT is(pg_temp.error_of($$ SELECT rollup(s, period) FROM year_series WHERE grain = 'month' $$),
  '22023 | period and grain must be the same in all rows of a group | Choose the series of one grain with WHERE.', 'two periods');
SELECT matches(pg_temp.error_of($$ SELECT rollup(s, '[2023-01-01,)') FROM year_series WHERE grain = 'month' $$), '^22023 \| period must have both bounds|^22023 \| period', 'an unbounded period');
SELECT matches(pg_temp.error_of($$ SELECT rollup(sales_series, '[2024-01-01,2025-01-01)') FROM (SELECT sales_series(a, '2024-02-01', '[2024-01-01,2025-01-01)') FROM (VALUES (9e37), (9e37)) AS v (a) GROUP BY a || random()::text) AS x $$), '^22003 ', 'a sum of over 38 digits');
SELECT is((SELECT sales_series_gather(s, s, '[2023-07-01,2024-09-01)') = s + s FROM direct LIMIT 1), true, 'outside an aggregate the state is not changed in place');

SELECT * FROM finish();
ROLLBACK;
