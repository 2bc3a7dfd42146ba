-- The movement of a customer base, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql
\ir ../helpers/surprises_of.sql

-- a movement as text: opening new returned lost closing, bucket by bucket
CREATE FUNCTION pg_temp.shown(rows base_movement_row[]) RETURNS text
RETURN (SELECT string_agg(format('%s+%s+%s-%s=%s', m.opening, m.new, m.returned, m.lost, m.closing), ' ' ORDER BY m.bucket) FROM unnest(rows) AS m);
-- a series by month with these totals, each sold on the first of the month
CREATE FUNCTION pg_temp.months(totals numeric[], lower date DEFAULT '2026-01-01') RETURNS sales_series
RETURN (SELECT sales_series(total, (lower + make_interval(months => n::integer - 1))::date, daterange(lower, (lower + make_interval(months => cardinality(totals)))::date)) FROM unnest(totals) WITH ORDINALITY AS t (total, n));

-- Examples

SELECT is(pg_temp.shown(base_movement(pg_temp.months(totals), first_sale::date)), shown, name)
FROM (VALUES
  ('never active', '{0,0,0}'::numeric[], NULL, '0+0+0-0=0 0+0+0-0=0'),
  ('only returns', '{-1,0,-5}', NULL, '0+0+0-0=0 0+0+0-0=0'),
  ('active always', '{1,2,3}', '2026-01-01', '1+0+0-0=1 1+0+0-0=1'),
  ('new in February', '{0,2,3}', '2026-02-01', '0+1+0-0=1 1+0+0-0=1'),
  ('first sale in January, sent back', '{0,2,3}', '2026-01-01', '0+0+1-0=1 1+0+0-0=1'),
  ('an old customer is back', '{0,2,0}', '2025-12-31', '0+0+1-0=1 1+0+0-1=0'),
  ('lost and back', '{1,0,1}', '2026-01-31', '1+0+0-1=0 0+0+1-0=1'),
  ('a month of returns is lost', '{1,-1,1}', '2026-01-31', '1+0+0-1=0 0+0+1-0=1'),
  ('the last day of the month is new', '{0,1,0}', '2026-02-28', '0+1+0-0=1 1+0+0-1=0'),
  ('first sale after the purchase', '{0,1,0}', '2026-03-01', '0+1+0-0=1 1+0+0-1=0'),
  ('first sale after the period', '{0,1,1}', '2030-01-01', '0+1+0-0=1 1+0+0-0=1'),
  ('first sale long ago', '{0,1,1}', '4713-01-01 BC', '0+0+1-0=1 1+0+0-0=1'),
  ('two buckets', '{1,0}', '2026-01-01', '1+0+0-1=0')
) AS x (name, totals, first_sale, shown) GROUP BY name, shown;

-- 100 at the start, 15 new, 5 returned, 20 lost
SELECT is((base_movement(pg_temp.months(totals), first_sale::date))[1], ('[2026-02-01,2026-03-01)', 100, 15, 5, 20, 100, 0.2, 0.8, 10000, 2000, 0.2)::base_movement_row, '100 + 15 + 5 - 20 = 100, attrition 20 %')
FROM (VALUES ('{100,70}'::numeric[], '2025-03-01', 80), ('{100,0}', '2025-03-01', 20), ('{0,50}', '2026-02-10', 15), ('{0,60}', '2024-01-01', 5)) AS x (totals, first_sale, times), generate_series(1, times);
-- revenue attrition weighs the lost by what they bought
SELECT results_eq($$ SELECT m.attrition::numeric(6, 4), m.retention::numeric(6, 4), m.opening_amount, m.lost_amount, m.revenue_attrition::numeric(6, 4)
  FROM (SELECT base_movement(pg_temp.months(totals), '2020-01-01') AS rows FROM (VALUES ('{900,900}'::numeric[]), ('{100.50,0}'), ('{0,77}')) AS x (totals)) AS y, unnest(rows) AS m $$,
  $$ VALUES (0.5, 0.5, 1000.50, 100.50, 0.1004) $$, 'one of two, and a tenth of the money');
