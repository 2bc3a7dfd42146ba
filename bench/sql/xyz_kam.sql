SELECT count(xyz) FROM (
SELECT customer_id,
  xyz_class(sales_series(amount, sold_on, '[2025-01-01,2026-01-01)', 'month')) AS xyz
FROM sale
GROUP BY customer_id
) AS q;
