-- The sums of a target plan, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(80);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql
\ir ../helpers/surprises_of.sql

-- Examples

SELECT is(plan_facts(a, d, '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31'), ROW(270000, 1000000, 240000)::plan_sums, 'a quarter into the year')
FROM (VALUES (100000::numeric, date '2026-01-01'), (170000, '2026-03-31'), (9, '2026-04-01'), (9, '2027-01-01'), (9, '2024-12-31'),
  (140000, '2025-01-01'), (100000, '2025-03-31'), (760000, '2025-04-01'), (0, '2025-12-31')) AS s (a, d);
SELECT is(plan_facts(a, d, '[2026-01-01,2027-01-01)', '2026-03-01', '2026-03-31'), ROW(93000, 1000000, 90000)::plan_sums, 'launched in March: the prior year whole, the days to date from March on')
FROM (VALUES (50000::numeric, date '2026-02-28'), (93000, '2026-03-01'), (910000, '2025-02-28'), (90000, '2025-03-31')) AS s (a, d);

-- one row of 1 on each of some days, so that a sum tells which days it takes
SELECT is(plan_facts(1, day::date, period, launched_on, as_of), ROW(actual, prior_year, prior_to_date)::plan_sums, name)
FROM (VALUES
  ('the first day', daterange '[2026-01-01,2027-01-01)', date '2026-01-01', date '2026-01-01', 1, 365, 1),
  ('the last day', '[2026-01-01,2027-01-01)', '2026-01-01', '2026-12-31', 365, 365, 365),
  ('over', '[2026-01-01,2027-01-01)', '2026-01-01', '2030-12-31', 365, 365, 365),
  ('before the year', '[2026-01-01,2027-01-01)', '2026-01-01', '2025-12-31', 0, 365, 0),
  ('before the launch', '[2026-01-01,2027-01-01)', '2026-03-01', '2026-02-28', 0, 365, 0),
  ('on the day of the launch', '[2026-01-01,2027-01-01)', '2026-03-01', '2026-03-01', 1, 365, 1),
  ('launched before the year', '[2026-01-01,2027-01-01)', '2025-11-15', '2026-01-31', 31, 365, 31),
  ('launched after the year', '[2026-01-01,2027-01-01)', '2027-01-01', '2027-06-30', 0, 365, 0),
  ('a leap year at 29 February', '[2024-01-01,2025-01-01)', '2024-01-01', '2024-02-29', 60, 365, 59),
  ('a leap year at 28 February', '[2024-01-01,2025-01-01)', '2024-01-01', '2024-02-28', 59, 365, 59),
  ('a leap year at 1 March', '[2024-01-01,2025-01-01)', '2024-01-01', '2024-03-01', 61, 365, 60),
  ('launched on 29 February', '[2024-01-01,2025-01-01)', '2024-02-29', '2024-03-31', 32, 365, 32),
  ('the leap year was the one before, at 28 February', '[2025-01-01,2026-01-01)', '2025-01-01', '2025-02-28', 59, 366, 60),
  ('29 February alone', '[2024-02-29,2024-03-01)', '2024-02-29', '2024-02-29', 1, 1, 1),
  ('a season over the turn of the year', '[2025-11-01,2026-03-01)', '2025-11-01', '2026-01-31', 92, 120, 92),
  ('a plan of two years, which its prior year overlaps', '[2024-01-01,2026-01-01)', '2024-01-01', '2025-06-30', 547, 731, 547),
  ('infinite launch and as_of are no dates to compare, but far ones are', '[2026-01-01,2027-01-01)', '4714-11-24 BC', '5874897-12-31', 365, 365, 365)
) AS x (name, period, launched_on, as_of, actual, prior_year, prior_to_date),
  generate_series(timestamp '2022-01-01', '2031-12-31', '1 day') AS day
GROUP BY name, actual, prior_year, prior_to_date;

-- NULL and nothing

