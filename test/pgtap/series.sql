-- What is read off a sales_series, and series made from series, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(153);

\ir ../helpers/error_of.sql


\ir ../helpers/unit_start.sql

-- Sales of 20 customers over a little more than three years: ties, zeros, returns, days with returns only

CREATE TABLE sales AS
SELECT (noise % 20)::integer AS customer, date '2022-11-20' + (noise / 20 % 1200)::integer AS day,
  (((noise / 24000 % 40) - 10) * 12.5)::numeric(12, 2) AS amount
FROM generate_series(1, 6000) AS i, LATERAL (SELECT hashint8extended(i, 5) & 2147483647 AS noise) AS n
WHERE noise % 20 < 16 OR noise % 7 = 0;

CREATE TABLE grains (grain text, fine integer);
INSERT INTO grains VALUES ('day', 1), ('week', 2), ('week-sunday', 3), ('month', 4), ('month-week', 5), ('quarter', 6), ('year', 7);
CREATE TABLE periods (period daterange);
INSERT INTO periods VALUES ('[2023-01-01,2026-01-01)'), ('[2023-02-11,2025-07-20)'), ('[2024-02-29,2024-03-01)');

CREATE TABLE series AS
SELECT customer, grain, period, sales_series(amount, day, period, grain) AS s
FROM sales CROSS JOIN grains CROSS JOIN periods
GROUP BY customer, grain, period;

-- the same by plain SQL: every bucket of every customer, with its place in order
CREATE TABLE plain AS
SELECT customer, grain, period, bucket, row_number() OVER (PARTITION BY customer, grain, period ORDER BY bucket) AS place,
  coalesce(total, 0.00) AS total
FROM (SELECT DISTINCT customer FROM sales) AS c
CROSS JOIN (
  SELECT grain, period, daterange(min(d::date), max(d::date), '[]') AS bucket, pg_temp.unit_start(grain, d::date) AS start
  FROM grains CROSS JOIN periods CROSS JOIN LATERAL generate_series(lower(period), upper(period) - 1, interval '1 day') AS d
  GROUP BY grain, period, start) AS spine
LEFT JOIN (
  SELECT customer, grain, period, pg_temp.unit_start(grain, day) AS start, sum(amount) AS total
  FROM sales JOIN periods ON day <@ period CROSS JOIN grains GROUP BY customer, grain, period, start) AS t USING (customer, grain, period, start);
CREATE INDEX ON plain (customer, grain);
ANALYZE sales, series, plain;

SELECT is(count(*), 20::bigint * 7 * 3, 'all series are there') FROM series;

SELECT is(count(*) FILTER (WHERE s.totals IS DISTINCT FROM p.totals), 0::bigint, 'totals by ' || grain)
FROM (SELECT customer, grain, period, totals(s) FROM series) AS s
JOIN (SELECT customer, grain, period, array_agg(total ORDER BY place) AS totals FROM plain GROUP BY customer, grain, period) AS p USING (customer, grain, period)
GROUP BY grain;

SELECT is(count(*) FILTER (WHERE b.total IS DISTINCT FROM p.total), 0::bigint, 'buckets by ' || grain)
FROM (SELECT customer, grain, period, (buckets(s)).* FROM series) AS b
FULL JOIN plain AS p USING (customer, grain, period, bucket)
GROUP BY grain;

SELECT is(count(*) FILTER (WHERE ARRAY[kam.total, kam.mean, kam.active_buckets] IS DISTINCT FROM ARRAY[p.total, p.mean, p.active]), 0::bigint, 'total, mean and active_buckets by ' || grain)
FROM (SELECT customer, grain, period, total(s), mean(s), active_buckets(s) FROM series) AS kam
JOIN (
  SELECT customer, grain, period, sum(total) AS total, sum(total) / count(*) AS mean, count(*) FILTER (WHERE total > 0) AS active
  FROM plain GROUP BY customer, grain, period) AS p USING (customer, grain, period)
GROUP BY grain;

SELECT is(count(*) FILTER (WHERE ROW(sale_days(s), first_sale(s), last_sale(s)) IS DISTINCT FROM ROW(coalesce(days, 0), first, last)), 0::bigint, 'sale_days, first_sale and last_sale by ' || grain)
FROM series
LEFT JOIN (
  SELECT customer, period, count(DISTINCT day) AS days, min(day) AS first, max(day) AS last
  FROM sales JOIN periods ON day <@ period WHERE amount > 0 GROUP BY customer, period) AS p USING (customer, period)
