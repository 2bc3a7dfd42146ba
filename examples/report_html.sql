-- The data of the page report.html as one JSON document, on one line: what report_html.sh puts into the page.
--
-- Like reports.sql this wants the demo company and kam. Numbers are rounded to what a chart can show. "<"
-- is written as an escape, so that no text can end the page's script element.

\set ON_ERROR_STOP on
\set QUIET on
\pset format unaligned
\pset tuples_only on
\pset null ''

SET search_path = demo, kam, public;
\ir views.sql

WITH class AS MATERIALIZED (
  SELECT * FROM customer_class
), standing AS MATERIALIZED (
  SELECT * FROM plan_standing JOIN customer USING (customer_id)
), programmes AS MATERIALIZED (
  SELECT * FROM programme_standing
), watch AS MATERIALIZED (
  SELECT * FROM churn_watch
), movement AS MATERIALIZED (
  SELECT * FROM base_month
), kpi AS MATERIALIZED (
  SELECT l.*, coalesce(territory, 'Company') AS territory,
         kpi_trend(value, first_value(value) OVER (PARTITION BY place ORDER BY l.territory_id NULLS FIRST),
                   0.02, direction) AS status
  FROM kpi_line AS l LEFT JOIN territory USING (territory_id)
), score AS MATERIALIZED (
  SELECT customer_id, customer, sales, round(100 * weighted_score(attainment, weight, 1.2), 1) AS score,
         json_agg(json_build_object('indicator', indicator, 'value', round(value, 4), 'goal', round(goal, 4), 'status', status)
                  ORDER BY no) AS lines
  FROM key_account_line
  GROUP BY customer_id, customer, sales
),

-- Who brings the money
pareto AS (
  SELECT json_build_object(
           'customers', count(*), 'sales', round(sum(sales)),
           'concentration', round(concentration(sales), 4), 'pareto_share', round(pareto_share(sales), 4),
           'gini', round(gini(sales), 3), 'hhi', round(hhi(sales), 4), 'top10', round(top_share(sales, 10), 4),
           'points', (SELECT json_agg(json_build_array(round(customer_share, 4), round(value_share, 4)) ORDER BY customer_share)
                      FROM (SELECT pareto_points(sales, 100) AS points FROM class) AS p, unnest(points))) AS pareto
  FROM class
), matrix AS (
  SELECT json_agg(json_build_object('abc', abc, 'xyz', xyz, 'customers', customers, 'sales', sales) ORDER BY abc, xyz) AS matrix
  FROM (SELECT abc, xyz, count(*) AS customers, round(sum(sales)) AS sales FROM class GROUP BY abc, xyz) AS m
),

-- Where the ten largest customers stand, and all plans together
plan_total AS (
  SELECT json_build_object('customers', count(*), 'target', round(sum(target)), 'actual', round(sum(actual)),
                           'run_rate', round(sum(run_rate)), 'attainment', round(sum(run_rate) / sum(target), 4),
                           'growth', round(sum(growth_like_for_like)),
                           'growth_rate', round(sum(growth_like_for_like) / nullif(sum(actual - growth_like_for_like), 0), 4),
                           'ahead', count(*) FILTER (WHERE status = 1), 'on_course', count(*) FILTER (WHERE status = 0),
                           'behind', count(*) FILTER (WHERE status = -1)) AS plan_total
  FROM standing
), plans AS (
  SELECT json_agg(json_build_object('customer', customer, 'target', round(target), 'actual', round(actual),
                                    'achieved', round(achieved, 4), 'run_rate', round(run_rate),
                                    'attainment', round(attainment, 4), 'growth', round(growth_like_for_like),
                                    'elapsed', round(elapsed_share, 4), 'status', status) ORDER BY actual DESC, customer_id) AS plans
  FROM (SELECT * FROM standing ORDER BY actual DESC, customer_id LIMIT 10) AS s
),

-- What the ladder of each running programme pays, and where its largest customer below the top step stands
chosen AS (
  SELECT DISTINCT ON (programme_id) *
  FROM programmes
  WHERE running AND next_threshold IS NOT NULL
  ORDER BY programme_id, sales DESC, customer_id
), step AS (
  SELECT programme_id, s.tier, s.threshold, s.rate, s.fixed,
         tier_reward(s.threshold, ladder, mode => mode) AS reward,
         lead(s.threshold) OVER (PARTITION BY programme_id ORDER BY s.threshold) AS upto
  FROM chosen CROSS JOIN LATERAL tiers(ladder) AS s
), curve AS (
  SELECT programme_id, json_agg(json_build_array(round(x, 2), round(y, 2)) ORDER BY x, place) AS curve
  FROM (SELECT programme_id, 0::numeric AS x, 1 AS place, 0::numeric AS y FROM chosen
        UNION ALL
        SELECT programme_id, threshold, 1, reward FROM step WHERE threshold > 0
        UNION ALL  -- a cent below the next step, what this one has paid
        SELECT programme_id, threshold - 0.01, 0, tier_reward(threshold - 0.01, ladder, mode => mode)
        FROM step JOIN (SELECT programme_id, ladder, mode FROM chosen) AS c USING (programme_id)
        WHERE threshold > 0
        UNION ALL  -- an interpolated ladder bends between its steps
        SELECT programme_id, threshold + (upto - threshold) * n / 10, 1, tier_reward(threshold + (upto - threshold) * n / 10, ladder, mode => mode)
        FROM step JOIN (SELECT programme_id, ladder, mode FROM chosen) AS c USING (programme_id) CROSS JOIN generate_series(1, 9) AS n
        WHERE mode = 'interpolated' AND upto IS NOT NULL
        UNION ALL  -- and on beyond the last one
        SELECT programme_id, ends, 1, tier_reward(ends, ladder, mode => mode)
        FROM (SELECT programme_id, ladder, mode, 1.15 * (SELECT max(threshold) FROM step AS s WHERE s.programme_id = c.programme_id) AS ends
              FROM chosen AS c) AS e) AS point
  GROUP BY programme_id
), ladders AS (
  SELECT json_agg(json_build_object(
           'programme', programme, 'mode', mode, 'customer', customer, 'sales', round(sales), 'tier', tier,
           'reward', round(reward), 'gap', round(gap), 'next_threshold', next_threshold, 'next_reward', round(next_reward),
           'unlocks', round(unlocks), 'projected', round(projected), 'on_course', on_course,
           'projected_reward', round(tier_reward(projected, ladder, mode => mode)), 'curve', curve,
           'steps', (SELECT json_agg(json_build_object('tier', step.tier, 'threshold', step.threshold, 'rate', step.rate,
                                                       'fixed', step.fixed, 'reward', round(step.reward)) ORDER BY step.threshold)
                     FROM step WHERE step.programme_id = chosen.programme_id)) ORDER BY programme_id) AS ladders
  FROM chosen JOIN curve USING (programme_id) JOIN customer USING (customer_id)
),

