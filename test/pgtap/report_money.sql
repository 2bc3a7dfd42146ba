-- What customers owe, promotions and agreements: against plain SQL over random rows; NULL where nothing is bound; hostile rows; plans of queries.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(56);

\ir ../helpers/plan_of.sql

\ir ../helpers/noise.sql

CREATE TABLE sold AS
SELECT pg_temp.noise(i, 1, 30) AS customer, pg_temp.noise(i, 2, 5) AS product, date '2024-11-01' + pg_temp.noise(i, 3, 330) AS day,
       round(pg_temp.noise(i, 4, 1000) * 0.25 - 20, 2) AS amount, pg_temp.noise(i, 5, 12) - 1 AS pieces FROM generate_series(1, 8000) AS i;
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, CASE i % 2 WHEN 0 THEN 'shop' ELSE 'cafe' END AS channel, CASE WHEN i % 4 <> 0 THEN i * 40 END AS allowed FROM generate_series(0, 34) AS i;
CREATE TABLE bill AS
SELECT i AS no, pg_temp.noise(i, 6, 30) AS customer, day, CASE WHEN i % 17 <> 0 THEN day + 14 END AS due, amount, CASE WHEN i % 3 = 0 THEN 0 WHEN i % 3 = 1 THEN round(amount / 3, 2) ELSE amount END AS unpaid,
       CASE WHEN i % 3 = 0 THEN day + pg_temp.noise(i, 9, 40) END AS paid, i % 5 <> 0 AS later, i % 7 = 0 AS disputed
FROM generate_series(1, 900) AS i, LATERAL (SELECT date '2024-12-01' + pg_temp.noise(i, 7, 260) AS day, round(pg_temp.noise(i, 8, 900) * 0.1 - 8, 2) AS amount) AS n;
CREATE TABLE receipt AS SELECT pg_temp.noise(i, 10, 30) AS customer, date '2024-12-15' + pg_temp.noise(i, 11, 220) AS day, pg_temp.noise(i, 12, 100) - 5 AS amount FROM generate_series(1, 600) AS i;
CREATE TABLE due AS SELECT pg_temp.noise(i, 13, 32) AS customer, date '2024-12-15' + pg_temp.noise(i, 14, 220) AS day, pg_temp.noise(i, 15, 100) AS amount FROM generate_series(1, 600) AS i;
CREATE TABLE action AS
SELECT 'p' || i AS no, pg_temp.noise(i, 16, 30) AS customer, CASE WHEN i % 4 <> 0 THEN pg_temp.noise(i, 17, 5) END AS product, first, first + pg_temp.noise(i, 18, 20) AS last,
       CASE WHEN i % 9 <> 0 THEN first - pg_temp.noise(i, 19, 70) + 5 END AS handed_in, CASE i % 3 WHEN 0 THEN 'we' ELSE 'customer' END AS initiator, CASE WHEN i % 10 = 0 THEN 12 END AS baseline,
       CASE WHEN i % 2 = 0 THEN i END AS cost, 7.5 + i % 2 AS price, CASE WHEN i % 6 = 0 THEN 0 ELSE 10 END AS list
FROM generate_series(1, 200) AS i, LATERAL (SELECT date '2024-12-01' + pg_temp.noise(i, 20, 300) AS first) AS n;
CREATE TABLE spent AS SELECT pg_temp.noise(i, 16, 30) AS customer, 'p' || i AS promo, date '2025-01-01' + i % 200 AS day, i * 2 AS amount FROM generate_series(1, 150) AS i WHERE i % 5 <> 0
UNION ALL SELECT pg_temp.noise(i, 21, 30), NULL, date '2025-01-01' + i % 300, i FROM generate_series(1, 200) AS i;
CREATE INDEX ON sold (customer, day);
CREATE INDEX ON buyer (id);
CREATE INDEX ON bill (customer);
CREATE INDEX ON receipt (customer);
CREATE INDEX ON due (customer);
CREATE INDEX ON action (customer);
CREATE INDEX ON spent (customer);
ANALYZE;

SELECT kam_create_model('crm', 'integer');

-- nothing is bound

