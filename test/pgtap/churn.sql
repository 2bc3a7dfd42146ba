-- The signs of churn: each by hand, and every column against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL datestyle = 'ISO';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(174);

\ir ../helpers/error_of.sql

-- a series of sales written as 'day:amount …', of two years up to the end of June 2026
CREATE FUNCTION pg_temp.sold(sales text, period daterange DEFAULT '[2024-07-01,2026-07-01)', grain text DEFAULT 'month') RETURNS sales_series
IMMUTABLE
BEGIN ATOMIC
  SELECT sales_series(nullif(split_part(sale, ':', 2), '')::numeric, nullif(split_part(sale, ':', 1), '')::date, period, grain) FROM string_to_table(sales || ' ', ' ') AS sale;
END;

-- Shrinking: recent is April to June 2026, base April 2025 to March 2026

SELECT is(concat_ws('|', coalesce(trim_scale(order_value_recent)::text, '-'), coalesce(trim_scale(order_value_base)::text, '-'), coalesce(shrinking::text, '-')), expected, name)
FROM (VALUES
  ('smaller orders', '2025-05-05:100 2025-06-05:110 2026-04-05:90 2026-05-05:100', 0, '95|105|true'),
  ('orders of one size', '2025-05-05:100 2025-06-05:100 2026-04-05:90 2026-05-05:110', 0, '100|100|false'),
  ('larger orders', '2025-05-05:100 2025-06-05:100 2026-04-05:90 2026-05-05:111', 0, '100.5|100|false'),
  ('a tenth less, within the tolerance', '2025-05-05:100 2025-06-05:100 2026-04-05:90 2026-05-05:90', 0.1, '90|100|false'),
  ('a cent below it', '2025-05-05:100 2025-06-05:100 2026-04-05:90 2026-05-05:89.99', 0.1, '89.995|100|true'),
  ('thirds, which no quotient has exactly', '2025-05-05:100 2025-06-05:100 2025-07-05:100.01 2026-04-05:100 2026-05-05:100 2026-06-05:100.01', 0, '100.0033333333333333|100.0033333333333333|false'),
  ('invoices of one day are one order', '2025-05-05:50 2025-05-05:50 2025-06-05:100 2026-04-05:60 2026-04-05:50 2026-05-05:90', 0, '100|100|false'),
  ('a return makes the order smaller', '2025-05-05:100 2025-06-05:100 2026-04-05:100 2026-05-05:100 2026-05-20:-1', 0, '99.5|100|true'),
  ('one recent order', '2025-05-05:100 2025-06-05:100 2026-04-05:90', 0, '90|100|-'),
  ('one earlier order', '2025-05-05:100 2026-04-05:90 2026-05-05:90', 0, '90|100|-'),
  ('no recent order', '2025-05-05:100 2025-06-05:100', 0, '-|100|-'),
  ('no earlier order', '2026-04-05:90 2026-05-05:90', 0, '90|-|-'),
  ('more returned than bought before', '2025-05-05:100 2025-06-05:100 2025-06-06:-201 2026-04-05:90 2026-05-05:90', 0, '90|-0.5|-'),
  ('more returned than bought of late', '2025-05-05:100 2025-06-05:100 2026-04-05:90 2026-05-05:90 2026-05-06:-190', 0, '-5|100|true'),
  ('with a tolerance of all, only that is a sign', '2025-05-05:100 2025-06-05:100 2026-04-05:90 2026-05-05:90 2026-05-06:-190', 1, '-5|100|true'),
  ('and less is none', '2025-05-05:100 2025-06-05:100 2026-04-05:1 2026-05-05:1', 1, '1|100|false'),
  ('outside both windows', '2025-03-31:1 2025-03-30:1 2026-04-05:90 2026-05-05:90', 0, '90|-|-')
) AS x (name, sales, tolerance, expected), churn_signs(pg_temp.sold(sales), '2026-06-30', tolerance => tolerance);

-- Falling, and how many months in a row

