-- Visits: four ratios of totals, and planned days matched with visits, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(121);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql
\ir ../helpers/surprises_of.sql

-- Examples

SELECT is(round(visit_reach(p, v), 6), reach, name)
FROM (VALUES
  ('all made', 1::numeric, true, true), ('all made', 1, true, true),
  ('one of three missed', 0.666667, true, true), ('one of three missed', 0.666667, true, true), ('one of three missed', 0.666667, true, false),
  ('none made', 0, true, false),
  ('visits that were not planned do not raise it', 0.5, true, true), ('visits that were not planned do not raise it', 0.5, true, false), ('visits that were not planned do not raise it', 0.5, false, true), ('visits that were not planned do not raise it', 0.5, false, true),
  ('only unplanned visits', NULL, false, true), ('only unplanned visits', NULL, false, false),
  ('not known whether it was made', 1, true, true), ('not known whether it was made', 1, true, NULL),
  ('not known whether it was planned', 0, true, false), ('not known whether it was planned', 0, NULL, true),
  ('nothing known', NULL, NULL, NULL)
) AS x (name, reach, p, v) GROUP BY name, reach;
SELECT is(round(visit_success(v, o), 6), success, name)
FROM (VALUES
  ('an order each', 1::numeric, true, true), ('an order each', 1, true, true),
  ('one of four', 0.25, true, true), ('one of four', 0.25, true, false), ('one of four', 0.25, true, false), ('one of four', 0.25, true, false),
  ('orders without a visit do not count', 0, true, false), ('orders without a visit do not count', 0, false, true),
  ('visits not made do not count', 1, true, true), ('visits not made do not count', 1, false, false),
  ('no visits', NULL, false, false), ('no visits', NULL, false, true),
  ('a visit of which the order is not known', 0.5, true, true), ('a visit of which the order is not known', 0.5, true, false), ('a visit of which the order is not known', 0.5, true, NULL),
  ('visit unknown', NULL, NULL, true)
) AS x (name, success, v, o) GROUP BY name, success;
SELECT is(round(lines_per_call(l), 6), lines, name)
FROM (VALUES
  ('the mean', 4::numeric, 5), ('the mean', 4, 3), ('calls without a line are no productive ones', 5, 5), ('calls without a line are no productive ones', 5, 0), ('not known', 7, 7), ('not known', 7, NULL), ('none', NULL, 0), ('unknown', NULL, NULL),
  ('thirds', 3.333333, 5), ('thirds', 3.333333, 3), ('thirds', 3.333333, 2)
) AS x (name, lines, l) GROUP BY name, lines;
SELECT is(round(drop_size(a), 6), size, name)
FROM (VALUES
  ('the mean', 150::numeric, 100), ('the mean', 150, 200), ('calls without an order', 100, 100), ('calls without an order', 100, 0), ('a return lowers the sales and is no call', 90, 100), ('a return lowers the sales and is no call', 90, -10),
  ('more returns than sales', -20, 10), ('more returns than sales', -20, -30), ('returns only', NULL, -5), ('returns only', NULL, -7), ('nothing', NULL, 0), ('unknown', NULL, NULL), ('not known', 7.25, 7.25), ('not known', 7.25, NULL),
  ('cents', 0.015, 0.01), ('cents', 0.015, 0.02)
) AS x (name, size, a) GROUP BY name, size;
SELECT is(ARRAY[visit_reach(true, true), visit_success(true, true), lines_per_call(i), drop_size(i)], ARRAY[NULL, NULL, NULL, NULL]::numeric[], 'no rows') FROM generate_series(1, 0) AS i;
SELECT is(ARRAY[pg_typeof(visit_reach(true, true)), pg_typeof(visit_success(true, true)), pg_typeof(lines_per_call(1)), pg_typeof(drop_size(1))]::text[], '{numeric,numeric,numeric,numeric}', 'the results are numeric');
SELECT is(lines_per_call(9223372036854775807 - i)::text, avg(9223372036854775807 - i)::text, 'the most lines, as avg has it') FROM generate_series(0, 1) AS i;
SELECT is(drop_size(x), 1e-20, 'large amounts that cancel leave a small one') FROM (VALUES (1e17), (-1e17), (2e-20)) AS a (x);

