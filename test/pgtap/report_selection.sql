-- Who belongs into the key account programme, and what hangs on the key accounts, against plain SQL over random rows; what is not bound; hostile rows.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(86);

-- amount_within

SELECT results_eq($$ SELECT round(amount_within(amount, period::daterange, part::daterange), 9) FROM (VALUES (1, 365, '[2025-01-01,2026-01-01)', '[2025-01-01,2026-01-01)'), (2, 365, '[2025-01-01,2026-01-01)', '[2025-03-01,2025-04-01)'),
  (3, 365, '[2025-01-01,2026-01-01)', '[2024-12-01,2025-01-11)'), (4, 365, '[2025-01-01,2026-01-01)', '[2026-01-01,2026-02-01)'), (5, 700, '(,)', '[2025-01-01,2026-01-01)'), (6, 365, '[2020-01-01,)', '[2024-01-01,2024-02-01)'),
  (7, 365, '[-infinity,2025-01-11)', '[2025-01-01,2026-01-01)'), (8, NULL, '(,)', '[2025-01-01,2026-01-01)'), (9, 5, 'empty', '[2025-01-01,2026-01-01)'), (10, 5, NULL, '[2025-01-01,2026-01-01)')) AS v (no, amount, period, part) ORDER BY no $$,
  $$ VALUES (365::numeric), (31), (10), (NULL), (700), (31), (10), (NULL), (NULL), (NULL) $$, 'an amount by days');

CREATE TABLE sold AS
SELECT (noise % 60)::integer AS customer, (noise / 60 % 12)::integer AS product, date '2023-01-01' + (noise / 720 % 1000)::integer AS day,
  round((noise / 720000 % 1400 - 150) * (1 + noise % 60 % 9) * CASE WHEN noise % 60 = 44 THEN 4 ELSE 0.25 END, 2) AS amount, (noise / 77 % 9 - 2)::integer AS pieces,
  round((noise / 720000 % 900) * (1 + noise % 60 % 9) * 0.2 * CASE WHEN noise % 60 = 44 THEN 6 ELSE 1 END, 2) AS cost
FROM generate_series(1, 9000) AS i, LATERAL (SELECT hashint8extended(i, 31) & 9007199254740991 AS noise) AS n
WHERE noise % 60 NOT IN (11, 58, 59) AND (noise % 60 % 7 <> 3 OR noise / 720 % 1000 > 760) AND (noise % 60 % 8 <> 5 OR noise / 720 % 1000 < 600) AND (noise % 60 % 4 > 0 OR noise / 60 % 12 < 2) AND (noise % 60 % 4 <> 1 OR noise / 60 % 12 % 5 <> 3) AND (noise % 60 <> 21 OR noise / 720 % 1000 BETWEEN 900 AND 910);
CREATE TABLE buyer AS
SELECT i AS id, 'customer ' || i AS name, CASE i % 3 WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' END AS channel, CASE i % 2 WHEN 0 THEN 'north' ELSE 'south' END AS region, 100 + i % 4 AS agent, CASE WHEN i % 5 > 0 THEN i % 10 <> 7 END AS satisfied,
  CASE WHEN i % 6 > 0 THEN i % 12 = 5 END AS rival, CASE i % 9 WHEN 2 THEN date '2025-03-01' WHEN 3 THEN date '2023-03-01' WHEN 4 THEN date '2025-10-01' END AS changed, CASE WHEN i % 4 > 0 THEN i % 4 = 1 END AS known, i % 3 > 0 AS leads, i % 7 = 1 AS demands, i % 2 = 1 AS knows,
  CASE WHEN i % 3 > 0 THEN true END AS need, CASE WHEN i % 4 > 0 THEN i % 4 < 3 END AS pays, i % 5 > 0 AS may, CASE WHEN i = 16 THEN date '2025-05-05' WHEN i = 17 THEN date '2025-12-12' END AS closed, CASE WHEN i % 2 = 0 THEN 'press' END AS source, i % 6 AS cooperation
FROM generate_series(0, 59) AS i;
CREATE TABLE article AS SELECT i AS id, 'product ' || i AS name, CASE WHEN i < 11 THEN 'category ' || i % 5 END AS category, CASE i WHEN 4 THEN daterange('2020-01-01', '2025-01-01') WHEN 9 THEN daterange('2026-01-01', NULL) END AS days FROM generate_series(0, 11) AS i;
CREATE TABLE trouble AS SELECT i % 60 AS customer, date '2025-01-01' + i * 7 % 300 AS day, CASE WHEN i % 3 > 0 THEN date '2025-01-05' + i * 7 % 300 + i % 40 END AS closed FROM generate_series(1, 40) AS i;
CREATE TABLE partner AS SELECT i % 60 AS customer, 'person ' || i AS name, CASE WHEN i % 5 > 0 THEN 'buyer' END AS role, daterange(date '2021-01-01' + i * 37 % 1700, CASE WHEN i % 2 = 0 THEN date '2021-06-01' + i * 37 % 1700 END) AS days FROM generate_series(1, 150) AS i;
CREATE TABLE staff AS SELECT 100 + i AS id, 'agent ' || i AS name, CASE WHEN i < 3 THEN 40.0 * i + 30 END AS hours, CASE WHEN i < 2 THEN 6.0 END AS each FROM generate_series(0, 3) AS i;
CREATE TABLE shop AS SELECT i AS id, i % 60 AS owner, CASE WHEN i % 3 > 0 THEN 1000.0 * (i % 9) END AS potential FROM generate_series(0, 89) AS i WHERE i % 60 > 20;
CREATE TABLE talk AS SELECT i * 7 % 60 AS customer, date '2025-01-01' + i % 250 AS day, 100 + i % 3 AS agent FROM generate_series(1, 120) AS i;
CREATE TABLE service AS SELECT i % 60 AS customer, date '2024-06-01' + i * 11 % 500 AS day, (10 * i)::numeric AS amount, CASE WHEN i % 3 > 0 THEN 'retention' ELSE 'logistics' END AS kind FROM generate_series(1, 150) AS i;
ANALYZE;

