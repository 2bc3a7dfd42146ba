-- Concentration and computed limits, against plain SQL over exact numbers.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/error_of.sql
\ir ../helpers/limits.sql
\ir ../helpers/plan_of.sql
\ir ../helpers/surprises_of.sql

-- Examples

SELECT is(ARRAY[round(concentration(v), 4), round(pareto_share(v), 4)], ARRAY[customers, money], format('%s: %s', name, array_agg(v)))
FROM (VALUES
  ('ten clients, two of them give 800 of 1000', '{500,300,60,40,30,25,20,15,8,2}'::numeric[], 0.2, 0.8),
  ('one', '{7}', 1, 1),
  ('equal', '{5,5,5,5,5}', 0.8, 0.2),
  ('a cent short of 80 %', '{79.99,20.01}', 1, 0.7999),
  ('80 % exactly', '{80.00,20}', 0.5, 0.8),
  ('zero and returns are customers', '{80,20,0,-5}', 0.25, 0.8),
  ('returns do not make the total less', '{10,10,-1000}', 0.6667, 0.5),
  ('nothing above zero', '{0,-5}', NULL, NULL),
  ('only NULL', '{NULL,NULL}', NULL, NULL),
  ('NULL among others', '{NULL,80,NULL,20}', 0.5, 0.8),
  ('huge', '{9e36,1e36}', 0.5, 0.9),
  ('tiny', '{1e-37,1e-38}', 0.5, 0.9091),
  ('huge and tiny', '{1e19,1e-18}', 0.5, 1),
  ('more than 64 bits', '{9223372036854775808,9223372036854775807,-9223372036854775809}', 0.6667, 0.5)
) AS x (name, given, customers, money), unnest(given) AS v
GROUP BY name, given, customers, money;

SELECT is(concentration(v, share), customers::numeric / 4, format('%s of the money', share))
FROM unnest('{40,30,20,10}'::numeric[]) AS v,
  (VALUES (0, 0), (0.0001, 1), (0.4, 1), (0.4000000001, 2), (0.7, 2), (0.8, 3), (0.9, 3), (0.900000000000000000000000000001, 4), (1.000, 4)) AS x (share, customers)
GROUP BY share, customers;
SELECT is(pareto_share(v, top), money, format('the top %s', top))
FROM unnest('{40,30,20,10}'::numeric[]) AS v,
  (VALUES (0, 0), (0.0001, 0.4), (0.25, 0.4), (0.2500000001, 0.7), (0.5, 0.7), (0.51, 0.9), (0.75, 0.9), (1, 1.0)) AS x (top, money)
GROUP BY top, money;
SELECT is(pareto_share(v, 1), 1.0, 'all of the customers make all of the money, though some return') FROM unnest('{40,30,-20}'::numeric[]) AS v;
SELECT is(concentration(v, 1), 0.5, 'and those that buy are enough') FROM unnest('{40,30,-20,0}'::numeric[]) AS v;
SELECT is(ARRAY[concentration(v), pareto_share(v)], ARRAY[concentration(v, 0.8), pareto_share(v, 0.20)], 'what is the default') FROM generate_series(1, 50) AS v;
SELECT is(concentration(v, CASE i % 3 WHEN 0 THEN 0.8 WHEN 1 THEN 0.80 ELSE 0.800000 END), concentration(v), 'settings are the same when they are equal')
FROM generate_series(1, 50) AS i, LATERAL (SELECT i::numeric AS v) AS x;
SELECT is(concentration(v, s), 0.5, 'a row without a setting is no row') FROM (VALUES (1::numeric, NULL::numeric), (8, 0.8), (2, 0.8)) AS x (v, s);

