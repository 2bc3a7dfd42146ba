-- The reports on the customer base, read in by reports.sql.

-- 8. How do the territories work their outlets?
--
-- One line an outlet from one scan of the sales, then any grouping of them: kpi_matrix() makes the 24
-- indicators of the totals, so that the company's ratios are ratios of its totals. An order is a day with a
-- delivery; it is productive from 100 EUR and two products on. Receivables are those of as_of.

CREATE TEMP VIEW outlet_quarter AS
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

CREATE TEMP VIEW territory_matrix AS
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

\pset title 'KPI matrix of the last closed quarter, by territory'

SELECT no AS "No", indicator AS "Indicator",
       max(shown) FILTER (WHERE territory_id = 1) AS "North", max(shown) FILTER (WHERE territory_id = 2) AS "East",
       max(shown) FILTER (WHERE territory_id = 3) AS "South", max(shown) FILTER (WHERE territory_id = 4) AS "Coast",
       max(shown) FILTER (WHERE territory_id IS NULL) AS "Company"
FROM territory_matrix
CROSS JOIN LATERAL (VALUES
  (1, 1, 'OKB: outlets of the census', okb::numeric, 'FM99,990'),
  (2, 2, 'PAKB: planned for visits', pakb, 'FM99,990'),
  (3, 3, 'AKB: active', akb, 'FM99,990'),
  (3, 4, 'AKB of the average month', akb_monthly, 'FM99,990.0'),
  (4, 5, 'Coverage of PAKB', 100 * pakb_coverage, 'FM990.0 %'),
  (4, 6, 'Coverage of PAKB, planned outlets only', 100 * pakb_coverage_strict, 'FM990.0 %'),
  (5, 7, 'Coverage of OKB', 100 * okb_coverage, 'FM990.0 %'),
  (6, 8, 'Stable AKB: active every month', akb_stable, 'FM99,990'),
  (7, 9, 'Stability', 100 * stability, 'FM990.0 %'),
  (8, 10, 'Systemic outlets', systemic, 'FM99,990'),
  (9, 11, 'Share of systemic outlets', 100 * systemic_share, 'FM990.0 %'),
  (10, 12, 'AKB of the whole range', akb_category, 'FM99,990'),
  (11, 13, 'Coverage of the whole range', 100 * category_coverage, 'FM990.0 %'),
  (12, 14, 'Planned visits', planned_visits, 'FM99,990'),
  (13, 15, 'Orders', orders, 'FM99,990'),
  (14, 16, 'Productive orders', productive_orders, 'FM99,990'),
  (15, 17, 'Visit effectiveness', 100 * visit_effectiveness, 'FM990.0 %'),
  (15, 18, 'Visit effectiveness, planned outlets only', 100 * visit_effectiveness_strict, 'FM990.0 %'),
  (16, 19, 'Visit effectiveness, productive orders', 100 * productive_effectiveness, 'FM990.0 %'),
  (17, 20, 'Cost of a planned visit', visit_cost, 'FM99,990.00'),
  (18, 21, 'Cost of an order', order_cost, 'FM99,990.00'),
  (19, 22, 'Margin of an order', order_margin, 'FM99,990.00'),
  (20, 23, 'Useful income of an order', 100 * useful_income_share, 'FM990.0 %'),
  (21, 24, 'Overdue receivables', 100 * overdue_share, 'FM990.0 %'),
  (22, 25, 'Payments of the plan', 100 * payment_discipline, 'FM990.0 %'),
  (22, 26, 'Payments on the planned day', 100 * payment_discipline_strict, 'FM990.0 %'),
  (23, 27, 'Outlets with the full planogram', 100 * planogram_coverage, 'FM990.0 %'),
  (24, 28, 'Presence of must-stock positions', 100 * mml_distribution, 'FM990.0 %')
) AS i (no, place, indicator, value, format)
CROSS JOIN LATERAL (SELECT to_char(value, format) AS shown) AS f
GROUP BY no, place, indicator
ORDER BY place;

DROP VIEW territory_matrix, outlet_quarter;


-- 9. Who is leaving?
--
-- churn_signs() reads three signs off one series: orders shrink, purchases fall, gaps between orders grow.
-- What people drink depends on the season, so the last three closed months are compared with the same
-- months of the year before. Worst first, and among those the largest: what they bought in the twelve
-- closed months is at stake. Who has bought nothing for more than 90 days is no longer at risk but lost.
-- next_order() tells when the next order is due.

\pset title 'Customers at risk: fifteen A and B customers, worst first'

WITH reach AS (
  SELECT as_of, daterange((lower(closed_period(as_of, 3, 'month')) - interval '1 year')::date, as_of + 1) AS period,
         closed_period(as_of, 12, 'month') AS year
  FROM setting
), bought AS (
  SELECT customer_id, sales_series(amount, sold_on, period) AS s
  FROM reach JOIN delivery_line ON sold_on <@ period
  GROUP BY customer_id
), judged AS (
  SELECT customer_id, total(s, year) AS sales, abc_class(total(s, year)) OVER () AS class,
         next_order(s, as_of) AS due, c.*
  FROM reach CROSS JOIN bought CROSS JOIN LATERAL churn_signs(s, as_of, compare => 'season', tolerance => 0.10) AS c
)
SELECT customer                                              AS "Customer",
       class                                                 AS "Class",
       to_char(sales, '9,999,999')                           AS "At stake",
       level                                                 AS "Level",
       to_char(order_value_base, '99,999') || to_char(order_value_recent, '99,999') AS "Order before, now",
       to_char(volume_base, '999,999') || to_char(volume_recent, '999,999')         AS "A month before, now",
       declines                                              AS "Months falling",
       round(mean_gap, 1)                                    AS "Mean gap",
       latest_gap                                            AS "Latest",
       open_gap                                              AS "Open",
       to_char(due, 'YYYY-MM-DD')                            AS "Order was due"
