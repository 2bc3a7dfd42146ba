-- The questions that both the reports (reports.sql) and the page (report_html.sql) ask, as temporary views
-- over the demo company. Both read this file in; the search path has demo and kam's schema.

-- Who brings the money, and who buys evenly?
--
-- closed_period() takes the last twelve months that are over: as_of is the 17th, and a month that
-- is only half delivered would leave 8 of the 38 even customers (X). One sales_series a customer holds
-- the twelve monthly totals; abc_class() ranks its total among all customers, xyz_class()
-- judges its evenness, a month without sales counting as 0.

CREATE OR REPLACE TEMP VIEW customer_class AS
WITH year AS (
  SELECT closed_period(as_of, 12, 'month') AS period
  FROM setting
), bought AS (
  SELECT customer_id, sales_series(amount, sold_on, period) AS s
  FROM year
  JOIN delivery_line ON sold_on <@ period
  GROUP BY customer_id
)
SELECT customer_id,
       total(s) AS sales,
       abc_class(total(s)) OVER () AS abc,
       xyz_class(s) AS xyz
FROM bought;


-- The days worked: nothing is delivered at weekends and on holidays.

CREATE OR REPLACE TEMP VIEW working_time AS
SELECT work_calendar_agg('{sat,sun}', day) AS calendar FROM holiday;


-- Where do the customers stand against this year's plan?
--
-- plan_facts() adds up, in one pass, what was bought since the plan was launched, in the year before,
-- and in the same days of it; plan_progress() makes the plan table of it. The run rate goes by working
-- days: nothing is delivered at weekends and on holidays. Growth compares the same days of both years.

CREATE OR REPLACE TEMP VIEW plan_standing AS
WITH sold AS (
  SELECT customer_id, plan_facts(amount, sold_on, plan.period, plan.launched_on, as_of) AS facts
  FROM setting
  JOIN plan ON plan.period = setting.plan_year
  JOIN delivery_line USING (customer_id)
  GROUP BY customer_id
)
SELECT plan.customer_id, p.*
FROM setting
CROSS JOIN working_time
JOIN plan ON plan.period = setting.plan_year
JOIN sold USING (customer_id)
CROSS JOIN LATERAL plan_progress(plan.target, (facts).actual, (facts).prior_year, (facts).prior_to_date,
                                 plan.period, as_of, calendar, tolerance => 0.02) AS p;


-- Who is on which step of a programme, and what would the next one pay?
--
-- tier_ladder_agg() turns the rows of a programme into its ladder; tier_attainment() gives for each
-- customer the step reached, what it pays, the gap to the next step and what that pays. "Unlocks" is
-- what the customer gets on top by buying for the gap, "Of the gap" how much of that purchase it pays
-- back, and "On course" asks run_rate() whether the step comes by itself.

CREATE OR REPLACE TEMP VIEW programme_standing AS
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
SELECT programme_id, programme, period @> as_of AS running, ladder, mode, customer_id, sales, t.*,
       t.next_reward - t.reward AS unlocks, projected, projected >= t.next_threshold AS on_course
FROM setting
CROSS JOIN programme
JOIN ladders USING (programme_id)
JOIN counted USING (programme_id)
CROSS JOIN LATERAL run_rate(sales, period, as_of) AS projected
CROSS JOIN LATERAL tier_attainment(sales, ladder, mode => programme.mode) AS t;


-- How do the territories work their outlets?
--
-- One line an outlet from one scan of the sales, then any grouping of them: kpi_matrix() makes the 24
-- indicators of the totals, so that the company's ratios are ratios of its totals. An order is a day with a
-- delivery; it is productive from 100 EUR and two products on. Receivables are those of as_of.

CREATE OR REPLACE TEMP VIEW outlet_quarter AS
WITH quarter AS (
  SELECT closed_period(as_of, 1, 'quarter') AS period FROM setting
), sold AS (
  SELECT outlet_id, sales_series(amount, sold_on, period) AS s,
         productive_orders(amount, product_id, sold_on, 100, 2) AS productive,
         categories_worked(product_id, category_id, quantity, offered, 3) AS categories,
         sum(amount - cost) AS margin
  FROM quarter
  JOIN delivery_line ON sold_on <@ period
  JOIN product USING (product_id)
  JOIN (SELECT category_id, count(*)::int AS offered FROM product GROUP BY category_id) AS range USING (category_id)
  GROUP BY outlet_id
), planned AS (
  SELECT outlet_id, count(*) AS visits
  FROM quarter JOIN visit_plan ON planned_on <@ period
  GROUP BY outlet_id
)
SELECT territory_id, agent_id, outlet_id, coalesce(visits, 0) AS visits, coalesce(sale_days(s), 0) AS orders,
       coalesce(productive, 0) AS productive, coalesce(total(s) > 0, false) AS active,
       coalesce(akb_stable(s), false) AS stable, coalesce(active_buckets(s), 0) AS active_months,
       coalesce(categories = (SELECT count(*) FROM category), false) AS whole_range, margin
