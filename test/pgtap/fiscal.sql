-- Fiscal grains, which count from the period's first day, fiscal_year and prior_year by weeks, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(216);

\ir ../helpers/error_of.sql

-- the first days of a period's buckets, by plain SQL
CREATE FUNCTION pg_temp.edges(period daterange, grain text) RETURNS SETOF date
BEGIN ATOMIC
  SELECT edge
  FROM (
    SELECT (lower(period) + make_interval(months => 3 * n))::date AS edge
    FROM generate_series(0, (upper(period) - lower(period)) / 88) AS n
    WHERE grain = 'fiscal-quarter'
    UNION ALL
    SELECT lower(period) + 7 * (sum(weeks) OVER (ORDER BY quarter, place) - weeks)::integer
    FROM generate_series(1, 4) AS quarter,
      unnest(string_to_array(CASE WHEN grain <> 'fiscal-quarter' THEN grain END, '-')::integer[]) WITH ORDINALITY AS p (weeks, place)) AS e
  WHERE edge < upper(period);
END;

CREATE FUNCTION pg_temp.plain_buckets(period daterange, grain text) RETURNS SETOF daterange
BEGIN ATOMIC
  SELECT daterange(edge, lead(edge, 1, upper(period)) OVER (ORDER BY edge)) FROM pg_temp.edges(period, grain) AS edge;
END;

-- the buckets of a series, in its order
CREATE FUNCTION pg_temp.kam_buckets(period daterange, grain text) RETURNS SETOF daterange
BEGIN ATOMIC
  SELECT (buckets(s)).bucket FROM (SELECT sales_series(NULL, NULL, period, grain) AS s) AS x;
END;

CREATE TABLE patterns (grain text);
INSERT INTO patterns VALUES ('4-4-5'), ('4-5-4'), ('5-4-4');
CREATE TABLE fiscal (grain text);
INSERT INTO fiscal VALUES ('fiscal-quarter'), ('4-4-5'), ('4-5-4'), ('5-4-4');
CREATE TABLE grains (grain text);
INSERT INTO grains VALUES ('day'), ('week'), ('week-sunday'), ('month'), ('month-week'), ('quarter'), ('year'), ('fiscal-quarter'), ('4-4-5'), ('4-5-4'), ('5-4-4');

SELECT setseed(0.371);

-- Sales of 2020 to 2029: zeros, returns, days without any
CREATE TABLE sales AS
SELECT date '2020-01-01' + (random() * 3650)::integer AS day, (((random() * 400)::integer - 80) / 4.0)::numeric(12, 2) AS amount
FROM generate_series(1, 6000);

-- Random periods: a few days up to what the grain allows, and each length around whole quarters and years
CREATE TABLE cases AS
SELECT row_number() OVER () AS id, grain, daterange(first, first + days) AS period
FROM (
  SELECT grain, date '2020-01-01' + (random() * 2500)::integer AS first,
    CASE WHEN grain = 'fiscal-quarter' THEN 1 + (random() * 1099)::integer ELSE 1 + (random() * 370)::integer END AS days
  FROM fiscal, generate_series(1, 60)
  UNION ALL
  SELECT grain, date '2020-01-01' + (random() * 2500)::integer, days
  FROM fiscal, unnest(ARRAY[1, 27, 28, 29, 35, 90, 91, 92, 182, 273, 336, 363, 364, 365, 366, 370, 371]) AS days) AS x;

CREATE INDEX ON sales (day);
ANALYZE sales;

CREATE TABLE series AS
SELECT id, grain, period, coalesce(sales_series(amount, day, period, grain), sales_series(NULL, NULL, period, grain)) AS s
FROM cases LEFT JOIN sales ON true GROUP BY id, grain, period;

CREATE TABLE plain AS
SELECT id, grain, period, bucket, row_number() OVER (PARTITION BY id ORDER BY bucket) AS place, coalesce(sum(amount), 0.00) AS total
FROM cases CROSS JOIN LATERAL pg_temp.plain_buckets(period, grain) AS bucket LEFT JOIN sales ON day <@ bucket
GROUP BY id, grain, period, bucket;
CREATE INDEX ON plain (id);
ANALYZE cases, series, plain;

SELECT is(count(*), 77::bigint, 'cases by ' || grain) FROM series GROUP BY grain;

SELECT is(count(*) FILTER (WHERE b IS NULL OR p IS NULL OR b.total <> p.total), 0::bigint, 'buckets by ' || grain)
FROM (SELECT id, grain, (buckets(s)).* FROM series) AS b FULL JOIN plain AS p USING (id, grain, bucket)
GROUP BY grain;

