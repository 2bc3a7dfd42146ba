SELECT count(status), count(month), count(bonus), count(kept), count(revenue), count(rate) FROM (
SELECT customer_id,
  CASE WHEN first IS NULL THEN NULL WHEN shrank IS NOT NULL THEN 'clawed_back' WHEN first <= 8 THEN 'vested' ELSE 'pending' END AS status,
  last - first + 1 AS month, 2 * t[first] AS bonus,
  CASE WHEN shrank IS NOT NULL THEN 0 WHEN first <= 8 THEN 2 * t[first] END AS kept,
  revenue,
  CASE WHEN shrank IS NOT NULL THEN 0 WHEN first <= 8 THEN 2 * t[first] END / nullif(revenue, 0) AS rate
FROM (
  SELECT customer_id, ARRAY[
    coalesce(sum(t) FILTER (WHERE month = 1), 0), coalesce(sum(t) FILTER (WHERE month = 2), 0), coalesce(sum(t) FILTER (WHERE month = 3), 0),
    coalesce(sum(t) FILTER (WHERE month = 4), 0), coalesce(sum(t) FILTER (WHERE month = 5), 0), coalesce(sum(t) FILTER (WHERE month = 6), 0),
    coalesce(sum(t) FILTER (WHERE month = 7), 0), coalesce(sum(t) FILTER (WHERE month = 8), 0), coalesce(sum(t) FILTER (WHERE month = 9), 0),
    coalesce(sum(t) FILTER (WHERE month = 10), 0), coalesce(sum(t) FILTER (WHERE month = 11), 0), coalesce(sum(t) FILTER (WHERE month = 12), 0)] AS t
  FROM (
    SELECT customer_id, date_part('month', sold_on) AS month, sum(amount) AS t
    FROM sale
    WHERE sold_on >= '2025-01-01' AND sold_on < '2026-01-01'
    GROUP BY 1, 2) AS m
  GROUP BY 1) AS c
CROSS JOIN LATERAL (SELECT min(i) AS first FROM generate_subscripts(t, 1) AS i WHERE t[i] > 0) AS f
CROSS JOIN LATERAL (SELECT min(i) AS shrank FROM generate_series(first + 1, least(first + 4, 12)) AS i WHERE t[i] < t[first]) AS s
CROSS JOIN LATERAL (SELECT coalesce(shrank, least(first + 4, 12)) AS last) AS l
CROSS JOIN LATERAL (SELECT sum(t[i]) AS revenue FROM generate_series(first, last) AS i) AS r
) AS q;
