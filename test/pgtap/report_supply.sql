-- Reports of supply and forecasts against plain SQL over random orders and forecasts; what is not bound; plans of queries.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(29);

\ir ../helpers/plan_of.sql

-- Orders that came early, late, in part, too much, never, or back; of nothing, and of huge quantities
CREATE TABLE ordering AS
SELECT i AS no, (noise % 60)::integer AS customer, (noise / 60 % 10)::integer AS product, date '2024-11-20' + (noise / 600 % 500)::integer AS day,
  (noise / 300000 % 9 - 1) * CASE WHEN noise % 60 = 7 THEN 1e20 ELSE 1 END AS wanted, CASE WHEN noise / 7 % 11 > 0 THEN (noise / 2700000 % 10 - 1) * CASE WHEN noise % 60 = 7 THEN 1e20 ELSE 1 END END AS came,
  CASE WHEN noise / 13 % 9 > 0 THEN date '2024-11-20' + (noise / 600 % 500 + noise / 17 % 20)::integer END AS promised,
  CASE WHEN noise / 19 % 9 > 0 THEN date '2024-11-20' + (noise / 600 % 500 + noise / 23 % 24)::integer END AS arrived, round((noise / 29 % 900) / 7.0, 2) AS price
FROM generate_series(1, 6000) AS i, LATERAL (SELECT hashint8extended(i, 5) & 9007199254740991 AS noise) AS n;
CREATE INDEX ON ordering (customer, day);
CREATE TABLE sold AS
SELECT (noise % 60)::integer AS customer, (noise / 60 % 10)::integer AS product, date '2024-11-20' + (noise / 600 % 500)::integer AS day, (noise / 300000 % 400 - 50)::numeric AS amount, (noise / 77 % 12 - 2)::integer AS pieces
FROM generate_series(1, 6000) AS i, LATERAL (SELECT hashint8extended(i, 6) & 9007199254740991 AS noise) AS n;
CREATE INDEX ON sold (customer, day);
CREATE INDEX ON sold (product, day);
-- Forecasts of customers and of all, for months and weeks, in several versions and parts
CREATE TABLE guess AS
SELECT (noise % 10)::integer AS product, CASE WHEN noise / 10 % 4 > 0 THEN (noise / 40 % 60)::integer END AS customer,
  CASE WHEN noise / 11 % 3 = 0 THEN daterange(date '2025-01-01' + 7 * (noise / 97 % 60)::integer, date '2025-01-08' + 7 * (noise / 97 % 60)::integer)
    ELSE daterange((date '2025-01-01' + (noise / 97 % 15)::integer * interval '1 month')::date, (date '2025-02-01' + (noise / 97 % 15)::integer * interval '1 month')::date) END AS days,
  (noise / 101 % 20)::numeric AS pieces, CASE WHEN noise / 103 % 5 > 0 THEN date '2024-12-01' + (noise / 107 % 400)::integer END AS made
FROM generate_series(1, 3000) AS i, LATERAL (SELECT hashint8extended(i, 8) & 9007199254740991 AS noise) AS n;
INSERT INTO guess VALUES (1, 1, '(,2025-02-01)', 5, NULL), (1, 1, '[2025-02-01,)', 5, NULL), (1, 1, 'empty', 5, NULL), (1, 1, NULL, 5, NULL), (NULL, 1, '[2025-02-01,2025-03-01)', 5, NULL);
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, CASE i % 3 WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' END AS channel, 'north' AS region, i % 4 AS seller FROM generate_series(0, 59) AS i;
CREATE TABLE article AS SELECT i AS id, 'product ' || i AS name, 'category ' || i % 4 AS category, 'brand ' || i % 3 AS brand FROM generate_series(0, 9) AS i;
ANALYZE ordering, sold, guess, buyer, article;

SELECT kam_create_model('crm', 'integer');
SELECT is_empty('SELECT * FROM crm.supply UNION ALL SELECT * FROM crm.supply(''2025-12-31'')', 'nothing bound, nothing supplied');
SELECT is_empty('SELECT * FROM crm.forecast_quality UNION ALL SELECT * FROM crm.forecast_quality(''2025-12-31'')', 'nor forecast');
UPDATE crm.setting SET as_of = '2025-09-17';

-- what is not bound is NULL, never 0

