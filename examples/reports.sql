-- Fourteen reports over the demo company (load company.sql first), as a sales manager would read them.
--
--     psql -X -f reports.sql
--
-- kam is expected in a schema "kam" (or in public). The questions that the page report.html asks too
-- are views, in views.sql.

\set ON_ERROR_STOP on
\set quiet_before :QUIET
\set QUIET on
\pset pager off
\pset format aligned
\pset border 2
\pset linestyle ascii
\pset footer off
\pset null ''

SET search_path = demo, kam, public;
\ir views.sql

SELECT company, currency, to_char(as_of, 'YYYY-MM-DD') AS as_of FROM setting \gset
\echo
\echo :company, sales up to :as_of, in :currency


-- 1. Which customers bring the money, and which of them can be relied on every month?

\pset title 'ABC-XYZ matrix: A, B, C by share of sales; X even, Y varying, Z irregular; last 12 closed months'

SELECT coalesce(abc, 'All')                                            AS "Class",
       count(*)                           FILTER (WHERE xyz = 'X')     AS "X customers",
       to_char(sum(sales)                 FILTER (WHERE xyz = 'X'), '999,999,999') AS "X sales",
       count(*)                           FILTER (WHERE xyz = 'Y')     AS "Y customers",
       to_char(sum(sales)                 FILTER (WHERE xyz = 'Y'), '999,999,999') AS "Y sales",
       count(*)                           FILTER (WHERE xyz = 'Z')     AS "Z customers",
       to_char(sum(sales)                 FILTER (WHERE xyz = 'Z'), '999,999,999') AS "Z sales",
       count(*)                                                        AS "All customers",
       to_char(sum(sales), '999,999,999')                              AS "All sales",
       to_char(100 * sum(sales) / (SELECT sum(sales) FROM customer_class), '990.0 %') AS "Share"
FROM customer_class
GROUP BY ROLLUP (abc)
ORDER BY abc NULLS LAST;


-- 2. Where do the ten largest customers stand against this year's plan?

\pset title 'Plan of the ten largest customers, as of the day of the report'

SELECT customer                                                  AS "Customer",
       to_char(target, '9,999,999')                              AS "Target",
       to_char(balance, '9,999,999')                             AS "Balance",
       to_char(actual, '9,999,999')                              AS "Actual",
       to_char(run_rate, '9,999,999')                            AS "Run rate",
       to_char(100 * attainment, '990.0 %')                      AS "Attainment",
       to_char(prior_year, '9,999,999')                          AS "Prior year",
       to_char(growth_like_for_like, 'S9,999,999')               AS "Growth to date",
       (ARRAY['behind', 'on course', 'ahead'])[status + 2]       AS "Status"
FROM plan_standing
JOIN customer USING (customer_id)
ORDER BY actual DESC, customer_id
LIMIT 10;


-- 3. The plan tables of one customer: in all, by category, and its margin
--
-- One scan with GROUPING SETS gives the facts of every line; they are joined to the plan lines
-- afterwards, and a line without sales stays. The first seven columns are those of a plan table; growth there is the literal one,
-- against the whole year before. A day's rates are those of working days.

CREATE TEMP VIEW plan_lines AS
SELECT customer_id, period, NULL::int AS category_id, target FROM plan
UNION ALL
SELECT customer_id, period, category_id, target FROM plan_line;

SELECT customer_id AS chosen, customer AS chosen_name
FROM setting
JOIN plan ON plan.period = setting.plan_year
JOIN customer USING (customer_id)
ORDER BY target DESC, customer_id LIMIT 1 \gset

CREATE TEMP VIEW plan_table AS
WITH sold AS (
  SELECT category_id, plan_facts(amount, sold_on, plan.period, plan.launched_on, as_of) AS facts
  FROM setting
  JOIN plan ON plan.period = setting.plan_year
  JOIN delivery_line USING (customer_id)
  JOIN product USING (product_id)
  WHERE customer_id = :chosen
  GROUP BY GROUPING SETS ((), (category_id))
)
SELECT coalesce(category, 'All') AS parameter, plan_lines.category_id, p.*
FROM setting
CROSS JOIN working_time
JOIN plan_lines ON plan_lines.period = plan_year AND plan_lines.customer_id = :chosen
LEFT JOIN sold ON coalesce(sold.category_id, 0) = coalesce(plan_lines.category_id, 0)
LEFT JOIN category ON category.category_id = plan_lines.category_id
CROSS JOIN LATERAL plan_progress(plan_lines.target, coalesce((facts).actual, 0), coalesce((facts).prior_year, 0),
                                 coalesce((facts).prior_to_date, 0), plan_year, as_of, calendar,
                                 tolerance => 0.02) AS p;

