-- The 24 indicators of a customer base, as an analyst types them

\pset null '(null)'

-- all of them, from the totals of a quarter
SELECT (jsonb_each_text(to_jsonb(kpi_matrix(
  okb => 10, pakb => 8, akb => 6, akb_planned => 5, akb_stable => 3, systemic => 2, akb_category => 2,
  planned_visits => 72, orders => 33, orders_planned => 32, productive_orders => 26, cost => 3960, margin => 9900,
  overdue_share => 0.15, payment_discipline => 0.90, payment_discipline_strict => 0.75,
  planogram_coverage => 0.40, mml_distribution => 0.70)))).*;

-- what is not known leaves its indicators empty
SELECT okb, akb, okb_coverage, pakb, pakb_coverage, orders, order_cost, order_margin, useful_income_share
FROM kpi_matrix(okb => 200, akb => 150, orders => 450, cost => 9000.00);
SELECT k IS NULL AS all_empty FROM kpi_matrix() AS k;

-- nothing to divide by
SELECT pakb_coverage, okb_coverage, stability, visit_effectiveness, visit_cost, order_cost, order_margin, useful_income_share
FROM kpi_matrix(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 50);

-- orders cost more than they bring, and margins that are lost
SELECT order_cost, order_margin, useful_income_share FROM kpi_matrix(orders => 10, cost => 500, margin => 400);
SELECT order_cost, order_margin, useful_income_share FROM kpi_matrix(orders => 10, cost => 500, margin => -400);

-- in LATERAL, over groups
SELECT territory, round(k.okb_coverage, 3) AS okb_coverage, k.visit_effectiveness
FROM (VALUES ('North', 120, 90, 400, 300), ('South', 80, 70, 350, 140), ('all', 200, 160, 750, 440)) AS t (territory, okb, akb, visits, orders)
CROSS JOIN LATERAL kpi_matrix(okb => okb, akb => akb, planned_visits => visits, orders => orders) AS k;

-- refused
SELECT kpi_matrix(okb => -1);
SELECT kpi_matrix(orders => 2.5);
SELECT kpi_matrix(cost => 'NaN');
SELECT kpi_matrix(mml_distribution => 'Infinity');
SELECT kpi_matrix(akb => 1e30);
