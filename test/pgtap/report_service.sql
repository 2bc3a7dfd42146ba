-- Service, cross-sell, plans and proposed targets of a model: against plain SQL over random rows; NULL where nothing is bound; hostile rows; plans of queries.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
SET LOCAL TimeZone = 'Europe/Berlin';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(99);

\ir ../helpers/plan_of.sql

\ir ../helpers/noise.sql

CREATE TABLE sold AS
SELECT c AS customer, CASE WHEN pg_temp.noise(i, 2, 4) = 0 THEN pg_temp.noise(i, 3, 12) ELSE pg_temp.noise(c * 7 + i % 5, 4, 12) END AS product, day, round(pg_temp.noise(i, 5, 1000) * 0.25 - 40, 2) AS amount, CASE WHEN i % 90 <> 0 THEN 10 + i % 7 END AS cost,
       (ARRAY['salesperson', 'web', 'phone', NULL])[1 + pg_temp.noise(i, 6, 4)] AS way
FROM generate_series(1, 2500) AS i, LATERAL (SELECT pg_temp.noise(i, 1, 30) AS c) AS k, LATERAL (SELECT date '2023-06-01' + pg_temp.noise(i, 7, 800) AS day) AS d WHERE c % 9 <> 4 OR day > '2025-02-01';
INSERT INTO sold VALUES (31, 1, '2025-01-01', 50, 10, 'web');
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, CASE i % 2 WHEN 0 THEN 'shop' ELSE 'cafe' END AS channel, CASE i % 3 WHEN 0 THEN 'north' WHEN 1 THEN 'south' END AS region, 100 + i % 4 AS agent, CASE WHEN i % 5 = 0 THEN date '2025-01-01' + 20 * i END AS allied FROM generate_series(0, 34) AS i;
CREATE TABLE agent AS SELECT i AS id, 'agent ' || i AS name, CASE WHEN i < 103 THEN 'team ' || i % 2 END AS team, CASE i % 2 WHEN 0 THEN 'north' ELSE 'south' END AS region FROM generate_series(100, 104) AS i;
CREATE TABLE article AS SELECT i AS id, 'product ' || i AS name, CASE WHEN i < 11 THEN 'category ' || i % 4 END AS category FROM generate_series(0, 11) AS i;
CREATE TABLE request AS
SELECT pg_temp.noise(i, 10, 32) AS customer, opened, CASE WHEN i % 6 <> 0 THEN opened + pg_temp.noise(i, 12, 4000) * interval '1 minute' END AS answered, CASE WHEN i % 4 <> 0 THEN opened + pg_temp.noise(i, 13, 9000) * interval '1 minute' END AS settled,
       CASE WHEN i % 3 <> 0 THEN 100 + pg_temp.noise(i, 14, 5) END AS agent, (ARRAY['price', 'delivery', NULL])[1 + pg_temp.noise(i, 15, 3)] AS kind
FROM generate_series(1, 1500) AS i, LATERAL (SELECT timestamptz '2024-05-01 00:00+02' + pg_temp.noise(i, 11, 630000) * interval '1 minute' AS opened) AS o;
INSERT INTO request VALUES (1, '2025-07-01 00:00+02', NULL, NULL, 100, 'price');
CREATE TABLE grief AS SELECT pg_temp.noise(i, 16, 32) AS customer, day, CASE WHEN i % 8 <> 0 THEN day + pg_temp.noise(i, 18, 50) END AS closed FROM generate_series(1, 300) AS i, LATERAL (SELECT date '2024-06-01' + pg_temp.noise(i, 17, 420) AS day) AS d;
CREATE TABLE offer AS
SELECT pg_temp.noise(i, 19, 32) AS customer, date '2024-06-01' + pg_temp.noise(i, 20, 420) AS day, (ARRAY['won', 'lost', 'lost', 'open'])[1 + pg_temp.noise(i, 21, 4)] AS result, i % 3 = 0 AS asked, 10 + pg_temp.noise(i, 22, 5) AS ours,
       CASE WHEN i % 4 <> 0 THEN 9 + pg_temp.noise(i, 23, 6) - CASE WHEN i % 31 = 0 THEN 20 ELSE 0 END END AS theirs, (ARRAY['price', 'quality', 'terms'])[1 + pg_temp.noise(i, 24, 3)] AS reason FROM generate_series(1, 900) AS i;
CREATE TABLE ordered AS
SELECT pg_temp.noise(i, 25, 32) AS customer, 'o' || i AS no, n AS line, date '2024-06-01' + pg_temp.noise(i, 26, 420) AS day, (ARRAY['salesperson', 'web', 'phone', NULL])[1 + pg_temp.noise(i, 27, 4)] AS way, (ARRAY[true, false, NULL])[1 + pg_temp.noise(2 * i + n, 28, 3)] AS compared
FROM generate_series(1, 900) AS i, generate_series(0, 1) AS n;
CREATE TABLE rival AS SELECT i % 20 AS customer, 'rival ' || i % 3 AS name, CASE WHEN i % 11 <> 0 THEN 0.1 + i % 3 * 0.05 END AS share, CASE WHEN i % 5 <> 0 THEN date '2024-01-01' + i * 12 END AS seen FROM generate_series(1, 60) AS i;
CREATE INDEX ON sold (customer, day);
CREATE INDEX ON buyer (id);
CREATE INDEX ON request (customer);
CREATE INDEX ON grief (customer);
CREATE INDEX ON offer (customer);
CREATE INDEX ON ordered (customer);
ANALYZE;

SELECT kam_create_model('crm', 'integer');

-- nothing is bound, and then part by part

SELECT is((SELECT count(*) FROM crm.response_time('2025-06-30')) + (SELECT count(*) FROM crm.customer_service('2025-06-30')) + (SELECT count(*) FROM crm.first_purchases('2025-06-30')) + (SELECT count(*) FROM crm.planning_discipline('2025-06-30'))
  + (SELECT count(*) FROM crm.target_alignment('2025-06-30')) + (SELECT count(*) FROM crm.target_proposal('2025-06-30')) + (SELECT count(*) FROM crm.membership_effect('2025-06-30')), 0::bigint, 'reports without a source are empty');
SELECT kam_bind('crm', 'service_request', 'SELECT customer AS customer_id, opened AS opened_at FROM request');
SELECT is_empty($$ SELECT * FROM crm.response_time('2025-06-30') WHERE dimension NOT IN ('all', 'customer') OR requests IS NULL OR num_nonnulls(answered, response_mean, response_median, response_90, answered_in_time, unanswered, waiting, settled, resolution_mean, resolution_median, settled_in_time, unsettled, response_before, value, status, trend, name, person_id) > 0 $$, 'requests without answers are counted, and no more');
SELECT kam_bind('crm', 'complaint', 'SELECT customer AS customer_id, day AS opened_on FROM grief');
SELECT is_empty($$ SELECT * FROM crm.customer_service('2025-06-30') WHERE complaints IS NULL OR num_nonnulls(orders, intake, past_salesperson, past_salesperson_before, price_compared, complaints_open, complaint_oldest, complaint_days, offers, won, lost, win_rate, asked_to_match, won_when_asked, price_index, won_dearer, lost_reason, value, goal, status, trend, name) > 0 $$, 'complaints alone');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
SELECT is_empty($$ SELECT * FROM crm.first_purchases('2025-06-30') WHERE num_nulls(amount, products, first_order, trend) > 0 OR num_nonnulls(categories, new_categories, new_margin, not_by_salesperson, suppliers, own_share, name, goal, status) > 0 $$, 'sales alone');
SELECT is_empty($$ SELECT * FROM crm.target_proposal('2025-06-30') WHERE parameter <> 'total' OR num_nulls(amount, proposal, mean) > 0 OR num_nonnulls(name, channel, mix, potential, share_of_potential, value, status) > 0 $$, 'without categories there is the total');
INSERT INTO crm.company_target VALUES ('company', '', '[2025-01-01,2026-01-01)', 'amount', 100000), ('territory', 'north', '[2025-01-01,2026-01-01)', 'amount', 40000), ('channel', 'shop', '[2025-01-01,2026-01-01)', 'amount', 60000), ('team', 'team 0', '[2025-01-01,2026-01-01)', 'amount', 30000),
  ('category', 'category 1', '[2025-01-01,2026-01-01)', 'amount', 20000), ('company', '', '[2025-04-01,2025-07-01)', 'amount', 26000), ('company', '', '[2024-01-01,2025-01-01)', 'amount', 9), ('company', '', '[2025-01-01,2026-01-01)', 'margin', 7000);
