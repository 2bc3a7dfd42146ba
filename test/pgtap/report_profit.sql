-- Profit, spend and stock of a model: against plain SQL over random rows; NULL where nothing is bound; hostile rows; plans of queries.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(78);

\ir ../helpers/plan_of.sql

\ir ../helpers/noise.sql

-- two years of sales of 30 customers with returns, some without a cost; spend, costs of serving, bonuses
CREATE TABLE sold AS
SELECT pg_temp.noise(i, 1, 30) AS customer, pg_temp.noise(i, 2, 6) AS product, date '2024-01-01' + pg_temp.noise(i, 3, 560) AS day, amount, pg_temp.noise(i, 5, 12) - 1 AS pieces,
       CASE WHEN pg_temp.noise(i, 1, 30) % 7 <> 3 OR i % 40 <> 0 THEN round(amount * 0.6, 2) END AS cost, CASE WHEN i % 3 = 0 THEN amount + 5 END AS list, pg_temp.noise(i, 6, 4) AS discount
FROM generate_series(1, 4000) AS i, LATERAL (SELECT round(pg_temp.noise(i, 4, 1000) * 0.25 - 20, 2) AS amount) AS n WHERE pg_temp.noise(i, 1, 30) <> 29;
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, CASE i % 2 WHEN 0 THEN 'shop' ELSE 'cafe' END AS channel, 'north' AS region, 100 + i % 3 AS agent, CASE WHEN i % 4 <> 0 THEN 0.02 END AS allowed FROM generate_series(0, 34) AS i;
CREATE TABLE spent AS
SELECT pg_temp.noise(i, 7, 31) AS customer, date '2024-01-01' + pg_temp.noise(i, 8, 600) AS day, pg_temp.noise(i, 9, 40) - 2 AS amount, (ARRAY['listing', 'display', 'leaflet', NULL])[1 + pg_temp.noise(i, 10, 4)] AS kind,
       (ARRAY[true, false, NULL])[1 + pg_temp.noise(i, 11, 3)] AS fixed, (ARRAY['brand', 'channel', NULL])[1 + pg_temp.noise(i, 12, 3)] AS purse FROM generate_series(1, 900) AS i;
CREATE TABLE served AS
SELECT pg_temp.noise(i, 13, 31) AS customer, date '2024-01-01' + pg_temp.noise(i, 14, 600) AS day, pg_temp.noise(i, 15, 20) AS amount, (ARRAY['logistics', 'credit', 'service', 'retention', 'travel', NULL])[1 + pg_temp.noise(i, 16, 6)] AS kind FROM generate_series(1, 900) AS i;
CREATE TABLE article AS SELECT i AS id, 'product ' || i AS name, 'category ' || i % 3 AS category, CASE WHEN i <> 4 THEN 'brand ' || i % 2 END AS brand, 'pack ' || i / 2 AS pack, 4 + i AS cost FROM generate_series(0, 7) AS i;
CREATE TABLE paid_for AS SELECT pg_temp.noise(i, 26, 30) AS customer, date '2024-12-01' + pg_temp.noise(i, 27, 250) AS day, pg_temp.noise(i, 28, 900) * 0.13 AS amount, CASE WHEN i % 3 <> 0 THEN pg_temp.noise(i, 29, 6) END AS product FROM generate_series(1, 400) AS i;
CREATE TABLE shop AS SELECT i AS id, i / 2 AS owner FROM generate_series(0, 59) AS i;
CREATE TABLE seen AS SELECT pg_temp.noise(i, 30, 60) AS outlet, date '2024-12-01' + pg_temp.noise(i, 31, 250) AS day, pg_temp.noise(i, 32, 6) AS product, CASE WHEN i % 9 <> 0 THEN 30 + pg_temp.noise(i, 33, 20) END AS price FROM generate_series(1, 500) AS i;
CREATE TABLE depot AS SELECT pg_temp.noise(i, 17, 7) AS product, date '2024-01-01' + 7 * pg_temp.noise(i, 18, 80) AS day, pg_temp.noise(i, 19, 9000) AS value FROM generate_series(1, 700) AS i;
CREATE TABLE shelf AS
SELECT pg_temp.noise(i, 20, 32) AS customer, pg_temp.noise(i, 21, 6) AS product, date '2024-12-01' + 9 * pg_temp.noise(i, 22, 25) AS day, pg_temp.noise(i, 23, 60) - 2 AS quantity,
       CASE WHEN i % 3 <> 0 THEN pg_temp.noise(i, 24, 15) END AS sell_out, CASE WHEN i % 4 <> 0 THEN date '2024-06-01' + pg_temp.noise(i, 25, 400) END AS made FROM generate_series(1, 1500) AS i;
CREATE INDEX ON sold (customer, day);
CREATE INDEX ON buyer (id);
CREATE INDEX ON spent (customer);
CREATE INDEX ON served (customer);
CREATE INDEX ON shelf (customer);
CREATE INDEX ON depot (product);
CREATE INDEX ON paid_for (customer);
ANALYZE;

SELECT kam_create_model('crm', 'integer');

-- nothing is bound, and then part by part

SELECT is((SELECT count(*) FROM crm.customer_profit('2025-06-30')) + (SELECT count(*) FROM crm.spend_efficiency('2025-06-30')) + (SELECT count(*) FROM crm.inventory_turnover('2025-06-30')) + (SELECT count(*) FROM crm.customer_stock('2025-06-30'))
  + (SELECT count(*) FROM crm.profit_part('2025-06-30')), 0::bigint, 'reports without a source are empty');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
SELECT is_empty($$ SELECT * FROM crm.customer_profit('2025-06-30') WHERE net_sales IS NULL OR num_nonnulls(list_sales, discounts, cost_of_goods, gross_margin, margin_share, trade_spend, spend_fixed, spend_variable, customer_cost, logistics, credit, service, retention, other_cost, contribution, contribution_share, profitable,
  uncosted, share, cost_to_serve, return_on_spend, return_on_variable, back_margin, discount_share, base_discount, discount_gap, gross_margin_before, contribution_before, margin_change, contribution_change, value, goal, status, trend, name) > 0 $$, 'of sales alone there is no profit');
