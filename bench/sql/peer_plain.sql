SELECT count(index), count(action) FROM (
SELECT customer_id,
  CASE WHEN mean > 0 THEN round(total / mean, 6) END AS index,
  CASE WHEN total < mean THEN 'growth_engine' WHEN total >= mean THEN 'preserve' END AS action
FROM (
  SELECT customer_id, total, avg(total) OVER (PARTITION BY region) AS mean
  FROM customer_total) AS c
) AS q;
