SELECT count(reward) FROM (
SELECT customer_id,
  CASE
    WHEN total >= 200000 THEN total * 0.03 + 5000
    WHEN total >= 50000 THEN total * 0.02
    WHEN total >= 10000 THEN total * 0.01
    WHEN total IS NOT NULL THEN 0
  END AS reward
FROM customer_total
) AS q;