SELECT is_empty($$ SELECT * FROM crm.profit_part('2025-06-30') WHERE dimension <> 'all' OR net_sales IS NULL OR num_nonnulls(quantity, cost_of_goods, gross_margin, margin_share, spend, spend_shared, cost_shared, contribution, contribution_share, profitable, front_margin, back_margin, gross_margin_before, margin_change, value, goal, status, trend, name) > 0 $$, 'nor any part of it');
SELECT is_empty($$ SELECT * FROM crm.customer_profit('2025-06-30') WHERE missing <> '{list_sales,cost_of_goods,trade_spend,customer_cost}' $$, 'what is missing has a name');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, cost FROM sold');
SELECT isnt_empty($$ SELECT * FROM crm.customer_profit('2025-06-30') WHERE gross_margin > 0 AND missing = '{list_sales,trade_spend,customer_cost}' AND contribution IS NULL $$, 'with costs there is a gross margin, and no contribution');
SELECT kam_bind('crm', 'trade_spend', 'SELECT customer AS customer_id, day AS spent_on, amount FROM spent');
SELECT is_empty($$ SELECT * FROM crm.spend_efficiency('2025-06-30') WHERE dimension <> 'all' OR spent IS NULL OR sales IS NULL OR num_nonnulls(fixed, fixed_share, budget, balance, used, ahead, quantity, efficiency, efficiency_variable, cost_per_unit, quadrant, name, goal, status) > 0 $$, 'spend without kinds is spend in all');
INSERT INTO crm.budget VALUES (1, 'brand', '[2025-01-01,2026-01-01)', 100);
SELECT results_eq($$ SELECT dimension, key, spent IS NULL, budget FROM crm.spend_efficiency('2025-06-30') WHERE customer_id = 1 ORDER BY dimension COLLATE "C" $$, $$ VALUES ('all'::text, ''::text, false, 100::numeric), ('funded_by', 'brand', true, 100) $$, 'of whose budget it was is not known');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, pieces AS quantity, cost, list AS list_amount, discount FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, region AS territory, agent AS person_id, allowed AS base_discount FROM buyer');
SELECT kam_bind('crm', 'trade_spend', 'SELECT customer AS customer_id, day AS spent_on, amount, kind, fixed, purse AS funded_by FROM spent');
SELECT kam_bind('crm', 'customer_cost', 'SELECT customer AS customer_id, day AS cost_on, amount FROM served');
SELECT is_empty($$ SELECT * FROM crm.customer_profit('2025-06-30') WHERE customer_cost IS NULL OR num_nonnulls(logistics, credit, service, retention, other_cost) > 0 $$, 'costs without a kind');
SELECT kam_bind('crm', 'customer_cost', 'SELECT customer AS customer_id, day AS cost_on, amount, kind FROM served');
SELECT kam_bind('crm', 'product', 'SELECT id AS product_id, name, category, brand, pack, cost AS unit_cost FROM article');
SELECT kam_bind('crm', 'inventory', 'SELECT product AS product_id, day AS valued_on, value FROM depot');
SELECT kam_bind('crm', 'stock', 'SELECT customer AS customer_id, product AS product_id, day AS counted_on, quantity, sell_out, made AS produced_on FROM shelf');
INSERT INTO crm.programme (programme_id, name, kind, period, rate) OVERRIDING SYSTEM VALUE VALUES (1, 'year', 'turnover', '[2024-01-01,2026-01-01)', 0.01);
INSERT INTO crm.programme_customer (programme_id, customer_id) SELECT 1, i FROM generate_series(0, 9) AS i;
INSERT INTO crm.programme_payment SELECT 1, i, d, 10 + i FROM generate_series(0, 9) AS i, unnest('{2024-03-31,2024-12-20,2025-03-31,2025-07-01}'::date[]) AS d;
INSERT INTO crm.kpi_goal (kpi, scope, key, goal, tolerance) VALUES ('contribution_share', 'all', '', 0.3, NULL), ('contribution_share', 'channel', 'shop', 0.35, 0.1), ('contribution_share', 'customer', '4', 0.5, NULL), ('contribution_share', 'person', '101', 0.2, NULL);

-- profit

CREATE FUNCTION pg_temp.plain_profit(first date, last date) RETURNS TABLE (id integer, net numeric, listed numeric, cost numeric, lacks bigint, spend numeric, fixed numeric, served numeric, bonus numeric) LANGUAGE sql AS $$
  SELECT id, (SELECT coalesce(sum(amount), 0) FROM sold WHERE customer = id AND day BETWEEN first AND last), (SELECT coalesce(sum(coalesce(list, amount + discount)), 0) FROM sold WHERE customer = id AND day BETWEEN first AND last),
    (SELECT coalesce(sum(cost), 0) FROM sold WHERE customer = id AND day BETWEEN first AND last), (SELECT count(*) FROM sold WHERE customer = id AND day BETWEEN first AND last AND cost IS NULL),
    (SELECT coalesce(sum(amount), 0)::numeric FROM spent WHERE customer = id AND day BETWEEN first AND last), (SELECT coalesce(sum(amount) FILTER (WHERE fixed), 0)::numeric FROM spent WHERE customer = id AND day BETWEEN first AND last),
    (SELECT coalesce(sum(amount), 0)::numeric FROM served WHERE customer = id AND day BETWEEN first AND last), (SELECT coalesce(sum(amount), 0) FROM crm.programme_payment WHERE customer_id = id AND paid_on BETWEEN first AND last)
  FROM generate_series(0, 30) AS id $$;
SELECT results_eq($$ SELECT customer_id, net_sales, list_sales, discounts, cost_of_goods, gross_margin, round(margin_share, 12) FROM crm.customer_profit('2025-06-30') ORDER BY 1 $$, $$
  SELECT id, net, listed, listed - net, CASE WHEN lacks = 0 THEN cost END, CASE WHEN lacks = 0 THEN net - cost END, round(CASE WHEN lacks = 0 AND net > 0 THEN (net - cost) / net END, 12) FROM pg_temp.plain_profit('2025-01-01', '2025-06-30') ORDER BY 1 $$, 'from list sales to gross margin');
SELECT isnt_empty($$ SELECT FROM crm.customer_profit('2025-06-30') WHERE 'cost_of_goods' = ANY (missing) AND uncosted > 0 $$, 'some costs are not known');
SELECT is_empty($$ SELECT customer_id FROM crm.customer_profit('2025-06-30') JOIN (SELECT customer, coalesce(sum(amount) FILTER (WHERE cost IS NULL), 0) AS amount FROM sold WHERE day BETWEEN '2025-01-01' AND '2025-06-30' GROUP BY 1) AS s ON customer = customer_id WHERE uncosted <> amount OR uncosted IS NULL $$, 'of sales that are named');
SELECT results_eq($$ SELECT customer_id, trade_spend, spend_fixed, spend_variable, bonuses, customer_cost, contribution, round(contribution_share, 12), profitable FROM crm.customer_profit('2025-06-30') ORDER BY 1 $$, $$
  SELECT id, spend, fixed, spend - fixed, bonus, served, c, round(CASE WHEN net > 0 THEN c / net END, 12), c > 0 FROM pg_temp.plain_profit('2025-01-01', '2025-06-30'), LATERAL (SELECT CASE WHEN lacks = 0 THEN net - cost - spend - served - bonus END AS c) AS x ORDER BY 1 $$, 'from gross margin to contribution');
