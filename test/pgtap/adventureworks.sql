-- Quotas and sales of real salespeople: attainment, pace, tiers and programmes for every person and quarter
-- against plain SQL, and against totals that were worked out apart from the database.
--
-- The data are Microsoft's AdventureWorksDW in $KAM_DATA/adventureworks_dw: 163 quotas of 17 salespeople
-- (fact_sales_quota.csv), 60,855 sales lines from 29 December 2010 to 29 November 2013
-- (fact_reseller_sales.csv.gz) and who reports to whom (dim_employee.csv). A quota is in force from its
-- date to the next one, so quarters begin on 29 December, 30 or 31 March, 30 June or 1 July, 28 or
-- 29 September; the last one, of 29 September 2013, ends as its predecessors do, before 29 December.

\set QUIET 1
\set readable `[ -r "$KAM_DATA/adventureworks_dw/fact_sales_quota.csv" ] && [ -r "$KAM_DATA/adventureworks_dw/fact_reseller_sales.csv.gz" ] && [ -r "$KAM_DATA/adventureworks_dw/dim_employee.csv" ] && command -v gzip >/dev/null && echo yes || echo no`
\if :readable
\else
  \echo 1..0 # SKIP KAM_DATA names no directory that has adventureworks_dw/fact_sales_quota.csv and its kin
  \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

CREATE TEMP TABLE quota_line (quota_key integer, person integer, date_key integer, year integer, quarter integer, quota numeric, starts date);
\copy quota_line FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/fact_sales_quota.csv"' WITH (FORMAT csv, HEADER)

CREATE TEMP TABLE sale_line (
  product integer, order_date_key integer, reseller integer, person integer, promotion integer, currency integer, territory integer,
  order_no text, line_no integer, quantity integer, unit_price numeric, gross numeric, discount_share numeric, discount numeric,
  unit_cost numeric, cost numeric, amount numeric, tax numeric, freight numeric, customer_order text, sold_on date, due_on date, shipped_on date);
\copy sale_line FROM PROGRAM 'gzip -dc "$KAM_DATA/adventureworks_dw/fact_reseller_sales.csv.gz"' WITH (FORMAT csv, HEADER)

CREATE TEMP TABLE employee (
  person integer, manager integer, national_id text, territory integer, first_name text, last_name text, title text,
  hired_on date, sells integer, department text, starts date, ends date, status text);
\copy employee FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/dim_employee.csv"' WITH (FORMAT csv, HEADER)

CREATE INDEX ON sale_line (person, sold_on);
ANALYZE sale_line;

-- each quota with its period, and a day in the middle
CREATE TEMP TABLE quarter AS
SELECT *, daterange(lower, upper) AS period, (upper - lower) / 2 AS elapsed, upper - lower AS days, lower + (upper - lower) / 2 - 1 AS as_of
FROM (SELECT person, quota, starts AS lower, coalesce(lead(starts) OVER (PARTITION BY person ORDER BY starts), '2013-12-29') AS upper FROM quota_line) AS q;

-- what was sold in it, up to that day, and in the year before, by plain SQL
CREATE TEMP TABLE fact AS
SELECT q.*,
  coalesce(sum(amount) FILTER (WHERE sold_on >= lower AND sold_on < upper), 0) AS actual,
  coalesce(sum(amount) FILTER (WHERE sold_on >= lower AND sold_on <= as_of), 0) AS so_far,
  coalesce(sum(amount) FILTER (WHERE sold_on >= lower - interval '1 year' AND sold_on < upper - interval '1 year'), 0) AS prior,
  coalesce(sum(amount) FILTER (WHERE sold_on >= lower - interval '1 year' AND sold_on <= as_of - interval '1 year'), 0) AS prior_so_far,
  count(DISTINCT reseller) FILTER (WHERE sold_on >= lower AND sold_on < upper) AS resellers,
  nullif(count(DISTINCT reseller) FILTER (WHERE sold_on >= lower - interval '1 year' AND sold_on < upper - interval '1 year'), 0) AS prior_resellers,
  sum(discount) FILTER (WHERE sold_on >= lower AND sold_on < upper) / nullif(sum(gross) FILTER (WHERE sold_on >= lower AND sold_on < upper), 0) AS discount_share
