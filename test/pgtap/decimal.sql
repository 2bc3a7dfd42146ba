-- Exact money: what goes into a series comes out of it to the last digit, in any order of the rows.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(102);

\ir ../helpers/error_of.sql

-- the sum of some amounts, in the order given, through a series of one day
CREATE FUNCTION pg_temp.series_of(VARIADIC amounts numeric[]) RETURNS sales_series
RETURN (
  SELECT sales_series(a, '2026-01-05', '[2026-01-01,2026-02-01)' ORDER BY i)
  FROM unnest(amounts) WITH ORDINALITY AS x (a, i));

CREATE FUNCTION pg_temp.sum_of(VARIADIC amounts numeric[]) RETURNS numeric
RETURN total(pg_temp.series_of(VARIADIC amounts));

-- Random amounts of every scale from 0 to 20, of either sign, up to 13 digits before the point

CREATE TABLE amounts AS
SELECT i, scale,
  (CASE WHEN i % 3 = 0 THEN -1 ELSE 1 END
    * (hashint8extended(i, 1) & 9223372036854775807)::numeric
    % power(10::numeric, i / 21 % 14)
    + round((hashint8extended(i, 2) & 9223372036854775807)::numeric / 9223372036854775807, scale))::numeric AS amount
FROM (SELECT i, (i % 21)::int AS scale FROM generate_series(1, 21000) AS i) AS x;
UPDATE amounts SET amount = round(amount, scale) WHERE scale(amount) <> scale;

SELECT is(count(*) FILTER (WHERE total::text IS DISTINCT FROM amount::text), 0::bigint, 'each amount comes back as it was written')
FROM (
  SELECT amount, total(sales_series(amount, '2026-01-05', '[2026-01-01,2026-02-01)')) AS total
  FROM amounts GROUP BY i, amount) AS x;

SELECT is(count(*) FILTER (WHERE total::text IS DISTINCT FROM sum::text), 0::bigint, 'total is sum(numeric), with the same decimals, at each scale')
FROM (
  SELECT scale, sum(amount), total(sales_series(amount, '2026-01-05', '[2026-01-01,2026-02-01)'))
  FROM amounts GROUP BY scale) AS x;

SELECT is(count(*) FILTER (WHERE total::text IS DISTINCT FROM sum::text), 0::bigint, 'total is sum(numeric) with all scales mixed, in 1,000 groups')
FROM (
  SELECT sum(amount), total(sales_series(amount, '2026-01-05', '[2026-01-01,2026-02-01)'))
  FROM amounts GROUP BY hashint8(i) % 1000) AS x;

SELECT is(total(sales_series(amount, '2026-01-05', '[2026-01-01,2026-02-01)'))::text, sum(amount)::text,
  'total is sum(numeric) over all of them')
FROM amounts;

SELECT is(run_rate(amount, date '2026-01-05', '[2026-01-01,2026-02-01)', '2026-01-31', 'days')::text, sum(amount)::text,
  'run_rate of a period that is over is sum(numeric)')
FROM amounts;

-- Every number of digits before and after the point, up to 38 in all, in the patterns that catch a slip

CREATE TABLE shapes AS
SELECT whole, scale, pattern, sign * trim_scale(('0' || left(text, whole) || '.' || substr(text, whole + 1))::numeric) AS amount
FROM generate_series(0, 38) AS whole
CROSS JOIN generate_series(0, 38) AS scale
CROSS JOIN LATERAL (VALUES
  ('nines', repeat('9', whole + scale)),
  ('one and one', '1' || repeat('0', greatest(whole + scale - 2, 0)) || '1'),
  ('one', '1' || repeat('0', whole + scale - 1)),
  ('last', repeat('0', whole + scale - 1) || '1'),
  ('counting', substr('12345678901234567890123456789012345678', 1, whole + scale)),
  ('zeros inside', substr('10020000300000000000000004000000005006', 1, whole + scale))) AS p (pattern, text)
CROSS JOIN (VALUES (1), (-1)) AS s (sign)
WHERE whole + scale BETWEEN 1 AND 38 AND length(text) = whole + scale;

SELECT ok(count(*) > 8000, 'there are more than 8,000 shapes') FROM shapes;

