-- abcde_class: edges, refusals, comparison with plain SQL
\set QUIET 1
BEGIN;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();
\ir ../helpers/error_of.sql

CREATE FUNCTION pg_temp.classes(profit numeric[], potential numeric[], cutoff numeric DEFAULT 0.80)
RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(coalesce(class, '-'), '' ORDER BY place)
  FROM (SELECT place, abcde_class(p, q, $3) OVER () AS class FROM unnest($1, $2) WITH ORDINALITY AS u (p, q, place)) AS c
$$;

-- Edges

SELECT is(pg_temp.classes(profit, potential, cutoff), classes, what)
FROM (VALUES
  ('one customer', '{7}'::numeric[], '{3}'::numeric[], 0.80, 'A'),
  ('one customer with no potential', '{7}', '{0}', 0.80, 'B'),
  ('one customer with unknown potential', '{7}', '{NULL}', 0.80, 'B'),
  ('one customer who brings nothing', '{0}', '{3}', 0.80, 'C'),
  ('nothing at all', '{0}', '{0}', 0.80, 'D'),
  ('a loss', '{-0.01}', '{3}', 0.80, 'E'),
  ('a loss, no potential', '{-5}', '{NULL}', 0.80, 'E'),
  ('unknown profit', '{NULL}', '{3}', 0.80, '-'),
  ('nothing known', '{NULL,NULL}', '{NULL,NULL}', 0.80, '--'),
  ('the four corners', '{800,800,10,10}', '{900,20,900,20}', 0.80, 'ABCD'),
  ('all five', '{800,800,10,10,-900}', '{900,20,900,20,900}', 0.80, 'ABCDE'),
  ('a lone large customer is high', '{850,100,50}', '{1,1,1}', 0.80, 'ACC'),
  ('who crosses the cut-off is high', '{70,20,10}', '{0,0,0}', 0.80, 'BBD'),
  ('a cut-off hit exactly', '{80,15,5}', '{0,0,0}', 0.80, 'BDD'),
  ('ties are together', '{60,20,20}', '{20,20,60}', 0.80, 'AAA'),
  ('ties across the cut-off', '{40,40,40,10}', '{1,0,0,0}', 0.50, 'ABBD'),
  ('all equal', '{5,5.0,5.00}', '{1,1,1}', 0.10, 'AAA'),
  ('losses do not make the others high', '{80,15,5,-95}', '{0,0,0,0}', 0.80, 'BDDE'),
  ('potential below zero is low and not in the total', '{1,1,1}', '{80,15,-50}', 0.80, 'ABB'),
  ('a customer with unknown profit has its potential in the total', '{1,1,NULL}', '{10,5,100}', 0.80, 'BB-'),
  ('a loss-maker has its potential in the total', '{1,1,-1}', '{10,5,100}', 0.80, 'BBE'),
  ('cut-off 1: all that is above zero', '{100,1,0,-1}', '{0,5,5,5}', 1, 'BACE'),
  ('a small cut-off: the largest', '{100,99,1}', '{1,2,3}', 0.0001, 'BDC'),
  ('a long cut-off', '{1,1,1}', '{3,2,1}', 0.333333333333333333333333333333333333333333333333, 'ABB'),
  ('decimals of all kinds', '{0.80,0.150,0.0500}', '{8e-20,1.5e-20,0.5e-20}', 0.80, 'ADD'),
  ('huge', '{79999999999999999999999999999999999999,20000000000000000000000000000000000000}', '{80000000000000000000000000000000000000,19999999999999999999999999999999999999}', 0.80, 'AB'),
  ('each axis has decimals of its own', '{1e37,1e36}', '{1e-30,1e-31}', 0.80, 'AD'),
  ('below zero of any length', '{-99999999999999999999999999999999999999,1}', '{-99999999999999999999999999999999999999,1e-10}', 0.80, 'EA')
) AS x (what, profit, potential, cutoff, classes);
SELECT is(abcde_class(5, 5) OVER (), abcde_class(5, 5, 0.80) OVER (), 'the cut-off is 0.80 unless another is given');
SELECT is(abcde_class(5, 5, NULL) OVER (), NULL, 'no cut-off');
SELECT is_empty('SELECT abcde_class(5, 5, 80) OVER () FROM generate_series(1, 0)', 'no rows, nothing checked');
SELECT is(string_agg(class, '' ORDER BY p), 'DBA', 'of integers and bigints') FROM (
  SELECT p, abcde_class(p, q) OVER () AS class FROM (VALUES (10::integer, 1::bigint), (90, 2), (100, 400)) AS t (p, q)) AS x;
