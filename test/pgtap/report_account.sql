-- Reports of key accounts and their market against plain SQL over random rows; what is not bound; plans of queries.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(39);

\ir ../helpers/plan_of.sql

CREATE TABLE sold AS
SELECT (noise % 60)::integer AS customer, (noise / 60 % 10)::integer AS product, date '2024-01-01' + (noise / 600 % 720)::integer AS day,
  round((noise / 432000 % 1400 - 200) * CASE WHEN noise % 60 = 40 THEN 1e20 ELSE 0.25 END, 2) AS amount, round((noise / 432000 % 900) * 0.2, 2) AS cost
FROM generate_series(1, 8000) AS i, LATERAL (SELECT hashint8extended(i, 21) & 9007199254740991 AS noise) AS n WHERE noise % 60 <> 11;
CREATE INDEX ON sold (customer, day);
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, CASE i % 3 WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' END AS channel, CASE i % 2 WHEN 0 THEN 'north' ELSE 'south' END AS region FROM generate_series(0, 59) AS i;
CREATE TABLE article AS SELECT i AS id, 'product ' || i AS name, 'category ' || i % 3 AS category, i % 4 = 0 AS rich FROM generate_series(0, 9) AS i;
-- The market by quarter: of customers, and of all, in segments, territories and channels
CREATE TABLE market_size AS
SELECT daterange(q::date, (q + interval '3 months')::date) AS days, c.customer, v.segment, v.territory, v.channel,
  CASE WHEN noise % 23 = 0 THEN 0 WHEN noise % 23 = 1 THEN NULL ELSE (noise % 9000 + 100) * CASE WHEN c.customer = 40 THEN 1e20 ELSE 1 END END::numeric AS amount
FROM generate_series(timestamp '2024-01-01', '2025-10-01', '3 months') AS q, (SELECT i AS customer FROM generate_series(0, 59, 4) AS i UNION ALL SELECT NULL AS customer UNION ALL SELECT 11 AS customer) AS c,
  (VALUES (NULL, NULL, NULL), ('category 1', NULL, NULL), (NULL, 'north', NULL), ('category 2', 'south', 'shop'), (NULL, NULL, 'cafe')) AS v (segment, territory, channel),
  LATERAL (SELECT hashtextextended(concat_ws('/', q, c.customer, v.segment, v.territory, v.channel), 3) & 9007199254740991 AS noise) AS n
WHERE noise % 7 > 0;
INSERT INTO market_size (days, customer, amount) VALUES ('(,2025-01-01)', 4, 1), ('[2025-01-01,)', 4, 1), ('empty', 4, 1), (NULL, 4, 1), ('[-infinity,2025-01-01)', 4, 1), ('[2025-01-01,infinity)', 4, 1);
CREATE TABLE ordering AS
SELECT (noise % 60)::integer AS customer, date '2024-01-01' + (noise / 60 % 720)::integer AS day, (noise / 43200 % 9)::numeric AS wanted, (noise / 388800 % 9)::numeric AS came,
  date '2024-01-01' + (noise / 60 % 720 + noise / 17 % 9)::integer AS promised, CASE WHEN noise / 19 % 9 > 0 THEN date '2024-01-01' + (noise / 60 % 720 + noise / 23 % 11)::integer END AS arrived
FROM generate_series(1, 4000) AS i, LATERAL (SELECT hashint8extended(i, 22) & 9007199254740991 AS noise) AS n;
CREATE INDEX ON ordering (customer, day);
CREATE TABLE spending AS SELECT i % 60 AS customer, date '2024-01-01' + i * 7 % 720 AS day, (i % 50)::numeric AS amount FROM generate_series(1, 900) AS i;
ANALYZE sold, buyer, article, market_size, ordering, spending;

