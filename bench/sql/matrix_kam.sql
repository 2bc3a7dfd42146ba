SELECT count(okb), count(pakb), count(akb), count(pakb_coverage), count(pakb_coverage_strict), count(okb_coverage), count(akb_stable), count(stability), count(systemic), count(systemic_share), count(akb_category), count(category_coverage), count(planned_visits), count(orders), count(productive_orders), count(visit_effectiveness), count(visit_effectiveness_strict), count(productive_effectiveness) FROM (
SELECT territory_id, okb, pakb, akb, pakb_coverage, pakb_coverage_strict, okb_coverage, akb_stable, stability, systemic, systemic_share,
  akb_category, category_coverage, planned_visits, orders, productive_orders, visit_effectiveness, visit_effectiveness_strict, productive_effectiveness
FROM (
  SELECT territory_id, count(*) AS all_outlets, count(*) FILTER (WHERE visits > 0) AS planned, sum(visits) AS visits,
    count(*) FILTER (WHERE orders > 0) AS active, count(*) FILTER (WHERE orders > 0 AND visits > 0) AS active_planned,
    count(*) FILTER (WHERE stable) AS stable, count(*) FILTER (WHERE akb_systemic(productive, visits)) AS systemic_outlets,
    count(*) FILTER (WHERE categories = 5) AS whole_range, sum(orders) AS all_orders,
    sum(orders) FILTER (WHERE visits > 0) AS planned_orders, sum(productive) AS productive
  FROM outlet
  LEFT JOIN (
    SELECT outlet_id, sale_days(s) AS orders, akb_stable(s, activity => 'order') AS stable, productive, categories
    FROM (
      SELECT outlet_id, sales_series(amount, sold_on, '[2025-01-01,2026-01-01)') AS s,
        productive_orders(amount, product_id, sold_on, 300, 1) AS productive,
        categories_worked(product_id, category_id, quantity, 10, 3, 'order') AS categories
      FROM outlet_sale
      WHERE sold_on >= '2025-01-01' AND sold_on < '2026-01-01'
      GROUP BY outlet_id) AS sold) AS bought USING (outlet_id)
  GROUP BY territory_id) AS t,
LATERAL kpi_matrix(okb => all_outlets, pakb => planned, akb => active, akb_planned => active_planned, akb_stable => stable,
  systemic => systemic_outlets, akb_category => whole_range, planned_visits => visits, orders => all_orders,
  orders_planned => planned_orders, productive_orders => productive)
) AS q;