SELECT is(count(*) FILTER (WHERE totals(s) IS DISTINCT FROM totals OR total(s) <> total OR abs(mean(s) - mean) > 1e-12 OR active_buckets(s) <> active
    OR abs(trend(s) - slope) > 1e-9 OR (trend(s) IS NULL) <> (slope IS NULL) OR abs(cv(s) - cv) > 1e-9 OR (cv(s) IS NULL) <> (mean <= 0)
    OR xyz_class(s) IS DISTINCT FROM CASE WHEN buckets < 3 OR zero THEN NULL WHEN mean <= 0 OR cv > 0.25 THEN 'Z' WHEN cv > 0.1 THEN 'Y' ELSE 'X' END),
  0::bigint, 'totals, total, mean, active_buckets, trend, cv and xyz_class by ' || grain)
FROM series JOIN (
  SELECT id, array_agg(total ORDER BY place) AS totals, sum(total) AS total, avg(total) AS mean, count(*) FILTER (WHERE total > 0) AS active,
    regr_slope(total, place) AS slope, stddev_pop(total) / nullif(avg(total), 0) AS cv, count(*) AS buckets, bool_and(total = 0) AS zero
  FROM plain GROUP BY id) AS p USING (id)
GROUP BY grain;

SELECT is(count(*) FILTER (WHERE s::text::sales_series::text <> s::text OR s::jsonb::sales_series <> s OR grain(s) <> grain OR period(s) <> period), 0::bigint, 'text and jsonb and back by ' || grain)
FROM series GROUP BY grain;

-- Buckets tile the period, whatever the grain and the period

CREATE TABLE tiled AS
SELECT id, grain, period, row_number() OVER (PARTITION BY id, grain ORDER BY place) AS place, b.bucket, cardinality(totals(s)) AS buckets
FROM (
  SELECT id, grain, period, sales_series(NULL, NULL, period, grain) AS s
  FROM grains, (SELECT i AS id, daterange(first, first + 1 + (random() * 370)::integer) AS period
    FROM generate_series(1, 150) AS i, LATERAL (SELECT date '1890-01-01' + (random() * 80000 + i * 0)::integer AS first) AS f) AS p
  GROUP BY id, grain, period) AS x, buckets(s) WITH ORDINALITY AS b (bucket, total, place);

SELECT is(count(*) FILTER (WHERE isempty(bucket) OR lower(bucket) <> before OR (place = buckets) <> (upper(bucket) = upper(period))), 0::bigint, 'buckets tile 150 periods by ' || grain)
FROM (SELECT *, lag(upper(bucket), 1, lower(period)) OVER (PARTITION BY id, grain ORDER BY place) AS before FROM tiled) AS x
GROUP BY grain;
SELECT is(count(DISTINCT (id, grain)), 150::bigint * 11, 'in all grains') FROM tiled WHERE place = buckets;

-- Long and strange periods

SELECT is(array(SELECT pg_temp.kam_buckets(period, grain)), array(SELECT pg_temp.plain_buckets(period, grain)), format('buckets of %s by %s', period, grain))
FROM (VALUES
  ('fiscal-quarter', daterange '[1924-08-31,2024-08-30)'),
  ('fiscal-quarter', '[1999-11-30,2099-11-30)'),
  ('fiscal-quarter', '[2024-02-29,2040-03-02)'),
  ('fiscal-quarter', '[0001-12-31 BC,0005-03-31)'),
  ('fiscal-quarter', '[4713-01-31 BC,4710-01-31 BC)'),
  ('4-4-5', '[0001-12-20 BC,0001-12-20)'),
  ('5-4-4', '[4713-01-01 BC,4713-12-31 BC)'),
  ('4-5-4', '[1582-09-01,1583-08-31)')) AS x (grain, period);
SELECT is(array(SELECT upper(b) - lower(b) FROM pg_temp.kam_buckets(daterange(make_date(5874897, 9, 30), make_date(5874897, 12, 31)), grain) AS b), days::integer[], 'the last days there are by ' || grain)
FROM (VALUES ('fiscal-quarter', '{91,1}'), ('4-4-5', '{28,28,35,1}'), ('4-5-4', '{28,35,28,1}'), ('5-4-4', '{35,28,28,1}')) AS x (grain, days);

SELECT is(array(SELECT lower(b) FROM pg_temp.kam_buckets(period, 'fiscal-quarter') AS b), first_days::date[], 'quarters from ' || lower(period))
FROM (VALUES
  (daterange '[2023-04-01,2024-04-01)', '{2023-04-01,2023-07-01,2023-10-01,2024-01-01}'),
  ('[2023-01-31,2024-01-31)', '{2023-01-31,2023-04-30,2023-07-31,2023-10-31}'),
  ('[2023-08-31,2024-08-31)', '{2023-08-31,2023-11-30,2024-02-29,2024-05-31}'),
  ('[2022-11-29,2023-11-29)', '{2022-11-29,2023-02-28,2023-05-29,2023-08-29}'),
  ('[2024-02-29,2026-02-28)', '{2024-02-29,2024-05-29,2024-08-29,2024-11-29,2025-02-28,2025-05-29,2025-08-29,2025-11-29}'),
  ('[2024-02-29,2024-03-01)', '{2024-02-29}'),
  ('[2023-08-31,2023-12-01)', '{2023-08-31,2023-11-30}'),
  ('[2023-08-31,2023-11-30)', '{2023-08-31}')) AS x (period, first_days);

