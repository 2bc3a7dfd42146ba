-- The care that key accounts get, skills of people and what managers make of their accounts, against plain SQL over random rows; what is not bound; hostile rows; plans of queries.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(55);

\ir ../helpers/plan_of.sql

CREATE TABLE sold AS
SELECT (noise % 50)::integer AS customer, date '2023-06-01' + (noise / 50 % 900)::integer AS day, round((noise / 45000 % 1400 - 200) * 0.25, 2) AS amount
FROM generate_series(1, 3000) AS i, LATERAL (SELECT hashint8extended(i, 41) & 9007199254740991 AS noise) AS n
WHERE noise % 50 <> 30 AND (noise % 50 % 6 <> 2 OR noise / 50 % 900 < 500) AND (noise % 50 % 7 <> 5 OR noise / 50 % 900 > 650);
CREATE INDEX ON sold (customer, day);
CREATE TABLE buyer AS
SELECT i AS id, 'customer ' || i AS name, CASE i % 3 WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' END AS channel, CASE i % 2 WHEN 0 THEN 'north' ELSE 'south' END AS region, 100 + i % 4 AS agent,
  (ARRAY['week', ' Month', 'quarter', 'year', 'half-year', 'fortnight', 'day', 'now and then', NULL])[1 + i % 9] AS cadence FROM generate_series(0, 49) AS i;
CREATE INDEX ON buyer (id);
CREATE TABLE staff AS SELECT 100 + i AS id, 'agent ' || i AS name, 'manager' AS role, 'team ' || i % 2 AS team, CASE WHEN i % 2 = 0 THEN 'north' ELSE 'south' END AS region, CASE WHEN i % 3 > 0 THEN 100 END AS boss, CASE WHEN i % 2 = 0 THEN 100 + i + 1 END AS next, CASE WHEN i = 4 THEN date '2025-06-30' END AS gone FROM generate_series(0, 5) AS i;
CREATE TABLE talk AS
SELECT (noise % 50)::integer AS customer, date '2024-06-01' + (noise / 50 % 600)::integer AS day, 100 + (noise / 30000 % 4)::integer AS agent, (ARRAY['call', 'meeting', 'feedback', NULL])[1 + noise / 120000 % 4] AS kind,
  CASE WHEN noise / 480000 % 3 > 0 THEN date '2024-06-01' + (noise / 50 % 600 + noise / 17 % 5 - 2)::integer END AS planned, CASE WHEN noise / 1440000 % 3 > 0 THEN date '2024-06-03' + (noise / 50 % 600 + noise / 19 % 90)::integer END AS answered, (noise / 13 % 90)::numeric AS minutes
FROM generate_series(1, 400) AS i, LATERAL (SELECT hashint8extended(i, 42) & 9007199254740991 AS noise) AS n WHERE noise % 50 % 8 <> 6;
CREATE INDEX ON talk (customer, day);
CREATE TABLE partner AS SELECT i % 50 AS customer, 'person ' || i AS name, (ARRAY['decider', 'user', NULL])[1 + i % 3] AS role, CASE WHEN i % 4 > 0 THEN i % 4 = 1 END AS decides, (ARRAY['for us', 'against', NULL])[1 + i % 7 % 3] AS attitude,
  CASE WHEN i % 5 > 0 THEN date '1950-01-01' + i * 200 END AS birthday, CASE WHEN i % 6 > 0 THEN daterange(date '2021-01-01' + i * 37 % 1700, CASE WHEN i % 2 = 0 THEN date '2022-01-01' + i * 37 % 1700 END) END AS days FROM generate_series(1, 130) AS i WHERE i % 50 NOT IN (8, 20);
INSERT INTO partner VALUES (0, 'leap', 'user', false, NULL, '1988-02-29', NULL), (2, 'today', 'user', false, NULL, '1990-08-20', NULL), (2, 'also today', 'user', false, NULL, '1970-08-20', NULL);
CREATE TABLE shop AS SELECT i AS id, i % 50 AS owner, CASE WHEN i % 5 = 0 THEN date '2025-01-01' + 10 * i END AS closed, CASE WHEN i % 7 = 0 THEN date '2025-03-01' + 7 * i END AS opened FROM generate_series(0, 79) AS i;
CREATE TABLE called AS SELECT i % 80 AS outlet, date '2024-06-01' + i * 11 % 500 AS day FROM generate_series(1, 300) AS i WHERE i % 80 % 3 = 0;
CREATE TABLE trouble AS SELECT i % 50 AS customer, date '2024-10-01' + i * 7 % 400 AS day, CASE WHEN i % 3 > 0 THEN date '2024-10-05' + i * 7 % 400 + i % 60 END AS closed FROM generate_series(1, 60) AS i;
CREATE TABLE rival AS SELECT i % 50 AS customer, 'rival ' || i % 4 AS name, CASE WHEN i % 3 > 0 THEN (i % 10) / 20.0 END AS share, CASE WHEN i % 5 > 0 THEN date '2024-01-01' + i * 13 % 700 END AS seen FROM generate_series(1, 140) AS i;
CREATE TABLE bid AS SELECT i % 50 AS customer, date '2024-10-01' + i * 5 % 400 AS day, (ARRAY['won', 'lost', 'open'])[1 + i % 7 % 3] AS result FROM generate_series(1, 120) AS i;
ANALYZE;

