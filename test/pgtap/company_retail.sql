-- UCI Online Retail bound as a company, as doc/companies.md tells: one table of invoice lines, and neither customers nor products but those
-- in it. Every report that it can feed against plain SQL over the lines.
--
-- The data are the 541,909 lines in $KAM_DATA/online_retail/online_retail.csv.gz: December 2010 to 9 December 2011; 135,080 lines have no customer.

\set QUIET 1
\set readable `[ -r "$KAM_DATA/online_retail/online_retail.csv.gz" ] && command -v gzip >/dev/null && echo yes || echo no`
\if :readable
\else
  \echo 1..0 # SKIP KAM_DATA names no directory that has online_retail/online_retail.csv.gz
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

CREATE SCHEMA online_retail;
CREATE TABLE online_retail.invoice_line (
  line_no integer PRIMARY KEY, InvoiceNo text, StockCode text, Description text, Quantity integer,
  InvoiceDate timestamp, UnitPrice numeric(10,3), CustomerID integer, Country text);
\copy online_retail.invoice_line FROM PROGRAM 'gzip -dc "$KAM_DATA/online_retail/online_retail.csv.gz"' WITH (FORMAT csv, HEADER)
\ir ../../examples/bind_online_retail.sql
ANALYZE online_retail.invoice_line, online_retail.customer, online_retail.product;

CREATE TEMP TABLE fact AS
SELECT CustomerID AS customer, StockCode AS product, InvoiceDate::date AS day, Quantity * UnitPrice AS amount, Quantity AS quantity, NULL::numeric AS cost, NULL::integer AS seller, 1 AS lines
FROM online_retail.invoice_line;
SELECT current_setting('search_path') AS path \gset
SELECT set_config('search_path', 'retail, ' || :'path', true) AS ignored \gset
CREATE TEMP TABLE who AS
SELECT CustomerID AS customer, CustomerID::text AS name, NULL::text AS channel, (array_agg(Country ORDER BY line_no DESC))[1] AS territory, NULL::integer AS person, false AS has_outlets
FROM online_retail.invoice_line WHERE CustomerID IS NOT NULL GROUP BY 1;
CREATE TEMP TABLE goods AS SELECT DISTINCT StockCode AS product, CASE WHEN StockCode ~ '[0-9]{4}' THEN 'goods' ELSE 'charges' END AS category FROM online_retail.invoice_line;
CREATE TEMP TABLE people (person integer, name text, team text);
CREATE TEMP TABLE delivery (customer integer, product text, ordered_on date, due_on date, came_on date, ordered numeric, delivered numeric);
CREATE TEMP TABLE rule AS SELECT 60 AS at_risk_after, 90 AS lost_after;
CREATE TEMP TABLE ladder AS SELECT * FROM (VALUES (10000.0, 0.01), (20000, 0.02), (100000, 0.03)) AS l (threshold, rate);
\ir ../helpers/company_plain.sql
\ir ../helpers/plan_of.sql

SELECT results_eq($$ SELECT name, state, message FROM kam_check_model('retail') WHERE kind = 'source' AND state = 'bound' OR name IN ('client_base', 'customer_analysis', 'customer_class', 'supply') $$, $$ VALUES
  ('customer', 'bound', 'without ' || (SELECT string_agg(name, ', ' ORDER BY place) FROM kam_model_column WHERE source = 'customer' AND name NOT IN ('customer_id', 'name', 'territory'))),
  ('product', 'bound', 'without brand, pack, unit_cost, price, high_margin, on_sale'),
  ('sale', 'bound', 'without cost, list_amount, discount, channel, intake_channel, person_id, territory, ship_to_territory, promo_id'),
  ('client_base', 'in part', 'lacks outlet, outlet.potential, visit_plan, receivable'), ('customer_analysis', 'in part', 'lacks sale.cost'), ('customer_class', 'in part', 'lacks sale.cost'),
  ('supply', 'empty', 'lacks order_line, order_line.promised_on, order_line.delivered_on, order_line.ordered_amount, order_line.delivered_amount') $$, 'what is bound, and what is lacking');
SELECT results_eq($$ SELECT name, state, rows, message FROM kam_check_model('retail') WHERE kind = 'rows' AND name = 'sale' $$,
  $$ VALUES ('sale', 'customer_missing', 135080::bigint, 'left out of the reports by customer'), ('sale', 'outlet_missing', 135080, 'left out of the reports by outlet') $$, 'the lines without a customer are counted');
SELECT is((SELECT sum(amount) FROM sales_discipline WHERE dimension = 'all'), (SELECT sum(Quantity * UnitPrice) FROM online_retail.invoice_line WHERE InvoiceDate >= '2011-01-01' AND InvoiceDate < '2011-12-01'), 'sales_discipline: but they are sales of the company');
SELECT is_empty('SELECT * FROM kam_portfolio', 'kam_portfolio: nobody is in charge of a customer') WHERE NOT EXISTS (SELECT FROM kam_assignment);
SELECT is_empty('SELECT * FROM client_base WHERE num_nonnulls(okb, pakb, planned_visits, potential, debt) > 0', 'client_base: without a census there is no general base');

-- the largest order of the data was cancelled within the hour, and so counts for nothing on its day
SELECT is((SELECT total(rollup(amount, '[2011-12-09,2011-12-10)')) FROM customer_series WHERE customer_id = 16446 AND grain = 'day' AND year = 2011), (SELECT sum(Quantity * UnitPrice) FROM online_retail.invoice_line WHERE CustomerID = 16446 AND InvoiceDate >= '2011-12-09'), 'an order and its cancellation');

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of('SELECT * FROM customer_analysis WHERE customer_id = 17850') ~ 'Index Cond: [^\n]*customerid = 17850', 'one customer is found by the index on his number');
SELECT ok(pg_temp.plan_of('SELECT as_of FROM in_force') ~ 'Index (Only )?Scan Backward', 'and the last day by that on the day of the timestamp');

SELECT * FROM finish();
ROLLBACK;
