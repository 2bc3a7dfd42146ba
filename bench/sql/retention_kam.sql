SELECT count(status), count(month), count(bonus), count(kept), count(revenue), count(rate) FROM (
SELECT customer_id, (r).status, (r).month, (r).bonus, (r).kept, (r).revenue, (r).rate
FROM (
  SELECT customer_id, retention_bonus(sales_series(amount, sold_on, '[2025-01-01,2026-01-01)', 'month'), '2025-12-31') AS r
  FROM sale
  GROUP BY customer_id) AS c
) AS q;