SELECT kam_create_model('crm', 'integer');
SELECT is_empty(format('SELECT * FROM crm.%1$s UNION ALL SELECT * FROM crm.%1$s(''2025-08-20'')', name), 'nothing bound, nothing in ' || name) FROM unnest('{kam_selection,kam_review,programme_effect}'::text[]) AS name;
SELECT is_empty('SELECT * FROM crm.key_share', 'no share');
INSERT INTO crm.kam_member SELECT i, (ARRAY['growth', 'protection', 'strategic'])[1 + i % 3], daterange(CASE WHEN i % 5 > 0 THEN date '2022-02-15' + 20 * i END, CASE WHEN i % 10 = 4 THEN date '2025-06-01' END) FROM generate_series(0, 54, 2) AS i;
INSERT INTO crm.kam_member VALUES (6, 'strategic', '[2021-01-01,2021-08-01)'), (11, 'growth', '[2025-01-01,)');
INSERT INTO crm.kam_assignment SELECT i, 100 + i % 3, 'manager', daterange('2024-01-01', CASE WHEN i % 7 = 2 THEN date '2025-03-01' END) FROM generate_series(0, 50, 2) AS i;
UPDATE crm.setting SET as_of = '2025-08-20', xyz_cutoffs = '{0.5,0.9}';
SELECT ok((SELECT count(*) > 20 AND count(sales) + count(before) + count(growth) + count(profit) + count(sales_share_1) + count(invested) + count(touch_points) + count(verdict) + count(value) + count(status) + count(attainment) + count(months_to_replace) = 0
  FROM (SELECT *, sales_before AS before FROM crm.kam_review) AS r), 'members are known, nothing of them is');
SELECT ok((SELECT bool_and(num_nonnulls(customers, of_customers, sales, sales_all, share, state, profit, growth, value, status, trend, months) = 0 AND key_accounts > 0) FROM crm.key_share WHERE dimension = 'all'), 'nor of all of them');
SELECT is_empty('SELECT * FROM crm.kam_selection WHERE num_nonnulls(amount, profit, active_buckets, candidate, protection, growth, strategic, groups, proposed, proposal, types, p_score, white_space) > 0 OR member IS NULL', 'nobody is proposed');
SELECT is_empty('SELECT * FROM crm.programme_effect', 'without sales nothing works');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
SELECT is_empty('SELECT * FROM crm.programme_effect WHERE num_nonnulls(profit, profit_before, profit_growth, profit_a_month_before, profit_a_month_after, profit_change, trend) > 0 OR customers IS NULL', 'nor profit without costs');
SELECT is_empty('SELECT * FROM crm.kam_selection WHERE num_nonnulls(profit, profit_share, abc_profit, dissatisfied, competitor_active, contact_changed, open_complaint, protection, white_space, growth, types, p_score, qualified, name, manager_id) > CASE WHEN manager_id IS NULL THEN 0 ELSE 1 END OR strategic OR proposed IS NOT NULL OR amount IS NULL', 'sales alone propose nobody');
SELECT is_empty($$ SELECT * FROM crm.kam_selection WHERE proposal IS DISTINCT FROM CASE WHEN member IS NOT NULL THEN 'leave' END $$, 'and tell all to leave');
SELECT ok((SELECT bool_and(num_nonnulls(profit, profit_share_1, margin, margin_without, lost_profit, exposure_profit, invested, touch_points) = 0 AND sales IS NOT NULL) FROM crm.kam_review), 'profit, costs and contacts are not known');

SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, cost FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, region AS territory, agent AS person_id, satisfied, rival AS competitor_active, changed AS contact_changed_on, known AS known_name, leads AS leader, demands AS demanding, knows AS market_knowledge, need, pays AS solvency, may AS authority, closed AS closed_on, source AS acquired_by, cooperation FROM buyer');
SELECT kam_bind('crm', 'product', 'SELECT id AS product_id, name, category, days AS on_sale FROM article');
SELECT kam_bind('crm', 'contact', 'SELECT customer AS customer_id, name, role, days AS valid FROM partner');
SELECT kam_bind('crm', 'complaint', 'SELECT customer AS customer_id, day AS opened_on, closed AS closed_on FROM trouble');
SELECT kam_bind('crm', 'person', 'SELECT id AS person_id, name, hours, each AS hours_per_account FROM staff');
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, owner AS customer_id, potential FROM shop');
SELECT kam_bind('crm', 'contact_log', 'SELECT customer AS customer_id, day AS contacted_on, agent AS person_id FROM talk');
SELECT kam_bind('crm', 'customer_cost', 'SELECT customer AS customer_id, day AS cost_on, amount, kind FROM service');
INSERT INTO crm.kam_service VALUES ('strategic', 'meeting', 4, 2), ('strategic', 'report', 1, 1), ('protection', 'meeting', 3, 1);
INSERT INTO crm.potential SELECT i, '', '[2025-01-01,2026-01-01)', 20000 FROM generate_series(0, 20, 2) AS i;
INSERT INTO crm.potential SELECT i, '', '[2024-01-01,2025-01-01)', 10000 FROM generate_series(0, 20, 4) AS i;
INSERT INTO crm.potential SELECT i, 'category ' || i % 3, '(,)', 5000 FROM generate_series(0, 12) AS i;
INSERT INTO crm.potential VALUES (59, '', '[2020-01-01,)', 1e12);

-- the flags, and what they rest on

CREATE TABLE year AS SELECT customer, sum(amount) AS amount, sum(amount - cost) AS profit, count(DISTINCT date_trunc('month', day)) FILTER (WHERE amount > 0) AS months FROM sold WHERE day >= '2024-08-01' AND day < '2025-08-01' GROUP BY 1;
CREATE TABLE month AS SELECT customer, m::date AS month, (SELECT coalesce(sum(amount), 0) FROM sold AS s WHERE s.customer = y.customer AND day >= m AND day < m + interval '1 month') AS amount
FROM year AS y, generate_series(timestamp '2024-08-01', '2025-07-01', '1 month') AS m;
CREATE FUNCTION pg_temp.abc(mine numeric, others numeric[]) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN mine IS NULL THEN NULL WHEN mine <= 0 THEN 'C' WHEN above < 0.80 * whole THEN 'A' WHEN above < 0.95 * whole THEN 'B' ELSE 'C' END
  FROM (SELECT coalesce(sum(o) FILTER (WHERE o > mine), 0) AS above, sum(o) FILTER (WHERE o > 0) AS whole FROM unnest(others) AS o) AS x $$;