SELECT kam_bind('crm', 'order_line', 'SELECT no AS order_no, customer AS customer_id, product AS product_id, day AS ordered_on, wanted AS ordered, came AS delivered FROM ordering');
SELECT kam_bind('crm', 'forecast', 'SELECT product AS product_id, days AS period, pieces AS quantity, customer AS customer_id, made AS forecast_on FROM guess');
SELECT is_empty('SELECT * FROM crm.supply WHERE num_nonnulls(name, channel, territory, person_id, product, category, brand, delivered_on_time, lines_perfect, fill_rate, fill_rate_amount, otif, value, goal, status, trend) > 0', 'without days and names');
SELECT results_eq('SELECT customer_id, product_id, month, lines, trim_scale(ordered), trim_scale(delivered), trim_scale(missing), round(fill_rate_lenient, 12) FROM crm.supply ORDER BY 1, 2, 3', $$
  SELECT customer, product, date_trunc('month', day::timestamp)::date AS month, count(*), trim_scale(sum(wanted)), trim_scale(sum(coalesce(least(greatest(came, 0), wanted), 0))), trim_scale(sum(wanted - coalesce(least(greatest(came, 0), wanted), 0))),
    round(sum(coalesce(least(greatest(came, 0), wanted), 0)) / sum(wanted), 12)
  FROM ordering WHERE wanted > 0 AND day BETWEEN '2025-01-01' AND '2025-09-17' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 $$, 'what came is known');
SELECT ok((SELECT count(*) > 100 FROM crm.forecast_quality), 'forecasts without sales are listed');
SELECT is_empty('SELECT * FROM crm.forecast_quality WHERE forecast IS NULL OR num_nonnulls(actual, error, accuracy, bias, wape, value, goal, status, trend, name, product) > 0', 'and compared with nothing');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
SELECT is_empty('SELECT * FROM crm.forecast_quality WHERE num_nonnulls(actual, error, accuracy, bias, wape, value, status, trend) > 0', 'sales without quantities, neither');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, pieces AS quantity FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, region AS territory, seller AS person_id FROM buyer');
SELECT kam_bind('crm', 'product', 'SELECT id AS product_id, name, category, brand FROM article');
SELECT kam_bind('crm', 'person', $q$ SELECT i AS person_id, 'person ' || i AS name, 'team ' || i % 2 AS team FROM generate_series(0, 3) AS i $q$);
SELECT kam_bind('crm', 'order_line', 'SELECT no AS order_no, customer AS customer_id, product AS product_id, day AS ordered_on, wanted AS ordered, came AS delivered, promised AS promised_on, arrived AS delivered_on FROM ordering');
SELECT is_empty('SELECT * FROM crm.supply WHERE fill_rate_amount IS NOT NULL OR fill_rate IS NULL OR otif IS NULL', 'by quantity without amounts');
SELECT kam_bind('crm', 'order_line', 'SELECT no AS order_no, customer AS customer_id, product AS product_id, day AS ordered_on, wanted AS ordered, came AS delivered, promised AS promised_on, arrived AS delivered_on, wanted * price AS ordered_amount, came * price AS delivered_amount FROM ordering');

-- supply against plain SQL

CREATE FUNCTION pg_temp.plain_supply(asked date, first date, next date)
RETURNS TABLE (customer integer, product integer, month date, lines bigint, ordered numeric, delivered numeric, in_time numeric, perfect bigint, fill numeric, amount numeric) LANGUAGE sql AS $$
  WITH line AS (SELECT o.*, coalesce(promised, day) AS due, arrived <= promised AS punctual, CASE WHEN arrived > asked THEN 0 ELSE coalesce(least(greatest(came, 0), wanted), 0) END AS got FROM ordering AS o WHERE wanted > 0 AND day <= asked)
  SELECT customer, product, date_trunc('month', due::timestamp)::date, count(*), sum(wanted), sum(got), coalesce(sum(got) FILTER (WHERE punctual), 0), count(*) FILTER (WHERE punctual AND got = wanted),
    coalesce(sum(got) FILTER (WHERE punctual), 0) / sum(wanted), coalesce(sum(got * price) FILTER (WHERE punctual), 0) / nullif(sum(wanted * price), 0)
  FROM line WHERE due <= asked AND due >= first AND due < next GROUP BY 1, 2, 3 $$;
