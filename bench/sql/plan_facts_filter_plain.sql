SELECT count(actual), count(prior_year), count(prior_to_date) FROM (
SELECT customer_id,
  coalesce(sum(amount) FILTER (WHERE sold_on >= '2025-07-01' AND sold_on < '2026-01-01'), 0) AS actual,
  coalesce(sum(amount) FILTER (WHERE sold_on >= '2024-07-01' AND sold_on < '2025-07-01'), 0) AS prior_year,
  coalesce(sum(amount) FILTER (WHERE sold_on >= '2024-07-01' AND sold_on < '2025-01-01'), 0) AS prior_to_date
FROM sale
GROUP BY customer_id
) AS q;