-- new, repeating and lapsed of two years, as published
SELECT is(base_movement(s, first_sale)::text, '{"(\"[2024-01-01,2025-01-01)\",3,1,0,1,3,0.33333333333333333333,0.66666666666666666667,230,100,0.43478260869565217391)"}', 'customers of two years')
FROM (SELECT c, sales_series(spend, make_date(year, 6, 1), '[2023-01-01,2025-01-01)', 'year') AS s, make_date(min(year), 6, 1) AS first_sale
  FROM (VALUES (1, 50, 2023), (2, 100, 2023), (3, 80, 2023), (1, 75, 2024), (3, 60, 2024), (4, 150, 2024)) AS x (c, spend, year) GROUP BY c) AS y;

SELECT is(base_movement(s, '2026-01-01'), NULL, 'no rows') FROM (SELECT NULL::sales_series AS s) AS x WHERE false;
SELECT is(ARRAY[base_movement(s, '2026-01-01')::text, base_movement(s, '2026-01-01', 'net')::text, akb_by_bucket(s)::text], ARRAY[NULL, NULL, NULL]::text[], 'only NULLs') FROM (VALUES (NULL::sales_series), (NULL)) AS x (s);
SELECT is(ARRAY[base_movement(s, '2026-01-01', NULL)::text, akb_by_bucket(s, NULL)::text], ARRAY[NULL, NULL]::text[], 'activity NULL') FROM (SELECT pg_temp.months('{1,1}') AS s) AS x;
SELECT is(pg_temp.shown(base_movement(s, '2026-02-01')), '0+1+0-0=1', 'NULL among others') FROM (VALUES (NULL), (pg_temp.months('{0,1}')), (NULL)) AS x (s);
SELECT is(base_movement(pg_temp.months('{1}'), '2026-01-01'), '{}', 'one bucket has no movement');
SELECT is(base_movement(pg_temp.months('{-5,0}'), NULL)::text, '{"(\"[2026-02-01,2026-03-01)\",0,0,0,0,0,,,0,0,)"}', 'rates of nobody are NULL');
SELECT is(akb_by_bucket(pg_temp.months(totals)), '{1,2,0}', 'active by month') FROM (VALUES ('{1,1,0}'::numeric[]), ('{0,0.01,-3}'), ('{-1,0,0}')) AS x (totals);
SELECT is(base_movement(s, '2026-01-01', 'order')::text, '{"(\"[2026-02-01,2026-03-01)\",1,0,0,0,1,0.00000000000000000000,1.00000000000000000000,-5,0,)","(\"[2026-03-01,2026-04-01)\",1,0,0,1,0,1.00000000000000000000,0.00000000000000000000,0,0,)"}', 'by order, with returns of more than was bought: no revenue rate')
FROM (SELECT sales_series(a, d, '[2026-01-01,2026-04-01)') AS s FROM (VALUES (10, date '2026-01-05'), (-15, '2026-01-10'), (3, '2026-02-10'), (-3, '2026-02-20')) AS x (a, d)) AS y;
-- a leap day, clipped buckets, fiscal weeks
SELECT is(base_movement(s, '2024-02-29')::text, shown, 'new on a leap day, by ' || grain)
FROM (VALUES ('month', '{"(\"[2024-02-01,2024-03-01)\",0,1,0,0,1,,,0,0,)","(\"[2024-03-01,2024-03-20)\",1,0,0,1,0,1.00000000000000000000,0.00000000000000000000,5,5,1.00000000000000000000)"}'),
  ('4-4-5', '{"(\"[2024-02-12,2024-03-11)\",0,1,0,0,1,,,0,0,)","(\"[2024-03-11,2024-03-20)\",1,0,0,1,0,1.00000000000000000000,0.00000000000000000000,5,5,1.00000000000000000000)"}')) AS x (grain, shown),
  LATERAL (SELECT sales_series(a, '2024-02-29', '[2024-01-15,2024-03-20)', grain) AS s FROM (VALUES (5)) AS v (a)) AS y
GROUP BY grain, shown;

-- Amounts of any size, exactly