SELECT results_eq(format('SELECT customer_id, product_id, month, lines, trim_scale(ordered), trim_scale(delivered), trim_scale(delivered_on_time), lines_perfect, round(fill_rate, 12), round(fill_rate_amount, 12), round(otif, 12) FROM crm.supply(%L, %L) ORDER BY 1, 2, 3', as_of, daterange(first, next)),
  format('SELECT customer, product, month, lines, trim_scale(ordered), trim_scale(delivered), trim_scale(in_time), perfect, round(fill, 12), round(amount, 12), round(perfect::numeric / lines, 12) FROM pg_temp.plain_supply(%L, %L, %L) ORDER BY 1, 2, 3', as_of, first, next), format('supply as of %s', as_of))
FROM (VALUES (date '2025-09-17', date '2025-01-01', date '2026-01-01'), ('2025-12-31', '2025-07-01', '2026-07-01'), ('2026-06-30', '2024-01-01', '2027-01-01'), ('2025-01-31', '2025-01-15', '2025-02-01')) AS v (as_of, first, next);
SELECT results_eq('SELECT * FROM crm.supply ORDER BY customer_id, product_id, month', $$ SELECT * FROM crm.supply('2025-09-17') ORDER BY customer_id, product_id, month $$, 'the view is the function as of the day of setting');
SELECT is_empty($$ SELECT * FROM crm.supply WHERE value IS DISTINCT FROM fill_rate OR fill_rate > fill_rate_lenient OR missing <> ordered - delivered OR name <> 'customer ' || customer_id OR product <> 'product ' || product_id OR category <> 'category ' || product_id % 4 OR as_of <> '2025-09-17' $$, 'the other columns follow');
SELECT is_empty($$ SELECT customer_id FROM crm.supply AS s LEFT JOIN LATERAL (SELECT p.fill FROM pg_temp.plain_supply('2025-09-17', '2025-01-01', '2026-01-01') AS p WHERE p.customer = s.customer_id AND p.product = s.product_id AND p.month < s.month ORDER BY p.month DESC LIMIT 1) AS p ON true
  WHERE s.customer_id < 5 AND s.trend IS DISTINCT FROM sign(round(s.fill_rate, 12) - round(p.fill, 12))::integer $$, 'the trend is against the last month with orders');

-- the nearest goal

INSERT INTO crm.kpi_goal (kpi, scope, key, goal, tolerance) VALUES ('fill_rate', 'all', '', 0.5, NULL), ('fill_rate', 'channel', 'shop', 0.6, 0.1), ('fill_rate', 'team', 'team 1', 0.7, NULL), ('fill_rate', 'person', '3', 0.8, NULL), ('fill_rate', 'customer', '12', 0.9, 0), ('forecast_accuracy', 'all', '', 0.4, NULL), ('forecast_accuracy', 'customer', '12', 0.6, NULL);
UPDATE crm.setting SET goal_tolerance = 0.2;
SELECT set_eq('SELECT DISTINCT customer_id, goal FROM crm.supply', $$ SELECT DISTINCT customer, CASE WHEN customer = 12 THEN 0.9 WHEN customer % 4 = 3 THEN 0.8 WHEN customer % 2 = 1 THEN 0.7 WHEN customer % 3 = 0 THEN 0.6 ELSE 0.5 END FROM pg_temp.plain_supply('2025-09-17', '2025-01-01', '2026-01-01') $$, 'of the customer, his person, team, channel, or of all');
SELECT is_empty('SELECT * FROM crm.supply WHERE status IS DISTINCT FROM kpi_status(fill_rate, goal, CASE WHEN customer_id = 12 THEN 0 WHEN goal = 0.6 THEN 0.1 ELSE 0.2 END)', 'and its tolerance');

-- forecasts against plain SQL

