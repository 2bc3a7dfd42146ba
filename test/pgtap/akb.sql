-- Stable outlets: those that bought in every bucket, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(51);

\ir ../helpers/error_of.sql

-- the sales of one outlet, as text of (amount, day) pairs
CREATE FUNCTION pg_temp.sales(rows text) RETURNS TABLE (amount numeric, sold_on date)
BEGIN ATOMIC
  SELECT split_part(r, ' ', 2)::numeric, split_part(r, ' ', 1)::date
  FROM string_to_table(rows, ', ') AS r;
END;

-- The rule in examples

SELECT is(
  (SELECT ARRAY[akb_stable(amount, sold_on, '[2026-01-01,2026-04-01)'),
      akb_stable(amount, sold_on, '[2026-01-01,2026-04-01)', 'month'),
      akb_stable(sales_series(amount, sold_on, '[2026-01-01,2026-04-01)')),
      akb_stable(sales_series(amount, sold_on, '[2026-01-01,2026-04-01)'), activity => 'order')]
   FROM pg_temp.sales(rows)),
  ARRAY[stable, stable, stable, by_order], name)
FROM (VALUES
  ('January, February and March', '2026-01-10 100, 2026-02-10 50, 2026-03-31 10', true, true),
  ('January and March', '2026-01-10 100, 2026-03-31 10', false, false),
  ('March is only a return', '2026-01-10 100, 2026-02-10 50, 2026-03-31 -10', false, false),
  ('a return cancels a day of March, but not the month', '2026-01-10 100, 2026-02-10 50, 2026-03-31 10, 2026-03-31 -10, 2026-03-02 1', true, true),
  ('a return cancels March', '2026-01-10 100, 2026-02-10 50, 2026-03-31 10, 2026-03-31 -10', false, true),
  ('returns pass March', '2026-01-10 100, 2026-02-10 50, 2026-03-30 10, 2026-03-31 -11', false, true),
  ('March is zero', '2026-01-10 100, 2026-02-10 50, 2026-03-31 0', false, false),
  ('the first and last day of each month', '2026-01-01 1, 2026-02-28 1, 2026-03-01 1', true, true),
  ('the days around the period', '2025-12-31 1, 2026-02-28 1, 2026-04-01 1', false, false),
  ('amounts of 1e-20', '2026-01-01 0.00000000000000000001, 2026-02-28 0.00000000000000000001, 2026-03-01 0.00000000000000000001', true, true),
  ('amounts of 1e30', '2026-01-01 1e30, 2026-02-28 1e30, 2026-03-01 1e30', true, true)
) AS x (name, rows, stable, by_order);

-- the closed period decides whether the running month counts
SELECT is(
  (SELECT akb_stable(amount, sold_on, closed_period(as_of::date, 3, 'month')) FROM pg_temp.sales(rows)),
  stable, format('at %s, sales on %s', as_of, rows))
FROM (VALUES
  ('2024-04-01', '2024-01-10 100, 2024-02-29 50, 2024-03-31 10', true),
  ('2024-03-31', '2024-01-10 100, 2024-02-29 50, 2024-03-31 10', true),
  ('2024-03-30', '2024-01-10 100, 2024-02-29 50, 2024-03-31 10', false),
  ('2024-04-01', '2024-01-10 100, 2024-02-29 50, 2024-03-31 10, 2024-03-31 -10', false),
  ('2024-04-01', '2024-03-05 1', false),
  ('2024-04-01', '2024-01-10 100, 2024-03-31 10', false)
) AS x (as_of, rows, stable);

SELECT is(active_buckets(sales_series(amount, sold_on, closed_period('2024-04-01', 3, 'month'))) >= 2, true, 'two months of three, with active_buckets')
FROM pg_temp.sales('2024-01-10 100, 2024-02-29 50, 2024-03-31 10, 2024-03-31 -10');

