-- Changes from bucket to bucket and from year to year, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(42);

\ir ../helpers/error_of.sql
\ir ../helpers/unit_start.sql

CREATE TABLE series AS
SELECT n, grain, period, sales_series(amount, day, period, grain) AS s
FROM (VALUES (1, daterange '[2022-01-01,2026-01-01)'), (2, '[2023-02-28,2025-03-02)'), (3, '[2023-11-15,2026-02-03)'), (4, '[2024-02-29,2024-03-01)')) AS p (n, period)
CROSS JOIN (VALUES ('day'), ('week'), ('week-sunday'), ('month'), ('month-week'), ('quarter'), ('year')) AS g (grain)
CROSS JOIN LATERAL (
  SELECT date '2021-12-20' + (noise % 1600)::integer AS day, CASE noise % 11 WHEN 0 THEN -200.50 WHEN 1 THEN 0 ELSE 100 * (noise / 1600 % 3) END AS amount
  FROM generate_series(1, 1500) AS i, LATERAL (SELECT hashint8extended(i + 10000 * n, 7) & 2147483647 AS noise) AS h) AS sale
GROUP BY n, grain, period;

-- A row's place is its bucket's calendar unit; a year before is the unit of so many places, or days, before
CREATE TABLE plain AS
SELECT b.*, lag(total) OVER places AS previous,
  CASE WHEN grain = 'day' THEN (SELECT e.total FROM series AS same, buckets(same.s) AS e WHERE same.n = b.n AND same.grain = 'day' AND lower(e.bucket) = (lower(b.bucket) - interval '1 year')::date)
    WHEN grain LIKE 'week%' THEN lag(total, 52) OVER places
    WHEN grain = 'month' THEN lag(total, 12) OVER places
    WHEN grain = 'month-week' THEN lag(total, 48) OVER places
    WHEN grain = 'quarter' THEN lag(total, 4) OVER places
    ELSE lag(total) OVER places END AS year_before,
  lower(bucket) <> pg_temp.unit_start(grain, lower(bucket)) OR pg_temp.unit_start(grain, upper(bucket) - 1) = pg_temp.unit_start(grain, upper(bucket)) AS clipped
FROM (SELECT n, grain, b.* FROM series, buckets(s) AS b WHERE n > 1 OR grain <> 'day') AS b
WINDOW places AS (PARTITION BY n, grain ORDER BY bucket);
CREATE TABLE kam AS SELECT n, grain, c.* FROM series, series_changes(s) WITH ORDINALITY AS c (bucket, total, previous, change, growth, direction, year_before, year_change, year_growth, clipped, place)
WHERE n > 1 OR grain <> 'day';

SELECT is(count(*) FILTER (WHERE k.total IS DISTINCT FROM p.total OR k.previous IS DISTINCT FROM p.previous OR k.change IS DISTINCT FROM p.total - p.previous
    OR k.growth IS DISTINCT FROM CASE WHEN p.previous > 0 THEN (p.total - p.previous) / p.previous END
    OR k.direction IS DISTINCT FROM CASE sign(p.total - p.previous) WHEN 1 THEN 'grew' WHEN 0 THEN 'unchanged' WHEN -1 THEN 'shrank' END), 0::bigint, 'bucket over bucket by ' || grain)
FROM kam AS k FULL JOIN plain AS p USING (n, grain, bucket) GROUP BY grain;
SELECT is(count(*) FILTER (WHERE k.year_before IS DISTINCT FROM p.year_before OR k.year_change IS DISTINCT FROM p.total - p.year_before
    OR k.year_growth IS DISTINCT FROM CASE WHEN p.year_before > 0 THEN (p.total - p.year_before) / p.year_before END), 0::bigint, 'a year before by ' || grain)
FROM kam AS k FULL JOIN plain AS p USING (n, grain, bucket) GROUP BY grain;
SELECT is(array_agg((n, k.bucket)::text) FILTER (WHERE k.clipped IS DISTINCT FROM p.clipped), NULL, 'clipped by ' || grain)
FROM kam AS k FULL JOIN plain AS p USING (n, grain, bucket) GROUP BY grain;
SELECT is(count(*), 0::bigint, 'in order of time') FROM (SELECT place, row_number() OVER (PARTITION BY n, grain ORDER BY bucket) AS expected FROM kam) AS x WHERE place <> expected;
SELECT ok(bool_and(c > 20), 'all directions, growth and none') FROM (
  SELECT unnest(ARRAY[count(*) FILTER (WHERE direction = 'grew'), count(*) FILTER (WHERE direction = 'shrank'), count(*) FILTER (WHERE direction = 'unchanged'), count(growth), count(*) FILTER (WHERE growth IS NULL), count(year_growth), count(*) FILTER (WHERE year_before <= 0)]) AS c FROM kam) AS x;