SELECT is(count(*) FILTER (WHERE total::text IS DISTINCT FROM amount::text), 0::bigint,
  'each shape comes back as it was written')
FROM (
  SELECT amount, total(sales_series(amount, '2026-01-05', '[2026-01-01,2026-02-01)'))
  FROM shapes GROUP BY whole, scale, pattern, amount) AS x;

SELECT is(count(*) FILTER (WHERE total IS DISTINCT FROM amount OR scale(total) <> scale), 0::bigint,
  'each shape keeps its trailing zeros')
FROM (
  SELECT scale, amount, total(sales_series(round(amount, scale), '2026-01-05', '[2026-01-01,2026-02-01)'))
  FROM shapes GROUP BY whole, scale, pattern, amount) AS x;

SELECT is(count(*) FILTER (WHERE total IS DISTINCT FROM 0), 0::bigint, 'each shape cancels with its opposite')
FROM (
  SELECT total(sales_series(amount, '2026-01-05', '[2026-01-01,2026-02-01)'))
  FROM shapes GROUP BY whole, scale, pattern) AS x;

SELECT is(count(*) FILTER (WHERE through_text IS DISTINCT FROM total OR through_jsonb IS DISTINCT FROM total), 0::bigint,
  'each shape survives text and jsonb')
FROM (
  SELECT amount AS total, total(s::text::sales_series) AS through_text, total(s::jsonb::sales_series) AS through_jsonb
  FROM (
    SELECT amount, sales_series(amount, '2026-01-05', '[2026-01-01,2026-02-01)') AS s
    FROM shapes GROUP BY whole, scale, pattern, amount) AS x) AS y;

-- Amounts with a long header, or more decimals than a sum has room for

SELECT is(pg_temp.sum_of(given::numeric)::text, expected, name)
FROM (VALUES
  ('1.500000', '1.500000', 'trailing zeros are kept'),
  ('1.' || repeat('0', 37), '1.' || repeat('0', 37), '37 zeros after the point are kept'),
  ('1.' || repeat('0', 38), '1', '38 zeros after the point are dropped, as they pass 38 digits'),
  ('1.5' || repeat('0', 62), '1.5', '63 decimals'),
  ('1.5' || repeat('0', 63), '1.5', '64 decimals'),
  ('1.5' || repeat('0', 999), '1.5', '1,000 decimals'),
  ('-0.00012' || repeat('0', 9000), '-0.00012', '9,005 decimals'),
  ('0.' || repeat('0', 1000), '0', 'zero with 1,000 decimals'),
  ('0.000', '0.000', 'zero with 3 decimals'),
  ('10000', '10000', 'trailing zeros before the point'),
  ('1e37', '1' || repeat('0', 37), '1e37'),
  ('-1e37', '-1' || repeat('0', 37), '-1e37'),
  ('1e-20', '0.00000000000000000001', '1e-20'),
  ('1e30', '1' || repeat('0', 30), '1e30'),
  ('1e-38', '0.' || repeat('0', 37) || '1', '1e-38'),
  (repeat('9', 38), repeat('9', 38), 'the largest amount'),
  ('-' || repeat('9', 38), '-' || repeat('9', 38), 'the smallest amount'),
  ('0.' || repeat('9', 38), '0.' || repeat('9', 38), '38 nines after the point'),
  ('9223372036854775807', '9223372036854775807', 'the largest of 64 bits'),
  ('9223372036854775808', '9223372036854775808', 'one more'),
  ('-9223372036854775808', '-9223372036854775808', 'the smallest of 64 bits'),
  ('-9223372036854775809', '-9223372036854775809', 'one less'),
  ('170141183460469231731687303715884105', '170141183460469231731687303715884105', 'near 128 bits')
) AS x (given, expected, name);

-- Sums at the edges

