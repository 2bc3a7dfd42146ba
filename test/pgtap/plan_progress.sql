-- plan_progress and achieved: the worked example, edges, and plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(113);

\ir ../helpers/error_of.sql

-- a plan_result as text, its numbers at six decimals at most
CREATE FUNCTION pg_temp.shown(plan_result) RETURNS text
RETURN (SELECT string_agg(coalesce(CASE WHEN value ~ '\.' THEN trim_scale(round(value::numeric, 6))::text ELSE value END, '-'), ' ' ORDER BY place)
  FROM json_each_text(row_to_json($1)) WITH ORDINALITY AS x (name, value, place));

-- W-40: target, balance, actual, run_rate, attainment, prior_year, growth; gap, achieved, prorata_target, prorata_gap,
-- current_rate, required_rate, growth_like_for_like, projected_growth, elapsed_share, status

SELECT is(pg_temp.shown(plan_progress(1200000, 270000, 1000000, 240000, '[2026-01-01,2027-01-01)', '2026-03-31')),
  '1200000 930000 270000 1095000 0.9125 1000000 -730000 -0.0875 0.225 295890.410959 -25890.410959 3000 3381.818182 30000 95000 0.246575 -1', 'W-40 by days');
SELECT is(pg_temp.shown(plan_progress(1200000, 270000, 1000000, 240000, '[2026-01-01,2027-01-01)', '2026-03-31', unit => 'months')),
  '1200000 930000 270000 1080000 0.9 1000000 -730000 -0.1 0.225 300000 -30000 90000 103333.333333 30000 80000 0.25 -1', 'W-40 by months');
SELECT is((plan_progress(1200000, 270000, 1000000, 240000, '[2026-01-01,2027-01-01)', '2026-03-31')).attainment, 0.9125, 'W-40: attainment to the last digit');
SELECT is((plan_progress(1200000, 270000, 1000000, 240000, '[2026-01-01,2027-01-01)', '2026-03-31')).run_rate, 1095000.0, 'W-40: run rate to the last digit');
SELECT is((plan_progress(NULL, 93000, NULL, NULL, '[2026-03-01,2027-01-01)', '2026-03-31')).run_rate, 918000.0, 'W-41');

-- Edges

SELECT is(pg_temp.shown(plan_progress(target, actual, prior_year, prior_to_date, '[2026-01-01,2027-01-01)', as_of)), expected, name)
FROM (VALUES
  ('no target', NULL, 90, 300, 60, date '2026-03-31', '- - 90 365 - 300 -210 - - - - 1 - 30 65 0.246575 -'),
  ('no actual', 365, NULL, 300, 60, '2026-03-31', '365 - - - - 300 - - - 90 - - - - - 0.246575 -'),
  ('no last year', 365, 90, NULL, NULL, '2026-03-31', '365 275 90 365 1 - - 0 0.246575 90 0 1 1 - - 0.246575 0'),
  ('nothing but the time', NULL, NULL, NULL, NULL, '2026-03-31', '- - - - - - - - - - - - - - - 0.246575 -'),
  ('target of zero', 0, 90, 300, 60, '2026-03-31', '0 -90 90 365 - 300 -210 - - 0 90 1 0 30 65 0.246575 1'),
  ('target of zero, nothing sold', 0, 0, 0, 0, '2026-03-31', '0 0 0 0 - 0 0 - - 0 0 0 0 0 0 0.246575 0'),
  ('surplus', 80, 90, 300, 60, '2026-03-31', '80 -10 90 365 4.5625 300 -210 3.5625 1.125 19.726027 70.273973 1 0 30 65 0.246575 1'),
  ('returns', 365, -90, 300, 60, '2026-03-31', '365 455 -90 -365 -1 300 -390 -2 -0.246575 90 -180 -1 1.654545 -150 -665 0.246575 -1'),
  ('nothing sold', 365, 0, 300, 60, '2026-03-31', '365 365 0 0 0 300 -300 -1 0 90 -90 0 1.327273 -60 -300 0.246575 -1'),
  ('before the start', 365, 0, 300, 0, '2025-12-31', '365 365 0 - - 300 -300 - 0 0 0 - 1 0 - 0 -'),
  ('on the last day, missed', 365, 300, 300, 300, '2026-12-31', '365 65 300 300 0.821918 300 0 -0.178082 0.821918 365 -65 0.821918 - 0 0 1 -1'),
  ('long after, met', 365, 365, 300, 300, '2030-12-31', '365 0 365 365 1 300 65 0 1 365 0 1 0 65 65 1 0')
) AS x (name, target, actual, prior_year, prior_to_date, as_of, expected);

