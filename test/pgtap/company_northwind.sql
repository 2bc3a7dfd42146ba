-- Northwind bound as a company, as doc/companies.md tells: customers of five letters, orders with lines, the day shipped as the day sold.
-- Every report that it can feed against plain SQL over its own tables; beside it in the database a model of other keys.
--
-- The data are $KAM_DATA/northwind/northwind.sql: 830 orders of 89 of its 91 customers, 21 of them not shipped.

\set QUIET 1
\set readable `[ -r "$KAM_DATA/northwind/northwind.sql" ] && echo yes || echo no`
\if :readable
\else
  \echo 1..0 # SKIP KAM_DATA names no directory that has northwind/northwind.sql
  \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

SELECT current_setting('search_path') AS path \gset
CREATE SCHEMA northwind;
SELECT set_config('search_path', 'northwind', true) AS ignored \gset
\set script `grep -v default_with_oids "$KAM_DATA/northwind/northwind.sql"`
\o /dev/null
:script
\o
SELECT set_config('search_path', :'path', true) AS ignored \gset
\ir ../../examples/bind_northwind.sql
ANALYZE northwind.orders, northwind.order_details, northwind.customers;

CREATE TEMP TABLE fact AS
SELECT customer_id::text AS customer, product_id AS product, shipped_date AS day, unit_price::numeric * quantity * (1 - discount::numeric) AS amount, quantity::numeric AS quantity, NULL::numeric AS cost, employee_id AS seller, 1 AS lines
FROM northwind.orders JOIN northwind.order_details USING (order_id) WHERE shipped_date IS NOT NULL;
CREATE TEMP TABLE who AS SELECT customer_id::text AS customer, company_name::text AS name, NULL::text AS channel, country::text AS territory, NULL::smallint AS person, true AS has_outlets FROM northwind.customers;
CREATE TEMP TABLE goods AS SELECT product_id AS product, category_name::text AS category FROM northwind.products JOIN northwind.categories USING (category_id);
CREATE TEMP TABLE people AS SELECT DISTINCT employee_id AS person, first_name || ' ' || last_name AS name, region_description::text AS team
FROM northwind.employees JOIN northwind.employee_territories USING (employee_id) JOIN northwind.territories USING (territory_id) JOIN northwind.region USING (region_id);
CREATE TEMP TABLE delivery AS
SELECT customer_id::text AS customer, product_id AS product, order_date AS ordered_on, required_date AS due_on, shipped_date AS came_on, quantity::numeric AS ordered, CASE WHEN shipped_date IS NULL THEN 0 ELSE quantity END::numeric AS delivered
FROM northwind.orders JOIN northwind.order_details USING (order_id);
CREATE TEMP TABLE rule AS SELECT 60 AS at_risk_after, 90 AS lost_after;
CREATE TEMP TABLE ladder AS SELECT * FROM (VALUES (1000.0, 0.01), (5000, 0.02), (20000, 0.04)) AS l (threshold, rate);
SELECT set_config('search_path', 'nw, ' || :'path', true) AS ignored \gset
\ir ../helpers/company_plain.sql
\ir ../helpers/plan_of.sql

SELECT results_eq($$ SELECT name, state, message FROM kam_check_model('nw') WHERE name IN ('sale', 'stock', 'customer_class', 'customer_position', 'supply', 'promo_quality', 'market_share') $$, $$ VALUES
  ('sale', 'bound', 'without cost, channel, intake_channel, territory, ship_to_territory, promo_id'), ('stock', 'not bound', 'needs customer_id, product_id, counted_on, quantity'),
  ('customer_class', 'in part', 'lacks sale.cost'), ('customer_position', 'in part', 'lacks customer.channel'),
  ('market_share', 'empty', 'lacks market, market.customer_id, market.segment, market.territory, market.channel'),
  ('promo_quality', 'empty', 'lacks promo, promo.submitted_on, promo.initiator, promo.kind, promo.product_id, promo.promo_price, promo.list_price, promo.baseline, promo.spend, trade_spend.promo_id'),
  ('supply', 'complete', NULL) $$, 'what is bound, and what is lacking');
SELECT is_empty('SELECT * FROM kam_portfolio', 'kam_portfolio: nobody is in charge of a customer') WHERE NOT EXISTS (SELECT FROM kam_assignment);
SELECT is_empty($$ SELECT * FROM sales_discipline WHERE diverted_share IS NOT NULL $$, 'sales_discipline: a region of the seller and a country of the customer are not compared');
SELECT is_empty($$ SELECT * FROM lost_clients WHERE profit IS NOT NULL $$, 'lost_clients: without costs nobody knows the profit');

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of($$ SELECT * FROM customer_analysis WHERE customer_id = 'ALFKI' $$) ~ 'Index Cond: [^\n]*customer_id[^\n]*ALFKI', 'one customer is found by the index on his letters');
SET LOCAL enable_seqscan = on;

-- another company in the same database, with keys of other types: made-up lines in the shape of Online Retail

SELECT set_config('search_path', :'path', true) AS ignored \gset
CREATE TEMP TABLE alone AS SELECT * FROM nw.customer_class;
CREATE SCHEMA online_retail;
CREATE TABLE online_retail.invoice_line (
  line_no integer PRIMARY KEY, InvoiceNo text, StockCode text, Description text, Quantity integer, InvoiceDate timestamp, UnitPrice numeric(10,3), CustomerID integer, Country text);
INSERT INTO online_retail.invoice_line
SELECT i, 536000 + i / 10, 20000 + i % 90, 'ARTICLE ' || i % 90, CASE WHEN i % 50 = 0 THEN -1 ELSE 1 + i % 12 END, timestamp '2010-12-01 08:26' + i * interval '2 hours', 0.85 + i % 7, CASE WHEN i % 4 > 0 THEN 12346 + i % 37 END, 'United Kingdom'
FROM generate_series(1, 4400) AS i;
\ir ../../examples/bind_online_retail.sql
SELECT set_eq('SELECT * FROM nw.customer_class', 'SELECT * FROM alone', 'the one does not change with the other');
SELECT results_eq($$ SELECT pg_typeof(customer_id)::text, pg_typeof(product_id)::text, pg_typeof(person_id)::text FROM (SELECT customer_id, product_id, person_id FROM nw.sale LIMIT 1) AS s
  UNION ALL SELECT pg_typeof(customer_id)::text, pg_typeof(product_id)::text, pg_typeof(person_id)::text FROM (SELECT customer_id, product_id, person_id FROM retail.sale LIMIT 1) AS s $$,
  $$ VALUES ('text', 'smallint', 'smallint'), ('integer', 'text', 'integer') $$, 'each has keys of its own');
SELECT is((SELECT sum(amount) FROM retail.customer_class), (SELECT sum(Quantity * UnitPrice) FROM online_retail.invoice_line WHERE InvoiceDate < '2011-12-01' AND CustomerID IS NOT NULL), 'and its own sales');
UPDATE retail.setting SET as_of = '2011-03-31', buckets = 3;
SELECT is((SELECT as_of FROM nw.in_force)::text || (SELECT as_of FROM retail.in_force), '1998-05-062011-03-31', 'and its own settings');
SELECT kam_drop_model('retail');
SELECT hasnt_schema('retail');
SELECT set_eq('SELECT * FROM nw.customer_class', 'SELECT * FROM alone', 'one is dropped, the other is not');

SELECT * FROM finish();
ROLLBACK;
