SELECT count(class) FROM (
SELECT customer_id,
  CASE
    WHEN total >= cut.a THEN 'A'
    WHEN total >= cut.b THEN 'B'
    WHEN total IS NOT NULL THEN 'C'
  END AS class
FROM customer_total
  CROSS JOIN (
    SELECT min(total) FILTER (WHERE upto > 0.20 * whole) AS a,
      min(total) FILTER (WHERE upto > 0.05 * whole) AS b
    FROM (
      SELECT total, sum(total) OVER (ORDER BY total ROWS UNBOUNDED PRECEDING) AS upto
      FROM customer_total
      WHERE total > 0) AS ranked
      CROSS JOIN (SELECT sum(total) AS whole FROM customer_total WHERE total > 0) AS w) AS cut
) AS q;