SELECT is(plan_facts(a, d, p, l, o), expected, name)
FROM (VALUES
  ('a NULL amount', NULL::numeric, date '2026-01-05', daterange '[2026-01-01,2027-01-01)', date '2026-01-01', date '2026-03-31', '(0,0,0)'::plan_sums),
  ('a NULL day', 1, NULL, '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31', '(0,0,0)'),
  ('a NULL plan_year', 1, '2026-01-05', NULL, '2026-01-01', '2026-03-31', NULL),
  ('a NULL launched_on', 1, '2026-01-05', '[2026-01-01,2027-01-01)', NULL, '2026-03-31', NULL),
  ('a NULL as_of', 1, '2026-01-05', '[2026-01-01,2027-01-01)', '2026-01-01', NULL, NULL),
  ('one row', 1.50, '2026-01-05', '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31', '(1.50,0,0)'),
  ('a return', -1.50, '2025-01-05', '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31', '(0,-1.50,-1.50)'),
  ('sales at infinity', 1, 'infinity', '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31', '(0,0,0)'),
  ('sales at -infinity', 1, '-infinity', '[5874896-01-01,5874897-12-31)', '5874896-01-01', '5874897-12-31', '(0,0,0)')
) AS x (name, a, d, p, l, o, expected)
GROUP BY name, expected;
SELECT is((SELECT plan_facts(1, date '2026-01-01', '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31') WHERE false), NULL, 'no rows');
SELECT is(plan_facts(a, '2026-01-05', p, '2026-01-01', '2026-03-31'), ROW(1, 0, 0)::plan_sums, 'rows with NULL among others are ignored')
FROM (VALUES (2::numeric, NULL::daterange), (1, '[2026-01-01,2027-01-01)'), (NULL, '[2026-01-01,2027-01-01)'), (2, NULL)) AS x (a, p);
SELECT is(plan_facts(a, d, '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31'), ROW(10, 0, 0)::plan_sums, 'rows of no sum are not even read')
FROM (VALUES (10::numeric, date '2026-01-10'), ('NaN', '2026-04-01'), (1e38, '2024-12-31'), ('Infinity', '2027-02-01')) AS x (a, d);
SELECT is(plan_facts(a, d, '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31')::text, '(10.00,0.50,0.00)', 'all sums show the decimals of the amounts')
FROM (VALUES (10::numeric, date '2026-01-10'), (0.50, '2025-10-10')) AS x (a, d);

-- Settings of each row

SELECT is(plan_facts(1, d, p, l, o), ROW(4, 2, 1)::plan_sums, 'each row has its own plan, in any order')
FROM (VALUES
  (date '2026-01-05', daterange '[2026-01-01,2027-01-01)', date '2026-01-01', date '2026-03-31'),
  ('2026-01-05', '[2026-01-01,2027-01-01)', '2026-02-01', '2026-03-31'),
  ('2026-01-05', '[2026-01-01,2027-01-01)', '2026-01-01', '2026-01-31'),
  ('2025-01-05', '[2026-01-01,2027-01-01)', '2026-01-01', '2026-01-31'),
  ('2025-01-05', '[2026-01-01,2027-01-01)', '2026-02-01', '2026-02-28'),
  ('2025-01-05', '[2025-01-01,2026-01-01)', '2025-01-01', '2026-02-28'),
  ('2025-01-05', '[2025-01-05,2025-01-06)', '2025-01-01', '2026-02-28')) AS x (d, p, l, o);

-- A setting that is refused is refused at the next row as well
SELECT is(pg_temp.error_of(format('SELECT plan_facts(1, date ''2026-01-05'', ''[2026-01-01,2027-01-01)'', l, ''2026-03-31'') FROM unnest(%L::date[]) AS l', launches)),
  '22023 | launched_on must be a finite date, not infinity', launches)
FROM unnest(ARRAY['{infinity}', '{2026-01-01,infinity}', '{infinity,infinity}']) AS launches;

-- Against sum() FILTER over random rows

CREATE TABLE sales AS
SELECT noise % 40 AS customer, date '2022-12-20' + (noise / 40 % 1500)::integer AS day,
  CASE noise % 97 WHEN 0 THEN (noise / 100000 % 1000)::numeric * 1e17 WHEN 1 THEN (noise / 100000 % 1000)::numeric * 1e-9 WHEN 2 THEN NULL
    ELSE (((noise / 100000 % 4000) - 500) / 100.0)::numeric(12, 2) END AS amount
FROM generate_series(1, 6000) AS i, LATERAL (SELECT hashint8extended(i, 3) & 2147483647 AS noise) AS n;

