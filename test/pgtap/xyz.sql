-- Evenness of sales: coefficients and classes against published numbers and plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(132);

\ir ../helpers/error_of.sql

-- a series with these totals by month, from January 2024 on
CREATE FUNCTION pg_temp.months(VARIADIC totals numeric[]) RETURNS sales_series
RETURN (
  SELECT sales_series(total, make_date(2023 + (i::integer + 11) / 12, (i::integer - 1) % 12 + 1, 5),
    daterange('2024-01-01', (date '2024-01-01' + make_interval(months => cardinality(totals)))::date))
  FROM unnest(totals) WITH ORDINALITY AS x (total, i));

-- Published numbers

SELECT is(ARRAY[round(cv(s)::numeric, digits)::text, xyz_class(s)], ARRAY[cv::text, class], 'cv and class of ' || name)
FROM (VALUES
  ('meat', '{485.9,520.4,549.6}'::numeric[], 0.0502, 4, 'X'),
  ('grocery', '{317,347.2,364.8}', 0.0575, 4, 'X'),
  ('vegetables', '{148,211.7,185.8}', 0.1438, 4, 'Y'),
  ('soft drinks', '{66.7,68.8,98.6}', 0.1867, 4, 'Y'),
  ('bread', '{7.3,9,8.3}', 0.0851, 4, 'X'),
  ('deodorants', '{1145,1157,1169}', 0.0085, 4, 'X'),
  ('an even buyer', '{600,620,700,680}', 0.0634, 4, 'X'),
  ('a middling buyer', '{240,180,220,160}', 0.1581, 4, 'Y'),
  ('an uneven buyer', '{500,1400,400,700}', 0.5207, 4, 'Z'),
  ('three months', '{190,250,175}', 0.158, 3, 'Y')
) AS x (name, totals, cv, digits, class), LATERAL pg_temp.months(VARIADIC totals) AS s;

SELECT is(ARRAY[round(cv(s, 'sample')::numeric, digits)::text, xyz_class(s, deviation => 'sample')], ARRAY[cv::text, class],
  'sample cv and class of ' || name)
FROM (VALUES
  ('bread', '{7.3,9,8.3}'::numeric[], 0.1042, 4, 'Y'),
  ('deodorants', '{1145,1157,1169}', 0.0104, 4, 'X'),
  ('three months', '{190,250,175}', 0.194, 3, 'Y')
) AS x (name, totals, cv, digits, class), LATERAL pg_temp.months(VARIADIC totals) AS s;

SELECT is(xyz_class(0.106), 'Y', 'apples: mean 70.5, deviation 7.5');
SELECT is(xyz_class(0.053), 'X', 'bananas: mean 63.7, deviation 3.4');

SELECT is(
  ARRAY[round(cv(s)::numeric, 4)::text, round(cv(s, 'sample')::numeric, 4)::text, xyz_class(s), xyz_class(s, deviation => 'sample')],
  ARRAY[population, sample, population_class, sample_class], 'both deviations of ' || name)
FROM (VALUES
  ('12 x 100', array_fill(100::numeric, ARRAY[12]), '0.0000', '0.0000', 'X', 'X'),
  ('90 and 110', '{90,110,90,110,90,110,90,110,90,110,90,110}', '0.1000', '0.1044', 'X', 'Y'),
  ('80 and 120', '{80,120,80,120,80,120,80,120,80,120,80,120}', '0.2000', '0.2089', 'Y', 'Y'),
  ('75 and 125', '{75,125,75,125,75,125,75,125,75,125,75,125}', '0.2500', '0.2611', 'Y', 'Z'),
  ('11 x 100 and 0', '{100,100,100,100,100,100,100,100,100,100,100,0}', '0.3015', '0.3149', 'Z', 'Z'),
  ('120, 0, 0', '{120,0,0,120,0,0,120,0,0,120,0,0}', '1.4142', '1.4771', 'Z', 'Z')
) AS x (name, totals, population, sample, population_class, sample_class), LATERAL pg_temp.months(VARIADIC totals) AS s;

