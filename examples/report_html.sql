-- The data of the page report.html as one JSON document, on one line: what report_html.sh puts into the page.
--
-- Like reports.sql this reads the model in schema "crm" and nothing else. Numbers are rounded to what a chart can
-- show. "<" is written as an escape, so that no text can end the page's script element.

\set ON_ERROR_STOP on
\set QUIET on
\pset format unaligned
\pset tuples_only on
\pset null ''

SET search_path = kam, public;
-- Compiling the many expressions of a report takes longer than so few rows.
SET jit = off;
\ir indicators.sql

WITH class AS MATERIALIZED (
  SELECT * FROM crm.customer_class
), standing AS MATERIALIZED (
  SELECT * FROM crm.plan_progress WHERE parameter = 'total' AND measure = 'amount'
), programmes AS MATERIALIZED (
  SELECT r.*, ladder, p.mode, p.boundary, t.reward, t.next_reward
  FROM crm.programme_result AS r
  JOIN crm.programme AS p ON p.programme_id = r.programme_id
  JOIN (SELECT programme_id, tier_ladder_agg(threshold, rate, fixed) AS ladder FROM crm.programme_tier GROUP BY programme_id) AS l
    ON l.programme_id = r.programme_id
  CROSS JOIN LATERAL tier_attainment(r.actual, ladder, mode => p.mode, boundary => p.boundary) AS t
), watch AS MATERIALIZED (
  SELECT w.*, abc, amount FROM crm.churn_watch AS w JOIN class USING (customer_id)
), kpi AS MATERIALIZED (
  SELECT no, place, indicator, direction, coalesce(territory, 'Company') AS territory, value, shown,
         CASE WHEN territory IS NOT NULL THEN
           kpi_trend(value, max(value) FILTER (WHERE territory IS NULL) OVER (PARTITION BY place), 0.02, direction) END AS status
  FROM kpi_line
), month AS MATERIALIZED (
  SELECT as_of, closed_period(as_of, 1, 'month') AS period FROM crm.in_force
),

-- Who brings the money
pareto AS (
  SELECT json_build_object(
           'customers', count(*), 'sales', round(sum(amount)),
           'concentration', round(concentration(amount), 4), 'pareto_share', round(pareto_share(amount), 4),
           'gini', round(gini(amount), 3), 'hhi', round(hhi(amount), 4), 'top10', round(top_share(amount, 10), 4),
           'points', (SELECT json_agg(json_build_array(round(customer_share, 4), round(value_share, 4)) ORDER BY customer_share)
                      FROM (SELECT pareto_points(amount, 100) AS points FROM class) AS p, unnest(points))) AS pareto
  FROM class
), matrix AS (
  SELECT json_agg(json_build_object('abc', abc, 'xyz', xyz, 'customers', customers, 'sales', sales) ORDER BY abc, xyz) AS matrix
  FROM (SELECT abc, xyz, count(*) AS customers, round(sum(amount)) AS sales FROM class GROUP BY abc, xyz) AS m
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
  SELECT json_agg(json_build_object('customer', name, 'target', round(target), 'actual', round(actual),
                                    'achieved', round(achieved, 4), 'run_rate', round(run_rate),
                                    'attainment', round(attainment, 4), 'growth', round(growth_like_for_like),
                                    'elapsed', round(elapsed_share, 4), 'status', status) ORDER BY actual DESC, customer_id) AS plans
  FROM (SELECT * FROM standing ORDER BY actual DESC, customer_id LIMIT 10) AS s
),

