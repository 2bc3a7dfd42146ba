-- Evenness and the share of the last buckets, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/error_of.sql

-- The formula as it is written: 1 - sum(|share - due|) / (2 * (1 - the least due share)), with parts below zero as nothing
CREATE FUNCTION pg_temp.written(parts numeric[], weights numeric[] DEFAULT NULL) RETURNS numeric LANGUAGE sql AS $$
  SELECT CASE WHEN count(*) > 1 AND sum(net) > 0 AND sum(w) > 0
    THEN 1 - sum(abs(t / total - w / weight)) / (2 * (1 - min(w / weight))) END
  FROM (SELECT t AS net, w, greatest(t, 0) AS t, nullif(sum(greatest(t, 0)) OVER (), 0) AS total, nullif(sum(w) OVER (), 0) AS weight
        FROM (SELECT t, CASE WHEN $2 IS NULL THEN 1 ELSE $2[i] END AS w FROM unnest($1) WITH ORDINALITY AS u (t, i)) AS p) AS q
$$;
-- The same as one division of whole numbers, for the last digit
CREATE FUNCTION pg_temp.divided(parts numeric[], weights numeric[] DEFAULT NULL) RETURNS numeric LANGUAGE sql AS $$
  SELECT CASE WHEN count(*) > 1 AND sum(net) > 0 AND sum(w) > 0
    THEN (sum(least(t * weight, w * total)) - min(w) * min(total)) / (min(total) * (min(weight) - min(w))) END
  FROM (SELECT t AS net, w, greatest(t, 0) AS t, sum(greatest(t, 0)) OVER () AS total, sum(w) OVER () AS weight
        FROM (SELECT round(t * 10.0 ^ s) AS t, CASE WHEN $2 IS NULL THEN 1 ELSE round($2[i] * 10.0 ^ s) END AS w
              FROM unnest($1) WITH ORDINALITY AS u (t, i), (SELECT greatest(max(scale(t)), max(scale(w))) AS s FROM unnest($1, $2) AS m (t, w)) AS scales) AS p) AS q
$$;
-- a series with these totals by day
CREATE FUNCTION pg_temp.days(VARIADIC totals numeric[]) RETURNS sales_series
RETURN (SELECT sales_series(t, date '2026-01-01' + i::integer - 1, daterange('2026-01-01', '2026-01-01'::date + cardinality(totals)), 'day') FROM unnest(totals) WITH ORDINALITY AS u (t, i));

-- Examples, from a series and from an array

SELECT is(ARRAY[round(evenness(parts), 12), round(evenness(s), 12), round(last_share(s), 12)], ARRAY[round(expected, 12), round(expected, 12), round(last, 12)], name)
FROM (VALUES
  ('the last week has 70 %', '{10,10,10,70}'::numeric[], 0.40, 0.70),
  ('however the rest is split below a quarter each', '{5,10,15,70}', 0.40, 0.70),
  ('or a quarter in one', '{25,5,0,70}', 0.40, 0.70),
  ('one week above a quarter besides', '{26,4,0,70}', 1 - 0.92 / 1.5, 0.70),
  ('even', '{25,25,25,25}', 1, 0.25),
  ('all in the last', '{0,0,0,100}', 0, 1),
  ('all in the first', '{100,0,0,0}', 0, 0),
  ('half of the parts', '{50,0,50,0}', 1.0 / 3, 0),
  ('two parts', '{30,70}', 0.6, 0.7),
  ('two alike', '{1,1}', 1, 0.5),
  ('one of two', '{0,1}', 0, 1),
  ('one part', '{7}', NULL, 1),
  ('three parts, a third each', '{0.01,0.01,0.01}', 1, 1.0 / 3),
  ('a return counts as nothing', '{60,-20,60,80}', 1 - 0.5 / 1.5, 0.40),
  ('a return in the last', '{50,50,50,-40}', 1 - 0.5 / 1.5, 0),
  ('nothing', '{0,0,0,0}', NULL, NULL),
  ('only returns', '{-1,-2,0}', NULL, NULL),
  ('returns of all of it', '{5,-5,0}', NULL, NULL),
  ('returns of more', '{5,-6,0}', NULL, NULL),
  ('returns of nearly all of it', '{5,-4.99,0}', 0, 0),
  ('38 digits', '{50000000000000000000000000000000000000,49999999999999999999999999999999999999}', 1, 0.5),
  ('38 decimals', '{0.00000000000000000000000000000000000001,0.00000000000000000000000000000000000003}', 0.5, 0.75)
) AS v (name, parts, expected, last), LATERAL pg_temp.days(VARIADIC parts) AS s;
SELECT is(evenness(ARRAY[50000000000000000000000000000000000000, 49999999999999999999999999999999999999]) <= 1, true, 'a hair from even is not above 1');
SELECT is(evenness('{}'::numeric[]), NULL, 'no parts');
SELECT is(evenness('[5:8]={10,10,10,70}'::numeric[]), 0.4, 'bounds of the array');
SELECT is(evenness(ARRAY[10, 10, 10, 70]), 0.4, 'integers');
SELECT is(evenness(ARRAY[10, 10, 10, 70]::bigint[]), 0.4, 'bigint');

