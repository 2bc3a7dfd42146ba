-- AdventureWorksDW bound as a company, as doc/companies.md tells: a star of facts and dimensions with integer keys, resellers as customers,
-- salespeople with quotas. Every report that it can feed against plain SQL over its own tables.
--
-- The data are in $KAM_DATA/adventureworks_dw: 60,855 lines of 635 of its 701 resellers, from 29 December 2010 to 29 November 2013, 163 quotas.

\set QUIET 1
\set readable `cd "$KAM_DATA/adventureworks_dw" 2>/dev/null && [ -r dim_reseller.csv ] && [ -r fact_sales_quota.csv ] && [ -r fact_reseller_sales.csv.gz ] && [ -r fact_product_inventory.csv.gz ] && command -v gzip >/dev/null && echo yes || echo no`
\if :readable
\else
  \echo 1..0 # SKIP KAM_DATA names no directory that has adventureworks_dw/dim_reseller.csv and its kin
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

-- of the stock what lay there on the last day of each month

CREATE SCHEMA adventureworks;
SELECT current_setting('search_path') AS path \gset
SELECT set_config('search_path', 'adventureworks', true) AS ignored \gset
CREATE TABLE DimReseller (
  ResellerKey integer PRIMARY KEY, GeographyKey integer, ResellerAlternateKey text, BusinessType text, ResellerName text, NumberEmployees integer,
  OrderFrequency text, OrderMonth integer, FirstOrderYear integer, LastOrderYear integer, ProductLine text, AnnualSales numeric, BankName text,
  MinPaymentType integer, MinPaymentAmount numeric, AnnualRevenue numeric, YearOpened integer);
CREATE TABLE DimGeography (
  GeographyKey integer PRIMARY KEY, City text, StateProvinceCode text, StateProvinceName text, CountryRegionCode text, EnglishCountryRegionName text,
  SpanishCountryRegionName text, FrenchCountryRegionName text, PostalCode text, SalesTerritoryKey integer, IpAddressLocator text);
CREATE TABLE DimSalesTerritory (
  SalesTerritoryKey integer PRIMARY KEY, SalesTerritoryAlternateKey integer, SalesTerritoryRegion text, SalesTerritoryCountry text, SalesTerritoryGroup text);
CREATE TABLE DimEmployee (
  EmployeeKey integer PRIMARY KEY, ParentEmployeeKey integer, EmployeeNationalIDAlternateKey text, SalesTerritoryKey integer, FirstName text, LastName text,
  Title text, HireDate date, SalesPersonFlag integer, DepartmentName text, StartDate date, EndDate date, Status text);
CREATE TABLE DimProductCategory (
  ProductCategoryKey integer PRIMARY KEY, ProductCategoryAlternateKey integer, EnglishProductCategoryName text, SpanishProductCategoryName text,
  FrenchProductCategoryName text);
CREATE TABLE DimProductSubcategory (
  ProductSubcategoryKey integer PRIMARY KEY, ProductSubcategoryAlternateKey integer, EnglishProductSubcategoryName text, SpanishProductSubcategoryName text,
  FrenchProductSubcategoryName text, ProductCategoryKey integer);
CREATE TABLE DimProduct (
  ProductKey integer PRIMARY KEY, ProductAlternateKey text, ProductSubcategoryKey integer, EnglishProductName text, StandardCost numeric,
  FinishedGoodsFlag boolean, SafetyStockLevel integer, ReorderPoint integer, ListPrice numeric, DealerPrice numeric, StartDate date, EndDate date, Status text);
CREATE TABLE DimPromotion (
  PromotionKey integer PRIMARY KEY, PromotionAlternateKey integer, EnglishPromotionName text, DiscountPct numeric, EnglishPromotionType text,
  EnglishPromotionCategory text, StartDate date, EndDate date, MinQty integer, MaxQty integer);
CREATE TABLE FactSalesQuota (
  SalesQuotaKey integer PRIMARY KEY, EmployeeKey integer, DateKey integer, CalendarYear integer, CalendarQuarter integer, SalesAmountQuota numeric, Date date);
