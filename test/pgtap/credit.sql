-- Receivables by age, days sales outstanding and the credit limit, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(130);

\ir ../helpers/error_of.sql

-- due_date

SELECT is(due_date(d, n, s), expected::date, what)
FROM (VALUES
  ('30 days', date '2026-01-15', 30, 'date', '2026-02-14'), ('at once', '2026-01-15', 0, 'date', '2026-01-15'), ('over a leap day', '2024-02-28', 2, 'date', '2024-03-01'), ('to a leap day', '2024-01-30', 30, 'date', '2024-02-29'), ('over a year''s end', '2025-12-20', 14, 'date', '2026-01-03'),
  ('30 days from the end of the month', '2026-01-15', 30, 'month-end', '2026-03-02'), ('the last day of a month', '2026-01-31', 30, 'month-end', '2026-03-02'), ('the first', '2026-01-01', 30, 'month-end', '2026-03-02'), ('February', '2026-02-01', 0, 'month-end', '2026-02-28'), ('February of a leap year', '2024-02-29', 0, 'month-end', '2024-02-29'), ('December', '2026-12-01', 1, 'month-end', '2027-01-01'),
  ('the longest term', '1926-01-01', 36525, 'date', '2026-01-01'), ('long ago', '4714-11-24 BC', 1, 'date', '4714-11-25 BC'), ('the last date', '5874897-12-01', 30, 'date', '5874897-12-31'), ('the last month', '5874897-12-01', 0, 'month-end', '5874897-12-31'),
  ('no day', NULL, 30, 'date', NULL), ('no terms', '2026-01-15', NULL, 'date', NULL), ('no start', '2026-01-15', 30, NULL, NULL)
) AS x (what, d, n, s, expected);
SELECT is(due_date('2026-01-15', 30), '2026-02-14', 'from the date, if nothing else is said');
SELECT is_empty($$
  SELECT * FROM generate_series(timestamp '1999-12-01', '2028-03-01', '3 days') AS d, unnest('{0,7,30,45,90}'::integer[]) AS n
  WHERE due_date(d::date, n) IS DISTINCT FROM d::date + n OR due_date(d::date, n, 'month-end') IS DISTINCT FROM (date_trunc('month', d) + interval '1 month')::date - 1 + n
$$, 'plain SQL');

-- days_overdue and ageing_bucket by hand

SELECT is(days_overdue(d, o) || ' ' || ageing_bucket(d, o) || ', ' || ageing_bucket(d, o, l), expected, what)
FROM (VALUES
  ('due tomorrow', date '2026-04-01', date '2026-03-31', '{7}'::integer[], '0 not due, not due'), ('due today', '2026-03-31', '2026-03-31', '{7}', '0 not due, not due'), ('due yesterday', '2026-03-30', '2026-03-31', '{7}', '1 1-30, 1-7'), ('the last day of a bucket', '2026-03-24', '2026-03-31', '{7}', '7 1-30, 1-7'),
  ('the first of the next', '2026-03-23', '2026-03-31', '{7}', '8 1-30, over 7'), ('30', '2026-03-01', '2026-03-31', '{29,30,31}', '30 1-30, 30'), ('31', '2026-02-28', '2026-03-31', '{29,30,31}', '31 31-60, 31'), ('32', '2026-02-27', '2026-03-31', '{29,30,31}', '32 31-60, over 31'), ('29', '2026-03-02', '2026-03-31', '{29,30,31}', '29 1-30, 1-29'),
  ('60', '2026-01-30', '2026-03-31', '{1}', '60 31-60, over 1'), ('61', '2026-01-29', '2026-03-31', '{60,62}', '61 61-90, 61-62'), ('90', '2025-12-31', '2026-03-31', '{90,91}', '90 61-90, 1-90'), ('91', '2025-12-30', '2026-03-31', '{90,91}', '91 over 90, 91'),
  ('over a leap day', '2024-02-28', '2024-03-01', '{1,2}', '2 1-30, 2'), ('all of time', '4714-11-24 BC', '5874897-12-31', '{2147483492,2147483493,2147483647}', '2147483493 over 90, 2147483493'), ('and back', '5874897-12-31', '4714-11-24 BC', '{2147483647}', '0 not due, not due'),
  ('limits with other bounds', '2026-03-20', '2026-03-31', '[5:6]={10,20}', '11 1-30, 11-20'),
  ('no due date', NULL, '2026-03-31', '{7}', NULL), ('no as_of', '2026-03-31', NULL, '{7}', NULL), ('no limits', '2026-03-31', '2026-03-31', NULL, NULL)
) AS x (what, d, o, l, expected);
SELECT is(ageing_buckets(l), expected, format('the buckets of %s', l))
FROM (VALUES ('{30,60,90}'::integer[], '{"not due",1-30,31-60,61-90,"over 90"}'::text[]), ('{1}', '{"not due",1,"over 1"}'), ('{1,2,4}', '{"not due",1,2,3-4,"over 4"}'), ('{2147483646,2147483647}', '{"not due",1-2147483646,2147483647,"over 2147483647"}'), (NULL, NULL)) AS x (l, expected);
SELECT is(ageing_buckets(), ageing_buckets('{30,60,90}'), 'the same as of 30, 60 and 90');
SELECT is(cardinality(ageing_buckets(array_agg(i))), 102, 'a hundred limits') FROM generate_series(1, 100) AS i;