SELECT kam_create_model('crm', 'integer');
SELECT is_empty(format('SELECT * FROM crm.%1$s UNION ALL SELECT * FROM crm.%1$s(''2025-08-20'')', name), 'nothing bound, nothing in ' || name) FROM unnest('{account_care,assessment_gap,manager_performance}'::text[]) AS name;
INSERT INTO crm.kam_member SELECT i, (ARRAY['growth', 'protection', 'strategic'])[1 + i % 3], daterange(CASE WHEN i % 10 <> 6 THEN date '2024-02-15' + 11 * i END, CASE WHEN i % 10 = 4 THEN date '2025-06-01' END) FROM generate_series(0, 40, 2) AS i;
INSERT INTO crm.kam_assignment SELECT i, 100 + i % 3, 'manager', daterange(CASE WHEN i % 5 > 0 THEN date '2024-01-10' + 7 * i END, CASE WHEN i % 7 = 2 THEN date '2025-03-01' END) FROM generate_series(0, 45) AS i WHERE i % 8 > 0;
UPDATE crm.setting SET as_of = '2025-08-20', goal_tolerance = 0.1, visit_tolerance = 1, dossier_months = 9;
SELECT is_empty($$ SELECT customer_id FROM crm.account_care WHERE num_nonnulls(name, contacts, contacts_due, last_contact, next_contact, contact_overdue, planned, punctual, punctuality, hours, feedback, unanswered, last_touch, forgotten, complaints, open_complaints, people, deciders, opponents, new_people, next_birthday, competitors, competitor_share, tenders_won, tenders_lost, win_rate, reviewed_on, goal, status) > 0 $$, 'what is not bound is not known');
SELECT is_empty($$ SELECT customer_id FROM crm.account_care WHERE (filled, fresh, value) <> (0, 0, 0) OR missing <> '{general,history,decisions,competitors}' OR NOT 'dossier' = ANY (mistakes) OR mistakes && '{no decider,forgotten,contact overdue,feedback unanswered,open complaint}' $$, 'a dossier that is not there is');
SELECT is_empty($$ SELECT person_id FROM crm.manager_performance WHERE num_nonnulls(name, outlets, tenure_months, sales, sales_before, growth, like_for_like, key_sales, key_growth, stayed, retention, contacted, contacts, feedback, answered, successor, value, status, trend) > 0 OR accounts IS NULL $$, 'nor of managers');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, 1 AS product_id, day AS sold_on, amount FROM sold');
SELECT is_empty($$ SELECT customer_id FROM crm.account_care WHERE forgotten IS NULL OR num_nonnulls(name, contacts, next_contact, feedback, complaints, people) > 0 $$, 'sales alone tell who is forgotten');
SELECT kam_bind('crm', 'contact_log', 'SELECT customer AS customer_id, day AS contacted_on FROM talk');
SELECT is_empty($$ SELECT customer_id FROM crm.account_care WHERE contacts IS NULL OR num_nonnulls(planned, punctual, punctuality, hours, feedback, unanswered, contacts_due, next_contact) > 0 $$, 'contacts without a kind and a plan');
SELECT is_empty($$ SELECT person_id FROM crm.manager_performance WHERE num_nonnulls(contacts, contacted, feedback, answered) > 0 $$, 'of nobody');