\set title 'Plan tables of ' :chosen_name
\pset title :title

SELECT parameter                                AS "Parameter",
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
FROM plan_table
ORDER BY category_id NULLS FIRST;

-- The same plan under other clocks: the season of last year tells another end than the calendar.

\pset title 'Where the year ends, by the clock that is used'

SELECT clock AS "Clock", to_char(100 * share, '990.0 %') AS "Of the year is gone",
       to_char(projected, '9,999,999') AS "Run rate", to_char(100 * projected / target, '990.0 %') AS "Attainment"
FROM setting
CROSS JOIN working_time
CROSS JOIN plan_table
CROSS JOIN (SELECT sales_series(amount, sold_on, prior_year(plan_year)) AS prior
            FROM setting, delivery_line WHERE customer_id = :chosen) AS year_before
CROSS JOIN LATERAL (VALUES
  (1, 'calendar days',                    elapsed_share(plan_year, as_of),                  run_rate(actual, plan_year, as_of)),
  (2, 'working days',                     elapsed_share(plan_year, as_of, calendar),        run_rate(actual, plan_year, as_of, calendar)),
  (3, 'months',                           elapsed_share(plan_year, as_of, 'months'),        run_rate(actual, plan_year, as_of, 'months')),
  (4, 'last year''s months',              elapsed_share(plan_year, as_of, prior),           run_rate(actual, plan_year, as_of, prior)),
  (5, 'last year''s months, working days', elapsed_share(plan_year, as_of, prior, calendar), run_rate(actual, plan_year, as_of, prior, calendar))
) AS pace (n, clock, share, projected)
WHERE parameter = 'All'
ORDER BY n;

DROP VIEW plan_table, plan_lines;


-- 4. Who is close to the next step of a programme, and what would it pay?

\pset title 'Programmes: the fifteen customers for whom the next step is worth most'

SELECT customer                                      AS "Customer",
       programme                                     AS "Programme",
       to_char(sales, '9,999,999')                   AS "Sales",
       tier                                          AS "Step",
       to_char(100 * rate, '90.00 %')                AS "Rate",
       to_char(reward, '999,999')                    AS "Reward",
       to_char(gap, '9,999,999')                     AS "Gap",
       to_char(next_reward, '999,999')               AS "Next reward",
       to_char(unlocks, '999,999')                   AS "Unlocks",
       to_char(100 * unlocks / gap, '990.0 %')       AS "Of the gap",
       CASE WHEN on_course THEN 'yes' ELSE 'no' END  AS "On course"
FROM programme_standing
JOIN customer USING (customer_id)
WHERE running AND gap IS NOT NULL
ORDER BY unlocks DESC, programme_id, customer_id
LIMIT 15;

\pset title 'Programmes in total'

SELECT programme                                            AS "Programme",
       CASE WHEN running THEN 'running' ELSE 'over' END     AS "State",
       count(*)                                             AS "Customers",
       to_char(sum(sales), '999,999,999')                   AS "Sales",
       count(*) FILTER (WHERE tier > 0)                     AS "On a step",
       count(*) FILTER (WHERE next_threshold IS NULL)       AS "On the top step",
       to_char(sum(reward), '9,999,999')                    AS "Reward",
       count(*) FILTER (WHERE running AND on_course)        AS "On course for more",
       to_char(sum(unlocks) FILTER (WHERE running), '9,999,999') AS "Next steps would unlock"
FROM programme_standing
GROUP BY programme_id, programme, running
ORDER BY programme_id;


-- 5. What has each programme earned, and how did one customer come to its sum?
--
-- programme_reward() takes the whole agreement: the ladder, the mix that is asked for, the share of
-- the debt that may be past due, the cap. To book is the part of the reward at the run rate that
-- today's sales have earned; due is what is left after the payments on account.

