-- Statements of framework orders against plain SQL over random rows; what is not bound; hostile rows; plans of queries.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(22);

\ir ../helpers/plan_of.sql

CREATE TABLE sold AS
SELECT customer, day, list, document, round(list * (1 - customer * 0.02 - 0.05), 2) + CASE WHEN customer = 3 THEN 1 ELSE 0 END AS amount
FROM (SELECT (noise % 10)::integer AS customer, date '2024-10-01' + (noise / 10 % 500)::integer AS day, round((noise / 5000 % 1400 - 200) * 0.25, 2) AS list, 'no ' || noise / 10 % 500 / 3 AS document
      FROM generate_series(1, 1500) AS i, LATERAL (SELECT hashint8extended(i, 61) & 9007199254740991 AS noise) AS n) AS s;
CREATE INDEX ON sold (customer, day);
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, 'shop' AS channel, 'north' AS region, CASE i WHEN 9 THEN NULL ELSE i * 0.02 END AS discount FROM generate_series(0, 9) AS i;
ANALYZE sold, buyer;

SELECT kam_create_model('crm', 'integer');
INSERT INTO crm.programme (programme_id, name, kind, period, extra_discount, discount_mode, instalments) VALUES (1, 'additive', 'framework', '[2025-01-01,2026-01-01)', 0.05, 'additive', 12), (2, 'chained', 'framework', '[2025-04-15,2025-10-15)', 0.05, 'chained', 3),
  (3, 'long ago', 'framework', '[2024-01-01,2025-01-01)', 0.05, 'additive', 12);
INSERT INTO crm.programme (programme_id, name, kind, period, rate) VALUES (4, 'turnover', 'turnover', '[2025-01-01,2026-01-01)', 0.02);
INSERT INTO crm.programme_customer SELECT p, i, CASE WHEN i % 4 > 0 THEN 1000.01 * i END, CASE WHEN i % 3 = 0 THEN date '2025-05-01' END FROM generate_series(1, 4) AS p, generate_series(0, 9) AS i WHERE p <> 2 OR i > 5;
SELECT is_empty('SELECT * FROM crm.framework_statement', 'no day, no statement');
UPDATE crm.setting SET as_of = '2025-08-20', goal_tolerance = 0.1;
SELECT is_empty($$ SELECT * FROM crm.framework_statement WHERE kind <> 'instalment' OR num_nonnulls(name, gross, discount, net, charged, difference, drawn_so_far, drawn_share, undrawn, balance, value, status) > 0 OR due_so_far IS NULL $$, 'without sales instalments only');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, 1 AS product_id, day AS sold_on, amount FROM sold');
SELECT is_empty($$ SELECT * FROM crm.framework_statement WHERE num_nonnulls(name, document_no, gross, base_discount, discount, net, difference) > 0 $$, 'without a price list no discounts');
SELECT is((SELECT count(*) FROM crm.framework_statement WHERE kind = 'invoice' AND programme_id = 1), (SELECT count(DISTINCT (customer, day)) FROM sold WHERE day BETWEEN CASE WHEN customer % 3 = 0 THEN date '2025-05-01' ELSE '2025-01-01' END AND '2025-08-20'), 'and days for invoices');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, 1 AS product_id, day AS sold_on, amount, list AS list_amount, document AS document_no FROM sold');
SELECT ok((SELECT count(gross) > 100 AND count(net) = 0 FROM crm.framework_statement), 'without the discount that he always has no net');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, region AS territory, discount AS base_discount FROM buyer');

CREATE TABLE entry AS
SELECT p.programme_id, m.customer_id, m.target, 'instalment' AS kind, i.due_on AS on_date, NULL AS document, NULL::numeric AS gross, NULL::numeric AS charged, i.amount AS instalment
FROM crm.programme AS p JOIN crm.programme_customer AS m USING (programme_id), instalments(m.target, p.instalments, lower(p.period)) AS i WHERE programme_id < 3
UNION ALL
SELECT p.programme_id, m.customer_id, m.target, 'invoice', s.day, s.document, sum(list), sum(amount), NULL
FROM crm.programme AS p JOIN crm.programme_customer AS m USING (programme_id) JOIN sold AS s ON s.customer = m.customer_id AND day <@ p.period AND day >= coalesce(joined_on, lower(p.period)) AND day <= '2025-08-20' WHERE programme_id < 3 GROUP BY 1, 2, 3, s.day, s.document;
SELECT results_eq('SELECT programme_id, customer_id, no, kind COLLATE "C", on_date, document_no COLLATE "C", trim_scale(gross), trim_scale(charged), trim_scale(instalment), trim_scale(due_so_far), trim_scale(drawn_so_far) FROM crm.framework_statement ORDER BY 1, 2, 3', $$
  SELECT programme_id, customer_id, (SELECT count(*) FROM entry AS f WHERE f.programme_id = e.programme_id AND f.customer_id = e.customer_id AND (f.on_date, f.kind COLLATE "C", coalesce(f.document, '') COLLATE "C") <= (e.on_date, e.kind COLLATE "C", coalesce(e.document, '') COLLATE "C")) AS no, kind COLLATE "C", on_date, document COLLATE "C", trim_scale(gross), trim_scale(charged), trim_scale(instalment),
    CASE WHEN target IS NOT NULL THEN trim_scale((SELECT coalesce(sum(instalment), 0) FROM entry AS f WHERE f.programme_id = e.programme_id AND f.customer_id = e.customer_id AND f.on_date <= e.on_date)) END,
    trim_scale((SELECT coalesce(sum(charged), 0) FROM entry AS f WHERE f.programme_id = e.programme_id AND f.customer_id = e.customer_id AND (f.on_date, f.kind COLLATE "C", coalesce(f.document, '') COLLATE "C") <= (e.on_date, e.kind COLLATE "C", coalesce(e.document, '') COLLATE "C")))
  FROM entry AS e ORDER BY 1, 2, 3 $$, 'instalments and invoices in order');
