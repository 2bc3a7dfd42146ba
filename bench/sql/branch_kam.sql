SELECT count(s) FROM (
SELECT branch_id, sales_series(amount, sold_on, '[2025-01-01,2026-01-01)', 'month') AS s
FROM branch_sale
GROUP BY branch_id
) AS q;
