-- Lead times, plans in time, uplift and depth, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/error_of.sql

-- Lead times

SELECT is(promo_lead(date '2026-06-01' - days, '2026-06-01')::text, format('(%s,%s)', days, class), format('%s days before', days))
FROM (VALUES (-400, 'late'), (-1, 'late'), (0, 'reactive'), (1, 'reactive'), (7, 'reactive'), (14, 'reactive'), (15, 'transitional'), (44, 'transitional'), (45, 'planned'), (60, 'planned'), (61, 'planned'), (1000, 'planned')) AS v (days, class);
SELECT is(promo_lead('2024-02-28', '2024-03-01')::text, '(2,reactive)', 'over a leap day');
SELECT is(promo_lead('2024-02-29', '2025-02-28')::text, '(365,planned)', 'from a leap day');
SELECT is(promo_lead('4714-11-24 BC', '5874897-12-31')::text, '(2147483493,planned)', 'from the first day to the last');
SELECT is(promo_lead('5874897-12-31', '4714-11-24 BC')::text, '(-2147483493,late)', 'and back');

SELECT is((promo_lead(date '2026-06-01' - days, '2026-06-01', reactive_to, planned_from)).class, class, format('%s days with %s and %s', days, reactive_to, planned_from))
FROM (VALUES (0, 0, 1, 'reactive'), (1, 0, 1, 'planned'), (-1, 0, 1, 'late'), (30, 30, 31, 'reactive'), (31, 30, 31, 'planned'), (30, 29, 31, 'transitional'), (100, 14, 2147483647, 'transitional'), (100, 2147483646, 2147483647, 'reactive')) AS v (days, reactive_to, planned_from, class);
SELECT is(promo_lead(s, b, r, p), NULL, 'NULL gives NULL')
FROM (VALUES (NULL::date, date '2026-06-01', 14, 45), ('2026-06-01', NULL, 14, 45), ('2026-06-01', '2026-06-01', NULL, 45), ('2026-06-01', '2026-06-01', 14, NULL)) AS v (s, b, r, p);

SELECT setseed(0.42);
CREATE TABLE promo AS
SELECT id, id % 17 AS customer, CASE WHEN random() < 0.3 THEN 'customer' ELSE 'us' END AS initiator, starts_on, starts_on - (random() * 90)::integer + 5 AS submitted_on
FROM generate_series(1, 3000) AS id, LATERAL (SELECT date '2023-06-01' + (random() * 1000)::integer + id % 2 AS starts_on) AS s;
SELECT is(array_agg(id) FILTER (WHERE p.days IS DISTINCT FROM starts_on - submitted_on
    OR p.class IS DISTINCT FROM CASE WHEN submitted_on > starts_on THEN 'late' WHEN submitted_on + 14 >= starts_on THEN 'reactive' WHEN submitted_on + 45 <= starts_on THEN 'planned' ELSE 'transitional' END), NULL, 'as in plain SQL')
FROM promo, promo_lead(submitted_on, starts_on) AS p;
SELECT is(array_agg(id) FILTER (WHERE p.class IS DISTINCT FROM CASE WHEN submitted_on > starts_on THEN 'late' WHEN submitted_on + r >= starts_on THEN 'reactive' WHEN submitted_on + r + d <= starts_on THEN 'planned' ELSE 'transitional' END), NULL, 'with other limits')
FROM promo, LATERAL (SELECT id % 40 AS r, 1 + id % 30 AS d) AS s, promo_lead(submitted_on, starts_on, r, r + d) AS p;
SELECT is(count(DISTINCT p.class), 4::bigint, 'all four classes') FROM promo, promo_lead(submitted_on, starts_on) AS p;
SELECT is(sum(n), 3000::numeric, 'each promotion has one') FROM (SELECT count(*) AS n FROM promo, promo_lead(submitted_on, starts_on) AS p WHERE p.class IN ('late', 'reactive', 'transitional', 'planned') GROUP BY p.class) AS x;