SELECT is(
  ARRAY[akb_stable(amount, sold_on, '[2026-01-01,2026-05-01)'), akb_stable(amount, sold_on, closed_period('2026-04-15', 3, 'month'))],
  ARRAY[false, true], 'an outlet that buys late in the month, on 15 April, with and without the month that runs')
FROM pg_temp.sales('2026-01-20 1, 2026-02-20 1, 2026-03-20 1');

-- No rows, NULL

SELECT is((SELECT akb_stable(amount, sold_on, '[2026-01-01,2026-02-01)') FROM pg_temp.sales('2026-01-01 1') WHERE false), false, 'no rows are not stable');
SELECT is((SELECT akb_stable(amount, sold_on, '[2026-01-01,2026-02-01)', 'week') FROM pg_temp.sales('2026-01-01 1') WHERE false), false, 'no rows, with a grain');
SELECT is(akb_stable(a, d, p, g), false, name)
FROM (VALUES
  ('NULL amount', NULL::numeric, date '2026-01-01', daterange '[2026-01-01,2026-02-01)', 'month'),
  ('NULL date', 1, NULL, '[2026-01-01,2026-02-01)', 'month'),
  ('NULL period', 1, '2026-01-01', NULL, 'month'),
  ('NULL grain', 1, '2026-01-01', '[2026-01-01,2026-02-01)', NULL)) AS x (name, a, d, p, g)
GROUP BY name;
SELECT is(akb_stable(a, '2026-01-01', p), true, 'rows with NULL are ignored')
FROM (VALUES (1::numeric, daterange '[2026-01-01,2026-02-01)'), (NULL, '[2026-01-01,2026-02-01)'), (2, NULL)) AS x (a, p);

SELECT is(ARRAY[akb_stable(NULL), akb_stable(NULL::sales_series, 10, 'net'), akb_stable(s, 10, NULL), akb_stable(s, NULL, NULL)], ARRAY[NULL, NULL, NULL, NULL]::boolean[], 'NULL gives NULL')
FROM (SELECT sales_series(1, '2026-01-01', '[2026-01-01,2026-02-01)') AS s) AS x;
SELECT is(ARRAY[akb_stable(s, NULL), akb_stable(s, NULL, 'order'), akb_stable(s, min_total => NULL)], ARRAY[true, true, true], 'a NULL min_total is none')
FROM (SELECT sales_series(1, '2026-01-01', '[2026-01-01,2026-02-01)') AS s) AS x;

SELECT is(akb_stable_final(NULL), false, 'the final function of no state');

-- min_total

SELECT is(akb_stable(sales_series(amount, sold_on, '[2026-01-01,2026-04-01)'), min_total), stable, format('at least %s', min_total))
FROM pg_temp.sales('2026-01-10 100.50, 2026-02-10 50.25, 2026-03-31 70'),
  (VALUES (0::numeric, true), (50.25, true), (50.2500, true), (50.24999999999999999999999999999999999999999, true), (50.2500000000000000000000000000000000000000001, false), (51, false), (1e100, false)) AS x (min_total, stable)
GROUP BY min_total, stable;
SELECT is(akb_stable(s, 0), false, 'a month of zero is not active, whatever min_total') FROM (SELECT sales_series(0, '2026-01-01', '[2026-01-01,2026-02-01)') AS s) AS x;

-- Random outlets against plain SQL, in each grain

CREATE TABLE sales AS
SELECT noise % 300 AS outlet, date '2024-01-20' + (i % 420) AS day, ((noise / 300 % 12) - 2) * 1.25 AS amount
FROM generate_series(1, 60000) AS i, LATERAL (SELECT hashint8extended(i, 1) & 2147483647 AS noise) AS n
WHERE noise % 300 < i % 400;

