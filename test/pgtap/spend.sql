-- Efficiency, cost, change and return of spend, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/error_of.sql

SELECT is(ARRAY[spend_efficiency(volume, spend), cost_per_unit(spend, volume)], ARRAY[efficiency, cost], format('%s for %s', volume, spend))
FROM (VALUES (80, 100, 0.8, 1.25), (120, 100, 1.2, 100 / 120.0), (100, 0, NULL, 0), (100, -5, NULL, -0.05), (0, 100, 0, NULL), (-20, 100, -0.2, NULL), (0, 0, NULL, NULL), (-1, -1, NULL, NULL),
             (NULL, 100, NULL, NULL), (100, NULL, NULL, NULL), (1e200, 1e200, 1, 1), (1e-400, 1e-400, 1, 1)) AS v (volume, spend, efficiency, cost);
SELECT is(trade_roi(margin, spend), expected, format('a margin of %s for %s', margin, spend))
FROM (VALUES (150, 100, 0.5), (100, 100, 0), (40, 100, -0.6), (0, 100, -1), (-10, 100, -1.1), (150, 0, NULL), (0, 0, NULL), (150, -5, NULL), (NULL, 100, NULL), (150, NULL, NULL), (3e100, 1e100, 2)) AS v (margin, spend, expected);
SELECT is(spend_ahead(spend, budget, volume, target), expected, format('%s of %s spent for %s of %s', spend, budget, volume, target))
FROM (VALUES (60, 100, 500, 1000, true), (50, 100, 500, 1000, false), (49, 100, 500, 1000, false), (0, 100, 0, 1000, false), (0, 100, -5, 1000, true), (1, 100, 0, 1000, true), (-1, 100, 0, 1000, false), (120, 100, 1100, 1000, true),
             (1, 3, 0.33333333333333333333333333333333333333, 1, true), (1, 3, 0.33333333333333333333333333333333333334, 1, false), (1, 3, 1e50, 3e50, false), (1, 3, 1e50 - 1, 3e50, true),
             (60, 0, 500, 1000, NULL), (60, -1, 500, 1000, NULL), (60, 100, 500, 0, NULL), (60, 100, 500, -1, NULL), (NULL, 100, 500, 1000, NULL), (60, NULL, 500, 1000, NULL), (60, 100, NULL, 1000, NULL), (60, 100, 500, NULL, NULL)) AS v (spend, budget, volume, target, expected);

-- 100 brought 80 cases, and now 120
SELECT is(ARRAY[efficiency_before, efficiency_now, efficiency_change, cost_before, round(cost_now, 4), round(cost_change, 4), incremental], ARRAY[0.8, 1.2, 0.5, 1.25, 0.8333, -0.3333, NULL], '80 for 100, then 120 for 100') FROM spend_change(80, 100, 120, 100);

SELECT is(quadrant, expected, format('spend %s, volume %s', spend, volume))
FROM (VALUES (1, 1, 'expanded'), (1, 0, 'wasted'), (1, -1, 'wasted'), (0, 1, 'improved'), (0, 0, 'unchanged'), (0, -1, 'wasted'), (-1, 1, 'improved'), (-1, 0, 'improved'), (-1, -1, 'reduced')) AS v (spend, volume, expected), spend_change(80, 100, 80 + volume * 0.001, 100 + spend * 0.001);
SELECT is(quadrant, expected, format('as small as %s', small)) FROM (VALUES (1e-400, 'expanded'), (0, 'unchanged')) AS v (small, expected), spend_change(0, 0, small, small);

-- an unknown number, before or now
SELECT is(spend_change(a, b, c, d), NULL, 'NULL gives NULL') FROM (VALUES (NULL::numeric, 1::numeric, 1::numeric, 1::numeric), (1, NULL, 1, 1), (1, 1, NULL, 1), (1, 1, 1, NULL)) AS v (a, b, c, d);
SELECT is(c::text, expected, format('spend_change(%s, %s, %s, %s)', v1, s1, v2, s2))
FROM (VALUES
  (0, 0, 50, 100, '(,0.50000000000000000000,,,2.0000000000000000,,0.50000000000000000000,expanded)'),
  (50, 100, 0, 0, '(0.50000000000000000000,,,2.0000000000000000,,,0.50000000000000000000,reduced)'),
  (50, 100, -10, 100, '(0.50000000000000000000,-0.10000000000000000000,-1.2000000000000000,2.0000000000000000,,,,wasted)'),
  (-10, 100, 50, 100, '(-0.10000000000000000000,0.50000000000000000000,,,2.0000000000000000,,,improved)'),
  (50, -5, 50, 100, '(,0.50000000000000000000,,-0.10000000000000000000,2.0000000000000000,,0.00000000000000000000,wasted)'),
  (50, 100, 50, 0, '(0.50000000000000000000,,,2.0000000000000000,0.00000000000000000000,-1.00000000000000000000,0.00000000000000000000,improved)')
) AS v (v1, s1, v2, s2, expected), spend_change(v1, s1, v2, s2) AS c;

-- Random numbers against plain SQL, hostile ones among them