SELECT is(round(evenness(parts, weights), 12), round(expected, 12), 'weighed: ' || name)
FROM (VALUES
  ('as the weights', '{20,30,50}'::numeric[], '{2,3,5}'::numeric[], 1),
  ('all in the lightest', '{20,0,0}', '{2,3,5}', 0),
  ('all in a heavier one', '{0,0,20}', '{2,3,5}', 1 - 0.5 / 0.8),
  ('all weigh the same', '{10,10,10,70}', '{7,7,7,7}', 0.4),
  ('a part of no weight, with nothing in it', '{0,10,10}', '{0,1,1}', 1),
  ('a part of no weight, with half in it', '{10,5,5}', '{0,1,1}', 0.5),
  ('all in a part of no weight', '{10,0,0}', '{0,1,1}', 0),
  ('one part has all weight', '{4,6}', '{0,1}', 0.6),
  ('no weight', '{10,20}', '{0,0.00}', NULL),
  ('one part', '{10}', '{3}', NULL),
  ('no parts', '{}', '{}', NULL),
  ('weights of other decimals', '{20,30,50}', '{0.2,0.30,0.500}', 1),
  ('weights of 30 digits', '{20,30,50}', '{2e29,3e29,5e29}', 1)
) AS v (name, parts, weights, expected);
SELECT is(evenness(ARRAY[90000000000000000000000000000000000000, 9000000000000000000000000000000000000], ARRAY[1e37, 8e37]), evenness(ARRAY[90, 9], ARRAY[1, 8]), 'parts and weights of 38 digits');

SELECT is(ARRAY[evenness(NULL::sales_series), evenness(NULL::numeric[]), evenness(NULL, '{1,2}'::numeric[]), evenness(NULL, 'weekend none'::work_calendar), last_share(NULL), last_share(pg_temp.days(1, 2), NULL)], array_fill(NULL::numeric, ARRAY[6]), 'NULL gives NULL');
SELECT is(ARRAY[evenness(pg_temp.days(1, 3), NULL), evenness(ARRAY[1, 3], NULL)], '{0.5,0.5}'::numeric[], 'no calendar, no weights: all alike');

-- The last n buckets
SELECT is(round(last_share(pg_temp.days(10, 20, -5, 30, 40), n), 12), round(expected, 12), format('the last %s', n))
FROM (VALUES (1, 0.4), (2, 0.7), (3, 0.7), (4, 0.9), (5, 1)) AS v (n, expected);

-- Month weeks: the last one is longer, and February of 28 days has four alike
SELECT is(round(evenness(sales_series(7, d::date, period, 'month-week')), 12), round(1 - (last / days::numeric - 0.25) / 0.75, 12), format('the same every day, in %s days', days))
FROM (VALUES (daterange '[2026-02-01,2026-03-01)', 28, 7), ('[2024-02-01,2024-03-01)', 29, 8), ('[2026-04-01,2026-05-01)', 30, 9), ('[2026-05-01,2026-06-01)', 31, 10)) AS v (period, days, last),
  generate_series(lower(period)::timestamp, upper(period) - 1, '1 day') AS d
GROUP BY period, days, last;
SELECT is(evenness(sales_series(7, d::date, '[2026-05-01,2026-06-01)', 'month-week'), 'weekend none'), 1::numeric, 'the same every day is even by days')
FROM generate_series(timestamp '2026-05-01', '2026-05-31', '1 day') AS d;
SELECT is(evenness(sales_series(7, d::date, '[2026-05-01,2026-06-01)', 'month-week'), 'weekend sat,sun; holidays 2026-05-01'), 1::numeric, 'the same every working day is even by working days')
FROM generate_series(timestamp '2026-05-01', '2026-05-31', '1 day') AS d WHERE is_workday('weekend sat,sun; holidays 2026-05-01', d::date);
SELECT is(evenness(pg_temp.days(0, 0, 5), 'weekend mon,tue,wed,thu,fri,sat,sun'), NULL, 'a calendar without working days');
SELECT is(evenness(pg_temp.days(5, 5, 5), 'weekend fri,sat'), 0::numeric + evenness(ARRAY[5, 5, 5], ARRAY[1, 0, 0]), 'one working day: 1 January 2026 is a Thursday');