SELECT is(array(SELECT (upper(b) - lower(b)) / 7 FROM pg_temp.kam_buckets(period, grain) AS b), weeks::integer[], format('weeks of %s by %s', period, grain))
FROM (VALUES
  ('4-4-5', daterange '[2022-01-30,2023-01-29)', '{4,4,5,4,4,5,4,4,5,4,4,5}'),
  ('4-5-4', '[2022-01-30,2023-01-29)', '{4,5,4,4,5,4,4,5,4,4,5,4}'),
  ('5-4-4', '[2022-01-30,2023-01-29)', '{5,4,4,5,4,4,5,4,4,5,4,4}'),
  ('4-4-5', '[2023-01-29,2024-02-04)', '{4,4,5,4,4,5,4,4,5,4,4,6}'),
  ('4-5-4', '[2023-01-29,2024-02-04)', '{4,5,4,4,5,4,4,5,4,4,5,5}'),
  ('5-4-4', '[2023-01-29,2024-02-04)', '{5,4,4,5,4,4,5,4,4,5,4,5}'),
  ('5-4-4', '[2023-01-29,2023-05-14)', '{5,4,4,2}')) AS x (grain, period, weeks);

-- the week after the 52nd is in the last bucket, whatever the weekday: the first and the last day of weeks 52 and 53
SELECT is((totals(sales_series(1000::numeric ^ n, day, period, grain)))[12], 1001001001000::numeric, '53rd week by ' || grain)
FROM patterns, fiscal_year('2017-06-01', 1) AS period, unnest(ARRAY[date '2018-01-21', '2018-01-27', '2018-01-28', '2018-02-03', '2018-02-04']) WITH ORDINALITY AS d (day, n)
GROUP BY grain;

-- A year by calendar dates of 365 or 366 days is no year of weeks, but is cut: its last days are in the last bucket
SELECT is((SELECT max(upper(b) - lower(b)) FROM pg_temp.kam_buckets(period, '4-4-5') AS b), days, 'the last bucket of a year of ' || days + 329)
FROM (VALUES (daterange '[2023-01-01,2024-01-01)', 36), ('[2024-01-01,2025-01-01)', 37)) AS x (period, days);

-- total of a part: between any two edges, and nowhere else

SELECT is(count(*) FILTER (WHERE total(s, daterange(lower(a.bucket), upper(b.bucket))) <> (SELECT sum(total) FROM plain AS p WHERE p.id = a.id AND p.place BETWEEN a.place AND b.place)), 0::bigint, 'total of a part by ' || grain)
FROM series JOIN plain AS a USING (id, grain) JOIN plain AS b USING (id, grain)
WHERE a.place <= b.place AND id % 3 = 0 GROUP BY grain;

SELECT is(count(*) FILTER (WHERE pg_temp.error_of(format('SELECT total(s, daterange(%L, %L)) FROM series WHERE id = %s', lower(period), day, id)) NOT LIKE '22023 | range % would cut a bucket of grain %'), 0::bigint, 'a part that cuts a bucket by ' || grain)
FROM (SELECT id, grain, period, lower(period) + (random() * (upper(period) - lower(period)))::integer AS day FROM series) AS x
WHERE day > lower(period) AND day < upper(period) AND NOT EXISTS (SELECT FROM plain WHERE plain.id = x.id AND lower(bucket) = day) GROUP BY grain;

-- slice: where the part, cut on its own, has the buckets of the series, and begins with a quarter

CREATE FUNCTION pg_temp.slice_of(s sales_series, part daterange) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN slice(s, part);
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN SQLERRM;
END $$;

CREATE TABLE slices AS
SELECT id, grain, period, part, pg_temp.slice_of(s, part) AS slice,
  (SELECT sales_series(amount, day, part, grain)::text FROM (SELECT NULL AS amount, NULL AS day UNION ALL SELECT amount, day FROM sales WHERE day >= lower(part) AND day < upper(part)) AS x) AS direct,
  (grain = 'fiscal-quarter' OR (lower(part) - lower(period)) % 91 = 0)
    AND NOT EXISTS (SELECT pg_temp.plain_buckets(part, grain) EXCEPT SELECT pg_temp.plain_buckets(period, grain)) AS allowed
FROM series JOIN plain AS a USING (id, grain, period) JOIN plain AS b USING (id, grain, period), LATERAL (SELECT daterange(lower(a.bucket), upper(b.bucket)) AS part) AS p
WHERE a.place <= b.place AND (id % 6 = 0 OR upper(period) - lower(period) >= 364);