SELECT is((SELECT count(*) FROM crm.receivables('2025-06-30')) + (SELECT count(*) FROM crm.promo_quality('2025-06-30')) + (SELECT count(*) FROM crm.agreement_execution('2025-06-30')), 0::bigint, 'reports without a source are empty');
INSERT INTO crm.agreement (agreement_id, customer_id, period, signed_on) OVERRIDING SYSTEM VALUE
SELECT i + 1, i, CASE i % 3 WHEN 0 THEN daterange '[2025-01-01,2026-01-01)' WHEN 1 THEN '[2024-07-01,2025-04-01)' ELSE '[2025-03-01,2025-10-01)' END, '2024-12-01' FROM generate_series(0, 29) AS i;
INSERT INTO crm.agreement (agreement_id, customer_id, period) OVERRIDING SYSTEM VALUE VALUES (101, 1, '[2025-09-01,2026-01-01)');
INSERT INTO crm.agreement_item (item_id, agreement_id, side, kind, target, due_on, fulfilled_on) OVERRIDING SYSTEM VALUE
SELECT 10 * agreement_id + n, agreement_id, CASE WHEN n < 4 THEN 'customer' ELSE 'ours' END, kind, CASE kind WHEN 'volume' THEN 100 * (agreement_id % 7) WHEN 'turnover' THEN 5000 WHEN 'spend' THEN agreement_id * 10 WHEN 'display' THEN agreement_id % 5 END,
       CASE WHEN n % 2 = 0 THEN date '2025-05-01' + n::integer END, CASE WHEN n = 5 AND agreement_id % 2 = 0 THEN date '2025-05-20' END
FROM crm.agreement, unnest('{volume,display,listing,spend,price,turnover}'::text[]) WITH ORDINALITY AS k (kind, n)
WHERE (kind <> 'volume' OR agreement_id % 4 <> 0) AND (kind <> 'spend' OR agreement_id % 5 <> 0);
INSERT INTO crm.agreement_check SELECT item_id, o, date '2025-03-01' + 40 * n + o, pg_temp.noise(item_id * 100 + o * 10 + n, 22, 3) > 0
FROM crm.agreement_item, generate_series(1, 4) AS o, generate_series(0, 3) AS n WHERE kind IN ('display', 'listing') AND (agreement_id + o) % 3 <> 0;
SELECT is_empty($$ SELECT * FROM crm.agreement_execution('2025-06-30') WHERE kind IN ('volume', 'turnover', 'spend') AND (executed IS NOT NULL OR execution IS NOT NULL OR value IS NOT NULL OR status IS NOT NULL) OR volume IS NOT NULL OR spend IS NOT NULL OR spent IS NOT NULL OR spend_ahead IS NOT NULL OR reached IS NOT NULL OR name IS NOT NULL $$, 'what is not bound is not known of agreements');
SELECT isnt_empty($$ SELECT * FROM crm.agreement_execution('2025-06-30') WHERE execution_total > 0 AND executed > 0 $$, 'what stands in the model is');
SELECT kam_bind('crm', 'payment_plan', 'SELECT customer AS customer_id, day AS due_on, amount FROM due');
SELECT is_empty($$ SELECT * FROM crm.receivables('2025-06-30') WHERE planned IS NULL OR coalesce(invoices, open_amount, balance, credit, overdue, days_overdue, no_date, invoiced, disputed, days_sales_outstanding, utilisation, headroom, paid, payment_discipline, payment_discipline_strict, collected_on_time, overdue_share, value, status, trend) IS NOT NULL OR credit_state IS NOT NULL $$, 'a plan of payments alone tells nothing else');
SELECT kam_bind('crm', 'receivable', 'SELECT customer AS customer_id, no AS invoice_no, day AS invoiced_on, due AS due_on, amount, unpaid AS open_amount FROM bill');
SELECT is_empty($$ SELECT * FROM crm.receivables('2025-06-30') WHERE open_amount IS NULL OR overdue IS NULL OR disputed IS NOT NULL OR collected_on_time IS NOT NULL OR trend IS NOT NULL OR credit_state IS NOT NULL OR payment_discipline IS NOT NULL $$, 'nor do invoices without their optional columns');
SELECT kam_bind('crm', 'promo', 'SELECT no AS promo_id, customer AS customer_id, first AS starts_on, last AS ends_on FROM action');
SELECT is_empty($$ SELECT * FROM crm.promo_quality('2025-06-30') WHERE coalesce(lead_days, depth, volume, baseline, baseline_days, uplift, spend, cost_per_unit, cost_per_extra_unit, value, status, trend) IS NOT NULL OR lead_class IS NOT NULL $$, 'nor promotions');
SELECT is((SELECT count(*) FROM crm.promo_quality('2025-06-30')), (SELECT count(*) FROM action WHERE first >= '2025-01-01'), 'which are there');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
SELECT is_empty($$ SELECT * FROM crm.promo_quality('2025-06-30') WHERE coalesce(volume, baseline, uplift) IS NOT NULL $$, 'sales without quantities say nothing about promotions');
SELECT is_empty($$ SELECT * FROM crm.agreement_execution('2025-06-30') WHERE kind = 'volume' AND executed IS NOT NULL OR kind = 'turnover' AND executed IS NULL $$, 'nor about volumes');

SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, pieces AS quantity FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, allowed AS credit_limit FROM buyer');
SELECT kam_bind('crm', 'receivable', 'SELECT customer AS customer_id, no AS invoice_no, day AS invoiced_on, due AS due_on, amount, unpaid AS open_amount, later AS deferred, paid AS paid_on, disputed FROM bill');
SELECT kam_bind('crm', 'payment', 'SELECT customer AS customer_id, day AS paid_on, amount FROM receipt');
SELECT kam_bind('crm', 'promo', 'SELECT no AS promo_id, customer AS customer_id, product AS product_id, first AS starts_on, last AS ends_on, handed_in AS submitted_on, initiator, baseline, cost AS spend, price AS promo_price, list AS list_price FROM action');
SELECT kam_bind('crm', 'trade_spend', 'SELECT customer AS customer_id, day AS spent_on, amount, promo AS promo_id FROM spent');
INSERT INTO crm.kpi_goal (kpi, scope, key, goal, tolerance) VALUES ('overdue_share', 'all', '', 0.8, NULL), ('overdue_share', 'channel', 'shop', 0.7, 0.2), ('overdue_share', 'customer', '4', 0.1, NULL), ('other', 'customer', '5', 0.3, NULL);

-- receivables

CREATE FUNCTION pg_temp.open_at(at date) RETURNS TABLE (customer integer, open numeric, due date, invoiced date, amount numeric, later boolean, disputed boolean, paid date) LANGUAGE sql AS $$
  SELECT customer, CASE WHEN paid > at THEN amount ELSE unpaid END, due, day, amount, later, disputed, paid FROM bill WHERE day <= at $$;

SELECT results_eq(format('SELECT customer_id, invoices, open_amount, credit, balance, not_due, days_1_30, days_31_60, days_61_90, days_over_90, no_date, overdue, days_overdue, disputed, round(overdue_share, 12) FROM crm.receivables(%L) WHERE customer_id < 30 ORDER BY 1', at), format($$
  SELECT id, count(*) FILTER (WHERE open > 0), coalesce(sum(open) FILTER (WHERE open > 0), 0), coalesce(sum(open) FILTER (WHERE open < 0), 0), coalesce(sum(open), 0), coalesce(sum(open) FILTER (WHERE open > 0 AND due >= %1$L), 0),
    coalesce(sum(open) FILTER (WHERE open > 0 AND late BETWEEN 1 AND 30), 0), coalesce(sum(open) FILTER (WHERE open > 0 AND late BETWEEN 31 AND 60), 0), coalesce(sum(open) FILTER (WHERE open > 0 AND late BETWEEN 61 AND 90), 0),
    coalesce(sum(open) FILTER (WHERE open > 0 AND late > 90), 0), coalesce(sum(open) FILTER (WHERE open > 0 AND due IS NULL), 0), coalesce(sum(open) FILTER (WHERE open > 0 AND late > 0), 0), coalesce(max(greatest(late, 0)) FILTER (WHERE open > 0 AND late IS NOT NULL), 0),
    coalesce(sum(open) FILTER (WHERE open > 0 AND disputed), 0),
    round(coalesce(sum(open) FILTER (WHERE open > 0 AND late > 0 AND later), 0) / nullif(sum(open) FILTER (WHERE open > 0 AND later), 0), 12)
  FROM generate_series(0, 29) AS id LEFT JOIN (SELECT *, %1$L::date - due AS late FROM pg_temp.open_at(%1$L)) AS o ON customer = id GROUP BY id
  HAVING count(open) > 0 OR id %% 4 <> 0 OR EXISTS (SELECT FROM due WHERE customer = id AND day BETWEEN '2025-01-01' AND %1$L) OR EXISTS (SELECT FROM receipt WHERE customer = id AND day BETWEEN '2025-01-01' AND %1$L) ORDER BY 1 $$, at), format('receivables as of %s', at))
