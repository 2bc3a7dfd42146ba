-- Reports on programmes and bonuses, against plain SQL over random sales.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(60);

\ir ../helpers/plan_of.sql

-- Sales with returns, zeros, large amounts, a leap day; 60 customers, 60 outlets, 12 products
CREATE TABLE sold AS
SELECT (noise % 60)::integer AS customer, (noise % 60)::integer AS outlet, (noise / 80 % 12)::integer AS product, date '2023-12-15' + (noise / 960 % 900)::integer AS day,
  round((noise / 864000 % 1400 - 200) * CASE WHEN noise % 60 = 40 THEN 1e20 ELSE 0.25 END, 2) AS amount, (noise / 77 % 9 - 2)::integer AS pieces
FROM generate_series(1, 8000) AS i, LATERAL (SELECT hashint8extended(i, 12) & 9007199254740991 AS noise) AS n
WHERE noise % 60 % 7 <> 3 OR noise / 960 % 900 > 400 + noise % 60 * 3;
INSERT INTO sold VALUES (7, 7, 1, '2024-02-29', 250, 5);
CREATE INDEX ON sold (customer, day);
CREATE INDEX ON sold (outlet, day);
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, CASE i % 3 WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' END AS channel, i % 4 AS person FROM generate_series(0, 59) AS i;
CREATE TABLE article AS SELECT i AS id, 'product ' || i AS name, 'category ' || i % 4 AS category, 'brand ' || i % 3 AS brand FROM generate_series(0, 11) AS i;
CREATE TABLE shop AS SELECT i AS id, i AS customer, (ARRAY['gym', 'hotel', 'cafe'])[1 + i % 3] AS type, CASE WHEN i % 5 > 0 THEN i % 5 END AS person FROM generate_series(0, 59) AS i;
ANALYZE sold, buyer, article, shop;

SELECT kam_create_model('crm', 'integer');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');

INSERT INTO crm.programme (programme_id, name, kind, period, mode, boundary, qualifies_by, combine, rate, fixed, cap, extra_discount) VALUES
  (1, 'ladder', 'tiered', '[2025-01-01,2026-01-01)', 'retrospective', 'reach', 'amount', 'all', NULL, NULL, 400, NULL),
  (2, 'lowest', 'tiered', '[2025-01-01,2026-01-01)', 'retrospective', 'reach', 'attainment', 'min', NULL, NULL, NULL, NULL),
  (3, 'turnover', 'turnover', '[2025-01-01,2026-01-01)', 'retrospective', 'reach', 'amount', 'all', 0.03, 100, NULL, NULL),
  (4, 'pieces', 'tiered', '[2024-07-01,2025-07-01)', 'stepped', 'exceed', 'quantity', 'weighted', NULL, NULL, NULL, NULL),
  (5, 'frame', 'framework', '[2025-01-01,2026-01-01)', 'retrospective', 'reach', 'amount', 'all', NULL, NULL, NULL, 0.05),
  (6, 'own target', 'tiered', '[2025-01-01,2026-01-01)', 'fixed', 'reach', 'attainment', 'all', NULL, NULL, NULL, NULL),
  (7, 'no ladder', 'tiered', '[2025-01-01,2026-01-01)', 'retrospective', 'reach', 'amount', 'all', NULL, NULL, NULL, NULL),
  (8, 'plain ladder', 'tiered', '[2025-01-01,2026-01-01)', 'retrospective', 'reach', 'amount', 'all', NULL, NULL, NULL, NULL),
  (9, 'another year', 'tiered', '[2027-01-01,2028-01-01)', 'retrospective', 'reach', 'amount', 'all', NULL, NULL, NULL, NULL);