SELECT is(count(*) FILTER (WHERE CASE WHEN allowed THEN slice::jsonb <> direct::jsonb ELSE slice <> format('grain "%s", counted from %s, has other buckets than the series', grain, lower(part)) END), 0::bigint, 'slice by ' || grain)
FROM slices GROUP BY grain;
SELECT ok(count(*) FILTER (WHERE allowed AND lower(part) > lower(period)) > 20 AND count(*) FILTER (WHERE NOT allowed) > 20, 'some parts are a slice and some are not, by ' || grain)
FROM slices GROUP BY grain;

-- regrain: where every edge of the coarse buckets is one of the fine

CREATE TABLE regrained AS
SELECT fine.grain AS fine, coarse.grain AS coarse, period, pg_temp.error_of(format('SELECT regrain(%L, %L)', f, coarse.grain)) AS outcome, f, c,
  NOT EXISTS (SELECT lower((buckets(c)).bucket) EXCEPT SELECT lower((buckets(f)).bucket)) AS nests
FROM (VALUES (daterange '[2024-01-01,2024-12-31)'), ('[2024-01-01,2025-01-01)'), ('[2024-04-01,2025-04-01)'), ('[2023-01-29,2024-02-04)'), ('[2022-01-30,2022-02-10)'), ('[2023-01-31,2024-01-31)'), ('[2024-01-15,2025-01-15)')) AS p (period),
  grains AS fine, grains AS coarse,
  LATERAL (SELECT sales_series(amount, day, period, fine.grain) AS f, sales_series(amount, day, period, coarse.grain) AS c FROM sales) AS s
WHERE (fine.grain IN (TABLE fiscal) OR coarse.grain IN (TABLE fiscal));

SELECT is(count(*) FILTER (WHERE CASE WHEN nests THEN outcome <> 'no error' ELSE outcome <> format('22023 | buckets of grain "%s" do not make up those of grain "%s" | Build the series with grain "day", or from the sales rows with grain "%2$s".', fine, coarse) END), 0::bigint, 'regrain to or from a fiscal grain in ' || period)
FROM regrained GROUP BY period;
SELECT is(count(*) FILTER (WHERE CASE WHEN nests THEN regrain(f, coarse) <> c END), 0::bigint, 'regrain = direct in ' || period)
FROM regrained GROUP BY period;
SELECT is(nests, expected, format('%s makes up %s in %s', fine, coarse, period))
FROM regrained JOIN (VALUES
  ('week', '4-4-5', daterange '[2024-01-01,2024-12-31)', true), ('week-sunday', '4-4-5', '[2024-01-01,2024-12-31)', false),
  ('week-sunday', '4-5-4', '[2023-01-29,2024-02-04)', true), ('month', 'fiscal-quarter', '[2024-04-01,2025-04-01)', true),
  ('quarter', 'fiscal-quarter', '[2024-04-01,2025-04-01)', true), ('fiscal-quarter', 'quarter', '[2024-04-01,2025-04-01)', true),
  ('fiscal-quarter', 'year', '[2024-04-01,2025-04-01)', true), ('month', 'fiscal-quarter', '[2024-01-15,2025-01-15)', false),
  ('4-4-5', '4-5-4', '[2024-01-01,2024-12-31)', false), ('4-4-5', 'year', '[2024-01-01,2024-12-31)', true), ('4-4-5', 'year', '[2023-01-29,2024-02-04)', false),
  ('day', 'fiscal-quarter', '[2023-01-31,2024-01-31)', true), ('4-4-5', 'day', '[2024-01-01,2024-12-31)', false), ('5-4-4', '4-4-5', '[2022-01-30,2022-02-10)', true)) AS x (fine, coarse, period, expected) USING (fine, coarse, period);

-- seasonality: a place for each bucket of the fiscal year

SELECT is(count(*) FILTER (WHERE CASE WHEN total(s) <= 0 THEN kam IS NOT NULL ELSE kam IS NULL OR cardinality(kam) <> cardinality(plain)
    OR (SELECT bool_or((k IS NULL) <> (p IS NULL) OR abs(k - p) > 1e-9) FROM unnest(kam, plain) AS u (k, p)) END), 0::bigint, 'seasonality by ' || grain)
FROM (
  SELECT id, grain, s, seasonality(s) AS kam, (
    SELECT array_agg(mean ORDER BY n) FROM (
      SELECT n, avg(total)::float8 / nullif(mean(s)::float8, 0) AS mean
      FROM generate_series(1, CASE grain WHEN 'fiscal-quarter' THEN 4 ELSE 12 END) AS n
      LEFT JOIN plain AS p ON p.id = series.id AND (place - 1) % CASE p.grain WHEN 'fiscal-quarter' THEN 4 ELSE 12 END + 1 = n
      GROUP BY n) AS m) AS plain
  FROM series) AS x
GROUP BY grain;

-- run_rate of a series at the end of each bucket, and inside of one

