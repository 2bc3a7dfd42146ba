SELECT count(order_value_recent), count(order_value_base), count(volume_recent), count(volume_base), count(latest_gap), count(open_gap), count(mean_gap), count(signs) FROM (
WITH day AS (
  SELECT customer_id, sold_on, sum(amount) AS amount, bool_or(amount > 0) AS bought
  FROM sale WHERE sold_on >= '2025-01-01' AND sold_on < '2026-01-01'
  GROUP BY customer_id, sold_on
), gap AS (
  SELECT customer_id, count(*) AS days, min(sold_on) AS first, max(sold_on) AS last, max(sold_on) - max(before) AS latest
  FROM (SELECT customer_id, sold_on, lag(sold_on) OVER (PARTITION BY customer_id ORDER BY sold_on) AS before FROM day WHERE bought) AS g
  GROUP BY customer_id
), volume AS (
  SELECT customer_id, coalesce(sum(amount) FILTER (WHERE sold_on >= '2025-10-01'), 0) AS recent, coalesce(sum(amount) FILTER (WHERE sold_on < '2025-10-01'), 0) AS base,
    count(*) FILTER (WHERE bought AND sold_on >= '2025-10-01') AS recent_days, count(*) FILTER (WHERE bought AND sold_on < '2025-10-01') AS base_days
  FROM day GROUP BY customer_id
)
SELECT customer_id, round(recent / nullif(recent_days, 0), 6) AS order_value_recent, round(base / nullif(base_days, 0), 6) AS order_value_base,
  round(recent / 3, 6) AS volume_recent, round(base / 9, 6) AS volume_base, latest AS latest_gap, '2025-12-31' - last AS open_gap,
  round((last - first)::numeric / nullif(days - 1, 0), 6) AS mean_gap,
  CASE WHEN shrinking IS NOT NULL OR falling IS NOT NULL OR widening IS NOT NULL
       THEN coalesce(shrinking, false)::int + coalesce(falling, false)::int + coalesce(widening, false)::int END AS signs
FROM volume LEFT JOIN gap USING (customer_id),
LATERAL (SELECT CASE WHEN recent_days >= 2 AND base_days >= 2 AND base > 0 THEN recent * base_days < base * recent_days END AS shrinking,
  CASE WHEN base > 0 THEN recent * 9 < base * 3 END AS falling,
  CASE WHEN days >= 3 THEN greatest(latest, '2025-12-31' - last) * (days - 1) > 2 * (last - first) END AS widening) AS sign
) AS q;
