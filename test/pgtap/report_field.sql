-- Salespeople, teams, routes, and what stands in the outlets, against plain SQL over random rows; NULL where nothing is
-- bound; hostile rows.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(70);

\ir ../helpers/noise.sql

CREATE TABLE sold AS
SELECT outlet / 2 AS customer, outlet, pg_temp.noise(i, 2, 5) AS product, date '2024-01-01' + pg_temp.noise(i, 3, 540) AS day, round(pg_temp.noise(i, 4, 1000) * 0.5 - 100, 2) AS amount, CASE WHEN i % 25 > 0 THEN 100 + pg_temp.noise(i, 5, 7) END AS seller
FROM (SELECT i, pg_temp.noise(i, 1, 60) AS outlet FROM generate_series(1, 2500) AS i) AS s WHERE outlet % 7 <> 3 OR pg_temp.noise(i, 3, 540) > 460 + outlet % 50;
CREATE TABLE shop AS
SELECT i AS id, i / 2 AS owner, CASE i % 3 WHEN 0 THEN 'kiosk' WHEN 1 THEN 'market' END AS kind, CASE i % 4 WHEN 1 THEN 'east' WHEN 2 THEN 'west' END AS territory, CASE WHEN i % 5 > 0 THEN 100 + i % 5 END AS agent, CASE WHEN i % 9 > 0 THEN 'route ' || i % 8 END AS route,
  (ARRAY['A', 'B', 'C', NULL])[1 + i % 4] AS class, CASE WHEN i % 13 = 0 THEN date '2024-11-01' + 10 * i END AS closed, CASE WHEN i % 11 = 0 THEN date '2024-10-01' + 8 * i END AS opened, CASE WHEN i % 6 > 0 THEN 100 * (i % 6) END AS potential
FROM generate_series(0, 64) AS i;
UPDATE shop SET closed = CASE WHEN id IN (1, 5) THEN date '2025-06-16' WHEN id = 9 THEN '2025-01-01' END, opened = CASE WHEN id = 13 THEN date '2025-06-16' WHEN id = 17 THEN '2025-01-01' END WHERE id IN (1, 5, 9, 13, 17);
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, CASE i % 3 WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' END AS channel, 'north' AS territory, CASE WHEN i % 4 > 0 THEN 105 + i % 2 END AS agent FROM generate_series(0, 33) AS i;
CREATE TABLE agent AS
SELECT i AS id, 'agent ' || i AS name, 'rep' AS role, CASE WHEN i < 106 THEN 'team ' || i % 3 END AS team, CASE WHEN i % 2 = 0 THEN 'east' END AS territory, CASE WHEN i <> 103 THEN 2.0 * (i - 98) END AS hours,
  CASE i WHEN 104 THEN date '2025-03-01' WHEN 108 THEN date '2025-07-01' END AS joined, CASE i WHEN 105 THEN date '2025-02-10' WHEN 107 THEN date '2024-12-31' END AS gone
FROM generate_series(100, 108) AS i;
CREATE TABLE invoice AS SELECT pg_temp.noise(i, 6, 34) AS customer, date '2025-01-01' + pg_temp.noise(i, 7, 170) AS day, 10 * pg_temp.noise(i, 8, 9) - 10 AS due, CASE WHEN i % 3 = 0 THEN 100 + i % 7 END AS agent, CASE WHEN i % 5 = 0 THEN i % 10 = 0 END AS deferred FROM generate_series(1, 200) AS i;
CREATE TABLE article AS SELECT i AS id, 'product ' || i AS name, CASE WHEN i <> 3 THEN 'category ' || i % 2 END AS category FROM generate_series(0, 4) AS i;
CREATE TABLE looked AS
SELECT pg_temp.noise(i, 9, 62) AS outlet, date '2024-08-01' + 7 * pg_temp.noise(i, 10, 48) AS day, pg_temp.noise(i, 11, 6) AS product, CASE WHEN i % 9 > 0 THEN pg_temp.noise(i, 12, 3) > 0 END AS present, CASE WHEN i % 4 > 0 THEN pg_temp.noise(i, 13, 2) = 0 END AS placed,
  CASE WHEN i % 7 > 0 THEN 1 + pg_temp.noise(i, 14, 50) * 0.1 END AS price, CASE WHEN i % 6 > 0 THEN pg_temp.noise(i, 15, 8) END AS facings FROM generate_series(1, 1500) AS i;
CREATE TABLE rated AS
SELECT DISTINCT ON (outlet, day, standard) outlet, day, standard, pg_temp.noise(i, 19, 101) AS score, CASE WHEN i % 3 = 0 THEN 50 + i % 40 END AS target, CASE WHEN i % 4 = 0 THEN 100 + i % 7 END AS agent
FROM (SELECT i, pg_temp.noise(i, 16, 62) AS outlet, date '2024-08-01' + 7 * pg_temp.noise(i, 17, 48) AS day, (ARRAY['shelf', 'price', 'cooler', 'poster'])[1 + pg_temp.noise(i, 18, 4)] AS standard FROM generate_series(1, 700) AS i) AS r ORDER BY outlet, day, standard, i;
CREATE TABLE went AS SELECT pg_temp.noise(i, 21, 62) AS outlet, date '2024-11-01' + pg_temp.noise(i, 22, 260) AS day, CASE WHEN i % 3 = 0 THEN 100 + i % 5 END AS agent, CASE WHEN i % 7 > 0 THEN pg_temp.noise(i, 23, 11) END AS done, CASE WHEN i % 11 > 0 THEN 10 * (i % 4 / 2) END AS required FROM generate_series(1, 400) AS i;
ANALYZE;

