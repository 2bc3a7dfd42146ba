-- The base as it grows and shrinks, against plain SQL over random rows: losses, winning back, activation, where customers
-- came from, how clean the file is; NULL where nothing is bound; hostile rows; plans of queries.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(86);

\ir ../helpers/noise.sql

\ir ../helpers/plan_of.sql

-- 60 customers in 25 months, a purchase a month each on the average: some are lost for a time, some for good, some come late
CREATE TABLE sold AS
SELECT customer, day, amount, round(amount * 0.7 + pg_temp.noise(i, 5, 20) - 5, 2) AS cost
FROM (SELECT i, pg_temp.noise(i, 1, 60) AS customer, date '2023-06-15' + pg_temp.noise(i, 2, 760) AS day, round(pg_temp.noise(i, 3, 1000) * 0.5 - 60, 2) AS amount FROM generate_series(1, 1500) AS i) AS s
WHERE NOT (customer % 5 = 1 AND day > date '2025-02-01' + customer) AND NOT (customer % 4 = 2 AND day < date '2024-11-01' + 2 * customer) AND NOT (customer % 7 = 0 AND day BETWEEN '2024-09-01' AND date '2024-12-20' + customer);
-- purchases that are exactly 90 days, and 91, from the one before, from the offer's, from the day of the report
INSERT INTO sold SELECT customer, day, 100, 60 FROM (VALUES (61, date '2024-10-01'), (61, '2024-12-30'), (61, '2025-03-31'), (62, '2024-11-01'), (62, '2025-01-30'), (63, '2024-02-01'), (63, '2024-10-05'), (63, '2025-01-03'), (63, '2025-03-18'), (64, '2024-02-01'), (64, '2025-03-17')) AS v (customer, day);
CREATE INDEX ON sold (customer, day);
CREATE TABLE buyer AS
SELECT i AS id, CASE WHEN i % 20 = 3 THEN 'Customer 4' WHEN i = 10 THEN '' ELSE 'customer ' || i END AS name, CASE i % 3 WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' END AS channel, CASE WHEN i % 4 < 3 THEN 'part ' || i % 4 END AS territory, CASE i % 2 WHEN 0 THEN 'food' ELSE '' END AS segment,
  CASE WHEN i % 6 < 5 THEN 100 + i % 6 END AS owner, (ARRAY['fair', 'press', 'referral', ''])[1 + i % 4] AS found, CASE WHEN i % 9 = 0 THEN date '2024-01-01' + 15 * i END AS closed, i % 11 <> 5 AS of_interest,
  (ARRAY['month', 'quarter', 'year', 'never', NULL])[1 + i % 5] AS cadence, CASE WHEN i % 3 = 0 THEN i % 2 = 0 END AS satisfied, date '2023-03-01' + 14 * i AS since
FROM generate_series(0, 75) AS i;
CREATE INDEX ON buyer (id);
CREATE TABLE agent AS SELECT i AS id, 'agent ' || i AS name, CASE WHEN i < 103 THEN 'team ' || i % 2 END AS team FROM generate_series(100, 104) AS i;
CREATE TABLE called AS SELECT pg_temp.noise(i, 7, 76) AS customer, date '2024-01-01' + pg_temp.noise(i, 8, 600) AS day FROM generate_series(1, 250) AS i;
INSERT INTO called VALUES (7, '2024-03-15');
CREATE INDEX ON called (customer);
CREATE TABLE spent AS SELECT pg_temp.noise(i, 9, 76) AS customer, date '2024-01-01' + pg_temp.noise(i, 10, 600) AS day, 5 + pg_temp.noise(i, 11, 50) AS amount, CASE WHEN i % 3 > 0 THEN 'acquisition' WHEN i % 2 = 0 THEN 'service' END AS kind FROM generate_series(1, 200) AS i;
ANALYZE;

SELECT kam_create_model('crm', 'integer');
INSERT INTO crm.loss_event (customer_id, lost_on, reason)
SELECT DISTINCT ON (customer, day) customer, date '2024-01-01' + 7 * pg_temp.noise(i, 13, 80), (ARRAY['debt', 'quality', 'forgotten', 'other'])[1 + i % 4]
FROM (SELECT i, pg_temp.noise(i, 12, 60) AS customer, pg_temp.noise(i, 13, 80) AS day FROM generate_series(1, 300) AS i) AS e;
INSERT INTO crm.winback (customer_id, person_id, period, offer, offered_on, cost)
SELECT i, CASE WHEN i % 4 > 0 THEN 100 + i % 4 END, daterange(day, day + 60 + i), (ARRAY['gift', 'discount', NULL])[1 + i % 3], CASE WHEN i % 5 > 1 THEN day + 10 * (i % 7) END, CASE WHEN i % 6 > 0 THEN 10 * i END
FROM generate_series(0, 63) AS i, LATERAL (SELECT date '2024-10-01' + 5 * (i % 50) AS day) AS d;
INSERT INTO crm.winback (customer_id, period, offered_on) SELECT i, daterange(date '2024-02-01' + i, date '2024-06-01' + i), NULL FROM generate_series(0, 40) AS i;
INSERT INTO crm.activation_plan (customer_id, person_id, period, cost)
SELECT i, CASE WHEN i % 3 > 0 THEN 100 + i % 3 END, daterange(day, day + 100), CASE WHEN i % 5 > 0 THEN 100 END
FROM generate_series(2, 74, 4) AS i, LATERAL (SELECT date '2024-11-15' + 3 * i AS day) AS d;
INSERT INTO crm.activation_plan (customer_id, period, cost) VALUES (3, '[2024-03-01,2024-05-01)', 70), (7, '[2024-03-01,2024-04-01)', 20), (7, '[2025-03-01,)', 30), (70, '[2025-05-15,2025-06-01)', NULL);

