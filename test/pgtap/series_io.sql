-- sales_series as text and jsonb: lossless both ways, and nothing malformed gets in.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(139);

\ir ../helpers/error_of.sql


-- series of every grain, narrow and wide, with decimals, returns and days bought on

CREATE TABLE series AS
SELECT n, grain, sales_series(a, lower(period) + i, period, grain) AS s
FROM unnest(ARRAY['day', 'week', 'week-sunday', 'month', 'month-week', 'quarter', 'year']) AS grain
CROSS JOIN (VALUES (1, daterange '[2024-01-01,2025-01-01)', 1.5::numeric), (2, '[2024-02-29,2024-03-01)', 1e-20), (3, '[2023-11-15,2025-02-03)', 1234567890123456789.01), (4, '[0001-12-01 BC,0001-02-01)', 1e30), (5, '[2024-01-01,2024-01-09)', 0),
  (6, daterange(make_date(5874897, 1, 1), make_date(5874897, 12, 31)), -7.25), (7, '[0044-03-01 BC,0044-04-01 BC)', 9999999999999999999999999999.999999)) AS p (n, period, unit)
CROSS JOIN LATERAL (SELECT i, unit * (CASE WHEN i % 3 = 0 THEN -1 WHEN i % 7 = 1 THEN 0 ELSE 1 END) AS a FROM generate_series(0, upper(period) - lower(period) - 1, 2) AS i) AS r
GROUP BY n, grain;

SELECT is(count(*) FILTER (WHERE s::text::sales_series::text <> s::text OR pg_column_size(s::text::sales_series) <> pg_column_size(sales_series_finish(s)) OR sales_series_send(s::text::sales_series) <> sales_series_send(s)), 0::bigint, 'text and back, series ' || n) FROM series GROUP BY n;
SELECT is(count(*) FILTER (WHERE s::jsonb::sales_series::text <> s::text OR sales_series_send(s::jsonb::sales_series) <> sales_series_send(s)), 0::bigint, 'jsonb and back, series ' || n) FROM series GROUP BY n;
SELECT is(count(*) FILTER (WHERE s::text::jsonb <> s::jsonb), 0::bigint, 'the text is the JSON') FROM series;
SET LOCAL DateStyle = 'SQL, DMY';
SET LOCAL extra_float_digits = 0;
SELECT is(count(*) FILTER (WHERE s::text::sales_series::text <> s::text), 0::bigint, 'whatever DateStyle says') FROM series;
SELECT is(sales_series(2.50, '2026-01-15', '[2026-01-01,2026-03-01)')::text, '{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [2.50, 0.00], "sale_days": [14]}', 'the text of a series');
SELECT is(sales_series(a, d, '[0044-03-14 BC,0044-03-17 BC)', 'day')::text, '{"version": 1, "period": "[0044-03-14 BC,0044-03-17 BC)", "grain": "day", "totals": [-1, 3, 0], "sale_days": [1]}', 'the text of a series BC')
FROM (VALUES (-1, date '0044-03-14 BC'), (3, '0044-03-15 BC')) AS x (a, d);
RESET DateStyle;

SELECT is(s::sales_series::text, '{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [2.50, 0.00], "sale_days": [14]}', name)
FROM (VALUES
  ('as it is written', '{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [2.50, 0.00], "sale_days": [14]}'),
  ('any order of the keys, any space', E' {"sale_days":[ 14 ]\n,"totals":[2.50,0],"grain":"month","period":"[2026-01-01,2026-03-01)","version":1}\t'),
  ('numbers as JSON has them', '{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [25e-1, 0.00e0], "sale_days": [1.4e1]}'),
  ('the last of a key given twice', '{"version": 2, "version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [2.50, 0.00], "sale_days": [14]}')
) AS x (name, s);

