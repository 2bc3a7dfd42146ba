-- The KPI matrix of a small quarter worked out by hand, and of random companies against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(79);

\ir ../helpers/error_of.sql

CREATE TABLE outlet (outlet text, territory text, agent text, closed_on date);
CREATE TABLE visit_plan (outlet text, planned_on date);
CREATE TABLE product (product integer, category integer);
CREATE TABLE sale (outlet text, sold_on date, product integer, quantity integer, amount numeric, cost numeric);
CREATE TABLE agent_cost (agent text, month date, cost numeric);

-- The matrix over these tables as the manual has it, for one quarter and by any grouping of territory and agent

CREATE VIEW outlet_quarter AS
WITH settings AS (
  SELECT daterange '[2017-01-01,2017-04-01)' AS quarter, 100 AS min_amount, 2 AS min_products
), sold AS (
  SELECT outlet, sales_series(amount, sold_on, quarter) AS s, productive_orders(amount, product, sold_on, min_amount, min_products) AS productive,
    categories_worked(product, category, quantity, offered, 3) AS categories, sum(amount - cost) AS margin
  FROM settings JOIN sale ON sold_on <@ quarter JOIN product USING (product)
  JOIN (SELECT category, count(*)::integer AS offered FROM product GROUP BY category) AS range USING (category)
  GROUP BY outlet
), planned AS (
  SELECT outlet, count(DISTINCT planned_on) AS visits FROM settings JOIN visit_plan ON planned_on <@ quarter GROUP BY outlet
), census AS (
  SELECT outlet.* FROM settings, outlet WHERE closed_on IS NULL OR closed_on >= lower(quarter)
)
SELECT territory, agent, outlet, census.outlet IS NOT NULL AS in_okb, CASE WHEN census.outlet IS NOT NULL THEN coalesce(visits, 0) ELSE 0 END AS visits,
  coalesce(sale_days(s), 0) AS orders, coalesce(productive, 0) AS productive, coalesce(total(s) > 0, false) AS active, coalesce(akb_stable(s), false) AS stable,
  coalesce(active_buckets(s), 0) AS active_months, coalesce(categories = (SELECT count(DISTINCT category) FROM product), false) AS whole_range, margin
FROM census FULL JOIN sold USING (outlet) LEFT JOIN planned USING (outlet);

CREATE VIEW matrix AS
WITH line AS (
  SELECT territory, agent, in_okb, visits, orders, productive, active, stable, active_months, whole_range, margin, NULL::numeric AS cost FROM outlet_quarter
  UNION ALL
  SELECT territory, agent, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, agent_cost.cost
  FROM agent_cost LEFT JOIN (SELECT DISTINCT agent, territory FROM outlet) AS a USING (agent)
), totals AS (
  SELECT territory, agent, grouping(territory, agent) AS level, count(*) FILTER (WHERE in_okb) AS okb, count(*) FILTER (WHERE visits > 0) AS pakb,
    count(*) FILTER (WHERE active) AS akb, count(*) FILTER (WHERE active AND visits > 0) AS akb_planned, count(*) FILTER (WHERE stable) AS akb_stable,
    count(*) FILTER (WHERE akb_systemic(productive, visits)) AS systemic, count(*) FILTER (WHERE active AND whole_range) AS akb_category,
    sum(visits) AS planned_visits, sum(orders) AS orders, sum(orders) FILTER (WHERE visits > 0) AS orders_planned, sum(productive) AS productive_orders,
    sum(active_months) AS active_months, sum(cost) AS cost, sum(margin) AS margin
  FROM line GROUP BY GROUPING SETS ((territory, agent), (territory), (agent), ())
)
SELECT territory, agent, level, active_months / 3.0 AS akb_monthly, k.*
FROM totals AS t CROSS JOIN LATERAL kpi_matrix(t.okb, t.pakb, t.akb, t.akb_planned, t.akb_stable, t.systemic, t.akb_category, t.planned_visits, t.orders,
  t.orders_planned, t.productive_orders, t.cost, t.margin) AS k;

-- The quarter worked out by hand: ten outlets, an eleventh that had closed, 34 notes on 33 days