SELECT kam_bind('crm', 'contact_log', 'SELECT customer AS customer_id, day AS contacted_on, agent AS person_id, kind, planned AS planned_on, answered AS answered_on, minutes FROM talk');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, region AS territory, agent AS person_id, cadence AS contact_cadence FROM buyer');
SELECT kam_bind('crm', 'person', 'SELECT id AS person_id, name, role, team, region AS territory, boss AS manager_id, next AS successor_id, gone AS left_on FROM staff');
SELECT kam_bind('crm', 'contact', 'SELECT customer AS customer_id, name, role, decides, attitude, birthday, days AS valid FROM partner');
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, owner AS customer_id, closed AS closed_on, opened AS opened_on FROM shop');
SELECT kam_bind('crm', 'visit', 'SELECT outlet AS outlet_id, day AS visited_on FROM called');
SELECT kam_bind('crm', 'complaint', 'SELECT customer AS customer_id, day AS opened_on, closed AS closed_on FROM trouble');
SELECT kam_bind('crm', 'competitor', 'SELECT customer AS customer_id, name AS competitor, share, seen AS seen_on FROM rival');
SELECT kam_bind('crm', 'tender', 'SELECT customer AS customer_id, day AS offered_on, result FROM bid');
INSERT INTO crm.dossier SELECT i, s, CASE WHEN i % 7 <> 3 THEN CASE WHEN i % 11 = 5 THEN E' \n ' ELSE 'known' END END, date '2024-08-01' + (i * 13 + length(s) * 29) % 450 FROM generate_series(0, 45) AS i, unnest('{general,history,decisions,competitors}'::text[]) AS s WHERE (i + length(s)) % 5 <> 0;
INSERT INTO crm.agreement (customer_id, period, reviewed_on, next_review_on) SELECT i, '[2025-01-01,2026-01-01)', CASE WHEN i % 3 > 0 THEN date '2025-02-01' + 11 * i END, CASE WHEN i % 4 > 0 THEN date '2025-06-01' + 5 * i END FROM generate_series(0, 40, 4) AS i;
INSERT INTO crm.agreement (customer_id, period, reviewed_on, next_review_on) SELECT i, '[2024-01-01,2025-01-01)', date '2024-11-01' + i, date '2024-12-01' FROM generate_series(0, 40, 6) AS i;
INSERT INTO crm.kpi_goal (kpi, scope, key, goal) VALUES ('dossier_completeness', 'all', '', 0.75), ('dossier_completeness', 'customer', '6', 0.25), ('like_for_like', 'all', '', 0.05), ('like_for_like', 'team', 'team 1', -0.5);

-- the care of an account

SELECT set_eq('SELECT customer_id, kam_group, name, person_id FROM crm.account_care', $$ SELECT customer_id, kam_group, name, agent FROM crm.kam_member JOIN buyer ON id = customer_id WHERE valid @> date '2025-08-20' $$, 'a row a key account');
SELECT is_empty($$ SELECT c.customer_id FROM crm.account_care AS c CROSS JOIN LATERAL (SELECT count(*) AS filled, count(*) FILTER (WHERE updated_on > '2024-11-20') AS fresh, max(updated_on) AS last, array_agg(section) FILTER (WHERE updated_on > '2024-11-20') AS sections FROM crm.dossier AS d WHERE d.customer_id = c.customer_id AND content = 'known' AND updated_on <= '2025-08-20') AS e
  WHERE (c.filled, c.fresh, c.dossier_on) IS DISTINCT FROM (e.filled::integer, e.fresh::integer, e.last) OR missing <> ARRAY(SELECT s FROM unnest('{general,history,decisions,competitors}'::text[]) WITH ORDINALITY AS u (s, n) WHERE NOT s = ANY (coalesce(sections, '{}')) ORDER BY n)
    OR value <> e.fresh / 4.0 OR goal <> CASE c.customer_id WHEN 6 THEN 0.25 ELSE 0.75 END OR status <> CASE WHEN value >= goal THEN 1 WHEN value >= 0.9 * goal THEN 0 ELSE -1 END $$, 'the dossier');
SELECT ok((SELECT count(DISTINCT fresh) > 2 AND count(*) FILTER (WHERE fresh < filled) > 2 FROM crm.account_care), 'some full, some out of date');
CREATE TABLE every (cadence text, step interval);
INSERT INTO every VALUES ('week', '7 days'), (' Month', '1 month'), ('quarter', '3 months'), ('year', '1 year'), ('half-year', '6 months'), ('fortnight', '14 days'), ('day', '1 day');
SELECT is_empty($$ SELECT c.customer_id FROM crm.account_care AS c LEFT JOIN every ON cadence = contact_cadence CROSS JOIN LATERAL (SELECT max(day) AS last, count(DISTINCT day) FILTER (WHERE day >= '2025-01-01') AS contacts FROM talk WHERE customer = c.customer_id AND day <= '2025-08-20') AS e
    CROSS JOIN LATERAL (SELECT min(lower(valid)) AS joined FROM crm.kam_member AS m WHERE m.customer_id = c.customer_id AND lower(valid) <= '2025-08-20') AS j
  WHERE (c.contacts, c.last_contact) IS DISTINCT FROM (e.contacts::integer, e.last) OR next_contact IS DISTINCT FROM (coalesce(e.last, j.joined) + step)::date OR contact_overdue IS DISTINCT FROM next_contact < '2025-08-20'
    OR contacts_due IS DISTINCT FROM CASE trim(contact_cadence) WHEN 'day' THEN 232 WHEN 'week' THEN 33 WHEN 'fortnight' THEN 16 WHEN 'Month' THEN 7 WHEN 'quarter' THEN 2 WHEN 'half-year' THEN 1 WHEN 'year' THEN 0 END $$, 'contacts and their cadence');