-- A level is not carried forward
SELECT is(pg_temp.shown(plan_progress(0.30, 0.27, 0.25, 0.24, '[2026-01-01,2027-01-01)', as_of, measure => 'level')), expected, 'level: ' || as_of)
FROM (VALUES (date '2026-03-31', '0.3 0.03 0.27 0.27 0.9 0.25 0.02 -0.1 0.9 0.3 -0.03 - - 0.03 0.02 0.246575 -1'), ('2025-12-31', '0.3 0.03 0.27 - - 0.25 0.02 - 0.9 0.3 -0.03 - - 0.03 - 0 -'),
  ('2027-12-31', '0.3 0.03 0.27 0.27 0.9 0.25 0.02 -0.1 0.9 0.3 -0.03 - - 0.03 0.02 1 -1')) AS x (as_of, expected);
SELECT is((plan_progress(12, 12, NULL, NULL, '[2026-01-01,2027-01-01)', '2026-01-01', measure => 'level')).status, 0, 'level: as many products as wanted');

-- Status and tolerance: 100 due at half of 200
SELECT is((plan_progress(200, actual, NULL, NULL, '[2026-01-01,2026-01-11)', '2026-01-05', tolerance => tolerance)).status, status, format('status of %s with tolerance %s', actual, tolerance))
FROM (VALUES (100, 0, 0), (99.999, 0, -1), (100.001, 0, 1), (95, 0.05, 0), (94.999, 0.05, -1), (105, 0.05, 0), (105.001, 0.05, 1), (0, 1, 0), (-0.001, 1, -1), (200, 1, 0), (200.1, 1, 1)) AS x (actual, tolerance, status);

-- NULL for a setting
SELECT is(plan_progress(1, 1, 1, 1, period, as_of, c, tolerance, unit, NULL, NULL, grain, measure) IS NULL, missing, format('(%s, %s, %s, %s, %s, %s)', period, as_of, tolerance, unit, grain, measure))
FROM (VALUES
  (daterange '[2026-01-01,2027-01-01)', date '2026-03-31', NULL::work_calendar, 0, 'days', 'month', 'flow', false),
  (NULL, '2026-03-31', NULL, 0, 'days', 'month', 'flow', true), ('[2026-01-01,2027-01-01)', NULL, NULL, 0, 'days', 'month', 'flow', true), ('[2026-01-01,2027-01-01)', '2026-03-31', NULL, NULL, 'days', 'month', 'flow', true),
  ('[2026-01-01,2027-01-01)', '2026-03-31', NULL, 0, NULL, 'month', 'flow', true), ('[2026-01-01,2027-01-01)', '2026-03-31', NULL, 0, 'days', NULL, 'flow', true), ('[2026-01-01,2027-01-01)', '2026-03-31', NULL, 0, 'days', 'month', NULL, true)
) AS x (period, as_of, c, tolerance, unit, grain, measure, missing);

-- Every column against the scalar functions and plain SQL, by every way of counting

SELECT setseed(0.7);
CREATE TABLE line_ AS
SELECT CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.1 THEN 0 ELSE round((random() * 100000)::numeric, 2) END AS target,
  CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.1 THEN 0 ELSE round((random() * 120000 - 10000)::numeric, 2) END AS actual,
  CASE WHEN random() < 0.1 THEN NULL ELSE round((random() * 100000)::numeric, 2) END AS prior_year,
  CASE WHEN random() < 0.1 THEN NULL ELSE round((random() * 50000)::numeric, 2) END AS prior_to_date,
  period, lower(period) - 20 + (random() * (upper(period) - lower(period) + 40))::integer AS as_of, round((random() * 0.2)::numeric, 2) AS tolerance,
  CASE WHEN way IN ('calendar', 'prior and calendar', 'weights and calendar') THEN work_calendar(CASE WHEN i % 2 = 0 THEN ARRAY['fri', 'sat'] ELSE ARRAY['sat', 'sun'] END) END AS calendar,
  CASE WHEN way LIKE 'prior%' THEN prior END AS prior, CASE WHEN way LIKE 'weights%' THEN (SELECT array_agg(k::numeric % 5) FROM generate_series(1, buckets) AS k) END AS weights, way
