-- How people and teams sold: against plain SQL over random rows; NULL where nothing is bound; hostile rows.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(24);

\ir ../helpers/noise.sql

CREATE TABLE sold AS
SELECT pg_temp.noise(i, 1, 30) AS customer, pg_temp.noise(i, 2, 8) AS product, date '2024-11-01' + pg_temp.noise(i, 3, 330) AS day, round(pg_temp.noise(i, 4, 1000) * 0.25 - 20, 2) AS amount,
       CASE WHEN i % 50 <> 0 THEN pg_temp.noise(i, 5, 6) END AS seller, CASE pg_temp.noise(i, 6, 3) WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' END AS channel, 'n' || pg_temp.noise(i, 7, 2) AS territory, 'n' || pg_temp.noise(i, 8, 3) AS shipped
FROM generate_series(1, 8000) AS i;
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, CASE i % 2 WHEN 0 THEN 'shop' ELSE 'kiosk' END AS channel, CASE WHEN i % 7 <> 0 THEN i % 6 END AS owner FROM generate_series(0, 28) AS i;
CREATE TABLE article AS SELECT i AS id, 'product ' || i AS name, 'category ' || i % 3 AS category, CASE WHEN i <> 4 THEN 'brand ' || i % 2 END AS brand, 'pack ' || i AS pack FROM generate_series(0, 6) AS i;
CREATE TABLE people AS SELECT i AS id, 'person ' || i AS name, CASE WHEN i < 4 THEN 'team ' || i % 2 END AS team FROM generate_series(0, 4) AS i;
CREATE TABLE counted AS SELECT pg_temp.noise(i, 9, 30) AS customer, pg_temp.noise(i, 10, 3) AS product, date '2024-12-01' + pg_temp.noise(i, 11, 300) AS day, pg_temp.noise(i, 12, 500) AS pieces, CASE WHEN i % 8 <> 0 THEN pg_temp.noise(i, 13, 60) END AS sell_out FROM generate_series(1, 800) AS i;
DELETE FROM counted AS c USING counted AS d WHERE (c.customer, c.product, c.day) = (d.customer, d.product, d.day) AND c.ctid < d.ctid;
ANALYZE;

SELECT kam_create_model('crm', 'integer');
INSERT INTO crm.mix_plan VALUES ('[2025-01-01,2026-01-01)', 'channel', 'shop', 0.5), ('[2025-01-01,2026-01-01)', 'channel', 'cafe', 0.2), ('[2025-01-01,2026-01-01)', 'channel', 'web', 0.3),
  ('[2025-04-01,2025-07-01)', 'channel', 'cafe', 1), ('[2025-01-01,2026-01-01)', 'category', 'category 0', 0.4), ('[2025-01-01,2026-01-01)', 'category', 'category 1', 0.6),
  ('[2025-02-01,2025-03-01)', 'brand', 'brand 1', 0.9), ('[2025-02-01,2025-03-01)', 'brand', 'brand 0', 0.1);

-- what is not bound

SELECT is((SELECT count(*) FROM crm.sales_discipline('2025-06-30')), 0::bigint, 'a report without sales is empty');
SELECT kam_bind('crm', 'stock', 'SELECT customer AS customer_id, product AS product_id, day AS counted_on, pieces AS quantity, sell_out FROM counted');
SELECT is((SELECT count(*) FROM crm.sales_discipline('2025-06-30')), 0::bigint, 'with stock, too');
SELECT kam_unbind('crm', 'stock');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
SELECT is_empty($$ SELECT * FROM crm.sales_discipline('2025-06-30') WHERE dimension <> 'all' OR coalesce(mix_channel, mix_category, mix_brand, mix_pack, diverted_share, stock_cover, stuffed, goal, status) IS NOT NULL OR evenness IS NULL $$, 'sales alone are even, and no more');
SELECT is((SELECT count(*) FROM crm.sales_discipline('2025-06-30')), 6::bigint, 'month by month');
SELECT is((SELECT count(*) FROM crm.sales_discipline('2025-06-29')), 5::bigint, 'a month that is not over is left out');
SELECT is((SELECT min(month)::text || max(month)::text FROM crm.sales_discipline('2025-06-30', '[2024-12-02,2025-04-30)')), '2025-01-012025-03-01', 'as is one that the period does not have in full');

SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, owner AS person_id FROM buyer');
SELECT kam_bind('crm', 'person', 'SELECT id AS person_id, name, team FROM people');
SELECT results_eq($$ SELECT key COLLATE "C", sum(amount) FROM crm.sales_discipline('2025-06-30') WHERE dimension = 'person' GROUP BY 1 ORDER BY 1 $$,
  $$ SELECT owner::text COLLATE "C", sum(amount) FROM sold JOIN buyer ON id = customer WHERE day BETWEEN '2025-01-01' AND '2025-06-30' AND owner IS NOT NULL GROUP BY 1 ORDER BY 1 $$, 'without a seller it is the person in charge');

SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, seller AS person_id, channel, territory, shipped AS ship_to_territory FROM sold');
SELECT kam_bind('crm', 'product', 'SELECT id AS product_id, name, category, brand, pack FROM article');
SELECT kam_bind('crm', 'stock', 'SELECT customer AS customer_id, product AS product_id, day AS counted_on, pieces AS quantity, sell_out FROM counted');
INSERT INTO crm.kpi_goal (kpi, scope, key, goal, tolerance) VALUES ('evenness', 'all', '', 0.97, 0), ('evenness', 'team', 'team 1', 0.9, 0.05), ('evenness', 'person', '2', 0.95, 0.5), ('evenness', 'customer', '3', 0.1, 0);

CREATE TEMP TABLE part AS
SELECT dimension, key, date_trunc('month', day::timestamp)::date AS month, s.*, coalesce(s.channel, b.channel, '') AS by_channel, coalesce(category, '') AS category, coalesce(brand, '') AS brand
FROM sold AS s LEFT JOIN buyer AS b ON b.id = customer LEFT JOIN article AS a ON a.id = product LEFT JOIN people AS p ON p.id = seller, LATERAL (VALUES ('all', ''), ('person', seller::text), ('team', team)) AS d (dimension, key)
WHERE key IS NOT NULL AND day BETWEEN '2025-01-01' AND '2025-06-30';

CREATE INDEX ON part (dimension, key, month);
ANALYZE part;

-- against plain SQL

SELECT results_eq($$ SELECT dimension, key COLLATE "C", month, amount, round(evenness, 12), round(last_week_share, 12), round(diverted_share, 12) FROM crm.sales_discipline('2025-06-30') ORDER BY 1, 2, 3 $$, $$
  SELECT dimension, key COLLATE "C", month, amount, round(evenness(ARRAY[w1, w2, w3, w4]), 12), round(greatest(w4, 0) / (greatest(w1, 0) + greatest(w2, 0) + greatest(w3, 0) + greatest(w4, 0)), 12), round(diverted / amount, 12)
  FROM (SELECT dimension, key, month, sum(amount) AS amount, coalesce(sum(amount) FILTER (WHERE shipped <> territory), 0) AS diverted, coalesce(sum(amount) FILTER (WHERE extract(day FROM day) <= 7), 0) AS w1, coalesce(sum(amount) FILTER (WHERE extract(day FROM day) BETWEEN 8 AND 14), 0) AS w2,
          coalesce(sum(amount) FILTER (WHERE extract(day FROM day) BETWEEN 15 AND 21), 0) AS w3, coalesce(sum(amount) FILTER (WHERE extract(day FROM day) >= 22), 0) AS w4 FROM pg_temp.part GROUP BY 1, 2, 3) AS x ORDER BY 1, 2, 3 $$, 'weeks and what was diverted');
SELECT results_eq($$ SELECT dimension, key COLLATE "C", month, customers, round(top_share, 12) FROM crm.sales_discipline('2025-06-30') ORDER BY 1, 2, 3 $$, $$
  SELECT dimension, key COLLATE "C", month, count(*) FILTER (WHERE amount > 0), round(max(amount) / sum(amount) FILTER (WHERE amount > 0), 12) FROM (SELECT dimension, key, month, customer, sum(amount) AS amount FROM pg_temp.part GROUP BY 1, 2, 3, 4) AS c GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 $$, 'the largest customer');