FROM quarter
CROSS JOIN census
JOIN route USING (route_id)
JOIN agent USING (agent_id)
LEFT JOIN sold USING (outlet_id)
LEFT JOIN planned USING (outlet_id)
WHERE closed_on IS NULL OR closed_on >= lower(period);

CREATE OR REPLACE TEMP VIEW territory_matrix AS
WITH quarter AS (
  SELECT closed_period(as_of, 1, 'quarter') AS period FROM setting
), line AS (
  SELECT territory_id, outlet_id, visits, orders, productive, active, stable, active_months, whole_range, margin, NULL::numeric AS cost
  FROM outlet_quarter
  UNION ALL
  SELECT territory_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, wage + car + fuel
  FROM quarter CROSS JOIN agent_cost JOIN agent USING (agent_id)
  WHERE month <@ period
), totals AS (
  SELECT territory_id, count(outlet_id) AS okb,
         count(*) FILTER (WHERE visits > 0) AS pakb,
         count(*) FILTER (WHERE active) AS akb,
         count(*) FILTER (WHERE active AND visits > 0) AS akb_planned,
         count(*) FILTER (WHERE stable) AS akb_stable,
         count(*) FILTER (WHERE akb_systemic(productive, visits)) AS systemic,
         count(*) FILTER (WHERE active AND whole_range) AS akb_category,
         sum(visits) AS planned_visits, sum(orders) AS orders, sum(orders) FILTER (WHERE visits > 0) AS orders_planned,
         sum(productive) AS productive_orders, sum(active_months) / 3.0 AS akb_monthly, sum(cost) AS cost, sum(margin) AS margin
  FROM line
  GROUP BY GROUPING SETS ((territory_id), ())
), owed AS (
  SELECT territory_id, overdue_share(invoice.amount - coalesce(paid, 0), due_on, as_of, deferred)
  FROM setting
  CROSS JOIN invoice
  LEFT JOIN (SELECT invoice_no, sum(amount) AS paid FROM payment GROUP BY invoice_no) AS p USING (invoice_no)
  JOIN customer USING (customer_id)
  JOIN agent USING (agent_id)
  GROUP BY GROUPING SETS ((territory_id), ())
), paid AS (
  SELECT territory_id, payment_discipline(paid, planned), payment_discipline_strict(paid, planned)
  FROM (SELECT territory_id, day, sum(paid) AS paid, sum(planned) AS planned
        FROM (SELECT customer_id, due_on AS day, NULL::numeric AS paid, amount AS planned FROM invoice WHERE amount > 0
              UNION ALL
              SELECT customer_id, paid_on, payment.amount, NULL FROM payment JOIN invoice USING (invoice_no)) AS m
        CROSS JOIN quarter
        JOIN customer USING (customer_id)
        JOIN agent USING (agent_id)
        WHERE day <@ period
        GROUP BY territory_id, customer_id, day) AS d
  GROUP BY GROUPING SETS ((territory_id), ())
), shelf AS (
  SELECT territory_id, numeric_distribution(missing = 0) AS planogram_coverage
  FROM (SELECT outlet_id, count(*) FILTER (WHERE NOT present) AS missing
        FROM quarter JOIN audit ON audited_on <@ period
        GROUP BY outlet_id) AS a
  JOIN census USING (outlet_id)
  JOIN route USING (route_id)
  JOIN agent USING (agent_id)
  GROUP BY GROUPING SETS ((territory_id), ())
), listed AS (
  SELECT territory_id, numeric_distribution(present) AS mml_distribution
  FROM quarter
  JOIN audit ON audited_on <@ period
  JOIN census USING (outlet_id)
  JOIN route USING (route_id)
  JOIN agent USING (agent_id)
  GROUP BY GROUPING SETS ((territory_id), ())
)
SELECT t.territory_id, akb_monthly, k.*
FROM totals AS t
LEFT JOIN owed AS o ON coalesce(o.territory_id, 0) = coalesce(t.territory_id, 0)
LEFT JOIN paid AS p ON coalesce(p.territory_id, 0) = coalesce(t.territory_id, 0)
LEFT JOIN shelf AS s ON coalesce(s.territory_id, 0) = coalesce(t.territory_id, 0)
LEFT JOIN listed AS l ON coalesce(l.territory_id, 0) = coalesce(t.territory_id, 0)
CROSS JOIN LATERAL kpi_matrix(
  t.okb, t.pakb, t.akb, t.akb_planned, t.akb_stable, t.systemic, t.akb_category, t.planned_visits, t.orders, t.orders_planned,
  t.productive_orders, t.cost, t.margin, o.overdue_share, p.payment_discipline, p.payment_discipline_strict,
  s.planogram_coverage, l.mml_distribution) AS k;