SELECT is(string_agg(class, '' ORDER BY p), 'DBA', 'of bigints and integers') FROM (
  SELECT p, abcde_class(p, q) OVER () AS class FROM (VALUES (10::bigint, 1::integer), (90, 2), (100, 400)) AS t (p, q)) AS x;
SELECT results_eq(
  $$SELECT g, string_agg(class, '' ORDER BY v DESC) FROM (
      SELECT g, v, abcde_class(v, v, cutoff) OVER (PARTITION BY g) AS class FROM (VALUES (1, 0.5), (2, 0.8), (3, NULL), (4, 0.8)) AS policy (g, cutoff), generate_series(1, 4) AS v) AS t GROUP BY g ORDER BY g$$,
  $$VALUES (1, 'AADD'), (2, 'AAAD'), (3, NULL), (4, 'AAAD')$$, 'another cut-off in each partition');
PREPARE by_parameter(numeric) AS SELECT string_agg(class, '' ORDER BY v DESC) FROM (SELECT v, abcde_class(v, -v, $1) OVER () AS class FROM generate_series(1, 4) AS v) AS t;
SELECT results_eq('EXECUTE by_parameter(0.5)', $$VALUES ('BBDD')$$, 'a cut-off as a parameter');
SELECT results_eq('EXECUTE by_parameter(NULL)', $$VALUES (NULL::text)$$, 'none as a parameter');

-- By limits

SELECT is(abcde_class(profit, potential, 100, 50), class, format('%s and %s to 100 and 50', profit, potential))
FROM (VALUES (100::numeric, 50::numeric, 'A'), (100.00, 50.0, 'A'), (100, 49.99, 'B'), (100, NULL, 'B'), (99.99, 50, 'C'), (0, 50, 'C'), (99, 49, 'D'), (0, 0, 'D'), (0, NULL, 'D'), (-0.01, 50, 'E'), (-1e300, NULL, 'E'), (NULL, 50, NULL), (1e300, 1e300, 'A'))
  AS x (profit, potential, class);
SELECT is(abcde_class(p, q, lp, lq), class, format('%s and %s to %s and %s', p, q, lp, lq))
FROM (VALUES (0::numeric, 0::numeric, 0::numeric, 0::numeric, 'A'), (-1, 5, -10, 5, 'E'), (0, -5, -10, -10, 'A'), (1, 1, NULL, 1, NULL), (1, 1, 1, NULL, NULL), (-1, 1, NULL, NULL, NULL), (1, NULL, 1, NULL, NULL)) AS x (p, q, lp, lq, class);

-- Comparison with plain SQL, and with two abc_class

CREATE TABLE shape (what text, profit text, potential text);
INSERT INTO shape VALUES
  ('ties and returns', '(i * 7919) % 13 - 3', 'i * 31 % 11 - 2'),
  ('random', 'round((random() * 1000 - 100)::numeric, 2)', 'round((random() * 1000)::numeric)'),
  ('skewed', 'round(exp(random() * 12)::numeric, 2) - 100', 'round(exp(random() * 12)::numeric, 2)'),
  ('NULL now and then', 'CASE WHEN i % 5 > 0 THEN i % 11 - 2 END', 'CASE WHEN i % 3 > 0 THEN i % 50 END'),
  ('all equal', '7', '7'),
  ('nothing above zero', '-i % 3', 'NULL'),
  ('one above the rest', 'CASE i WHEN 5 THEN 1000000 ELSE 1 END', 'CASE i WHEN 3 THEN 0.01 ELSE 1 - i END'),
  ('powers', '(2::numeric ^ (i % 100))::numeric(40)', 'round((-10)::numeric ^ (i % 34))'),
  ('large and near', '9000000000000000000000000000000000 + i % 7', '9e33 - i % 7'),
  ('decimals of all kinds', '(i % 50 - 9) / (10::numeric ^ (i % 12))', '(i % 50) / (7::numeric ^ (i % 12))');
