-- The reports on the customer base, read in by reports.sql.

-- 8. How do the territories work their outlets?

\pset title 'KPI matrix of the last closed quarter, by territory'

SELECT no AS "No", indicator AS "Indicator",
       max(shown) FILTER (WHERE territory = 'North') AS "North", max(shown) FILTER (WHERE territory = 'East') AS "East",
       max(shown) FILTER (WHERE territory = 'South') AS "South", max(shown) FILTER (WHERE territory = 'Coast') AS "Coast",
       max(shown) FILTER (WHERE territory IS NULL) AS "Company"
FROM kpi_line
GROUP BY no, place, indicator
ORDER BY place;


-- 9. Who is leaving?
--
-- Three signs: orders shrink, purchases fall, gaps between orders grow. What people drink depends on the season, so
-- the last three closed months are compared with the same months of the year before (setting.compare). Worst first,
-- and among those the largest; who is lost already is no longer at risk.

\pset title 'Customers at risk: fifteen A and B customers, worst first'

SELECT watch.name                                            AS "Customer",
       abc                                                   AS "Class",
       to_char(at_stake, '9,999,999')                        AS "At stake",
       level                                                 AS "Level",
       to_char(order_value_base, '99,999') || to_char(order_value_recent, '99,999') AS "Order before, now",
       to_char(volume_base, '999,999') || to_char(volume_recent, '999,999')         AS "A month before, now",
       declines                                              AS "Months falling",
       round(mean_gap, 1)                                    AS "Mean gap",
       latest_gap                                            AS "Latest",
       open_gap                                              AS "Open",
       to_char(next_order, 'YYYY-MM-DD')                     AS "Order was due"
FROM crm.churn_watch AS watch
JOIN crm.customer_class USING (customer_id)
WHERE signs >= 2 AND abc IN ('A', 'B') AND stage <> 'lost'
ORDER BY signs DESC, at_stake DESC, customer_id
LIMIT 15;

\pset title 'Churn levels by class'

SELECT coalesce(level, 'not known') AS "Level",
       count(*) FILTER (WHERE abc = 'A') AS "A", count(*) FILTER (WHERE abc = 'B') AS "B", count(*) FILTER (WHERE abc = 'C') AS "C",
       to_char(sum(amount), '999,999,999') AS "Sales"
FROM crm.churn_watch
JOIN crm.customer_class USING (customer_id)
GROUP BY level
ORDER BY array_position('{critical,at_risk,watch,none}', level);

\pset title 'Customers lost: the ten who were worth most'

SELECT name AS "Customer", channel AS "Channel", to_char(last_order, 'YYYY-MM-DD') AS "Last order", days AS "Days since",
       to_char(amount, '9,999,999') AS "Last year's sales", to_char(profit, '999,999') AS "Profit", to_char(potential, '9,999,999') AS "Could buy a year",
       CASE WHEN has_contract THEN 'yes' ELSE 'no' END AS "Contract"
FROM crm.lost_clients
ORDER BY profit_rank, customer_id
LIMIT 10;


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
FROM crm.base_movement
WHERE dimension = 'all'
ORDER BY bucket;


-- 11. Who are they?
--
-- Recency, frequency and money of the twelve closed months, and the segments that follow from them. The client base
-- has every outlet of the census, those that do not buy yet included, with the stage of its life as a customer.

\pset title 'Segments of the customers'

SELECT coalesce(segment, 'no score') AS "Segment", count(*) AS "Customers", to_char(sum(amount), '99,999,999') AS "Sales",
       to_char(100 * sum(share), '990.0 %') AS "Share"
FROM crm.customer_class
GROUP BY segment
ORDER BY sum(amount) DESC;

\pset title 'The client base by channel: outlets of the census (OKB), planned for visits (PAKB), active this year (AKB)'

SELECT coalesce(channel, 'All') AS "Channel",
       count(*) FILTER (WHERE okb) AS "OKB", count(*) FILTER (WHERE pakb) AS "PAKB", count(*) FILTER (WHERE akb) AS "AKB",
       count(*) FILTER (WHERE akb_stable) AS "Every month",
       count(*) FILTER (WHERE state = 'new') AS "New", count(*) FILTER (WHERE state = 'active') AS "Active",
       count(*) FILTER (WHERE state IN ('at_risk', 'lost')) AS "At risk or lost",
       count(*) FILTER (WHERE state = 'potential') AS "Potential", to_char(sum(potential) FILTER (WHERE state = 'potential'), '9,999,999') AS "Could buy a year",
       count(*) FILTER (WHERE state = 'closed') AS "Closed"
FROM crm.client_base
GROUP BY ROLLUP (channel)
ORDER BY channel NULLS LAST;

