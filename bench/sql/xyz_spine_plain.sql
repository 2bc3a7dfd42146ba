SELECT count(xyz) FROM (
WITH m AS (
  SELECT customer_id, date_part('month', sold_on) AS month, sum(amount) AS t
  FROM sale
  WHERE sold_on >= '2025-01-01' AND sold_on < '2026-01-01'
  GROUP BY 1, 2)
SELECT customer_id,
  CASE
    WHEN avg(t) > 0 THEN
      CASE
        WHEN stddev_pop(t) / avg(t) <= 0.10 THEN 'X'
        WHEN stddev_pop(t) / avg(t) <= 0.25 THEN 'Y'
        ELSE 'Z'
      END
    WHEN count(*) FILTER (WHERE t <> 0) > 0 THEN 'Z'
  END AS xyz
FROM (
  SELECT c.customer_id, coalesce(m.t, 0)::double precision AS t
  FROM (SELECT DISTINCT customer_id FROM m) AS c
    CROSS JOIN generate_series(1, 12) AS month
    LEFT JOIN m ON m.customer_id = c.customer_id AND m.month = month.month) AS spine
GROUP BY customer_id
) AS q;