FROM quarter AS q LEFT JOIN sale_line USING (person)
GROUP BY person, quota, lower, upper, period, elapsed, days, as_of;

-- The data are what they are taken for

SELECT is((SELECT count(*) FROM quota_line), 163::bigint, 'all quotas are there');
SELECT is((SELECT count(DISTINCT person) FROM quota_line JOIN employee USING (person) WHERE sells = 1), 17::bigint, 'and the salespeople');
SELECT is((SELECT count(*) FROM sale_line), 60855::bigint, 'and the sales');
SELECT is((SELECT sum(amount) FROM sale_line), 80450596.9823, 'which come to 80,450,596.9823');
SELECT is((SELECT sum(actual) FROM fact), 80450596.9823, 'every sale is in the quarter of a quota, and in one only');
SELECT results_eq('SELECT lower, upper, count(*), sum(quota), sum(actual) FROM fact GROUP BY 1, 2 ORDER BY 1',
  $$ VALUES
    (date '2010-12-29', date '2011-03-31', 10::bigint, 3886000::numeric, 3193633.9687),
    ('2011-03-31', '2011-07-01', 10, 5627000, 4871801.3366),
    ('2011-07-01', '2011-09-29', 10, 4750000, 4069186.0383),
    ('2011-09-29', '2011-12-29', 10, 5068000, 4153820.4239),
    ('2011-12-29', '2012-03-30', 13, 10537000, 8880239.4384),
    ('2012-03-30', '2012-06-30', 14, 8654000, 7041183.7534),
    ('2012-06-30', '2012-09-28', 14, 5913000, 5266343.5050),
    ('2012-09-28', '2012-12-28', 14, 8039000, 6733903.8214),
    ('2012-12-28', '2013-03-30', 17, 13733000, 10926196.0872),
    ('2013-03-30', '2013-06-30', 17, 11097000, 9276226.0116),
    ('2013-06-30', '2013-09-29', 17, 8051000, 7102685.1110),
    ('2013-09-29', '2013-12-29', 17, 10359000, 8935377.4868) $$, 'the twelve quarters');

-- Attainment

SELECT is_empty($$ SELECT person, lower, achieved(actual, quota), actual / quota FROM fact
  WHERE achieved(actual, quota) IS DISTINCT FROM actual / quota $$, 'achieved');
SELECT is((SELECT count(*) FROM fact WHERE achieved(actual, quota) >= 1), 8::bigint, '8 of 163 quotas were met');

-- Sums: plan_facts over the sales of each quarter, and of a plan for the year 2013 that was launched in March

CREATE TEMP TABLE summed AS
SELECT person, lower, plan_facts(s.amount, s.sold_on, q.period, q.lower, q.as_of) AS sums,
  plan_facts(s.amount, s.sold_on, q.period, q.lower, q.upper) AS whole
FROM quarter AS q LEFT JOIN sale_line AS s USING (person)
GROUP BY person, lower;

SELECT is_empty($$ SELECT person, lower, sums, so_far, prior, prior_so_far FROM summed JOIN fact USING (person, lower)
  WHERE sums IS DISTINCT FROM ROW(so_far, prior, prior_so_far)::plan_sums $$, 'plan_facts in the middle of a quarter');
SELECT is_empty($$ SELECT person, lower, whole, actual, prior FROM summed JOIN fact USING (person, lower)
  WHERE whole IS DISTINCT FROM ROW(actual, prior, prior)::plan_sums $$, 'plan_facts at its end');
SELECT is((SELECT ROW(sum((sums).actual), sum((sums).prior_year), sum((sums).prior_to_date))::plan_sums FROM summed),
  ROW(52786676.3599, 46875762.8251, 28396507.8461)::plan_sums, 'and in all');