movements AS (
  SELECT json_agg(json_build_object('month', to_char(lower(bucket), 'YYYY-MM'), 'opening', opening, 'new', new, 'returned', returned,
                                    'lost', lost, 'closing', closing, 'attrition', round(attrition, 4)) ORDER BY bucket) AS movements
  FROM movement
),

-- The matrix; kpi_trend() compares each territory with the company, as it would with an earlier value
indicators AS (
  SELECT json_agg(json_build_object('no', no, 'indicator', indicator, 'direction', direction, 'cells', cells) ORDER BY place) AS indicators
  FROM (SELECT no, place, indicator, direction,
               json_agg(json_build_object('territory', territory, 'shown', shown, 'value', round(value, 2),
                                          'status', CASE WHEN territory_id IS NOT NULL THEN status END)
                        ORDER BY territory_id NULLS LAST) AS cells
        FROM kpi GROUP BY no, place, indicator, direction) AS i
),

evenness AS (
  SELECT json_agg(json_build_object('territory', coalesce(territory, 'Company'), 'sales', round(total(s)), 'evenness', round(evenness(s), 3),
                                    'last_week', round(last_share(s), 4),
                                    'weeks', (SELECT json_agg(round(week / nullif(total(s), 0), 4) ORDER BY n)
                                              FROM unnest(totals(s)) WITH ORDINALITY AS w (week, n))) ORDER BY territory NULLS LAST) AS evenness
  FROM territory_month
),

-- Who is leaving: the fifteen A and B customers of the report, and how many there are by level
leaving AS (
  SELECT json_agg(json_build_object('customer', customer, 'class', class, 'sales', round(sales), 'level', level,
                                    'order_before', round(order_value_base), 'order_now', round(order_value_recent),
                                    'month_before', round(volume_base), 'month_now', round(volume_recent),
                                    'mean_gap', round(mean_gap, 1), 'open_gap', open_gap, 'due', due)
                  ORDER BY signs DESC, sales DESC, customer_id) AS leaving
  FROM (SELECT * FROM watch JOIN customer USING (customer_id)
        WHERE signs >= 2 AND class IN ('A', 'B') AND open_gap <= 90
        ORDER BY signs DESC, sales DESC, customer_id LIMIT 15) AS w
), levels AS (
  SELECT json_agg(json_build_object('level', level, 'customers', customers, 'sales', sales)
                  ORDER BY array_position('{critical,at_risk,watch,none}', level)) AS levels
  FROM (SELECT level, count(*) AS customers, round(sum(sales)) AS sales FROM watch WHERE level IS NOT NULL GROUP BY level) AS l
),

scores AS (
  SELECT json_agg(json_build_object('customer', customer, 'score', score, 'lines', lines) ORDER BY sales DESC NULLS LAST, customer_id) AS scores
  FROM (SELECT * FROM score ORDER BY sales DESC NULLS LAST, customer_id LIMIT 15) AS s
)

SELECT replace(json_build_object(
         'company', company, 'currency', currency, 'as_of', as_of, 'year', closed_period(as_of, 12, 'month'),
         'plan_year', extract(year FROM lower(plan_year)), 'month', to_char(lower(closed_period(as_of, 1, 'month')), 'YYYY-MM'),
         'quarter', to_char(lower(closed_period(as_of, 1, 'quarter')), 'YYYY "Q"Q'),
         'kam', (SELECT extversion FROM pg_extension WHERE extname = 'kam'),
         'pareto', pareto, 'matrix', matrix, 'plan_total', plan_total, 'plans', plans, 'ladders', ladders, 'movement', movements,
         'kpi', indicators, 'evenness', evenness, 'churn', leaving, 'churn_levels', levels, 'scorecard', scores)::jsonb::text,
       '<', '\u003c')
FROM setting, pareto, matrix, plan_total, plans, ladders, movements, indicators, evenness, leaving, levels, scores;
