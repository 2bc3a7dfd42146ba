-- Seasons, against plain SQL over the months.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(88);

\ir ../helpers/error_of.sql

CREATE TABLE maps (name text, map text[]);
INSERT INTO maps VALUES
  ('four', '{winter,winter,spring,spring,spring,summer,summer,summer,autumn,autumn,autumn,winter}'),
  ('one', '{all,all,all,all,all,all,all,all,all,all,all,all}'),
  ('each', '{1,2,3,4,5,6,7,8,9,10,11,12}'),
  ('twice', '{low,low,high,high,low,low,low,low,low,high,high,high}'),
  ('eleven', '{b,a,a,a,a,a,a,a,a,a,a,a}'),
  ('alternating', '{a,b,a,b,a,b,a,b,a,b,a,b}'),
  ('wrapped', '{w,w,w,w,w,s,s,w,w,w,w,w}'),
  ('wrapped early', '{a,b,b,b,b,b,b,b,b,b,b,a}'),
  ('from zero', '[0:11]={x,x,x,y,y,y,y,y,y,z,z,z}');

-- A season of a day, and the year in which it began

SELECT is(season(d, map), expected, format('season of %s', d))
FROM maps, (VALUES (date '2025-11-30', 'autumn'), ('2025-12-01', 'winter'), ('2026-02-28', 'winter'), ('2024-02-29', 'winter'), ('2026-03-01', 'spring'), ('0001-12-31 BC', 'winter'), ('4714-11-24 BC', 'autumn'), ('5874897-12-31', 'winter')) AS x (d, expected)
WHERE name = 'four';
SELECT is(season_year(d, map), expected, format('%s: the season year of %s', name, d))
FROM maps JOIN (VALUES
  ('four', date '2025-11-30', 2025), ('four', '2025-12-01', 2025), ('four', '2026-01-31', 2025), ('four', '2026-02-28', 2025), ('four', '2026-03-01', 2026), ('four', '2026-12-31', 2026),
  ('four', '0001-02-01', -1), ('four', '0001-12-01 BC', -1), ('four', '0001-02-01 BC', -2),
  ('one', '2026-01-01', 2026), ('one', '2026-12-31', 2026), ('each', '2026-01-01', 2026), ('each', '2026-12-01', 2026),
  ('twice', '2026-02-01', 2026), ('twice', '2026-05-01', 2026), ('eleven', '2026-01-31', 2026), ('eleven', '2026-12-31', 2026),
  ('wrapped', '2026-05-31', 2025), ('wrapped', '2026-06-01', 2026), ('wrapped', '2026-08-01', 2026), ('wrapped early', '2026-01-31', 2025), ('wrapped early', '2026-02-01', 2026)) AS x (name, d, expected) USING (name);
SELECT is(ARRAY[season(NULL, map), season('2026-01-01', NULL), season_year(NULL, map)::text, season_year('2026-01-01', NULL)::text], ARRAY[NULL, NULL, NULL, NULL]::text[], 'NULL gives NULL')
FROM maps WHERE name = 'four';
SELECT is(string_agg(season('2026-01-01', map), ' ' ORDER BY n), 'winter x winter x winter', 'a call site whose map changes from row to row')
FROM generate_series(1, 5) AS n JOIN maps ON name = CASE n % 2 WHEN 1 THEN 'four' ELSE 'from zero' END;
SELECT isnt(season('2026-01-01', '{Winter,winter,a,a,a,a,a,a,a,a,a,a}'), season('2026-02-01', '{Winter,winter,a,a,a,a,a,a,a,a,a,a}'), 'names are told apart by case');

-- The totals of every run, against plain SQL: a run ends where the name of the next month is another

CREATE TABLE series AS
SELECT n, grain, period, sales_series(amount, day, period, grain) AS s
FROM (VALUES (1, daterange '[2022-01-01,2026-01-01)'), (2, '[2022-03-01,2025-12-01)'), (3, '[2023-02-11,2026-07-20)'), (4, '[2024-02-10,2024-02-20)'), (5, '[2023-12-01,2024-03-01)'), (6, '[2021-12-31,2025-01-02)')) AS p (n, period)
CROSS JOIN (VALUES ('day'), ('month-week'), ('month')) AS g (grain)
CROSS JOIN LATERAL (
  SELECT date '2021-11-20' + (noise % 1700)::integer AS day, ((noise / 1700 % 400) - 170 + (i = 1)::integer / 4.0)::numeric(12, 2) AS amount
  FROM generate_series(1, 900) AS i, LATERAL (SELECT hashint8extended(i + 1000 * n, 11) & 2147483647 AS noise) AS h) AS sale