SELECT is(concat_ws('|', trim_scale(volume_recent), trim_scale(volume_base), coalesce(falling::text, '-'), coalesce(declines::text, '-')), expected, name)
FROM (VALUES
  ('as before', '2025-05-05:1200 2026-04-05:100 2026-05-05:100 2026-06-30:100', '100|100|false|0'),
  ('a cent less', '2025-05-05:1200 2026-04-05:100 2026-05-05:100 2026-06-30:99.99', '99.9966666666666667|100|true|1'),
  ('three months down', '2025-05-05:1200 2026-03-03:90 2026-04-05:80 2026-05-05:70 2026-06-30:60', '70|107.5|true|3'),
  ('months without sales are zeros, and declines', '2025-05-05:1200 2026-04-05:80', '26.6666666666666667|100|true|2'),
  ('nothing since', '2025-05-05:1200', '0|100|true|13'),
  ('a month that came up again', '2026-01-05:80 2026-02-05:90 2026-04-05:10 2026-05-05:20 2026-06-30:5', '11.6666666666666667|14.1666666666666667|true|1'),
  ('a month as the one before is no decline', '2026-04-05:10 2026-05-05:10 2026-06-30:10', '10|0|-|0'),
  ('returns before: no base', '2026-02-05:-10 2026-05-05:10', '3.3333333333333333|-0.83333333333333333333|-|1'),
  ('returns of late', '2025-05-05:1200 2026-05-05:-300', '-100|100|true|13'),
  ('more returned than bought is a month without sales', '2025-05-05:1200 2026-05-05:200 2026-05-06:-300 2026-06-05:-50', '-50|100|true|13'),
  ('new in this month', '2026-06-05:10', '3.3333333333333333|0|-|0'),
  ('before his first order nothing declines', '2026-04-05:10 2026-05-05:9 2026-06-05:8', '9|0|-|2'),
  ('only returns', '2025-05-05:-10', '0|-0.83333333333333333333|-|-'),
  ('nothing at all', '', '0|0|-|-')
) AS x (name, sales, expected), churn_signs(pg_temp.sold(sales), '2026-06-30');
SELECT is(declines, expected, 'declines to the edge of the series: ' || name)
FROM (VALUES
  ('from its first month on', '2025-04-05:150 2025-05-05:140 2025-06-05:130 2025-07-05:120 2025-08-05:110 2025-09-05:100 2025-10-05:90 2025-11-05:80 2025-12-05:70 2026-01-05:60 2026-02-05:50 2026-03-05:40 2026-04-05:30 2026-05-05:20 2026-06-05:10', daterange '[2025-04-01,2026-07-01)', 14),
  ('a month that the period cuts is nothing to compare with', '2025-03-20:160 2025-04-05:150 2025-05-05:140 2025-06-05:130 2025-07-05:120 2025-08-05:110 2025-09-05:100 2025-10-05:90 2025-11-05:80 2025-12-05:70 2026-01-05:60 2026-02-05:50 2026-03-05:40 2026-04-05:30 2026-05-05:20 2026-06-05:10', '[2025-03-02,2026-07-01)', 14),
  ('bought in the cut month only', '2025-03-20:160', '[2025-03-02,2026-07-01)', 15)
) AS x (name, sales, period, expected), churn_signs(pg_temp.sold(sales, period), '2026-06-30');
SELECT is(declines, expected, 'declines of a season: ' || name)
FROM (VALUES
  ('each below the year before', '2025-04-05:30 2025-05-05:20 2025-06-05:10 2026-04-05:29 2026-05-05:19 2026-06-05:9', 3),
  ('one as the year before', '2025-04-05:30 2025-05-05:20 2025-06-05:10 2026-04-05:29 2026-05-05:20 2026-06-05:9', 1),
  ('no month below, though each below the one before', '2025-04-05:30 2025-05-05:20 2025-06-05:10 2026-04-05:30 2026-05-05:20 2026-06-05:10', 0),
  ('a month without sales, as the year before', '2025-04-05:30 2025-05-05:20 2026-04-05:3 2026-05-05:2', 0),
  ('from the end of the season on', '2025-04-05:30 2025-05-05:20 2025-06-05:10 2026-04-05:31 2026-06-05:0', 2),
  ('no year before', '2026-04-05:30', 0),
  ('up to where a year before is known', '2024-07-05:9 2024-08-05:9 2024-09-05:9 2024-10-05:9 2024-11-05:9 2024-12-05:9 2025-01-05:9 2025-02-05:9 2025-03-05:9 2025-04-05:9 2025-05-05:9 2025-06-05:9', 12)
) AS x (name, sales, expected), churn_signs(pg_temp.sold(sales), '2026-06-30', compare => 'season');