SELECT set_eq($$ SELECT scope, people_target IS NULL AS p, customers_target IS NULL AS c FROM crm.target_alignment('2025-06-30') $$, $$ VALUES ('company', false, false), ('territory', true, true), ('channel', true, true), ('team', true, true), ('category', true, false) $$, 'who belongs to a part is not known');
SELECT set_eq($$ SELECT scope, measure, actual IS NULL AS unknown, pace IS NULL AS no_pace FROM crm.target_alignment('2025-06-30') $$, $$ VALUES ('company', 'amount', false, false), ('company', 'margin', true, true), ('territory', 'amount', true, true), ('channel', 'amount', true, true), ('team', 'amount', true, true), ('category', 'amount', true, true) $$, 'nor what it sold');

SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, cost, way AS intake_channel FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, region AS territory, agent AS person_id, allied AS strategic_since FROM buyer');
SELECT kam_bind('crm', 'person', 'SELECT id AS person_id, name, team, region AS territory FROM agent');
SELECT kam_bind('crm', 'product', 'SELECT id AS product_id, name, category FROM article');
SELECT kam_bind('crm', 'service_request', 'SELECT customer AS customer_id, opened AS opened_at, answered AS first_response_at, settled AS resolved_at, agent AS person_id, kind FROM request');
SELECT kam_bind('crm', 'complaint', 'SELECT customer AS customer_id, day AS opened_on, closed AS closed_on FROM grief');
SELECT kam_bind('crm', 'tender', 'SELECT customer AS customer_id, day AS offered_on, result, asked AS asked_to_match, ours AS our_price, theirs AS competitor_price, reason FROM offer');
SELECT kam_bind('crm', 'order_line', 'SELECT no AS order_no, customer AS customer_id, line AS product_id, day AS ordered_on, 1 AS ordered, 1 AS delivered, way AS intake_channel, compared AS price_compared FROM ordered');
SELECT kam_bind('crm', 'competitor', 'SELECT customer AS customer_id, name AS competitor, share, seen AS seen_on FROM rival');

-- requests

CREATE VIEW pg_temp.plain_request AS
SELECT d.dimension, d.key, r.*, opened >= timestamptz '2025-01-01 00:00+01' AS now, CASE WHEN answered < timestamptz '2025-07-01 00:00+02' THEN extract(epoch FROM answered - opened) / 3600 END AS response,
  CASE WHEN settled < timestamptz '2025-07-01 00:00+02' THEN extract(epoch FROM settled - opened) / 3600 END AS resolution, extract(epoch FROM timestamptz '2025-07-01 00:00+02' - opened) / 3600 AS age
FROM request AS r LEFT JOIN buyer AS b ON b.id = r.customer LEFT JOIN agent AS p ON p.id = coalesce(r.agent, b.agent),
  LATERAL (VALUES ('all', ''), ('customer', r.customer::text), ('person', coalesce(r.agent, b.agent)::text), ('team', p.team), ('kind', coalesce(r.kind, ''))) AS d (dimension, key)
WHERE opened >= timestamptz '2024-07-04 00:00+02' AND opened < timestamptz '2025-07-01 00:00+02' AND d.key IS NOT NULL;
SELECT results_eq($$ SELECT dimension COLLATE "C", key COLLATE "C", requests, answered, unanswered, settled, unsettled, round(response_mean, 9), round(response_before, 9), round(resolution_mean, 9), round(waiting, 9) FROM crm.response_time('2025-06-30') ORDER BY 1, 2 $$, $$
  SELECT dimension COLLATE "C", key COLLATE "C", count(*) FILTER (WHERE now), count(response) FILTER (WHERE now), count(*) FILTER (WHERE now AND response IS NULL), count(resolution) FILTER (WHERE now), count(*) FILTER (WHERE now AND resolution IS NULL),
    round(avg(response) FILTER (WHERE now), 9), round(avg(response) FILTER (WHERE NOT now), 9), round(avg(resolution) FILTER (WHERE now), 9), round(max(age) FILTER (WHERE now AND response IS NULL), 9)
  FROM pg_temp.plain_request GROUP BY 1, 2 HAVING bool_or(now) ORDER BY 1, 2 $$, 'requests, in all and by customer, person, team and kind');
SELECT results_eq($$ SELECT dimension COLLATE "C", key COLLATE "C", round(response_median, 6), round(response_90, 9), round(resolution_median, 6), round(answered_in_time, 12), round(settled_in_time, 12) FROM crm.response_time('2025-06-30') ORDER BY 1, 2 $$, $$
  SELECT dimension COLLATE "C", key COLLATE "C", round((percentile_cont(0.5) WITHIN GROUP (ORDER BY response))::numeric, 6), round(percentile_disc(0.9) WITHIN GROUP (ORDER BY response), 9), round((percentile_cont(0.5) WITHIN GROUP (ORDER BY resolution))::numeric, 6),
    round(count(*) FILTER (WHERE response <= 24)::numeric / nullif(count(*) FILTER (WHERE response IS NOT NULL OR age > 24), 0), 12), round(count(*) FILTER (WHERE resolution <= 48)::numeric / nullif(count(*) FILTER (WHERE resolution IS NOT NULL OR age > 48), 0), 12)
  FROM pg_temp.plain_request WHERE now GROUP BY 1, 2 ORDER BY 1, 2 $$, 'how fast, and how many in time');
SELECT is_empty($$ SELECT * FROM crm.response_time('2025-06-30') AS r LEFT JOIN buyer AS b ON b.id = r.customer_id LEFT JOIN agent AS p ON r.dimension = 'person' AND p.id = r.person_id WHERE r.name IS DISTINCT FROM coalesce(b.name, p.name)
  OR (dimension = 'customer') <> (customer_id IS NOT NULL) OR dimension = 'customer' AND (customer_id::text, r.person_id) IS DISTINCT FROM (key, b.agent) OR dimension = 'person' AND person_id::text IS DISTINCT FROM key $$, 'who they are');
INSERT INTO crm.kpi_goal (kpi, scope, key, goal, tolerance) VALUES ('answered_in_time', 'all', '', 0.4, NULL), ('answered_in_time', 'person', '101', 0.45, 0.5), ('answered_in_time', 'team', 'team 0', 0.3, NULL), ('answered_in_time', 'customer', '7', 0.9, NULL);
SELECT results_eq($$ SELECT dimension COLLATE "C", key COLLATE "C", goal FROM crm.response_time('2025-06-30') WHERE dimension <> 'customer' OR key IN ('7', '9', '6', '5') ORDER BY 1, 2 $$, $$
  VALUES ('all' COLLATE "C", '' COLLATE "C", 0.4), ('customer', '5', 0.45), ('customer', '6', 0.3), ('customer', '7', 0.9), ('customer', '9', 0.45), ('kind', '', 0.4), ('kind', 'delivery', 0.4), ('kind', 'price', 0.4), ('person', '100', 0.3), ('person', '101', 0.45), ('person', '102', 0.3), ('person', '103', 0.4), ('person', '104', 0.4), ('team', 'team 0', 0.3), ('team', 'team 1', 0.4) $$, 'goals, the nearest of them');
