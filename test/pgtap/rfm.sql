-- rfm_score, rfm_segment, rfm_segments: edges, refusals, comparison with plain SQL
\set QUIET 1
BEGIN;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();
\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql

-- the scores of customers, one of each array
CREATE FUNCTION pg_temp.scores(recency numeric[], frequency numeric[], monetary numeric[], bins integer DEFAULT 5, rule text DEFAULT 'rank')
RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(coalesce((s).score::text, '-'), ' ' ORDER BY place)
  FROM (SELECT place, rfm_score(r, f, m, $4, $5) OVER () AS s FROM unnest($1, $2, $3) WITH ORDINALITY AS u (r, f, m, place)) AS x
$$;

-- Edges

CREATE TABLE edge (what text, recency numeric[], frequency numeric[], monetary numeric[], bins integer, by_rank text, by_quantile text);
INSERT INTO edge VALUES
  ('one customer', '{10}', '{3}', '{500}', 5, '111', '511'),
  ('one customer who brings nothing', '{10}', '{3}', '{0}', 5, '111', '511'),
  ('five of five', '{5,4,3,2,1}', '{1,2,3,4,5}', '{10,20,30,40,50}', 5, '111 222 333 444 555', '211 312 423 534 545'),
  ('five the other way', '{1,2,3,4,5}', '{5,4,3,2,1}', '{50,40,30,20,10}', 5, '555 444 333 222 111', '545 534 423 312 211'),
  ('all equal', '{7,7.0,7.00}', '{2,2,2.000}', '{1,1,1}', 5, '111 111 111', '511 511 511'),
  ('two', '{9,2}', '{1,8}', '{1,100}', 2, '111 222', '111 222'),
  ('two, five bins', '{9,2}', '{1,8}', '{1,100}', 5, '111 333', '111 555'),
  ('ties', '{9,9,9,1}', '{1,1,1,5}', '{3,3,3,9}', 4, '111 111 111 444', '311 311 311 444'),
  ('more bins than customers', '{3,2,1}', '{1,2,3}', '{1,2,3}', 9, '111 444 777', '511 911 955'),
  ('NULLs do not count', '{5,4,NULL,3,2,1}', '{1,2,9,3,4,5}', '{10,20,99,30,40,50}', 5, '111 222 - 333 444 555', '211 312 - 423 534 545'),
  ('each NULL leaves the whole customer out', '{5,4,9,3,2,1,NULL}', '{1,2,NULL,3,4,5,NULL}', '{10,20,99,30,NULL,50,NULL}', 4, '111 222 - 333 - 444 -', '211 312 - 423 - 444 -'),
  ('only NULLs', '{NULL,1,1}', '{1,NULL,1}', '{1,1,NULL}', 5, '- - -', '- - -'),
  ('nothing, and returns, score 1 by rank', '{4,3,2,1}', '{1,1,1,1}', '{-10,-5,0,7}', 4, '111 211 311 414', '211 312 413 414'),
  ('nobody brings anything', '{1,1}', '{1,1}', '{-1,0}', 2, '111 111', '211 211'),
  ('recency below zero is counted as it is', '{-3,0,3}', '{1,2,3}', '{1,2,3}', 3, '311 222 133', '311 211 122'),
  ('decimals', '{0.5,0.25,0.125}', '{1,1,1}', '{0.1,0.10,0.11}', 3, '111 211 313', '311 311 311'),
  ('38 digits', '{99999999999999999999999999999999999999,0,-99999999999999999999999999999999999999}', '{1,2,3}',
    '{99999999999999999999999999999999999999,0,-99999999999999999999999999999999999999}', 3, '113 221 331', '113 212 321'),
  ('38 decimals', '{0.99999999999999999999999999999999999999,0,-0.99999999999999999999999999999999999999}', '{1,2,3}',
    '{0.99999999999999999999999999999999999999,0.00000000000000000000000000000000000001,-0.99999999999999999999999999999999999999}', 3, '113 222 331', '212 311 321');
SELECT is(pg_temp.scores(recency, frequency, monetary, bins), by_rank, what || ': by rank') FROM edge;
SELECT is(pg_temp.scores(recency, frequency, monetary, bins, 'quantile'), by_quantile, what || ': by quantile') FROM edge;

SELECT is(rfm_score(10, 3, 500) OVER (), rfm_score(10, 3, 500, 5, 'rank') OVER (), 'five bins by rank unless something else is said');
SELECT is(pg_typeof(rfm_score(recency, orders, amount) OVER ())::text, 'rfm_result', 'of integers and a bigint')
FROM (VALUES (3::integer, 2::smallint, 100::bigint)) AS t (recency, orders, amount);
SELECT is((SELECT array_agg((s).score ORDER BY orders)::text FROM (SELECT orders, rfm_score(recency, orders, amount) OVER () AS s
    FROM (VALUES (3::bigint, 2::bigint, 100::bigint), (2, 3, 90)) AS t (recency, orders, amount)) AS x), '{113,331}', 'of bigints');
