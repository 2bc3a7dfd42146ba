SELECT count(xyz) FROM (
SELECT customer_id,
  CASE
    WHEN s <= 0 THEN CASE WHEN q > 0 THEN 'Z' END
    WHEN 12 * q <= (1 + 0.10 ^ 2) * s * s THEN 'X'
    WHEN 12 * q <= (1 + 0.25 ^ 2) * s * s THEN 'Y'
    ELSE 'Z'
  END AS xyz
FROM (
  SELECT customer_id, sum(t) AS s, sum(t * t) AS q
  FROM (
    SELECT customer_id, date_part('month', sold_on) AS month, sum(amount) AS t
    FROM sale
    WHERE sold_on >= '2025-01-01' AND sold_on < '2026-01-01'
    GROUP BY 1, 2) AS m
  GROUP BY 1) AS c
) AS q;