-- A coefficient exactly at a cut-off is the better class, and a hair above it is not

SELECT is(xyz_class(pg_temp.months(VARIADIC totals), cutoffs::numeric[], deviation), class, name)
FROM (VALUES
  ('population 0.10', '{90,110,90,110}'::numeric[], '{0.10,0.25}', 'population', 'X'),
  ('population 0.25', '{75,125,75,125}', '{0.10,0.25}', 'population', 'Y'),
  ('sample 0.10', '{90,100,110}', '{0.10,0.25}', 'sample', 'X'),
  ('sample 0.25', '{75,100,125}', '{0.10,0.25}', 'sample', 'Y'),
  ('sample, a hair above 0.25', '{75,100,125.0000000000000000000000000000000001}', '{0.10,0.25}', 'sample', 'Z'),
  ('a hair above 0.10', '{90,110,90,110.0000000000000000000000000000000001}', '{0.10,0.25}', 'population', 'Y'),
  ('a hair below 0.10', '{90,110,90,109.9999999999999999999999999999999999}', '{0.10,0.25}', 'population', 'X'),
  ('0.10 in amounts of 1e35', '{90e35,110e35,90e35,110e35}', '{0.10,0.25}', 'population', 'X'),
  ('a hair above 0.10 in amounts of 1e35', '{90e35,110e35,90e35,11000000000000000000000000000000000001}', '{0.10,0.25}', 'population', 'Y'),
  ('0.10 in amounts of 1e-36', '{90e-36,110e-36,90e-36,110e-36}', '{0.10,0.25}', 'population', 'X'),
  ('a cut-off with more digits than a double', '{90,110,90,110}', '{0.0999999999999999999999,0.25}', 'population', 'Y'),
  ('the same from the other side', '{90,110,90,110}', '{0.1000000000000000000001,0.25}', 'population', 'X'),
  ('0.10 that a double takes for 0.10000000000000002', '{86444333635810239,105654185554879181,86444333635810239,105654185554879181}', '{0.10,0.25}', 'population', 'X'),
  ('the same in a sample of 4', '{209796975480735025,173310544962346325,173310544962346325,173310544962346325}', '{0.10,0.25}', 'sample', 'X'),
  ('cut-off 0, even', '{7,7,7}', '{0,0.25}', 'population', 'X'),
  ('cut-off 0, a hair uneven', '{7,7,7.00000000000000000000000000000000001}', '{0,0.25}', 'population', 'Y'),
  ('one third', '{1,2,2,1,2,2}', '{0.1,0.28284271247461900976033774484193961571}', 'population', 'Z'),
  ('1.4142… between its neighbours', '{120,0,0}', '{1.41421356237309504880168872420969807856,1.41421356237309504880168872420969807857}', 'population', 'Y'),
  ('cut-offs of retail', '{120,0,0}', '{0.50,1.00}', 'population', 'Z'),
  ('the widest cut-offs', '{120,0,0}', '{1.5,4.99}', 'population', 'X')
) AS x (name, totals, cutoffs, deviation, class);

-- Edges

