SELECT count(class) FROM (
SELECT customer_id,
  CASE
    WHEN upto > 0.20 * whole THEN 'A'
    WHEN upto > 0.05 * whole THEN 'B'
    WHEN total IS NOT NULL THEN 'C'
  END AS class
FROM (
  SELECT customer_id, total,
    (SELECT sum(total) FROM customer_total WHERE total > 0) AS whole,
    sum(total) FILTER (WHERE total > 0) OVER (ORDER BY total NULLS FIRST) AS upto
  FROM customer_total) AS c
) AS q;