SELECT results_eq($$ SELECT dimension, key COLLATE "C", month, round(mix_channel, 12) FROM crm.sales_discipline('2025-06-30') ORDER BY 1, 2, 3 $$, $$
  SELECT dimension, key COLLATE "C", month, round(mix_deviation(plan, sold), 12) FROM (
    SELECT g.dimension, g.key, g.month, c.channel, CASE WHEN g.month < '2025-04-01' THEN c.plan ELSE c.later END AS plan, (SELECT sum(amount) FROM pg_temp.part AS p WHERE (p.dimension, p.key, p.month, p.by_channel) = (g.dimension, g.key, g.month, c.channel)) AS sold
    FROM (SELECT DISTINCT dimension, key, month FROM pg_temp.part) AS g, (VALUES ('shop', 0.5, NULL), ('cafe', 0.2, 1), ('web', 0.3, NULL), ('kiosk', NULL, NULL), ('', NULL, NULL)) AS c (channel, plan, later)) AS x GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 $$, 'the mix of channels, by the plan of the shortest period');
SELECT results_eq($$ SELECT dimension, key COLLATE "C", month, round(mix_category, 12), round(mix_brand, 12), mix_pack FROM crm.sales_discipline('2025-06-30') ORDER BY 1, 2, 3 $$, $$
  SELECT dimension, key COLLATE "C", month, round(mix_deviation(plan, sold) FILTER (WHERE cut = 1), 12), CASE WHEN month = '2025-02-01' THEN round(mix_deviation(plan, sold) FILTER (WHERE cut = 2), 12) END, NULL::numeric FROM (
    SELECT g.dimension, g.key, g.month, c.cut, c.plan, (SELECT sum(amount) FROM pg_temp.part AS p WHERE (p.dimension, p.key, p.month, CASE cut WHEN 1 THEN p.category ELSE p.brand END) = (g.dimension, g.key, g.month, c.name)) AS sold
    FROM (SELECT DISTINCT dimension, key, month FROM pg_temp.part) AS g, (VALUES (1, 'category 0', 0.4), (1, 'category 1', 0.6), (1, 'category 2', NULL), (1, '', NULL), (2, 'brand 0', 0.1), (2, 'brand 1', 0.9), (2, '', NULL)) AS c (cut, name, plan)) AS x GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 $$, 'of categories and brands; without a plan it is not known');
SELECT results_eq($$ SELECT dimension, key COLLATE "C", month, round(stock_cover, 12), stuffed FROM crm.sales_discipline('2025-06-30') WHERE dimension = 'team' AND stock_cover IS NOT NULL ORDER BY 1, 2, 3 $$, $$
  SELECT 'team'::text, team COLLATE "C", month, round(sum(pieces) / sum(sell_out), 12), count(*) FILTER (WHERE pieces >= 6 * sell_out AND pieces > 0) FROM (
    SELECT team, month, customer, sum(pieces)::numeric AS pieces, sum(sell_out)::numeric AS sell_out FROM (SELECT *, date_trunc('month', day::timestamp)::date AS month FROM counted WHERE sell_out IS NOT NULL) AS c JOIN buyer AS b ON b.id = customer JOIN people AS p ON p.id = owner
    WHERE day BETWEEN '2025-01-01' AND '2025-06-30' AND team IS NOT NULL AND NOT EXISTS (SELECT FROM counted AS later WHERE later.sell_out IS NOT NULL AND (later.customer, later.product) = (c.customer, c.product) AND later.day > c.day AND date_trunc('month', later.day::timestamp) = c.month) GROUP BY 1, 2, 3) AS x GROUP BY 2, 3 HAVING sum(sell_out) > 0 ORDER BY 1, 2, 3 $$, 'stock');
SELECT is_empty($$ SELECT * FROM crm.sales_discipline('2025-06-30') AS d LEFT JOIN people ON dimension = 'person' AND id::text = key WHERE d.name IS DISTINCT FROM people.name OR value IS DISTINCT FROM evenness
  OR (goal <> CASE WHEN dimension = 'person' AND key = '2' THEN 0.95 WHEN dimension = 'team' AND key = 'team 1' OR people.team = 'team 1' THEN 0.9 ELSE 0.97 END) $$, 'names and goals, the nearest of them');