INSERT INTO crm.programme_tier VALUES (1, 1000, 0.01, 0), (1, 5000, 0.02, 50), (1, 9000, 0.03, 0), (2, 0.2, 0.01, 0), (2, 0.5, 0.02, 5), (4, 10, 0.5, 0), (4, 60, 1.5, 3), (6, 0.5, 0, 100), (6, 1, 0, 300), (8, 1000, 0.01, 0), (8, 5000, 0.02, 0), (9, 1, 0.1, 0);
INSERT INTO crm.programme_customer (programme_id, customer_id, target, joined_on)
SELECT p, c, CASE WHEN c % 8 <> 5 THEN CASE p WHEN 4 THEN 40 ELSE 3000 + c END END, CASE WHEN c % 9 = 2 THEN date '2025-02-10' WHEN c % 9 = 4 THEN '2020-01-01' WHEN c % 30 = 6 THEN '2026-05-01' END
FROM generate_series(1, 9) AS p, generate_series(0, 69) AS c;
INSERT INTO crm.programme_parameter (programme_id, name, parameter, key, measure, target, weight) VALUES
  (1, 'tea', 'category', 'category 1', 'amount', 500, 1), (1, 'range', 'total', '', 'products', 4, 1), (2, 'mix', 'brand', 'brand 2', 'share', 0.25, 1),
  (4, 'p3', 'product', '3', 'quantity', 4, 2), (4, 'p4', 'product', '4', 'amount', 0, 1), (4, 'none', 'category', 'no such', 'share', 0.1, 0.5);
INSERT INTO crm.programme_gate SELECT 1, c, name, c % 6 <> 0 FROM generate_series(0, 69, 2) AS c, unnest('{overdue,contract}'::text[]) AS name;
INSERT INTO crm.programme_payment SELECT p, c, day, 12.5 - c FROM generate_series(1, 4) AS p, generate_series(0, 60, 4) AS c, unnest('{2025-02-01,2025-05-01,2025-11-01}'::date[]) AS day;
ANALYZE crm.programme_customer, crm.programme_payment;

-- what is not bound is NULL

SELECT is_empty($$ SELECT * FROM crm.programme_result('2025-06-30') WHERE programme_id IN (1, 2, 4) AND programme_id <> 2 AND (earned IS NOT NULL OR to_book IS NOT NULL OR at_run_rate IS NOT NULL OR due IS NOT NULL OR unlocks IS NOT NULL OR tier IS NOT NULL OR parameters_met IS NOT NULL) $$, 'without quantities and categories nothing is said of what needs them');
SELECT is_empty($$ SELECT * FROM crm.programme_result('2025-06-30') WHERE programme_id = 4 AND (actual IS NOT NULL OR status IS NOT NULL) $$, 'nor of pieces');
SELECT is_empty($$ SELECT * FROM crm.programme_result('2025-06-30') WHERE programme_id = 8 AND earned IS NULL $$, 'but of a ladder of amounts');
SELECT is_empty($$ SELECT * FROM crm.programme_explanation('2025-06-30') WHERE programme_id IN (1, 4, 5, 7) $$, 'no steps without a result');
SELECT is_empty($$ SELECT * FROM crm.programme_result('2025-06-30') WHERE name IS NOT NULL OR channel IS NOT NULL $$, 'no names');

SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, product AS product_id, day AS sold_on, amount, pieces AS quantity FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, person AS person_id FROM buyer');
SELECT kam_bind('crm', 'product', 'SELECT id AS product_id, name, category, brand FROM article');

-- against plain SQL: what was bought, parameters, rewards

CREATE VIEW bought AS
SELECT p.programme_id, m.customer_id, p.kind, p.period, m.target, p.cap, daterange(greatest(m.joined_on, lower(p.period)), upper(p.period)) AS days, d.as_of, b.*
FROM crm.programme AS p JOIN crm.programme_customer AS m USING (programme_id) CROSS JOIN (VALUES (date '2025-06-30'), ('2025-03-05'), ('2026-02-01')) AS d (as_of)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(amount), 0) AS amount, coalesce(sum(pieces), 0)::numeric AS pieces, coalesce(sum(amount) FILTER (WHERE category = 'category 1'), 0) AS tea,
    (SELECT count(*) FROM (SELECT FROM sold WHERE customer = m.customer_id AND day >= greatest(m.joined_on, lower(p.period)) AND day <@ p.period AND day <= d.as_of GROUP BY product HAVING sum(pieces) > 0) AS x) AS range,
    coalesce(sum(amount) FILTER (WHERE brand = 'brand 2'), 0) / nullif(sum(amount), 0) AS mix, coalesce(sum(pieces) FILTER (WHERE product = 3), 0)::numeric AS p3, coalesce(sum(amount) FILTER (WHERE product = 4), 0) AS p4
  FROM sold LEFT JOIN article ON article.id = product WHERE customer = m.customer_id AND day >= greatest(m.joined_on, lower(p.period)) AND day <@ p.period AND day <= d.as_of) AS b