CREATE TEMP TABLE year_plan AS
SELECT person, plan_facts(amount, sold_on, '[2013-01-01,2014-01-01)', '2013-03-01', '2013-09-30') AS sums
FROM sale_line GROUP BY ROLLUP (person);
SELECT is((SELECT sums FROM year_plan WHERE person IS NULL), ROW(18583452.9709, 28193631.5321, 14172805.6928)::plan_sums, 'a plan for 2013, launched on 1 March, at 30 September');
SELECT is_empty($$ SELECT y.person, y.sums, s.sums
  FROM year_plan AS y JOIN (
    SELECT person, ROW(coalesce(sum(amount) FILTER (WHERE sold_on BETWEEN '2013-03-01' AND '2013-09-30'), 0), coalesce(sum(amount) FILTER (WHERE sold_on BETWEEN '2012-01-01' AND '2012-12-31'), 0),
      coalesce(sum(amount) FILTER (WHERE sold_on BETWEEN '2012-03-01' AND '2012-09-30'), 0))::plan_sums AS sums
    FROM sale_line GROUP BY 1) AS s USING (person)
  WHERE y.sums IS DISTINCT FROM s.sums $$, 'for each salesperson');

-- Pace

SELECT is_empty($$ SELECT person, lower, so_far, run_rate(so_far, period, as_of), so_far * days / elapsed FROM fact
  WHERE run_rate(so_far, period, as_of) IS DISTINCT FROM so_far * days / elapsed OR run_rate(so_far, period, as_of, 'days') IS DISTINCT FROM so_far * days / elapsed $$, 'run_rate by days, to the last digit');
SELECT is((SELECT round(sum(run_rate(so_far, period, as_of)), 4) FROM fact), 105968442.4647, 'and in all');
SELECT is((SELECT count(*) FROM fact WHERE run_rate(so_far, period, as_of) >= quota), 116::bigint, 'in mid-quarter 116 of 163 looked like meeting the quota: sales come at the end of months');
SELECT is_empty($$ SELECT person, lower, actual, run_rate(actual, period, upper), run_rate(actual, period, upper - 1) FROM fact
  WHERE run_rate(actual, period, upper - 1) IS DISTINCT FROM actual OR run_rate(actual, period, upper) IS DISTINCT FROM actual
    OR run_rate(actual, period, upper - 1, 'months') IS DISTINCT FROM actual OR run_rate(actual, period, lower - 1) IS NOT NULL $$, 'at the end it is the actual');

-- each day of a quarter: its share of its month, and whether it is a working day from Monday to Friday
CREATE TEMP TABLE length AS
SELECT lower, as_of,
  sum(1.0 / extract(day FROM date_trunc('month', d) + interval '1 month' - interval '1 day')) AS months,
  sum(1.0 / extract(day FROM date_trunc('month', d) + interval '1 month' - interval '1 day')) FILTER (WHERE d <= as_of) AS months_gone,
  count(*) FILTER (WHERE extract(isodow FROM d) < 6) AS workdays,
  count(*) FILTER (WHERE extract(isodow FROM d) < 6 AND d <= as_of) AS workdays_gone
FROM (SELECT DISTINCT lower, upper, as_of FROM quarter) AS q, generate_series(lower::timestamp, upper - 1, '1 day') AS d
GROUP BY 1, 2;

SELECT is_empty($$ SELECT person, lower, run_rate(so_far, period, as_of, 'months'), so_far * months / months_gone FROM fact JOIN length USING (lower, as_of)
  WHERE abs(run_rate(so_far, period, as_of, 'months') - so_far * months / months_gone) > 1e-12 * so_far $$, 'run_rate by months');
SELECT is_empty($$ SELECT person, lower, run_rate(so_far, period, as_of, work_calendar('weekend sat,sun')), so_far * workdays / workdays_gone FROM fact JOIN length USING (lower, as_of)
  WHERE run_rate(so_far, period, as_of, work_calendar('weekend sat,sun')) IS DISTINCT FROM so_far * workdays / workdays_gone $$, 'run_rate by working days');
