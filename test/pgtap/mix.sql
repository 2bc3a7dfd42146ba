-- The deviation of a mix from its plan, against plain SQL over exact numbers.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/error_of.sql

-- By hand

SELECT is(round(mix_deviation(p, a), 10), expected, format('%s: %s against %s', name, actual, plan))
FROM (VALUES
  ('70/20/10 sold, 50/30/20 planned', '{0.50,0.30,0.20}'::numeric[], '{700,200,100}'::numeric[], 0.2::numeric),
  ('the plan in amounts', '{5000,3000,2000}', '{700,200,100}', 0.2),
  ('the plan in percent', '{50,30,20}', '{700,200,100}', 0.2),
  ('as planned', '{50,30,20}', '{5,3,2}', 0),
  ('as planned, with other decimals', '{0.50,0.3,0.2000}', '{5.00,3,2.0}', 0),
  ('all elsewhere', '{1,0}', '{0,9}', 1),
  ('nearly all elsewhere', '{1,0}', '{1,9}', 0.9),
  ('one part', '{7}', '{9}', 0),
  ('only planned, only sold', '{60,40,NULL}', '{NULL,80,20}', 0.6),
  ('a part of neither', '{60,40,0}', '{50,50,NULL}', 0.1),
  ('not known at all', '{60,40,NULL}', '{50,50,NULL}', 0.1),
  ('returns count as nothing', '{1,1}', '{-3,4}', 0.5),
  ('and the others share without them', '{1,1,1}', '{-30,4,4}', 0.3333333333),
  ('only returns', '{1,1}', '{-3,0}', NULL),
  ('nothing sold', '{1,1}', '{0,NULL}', NULL),
  ('nothing planned', '{0,NULL}', '{3,4}', NULL),
  ('neither', '{0,0}', '{0,0}', NULL),
  ('only NULL', '{NULL,NULL}', '{NULL,NULL}', NULL),
  ('thirds', '{1,1,1}', '{1,0,0}', 0.6666666667),
  ('huge', '{4e36,4e36}', '{9e36,1e36}', 0.4),
  ('tiny', '{4e-38,4e-38}', '{9e-38,1e-38}', 0.4),
  ('a huge part and a small one', '{1,1}', '{1000000000000000000,0.0000000000000000001}', 0.5),
  ('38 digits', '{99999999999999999999999999999999999999,0}', '{0,99999999999999999999999999999999999999}', 1)
) AS x (name, plan, actual, expected), unnest(plan, actual) AS u (p, a)
GROUP BY name, plan, actual, expected;
SELECT is(mix_deviation(i, i), NULL, 'no rows') FROM generate_series(1, 0) AS i;

-- Random groups of parts, some of them only planned or only sold, with returns; plans as shares and as amounts

CREATE TABLE parts AS
SELECT g, i,
  CASE WHEN noise % 13 = 0 THEN NULL WHEN noise % 17 = 0 THEN 0 ELSE CASE g % 6
    WHEN 0 THEN (noise % 100)::numeric WHEN 1 THEN round((noise % 1000) / 7777.0, 20) WHEN 2 THEN (noise % 100000) * 0.01 WHEN 3 THEN (noise % 1000) * 1e15 WHEN 4 THEN (noise % 9) * 1e-15 ELSE 1 END END AS plan,
  CASE WHEN noise / 1000 % 13 = 0 THEN NULL WHEN noise / 1000 % 17 = 0 THEN 0 WHEN noise / 1000 % 19 = 0 THEN -(noise / 1000 % 500)::numeric ELSE CASE g % 7
    WHEN 0 THEN (noise / 1000 % 100)::numeric WHEN 1 THEN (noise / 1000 % 10000000) * 0.01 WHEN 2 THEN (noise / 1000 % 1000) * 1e12 WHEN 3 THEN (noise / 1000 % 1000) * 1e-10 WHEN 4 THEN 7 WHEN 5 THEN round(exp(noise / 1000 % 200 / 10.0)::numeric, 2) ELSE noise / 1000 % 5 END END AS actual
FROM generate_series(0, 419) AS g, LATERAL generate_series(1, CASE g % 4 WHEN 0 THEN 1 + g % 3 WHEN 1 THEN 6 WHEN 2 THEN 25 ELSE 70 END) AS i,
  LATERAL (SELECT hashint8extended(g * 1000 + i, 23) & 9007199254740991 AS noise) AS n;
