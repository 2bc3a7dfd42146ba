-- Views of a model on the model itself: where each measure of kpi_catalog() is computed, and what every column means.
--
-- The columns of the reports that carry a measure are found by their names: the name of a function of kam, or that of a
-- column of its result where the report calls the function; the latter goes before the former where they have not the same
-- unit, as a margin in money and one as a share. So kam_model_kpi_place has only columns with another name, and, without a
-- column, reports where one has the name of a measure and is something else.

CREATE TABLE kam_model_kpi_place (
  kpi text NOT NULL,
  report text NOT NULL,
  report_column text,
  UNIQUE NULLS NOT DISTINCT (kpi, report, report_column)
);

COMMENT ON TABLE kam_model_kpi_place IS
'columns of reports that carry a measure of kpi_catalog() under another name; of a measure in a report that has a row here, no column is found by its name';

INSERT INTO kam_model_kpi_place (kpi, report, report_column) VALUES
  ('abc_class', 'customer_class', 'abc'),
  ('abc_class', 'customer_position', 'abc'),
  ('abc_class', 'kam_selection', 'abc'),
  ('abc_cum_share', 'customer_class', 'cumulative_share'),
  ('abc_cum_share', 'customer_position', 'cumulative_share'),
  ('abc_share', 'customer_class', 'share'),
  ('abc_share', 'customer_position', 'overall_share'),
  ('abc_share', 'customer_position', 'share'),
  ('account_types', 'kam_selection', 'types'),
  ('achieved', 'programme_result', 'attainment'),
  ('akb_active', 'client_base', 'akb'),
  ('credit_result.state', 'receivables', 'credit_state'),
  ('first_sale', 'bonus_ledger', 'won_on'),
  ('first_sale', 'client_base', 'first_order'),
  ('first_sale', 'lost_clients', 'first_order'),
  ('forecast_accuracy', 'forecast_quality', 'accuracy'),
  ('forecast_bias', 'forecast_quality', 'bias'),
  ('framework_price', 'framework_statement', 'net'),
  ('frequency_class', 'customer_class', 'frequency'),
  ('gross_margin', 'customer_profit', 'margin_share'),
  ('growth_verdict', 'kam_review', 'verdict'),
  ('history_state', 'target_proposal', 'history'),
  ('kam_capacity', 'kam_portfolio', 'capacity'),
  ('kam_group_result.kam_group', 'key_account_scorecard', 'kam_group'),
  ('kam_load', 'kam_portfolio', 'load'),
  ('kam_load', 'route_load', 'load'),
  ('key_share_state', 'key_share', 'state'),
  ('kpi_attainment', 'person_scorecard', 'attainment'),
  ('last_sale', 'churn_watch', 'last_order'),
  ('last_sale', 'client_base', 'last_order'),
  ('last_sale', 'lost_clients', 'last_order'),
  ('last_share', 'sales_discipline', 'last_week_share'),
  ('lifecycle_stage', 'churn_watch', 'stage'),
  ('lifecycle_stage', 'client_base', 'state'),
  ('mix_deviation', 'sales_discipline', 'mix_brand'),
  ('mix_deviation', 'sales_discipline', 'mix_category'),
  ('mix_deviation', 'sales_discipline', 'mix_channel'),
  ('mix_deviation', 'sales_discipline', 'mix_pack'),
  ('mix_share', 'target_proposal', 'mix'),
  ('open_gap', 'lost_clients', 'days'),
  ('order_days', 'client_base', 'orders'),
  ('order_days', 'kpi_matrix', 'orders'),
  ('peer_action', 'customer_position', 'action'),
  ('peer_action', 'target_proposal', 'action'),
  ('plan_result.attainment', 'key_account_scorecard', NULL),
  ('plan_result.attainment', 'person_scorecard', NULL),
  ('plan_result.attainment', 'programme_result', NULL),
  ('plan_result.gap', 'programme_result', NULL),
  ('plan_result.status', 'plan_progress', 'status'),
  ('plan_result.status', 'programme_result', 'status'),
  ('price_depth', 'promo_quality', 'depth'),
  ('profit_and_loss_result.gross_margin_share', 'customer_profit', 'margin_share'),
  ('profit_and_loss_result.net_revenue', 'customer_profit', 'net_sales'),
  ('programme_reward', 'programme_result', 'earned'),
  ('promo_lead_result.class', 'promo_quality', 'lead_class'),
  ('promo_lead_result.days', 'promo_quality', 'lead_days'),
  ('promo_uplift', 'promo_quality', 'uplift'),
  ('retention_result.status', 'bonus_ledger', 'status'),
  ('rfm_result.frequency', 'customer_class', 'frequency_score'),
  ('rfm_result.monetary', 'customer_class', 'monetary_score'),
  ('rfm_result.recency', 'customer_class', 'recency_score'),
  ('rfm_result.score', 'customer_class', 'rfm'),
  ('rfm_segment', 'customer_class', 'segment'),
  ('scorecard_line.status', 'key_account_scorecard', 'status'),
  ('scorecard_score', 'key_account_scorecard', 'score'),
  ('season_total.change', 'category_season', 'year_change'),
  ('season_total.change', 'customer_analysis', 'year_change'),
  ('season_total.growth', 'category_season', 'year_growth'),
  ('season_total.growth', 'customer_analysis', 'year_growth'),
  ('season_total.total', 'category_season', 'amount'),
  ('season_total.total', 'customer_analysis', 'amount'),
  ('settlement', 'programme_result', 'due'),
  ('share_of_wallet', 'market_share', 'share'),
  ('spend_change_result.cost_now', 'spend_efficiency', 'cost_per_unit'),
  ('spend_change_result.efficiency_now', 'spend_efficiency', 'efficiency'),
  ('spend_efficiency', 'spend_efficiency', 'efficiency'),
  ('stock_cover', 'customer_stock', 'cover'),
  ('stock_state', 'customer_stock', 'state'),
  ('suggest_target', 'target_proposal', 'proposal'),
  ('three_p_result.score', 'kam_selection', 'p_score'),
  ('tier_accrual', 'programme_result', 'to_book'),
  ('total', 'client_base', 'amount'),
  ('total', 'customer_analysis', 'amount'),
  ('total', 'customer_class', 'amount'),
  ('total', 'customer_position', 'amount'),
  ('total', 'kam_portfolio', 'sales'),
  ('total', 'lost_clients', 'amount'),
  ('total', 'sales_discipline', 'amount'),
  ('trade_roi', 'spend_efficiency', 'roi'),
  ('turnover_bonus', 'programme_result', 'earned'),
  ('visit_reach', 'visit_execution', 'reach'),
  ('visit_success', 'visit_execution', 'success'),
  ('weighted_score', 'kam_selection', 'score'),
  ('weighted_score', 'person_scorecard', 'score'),
  ('xyz_class', 'customer_class', 'xyz'),
  ('xyz_class', 'kam_selection', 'xyz');