CREATE TABLE FactResellerSales (
  ProductKey integer, OrderDateKey integer, ResellerKey integer, EmployeeKey integer, PromotionKey integer, CurrencyKey integer, SalesTerritoryKey integer,
  SalesOrderNumber text, SalesOrderLineNumber integer, OrderQuantity integer, UnitPrice numeric, ExtendedAmount numeric, UnitPriceDiscountPct numeric,
  DiscountAmount numeric, ProductStandardCost numeric, TotalProductCost numeric, SalesAmount numeric, TaxAmt numeric, Freight numeric,
  CustomerPONumber text, OrderDate date, DueDate date, ShipDate date, PRIMARY KEY (SalesOrderNumber, SalesOrderLineNumber));
CREATE TABLE FactProductInventory (
  ProductKey integer, DateKey integer, MovementDate date, UnitCost numeric, UnitsIn integer, UnitsOut integer, UnitsBalance integer, PRIMARY KEY (ProductKey, DateKey));
\copy DimReseller FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/dim_reseller.csv"' WITH (FORMAT csv, HEADER)
\copy DimGeography FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/dim_geography.csv"' WITH (FORMAT csv, HEADER)
\copy DimSalesTerritory FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/dim_sales_territory.csv"' WITH (FORMAT csv, HEADER)
\copy DimEmployee FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/dim_employee.csv"' WITH (FORMAT csv, HEADER)
\copy DimProductCategory FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/dim_product_category.csv"' WITH (FORMAT csv, HEADER)
\copy DimProductSubcategory FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/dim_product_subcategory.csv"' WITH (FORMAT csv, HEADER)
\copy DimProduct FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/dim_product.csv"' WITH (FORMAT csv, HEADER)
\copy DimPromotion FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/dim_promotion.csv"' WITH (FORMAT csv, HEADER)
\copy FactSalesQuota FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/fact_sales_quota.csv"' WITH (FORMAT csv, HEADER)
\copy FactResellerSales FROM PROGRAM 'gzip -dc "$KAM_DATA/adventureworks_dw/fact_reseller_sales.csv.gz"' WITH (FORMAT csv, HEADER)
\copy FactProductInventory FROM PROGRAM 'gzip -dc "$KAM_DATA/adventureworks_dw/fact_product_inventory.csv.gz" | grep -E "^ProductKey|^[0-9]+,[0-9]{4}(0131|0228|0331|0430|0531|0630|0731|0831|0930|1031|1130|1231),"' WITH (FORMAT csv, HEADER)
SELECT set_config('search_path', :'path', true) AS ignored \gset
\ir ../../examples/bind_adventureworks.sql
ANALYZE adventureworks.FactResellerSales, adventureworks.DimReseller, adventureworks.DimProduct, aw.kam_assignment;

CREATE TEMP TABLE fact AS
SELECT ResellerKey AS customer, ProductKey AS product, OrderDate AS day, SalesAmount AS amount, OrderQuantity::numeric AS quantity, TotalProductCost AS cost, EmployeeKey AS seller, 1 AS lines
FROM adventureworks.FactResellerSales;
CREATE TEMP TABLE who AS
SELECT ResellerKey AS customer, ResellerName AS name, BusinessType AS channel, SalesTerritoryRegion AS territory, last.EmployeeKey AS person, true AS has_outlets
FROM adventureworks.DimReseller JOIN adventureworks.DimGeography USING (GeographyKey) JOIN adventureworks.DimSalesTerritory USING (SalesTerritoryKey)
LEFT JOIN (SELECT DISTINCT ON (ResellerKey) ResellerKey, EmployeeKey FROM adventureworks.FactResellerSales ORDER BY ResellerKey, OrderDate DESC, SalesOrderNumber DESC) AS last USING (ResellerKey);
CREATE TEMP TABLE goods AS
SELECT ProductKey AS product, EnglishProductCategoryName AS category
FROM adventureworks.DimProduct JOIN adventureworks.DimProductSubcategory USING (ProductSubcategoryKey) JOIN adventureworks.DimProductCategory USING (ProductCategoryKey);
CREATE TEMP TABLE people AS
SELECT e.EmployeeKey AS person, e.FirstName || ' ' || e.LastName AS name, boss.LastName AS team
FROM adventureworks.DimEmployee AS e JOIN adventureworks.DimEmployee AS boss ON boss.EmployeeKey = e.ParentEmployeeKey WHERE e.SalesPersonFlag = 1;
CREATE TEMP TABLE delivery AS
SELECT ResellerKey AS customer, ProductKey AS product, OrderDate AS ordered_on, DueDate AS due_on, ShipDate AS came_on, OrderQuantity::numeric AS ordered, OrderQuantity::numeric AS delivered FROM adventureworks.FactResellerSales;
CREATE TEMP TABLE rule AS SELECT 120 AS at_risk_after, 200 AS lost_after;
CREATE TEMP TABLE ladder AS SELECT * FROM (VALUES (100000.0, 0.01), (250000, 0.02), (400000, 0.03)) AS l (threshold, rate);
SELECT set_config('search_path', 'aw, ' || :'path', true) AS ignored \gset
\ir ../helpers/company_plain.sql
\ir ../helpers/plan_of.sql

