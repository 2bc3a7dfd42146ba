-- Indicators against goals and earlier periods, and the scorecard of five, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(143);

\ir ../helpers/error_of.sql

-- Status

SELECT is(kpi_status(v, g, t, d), expected, what)
FROM (VALUES
  ('reached exactly', 100::numeric, 100::numeric, 0::numeric, 'up', 1), ('above', 100.01, 100, 0, 'up', 1), ('a hair below', 99.99999999999999999999, 100, 0, 'up', -1), ('far above is no other than above', 500, 100, 0.1, 'up', 1),
  ('within the tolerance', 95.01, 100, 0.05, 'up', 0), ('at its edge', 95, 100, 0.05, 'up', 0), ('a hair over the edge', 94.99999999999999999999, 100, 0.05, 'up', -1), ('a tolerance of all', 0, 100, 1, 'up', 0), ('and still below', -0.01, 100, 1, 'up', -1),
  ('written differently', 100.00, 1e2, 0, 'up', 1), ('a goal of zero', 0, 0, 0, 'up', 1), ('below zero', -1, 0, 1, 'up', -1), ('a loss as planned', -100, -100, 0.1, 'up', 1), ('a loss within', -110, -100, 0.1, 'up', 0), ('too much loss', -110.01, -100, 0.1, 'up', -1), ('less loss', -50, -100, 0, 'up', 1),
  ('down: at the goal', 5, 5, 0, 'down', 1), ('down: below', 4.99, 5, 0, 'down', 1), ('down: above', 5.01, 5, 0, 'down', -1), ('down: within', 5.25, 5, 0.05, 'down', 0), ('down: over the edge', 5.2500001, 5, 0.05, 'down', -1), ('down: nothing is best', 0, 5, 0, 'down', 1),
  ('down: none allowed, none there', 0, 0, 0, 'down', 1), ('down: none allowed', 0.01, 0, 1, 'down', -1), ('down: a negative goal', -6, -5, 0, 'down', 1), ('down: a negative goal, within', -4.75, -5, 0.05, 'down', 0), ('huge', 1e1000, 1e1000, 0, 'up', 1), ('huge and a little less', 1e1000 - 1, 1e1000, 1e-999, 'up', 0), ('tiny', 1e-400, 2e-400, 0.5, 'up', 0),
  ('no value', NULL, 1, 0, 'up', NULL), ('no goal', 1, NULL, 0, 'up', NULL), ('no tolerance', 1, 1, NULL, 'up', NULL), ('no direction', 1, 1, 0, NULL, NULL)
) AS x (what, v, g, t, d, expected);
SELECT is(ARRAY[kpi_status(1, 2), kpi_status(3, 2), kpi_status(1.9, 2, 0.05)], ARRAY[kpi_status(1, 2, 0, 'up'), kpi_status(3, 2, 0, 'up'), kpi_status(1.9, 2, 0.05, 'up')], 'upwards, and no tolerance, unless said otherwise');

-- Trend

SELECT is(kpi_trend(v, b, t, d), expected, what)
FROM (VALUES
  ('more', 101::numeric, 100::numeric, 0::numeric, 'up', 1), ('as much', 100, 100.0, 0, 'up', 0), ('less', 99.99, 100, 0, 'up', -1), ('a little more', 102, 100, 0.02, 'up', 0), ('a little less', 98, 100, 0.02, 'up', 0), ('more than a little', 102.000001, 100, 0.02, 'up', 1), ('less than a little', 97.999999, 100, 0.02, 'up', -1),
  ('from nothing', 1, 0, 1, 'up', 1), ('still nothing', 0, 0, 0, 'up', 0), ('into returns', -1, 0, 1, 'up', -1), ('a smaller loss', -90, -100, 0, 'up', 1), ('about the same loss', -101, -100, 0.02, 'up', 0), ('from loss to profit', 1, -1, 1, 'up', 1),
  ('down: less is better', 90, 100, 0, 'down', 1), ('down: more is worse', 110, 100, 0, 'down', -1), ('down: about the same', 101, 100, 0.02, 'down', 0),
  ('the first period', 1, NULL, 0, 'up', NULL), ('none now', NULL, 1, 0, 'up', NULL), ('no tolerance', 1, 1, NULL, 'up', NULL), ('no direction', 1, 1, 0, NULL, NULL)
) AS x (what, v, b, t, d, expected);

-- Attainment