SELECT setseed(0.42);
CREATE TABLE pool AS SELECT i, n FROM unnest(ARRAY[0, 1, -1, 0.10, -0.00, 3, 100, 1e30, -1e30, 1e-20, 9.99e37, 123456789012345678901234567890.123]) WITH ORDINALITY AS u (n, i);
CREATE TABLE pair AS
SELECT i AS id, round((random() * 200 - 30)::numeric, i % 4) AS v1, round((random() * 200 - 30)::numeric, i % 3) AS s1, round((random() * 200 - 30)::numeric * 10.0 ^ (i % 9), i % 5) AS v2, round((random() * 200 - 30)::numeric, i % 4) AS s2
FROM generate_series(1, 5000) AS i
UNION ALL
SELECT 10000 + 1728 * a.i + 144 * b.i + 12 * c.i + d.i, a.n, b.n, c.n, d.n FROM pool AS a, pool AS b, pool AS c, pool AS d WHERE (a.i + b.i + c.i + d.i) % 5 = 0;

SELECT is(count(*), 0::bigint, 'efficiency, cost, return, to the last digit') FROM pair
WHERE spend_efficiency(v1, s1)::text IS DISTINCT FROM CASE WHEN s1 > 0 THEN (v1 / s1)::text END
   OR cost_per_unit(s1, v1)::text IS DISTINCT FROM CASE WHEN v1 > 0 THEN (s1 / v1)::text END
   OR trade_roi(v1, s1)::text IS DISTINCT FROM CASE WHEN s1 > 0 THEN ((v1 - s1) / s1)::text END;
SELECT is(count(*), 0::bigint, 'spend_ahead') FROM pair
WHERE spend_ahead(s1, s2, v1, v2) IS DISTINCT FROM CASE WHEN s2 > 0 AND v2 > 0 THEN s1 * v2 > v1 * s2 END;
SELECT is(count(*), 0::bigint, 'the columns of spend_change')
FROM pair, spend_change(v1, s1, v2, s2) AS c
WHERE (c.efficiency_before, c.efficiency_now, c.cost_before, c.cost_now)::text IS DISTINCT FROM (spend_efficiency(v1, s1), spend_efficiency(v2, s2), cost_per_unit(s1, v1), cost_per_unit(s2, v2))::text
   OR c.efficiency_change IS DISTINCT FROM CASE WHEN v1 > 0 AND s1 > 0 AND s2 > 0 THEN (v2 * s1 - v1 * s2) / (v1 * s2) END
   OR c.cost_change IS DISTINCT FROM CASE WHEN v1 > 0 AND s1 > 0 AND v2 > 0 THEN (s2 * v1 - s1 * v2) / (s1 * v2) END
   OR c.incremental IS DISTINCT FROM CASE WHEN s1 <> s2 THEN (v2 - v1) / (s2 - s1) END
   OR c.quadrant IS DISTINCT FROM CASE (1 + sign(s2 - s1)) * 3 + 1 + sign(v2 - v1) WHEN 0 THEN 'reduced' WHEN 1 THEN 'improved' WHEN 2 THEN 'improved' WHEN 3 THEN 'wasted' WHEN 4 THEN 'unchanged' WHEN 5 THEN 'improved' WHEN 6 THEN 'wasted' WHEN 7 THEN 'wasted' ELSE 'expanded' END;
SELECT is(count(*), 0::bigint, 'a change is that of the ratios')
FROM pair, spend_change(v1, s1, v2, s2) AS c
WHERE id < 10000 AND v1 > 1 AND s1 > 1 AND s2 > 1 AND v2 > 1
  AND (abs(c.efficiency_change - (c.efficiency_now / c.efficiency_before - 1)) > 1e-9 * (1 + abs(c.efficiency_change)) OR abs(c.cost_change - (c.cost_now / c.cost_before - 1)) > 1e-9
    OR abs((1 + c.efficiency_change) * (1 + c.cost_change) - 1) > 1e-9);
SELECT is(count(DISTINCT c.quadrant), 5::bigint, 'all quadrants') FROM pair, spend_change(v1, s1, v2, s2) AS c;

-- An allocation by share of revenue keeps every cent
SELECT is(count(*), 0::bigint, 'unassigned spend over brands')
FROM (SELECT i, round((random() * 10000)::numeric, 2) AS unassigned, ARRAY(SELECT round((random() * 1000)::numeric, 2) FROM generate_series(1, 1 + i % 9)) AS revenue FROM generate_series(1, 500) AS i) AS p
WHERE (SELECT sum(part) FROM unnest(target_split(unassigned, revenue)) AS part) IS DISTINCT FROM CASE WHEN (SELECT sum(r) FROM unnest(revenue) AS r) > 0 THEN unassigned END;

-- What is refused

SELECT is(pg_temp.error_of(format('SELECT %s(%s)', name, (SELECT string_agg(CASE WHEN i = wrong THEN quote_literal(value) ELSE '1' END, ', ' ORDER BY i) FROM generate_series(1, cardinality(arguments)) AS i))),
  format('22023 | %s must be a finite number, not %s', arguments[wrong], value), format('%s: %s of %s', name, arguments[wrong], value))
FROM (VALUES ('spend_efficiency', '{volume,spend}'::text[]), ('cost_per_unit', '{spend,volume}'), ('spend_change', '{volume_before,spend_before,volume_now,spend_now}'), ('spend_ahead', '{spend,budget,volume,target}'), ('trade_roi', '{margin,spend}')) AS f (name, arguments),
  LATERAL generate_series(1, cardinality(arguments)) AS wrong, unnest(ARRAY['NaN', 'infinity', '-infinity']) AS value;
SELECT is(pg_temp.error_of('SELECT spend_change(1e131000, 1e131000, 1e131000, 2)'), '22003 | value overflows numeric format', 'numbers that no numeric can multiply');

SELECT * FROM finish();
ROLLBACK;