GRANT SELECT ON kam_model_kpi_place TO PUBLIC;

CREATE TABLE kam_model_kpi (
  kpi text PRIMARY KEY,
  goal text,
  settings text[],
  remark text
);

COMMENT ON TABLE kam_model_kpi IS
'of a measure of kpi_catalog(), or of a type for all its columns: its name in kpi_goal where that is another, the settings that it depends on, and why no report has it';

INSERT INTO kam_model_kpi (kpi, goal, settings, remark) VALUES
  ('abc_class', NULL, '{abc_cutoffs,abc_boundary,grain,buckets}', NULL),
  ('abc_cum_share', NULL, '{grain,buckets}', NULL),
  ('abc_limits_result', NULL, NULL, 'of a group of customers: call abc_limits over customer_class'),
  ('abc_share', NULL, '{grain,buckets}', NULL),
  ('abcde_class', NULL, NULL, 'needs profit and potential of each customer: call it over sale and the table potential'),
  ('account_types', NULL, '{share,new_months}', 'of profit and what is known of a customer: call it over sale and customer'),
  ('active_buckets', NULL, NULL, 'of one series: call it over customer_series'),
  ('ageing_bucket', NULL, NULL, 'receivables has a column for each age'),
  ('akb_active', NULL, '{activity,min_amount,min_products}', NULL),
  ('akb_by_bucket', NULL, NULL, 'base_movement has it, as closing of each bucket'),
  ('akb_stable', NULL, '{activity,min_amount,min_products}', NULL),
  ('akb_systemic', NULL, '{systemic_share}', 'of one outlet; kpi_matrix counts them, as systemic'),
  ('assortment_breadth', NULL, NULL, 'a measure of lines of plan_progress: products, categories'),
  ('back_margin', NULL, NULL, 'needs what a retailer earns, which no source has'),
  ('base_movement_row', NULL, '{activity,grain,buckets}', NULL),
  ('bonus_earned', NULL, NULL, 'a step of programme_explanation: share'),
  ('bonus_for_share', NULL, NULL, 'needs the pay of people, which no source has'),
  ('bonus_share', NULL, NULL, 'needs the pay of people, which no source has'),
  ('categories_worked', NULL, '{min_category_products,activity}', 'of one outlet; kpi_matrix counts those with all of them, as akb_category'),
  ('churn_result.falling', NULL, '{recent,base,churn_tolerance,compare}', NULL),
  ('churn_result.level', NULL, '{k,recent,base,churn_tolerance,compare}', NULL),
  ('churn_result.order_value_base', NULL, '{recent,base,compare}', NULL),
  ('churn_result.order_value_recent', NULL, '{recent}', NULL),
  ('churn_result.shrinking', NULL, '{recent,base,churn_tolerance,compare}', NULL),
  ('churn_result.signs', NULL, '{k,recent,base,churn_tolerance,compare}', NULL),
  ('churn_result.volume_base', NULL, '{recent,base,compare}', NULL),
  ('churn_result.volume_recent', NULL, '{recent}', NULL),
  ('churn_result.widening', NULL, '{k,recent,base}', NULL),
  ('class_move', NULL, NULL, 'of two days: call it over class_history'),
  ('client_state_result', NULL, NULL, 'of contract and purchases: call client_state over customer and client_base, which has the stage'),
  ('concentration', NULL, NULL, 'of a group of customers: call it over customer_class'),
  ('cost_to_serve', NULL, NULL, 'of sales and costs of a customer: call it over sale and customer_cost'),
  ('credit_result.over_limit', NULL, NULL, 'receivables has it in credit_state'),
  ('credit_result.state', NULL, '{near_from}', NULL),
  ('cv', NULL, '{deviation,grain,buckets}', NULL),
  ('drop_size', NULL, NULL, 'of calls: call it over visit and sale'),
  ('due_date', NULL, NULL, 'the source receivable brings it, as due_on'),
  ('elapsed_share', NULL, '{calendar,unit}', NULL),
  ('evenness', NULL, '{calendar}', NULL),
  ('framework_price', NULL, NULL, 'of one price: call it'),
  ('frequency_class', NULL, '{frequency_shares,grain,buckets}', NULL),
  ('front_margin', NULL, NULL, 'needs what a retailer earns, which no source has'),
  ('gap_trend', NULL, NULL, 'of one series: call it over customer_series'),
  ('gini', NULL, NULL, 'of a group of customers: call it over customer_class'),
  ('gross_margin', NULL, NULL, 'of sales and costs of a customer: call it over sale and customer_cost'),
  ('growth_rate', NULL, NULL, 'customer_analysis and market_share have growths, under their names'),
  ('growth_verdict', NULL, NULL, 'needs shares of wallet of two periods: call it over market_share'),
  ('hhi', NULL, NULL, 'of a group of customers: call it over customer_class'),
  ('history_months', NULL, NULL, 'before a plan is made: call it over first_order of client_base'),
  ('history_state', NULL, NULL, 'before a plan is made: call it over first_order of client_base'),
  ('in_kind_result', NULL, NULL, 'of one bonus: call in_kind over programme_result'),
  ('instalment', NULL, NULL, 'of one instalment: call instalments; programme_result has what is due by now'),
  ('key_share_state', NULL, '{typical_from,typical_to}', 'of the company: call it over the share of the key accounts in sales'),
  ('kpi_attainment', NULL, NULL, 'of any measure: value over goal, in each report with a goal'),
  ('kpi_matrix_result.akb', NULL, '{activity,min_amount,min_products}', NULL),
  ('kpi_matrix_result.akb_category', NULL, '{min_category_products,activity,min_amount,min_products}', NULL),
  ('kpi_matrix_result.akb_stable', NULL, '{activity,min_amount,min_products}', NULL),
  ('kpi_matrix_result.category_coverage', NULL, '{min_category_products,activity,min_amount,min_products}', NULL),
  ('kpi_matrix_result.okb_coverage', NULL, '{activity,min_amount,min_products}', NULL),
  ('kpi_matrix_result.pakb_coverage', NULL, '{activity,min_amount,min_products}', NULL),
  ('kpi_matrix_result.pakb_coverage_strict', NULL, '{activity,min_amount,min_products}', NULL),
  ('kpi_matrix_result.productive_effectiveness', NULL, '{activity,min_amount,min_products}', NULL),
  ('kpi_matrix_result.productive_orders', NULL, '{activity,min_amount,min_products}', NULL),
  ('kpi_matrix_result.stability', NULL, '{activity,min_amount,min_products}', NULL),
  ('kpi_matrix_result.systemic', NULL, '{systemic_share,activity,min_amount,min_products}', NULL),
  ('kpi_matrix_result.systemic_share', NULL, '{systemic_share,activity,min_amount,min_products}', NULL),
  ('kpi_status', NULL, '{goal_tolerance}', 'of any measure: the column status of each report with a goal'),
  ('kpi_trend', NULL, NULL, 'of any measure: the column trend of each report with a goal'),
  ('lifecycle_stage', NULL, '{at_risk_after,lost_after,new_for}', NULL),
  ('lines_per_call', NULL, NULL, 'of calls: call it over visit and sale'),
  ('mape', NULL, NULL, 'forecast_quality has wape: call it over forecast and sale'),
  ('margin_change', NULL, NULL, 'of sales and costs of a customer: call it over sale and customer_cost'),
  ('mase', NULL, NULL, 'forecast_quality has wape: call it over forecast and sale'),
  ('mean', NULL, NULL, 'of one series: call it over customer_series'),
  ('mix_share', NULL, NULL, 'of a group of customers: call it over customer_class'),
  ('numeric_distribution', NULL, NULL, 'of one product: call it over audit; kpi_matrix has mml_distribution'),
  ('order_gap', NULL, NULL, 'of one series: call it over customer_series'),
  ('order_value', NULL, NULL, 'of one series: call it over customer_series'),
  ('pareto_share', NULL, NULL, 'of a group of customers: call it over customer_class'),
  ('peer_action', NULL, '{grain,buckets}', NULL),
  ('peer_index', NULL, '{grain,buckets}', NULL),
  ('plan_result.attainment', NULL, '{calendar,unit}', NULL),
  ('plan_result.current_rate', NULL, '{calendar,unit}', NULL),
  ('plan_result.elapsed_share', NULL, '{calendar,unit}', NULL),
  ('plan_result.gap', NULL, '{calendar,unit}', NULL),
  ('plan_result.projected_growth', NULL, '{calendar,unit}', NULL),
  ('plan_result.prorata_gap', NULL, '{calendar,unit}', NULL),
  ('plan_result.prorata_target', NULL, '{calendar,unit}', NULL),
  ('plan_result.required_rate', NULL, '{calendar,unit}', NULL),
  ('plan_result.run_rate', NULL, '{calendar,unit}', NULL),
  ('plan_result.status', NULL, '{calendar,unit,tolerance}', NULL),
  ('plan_submitted_in_time', NULL, '{plan_months}', 'of one plan: call it over plan'),
  ('plan_sums.prior_to_date', NULL, NULL, 'plan_progress has actual less it, as growth_like_for_like'),
  ('productive_orders', NULL, '{activity,min_amount,min_products}', NULL),
  ('profit_and_loss_result', NULL, NULL, 'of sales and costs of a customer: call profit_and_loss over sale, trade_spend and customer_cost'),
  ('promo_lead_result.class', NULL, '{reactive_to,planned_from}', NULL),
  ('pvm_result', NULL, NULL, 'of products in two periods: call pvm over sale'),
  ('rebate_part', NULL, NULL, 'of rebates on rebates: call stack_rebates'),
  ('required_rate', NULL, '{calendar,unit}', NULL),
  ('retention_portfolio_result', NULL, NULL, 'of all contracts together: call retention_portfolio over outlet_series'),
  ('retention_result', NULL, NULL, 'of one contract: call retention_bonus over outlet_series; bonus_ledger has what is posted'),
  ('rfm_result', NULL, '{bins,grain,buckets}', NULL),
  ('rfm_segment', NULL, '{bins,grain,buckets}', NULL),
  ('run_rate', NULL, '{calendar,unit}', NULL),
  ('sale_days', NULL, NULL, 'of one series: call it over customer_series'),
  ('scorecard_line.status', NULL, '{goal_tolerance}', NULL),
  ('season_index', NULL, NULL, 'of one series: call seasonal_index over customer_series'),
  ('seasonality', NULL, NULL, 'of one series: call it over customer_series'),
  ('sells_much_earns_little', NULL, NULL, 'of customers among their peers: call it over sale'),
  ('share_of_potential', NULL, NULL, 'needs what each customer could buy: call it over customer_class and the table potential'),
  ('share_of_wallet', 'market_share', NULL, NULL),
  ('size_class', NULL, '{size_thresholds,grain,buckets}', NULL),
  ('spend_change_result', NULL, NULL, 'of what was spent on a customer in two periods: call spend_change over trade_spend and sale'),
  ('spend_efficiency', NULL, NULL, 'of what was spent on a customer: call it over trade_spend and sale'),
  ('stock_state', NULL, '{stuffed_from}', 'of one count; sales_discipline counts customers, as stuffed'),
  ('suggest_target', NULL, '{growth,gap_share}', 'a proposal, before there is a target: call it over customer_position'),
  ('three_p_result', NULL, NULL, 'of need, solvency and authority: call three_p over customer'),
  ('tier_accrual', NULL, '{calendar,unit}', NULL),
  ('tier_result', NULL, NULL, 'before gates, parameters and the cap: a step of programme_explanation; programme_result has what is earned'),
  ('tier_result.next_reward', NULL, NULL, 'programme_result has what it is more, as unlocks'),
  ('tier_result.threshold', NULL, NULL, 'programme_result has the next one; call tier_attainment'),
  ('tier_reward', NULL, NULL, 'before gates, parameters and the cap: a step of programme_explanation; programme_result has what is earned'),
  ('trade_roi', NULL, NULL, 'of what was spent on a customer: call it over trade_spend and sale'),
  ('trend', NULL, NULL, 'of one series: call it over customer_series'),
  ('visit_pair', NULL, NULL, 'of one visit: call visit_match; visit_execution counts them'),
  ('visit_pair.delay', NULL, '{visit_tolerance}', NULL),
  ('visit_reach', NULL, '{visit_tolerance}', NULL),
  ('wallet_allocation', NULL, NULL, 'of answers of customers, which no source has'),
  ('weighted_distribution', NULL, NULL, 'of one product: call it over audit and outlet'),
  ('weighted_score', NULL, NULL, 'of scores and weights: call it over customer_criterion and criterion'),
  ('workdays', NULL, '{calendar}', 'of any days: call it with calendar of setting'),
  ('xyz_class', NULL, '{xyz_cutoffs,deviation,since_first,grain,buckets}', NULL);