-- what is not bound

SELECT is_empty(format('SELECT * FROM crm.%s UNION ALL SELECT * FROM crm.%1$s(%L)', name, '2025-06-16'), name || ': without its source there is nothing') FROM unnest('{loss_movement,winback_result,base_activation,base_extension,base_quality,activity_list}'::text[]) AS name;
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, 1 AS product_id, day AS sold_on, amount FROM sold');
UPDATE crm.setting SET as_of = '2025-06-16';
SELECT is_empty($$ SELECT * FROM crm.loss_movement WHERE dimension NOT IN ('all', 'reason') OR num_nonnulls(profit, profit_share, goal, status) > 0 OR num_nulls(lost, cumulative, returned) > 0 $$, 'losses: no costs, no profit, and no parts but the reasons');
SELECT is_empty($$ SELECT * FROM crm.winback_result WHERE dimension IN ('channel', 'territory') OR num_nonnulls(name, channel, territory, profit, goal, status) > 0 OR num_nulls(planned, returned, return_rate) > 0 $$, 'winning back: no names, no profit');
SELECT is_empty($$ SELECT * FROM crm.base_activation WHERE dimension IN ('channel', 'territory') OR num_nonnulls(name, customers, active, coverage, potential_base, conversion, contacts, last_contact, next_contact, contact_overdue) > 0 $$, 'activation: without customers no potential base, without a log no contacts');
SELECT results_eq('SELECT dimension, key, num_nonnulls(customers, profit, satisfied_share, profit_per_cost), won > 0, cost FROM crm.base_extension', $$ SELECT 'all', '', 0, true, sum(cost) FROM crm.activation_plan WHERE lower(period) BETWEEN '2025-01-01' AND '2025-06-16' $$, 'extension: no ways, the cost of plans only');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name FROM buyer');
SELECT is_empty($$ SELECT * FROM crm.base_quality WHERE dimension NOT IN ('all', 'customer') OR num_nonnulls(closed, forgotten, stale_class, class, class_on, cleaned_on, due_on) > 0 OR NOT due OR silent IS NULL $$, 'quality: what is not bound is not missing');
SELECT is((SELECT count(*) FROM crm.base_quality WHERE incomplete > 0), 2::bigint, 'but a name is');
SELECT kam_unbind('crm', 'sale');
SELECT is_empty($$ SELECT * FROM crm.base_quality('2025-06-16') WHERE num_nonnulls(silent, best_month, last_sign) > 0 $$, 'quality: without sales nobody is silent');
SELECT is_empty($$ SELECT * FROM crm.activity_list('2025-06-16') WHERE num_nonnulls(base, last_order, activity) > 0 $$, 'nor is it known who buys');

SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, 1 AS product_id, day AS sold_on, amount, cost FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, territory, segment, owner AS person_id, found AS acquired_by, closed AS closed_on, of_interest, cadence AS contact_cadence, satisfied, since FROM buyer');
SELECT kam_bind('crm', 'person', 'SELECT id AS person_id, name, team FROM agent');
SELECT kam_bind('crm', 'contact_log', 'SELECT customer AS customer_id, day AS contacted_on FROM called');
SELECT kam_bind('crm', 'customer_cost', 'SELECT customer AS customer_id, day AS cost_on, amount, kind FROM spent');
INSERT INTO crm.kpi_goal (kpi, scope, key, goal, tolerance) VALUES ('lost', 'all', '', 3, 0), ('lost', 'channel', 'shop', 2, 0.5), ('lost', 'team', 'team 0', 1, 0), ('return_rate', 'all', '', 0.2, 0), ('return_rate', 'person', '101', 0.5, 0.5), ('return_rate', 'customer', '8', 0, 0),
  ('of_plan', 'all', '', 0.5, 0.1), ('of_plan', 'territory', 'part 2', 0.9, 0), ('cost_per_won', 'all', '', 100, 0), ('clean_share', 'all', '', 0.8, 0), ('clean_share', 'team', 'team 1', 0.1, 0);

-- losses, with the settings of every kind of year: whole, cut, years before the first sale

CREATE FUNCTION pg_temp.losses(as_of date, after integer) RETURNS TABLE (customer integer, last date, next date, lost_on date, amount numeric, profit numeric, reason text) LANGUAGE sql STABLE AS $$
  SELECT l.customer, last, next, last + $2 + 1, sum(amount), sum(amount - cost),
    coalesce((SELECT reason FROM crm.loss_event AS e WHERE customer_id = l.customer AND e.lost_on BETWEEN last AND coalesce(next, $1) ORDER BY e.lost_on DESC LIMIT 1), 'not known')
  FROM (SELECT customer, day AS last, lead(day) OVER (PARTITION BY customer ORDER BY day) AS next FROM (SELECT DISTINCT customer, day FROM sold WHERE amount > 0 AND day <= $1) AS d) AS l
  JOIN sold AS s ON s.customer = l.customer AND s.day >= date_trunc('month', last) - interval '11 months' AND s.day < date_trunc('month', last) + interval '1 month'
  WHERE coalesce(next, $1) - last > $2 GROUP BY 1, 2, 3 $$;