-- Widening: the worked example, and around it

SELECT is(concat_ws('|', coalesce(latest_gap::text, '-'), coalesce(open_gap::text, '-'), coalesce(trim_scale(mean_gap)::text, '-'), coalesce(widening::text, '-')), expected, name)
FROM (VALUES
  ('61 days are more than twice 30', '2026-01-01:1 2026-01-31:1 2026-03-02:1 2026-04-01:1', date '2026-06-01', 2::numeric, '30|61|30|true'),
  ('60 are not', '2026-01-01:1 2026-01-31:1 2026-03-02:1 2026-04-01:1', '2026-05-31', 2, '30|60|30|false'),
  ('at 2.03 neither are 61, but 60.9 they are', '2026-01-01:1 2026-01-31:1 2026-03-02:1 2026-04-01:1', '2026-06-01', 2.03, '30|61|30|true'),
  ('at 2.0333', '2026-01-01:1 2026-01-31:1 2026-03-02:1 2026-04-01:1', '2026-06-01', 2.0333, '30|61|30|true'),
  ('at 2.0334', '2026-01-01:1 2026-01-31:1 2026-03-02:1 2026-04-01:1', '2026-06-01', 2.0334, '30|61|30|false'),
  ('the latest gap counts, though it is closed', '2026-01-01:1 2026-01-11:1 2026-01-21:1 2026-01-31:1 2026-04-01:1', '2026-04-02', 2, '60|1|22.5|true'),
  ('an earlier one does not', '2026-01-01:1 2026-03-01:1 2026-03-08:1 2026-03-15:1 2026-03-22:1', '2026-03-23', 2, '7|1|20|false'),
  ('later orders are not known yet', '2026-01-01:1 2026-01-31:1 2026-03-02:1 2026-04-01:1 2026-06-02:1', '2026-06-01', 2, '30|61|30|true'),
  ('and on their day they are', '2026-01-01:1 2026-01-31:1 2026-03-02:1 2026-04-01:1 2026-06-02:1', '2026-06-02', 2, '62|0|38|false'),
  ('two orders', '2026-01-01:1 2026-01-02:1', '2026-06-01', 2, '1|150|1|-'),
  ('two orders on one day and one more', '2026-01-01:1 2026-01-01:1 2026-01-02:1', '2026-06-01', 2, '1|150|1|-'),
  ('one order', '2026-01-01:1', '2026-06-01', 2, '-|151|-|-'),
  ('no order', '2026-01-01:-1', '2026-06-01', 2, '-|-|-|-'),
  ('a mean of thirds: 4 is three times 4/3', '2026-01-01:1 2026-01-02:1 2026-01-03:1 2026-01-05:1', '2026-01-09', 3, '2|4|1.3333333333333333|false'),
  ('and 5 is more', '2026-01-01:1 2026-01-02:1 2026-01-03:1 2026-01-05:1', '2026-01-10', 3, '2|5|1.3333333333333333|true'),
  ('a tiny k', '2026-01-01:1 2026-01-02:1 2026-01-03:1', '2026-01-03', 1e-300, '1|0|1|true'),
  ('a huge k', '2026-01-01:1 2026-01-02:1 2026-01-03:1', '2026-06-30', 1e300, '1|178|1|false'),
  ('over a leap day', '2024-02-28:1 2024-02-29:1 2024-03-01:1', '2025-12-31', 2, '1|670|1|true')
) AS x (name, sales, as_of, k, expected), churn_signs(pg_temp.sold(sales, '[2024-01-01,2026-07-01)'), as_of, k);

-- The level is the number of signs