SELECT kam_create_model('crm', 'integer');
UPDATE crm.setting SET goal_tolerance = 0.1;
INSERT INTO crm.person_target (person_id, period, measure, target) VALUES (100, '[2025-01-01,2025-04-01)', 'amount', 9000), (100, '[2025-04-01,2025-07-01)', 'amount', 11000), (101, '[2025-01-01,2026-01-01)', 'amount', 30000), (102, '[2024-07-01,2025-07-01)', 'amount', 7), (103, '[2025-07-01,2025-10-01)', 'amount', 7),
  (100, '[2025-01-01,2026-01-01)', 'active outlets', 30), (100, '[2025-05-01,2025-06-01)', 'active outlets', 12), (101, '[2025-05-01,2025-06-01)', 'active outlets', 4), (101, '[2025-04-01,2025-05-01)', 'active outlets', 5), (102, '[2025-06-01,2025-07-01)', 'active outlets', 3),
  (101, '[2025-05-01,2025-07-01)', 'special tasks', 0.8), (102, '[2025-01-01,2026-01-01)', 'overdue_share', 0.3);
INSERT INTO crm.task (person_id, task, due_on, done_on)
SELECT 100 + i % 7, 'task ' || i, date '2024-02-01' + pg_temp.noise(i, 20, 520), CASE WHEN i % 3 > 0 THEN date '2024-02-01' + pg_temp.noise(i, 20, 520) + i % 40 - 25 END FROM generate_series(1, 150) AS i;
INSERT INTO crm.kpi_goal (kpi, scope, key, goal, tolerance, weight) VALUES ('akb', 'all', '', 20, 0.2, 3), ('akb', 'team', 'team 1', 25, NULL, 2), ('overdue_share', 'all', '', 0.5, NULL, 1), ('overdue_share', 'person', '103', 0.2, 0.5, 4), ('sales', 'territory', 'east', 20000, 0, 5), ('numeric_distribution', 'all', '', 0.6, NULL, 1),
  ('numeric_distribution', 'territory', 'east', 0.7, 0, 1), ('numeric_distribution', 'channel', 'shop', 0.5, 0, 1), ('load', 'all', '', 0.9, 0, 1), ('load', 'person', '101', 2, 0.1, 1), ('load', 'team', 'team 2', 0.3, NULL, 1), ('special_tasks', 'person', '104', 0.5, 0, 1), ('special_tasks', 'person', '101', 0.9, NULL, 1);
INSERT INTO crm.company_target (scope, key, period, measure, target) VALUES ('team', 'team 1', '[2025-01-01,2025-04-01)', 'amount', 6000), ('team', 'team 1', '[2025-02-01,2025-03-01)', 'amount', 2000), ('team', 'team 1', '[2025-02-01,2025-03-01)', 'margin', 1);
INSERT INTO crm.contest (name, period, measure, prize, winners) VALUES ('one', '[2025-01-01,2025-04-01)', 'amount', 500, 1), ('two', '[2025-01-01,2025-04-01)', 'attainment', 300, 2), ('three', '[2025-05-15,2025-07-01)', 'active outlets', NULL, 1), ('four', '[2025-01-01,2025-07-01)', 'new outlets', 50, 1),
  ('five', '[2025-09-01,2025-10-01)', 'amount', 1, 1), ('six', '[2025-01-01,2025-04-01)', 'smiles', 1, 1), ('seven', '[2024-01-01,2024-04-01)', 'amount', 1, 1);
INSERT INTO crm.mml (channel, outlet_type, product_id, valid) VALUES ('', '', 0, '(,)'), ('shop', '', 1, '(,2025-04-01)'), ('', 'kiosk', 2, '(,)'), ('cafe', 'market', 4, '[2025-02-01,)');
INSERT INTO crm.visit_standard VALUES ('', 'shelf', 70, 3), ('shop', 'shelf', 60, 2), ('cafe', 'price', 40, 1);
INSERT INTO crm.service_policy VALUES ('', 'A', 4, 45), ('shop', 'A', 6, 30), ('', 'B', 2, 20), ('cafe', '', 0, NULL);

-- what is not bound

SELECT is_empty(format('SELECT * FROM crm.%s UNION ALL SELECT * FROM crm.%1$s(%L)', name, '2025-06-16'), name || ': without its source there is nothing') FROM unnest('{person_scorecard,contest_result,distribution,standard_check,route_load}'::text[]) AS name;
SELECT kam_bind('crm', 'person', 'SELECT id AS person_id, name, role, team, territory, hours, joined AS joined_on, gone AS left_on FROM agent');
SELECT is_empty($$ SELECT * FROM crm.person_scorecard('2025-06-16') WHERE metric <> 'special tasks' AND num_nonnulls(value, attainment, status, trend) > 0 $$, 'people only: no value but of tasks');
SELECT is((SELECT count(steps_share) FROM crm.person_scorecard('2025-06-16')), 0::bigint, 'no visits, no steps');
SELECT is_empty($$ SELECT * FROM crm.contest_result('2025-06-16') WHERE num_nonnulls(value, place, gap, wins, prize, status) > 0 $$, 'no sales, no places');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
UPDATE crm.setting SET as_of = '2025-06-16';
SELECT is_empty($$ SELECT * FROM crm.person_scorecard WHERE no <= 2 AND value <> 0 OR no = 4 AND value IS NOT NULL $$, 'nobody sold, as nobody is said to');
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, owner AS customer_id FROM shop');
SELECT kam_bind('crm', 'audit', 'SELECT outlet AS outlet_id, day AS audited_on, product AS product_id, present FROM looked');
SELECT kam_bind('crm', 'store_check', 'SELECT outlet AS outlet_id, day AS checked_on, standard, score FROM rated');
SELECT is_empty($$ SELECT * FROM crm.distribution WHERE dimension <> 'product' OR part <> 'all' OR num_nonnulls(name, category, planogram_share, price, facings) > 0 OR num_nulls(audited, present, numeric_distribution, weighted_distribution) > 0 $$, 'audits only: of products, of all');
SELECT is_empty($$ SELECT * FROM crm.standard_check WHERE part <> 'all' OR (target IS NULL) <> (standard <> 'shelf') OR num_nonnulls(reached, reached_share, gap, status, goal) NOT IN (0, 5) $$, 'checks only: the target of all where there is one');
SELECT results_eq($$ SELECT dimension, visits, hours_required, people, hours, load FROM crm.route_load $$, $$ SELECT 'all', NULL::numeric, NULL::numeric, NULL::integer, NULL::numeric, NULL::numeric $$, 'outlets only: no class, no visits, nobody to make them');

SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, product AS product_id, day AS sold_on, amount, seller AS person_id FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, territory, agent AS person_id FROM buyer');
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, owner AS customer_id, kind AS outlet_type, territory, agent AS person_id, route, class, closed AS closed_on, opened AS opened_on, potential FROM shop');
SELECT kam_bind('crm', 'product', 'SELECT id AS product_id, name, category FROM article');
SELECT kam_bind('crm', 'receivable', 'SELECT customer AS customer_id, customer::text AS invoice_no, day AS invoiced_on, day + 30 AS due_on, 100 AS amount, due AS open_amount, agent AS person_id, deferred FROM invoice');
SELECT kam_bind('crm', 'audit', 'SELECT outlet AS outlet_id, day AS audited_on, product AS product_id, present, placed AS on_planogram, price, facings FROM looked');
SELECT kam_bind('crm', 'store_check', 'SELECT outlet AS outlet_id, day AS checked_on, standard, score, target, agent AS person_id FROM rated');
SELECT kam_bind('crm', 'visit', 'SELECT outlet AS outlet_id, day AS visited_on, agent AS person_id, done AS steps_done, required AS steps_required FROM went');

-- the four metrics

CREATE FUNCTION pg_temp.metric(as_of date, days daterange) RETURNS TABLE (person integer, sales numeric, outlets bigint, outlet_days daterange, tasks numeric, overdue numeric) LANGUAGE sql STABLE AS $$
  SELECT g.id, coalesce((SELECT sum(amount) FROM sold WHERE seller = g.id AND day <@ $2), 0), (SELECT count(*) FROM (SELECT FROM sold WHERE seller = g.id AND day <@ of_outlets GROUP BY outlet HAVING sum(amount) > 0) AS o), of_outlets,
    (SELECT count(*) FILTER (WHERE done_on <= $1) / nullif(count(*), 0)::numeric FROM crm.task WHERE person_id = g.id AND due_on <@ of_tasks),
    (SELECT sum(due) FILTER (WHERE day + 30 < $1) / nullif(sum(due), 0)::numeric FROM (SELECT due, day, coalesce(i.agent, b.agent) AS who FROM invoice AS i LEFT JOIN buyer AS b ON b.id = customer WHERE due > 0 AND day <= $1 AND coalesce(deferred, true)) AS i WHERE who = g.id)
  FROM agent AS g, LATERAL (SELECT CASE WHEN $1 = '2025-06-16' THEN CASE g.id WHEN 100 THEN $2 WHEN 101 THEN daterange('2025-05-01', '2025-06-01') WHEN 102 THEN daterange('2025-06-01', '2025-06-17') ELSE $2 END ELSE $2 END AS of_outlets,
    CASE WHEN $1 = '2025-06-16' AND g.id = 101 THEN daterange('2025-05-01', '2025-06-17') ELSE $2 END AS of_tasks) AS d WHERE coalesce(joined <= $1, true) AND coalesce(gone >= lower($2), true) $$;
SELECT results_eq(format($$ SELECT person_id, metric, round(value, 9), days FROM crm.person_scorecard(%L, %L) ORDER BY person_id, no $$, as_of, period), format($$
  SELECT person, x.* FROM (SELECT %2$L::daterange * daterange(NULL, %1$L, '[]') AS days) AS q, pg_temp.metric(%1$L, days),
    LATERAL (VALUES ('sales', round(sales, 9), days), ('active outlets', round(outlets, 9), outlet_days), ('special tasks', round(tasks, 9), CASE WHEN %1$L = '2025-06-16' AND person = 101 THEN daterange('2025-05-01', '2025-06-17') ELSE days END), ('receivables', round(overdue, 9), daterange(%1$L, %1$L, '[]'))) AS x
  ORDER BY 1, array_position('{sales,active outlets,special tasks,receivables}', x.column1) $$, as_of, period), 'metrics as of ' || as_of)