SELECT ok(count(*) FILTER (WHERE next IS NULL) > 5 AND count(*) FILTER (WHERE next IS NOT NULL) > 20, 'some are lost, some are back') FROM pg_temp.losses('2025-06-16', 90);
SELECT results_eq(format($$ SELECT dimension, key COLLATE "C", month, lost, returned, trim_scale(amount), trim_scale(profit), cumulative FROM crm.loss_movement(%L, %L) WHERE lost + returned > 0 ORDER BY 1, 2, 3 $$, as_of, period), format($$
  WITH e AS (SELECT d.*, date_trunc('month', t.day::timestamp)::date AS month, t.lost, t.amount, t.profit
    FROM pg_temp.losses(%1$L, 90) AS l LEFT JOIN buyer ON id = customer, LATERAL (VALUES (lost_on, true, amount, profit), (next, false, NULL, NULL)) AS t (day, lost, amount, profit),
      LATERAL (VALUES ('all', ''), ('reason', reason), ('channel', channel), ('territory', territory), ('segment', segment), ('person', owner::text)) AS d (dimension, key)
    WHERE key IS NOT NULL AND day <= %1$L AND day >= lower(%2$L::daterange) AND day < upper(%2$L::daterange) AND (extract(day FROM lower(%2$L::daterange)) = 1 OR date_trunc('month', day::timestamp) > lower(%2$L::daterange)))
  SELECT dimension, key COLLATE "C", month, lost, returned, trim_scale(amount), trim_scale(profit), (sum(lost) OVER (PARTITION BY dimension, key ORDER BY month))::bigint
  FROM (SELECT dimension, key, month, count(*) FILTER (WHERE lost) AS lost, count(*) FILTER (WHERE NOT lost) AS returned, sum(amount) AS amount, sum(profit) AS profit FROM e GROUP BY 1, 2, 3) AS x ORDER BY 1, 2, 3 $$, as_of, period), 'losses as of ' || as_of)
FROM (VALUES ('2025-06-16', '[2025-01-01,2026-01-01)'), ('2025-06-30', '[2024-03-01,2025-04-01)'), ('2024-12-31', '[2023-11-20,2025-01-01)'), ('2024-02-29', '[2024-01-01,2024-03-01)')) AS v (as_of, period);
SELECT is_empty($$ SELECT * FROM (SELECT *, lag(lost) OVER one AS before, sum(lost) OVER (PARTITION BY dimension, month) AS of_all FROM crm.loss_movement('2025-06-30', '[2024-03-01,2025-07-01)') WINDOW one AS (PARTITION BY dimension, key ORDER BY month)) AS m
  WHERE before IS NOT NULL AND (change <> lost - before OR growth IS DISTINCT FROM (lost - before) / nullif(before, 0)::numeric OR trend <> sign(before - lost)) OR dimension IN ('all', 'reason') AND share IS DISTINCT FROM lost / nullif(of_all, 0) OR value <> lost $$, 'the dynamics follow');
SELECT is((SELECT count(*) FROM crm.loss_movement('2025-06-16', '[2024-03-10,2025-07-01)') WHERE dimension = 'all'), 15::bigint, 'a row a month, from the first that begins in the period');
SELECT is((SELECT change FROM crm.loss_movement('2025-06-16', '[2025-04-01,2025-05-01)') WHERE dimension = 'all'), (SELECT change FROM crm.loss_movement WHERE dimension = 'all' AND month = '2025-04-01'), 'the first month is compared with the one before the period');
SELECT is_empty($$ SELECT * FROM crm.loss_movement AS m LEFT JOIN agent ON dimension = 'person' AND id::text = key WHERE goal IS DISTINCT FROM CASE WHEN dimension = 'channel' AND key = 'shop' THEN 2 WHEN team = 'team 0' THEN 1 ELSE 3 END OR status IS DISTINCT FROM kpi_status(lost, goal, CASE goal WHEN 2 THEN 0.5 ELSE 0 END, 'down') $$, 'goals and status');
UPDATE crm.setting SET at_risk_after = 10, lost_after = 30;
SELECT results_eq($$ SELECT month, lost FROM crm.loss_movement WHERE dimension = 'all' AND lost > 0 ORDER BY 1 $$, $$ SELECT date_trunc('month', lost_on::timestamp)::date, count(*) FROM pg_temp.losses('2025-06-16', 30) WHERE lost_on >= '2025-01-01' GROUP BY 1 ORDER BY 1 $$, 'settings are heard');
UPDATE crm.setting SET lost_after = 2147483647;
SELECT is_empty('SELECT * FROM crm.loss_movement WHERE lost > 0', 'nobody is ever lost');
UPDATE crm.setting SET at_risk_after = DEFAULT, lost_after = DEFAULT;

-- winning back

CREATE FUNCTION pg_temp.campaigns(as_of date, days daterange) RETURNS TABLE (customer integer, person integer, offer text, offered date, cost numeric, start date, last date, back date) LANGUAGE sql STABLE AS $$
  SELECT customer_id, person_id, offer, CASE WHEN offered_on <= $1 THEN offered_on END, cost, start, last, CASE WHEN next - last > 90 AND next < upper(period) THEN next END
  FROM crm.winback, LATERAL (SELECT greatest(lower(period), CASE WHEN offered_on <= $1 THEN offered_on END) AS start) AS o,
    LATERAL (SELECT max(day) FILTER (WHERE day < start) AS last, min(day) FILTER (WHERE day >= start) AS next FROM sold WHERE customer = customer_id AND amount > 0 AND day <= $1) AS s
  WHERE period && $2 $$;