SELECT is_empty($$ SELECT programme_id, customer_id, no FROM crm.framework_statement WHERE kind = 'invoice' AND (round(net, 6) IS DISTINCT FROM round(gross * CASE programme_id WHEN 1 THEN 1 - customer_id % 9 * 0.02 - 0.05 ELSE (1 - customer_id % 9 * 0.02) * 0.95 END, 6)
  OR discount <> gross - net OR difference <> charged - net OR extra_discount <> 0.05 OR base_discount <> CASE customer_id WHEN 9 THEN 0 ELSE customer_id * 0.02 END) $$, 'what each invoice should come to');
SELECT is_empty($$ SELECT no FROM crm.framework_statement WHERE kind = 'instalment' AND num_nonnulls(gross, base_discount, extra_discount, discount, net, charged, difference) > 0 OR kind = 'invoice' AND instalment IS NOT NULL $$, 'which an instalment has not');
SELECT ok((SELECT max(abs(difference)) < 0.2 FROM crm.framework_statement WHERE programme_id = 1 AND customer_id NOT IN (3, 9)) AND (SELECT min(difference) > 0.5 FROM crm.framework_statement WHERE programme_id = 1 AND customer_id = 3), 'who was charged too much is seen');
SELECT is_empty($$ SELECT no FROM crm.framework_statement WHERE commitment IS DISTINCT FROM (CASE WHEN customer_id % 4 > 0 THEN 1000.01 * customer_id END) OR undrawn IS DISTINCT FROM commitment - drawn_so_far OR balance IS DISTINCT FROM due_so_far - drawn_so_far OR round(drawn_share, 9) IS DISTINCT FROM round(drawn_so_far / commitment, 9)
  OR value <> drawn_so_far OR goal IS DISTINCT FROM due_so_far OR status IS DISTINCT FROM CASE WHEN on_date <= '2025-08-20' THEN kpi_status(drawn_so_far, due_so_far, 0.1) END $$, 'how far it has come');
SELECT results_eq($$ SELECT DISTINCT ON (programme_id, customer_id) programme_id, customer_id, trim_scale(drawn_so_far), CASE WHEN commitment IS NOT NULL THEN trim_scale(due_so_far) END FROM crm.framework_statement WHERE on_date <= as_of ORDER BY programme_id, customer_id, no DESC $$,
  $$ SELECT programme_id, customer_id, trim_scale(actual), trim_scale(instalments_due) FROM crm.programme_result WHERE kind = 'framework' ORDER BY 1, 2 $$, 'ends where programme_result is');
SELECT set_eq('SELECT DISTINCT programme FROM crm.framework_statement', '{additive,chained}'::text[], 'of the framework orders of the period');
SELECT results_eq('SELECT * FROM crm.framework_statement ORDER BY programme_id, customer_id, no', $$ SELECT * FROM crm.framework_statement('2025-08-20', '[2025-01-01,2026-01-01)') ORDER BY programme_id, customer_id, no $$, 'the view is the function as of the day of setting');
SELECT is((SELECT max(drawn_so_far) FROM crm.framework_statement('2024-12-31') WHERE customer_id = 1), (SELECT max(total) FROM (SELECT sum(sum(amount)) OVER (ORDER BY day, document COLLATE "C") AS total FROM sold WHERE customer = 1 AND day < '2025-01-01' GROUP BY day, document) AS x), 'as of another day');

-- hostile rows: without keys, days or amounts; discounts that are none; too many instalments

INSERT INTO sold VALUES (NULL, '2025-02-02', 5, 'x', 5), (1, NULL, 5, 'x', 5), (1, 'infinity', 5, 'x', 5), (1, '-infinity', 5, 'x', 5), (1, '2025-02-02', NULL, NULL, NULL), (1, '2025-02-03', 5, NULL, NULL);
INSERT INTO buyer (id) VALUES (NULL);
UPDATE buyer SET discount = CASE id WHEN 1 THEN 5 WHEN 2 THEN -1 WHEN 4 THEN 'NaN' WHEN 5 THEN 1 ELSE discount END;
UPDATE crm.programme SET instalments = 5000 WHERE programme_id = 2;
SELECT lives_ok('SELECT * FROM crm.framework_statement', 'it bears them');
SELECT is_empty('SELECT no FROM crm.framework_statement WHERE customer_id IN (1, 2, 4) AND num_nonnulls(base_discount, net) > 0', 'a discount that is none is not known');
SELECT is_empty('SELECT no FROM crm.framework_statement WHERE customer_id = 5 AND net <> 0', 'nor is a price below zero');
SELECT lives_ok(format('SELECT * FROM crm.framework_statement(%L, %L)', as_of, period), format('as of %s, %s', as_of, period)) FROM (VALUES (date '0001-01-01', NULL), ('9998-12-31', '[0001-01-01,9999-01-01)'), ('2025-08-20', '[2030-01-01,2031-01-01)')) AS v (as_of, period);

-- one customer's statement reads his rows

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of('SELECT * FROM ' || report || ' WHERE customer_id = 7') ~ 'sold_customer_day_idx[^\n]*\n[^\n]*Index Cond: [^\n]*customer = 7', report) FROM unnest('{crm.framework_statement,crm.framework_statement(''2025-05-05'')}'::text[]) AS report;

SELECT * FROM finish();
ROLLBACK;