SELECT kam_create_model('crm', 'integer');
SELECT is_empty('SELECT * FROM crm.market_share UNION ALL SELECT * FROM crm.market_share(''2025-08-20'')', 'nothing bound, no market');
INSERT INTO crm.kam_member SELECT i, (ARRAY['growth', 'protection', 'strategic'])[1 + i % 3], daterange('2024-01-01', CASE WHEN i % 10 = 4 THEN date '2025-06-01' END) FROM generate_series(0, 59, 2) AS i;
INSERT INTO crm.kam_member VALUES (11, 'growth', '[2025-01-01,)');
SELECT is_empty($$ SELECT * FROM crm.key_account_scorecard('2025-08-20') WHERE num_nonnulls(value, goal, attainment, status, trend, score, name, plan_id) > 0 $$, 'nothing bound and planned, nothing known');
SELECT is((SELECT count(*) FROM crm.key_account_scorecard('2025-08-20')), 5 * (SELECT count(*) FROM crm.kam_member WHERE valid @> date '2025-08-20'), 'five rows a member');
SELECT is((SELECT count(*) FROM crm.key_account_scorecard), 0::bigint, 'no day, no members');
SELECT is((SELECT state FROM kam_check_model('crm') WHERE name = 'market_share'), 'empty', 'which kam_check_model knows');
SELECT kam_bind('crm', 'market', 'SELECT days AS period, amount, segment, territory, channel, customer AS customer_id FROM market_size');
SELECT ok((SELECT count(*) > 50 AND count(own) + count(share) + count(own_growth) + count(verdict) + count(status) + count(name) = 0 FROM crm.market_share('2025-08-20')), 'a market without sales');
SELECT is((SELECT state FROM kam_check_model('crm') WHERE name = 'market_share'), 'in part', 'which is a part of the report');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
UPDATE crm.setting SET as_of = '2025-08-20', goal_tolerance = 0.1;
SELECT is_empty('SELECT * FROM crm.market_share WHERE (own IS NULL) <> (num_nonnulls(segment, territory, channel) > 0)', 'a part of the market that our sales do not know is not 0');
SELECT is_empty($$ SELECT * FROM crm.key_account_scorecard WHERE (indicator = 'sales') <> (value IS NOT NULL) AND indicator <> 'share' $$, 'sales are known, profit is not');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, cost FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, region AS territory FROM buyer');
SELECT kam_bind('crm', 'product', 'SELECT id AS product_id, name, category, rich AS high_margin FROM article');

-- market shares against plain SQL

CREATE FUNCTION pg_temp.own(c integer, s text, t text, h text, days daterange) RETURNS numeric LANGUAGE sql AS $$
  SELECT coalesce(sum(amount), 0) FROM sold JOIN buyer ON buyer.id = customer JOIN article ON article.id = product
  WHERE days @> day AND (c IS NULL OR customer = c) AND (s IS NULL OR category = s) AND (t IS NULL OR region = t) AND (h IS NULL OR channel = h) $$;
CREATE FUNCTION pg_temp.plain_share(asked date, days daterange)
RETURNS TABLE (customer integer, segment text, territory text, channel text, period daterange, own numeric, market numeric, own_before numeric, market_before numeric) LANGUAGE sql AS $$
  SELECT m.customer, m.segment, m.territory, m.channel, m.days, pg_temp.own(m.customer, m.segment, m.territory, m.channel, m.days), m.amount, pg_temp.own(m.customer, m.segment, m.territory, m.channel, before), b.amount
  FROM market_size AS m CROSS JOIN LATERAL (SELECT CASE WHEN lower(m.days) > '-infinity' AND upper(m.days) < 'infinity' THEN daterange((lower(m.days) - interval '1 year')::date, (upper(m.days) - interval '1 year')::date) END AS before) AS p
  LEFT JOIN market_size AS b ON b.days = before AND (b.customer, b.segment, b.territory, b.channel) IS NOT DISTINCT FROM (m.customer, m.segment, m.territory, m.channel)
  WHERE before IS NOT NULL AND m.days && $2 AND upper(m.days) <= asked + 1 $$;
