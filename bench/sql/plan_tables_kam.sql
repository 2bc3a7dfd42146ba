SELECT count(balance), count(actual), count(run_rate), count(attainment), count(prior_year), count(growth), count(gap), count(achieved), count(prorata_target), count(prorata_gap), count(current_rate), count(required_rate), count(growth_like_for_like), count(projected_growth), count(elapsed_share), count(status) FROM (
SELECT customer_id, level, key, progress.*
FROM (
  SELECT customer_id, grouping(category_id, product_id) AS level, coalesce(product_id, category_id, 0) AS key,
    plan_facts(amount, sold_on, '[2025-07-01,2026-07-01)', '2025-07-01', '2025-12-31') AS facts
  FROM product_sale
  GROUP BY GROUPING SETS ((customer_id), (customer_id, category_id), (customer_id, product_id))) AS g
JOIN plan_line USING (customer_id, level, key),
LATERAL plan_progress(target, (facts).actual, (facts).prior_year, (facts).prior_to_date,
  '[2025-07-01,2026-07-01)', '2025-12-31') AS progress
) AS q;