SELECT is(pg_temp.limits_shown(abc_limits(v)) || ' ' || (abc_limits(v)).cutoffs::text, expected, format('limits of %s', given))
FROM (VALUES
  -- A ends at (0.2, 0.8), B with 60 at (0.3, 0.86): its distance to (0.2, 1) is sqrt(0.0296), those beside it have 0.04 and 0.05
  ('{500,300,60,40,30,25,20,15,8,2}'::numeric[], '300 60 2 1 7 0.800000000000000 0.060000000000000 {0.8000,0.8600}'),
  ('{7}', '7 none 1 0 0 1.000000000000000 0.000000000000000 {0.9999,1.0000}'),
  ('{7,0,-1,NULL}', '7 none 1 0 2 1.000000000000000 0.000000000000000 {0.9999,1.0000}'),
  ('{5,5,5}', '5 none 3 0 0 1.000000000000000 0.000000000000000 {0.9999,1.0000}'),
  -- (1/2, 3/4) has 0.3125 to (0, 1)
  ('{3,1}', '3 none 1 0 1 0.750000000000000 0.000000000000000 {0.7499,0.7500}'),
  -- the break-even point (4/8) comes after the Pareto point (2/8)
  ('{30,30,13,13,4,4,3,3}', '30 13 2 2 4 0.600000000000000 0.260000000000000 {0.6000,0.8600}'),
  -- the break-even point (1/5) comes before the Pareto point (2/5)
  ('{55,19,10,9,7}', '55 10 1 2 2 0.550000000000000 0.290000000000000 {0.5500,0.8400}')
) AS x (given, expected), unnest(given) AS v
GROUP BY given, expected;
SELECT is(abc_limits(v), NULL, 'no limits without money') FROM unnest('{0,-5,NULL}'::numeric[]) AS v;
-- two points at the same distance: (1/5, 3/5) and (2/5, 4/5) have 0.2 to (0, 1), and the first wins
SELECT is((abc_limits(v)).a_customers, 1::bigint, 'of two points that are as near, the first') FROM unnest('{12,4,2,1,1}'::numeric[]) AS v;

-- Random groups with ties, zeros, returns, NULLs; few and many; small, huge and with many decimals

CREATE TABLE sales AS
SELECT i, g, CASE
    WHEN noise % 97 = 0 THEN NULL
    WHEN noise % 31 = 0 THEN 0
    WHEN noise % 29 = 0 THEN -(noise % 1000)::numeric
    ELSE CASE g % 9
      WHEN 0 THEN (noise % 5 + 1)::numeric
      WHEN 1 THEN round(exp(noise % 1000 / 100.0)::numeric, 2)
      WHEN 2 THEN (noise % 1000000) * 0.01
      WHEN 3 THEN round(exp(noise % 600 / 10.0)::numeric, 0)
      WHEN 4 THEN (noise % 9007199254740991) * 1e15
      WHEN 5 THEN (noise % 1000) * 1e-20
      WHEN 6 THEN 1e18 + noise % 3
      WHEN 7 THEN round((1000000 / (1 + noise % 300))::numeric, 3)
      WHEN 8 THEN (CASE noise % 40 WHEN 1 THEN 9e29 ELSE noise % 100 * 1e-7 END)
    END
  END AS v
FROM generate_series(0, 539) AS g, LATERAL generate_series(1, CASE g % 5 WHEN 0 THEN 1 + g % 4 WHEN 1 THEN 10 WHEN 2 THEN 41 ELSE 90 END) AS i,
  LATERAL (SELECT hashint8extended(g * 1000 + i, 7) & 9007199254740991 AS noise) AS n;
CREATE TABLE plain AS
SELECT g, pg_temp.limits_of(array_agg(v)) AS limits, pg_temp.concentration_of(array_agg(v), 0.8) AS c80, pg_temp.concentration_of(array_agg(v), 0.333) AS c33,
  pg_temp.pareto_of(array_agg(v), 0.2) AS p20, pg_temp.pareto_of(array_agg(v), 0.055) AS p5
FROM sales GROUP BY g;
SELECT cmp_ok(count(limits) FILTER (WHERE limits NOT LIKE '%none%'), '>', 300::bigint, 'most groups have three classes') FROM plain;
SELECT cmp_ok(count(limits) FILTER (WHERE limits LIKE '%none%'), '>', 20::bigint, 'some have none in B') FROM plain;