SELECT set_eq('SELECT customer_id FROM crm.kam_selection', $$ SELECT id FROM buyer UNION SELECT customer FROM sold WHERE amount > 0 AND day <= '2025-08-20' UNION SELECT customer_id FROM crm.kam_member WHERE valid @> date '2025-08-20' $$, 'everybody who is known');
SELECT is((SELECT count(*) FROM crm.kam_selection), (SELECT count(DISTINCT customer_id) FROM crm.kam_selection), 'once');
SELECT results_eq('SELECT customer_id, trim_scale(amount), trim_scale(profit), round(profit_share, 9) FROM crm.kam_selection ORDER BY 1', $$ SELECT id, trim_scale(coalesce(amount, 0)), trim_scale(coalesce(profit, 0)), round(coalesce(profit, 0) / (SELECT sum(profit) FROM year), 9) FROM buyer LEFT JOIN year ON customer = id ORDER BY 1 $$, 'money');
SELECT is_empty($$ SELECT s.customer_id FROM crm.kam_selection AS s LEFT JOIN year AS y ON y.customer = customer_id JOIN buyer AS b ON id = customer_id WHERE candidate IS DISTINCT FROM (coalesce((SELECT count(*) FROM month AS m WHERE m.customer = id AND m.amount > 0), 0) >= 2 AND coalesce(closed > '2025-08-20', true))
  OR dissatisfied IS DISTINCT FROM NOT satisfied OR competitor_active IS DISTINCT FROM rival OR first_sale IS DISTINCT FROM (SELECT min(day) FROM sold WHERE customer = id AND amount > 0 AND day <= '2025-08-20') OR acquired_by IS DISTINCT FROM source $$, 'who can be one');
SELECT is_empty($$ SELECT s.customer_id FROM crm.kam_selection AS s JOIN buyer AS b ON id = customer_id WHERE contact_changed IS DISTINCT FROM (coalesce(changed > '2024-08-20' AND changed <= '2025-08-20', false)
    OR EXISTS (SELECT FROM partner AS n, partner AS g WHERE n.customer = id AND g.customer = id AND n.role IS NOT DISTINCT FROM g.role AND n.name <> g.name AND lower(n.days) > '2024-08-20' AND lower(n.days) <= '2025-08-20' AND upper(g.days) <= lower(n.days)))
  OR open_complaint IS DISTINCT FROM EXISTS (SELECT FROM trouble AS t WHERE t.customer = id AND t.day <= '2025-08-20' AND coalesce(t.closed > '2025-08-20', true))
  OR protection IS DISTINCT FROM (coalesce(dissatisfied, false) OR coalesce(competitor_active, false) OR contact_changed OR open_complaint) $$, 'who is to be protected');
SELECT ok((SELECT count(DISTINCT contact_changed) = 2 AND count(DISTINCT open_complaint) = 2 AND count(DISTINCT protection) = 2 AND count(DISTINCT candidate) = 2 FROM crm.kam_selection), 'there are some and others');
SELECT is_empty($$ SELECT s.customer_id FROM crm.kam_selection AS s JOIN year AS y ON customer = customer_id WHERE s.abc IS DISTINCT FROM pg_temp.abc(y.amount, ARRAY(SELECT amount FROM year)) OR s.abc_profit IS DISTINCT FROM pg_temp.abc(y.profit, ARRAY(SELECT profit FROM year))
  OR s.xyz IS DISTINCT FROM (SELECT CASE WHEN avg(m.amount) <= 0 THEN 'Z' WHEN stddev_pop(m.amount) / avg(m.amount) <= 0.5 THEN 'X' WHEN stddev_pop(m.amount) / avg(m.amount) <= 0.9 THEN 'Y' ELSE 'Z' END FROM month AS m WHERE m.customer = y.customer) $$, 'classes');
SELECT results_eq('SELECT customer_id, size_class FROM crm.kam_selection WHERE amount > 0 ORDER BY 1', 'SELECT customer, c FROM (SELECT customer, amount, size_class(amount) OVER () AS c FROM year) AS y WHERE amount > 0 ORDER BY 1', 'and sizes');
SELECT is_empty($$ SELECT s.customer_id FROM crm.kam_selection AS s JOIN crm.customer_class AS c USING (customer_id) WHERE (s.abc, s.xyz, trim_scale(s.amount)) IS DISTINCT FROM (c.abc, c.xyz, trim_scale(c.amount)) $$, 'which are those of customer_class');
SELECT is_empty($$ SELECT customer_id FROM crm.kam_selection WHERE strategic IS DISTINCT FROM (coalesce(xyz IN ('X', 'Y') AND abc = 'A' AND abc_profit = 'A', false)) OR num_nonnulls(score, cutoff, value, goal, status) > 0 $$, 'without criteria by the classes');
SELECT ok((SELECT count(*) FILTER (WHERE strategic) BETWEEN 1 AND 30 FROM crm.kam_selection), 'some are');
SELECT is_empty($$ SELECT customer_id, round(potential, 6), round(coalesce(e.whole, e.parts, e.shops), 6) FROM crm.kam_selection AS s CROSS JOIN LATERAL (
    SELECT (SELECT sum(amount * CASE WHEN upper_inf(period) THEN 1 WHEN lower(period) = '2024-01-01' THEN 153 / 366.0 ELSE 212 / 365.0 END) FROM crm.potential AS p WHERE p.customer_id = s.customer_id AND category = '') AS whole,
           (SELECT sum(amount) FROM crm.potential AS p WHERE p.customer_id = s.customer_id AND category <> '') AS parts, (SELECT sum(potential)::numeric FROM shop WHERE owner = s.customer_id) AS shops) AS e
  WHERE round(potential, 6) IS DISTINCT FROM round(coalesce(e.whole, e.parts, e.shops), 6) OR unrealised IS DISTINCT FROM potential - amount $$, 'what they could buy');
SELECT is_empty($$ SELECT customer_id FROM crm.kam_selection AS s WHERE white_space IS DISTINCT FROM ARRAY(SELECT DISTINCT category FROM article WHERE category IS NOT NULL AND (days IS NULL OR days @> date '2025-08-20')
  AND category NOT IN (SELECT category FROM sold JOIN article ON product = id WHERE customer = s.customer_id AND day >= '2024-08-01' AND day < '2025-08-01' AND category IS NOT NULL GROUP BY category HAVING sum(amount) > 0) ORDER BY category)
  OR growth IS DISTINCT FROM (coalesce(unrealised > 0, false) OR white_space <> '{}') $$, 'what they leave out');
