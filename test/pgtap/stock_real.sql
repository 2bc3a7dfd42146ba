-- Three years of a real warehouse: cover, states and the way of a balance, against plain SQL and against totals that
-- were worked out apart from the database.
--
-- The data are Microsoft's AdventureWorksDW in $KAM_DATA/adventureworks_dw: what 606 products had, got and gave on
-- each of 776,286 days (fact_product_inventory.csv.gz).

\set QUIET 1
\set readable `[ -r "$KAM_DATA/adventureworks_dw/fact_product_inventory.csv.gz" ] && command -v gzip >/dev/null && echo yes || echo no`
\if :readable
\else
  \echo 1..0 # SKIP KAM_DATA names no directory that has adventureworks_dw/fact_product_inventory.csv.gz
  \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

CREATE TEMP TABLE inventory (product integer, date_key integer, day date, unit_cost numeric, units_in integer, units_out integer, balance integer);
\copy inventory FROM PROGRAM 'gzip -dc "$KAM_DATA/adventureworks_dw/fact_product_inventory.csv.gz"' WITH (FORMAT csv, HEADER)

SELECT is((SELECT ARRAY[count(*), count(DISTINCT product), sum(units_in), sum(units_out)] FROM inventory), ARRAY[776286, 606, 270969, 274776]::bigint[], 'the days are there');

CREATE TEMP TABLE year AS
SELECT product, balance, s, sell_out
FROM (SELECT product, balance FROM inventory WHERE day = '2013-12-31') AS last
JOIN (SELECT product, sales_series(units_out, day, '[2013-01-01,2014-01-01)') AS s, sum(units_out) FILTER (WHERE day BETWEEN '2013-01-01' AND '2013-12-31') AS sell_out FROM inventory GROUP BY product) AS y USING (product);

SELECT is((SELECT ARRAY[count(*), sum(balance), count(*) FILTER (WHERE sell_out > 0)] FROM year), ARRAY[606, 258794, 183]::bigint[], 'what was there at the end of 2013');
SELECT is_empty($$ SELECT product, stock_cover(balance, mean(s)) FROM year
  WHERE stock_cover(balance, mean(s)) IS DISTINCT FROM balance / nullif(sell_out / 12::numeric, 0) $$, 'months of cover');
SELECT is((SELECT ARRAY[round(avg(stock_cover(balance, mean(s))), 8), round(min(stock_cover(balance, mean(s))), 8), round(max(stock_cover(balance, mean(s))), 8)] FROM year), ARRAY[37.91180908, -0.01186944, 1302], 'mean, least and most');
SELECT results_eq('SELECT stock_state(balance * 12, total(s)), count(*) FROM year GROUP BY 1 ORDER BY 1', $$ VALUES ('ok', 96::bigint), ('out_of_stock', 6), ('stuffed', 504) $$, 'states');
SELECT is_empty($$ SELECT product, balance, sell_out FROM year
  WHERE stock_state(balance * 12, total(s)) IS DISTINCT FROM CASE WHEN balance <= 0 THEN 'out_of_stock' WHEN sell_out = 0 OR balance * 12 >= 6 * sell_out THEN 'stuffed' ELSE 'ok' END $$, 'as in plain SQL');

-- What came in less what went out, month by month off two series, leads from one balance to every other

CREATE TEMP TABLE way AS
SELECT product, upper(i.bucket) - 1 AS month_end, start.balance + sum(i.total - o.total) OVER (PARTITION BY product ORDER BY i.bucket) AS balance
FROM (SELECT product, sales_series(units_in, day, '[2012-01-01,2014-01-01)') AS came, sales_series(units_out, day, '[2012-01-01,2014-01-01)') AS went FROM inventory GROUP BY product) AS x
JOIN (SELECT product, balance FROM inventory WHERE day = '2011-12-31') AS start USING (product)
CROSS JOIN LATERAL buckets(came) AS i
JOIN LATERAL buckets(went) AS o ON o.bucket = i.bucket;
SELECT is((SELECT count(*) FROM way JOIN inventory AS b ON b.product = way.product AND b.day = way.month_end WHERE way.balance = b.balance), 606 * 24::bigint, 'the balance of 606 products at the end of 24 months');

SELECT * FROM finish();
ROLLBACK;