SELECT ok((SELECT count(*) FILTER (WHERE contact_overdue) > 2 AND count(*) FILTER (WHERE NOT contact_overdue) > 2 FROM crm.account_care), 'kept by some');
SELECT is_empty($$ SELECT c.customer_id FROM crm.account_care AS c CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE planned BETWEEN '2025-01-01' AND '2025-08-20') AS planned, count(*) FILTER (WHERE planned BETWEEN '2025-01-01' AND '2025-08-20' AND day <= planned + 1) AS punctual,
      coalesce(sum(minutes) FILTER (WHERE day >= '2025-01-01'), 0) / 60 AS hours, count(*) FILTER (WHERE kind = 'feedback' AND day >= '2025-01-01') AS feedback, count(*) FILTER (WHERE kind = 'feedback' AND coalesce(answered > '2025-08-20', true)) AS unanswered FROM talk WHERE customer = c.customer_id AND day <= '2025-08-20') AS e
  WHERE (c.planned, c.punctual, c.feedback, c.unanswered) IS DISTINCT FROM (e.planned, e.punctual, e.feedback, e.unanswered) OR round(c.hours, 9) <> round(e.hours, 9) OR round(punctuality, 9) IS DISTINCT FROM round(e.punctual::numeric / nullif(e.planned, 0), 9) $$, 'punctuality, hours, feedback');
SELECT ok((SELECT sum(punctual) BETWEEN 5 AND sum(planned) - 5 AND sum(unanswered) > 3 FROM crm.account_care), 'late, too');
SELECT is_empty($$ SELECT c.customer_id FROM crm.account_care AS c LEFT JOIN every ON cadence = contact_cadence CROSS JOIN LATERAL (SELECT max(day) AS last FROM (SELECT day FROM talk WHERE customer = c.customer_id UNION ALL SELECT day FROM sold WHERE customer = c.customer_id AND amount > 0 UNION ALL SELECT day FROM called JOIN shop ON id = outlet WHERE owner = c.customer_id) AS t WHERE day <= '2025-08-20') AS e
  WHERE last_touch IS DISTINCT FROM e.last OR forgotten IS DISTINCT FROM coalesce(e.last + coalesce(step, interval '90 days') < '2025-08-20', true) $$, 'who is forgotten');
SELECT ok((SELECT count(DISTINCT forgotten) = 2 FROM crm.account_care), 'some are');
SELECT is_empty($$ SELECT c.customer_id FROM crm.account_care AS c CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE day >= '2025-01-01') AS complaints, count(*) FILTER (WHERE coalesce(closed > '2025-08-20', true)) AS open FROM trouble WHERE customer = c.customer_id AND day <= '2025-08-20') AS e
  CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE result = 'won') AS won, count(*) FILTER (WHERE result = 'lost') AS lost FROM bid WHERE customer = c.customer_id AND day BETWEEN '2025-01-01' AND '2025-08-20') AS t
  CROSS JOIN LATERAL (SELECT count(DISTINCT name) AS rivals, (SELECT sum(share) FROM (SELECT DISTINCT ON (name) share FROM rival WHERE customer = c.customer_id AND coalesce(seen <= '2025-08-20', true) ORDER BY name, seen DESC NULLS LAST, share DESC NULLS LAST) AS x) AS share FROM rival WHERE customer = c.customer_id AND coalesce(seen <= '2025-08-20', true)) AS r
  WHERE (c.complaints, c.open_complaints, c.tenders_won, c.tenders_lost, c.competitors) IS DISTINCT FROM (e.complaints, e.open, t.won, t.lost, r.rivals) OR competitor_share IS DISTINCT FROM r.share OR round(win_rate, 9) IS DISTINCT FROM round(t.won::numeric / nullif(t.won + t.lost, 0), 9) $$, 'complaints, tenders, competitors');