SELECT ok(count(back) > 3 AND count(offered) > count(back), 'some come back') FROM pg_temp.campaigns('2025-06-16', '[2025-01-01,2025-06-17)');
SELECT results_eq(format($$ SELECT dimension, key COLLATE "C", planned, offered, returned, round(return_rate, 9), round(offer_rate, 9), amount, profit, cost, round(cost_per_returned, 9) FROM crm.winback_result(%L, %L) ORDER BY 1, 2 $$, as_of, period), format($$
  SELECT dimension, key COLLATE "C", count(*), count(offered), count(back), round(count(back) / count(*)::numeric, 9), round(count(back) FILTER (WHERE offered IS NOT NULL) / nullif(count(offered), 0)::numeric, 9), sum(s.amount), sum(s.profit), sum(cost), round(sum(cost) / nullif(count(back), 0), 9)
  FROM pg_temp.campaigns(%1$L, %2$L::daterange * daterange(NULL, %1$L, '[]')) AS c LEFT JOIN buyer ON id = customer, LATERAL (SELECT sum(amount) AS amount, sum(amount - sold.cost) AS profit FROM sold WHERE sold.customer = c.customer AND day BETWEEN back AND %1$L) AS s,
    LATERAL (VALUES ('all', ''), ('offer', offer), ('channel', channel), ('territory', territory), ('person', person::text), ('customer', customer::text)) AS d (dimension, key) WHERE key IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2 $$, as_of, period), 'campaigns as of ' || as_of)
FROM (VALUES ('2025-06-16', '[2025-01-01,2026-01-01)'), ('2025-03-31', '[2024-01-01,2025-04-01)'), ('2024-12-31', '[2024-12-01,2025-01-01)')) AS v (as_of, period);
SELECT results_eq('SELECT customer_id, last_order, returned_on, person_id FROM crm.winback_result WHERE returned_on IS NOT NULL ORDER BY 1', $$ SELECT customer, last, back, person FROM pg_temp.campaigns('2025-06-16', '[2025-01-01,2025-06-17)') WHERE back IS NOT NULL ORDER BY 1 $$, 'who came back, and when');
SELECT results_eq($$ SELECT dimension, key COLLATE "C", cost_per_new FROM crm.winback_result WHERE cost_per_new IS NOT NULL ORDER BY 1, 2 $$, $$
  SELECT dimension, key COLLATE "C", sum(cost) / count(*) FILTER (WHERE won) FROM crm.activation_plan LEFT JOIN buyer ON id = customer_id, LATERAL (SELECT min(day) <@ period AS won FROM sold WHERE customer = customer_id AND amount > 0 AND day <= '2025-06-16') AS s,
    LATERAL (VALUES ('all', ''), ('channel', channel), ('territory', territory), ('person', person_id::text)) AS d (dimension, key)
  WHERE period && '[2025-01-01,2025-06-17)' AND key IS NOT NULL GROUP BY 1, 2 HAVING bool_or(won) ORDER BY 1, 2 $$, 'what a new one costs');
SELECT is_empty('SELECT * FROM crm.winback_result WHERE cost_ratio IS DISTINCT FROM cost_per_returned / cost_per_new OR value IS DISTINCT FROM return_rate', 'the one over the other');
SELECT is_empty($$ SELECT * FROM crm.winback_result WHERE goal IS DISTINCT FROM CASE WHEN customer_id = 8 THEN 0 WHEN person_id = 101 THEN 0.5 ELSE 0.2 END OR status IS DISTINCT FROM kpi_status(value, goal, CASE goal WHEN 0.5 THEN 0.5 ELSE 0 END) $$, 'goals and status');
SELECT results_eq($$ SELECT dimension, key COLLATE "C", trend FROM crm.winback_result WHERE dimension IN ('all', 'territory') ORDER BY 1, 2 $$, $$
  SELECT n.dimension, n.key COLLATE "C", kpi_trend(n.rate, b.rate) FROM (SELECT dimension, key, return_rate AS rate FROM crm.winback_result('2025-06-16', '[2025-01-01,2025-06-17)')) AS n
  LEFT JOIN (SELECT dimension, key, count(back) / count(*)::numeric AS rate FROM pg_temp.campaigns('2024-06-16', '[2024-01-01,2024-06-17)') LEFT JOIN buyer ON id = customer, LATERAL (VALUES ('all', ''), ('territory', territory)) AS d (dimension, key) GROUP BY 1, 2) AS b USING (dimension, key)
  WHERE dimension IN ('all', 'territory') ORDER BY 1, 2 $$, 'trend: against the campaigns of a year before');
INSERT INTO crm.winback (customer_id, period) VALUES (71, '(,)'), (72, '[-infinity,infinity)'), (73, '(,2025-02-01)');
SELECT results_eq('SELECT customer_id, returned FROM crm.winback_result WHERE customer_id > 70 ORDER BY 1', 'VALUES (71, 0::bigint), (72, 0), (73, 0)', 'a campaign without a first day brings nobody back');
DELETE FROM crm.winback WHERE customer_id > 70;

-- activation

CREATE FUNCTION pg_temp.activation(as_of date, days daterange) RETURNS TABLE (id integer, channel text, territory text, person integer, known boolean, first date, amount numeric, before numeric, of_interest boolean, planned boolean, won boolean, running boolean, contacts bigint, last date, cadence text, cost numeric) LANGUAGE sql STABLE AS $$
  SELECT i.id, b.channel, b.territory, coalesce((array_agg(p.person_id ORDER BY lower(p.period) DESC) FILTER (WHERE p.person_id IS NOT NULL))[1], b.owner), b.id IS NOT NULL AND coalesce(b.closed >= lower($2), true), first, s.amount, before, b.of_interest, count(p) > 0,
    coalesce(bool_or(first <@ p.period), false), bool_or($1 <@ p.period), (SELECT count(*) FROM called WHERE customer = i.id AND day <= $1 AND day <@ ANY (array_agg(p.period))), CASE WHEN count(p) > 0 THEN (SELECT max(day) FROM called WHERE customer = i.id AND day <= $1) END, b.cadence, sum(p.cost)
  FROM (SELECT id FROM buyer UNION SELECT customer FROM sold WHERE day <= $1 UNION SELECT customer_id FROM crm.activation_plan) AS i LEFT JOIN buyer AS b ON b.id = i.id AND coalesce(b.closed >= lower($2), true)
  LEFT JOIN crm.activation_plan AS p ON p.customer_id = i.id AND p.period && $2,
    LATERAL (SELECT min(day) FILTER (WHERE sold.amount > 0 AND day <= $1) AS first, sum(sold.amount) FILTER (WHERE day <@ $2) AS amount, sum(sold.amount) FILTER (WHERE day < lower($2) AND day >= lower($2) - (upper($2) - lower($2))) AS before FROM sold WHERE customer = i.id) AS s
  GROUP BY i.id, b.id, b.channel, b.territory, b.owner, b.closed, first, s.amount, before, b.of_interest, b.cadence $$;