SELECT is_empty($$ SELECT lower, elapsed_share(period, as_of), elapsed / days::numeric FROM fact
  WHERE elapsed_share(period, as_of) IS DISTINCT FROM elapsed / days::numeric OR elapsed_share(period, upper) <> 1 OR elapsed_share(period, lower - 1) <> 0 $$, 'elapsed_share');

-- The plan table

CREATE TEMP TABLE progress AS
SELECT f.*, elapsed / days::numeric AS share, so_far * days / elapsed AS rate, p
FROM fact AS f CROSS JOIN LATERAL plan_progress(quota, so_far, prior, prior_so_far, period, as_of, tolerance => 0.05) AS p;

SELECT is_empty($$ SELECT person, lower, p FROM progress
  WHERE ((p).target, (p).balance, (p).actual, (p).run_rate, (p).attainment, (p).prior_year, (p).growth) IS DISTINCT FROM
    (quota, quota - so_far, so_far, rate, rate / quota, prior, so_far - prior) $$, 'plan_progress: the seven columns');
SELECT is_empty($$ SELECT person, lower, p FROM progress
  WHERE ((p).gap, (p).achieved, (p).growth_like_for_like, (p).projected_growth) IS DISTINCT FROM
    (rate / quota - 1, so_far / quota, so_far - prior_so_far, rate - prior) $$, 'plan_progress: gap, achieved, growth');
SELECT is_empty($$ SELECT person, lower, p FROM progress
  WHERE ((p).prorata_target, (p).prorata_gap, (p).current_rate, (p).required_rate, (p).elapsed_share) IS DISTINCT FROM
    (quota * elapsed / days, so_far - quota * elapsed / days, so_far / elapsed, greatest(quota - so_far, 0) / (days - elapsed), share) $$, 'plan_progress: what is due by now, and the rates');
SELECT is_empty($$ SELECT person, lower, p FROM progress
  WHERE (p).status IS DISTINCT FROM CASE WHEN abs(so_far - quota * elapsed / days) <= 0.05 * quota * elapsed / days THEN 0 ELSE sign(so_far - quota * elapsed / days)::integer END $$, 'plan_progress: status');
SELECT results_eq('SELECT (p).status, count(*) FROM progress GROUP BY 1 ORDER BY 1', 'VALUES (-1, 39::bigint), (0, 25), (1, 99)', 'how many were behind, on the way and ahead');

-- a manager's team: quotas and sales of those who report to him are added before, and the ratios come after
SELECT is_empty($$ SELECT manager, lower, p, quota, so_far
  FROM (SELECT manager, lower, period, as_of, days, elapsed, sum(quota) AS quota, sum(so_far) AS so_far, sum(prior) AS prior, sum(prior_so_far) AS prior_so_far
    FROM fact JOIN employee USING (person) GROUP BY manager, lower, period, as_of, days, elapsed) AS t
  CROSS JOIN LATERAL plan_progress(quota, so_far, prior, prior_so_far, period, as_of) AS p
  WHERE (p.balance, p.run_rate, p.attainment, p.achieved) IS DISTINCT FROM (quota - so_far, so_far * days / elapsed, so_far * days / elapsed / quota, so_far / quota) $$, 'teams');
SELECT is((SELECT count(DISTINCT manager) FROM fact JOIN employee USING (person)), 4::bigint, 'there are four');

-- Tiers of attainment that pay on sales, and tiers of sales

\set attained '\'0.90 => 1%, 1.00 => 2%, 1.10 => 3%\''
\set sold '\'0 => 1%, 250000 => 2%, 500000 => 3% + 1000, 1000000 => 4%\''