SELECT ok((SELECT count(DISTINCT white_space) > 2 FROM crm.kam_selection WHERE candidate), 'there is white space of many kinds');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, cost, pieces AS quantity FROM sold');
SELECT is_empty($$ SELECT customer_id FROM crm.kam_selection AS s WHERE white_space IS DISTINCT FROM ARRAY(SELECT DISTINCT category FROM article WHERE category IS NOT NULL AND (days IS NULL OR days @> date '2025-08-20')
  AND category NOT IN (SELECT category FROM sold JOIN article ON product = id WHERE customer = s.customer_id AND day >= '2024-08-01' AND day < '2025-08-01' AND category IS NOT NULL GROUP BY category HAVING sum(pieces) > 0) ORDER BY category) $$, 'by quantities, where they are known');
UPDATE crm.setting SET unrealised_from = 3000, regular_from = 8, changed_months = 36;
SELECT is_empty($$ SELECT customer_id FROM crm.kam_selection JOIN buyer ON id = customer_id WHERE candidate IS DISTINCT FROM ((SELECT count(*) FROM month AS m WHERE m.customer = customer_id AND m.amount > 0) >= 8 AND coalesce(closed > '2025-08-20', true))
  OR growth IS DISTINCT FROM (coalesce(unrealised >= 3000, false) OR white_space <> '{}') OR changed > '2022-08-20' AND changed <= '2025-08-20' AND NOT contact_changed OR reasons ~ 'unrealised' IS DISTINCT FROM coalesce(unrealised >= 3000, false) $$, 'settings are heard');
UPDATE crm.setting SET unrealised_from = NULL, regular_from = DEFAULT, changed_months = DEFAULT;

-- the decision model

INSERT INTO crm.criterion VALUES ('', 1, 0.55), ('reach', 3, NULL), ('price', 1, NULL), ('talk', 0, NULL);
INSERT INTO crm.customer_criterion SELECT i, c, CASE WHEN i % 7 > 0 THEN (i * 13 % 11) / 10.0 END FROM generate_series(0, 50) AS i, unnest('{reach,price,talk}'::text[]) AS c WHERE i % 5 > 0 OR c <> 'price';
INSERT INTO crm.customer_criterion VALUES (3, '', 1);
SELECT is_empty($$ SELECT customer_id FROM crm.kam_selection AS s WHERE round(score, 9) IS DISTINCT FROM (SELECT round(sum(value * weight) / nullif(sum(weight), 0), 9) FROM crm.customer_criterion AS q JOIN crm.criterion USING (criterion) WHERE q.customer_id = s.customer_id AND value IS NOT NULL AND criterion <> '')
  OR strategic IS DISTINCT FROM score >= 0.55 OR value IS DISTINCT FROM score OR goal <> 0.55 OR status IS DISTINCT FROM CASE WHEN score >= 0.55 THEN 1 WHEN score < 0.55 THEN -1 END $$, 'scores and the cut-off');
SELECT is_empty($$ SELECT customer_id FROM crm.kam_selection AS s CROSS JOIN LATERAL kam_group(candidate AND protection, candidate AND strategic, candidate AND growth) AS r WHERE (proposed, s.groups) IS DISTINCT FROM (r.kam_group, r.groups)
  OR proposal IS DISTINCT FROM CASE WHEN member IS NULL AND r.kam_group IS NOT NULL THEN 'join' WHEN member IS NOT NULL AND r.kam_group IS NULL THEN 'leave' WHEN member <> r.kam_group THEN 'move' WHEN member = r.kam_group THEN 'keep' END $$, 'groups and proposals');
SELECT set_eq('SELECT DISTINCT proposal FROM crm.kam_selection', $$ VALUES ('join'), ('leave'), ('move'), ('keep'), (NULL) $$, 'of all kinds');
SELECT is_empty($$ SELECT customer_id FROM crm.kam_selection AS s WHERE member IS DISTINCT FROM (SELECT kam_group FROM crm.kam_member AS m WHERE m.customer_id = s.customer_id AND valid @> date '2025-08-20') OR joined IS DISTINCT FROM (SELECT min(lower(valid)) FROM crm.kam_member AS m WHERE m.customer_id = s.customer_id AND lower(valid) <= '2025-08-20') $$, 'members');
SELECT is_empty($$ SELECT customer_id FROM crm.kam_selection AS s WHERE place IS DISTINCT FROM CASE WHEN proposed IS NOT NULL THEN (SELECT 1 + count(*) FROM crm.kam_selection AS o WHERE o.proposed IS NOT NULL AND (coalesce(o.score, -1) > coalesce(s.score, -1) OR coalesce(o.score, -1) = coalesce(s.score, -1) AND o.amount > s.amount)) END
  OR manager_id IS DISTINCT FROM coalesce((SELECT person_id FROM crm.kam_assignment AS g WHERE g.customer_id = s.customer_id AND valid @> date '2025-08-20'), person_id)
  OR hours IS DISTINCT FROM CASE proposed WHEN 'strategic' THEN 9 WHEN 'protection' THEN 3 WHEN 'growth' THEN (SELECT each FROM staff WHERE id = manager_id) END $$, 'places and hours');
SELECT is_empty($$ SELECT customer_id FROM crm.kam_selection AS s CROSS JOIN LATERAL (SELECT CASE WHEN bool_and(hours IS NOT NULL) THEN sum(hours) END AS so_far FROM crm.kam_selection AS o WHERE o.manager_id = s.manager_id AND o.place <= s.place) AS e
  WHERE hours_so_far IS DISTINCT FROM CASE WHEN proposed IS NOT NULL THEN so_far END OR fits IS DISTINCT FROM (CASE WHEN proposed IS NOT NULL THEN so_far <= (SELECT x.hours FROM staff AS x WHERE id = manager_id) END) $$, 'who fits into the hours of his manager');
SELECT ok((SELECT count(*) FILTER (WHERE fits) > 0 AND count(*) FILTER (WHERE NOT fits) > 0 FROM crm.kam_selection), 'some do, some do not');
SELECT is_empty($$ SELECT customer_id FROM crm.kam_selection AS s JOIN buyer ON id = customer_id CROSS JOIN LATERAL (SELECT array_remove(ARRAY[CASE WHEN 10 * profit >= (SELECT sum(profit) FROM year) THEN 'breadwinner' END,
    CASE WHEN (first_sale IS NULL OR first_sale > '2024-08-20') AND 10 * potential * (SELECT sum(profit) / sum(amount) FROM year) >= (SELECT sum(profit) FROM year) THEN 'prospect' END,
    CASE WHEN known AND leads THEN 'image_maker' END, CASE WHEN demands AND knows THEN 'expert' END], NULL) AS types) AS e WHERE s.types IS DISTINCT FROM e.types OR primary_type IS DISTINCT FROM e.types[1] $$, 'types');