SELECT is(ARRAY[xyz_class(s), cv(s)::text, frequency_class(s)], ARRAY[class, cv::text, frequency], 'class, cv and frequency class of ' || name)
FROM (VALUES
  ('one bucket', '{100}'::numeric[], NULL, 0::float8, NULL),
  ('two buckets', '{100,100}', NULL, 0, NULL),
  ('three buckets', '{100,100,100}', 'X', 0, 'X'),
  ('nothing', '{0,0,0}', NULL, NULL, NULL),
  ('returns only', '{-1,0,0}', 'Z', NULL, 'Z'),
  ('even returns', '{-5,-5,-5}', 'Z', NULL, 'Z'),
  ('a year that cancels', '{5,-5,0}', 'Z', NULL, 'Z'),
  ('a net loss', '{5,-6,0}', 'Z', NULL, 'Z'),
  ('one bucket of four', '{0,0,0,8}', 'Z', sqrt(3::float8), 'Z'),
  ('half of them', '{8,0,8,0}', 'Z', 1, 'Y'),
  ('nine of ten', '{1,1,1,1,1,1,1,1,1,0}', 'Z', 1.0 / 3, 'X'),
  ('a return in one of ten', '{1,1,1,1,1,1,1,1,1,-1}', 'Z', 0.75, 'X'),
  ('1e37 three times', '{1e37,1e37,1e37}', 'X', 0, 'X'),
  ('1e-38 three times', '{1e-38,1e-38,1e-38}', 'X', 0, 'X')
) AS x (name, totals, class, cv, frequency), LATERAL pg_temp.months(VARIADIC totals) AS s;

SELECT is(cv(pg_temp.months(100), 'sample'), NULL, 'a sample of one has no deviation');

SELECT is(
  ARRAY[xyz_class(NULL::sales_series), xyz_class(s, NULL), xyz_class(s, deviation => NULL), xyz_class(s, since_first => NULL),
    cv(NULL)::text, cv(s, NULL)::text, xyz_class(NULL::float8), xyz_class(0.1, NULL), frequency_class(NULL), frequency_class(s, NULL)],
  array_fill(NULL::text, ARRAY[10]), 'NULL gives NULL')
FROM pg_temp.months(1, 2, 3) AS s;

SELECT is(xyz_class(cv, cutoffs::numeric[]), class, format('xyz_class(%s, %s)', cv, cutoffs))
FROM (VALUES
  (0::float8, '{0.10,0.25}', 'X'), (0.10, '{0.10,0.25}', 'X'), (0.1000000000000001, '{0.10,0.25}', 'Y'), (0.25, '{0.10,0.25}', 'Y'),
  (0.2500000000000001, '{0.10,0.25}', 'Z'), (1e300, '{0.10,0.25}', 'Z'), (0.3, '{0.3,0.6}', 'X'), (0.6, '{0.3,0.6}', 'Y'), (-0::float8, '{0,1}', 'X')
) AS x (cv, cutoffs, class);

SELECT is(xyz_class(cv(s)), xyz_class(s), 'the class of a coefficient is that of its series') FROM pg_temp.months(75, 125, 75, 125) AS s;

-- since_first leaves out the buckets before the first sale

SELECT is(ARRAY[xyz_class(s), xyz_class(s, since_first => true)], ARRAY[class, since_first], 'since_first, ' || name)
FROM (VALUES
  ('a customer won in March', '{0,0,100,100,100}'::numeric[], 'Z', 'X'),
  ('won in April, too few months', '{0,0,0,100,100}', 'Z', NULL),
  ('won in January', '{100,100,100,100,0}', 'Z', 'Z'),
  ('nothing', '{0,0,0,0,0}', NULL, NULL),
  ('a return before the first sale', '{0,-50,100,100,100}', 'Z', 'X'),
  ('returns only', '{0,-50,0,0,0}', 'Z', 'Z')
) AS x (name, totals, class, since_first), LATERAL pg_temp.months(VARIADIC totals) AS s;

SELECT is(ARRAY[xyz_class(s), xyz_class(s, since_first => true)], ARRAY['Z', NULL], 'since_first, a first sale that was returned, and nothing after it')
FROM (SELECT sales_series(a, d, '[2024-01-01,2024-06-01)') AS s FROM (VALUES (-10, date '2024-01-05'), (5, '2024-02-03'), (-5, '2024-02-04')) AS x (a, d)) AS y;

-- Random series against plain SQL: even and sparse, with returns, whole and tiny and huge amounts

