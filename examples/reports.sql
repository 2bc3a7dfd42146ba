-- Fourteen reports of the demo company, as a sales manager would read them (load company.sql and model.sql first).
--
--     psql -X -f reports.sql
--
-- All of them read the model in schema "crm", none a table of the company. kam is expected in a schema "kam" (or in
-- public). Write the schema before the name of a report: some functions of kam are called like one.

\set ON_ERROR_STOP on
\set quiet_before :QUIET
\set QUIET on
\pset pager off
\pset format aligned
\pset border 2
\pset linestyle ascii
\pset footer off
\pset null ''

SET search_path = kam, public;
-- Compiling the many expressions of a report takes longer than so few rows.
SET jit = off;
\ir indicators.sql

SELECT to_char(as_of, 'YYYY-MM-DD') AS as_of FROM crm.in_force \gset
\echo
\echo Harbour & Hill Distribution, sales up to :as_of, in EUR


-- What can be reported, with the tables that are bound?

\pset title 'Reports of the model, and what they lack (kam_check_model)'

SELECT name AS "Report", state AS "State", message AS "Lacks"
FROM kam_check_model('crm')
WHERE kind = 'report' AND state IN ('complete', 'in part') AND name <> 'in_force'
ORDER BY state, name;


-- 1. Which customers bring the money, and which of them can be relied on every month?

\pset title 'ABC-XYZ matrix: A, B, C by share of sales; X even, Y varying, Z irregular; last 12 closed months'

SELECT coalesce(abc, 'All')                                            AS "Class",
       count(*)                           FILTER (WHERE xyz = 'X')     AS "X customers",
       to_char(sum(amount)                FILTER (WHERE xyz = 'X'), '999,999,999') AS "X sales",
       count(*)                           FILTER (WHERE xyz = 'Y')     AS "Y customers",
       to_char(sum(amount)                FILTER (WHERE xyz = 'Y'), '999,999,999') AS "Y sales",
       count(*)                           FILTER (WHERE xyz = 'Z')     AS "Z customers",
       to_char(sum(amount)                FILTER (WHERE xyz = 'Z'), '999,999,999') AS "Z sales",
       count(*)                                                        AS "All customers",
       to_char(sum(amount), '999,999,999')                             AS "All sales",
       to_char(100 * sum(share), '990.0 %')                            AS "Share"
FROM crm.customer_class
GROUP BY ROLLUP (abc)
ORDER BY abc NULLS LAST;


-- 2. Where do the ten largest customers stand against this year's plan?

\pset title 'Plan of the ten largest customers, as of the day of the report'

SELECT name                                                      AS "Customer",
       to_char(target, '9,999,999')                              AS "Target",
       to_char(balance, '9,999,999')                             AS "Balance",
       to_char(actual, '9,999,999')                              AS "Actual",
       to_char(run_rate, '9,999,999')                            AS "Run rate",
       to_char(100 * attainment, '990.0 %')                      AS "Attainment",
       to_char(prior_year, '9,999,999')                          AS "Prior year",
       to_char(growth_like_for_like, 'S9,999,999')               AS "Growth to date",
       (ARRAY['behind', 'on course', 'ahead'])[status + 2]       AS "Status"
FROM crm.plan_progress
WHERE parameter = 'total' AND measure = 'amount'
ORDER BY actual DESC, customer_id
LIMIT 10;


-- 3. The plan tables of one customer: in all, by category, and his margin
--
-- A condition on the customer reaches his sales by their index. The first seven columns are those of a plan table;
-- growth there is the literal one, against the whole year before. A day's rates are those of working days.

SELECT customer_id AS chosen, name AS chosen_name
FROM crm.plan_progress
WHERE parameter = 'total' AND measure = 'amount'
ORDER BY target DESC, customer_id LIMIT 1 \gset

\set title 'Plan tables of ' :chosen_name
\pset title :title

SELECT CASE WHEN parameter = 'total' THEN 'All' ELSE key END || CASE measure WHEN 'margin' THEN ', margin' ELSE '' END AS "Parameter",
       to_char(target, '9,999,999')             AS "Target",
       to_char(balance, '9,999,999')            AS "Balance",
       to_char(actual, '9,999,999')             AS "Actual",
       to_char(run_rate, '9,999,999')           AS "Run rate",
       to_char(100 * attainment, '990.0 %')     AS "Attainment",
       to_char(prior_year, '9,999,999')         AS "Prior year",
       to_char(growth, 'S9,999,999')            AS "Growth",
       to_char(growth_like_for_like, 'S999,999') AS "Same days",
       to_char(current_rate, '99,999')          AS "A day now",
       to_char(required_rate, '99,999')         AS "A day needed",
       (ARRAY['behind', 'on course', 'ahead'])[status + 2] AS "Status"