SELECT is(concat_ws('|', coalesce(shrinking::text, '-'), coalesce(falling::text, '-'), coalesce(widening::text, '-'), coalesce(signs::text, '-'), coalesce(level, '-')), expected, name)
FROM (VALUES
  ('nothing', '', '-|-|-|-|-'),
  ('one order of late', '2026-05-05:10', '-|-|-|-|-'),
  ('one order before', '2025-05-05:10', '-|true|-|1|watch'),
  ('none on', '2025-07-05:100 2025-10-05:100 2026-01-05:100 2026-04-05:100 2026-06-28:150', 'false|false|false|0|none'),
  ('one', '2025-07-05:100 2025-10-05:100 2026-01-05:100 2026-04-05:80 2026-06-28:100', 'true|false|false|1|watch'),
  ('two', '2025-07-05:100 2025-10-05:100 2026-01-05:100 2026-04-05:20 2026-06-28:30', 'true|true|false|2|at_risk'),
  ('three', '2026-01-05:100 2026-01-06:100 2026-01-07:100 2026-04-01:20 2026-04-02:20', 'true|true|true|3|critical'),
  ('stopped', '2025-04-05:100 2025-04-06:100 2025-04-07:100', '-|true|true|2|at_risk'),
  ('stopped before both windows', '2024-07-05:100 2024-07-06:100 2024-07-07:100', '-|-|true|1|watch')
) AS x (name, sales, expected), churn_signs(pg_temp.sold(sales), '2026-06-30');

SELECT is(ARRAY[(churn_signs(s, '2026-06-30'))::text, (churn_signs(s, '2026-06-30', 2, 3, 12, 0, 'preceding'))::text], ARRAY[text, text], 'the defaults, and a row as a whole')
FROM (SELECT pg_temp.sold('2025-04-05:100 2025-04-06:100 2025-04-07:100') AS s, '(,100.0000000000000000,,0.00000000000000000000,25.0000000000000000,t,14,1,449,1.00000000000000000000,t,2,at_risk)' AS text) AS x;
SELECT is(ARRAY[churn_signs(NULL, '2026-06-30')::text, churn_signs(s, NULL)::text, churn_signs(s, '2026-06-30', NULL)::text, churn_signs(s, '2026-06-30', 2, NULL)::text, churn_signs(s, '2026-06-30', 2, 3, NULL)::text, churn_signs(s, '2026-06-30', 2, 3, 12, NULL)::text, churn_signs(s, '2026-06-30', 2, 3, 12, 0, NULL)::text],
  ARRAY[NULL, NULL, NULL, NULL, NULL, NULL, NULL]::text[], 'any argument NULL') FROM pg_temp.sold('') AS s;

-- Which months are compared

SELECT is(concat_ws('|', trim_scale(volume_recent), trim_scale(volume_base)), expected, format('at %s, %s and %s months, %s', as_of, recent, base, compare))
FROM (VALUES
  (date '2026-06-30', 1, 1, 'preceding', '24|23'), ('2026-06-29', 1, 1, 'preceding', '23|22'), ('2026-06-01', 1, 1, 'preceding', '23|22'), ('2026-05-31', 1, 1, 'preceding', '23|22'), ('2026-05-30', 1, 1, 'preceding', '22|21'),
  ('2026-02-28', 1, 2, 'preceding', '20|18.5'), ('2026-06-30', 3, 12, 'preceding', '23|15.5'), ('2026-06-30', 12, 12, 'preceding', '18.5|6.5'), ('2026-06-30', 23, 1, 'preceding', '13|1'),
  ('2026-06-30', 3, 12, 'season', '23|11'), ('2026-06-30', 12, 120, 'season', '18.5|6.5'), ('2026-06-30', 1, 1, 'season', '24|12'), ('2026-06-15', 2, 1, 'season', '22.5|10.5'), ('2024-08-31', 1, 1, 'preceding', '2|1'), ('2025-07-31', 1, 1, 'season', '13|1')
) AS x (as_of, recent, base, compare, expected),
  (SELECT string_agg(((date '2024-06-20' + make_interval(months => m))::date || ':' || m), ' ') AS sales FROM generate_series(1, 24) AS m) AS y,
  churn_signs(pg_temp.sold(sales), as_of, 2, recent, base, 0, compare);
