-- abc_class, abc_share, abc_cum_share: edges, refusals, comparison with plain SQL
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;

BEGIN;
SELECT plan(211);

-- Helpers

CREATE FUNCTION pg_temp.classes(vals numeric[], cutoffs numeric[] DEFAULT '{0.80,0.95}',
                                boundary text DEFAULT 'reach')
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(coalesce(class, '-'), '' ORDER BY place)
      FROM (SELECT place, abc_class(v, $2, NULL, $3) OVER () AS class
              FROM unnest($1) WITH ORDINALITY AS u (v, place)) AS c
$$;

CREATE FUNCTION pg_temp.cum_shares(vals numeric[], inclusive boolean DEFAULT true)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(coalesce(trim_scale(share)::text, '-'), ' ' ORDER BY place)
      FROM (SELECT place, abc_cum_share(v, $2) OVER () AS share
              FROM unnest($1) WITH ORDINALITY AS u (v, place)) AS c
$$;

CREATE FUNCTION pg_temp.shares(vals numeric[])
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(coalesce(trim_scale(share)::text, '-'), ' ' ORDER BY place)
      FROM (SELECT place, abc_share(v) OVER () AS share
              FROM unnest($1) WITH ORDINALITY AS u (v, place)) AS c
$$;

-- Edges: classes at 80/95 by 'reach' and 'below', shares, cumulated shares

CREATE TEMP TABLE edge (what text, vals numeric[], reach text, below text,
                        share text, cum_share text, before text);
INSERT INTO edge VALUES
    ('one row', '{7}', 'A', 'C', '1', '1', '0'),
    ('NULL', '{NULL}', '-', '-', '-', '-', '-'),
    ('NULLs', '{NULL,NULL,NULL}', '---', '---', '- - -', '- - -', '- - -'),
    ('zero', '{0}', 'C', 'C', '0', '-', '-'),
    ('negative', '{-5,-7}', 'CC', 'CC', '0 0', '- -', '- -'),
    ('nothing sold', '{0,0,-5,NULL}', 'CCC-', 'CCC-', '0 0 0 -', '- - - -', '- - - -'),
    ('returns count for nothing', '{80,-30,15,5,0}', 'ACBCC', 'ACBCC',
     '0.8 0 0.15 0.05 0', '0.8 1 0.95 1 1', '0 1 0.8 0.95 1'),
    ('exact hits', '{80,15,5}', 'ABC', 'ABC', '0.8 0.15 0.05', '0.8 0.95 1', '0 0.8 0.95'),
    ('a hair above the cut', '{80.01,14.99,5}', 'ABC', 'BBC',
     '0.8001 0.1499 0.05', '0.8001 0.95 1', '0 0.8001 0.95'),
    ('a hair below the cut', '{79.99,15.01,5}', 'AAC', 'ABC',
     '0.7999 0.1501 0.05', '0.7999 0.95 1', '0 0.7999 0.95'),
    ('ties at the cut', '{60,20,20}', 'AAA', 'ACC', '0.6 0.2 0.2', '0.6 1 1', '0 0.6 0.6'),
    ('ties reach the cut', '{40,40,10,10}', 'AABB', 'AACC',
     '0.4 0.4 0.1 0.1', '0.8 0.8 1 1', '0 0 0.8 0.8'),
    ('nine customers', '{500,250,100,60,40,30,20,0,-10}', 'AAABBCCCC', 'AABBBCCCC',
     '0.5 0.25 0.1 0.06 0.04 0.03 0.02 0 0', '0.5 0.75 0.85 0.91 0.95 0.98 1 1 1', '0 0.5 0.75 0.85 0.91 0.95 0.98 1 1'),
    ('ties cross the cut', '{50,20,20,10}', 'AAAB', 'ABBC',
     '0.5 0.2 0.2 0.1', '0.5 0.9 0.9 1', '0 0.5 0.5 0.9'),
    ('all equal', '{50,50,50,50}', 'AAAA', 'CCCC',
     '0.25 0.25 0.25 0.25', '1 1 1 1', '0 0 0 0'),
    ('written differently', '{50,50.0,50.00,50.000000}', 'AAAA', 'CCCC',
     '0.25 0.25 0.25 0.25', '1 1 1 1', '0 0 0 0'),
    ('huge', '{8e30,1.5e30,0.5e30}', 'ABC', 'ABC', '0.8 0.15 0.05', '0.8 0.95 1', '0 0.8 0.95'),
    ('tiny', '{8e-20,1.5e-20,0.5e-20}', 'ABC', 'ABC',
     '0.8 0.15 0.05', '0.8 0.95 1', '0 0.8 0.95'),
    ('38 digits', '{79999999999999999999999999999999999999,15000000000000000000000000000000000000,4999999999999999999999999999999999999}',
     'ABC', 'BCC', NULL, NULL, NULL),
    ('small beside large', '{1,100000000,0.01}', 'CAC', 'CCC',
     NULL, NULL, NULL);

