-- RFM on real sales: every customer against plain SQL, and what the R package rfm publishes of its data.
--
-- rfm_pkg/rfm_data_orders.csv has 4,906 orders of 995 customers, rfm_data_customer.csv.gz 39,999
-- customers, online_retail/online_retail.csv.gz the lines of UCI Online Retail.

\set QUIET 1
\set readable `cd "$KAM_DATA" 2>/dev/null && [ -r rfm_pkg/rfm_data_orders.csv ] && [ -r rfm_pkg/rfm_data_customer.csv.gz ] && [ -r online_retail/online_retail.csv.gz ] && command -v gzip >/dev/null && echo yes || echo no`
\if :readable
\else
  \echo 1..0 # SKIP KAM_DATA names no directory that has rfm_pkg and online_retail
  \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL work_mem = '64MB';
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/online_retail.sql
CREATE TEMP TABLE orders (customer_id text, order_date date, revenue numeric);
\copy orders FROM PROGRAM 'cat "$KAM_DATA/rfm_pkg/rfm_data_orders.csv"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE summary (customer_id text, revenue numeric, most_recent_visit date, number_of_orders integer, recency_days integer);
\copy summary FROM PROGRAM 'gzip -dc "$KAM_DATA/rfm_pkg/rfm_data_customer.csv.gz"' WITH (FORMAT csv, HEADER)

CREATE TEMP TABLE customer AS
SELECT 'orders' AS source, customer_id AS id, date '2006-12-31' - max(order_date) AS recency, count(*) AS frequency, sum(revenue) AS monetary FROM orders GROUP BY customer_id
UNION ALL
SELECT 'summary', customer_id, recency_days, number_of_orders, revenue FROM summary
UNION ALL
SELECT 'online retail', customer_id::text, date '2011-12-10' - last_sale(s), sale_days(s), total(s)
FROM (SELECT customer_id, sales_series(amount, sold_on, '[2010-12-01,2011-12-10)') AS s FROM kam_online_retail.sale GROUP BY customer_id) AS x
UNION ALL
SELECT 'online retail of ' || country, customer_id::text, date '2011-12-10' - max(sold_on) FILTER (WHERE amount > 0), count(DISTINCT sold_on) FILTER (WHERE amount > 0), sum(amount)
FROM kam_online_retail.sale GROUP BY country, customer_id;
ANALYZE customer;

SELECT results_eq($$SELECT count(*), sum(frequency) FROM customer WHERE source = 'orders'$$, 'VALUES (995::bigint, 4906::numeric)', 'orders: all customers and orders');
SELECT results_eq($$SELECT count(*), sum(frequency) FROM customer WHERE source = 'summary'$$, 'VALUES (39999::bigint, 393223::numeric)', 'summary: all customers and orders');
SELECT results_eq($$SELECT count(*), count(recency) FROM customer WHERE source = 'online retail'$$, 'VALUES (4372::bigint, 4338::bigint)', 'Online Retail: all customers, some of whom only returned');

-- The published scores, segments and totals of the package

CREATE TEMP TABLE scored AS
SELECT *, rfm_score(recency, frequency, monetary, 5, 'quantile') OVER () AS s FROM customer WHERE source = 'orders';

SELECT is(format('%s/%s/%s: %s, %s', recency, frequency, monetary, (s).score, rfm_segment(s)), published, id)
FROM scored JOIN (VALUES
  ('Abbey O''Reilly', '205/6/472: 343, Potential Loyalist'), ('Add Senger', '140/3/340: 412, New Customers'), ('Aden Lesch', '194/4/405: 323, Loyal Customers'),
  ('Aden Murphy', '98/7/596: 544, Potential Loyalist'), ('Admiral Senger', '132/5/448: 433, Potential Loyalist'), ('Agness O''Keefe', '90/9/843: 555, Champions'),
  ('Aileen Barton', '84/9/763: 555, Champions'), ('Ailene Hermann', '281/8/699: 355, Potential Loyalist'), ('Aiyanna Bruen', '246/4/157: 321, About To Sleep'),
  ('Akeelah Walsh', '160/7/779: 445, Potential Loyalist')) AS p (id, published) USING (id);
