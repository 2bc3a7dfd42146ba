-- Periods and grains: every bucket of every day against plain SQL, and the helpers that make periods.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(206);

\ir ../helpers/error_of.sql

\ir ../helpers/unit_start.sql

CREATE TABLE grains (grain text);
INSERT INTO grains VALUES ('day'), ('week'), ('week-sunday'), ('month'), ('month-week'), ('quarter'), ('year');

-- one row a day, 1,2,3… by the day of the period, so that a bucket's total shows which days it has
CREATE FUNCTION pg_temp.kam_buckets(period daterange, grain text) RETURNS TABLE (bucket daterange, total numeric)
BEGIN ATOMIC
  SELECT (b).bucket, (b).total
  FROM (
    SELECT buckets(sales_series(d + 1, lower(period) + d, period, grain)) AS b
    FROM generate_series(0, upper(period) - lower(period) - 1) AS d) AS x;
END;

CREATE FUNCTION pg_temp.plain_buckets(period daterange, grain text) RETURNS TABLE (bucket daterange, total numeric)
BEGIN ATOMIC
  SELECT daterange(min(day), max(day), '[]'), sum(d + 1)
  FROM (SELECT d, lower(period) + d AS day FROM generate_series(0, upper(period) - lower(period) - 1) AS d) AS x
  GROUP BY pg_temp.unit_start(grain, day);
END;

CREATE TABLE periods (period daterange, name text);
INSERT INTO periods VALUES
  ('[1896-01-01,1970-01-01)', '1896 to 1969'),
  ('[1970-01-01,2040-01-01)', '1970 to 2039'),
  ('[2040-01-01,2105-01-01)', '2040 to 2104'),
  ('[2000-01-01,2100-01-01)', 'the longest that is allowed, 36,525 days'),
  ('[2026-01-15,2027-03-10)', 'a period that cuts units at both ends'),
  ('[2024-02-29,2024-03-01)', '29 February alone'),
  ('[2026-01-01,2026-01-02)', 'one day'),
  ('[2025-12-31,2026-01-02)', 'two days in two of each unit'),
  ('[1582-09-01,1582-11-15)', 'the Gregorian reform, which SQL does not have'),
  ('[0001-12-20 BC,0001-01-20)', 'the turn from BC to AD'),
  ('[0101-02-20 BC,0095-03-10 BC)', 'leap years BC'),
  ('[4713-01-01 BC,4713-03-10 BC)', 'the first whole year there is'),
  ('[5874896-11-01,5874897-12-31)', 'the last days there are');

SELECT is(
  (SELECT count(*)
   FROM pg_temp.kam_buckets(period, grain) AS k
   FULL JOIN pg_temp.plain_buckets(period, grain) AS p USING (bucket, total)
   WHERE k IS NULL OR p IS NULL),
  0::bigint, 'buckets by ' || grain || ', ' || name)
FROM periods CROSS JOIN grains;

SELECT is((SELECT array_agg(b.bucket ORDER BY n) FROM buckets(s) WITH ORDINALITY AS b (bucket, total, n)),
  (SELECT array_agg(b.bucket ORDER BY b.bucket) FROM buckets(s) AS b), 'buckets come in order by ' || grain)
FROM (SELECT grain, sales_series(NULL, NULL, '[2024-02-27,2025-03-10)', grain) AS s FROM grains GROUP BY grain) AS x;

SELECT is((totals(sales_series(1, lower(period) + d, period, grain)))[1:2], expected::numeric[], 'the first days there are, by ' || grain)
FROM (VALUES
  ('day', '{1,1}'), ('week', '{7,7}'), ('week-sunday', '{6,7}'), ('month', '{7,31}'), ('month-week', '{7,7}'),
  ('quarter', '{38,70}'), ('year', '{38,70}')) AS x (grain, expected),
  daterange(make_date(-4714, 11, 24), make_date(-4713, 3, 11)) AS period,
  generate_series(0, upper(period) - lower(period) - 1) AS d
GROUP BY grain, expected, period;

-- closed_period

CREATE TABLE closed AS
SELECT grain, n, as_of::date AS as_of, closed_period(as_of::date, n, grain) AS period
FROM grains, unnest(ARRAY[1, 2, 3, 5, 13]) AS n,
  generate_series(timestamp '2023-12-01', '2025-03-31', '1 day') AS as_of;