CREATE TEMP VIEW agreement AS
WITH ladders AS (
  SELECT programme_id, tier_ladder_agg(threshold, rate, fixed) AS ladder
  FROM programme_tier
  GROUP BY programme_id
), bought AS (
  SELECT programme_id, customer_id, product.category_id, sum(amount) AS sales
  FROM setting
  CROSS JOIN programme
  JOIN programme_customer USING (programme_id)
  JOIN delivery_line USING (customer_id)
  JOIN product USING (product_id)
  WHERE sold_on <@ to_date(programme.period, as_of)
    AND (programme.category_id IS NULL OR programme.category_id = product.category_id)
  GROUP BY programme_id, customer_id, product.category_id
), counted AS (
  SELECT programme_id, customer_id, coalesce(sum(sales), 0) AS sales
  FROM programme_customer
  LEFT JOIN bought USING (programme_id, customer_id)
  GROUP BY programme_id, customer_id
), mix AS (
  SELECT programme_id, customer_id,
         array_agg(ROW(category || ', share of purchases', round(coalesce(bought.sales, 0) / nullif(counted.sales, 0), 4),
                       least_share, weight)::programme_parameter ORDER BY category_id) AS parameters
  FROM programme_mix
  JOIN category USING (category_id)
  JOIN counted USING (programme_id)
  LEFT JOIN bought USING (programme_id, customer_id, category_id)
  GROUP BY programme_id, customer_id
), paid AS (
  SELECT programme_id, customer_id, sum(amount) AS paid
  FROM programme_payment
  GROUP BY programme_id, customer_id
)
SELECT programme_id, programme, customer_id, period, mode, combine, cap, ladder, sales, parameters,
       CASE WHEN overdue_limit IS NOT NULL
            THEN ARRAY[ROW(format('past due below %s %%', trim_scale(100 * overdue_limit)),
                           overdue_share < overdue_limit)::programme_gate] END AS gates,
       coalesce(paid, 0) AS paid
FROM programme
JOIN ladders USING (programme_id)
JOIN counted USING (programme_id)
JOIN programme_customer USING (programme_id, customer_id)
LEFT JOIN mix USING (programme_id, customer_id)
LEFT JOIN paid USING (programme_id, customer_id);

CREATE TEMP VIEW programme_result AS
SELECT agreement.*, earned, settlement(earned, paid) AS due, ahead * sales / nullif(projected, 0) AS to_book
FROM setting
CROSS JOIN agreement
CROSS JOIN LATERAL run_rate(sales, period, as_of) AS projected
CROSS JOIN LATERAL programme_reward(sales, ladder, mode => mode, cap => cap, parameters => parameters,
                                    combine => combine, gates => gates) AS earned
CROSS JOIN LATERAL programme_reward(projected, ladder, mode => mode, cap => cap, parameters => parameters,
                                    combine => combine, gates => gates) AS ahead;

\pset title 'Programmes: earned, to book and due'

SELECT programme                                                        AS "Programme",
       count(*)                                                         AS "Customers",
       to_char(sum(sales), '999,999,999')                               AS "Sales",
       count(*) FILTER (WHERE earned > 0)                               AS "Earning",
       count(*) FILTER (WHERE NOT gates[1].met)                         AS "Past due",
       to_char(sum(earned), '9,999,999')                                AS "Earned",
       to_char(sum(to_book), '9,999,999')                               AS "To book",
       to_char(sum(paid), '9,999,999')                                  AS "Paid",
       to_char(sum(due) FILTER (WHERE due > 0), '9,999,999')            AS "To pay",
       to_char(-sum(due) FILTER (WHERE due < 0), '9,999,999')           AS "To pay back"
FROM programme_result
GROUP BY programme_id, programme
ORDER BY programme_id;

-- explain_reward() gives the steps as rows: the statement that the customer gets. Here for the largest
-- customer of the volume rebate, and for the one that has most to pay back.

\pset title 'Chain volume rebate: two statements'

