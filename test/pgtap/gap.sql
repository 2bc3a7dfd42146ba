-- Gaps between orders, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(85);

\ir ../helpers/error_of.sql

-- a series of these days, each with a sale of 1
CREATE FUNCTION pg_temp.bought(days date[], period daterange, grain text DEFAULT 'month') RETURNS sales_series
IMMUTABLE
BEGIN ATOMIC
  SELECT sales_series(1, day, period, grain) FROM (SELECT unnest(days) UNION ALL SELECT NULL) AS d (day);
END;

-- Examples

SELECT is(ARRAY[order_gaps(s)::text, order_gap(s)::text, next_order(s)::text, open_gap(s, '2026-12-31')::text, gap_trend(s)::text], ARRAY[gaps, gap, next, open, trend], name)
FROM (VALUES
  ('no day', '{}'::date[], '{}', NULL, NULL, NULL, NULL),
  ('one day', '{2026-03-01}', '{}', NULL, NULL, '305', NULL),
  ('the first day', '{2026-01-01}', '{}', NULL, NULL, '364', NULL),
  ('the last day', '{2026-12-31}', '{}', NULL, NULL, '0', NULL),
  ('two days', '{2026-03-01,2026-03-11}', '{10}', '10.0000000000000000', '2026-03-21', '295', NULL),
  ('one day, bought on twice', '{2026-03-01,2026-03-01}', '{}', NULL, NULL, '305', NULL),
  ('neighbours', '{2026-12-30,2026-12-31}', '{1}', '1.00000000000000000000', '2027-01-01', '0', NULL),
  ('the whole period', '{2026-01-01,2026-12-31}', '{364}', '364.0000000000000000', '2027-12-30', '0', NULL),
  ('three gaps', '{2026-01-01,2026-01-31,2026-03-02,2026-04-01}', '{30,30,30}', '30.0000000000000000', '2026-05-01', '274', '0'),
  ('growing gaps', '{2026-01-01,2026-01-02,2026-01-04,2026-01-07,2026-01-11}', '{1,2,3,4}', '2.5000000000000000', '2026-01-14', '354', '1'),
  ('shrinking gaps', '{2026-01-01,2026-01-11,2026-01-17,2026-01-19}', '{10,6,2}', '6.0000000000000000', '2026-01-25', '346', '-4'),
  ('half a day is rounded up', '{2026-01-01,2026-01-02,2026-01-04}', '{1,2}', '1.5000000000000000', '2026-01-06', '361', NULL),
  ('a third is rounded down', '{2026-01-01,2026-01-02,2026-01-03,2026-01-05}', '{1,1,2}', '1.3333333333333333', '2026-01-06', '360', '0.5')
) AS x (name, days, gaps, gap, next, open, trend), LATERAL (SELECT pg_temp.bought(days, '[2026-01-01,2027-01-01)') AS s) AS y;

SELECT is(ARRAY[order_gaps(s)::text, next_order(s)::text, open_gap(s, '2024-03-10')::text], ARRAY['{1,1}', '2024-03-02', '9'], 'over a leap day')
FROM pg_temp.bought('{2024-02-28,2024-02-29,2024-03-01}', '[2024-01-01,2025-01-01)') AS s;
SELECT is(ARRAY[order_gaps(s)::text, open_gap(s, '2024-02-29')::text, order_gaps(s, '2024-02-29')::text], ARRAY['{29,29}', '0', '{29}'], 'as_of a leap day')
FROM pg_temp.bought('{2024-01-31,2024-02-29,2024-03-29}', '[2024-01-01,2025-01-01)') AS s;
SELECT is(ARRAY[order_gaps(s)::text, order_value(s)::text], ARRAY['{2}', '40.0000000000000000'], 'a day with a return as well is bought on, one with only returns is not')
FROM (SELECT sales_series(a, d, '[2026-01-01,2026-02-01)') AS s FROM (VALUES (50, date '2026-01-05'), (-60, '2026-01-05'), (100, '2026-01-07'), (-10, '2026-01-09')) AS v (a, d)) AS x;
SELECT is(ARRAY[order_value(s), order_gap(s)], ARRAY[NULL, NULL]::numeric[], 'only returns') FROM (SELECT sales_series(-5, '2026-01-05', '[2026-01-01,2026-02-01)') AS s) AS x;
SELECT is(order_value(s), -2.5, 'more returned than bought') FROM (SELECT sales_series(a, '2026-01-05', '[2026-01-01,2026-02-01)') AS s FROM (VALUES (5), (-7.5)) AS v (a)) AS x;
SELECT is(order_value(s), 8e37::numeric, 'totals of 38 digits') FROM (SELECT sales_series(8e37, '2026-01-05', '[2026-01-01,2026-02-01)') AS s) AS x;