SELECT results_eq($$ SELECT name, state, message FROM kam_check_model('aw') WHERE name IN ('service_request', 'sale', 'customer_class', 'customer_analysis', 'kam_portfolio', 'plan_progress', 'receivables') $$, $$ VALUES
  ('sale', 'bound', 'without channel, intake_channel'), ('service_request', 'not bound', 'needs customer_id, opened_at'), ('customer_analysis', 'complete', NULL), ('customer_class', 'complete', NULL),
  ('kam_portfolio', 'in part', 'lacks person.hours, person.hours_per_account'), ('plan_progress', 'complete', NULL),
  ('receivables', 'empty', 'lacks receivable, receivable.paid_on, receivable.deferred, receivable.disputed, payment, payment_plan, customer.credit_limit') $$, 'what is bound, and what is lacking');

-- kam_portfolio: in the year of the quotas, which ends on 28 December. Who took the last order before a sale is in charge of the reseller

CREATE TEMP TABLE managed AS
SELECT ResellerKey AS customer, OrderDate AS since, EmployeeKey AS person, coalesce(lead(OrderDate) OVER (PARTITION BY ResellerKey ORDER BY OrderDate), 'infinity') AS until
FROM (SELECT DISTINCT ON (ResellerKey, OrderDate) ResellerKey, OrderDate, EmployeeKey FROM adventureworks.FactResellerSales ORDER BY ResellerKey, OrderDate, SalesOrderNumber DESC) AS d;
SELECT pg_temp.agree($$ SELECT person_id, name, team, accounts, sales, sales_before, profit, round(profit_share, 9) AS profit_share, at_start, lost, round(goal, 6) AS goal, status, trend FROM aw.kam_portfolio('2013-11-29', '[2012-12-28,2013-12-29)') $$, $$
  WITH own AS (SELECT person, sum(amount) FILTER (WHERE day >= '2012-12-28') AS sales, sum(amount) FILTER (WHERE day BETWEEN '2011-12-28' AND '2012-11-29') AS before, sum(amount - cost) FILTER (WHERE day >= '2012-12-28') AS profit
               FROM fact JOIN managed USING (customer) WHERE day >= since AND day < until GROUP BY 1),
  quota AS (SELECT EmployeeKey AS person, sum(SalesAmountQuota * CASE Date WHEN '2013-09-29' THEN 62 / 91.0 ELSE 1 END) AS goal FROM adventureworks.FactSalesQuota WHERE Date >= '2012-12-28' GROUP BY 1),
  start AS (SELECT person, count(*) AS at_start, count(*) FILTER (WHERE now IS NULL) AS lost
            FROM managed JOIN (SELECT customer, sum(amount) FILTER (WHERE day >= '2012-12-28') AS now FROM fact WHERE day >= '2011-12-28' GROUP BY customer HAVING sum(amount) FILTER (WHERE day <= '2012-12-28') > 0) AS b USING (customer)
            WHERE since <= '2012-12-28' AND until > '2012-12-28' GROUP BY 1)
  SELECT person, name, team, (SELECT count(*) FROM managed AS m WHERE m.person = own.person AND until = 'infinity'), sales, coalesce(before, 0), profit, NULL,
    coalesce(at_start, 0), coalesce(lost, 0), round(goal, 6), CASE WHEN sales >= goal THEN 1 WHEN sales < goal THEN -1 END, sign(sales - coalesce(before, 0))
  FROM own LEFT JOIN quota USING (person) LEFT JOIN start USING (person) LEFT JOIN people USING (person) WHERE sales IS NOT NULL OR person IN (SELECT person FROM managed WHERE until = 'infinity') $$, 'kam_portfolio: accounts, sales, profit and quotas of the salespeople');