SELECT is(count(*), 10::bigint, 'ten customers are published') FROM scored WHERE id <= 'Akeelah Walsh' COLLATE "C";

SELECT set_eq($$SELECT rfm_segment(s), count(*) AS customers, sum(frequency) AS orders, sum(monetary) AS revenue FROM scored GROUP BY 1$$,
  $$VALUES ('About To Sleep', 102::bigint, 283::numeric, 23449::numeric), ('At Risk', 28, 216, 22227), ('Can''t Lose Them', 47, 274, 32446), ('Champions', 35, 316, 31646), ('Lost', 148, 393, 35324),
    ('Loyal Customers', 170, 799, 76562), ('Need Attention', 10, 57, 4562), ('New Customers', 104, 329, 28837), ('Potential Loyalist', 342, 2211, 204856), ('Promising', 9, 28, 4249)$$,
  'customers, orders and revenue of the ten segments');

-- the segments that the package's own tests use
CREATE TEMP TABLE own (no integer, rule rfm_segment_rule);
INSERT INTO own VALUES
  (1, '(Champions,4,5,4,5,4,5)'), (2, '(Loyal Customers,2,5,3,5,3,5)'), (3, '(Potential Loyalist,3,5,1,3,1,3)'), (4, '(New Customers,4,5,1,1,1,1)'), (5, '(Promising,3,4,1,1,1,1)'),
  (6, '(Need Attention,2,3,2,3,2,3)'), (7, '(About To Sleep,2,3,1,2,1,2)'), (8, '(At Risk,1,2,2,5,2,5)'), (9, '(Can''t Lose Them,1,1,4,5,4,5)'), (10, '(Lost,1,2,1,2,1,2)');
SELECT results_eq($$SELECT count(*), sum(frequency), sum(monetary) FROM scored WHERE rfm_segment(s, (SELECT array_agg(rule ORDER BY no) FROM own)) = 'Champions'$$,
  'VALUES (158::bigint, 1234::numeric, 120178::numeric)', 'Champions by the segments of its tests');
SELECT is_empty($$
  SELECT id, s FROM scored WHERE rfm_segment(s, (SELECT array_agg(rule ORDER BY no) FROM own)) IS DISTINCT FROM coalesce((
    SELECT (rule).segment FROM own WHERE (s).recency BETWEEN (rule).recency_from AND (rule).recency_to AND (s).frequency BETWEEN (rule).frequency_from AND (rule).frequency_to
      AND (s).monetary BETWEEN (rule).monetary_from AND (rule).monetary_to ORDER BY no LIMIT 1), 'Others')$$, 'and all others');

-- the cut points that the package's tests give, which are its quantiles without their fractions
SELECT results_eq($$SELECT id, rfm_score(recency, frequency, monetary, '{115,181,297,482}', '{4,5,6,8}', '{256,382,506,666}') FROM scored ORDER BY id$$,
  $$SELECT id, (5 - r, 1 + f, 1 + m, 100 * (5 - r) + 10 * (1 + f) + 1 + m)::rfm_result FROM (
      SELECT id, width_bucket(recency, '{115,181,297,482}'::integer[]) AS r, width_bucket(frequency, '{4,5,6,8}'::bigint[]) AS f, width_bucket(monetary, '{256,382,506,666}'::numeric[]) AS m FROM scored) AS x ORDER BY id$$,
  'given cut points');

-- Every customer of all sources, by both rules, against plain SQL. percentile_cont counts in floating point,
-- so that a quantile of 42 may come out as 42.000000000000007.