-- Against plain SQL over random rows

CREATE TABLE visits AS
SELECT i, noise % 25 AS agent, noise / 25 % 4 AS kind, CASE noise / 100 % 19 WHEN 0 THEN NULL ELSE noise / 2000 % 5 > 0 END AS planned, CASE noise / 100 % 17 WHEN 0 THEN NULL ELSE noise / 3000 % 7 > 1 END AS visited,
  CASE noise / 100 % 13 WHEN 0 THEN NULL ELSE noise / 5000 % 3 > 0 END AS ordered, CASE noise / 100 % 11 WHEN 0 THEN NULL WHEN 1 THEN 4000000000 + noise % 1000 ELSE noise / 700 % 9 END AS lines,
  CASE noise / 70000 % 61 WHEN 0 THEN NULL WHEN 1 THEN (noise / 1000 % 1000)::numeric * 1e16 WHEN 2 THEN (noise / 1000 % 1000)::numeric * 1e-12 WHEN 3 THEN 0 ELSE ((noise / 1000 % 100000 - 20000) / 100.0)::numeric(12, 2) END AS amount
FROM generate_series(1, 30000) AS i, LATERAL (SELECT hashint8extended(i, 12) & 9007199254740991 AS noise) AS n;
INSERT INTO visits SELECT 30000 + i, 100, 0, false, false, true, 0, -1 FROM generate_series(1, 5) AS i;
CREATE VIEW plain AS
SELECT agent, kind, grouping(agent, kind) AS level,
  (count(*) FILTER (WHERE planned AND visited)::numeric / nullif(count(*) FILTER (WHERE planned AND visited IS NOT NULL), 0))::text AS reach,
  (count(*) FILTER (WHERE visited AND ordered)::numeric / nullif(count(*) FILTER (WHERE visited AND ordered IS NOT NULL), 0))::text AS success,
  (sum(lines) / nullif(count(*) FILTER (WHERE lines > 0), 0))::text AS lines,
  (sum(amount) / nullif(count(*) FILTER (WHERE amount > 0), 0))::text AS size
FROM visits GROUP BY GROUPING SETS ((agent, kind), (agent), (kind), ());
CREATE VIEW kam AS
SELECT agent, kind, grouping(agent, kind) AS level, visit_reach(planned, visited)::text AS reach, visit_success(visited, ordered)::text AS success, lines_per_call(lines)::text AS lines, drop_size(amount)::text AS size
FROM visits GROUP BY GROUPING SETS ((agent, kind), (agent), (kind), ());
SELECT is(count(*) FILTER (WHERE k.reach IS DISTINCT FROM p.reach), 0::bigint, 'visit_reach in GROUPING SETS, to the last digit') FROM kam AS k JOIN plain AS p ON (k.agent, k.kind, k.level) IS NOT DISTINCT FROM (p.agent, p.kind, p.level);
SELECT is(count(*) FILTER (WHERE k.success IS DISTINCT FROM p.success), 0::bigint, 'visit_success, too') FROM kam AS k JOIN plain AS p ON (k.agent, k.kind, k.level) IS NOT DISTINCT FROM (p.agent, p.kind, p.level);
SELECT is(count(*) FILTER (WHERE k.lines IS DISTINCT FROM p.lines), 0::bigint, 'lines_per_call') FROM kam AS k JOIN plain AS p ON (k.agent, k.kind, k.level) IS NOT DISTINCT FROM (p.agent, p.kind, p.level);
SELECT is(count(*) FILTER (WHERE round(k.size::numeric, 16) IS DISTINCT FROM round(p.size::numeric, 16)), 0::bigint, 'drop_size') FROM kam AS k JOIN plain AS p ON (k.agent, k.kind, k.level) IS NOT DISTINCT FROM (p.agent, p.kind, p.level);
SELECT is(count(*), 132::bigint, 'all groups') FROM kam AS k JOIN plain AS p ON (k.agent, k.kind, k.level) IS NOT DISTINCT FROM (p.agent, p.kind, p.level);
SELECT ok(count(*) FILTER (WHERE reach IS NULL AND success IS NULL AND lines IS NULL AND size IS NULL) = 2 AND count(DISTINCT reach) > 60, 'and many different ones') FROM kam;
SELECT is_empty('SELECT * FROM kam WHERE reach::numeric NOT BETWEEN 0 AND 1 OR success::numeric NOT BETWEEN 0 AND 1 OR lines::numeric < 1', 'shares are from 0 to 1, a productive call has a line');
-- orders / planned visits is reach times success where all is planned and known
SELECT is_empty($$
  SELECT agent FROM visits WHERE planned AND visited IS NOT NULL AND ordered IS NOT NULL GROUP BY agent
  HAVING abs(visit_reach(planned, visited) * visit_success(visited, ordered) - count(*) FILTER (WHERE visited AND ordered)::numeric / count(*)) > 1e-18
$$, 'reach times success is orders over planned visits');