SAVEPOINT empty;
INSERT INTO outlet SELECT format('T%s', n), 'North', 'Ann', CASE WHEN n = 11 THEN date '2016-12-15' END FROM generate_series(1, 11) AS n;
INSERT INTO visit_plan SELECT format('T%s', n), date '2017-01-02' + 7 * v * CASE WHEN n < 5 THEN 1 ELSE 2 END
FROM generate_series(1, 8) AS n, generate_series(0, CASE WHEN n < 5 THEN 11 ELSE 5 END) AS v;
INSERT INTO product SELECT n, (n - 1) / 4 + 1 FROM generate_series(1, 8) AS n;
INSERT INTO sale
SELECT outlet, day, product, 10, CASE WHEN i <= productive THEN 75 ELSE 25 END, 40
FROM (VALUES
  ('T1', '{2017-01-09,2017-01-16,2017-01-23,2017-01-30,2017-02-06,2017-02-13,2017-02-20,2017-03-06,2017-03-13,2017-03-20}'::date[], 10, 4, 3),
  ('T2', '{2017-01-10,2017-01-17,2017-01-24,2017-02-07,2017-02-14,2017-02-21,2017-03-07,2017-03-14,2017-03-21}', 9, 3, 2),
  ('T3', '{2017-01-11,2017-01-25,2017-02-08,2017-02-22}', 2, 2, 2),
  ('T5', '{2017-01-12,2017-01-26,2017-02-09,2017-02-23,2017-03-09,2017-03-23}', 5, 3, 3),
  ('T6', '{2017-03-03,2017-03-17,2017-03-31}', 0, 1, 0),
  ('T9', '{2017-02-10}', 0, 1, 1)) AS taken (outlet, days, productive, first, second),
  unnest(days) WITH ORDINALITY AS d (day, i),
  LATERAL (SELECT i % first + 1 WHERE first > 0 UNION ALL SELECT 5 + i % second WHERE second > 0) AS p (product);
INSERT INTO sale VALUES ('T1', '2017-01-09', 2, 1, 12, 8), ('T4', '2017-01-18', 1, -3, -30, -16);
UPDATE sale SET cost = cost + (SELECT sum(amount - cost) - 9900 FROM sale) WHERE outlet = 'T1' AND sold_on = '2017-01-09' AND amount = 12;
INSERT INTO agent_cost SELECT 'Ann', month, 1320 FROM unnest('{2017-01-01,2017-02-01,2017-03-01}'::date[]) AS month;

SELECT is(ARRAY[okb, pakb, akb, akb_stable, systemic, akb_category, planned_visits, orders, productive_orders], ARRAY[10, 8, 6, 3, 2, 2, 72, 33, 26]::bigint[], 'the counts: 1, 2, 3, 6, 8, 10, 12, 13, 14')
FROM matrix WHERE level = 3;
SELECT is(round(value, 4), expected, 'indicator ' || name)
FROM matrix, LATERAL (VALUES
  ('4', pakb_coverage, 0.75), ('4, planned outlets only', pakb_coverage_strict, 0.625), ('5', okb_coverage, 0.6), ('7', stability, 0.5),
  ('9', systemic_share, 0.3333), ('11', category_coverage, 0.3333), ('15', visit_effectiveness, 0.4583), ('16', productive_effectiveness, 0.3611),
  ('17', visit_cost, 55), ('18', order_cost, 120), ('19', order_margin, 300), ('20', useful_income_share, 0.6)) AS i (name, value, expected)
WHERE level = 3;
SELECT is(round(akb_monthly, 4), 4.3333, 'the AKB of the average month: 4 in January, 5 in February, 4 in March') FROM matrix WHERE level = 3;
SELECT is(array_agg(outlet ORDER BY outlet), outlets, 'which outlets are ' || name)
FROM outlet_quarter, LATERAL (VALUES ('active', active, '{T1,T2,T3,T5,T6,T9}'::text[]), ('stable', stable, '{T1,T2,T5}'), ('systemic', akb_systemic(productive, visits), '{T1,T5}'),
  ('in all categories', whole_range, '{T1,T5}'), ('not in the plan', visits = 0 , '{T10,T9}')) AS i (name, so, outlets)
WHERE so GROUP BY name, outlets;
SELECT is((SELECT overdue_share(amount, due_on, '2017-03-31', deferred) FROM (VALUES (6800, date '2017-04-10', true), (1200, '2017-03-30', true), (1500, '2017-04-10', false), (500, '2017-03-01', false)) AS i (amount, due_on, deferred)),
  0.15, 'indicator 21');
SELECT is((SELECT ARRAY[round(payment_discipline(paid, planned), 4), round(payment_discipline_strict(paid, planned), 4)] FROM (VALUES (100, 100), (50, 200), (390, 300)) AS d (paid, planned)),
  ARRAY[0.9, 0.75], 'indicator 22, and by day');