SELECT is_empty(format($$
  WITH cut AS (
    SELECT source, percentile_cont(at) WITHIN GROUP (ORDER BY recency) AS r, percentile_cont(at) WITHIN GROUP (ORDER BY frequency) AS f, percentile_cont(at) WITHIN GROUP (ORDER BY monetary) AS m
    FROM customer, (SELECT array_agg(i / %1$s.0::float8 ORDER BY i) AS at FROM generate_series(1, %1$s - 1) AS i) AS x WHERE recency IS NOT NULL AND frequency IS NOT NULL GROUP BY source, at),
  expected AS (
    SELECT source, id, recency, frequency, monetary,
      CASE WHEN recency IS NOT NULL AND frequency IS NOT NULL THEN (SELECT %1$s - count(*) FROM unnest(r) AS q WHERE recency >= round(q::numeric, 6) + 1) END AS r,
      (SELECT 1 + count(*) FROM unnest(f) AS q WHERE frequency >= round(q::numeric, 6) + 1) AS f, (SELECT 1 + count(*) FROM unnest(m) AS q WHERE monetary >= round(q::numeric, 6) + 1) AS m
    FROM customer LEFT JOIN cut USING (source))
  SELECT * FROM expected JOIN (SELECT source, id, rfm_score(recency, frequency, monetary, %1$s, 'quantile') OVER (PARTITION BY source) AS s FROM customer) AS kam USING (source, id)
  WHERE (s).score IS DISTINCT FROM 100 * r + 10 * f + m OR (s IS NULL) <> (r IS NULL) $$, bins), bins || ' bins by quantile')
FROM unnest('{2,4,5,9}'::integer[]) AS bins;

SELECT is_empty(format($$
  WITH expected AS (
    SELECT source, id, 1 + %1$s * (rank() OVER (PARTITION BY source ORDER BY recency DESC) - 1) / n AS r, 1 + %1$s * (rank() OVER (PARTITION BY source ORDER BY frequency) - 1) / n AS f,
      CASE WHEN monetary > 0 THEN 1 + %1$s * (rank() OVER (PARTITION BY source ORDER BY monetary) - 1) / n ELSE 1 END AS m
    FROM customer JOIN (SELECT source, count(recency) AS n FROM customer GROUP BY source) AS c USING (source) WHERE recency IS NOT NULL)
  SELECT * FROM (SELECT source, id, recency, frequency, monetary, rfm_score(recency, frequency, monetary, %1$s) OVER (PARTITION BY source) AS s FROM customer) AS kam LEFT JOIN expected USING (source, id)
  WHERE ((s).recency, (s).frequency, (s).monetary, (s).score) IS DISTINCT FROM (r, f, m, 100 * r + 10 * f + m) AND (s IS NOT NULL OR r IS NOT NULL) $$, bins), bins || ' bins by rank')
FROM unnest('{2,4,5,9}'::integer[]) AS bins;

SELECT set_eq($$SELECT DISTINCT (rfm_score(recency, frequency, monetary) OVER ()).monetary FROM customer WHERE source = 'online retail'$$, '{1,2,3,4,5,NULL}'::integer[], 'all scores are there');
SELECT is(count(*), 0::bigint, 'equal customers have one score') FROM (
  SELECT source FROM (SELECT *, rfm_score(recency, frequency, monetary) OVER (PARTITION BY source) AS s FROM customer) AS x WHERE recency IS NOT NULL
  GROUP BY source, recency, frequency, monetary HAVING count(DISTINCT s) > 1) AS y;

-- ABCDE on the same customers: what they bring is their amount, what they could bring their orders

SELECT is_empty($$
  SELECT source, id, monetary, frequency, class, expected FROM (
    SELECT *, abcde_class(monetary, frequency) OVER p AS class,
      CASE WHEN monetary IS NULL THEN NULL WHEN monetary < 0 THEN 'E' ELSE
        translate(abc_class(monetary, '{0.80}') OVER p || abc_class(frequency, '{0.80}') OVER p, 'AB', '10') END AS expected
    FROM customer WINDOW p AS (PARTITION BY source)) AS x
  WHERE class IS DISTINCT FROM CASE expected WHEN 'E' THEN 'E' WHEN '11' THEN 'A' WHEN '10' THEN 'B' WHEN '01' THEN 'C' WHEN '00' THEN 'D' END AND NOT (expected IS NULL AND monetary IS NOT NULL)$$,
  'abcde_class of every customer');
SELECT set_eq($$SELECT DISTINCT abcde_class(monetary, frequency) OVER (PARTITION BY source) FROM customer$$, '{A,B,C,D,E}'::text[], 'all five classes are there');

SELECT * FROM finish();
ROLLBACK;
