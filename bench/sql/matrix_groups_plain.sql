SELECT count(okb), count(pakb), count(akb), count(pakb_coverage), count(pakb_coverage_strict), count(okb_coverage), count(akb_stable), count(stability), count(systemic), count(systemic_share), count(akb_category), count(category_coverage), count(planned_visits), count(orders), count(productive_orders), count(visit_effectiveness), count(visit_effectiveness_strict), count(productive_effectiveness) FROM (
WITH sold AS NOT MATERIALIZED (
  SELECT * FROM outlet_sale WHERE sold_on >= '2025-01-01' AND sold_on < '2026-01-01'
), product_day AS (
  SELECT outlet_id, sold_on, product_id, category_id, sum(amount) AS amount, bool_or(amount > 0) AS delivered
  FROM sold GROUP BY outlet_id, sold_on, product_id, category_id
), day AS (
  SELECT outlet_id, sold_on, sum(amount) AS amount, count(*) FILTER (WHERE delivered) AS products
  FROM product_day GROUP BY outlet_id, sold_on
), bought AS (
  SELECT outlet_id, count(*) FILTER (WHERE products > 0) AS orders,
    bit_count(bit_or(1 << date_part('month', sold_on)::int) FILTER (WHERE products > 0)::bit(32)) AS months
  FROM day GROUP BY outlet_id
), productive AS (
  SELECT outlet_id, count(*) FILTER (WHERE amount >= 300 AND products >= 1) AS productive_orders
  FROM day GROUP BY outlet_id
), worked AS (
  SELECT outlet_id, count(*) AS categories
  FROM (SELECT outlet_id, category_id
        FROM (SELECT outlet_id, category_id, product_id FROM product_day WHERE delivered GROUP BY outlet_id, category_id, product_id) AS p
        GROUP BY outlet_id, category_id HAVING count(*) >= 3) AS c
  GROUP BY outlet_id
), t AS (
  SELECT territory_id, count(*) AS okb, count(*) FILTER (WHERE visits > 0) AS pakb, sum(visits) AS planned_visits,
    count(*) FILTER (WHERE orders > 0) AS akb, count(*) FILTER (WHERE orders > 0 AND visits > 0) AS akb_planned,
    count(*) FILTER (WHERE months = 12) AS akb_stable, count(*) FILTER (WHERE 4 * productive_orders > 3 * visits AND visits > 0) AS systemic,
    count(*) FILTER (WHERE categories = 5) AS akb_category, sum(orders) AS orders,
    sum(orders) FILTER (WHERE visits > 0) AS orders_planned, sum(productive_orders) AS productive_orders
  FROM outlet
  LEFT JOIN bought USING (outlet_id)
  LEFT JOIN productive USING (outlet_id)
  LEFT JOIN worked USING (outlet_id)
  GROUP BY territory_id)
SELECT territory_id, okb, pakb, akb, akb / nullif(pakb, 0)::numeric AS pakb_coverage, akb_planned / nullif(pakb, 0)::numeric AS pakb_coverage_strict,
  akb / nullif(okb, 0)::numeric AS okb_coverage, akb_stable, akb_stable / nullif(akb, 0)::numeric AS stability,
  systemic, systemic / nullif(akb, 0)::numeric AS systemic_share, akb_category, akb_category / nullif(akb, 0)::numeric AS category_coverage,
  planned_visits, orders, productive_orders, orders / nullif(planned_visits, 0)::numeric AS visit_effectiveness,
  orders_planned / nullif(planned_visits, 0)::numeric AS visit_effectiveness_strict,
  productive_orders / nullif(planned_visits, 0)::numeric AS productive_effectiveness
FROM t
) AS q;
