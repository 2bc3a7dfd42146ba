-- Whose rights a model is read with: row security and column grants of the bound tables hold through all views.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(22);

\ir ../helpers/error_of.sql

CREATE ROLE kam_test_manager;
CREATE ROLE kam_test_clerk;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO kam_test_manager, kam_test_clerk;
GRANT ALL ON ALL TABLES IN SCHEMA public TO kam_test_manager, kam_test_clerk;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO kam_test_manager, kam_test_clerk;

CREATE SCHEMA erp;
GRANT USAGE ON SCHEMA erp TO kam_test_manager, kam_test_clerk;
CREATE TABLE erp.customer (id integer PRIMARY KEY, name text, manager name, credit_limit numeric);
INSERT INTO erp.customer VALUES (1, 'Adler', 'kam_test_manager', 1000), (2, 'Baltic', 'kam_test_clerk', 2000), (3, 'Como', 'kam_test_manager', 3000);
CREATE TABLE erp.sale (customer integer, day date, amount numeric, cost numeric);
INSERT INTO erp.sale SELECT 1 + i % 3, date '2025-01-03' + i * 3, 100 + i % 3, 60 FROM generate_series(0, 170) AS i;
ALTER TABLE erp.customer ENABLE ROW LEVEL SECURITY;
ALTER TABLE erp.sale ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON erp.customer USING (manager = current_user);
CREATE POLICY own ON erp.sale USING (customer IN (SELECT id FROM erp.customer));
GRANT SELECT ON erp.customer TO kam_test_manager;
GRANT SELECT ON erp.sale TO kam_test_manager;
GRANT SELECT (id, name, manager) ON erp.customer TO kam_test_clerk;
GRANT SELECT (customer, day, amount) ON erp.sale TO kam_test_clerk;

SELECT kam_create_model('crm', 'integer');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, credit_limit FROM erp.customer');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, 1 AS product_id, day AS sold_on, amount, cost FROM erp.sale');
INSERT INTO crm.plan (customer_id, period) SELECT id, '[2026-01-01,2027-01-01)' FROM erp.customer;
INSERT INTO crm.plan_line (plan_id, measure, target) SELECT plan_id, measure, 5000 FROM crm.plan, unnest('{amount,margin}'::text[]) AS measure;

-- nothing granted

SET LOCAL ROLE kam_test_manager;
SELECT is(pg_temp.error_of('SELECT * FROM crm.customer_class'), '42501 | permission denied for schema crm', 'without the schema nothing is seen');
RESET ROLE;
GRANT USAGE ON SCHEMA crm TO kam_test_manager, kam_test_clerk;
SET LOCAL ROLE kam_test_manager;
SELECT matches(pg_temp.error_of('SELECT * FROM crm.customer_class'), '^42501 \| permission denied for view ', 'nor without the view');
RESET ROLE;
GRANT SELECT ON crm.customer_class TO kam_test_manager;
SET LOCAL ROLE kam_test_manager;
SELECT matches(pg_temp.error_of('SELECT * FROM crm.customer_class'), '^42501 \| permission denied for (view|table) ', 'nor without what it reads');
RESET ROLE;
GRANT SELECT ON ALL TABLES IN SCHEMA crm TO kam_test_manager, kam_test_clerk;

-- rows