SELECT is(count(*) FILTER (WHERE run_rate(s, (upper(bucket) - 1)::date) IS DISTINCT FROM
    CASE WHEN upper(bucket) = upper(period) THEN sofar ELSE sofar * (upper(period) - lower(period)) / (upper(bucket) - lower(period)) END), 0::bigint, 'run_rate by ' || grain)
FROM (SELECT *, sum(total) OVER (PARTITION BY id ORDER BY place) AS sofar FROM plain JOIN series USING (id, grain, period)) AS x
GROUP BY grain;
SELECT is(pg_temp.error_of('SELECT run_rate(sales_series(1, ''2023-02-01'', ''[2023-01-29,2024-02-04)'', ''4-5-4''), ''2024-01-27'')') LIKE '22023 | as_of 2024-01-27 is inside a bucket of grain "4-5-4" | %', true, 'run_rate at the end of week 52 of 53 is inside the last bucket');

-- xyz from the first purchase on, stable buckets, sums of series

SELECT is(ARRAY[xyz_class(s, since_first => true), xyz_class(s), akb_stable(s)::text, akb_stable(slice(s, '[2022-05-01,2023-01-29)'))::text], ARRAY['X', 'Z', 'false', 'true'], 'a customer since the second quarter')
FROM (SELECT sales_series(100, lower(b) + 27, '[2022-01-30,2023-01-29)', '4-5-4') AS s FROM pg_temp.kam_buckets('[2022-05-01,2023-01-29)', '4-5-4') AS b) AS x;
SELECT is(akb_stable(1::numeric, day::date, '[2024-02-29,2025-02-28)', 'fiscal-quarter'), true, 'a purchase in each quarter from 29 February')
FROM unnest(ARRAY['2024-05-28', '2024-05-29', '2024-11-28', '2025-02-27']) AS day;
SELECT is(akb_stable(1::numeric, day::date, '[2024-02-29,2025-02-28)', 'fiscal-quarter'), false, 'none in the second')
FROM unnest(ARRAY['2024-05-27', '2024-05-28', '2024-11-28', '2025-02-27']) AS day;

SELECT is(rollup(s)::text, (SELECT sales_series(amount, day, fiscal_year('2023-06-01', 1), '4-5-4')::text FROM sales), 'rollup = direct')
FROM (SELECT sales_series(amount, day, fiscal_year('2023-06-01', 1), '4-5-4') AS s FROM sales GROUP BY amount > 20) AS x;
SELECT is(pg_temp.error_of('SELECT sales_series(NULL, NULL, p, ''4-4-5'') + sales_series(NULL, NULL, p, ''4-5-4'') FROM fiscal_year(''2023-06-01'', 1) AS p'),
  '22023 | series of different periods or grains cannot be merged | Bring them together with slice() and regrain().', 'patterns are not mixed');

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE TABLE parallel AS SELECT p.grain, sales_series(amount, day, '[2023-01-29,2024-02-04)', p.grain) AS s FROM sales CROSS JOIN fiscal AS p GROUP BY p.grain;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is(s::text, (SELECT sales_series(amount, day, '[2023-01-29,2024-02-04)', grain ORDER BY amount)::text FROM sales), 'in parallel and in any order by ' || grain) FROM parallel;
SELECT is(count(*), 4::bigint, 'all four') FROM parallel;

-- fiscal_year

SELECT is(fiscal_year(make_date(year, 7, 1), 1), daterange(first::date, last::date, '[]'), format('retail year %s has %s weeks', year, weeks))
FROM (VALUES (2012, '2012-01-29', '2013-02-02', 53), (2016, '2016-01-31', '2017-01-28', 52), (2017, '2017-01-29', '2018-02-03', 53), (2018, '2018-02-04', '2019-02-02', 52), (2023, '2023-01-29', '2024-02-03', 53), (2024, '2024-02-04', '2025-02-01', 52)) AS x (year, first, last, weeks);
SELECT is(array_agg(year ORDER BY year), '{2000,2006,2012,2017,2023,2028}', 'years of 53 weeks that end on the Saturday nearest to 31 January')
FROM generate_series(2000, 2030) AS year, fiscal_year(make_date(year, 7, 1), 1) AS period WHERE upper(period) - lower(period) = 371;
SELECT is(array_agg(extract(year FROM upper(period) - 1)::integer ORDER BY period), '{2000,2006,2012,2017,2023,2028}', 'years of 53 weeks that end on the last Saturday of September')
FROM (SELECT DISTINCT fiscal_year(make_date(year, 7, 1), 9, rule => 'last') AS period FROM generate_series(1999, 2030) AS year) AS x WHERE upper(period) - lower(period) = 371;

