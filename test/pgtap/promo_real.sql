-- Promotions of a real chain and discounts of a real manufacturer: uplift, depth, evenness and spend against plain
-- SQL, and against totals that were worked out apart from the database.
--
-- The data are 84.51°'s Complete Journey in $KAM_DATA/completejourney, a sample of 75,000 lines of the year 2017 and
-- of what two of the stores displayed or mailed by week, and Microsoft's AdventureWorksDW in
-- $KAM_DATA/adventureworks_dw, 60,855 lines to resellers with the discount of each.

\set QUIET 1
\set readable `[ -r "$KAM_DATA/completejourney/transactions_sample.csv.gz" ] && [ -r "$KAM_DATA/completejourney/promotions_sample.csv.gz" ] && [ -r "$KAM_DATA/adventureworks_dw/fact_reseller_sales.csv.gz" ] && command -v gzip >/dev/null && echo yes || echo no`
\if :readable
\else
  \echo 1..0 # SKIP KAM_DATA names no directory that has completejourney/transactions_sample.csv.gz and its kin
  \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

CREATE TEMP TABLE sale_line (household text, store text, basket text, product text, quantity integer, amount numeric, retail_discount numeric, coupon numeric, matched numeric, week integer, sold_at timestamp);
\copy sale_line FROM PROGRAM 'gzip -dc "$KAM_DATA/completejourney/transactions_sample.csv.gz"' WITH (FORMAT csv, HEADER)

CREATE TEMP TABLE promotion (product text, store text, display text, mailer text, week integer);
\copy promotion FROM PROGRAM 'gzip -dc "$KAM_DATA/completejourney/promotions_sample.csv.gz"' WITH (FORMAT csv, HEADER)

-- weeks are numbered; each begins on a Monday, the first one before the year
CREATE TEMP TABLE sale AS SELECT *, date '2016-12-26' + 7 * (week - 1) AS week_start, amount + retail_discount + matched AS listed FROM sale_line;
CREATE TEMP TABLE promoted AS SELECT DISTINCT product, week, daterange(date '2016-12-26' + 7 * (week - 1), date '2016-12-26' + 7 * week) AS days FROM promotion;
ANALYZE sale;
ANALYZE promoted;

SELECT is((SELECT count(*) FROM sale_line), 75000::bigint, 'the sales are there');
SELECT is((SELECT count(*) FROM promotion), 360535::bigint, 'and the promotions');
SELECT is((SELECT round(sum(amount), 2) FROM sale), 233935.24, 'sales come to 233,935.24');

-- Depth: what was paid below the list price, line by line and in all

SELECT is((SELECT count(*) FROM sale WHERE price_depth(amount, listed) IS DISTINCT FROM CASE WHEN listed > 0 THEN (listed - amount) / listed END), 0::bigint, 'price_depth of each line');
SELECT is((SELECT round(price_depth(sum(amount), sum(listed)), 12) FROM sale), 0.147336593669, 'in all, 14.7 % below the list');
SELECT is((SELECT ARRAY[count(*), round(sum(amount), 2)] FROM sale WHERE price_depth(amount, listed) >= 0.20), ARRAY[23175, 57066.40], '23,175 lines were sold a fifth or more below it');
SELECT is((SELECT round(sum(amount) FILTER (WHERE price_depth(amount, listed) >= 0.20) / sum(amount), 12) FROM sale), 0.243941015471, 'the share on low-price promotion is 24.4 %');

-- Uplift: products that are sold in nearly every week, in the weeks with a promotion over the four last weeks without

CREATE TEMP TABLE product AS
SELECT product, s, weeks
FROM (SELECT product, sales_series(quantity, week_start, '[2016-12-26,2018-01-01)', 'week') AS s FROM sale GROUP BY product) AS x
JOIN (SELECT product, array_agg(days) AS weeks FROM promoted GROUP BY product) AS p USING (product)
WHERE active_buckets(s) >= 40 AND total(s) < 1000 AND cardinality(weeks) BETWEEN 5 AND 40;
SELECT is((SELECT count(*) FROM product), 33::bigint, '33 products');
SELECT is((SELECT DISTINCT cardinality(totals(s)) FROM product), 53, 'of 53 weeks');

