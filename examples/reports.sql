-- Four reports over the demo company (load company.sql first), as a sales manager would read them.
--
--     psql -X -f reports.sql
--
-- kam is expected in a schema "kam" (or in public).

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

SELECT company, currency, to_char(as_of, 'YYYY-MM-DD') AS as_of FROM setting \gset
\echo
\echo :company, sales up to :as_of, in :currency


-- 1. Which customers bring the money, and which of them can be relied on every month?
--
-- closed_period() takes the last twelve months that are over: as_of is the 17th, and a month that
-- is only half delivered would leave 8 of the 38 even customers (X). One sales_series a customer holds
-- the twelve monthly totals; abc_class() ranks its total among all customers, xyz_class()
-- judges its evenness, a month without sales counting as 0.

\pset title 'ABC-XYZ matrix: A, B, C by share of sales; X even, Y varying, Z irregular; last 12 closed months'

WITH year AS (
  SELECT closed_period(as_of, 12, 'month') AS period
  FROM setting
), bought AS (
  SELECT customer_id, sales_series(amount, sold_on, period) AS s
  FROM year
  JOIN delivery_line ON sold_on <@ period
  GROUP BY customer_id
), classified AS (
  SELECT customer_id,
         total(s) AS sales,
         abc_class(total(s)) OVER () AS abc,
         xyz_class(s) AS xyz
  FROM bought
)
SELECT coalesce(abc, 'All')                                            AS "Class",
       count(*)                           FILTER (WHERE xyz = 'X')     AS "X customers",
       to_char(sum(sales)                 FILTER (WHERE xyz = 'X'), '999,999,999') AS "X sales",
       count(*)                           FILTER (WHERE xyz = 'Y')     AS "Y customers",
       to_char(sum(sales)                 FILTER (WHERE xyz = 'Y'), '999,999,999') AS "Y sales",
       count(*)                           FILTER (WHERE xyz = 'Z')     AS "Z customers",
       to_char(sum(sales)                 FILTER (WHERE xyz = 'Z'), '999,999,999') AS "Z sales",
       count(*)                                                        AS "All customers",
       to_char(sum(sales), '999,999,999')                              AS "All sales",
       to_char(100 * sum(sales) / (SELECT sum(sales) FROM classified), '990.0 %') AS "Share"
FROM classified
GROUP BY ROLLUP (abc)
ORDER BY abc NULLS LAST;


-- 2. Where do the ten largest customers stand against this year's plan?
--
-- to_date() is the part of the plan year that has been delivered, prior_year() the same days a year
-- before. run_rate() says where the year ends if it goes on as it began; attainment compares that
-- with the target, and growth compares like with like: the same days of both years.

\pset title 'Plan of the ten largest customers, as of the day of the report'

WITH sold AS (
  SELECT customer_id,
         sum(amount) FILTER (WHERE sold_on <@ to_date(plan_year, as_of))             AS actual,
         sum(amount) FILTER (WHERE sold_on <@ prior_year(plan_year))                 AS prior_year,
         sum(amount) FILTER (WHERE sold_on <@ prior_year(to_date(plan_year, as_of))) AS prior_to_date
  FROM setting, delivery_line
  GROUP BY customer_id
)
SELECT customer                                                      AS "Customer",
       to_char(target, '9,999,999')                                  AS "Target",
       to_char(target - actual, '9,999,999')                         AS "Balance",
       to_char(actual, '9,999,999')                                  AS "Actual",
       to_char(run_rate(actual, period, as_of), '9,999,999')         AS "Run rate",
       to_char(100 * run_rate(actual, period, as_of) / nullif(target, 0), '990.0 %') AS "Attainment",
       to_char(prior_year, '9,999,999')                              AS "Prior year",
       to_char(actual - prior_to_date, 'S9,999,999')                 AS "Growth to date"
FROM setting
JOIN plan ON plan.period = setting.plan_year
JOIN customer USING (customer_id)
JOIN sold USING (customer_id)
ORDER BY actual DESC NULLS LAST, customer_id
LIMIT 10;


-- 3. Who is close to the next step of a programme, and what would it pay?
--
-- tier_ladder_agg() turns the rows of a programme into its ladder; tier_attainment() gives for each
-- customer the step reached, what it pays, the gap to the next step and what that pays. "Unlocks" is
-- what the customer gets on top by buying for the gap, "Of the gap" how much of that purchase it pays
-- back, and "On course" asks run_rate() whether the step comes by itself.

CREATE TEMP VIEW programme_standing AS
WITH ladders AS (
  SELECT programme_id, tier_ladder_agg(threshold, rate, fixed) AS ladder
  FROM programme_tier
  GROUP BY programme_id
), counted AS (
  SELECT programme_id, customer_id, sum(amount) AS sales
  FROM setting
  CROSS JOIN programme
  JOIN programme_customer USING (programme_id)
  JOIN delivery_line USING (customer_id)
  JOIN product USING (product_id)
  WHERE sold_on <@ to_date(programme.period, as_of)
    AND (programme.category_id IS NULL OR programme.category_id = product.category_id)
  GROUP BY programme_id, customer_id
)
SELECT programme_id, programme, period @> as_of AS running, customer_id, sales, t.*,
       t.next_reward - t.reward AS unlocks,
       run_rate(sales, period, as_of) >= t.next_threshold AS on_course
FROM setting
CROSS JOIN programme
JOIN ladders USING (programme_id)
JOIN counted USING (programme_id)
CROSS JOIN LATERAL tier_attainment(sales, ladder, mode => programme.mode) AS t;

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

DROP VIEW programme_standing;


-- 4. How many outlets buy, and how many of them every month?
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

\pset title
RESET search_path;
\set QUIET :quiet_before