CREATE FUNCTION pg_temp.differing(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  outcome text;
BEGIN
  EXECUTE format('SELECT string_agg(concat_ws('' '', g, k, p), ''; '' ORDER BY g) FROM (%s) AS k FULL JOIN plain AS p USING (g)
    WHERE (k.limits, k.c80, k.c33, k.p20, k.p5) IS DISTINCT FROM (p.limits, p.c80, p.c33, p.p20, p.p5)', query) INTO outcome;
  RETURN left(outcome, 2000);
END $$;
\set raw 'abc_limits(v) AS l, concentration(v) AS c80, concentration(v, 0.333) AS c33, pareto_share(v) AS p20, pareto_share(v, 0.055) AS p5'
SELECT format('SELECT g, pg_temp.limits_shown(l) AS limits, c80, c33, p20, p5 FROM (SELECT g, %s FROM sales GROUP BY g) AS x', :'raw') AS figures \gset
SELECT is(pg_temp.differing(:'figures'), NULL, 'all figures of all groups, as plain SQL has them');
SELECT is(pg_temp.differing(format('SELECT g, pg_temp.limits_shown(abc_limits(v ORDER BY %1$s)) AS limits, concentration(v ORDER BY %1$s) AS c80, concentration(v, 0.333 ORDER BY %1$s) AS c33, pareto_share(v ORDER BY %1$s) AS p20, pareto_share(v, 0.055 ORDER BY %1$s) AS p5 FROM sales GROUP BY g', way)),
  NULL, 'in the order of ' || way)
FROM unnest(ARRAY['v', 'v DESC NULLS LAST', 'md5(i::text)', 'scale(v), i DESC']) AS way;

-- The cut-offs make the same classes

CREATE TABLE classed AS
SELECT g, v, (l).*, abc_class(v, (l).cutoffs) OVER (PARTITION BY g) AS class
FROM sales JOIN (SELECT g, abc_limits(v) AS l FROM sales GROUP BY g) AS x USING (g)
WHERE (l).cutoffs IS NOT NULL;
SELECT is_empty('SELECT g, cutoffs, a_customers, b_customers, c_customers FROM classed GROUP BY 1, 2, 3, 4, 5
  HAVING (a_customers, b_customers, c_customers) IS DISTINCT FROM (count(*) FILTER (WHERE class = ''A''), count(*) FILTER (WHERE class = ''B''), count(*) FILTER (WHERE class = ''C''))',
  'abc_class at the cut-offs has as many customers in each class');
SELECT is_empty('SELECT g, v, class, cutoffs, a_from, b_from FROM classed
  WHERE class IS DISTINCT FROM CASE WHEN v IS NULL THEN NULL WHEN v >= a_from THEN ''A'' WHEN v >= b_from THEN ''B'' ELSE ''C'' END', 'and the same ones');
SELECT is_empty('SELECT cutoffs FROM classed WHERE cutoffs[1] >= cutoffs[2] OR cutoffs[1] <= 0 OR cutoffs[2] > 1 OR scale(cutoffs[1]) <> scale(cutoffs[2])', 'they rise, from above 0 to at most 1');
SELECT is_empty('SELECT cutoffs, a_share, b_share FROM classed WHERE b_customers > 0 AND (cutoffs[1], cutoffs[2]) IS DISTINCT FROM (trunc(a_share, scale(cutoffs[1])), trunc(a_share + b_share, scale(cutoffs[2]))) AND abs(cutoffs[2] - a_share - b_share) > 1e-15',
  'and are the shares, cut');
CREATE FUNCTION pg_temp.counts_agree(given numeric[]) RETURNS boolean LANGUAGE sql AS $$
  SELECT ((l).a_customers, (l).b_customers, (l).c_customers) = (count(*) FILTER (WHERE class = 'A'), count(*) FILTER (WHERE class = 'B'), count(*) FILTER (WHERE class = 'C'))
    AND pg_temp.limits_shown(l) = pg_temp.limits_of(given)
  FROM (SELECT abc_limits(v) AS l FROM unnest(given) AS v) AS x, LATERAL (SELECT abc_class(v, (l).cutoffs) OVER () AS class FROM unnest(given) AS v) AS y GROUP BY l
$$;
SELECT ok(pg_temp.counts_agree(given), 'hostile values: ' || left(given::text, 60))
FROM (VALUES ('{90000000000000000000000000000000000000,1}'::numeric[]), ('{1,1,90000000000000000000000000000000000000}'), ('{0.9,0.00000000000000000000000000000000000001}'),
  ('{50000000000000000000000000000000000000,49999999999999999999999999999999999999}'), ('{33333333333333333333333333333333333333,33333333333333333333333333333333333333,33333333333333333333333333333333333333}'),
  ('{9223372036854775807,9223372036854775807,9223372036854775806}'), ('{9223372036854775807,0.1,0.1}'), ('{3,2,1,0.000000000000000000000001}')) AS x (given);

-- The curve

CREATE TABLE curve AS
SELECT g, points, pareto_points(v, points) AS curve, count(v) AS n, bool_or(v > 0) AS money FROM sales, unnest(ARRAY[2, 3, 7, 41, 42, 1000]) AS points GROUP BY 1, 2;
SELECT is_empty('SELECT g, points, curve FROM curve WHERE (curve IS NULL) <> (money IS NOT TRUE)', 'a curve where there is money');
SELECT is_empty('SELECT g, points, curve FROM curve WHERE money AND (curve[1] <> ROW(0, 0)::pareto_point OR curve[cardinality(curve)] <> ROW(1, 1)::pareto_point)', 'from (0,0) to (1,1)');
SELECT is_empty('SELECT g, points, curve FROM curve WHERE money AND cardinality(curve) <> least(points, n + 1)', 'as many points as were asked for, or all');
CREATE TABLE curve_point AS
SELECT g, points, n, no, cardinality(curve) AS count, customer_share AS x, value_share AS y FROM curve, unnest(curve) WITH ORDINALITY AS p (customer_share, value_share, no) WHERE money;
SELECT is_empty('SELECT * FROM (SELECT *, lag(x) OVER w AS x0, lag(y) OVER w AS y0 FROM curve_point WINDOW w AS (PARTITION BY g, points ORDER BY no)) AS p WHERE x <= x0 OR y < y0', 'that rises');
SELECT is_empty('SELECT * FROM curve_point WHERE x IS DISTINCT FROM trim_scale((div((no - 1) * n, count - 1) / n))', 'evenly spread');
SELECT is_empty('SELECT g, points, no, x, y FROM curve_point JOIN (SELECT g, array_agg(v) AS given FROM sales GROUP BY g) AS s USING (g) WHERE points = 7 AND y <> pg_temp.pareto_of(given, trunc(x, 15))',
  'and shows the share of the top customers');

-- Many values, and scales and widths that grow on the way

SELECT is(ARRAY[concentration(v), pareto_share(v)], ARRAY[pg_temp.concentration_of(array_agg(v), 0.8), pg_temp.pareto_of(array_agg(v), 0.2)], 'many values')
FROM (SELECT (hashint8extended(i, 3) & 65535)::numeric AS v FROM generate_series(1, 60000) AS i) AS x;
SELECT is(ARRAY[concentration(v ORDER BY i), concentration(v ORDER BY i DESC)], ARRAY[r, r], 'values that get more decimals and digits')
FROM (SELECT i, trunc(7, i % 20) * CASE WHEN i > 150 THEN 1e15 ELSE 1 END AS v FROM generate_series(1, 200) AS i) AS x,
  (SELECT pg_temp.concentration_of(array_agg(7 * CASE WHEN i > 150 THEN 1e15 ELSE 1 END), 0.8) AS r FROM generate_series(1, 200) AS i) AS y GROUP BY r;

-- Merging

CREATE FUNCTION pg_temp.state(v numeric) RETURNS bytea RETURN values_accumulate(NULL, v);
CREATE FUNCTION pg_temp.state(v numeric, share numeric) RETURNS bytea RETURN concentration_accumulate(NULL, v, share);
SELECT is(pg_temp.limits_shown(abc_limits_final(values_combine(pg_temp.state(a), pg_temp.state(b)))), pg_temp.limits_of(ARRAY[a, b]), format('%s and %s', a, b))
FROM (VALUES (1::numeric, 2::numeric), (2, 0.001), (0.001, 2), (9e18, 9e18), (9e18, 1e-10), (1e-10, 9e18), (1e25, 1), (1, 1e25), (5, -3), (1e18, 0.99)) AS x (a, b);
CREATE AGGREGATE pg_temp.unfinished(numeric) (SFUNC = values_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.unfinished(numeric, numeric) (SFUNC = concentration_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.merged(bytea) (SFUNC = values_combine, STYPE = bytea);
SELECT is(pg_temp.limits_shown(abc_limits_final(s)), limits, 'the merged states of groups, whose scales differ')
FROM (SELECT pg_temp.merged(s) AS s FROM (SELECT pg_temp.unfinished(v) AS s FROM sales WHERE g % 9 IN (0, 1, 2, 3, 7) GROUP BY g) AS x) AS x,
  (SELECT pg_temp.limits_of(array_agg(v)) AS limits FROM sales WHERE g % 9 IN (0, 1, 2, 3, 7)) AS y;
SELECT is(concentration_final(s), pg_temp.concentration_of(given, 0.333), 'with a setting')
FROM (SELECT pg_temp.merged(s) AS s FROM (SELECT pg_temp.unfinished(v, 0.333) AS s FROM sales WHERE g % 9 IN (1, 7) GROUP BY g) AS x) AS x,
  (SELECT array_agg(v) AS given FROM sales WHERE g % 9 IN (1, 7)) AS y;

ANALYZE sales;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SELECT matches(pg_temp.plan_of(format('SELECT g, %s FROM sales GROUP BY g', :'raw')), 'Partial .*Aggregate', 'workers share the work');
SELECT is(pg_temp.differing(:'figures'), NULL, 'and come to the same');
SELECT matches(pg_temp.plan_of('SELECT abc_limits(v) FROM sales WHERE g % 9 < 3'), 'Partial Aggregate', 'and that of one large group');
SELECT is(pg_temp.limits_shown(abc_limits(v)), (SELECT pg_temp.limits_of(array_agg(v)) FROM sales WHERE g % 9 < 3), 'to the same') FROM sales WHERE g % 9 < 3;
RESET max_parallel_workers_per_gather;
SET LOCAL max_parallel_workers_per_gather = 0;

SET LOCAL work_mem = '64kB';
SET LOCAL enable_sort = off;
SELECT is(pg_temp.differing(:'figures'), NULL, 'with little memory');
RESET work_mem;
RESET enable_sort;
SELECT results_eq('SELECT g % 7, concentration(v), abc_limits(v)::text FROM sales WHERE g % 9 IN (0, 1, 2, 7) GROUP BY GROUPING SETS ((g % 7), ()) ORDER BY 1',
  'SELECT * FROM (SELECT g % 7, concentration(v), abc_limits(v)::text FROM sales WHERE g % 9 IN (0, 1, 2, 7) GROUP BY 1 UNION ALL SELECT NULL, concentration(v), abc_limits(v)::text FROM sales WHERE g % 9 IN (0, 1, 2, 7)) AS x ORDER BY 1', 'by group and for all');

-- As a window aggregate over frames
SELECT is(count(*), 0::bigint, 'over a moving frame') FROM (
  SELECT concentration(v, 0.333) OVER w AS c, pg_temp.limits_shown(abc_limits(v) OVER w) AS l, array_agg(v) OVER w AS given
  FROM sales WHERE g % 9 IN (0, 1, 4) AND g < 100 WINDOW w AS (PARTITION BY g ORDER BY i ROWS 12 PRECEDING)) AS x
WHERE c IS DISTINCT FROM pg_temp.concentration_of(given, 0.333) OR l IS DISTINCT FROM pg_temp.limits_of(given);

-- Hostile states: the state is a bytea, which anybody can make

SELECT is(pg_temp.error_of(format('SELECT %s(%L)', final, state)), 'XX001 | malformed state of values of ' || length(state) + 4 || ' bytes', format('%s(%s…)', final, left(state::text, 20)))
FROM unnest('{abc_limits_final,concentration_final,pareto_share_final,pareto_points_final}'::text[]) AS final,
  unnest(ARRAY['\x', '\x00', decode(repeat('00', 28), 'hex'), decode(repeat('00', 100), 'hex'), decode(repeat('ff', 100), 'hex')]::bytea[]) AS state;
SELECT is(pg_temp.error_of(query), 'XX001 | malformed state of values of 96 bytes', query)
FROM unnest(ARRAY[
  'SELECT values_combine(pg_temp.state(1), pg_temp.state(1, 0.5))',
  'SELECT pareto_share_final(pg_temp.state(1, 0.5))',
  'SELECT pareto_points_final(pg_temp.state(1, 0.5))',
  'SELECT abc_limits_final(pg_temp.state(1, 0.5))',
  'SELECT concentration_accumulate(pg_temp.state(1), 1, 0.5)']) AS query;
SELECT is(pg_temp.error_of('SELECT values_combine(pg_temp.state(1, 0.25), pg_temp.state(1, 0.5))'), '22023 | share must be the same for all rows of a group | Give one value, or name the column that decides it in GROUP BY.', 'settings that differ are found out by merging');
SELECT is(pg_temp.error_of(format('SELECT pareto_points_final(set_byte(%L, 12, 1))', pareto_points_accumulate(NULL, 5, 2))), 'XX001 | malformed state of values of 96 bytes', 'points that nobody may ask for');
SELECT is(pg_temp.error_of(format('SELECT %s_final(set_byte(%L, 12, 11))', kind, state)), 'XX001 | malformed state of values of 96 bytes', 'a fraction above 1: ' || kind)
FROM (VALUES ('concentration', concentration_accumulate(NULL, 5, 0.8)), ('pareto_share', pareto_share_accumulate(NULL, 5, 0.2))) AS x (kind, state);
SELECT is(concentration_final(set_byte(concentration_accumulate(NULL, 5, 0.8), 12, 10)), 1::numeric, 'and the whole is none');
SELECT is(pg_temp.error_of(format('SELECT concentration_final(set_byte(%L, 28, 201))', pg_temp.state(1))), 'XX001 | malformed state of values of 96 bytes', 'a value with more digits than the state says');
SELECT is(pg_temp.error_of(format('SELECT concentration_final(set_byte(%L, 4, 9))', pg_temp.state(1))), 'XX001 | malformed state of values of 96 bytes', 'more values than there are');

CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text RETURN pg_temp.surprises_of(state, ARRAY[
    'SELECT abc_limits_final($1)',
    'SELECT concentration_final($1)',
    'SELECT pareto_share_final($1)',
    'SELECT pareto_points_final($1)',
    'SELECT values_combine($1, $1)',
    'SELECT values_combine($1, pg_temp.state(7))',
    'SELECT values_combine(pg_temp.state(1.5), $1)',
    'SELECT values_accumulate($1, 1.5)',
    'SELECT concentration_accumulate($1, 1e25, 0.5)',
    'SELECT pareto_points_accumulate($1, 1, 5)',
    -- inside an aggregate only the header is checked; nothing may be read or written outside all the same
    'SELECT abc_limits_final(pg_temp.merged(s)) FROM unnest(ARRAY[$1, $1, $1]) AS s'],
  'XX001', '22003', '22023');
CREATE TABLE states (kind text, state bytea);
ALTER TABLE states ALTER state SET STORAGE plain;
INSERT INTO states
SELECT 'narrow', pg_temp.unfinished(i) FROM generate_series(1, 3) AS i UNION ALL
SELECT 'wide', pg_temp.unfinished(i * 9e18) FROM generate_series(1, 3) AS i UNION ALL
SELECT 'setting', pg_temp.unfinished(i, 0.5) FROM generate_series(1, 9) AS i UNION ALL
SELECT 'points', pareto_points_accumulate(NULL, 5, 3);
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(state, i, value)), ''), '; '), NULL, 'a state with any one byte changed: refused, or a number: ' || kind)
FROM states, LATERAL generate_series(0, length(state) - 1) AS i, unnest(ARRAY[0, 1, 3, 24, 64, 255]) AS value GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(substr(state, 1, i)), ''), '; '), NULL, 'a state cut anywhere: refused: ' || kind)
FROM states, LATERAL generate_series(0, length(state)) AS i GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(overlay(state PLACING decode(md5(i::text) || md5((-i)::text), 'hex') FROM 1 + i % (length(state) - 32))), ''), '; '), NULL, 'a state with noise in it: refused, or a number: ' || kind)
FROM states, generate_series(1, 300) AS i GROUP BY kind;