GROUP BY n, grain, period;

CREATE TABLE months AS
SELECT name, map, n, (date '2020-01-01' + make_interval(months => m))::date AS month, map[array_lower(map, 1) + m % 12] AS season, m
FROM maps, (SELECT DISTINCT n FROM series) AS p, generate_series(0, 95) AS m;
CREATE TABLE runs AS
SELECT name, n, season, run, min(month) AS start, (max(month) + interval '1 month')::date AS stop
FROM (SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY name, n ORDER BY m) AS run
      FROM (SELECT *, (season <> lag(season) OVER (PARTITION BY name, n ORDER BY m)) OR (name = 'one' AND m % 12 = 0) AS begins FROM months) AS x) AS y
GROUP BY name, n, season, run;
CREATE TABLE days AS
SELECT n, lower(bucket) AS day, total FROM series, buckets(s) WHERE grain = 'day';
CREATE INDEX ON days (n, day);

CREATE TABLE plain AS
SELECT name, n, season, extract(year FROM start)::integer AS year, days, total, complete, start,
  (SELECT sum(extract(day FROM least(upper(days), m.month + interval '1 month') - greatest(lower(days), m.month)) / extract(day FROM m.month + interval '1 month' - interval '1 day'))
   FROM months AS m WHERE m.name = r.name AND m.n = r.n AND m.month < upper(days) AND m.month + interval '1 month' > lower(days)) AS months,
  lag(total) OVER same AS total_before, lag(complete) OVER same AS complete_before
FROM (
  SELECT name, n, season, start, daterange(start, stop) * period AS days, daterange(start, stop) <@ period AS complete,
    (SELECT sum(total) FROM days WHERE days.n = runs.n AND day >= greatest(start, lower(period)) AND day < least(stop, upper(period))) AS total
  FROM runs JOIN (SELECT DISTINCT n, period FROM series) AS p USING (n)
  WHERE daterange(start, stop) && period) AS r
WINDOW same AS (PARTITION BY name, n, extract(month FROM start) ORDER BY start);

CREATE TABLE kam AS
SELECT name, n, grain, t.*
FROM maps CROSS JOIN series CROSS JOIN LATERAL season_totals(s, map) WITH ORDINALITY AS t (season, year, days, total, months, complete, total_before, change, growth, place);

SELECT cmp_ok(count(*), '>', 300::bigint, 'there are many runs') FROM plain;
SELECT is(count(*) FILTER (WHERE k.total IS DISTINCT FROM p.total OR k.year IS DISTINCT FROM p.year OR k.season IS DISTINCT FROM p.season OR k.complete IS DISTINCT FROM p.complete OR abs(k.months - p.months) > 1e-9), 0::bigint,
  'season, year, total, months and complete by ' || grain)
FROM (SELECT DISTINCT grain FROM series) AS g CROSS JOIN plain AS p LEFT JOIN kam AS k USING (grain, name, n, days)
GROUP BY grain;
SELECT is((SELECT count(*) FROM kam WHERE grain = 'day'), (SELECT count(*) FROM plain), 'no run more');
SELECT is(count(*) FILTER (WHERE k.total_before IS DISTINCT FROM x.before OR k.change IS DISTINCT FROM k.total - x.before OR k.growth IS DISTINCT FROM CASE WHEN x.before > 0 THEN (k.total - x.before) / x.before END), 0::bigint,
  'the year before, where both are complete, by ' || grain)