CREATE FUNCTION pg_temp.shifted(period daterange) RETURNS daterange IMMUTABLE
RETURN daterange((lower(period) - interval '1 year')::date,
  CASE WHEN to_char(upper(period), 'MMDD') = '0229' THEN make_date(extract(year FROM upper(period))::integer - 1, 3, 1) ELSE (upper(period) - interval '1 year')::date END);
CREATE FUNCTION pg_temp.gone(period daterange, launched_on date, as_of date) RETURNS daterange IMMUTABLE
RETURN CASE WHEN as_of >= launched_on THEN period * daterange(launched_on, as_of, '[]') ELSE 'empty' END;

SELECT is(count(*) FILTER (WHERE kam IS DISTINCT FROM plain), 0::bigint, format('plan of %s from %s', period, launched_on))
FROM (
  SELECT period, launched_on, as_of, customer, plan_facts(amount, day, period, launched_on, as_of) AS kam,
    ROW(coalesce(sum(amount) FILTER (WHERE day <@ pg_temp.gone(period, launched_on, as_of)), 0),
      coalesce(sum(amount) FILTER (WHERE day <@ pg_temp.shifted(period)), 0),
      coalesce(sum(amount) FILTER (WHERE NOT isempty(pg_temp.gone(period, launched_on, as_of)) AND day <@ pg_temp.shifted(pg_temp.gone(period, launched_on, as_of))), 0))::plan_sums AS plain
  FROM sales,
    (VALUES (daterange '[2024-01-01,2025-01-01)', date '2024-01-01'), ('[2024-01-01,2025-01-01)', '2024-02-29'), ('[2025-01-01,2026-01-01)', '2025-03-01'), ('[2024-02-29,2025-02-28)', '2024-01-01'), ('[2024-01-01,2026-01-01)', '2024-04-01')) AS p (period, launched_on),
    unnest(ARRAY['2023-12-31', '2024-02-28', '2024-02-29', '2024-03-01', '2024-12-31', '2025-02-28', '2025-06-30', '2027-01-01']::date[]) AS as_of
  GROUP BY period, launched_on, as_of, customer) AS x
GROUP BY period, launched_on;

-- Wide sums, and the order of rows

SELECT is(plan_facts(a, d, '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31'), ROW(9223372036854775807.0 * 3, 9223372036854775807.5, 9223372036854775807.5)::plan_sums, 'sums of more than 64 bits')
FROM (VALUES (9223372036854775807::numeric, date '2026-01-10'), (9223372036854775807, '2026-01-10'), (9223372036854775807, '2026-01-10'), (9223372036854775807.5, '2025-01-10')) AS x (a, d);
SELECT is(plan_facts(a * 1e-20, d, '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31'), ROW(sum(a) * 1e-20, 0, 0)::plan_sums, 'amounts of 1e-20')
FROM (SELECT i::numeric AS a, date '2026-01-10' AS d FROM generate_series(1, 100) AS i) AS x;
SELECT is(array_agg(DISTINCT f::text), ARRAY['(-0.000000000000000001,18000000000000000000.000000000000000001,18000000000000000000.000000000000000001)'], 'every order of rows gives the same, overflow of 64 bits or not')
FROM (
  SELECT p, plan_facts(a, d, '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31' ORDER BY md5(n::text || p)) AS f
  FROM generate_series(1, 40) AS p, (VALUES
    (1, 9e18::numeric, date '2026-01-10'), (2, 9e18, '2026-01-10'), (3, -9e18, '2026-01-10'), (4, -9e18, '2026-01-10'), (5, -1e-18, '2026-01-10'),
    (6, 9e18, '2025-01-10'), (7, 1e-18, '2025-01-10'), (8, 9e18, '2025-01-10')) AS x (n, a, d)
  GROUP BY p) AS y;
SELECT is(pg_temp.error_of('SELECT plan_facts(a, d, ''[2026-01-01,2027-01-01)'', ''2026-01-01'', ''2026-03-31'') FROM (VALUES (1e30::numeric, date ''2026-01-10''), (1e-10, ''2025-01-10'')) AS x (a, d)'),
  '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.', 'more than 38 digits, in whichever sums');