CREATE TABLE years AS
SELECT month, weekday, rule, day, fiscal_year(day, month, weekday, rule) AS period, fiscal_year(day + 1, month, weekday, rule) AS next
FROM (SELECT 1 + i % 12 AS month, (ARRAY['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'])[1 + i % 7] AS weekday, (ARRAY['nearest', 'last'])[1 + i / 84 % 2] AS rule, date '1895-01-01' + (random() * 80000)::integer AS day
  FROM generate_series(1, 168 * 40) AS i
  UNION ALL SELECT month, 'sat', rule, day::date FROM generate_series(1, 12) AS month, unnest(ARRAY['nearest', 'last']) AS rule, generate_series(timestamp '2022-12-20', '2024-02-10', '1 day') AS day) AS x;
-- the month's end that a year belongs to: the one within the six days around its last day
CREATE VIEW checked AS
SELECT *, upper(period) - 1 AS last, (SELECT (make_date(y, month, 1) + interval '1 month')::date - 1 FROM generate_series(extract(year FROM upper(period))::integer - 1, extract(year FROM upper(period))::integer) AS y
  ORDER BY abs((make_date(y, month, 1) + interval '1 month')::date - upper(period)) LIMIT 1) AS month_end
FROM years;
SELECT is(count(*) FILTER (WHERE NOT day <@ period), 0::bigint, 'a fiscal year has its day, ' || rule) FROM checked GROUP BY rule;
SELECT is(count(*) FILTER (WHERE upper(period) - lower(period) NOT IN (364, 371)), 0::bigint, 'it has 52 or 53 weeks, ' || rule) FROM checked GROUP BY rule;
SELECT is(count(*) FILTER (WHERE lower(to_char(last, 'Dy')) <> weekday), 0::bigint, 'it ends on its weekday, ' || rule) FROM checked GROUP BY rule;
SELECT is(count(*) FILTER (WHERE CASE rule WHEN 'nearest' THEN abs(last - month_end) > 3 ELSE last > month_end OR month_end - last > 6 END), 0::bigint, 'it ends around the month''s end, ' || rule) FROM checked GROUP BY rule;
SELECT is(count(*) FILTER (WHERE CASE WHEN day = last THEN lower(next) <> day + 1 ELSE next <> period END), 0::bigint, 'the next year begins on the next day, ' || rule) FROM checked GROUP BY rule;
SELECT ok(count(*) FILTER (WHERE day = last) > 15 AND count(*) FILTER (WHERE upper(period) - lower(period) = 371) > 200, 'which was seen, ' || rule) FROM checked GROUP BY rule;

SELECT is(fiscal_year('2024-01-01', 12, name), fiscal_year('2024-01-01', 12, short), 'weekday ' || name)
FROM (VALUES ('Sunday', 'sun'), ('MONDAY', 'mon'), ('Tue', 'tue'), ('wednesday', 'wed'), ('THU', 'thu'), ('Friday', 'fri'), ('saturday', 'sat')) AS x (name, short);
SELECT is(fiscal_year(day::date, month, weekday, rule), period::daterange, format('fiscal_year(%s, %s, %s, %s)', day, month, weekday, rule))
FROM (VALUES
  ('2024-02-03', 1, 'sat', 'nearest', '[2023-01-29,2024-02-04)'),
  ('2024-02-04', 1, 'sat', 'nearest', '[2024-02-04,2025-02-02)'),
  ('2024-02-03', 1, 'sat', 'last', '[2024-01-28,2025-01-26)'),
  ('2024-12-28', 12, 'sat', 'nearest', '[2023-12-31,2024-12-29)'),
  ('2021-01-02', 12, 'sat', 'nearest', '[2019-12-29,2021-01-03)'),
  ('2021-01-02', 12, 'sat', 'last', '[2020-12-27,2021-12-26)'),
  ('2023-02-26', 2, 'sun', 'nearest', '[2022-02-28,2023-02-27)'),
  ('2023-02-27', 2, 'sun', 'nearest', '[2023-02-27,2024-03-04)'),
  ('2024-02-29', 2, 'thu', 'last', '[2023-02-24,2024-03-01)'),
  (NULL, 6, 'sat', 'last', NULL), ('2024-01-01', NULL, 'sat', 'last', NULL), ('2024-01-01', 6, NULL, 'last', NULL), ('2024-01-01', 6, 'sat', NULL, NULL)) AS x (day, month, weekday, rule, period);

-- prior_year by weeks: the restated year begins a week later than the year that was