CREATE TABLE starts AS
SELECT grain, start, row_number() OVER (PARTITION BY grain ORDER BY start) AS number
FROM (
  SELECT DISTINCT grain, pg_temp.unit_start(grain, d::date) AS start
  FROM grains, generate_series(timestamp '2009-01-01', '2026-01-01', '1 day') AS d) AS x;

SELECT is(count(*) FILTER (WHERE upper(period) IS DISTINCT FROM pg_temp.unit_start(grain, as_of + 1)), 0::bigint,
  'closed_period by ' || grain || ' ends where the bucket of the next day begins')
FROM closed GROUP BY grain;

SELECT is(count(*) FILTER (WHERE last.number - first.number IS DISTINCT FROM n), 0::bigint,
  'closed_period by ' || closed.grain || ' has n buckets and begins where one does')
FROM closed
LEFT JOIN starts AS first ON first.grain = closed.grain AND first.start = lower(period)
LEFT JOIN starts AS last ON last.grain = closed.grain AND last.start = upper(period)
GROUP BY closed.grain;

SELECT is(closed_period(as_of::date, n, grain), period::daterange, format('closed_period(%s, %s, %s)', as_of, n, grain))
FROM (VALUES
  ('2026-03-31', 3, 'month', '[2026-01-01,2026-04-01)'),
  ('2026-03-30', 3, 'month', '[2025-12-01,2026-03-01)'),
  ('2026-04-01', 3, 'month', '[2026-01-01,2026-04-01)'),
  ('2024-02-29', 1, 'month', '[2024-02-01,2024-03-01)'),
  ('2024-02-28', 1, 'month', '[2024-01-01,2024-02-01)'),
  ('2026-03-31', 12, 'month', '[2025-04-01,2026-04-01)'),
  ('2026-11-15', 2, 'week', '[2026-11-02,2026-11-16)'),
  ('2026-11-14', 2, 'week', '[2026-10-26,2026-11-09)'),
  ('2026-11-14', 2, 'week-sunday', '[2026-11-01,2026-11-15)'),
  ('2026-11-13', 2, 'week-sunday', '[2026-10-25,2026-11-08)'),
  ('2026-11-21', 3, 'month-week', '[2026-11-01,2026-11-22)'),
  ('2026-11-29', 3, 'month-week', '[2026-11-01,2026-11-22)'),
  ('2026-11-30', 3, 'month-week', '[2026-11-08,2026-12-01)'),
  ('2026-11-15', 4, 'quarter', '[2025-10-01,2026-10-01)'),
  ('2026-12-31', 1, 'year', '[2026-01-01,2027-01-01)'),
  ('2026-12-30', 1, 'year', '[2025-01-01,2026-01-01)'),
  ('2026-12-30', 7, 'day', '[2026-12-24,2026-12-31)')
) AS x (as_of, n, grain, period);

SELECT is(upper(p) - lower(p), 36525, 'closed_period of 36,525 days')
FROM closed_period('2026-12-30', 36525, 'day') AS p;

SELECT is(closed_period(as_of, n, grain), NULL, 'closed_period of NULL')
FROM (VALUES (NULL::date, 1, 'month'), ('2026-01-01', NULL, 'month'), ('2026-01-01', 1, NULL)) AS x (as_of, n, grain);

-- to_date, which shares its name with a function of PostgreSQL

SELECT is(to_date('[2024-01-01,2025-01-01)'::daterange, '2024-03-15'), '[2024-01-01,2024-03-16)'::daterange, 'to_date');
SELECT is(to_date('[2024-01-01,2025-01-01)', date '2024-03-15'), '[2024-01-01,2024-03-16)'::daterange, 'to_date with a typed date');
SELECT is(to_date(daterange '[2024-01-01,2025-01-01)', date '2024-03-15'), '[2024-01-01,2024-03-16)'::daterange, 'to_date, both typed');
SELECT is(to_date(period => '[2024-01-01,2025-01-01)', as_of => '2024-03-15'), '[2024-01-01,2024-03-16)'::daterange, 'to_date with names');
SELECT is(to_date('2024-03-15', 'YYYY-MM-DD'), date '2024-03-15', 'to_date(text, text) is still PostgreSQL''s');
SELECT is(to_date('15 Mar 2024'::text, 'DD Mon YYYY'::text), date '2024-03-15', 'to_date(text, text), both typed');