SELECT is(pg_temp.error_of('SELECT plan_facts(9.9e37, date ''2026-01-10'', ''[2026-01-01,2027-01-01)'', ''2026-01-01'', ''2026-03-31'') FROM generate_series(1, 2)'),
  '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.', 'a sum of more than 38 digits');

-- Merging

CREATE FUNCTION pg_temp.state(amount numeric, day date) RETURNS bytea
RETURN plan_facts_accumulate(NULL, amount, day, '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31');

SELECT is(plan_facts_final(plan_facts_combine(pg_temp.state(a, '2026-01-05'), pg_temp.state(b, '2025-01-05'))), ROW(a, b, b)::plan_sums, format('states of %s and %s', a, b))
FROM (VALUES (1::numeric, 2::numeric), (1.5, 2), (1, 2.25), (9e18, 1e-19), (1e-19, 9e18), (1e25, 2), (2, 1e25), (1e25, 1e-10)) AS x (a, b);
SELECT is(plan_facts_final(plan_facts_combine(s, s)), ROW(18000000000000000000, 0, 0)::plan_sums, 'a merged sum of more than 64 bits')
FROM pg_temp.state(9e18, '2026-01-05') AS s;

CREATE AGGREGATE pg_temp.merged(bytea) (SFUNC = plan_facts_combine, STYPE = bytea, FINALFUNC = plan_facts_final);
CREATE AGGREGATE pg_temp.state(amount numeric, sold_on date, plan_year daterange, launched_on date, as_of date) (SFUNC = plan_facts_accumulate, STYPE = bytea, COMBINEFUNC = plan_facts_combine);
SELECT is((SELECT pg_temp.merged(s ORDER BY customer) FROM (SELECT customer, pg_temp.state(amount, day, '[2024-01-01,2025-01-01)', '2024-01-01', '2024-09-30') AS s FROM sales GROUP BY customer) AS x),
  (SELECT plan_facts(amount, day, '[2024-01-01,2025-01-01)', '2024-01-01', '2024-09-30') FROM sales), 'merging the states of groups');
SELECT is(pg_temp.error_of('SELECT plan_facts_combine(pg_temp.state(1e30, ''2026-01-05''), pg_temp.state(1e-10, ''2026-01-05''))'),
  '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.', 'states that cannot be merged exactly');

CREATE TABLE serial AS SELECT customer, plan_facts(amount, day, '[2024-01-01,2025-01-01)', '2024-01-01', '2024-09-30') AS f FROM sales GROUP BY customer;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
ANALYZE sales;
SELECT matches(pg_temp.plan_of('SELECT customer, plan_facts(amount, day, ''[2024-01-01,2025-01-01)'', ''2024-01-01'', ''2024-09-30'') FROM sales GROUP BY customer'), 'Partial .*Aggregate', 'workers share the work');
SELECT is(count(*), 0::bigint, 'and come to the same') FROM (
  SELECT customer, plan_facts(amount, day, '[2024-01-01,2025-01-01)', '2024-01-01', '2024-09-30')::text FROM sales GROUP BY customer
  EXCEPT SELECT customer, f::text FROM serial) AS x;

-- Hostile states: the state is a bytea, which anybody can make

SELECT is(pg_temp.error_of(format('SELECT plan_facts_final(%L)', state)), 'XX001 | malformed plan_facts state of ' || length(state) + 4 || ' bytes', 'plan_facts_final(' || left(state::text, 20) || '…)')
FROM unnest(ARRAY['\x', '\x00', '\x01080000', decode(repeat('00', 28), 'hex'), decode(repeat('ff', 28), 'hex'), decode('01182626' || repeat('00', 72), 'hex'), decode('01080000' || repeat('00', 72), 'hex')]::bytea[]) AS state;

CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text RETURN pg_temp.surprises_of(state, ARRAY[
    'SELECT plan_facts_final($1)',
    'SELECT plan_facts_combine($1, $1)',
    'SELECT plan_facts_combine(pg_temp.state(12.50, ''2026-01-05''), $1)',
    'SELECT plan_facts_combine($1, pg_temp.state(12.50, ''2026-01-05''))',
    'SELECT plan_facts_accumulate($1, 1e37, ''2026-01-05'', ''[2026-01-01,2026-02-01)'', ''2026-01-01'', ''2026-01-10'')',
    'SELECT plan_facts_accumulate($1, 1e-38, ''2026-01-05'', ''[2026-01-01,2026-02-01)'', ''2026-01-01'', ''2026-01-10'')'],
  'XX001', '22003');
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(s, i, value)), ''), '; '), NULL, 'a state with any one byte changed: refused, or a number')
FROM (VALUES (pg_temp.state(12.50, '2026-01-05')), (pg_temp.state(1e25, '2026-01-05'))) AS x (s), LATERAL generate_series(0, length(s) - 1) AS i, unnest(ARRAY[0, 1, 2, 24, 38, 39, 127, 128, 255]) AS value;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(substr(s, 1, i)), ''), '; '), NULL, 'a state cut anywhere: refused')
FROM (VALUES (pg_temp.state(12.50, '2026-01-05')), (pg_temp.state(1e25, '2026-01-05'))) AS x (s), LATERAL generate_series(0, length(s) - 1) AS i;

CREATE AGGREGATE pg_temp.begun_badly(amount numeric, sold_on date, plan_year daterange, launched_on date, as_of date) (SFUNC = plan_facts_accumulate, STYPE = bytea, FINALFUNC = plan_facts_final, INITCOND = 'nonsense');
SELECT is(pg_temp.error_of('SELECT pg_temp.begun_badly(1::numeric, date ''2026-01-05'', daterange ''[2026-01-01,2026-02-01)'', date ''2026-01-01'', date ''2026-01-10'')'), 'XX001 | malformed plan_facts state of 12 bytes', 'a bad first state');

-- hand-made states are not scribbled on
CREATE TABLE states (id integer, state bytea);
ALTER TABLE states ALTER state SET STORAGE plain;
INSERT INTO states SELECT i, pg_temp.state(12.5, '2026-01-05') FROM generate_series(1, 2) AS i;
SELECT is(count(*), 2::bigint, 'states can be used by hand')
FROM states
WHERE plan_facts_combine(state, state) <> state
  AND plan_facts_accumulate(state, 7.125, '2026-01-06', '[2026-01-01,2026-02-01)', '2026-01-01', '2026-01-10') <> state
  AND (plan_facts_final(state)).actual = 12.5;
SELECT is(count(*), 2::bigint, 'and stay as they were') FROM states WHERE state = pg_temp.state(12.5, '2026-01-05');

-- What is refused

SELECT is(pg_temp.error_of('SELECT plan_facts(' || arguments || ')'), expected, arguments)
FROM (VALUES
  ('1, date ''2026-01-05'', ''[2026-01-01,)'', ''2026-01-01'', ''2026-03-31''', '22023 | plan_year must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('1, date ''2026-01-05'', ''empty'', ''2026-01-01'', ''2026-03-31''', '22023 | plan_year must not be an empty range | A period has at least one day, like [2026-01-01,2027-01-01).'),
  ('1, date ''2026-01-05'', ''[2026-01-01,2126-01-03)'', ''2026-01-01'', ''2026-03-31''', '22023 | plan_year is 36526 days long | At most 36525 days (a hundred years) are allowed.'),
  ('1, date ''2026-01-05'', ''[4714-11-24 BC,4714-12-24 BC)'', ''2026-01-01'', ''2026-03-31''', '22023 | there is no year before the period'),
  ('1, date ''2026-01-05'', ''[2026-01-01,2027-01-01)'', ''infinity'', ''2026-03-31''', '22023 | launched_on must be a finite date, not infinity'),
  ('1, date ''2026-01-05'', ''[2026-01-01,2027-01-01)'', ''2026-01-01'', ''-infinity''', '22023 | as_of must be a finite date, not -infinity'),
  ('''NaN'', date ''2026-01-05'', ''[2026-01-01,2027-01-01)'', ''2026-01-01'', ''2026-03-31''', '22023 | amount must be a finite number, not NaN'),
  ('''-Infinity'', date ''2025-01-05'', ''[2026-01-01,2027-01-01)'', ''2026-01-01'', ''2026-03-31''', '22023 | amount must be a finite number, not -infinity'),
  ('1e38, date ''2026-01-05'', ''[2026-01-01,2027-01-01)'', ''2026-01-01'', ''2026-03-31''', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.')
) AS x (arguments, expected);

SELECT * FROM finish();
ROLLBACK;