WITH a AS (SELECT o AS outlet, p <= CASE WHEN o <= 2 THEN 4 ELSE 2 END AS present FROM generate_series(1, 5) AS o, generate_series(1, 4) AS p)
SELECT is(ARRAY[(SELECT round(numeric_distribution(full_set), 4) FROM (SELECT bool_and(present) AS full_set FROM a GROUP BY outlet) AS o), (SELECT round(numeric_distribution(present), 4) FROM a)],
  ARRAY[0.4, 0.7], 'indicators 23 and 24');

ROLLBACK TO empty;

SELECT is(ARRAY[okb, pakb, akb, akb_stable, systemic, akb_category], ARRAY[0, 0, 0, 0, 0, 0]::bigint[], 'an empty company: counts are 0') FROM matrix WHERE level = 3;
SELECT ok(planned_visits IS NULL AND orders IS NULL AND pakb_coverage IS NULL AND stability IS NULL AND order_cost IS NULL, 'and nothing else is known') FROM matrix WHERE level = 3;

-- Random companies: outlets that closed or are in no census, plans twice for a day, returns, free goods, days in the quarter before and after

INSERT INTO outlet SELECT n::text, (ARRAY['North', 'South', 'East'])[n % 3 + 1], format('agent %s', n % 7), CASE n % 9 WHEN 1 THEN date '2016-12-31' WHEN 2 THEN '2017-01-01' WHEN 3 THEN '2017-02-10' END
FROM generate_series(1, 150) AS n;
INSERT INTO product SELECT n, CASE WHEN n < 13 THEN n / 4 ELSE 9 END FROM generate_series(1, 14) AS n;
INSERT INTO visit_plan SELECT (noise % 170 + 1)::text, date '2016-12-28' + (noise / 200 % 98)::integer FROM generate_series(1, 1500) AS i, LATERAL (SELECT hashint8extended(i, 11) & 9007199254740991 AS noise) AS n;
INSERT INTO sale
SELECT CASE WHEN noise % 400 = 0 THEN NULL ELSE (noise % 160 + 1)::text END, date '2016-12-25' + (noise / 400 % 105)::integer, noise / 50000 % 14 + 1,
  sign, sign * (noise / 1000000 % 200), sign * (noise / 1000000 % 60)
FROM generate_series(1, 9000) AS i, LATERAL (SELECT hashint8extended(i, 12) & 9007199254740991 AS noise) AS n,
  LATERAL (SELECT CASE WHEN noise % 160 < 20 AND noise / 7 % 2 = 0 OR noise / 7 % 11 = 0 THEN -1 WHEN noise / 7 % 19 = 0 THEN 0 ELSE 1 END AS sign) AS s;
INSERT INTO agent_cost SELECT format('agent %s', n), '2017-01-01', 1000.01 * n FROM generate_series(0, 6) AS n;

CREATE TABLE plain AS
WITH sold AS (SELECT * FROM sale WHERE sold_on >= '2017-01-01' AND sold_on < '2017-04-01'), census AS (SELECT * FROM outlet WHERE closed_on IS NULL OR closed_on >= '2017-01-01'),
planned AS (SELECT outlet, count(DISTINCT planned_on) AS visits FROM visit_plan WHERE planned_on BETWEEN '2017-01-01' AND '2017-03-31' GROUP BY 1),
day AS (
  SELECT outlet, sold_on, sum(net) AS net, count(*) FILTER (WHERE net > 0) AS products, bool_or(delivered) AS delivered
  FROM (SELECT outlet, sold_on, product, sum(amount) AS net, bool_or(amount > 0) AS delivered FROM sold GROUP BY 1, 2, 3) AS p GROUP BY 1, 2),
month AS (SELECT outlet, date_trunc('month', sold_on) AS month, sum(amount) AS net FROM sold GROUP BY 1, 2),
category AS (
  SELECT outlet, category FROM (SELECT outlet, category, product FROM sold JOIN product USING (product) GROUP BY 1, 2, 3 HAVING sum(quantity) > 0) AS p
  GROUP BY 1, 2 HAVING count(*) >= least(3, (SELECT count(*) FROM product AS q WHERE q.category = p.category)))