SELECT is(pg_temp.classes(vals), reach, what || ': reach') FROM edge;
SELECT is(pg_temp.classes(vals, boundary => 'below'), below, what || ': below') FROM edge;
SELECT is(pg_temp.shares(vals), share, what || ': share')
  FROM edge WHERE share IS NOT NULL;
SELECT is(pg_temp.cum_shares(vals), cum_share, what || ': cumulated share')
  FROM edge WHERE share IS NOT NULL;
SELECT is(pg_temp.cum_shares(vals, false), before, what || ': share before')
  FROM edge WHERE share IS NOT NULL;

-- Exactness where doubles and rounded shares fail

SELECT is(pg_temp.classes('{79999999999999999999999999999999999999,20000000000000000000000000000000000000}', '{0.80}'),
          'AA', '38 digits, one short of the cut');
SELECT is(pg_temp.classes('{80000000000000000000000000000000000000,19999999999999999999999999999999999999}', '{0.80}'),
          'AB', '38 digits, just past the cut');
SELECT is(pg_temp.classes('{1,1,1}', ARRAY[1.0 / 3]), 'AAA', 'a cut-off of twenty decimals');
SELECT is(pg_temp.classes('{2,1}', ARRAY[2.0 / 3], 'below'), 'AB',
          '2/3 is not more than 0.66666666666666666667');
SELECT is(pg_temp.classes('{2,1}', ARRAY[0.6666666666666666666666666666666666666666666666666], 'below'), 'BB',
          '2/3 is more than a cut-off of forty-nine sixes');
SELECT is(pg_temp.classes('{1,1,1}', '{1}'), 'AAA', 'a cut-off of one: all that sells');
SELECT is(pg_temp.classes('{3,2,1,0,-1}', '{0.5,1}', 'below'), 'ABBCC',
          'a cut-off of one, below: all that sells');
SELECT is(pg_temp.classes('{100,1}', '{0.000000001,0.5}'), 'AC', 'a cut-off near zero');
SELECT is(pg_temp.classes('{3,3,2,2}', '{0.01,0.02,0.03}'), 'AADD', 'cut-offs in one place: classes left empty');
SELECT is((SELECT string_agg(c, '' ORDER BY i)
             FROM (SELECT i, abc_class(1 + (i - 1) * 0, ARRAY(SELECT x / 25.0 FROM generate_series(1, 25) x)) OVER () AS c
                     FROM generate_series(1, 3) i) AS t),
          'AAA', 'twenty-five cut-offs');
SELECT is((SELECT abc_class(-1, ARRAY(SELECT x / 25.0 FROM generate_series(1, 25) x)) OVER ()),
          'Z', 'twenty-six classes');

-- Settings