-- Any order, workers, spilled, states merged, frames

CREATE TABLE serial AS SELECT agent, visit_reach(planned, visited)::text AS r, visit_success(visited, ordered)::text AS s, lines_per_call(lines)::text AS l, drop_size(amount)::text AS d FROM visits GROUP BY agent;
SELECT results_eq(format('SELECT agent, visit_reach(planned, visited ORDER BY %1$s)::text, visit_success(visited, ordered ORDER BY %1$s)::text, lines_per_call(lines ORDER BY %1$s)::text, drop_size(amount ORDER BY %1$s)::text FROM visits GROUP BY 1 ORDER BY 1', way),
  'SELECT * FROM serial ORDER BY 1', 'in the order of ' || way)
FROM unnest(ARRAY['amount', 'amount DESC', 'scale(amount), i', 'planned, visited, i', 'md5(i::text)']) AS way;

ANALYZE visits;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SELECT matches(pg_temp.plan_of('SELECT agent, visit_reach(planned, visited)::text, visit_success(visited, ordered)::text, lines_per_call(lines)::text, drop_size(amount)::text FROM visits GROUP BY 1'), 'Partial .*Aggregate', 'workers share the work');
SELECT results_eq('SELECT agent, visit_reach(planned, visited)::text, visit_success(visited, ordered)::text, lines_per_call(lines)::text, drop_size(amount)::text FROM visits GROUP BY 1 ORDER BY 1', 'SELECT * FROM serial ORDER BY 1', 'and come to the same');
SET LOCAL max_parallel_workers_per_gather = 0;

CREATE TABLE many AS SELECT i % 15000 AS outlet, planned, visited, amount FROM visits;
CREATE TABLE sorted AS SELECT outlet, visit_reach(planned, visited) AS r, drop_size(amount) AS d FROM many GROUP BY 1;
SET LOCAL work_mem = '64kB';
SET LOCAL hash_mem_multiplier = 1;
SET LOCAL enable_sort = off;
SELECT matches(pg_temp.plan_of('SELECT outlet, drop_size(amount) FROM many GROUP BY 1'), '^HashAggregate', 'a hash aggregate with little memory');
SELECT is(count(*), 0::bigint, 'spilled to disk it is the same') FROM (SELECT outlet, visit_reach(planned, visited), drop_size(amount) FROM many GROUP BY 1 EXCEPT ALL SELECT * FROM sorted) AS x;
RESET work_mem;
RESET hash_mem_multiplier;
RESET enable_sort;