FROM unnest('{2025-03-31,2025-06-30,2025-09-25}'::date[]) AS at;
SELECT results_eq('SELECT customer_id, invoiced, round(days_sales_outstanding, 9), round(days_within_terms, 9) FROM crm.receivables(''2025-06-30'') WHERE customer_id < 30 ORDER BY 1', $$
  SELECT customer, invoiced, round(CASE WHEN invoiced > 0 THEN open * 181 / invoiced END, 9), round(CASE WHEN invoiced > 0 THEN (open - late) * 181 / invoiced END, 9)
  FROM (SELECT customer, coalesce(sum(open) FILTER (WHERE open > 0), 0) AS open, coalesce(sum(open) FILTER (WHERE open > 0 AND due < '2025-06-30'), 0) AS late, coalesce(sum(amount) FILTER (WHERE invoiced >= '2025-01-01'), 0) AS invoiced
        FROM pg_temp.open_at('2025-06-30') GROUP BY customer) AS o ORDER BY 1 $$, 'days sales outstanding');
SELECT is_empty($$ SELECT customer_id FROM crm.receivables('2025-06-30') AS r LEFT JOIN buyer ON id = customer_id WHERE credit_limit IS DISTINCT FROM allowed OR r.name IS DISTINCT FROM buyer.name OR r.channel IS DISTINCT FROM buyer.channel
  OR credit_state IS DISTINCT FROM CASE WHEN allowed IS NULL THEN 'no_limit' WHEN balance > allowed THEN 'over_limit' ELSE 'ok' END OR headroom IS DISTINCT FROM allowed - balance $$, 'credit');
SELECT set_eq($$ SELECT customer_id FROM crm.receivables('2025-06-30') WHERE customer_id >= 30 $$, $$ VALUES (30), (31), (33), (34) $$, 'customers with a limit are there without an invoice, and those with a plan');
SELECT is((SELECT (open_amount, balance, overdue, overdue_share, credit_state)::text FROM crm.receivables('2025-06-30') WHERE customer_id = 34), '(0,0,0,,ok)', 'and owe nothing');
UPDATE crm.setting SET near_from = 0.5;
SELECT is_empty($$ SELECT customer_id FROM crm.receivables('2025-06-30') WHERE credit_state = 'ok' AND utilisation >= 0.5 OR credit_state = 'near_limit' AND utilisation < 0.5 $$, 'near_from is heard');
SELECT isnt_empty($$ SELECT customer_id FROM crm.receivables('2025-06-30') WHERE credit_state = 'near_limit' $$, 'and some are near');
SELECT results_eq('SELECT customer_id, paid, planned, round(payment_discipline, 12), round(payment_discipline_strict, 12) FROM crm.receivables(''2025-06-30'') WHERE customer_id < 30 ORDER BY 1', $$
  WITH day AS (SELECT customer, day, coalesce(p.paid, 0)::numeric AS paid, coalesce(d.planned, 0)::numeric AS planned FROM (SELECT customer, day, sum(amount) AS paid FROM receipt GROUP BY 1, 2) AS p FULL JOIN (SELECT customer, day, sum(amount) AS planned FROM due GROUP BY 1, 2) AS d USING (customer, day))
  SELECT id, coalesce(sum(paid), 0), coalesce(sum(planned), 0), round(sum(paid) / nullif(sum(planned), 0), 12), round(sum(least(paid, planned)) / nullif(sum(planned), 0), 12)
  FROM generate_series(0, 29) AS id LEFT JOIN day ON customer = id AND day BETWEEN '2025-01-01' AND '2025-06-30' GROUP BY id ORDER BY 1 $$, 'who pays as planned');
SELECT results_eq('SELECT customer_id, round(collected_on_time, 12) FROM crm.receivables(''2025-06-30'') WHERE customer_id < 30 ORDER BY 1', $$
  SELECT id, round(coalesce(sum(amount) FILTER (WHERE paid <= due), 0) / nullif(sum(amount), 0), 12) FROM generate_series(0, 29) AS id LEFT JOIN bill ON customer = id AND amount > 0 AND due BETWEEN '2025-01-01' AND '2025-06-30' AND day <= '2025-06-30' GROUP BY id ORDER BY 1 $$, 'what is paid in time');
SELECT is_empty($$ SELECT customer_id FROM crm.receivables('2025-06-30') WHERE goal IS DISTINCT FROM CASE WHEN customer_id = 4 THEN 0.1 WHEN channel = 'shop' THEN 0.7 ELSE 0.8 END OR value IS DISTINCT FROM overdue_share
  OR status IS DISTINCT FROM CASE WHEN value <= goal THEN 1 WHEN customer_id <> 4 AND channel = 'shop' AND value <= 0.84 THEN 0 WHEN value > goal THEN -1 END $$, 'goals, the nearest of them');