FROM crm.plan_progress
WHERE customer_id = :chosen AND measure IN ('amount', 'margin')
ORDER BY plan_line_id;

-- The same plan under other clocks: the season of last year tells another end than the calendar.

\pset title 'Where the year ends, by the clock that is used'

SELECT clock AS "Clock", to_char(100 * gone, '990.0 %') AS "Of the year is gone",
       to_char(projected, '9,999,999') AS "Run rate", to_char(100 * projected / target, '990.0 %') AS "Attainment"
FROM crm.plan_progress AS p
CROSS JOIN (SELECT calendar FROM crm.in_force) AS f
CROSS JOIN LATERAL (SELECT rollup(amount, prior_year(p.period)) AS prior
                    FROM crm.customer_series AS s
                    WHERE s.customer_id = :chosen AND s.grain = 'month' AND s.period && prior_year(p.period)) AS year_before
CROSS JOIN LATERAL (VALUES
  (1, 'calendar days',                    elapsed_share(p.period, p.as_of),                    run_rate(actual, p.period, p.as_of)),
  (2, 'working days',                     elapsed_share(p.period, p.as_of, calendar),          run_rate(actual, p.period, p.as_of, calendar)),
  (3, 'months',                           elapsed_share(p.period, p.as_of, 'months'),          run_rate(actual, p.period, p.as_of, 'months')),
  (4, 'last year''s months',              elapsed_share(p.period, p.as_of, prior),             run_rate(actual, p.period, p.as_of, prior)),
  (5, 'last year''s months, working days', elapsed_share(p.period, p.as_of, prior, calendar),  run_rate(actual, p.period, p.as_of, prior, calendar))
) AS pace (n, clock, gone, projected)
WHERE p.customer_id = :chosen AND p.parameter = 'total' AND p.measure = 'amount'
ORDER BY n;


-- 4. Who is close to the next step of a programme, and what would it pay?
--
-- "Unlocks" is what the customer gets on top by buying for the gap, with the mix that the programme asks for and its
-- gates as they are today; "Of the gap" how much of that purchase it pays back, and "On course" whether the run rate
-- brings the step by itself.

\pset title 'Programmes: the fifteen customers for whom the next step is worth most'

SELECT name                                          AS "Customer",
       programme                                     AS "Programme",
       to_char(actual, '9,999,999')                  AS "Sales",
       tier                                          AS "Step",
       to_char(100 * rate, '90.00 %')                AS "Rate",
       CASE WHEN parameters > 0 THEN parameters_met || ' of ' || parameters END AS "Mix met",
       to_char(earned, '999,999')                    AS "Earned",
       to_char(gap, '9,999,999')                     AS "Gap",
       to_char(unlocks, '999,999')                   AS "Unlocks",
       to_char(100 * unlocks / gap, '990.0 %')       AS "Of the gap",
       CASE WHEN run_rate >= next_threshold THEN 'yes' ELSE 'no' END AS "On course"
FROM crm.programme_result
WHERE period @> as_of AND unlocks IS NOT NULL
ORDER BY unlocks DESC, programme_id, customer_id
LIMIT 15;

\pset title 'Programmes in total'

SELECT programme                                            AS "Programme",
       CASE WHEN period @> as_of THEN 'running' ELSE 'over' END AS "State",
       count(*)                                             AS "Customers",
       to_char(sum(actual), '999,999,999')                  AS "Sales",
       count(*) FILTER (WHERE tier > 0)                     AS "On a step",
       count(*) FILTER (WHERE next_threshold IS NULL)       AS "On the top step",
       count(*) FILTER (WHERE period @> as_of AND run_rate >= next_threshold) AS "On course for more",
       to_char(sum(unlocks) FILTER (WHERE period @> as_of), '9,999,999') AS "Next steps would unlock"
FROM crm.programme_result
GROUP BY programme_id, programme, period, as_of
ORDER BY programme_id;


-- 5. What has each programme earned, and how did one customer come to its sum?
--
-- The result takes the whole agreement: the ladder, the mix that is asked for, the share of the debt that may be
-- past due, the cap. To book is the part of the reward at the run rate that today's sales have earned; due is what
-- is left after the payments on account.

\pset title 'Programmes: earned, to book and due'

SELECT programme                                                        AS "Programme",
       count(*) FILTER (WHERE earned > 0)                               AS "Earning",
       count(*) FILTER (WHERE gates_met < gates)                        AS "Past due",
       to_char(sum(earned), '9,999,999')                                AS "Earned",
       to_char(sum(to_book), '9,999,999')                               AS "To book",
       to_char(sum(paid), '9,999,999')                                  AS "Paid",
       to_char(sum(due) FILTER (WHERE due > 0), '9,999,999')            AS "To pay",
       to_char(-sum(due) FILTER (WHERE due < 0), '9,999,999')           AS "To pay back"