GROUP BY grain;

SELECT is(count(*) FILTER (WHERE (trend(s) IS NULL) <> (slope IS NULL) OR abs(trend(s) - slope) > 1e-9 * (1 + abs(slope))), 0::bigint, 'trend by ' || grain)
FROM series
JOIN (SELECT customer, grain, period, regr_slope(total::float8, place::float8) AS slope FROM plain GROUP BY customer, grain, period) AS p USING (customer, grain, period)
GROUP BY grain;

SELECT is(count(*) FILTER (WHERE period(s) <> period OR grain(s) <> grain), 0::bigint, 'period and grain') FROM series;

-- seasonality: the mean of each place over the mean of all
SELECT is(count(*) FILTER (WHERE CASE
    WHEN total <= 0 THEN kam IS NOT NULL
    ELSE kam IS NULL OR cardinality(kam) <> places OR cardinality(array_remove(kam, NULL)) <> cardinality(array_remove(plain, NULL))
      OR (SELECT bool_or((k IS NULL) <> (q IS NULL) OR abs(k - q) > 1e-12 * (1 + abs(q))) FROM unnest(kam, plain) AS u (k, q)) END), 0::bigint, 'seasonality by ' || grain)
FROM (
  SELECT customer, grain, period, total(s), seasonality(s) AS kam, places,
    (SELECT array_agg(mean ORDER BY place) FROM (
      SELECT n AS place, avg(p.total)::float8 / nullif(mean(s)::float8, 0) AS mean
      FROM generate_series(1, places) AS n
      LEFT JOIN plain AS p ON p.customer = series.customer AND p.grain = series.grain AND p.period = series.period
        AND n = CASE grain
          WHEN 'week' THEN extract(week FROM lower(bucket))
          WHEN 'month' THEN extract(month FROM lower(bucket))
          WHEN 'quarter' THEN extract(quarter FROM lower(bucket))
          ELSE extract(month FROM lower(bucket)) * 4 - 3 + least((extract(day FROM lower(bucket))::integer - 1) / 7, 3) END
      GROUP BY n) AS x) AS plain
  FROM series JOIN (VALUES ('week', 53), ('month', 12), ('month-week', 48), ('quarter', 4)) AS g (grain, places) USING (grain)
  WHERE customer IN (1, 2, 3, 4, 17, 18)) AS y
GROUP BY grain;

SELECT is(seasonality(s), ARRAY[0.5, 1, 1.5, 1]::float8[], 'seasonality of four quarters in two years')
FROM (
  SELECT sales_series(a, make_date(2024 + i / 4, 3 * (i % 4) + 2, 10), '[2024-01-01,2026-01-01)', 'quarter') AS s
  FROM unnest(ARRAY[50, 100, 200, 50, 50, 100, 100, 150]) WITH ORDINALITY AS x (a, n), LATERAL (SELECT n::integer - 1 AS i) AS y) AS z;
SELECT is(seasonality(s), ARRAY[NULL, NULL, 1, NULL]::float8[], 'quarters that the period does not have are NULL')
FROM (SELECT sales_series(7, '2024-08-01', '[2024-07-01,2024-10-01)', 'quarter') AS s) AS x;

-- Parts of a series: every pair of grains, slices that begin and end where buckets do

SELECT is(count(*) FILTER (WHERE regrain(fine.s, coarse.grain)::text IS DISTINCT FROM coarse.s::text), 0::bigint, format('%s to %s is the series built by %s', fine.grain, coarse.grain, coarse.grain))
FROM series AS fine JOIN series AS coarse USING (customer, period)
WHERE fine.grain = coarse.grain OR fine.grain = 'day' OR (fine.grain, coarse.grain) IN (
  ('month-week', 'month'), ('month-week', 'quarter'), ('month-week', 'year'), ('month', 'quarter'), ('month', 'year'), ('quarter', 'year'))
GROUP BY fine.grain, coarse.grain;

