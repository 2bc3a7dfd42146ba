-- Framework orders: the instalments of a commitment and the discounted price.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(54);

\ir ../helpers/error_of.sql

-- W-35, W-36

SELECT is(array_agg(amount ORDER BY no), array_fill(10000.00, ARRAY[12]), '120,000 in 12: 10,000 each') FROM instalments(120000, 12, '2026-01-01');
SELECT is(array_agg(amount ORDER BY no), array_fill(8333.33, ARRAY[11]) || 8333.37, '100,000 in 12: 8,333.33 and 8,333.37') FROM instalments(100000, 12, '2026-01-01');
SELECT is(array_agg(due_on ORDER BY no), (SELECT array_agg(make_date(2026, m, 1)) FROM generate_series(1, 12) AS m), 'due on the first of each month') FROM instalments(120000, 12, '2026-01-01');
SELECT is(framework_price(1000, 0.10, 0.05), 850.00, '10% and 5%: 850');
SELECT is(framework_price(1000, 0.10, 0.05, 'chained'), 855.00, 'one after the other: 855');

-- Due dates

SELECT is(array_agg(due_on ORDER BY no), expected::date[], what)
FROM (VALUES
  ('the last day of each month', date '2026-01-31', interval '1 month', 4, '{2026-01-31,2026-02-28,2026-03-31,2026-04-30}'),
  ('a leap February', '2023-12-31', '1 month', 4, '{2023-12-31,2024-01-31,2024-02-29,2024-03-31}'),
  ('the leap day by years', '2024-02-29', '1 year', 5, '{2024-02-29,2025-02-28,2026-02-28,2027-02-28,2028-02-29}'),
  ('quarters', '2026-11-30', '3 months', 3, '{2026-11-30,2027-02-28,2027-05-30}'),
  ('two weeks', '2026-12-20', '14 days', 3, '{2026-12-20,2027-01-03,2027-01-17}'),
  ('a month and a day', '2026-01-31', '1 month 1 day', 3, '{2026-01-31,2026-03-01,2026-04-02}'),
  ('before Christ', '0001-12-31 BC', '1 month', 3, '{"0001-12-31 BC",0001-01-31,0001-02-28}'),
  ('long before Christ', '4713-01-31 BC', '1 month', 2, '{"4713-01-31 BC","4713-02-29 BC"}'),
  ('up to the last date that there is', '5874897-11-30', '31 days', 2, '{5874897-11-30,5874897-12-31}')
) AS x (what, first_due, step, n, expected)
CROSS JOIN LATERAL instalments(1, n, first_due, step)
GROUP BY what, expected;

-- Over random commitments

SELECT setseed(0.35);
CREATE TABLE commitment AS
SELECT i AS id, round((random() * 10 ^ (random() * 7))::numeric, (random() * 4)::integer) + 0.01 AS total, 1 + (random() * 59)::integer AS n,
  date '1990-01-01' + (random() * 20000)::integer AS first_due,
  make_interval(months => (random() * 14)::integer, days => 1 + (random() * 40)::integer) AS step, (random() * 6)::integer - 2 AS scale
FROM generate_series(1, 3000) AS i;
CREATE TABLE paid AS SELECT c.*, p.* FROM commitment AS c CROSS JOIN LATERAL instalments(total, n, first_due, step, scale) AS p;

SELECT is_empty('SELECT id FROM commitment LEFT JOIN paid USING (id) GROUP BY id, commitment.n HAVING count(paid.id) <> commitment.n OR max(no) <> commitment.n OR min(no) <> 1', 'as many as asked for');
SELECT is_empty('SELECT id FROM paid GROUP BY id, total HAVING sum(amount) <> total', 'they add up to the total');
SELECT is_empty('SELECT * FROM paid WHERE amount < 0', 'none is below zero');
SELECT is_empty('SELECT * FROM paid WHERE due_on <> (first_due + (no - 1) * step)::date', 'due dates are counted from the first one');
SELECT is_empty($$
  SELECT * FROM paid WHERE no < n
    AND amount <> CASE WHEN round(total / n, scale) * (n - 1) <= total THEN round(total / n, scale) ELSE trunc(total / n, scale) END
$$, 'all but the last are the rounded part');
SELECT cmp_ok(count(DISTINCT id) FILTER (WHERE round(total / n, scale) * (n - 1) > total), '>', 50::bigint, 'of which many had to be rounded down') FROM paid;
SELECT is_empty($$SELECT * FROM commitment WHERE framework_price(total, 0.125, 0.0725) + framework_price(-total, 0.125, 0.0725) <> 0$$, 'a return carries the discount of its sale');
SELECT is_empty($$SELECT * FROM commitment WHERE framework_price(total, n / 60.0, scale / 10.0 + 0.2) <> total * greatest(1 - n / 60.0 - (scale / 10.0 + 0.2), 0)
  OR framework_price(total, n / 60.0, scale / 10.0 + 0.2, 'chained') <> total * (1 - n / 60.0) * (1 - (scale / 10.0 + 0.2))$$, 'both modes = plain SQL');
SELECT is_empty($$SELECT * FROM commitment WHERE framework_price(total, 0.3, 0.2, 'chained') < framework_price(total, 0.3, 0.2)$$, 'chained discounts take no more');

-- Edges