SELECT is(round(kpi_attainment(v, g, d), 6), expected, what)
FROM (VALUES
  ('at the goal', 100::numeric, 100::numeric, 'up', 1::numeric), ('above', 120, 100, 'up', 1.2), ('nothing', 0, 100, 'up', 0), ('net returns', -50, 100, 'up', -0.5), ('a third', 1, 3, 'up', 0.333333), ('a goal of zero', 5, 0, 'up', NULL), ('a negative goal', -5, -10, 'up', NULL),
  ('down: at the goal', 5, 5, 'down', 1), ('down: half as much is twice as good', 5, 10, 'down', 2), ('down: twice as much', 20, 10, 'down', 0.5), ('down: nothing', 0, 10, 'down', NULL), ('down: below zero', -1, 10, 'down', NULL), ('down: none allowed', 5, 0, 'down', 0), ('down: none allowed, none there', 0, 0, 'down', NULL), ('down: a negative goal', 5, -1, 'down', NULL),
  ('no value', NULL, 1, 'up', NULL), ('no goal', 1, NULL, 'down', NULL), ('no direction', 1, 1, NULL, NULL)
) AS x (what, v, g, d, expected);

-- All three against plain SQL over random numbers

CREATE TABLE pair AS
SELECT i, CASE noise % 23 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN -(noise / 700 % 100) / 10.0 WHEN 3 THEN 1e30 * (noise % 9) ELSE (noise / 900 % 200) / 10.0 END AS v,
  CASE noise / 23 % 19 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN -(noise / 7000 % 100) / 10.0 WHEN 3 THEN 1e30 ELSE (noise / 90000 % 200) / 10.0 END AS g, CASE noise / 437 % 5 WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE (noise / 3000 % 21) / 20.0 END AS t, CASE noise / 11 % 2 WHEN 0 THEN 'up' ELSE 'down' END AS d
FROM generate_series(1, 20000) AS i, LATERAL (SELECT hashint8extended(i, 21) & 9007199254740991 AS noise) AS n;
SELECT is_empty($$
  SELECT * FROM pair WHERE kpi_status(v, g, t, d) IS DISTINCT FROM CASE d WHEN 'up' THEN CASE WHEN v >= g THEN 1 WHEN v >= g - abs(g) * t THEN 0 WHEN v < g - abs(g) * t THEN -1 END
    ELSE CASE WHEN v <= g THEN 1 WHEN v <= g + abs(g) * t THEN 0 WHEN v > g + abs(g) * t THEN -1 END END
$$, 'kpi_status = plain SQL');
SELECT is_empty($$
  SELECT * FROM pair WHERE kpi_trend(v, g, t, d) IS DISTINCT FROM (CASE WHEN abs(v - g) <= abs(g) * t THEN 0 ELSE sign(v - g) END * CASE d WHEN 'up' THEN 1 ELSE -1 END)::integer
$$, 'kpi_trend = plain SQL');
SELECT is_empty($$
  SELECT * FROM pair WHERE kpi_attainment(v, g, d)::text IS DISTINCT FROM (CASE WHEN d = 'up' AND g > 0 THEN v / g WHEN d = 'down' AND g >= 0 AND v > 0 THEN g / v END)::text
$$, 'kpi_attainment = plain SQL, to the last digit');
SELECT is_empty($$SELECT * FROM pair WHERE kpi_status(v, g, t, d) IS DISTINCT FROM kpi_status(-v, -g, t, CASE d WHEN 'up' THEN 'down' ELSE 'up' END)$$, 'up and down are each other''s mirror');
SELECT is_empty('SELECT * FROM pair WHERE kpi_status(v, g, t, d) < kpi_status(v, g, 0, d) OR kpi_status(v, g, 0, d) = 0', 'a tolerance never makes it worse, and without one there is no middle');
SELECT is_empty($$SELECT * FROM pair WHERE g > 0 AND d = 'up' AND (kpi_attainment(v, g) >= 1) IS DISTINCT FROM (kpi_status(v, g) = 1) AND v IS NOT NULL AND abs(v - g) > 1e-9$$, 'status 1 is an attainment of 1 or more');
SELECT is_empty('SELECT * FROM pair WHERE v > g AND kpi_trend(v, g) IS DISTINCT FROM 1 OR v = g AND kpi_trend(v, g) IS DISTINCT FROM 0', 'a trend without a tolerance is the sign of the change');
SELECT ok(count(DISTINCT kpi_status(v, g, t, d)) = 3 AND count(DISTINCT kpi_trend(v, g, t, d)) = 3 AND count(*) FILTER (WHERE kpi_status(v, g, t, d) = 0) > 500, 'all outcomes are among them') FROM pair;

