-- plan_progress and achieved as an analyst writes them
SET DateStyle = ISO;
\x on

-- A target of 1,200,000 for 2026; at the end of March 270,000 came in; last year 1,000,000, of which 240,000 by March
SELECT p.* FROM plan_progress(1200000, 270000, 1000000, 240000, '[2026-01-01,2027-01-01)', '2026-03-31') AS p;
SELECT p.* FROM plan_progress(1200000, 270000, 1000000, 240000, '[2026-01-01,2027-01-01)', '2026-03-31', unit => 'months') AS p;
SELECT p.* FROM plan_progress(1200000, 270000, 1000000, 240000, '[2026-01-01,2027-01-01)', '2026-03-31', work_calendar(ARRAY['fri', 'sat']), 0.1) AS p;

\x off
-- By every way of counting
SELECT way, round((p).run_rate) AS run_rate, round((p).attainment, 4) AS attainment, round((p).prorata_target) AS prorata_target, round((p).required_rate, 4) AS required_rate, round((p).elapsed_share, 4) AS share, (p).status
FROM (
  SELECT 'days' AS way, plan_progress(1200000, 270000, 1000000, 240000, '[2026-01-01,2027-01-01)', '2026-03-10') AS p
  UNION ALL SELECT 'working days', plan_progress(1200000, 270000, 1000000, 240000, '[2026-01-01,2027-01-01)', '2026-03-10', work_calendar(ARRAY['sat', 'sun']))
  UNION ALL SELECT 'weights', plan_progress(1200000, 270000, 1000000, 240000, '[2026-01-01,2027-01-01)', '2026-03-10', weights => ARRAY[20, 30, 20, 30], grain => 'quarter')
  UNION ALL SELECT 'weights and working days', plan_progress(1200000, 270000, 1000000, 240000, '[2026-01-01,2027-01-01)', '2026-03-10', work_calendar(ARRAY['sat', 'sun']), weights => ARRAY[20, 30, 20, 30], grain => 'quarter')
  UNION ALL SELECT 'last year', plan_progress(1200000, 270000, 1000000, 240000, '[2026-01-01,2027-01-01)', '2026-03-10', prior => (SELECT sales_series(100000 - m * 2000, make_date(2025, m, 1), '[2025-01-01,2026-01-01)') FROM generate_series(1, 12) AS m))
) AS x;

-- For many lines at once: one without last year, one without a target, and a level
CREATE TABLE plan_line (line text, target numeric, actual numeric, prior_year numeric, prior_to_date numeric, measure text);
INSERT INTO plan_line VALUES ('bread', 36500, 9000, 30000, 7000, 'flow'), ('cakes', 7300, 3000, NULL, NULL, 'flow'), ('milk', NULL, 500, 400, 80, 'flow'), ('products', 40, 38, 30, 30, 'level'), ('margin', 0.30, 0.31, 0.28, 0.29, 'level');
SELECT line, p.balance, trim_scale(p.run_rate) AS run_rate, round(p.attainment, 4) AS attainment, p.growth, trim_scale(p.required_rate) AS required_rate, p.status
FROM plan_line AS l CROSS JOIN LATERAL plan_progress(l.target, l.actual, l.prior_year, l.prior_to_date, '[2026-01-01,2027-01-01)', '2026-03-31', measure => l.measure) AS p
ORDER BY line;

SELECT achieved(270000, 1200000), achieved(1, 0), achieved(1, NULL);

-- What is wrong is said
SELECT plan_progress(-1, 0, 0, 0, '[2026-01-01,2027-01-01)', '2026-03-31');
SELECT plan_progress(1, 0, 0, 0, '[2026-01-01,2027-01-01)', '2026-03-31', tolerance => 5);
SELECT plan_progress(1, 0, 0, 0, '[2026-01-01,2027-01-01)', '2026-03-31', work_calendar(ARRAY['sat', 'sun']), unit => 'months');
SELECT plan_progress(1, 0, 0, 0, '[2026-01-01,2027-01-01)', '2026-03-31', weights => ARRAY[1, 2]);
SELECT plan_progress(1, 0, 0, 0, '[2026-01-01,2027-01-01)', '2026-03-31', measure => 'stock');

DROP TABLE plan_line;