FROM judged
JOIN customer USING (customer_id)
WHERE signs >= 2 AND class IN ('A', 'B') AND open_gap <= 90
ORDER BY signs DESC, sales DESC, customer_id
LIMIT 15;

\pset title 'Churn levels by class'

WITH reach AS (
  SELECT as_of, daterange((lower(closed_period(as_of, 3, 'month')) - interval '1 year')::date, as_of + 1) AS period,
         closed_period(as_of, 12, 'month') AS year
  FROM setting
), bought AS (
  SELECT customer_id, sales_series(amount, sold_on, period) AS s
  FROM reach JOIN delivery_line ON sold_on <@ period
  GROUP BY customer_id
), judged AS (
  SELECT total(s, year) AS sales, abc_class(total(s, year)) OVER () AS class,
         (churn_signs(s, as_of, compare => 'season', tolerance => 0.10)).level
  FROM reach CROSS JOIN bought
)
SELECT coalesce(level, 'not known') AS "Level",
       count(*) FILTER (WHERE class = 'A') AS "A", count(*) FILTER (WHERE class = 'B') AS "B", count(*) FILTER (WHERE class = 'C') AS "C",
       to_char(sum(sales), '999,999,999') AS "Sales"
FROM judged
GROUP BY level
ORDER BY array_position('{critical,at_risk,watch,none}', level);


-- 10. How does the base move?
--
-- base_movement() follows every customer from month to month: what was there, who is new, came back, was
-- lost. New means the first purchase ever, so the first day of each customer is taken from all his sales.
-- The period begins a month earlier: its first month only opens the second.

\pset title 'Movement of the active customers, last twelve closed months'

WITH reach AS (
  SELECT daterange((lower(closed_period(as_of, 12, 'month')) - interval '1 month')::date, upper(closed_period(as_of, 12, 'month'))) AS period
  FROM setting
), bought AS (
  SELECT sales_series(amount, sold_on, period) AS s, min(sold_on) FILTER (WHERE amount > 0) AS first_sale
  FROM reach CROSS JOIN delivery_line
  GROUP BY customer_id
)
SELECT to_char(lower(bucket), 'YYYY-MM')              AS "Month",
       opening                                        AS "Opening",
       new                                            AS "New",
       returned                                       AS "Returned",
       lost                                           AS "Lost",
       closing                                        AS "Closing",
       to_char(100 * attrition, '990.0 %')            AS "Attrition",
       to_char(100 * revenue_attrition, '990.00 %')   AS "Of the money"
FROM (SELECT base_movement(s, first_sale) AS months FROM bought) AS b, unnest(months) AS m
ORDER BY bucket;


-- 11. Who are they?
--
-- Recency, frequency and money of the twelve closed months, scored among the customers of a channel, and
-- the segments that follow from it; stages say where each stands in his life as a customer.

\pset title 'Segments of the customers'

WITH bought AS (
  SELECT customer_id, as_of, sales_series(amount, sold_on, period) AS s
  FROM setting CROSS JOIN LATERAL closed_period(as_of, 12, 'month') AS period
  JOIN delivery_line ON sold_on <@ period
  GROUP BY customer_id, as_of
), scored AS (
  SELECT total(s) AS sales,
         rfm_segment(rfm_score(as_of - last_sale(s), sale_days(s), total(s)) OVER (PARTITION BY channel_id)) AS segment
  FROM bought JOIN customer USING (customer_id)
)
SELECT coalesce(segment, 'no score') AS "Segment", count(*) AS "Customers", to_char(sum(sales), '99,999,999') AS "Sales",
       to_char(100 * sum(sales) / sum(sum(sales)) OVER (), '990.0 %') AS "Share"
FROM scored
GROUP BY segment
ORDER BY sum(sales) DESC;

\pset title 'Stages of the customers, by channel'

WITH bought AS (
  SELECT customer_id, as_of, sales_series(amount, sold_on, daterange(as_of - 365, as_of + 1)) AS s,
         min(sold_on) FILTER (WHERE amount > 0) AS first_sale
  FROM setting CROSS JOIN delivery_line
  GROUP BY customer_id, as_of
), staged AS (
  SELECT channel_id, channel, coalesce(lifecycle_stage(s, as_of, first_sale), 'potential') AS stage
  FROM customer JOIN channel USING (channel_id) LEFT JOIN bought USING (customer_id)
)
SELECT channel AS "Channel",
       count(*) FILTER (WHERE stage = 'new') AS "New", count(*) FILTER (WHERE stage = 'active') AS "Active",
       count(*) FILTER (WHERE stage = 'returning') AS "Returning", count(*) FILTER (WHERE stage = 'at_risk') AS "At risk",
       count(*) FILTER (WHERE stage = 'lost') AS "Lost", count(*) FILTER (WHERE stage = 'potential') AS "Potential"
FROM staged
GROUP BY channel_id, channel
ORDER BY channel_id;

