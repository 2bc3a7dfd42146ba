SELECT count(balance), count(actual), count(run_rate), count(attainment), count(prior_year), count(growth), count(gap), count(achieved), count(prorata_target), count(prorata_gap), count(current_rate), count(required_rate), count(growth_like_for_like), count(projected_growth), count(elapsed_share), count(status) FROM (
SELECT customer_id, level, key, target, target - actual AS balance, actual, run_rate,
  CASE WHEN target > 0 THEN run_rate / target END AS attainment, prior_year, actual - prior_year AS growth,
  CASE WHEN target > 0 THEN run_rate / target - 1 END AS gap,
  CASE WHEN target > 0 THEN actual / target END AS achieved,
  target * 184 / 365 AS prorata_target, actual - target * 184 / 365 AS prorata_gap,
  actual / 184 AS current_rate, greatest(target - actual, 0) / 181 AS required_rate,
  actual - prior_to_date AS growth_like_for_like, run_rate - prior_year AS projected_growth,
  184 / 365.0 AS elapsed_share, sign(actual - target * 184 / 365)::integer AS status
FROM (
  SELECT *, actual * 365 / 184 AS run_rate
  FROM (
    SELECT customer_id, grouping(category_id, product_id) AS level, coalesce(product_id, category_id, 0) AS key,
      coalesce(sum(amount) FILTER (WHERE sold_on >= '2025-07-01' AND sold_on < '2026-01-01'), 0) AS actual,
      coalesce(sum(amount) FILTER (WHERE sold_on >= '2024-07-01' AND sold_on < '2025-07-01'), 0) AS prior_year,
      coalesce(sum(amount) FILTER (WHERE sold_on >= '2024-07-01' AND sold_on < '2025-01-01'), 0) AS prior_to_date
    FROM product_sale
    GROUP BY GROUPING SETS ((customer_id), (customer_id, category_id), (customer_id, product_id))) AS g
  JOIN plan_line USING (customer_id, level, key)) AS f
) AS q;