SELECT is(to_date(daterange '[2024-01-01,2025-01-01)', as_of::date), period::daterange, 'to_date at ' || as_of)
FROM (VALUES
  ('2023-12-31', NULL),
  ('2024-01-01', '[2024-01-01,2024-01-02)'),
  ('2024-02-29', '[2024-01-01,2024-03-01)'),
  ('2024-12-30', '[2024-01-01,2024-12-31)'),
  ('2024-12-31', '[2024-01-01,2025-01-01)'),
  ('2025-01-01', '[2024-01-01,2025-01-01)'),
  ('2525-01-01', '[2024-01-01,2025-01-01)'),
  (NULL, NULL)) AS x (as_of, period);

SELECT is(to_date(NULL::daterange, date '2024-01-01'), NULL, 'to_date of NULL');

-- prior_year

SELECT is(prior_year(period::daterange), expected::daterange, format('prior_year(%s): %s', period, name))
FROM (VALUES
  ('[2026-01-01,2027-01-01)', '[2025-01-01,2026-01-01)', 'a year'),
  ('[2026-03-01,2026-04-01)', '[2025-03-01,2025-04-01)', 'a month'),
  ('[2024-02-01,2024-03-01)', '[2023-02-01,2023-03-01)', 'February of a leap year'),
  ('[2025-02-01,2025-03-01)', '[2024-02-01,2024-03-01)', 'February after a leap year'),
  ('[2024-02-28,2024-02-29)', '[2023-02-28,2023-03-01)', 'the last day is the 28th'),
  ('[2024-02-29,2024-03-01)', '[2023-02-28,2023-03-01)', '29 February alone'),
  ('[2024-02-01,2024-02-29)', '[2023-02-01,2023-03-01)', 'up to the 28th'),
  ('[2024-02-29,2025-02-28)', '[2023-02-28,2024-02-28)', 'from 29 February'),
  ('[2023-03-01,2024-02-29)', '[2022-03-01,2023-03-01)', 'to 28 February of a leap year'),
  ('[2024-01-01,2024-02-29]', '[2023-01-01,2023-03-01)', 'to 29 February'),
  ('[1900-02-28,1900-03-01)', '[1899-02-28,1899-03-01)', '1900 was no leap year'),
  ('[2001-02-01,2001-03-01)', '[2000-02-01,2000-03-01)', '2000 was one'),
  ('[0001-01-01,0002-01-01)', '[0001-01-01 BC,0001-01-01)', 'there is no year 0'),
  (NULL, NULL, 'NULL')) AS x (period, expected, name);

SELECT is(prior_year('[2000-03-02,2100-03-03)'), '[1999-03-02,2099-03-03)', 'prior_year of a hundred years, with a leap day more');

-- an unfinished month makes nobody Z or unstable: the same customer with and without it

SELECT is(
  ARRAY[xyz_class(running), xyz_class(closed), akb_stable(running)::text, akb_stable(closed)::text],
  ARRAY['Z', 'X', 'false', 'true'], 'a customer who buys 100 each 20th of the month, seen on 15 April, with and without the month that runs')
FROM (
  SELECT sales_series(100, d::date, '[2026-01-01,2026-05-01)') AS running,
    sales_series(100, d::date, closed_period('2026-04-15', 3, 'month')) AS closed
  FROM generate_series(timestamp '2026-01-20', '2026-04-15', '1 month') AS d) AS x;

-- calendar years

SELECT is_empty($$ SELECT day FROM (SELECT date '0001-01-01' + 37 * i AS day FROM generate_series(0, 98600) AS i) AS d
  WHERE calendar_year(day) IS DISTINCT FROM date_part('year', day)::integer $$, 'calendar_year of days of ten thousand years');
SELECT is(calendar_year(day), expected, 'the year of ' || day)
FROM (VALUES (date '0001-01-01', 1), ('9999-12-31', 9999), ('0001-12-31 BC', NULL), ('10000-01-01', NULL), ('infinity', NULL), ('-infinity', NULL), (NULL, NULL)) AS x (day, expected);
SELECT is_empty($$ SELECT y FROM generate_series(1, 9999) AS y WHERE days_of_year(y) IS DISTINCT FROM daterange(make_date(y, 1, 1), make_date(y + 1, 1, 1)) $$, 'the days of each year');

-- names of grains, days and periods in messages are the same whatever DateStyle says

