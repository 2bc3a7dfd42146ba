-- The reports on the customer base, read in by reports.sql.

-- 8. How do the territories work their outlets?

\pset title 'KPI matrix of the last closed quarter, by territory'

SELECT no AS "No", indicator AS "Indicator",
       max(shown) FILTER (WHERE territory_id = 1) AS "North", max(shown) FILTER (WHERE territory_id = 2) AS "East",
       max(shown) FILTER (WHERE territory_id = 3) AS "South", max(shown) FILTER (WHERE territory_id = 4) AS "Coast",
       max(shown) FILTER (WHERE territory_id IS NULL) AS "Company"
FROM kpi_line
GROUP BY no, place, indicator
ORDER BY place;


-- 9. Who is leaving?
--
-- Worst first, and among those the largest: what they bought in the twelve closed months is at stake. Who has
-- bought nothing for more than 90 days is no longer at risk but lost.

\pset title 'Customers at risk: fifteen A and B customers, worst first'

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
FROM churn_watch
JOIN customer USING (customer_id)
WHERE signs >= 2 AND class IN ('A', 'B') AND open_gap <= 90
ORDER BY signs DESC, sales DESC, customer_id
LIMIT 15;

\pset title 'Churn levels by class'

SELECT coalesce(level, 'not known') AS "Level",
       count(*) FILTER (WHERE class = 'A') AS "A", count(*) FILTER (WHERE class = 'B') AS "B", count(*) FILTER (WHERE class = 'C') AS "C",
       to_char(sum(sales), '999,999,999') AS "Sales"
FROM churn_watch
GROUP BY level
ORDER BY array_position('{critical,at_risk,watch,none}', level);


-- 10. How does the base move?

\pset title 'Movement of the active customers, last twelve closed months'

SELECT to_char(lower(bucket), 'YYYY-MM')              AS "Month",
       opening                                        AS "Opening",
       new                                            AS "New",
       returned                                       AS "Returned",
       lost                                           AS "Lost",
       closing                                        AS "Closing",
       to_char(100 * attrition, '990.0 %')            AS "Attrition",
       to_char(100 * revenue_attrition, '990.00 %')   AS "Of the money"
FROM base_month
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

