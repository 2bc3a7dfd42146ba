-- Real orders and real quotas: fill rates, orders on time and forecasts against plain SQL, and against numbers
-- that were worked out apart from the database.
--
-- The orders are Northwind's in $KAM_DATA/northwind/northwind.sql: 830 orders with 2,155 lines, each order shipped
-- as a whole, 37 after the day it was required, 21 not at all. The quotas and sales are Microsoft's
-- AdventureWorksDW in $KAM_DATA/adventureworks_dw, as in adventureworks.sql: each quota is a forecast of what its
-- salesperson sells until the next one.

\set QUIET 1
\set readable `[ -r "$KAM_DATA/northwind/northwind.sql" ] && [ -r "$KAM_DATA/adventureworks_dw/fact_sales_quota.csv" ] && [ -r "$KAM_DATA/adventureworks_dw/fact_reseller_sales.csv.gz" ] && command -v gzip >/dev/null && echo yes || echo no`
\if :readable
\else
  \echo 1..0 # SKIP KAM_DATA names no directory that has northwind/northwind.sql and adventureworks_dw
  \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(32);

-- the two tables of the script that are wanted, statement by statement
CREATE TEMP TABLE statement (text text);
\copy statement FROM PROGRAM 'grep -E "^INSERT INTO (orders|order_details) VALUES \(" "$KAM_DATA/northwind/northwind.sql"' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE TEMP TABLE orders (
  order_no integer, customer text, employee integer, ordered_on date, required_on date, shipped_on date, shipper integer,
  freight real, ship_name text, ship_address text, ship_city text, ship_region text, ship_postal_code text, ship_country text);
CREATE TEMP TABLE order_details (order_no integer, product integer, price real, quantity integer, discount real);
DO $$
DECLARE
  line text;
BEGIN
  FOR line IN SELECT text FROM statement LOOP
    EXECUTE line;
  END LOOP;
END $$;
CREATE TEMP VIEW order_line AS
SELECT order_no, customer, shipper, product, price::numeric(12, 2) AS price, quantity AS ordered, CASE WHEN shipped_on IS NOT NULL THEN quantity END AS delivered, shipped_on <= required_on AS on_time
FROM orders JOIN order_details USING (order_no);

SELECT is(ARRAY[count(*), count(*) FILTER (WHERE shipped_on IS NULL), count(*) FILTER (WHERE shipped_on > required_on)], '{830,21,37}', 'orders, those not shipped, and the late ones') FROM orders;
SELECT is(ARRAY[count(*), sum(ordered), sum(delivered)], '{2155,51317,50119}', 'lines and their quantities') FROM order_line;

SELECT is(fill_rate(ordered, delivered, on_time)::text, (47852::numeric / 51317)::text, '47,852 of 51,317 pieces came on time') FROM order_line;
SELECT is(fill_rate_lenient(ordered, delivered)::text, (50119::numeric / 51317)::text, 'and 50,119 came') FROM order_line;
SELECT is(round(fill_rate(ordered, delivered, on_time, price), 16), round(1254721.13 / 1354458.59, 16), 'by amount 1,254,721.13 of 1,354,458.59') FROM order_line;
SELECT is(round(fill_rate_lenient(ordered, delivered, price), 16), round(1327014.83 / 1354458.59, 16), 'and 1,327,014.83') FROM order_line;
SELECT results_eq('SELECT shipper, fill_rate(ordered, delivered, on_time)::text FROM order_line GROUP BY 1 ORDER BY 1',
  'VALUES (1, (15045.0 / 15919)::text), (2, (18469.0 / 19945)::text), (3, (14338.0 / 15453)::text)', 'by shipper');
SELECT is_empty($$ SELECT * FROM (
    SELECT customer, product, fill_rate(ordered, delivered, on_time) AS strict, fill_rate_lenient(ordered, delivered) AS lenient, round(fill_rate(ordered, delivered, on_time, price), 16) AS amount,
      coalesce(sum(ordered) FILTER (WHERE on_time), 0)::numeric / sum(ordered) AS plain, coalesce(sum(delivered), 0)::numeric / sum(ordered) AS plain_lenient, round(coalesce(sum(ordered * price) FILTER (WHERE on_time), 0) / sum(ordered * price), 16) AS plain_amount
    FROM order_line GROUP BY GROUPING SETS ((customer), (product), ())) AS x WHERE (strict, lenient, amount) IS DISTINCT FROM (plain, plain_lenient, plain_amount) $$, 'by customer, by product and in all, against plain SQL');
