SELECT count(actual), count(prior_year), count(prior_to_date) FROM (
SELECT customer_id, (plan_facts(amount, sold_on, '[2025-07-01,2026-07-01)', '2025-07-01', '2025-12-31')).*
FROM sale
GROUP BY customer_id
) AS q;
