-- The KPI matrix of a model against plain SQL over random rows; NULL where nothing is bound; hostile rows.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(25);

CREATE TABLE sold AS
SELECT (noise % 40)::integer AS outlet, (noise / 40 % 6)::integer AS product, date '2024-12-01' + (noise / 240 % 240)::integer AS day, (noise / 999 % 9 - 2)::integer AS pieces,
  round((noise / 134400 % 1400 - 300) * 0.25, 2) AS amount, round((noise / 134400 % 900) * 0.2, 2) AS cost
FROM generate_series(1, 1500) AS i, LATERAL (SELECT hashint8extended(i, 5) & 9007199254740991 AS noise) AS n WHERE noise % 40 % 7 <> 3 OR noise / 240 % 240 < 100;
INSERT INTO sold VALUES (900, 1, '2025-02-03', 5, 100, 60);
CREATE TABLE shop AS SELECT i AS id, i / 2 AS owner, CASE i % 3 WHEN 0 THEN 'north' WHEN 1 THEN 'south' END AS region, 100 + i % 4 AS agent,
  CASE WHEN i % 13 = 0 THEN date '2024-12-01' + 20 * i END AS closed, CASE WHEN i % 17 = 5 THEN date '2025-03-01' + i END AS opened FROM generate_series(0, 43) AS i;
CREATE TABLE article AS SELECT i AS id, 'c' || i % 2 AS category FROM generate_series(0, 5) AS i;
CREATE TABLE planned AS SELECT (noise % 45)::integer AS outlet, date '2024-12-01' + (noise / 45 % 240)::integer AS day FROM generate_series(1, 300) AS i, LATERAL (SELECT hashint8extended(i, 6) & 9007199254740991 AS noise) AS n;
CREATE TABLE pay AS SELECT agent, daterange(m::date, (m + interval '1 month')::date) AS period, 500 + agent AS wage, 50 AS fuel FROM generate_series(100, 103) AS agent, generate_series(timestamp '2024-12-01', '2025-12-01', '1 month') AS m;
CREATE TABLE invoice AS SELECT i % 20 AS customer, i AS no, date '2025-01-01' + i AS day, 10 * (i % 9) - 20 AS due FROM generate_series(1, 200) AS i;
CREATE TABLE paid AS SELECT i % 20 AS customer, date '2025-01-01' + i % 150 AS day, 10 * (i % 7) AS amount FROM generate_series(1, 300) AS i;
CREATE TABLE due AS SELECT i % 20 AS customer, date '2025-01-01' + i % 160 AS day, 10 * (i % 8) AS amount FROM generate_series(1, 300) AS i;
CREATE TABLE found AS SELECT i % 30 AS outlet, i / 30 % 4 AS product, date '2025-01-10' + 40 * (i / 120) AS day, i % 7 <> 2 AS there, i % 11 <> 3 AS in_place FROM generate_series(0, 479) AS i;
ANALYZE;