GRANT SELECT ON kam_model_kpi TO PUBLIC;

INSERT INTO kam_model_object (place, kind, name, comment, columns, body) VALUES
(9000, 'view', 'kpi_catalog', 'the measures of kpi_catalog(), with the reports that have them, their goals, and the settings that they depend on', $columns$
name: the measure, as in kpi_catalog()
title: its title
formula: how it is computed
unit: money, share, ratio, count, days, months, date, score, class or boolean
direction: up: more is better; down: less is better; none
module: the part of the work that it belongs to
indicator: which of the five indicators of a key account it feeds; NULL: none
page: the page of the manual
report: a report that has it, a row each; NULL: none
report_column: its column there
state: what the report is fed with, as in kam_check_model: complete, in part or empty
goal: the goal of kpi_goal for all, under the name of the measure or that of the column
tolerance: its tolerance, that of the goal or else goal_tolerance
narrower_goals: how many goals of customers, people, teams, channels and territories there are
settings: the settings that it depends on, beside as_of and period, with their values
remark: why no report has it
$columns$, $body$
WITH RECURSIVE model AS MATERIALIZED (
  SELECT c.relnamespace AS schema, s.goal_tolerance, to_jsonb(s) AS settings,
         ARRAY(SELECT concat_ws('.', b.source, c.name) FROM binding AS b CROSS JOIN unnest(NULL::text || b.columns) AS c (name)) AS bound
  FROM setting AS s JOIN pg_class AS c ON c.oid = s.tableoid WHERE s.single),
own AS MATERIALIZED (
  SELECT o.kind, o.name, o.needs, c.oid
  FROM kam_model_object AS o CROSS JOIN model AS m JOIN pg_class AS c ON c.relnamespace = m.schema AND c.relname = o.name
  WHERE o.kind IN ('view', 'report')),
report AS MATERIALIZED (
  SELECT o.name, o.oid, kam_model_state(o.needs, m.bound) AS state FROM own AS o CROSS JOIN model AS m WHERE o.kind = 'report' AND o.name <> 'in_force'),
used AS MATERIALIZED (
  SELECT DISTINCT o.oid, d.refclassid AS class, d.refobjid AS used
  FROM own AS o JOIN pg_rewrite AS w ON w.ev_class = o.oid
  JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
  WHERE d.refclassid = 'pg_proc'::regclass OR d.refclassid = 'pg_class'::regclass AND d.refobjid IN (SELECT oid FROM own)),
part (name, oid) AS (
  SELECT r.name, r.oid FROM report AS r
  UNION
  SELECT p.name, u.used FROM part AS p JOIN used AS u ON u.oid = p.oid AND u.class = 'pg_class'::regclass),
call AS MATERIALIZED (
  SELECT DISTINCT p.name, coalesce(e.typname, t.typname) AS type
  FROM part AS p JOIN used AS u ON u.oid = p.oid AND u.class = 'pg_proc'::regclass
  JOIN pg_proc AS f ON f.oid = u.used AND f.pronamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'kam_model_kpi'::regclass)
  JOIN pg_type AS t ON t.oid = f.prorettype LEFT JOIN pg_type AS e ON e.typarray = t.oid),