SELECT set_eq('SELECT DISTINCT unnest(types) FROM crm.kam_selection', '{breadwinner,prospect,image_maker,expert}'::text[], 'all four');
SELECT is_empty($$ SELECT customer_id FROM crm.kam_selection JOIN buyer ON id = customer_id WHERE (p_score, qualified) IS DISTINCT FROM (coalesce(need::int, 0) + coalesce(pays::int, 0) + may::int, need AND pays AND may) $$, 'the three Ps');
SELECT results_eq($$ SELECT reasons FROM crm.kam_selection WHERE customer_id IN (5, 16, 59) ORDER BY customer_id $$, $$ SELECT replace(r, '#', round(unrealised)::text) FROM crm.kam_selection JOIN (VALUES (5, 'no candidate, competitor, score 1.00, unrealised #, white space category 0+category 1+category 2+category 3'), (16, 'no candidate, contact changed, score 1.00, unrealised #, white space category 2+category 3'), (59, 'no candidate, unrealised #, white space category 0+category 1+category 2+category 3')) AS v (id, r) ON id = customer_id ORDER BY customer_id $$, 'in words');
SELECT results_eq('SELECT * FROM crm.kam_selection ORDER BY customer_id', $$ SELECT * FROM crm.kam_selection('2025-08-20') ORDER BY customer_id $$, 'the view is the function as of the day of setting');
SELECT results_eq($$ SELECT customer_id, trim_scale(amount), member FROM crm.kam_selection('2025-05-31') ORDER BY 1 $$, $$ SELECT id, trim_scale((SELECT coalesce(sum(amount), 0) FROM sold WHERE customer = id AND day >= '2024-06-01' AND day < '2025-06-01')), (SELECT kam_group FROM crm.kam_member WHERE customer_id = id AND valid @> date '2025-05-31') FROM buyer ORDER BY 1 $$, 'as of another day');

-- how much hangs on them

INSERT INTO crm.plan (customer_id, period, status) SELECT i, '[2025-01-01,2026-01-01)', CASE WHEN i % 12 = 0 THEN 'draft' ELSE 'active' END FROM generate_series(0, 59, 3) AS i;
INSERT INTO crm.kpi_goal (kpi, scope, key, goal, tolerance) VALUES ('key_share', 'all', '', 0.4, NULL), ('key_share', 'channel', 'shop', 0.99, NULL), ('exposure', 'all', '', 0.01, NULL), ('exposure', 'customer', '4', 0.5, NULL);
UPDATE crm.setting SET goal_tolerance = 0.2, typical_from = 0.35;
CREATE FUNCTION pg_temp.sales(who integer[], first date, next date, gain boolean DEFAULT false) RETURNS numeric LANGUAGE sql AS $$ SELECT coalesce(sum(CASE WHEN gain THEN amount - cost ELSE amount END), 0) FROM sold WHERE customer = ANY (who) AND day >= first AND day < next $$;
CREATE FUNCTION pg_temp.members(day date, grp text, dimension text, key text) RETURNS integer[] LANGUAGE sql AS $$
  SELECT coalesce(array_agg(customer_id), '{}') FROM crm.kam_member LEFT JOIN buyer ON id = customer_id WHERE valid @> day AND (dimension <> 'group' OR kam_group = key) AND (dimension <> 'channel' OR channel = key) AND (dimension <> 'territory' OR region = key) $$;
CREATE TABLE expected AS
SELECT d.dimension, d.key, w.span, w.first, w.next, w.before, pg_temp.members('2025-08-20', NULL, d.dimension, d.key) AS now, pg_temp.members(w.first - 1, NULL, d.dimension, d.key) AS earlier,
  ARRAY(SELECT DISTINCT customer FROM sold LEFT JOIN buyer ON id = customer WHERE (d.dimension <> 'channel' OR channel = d.key) AND (d.dimension <> 'territory' OR region = d.key)) AS everybody
FROM (VALUES ('all', ''), ('group', 'growth'), ('group', 'strategic'), ('group', 'protection'), ('channel', 'shop'), ('channel', 'cafe'), ('territory', 'north'), ('territory', 'south')) AS d (dimension, key),
  (VALUES ('period', date '2025-01-01', date '2025-08-21', date '2024-01-01'), ('1 year', '2024-08-21', '2025-08-21', '2023-08-21'), ('5 years', '2020-08-21', '2025-08-21', '2015-08-21'), ('10 years', '2015-08-21', '2025-08-21', '2005-08-21')) AS w (span, first, next, before);
UPDATE expected SET earlier = pg_temp.members('2024-08-20', NULL, dimension, key) WHERE span = 'period';
SELECT set_eq('SELECT dimension, key, span, days FROM crm.key_share', 'SELECT dimension, key, span, daterange(first, next) FROM expected', 'lines');
SELECT results_eq('SELECT dimension, key, span, key_accounts, trim_scale(sales), trim_scale(sales_all), round(share, 9), trim_scale(profit), trim_scale(profit_all) FROM crm.key_share ORDER BY dimension COLLATE "C", key COLLATE "C", span COLLATE "C"', $$
  SELECT dimension, key, span, cardinality(now)::bigint, trim_scale(pg_temp.sales(now, first, next)), trim_scale(pg_temp.sales(everybody, first, next)), round(pg_temp.sales(now, first, next) / pg_temp.sales(everybody, first, next), 9), trim_scale(pg_temp.sales(now, first, next, true)), trim_scale(pg_temp.sales(everybody, first, next, true))
  FROM expected ORDER BY dimension COLLATE "C", key COLLATE "C", span COLLATE "C" $$, 'sales and profit');
SELECT is_empty($$ SELECT s.dimension, s.key, s.span FROM crm.key_share AS s JOIN expected AS e USING (dimension, key, span) CROSS JOIN LATERAL (SELECT pg_temp.sales(earlier, before, CASE span WHEN 'period' THEN date '2024-08-21' ELSE first END) AS earlier_sales, pg_temp.sales(everybody, before, CASE span WHEN 'period' THEN date '2024-08-21' ELSE first END) AS earlier_all) AS b
  WHERE sales_before IS DISTINCT FROM earlier_sales OR round(growth, 9) IS DISTINCT FROM CASE WHEN earlier_sales > 0 THEN round((sales - earlier_sales) / earlier_sales, 9) END OR round(share_before, 9) IS DISTINCT FROM CASE WHEN earlier_all > 0 THEN round(earlier_sales / earlier_all, 9) END
    OR trend IS DISTINCT FROM sign(share - share_before)::integer $$, 'the days before');