SELECT results_eq($$ SELECT customer_id, logistics, credit, service, retention, other_cost FROM crm.customer_profit('2025-06-30') ORDER BY 1 $$, $$
  SELECT id, coalesce(sum(amount) FILTER (WHERE kind = 'logistics'), 0)::numeric, coalesce(sum(amount) FILTER (WHERE kind = 'credit'), 0)::numeric, coalesce(sum(amount) FILTER (WHERE kind = 'service'), 0)::numeric, coalesce(sum(amount) FILTER (WHERE kind = 'retention'), 0)::numeric,
    coalesce(sum(amount) FILTER (WHERE kind = 'travel' OR kind IS NULL), 0)::numeric FROM generate_series(0, 30) AS id LEFT JOIN served ON customer = id AND day BETWEEN '2025-01-01' AND '2025-06-30' GROUP BY 1 ORDER BY 1 $$, 'costs by kind');
SELECT results_eq($$ SELECT customer_id, round(cost_to_serve, 12), round(return_on_spend, 12), round(return_on_variable, 12), round(back_margin, 12), round(discount_share, 12), round(discount_gap, 12) FROM crm.customer_profit('2025-06-30') ORDER BY 1 $$, $$
  SELECT p.id, round(CASE WHEN net > 0 THEN (spend + bonus + served) / net END, 12), round(CASE WHEN spend > 0 AND lacks = 0 THEN (net - cost) / spend END, 12), round(CASE WHEN spend > fixed AND lacks = 0 THEN (net - cost) / (spend - fixed) END, 12),
    round(CASE WHEN net > 0 THEN (spend + bonus) / net END, 12), round(CASE WHEN listed > 0 THEN (listed - net) / listed END, 12), round(CASE WHEN listed > 0 THEN (listed - net) / listed END - allowed, 12)
  FROM pg_temp.plain_profit('2025-01-01', '2025-06-30') AS p LEFT JOIN buyer AS b USING (id) ORDER BY 1 $$, 'ratios');
SELECT results_eq($$ SELECT customer_id, net_sales_before, gross_margin_before, contribution_before, round(margin_change, 10), round(contribution_change, 10), trend FROM crm.customer_profit('2025-06-30') ORDER BY 1 $$, $$
  SELECT n.id, b.net, CASE WHEN b.lacks = 0 THEN b.net - b.cost END, y.c, round(CASE WHEN n.lacks = 0 AND b.lacks = 0 AND n.net > 0 AND b.net > 0 THEN (n.net - n.cost) / n.net - (b.net - b.cost) / b.net END, 10),
    round(CASE WHEN n.net > 0 AND b.net > 0 THEN x.c / n.net - y.c / b.net END, 10), CASE WHEN n.net > 0 AND b.net > 0 THEN sign(x.c / n.net - y.c / b.net)::integer END
  FROM pg_temp.plain_profit('2025-01-01', '2025-06-30') AS n JOIN pg_temp.plain_profit('2024-01-01', '2024-06-30') AS b USING (id),
    LATERAL (SELECT CASE WHEN n.lacks = 0 THEN n.net - n.cost - n.spend - n.served - n.bonus END AS c) AS x, LATERAL (SELECT CASE WHEN b.lacks = 0 THEN b.net - b.cost - b.spend - b.served - b.bonus END AS c) AS y ORDER BY 1 $$, 'beside the year before');
SELECT is_empty($$ SELECT customer_id FROM crm.customer_profit('2025-06-30') WHERE round(share, 12) IS DISTINCT FROM round(contribution / (SELECT sum(contribution) FROM crm.customer_profit('2025-06-30')), 12) $$, 'share of the whole');
SELECT is((SELECT round(sum(share), 9) FROM crm.customer_profit('2025-06-30')), 1.000000000, 'shares come to one');
SELECT is_empty($$ SELECT customer_id FROM crm.customer_profit('2025-06-30') WHERE goal IS DISTINCT FROM CASE WHEN customer_id = 4 THEN 0.5 WHEN person_id = 101 THEN 0.2 WHEN channel = 'shop' THEN 0.35 ELSE 0.3 END OR value IS DISTINCT FROM contribution_share
  OR status IS DISTINCT FROM CASE WHEN value >= goal THEN 1 WHEN goal = 0.35 AND value >= 0.315 THEN 0 WHEN value < goal THEN -1 END $$, 'goals, the nearest of them');
SELECT set_eq($$ SELECT status FROM crm.customer_profit('2025-06-30') WHERE status IS NOT NULL $$, '{1,0,-1}'::integer[], 'each of them');
SELECT results_eq($$ SELECT customer_id, net_sales, trade_spend, bonuses FROM crm.customer_profit('2025-02-10', '[2024-07-01,2025-07-01)') ORDER BY 1 $$, $$ SELECT id, net, spend, bonus FROM pg_temp.plain_profit('2024-07-01', '2025-02-10') ORDER BY 1 $$, 'another day, and a fiscal year');
SELECT results_eq($$ SELECT * FROM crm.customer_profit ORDER BY customer_id $$, $$ SELECT * FROM crm.customer_profit((SELECT max(day) FROM sold)) ORDER BY customer_id $$, 'the view is as of the last day with sales');
SELECT is((SELECT count(*) FROM crm.customer_profit('2025-06-30', '[2026-01-01,2027-01-01)')) + (SELECT count(*) FROM crm.customer_profit('2025-06-30', '(,2026-01-01)')) + (SELECT count(*) FROM crm.spend_efficiency('2025-06-30', '[2026-01-01,2027-01-01)')) + (SELECT count(*) FROM crm.customer_profit('2025-06-30', 'empty')), 0::bigint, 'a period that has not begun, or never did');
SELECT isnt_empty($$ SELECT * FROM crm.customer_profit('2025-06-30', '[2024-01-01,2025-12-31)') WHERE net_sales_before < net_sales AND net_sales_before > 0 $$, 'two years overlap with the two before');
SELECT results_eq($$ SELECT customer_id, net_sales_before FROM crm.customer_profit('2025-06-30', '[2024-01-01,2026-01-01)') ORDER BY 1 $$, $$ SELECT id, net FROM pg_temp.plain_profit('2023-01-01', '2024-06-30') ORDER BY 1 $$, 'and a day counts in both');

-- profit by category, brand and pack

SELECT results_eq($$ SELECT customer_id, quantity IS NOT NULL, net_sales, cost_of_goods, gross_margin, spend_shared, cost_shared, contribution, profitable FROM crm.profit_part('2025-06-30') WHERE dimension = 'all' ORDER BY 1 $$, $$
  SELECT customer_id, true, net_sales, cost_of_goods, gross_margin, trade_spend + bonuses, customer_cost, contribution, profitable FROM crm.customer_profit('2025-06-30') WHERE net_sales <> 0 OR net_sales_before <> 0 ORDER BY 1 $$, 'in all it is the profit of the customer');