SELECT is_empty($$ SELECT * FROM crm.sales_discipline('2025-06-30') WHERE status IS DISTINCT FROM kpi_status(value, goal, CASE goal WHEN 0.95 THEN 0.5 WHEN 0.9 THEN 0.05 ELSE 0 END) $$, 'status');
SELECT is_empty($$ SELECT * FROM (SELECT *, lag(evenness) OVER (PARTITION BY dimension, key ORDER BY month) AS before FROM crm.sales_discipline('2025-06-30')) AS d WHERE trend IS DISTINCT FROM sign(evenness - before) $$, 'trend');
SELECT isnt_empty($$ SELECT * FROM crm.sales_discipline('2025-06-30') WHERE trend = 1 AND status = -1 $$, 'some are better, and not good');
SELECT results_eq('SELECT * FROM crm.sales_discipline ORDER BY dimension, key, month', $$ SELECT * FROM crm.sales_discipline((SELECT max(day) FROM sold)) ORDER BY dimension, key, month $$, 'the view is as of the last day with sales');

-- settings

UPDATE crm.setting SET calendar = 'weekend sat,sun', stuffed_from = 2;
SELECT results_eq($$ SELECT month, round(evenness, 12) FROM crm.sales_discipline('2025-06-30') WHERE dimension = 'all' ORDER BY 1 $$, $$
  SELECT month, round(evenness(sales_series(amount, day, daterange(month, (month + interval '1 month')::date), 'month-week'), 'weekend sat,sun'), 12) FROM pg_temp.part WHERE dimension = 'all' GROUP BY month ORDER BY 1 $$, 'weeks by their working days');
SELECT cmp_ok((SELECT sum(stuffed) FROM crm.sales_discipline('2025-06-30') WHERE dimension = 'all'), '>', (SELECT count(DISTINCT customer) FROM counted WHERE day BETWEEN '2025-06-01' AND '2025-06-30')::numeric, 'stuffed from two months on');
UPDATE crm.setting SET calendar = NULL, stuffed_from = DEFAULT;

-- a month that one customer bought in, on one day; a month of returns; a month between that nobody bought in

SELECT kam_bind('crm', 'sale', $$ SELECT * FROM (VALUES (1, date '2025-01-31', 100, 1), (1, '2025-02-03', -40, 1), (2, '2025-04-01', 10, 2), (2, '2025-04-08', 10, 2), (2, '2025-04-15', 10, 2), (3, '2025-04-22', 10, 2), (9, '2025-06-30', 0, 3), (NULL, '2025-05-01', 5, NULL), (1, NULL, 7, 1), (1, 'infinity', 7, 1), (1, '-infinity', 7, 1)) AS v (customer_id, sold_on, amount, person_id), LATERAL (SELECT 1 AS outlet_id, 1 AS product_id) AS o $$);
SELECT results_eq($$ SELECT key COLLATE "C", month, amount, round(evenness, 3), round(last_week_share, 3), customers, round(top_share, 3), trend FROM crm.sales_discipline('2025-06-30') WHERE dimension = 'person' ORDER BY 1, 2 $$,
  $$ VALUES ('1'::text COLLATE "C", date '2025-01-01', 100::numeric, 0.000, 1.000, 1::bigint, 1.000, NULL::integer), ('1', '2025-02-01', -40, NULL, NULL, 0, NULL, NULL), ('2', '2025-04-01', 40, 1.000, 0.250, 2, 0.750, NULL), ('3', '2025-06-01', 0, NULL, NULL, 0, NULL, NULL) $$, 'what cannot be told is not');
SELECT is((SELECT count(*) FROM crm.sales_discipline('2025-06-30') WHERE dimension = 'all' AND month = '2025-05-01' AND amount = 5), 1::bigint, 'a sale without a seller is one of all');
SELECT is((SELECT count(*) FROM crm.sales_discipline('2025-06-30', '[2025-03-01,2025-04-01)')), 0::bigint, 'a month without sales is not there');
SELECT is((SELECT count(*) FROM crm.sales_discipline('2024-06-30')), 0::bigint, 'nor is a year');
SELECT kam_bind('crm', 'sale', $$ SELECT 1 AS customer_id, 1 AS outlet_id, 1 AS product_id, date '2025-01-05' AS sold_on, 'NaN'::numeric AS amount $$);
SELECT throws_ok($$ SELECT * FROM crm.sales_discipline('2025-06-30') $$, '22023', NULL, 'an amount that is none is refused');

SELECT * FROM finish();
ROLLBACK;