SELECT results_eq(format($$ SELECT dimension, key COLLATE "C", customers, active, potential_base, planned, activated, unplanned, round(conversion, 9), contacts, last_contact, contact_overdue, amount, cost, opening, lost FROM crm.base_activation(%L, %L) ORDER BY 1, 2 $$, as_of, period), format($$
  SELECT dimension, key COLLATE "C", count(*) FILTER (WHERE known), count(*) FILTER (WHERE known AND amount > 0), count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE planned), count(*) FILTER (WHERE won), count(*) FILTER (WHERE first >= lower(days) AND NOT planned),
    round(count(*) FILTER (WHERE fresh AND first IS NOT NULL) / nullif(count(*) FILTER (WHERE fresh), 0)::numeric, 9), coalesce(sum(contacts) FILTER (WHERE planned), 0)::bigint, max(last), count(*) FILTER (WHERE overdue),
    sum(coalesce(amount, 0)) FILTER (WHERE won), sum(cost), count(*) FILTER (WHERE before > 0), count(*) FILTER (WHERE before > 0 AND coalesce(amount, 0) <= 0)
  FROM (SELECT %2$L::daterange * daterange(NULL, %1$L, '[]') AS days) AS q, pg_temp.activation(%1$L, days),
    LATERAL (SELECT known AND of_interest AND (first IS NULL OR first >= lower(days)) AS fresh, running AND NOT won AND (last IS NULL OR last + CASE cadence WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN '3 months' WHEN 'year' THEN '1 year' END < %1$L) AS overdue) AS x,
    LATERAL (VALUES ('all', ''), ('channel', channel), ('territory', territory), ('person', person::text), ('customer', CASE WHEN planned THEN id::text END)) AS d (dimension, key) WHERE key IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2 $$, as_of, period), 'activation as of ' || as_of)
FROM (VALUES ('2025-06-16', '[2025-01-01,2026-01-01)'), ('2025-03-31', '[2024-11-01,2025-04-01)')) AS v (as_of, period);
SELECT results_eq('SELECT customer_id, name, person_id, first_order, last_contact, next_contact FROM crm.base_activation WHERE customer_id IS NOT NULL ORDER BY 1', $$
  SELECT a.id, CASE WHEN known THEN b.name END, person, first, last, (last + CASE a.cadence WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN '3 months' WHEN 'year' THEN '1 year' END)::date FROM pg_temp.activation('2025-06-16', '[2025-01-01,2025-06-17)') AS a LEFT JOIN buyer AS b ON b.id = a.id WHERE planned ORDER BY 1 $$, 'who was to be won, and when to call');
SELECT is_empty($$ SELECT * FROM crm.base_activation AS b LEFT JOIN agent ON dimension = 'person' AND id = person_id WHERE dimension <> 'customer' AND b.name IS DISTINCT FROM agent.name OR coverage IS DISTINCT FROM active / nullif(customers, 0)::numeric OR of_plan IS DISTINCT FROM activated / nullif(planned, 0)::numeric OR value IS DISTINCT FROM of_plan OR attrition IS DISTINCT FROM lost / nullif(opening, 0)::numeric
  OR cost_per_activated IS DISTINCT FROM cost / nullif(activated, 0) OR goal IS DISTINCT FROM CASE WHEN territory = 'part 2' THEN 0.9 ELSE 0.5 END OR status IS DISTINCT FROM kpi_status(value, goal, CASE goal WHEN 0.5 THEN 0.1 ELSE 0 END) $$, 'shares, goals, status');
SELECT is((SELECT trend FROM crm.base_activation WHERE dimension = 'all'), (SELECT sign(count(*) FILTER (WHERE amount > 0) - count(*) FILTER (WHERE before > 0))::integer FROM pg_temp.activation('2025-06-16', '[2025-01-01,2025-06-17)')), 'trend: whether more buy');

-- where customers came from

CREATE FUNCTION pg_temp.origin(as_of date) RETURNS TABLE (id integer, method text, satisfied boolean, first date, last date, total numeric, first_amount numeric) LANGUAGE sql STABLE AS $$
  SELECT i.id, coalesce(nullif(found, ''), 'not known'), b.satisfied, first, last, total, (SELECT sum(amount) FROM sold WHERE customer = i.id AND day = first)
  FROM (SELECT id FROM buyer UNION SELECT customer FROM sold) AS i LEFT JOIN buyer AS b ON b.id = i.id, LATERAL (SELECT min(day) FILTER (WHERE amount > 0) AS first, max(day) FILTER (WHERE amount > 0) AS last, sum(amount) AS total FROM sold WHERE customer = i.id AND day <= $1) AS s $$;