CREATE AGGREGATE pg_temp.reaching(boolean, boolean) (SFUNC = visit_reach_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.succeeding(boolean, boolean) (SFUNC = visit_success_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.lining(bigint) (SFUNC = lines_per_call_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.dropping(numeric) (SFUNC = drop_size_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.merged(bytea) (SFUNC = part_combine, STYPE = bytea, FINALFUNC = part_final);
SELECT results_eq('SELECT agent, pg_temp.merged(r)::text, pg_temp.merged(s)::text, pg_temp.merged(l)::text, pg_temp.merged(d)::text
    FROM (SELECT agent, kind, pg_temp.reaching(planned, visited) AS r, pg_temp.succeeding(visited, ordered) AS s, pg_temp.lining(lines) AS l, pg_temp.dropping(amount) AS d FROM visits GROUP BY 1, 2) AS x GROUP BY 1 ORDER BY 1',
  'SELECT * FROM serial ORDER BY 1', 'states of parts, merged');
SELECT is(count(*), 0::bigint, 'over a moving frame') FROM (
  SELECT drop_size(amount) OVER w AS kam, sum(amount) OVER w / nullif(count(*) FILTER (WHERE amount > 0) OVER w, 0) AS plain
  FROM visits WHERE agent < 3 WINDOW w AS (PARTITION BY agent ORDER BY i ROWS 10 PRECEDING)) AS x
WHERE round(kam, 16) IS DISTINCT FROM round(plain, 16);

-- Hostile states: the state is a bytea, which anybody can make

SELECT is(pg_temp.error_of(format('SELECT %s', replace(call, '$', quote_literal(state)))), 'XX001 | malformed state of a part and a whole of ' || length(state) + 4 || ' bytes', format('%s, %s bytes', call, length(state)))
FROM unnest(ARRAY['\x', '\x00', decode(repeat('ff', 52), 'hex'), decode('02' || repeat('00', 51), 'hex')]::bytea[]) AS state,
  unnest(ARRAY['visit_reach_accumulate($, true, true)', 'visit_success_accumulate($, true, false)', 'lines_per_call_accumulate($, 3)', 'drop_size_accumulate($, 1.5)']) AS call;
SELECT is(pg_temp.error_of(format('SELECT %s', call)), 'no error', 'a row that is left out does not look at the state: ' || call)
FROM unnest(ARRAY['visit_reach_accumulate(''\x00'', false, true)', 'visit_success_accumulate(''\x00'', NULL, true)', 'lines_per_call_accumulate(''\x00'', 0)', 'drop_size_accumulate(''\x00'', NULL)']) AS call;
CREATE TABLE states AS SELECT pg_temp.dropping(amount) AS state FROM visits WHERE agent = 1;
CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text RETURN pg_temp.surprises_of(state, ARRAY['SELECT part_final($1)', 'SELECT part_combine($1, $1)', 'SELECT part_final(visit_reach_accumulate($1, true, true))', 'SELECT part_final(visit_success_accumulate($1, true, false))',
    'SELECT part_final(lines_per_call_accumulate($1, 9223372036854775807))', 'SELECT part_final(drop_size_accumulate($1, 0.0000001))'],
  'XX001', '22003');
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(state, i, value)), ''), '; '), NULL, 'a state with any one byte changed: refused, or a number') FROM states, LATERAL generate_series(0, length(state) - 1) AS i, unnest(ARRAY[0, 1, 24, 128, 255]) AS value;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(substr(state, 1, i)), ''), '; '), NULL, 'a state cut anywhere: refused') FROM states, LATERAL generate_series(0, length(state)) AS i;
CREATE TABLE before AS SELECT state::text AS state FROM states;
SELECT ok(drop_size_accumulate(s.state, 1) <> s.state AND s.state::text = b.state, 'a state used by hand stays as it was') FROM states AS s, before AS b;

-- visit_match by hand

CREATE FUNCTION pg_temp.shown(planned text, visited text, tolerance integer, early integer) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(concat_ws('>', coalesce(to_char(planned_on, 'FMDD'), '-'), coalesce(to_char(visited_on, 'FMDD'), '-'), delay), ' ')
        FROM visit_match((SELECT array_agg(date '2026-03-01' - 1 + d::integer) FROM unnest(planned::text[]) AS d), (SELECT array_agg(date '2026-03-01' - 1 + d::integer) FROM unnest(visited::text[]) AS d), tolerance, early));
