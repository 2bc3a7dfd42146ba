-- data_exceptions and kam_check_model: rows that break what the model relies on are found, and not lost.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(45);

\ir ../helpers/plan_of.sql

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
SELECT set_eq($$ SELECT concat_ws(' ', kind, source, key, rows) FROM crm.data_exceptions WHERE source LIKE 'plan%' $$, $$ VALUES ('customer_unknown plan Y 1'), ('line_missing plan Y 1'), ('key_unknown plan_line product c1 1'), ('line_twice plan_line A total  amount 2'), ('line_twice plan_line A category c1 amount 2') $$, 'plans of nobody and of nothing, and targets twice');
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

-- every source: rows with one thing wrong each, made from the columns that it has

CREATE FUNCTION pg_temp.sound(c kam_model_column, n integer) RETURNS text LANGUAGE sql AS $$
  SELECT quote_literal(CASE WHEN c.type LIKE '%\_key' THEN upper(left(c.type, 1)) || CASE WHEN c.name = left(c.type, -4) || '_id' AND c.source = left(c.type, -4) THEN n ELSE 1 END
    WHEN c.type = 'date' THEN (date '2026-01-01' + n)::text WHEN c.type = 'timestamptz' THEN (date '2026-01-01' + n)::text || ' 10:00+00' WHEN c.type = 'boolean' THEN 'true'
    WHEN c.type = 'daterange' THEN daterange(date '2026-01-01' + n, CASE WHEN c.required THEN date '2026-02-01' + n END)::text WHEN c.type = 'text' THEN 'x' || n ELSE '0' END) $$;