SELECT is((SELECT array_agg(amount) FROM instalments(99.99, 1, '2026-01-01')), '{99.99}', 'one instalment');
SELECT is((SELECT array_agg(amount) FROM instalments(0.08, 4, '2026-01-01')), '{0.02,0.02,0.02,0.02}', 'a few cents');
SELECT is((SELECT array_agg(amount) FROM instalments(0.07, 4, '2026-01-01')), '{0.02,0.02,0.02,0.01}', 'rounded up, less for the last');
SELECT is((SELECT array_agg(amount) FROM instalments(0.05, 4, '2026-01-01', '1 month', 2)), '{0.01,0.01,0.01,0.02}', 'rounded down');
SELECT is((SELECT array_agg(amount) FROM instalments(0.02, 4, '2026-01-01')), '{0.00,0.00,0.00,0.02}', 'a half a cent each would be too much');
SELECT is((SELECT array_agg(amount) FROM instalments(100.005, 2, '2026-01-01')), '{50.00,50.005}', 'what the total has beyond the scale stays in the last');
SELECT is((SELECT array_agg(amount) FROM instalments(1e30, 3, '2026-01-01')), ARRAY[333333333333333333333333333333.33, 333333333333333333333333333333.33, 333333333333333333333333333333.34], 'a huge commitment');
SELECT is((SELECT sum(amount) FROM instalments(1e-30, 3, '2026-01-01')), 1e-30, 'a tiny one');
SELECT is((SELECT count(*) FROM instalments(1, 1200, '2026-01-01')), 1200::bigint, 'the most there may be');
SELECT is((SELECT count(*) FROM instalments(NULL, 12, '2026-01-01')) + (SELECT count(*) FROM instalments(1, 12, '2026-01-01', NULL)), 0::bigint, 'NULL gives no rows');
SELECT is(ARRAY[framework_price(1000, 0.6, 0.5), framework_price(-1000, 0.6, 0.5), framework_price(0, 0.1, 0.1), framework_price(1000, 1, 0, 'chained')], '{0,0,0,0}', 'nothing falls below zero');
SELECT is(ARRAY[framework_price(NULL, 0, 0), framework_price(1, NULL, 0), framework_price(1, 0, NULL), framework_price(1, 0, 0, NULL)], '{NULL,NULL,NULL,NULL}', 'NULL gives NULL');

-- What is refused

SELECT is(pg_temp.error_of('SELECT * FROM ' || query), expected, query)
FROM (VALUES
  ('instalments(0, 12, ''2026-01-01'')', '22023 | total must be above zero, but is 0 | Give the amount that the customer commits to.'),
  ('instalments(-0.01, 12, ''2026-01-01'')', '22023 | total must be above zero, but is -0.01 | Give the amount that the customer commits to.'),
  ('instalments(''NaN'', 12, ''2026-01-01'')', '22023 | total must be a finite number, not NaN'),
  ('instalments(1, 0, ''2026-01-01'')', '22023 | n is 0 | From 1 to 1200 instalments are allowed.'),
  ('instalments(1, 1201, ''2026-01-01'')', '22023 | n is 1201 | From 1 to 1200 instalments are allowed.'),
  ('instalments(1, 2, ''-infinity'')', '22023 | first_due must be a finite date, not -infinity'),
  ('instalments(1, 2, ''2026-01-01'', ''0 days'')', '22023 | step must be a positive number of months and days, but is 00:00:00 | Write it like ''1 month'', ''3 months'' or ''14 days''.'),
  ('instalments(1, 2, ''2026-01-01'', ''-1 month'')', '22023 | step must be a positive number of months and days, but is -1 mons | Write it like ''1 month'', ''3 months'' or ''14 days''.'),
  ('instalments(1, 2, ''2026-01-01'', ''1 month -1 day'')', '22023 | step must be a positive number of months and days, but is 1 mon -1 days | Write it like ''1 month'', ''3 months'' or ''14 days''.'),
  ('instalments(1, 2, ''2026-01-01'', ''1 day 1 hour'')', '22023 | step must be a positive number of months and days, but is 1 day 01:00:00 | Write it like ''1 month'', ''3 months'' or ''14 days''.'),
  ('instalments(1, 2, ''5874897-12-31'')', '22023 | instalment 2 would be due after the last date that there is | Give a shorter step or an earlier first_due.'),
  ('instalments(1, 2, ''2026-01-01'', ''178000000 years'')', '22023 | instalment 2 would be due after the last date that there is | Give a shorter step or an earlier first_due.'),
  ('instalments(1, 1200, ''2026-01-01'', ''2000000000 days'')', '22023 | instalment 1200 would be due after the last date that there is | Give a shorter step or an earlier first_due.'),
  ('instalments(1, 2, ''2026-01-01'', ''1 month'', -13)', '22023 | scale must be from -12 to 20, but is -13 | 2 rounds to cents, 0 to whole units, -3 to thousands.'),
  ('framework_price(1, 10, 0)', '22023 | base_discount must be from 0 to 1, but is 10 | It is a fraction: 5 % is written 0.05.'),
  ('framework_price(1, 0, -0.1)', '22023 | extra_discount must be from 0 to 1, but is -0.1 | It is a fraction: 5 % is written 0.05.'),
  ('framework_price(1, ''NaN'', 0)', '22023 | base_discount must be a finite number, not NaN'),
  ('framework_price(''Infinity'', 0, 0)', '22023 | gross must be a finite number, not infinity'),
  ('framework_price(1, 0, 0, ''Additive'')', '22023 | unknown mode: "Additive" | Allowed are "additive", "chained".')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