SELECT is(ARRAY[volume_recent, volume_base, open_gap], ARRAY[10, 5, 1]::numeric[], 'the last month of the calendar') FROM churn_signs(pg_temp.sold('5874897-10-05:5 5874897-11-29:10', '[5874897-10-01,5874897-12-01)'), '5874897-11-30', 2, 1, 1);
SELECT is(ARRAY[volume_recent, volume_base, open_gap], ARRAY[10, 5, 2]::numeric[], 'and its first')
FROM (SELECT sales_series(a, d, '[4714-12-01 BC,4713-03-01 BC)') AS s FROM (VALUES (5, date '4714-12-05 BC'), (10, '4713-01-29 BC')) AS v (a, d)) AS x, churn_signs(s, '4713-01-31 BC', 2, 1, 1);
SELECT is(ARRAY[volume_recent, volume_base, order_value_recent], ARRAY[3e37, 7.5e36, 9e37], 'totals of 38 digits, compared beyond them')
FROM churn_signs(pg_temp.sold('2025-05-05:9e37 2026-05-05:9e37'), '2026-06-30', tolerance => 0.123456789012345678901234567890);

-- Against plain SQL over random rows: customers who grow, shrink, stop, return, ordered once

CREATE TABLE sale AS
SELECT i, customer, date '2022-11-05' + (1400 * power(u, CASE customer % 5 WHEN 0 THEN 0.5 WHEN 1 THEN 2 WHEN 2 THEN 3 ELSE 1 END))::integer AS sold_on,
  (CASE noise / 100000 % 12 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN -300 WHEN 3 THEN -100 WHEN 4 THEN 100 ELSE noise / 100000 % 2000 / 8.0 * CASE customer % 7 WHEN 0 THEN 2 - 2 * u WHEN 1 THEN 2 * u ELSE 1 END END)::numeric(20, 3) AS amount
FROM generate_series(1, 9000) AS i, LATERAL (SELECT hashint8extended(i, 17) & 9007199254740991 AS noise) AS h,
  LATERAL (SELECT (noise % 150 * (noise / 150 % 1000) / 1000)::integer AS customer, (noise / 7 % 1000003) / 1000003.0 AS u) AS c;
INSERT INTO sale SELECT i, 300 + i, date '2023-01-10' + i * 40, 100 FROM generate_series(1, 30) AS i;
INSERT INTO sale SELECT m, 400 + c, make_date(2022, 11, 20) + make_interval(months => m), 100 + 10 * (c - 2) * m FROM generate_series(0, 43) AS m, generate_series(1, 3) AS c;
INSERT INTO sale VALUES (1, 500, '2024-01-01', -5), (1, 501, NULL, 7), (1, 502, '2030-01-01', 7);

CREATE TEMP TABLE setting AS
SELECT row_number() OVER ()::integer AS n, *
FROM (VALUES (daterange '[2022-11-17,2026-08-10)'), ('[2022-12-01,2026-08-10)')) AS p (days),
  (VALUES (date '2025-01-31'), ('2025-02-14'), ('2024-02-29'), ('2026-08-09'), ('2026-07-31'), ('2024-12-30')) AS a (as_of),
  (VALUES (2::numeric, 3, 12, 0::numeric, 'preceding'), (1.5, 1, 1, 0.1, 'preceding'), (3, 6, 7, 0.25, 'preceding'), (2, 3, 12, 0, 'season'), (1, 1, 1, 0.05, 'season')) AS s (k, recent, base, tolerance, compare);
CREATE TEMP TABLE series AS
SELECT days, grain, customer, sales_series(amount, sold_on, days, grain) AS s
FROM sale CROSS JOIN (SELECT DISTINCT days FROM setting) AS p CROSS JOIN (VALUES ('month'), ('month-week'), ('day')) AS g (grain)
GROUP BY 1, 2, 3;

\ir ../helpers/churn_plain.sql
\ir ../helpers/plan_of.sql
CREATE TEMP TABLE plain AS SELECT * FROM churn_plain;
CREATE TEMP TABLE kam AS
SELECT n, grain, customer, c.* FROM series JOIN setting USING (days) CROSS JOIN LATERAL churn_signs(s, as_of, k, recent, base, tolerance, compare) AS c;

