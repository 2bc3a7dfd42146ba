-- Gaps and signs of churn on real sales: every figure of every customer against plain SQL.
--
-- The data are UCI Online Retail ($KAM_DATA/online_retail/online_retail.csv.gz), many orders of 4,372 customers
-- in a year, with returns, and CDNOW ($KAM_DATA/cdnow), a few of 23,570 in one and a half, with the published
-- recency and frequency of a tenth of them.

\set QUIET 1
\set readable `[ -r "$KAM_DATA/online_retail/online_retail.csv.gz" ] && [ -r "$KAM_DATA/cdnow/CDNOW_master.txt.gz" ] && [ -r "$KAM_DATA/cdnow/cdnow_customers_summary.csv" ] && command -v gzip >/dev/null && echo yes || echo no`
\if :readable
\else
  \echo 1..0 # SKIP KAM_DATA names no directory that has online_retail and cdnow
  \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL work_mem = '64MB';
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(90);

\ir ../helpers/online_retail.sql
\ir ../helpers/cdnow.sql

CREATE TEMP TABLE data AS
SELECT 'retail' AS source, customer_id AS customer, invoiced_at::date AS sold_on, quantity * price AS amount FROM line WHERE customer_id IS NOT NULL UNION ALL
SELECT 'cdnow', customer, bought_on, amount FROM purchase;
SELECT results_eq('SELECT source, count(*), count(DISTINCT customer) FROM data GROUP BY 1 ORDER BY 1', $$VALUES ('cdnow', 69659::bigint, 23570::bigint), ('retail', 406829, 4372)$$, 'all rows and customers are there');

-- Gaps: at the end, and on earlier days

CREATE TEMP TABLE moment AS
SELECT * FROM (VALUES ('retail', daterange '[2010-12-01,2011-12-10)', date '2011-12-09'), ('retail', '[2010-12-01,2011-12-10)', '2011-06-30'), ('retail', '[2010-12-01,2011-12-10)', '2010-12-13'),
  ('cdnow', '[1997-01-01,1998-07-01)', '1998-06-30'), ('cdnow', '[1997-01-01,1998-07-01)', '1997-09-30')) AS m (source, days, as_of);
CREATE TEMP TABLE series AS
SELECT source, customer, days, sales_series(amount, sold_on, days) AS s
FROM data JOIN (SELECT DISTINCT source, days FROM moment) AS m USING (source) GROUP BY 1, 2, 3;

CREATE TEMP TABLE expected AS
SELECT source, as_of, customer, array_agg(gap ORDER BY day) FILTER (WHERE gap IS NOT NULL) AS gaps, avg(gap) AS mean, as_of - max(day) AS open, max(day) + round(avg(gap))::integer AS next,
  CASE WHEN count(gap) >= 3 THEN regr_slope(gap, no) END AS slope, CASE WHEN count(gap) >= 3 THEN regr_slope(gap, no) FILTER (WHERE recent <= 6) END AS slope_6
FROM (SELECT *, day - lag(day) OVER w AS gap, row_number() OVER w AS no, row_number() OVER (PARTITION BY source, as_of, customer ORDER BY day DESC) AS recent
      FROM (SELECT DISTINCT source, as_of, customer, sold_on AS day FROM data JOIN moment USING (source) WHERE amount > 0 AND sold_on <= as_of) AS d
      WINDOW w AS (PARTITION BY source, as_of, customer ORDER BY day)) AS g
GROUP BY 1, 2, 3;
CREATE TEMP TABLE gap AS
SELECT source, as_of, s, order_gaps(s, as_of) AS kam_gaps, order_gap(s, as_of) AS kam_mean, open_gap(s, as_of) AS kam_open, next_order(s, as_of) AS kam_next, gap_trend(s, as_of) AS kam_slope, gap_trend(s, as_of, 6) AS kam_slope_6, expected.*
FROM series JOIN moment USING (source, days) LEFT JOIN (SELECT source AS s1, as_of AS a1, customer AS c1, gaps, mean, open, next, slope, slope_6 FROM expected) AS expected ON (s1, a1, c1) = (source, as_of, customer);

SELECT is(ARRAY[count(*) FILTER (WHERE kam_gaps <> coalesce(gaps, '{}')), count(*) FILTER (WHERE kam_mean::text IS DISTINCT FROM mean::text), count(*) FILTER (WHERE kam_open IS DISTINCT FROM open), count(*) FILTER (WHERE kam_next IS DISTINCT FROM next),
  count(*) FILTER (WHERE (kam_slope IS NULL) <> (slope IS NULL) OR abs(kam_slope - slope) > 1e-9 * (1 + abs(slope))), count(*) FILTER (WHERE (kam_slope_6 IS NULL) <> (slope_6 IS NULL) OR abs(kam_slope_6 - slope_6) > 1e-9 * (1 + abs(slope_6)))],
  ARRAY[0, 0, 0, 0, 0, 0]::bigint[], format('order_gaps, order_gap, open_gap, next_order and gap_trend of %s customers of %s at %s', count(*), source, as_of))
FROM gap GROUP BY source, as_of ORDER BY source, as_of;
SELECT ok(count(*) FILTER (WHERE cardinality(gaps) > 50) > 5 AND count(*) FILTER (WHERE gaps IS NULL AND open IS NOT NULL) > 1000 AND count(*) FILTER (WHERE slope > 0) > 500 AND count(*) FILTER (WHERE slope < 0) > 500, 'with many orders and with one, with growing gaps and shrinking ones') FROM gap;
SELECT is(count(*) FILTER (WHERE order_value(s)::text IS DISTINCT FROM value::text), 0::bigint, 'order_value of ' || source)
FROM series JOIN (SELECT source, customer, sum(amount) / nullif(count(DISTINCT sold_on) FILTER (WHERE amount > 0), 0) AS value FROM data GROUP BY 1, 2) AS v USING (source, customer) GROUP BY source ORDER BY source;

