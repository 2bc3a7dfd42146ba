-- Run rate: what a period will come to, against published numbers and plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(122);

\ir ../helpers/error_of.sql
\ir ../helpers/surprises_of.sql

-- Examples, in days and in months

SELECT is(
  ARRAY[run_rate(actual, period, as_of), run_rate(actual, period, as_of, 'days'), run_rate(actual, period, as_of, 'months')],
  ARRAY[days, days, months], format('run_rate(%s, %s, %s): %s', actual, period, as_of, name))
FROM (VALUES
  (270000::numeric, daterange '[2026-01-01,2027-01-01)', date '2026-03-31', 1095000.0000000000::numeric, 1080000.0000000000::numeric, 'a quarter of the year'),
  (93000, '[2026-03-01,2027-01-01)', '2026-03-31', 918000, 930000, 'launched in March'),
  (50000, '[2024-02-01,2024-03-01)', '2024-02-15', 50000 * 29 / 15.0, 50000 * 29 / 15.0, 'half of a leap February'),
  (50000, '[2023-02-01,2023-03-01)', '2023-02-15', 50000 * 28 / 15.0, 50000 * 28 / 15.0, 'half of February'),
  (50000, '[2024-06-01,2024-07-01)', '2024-06-01', 1500000, 1500000, 'the first day'),
  (50000, '[2024-01-01,2025-01-01)', '2024-02-29', 305000, 300000, 'to 29 February'),
  (50000, '[2024-01-01,2025-01-01)', '2024-02-28', 50000 * 366 / 59.0, 50000 * 348 / 57.0, 'to 28 February of a leap year'),
  (1000, '[2026-01-01,2027-01-01)', '2026-03-15', 1000 * 365 / 74.0, 1000 * 372 / 77.0, '15 March is 2 + 15/31 months'),
  (1000, '[2026-01-01,2027-01-01)', '2026-12-31', 1000, 1000, 'the last day'),
  (1000, '[2026-01-01,2027-01-01)', '2027-01-01', 1000, 1000, 'the day after'),
  (1000, '[2026-01-01,2027-01-01)', '2525-01-01', 1000, 1000, 'long over'),
  (1000, '[2026-01-01,2027-01-01)', '2025-12-31', NULL, NULL, 'not started'),
  (1000, '[2026-01-01,2027-01-01)', '1925-12-31', NULL, NULL, 'long before'),
  (1000, '[2026-05-05,2026-05-06)', '2026-05-05', 1000, 1000, 'a period of one day'),
  (0, '[2026-01-01,2027-01-01)', '2026-03-31', 0, 0, 'nothing'),
  (-300, '[2026-01-01,2026-12-27)', '2026-03-31', -1200, -300 * 367 / 93.0, 'returns'),
  (NULL, '[2026-01-01,2027-01-01)', '2026-03-31', NULL, NULL, 'NULL actual'),
  (1000, NULL, '2026-03-31', NULL, NULL, 'NULL period'),
  (1000, '[2026-01-01,2027-01-01)', NULL, NULL, NULL, 'NULL as_of'),
  (1e-20, '[2026-01-01,2026-01-11)', '2026-01-05', 2e-20, 2e-20, 'amounts of 1e-20'),
  (1e30, '[2026-01-01,2026-01-11)', '2026-01-05', 2e30, 2e30, 'amounts of 1e30'),
  (1e100, '[2026-01-01,2026-01-11)', '2026-01-05', 2e100, 2e100, 'a scalar has no limit of digits')
) AS x (actual, period, as_of, days, months, name);

SELECT is(round(run_rate(50000, '[2024-02-01,2024-03-01)', '2024-02-15'), 6), 96666.666667, 'a third is not cut short');
SELECT is(run_rate(1000, '[2026-01-01,2027-01-01)', '2026-12-31')::text, '1000', 'an actual value that is final is given as it is');
SELECT is(run_rate(1000.50, '[2026-01-01,2027-01-01)', '2027-12-31')::text, '1000.50', 'with its decimals');
SELECT is(run_rate(1, '[2026-01-01,2027-01-01)', '2026-03-31', NULL), NULL, 'NULL unit');
SELECT is(ARRAY[run_rate(1000, p, d, 'day'), run_rate(1000, p, d, 'month')], ARRAY[run_rate(1000, p, d, 'days'), run_rate(1000, p, d, 'months')], 'a unit in the singular')
FROM (SELECT daterange '[2026-01-01,2027-01-01)' AS p, date '2026-03-15' AS d) AS x;