SELECT is(count(*), 3 * (SELECT count(*) FROM plain), 'each customer at each setting, by three grains') FROM kam JOIN plain USING (n, customer);
SELECT is(count(*) FILTER (WHERE one -> name IS DISTINCT FROM other -> name), 0::bigint, format('%s by %s', name, grain))
FROM (SELECT grain, to_jsonb(kam) AS one, to_jsonb(plain) AS other FROM kam JOIN plain USING (n, customer)) AS x,
  (SELECT attname AS name, attnum FROM pg_attribute WHERE attrelid = (SELECT typrelid FROM pg_type WHERE oid = 'churn_result'::regtype) AND attnum > 0) AS columns
GROUP BY grain, name, attnum ORDER BY grain, attnum;
SELECT cmp_ok(count(*), '>', 40::bigint, format('there is level %s with signs on, off or unknown: %s', coalesce(level, 'NULL'), count(DISTINCT (shrinking, falling, widening)))) FROM plain GROUP BY level ORDER BY level;
SELECT is(count(DISTINCT (shrinking, falling, widening)), 17::bigint, 'signs in all the combinations that there can be: who has a judged order value has the others judged as well') FROM plain;
SELECT ok(max(declines) > 20 AND count(*) FILTER (WHERE declines = 0) > 100 AND count(*) FILTER (WHERE declines IS NULL) > 20 AND count(*) FILTER (WHERE latest_gap > open_gap AND widening) > 20, 'and declines and gaps of all kinds') FROM plain;

-- Nothing after as_of matters, nor how the series was put together

SELECT is(count(*), 0::bigint, 'a series that ends on as_of says the same')
FROM (SELECT customer, as_of, sales_series(amount, sold_on, daterange('2022-11-17', as_of + 1)) AS s FROM sale CROSS JOIN (SELECT DISTINCT as_of FROM setting) AS a GROUP BY 1, 2) AS x
JOIN series USING (customer) CROSS JOIN LATERAL churn_signs(series.s, as_of) AS long CROSS JOIN LATERAL churn_signs(x.s, as_of) AS short
WHERE lower(days) = '2022-11-17' AND grain = 'day' AND long IS DISTINCT FROM short;
SELECT is(count(*), 0::bigint, 'nor do later sales')
FROM (SELECT customer, sales_series(amount, sold_on, '[2022-11-17,2026-08-10)') AS s FROM (SELECT customer, amount, sold_on FROM sale UNION ALL SELECT customer, amount, date '2025-01-01' + i % 500 FROM sale) AS more GROUP BY 1) AS x
JOIN series USING (customer) CROSS JOIN LATERAL churn_signs(series.s, '2024-12-31') AS few CROSS JOIN LATERAL churn_signs(x.s, '2024-12-31') AS many
WHERE lower(days) = '2022-11-17' AND grain = 'month' AND few::text IS DISTINCT FROM many::text;
SELECT is(count(*), 0::bigint, 'rows in another order, and parts merged')
FROM (SELECT customer, sales_series(amount, sold_on, '[2022-12-01,2026-08-10)' ORDER BY md5(i::text)) AS s FROM sale GROUP BY 1) AS a
JOIN (SELECT customer, rollup(s) AS s FROM (SELECT customer, sales_series(amount, sold_on, '[2022-12-01,2026-08-10)') AS s FROM sale GROUP BY customer, i % 3) AS p GROUP BY 1) AS b USING (customer)
JOIN series USING (customer)
WHERE lower(days) = '2022-12-01' AND grain = 'month' AND (churn_signs(series.s, '2026-08-09')::text <> churn_signs(a.s, '2026-08-09')::text OR churn_signs(series.s, '2026-08-09')::text <> churn_signs(b.s, '2026-08-09')::text);

SELECT $$SELECT customer, i % 4 AS part, c::text FROM (SELECT customer, i % 4 AS i, sales_series(amount, sold_on, '[2022-12-01,2026-08-10)', 'day') AS s FROM sale GROUP BY GROUPING SETS ((customer), (i % 4))) AS x, churn_signs(s, '2026-08-09') AS c$$ AS sets,
  $$SELECT customer, c::text FROM (SELECT customer, sales_series(amount, sold_on, '[2022-12-01,2026-08-10)', 'day') AS s FROM sale GROUP BY 1) AS x, churn_signs(s, '2026-08-09') AS c$$ AS query \gset