-- From 7 to 14 days to 45 to 60: five times as long
SELECT is(round(avg((promo_lead(date '2026-06-01' - now_days, '2026-06-01')).days) / avg((promo_lead(date '2025-06-01' - before_days, '2025-06-01')).days), 12), 5::numeric, 'improvement of the mean')
FROM (VALUES (7, 45), (14, 60)) AS v (before_days, now_days);
SELECT is(ARRAY[round(min(now / before::numeric), 2), round(max(now / before::numeric), 2)], ARRAY[3.21, 8.57], 'from 7 to 14 days to 45 to 60: at least three times, up to eight')
FROM (VALUES (7), (14)) AS b (before), (VALUES (45), (60)) AS n (now);
-- 8 of 10 on the customer's urging
SELECT is(round(count(*) FILTER (WHERE initiator = 'customer')::numeric / count(*), 2), 0.80, 'reactive share by initiator')
FROM (SELECT CASE WHEN i <= 8 THEN 'customer' ELSE 'us' END AS initiator FROM generate_series(1, 10) AS i) AS p;

-- Plans in time

SELECT is(plan_submitted_in_time(submitted_on::date, plan_month::date, months), expected, format('%s for %s, %s months', submitted_on, plan_month, months))
FROM (VALUES
  ('2026-04-01', '2026-06-01', 2, true), ('2026-04-02', '2026-06-01', 2, false), ('2026-03-31', '2026-06-01', 2, true),
  ('2026-04-02', '2026-06-30', 2, false), ('2026-04-01', '2026-06-15', 2, true),
  ('2025-12-31', '2026-03-01', 2, true), ('2024-12-31', '2025-02-28', 2, false), ('2023-12-31', '2024-02-29', 2, false), ('2024-01-01', '2024-03-31', 2, true),
  ('2026-06-01', '2026-06-01', 0, true), ('2026-06-02', '2026-06-01', 0, false), ('2026-07-01', '2026-06-01', 0, false), ('2026-05-31', '2026-06-01', 0, true),
  ('2026-02-28', '2026-06-01', 3, true), ('2026-03-02', '2026-06-01', 3, false),
  ('0001-12-31 BC', '0001-03-01', 2, true), ('0001-01-02', '0001-03-01', 2, false),
  ('4714-11-24 BC', '5874897-12-31', 70538543, true), ('4714-11-24 BC', '5874897-12-31', 2147483647, false), ('5874897-12-31', '5874897-12-31', 2147483647, false), ('5874897-12-31', '4714-11-24 BC', 0, false)
) AS v (submitted_on, plan_month, months, expected);
SELECT is(plan_submitted_in_time(s, p, m), NULL, 'NULL gives NULL') FROM (VALUES (NULL::date, date '2026-06-01', 2), ('2026-04-01', NULL, 2), ('2026-04-01', '2026-06-01', NULL)) AS v (s, p, m);
SELECT is(count(*), 0::bigint, 'as PostgreSQL adds months')
FROM (SELECT date '2023-01-01' + (random() * 1500)::integer AS s, date '2023-01-01' + (random() * 1500)::integer AS p, i % 15 AS m FROM generate_series(1, 20000) AS i) AS r
WHERE plan_submitted_in_time(s, p, m) IS DISTINCT FROM (s + make_interval(months => m) <= date_trunc('month', p));
SELECT is(count(DISTINCT plan_submitted_in_time(s, p)), 2::bigint, 'some are, some are not')
FROM (SELECT date '2023-01-01' + (random() * 1500)::integer AS s, date '2023-01-01' + (random() * 1500)::integer AS p FROM generate_series(1, 100) AS i) AS r;

-- Uplift and depth

SELECT is(promo_uplift(volume, baseline), expected, format('uplift of %s over %s', volume, baseline))
FROM (VALUES (150, 100, 0.5), (100, 100, 0), (50, 100, -0.5), (0, 100, -1), (-20, 100, -1.2), (150, 0, NULL), (0, 0, NULL), (150, -5, NULL), (NULL, 100, NULL), (150, NULL, NULL), (3e100, 1e100, 2), (1e-400, 1e-400, 0)) AS v (volume, baseline, expected);
SELECT is(price_depth(price, list_price), expected, format('%s of %s', price, list_price))
FROM (VALUES (75, 100, 0.25), (100, 100, 0), (110, 100, -0.1), (0, 100, 1), (-10, 100, 1.1), (75, 0, NULL), (0, 0, NULL), (75, -1, NULL), (NULL, 100, NULL), (75, NULL, NULL), (1e-400, 2e-400, 0.5)) AS v (price, list_price, expected);
SELECT is(count(*), 0::bigint, 'as in plain SQL, to the last digit')
FROM (SELECT round((random() * 100 - 20)::numeric * 10.0 ^ (i % 30 - 10), i % 7) AS x, round((random() * 100 - 20)::numeric * 10.0 ^ (i % 30 - 10), i % 5) AS y FROM generate_series(1, 5000) AS i) AS r
WHERE promo_uplift(x, y)::text IS DISTINCT FROM CASE WHEN y > 0 THEN ((x - y) / y)::text END
   OR price_depth(x, y)::text IS DISTINCT FROM CASE WHEN y > 0 THEN ((y - x) / y)::text END
   OR abs(promo_uplift(x, y) - (x / nullif(greatest(y, 0), 0) - 1)) > 1e-15 * greatest(1, abs(promo_uplift(x, y)))
   OR abs(price_depth(x, y) - (1 - x / nullif(greatest(y, 0), 0))) > 1e-15 * greatest(1, abs(price_depth(x, y)));