SELECT is_empty($$ SELECT s.dimension, s.key, s.span FROM crm.key_share AS s JOIN expected AS e USING (dimension, key, span) CROSS JOIN LATERAL (SELECT ARRAY(SELECT unnest(now) INTERSECT SELECT unnest(earlier)) AS members) AS b
  WHERE round(like_for_like, 9) IS DISTINCT FROM round((pg_temp.sales(members, first, next) / nullif(pg_temp.sales(members, before, CASE span WHEN 'period' THEN date '2024-08-21' ELSE first END), 0) - 1), 9) $$, 'like for like');
SELECT is_empty($$ SELECT s.dimension, s.key, s.span FROM crm.key_share AS s JOIN expected AS e USING (dimension, key, span)
  WHERE round(share_at_the_time, 9) IS DISTINCT FROM round((SELECT coalesce(sum(amount), 0) FROM sold JOIN crm.kam_member ON customer_id = customer AND valid @> day WHERE customer = ANY (everybody) AND day >= first AND day < next AND (dimension <> 'group' OR kam_group = key)) / sales_all, 9)
    OR customers IS DISTINCT FROM (SELECT count(*) FROM (SELECT FROM sold WHERE customer = ANY (everybody) AND day >= first AND day < next GROUP BY customer HAVING sum(amount) > 0) AS c)
    OR with_plan <> (SELECT count(*) FROM unnest(now) AS c WHERE c IN (SELECT customer_id FROM crm.plan WHERE status = 'active')) OR without_manager <> (SELECT count(*) FROM unnest(now) AS c WHERE c NOT IN (SELECT customer_id FROM crm.kam_assignment WHERE valid @> date '2025-08-20')) $$, 'at the time, plans and managers');
SELECT is_empty($$ SELECT s.dimension, s.key, s.span FROM crm.key_share AS s WHERE state IS DISTINCT FROM CASE WHEN dimension = 'group' THEN NULL WHEN share < 0.35 THEN 'below' WHEN share <= 0.55 THEN 'typical' ELSE 'dependent' END OR goal IS DISTINCT FROM CASE WHEN dimension = 'group' THEN NULL WHEN key = 'shop' THEN 0.99 ELSE 0.4 END
  OR status IS DISTINCT FROM CASE WHEN dimension = 'group' THEN NULL WHEN share >= goal THEN 1 WHEN share >= goal * 0.8 THEN 0 ELSE -1 END OR value <> share OR months <> (SELECT history_months(min(day), '2025-08-20') FROM sold WHERE day <@ days) AND dimension = 'all' $$, 'bands and goals');
SELECT ok((SELECT count(DISTINCT state) > 1 AND count(DISTINCT status) > 1 AND max(without_manager) > 0 FROM crm.key_share), 'of several kinds');
SELECT results_eq('SELECT * FROM crm.key_share ORDER BY dimension, key, span', $$ SELECT * FROM crm.key_share('2025-08-20', '[2025-01-01,2026-01-01)') ORDER BY dimension, key, span $$, 'the view is the function as of the day of setting');
SELECT is((SELECT array_agg(span ORDER BY span COLLATE "C") FROM crm.key_share('2025-08-20', '[2026-01-01,2027-01-01)') WHERE dimension = 'all'), '{1 year,10 years,5 years}', 'no period before its first day');

-- the review

SELECT is_empty($$ SELECT r.customer_id FROM crm.kam_review AS r JOIN crm.key_share AS w ON w.dimension = 'all' AND w.span = 'period' CROSS JOIN LATERAL (SELECT ARRAY[r.customer_id] AS who) AS x
  WHERE r.sales_before <> pg_temp.sales(who, '2024-01-01', '2024-08-21') OR r.sales <> pg_temp.sales(who, '2025-01-01', '2025-08-21') OR r.profit <> pg_temp.sales(who, '2025-01-01', '2025-08-21', true) OR lost_profit <> pg_temp.sales(who, '2024-08-21', '2025-08-21', true)
    OR round(exposure, 9) <> round(r.sales / w.sales_all, 9) OR round(exposure_profit, 9) <> round(r.profit / w.profit_all, 9) OR round(margin, 9) <> round(w.profit_all / w.sales_all, 9) OR round(margin_without, 9) <> round((w.profit_all - r.profit) / (w.sales_all - r.sales), 9)
    OR a_month <> pg_temp.sales(who, '2024-08-21', '2025-08-21') / 12 OR num_nulls(r.sales, r.sales_before, r.profit, lost_profit, exposure, exposure_profit, margin, margin_without, a_month) > 0 $$, 'money');
SELECT set_eq('SELECT customer_id, kam_group FROM crm.kam_review', $$ SELECT customer_id, kam_group FROM crm.kam_member WHERE valid @> date '2025-08-20' $$, 'of every member');
SELECT is_empty($$ SELECT r.customer_id FROM crm.kam_review AS r CROSS JOIN (VALUES (1), (5), (10)) AS v (years) JOIN crm.key_share AS w ON dimension = 'all' AND span = years || CASE years WHEN 1 THEN ' year' ELSE ' years' END
  WHERE pg_temp.sales(ARRAY[r.customer_id], lower(days), upper(days)) <> 0 AND (round(CASE years WHEN 1 THEN sales_share_1 WHEN 5 THEN sales_share_5 ELSE sales_share_10 END, 9) IS DISTINCT FROM round(pg_temp.sales(ARRAY[r.customer_id], lower(days), upper(days)) / w.sales_all, 9)
    OR round(CASE years WHEN 1 THEN profit_share_1 WHEN 5 THEN profit_share_5 ELSE profit_share_10 END, 9) IS DISTINCT FROM round(pg_temp.sales(ARRAY[r.customer_id], lower(days), upper(days), true) / w.profit_all, 9)) $$, 'shares of one, five and ten years');