-- The scorecard

SELECT results_eq('SELECT no, indicator FROM scorecard()', $$VALUES (1, 'sales'), (2, 'share'), (3, 'execution'), (4, 'profit'), (5, 'fill rate')$$, 'five lines, whatever is known');
SELECT is_empty('SELECT * FROM scorecard() WHERE num_nonnulls(value, goal, attainment, counted, status) > 0 OR weight <> 1', 'nothing known is NULL, never 0');
SELECT results_eq('SELECT no, value, goal, round(attainment, 4), round(counted, 4), status, weight FROM scorecard(540, 500, 0.22, 0.25, 81, 90, -20, -30, 0.97, 0.98, ''{5,4,3,2,1}'', 1.05, 0.1)',
  'VALUES (1, 540::numeric, 500::numeric, 1.08, 1.05, 1, 5::numeric), (2, 0.22, 0.25, 0.88, 0.88, -1, 4), (3, 81, 90, 0.9, 0.9, 0, 3), (4, -20, -30, NULL, NULL, 1, 2), (5, 0.97, 0.98, 0.9898, 0.9898, 0, 1)', 'by hand');
SELECT is(round(scorecard_score(540, 500, 0.22, 0.25, 81, 90, -20, -30, 0.97, 0.98, '{5,4,3,2,1}', 1.05, 0.1), 6), round((5 * 1.05 + 4 * 0.88 + 3 * 0.9 + 0.97 / 0.98) / 13, 6), 'the score, by hand: profit leaves with its weight');
SELECT is(ARRAY[scorecard_score(), scorecard_score(1, 1, weights => '{0,1,1,1,1}'), scorecard_score(1, 0), scorecard_score(sales_target => 1), scorecard_score(1, 1, weights => NULL), scorecard_score(1, 1, tolerance => NULL)], ARRAY[NULL, NULL, NULL, NULL, NULL, NULL]::numeric[], 'no score');
SELECT is(ARRAY[scorecard_score(3, 2), scorecard_score(3, 2, cap => NULL), scorecard_score(3, 2, cap => 1.2), scorecard_score(1, 2, cap => 1.2), scorecard_score(-1, 2, cap => 1.2)]::numeric(4, 2)[], '{1.50,1.50,1.20,0.50,-0.50}', 'a cap');
SELECT is(count(*), 0::bigint, 'without a setting there are no lines') FROM (SELECT FROM scorecard(1, 1, weights => NULL) UNION ALL SELECT FROM scorecard(1, 1, tolerance => NULL)) AS x;

SELECT is((SELECT status FROM scorecard(s, 500, high_margin_share => have, high_margin_required => need, tolerance => 0.1) WHERE no = 1), expected, what)
FROM (VALUES
  ('reached, no condition', 500, NULL, NULL, 1), ('a share alone is no condition', 500, 0, NULL, 1), ('reached, and the share as well', 500, 0.30, 0.3, 1), ('reached, the share is not', 500, 0.2999999, 0.3, 0), ('far above changes nothing', 5000, 0.2, 0.3, 0), ('share unknown', 500, NULL, 0.3, NULL),
  ('nearly, with the share', 460, 0.5, 0.3, 0), ('nearly, without it', 460, 0.1, 0.3, 0), ('nearly, share unknown', 460, NULL, 0.3, 0), ('missed, with the share', 400, 0.5, 0.3, -1), ('missed, without it', 400, 0.1, 0.3, -1), ('missed, share unknown', 400, NULL, 0.3, -1), ('returns of high margin', 500, -0.1, 0, 0), ('sales unknown', NULL, 0.5, 0.3, NULL)
) AS x (what, s, have, need, expected);
SELECT is(scorecard_score(510, 500, high_margin_share => 0.1, high_margin_required => 0.3), scorecard_score(510, 500), 'the condition is one of the status, not of the score');

-- and over random accounts, from both sides

CREATE TABLE account AS
SELECT i, n, v, g, w, CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN 1.2 ELSE 1 END AS cap, (i % 5) * 0.05 AS tolerance
FROM generate_series(1, 2000) AS i, generate_series(1, 5) AS n, LATERAL (SELECT hashint8extended(i * 10 + n, 31) & 9007199254740991 AS noise) AS x,
  LATERAL (SELECT CASE noise % 11 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN -(noise / 700 % 100) / 10.0 WHEN 3 THEN 1e25 ELSE (noise / 900 % 200) / 100.0 END AS v, CASE noise / 23 % 13 WHEN 0 THEN NULL WHEN 1 THEN 0 ELSE (noise / 90000 % 100) / 100.0 END AS g, CASE noise / 299 % 7 WHEN 0 THEN 0 ELSE (noise / 3000 % 9) / 2.0 END AS w) AS y;