-- Random series against plain SQL: whole, tiny and huge amounts, returns, gaps

CREATE TABLE series AS
SELECT id, grain, period, cal::work_calendar, sales_series(amount, day, period, grain) AS s
FROM generate_series(1, 1200) AS id
CROSS JOIN LATERAL (SELECT (ARRAY['day', 'week', 'month', 'month-week', 'month-week', 'quarter'])[1 + id % 6] AS grain,
  daterange(date '2024-01-01' + id % 50, date '2024-01-01' + id % 50 + 1 + (id * 37) % 400) AS period,
  (ARRAY['weekend none', 'weekend sat,sun', 'weekend fri,sat; holidays 2024-05-01,2024-12-25', 'weekend sat,sun; workdays 2024-04-27'])[1 + id % 4] AS cal) AS p
CROSS JOIN LATERAL (
  SELECT date '2024-01-01' + (noise % 460)::integer AS day,
    CASE id % 5 WHEN 0 THEN 100 WHEN 1 THEN (noise % 100000)::numeric / 100 WHEN 2 THEN (noise % 9 - 3)::numeric WHEN 3 THEN 1e30 + noise * 1e15 + 0.001 ELSE (noise % 7 - 2) * 1e-15 END AS amount
  FROM generate_series(1, 3 + id % 60) AS i, LATERAL (SELECT hashint8extended(i + 10000 * id, 5) & 2147483647 AS noise) AS h) AS sale
GROUP BY id, grain, period, cal;

SELECT cmp_ok(count(evenness(s)), '>', 700::bigint, 'many have an evenness') FROM series;
SELECT cmp_ok(count(*) - count(evenness(s)), '>', 50::bigint, 'some have none') FROM series;
SELECT is(array_agg(id) FILTER (WHERE evenness(s) NOT BETWEEN 0 AND 1 OR evenness(s, cal) NOT BETWEEN 0 AND 1), NULL, 'from 0 to 1') FROM series;
SELECT is(array_agg(id) FILTER (WHERE round(evenness(s), 12) IS DISTINCT FROM round(pg_temp.written(totals(s)), 12)), NULL, 'evenness as the formula is written') FROM series;
SELECT is(array_agg(id) FILTER (WHERE evenness(s)::text IS DISTINCT FROM pg_temp.divided(totals(s))::text), NULL, 'evenness to the last digit') FROM series;
SELECT is(array_agg(id) FILTER (WHERE evenness(totals(s))::text IS DISTINCT FROM evenness(s)::text), NULL, 'an array of the totals gives the same') FROM series;
SELECT is(array_agg(id) FILTER (WHERE evenness(s, cal)::text IS DISTINCT FROM evenness(totals(s), weights)::text), NULL, 'the same by working days')
FROM series CROSS JOIN LATERAL (SELECT array_agg(workdays(cal, bucket)::numeric ORDER BY bucket) AS weights FROM buckets(s)) AS w;
SELECT is(array_agg(id) FILTER (WHERE round(evenness(s, cal), 12) IS DISTINCT FROM round(pg_temp.written(totals(s), weights), 12)), NULL, 'by working days as the formula is written')
FROM series CROSS JOIN LATERAL (SELECT array_agg(workdays(cal, bucket)::numeric ORDER BY bucket) AS weights FROM buckets(s)) AS w;
SELECT is(array_agg(id) FILTER (WHERE evenness(shuffled)::text IS DISTINCT FROM evenness(s)::text), NULL, 'the order of the parts does not matter')
FROM series CROSS JOIN LATERAL (SELECT array_agg(total ORDER BY hashint4(extract(doy FROM lower(bucket))::integer)) AS shuffled FROM buckets(s)) AS x;
SELECT is(array_agg(id) FILTER (WHERE round(evenness(scaled), 12) IS DISTINCT FROM round(evenness(s), 12)), NULL, 'nor does the unit')
FROM series CROSS JOIN LATERAL (SELECT array_agg(total * 7 ORDER BY bucket) AS scaled FROM buckets(s)) AS x;
SELECT is(array_agg(id) FILTER (WHERE evenness(totals(s), array_fill(3.50, ARRAY[cardinality(totals(s))])) IS DISTINCT FROM evenness(s)), NULL, 'nor do weights that are alike') FROM series WHERE id % 5 <> 3;
SELECT is(array_agg(id) FILTER (WHERE last_share(s)::text IS DISTINCT FROM share::text), NULL, 'last_share')
FROM series CROSS JOIN LATERAL (SELECT CASE WHEN sum(total) > 0 THEN greatest((array_agg(total ORDER BY bucket DESC))[1], 0) / sum(greatest(total, 0)) END AS share FROM buckets(s)) AS x;
SELECT is(array_agg(id) FILTER (WHERE last_share(s, n)::text IS DISTINCT FROM share::text), NULL, 'last_share of some')
FROM series CROSS JOIN LATERAL (SELECT 1 + id % cardinality(totals(s)) AS n) AS m
CROSS JOIN LATERAL (SELECT CASE WHEN sum(total) > 0 THEN sum(greatest(total, 0)) FILTER (WHERE i > count - n) / sum(greatest(total, 0)) END AS share FROM (SELECT total, row_number() OVER (ORDER BY bucket) AS i, count(*) OVER () AS count FROM buckets(s)) AS b) AS x;
SELECT is(array_agg(id) FILTER (WHERE round(1 - last_share(s) - first, 12) <> 0), NULL, 'what is not in the last bucket is in those before')
FROM series CROSS JOIN LATERAL (SELECT sum(greatest(total, 0)) FILTER (WHERE upper(bucket) < upper(period)) / nullif(sum(greatest(total, 0)), 0) AS first FROM buckets(s)) AS x
WHERE cardinality(totals(s)) > 1;