SELECT is_empty($$ SELECT c.customer_id FROM crm.account_care AS c CROSS JOIN LATERAL (SELECT count(*) AS people, count(*) FILTER (WHERE coalesce(decides, false) OR coalesce(role = 'decider', false)) AS deciders, count(*) FILTER (WHERE attitude = 'against') AS opponents, count(*) FILTER (WHERE lower(days) > '2024-08-20') AS fresh,
      min(CASE WHEN to_char(birthday, 'MMDD') >= '0820' THEN (birthday + make_interval(years => 2025 - extract(year FROM birthday)::integer))::date ELSE (birthday + make_interval(years => 2026 - extract(year FROM birthday)::integer))::date END) AS next
    FROM partner WHERE customer = c.customer_id AND coalesce(days @> date '2025-08-20', true)) AS e
  WHERE (c.people, c.deciders, c.opponents, c.new_people, c.next_birthday) IS DISTINCT FROM (e.people, e.deciders, e.opponents, e.fresh, e.next) $$, 'people and birthdays');
SELECT results_eq('SELECT next_birthday, birthday_of FROM crm.account_care WHERE customer_id = 2', $$ VALUES (date '2025-08-20', 'also today') $$, 'today, of two');
SELECT is((SELECT next_birthday FROM crm.account_care('2026-02-20') WHERE customer_id = 0 AND birthday_of = 'leap'), '2026-02-28', 'who was born on a leap day');
SELECT is_empty($$ SELECT c.customer_id FROM crm.account_care AS c CROSS JOIN LATERAL (SELECT max(reviewed_on) FILTER (WHERE reviewed_on <= '2025-08-20') AS last, max(next_review_on) FILTER (WHERE lower(period) = '2025-01-01') AS next FROM crm.agreement AS g WHERE g.customer_id = c.customer_id) AS e
    CROSS JOIN LATERAL (SELECT min(lower(valid)) AS joined FROM crm.kam_member AS m WHERE m.customer_id = c.customer_id AND lower(valid) <= '2025-08-20') AS j
  WHERE reviewed_on IS DISTINCT FROM e.last OR next_review IS DISTINCT FROM CASE WHEN e.next > coalesce(e.last, '-infinity') THEN e.next ELSE (coalesce(e.last, joined) + interval '3 months')::date END OR review_overdue IS DISTINCT FROM next_review < '2025-08-20' $$, 'reviews');
SELECT ok((SELECT count(DISTINCT review_overdue) = 2 FROM crm.account_care), 'some are over');
SELECT is_empty($$ SELECT customer_id FROM crm.account_care WHERE mistakes <> array_remove(ARRAY[CASE WHEN manager_id IS NULL THEN 'no manager' END, CASE WHEN fresh < 4 THEN 'dossier' END, CASE WHEN deciders = 0 THEN 'no decider' END, CASE WHEN forgotten THEN 'forgotten' END, CASE WHEN contact_overdue THEN 'contact overdue' END,
  CASE WHEN unanswered > 0 THEN 'feedback unanswered' END, CASE WHEN open_complaints > 0 THEN 'open complaint' END, CASE WHEN review_overdue THEN 'review overdue' END], NULL) OR manager_id IS DISTINCT FROM (SELECT person_id FROM crm.kam_assignment AS g WHERE g.customer_id = account_care.customer_id AND valid @> date '2025-08-20') $$, 'mistakes');
SELECT is_empty($$ SELECT c.customer_id FROM crm.account_care AS c WHERE vacant_days IS DISTINCT FROM (SELECT count(*) FROM generate_series(date '2025-01-01', '2025-08-20', '1 day') AS d WHERE EXISTS (SELECT FROM crm.kam_member AS m WHERE m.customer_id = c.customer_id AND valid @> d::date)
  AND NOT EXISTS (SELECT FROM crm.kam_assignment AS g WHERE g.customer_id = c.customer_id AND role = 'manager' AND valid @> d::date)) $$, 'days without a manager');