SELECT bag_eq(format('SELECT customer_id, segment, period, trim_scale(own) AS own, trim_scale(market) AS market, trim_scale(own_before) AS own_before, trim_scale(market_before) AS market_before, round(share, 12) AS share, round(share_before, 12) AS share_before FROM crm.market_share(%L, %L)', as_of, days),
  format('SELECT customer, segment, period, trim_scale(own) AS own, trim_scale(market) AS market, trim_scale(own_before) AS own_before, trim_scale(market_before) AS market_before, round(CASE WHEN market > 0 THEN own / market END, 12) AS share, round(CASE WHEN market_before > 0 THEN own_before / market_before END, 12) AS share_before FROM pg_temp.plain_share(%L, %L)', as_of, days), format('shares as of %s', as_of))
FROM (VALUES (date '2025-08-20', daterange '[2025-01-01,2026-01-01)'), ('2025-12-31', '[2025-05-01,2025-12-01)'), ('2024-12-31', '[2024-01-01,2025-01-01)')) AS v (as_of, days);
SELECT results_eq('SELECT * FROM crm.market_share ORDER BY customer_id, period, segment, own, market', $$ SELECT * FROM crm.market_share('2025-08-20') ORDER BY customer_id, period, segment, own, market $$, 'the view is the function as of the day of setting');
SELECT is_empty($$ SELECT * FROM crm.market_share WHERE verdict IS DISTINCT FROM CASE WHEN own_before > 0 AND market_before > 0 THEN CASE WHEN own / own_before > market / market_before THEN 'won' WHEN own / own_before < market / market_before THEN 'lost' ELSE 'held' END ELSE verdict END AND market > 0 $$, 'won where our sales grew faster');
SELECT is_empty($$ SELECT * FROM crm.market_share WHERE value IS DISTINCT FROM share OR trend IS DISTINCT FROM CASE verdict WHEN 'won' THEN 1 WHEN 'lost' THEN -1 WHEN 'held' THEN 0 END OR name IS DISTINCT FROM 'customer ' || customer_id OR goal IS NOT NULL OR status IS NOT NULL $$, 'the other columns follow');
SELECT ok((SELECT count(verdict) > 40 AND count(DISTINCT verdict) >= 2 AND count(*) FILTER (WHERE customer_id = 11 AND own = 0) > 0 AND count(*) FILTER (WHERE customer_id IS NULL) > 5 FROM crm.market_share), 'all kinds are there');

-- plans and goals

INSERT INTO crm.plan (plan_id, customer_id, kind, period, launched_on, status)
SELECT i, i, CASE WHEN i % 3 = 0 THEN 'annual' ELSE 'customer' END, '[2025-01-01,2026-01-01)', CASE WHEN i % 8 = 0 THEN date '2025-02-10' + i END, CASE WHEN i = 10 THEN 'draft' ELSE 'active' END FROM generate_series(0, 50) AS i;
INSERT INTO crm.plan (plan_id, customer_id, kind, period) VALUES (100, 6, 'rolling', '[2025-07-01,2025-10-01)'), (101, 8, 'customer', '[2024-01-01,2025-01-01)'), (102, 52, 'customer', '[2025-10-01,2026-01-01)');
INSERT INTO crm.plan_line (plan_id, measure, target, weight)
SELECT plan_id, m, t, w FROM crm.plan, (VALUES ('amount', 9000, 3), ('market_share', 0.2, 2), ('execution', 0.9, 1.5), ('margin', 2000, 2.5), ('fill_rate', 0.4, 1)) AS v (m, t, w) WHERE plan_id % 7 > 0 OR m = 'amount';
INSERT INTO crm.plan_line (plan_id, parameter, key, measure, target) SELECT plan_id, 'category', 'category 1', 'amount', 1 FROM crm.plan;
INSERT INTO crm.kpi_goal (kpi, scope, key, goal, tolerance, weight) VALUES ('market_share', 'all', '', 0.3, NULL, 4), ('market_share', 'channel', 'shop', 0.35, 0.5, 5), ('fill_rate', 'territory', 'north', 0.3, NULL, 6), ('execution', 'customer', '14', 0.5, NULL, 7), ('high_margin_share', 'all', '', 0.3, NULL, 1);
SELECT kam_bind('crm', 'order_line', 'SELECT 1::text AS order_no, customer AS customer_id, 1 AS product_id, day AS ordered_on, wanted AS ordered, came AS delivered, promised AS promised_on, arrived AS delivered_on FROM ordering');
SELECT kam_bind('crm', 'trade_spend', 'SELECT customer AS customer_id, day AS spent_on, amount FROM spending');
SELECT kam_bind('crm', 'customer_cost', 'SELECT customer AS customer_id, day + 3 AS cost_on, amount * 2 AS amount FROM spending');
INSERT INTO crm.agreement (agreement_id, customer_id, period, signed_on) SELECT i, i, '[2025-01-01,2026-01-01)', '2025-01-01' FROM generate_series(0, 30) AS i;
INSERT INTO crm.agreement_item (item_id, agreement_id, side, kind) SELECT 2 * agreement_id + i, agreement_id, 'customer', 'display' FROM crm.agreement, generate_series(0, 1) AS i;
INSERT INTO crm.agreement_check SELECT item_id, outlet, date '2025-01-10' + (37 * n + item_id)::integer, (item_id + outlet + n) % 3 > 0 FROM crm.agreement_item, generate_series(1, 3) AS outlet, generate_series(0, 8) AS n;