-- The same as rows; direction says whether more or less is better, and is NULL for what depends on the size.

CREATE OR REPLACE TEMP VIEW kpi_line AS
SELECT territory_id, no, place, indicator, value, to_char(value, format) AS shown, direction
FROM territory_matrix
CROSS JOIN LATERAL (VALUES
  (1, 1, 'OKB: outlets of the census', okb::numeric, 'FM99,990', NULL),
  (2, 2, 'PAKB: planned for visits', pakb, 'FM99,990', NULL),
  (3, 3, 'AKB: active', akb, 'FM99,990', NULL),
  (3, 4, 'AKB of the average month', akb_monthly, 'FM99,990.0', NULL),
  (4, 5, 'Coverage of PAKB', 100 * pakb_coverage, 'FM990.0 %', 'up'),
  (4, 6, 'Coverage of PAKB, planned outlets only', 100 * pakb_coverage_strict, 'FM990.0 %', 'up'),
  (5, 7, 'Coverage of OKB', 100 * okb_coverage, 'FM990.0 %', 'up'),
  (6, 8, 'Stable AKB: active every month', akb_stable, 'FM99,990', NULL),
  (7, 9, 'Stability', 100 * stability, 'FM990.0 %', 'up'),
  (8, 10, 'Systemic outlets', systemic, 'FM99,990', NULL),
  (9, 11, 'Share of systemic outlets', 100 * systemic_share, 'FM990.0 %', 'up'),
  (10, 12, 'AKB of the whole range', akb_category, 'FM99,990', NULL),
  (11, 13, 'Coverage of the whole range', 100 * category_coverage, 'FM990.0 %', 'up'),
  (12, 14, 'Planned visits', planned_visits, 'FM99,990', NULL),
  (13, 15, 'Orders', orders, 'FM99,990', NULL),
  (14, 16, 'Productive orders', productive_orders, 'FM99,990', NULL),
  (15, 17, 'Visit effectiveness', 100 * visit_effectiveness, 'FM990.0 %', 'up'),
  (15, 18, 'Visit effectiveness, planned outlets only', 100 * visit_effectiveness_strict, 'FM990.0 %', 'up'),
  (16, 19, 'Visit effectiveness, productive orders', 100 * productive_effectiveness, 'FM990.0 %', 'up'),
  (17, 20, 'Cost of a planned visit', visit_cost, 'FM99,990.00', 'down'),
  (18, 21, 'Cost of an order', order_cost, 'FM99,990.00', 'down'),
  (19, 22, 'Margin of an order', order_margin, 'FM99,990.00', 'up'),
  (20, 23, 'Useful income of an order', 100 * useful_income_share, 'FM990.0 %', 'up'),
  (21, 24, 'Overdue receivables', 100 * overdue_share, 'FM990.0 %', 'down'),
  (22, 25, 'Payments of the plan', 100 * payment_discipline, 'FM990.0 %', 'up'),
  (22, 26, 'Payments on the planned day', 100 * payment_discipline_strict, 'FM990.0 %', 'up'),
  (23, 27, 'Outlets with the full planogram', 100 * planogram_coverage, 'FM990.0 %', 'up'),
  (24, 28, 'Presence of must-stock positions', 100 * mml_distribution, 'FM990.0 %', 'up')
) AS i (no, place, indicator, value, format, direction);


-- Who is leaving?
--
-- churn_signs() reads three signs off one series: orders shrink, purchases fall, gaps between orders grow.
-- What people drink depends on the season, so the last three closed months are compared with the same
-- months of the year before. next_order() tells when the next order is due.

CREATE OR REPLACE TEMP VIEW churn_watch AS
WITH reach AS (
  SELECT as_of, daterange((lower(closed_period(as_of, 3, 'month')) - interval '1 year')::date, as_of + 1) AS period,
         closed_period(as_of, 12, 'month') AS year
  FROM setting
), bought AS (
  SELECT customer_id, sales_series(amount, sold_on, period) AS s
  FROM reach JOIN delivery_line ON sold_on <@ period
  GROUP BY customer_id
)
SELECT customer_id, total(s, year) AS sales, abc_class(total(s, year)) OVER () AS class,
       next_order(s, as_of) AS due, c.*