-- Random arrays with weights, also beyond 38 digits in the product
SELECT setseed(0.42);
CREATE TABLE weighed AS
SELECT id, ARRAY(SELECT round(((random() - 0.2) * 10.0 ^ (id % 25))::numeric, id % 5) FROM generate_series(1, 1 + id % 13)) AS parts,
  ARRAY(SELECT CASE WHEN random() < 0.1 THEN 0 ELSE round((random() * 10.0 ^ (id % 20))::numeric, id % 3) END FROM generate_series(1, 1 + id % 13)) AS weights
FROM generate_series(1, 2000) AS id;
SELECT cmp_ok(count(evenness(parts, weights)), '>', 1000::bigint, 'many have an evenness') FROM weighed;
SELECT is(array_agg(id) FILTER (WHERE evenness(parts, weights) NOT BETWEEN 0 AND 1), NULL, 'from 0 to 1') FROM weighed;
SELECT is(array_agg(id) FILTER (WHERE round(evenness(parts, weights), 10) IS DISTINCT FROM round(pg_temp.written(parts, weights), 10)), NULL, 'as the formula is written') FROM weighed;
SELECT is(array_agg(id) FILTER (WHERE round(evenness(parts, weights), 15) IS DISTINCT FROM round(pg_temp.divided(parts, weights), 15)), NULL, 'as one division') FROM weighed;

-- However the series came about

CREATE TABLE sale AS
SELECT i % 40 AS customer, i % 3 AS region, date '2026-04-01' + i % 30 AS sold_on, (i * 7919 % 1000 - 100)::numeric / 4 AS amount FROM generate_series(1, 6000) AS i;
CREATE TABLE direct AS SELECT customer, evenness(sales_series(amount, sold_on, '[2026-04-01,2026-05-01)', 'month-week')) AS e FROM sale GROUP BY customer;
SELECT results_eq($$ SELECT customer, evenness(sales_series(amount, sold_on, '[2026-04-01,2026-05-01)', 'month-week' ORDER BY amount)) FROM sale GROUP BY customer ORDER BY customer $$, 'SELECT customer, e FROM direct ORDER BY customer', 'rows in another order');
SELECT results_eq($$ SELECT customer, evenness(rollup(s)) FROM (SELECT customer, sales_series(amount, sold_on, '[2026-04-01,2026-05-01)', 'month-week') AS s FROM sale GROUP BY customer, region) AS x GROUP BY customer ORDER BY customer $$, 'SELECT customer, e FROM direct ORDER BY customer', 'merged');
SELECT results_eq($$ SELECT customer, evenness(sales_series(amount, sold_on, '[2026-04-01,2026-05-01)', 'month-week')) FROM sale GROUP BY GROUPING SETS ((customer), (region), ()) HAVING GROUPING(customer) = 0 ORDER BY customer $$, 'SELECT customer, e FROM direct ORDER BY customer', 'by grouping sets');
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
ANALYZE sale;
SELECT results_eq($$ SELECT customer, evenness(sales_series(amount, sold_on, '[2026-04-01,2026-05-01)', 'month-week')) FROM sale GROUP BY customer ORDER BY customer $$, 'SELECT customer, e FROM direct ORDER BY customer', 'in parallel');
RESET max_parallel_workers_per_gather;