SELECT is(pg_temp.shown(p, v, t, e), expected, format('%s against %s, %s %s: %s', p, v, t, e, what))
FROM (VALUES
  ('on the day', '{2,9}', '{2,9}', 0, NULL, '2>2>0 9>9>0'), ('a day late is missed', '{2,9}', '{3,9}', 0, NULL, '2>- ->3 9>9>0'), ('and made with a tolerance', '{2,9}', '{3,9}', 1, NULL, '2>3>1 9>9>0'), ('a day early', '{2,9}', '{1,9}', 1, NULL, '2>1>-1 9>9>0'),
  ('early is not late', '{2,9}', '{1,11}', 2, 0, '->1 2>- 9>11>2'), ('late is not early', '{2,9}', '{1,11}', 0, 2, '2>1>-1 9>- ->11'), ('a visit is for one planned day', '{2,3,4}', '{3}', 1, NULL, '2>- 3>3>0 4>-'),
  ('the most pairs', '{2,3}', '{3,4}', 1, NULL, '2>3>1 3>4>1'), ('then the fewest days', '{2,3}', '{3,5}', 2, NULL, '2>3>1 3>5>2'), ('not to the nearest at the cost of a pair', '{5,6}', '{6,9}', 3, NULL, '5>6>1 6>9>3'),
  ('of two as near the earlier visit', '{5}', '{4,6}', 1, NULL, '5>4>-1 ->6'), ('of two as near the earlier plan', '{4,6}', '{5}', 1, NULL, '4>5>1 6>-'), ('each day once', '{2,2,2}', '{3,3}', 1, NULL, '2>3>1'), ('in any order', '{9,2}', '{10,2}', 1, NULL, '2>2>0 9>10>1'),
  ('nothing planned', '{}', '{2,3}', 1, NULL, '->2 ->3'), ('nothing made', '{2,3}', '{}', 1, NULL, '2>- 3>-'), ('nothing at all', '{}', '{}', 1, NULL, NULL), ('NULL is no day', '{2,NULL}', '{NULL,2}', 0, NULL, '2>2>0'), ('no tolerance given', '{2}', '{2}', NULL, NULL, NULL),
  ('all within reach of all', '{1,2,3,4}', '{28,29,30,31}', 366, 366, '1>28>27 2>29>27 3>30>27 4>31>27'), ('everything too far', '{1,2}', '{30,31}', 27, NULL, '1>- 2>- ->30 ->31')
) AS x (what, p, v, t, e, expected);
SELECT is(array_agg(m::text), '{"(2024-02-29,2024-03-01,1)"}', 'a leap day') FROM visit_match('{2024-02-29}', '{2024-03-01}', 1) AS m;
SELECT is(array_agg(m::text), '{"(\"4714-11-24 BC\",,)","(5874897-12-31,5874897-12-31,0)"}', 'the first day and the last') FROM visit_match('{4714-11-24 BC,5874897-12-31}', '{5874897-12-31}', 366) AS m;
SELECT is(array_agg(m::text), '{"(2026-03-02,2026-03-02,0)"}', 'an array of two dimensions is days as well') FROM visit_match('{{2026-03-02},{2026-03-02}}', '[5:5]={2026-03-02}') AS m;
SELECT is(ARRAY[count(*), count(visited_on), sum(delay)], ARRAY[3660, 3660, 3660]::bigint[], 'ten years of days') FROM visit_match(ARRAY(SELECT date '2020-01-01' + i FROM generate_series(1, 3660) AS i), ARRAY(SELECT date '2020-01-02' + i FROM generate_series(1, 3660) AS i), 1);

-- against all ways of matching, one by one

CREATE TABLE trial AS
SELECT t, ARRAY(SELECT date '2026-02-27' + (hashint8extended(t * 100 + k, 1) & 7)::integer FROM generate_series(1, (hashint8extended(t, 7) & 3)::integer + 1) AS k) AS planned,
  ARRAY(SELECT date '2026-02-26' + (hashint8extended(t * 100 + k, 2) & 7)::integer FROM generate_series(1, (hashint8extended(t, 8) & 3)::integer + 1) AS k) AS visited, (hashint8extended(t, 3) & 3)::integer AS tolerance, nullif((hashint8extended(t, 4) & 3)::integer, 3) AS early