SELECT is_empty($$ SELECT * FROM crm.market_share WHERE goal IS DISTINCT FROM CASE WHEN customer_id BETWEEN 0 AND 50 AND customer_id <> 10 AND customer_id % 7 > 0 AND segment IS NULL AND goal = 0.2 THEN 0.2 WHEN channel = 'shop' THEN 0.35 ELSE 0.3 END $$, 'the goal of the plan, or the nearest of all');
SELECT is((SELECT count(*) FROM crm.market_share WHERE goal = 0.2), (SELECT count(*) FROM market_size WHERE customer BETWEEN 0 AND 50 AND customer <> 10 AND customer % 7 > 0 AND num_nonnulls(segment, territory, channel) = 0 AND days <@ '[2025-01-01,2025-07-01)' AND NOT isempty(days)), 'that of the plan for the whole customer only');

-- the scorecard against plain SQL

CREATE FUNCTION pg_temp.plain_card(asked date)
RETURNS TABLE (customer integer, plan bigint, days daterange, sales numeric, share numeric, execution numeric, profit numeric, fill numeric, sales_before numeric) LANGUAGE sql AS $$
  SELECT m.customer_id, p.plan_id, d.days, (SELECT coalesce(sum(amount), 0) FROM sold WHERE customer = m.customer_id AND d.days @> day),
    (SELECT CASE WHEN sum(amount) > 0 THEN (SELECT coalesce(sum(s.amount), 0) FROM sold AS s WHERE s.customer = m.customer_id AND EXISTS (SELECT FROM market_size AS z WHERE z.customer = m.customer_id AND num_nonnulls(z.segment, z.territory, z.channel) = 0 AND z.days <@ d.days AND z.days @> s.day)) / sum(amount) END
     FROM market_size AS z WHERE z.customer = m.customer_id AND num_nonnulls(z.segment, z.territory, z.channel) = 0 AND z.days <@ d.days AND NOT isempty(z.days)),
    (SELECT count(*) FILTER (WHERE executed)::numeric / nullif(count(*), 0) FROM crm.agreement_check AS k JOIN crm.agreement_item AS i USING (item_id)
     WHERE i.agreement_id = m.customer_id AND checked_on = (SELECT max(checked_on) FROM crm.agreement_check AS l WHERE l.item_id = k.item_id AND l.outlet_id = k.outlet_id AND d.days @> l.checked_on)),
    (SELECT coalesce(sum(amount - cost), 0) FROM sold WHERE customer = m.customer_id AND d.days @> day) - (SELECT coalesce(sum(amount), 0) FROM spending WHERE customer = m.customer_id AND d.days @> day) - (SELECT coalesce(sum(amount * 2), 0) FROM spending WHERE customer = m.customer_id AND d.days @> day + 3),
    (SELECT coalesce(sum(least(came, wanted)) FILTER (WHERE arrived <= promised AND arrived <= asked), 0) / nullif(sum(wanted), 0) FROM ordering WHERE customer = m.customer_id AND d.days @> promised AND day <= asked AND wanted > 0),
    (SELECT coalesce(sum(amount), 0) FROM sold WHERE customer = m.customer_id AND daterange((lower(d.days) - interval '1 year')::date, (upper(d.days) - interval '1 year')::date) @> day)
  FROM crm.kam_member AS m LEFT JOIN LATERAL (SELECT * FROM crm.plan AS p WHERE p.customer_id = m.customer_id AND p.status <> 'draft' AND date_part('year', lower(p.period)) = date_part('year', asked) AND coalesce(launched_on, lower(p.period)) <= asked ORDER BY kind = 'rolling' LIMIT 1) AS p ON true
  CROSS JOIN LATERAL (SELECT daterange(coalesce(launched_on, lower(p.period), date_trunc('year', asked::timestamp)::date), least(upper(p.period), asked + 1)) AS days) AS d
  WHERE m.valid @> asked $$;
