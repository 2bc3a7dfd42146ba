-- The client base, lost clients and visits of a model against plain SQL over random rows; NULL where nothing is bound; hostile rows; plans of queries.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(53);

\ir ../helpers/plan_of.sql

-- 40 outlets of 20 customers, some of them silent for long; visits planned and made
CREATE TABLE sold AS
SELECT (noise % 40 / 2)::integer AS customer, (noise % 40)::integer AS outlet, (noise / 40 % 6)::integer AS product, date '2024-01-15' + (noise / 240 % 560)::integer AS day,
  round((noise / 134400 % 1400 - 300) * 0.25, 2) AS amount, round((noise / 134400 % 900) * 0.2, 2) AS cost
FROM generate_series(1, 1200) AS i, LATERAL (SELECT hashint8extended(i, 5) & 9007199254740991 AS noise) AS n
WHERE noise % 40 / 2 % 5 <> 3 OR noise / 240 % 560 < 60 + 20 * (noise % 40 / 2);
INSERT INTO sold VALUES (3, 6, 1, '2024-02-29', 250, 100), (7, 900, 1, '2025-02-03', 100, 60), (4, 900, 1, '2025-02-03', 100, 60);
CREATE INDEX ON sold (customer, day);
CREATE INDEX ON sold (outlet, day);
CREATE TABLE shop AS SELECT i AS id, i / 2 AS owner, 'shop ' || i AS name, CASE i % 3 WHEN 0 THEN 'north' WHEN 1 THEN 'south' END AS region, 100 + i % 4 AS agent, (ARRAY['A', 'B', 'C'])[1 + i % 3] AS class,
  CASE WHEN i % 13 = 0 THEN date '2024-12-01' + 20 * i END AS closed, CASE WHEN i % 17 = 5 THEN date '2025-06-01' + i END AS opened, CASE WHEN i % 4 > 0 THEN 1000 * (i % 7) END AS potential FROM generate_series(0, 43) AS i;
CREATE INDEX ON shop (id);
CREATE INDEX ON shop (owner);
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, CASE i % 3 WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' END AS channel, 'east' AS region FROM generate_series(0, 24) AS i;
CREATE INDEX ON buyer (id);
CREATE TABLE planned AS SELECT (noise % 45)::integer AS outlet, date '2024-12-01' + (noise / 45 % 240)::integer AS day FROM generate_series(1, 700) AS i, LATERAL (SELECT hashint8extended(i, 6) & 9007199254740991 AS noise) AS n;
DELETE FROM planned WHERE outlet = 41;
CREATE TABLE visited AS SELECT outlet, day + outlet % 3 AS day FROM planned WHERE (day - date '2024-01-01') % 4 <> 0 AND outlet % 5 <> 2 UNION ALL SELECT outlet, day FROM sold WHERE outlet % 4 = 0 AND day > '2024-06-01';
CREATE INDEX ON planned (outlet);
CREATE INDEX ON visited (outlet);
CREATE TABLE invoice AS SELECT i % 20 AS customer, i AS no, date '2025-01-01' + i AS day, 10 * (i % 9) - 20 AS due FROM generate_series(1, 200) AS i;
ANALYZE;

SELECT kam_create_model('crm', 'integer');
SELECT is_empty('SELECT * FROM crm.client_base', 'no sales, no base');
SELECT is_empty('SELECT * FROM crm.lost_clients', 'nobody lost');
SELECT is_empty('SELECT * FROM crm.visit_execution', 'no visits');
SELECT is_empty($$ SELECT * FROM crm.visit_execution('2025-06-30') $$, 'nor on a day');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
UPDATE crm.setting SET as_of = '2025-06-16', period = '[2025-01-01,2025-07-01)';

-- what is not bound is NULL, never 0