FROM reach CROSS JOIN bought CROSS JOIN LATERAL churn_signs(s, as_of, compare => 'season', tolerance => 0.10) AS c;


-- How does the base move?
--
-- base_movement() follows every customer from month to month: what was there, who is new, came back, was
-- lost. New means the first purchase ever, so the first day of each customer is taken from all his sales.
-- The period begins a month earlier: its first month only opens the second.

CREATE OR REPLACE TEMP VIEW base_month AS
WITH reach AS (
  SELECT daterange((lower(closed_period(as_of, 12, 'month')) - interval '1 month')::date, upper(closed_period(as_of, 12, 'month'))) AS period
  FROM setting
), bought AS (
  SELECT sales_series(amount, sold_on, period) AS s, min(sold_on) FILTER (WHERE amount > 0) AS first_sale
  FROM reach CROSS JOIN delivery_line
  GROUP BY customer_id
)
SELECT m.*
FROM (SELECT base_movement(s, first_sale) AS months FROM bought) AS b, unnest(months) AS m;


-- How do the key accounts stand against their five goals?
--
-- Sales go against the part of the year's target that is due, share is our part of what the customer buys, execution the
-- must-stock positions found on his shelves, profit the margin less what was spent on him, fill rate what came
-- in full and in time. An indicator that is not known leaves the score with its weight.

CREATE OR REPLACE TEMP VIEW key_account AS
WITH year AS (
  SELECT as_of, plan_year, to_date(plan_year, as_of) AS gone, elapsed_share(plan_year, as_of) AS share_gone FROM setting
), sold AS (
  SELECT customer_id, sum(amount) AS sales, sum(amount - cost) AS margin
  FROM year JOIN delivery_line ON sold_on <@ gone
  GROUP BY customer_id
), spent AS (
  SELECT customer_id, sum(amount) AS spend FROM trade_spend GROUP BY customer_id
), shelf AS (
  SELECT customer_id, numeric_distribution(present) AS execution
  FROM audit JOIN outlet USING (outlet_id)
  GROUP BY customer_id
), supplied AS (
  SELECT customer_id, fill_rate(ordered, delivered, delivered_on <= promised_on) AS fill_rate,
         fill_rate_lenient(ordered, delivered) AS lenient, otif(delivered_on <= promised_on, delivered >= ordered) AS otif
  FROM order_line
  GROUP BY customer_id
)
SELECT account_goal.customer_id, customer, sales, round(plan.target * share_gone, 2) AS sales_goal, sales / purchases AS share, account_goal.share AS share_goal,
       shelf.execution, account_goal.execution AS execution_goal, margin - coalesce(spend, 0) AS profit, round(account_goal.profit * share_gone, 2) AS profit_goal,
       supplied.fill_rate, account_goal.fill_rate AS fill_rate_goal, lenient, otif
FROM year
JOIN account_goal ON account_goal.year = plan_year
JOIN customer ON customer.customer_id = account_goal.customer_id
LEFT JOIN plan ON plan.customer_id = account_goal.customer_id AND plan.period = plan_year
LEFT JOIN sold ON sold.customer_id = account_goal.customer_id
LEFT JOIN spent ON spent.customer_id = account_goal.customer_id
LEFT JOIN shelf ON shelf.customer_id = account_goal.customer_id
LEFT JOIN supplied ON supplied.customer_id = account_goal.customer_id
LEFT JOIN market ON market.customer_id = account_goal.customer_id AND market.year = plan_year;

CREATE OR REPLACE TEMP VIEW key_account_line AS
SELECT customer_id, customer, sales, l.*, (ARRAY['-', 'o', '+'])[l.status + 2] AS mark
FROM key_account
CROSS JOIN LATERAL scorecard(sales, sales_goal, share, share_goal, execution, execution_goal, profit, profit_goal,
                             fill_rate, fill_rate_goal, cap => 1.2, tolerance => 0.05) AS l;


-- Is it sold all month, or at its end?
--
-- evenness() is 1 when the four weeks of the month sell the same, 0 when all is sold in one of them.

CREATE OR REPLACE TEMP VIEW territory_month AS
WITH month AS (
  SELECT closed_period(as_of, 1, 'month') AS period FROM setting
)
SELECT territory, sales_series(amount, sold_on, period, 'month-week') AS s
FROM month
JOIN delivery_line ON sold_on <@ period
JOIN outlet USING (outlet_id)
JOIN route USING (route_id)
JOIN agent USING (agent_id)
JOIN territory USING (territory_id)
GROUP BY GROUPING SETS ((territory), ());