WHERE coalesce(m.joined_on, lower(p.period)) < upper(p.period);

SELECT results_eq(format('SELECT programme_id, customer_id, trim_scale(actual), trim_scale(round(run_rate, 6)) FROM crm.programme_result(%L, %L) ORDER BY 1, 2', as_of, '[2025-01-01,2026-01-01)'),
  format($$ SELECT programme_id, customer_id, trim_scale(a), trim_scale(round(run_rate(a, days, as_of, 'days'), 6)) FROM bought, LATERAL (SELECT CASE programme_id WHEN 4 THEN pieces ELSE amount END AS a) AS x
            WHERE as_of = %L AND period && '[2025-01-01,2026-01-01)' ORDER BY 1, 2 $$, as_of), format('who takes part, and what he bought as of %s', as_of))
FROM (VALUES ('2025-06-30'), ('2025-03-05'), ('2026-02-01')) AS d (as_of);

CREATE VIEW reward AS
SELECT b.*, CASE programme_id
    WHEN 1 THEN CASE WHEN tea >= 500 AND range >= 4 AND NOT (customer_id % 2 = 0 AND customer_id % 6 = 0)
      THEN least(400, CASE WHEN amount >= 9000 THEN amount * 0.03 WHEN amount >= 5000 THEN amount * 0.02 + 50 WHEN amount >= 1000 THEN amount * 0.01 ELSE 0 END) ELSE 0 END
    WHEN 2 THEN CASE WHEN least(amount / target, coalesce(mix, 0) / 0.25) >= 0.5 THEN amount * 0.02 + 5 WHEN least(amount / target, coalesce(mix, 0) / 0.25) >= 0.2 THEN amount * 0.01 ELSE 0 END
    WHEN 3 THEN CASE WHEN target IS NULL THEN NULL WHEN amount >= target THEN amount * 0.03 + 100 ELSE 0 END
    WHEN 4 THEN CASE WHEN pieces > 60 THEN 28 + (pieces - 60) * 1.5 WHEN pieces > 10 THEN (pieces - 10) * 0.5 ELSE 0 END * (CASE WHEN p3 >= 4 THEN 2 ELSE 0 END + CASE WHEN p4 >= 0 THEN 1 ELSE 0 END) / 3.5
    WHEN 6 THEN CASE WHEN amount / target >= 1 THEN 300 WHEN amount / target >= 0.5 THEN 100 WHEN target IS NOT NULL THEN 0 END
    WHEN 8 THEN CASE WHEN amount >= 5000 THEN amount * 0.02 WHEN amount >= 1000 THEN amount * 0.01 ELSE 0 END END AS reward,
  (SELECT coalesce(sum(y.amount), 0) FROM crm.programme_payment AS y WHERE y.programme_id = b.programme_id AND y.customer_id = b.customer_id AND paid_on <= b.as_of) AS paid
FROM bought AS b;

SELECT results_eq(format('SELECT programme_id, customer_id, earned, trim_scale(paid), trim_scale(due) FROM crm.programme_result(%L, %L) WHERE NOT (programme_id = 2 AND target IS NULL) ORDER BY 1, 2', as_of, '[2025-01-01,2026-01-01)'),
  format($$ SELECT programme_id, customer_id, round(reward, 2), trim_scale(paid), trim_scale(round(reward, 2) - paid) FROM reward
            WHERE as_of = %L AND period && '[2025-01-01,2026-01-01)' AND NOT (programme_id = 2 AND target IS NULL) ORDER BY 1, 2 $$, as_of), format('earned, paid and due as of %s', as_of))
FROM (VALUES ('2025-06-30'), ('2025-03-05'), ('2026-02-01')) AS d (as_of);

