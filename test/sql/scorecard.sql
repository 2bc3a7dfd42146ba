-- Indicators against their goals, as an analyst writes them
\pset null '(null)'

-- Status: reached, within the tolerance, missed
SELECT kpi_status(100, 100) AS reached, kpi_status(99.99, 100) AS missed, kpi_status(95, 100, 0.05) AS within, kpi_status(94.99, 100, 0.05) AS below, kpi_status(120, 100, 0.05) AS above;
SELECT kpi_status(5, 5, 0, 'down') AS reached, kpi_status(5.01, 5, 0, 'down') AS missed, kpi_status(5.5, 5, 0.1, 'down') AS within, kpi_status(5.51, 5, 0.1, 'down') AS above, kpi_status(0, 5, direction => 'down') AS none;
SELECT kpi_status(-100, -100) AS loss_as_planned, kpi_status(-105, -100, 0.1) AS a_little_more, kpi_status(-111, -100, 0.1) AS too_much, kpi_status(0, 0) AS goal_of_zero, kpi_status(-0.01, 0, 1) AS below_zero, kpi_status(0, 0, 0, 'down') AS none_allowed, kpi_status(1, 0, 1, 'down') AS one;
SELECT kpi_status(NULL, 100), kpi_status(100, NULL), kpi_status(100, 100, NULL) AS tolerance, kpi_status(100, 100, 0, NULL) AS direction;

-- Trend: better, about the same, worse
SELECT kpi_trend(110, 100), kpi_trend(100, 100) AS same, kpi_trend(90, 100) AS worse, kpi_trend(102, 100, 0.02) AS within, kpi_trend(102.01, 100, 0.02) AS above, kpi_trend(90, 100, 0, 'down') AS less_is_better, kpi_trend(98, 100, 0.02, 'down') AS same_down;
SELECT kpi_trend(1, 0) AS from_zero, kpi_trend(0, 0, 0.5) AS still_zero, kpi_trend(-90, -100) AS less_loss, kpi_trend(-102, -100, 0.02) AS same_loss, kpi_trend(1, NULL) AS first_period, kpi_trend(value => 3, before => 4, direction => 'down') AS named;

-- Attainment
SELECT round(kpi_attainment(110, 100), 2) AS up, round(kpi_attainment(8, 10, 'down'), 2) AS down, kpi_attainment(0, 100) AS nothing, kpi_attainment(5, 0) AS no_goal, kpi_attainment(-20, 100)::numeric(5, 2) AS loss, kpi_attainment(-20, -40) AS negative_goal;
SELECT kpi_attainment(0, 10, 'down') AS perfect, kpi_attainment(5, 0, 'down')::numeric(5, 2) AS none_allowed, kpi_attainment(0, 0, 'down') AS and_none, kpi_attainment(-1, 10, 'down') AS below_zero, kpi_attainment(-1, -10, 'down') AS both, kpi_attainment(NULL, 1), kpi_attainment(1, NULL), kpi_attainment(1, 1, NULL);

-- The scorecard of a key account
SELECT no, indicator, value, goal, round(attainment, 4) AS attainment, round(counted, 4) AS counted, status, weight
FROM scorecard(540000, 500000, 0.22, 0.25, 81, 90, 57000, 60000, 0.97, 0.98);
SELECT no, indicator, value, goal, round(attainment, 4) AS attainment, round(counted, 4) AS counted, status, weight
FROM scorecard(sales => 640000, sales_target => 200000, execution => 45, execution_target => 90, profit => 0, profit_target => 0, fill_rate => 0.98, weights => '{0.3,0.2,0.15,0.25,0.1}', cap => 1.2, tolerance => 0.1);
SELECT round(scorecard_score(540000, 500000, 0.22, 0.25, 81, 90, 57000, 60000, 0.97, 0.98), 4) AS equal,
  round(scorecard_score(540000, 500000, 0.22, 0.25, 81, 90, 57000, 60000, 0.97, 0.98, '{0.3,0.2,0.15,0.25,0.1}', 1), 4) AS weighted_and_cut,
  round(scorecard_score(sales => 640000, sales_target => 200000, execution => 45, execution_target => 90), 4) AS two_known, scorecard_score() AS none,
  scorecard_score(sales => 1, sales_target => 1, weights => '{0,1,1,1,1}') AS no_weight;