CREATE TABLE sales AS
SELECT id, day::date,
  (CASE id % 5
    WHEN 0 THEN 100 + noise % 3 * 10
    WHEN 1 THEN (noise % 100000)::numeric / 100
    WHEN 2 THEN CASE WHEN noise % 4 = 0 THEN 50 WHEN noise % 40 = 1 THEN -30 ELSE 0 END
    WHEN 3 THEN 1e25 + (noise % 1000)::numeric * 1e21 + 0.001
    ELSE (noise % 7 - 2) * 1e-15
  END)::numeric AS amount
FROM generate_series(1, 1500) AS id
CROSS JOIN LATERAL generate_series(date '2024-01-01', (date '2024-01-01' + make_interval(months => 2 + id % 13))::date - 1, '4 days') AS day
CROSS JOIN LATERAL (SELECT hashint8extended(id * 100000 + extract(doy FROM day)::integer, id) & 2147483647 AS noise) AS n
WHERE id % 11 <> 0 OR day >= '2024-02-20';

CREATE TABLE series AS
SELECT id, sales_series(amount, day, daterange('2024-01-01', (date '2024-01-01' + make_interval(months => 2 + id % 13))::date)) AS s,
  xyz_class(amount, day, daterange('2024-01-01', (date '2024-01-01' + make_interval(months => 2 + id % 13))::date), 'month') AS class
FROM sales GROUP BY id;

CREATE TABLE totals AS
SELECT id, month, coalesce(sum(amount), 0) AS total, coalesce(bool_or(amount > 0), false) AS bought
FROM (SELECT id, make_date(2024 + (m - 1) / 12, (m - 1) % 12 + 1, 1) AS month FROM generate_series(1, 1500) AS id, generate_series(1, 2 + id % 13) AS m) AS spine
LEFT JOIN (SELECT id, date_trunc('month', day)::date AS month, amount FROM sales) AS x USING (id, month)
GROUP BY id, month;

-- the oracle: exact comparisons of squares, without a root
CREATE FUNCTION pg_temp.plain_class(n bigint, total numeric, spread numeric, nothing boolean, cutoffs numeric[], sample boolean) RETURNS text
RETURN CASE
  WHEN n < 3 OR nothing THEN NULL
  WHEN total <= 0 THEN 'Z'
  WHEN spread * CASE WHEN sample THEN n ELSE 1 END <= cutoffs[1] * cutoffs[1] * total * total * CASE WHEN sample THEN n - 1 ELSE 1 END THEN 'X'
  WHEN spread * CASE WHEN sample THEN n ELSE 1 END <= cutoffs[2] * cutoffs[2] * total * total * CASE WHEN sample THEN n - 1 ELSE 1 END THEN 'Y'
  ELSE 'Z'
END;

CREATE TABLE plain AS
SELECT id, since_first, count(*) AS n, sum(total) AS total, count(*) * sum(total * total) - sum(total) * sum(total) AS spread,
  bool_and(total = 0) AS nothing, count(*) FILTER (WHERE total > 0) AS active,
  CASE WHEN sum(total) > 0 THEN stddev_pop(total) / avg(total) END::float8 AS population,
  CASE WHEN sum(total) > 0 THEN stddev_samp(total) / avg(total) END::float8 AS sample
FROM (SELECT *, coalesce(min(month) FILTER (WHERE bought) OVER (PARTITION BY id), '2024-01-01') AS first_month FROM totals) AS x
JOIN (VALUES (false), (true)) AS y (since_first) ON NOT since_first OR month >= first_month
GROUP BY id, since_first;

SELECT is(count(*), 3000::bigint, 'the oracle has all series') FROM plain;

SELECT is(count(*) FILTER (WHERE xyz_class(s, cutoffs, deviation, since_first) IS DISTINCT FROM pg_temp.plain_class(n, total, spread, nothing, cutoffs, deviation = 'sample')),
  0::bigint, format('classes at %s by %s, since_first %s', cutoffs, deviation, since_first))
FROM series JOIN plain USING (id)
CROSS JOIN (VALUES ('{0.10,0.25}'::numeric[]), ('{0.50,1.00}'), ('{0.02,0.9}'), ('{0,0.05}')) AS c (cutoffs)
CROSS JOIN (VALUES ('population'), ('sample')) AS d (deviation)
GROUP BY cutoffs, deviation, since_first;