SELECT is((SELECT count(*) FROM crm.client_base), (SELECT count(DISTINCT (customer, outlet)) FROM sold WHERE day <= '2025-06-16'), 'who bought is known');
SELECT is_empty($$ SELECT * FROM crm.client_base WHERE num_nonnulls(okb, pakb, planned_visits, potential, debt, overdue, name, territory, class, person_id) > 0 $$, 'nothing else is');
SELECT is_empty($$ SELECT * FROM crm.client_base WHERE num_nulls(akb, akb_stable, state, amount, orders) > 0 $$, 'of the sales all is');
SELECT is_empty('SELECT * FROM crm.lost_clients WHERE num_nonnulls(profit, profit_rank, potential, potential_rank, top, reason, has_contract, last_contact, name) > 0', 'no costs, no profit, no top');
SELECT isnt_empty('SELECT * FROM crm.lost_clients', 'but they are lost');
SELECT is_empty('SELECT * FROM crm.visit_execution WHERE dimension <> $$all$$ OR outlets > 0', 'without visits no outlets');
SELECT kam_bind('crm', 'visit_plan', 'SELECT outlet AS outlet_id, day AS planned_on FROM planned');
SELECT is_empty('SELECT * FROM crm.visit_execution WHERE num_nonnulls(made, reached, reach, success, ordered, unplanned, frequency, norm, value, goal, status, trend) > 0', 'plans only: nothing is said of what was made');
SELECT is((SELECT planned FROM crm.visit_execution WHERE dimension = 'all'), (SELECT count(DISTINCT (outlet, day)) FROM planned WHERE day BETWEEN '2025-01-01' AND '2025-06-16'), 'but of what was planned');

SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, product AS product_id, day AS sold_on, amount, cost FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, region AS territory FROM buyer');
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, owner AS customer_id, name, region AS territory, agent AS person_id, class, opened AS opened_on, closed AS closed_on, potential FROM shop');
SELECT kam_bind('crm', 'visit', 'SELECT outlet AS outlet_id, day AS visited_on FROM visited');
SELECT kam_bind('crm', 'receivable', 'SELECT customer AS customer_id, no::text AS invoice_no, day AS invoiced_on, day + 30 AS due_on, 500 AS amount, due AS open_amount FROM invoice');

-- the client base

SELECT set_eq('SELECT outlet_id, customer_id FROM crm.client_base', $$ SELECT id, owner FROM shop UNION SELECT outlet, customer FROM sold UNION ALL SELECT NULL, id FROM buyer WHERE id NOT IN (SELECT owner FROM shop) $$, 'all outlets, who else bought, and customers without one');
SELECT is((SELECT count(*) FROM crm.client_base), (SELECT count(DISTINCT (outlet_id, customer_id)) FROM crm.client_base), 'once');
SELECT set_eq('SELECT outlet_id FROM crm.client_base WHERE okb', $$ SELECT id FROM shop WHERE (closed >= '2025-01-01' OR closed IS NULL) AND (opened <= '2025-06-16' OR opened IS NULL) $$, 'the general base');
SELECT set_eq('SELECT outlet_id FROM crm.client_base WHERE pakb', $$ SELECT id FROM shop WHERE (closed >= '2025-01-01' OR closed IS NULL) AND (opened <= '2025-06-16' OR opened IS NULL) AND id IN (SELECT outlet FROM planned WHERE day BETWEEN '2025-01-01' AND '2025-06-16') $$, 'the planned base');
SELECT isnt_empty('SELECT * FROM crm.client_base WHERE okb AND NOT pakb AND planned_visits = 0', 'some are not planned for');
SELECT set_eq('SELECT outlet_id, customer_id FROM crm.client_base WHERE akb', $$ SELECT outlet, customer FROM sold WHERE day BETWEEN '2025-01-01' AND '2025-06-16' GROUP BY 1, 2 HAVING sum(amount) > 0 $$, 'the active base');
SELECT set_eq('SELECT outlet_id, customer_id FROM crm.client_base WHERE akb_stable', $$ SELECT outlet, customer FROM sold WHERE day BETWEEN '2025-01-01' AND '2025-06-16' GROUP BY 1, 2 HAVING sum(amount) > 0
  AND (SELECT bool_and((SELECT coalesce(sum(s.amount), 0) FROM sold AS s WHERE s.outlet = sold.outlet AND s.customer = sold.customer AND s.day >= m AND s.day < m + interval '1 month') > 0) FROM generate_series(timestamp '2025-01-01', '2025-05-01', '1 month') AS m) $$, 'those stable in the five complete months');
SELECT isnt_empty($$ SELECT * FROM crm.client_base('2025-02-28', '[2025-01-01,2025-04-01)') WHERE akb_stable $$, 'there are such, in two months');
SELECT is_empty($$ SELECT * FROM crm.client_base('2025-01-20', '[2025-01-01,2025-04-01)') WHERE akb_stable IS NOT NULL $$, 'in the first month nobody can tell');
SELECT results_eq($$ SELECT outlet_id, customer_id, trim_scale(amount), orders, first_order, last_order FROM crm.client_base WHERE first_order IS NOT NULL ORDER BY 1, 2 $$, $$
  SELECT outlet, customer, trim_scale(coalesce(sum(amount) FILTER (WHERE day >= '2025-01-01'), 0)), count(DISTINCT day) FILTER (WHERE day >= '2025-01-01' AND amount > 0)::integer, min(day) FILTER (WHERE amount > 0), max(day) FILTER (WHERE amount > 0)
  FROM sold WHERE day <= '2025-06-16' GROUP BY 1, 2 HAVING bool_or(amount > 0) ORDER BY 1, 2 $$, 'amounts and days');