-- A baseline off a series by week is the mean of the last weeks without promotion, whatever way it is taken

CREATE TABLE week AS
SELECT c AS customer, w AS week, daterange(date '2025-12-29' + 7 * w, date '2025-12-29' + 7 * w + 7) AS days, (w * 31 + c * 17) % 5 = 0 AS promoted, 50 + (w * 7919 + c * 104729) % 60 AS volume
FROM generate_series(1, 20) AS c, generate_series(0, 25) AS w;
CREATE TABLE customer AS
SELECT customer, sales_series(volume, lower(days) + 3, '[2025-12-29,2026-06-29)', 'week') AS s, array_agg(DISTINCT days) FILTER (WHERE promoted) AS promotions FROM week GROUP BY customer;
SELECT results_eq($$
  SELECT customer, lower(p.bucket), baseline, promo_uplift(p.total, baseline)
  FROM customer CROSS JOIN LATERAL buckets(s) AS p
  CROSS JOIN LATERAL (SELECT avg(total) AS baseline FROM (SELECT total FROM buckets(s) AS b WHERE b.bucket << p.bucket AND b.bucket <> ALL (promotions) ORDER BY b.bucket DESC LIMIT 4) AS x) AS b
  WHERE p.bucket = ANY (promotions) ORDER BY 1, 2 $$, $$
  SELECT customer, lower(days), baseline, (volume - baseline) / baseline
  FROM week AS p CROSS JOIN LATERAL (SELECT avg(volume) AS baseline FROM (SELECT volume FROM week AS b WHERE b.customer = p.customer AND b.week < p.week AND NOT b.promoted ORDER BY b.week DESC LIMIT 4) AS x) AS b
  WHERE promoted ORDER BY 1, 2 $$, 'the four weeks before without promotion');

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || call), expected, call)
FROM (VALUES
  ($$promo_lead('infinity', '2026-06-01')$$, '22023 | submitted_on must be a finite date, not infinity'),
  ($$promo_lead('2026-06-01', '-infinity')$$, '22023 | starts_on must be a finite date, not -infinity'),
  ($$promo_lead('2026-05-01', '2026-06-01', -1)$$, '22023 | reactive_to must not be negative, but is -1 | Give a number of days: a lead of so many is still reactive.'),
  ($$promo_lead('2026-05-01', '2026-06-01', 14, 14)$$, '22023 | planned_from is 14, not more than reactive_to, which is 14 | Give more days: a lead of so many, or more, is planned.'),
  ($$promo_lead('2026-05-01', '2026-06-01', 50)$$, '22023 | planned_from is 45, not more than reactive_to, which is 50 | Give more days: a lead of so many, or more, is planned.'),
  ($$plan_submitted_in_time('infinity', '2026-06-01')$$, '22023 | submitted_on must be a finite date, not infinity'),
  ($$plan_submitted_in_time('2026-06-01', 'infinity')$$, '22023 | plan_month must be a finite date, not infinity'),
  ($$plan_submitted_in_time('2026-06-01', '2026-06-01', -1)$$, '22023 | months must not be negative, but is -1 | Give a number of months before the plan''s first day.'),
  ($$promo_uplift('NaN', 1)$$, '22023 | volume must be a finite number, not NaN'),
  ($$promo_uplift(1, 'infinity')$$, '22023 | baseline must be a finite number, not infinity'),
  ($$price_depth('-infinity', 1)$$, '22023 | price must be a finite number, not -infinity'),
  ($$price_depth(1, 'NaN')$$, '22023 | list_price must be a finite number, not NaN')
) AS refused (call, expected);

SELECT * FROM finish();
ROLLBACK;