SELECT ok(count(*) FILTER (WHERE first BETWEEN '2024-10-01' AND '2024-12-31') > 1, 'some are won in that quarter') FROM pg_temp.origin('2024-12-31');
SELECT results_eq(format($$ SELECT dimension, key COLLATE "C", customers, won, amount, profit, cost, won_before, retained, round(multiple, 9), round(satisfied_share, 9) FROM crm.base_extension(%L, %L) ORDER BY 1, 2 $$, as_of, period), format($$
  SELECT dimension, key COLLATE "C", count(b.id), count(*) FILTER (WHERE first <@ days), sum(amount) FILTER (WHERE first <@ days), sum(profit) FILTER (WHERE first <@ days), sum(cost), count(*) FILTER (WHERE first <@ prior_year(days)), count(*) FILTER (WHERE first <@ prior_year(days) AND %1$L - last <= 90),
    round(sum(total) FILTER (WHERE first_amount > 0) / nullif(sum(first_amount) FILTER (WHERE first_amount > 0), 0), 9), round(count(*) FILTER (WHERE o.satisfied) / nullif(count(o.satisfied), 0)::numeric, 9)
  FROM (SELECT %2$L::daterange * daterange(NULL, %1$L, '[]') AS days) AS q, pg_temp.origin(%1$L) AS o LEFT JOIN buyer AS b ON b.id = o.id, LATERAL (SELECT sum(amount) AS amount, sum(amount - cost) AS profit FROM sold WHERE customer = o.id AND day <@ days) AS s,
    LATERAL (SELECT sum(c) AS cost FROM (SELECT amount FROM spent WHERE customer = o.id AND day <@ days AND kind = 'acquisition' UNION ALL SELECT cost FROM crm.activation_plan WHERE customer_id = o.id AND lower(period) <@ days) AS c (c)) AS c,
    LATERAL (VALUES ('all', ''), ('method', method)) AS d (dimension, key) GROUP BY 1, 2 ORDER BY 1, 2 $$, as_of, period), 'where they came from, as of ' || as_of)
FROM (VALUES ('2025-06-16', '[2025-01-01,2026-01-01)'), ('2024-12-31', '[2024-10-01,2025-01-01)'), ('2024-03-15', '[2023-07-01,2024-07-01)'), ('2025-06-16', '[2024-10-01,2025-01-01)')) AS v (as_of, period);
SELECT is_empty($$ SELECT * FROM crm.base_extension AS e, LATERAL (SELECT sum(won) FILTER (WHERE dimension = 'method') AS of_all FROM crm.base_extension) AS w WHERE won_share IS DISTINCT FROM won / nullif(of_all, 0) OR cost_per_won IS DISTINCT FROM cost / nullif(won, 0) OR retained_share IS DISTINCT FROM retained / nullif(won_before, 0)::numeric OR profit_per_cost IS DISTINCT FROM profit / cost
  OR value IS DISTINCT FROM cost_per_won OR goal <> 100 OR status IS DISTINCT FROM kpi_status(value, 100, 0, 'down') $$, 'shares, goal, status');
SELECT is((SELECT trend FROM crm.base_extension('2025-01-31', '[2024-02-01,2025-02-01)') WHERE dimension = 'all'), (SELECT kpi_trend(e.value, b.value, 0, 'down') FROM crm.base_extension('2025-01-31', '[2024-02-01,2025-02-01)') AS e, crm.base_extension('2024-01-31', '[2023-02-01,2024-02-01)') AS b WHERE e.dimension = 'all' AND b.dimension = 'all'), 'trend: against the year before');

-- how clean the file is

INSERT INTO crm.class_history (customer_id, as_of, abc, manual_class) SELECT i, date '2023-12-01' + 15 * (i % 50), 'B', CASE i % 7 WHEN 0 THEN 'K' END FROM generate_series(0, 60, 2) AS i UNION ALL SELECT i, date '2025-06-01' + i, 'C', NULL FROM generate_series(0, 30, 3) AS i UNION ALL SELECT i, date '2024-08-02', 'A', CASE WHEN i < 30 THEN 'M' END FROM generate_series(12, 48, 12) AS i;
INSERT INTO crm.base_cleaning VALUES ('2024-03-01', '', NULL), ('2024-07-01', 'part 1', NULL), ('2025-06-17', 'part 2', NULL);
CREATE TABLE face AS SELECT i AS customer, CASE WHEN i % 10 <> 3 THEN 'Ann' ELSE '' END AS name, CASE WHEN i % 8 = 0 THEN daterange('2020-01-01', '2025-01-01') WHEN i % 8 = 1 THEN daterange('2020-01-01', NULL) END AS valid FROM generate_series(0, 70) AS i WHERE i % 6 > 0;
CREATE TABLE went AS SELECT pg_temp.noise(i, 15, 76) AS outlet, date '2025-03-01' + pg_temp.noise(i, 16, 200) AS day FROM generate_series(1, 50) AS i;
SELECT kam_bind('crm', 'contact', 'SELECT customer AS customer_id, name, valid FROM face');
SELECT kam_bind('crm', 'visit', 'SELECT outlet AS outlet_id, day AS visited_on FROM went');
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, id AS customer_id FROM buyer');
CREATE FUNCTION pg_temp.cards(as_of date) RETURNS TABLE (id integer, territory text, owner integer, closed boolean, double boolean, missing integer, silent boolean, forgotten boolean, stale boolean, sign date, class text) LANGUAGE sql STABLE AS $$
  SELECT b.id, territory, owner, shut, EXISTS (SELECT FROM buyer AS o WHERE o.id <> b.id AND o.name <> '' AND replace(lower(o.name), ' ', '') = replace(lower(b.name), ' ', '') AND o.territory IS NOT DISTINCT FROM b.territory AND coalesce(o.closed <= $1, false) = shut),
    num_nulls(nullif(b.name, ''), nullif(b.channel, ''), nullif(b.segment, ''), nullif(b.territory, ''), b.owner, b.since, contact), coalesce(greatest(sale, call, since), '-infinity') < $1 - interval '1 year', coalesce(greatest(sale, call, visit) + every, '-infinity') < $1 AND every IS NOT NULL,
    class_on IS NULL OR class_on < $1 - interval '1 year', greatest(sale, call, visit), class
  FROM buyer AS b LEFT JOIN LATERAL (SELECT h.as_of AS class_on, coalesce((SELECT manual_class FROM crm.class_history AS m WHERE m.customer_id = b.id AND m.as_of <= $1 AND manual_class IS NOT NULL ORDER BY m.as_of DESC LIMIT 1), abc) AS class FROM crm.class_history AS h WHERE customer_id = b.id AND h.as_of <= $1 ORDER BY 1 DESC LIMIT 1) AS h ON true,
    LATERAL (SELECT coalesce(closed <= $1, false) AS shut, (SELECT max(day) FROM sold WHERE customer = b.id AND amount > 0 AND day <= $1) AS sale, (SELECT max(day) FROM called WHERE customer = b.id AND day <= $1) AS call, (SELECT max(day) FROM went WHERE outlet = b.id AND day <= $1) AS visit,
      (SELECT min(name) FROM face WHERE customer = b.id AND name <> '' AND coalesce(valid @> $1, true)) AS contact, CASE cadence WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN '3 months' WHEN 'year' THEN '1 year' END AS every) AS x $$;