-- The last gaps

SELECT is(gap_trend(s, '2026-12-31', gaps), slope, format('the last %s of {1,2,3,10,9,8}', coalesce(gaps::text, 'all')))
FROM pg_temp.bought('{2026-01-01,2026-01-02,2026-01-04,2026-01-07,2026-01-17,2026-01-26,2026-02-03}', '[2026-01-01,2027-01-01)') AS s,
  (VALUES (3, -1::float8), (4, 1.4), (6, 1.8), (7, 1.8), (36525, 1.8), (NULL, 1.8)) AS x (gaps, slope);

-- Each day of as_of at the edges

SELECT is(array_agg(open_gap(s, as_of::date) ORDER BY as_of), ARRAY[NULL, NULL, NULL, 0, 1, 2, 0, 1, 2], 'open_gap day by day, from before the period to its end')
FROM pg_temp.bought('{2026-03-12,2026-03-15}', '[2026-03-10,2026-03-18)') AS s, generate_series(timestamp '2026-03-09', '2026-03-17', '1 day') AS as_of;
SELECT is(array_agg(order_gap(s, as_of::date) ORDER BY as_of), ARRAY[NULL, NULL, NULL, NULL, NULL, NULL, 3, 3, 3]::numeric[], 'order_gap')
FROM pg_temp.bought('{2026-03-12,2026-03-15}', '[2026-03-10,2026-03-18)') AS s, generate_series(timestamp '2026-03-09', '2026-03-17', '1 day') AS as_of;
SELECT is(ARRAY[open_gap(s, '4714-11-24 BC'), order_gap(s, '4714-11-24 BC')], ARRAY[NULL, NULL]::numeric[], 'the first day there is')
FROM pg_temp.bought('{2026-03-12,2026-03-15}', '[2026-03-10,2026-03-18)') AS s;
SELECT is(ARRAY[order_gaps(s)::text, next_order(s)::text, open_gap(s, '5874897-12-30')::text], ARRAY['{9}', '5874897-12-30', '9'], 'the last days there are')
FROM pg_temp.bought('{5874897-12-12,5874897-12-21}', '[5874897-12-01,5874897-12-31)') AS s;
SELECT is(ARRAY[order_gaps(s)::text, next_order(s)::text, open_gap(s, '4714-12-02 BC')::text], ARRAY['{3}', '4714-11-30 BC', '5'], 'the first days there are')
FROM pg_temp.bought('{4714-11-24 BC,4714-11-27 BC}', '[4714-11-24 BC,4714-12-31 BC)') AS s;

-- Against lag() over random rows: a hundred customers with returns, ties, single orders, cut periods, NULLs

CREATE TABLE sales AS
SELECT i, noise % 100 AS customer, CASE WHEN noise / 100 % 97 = 0 THEN NULL ELSE date '2023-12-20' + (noise / 100 % (noise % 100 * 9 + 3))::integer END AS sold_on,
  CASE noise / 100000 % 9 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN -1e15 WHEN 3 THEN 1e15 ELSE ((noise / 100000 % 2000) - 600) / 8.0 END::numeric(20, 3) AS amount