carried AS MATERIALIZED (
  SELECT r.name, c.attname::text COLLATE "default" AS report_column, t.typcategory AS category
  FROM report AS r JOIN pg_attribute AS c ON c.attrelid = r.oid AND c.attnum > 0 JOIN pg_type AS t ON t.oid = c.atttypid),
measure AS MATERIALIZED (
  SELECT k.name, k.title, k.formula, k.unit, k.direction, k.module, k.indicator, k.page,
         split_part(k.name, '.', 1) AS type, nullif(split_part(k.name, '.', 2), '') AS part,
         CASE k.unit WHEN 'boolean' THEN 'B' WHEN 'class' THEN 'S' WHEN 'date' THEN 'D' ELSE 'N' END AS category
  FROM kpi_catalog() AS k),
place AS (
  SELECT p.kpi, p.report, p.report_column
  FROM kam_model_kpi_place AS p JOIN carried AS c ON c.name = p.report AND c.report_column = p.report_column
  UNION ALL
  SELECT k.name, c.name, c.report_column
  FROM measure AS k JOIN carried AS c ON c.report_column = coalesce(k.part, k.name) AND c.category IN (k.category, 'A')
  WHERE c.report_column NOT IN ('goal', 'mean', 'month', 'status', 'total', 'trend', 'value')
    AND CASE WHEN k.part IS NULL
          THEN NOT EXISTS (SELECT FROM measure AS o JOIN call AS f ON f.type = o.type WHERE o.part = k.name AND o.unit <> k.unit AND f.name = c.name)
          ELSE EXISTS (SELECT FROM call AS f WHERE f.name = c.name AND f.type = k.type) END
    AND NOT EXISTS (SELECT FROM kam_model_kpi_place AS p WHERE p.kpi = k.name AND p.report = c.name))