SELECT results_eq($$ SELECT customer_id, to_book, at_run_rate, tier, trim_scale(next_threshold), trim_scale(gap), trim_scale(unlocks) FROM crm.programme_result('2025-06-30') WHERE programme_id = 8 ORDER BY 1 $$,
  $$ SELECT customer_id, round(tier_accrual(amount, r, l), 2), round(tier_reward(r, l), 2), t.tier, trim_scale(t.next_threshold), trim_scale(t.gap), trim_scale(t.next_reward - t.reward) FROM bought,
       LATERAL (SELECT run_rate(amount, days, as_of, 'days') AS r, tier_ladder '1000 => 1%, 5000 => 2%' AS l) AS x, LATERAL tier_attainment(amount, l) AS t
     WHERE programme_id = 8 AND as_of = '2025-06-30' ORDER BY 1 $$, 'what to book, and the next tier, of a plain ladder');
SELECT results_eq($$ SELECT customer_id, to_book, earned FROM crm.programme_result('2026-02-01', '[2025-01-01,2026-01-01)') WHERE programme_id IN (1, 8, 3) ORDER BY programme_id, customer_id $$,
  $$ SELECT customer_id, earned, earned FROM crm.programme_result('2026-02-01', '[2025-01-01,2026-01-01)') WHERE programme_id IN (1, 8, 3) ORDER BY programme_id, customer_id $$, 'at the end what was booked is what was earned');
SELECT is_empty($$ SELECT * FROM crm.programme_result('2025-03-31') WHERE earned IS NOT NULL AND customer_id <> 40 AND abs(to_book - at_run_rate * CASE WHEN run_rate > 0 THEN actual / run_rate ELSE 0 END) > 0.01 $$, 'what to book of each kind');
SELECT is_empty($$ SELECT * FROM crm.programme_result('2025-06-30') WHERE earned > cap OR at_run_rate > cap OR value IS DISTINCT FROM actual OR (goal IS NULL) <> (target IS NULL) OR status IS DISTINCT FROM sign(actual - goal)
  OR programme_id <> 4 AND trend IS NULL $$, 'caps, and the columns for BI tools');
SELECT is_empty($$ SELECT * FROM crm.programme_result('2025-06-30') WHERE programme_id = 1 AND gates_met < gates AND earned <> 0 OR gates <> CASE WHEN programme_id = 1 AND customer_id % 2 = 0 THEN 2 ELSE 0 END $$, 'gates');
SELECT is_empty($$ SELECT r.customer_id FROM crm.programme_result('2025-06-30') AS r JOIN bought AS b USING (programme_id, customer_id) WHERE b.as_of = '2025-06-30' AND programme_id = 1 AND parameters_met <> (tea >= 500)::integer + (range >= 4)::integer $$, 'parameters that are met');
SELECT is_empty($$ SELECT * FROM crm.programme_result('2025-06-30') WHERE programme_id = 5 AND (earned IS NOT NULL OR due IS NOT NULL OR instalments_due IS DISTINCT FROM (SELECT sum(amount) FROM instalments(target, 12, '2025-01-01') WHERE due_on <= '2025-06-30')) $$, 'a framework order earns nothing, and has its instalments');
SELECT is_empty($$ SELECT * FROM crm.programme_result('2025-06-30') WHERE programme_id = 7 AND (earned IS NOT NULL OR to_book IS NOT NULL OR actual IS NULL) $$, 'a programme without a ladder');
SELECT is_empty($$ SELECT * FROM crm.programme_result('2025-06-30') WHERE programme_id IN (3, 6) AND target IS NULL AND earned IS NOT NULL $$, 'without a target');
SELECT is((SELECT count(*) FROM crm.programme_result('2025-06-30') WHERE programme_id = 9 OR customer_id % 30 = 6 AND programme_id <> 9), 0::bigint, 'neither of other years, nor of who joins later');
SELECT is((SELECT count(*) FROM crm.programme_result('2024-12-31', '[2025-01-01,2026-01-01)') WHERE programme_id = 8 AND (actual <> 0 OR run_rate IS NOT NULL OR at_run_rate IS NOT NULL OR earned <> 0)), 0::bigint, 'before the first day');
SELECT is((SELECT channel || ' ' || name || ' ' || person_id FROM crm.programme_result('2025-06-30') WHERE programme_id = 8 AND customer_id = 3), 'shop customer 3 3', 'dimensions');