SELECT is(ARRAY[(m).opening_amount, (m).lost_amount], ARRAY[opening, lost], name)
FROM (SELECT name, opening, lost, (base_movement(pg_temp.months(ARRAY[before, now]), '2020-01-01'))[1] AS m FROM (VALUES
    ('more than 64 bits', 36893488147419103228, 18446744073709551614::numeric, 9223372036854775807::numeric, 0), ('more than 64 bits', 36893488147419103228, 18446744073709551614, 9223372036854775807, 0),
    ('more than 64 bits', 36893488147419103228, 18446744073709551614, 18446744073709551614, 1),
    ('1e-18 beside 9e18', 9000000000000000000.000000000000000001, 0.000000000000000001, 9e18, 1), ('1e-18 beside 9e18', 9000000000000000000.000000000000000001, 0.000000000000000001, 1e-18, 0),
    ('38 digits', 99999999999999999999999999999999999999, 99999999999999999999999999999999999999, 99999999999999999999999999999999999998, 0), ('38 digits', 99999999999999999999999999999999999999, 99999999999999999999999999999999999999, 1, -5),
    ('decimals of one row', 3.0050, 1.0050, 2, 1), ('decimals of one row', 3.0050, 1.0050, 1.0050, 0)
  ) AS x (name, opening, lost, before, now) GROUP BY name, opening, lost) AS y;

-- Random customers against lag windows over their sales: hostile amounts, returns, a first sale anywhere

CREATE TABLE sale AS
SELECT i, noise % 400 AS customer, date '2025-11-01' + (noise / 400 % 250)::integer AS sold_on,
  CASE noise / 200000 % 40 WHEN 0 THEN NULL WHEN 1 THEN 9e18 WHEN 2 THEN -9e18 WHEN 3 THEN 1e-9 WHEN 4 THEN 0 ELSE (noise / 200000 % 11 - 4) * 1.25 END AS amount
FROM generate_series(1, 5000) AS i, LATERAL (SELECT hashint8extended(i, 5) & 9007199254740991 AS noise) AS n;
CREATE TABLE customer AS
SELECT c AS customer, c % 5 AS manager, date '2025-10-01' + (hashint8extended(c, 9) & 255)::integer AS first_sale FROM generate_series(0, 449) AS c;
CREATE TABLE period AS
SELECT grain, daterange('2025-12-01', '2026-06-01') AS days FROM unnest('{month,quarter,week}'::text[]) AS grain;

CREATE TABLE expected AS
WITH unit AS (
  SELECT DISTINCT grain, date_trunc(grain, day)::date AS start, greatest(date_trunc(grain, day)::date, '2025-12-01') AS lower, least((date_trunc(grain, day) + ('1 ' || grain)::interval)::date, '2026-06-01') AS upper
  FROM (VALUES ('month'), ('week')) AS g (grain), generate_series(timestamp '2025-12-01', '2026-05-31', '1 day') AS day
  UNION ALL VALUES ('quarter', date '2025-10-01', date '2025-12-01', date '2026-01-01'), ('quarter', '2026-01-01', '2026-01-01', '2026-04-01'), ('quarter', '2026-04-01', '2026-04-01', '2026-06-01')),
total AS (
  SELECT grain, lower, customer, sum(amount) AS total, bool_or(amount > 0) AS bought
  FROM sale JOIN unit ON sold_on >= lower AND sold_on < upper GROUP BY 1, 2, 3),
state AS (
  SELECT grain, activity, lower, upper, customer, manager, first_sale, coalesce(total, 0) AS total, coalesce(CASE activity WHEN 'net' THEN total > 0 ELSE bought END, false) AS active
  FROM unit CROSS JOIN unnest('{net,order}'::text[]) AS activity CROSS JOIN (SELECT * FROM customer WHERE customer IN (SELECT customer FROM sale)) AS c LEFT JOIN total USING (grain, lower, customer)),
flow AS (
  SELECT *, lag(active) OVER w AS before, lag(total) OVER w AS total_before FROM state WINDOW w AS (PARTITION BY grain, activity, customer ORDER BY lower))
SELECT grain, activity, manager, daterange(lower, upper) AS bucket,
  count(*) FILTER (WHERE before) AS opening, count(*) FILTER (WHERE active AND NOT before AND first_sale >= lower) AS new, count(*) FILTER (WHERE active AND NOT before AND first_sale < lower) AS returned,
  count(*) FILTER (WHERE before AND NOT active) AS lost, count(*) FILTER (WHERE active) AS closing,
  coalesce(sum(total_before) FILTER (WHERE before), 0) AS opening_amount, coalesce(sum(total_before) FILTER (WHERE before AND NOT active), 0) AS lost_amount, bool_or(before IS NULL) AS is_first
FROM flow GROUP BY GROUPING SETS ((grain, activity, lower, upper), (grain, activity, lower, upper, manager));