CREATE TABLE wide AS SELECT i, cap, tolerance, array_agg(v ORDER BY n) AS v, array_agg(g ORDER BY n) AS g, array_agg(w ORDER BY n) AS w FROM account GROUP BY i, cap, tolerance;
SELECT is_empty($$
  SELECT i, no, value::text, goal::text, attainment::text, counted::text, status, weight::text FROM wide CROSS JOIN LATERAL scorecard(v[1], g[1], v[2], g[2], v[3], g[3], v[4], g[4], v[5], g[5], w, cap, tolerance)
  EXCEPT SELECT i, n, v::text, g::text, kpi_attainment(v, g)::text, CASE WHEN v IS NOT NULL AND g > 0 THEN least(v / g, cap) END::text, kpi_status(v, g, tolerance), w::text FROM account
$$, 'the lines are those of the functions, indicator by indicator');
SELECT is(count(*), 10000::bigint, 'all of them') FROM wide CROSS JOIN LATERAL scorecard(v[1], g[1], v[2], g[2], v[3], g[3], v[4], g[4], v[5], g[5], w, cap, tolerance);
SELECT is_empty($$
  SELECT i, scorecard_score(v[1], g[1], v[2], g[2], v[3], g[3], v[4], g[4], v[5], g[5], w, cap, tolerance)::text FROM wide
  EXCEPT SELECT i, (sum(w * least(v / nullif(g, 0), cap)) FILTER (WHERE v IS NOT NULL AND g > 0) / nullif(sum(w) FILTER (WHERE v IS NOT NULL AND g > 0), 0))::text FROM account GROUP BY i
$$, 'the score = plain SQL, to the last digit');
SELECT is_empty($$
  SELECT i, scorecard_score(v[1], g[1], v[2], g[2], v[3], g[3], v[4], g[4], v[5], g[5], w, cap, tolerance)::text FROM wide WHERE i NOT IN (SELECT i FROM account WHERE v = 1e25)
  EXCEPT SELECT i, weighted_score(kpi_attainment(v, g), w, cap)::text FROM account WHERE i NOT IN (SELECT i FROM account WHERE v = 1e25) GROUP BY i
$$, 'and the weighted_score of the long form');
SELECT is_empty('SELECT i FROM wide WHERE scorecard_score(v[1], g[1], v[2], g[2], v[3], g[3], v[4], g[4], v[5], g[5], w, 1, 0) > 1', 'with a cap of 1 no score is above it');
SELECT ok(count(*) FILTER (WHERE s IS NULL) > 5 AND count(DISTINCT s) > 1000, 'many different ones, and none') FROM (SELECT scorecard_score(v[1], g[1], v[2], g[2], v[3], g[3], v[4], g[4], v[5], g[5], w, cap) AS s FROM wide UNION ALL SELECT NULL FROM generate_series(1, 6)) AS x;

ANALYZE wide;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
CREATE TABLE direct AS SELECT sum(scorecard_score(v[1], g[1], v[2], g[2], v[3], g[3], v[4], g[4], v[5], g[5], w, 1)) AS s FROM wide;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is((SELECT s FROM direct), sum(scorecard_score(v[1], g[1], v[2], g[2], v[3], g[3], v[4], g[4], v[5], g[5], w, 1)), 'workers come to the same') FROM wide;

-- Modules and indicators

