-- The reports on the key accounts, read in by reports.sql.

-- 12. How do the key accounts stand against their five goals?
--
-- Sales go against the part of the year's target that is due, share is our part of what the customer buys, execution the
-- must-stock positions found on his shelves, profit the margin less what was spent on him, fill rate what came
-- in full and in time. An indicator that is not known leaves the score with its weight.

CREATE TEMP VIEW key_account AS
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

\pset title 'Scorecard of the fifteen largest key accounts: value, and whether the goal is reached (+), just missed (o) or missed (-)'

WITH lines AS (
  SELECT customer_id, customer, sales, l.*, (ARRAY['-', 'o', '+'])[l.status + 2] AS mark
  FROM key_account
  CROSS JOIN LATERAL scorecard(sales, sales_goal, share, share_goal, execution, execution_goal, profit, profit_goal,
                               fill_rate, fill_rate_goal, cap => 1.2, tolerance => 0.05) AS l
)
SELECT customer AS "Key account",
       max(to_char(value, '9,999,999') || ' ' || mark) FILTER (WHERE no = 1)  AS "Sales",
       max(to_char(100 * value, '990.0 %') || ' ' || mark) FILTER (WHERE no = 2) AS "Share",
       max(to_char(100 * value, '990.0 %') || ' ' || mark) FILTER (WHERE no = 3) AS "Execution",
       max(to_char(value, '9,999,999') || ' ' || mark) FILTER (WHERE no = 4)  AS "Profit",
       max(to_char(100 * value, '990.0 %') || ' ' || mark) FILTER (WHERE no = 5) AS "Fill rate",
       to_char(100 * weighted_score(attainment, weight, 1.2), '990.0') AS "Score"
FROM lines
GROUP BY customer_id, customer, sales
ORDER BY sales DESC NULLS LAST, customer_id
LIMIT 15;

DROP VIEW key_account;

-- Share is won where we grow faster than the customer buys: share_change().

\pset title 'Share won and lost among the key accounts'

WITH sold AS (
  SELECT customer_id, sum(amount) FILTER (WHERE sold_on <@ to_date(plan_year, as_of)) AS own_now,
         sum(amount) FILTER (WHERE sold_on >= lower(plan_year) - interval '1 year' AND sold_on <= as_of - 365) AS own_before
  FROM setting CROSS JOIN delivery_line
  GROUP BY customer_id, as_of, plan_year
), bought AS (
  SELECT customer_id, max(purchases) FILTER (WHERE year = plan_year) AS market_now, max(purchases) FILTER (WHERE year << plan_year) AS market_before
  FROM setting CROSS JOIN market
  GROUP BY customer_id
)
SELECT coalesce(verdict, 'not known') AS "Share", count(*) AS "Key accounts", to_char(sum(own_now), '99,999,999') AS "Sales",
       to_char(100 * avg(gap), 'S990.0') AS "Growth less the customer's, points"
FROM sold JOIN bought USING (customer_id)
CROSS JOIN LATERAL share_change(own_now, own_before, market_now, market_before) AS c
GROUP BY verdict
ORDER BY sum(own_now) DESC;


-- 13. Are promotions planned, and is the money spent well?

\pset title 'Promotions by lead time and by who asked for them'

SELECT class AS "Lead time", count(*) AS "Promotions", to_char(100.0 * count(*) / sum(count(*)) OVER (), '990.0 %') AS "Share",
       round(avg(days), 1) AS "Days, mean", count(*) FILTER (WHERE initiator = 'customer') AS "Asked for by the customer",
       to_char(sum(cost), '999,999') AS "Cost"
FROM promotion
CROSS JOIN LATERAL promo_lead(submitted_on, lower(period)) AS l
GROUP BY class
ORDER BY min(days);

\pset title 'Spend and what it moves: cases for each EUR, first half of the plan year against the quarter after it'

WITH half AS (
  SELECT daterange(lower(plan_year), (lower(plan_year) + interval '6 months')::date) AS before,
         daterange((lower(plan_year) + interval '6 months')::date, (lower(plan_year) + interval '9 months')::date) AS now
  FROM setting
), moved AS (
  SELECT customer_id, sum(quantity) FILTER (WHERE sold_on <@ before) / 2 AS cases_before, sum(quantity) FILTER (WHERE sold_on <@ now) AS cases_now
  FROM half CROSS JOIN delivery_line JOIN account_goal USING (customer_id)
  GROUP BY customer_id
), spent AS (
  SELECT customer_id, sum(amount) FILTER (WHERE month <@ before) / 2 AS spend_before, sum(amount) FILTER (WHERE month <@ now) AS spend_now
  FROM half CROSS JOIN trade_spend
  GROUP BY customer_id
)
SELECT quadrant AS "What happened", count(*) AS "Key accounts", to_char(sum(spend_now), '99,999') AS "Spend of the quarter",
       round(sum(cases_before) / sum(spend_before), 1) AS "Cases for 1 EUR before", round(sum(cases_now) / sum(spend_now), 1) AS "now"
FROM moved JOIN spent USING (customer_id)
CROSS JOIN LATERAL spend_change(cases_before, spend_before, cases_now, spend_now) AS c
GROUP BY quadrant
ORDER BY count(*) DESC, quadrant;


-- 14. Is it sold all month, or at its end?
--
-- evenness() is 1 when the four weeks of the month sell the same, 0 when all is sold in one of them.

\pset title 'Evenness of the last closed month, by territory'

WITH month AS (
  SELECT closed_period(as_of, 1, 'month') AS period FROM setting
), sold AS (
  SELECT territory, sales_series(amount, sold_on, period, 'month-week') AS s
  FROM month
  JOIN delivery_line ON sold_on <@ period
  JOIN outlet USING (outlet_id)
  JOIN route USING (route_id)
  JOIN agent USING (agent_id)
  JOIN territory USING (territory_id)
  GROUP BY GROUPING SETS ((territory), ())
)
SELECT coalesce(territory, 'Company') AS "Territory", to_char(total(s), '9,999,999') AS "Sales", round(evenness(s), 3) AS "Evenness",
       to_char(100 * last_share(s), '990.0 %') AS "In the last week"
FROM sold
ORDER BY territory NULLS LAST;

