SELECT count(xyz), count(projected), count(stable), count(total), count(days) FROM (
SELECT customer_id,
  CASE
    WHEN s <= 0 THEN CASE WHEN q > 0 THEN 'Z' END
    WHEN 12 * q <= (1 + 0.10 ^ 2) * s * s THEN 'X'
    WHEN 12 * q <= (1 + 0.25 ^ 2) * s * s THEN 'Y'
    ELSE 'Z'
  END AS xyz,
  so_far * 365 / 273 AS projected, active = 12 AS stable, s AS total, days
FROM (
  SELECT customer_id, sum(t) AS s, sum(t * t) AS q,
    sum(t) FILTER (WHERE month <= 9) AS so_far,
    count(*) FILTER (WHERE t > 0) AS active,
    sum(bit_count(bought_on::bit(31))) AS days
  FROM (
    SELECT customer_id, date_part('month', sold_on) AS month, sum(amount) AS t,
      bit_or(1 << (sold_on - date '2025-01-01') % 31) FILTER (WHERE amount > 0) AS bought_on
    FROM sale
    WHERE sold_on >= '2025-01-01' AND sold_on < '2026-01-01'
    GROUP BY 1, 2) AS m
  GROUP BY 1) AS c
) AS q;