FROM generate_series(1, 4000) AS i,
  LATERAL (SELECT (ARRAY['days', 'months', 'calendar', 'prior', 'prior and calendar', 'weights', 'weights and calendar'])[1 + i % 7] AS way,
    (ARRAY['[2026-01-01,2027-01-01)', '[2024-01-01,2025-01-01)', '[2025-11-14,2026-03-08)', '[2026-02-01,2026-03-01)']::daterange[])[1 + i / 7 % 4] AS period) AS w,
  LATERAL (SELECT sales_series((20 + k % 13 * 3 - i % 3 * 15)::numeric, lower(prior_year(period)) + k * 3, prior_year(period)) AS prior, (SELECT count(DISTINCT date_trunc('month', t)) FROM generate_series(lower(period), upper(period) - 1, interval '1 day') AS t) AS buckets
    FROM generate_series(0, 100) AS k) AS s;

CREATE TABLE paced AS
SELECT *, CASE way WHEN 'calendar' THEN elapsed_share(period, as_of, calendar) WHEN 'prior' THEN elapsed_share(period, as_of, prior) WHEN 'prior and calendar' THEN elapsed_share(period, as_of, prior, calendar)
    WHEN 'weights' THEN elapsed_share(period, as_of, weights, 'month') WHEN 'weights and calendar' THEN elapsed_share(period, as_of, weights, 'month', calendar) ELSE elapsed_share(period, as_of, way) END AS share,
  CASE way WHEN 'calendar' THEN run_rate(actual, period, as_of, calendar) WHEN 'prior' THEN run_rate(actual, period, as_of, prior) WHEN 'prior and calendar' THEN run_rate(actual, period, as_of, prior, calendar)
    WHEN 'weights' THEN run_rate(actual, period, as_of, weights, 'month') WHEN 'weights and calendar' THEN run_rate(actual, period, as_of, weights, 'month', calendar) ELSE run_rate(actual, period, as_of, way) END AS rate,
  CASE way WHEN 'calendar' THEN required_rate(target, actual, period, as_of, calendar) WHEN 'prior' THEN required_rate(target, actual, period, as_of, prior)
    WHEN 'prior and calendar' THEN required_rate(target, actual, period, as_of, prior, calendar) WHEN 'weights' THEN required_rate(target, actual, period, as_of, weights, 'month')
    WHEN 'weights and calendar' THEN required_rate(target, actual, period, as_of, weights, 'month', calendar) ELSE required_rate(target, actual, period, as_of, way) END AS required
FROM line_;

CREATE FUNCTION pg_temp.about(one numeric, other numeric) RETURNS boolean
RETURN CASE WHEN one IS NULL OR other IS NULL THEN one IS NULL AND other IS NULL ELSE abs(one - other) <= 1e-9 * (1 + abs(other)) END;

CREATE TABLE result_ AS
SELECT x.*, p AS kam, plan_progress(x.target, x.actual, x.prior_year, x.prior_to_date, period, as_of, calendar, tolerance, CASE way WHEN 'months' THEN way ELSE 'days' END, prior, weights, measure => 'level') AS level
FROM paced AS x CROSS JOIN LATERAL plan_progress(x.target, x.actual, x.prior_year, x.prior_to_date, period, as_of, calendar, tolerance, CASE way WHEN 'months' THEN way ELSE 'days' END, prior, weights) AS p;