SELECT k.name, k.title, k.formula, k.unit, k.direction, k.module, k.indicator, k.page, p.report, p.report_column, r.state,
       g.goal, g.tolerance, g.narrower_goals, x.settings, CASE WHEN p.report IS NULL THEN coalesce(one.remark, typed.remark) END AS remark
FROM measure AS k CROSS JOIN model AS m
LEFT JOIN kam_model_kpi AS one ON one.kpi = k.name
LEFT JOIN kam_model_kpi AS typed ON typed.kpi = k.type AND k.part IS NOT NULL
LEFT JOIN place AS p ON p.kpi = k.name
LEFT JOIN report AS r ON r.name = p.report
CROSS JOIN LATERAL (
  SELECT (array_agg(g.goal ORDER BY n.no) FILTER (WHERE g.scope = 'all'))[1] AS goal,
         (array_agg(coalesce(g.tolerance, m.goal_tolerance) ORDER BY n.no) FILTER (WHERE g.scope = 'all'))[1] AS tolerance,
         count(DISTINCT (g.scope, g.key)) FILTER (WHERE g.scope <> 'all') AS narrower_goals
  FROM (SELECT name, min(no) AS no FROM unnest(ARRAY[k.name, one.goal, p.report_column, k.part]) WITH ORDINALITY AS n (name, no) GROUP BY name) AS n
  JOIN kpi_goal AS g ON g.kpi = n.name) AS g