SELECT kam_create_model('crm', 'integer');
SELECT is_empty($$ SELECT * FROM crm.kpi_matrix UNION ALL SELECT * FROM crm.kpi_matrix('2025-06-16') WHERE num_nonnulls(okb, pakb, akb, akb_monthly, akb_stable, planned_visits, orders, productive_orders, systemic, akb_category, overdue_share, visit_cost, order_margin, mml_distribution, planogram_coverage, payment_discipline) > 0 $$, 'nothing bound, nothing known');
SELECT kam_bind('crm', 'sale', 'SELECT outlet / 2 AS customer_id, outlet AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
UPDATE crm.setting SET as_of = '2025-06-16', period = '[2025-01-01,2025-07-01)', min_amount = 20, min_products = 1, systemic_share = 0.4;
SELECT is_empty('SELECT * FROM crm.kpi_matrix WHERE num_nonnulls(okb, pakb, pakb_coverage, okb_coverage, systemic, akb_category, planned_visits, visit_effectiveness, visit_cost, order_margin, order_cost, overdue_share, payment_discipline, mml_distribution) > 0 OR num_nulls(akb, orders, productive_orders) > 0', 'sales only: the active base, and orders');
SELECT set_eq('SELECT dimension, key, grain, bucket FROM crm.kpi_matrix', $$ SELECT 'all' AS a, '' AS b, 'month' AS c, daterange(m::date, (m + interval '1 month')::date) FROM generate_series(timestamp '2025-01-01', '2025-06-01', '1 month') AS m
  UNION ALL VALUES ('all', '', 'quarter', daterange '[2025-01-01,2025-04-01)'), ('all', '', 'quarter', '[2025-04-01,2025-07-01)'), ('all', '', 'period', '[2025-01-01,2025-07-01)') $$, 'months, quarters, the period');

SELECT kam_bind('crm', 'sale', 'SELECT outlet / 2 AS customer_id, outlet AS outlet_id, product AS product_id, day AS sold_on, amount, pieces AS quantity, cost FROM sold');
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, owner AS customer_id, region AS territory, agent AS person_id, opened AS opened_on, closed AS closed_on FROM shop');
SELECT kam_bind('crm', 'product', $$ SELECT id AS product_id, 'p' || id AS name, category FROM article $$);
SELECT kam_bind('crm', 'visit_plan', 'SELECT outlet AS outlet_id, day AS planned_on FROM planned');
SELECT kam_bind('crm', 'route_cost', 'SELECT agent AS person_id, period, wage, fuel FROM pay');
SELECT kam_bind('crm', 'receivable', 'SELECT customer AS customer_id, no::text AS invoice_no, day AS invoiced_on, day + 30 AS due_on, 500 AS amount, due AS open_amount FROM invoice');
SELECT kam_bind('crm', 'payment', 'SELECT customer AS customer_id, day AS paid_on, amount FROM paid');
SELECT kam_bind('crm', 'payment_plan', 'SELECT customer AS customer_id, day AS due_on, amount FROM due');
SELECT kam_bind('crm', 'audit', 'SELECT outlet AS outlet_id, day AS audited_on, product AS product_id, there AS present, in_place AS on_planogram FROM found');
UPDATE crm.setting SET min_category_products = 2;

-- one bucket in plain SQL: outlets of a part, sums of them into kpi_matrix
CREATE FUNCTION pg_temp.plain(first date, next date, part text, which text) RETURNS kpi_matrix_result LANGUAGE sql AS $$
  WITH own AS (SELECT *, coalesce(closed >= first, true) AND coalesce(opened < next, true) AS listed FROM shop WHERE part = 'all' OR part = 'territory' AND region = which OR part = 'person' AND agent::text = which),
  places AS (SELECT id, listed FROM own UNION ALL SELECT 900, false WHERE part = 'all' UNION ALL SELECT 44, false WHERE part = 'all'),
  day AS (SELECT outlet, s.day, sum(amount) AS amount, bool_or(amount > 0) AS ordered, (SELECT count(*) FROM (SELECT FROM sold AS t WHERE t.outlet = s.outlet AND t.day = s.day GROUP BY product HAVING sum(amount) > 0) AS x) AS products
          FROM sold AS s WHERE s.day >= first AND s.day < next GROUP BY 1, 2),
  line AS (SELECT id, listed, (SELECT count(DISTINCT p.day) FROM planned AS p WHERE p.outlet = id AND p.day >= first AND p.day < next AND listed) AS visits,
             coalesce((SELECT sum(amount) >= 20 AND sum(amount) > 0 FROM day WHERE outlet = id), false) AND EXISTS (SELECT FROM sold WHERE outlet = id AND day >= first AND day < next GROUP BY product HAVING sum(amount) > 0) AS active,
             (SELECT count(*) FROM day WHERE outlet = id AND ordered) AS orders, (SELECT count(*) FROM day WHERE outlet = id AND ordered AND amount >= 20 AND products >= 1) AS productive,
             (SELECT count(*) FROM (SELECT FROM (SELECT category, product FROM sold JOIN article ON article.id = product WHERE outlet = places.id AND day >= first AND day < next GROUP BY 1, 2 HAVING sum(pieces) > 0) AS x GROUP BY category HAVING count(*) >= 2) AS y) = 2 AS wide,
             (SELECT bool_and(coalesce((SELECT sum(amount) FROM sold WHERE outlet = id AND day >= m AND day < m + interval '1 month'), 0) > 0) FROM generate_series(first::timestamp, least(next, '2025-06-01') - interval '1 day', '1 month') AS m) AS stable,
             (SELECT sum(amount - cost) FROM sold WHERE outlet = id AND day >= first AND day < next) AS margin
           FROM places)
  SELECT kpi_matrix(okb => count(*) FILTER (WHERE listed), pakb => count(*) FILTER (WHERE visits > 0), akb => count(*) FILTER (WHERE active), akb_planned => count(*) FILTER (WHERE active AND visits > 0),
    akb_stable => CASE WHEN first < '2025-06-01' THEN count(*) FILTER (WHERE active AND stable) END, systemic => count(*) FILTER (WHERE akb_systemic(productive, visits, 0.4)), akb_category => count(*) FILTER (WHERE active AND wide),
    planned_visits => sum(visits), orders => sum(orders), orders_planned => coalesce(sum(orders) FILTER (WHERE visits > 0), 0), productive_orders => sum(productive), margin => sum(margin),
    cost => (SELECT sum((wage + fuel) * (upper(period * daterange(first, next)) - lower(period * daterange(first, next)))::numeric / (upper(period) - lower(period))) FROM pay WHERE period && daterange(first, next) AND (part = 'all' OR part = 'person' AND agent::text = which)))
  FROM line $$;

SELECT is((SELECT (k.okb, k.pakb, k.akb, k.akb_stable, k.systemic, k.akb_category, k.planned_visits, k.orders, k.productive_orders, round(k.pakb_coverage_strict, 9), round(k.visit_effectiveness_strict, 9), round(k.visit_cost, 6), round(k.order_cost, 6), round(k.order_margin, 6), round(k.useful_income_share, 6))::text
           FROM crm.kpi_matrix AS k WHERE dimension = part AND key = which AND grain = v.grain AND bucket @> first),
          (SELECT (p.okb, p.pakb, p.akb, p.akb_stable, p.systemic, p.akb_category, p.planned_visits, p.orders, p.productive_orders, round(p.pakb_coverage_strict, 9), round(p.visit_effectiveness_strict, 9), round(p.visit_cost, 6), round(p.order_cost, 6), round(p.order_margin, 6), round(p.useful_income_share, 6))::text
           FROM pg_temp.plain(first, next, part, which) AS p), format('%s of %s %s', v.grain, part, which))
FROM (VALUES ('period', date '2025-01-01', date '2025-06-17', 'all', ''), ('quarter', '2025-01-01', '2025-04-01', 'all', ''), ('quarter', '2025-04-01', '2025-06-17', 'all', ''), ('month', '2025-02-01', '2025-03-01', 'all', ''), ('month', '2025-06-01', '2025-06-17', 'all', ''),
  ('period', '2025-01-01', '2025-06-17', 'territory', 'north'), ('quarter', '2025-01-01', '2025-04-01', 'territory', 'south'), ('period', '2025-01-01', '2025-06-17', 'person', '101'), ('quarter', '2025-04-01', '2025-06-17', 'person', '103'), ('month', '2025-05-01', '2025-06-01', 'person', '100')) AS v (grain, first, next, part, which);
SELECT ok(bool_and(akb_stable > 0 AND akb_category > 0 AND systemic > 0 AND pakb < okb AND akb > akb_stable), 'with something in all') FROM crm.kpi_matrix WHERE dimension = 'all' AND grain = 'quarter';
SELECT is((SELECT round(akb_monthly, 6) FROM crm.kpi_matrix WHERE dimension = 'all' AND grain = 'period'), (SELECT round(count(*) / 5.0, 6) FROM (SELECT FROM sold WHERE day >= '2025-01-01' AND day < '2025-06-01' GROUP BY outlet, date_trunc('month', day) HAVING sum(amount) > 0) AS x), 'the mean of the months');
SELECT set_eq('SELECT DISTINCT dimension, key FROM crm.kpi_matrix', $$ VALUES ('all', ''), ('territory', 'north'), ('territory', 'south'), ('person', '100'), ('person', '101'), ('person', '102'), ('person', '103') $$, 'the parts');
SELECT results_eq('SELECT grain, overdue_share FROM crm.kpi_matrix WHERE dimension = $$all$$ AND overdue_share IS NOT NULL ORDER BY grain', $$ SELECT g, (SELECT overdue_share(due, day + 30, '2025-06-16') FROM invoice WHERE day <= '2025-06-16') FROM unnest('{month,period,quarter}'::text[]) AS g $$, 'debts are known as of the day');
SELECT results_eq('SELECT bucket, payment_discipline, payment_discipline_strict FROM crm.kpi_matrix WHERE dimension = $$all$$ AND grain = $$quarter$$ ORDER BY 1', $$
  SELECT b, payment_discipline(p, d), payment_discipline_strict(p, d) FROM (VALUES (daterange '[2025-01-01,2025-04-01)'), ('[2025-04-01,2025-07-01)')) AS q (b),
    LATERAL (SELECT customer, day, sum(amount) FILTER (WHERE x) AS p, sum(amount) FILTER (WHERE NOT x) AS d FROM (SELECT *, true AS x FROM paid UNION ALL SELECT *, false FROM due) AS y WHERE day <@ b AND day <= '2025-06-16' GROUP BY 1, 2) AS z GROUP BY b ORDER BY b $$, 'payments');
SELECT results_eq('SELECT bucket, round(planogram_coverage, 9), round(mml_distribution, 9) FROM crm.kpi_matrix WHERE dimension = $$all$$ AND grain = $$quarter$$ ORDER BY 1', $$
  SELECT b, round(avg(full_standard::integer), 9), round(sum(there)::numeric / sum(lines), 9) FROM (VALUES (daterange '[2025-01-01,2025-04-01)'), ('[2025-04-01,2025-07-01)')) AS q (b),
    LATERAL (SELECT outlet, bool_and(there AND in_place) AS full_standard, count(*) FILTER (WHERE there) AS there, count(*) AS lines FROM found AS f WHERE day = (SELECT max(day) FROM found AS g WHERE g.outlet = f.outlet AND g.day <@ b) GROUP BY outlet) AS z GROUP BY b ORDER BY b $$, 'audits');
INSERT INTO crm.mml (product_id) VALUES (1);
SELECT is((SELECT round(mml_distribution, 9) FROM crm.kpi_matrix WHERE dimension = 'all' AND bucket = '[2025-01-01,2025-02-01)'), (SELECT round(avg(there::integer), 9) FROM found WHERE product = 1 AND day < '2025-02-01'), 'of the must-stock list');
SELECT is((SELECT (okb, pakb, akb, akb_stable, orders) FROM crm.kpi_matrix WHERE dimension = 'all' AND grain = 'period')::text, (SELECT (count(*) FILTER (WHERE okb), count(*) FILTER (WHERE pakb), count(*) FILTER (WHERE akb), count(*) FILTER (WHERE akb_stable), sum(orders)) FROM crm.client_base)::text, 'the matrix counts what client_base lists');
SELECT results_eq('SELECT * FROM crm.kpi_matrix ORDER BY dimension, key, grain, bucket', $$ SELECT * FROM crm.kpi_matrix('2025-06-16', '[2025-01-01,2025-07-01)') ORDER BY dimension, key, grain, bucket $$, 'the view is the function as of the day of setting');
SELECT set_eq($$ SELECT bucket, days FROM crm.kpi_matrix('2025-03-10', '[2025-01-20,2025-05-06)') WHERE dimension = 'all' AND grain = 'month' $$, $$ VALUES (daterange '[2025-01-20,2025-02-01)', daterange '[2025-01-20,2025-02-01)'), ('[2025-02-01,2025-03-01)', '[2025-02-01,2025-03-01)'), ('[2025-03-01,2025-04-01)', '[2025-03-01,2025-03-11)') $$, 'a period that cuts months');
SELECT is_empty($$ SELECT * FROM crm.kpi_matrix('2024-12-31', '[2025-01-01,2025-07-01)') $$, 'a period to come');

-- hostile rows
CREATE TABLE was AS SELECT * FROM crm.kpi_matrix WHERE dimension = 'all';
INSERT INTO sold VALUES (NULL, 1, '2025-02-02', 1, 5, 1), (2, 1, NULL, 1, 5, 1), (2, 1, 'infinity', 1, 5, 1), (2, 1, '-infinity', 1, 5, 1);
INSERT INTO planned VALUES (NULL, '2025-02-02'), (2, NULL), (2, 'infinity');
INSERT INTO shop (id, owner) VALUES (NULL, 1), (1, 0);
INSERT INTO article VALUES (NULL, 'c1'), (1, 'c1'), (8, NULL);
INSERT INTO pay VALUES (NULL, '[2025-01-01,)', 1, 1), (100, NULL, 1, 1), (100, 'empty', 1, 1), (100, '[2025-01-01,infinity)', 1, 1);
INSERT INTO invoice VALUES (1, 999, 'infinity', 5), (NULL, NULL, NULL, NULL);
INSERT INTO paid VALUES (NULL, NULL, NULL), (1, 'infinity', 5);
INSERT INTO found VALUES (NULL, 1, '2025-01-10', true, true), (1, 1, NULL, true, true), (1, 1, 'infinity', true, true);
SELECT set_eq('SELECT * FROM crm.kpi_matrix WHERE dimension = $$all$$', 'SELECT * FROM was', 'rows without keys or days, keys twice: left out');

SELECT * FROM finish();
ROLLBACK;