-- To the last digit: actual * total / elapsed in numeric, each day of each period

SELECT is(count(*) FILTER (WHERE run_rate(actual, period, as_of)::text IS DISTINCT FROM
    CASE WHEN as_of < lower(period) THEN NULL
      WHEN as_of >= upper(period) - 1 THEN actual
      ELSE actual * (upper(period) - lower(period)) / (as_of - lower(period) + 1) END::text),
  0::bigint, 'in days, ' || period || ', each day')
FROM (VALUES ('[2024-01-01,2025-01-01)'::daterange), ('[2026-02-01,2026-03-01)'), ('[2025-11-15,2026-02-03)'), ('[2000-01-01,2100-01-01)')) AS p (period),
  generate_series(lower(period) - 2, upper(period) + 2, interval '1 day') AS t, LATERAL (SELECT t::date AS as_of) AS d,
  (VALUES (123456.78), (-0.01)) AS a (actual)
GROUP BY period;

-- months: each day counts 1 / the days of its month
SELECT is(count(*) FILTER (WHERE abs(run_rate(actual, period, as_of, 'months') - plain) > 1e-9 * abs(plain) OR plain IS NULL), 0::bigint, 'in months, ' || period || ', each day')
FROM (
  SELECT period, day AS as_of, actual, actual * sum(part) OVER (PARTITION BY period, actual) / sum(part) OVER (PARTITION BY period, actual ORDER BY day) AS plain
  FROM (VALUES ('[2024-01-01,2025-01-01)'::daterange), ('[2026-02-01,2026-03-01)'), ('[2025-11-15,2026-02-03)'), ('[2000-01-01,2030-01-01)'), ('[2024-02-29,2024-03-02)')) AS p (period),
    generate_series(lower(period), upper(period) - 1, interval '1 day') AS t, LATERAL (SELECT t::date AS day) AS d,
    LATERAL (SELECT 1.000000000000000000000000 / extract(day FROM date_trunc('month', day) + interval '1 month' - interval '1 day') AS part) AS m,
    (VALUES (123456.78), (-0.01)) AS a (actual)) AS x
GROUP BY period;

SELECT is(run_rate(1200, '[2026-01-01,2027-01-01)', as_of, 'months'), 1200 * 12 / n::numeric, 'in months, after month ' || n)
FROM generate_series(1, 12) AS n, LATERAL (SELECT (date '2026-01-01' + make_interval(months => n))::date - 1 AS as_of) AS x;

-- The aggregate

CREATE TABLE sales AS
SELECT noise % 40 AS customer, date '2025-12-20' + (noise / 40 % 400)::integer AS day, (((noise / 16000 % 4000) - 500) / 100.0)::numeric(12, 2) AS amount
FROM generate_series(1, 20000) AS i, LATERAL (SELECT hashint8extended(i, 3) & 2147483647 AS noise) AS n;

SELECT is(count(*) FILTER (WHERE kam IS DISTINCT FROM plain), 0::bigint, format('the aggregate by %s at %s is the scalar of the rows up to it', unit, as_of))
FROM (
  SELECT unit, as_of, customer, run_rate(amount, day, '[2026-01-01,2027-01-01)', as_of, unit) AS kam,
    run_rate(coalesce(sum(amount) FILTER (WHERE day BETWEEN '2026-01-01' AND least(as_of, '2026-12-31')), 0.00), '[2026-01-01,2027-01-01)', as_of, unit) AS plain
  FROM sales, (VALUES ('days'), ('months')) AS u (unit),
    (VALUES (date '2025-12-31'), ('2026-01-01'), ('2026-03-15'), ('2026-03-31'), ('2026-12-30'), ('2026-12-31'), ('2027-06-01')) AS d (as_of)
  GROUP BY unit, as_of, customer) AS x
GROUP BY unit, as_of;