CREATE FUNCTION pg_temp.attained_tier(a numeric) RETURNS integer IMMUTABLE
RETURN CASE WHEN a >= 1.1 THEN 3 WHEN a >= 1 THEN 2 WHEN a >= 0.9 THEN 1 ELSE 0 END;
CREATE FUNCTION pg_temp.attained_rate(a numeric) RETURNS numeric IMMUTABLE
RETURN CASE WHEN a >= 1.1 THEN 0.03 WHEN a >= 1 THEN 0.02 WHEN a >= 0.9 THEN 0.01 ELSE 0 END;

CREATE TEMP TABLE tiered AS
SELECT f.*, t FROM fact AS f CROSS JOIN LATERAL tier_attainment(achieved(actual, quota), :attained, actual) AS t;
SELECT is_empty($$ SELECT person, lower, t FROM tiered
  WHERE ((t).tier, (t).rate, (t).reward) IS DISTINCT FROM (pg_temp.attained_tier(actual / quota), pg_temp.attained_rate(actual / quota), actual * pg_temp.attained_rate(actual / quota)) $$, 'tier_attainment: tier, rate, reward');
SELECT is_empty($$ SELECT person, lower, t FROM tiered
  CROSS JOIN LATERAL (SELECT (ARRAY[0.9, 1.0, 1.1])[pg_temp.attained_tier(actual / quota) + 1] AS threshold, (ARRAY[0.01, 0.02, 0.03])[pg_temp.attained_tier(actual / quota) + 1] AS rate) AS next
  WHERE ((t).next_threshold, (t).gap, (t).next_reward) IS DISTINCT FROM
    (next.threshold, next.threshold - actual / quota, (actual + (next.threshold - actual / quota)) * next.rate) $$, 'tier_attainment: the way to the next');
SELECT results_eq('SELECT (t).tier, count(*) FROM tiered GROUP BY 1 ORDER BY 1', 'VALUES (0, 119::bigint), (1, 36), (2, 2), (3, 6)', 'how many reached each tier');
SELECT is((SELECT sum((t).reward) FROM tiered), 238028.391593, 'what it cost');

SELECT is_empty(format($$ SELECT person, lower, reward FROM fact CROSS JOIN LATERAL tier_reward(actual, %L, mode => 'stepped') AS reward
  WHERE reward IS DISTINCT FROM CASE
    WHEN actual >= 1000000 THEN 2500 + 5000 + 15000 + 1000 + (actual - 1000000) * 0.04
    WHEN actual >= 500000 THEN 2500 + 5000 + 1000 + (actual - 500000) * 0.03
    WHEN actual >= 250000 THEN 2500 + (actual - 250000) * 0.02
    ELSE actual * 0.01 END $$, :sold), 'stepped tiers of sales');
SELECT is((SELECT sum(tier_reward(actual, :sold, mode => 'stepped')) FROM fact), 1550234.724887, 'what they cost');

-- What to book in the middle of the quarter: the reward that the run rate will reach, as far as it was sold

SELECT is_empty(format($$ SELECT person, lower, accrual, so_far * pg_temp.attained_rate(rate / quota) FROM progress
  CROSS JOIN LATERAL tier_accrual(achieved(so_far, quota), (p).attainment, %L, so_far) AS accrual
  WHERE accrual IS NULL OR abs(accrual - so_far * pg_temp.attained_rate(rate / quota)) > 1e-9 $$, :attained), 'tier_accrual of attainment');
SELECT is((SELECT round(sum(tier_accrual(achieved(so_far, quota), (p).attainment, :attained, so_far)), 4) FROM progress), 1187337.9824, 'and in all');
SELECT is_empty(format($$ SELECT person, lower, accrual FROM progress
  CROSS JOIN LATERAL tier_accrual(so_far, rate, %1$L, mode => 'stepped') AS accrual
  WHERE abs(accrual - CASE WHEN rate > 0 THEN so_far * tier_reward(rate, %1$L, mode => 'stepped') / rate ELSE 0 END) > 1e-9 $$, :sold), 'tier_accrual of stepped tiers');