SELECT is(array_agg(class ORDER BY class), '{-,X,Y,Z}', 'every class is met')
FROM (SELECT DISTINCT coalesce(xyz_class(s, '{0.1,0.9}'), '-') AS class FROM series) AS x;

SELECT is(count(*) FILTER (WHERE class IS DISTINCT FROM xyz_class(s)), 0::bigint, 'the aggregate xyz_class is that of the series at the default cut-offs') FROM series;

SELECT is(count(*) FILTER (WHERE (cv(s) IS NULL) <> (population IS NULL) OR abs(cv(s) - population) > 1e-12 * (population + 1e-12)), 0::bigint, 'cv is stddev_pop / avg')
FROM series JOIN plain USING (id) WHERE NOT since_first;

SELECT is(count(*) FILTER (WHERE (cv(s, 'sample') IS NULL) <> (sample IS NULL) OR abs(cv(s, 'sample') - sample) > 1e-12 * (sample + 1e-12)), 0::bigint, 'sample cv is stddev_samp / avg')
FROM series JOIN plain USING (id) WHERE NOT since_first;

SELECT is(count(*) FILTER (WHERE frequency_class(s, shares) IS DISTINCT FROM
    CASE WHEN n < 3 OR nothing THEN NULL WHEN active >= shares[1] * n THEN 'X' WHEN active >= shares[2] * n THEN 'Y' ELSE 'Z' END), 0::bigint,
  format('frequency classes at %s', shares))
FROM series JOIN plain USING (id)
CROSS JOIN (VALUES ('{0.9,0.5}'::numeric[]), ('{1,0}'), ('{0.75,0.25}'), ('{0.3333333333333333333333,0.1}')) AS c (shares)
WHERE NOT since_first
GROUP BY shares;

SELECT is(count(*) FILTER (WHERE xyz_class(s, since_first => true) IS DISTINCT FROM xyz_class(slice(s, daterange(greatest(lower(period(s)), date_trunc('month', first_sale(s))::date), upper(period(s)))))),
  0::bigint, 'since_first is the class of the slice from the first sale on')
FROM series WHERE first_sale(s) IS NOT NULL;

-- settings that change from row to row are not taken from the row before
SELECT is(array_agg(xyz_class(pg_temp.months(90, 110, 90, 110), cutoffs::numeric[]) ORDER BY i), '{X,Y,Z,X,Y}', 'cut-offs of each row')
FROM (VALUES (1, '{0.10,0.25}'), (2, '{0.05,0.25}'), (3, '{0.05,0.09}'), (4, '{0.100,0.250}'), (5, '{0.05,' || repeat('0', 300) || '4}')) AS x (i, cutoffs);

-- What is refused

SELECT is(pg_temp.error_of(format('SELECT xyz_class(pg_temp.months(1, 2, 3), cutoffs => %L)', cutoffs)), expected, 'cut-offs ' || left(cutoffs, 40))
FROM (VALUES
  ('{10,25}', '22023 | cutoffs must be below 5, but one is 25 | They are ratios: write 10 % as 0.10.'),
  ('{0.1,5}', '22023 | cutoffs must be below 5, but one is 5 | They are ratios: write 10 % as 0.10.'),
  ('{0.25,0.10}', '22023 | cutoffs must rise, but 0.10 follows 0.25 | Sort them from the smallest to the largest, each once.'),
  ('{0.10,0.10}', '22023 | cutoffs must rise, but 0.10 follows 0.10 | Sort them from the smallest to the largest, each once.'),
  ('{-0.1,0.10}', '22023 | cutoffs must not be negative, but is -0.1 | Give zero or more.'),
  ('{0.10}', '22023 | cutoffs has 1 element | The three classes X, Y and Z need two.'),
  ('{}', '22023 | cutoffs has 0 elements | From 1 to 2 elements are allowed.'),
  ('{0.1,0.2,0.3}', '22023 | cutoffs has 3 elements | From 1 to 2 elements are allowed.'),
  ('{0.1,NULL}', '22023 | element 2 of cutoffs is null | Leave the element out or give it a value.'),
  ('{NULL,NULL}', '22023 | element 1 of cutoffs is null | Leave the element out or give it a value.'),
  ('{{0.1,0.25}}', '22023 | cutoffs must be an array of one dimension, not 2 | Give one flat list of elements.'),
  ('{NaN,0.25}', '22023 | cutoffs must be a finite number, not NaN'),
  ('{0.1,Infinity}', '22023 | cutoffs must be a finite number, not infinity'),
  ('{-Infinity,0.1}', '22023 | cutoffs must be a finite number, not -infinity')
) AS x (cutoffs, expected);