CREATE TABLE sample (part int, id int, profit numeric, potential numeric);
CREATE FUNCTION pg_temp.fill(profit text, potential text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE sample;
  EXECUTE format('INSERT INTO sample SELECT n, i, (%s)::numeric, (%s)::numeric FROM unnest(ARRAY[1, 2, 3, 10, 31, 33, 257, 1000]) AS n, generate_series(1, n) AS i', profit, potential);
END $$;
CREATE FUNCTION pg_temp.wrong(cutoff numeric)
RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*)
  FROM (SELECT *, abcde_class(profit, potential, $1) OVER p AS class, abc_class(profit, ARRAY[$1]) OVER p AS by_profit, abc_class(potential, ARRAY[$1]) OVER p AS by_potential,
          coalesce(profit > 0 AND coalesce(sum(profit) FILTER (WHERE profit > 0) OVER (PARTITION BY part ORDER BY profit DESC NULLS LAST GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
            < $1 * sum(profit) FILTER (WHERE profit > 0) OVER p, false) AS high_profit,
          coalesce(potential > 0 AND coalesce(sum(potential) FILTER (WHERE potential > 0) OVER (PARTITION BY part ORDER BY potential DESC NULLS LAST GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
            < $1 * sum(potential) FILTER (WHERE potential > 0) OVER p, false) AS high_potential
        FROM sample WINDOW p AS (PARTITION BY part)) AS s
  WHERE class IS DISTINCT FROM CASE WHEN profit < 0 THEN 'E' WHEN high_profit THEN CASE WHEN high_potential THEN 'A' ELSE 'B' END WHEN profit >= 0 THEN CASE WHEN high_potential THEN 'C' ELSE 'D' END END
    OR class IS DISTINCT FROM CASE WHEN profit IS NULL THEN NULL WHEN profit < 0 THEN 'E' WHEN by_profit = 'A' THEN CASE WHEN by_potential = 'A' THEN 'A' ELSE 'B' END ELSE CASE WHEN by_potential = 'A' THEN 'C' ELSE 'D' END END
$$;
SELECT setseed(0.42);
SELECT is((SELECT sum(pg_temp.wrong(cutoff)) FROM pg_temp.fill(profit, potential), unnest('{0.80,0.5,1,0.123456789012,0.0001}'::numeric[]) AS cutoff), 0::numeric, what || ': as in plain SQL') FROM shape;

SELECT FROM pg_temp.fill('(i * 7919) % 13 - 3', 'CASE WHEN i % 7 > 0 THEN i * 31 % 11 END');
SELECT is_empty($$
  SELECT * FROM (SELECT *, abcde_class(profit, potential, avg(profit) OVER p, avg(potential) OVER p) AS class, avg(profit) OVER p AS mean, avg(potential) OVER p AS mean_potential FROM sample WINDOW p AS (PARTITION BY part)) AS s
  WHERE class IS DISTINCT FROM CASE WHEN mean_potential IS NOT NULL THEN CASE WHEN profit < 0 THEN 'E' WHEN profit >= mean THEN CASE WHEN potential >= mean_potential THEN 'A' ELSE 'B' END WHEN potential >= mean_potential THEN 'C' ELSE 'D' END END$$,
  'by the means of a partition');

-- Order of rows, frames, memory

SELECT FROM pg_temp.fill('round(exp((i * 37 % 101) / 10.0)::numeric, i % 3) - 20', 'CASE WHEN i % 7 > 0 THEN i * 37 % 101 END');
CREATE TABLE plain AS SELECT part, id, abcde_class(profit, potential) OVER (PARTITION BY part) AS class FROM sample;
SELECT is_empty(format('SELECT part, id, abcde_class(profit, potential) OVER (%s) FROM %s EXCEPT SELECT * FROM plain', window_clause, source), what || ' changes nothing')
FROM (VALUES
  ('ORDER BY profit', 'PARTITION BY part ORDER BY profit', 'sample'),
  ('ORDER BY potential DESC', 'PARTITION BY part ORDER BY potential DESC', 'sample'),
  ('a moving frame', 'PARTITION BY part ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING', 'sample'),
  ('an empty frame', 'PARTITION BY part ORDER BY id ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING', 'sample'),
  ('rows upside down', 'PARTITION BY part', '(SELECT * FROM sample ORDER BY id DESC) AS s'),
  ('rows shuffled', 'PARTITION BY part', '(SELECT * FROM sample ORDER BY md5(id::text || part)) AS s')) AS variant (what, window_clause, source);

CREATE TABLE wide AS
SELECT i AS id, round(exp((i * 7919::bigint % 20011) / 2500.0)::numeric, 2) - 3 AS profit, CASE WHEN i % 50 > 0 THEN i * 7919::bigint % 730 END AS potential, repeat('x', 100) AS padding FROM generate_series(1, 20000) AS i;
SET LOCAL work_mem = '64kB';
CREATE TABLE spilled AS SELECT id, abcde_class(profit, potential) OVER w AS class, row_number() OVER w AS n, length(padding) AS l FROM wide WINDOW w AS (ORDER BY id);
SET LOCAL work_mem = '256MB';
SELECT is_empty('SELECT id, abcde_class(profit, potential) OVER w, row_number() OVER w, length(padding) FROM wide WINDOW w AS (ORDER BY id) EXCEPT SELECT * FROM spilled', 'a spilled partition gives what one in memory gives');
SELECT is(count(*), 20000::bigint, 'a spilled partition: all rows') FROM spilled;
RESET work_mem;
SELECT lives_ok($$SELECT abcde_class(random()::numeric * 1e10, random()::numeric / 1e10) OVER () FROM generate_series(1, 1000)$$, 'values that change with each look');

-- Refusals

SELECT is(pg_temp.error_of('SELECT ' || call), wanted, call)
FROM (VALUES
  ($$abcde_class(1, 1, 80) OVER ()$$, '22023 | cutoff must be above 0 and at most 1, but is 80 | Cut-offs are fractions: 80 % is written 0.80.'),
  ($$abcde_class(1, 1, 1.0001) OVER ()$$, '22023 | cutoff must be above 0 and at most 1, but is 1.0001 | Cut-offs are fractions: 80 % is written 0.80.'),
  ($$abcde_class(1, 1, 0) OVER ()$$, '22023 | cutoff must be above 0 and at most 1, but is 0 | Cut-offs are fractions: 80 % is written 0.80.'),
  ($$abcde_class(1, 1, -0.8) OVER ()$$, '22023 | cutoff must be above 0 and at most 1, but is -0.8 | Cut-offs are fractions: 80 % is written 0.80.'),
  ($$abcde_class(1, 1, 'NaN') OVER ()$$, '22023 | cutoff must be a finite number, not NaN'),
  ($$abcde_class(1, 1, 'infinity') OVER ()$$, '22023 | cutoff must be a finite number, not infinity'),
  ($$abcde_class(1, 1, c) OVER () FROM (VALUES (0.8), (0.5)) AS t (c)$$, '22023 | cutoff must be the same for all rows of a partition | Give one value, or name the column that decides it in PARTITION BY.'),
  ($$abcde_class(1, 1, c) OVER () FROM (VALUES (NULL), (0.5)) AS t (c)$$, '22023 | cutoff must be the same for all rows of a partition | Give one value, or name the column that decides it in PARTITION BY.'),
  ($$abcde_class('NaN', 1) OVER ()$$, '22023 | profit must be a finite number, not NaN'),
  ($$abcde_class(1, '-infinity') OVER ()$$, '22023 | potential must be a finite number, not -infinity'),
  ($$abcde_class(NULL, 'NaN') OVER ()$$, '22023 | potential must be a finite number, not NaN'),
  ($$abcde_class(1e38, 1) OVER ()$$, '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ($$abcde_class(v, 1) OVER () FROM (VALUES (5e37), (5e37)) AS t (v)$$, '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ($$abcde_class(1, v) OVER () FROM (VALUES (1e30), (1e-20)) AS t (v)$$, '22003 | amounts with 31 digits before and 20 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ($$abcde_class(1, 1)$$, '42809 | window function abcde_class requires an OVER clause'),
  ($$abcde_class('NaN', 1, 1, 1)$$, '22023 | profit must be a finite number, not NaN'),
  ($$abcde_class(1, 'infinity', 1, 1)$$, '22023 | potential must be a finite number, not infinity'),
  ($$abcde_class(-1, 'infinity', 1, 1)$$, '22023 | potential must be a finite number, not infinity'),
  ($$abcde_class(1, 1, 'NaN', 1)$$, '22023 | high_profit must be a finite number, not NaN'),
  ($$abcde_class(1, NULL, 1, '-infinity')$$, '22023 | high_potential must be a finite number, not -infinity')
) AS refused (call, wanted);

SELECT * FROM finish();
ROLLBACK;