SELECT is_empty($$ SELECT * FROM crm.response_time('2025-06-30') WHERE value IS DISTINCT FROM answered_in_time OR trend IS DISTINCT FROM sign(response_before - response_mean)::integer OR status IS DISTINCT FROM CASE WHEN value >= goal THEN 1 WHEN goal = 0.45 AND value >= 0.225 THEN 0 WHEN value < goal THEN -1 END $$, 'status and trend');
SELECT set_eq($$ SELECT status FROM crm.response_time('2025-06-30') WHERE status IS NOT NULL $$, '{1,0,-1}'::integer[], 'each of them');
UPDATE crm.setting SET response_hours = 2, resolution_hours = 10;
SELECT results_eq($$ SELECT round(answered_in_time, 12), round(settled_in_time, 12) FROM crm.response_time('2025-06-30') WHERE dimension = 'all' $$, $$ SELECT round(count(*) FILTER (WHERE response <= 2)::numeric / count(*) FILTER (WHERE response IS NOT NULL OR age > 2), 12), round(count(*) FILTER (WHERE resolution <= 10)::numeric / count(*) FILTER (WHERE resolution IS NOT NULL OR age > 10), 12)
  FROM pg_temp.plain_request WHERE now AND dimension = 'all' $$, 'settings are heard');
UPDATE crm.setting SET response_hours = DEFAULT, resolution_hours = DEFAULT;
SELECT results_eq($$ SELECT * FROM crm.response_time ORDER BY dimension, key $$, $$ SELECT * FROM crm.response_time((SELECT max(day) FROM sold), '[2025-01-01,2026-01-01)') ORDER BY dimension, key $$, 'the view');
SELECT is((SELECT requests FROM crm.response_time('2025-03-30', '[2025-03-30,2025-03-31)') WHERE dimension = 'all'), (SELECT count(*) FROM request WHERE opened >= timestamptz '2025-03-30 00:00+01' AND opened < timestamptz '2025-03-31 00:00+02'), 'a day of 23 hours');

-- orders, complaints, offers

SELECT results_eq($$ SELECT customer_id, orders, round(past_salesperson, 12), round(past_salesperson_before, 12), round(price_compared, 12) FROM crm.customer_service('2025-06-30') WHERE orders > 0 ORDER BY 1 $$, $$
  WITH o AS (SELECT customer, no, min(day) AS day, min(way) AS way, bool_or(compared) AS compared FROM ordered WHERE day BETWEEN '2024-07-04' AND '2025-06-30' GROUP BY 1, 2)
  SELECT customer, count(*) FILTER (WHERE day >= '2025-01-01'), round(avg((way <> 'salesperson')::integer) FILTER (WHERE day >= '2025-01-01'), 12), round(avg((way <> 'salesperson')::integer) FILTER (WHERE day < '2025-01-01'), 12), round(avg(compared::integer) FILTER (WHERE day >= '2025-01-01'), 12)
  FROM o GROUP BY 1 HAVING count(*) FILTER (WHERE day >= '2025-01-01') > 0 ORDER BY 1 $$, 'orders of two lines, past the salesperson, with a comparison of prices');
SELECT is_empty($$ SELECT customer_id FROM crm.customer_service('2025-06-30') WHERE orders > 0 AND (SELECT count(DISTINCT no) FROM ordered WHERE customer = customer_id AND day BETWEEN '2025-01-01' AND '2025-06-30' AND way = intake)
  < (SELECT max(n) FROM (SELECT count(DISTINCT no) AS n FROM ordered WHERE customer = customer_id AND day BETWEEN '2025-01-01' AND '2025-06-30' AND way IS NOT NULL GROUP BY way) AS x) $$, 'no way has more of them than that named');
SELECT isnt_empty($$ SELECT FROM crm.customer_service('2025-06-30') WHERE intake = 'web' AND past_salesperson BETWEEN 0.1 AND 0.9 AND price_compared BETWEEN 0.1 AND 0.9 $$, 'there are such');
SELECT results_eq($$ SELECT customer_id, complaints, complaints_open, complaint_oldest, round(complaint_days, 9) FROM crm.customer_service('2025-06-30') ORDER BY 1 $$, $$
  SELECT id, count(day) FILTER (WHERE day >= '2025-01-01'), count(day) FILTER (WHERE closed > '2025-06-30' OR closed IS NULL), max(date '2025-06-30' - day) FILTER (WHERE closed > '2025-06-30' OR closed IS NULL), round(avg(closed - day) FILTER (WHERE closed BETWEEN '2025-01-01' AND '2025-06-30'), 9)
  FROM generate_series(0, 31) AS id LEFT JOIN grief ON customer = id AND day <= '2025-06-30' GROUP BY 1 ORDER BY 1 $$, 'complaints');
CREATE VIEW pg_temp.plain_offer AS SELECT customer, day >= '2025-01-01' AS now, CASE result WHEN 'won' THEN 1 WHEN 'lost' THEN 0 END AS won, result, asked, ours, theirs, reason FROM offer WHERE day BETWEEN '2024-07-04' AND '2025-06-30';
SELECT results_eq($$ SELECT customer_id, offers, won, lost, round(win_rate, 12), asked_to_match, round(won_when_asked, 12), round(price_index, 12), round(won_dearer, 12), trend FROM crm.customer_service('2025-06-30') WHERE offers > 0 ORDER BY 1 $$, $$
  SELECT customer, count(*) FILTER (WHERE now), count(*) FILTER (WHERE now AND won = 1), count(*) FILTER (WHERE now AND won = 0), round(avg(won) FILTER (WHERE now), 12), count(*) FILTER (WHERE now AND asked), round(avg(won) FILTER (WHERE now AND asked), 12),
    round(sum(ours) FILTER (WHERE now AND theirs > 0)::numeric / nullif(sum(theirs) FILTER (WHERE now AND theirs > 0), 0), 12), round(avg(won) FILTER (WHERE now AND ours > theirs AND theirs > 0), 12), sign(round(avg(won) FILTER (WHERE now), 9) - round(avg(won) FILTER (WHERE NOT now), 9))::integer
  FROM pg_temp.plain_offer GROUP BY 1 HAVING count(*) FILTER (WHERE now) > 0 ORDER BY 1 $$, 'offers');
SELECT is_empty($$ SELECT customer_id FROM crm.customer_service('2025-06-30') WHERE (lost > 0) <> (lost_reason IS NOT NULL) OR (SELECT count(*) FROM pg_temp.plain_offer WHERE customer = customer_id AND now AND won = 0 AND reason = lost_reason)
  < (SELECT max(n) FROM (SELECT count(*) AS n FROM pg_temp.plain_offer WHERE customer = customer_id AND now AND won = 0 GROUP BY reason) AS x) $$, 'what most were lost for');
INSERT INTO crm.kpi_goal (kpi, scope, key, goal) VALUES ('win_rate', 'all', '', 0.3), ('win_rate', 'channel', 'shop', 0.5);
SELECT is_empty($$ SELECT * FROM crm.customer_service('2025-06-30') WHERE goal IS DISTINCT FROM CASE channel WHEN 'shop' THEN 0.5 ELSE 0.3 END OR value IS DISTINCT FROM win_rate OR status IS DISTINCT FROM CASE WHEN value >= goal THEN 1 WHEN value < goal THEN -1 END $$, 'goals');
SELECT results_eq($$ SELECT * FROM crm.customer_service ORDER BY customer_id $$, $$ SELECT * FROM crm.customer_service((SELECT max(day) FROM sold), '[2025-01-01,2026-01-01)') ORDER BY customer_id $$, 'the view');
SELECT isnt((SELECT sum(complaints_open) FROM crm.customer_service('2025-03-31')), (SELECT sum(complaints_open) FROM crm.customer_service('2025-06-30')), 'as of another day');
SELECT is((SELECT sum(complaints_open) FROM crm.customer_service('2025-03-31')), (SELECT count(*) FROM grief WHERE day <= '2025-03-31' AND (closed > '2025-03-31' OR closed IS NULL))::numeric, 'what was open then');

-- more products to the same customers

CREATE VIEW pg_temp.plain_first AS
SELECT customer, product, category, min(day) FILTER (WHERE amount > 0) AS first, coalesce(sum(amount) FILTER (WHERE day >= '2025-01-01'), 0) AS amount, coalesce(sum(amount - cost) FILTER (WHERE day >= '2025-01-01'), 0) AS margin,
  count(*) FILTER (WHERE day >= '2025-01-01' AND cost IS NULL) AS lacks, coalesce(sum(amount) FILTER (WHERE day BETWEEN '2024-01-01' AND '2024-06-30'), 0) AS before FROM sold JOIN article ON id = product WHERE day <= '2025-06-30' GROUP BY 1, 2, 3;