-- Sales have reached their goal only with enough of high margin
SELECT what, indicator, status FROM (VALUES ('no condition', 1, NULL, NULL), ('met', 2, 0.30, 0.30), ('not met', 3, 0.29, 0.30), ('share unknown', 4, NULL, 0.30)) AS v (what, n, have, need)
CROSS JOIN LATERAL scorecard(510, 500, 0.2, 0.25, high_margin_share => have, high_margin_required => need) WHERE no <= 2 ORDER BY n, no;

-- Over a table of accounts: lines for a report, one number, and the same from the lines
CREATE TABLE account (customer text, sales numeric, sales_target numeric, share numeric, share_target numeric, execution integer, execution_target integer, profit numeric, profit_target numeric, fill_rate numeric, fill_rate_target numeric);
INSERT INTO account VALUES ('Acorn', 540, 500, 0.22, 0.25, 81, 90, 57, 60, 0.97, 0.98), ('Beacon', 640, 200, NULL, 0.3, 45, 90, 21, 30, 0.98, 0.98), ('Cedar', NULL, 100, NULL, NULL, NULL, 90, NULL, NULL, NULL, NULL);
SELECT customer, count(status) AS known, count(*) FILTER (WHERE status < 0) AS red, round(weighted_score(counted, weight), 4) AS from_lines,
  round(max(scorecard_score(sales, sales_target, share, share_target, execution, execution_target, profit, profit_target, fill_rate, fill_rate_target, '{3,2,1,3,1}', 1.2)), 4) AS score
FROM account CROSS JOIN LATERAL scorecard(sales, sales_target, share, share_target, execution, execution_target, profit, profit_target, fill_rate, fill_rate_target, '{3,2,1,3,1}', 1.2) AS l GROUP BY customer ORDER BY customer;
SELECT count(*) AS no_weights FROM scorecard(1, 1, weights => NULL);
SELECT count(*) AS no_tolerance, scorecard_score(1, 1, tolerance => NULL) AS score FROM scorecard(1, 1, tolerance => NULL);

-- Where to look
SELECT * FROM module_indicator();
SELECT indicator, string_agg(DISTINCT module, ', ' ORDER BY module) FILTER (WHERE relation = 'direct') AS direct, string_agg(DISTINCT module, ', ' ORDER BY module) FILTER (WHERE relation = 'indirect') AS indirect FROM module_indicator() GROUP BY indicator ORDER BY indicator;

-- What is refused
SELECT kpi_status('NaN', 1);
SELECT kpi_status(1, 'Infinity');
SELECT kpi_status(1, 1, 5);
SELECT kpi_status(1, 1, 0, 'left');
SELECT kpi_trend(1, '-Infinity');
SELECT kpi_trend(1, 1, -0.1);
SELECT kpi_attainment(1, 'NaN');
SELECT kpi_attainment(1, 1, 'Up');
SELECT * FROM scorecard('NaN', 1);
SELECT scorecard_score(fill_rate_target => 'Infinity');
SELECT * FROM scorecard(1, 1, weights => '{1,1,1,1}');
SELECT * FROM scorecard(1, 1, weights => '{1,1,1,1,1,1}');
SELECT * FROM scorecard(1, 1, weights => '{1,1,1,1,-1}');
SELECT scorecard_score(1, 1, weights => '{1,1,NULL,1,1}');
SELECT scorecard_score(1, 1, weights => '{}');
SELECT scorecard_score(share => 22, share_target => 25);
SELECT scorecard_score(fill_rate_target => 98);
SELECT scorecard_score(1, 1, cap => 0);
SELECT scorecard_score(1, 1, tolerance => 10);
SELECT scorecard_score(1, 1, high_margin_share => 0.3, high_margin_required => 30);
\set VERBOSITY terse
SELECT kpi_status(1::double precision, 1);
DROP TABLE account;
