-- The KPI matrix of the last closed quarter as lines with names, for the reports (reports.sql) and the page
-- (report_html.sql): a temporary view over the model. direction says whether more or less is better, and is NULL
-- for what depends on the size.
--
-- A report of a period of one's own is the function beside its view. What is overdue is known as of today only, so
-- that indicator is of the running month.

CREATE OR REPLACE TEMP VIEW kpi_line AS
WITH quarter AS (
  SELECT m.*
  FROM crm.in_force
  CROSS JOIN LATERAL crm.kpi_matrix(NULL, closed_period(as_of, 1, 'quarter')) AS m
  WHERE m.grain = 'period' AND m.dimension IN ('all', 'territory')
), today AS (
  SELECT m.key, m.overdue_share
  FROM crm.in_force
  CROSS JOIN LATERAL crm.kpi_matrix(NULL, daterange(date_trunc('month', as_of)::date, as_of + 1)) AS m
  WHERE m.grain = 'period' AND m.dimension IN ('all', 'territory')
)
SELECT nullif(q.key, '') AS territory, no, place, indicator, value, to_char(value, format) AS shown, direction
FROM quarter AS q
LEFT JOIN today AS t ON t.key = q.key
CROSS JOIN LATERAL (VALUES
  (1, 1, 'OKB: outlets of the census', okb::numeric, 'FM99,990', NULL),
  (2, 2, 'PAKB: planned for visits', pakb, 'FM99,990', NULL),
  (3, 3, 'AKB: active', akb, 'FM99,990', NULL),
  (3, 4, 'AKB of the average month', akb_monthly, 'FM99,990.0', NULL),
  (4, 5, 'Coverage of PAKB', 100 * pakb_coverage, 'FM990.0 %', 'up'),
  (4, 6, 'Coverage of PAKB, planned outlets only', 100 * pakb_coverage_strict, 'FM990.0 %', 'up'),
  (5, 7, 'Coverage of OKB', 100 * okb_coverage, 'FM990.0 %', 'up'),
  (6, 8, 'Stable AKB: active every month', akb_stable, 'FM99,990', NULL),
  (7, 9, 'Stability', 100 * stability, 'FM990.0 %', 'up'),
  (8, 10, 'Systemic outlets', systemic, 'FM99,990', NULL),
  (9, 11, 'Share of systemic outlets', 100 * systemic_share, 'FM990.0 %', 'up'),
  (10, 12, 'AKB of the whole range', akb_category, 'FM99,990', NULL),
  (11, 13, 'Coverage of the whole range', 100 * category_coverage, 'FM990.0 %', 'up'),
  (12, 14, 'Planned visits', planned_visits, 'FM99,990', NULL),
  (13, 15, 'Orders', orders, 'FM99,990', NULL),
  (14, 16, 'Productive orders', productive_orders, 'FM99,990', NULL),
  (15, 17, 'Visit effectiveness', 100 * visit_effectiveness, 'FM990.0 %', 'up'),
  (15, 18, 'Visit effectiveness, planned outlets only', 100 * visit_effectiveness_strict, 'FM990.0 %', 'up'),
  (16, 19, 'Visit effectiveness, productive orders', 100 * productive_effectiveness, 'FM990.0 %', 'up'),
  (17, 20, 'Cost of a planned visit', visit_cost, 'FM99,990.00', 'down'),
  (18, 21, 'Cost of an order', order_cost, 'FM99,990.00', 'down'),
  (19, 22, 'Margin of an order', order_margin, 'FM99,990.00', 'up'),
  (20, 23, 'Useful income of an order', 100 * useful_income_share, 'FM990.0 %', 'up'),
  (21, 24, 'Overdue receivables, today', 100 * t.overdue_share, 'FM990.0 %', 'down'),
  (22, 25, 'Payments of the plan', 100 * payment_discipline, 'FM990.0 %', 'up'),
  (22, 26, 'Payments on the planned day', 100 * payment_discipline_strict, 'FM990.0 %', 'up'),
  (23, 27, 'Outlets with the full planogram', 100 * planogram_coverage, 'FM990.0 %', 'up'),
  (24, 28, 'Presence of must-stock positions', 100 * mml_distribution, 'FM990.0 %', 'up')
) AS i (no, place, indicator, value, format, direction);