SELECT is_empty(format($$ SELECT person, lower FROM tiered
  WHERE tier_accrual(achieved(actual, quota), achieved(actual, quota), %L, actual) IS DISTINCT FROM (t).reward $$, :attained), 'at the end it is the reward');

-- A programme: the quota and as many resellers as a year before, discounts of at most 1 % of the list price, at most 8,000

CREATE TEMP TABLE programme AS
SELECT f.*, combine, actual / quota AS attained, actual >= quota AS sales_met, resellers >= prior_resellers AS resellers_met,
  coalesce(discount_share <= 0.01, false) AS gate,
  programme_reward(achieved(actual, quota), :attained, actual, cap => 8000,
    parameters => ARRAY[('sales', actual, quota, 3), ('resellers', resellers, prior_resellers, 1)]::programme_parameter[],
    combine => combine, gates => ARRAY[('discounts', discount_share <= 0.01)]::programme_gate[]) AS reward
FROM fact AS f CROSS JOIN unnest('{all,weighted,min}'::text[]) AS combine;

SELECT is_empty(format($$ SELECT combine, person, lower, reward FROM programme
  WHERE combine = %L AND (reward IS NULL OR abs(reward - CASE WHEN gate THEN least(8000, CASE combine
    WHEN 'all' THEN CASE WHEN sales_met AND coalesce(resellers_met, true) THEN actual * pg_temp.attained_rate(attained) ELSE 0 END
    WHEN 'weighted' THEN actual * pg_temp.attained_rate(attained) * (3 * sales_met::integer + coalesce(resellers_met::integer, 0)) / CASE WHEN resellers_met IS NULL THEN 3 ELSE 4 END
    WHEN 'min' THEN actual * pg_temp.attained_rate(least(attained, resellers / prior_resellers::numeric)) END) ELSE 0 END) > 1e-9) $$, combine), 'programme_reward, ' || combine)
FROM unnest('{all,weighted,min}'::text[]) AS combine;
SELECT results_eq('SELECT combine, round(sum(reward), 6), count(*) FILTER (WHERE reward > 0), count(*) FILTER (WHERE reward = 8000) FROM programme GROUP BY combine ORDER BY combine COLLATE "C"',
  $$ VALUES ('all', 47329.212879, 7::bigint, 3::bigint), ('min', 198334.984106, 39, 9), ('weighted', 75529.511983, 29, 3) $$, 'what it cost, for how many, and how many were capped');
SELECT results_eq($$ SELECT count(*) FILTER (WHERE gate), count(*) FILTER (WHERE resellers_met IS NULL) FROM programme WHERE combine = 'all' $$, 'VALUES (139::bigint, 66::bigint)', 'the gate was open for 139; 66 had no year before');
SELECT is_empty($$ SELECT * FROM programme AS a JOIN programme AS w USING (person, lower) WHERE a.combine = 'all' AND w.combine = 'weighted' AND a.reward > w.reward $$, '''all'' never pays more than ''weighted''');

-- The best salesperson of each quarter, by attainment

SELECT results_eq($$ SELECT lower, last_name FROM (
    SELECT lower, last_name, rank() OVER (PARTITION BY lower ORDER BY round(achieved(actual, quota), 4) DESC NULLS LAST) AS place FROM fact JOIN employee USING (person)) AS x
  WHERE place = 1 ORDER BY 1, 2 $$,
  $$ VALUES (date '2010-12-29', 'Ansman-Wolfe'), ('2011-03-31', 'Ito'), ('2011-07-01', 'Ansman-Wolfe'), ('2011-09-29', 'Ansman-Wolfe'), ('2011-12-29', 'Ansman-Wolfe'), ('2012-03-30', 'Mitchell'),
    ('2012-06-30', 'Campbell'), ('2012-09-28', 'Mitchell'), ('2012-12-28', 'Ansman-Wolfe'), ('2013-03-30', 'Campbell'), ('2013-06-30', 'Campbell'), ('2013-09-29', 'Jiang') $$, 'standings');

SELECT * FROM finish();
ROLLBACK;