-- The published figures: repeat days, and weeks from the first purchase to the last and to 30 September 1997

CREATE TEMP TABLE published (id integer, frequency integer, recency numeric, age numeric);
\copy published FROM PROGRAM 'cat "$KAM_DATA/cdnow/cdnow_customers_summary.csv"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE sample_line (line text);
\copy sample_line FROM PROGRAM 'cat "$KAM_DATA/cdnow/CDNOW_sample.txt" | tr -d "\015"'
SELECT is(ARRAY[count(*), count(*) FILTER (WHERE cardinality(order_gaps(s, '1997-09-30')) = frequency AND round(order_gap(s, '1997-09-30') * frequency / 7, 2) IS NOT DISTINCT FROM nullif(recency, 0) AND round((recency * 7 + open_gap(s, '1997-09-30')) / 7, 2) BETWEEN age - 0.01 AND age + 0.01)],
  ARRAY[2357, 2357]::bigint[], 'mean gap and open gap of 2,357 customers are those of the published recency, frequency and age')
FROM published JOIN (
  SELECT field[2]::integer AS id, sales_series(field[4]::numeric, field[3]::date, '[1997-01-01,1998-07-01)') AS s
  FROM sample_line, LATERAL regexp_split_to_array(btrim(line), ' +') AS field GROUP BY 1) AS c USING (id);

-- The signs, in every column

CREATE TEMP TABLE sale (customer integer, sold_on date, amount numeric);
CREATE TEMP TABLE setting (n integer, days daterange, as_of date, k numeric, recent integer, base integer, tolerance numeric, compare text);
\ir ../helpers/churn_plain.sql
CREATE TEMP TABLE plain (source text, LIKE churn_plain);
CREATE TEMP TABLE settings AS
SELECT * FROM (VALUES
  ('cdnow', 1, daterange '[1997-01-01,1998-07-01)', date '1998-06-30', 2::numeric, 3, 12, 0::numeric, 'preceding'), ('cdnow', 2, '[1997-01-01,1998-07-01)', '1998-04-10', 1.5, 3, 6, 0.1, 'preceding'), ('cdnow', 3, '[1997-01-01,1998-07-01)', '1998-06-30', 3, 3, 12, 0, 'season'),
  ('retail', 1, '[2010-12-01,2012-01-01)', '2011-12-09', 2, 3, 9, 0, 'preceding'), ('retail', 2, '[2010-12-01,2012-01-01)', '2011-08-31', 1.5, 2, 4, 0.2, 'preceding'), ('retail', 3, '[2010-12-01,2012-01-01)', '2011-12-31', 2, 1, 1, 0.05, 'season')
) AS s (source, n, days, as_of, k, recent, base, tolerance, compare);

INSERT INTO setting SELECT n, days, as_of, k, recent, base, tolerance, compare FROM settings WHERE source = 'cdnow';
-- what was bought on a day, and what came back: that is all that the signs are made of
INSERT INTO sale SELECT customer, sold_on, sum(amount) FROM data WHERE source = 'cdnow' GROUP BY customer, sold_on, sign(amount);
ANALYZE sale, setting;
INSERT INTO plain SELECT 'cdnow', * FROM churn_plain;
TRUNCATE sale, setting;
INSERT INTO setting SELECT n, days, as_of, k, recent, base, tolerance, compare FROM settings WHERE source = 'retail';
INSERT INTO sale SELECT customer, sold_on, sum(amount) FROM data WHERE source = 'retail' GROUP BY customer, sold_on, sign(amount);
ANALYZE sale, setting;
INSERT INTO plain SELECT 'retail', * FROM churn_plain;

CREATE TEMP TABLE kam AS
SELECT source, n, customer, c.*
FROM (SELECT source, days, customer, sales_series(amount, sold_on, days) AS s FROM data JOIN (SELECT DISTINCT source, days FROM settings) AS d USING (source) GROUP BY 1, 2, 3) AS x
JOIN settings USING (source, days) CROSS JOIN LATERAL churn_signs(s, as_of, k, recent, base, tolerance, compare) AS c;

SELECT results_eq('SELECT source, n, count(*) FROM kam JOIN plain USING (source, n, customer) GROUP BY 1, 2 ORDER BY 1, 2',
  $$VALUES ('cdnow', 1, 23570::bigint), ('cdnow', 2, 23570), ('cdnow', 3, 23570), ('retail', 1, 4372), ('retail', 2, 4372), ('retail', 3, 4372)$$, 'each customer is compared');
CREATE TEMP TABLE differing AS
SELECT source, n, to_jsonb(kam) AS one, to_jsonb(plain) AS other FROM kam JOIN plain USING (source, n, customer) WHERE ROW(kam.*) IS DISTINCT FROM ROW(plain.*);
SELECT is(count(*) FILTER (WHERE one -> name IS DISTINCT FROM other -> name), 0::bigint, format('%s of %s, setting %s', name, source, n))
FROM settings CROSS JOIN (SELECT attname AS name, attnum FROM pg_attribute WHERE attrelid = (SELECT typrelid FROM pg_type WHERE oid = 'churn_result'::regtype) AND attnum > 0) AS columns
LEFT JOIN differing USING (source, n)
GROUP BY source, n, name, attnum ORDER BY source, n, attnum;
SELECT is(count(DISTINCT (shrinking, falling, widening)), 17::bigint, 'signs in all the combinations that there can be') FROM plain;

SELECT * FROM finish();
ROLLBACK;