FROM crm.programme_result
GROUP BY programme_id, programme
ORDER BY programme_id;

-- The steps as rows are the statement that the customer gets. Here for the largest customer of the volume rebate,
-- and for the one that has most to pay back.

\pset title 'Chain volume rebate: two statements'

WITH result AS MATERIALIZED (
  SELECT customer_id, actual, due FROM crm.programme_result WHERE programme_id = 1
), chosen AS (
  (SELECT 1 AS place, customer_id FROM result ORDER BY actual DESC, customer_id LIMIT 1)
  UNION ALL
  (SELECT 2, customer_id FROM result ORDER BY due, customer_id LIMIT 1)
)
SELECT name AS "Customer", no AS "No", step AS "Step", detail AS "How it came about",
       to_char(amount, '9,999,990.00') AS "Amount"
FROM chosen
JOIN crm.programme_explanation USING (customer_id)
WHERE programme_id = 1
ORDER BY place, no;


-- 6. What do agents get for the outlets they win, and do these stay?
--
-- An agent gets a bonus on the first month of a new outlet at once, and loses all of it when one of the four months
-- after is smaller than the first. Only months that are over are judged. How much depends on the type of outlet.

\pset title 'Retention bonus for the outlets won this year'

SELECT outlet.name AS "Outlet", outlet.outlet_type AS "Type", person AS "Agent", to_char(won_on, 'YYYY-MM-DD') AS "Won on", status AS "Status",
       to_char(sum(amount) FILTER (WHERE kind = 'advance'), '99,990.00') AS "Advance",
       to_char(sum(amount) FILTER (WHERE kind = 'clawback'), 'S99,990.00') AS "Taken back", max(month) FILTER (WHERE kind = 'clawback') AS "In month",
       to_char(sum(amount), '99,990.00') AS "Kept"
FROM crm.bonus_ledger
JOIN crm.outlet USING (outlet_id)
WHERE kind <> 'payment'
GROUP BY outlet_id, outlet.name, outlet.outlet_type, person, won_on, status
ORDER BY won_on, outlet_id;

\pset title 'The ledger: advances and clawbacks by month'

SELECT coalesce(to_char(posted_on, 'YYYY-MM'), 'Total') AS "Posted", count(*) FILTER (WHERE kind = 'advance') AS "Advances",
       to_char(sum(amount) FILTER (WHERE kind = 'advance'), '99,990.00') AS "Paid in advance",
       count(*) FILTER (WHERE kind = 'clawback') AS "Clawbacks", to_char(sum(amount) FILTER (WHERE kind = 'clawback'), 'S99,990.00') AS "Taken back",
       to_char(sum(amount), 'S99,990.00') AS "Together"
FROM crm.bonus_ledger
WHERE kind <> 'payment'
GROUP BY ROLLUP (to_char(posted_on, 'YYYY-MM'))
ORDER BY to_char(posted_on, 'YYYY-MM') NULLS LAST;


-- 7. How many outlets buy, and how many of them every month?
--
-- An outlet is active when its sales of the quarter, less returns, are above zero, and stable when that is so in each
-- of the three months. There is no report of twelve quarters: the sales over time are there for questions of your own.

\pset title 'Stable outlets by quarter'

WITH quarter AS (
  SELECT closed_period((as_of - n * interval '3 months')::date, 1, 'quarter') AS period
  FROM crm.in_force, generate_series(0, 11) AS n
), bought AS (
  SELECT quarter.period, outlet_id, rollup(amount, quarter.period) AS s
  FROM quarter
  JOIN crm.outlet_series AS o ON o.period && quarter.period
  WHERE grain = 'month'
  GROUP BY quarter.period, outlet_id
), counted AS (
  SELECT period,
         count(*) FILTER (WHERE total(s) > 0)     AS active,
         count(*) FILTER (WHERE akb_stable(s))    AS stable,
         sum(total(s))                            AS sales,
         sum(total(s)) FILTER (WHERE akb_stable(s)) AS stable_sales
  FROM bought
  GROUP BY period
)
SELECT to_char(lower(period), 'YYYY "Q"Q')                             AS "Quarter",
       active                                                          AS "Active",
       stable                                                          AS "Stable",
       to_char(100.0 * stable / active, '990.0 %')                     AS "Stable of active",
       to_char(stable - lag(stable) OVER (ORDER BY period), 'S990')    AS "Change",
       to_char(sales, '999,999,999')                                   AS "Sales",
       to_char(100 * stable_sales / sales, '990.0 %')                  AS "From stable outlets"
FROM counted
ORDER BY period;


\ir reports_base.sql
\ir reports_account.sql

\pset title
RESET search_path;
RESET jit;
\set QUIET :quiet_before