CREATE TEMP TABLE uplift AS
SELECT product, p.bucket, p.total, baseline, weeks_before, promo_uplift(p.total, CASE WHEN weeks_before = 4 THEN baseline END) AS uplift
FROM product CROSS JOIN LATERAL buckets(s) AS p
CROSS JOIN LATERAL (SELECT avg(total) AS baseline, count(*) AS weeks_before
  FROM (SELECT total FROM buckets(s) AS b WHERE b.bucket << p.bucket AND b.bucket <> ALL (weeks) ORDER BY b.bucket DESC LIMIT 4) AS x) AS b
WHERE p.bucket = ANY (weeks);
SELECT is((SELECT ARRAY[count(uplift), count(*) - count(uplift), count(*) FILTER (WHERE uplift > 0)] FROM uplift), ARRAY[606, 68, 402]::bigint[], 'promotions with a baseline, without one, and those that sold more');
SELECT is((SELECT ARRAY[round(avg(uplift), 10), round((percentile_cont(0.5) WITHIN GROUP (ORDER BY uplift))::numeric, 10)] FROM uplift), ARRAY[1.4731074393, 0.6], 'mean and median uplift');

CREATE TEMP TABLE week AS
SELECT product, w AS week, coalesce(sum(quantity), 0) AS quantity, EXISTS (SELECT FROM promoted AS p WHERE p.product = q.product AND p.week = w) AS on_promotion
FROM (SELECT product FROM product) AS q CROSS JOIN generate_series(1, 53) AS w LEFT JOIN (SELECT product, week AS w, quantity FROM sale) AS s USING (product, w)
GROUP BY product, w;
SELECT is_empty($$
  SELECT product, bucket, uplift, plain FROM uplift FULL JOIN (
    SELECT p.product, daterange(date '2016-12-26' + 7 * (p.week - 1), date '2016-12-26' + 7 * p.week) AS bucket,
      (SELECT CASE WHEN count(*) = 4 AND sum(quantity) > 0 THEN (p.quantity - avg(quantity)) / avg(quantity) END
       FROM (SELECT quantity FROM week AS b WHERE b.product = p.product AND b.week < p.week AND NOT on_promotion ORDER BY b.week DESC LIMIT 4) AS x) AS plain
    FROM week AS p WHERE on_promotion) AS y USING (product, bucket)
  WHERE uplift IS DISTINCT FROM plain $$, 'uplift as in plain SQL');

-- Evenness of the larger stores inside each month

CREATE TEMP TABLE store AS
SELECT store, sales_series(amount, sold_at::date, '[2017-01-01,2018-01-01)', 'month-week') AS s FROM sale GROUP BY store HAVING count(*) > 500;
CREATE TEMP TABLE store_month AS
SELECT store, b.bucket AS month, evenness(slice(s, b.bucket)) AS evenness, evenness(slice(s, b.bucket), 'weekend none') AS by_days, last_share(slice(s, b.bucket)) AS last
FROM store CROSS JOIN LATERAL buckets(regrain(s, 'month')) AS b;
CREATE TEMP TABLE plain_month AS
SELECT store, month, sum(abs(amount / nullif(total, 0) - 0.25)) AS off, sum(abs(amount / nullif(total, 0) - days::numeric / month_days)) AS off_by_days, min(days::numeric / month_days) AS least, sum(amount) FILTER (WHERE w = 3) / nullif(min(total), 0) AS last
FROM (
  SELECT store, month, w, amount, sum(amount) OVER (PARTITION BY store, month) AS total, days, sum(days) OVER (PARTITION BY store, month) AS month_days
  FROM (SELECT store, m::date AS month, w, coalesce(sum(amount), 0) AS amount, CASE WHEN w < 3 THEN 7 ELSE (m + interval '1 month')::date - m::date - 21 END AS days
    FROM (SELECT store FROM store) AS q CROSS JOIN generate_series(timestamp '2017-01-01', '2017-12-01', '1 month') AS m CROSS JOIN generate_series(0, 3) AS w
    LEFT JOIN (SELECT store, date_trunc('month', sold_at) AS m, least((extract(day FROM sold_at)::integer - 1) / 7, 3) AS w, amount FROM sale) AS s USING (store, m, w)
    GROUP BY store, m, w) AS x) AS y
