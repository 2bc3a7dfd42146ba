SELECT count(order_value_recent), count(order_value_base), count(volume_recent), count(volume_base), count(latest_gap), count(open_gap), count(mean_gap), count(signs) FROM (
SELECT customer_id, round(order_value_recent, 6) AS order_value_recent, round(order_value_base, 6) AS order_value_base, round(volume_recent, 6) AS volume_recent,
  round(volume_base, 6) AS volume_base, latest_gap, open_gap, round(mean_gap, 6) AS mean_gap, signs
FROM (SELECT customer_id, sales_series(amount, sold_on, '[2025-01-01,2026-01-01)') AS s FROM sale GROUP BY customer_id) AS c,
LATERAL churn_signs(s, '2025-12-31', recent => 3, base => 9)
) AS q;