CREATE TEMP TABLE serial AS :query;
SELECT set_eq(:'sets', $$SELECT customer, NULL::integer, c FROM serial UNION ALL
  SELECT NULL, part, c::text FROM (SELECT i % 4 AS part, sales_series(amount, sold_on, '[2022-12-01,2026-08-10)', 'day') AS s FROM sale GROUP BY 1) AS x, churn_signs(s, '2026-08-09') AS c$$, 'over grouping sets');
ANALYZE sale;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SELECT matches(pg_temp.plan_of(:'query'), 'Partial .*Aggregate', 'workers share the work');
SELECT set_eq(:'query', 'TABLE serial', 'and come to the same');
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL work_mem = '64kB';
SET LOCAL enable_sort = off;
SELECT matches(pg_temp.plan_of(:'query'), 'HashAggregate', 'in a hash table that spills to disk');
SELECT set_eq(:'query', 'TABLE serial', 'the same');
SET LOCAL work_mem = '4MB';
SET LOCAL enable_sort = on;

SELECT is(count(*), 0::bigint, 'a higher k or tolerance never puts a sign on')
FROM series, churn_signs(s, '2026-08-09') AS one, churn_signs(s, '2026-08-09', 3, tolerance => 0.2) AS other
WHERE grain = 'month' AND (other.shrinking > one.shrinking OR other.falling > one.falling OR other.widening > one.widening OR other.signs > one.signs OR (other.signs IS NULL) <> (one.signs IS NULL));
SELECT is(count(*), 0::bigint, 'what other functions read off the same series')
FROM series, churn_signs(s, '2026-07-31') AS c
WHERE grain = 'month' AND ((mean_gap, c.open_gap) IS DISTINCT FROM (order_gap(s, '2026-07-31'), open_gap(s, '2026-07-31'))
  OR order_value_recent IS DISTINCT FROM order_value(s, '[2026-05-01,2026-08-01)') OR order_value_base IS DISTINCT FROM order_value(s, '[2025-05-01,2026-05-01)')
  OR volume_recent <> total(s, '[2026-05-01,2026-08-01)') / 3 OR volume_base <> total(s, '[2025-05-01,2026-05-01)') / 12);

-- What is refused