SELECT results_eq('SELECT customer_id, trend FROM crm.receivables(''2025-06-30'') WHERE customer_id < 30 ORDER BY 1', $$
  SELECT r.customer_id, sign((SELECT sum(open) FILTER (WHERE due < '2025-05-30') / sum(open) FROM pg_temp.open_at('2025-05-30') WHERE customer = r.customer_id AND open > 0 AND later) - r.overdue_share)::integer FROM crm.receivables('2025-06-30') AS r WHERE customer_id < 30 ORDER BY 1 $$, 'trend is against a month before');
SELECT is_empty($$ SELECT * FROM crm.receivables('2025-06-30', '[2026-01-01,2027-01-01)') WHERE days_sales_outstanding IS NOT NULL OR paid <> 0 OR planned <> 0 OR payment_discipline IS NOT NULL OR open_amount IS NULL $$, 'a period that has not begun');
SELECT results_eq($$ SELECT * FROM crm.receivables ORDER BY customer_id $$, $$ SELECT * FROM crm.receivables((SELECT max(day) FROM sold)) ORDER BY customer_id $$, 'the view is as of the last day with sales');

-- promotions

SELECT results_eq($$ SELECT promo_id COLLATE "C", lead_days, lead_class COLLATE "C", initiator COLLATE "C", month, round(depth, 9) FROM crm.promo_quality('2025-08-31') ORDER BY 1 $$, $$
  SELECT no COLLATE "C", first - handed_in, (CASE WHEN first < handed_in THEN 'late' WHEN first - handed_in <= 14 THEN 'reactive' WHEN first - handed_in < 45 THEN 'transitional' WHEN handed_in IS NOT NULL THEN 'planned' END) COLLATE "C", initiator COLLATE "C", date_trunc('month', first::timestamp)::date, round(CASE WHEN list > 0 THEN 1 - price / list END, 9)
  FROM action WHERE first >= '2025-01-01' AND first < '2026-01-01' ORDER BY 1 $$, 'lead time and depth');
SELECT results_eq($$ SELECT promo_id COLLATE "C", volume, round(baseline, 9), baseline_days, round(uplift, 9) FROM crm.promo_quality('2025-08-31') ORDER BY 1 $$, $$
  WITH free AS (SELECT a.no, d::date AS day FROM action AS a, generate_series(first::timestamp - interval '28 days', first::timestamp - interval '1 day', '1 day') AS d
    WHERE NOT EXISTS (SELECT FROM action AS b WHERE b.customer = a.customer AND b.first < a.first AND d BETWEEN b.first AND b.last AND (a.product IS NULL OR b.product IS NULL OR a.product = b.product))),
  x AS (SELECT a.*, (SELECT coalesce(sum(pieces), 0)::numeric FROM sold AS s WHERE s.customer = a.customer AND (a.product IS NULL OR s.product = a.product) AND day BETWEEN first AND least(last, '2025-08-31')) AS volume,
      (SELECT count(*)::integer FROM free AS f WHERE f.no = a.no) AS days,
      (SELECT coalesce(sum(pieces), 0)::numeric FROM sold AS s JOIN free AS f ON f.day = s.day AND f.no = a.no WHERE s.customer = a.customer AND (a.product IS NULL OR s.product = a.product) AND s.day <= '2025-08-31') AS before FROM action AS a),
  y AS (SELECT *, coalesce(baseline, before * (last - first + 1) / nullif(days, 0)) AS base FROM x)
  SELECT no COLLATE "C", CASE WHEN first <= '2025-08-31' THEN volume END, round(CASE WHEN first <= '2025-08-31' THEN base ELSE baseline END, 9), CASE WHEN baseline IS NULL THEN days END, round(CASE WHEN last <= '2025-08-31' AND base > 0 THEN volume / base - 1 END, 9)
  FROM y WHERE first >= '2025-01-01' ORDER BY 1 $$, 'volume, baseline and uplift');