SELECT is_empty('SELECT rfm_score(1, 1, 1, 77) OVER () FROM generate_series(1, 0)', 'no rows, nothing checked');
SELECT is(rfm_score(1, 1, 1, NULL) OVER (), NULL, 'bins NULL');
SELECT is(rfm_score(1, 1, 1, 5, NULL) OVER (), NULL, 'rule NULL');
SELECT results_eq(
  $$SELECT g, string_agg((s).score::text, ' ' ORDER BY v)
    FROM (SELECT g, v, rfm_score(v, v, v, bins, rule) OVER (PARTITION BY g) AS s
          FROM (VALUES (1, 2, 'rank'), (2, 5, 'rank'), (3, NULL, 'rank'), (4, 2, 'quantile'), (5, 2, NULL), (6, 2, 'quantile')) AS policy (g, bins, rule), generate_series(1, 4) AS v) AS t
    GROUP BY g ORDER BY g$$,
  $$VALUES (1, '211 211 122 122'), (2, '411 322 233 144'), (3, NULL), (4, '211 211 211 122'), (5, NULL), (6, '211 211 211 122')$$, 'settings from a table, others in each partition');
PREPARE by_parameter(integer, text) AS
  SELECT string_agg((s).score::text, ' ' ORDER BY v) FROM (SELECT v, rfm_score(v, v, v, $1, $2) OVER () AS s FROM generate_series(1, 4) AS v) AS t;
SELECT results_eq($$EXECUTE by_parameter(4, 'rank')$$, $$VALUES ('411 322 233 144')$$, 'settings as parameters');
SELECT results_eq($$EXECUTE by_parameter(2, 'quantile')$$, $$VALUES ('211 211 211 122')$$, 'other parameters');

-- Comparison with plain SQL, over values of all kinds

CREATE TABLE shape (what text, recency text, frequency text, monetary text);
INSERT INTO shape VALUES
  ('sales', 'i * 7919 % 730', '1 + i * 31 % 17', 'round(exp(random() * 8)::numeric, 2)'),
  ('ties and returns', 'i * 7919 % 13', 'i % 3', 'i * 37 % 11 - 4'),
  ('random', 'round((random() * 400)::numeric)', 'round((random() * 9)::numeric)', 'round((random() * 1000 - 200)::numeric, 2)'),
  ('NULL now and then', 'CASE WHEN i % 7 > 0 THEN i % 31 END', 'CASE WHEN i % 5 > 0 THEN i % 11 END', 'CASE WHEN i % 3 > 0 THEN i % 50 END'),
  ('all equal', '7', '1', '-2'),
  ('rising and falling', 'i', '-i', '1000 - i'),
  ('two values', 'i % 2 * 90', 'i % 2', '100 * (i % 2)'),
  ('one above the rest', 'CASE i WHEN 5 THEN 1e30 ELSE 1 END', 'CASE i WHEN 5 THEN 1e30 ELSE 1 END', 'CASE i WHEN 5 THEN 1e30 ELSE -1 END'),
  ('both ends', '(i % 3 - 1) * (9e37 + i % 5)', '(i % 2 * 2 - 1) * 99999999999999999999999999999999999999', '(i % 3 - 1) * (9e37 - i)'),
  ('powers', 'round((-2)::numeric ^ (i % 100))', '(256::numeric ^ (i % 15))::numeric(40) + i % 3', 'round((-10)::numeric ^ (i % 33))'),
  ('decimals of all kinds', '(i % 50 - 20) / (10::numeric ^ (i % 12))', '1 + i % 9 / 10.0', 'i % 50 / (7::numeric ^ (i % 12))'),
  ('around one apart', 'i % 7 * 0.5', 'i % 5 * 0.3333333333', 'i % 3 + i % 10 * 0.1'),
  ('only decimals', '(i % 9 - 4) / 10.0 + 1e-37', '(i % 9 - 4) / 10.0', '(i % 7) * 1e-38');