CREATE TABLE plain AS
SELECT g, sum(abs(a * total_p - p * total_a)) / nullif(2 * total_p * total_a, 0) AS deviation,
  1 - sum(least(a / nullif(total_a, 0), p / nullif(total_p, 0))) AS rest
FROM (SELECT g, coalesce(plan, 0) AS p, greatest(coalesce(actual, 0), 0) AS a, sum(coalesce(plan, 0)) OVER w AS total_p, sum(greatest(coalesce(actual, 0), 0)) OVER w AS total_a FROM parts WINDOW w AS (PARTITION BY g)) AS x
GROUP BY g, total_p, total_a;
CREATE TABLE serial AS SELECT g, mix_deviation(plan, actual)::text AS deviation FROM parts GROUP BY g;
SELECT cmp_ok(count(DISTINCT deviation), '>', 250::bigint, 'many different ones') FROM plain;
SELECT cmp_ok(count(*) FILTER (WHERE deviation IS NULL), '>', 3::bigint, 'some without one') FROM plain;
SELECT is_empty('SELECT g, s.deviation, p.deviation FROM serial AS s FULL JOIN plain AS p USING (g) WHERE round(s.deviation::numeric, 16) IS DISTINCT FROM round(p.deviation, 16)', 'all groups, as plain SQL has them');
SELECT is_empty('SELECT g, s.deviation, p.rest FROM serial AS s FULL JOIN plain AS p USING (g) WHERE p.deviation IS NOT NULL AND round(s.deviation::numeric, 13) IS DISTINCT FROM round(p.rest, 13)', 'it is what the two mixes do not share');
SELECT is_empty('SELECT * FROM serial WHERE deviation::numeric NOT BETWEEN 0 AND 1', 'from 0 to 1');
SELECT is_empty('SELECT g FROM parts WHERE actual >= 0 AND plan >= 0 GROUP BY g HAVING mix_deviation(plan, actual) IS DISTINCT FROM mix_deviation(actual, plan)', 'the same when plan and actual change places');
SELECT is_empty('SELECT g FROM parts GROUP BY g HAVING round(mix_deviation(3 * plan, 7 * actual), 16) IS DISTINCT FROM round(mix_deviation(plan, actual), 16)', 'the unit does not matter');
SELECT is_empty('SELECT g FROM parts GROUP BY g HAVING mix_deviation(plan, plan) <> 0', 'the plan deviates from itself by nothing');
SELECT is_empty('SELECT g FROM parts GROUP BY g HAVING mix_deviation(plan, actual) IS DISTINCT FROM mix_deviation(coalesce(plan, 0), greatest(coalesce(actual, 0), 0))', 'NULL beside a number is zero, and so are returns');
SELECT is_empty('SELECT coarse.g FROM (SELECT g, mix_deviation(plan, actual) AS d FROM (SELECT g, i % 3, sum(plan) AS plan, sum(greatest(actual, 0)) AS actual FROM parts GROUP BY 1, 2) AS x GROUP BY 1) AS coarse JOIN plain USING (g) WHERE d > deviation + 1e-15', 'coarser parts never deviate more');

-- Any order, workers, spilled, states merged

SELECT is_empty(format('SELECT g, mix_deviation(plan, actual ORDER BY %s)::text FROM parts GROUP BY g EXCEPT SELECT * FROM serial', way), 'in the order of ' || way)
FROM unnest(ARRAY['actual', 'plan DESC, actual DESC', 'scale(plan), scale(actual)', 'scale(actual) DESC', 'md5(i::text)']) AS way;