SELECT is_empty($$ SELECT FROM crm.profit_part('2025-06-30') WHERE spend IS NOT NULL OR front_margin IS NOT NULL $$, 'spend without products is shared, and no prices are known');
SELECT kam_bind('crm', 'trade_spend', 'SELECT customer AS customer_id, day AS spent_on, amount, product AS product_id FROM paid_for');
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, owner AS customer_id FROM shop');
SELECT kam_bind('crm', 'audit', 'SELECT outlet AS outlet_id, day AS audited_on, product AS product_id, true AS present, price FROM seen');
INSERT INTO crm.kpi_goal (kpi, scope, key, goal, tolerance) VALUES ('margin_share', 'all', '', 0.4, 0.05), ('margin_share', 'channel', 'shop', 0.39, NULL);
CREATE VIEW pg_temp.plain_part AS
WITH one AS (SELECT customer, product, 'sold' AS what, day, amount, cost, pieces, price FROM sold LEFT JOIN (SELECT owner, product, avg(price) AS price FROM seen JOIN shop ON id = outlet WHERE day BETWEEN '2025-01-01' AND '2025-06-30' GROUP BY 1, 2) AS v (customer, product, price) USING (customer, product)
    WHERE day BETWEEN '2025-01-01' AND '2025-06-30' OR day BETWEEN '2024-01-01' AND '2024-06-30'
  UNION ALL SELECT customer, product, 'spent', day, amount, 0, NULL, NULL FROM paid_for WHERE day BETWEEN '2025-01-01' AND '2025-06-30' AND product IS NOT NULL),
piece AS (SELECT customer, product, bool_or(sum(pieces) > 0) OVER (PARTITION BY customer, product) AS positive FROM one WHERE day >= '2025-01-01' AND what = 'sold' GROUP BY 1, 2)
SELECT o.customer, dimension, key, coalesce(sum(amount) FILTER (WHERE what = 'sold' AND day >= '2025-01-01'), 0) AS net, coalesce(sum(pieces) FILTER (WHERE day >= '2025-01-01'), 0)::numeric AS pieces,
  CASE WHEN count(*) FILTER (WHERE day >= '2025-01-01' AND o.cost IS NULL) = 0 THEN coalesce(sum(o.cost) FILTER (WHERE day >= '2025-01-01'), 0) END AS cost, coalesce(sum(amount) FILTER (WHERE what = 'spent'), 0) AS spend, coalesce(sum(amount) FILTER (WHERE day < '2025-01-01'), 0) AS net_before,
  CASE WHEN count(*) FILTER (WHERE day < '2025-01-01' AND o.cost IS NULL) = 0 THEN coalesce(sum(o.cost) FILTER (WHERE day < '2025-01-01'), 0) END AS cost_before,
  1 - sum(amount) FILTER (WHERE what = 'sold' AND day >= '2025-01-01' AND positive AND price IS NOT NULL) / nullif(sum(pieces * price) FILTER (WHERE what = 'sold' AND day >= '2025-01-01' AND positive), 0) AS front
FROM one AS o JOIN article AS a ON a.id = o.product LEFT JOIN piece USING (customer, product), LATERAL (VALUES ('all', ''), ('category', category), ('brand', coalesce(brand, '')), ('pack', pack)) AS d (dimension, key) GROUP BY 1, 2, 3;
SELECT results_eq($$ SELECT customer_id, dimension COLLATE "C", key COLLATE "C", net_sales, quantity, cost_of_goods, gross_margin, round(margin_share, 12), spend, net_sales_before, gross_margin_before FROM crm.profit_part('2025-06-30') ORDER BY 1, 2, 3 $$, $$
  SELECT customer, dimension COLLATE "C", key COLLATE "C", net, pieces, cost, net - cost, round(CASE WHEN net > 0 THEN (net - cost) / net END, 12), spend, net_before, net_before - cost_before FROM pg_temp.plain_part ORDER BY 1, 2, 3 $$, 'by category, brand and pack');
SELECT isnt_empty($$ SELECT FROM crm.profit_part('2025-06-30') WHERE dimension = 'brand' AND key = '' AND net_sales > 0 $$, 'what has no brand');
SELECT results_eq($$ SELECT customer_id, dimension COLLATE "C", sum(spend + spend_shared), sum(cost_shared), sum(spend), round(sum(mix), 9) FROM crm.profit_part('2025-06-30') WHERE dimension <> 'all' GROUP BY 1, 2 HAVING min(net_sales) > 0 ORDER BY 1, 2 $$, $$
  SELECT x.customer, d.dimension COLLATE "C", x.spend + x.bonus, x.cost, x.own, 1.000000000 FROM (SELECT id, (SELECT coalesce(sum(amount), 0) FROM paid_for WHERE customer = id AND day BETWEEN '2025-01-01' AND '2025-06-30'), (SELECT coalesce(sum(amount), 0) FROM crm.programme_payment WHERE customer_id = id AND paid_on BETWEEN '2025-01-01' AND '2025-06-30'),
    (SELECT coalesce(sum(amount), 0)::numeric FROM served WHERE customer = id AND day BETWEEN '2025-01-01' AND '2025-06-30'), (SELECT coalesce(sum(amount), 0) FROM paid_for WHERE customer = id AND product IS NOT NULL AND day BETWEEN '2025-01-01' AND '2025-06-30') FROM buyer) AS x (customer, spend, bonus, cost, own),
    (SELECT customer, dimension FROM pg_temp.plain_part WHERE dimension <> 'all' GROUP BY 1, 2 HAVING min(net) > 0) AS d WHERE d.customer = x.customer ORDER BY 1, 2 $$, 'the parts come to the whole, to the cent');
SELECT is_empty($$ SELECT FROM crm.profit_part('2025-06-30') AS r JOIN (SELECT customer, dimension, sum(greatest(net, 0)) AS whole FROM pg_temp.plain_part GROUP BY 1, 2) AS w ON customer = customer_id AND w.dimension = r.dimension
  JOIN (SELECT customer_id, spend_shared, cost_shared FROM crm.profit_part('2025-06-30') WHERE dimension = 'all') AS a USING (customer_id) WHERE abs(r.spend_shared - a.spend_shared * greatest(net_sales, 0) / nullif(whole, 0)) >= 0.01 OR abs(r.cost_shared - a.cost_shared * greatest(net_sales, 0) / nullif(whole, 0)) >= 0.01 OR (r.spend_shared IS NULL) <> (whole = 0 AND a.spend_shared <> 0 AND r.dimension <> 'all') $$, 'each has its share of what is shared');