SELECT is(pg_temp.sum_of(VARIADIC given)::text, expected, name)
FROM (VALUES
  (ARRAY[9223372036854775807, 1]::numeric[], '9223372036854775808', 'a sum passes 64 bits'),
  (ARRAY[9223372036854775807, 1, -1], '9223372036854775807', 'and comes back'),
  (ARRAY[-9223372036854775808, -1]::numeric[], '-9223372036854775809', 'the same below zero'),
  (ARRAY['92233720368547758.07', 0.001]::numeric[], '92233720368547758.071', 'a new decimal passes 64 bits'),
  (ARRAY['-92233720368547758.08', 0.001]::numeric[], '-92233720368547758.079', 'the same below zero'),
  (ARRAY[1, 1e-20]::numeric[], '1.00000000000000000001', '20 new decimals'),
  (ARRAY[1, 1e-37]::numeric[], '1.' || repeat('0', 36) || '1', '37 new decimals'),
  (ARRAY[1e18, 1e-19]::numeric[], '1000000000000000000.' || repeat('0', 18) || '1', '38 digits in all'),
  (ARRAY[0, 1e-38]::numeric[], '0.' || repeat('0', 37) || '1', 'zero has no digits'),
  (ARRAY[1.5, -1.50]::numeric[], '0.00', 'the decimals of a sum that cancels'),
  (array_fill('5e37'::numeric, ARRAY[10]) || array_fill('-5e37'::numeric, ARRAY[10]), '0', 'ten times 5e37 and back'),
  (array_fill((repeat('9', 38))::numeric, ARRAY[1000]) || array_fill(('-' || repeat('9', 38))::numeric, ARRAY[999]), repeat('9', 38), 'a thousand of the largest and back')
) AS x (given, expected, name);

-- A sum depends on nothing but its amounts

CREATE TABLE orders AS
SELECT row_number() OVER () AS id, ARRAY[a, b, c]::numeric[] AS amounts, x.kind
FROM (VALUES
  ('past 38 digits on the way', ARRAY[9e37, 9e37, -9e37]::numeric[]),
  ('past 38 digits, below zero', ARRAY[-9e37, -9e37, 9e37]::numeric[]),
  ('scales', ARRAY[1.5, 2.25, 3.000]::numeric[]),
  ('cancelling', ARRAY[1e30, -1e30, 0.0000001]::numeric[])) AS x (kind, three)
CROSS JOIN LATERAL unnest(three) WITH ORDINALITY AS x1 (a, i)
CROSS JOIN LATERAL unnest(three) WITH ORDINALITY AS x2 (b, j)
CROSS JOIN LATERAL unnest(three) WITH ORDINALITY AS x3 (c, k)
WHERE i <> j AND j <> k AND i <> k;

SELECT is(count(DISTINCT pg_temp.series_of(VARIADIC amounts)::text), 1::bigint, 'any order of the rows: ' || kind)
FROM orders GROUP BY kind;

SELECT is(count(DISTINCT (
    SELECT rollup(pg_temp.series_of(a) ORDER BY i)::text
    FROM unnest(amounts) WITH ORDINALITY AS x (a, i))), 1::bigint,
  'any order of the series in rollup: ' || kind)
FROM orders GROUP BY kind;

SELECT is(count(*) FILTER (WHERE rolled IS DISTINCT FROM direct), 0::bigint, 'rollup is the series of all rows')
FROM (
  SELECT pg_temp.series_of(VARIADIC amounts)::text AS direct,
    (SELECT rollup(pg_temp.series_of(a) ORDER BY i) FROM unnest(amounts) WITH ORDINALITY AS x (a, i))::text AS rolled
  FROM orders) AS x;

-- unfinished states are merged as those of parallel workers are
SELECT is(sales_series_finish(sales_series_combine(sales_series_combine(
    sales_series_accumulate(sales_series_accumulate(NULL, 9e37, '2026-01-05', '[2026-01-01,2026-02-01)'), 9e37, '2026-01-05', '[2026-01-01,2026-02-01)'),
    sales_series_accumulate(sales_series_accumulate(NULL, 9e37, '2026-01-05', '[2026-01-01,2026-02-01)'), -9e37, '2026-01-05', '[2026-01-01,2026-02-01)')),
    sales_series_accumulate(NULL, -9e37, '2026-01-05', '[2026-01-01,2026-02-01)')))::text,
  pg_temp.series_of(9e37)::text, 'states that pass 38 digits are merged all the same');

SELECT is(pg_column_size(pg_temp.series_of(largest, 1, -1)), pg_column_size(pg_temp.series_of(largest)),
  'a series that grew past ' || largest || ' is stored as small as one that did not')