-- Against a plain GROUP BY of the rows
SELECT results_eq($$ SELECT customer, round(e, 12) FROM direct ORDER BY customer $$, $$
  SELECT customer, round(1 - sum(abs(greatest(coalesce(week.total, 0), 0) / whole.total - 0.25)) / 1.5, 12)
  FROM (SELECT DISTINCT customer FROM sale) AS c CROSS JOIN generate_series(0, 3) AS w
  LEFT JOIN (SELECT customer, least((extract(day FROM sold_on)::integer - 1) / 7, 3) AS w, sum(amount) AS total FROM sale GROUP BY 1, 2) AS week USING (customer, w)
  JOIN (SELECT customer, sum(greatest(total, 0)) AS total FROM (SELECT customer, sum(amount) AS total FROM sale GROUP BY customer, least((extract(day FROM sold_on)::integer - 1) / 7, 3)) AS x GROUP BY customer) AS whole USING (customer)
  GROUP BY customer ORDER BY customer $$, 'from the rows, by plain SQL');

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || call), expected, call)
FROM (VALUES
  ($$evenness(ARRAY[1, NULL])$$, '22023 | element 2 of parts is null | Leave the element out or give it a value.'),
  ($$evenness('{{1,2},{3,4}}'::numeric[])$$, '22023 | parts must be an array of one dimension, not 2 | Give one flat list of elements.'),
  ($$evenness(array_fill(1.0, ARRAY[100001]))$$, '22023 | parts has 100001 elements | From 1 to 100000 elements are allowed.'),
  ($$evenness('{1,NaN}'::numeric[])$$, '22023 | parts must be a finite number, not NaN'),
  ($$evenness('{1,-Infinity}'::numeric[])$$, '22023 | parts must be a finite number, not -infinity'),
  ($$evenness('{1,1e38}'::numeric[])$$, '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ($$evenness('{1e-10,1e30}'::numeric[])$$, '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ($$evenness('{9e37,9e37}'::numeric[])$$, '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ($$evenness(ARRAY[1, 2], ARRAY[1])$$, '22023 | weights has 1 elements, but parts has 2 | Give a weight for each part.'),
  ($$evenness(ARRAY[1, 2], '{}'::numeric[])$$, '22023 | weights has 0 elements, but parts has 2 | Give a weight for each part.'),
  ($$evenness('{}'::numeric[], ARRAY[1])$$, '22023 | weights has 1 elements, but parts has 0 | Give a weight for each part.'),
  ($$evenness(ARRAY[1, 2], ARRAY[1, -0.5])$$, '22023 | weights must not be negative, but is -0.5 | Give zero or more.'),
  ($$evenness(ARRAY[1, 2], ARRAY[1, NULL])$$, '22023 | element 2 of weights is null | Leave the element out or give it a value.'),
  ($$evenness(ARRAY[1, 2], '{1,NaN}'::numeric[])$$, '22023 | weights must be a finite number, not NaN'),
  ($$evenness(ARRAY[1, 2], '{1,Infinity}'::numeric[])$$, '22023 | weights must be a finite number, not infinity'),
  ($$evenness(ARRAY[1, 2], '{9e37,9e37}'::numeric[])$$, '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ($$last_share(pg_temp.days(1, 2), 0)$$, '22023 | n must be a number of buckets, but is 0 | The series has 2.'),
  ($$last_share(pg_temp.days(1, 2), 3)$$, '22023 | n must be a number of buckets, but is 3 | The series has 2.'),
  ($$last_share(pg_temp.days(1, 2), -2147483648)$$, '22023 | n must be a number of buckets, but is -2147483648 | The series has 2.'),
  ($$evenness(pg_temp.days(9e37, 9e37))$$, '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ($$last_share(pg_temp.days(9e37, 9e37, -9e37))$$, '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.')
) AS refused (call, expected);
SELECT is(evenness(array_fill(1.0, ARRAY[100000])), 1::numeric, 'a hundred thousand parts');
SELECT is(evenness(sales_series(1, '1950-05-05', '[1900-01-01,2000-01-01)', 'day')), 0::numeric, 'a hundred years by day');

SELECT * FROM finish();
ROLLBACK;