SELECT results_eq($$ SELECT customer_id, first_order, new_customer, amount, products, categories, trend FROM crm.first_purchases('2025-06-30') ORDER BY 1 $$, $$
  SELECT customer, min(first), min(first) >= '2025-01-01', sum(amount), count(*) FILTER (WHERE amount > 0), count(DISTINCT category) FILTER (WHERE amount > 0), sign(count(*) FILTER (WHERE amount > 0) - count(*) FILTER (WHERE before > 0))::integer FROM pg_temp.plain_first GROUP BY 1 ORDER BY 1 $$, 'what they buy');
SELECT results_eq($$ SELECT customer_id, new_products, new_categories, new_amount, new_margin, round(cross_sell_share, 12) FROM crm.first_purchases('2025-06-30') WHERE NOT new_customer ORDER BY 1 $$, $$
  SELECT customer, count(*) FILTER (WHERE first >= '2025-01-01'), (SELECT count(*) FROM (SELECT FROM pg_temp.plain_first AS c WHERE c.customer = f.customer AND category IS NOT NULL GROUP BY category HAVING min(first) >= '2025-01-01') AS x), coalesce(sum(amount) FILTER (WHERE first >= '2025-01-01'), 0),
    CASE WHEN coalesce(sum(lacks) FILTER (WHERE first >= '2025-01-01'), 0) = 0 THEN coalesce(sum(margin) FILTER (WHERE first >= '2025-01-01'), 0) END, round(CASE WHEN sum(amount) > 0 THEN coalesce(sum(amount) FILTER (WHERE first >= '2025-01-01'), 0) / sum(amount) END, 12)
  FROM pg_temp.plain_first AS f GROUP BY 1 HAVING min(first) < '2025-01-01' ORDER BY 1 $$, 'what is new to them');
SELECT isnt_empty($$ SELECT FROM crm.first_purchases('2025-06-30') WHERE new_products > 0 AND new_margin > 0 AND new_categories > 0 $$, 'something is');
SELECT set_eq($$ SELECT customer_id FROM crm.first_purchases('2025-06-30') WHERE new_customer AND num_nonnulls(new_products, new_categories, new_amount, new_margin, cross_sell_share) = 0 $$, 'SELECT customer FROM pg_temp.plain_first GROUP BY 1 HAVING min(first) >= $$2025-01-01$$', 'to a new customer all is');
SELECT isnt_empty($$ SELECT FROM crm.first_purchases('2025-06-30') WHERE new_customer $$, 'there are such');
SELECT results_eq($$ SELECT customer_id, round(not_by_salesperson, 12) FROM crm.first_purchases('2025-06-30') ORDER BY 1 $$, $$ SELECT customer, round(CASE WHEN sum(amount) FILTER (WHERE way IS NOT NULL) > 0 THEN coalesce(sum(amount) FILTER (WHERE way <> 'salesperson'), 0) / sum(amount) FILTER (WHERE way IS NOT NULL) END, 12) FROM sold WHERE day BETWEEN '2025-01-01' AND '2025-06-30' GROUP BY 1 ORDER BY 1 $$, 'what came in by another way');
SELECT results_eq($$ SELECT customer_id, suppliers, own_share FROM crm.first_purchases('2025-06-30') ORDER BY 1 $$, $$
  WITH l AS (SELECT DISTINCT ON (customer, name) * FROM rival WHERE seen <= '2025-06-30' OR seen IS NULL ORDER BY customer, name, seen DESC NULLS LAST, share DESC NULLS LAST)
  SELECT c, count(l.customer), CASE WHEN count(l.share) = count(l.customer) AND count(l.customer) > 0 THEN 1 - sum(share) END FROM (SELECT DISTINCT customer AS c FROM sold) AS b LEFT JOIN l ON l.customer = c GROUP BY 1 ORDER BY 1 $$, 'who sells beside us');
INSERT INTO crm.kpi_goal (kpi, goal) VALUES ('cross_sell_share', 0.05);
SELECT is_empty($$ SELECT FROM crm.first_purchases('2025-06-30') WHERE goal <> 0.05 OR value IS DISTINCT FROM cross_sell_share OR status IS DISTINCT FROM CASE WHEN value >= 0.05 THEN 1 WHEN value < 0.05 THEN -1 END $$, 'goal and status');
SELECT results_eq($$ SELECT * FROM crm.first_purchases ORDER BY customer_id $$, $$ SELECT * FROM crm.first_purchases((SELECT max(day) FROM sold)) ORDER BY customer_id $$, 'the view');

-- plans and agreements

INSERT INTO crm.kam_member SELECT i, CASE i % 3 WHEN 0 THEN 'strategic' WHEN 1 THEN 'growth' ELSE 'protection' END, CASE WHEN i = 4 THEN daterange '[2024-01-01,2025-01-01)' ELSE '[2024-01-01,)' END FROM generate_series(0, 12) AS i;
INSERT INTO crm.plan (customer_id, kind, period, submitted_on, status)
SELECT i, kind, CASE kind WHEN 'annual' THEN daterange '[2025-01-01,2026-01-01)' ELSE '[2025-03-01,2026-03-01)' END, date '2024-12-20' - 9 * i, CASE WHEN i % 7 = 6 THEN 'draft' ELSE 'active' END FROM generate_series(0, 13) AS i, unnest('{annual,internal,joint}'::text[]) AS kind WHERE (i + length(kind)) % 3 <> 0;
INSERT INTO crm.plan (customer_id, kind, period) SELECT i, 'customer', '[2025-01-01,2026-01-01)' FROM generate_series(3, 20, 3) AS i;
INSERT INTO crm.plan (customer_id, kind, period, submitted_on, status)
SELECT i, 'rolling', daterange(m::date, (m + interval '1 month')::date), CASE WHEN (i + n) % 5 <> 0 THEN m::date - 50 - 2 * i END, CASE WHEN n = 7 AND i = 3 THEN 'draft' ELSE 'active' END FROM generate_series(0, 10) AS i, generate_series(1, 9) AS n, LATERAL (SELECT make_timestamp(2025, n, 1, 0, 0, 0) AS m) AS d WHERE (i * n) % 4 <> 1;
INSERT INTO crm.plan (customer_id, kind, period) VALUES (30, 'rolling', '[2025-06-15,2025-11-01)'), (30, 'annual', '[2026-01-01,2027-01-01)'), (20, 'annual', '[2026-01-01,2027-01-01)'), (21, 'annual', '[2026-01-01,2027-01-01)'), (22, 'customer', '[2027-01-01,2028-01-01)');
INSERT INTO crm.plan_line (plan_id, measure, target) SELECT plan_id, measure, 0.5 FROM crm.plan, unnest('{amount,quantity,market_share,margin,execution,fill_rate,products}'::text[]) AS measure WHERE kind IN ('annual', 'customer') AND (customer_id + length(measure)) % 4 <> 0;
INSERT INTO crm.plan_line (plan_id, parameter, key, target) SELECT plan_id, 'category', 'category ' || customer_id % 3, 1000 + customer_id FROM crm.plan WHERE kind IN ('annual', 'customer');
UPDATE crm.plan_line AS l SET target = 2000 + 10 * customer_id FROM crm.plan AS p WHERE p.plan_id = l.plan_id AND measure = 'amount' AND parameter = 'total';
INSERT INTO crm.agreement (customer_id, period, signed_on, next_review_on, reviewed_on) SELECT i, '[2025-01-01,2026-01-01)', CASE WHEN i % 4 <> 0 THEN date '2024-12-20' + i END, CASE WHEN i % 3 <> 0 THEN date '2025-06-01' + 5 * i END, CASE WHEN i % 5 = 0 THEN date '2025-06-20' END FROM generate_series(0, 15) AS i;
INSERT INTO crm.agreement (customer_id, period, signed_on) VALUES (16, '[2025-01-01,2025-03-01)', '2024-12-01'), (16, '[2025-03-01,2026-01-01)', '2025-08-01'), (17, '[2024-01-01,2025-01-01)', '2023-12-01');
CREATE VIEW pg_temp.plain_plan AS
SELECT id, EXISTS (SELECT FROM crm.plan WHERE customer_id = id AND kind IN ('annual', 'customer') AND status <> 'draft' AND period && '[2025-01-01,2026-01-01)') AS annual, EXISTS (SELECT FROM crm.plan WHERE customer_id = id AND kind = 'internal' AND status <> 'draft' AND period && '[2025-01-01,2026-01-01)') AS internal,
  EXISTS (SELECT FROM crm.plan WHERE customer_id = id AND kind = 'joint' AND status <> 'draft' AND period && '[2025-01-01,2026-01-01)') AS joint, EXISTS (SELECT FROM crm.plan WHERE customer_id = id AND kind IN ('annual', 'customer') AND lower(period) >= '2026-01-01') AS next,
  (SELECT count(*) FROM unnest('{2025-07-01,2025-08-01,2025-09-01}'::date[]) AS m WHERE NOT EXISTS (SELECT FROM generate_series(m::timestamp, m + interval '27 days', '1 day') AS d WHERE NOT EXISTS (SELECT FROM crm.plan WHERE customer_id = id AND kind = 'rolling' AND status <> 'draft' AND period @> d::date)))::integer AS months,
  (SELECT count(*) FROM crm.plan WHERE customer_id = id AND kind <> 'customer' AND lower(period) BETWEEN '2025-01-01' AND '2025-08-30') AS due, (SELECT count(*) FROM crm.plan WHERE customer_id = id AND kind <> 'customer' AND lower(period) BETWEEN '2025-01-01' AND '2025-08-30' AND submitted_on + interval '2 months' <= lower(period)) AS in_time,
  (SELECT signed_on FROM crm.agreement WHERE customer_id = id AND period @> date '2025-06-30' AND signed_on <= '2025-06-30') AS signed, (SELECT CASE WHEN reviewed_on >= next_review_on THEN 0 ELSE greatest('2025-06-30' - next_review_on, 0) END FROM crm.agreement WHERE customer_id = id AND period @> date '2025-06-30' AND next_review_on IS NOT NULL) AS overdue,
  coalesce((SELECT allied <= '2025-06-30' FROM buyer AS b WHERE b.id = g.id), false) AS allied, (SELECT kam_group FROM crm.kam_member WHERE customer_id = g.id AND valid @> date '2025-06-30') AS member