SELECT is((SELECT run_rate(amount, day, '[2026-01-01,2027-01-01)', '2026-03-31', 'days') FROM sales WHERE false), NULL, 'no rows');
SELECT is((SELECT run_rate(amount, day, '[2030-01-01,2031-01-01)', '2030-03-31', 'days') FROM sales), 0::numeric, 'no rows in the period');
SELECT is(run_rate(a, d, p, o, u), expected, name)
FROM (VALUES
  ('a NULL amount', NULL::numeric, date '2026-01-01', daterange '[2026-01-01,2026-02-01)', date '2026-01-31', 'days', 0::numeric),
  ('a NULL day', 1, NULL, '[2026-01-01,2026-02-01)', '2026-01-31', 'days', 0),
  ('a NULL amount, not started', NULL, '2026-01-01', '[2026-01-01,2026-02-01)', '2025-01-31', 'days', NULL),
  ('a NULL period', 1, '2026-01-01', NULL, '2026-01-31', 'days', NULL),
  ('a NULL as_of', 1, '2026-01-01', '[2026-01-01,2026-02-01)', NULL, 'days', NULL),
  ('a NULL unit', 1, '2026-01-01', '[2026-01-01,2026-02-01)', '2026-01-31', NULL, NULL)) AS x (name, a, d, p, o, u, expected)
GROUP BY name, expected;
SELECT is(run_rate(a, date '2026-01-01', p, '2026-01-31', 'days'), 1::numeric, 'rows with NULL among others are ignored')
FROM (VALUES (1::numeric, daterange '[2026-01-01,2026-02-01)'), (NULL, '[2026-01-01,2026-02-01)'), (2, NULL)) AS x (a, p);
SELECT is(run_rate(a, d, '[2026-01-01,2026-02-01)', '2026-01-10', 'days'), 31::numeric, 'rows outside the period or after as_of are not even read')
FROM (VALUES (10::numeric, date '2026-01-10'), ('NaN', '2026-01-11'), (1e38, '2025-12-31'), ('Infinity', '2026-02-01')) AS x (a, d);
SELECT is(run_rate(a, date '2026-01-01', '[2026-01-01,2026-02-01)', '2026-01-31', u), 3::numeric, 'units in the singular and the plural are one')
FROM (VALUES (1::numeric, 'day'), (2, 'days')) AS x (a, u);

-- Of a series

SELECT is(count(*) FILTER (WHERE run_rate(s, as_of) IS DISTINCT FROM aggregate), 0::bigint, format('a series by %s at %s', grain, as_of))
FROM (
  SELECT customer, grain, as_of, sales_series(amount, day, '[2026-01-01,2027-01-01)', grain) AS s,
    run_rate(amount, day, '[2026-01-01,2027-01-01)', as_of, 'days') AS aggregate
  FROM sales, (VALUES
    ('day', date '2026-01-01'), ('day', '2026-08-13'), ('week', '2026-01-04'), ('week', '2026-08-16'), ('week-sunday', '2026-01-03'), ('month', '2026-01-31'), ('month', '2026-11-30'),
    ('month-week', '2026-01-07'), ('month-week', '2026-02-28'), ('quarter', '2026-06-30'), ('year', '2026-12-31'), ('year', '2027-12-31'), ('year', '2025-12-31'), ('day', '2025-12-31')) AS x (grain, as_of)
  GROUP BY customer, grain, as_of) AS y
GROUP BY grain, as_of;

SELECT is(ARRAY[run_rate(NULL::sales_series, '2026-01-31'), run_rate(s, NULL)], ARRAY[NULL, NULL]::numeric[], 'NULL series or as_of')
FROM (SELECT sales_series(1, '2026-01-01', '[2026-01-01,2026-02-01)') AS s) AS x;

-- Hostile states: the state is a bytea, which anybody can make

CREATE FUNCTION pg_temp.good_state() RETURNS bytea
RETURN run_rate_accumulate(NULL, 12.50, '2026-01-05', '[2026-01-01,2026-02-01)', '2026-01-10', 'days');

SELECT is(run_rate_final(pg_temp.good_state()), 38.75, 'a state made by hand');
SELECT is(pg_temp.error_of(format('SELECT run_rate_final(%L)', state)), message, 'run_rate_final(' || left(state::text, 20) || '…)')
FROM (VALUES
  ('\x'::bytea, 'XX001 | malformed run_rate state of 4 bytes'),
  ('\x00', 'XX001 | malformed run_rate state of 5 bytes'),
  ('\x01', 'XX001 | malformed run_rate state of 5 bytes'),
  (decode(repeat('00', 44), 'hex'), 'XX001 | malformed run_rate state of 48 bytes'),
  (decode(repeat('ff', 44), 'hex'), 'XX001 | malformed run_rate state of 48 bytes'),
  (decode(repeat('01', 44), 'hex'), 'XX001 | malformed run_rate state of 48 bytes'),
  (decode(repeat('ff', 100000), 'hex'), 'XX001 | malformed run_rate state of 100004 bytes')
) AS x (state, message);

CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text RETURN pg_temp.surprises_of(state, ARRAY[
    'SELECT run_rate_final($1)',
    'SELECT run_rate_combine($1, $1)',
    'SELECT run_rate_combine(pg_temp.good_state(), $1)',
    'SELECT run_rate_combine($1, pg_temp.good_state())',
    'SELECT run_rate_accumulate($1, 1e37, ''2026-01-05'', ''[2026-01-01,2026-02-01)'', ''2026-01-10'', ''days'')',
    'SELECT run_rate_accumulate($1, 1e-38, ''2026-01-05'', ''[2026-01-01,2026-02-01)'', ''2026-01-10'', ''days'')'],
  'XX001', '22023', '22003');

SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(pg_temp.good_state(), i, value)), ''), '; '), NULL, 'a state with any one byte changed: refused, or a number')
FROM generate_series(0, 43) AS i, unnest(ARRAY[0, 1, 2, 38, 39, 127, 128, 255]) AS value;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(substr(pg_temp.good_state(), 1, i)), ''), '; '), NULL, 'a state cut anywhere: refused')
FROM generate_series(0, 44) AS i;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(
    overlay(pg_temp.good_state() PLACING decode(substr(md5(i::text) || md5((-i)::text), 1, 2 * n), 'hex') FROM 45 - n)), ''), '; '), NULL, 'a state that ends in noise: refused, or a number')
FROM generate_series(1, 100) AS i, unnest(ARRAY[8, 16, 24, 28, 32]) AS n;

-- hand-made states are not scribbled on
CREATE TABLE states (id integer, state bytea);
ALTER TABLE states ALTER state SET STORAGE plain;
INSERT INTO states SELECT 1, pg_temp.good_state() UNION ALL SELECT 2, pg_temp.good_state();
SELECT is(count(*), 2::bigint, 'states can be used by hand')
FROM states
WHERE run_rate_combine(state, state) <> state
  AND run_rate_accumulate(state, 7.125, '2026-01-06', '[2026-01-01,2026-02-01)', '2026-01-10', 'days') <> state
  AND run_rate_final(state) IS NOT NULL;
SELECT is(count(*), 2::bigint, 'and stay as they were') FROM states WHERE state = pg_temp.good_state();

-- aggregates of users' own over the same functions
CREATE AGGREGATE pg_temp.merged_run_rate(bytea) (SFUNC = run_rate_combine, STYPE = bytea, FINALFUNC = run_rate_final);
CREATE AGGREGATE pg_temp.begun_badly(amount numeric, sold_on date, period daterange, as_of date, unit text) (SFUNC = run_rate_accumulate, STYPE = bytea, FINALFUNC = run_rate_final, INITCOND = 'nonsense');
CREATE AGGREGATE pg_temp.never_finished(amount numeric, sold_on date, period daterange, as_of date, unit text) (SFUNC = run_rate_accumulate, STYPE = bytea);
SELECT is((SELECT pg_temp.merged_run_rate(state) FROM states), 77.50, 'merging states in an aggregate of one''s own');
SELECT is(pg_temp.error_of('SELECT pg_temp.begun_badly(1::numeric, date ''2026-01-05'', daterange ''[2026-01-01,2026-02-01)'', date ''2026-01-10'', ''days'')'), 'XX001 | malformed run_rate state of 12 bytes', 'a bad first state');
SELECT is(run_rate_final(pg_temp.never_finished(12.5, '2026-01-05', '[2026-01-01,2026-02-01)', '2026-01-10', 'days')), 38.75, 'finishing by hand');