CREATE FUNCTION pg_temp.store(what text, n integer, spoilt text, value text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('INSERT INTO src.%I SELECT %s', what, (SELECT string_agg(CASE WHEN c.name = spoilt THEN coalesce(quote_literal(value), 'NULL') ELSE pg_temp.sound(c, n) END || '::' || CASE WHEN c.type LIKE '%\_key' THEN 'text' ELSE c.type END, ', ' ORDER BY c.place) FROM kam_model_column AS c WHERE c.source = what));
END $$;
CREATE TABLE spoilt AS
SELECT source, name, type, value, kind, row_number() OVER (PARTITION BY source ORDER BY name, kind)::integer + 10 AS n
FROM kam_model_column AS c
CROSS JOIN LATERAL (SELECT CASE WHEN name LIKE '%amount' THEN 'amount' WHEN type IN ('numeric', 'integer') THEN 'number' WHEN type IN ('date', 'daterange', 'timestamptz') THEN 'date' ELSE 'value' END AS sort, left(type, -4) AS master) AS s
CROSS JOIN LATERAL (VALUES
  (NULL, CASE WHEN NOT required THEN NULL WHEN type NOT LIKE '%\_key' THEN sort || '_missing' WHEN source = master AND name = master || '_id' THEN 'key_missing' ELSE master || '_missing' END),
  ('nobody', CASE WHEN type LIKE '%\_key' AND NOT (source = master AND name = master || '_id') THEN master || '_unknown' END),
  (CASE WHEN not_before IS NULL THEN '-infinity' ELSE 'infinity' END, CASE WHEN type IN ('date', 'timestamptz') THEN 'date_impossible' END),
  ('empty', CASE WHEN type = 'daterange' THEN 'date_impossible' END),
  ('[2026-01-01,)', CASE WHEN type = 'daterange' AND required THEN 'date_open' END),
  ('2025-12-01', CASE WHEN not_before IS NOT NULL THEN 'date_reversed' END),
  ('NaN', CASE WHEN type = 'numeric' THEN sort || '_impossible' END),
  ('-1', CASE WHEN type IN ('numeric', 'integer') AND source <> 'sale' AND source || '.' || name NOT IN ('customer.cooperation', 'receivable.amount', 'receivable.open_amount', 'payment.amount', 'payment_plan.amount', 'promo.spend', 'store_check.score', 'trade_spend.amount', 'customer_cost.amount', 'route_cost.other') THEN sort || '_negative' END)) AS v (value, kind)
WHERE kind IS NOT NULL;

SELECT kam_create_model('all', 'text');
CREATE SCHEMA src;
DO $$
DECLARE
  s record;
BEGIN
  FOR s IN SELECT source, string_agg(name || ' ' || CASE WHEN type LIKE '%\_key' THEN 'text' ELSE type END, ', ' ORDER BY place) AS columns, string_agg(name, ', ' ORDER BY place) AS names FROM kam_model_column GROUP BY source LOOP
    EXECUTE format('CREATE TABLE src.%I (%s)', s.source, s.columns);
    PERFORM pg_temp.store(s.source, n, NULL, NULL) FROM generate_series(1, 3) AS n;
    PERFORM kam_bind('all', s.source, format('SELECT %s FROM src.%I', s.names, s.source));
  END LOOP;
END $$;
SELECT is_empty('SELECT * FROM "all".data_exceptions', 'sound rows of every source');
SELECT is((SELECT count(*) FROM kam_model_source), (SELECT count(*) FROM kam_check_model('all') WHERE kind = 'source' AND state = 'bound' AND message IS NULL), 'and every column of it is bound');
SELECT is_empty($$ SELECT s.name FROM (SELECT source AS name FROM kam_model_source UNION ALL SELECT name FROM kam_model_object WHERE kind = 'table' AND place >= 100 AND body ~ '\{\w+_key\}') AS s
  JOIN kam_model_object AS o ON o.name = 'data_exceptions' AND (length(o.body) - length(replace(o.body, format('FROM {schema}.%I AS s', s.name), ''))) / length(format('FROM {schema}.%I AS s', s.name)) <> 1 $$, 'each source and each table with a key is looked through once');
SELECT is_empty($$ SELECT s.source FROM kam_model_source AS s CROSS JOIN LATERAL pg_temp.plan_of('SELECT * FROM "all".data_exceptions') AS p
  WHERE (length(p) - length(replace(p, ' on ' || s.source || ' ', ''))) + (length(p) - length(replace(p, ' on ' || s.source || E'\n', ''))) > (1 + (s.source = 'sale')::integer) * length(' on ' || s.source || ' ') $$, 'and scanned once, the sales once more for the last day');
SELECT pg_temp.store(source, n, name, value) FROM spoilt;
SELECT set_eq($$ SELECT kind, source, column_name, sum(rows)::integer FROM "all".data_exceptions GROUP BY kind, source, column_name $$,
  $$ SELECT kind, source, name, count(*)::integer FROM spoilt GROUP BY kind, source, name
     UNION ALL SELECT 'outlet_of_other_customer', source, 'outlet_id', 1 FROM spoilt WHERE name = 'customer_id' AND value = 'nobody' AND source IN ('sale', 'order_line') $$, 'each thing wrong is found, and nothing else');
SELECT is_empty($$ SELECT * FROM "all".data_exceptions AS e JOIN spoilt AS p ON p.kind = e.kind AND p.source = e.source AND p.name = e.column_name WHERE e.kind LIKE '%\_unknown' AND e.key <> 'nobody' OR e.message IS NULL OR e.as_of IS NULL $$, 'with the key, and what it means');
SELECT set_eq($$ SELECT kind, source, column_name, amount FROM "all".data_exceptions WHERE amount IS NOT NULL AND kind LIKE '%\_negative' $$, $$ VALUES ('amount_negative', 'market', 'amount', -1::numeric), ('amount_negative', 'tender', 'amount', -1), ('number_negative', 'tender', 'our_price', 0), ('number_negative', 'tender', 'competitor_price', 0), ('number_negative', 'customer_cost', 'hours', 0) $$, 'amounts are those of these rows');
SELECT is((SELECT first_on FROM "all".data_exceptions WHERE kind = 'number_negative' AND source = 'order_line' AND column_name = 'ordered'), (SELECT date '2026-01-01' + n FROM spoilt WHERE source = 'order_line' AND name = 'ordered' AND kind = 'number_negative'), 'and days');
SELECT kam_unbind('all', 'customer');
SELECT kam_unbind('all', 'person');
SELECT set_eq($$ SELECT DISTINCT kind FROM "all".data_exceptions WHERE kind LIKE '%\_unknown' $$, '{outlet_unknown,product_unknown}'::text[], 'nothing is unknown to a master that is not bound');
SELECT is((SELECT count(*) FROM "all".data_exceptions WHERE source IN ('customer', 'person')), 0::bigint, 'nor is there something wrong with it');
SELECT kam_unbind('all', source) FROM kam_model_source;
SELECT is_empty('SELECT * FROM "all".data_exceptions', 'with nothing bound there is nothing wrong');

-- rows that are there twice

DO $$
DECLARE
  s record;
BEGIN
  FOR s IN SELECT source FROM kam_model_source LOOP
    EXECUTE format('TRUNCATE src.%I', s.source);
    PERFORM pg_temp.store(s.source, n, NULL, NULL) FROM unnest('{1,2,2}'::integer[]) AS n;
    PERFORM kam_bind('all', s.source, format('SELECT * FROM src.%I', s.source));
  END LOOP;
END $$;
SELECT set_eq($$ SELECT concat_ws('|', kind, source, key, rows, column_name) FROM "all".data_exceptions $$,
  '{key_twice|customer|C2|2,key_twice|outlet|O2|2,key_twice|product|P2|2,key_twice|person|P2|2,row_twice|receivable|C1 x2|2,row_twice|promo|x2 C1 P1 2026-01-03|2,row_twice|stock|C1 P1 2026-01-03|2,row_twice|inventory|P1 2026-01-03|2,row_twice|audit|O1 2026-01-03 P1|2,row_twice|store_check|O1 2026-01-03 x2|2}'::text[], 'keys and rows twice, where they must not be');
UPDATE src.outlet SET customer_id = CASE outlet_id WHEN 'O1' THEN 'C2' ELSE 'C1' END;
SELECT set_eq($$ SELECT source || ' ' || key || ' ' || rows FROM "all".data_exceptions WHERE kind = 'outlet_of_other_customer' $$, '{sale O1 3,order_line O1 3}'::text[], 'the outlet of another');
INSERT INTO src.outlet SELECT * FROM src.outlet;
UPDATE src.outlet SET customer_id = 'C1' WHERE ctid IN (SELECT max(ctid) FROM src.outlet WHERE outlet_id = 'O1');
SELECT is((SELECT count(*) FROM "all".data_exceptions WHERE kind = 'outlet_of_other_customer'), 0::bigint, 'an outlet of two may be delivered for either');
DO $$
DECLARE
  s record;
BEGIN
  FOR s IN SELECT source FROM kam_model_source LOOP
    EXECUTE format('TRUNCATE src.%I', s.source);
    PERFORM pg_temp.store(s.source, n, NULL, NULL) FROM generate_series(1, 2) AS n;
  END LOOP;
END $$;

-- tables: keys that no source has, and rows that contradict

UPDATE src.product SET category = 'tea', brand = 'own', pack = 'box';
UPDATE src.customer SET channel = 'shop', territory = 'north';
UPDATE src.outlet SET channel = 'cafe', territory = 'north', outlet_type = 'kiosk', closed_on = NULL, opened_on = NULL;
UPDATE src.person SET team = 'one', territory = 'west';
SELECT kam_bind('all', 'sale', 'SELECT customer_id, outlet_id, product_id, sold_on, amount FROM src.sale');
INSERT INTO "all".plan (plan_id, customer_id, kind, period) VALUES (1, 'C1', 'annual', '[2026-01-01,2027-01-01)'), (2, 'C1', 'customer', '[2026-01-01,2027-01-01)'), (3, 'C1', 'rolling', '[2026-01-01,2026-04-01)'), (4, 'C1', 'rolling', '[2026-02-01,2026-05-01)');
INSERT INTO "all".plan_line (plan_id, parameter, key, measure, target) VALUES (1, 'total', '', 'amount', 5), (2, 'category', 'tea', 'amount', 5), (2, 'brand', 'own', 'amount', 5), (2, 'product', 'P1', 'quantity', 5), (3, 'total', '', 'amount', 5);
INSERT INTO "all".company_target VALUES ('company', '', '[2026-01-01,2027-01-01)', 'amount', 5), ('team', 'one', '[2026-01-01,2027-01-01)', 'amount', 5), ('territory', 'west', '[2026-01-01,2027-01-01)', 'amount', 5), ('channel', 'cafe', '[2026-01-01,2027-01-01)', 'amount', 5);
INSERT INTO "all".kpi_goal (kpi, scope, key, goal) VALUES ('x', 'all', '', 1), ('x', 'customer', 'C2', 1), ('x', 'person', 'P2', 1), ('x', 'channel', 'shop', 1), ('x', 'territory', 'north', 1), ('x', 'team', 'one', 1);
INSERT INTO "all".mix_plan VALUES ('[2026-01-01,2027-01-01)', 'pack', 'box', 0.4), ('[2026-01-01,2027-01-01)', 'channel', 'shop', 0.5), ('[2026-01-01,2027-01-01)', 'channel', 'cafe', 0.5);
INSERT INTO "all".season_map VALUES ('', 1, 'winter'), ('tea', 2, 'winter');
INSERT INTO "all".service_policy VALUES ('', 'x1', 1), ('cafe', '', 2);
INSERT INTO "all".mml VALUES ('', '', 'P1', '(,)'), ('cafe', 'kiosk', 'P2', '(,)');
INSERT INTO "all".programme (programme_id, name, kind, period, rate, extra_discount, qualifies_by) VALUES (1, 'sound', 'tiered', '[2026-01-01,2027-01-01)', NULL, NULL, 'amount'), (2, 'year', 'turnover', '[2026-01-01,2027-01-01)', 0.1, NULL, 'amount');
INSERT INTO "all".programme_tier VALUES (1, 10, 0.1, 0);
INSERT INTO "all".programme_customer VALUES (1, 'C1', NULL, NULL), (2, 'C1', 5, NULL);
INSERT INTO "all".kam_member VALUES ('C1', 'growth', '[2026-01-01,)');
INSERT INTO "all".kam_assignment VALUES ('C1', 'P1', 'manager', '[2026-01-01,)');
SELECT is_empty('SELECT * FROM "all".data_exceptions', 'plans, goals and programmes that are sound');

INSERT INTO "all".plan (plan_id, customer_id, kind, period, status) VALUES (11, 'C1', 'annual', '[2026-07-01,2027-07-01)', 'active'), (12, 'C2', 'annual', '[2026-01-01,2027-01-01)', 'active'), (13, 'C2', 'annual', '[2026-06-01,2027-06-01)', 'draft'), (14, 'no', 'joint', '[2026-01-01,2027-01-01)', 'active');
INSERT INTO "all".plan_line (plan_id, parameter, key, measure, target) VALUES (11, 'total', '', 'amount', 6), (11, 'total', '', 'margin', 6), (11, 'category', 'coal', 'amount', 1), (14, 'product', 'P9', 'amount', 1);
INSERT INTO "all".company_target VALUES ('category', 'coal', '[2026-01-01,2027-01-01)', 'amount', 5), ('team', 'two', '[2026-01-01,2027-01-01)', 'amount', 5);
INSERT INTO "all".kpi_goal (kpi, scope, key, goal) VALUES ('y', 'customer', 'no', 1), ('y', 'person', 'no', 1), ('y', 'channel', 'web', 1), ('y', 'territory', 'south', 1);
INSERT INTO "all".mix_plan VALUES ('[2026-01-01,2027-01-01)', 'pack', 'crate', 0.7);
INSERT INTO "all".season_map VALUES ('coal', 1, 'winter');
INSERT INTO "all".service_policy VALUES ('web', '', 1);
INSERT INTO "all".visit_standard VALUES ('web', 'shelf', 1);
INSERT INTO "all".mml VALUES ('web', 'booth', 'P9', '(,)');
INSERT INTO "all".retention_programme VALUES (1, 'r', '[2026-01-01,2027-01-01)');
INSERT INTO "all".retention_rate VALUES (1, 'booth', 3), (1, '', 2);
INSERT INTO "all".programme (programme_id, name, kind, period, rate, extra_discount, qualifies_by) VALUES (11, 'bare', 'tiered', '[2026-01-01,2027-01-01)', NULL, NULL, 'amount'), (12, 'order', 'framework', '[2026-01-01,2027-01-01)', NULL, 0.1, 'amount'), (13, 'part', 'tiered', '[2026-01-01,2027-01-01)', NULL, NULL, 'attainment');
INSERT INTO "all".programme_tier VALUES (13, 1, 0.1, 0);
INSERT INTO "all".programme_customer VALUES (12, 'C1', NULL, NULL), (13, 'C2', NULL, NULL), (13, 'no', 5, NULL);
INSERT INTO "all".programme_parameter VALUES (13, 'p', 'brand', 'other', 'amount', 1), (13, 'q', 'brand', 'own', 'amount', 1);
INSERT INTO "all".programme_gate VALUES (13, 'no', 'g', true);
INSERT INTO "all".programme_payment VALUES (13, 'no', '2026-03-03', 1);
INSERT INTO "all".kam_member VALUES ('C2', 'growth', '[2026-01-01,)');
INSERT INTO "all".kam_assignment VALUES ('no', 'nil', 'expert', '[2026-01-01,)');
INSERT INTO "all".person_target VALUES ('nil', '[2026-01-01,2027-01-01)', 'amount', 1), ('P1', '[2026-01-01,2027-01-01)', 'amount', 1);
INSERT INTO "all".potential VALUES ('no', 'coal', '[2026-01-01,2027-01-01)', 1);
INSERT INTO "all".agreement (agreement_id, customer_id, period) VALUES (1, 'no', '[2026-01-01,2027-01-01)');
INSERT INTO "all".agreement_item (item_id, agreement_id, side, kind) VALUES (1, 1, 'ours', 'display');
INSERT INTO "all".agreement_check VALUES (1, 'no', '2026-03-03', true), (1, 'O1', '2026-03-03', true);
INSERT INTO "all".bonus_payment VALUES ('nil', 'no', '2026-03-03', 1);
INSERT INTO "all".winback VALUES ('no', 'nil', '[2026-01-01,2027-01-01)');
INSERT INTO "all".planned_visit VALUES ('no', '2026-03-03', 'P1');
INSERT INTO "all".class_history (customer_id, as_of) VALUES ('no', '2026-01-01');
SELECT set_eq($$ SELECT concat_ws('|', kind, source, key, rows, column_name) FROM "all".data_exceptions $$, $$ VALUES
  ('plan_twice|plan|C1|2'), ('line_twice|plan_line|C1 total  amount|2'), ('line_missing|plan|C2|1'), ('customer_unknown|plan|no|1|customer_id'),
  ('key_unknown|plan_line|category coal|1'), ('key_unknown|plan_line|product P9|1'), ('key_unknown|company_target|category coal|1'), ('key_unknown|company_target|team two|1'),
  ('key_unknown|kpi_goal|customer no|1'), ('key_unknown|kpi_goal|person no|1'), ('key_unknown|kpi_goal|channel web|1'), ('key_unknown|kpi_goal|territory south|1'),
  ('key_unknown|mix_plan|pack crate|1'), ('share_above_one|mix_plan|pack|2|share'), ('key_unknown|season_map|category coal|1'), ('key_unknown|service_policy|channel web|1'), ('key_unknown|visit_standard|channel web|1'),
  ('key_unknown|mml|channel web|1'), ('key_unknown|mml|outlet_type booth|1'), ('product_unknown|mml|P9|1|product_id'), ('key_unknown|retention_rate|outlet_type booth|1'),
  ('tier_missing|programme|bare|1'), ('member_missing|programme|bare|1'), ('target_missing|programme_customer|C1|1|target'), ('target_missing|programme_customer|C2|1|target'), ('customer_unknown|programme_customer|no|1|customer_id'),
  ('key_unknown|programme_parameter|brand other|1'), ('customer_unknown|programme_gate|no|1|customer_id'), ('customer_unknown|programme_payment|no|1|customer_id'), ('manager_missing|kam_member|C2|1'),
  ('customer_unknown|kam_assignment|no|1|customer_id'), ('person_unknown|kam_assignment|nil|1|person_id'), ('person_unknown|person_target|nil|1|person_id'), ('customer_unknown|potential|no|1|customer_id'), ('key_unknown|potential|category coal|1'),
  ('customer_unknown|agreement|no|1|customer_id'), ('outlet_unknown|agreement_check|no|1|outlet_id'), ('person_unknown|bonus_payment|nil|1|person_id'), ('outlet_unknown|bonus_payment|no|1|outlet_id'),
  ('customer_unknown|winback|no|1|customer_id'), ('person_unknown|winback|nil|1|person_id'), ('outlet_unknown|planned_visit|no|1|outlet_id') $$, 'what contradicts, and classes kept of who has gone do not');
SELECT results_eq($$ SELECT first_on, last_on FROM "all".data_exceptions WHERE kind = 'plan_twice' $$, $$ VALUES (date '2026-07-01', date '2026-12-31') $$, 'for which days');
SELECT kam_bind('all', 'sale', 'SELECT customer_id, outlet_id, product_id, sold_on, amount, channel FROM src.sale');
SELECT is((SELECT count(*) FROM "all".data_exceptions WHERE key = 'channel web'), 0::bigint, 'channels that sales have of their own are not known from customers');
SELECT kam_bind('all', 'person', 'SELECT person_id, name FROM src.person');
SELECT set_eq($$ SELECT key FROM "all".data_exceptions WHERE source = 'company_target' $$, '{category coal,territory west}'::text[], 'nor teams, where nobody says his');

-- days at the ends of what PostgreSQL has

INSERT INTO src.forecast (product_id, period, quantity) VALUES ('P1', '(,4714-11-24 BC)', 1), ('P1', '[4714-11-24 BC,5874897-12-31)', 1), ('P1', '[-infinity,infinity)', 1), ('P1', '(,)', 1), (NULL, NULL, NULL);
INSERT INTO src.payment VALUES ('C1', '4714-11-24 BC', 'Infinity'), ('C1', '5874897-12-31', '-Infinity'), ('C1', 'infinity', 'NaN'), (NULL, NULL, NULL);
INSERT INTO src.service_request (customer_id, opened_at, resolved_at) VALUES ('C1', '4714-11-24 00:00+00 BC', '294276-12-31 23:59:59+00'), ('C1', 'infinity', '-infinity');
INSERT INTO "all".potential VALUES ('C2', 'coal', '(,4714-11-24 BC)', 1);
SELECT set_eq($$ SELECT concat_ws('|', kind, source, column_name, key, rows) FROM "all".data_exceptions WHERE source IN ('forecast', 'payment', 'service_request') $$,
  '{date_open|forecast|period|P1|3,date_impossible|forecast|period|P1|1,product_missing|forecast|product_id||1,date_missing|forecast|period||1,number_missing|forecast|quantity||1,date_impossible|payment|paid_on|C1|3,amount_impossible|payment|amount|C1|3,customer_missing|payment|customer_id||1,date_missing|payment|paid_on||1,amount_missing|payment|amount||1,date_impossible|service_request|opened_at|C1|2,date_impossible|service_request|resolved_at|C1|2,date_reversed|service_request|resolved_at|C1|1}'::text[], 'are found, and break nothing');

-- settings

SELECT is((SELECT count(*) FROM "all".data_exceptions WHERE source = 'setting'), 0::bigint, 'the settings as they come are sound');
UPDATE src.sale SET amount = 5;
UPDATE "all".setting SET abc_cutoffs = '{0.95,0.8}', xyz_cutoffs = '{0.1}', frequency_shares = '{0.5,0.9}', size_thresholds = '{1,2}';
SELECT set_eq($$ SELECT column_name FROM "all".data_exceptions('2026-03-31') WHERE source = 'setting' $$, '{abc_cutoffs,xyz_cutoffs,frequency_shares,size_thresholds}'::text[], 'settings with which reports fail');
SELECT throws_ok($$ SELECT * FROM "all".customer_class('2026-03-31') $$, '22023', NULL, 'as they do');
UPDATE "all".setting SET abc_cutoffs = DEFAULT, xyz_cutoffs = DEFAULT, frequency_shares = DEFAULT, size_thresholds = '{2,1}';
SELECT set_eq($$ SELECT column_name || ' ' || first_on FROM "all".data_exceptions('2026-03-31', '[2027-01-01,2028-01-01)') WHERE source = 'setting' $$, '{period 2027-01-01}'::text[], 'a period that is to come');

-- against plain SQL

CREATE TABLE many AS
SELECT nullif('c' || noise % 40, 'c0') AS customer, nullif('o' || noise / 40 % 60, 'o0') AS outlet, nullif('p' || noise / 2400 % 30, 'p0') AS product, date '2026-01-01' + (noise / 72000 % 300)::integer AS day, (noise / 77 % 900 - 100) * 0.25 AS amount
FROM generate_series(1, 3000) AS i, LATERAL (SELECT hashint8extended(i, 5) & 9007199254740991 AS noise) AS n;
SELECT kam_create_model('rnd', 'text');
SELECT kam_bind('rnd', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, product AS product_id, day AS sold_on, amount FROM many');
SELECT kam_bind('rnd', 'customer', $$ SELECT 'c' || n AS customer_id, 'x' AS name FROM generate_series(1, 30) AS n $$);
SELECT kam_bind('rnd', 'outlet', $$ SELECT 'o' || n AS outlet_id, 'c' || 1 + n % 30 AS customer_id FROM generate_series(1, 50) AS n $$);
SELECT kam_bind('rnd', 'product', $$ SELECT 'p' || n AS product_id, 'x' AS name FROM generate_series(1, 25) AS n $$);
SELECT set_eq('SELECT kind, key, rows, trim_scale(amount), first_on, last_on FROM rnd.data_exceptions', $$
  SELECT kind, key, count(*), trim_scale(sum(amount)), min(day), max(day)
  FROM many CROSS JOIN LATERAL (VALUES
    ('customer_missing', '', customer IS NULL), ('outlet_missing', '', outlet IS NULL), ('product_missing', '', product IS NULL),
    ('customer_unknown', customer, substr(customer, 2)::integer > 30), ('outlet_unknown', outlet, substr(outlet, 2)::integer > 50), ('product_unknown', product, substr(product, 2)::integer > 25),
    ('outlet_of_other_customer', outlet, substr(outlet, 2)::integer <= 50 AND customer <> 'c' || 1 + substr(outlet, 2)::integer % 30)) AS v (kind, key, holds)
  WHERE holds GROUP BY kind, key $$, 'random sales, key by key');

SELECT * FROM finish();
ROLLBACK;
