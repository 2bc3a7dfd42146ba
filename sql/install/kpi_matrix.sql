-- The KPI matrix: 24 indicators of an active customer base

CREATE TYPE kpi_matrix_result AS (
  okb bigint,
  pakb bigint,
  akb bigint,
  pakb_coverage numeric,
  pakb_coverage_strict numeric,
  okb_coverage numeric,
  akb_stable bigint,
  stability numeric,
  systemic bigint,
  systemic_share numeric,
  akb_category bigint,
  category_coverage numeric,
  planned_visits bigint,
  orders bigint,
  productive_orders bigint,
  visit_effectiveness numeric,
  visit_effectiveness_strict numeric,
  productive_effectiveness numeric,
  visit_cost numeric,
  order_cost numeric,
  order_margin numeric,
  useful_income_share numeric,
  overdue_share numeric,
  payment_discipline numeric,
  payment_discipline_strict numeric,
  planogram_coverage numeric,
  mml_distribution numeric
);

COMMENT ON TYPE kpi_matrix_result IS
'the 24 indicators of an active customer base, three of them also in a strict reading';

CREATE FUNCTION kpi_matrix(
  okb numeric DEFAULT NULL,
  pakb numeric DEFAULT NULL,
  akb numeric DEFAULT NULL,
  akb_planned numeric DEFAULT NULL,
  akb_stable numeric DEFAULT NULL,
  systemic numeric DEFAULT NULL,
  akb_category numeric DEFAULT NULL,
  planned_visits numeric DEFAULT NULL,
  orders numeric DEFAULT NULL,
  orders_planned numeric DEFAULT NULL,
  productive_orders numeric DEFAULT NULL,
  cost numeric DEFAULT NULL,
  margin numeric DEFAULT NULL,
  overdue_share numeric DEFAULT NULL,
  payment_discipline numeric DEFAULT NULL,
  payment_discipline_strict numeric DEFAULT NULL,
  planogram_coverage numeric DEFAULT NULL,
  mml_distribution numeric DEFAULT NULL)
RETURNS kpi_matrix_result
AS 'MODULE_PATHNAME', 'kam_kpi_matrix'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION kpi_matrix(numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric) IS
'the 24 indicators from the totals of any group of outlets; NULL where an input is missing';