CREATE TABLE base AS
SELECT grain, customer, manager, first_sale, s FROM customer CROSS JOIN period LEFT JOIN LATERAL (
  SELECT sales_series(amount, sold_on, days, grain) AS s FROM sale WHERE sale.customer = customer.customer HAVING count(*) > 0) AS x ON true;
SELECT cmp_ok(count(*) FILTER (WHERE s IS NULL), '>', 20::bigint, 'some customers have no series') FROM base;

CREATE VIEW wanted AS
SELECT grain, activity, manager, bucket, opening, new, returned, lost, closing, lost / nullif(opening, 0)::numeric AS attrition, 1 - lost / nullif(opening, 0)::numeric AS retention,
  opening_amount, lost_amount, CASE WHEN opening_amount > 0 THEN lost_amount / opening_amount END AS revenue_attrition
FROM expected WHERE NOT is_first;
SELECT is(ARRAY[bool_and(opening > 0), bool_or(new > 0), bool_or(returned > 0), bool_or(lost > 0)], '{t,t,t,t}', 'there is all kinds of movement') FROM wanted WHERE grain = 'month' AND manager IS NULL;

CREATE FUNCTION pg_temp.query(way text) RETURNS text
RETURN format($$ SELECT grain, activity, manager, m.* FROM (
    SELECT grain, 'net' AS activity, manager, base_movement(s, first_sale %1$s) AS rows FROM base GROUP BY GROUPING SETS ((grain), (grain, manager)) UNION ALL
    SELECT grain, 'order', manager, base_movement(s, first_sale, 'order' %1$s) FROM base GROUP BY GROUPING SETS ((grain), (grain, manager))) AS x, unnest(rows) AS m $$, way);
SELECT set_eq(pg_temp.query(way), 'TABLE wanted', 'base_movement' || way)
FROM unnest(ARRAY['', ' ORDER BY customer', ' ORDER BY md5(customer::text)', ' ORDER BY total(s) DESC']) AS way;
SELECT is(count(*) FILTER (WHERE opening + new + returned - lost <> closing), 0::bigint, 'the identity, in rows: ' || count(*)) FROM (SELECT (unnest(base_movement(s, first_sale))).* FROM base GROUP BY grain, customer) AS m;
SELECT is(count(*) FILTER (WHERE attrition + retention <> 1 OR attrition NOT BETWEEN 0 AND 1 OR opening IS DISTINCT FROM coalesce(before, opening)), 0::bigint, 'attrition and retention, and closing that is the next opening')
FROM (SELECT *, lag(closing) OVER (PARTITION BY grain, manager ORDER BY bucket) AS before FROM (SELECT grain, manager, (unnest(base_movement(s, first_sale))).* FROM base GROUP BY grain, manager) AS m) AS x;
SELECT results_eq(format('SELECT grain, akb_by_bucket(s%s) FROM base GROUP BY grain ORDER BY grain', CASE activity WHEN 'order' THEN ', ''order''' ELSE '' END),
  format('SELECT grain, array_agg(closing ORDER BY bucket) FROM expected WHERE manager IS NULL AND activity = %L GROUP BY grain ORDER BY grain', activity), 'akb_by_bucket, ' || activity)
FROM unnest('{net,order}'::text[]) AS activity;
SELECT results_eq($$ SELECT grain, manager, akb_by_bucket(s, 'net') FROM base GROUP BY grain, manager ORDER BY 1, 2 $$, $$ SELECT grain, manager, array_agg(closing ORDER BY bucket) FROM expected WHERE manager IS NOT NULL AND activity = 'net' GROUP BY 1, 2 ORDER BY 1, 2 $$, 'akb_by_bucket by manager');