-- What the ladder of each running programme pays, and where its largest customer below the top step stands
chosen AS (
  SELECT DISTINCT ON (programme_id) *
  FROM programmes
  WHERE period @> as_of AND next_threshold IS NOT NULL
  ORDER BY programme_id, actual DESC, customer_id
), step AS (
  SELECT programme_id, s.tier, s.threshold, s.rate, s.fixed,
         tier_reward(s.threshold, ladder, mode => mode, boundary => boundary) AS reward,
         lead(s.threshold) OVER (PARTITION BY programme_id ORDER BY s.threshold) AS upto
  FROM chosen CROSS JOIN LATERAL tiers(ladder) AS s
), curve AS (
  SELECT programme_id, json_agg(json_build_array(round(x, 2), round(y, 2)) ORDER BY x, place) AS curve
  FROM (SELECT programme_id, 0::numeric AS x, 1 AS place, 0::numeric AS y FROM chosen
        UNION ALL
        SELECT programme_id, threshold, 1, reward FROM step WHERE threshold > 0
        UNION ALL  -- a cent below the next step, what this one has paid
        SELECT programme_id, threshold - 0.01, 0, tier_reward(threshold - 0.01, ladder, mode => mode, boundary => boundary)
        FROM step JOIN (SELECT programme_id, ladder, mode, boundary FROM chosen) AS c USING (programme_id)
        WHERE threshold > 0
        UNION ALL  -- an interpolated ladder bends between its steps
        SELECT programme_id, threshold + (upto - threshold) * n / 10, 1, tier_reward(threshold + (upto - threshold) * n / 10, ladder, mode => mode, boundary => boundary)
        FROM step JOIN (SELECT programme_id, ladder, mode, boundary FROM chosen) AS c USING (programme_id) CROSS JOIN generate_series(1, 9) AS n
        WHERE mode = 'interpolated' AND upto IS NOT NULL
        UNION ALL  -- and on beyond the last one
        SELECT programme_id, ends, 1, tier_reward(ends, ladder, mode => mode, boundary => boundary)
        FROM (SELECT programme_id, ladder, mode, boundary, 1.15 * (SELECT max(threshold) FROM step AS s WHERE s.programme_id = c.programme_id) AS ends
              FROM chosen AS c) AS e) AS point
  GROUP BY programme_id
), ladders AS (
  SELECT json_agg(json_build_object(
           'programme', programme, 'mode', mode, 'customer', name, 'sales', round(actual), 'tier', tier,
           'reward', round(reward), 'earned', round(earned), 'gap', round(gap), 'next_threshold', next_threshold, 'next_reward', round(next_reward),
           'unlocks', round(next_reward - reward), 'projected', round(run_rate), 'on_course', run_rate >= next_threshold,
           'projected_reward', round(tier_reward(run_rate, ladder, mode => mode, boundary => boundary)), 'curve', curve,
           'steps', (SELECT json_agg(json_build_object('tier', step.tier, 'threshold', step.threshold, 'rate', step.rate,
                                                       'fixed', step.fixed, 'reward', round(step.reward)) ORDER BY step.threshold)
                     FROM step WHERE step.programme_id = chosen.programme_id)) ORDER BY programme_id) AS ladders
  FROM chosen JOIN curve USING (programme_id)
),

movements AS (
  SELECT json_agg(json_build_object('month', to_char(lower(bucket), 'YYYY-MM'), 'opening', opening, 'new', new, 'returned', returned,
                                    'lost', lost, 'closing', closing, 'attrition', round(attrition, 4)) ORDER BY bucket) AS movements
  FROM crm.base_movement WHERE dimension = 'all'
),

-- The matrix; kpi_trend() compares each territory with the company, as it would with an earlier value
indicators AS (
  SELECT json_agg(json_build_object('no', no, 'indicator', indicator, 'direction', direction, 'cells', cells) ORDER BY place) AS indicators
  FROM (SELECT no, place, indicator, direction,
               json_agg(json_build_object('territory', territory, 'shown', shown, 'value', round(value, 2), 'status', status)
                        ORDER BY array_position('{North,East,South,Coast,Company}', territory)) AS cells
        FROM kpi GROUP BY no, place, indicator, direction) AS i
),