FROM (VALUES ('2025-06-16', '[2025-01-01,2026-01-01)'), ('2024-12-31', '[2024-10-01,2025-01-01)'), ('2025-03-01', '[2024-03-02,2025-03-02)')) AS v (as_of, period);
SELECT set_eq('SELECT person_id FROM crm.person_scorecard', '{100,101,102,103,104,105,106}'::integer[], 'who was there in the period');
SELECT results_eq($$ SELECT person_id, round(goal, 4), weight FROM crm.person_scorecard WHERE no = 1 ORDER BY 1 $$, $$ VALUES (100, round(9000 + 11000 * 77 / 91.0, 4), 5.0), (101, round(30000 * 167 / 365.0, 4), 1), (102, round(20000 * 167 / 365.0, 4), 5), (103, NULL, 1), (104, round(20000 * 167 / 365.0, 4), 5), (105, NULL, 1), (106, round(20000 * 167 / 365.0, 4), 5) $$, 'what was due of the sales');
SELECT results_eq($$ SELECT person_id, goal, weight FROM crm.person_scorecard WHERE no = 2 ORDER BY 1 $$, $$ VALUES (100, 30.0, 2.0), (101, 4, 3), (102, 3, 3), (103, 25, 2), (104, 20, 3), (105, 20, 3), (106, 20, 3) $$, 'goals of active outlets');
SELECT results_eq($$ SELECT person_id, goal, weight FROM crm.person_scorecard WHERE no = 3 ORDER BY 1 $$, $$ VALUES (100, 1.0, 1.0), (101, 0.8, 1), (102, 1, 1), (103, 1, 1), (104, 0.5, 1), (105, 1, 1), (106, 1, 1) $$, 'of tasks');
SELECT results_eq($$ SELECT person_id, goal, weight FROM crm.person_scorecard WHERE no = 4 ORDER BY 1 $$, $$ VALUES (100, 0.5, 1.0), (101, 0.5, 1), (102, 0.3, 1), (103, 0.2, 4), (104, 0.5, 1), (105, 0.5, 1), (106, 0.5, 1) $$, 'of receivables');
SELECT is_empty($$ SELECT * FROM crm.person_scorecard WHERE attainment IS DISTINCT FROM CASE no WHEN 4 THEN (1 - value) / (1 - goal) ELSE value / nullif(goal, 0) END OR score IS DISTINCT FROM (SELECT sum(s.attainment * s.weight) / sum(s.weight) FROM crm.person_scorecard AS s WHERE s.person_id = person_scorecard.person_id AND s.attainment IS NOT NULL) $$, 'attainment and score');
SELECT is_empty($$ SELECT * FROM crm.person_scorecard WHERE status IS DISTINCT FROM kpi_status(value, goal, CASE WHEN no = 2 AND weight = 3 THEN 0.2 WHEN no = 4 AND weight = 4 THEN 0.5 WHEN weight = 5 THEN 0 WHEN person_id = 104 AND no = 3 THEN 0 ELSE 0.1 END, CASE no WHEN 4 THEN 'down' ELSE 'up' END) $$, 'status');
SELECT results_eq($$ SELECT person_id, no, trend FROM crm.person_scorecard WHERE no < 3 ORDER BY 1, 2 $$, $$
  SELECT person, no, kpi_trend(now, before) FROM pg_temp.metric('2025-06-16', '[2025-01-01,2025-06-17)') AS m, LATERAL (VALUES (1, sales, coalesce((SELECT sum(amount) FROM sold WHERE seller = person AND day BETWEEN '2024-01-01' AND '2024-06-16'), 0)),
    (2, outlets, (SELECT count(*) FROM (SELECT FROM sold WHERE seller = person AND day >= lower(outlet_days) - interval '1 year' AND day < upper(outlet_days) - interval '1 year' GROUP BY outlet HAVING sum(amount) > 0) AS o))) AS x (no, now, before) ORDER BY 1, 2 $$, 'trend of sales and outlets: against the year before');
SELECT results_eq($$ SELECT person_id, trend FROM crm.person_scorecard('2025-03-31', '[2025-01-01,2025-04-01)') WHERE no = 3 ORDER BY 1 $$, $$
  SELECT id, kpi_trend(avg((done_on <= '2025-03-31')::integer) FILTER (WHERE due_on BETWEEN '2025-01-01' AND '2025-03-31'), avg((done_on <= '2024-03-31')::integer) FILTER (WHERE due_on BETWEEN '2024-01-01' AND '2024-03-31'))
  FROM agent LEFT JOIN (SELECT person_id, due_on, coalesce(done_on, 'infinity') AS done_on FROM crm.task) AS t ON person_id = id WHERE id NOT IN (107, 108) GROUP BY 1 ORDER BY 1 $$, 'of tasks');
SELECT is((SELECT count(trend) FROM crm.person_scorecard WHERE no = 4), 0::bigint, 'of receivables nothing is known of then');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
SELECT results_eq('SELECT person_id, value FROM crm.person_scorecard WHERE no = 1 ORDER BY 1', $$ SELECT g.id, coalesce(sum(amount), 0) FROM agent AS g LEFT JOIN (SELECT coalesce(s.agent, b.agent) AS agent, amount FROM sold LEFT JOIN shop AS s ON s.id = outlet LEFT JOIN buyer AS b ON b.id = customer WHERE day BETWEEN '2025-01-01' AND '2025-06-16') AS s ON agent = g.id WHERE g.id NOT IN (107, 108) GROUP BY 1 ORDER BY 1 $$, 'without a seller it is who visits the outlet, or is in charge');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, product AS product_id, day AS sold_on, amount, seller AS person_id FROM sold');

SELECT results_eq('SELECT DISTINCT person_id, round(steps_share, 9) FROM crm.person_scorecard ORDER BY 1', $$ SELECT g.id, round(sum(done) / nullif(sum(required), 0)::numeric, 9) FROM agent AS g
  LEFT JOIN (SELECT coalesce(w.agent, s.agent, b.agent) AS who, done, required FROM went AS w LEFT JOIN shop AS s ON s.id = outlet LEFT JOIN buyer AS b ON b.id = owner WHERE day BETWEEN '2025-01-01' AND '2025-06-16' AND done IS NOT NULL AND required IS NOT NULL) AS w ON who = g.id WHERE g.id NOT IN (107, 108) GROUP BY 1 ORDER BY 1 $$, 'steps of visits');

