-- The catalogue: what there is to measure, a line each. Lines may stand in any order.

CREATE TYPE kpi_catalog_entry AS (
  name text,
  title text,
  formula text,
  unit text,
  direction text,
  module text,
  indicator text,
  source text,
  page text
);

COMMENT ON TYPE kpi_catalog_entry IS
'a measure of kam: what it is called in a report, how it is computed, and where it is explained';

CREATE FUNCTION kpi_catalog()
RETURNS SETOF kpi_catalog_entry
LANGUAGE sql IMMUTABLE PARALLEL SAFE
ROWS 250
BEGIN ATOMIC
  SELECT name, title, formula, unit, direction, module, indicator, source, page
  FROM (VALUES
    -- time
    ('elapsed_share', 'Period elapsed', 'elapsed / total, in days, months, working days or units of a season', 'share', 'none', 'time', NULL, 'pace of sales trackers', 'pace'),
    ('plan_result.elapsed_share', 'Period elapsed', 'elapsed / total', 'share', 'none', 'time', NULL, 'target plan of a customer', 'plan_progress'),
    ('workdays', 'Working days', 'days of the period that the calendar has as worked', 'days', 'none', 'time', NULL, 'production calendars', 'work_calendar'),

    -- sales
    ('assortment_breadth', 'Products bought', 'products with a net quantity > 0', 'count', 'up', 'sales', 'sales', 'category management', 'assortment'),
    ('evenness', 'Evenness of sales', '1 - sum(abs(s - w)) / (2 * (1 - least w)); s the share of a part, w the share that is due to it', 'ratio', 'up', 'sales', 'sales', 'sales discipline', 'evenness'),
    ('growth_rate', 'Growth rate', '(now_value - before_value) / before_value', 'ratio', 'up', 'sales', 'sales', 'target plan of a customer', 'target'),
    ('growth_verdict', 'Growing or splitting', 'growth > 0: growing; wallet_share_now < wallet_share_before: splitting; or both, shrinking, steady', 'class', 'none', 'sales', 'share', 'review of key customers', 'share'),
    ('last_share', 'Share of the last part', 'total of the last n buckets / total', 'share', 'down', 'sales', 'sales', 'sales discipline', 'evenness'),
    ('mean', 'Mean sales', 'total(s) / number of buckets', 'money', 'up', 'sales', 'sales', 'sales statistics', 'series'),
    ('mix_share', 'Share in the mix', 'value / sum of the values > 0', 'share', 'none', 'sales', 'sales', 'category management', 'peer'),
    ('order_value', 'Average order value', 'net total / days bought on', 'money', 'up', 'sales', 'sales', 'customer-base analysis', 'gap'),
    ('pvm_result.change', 'Change of sales', 'now - before', 'money', 'up', 'sales', 'sales', 'price-volume-mix analysis', 'pvm'),
    ('pvm_result.lost_products', 'Effect of lost products', '- sum(amount_before) of the products not sold now', 'money', 'up', 'sales', 'sales', 'price-volume-mix analysis', 'pvm'),
    ('pvm_result.mix', 'Mix effect', 'change - price - volume - new_products - lost_products', 'money', 'up', 'sales', 'sales', 'price-volume-mix analysis', 'pvm'),
    ('pvm_result.new_products', 'Effect of new products', 'sum(amount_now) of the products not sold before', 'money', 'up', 'sales', 'sales', 'price-volume-mix analysis', 'pvm'),
    ('pvm_result.price', 'Price effect', 'sum(amount_now - quantity_now * amount_before / quantity_before)', 'money', 'up', 'sales', 'sales', 'price-volume-mix analysis', 'pvm'),
    ('pvm_result.volume', 'Volume effect', '(sum(quantity_now) - sum(quantity_before)) * sum(amount_before) / sum(quantity_before)', 'money', 'up', 'sales', 'sales', 'price-volume-mix analysis', 'pvm'),
    ('sale_days', 'Days bought on', 'days with a positive row', 'days', 'up', 'sales', 'sales', 'customer-base analysis', 'series'),
    ('season_index.index', 'Seasonal index', '(season total * months of all) / (total of all * months of the season)', 'ratio', 'none', 'sales', 'sales', 'ratio to the overall mean', 'season'),
    ('season_total.change', 'Change to the season a year before', 'total - total_before', 'money', 'up', 'sales', 'sales', 'analysis by seasons of the year', 'season'),
    ('season_total.growth', 'Growth of the season', '(total - total_before) / total_before', 'ratio', 'up', 'sales', 'sales', 'analysis by seasons of the year', 'season'),
    ('season_total.total', 'Sales of the season', 'sum of the sales in the days of the season', 'money', 'up', 'sales', 'sales', 'analysis by seasons of the year', 'season'),
    ('seasonality', 'Seasonal indices of the buckets', 'mean of the bucket over the years / mean of all buckets', 'ratio', 'none', 'sales', 'sales', 'ratio to the overall mean', 'series'),
    ('series_change.change', 'Change to the bucket before', 'total - previous', 'money', 'up', 'sales', 'sales', 'period over period', 'change'),
    ('series_change.direction', 'Direction of the change', 'grew, shrank or unchanged: the sign of change', 'class', 'none', 'sales', 'sales', 'period over period', 'change'),
    ('series_change.growth', 'Growth to the bucket before', '(total - previous) / previous', 'ratio', 'up', 'sales', 'sales', 'period over period', 'change'),
    ('series_change.year_change', 'Change to the year before', 'total - year_before', 'money', 'up', 'sales', 'sales', 'year over year', 'change'),
    ('series_change.year_growth', 'Growth to the year before', '(total - year_before) / year_before', 'ratio', 'up', 'sales', 'sales', 'year over year', 'change'),
    ('share_change_result.gap', 'Growth gap to the market', 'own_growth - market_growth', 'ratio', 'up', 'sales', 'share', 'evaluation of key account managers', 'share'),
    ('share_change_result.market_growth', 'Growth of the market', '(market_now - market_before) / market_before', 'ratio', 'none', 'sales', 'share', 'evaluation of key account managers', 'share'),
    ('share_change_result.own_growth', 'Own growth', '(own_now - own_before) / own_before', 'ratio', 'up', 'sales', 'sales', 'evaluation of key account managers', 'share'),
    ('share_change_result.relative', 'Change of the share', '(1 + own_growth) / (1 + market_growth) - 1', 'ratio', 'up', 'sales', 'share', 'evaluation of key account managers', 'share'),
    ('share_change_result.verdict', 'Share won or lost', 'won, held or lost: the sign of gap', 'class', 'none', 'sales', 'share', 'evaluation of key account managers', 'share'),
    ('share_of_wallet', 'Share of wallet', 'own / wallet', 'share', 'up', 'sales', 'share', 'review of key customers', 'share'),
    ('total', 'Sales', 'sum(amount), net of returns', 'money', 'up', 'sales', 'sales', 'sales statistics', 'series'),
    ('trend', 'Trend of sales', 'slope of the least-squares line through totals(s), a bucket', 'money', 'up', 'sales', 'sales', 'sales statistics', 'series'),
    ('wallet_allocation', 'Share of wallet by rank', '(1 - rank / (brands + 1)) * 2 / brands', 'share', 'up', 'sales', 'share', 'Wallet Allocation Rule', 'share'),

    -- planning
    ('achieved', 'Achieved', 'actual / target', 'ratio', 'up', 'planning', 'sales', 'target plan of a customer', 'plan_progress'),
    ('history_months', 'Months of history', 'full months from first_sale up to and with as_of', 'months', 'none', 'planning', NULL, 'target plan of a customer', 'target'),
    ('history_state', 'History to plan by', 'insufficient below minimum (12) months, ok, full from recommended (36) on', 'class', 'none', 'planning', NULL, 'target plan of a customer', 'target'),
    ('peer_action', 'Growth engine or preserve', 'growth_engine when value < mean of the peers, else preserve', 'class', 'none', 'planning', 'sales', 'target plan of a customer', 'peer'),
    ('plan_result.achieved', 'Achieved', 'actual / target', 'ratio', 'up', 'planning', 'sales', 'target plan of a customer', 'plan_progress'),
    ('plan_result.actual', 'Actual', 'sum(amount) from the launch up to as_of', 'money', 'up', 'planning', 'sales', 'target plan of a customer', 'plan_progress'),
    ('plan_result.attainment', 'Projected attainment', 'run_rate / target', 'ratio', 'up', 'planning', 'sales', 'target plan of a customer', 'plan_progress'),
    ('plan_result.balance', 'Balance', 'target - actual', 'money', 'down', 'planning', 'sales', 'target plan of a customer', 'plan_progress'),
    ('plan_result.current_rate', 'Current rate', 'actual / elapsed', 'money', 'up', 'planning', 'sales', 'pace of sales trackers', 'plan_progress'),
    ('plan_result.gap', 'Gap to the target', 'run_rate / target - 1', 'ratio', 'up', 'planning', 'sales', 'target plan of a customer', 'plan_progress'),
    ('plan_result.growth', 'Growth in money', 'actual - prior_year', 'money', 'up', 'planning', 'sales', 'target plan of a customer', 'plan_progress'),
    ('plan_result.growth_like_for_like', 'Growth like for like', 'actual - prior_to_date', 'money', 'up', 'planning', 'sales', 'year over year', 'plan_progress'),
    ('plan_result.prior_year', 'Prior year', 'sum(amount) of the year before', 'money', 'none', 'planning', 'sales', 'target plan of a customer', 'plan_progress'),
    ('plan_result.projected_growth', 'Projected growth', 'run_rate - prior_year', 'money', 'up', 'planning', 'sales', 'target plan of a customer', 'plan_progress'),
    ('plan_result.prorata_gap', 'Ahead of the target due', 'actual - target * elapsed / total', 'money', 'up', 'planning', 'sales', 'pace of sales trackers', 'plan_progress'),
    ('plan_result.prorata_target', 'Target due', 'target * elapsed / total', 'money', 'none', 'planning', 'sales', 'pace of sales trackers', 'plan_progress'),
    ('plan_result.required_rate', 'Required rate', '(target - actual) / (total - elapsed)', 'money', 'down', 'planning', 'sales', 'pace of sales trackers', 'plan_progress'),
    ('plan_result.run_rate', 'Run rate', 'actual * total / elapsed', 'money', 'up', 'planning', 'sales', 'target plan of a customer', 'plan_progress'),
    ('plan_result.status', 'Status of the plan', '-1, 0 or 1: actual below, within tolerance of, or above prorata_target', 'score', 'up', 'planning', 'sales', 'status of scorecards', 'plan_progress'),
    ('plan_result.target', 'Target', 'as agreed', 'money', 'none', 'planning', 'sales', 'target plan of a customer', 'plan_progress'),
    ('plan_submitted_in_time', 'Plan in time', 'submitted_on + months <= first day of plan_month', 'boolean', 'up', 'planning', NULL, 'promotion planning of key accounts', 'promo'),
    ('plan_sums.actual', 'Actual', 'sum(amount) from launched_on up to as_of', 'money', 'up', 'planning', 'sales', 'target plan of a customer', 'plan_facts'),
    ('plan_sums.prior_to_date', 'Prior year to date', 'sum(amount) in the same days of the year before', 'money', 'none', 'planning', 'sales', 'target plan of a customer', 'plan_facts'),
    ('plan_sums.prior_year', 'Prior year', 'sum(amount) of the year before plan_year', 'money', 'none', 'planning', 'sales', 'target plan of a customer', 'plan_facts'),
    ('price_depth', 'Depth of the promotion', '(list_price - price) / list_price', 'share', 'down', 'planning', 'profit', 'trade promotion management', 'promo'),
    ('promo_lead_result.class', 'Class of the lead time', 'days < 0: late, up to reactive_to (14): reactive, from planned_from (45): planned, else transitional', 'class', 'none', 'planning', 'execution', 'promotion planning of key accounts', 'promo'),
    ('promo_lead_result.days', 'Lead time', 'starts_on - submitted_on', 'days', 'up', 'planning', 'execution', 'promotion planning of key accounts', 'promo'),
    ('required_rate', 'Required rate', '(target - actual) / (total - elapsed)', 'money', 'down', 'planning', 'sales', 'pace of sales trackers', 'pace'),
    ('run_rate', 'Run rate', 'actual * total / elapsed', 'money', 'up', 'planning', 'sales', 'pace of sales trackers', 'run_rate'),
    ('share_of_potential', 'Share of potential', 'greatest(actual, 0) / potential', 'share', 'up', 'planning', 'share', 'target plan of a customer', 'target'),
    ('suggest_target', 'Suggested target', 'prior * (1 + growth) + gap_share * greatest(peer_average - prior, 0)', 'money', 'none', 'planning', 'sales', 'target plan of a customer', 'target'),

    -- programme
    ('bonus_earned', 'Part of the bonus earned', 'all: 1 when every attainment >= 1, else 0; weighted: weights of those >= 1 / all weights; min: the least attainment', 'share', 'up', 'programme', NULL, 'turnover-target programme', 'bonus'),
    ('framework_price', 'Framework price', 'gross * (1 - (base_discount + extra_discount)); chained: gross * (1 - base_discount) * (1 - extra_discount)', 'money', 'none', 'programme', 'profit', 'framework-order programme', 'framework'),
    ('in_kind_result.cost', 'Cost of the goods', 'units * unit_cost', 'money', 'down', 'programme', 'profit', 'bonus in goods', 'bonus'),
    ('in_kind_result.remainder', 'Remainder of the bonus', 'bonus - value', 'money', 'none', 'programme', NULL, 'bonus in goods', 'bonus'),
    ('in_kind_result.saving', 'Saved against money', 'bonus - cost', 'money', 'up', 'programme', 'profit', 'bonus in goods', 'bonus'),
    ('in_kind_result.units', 'Units of the bonus', 'floor(bonus / price)', 'count', 'none', 'programme', NULL, 'bonus in goods', 'bonus'),
    ('in_kind_result.value', 'Value of the goods', 'units * price', 'money', 'none', 'programme', NULL, 'bonus in goods', 'bonus'),
    ('instalment.amount', 'Instalment', 'round(total / n, scale); the last takes what is left', 'money', 'none', 'programme', NULL, 'framework-order programme', 'framework'),
    ('programme_reward', 'Reward of the programme', 'reward of the tier * share of the parameters, 0 unless all gates are met, at most cap', 'money', 'none', 'programme', 'profit', 'rebate agreements', 'explain'),
    ('rebate_part.amount', 'Rebate', 'base * rate', 'money', 'none', 'programme', 'profit', 'rebate reduction', 'rebate'),
    ('retention_entry.amount', 'Bonus posted', 'multiplier * first month as an advance, the same negative as a clawback', 'money', 'none', 'programme', 'profit', 'sales-agent programme', 'retention'),
    ('retention_portfolio_result.bonus', 'Bonuses advanced', 'sum(bonus) of the contracts decided', 'money', 'none', 'programme', 'profit', 'sales-agent programme', 'retention'),
    ('retention_portfolio_result.bonus_per_vested', 'Bonus for a retained customer', 'kept / vested', 'money', 'down', 'programme', 'profit', 'sales-agent programme', 'retention'),
    ('retention_portfolio_result.clawed_back', 'Contracts clawed back', 'contracts with a month below the first', 'count', 'down', 'programme', 'sales', 'sales-agent programme', 'retention'),
    ('retention_portfolio_result.contracts', 'Contracts', 'pending + vested + clawed_back', 'count', 'up', 'programme', 'sales', 'sales-agent programme', 'retention'),
    ('retention_portfolio_result.kept', 'Bonuses kept', 'sum(kept) of the contracts decided', 'money', 'none', 'programme', 'profit', 'sales-agent programme', 'retention'),
    ('retention_portfolio_result.pending', 'Contracts pending', 'contracts not decided yet', 'count', 'none', 'programme', 'sales', 'sales-agent programme', 'retention'),
    ('retention_portfolio_result.realised_rate', 'Realised bonus rate', 'kept / revenue', 'share', 'down', 'programme', 'profit', 'sales-agent programme', 'retention'),
    ('retention_portfolio_result.revenue', 'Revenue of the contracts', 'sum(revenue) of the contracts decided', 'money', 'up', 'programme', 'sales', 'sales-agent programme', 'retention'),
    ('retention_portfolio_result.vest_rate', 'Vest rate', 'vested / (vested + clawed_back)', 'share', 'up', 'programme', 'sales', 'sales-agent programme', 'retention'),
    ('retention_portfolio_result.vested', 'Contracts vested', 'contracts whose following months all hold the first', 'count', 'up', 'programme', 'sales', 'sales-agent programme', 'retention'),
    ('retention_result.bonus', 'Bonus advanced', 'multiplier * sales of the first month', 'money', 'none', 'programme', 'profit', 'sales-agent programme', 'retention'),
    ('retention_result.kept', 'Bonus kept', 'bonus when vested, 0 when clawed back', 'money', 'none', 'programme', 'profit', 'sales-agent programme', 'retention'),
    ('retention_result.month', 'Month decided', 'number of the month that decided; while pending, months over', 'count', 'none', 'programme', NULL, 'sales-agent programme', 'retention'),
    ('retention_result.overload', 'Overload of the first order', 'first month / mean of the following months', 'ratio', 'down', 'programme', 'sales', 'sales-agent programme', 'retention'),
    ('retention_result.rate', 'Bonus rate', 'kept / revenue', 'share', 'down', 'programme', 'profit', 'sales-agent programme', 'retention'),
    ('retention_result.revenue', 'Revenue of the contract', 'sum of the months from the first to month', 'money', 'up', 'programme', 'sales', 'sales-agent programme', 'retention'),
    ('retention_result.status', 'Status of the bonus', 'vested when each following month >= the first, clawed_back with the first that is not, else pending', 'class', 'none', 'programme', 'sales', 'sales-agent programme', 'retention'),
    ('settlement', 'Left to pay', 'round(earned, scale) - paid', 'money', 'none', 'programme', NULL, 'condition contracts', 'bonus'),
    ('tier_accrual', 'Accrual', 'actual * reward(projected) / projected', 'money', 'none', 'programme', 'profit', 'rebate accounting', 'rebate'),
    ('tier_result.gap', 'Missing to the next tier', 'next_threshold - qualifying', 'money', 'down', 'programme', 'sales', 'rebate agreements', 'tier'),
    ('tier_result.next_reward', 'Reward at the next tier', 'reward once qualifying and base have grown by gap', 'money', 'none', 'programme', 'profit', 'rebate agreements', 'tier'),
    ('tier_result.next_threshold', 'Next threshold', 'threshold of the step after the one reached', 'money', 'none', 'programme', NULL, 'rebate agreements', 'tier'),
    ('tier_result.rate', 'Rate of the tier', 'rate of the step reached', 'ratio', 'none', 'programme', 'profit', 'rebate agreements', 'tier'),
    ('tier_result.reward', 'Reward', 'base * rate + fixed sum of the step reached; stepped: each band at its own rate', 'money', 'none', 'programme', 'profit', 'rebate agreements', 'tier'),
    ('tier_result.threshold', 'Threshold reached', 'the highest threshold <= qualifying', 'money', 'none', 'programme', NULL, 'rebate agreements', 'tier'),
    ('tier_result.tier', 'Tier', 'steps whose threshold <= qualifying', 'count', 'up', 'programme', 'sales', 'rebate agreements', 'tier'),
    ('tier_reward', 'Reward', 'base * rate + fixed sum of the step reached; stepped: each band at its own rate', 'money', 'none', 'programme', 'profit', 'rebate agreements', 'tier'),
    ('turnover_bonus', 'Turnover bonus', 'rate * actual + fixed when actual >= target, else 0', 'money', 'none', 'programme', 'profit', 'turnover-target programme', 'bonus'),

    -- customer base
    ('active_buckets', 'Active buckets', 'buckets with a net total > 0', 'count', 'up', 'customer base', 'sales', 'KPI matrix of field sales', 'series'),
    ('akb_stable', 'Stable customer', 'every bucket of the period has a net total > 0', 'boolean', 'up', 'customer base', 'sales', 'KPI matrix of field sales', 'akb'),
    ('kpi_matrix_result.akb', 'Active base (AKB)', 'outlets active in the period', 'count', 'up', 'customer base', 'sales', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.akb_category', 'Base with the whole range', 'active outlets that took enough of every category', 'count', 'up', 'customer base', 'sales', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.akb_stable', 'Stable base', 'outlets active in every month of the period', 'count', 'up', 'customer base', 'sales', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.category_coverage', 'Coverage by categories', 'akb_category / akb', 'share', 'up', 'customer base', 'sales', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.okb', 'General base (OKB)', 'outlets known from the census, that could buy', 'count', 'up', 'customer base', NULL, 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.okb_coverage', 'Coverage of the general base', 'akb / okb', 'share', 'up', 'customer base', 'share', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.pakb', 'Planned base (PAKB)', 'outlets planned for a visit in the period', 'count', 'up', 'customer base', 'execution', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.pakb_coverage', 'Coverage of the planned base', 'akb / pakb', 'share', 'up', 'customer base', 'sales', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.pakb_coverage_strict', 'Coverage of the planned base, strict', 'akb_planned / pakb', 'share', 'up', 'customer base', 'sales', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.stability', 'Stability of the base', 'akb_stable / akb', 'share', 'up', 'customer base', 'sales', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.systemic', 'Systemic outlets', 'outlets with productive orders for more than 3/4 of the planned visits', 'count', 'up', 'customer base', 'sales', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.systemic_share', 'Share of systemic outlets', 'systemic / akb', 'share', 'up', 'customer base', 'sales', 'KPI matrix of field sales', 'kpi_matrix'),

    -- classification
    ('abc_class', 'ABC class', 'A while the larger values have < 0.80 of the total, B while < 0.95, else C (cutoffs)', 'class', 'none', 'classification', 'sales', 'ABC analysis', 'abc'),
    ('abc_cum_share', 'Cumulative share', 'sum of the values at least as large / sum of the values > 0', 'share', 'none', 'classification', 'sales', 'ABC analysis', 'abc'),
    ('abc_share', 'Share of the total', 'value / sum of the values > 0', 'share', 'up', 'classification', 'sales', 'ABC analysis', 'abc'),
    ('cv', 'Coefficient of variation', 'standard deviation / mean of the bucket totals', 'ratio', 'down', 'classification', 'sales', 'XYZ analysis', 'xyz'),
    ('frequency_class', 'XYZ class by frequency', 'X: active buckets / buckets >= 0.9, Y: >= 0.5, else Z (shares)', 'class', 'none', 'classification', 'sales', 'customer management', 'xyz'),
    ('kam_group_result.kam_group', 'Group of the programme', 'the first of protection, strategic, growth that is true', 'class', 'none', 'classification', NULL, 'key account programme', 'account_group'),
    ('peer_index', 'Index to the peers', 'value * n / total: value over the mean of the partition', 'ratio', 'up', 'classification', 'sales', 'target plan of a customer', 'peer'),
    ('sells_much_earns_little', 'Sells much, earns little', 'amount above its mean, products below theirs, margin below that of all', 'boolean', 'down', 'classification', 'profit', 'target plan of a customer', 'peer'),
    ('size_class', 'Size', 'large, medium or small: by thresholds, or thirds of the partition', 'class', 'none', 'classification', 'sales', 'target plan of a customer', 'peer'),
    ('three_p_result.qualified', 'Qualified by the three Ps', 'need and solvency and authority', 'boolean', 'up', 'classification', NULL, 'rule of the three Ps', 'account_group'),
    ('three_p_result.score', 'Score of the three Ps', 'how many of need, solvency, authority are true', 'score', 'up', 'classification', NULL, 'rule of the three Ps', 'account_group'),
    ('weighted_score', 'Weighted score', 'sum(weight * least(value, cap)) / sum(weight), of the values that are known', 'score', 'up', 'classification', NULL, 'scorecards and decision models', 'score'),
    ('xyz_class', 'XYZ class', 'X: cv <= 0.10, Y: cv <= 0.25, else Z (cutoffs)', 'class', 'none', 'classification', 'sales', 'XYZ analysis', 'xyz'),

    -- lifecycle
    ('first_sale', 'First purchase', 'first day of the period with a positive row', 'date', 'none', 'lifecycle', NULL, 'customer-base analysis', 'series'),
    ('last_sale', 'Last purchase', 'last day of the period with a positive row', 'date', 'none', 'lifecycle', NULL, 'customer-base analysis', 'series'),
    ('next_order', 'Next order due', 'last day bought on + order_gap, in whole days', 'date', 'none', 'lifecycle', 'sales', 'customer-base analysis', 'gap'),
    ('order_gap', 'Mean gap between orders', '(last day bought on - first) / number of gaps', 'days', 'down', 'lifecycle', 'sales', 'customer-base analysis', 'gap'),

    -- churn
    ('churn_result.declines', 'Months falling in a row', 'months up to the last complete one, each below the month before or without sales', 'count', 'down', 'churn', 'sales', 'signs that a customer is leaving', 'churn'),
    ('churn_result.falling', 'Purchases fall', 'volume_recent < volume_base * (1 - tolerance)', 'boolean', 'down', 'churn', 'sales', 'signs that a customer is leaving', 'churn'),
    ('churn_result.latest_gap', 'Latest gap', 'days between the last two orders', 'days', 'down', 'churn', 'sales', 'signs that a customer is leaving', 'churn'),
    ('churn_result.level', 'Risk of churn', 'none, watch, at_risk, critical for 0 to 3 signs', 'class', 'none', 'churn', 'sales', 'signs that a customer is leaving', 'churn'),
    ('churn_result.mean_gap', 'Mean gap between orders', '(last day bought on - first) / number of gaps, up to as_of', 'days', 'down', 'churn', 'sales', 'signs that a customer is leaving', 'churn'),
    ('churn_result.open_gap', 'Days since the last order', 'as_of - last day bought on', 'days', 'down', 'churn', 'sales', 'signs that a customer is leaving', 'churn'),
    ('churn_result.order_value_base', 'Order value before', 'net total / days bought on, in the base months', 'money', 'none', 'churn', 'sales', 'signs that a customer is leaving', 'churn'),
    ('churn_result.order_value_recent', 'Order value now', 'net total / days bought on, in the recent months', 'money', 'up', 'churn', 'sales', 'signs that a customer is leaving', 'churn'),
    ('churn_result.shrinking', 'Orders shrink', 'order_value_recent < order_value_base * (1 - tolerance)', 'boolean', 'down', 'churn', 'sales', 'signs that a customer is leaving', 'churn'),
    ('churn_result.signs', 'Signs of churn', 'how many of shrinking, falling, widening are true', 'score', 'down', 'churn', 'sales', 'signs that a customer is leaving', 'churn'),
    ('churn_result.volume_base', 'Monthly volume before', 'net total / months, in the base months', 'money', 'none', 'churn', 'sales', 'signs that a customer is leaving', 'churn'),
    ('churn_result.volume_recent', 'Monthly volume now', 'net total / months, in the recent months', 'money', 'up', 'churn', 'sales', 'signs that a customer is leaving', 'churn'),
    ('churn_result.widening', 'The gap widens', 'greatest(latest_gap, open_gap) > k * mean_gap', 'boolean', 'down', 'churn', 'sales', 'signs that a customer is leaving', 'churn'),
    ('gap_trend', 'Trend of the gaps', 'slope of the least-squares line through order_gaps(s)', 'days', 'down', 'churn', 'sales', 'customer-base analysis', 'gap'),
    ('open_gap', 'Days since the last order', 'as_of - last day bought on', 'days', 'down', 'churn', 'sales', 'customer-base analysis', 'gap'),

    -- supply
    ('stock_cover', 'Months of cover', 'stock / monthly_sell_out', 'months', 'none', 'supply', 'sales', 'sales discipline', 'stock'),
    ('stock_state', 'State of the stock', 'out_of_stock when stock <= 0, stuffed from stuffed_from (6) months of cover on, else ok', 'class', 'none', 'supply', 'sales', 'sales discipline', 'stock'),

    -- agreement
    ('spend_ahead', 'Spend ahead of sales', 'spend / budget > volume / target', 'boolean', 'down', 'agreement', 'profit', 'annual agreement', 'spend'),

    -- receivables
    ('kpi_matrix_result.overdue_share', 'Overdue share', 'what was due before as_of / all that is open', 'share', 'down', 'receivables', 'profit', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.payment_discipline', 'Payment discipline', 'sum(paid) / sum(planned)', 'share', 'up', 'receivables', 'profit', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.payment_discipline_strict', 'Payment discipline, strict', 'sum(least(paid, planned)) by day / sum(planned)', 'share', 'up', 'receivables', 'profit', 'KPI matrix of field sales', 'kpi_matrix'),
    ('overdue_share', 'Overdue share', 'sum(open_amount) with due_on < as_of / sum(open_amount)', 'share', 'down', 'receivables', 'profit', 'KPI matrix of field sales', 'receivable'),
    ('payment_discipline', 'Payment discipline', 'sum(paid) / sum(planned)', 'share', 'up', 'receivables', 'profit', 'KPI matrix of field sales', 'receivable'),
    ('payment_discipline_strict', 'Payment discipline, strict', 'sum(least(paid, planned)) / sum(planned), a row a day', 'share', 'up', 'receivables', 'profit', 'KPI matrix of field sales', 'receivable'),

    -- execution
    ('kpi_matrix_result.mml_distribution', 'Distribution of the must-stock list', 'positions present / positions required', 'share', 'up', 'execution', 'execution', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.orders', 'Orders', 'days with a delivery, summed over outlets', 'count', 'up', 'execution', 'sales', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.planned_visits', 'Planned visits', 'planned in the period, two plan lines of one day are one', 'count', 'up', 'execution', 'execution', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.planogram_coverage', 'Planogram coverage', 'outlets with the full standard / outlets audited', 'share', 'up', 'execution', 'execution', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.productive_effectiveness', 'Effectiveness by productive orders', 'productive_orders / planned_visits', 'share', 'up', 'execution', 'execution', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.productive_orders', 'Productive orders', 'orders with the amount and the number of products asked for', 'count', 'up', 'execution', 'sales', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.visit_effectiveness', 'Effectiveness of visits', 'orders / planned_visits', 'share', 'up', 'execution', 'execution', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.visit_effectiveness_strict', 'Effectiveness of visits, strict', 'orders_planned / planned_visits', 'share', 'up', 'execution', 'execution', 'KPI matrix of field sales', 'kpi_matrix'),
    ('numeric_distribution', 'Numeric distribution', 'outlets that handle the product / outlets known', 'share', 'up', 'execution', 'execution', 'retail audits', 'distribution'),
    ('promo_uplift', 'Uplift', 'volume / baseline - 1', 'ratio', 'up', 'execution', 'execution', 'trade promotion management', 'promo'),
    ('weighted_distribution', 'Weighted distribution', 'weight of the outlets that handle the product / weight of all', 'share', 'up', 'execution', 'execution', 'retail audits', 'distribution'),

    -- resources
    ('cost_per_unit', 'Spend for a unit', 'spend / volume', 'money', 'down', 'resources', 'profit', 'trade marketing', 'spend'),
    ('gross_margin', 'Gross margin', '(amount - cost) / amount', 'share', 'up', 'resources', 'profit', 'target plan of a customer', 'target'),
    ('kpi_matrix_result.order_cost', 'Cost of an order', 'cost / orders', 'money', 'down', 'resources', 'profit', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.order_margin', 'Margin of an order', 'margin / orders', 'money', 'up', 'resources', 'profit', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.useful_income_share', 'Share of useful income', '(order_margin - order_cost) / order_margin', 'share', 'up', 'resources', 'profit', 'KPI matrix of field sales', 'kpi_matrix'),
    ('kpi_matrix_result.visit_cost', 'Cost of a visit', 'cost / planned_visits', 'money', 'down', 'resources', 'profit', 'KPI matrix of field sales', 'kpi_matrix'),
    ('spend_change_result.cost_before', 'Spend for a unit before', 'spend_before / volume_before', 'money', 'none', 'resources', 'profit', 'trade marketing', 'spend'),
    ('spend_change_result.cost_change', 'Change of the spend for a unit', '(cost_now - cost_before) / cost_before', 'ratio', 'down', 'resources', 'profit', 'trade marketing', 'spend'),
    ('spend_change_result.cost_now', 'Spend for a unit', 'spend_now / volume_now', 'money', 'down', 'resources', 'profit', 'trade marketing', 'spend'),
    ('spend_change_result.efficiency_before', 'Efficiency of spend before', 'volume_before / spend_before', 'ratio', 'none', 'resources', 'profit', 'trade marketing', 'spend'),
    ('spend_change_result.efficiency_change', 'Change of the efficiency', '(efficiency_now - efficiency_before) / efficiency_before', 'ratio', 'up', 'resources', 'profit', 'trade marketing', 'spend'),
    ('spend_change_result.efficiency_now', 'Efficiency of spend', 'volume_now / spend_now', 'ratio', 'up', 'resources', 'profit', 'trade marketing', 'spend'),
    ('spend_change_result.incremental', 'Volume of a unit more of spend', '(volume_now - volume_before) / (spend_now - spend_before)', 'ratio', 'up', 'resources', 'profit', 'trade marketing', 'spend'),
    ('spend_change_result.quadrant', 'Quadrant of the spend', 'expanded, improved, reduced, wasted or unchanged: the signs of both changes', 'class', 'none', 'resources', 'profit', 'trade marketing', 'spend'),
    ('spend_efficiency', 'Efficiency of spend', 'volume / spend', 'ratio', 'up', 'resources', 'profit', 'trade marketing', 'spend'),
    ('trade_roi', 'Return on trade spend', '(margin - spend) / spend', 'ratio', 'up', 'resources', 'profit', 'trade promotion management', 'spend'),

    -- organisation
    ('bonus_for_share', 'Bonus for a share of the pay', 'fixed_pay * share / (1 - share)', 'money', 'none', 'organisation', NULL, 'sales-agent programme', 'retention'),
    ('bonus_share', 'Bonus in the pay', 'bonus / (fixed_pay + bonus)', 'share', 'none', 'organisation', NULL, 'sales-agent programme', 'retention'),
    ('kam_capacity', 'Key accounts to look after', 'floor(hours / hours_per_account)', 'count', 'up', 'organisation', NULL, 'key account programme', 'capacity'),
    ('kam_load', 'Load of a manager', 'required / hours', 'ratio', 'down', 'organisation', NULL, 'key account programme', 'capacity')
  ) AS measure (name, title, formula, unit, direction, module, indicator, source, page)
  ORDER BY module COLLATE "C", name COLLATE "C";
END;

COMMENT ON FUNCTION kpi_catalog() IS
'every measure of kam: name, title, formula, unit, direction, module, indicator, source and page of the manual';