-- The territories are teams; what each part of the month sold comes from the sales of its agents
weeks AS (
  SELECT coalesce(team, '') AS team, sales_series(amount, sold_on, period, 'month-week') AS s
  FROM month JOIN crm.sale ON sold_on >= lower(period) AND sold_on < upper(period) JOIN crm.person USING (person_id)
  GROUP BY GROUPING SETS ((team), ())
), evenness AS (
  SELECT json_agg(json_build_object('territory', CASE dimension WHEN 'all' THEN 'Company' ELSE key END, 'sales', round(amount),
                                    'evenness', round(evenness, 3), 'last_week', round(last_week_share, 4),
                                    'weeks', (SELECT json_agg(round(week / nullif(total(s), 0), 4) ORDER BY n)
                                              FROM unnest(totals(s)) WITH ORDINALITY AS w (week, n))) ORDER BY dimension DESC, key) AS evenness
  FROM month
  JOIN crm.sales_discipline AS d ON d.month = lower(month.period) AND dimension IN ('all', 'team')
  JOIN weeks ON weeks.team = key
),

-- Who is leaving: the fifteen A and B customers of the report, and how many there are by level
leaving AS (
  SELECT json_agg(json_build_object('customer', name, 'class', abc, 'sales', round(at_stake), 'level', level,
                                    'order_before', round(order_value_base), 'order_now', round(order_value_recent),
                                    'month_before', round(volume_base), 'month_now', round(volume_recent),
                                    'mean_gap', round(mean_gap, 1), 'open_gap', open_gap, 'due', next_order)
                  ORDER BY signs DESC, at_stake DESC, customer_id) AS leaving
  FROM (SELECT * FROM watch WHERE signs >= 2 AND abc IN ('A', 'B') AND stage <> 'lost'
        ORDER BY signs DESC, at_stake DESC, customer_id LIMIT 15) AS w
), levels AS (
  SELECT json_agg(json_build_object('level', level, 'customers', customers, 'sales', sales)
                  ORDER BY array_position('{critical,at_risk,watch,none}', level)) AS levels
  FROM (SELECT level, count(*) AS customers, round(sum(amount)) AS sales FROM watch WHERE level IS NOT NULL GROUP BY level) AS l
),

scores AS (
  SELECT json_agg(json_build_object('customer', name, 'score', round(100 * score, 1), 'lines', lines) ORDER BY sales DESC, customer_id) AS scores
  FROM (SELECT customer_id, name, score, max(value) FILTER (WHERE no = 1) AS sales,
               json_agg(json_build_object('indicator', indicator, 'value', round(value, 4), 'goal', round(goal, 4), 'status', status) ORDER BY no) AS lines
        FROM crm.key_account_scorecard
        GROUP BY customer_id, name, score
        ORDER BY sales DESC, customer_id LIMIT 15) AS s
)

SELECT replace(json_build_object(
         'company', 'Harbour & Hill Distribution', 'currency', 'EUR', 'as_of', f.as_of, 'year', closed,
         'plan_year', extract(year FROM lower(f.period)), 'month', to_char(lower(month.period), 'YYYY-MM'),
         'working_days', json_build_array(workdays(calendar, daterange(lower(month.period) + 21, upper(month.period))), workdays(calendar, month.period)),
         'quarter', to_char(lower(closed_period(f.as_of, 1, 'quarter')), 'YYYY "Q"Q'),
         'kam', (SELECT extversion FROM pg_extension WHERE extname = 'kam'),
         'pareto', pareto, 'matrix', matrix, 'plan_total', plan_total, 'plans', plans, 'ladders', ladders, 'movement', movements,
         'kpi', indicators, 'evenness', evenness, 'churn', leaving, 'churn_levels', levels, 'scorecard', scores)::jsonb::text,
       '<', '\u003c')
FROM crm.in_force AS f, month, pareto, matrix, plan_total, plans, ladders, movements, indicators, evenness, leaving, levels, scores;