-- contests

CREATE FUNCTION pg_temp.race(as_of date, start date, stop date) RETURNS TABLE (team text, amount numeric, active bigint, fresh bigint) LANGUAGE sql STABLE AS $$
  SELECT team, coalesce(sum(s.amount), 0), (SELECT count(*) FROM (SELECT FROM sold JOIN agent AS a ON a.id = seller WHERE a.team = g.team AND coalesce(joined < $3, true) AND coalesce(gone >= $2, true) AND day >= $2 AND day < $3 AND day <= $1 GROUP BY outlet HAVING sum(amount) > 0) AS o),
    (SELECT count(*) FROM (SELECT outlet, (array_agg(a.team ORDER BY day, a.team))[1] AS team, min(day) AS day FROM sold LEFT JOIN agent AS a ON a.id = seller WHERE amount > 0 GROUP BY outlet) AS f WHERE f.team = g.team AND f.day >= $2 AND f.day < $3 AND f.day <= $1)
  FROM agent AS g LEFT JOIN sold AS s ON seller = g.id AND day >= $2 AND day < $3 AND day <= $1 WHERE team IS NOT NULL AND coalesce(joined < $3, true) AND coalesce(gone >= $2, true) GROUP BY team $$;
SELECT results_eq('SELECT name COLLATE "C", team COLLATE "C", round(value, 6) FROM crm.contest_result WHERE name IN ($$one$$, $$two$$, $$three$$, $$four$$) ORDER BY 1, 2', $$
  SELECT 'four' COLLATE "C", team COLLATE "C", round(fresh, 6) FROM pg_temp.race('2025-06-16', '2025-01-01', '2025-07-01') UNION ALL SELECT 'one', team, round(amount, 6) FROM pg_temp.race('2025-06-16', '2025-01-01', '2025-04-01') UNION ALL
  SELECT 'three', team, round(active, 6) FROM pg_temp.race('2025-06-16', '2025-05-15', '2025-07-01') UNION ALL
  SELECT 'two', team, round(amount / CASE team WHEN 'team 1' THEN 8000 WHEN 'team 0' THEN NULL ELSE NULL END, 6) FROM pg_temp.race('2025-06-16', '2025-01-01', '2025-04-01') ORDER BY 1, 2 $$, 'four contests');
SELECT ok(sum(value) > 2, 'new outlets there are') FROM crm.contest_result WHERE name = 'four';
SELECT results_eq('SELECT name COLLATE "C", state, count(*) FROM crm.contest_result GROUP BY 1, 2 ORDER BY 1', $$ VALUES ('five' COLLATE "C", 'planned', 3::bigint), ('four', 'running', 3), ('one', 'over', 3), ('six', 'over', 3), ('three', 'running', 3), ('two', 'over', 3) $$, 'where they stand');
SELECT is_empty($$ SELECT * FROM crm.contest_result AS c WHERE place IS DISTINCT FROM CASE WHEN value IS NOT NULL AND state <> 'planned' THEN (SELECT count(*) + 1 FROM crm.contest_result AS o WHERE o.contest_id = c.contest_id AND o.value > c.value) END OR gap IS DISTINCT FROM CASE WHEN place IS NOT NULL THEN (SELECT min(value) FROM crm.contest_result AS o WHERE o.contest_id = c.contest_id AND o.value > c.value) - value END $$, 'places and gaps');
SELECT is_empty($$ SELECT * FROM crm.contest_result WHERE wins IS DISTINCT FROM (place <= CASE name WHEN 'two' THEN 2 ELSE 1 END) OR prize IS DISTINCT FROM CASE WHEN wins THEN CASE name WHEN 'one' THEN 500 WHEN 'two' THEN 300 WHEN 'four' THEN 50 END END OR status IS DISTINCT FROM CASE wins WHEN true THEN 1 WHEN false THEN -1 END $$, 'who wins what');
SELECT results_eq($$ SELECT team COLLATE "C", goal, people FROM crm.contest_result('2026-01-31', '[2025-01-01,2025-02-01)') WHERE name = 'one' ORDER BY 1 $$, $$ VALUES ('team 0' COLLATE "C", NULL::numeric, 2::bigint), ('team 1', 8000, 2), ('team 2', NULL, 2) $$, 'targets of teams');
INSERT INTO crm.person_target (person_id, period, measure, target) VALUES (104, '[2025-01-01,2025-02-01)', 'amount', 900), (104, '[2025-03-01,2025-04-01)', 'amount', 100), (101, '[2025-03-01,2025-04-01)', 'amount', 100);
SELECT results_eq($$ SELECT team COLLATE "C", goal FROM crm.contest_result WHERE name = 'two' ORDER BY 1 $$, $$ VALUES ('team 0' COLLATE "C", NULL::numeric), ('team 1', 8000), ('team 2', 1100) $$, 'or those of its people');

-- where products stand

CREATE FUNCTION pg_temp.shelf(days daterange) RETURNS TABLE (outlet integer, product integer, present boolean, placed boolean, price numeric, facings integer, must boolean, territory text, channel text, kind text, weight numeric) LANGUAGE sql STABLE AS $$
  SELECT l.outlet, product, bool_or(present), bool_or(placed) FILTER (WHERE present), avg(price) FILTER (WHERE present), max(facings) FILTER (WHERE present),
    CASE product WHEN 0 THEN true WHEN 1 THEN channel = 'shop' AND l.day < '2025-04-01' WHEN 2 THEN kind = 'kiosk' WHEN 4 THEN channel = 'cafe' AND kind = 'market' AND l.day >= '2025-02-01' END, coalesce(s.territory, b.territory), channel, kind, potential
  FROM looked AS l JOIN (SELECT outlet, max(day) AS day FROM looked WHERE day <@ $1 GROUP BY 1) AS m USING (outlet, day) LEFT JOIN shop AS s ON s.id = outlet LEFT JOIN buyer AS b ON b.id = owner WHERE present IS NOT NULL GROUP BY 1, 2, l.day, channel, kind, s.territory, b.territory, potential $$;
