-- The reports on the key accounts, read in by reports.sql.

-- 12. How do the key accounts stand against their five goals?

\pset title 'Scorecard of the fifteen largest key accounts: value, and whether the goal is reached (+), just missed (o) or missed (-)'

SELECT customer AS "Key account",
       max(to_char(value, '9,999,999') || ' ' || mark) FILTER (WHERE no = 1)  AS "Sales",
       max(to_char(100 * value, '990.0 %') || ' ' || mark) FILTER (WHERE no = 2) AS "Share",
       max(to_char(100 * value, '990.0 %') || ' ' || mark) FILTER (WHERE no = 3) AS "Execution",
       max(to_char(value, '9,999,999') || ' ' || mark) FILTER (WHERE no = 4)  AS "Profit",
       max(to_char(100 * value, '990.0 %') || ' ' || mark) FILTER (WHERE no = 5) AS "Fill rate",
       to_char(100 * weighted_score(attainment, weight, 1.2), '990.0') AS "Score"
FROM key_account_line
GROUP BY customer_id, customer, sales
ORDER BY sales DESC NULLS LAST, customer_id
LIMIT 15;

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

\pset title 'Evenness of the last closed month, by territory'

SELECT coalesce(territory, 'Company') AS "Territory", to_char(total(s), '9,999,999') AS "Sales", round(evenness(s), 3) AS "Evenness",
       to_char(100 * last_share(s), '990.0 %') AS "In the last week"
FROM territory_month
ORDER BY territory NULLS LAST;