-- against plain SQL, with limits that change from row to row

SELECT setseed(0.31);
CREATE TABLE open_item AS
SELECT i, (random() * 30)::integer AS customer, CASE WHEN random() < 0.03 THEN NULL ELSE date '2026-03-31' - (random() * 200 - 60)::integer END AS due_on,
  CASE WHEN random() < 0.1 THEN -round((random() * 500)::numeric, 2) ELSE round((random() * 9000)::numeric, 2) END AS open_amount,
  (ARRAY['{30,60,90}', '{7,14,21,28}', '{1,2,3}', '{45}', '{30,60,90,120,150}'])[1 + i % 5]::integer[] AS limits
FROM generate_series(1, 20000) AS i;
CREATE FUNCTION pg_temp.plain_bucket(due_on date, as_of date, limits integer[]) RETURNS text
RETURN (
  SELECT CASE WHEN days <= 0 THEN 'not due' WHEN days > limits[cardinality(limits)] THEN 'over ' || limits[cardinality(limits)] ELSE (
      SELECT CASE WHEN least = most THEN most::text ELSE least || '-' || most END
      FROM (SELECT lag(l, 1, 0) OVER (ORDER BY l) + 1 AS least, l AS most FROM unnest(limits) AS l) AS b WHERE days BETWEEN least AND most) END
  FROM (SELECT as_of - due_on AS days) AS d WHERE days IS NOT NULL);