SELECT is_empty($$ SELECT FROM crm.profit_part('2025-06-30') WHERE contribution IS DISTINCT FROM gross_margin - spend - spend_shared - cost_shared OR round(contribution_share, 12) IS DISTINCT FROM round(CASE WHEN net_sales > 0 THEN contribution / net_sales END, 12) OR profitable IS DISTINCT FROM contribution > 0 OR round(back_margin, 12) IS DISTINCT FROM round(CASE WHEN net_sales > 0 THEN (spend + spend_shared) / net_sales END, 12)
  OR round(margin_change, 9) IS DISTINCT FROM round(CASE WHEN net_sales > 0 AND net_sales_before > 0 THEN gross_margin / net_sales - gross_margin_before / net_sales_before END, 9) OR trend IS DISTINCT FROM sign(margin_change)::integer OR value IS DISTINCT FROM margin_share OR goal IS DISTINCT FROM CASE channel WHEN 'shop' THEN 0.39 ELSE 0.4 END OR status IS DISTINCT FROM kpi_status(value, goal, CASE channel WHEN 'shop' THEN 0 ELSE 0.05 END) $$, 'what follows from them');
SELECT results_eq($$ SELECT customer_id, dimension COLLATE "C", key COLLATE "C", round(front_margin, 9) FROM crm.profit_part('2025-06-30') ORDER BY 1, 2, 3 $$, $$ SELECT customer, dimension COLLATE "C", key COLLATE "C", round(front, 9) FROM pg_temp.plain_part ORDER BY 1, 2, 3 $$, 'what the customer makes on the shelf');
SELECT isnt_empty($$ SELECT FROM crm.profit_part('2025-06-30') WHERE front_margin > 0 AND back_margin > 0 AND contribution > 0 AND spend > 0 $$, 'there are such');
SELECT results_eq($$ SELECT * FROM crm.profit_part ORDER BY customer_id, dimension, key $$, $$ SELECT * FROM crm.profit_part((SELECT max(day) FROM sold)) ORDER BY customer_id, dimension, key $$, 'the view');
SELECT kam_bind('crm', 'trade_spend', 'SELECT 1 AS customer_id, date $$2025-02-01$$ AS spent_on, 0.1234567890123456789012345678::numeric AS amount');
SELECT is((SELECT sum(spend_shared) FROM crm.profit_part('2025-06-30') WHERE customer_id = 1 AND dimension = 'brand'), 11.123456789012, 'twelve decimals are enough (with the bonus of 11)');
SELECT kam_bind('crm', 'trade_spend', 'SELECT customer AS customer_id, day AS spent_on, amount, kind, fixed, purse AS funded_by FROM spent');

-- spend

INSERT INTO crm.budget SELECT i, '', '[2025-01-01,2026-01-01)', 300 + i FROM generate_series(0, 20) AS i;
INSERT INTO crm.budget SELECT i, 'channel', '[2024-07-01,2025-07-01)', 365 FROM generate_series(0, 20, 2) AS i;
INSERT INTO crm.budget VALUES (33, 'brand', '[2025-01-01,2026-01-01)', 10), (32, 'brand', '[2025-01-01,)', 10), (32, 'channel', '[-infinity,2025-03-01)', 10), (31, 'brand', '[2024-01-01,2025-01-01)', 10);
INSERT INTO crm.kpi_goal (kpi, goal) VALUES ('spend_share', 0.08);
CREATE VIEW pg_temp.plain_spend AS
WITH cut AS (SELECT customer, day, amount, fixed, dimension, key FROM spent, LATERAL (VALUES ('all', ''), ('kind', coalesce(kind, '')), ('funded_by', coalesce(purse, ''))) AS v (dimension, key)),
purse AS (
  SELECT customer_id AS customer, dimension, key, sum(amount * (SELECT count(*) FROM generate_series(timestamp '2025-01-01', '2025-12-31', '1 day') AS d WHERE b.period @> d::date) / (upper(period) - lower(period))) AS budget
  FROM crm.budget AS b, LATERAL (VALUES ('all', ''), ('funded_by', funded_by)) AS v (dimension, key) WHERE customer_id NOT IN (31, 32) GROUP BY 1, 2, 3),
line AS (SELECT customer, dimension, key FROM cut WHERE day BETWEEN '2025-01-01' AND '2025-06-30' OR day BETWEEN '2024-01-01' AND '2024-06-30' UNION SELECT customer, dimension, key FROM purse)
SELECT l.customer, l.dimension, l.key, p.budget,
  (SELECT coalesce(sum(amount), 0)::numeric FROM cut AS c WHERE (c.customer, c.dimension, c.key) = (l.customer, l.dimension, l.key) AND day BETWEEN '2025-01-01' AND '2025-06-30') AS spent,
  (SELECT coalesce(sum(amount) FILTER (WHERE fixed), 0)::numeric FROM cut AS c WHERE (c.customer, c.dimension, c.key) = (l.customer, l.dimension, l.key) AND day BETWEEN '2025-01-01' AND '2025-06-30') AS fixed,
  (SELECT coalesce(sum(amount), 0)::numeric FROM cut AS c WHERE (c.customer, c.dimension, c.key) = (l.customer, l.dimension, l.key) AND day BETWEEN '2024-01-01' AND '2024-06-30') AS spent_before,
  (SELECT coalesce(sum(amount), 0) FROM sold AS s WHERE s.customer = l.customer AND day BETWEEN '2025-01-01' AND '2025-06-30') AS sales, (SELECT coalesce(sum(amount), 0) FROM sold AS s WHERE s.customer = l.customer AND day BETWEEN '2024-01-01' AND '2024-06-30') AS sales_before,
  (SELECT coalesce(sum(pieces), 0)::numeric FROM sold AS s WHERE s.customer = l.customer AND day BETWEEN '2025-01-01' AND '2025-06-30') AS quantity, (SELECT coalesce(sum(pieces), 0)::numeric FROM sold AS s WHERE s.customer = l.customer AND day BETWEEN '2024-01-01' AND '2024-06-30') AS quantity_before,
  (SELECT CASE WHEN count(*) = count(cost) THEN coalesce(sum(amount - cost) FILTER (WHERE day >= '2025-01-01'), 0) - coalesce(sum(amount - cost) FILTER (WHERE day <= '2024-06-30'), 0) END
   FROM sold AS s WHERE s.customer = l.customer AND (day BETWEEN '2025-01-01' AND '2025-06-30' OR day BETWEEN '2024-01-01' AND '2024-06-30')) AS won
FROM line AS l LEFT JOIN purse AS p USING (customer, dimension, key);
SELECT results_eq($$ SELECT customer_id, dimension COLLATE "C", key COLLATE "C", spent, fixed, round(fixed_share, 12), spent_before FROM crm.spend_efficiency('2025-06-30') ORDER BY 1, 2, 3 $$,
  $$ SELECT customer, dimension COLLATE "C", key COLLATE "C", spent, fixed, round(CASE WHEN spent > 0 THEN fixed / spent END, 12), spent_before FROM pg_temp.plain_spend ORDER BY 1, 2, 3 $$, 'spend, in all, by kind and by budget');
