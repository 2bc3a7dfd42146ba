SELECT count(class) FROM (
SELECT customer_id,
  CASE
    WHEN place <= (known + 2) / 3 THEN 'large'
    WHEN place <= (known + 2) / 3 + (known + 1) / 3 THEN 'medium'
    WHEN total IS NOT NULL THEN 'small'
  END AS class
FROM (
  SELECT customer_id, total, count(total) OVER () AS known,
    rank() OVER (ORDER BY total DESC NULLS LAST) AS place
  FROM customer_total) AS c
) AS q;