SELECT is(jsonb_typeof(s::jsonb -> 'totals') || (s::jsonb ->> 'grain') || (s::jsonb #>> '{sale_days,0}'), 'arraymonth14', 'jsonb can be taken apart')
FROM (SELECT sales_series(2.50, '2026-01-15', '[2026-01-01,2026-03-01)') AS s) AS x;
SELECT is(sales_series(s::jsonb)::text, s::text, 'the cast as a function') FROM series WHERE n = 1 AND grain = 'week';
SELECT is(ARRAY[NULL::text::sales_series::text, NULL::jsonb::sales_series::text, NULL::sales_series::jsonb::text, sales_series(NULL::jsonb)::text], array_fill(NULL::text, ARRAY[4]), 'NULL is NULL');

-- What is refused

CREATE FUNCTION pg_temp.text_with(VARIADIC changes text[] DEFAULT '{}') RETURNS text
RETURN (
  SELECT '{' || string_agg(format('"%s": %s', key, value), ', ') || '}'
  FROM (SELECT key, coalesce(new, old) AS value
    FROM (VALUES (1, 'version', '1'), (2, 'period', '"[2026-01-01,2026-03-01)"'), (3, 'grain', '"month"'), (4, 'totals', '[2.50, 0.00]'), (5, 'sale_days', '[14]')) AS x (n, key, old)
    LEFT JOIN (SELECT changes[i] AS key, changes[i + 1] AS new FROM generate_series(1, cardinality(changes), 2) AS i) AS c USING (key) ORDER BY n) AS y
  WHERE value <> '');

SELECT is(split_part(pg_temp.error_of(format('SELECT %L::sales_series', pg_temp.text_with(VARIADIC changes))), ' | ', 1) || ' | ' || split_part(pg_temp.error_of(format('SELECT %L::sales_series', pg_temp.text_with(VARIADIC changes))), ' | ', 2),
  expected, left(changes::text, 100))
FROM (VALUES
  (ARRAY['version', '2'], '22P02 | malformed sales_series: its version is unknown'),
  (ARRAY['version', '0'], '22P02 | malformed sales_series: its version is unknown'),
  (ARRAY['version', '-1'], '22P02 | malformed sales_series: version is not a whole number in its limits'),
  (ARRAY['version', '1.0'], '22P02 | malformed sales_series: version is not a whole number in its limits'),
  (ARRAY['version', '1e60'], '22P02 | malformed sales_series: version is not a whole number in its limits'),
  (ARRAY['version', '"1"'], '22P02 | malformed sales_series: key "version" has a value of the wrong type'),
  (ARRAY['version', 'null'], '22P02 | malformed sales_series: key "version" has a value of the wrong type'),
  (ARRAY['version', ''], '22P02 | malformed sales_series: it is not a JSON object of five keys'),
  (ARRAY['version', '1, "more": 1'], '22P02 | malformed sales_series: it is not a JSON object of five keys'),
  (ARRAY['version', '', 'grain', '"month", "Version": 1'], '22P02 | malformed sales_series: key "version" is missing'),
  (ARRAY['period', '', 'grain', '"month", "Period": 1'], '22P02 | malformed sales_series: key "period" is missing'),
  (ARRAY['totals', '', 'grain', '"month", "Totals": 1'], '22P02 | malformed sales_series: key "totals" is missing'),
  (ARRAY['sale_days', '', 'grain', '"month", "Sale_days": 1'], '22P02 | malformed sales_series: key "sale_days" is missing'),
  (ARRAY['period', '1'], '22P02 | malformed sales_series: key "period" has a value of the wrong type'),
  (ARRAY['period', '["2026-01-01", "2026-03-01"]'], '22P02 | malformed sales_series: key "period" has a value of the wrong type'),
  (ARRAY['grain', 'true'], '22P02 | malformed sales_series: key "grain" has a value of the wrong type'),
  (ARRAY['grain', '"Month"'], '22P02 | malformed sales_series: its grain is unknown'),
  (ARRAY['grain', '""'], '22P02 | malformed sales_series: its grain is unknown'),
  (ARRAY['totals', '{"0": 2.50, "1": 0}'], '22P02 | malformed sales_series: key "totals" has a value of the wrong type'),
  (ARRAY['totals', '2.50'], '22P02 | malformed sales_series: key "totals" has a value of the wrong type'),
  (ARRAY['totals', '[]'], '22P02 | malformed sales_series: it has 0 totals where the period has 2 buckets'),
  (ARRAY['totals', '[2.50]'], '22P02 | malformed sales_series: it has 1 totals where the period has 2 buckets'),
  (ARRAY['totals', '[2.50, 0, 0]'], '22P02 | malformed sales_series: it has 3 totals where the period has 2 buckets'),
  (ARRAY['totals', '[2.50, "0"]'], '22P02 | malformed sales_series: a total is not a number'),
  (ARRAY['totals', '[2.50, null]'], '22P02 | malformed sales_series: a total is not a number'),
  (ARRAY['totals', '[2.50, [0]]'], '22P02 | malformed sales_series: a total is not a number'),
  (ARRAY['totals', '[2.50, NaN]'], '22P02 | invalid input syntax for type json'),
  (ARRAY['totals', '[2.50, 1]'], '22P02 | malformed sales_series: a bucket with a positive total has no day bought on'),
  (ARRAY['totals', '[0, 1]'], '22P02 | malformed sales_series: a bucket with a positive total has no day bought on'),
  (ARRAY['totals', '[1e38, 0]'], '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly'),
  (ARRAY['totals', '[1e30, 1e-20]'], '22003 | amounts with 31 digits before and 20 after the decimal point cannot be added exactly'),
  (ARRAY['totals', '[1e131071, 0]'], '22003 | amounts with 131072 digits before and 0 after the decimal point cannot be added exactly'),
  (ARRAY['sale_days', '{}'], '22P02 | malformed sales_series: key "sale_days" has a value of the wrong type'),
  (ARRAY['sale_days', '14'], '22P02 | malformed sales_series: key "sale_days" has a value of the wrong type'),
  (ARRAY['sale_days', '["14"]'], '22P02 | malformed sales_series: a sale day is not a number'),
  (ARRAY['sale_days', '[null]'], '22P02 | malformed sales_series: a sale day is not a number'),
  (ARRAY['sale_days', '[14, 14]'], '22P02 | malformed sales_series: its sale days do not rise inside the period'),
  (ARRAY['sale_days', '[14, 3]'], '22P02 | malformed sales_series: its sale days do not rise inside the period'),
  (ARRAY['sale_days', '[14, 59]'], '22P02 | malformed sales_series: its sale days do not rise inside the period'),
  (ARRAY['sale_days', '[-1, 14]'], '22P02 | malformed sales_series: a sale day is not a whole number in its limits'),
  (ARRAY['sale_days', '[14.5]'], '22P02 | malformed sales_series: a sale day is not a whole number in its limits'),
  (ARRAY['sale_days', '[1e-50]'], '22P02 | malformed sales_series: a sale day is not a whole number in its limits'),
  (ARRAY['sale_days', '[36526]'], '22P02 | malformed sales_series: a sale day is not a whole number in its limits'),
  (ARRAY['sale_days', '[99999999999999999999]'], '22P02 | malformed sales_series: a sale day is not a whole number in its limits'),
  (ARRAY['sale_days', '[40]'], '22P02 | malformed sales_series: a bucket with a positive total has no day bought on'),
  (ARRAY['sale_days', '[]'], '22P02 | malformed sales_series: a bucket with a positive total has no day bought on'),
  (ARRAY['sale_days', '[14, 58]'], 'no error | '),
  (ARRAY['totals', '[-1, 0]', 'sale_days', '[]'], 'no error | '),
  (ARRAY['totals', '[-1, 0]'], 'no error | ')
) AS x (changes, expected);

SELECT is(pg_temp.error_of(format('SELECT %L::sales_series', pg_temp.text_with('period', period))),
  '22P02 | malformed sales_series: the period is not a range of up to a hundred years like [2026-01-01,2027-01-01) | Write it like {"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100.00, 0.00], "sale_days": [0, 14]}.', 'period ' || left(period, 80))
FROM unnest(ARRAY['""', '"["', '"[)"', '"[,)"', '"empty"', '"(2026-01-01,2026-03-01)"', '"[2026-01-01,2026-03-01]"', '"[2026-01-01,)"', '"(,2026-01-01)"', '"[2026-01-01,infinity)"', '"[-infinity,2026-01-01)"',
  '"[2026-01-01 ,2026-03-01)"', '"[ 2026-01-01,2026-03-01)"', '"[2026-1-1,2026-03-01)"', '"[+2026-01-01,2026-03-01)"', '"[2026-01-01,2026-02-30)"', '"[2026-00-01,2026-03-01)"', '"[2026-01-00,2026-03-01)"',
  '"[2026-13-01,2026-03-01)"', '"[0000-01-01,0000-03-01)"', '"[-2026-01-01,-2026-03-01)"', '"[2026-03-01,2026-01-01)"', '"[2026-01-01,2026-01-01)"', '"[1926-01-01,2026-01-02)"', '"[99999999-01-01,99999999-02-01)"', '"[99999999999999999999-01-01,2026-02-01)"',
  '"[5874898-01-01,5874898-02-01)"', '"[4715-01-01 BC,4715-03-01 BC)"', '"[4714-11-23 BC,4714-11-25 BC)"', '"[2026-01-01 AD,2026-03-01 AD)"', '"[2026-01-01,2026-03-01,2026-05-01)"', '"2026-01-01,2026-03-01"',
  '"[01/01/2026,03/01/2026)"', '"[today,tomorrow)"', '"[' || repeat('9', 1000) || ',2026-01-01)"', '"[' || repeat('[', 200) || ',)"']) AS period;

SELECT is(pg_temp.error_of(format('SELECT %L::sales_series', given)), expected, 'not an object: ' || left(given, 40))
FROM (VALUES
  ('', '22P02 | malformed sales_series: it is not a JSON object of five keys | Write it like {"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100.00, 0.00], "sale_days": [0, 14]}.'),
  ('{', '22P02 | invalid input syntax for type json'),
  ('nonsense', '22P02 | malformed sales_series: it is not a JSON object of five keys | Write it like {"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100.00, 0.00], "sale_days": [0, 14]}.'),
  ('[1, 2, 3, 4, 5]', '22P02 | malformed sales_series: it is not a JSON object of five keys | Write it like {"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100.00, 0.00], "sale_days": [0, 14]}.'),
  ('null', '22P02 | malformed sales_series: it is not a JSON object of five keys | Write it like {"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100.00, 0.00], "sale_days": [0, 14]}.'),
  ('5', '22P02 | malformed sales_series: it is not a JSON object of five keys | Write it like {"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100.00, 0.00], "sale_days": [0, 14]}.'),
  ('{}', '22P02 | malformed sales_series: it is not a JSON object of five keys | Write it like {"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100.00, 0.00], "sale_days": [0, 14]}.')
) AS x (given, expected);
SELECT is(left(pg_temp.error_of(format('SELECT %L::sales_series', repeat('{"a":', 1000000))), 5), '54001', 'a million objects in one another');
SELECT is(pg_temp.error_of('SELECT jsonb_build_object(''a'', 1)::sales_series'), '22P02 | malformed sales_series: it is not a JSON object of five keys | Write it like {"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100.00, 0.00], "sale_days": [0, 14]}.', 'jsonb is checked the same');
SELECT is(left(pg_temp.error_of(format('SELECT %L::sales_series', pg_temp.text_with('totals', '[' || repeat('1,', 999999) || '1]'))), 94), '22P02 | malformed sales_series: it has 1000000 totals where the period has 2 buckets | Write i', 'a million totals');
SELECT is(left(pg_temp.error_of(format('SELECT %L::sales_series', pg_temp.text_with('sale_days', '[' || repeat('14,', 999999) || '14]'))), 80), '22P02 | malformed sales_series: its sale days do not rise inside the period | Wr', 'a million sale days');
SELECT is(left(pg_temp.error_of(format('SELECT %L::sales_series', pg_temp.text_with('period', '"[0001-01-01,4000-01-01)"', 'grain', '"day"'))), 60), '22P02 | malformed sales_series: the period is not a range of', 'a million buckets');

-- every text one letter away from a good one is refused, or read as a series that survives its own text
CREATE FUNCTION pg_temp.outcome(given text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  s sales_series;
BEGIN
  s := given;
  IF s::text::sales_series::text = s::text AND total(s) IS NOT NULL AND sale_days(s) >= 0 THEN
    RETURN 'good';
  END IF;
  RETURN 'bad ' || s::text;
EXCEPTION
  WHEN invalid_text_representation OR numeric_value_out_of_range THEN
    RETURN 'refused';
END $$;
SELECT is(array_agg(DISTINCT pg_temp.outcome(overlay(text PLACING letter FROM i FOR n))), '{good,refused}', 'texts one change away')
FROM (SELECT sales_series(a, d, '[2026-01-30,2026-03-10)', 'week')::text AS text FROM (VALUES (2.50, date '2026-02-01'), (-12345678901234567890, date '2026-02-28')) AS x (a, d)) AS y,
  generate_series(1, length(text)) AS i, unnest(ARRAY['', '0', '9', '-', '.', ',', '[', ']', '"', ' ', 'e', ')', '{', '}', E'\\', 'é', '99999999999999999999999']) AS letter, (VALUES (0), (1), (5)) AS v (n);

-- A stored form that a broken disk has changed: refused, or read as some series, but never a crash

CREATE TYPE image;
CREATE FUNCTION image_in(cstring) RETURNS image AS 'byteain' LANGUAGE internal IMMUTABLE STRICT;
CREATE FUNCTION image_out(image) RETURNS cstring AS 'byteaout' LANGUAGE internal IMMUTABLE STRICT;
CREATE TYPE image (INPUT = image_in, OUTPUT = image_out, INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended);
CREATE CAST (image AS sales_series) WITHOUT FUNCTION;
CREATE CAST (sales_series AS image) WITHOUT FUNCTION;
CREATE FUNCTION pg_temp.feed(stored bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  query text;
BEGIN
  FOREACH query IN ARRAY ARRAY['$1::text', 'sales_series_send($1)', 'totals($1)', 'sale_days($1)', 'last_sale($1)', 'buckets($1)', 'xyz_class($1)', 'akb_stable($1, 1)', 'regrain($1, ''year'')',
    'slice($1, period($1))', 'sales_series_combine($1, $1)', 'sales_series_finish($1)', 'sales_series_accumulate($1, 1, lower(period($1)), period($1), grain($1))', 'seasonality($1)', 'run_rate($1, upper(period($1)))', '$1 = $1', 'rollup($1)']
  LOOP
    BEGIN
      EXECUTE 'SELECT ' || query USING stored::text::image::sales_series;
    EXCEPTION WHEN data_corrupted OR numeric_value_out_of_range OR invalid_parameter_value THEN
      NULL;
    END;
  END LOOP;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RETURN concat('in ', query)  || ': ' || SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE TABLE images AS SELECT s::image::text::bytea AS image FROM series WHERE n IN (2, 5) OR (n, grain) = (3, 'quarter') UNION ALL SELECT sales_series_accumulate(NULL, 9e37, '2026-01-05', '[2026-01-01,2026-02-01)')::image::text::bytea;
SELECT is(pg_temp.error_of(format('SELECT total(%L::image::sales_series)', image)), message, 'a stored form of ' || octet_length(image) || ' bytes')
FROM (VALUES ('\x'::bytea, 'XX001 | malformed sales_series of 4 bytes'), ('\x01', 'XX001 | malformed sales_series of 5 bytes'), (decode(repeat('00', 20), 'hex'), 'XX001 | malformed sales_series of 24 bytes'),
  (decode(repeat('ff', 100), 'hex'), 'XX001 | malformed sales_series of 104 bytes'), (decode('01047f' || repeat('00', 60), 'hex'), 'XX001 | malformed sales_series of 67 bytes')) AS x (image, message);
SELECT is(string_agg(DISTINCT pg_temp.feed(set_byte(image, i, value)), '; '), NULL, 'a stored form with one byte changed') FROM images, generate_series(0, octet_length(image) - 1) AS i, unnest(ARRAY[0, 1, 24, 127, 255]) AS value WHERE octet_length(image) < 80;
SELECT is(string_agg(DISTINCT pg_temp.feed(substr(image, 1, i)), '; '), NULL, 'a stored form cut anywhere') FROM images, generate_series(0, octet_length(image) - 1) AS i WHERE octet_length(image) < 80;

-- From 16 on a caller may ask first, and COPY may skip, without an error being raised.
SELECT current_setting('server_version_num')::int >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT is(pg_input_is_valid(given, type), valid, format('%s as %s is asked for', left(given, 30), type))
FROM (VALUES
  ('{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100, 0], "sale_days": [0]}', 'sales_series', true),
  ('{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100], "sale_days": [0]}', 'sales_series', false),
  ('{"version": 1, "period": "[2026-01-01,2026-02-01)", "grain": "month", "totals": [1e40], "sale_days": [0]}', 'sales_series', false),
  ('{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [1e37, 0.123], "sale_days": [0, 31]}', 'sales_series', false),
  ('{"version": 1', 'sales_series', false),
  ('January', 'sales_series', false),
  ('100 => 1%', 'tier_ladder', true),
  ('100 => 1%, 100 => 2%', 'tier_ladder', false),
  ('100 =>', 'tier_ladder', false)) AS x (given, type, valid);
\else
SELECT skip('errors of input functions can be collected from PostgreSQL 16 on', 9);
\endif

SELECT * FROM finish();
ROLLBACK;