SELECT ok((SELECT count(*) FILTER (WHERE vacant_days = 0) > 2 AND count(*) FILTER (WHERE vacant_days BETWEEN 1 AND 231) > 1 AND count(*) FILTER (WHERE vacant_days = 232) > 0 FROM crm.account_care), 'none, some, all');
SELECT set_eq('SELECT DISTINCT unnest(mistakes) FROM crm.account_care', '{no manager,dossier,no decider,forgotten,contact overdue,feedback unanswered,open complaint,review overdue}'::text[], 'of all kinds');
SELECT results_eq('SELECT * FROM crm.account_care ORDER BY customer_id', $$ SELECT * FROM crm.account_care('2025-08-20', '[2025-01-01,2026-01-01)') ORDER BY customer_id $$, 'the view is the function as of the day of setting');
SELECT is_empty($$ SELECT customer_id FROM crm.account_care('2025-08-20', '[2026-01-01,2027-01-01)') WHERE contacts <> 0 OR contacts_due IS NOT NULL OR last_contact IS NULL AND customer_id IN (SELECT customer FROM talk WHERE day <= '2025-08-20') $$, 'before the period no contacts of it');

-- skills

INSERT INTO crm.assessment SELECT 100 + p, m, date '2023-01-01' + (p * 71 + length(m) * 31 + n * 300), 1 + (p * 7 + length(m) * 3 + n * 2) % 5, CASE WHEN length(m) <> 6 THEN 1 + (length(m) + n) % 5 END
FROM generate_series(0, 6) AS p, unnest('{data,selling,planning,coffee}'::text[]) AS m, generate_series(0, 4) AS n WHERE (p + length(m)) % 4 > 0;
CREATE TABLE known AS SELECT DISTINCT ON (person_id, module) *, (SELECT score FROM crm.assessment AS b WHERE b.person_id = a.person_id AND b.module = a.module AND b.assessed_on < a.assessed_on ORDER BY assessed_on DESC LIMIT 1) AS before
FROM crm.assessment AS a WHERE assessed_on <= '2025-08-20' AND person_id <> 104 ORDER BY person_id, module, assessed_on DESC;
SELECT results_eq('SELECT person_id, module COLLATE "C", assessed_on, score, norm, gap, below, score_before, value, goal, status, trend FROM crm.assessment_gap ORDER BY 1, 2', $$
  SELECT person_id, module COLLATE "C", assessed_on, score, norm, score - norm, score < norm, before, score::numeric, norm::numeric, CASE WHEN norm IS NOT NULL THEN CASE WHEN score >= norm THEN 1 ELSE -1 END END, sign(score - before)::integer FROM known ORDER BY 1, 2 $$, 'the last assessments');
SELECT is_empty($$ SELECT person_id FROM crm.assessment_gap AS g CROSS JOIN LATERAL (SELECT count(*) AS people, avg(score) AS mean, avg(score - norm) AS gap, count(*) FILTER (WHERE score < norm) AS below FROM known AS k WHERE k.module = g.module) AS e
  WHERE (g.people, g.module_below) IS DISTINCT FROM (e.people, e.below) OR module_mean <> mean OR module_gap IS DISTINCT FROM e.gap
    OR train_first IS DISTINCT FROM CASE WHEN g.below THEN (SELECT 1 + count(*) FROM known AS k WHERE k.person_id = g.person_id AND k.score - k.norm < g.gap) END $$, 'of a module, and what to train first');
SELECT results_eq('SELECT DISTINCT person_id, name, team, territory, manager_id FROM crm.assessment_gap ORDER BY 1', 'SELECT DISTINCT person_id, name, team, region, boss FROM known LEFT JOIN staff ON id = person_id ORDER BY 1', 'whose');
SELECT ok((SELECT count(*) > 15 AND count(train_first) > 4 AND count(DISTINCT trend) > 1 FROM crm.assessment_gap), 'gaps are there');
SELECT results_eq('SELECT * FROM crm.assessment_gap ORDER BY person_id, module', $$ SELECT * FROM crm.assessment_gap('2025-08-20') ORDER BY person_id, module $$, 'the view is the function as of the day of setting');
SELECT is((SELECT count(*) FROM crm.assessment_gap('2023-06-30')), (SELECT count(DISTINCT (person_id, module)) FROM crm.assessment WHERE assessed_on <= '2023-06-30'), 'as of another day, when nobody had left');

-- managers

INSERT INTO crm.plan (customer_id, period, status) SELECT i, '[2025-01-01,2026-01-01)', CASE WHEN i % 12 = 0 THEN 'draft' ELSE 'active' END FROM generate_series(0, 49, 3) AS i;
CREATE TABLE held AS SELECT g.person_id, g.customer_id AS customer, m.kam_group, lower(g.valid) AS since, coalesce((SELECT sum(amount) FROM sold WHERE customer = g.customer_id AND day BETWEEN '2025-01-01' AND '2025-08-20'), 0) AS sales, coalesce((SELECT sum(amount) FROM sold WHERE customer = g.customer_id AND day BETWEEN '2024-01-01' AND '2024-08-20'), 0) AS before,
  (SELECT min(day) FROM sold WHERE customer = g.customer_id AND amount > 0 AND day <= '2025-08-20') AS first FROM crm.kam_assignment AS g LEFT JOIN crm.kam_member AS m ON m.customer_id = g.customer_id AND m.valid @> date '2025-08-20' WHERE g.valid @> date '2025-08-20';
