SELECT count(r), count(f), count(m) FROM (
SELECT customer_id, (1 + 5 * (rank() OVER (ORDER BY region % 365 DESC) - 1) / count(*) OVER ())::int AS r,
  (1 + 5 * (rank() OVER (ORDER BY customer_id % 40) - 1) / count(*) OVER ())::int AS f,
  CASE WHEN total <= 0 THEN 1 ELSE (1 + 5 * (rank() OVER (ORDER BY total) - 1) / count(*) OVER ())::int END AS m
FROM customer_total WHERE total IS NOT NULL
) AS q;
