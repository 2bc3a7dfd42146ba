-- size_class, peer_index, peer_action, mix_share, sells_much_earns_little: edges, refusals, comparison with plain SQL
\set QUIET 1
BEGIN;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();
\ir ../helpers/error_of.sql

-- Helpers

CREATE FUNCTION pg_temp.sizes(vals numeric[], thresholds numeric[] DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(coalesce(left(size, 1), '-'), '' ORDER BY place)
  FROM (SELECT place, size_class(v, $2) OVER () AS size FROM unnest($1) WITH ORDINALITY AS u (v, place)) AS s
$$;

CREATE FUNCTION pg_temp.indexes(vals numeric[])
RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(coalesce(trim_scale(index)::text, '-'), ' ' ORDER BY place)
  FROM (SELECT place, peer_index(v) OVER () AS index FROM unnest($1) WITH ORDINALITY AS u (v, place)) AS s
$$;

CREATE FUNCTION pg_temp.actions(vals numeric[])
RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(coalesce(left(action, 1), '-'), '' ORDER BY place)
  FROM (SELECT place, peer_action(v) OVER () AS action FROM unnest($1) WITH ORDINALITY AS u (v, place)) AS s
$$;

-- Edges: thirds, index, action

CREATE TEMP TABLE edge (what text, vals numeric[], size text, index text, action text);
INSERT INTO edge VALUES
  ('one row', '{7}', 'l', '1', 'p'),
  ('one row of zero', '{0}', 'l', '-', 'p'),
  ('one row below zero', '{-7}', 'l', '-', 'p'),
  ('NULL', '{NULL}', '-', '-', '-'),
  ('NULLs', '{NULL,NULL}', '--', '- -', '--'),
  ('two rows', '{3,1}', 'lm', '1.5 0.5', 'pg'),
  ('three rows', '{1,2,3}', 'sml', '0.5 1 1.5', 'gpp'),
  ('four rows: the first third is larger', '{4,3,2,1}', 'llms', '1.6 1.2 0.8 0.4', 'ppgg'),
  ('five rows', '{50,40,30,20,10}', 'llmms', NULL, 'pppgg'),
  ('six rows', '{6,5,4,3,2,1}', 'llmmss', NULL, 'pppggg'),
  ('NULL takes no part', '{NULL,3,NULL,2,1}', '-l-ms', '- 1.5 - 1 0.5', '-p-pg'),
  ('zeros take part', '{3,0,0}', 'lmm', '3 0 0', 'pgg'),
  ('ties across the first cut', '{5,5,5,1}', 'llls', '1.25 1.25 1.25 0.25', 'pppg'),
  ('ties across both cuts', '{9,5,5,5,5,1}', 'llllls', NULL, 'pppppg'),
  ('ties across the second cut', '{9,8,5,5,5,1}', 'llmmms', NULL, 'ppgggg'),
  ('all equal', '{4,4.0,4.00,4.000}', 'llll', '1 1 1 1', 'pppp'),
  ('below zero', '{-1,-2,-3}', 'lms', '- - -', 'ppg'),
  ('returns', '{10,-4,0}', 'lsm', '5 -2 0', 'pgg'),
  ('a mean of zero', '{5,-5,0}', 'lsm', '- - -', 'pgp'),
  ('a mean below zero', '{1,-5,-3.5}', 'lsm', '- - -', 'pgg'),
  ('a mean that is no decimal', '{1,1,2}', 'mml', '0.75 0.75 1.5', 'ggp'),
  ('the same, below zero', '{-1,-1,-2}', 'lls', '- - -', 'ppg'),
  ('decimals of all kinds', '{0.1,0.10,0.2,0.15,1e-20}', 'mmlls', NULL, 'ggppg'),
  ('38 digits', '{99999999999999999999999999999999999998,0,-1}', 'lms', NULL, 'pgg'),
  ('the whole range of 38 digits', '{99999999999999999999999999999999999999,0,-99999999999999999999999999999999999999}', 'lms', '- - -', 'ppg');

SELECT is(pg_temp.sizes(vals), size, what || ': size') FROM edge;
SELECT is(pg_temp.indexes(vals), index, what || ': index') FROM edge WHERE index IS NOT NULL;
SELECT is(pg_temp.actions(vals), action, what || ': action') FROM edge;

-- Thresholds

SELECT is(pg_temp.sizes('{1000.01,1000,999.99,100,99.99,0,-5,NULL}', '{1000,100}'), 'llmmsss-', 'thresholds: the value itself is in');
SELECT is(pg_temp.sizes('{5,0,-1}', '{5.00,0}'), 'lms', 'medium from zero');
SELECT is(pg_temp.sizes('{1e200,1e-200,-1e200}', '{1e100,1e-100}'), 'lss', 'with thresholds, numbers of any length');
SELECT is(pg_temp.sizes('{3,2,1}', NULL), 'lms', 'thresholds NULL: thirds');
SELECT is(pg_temp.sizes('{9e37,8e37,-9e37}'), 'lms', 'thirds of values whose sum has more than 38 digits on the way');
SELECT is(pg_temp.sizes('{9e37,8e37,7e37,NULL}'), 'lms-', 'and in all');
SELECT is_empty($$SELECT size_class(v) OVER (), peer_index(v) OVER (), peer_action(v) OVER (), mix_share(v) OVER (), sells_much_earns_little(v, v, 1) OVER ()
                  FROM (SELECT 1::numeric WHERE false) AS t (v)$$, 'no rows');
SELECT is((SELECT size_class(NULL, '{1}') OVER () FROM (VALUES (1)) t WHERE false), NULL, 'no rows, nothing checked');
SELECT results_eq(
  $$SELECT g, string_agg(left(size, 1), '' ORDER BY v DESC)
    FROM (SELECT g, v, size_class(v, cut) OVER (PARTITION BY g) AS size
          FROM (VALUES (1, '{70,20}'::numeric[]), (2, NULL), (3, '{1000,15}'), (4, '{1000,15}')) AS policy (g, cut),
               (VALUES (70), (20), (10)) AS u (v)) AS t
    GROUP BY g ORDER BY g$$,
  $$VALUES (1, 'lms'), (2, 'lms'), (3, 'mms'), (4, 'mms')$$, 'thresholds from a table, others in each partition');
PREPARE by_parameter(numeric[]) AS
  SELECT string_agg(left(c, 1), '' ORDER BY v DESC) FROM (SELECT v, size_class(v, $1) OVER () AS c FROM generate_series(1, 4) v) AS t;
SELECT results_eq($$EXECUTE by_parameter('{4,2}')$$, $$VALUES ('lmms')$$, 'thresholds as a parameter');
SELECT results_eq($$EXECUTE by_parameter(NULL)$$, $$VALUES ('llms')$$, 'the parameter NULL');

-- sells_much_earns_little

CREATE TEMP TABLE little (what text, rows jsonb, flags text);
INSERT INTO little VALUES
  ('much, few, little', '[[900,810,2],[300,150,10],[300,150,9]]', 'tff'),
  ('enough products', '[[900,810,7],[300,150,10],[300,150,4]]', 'fff'),
  ('a good margin', '[[900,90,2],[300,150,10],[300,150,9]]', 'fff'),
  ('not above the mean', '[[500,450,2],[500,150,10],[500,150,9]]', 'fff'),
  ('exactly the mean in amount', '[[500,450,2],[700,150,10],[300,150,9]]', 'fff'),
  ('exactly the mean in products', '[[900,810,7],[300,150,7]]', 'ff'),
  ('exactly the margin', '[[900,450,2],[300,150,10]]', 'ff'),
  ('a hair below the margin', '[[900,450.01,2],[300,150,10]]', 'tf'),
  ('one row', '[[900,810,2]]', 'f'),
  ('nothing sold', '[[0,0,0],[0,0,0]]', 'ff'),
  ('a NULL takes no part', '[[900,810,2],[300,150,10],[null,0,0],[5000,null,1],[5000,1,null]]', 'tf---'),
  ('all NULL', '[[null,1,1],[1,null,1]]', '--'),
  ('a loss', '[[900,1800,2],[300,150,10]]', 'tf'),
  ('a loss for all', '[[900,1800,2],[300,450,10]]', 'tf'),
  ('returns beside', '[[900,810,2],[-100,-40,5],[300,100,3]]', 'tff'),
  ('a mean below zero', '[[-5,-3,1],[-100,-40,5]]', 'ff'),
  ('above a mean below zero, but the group has no margin', '[[5,3,1],[-100,-40,5]]', 'ff'),
  ('huge', '[[9e37,8.1e37,2],[1e36,5e35,9223372036854775807],[1e36,5e35,9223372036854775807]]', 'tff'),
  ('a difference in the last of many digits', '[[20000000000000000000000000000000000000,10000000000000000000000000000000000001,1],[10000000000000000000000000000000000000,5000000000000000000000000000000000000,3]]', 'tf');

CREATE FUNCTION pg_temp.flags(rows jsonb)
RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(coalesce(left(flag::text, 1), '-'), '' ORDER BY place)
  FROM (SELECT place, sells_much_earns_little((r->>0)::numeric, (r->>1)::numeric, (r->>2)::numeric::bigint) OVER () AS flag
        FROM jsonb_array_elements($1) WITH ORDINALITY AS u (r, place)) AS s
$$;
SELECT is(pg_temp.flags(rows), flags, what) FROM little;
SELECT is((SELECT string_agg(f::text, ' ') FROM (SELECT sells_much_earns_little(amount, cost, products) OVER () AS f
           FROM (VALUES (900::int, 810::smallint, 2::smallint), (300, 150, 10)) AS t (amount, cost, products)) AS s), 'true false', 'of integers');

-- mix_share is abc_share

SELECT results_eq($$SELECT mix_share(v) OVER () FROM unnest('{60,30,10,0,-5,NULL}'::numeric[]) v$$,
                  $$SELECT abc_share(v) OVER () FROM unnest('{60,30,10,0,-5,NULL}'::numeric[]) v$$, 'mix_share');
SELECT is((SELECT sum(s) FROM (SELECT mix_share(v) OVER () AS s FROM unnest('{60,30,10,0,-5,NULL}'::numeric[]) v) AS t), 1::numeric, 'the shares of a mix are one');

-- Refusals

SELECT is(pg_temp.error_of('SELECT ' || call), wanted, call)
FROM (VALUES
  ($$size_class(5, '{10}') OVER ()$$, '22023 | thresholds must have two elements, not 1 | Give two numbers: where large begins, and where medium begins.'),
  ($$size_class(5, '{10,5,1}') OVER ()$$, '22023 | thresholds must have two elements, not 3 | Give two numbers: where large begins, and where medium begins.'),
  ($$size_class(5, '{}') OVER ()$$, '22023 | thresholds must have two elements, not 0 | Give two numbers: where large begins, and where medium begins.'),
  ($$size_class(5, array_fill(1.0, ARRAY[1000000])) OVER ()$$, '22023 | thresholds must have two elements, not 1000000 | Give two numbers: where large begins, and where medium begins.'),
  ($$size_class(5, '{{10,5}}') OVER ()$$, '22023 | thresholds must be an array of one dimension, not 2 | Give one flat list of elements.'),
  ($$size_class(5, '{5,10}') OVER ()$$, '22023 | thresholds must fall, but 10 follows 5 | Sort them from the largest to the smallest, each once.'),
  ($$size_class(5, '{5,5.0}') OVER ()$$, '22023 | thresholds must fall, but 5.0 follows 5 | Sort them from the largest to the smallest, each once.'),
  ($$size_class(5, '{5,-1}') OVER ()$$, '22023 | thresholds must not be negative, but is -1 | Give zero or more.'),
  ($$size_class(5, '{NaN,1}') OVER ()$$, '22023 | thresholds must be a finite number, not NaN'),
  ($$size_class(5, '{Infinity,1}') OVER ()$$, '22023 | thresholds must be a finite number, not infinity'),
  ($$size_class(5, '{5,NULL}') OVER ()$$, '22023 | element 2 of thresholds is null | Leave the element out or give it a value.'),
  ($$size_class(v, c) OVER () FROM (VALUES (1, '{5,1}'::numeric[]), (2, '{6,1}')) t (v, c)$$, '22023 | thresholds must be the same for all rows of a partition | Give one value, or name the column that decides it in PARTITION BY.'),
  ($$size_class(v, c) OVER () FROM (VALUES (1, NULL), (2, '{6,1}'::numeric[])) t (v, c)$$, '22023 | thresholds must be the same for all rows of a partition | Give one value, or name the column that decides it in PARTITION BY.'),
  ($$size_class(v, c) OVER () FROM (VALUES (1, '{6,1}'::numeric[]), (2, NULL)) t (v, c)$$, '22023 | thresholds must be the same for all rows of a partition | Give one value, or name the column that decides it in PARTITION BY.'),
  ($$size_class('NaN') OVER ()$$, '22023 | value must be a finite number, not NaN'),
  ($$size_class('NaN', '{2,1}') OVER ()$$, '22023 | value must be a finite number, not NaN'),
  ($$size_class('-infinity', '{2,1}') OVER ()$$, '22023 | value must be a finite number, not -infinity'),
  ($$size_class('infinity') OVER ()$$, '22023 | value must be a finite number, not infinity'),
  ($$peer_index('NaN') OVER ()$$, '22023 | value must be a finite number, not NaN'),
  ($$peer_action('-infinity') OVER ()$$, '22023 | value must be a finite number, not -infinity'),
  ($$mix_share('NaN') OVER ()$$, '22023 | value must be a finite number, not NaN'),
  ($$sells_much_earns_little('NaN', 1, 1) OVER ()$$, '22023 | amount must be a finite number, not NaN'),
  ($$sells_much_earns_little(NULL, 'NaN', 1) OVER ()$$, '22023 | cost must be a finite number, not NaN'),
  ($$sells_much_earns_little(1, 'infinity', 1) OVER ()$$, '22023 | cost must be a finite number, not infinity'),
  ($$size_class(1e38) OVER ()$$, '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ($$peer_index(v) OVER () FROM (VALUES (1e30), (-1e-20)) t (v)$$, '22003 | amounts with 31 digits before and 20 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ($$peer_action(v) OVER () FROM (VALUES (-5e37), (-5e37)) t (v)$$, '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ($$sells_much_earns_little(1, v, 1) OVER () FROM (VALUES (5e37), (5e37)) t (v)$$, '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ($$size_class(5)$$, '42809 | window function size_class requires an OVER clause')
) AS refused (call, wanted);

-- Comparison with plain SQL

CREATE TEMP TABLE shape (what text, formula text);
INSERT INTO shape VALUES
  ('ties and returns', '(i * 7919) % 13 - 3'),
  ('random', 'round((random() * 1000 - 100)::numeric, 2)'),
  ('random, few', 'round((random() * 6 - 3)::numeric)'),
  ('below zero', '-round((random() * 1000)::numeric, 1) - 1'),
  ('skewed', 'round(exp(random() * 12)::numeric, 2)'),
  ('all equal', '-7'),
  ('rising', 'i - 100'),
  ('falling', '1000 - i'),
  ('sawtooth', 'i % 17 * 0.25 - 2'),
  ('one above the rest', 'CASE i WHEN 5 THEN 1e32 ELSE -1 END'),
  ('powers of two', 'round((-2)::numeric ^ (i % 100))'),
  ('both ends', 'CASE i % 2 WHEN 0 THEN -1 ELSE 1 END * (9 * 10::numeric ^ 31 + i % 7)'),
  ('decimals of all kinds', '(i % 50 - 20) / (10::numeric ^ (i % 12))'),
  ('NULL now and then', 'CASE WHEN i % 5 = 0 THEN NULL ELSE i % 11 - 2 END'),
  ('halves', 'CASE WHEN i % 2 = 0 THEN 5000000000000000000 ELSE -0.5 END');
CREATE TEMP TABLE sample (part int, id int, v numeric, cost numeric, products bigint);

-- Fills the sample with partitions of many sizes
CREATE FUNCTION pg_temp.fill(formula text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE sample;
  EXECUTE format(
    'INSERT INTO sample
     SELECT n, i, v, round(v * (0.3 + i %% 7 * 0.1), 3), CASE WHEN i %% 31 <> 7 THEN i * 37 %% 10 END
     FROM unnest(ARRAY[1, 2, 3, 4, 5, 31, 256, 257, 1000]) AS n, generate_series(1, n) AS i,
       LATERAL (SELECT (%s)::numeric AS v) AS x', formula);
END $$;

-- Rows whose size is not the one that plain SQL finds: ntile(3) of the first row of a value
CREATE FUNCTION pg_temp.wrong_sizes()
RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*)
  FROM (SELECT v, size_class(v) OVER p AS size, size_class(v, '{50.5,0}') OVER p AS by_thresholds,
               CASE WHEN v IS NOT NULL THEN min(third) OVER (PARTITION BY part, v) END AS third
        FROM (SELECT part, v, ntile(3) OVER (PARTITION BY part, v IS NULL ORDER BY v DESC) AS third FROM sample) AS n
        WINDOW p AS (PARTITION BY part)) AS s
  WHERE size IS DISTINCT FROM ('{large,medium,small}'::text[])[third]
     OR by_thresholds IS DISTINCT FROM CASE WHEN v >= 50.5 THEN 'large' WHEN v >= 0 THEN 'medium' WHEN v < 0 THEN 'small' END
$$;

-- Rows whose index or action is not the one that plain SQL finds, in value or in decimals
CREATE FUNCTION pg_temp.wrong_means()
RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*)
  FROM (SELECT v, peer_index(v) OVER p AS index, peer_action(v) OVER p AS action, count(v) OVER p AS n, sum(v) OVER p AS total
        FROM sample WINDOW p AS (PARTITION BY part)) AS s
  WHERE index::text IS DISTINCT FROM CASE WHEN total > 0 THEN (v * n / total)::text END
     OR action IS DISTINCT FROM CASE WHEN v * n < total THEN 'growth_engine' WHEN v * n >= total THEN 'preserve' END
$$;

-- Rows whose flag is not the one that plain SQL finds, and how many are flagged
CREATE FUNCTION pg_temp.wrong_flags(OUT wrong bigint, OUT flagged bigint)
LANGUAGE sql AS $$
  SELECT count(*) FILTER (WHERE flag IS DISTINCT FROM
           CASE WHEN v IS NOT NULL AND cost IS NOT NULL AND products IS NOT NULL
                THEN v > 0 AND amounts > 0 AND v * n > amounts AND products * n < all_products AND (v - cost) * amounts < (amounts - costs) * v END),
         count(*) FILTER (WHERE flag)
  FROM (SELECT v, cost, products, sells_much_earns_little(v, cost, products) OVER p AS flag,
               count(*) FILTER (WHERE known) OVER p AS n, sum(v) FILTER (WHERE known) OVER p AS amounts,
               sum(cost) FILTER (WHERE known) OVER p AS costs, sum(products) FILTER (WHERE known) OVER p AS all_products
        FROM (SELECT *, v IS NOT NULL AND cost IS NOT NULL AND products IS NOT NULL AS known FROM sample) AS k
        WINDOW p AS (PARTITION BY part)) AS s
$$;

SELECT setseed(0.42);
CREATE TEMP TABLE compared AS
SELECT what, sizes, means, (flags).wrong AS flags, (flags).flagged
FROM shape CROSS JOIN LATERAL (SELECT pg_temp.fill(formula)) AS f
  CROSS JOIN LATERAL (SELECT pg_temp.wrong_sizes() AS sizes, pg_temp.wrong_means() AS means, pg_temp.wrong_flags() AS flags
                      WHERE f IS NOT NULL) AS c;
SELECT is(sizes, 0::bigint, what || ': sizes as in plain SQL') FROM compared;
SELECT is(means, 0::bigint, what || ': index and action as in plain SQL') FROM compared;
SELECT is(flags, 0::bigint, what || ': sells much, earns little as in plain SQL') FROM compared;
SELECT cmp_ok(sum(flagged), '>', 500::numeric, 'many rows were flagged') FROM compared;
SELECT cmp_ok(count(*), '=', (SELECT count(*) FROM shape), 'all shapes were compared') FROM compared;

-- Order of rows, frames, memory

SELECT pg_temp.fill('round(exp((i * 37 % 101) / 10.0)::numeric, i % 3) - 20');
CREATE TEMP TABLE plain AS
SELECT part, id, size_class(v) OVER w AS size, peer_index(v) OVER w AS index, peer_action(v) OVER w AS action,
       mix_share(v) OVER w AS mix, sells_much_earns_little(v, cost, products) OVER w AS little
FROM sample WINDOW w AS (PARTITION BY part);
SELECT cmp_ok(count(DISTINCT size) + count(DISTINCT action) + count(DISTINCT little), '=', 7::bigint, 'all answers occur') FROM plain;

CREATE TEMP TABLE variant (what text, window_clause text, source text);
INSERT INTO variant VALUES
  ('ORDER BY value', 'PARTITION BY part ORDER BY v', 'sample'),
  ('ORDER BY value DESC', 'PARTITION BY part ORDER BY v DESC', 'sample'),
  ('a moving frame', 'PARTITION BY part ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING', 'sample'),
  ('an empty frame', 'PARTITION BY part ORDER BY id ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING', 'sample'),
  ('a frame of peers', 'PARTITION BY part ORDER BY v GROUPS BETWEEN CURRENT ROW AND 1 FOLLOWING', 'sample'),
  ('a frame with EXCLUDE', 'PARTITION BY part ORDER BY v ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE TIES', 'sample'),
  ('rows upside down', 'PARTITION BY part', '(SELECT * FROM sample ORDER BY id DESC) AS s'),
  ('rows shuffled', 'PARTITION BY part', '(SELECT * FROM sample ORDER BY md5(id::text || part)) AS s');
SELECT is_empty(format(
  'SELECT part, id, size_class(v) OVER w, peer_index(v) OVER w, peer_action(v) OVER w, mix_share(v) OVER w, sells_much_earns_little(v, cost, products) OVER w
   FROM %s WINDOW w AS (%s)
   EXCEPT SELECT * FROM plain', source, window_clause), what || ' changes nothing')
FROM variant;

CREATE TEMP TABLE wide AS
SELECT i AS id, round(exp((i * 7919::bigint % 20011) / 2500.0)::numeric, 2) - 3 AS v, i % 23 AS products, repeat('x', 100) AS padding
FROM generate_series(1, 20000) AS i;
SET LOCAL work_mem = '64kB';
CREATE TEMP TABLE spilled AS
SELECT id, size_class(v) OVER w AS size, peer_index(v) OVER w AS index, peer_action(v) OVER w AS action,
       sells_much_earns_little(v, v * 0.6 + id % 10, products) OVER w AS little, row_number() OVER w AS n, length(padding) AS l
FROM wide WINDOW w AS (ORDER BY id);
SET LOCAL work_mem = '256MB';
SELECT is_empty(
  'SELECT id, size_class(v) OVER w, peer_index(v) OVER w, peer_action(v) OVER w, sells_much_earns_little(v, v * 0.6 + id % 10, products) OVER w, row_number() OVER w, length(padding)
   FROM wide WINDOW w AS (ORDER BY id)
   EXCEPT SELECT * FROM spilled', 'a spilled partition gives what one in memory gives');
SELECT cmp_ok(count(*), '=', 20000::bigint, 'a spilled partition: all rows') FROM spilled;
SELECT cmp_ok(count(*) FILTER (WHERE little), '>', 100::bigint, 'a spilled partition: some are flagged') FROM spilled;
RESET work_mem;

-- Values that are no plain columns

SELECT lives_ok($$SELECT size_class(random()::numeric) OVER (), peer_index(random()::numeric) OVER (), peer_action(random()::numeric) OVER (),
                         sells_much_earns_little(random()::numeric, random()::numeric, (random() * 9)::bigint) OVER ()
                  FROM generate_series(1, 1000)$$, 'a value that changes with each look');
SELECT lives_ok($$SELECT peer_index(v) OVER (PARTITION BY i), peer_action(v) OVER (PARTITION BY i), size_class(v) OVER (PARTITION BY i), sells_much_earns_little(v, v, 1) OVER (PARTITION BY i)
                  FROM (SELECT i, CASE WHEN random() < 0.5 THEN i END::numeric AS v FROM generate_series(1, 1000) i) AS x$$, 'NULL or not, in partitions of one row');
SELECT lives_ok($$SELECT peer_index(CASE WHEN random() < 0.5 THEN i END) OVER (PARTITION BY i), peer_action(CASE WHEN random() < 0.5 THEN i END) OVER (PARTITION BY i),
                         size_class(CASE WHEN random() < 0.5 THEN i END) OVER (PARTITION BY i), sells_much_earns_little(CASE WHEN random() < 0.5 THEN i END, 1, 1) OVER (PARTITION BY i)
                  FROM generate_series(1, 1000) i$$, 'NULL at one look and not at the other');
SELECT results_eq(
  $$SELECT size_class(sum(v)) OVER (ORDER BY sum(v) DESC), trim_scale(peer_index(sum(v)) OVER ())
    FROM (VALUES ('a', 50), ('a', 30), ('b', 30), ('c', 10)) t (k, v) GROUP BY k ORDER BY sum(v) DESC$$,
  $$VALUES ('large', 2), ('medium', 0.75), ('small', 0.25)$$, 'over the totals of a GROUP BY');

-- Cancelling

CREATE TEMP TABLE cancelled (took interval);
SET LOCAL statement_timeout = '300ms';
DO $$
BEGIN
  PERFORM count(c) FROM (SELECT sells_much_earns_little(i, i, i) OVER () AS c FROM generate_series(1, 3000000) i) x;
EXCEPTION WHEN query_canceled THEN
  INSERT INTO cancelled VALUES (clock_timestamp() - statement_timestamp());
END $$;
SET LOCAL statement_timeout = 0;
SELECT ok((SELECT took < '1.3 s' FROM cancelled), 'a cancelled query stops within a second');

SELECT * FROM finish();
ROLLBACK;