CREATE AGGREGATE pg_temp.unfinished(plan numeric, actual numeric) (SFUNC = mix_deviation_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.merged(bytea) (SFUNC = values_combine, STYPE = bytea, FINALFUNC = mix_deviation_final);
SELECT is_empty('SELECT g, pg_temp.merged(s)::text FROM (SELECT g, i % 5, pg_temp.unfinished(plan, actual) AS s FROM parts GROUP BY 1, 2) AS x GROUP BY 1 EXCEPT SELECT * FROM serial', 'states of parts, merged');
SELECT is(pg_temp.merged(s), d, 'of groups whose scales differ') FROM (SELECT pg_temp.unfinished(plan, actual) AS s FROM parts WHERE g % 6 < 3 AND g % 7 IN (0, 1, 2, 4) GROUP BY g) AS x, (SELECT mix_deviation(plan, actual) AS d FROM parts WHERE g % 6 < 3 AND g % 7 IN (0, 1, 2, 4)) AS y GROUP BY d;
SELECT is(mix_deviation_final(NULL), NULL, 'no state');

\ir ../helpers/plan_of.sql
ANALYZE parts;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SELECT matches(pg_temp.plan_of('SELECT g, mix_deviation(plan, actual)::text FROM parts GROUP BY g'), 'Partial .*Aggregate', 'workers share the work');
SELECT results_eq('SELECT g, mix_deviation(plan, actual)::text FROM parts GROUP BY g ORDER BY g', 'SELECT * FROM serial ORDER BY g', 'and come to the same');
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL work_mem = '64kB';
SET LOCAL hash_mem_multiplier = 1;
SET LOCAL enable_sort = off;
SELECT matches(pg_temp.plan_of('SELECT g, mix_deviation(plan, actual)::text FROM parts GROUP BY g'), '^HashAggregate', 'a hash aggregate with little memory');
SELECT is_empty('SELECT g, mix_deviation(plan, actual)::text FROM parts GROUP BY g EXCEPT SELECT * FROM serial', 'is the same');
RESET work_mem;
RESET hash_mem_multiplier;
RESET enable_sort;
SELECT results_eq('SELECT g, mix_deviation(plan, actual)::text FROM parts WHERE g < 60 AND g % 6 IN (0, 2, 5) AND g % 7 NOT IN (2, 3) GROUP BY GROUPING SETS ((g), ()) ORDER BY 1',
  'SELECT * FROM (SELECT g, deviation FROM serial WHERE g < 60 AND g % 6 IN (0, 2, 5) AND g % 7 NOT IN (2, 3) UNION ALL SELECT NULL, mix_deviation(plan, actual)::text FROM parts WHERE g < 60 AND g % 6 IN (0, 2, 5) AND g % 7 NOT IN (2, 3)) AS x ORDER BY 1', 'by group and for all');
SELECT is(count(*) FILTER (WHERE d IS DISTINCT FROM (SELECT mix_deviation(p, a) FROM unnest(plans, actuals) AS u (p, a))), 0::bigint, 'over a moving frame')
FROM (SELECT mix_deviation(plan, actual) OVER w AS d, array_agg(plan) OVER w AS plans, array_agg(actual) OVER w AS actuals FROM parts WHERE g < 60 WINDOW w AS (PARTITION BY g ORDER BY i ROWS 10 PRECEDING)) AS x;
SELECT is(mix_deviation(1, CASE WHEN i <= 50000 THEN 3 ELSE 1 END), 0.25, 'many parts') FROM generate_series(1, 100000) AS i;

-- Hostile states: the state is a bytea, which anybody can make

SELECT is(pg_temp.error_of(format('SELECT mix_deviation_final(%L)', state)), format('XX001 | malformed state of values of %s bytes', length(state) + 4), left(state::text, 20) || '…')
FROM unnest(ARRAY['\x', '\x00', decode(repeat('00', 28), 'hex'), decode(repeat('00', 100), 'hex'), decode(repeat('ff', 100), 'hex')]::bytea[]) AS state;
SELECT is(pg_temp.error_of('SELECT ' || call), 'XX001 | malformed state of values of 96 bytes', call)
FROM unnest(ARRAY[
  'mix_deviation_final(values_accumulate(NULL, 1))',
  'mix_deviation_final(values_accumulate(values_accumulate(NULL, 1), 2))',
  'mix_deviation_final(gini_accumulate(NULL, 1, true))',
  'mix_deviation_final(values_accumulate(mix_deviation_accumulate(NULL, 1, 2), 3))',
  'mix_deviation_final(values_accumulate(values_accumulate(mix_deviation_accumulate(NULL, 1, 2), 3), -4))',
  'mix_deviation_accumulate(values_accumulate(NULL, 1), 1, 2)',
  'mix_deviation_accumulate(gini_accumulate(NULL, 1, true), 1, 2)',
  'values_combine(mix_deviation_accumulate(NULL, 1, 2), values_accumulate(NULL, 1))',
  'mix_deviation_final(set_byte(mix_deviation_accumulate(NULL, 1, 2), 12, 1))',
  'mix_deviation_final(set_byte(mix_deviation_accumulate(NULL, 1, 2), 4, 1))',
  'mix_deviation_final(set_byte(mix_deviation_accumulate(NULL, 1, 2), 4, 9))',
  'mix_deviation_final(set_byte(mix_deviation_accumulate(NULL, 1, 2), 28, 11))',
  'gini_final(mix_deviation_accumulate(NULL, 1, 2))',
  'concentration_final(mix_deviation_accumulate(NULL, 1, 2))',
  'abc_limits_final(mix_deviation_accumulate(NULL, 1, 2))']) AS call;

CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  outcome text := '';
  query text;
BEGIN
  FOREACH query IN ARRAY ARRAY[
    'SELECT mix_deviation_final($1)',
    'SELECT mix_deviation_final(mix_deviation_accumulate($1, 1.5, 2.25))',
    'SELECT mix_deviation_final(mix_deviation_accumulate($1, 1e-19, 7))',
    'SELECT mix_deviation_final(values_combine($1, $1))',
    'SELECT mix_deviation_final(values_combine(mix_deviation_accumulate(NULL, 1.5, 2.25), $1))',
    'SELECT pg_temp.merged(s) FROM unnest(ARRAY[$1, $1, $1]) AS s']
  LOOP
    BEGIN
      EXECUTE query USING state;
    EXCEPTION WHEN OTHERS THEN
      IF SQLSTATE NOT IN ('XX001', '22003') AND SQLERRM NOT LIKE '% must be the same for all rows of a group' THEN
        outcome := concat_ws(' ', outcome, query, SQLSTATE, SQLERRM);
      END IF;
    END;
  END LOOP;
  RETURN outcome;
END $$;
CREATE TABLE states (kind text, state bytea);
ALTER TABLE states ALTER state SET STORAGE plain;
INSERT INTO states
SELECT 'narrow', pg_temp.unfinished(i, 2 * i) FROM generate_series(1, 3) AS i UNION ALL
SELECT 'wide', pg_temp.unfinished(i * 9e18, i) FROM generate_series(1, 3) AS i UNION ALL
SELECT '38 digits', pg_temp.unfinished(i * 9e36, 9e36) FROM generate_series(1, 3) AS i;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(state, i, value)), ''), '; '), NULL, 'a state with any one byte changed: refused, or a number: ' || kind)
FROM states, LATERAL generate_series(0, length(state) - 1) AS i, unnest(ARRAY[0, 1, 3, 24, 64, 255]) AS value GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(substr(state, 1, i)), ''), '; '), NULL, 'a state cut anywhere: refused: ' || kind)
FROM states, LATERAL generate_series(0, length(state)) AS i GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(overlay(state PLACING decode(md5(i::text) || md5((-i)::text), 'hex') FROM 1 + i % (length(state) - 32))), ''), '; '), NULL, 'a state with noise in it: refused, or a number: ' || kind)
FROM states, generate_series(1, 300) AS i GROUP BY kind;
CREATE TABLE before AS SELECT kind, state::text AS state FROM states;
SELECT is(count(*), 3::bigint, 'states can be used by hand') FROM states WHERE values_combine(state, state) <> state AND mix_deviation_accumulate(state, 7, 8) <> state AND mix_deviation_final(state) IS NOT NULL;
SELECT is(count(*), 3::bigint, 'and stay as they were') FROM states JOIN before USING (kind) WHERE states.state::text = before.state;

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || call), expected, call)
FROM (VALUES
  ('mix_deviation(''NaN'', 1)', '22023 | plan must be a finite number, not NaN'),
  ('mix_deviation(''-Infinity'', 1)', '22023 | plan must be a finite number, not -infinity'),
  ('mix_deviation(1, ''NaN'')', '22023 | actual must be a finite number, not NaN'),
  ('mix_deviation(NULL, ''Infinity'')', '22023 | actual must be a finite number, not infinity'),
  ('mix_deviation(-0.1, 1)', '22023 | plan must not be negative, but is -0.1 | Give zero or more.'),
  ('mix_deviation(-0.1, NULL)', '22023 | plan must not be negative, but is -0.1 | Give zero or more.'),
  ('mix_deviation(1e38, 1)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('mix_deviation(1e30, 1e-10)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('mix_deviation(v, 1) FROM unnest(ARRAY[6e37, 6e37]) AS v', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('mix_deviation(1, v) FROM unnest(ARRAY[6e37, 6e37]) AS v', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.')
) AS x (call, expected);

SELECT * FROM finish();
ROLLBACK;