SELECT is(count(*) FILTER (WHERE (kam).target IS DISTINCT FROM target OR (kam).actual IS DISTINCT FROM actual OR (kam).prior_year IS DISTINCT FROM prior_year
    OR (kam).balance IS DISTINCT FROM target - actual OR (kam).run_rate IS DISTINCT FROM rate OR (kam).attainment IS DISTINCT FROM rate / nullif(target, 0) OR (kam).growth IS DISTINCT FROM actual - prior_year
    OR (kam).gap IS DISTINCT FROM rate / nullif(target, 0) - 1 OR (kam).achieved IS DISTINCT FROM achieved(actual, target) OR (kam).required_rate IS DISTINCT FROM required
    OR (kam).growth_like_for_like IS DISTINCT FROM actual - prior_to_date OR (kam).projected_growth IS DISTINCT FROM rate - prior_year OR (kam).elapsed_share IS DISTINCT FROM share), 0::bigint, 'what is exact, by ' || way)
FROM result_ GROUP BY way;
SELECT is(count(*) FILTER (WHERE NOT pg_temp.about((kam).prorata_target, target * share) OR NOT pg_temp.about((kam).prorata_gap, actual - target * share)), 0::bigint, 'what is due, by ' || way)
FROM result_ GROUP BY way;
SELECT is(count(*) FILTER (WHERE (kam).status IS DISTINCT FROM CASE WHEN as_of < lower(period) THEN NULL
      WHEN abs((kam).prorata_gap) <= tolerance * abs((kam).prorata_target) THEN 0 ELSE sign((kam).prorata_gap)::integer END), 0::bigint, 'status, by ' || way)
FROM result_ GROUP BY way;
-- by days a rate of 1 fills the period with its days; others by what they count
SELECT is(count(*) FILTER (WHERE NOT pg_temp.about((kam).current_rate * units * share, actual) OR ((kam).current_rate IS NULL) <> (actual IS NULL OR as_of < lower(period) OR share * units <= 0)), 0::bigint, 'current_rate times what is gone is the actual, by ' || way)
FROM (SELECT *, CASE way WHEN 'days' THEN upper(period) - lower(period) WHEN 'calendar' THEN workdays(calendar, period) WHEN 'prior' THEN total(prior) WHEN 'prior and calendar' THEN total(prior)
    WHEN 'months' THEN 12 ELSE (SELECT sum(w) FROM unnest(weights) AS w) END::numeric AS units FROM result_
  WHERE actual IS NOT NULL AND share > 0 AND (way <> 'months' OR upper(period) - lower(period) > 364)) AS x
GROUP BY way;
SELECT is(count(*) FILTER (WHERE (level).run_rate IS DISTINCT FROM CASE WHEN as_of >= lower(period) THEN actual END OR (level).prorata_target IS DISTINCT FROM target OR (level).prorata_gap IS DISTINCT FROM actual - target
    OR (level).attainment IS DISTINCT FROM CASE WHEN as_of >= lower(period) THEN actual / nullif(target, 0) END OR (level).current_rate IS NOT NULL OR (level).required_rate IS NOT NULL
    OR (level).balance IS DISTINCT FROM target - actual OR (level).elapsed_share IS DISTINCT FROM share
    OR (level).status IS DISTINCT FROM CASE WHEN as_of >= lower(period) THEN CASE WHEN abs(actual - target) <= tolerance * target THEN 0 ELSE sign(actual - target)::integer END END), 0::bigint, 'a level, by ' || way)
FROM result_ GROUP BY way;
SELECT cmp_ok(count(*) FILTER (WHERE (kam).run_rate IS NOT NULL AND share < 1), '>', 200::bigint, 'most rows have a run rate, by ' || way) FROM result_ GROUP BY way;
SELECT is((SELECT array_agg(DISTINCT (kam).status ORDER BY (kam).status) FROM result_), ARRAY[-1, 0, 1, NULL], 'each status occurs');

-- achieved
SELECT throws_ok($$SELECT achieved('NaN', 5)$$, '22023', 'actual must be a finite number, not NaN');
SELECT throws_ok($$SELECT achieved(5, 'infinity')$$, '22023', 'target must be a finite number, not infinity');
SELECT is(achieved(actual, target), expected, format('achieved(%s, %s)', actual, target))
FROM (VALUES (270000::numeric, 1200000::numeric, 0.225), (0, 5, 0), (-1, 4, -0.25), (5, 0, NULL), (0, 0, NULL), (5, -5, NULL), (NULL, 5, NULL), (5, NULL, NULL), (7, 5, 1.4)) AS x (actual, target, expected);