SELECT is(pg_temp.error_of('SELECT xyz_class(pg_temp.months(1, 2, 3), array_fill(0.1, ARRAY[1000000]))'), '22023 | cutoffs has 1000000 elements | From 1 to 2 elements are allowed.', 'a million cut-offs');
SELECT is(pg_temp.error_of('SELECT xyz_class(pg_temp.months(1, 2, 3), ''[0:1]={0.1,0.25}'')'), 'no error', 'an array that begins at 0');

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT xyz_class(0.1, ''{10,25}'')', '22023 | cutoffs must be below 5, but one is 25 | They are ratios: write 10 % as 0.10.'),
  ('SELECT xyz_class(''NaN''::float8)', '22023 | cv must be a finite number, not NaN'),
  ('SELECT xyz_class(''Infinity''::float8)', '22023 | cv must be a finite number, not infinity'),
  ('SELECT xyz_class(''-Infinity''::float8)', '22023 | cv must be a finite number, not -infinity'),
  ('SELECT xyz_class(-0.5)', '22023 | cv must not be negative, but is -0.5 | A coefficient of variation is zero or more.'),
  ('SELECT cv(pg_temp.months(1, 2, 3), ''Sample'')', '22023 | unknown deviation: "Sample" | Allowed are "population", "sample".'),
  ('SELECT xyz_class(pg_temp.months(1, 2, 3), deviation => '''')', '22023 | unknown deviation: "" | Allowed are "population", "sample".'),
  ('SELECT frequency_class(pg_temp.months(1, 2, 3), ''{90,50}'')', '22023 | shares must be from 0 to 1, but one is 90 | They are fractions: write 90 % as 0.9.'),
  ('SELECT frequency_class(pg_temp.months(1, 2, 3), ''{0.5,0.9}'')', '22023 | shares must fall, but 0.9 follows 0.5 | Sort them from the largest to the smallest, each once.'),
  ('SELECT frequency_class(pg_temp.months(1, 2, 3), ''{0.5,0.5}'')', '22023 | shares must fall, but 0.5 follows 0.5 | Sort them from the largest to the smallest, each once.'),
  ('SELECT frequency_class(pg_temp.months(1, 2, 3), ''{0.5,-0.5}'')', '22023 | shares must not be negative, but is -0.5 | Give zero or more.'),
  ('SELECT frequency_class(pg_temp.months(1, 2, 3), ''{0.5}'')', '22023 | shares has 1 element | The three classes X, Y and Z need two.'),
  ('SELECT frequency_class(pg_temp.months(1, 2, 3), ''{0.5,NULL}'')', '22023 | element 2 of shares is null | Leave the element out or give it a value.'),
  ('SELECT cv(pg_temp.months(9e37, 9e37))', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('SELECT xyz_class(1, ''2026-01-01'', ''[2026-01-01,2027-01-01)'', ''months'')', '22023 | unknown grain: "months" | Allowed are "day", "week", "week-sunday", "month", "month-week", "quarter", "year", "fiscal-quarter", "4-4-5", "4-5-4", "5-4-4".')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