SELECT ok(bool_or(double) AND bool_or(silent) AND NOT bool_and(silent) AND bool_or(forgotten) AND bool_or(stale) AND NOT bool_and(stale) AND bool_or(missing = 0) AND bool_or(closed), 'there are cards of all kinds') FROM pg_temp.cards('2025-06-16');
SELECT results_eq(format($$ SELECT dimension, key COLLATE "C", cards, closed, double, incomplete, round(complete_share, 9), silent, forgotten, stale_class, flawed, last_sign, round(value, 9) FROM crm.base_quality(%L) ORDER BY 1, 2 $$, as_of), format($$
  SELECT dimension, key COLLATE "C", count(*) FILTER (WHERE NOT closed), count(*) FILTER (WHERE closed), count(*) FILTER (WHERE NOT closed AND double), count(*) FILTER (WHERE NOT closed AND missing > 0), round(1 - sum(missing) FILTER (WHERE NOT closed) / (7.0 * nullif(count(*) FILTER (WHERE NOT closed), 0)), 9),
    count(*) FILTER (WHERE NOT closed AND silent), count(*) FILTER (WHERE NOT closed AND forgotten), count(*) FILTER (WHERE NOT closed AND stale), count(*) FILTER (WHERE NOT closed AND (double OR missing > 0 OR silent OR forgotten OR stale)), max(sign),
    round(count(*) FILTER (WHERE NOT closed AND NOT (double OR missing > 0 OR silent OR forgotten OR stale)) / nullif(count(*) FILTER (WHERE NOT closed), 0)::numeric, 9)
  FROM pg_temp.cards(%1$L), LATERAL (VALUES ('all', ''), ('territory', territory), ('person', owner::text), ('customer', id::text)) AS d (dimension, key) WHERE key IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2 $$, as_of), 'cards as of ' || as_of)
FROM (VALUES ('2025-06-16'), ('2024-12-31')) AS v (as_of);
SELECT is_empty($$ SELECT * FROM crm.base_quality AS q JOIN pg_temp.cards('2025-06-16') AS c ON c.id = customer_id JOIN buyer AS b ON b.id = c.id WHERE q.name <> b.name OR q.class IS DISTINCT FROM c.class OR q.territory IS DISTINCT FROM c.territory OR person_id IS DISTINCT FROM c.owner $$, 'of each customer his class and who he is');
SELECT results_eq($$ SELECT key COLLATE "C", cleaned_on, due_on, due FROM crm.base_quality WHERE dimension IN ('all', 'territory') ORDER BY 1 $$, $$ VALUES ('' COLLATE "C", date '2024-03-01', date '2025-03-01', true), ('part 0', '2024-03-01', '2025-03-01', true), ('part 1', '2024-07-01', '2025-07-01', false), ('part 2', '2024-03-01', '2025-03-01', true) $$, 'when it was cleaned');
SELECT is((SELECT DISTINCT best_month FROM crm.base_quality), (SELECT extract(month FROM day)::integer FROM sold WHERE day >= '2024-06-01' AND day < '2025-06-01' GROUP BY 1 ORDER BY sum(amount), 1 LIMIT 1), 'the month with the lowest sales of the one whole year');
SELECT is((SELECT DISTINCT best_month FROM crm.base_quality('2025-07-31')), (SELECT extract(month FROM day)::integer FROM sold WHERE day >= '2023-08-01' AND day < '2025-08-01' GROUP BY 1 ORDER BY sum(amount), 1 LIMIT 1), 'of two');
SELECT is((SELECT count(best_month) FROM crm.base_quality('2024-05-31')), 0::bigint, 'less than a year does not tell');
SELECT is_empty($$ SELECT * FROM crm.base_quality LEFT JOIN agent AS g ON g.id = person_id WHERE goal IS DISTINCT FROM CASE g.team WHEN 'team 1' THEN 0.1 ELSE 0.8 END OR status IS DISTINCT FROM kpi_status(value, goal) $$, 'goal and status');

-- what is to be done