GROUP BY store, month;
SELECT cmp_ok((SELECT count(evenness) FROM store_month), '>', 300::bigint, 'evenness of many months');
SELECT is_empty($$ SELECT * FROM store_month AS k FULL JOIN plain_month AS p ON p.store = k.store AND p.month = lower(k.month)
  WHERE round(k.evenness, 12) IS DISTINCT FROM round(1 - off / 1.5, 12) OR round(k.by_days, 12) IS DISTINCT FROM round(1 - off_by_days / (2 * (1 - least)), 12) OR round(k.last, 12) IS DISTINCT FROM round(p.last, 12) $$, 'as in plain SQL');

-- Discounts to resellers: the depth of each line is the discount that it was given

CREATE TEMP TABLE reseller_line (
  product integer, order_date_key integer, reseller integer, person integer, promotion integer, currency integer, territory integer,
  order_no text, line_no integer, quantity integer, unit_price numeric, gross numeric, discount_share numeric, discount numeric,
  unit_cost numeric, cost numeric, amount numeric, tax numeric, freight numeric, customer_order text, sold_on date, due_on date, shipped_on date);
\copy reseller_line FROM PROGRAM 'gzip -dc "$KAM_DATA/adventureworks_dw/fact_reseller_sales.csv.gz"' WITH (FORMAT csv, HEADER)

SELECT is((SELECT count(*) FROM reseller_line WHERE abs(price_depth(amount, gross) - discount_share) <= 0.00005), 60855::bigint, 'price_depth is the discount of each of 60,855 lines');
SELECT results_eq('SELECT round(price_depth(amount, gross), 2), count(*) FROM reseller_line WHERE discount_share > 0 GROUP BY 1 ORDER BY 1',
  $$ VALUES (0.02, 1310::bigint), (0.05, 606), (0.10, 178), (0.15, 590), (0.20, 231), (0.30, 61), (0.35, 137), (0.40, 169) $$, 'how often each was given');

-- and is money spent on them: 2013 beside 2012
CREATE TEMP TABLE reseller AS
SELECT reseller, coalesce(sum(quantity) FILTER (WHERE sold_on < '2013-01-01'), 0) AS v1, coalesce(sum(discount) FILTER (WHERE sold_on < '2013-01-01'), 0) AS s1,
  coalesce(sum(quantity) FILTER (WHERE sold_on >= '2013-01-01'), 0) AS v2, coalesce(sum(discount) FILTER (WHERE sold_on >= '2013-01-01'), 0) AS s2, sum(amount - cost) AS margin, sum(discount) AS spend
FROM reseller_line WHERE sold_on >= '2012-01-01' GROUP BY reseller;
SELECT is_empty($$ SELECT * FROM reseller, spend_change(v1, s1, v2, s2) AS c
  WHERE c.efficiency_before IS DISTINCT FROM v1 / nullif(s1, 0) OR c.efficiency_now IS DISTINCT FROM v2 / nullif(s2, 0) OR c.cost_before IS DISTINCT FROM s1 / nullif(v1, 0) OR c.cost_now IS DISTINCT FROM s2 / nullif(v2, 0)
    OR c.efficiency_change IS DISTINCT FROM CASE WHEN v1 > 0 AND s1 > 0 AND s2 > 0 THEN (v2 * s1 - v1 * s2) / (v1 * s2) END OR c.incremental IS DISTINCT FROM (v2 - v1) / nullif(s2 - s1, 0) $$, 'spend_change of each reseller');
SELECT is((SELECT sum(n) FROM (SELECT count(*) AS n FROM reseller, spend_change(v1, s1, v2, s2) AS c WHERE c.quadrant IN ('expanded', 'improved', 'reduced', 'wasted', 'unchanged') GROUP BY c.quadrant) AS x), (SELECT count(*)::numeric FROM reseller), 'each has its quadrant');
SELECT is_empty($$ SELECT * FROM reseller WHERE trade_roi(margin, spend) IS DISTINCT FROM (margin - spend) / nullif(spend, 0) $$, 'trade_roi of each');

SELECT * FROM finish();
ROLLBACK;