SELECT is(ARRAY[count(*), count(DISTINCT (module, topic, indicator)), count(DISTINCT module), count(DISTINCT indicator)], ARRAY[23, 23, 5, 6]::bigint[], 'each relation once') FROM module_indicator();
SELECT is(array_agg(DISTINCT relation), '{direct,indirect}', 'direct or indirect') FROM module_indicator();
SELECT is_empty('SELECT indicator FROM scorecard() EXCEPT SELECT indicator FROM module_indicator()', 'every indicator of the scorecard has modules');
SELECT is(array_agg(module ORDER BY module), '{organisation,planning}', 'two modules act on all five directly') FROM (SELECT module FROM module_indicator() JOIN scorecard() USING (indicator) WHERE relation = 'direct' GROUP BY module HAVING count(DISTINCT indicator) = 5) AS x;
SELECT is(array_agg(concat(module, '/', indicator, '/', relation) ORDER BY module, indicator), expected::text[], 'module ' || m) FROM (VALUES
  ('execution', '{execution/execution/direct,execution/profit/indirect,execution/sales/direct,execution/share/indirect}'), ('resources', '{resources/profit/direct,"resources/spend efficiency/direct"}')) AS x (m, expected) JOIN module_indicator() ON module = m GROUP BY m, expected;

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || query), expected, query)
FROM (VALUES
  ('kpi_status(''NaN'', 1)', '22023 | value must be a finite number, not NaN'),
  ('kpi_status(1, ''-Infinity'')', '22023 | goal must be a finite number, not -infinity'),
  ('kpi_status(1, 1, ''NaN'')', '22023 | tolerance must be a finite number, not NaN'),
  ('kpi_status(1, 1, 1.01)', '22023 | tolerance must be from 0 to 1, but is 1.01 | It is a fraction: 5 % is written 0.05.'),
  ('kpi_status(1, 1, -0.01)', '22023 | tolerance must be from 0 to 1, but is -0.01 | It is a fraction: 5 % is written 0.05.'),
  ('kpi_status(1, 1, 0, '''')', '22023 | unknown direction: "" | Allowed are "up", "down".'),
  ('kpi_trend(''Infinity'', 1)', '22023 | value must be a finite number, not infinity'),
  ('kpi_trend(1, ''NaN'')', '22023 | before must be a finite number, not NaN'),
  ('kpi_trend(1, 1, 2)', '22023 | tolerance must be from 0 to 1, but is 2 | It is a fraction: 5 % is written 0.05.'),
  ('kpi_trend(1, 1, 0, ''DOWN'')', '22023 | unknown direction: "DOWN" | Allowed are "up", "down".'),
  ('kpi_attainment(''NaN'', 1)', '22023 | value must be a finite number, not NaN'),
  ('kpi_attainment(1, ''Infinity'', ''down'')', '22023 | goal must be a finite number, not infinity'),
  ('kpi_attainment(1, 1, ''sideways'')', '22023 | unknown direction: "sideways" | Allowed are "up", "down".'),
  ('scorecard(sales => ''NaN'')', '22023 | sales must be a finite number, not NaN'),
  ('scorecard(profit_target => ''Infinity'')', '22023 | profit_target must be a finite number, not infinity'),
  ('scorecard_score(share_target => 25)', '22023 | share_target must be from 0 to 1, but is 25 | It is a fraction: 5 % is written 0.05.'),
  ('scorecard_score(fill_rate_target => -0.1)', '22023 | fill_rate_target must be from 0 to 1, but is -0.1 | It is a fraction: 5 % is written 0.05.'),
  ('scorecard_score(weights => ''{}'')', '22023 | weights has 0 elements, not 5 | Give those of sales, share, execution, profit and fill rate, in this order.'),
  ('scorecard_score(weights => ''{1,1,1,1,1,1}'')', '22023 | weights has 6 elements, not 5 | Give those of sales, share, execution, profit and fill rate, in this order.'),
  ('scorecard_score(weights => ''{{1,1,1,1,1}}'')', '22023 | weights must be an array of one dimension, not 2 | Give one flat list of elements.'),
  ('scorecard_score(weights => ''{1,1,1,1,NULL}'')', '22023 | element 5 of weights is null | Leave the element out or give it a value.'),
  ('scorecard_score(weights => ''{1,1,1,1,NaN}'')', '22023 | weights must be a finite number, not NaN'),
  ('scorecard_score(weights => ''{-0.5,1,1,1,1}'')', '22023 | weights must not be negative, but is -0.5 | Give zero or more.'),
  ('scorecard_score(cap => 0)', '22023 | cap must be above zero, but is 0 | 1.2 lets an indicator count 120 % at most.'),
  ('scorecard_score(cap => ''Infinity'')', '22023 | cap must be a finite number, not infinity'),
  ('scorecard(tolerance => 5)', '22023 | tolerance must be from 0 to 1, but is 5 | It is a fraction: 5 % is written 0.05.'),
  ('scorecard(high_margin_share => ''NaN'')', '22023 | high_margin_share must be a finite number, not NaN'),
  ('scorecard(high_margin_required => 30)', '22023 | high_margin_required must be from 0 to 1, but is 30 | It is a fraction: 5 % is written 0.05.')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