SELECT is((SELECT abc_class(5, NULL) OVER ()), NULL, 'cutoffs NULL');
SELECT is((SELECT abc_class(5, boundary => NULL) OVER ()), NULL, 'boundary NULL');
SELECT is((SELECT abc_class(5, labels => NULL) OVER ()), 'A', 'labels NULL are the default');
SELECT is((SELECT abc_cum_share(5, NULL) OVER ()), NULL, 'inclusive NULL');
SELECT is((SELECT abc_class(NULL, '{80}') OVER () FROM (VALUES (1)) t WHERE false), NULL, 'no rows, nothing checked');
SELECT is_empty($$SELECT abc_class(v) OVER (), abc_share(v) OVER (), abc_cum_share(v) OVER ()
                    FROM (SELECT 1::numeric WHERE false) AS t (v)$$, 'no rows');
SELECT is((SELECT abc_class(5, '{0.8}', ARRAY['ключевой', '']) OVER ()), 'ключевой', 'labels of any letters');
SELECT is((SELECT abc_class(0, '{0.8}', ARRAY['ключевой', '']) OVER ()), '', 'an empty label');
SELECT results_eq(
    $$SELECT g, string_agg(abc, '' ORDER BY v DESC)
        FROM (SELECT g, v, abc_class(v, cut, lab, bound) OVER (PARTITION BY g) AS abc
                FROM (VALUES (1, '{0.50,0.90}'::numeric[], '{X,Y,Z}'::text[], 'reach'),
                             (2, '{0.80,0.95}', NULL, 'below'),
                             (3, NULL, NULL, 'reach'),
                             (4, '{0.80,0.95}', NULL, 'reach'),
                             (5, '{0.70}', '{k,l}', 'reach')) AS policy (g, cut, lab, bound),
                     (VALUES (70), (20), (10)) AS u (v)) AS t
       GROUP BY g ORDER BY g$$,
    $$VALUES (1, 'XYZ'), (2, 'ABC'), (3, NULL), (4, 'AAB'), (5, 'kll')$$,
    'settings from a table, another set in each partition');
SELECT is((SELECT string_agg(c, '' ORDER BY v DESC)
             FROM (SELECT v, abc_class(v, (SELECT ARRAY[0.5])) OVER () AS c FROM generate_series(1, 4) v) AS t),
          'AABB', 'a setting from a subquery');
PREPARE by_parameter(numeric[], text) AS
    SELECT string_agg(c, '' ORDER BY v DESC)
      FROM (SELECT v, abc_class(v, $1, NULL, $2) OVER () AS c FROM generate_series(1, 4) v) AS t;
SELECT results_eq($$EXECUTE by_parameter('{0.5}', 'reach')$$, $$VALUES ('AABB')$$, 'settings as parameters');
SELECT results_eq($$EXECUTE by_parameter('{0.4}', 'below')$$, $$VALUES ('ABBB')$$, 'parameters, once more');
SELECT results_eq(
    $$SELECT k, l.c FROM generate_series(1, 3) k,
             LATERAL (SELECT string_agg(c, '' ORDER BY v DESC) AS c
                        FROM (SELECT v, abc_class(v, ARRAY[k / 4.0]) OVER () AS c
                                FROM generate_series(1, 4) v OFFSET 0) AS t) AS l$$,
    $$VALUES (1, 'ABBB'), (2, 'AABB'), (3, 'AAAB')$$, 'settings from outside a lateral subquery');

-- Refusals