SELECT is_empty('SELECT * FROM open_item WHERE days_overdue(due_on, ''2026-03-31'') IS DISTINCT FROM CASE WHEN due_on IS NOT NULL THEN greatest(date ''2026-03-31'' - due_on, 0) END', 'days_overdue = plain SQL');
SELECT is_empty('SELECT * FROM open_item WHERE ageing_bucket(due_on, ''2026-03-31'', limits) IS DISTINCT FROM pg_temp.plain_bucket(due_on, ''2026-03-31'', limits)', 'ageing_bucket = plain SQL, other limits in each row');
SELECT is_empty('SELECT * FROM (SELECT * FROM open_item ORDER BY limits, i) AS x WHERE ageing_bucket(due_on, ''2026-03-31'', limits) IS DISTINCT FROM pg_temp.plain_bucket(due_on, ''2026-03-31'', limits)', 'and the same ones for a while');
SELECT is_empty('SELECT * FROM open_item WHERE ageing_bucket(due_on, ''2026-03-31'') IS DISTINCT FROM pg_temp.plain_bucket(due_on, ''2026-03-31'', ''{30,60,90}'')', 'and the usual ones');
SELECT is_empty('SELECT * FROM open_item WHERE due_on IS NOT NULL AND ageing_bucket(due_on, ''2026-03-31'', limits) <> ALL (ageing_buckets(limits))', 'every name is one of ageing_buckets');
SELECT is_empty('SELECT * FROM open_item WHERE (ageing_bucket(due_on, ''2026-03-31'') = ''not due'') <> (days_overdue(due_on, ''2026-03-31'') = 0)', 'not due is 0 days');
SELECT is(count(DISTINCT ageing_bucket(due_on, '2026-03-31')), 5::bigint, 'all five are there') FROM open_item;
SELECT is((SELECT sum(open_amount) FROM (SELECT sum(open_amount) AS open_amount FROM open_item GROUP BY ageing_bucket(due_on, '2026-03-31')) AS b), sum(open_amount), 'the buckets add up to all that is open') FROM open_item;
SELECT is_empty($$
  SELECT customer FROM open_item WHERE open_amount > 0 GROUP BY customer
  HAVING overdue_share(open_amount, due_on, '2026-03-31') IS DISTINCT FROM coalesce(sum(open_amount) FILTER (WHERE ageing_bucket(due_on, '2026-03-31') <> 'not due'), 0) / sum(open_amount)
$$, 'what is in a bucket but the first is what overdue_share calls overdue');
SELECT lives_ok('DO $do$ BEGIN FOR i IN 1..3 LOOP BEGIN PERFORM ageing_bucket(''2026-03-01'', ''2026-03-31'', CASE i WHEN 2 THEN ''{2,1}'' ELSE ''{30}'' END::integer[]); EXCEPTION WHEN invalid_parameter_value THEN NULL; END; END LOOP; END $do$', 'a call site goes on after limits that were refused');

-- days_sales_outstanding

SELECT is(days_sales_outstanding(r, s, p::daterange), expected, what)
FROM (VALUES
  ('a third of a quarter', 60000::numeric, 180000::numeric, '[2026-01-01,2026-04-01)', 30::numeric), ('February', 100, 400, '[2026-02-01,2026-03-01)', 7), ('February of a leap year', 100, 400, '[2024-02-01,2024-03-01)', 7.25), ('one day', 50, 100, '[2026-01-01,2026-01-02)', 0.5), ('both bounds in it', 50, 100, '[2026-01-01,2026-01-10]', 5),
  ('more than the period', 300, 100, '[2026-01-01,2026-01-31)', 90), ('nothing open', 0, 100, '[2026-01-01,2026-02-01)', 0), ('prepaid', -10, 100, '[2026-01-01,2026-01-11)', -1), ('no sales', 10, 0, '[2026-01-01,2026-02-01)', NULL), ('returns only', 10, -5, '[2026-01-01,2026-02-01)', NULL), ('nothing at all', 0, 0, '[2026-01-01,2026-02-01)', NULL),
  ('huge', 1e300, 1e300, '[2026-01-01,2026-02-01)', 31), ('tiny', 1e-300, 2e-300, '[2026-01-01,2026-01-03)', 1), ('unknown', NULL, 1, '[2026-01-01,2026-02-01)', NULL), ('sales unknown', 1, NULL, '[2026-01-01,2026-02-01)', NULL), ('no period', 1, 1, NULL, NULL)
) AS x (what, r, s, p, expected);
SELECT is_empty($$
  SELECT * FROM open_item, unnest(ARRAY[daterange '[2026-01-01,2026-04-01)', '[2024-02-01,2024-03-01)']) AS p, LATERAL (SELECT open_amount, (i % 7 - 1) * 1.25 AS sales) AS x
  WHERE days_sales_outstanding(x.open_amount, sales, p)::text IS DISTINCT FROM (CASE WHEN sales > 0 THEN x.open_amount * (upper(p) - lower(p)) / sales END)::text
$$, 'plain SQL, to the last digit');

-- credit_state