CREATE AGGREGATE pg_temp.begun_badly(numeric) (SFUNC = values_accumulate, STYPE = bytea, FINALFUNC = abc_limits_final, INITCOND = 'nonsense');
SELECT is(pg_temp.error_of('SELECT pg_temp.begun_badly(1)'), 'XX001 | malformed state of values of 12 bytes', 'a bad first state');
CREATE TABLE before AS SELECT kind, state::text AS state FROM states;
SELECT is(count(*), 2::bigint, 'states can be used by hand')
FROM states WHERE kind IN ('narrow', 'wide') AND values_combine(state, state) <> state AND values_accumulate(state, 7) <> state AND abc_limits_final(state) IS NOT NULL AND concentration_final(state) > 0;
SELECT is(count(*), 4::bigint, 'and stay as they were') FROM states JOIN before USING (kind) WHERE states.state::text = before.state;

-- What is refused

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT abc_limits(''NaN'')', '22023 | value must be a finite number, not NaN'),
  ('SELECT concentration(''Infinity'')', '22023 | value must be a finite number, not infinity'),
  ('SELECT pareto_share(''-Infinity'', 0.2)', '22023 | value must be a finite number, not -infinity'),
  ('SELECT concentration(1, ''NaN'')', '22023 | share must be a finite number, not NaN'),
  ('SELECT concentration(1, 80)', '22023 | share must be from 0 to 1, but is 80 | It is a fraction: 5 % is written 0.05.'),
  ('SELECT concentration(NULL, 80)', '22023 | share must be from 0 to 1, but is 80 | It is a fraction: 5 % is written 0.05.'),
  ('SELECT concentration(1, -0.1)', '22023 | share must be from 0 to 1, but is -0.1 | It is a fraction: 5 % is written 0.05.'),
  ('SELECT pareto_share(1, 20)', '22023 | top must be from 0 to 1, but is 20 | It is a fraction: 5 % is written 0.05.'),
  ('SELECT pareto_share(1, 1e-31)', '22023 | top has 31 decimals | Up to 30 are allowed.'),
  ('SELECT pareto_points(1, 1)', '22023 | points must be from 2 to 100000, but is 1 | A chart of 100 points looks like the whole curve.'),
  ('SELECT pareto_points(1, 100001)', '22023 | points must be from 2 to 100000, but is 100001 | A chart of 100 points looks like the whole curve.'),
  ('SELECT concentration(1, s) FROM unnest(ARRAY[0.5, 0.500, 0.51]) AS s', '22023 | share must be the same for all rows of a group | Give one value, or name the column that decides it in GROUP BY.'),
  ('SELECT concentration(NULL, s) FROM unnest(ARRAY[0.5, 0.51]) AS s', '22023 | share must be the same for all rows of a group | Give one value, or name the column that decides it in GROUP BY.'),
  ('SELECT pareto_share(1, s) FROM unnest(ARRAY[0.5, 0.51]) AS s', '22023 | top must be the same for all rows of a group | Give one value, or name the column that decides it in GROUP BY.'),
  ('SELECT pareto_points(1, s) FROM unnest(ARRAY[5, 6]) AS s', '22023 | points must be the same for all rows of a group | Give one value, or name the column that decides it in GROUP BY.'),
  ('SELECT abc_limits(1e38)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT abc_limits(v) FROM unnest(ARRAY[1e30, 1e-10]) AS v', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT concentration(v) FROM unnest(ARRAY[6e37, 6e37]) AS v', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