SELECT is_empty('SELECT o.order_no FROM order_line JOIN orders AS o USING (order_no) GROUP BY o.order_no, required_on, shipped_on HAVING fill_rate(ordered, delivered, on_time) <> CASE WHEN shipped_on <= required_on THEN 1 ELSE 0 END', 'an order is all or nothing');

CREATE TEMP TABLE order_level AS SELECT order_no, min(shipper) AS shipper, bool_and(on_time IS TRUE) AS on_time, bool_and((delivered >= ordered) IS TRUE) AS in_full FROM order_line GROUP BY order_no;
SELECT is(otif(on_time, in_full)::text, (772::numeric / 830)::text, 'otif: 772 of 830 orders') FROM order_level;
SELECT is(otif(true, in_full)::text, (809::numeric / 830)::text, 'order fill rate: 809') FROM order_level;
SELECT is(count(*) FILTER (WHERE bool_and), 793::bigint, 'bool_and without IS TRUE would take the 21 for on time') FROM (SELECT coalesce(bool_and(on_time), true) AS bool_and FROM order_line GROUP BY order_no) AS o;
SELECT cmp_ok(otif(on_time, true) * otif(true, in_full), '<', otif(on_time, in_full), 'the product of the two rates is another number') FROM order_level;
SELECT results_eq('SELECT shipper, otif(on_time, in_full)::text FROM order_level GROUP BY 1 ORDER BY 1', 'VALUES (1, (233.0 / 249)::text), (2, (299.0 / 326)::text), (3, (240.0 / 255)::text)', 'by shipper');
SELECT is(ARRAY[otif(shipped_on <= required_on + 3, true), otif(shipped_on <= required_on + 7, true)]::text[], ARRAY[785.0 / 830, 800.0 / 830]::text[], 'on time within three days, and within a week') FROM orders;
SELECT is(round(avg(shipped_on - required_on) FILTER (WHERE shipped_on > required_on), 10), round(236.0 / 37, 10), 'the mean delay of the late ones') FROM orders;

-- Quotas as forecasts

CREATE TEMP TABLE quota_line (quota_key integer, person integer, date_key integer, year integer, quarter integer, quota numeric, starts date);
\copy quota_line FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/fact_sales_quota.csv"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE sale_line (
  product integer, order_date_key integer, reseller integer, person integer, promotion integer, currency integer, territory integer,
  order_no text, line_no integer, quantity integer, unit_price numeric, gross numeric, discount_share numeric, discount numeric,
  unit_cost numeric, cost numeric, amount numeric, tax numeric, freight numeric, customer_order text, sold_on date, due_on date, shipped_on date);
\copy sale_line FROM PROGRAM 'gzip -dc "$KAM_DATA/adventureworks_dw/fact_reseller_sales.csv.gz"' WITH (FORMAT csv, HEADER)
CREATE INDEX ON sale_line (person, sold_on);
ANALYZE sale_line;
CREATE TEMP TABLE quarter AS
SELECT person, starts, quota, actual FROM (SELECT person, starts, quota, coalesce(lead(starts) OVER (PARTITION BY person ORDER BY starts), '2013-12-29') AS ends FROM quota_line) AS q,
  LATERAL (SELECT sum(amount) AS actual FROM sale_line AS s WHERE s.person = q.person AND sold_on >= starts AND sold_on < ends) AS a;

SELECT is(ARRAY[count(*), sum(quota), sum(actual)], '{163,95714000,80450596.9823}', '163 quotas, what they come to, and what was sold') FROM quarter;
SELECT is(round(forecast_accuracy(actual, quota), 12), 0.798862308141, 'accuracy') FROM quarter;
SELECT is(round(forecast_bias(actual, quota), 12), 0.189723924871, 'bias: the quotas are too high') FROM quarter;
SELECT is(round(wape(actual, quota), 12), 0.201137691859, 'wape') FROM quarter;
SELECT is(round(mape(actual, quota), 12), 0.215465331843, 'mape') FROM quarter;
SELECT is_empty('SELECT person FROM quarter GROUP BY ROLLUP (person) HAVING forecast_accuracy(actual, quota) <> 1 - wape(actual, quota)', 'accuracy is 1 - wape');
SELECT results_eq('SELECT person, round(wape(actual, quota), 10), round(mape(actual, quota), 10) FROM quarter GROUP BY person ORDER BY person', $$ VALUES
  (272, 0.1949194156, 0.2083516210), (281, 0.2010024199, 0.2000114191), (282, 0.1368758131, 0.1476518937), (283, 0.2118257572, 0.2081404070), (284, 0.2093264532, 0.2215084122), (285, 0.1910451558, 0.1913375725),
  (286, 0.2709483998, 0.4091277977), (287, 0.2142513232, 0.2226675048), (288, 0.1976879748, 0.1938903001), (289, 0.1443091373, 0.1445155543), (290, 0.1965930789, 0.2228174406), (291, 0.2364555190, 0.2264535535),
  (292, 0.2321811208, 0.2072556554), (293, 0.1904629653, 0.1990954081), (294, 0.1882373670, 0.2238054022), (295, 0.2771968150, 0.2616459662), (296, 0.1865150071, 0.1916831940) $$, 'wape and mape of each salesperson');