FROM generate_series(0, 34) AS g (id) WHERE id IN (SELECT customer_id FROM crm.kam_member WHERE valid @> date '2025-06-30' UNION SELECT customer_id FROM crm.plan WHERE period && '[2025-01-01,2026-01-01)' UNION SELECT customer_id FROM crm.agreement WHERE period && '[2025-01-01,2026-01-01)');
SELECT results_eq($$ SELECT customer_id, kam_group COLLATE "C", strategic, annual_plan, internal_plan, joint_plan, next_annual_plan, rolling_months FROM crm.planning_discipline('2025-06-30') ORDER BY 1 $$, 'SELECT id, member COLLATE "C", allied, annual, internal, joint, next, months FROM pg_temp.plain_plan ORDER BY 1', 'which plans there are');
SELECT set_has($$ SELECT rolling_months FROM crm.planning_discipline('2025-06-30') $$, 'SELECT unnest($${0,2,3}$$::integer[])', 'none, two or three months');
SELECT results_eq($$ SELECT customer_id, plans_due, plans_in_time, round(in_time, 12) FROM crm.planning_discipline('2025-06-30') ORDER BY 1 $$, 'SELECT id, due, in_time, round(in_time::numeric / nullif(due, 0), 12) FROM pg_temp.plain_plan ORDER BY 1', 'and whether in time');
SELECT isnt_empty($$ SELECT FROM crm.planning_discipline('2025-06-30') WHERE in_time > 0 AND in_time < 1 $$, 'some were, others not');
SELECT results_eq($$ SELECT customer_id, signed_on, review_overdue FROM crm.planning_discipline('2025-06-30') ORDER BY 1 $$, 'SELECT id, signed, overdue FROM pg_temp.plain_plan ORDER BY 1', 'agreements and reviews');
SELECT set_eq($$ SELECT customer_id, signed_in_time FROM crm.planning_discipline('2025-06-30') WHERE signed_in_time IS NOT NULL $$, $$ SELECT customer_id, signed_on < '2025-01-01' AS t FROM crm.agreement WHERE period = '[2025-01-01,2026-01-01)' AND signed_on IS NOT NULL $$, 'signed before they began');
SELECT results_eq($$ SELECT customer_id, indicators FROM crm.planning_discipline('2025-06-30') ORDER BY 1 $$, $$ SELECT id, (SELECT count(DISTINCT replace(measure, 'quantity', 'amount')) FROM crm.plan JOIN crm.plan_line USING (plan_id) WHERE customer_id = id AND status <> 'draft' AND kind IN ('annual', 'customer') AND period && '[2025-01-01,2026-01-01)' AND parameter = 'total' AND measure <> 'products') FROM pg_temp.plain_plan ORDER BY 1 $$, 'with how many indicators');
SELECT results_eq($$ SELECT customer_id, round(value, 12), goal, status FROM crm.planning_discipline('2025-06-30') ORDER BY 1 $$, $$
  SELECT id, round(v, 12), 1::numeric, CASE WHEN v = 1 THEN 1 ELSE -1 END FROM pg_temp.plain_plan, LATERAL (SELECT (annual::integer * 3 + internal::integer * 3 + (signed IS NOT NULL)::integer * 3 + months + CASE WHEN allied AND joint THEN 3 ELSE 0 END) / CASE WHEN allied THEN 15.0 ELSE 12.0 END AS v) AS x ORDER BY 1 $$, 'how much of it is there');
INSERT INTO crm.kpi_goal (kpi, scope, key, goal, tolerance) VALUES ('plan_coverage', 'channel', 'cafe', 0.5, 0.4);
SELECT is_empty($$ SELECT * FROM crm.planning_discipline('2025-06-30') WHERE goal <> CASE channel WHEN 'cafe' THEN 0.5 ELSE 1 END OR status <> kpi_status(value, goal, CASE channel WHEN 'cafe' THEN 0.4 ELSE 0 END) OR plan_coverage <> value $$, 'a goal of one''s own');
SELECT isnt_empty($$ SELECT FROM crm.planning_discipline('2025-06-30') WHERE strategic $$, 'some are in strategic cooperation');
SELECT results_eq($$ SELECT * FROM crm.planning_discipline ORDER BY customer_id $$, $$ SELECT * FROM crm.planning_discipline((SELECT max(day) FROM sold), '[2025-01-01,2026-01-01)') ORDER BY customer_id $$, 'the view');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, region AS territory, agent AS person_id FROM buyer');
SELECT is_empty($$ SELECT FROM crm.planning_discipline('2025-06-30') WHERE strategic IS NOT NULL $$, 'who is in strategic cooperation is not known');

-- does the programme work

INSERT INTO crm.kam_member VALUES (4, 'growth', '[2025-03-01,)'), (13, 'growth', '[2024-07-15,2024-08-01)'), (13, 'strategic', '[2024-08-01,)'), (14, 'growth', '[2025-01-01,)'), (15, 'protection', '(,)'), (16, 'growth', '[2025-06-15,)'), (17, 'growth', '[-infinity,)'), (33, 'growth', '[2025-02-02,)'), (18, 'growth', '[2026-01-01,)');
CREATE VIEW pg_temp.plain_member AS
SELECT customer_id, joined, months, (start - make_interval(months => months))::date AS first, start, (start + make_interval(months => months))::date AS next
FROM (SELECT customer_id, min(lower(valid)) AS joined, CASE WHEN extract(day FROM min(lower(valid))) = 1 THEN min(lower(valid)) ELSE (date_trunc('month', min(lower(valid))) + interval '1 month')::date END AS start FROM crm.kam_member WHERE customer_id NOT IN (15, 17, 18) GROUP BY 1) AS j,
  LATERAL (SELECT count(*)::integer AS months FROM generate_series(1, 12) AS n WHERE start + make_interval(months => n) <= '2025-07-01') AS w WHERE months > 0;