SELECT is(pg_temp.error_of(format('SELECT regrain(s, %L) FROM series WHERE grain = %L LIMIT 1', coarse.grain, fine.grain)),
  format('22023 | buckets of grain "%s" do not make up those of grain "%s" | Build the series with grain "day", or from the sales rows with grain "%s".', fine.grain, coarse.grain, coarse.grain),
  format('%s to %s is refused', fine.grain, coarse.grain))
FROM grains AS fine CROSS JOIN grains AS coarse
WHERE NOT (fine.grain = coarse.grain OR fine.grain = 'day' OR (fine.grain, coarse.grain) IN (
  ('month-week', 'month'), ('month-week', 'quarter'), ('month-week', 'year'), ('month', 'quarter'), ('month', 'year'), ('quarter', 'year')));

-- from every 37th bucket to one some buckets later
CREATE TABLE parts AS
SELECT customer, grain, period, s, daterange(lower(a.bucket), upper(b.bucket)) AS part
FROM series JOIN plain AS a USING (customer, grain, period) JOIN plain AS b USING (customer, grain, period)
WHERE customer IN (3, 17) AND a.place % 37 = 1 AND b.place - a.place IN (0, 7, 29, 200);

SELECT is(count(*) FILTER (WHERE total(s, part) IS DISTINCT FROM (SELECT coalesce(sum(amount), 0) FROM sales WHERE sales.customer = parts.customer AND day <@ part)), 0::bigint, 'total of a part by ' || grain)
FROM parts GROUP BY grain;

SELECT is(count(*) FILTER (WHERE slice(s, part)::text IS DISTINCT FROM direct::text AND NOT (total(direct) = 0 AND sale_days(direct) = 0)), 0::bigint, 'a slice is the series built of the part, by ' || grain)
FROM (SELECT customer, grain, part, sales_series(amount, day, part, grain) AS direct FROM sales JOIN (SELECT DISTINCT customer, grain, part FROM parts) AS x USING (customer) GROUP BY customer, grain, part) AS d
JOIN parts USING (customer, grain, part)
GROUP BY grain;

SELECT is(slice(s, period(s))::text, s::text, 'a slice of all is the same') FROM series WHERE customer = 5 AND grain = 'month-week' AND period = '[2023-02-11,2025-07-20)';
SELECT is(regrain(slice(s, '[2023-03-01,2023-05-01)'), 'month')::text, slice(regrain(s, 'month'), '[2023-03-01,2023-05-01)')::text, 'slice and regrain in either order') FROM series WHERE customer = 5 AND grain = 'day' AND period = '[2023-02-11,2025-07-20)';

-- A day counts when it has a positive row, whatever else happened on it

SELECT is(ARRAY[sale_days(s)::text, first_sale(s)::text, last_sale(s)::text, total(s)::text, active_buckets(s)::text], ARRAY[days::text, first, last, total::text, active::text], name)
FROM (VALUES
  ('a return on the day of the sale', '{5,-5}'::numeric[], '{2024-02-29,2024-02-29}'::date[], 1, '2024-02-29', '2024-02-29', 0, 0),
  ('the return first', '{-5,5}', '{2024-02-29,2024-02-29}', 1, '2024-02-29', '2024-02-29', 0, 0),
  ('two delivery notes on one day', '{5,5}', '{2024-02-29,2024-02-29}', 1, '2024-02-29', '2024-02-29', 10, 1),
  ('a return only', '{-5}', '{2024-02-29}', 0, NULL, NULL, -5, 0),
  ('zero', '{0}', '{2024-02-29}', 0, NULL, NULL, 0, 0),
  ('a return a day later', '{5,-5}', '{2024-02-29,2024-03-01}', 1, '2024-02-29', '2024-02-29', 0, 1),
  ('the first and the last day', '{1,1}', '{2024-01-01,2024-12-31}', 2, '2024-01-01', '2024-12-31', 2, 2),
  ('the days around the period', '{1,1}', '{2023-12-31,2025-01-01}', 0, NULL, NULL, 0, 0)
) AS x (name, amounts, days_of, days, first, last, total, active),
LATERAL (SELECT sales_series(a, d, '[2024-01-01,2025-01-01)') AS s FROM unnest(x.amounts, x.days_of) AS u (a, d)) AS y;

-- Edges