SELECT results_eq($$ SELECT customer_id, dimension COLLATE "C", key COLLATE "C", round(budget, 9), round(balance, 9), round(used, 9), ahead FROM crm.spend_efficiency('2025-06-30') ORDER BY 1, 2, 3 $$,
  $$ SELECT customer, dimension COLLATE "C", key COLLATE "C", round(budget, 9), round(budget - spent, 9), round(spent / nullif(budget, 0), 9), spent / nullif(budget, 0) > 181 / 365.0 FROM pg_temp.plain_spend ORDER BY 1, 2, 3 $$, 'budgets, by their days in the period');
SELECT is((SELECT round(budget, 6) FROM crm.spend_efficiency('2025-06-30') WHERE customer_id = 2 AND key = 'channel'), 181.000000, 'of a budget of the fiscal year the days that are left of it');
SELECT set_eq($$ SELECT ahead FROM crm.spend_efficiency('2025-06-30') WHERE ahead IS NOT NULL $$, '{true,false}'::boolean[], 'some are ahead, others not');
SELECT results_eq($$ SELECT customer_id, dimension COLLATE "C", key COLLATE "C", sales, round(spend_share, 12), quantity, round(efficiency, 12), round(cost_per_unit, 12), round(efficiency_variable, 12) FROM crm.spend_efficiency('2025-06-30') ORDER BY 1, 2, 3 $$,
  $$ SELECT customer, dimension COLLATE "C", key COLLATE "C", sales, round(CASE WHEN sales > 0 THEN spent / sales END, 12), quantity, round(CASE WHEN spent > 0 THEN quantity / spent END, 12), round(CASE WHEN quantity > 0 THEN spent / quantity END, 12), round(CASE WHEN spent > fixed THEN quantity / (spent - fixed) END, 12) FROM pg_temp.plain_spend ORDER BY 1, 2, 3 $$, 'what it brought');
SELECT is_empty($$ SELECT e.* FROM crm.spend_efficiency('2025-06-30') AS e JOIN pg_temp.plain_spend AS p ON customer = customer_id AND p.dimension = e.dimension AND p.key = e.key, spend_change(p.quantity_before, p.spent_before, p.quantity, p.spent) AS c
  WHERE (e.efficiency_before, e.efficiency_change, e.incremental, e.quadrant, e.quantity_before) IS DISTINCT FROM (c.efficiency_before, c.efficiency_change, c.incremental, c.quadrant, p.quantity_before)
    OR round(roi, 12) IS DISTINCT FROM round(CASE WHEN p.spent > p.spent_before THEN (won - (p.spent - p.spent_before)) / (p.spent - p.spent_before) END, 12)
    OR trend IS DISTINCT FROM CASE WHEN p.sales > 0 AND sales_before > 0 THEN sign(p.spent_before / sales_before - p.spent / p.sales)::integer END $$, 'beside the year before');
SELECT set_has($$ SELECT quadrant FROM crm.spend_efficiency('2025-06-30') $$, $$ VALUES ('expanded'), ('improved'), ('reduced'), ('wasted') $$, 'quadrants');
SELECT isnt_empty($$ SELECT FROM crm.spend_efficiency('2025-06-30') WHERE roi <> 0 $$, 'returns');
SELECT is_empty($$ SELECT * FROM crm.spend_efficiency('2025-06-30') WHERE goal IS DISTINCT FROM CASE WHEN dimension = 'all' THEN 0.08 END OR value IS DISTINCT FROM spend_share OR status IS DISTINCT FROM CASE WHEN value <= goal THEN 1 WHEN value > goal THEN -1 END OR elapsed <> 181 / 365.0 $$, 'goal and status are of the whole');
SELECT results_eq($$ SELECT * FROM crm.spend_efficiency ORDER BY customer_id, dimension, key $$, $$ SELECT * FROM crm.spend_efficiency((SELECT max(day) FROM sold)) ORDER BY customer_id, dimension, key $$, 'the view');
SELECT lives_ok($$ SELECT * FROM crm.spend_efficiency('2025-06-30', '[2025-01-01,)') $$, 'a period without an end');

-- the company's stock

CREATE VIEW pg_temp.plain_depot AS
SELECT id, d.days, d.mean, d.before, s.cost, s.cost_before, d.last FROM article,
  LATERAL (SELECT count(*) FILTER (WHERE day BETWEEN '2025-01-01' AND '2025-06-30') AS days, avg(value) FILTER (WHERE day BETWEEN '2025-01-01' AND '2025-06-30') AS mean, avg(value) FILTER (WHERE day BETWEEN '2024-01-01' AND '2024-06-30') AS before,
    max(day) FILTER (WHERE day BETWEEN '2025-01-01' AND '2025-06-30') AS last FROM (SELECT day, sum(value)::numeric AS value FROM depot WHERE product = id GROUP BY day) AS v) AS d,
  LATERAL (SELECT coalesce(sum(coalesce(cost, pieces * article.cost)) FILTER (WHERE day BETWEEN '2025-01-01' AND '2025-06-30'), 0) AS cost, coalesce(sum(coalesce(cost, pieces * article.cost)) FILTER (WHERE day BETWEEN '2024-01-01' AND '2024-06-30'), 0) AS cost_before FROM (SELECT sold.cost, pieces, day FROM sold WHERE product = id) AS s) AS s
WHERE id < 7;
INSERT INTO crm.kpi_goal (kpi, goal, tolerance) VALUES ('days_of_stock', 100, 0.5);
SELECT results_eq($$ SELECT product_id, product COLLATE "C", days_valued, round(average_stock, 9), cost_of_sales, round(turnover, 9), round(days_of_stock, 9), round(days_of_stock_before, 9), valued_on FROM crm.inventory_turnover('2025-06-30') ORDER BY 1 $$, $$
  SELECT id, ('product ' || id) COLLATE "C", days, round(mean, 9), cost, round(cost / mean, 9), round(CASE WHEN cost > 0 THEN 181 * mean / cost END, 9), round(CASE WHEN cost_before > 0 THEN 182 * before / cost_before END, 9), last FROM pg_temp.plain_depot ORDER BY 1 $$, 'turnover and days of stock');