SELECT results_eq($$ SELECT customer_id, joined, months, before, after, round(amount_before, 9), round(amount_after, 9), round(amount_change, 9), round(margin_before, 9), round(margin_after, 9), round(margin_change, 9), round(others_change, 9), trend FROM crm.membership_effect('2025-06-30') ORDER BY 1 $$, $$
  SELECT customer_id, joined, months, daterange(first, start), daterange(start, next), round(b.amount / months, 9), round(a.amount / months, 9), round(CASE WHEN b.amount > 0 THEN a.amount / b.amount - 1 END, 9), round(b.margin / months, 9), round(a.margin / months, 9), round(CASE WHEN b.margin > 0 THEN a.margin / b.margin - 1 END, 9),
    round(CASE WHEN o.before > 0 THEN o.after / o.before - 1 END, 9), sign(a.amount - b.amount)::integer FROM pg_temp.plain_member,
    LATERAL (SELECT coalesce(sum(amount), 0) AS amount, CASE WHEN count(*) = count(cost) THEN coalesce(sum(amount - cost), 0) END AS margin FROM sold WHERE customer = customer_id AND day >= first AND day < start) AS b,
    LATERAL (SELECT coalesce(sum(amount), 0) AS amount, CASE WHEN count(*) = count(cost) THEN coalesce(sum(amount - cost), 0) END AS margin FROM sold WHERE customer = customer_id AND day >= start AND day < next) AS a,
    LATERAL (SELECT coalesce(sum(amount) FILTER (WHERE day < start), 0) AS before, coalesce(sum(amount) FILTER (WHERE day >= start), 0) AS after FROM sold WHERE day >= first AND day < next AND customer NOT IN (SELECT customer_id FROM crm.kam_member)) AS o ORDER BY 1 $$, 'before and since');
SELECT set_has($$ SELECT months FROM crm.membership_effect('2025-06-30') $$, 'SELECT unnest($${4,6,11,12}$$::integer[])', 'windows of any length');
SELECT is_empty($$ SELECT FROM crm.membership_effect('2025-06-30') WHERE (value, goal) IS DISTINCT FROM (amount_change, others_change) OR status IS DISTINCT FROM CASE WHEN amount_change >= others_change THEN 1 WHEN amount_change < others_change THEN -1 END $$, 'is it more than that of others');
SELECT set_has($$ SELECT status FROM crm.membership_effect('2025-06-30') $$, 'VALUES (1), (-1)', 'of some it is');
SELECT results_eq($$ SELECT * FROM crm.membership_effect ORDER BY customer_id $$, $$ SELECT * FROM crm.membership_effect((SELECT max(day) FROM sold)) ORDER BY customer_id $$, 'the view');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
SELECT is_empty($$ SELECT margin_before FROM crm.membership_effect('2025-06-30') WHERE num_nonnulls(margin_before, margin_after, margin_change) > 0 $$, 'no costs, no margins');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, cost, way AS intake_channel FROM sold');

-- targets of the company, of people, of customers

INSERT INTO crm.person_target SELECT 100 + i, p, 'amount', t FROM generate_series(0, 4) AS i, (VALUES (daterange '[2025-01-01,2026-01-01)', 21000), ('[2025-04-01,2025-07-01)', 5000)) AS v (p, t) WHERE i <> 3;
INSERT INTO crm.person_target VALUES (103, '[2025-01-01,2025-07-01)', 'amount', 7000), (103, '[2025-07-01,2026-01-01)', 'amount', 8000), (101, '[2025-01-01,2026-01-01)', 'active outlets', 12);
INSERT INTO crm.kam_assignment VALUES (3, 104, 'manager', '[2025-01-01,)'), (9, 104, 'manager', '[2024-01-01,2025-01-01)');
CREATE VIEW pg_temp.plain_line AS
SELECT DISTINCT ON (customer_id, parameter, key, measure) p.customer_id, parameter, key, measure, target, channel, b.region, team, g.id AS person
FROM crm.plan AS p JOIN crm.plan_line USING (plan_id) JOIN buyer AS b ON b.id = customer_id LEFT JOIN agent AS g ON g.id = CASE WHEN customer_id = 3 THEN 104 ELSE agent END
WHERE kind IN ('annual', 'customer') AND status <> 'draft' AND period = '[2025-01-01,2026-01-01)' ORDER BY customer_id, parameter, key, measure, kind;
SELECT results_eq($$ SELECT scope COLLATE "C", key COLLATE "C", period, measure COLLATE "C", target, people, people_target, people_gap FROM crm.target_alignment('2025-06-30') WHERE scope <> 'person' ORDER BY 1, 2, 3, 4 $$, $$
  VALUES ('category' COLLATE "C", 'category 1' COLLATE "C", daterange '[2025-01-01,2026-01-01)', 'amount' COLLATE "C", 20000::numeric, NULL::bigint, NULL::numeric, NULL::numeric), ('channel', 'shop', '[2025-01-01,2026-01-01)', 'amount', 60000, NULL, NULL, NULL), ('company', '', '[2025-01-01,2026-01-01)', 'amount', 100000, 5, 99000, 1000),
    ('company', '', '[2025-01-01,2026-01-01)', 'margin', 7000, 0, 0, 7000), ('company', '', '[2025-04-01,2025-07-01)', 'amount', 26000, 4, 20000, 6000), ('team', 'team 0', '[2025-01-01,2026-01-01)', 'amount', 30000, 2, 42000, -12000), ('territory', 'north', '[2025-01-01,2026-01-01)', 'amount', 40000, 3, 63000, -23000) $$, 'targets of people: of the same days, or else of those within');
SELECT results_eq($$ SELECT scope COLLATE "C", key COLLATE "C", measure COLLATE "C", customers, customers_target, customers_gap, round(customers_coverage, 12) FROM crm.target_alignment('2025-06-30') WHERE scope <> 'person' AND period = '[2025-01-01,2026-01-01)' ORDER BY 1, 2, 3 $$, $$
  SELECT scope COLLATE "C", key COLLATE "C", measure COLLATE "C", n, s, target - s, round(s / target, 12) FROM crm.company_target AS c, LATERAL (SELECT count(*) AS n, coalesce(sum(target), 0) AS s FROM pg_temp.plain_line AS l WHERE l.measure = c.measure AND CASE c.scope WHEN 'category' THEN l.key = c.key ELSE l.parameter = 'total' END
    AND CASE c.scope WHEN 'territory' THEN region = c.key WHEN 'channel' THEN channel = c.key WHEN 'team' THEN team = c.key ELSE true END) AS x WHERE period = '[2025-01-01,2026-01-01)' ORDER BY 1, 2, 3 $$, 'plans of customers');
SELECT is_empty($$ SELECT FROM crm.target_alignment('2025-06-30') WHERE scope <> 'person' AND customers = 0 AND period = '[2025-01-01,2026-01-01)' $$, 'each has some');
SELECT results_eq($$ SELECT key COLLATE "C", name COLLATE "C", target, people, customers, customers_target FROM crm.target_alignment('2025-06-30') WHERE scope = 'person' AND period = '[2025-01-01,2026-01-01)' ORDER BY 1 $$, $$
  SELECT id::text COLLATE "C", name COLLATE "C", 21000::numeric, NULL::bigint, n, s FROM agent, LATERAL (SELECT count(*) AS n, coalesce(sum(target), 0) AS s FROM pg_temp.plain_line WHERE person = id AND parameter = 'total' AND measure = 'amount') AS x WHERE id <> 103 ORDER BY 1 $$, 'his customers, by who manages them on the day');