CROSS JOIN LATERAL (
  SELECT string_agg(concat(n.name, '=', CASE jsonb_typeof(m.settings -> n.name) WHEN 'array' THEN replace(translate(m.settings ->> n.name, '[]', '{}'), ', ', ',')
                      ELSE coalesce(m.settings ->> n.name, 'NULL') END), ', ' ORDER BY n.no) AS settings
  FROM unnest(coalesce(one.settings, typed.settings)) WITH ORDINALITY AS n (name, no)) AS x
$body$),

(9010, 'view', 'dictionary', 'every column of the sources, tables and reports, and of what the company keeps in the same schema', $columns$
relation: the table or view
kind: source, table, view or report; own: not a part of the model
relation_comment: what a row of it is
no: place of the column
column_name: the column
type: its type
comment: what it means
$columns$, $body$
SELECT c.relname::text COLLATE "default" AS relation, coalesce(o.kind, CASE WHEN s.source IS NOT NULL THEN 'source' WHEN c.relname = 'model' THEN 'table' ELSE 'own' END) AS kind,
       obj_description(c.oid, 'pg_class') AS relation_comment, a.attnum::integer AS no, a.attname::text COLLATE "default" AS column_name,
       format_type(a.atttypid, a.atttypmod) AS type, col_description(c.oid, a.attnum) AS comment
FROM setting AS t JOIN pg_class AS m ON m.oid = t.tableoid
JOIN pg_class AS c ON c.relnamespace = m.relnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN kam_model_source AS s ON s.source = c.relname
LEFT JOIN kam_model_object AS o ON o.name = c.relname AND o.kind <> 'alter'
WHERE t.single
$body$);