FROM generate_series(1, 4000) AS i, LATERAL (SELECT hashint8extended(i, 3) & 9007199254740991 AS noise) AS n;
INSERT INTO sales SELECT i, 200 + i, date '2024-01-01' + i * 20, 5 FROM generate_series(1, 20) AS i;
INSERT INTO sales SELECT i, 300, date '2024-01-01' + i, 5 FROM generate_series(0, 730) AS i;
CREATE TABLE period AS SELECT * FROM (VALUES (1, daterange '[2023-12-01,2026-08-01)'), (2, '[2024-01-17,2025-03-06)'), (3, '[2024-03-01,2024-03-09)')) AS p (n, days);
CREATE TABLE series AS
SELECT n, days, grain, customer, sales_series(amount, sold_on, days, grain) AS s
FROM sales CROSS JOIN period CROSS JOIN (VALUES ('day'), ('month'), ('week'), ('year'), ('fiscal-quarter')) AS g (grain)
GROUP BY 1, 2, 3, 4;
CREATE TABLE moment AS SELECT n, lower(days) + (size * part)::integer AS as_of FROM period, LATERAL (SELECT upper(days) - lower(days) - 1 AS size) AS l, unnest(ARRAY[-0.1, 0, 0.2, 0.5, 0.77, 1]) AS part;

CREATE TABLE gap AS
SELECT n, as_of, customer, day, day - lag(day) OVER w AS gap, row_number() OVER w AS no
FROM moment JOIN period USING (n), LATERAL (SELECT DISTINCT customer, sold_on AS day FROM sales WHERE amount > 0 AND sold_on <@ days AND sold_on <= as_of) AS d
WINDOW w AS (PARTITION BY n, as_of, customer ORDER BY day);
CREATE TABLE plain AS
SELECT m.n, m.as_of, c.customer, coalesce(array_agg(gap ORDER BY day) FILTER (WHERE gap IS NOT NULL), '{}') AS gaps, (max(day) - min(day)) / nullif(count(day) - 1, 0)::numeric AS mean,
  m.as_of - max(day) AS open, max(day) + round((max(day) - min(day)) / nullif(count(day) - 1, 0)::numeric)::integer AS next,
  CASE WHEN count(gap) >= 3 THEN regr_slope(gap, no) END AS slope, CASE WHEN count(gap) >= 3 THEN regr_slope(gap, no) FILTER (WHERE recent <= 5) END AS slope_5
FROM moment AS m CROSS JOIN (SELECT DISTINCT customer FROM sales) AS c
LEFT JOIN (SELECT *, row_number() OVER (PARTITION BY n, as_of, customer ORDER BY day DESC) AS recent FROM gap) AS g USING (n, as_of, customer)
GROUP BY 1, 2, 3;

SELECT is(count(*) FILTER (WHERE order_gaps(s, as_of) IS DISTINCT FROM gaps), 0::bigint, 'order_gaps by ' || grain) FROM series JOIN plain USING (n, customer) GROUP BY grain;
SELECT is(count(*) FILTER (WHERE order_gap(s, as_of)::text IS DISTINCT FROM mean::text), 0::bigint, 'order_gap, to the last digit, by ' || grain) FROM series JOIN plain USING (n, customer) GROUP BY grain;
SELECT is(count(*) FILTER (WHERE open_gap(s, as_of) IS DISTINCT FROM open), 0::bigint, 'open_gap by ' || grain) FROM series JOIN plain USING (n, customer) GROUP BY grain;
SELECT is(count(*) FILTER (WHERE next_order(s, as_of) IS DISTINCT FROM next), 0::bigint, 'next_order by ' || grain) FROM series JOIN plain USING (n, customer) GROUP BY grain;
SELECT is(count(*) FILTER (WHERE (gap_trend(s, as_of) IS NULL) <> (slope IS NULL) OR abs(gap_trend(s, as_of) - slope) > 1e-9), 0::bigint, 'gap_trend by ' || grain) FROM series JOIN plain USING (n, customer) GROUP BY grain;
SELECT is(count(*) FILTER (WHERE (gap_trend(s, as_of, 5) IS NULL) <> (slope_5 IS NULL) OR abs(gap_trend(s, as_of, 5) - slope_5) > 1e-9), 0::bigint, 'gap_trend of the last five by ' || grain) FROM series JOIN plain USING (n, customer) GROUP BY grain;
SELECT is(count(*) FILTER (WHERE order_gaps(s) <> order_gaps(s, as_of) OR order_gap(s) IS DISTINCT FROM order_gap(s, as_of) OR next_order(s) IS DISTINCT FROM next_order(s, as_of) OR gap_trend(s) IS DISTINCT FROM gap_trend(s, as_of)), 0::bigint,
  'without as_of it is the last day of the series')