SELECT throws_ok('SELECT ' || call, state, message, call)
  FROM (VALUES
        ($$abc_class(5, '{80,95}') OVER ()$$, '22023', 'cutoffs must be above 0 and at most 1, but 80 is among them'),
        ($$abc_class(5, '{0.8,1.0001}') OVER ()$$, '22023', 'cutoffs must be above 0 and at most 1, but 1.0001 is among them'),
        ($$abc_class(5, '{0,0.8}') OVER ()$$, '22023', 'cutoffs must be above 0 and at most 1, but 0 is among them'),
        ($$abc_class(5, '{-0.1,0.8}') OVER ()$$, '22023', 'cutoffs must not be negative, but is -0.1'),
        ($$abc_class(5, '{0.95,0.80}') OVER ()$$, '22023', 'cutoffs must rise, but 0.80 follows 0.95'),
        ($$abc_class(5, '{0.8,0.80}') OVER ()$$, '22023', 'cutoffs must rise, but 0.80 follows 0.8'),
        ($$abc_class(5, '{NaN}') OVER ()$$, '22023', 'cutoffs must be a finite number, not NaN'),
        ($$abc_class(5, '{0.5,Infinity}') OVER ()$$, '22023', 'cutoffs must be a finite number, not infinity'),
        ($$abc_class(5, '{}') OVER ()$$, '22023', 'cutoffs has 0 elements'),
        ($$abc_class(5, '{0.5,NULL}') OVER ()$$, '22023', 'element 2 of cutoffs is null'),
        ($$abc_class(5, '{{0.5},{0.8}}') OVER ()$$, '22023', 'cutoffs must be an array of one dimension, not 2'),
        ($$abc_class(5, array_fill(0.5, ARRAY[1000000])) OVER ()$$, '22023', 'cutoffs has 1000000 elements'),
        ($$abc_class(5, ARRAY(SELECT x / 26.0 FROM generate_series(1, 26) x)) OVER ()$$, '22023', 'cutoffs has 26 elements'),
        ($$abc_class(5, labels => '{A,B}') OVER ()$$, '22023', 'labels has 2 elements, but cutoffs makes 3 classes'),
        ($$abc_class(5, labels => '{A,B,C,D}') OVER ()$$, '22023', 'labels has 4 elements, but cutoffs makes 3 classes'),
        ($$abc_class(5, labels => '{}') OVER ()$$, '22023', 'labels has 0 elements'),
        ($$abc_class(5, labels => '{A,NULL,C}') OVER ()$$, '22023', 'element 2 of labels is null'),
        ($$abc_class(5, labels => '{{A,B,C}}') OVER ()$$, '22023', 'labels must be an array of one dimension, not 2'),
        ($$abc_class(5, labels => array_fill('A'::text, ARRAY[1000000])) OVER ()$$, '22023', 'labels has 1000000 elements'),
        ($$abc_class(5, boundary => 'Reach') OVER ()$$, '22023', 'unknown boundary: "Reach"'),
        ($$abc_class(5, boundary => '') OVER ()$$, '22023', 'unknown boundary: ""'),
        ($$abc_class('NaN') OVER ()$$, '22023', 'value must be a finite number, not NaN'),
        ($$abc_class('infinity') OVER ()$$, '22023', 'value must be a finite number, not infinity'),
        ($$abc_class('-infinity') OVER ()$$, '22023', 'value must be a finite number, not -infinity'),
        ($$abc_share('NaN') OVER ()$$, '22023', 'value must be a finite number, not NaN'),
        ($$abc_cum_share('infinity') OVER ()$$, '22023', 'value must be a finite number, not infinity'),
        ($$abc_class(1e38) OVER ()$$, '22003', 'amounts with 39 digits before and 0 after the decimal point cannot be added exactly'),
        ($$abc_class(v) OVER () FROM (VALUES (1e30), (1e-20)) t (v)$$, '22003', 'amounts with 31 digits before and 20 after the decimal point cannot be added exactly'),
        ($$abc_class(v) OVER () FROM (VALUES (1e-20), (1e30)) t (v)$$, '22003', 'amounts with 31 digits before and 20 after the decimal point cannot be added exactly'),
        ($$abc_class(v) OVER () FROM (VALUES (5e37), (5e37)) t (v)$$, '22003', 'a sum of amounts passes 38 digits'),
        ($$abc_share(v) OVER () FROM (VALUES (5e37), (5e37)) t (v)$$, '22003', 'a sum of amounts passes 38 digits'),
        ($$abc_cum_share(v) OVER () FROM (VALUES (-5e37), (9e37), (9e37)) t (v)$$, '22003', 'a sum of amounts passes 38 digits'),
        ($$abc_class(v, c) OVER () FROM (VALUES (1, '{0.5}'::numeric[]), (2, '{0.6}')) t (v, c)$$, '22023', 'cutoffs must be the same for all rows of a partition'),
        ($$abc_class(v, c) OVER () FROM (VALUES (1, '{0.5}'::numeric[]), (2, NULL)) t (v, c)$$, '22023', 'cutoffs must be the same for all rows of a partition'),
        ($$abc_class(v, c) OVER () FROM (VALUES (1, NULL), (2, '{0.5}'::numeric[])) t (v, c)$$, '22023', 'cutoffs must be the same for all rows of a partition'),
        ($$abc_class(v, '{0.5}', l) OVER () FROM (VALUES (1, '{a,b}'::text[]), (2, '{a,c}')) t (v, l)$$, '22023', 'labels must be the same for all rows of a partition'),
        ($$abc_class(v, boundary => b) OVER () FROM (VALUES (1, 'reach'), (2, 'below')) t (v, b)$$, '22023', 'boundary must be the same for all rows of a partition'),
        ($$abc_cum_share(v, i) OVER () FROM (VALUES (1, true), (2, false)) t (v, i)$$, '22023', 'inclusive must be the same for all rows of a partition'),
        ($$abc_class(5)$$, '42809', 'window function abc_class requires an OVER clause')
       ) AS refused (call, state, message);