INSERT INTO crm.activity_norm (class, base, channel, activity, hours) VALUES ('B', 'active', '', 'visit', 2), ('B', 'active', 'shop', 'visit', 3), ('B', 'active', 'shop', 'call', 0.5), ('B', 'lost', '', 'ask why', 1), ('C', 'potential', 'cafe', 'sample', NULL), ('C', 'active', '', 'call', 0.25), ('K', 'active', '', 'visit', 4), ('M', 'lost', 'shop', 'gift', 1), ('A', 'potential', '', 'visit', 1);
SELECT results_eq(format($$ SELECT customer_id, class COLLATE "C", base, last_order, activity COLLATE "C", hours FROM crm.activity_list(%L) ORDER BY 1, 5 $$, as_of), format($$
  SELECT k.id, k.class COLLATE "C", k.base, k.last, n.activity COLLATE "C", n.hours
  FROM (SELECT c.id, c.class, b.channel, last, CASE WHEN last IS NULL THEN 'potential' WHEN %1$L - last > 90 THEN 'lost' ELSE 'active' END AS base
        FROM pg_temp.cards(%1$L) AS c JOIN buyer AS b USING (id), LATERAL (SELECT max(day) AS last FROM sold WHERE customer = id AND amount > 0 AND day <= %1$L) AS s WHERE NOT c.closed) AS k
  LEFT JOIN crm.activity_norm AS n ON n.class = k.class AND n.base = k.base AND (n.channel = k.channel OR n.channel = '' AND NOT EXISTS (SELECT FROM crm.activity_norm AS o WHERE (o.class, o.base, o.activity, o.channel) = (n.class, n.base, n.activity, k.channel)))
  ORDER BY 1, 5 $$, as_of), 'what is to be done as of ' || as_of)
FROM (VALUES ('2025-06-16'), ('2024-12-31')) AS v (as_of);
SELECT ok(count(DISTINCT base) = 3 AND count(DISTINCT activity) > 3 AND count(*) FILTER (WHERE activity IS NULL) > 5, 'of all kinds') FROM crm.activity_list;
SELECT is_empty('SELECT * FROM crm.activity_list AS l LEFT JOIN buyer AS b ON b.id = customer_id WHERE (l.name, l.channel, l.territory, person_id) IS DISTINCT FROM (b.name, b.channel, b.territory, b.owner)', 'whom with');

-- the view is the function as of the day of setting

SELECT results_eq(format('SELECT * FROM crm.%s AS r ORDER BY r::text', name), format($$ SELECT * FROM crm.%s('2025-06-16', '[2025-01-01,2026-01-01)') AS r ORDER BY r::text $$, name), name || ': view and function') FROM unnest('{loss_movement,winback_result,base_activation,base_extension,base_quality,activity_list}'::text[]) AS name;
SELECT is_empty(format($$ SELECT * FROM crm.%s('2025-06-16', '[2026-01-01,2027-01-01)') $$, name), name || ': a period that has not begun') FROM unnest('{loss_movement,winback_result,base_activation,base_extension}'::text[]) AS name;

-- hostile rows

INSERT INTO sold VALUES (NULL, '2025-02-02', 5, 1), (3, NULL, 5, 1), (4, 'infinity', 5, 1), (5, '-infinity', 5, 1), (6, '2025-02-02', NULL, 1), (7, '2025-02-02', 8, NULL), (999, '2025-02-02', 5, 1), (998, '2025-02-02', -5, 1), (997, '2025-01-01', 0, 0);
INSERT INTO buyer (id) VALUES (NULL), (901), (3), (3);
INSERT INTO buyer (id, name, closed, since) VALUES (902, '?!', '-infinity', 'infinity'), (903, 'x', 'infinity', '-infinity');
INSERT INTO called VALUES (NULL, '2025-01-01'), (8, NULL), (10, 'infinity'), (14, '-infinity');
INSERT INTO spent VALUES (NULL, '2025-01-01', 1, 'acquisition'), (8, NULL, 1, 'acquisition'), (8, '-infinity', NULL, 'acquisition'), (8, 'infinity', 1, NULL);
INSERT INTO face VALUES (NULL, NULL, NULL), (8, NULL, 'empty');
INSERT INTO went VALUES (NULL, '2025-01-01'), (8, NULL), (8, 'infinity'), (9, '-infinity'), (904, '2025-01-01');
INSERT INTO crm.winback (customer_id, period, offered_on) VALUES (905, '(,)', '2025-01-01'), (3, '[2025-03-01,infinity)', '2024-01-01');
INSERT INTO crm.activation_plan (customer_id, period) VALUES (905, '(,)'), (4, '[-infinity,2025-02-01)');
SELECT lives_ok(format('SELECT * FROM crm.%s', name), name || ' bears them') FROM unnest('{loss_movement,winback_result,base_activation,base_extension,base_quality,activity_list}'::text[]) AS name;
SELECT is((SELECT activated FROM crm.base_activation WHERE customer_id = 905), 0::bigint, 'who is in no list, too');
UPDATE crm.setting SET period = '[0001-01-01,9999-01-01)';
SELECT lives_ok(format('SELECT * FROM crm.%s', name), name || ' and any period') FROM unnest('{winback_result,base_activation,base_extension,base_quality}'::text[]) AS name;
UPDATE crm.setting SET period = NULL;

-- one customer's page reads one customer's rows

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of(format('SELECT * FROM crm.%s', query)) ~ 'sold_customer_day_idx[^\n]*\n[^\n]*Index Cond: [^\n]*customer = 8', query)
FROM unnest(ARRAY['winback_result WHERE customer_id = 8', 'base_activation WHERE customer_id = 8', $$winback_result('2025-01-01') WHERE customer_id = 8$$, $$base_activation('2025-01-01') WHERE customer_id = 8$$, 'activity_list WHERE customer_id = 8']) AS query;

SELECT * FROM finish();
ROLLBACK;