FROM unnest(ARRAY[2147483647, 9223372036854775807]::numeric[]) AS largest;

-- the last number of each width, and the first past it, on both sides of zero
SELECT is(total(pg_temp.series_of(edge, step))::text, (edge + step)::text, format('%s and %s', edge, step))
FROM unnest(ARRAY[2147483646, 2147483647, -2147483647, -2147483648, 21474836.47, 9223372036854775806, 9223372036854775807, -9223372036854775808]::numeric[]) AS edge,
  unnest(ARRAY[1, -1, 0.001]::numeric[]) AS step;

SELECT is(count(DISTINCT pg_temp.error_of(format('SELECT pg_temp.series_of(VARIADIC %L)', a))), 1::bigint,
  'amounts that cannot be added are refused with the same words in any order')
FROM (VALUES ('{1e30,1e-20,5}'), ('{1e30,5,1e-20}'), ('{5,1e30,1e-20}'), ('{1e-20,1e30,5}'), ('{1e-20,5,1e30}'), ('{5,1e-20,1e30}')) AS x (a);

-- What is refused

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT pg_temp.sum_of(1e30, 1e-20)', '22003 | amounts with 31 digits before and 20 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT pg_temp.sum_of(1e-20, 1e30)', '22003 | amounts with 31 digits before and 20 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT pg_temp.sum_of(1e38)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT pg_temp.sum_of(1e-39)', '22003 | amounts with 0 digits before and 39 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT pg_temp.sum_of(''' || repeat('9', 1000) || ''')', '22003 | amounts with 1000 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT pg_temp.sum_of(repeat(''7'', 100000)::numeric)', '22003 | amounts with 100000 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT pg_temp.sum_of(0.1 + 1e-1000)', '22003 | amounts with 0 digits before and 1000 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT pg_temp.sum_of(99999999999999999999999999999999999999, 1)', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('SELECT pg_temp.sum_of(-99999999999999999999999999999999999999, -1)', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('SELECT pg_temp.sum_of(9e37, 9e37)', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('SELECT pg_temp.series_of(9e37) + pg_temp.series_of(9e37)', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('SELECT total(sales_series(9e37, d::date, ''[2026-01-01,2027-01-01)'')) FROM generate_series(timestamp ''2026-01-01'', ''2026-02-01'', ''1 month'') AS d', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('SELECT pg_temp.sum_of(''NaN'')', '22023 | amount must be a finite number, not NaN'),
  ('SELECT pg_temp.sum_of(1, ''Infinity'')', '22023 | amount must be a finite number, not infinity'),
  ('SELECT pg_temp.sum_of(''-Infinity'', 1)', '22023 | amount must be a finite number, not -infinity'),
  ('SELECT run_rate(a, date ''2026-01-05'', ''[2026-01-01,2026-02-01)'', ''2026-01-31'', ''days'') FROM unnest(ARRAY[1e30, 1e-20]) AS a', '22003 | amounts with 31 digits before and 20 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT run_rate(a, date ''2026-01-05'', ''[2026-01-01,2026-02-01)'', ''2026-01-31'', ''days'') FROM unnest(ARRAY[9e37, 9e37]) AS a', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('SELECT run_rate(''NaN''::numeric, date ''2026-01-05'', ''[2026-01-01,2026-02-01)'', ''2026-01-31'', ''days'')', '22023 | amount must be a finite number, not NaN')
) AS x (query, expected);

SELECT is(run_rate(a, date '2026-01-05', '[2026-01-01,2026-02-01)', '2026-01-31', 'days' ORDER BY i), 9e37,
  'run_rate passes 38 digits on the way')
FROM unnest(ARRAY[9e37, 9e37, -9e37]) WITH ORDINALITY AS x (a, i);

SELECT is(total(sales_series(a, d, '[2026-01-01,2026-02-01)')), 5::numeric, 'NaN and infinity outside the period are ignored')
FROM (VALUES (5::numeric, date '2026-01-05'), ('NaN', '2025-12-31'), ('Infinity', '2026-02-01')) AS x (a, d);

SELECT * FROM finish();
ROLLBACK;