SELECT isnt_empty($$ SELECT * FROM crm.promo_quality('2025-08-31') WHERE baseline_days BETWEEN 1 AND 27 AND uplift > 0 $$, 'some have days of others before them');
SELECT results_eq($$ SELECT promo_id COLLATE "C", spend FROM crm.promo_quality('2025-08-31') ORDER BY 1 $$, $$ SELECT no COLLATE "C", coalesce(cost, (SELECT sum(amount) FROM spent WHERE promo = no))::numeric FROM action WHERE first >= '2025-01-01' ORDER BY 1 $$, 'spend');
SELECT is_empty($$ SELECT * FROM crm.promo_quality('2025-08-31') AS r WHERE cost_per_unit IS DISTINCT FROM cost_per_unit(spend, volume) OR cost_per_extra_unit IS DISTINCT FROM CASE WHEN ends_on <= '2025-08-31' THEN cost_per_unit(spend, volume - baseline) END
  OR (value, goal) IS DISTINCT FROM (lead_days, 45) OR status IS DISTINCT FROM CASE lead_class WHEN 'planned' THEN 1 WHEN 'transitional' THEN 0 WHEN 'reactive' THEN -1 WHEN 'late' THEN -1 END $$, 'what follows from them');
UPDATE crm.setting SET reactive_to = 0, planned_from = 5;
SELECT is_empty($$ SELECT * FROM crm.promo_quality('2025-08-31') WHERE goal <> 5 OR (lead_days >= 5) <> (lead_class = 'planned') $$, 'settings are heard');
UPDATE crm.setting SET reactive_to = DEFAULT, planned_from = DEFAULT;
SELECT kam_bind('crm', 'promo', $$ SELECT * FROM (VALUES ('two', 1, date '2025-02-01', date '2025-02-10', 1), ('two', 1, '2025-02-01', '2025-02-10', 2), ('next', 1, '2025-03-01', '2025-03-05', 1)) AS v (promo_id, customer_id, starts_on, ends_on, product_id) $$);
SELECT kam_bind('crm', 'trade_spend', $$ SELECT 1 AS customer_id, date '2025-02-03' AS spent_on, 70 AS amount, 'two' AS promo_id $$);
SELECT results_eq($$ SELECT promo_id, product_id, spend FROM crm.promo_quality ORDER BY starts_on, product_id $$, $$ VALUES ('two'::text, 1, 70::numeric), ('two', 2, NULL), ('next', 1, NULL) $$, 'spend on a promotion of two products counts once');
SELECT kam_bind('crm', 'promo', $$ SELECT * FROM (VALUES ('back', 1, date '2025-02-10', date '2025-02-01', date '2025-01-01'), ('endless', 1, '2025-03-01', 'infinity', '-infinity'), ('never', 1, NULL, '2025-03-01', NULL), ('ever', 1, '-infinity', 'infinity', NULL), ('nobody', NULL, '2025-03-01', '2025-03-05', NULL), (NULL, 2, '2025-03-01', NULL, NULL), ('good', 1, '2025-03-10', '2025-03-15', '2025-03-01')) AS v (promo_id, customer_id, starts_on, ends_on, submitted_on) $$);
SELECT results_eq($$ SELECT promo_id COLLATE "C", lead_days, volume IS NULL, uplift IS NULL FROM crm.promo_quality('2025-08-31') ORDER BY customer_id, starts_on $$, $$ VALUES ('back'::text COLLATE "C", 40, true, true), ('endless', NULL, true, true), ('good', 9, false, false), (NULL, NULL, true, true) $$, 'days that cannot be');
SELECT kam_bind('crm', 'promo', 'SELECT no AS promo_id, customer AS customer_id, product AS product_id, first AS starts_on, last AS ends_on, handed_in AS submitted_on, initiator, baseline, cost AS spend, price AS promo_price, list AS list_price FROM action');
SELECT kam_bind('crm', 'trade_spend', 'SELECT customer AS customer_id, day AS spent_on, amount, promo AS promo_id FROM spent');

-- agreements

CREATE VIEW pg_temp.plain_item AS
SELECT i.item_id, a.agreement_id, a.customer_id, a.period, i.side, i.kind, i.due_on, i.target, c.outlets,
  CASE WHEN kind IN ('volume', 'turnover', 'spend') THEN target ELSE coalesce(target, nullif(c.outlets, 0), 1) END AS agreed,
  CASE kind WHEN 'volume' THEN (SELECT coalesce(sum(pieces), 0) FROM sold WHERE customer = customer_id AND day <@ period AND day <= '2025-06-30') WHEN 'turnover' THEN (SELECT coalesce(sum(amount), 0) FROM sold WHERE customer = customer_id AND day <@ period AND day <= '2025-06-30')
    WHEN 'spend' THEN (SELECT coalesce(sum(amount), 0) FROM spent WHERE customer = customer_id AND day <@ period AND day <= '2025-06-30') ELSE CASE WHEN c.outlets > 0 THEN c.ok WHEN fulfilled_on <= '2025-06-30' THEN coalesce(target, 1) ELSE 0 END END AS executed
