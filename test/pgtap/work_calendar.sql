-- The type work_calendar: forms, aggregates, counting of days, and what it refuses
\set QUIET 1
BEGIN;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql
SELECT plan(96);

-- A number from 0 to below n that depends on the seed only
CREATE FUNCTION pick(seed text, n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT (('x' || left(md5(seed), 8))::bit(32)::bigint % n)::int
$$;

-- Random calendars: any weekend, up to 40 dates of each kind within a year or within thirty
CREATE TABLE made AS
SELECT id,
  (SELECT coalesce(array_agg(to_char(date '2026-11-01' + d, CASE pick(id || 'form' || d, 3) WHEN 0 THEN 'dy' WHEN 1 THEN 'DY' ELSE 'FMDay' END)), '{}')
   FROM generate_series(0, 6) d WHERE pick(id || 'w', 128) >> d & 1 = 1) AS weekend,
  pick(id || 'w', 128) AS mask,
  (SELECT coalesce(array_agg(DISTINCT d), '{}')
   FROM generate_series(1, pick(id || 'h', 41)) i CROSS JOIN LATERAL (SELECT date '1995-01-01' + pick(id || 'h' || i, CASE WHEN id % 2 = 0 THEN 365 ELSE 11000 END)) v (d)) AS holidays,
  (SELECT coalesce(array_agg(DISTINCT d), '{}')
   FROM generate_series(1, pick(id || 'm', 41)) i CROSS JOIN LATERAL (SELECT date '1995-01-01' + pick(id || 'm' || i, CASE WHEN id % 2 = 0 THEN 365 ELSE 11000 END)) v (d)
   WHERE d <> ALL (SELECT date '1995-01-01' + pick(id || 'h' || i, CASE WHEN id % 2 = 0 THEN 365 ELSE 11000 END) FROM generate_series(1, pick(id || 'h', 41)) i)) AS workdays
FROM generate_series(1, 400) id;
CREATE TABLE calendars AS
SELECT *, work_calendar(weekend, holidays, workdays) AS calendar, work_calendar(weekend, holidays) AS without_workdays FROM made;

-- what a day is by plain SQL
CREATE FUNCTION works(mask int, holidays date[], workdays date[], day date) RETURNS boolean IMMUTABLE
RETURN day = ANY (workdays) OR (mask >> extract(dow FROM day)::int & 1 = 0 AND day <> ALL (holidays));
CREATE TABLE days AS
SELECT id, d::date AS day, works(mask, holidays, workdays, d::date) AS worked
FROM calendars CROSS JOIN generate_series(timestamp '1994-12-15', '1996-01-31', '1 day') d;
INSERT INTO days
SELECT id, d::date, works(mask, holidays, workdays, d::date)
FROM calendars CROSS JOIN generate_series(timestamp '1996-02-01', '2025-12-31', '1 day') d WHERE id <= 10;
CREATE INDEX ON days (id, day);
ANALYZE days;

SELECT ok(count(*) > 100 AND count(DISTINCT mask) > 90 AND bool_or(mask = 0), 'there are calendars to try, with most weekends') FROM calendars WHERE cardinality(holidays) > 0 AND cardinality(workdays) > 0;

-- Forms
SELECT is_empty('SELECT id FROM calendars WHERE calendar::text::work_calendar::text <> calendar::text OR calendar::text::work_calendar <> calendar', 'text and back');
SELECT is_empty('SELECT id FROM calendars WHERE calendar::jsonb::work_calendar <> calendar OR calendar::jsonb::text::jsonb::work_calendar::text <> calendar::text', 'jsonb and back');
SELECT is_empty($$
  SELECT id FROM calendars WHERE calendar <> format('weekend %s%s%s',
    CASE mask WHEN 0 THEN 'none' ELSE array_to_string(weekend, ', ') END,
    CASE cardinality(holidays) WHEN 0 THEN '' ELSE ';holidays ' || array_to_string(holidays, ' , ') END,
    CASE cardinality(workdays) WHEN 0 THEN '' ELSE '; workdays ' || array_to_string(workdays, ',') END)::work_calendar
$$, 'the text that a constructor''s arguments make');
SELECT is_empty($$
  SELECT id FROM calendars WHERE calendar::jsonb <> jsonb_strip_nulls(jsonb_build_object(
    'weekend', (SELECT coalesce(jsonb_agg(n ORDER BY d), '[]') FROM unnest('{mon,tue,wed,thu,fri,sat,sun}'::text[]) WITH ORDINALITY AS u (n, d) WHERE mask >> (d % 7)::int & 1 = 1),
    'holidays', (SELECT jsonb_agg(d ORDER BY d) FROM unnest(holidays) d WHERE mask >> extract(dow FROM d)::int & 1 = 0),
    'workdays', (SELECT jsonb_agg(d ORDER BY d) FROM unnest(workdays) d WHERE mask >> extract(dow FROM d)::int & 1 = 1)))
$$, 'jsonb has the weekend, and the dates that change something');
SELECT is('weekend none; holidays 4714-11-24 BC,0001-01-01 BC,0001-01-01,5874897-12-31'::work_calendar::text, 'weekend none; holidays 4714-11-24 BC,0001-01-01 BC,0001-01-01,5874897-12-31', 'the first and the last date there are');
SELECT is(work_calendar('weekend sun; holidays 2024-02-26..2024-03-04')::text, 'weekend sun; holidays 2024-02-26,2024-02-27,2024-02-28,2024-02-29,2024-03-01,2024-03-02,2024-03-04', 'holidays from .. to, over a leap day and a Sunday');
SELECT is(work_calendar('weekend none; holidays 1900-01-01..1999-12-31'), work_calendar('{}', (SELECT array_agg(date '1900-01-01' + d) FROM generate_series(0, 36523) d)), 'a hundred years of holidays');
SELECT is(workdays('weekend none; holidays 1900-01-01..1999-12-31', '[1900-01-01,2000-01-01)'), 0, 'and none of it is worked');
SET LOCAL datestyle = 'German';
SELECT is('weekend fri; holidays 2026-04-02'::work_calendar::text || ' ' || ('weekend fri; holidays 2026-04-02'::work_calendar::jsonb ->> 'holidays'), 'weekend fri; holidays 2026-04-02 ["2026-04-02"]', 'DateStyle changes nothing');
RESET datestyle;

-- What is known
SELECT is(workdays(calendar::work_calendar, period::daterange), expected, calendar || ' ' || period)
FROM (VALUES
  ('weekend sat,sun', '[2011-01-01,2011-02-01)', 21),
  ('weekend sat,sun', '[2011-01-01,2012-01-01)', 260),
  ('weekend mon,tue,wed,thu,fri,sun', '[2011-01-01,2012-01-01)', 53),
  ('weekend sat,sun', '[2024-02-01,2024-03-01)', 21),
  ('weekend fri,sat', '[2024-02-01,2024-03-01)', 21),
  ('weekend sat,sun', '[2024-02-01,2024-02-15]', 11),
  ('weekend fri,sat', '[2024-02-01,2024-02-15]', 11),
  ('weekend sat,sun', '[2023-02-01,2023-03-01)', 20),
  ('weekend fri,sat', '[2023-02-01,2023-03-01)', 20),
  ('weekend sat,sun', '[2024-01-01,2025-01-01)', 262),
  ('weekend sat,sun', '[2024-01-01,2024-02-29]', 44),
  ('weekend sat,sun', '[2024-06-01,2024-06-01]', 0),
  ('weekend fri,sat', '[2024-06-01,2024-06-01]', 0),
  ('weekend none', '[2024-06-01,2024-07-01)', 30),
  ('weekend none', '[1900-01-01,2000-01-01)', 36524),
  ('weekend sat,sun', 'empty', 0),
  ('weekend none; holidays 2024-06-01', '[2024-06-01,2024-06-01]', 0),
  ('weekend sat; workdays 2024-06-01', '[2024-06-01,2024-06-01]', 1),
  ('weekend mon,tue,wed,thu,fri,sat,sun', '[2024-01-01,2025-01-01)', 0),
  ('weekend sun', '[4714-11-24 BC,4714-12-01 BC)', 6),
  ('weekend sat', '[5874897-12-24,5874897-12-31)', 6)
) AS v (calendar, period, expected);

-- Comparison with plain SQL
SELECT is_empty('SELECT id, day FROM days JOIN calendars USING (id) WHERE is_workday(calendar, day) IS DISTINCT FROM worked', 'is_workday is plain SQL''s');
SELECT is_empty($$
  SELECT id, lower, upper FROM (
    SELECT id, calendar, date '1994-12-15' + pick(id || 'l' || n, 380) AS lower, pick(id || 'u' || n, CASE n % 3 WHEN 0 THEN 10 ELSE 400 END) AS length
    FROM calendars, generate_series(1, 20) n) x
  CROSS JOIN LATERAL (SELECT least(lower + length, date '1996-02-01') AS upper) y
  WHERE workdays(calendar, daterange(lower, upper)) IS DISTINCT FROM
    (SELECT count(*) FROM days WHERE days.id = x.id AND day >= lower AND day < upper AND worked)::int
$$, 'workdays is plain SQL''s, in short periods');
SELECT is_empty($$
  SELECT id, lower, upper FROM (
    SELECT id, calendar, date '1994-12-15' + pick(id || 'll' || n, 11000) AS lower, date '1994-12-15' + pick(id || 'lu' || n, 11000) AS upper
    FROM calendars, generate_series(1, 60) n WHERE id <= 10) x
  WHERE lower <= upper AND workdays(calendar, daterange(lower, upper)) IS DISTINCT FROM
    (SELECT count(*) FROM days WHERE days.id = x.id AND day >= lower AND day < upper AND worked)::int
$$, 'and in long ones');
SELECT is_empty($$
  SELECT id, n, start, calendar FROM (
    SELECT id, calendar, start, n,
      CASE WHEN n > 0 THEN (SELECT day FROM days WHERE days.id = c.id AND worked AND day > start ORDER BY day OFFSET n - 1 LIMIT 1)
           WHEN n < 0 THEN (SELECT day FROM days WHERE days.id = c.id AND worked AND day < start ORDER BY day DESC OFFSET -n - 1 LIMIT 1)
           ELSE (SELECT day FROM days WHERE days.id = c.id AND worked AND day >= start ORDER BY day LIMIT 1) END AS expected
    FROM calendars c, unnest('{-60,-7,-2,-1,0,1,2,3,9,60}'::int[]) n, LATERAL (SELECT date '1995-06-01' + pick(c.id || 'a' || n, 60)) s (start)
    OFFSET 0) x
  WHERE expected IS NOT NULL AND add_workdays(calendar, start, n) IS DISTINCT FROM expected
$$, 'add_workdays is plain SQL''s');
SELECT is_empty($$
  SELECT id, n FROM calendars, generate_series(1, 40) n
  WHERE mask <> 127 AND (
    add_workdays(calendar, add_workdays(calendar, '1995-03-05', 0), n) <> add_workdays(calendar, '1995-03-05', n) AND is_workday(calendar, '1995-03-05')
    OR workdays(calendar, daterange('1995-03-05', add_workdays(calendar, '1995-03-05', n), '(]')) <> n
    OR workdays(calendar, daterange(add_workdays(calendar, '1995-03-05', -n), '1995-03-05', '[)')) <> n
    OR add_workdays(calendar, add_workdays(calendar, add_workdays(calendar, '1995-03-05', 0), n), -n) <> add_workdays(calendar, '1995-03-05', 0))
$$, 'adding, counting and taking away agree');
SELECT is_empty($$
  SELECT id FROM calendars, generate_series(1, 12) n
  WHERE workdays(calendar, '[1995-01-01,1996-01-01)') <> (SELECT sum(workdays(calendar, daterange(make_date(1995, m, 1), (make_date(1995, m, 1) + interval '1 month')::date))) FROM generate_series(1, 12) m)
$$, 'the months make the year');

SELECT is(add_workdays('weekend sat,sun', '2026-04-04', n), expected, 'from a Saturday ' || n)
FROM (VALUES (-1, date '2026-04-03'), (0, '2026-04-06'), (1, '2026-04-06'), (5, '2026-04-10'), (6, '2026-04-13')) AS v (n, expected);
SELECT is(add_workdays('weekend none', '5874897-12-30', 1), '5874897-12-31', 'up to the last day there is');
SELECT is(add_workdays('weekend none', '4714-11-25 BC', -1), '4714-11-24 BC', 'and to the first');
SELECT is(ARRAY[add_workdays('weekend none', '2000-01-01', 36525), add_workdays('weekend none', '2000-01-01', -36525)], '{2100-01-01,1899-12-31}', 'a hundred years on and back');
SELECT is(add_workdays('weekend mon,tue,wed,thu,fri,sat,sun; workdays 2099-12-31', '2000-01-01', 1), '2099-12-31', 'the only working day there is');

-- NULL
SELECT ok(workdays(NULL, '[2026-01-01,2026-02-01)') IS NULL AND workdays('weekend fri', NULL) IS NULL AND is_workday(NULL, '2026-01-01') IS NULL AND is_workday('weekend fri', NULL) IS NULL
  AND add_workdays(NULL, '2026-01-01', 1) IS NULL AND add_workdays('weekend fri', NULL, 1) IS NULL AND add_workdays('weekend fri', '2026-01-01', NULL) IS NULL
  AND work_calendar(NULL::text[]) IS NULL AND NULL::work_calendar IS NULL, 'NULL in, NULL out');

-- Aggregates
CREATE TABLE rows AS
SELECT id, weekend, d AS day, false AS works FROM calendars, unnest(holidays || holidays[1:2]) d
UNION ALL SELECT id, weekend, d, true FROM calendars, unnest(workdays) d
UNION ALL SELECT id, weekend, NULL, pick(id || 'n', 2) = 1 FROM calendars
UNION ALL SELECT id, weekend, date '1995-05-05', NULL FROM calendars
UNION ALL SELECT id, NULL, date '1995-05-06', true FROM calendars;
SELECT is_empty($$
  SELECT id FROM rows JOIN calendars c USING (id) GROUP BY id, c.calendar, c.without_workdays
  HAVING work_calendar_agg(rows.weekend, day, works) IS DISTINCT FROM c.calendar
    OR work_calendar_agg(rows.weekend, day, works ORDER BY day) IS DISTINCT FROM c.calendar
    OR work_calendar_agg(rows.weekend, day, works ORDER BY day DESC) IS DISTINCT FROM c.calendar
    OR work_calendar_agg(rows.weekend, day, works ORDER BY md5(day::text)) IS DISTINCT FROM c.calendar
    OR work_calendar_agg(rows.weekend, day) FILTER (WHERE works IS false OR day IS NULL) IS DISTINCT FROM c.without_workdays
$$, 'the aggregates make what the constructor makes, in any order');
SELECT is((SELECT work_calendar_agg(weekend, day) FROM rows WHERE false), NULL, 'no rows: NULL');
SELECT is((SELECT work_calendar_agg(NULL, day, true) FROM rows), NULL, 'no weekend in any row: NULL');
SELECT is((SELECT work_calendar_agg(w, d) FROM (VALUES (NULL::text[], date '2026-01-01'), ('{sun}', NULL)) v (w, d)), 'weekend sun', 'one weekend, no day');
SELECT is((SELECT work_calendar_agg('{sun,sat}', d::date, extract(isodow FROM d) < 6) FROM generate_series(timestamp '2026-01-01', '2026-12-31', '1 day') d), 'weekend sat,sun', 'a table of all days of a year, none of them special');
SELECT results_eq($$
    SELECT d, work_calendar_agg('{sun}', date '2026-01-01' + d) OVER (ORDER BY d ROWS 2 PRECEDING)::text FROM generate_series(0, 4) d
  $$, $$
    VALUES (0, 'weekend sun; holidays 2026-01-01'), (1, 'weekend sun; holidays 2026-01-01,2026-01-02'), (2, 'weekend sun; holidays 2026-01-01,2026-01-02,2026-01-03'),
      (3, 'weekend sun; holidays 2026-01-02,2026-01-03'), (4, 'weekend sun; holidays 2026-01-03,2026-01-05')
  $$, 'over a moving frame');
SELECT results_eq($$
    SELECT DISTINCT d % 2, work_calendar_agg('{sun}', date '2026-01-01' + d, d > 2) OVER (PARTITION BY d % 2)::text FROM generate_series(0, 3) d ORDER BY 1
  $$, $$ VALUES (0, 'weekend sun; holidays 2026-01-01,2026-01-03'), (1, 'weekend sun; holidays 2026-01-02; workdays 2026-01-04') $$ , 'over partitions');
SELECT is_empty($$
  SELECT grouping(k), k FROM (SELECT d % 3 AS k, date '2026-01-01' + d AS day FROM generate_series(0, 30) d) x
  GROUP BY GROUPING SETS ((k), ()) HAVING work_calendar_agg('{sun}', day) <> work_calendar('{sun}', array_agg(day))
$$, 'GROUPING SETS');

-- States by hand: the argument stays as it was
SELECT is(work_calendar_final(work_calendar_accumulate(s, '{sun}', '2026-01-02'))::text || ' / ' || work_calendar_final(work_calendar_combine(s, s))::text || ' / ' || work_calendar_final(s)::text,
  'weekend sun; holidays 2026-01-01,2026-01-02 / weekend sun; holidays 2026-01-01 / weekend sun; holidays 2026-01-01', 'transition and combine functions called by hand')
FROM (SELECT work_calendar_accumulate(NULL, '{sun}', '2026-01-01') AS s OFFSET 0) x;

-- Parallel is the same as serial
CREATE TABLE many AS SELECT r.* FROM rows r, generate_series(1, 5);
ANALYZE many;
ALTER TABLE many SET (parallel_workers = 2);
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT matches(pg_temp.plan_of('SELECT id, work_calendar_agg(weekend, day, works) FROM many GROUP BY id', 'VERBOSE, COSTS OFF'), 'Partial (Group|Hash)Aggregate.*PARTIAL work_calendar_agg', 'parallel: partial groups');
SELECT is_empty($$
  SELECT id FROM (SELECT id, work_calendar_agg(weekend, day, works) AS got FROM many GROUP BY id) x JOIN calendars USING (id) WHERE got IS DISTINCT FROM calendar
$$, 'parallel = serial');
SELECT throws_ok('SELECT work_calendar_agg(weekend, day, works) FROM many', '22023', 'weekend must be the same in all rows of a group', 'parallel: different weekends');
SET LOCAL max_parallel_workers_per_gather = 0;

-- Equality, order, grouping
SELECT is(
  ARRAY[a::work_calendar = b::work_calendar, NOT a::work_calendar <> b::work_calendar,
    work_calendar_hash(a::work_calendar) = work_calendar_hash(b::work_calendar),
    work_calendar_hash(a::work_calendar, 7) = work_calendar_hash(b::work_calendar, 7)],
  array_fill(same, ARRAY[4]), format('equality and hashes of %L and %L', a, b))
FROM (VALUES
  ('weekend none', 'weekend none', true), ('weekend sat,sun', 'weekend Sunday,Saturday', true), ('weekend sat', 'weekend sun', false),
  ('weekend sun; holidays 2026-11-22', 'weekend sun; workdays 2026-11-21', true), ('weekend sun; holidays 2026-11-21', 'weekend sun', false),
  ('weekend sun; workdays 2026-11-22', 'weekend sun', false), ('weekend sun; holidays 2026-11-20', 'weekend sun; holidays 2026-11-21', false)
) v (a, b, same);
SELECT is_empty($$
  SELECT a.id, b.id FROM calendars a, calendars b
  WHERE a.id < 60 AND b.id < 60 AND (
    (a.calendar < b.calendar)::int + (a.calendar = b.calendar)::int + (a.calendar > b.calendar)::int <> 1
    OR (a.calendar <= b.calendar) <> NOT (a.calendar > b.calendar) OR (a.calendar >= b.calendar) <> NOT (a.calendar < b.calendar)
    OR (a.calendar < b.calendar) <> (b.calendar > a.calendar) OR sign(work_calendar_cmp(a.calendar, b.calendar)) <> -sign(work_calendar_cmp(b.calendar, a.calendar))
    OR (a.calendar = b.calendar) <> (a.calendar::text = b.calendar::text))
$$, 'one order, and equal is what has one text');
SELECT is_empty($$
  SELECT 1 FROM calendars a, calendars b, calendars c
  WHERE a.id < 40 AND b.id < 40 AND c.id < 40 AND a.calendar < b.calendar AND b.calendar < c.calendar AND NOT a.calendar < c.calendar
$$, 'transitive');
CREATE UNIQUE INDEX ON calendars (calendar, id);
CREATE INDEX ON calendars USING hash (calendar);
SET LOCAL enable_seqscan = off;
SELECT is_empty('SELECT id FROM calendars c WHERE NOT EXISTS (SELECT FROM calendars d WHERE d.calendar = c.calendar AND d.id = c.id)', 'found through an index');
SET LOCAL enable_seqscan = on;
SELECT is((SELECT count(*) FROM (SELECT calendar FROM calendars UNION SELECT calendar FROM calendars) x), (SELECT count(DISTINCT calendar::text) FROM calendars), 'UNION');

-- Errors
SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ($$SELECT 'weekend fry'::work_calendar$$, '22P02 | invalid input syntax for type work_calendar: "weekend fry" | Write it like weekend fri,sat; holidays 2026-04-02,2026-04-03; workdays 2026-04-12.'),
  ($$SELECT work_calendar('{fri}', '{2026-04-02}', '{2026-04-02}')$$, '22023 | 2026-04-02 is both a holiday and a workday | Leave it out of one of them.'),
  ($$SELECT work_calendar('{fri}', '{2026-04-03}', '{2026-04-03}')$$, '22023 | 2026-04-03 is both a holiday and a workday | Leave it out of one of them.'),
  ($$SELECT work_calendar_agg('{fri}', '2026-04-03', w) FROM unnest('{t,f}'::boolean[]) w$$, '22023 | 2026-04-03 is both a holiday and a workday | Leave it out of one of them.'),
  ($$SELECT work_calendar_combine(work_calendar_accumulate(NULL, '{fri}', '2026-04-02', true), work_calendar_accumulate(NULL, '{fri}', '2026-04-02'))$$, '22023 | 2026-04-02 is both a holiday and a workday | Leave it out of one of them.'),
  ($$SELECT 'weekend none; workdays 1900-01-01..1999-12-31,1850-01-01..1850-01-02'::work_calendar$$, '22023 | a work_calendar has more than 36525 workdays | At most 36525 are allowed, a hundred years of days.'),
  ($$SELECT work_calendar('weekend none; holidays 2000-01-01..5874897-12-31')$$, '22023 | a work_calendar has more than 36525 holidays | At most 36525 are allowed, a hundred years of days.'),
  ($$SELECT add_workdays('weekend none', '2026-01-01', 36526)$$, '22023 | there is no working day number 36526 after 2026-01-01 | They are looked for within 36525 days (a hundred years).'),
  ($$SELECT add_workdays('weekend none', '4714-11-24 BC', -1)$$, '22023 | there is no working day number 1 before 4714-11-24 BC | They are looked for within 36525 days (a hundred years).'),
  ($$SELECT workdays('weekend none', '(,2026-01-01)')$$, '22023 | period must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ($$SELECT work_calendar_final('\x00')$$, 'XX001 | malformed state of work_calendar_agg: 5 bytes')
) AS v (query, expected);

-- Broken text: refused or read, and what is read can be written back
CREATE FUNCTION fuzz(rounds int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  seeds text[] = ARRAY['weekend fri,sat; holidays 2026-04-02,2026-04-03; workdays 2026-04-12', 'holidays 2026-04-02..2026-04-09 ;weekend none', 'weekend Sunday', 'workdays 0044-03-15 BC;weekend sun'];
  letters text[] = ARRAY['0', '9', '.', '..', '-', ',', ';', ' ', E'\t', 'weekend', 'none', 'sat', 'holidays', 'workdays ', ' BC', '2026-02-29', 'ö', '1e9', '\', '"', '99999999', 'infinity'];
  given text;
  place int;
  calendar work_calendar;
  accepted int = 0;
  refused int = 0;
BEGIN
  FOR i IN 1..rounds LOOP
    given = seeds[1 + pick('seed' || i, 4)];
    FOR j IN 0..pick('many' || i, 2) LOOP
      place = pick(i || 'place' || j, length(given) + 1);
      given = CASE pick(i || 'how' || j, 3)
        WHEN 0 THEN left(given, place) || letters[1 + pick(i || 'letter' || j, 22)] || substr(given, place + 1)
        WHEN 1 THEN left(given, place) || letters[1 + pick(i || 'letter' || j, 22)] || substr(given, place + 2)
        ELSE left(given, place) || substr(given, place + 1 + pick(i || 'cut' || j, 5))
      END;
    END LOOP;
    BEGIN
      calendar = given::work_calendar;
      IF calendar::text::work_calendar <> calendar OR calendar::jsonb::work_calendar <> calendar THEN
        RETURN 'no round trip: ' || given;
      END IF;
      accepted = accepted + 1;
    EXCEPTION WHEN invalid_text_representation OR invalid_parameter_value THEN
      refused = refused + 1;
    END;
  END LOOP;
  RETURN CASE WHEN least(accepted, refused) > rounds / 30 THEN 'fine' ELSE accepted || ' accepted, ' || refused || ' refused' END;
END
$$;
SELECT is(fuzz(4000), 'fine', '4000 broken texts');

-- A sort compares many times in one memory context: what comparisons allocate there must not stay until it ends
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TABLE sorted AS SELECT work_calendar('{}', ARRAY[date '1950-01-01' + n * 7919 % 36500]) AS calendar, n FROM generate_series(1, 200000) AS n;
SELECT cmp_ok(bytes, '<', 100000000::numeric, 'memory that a sort of 200000 calendars holds')
FROM (SELECT (SELECT sum(total_bytes) FROM pg_backend_memory_contexts WHERE s.n > 0) AS bytes FROM (SELECT * FROM sorted ORDER BY calendar, n OFFSET 0) AS s WHERE n = 1) AS x;

-- Broken stored bytes: every function looks before it believes them
CREATE CAST (bytea AS work_calendar) WITHOUT FUNCTION;
CREATE CAST (work_calendar AS bytea) WITHOUT FUNCTION;
CREATE FUNCTION corrupted(bytes bytea, uses text[] = ARRAY['$1::work_calendar::text', '$1::work_calendar::jsonb', 'work_calendar_send($1::work_calendar)',
    '$1::work_calendar = $1::work_calendar', 'work_calendar_hash($1::work_calendar)', 'work_calendar_hash($1::work_calendar, 1)',
    'workdays($1::work_calendar, ''[2026-01-01,2027-01-01)'')', 'is_workday($1::work_calendar, ''2026-01-01'')', 'add_workdays($1::work_calendar, ''2026-01-01'', 5)'],
  states text[] = ARRAY['work_calendar_final($1)', 'work_calendar_combine($1, $1)', 'work_calendar_accumulate($1, ''{fri,sat}'', ''2026-01-01'')'])
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  use text;
  caught int = 0;
BEGIN
  FOREACH use IN ARRAY uses || states LOOP
    BEGIN
      EXECUTE 'SELECT ' || use USING bytes;
    EXCEPTION WHEN data_corrupted THEN
      caught = caught + 1;
    END;
  END LOOP;
  RETURN caught = cardinality(uses || states);
END
$$;
SELECT is(pg_temp.error_of(query), '22023 | a work_calendar has more than 36525 ' || what || ' | At most 36525 are allowed, a hundred years of days.', 'aggregate: too many ' || what)
FROM (VALUES
  ('holidays', $$SELECT work_calendar_accumulate('weekend none; holidays 1850-01-01,1900-01-01..1999-12-31'::work_calendar::bytea, '{}', '1800-01-01')$$),
  ('workdays', $$SELECT work_calendar_combine(s, work_calendar_accumulate(NULL, '{mon,tue,wed,thu,fri,sat,sun}', '1800-01-01', true))
    FROM (SELECT 'weekend mon,tue,wed,thu,fri,sat,sun; workdays 1850-01-01,1900-01-01..1999-12-31'::work_calendar::bytea) v (s)$$)
) AS v (what, query);
SELECT is(work_calendar_final(work_calendar_accumulate('weekend none; holidays 1900-01-01..1999-12-31'::work_calendar::bytea, '{}', '1800-01-01')), 'weekend none; holidays 1800-01-01,1900-01-01..1999-12-31', 'not too many');
CREATE TABLE stored AS SELECT 'weekend fri,sat; holidays 2026-04-01,2026-04-02; workdays 2026-04-11'::work_calendar::bytea AS bytes;
SELECT is(bytes::work_calendar::text, 'weekend fri,sat; holidays 2026-04-01,2026-04-02; workdays 2026-04-11', 'stored bytes as they are') FROM stored;
SELECT is_empty('SELECT n FROM stored, generate_series(0, length(bytes) - 1) n WHERE NOT corrupted(substr(bytes, 1, n))', 'every truncation is corrupt');
SELECT ok(corrupted(bytes || '\x00') AND corrupted(bytes || bytes), 'and so is what is too long') FROM stored;
SELECT is_empty($$
  SELECT place, value FROM stored, unnest('{0,2,3,4,5,6,7,8,9,10,11}'::int[]) place, unnest('{0,1,2,3,4,127,128,254,255}'::int[]) value
  WHERE value <> get_byte(bytes, place) AND NOT corrupted(set_byte(bytes, place, value))
$$, 'version, reserved bytes and counts');
SELECT ok(corrupted(set_byte(bytes, 1, 128)), 'an eighth weekday') FROM stored;
SELECT ok(corrupted(set_byte(bytes, 1, 1), states => '{}'), 'a weekend on which the holidays are none') FROM stored;
SELECT ok(corrupted(overlay(bytes PLACING substr(bytes, 17, 4) FROM 13)), 'a date twice') FROM stored;
SELECT ok(corrupted(overlay(bytes PLACING substr(bytes, 17, 4) || substr(bytes, 13, 4) FROM 13)), 'dates that do not rise') FROM stored;
SELECT ok(corrupted(overlay(bytes PLACING decode(infinite, 'hex') FROM 17)), 'a date that does not exist: ' || infinite) FROM stored, unnest('{ffffff7f,7fffffff}'::text[]) infinite;

SELECT * FROM finish();
ROLLBACK;