-- the explanation comes to the same

SELECT results_eq($$ SELECT programme_id, customer_id, earned, due FROM crm.programme_result('2025-06-30') WHERE earned IS NOT NULL ORDER BY 1, 2 $$,
  $$ SELECT programme_id, customer_id, max(amount) FILTER (WHERE step = 'earned'), max(amount) FILTER (WHERE step = 'due') FROM crm.programme_explanation('2025-06-30') GROUP BY 1, 2 ORDER BY 1, 2 $$, 'step by step to the same sums');
SELECT results_eq($$ SELECT programme_id, customer_id, unlocks FROM crm.programme_result('2025-06-30') WHERE unlocks IS NOT NULL ORDER BY 1, 2 $$,
  $$ SELECT programme_id, customer_id, amount FROM crm.programme_explanation('2025-06-30') WHERE step = 'next' ORDER BY 1, 2 $$, 'and to the same next step');
SELECT is((SELECT string_agg(step, ' ' ORDER BY no) FROM crm.programme_explanation('2025-06-30') WHERE programme_id = 1 AND customer_id = 2), 'qualifying tier reward parameter parameter share gate gate cap earned paid due next', 'the steps');
UPDATE crm.setting SET as_of = '2025-06-30';
SELECT results_eq('SELECT * FROM crm.programme_result ORDER BY programme_id, customer_id', $$ SELECT * FROM crm.programme_result('2025-06-30') ORDER BY programme_id, customer_id $$, 'the view is the function as of the day of setting');
SELECT results_eq('SELECT * FROM crm.programme_explanation ORDER BY programme_id, customer_id, no', $$ SELECT * FROM crm.programme_explanation('2025-06-30') ORDER BY programme_id, customer_id, no $$, 'so is the explanation');
UPDATE crm.setting SET calendar = 'weekend sat,sun', tolerance = 1;
SELECT is_empty($$ SELECT * FROM crm.programme_result WHERE programme_id = 8 AND customer_id <> 40 AND (run_rate IS DISTINCT FROM run_rate(actual, daterange(greatest((SELECT joined_on FROM crm.programme_customer AS m WHERE m.programme_id = 8 AND m.customer_id = programme_result.customer_id), '2025-01-01'), '2026-01-01'), '2025-06-30', 'weekend sat,sun'::work_calendar) OR status < 0 AND actual >= 0) $$, 'working days and the tolerance are heard');
UPDATE crm.setting SET calendar = NULL, tolerance = DEFAULT;

-- a programme of a part of the purchases

INSERT INTO crm.programme (programme_id, name, kind, period, parameter, key, qualifies_by, fixed) VALUES
  (20, 'one category', 'tiered', '[2025-01-01,2026-01-01)', 'category', 'category 1', 'amount', NULL), (21, 'one brand', 'turnover', '[2025-01-01,2026-01-01)', 'brand', 'brand 2', 'quantity', 10),
  (22, 'one product', 'tiered', '[2025-01-01,2026-01-01)', 'product', '3', 'amount', NULL), (23, 'nothing sold', 'tiered', '[2025-01-01,2026-01-01)', 'category', 'no such', 'amount', NULL);