SELECT results_eq(format('SELECT customer_id, plan_id, period, no, round(value, 12), CASE WHEN no = 1 THEN trend END FROM crm.key_account_scorecard(%L) ORDER BY customer_id, no', as_of), format($q$
  SELECT customer, plan, days, no, round((ARRAY[sales, share, execution, profit, fill])[no], 12), CASE WHEN no = 1 THEN sign(sales - sales_before)::integer END FROM pg_temp.plain_card(%L), generate_series(1, 5) AS no ORDER BY customer, no $q$, as_of), format('five indicators as of %s', as_of))
FROM (VALUES (date '2025-08-20'), ('2025-12-31'), ('2025-03-01')) AS v (as_of);
SELECT results_eq('SELECT * FROM crm.key_account_scorecard ORDER BY customer_id, no', $$ SELECT * FROM crm.key_account_scorecard('2025-08-20') ORDER BY customer_id, no $$, 'the view is the function as of the day of setting');
SELECT is_empty($$ SELECT c.customer_id, no, c.goal FROM crm.key_account_scorecard AS c JOIN crm.plan AS p ON p.plan_id = c.plan_id LEFT JOIN crm.plan_line AS l ON l.plan_id = c.plan_id AND l.parameter = 'total' AND l.measure = (ARRAY['amount', 'market_share', 'execution', 'margin', 'fill_rate'])[no]
  WHERE round(c.goal, 9) IS DISTINCT FROM round(CASE WHEN no IN (1, 4) THEN l.target * ('2025-08-20' - greatest(launched_on, lower(p.period)) + 1) / (upper(p.period) - greatest(launched_on, lower(p.period)))
    ELSE coalesce(l.target, CASE no WHEN 2 THEN CASE channel WHEN 'shop' THEN 0.35 ELSE 0.3 END WHEN 3 THEN CASE c.customer_id WHEN 14 THEN 0.5 END ELSE CASE territory WHEN 'north' THEN 0.3 END END) END, 9)
  OR c.weight <> coalesce(l.weight, CASE WHEN no = 2 THEN CASE channel WHEN 'shop' THEN 5 ELSE 4 END WHEN no = 3 AND c.customer_id = 14 THEN 7 WHEN no = 5 AND territory = 'north' THEN 6 END, 1) $$, 'goals of the plan that are due, or the nearest of all, with their weights');