SELECT territory, agent, outlet, census.outlet IS NOT NULL AS in_okb, CASE WHEN census.outlet IS NULL THEN 0 ELSE coalesce(visits, 0) END AS visits,
  (SELECT count(*) FROM day WHERE day.outlet IS NOT DISTINCT FROM x.outlet AND delivered) AS orders,
  (SELECT count(*) FROM day WHERE day.outlet IS NOT DISTINCT FROM x.outlet AND delivered AND net >= 100 AND products >= 2) AS productive,
  coalesce((SELECT sum(amount) FROM sold WHERE sold.outlet IS NOT DISTINCT FROM x.outlet), 0) > 0 AS active,
  (SELECT count(*) FROM month WHERE month.outlet IS NOT DISTINCT FROM x.outlet AND net > 0) = 3 AS stable,
  (SELECT count(*) FROM month WHERE month.outlet IS NOT DISTINCT FROM x.outlet AND net > 0) AS active_months,
  (SELECT count(*) FROM category WHERE category.outlet IS NOT DISTINCT FROM x.outlet) = (SELECT count(DISTINCT category) FROM product) AS whole_range,
  (SELECT sum(amount - cost) FROM sold WHERE sold.outlet IS NOT DISTINCT FROM x.outlet) AS margin
FROM (SELECT outlet FROM sold UNION SELECT outlet FROM census) AS x LEFT JOIN census USING (outlet) LEFT JOIN planned USING (outlet);

SELECT results_eq('SELECT outlet, territory, agent, in_okb, visits, orders::bigint, productive::bigint, active, stable, active_months::bigint, whole_range, margin FROM outlet_quarter ORDER BY 1',
  'SELECT outlet, territory, agent, in_okb, visits, orders, productive, active, stable, active_months, whole_range, margin FROM plain ORDER BY 1', 'every outlet as plain SQL has it');
SELECT ok(count(*) FILTER (WHERE active) > 50 AND count(*) FILTER (WHERE stable) > 20 AND count(*) FILTER (WHERE NOT active) > 5 AND count(*) FILTER (WHERE whole_range) > 5
  AND count(*) FILTER (WHERE NOT in_okb) > 5 AND count(*) FILTER (WHERE productive < orders) > 50 AND count(*) FILTER (WHERE 4 * productive > 3 * visits AND visits > 0) > 5, 'with all kinds of outlets') FROM plain;

CREATE TABLE plain_matrix AS
SELECT t.*, akb / nullif(pakb, 0)::numeric AS pakb_coverage, akb_planned / nullif(pakb, 0)::numeric AS pakb_coverage_strict, akb / nullif(okb, 0)::numeric AS okb_coverage, akb_stable / nullif(akb, 0)::numeric AS stability,
  systemic / nullif(akb, 0)::numeric AS systemic_share, akb_category / nullif(akb, 0)::numeric AS category_coverage, orders / nullif(planned_visits, 0) AS visit_effectiveness,
  orders_planned / nullif(planned_visits, 0) AS visit_effectiveness_strict, productive_orders / nullif(planned_visits, 0) AS productive_effectiveness, cost / nullif(planned_visits, 0) AS visit_cost,
  cost / nullif(orders, 0) AS order_cost, margin / nullif(orders, 0) AS order_margin, CASE WHEN orders > 0 AND margin > 0 THEN (margin - cost) / margin END AS useful_income_share
FROM (
  SELECT territory, agent, level, count(*) FILTER (WHERE in_okb) AS okb, count(*) FILTER (WHERE in_okb AND visits > 0) AS pakb, count(*) FILTER (WHERE active) AS akb,
    count(*) FILTER (WHERE active AND in_okb AND visits > 0) AS akb_planned, count(*) FILTER (WHERE stable) AS akb_stable, count(*) FILTER (WHERE visits > 0 AND 4 * productive > 3 * visits) AS systemic,
    count(*) FILTER (WHERE active AND whole_range) AS akb_category, sum(visits) AS planned_visits, sum(orders) AS orders, sum(orders) FILTER (WHERE visits > 0) AS orders_planned, sum(productive) AS productive_orders,
    sum(margin) AS margin,
    (SELECT sum(c.cost) FROM agent_cost AS c LEFT JOIN (SELECT DISTINCT agent, territory FROM outlet) AS a USING (agent)
     WHERE (g.level IN (1, 3) OR a.territory IS NOT DISTINCT FROM g.territory) AND (g.level IN (2, 3) OR c.agent IS NOT DISTINCT FROM g.agent)) AS cost
  FROM (SELECT 0 AS level UNION ALL SELECT 3) AS l (lev), LATERAL (
    SELECT CASE WHEN lev = 0 THEN territory END AS territory, CASE WHEN lev = 0 THEN agent END AS agent, lev AS level, in_okb, visits, orders, productive, active, stable, whole_range, margin FROM plain) AS g
  GROUP BY territory, agent, level) AS t;