SELECT is_empty($$ SELECT * FROM crm.client_base LEFT JOIN shop ON id = outlet_id AND owner = customer_id WHERE state IS DISTINCT FROM
  CASE WHEN closed <= '2025-06-16' THEN 'closed' WHEN last_order IS NULL THEN 'potential' WHEN '2025-06-16' - last_order > 90 THEN 'lost' WHEN '2025-06-16' - last_order > 60 THEN 'at_risk' WHEN '2025-06-16' - first_order < 90 THEN 'new' ELSE 'active' END $$, 'states');
SELECT is_empty($$ SELECT outlet_id FROM crm.client_base WHERE debt <> (SELECT coalesce(sum(due), 0) FROM invoice WHERE customer = customer_id AND due > 0 AND day <= '2025-06-16') OR overdue <> (SELECT coalesce(sum(due), 0) FROM invoice WHERE customer = customer_id AND due > 0 AND day + 30 < '2025-06-16') OR debt IS NULL $$, 'debts');
SELECT is_empty($$ SELECT outlet_id FROM crm.client_base WHERE outlet_id < 44 AND (planned_visits <> (SELECT count(DISTINCT day) FROM planned WHERE outlet = outlet_id AND day BETWEEN '2025-01-01' AND '2025-06-16') OR planned_visits IS NULL) $$, 'planned visits');
SELECT results_eq($$ SELECT okb, name, akb FROM crm.client_base WHERE outlet_id = 900 ORDER BY customer_id $$, $$ VALUES (false, 'customer 4', true), (false, 'customer 7', true) $$, 'an outlet in no census');
UPDATE crm.setting SET min_amount = 300, min_products = 3;
SELECT set_eq('SELECT outlet_id, customer_id FROM crm.client_base WHERE akb', $$ SELECT outlet, customer FROM (SELECT outlet, customer, product, sum(amount) AS amount FROM sold WHERE day BETWEEN '2025-01-01' AND '2025-06-16' GROUP BY 1, 2, 3) AS x GROUP BY 1, 2 HAVING sum(amount) >= 300 AND count(*) FILTER (WHERE amount > 0) >= 3 $$, 'settings are heard');
UPDATE crm.setting SET min_amount = NULL, min_products = 0, activity = 'order';
SELECT set_eq('SELECT outlet_id, customer_id FROM crm.client_base WHERE akb', $$ SELECT DISTINCT outlet, customer FROM sold WHERE day BETWEEN '2025-01-01' AND '2025-06-16' AND amount > 0 $$, 'a delivery is enough');
UPDATE crm.setting SET activity = DEFAULT, min_products = NULL;
INSERT INTO crm.class_history (customer_id, as_of, abc, manual_class) VALUES (22, '2025-01-01', 'B', NULL), (22, '2025-02-01', 'C', 'K'), (22, '2025-12-01', 'A', NULL);
SELECT results_eq('SELECT outlet_id, class FROM crm.client_base WHERE customer_id IN (22, 1) ORDER BY 1', $$ VALUES (2, 'C'), (3, 'A'), (NULL, 'K') $$, 'classes of outlets, or of the customer as they were');
SELECT results_eq('SELECT * FROM crm.client_base ORDER BY outlet_id, customer_id', $$ SELECT * FROM crm.client_base('2025-06-16', '[2025-01-01,2025-07-01)') ORDER BY outlet_id, customer_id $$, 'the view is the function as of the day of setting');

-- lost clients

INSERT INTO crm.loss_event (customer_id, lost_on, reason) VALUES (3, '2024-01-16', 'quality'), (3, '2025-06-01', 'debt'), (8, '2025-06-17', 'other');
INSERT INTO crm.winback (customer_id, person_id, period, offer) VALUES (8, 101, '[2025-06-01,2025-08-01)', 'gift');
INSERT INTO crm.potential (customer_id, period, amount) VALUES (8, '[2025-01-01,2026-01-01)', 77777);
CREATE TABLE gone AS SELECT customer, last, last + 91 AS lost_on, min, (SELECT sum(amount - cost) FROM sold AS s WHERE s.customer = x.customer AND day >= date_trunc('month', last) - interval '11 months' AND day < date_trunc('month', last) + interval '1 month') AS profit
FROM (SELECT customer, max(day) AS last, min(day) FROM sold WHERE amount > 0 AND day <= '2025-06-16' GROUP BY 1) AS x WHERE '2025-06-16' - last > 90;
SELECT ok(count(*) > 2, 'there are lost clients') FROM gone;
SELECT results_eq('SELECT customer_id, first_order, last_order, days, lost_on, loss_month, trim_scale(profit), profit_rank FROM crm.lost_clients ORDER BY 1',
  $$ SELECT customer, min, last, date '2025-06-16' - last, lost_on, date_trunc('month', lost_on)::date, trim_scale(profit), rank() OVER (ORDER BY profit DESC) FROM gone ORDER BY 1 $$, 'who, when, and what they brought');