CREATE TABLE sample (part int, id int, recency numeric, frequency numeric, monetary numeric);
CREATE FUNCTION pg_temp.fill(recency text, frequency text, monetary text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE sample;
  EXECUTE format(
    'INSERT INTO sample SELECT n, i, (%s)::numeric, (%s)::numeric, (%s)::numeric
     FROM unnest(ARRAY[1, 2, 3, 4, 5, 6, 9, 31, 33, 100, 257, 1000]) AS n, generate_series(1, n) AS i', recency, frequency, monetary);
END $$;

-- Rows whose scores are not those of rank() and count()
CREATE FUNCTION pg_temp.wrong_by_rank(bins integer)
RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*)
  FROM (SELECT *, rfm_score(recency, frequency, monetary, $1) OVER (PARTITION BY part) AS s FROM sample) AS kam
  LEFT JOIN (
    SELECT part, id, 1 + $1 * (rank() OVER (PARTITION BY part ORDER BY recency DESC) - 1) / n AS r,
      1 + $1 * (rank() OVER (PARTITION BY part ORDER BY frequency) - 1) / n AS f,
      CASE WHEN monetary <= 0 THEN 1 ELSE 1 + $1 * (rank() OVER (PARTITION BY part ORDER BY monetary) - 1) / n END AS m
    FROM sample JOIN (SELECT part, count(*) AS n FROM sample WHERE (recency, frequency, monetary) IS NOT NULL GROUP BY part) AS c USING (part)
    WHERE (recency, frequency, monetary) IS NOT NULL) AS plain USING (part, id)
  WHERE (s).recency IS DISTINCT FROM r OR (s).frequency IS DISTINCT FROM f OR (s).monetary IS DISTINCT FROM m
    OR (s).score IS DISTINCT FROM 100 * r + 10 * f + m OR (s IS NULL) <> (r IS NULL)
$$;

-- How many cuts a value has reached: the quantiles 1/bins, 2/bins, ... of sorted values, type 7, and
-- one more.  All is multiplied by bins, so that nothing is divided.
CREATE FUNCTION pg_temp.reached(v numeric, sorted numeric[], bins integer)
RETURNS bigint IMMUTABLE LANGUAGE sql AS $$
  SELECT count(*) FROM generate_series(1, $3 - 1) AS i,
    LATERAL (SELECT (cardinality($2) - 1) * i / $3 + 1 AS low, (cardinality($2) - 1) * i % $3 AS rest) AS p
  WHERE $3 * $1 >= $3 * ($2[low] + 1) + rest * (coalesce($2[low + 1], $2[low]) - $2[low])
$$;
CREATE FUNCTION pg_temp.wrong_by_quantile(bins integer)
RETURNS bigint LANGUAGE sql AS $$
  WITH sorted AS (
    SELECT part, array_agg(recency ORDER BY recency) AS rs, array_agg(frequency ORDER BY frequency) AS fs, array_agg(monetary ORDER BY monetary) AS ms
    FROM sample WHERE (recency, frequency, monetary) IS NOT NULL GROUP BY part),
  plain AS (
    SELECT part, id, $1 - pg_temp.reached(recency, rs, $1) AS r, 1 + pg_temp.reached(frequency, fs, $1) AS f, 1 + pg_temp.reached(monetary, ms, $1) AS m
    FROM sample JOIN sorted USING (part) WHERE (recency, frequency, monetary) IS NOT NULL)
  SELECT count(*)
  FROM (SELECT *, rfm_score(recency, frequency, monetary, $1, 'quantile') OVER (PARTITION BY part) AS s FROM sample) AS kam
  LEFT JOIN plain USING (part, id)
  WHERE (s).recency IS DISTINCT FROM r OR (s).frequency IS DISTINCT FROM f OR (s).monetary IS DISTINCT FROM m
    OR (s).score IS DISTINCT FROM 100 * r + 10 * f + m OR (s IS NULL) <> (r IS NULL)
$$;
SELECT setseed(0.42);
SELECT is((SELECT sum(pg_temp.wrong_by_rank(bins)) FROM pg_temp.fill(recency, frequency, monetary), generate_series(2, 9) AS bins), 0::numeric, what || ': by rank as in plain SQL') FROM shape;
SELECT setseed(0.43);
SELECT is((SELECT sum(pg_temp.wrong_by_quantile(bins)) FROM pg_temp.fill(recency, frequency, monetary), unnest('{2,3,5,9}'::integer[]) AS bins), 0::numeric, what || ': by quantile as in plain SQL') FROM shape;

-- Monotone: who buys as often for as much, or more, does not score less; and so with recency the other way

SELECT is_empty(format($$
  WITH scored AS MATERIALIZED (SELECT id, recency, frequency, monetary, rfm_score(recency, frequency, monetary, %1$s, %2$L) OVER () AS s FROM sample WHERE part = 257)
  SELECT a.id, b.id FROM scored AS a, scored AS b
  WHERE (a.frequency >= b.frequency AND (a.s).frequency < (b.s).frequency) OR (a.monetary >= b.monetary AND (a.s).monetary < (b.s).monetary)
    OR (a.recency <= b.recency AND (a.s).recency < (b.s).recency)$$, bins, rule), format('%s bins by %s: scores never fall as a customer buys more', bins, rule))
FROM pg_temp.fill('i * 7919 % 73', '1 + i * 31 % 17', 'round((random() * 1000 - 200)::numeric)'), unnest('{2,5,9}'::integer[]) AS bins, unnest('{rank,quantile}'::text[]) AS rule;

-- One customer who buys more keeps his place or gains
SELECT is((SELECT bool_and(s >= before) FROM (
    SELECT s, lag(s) OVER (ORDER BY more) AS before FROM generate_series(1, 40) AS more, LATERAL (
      SELECT (x.s).frequency * 10 + (x.s).monetary AS s FROM (
        SELECT id, rfm_score(recency, CASE WHEN id = 7 THEN more ELSE frequency END, CASE WHEN id = 7 THEN 30 * more ELSE monetary END, 5, rule) OVER () AS s FROM sample WHERE part = 33) AS x
      WHERE id = 7) AS y) AS z WHERE before IS NOT NULL), true, 'by ' || rule || ': a customer who buys more and more does not lose')
FROM unnest('{rank,quantile}'::text[]) AS rule;

-- Order of rows, frames, ORDER BY, memory

SELECT FROM pg_temp.fill('CASE WHEN i % 7 > 0 THEN i * 37 % 101 END', 'i * 11 % 13', 'round(exp((i * 37 % 101) / 10.0)::numeric, i % 3) - 20');
CREATE TABLE plain AS
SELECT part, id, rfm_score(recency, frequency, monetary) OVER w AS by_rank, rfm_score(recency, frequency, monetary, 7, 'quantile') OVER w AS by_quantile FROM sample WINDOW w AS (PARTITION BY part);
SELECT is_empty(format(
  'SELECT part, id, rfm_score(recency, frequency, monetary) OVER w, rfm_score(recency, frequency, monetary, 7, ''quantile'') OVER w FROM %s WINDOW w AS (%s)
   EXCEPT SELECT * FROM plain', source, window_clause), what || ' changes nothing')
FROM (VALUES
  ('ORDER BY amount', 'PARTITION BY part ORDER BY monetary', 'sample'),
  ('ORDER BY recency DESC', 'PARTITION BY part ORDER BY recency DESC', 'sample'),
  ('a moving frame', 'PARTITION BY part ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING', 'sample'),
  ('an empty frame', 'PARTITION BY part ORDER BY id ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING', 'sample'),
  ('a frame with EXCLUDE', 'PARTITION BY part ORDER BY monetary ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE TIES', 'sample'),
  ('rows upside down', 'PARTITION BY part', '(SELECT * FROM sample ORDER BY id DESC) AS s'),
  ('rows shuffled', 'PARTITION BY part', '(SELECT * FROM sample ORDER BY md5(id::text || part)) AS s')) AS variant (what, window_clause, source);

CREATE TABLE wide AS
SELECT i AS id, CASE WHEN i % 50 > 0 THEN i * 7919::bigint % 730 END AS recency, i % 23 AS frequency, round(exp((i * 7919::bigint % 20011) / 2500.0)::numeric, 2) - 3 AS monetary, repeat('x', 100) AS padding
FROM generate_series(1, 20000) AS i;
SET LOCAL work_mem = '64kB';
CREATE TABLE spilled AS
SELECT id, rfm_score(recency, frequency, monetary) OVER w AS by_rank, rfm_score(recency, frequency, monetary, 9, 'quantile') OVER w AS by_quantile, row_number() OVER w AS n, length(padding) AS l
FROM wide WINDOW w AS (ORDER BY id);
SET LOCAL work_mem = '256MB';
SELECT is_empty(
  'SELECT id, rfm_score(recency, frequency, monetary) OVER w, rfm_score(recency, frequency, monetary, 9, ''quantile'') OVER w, row_number() OVER w, length(padding) FROM wide WINDOW w AS (ORDER BY id)
   EXCEPT SELECT * FROM spilled', 'a spilled partition gives what one in memory gives');
SELECT is(count(*), 20000::bigint, 'a spilled partition: all rows') FROM spilled;
RESET work_mem;

SELECT lives_ok($$SELECT rfm_score(random()::numeric * 1e20, random()::numeric / 1e10, random()::numeric) OVER (),
    rfm_score(random()::numeric * 1e20, random()::numeric / 1e10, random()::numeric, 9, 'quantile') OVER () FROM generate_series(1, 1000)$$, 'values that change with each look');
SELECT is_empty($$SELECT s FROM (SELECT rfm_score(CASE WHEN random() < 0.5 THEN 1e37 ELSE 1 END, CASE WHEN random() < 0.5 THEN 1e-30 ELSE 1 END, 1) OVER () AS s FROM generate_series(1, 1000)) AS x
    WHERE NOT ((s).recency BETWEEN 1 AND 5 AND (s).frequency BETWEEN 1 AND 5)$$, 'and that were shorter when they were read');
SELECT is((SELECT array_agg((s).score ORDER BY k)::text FROM (
    SELECT k, rfm_score(min(d), count(*), sum(v)) OVER () AS s FROM (VALUES ('a', 5, 50), ('a', 3, 30), ('b', 9, 15)) AS t (k, d, v) GROUP BY k) AS x), '{333,111}', 'over the groups of a GROUP BY');

-- Given cut points, against width_bucket, which counts from a cut point on

SELECT is(rfm_score(r, f, m, '{30,90}', '{2,4,8}', '{100}')::text, expected, format('cut points: %s, %s, %s', r, f, m))
FROM (VALUES
  (0::numeric, 1::numeric, 0::numeric, '(3,1,1,311)'), (29.99, 1.99, 99.99, '(3,1,1,311)'), (30, 2, 100, '(2,2,2,222)'), (30.00, 2.0, 100.000, '(2,2,2,222)'), (89, 3, 101, '(2,2,2,222)'), (90, 4, 1e30, '(1,3,2,132)'),
  (1e100, 8, -5, '(1,4,1,141)'), (-1, -1, -1e-300, '(3,1,1,311)'), (NULL, 1, 1, NULL), (1, NULL, 1, NULL), (1, 1, NULL, NULL)) AS x (r, f, m, expected);
SELECT is((rfm_score(1, 1, 1, NULL, '{1}', '{1}'), rfm_score(1, 1, 1, '{1}', NULL, '{1}'), rfm_score(1, 1, 1, '{1}', '{1}', NULL))::text, '(,,)', 'no cut points, no scores');
SELECT is(rfm_score(8, 8, 8, '{1,2,3,4,5,6,7,8}', '{1,2,3,4,5,6,7,8}', '{0,2,3,4,5,6,7,8.01}')::text, '(1,9,8,198)', 'nine scores');
SELECT is(rfm_score(5, 5, 5, '[7:8]={1,9}', '[0:0]={5}', '{5}')::text, '(2,2,2,222)', 'arrays that do not begin at one');
SELECT is_empty($$
  SELECT * FROM (SELECT *, rfm_score(recency, frequency, monetary, rc, fc, mc) AS s FROM sample,
    (VALUES ('{20,40,60,80}'::numeric[], '{2,4,6,8}'::numeric[], '{0,100,1000,5000}'::numeric[]), ('{3}', '{5,5.5}', '{0.01,0.1,1,10,100,1e3,1e4,1e5}')) AS c (rc, fc, mc)) AS x
  WHERE s IS DISTINCT FROM CASE WHEN (recency, frequency, monetary) IS NOT NULL THEN
    (SELECT (r, f, m, 100 * r + 10 * f + m)::rfm_result FROM (SELECT cardinality(rc) + 1 - width_bucket(recency, rc) AS r, 1 + width_bucket(frequency, fc) AS f, 1 + width_bucket(monetary, mc) AS m) AS y) END$$,
  'cut points that change from row to row, as width_bucket');
SELECT is((SELECT bool_and((s).frequency = 1 + (f >= cut)::integer) FROM (SELECT f, cut, rfm_score(1, f, 1, '{1}', ARRAY[cut], '{1}') AS s FROM generate_series(0, 3) AS f, generate_series(0, 3) AS cut) AS x), true, 'one array that changes');

-- Segments

CREATE TABLE r_rule AS
SELECT * FROM rfm_segments() WITH ORDINALITY AS r (segment, recency_from, recency_to, frequency_from, frequency_to, monetary_from, monetary_to, no);
SELECT results_eq($$SELECT (r).* FROM rfm_segments() AS r$$, $$VALUES
  ('Champions', 5, 5, 5, 5, 5, 5), ('Potential Loyalist', 3, 5, 3, 5, 2, 5), ('Loyal Customers', 2, 4, 2, 4, 2, 4), ('Promising', 3, 4, 1, 3, 3, 5), ('New Customers', 4, 5, 1, 3, 1, 5),
  ('Can''t Lose Them', 1, 2, 3, 4, 4, 5), ('At Risk', 1, 2, 2, 5, 4, 5), ('Need Attention', 1, 3, 3, 5, 3, 5), ('About To Sleep', 2, 3, 1, 3, 1, 4), ('Lost', 1, 1, 1, 5, 1, 5)$$, 'the default segments');

CREATE TABLE cell AS
SELECT (r, f, m, 100 * r + 10 * f + m)::rfm_result AS s, r, f, m FROM generate_series(0, 10) AS r, generate_series(0, 10) AS f, generate_series(0, 10) AS m;
SELECT is_empty($$
  SELECT s, rfm_segment(s), first FROM cell, LATERAL (SELECT coalesce((SELECT segment FROM r_rule
    WHERE r BETWEEN recency_from AND recency_to AND f BETWEEN frequency_from AND frequency_to AND m BETWEEN monetary_from AND monetary_to ORDER BY no LIMIT 1), 'Others') AS first) AS x
  WHERE rfm_segment(s) IS DISTINCT FROM first$$, 'every score, in the first segment that it is within');
SELECT is_empty($$SELECT s FROM cell WHERE rfm_segment(s) <> rfm_segment(s, (SELECT array_agg(rule) FROM rfm_segments() AS rule))$$, 'the default segments, given, are the default');
SELECT is_empty($$SELECT s FROM cell WHERE rfm_segment(s) <> rfm_segment(s, (
    SELECT array_agg((segment, recency_from, recency_to, frequency_from, frequency_to, monetary_from, monetary_to)::rfm_segment_rule ORDER BY no) FROM r_rule))$$, 'and so from a table');
SELECT is((SELECT count(DISTINCT rfm_segment(s)) FROM cell WHERE r BETWEEN 1 AND 5 AND f BETWEEN 1 AND 5 AND m BETWEEN 1 AND 5), 11::bigint, 'all segments have scores, and there are others');

SELECT is(rfm_segment(s::rfm_result, rules::rfm_segment_rule[]), expected, coalesce(s, 'NULL') || ' in ' || coalesce(rules, 'NULL'))
FROM (VALUES
  ('(5,5,5,555)', NULL, 'Champions'),
  ('(5,5,5,)', NULL, 'Champions'),
  ('(,5,5,555)', NULL, NULL), ('(5,,5,555)', NULL, NULL), ('(5,5,,555)', NULL, NULL), ('(,,,)', NULL, NULL), (NULL, NULL, NULL), (NULL, '{"(all,,,,,,)"}', NULL),
  ('(5,5,5,555)', '{}', 'Others'), ('(5,5,5,555)', '{NULL}', 'Others'), ('(5,5,5,555)', '{"(,,,,,,)"}', 'Others'),
  ('(5,5,5,555)', '{"(one,,,,,,)","(two,,,,,,)"}', 'one'), ('(5,5,5,555)', '{NULL,"(two,5,,,,,)"}', 'two'),
  ('(5,1,1,511)', '{"(from,5,,,,,)"}', 'from'), ('(4,1,1,411)', '{"(from,5,,,,,)"}', 'Others'), ('(5,1,1,511)', '{"(to,,4,,,,)"}', 'Others'), ('(4,1,1,411)', '{"(to,,4,,,,)"}', 'to'),
  ('(1,5,1,151)', '{"(f,,,5,5,,)"}', 'f'), ('(1,4,1,141)', '{"(f,,,5,5,,)"}', 'Others'), ('(1,1,5,115)', '{"(m,,,,,5,5)"}', 'm'), ('(1,1,6,116)', '{"(m,,,,,5,5)"}', 'Others'),
  ('(9,9,9,999)', '{"(ключевой,9,9,9,9,9,9)"}', 'ключевой'), ('(0,-5,2147483647,7)', '{"(bounds,1,,,,,)"}', 'Others'), ('(0,-5,2147483647,7)', NULL, 'Others')) AS x (s, rules, expected);
SELECT is(rfm_segment('(1,1,1,111)', ARRAY[('', 1, 1, 1, 1, 1, 1)]::rfm_segment_rule[]), '', 'an empty name');
SELECT is(rfm_segment('(1,1,1,111)', ARRAY[(repeat('long', 5000), 1, 1, 1, 1, 1, 1)]::rfm_segment_rule[]), repeat('long', 5000), 'a long one');
SELECT results_eq($$SELECT rfm_segment(s, array_fill(('none', 9, 9, 9, 9, 9, 9)::rfm_segment_rule, ARRAY[5000]) || ('last', 1, NULL, NULL, NULL, NULL, NULL)::rfm_segment_rule) FROM cell WHERE (r, f, m) IN ((1, 1, 1), (0, 0, 0)) ORDER BY r$$,
  $$VALUES ('Others'), ('last')$$, 'many segments');
SELECT results_eq($$SELECT rfm_segment('(3,3,3,333)', rules) FROM (VALUES (1, '{"(a,,,,,,)"}'::rfm_segment_rule[]), (2, NULL), (3, '{"(b,,,,,,)"}'), (4, '{}'), (5, NULL), (6, '{"(b,4,,,,,)"}')) AS x (i, rules) ORDER BY i$$,
  $$VALUES ('a'), ('Potential Loyalist'), ('b'), ('Others'), ('Potential Loyalist'), ('Others')$$, 'segments that change from row to row');

-- In parallel workers

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
ANALYZE wide;
\set by_segment 'SELECT count(*) FILTER (WHERE segment = ''Champions'') AS champions, count(*) FILTER (WHERE segment = ''Lost'') AS lost, count(segment) AS all FROM (SELECT rfm_segment(rfm_score(recency, frequency, monetary, ''{90,180,365,500}'', ''{5,10,15,18}'', ''{5,50,100,500}'')) AS segment FROM wide) AS x'
SELECT matches(pg_temp.plan_of(:'by_segment'), 'Partial .*Aggregate', 'workers share the work');
CREATE TABLE parallel AS :by_segment;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TABLE serial AS :by_segment;
SELECT is((SELECT parallel FROM parallel)::text, (SELECT serial FROM serial)::text, 'and come to the same');
SELECT ok(champions > 0 AND lost > 0 AND "all" = 19600, 'with champions and lost among them') FROM serial;

-- Refusals

SELECT is(pg_temp.error_of('SELECT ' || call), wanted, call)
FROM (VALUES
  ($$rfm_score(1, 1, 1, 1) OVER ()$$, '22023 | bins must be from 2 to 9, but is 1 | A score has one digit for each measure; 5 is usual.'),
  ($$rfm_score(1, 1, 1, 10) OVER ()$$, '22023 | bins must be from 2 to 9, but is 10 | A score has one digit for each measure; 5 is usual.'),
  ($$rfm_score(1, 1, 1, -2147483648) OVER ()$$, '22023 | bins must be from 2 to 9, but is -2147483648 | A score has one digit for each measure; 5 is usual.'),
  ($$rfm_score(1, 1, 1, 5, 'Rank') OVER ()$$, '22023 | unknown rule: "Rank" | Allowed are "rank", "quantile".'),
  ($$rfm_score(1, 1, 1, 5, '') OVER ()$$, '22023 | unknown rule: "" | Allowed are "rank", "quantile".'),
  ($$rfm_score(1, 1, 1, b) OVER () FROM (VALUES (2), (3)) AS t (b)$$, '22023 | bins must be the same for all rows of a partition | Give one value, or name the column that decides it in PARTITION BY.'),
  ($$rfm_score(1, 1, 1, b) OVER () FROM (VALUES (2), (NULL)) AS t (b)$$, '22023 | bins must be the same for all rows of a partition | Give one value, or name the column that decides it in PARTITION BY.'),
  ($$rfm_score(1, 1, 1, b) OVER () FROM (VALUES (NULL), (2)) AS t (b)$$, '22023 | bins must be the same for all rows of a partition | Give one value, or name the column that decides it in PARTITION BY.'),
  ($$rfm_score(1, 1, 1, 5, r) OVER () FROM (VALUES ('rank'), ('quantile')) AS t (r)$$, '22023 | rule must be the same for all rows of a partition | Give one value, or name the column that decides it in PARTITION BY.'),
  ($$rfm_score('NaN', 1, 1) OVER ()$$, '22023 | recency must be a finite number, not NaN'),
  ($$rfm_score(1, 'infinity', 1) OVER ()$$, '22023 | frequency must be a finite number, not infinity'),
  ($$rfm_score(1, 1, '-infinity') OVER ()$$, '22023 | monetary must be a finite number, not -infinity'),
  ($$rfm_score(NULL, 1, 'NaN') OVER ()$$, '22023 | monetary must be a finite number, not NaN'),
  ($$rfm_score(1, 1, 1e38) OVER ()$$, '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ($$rfm_score(1, v, 1) OVER () FROM (VALUES (1e30), (1e-20)) AS t (v)$$, '22003 | amounts with 31 digits before and 20 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ($$rfm_score(1, 1, 1)$$, '42809 | window function rfm_score requires an OVER clause'),
  ($$rfm_score(1, 1, 1, '{90,30}', '{1}', '{1}')$$, '22023 | recency_cuts must rise, but 30 follows 90 | Sort them from the smallest to the largest, each once.'),
  ($$rfm_score(1, 1, 1, '{1}', '{1,1.0}', '{1}')$$, '22023 | frequency_cuts must rise, but 1.0 follows 1 | Sort them from the smallest to the largest, each once.'),
  ($$rfm_score(1, 1, 1, '{1}', '{1}', '{-1,1}')$$, '22023 | monetary_cuts must not be negative, but is -1 | Give zero or more.'),
  ($$rfm_score(1, 1, 1, '{}', '{1}', '{1}')$$, '22023 | recency_cuts has 0 elements | From 1 to 8 elements are allowed.'),
  ($$rfm_score(1, 1, 1, '{1}', '{1,2,3,4,5,6,7,8,9}', '{1}')$$, '22023 | frequency_cuts has 9 elements | From 1 to 8 elements are allowed.'),
  ($$rfm_score(1, 1, 1, '{1}', '{1}', '{1,NULL}')$$, '22023 | element 2 of monetary_cuts is null | Leave the element out or give it a value.'),
  ($$rfm_score(1, 1, 1, '{1}', '{1}', '{NaN}')$$, '22023 | monetary_cuts must be a finite number, not NaN'),
  ($$rfm_score(1, 1, 1, '{1}', '{1}', '{{1,2}}')$$, '22023 | monetary_cuts must be an array of one dimension, not 2 | Give one flat list of elements.'),
  ($$rfm_score('NaN', 1, 1, '{1}', '{1}', '{1}')$$, '22023 | recency must be a finite number, not NaN'),
  ($$rfm_score(1, '-infinity', 1, '{1}', '{1}', '{1}')$$, '22023 | frequency must be a finite number, not -infinity'),
  ($$rfm_score(1, 1, 'infinity', '{1}', '{1}', '{1}')$$, '22023 | monetary must be a finite number, not infinity'),
  ($$rfm_segment('(5,5,5,555)', '{"(a,,,,,,)","(,1,1,1,1,1,1)"}')$$, '22023 | segment 2 of segments has no name | Name each segment.'),
  ($$rfm_segment('(5,5,5,555)', '{"(a,0,,,,,)"}')$$, '22023 | recency_from of segment "a" must be from 1 to 9, but is 0 | It is a score; NULL is no bound.'),
  ($$rfm_segment('(5,5,5,555)', '{"(a,,10,,,,)"}')$$, '22023 | recency_to of segment "a" must be from 1 to 9, but is 10 | It is a score; NULL is no bound.'),
  ($$rfm_segment('(5,5,5,555)', '{"(a,,,-1,,,)"}')$$, '22023 | frequency_from of segment "a" must be from 1 to 9, but is -1 | It is a score; NULL is no bound.'),
  ($$rfm_segment('(5,5,5,555)', '{"(a,,,,,,2147483647)"}')$$, '22023 | monetary_to of segment "a" must be from 1 to 9, but is 2147483647 | It is a score; NULL is no bound.'),
  ($$rfm_segment('(5,5,5,555)', '{"(a,,,5,4,,)"}')$$, '22023 | segment "a" has frequency_from 5 above frequency_to 4 | No score is in it: give the lower bound first.'),
  ($$rfm_segment('(5,5,5,555)', ARRAY[[('a', 1, 1, 1, 1, 1, 1)], [('b', 1, 1, 1, 1, 1, 1)]]::rfm_segment_rule[])$$, '22023 | segments must be an array of one dimension, not 2 | Collect the rows with array_agg.')
) AS refused (call, wanted);

-- After an error, the call site begins anew
DO $$
DECLARE
  found text := '';
BEGIN
  FOR i IN 1..4 LOOP
    BEGIN
      found := found || ' ' || rfm_segment('(5,5,5,555)', CASE WHEN i % 2 = 0 THEN '{"(a,0,,,,,)"}'::rfm_segment_rule[] ELSE '{"(a,,,,,,)"}' END);
    EXCEPTION WHEN invalid_parameter_value THEN
      found := found || ' refused';
    END;
    BEGIN
      found := found || ' ' || (rfm_score(1, 5, 1, '{1}', CASE WHEN i % 2 = 0 THEN '{2,1}'::numeric[] ELSE '{1,2}' END, '{1}')).frequency;
    EXCEPTION WHEN invalid_parameter_value THEN
      found := found || ' refused';
    END;
  END LOOP;
  PERFORM set_config('test.found', found, true);
END $$;
SELECT is(current_setting('test.found'), ' a 3 refused refused a 3 refused refused', 'an error leaves nothing behind');

-- Cancelling

CREATE TABLE cancelled (took interval);
SET LOCAL statement_timeout = '300ms';
DO $$
BEGIN
  PERFORM count(c) FROM (SELECT rfm_score(i, i, i) OVER () AS c FROM generate_series(1, 3000000) i) x;
EXCEPTION WHEN query_canceled THEN
  INSERT INTO cancelled VALUES (clock_timestamp() - statement_timestamp());
END $$;
SET LOCAL statement_timeout = 0;
SELECT ok((SELECT took < '1.3 s' FROM cancelled), 'a cancelled query stops within a second');

SELECT * FROM finish();
ROLLBACK;