SELECT is(ARRAY[total(s), mean(s), trend(s)::numeric, cardinality(totals(s)), cardinality(seasonality(s))], ARRAY[100, 100, NULL, 1, 12]::numeric[], 'a series of one bucket')
FROM (SELECT sales_series(100, '2026-02-03', '[2026-02-03,2026-02-04)') AS s) AS x;
SELECT is(ARRAY[total(s), mean(s), trend(s)::numeric, cardinality(seasonality(s))], ARRAY[0, 0, 0, NULL]::numeric[], 'a series of zeros')
FROM (SELECT sales_series(NULL, '2026-02-03', '[2026-01-01,2027-01-01)') AS s) AS x;
SELECT is(ARRAY[trend(s), cardinality(seasonality(s))], ARRAY[-20, NULL]::float8[], 'a falling series below zero')
FROM (SELECT sales_series(-20 * extract(month FROM d)::integer, d::date, '[2026-01-01,2027-01-01)') AS s FROM generate_series(timestamp '2026-01-01', '2026-12-01', '1 month') AS d) AS x;
SELECT is(mean(s)::text, '33.3333333333333333', 'a mean that does not end') FROM (SELECT sales_series(100, '2026-02-03', '[2026-01-01,2026-04-01)') AS s) AS x;
SELECT is(round((trend(s) / 1e30)::numeric, 9)::text, '1.000000000', 'a trend in amounts of 1e30')
FROM (SELECT sales_series(1e30 * i, make_date(2026, i, 1), '[2026-01-01,2026-04-01)') AS s FROM generate_series(1, 3) AS i) AS x;
SELECT is(trend(s), 1e-20::float8, 'a trend in amounts of 1e-20')
FROM (SELECT sales_series(1e-20 * i, make_date(2026, i, 1), '[2026-01-01,2026-04-01)') AS s FROM generate_series(1, 3) AS i) AS x;

SELECT is(
  ARRAY[total(NULL)::text, total(NULL, '[2026-01-01,2026-02-01)')::text, total(s, NULL)::text, totals(NULL)::text, regrain(NULL, 'year')::text, regrain(s, NULL)::text, slice(NULL, '[2026-01-01,2026-02-01)')::text,
    slice(s, NULL)::text, sale_days(NULL)::text, first_sale(NULL)::text, last_sale(NULL)::text, active_buckets(NULL)::text, mean(NULL)::text, trend(NULL)::text, seasonality(NULL)::text, period(NULL)::text, grain(NULL)::text,
    (s + NULL)::text, (NULL::sales_series + s)::text],
  array_fill(NULL::text, ARRAY[19]), 'NULL gives NULL')
FROM (SELECT sales_series(100, '2026-02-03', '[2026-01-01,2026-04-01)') AS s) AS x;
SELECT is((SELECT count(*) FROM buckets(NULL)), 0::bigint, 'NULL has no buckets');

-- +

SELECT is(count(*) FILTER (WHERE (a.s + b.s)::text IS DISTINCT FROM direct::text OR (b.s + a.s)::text IS DISTINCT FROM direct::text), 0::bigint, 'the sum of two customers is the series of both, by ' || grain)
FROM series AS a JOIN series AS b USING (grain, period)
JOIN LATERAL (SELECT sales_series(amount, day, a.period, a.grain) AS direct FROM sales WHERE customer IN (a.customer, b.customer)) AS d ON true
WHERE a.customer = 7 AND b.customer IN (8, 18)
GROUP BY grain;
SELECT is((sales_series(x, d, '[2026-01-01,2026-03-01)') FILTER (WHERE x < 2) + sales_series(x, d, '[2026-01-01,2026-03-01)') FILTER (WHERE x > 2))::text,
  sales_series(x, d, '[2026-01-01,2026-03-01)')::text, '+ with different decimals')
FROM (VALUES (1.5, date '2026-01-01'), (2.125, '2026-02-01')) AS v (x, d);

-- What is refused

CREATE VIEW one AS SELECT sales_series(1, '2026-01-05', '[2026-01-01,2027-01-01)') AS s, sales_series(1, '2026-01-05', '[2026-01-15,2026-12-20)', 'week') AS w;