CREATE FUNCTION pg_temp.stand(days daterange) RETURNS TABLE (dimension text, key text, part text, part_key text, audited bigint, present bigint, numeric_d numeric, weighted numeric, required bigint, found bigint, placed numeric, price numeric, facings numeric) LANGUAGE sql STABLE AS $$
  SELECT dimension, key, part, part_key, count(*), count(*) FILTER (WHERE present), count(*) FILTER (WHERE present) / count(*)::numeric, coalesce(sum(weight) FILTER (WHERE present AND weight > 0), 0) / nullif(sum(weight) FILTER (WHERE weight > 0), 0), sum(required)::bigint, sum(found)::bigint,
    count(*) FILTER (WHERE present AND placed) / nullif(count(placed) FILTER (WHERE present), 0)::numeric, sum(price) / nullif(sum(prices), 0), avg(facings) FILTER (WHERE present)
  FROM (SELECT outlet, dimension, key, territory, channel, kind, weight, bool_or(present) AS present, bool_or(placed) AS placed, count(*) FILTER (WHERE must) AS required, count(*) FILTER (WHERE must AND present) AS found, sum(price) AS price, count(price) AS prices, sum(facings) AS facings
    FROM pg_temp.shelf($1) LEFT JOIN article ON id = product, LATERAL (VALUES ('product', product::text), ('category', category)) AS d (dimension, key) WHERE key IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7) AS o,
    LATERAL (VALUES ('all', ''), ('territory', territory), ('channel', channel), ('outlet_type', kind)) AS p (part, part_key) WHERE part_key IS NOT NULL GROUP BY 1, 2, 3, 4 $$;
SELECT results_eq(format($$ SELECT dimension, key COLLATE "C", part, part_key COLLATE "C", audited, present, round(numeric_distribution, 9), round(weighted_distribution, 9), required, required_present, round(planogram_share, 9), round(price, 9), round(facings, 9) FROM crm.distribution(%L, %L) ORDER BY 1, 2, 3, 4 $$, as_of, period), format($$
  SELECT dimension, key COLLATE "C", part, part_key COLLATE "C", audited, present, round(numeric_d, 9), round(weighted, 9), required, found, round(placed, 9), round(price, 9), round(facings, 9) FROM pg_temp.stand(%L::daterange * daterange(NULL, %L, '[]')) ORDER BY 1, 2, 3, 4 $$, period, as_of), 'what stands where, as of ' || as_of)
FROM (VALUES ('2025-06-16', '[2025-01-01,2026-01-01)'), ('2025-02-28', '[2025-02-01,2025-03-01)')) AS v (as_of, period);
SELECT is_empty($$ SELECT * FROM crm.distribution AS d LEFT JOIN article ON dimension = 'product' AND id::text = key WHERE d.name IS DISTINCT FROM article.name OR d.category IS DISTINCT FROM CASE dimension WHEN 'category' THEN key ELSE article.category END OR mml_distribution IS DISTINCT FROM required_present / nullif(required, 0)::numeric OR value <> numeric_distribution
  OR goal <> CASE WHEN part = 'territory' AND part_key = 'east' THEN 0.7 WHEN part_key = 'shop' THEN 0.5 ELSE 0.6 END OR status IS DISTINCT FROM kpi_status(value, goal, CASE goal WHEN 0.6 THEN 0.1 ELSE 0 END) $$, 'names, goals, status');
SELECT results_eq($$ SELECT dimension, key COLLATE "C", part, part_key COLLATE "C", trend FROM crm.distribution ORDER BY 1, 2, 3, 4 $$, $$
  SELECT n.dimension, n.key COLLATE "C", n.part, n.part_key COLLATE "C", sign(n.numeric_d - b.numeric_d)::integer FROM pg_temp.stand('[2025-01-01,2025-06-17)') AS n LEFT JOIN pg_temp.stand('[2024-07-18,2025-01-01)') AS b USING (dimension, key, part, part_key) ORDER BY 1, 2, 3, 4 $$, 'trend: against as many days before');
SELECT ok(count(DISTINCT trend) > 1 AND count(DISTINCT status) > 1 AND sum(required) > 50, 'some are better, some are not') FROM crm.distribution;
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, owner AS customer_id FROM shop');
SELECT is((SELECT round(weighted_distribution, 9) FROM crm.distribution WHERE key = '2' AND part = 'all'), (SELECT round(weighted_distribution(present, amount), 9) FROM pg_temp.shelf('[2025-01-01,2025-06-17)') LEFT JOIN (SELECT outlet, sum(amount) AS amount FROM sold WHERE day BETWEEN '2025-01-01' AND '2025-06-16' GROUP BY 1) AS s USING (outlet) WHERE product = 2), 'without a potential outlets weigh what they bought');
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, owner AS customer_id, kind AS outlet_type, territory, agent AS person_id, route, class, closed AS closed_on, opened AS opened_on, potential FROM shop');

-- standards