SELECT is(c::text, expected, format('from %s to %s', before, now))
FROM (VALUES (100, 130.00, '("[2026-01-01,2027-01-01)",130.00,100.00,30.00,0.30000000000000000000,grew,100.00,30.00,0.30000000000000000000,f)'),
  (0, 5, '("[2026-01-01,2027-01-01)",5,0,5,,grew,0,5,,f)'),
  (-5, 5, '("[2026-01-01,2027-01-01)",5,-5,10,,grew,-5,10,,f)'),
  (0, 0, '("[2026-01-01,2027-01-01)",0,0,0,,unchanged,0,0,,f)'),
  (-5, -5, '("[2026-01-01,2027-01-01)",-5,-5,0,,unchanged,-5,0,,f)'),
  (9e37, -9e35, '("[2026-01-01,2027-01-01)",-900000000000000000000000000000000000,90000000000000000000000000000000000000,-90900000000000000000000000000000000000,-1.01000000000000000000,shrank,90000000000000000000000000000000000000,-90900000000000000000000000000000000000,-1.01000000000000000000,f)')) AS v (before, now, expected)
CROSS JOIN LATERAL (SELECT sales_series(a, d, '[2025-01-01,2027-01-01)', 'year') AS s FROM (VALUES (before, date '2025-05-05'), (now, '2026-05-05')) AS x (a, d)) AS y
CROSS JOIN LATERAL series_changes(s) AS c
WHERE lower(bucket) = '2026-01-01';

-- Grains that count from the first day of the period

SELECT results_eq(
  $$SELECT bucket, total, year_before, year_growth, clipped FROM series_changes((SELECT sales_series(a, d, '[2024-02-15,2025-07-15)', 'fiscal-quarter')
    FROM (VALUES (100, date '2024-05-14'), (70, '2024-05-15'), (50, '2025-02-15'), (7, '2025-07-14')) AS x (a, d)))$$,
  $$VALUES (daterange '[2024-02-15,2024-05-15)', 100::numeric, NULL::numeric, NULL::numeric, false), ('[2024-05-15,2024-08-15)', 70, NULL, NULL, false), ('[2024-08-15,2024-11-15)', 0, NULL, NULL, false),
    ('[2024-11-15,2025-02-15)', 0, NULL, NULL, false), ('[2025-02-15,2025-05-15)', 50, 100, -0.5, false), ('[2025-05-15,2025-07-15)', 7, 70, -0.9, true)$$, 'fiscal quarters: four back');
SELECT is(array_agg(clipped ORDER BY bucket), array_fill(false, ARRAY[buckets - 1]) || cut, format('%s, %s days: the last of %s buckets is %s', grain, days, buckets, CASE WHEN cut THEN 'cut' ELSE 'whole' END))
FROM (VALUES ('4-4-5', 371, 12, false), ('4-5-4', 364, 12, false), ('5-4-4', 363, 12, true), ('4-4-5', 91, 3, false), ('4-5-4', 90, 3, true), ('5-4-4', 35, 1, false), ('5-4-4', 36, 2, true), ('4-4-5', 28, 1, false)) AS v (grain, days, buckets, cut)
CROSS JOIN LATERAL (SELECT sales_series(a, '2025-02-02', daterange('2025-02-02', '2025-02-02'::date + days), grain) AS s FROM (SELECT 1 AS a) AS one) AS x
CROSS JOIN LATERAL series_changes(s)
GROUP BY grain, days, buckets, cut;
SELECT is(count(year_before), 0::bigint, 'a fiscal year by weeks has no year before') FROM series_changes((SELECT sales_series(1, '2025-02-02', '[2025-02-02,2026-02-08)', '4-4-5')));

SELECT is((SELECT count(*) FROM series_changes(NULL)), 0::bigint, 'NULL gives no rows');
SELECT is((SELECT count(*) FROM series_changes((SELECT sales_series(1, '1950-01-01', '[1900-01-01,2000-01-01)', 'day')))), 36524::bigint, 'a hundred years of days');

SELECT is((SELECT count(year_before) FROM series_changes((SELECT sales_series(1, '4714-11-24 BC', '[4714-11-24 BC,4712-01-01 BC)', 'day')))), (date '4712-01-01 BC' - date '4714-11-24 BC' - 366)::bigint, 'the first year of all has none before it');

SELECT * FROM finish();
ROLLBACK;