FROM crm.agreement AS a JOIN crm.agreement_item AS i USING (agreement_id),
  LATERAL (SELECT count(DISTINCT outlet_id) AS outlets, count(*) FILTER (WHERE executed AND checked_on = (SELECT max(checked_on) FROM crm.agreement_check AS l WHERE l.item_id = k.item_id AND l.outlet_id = k.outlet_id AND l.checked_on <= '2025-06-30')) AS ok
           FROM crm.agreement_check AS k WHERE k.item_id = i.item_id AND checked_on <= '2025-06-30') AS c
WHERE lower(period) <= '2025-06-30';
SELECT results_eq($$ SELECT item_id, agreed, executed, round(execution, 12) FROM crm.agreement_execution('2025-06-30') ORDER BY 1 $$, 'SELECT item_id, agreed::numeric, executed::numeric, round(CASE WHEN agreed > 0 THEN least(executed, agreed) / agreed::numeric END, 12) FROM pg_temp.plain_item ORDER BY 1', 'items');
SELECT isnt_empty($$ SELECT FROM crm.agreement_execution('2025-06-30') WHERE executed > agreed AND execution = 1 $$, 'at most in full');
SELECT results_eq($$ SELECT DISTINCT agreement_id, side COLLATE "C", round(execution_total, 12) FROM crm.agreement_execution('2025-06-30') ORDER BY 1, 2 $$, $$
  SELECT agreement_id, side COLLATE "C", round(sum(least(executed, agreed)) FILTER (WHERE kind NOT IN ('volume', 'turnover', 'spend') AND agreed > 0) / nullif(sum(agreed) FILTER (WHERE kind NOT IN ('volume', 'turnover', 'spend') AND agreed > 0), 0), 12) FROM pg_temp.plain_item GROUP BY 1, 2 ORDER BY 1, 2 $$, 'agreements');
SELECT results_eq($$ SELECT DISTINCT agreement_id, volume, volume_target, round(reached, 12), spend, budget, round(spent, 12), spend_ahead FROM crm.agreement_execution('2025-06-30') ORDER BY 1 $$, $$
  SELECT agreement_id, volume, target, round(volume / nullif(target, 0), 12), spend, budget, round(spend / nullif(budget, 0), 12), spend / nullif(budget, 0) > volume / nullif(target, 0) FROM (
    SELECT agreement_id, customer_id, coalesce(max(executed) FILTER (WHERE kind = 'volume'), max(executed) FILTER (WHERE kind = 'turnover'))::numeric AS volume, coalesce(max(target) FILTER (WHERE kind = 'volume'), max(target) FILTER (WHERE kind = 'turnover')) AS target,
      (SELECT coalesce(sum(amount), 0) FROM spent WHERE customer = customer_id AND day <@ period AND day <= '2025-06-30')::numeric AS spend, max(target) FILTER (WHERE kind = 'spend') AS budget FROM pg_temp.plain_item GROUP BY agreement_id, customer_id, period) AS x ORDER BY 1 $$, 'spend beside volume');
SELECT is_empty($$ SELECT r.item_id FROM crm.agreement_execution('2025-06-30') AS r JOIN pg_temp.plain_item AS p USING (item_id)
  WHERE round(goal, 12) IS DISTINCT FROM round(CASE WHEN r.kind = 'spend' THEN reached WHEN r.kind IN ('volume', 'turnover') THEN least(('2025-07-01' - lower(r.period))::numeric / (upper(r.period) - lower(r.period)), 1) WHEN coalesce(r.due_on, upper(r.period) - 1) <= '2025-06-30' THEN 1 END, 12)
    OR value IS DISTINCT FROM CASE r.kind WHEN 'spend' THEN achieved(r.executed, r.agreed) ELSE execution END OR status IS DISTINCT FROM CASE WHEN r.kind = 'spend' THEN CASE WHEN value <= goal THEN 1 WHEN value > goal THEN -1 END WHEN value >= goal THEN 1 WHEN value < goal THEN -1 END $$, 'goal and status');