FROM series JOIN plain USING (n, customer) WHERE as_of = upper(days) - 1;
SELECT ok(count(*) FILTER (WHERE cardinality(gaps) = 0 AND open IS NOT NULL) > 20 AND count(*) FILTER (WHERE open IS NULL) > 20 AND count(*) FILTER (WHERE slope > 0) > 20 AND count(*) FILTER (WHERE slope < 0) > 20 AND count(*) FILTER (WHERE mean % 1 = 0.5) > 5, 'customers of all kinds') FROM plain;
SELECT is(count(*), 0::bigint, 'gaps add up to the time between the first and the last day, and make the mean')
FROM series WHERE (SELECT sum(g) FROM unnest(order_gaps(s)) AS g) IS DISTINCT FROM nullif(last_sale(s) - first_sale(s), 0) OR (SELECT avg(g)::text FROM unnest(order_gaps(s)) AS g) IS DISTINCT FROM order_gap(s)::text OR cardinality(order_gaps(s)) <> greatest(sale_days(s) - 1, 0);

SELECT is(count(*) FILTER (WHERE order_value(s)::text IS DISTINCT FROM value::text), 0::bigint, 'order_value')
FROM series LEFT JOIN (SELECT n, customer, sum(amount) / nullif(count(DISTINCT sold_on) FILTER (WHERE amount > 0), 0) AS value FROM sales JOIN period ON sold_on <@ days GROUP BY 1, 2) AS p USING (n, customer);
SELECT is(count(*) FILTER (WHERE order_value(s, part) IS DISTINCT FROM value), 0::bigint, 'order_value of a part, by ' || grain)
FROM series CROSS JOIN (VALUES ('day', daterange '[2024-02-03,2024-09-29)'), ('day', '[2024-02-29,2024-03-01)'), ('month', '[2024-02-01,2025-03-01)'), ('month', '[2024-01-17,2024-02-01)'), ('month', '[2025-03-01,2025-03-06)')) AS v (g, part),
  LATERAL (SELECT sum(amount) / nullif(count(DISTINCT sold_on) FILTER (WHERE amount > 0), 0) AS value FROM sales WHERE sales.customer = series.customer AND sold_on <@ part) AS p
WHERE n = 2 AND g = grain GROUP BY grain;

-- However the series was put together

SELECT is(count(*), 0::bigint, 'order of rows, parts merged, a slice')
FROM (SELECT customer, sales_series(amount, sold_on, days ORDER BY i) AS s, sales_series(amount, sold_on, days ORDER BY md5(i::text)) AS shuffled FROM sales JOIN period ON n = 1 GROUP BY customer) AS a
JOIN (SELECT customer, rollup(s) AS merged FROM (SELECT customer, sales_series(amount, sold_on, days) AS s FROM sales JOIN period ON n = 1 GROUP BY customer, i % 5) AS p GROUP BY customer) AS b USING (customer)
WHERE (order_gaps(s), next_order(s), order_value(s), gap_trend(s)) IS DISTINCT FROM (order_gaps(shuffled), next_order(shuffled), order_value(shuffled), gap_trend(shuffled))
  OR (order_gaps(s), next_order(s), order_value(s), gap_trend(s)) IS DISTINCT FROM (order_gaps(merged), next_order(merged), order_value(merged), gap_trend(merged))
  OR order_gaps(s, '2024-12-31') <> order_gaps(slice(s, '[2023-12-01,2025-01-01)'));