-- every grain, bucket by bucket, against the totals of the series
CREATE TABLE by_grain AS
SELECT grain, customer, first_sale, sales_series(amount, sold_on, '[2025-12-03,2026-05-20)', grain) AS s
FROM sale JOIN customer USING (customer), unnest('{day,week,week-sunday,month,month-week,quarter,year,fiscal-quarter,4-4-5,4-5-4,5-4-4}'::text[]) AS grain WHERE customer % 4 = 0 GROUP BY 1, 2, 3;
CREATE TABLE by_grain_expected AS
SELECT grain, string_agg(format('%s+%s+%s-%s=%s', opening, new, returned, lost, closing), ' ' ORDER BY lower) AS shown
FROM (
  SELECT grain, lower, count(*) FILTER (WHERE before > 0) AS opening, count(*) FILTER (WHERE total > 0 AND before <= 0 AND first_sale >= lower) AS new, count(*) FILTER (WHERE total > 0 AND before <= 0 AND first_sale < lower) AS returned,
    count(*) FILTER (WHERE before > 0 AND total <= 0) AS lost, count(*) FILTER (WHERE total > 0) AS closing
  FROM (SELECT grain, first_sale, lower(bucket) AS lower, total, lag(total) OVER (PARTITION BY grain, customer ORDER BY bucket) AS before FROM by_grain, LATERAL buckets(s)) AS b
  WHERE before IS NOT NULL GROUP BY grain, lower) AS x
GROUP BY grain;
SELECT is(pg_temp.shown(base_movement(s, first_sale)), shown, 'by ' || grain) FROM by_grain JOIN by_grain_expected USING (grain) GROUP BY grain, shown;

-- Merging