INSERT INTO crm.programme_tier VALUES (20, 100, 0.01, 0), (20, 1000, 0.02, 0), (22, 50, 0.05, 0), (23, 1, 0.1, 0);
INSERT INTO crm.programme_parameter (programme_id, name, parameter, key, measure, target) VALUES (20, 'brand', 'brand', 'brand 2', 'share', 0.2);
INSERT INTO crm.programme_customer (programme_id, customer_id, target, joined_on) SELECT p, c, 5, CASE c % 7 WHEN 2 THEN date '2025-03-01' END FROM generate_series(20, 23) AS p, generate_series(0, 59) AS c;
CREATE VIEW part AS
SELECT p, c, coalesce(sum(amount), 0) AS amount, coalesce(sum(pieces), 0)::numeric AS pieces, coalesce(sum(amount) FILTER (WHERE brand = 'brand 2'), 0) / nullif(sum(amount), 0) >= 0.2 AS mix
FROM generate_series(20, 23) AS p CROSS JOIN generate_series(0, 59) AS c
LEFT JOIN (sold JOIN article ON article.id = product) ON customer = c AND day >= CASE c % 7 WHEN 2 THEN date '2025-03-01' ELSE '2025-01-01' END AND day <= '2025-06-30'
  AND CASE p WHEN 20 THEN category = 'category 1' WHEN 21 THEN brand = 'brand 2' WHEN 22 THEN product = 3 ELSE false END
GROUP BY p, c;
SELECT results_eq('SELECT programme_id, customer_id, trim_scale(actual), earned FROM crm.programme_result WHERE programme_id BETWEEN 20 AND 23 ORDER BY 1, 2', $$
  SELECT p::bigint, c, trim_scale(CASE p WHEN 21 THEN pieces ELSE amount END), round(CASE p WHEN 20 THEN CASE WHEN mix THEN CASE WHEN amount >= 1000 THEN amount * 0.02 WHEN amount >= 100 THEN amount * 0.01 ELSE 0 END ELSE 0 END
    WHEN 21 THEN CASE WHEN pieces >= 5 THEN 10 ELSE 0 END WHEN 22 THEN CASE WHEN amount >= 50 THEN amount * 0.05 ELSE 0 END ELSE 0 END, 2) FROM part ORDER BY 1, 2 $$, 'only that part counts, for volume and mix');
SELECT cmp_ok((SELECT count(DISTINCT programme_id) FROM crm.programme_result WHERE programme_id BETWEEN 20 AND 22 AND earned > 0), '=', 3::bigint, 'and each part earns something');
SELECT is_empty($$ SELECT * FROM crm.programme_explanation WHERE programme_id = 20 AND step = 'earned' AND amount <> (SELECT earned FROM crm.programme_result AS r WHERE r.programme_id = 20 AND r.customer_id = programme_explanation.customer_id) $$, 'as the explanation says');
SELECT kam_bind('crm', 'product', 'SELECT id AS product_id, name FROM article');
SELECT is_empty('SELECT * FROM crm.programme_result WHERE programme_id IN (20, 21, 23) AND (actual IS NOT NULL OR earned IS NOT NULL OR status IS NOT NULL OR to_book IS NOT NULL OR unlocks IS NOT NULL)', 'without categories and brands nothing is said of such a part');
SELECT isnt_empty('SELECT * FROM crm.programme_result WHERE programme_id = 22 AND earned > 0', 'but of a product');
SELECT kam_bind('crm', 'product', 'SELECT id AS product_id, name, category, brand FROM article');
SELECT lives_ok($$ SELECT kam_upgrade_model('crm') $$, 'an upgrade leaves the columns and their rows');
SELECT is((SELECT count(*) FROM pg_constraint WHERE conrelid = 'crm.programme'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) ~ '\mkey\M'), 1::bigint, 'and their constraints, once');
SELECT throws_ok($$ INSERT INTO crm.programme (name, kind, period, parameter) VALUES ('x', 'tiered', '[2025-01-01,2026-01-01)', 'category') $$, '23514', NULL, 'a category without its name');
DELETE FROM crm.programme WHERE programme_id BETWEEN 20 AND 23;

-- settings that contradict each other

SELECT throws_ok($$ INSERT INTO crm.programme (name, kind, period, combine) VALUES ('x', 'tiered', '[2025-01-01,2026-01-01)', 'min') $$, '23514', NULL, 'the lowest attainment on a ladder of amounts');
SELECT throws_ok($$ INSERT INTO crm.programme (name, kind, period, qualifies_by, mode) VALUES ('x', 'tiered', '[2025-01-01,2026-01-01)', 'attainment', 'stepped') $$, '23514', NULL, 'bands of attainments');