FROM kam AS k JOIN plain AS p USING (name, n, days), LATERAL (SELECT CASE WHEN p.complete AND p.complete_before THEN p.total_before END AS before) AS x
GROUP BY grain;
SELECT ok(count(*) FILTER (WHERE growth < 0) > 10 AND count(*) FILTER (WHERE total_before <= 0) > 0 AND count(*) FILTER (WHERE complete AND total_before IS NULL) > 10, 'of all kinds') FROM kam;
SELECT is(count(*) FILTER (WHERE place <> expected), 0::bigint, 'in order of time') FROM (SELECT place, row_number() OVER (PARTITION BY name, n, grain ORDER BY days) AS expected FROM kam) AS x;
SELECT is(count(*), 0::bigint, 'the seasons add up to the series') FROM (SELECT name, n, grain, sum(k.total) FROM kam AS k GROUP BY name, n, grain) AS x JOIN series USING (n, grain) WHERE sum <> total(s);
SELECT is(count(*), 0::bigint, 'each day of a run has its season and year')
FROM kam JOIN maps USING (name), LATERAL (VALUES (lower(days)), (upper(days) - 1)) AS d (day)
WHERE season(day, map) <> season OR season_year(day, map) <> year;

-- The index

CREATE TABLE indexes AS
SELECT name, n, grain, i.* FROM maps CROSS JOIN series CROSS JOIN LATERAL seasonal_index(s, map) WITH ORDINALITY AS i (season, index, months, place);
SELECT is(count(*) FILTER (WHERE abs(i.index - (p.total / nullif(p.months, 0)) / (a.total / a.months)) > 1e-12 OR (i.index IS NULL) <> (p.months IS NULL) OR abs(i.months - coalesce(p.months, 0)) > 1e-9), 0::bigint,
  'total per month of a season over total per month of all, by ' || grain)
FROM indexes AS i
LEFT JOIN (SELECT name, n, season, sum(total) AS total, sum(months) AS months FROM plain GROUP BY name, n, season) AS p USING (name, n, season)
JOIN (SELECT name, n, sum(total) AS total, sum(months) AS months FROM plain GROUP BY name, n) AS a USING (name, n)
WHERE a.total > 0
GROUP BY grain;
SELECT ok(count(*) FILTER (WHERE index IS NULL AND months = 0) > 5 AND count(*) FILTER (WHERE index < 1) > 20, 'some seasons are not in the period') FROM indexes;
SELECT is(array_agg(season ORDER BY place), expected, 'the order of ' || name || ' is that of the map')
FROM indexes JOIN (VALUES ('four', '{winter,spring,summer,autumn}'::text[]), ('twice', '{low,high}'), ('each', '{1,2,3,4,5,6,7,8,9,10,11,12}'), ('eleven', '{b,a}')) AS x (name, expected) USING (name)
WHERE n = 4 AND grain = 'day' GROUP BY name, expected;
SELECT is(count(*), 0::bigint, 'weighed by months, the indexes of whole seasons make 1')
FROM (SELECT name, n, grain, sum(index * months) / sum(months) AS mean FROM indexes GROUP BY name, n, grain) AS x WHERE abs(mean - 1) > 1e-12;
SELECT is(array_agg((i.index, i.months)::text), ARRAY['(,12)'], 'an even year of ' || amount || ' has no index')
FROM (VALUES (0), (-5)) AS v (amount), LATERAL (SELECT sales_series(a, '2026-05-05', '[2026-01-01,2027-01-01)') AS s FROM (SELECT amount AS a) AS y) AS x, maps, seasonal_index(s, map) AS i
WHERE name = 'one' GROUP BY amount;
SELECT results_eq(
  $$SELECT season, round(index, 4), months FROM maps, seasonal_index((SELECT sales_series(a, make_date(2026, m::integer, 1), '[2026-01-01,2027-01-01)') FROM unnest(ARRAY[30, 30, 10, 10, 10, 5, 5, 5, 15, 15, 15, 30]) WITH ORDINALITY AS x (a, m)), map) WHERE name = 'four'$$,
  $$VALUES ('winter', 2.0000, 3::numeric), ('spring', 0.6667, 3), ('summer', 0.3333, 3), ('autumn', 1.0000, 3)$$, 'a year by hand: 180 in twelve months');

-- Far ends, wide sums, no rows

SELECT results_eq(
  $$SELECT season, year, days, total, months, complete FROM maps, season_totals((SELECT sales_series(3, '5874897-12-30', '[5874897-11-01,5874897-12-31)')), map) WHERE name = 'four'$$,
  $$VALUES ('autumn', 5874897, daterange '[5874897-11-01,5874897-12-01)', 0::numeric, 1::numeric, false), ('winter', 5874897, '[5874897-12-01,5874897-12-31)', 3, 30 / 31.0, false)$$, 'the last days there are');
