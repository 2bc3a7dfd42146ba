-- Comparing series: equal means the same text, however two series came to be, in every kind of join and index.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(20);

\ir ../helpers/error_of.sql


CREATE TABLE series AS
SELECT row_number() OVER () AS id, s
FROM (
  SELECT sales_series(a, d, p, g) AS s
  FROM unnest(ARRAY[1, 1.50, -3, 1e25, 0]) AS a, unnest(ARRAY[date '2026-01-05', '2026-01-06', '2026-02-20']) AS d,
    unnest(ARRAY[daterange '[2026-01-01,2026-03-01)', '[2026-01-01,2026-03-02)']) AS p, unnest(ARRAY['day', 'month', 'quarter']) AS g
  GROUP BY a, d, p, g) AS x;
-- the same by other ways: text, two halves, wide and back
INSERT INTO series SELECT id + 1000, s::text::sales_series FROM series WHERE id <= 90;
INSERT INTO series SELECT id + 2000, sales_series_finish(sales_series_accumulate(sales_series_accumulate(s, 1e30, lower(period(s)), period(s), grain(s)), -1e30, lower(period(s)), period(s), grain(s))) FROM series WHERE id <= 90;
INSERT INTO series SELECT id + 3000, sales_series_accumulate(sales_series_accumulate(s, 1e30, lower(period(s)), period(s), grain(s)), -1e30, lower(period(s)), period(s), grain(s)) FROM series WHERE id <= 90;
ALTER TABLE series ADD t text;
UPDATE series SET t = s::text;
ANALYZE series;

SELECT is(count(*), 0::bigint, 'equal means the same text') FROM series AS a, series AS b WHERE (a.s = b.s) IS DISTINCT FROM (a.t = b.t);
SELECT is(count(*), 0::bigint, 'unequal is the opposite') FROM series AS a, series AS b WHERE (a.s <> b.s) IS NOT DISTINCT FROM (a.s = b.s);
SELECT is(count(*), 0::bigint, 'what is equal has one hash') FROM series AS a, series AS b WHERE a.s = b.s AND sales_series_hash(a.s) <> sales_series_hash(b.s);
SELECT ok(count(DISTINCT sales_series_hash(s)) >= 80, 'what is not has many') FROM series;
SELECT is(count(*), 0::bigint, 'exactly one of less, equal and greater') FROM series AS a, series AS b WHERE (a.s < b.s)::integer + (a.s = b.s)::integer + (a.s > b.s)::integer <> 1;
SELECT is(count(*), 0::bigint, 'the operators agree with the comparison and with each other') FROM series AS a, series AS b
WHERE (a.s < b.s) <> (sales_series_cmp(a.s, b.s) < 0) OR (a.s <= b.s) <> (a.s < b.s OR a.s = b.s) OR (a.s >= b.s) <> (b.s <= a.s) OR (a.s > b.s) <> (b.s < a.s) OR sign(sales_series_cmp(a.s, b.s)) <> -sign(sales_series_cmp(b.s, a.s));
SELECT is(count(*), 0::bigint, 'the order is one') FROM (SELECT id, s, lag(s) OVER (ORDER BY s) AS before, first_value(s) OVER (ORDER BY s) AS first FROM series) AS x WHERE s < before OR s < first;
SELECT is((SELECT count(DISTINCT s) FROM series), (SELECT count(DISTINCT t) FROM series), 'DISTINCT');
SELECT is((SELECT count(*) FROM (SELECT s FROM series UNION SELECT s FROM series) AS x), (SELECT count(DISTINCT t) FROM series), 'UNION');
SELECT is((SELECT count(*) FROM (SELECT s FROM series GROUP BY s) AS x), (SELECT count(DISTINCT t) FROM series), 'GROUP BY');
SELECT is(count(*), 0::bigint, 'decimals count, as in the text') FROM series WHERE s = s + sales_series_finish(sales_series_accumulate(NULL, 0.0000, lower(period(s)), period(s), grain(s))) AND id <= 90;

-- every kind of join, and both kinds of index
CREATE TABLE joined AS SELECT a.id, b.id AS other FROM series AS a JOIN series AS b ON a.t = b.t;
SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
SELECT is((SELECT count(*) FROM series AS a JOIN series AS b ON a.s = b.s), (SELECT count(*) FROM joined), 'nested loop');
SET LOCAL enable_hashjoin = on; SET LOCAL enable_nestloop = off;
SELECT is((SELECT count(*) FROM series AS a JOIN series AS b ON a.s = b.s), (SELECT count(*) FROM joined), 'hash join');
SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = on;
SELECT is((SELECT count(*) FROM series AS a JOIN series AS b ON a.s = b.s), (SELECT count(*) FROM joined), 'merge join');
RESET enable_hashjoin; RESET enable_nestloop;
SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;
CREATE INDEX by_order ON series (s);
SELECT is((SELECT count(*) FROM series WHERE s = (SELECT s FROM series WHERE id = 7)), (SELECT count(*) FROM joined WHERE id = 7), 'btree index');
DROP INDEX by_order;
CREATE INDEX by_hash ON series USING hash (s);
SELECT is((SELECT count(*) FROM series WHERE s = (SELECT s FROM series WHERE id = 7)), (SELECT count(*) FROM joined WHERE id = 7), 'hash index');
CREATE TABLE once (s sales_series PRIMARY KEY);
INSERT INTO once SELECT s FROM series WHERE id = 7;
SELECT is(left(pg_temp.error_of('INSERT INTO once SELECT s FROM series WHERE id = 1007'), 5), '23505', 'a unique index knows the same series');

SELECT is(ARRAY[NULL = s, s <> NULL, s < NULL, NULL >= s], array_fill(NULL::boolean, ARRAY[4]), 'NULL is NULL') FROM series WHERE id = 1;
SELECT is(pg_temp.error_of('SELECT s = s FROM (SELECT sales_series_accumulate(sales_series_accumulate(NULL, 9e37, ''2026-01-05'', ''[2026-01-01,2026-04-01)''), 9e37, ''2026-01-05'', ''[2026-01-01,2026-04-01)'') AS s) AS x'),
  '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.', 'an unfinished state past 38 digits cannot be compared');

-- a sort compares many times in one memory context: what comparisons allocate there must not stay until it ends
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TABLE sorted AS SELECT sales_series(n * 7919 % 200000, '2026-01-05', '[2026-01-01,2026-02-01)') AS s, n FROM generate_series(1, 200000) AS n GROUP BY n;
SELECT cmp_ok(bytes, '<', 100000000::numeric, 'memory that a sort of 200000 series holds')
FROM (SELECT (SELECT sum(total_bytes) FROM pg_backend_memory_contexts WHERE s.n > 0) AS bytes FROM (SELECT * FROM sorted ORDER BY s, n OFFSET 0) AS s WHERE n = 1) AS x;

SELECT * FROM finish();
ROLLBACK;
