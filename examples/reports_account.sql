-- The reports on the key accounts, read in by reports.sql.

-- 12. How do the key accounts stand against their five goals?
--
-- Sales and profit go against the part of the year's target that is due; execution is what audits found of the
-- must-stock list, profit the margin less what was spent on the customer, fill rate what came in full and in time.

\pset title 'Scorecard of the fifteen largest key accounts: value, and whether the goal is reached (+), just missed (o) or missed (-)'

SELECT name AS "Key account", kam_group AS "Group",
       max(to_char(value, '9,999,999') || ' ' || mark) FILTER (WHERE no = 1)  AS "Sales",
       max(to_char(100 * value, '990.0 %') || ' ' || mark) FILTER (WHERE no = 2) AS "Share",
       max(to_char(100 * value, '990.0 %') || ' ' || mark) FILTER (WHERE no = 3) AS "Execution",
       max(to_char(value, '9,999,999') || ' ' || mark) FILTER (WHERE no = 4)  AS "Profit",
       max(to_char(100 * value, '990.0 %') || ' ' || mark) FILTER (WHERE no = 5) AS "Fill rate",
       to_char(100 * score, '990.0') AS "Score"
FROM (SELECT *, coalesce((ARRAY['-', 'o', '+'])[status + 2], ' ') AS mark FROM crm.key_account_scorecard) AS line
GROUP BY customer_id, name, kam_group, score
ORDER BY max(value) FILTER (WHERE no = 1) DESC, customer_id
LIMIT 15;

-- Share is won where we grow faster than the customer buys.

\pset title 'Share won and lost among the key accounts'

SELECT coalesce(verdict, 'not known') AS "Share", count(*) AS "Key accounts", to_char(sum(own), '99,999,999') AS "Sales",
       to_char(100 * avg(gap), 'S990.0') AS "Growth less the customer's, points",
       count(*) FILTER (WHERE status >= 0) AS "Share at its goal"
FROM crm.market_share
GROUP BY verdict
ORDER BY sum(own) DESC;


-- 13. Are promotions planned, and is the money spent well?

\pset title 'Promotions by lead time and by who asked for them'

SELECT lead_class AS "Lead time", count(*) AS "Promotions", to_char(100.0 * count(*) / sum(count(*)) OVER (), '990.0 %') AS "Share",
       round(avg(lead_days), 1) AS "Days, mean", count(*) FILTER (WHERE initiator = 'customer') AS "Asked for by the customer",
       to_char(sum(spend), '999,999') AS "Cost", to_char(100 * (sum(volume) / sum(baseline) - 1), 'S990.0 %') AS "Sold more than before"
FROM crm.promo_quality
GROUP BY lead_class
ORDER BY min(lead_days);

\pset title 'Spend and what it moves: cases for each EUR, first half of the plan year against the quarter after it'

WITH half AS (
  SELECT daterange(lower(period), (lower(period) + interval '6 months')::date) AS before,
         daterange((lower(period) + interval '6 months')::date, (lower(period) + interval '9 months')::date) AS now
  FROM crm.in_force
), moved AS (
  SELECT customer_id, total(rollup(quantity, before)) / 2 AS cases_before, total(rollup(quantity, now)) AS cases_now
  FROM half
  JOIN crm.customer_series AS s ON s.period && before
  JOIN crm.kam_member USING (customer_id)
  WHERE grain = 'quarter'
  GROUP BY customer_id
), spent AS (
  SELECT customer_id, sum(amount) FILTER (WHERE spent_on <@ before) / 2 AS spend_before, sum(amount) FILTER (WHERE spent_on <@ now) AS spend_now
  FROM half CROSS JOIN crm.trade_spend
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
-- evenness() is 1 when all parts of the month sell what their working days make due, 0 when one of them has it all.

\pset title 'Evenness of the last closed month, by territory'

SELECT CASE dimension WHEN 'all' THEN 'Company' ELSE key END AS "Territory", to_char(amount, '9,999,999') AS "Sales", round(evenness, 3) AS "Evenness",
       to_char(goal, '0.000') AS "Goal", (ARRAY['below', 'near', 'reached'])[status + 2] AS "Status", to_char(100 * last_week_share, '990.0 %') AS "In the last week",
       customers AS "Customers", to_char(100 * top_share, '990.0 %') AS "The largest has"
FROM crm.sales_discipline
WHERE month = lower(closed_period(as_of, 1, 'month')) AND dimension IN ('all', 'team')
ORDER BY dimension DESC, key;