SELECT results_eq('SELECT customer_id, reason, offer, winback_person_id, potential FROM crm.lost_clients WHERE customer_id IN (3, 8) ORDER BY 1', $$ VALUES (3, 'debt', NULL, NULL, (SELECT sum(potential)::numeric FROM shop WHERE owner = 3)), (8, NULL, 'gift', 101, 77777) $$, 'why, and what is done');
SELECT is((SELECT potential_rank FROM crm.lost_clients WHERE customer_id = 8), 1::bigint, 'the first by potential');
SELECT is_empty('SELECT customer_id FROM crm.lost_clients WHERE NOT top', 'few are all at the top');
UPDATE crm.setting SET top_n = 1;
SELECT set_eq('SELECT customer_id FROM crm.lost_clients WHERE top', 'SELECT 8 UNION SELECT customer FROM gone WHERE profit = (SELECT max(profit) FROM gone)', 'the one by profit, the one by potential');
UPDATE crm.setting SET top_n = DEFAULT, at_risk_after = 20, lost_after = 30;
SELECT set_eq('SELECT customer_id FROM crm.lost_clients', $$ SELECT customer FROM sold WHERE amount > 0 AND day <= '2025-06-16' GROUP BY 1 HAVING '2025-06-16' - max(day) > 30 $$, 'settings are heard');
UPDATE crm.setting SET at_risk_after = DEFAULT, lost_after = DEFAULT;

-- visits

INSERT INTO crm.service_policy (channel, class, visits) VALUES ('', 'A', 4), ('shop', 'A', 6), ('', 'B', 2);
UPDATE crm.setting SET as_of = '2025-06-30', visit_tolerance = 0;
CREATE TABLE call AS SELECT outlet, day, bool_or(p) AS planned, bool_or(NOT p) AS made, day IN (SELECT s.day FROM sold AS s WHERE s.outlet = x.outlet AND s.amount > 0) AS ordered
FROM (SELECT *, true AS p FROM planned UNION ALL SELECT *, false FROM visited) AS x WHERE day BETWEEN '2025-01-01' AND '2025-06-30' GROUP BY 1, 2;
SELECT results_eq($$ SELECT outlet_id, planned, reached, made, unplanned, ordered, round(reach, 9), round(success, 9), round(frequency, 9) FROM crm.visit_execution WHERE dimension = 'outlet' AND planned + made > 0 ORDER BY 1 $$, $$
  SELECT outlet, count(*) FILTER (WHERE planned), count(*) FILTER (WHERE planned AND made), count(*) FILTER (WHERE made), count(*) FILTER (WHERE made AND NOT planned), count(*) FILTER (WHERE made AND ordered),
    round(visit_reach(planned, made), 9), round(visit_success(made, ordered), 9), round(count(*) FILTER (WHERE made) / 6.0, 9) FROM call GROUP BY outlet ORDER BY 1 $$, 'outlet by outlet');
SELECT results_eq($$ SELECT key, outlets, planned, reached, made, ordered, round(reach, 9), round(success, 9) FROM crm.visit_execution WHERE dimension = 'person' ORDER BY key COLLATE "C" $$, $$
  SELECT agent::text, count(DISTINCT id), count(*) FILTER (WHERE planned), count(*) FILTER (WHERE planned AND made), count(*) FILTER (WHERE made), count(*) FILTER (WHERE made AND ordered), round(visit_reach(planned, made), 9), round(visit_success(made, ordered), 9)
  FROM shop LEFT JOIN call ON outlet = id WHERE outlet IS NOT NULL OR class IN ('A', 'B') AND coalesce(closed >= '2025-01-01', true) AND coalesce(opened <= '2025-06-30', true) GROUP BY 1 ORDER BY agent::text COLLATE "C" $$, 'by person');