-- What is refused

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT run_rate(1, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', ''weeks'')', '22023 | unknown unit: "weeks" | Allowed are "days" and "months". For working days give a work_calendar, for example work_calendar ''weekend sat,sun''.'),
  ('SELECT run_rate(''NaN'', ''[2026-01-01,2027-01-01)'', ''2026-03-31'')', '22023 | actual must be a finite number, not NaN'),
  ('SELECT run_rate(''-Infinity'', ''[2026-01-01,2027-01-01)'', ''2026-03-31'')', '22023 | actual must be a finite number, not -infinity'),
  ('SELECT run_rate(1, ''[2026-01-01,2027-01-01)'', ''infinity'')', '22023 | as_of must be a finite date, not infinity'),
  ('SELECT run_rate(1, ''[2026-01-01,2027-01-01)'', ''-infinity'')', '22023 | as_of must be a finite date, not -infinity'),
  ('SELECT run_rate(1, ''[2026-01-01,)'', ''2026-03-31'')', '22023 | period must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('SELECT run_rate(1, ''empty'', ''2026-03-31'')', '22023 | period must not be an empty range | A period has at least one day, like [2026-01-01,2027-01-01).'),
  ('SELECT run_rate(1, ''[2026-01-01,2126-01-03)'', ''2026-03-31'')', '22023 | period is 36526 days long | At most 36525 days (a hundred years) are allowed.'),
  ('SELECT run_rate(s, ''2026-01-15'') FROM (SELECT sales_series(1, ''2026-01-01'', ''[2026-01-01,2027-01-01)'') AS s) AS x', '22023 | as_of 2026-01-15 is inside a bucket of grain "month" | Build the series with a finer grain, such as "day", or use the aggregate run_rate(amount, sold_on, period, as_of, unit), which leaves out the rows after as_of.'),
  ('SELECT run_rate(s, ''2026-06-30'') FROM (SELECT sales_series(1, ''2026-01-01'', ''[2026-01-01,2027-01-01)'', ''year'') AS s) AS x', '22023 | as_of 2026-06-30 is inside a bucket of grain "year" | Build the series with a finer grain, such as "day", or use the aggregate run_rate(amount, sold_on, period, as_of, unit), which leaves out the rows after as_of.'),
  ('SELECT run_rate(s, ''infinity'') FROM (SELECT sales_series(1, ''2026-01-01'', ''[2026-01-01,2027-01-01)'') AS s) AS x', '22023 | as_of must be a finite date, not infinity'),
  ('SELECT run_rate(1::numeric, date ''2026-01-05'', daterange ''[2026-01-01,2027-01-01)'', date ''2026-03-31'', ''weeks'')', '22023 | unknown unit: "weeks" | Allowed are "days" and "months". For working days give a work_calendar, for example work_calendar ''weekend sat,sun''.'),
  ('SELECT run_rate(1::numeric, date ''2026-01-05'', daterange ''[2026-01-01,2027-01-01)'', date ''infinity'', ''days'')', '22023 | as_of must be a finite date, not infinity'),
  ('SELECT run_rate(1::numeric, date ''2026-01-05'', daterange ''(,2027-01-01)'', date ''2026-03-31'', ''days'')', '22023 | period must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('SELECT run_rate(1::numeric, date ''2026-01-05'', p, date ''2026-03-31'', ''days'') FROM unnest(ARRAY[daterange ''[2026-01-01,2027-01-01)'', ''[2026-01-01,2026-07-01)'']) AS p', '22023 | period, as_of and unit must be the same in all rows of a group | Add them to GROUP BY.'),
  ('SELECT run_rate(1::numeric, date ''2026-01-05'', daterange ''[2026-01-01,2027-01-01)'', d, ''days'') FROM unnest(ARRAY[date ''2026-03-31'', ''2026-04-01'']) AS d', '22023 | period, as_of and unit must be the same in all rows of a group | Add them to GROUP BY.'),
  ('SELECT run_rate(1::numeric, date ''2026-01-05'', daterange ''[2026-01-01,2027-01-01)'', date ''2026-03-31'', u) FROM unnest(ARRAY[''days'', ''months'']) AS u', '22023 | period, as_of and unit must be the same in all rows of a group | Add them to GROUP BY.'),
  ('SELECT run_rate_combine(pg_temp.good_state(), run_rate_accumulate(NULL, 1, ''2026-01-05'', ''[2026-01-01,2026-02-01)'', ''2026-01-11'', ''days''))', '22023 | period, as_of and unit must be the same in all rows of a group | Add them to GROUP BY.')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