SELECT results_eq('SELECT person_id, accounts, strategic, key_accounts, with_plan, trim_scale(sales), trim_scale(sales_before), trim_scale(key_sales), stayed, round(retention, 9), round(growth, 9), round(like_for_like, 9), round(key_growth, 9) FROM crm.manager_performance ORDER BY 1', $$
  SELECT person_id, count(*), count(*) FILTER (WHERE kam_group = 'strategic'), count(kam_group), count(*) FILTER (WHERE customer IN (SELECT customer_id FROM crm.plan WHERE status = 'active')), trim_scale(sum(sales)), trim_scale(sum(before)), trim_scale(sum(sales) FILTER (WHERE kam_group IS NOT NULL)),
    count(*) FILTER (WHERE before > 0 AND sales > 0), round(count(*) FILTER (WHERE before > 0 AND sales > 0)::numeric / count(*) FILTER (WHERE before > 0), 9), round(sum(sales) / sum(before) - 1, 9), round(sum(sales) FILTER (WHERE before > 0) / sum(before) FILTER (WHERE before > 0) - 1, 9), round(sum(sales) FILTER (WHERE kam_group IS NOT NULL) / sum(before) FILTER (WHERE kam_group IS NOT NULL) - 1, 9)
  FROM held GROUP BY person_id ORDER BY 1 $$, 'accounts and their sales');
SELECT is_empty($$ SELECT p.person_id FROM crm.manager_performance AS p CROSS JOIN LATERAL (SELECT avg(history_months(first, '2025-08-20')) AS tenure, avg(history_months(since, '2025-08-20')) AS managed, (SELECT count(*) FROM shop WHERE owner IN (SELECT customer FROM held AS h WHERE h.person_id = p.person_id) AND coalesce(closed > '2025-08-20', true) AND coalesce(opened <= '2025-08-20', true)) AS outlets FROM held AS h WHERE h.person_id = p.person_id) AS e
  WHERE round(tenure_months, 9) <> round(tenure, 9) OR round(managed_months, 9) <> round(managed, 9) OR p.outlets <> e.outlets OR plan_coverage <> with_plan::numeric / accounts $$, 'for how long');
SELECT is_empty($$ SELECT p.person_id FROM crm.manager_performance AS p CROSS JOIN LATERAL (SELECT count(*) AS contacts, count(DISTINCT customer) FILTER (WHERE customer IN (SELECT customer FROM held AS h WHERE h.person_id = p.person_id)) AS contacted FROM talk WHERE agent = p.person_id AND day BETWEEN '2025-01-01' AND '2025-08-20') AS e
    CROSS JOIN LATERAL (SELECT count(*) AS feedback, count(*) FILTER (WHERE answered <= '2025-08-20') AS answered FROM talk WHERE kind = 'feedback' AND day BETWEEN '2025-01-01' AND '2025-08-20' AND customer IN (SELECT customer FROM held AS h WHERE h.person_id = p.person_id)) AS f
  WHERE (p.contacts, p.contacted, p.feedback, p.answered) IS DISTINCT FROM (e.contacts, e.contacted, f.feedback, f.answered) $$, 'contacts and feedback');
SELECT is_empty($$ SELECT p.person_id FROM crm.manager_performance AS p LEFT JOIN staff AS s ON s.id = p.person_id LEFT JOIN staff AS n ON n.id = s.next CROSS JOIN LATERAL (SELECT count(*) AS skills, count(*) FILTER (WHERE score < norm) AS below, avg(score - norm) AS gap FROM known AS k WHERE k.person_id = p.person_id) AS e
  WHERE (p.skills, p.skills_below, p.successor_id, p.successor) IS DISTINCT FROM (e.skills, e.below, s.next, n.name) OR skill_gap IS DISTINCT FROM e.gap
    OR value <> like_for_like OR goal <> CASE s.team WHEN 'team 1' THEN -0.5 ELSE 0.05 END OR trend <> sign(like_for_like) OR status <> kpi_status(value, goal, 0.1) $$, 'skills, successors and goals');
