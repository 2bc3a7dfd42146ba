-- A model as a company makes it
SET DateStyle = ISO;
SET client_min_messages = warning;
\set SHOW_CONTEXT never

CREATE SCHEMA erp;
CREATE TABLE erp.debtor (no integer PRIMARY KEY, title text, kind text);
INSERT INTO erp.debtor VALUES (1, 'Adler', 'shop'), (2, 'Baltic', 'cafe'), (3, 'Como', 'shop');
CREATE TABLE erp.article (no integer PRIMARY KEY, title text, range text);
INSERT INTO erp.article VALUES (10, 'black tea', 'tea'), (11, 'basmati', 'rice');
CREATE TABLE erp.delivery (debtor integer, article integer, day date, pieces integer, net numeric(12, 2), cost numeric(12, 2));
INSERT INTO erp.delivery
SELECT debtor, article, month::date + 9, pieces, pieces * price, pieces * price * 0.7
FROM (VALUES (1, 10, 12.50, 40), (1, 11, 3.20, 90), (2, 10, 12.00, 25), (3, 11, 3.50, 20)) AS l (debtor, article, price, pieces)
CROSS JOIN generate_series(timestamp '2025-01-01', '2026-03-01', '1 month') AS month
WHERE debtor <> 3 OR month < '2025-11-01';
INSERT INTO erp.delivery VALUES (2, 10, '2026-03-31', -5, -60, -42);

-- Making it
SELECT kam_create_model('crm', 'integer');
SELECT kam_bind('crm', 'customer', 'SELECT no AS customer_id, title AS name, kind AS channel FROM erp.debtor');
SELECT kam_bind('crm', 'product', 'SELECT no AS product_id, title AS name, range AS category FROM erp.article');
SELECT kam_bind('crm', 'sale', $$
  SELECT debtor AS customer_id, debtor AS outlet_id, article AS product_id, day AS sold_on, net AS amount, pieces AS quantity, cost
  FROM erp.delivery $$);
SELECT * FROM kam_check_model('crm') WHERE name IN ('customer_class', 'plan_progress', 'base_movement', 'product');

-- Reading it
SELECT as_of, period, closed, bound FROM crm.in_force;
SELECT customer_id, name, channel, period, amount, round(share, 4) AS share, abc, xyz, cell, rfm, segment, class FROM crm.customer_class ORDER BY amount DESC;
SELECT customer_id, abc, as_of FROM crm.customer_class('2025-12-31') ORDER BY 1;
SELECT bucket, opening, new, returned, lost, closing, trend FROM crm.base_movement WHERE dimension = 'all' AND bucket >> '[2025-09-01,2025-10-01)' ORDER BY bucket;
SELECT dimension, key, closing FROM crm.base_movement('2026-03-31') WHERE bucket @> date '2026-02-10' ORDER BY 1, 2;
SELECT customer_id, level, signs, last_order, next_order, stage, round(at_stake) AS at_stake FROM crm.churn_watch ORDER BY customer_id;
SELECT customer_id, level FROM crm.churn_watch(as_of => '2025-11-30') ORDER BY customer_id;

-- Plans
INSERT INTO crm.plan (customer_id, period) VALUES (1, '[2026-01-01,2027-01-01)'), (2, '[2026-01-01,2027-01-01)');
INSERT INTO crm.plan_line (plan_id, parameter, key, measure, target)
VALUES (1, 'total', '', 'amount', 12000), (1, 'category', 'tea', 'amount', 7000), (1, 'product', '11', 'quantity', 1200), (1, 'total', '', 'products', 3), (1, 'total', '', 'margin', 3000), (2, 'total', '', 'amount', 4000);
SELECT name, parameter, key, measure, target, balance, actual, round(run_rate) AS run_rate, round(attainment, 3) AS attainment, prior_year, growth, value, round(goal) AS goal, status, trend
FROM crm.plan_progress ORDER BY plan_line_id;
SELECT name, measure, actual FROM crm.plan_progress('2025-06-30', '[2026-01-01,2026-02-01)') ORDER BY plan_line_id LIMIT 2;
SELECT count(*) FROM crm.plan_progress(NULL, '[2027-01-01,2028-01-01)');

-- Settings, classes kept
UPDATE crm.setting SET as_of = '2025-12-31', abc_cutoffs = '{0.5,0.8,0.95}';
SELECT customer_id, abc FROM crm.customer_class ORDER BY 1;
SELECT kam_snapshot('crm');
SELECT kam_snapshot('crm', '2025-06-30');
SELECT as_of, customer_id, abc, cell, manual_class FROM crm.class_history ORDER BY 1, 2;

-- What is wrong
INSERT INTO erp.delivery VALUES (9, 10, '2025-12-01', 1, 12, 8);
SELECT kind, source, key, rows, amount, first_on FROM crm.data_exceptions;
SELECT * FROM kam_check_model('crm') WHERE kind = 'rows';
SELECT kam_bind('crm', 'sale', 'SELECT debtor AS customer_id, day AS sold_on, net AS amount FROM erp.delivery');
SELECT kam_bind('crm', 'sale', 'SELECT debtor AS customer_id, debtor AS outlet_id, article AS product_id, day::timestamptz AS sold_on, net AS amount FROM erp.delivery');
SELECT kam_bind('crm', 'customer', 'SELECT no AS customer_id, title FROM erp.debtor');
SELECT kam_bind('crm', 'customer', 'SELECT no AS customer_id, title AS name FROM erp.debtors');
SELECT kam_create_model('crm');

-- And away with it
SELECT kam_unbind('crm', 'customer');
SELECT kam_upgrade_model('crm');
SELECT kam_drop_model('crm');
SELECT to_regnamespace('crm');
DROP SCHEMA erp CASCADE;