SELECT is_empty($$ SELECT customer_id FROM crm.key_account_scorecard GROUP BY customer_id HAVING min(score) IS DISTINCT FROM max(score) OR round(min(score), 12) IS DISTINCT FROM round(sum(attainment * weight) / nullif(sum(weight) FILTER (WHERE attainment IS NOT NULL), 0), 12) $$, 'the score is the mean of the attainments by weight');
SELECT is_empty($$ SELECT * FROM crm.key_account_scorecard WHERE no > 1 AND status IS DISTINCT FROM kpi_status(value, goal, 0.1) OR attainment IS DISTINCT FROM kpi_attainment(value, goal) $$, 'status and attainment of the goal');
SELECT is((SELECT count(*) FROM crm.key_account_scorecard AS c CROSS JOIN LATERAL (SELECT coalesce(sum(s.amount) FILTER (WHERE rich), 0) / nullif(sum(s.amount), 0) AS rich FROM sold AS s JOIN article ON article.id = product WHERE s.customer = c.customer_id AND c.period @> day) AS m
  WHERE no = 1 AND status IS DISTINCT FROM CASE WHEN rich < 0.3 AND value > 0 AND goal IS NOT NULL THEN least(kpi_status(value, goal, 0.1), 0) ELSE kpi_status(value, goal, 0.1) END), 0::bigint, 'sales without enough products of high margin are not reached');

-- portfolios against plain SQL

SELECT is_empty('SELECT * FROM crm.kam_portfolio', 'no managers, no portfolios');
INSERT INTO crm.kam_assignment SELECT i, i % 5, 'manager', daterange('2024-01-01', CASE WHEN i % 4 = 0 THEN date '2025-04-10' END) FROM generate_series(0, 44) AS i;
INSERT INTO crm.kam_assignment SELECT i, 7, 'manager', '[2025-04-10,2026-01-01)' FROM generate_series(0, 44, 8) AS i;
INSERT INTO crm.kam_assignment VALUES (3, 8, 'manager', '[2020-01-01,2023-01-01)'), (3, 9, 'expert', '[2024-01-01,)');
INSERT INTO crm.kam_service (kam_group, component, hours, times) VALUES ('growth', 'meeting', 4, 2), ('growth', 'call', 0.5, 8), ('strategic', 'meeting', 5, 4);
SELECT set_eq('SELECT person_id FROM crm.kam_portfolio', '{0,1,2,3,4,7}'::integer[], 'who manages in the period, or managed');
SELECT is_empty('SELECT * FROM crm.kam_portfolio WHERE num_nonnulls(name, hours, capacity, load, goal, status) > 0 OR accounts IS NULL OR (hours_required IS NULL) = (accounts = 0)', 'nobody known: no hours');
SELECT kam_bind('crm', 'person', $q$ SELECT i AS person_id, 'person ' || i AS name, 'team ' || i % 2 AS team, 100 + i AS hours, 6 AS hours_per_account FROM generate_series(0, 9) AS i $q$);
CREATE FUNCTION pg_temp.plain_folio(asked date, first date)
RETURNS TABLE (person integer, accounts bigint, key_accounts bigint, required numeric, sales numeric, before numeric, profit numeric, at_start bigint, lost bigint) LANGUAGE sql AS $$
  SELECT i, (SELECT count(*) FROM crm.kam_assignment WHERE person_id = i AND role = 'manager' AND valid @> asked),
    (SELECT count(*) FROM crm.kam_assignment AS x JOIN crm.kam_member AS m USING (customer_id) WHERE person_id = i AND role = 'manager' AND x.valid @> asked AND m.valid @> asked),
    (SELECT coalesce(sum(CASE (SELECT kam_group FROM crm.kam_member AS m WHERE m.customer_id = x.customer_id AND m.valid @> asked) WHEN 'growth' THEN 12 WHEN 'strategic' THEN 20 ELSE 6 END), 0) FROM crm.kam_assignment AS x WHERE person_id = i AND role = 'manager' AND x.valid @> asked),
    coalesce(sum(amount) FILTER (WHERE day BETWEEN first AND asked AND held), 0), coalesce(sum(amount) FILTER (WHERE day BETWEEN first - interval '1 year' AND asked - interval '1 year' AND held), 0), coalesce(sum(amount - cost) FILTER (WHERE day BETWEEN first AND asked AND held), 0),
    count(DISTINCT customer) FILTER (WHERE base), count(DISTINCT customer) FILTER (WHERE base AND (SELECT coalesce(sum(n.amount), 0) FROM sold AS n WHERE n.customer = s.customer AND n.day BETWEEN first AND asked) <= 0)
  FROM unnest('{0,1,2,3,4,7}'::integer[]) AS i CROSS JOIN sold AS s
  CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM crm.kam_assignment AS x WHERE x.customer_id = customer AND person_id = i AND role = 'manager' AND valid @> day) AS held,
    EXISTS (SELECT FROM crm.kam_assignment AS x WHERE x.customer_id = customer AND person_id = i AND role = 'manager' AND valid @> first) AND customer IN (SELECT b.customer FROM sold AS b WHERE b.day >= first - interval '1 year' AND b.day < first GROUP BY 1 HAVING sum(b.amount) > 0) AS base) AS h
  GROUP BY i $$;