CREATE FUNCTION pg_temp.shown(c credit_result) RETURNS text
RETURN concat_ws(' ', coalesce(trim_scale(round((c).utilisation, 6))::text, '-'), coalesce((c).headroom::text, '-'), coalesce((c).over_limit::text, '-'), coalesce((c).state, '-'));
SELECT is(pg_temp.shown(credit_state(e, l, n)), expected, what)
FROM (VALUES
  ('four fifths', 8000::numeric, 10000::numeric, NULL::numeric, '0.8 2000 false ok'), ('exactly at the limit', 10000, 10000, NULL, '1 0 false ok'), ('a cent over', 10000.01, 10000, NULL, '1.000001 -0.01 true over_limit'), ('nothing', 0, 10000, NULL, '0 10000 false ok'), ('prepaid', -500, 10000, NULL, '-0.05 10500 false ok'),
  ('limit 0, nothing owed', 0, 0, NULL, '- 0 false ok'), ('limit 0, something owed', 0.01, 0, NULL, '- -0.01 true over_limit'), ('limit 0, prepaid', -1, 0, NULL, '- 1 false ok'), ('limit 0 is not near', 0, 0, 0.5, '- 0 false ok'),
  ('no limit', 100, NULL, NULL, '- - - no_limit'), ('no limit, prepaid', -100, NULL, 0.9, '- - - no_limit'), ('nothing known', NULL, NULL, NULL, '- - - no_limit'), ('exposure unknown', NULL, 100, NULL, '- - - -'),
  ('just below near', 8999.99, 10000, 0.90, '0.899999 1000.01 false ok'), ('near', 9000, 10000, 0.90, '0.9 1000 false near_limit'), ('at the limit', 10000, 10000, 0.90, '1 0 false near_limit'), ('over is over', 10001, 10000, 0.90, '1.0001 -1 true over_limit'), ('near from 1', 10000, 10000, 1, '1 0 false near_limit'), ('below 1', 9999, 10000, 1, '0.9999 1 false ok'), ('near from 0', 0, 10000, 0, '0 10000 false near_limit'), ('prepaid is not near', -1, 10000, 0, '-0.0001 10001 false ok'),
  ('thirds, exactly', 1, 3, 0.33333333333333333333, '0.333333 2 false near_limit'), ('a hair more', 1, 3, 0.33333333333333333334, '0.333333 2 false ok'), ('huge', 1e300, 1e301, NULL, '0.1 ' || 9e300::numeric || ' false ok')
) AS x (what, e, l, n, expected);
CREATE TABLE exposure AS
SELECT CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.1 THEN 0 ELSE round((random() * 1200 - 100)::numeric, (random() * 3)::integer) END AS e, CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.1 THEN 0 ELSE round((random() * 1000)::numeric, 1) END AS l, CASE WHEN random() < 0.3 THEN NULL ELSE round(random()::numeric, 2) END AS n
FROM generate_series(1, 5000);
INSERT INTO exposure SELECT i * 0.9, i, 0.90 FROM generate_series(1, 100) AS i UNION ALL SELECT i, i, NULL FROM generate_series(1, 100) AS i;
SELECT is_empty($$
  SELECT * FROM exposure CROSS JOIN LATERAL credit_state(e, l, n) AS c
  WHERE (utilisation::text, headroom::text, over_limit) IS DISTINCT FROM ((CASE WHEN l > 0 THEN e / l END)::text, (l - e)::text, e > l)
    OR state IS DISTINCT FROM CASE WHEN l IS NULL THEN 'no_limit' WHEN e > l THEN 'over_limit' WHEN l > 0 AND e >= n * l THEN 'near_limit' WHEN e <= l THEN 'ok' END
$$, 'plain SQL, to the last digit');
SELECT ok(min(n) > 100, 'every state is among them') FROM (SELECT count(*) AS n FROM exposure CROSS JOIN LATERAL credit_state(e, l, near_from => n) AS c GROUP BY state) AS x;
SELECT is_empty('SELECT * FROM exposure WHERE (credit_state(e, l)).state IS DISTINCT FROM (credit_state(e, l, NULL)).state OR (credit_state(e, l)).state = ''near_limit''', 'without near_from nothing is near');

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || query), expected, query)
FROM (VALUES
  ('due_date(''2026-01-01'', -1)', '22023 | terms_days must be from 0 to 36525, but is -1 | 0 is due at once.'),
  ('due_date(''2026-01-01'', 36526)', '22023 | terms_days must be from 0 to 36525, but is 36526 | 0 is due at once.'),
  ('due_date(''infinity'', 1)', '22023 | started_on must be a finite date, not infinity'),
  ('due_date(''-infinity'', 1, ''month-end'')', '22023 | started_on must be a finite date, not -infinity'),
  ('due_date(''2026-01-01'', 1, ''Date'')', '22023 | unknown term_start: "Date" | Allowed are "date", "month-end".'),
  ('due_date(''5874897-12-31'', 1)', '22023 | a term of 1 days from 5874897-12-31 ends after the last date | Give the day of an invoice or of a delivery.'),
  ('due_date(''5874897-12-01'', 1, ''month-end'')', '22023 | a term of 1 days from 5874897-12-01 ends after the last date | Give the day of an invoice or of a delivery.'),
  ('days_overdue(''infinity'', ''2026-01-01'')', '22023 | due_on must be a finite date, not infinity'),
  ('days_overdue(''2026-01-01'', ''-infinity'')', '22023 | as_of must be a finite date, not -infinity'),
  ('ageing_bucket(''-infinity'', ''2026-01-01'')', '22023 | due_on must be a finite date, not -infinity'),
  ('ageing_bucket(''2026-01-01'', ''infinity'')', '22023 | as_of must be a finite date, not infinity'),
  ('ageing_bucket(''2026-01-01'', ''2026-01-01'', ''{}'')', '22023 | limits has 0 elements | From 1 to 100 elements are allowed.'),
  ('ageing_bucket(''2026-01-01'', ''2026-01-01'', ''{30,NULL}'')', '22023 | element 2 of limits is null | Leave the element out or give it a value.'),
  ('ageing_bucket(''2026-01-01'', ''2026-01-01'', ''{{30},{60}}'')', '22023 | limits must be an array of one dimension, not 2 | Give one flat list of elements.'),
  ('ageing_bucket(''2026-01-01'', ''2026-01-01'', ''{0,30}'')', '22023 | limits must be above zero, but is 0 | Give the last day of each bucket, such as {30,60,90}.'),
  ('ageing_bucket(''2026-01-01'', ''2026-01-01'', ''{-2147483648}'')', '22023 | limits must be above zero, but is -2147483648 | Give the last day of each bucket, such as {30,60,90}.'),
  ('ageing_bucket(''2026-01-01'', ''2026-01-01'', ''{30,60,60}'')', '22023 | limits must rise, but 60 follows 60 | Sort them from the smallest to the largest, each once.'),
  ('ageing_buckets(''{90,60}'')', '22023 | limits must rise, but 60 follows 90 | Sort them from the smallest to the largest, each once.'),
  ('ageing_buckets(array_agg(i)) FROM generate_series(1, 101) AS i', '22023 | limits has 101 elements | From 1 to 100 elements are allowed.'),
  ('days_sales_outstanding(''NaN'', 1, ''[2026-01-01,2026-02-01)'')', '22023 | receivables must be a finite number, not NaN'),
  ('days_sales_outstanding(1, ''-Infinity'', ''[2026-01-01,2026-02-01)'')', '22023 | sales must be a finite number, not -infinity'),
  ('days_sales_outstanding(1, 0, ''empty'')', '22023 | period must not be an empty range | A period has at least one day, like [2026-01-01,2027-01-01).'),
  ('days_sales_outstanding(1, 1, ''[2026-01-01,)'')', '22023 | period must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('credit_state(''NaN'', NULL)', '22023 | exposure must be a finite number, not NaN'),
  ('credit_state(NULL, ''Infinity'')', '22023 | credit_limit must be a finite number, not infinity'),
  ('credit_state(1, -0.01)', '22023 | credit_limit must not be negative, but is -0.01 | Give zero or more.'),
  ('credit_state(1, 1, 90)', '22023 | near_from must be from 0 to 1, but is 90 | It is a fraction: 5 % is written 0.05.'),
  ('credit_state(1, NULL, -0.1)', '22023 | near_from must be from 0 to 1, but is -0.1 | It is a fraction: 5 % is written 0.05.'),
  ('credit_state(1, 1, ''NaN'')', '22023 | near_from must be a finite number, not NaN')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