SELECT is(ARRAY[order_gaps(s)::text, order_value(s)::text], ARRAY['{1}', '2.0000000000000000'], 'a series that an aggregate has not finished')
FROM (SELECT sales_series_accumulate(sales_series_accumulate(NULL, 1, '2026-01-05', '[2026-01-01,2026-02-01)'), 3, '2026-01-06', '[2026-01-01,2026-02-01)') AS s) AS x;
SELECT is(ARRAY[cardinality(order_gaps(s)), order_gap(s), gap_trend(s)::numeric, gap_trend(s, '1999-12-31', 3)::numeric], ARRAY[36523, 1, 0, 0]::numeric[], 'every day of a hundred years')
FROM (SELECT sales_series(1, '1900-01-01'::date + i, '[1900-01-01,2000-01-01)', 'year') AS s FROM generate_series(0, 36523) AS i) AS x;

-- What is refused

SELECT is(pg_temp.error_of(replace(query, ':s', '(SELECT pg_temp.bought(''{2026-01-05,2026-01-25}'', ''[2026-01-01,2026-07-01)''))')), expected, query)
FROM (VALUES
  ('SELECT open_gap(:s, ''2026-07-01'')', '22023 | as_of 2026-07-01 is after the period [2026-01-01,2026-07-01) of the series | What was bought in the days between is not known: build the series of a period that has as_of in it.'),
  ('SELECT order_gap(:s, ''2030-07-01'')', '22023 | as_of 2030-07-01 is after the period [2026-01-01,2026-07-01) of the series | What was bought in the days between is not known: build the series of a period that has as_of in it.'),
  ('SELECT order_gaps(:s, ''infinity'')', '22023 | as_of must be a finite date, not infinity'),
  ('SELECT order_gap(:s, ''-infinity'')', '22023 | as_of must be a finite date, not -infinity'),
  ('SELECT open_gap(:s, ''-infinity'')', '22023 | as_of must be a finite date, not -infinity'),
  ('SELECT next_order(:s, ''infinity'')', '22023 | as_of must be a finite date, not infinity'),
  ('SELECT next_order(pg_temp.bought(''{5874897-12-12,5874897-12-22}'', ''[5874897-12-01,5874897-12-31)''))', '22023 | the order after 5874897-12-22 is later than any date'),
  ('SELECT gap_trend(:s, ''infinity'', 5)', '22023 | as_of must be a finite date, not infinity'),
  ('SELECT gap_trend(:s, ''2026-06-30'', 2)', '22023 | gaps must be a number of gaps, not 2 | From 3 to 36525 are allowed.'),
  ('SELECT gap_trend(:s, ''2026-06-30'', -2147483648)', '22023 | gaps must be a number of gaps, not -2147483648 | From 3 to 36525 are allowed.'),
  ('SELECT gap_trend(:s, ''2026-06-30'', 36526)', '22023 | gaps must be a number of gaps, not 36526 | From 3 to 36525 are allowed.'),
  ('SELECT order_value(:s, ''[2025-12-01,2026-02-01)'')', '22023 | range [2025-12-01,2026-02-01) is not inside the period [2026-01-01,2026-07-01) | Ask for a part of the period of the series.'),
  ('SELECT order_value(:s, ''[5874890-01-01,5874891-01-01)'')', '22023 | range [5874890-01-01,5874891-01-01) is not inside the period [2026-01-01,2026-07-01) | Ask for a part of the period of the series.'),
  ('SELECT order_value(:s, ''[4714-11-24 BC,4700-01-01 BC)'')', '22023 | range [4714-11-24 BC,4700-01-01 BC) is not inside the period [2026-01-01,2026-07-01) | Ask for a part of the period of the series.'),
  ('SELECT order_value(:s, ''[2026-01-01,2026-01-15)'')', '22023 | range [2026-01-01,2026-01-15) would cut a bucket of grain "month" | Begin and end the range where buckets do, or build the series with a finer grain.'),
  ('SELECT order_value(:s, ''empty'')', '22023 | part must not be an empty range | A period has at least one day, like [2026-01-01,2027-01-01).')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