SELECT results_eq(format('SELECT person_id, accounts, key_accounts, trim_scale(hours_required), trim_scale(sales), trim_scale(sales_before), trim_scale(profit), at_start, lost FROM crm.kam_portfolio(%L) ORDER BY 1', as_of),
  format('SELECT person, accounts, key_accounts, trim_scale(required), trim_scale(sales), trim_scale(before), trim_scale(profit), at_start, lost FROM pg_temp.plain_folio(%L, %L) ORDER BY 1', as_of, first), format('portfolios as of %s', as_of))
FROM (VALUES (date '2025-08-20', date '2025-01-01'), ('2025-06-10', '2025-01-01')) AS v (as_of, first);
INSERT INTO crm.person_target VALUES (1, '[2025-01-01,2025-07-01)', 'amount', 1000), (1, '[2025-07-01,2025-09-01)', 'amount', 620), (1, '[2025-10-01,2025-11-01)', 'amount', 5), (1, '[2024-01-01,2026-01-01)', 'amount', 7), (1, '[2025-01-01,2025-02-01)', 'margin', 9);
SELECT results_eq('SELECT round(goal, 9), status FROM crm.kam_portfolio WHERE person_id = 1', 'SELECT round(1000 + 620 * 51 / 62.0, 9), kpi_status(sales, 1000 + 620 * 51 / 62.0, 0.1) FROM crm.kam_portfolio WHERE person_id = 1', 'targets within the period, what is due of them');
SELECT is_empty($$ SELECT * FROM crm.kam_portfolio WHERE name <> 'person ' || person_id OR team <> 'team ' || person_id % 2 OR hours <> 100 + person_id OR capacity <> kam_capacity(hours, 6) OR load <> kam_load(hours_required, hours) OR value <> sales OR trend <> sign(sales - sales_before)
  OR round(profit_share, 12) IS DISTINCT FROM round(profit / (SELECT sum(amount - cost) FROM sold WHERE day BETWEEN '2025-01-01' AND '2025-08-20'), 12) OR round(churn, 12) IS DISTINCT FROM round(lost::numeric / nullif(at_start, 0), 12) $$, 'the other columns follow');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
SELECT is_empty('SELECT * FROM crm.kam_portfolio WHERE profit IS NOT NULL OR profit_share IS NOT NULL OR sales IS NULL', 'no costs, no profit');
SELECT kam_unbind('crm', 'sale');
SELECT is_empty('SELECT * FROM crm.kam_portfolio WHERE num_nonnulls(sales, sales_before, profit, profit_share, at_start, lost, churn, value, status, trend) > 0 OR accounts IS NULL OR load IS NULL', 'no sales, no customers lost; the hours are known');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, cost FROM sold');

-- one customer's page reads one customer's rows

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of(format('SELECT * FROM crm.%s WHERE customer_id = 17', name)) ~ 'Index Cond: [^\n]*customer = 17', name || ' of one customer reads his rows by their index')
FROM (VALUES ('market_share'), ('key_account_scorecard'), ($$market_share('2025-10-01')$$), ($$key_account_scorecard('2025-10-01')$$)) AS v (name);

SELECT * FROM finish();
ROLLBACK;