SET LOCAL DateStyle = 'German, DMY';
SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT closed_period(''2026-01-01'', 1, ''month '')', '22023 | unknown grain: "month " | Allowed are "day", "week", "week-sunday", "month", "month-week", "quarter", "year", "fiscal-quarter", "4-4-5", "4-5-4", "5-4-4".'),
  ('SELECT closed_period(''2026-01-01'', 1, ''Month'')', '22023 | unknown grain: "Month" | Allowed are "day", "week", "week-sunday", "month", "month-week", "quarter", "year", "fiscal-quarter", "4-4-5", "4-5-4", "5-4-4".'),
  ('SELECT closed_period(''2026-01-01'', 1, '''')', '22023 | unknown grain: "" | Allowed are "day", "week", "week-sunday", "month", "month-week", "quarter", "year", "fiscal-quarter", "4-4-5", "4-5-4", "5-4-4".'),
  ('SELECT closed_period(''2026-01-01'', 0, ''month'')', '22023 | n must be a number of buckets, not 0 | From 1 to 36525 are allowed.'),
  ('SELECT closed_period(''2026-01-01'', -1, ''month'')', '22023 | n must be a number of buckets, not -1 | From 1 to 36525 are allowed.'),
  ('SELECT closed_period(''2026-01-01'', 1000000, ''day'')', '22023 | n must be a number of buckets, not 1000000 | From 1 to 36525 are allowed.'),
  ('SELECT closed_period(''2026-01-01'', 2147483647, ''year'')', '22023 | n must be a number of buckets, not 2147483647 | From 1 to 36525 are allowed.'),
  ('SELECT closed_period(''2026-01-01'', -2147483648, ''year'')', '22023 | n must be a number of buckets, not -2147483648 | From 1 to 36525 are allowed.'),
  ('SELECT closed_period(''2026-01-01'', 101, ''year'')', '22023 | n is 101, but so many buckets of grain "year" reach too far back | At most 36525 days (a hundred years) are allowed.'),
  ('SELECT closed_period(''2026-01-01'', 36525, ''month'')', '22023 | n is 36525, but so many buckets of grain "month" reach too far back | At most 36525 days (a hundred years) are allowed.'),
  ('SELECT closed_period(''infinity'', 1, ''month'')', '22023 | as_of must be a finite date, not infinity'),
  ('SELECT closed_period(''-infinity'', 1, ''month'')', '22023 | as_of must be a finite date, not -infinity'),
  ('SELECT closed_period(make_date(5874897, 12, 31), 1, ''month'')', '22023 | as_of is the last day there is'),
  ('SELECT to_date(daterange ''[2026-01-01,2026-02-01)'', date ''infinity'')', '22023 | as_of must be a finite date, not infinity'),
  ('SELECT to_date(daterange ''[2026-01-01,)'', date ''2026-01-01'')', '22023 | period must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('SELECT to_date(daterange ''empty'', date ''2026-01-01'')', '22023 | period must not be an empty range | A period has at least one day, like [2026-01-01,2027-01-01).'),
  ('SELECT prior_year(''empty'')', '22023 | period must not be an empty range | A period has at least one day, like [2026-01-01,2027-01-01).'),
  ('SELECT prior_year(''(,2026-01-01)'')', '22023 | period must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('SELECT prior_year(''[2026-01-01,infinity)'')', '22023 | period must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('SELECT prior_year(''[-infinity,2026-01-01]'')', '22023 | period must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('SELECT prior_year(''[2000-01-01,2100-01-02)'')', '22023 | period is 36526 days long | At most 36525 days (a hundred years) are allowed.'),
  ('SELECT prior_year(daterange(make_date(-4713, 11, 24), make_date(5874897, 12, 31)))', '22023 | period is 2147483127 days long | At most 36525 days (a hundred years) are allowed.'),
  ('SELECT prior_year(daterange(make_date(-4714, 11, 24), make_date(-4714, 11, 30)))', '22023 | there is no year before the period'),
  ('SELECT days_of_year(0)', '22023 | there is no year 0 | From 1 to 9999 are allowed.'),
  ('SELECT days_of_year(10000)', '22023 | there is no year 10000 | From 1 to 9999 are allowed.'),
  ('SELECT days_of_year(-2147483648)', '22023 | there is no year -2147483648 | From 1 to 9999 are allowed.')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