CREATE FUNCTION pg_temp.rating(days daterange) RETURNS TABLE (standard text, part text, part_key text, outlets bigint, reached bigint, aimed bigint, score numeric, target numeric, gap numeric, weight numeric, day date) LANGUAGE sql STABLE AS $$
  SELECT standard, part, part_key, count(*), count(*) FILTER (WHERE score >= aim), count(aim), avg(score), avg(aim), avg(score - aim), avg(w), max(day)
  FROM (SELECT r.*, coalesce(s.territory, b.territory) AS territory, channel, kind, coalesce(r.agent, s.agent, b.agent) AS who, coalesce(r.target, CASE WHEN standard = 'shelf' THEN CASE channel WHEN 'shop' THEN 60 ELSE 70 END WHEN standard = 'price' AND channel = 'cafe' THEN 40 END) AS aim,
    CASE WHEN standard = 'shelf' THEN CASE channel WHEN 'shop' THEN 2 ELSE 3 END WHEN standard = 'price' AND channel = 'cafe' THEN 1 END AS w
    FROM rated AS r JOIN (SELECT outlet, standard, max(day) AS day FROM rated WHERE day <@ $1 GROUP BY 1, 2) AS m USING (outlet, standard, day) LEFT JOIN shop AS s ON s.id = outlet LEFT JOIN buyer AS b ON b.id = owner) AS r,
    LATERAL (VALUES ('all', ''), ('territory', territory), ('channel', channel), ('outlet_type', kind), ('person', who::text)) AS p (part, part_key) WHERE part_key IS NOT NULL GROUP BY 1, 2, 3 $$;
SELECT results_eq(format($$ SELECT standard COLLATE "C", part, part_key COLLATE "C", outlets, reached, round(reached_share, 9), round(score, 9), round(target, 9), round(gap, 9), round(weight, 9) FROM crm.standard_check(%L, %L) ORDER BY 1, 2, 3 $$, as_of, period), format($$
  SELECT standard COLLATE "C", part, part_key COLLATE "C", outlets, CASE WHEN aimed > 0 THEN reached END, round(reached / nullif(aimed, 0)::numeric, 9), round(score, 9), round(target, 9), round(gap, 9), round(weight, 9) FROM pg_temp.rating(%L::daterange * daterange(NULL, %L, '[]')) ORDER BY 1, 2, 3 $$, period, as_of), 'standards as of ' || as_of)
FROM (VALUES ('2025-06-16', '[2025-01-01,2026-01-01)'), ('2025-02-28', '[2025-02-01,2025-03-01)')) AS v (as_of, period);
SELECT results_eq($$ SELECT standard COLLATE "C", part, part_key COLLATE "C", last_checked_on, trend, status FROM crm.standard_check ORDER BY 1, 2, 3 $$, $$
  SELECT n.standard COLLATE "C", n.part, n.part_key COLLATE "C", n.day, sign(n.score - b.score)::integer, kpi_status(n.score, n.target, 0.1) FROM pg_temp.rating('[2025-01-01,2025-06-17)') AS n LEFT JOIN pg_temp.rating('[2024-07-18,2025-01-01)') AS b USING (standard, part, part_key) ORDER BY 1, 2, 3 $$, 'status and trend');

-- routes

CREATE FUNCTION pg_temp.load(as_of date, start date) RETURNS TABLE (dimension text, key text, outlets bigint, unassigned bigint, without bigint, visits numeric, hours numeric, before numeric, people bigint, has numeric) LANGUAGE sql STABLE AS $$
  SELECT dimension, key, count(*) FILTER (WHERE now), count(*) FILTER (WHERE now AND who IS NULL), count(*) FILTER (WHERE now AND v IS NULL), sum(v) FILTER (WHERE now), sum(v * m / 60.0) FILTER (WHERE now), sum(v * m / 60.0) FILTER (WHERE was), count(DISTINCT who) FILTER (WHERE now),
    (SELECT CASE WHEN count(hours) = count(*) THEN sum(hours) END FROM unnest(array_agg(DISTINCT who) FILTER (WHERE now AND who IS NOT NULL)) AS p LEFT JOIN agent ON id = p)
  FROM (SELECT s.*, coalesce(s.agent, b.agent) AS who, coalesce(closed > $1, true) AND coalesce(opened <= $1, true) AS now, coalesce(closed >= $2, true) AND coalesce(opened < $2, true) AS was,
    CASE WHEN class = 'A' THEN CASE channel WHEN 'shop' THEN 6 ELSE 4 END WHEN class = 'B' THEN 2 WHEN channel = 'cafe' THEN 0 END AS v, CASE WHEN class = 'A' THEN CASE channel WHEN 'shop' THEN 30 ELSE 45 END WHEN class = 'B' THEN 20 ELSE 0 END AS m FROM shop AS s LEFT JOIN buyer AS b ON b.id = owner) AS s,
    LATERAL (VALUES ('all', ''), ('person', who::text), ('route', route)) AS d (dimension, key) WHERE key IS NOT NULL GROUP BY 1, 2 HAVING bool_or(now) $$;
SELECT results_eq(format($$ SELECT dimension, key COLLATE "C", outlets, unassigned, without_policy, visits, round(hours_required, 9), people, hours, round(load, 9), head_count FROM crm.route_load(%L) ORDER BY 1, 2 $$, as_of), format($$
  SELECT dimension, key COLLATE "C", outlets, unassigned, without, visits, round(hours, 9), people::integer, has, round(hours / has, 9), ceil(round(hours / (has / people), 9)) FROM pg_temp.load(%L, date_trunc('year', %1$L::timestamp)::date) ORDER BY 1, 2 $$, as_of), 'load as of ' || as_of)