SELECT lives_ok($$SELECT abc_class(v) OVER () FROM (VALUES (4e37), (5e37), (-5e37), (0.00000000001 * -1)) t (v)$$,
                'values up to zero have no part in the sum, nor have their decimals');

-- Comparison with plain SQL

CREATE TEMP TABLE shape (what text, formula text);
INSERT INTO shape VALUES
    ('ties and returns', '(i * 7919) % 13 - 3'),
    ('random', 'round((random() * 1000 - 100)::numeric, 2)'),
    ('random, few', 'round((random() * 6 - 1)::numeric)'),
    ('skewed', 'round(exp(random() * 12)::numeric, 2)'),
    ('all equal', '7'),
    ('rising', 'i'),
    ('falling', '100000 - i'),
    ('organ pipe', 'least(i, 40 - i % 41) * 1.5'),
    ('sawtooth', 'i % 17 * 0.25'),
    ('one above the rest', 'CASE i WHEN 5 THEN 1000000 ELSE 1 END'),
    ('all but one nothing', 'CASE i WHEN 3 THEN 0.01 ELSE 1 - i END'),
    ('powers of two', '(2::numeric ^ (i % 100))::numeric(40)'),
    ('powers of ten', '(10::numeric ^ (i % 34))::numeric(40)'),
    ('a bucket a level', '(256::numeric ^ (i % 15))::numeric(40) + i % 3'),
    ('large and near', '9000000000000000000000000000000000 + i % 7'),
    ('decimals of all kinds', '(i % 50) / (10::numeric ^ (i % 12))'),
    ('NULL now and then', 'CASE WHEN i % 5 = 0 THEN NULL ELSE i % 11 - 2 END'),
    ('halves', 'CASE WHEN i % 2 = 0 THEN 5000000000000000000 ELSE 0.5 END');

CREATE TEMP TABLE sample (part int, id int, v numeric);
CREATE TEMP TABLE setting (cutoffs numeric[], boundary text);
INSERT INTO setting
SELECT c::numeric[], b
  FROM unnest(ARRAY['{0.80,0.95}', '{0.5,1}', '{0.10,0.20,0.30,0.999999999999}',
                    '{0.50,0.80,0.95,0.99,0.99999999999999999999}']) AS c,
       unnest(ARRAY['reach', 'below']) AS b;