SELECT is_empty($$ SELECT r.customer_id FROM crm.kam_review AS r WHERE joined IS DISTINCT FROM (SELECT min(lower(valid)) FROM crm.kam_member AS m WHERE m.customer_id = r.customer_id AND lower(valid) <= '2025-08-20') OR months_in_programme IS DISTINCT FROM extract(year FROM age('2025-08-21', joined)) * 12 + extract(month FROM age('2025-08-21', joined))
    OR manager_id IS DISTINCT FROM (SELECT person_id FROM crm.kam_assignment AS g WHERE g.customer_id = r.customer_id AND valid @> date '2025-08-20') OR has_plan <> EXISTS (SELECT FROM crm.plan AS p WHERE p.customer_id = r.customer_id AND status = 'active')
    OR first_sale IS DISTINCT FROM (SELECT min(day) FROM sold WHERE customer = r.customer_id AND amount > 0) OR months_as_customer IS DISTINCT FROM history_months(first_sale, '2025-08-20')
    OR invested IS DISTINCT FROM (SELECT coalesce(sum(amount), 0) FROM service AS s WHERE s.customer = r.customer_id AND kind = 'retention' AND day BETWEEN '2025-01-01' AND '2025-08-20') OR round(profit_for_1, 9) IS DISTINCT FROM round(profit / nullif(invested, 0), 9) OR round(invested_share, 9) IS DISTINCT FROM CASE WHEN sales > 0 THEN round(invested / sales, 9) END
    OR touch_points <> (SELECT count(DISTINCT agent) FROM talk WHERE customer = r.customer_id AND day BETWEEN '2025-01-01' AND '2025-08-20') OR cooperation <> r.customer_id % 6 $$, 'the programme, its costs and contacts');
SELECT is_empty($$ SELECT r.customer_id FROM crm.kam_review AS r CROSS JOIN LATERAL (SELECT coalesce(
      (SELECT sum(amount * CASE WHEN upper(period) = '2026-01-01' THEN 232 / 365.0 WHEN upper_inf(period) THEN 232 / 365.0 END) FROM crm.potential AS p WHERE p.customer_id = r.customer_id AND category = '' AND (upper(period) > '2025-01-01' OR upper_inf(period))),
      (SELECT sum(amount * 232 / 365.0) FROM crm.potential AS p WHERE p.customer_id = r.customer_id AND category <> '')) AS wallet) AS e
  WHERE round(r.wallet, 6) IS DISTINCT FROM round(e.wallet, 6) OR share_of_wallet IS DISTINCT FROM share_of_wallet(sales, r.wallet)
    OR verdict IS DISTINCT FROM CASE WHEN growth > 0 THEN CASE WHEN share_of_wallet < coalesce(share_of_wallet_before, 1) THEN 'both' WHEN share_of_wallet IS NOT NULL THEN 'growing' END WHEN share_of_wallet < coalesce(share_of_wallet_before, 1) AND growth IS NOT NULL THEN 'splitting' WHEN share_of_wallet IS NOT NULL AND growth < 0 THEN 'shrinking' WHEN growth = 0 AND share_of_wallet IS NOT NULL THEN 'steady' END $$, 'growing or splitting');
SELECT ok((SELECT count(verdict) > 3 AND count(DISTINCT verdict) > 1 AND count(share_of_wallet_before) > 2 FROM crm.kam_review), 'there are verdicts');
SELECT is_empty($$ SELECT r.customer_id FROM crm.kam_review AS r CROSS JOIN (SELECT sum(amount / greatest(extract(year FROM age('2025-08-21', date_trunc('month', first))) * 12 + extract(month FROM age('2025-08-21', date_trunc('month', first))), 1)) / 24 AS inflow
    FROM (SELECT customer, sum(amount) AS amount, min(day) FILTER (WHERE amount > 0) AS first, count(DISTINCT date_trunc('month', day)) FILTER (WHERE amount > 0) AS months FROM sold WHERE day <= '2025-08-20' GROUP BY customer) AS c WHERE first > '2023-08-20' AND months > 1) AS i
  WHERE round(months_to_replace, 6) IS DISTINCT FROM CASE WHEN a_month > 0 THEN round(a_month / inflow, 6) END $$, 'how long it takes to replace him');
SELECT ok((SELECT count(months_to_replace) > 10 FROM crm.kam_review), 'which is known');
UPDATE crm.setting SET won_months = 1;
SELECT is_empty('SELECT customer_id FROM crm.kam_review WHERE months_to_replace IS NOT NULL', 'nobody won, nobody replaced');
UPDATE crm.setting SET won_months = DEFAULT;
INSERT INTO crm.company_target (period, target) VALUES ('[2025-01-01,2026-01-01)', 1000), ('[2025-01-01,2025-04-01)', 1);
SELECT is_empty($$ SELECT r.customer_id FROM crm.kam_review AS r JOIN crm.key_share AS w ON dimension = 'all' AND span = 'period' WHERE attainment IS DISTINCT FROM w.sales_all / 1000 OR attainment_without IS DISTINCT FROM (w.sales_all - r.sales) / 1000 $$, 'the target of the company, with him and without');
SELECT is_empty($$ SELECT customer_id FROM crm.kam_review WHERE value IS DISTINCT FROM exposure OR goal <> CASE customer_id WHEN 4 THEN 0.5 ELSE 0.01 END OR status <> CASE WHEN exposure <= goal THEN 1 WHEN exposure <= 1.2 * goal THEN 0 ELSE -1 END $$, 'a goal that is a limit');
SELECT results_eq('SELECT * FROM crm.kam_review ORDER BY customer_id', $$ SELECT * FROM crm.kam_review('2025-08-20', '[2025-01-01,2026-01-01)') ORDER BY customer_id $$, 'the view is the function as of the day of setting');
SELECT ok((SELECT count(*) > 20 AND count(sales) + count(exposure) + count(invested) = 0 AND count(sales_share_1) > 10 FROM crm.kam_review('2025-08-20', '[2026-01-01,2027-01-01)')), 'before the period nothing of it is known');

-- does the programme work

SELECT results_eq('SELECT part COLLATE "C", customers, lost, round(churn, 9), round(retention, 9), trim_scale(amount_before), trim_scale(lost_amount), round(revenue_churn, 9), trim_scale(profit), trim_scale(profit_before), trend FROM crm.programme_effect ORDER BY 1', $$
  SELECT part COLLATE "C", count(customer), count(*) FILTER (WHERE NOT stayed), round(count(*) FILTER (WHERE NOT stayed)::numeric / nullif(count(customer), 0), 9), round(count(*) FILTER (WHERE stayed)::numeric / nullif(count(customer), 0), 9), trim_scale(sum(before)), trim_scale(coalesce(sum(before) FILTER (WHERE NOT stayed), 0)), round(coalesce(sum(before) FILTER (WHERE NOT stayed), 0) / sum(before), 9),
    trim_scale(coalesce(sum(pg_temp.sales(ARRAY[customer], '2025-01-01', '2025-08-21', true)), 0)), trim_scale(coalesce(sum(pg_temp.sales(ARRAY[customer], '2024-01-01', '2024-08-21', true)), 0)), sign(coalesce(sum(pg_temp.sales(ARRAY[customer], '2025-01-01', '2025-08-21', true) - pg_temp.sales(ARRAY[customer], '2024-01-01', '2024-08-21', true)), 0))::integer
  FROM (VALUES ('key accounts'), ('others'), ('protection'), ('strategic'), ('growth')) AS v (part)
  LEFT JOIN (SELECT s.customer, kam_group, s.before, pg_temp.sales(ARRAY[s.customer], '2025-01-01', '2025-08-21') > 0 AS stayed FROM (SELECT customer, sum(amount) AS before FROM sold WHERE day BETWEEN '2024-01-01' AND '2024-12-31' GROUP BY 1 HAVING sum(amount) > 0) AS s
    LEFT JOIN crm.kam_member AS m ON m.customer_id = s.customer AND valid @> date '2025-01-01') AS c ON CASE part WHEN 'key accounts' THEN kam_group IS NOT NULL WHEN 'others' THEN kam_group IS NULL ELSE kam_group = part END
  GROUP BY part ORDER BY 1 $$, 'who stayed, of the programme and of the others');