SELECT is_empty($$ SELECT FROM crm.target_alignment('2025-06-30') WHERE (value, goal) IS DISTINCT FROM (customers_target, target) OR status <> CASE WHEN value >= goal THEN 1 ELSE -1 END OR status IS NULL OR measure = 'active outlets' $$, 'value, goal and status');
CREATE VIEW pg_temp.plain_sold AS SELECT s.*, channel, b.region, g.team, g.id AS person, category FROM sold AS s LEFT JOIN buyer AS b ON b.id = customer LEFT JOIN agent AS g ON g.id = CASE WHEN customer = 3 THEN 104 ELSE agent END LEFT JOIN article AS a ON a.id = product WHERE day <= '2025-06-30';
SELECT is_empty($$ SELECT scope, key, period, measure FROM crm.target_alignment('2025-06-30') AS t, LATERAL (SELECT coalesce(sum(CASE measure WHEN 'amount' THEN amount ELSE amount - cost END), 0) AS actual, count(*) FILTER (WHERE cost IS NULL) AS lacks FROM pg_temp.plain_sold WHERE day <@ period
  AND CASE scope WHEN 'territory' THEN region = key WHEN 'channel' THEN channel = key WHEN 'team' THEN team = key WHEN 'category' THEN category = key WHEN 'person' THEN person::text = key ELSE true END) AS s
  WHERE t.actual IS DISTINCT FROM CASE WHEN (measure = 'amount' OR lacks = 0) AND lower(period) <= '2025-06-30' THEN s.actual END OR round(run_rate, 6) IS DISTINCT FROM CASE WHEN t.actual IS NOT NULL THEN round(run_rate(t.actual, period, '2025-06-30'), 6) END
    OR round(prorata_target, 6) IS DISTINCT FROM round(target * elapsed_share(period, '2025-06-30'), 6) OR round(attainment, 6) IS DISTINCT FROM round(run_rate / target, 6) OR pace IS DISTINCT FROM sign(run_rate - target)::integer $$, 'what came in, and at which pace');
SELECT set_has($$ SELECT scope, pace FROM crm.target_alignment('2025-06-30') WHERE actual > 0 $$, $$ VALUES ('company', 1), ('company', -1), ('person', 1), ('team', 1), ('territory', -1), ('channel', -1), ('category', 1) $$, 'some are ahead, others behind');
SELECT isnt_empty($$ SELECT FROM crm.target_alignment('2025-06-30') WHERE measure = 'margin' AND actual IS NULL AND target > 0 $$, 'a margin of which costs are missing');
SELECT is((SELECT count(*) FROM crm.target_alignment('2024-06-30')), 1::bigint, 'of another year');
SELECT results_eq($$ SELECT * FROM crm.target_alignment ORDER BY scope, key, period, measure $$, $$ SELECT * FROM crm.target_alignment((SELECT max(day) FROM sold), '[2025-01-01,2026-01-01)') ORDER BY scope, key, period, measure $$, 'the view');

-- proposed targets

INSERT INTO crm.potential SELECT i, c, '[2025-01-01,2026-01-01)', 9000 + i FROM generate_series(0, 9) AS i, unnest('{"","category 1"}'::text[]) AS c;
UPDATE crm.setting SET growth = 0.1, gap_share = 0.25;
CREATE VIEW pg_temp.plain_prior AS
WITH line AS (SELECT customer, day, amount, parameter, key FROM sold JOIN article ON id = product, LATERAL (VALUES ('total', ''), ('category', category)) AS v (parameter, key) WHERE key IS NOT NULL),
who AS (SELECT id, channel, (SELECT min(day) FROM sold WHERE customer = id AND amount > 0) AS first FROM buyer WHERE id IN (SELECT customer FROM sold WHERE day BETWEEN '2024-07-01' AND '2025-06-30')),
grid AS (SELECT id, channel, first, parameter, key, (SELECT coalesce(sum(amount), 0) FROM line AS l WHERE l.customer = id AND l.parameter = p.parameter AND l.key = p.key AND day BETWEEN '2024-07-01' AND '2025-06-30') AS amount,
  (SELECT coalesce(sum(amount), 0) FROM line AS l WHERE l.customer = id AND l.parameter = p.parameter AND l.key = p.key AND day BETWEEN '2023-07-01' AND '2024-06-30') AS before FROM who, (SELECT DISTINCT parameter, key FROM line WHERE day BETWEEN '2024-07-01' AND '2025-06-30') AS p)
SELECT g.*, (SELECT avg(amount) FROM grid AS o WHERE o.channel = g.channel AND o.parameter = g.parameter AND o.key = g.key) AS mean, (SELECT count(*) FROM who AS o WHERE o.channel = g.channel) AS peers FROM grid AS g;
SELECT results_eq($$ SELECT customer_id, parameter COLLATE "C", key COLLATE "C", amount, before, change, customers, round(mean, 9), round(peer_index, 9), action COLLATE "C", trend FROM crm.target_proposal('2025-07-10') ORDER BY 1, 2, 3 $$, $$
  SELECT id, parameter COLLATE "C", key COLLATE "C", amount, before, amount - before, peers, round(mean, 9), round(CASE WHEN mean > 0 THEN amount / mean END, 9), (CASE WHEN amount < mean THEN 'growth_engine' ELSE 'preserve' END) COLLATE "C", sign(amount - before)::integer FROM pg_temp.plain_prior ORDER BY 1, 2, 3 $$, 'where each stands, in what he does not buy, too');
SELECT isnt_empty($$ SELECT FROM crm.target_proposal('2025-07-10') WHERE parameter = 'category' AND amount = 0 AND proposal > 0 $$, 'some buy none of it');
SELECT results_eq($$ SELECT customer_id, parameter COLLATE "C", key COLLATE "C", round(proposal, 9), round(growth_part, 9), round(gap_part, 9), round(share_of_potential, 9) FROM crm.target_proposal('2025-07-10') ORDER BY 1, 2, 3 $$, $$
  SELECT id, parameter COLLATE "C", key COLLATE "C", round(amount * 1.1 + 0.25 * greatest(mean - amount, 0), 9), round(amount * 0.1, 9), round(0.25 * greatest(mean - amount, 0), 9), round(CASE WHEN id < 10 AND key IN ('', 'category 1') THEN greatest(amount, 0) / (9000 + id) END, 9) FROM pg_temp.plain_prior ORDER BY 1, 2, 3 $$, 'what is proposed, and why');
SELECT is_empty($$ SELECT FROM crm.target_proposal('2025-07-10') AS t WHERE round(mix, 9) IS DISTINCT FROM CASE WHEN parameter = 'category' THEN (SELECT round(greatest(t.amount, 0) / sum(greatest(amount, 0)), 9) FROM pg_temp.plain_prior AS p WHERE id = customer_id AND parameter = 'category') END
  OR history <> (SELECT history_state(min(day), '2025-06-30') FROM sold WHERE customer = customer_id AND amount > 0) $$, 'mix and history');
SELECT is_empty($$ SELECT FROM crm.target_proposal('2025-07-10') AS t WHERE round(class_mean, 9) <> (SELECT round(avg(amount), 9) FROM crm.target_proposal('2025-07-10') AS o WHERE o.channel = t.channel AND o.size_class = t.size_class AND o.parameter = t.parameter AND o.key = t.key)
  OR size_class IS DISTINCT FROM (SELECT size_class FROM (SELECT id, size_class(amount) OVER (PARTITION BY channel) FROM pg_temp.plain_prior WHERE parameter = 'total') AS s WHERE id = customer_id) $$, 'among those of his size');
SELECT results_eq($$ SELECT customer_id, parameter COLLATE "C", key COLLATE "C", value, status FROM crm.target_proposal('2025-07-10') WHERE value IS NOT NULL ORDER BY 1, 2, 3 $$, $$ SELECT customer_id, parameter COLLATE "C", key COLLATE "C", l.target, CASE WHEN l.target >= t.proposal THEN 1 ELSE -1 END
  FROM crm.plan JOIN crm.plan_line AS l USING (plan_id) JOIN crm.target_proposal('2025-07-10') AS t USING (customer_id, parameter, key) WHERE lower(plan.period) >= '2026-01-01' AND measure = 'amount' ORDER BY 1, 2, 3 $$, 'beside what the next plan has');