SELECT results_eq('SELECT person, round(forecast_bias(actual, quota) * avg(actual), 3) FROM quarter WHERE person < 285 GROUP BY person ORDER BY person',
  'VALUES (272, 17739.679), (281, 155674.750), (282, 118249.381), (283, 177683.038), (284, 62962.732)', 'bias as a mean in money');
SELECT is_empty($$ SELECT * FROM (SELECT starts, person, round(forecast_accuracy(actual, quota), 16) AS ours, round(1 - sum(abs(quota - actual)) / sum(actual), 16) AS plain, round(mape(actual, quota), 16) AS mean, round(avg(abs(quota - actual) / actual), 16) AS plain_mean
  FROM quarter GROUP BY GROUPING SETS ((starts), (person), ())) AS x WHERE abs(ours - plain) > 1e-16 OR abs(mean - plain_mean) > 1e-15 $$, 'by quarter, by person and in all, against plain SQL');

-- The quotas of the last four quarters against repeating what was sold a quarter, or a year, before
SELECT results_eq($$ SELECT person, round(mase(actuals[9:], quotas[9:], actuals[:8]), 9), round(mase(actuals[9:], quotas[9:], actuals[:8], 4), 9)
  FROM (SELECT person, array_agg(actual ORDER BY starts) AS actuals, array_agg(quota ORDER BY starts) AS quotas FROM quarter GROUP BY person HAVING count(*) = 12) AS p ORDER BY person $$, $$ VALUES
  (272, 0.569778999, 0.418853530), (281, 0.682599716, 0.321535917), (282, 0.611111276, 0.355792120), (283, 0.569221005, 0.437863060), (284, 0.485944249, 0.483211413),
  (285, 1.114044335, 0.777439261), (286, 0.464819403, 0.237210336), (287, 0.652412156, 0.638251636), (288, 1.620076926, 0.646072094), (289, 0.647595177, 0.691655364) $$, 'mase of each salesperson');

-- All sales by month: last year again, for eleven months
CREATE TEMP TABLE monthly AS SELECT sales_series(amount, sold_on, '[2011-01-01,2013-12-01)') AS s FROM sale_line WHERE sold_on >= '2011-01-01';
SELECT is(round(mase(totals(slice(s, '[2013-01-01,2013-12-01)')), totals(slice(s, '[2012-01-01,2012-12-01)')), totals(slice(s, '[2011-01-01,2013-01-01)'))), 10), 0.4911247291, 'mase of last year again, against the month before') FROM monthly;
SELECT is(round(mase(totals(slice(s, '[2013-01-01,2013-12-01)')), totals(slice(s, '[2012-01-01,2012-12-01)')), totals(slice(s, '[2011-01-01,2013-01-01)')), 12), 10), 0.4963544379, 'and against the year before that') FROM monthly;
SELECT is(wape(actual, forecast), (SELECT sum(abs(forecast - actual)) / sum(actual) FROM monthly, unnest(totals(slice(s, '[2013-01-01,2013-12-01)')), totals(slice(s, '[2012-01-01,2012-12-01)'))) AS u (actual, forecast)), 'arrays as rows')
FROM monthly, unnest(totals(slice(s, '[2013-01-01,2013-12-01)')), totals(slice(s, '[2012-01-01,2012-12-01)'))) AS u (actual, forecast);

-- These sales ship seven days after the order, nine lines on the eighth, always before they are due
SELECT is(fill_rate(quantity, quantity, shipped_on <= due_on), 1::numeric, 'all is shipped before it is due') FROM sale_line;
SELECT is(fill_rate(quantity, quantity, shipped_on <= sold_on + 7)::text, (214359::numeric / 214378)::text, '214,359 of 214,378 pieces within a week') FROM sale_line;
SELECT is(otif(shipped_on <= sold_on + 7, true)::text, (60846::numeric / 60855)::text, '60,846 of 60,855 lines') FROM sale_line;

SELECT * FROM finish();
ROLLBACK;