CREATE TABLE outlets AS SELECT DISTINCT outlet FROM sales;
CREATE TABLE grains (grain text, period daterange, step interval, origin timestamp);
INSERT INTO grains VALUES
  ('day', '[2024-03-01,2024-03-08)', '1 day', '2024-03-01'),
  ('week', '[2024-02-10,2024-05-10)', '7 days', '2024-02-05'),
  ('week-sunday', '[2024-02-10,2024-05-10)', '7 days', '2024-02-04'),
  ('month', '[2024-02-10,2025-01-15)', '1 month', '2024-02-01'),
  ('quarter', '[2024-02-10,2025-01-15)', '3 months', '2024-01-01'),
  ('year', '[2024-02-10,2025-01-15)', '1 year', '2024-01-01');

CREATE TABLE plain AS
SELECT outlet, grain, bool_and(net > 0) AS net, bool_and(net > 0 AND net >= 20) AS least, bool_and(ordered) AS ordered
FROM (
  SELECT o.outlet, g.grain, step_start, coalesce(sum(amount), 0) AS net, coalesce(bool_or(amount > 0), false) AS ordered
  FROM outlets AS o CROSS JOIN grains AS g
  CROSS JOIN LATERAL generate_series(origin, upper(period) - interval '1 day', step) AS step_start
  LEFT JOIN sales AS s ON s.outlet = o.outlet AND s.day <@ g.period AND s.day >= step_start AND s.day < step_start + step
  GROUP BY o.outlet, g.grain, step_start) AS x
GROUP BY outlet, grain;

SELECT is(count(*) FILTER (WHERE ARRAY[akb_stable(s), aggregate, akb_stable(s, 20), akb_stable(s, activity => 'order')] IS DISTINCT FROM ARRAY[net, net, least, ordered]),
  0::bigint, 'stable outlets by ' || grain)
FROM plain
JOIN (
  SELECT outlet, grain, sales_series(amount, day, period, grain) AS s, akb_stable(amount, day, period, grain) AS aggregate
  FROM sales CROSS JOIN grains GROUP BY outlet, grain) AS kam USING (outlet, grain)
GROUP BY grain;

SELECT ok(count(*) FILTER (WHERE net) > 100 AND count(*) FILTER (WHERE NOT net) > 100 AND count(*) FILTER (WHERE net AND NOT least) > 10 AND count(*) FILTER (WHERE ordered AND NOT net) > 10,
  'outlets of every kind are met') FROM plain;

-- What is refused

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT akb_stable(sales_series(1, ''2026-01-01'', ''[2026-01-01,2026-02-01)''), 5, ''order'')', '22023 | min_total is 5, but activity "order" has no total | Leave min_total out, or use activity "net".'),
  ('SELECT akb_stable(sales_series(1, ''2026-01-01'', ''[2026-01-01,2026-02-01)''), -5)', '22023 | min_total must not be negative, but is -5 | Give zero or more.'),
  ('SELECT akb_stable(sales_series(1, ''2026-01-01'', ''[2026-01-01,2026-02-01)''), ''NaN'')', '22023 | min_total must be a finite number, not NaN'),
  ('SELECT akb_stable(sales_series(1, ''2026-01-01'', ''[2026-01-01,2026-02-01)''), ''Infinity'')', '22023 | min_total must be a finite number, not infinity'),
  ('SELECT akb_stable(sales_series(1, ''2026-01-01'', ''[2026-01-01,2026-02-01)''), activity => ''orders'')', '22023 | unknown activity: "orders" | Allowed are "net", "order".'),
  ('SELECT akb_stable(1::numeric, date ''2026-01-01'', daterange ''[2026-01-01,2026-02-01)'', ''months'')', '22023 | unknown grain: "months" | Allowed are "day", "week", "week-sunday", "month", "month-week", "quarter", "year", "fiscal-quarter", "4-4-5", "4-5-4", "5-4-4".'),
  ('SELECT akb_stable(1::numeric, date ''2026-01-01'', daterange ''empty'')', '22023 | period must not be an empty range | A period has at least one day, like [2026-01-01,2027-01-01).'),
  ('SELECT akb_stable(''NaN''::numeric, date ''2026-01-01'', daterange ''[2026-01-01,2026-02-01)'')', '22023 | amount must be a finite number, not NaN')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