CREATE AGGREGATE pg_temp.unfinished(s sales_series, first_sale date) (SFUNC = base_movement_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.unfinished(s sales_series) (SFUNC = akb_by_bucket_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.merged(bytea) (SFUNC = base_movement_combine, STYPE = bytea, FINALFUNC = base_movement_final);
CREATE AGGREGATE pg_temp.merged_akb(bytea) (SFUNC = akb_by_bucket_combine, STYPE = bytea, FINALFUNC = akb_by_bucket_final);
SELECT is(pg_temp.merged(state), (SELECT base_movement(s, first_sale) FROM base WHERE grain = 'month'), 'the states of managers')
FROM (SELECT pg_temp.unfinished(s, first_sale) AS state FROM base WHERE grain = 'month' GROUP BY manager) AS x;
SELECT is(pg_temp.merged(state ORDER BY md5(n::text)), (SELECT base_movement(s, first_sale) FROM base WHERE grain = 'week'), 'the states of customers')
FROM (SELECT customer AS n, pg_temp.unfinished(s, first_sale) AS state FROM base WHERE grain = 'week' GROUP BY customer) AS x;
SELECT is(pg_temp.merged_akb(state), (SELECT akb_by_bucket(s) FROM base WHERE grain = 'month'), 'counts of managers')
FROM (SELECT pg_temp.unfinished(s) AS state FROM base WHERE grain = 'month' GROUP BY manager) AS x;

CREATE TABLE wanted_month AS SELECT manager, base_movement(s, first_sale) AS rows, akb_by_bucket(s) AS akb FROM base WHERE grain = 'month' GROUP BY manager;
CREATE TABLE wanted_customer AS SELECT customer, base_movement(s, first_sale) AS rows, akb_by_bucket(s) AS akb FROM base WHERE grain = 'month' GROUP BY customer;
ANALYZE base;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SELECT matches(pg_temp.plan_of($$ SELECT manager, base_movement(s, first_sale), akb_by_bucket(s) FROM base WHERE grain = 'month' GROUP BY manager $$), 'Partial .*Aggregate', 'workers share the work');
SELECT set_eq($$ SELECT manager, base_movement(s, first_sale), akb_by_bucket(s) FROM base WHERE grain = 'month' GROUP BY manager $$, 'TABLE wanted_month', 'and come to the same');
RESET max_parallel_workers_per_gather;
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL work_mem = '64kB';
SET LOCAL enable_sort = off;
SELECT matches(pg_temp.plan_of($$ SELECT customer, base_movement(s, first_sale), akb_by_bucket(s) FROM base WHERE grain = 'month' GROUP BY customer $$, 'COSTS'), 'HashAggregate.*Planned Partitions', 'the next query spills');
SELECT set_eq($$ SELECT customer, base_movement(s, first_sale), akb_by_bucket(s) FROM base WHERE grain = 'month' GROUP BY customer $$, 'TABLE wanted_customer', 'and comes to the same');
RESET work_mem;
RESET enable_sort;

SELECT is(count(*), 0::bigint, 'over a moving frame') FROM (
  SELECT pg_temp.shown(base_movement(s, first_sale) OVER w) AS kam, akb_by_bucket(s) OVER w AS akb, array_agg(s) OVER w AS list, array_agg(first_sale) OVER w AS firsts
  FROM base WHERE grain = 'month' AND s IS NOT NULL WINDOW w AS (ORDER BY customer ROWS 7 PRECEDING)) AS x
WHERE (kam, akb) IS DISTINCT FROM (SELECT (pg_temp.shown(base_movement(s, first_sale)), akb_by_bucket(s)) FROM unnest(list, firsts) AS u (s, first_sale));

-- Hostile states: the state is a bytea, which anybody can make

SELECT is(pg_temp.error_of(format('SELECT %s(%L)', final, state)), format('XX001 | malformed state of a customer base of %s bytes', length(state) + 4), format('%s(%s…)', final, left(state::text, 20)))
FROM unnest('{base_movement_final,akb_by_bucket_final}'::text[]) AS final, unnest(ARRAY['\x', '\x00', decode(repeat('00', 20), 'hex'), decode(repeat('00', 100), 'hex'), decode(repeat('ff', 164), 'hex')]::bytea[]) AS state;
CREATE TABLE states (kind text, state bytea);
ALTER TABLE states ALTER state SET STORAGE plain;
INSERT INTO states
SELECT 'movement', pg_temp.unfinished(pg_temp.months(totals), '2026-02-01') FROM (VALUES ('{1.5,0,1}'::numeric[]), ('{0,7,2}')) AS x (totals) UNION ALL
SELECT 'large', pg_temp.unfinished(pg_temp.months(totals), '2026-02-01') FROM (VALUES ('{1e37,0}'::numeric[]), ('{0,7e37}'), ('{9e37,0}')) AS x (totals) UNION ALL
SELECT 'counts', pg_temp.unfinished(pg_temp.months(totals)) FROM (VALUES ('{1.5,0,1}'::numeric[]), ('{0,7,2}')) AS x (totals);
CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text RETURN pg_temp.surprises_of(state, ARRAY[
    'SELECT base_movement_final($1)', 'SELECT akb_by_bucket_final($1)',
    'SELECT base_movement_combine($1, $1)', 'SELECT akb_by_bucket_combine($1, $1)',
    'SELECT base_movement_combine($1, state) FROM states', 'SELECT base_movement_combine(state, $1) FROM states',
    'SELECT base_movement_accumulate($1, pg_temp.months(''{1.234,0,5}''), ''2026-01-01'')',
    'SELECT base_movement_accumulate($1, pg_temp.months(''{1,1}''), ''2026-01-01'', ''order'')',
    'SELECT akb_by_bucket_accumulate($1, pg_temp.months(''{1,0,5}''))',
    'SELECT pg_temp.merged(s) FROM unnest(ARRAY[$1, $1, $1]) AS s'],
  'XX001', '22003', '22023');
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(state, i, value)), ''), '; '), NULL, 'a state with any one byte changed: refused, or a result: ' || kind)
FROM states, LATERAL generate_series(0, length(state) - 1) AS i, unnest(ARRAY[0, 1, 2, 38, 127, 255]) AS value GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(substr(state, 1, i)), ''), '; '), NULL, 'a state cut anywhere: refused: ' || kind)
FROM states, LATERAL generate_series(0, length(state)) AS i GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(overlay(state PLACING substr(decode(md5(i::text) || md5((-i)::text), 'hex'), 1, 8 + i % 9) FROM 1 + i % (length(state) - 16))), ''), '; '), NULL, 'a state with noise in it: refused, or a result: ' || kind)
FROM states, generate_series(1, 200) AS i GROUP BY kind;
SELECT is(pg_temp.error_of(format('SELECT base_movement_combine(%L, %L)', a.state, b.state)), 'XX001 | malformed state of a customer base of ' || length(b.state) + 4 || ' bytes', 'a movement and counts') FROM states AS a, states AS b WHERE a.kind = 'movement' AND b.kind = 'counts';
SELECT is(pg_temp.error_of(format('SELECT %s(%L)', CASE kind WHEN 'counts' THEN 'base_movement_final' ELSE 'akb_by_bucket_final' END, state)), 'XX001 | malformed state of a customer base of ' || length(state) + 4 || ' bytes', 'the state of the other aggregate: ' || kind) FROM states;
-- counts that no customers make: more lost than there were, more new than there are, below zero
SELECT is(pg_temp.error_of(format('SELECT base_movement_final(set_byte(%L, %s, %s))', state, place, value)), 'XX001 | malformed state of a customer base of ' || length(state) + 4 || ' bytes', what)
FROM states, (VALUES ('one active less', 20, 0), ('below zero', 27, 255), ('more lost than there were', 44 + 64 + 8, 2), ('more new than there are', 44 + 64, 9), ('new in the first bucket', 44, 1), ('too many', 26, 255)) AS x (what, place, value) WHERE kind = 'movement';
CREATE TABLE before AS SELECT kind, state::text AS state FROM states;
SELECT is(count(*), 3::bigint, 'states can be used by hand')
FROM states WHERE base_movement_combine(state, state) <> state AND CASE kind WHEN 'counts' THEN akb_by_bucket_accumulate(state, pg_temp.months('{1,1,1}')) WHEN 'movement' THEN base_movement_accumulate(state, pg_temp.months('{1,1,1}'), '2026-01-01') ELSE base_movement_accumulate(state, pg_temp.months('{1,1}'), '2026-01-01') END <> state;
SELECT is(count(*), 3::bigint, 'and stay as they were') FROM states JOIN before USING (kind) WHERE states.state::text = before.state;
CREATE AGGREGATE pg_temp.begun_badly(s sales_series, first_sale date) (SFUNC = base_movement_accumulate, STYPE = bytea, FINALFUNC = base_movement_final, INITCOND = 'nonsense');
SELECT is(pg_temp.error_of('SELECT pg_temp.begun_badly(pg_temp.months(''{1,1}''), ''2026-01-01'')'), 'XX001 | malformed state of a customer base of 12 bytes', 'a bad first state');