SELECT results_eq('SELECT part COLLATE "C", joined, round(profit_a_month_before, 6), round(profit_a_month_after, 6), round(profit_change, 9) FROM crm.programme_effect ORDER BY 1', $$
  SELECT part COLLATE "C", CASE WHEN part <> 'others' THEN count(customer_id) END, round(sum(before), 6), round(sum(after), 6), round(sum(after) / nullif(sum(before), 0) - 1, 9)
  FROM (VALUES ('key accounts'), ('others'), ('protection'), ('strategic'), ('growth')) AS v (part)
  LEFT JOIN (SELECT customer_id, kam_group, pg_temp.sales(ARRAY[customer_id], (start - make_interval(months => months))::date, start, true) / months AS before, pg_temp.sales(ARRAY[customer_id], start, (start + make_interval(months => months))::date, true) / months AS after
    FROM (SELECT *, (SELECT CASE WHEN count(*) > 0 THEN least(12, history_months(start, '2025-08-20'), (extract(year FROM start) - extract(year FROM min(day))) * 12 + extract(month FROM start) - extract(month FROM min(day)))::integer END FROM sold WHERE customer = customer_id AND amount > 0) AS months FROM (
      SELECT customer_id, (array_agg(kam_group ORDER BY lower(valid) DESC))[1] AS kam_group, date_trunc('month', min(lower(valid)) + interval '1 month - 1 day')::date AS start FROM crm.kam_member WHERE lower(valid) <= '2025-08-20' GROUP BY 1) AS j) AS k WHERE months > 0) AS c ON part IN ('key accounts', kam_group)
  GROUP BY part ORDER BY 1 $$, 'before and after joining');
SELECT is_empty($$ SELECT part FROM crm.programme_effect CROSS JOIN (SELECT retention FROM crm.programme_effect WHERE part = 'others') AS o (others) WHERE value <> retention OR goal IS DISTINCT FROM CASE WHEN part <> 'others' THEN others END OR status IS DISTINCT FROM kpi_status(value, goal, 0.2) OR round(profit_growth, 9) IS DISTINCT FROM CASE WHEN profit_before > 0 THEN round((profit - profit_before) / profit_before, 9) END $$, 'the others are the goal');
SELECT ok((SELECT min(lost) >= 0 AND max(lost) > 0 AND count(status) > 1 AND max(joined) > 8 FROM crm.programme_effect), 'some were lost, some joined');
SELECT results_eq('SELECT * FROM crm.programme_effect ORDER BY part', $$ SELECT * FROM crm.programme_effect('2025-08-20', '[2025-01-01,2026-01-01)') ORDER BY part $$, 'the view is the function as of the day of setting');

-- hostile rows: without keys, days or amounts, twice; impossible days

INSERT INTO sold VALUES (NULL, NULL, '2025-02-02', 5, 1, 1), (1, NULL, '2025-02-02', 5, 1, 1), (1, 2, NULL, 5, 1, 1), (1, 2, 'infinity', 5, 1, 1), (1, 2, '-infinity', 5, 1, 1), (1, 2, '0044-03-15 BC', 5, 1, 1), (2, 2, '2025-02-02', NULL, NULL, NULL);
INSERT INTO buyer (id) VALUES (NULL);
INSERT INTO partner VALUES (NULL, NULL, NULL, NULL), (1, NULL, NULL, 'empty'), (1, 'x', 'buyer', '[-infinity,infinity)'), (1, 'y', 'buyer', '(,)');
INSERT INTO trouble VALUES (NULL, NULL, NULL), (1, 'infinity', '-infinity'), (1, '-infinity', 'infinity');
INSERT INTO staff VALUES (NULL, NULL, NULL, NULL), (100, 'again', 'NaN', -5);
INSERT INTO shop VALUES (NULL, NULL, NULL), (1, NULL, 'NaN');
INSERT INTO article VALUES (NULL, NULL, NULL, NULL), (NULL, NULL, 'category 9', 'empty');
INSERT INTO talk VALUES (NULL, NULL, NULL), (2, 'infinity', NULL), (2, '-infinity', NULL);
INSERT INTO service VALUES (NULL, NULL, NULL, NULL), (2, 'infinity', NULL, 'retention');
INSERT INTO crm.kam_member VALUES (1, 'growth', '(,infinity)'), (3, 'growth', '[-infinity,)');
SELECT lives_ok(format('SELECT * FROM crm.%s', name), name || ' bears them') FROM unnest('{kam_selection,key_share,kam_review,programme_effect}'::text[]) AS name;
SELECT lives_ok($$ UPDATE crm.setting SET buckets = 1, changed_months = 0, regular_from = 0, new_months = 100000, won_months = 1200, share = 0, typical_from = 0, typical_to = 0, unrealised_from = 0; SELECT * FROM crm.kam_selection; SELECT * FROM crm.key_share; SELECT * FROM crm.kam_review; SELECT * FROM crm.programme_effect $$, 'and any setting');
SELECT lives_ok(format('SELECT * FROM crm.%s(%L, %L)', name, as_of, period), format('%s as of %s', name, as_of)) FROM unnest('{kam_selection,key_share,kam_review,programme_effect}'::text[]) AS name, (VALUES (date '0001-01-01', NULL), ('4713-01-01 BC', NULL), ('9998-12-31', '[0001-01-01,9999-01-01)')) AS v (as_of, period);

SELECT * FROM finish();
ROLLBACK;