SELECT results_eq(
  $$SELECT season, year, days, total, round(months, 4), complete FROM maps, season_totals((SELECT sales_series(3, '4714-11-24 BC', '[4714-11-24 BC,4714-12-02 BC)')), map) WHERE name = 'four'$$,
  $$VALUES ('autumn', -4714, daterange '[4714-11-24 BC,4714-12-01 BC)', 3::numeric, round(7 / 30.0, 4), false), ('winter', -4714, '[4714-12-01 BC,4714-12-02 BC)', 0, round(1 / 31.0, 4), false)$$, 'the first days there are');
SELECT is(ARRAY[total, change], ARRAY[9e37, 18e37], 'totals of 38 digits, and a change of 39')
FROM season_totals((SELECT sales_series(a * 9e37, d, '[2025-01-01,2027-01-01)') FROM (VALUES (-1, date '2025-05-05'), (1, '2026-05-05')) AS x (a, d)), (SELECT map FROM maps WHERE name = 'one')) WHERE year = 2026;
SELECT is((SELECT count(*) FROM maps, season_totals(NULL, map)) + (SELECT count(*) FROM series, season_totals(s, NULL)) + (SELECT count(*) FROM maps, seasonal_index(NULL, map)) + (SELECT count(*) FROM series, seasonal_index(s, NULL)), 0::bigint, 'NULL gives no rows');
SELECT is(count(*), 401::bigint, 'a hundred years of four seasons') FROM maps, season_totals((SELECT sales_series(1, '1950-01-01', '[1900-01-01,2000-01-01)')), map) WHERE name = 'four';

-- What is refused

SELECT is(pg_temp.error_of(replace(query, ':four', quote_literal((SELECT map FROM maps WHERE name = 'four')))), expected, query)
FROM (VALUES
  ('SELECT season(''2026-01-01'', ''{}'')', '22023 | seasons has 0 elements | Give twelve names, January first.'),
  ('SELECT season(''2026-01-01'', ''{a,a,a,a,a,a,a,a,a,a,a}'')', '22023 | seasons has 11 elements | Give twelve names, January first.'),
  ('SELECT season_year(''2026-01-01'', ''{a,a,a,a,a,a,a,a,a,a,a,a,a}'')', '22023 | seasons has 13 elements | Give twelve names, January first.'),
  ('SELECT season(''2026-01-01'', ''{{a,a,a,a,a,a},{a,a,a,a,a,a}}'')', '22023 | seasons must be an array of one dimension, not 2 | Give twelve names, January first.'),
  ('SELECT season(''2026-01-01'', ''{a,a,a,a,NULL,a,a,a,a,a,a,a}'')', '22023 | element 5 of seasons is null | Give every month a season.'),
  ('SELECT season_year(''2026-01-01'', ''{a,a,a,a,a,a,a,a,a,a,a,""}'')', '22023 | element 12 of seasons is empty | Give every month a season.'),
  ('SELECT season(''infinity'', :four)', '22023 | on_date must be a finite date, not infinity'),
  ('SELECT season_year(''-infinity'', :four)', '22023 | on_date must be a finite date, not -infinity'),
  ('SELECT season_totals(s, ''{a}'') FROM series', '22023 | seasons has 1 elements | Give twelve names, January first.'),
  ('SELECT seasonal_index(s, ''{a}'') FROM series', '22023 | seasons has 1 elements | Give twelve names, January first.')) AS x (query, expected);
SELECT is(pg_temp.error_of(format('SELECT %s(sales_series(1, ''2026-01-01'', ''[2026-01-01,2026-12-31)'', %L), (SELECT map FROM maps LIMIT 1))', function, grain)),
  format('22023 | buckets of grain "%s" do not make up the months of a season | Build the series with grain "month", "month-week" or "day".', grain), format('%s by %s', function, grain))
FROM unnest(ARRAY['season_totals', 'seasonal_index']) AS function, unnest(ARRAY['week', 'week-sunday', 'quarter', 'year', 'fiscal-quarter', '4-4-5', '4-5-4', '5-4-4']) AS grain;

SELECT * FROM finish();
ROLLBACK;