-- Rows of the sample whose class is not the one that plain SQL finds
CREATE FUNCTION pg_temp.wrong_classes(cutoffs numeric[], boundary text)
RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*)
      FROM (SELECT v, abc_class(v, $1, NULL, $2) OVER (PARTITION BY part) AS class,
                   sum(v) FILTER (WHERE v > 0) OVER (PARTITION BY part) AS total,
                   sum(v) FILTER (WHERE v > 0) OVER (PARTITION BY part ORDER BY v DESC NULLS LAST
                       GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS above,
                   sum(v) FILTER (WHERE v > 0) OVER (PARTITION BY part ORDER BY v DESC NULLS LAST) AS upto
              FROM sample) AS s
     WHERE class IS DISTINCT FROM
           CASE WHEN v IS NULL THEN NULL
                ELSE chr(65 + cardinality($1) - (
                    SELECT count(*)::int FROM unnest($1) AS cut
                     WHERE v > 0
                       AND CASE $2 WHEN 'reach' THEN coalesce(above, 0) < cut * total
                                   ELSE upto <= cut * total END))
           END
$$;

-- Rows of the sample whose shares are not those that plain SQL finds, in value
-- or in decimals
CREATE FUNCTION pg_temp.wrong_shares()
RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*)
      FROM (SELECT v, abc_share(v) OVER p AS share, abc_cum_share(v) OVER p AS cum_share,
                   abc_cum_share(v, false) OVER p AS before,
                   sum(v) FILTER (WHERE v > 0) OVER p AS total,
                   sum(v) FILTER (WHERE v > 0) OVER (PARTITION BY part ORDER BY v DESC NULLS LAST
                       GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS above,
                   sum(v) FILTER (WHERE v > 0) OVER (PARTITION BY part ORDER BY v DESC NULLS LAST) AS upto
              FROM sample
            WINDOW p AS (PARTITION BY part)) AS s
     WHERE share::text IS DISTINCT FROM
           CASE WHEN v <= 0 THEN '0' WHEN v > 0 THEN (v / total)::text END
        OR cum_share::text IS DISTINCT FROM
           CASE WHEN v <= 0 AND total > 0 THEN '1' WHEN v > 0 THEN (upto / total)::text END
        OR before::text IS DISTINCT FROM
           CASE WHEN v <= 0 AND total > 0 THEN '1'
                WHEN v > 0 THEN (coalesce(above, 0) / total)::text END
$$;

-- Fills the sample with partitions of many sizes
CREATE FUNCTION pg_temp.fill(formula text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE sample;
    EXECUTE format(
        'INSERT INTO sample
         SELECT n, i, (%s)::numeric
           FROM unnest(ARRAY[1, 2, 3, 10, 31, 32, 33, 64, 257, 1500]) AS n,
                generate_series(1, n) AS i', formula);
END $$;

SELECT setseed(0.42);
SELECT is((SELECT coalesce(sum(pg_temp.wrong_classes(cutoffs, boundary)), -1)
             FROM setting, pg_temp.fill(formula)), 0::numeric, what || ': classes as in plain SQL')
  FROM shape;
SELECT setseed(0.43);
SELECT is((SELECT pg_temp.wrong_shares() FROM pg_temp.fill(formula)), 0::bigint,
          what || ': shares as in plain SQL')
  FROM shape;

-- Order of rows, frames, ORDER BY, memory

SELECT pg_temp.fill('round(exp((i * 37 % 101) / 10.0)::numeric, i % 3) - 20');
CREATE TEMP TABLE plain AS
SELECT part, id, v, abc_class(v) OVER w AS class, abc_share(v) OVER w AS share,
       abc_cum_share(v) OVER w AS cum_share
  FROM sample
WINDOW w AS (PARTITION BY part);

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
    'SELECT part, id, v, abc_class(v) OVER w, abc_share(v) OVER w, abc_cum_share(v) OVER w
       FROM %s WINDOW w AS (%s)
     EXCEPT SELECT * FROM plain', source, window_clause), what || ' changes nothing')
  FROM variant;

-- The smallest permutations: all 120 orders of five values with a tie
SELECT is((SELECT count(DISTINCT c)
             FROM (SELECT string_agg(v || class, ' ' ORDER BY v, class) AS c
                     FROM (SELECT p, v, abc_class(v) OVER (PARTITION BY p) AS class
                             FROM (SELECT ARRAY[a, b, c, d, e] AS p
                                     FROM generate_series(1, 5) a, generate_series(1, 5) b,
                                          generate_series(1, 5) c, generate_series(1, 5) d,
                                          generate_series(1, 5) e
                                    WHERE (SELECT count(DISTINCT x) FROM unnest(ARRAY[a, b, c, d, e]) x) = 5) AS q,
                                  unnest(p) WITH ORDINALITY AS u (x, i),
                                  LATERAL (SELECT (ARRAY[60, 25, 10, 10, 2.5])[x]) AS t (v)) AS r
                    GROUP BY p) AS all_orders), 1::bigint, 'all orders of five rows give one answer');

SELECT is((SELECT string_agg(DISTINCT class, '') FROM (
              SELECT abc_class(v) OVER (PARTITION BY id) AS class FROM sample WHERE v > 0) AS t),
          'A', 'partitions of one row');

CREATE TEMP TABLE wide AS
SELECT i AS id, round(exp((i * 7919::bigint % 20011) / 2500.0)::numeric, 2) - 3 AS v,
       repeat('x', 100) AS padding
  FROM generate_series(1, 20000) AS i;
SET LOCAL work_mem = '64kB';
CREATE TEMP TABLE spilled AS
SELECT id, abc_class(v) OVER w AS class, abc_class(v, boundary => 'below') OVER w AS below,
       abc_share(v) OVER w AS share, abc_cum_share(v) OVER w AS cum_share,
       row_number() OVER w AS n, length(padding) AS l
  FROM wide WINDOW w AS (ORDER BY id);
SET LOCAL work_mem = '256MB';
SELECT is_empty(
    'SELECT id, abc_class(v) OVER w, abc_class(v, boundary => ''below'') OVER w,
            abc_share(v) OVER w, abc_cum_share(v) OVER w, row_number() OVER w, length(padding)
       FROM wide WINDOW w AS (ORDER BY id)
     EXCEPT SELECT * FROM spilled', 'a spilled partition gives what one in memory gives');
SELECT is((SELECT count(*) FROM spilled), 20000::bigint, 'a spilled partition: all rows');
RESET work_mem;

-- Values that are no plain columns
SELECT is((SELECT string_agg(c, '' ORDER BY i)
             FROM (SELECT i, abc_class((repeat('9', 30) || '.5')::numeric / i) OVER () AS c
                     FROM generate_series(1, 3) i) AS t), 'AAB', 'an expression as value');
SELECT lives_ok($$SELECT abc_class(random()::numeric) OVER (), abc_share(random()::numeric) OVER (),
                         abc_cum_share(random()::numeric) OVER ()
                    FROM generate_series(1, 1000)$$, 'a value that changes with each look');
SELECT results_eq(
    $$SELECT abc_class(sum(v)) OVER (ORDER BY sum(v) DESC)
        FROM (VALUES ('a', 50), ('a', 30), ('b', 15), ('c', 5)) t (k, v) GROUP BY k$$,
    $$VALUES ('A'), ('B'), ('C')$$, 'over the totals of a GROUP BY');
SELECT results_eq(
    $$SELECT c FROM (SELECT v, abc_class(v) OVER () AS c, row_number() OVER (ORDER BY v DESC) AS n
                       FROM (VALUES (80), (15), (5)) t (v)) AS x WHERE n <= 2$$,
    $$VALUES ('A'), ('B')$$, 'beside a row number that ends the window early');

-- Cancelling

CREATE TEMP TABLE cancelled (took interval);
SET LOCAL statement_timeout = '300ms';
DO $$
BEGIN
    PERFORM count(c) FROM (SELECT abc_class(i) OVER () AS c FROM generate_series(1, 3000000) i) x;
EXCEPTION WHEN query_canceled THEN
    INSERT INTO cancelled VALUES (clock_timestamp() - statement_timestamp());
END $$;
SET LOCAL statement_timeout = 0;
SELECT ok((SELECT took < '1.3 s' FROM cancelled), 'a cancelled query stops within a second');

SELECT * FROM finish();
ROLLBACK;