CREATE FUNCTION pg_temp.plain_forecast(asked date, first date, next date)
RETURNS TABLE (customer integer, product integer, month date, periods bigint, forecast numeric, actual numeric, error numeric, accuracy numeric, bias numeric, wape numeric) LANGUAGE sql AS $$
  WITH version AS (SELECT customer, product, days, made, sum(pieces) AS pieces FROM guess WHERE product IS NOT NULL AND days && daterange(first, next) AND upper(days) <= asked + 1 AND NOT lower_inf(days) AND coalesce(made <= lower(days), true) GROUP BY 1, 2, 3, 4),
  last AS (SELECT * FROM version AS v WHERE NOT EXISTS (SELECT FROM version AS w WHERE w.customer IS NOT DISTINCT FROM v.customer AND w.product = v.product AND w.days = v.days AND coalesce(w.made, '-infinity') > coalesce(v.made, '-infinity'))),
  pair AS (SELECT l.*, (SELECT coalesce(sum(s.pieces), 0)::numeric FROM sold AS s WHERE (l.customer IS NULL OR s.customer = l.customer) AND s.product = l.product AND l.days @> s.day) AS actual FROM last AS l)
  SELECT customer, product, date_trunc('month', lower(days)::timestamp)::date, count(*), sum(pieces), sum(actual), sum(abs(pieces - actual)), CASE WHEN sum(actual) > 0 THEN greatest(1 - sum(abs(pieces - actual)) / sum(actual), 0) END,
    CASE WHEN sum(actual) > 0 THEN (sum(pieces) - sum(actual)) / sum(actual) END, sum(abs(pieces - actual)) / nullif(sum(abs(actual)), 0)
  FROM pair GROUP BY 1, 2, 3 $$;
SELECT results_eq(format('SELECT customer_id, product_id, month, periods, trim_scale(forecast), trim_scale(actual), trim_scale(error), round(accuracy, 12), round(bias, 12), round(wape, 12) FROM crm.forecast_quality(%L, %L) ORDER BY 1, 2, 3', as_of, daterange(first, next)),
  format('SELECT customer, product, month, periods, trim_scale(forecast), trim_scale(actual), trim_scale(error), round(accuracy, 12), round(bias, 12), round(wape, 12) FROM pg_temp.plain_forecast(%L, %L, %L) ORDER BY 1, 2, 3', as_of, first, next), format('forecasts as of %s', as_of))
FROM (VALUES (date '2025-09-17', date '2025-01-01', date '2026-01-01'), ('2025-12-31', '2025-07-01', '2026-07-01'), ('2026-06-30', '2024-01-01', '2027-01-01')) AS v (as_of, first, next);
SELECT results_eq('SELECT * FROM crm.forecast_quality ORDER BY customer_id, product_id, month', $$ SELECT * FROM crm.forecast_quality('2025-09-17') ORDER BY customer_id, product_id, month $$, 'the view is the function as of the day of setting');
SELECT is_empty($$ SELECT * FROM crm.forecast_quality WHERE value IS DISTINCT FROM accuracy OR goal <> CASE WHEN customer_id = 12 THEN 0.6 ELSE 0.4 END OR status IS DISTINCT FROM kpi_status(accuracy, goal, 0.2) OR name IS DISTINCT FROM 'customer ' || customer_id OR brand <> 'brand ' || product_id % 3 $$, 'the other columns follow');
SELECT ok((SELECT count(*) FILTER (WHERE customer_id IS NULL) > 10 AND count(*) FILTER (WHERE periods > 1) > 2 AND count(DISTINCT trend) = 3 FROM crm.forecast_quality), 'all kinds are there');

-- hostile rows are refused, or left out

SELECT kam_bind('crm', 'order_line', $q$ SELECT 'x'::text AS order_no, 1 AS customer_id, 1 AS product_id, date '2025-02-01' AS ordered_on, q AS ordered, 1 AS delivered, date '2025-02-01' AS promised_on, date '2025-02-01' AS delivered_on FROM unnest('{NULL,0,-1}'::numeric[]) AS q $q$);
SELECT is_empty('SELECT * FROM crm.supply', 'nothing ordered is nothing due');
SELECT kam_bind('crm', 'order_line', $q$ SELECT 'x'::text AS order_no, 1 AS customer_id, 1 AS product_id, date '2025-02-01' AS ordered_on, numeric 'NaN' AS ordered, 1 AS delivered $q$);
SELECT throws_ok('SELECT * FROM crm.supply', '22023', 'ordered must be a finite number, not NaN', 'NaN is refused');
SELECT kam_bind('crm', 'order_line', 'SELECT no AS order_no, customer AS customer_id, product AS product_id, day AS ordered_on, wanted AS ordered, came AS delivered, promised AS promised_on, arrived AS delivered_on FROM ordering');

-- one customer's page reads one customer's rows

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of(format('SELECT * FROM crm.%s WHERE customer_id = 17', name)) ~ 'Index Cond: [^\n]*customer = 17', name || ' of one customer reads his rows by their index')
FROM (VALUES ('supply'), ('forecast_quality'), ($$supply('2025-10-01')$$), ($$forecast_quality('2025-10-01')$$)) AS v (name);

SELECT * FROM finish();
ROLLBACK;