WITH chosen AS (
  (SELECT 1 AS place, customer_id FROM programme_result WHERE programme_id = 1 ORDER BY sales DESC, customer_id LIMIT 1)
  UNION ALL
  (SELECT 2, customer_id FROM programme_result WHERE programme_id = 1 ORDER BY due, customer_id LIMIT 1)
)
SELECT customer AS "Customer", no AS "No", step AS "Step", detail AS "How it came about",
       to_char(step.amount, '9,999,990.00') AS "Amount"
FROM chosen
JOIN customer USING (customer_id)
JOIN agreement USING (customer_id)
CROSS JOIN LATERAL explain_reward(sales, ladder, NULL, mode, 'reach', cap, parameters, combine, gates, paid) AS step
WHERE programme_id = 1
ORDER BY place, no;

DROP VIEW programme_result, agreement;


-- 6. What do agents get for new customers, and do the customers stay?
--
-- An agent gets a bonus on the first month of a new customer at once, and loses all of it when one of
-- the four months after is smaller than the first: retention_bonus(). Only months that are over are
-- judged. How much depends on the channel. The ledger is what goes through the books.

CREATE TEMP VIEW retention AS
WITH new_customer AS (
  SELECT customer_id, min(sold_on) AS first_sale
  FROM delivery_line
  GROUP BY customer_id
  HAVING min(sold_on) >= '2025-01-01'
)
SELECT customer_id, customer, agent, welcome_bonus, as_of,
       sales_series(amount, sold_on, plan_year) AS s
FROM setting
CROSS JOIN new_customer
JOIN customer USING (customer_id)
JOIN agent USING (agent_id)
JOIN channel USING (channel_id)
JOIN delivery_line USING (customer_id)
GROUP BY customer_id, customer, agent, welcome_bonus, as_of;

\pset title 'Retention bonus for the new customers of the year'

SELECT customer AS "Customer", agent AS "Agent", to_char(first_sale(s), 'YYYY-MM') AS "First month",
       status AS "Status", month AS "Month", to_char(bonus, '99,990.00') AS "Bonus",
       to_char(kept, '99,990.00') AS "Kept", to_char(revenue, '999,990.00') AS "Revenue",
       to_char(100 * rate, '990.0 %') AS "Rate"
FROM retention
CROSS JOIN LATERAL retention_bonus(s, as_of, welcome_bonus) AS r
ORDER BY first_sale(s), customer_id;

\pset title 'The ledger: advances and clawbacks by month'

SELECT to_char(posted_on, 'YYYY-MM-DD') AS "Posted on", agent AS "Agent", customer AS "Customer",
       kind AS "Kind", to_char(amount, 'S99,990.00') AS "Amount"
FROM retention
CROSS JOIN LATERAL retention_ledger(s, as_of, welcome_bonus) AS entry
ORDER BY posted_on, agent, customer_id;

\pset title 'The programme in total, of the contracts that are decided'

SELECT contracts AS "Contracts", pending AS "Pending", vested AS "Vested", clawed_back AS "Clawed back",
       to_char(kept, '99,990.00') AS "Kept", to_char(revenue, '999,990.00') AS "Revenue",
       to_char(100 * vest_rate, '990.0 %') AS "Vest rate", to_char(100 * realised_rate, '990.00 %') AS "Realised rate"
FROM (SELECT retention_portfolio(retention_bonus(s, as_of, welcome_bonus)) AS p FROM retention) AS total
CROSS JOIN LATERAL (SELECT (p).*) AS portfolio;

DROP VIEW retention;


-- 7. How many outlets buy, and how many of them every month?
--
-- An outlet is active when its sales of the quarter, less returns, are above zero, and stable when
-- that is so in each of the three months: akb_stable(). The running quarter is left out by
-- closed_period(): until its last month is over nobody could be stable.

\pset title 'Stable outlets by quarter'

WITH quarter AS (
  SELECT closed_period((as_of - n * interval '3 months')::date, 1, 'quarter') AS period
  FROM setting, generate_series(0, 11) AS n
), bought AS (
  SELECT period, outlet_id, sales_series(amount, sold_on, period) AS s
  FROM quarter
  JOIN delivery_line ON sold_on <@ period
  GROUP BY period, outlet_id
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
\set QUIET :quiet_before