SELECT set_eq($$ SELECT DISTINCT kind, status FROM crm.agreement_execution('2025-06-30') WHERE kind IN ('spend', 'listing') AND status IS NOT NULL $$, $$ VALUES ('spend', 1), ('spend', -1), ('listing', 1), ('listing', -1) $$, 'both ways');
SELECT is((SELECT count(*) FROM crm.agreement_execution('2025-06-30', '[2024-01-01,2024-06-01)')) + (SELECT count(*) FROM crm.agreement_execution('2024-06-30')), 0::bigint, 'agreements of other days are not asked for, nor those to come');
SELECT results_eq($$ SELECT * FROM crm.agreement_execution ORDER BY item_id $$, $$ SELECT * FROM crm.agreement_execution((SELECT max(day) FROM sold), '[2025-01-01,2026-01-01)') ORDER BY item_id $$, 'the view is as of the last day with sales');

-- one customer's page reads one customer's rows

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of(format('SELECT * FROM crm.%s WHERE customer_id = 17', name)) ~ ('on ' || source || '[^\n]*\n[^\n]*Cond: [^\n]*customer = 17'), format('%s of one customer reads his %s by their index', name, source))
FROM (VALUES ('receivables', 'bill'), ('receivables', 'receipt'), ('receivables', 'due'), ($$receivables('2025-06-30')$$, 'bill'), ('promo_quality', 'action'), ('promo_quality', 'sold'), ('promo_quality', 'spent'),
  ('agreement_execution', 'sold'), ('agreement_execution', 'spent'), ($$agreement_execution('2025-06-30')$$, 'sold')) AS v (name, source);
SET LOCAL enable_seqscan = on;

-- hostile rows

INSERT INTO bill VALUES (5001, 3, '-infinity', 'infinity', 10, 10, 'infinity', true, false), (5002, 3, 'infinity', '2025-01-01', 10, 10, NULL, true, false), (5003, NULL, '2025-01-01', '2025-01-01', 10, 10, NULL, true, false), (5004, 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (5005, 3, '2025-01-02', '-infinity', NULL, NULL, NULL, NULL, NULL);
INSERT INTO receipt VALUES (3, 'infinity', 1), (NULL, '2025-02-01', 1), (3, NULL, 1), (3, '2025-02-01', NULL);
SELECT is((SELECT count(*) FROM crm.receivables('2025-06-30') WHERE customer_id IS NULL), 0::bigint, 'rows without a customer are left out');
SELECT is((SELECT open_amount FROM crm.receivables('2025-06-30') WHERE customer_id = 3), (SELECT sum(CASE WHEN paid > '2025-06-30' THEN amount ELSE unpaid END) FROM bill WHERE customer = 3 AND day <= '2025-06-30' AND CASE WHEN paid > '2025-06-30' THEN amount ELSE unpaid END > 0), 'days that cannot be');
SELECT is((SELECT no_date >= 10 FROM crm.receivables('2025-06-30') WHERE customer_id = 3), true, 'are days that are not known');
INSERT INTO bill VALUES (5006, 3, '2025-01-02', '2025-01-02', 'NaN', 'NaN', NULL, true, false);
SELECT throws_ok($$ SELECT * FROM crm.receivables('2025-06-30') $$, '22023', NULL, 'an amount that is none is refused');

-- keys of text and uuid

SELECT kam_create_model('shop', 'text', product_key => 'uuid');
SELECT kam_bind('shop', 'promo', $$ SELECT 'p' AS promo_id, 'Adler' AS customer_id, date '2025-02-10' AS starts_on, date '2025-02-16' AS ends_on, '00000000-0000-0000-0000-000000000001'::uuid AS product_id, date '2024-12-01' AS submitted_on $$);
SELECT kam_bind('shop', 'sale', $$ SELECT 'Adler' AS customer_id, 'Adler' AS outlet_id, '00000000-0000-0000-0000-000000000001'::uuid AS product_id, day::date AS sold_on, 1 AS amount, CASE WHEN day >= '2025-02-10' THEN 3 ELSE 2 END AS quantity FROM generate_series(timestamp '2025-01-01', '2025-02-16', '1 day') AS day $$);
SELECT results_eq('SELECT customer_id, lead_days, lead_class, volume, baseline, uplift FROM shop.promo_quality', $$ VALUES ('Adler'::text, 71, 'planned'::text, 21::numeric, 14::numeric, 0.5::numeric) $$, 'half as much again');
SELECT is((SELECT count(*) FROM shop.receivables) + (SELECT count(*) FROM shop.agreement_execution), 0::bigint, 'the others are empty');

SELECT * FROM finish();
ROLLBACK;