SELECT is(prior_year(fiscal_year('2018-06-01', 1), '4-5-4'), '[2017-02-05,2018-02-04)'::daterange, 'restated 2017 against 2018');
SELECT is(prior_year('[2018-02-04,2018-02-11)', '4-5-4'), '[2017-02-05,2017-02-12)'::daterange, 'restated first week of 2017');
SELECT is((array(SELECT pg_temp.kam_buckets(prior_year(fiscal_year('2018-06-01', 1), 'week-sunday'), 'week-sunday')))[1], '[2017-02-05,2017-02-12)'::daterange, 'the same by buckets');
SELECT is((array(SELECT pg_temp.kam_buckets(fiscal_year('2017-06-01', 1), 'week-sunday')))[1], '[2017-01-29,2017-02-05)'::daterange, 'first week of 2017 as it was');
SELECT is(prior_year('[2024-02-29,2024-03-07)', grain), CASE WHEN grain IN ('week', 'week-sunday', '4-4-5', '4-5-4', '5-4-4') THEN '[2023-03-02,2023-03-09)' ELSE '[2023-02-28,2023-03-07)' END::daterange, 'prior_year by ' || grain)
FROM grains;
SELECT is(prior_year(period, grain), NULL, 'prior_year of NULL')
FROM (VALUES (NULL::daterange, 'week'), ('[2024-01-01,2024-01-08)', NULL)) AS x (period, grain);

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || query), expected, query)
FROM (VALUES
  ('sales_series(1, ''2024-01-01'', ''[2024-01-01,2025-01-07)'', ''4-4-5'')', '22023 | period is 372 days long, too many for grain "4-4-5" | The grain cuts one fiscal year of 52 or 53 weeks, at most 371 days; fiscal_year() makes such a period.'),
  ('sales_series(1, ''2024-01-01'', ''[2024-01-01,2025-01-06)'', ''4-4-5'')', 'no error'),
  ('sales_series(1, ''2029-01-01'', ''[2024-01-01,2025-01-07)'', ''4-5-4'')', '22023 | period is 372 days long, too many for grain "4-5-4" | The grain cuts one fiscal year of 52 or 53 weeks, at most 371 days; fiscal_year() makes such a period.'),
  ('sales_series(1, ''2024-01-01'', ''[2000-01-01,2100-01-01)'', ''5-4-4'')', '22023 | period is 36525 days long, too many for grain "5-4-4" | The grain cuts one fiscal year of 52 or 53 weeks, at most 371 days; fiscal_year() makes such a period.'),
  ('sales_series(1, ''2024-01-01'', ''[2000-01-01,2100-01-01)'', ''fiscal-quarter'')', 'no error'),
  ('regrain(sales_series(1, ''2024-01-01'', ''[2024-01-01,2025-01-07)'', ''day''), ''4-4-5'')', '22023 | period is 372 days long, too many for grain "4-4-5" | The grain cuts one fiscal year of 52 or 53 weeks, at most 371 days; fiscal_year() makes such a period.'),
  ('regrain(sales_series(1, ''2024-01-01'', ''[2024-01-01,2025-01-07)'', ''week''), ''4-4-5'')', '22023 | period is 372 days long, too many for grain "4-4-5" | The grain cuts one fiscal year of 52 or 53 weeks, at most 371 days; fiscal_year() makes such a period.'),
  ('xyz_class(1, ''2024-01-01'', ''[2024-01-01,2026-01-01)'', ''4-4-5'')', '22023 | period is 731 days long, too many for grain "4-4-5" | The grain cuts one fiscal year of 52 or 53 weeks, at most 371 days; fiscal_year() makes such a period.'),
  ('akb_stable(1::numeric, date ''2024-01-01'', daterange ''[2024-01-01,2026-01-01)'', ''4-4-5'')', '22023 | period is 731 days long, too many for grain "4-4-5" | The grain cuts one fiscal year of 52 or 53 weeks, at most 371 days; fiscal_year() makes such a period.'),
  ('''{"version": 1, "period": "[2024-01-01,2025-01-07)", "grain": "4-4-5", "totals": [0,0,0,0,0,0,0,0,0,0,0,0], "sale_days": []}''::sales_series', '22P02 | malformed sales_series: its period is longer than a fiscal year of 53 weeks | Write it like {"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100.00, 0.00], "sale_days": [0, 14]}.'),
  ('''{"version": 1, "period": "[2024-01-01,2025-01-07)", "grain": "4-4-5", "totals": [0,0,0,0,0,0,0,0,0,0,0,0], "sale_days": []}''::jsonb::sales_series', '22P02 | malformed sales_series: its period is longer than a fiscal year of 53 weeks | Write it like {"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100.00, 0.00], "sale_days": [0, 14]}.'),
  ('''{"version": 1, "period": "[2024-01-01,2025-01-06)", "grain": "4-4-5", "totals": [0,0,0,0,0,0,0,0,0,0,0,0], "sale_days": []}''::sales_series', 'no error'),
  ('''{"version": 1, "period": "[2024-01-01,2025-01-06)", "grain": "4-4-5", "totals": [0,0,0,0,0,0,0,0,0,0,0,0,0], "sale_days": []}''::sales_series', '22P02 | malformed sales_series: it has 13 totals where the period has 12 buckets | Write it like {"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100.00, 0.00], "sale_days": [0, 14]}.'),
  ('slice(sales_series(1, ''2023-02-01'', ''[2023-01-29,2024-02-04)'', ''4-5-4''), ''[2023-04-30,2024-02-04)'')', '22023 | grain "4-5-4", counted from 2023-04-30, has other buckets than the series | Begin the part with the period of the series or with a quarter of 13 weeks, or build a series of it from the sales rows.'),
  ('slice(sales_series(1, ''2023-02-01'', ''[2023-01-29,2024-02-04)'', ''4-5-4''), ''[2023-04-30,2023-12-31)'')', 'no error'),
  ('slice(sales_series(1, ''2023-02-01'', ''[2023-01-29,2024-02-04)'', ''4-5-4''), ''[2023-02-26,2023-04-02)'')', '22023 | grain "4-5-4", counted from 2023-02-26, has other buckets than the series | Begin the part with the period of the series or with a quarter of 13 weeks, or build a series of it from the sales rows.'),
  ('slice(sales_series(1, ''2023-02-01'', ''[2023-01-29,2024-02-04)'', ''4-5-4''), ''[2023-01-29,2024-01-28)'')', '22023 | range [2023-01-29,2024-01-28) would cut a bucket of grain "4-5-4" | Begin and end the range where buckets do, or build the series with a finer grain.'),
  ('slice(sales_series(1, ''2023-02-01'', ''[2023-01-31,2025-01-31)'', ''fiscal-quarter''), ''[2023-04-30,2024-01-31)'')', '22023 | grain "fiscal-quarter", counted from 2023-04-30, has other buckets than the series | Begin the part with the period of the series, or build a series of it from the sales rows.'),
  ('slice(sales_series(1, ''2023-02-01'', ''[2023-01-31,2025-01-31)'', ''fiscal-quarter''), ''[2024-01-31,2025-01-31)'')', 'no error'),
  ('closed_period(''2024-01-01'', 1, ''4-4-5'')', '22023 | grain "4-4-5" counts from the first day of a period, and here is none | Use a grain of the calendar, or cut a fiscal year with to_date(fiscal_year(on_date, last_month), as_of).'),
  ('closed_period(''2024-01-01'', 1, ''fiscal-quarter'')', '22023 | grain "fiscal-quarter" counts from the first day of a period, and here is none | Use a grain of the calendar, or cut a fiscal year with to_date(fiscal_year(on_date, last_month), as_of).'),
  ('fiscal_year(''2024-01-01'', 0)', '22023 | last_month must be a month, not 0 | From 1 (January) to 12 (December) are allowed.'),
  ('fiscal_year(''2024-01-01'', 13)', '22023 | last_month must be a month, not 13 | From 1 (January) to 12 (December) are allowed.'),
  ('fiscal_year(''2024-01-01'', -2147483648)', '22023 | last_month must be a month, not -2147483648 | From 1 (January) to 12 (December) are allowed.'),
  ('fiscal_year(''2024-01-01'', 1, ''sa'')', '22023 | unknown last_weekday: "sa" | Allowed are "sun", "mon", "tue", "wed", "thu", "fri", "sat", or the whole English names.'),
  ('fiscal_year(''2024-01-01'', 1, ''satu'')', '22023 | unknown last_weekday: "satu" | Allowed are "sun", "mon", "tue", "wed", "thu", "fri", "sat", or the whole English names.'),
  ('fiscal_year(''2024-01-01'', 1, '''')', '22023 | unknown last_weekday: "" | Allowed are "sun", "mon", "tue", "wed", "thu", "fri", "sat", or the whole English names.'),
  ('fiscal_year(''2024-01-01'', 1, ''sat'', ''first'')', '22023 | unknown rule: "first" | Allowed are "nearest", "last".'),
  ('fiscal_year(''infinity'', 1)', '22023 | on_date must be a finite date, not infinity'),
  ('fiscal_year(''-infinity'', 1)', '22023 | on_date must be a finite date, not -infinity'),
  ('fiscal_year(make_date(5874897, 12, 31), 12)', '22023 | there is no whole fiscal year around on_date 5874897-12-31'),
  ('fiscal_year(make_date(-4714, 11, 24), 1)', '22023 | there is no whole fiscal year around on_date 4714-11-24 BC'),
  ('prior_year(''[2024-01-01,2024-02-01)'', ''weeks'')', '22023 | unknown grain: "weeks" | Allowed are "day", "week", "week-sunday", "month", "month-week", "quarter", "year", "fiscal-quarter", "4-4-5", "4-5-4", "5-4-4".'),
  ('prior_year(''empty'', ''week'')', '22023 | period must not be an empty range | A period has at least one day, like [2026-01-01,2027-01-01).'),
  ('prior_year(daterange(make_date(-4714, 11, 24), make_date(-4714, 11, 30)), ''week'')', '22023 | there is no year before the period'),
  ('prior_year(daterange(make_date(-4714, 11, 24), make_date(-4714, 11, 30)), ''month'')', '22023 | there is no year before the period')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
