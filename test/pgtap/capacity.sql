-- Hours and accounts: whole accounts exactly, load, and the greedy choice of the page against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(46);

\ir ../helpers/error_of.sql

-- Examples

SELECT is(kam_capacity(h, p), expected, what)
FROM (VALUES
  ('112 hours, 18 an account', 112, 18, 6), ('exactly six', 108, 18, 6), ('a minute short', 107.98, 18, 5), ('no hours', 0, 18, 0), ('less than one account', 17.99, 18, 0), ('one', 18, 18, 1),
  ('parts of an hour', 1, 0.25, 4), ('three dimes', 0.3, 0.1, 3), ('seven and seven hundredths', 0.7, 0.07, 10), ('thirds that cannot be written', 1, 0.33333333333333333333, 3),
  ('a hair above a third', 1, 0.33333333333333333334, 2), ('the most accounts', 2147483647, 1, 2147483647), ('and a part of one', 2147483647.99999, 1, 2147483647),
  ('a quotient that rounds up', 99999999999999999999999999999.9, 100000000000000000000000000000, 0), ('huge hours', 1e1000, 1e1000, 1), ('tiny hours', 1e-400, 3e-400, 0),
  ('hours unknown', NULL, 18, NULL), ('an account''s hours unknown', 112, NULL, NULL)
) AS x (what, h, p, expected);

SELECT is(kam_load(r, h), expected, what)
FROM (VALUES
  ('full', 112, 112, 1::numeric), ('half full', 56, 112, 0.5), ('overloaded', 126, 112, 1.125), ('idle', 0, 112, 0), ('nothing to do and no hours', 0, 0, NULL), ('no hours', 5, 0, NULL), ('required unknown', NULL, 112, NULL), ('hours unknown', 5, NULL, NULL),
  ('huge', 1e30, 1e29, 10)
) AS x (what, r, h, expected);

-- Against plain SQL

SELECT setseed(0.43);
CREATE TABLE staff AS
SELECT i, CASE WHEN random() < 0.1 THEN 0 WHEN random() < 0.1 THEN round(random()::numeric, 12) ELSE round((random() * 2000)::numeric, (random() * 4)::integer) END AS hours,
  CASE WHEN random() < 0.2 THEN 0.1 ELSE round((0.01 + random() * 40)::numeric, (2 + random() * 8)::integer) END AS norm
FROM generate_series(1, 5000) AS i;
SELECT is_empty('SELECT * FROM staff WHERE kam_capacity(hours, norm) IS DISTINCT FROM div(hours, norm)::integer', 'kam_capacity = plain SQL');
SELECT is_empty('SELECT * FROM staff WHERE kam_capacity(hours, norm) * norm > hours OR (kam_capacity(hours, norm) + 1) * norm <= hours', 'so many accounts fit, and not one more');
SELECT is_empty('SELECT * FROM staff WHERE kam_load(norm, hours)::text IS DISTINCT FROM (norm / nullif(hours, 0))::text', 'kam_load = plain SQL');
SELECT is_empty('SELECT * FROM staff WHERE hours > 0 AND kam_load(kam_capacity(hours, norm) * norm, hours) > 1', 'a manager at capacity is not overloaded');
SELECT ok(count(*) FILTER (WHERE kam_capacity(hours, norm) = 0) > 100 AND count(*) FILTER (WHERE kam_capacity(hours, norm) > 100) > 100, 'few and many accounts are among them') FROM staff;

-- The choice by rank: candidates in the order of their scores while the hours last, ties together

CREATE TABLE candidate AS
SELECT m AS manager, i AS customer, round(random()::numeric, 1) AS score, 5 + (random() * 20)::integer AS hours, 40 + 40 * m AS capacity FROM generate_series(0, 9) AS m, generate_series(1, 20) AS i;
CREATE TABLE chosen AS
SELECT *, sum(hours) OVER (PARTITION BY manager ORDER BY score DESC RANGE UNBOUNDED PRECEDING) <= capacity AS taken FROM candidate;
SELECT is_empty('SELECT manager FROM chosen GROUP BY manager, capacity HAVING sum(hours) FILTER (WHERE taken) > capacity', 'nobody takes more than the hours that he has');
SELECT is_empty('SELECT a.manager FROM chosen AS a JOIN chosen AS b USING (manager) WHERE a.score >= b.score AND b.taken AND NOT a.taken', 'nobody is passed over for a lower or an equal score');
SELECT is_empty($$
  SELECT manager FROM chosen AS c WHERE NOT taken AND score = (SELECT max(score) FROM chosen AS o WHERE o.manager = c.manager AND NOT taken)
  GROUP BY manager, capacity, score HAVING sum(hours) + (SELECT coalesce(sum(hours), 0) FROM chosen AS o WHERE o.manager = c.manager AND taken) <= capacity
$$, 'the next group of equal scores does not fit');
SELECT ok(count(*) FILTER (WHERE taken) BETWEEN 20 AND 150, 'some are taken, some are not') FROM chosen;

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || query), expected, query)
FROM (VALUES
  ('kam_capacity(112, 0)', '22023 | hours_per_account must be above zero, but is 0 | Give the hours that one account needs in the same period.'),
  ('kam_capacity(0, -1)', '22023 | hours_per_account must be above zero, but is -1 | Give the hours that one account needs in the same period.'),
  ('kam_capacity(-0.01, 1)', '22023 | hours must not be negative, but is -0.01 | Give zero or more.'),
  ('kam_capacity(''NaN'', 1)', '22023 | hours must be a finite number, not NaN'),
  ('kam_capacity(1, ''Infinity'')', '22023 | hours_per_account must be a finite number, not infinity'),
  ('kam_capacity(2147483648, 1)', '22003 | hours are enough for more than 2147483647 accounts | Give both hours in the same unit, of the same period.'),
  ('kam_load(-1, 1)', '22023 | required must not be negative, but is -1 | Give zero or more.'),
  ('kam_load(1, -1)', '22023 | hours must not be negative, but is -1 | Give zero or more.'),
  ('kam_load(''-Infinity'', 1)', '22023 | required must be a finite number, not -infinity'),
  ('kam_load(1, ''NaN'')', '22023 | hours must be a finite number, not NaN')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