FROM (VALUES ('2025-06-16'), ('2024-12-31')) AS v (as_of);
SELECT ok(bool_or(hours IS NULL) AND bool_or(load > 1) AND bool_or(load < 0.5) AND sum(unassigned) > 0 AND sum(without_policy) > 0, 'some have too much') FROM crm.route_load;
SELECT results_eq($$ SELECT r.dimension, r.key COLLATE "C", r.name, r.team, r.territory, person_id, round(value, 9), goal, status, trend FROM crm.route_load AS r ORDER BY 1, 2 $$, $$
  SELECT dimension, key COLLATE "C", a.name, team, territory, a.id, round(l.hours / has, 9), g, kpi_status(l.hours / has, g, CASE g WHEN 2 THEN 0.1 WHEN 0.3 THEN 0.1 ELSE 0 END, 'down'), sign(before - l.hours)::integer FROM pg_temp.load('2025-06-16', '2025-01-01') AS l LEFT JOIN agent AS a ON dimension = 'person' AND a.id::text = key, LATERAL (SELECT CASE WHEN a.id = 101 THEN 2 WHEN team = 'team 2' THEN 0.3 ELSE 0.9 END AS g) AS x ORDER BY 1, 2 $$, 'who it is, goals, status, trend');
UPDATE crm.service_policy SET minutes = NULL WHERE channel = 'shop';
SELECT is((SELECT hours_required FROM crm.route_load WHERE dimension = 'all'), NULL, 'minutes that are not known do not count as none');
UPDATE crm.service_policy SET minutes = 30 WHERE channel = 'shop';

-- the view is the function as of the day of setting

SELECT results_eq(format('SELECT * FROM crm.%s AS r ORDER BY r::text', name), format($$ SELECT * FROM crm.%s('2025-06-16', '[2025-01-01,2026-01-01)') AS r ORDER BY r::text $$, name), name || ': view and function') FROM unnest('{person_scorecard,contest_result,distribution,standard_check,route_load}'::text[]) AS name;
SELECT is_empty(format($$ SELECT * FROM crm.%s('2025-06-16', '[2026-01-01,2027-01-01)') $$, name), name || ': a period that has not begun') FROM unnest('{person_scorecard,contest_result,distribution,standard_check,route_load}'::text[]) AS name;

-- equal values share the place; hostile rows

INSERT INTO sold VALUES (NULL, NULL, NULL, '2025-02-02', 5, 100), (3, 6, 1, NULL, 5, 100), (4, 8, 1, 'infinity', 5, 101), (5, 10, 1, '-infinity', 5, 101), (6, 12, 1, '2025-02-02', NULL, 102), (999, 9999, 99, '2025-02-02', 5, NULL), (9, 18, 1, '2025-02-02', -5, 999);
INSERT INTO agent (id, name, team) VALUES (NULL, 'nobody', 'team 0'), (100, 'twice', 'team 1'), (120, NULL, ''), (121, 'far', 'team 9');
UPDATE agent SET joined = '-infinity', gone = 'infinity' WHERE id = 102;
INSERT INTO shop (id, owner) VALUES (NULL, 1), (999, NULL), (5, 6);
UPDATE shop SET closed = 'infinity', opened = '-infinity' WHERE id = 20;
INSERT INTO buyer (id) VALUES (NULL), (3);
INSERT INTO invoice VALUES (NULL, '2025-01-01', 5, NULL, NULL), (3, NULL, 5, 101, true), (3, 'infinity', 5, 101, true), (3, '2025-01-01', NULL, 101, true);
INSERT INTO went VALUES (NULL, '2025-01-05', NULL, 1, 1), (5, NULL, 100, 1, 1), (5, 'infinity', 100, 1, 1);
INSERT INTO looked VALUES (NULL, '2025-05-01', 1, true, NULL, 1, 1), (5, NULL, 1, true, NULL, 1, 1), (5, 'infinity', 1, true, NULL, 1, 1), (6, '2025-06-16', NULL, true, true, 2, 3), (9999, '2025-06-16', 99, true, NULL, NULL, NULL);
INSERT INTO rated VALUES (NULL, '2025-05-01', 'shelf', 5, NULL, NULL), (5, '2025-06-16', NULL, 5, NULL, NULL), (5, '2025-06-16', 'shelf', NULL, NULL, NULL), (5, 'infinity', 'shelf', 5, NULL, NULL), (9999, '2025-06-16', 'x', 5, 0, 999);
INSERT INTO article (id, name) VALUES (NULL, 'none'), (1, 'again');
INSERT INTO crm.person_target (person_id, period, target) VALUES (100, '[-infinity,2025-01-01)', 5), (100, '[2025-01-01,infinity)', 5);
INSERT INTO crm.contest (name, period, measure, prize, winners) VALUES ('tie', '[2023-01-01,2025-07-01)', 'new outlets', 10, 1), ('ever', '[-infinity,infinity)', 'amount', 1, 1);
SELECT lives_ok(format('SELECT * FROM crm.%s', name), name || ' bears them') FROM unnest('{person_scorecard,contest_result,distribution,standard_check,route_load}'::text[]) AS name;
SELECT is((SELECT count(*) FROM crm.person_scorecard WHERE person_id = 100), 4::bigint, 'who is there twice has one scorecard');
SELECT is((SELECT count(*) FROM crm.contest_result WHERE name = 'tie' AND value = 0 AND place = 4), 2::bigint, 'two teams without any share the last place');
UPDATE crm.setting SET period = '[0001-01-01,9999-01-01)';
SELECT lives_ok(format('SELECT * FROM crm.%s', name), name || ' and any period') FROM unnest('{person_scorecard,contest_result,distribution,standard_check,route_load}'::text[]) AS name;

SELECT * FROM finish();
ROLLBACK;
