-- data_exceptions and kam_check_model: rows that break what the model relies on are found, and not lost.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(20);

SELECT kam_create_model('crm', 'text');
CREATE TABLE sold (customer text, outlet text, product text, person text, day date, amount numeric);
INSERT INTO sold VALUES
  ('A', 'a1', 'p1', 's1', '2026-01-05', 100), ('A', 'a2', 'p2', 's1', '2026-02-05', 200), ('B', 'b1', 'p1', 's2', '2026-02-06', 300),
  (NULL, 'a1', 'p1', 's1', '2026-02-07', 10), ('A', NULL, 'p1', 's1', '2026-02-08', 11), ('A', 'a1', NULL, 's1', '2026-02-09', 12), ('A', 'a1', 'p1', NULL, '2026-02-10', 13),
  ('A', 'a1', 'p1', 's1', NULL, 14), ('B', 'b1', 'p1', 's1', 'infinity', 15), ('B', 'b1', 'p1', 's1', '0050-01-01 BC', 16), ('B', 'b1', 'p1', 's1', '2026-02-11', NULL),
  ('X', 'x1', 'p9', 's9', '2026-02-12', 17), ('X', 'x1', 'p1', 's9', '2026-02-13', 18), ('B', 'a1', 'p1', 's2', '2026-02-14', 19);
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, product AS product_id, person AS person_id, day AS sold_on, amount FROM sold');

SELECT set_eq($$ SELECT kind || ' ' || source || ' ' || rows FROM crm.data_exceptions $$, $$ VALUES ('amount_missing sale 1'), ('customer_missing sale 1'), ('date_impossible sale 2'), ('date_missing sale 1'), ('outlet_missing sale 1'), ('product_missing sale 1') $$, 'with nothing else bound, what is missing in sales');
SELECT is((SELECT count(*) FROM crm.customer_series WHERE grain = 'year' OR customer_id IS NULL), 0::bigint, 'a sale of nobody is in no series of a customer');
SELECT is((SELECT sum(total(amount)) FROM crm.product_series WHERE grain = 'month'), (SELECT sum(amount) FROM sold WHERE product IS NOT NULL AND day BETWEEN '2026-01-01' AND '2026-12-31'), 'but in those of products');

SELECT kam_bind('crm', 'customer', $$ SELECT * FROM (VALUES ('A', 'Adler'), ('B', 'Baltic')) AS c (customer_id, name) $$);
SELECT kam_bind('crm', 'outlet', $$ SELECT * FROM (VALUES ('a1', 'A'), ('a2', 'A'), ('b1', 'B'), ('z1', 'Z')) AS o (outlet_id, customer_id) $$);
SELECT kam_bind('crm', 'product', $$ SELECT * FROM (VALUES ('p1', 'one', 'c1'), ('p2', 'two', 'c1')) AS p (product_id, name, category) $$);
SELECT kam_bind('crm', 'person', $$ SELECT * FROM (VALUES ('s1', 'Dana'), ('s2', 'Eli')) AS p (person_id, name) $$);
SELECT kam_bind('crm', 'visit', $$ SELECT * FROM (VALUES ('a1', date '2026-01-04'), ('q1', '2026-01-05'), ('q1', '2026-01-09')) AS v (outlet_id, visited_on) $$);
SELECT results_eq($$ SELECT kind COLLATE "C", source COLLATE "C", key COLLATE "C", rows, amount, first_on, last_on FROM crm.data_exceptions WHERE kind LIKE '%\_unknown' OR kind LIKE '%of\_other%' ORDER BY 1, 2, 3 $$, $$
  SELECT kind COLLATE "C", source COLLATE "C", key COLLATE "C", rows, amount, first_on, last_on FROM (VALUES
  ('customer_unknown', 'outlet', 'Z', 1::bigint, NULL::numeric, NULL::date, NULL::date), ('customer_unknown', 'sale', 'X', 2, 35, '2026-02-12', '2026-02-13'),
  ('outlet_of_other_customer', 'sale', 'a1', 1, 19, '2026-02-14', '2026-02-14'), ('outlet_unknown', 'sale', 'x1', 2, 35, '2026-02-12', '2026-02-13'), ('outlet_unknown', 'visit', 'q1', 2, NULL, '2026-01-05', '2026-01-09'),
  ('person_unknown', 'sale', 's9', 2, 35, '2026-02-12', '2026-02-13'), ('product_unknown', 'sale', 'p9', 1, 17, '2026-02-12', '2026-02-12')) AS v (kind, source, key, rows, amount, first_on, last_on) $$, 'unknown keys, each once, with their sales');
SELECT is((SELECT count(*) FROM crm.customer_class('2026-02-28') WHERE customer_id = 'X' AND name IS NULL AND amount = 35), 1::bigint, 'an unknown customer is in the reports');
SELECT is((SELECT sum(amount) FROM crm.customer_class('2026-02-28')), (SELECT sum(amount) FROM sold WHERE customer IS NOT NULL AND day BETWEEN '2026-01-01' AND '2026-12-31'), 'no other sale is lost');