SELECT is(pg_temp.error_of('SELECT ' || query || ' FROM one'), expected, query)
FROM (VALUES
  ('total(s, ''[2026-01-01,2026-01-15)'')', '22023 | range [2026-01-01,2026-01-15) would cut a bucket of grain "month" | Begin and end the range where buckets do, or build the series with a finer grain.'),
  ('total(s, ''[2026-01-15,2026-03-01)'')', '22023 | range [2026-01-15,2026-03-01) would cut a bucket of grain "month" | Begin and end the range where buckets do, or build the series with a finer grain.'),
  ('total(s, ''[2025-12-01,2026-03-01)'')', '22023 | range [2025-12-01,2026-03-01) is not inside the period [2026-01-01,2027-01-01) | Ask for a part of the period of the series.'),
  ('total(s, ''[2026-12-01,2027-02-01)'')', '22023 | range [2026-12-01,2027-02-01) is not inside the period [2026-01-01,2027-01-01) | Ask for a part of the period of the series.'),
  ('total(s, ''empty'')', '22023 | part must not be an empty range | A period has at least one day, like [2026-01-01,2027-01-01).'),
  ('total(s, ''[2026-01-01,)'')', '22023 | part must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('total(s, ''[2026-01-01,2226-01-01)'')', '22023 | part is 73048 days long | At most 36525 days (a hundred years) are allowed.'),
  ('total(w, ''[2026-01-16,2026-12-20)'')', '22023 | range [2026-01-16,2026-12-20) would cut a bucket of grain "week" | Begin and end the range where buckets do, or build the series with a finer grain.'),
  ('total(w, ''[2026-01-12,2026-01-19)'')', '22023 | range [2026-01-12,2026-01-19) is not inside the period [2026-01-15,2026-12-20) | Ask for a part of the period of the series.'),
  ('total(w, ''[2026-01-15,2026-01-19)'')', 'no error'),
  ('slice(s, ''[2026-01-01,2026-01-15)'')', '22023 | range [2026-01-01,2026-01-15) would cut a bucket of grain "month" | Begin and end the range where buckets do, or build the series with a finer grain.'),
  ('slice(s, ''[2026-01-01,2027-01-02)'')', '22023 | range [2026-01-01,2027-01-02) is not inside the period [2026-01-01,2027-01-01) | Ask for a part of the period of the series.'),
  ('regrain(s, ''hour'')', '22023 | unknown grain: "hour" | Allowed are "day", "week", "week-sunday", "month", "month-week", "quarter", "year", "fiscal-quarter", "4-4-5", "4-5-4", "5-4-4".'),
  ('regrain(s, ''day'')', '22023 | buckets of grain "month" do not make up those of grain "day" | Build the series with grain "day", or from the sales rows with grain "day".'),
  ('s + w', '22023 | series of different periods or grains cannot be merged | Bring them together with slice() and regrain().'),
  ('s + slice(s, ''[2026-01-01,2026-02-01)'')', '22023 | series of different periods or grains cannot be merged | Bring them together with slice() and regrain().'),
  ('s + regrain(s, ''year'')', '22023 | series of different periods or grains cannot be merged | Bring them together with slice() and regrain().'),
  ('seasonality(regrain(s, ''year''))', '22023 | buckets of grain "year" have no place in the year | Use a series by "quarter", "month", "month-week", "week", "fiscal-quarter", "4-4-5", "4-5-4" or "5-4-4".'),
  ('seasonality(sales_series(1, ''2026-01-05'', ''[2026-01-01,2027-01-01)'', ''day''))', '22023 | buckets of grain "day" have no place in the year | Use a series by "quarter", "month", "month-week", "week", "fiscal-quarter", "4-4-5", "4-5-4" or "5-4-4".'),
  ('seasonality(sales_series(1, ''2026-01-05'', ''[2026-01-01,2027-01-01)'', ''week-sunday''))', '22023 | buckets of grain "week-sunday" have no place in the year | Use a series by "quarter", "month", "month-week", "week", "fiscal-quarter", "4-4-5", "4-5-4" or "5-4-4".')
) AS x (query, expected);

-- and a series cannot be passed off as another type's bytes, nor changed by reading it
SELECT is(count(*) FILTER (WHERE s::text <> again), 0::bigint, 'reading changes nothing')
FROM (
  SELECT s, (SELECT s::text FROM (SELECT total(s), slice(s, period(s)), regrain(s, 'year'), s + s, xyz_class(s), cv(s), akb_stable(s), mean(s)) AS x) AS again
  FROM series WHERE grain = 'month') AS y;

SELECT * FROM finish();
ROLLBACK;
