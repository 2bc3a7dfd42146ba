-- The groups of the key account programme and the three Ps: every combination of flags.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(35);

\ir ../helpers/plan_of.sql

-- kam_group

CREATE FUNCTION pg_temp.shown(g kam_group_result) RETURNS text RETURN coalesce((g).kam_group, '-') || ' ' || (g).groups::text;

SELECT is(pg_temp.shown(kam_group(p, s, g)), expected, format('%s %s %s', p, s, g))
FROM (VALUES
  (true, true, true, 'protection {protection,strategic,growth}'), (true, true, false, 'protection {protection,strategic}'), (true, false, true, 'protection {protection,growth}'), (true, false, false, 'protection {protection}'),
  (false, true, true, 'strategic {strategic,growth}'), (false, true, false, 'strategic {strategic}'), (false, false, true, 'growth {growth}'), (false, false, false, '- {}')
) AS x (p, s, g, expected);
CREATE TABLE flags AS SELECT p, s, g FROM (VALUES (true), (false), (NULL)) AS a (p), (VALUES (true), (false), (NULL)) AS b (s), (VALUES (true), (false), (NULL)) AS c (g);
SELECT is(count(*), 27::bigint, 'all combinations with NULL') FROM flags;
SELECT is_empty('SELECT * FROM flags WHERE kam_group(p, s, g) IS DISTINCT FROM kam_group(coalesce(p, false), coalesce(s, false), coalesce(g, false))', 'NULL is false');
SELECT is_empty('SELECT * FROM flags CROSS JOIN LATERAL kam_group(p, s, g) AS k WHERE kam_group IS DISTINCT FROM groups[1]', 'the first of all that apply');
SELECT is_empty('SELECT * FROM flags CROSS JOIN LATERAL kam_group(p, s, g) AS k WHERE cardinality(groups) <> num_nonnulls(nullif(p, false), nullif(s, false), nullif(g, false))', 'all that apply');
SELECT is_empty('SELECT * FROM flags CROSS JOIN LATERAL kam_group(p, s, g) AS k WHERE (kam_group IS NULL) <> (groups = ''{}'')', 'outside the programme no group applies');
SELECT is(count(*), 27::bigint, 'a row for each customer, also for those outside') FROM flags CROSS JOIN LATERAL kam_group(p, s, g) AS k;
SELECT is((kam_group(NULL, NULL, NULL)).groups, '{}', 'an empty list, not NULL');
SELECT is(array_agg(DISTINCT pg_typeof(k)::text), '{kam_group_result}', 'the row has a name') FROM flags, LATERAL (SELECT kam_group(p, s, g)) AS f (k);

-- three_p

SELECT is((three_p(n, s, a))::text, expected, what)
FROM (VALUES
  ('all three', true, true, true, '(3,t)'), ('no authority', true, true, false, '(2,f)'), ('no need', false, true, true, '(2,f)'), ('no solvency', true, false, true, '(2,f)'),
  ('need alone', true, false, false, '(1,f)'), ('nothing', false, false, false, '(0,f)'), ('authority unknown', true, true, NULL, '(2,)'), ('solvency unknown', true, NULL, true, '(2,)'), ('need unknown', NULL, true, true, '(2,)'),
  ('nothing known', NULL, NULL, NULL, '(0,)'), ('unknown, but one is missing', NULL, false, true, '(1,f)'), ('unknown, and the rest is missing', false, false, NULL, '(0,f)')
) AS x (what, n, s, a, expected);
SELECT is_empty('SELECT * FROM flags CROSS JOIN LATERAL three_p(p, s, g) AS k WHERE score IS DISTINCT FROM num_nonnulls(nullif(p, false), nullif(s, false), nullif(g, false))', 'the score counts what is true');
SELECT is_empty($$
  SELECT * FROM flags CROSS JOIN LATERAL three_p(p, s, g) AS k
  WHERE qualified IS DISTINCT FROM CASE WHEN false = ANY (ARRAY[p, s, g]) THEN false WHEN array_position(ARRAY[p, s, g], NULL) IS NULL THEN true END
$$, 'qualified: all true, none false, else unknown');
SELECT is_empty('SELECT * FROM flags CROSS JOIN LATERAL three_p(p, s, g) AS k WHERE (qualified IS TRUE) <> (score = 3)', 'three of three is qualified, nothing else');

-- Both are plain expressions to the planner: a column that is not asked for is not computed
SELECT doesnt_match(pg_temp.plan_of('SELECT (kam_group(p, s, g)).kam_group FROM flags', 'VERBOSE, COSTS OFF'), 'array_remove|kam_group\(', 'the group alone makes no array');
SELECT doesnt_match(pg_temp.plan_of('SELECT (three_p(p, s, g)).qualified FROM flags', 'VERBOSE, COSTS OFF'), 'three_p\(', 'and qualified is an AND');

-- In a search_path that has nothing of kam
SELECT n.nspname AS kam_schema FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE extname = 'kam' \gset
CREATE SCHEMA hostile;
CREATE TYPE hostile.kam_group_result AS (kam_group integer);
CREATE FUNCTION hostile.array_remove(text[], text) RETURNS text[] RETURN '{taken over}'::text[];
CREATE TABLE found (g text, t text);
SET LOCAL search_path = hostile, pg_catalog;
INSERT INTO public.found SELECT :"kam_schema".kam_group(true, false, true)::text, :"kam_schema".three_p(true, true, true)::text;
RESET search_path;
SELECT is(g, '(protection,"{protection,growth}")', 'kam_group is bound to its own names') FROM found;
SELECT is(t, '(3,t)', 'three_p, too') FROM found;

SELECT * FROM finish();
ROLLBACK;