INSERT INTO crm.plan (customer_id, kind, period, status) VALUES ('A', 'customer', '[2026-01-01,2027-01-01)', 'active'), ('A', 'customer', '[2026-06-01,2027-06-01)', 'active'), ('A', 'annual', '[2026-01-01,2027-01-01)', 'active'), ('Y', 'customer', '[2026-01-01,2027-01-01)', 'active');
INSERT INTO crm.plan_line (plan_id, parameter, key, target) SELECT plan_id, parameter, CASE parameter WHEN 'total' THEN '' ELSE 'c1' END, 5 FROM crm.plan, unnest('{total,category,product}'::text[]) AS parameter WHERE customer_id = 'A' AND (parameter <> 'product' OR kind = 'annual');
SELECT set_eq($$ SELECT concat_ws(' ', kind, source, key, rows) FROM crm.data_exceptions WHERE source LIKE 'plan%' $$, $$ VALUES ('customer_unknown plan Y 1'), ('key_unknown plan_line product c1 1'), ('line_twice plan_line A total  amount 2'), ('line_twice plan_line A category c1 amount 2') $$, 'plans of nobody and of nothing, and targets twice');
UPDATE crm.plan SET status = 'draft' WHERE period = '[2026-06-01,2027-06-01)';
SELECT is((SELECT count(*) FROM crm.data_exceptions WHERE kind = 'line_twice'), 0::bigint, 'drafts are no plans');

INSERT INTO crm.kam_member VALUES ('A', 'growth', '[2026-01-01,)'), ('B', 'strategic', '[2026-01-01,2026-02-01)'), ('W', 'growth', '[2027-01-01,)');
INSERT INTO crm.kam_assignment VALUES ('A', 's1', 'expert', '(,)');
SELECT set_eq($$ SELECT concat_ws(' ', kind, source, key) FROM crm.data_exceptions('2026-03-31') WHERE source LIKE 'kam%' $$, $$ VALUES ('customer_unknown kam_member W'), ('manager_missing kam_member A') $$, 'key accounts without a manager on the day');
SELECT set_eq($$ SELECT key FROM crm.data_exceptions('2026-01-31') WHERE kind = 'manager_missing' $$, '{A,B}'::text[], 'on another day');
INSERT INTO crm.kam_assignment VALUES ('A', 's1', 'manager', '[2026-03-01,)');
SELECT is((SELECT count(*) FROM crm.data_exceptions('2026-03-31') WHERE kind = 'manager_missing'), 0::bigint, 'and with one');

SELECT kam_bind('crm', 'customer', $$ SELECT * FROM (VALUES ('A', 'Adler'), ('A', 'Adler again'), ('B', 'Baltic'), (NULL, 'nobody')) AS c (customer_id, name) $$);
SELECT set_eq($$ SELECT concat_ws(' ', kind, source, key, rows) FROM crm.data_exceptions WHERE source = 'customer' $$, $$ VALUES ('key_twice customer A 2'), ('key_missing customer  1') $$, 'keys that are not unique, or missing');

-- the check adds them up

SELECT is((SELECT sum(rows) FROM kam_check_model('crm') WHERE kind = 'rows' AND state = 'outlet_unknown' AND name = 'visit'), 2::numeric, 'a row a kind and source');
SELECT is((SELECT count(*) FROM kam_check_model('crm') WHERE kind = 'rows'), (SELECT count(DISTINCT (kind, source, message)) FROM crm.data_exceptions), 'of all kinds');
SELECT set_eq($$ SELECT name, state, message FROM kam_check_model('crm') WHERE kind = 'report' AND name IN ('base_movement', 'churn_watch', 'customer_class', 'data_exceptions', 'in_force', 'plan_progress') $$, $$ VALUES
  ('base_movement', 'in part', 'lacks customer.channel, customer.territory, customer.person_id, customer.customer_type'), ('churn_watch', 'complete', NULL), ('customer_class', 'in part', 'lacks sale.cost'), ('data_exceptions', 'complete', NULL),
  ('in_force', 'complete', NULL), ('plan_progress', 'in part', 'lacks sale.quantity, sale.cost, product.brand') $$, 'what the reports lack');
SELECT results_eq($$ SELECT name COLLATE "C", message COLLATE "C" FROM kam_check_model('crm') WHERE kind = 'source' AND name IN ('product', 'route_cost') ORDER BY 1 $$,
  $$ SELECT name COLLATE "C", message COLLATE "C" FROM (VALUES ('product', 'without brand, pack, unit_cost, price, high_margin, on_sale'), ('route_cost', 'needs person_id, period, wage')) AS v (name, message) $$, 'and the sources');

-- an amount that is none

INSERT INTO sold VALUES ('B', 'b1', 'p1', 's1', '2026-02-11', 'NaN');
SELECT set_eq($$ SELECT concat_ws(' ', key, rows) FROM crm.data_exceptions WHERE kind = 'amount_impossible' $$, '{B 1}'::text[], 'NaN is found');
SELECT throws_ok('SELECT * FROM crm.customer_class', '22023', NULL, 'and refused by the reports that read it');
TRUNCATE sold;
SELECT is((SELECT count(*) FROM crm.data_exceptions WHERE source = 'sale'), 0::bigint, 'no sales, nothing wrong with them');
SELECT is((SELECT count(*) FROM crm.customer_class) + (SELECT count(*) FROM crm.base_movement) + (SELECT count(*) FROM crm.churn_watch), 0::bigint, 'and nothing in the reports');

SELECT * FROM finish();
ROLLBACK;