SELECT is((SELECT array_agg(customer_id ORDER BY customer_id) FROM crm.customer_class), '{1,2,3}', 'the owner of the tables sees all');
SET LOCAL ROLE kam_test_manager;
SELECT is((SELECT array_agg(customer_id ORDER BY customer_id) FROM crm.customer), '{1,3}', 'row security holds in a source');
SELECT is((SELECT array_agg(customer_id ORDER BY customer_id) FROM crm.customer_class), '{1,3}', 'in a report');
SELECT is((SELECT round(sum(share), 9) FROM crm.customer_class), 1::numeric, 'whose shares are of what is seen');
SELECT is((SELECT array_agg(customer_id ORDER BY customer_id) FROM crm.customer_class('2025-12-31')), '{1,3}', 'in its function');
SELECT is((SELECT array_agg(customer_id ORDER BY customer_id) FROM crm.churn_watch), '{1,3}', 'in another');
SELECT is((SELECT max(closing) FROM crm.base_movement), 2::bigint, 'in a count');
SELECT results_eq('SELECT DISTINCT customer_id, actual > 0 FROM crm.plan_progress ORDER BY 1', 'VALUES (1, true), (2, false), (3, true)', 'plans are of the model, and seen by all who may read it; the sales of another are not in them');
SELECT is((SELECT array_agg(DISTINCT customer_id ORDER BY customer_id) FROM crm.customer_series WHERE grain = 'month'), '{1,3}', 'and in the series');
RESET ROLE;

-- columns

SET LOCAL ROLE kam_test_clerk;
SELECT matches(pg_temp.error_of('SELECT credit_limit FROM crm.customer'), '^42501 \| permission denied for table customer', 'a column that is not granted is refused');
SELECT matches(pg_temp.error_of('SELECT customer_id FROM crm.customer'), '^42501 \| permission denied for table customer', 'and with it the source that it is bound to');
SELECT matches(pg_temp.error_of('SELECT * FROM crm.customer_class'), '^42501 \| permission denied for table ', 'and the reports');
RESET ROLE;
SELECT kam_create_model('desk', 'integer');
SELECT kam_bind('desk', 'customer', 'SELECT id AS customer_id, name FROM erp.customer');
SELECT kam_bind('desk', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, 1 AS product_id, day AS sold_on, amount FROM erp.sale');
GRANT USAGE ON SCHEMA desk TO kam_test_clerk;
GRANT SELECT ON ALL TABLES IN SCHEMA desk TO kam_test_clerk;
SET LOCAL ROLE kam_test_clerk;
SELECT is((SELECT array_agg(customer_id) FROM desk.customer_class), '{2}', 'a model without these columns can be read');
RESET ROLE;

-- a replaced bind keeps the rights, and what was granted

SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name FROM erp.customer WHERE id < 3');
SET LOCAL ROLE kam_test_manager;
SELECT is((SELECT array_agg(customer_id) FROM crm.customer), '{1}', 'after binding anew');
RESET ROLE;
SELECT kam_upgrade_model('crm');
SET LOCAL ROLE kam_test_manager;
SELECT is((SELECT array_agg(customer_id ORDER BY customer_id) FROM crm.customer_class), '{1,3}', 'after an upgrade');
RESET ROLE;

-- with the rights of the owner

SELECT kam_create_model('board', 'integer', security_invoker => false);
SELECT kam_bind('board', 'customer', 'SELECT id AS customer_id, name, credit_limit FROM erp.customer');
SELECT kam_bind('board', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, 1 AS product_id, day AS sold_on, amount, cost FROM erp.sale');
GRANT USAGE ON SCHEMA board TO kam_test_clerk;
GRANT SELECT ON board.customer_class TO kam_test_clerk;
SET LOCAL ROLE kam_test_clerk;
SELECT is((SELECT array_agg(customer_id ORDER BY customer_id) FROM board.customer_class), '{1,2,3}', 'a view that is granted shows what its owner sees');
SELECT matches(pg_temp.error_of('SELECT * FROM board.customer'), '^42501 ', 'and that only');
SELECT matches(pg_temp.error_of($$ SELECT * FROM board.customer_class('2025-12-31') $$), '^42501 ', 'a function reads with the rights of who calls it');
RESET ROLE;
SELECT is((SELECT array_agg(DISTINCT reloptions::text) FROM pg_class WHERE relnamespace = 'board'::regnamespace AND relkind = 'v'), '{"{security_invoker=false}"}', 'every view of the chain');

SELECT * FROM finish();
ROLLBACK;