FROM generate_series(1, 400) AS t;
CREATE TABLE best AS
WITH RECURSIVE days AS (
  SELECT t, tolerance, coalesce(early, tolerance) AS early, ARRAY(SELECT DISTINCT d FROM unnest(planned) AS d ORDER BY d) AS p, ARRAY(SELECT DISTINCT d FROM unnest(visited) AS d ORDER BY d) AS v FROM trial
), way AS (
  SELECT t, 0 AS i, '{}'::integer[] AS used, 0 AS pairs, 0 AS apart FROM days
  UNION ALL
  SELECT way.t, way.i + 1, CASE WHEN j > 0 THEN used || j ELSE used END, pairs + (j > 0)::integer, apart + CASE WHEN j > 0 THEN abs(v[j] - p[way.i + 1]) ELSE 0 END
  FROM way JOIN days USING (t), LATERAL generate_series(0, cardinality(v)) AS j
  WHERE way.i < cardinality(p) AND (j = 0 OR (NOT j = ANY (used) AND v[j] - p[way.i + 1] BETWEEN -days.early AND days.tolerance))
)
SELECT DISTINCT ON (t) t, pairs, apart FROM way JOIN days USING (t) WHERE way.i = cardinality(p) ORDER BY t, pairs DESC, apart;
CREATE TABLE matched AS
SELECT t, m.* FROM trial CROSS JOIN LATERAL visit_match(planned, visited, tolerance, early) AS m;
SELECT is_empty('SELECT t, pairs, apart FROM best EXCEPT SELECT t, count(delay)::integer, coalesce(sum(abs(delay)), 0)::integer FROM matched GROUP BY t', 'as many pairs as there can be, and the fewest days between them');
SELECT results_eq('SELECT DISTINCT t, d FROM trial, unnest(planned) AS d ORDER BY 1, 2', 'SELECT t, planned_on FROM matched WHERE planned_on IS NOT NULL ORDER BY 1, 2', 'every planned day once');
SELECT results_eq('SELECT DISTINCT t, d FROM trial, unnest(visited) AS d ORDER BY 1, 2', 'SELECT t, visited_on FROM matched WHERE visited_on IS NOT NULL ORDER BY 1, 2', 'every visit once');
SELECT is_empty('SELECT * FROM matched JOIN trial USING (t) WHERE delay IS DISTINCT FROM visited_on - planned_on OR delay NOT BETWEEN -coalesce(early, tolerance) AND tolerance', 'no pair is further apart than allowed');
SELECT is_empty('SELECT t FROM (SELECT t, coalesce(planned_on, visited_on) AS day, lag(coalesce(planned_on, visited_on)) OVER (PARTITION BY t ORDER BY n) AS before FROM (SELECT t, row_number() OVER () AS n, m.* FROM trial CROSS JOIN LATERAL visit_match(planned, visited, tolerance, early) AS m) AS x) AS y WHERE day < before', 'in the order of the days');
SELECT ok(count(*) FILTER (WHERE delay IS NOT NULL AND delay <> 0) > 100 AND count(*) FILTER (WHERE planned_on IS NULL) > 100 AND count(*) FILTER (WHERE visited_on IS NULL) > 100, 'all kinds are among them') FROM matched;

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || query), expected, query)
FROM (VALUES
  ('lines_per_call(-1)', '22023 | lines must not be negative, but is -1 | Count the products of an order once, those fully returned not at all.'),
  ('drop_size(''NaN'')', '22023 | amount must be a finite number, not NaN'),
  ('drop_size(''Infinity'')', '22023 | amount must be a finite number, not infinity'),
  ('drop_size(1e38)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('drop_size(a) FROM (VALUES (1e30), (1e-10)) AS x (a)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('drop_size(9e37) FROM generate_series(1, 2)', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('visit_match(''{infinity}'', ''{}'')', '22023 | planned must be a finite date, not infinity'),
  ('visit_match(NULL, ''{2026-01-01,-infinity}'')', '22023 | visited must be a finite date, not -infinity'),
  ('visit_match(''{}'', ''{}'', -1)', '22023 | tolerance must be from 0 to 366, but is -1 | It is days: 0 asks for the visit on the very day.'),
  ('visit_match(''{}'', ''{}'', 367)', '22023 | tolerance must be from 0 to 366, but is 367 | It is days: 0 asks for the visit on the very day.'),
  ('visit_match(''{}'', ''{}'', 0, -2147483648)', '22023 | early must be from 0 to 366, but is -2147483648 | It is days: 0 asks for the visit on the very day.'),
  ('visit_match(NULL, ARRAY(SELECT date ''2020-01-01'' + i FROM generate_series(0, 3660) AS i))', '22023 | visited has 3661 different days | Up to 3660 are allowed: group by outlet and by year.'),
  ('visit_match(ARRAY(SELECT date ''2020-01-01'' + i % 5 FROM generate_series(0, 9999) AS i), NULL) LIMIT 0', 'no error'),
  ('visit_reach(1, 1)', '42883 | function visit_reach(integer, integer) does not exist | No function matches the given name and argument types. You might need to add explicit type casts.')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
