SELECT count(opening), count(new), count(returned), count(lost), count(closing) FROM (
WITH grid AS (
  SELECT c.customer_id, first_sale, m::date AS month, coalesce(total > 0, false) AS active,
    lag(coalesce(total > 0, false)) OVER (PARTITION BY c.customer_id ORDER BY m) AS before
  FROM customer_series AS c CROSS JOIN generate_series(timestamp '2025-01-01', '2025-12-01', '1 month') AS m
  LEFT JOIN customer_month AS t ON t.customer_id = c.customer_id AND t.month = m::date
)
SELECT month, count(*) FILTER (WHERE before) AS opening, count(*) FILTER (WHERE active AND NOT before AND first_sale >= month) AS new,
  count(*) FILTER (WHERE active AND NOT before AND first_sale < month) AS returned, count(*) FILTER (WHERE before AND NOT active) AS lost,
  count(*) FILTER (WHERE active) AS closing
FROM grid WHERE before IS NOT NULL GROUP BY month
) AS q;