-- What is refused

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT base_movement(pg_temp.months(''{1,0}''), NULL)', '22004 | first_sale of an active customer is null | Give the first purchase ever: min(sold_on) FILTER (WHERE amount > 0) over all sales, not only those of the period.'),
  ('SELECT base_movement(pg_temp.months(''{0,1}''), NULL, ''net'')', '22004 | first_sale of an active customer is null | Give the first purchase ever: min(sold_on) FILTER (WHERE amount > 0) over all sales, not only those of the period.'),
  ('SELECT base_movement(pg_temp.months(''{0,0}''), ''infinity'')', '22023 | first_sale must be a finite date, not infinity'),
  ('SELECT base_movement(pg_temp.months(''{0,0}''), ''-infinity'', ''order'')', '22023 | first_sale must be a finite date, not -infinity'),
  ('SELECT base_movement(pg_temp.months(''{0,0}''), NULL, ''visits'')', '22023 | unknown activity: "visits" | Allowed are "net", "order".'),
  ('SELECT akb_by_bucket(pg_temp.months(''{0,0}''), '''')', '22023 | unknown activity: "" | Allowed are "net", "order".'),
  ('SELECT base_movement(pg_temp.months(''{1,1}'', d), ''2020-01-01'') FROM (VALUES (date ''2026-01-01''), (''2026-02-01'')) AS x (d)', '22023 | period and grain must be the same in all rows of a group | Build all series with one period and grain.'),
  ('SELECT akb_by_bucket(sales_series) FROM (SELECT sales_series(1, ''2026-01-01'', ''[2026-01-01,2026-04-01)'', grain) FROM unnest(ARRAY[''month'', ''week'']) AS grain GROUP BY grain) AS x', '22023 | period and grain must be the same in all rows of a group | Build all series with one period and grain.'),
  ('SELECT base_movement(pg_temp.months(''{1,1}''), ''2020-01-01'', a) FROM (VALUES (''net''), (''order'')) AS x (a)', '22023 | activity must be the same in all rows of a group | Give it as a constant, or add the column to GROUP BY.'),
  ('SELECT base_movement_combine(base_movement_accumulate(NULL, pg_temp.months(''{1,1}''), ''2020-01-01''), base_movement_accumulate(NULL, pg_temp.months(''{1,1}''), ''2020-01-01'', ''order''))', '22023 | activity must be the same in all rows of a group | Give it as a constant, or add the column to GROUP BY.'),
  ('SELECT base_movement(pg_temp.months(ARRAY[x, 1]), ''2020-01-01'') FROM unnest(ARRAY[1e30, 1e-10]) AS x', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT base_movement(pg_temp.months(''{9e37,1}''), ''2020-01-01'') FROM generate_series(1, 2)', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