-- the bonus ledger

SELECT kam_bind('crm', 'person', $$ SELECT i AS person_id, 'person ' || i AS name, 'north' AS team FROM generate_series(0, 4) AS i $$);
INSERT INTO crm.retention_programme (retention_programme_id, name, period, multiplier, months) VALUES (1, 'first', '[2023-12-10,2024-06-01)', 2, 1), (2, 'second', '[2025-01-15,2025-05-20)', 1.5, 2);
INSERT INTO crm.retention_rate VALUES (1, 'gym', 3), (2, 'hotel', 2), (2, '', 0.5);
INSERT INTO crm.bonus_payment VALUES (1, 9, '2025-03-01', 40, NULL), (2, 9, '2024-03-01', 40, NULL), (1, 11, '2025-12-01', 4, NULL);
SELECT is_empty('SELECT * FROM crm.bonus_ledger WHERE customer_id IS NOT NULL OR outlet_type IS NOT NULL OR amount IS NOT NULL AND person_id IS NOT NULL OR multiplier NOT IN (2, 0.5)', 'outlets are not known: no types, no people');
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, customer AS customer_id, type AS outlet_type, person AS person_id FROM shop');

CREATE FUNCTION pg_temp.plain(as_of date, period daterange) RETURNS TABLE (outlet integer, programme bigint, posted_on date, kind text, amount numeric) LANGUAGE sql AS $$
  WITH won AS (SELECT outlet, min(day) AS won FROM sold WHERE amount > 0 GROUP BY 1),
  rate AS (SELECT p.*, w.outlet, w.won, date_trunc('month', lower(p.period)) AS first,
      CASE WHEN retention_programme_id = 1 THEN CASE WHEN type = 'gym' THEN 3 ELSE 2 END ELSE CASE WHEN type = 'hotel' THEN 2 ELSE 0.5 END END AS rate
    FROM crm.retention_programme AS p JOIN won AS w ON w.won <@ p.period JOIN shop ON shop.id = w.outlet),
  month AS (SELECT r.retention_programme_id, r.outlet, r.rate, r.months, m::date AS month, coalesce((SELECT sum(amount) FROM sold AS s WHERE s.outlet = r.outlet AND day >= m AND day < m + interval '1 month'), 0) AS total
    FROM rate AS r, generate_series(r.first, $1 + 1 - interval '1 month', '1 month') AS m),
  start AS (SELECT DISTINCT ON (retention_programme_id, outlet) * FROM month WHERE total > 0 ORDER BY retention_programme_id, outlet, month),
  entry AS (
    SELECT outlet, retention_programme_id, (month + interval '1 month')::date - 1 AS posted_on, 'advance' AS kind, rate * total AS amount FROM start
    UNION ALL
    SELECT s.outlet, s.retention_programme_id, (min(m.month) + interval '1 month')::date - 1, 'clawback', -s.rate * s.total FROM start AS s JOIN month AS m USING (outlet, retention_programme_id)
    WHERE m.month > s.month AND m.month <= s.month + s.months * interval '1 month' AND m.total < s.total GROUP BY s.outlet, s.retention_programme_id, s.rate, s.total)
  SELECT outlet, retention_programme_id, posted_on, kind, trim_scale(amount) FROM entry WHERE posted_on <@ $2 $$;

SELECT results_eq(format('SELECT outlet_id, retention_programme_id, posted_on, kind COLLATE "C", trim_scale(amount) FROM crm.bonus_ledger(%L, %L) WHERE kind <> %L ORDER BY 1, 2, 3, 4', as_of, period, 'payment'),
  format('SELECT outlet, programme, posted_on, kind COLLATE "C", amount FROM pg_temp.plain(%L, %L) ORDER BY 1, 2, 3, 4', as_of, period), format('advances and clawbacks as of %s in %s', as_of, period))