SELECT is((SELECT count(*) FROM crm.manager_performance), 3::bigint, 'three managers');
SELECT results_eq('SELECT * FROM crm.manager_performance ORDER BY person_id', $$ SELECT * FROM crm.manager_performance('2025-08-20', '[2025-01-01,2026-01-01)') ORDER BY person_id $$, 'the view is the function as of the day of setting');

-- hostile rows: without keys, days or amounts, twice; impossible days

INSERT INTO sold VALUES (NULL, '2025-02-02', 5), (0, NULL, 5), (0, 'infinity', 5), (0, '-infinity', 5), (0, '0044-03-15 BC', 5), (0, '2025-02-02', NULL);
INSERT INTO buyer (id) VALUES (NULL);
INSERT INTO staff (id) VALUES (NULL);
INSERT INTO talk VALUES (NULL, NULL, NULL, NULL, NULL, NULL, NULL), (0, '-infinity', 100, 'feedback', '-infinity', '-infinity', NULL), (0, '2025-02-02', 100, 'feedback', 'infinity', 'infinity', NULL), (0, 'infinity', 100, 'feedback', NULL, NULL, 5), (0, '2025-02-03', NULL, '', NULL, NULL, 'NaN');
INSERT INTO partner VALUES (NULL, NULL, NULL, NULL, NULL, NULL, NULL), (0, NULL, NULL, NULL, NULL, 'infinity', 'empty'), (0, NULL, NULL, NULL, NULL, '-infinity', NULL), (0, 'x', NULL, NULL, NULL, '0044-03-15 BC', '[-infinity,infinity)'), (0, 'y', NULL, NULL, NULL, '2999-01-01', NULL);
INSERT INTO shop VALUES (NULL, NULL, NULL, NULL), (3, NULL, 'infinity', '-infinity'), (NULL, 0, NULL, NULL);
INSERT INTO called VALUES (NULL, NULL), (0, 'infinity'), (0, '-infinity'), (0, NULL);
INSERT INTO trouble VALUES (NULL, NULL, NULL), (0, 'infinity', '-infinity'), (0, '-infinity', 'infinity');
INSERT INTO rival VALUES (NULL, NULL, NULL, NULL), (0, NULL, 'NaN', 'infinity'), (0, NULL, 'infinity', '-infinity');
INSERT INTO bid VALUES (NULL, NULL, NULL), (0, 'infinity', 'won'), (0, '-infinity', NULL);
INSERT INTO crm.dossier VALUES (48, 'general', 'x', 'infinity'), (49, 'general', 'x', '-infinity'), (47, 'general', NULL, '2025-01-01');
INSERT INTO crm.agreement (customer_id, period, reviewed_on, next_review_on) VALUES (2, '[2025-01-01,2026-01-01)', '-infinity', 'infinity'), (34, '[2025-01-01,2026-01-01)', 'infinity', '-infinity');
INSERT INTO crm.kam_member VALUES (47, 'growth', '(,infinity)'), (48, 'growth', '[-infinity,)'), (49, 'strategic', '(,)');
INSERT INTO crm.kam_assignment VALUES (47, 105, 'manager', '[-infinity,infinity)'), (48, 77, 'manager', '(,)');
SELECT lives_ok(format('SELECT * FROM crm.%s', name), name || ' bears them') FROM unnest('{account_care,assessment_gap,manager_performance}'::text[]) AS name;
SELECT lives_ok($$ UPDATE crm.setting SET dossier_months = 1200, review_months = 1200, changed_months = 1200, lost_after = 2000000000, visit_tolerance = 2000000; SELECT * FROM crm.account_care; SELECT * FROM crm.manager_performance $$, 'and any setting');
UPDATE crm.setting SET visit_tolerance = 0, lost_after = 90;
SELECT lives_ok(format('SELECT * FROM crm.%s(%L, %L)', name, as_of, period), format('%s as of %s', name, as_of)) FROM unnest('{account_care,assessment_gap,manager_performance}'::text[]) AS name, (VALUES (date '0001-01-01', NULL), ('9998-12-31', '[0001-01-01,9999-01-01)')) AS v (as_of, period);

-- one account reads its own rows

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of('SELECT * FROM ' || report || ' WHERE customer_id = 18') ~ format('%s_customer_day_idx\n *Index Cond: [^\n]*customer = 18', of), format('%s: %s', report, of)) FROM (VALUES ('crm.account_care', 'sold'), ('crm.account_care', 'talk'), ('crm.account_care(''2025-05-05'')', 'sold')) AS v (report, of);

SELECT * FROM finish();
ROLLBACK;