SELECT isnt_empty($$ SELECT FROM crm.target_proposal('2025-07-10') WHERE value IS NOT NULL AND status IS NOT NULL AND parameter = 'category' $$, 'there is such a plan');
UPDATE crm.setting SET growth = 1.5;
SELECT is_empty($$ SELECT FROM crm.target_proposal('2025-07-10') WHERE proposal IS NOT NULL OR status IS NOT NULL OR amount IS NULL $$, 'nothing is proposed with a growth of more than the double');
UPDATE crm.setting SET growth = DEFAULT, gap_share = DEFAULT;
SELECT results_eq($$ SELECT * FROM crm.target_proposal ORDER BY customer_id, parameter, key $$, $$ SELECT * FROM crm.target_proposal((SELECT max(day) FROM sold)) ORDER BY customer_id, parameter, key $$, 'the view');

-- one customer's page reads one customer's rows

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of(format('SELECT * FROM crm.%s WHERE customer_id = 17', report)) ~ ('on ' || source || '[^\n]*\n[^\n]*Cond: [^\n]*customer = 17'), format('%s of one customer reads his %s by their index', report, source))
FROM (VALUES ('response_time', 'request'), ($$response_time('2025-06-30')$$, 'request'), ('customer_service', 'grief'), ('customer_service', 'offer'), ($$customer_service('2025-06-30')$$, 'ordered'), ('first_purchases', 'sold'), ($$first_purchases('2025-06-30')$$, 'sold'), ('membership_effect', 'sold'), ($$membership_effect('2025-06-30')$$, 'sold')) AS v (report, source);
SELECT is(pg_temp.plan_of(format($$ SELECT %s FROM crm.membership_effect('2025-06-30') WHERE customer_id = 17 $$, columns)) ~ 'CTE Scan on others', whole, format('the others are read for %s: %s', columns, whole))
FROM (VALUES ('customer_id, amount_change, margin_change, trend', false), ('customer_id, status', true)) AS v (columns, whole);
SET LOCAL enable_seqscan = on;

-- hostile rows

CREATE FUNCTION pg_temp.all_rows() RETURNS text[] LANGUAGE sql AS $$
  SELECT array_agg(r ORDER BY r COLLATE "C") FROM (SELECT 1 || r::text FROM crm.response_time('2025-06-30') AS r WHERE key <> '' UNION ALL SELECT 2 || r::text FROM crm.customer_service('2025-06-30') AS r UNION ALL SELECT 3 || r::text FROM crm.first_purchases('2025-06-30') AS r UNION ALL SELECT 4 || r::text FROM crm.target_proposal('2025-06-30') AS r
    UNION ALL SELECT 6 || r::text FROM crm.membership_effect('2025-06-30') AS r) AS x (r) $$;
CREATE TABLE before AS SELECT pg_temp.all_rows() AS rows;
INSERT INTO sold VALUES (NULL, 1, '2025-02-01', 10, 1, NULL), (5, 1, NULL, 10, 1, NULL), (5, 1, 'infinity', 10, 1, NULL), (5, 1, '-infinity', 10, 1, NULL), (5, 1, '0044-03-15 BC', 10, 1, NULL), (5, 1, '2025-02-01', NULL, NULL, NULL);
INSERT INTO request (customer, opened) VALUES (NULL, '2025-02-01'), (5, NULL), (5, 'infinity'), (5, '-infinity');
INSERT INTO grief VALUES (NULL, '2025-02-01', NULL), (5, NULL, NULL), (5, 'infinity', NULL), (5, '-infinity', '2025-02-01');
INSERT INTO offer (customer, day, result) VALUES (NULL, '2025-02-01', 'won'), (5, NULL, 'won'), (5, 'infinity', 'won'), (5, '-infinity', 'lost');
INSERT INTO ordered (customer, no, day) VALUES (NULL, 'x', '2025-02-01'), (5, 'y', NULL), (5, 'z', 'infinity'), (5, 'z', '-infinity');
INSERT INTO rival VALUES (NULL, 'rival 1', 0.5), (5, NULL, 0.5);
SELECT is(pg_temp.all_rows(), rows, 'rows that cannot be change nothing') FROM before;
SELECT cmp_ok(cardinality(rows), '>', 150, 'of many') FROM before;
INSERT INTO request (customer, opened, answered, settled) VALUES (33, '2025-02-01', '-infinity', 'infinity'), (33, '2025-02-01', '2025-01-01', NULL);
INSERT INTO grief VALUES (33, '2025-02-01', '-infinity'), (33, '2025-02-01', '2024-02-01'), (33, '2025-06-01', 'infinity');
SELECT results_eq($$ SELECT requests, answered, response_mean, settled, unsettled FROM crm.response_time('2025-06-30') WHERE customer_id = 33 $$, $$ VALUES (2::bigint, 2::bigint, 0::numeric, 0::bigint, 2::bigint) $$, 'answered before it was asked is at once');
SELECT results_eq($$ SELECT complaints, complaints_open, complaint_oldest FROM crm.customer_service('2025-06-30') WHERE customer_id = 33 $$, $$ VALUES (3::bigint, 1::bigint, 29) $$, 'so are complaints');
SELECT lives_ok(format('SELECT * FROM crm.%s', name), name || ' of a period without an end, or of none') FROM unnest(ARRAY['response_time(''2025-06-30'', ''[2025-01-01,)'')', 'customer_service(''2025-06-30'', ''[2025-01-01,)'')', 'first_purchases(''2025-01-30'', ''(,)'')', 'response_time(''2025-06-30'', ''empty'')', 'planning_discipline(''2025-06-30'', ''(,)'')', 'target_alignment(''2025-06-30'', ''(,)'')']) AS name;
INSERT INTO sold VALUES (5, 1, '2025-02-01', 'NaN', 1, NULL);
SELECT throws_ok($$ SELECT * FROM crm.target_alignment('2025-06-30') $$, '22023', NULL, 'an amount that is none is refused');

-- keys of text and uuid

SELECT kam_create_model('shop', 'text', product_key => 'uuid');
SELECT kam_bind('shop', 'sale', $$ SELECT 'Adler' AS customer_id, 'Adler' AS outlet_id, ('00000000-0000-0000-0000-00000000000' || n)::uuid AS product_id, date '2024-05-01' + 200 * n AS sold_on, 100 * n AS amount FROM generate_series(1, 2) AS n $$);
SELECT kam_bind('shop', 'service_request', $$ SELECT 'Adler' AS customer_id, timestamptz '2025-06-01 10:00' AS opened_at, timestamptz '2025-06-01 13:30' AS first_response_at $$);
INSERT INTO shop.plan (customer_id, period, kind) VALUES ('Adler', '[2025-01-01,2026-01-01)', 'annual');
INSERT INTO shop.person_target VALUES ('Meyer', '[2025-01-01,2026-01-01)', 'amount', 5);
SELECT results_eq($$ SELECT customer_id, products, new_products, new_amount, cross_sell_share FROM shop.first_purchases $$, $$ VALUES ('Adler'::text, 1::bigint, 1::bigint, 200::numeric, 1::numeric) $$, 'a second product');
SELECT results_eq($$ SELECT dimension, response_mean FROM shop.response_time ORDER BY dimension $$, $$ VALUES ('all'::text, 3.5::numeric), ('customer', 3.5) $$, 'three hours and a half');
SELECT results_eq($$ SELECT customer_id, annual_plan, round(value, 4) FROM shop.planning_discipline $$, $$ VALUES ('Adler'::text, true, 0.2500) $$, 'a quarter of the plans');
SELECT is((SELECT key FROM shop.target_alignment), 'Meyer', 'a person by name');
SELECT is((SELECT proposal FROM shop.target_proposal), 100::numeric, 'the complete months again');

SELECT * FROM finish();
ROLLBACK;
