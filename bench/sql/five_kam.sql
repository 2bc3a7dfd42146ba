SELECT count(xyz), count(projected), count(stable), count(total), count(days) FROM (
SELECT customer_id, xyz_class(s) AS xyz, run_rate(s, '2025-09-30') AS projected,
  akb_stable(s) AS stable, total(s), sale_days(s) AS days
FROM (
  SELECT customer_id, sales_series(amount, sold_on, '[2025-01-01,2026-01-01)', 'month') AS s
  FROM sale
  GROUP BY customer_id) AS c
) AS q;