SELECT cmp_ok((SELECT sum(amount - cost) FROM fact WHERE day >= '2012-12-28'), '<', 0::numeric, 'kam_portfolio: where all together lost money there are no shares in the profit');
SELECT is((SELECT sum(sales) FROM aw.kam_portfolio('2013-11-29', '[2012-12-28,2013-12-29)')), (SELECT sum(amount) FROM fact WHERE day >= '2012-12-28'), 'kam_portfolio: every reseller has a manager, from his first order on');

SELECT pg_temp.agree($$ SELECT key, month, round(diverted_share, 9) AS diverted FROM sales_discipline WHERE dimension = 'person' $$, $$
  SELECT EmployeeKey::text, date_trunc('month', OrderDate::timestamp), round(coalesce(sum(SalesAmount) FILTER (WHERE f.SalesTerritoryKey <> nullif(e.SalesTerritoryKey, 11)), 0) / sum(SalesAmount), 9)
  FROM adventureworks.FactResellerSales AS f JOIN adventureworks.DimEmployee AS e USING (EmployeeKey) WHERE OrderDate BETWEEN '2013-01-01' AND '2013-10-31' GROUP BY 1, 2 $$, 'sales_discipline: what a salesperson sold into the territories of others');

SELECT pg_temp.agree($$ SELECT promo_id, customer_id, product_id, kind, volume, spend, round(depth, 9) AS depth, round(cost_per_unit, 9) AS cost_per_unit FROM promo_quality UNION ALL
    SELECT promo_id, customer_id, product_id, kind, volume, spend, round(depth, 9), round(cost_per_unit, 9) FROM aw.promo_quality('2012-12-31') $$, $$
  SELECT PromotionKey::text, ResellerKey, ProductKey, EnglishPromotionType, volume, spend, round(1 - price / list, 9), round(spend / nullif(volume, 0), 9)
  FROM (SELECT PromotionKey, ResellerKey, ProductKey, sum(DiscountAmount) AS spend, min(UnitPrice * (1 - UnitPriceDiscountPct)) AS price, max(UnitPrice) AS list FROM adventureworks.FactResellerSales GROUP BY 1, 2, 3) AS g
  JOIN adventureworks.DimPromotion USING (PromotionKey) CROSS JOIN (VALUES (date '2012-01-01', date '2012-12-31'), ('2013-01-01', '2013-11-29')) AS y (since, as_of)
  CROSS JOIN LATERAL (SELECT coalesce(sum(OrderQuantity), 0) AS volume FROM adventureworks.FactResellerSales AS s WHERE (s.ResellerKey, s.ProductKey) = (g.ResellerKey, g.ProductKey) AND OrderDate BETWEEN StartDate AND least(EndDate, as_of)) AS v
  WHERE StartDate BETWEEN since AND date_trunc('year', since::timestamp) + interval '1 year - 1 day' AND PromotionKey <> 1 $$, 'promo_quality: volumes and what the discounts cost');

SELECT is((SELECT sum(value) FROM inventory WHERE valued_on = '2013-11-30'), (SELECT sum(UnitsBalance * UnitCost) FROM adventureworks.FactProductInventory WHERE DateKey = 20131130), 'inventory: the value of the stock');
SELECT is((SELECT count(*) FROM person_target), 163::bigint, 'person_target: all quotas');

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of('SELECT * FROM customer_analysis WHERE customer_id = 676') ~ 'Index Cond: [^\n]*resellerkey = 676', 'one customer is found by the index on his key');
SELECT ok(pg_temp.plan_of('SELECT sum(amount) FROM sale WHERE customer_id = 676') !~* 'dimemployee|dimsalesterritory', 'a dimension that nobody asks for is not read');

SELECT * FROM finish();
ROLLBACK;