SELECT is(pg_temp.error_of(replace(query, ':s', '(SELECT pg_temp.sold(''2025-05-05:1''))')), expected, query)
FROM (VALUES
  ('SELECT churn_signs(:s, ''2026-07-01'')', '22023 | as_of 2026-07-01 is after the period [2024-07-01,2026-07-01) of the series | What was bought in the days between is not known: build the series of a period that has as_of in it.'),
  ('SELECT churn_signs(:s, ''2025-08-31'')', '22023 | the series begins on 2024-07-01, but the base months are [2024-06-01,2025-06-01) | Build the series of the period [2024-06-01,2026-07-01), or a longer one.'),
  ('SELECT churn_signs(:s, ''2026-06-30'', 2, 20, 5)', '22023 | the series begins on 2024-07-01, but the base months are [2024-06-01,2024-11-01) | Build the series of the period [2024-06-01,2026-07-01), or a longer one.'),
  ('SELECT churn_signs(:s, ''2025-08-31'', compare => ''season'')', '22023 | the series begins on 2024-07-01, but the base months are [2024-06-01,2024-09-01) | Build the series of the period [2024-06-01,2026-07-01), or a longer one.'),
  ('SELECT churn_signs(:s, ''2020-01-01'')', '22023 | the series begins on 2024-07-01, but the base months are [2018-10-01,2019-10-01) | Build the series of the period [2018-10-01,2026-07-01), or a longer one.'),
  ('SELECT churn_signs(pg_temp.sold('''', ''[4714-11-24 BC,4713-03-01 BC)''), ''4713-02-28 BC'')', '22023 | there are not so many months before as_of'),
  ('SELECT churn_signs(:s, ''infinity'')', '22023 | as_of must be a finite date, not infinity'),
  ('SELECT churn_signs(:s, ''-infinity'')', '22023 | as_of must be a finite date, not -infinity'),
  ('SELECT churn_signs(:s, ''2026-06-30'', 0)', '22023 | k must be above zero, but is 0 | 2 is for a gap of twice the mean gap.'),
  ('SELECT churn_signs(:s, ''2026-06-30'', ''NaN'')', '22023 | k must be a finite number, not NaN'),
  ('SELECT churn_signs(:s, ''2026-06-30'', ''Infinity'')', '22023 | k must be a finite number, not infinity'),
  ('SELECT churn_signs(:s, ''2026-06-30'', recent => 0)', '22023 | recent must be a number of months, not 0 | From 1 to 120 are allowed.'),
  ('SELECT churn_signs(:s, ''2026-06-30'', base => 121)', '22023 | base must be a number of months, not 121 | From 1 to 120 are allowed.'),
  ('SELECT churn_signs(:s, ''2026-06-30'', base => -2147483648, compare => ''season'')', '22023 | base must be a number of months, not -2147483648 | From 1 to 120 are allowed.'),
  ('SELECT churn_signs(:s, ''2026-06-30'', recent => 13, compare => ''season'')', '22023 | recent is 13 months, but compare "season" looks at one year | From 1 to 12 are allowed.'),
  ('SELECT churn_signs(:s, ''2026-06-30'', tolerance => 10)', '22023 | tolerance must be from 0 to 1, but is 10 | It is a fraction: 5 % is written 0.05.'),
  ('SELECT churn_signs(:s, ''2026-06-30'', tolerance => -0.1)', '22023 | tolerance must be from 0 to 1, but is -0.1 | It is a fraction: 5 % is written 0.05.'),
  ('SELECT churn_signs(:s, ''2026-06-30'', tolerance => ''NaN'')', '22023 | tolerance must be a finite number, not NaN'),
  ('SELECT churn_signs(:s, ''2026-06-30'', compare => ''year'')', '22023 | unknown compare: "year" | Allowed are "preceding", "season".'),
  ('SELECT churn_signs(:s, ''2026-06-30'', compare => '''')', '22023 | unknown compare: "" | Allowed are "preceding", "season".')
) AS x (query, expected);
SELECT is(pg_temp.error_of(format('SELECT churn_signs(pg_temp.sold(''2025-05-05:1'', ''[2025-07-01,2026-06-30)'', %L), ''2026-06-29'')', grain)),
  format('22023 | buckets of grain "%s" do not make up months | Build the series with grain "month", "month-week" or "day".', grain), 'by ' || grain)
FROM unnest(ARRAY['week', 'week-sunday', 'quarter', 'year', 'fiscal-quarter', '4-4-5', '4-5-4', '5-4-4']) AS grain;

-- Whatever the arguments: a row, or what is wrong with them
CREATE TEMP TABLE odd AS
SELECT row_number() OVER () AS n, s
FROM (VALUES (pg_temp.sold('2025-05-05:4e37 2025-05-06:4e37 2026-06-06:-4e37')), (pg_temp.sold('', '[4714-11-24 BC,4700-01-01 BC)')), (pg_temp.sold('5874897-12-30:1', '[5874890-12-01,5874897-12-31)')),
  (pg_temp.sold('1900-01-01:1 1999-12-31:-1e-30', '[1900-01-01,2000-01-01)', 'day')), (pg_temp.sold('2024-02-29:1', '[2024-02-29,2024-03-01)', 'month-week'))) AS v (s);
SELECT ok(bool_and(outcome IN ('no error', '22023')) AND count(*) FILTER (WHERE outcome = 'no error') > 100, 'whatever the arguments: a row, or 22023')
FROM odd, unnest(ARRAY['4714-11-24 BC', '4710-02-28 BC', '1999-12-31', '2024-02-29', '2026-06-30', '5874897-12-30', '5874897-12-31', 'infinity']) AS as_of,
  unnest(ARRAY['1e-400', '1e1000', 'NaN']) AS k, unnest(ARRAY[1, 12, 120]) AS recent, unnest(ARRAY[1, 120, 2147483647]) AS base, unnest(ARRAY['0', '1', '1e-400']) AS tolerance, unnest(ARRAY['preceding', 'season']) AS compare,
  LATERAL (SELECT regexp_replace(pg_temp.error_of(format('SELECT churn_signs(s, %L, %L, %s, %s, %L, %L) FROM odd WHERE n = %s', as_of, k, recent, base, tolerance, compare, n)), ' \|.*', '') AS outcome) AS o;

SELECT * FROM finish();
ROLLBACK;