-- What is refused

SELECT is(pg_temp.error_of(format('SELECT plan_progress(%s)', arguments)), expected, arguments)
FROM (VALUES
  ('-1, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31''', '22023 | target must not be negative, but is -1 | Give zero or more.'),
  ('''NaN'', 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31''', '22023 | target must be a finite number, not NaN'),
  ('5, ''Infinity'', 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31''', '22023 | actual must be a finite number, not infinity'),
  ('5, 5, ''-Infinity'', 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31''', '22023 | prior_year must be a finite number, not -infinity'),
  ('5, 5, 5, ''NaN'', ''[2026-01-01,2027-01-01)'', ''2026-03-31''', '22023 | prior_to_date must be a finite number, not NaN'),
  ('5, NULL, 5, ''NaN'', ''[2026-01-01,2027-01-01)'', ''2026-03-31''', '22023 | prior_to_date must be a finite number, not NaN'),
  ('5, 5, 5, 5, ''empty'', ''2026-03-31''', '22023 | period must not be an empty range | A period has at least one day, like [2026-01-01,2027-01-01).'),
  ('5, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''infinity''', '22023 | as_of must be a finite date, not infinity'),
  ('5, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', tolerance => -0.1', '22023 | tolerance must be from 0 to 1, but is -0.1 | It is a fraction: 5 % is written 0.05.'),
  ('5, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', tolerance => 5', '22023 | tolerance must be from 0 to 1, but is 5 | It is a fraction: 5 % is written 0.05.'),
  ('5, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', tolerance => ''NaN''', '22023 | tolerance must be a finite number, not NaN'),
  ('5, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', unit => ''years''', '22023 | unknown unit: "years" | Allowed are "days" and "months". For working days give a work_calendar, for example work_calendar ''weekend sat,sun''.'),
  ('5, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', measure => ''stock''', '22023 | unknown measure: "stock" | Allowed are "flow", "level".'),
  ('5, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', unit => ''months'', calendar => work_calendar(ARRAY[''sun''])', '22023 | unit "months" and calendar are two ways of counting | Give one: unit "months", a calendar, prior or weights. A calendar may stand beside prior or weights.'),
  ('5, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', unit => ''month'', weights => ARRAY[1,1,1,1], grain => ''quarter''', '22023 | unit "months" and weights are two ways of counting | Give one: unit "months", a calendar, prior or weights. A calendar may stand beside prior or weights.'),
  ('5, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', unit => ''months'', prior => sales_series(1, ''2025-03-01'', ''[2025-01-01,2026-01-01)'')', '22023 | unit "months" and prior are two ways of counting | Give one: unit "months", a calendar, prior or weights. A calendar may stand beside prior or weights.'),
  ('5, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', weights => ARRAY[1,1,1,1], grain => ''quarter'', prior => sales_series(1, ''2025-03-01'', ''[2025-01-01,2026-01-01)'')', '22023 | prior and weights are two ways of counting | Give one: unit "months", a calendar, prior or weights. A calendar may stand beside prior or weights.'),
  ('5, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', weights => ARRAY[1,1,1,1]', '22023 | weights must have 12 elements, one for each bucket of grain "month" in the period, not 4 | Give a weight for each of them, or another grain.'),
  ('5, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', prior => sales_series(1, ''2025-03-01'', ''[2025-03-01,2026-01-01)'')', '22023 | prior must have 12 buckets of grain "month", as the period has, not 10 | Build it with prior_year(period), or by a coarser grain.')
) AS x (arguments, expected);
SELECT matches(pg_temp.error_of('SELECT plan_progress(5, 5, 5, 5, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', grain => ''moon'')'), '^22023 \| unknown grain: "moon"', 'a grain is read though there are no weights');

SELECT * FROM finish();
ROLLBACK;