SELECT isnt_empty($$ SELECT FROM crm.inventory_turnover('2025-06-30') WHERE days_of_stock IS NULL AND cost_of_sales = 0 $$, 'what does not sell has no days');
SELECT is_empty($$ SELECT FROM crm.inventory_turnover('2025-06-30') AS r WHERE stock <> (SELECT sum(value) FROM depot WHERE product = r.product_id AND day = valued_on) OR round(days_left, 9) IS DISTINCT FROM round(CASE WHEN cost_of_sales > 0 THEN 181 * stock / cost_of_sales END, 9) OR stock IS NULL $$, 'the last value');
SELECT is_empty($$ SELECT FROM crm.inventory_turnover('2025-06-30') WHERE goal <> 100 OR value IS DISTINCT FROM days_of_stock OR status IS DISTINCT FROM kpi_status(value, 100, 0.5, 'down') OR trend IS DISTINCT FROM sign(days_of_stock_before - days_of_stock)::integer $$, 'goal, status and trend');
SELECT isnt_empty($$ SELECT FROM crm.inventory_turnover('2025-06-30') WHERE status IS NOT NULL AND trend IS NOT NULL $$, 'there are such');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
SELECT is_empty($$ SELECT FROM crm.inventory_turnover('2025-06-30') WHERE average_stock IS NULL OR num_nonnulls(cost_of_sales, turnover, days_of_stock, days_left, value, status, trend) > 0 $$, 'without costs it is a stock, and no more');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, pieces AS quantity, cost, list AS list_amount, discount FROM sold');

-- stock at customers

CREATE VIEW pg_temp.plain_shelf AS
WITH counted AS (
  SELECT customer, product, day, sum(quantity)::numeric AS quantity, max(sell_out)::numeric AS sell_out, count(*) FILTER (WHERE quantity > 0 AND made <= '2025-06-30') AS lots, max(date '2025-06-30' - made) FILTER (WHERE quantity > 0 AND made <= '2025-06-30') AS oldest,
    sum(quantity * (date '2025-06-30' - made)) FILTER (WHERE quantity > 0 AND made <= '2025-06-30')::numeric / nullif(sum(quantity) FILTER (WHERE quantity > 0 AND made <= '2025-06-30'), 0) AS mean,
    coalesce(sum(quantity) FILTER (WHERE quantity > 0 AND made <= date '2025-06-30' - 180), 0)::numeric / nullif(sum(quantity) FILTER (WHERE quantity > 0 AND made <= '2025-06-30'), 0) AS old
  FROM shelf WHERE day BETWEEN '2025-01-01' AND '2025-06-30' GROUP BY 1, 2, 3)
SELECT c.*, coalesce(sell_out, (SELECT coalesce(sum(pieces), 0) / 12.0 FROM sold AS s WHERE s.customer = c.customer AND s.product = c.product AND s.day BETWEEN '2024-07-01' AND '2025-06-30')) AS out,
  (SELECT quantity FROM counted AS b WHERE b.customer = c.customer AND b.product = c.product AND b.day < c.day ORDER BY day DESC LIMIT 1) AS before
FROM counted AS c WHERE NOT EXISTS (SELECT FROM counted AS l WHERE l.customer = c.customer AND l.product = c.product AND l.day > c.day);
SELECT results_eq($$ SELECT customer_id, product_id, counted_on, quantity, round(sell_out, 9), sell_out_of COLLATE "C", round(cover, 9), state COLLATE "C", status, quantity_before, trend FROM crm.customer_stock('2025-06-30') ORDER BY 1, 2 $$, $$
  SELECT customer, product, day, quantity, round(out, 9), (CASE WHEN sell_out IS NULL THEN 'purchases' ELSE 'count' END) COLLATE "C", round(CASE WHEN out > 0 THEN quantity / out END, 9), (CASE WHEN quantity <= 0 THEN 'out_of_stock' WHEN quantity >= 6 * out THEN 'stuffed' ELSE 'ok' END) COLLATE "C",
    CASE WHEN quantity <= 0 THEN 0 WHEN quantity >= 6 * out THEN -1 ELSE 1 END, before, sign(before - quantity)::integer FROM pg_temp.plain_shelf ORDER BY 1, 2 $$, 'cover and state of the last count');
SELECT set_eq($$ SELECT state, sell_out_of FROM crm.customer_stock('2025-06-30') $$, $$ SELECT s, o FROM unnest('{ok,stuffed,out_of_stock}'::text[]) AS s, unnest('{count,purchases}'::text[]) AS o $$, 'each of them');
SELECT results_eq($$ SELECT customer_id, product_id, lots, oldest_days, round(mean_days, 9), round(old_share, 9) FROM crm.customer_stock('2025-06-30') ORDER BY 1, 2 $$, $$ SELECT customer, product, lots, oldest, round(mean, 9), round(old, 9) FROM pg_temp.plain_shelf ORDER BY 1, 2 $$, 'age');
SELECT isnt_empty($$ SELECT FROM crm.customer_stock('2025-06-30') WHERE old_share > 0 AND old_share < 1 $$, 'old and new beside each other');
UPDATE crm.setting SET old_from = 0, stuffed_from = 1;
SELECT is_empty($$ SELECT FROM crm.customer_stock('2025-06-30') WHERE old_share < 1 OR goal <> 1 OR (cover >= 1) <> (state = 'stuffed') $$, 'settings are heard');
UPDATE crm.setting SET old_from = DEFAULT, stuffed_from = DEFAULT;
SELECT results_eq($$ SELECT * FROM crm.customer_stock ORDER BY customer_id, product_id $$, $$ SELECT * FROM crm.customer_stock((SELECT max(day) FROM sold), '[2025-01-01,2026-01-01)') ORDER BY customer_id, product_id $$, 'the view');
SELECT kam_bind('crm', 'stock', 'SELECT customer AS customer_id, product AS product_id, day AS counted_on, quantity FROM shelf');
SELECT is_empty($$ SELECT FROM crm.customer_stock('2025-06-30') WHERE sell_out_of <> 'purchases' OR num_nonnulls(lots, oldest_days, mean_days, old_share) > 0 $$, 'without lots, no age');
SELECT kam_unbind('crm', 'sale');
SELECT is_empty($$ SELECT FROM crm.customer_stock('2025-06-30') WHERE quantity IS NULL OR num_nonnulls(sell_out, sell_out_of, cover, state, value, status) > 0 $$, 'without sales, no cover');
SELECT kam_bind('crm', 'stock', 'SELECT customer AS customer_id, product AS product_id, day AS counted_on, quantity, sell_out, made AS produced_on FROM shelf');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, pieces AS quantity, cost, list AS list_amount, discount FROM sold');

-- one customer's page reads one customer's rows

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of(query) ~ ('on ' || source || '[^\n]*\n[^\n]*Cond: [^\n]*(customer|product) = 17'), format('%s reads %s by its index', query, source))
FROM (VALUES ('SELECT customer_id, contribution, trend FROM crm.customer_profit WHERE customer_id = 17', 'sold'), ($$SELECT customer_id, contribution FROM crm.customer_profit('2025-06-30') WHERE customer_id = 17$$, 'spent'),
  ($$SELECT * FROM crm.customer_profit('2025-06-30') WHERE customer_id = 17$$, 'served'), ($$SELECT * FROM crm.spend_efficiency('2025-06-30') WHERE customer_id = 17$$, 'spent'),
  ($$SELECT * FROM crm.spend_efficiency WHERE customer_id = 17$$, 'sold'), ($$SELECT * FROM crm.inventory_turnover('2025-06-30') WHERE product_id = 17$$, 'depot'), ($$SELECT * FROM crm.customer_stock('2025-06-30') WHERE customer_id = 17$$, 'shelf'),
  ($$SELECT * FROM crm.customer_stock WHERE customer_id = 17$$, 'sold'), ($$SELECT * FROM crm.profit_part('2025-06-30') WHERE customer_id = 17$$, 'sold'), ('SELECT * FROM crm.profit_part WHERE customer_id = 17', 'spent')) AS v (query, source);