FROM (VALUES (date '2025-06-30', daterange '[2025-01-01,2026-01-01)'), ('2025-05-15', '[2023-01-01,2026-01-01)'), ('2024-04-30', '[2023-01-01,2026-01-01)'), ('2026-03-31', '[2020-01-01,2030-01-01)')) AS v (as_of, period);
SELECT cmp_ok((SELECT count(DISTINCT retention_programme_id || kind || status) FROM crm.bonus_ledger('2025-06-30', '[2023-01-01,2026-01-01)') WHERE amount IS NOT NULL), '>=', 5::bigint, 'of both programmes, kept and taken back');
SELECT results_eq($$ SELECT person_id, person, team, outlet_id, posted_on, paid FROM crm.bonus_ledger WHERE kind = 'payment' $$, $$ VALUES (1, 'person 1', 'north', 9, date '2025-03-01', 40::numeric) $$, 'payments of the period up to the day');
SELECT is_empty($$ SELECT * FROM crm.bonus_ledger AS l JOIN shop ON id = outlet_id JOIN buyer ON buyer.id = customer WHERE kind <> 'payment' AND (l.person_id IS DISTINCT FROM coalesce(shop.person, buyer.person) OR l.customer_id <> customer OR l.channel IS DISTINCT FROM buyer.channel OR l.outlet_type <> type OR paid IS NOT NULL) $$, 'whose they are');
SELECT is_empty($$ SELECT retention_programme_id, outlet_id FROM crm.bonus_ledger('2026-03-31', '[2020-01-01,2030-01-01)') WHERE kind <> 'payment' GROUP BY retention_programme_id, outlet_id, status HAVING (sum(amount) = 0) <> (status = 'clawed_back') $$, 'what is taken back is all');
SELECT is_empty($$ SELECT * FROM crm.bonus_ledger('2023-11-30') WHERE kind <> 'payment' $$, 'before all programmes');

-- one customer's page reads one customer's rows

SET LOCAL enable_seqscan = off;
SELECT ok(plan ~ 'Index Cond: [^\n]*customer = 17', name || ' of one customer reads his sales by their index')
FROM (VALUES ('programme_result'), ('programme_explanation'), ($$programme_result('2025-01-01')$$)) AS v (name), LATERAL (SELECT pg_temp.plan_of(format('SELECT * FROM crm.%s WHERE customer_id = 17', name)) AS plan) AS p;
SELECT ok(pg_temp.plan_of('SELECT * FROM crm.bonus_ledger WHERE outlet_id = 17') ~ 'Index Cond: [^\n]*outlet = 17', 'the ledger of one outlet, too');
SET LOCAL enable_seqscan = on;

-- hostile rows

INSERT INTO sold VALUES (NULL, NULL, NULL, NULL, NULL, NULL), (1, 1, 99, '2025-01-02', NULL, 1), (1, 1, 1, 'infinity', 5, 1), (1, NULL, 1, '0001-01-01 BC', 5, 1), (90, 91, 1, '2025-02-02', 3, 1);
SELECT results_eq($$ SELECT programme_id, earned FROM crm.programme_result WHERE customer_id = 1 ORDER BY 1 $$, $$ SELECT programme_id, round(reward, 2) FROM reward WHERE customer_id = 1 AND as_of = '2025-06-30' AND period && '[2025-01-01,2026-01-01)' ORDER BY 1 $$, 'rows without a date, of a day that cannot be, of products that are not there');
SELECT lives_ok('SELECT * FROM crm.bonus_ledger', 'and in the ledger');
INSERT INTO sold VALUES (1, 1, 1, '2025-02-02', 'NaN', 1);
SELECT throws_ok('SELECT * FROM crm.programme_result', '22023', NULL, 'NaN is refused');
SELECT kam_unbind('crm', 'sale');
SELECT is_empty('SELECT * FROM crm.programme_result WHERE actual IS NOT NULL OR earned IS NOT NULL OR status IS NOT NULL OR to_book IS NOT NULL', 'without sales nothing is said');
SELECT is_empty('SELECT * FROM crm.programme_explanation', 'nor explained');
UPDATE crm.setting SET as_of = NULL;
SELECT is_empty('SELECT * FROM crm.programme_result', 'and without a day there are no rows');
SELECT is_empty('SELECT * FROM crm.bonus_ledger', 'nor in the ledger');

SELECT * FROM finish();
ROLLBACK;