SELECT is_empty($$ SELECT * FROM crm.visit_execution AS v LEFT JOIN shop ON id = outlet_id LEFT JOIN buyer ON buyer.id = owner WHERE dimension = 'outlet' AND (norm IS DISTINCT FROM CASE WHEN coalesce(closed >= '2025-01-01', true) AND coalesce(opened <= '2025-06-30', true) THEN CASE WHEN class = 'A' AND buyer.channel = 'shop' THEN 6 WHEN class = 'A' THEN 4 WHEN class = 'B' THEN 2 END END
  OR goal IS DISTINCT FROM 6 * norm OR value IS DISTINCT FROM CASE WHEN norm IS NOT NULL THEN made END OR status IS DISTINCT FROM CASE WHEN value >= goal THEN 1 WHEN value < goal THEN -1 END) $$, 'the norm');
SELECT is((SELECT (sum(planned), sum(made), sum(ordered), sum(goal), sum(value)) FROM crm.visit_execution WHERE dimension = 'outlet')::text, (SELECT (planned, made, ordered, goal, value) FROM crm.visit_execution WHERE dimension = 'all')::text, 'outlets add up to all');
SELECT is_empty($$ SELECT outlet_id FROM crm.visit_execution WHERE dimension = 'outlet' AND trend IS DISTINCT FROM sign(made - (SELECT count(DISTINCT day) FROM visited WHERE outlet = outlet_id AND day >= date '2025-01-01' - 181 AND day < '2025-01-01'))::integer $$, 'the trend');
UPDATE crm.setting SET visit_tolerance = 2;
SELECT is((SELECT reached FROM crm.visit_execution WHERE dimension = 'all'), (SELECT count(*) FROM (SELECT array_agg(day) FILTER (WHERE planned) AS p, array_agg(day) FILTER (WHERE made) AS v FROM call GROUP BY outlet) AS x, visit_match(p, v, 2) AS m WHERE planned_on IS NOT NULL AND visited_on IS NOT NULL), 'a day early or late');
SELECT is((SELECT round(goal / norm, 9) FROM crm.visit_execution('2025-02-14') WHERE outlet_id = 6), 1.5::numeric(12, 9), 'a month and a half of the year');
SELECT results_eq('SELECT * FROM crm.visit_execution ORDER BY dimension, key', $$ SELECT * FROM crm.visit_execution('2025-06-30', '[2025-01-01,2025-07-01)') ORDER BY dimension, key $$, 'the view is the function as of the day of setting');

-- hostile rows: without keys, days or amounts, twice; impossible days

INSERT INTO sold VALUES (NULL, NULL, NULL, '2025-02-02', 5, 1), (1, NULL, 1, '2025-02-02', 5, 1), (NULL, 2, 1, '2025-02-02', 5, 1), (1, 2, 1, NULL, 5, 1), (1, 2, 1, 'infinity', 5, 1), (1, 2, 1, '-infinity', 5, 1), (1, 2, 1, '0044-03-15 BC', 5, 1), (1, 2, NULL, '2025-02-02', NULL, NULL);
INSERT INTO planned VALUES (NULL, '2025-02-02'), (2, NULL), (2, 'infinity'), (2, '-infinity');
INSERT INTO visited VALUES (NULL, '2025-02-02'), (2, NULL), (2, 'infinity'), (2, '-infinity');
INSERT INTO shop (id, owner) VALUES (NULL, 1), (999, NULL), (NULL, NULL);
INSERT INTO buyer (id) VALUES (NULL);
SELECT lives_ok(format('SELECT * FROM crm.%s', name), name || ' bears them') FROM unnest('{client_base,lost_clients,visit_execution}'::text[]) AS name;
INSERT INTO sold VALUES (1, 2, 1, '2025-02-02', 'NaN', 1);
SELECT throws_ok('SELECT * FROM crm.client_base', '22023', NULL, 'an amount that is none is refused');
DELETE FROM sold WHERE amount = 'NaN';

-- one outlet's page reads one outlet's rows

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of(format('SELECT * FROM crm.%s', query)) ~ pattern, query)
FROM (VALUES ('client_base WHERE outlet_id = 17', 'Index Cond: [^\n]*outlet = 17'), ('client_base WHERE customer_id = 17', 'Index Cond: [^\n]*customer = 17'),
  ($$client_base('2025-01-01') WHERE customer_id = 17$$, 'Index Cond: [^\n]*customer = 17'), ('visit_execution WHERE outlet_id = 17', 'visited_outlet_idx[^\n]*\n[^\n]*outlet = 17')) AS v (query, pattern);

SELECT * FROM finish();
ROLLBACK;