SELECT is(pg_temp.plan_of(format($$ SELECT %s FROM crm.customer_profit('2025-06-30') WHERE customer_id = 17 $$, columns)) ~ 'served_1', whole, format('the whole is read for %s: %s', columns, whole))
FROM (VALUES ('customer_id, contribution, goal, status, trend', false), ('customer_id, share', true)) AS v (columns, whole);
SET LOCAL enable_seqscan = on;

-- hostile rows

CREATE TABLE before AS SELECT (SELECT array_agg(p::text ORDER BY customer_id) FROM crm.customer_profit('2025-06-30') AS p) AS profit, (SELECT array_agg(p::text ORDER BY customer_id, dimension, key) FROM crm.spend_efficiency('2025-06-30') AS p) AS spend,
  (SELECT array_agg(p::text ORDER BY product_id) FROM crm.inventory_turnover('2025-06-30') AS p) AS depot, (SELECT array_agg(p::text ORDER BY customer_id, product_id) FROM crm.customer_stock('2025-06-30') AS p) AS shelf,
  (SELECT array_agg(p::text ORDER BY customer_id, dimension, key) FROM crm.profit_part('2025-06-30') AS p) AS part;
INSERT INTO sold VALUES (NULL, NULL, '2025-02-01', 10, 1, 5), (5, 1, NULL, 10, 1, 5), (5, 1, 'infinity', 10, 1, 5), (5, 1, '-infinity', 10, 1, 5), (5, 1, '2025-02-01', NULL, NULL, NULL);
INSERT INTO spent (customer, day, amount) VALUES (NULL, '2025-02-01', 5), (5, NULL, 5), (5, 'infinity', 5), (5, '-infinity', 5), (5, '2025-02-01', NULL);
INSERT INTO served VALUES (NULL, '2025-02-01', 5), (5, NULL, 5), (5, 'infinity', 5), (5, '2025-02-01', NULL);
INSERT INTO seen VALUES (NULL, '2025-02-01', 1, 10), (10, NULL, 1, 10), (10, 'infinity', 1, 10), (10, '2025-02-01', NULL, 10), (10, '2025-02-01', 1, -5), (10, '2025-02-01', 1, NULL);
INSERT INTO shop VALUES (NULL, 5), (99, NULL);
INSERT INTO depot VALUES (NULL, '2025-02-01', 5), (5, NULL, 5), (5, 'infinity', 5), (5, '-infinity', 5), (5, '2025-02-02', NULL);
INSERT INTO shelf VALUES (NULL, 1, '2025-02-01', 5, 5, NULL), (5, NULL, '2025-02-01', 5, 5, NULL), (5, 1, NULL, 5, 5, NULL), (5, 1, 'infinity', 5, 5, NULL), (5, 1, '2025-06-29', NULL, 5, NULL);
SELECT results_eq($$ SELECT (SELECT array_agg(p::text ORDER BY customer_id) FROM crm.customer_profit('2025-06-30') AS p) = profit, (SELECT array_agg(p::text ORDER BY customer_id, dimension, key) FROM crm.spend_efficiency('2025-06-30') AS p) = spend,
  (SELECT array_agg(p::text ORDER BY product_id) FROM crm.inventory_turnover('2025-06-30') AS p) = depot, (SELECT array_agg(p::text ORDER BY customer_id, product_id) FROM crm.customer_stock('2025-06-30') AS p) = shelf,
  (SELECT array_agg(p::text ORDER BY customer_id, dimension, key) FROM crm.profit_part('2025-06-30') AS p) = part FROM before $$, 'VALUES (true, true, true, true, true)', 'rows that cannot be change nothing');
INSERT INTO shelf VALUES (5, 1, '2025-06-30', 9, 3, 'infinity'), (5, 1, '2025-06-30', 9, 3, '-infinity');
SELECT results_eq($$ SELECT quantity, sell_out, lots, oldest_days, old_share FROM crm.customer_stock('2025-06-30') WHERE customer_id = 5 AND product_id = 1 $$, $$ VALUES (18::numeric, 3::numeric, 0::bigint, NULL::integer, NULL::numeric) $$, 'days that cannot be are no age');
INSERT INTO sold VALUES (5, 1, '2025-02-01', 'NaN', 1, 5);
SELECT throws_ok($$ SELECT * FROM crm.customer_profit('2025-06-30') $$, '22023', NULL, 'an amount that is none is refused');

-- keys of text and uuid

SELECT kam_create_model('shop', 'text', product_key => 'uuid');
SELECT kam_bind('shop', 'sale', $$ SELECT 'Adler' AS customer_id, 'Adler' AS outlet_id, '00000000-0000-0000-0000-000000000001'::uuid AS product_id, date '2025-05-01' AS sold_on, 100 AS amount, 60 AS cost, 125 AS list_amount, 10 AS quantity $$);
SELECT kam_bind('shop', 'trade_spend', $$ SELECT 'Adler' AS customer_id, date '2025-02-01' AS spent_on, 15 AS amount $$);
SELECT kam_bind('shop', 'customer_cost', $$ SELECT 'Adler' AS customer_id, date '2025-02-01' AS cost_on, 5 AS amount $$);
SELECT kam_bind('shop', 'stock', $$ SELECT 'Adler' AS customer_id, '00000000-0000-0000-0000-000000000001'::uuid AS product_id, date '2025-04-01' AS counted_on, 30 AS quantity, 10 AS sell_out $$);
SELECT results_eq('SELECT customer_id, list_sales, discounts, net_sales, gross_margin, contribution, contribution_share, share, discount_share, missing FROM shop.customer_profit', $$ VALUES ('Adler'::text, 125::numeric, 25::numeric, 100::numeric, 40::numeric, 20::numeric, 0.2::numeric, 1::numeric, 0.2::numeric, '{}'::text[]) $$, 'from 125 to 20');
SELECT results_eq('SELECT customer_id, cover, state FROM shop.customer_stock', $$ VALUES ('Adler'::text, 3::numeric, 'ok'::text) $$, 'three months');
SELECT is((SELECT count(*) FROM shop.inventory_turnover), 0::bigint, 'no stock of the company');

SELECT * FROM finish();
ROLLBACK;