SELECT results_eq(
  'SELECT territory, agent, level, okb, pakb, akb, akb_stable, systemic, akb_category, planned_visits::numeric, orders::numeric, productive_orders::numeric FROM matrix WHERE level IN (0, 3) ORDER BY level, territory, agent',
  'SELECT territory, agent, level, okb, pakb, akb, akb_stable, systemic, akb_category, planned_visits::numeric, orders::numeric, productive_orders::numeric FROM plain_matrix ORDER BY level, territory, agent', 'the counts of groups');
SELECT results_eq(format('SELECT territory, agent, level, %1$s FROM matrix WHERE level IN (0, 3) ORDER BY level, territory, agent', name), format('SELECT territory, agent, level, %1$s FROM plain_matrix ORDER BY level, territory, agent', name), name || ' of groups')
FROM unnest('{pakb_coverage,pakb_coverage_strict,okb_coverage,stability,systemic_share,category_coverage,visit_effectiveness,visit_effectiveness_strict,productive_effectiveness,visit_cost,order_cost,order_margin,useful_income_share}'::text[]) AS name;

-- What holds in every company and on every level

SELECT is(count(*), 0::bigint, 'no level breaks an order of sets') FROM matrix
WHERE akb_stable > akb OR akb_category > akb OR productive_orders > orders OR pakb > okb OR systemic > pakb OR pakb_coverage_strict > pakb_coverage OR pakb_coverage_strict > 1
  OR visit_effectiveness_strict > visit_effectiveness OR productive_effectiveness > visit_effectiveness OR stability > 1;
SELECT is(ARRAY[sum(okb), sum(akb), sum(orders), sum(planned_visits)], (SELECT ARRAY[okb, akb, orders, planned_visits]::numeric[] FROM matrix WHERE level = 3), 'counts of ' || name || ' add up to the company''s')
FROM matrix JOIN (VALUES (1, 'territories'), (2, 'agents'), (0, 'agents in territories')) AS l (level, name) USING (level) GROUP BY name;
SELECT isnt(round(avg(visit_effectiveness), 6), (SELECT round(visit_effectiveness, 6) FROM matrix WHERE level = 3), 'and a ratio is no mean of ratios') FROM matrix WHERE level = 1;

-- One scan of the sales, however many groups

CREATE FUNCTION pg_temp.scans(query text, relation text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  line text;
  found bigint := 0;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP
    found := found + (line ~ ('Scan .*on ' || relation || '\y'))::integer;
  END LOOP;
  RETURN found;
END $$;
SELECT is(pg_temp.scans('SELECT * FROM matrix', 'sale'), 1::bigint, 'four levels of the matrix read the sales once');

-- The function alone

SELECT is(k, ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi_matrix_result, 'nothing known, nothing said') FROM kpi_matrix() AS k;
SELECT is((k).akb, 9223372036854775807, 'the largest count') FROM kpi_matrix(akb => 9223372036854775807) AS k;
SELECT is(ARRAY[(k).order_cost, (k).order_margin, (k).useful_income_share], ARRAY[-5, 10, 1.5]::numeric[], 'a cost below zero, as a credit for fuel, is taken as it is') FROM kpi_matrix(orders => 2, cost => -10, margin => 20) AS k;
SELECT is((k).order_cost, 5e36, 'large money') FROM kpi_matrix(orders => 2, cost => 1e37) AS k;
SELECT is(pg_temp.error_of(format('SELECT kpi_matrix(%s => -1)', name)), format('22023 | %s must not be negative, but is -1 | Give zero or more.', name), name || ' below zero')
FROM unnest('{okb,pakb,akb,akb_planned,akb_stable,systemic,akb_category,planned_visits,orders,orders_planned,productive_orders}'::text[]) AS name;
SELECT is(pg_temp.error_of('SELECT kpi_matrix(orders => 0.5)'), '22023 | orders must be a whole number, but is 0.5 | It is a count.', 'half an order');
SELECT is(pg_temp.error_of(format('SELECT kpi_matrix(%s => %L)', name, value)), format('22023 | %s must be a finite number, not %s', name, shown), format('%s %s', name, value))
FROM unnest('{okb,cost,margin,overdue_share,payment_discipline,payment_discipline_strict,planogram_coverage,mml_distribution}'::text[]) AS name, (VALUES ('NaN', 'NaN'), ('Infinity', 'infinity')) AS v (value, shown);
SELECT is(pg_temp.error_of('SELECT kpi_matrix(akb => 9223372036854775808)'), '22003 | bigint out of range', 'more outlets than there can be');

SELECT * FROM finish();
ROLLBACK;
