-- work_calendar as an analyst writes it

-- Text in and out
SELECT t AS given, t::work_calendar AS calendar
FROM unnest(ARRAY[
  'weekend fri,sat',
  'weekend none',
  'WEEKEND Sunday , SATURDAY',
  'weekend mon,tue,wed,thu,fri,sat,sun; workdays 2026-04-01',
  'weekend fri,sat; holidays 2026-04-02,2026-04-01; workdays 2026-04-11',
  'workdays 2026-04-11;holidays 2026-04-01..2026-04-05 , 2026-04-08;weekend sat,fri',
  'weekend sat,sun; holidays 2026-05-01,2026-05-02,2026-05-01; workdays 2026-05-04',
  E'\tweekend\nsun ;\n holidays 0044-03-15 BC, 12026-1-1'
]) AS t;

-- Constructor
SELECT work_calendar('weekend fri,sat') AS a_lone_literal_is_text;
SELECT work_calendar(ARRAY['fri','sat']);
SELECT work_calendar('{fri,sat}', '{2026-04-02,2026-04-01}');
SELECT work_calendar('{Friday,SAT}', '{2026-04-01,2026-04-02}', '{2026-04-11}');
SELECT work_calendar(weekend => '{sun}', workdays => ARRAY[date '2026-04-12']);
SELECT work_calendar('{}', '{}', '{}') AS no_weekend, work_calendar(ARRAY['sun'], NULL, NULL) AS no_dates,
  work_calendar(NULL, '{2026-04-02}') IS NULL AS no_calendar;

-- Questions
SELECT workdays('weekend sat,sun', '[2024-02-01,2024-03-01)') AS mon_fri, workdays('weekend fri,sat', '[2024-02-01,2024-03-01)') AS sun_thu,
  workdays('weekend sat,sun', 'empty') AS empty;
SELECT is_workday('weekend fri,sat; workdays 2026-04-10', day::date), day::date
FROM generate_series(timestamp '2026-04-08', '2026-04-12', '1 day') AS day;
SELECT n, add_workdays('weekend fri,sat; holidays 2026-04-02', '2026-04-03', n)
FROM generate_series(-2, 3) AS n;
SELECT add_workdays('weekend sat,sun', '2026-04-04', 0), add_workdays('weekend sat,sun', '2026-04-04', 1), add_workdays('weekend sat,sun', '2026-04-04', -1);

-- A country's published numbers: holidays and the weekend days moved into work
CREATE TABLE country (name text, weekend text[], holidays date[], workdays date[]);
INSERT INTO country VALUES
  ('Russia 2018', '{sat,sun}',
   '{2018-01-01,2018-01-02,2018-01-03,2018-01-04,2018-01-05,2018-01-08,2018-02-23,2018-03-08,2018-03-09,2018-04-30,2018-05-01,2018-05-02,2018-05-09,2018-06-11,2018-06-12,2018-11-05,2018-12-31}',
   '{2018-04-28,2018-06-09,2018-12-29}'),
  ('Russia 2019', '{sat,sun}',
   '{2019-01-01,2019-01-02,2019-01-03,2019-01-04,2019-01-05,2019-01-06,2019-01-07,2019-01-08,2019-02-23,2019-03-08,2019-05-01,2019-05-02,2019-05-03,2019-05-09,2019-05-10,2019-06-12,2019-11-04}', NULL),
  ('Moldova 2024', '{sat,sun}',
   '{2024-01-01,2024-01-07,2024-01-08,2024-03-08,2024-05-01,2024-05-05,2024-05-06,2024-05-09,2024-05-13,2024-06-01,2024-08-27,2024-08-31,2024-12-25}', NULL);
SELECT name, array_agg(workdays(work_calendar(weekend, holidays, workdays), daterange(m::date, (m + interval '1 month')::date)) ORDER BY m) AS months,
  sum(workdays(work_calendar(weekend, holidays, workdays), daterange(m::date, (m + interval '1 month')::date))) AS year
FROM country CROSS JOIN LATERAL generate_series(make_timestamp(right(name, 4)::integer, 1, 1, 0, 0, 0), make_timestamp(right(name, 4)::integer, 12, 1, 0, 0, 0), '1 month') AS m
GROUP BY name ORDER BY name;

-- Aggregates
CREATE TABLE holiday (country text, day date, works boolean);
INSERT INTO holiday VALUES ('IL', '2026-04-02', false), ('IL', '2026-04-08', false), ('IL', '2026-04-08', false),
  ('RU', '2026-05-01', false), ('RU', '2026-05-02', false), ('RU', '2026-05-11', NULL), ('RU', '2026-05-16', true), ('US', NULL, NULL);
SELECT country, work_calendar_agg(CASE country WHEN 'IL' THEN ARRAY['fri','sat'] ELSE '{sat,sun}' END, day) AS calendar
FROM holiday WHERE works IS NOT true GROUP BY country ORDER BY country;
SELECT country, work_calendar_agg(CASE country WHEN 'IL' THEN ARRAY['fri','sat'] ELSE '{sat,sun}' END, day, works) AS calendar
FROM holiday GROUP BY country ORDER BY country;
SELECT work_calendar_agg('{sat,sun}', '2026-05-01'), work_calendar_agg('{sat,sun}', '2026-05-01', false), work_calendar_agg('{}', NULL);
SELECT work_calendar_agg('{sat,sun}', day) FROM holiday WHERE false;

-- jsonb
SELECT work_calendar('weekend fri,sat; holidays 2026-04-01,2026-04-02; workdays 2026-04-11')::jsonb, work_calendar('weekend none')::jsonb;
SELECT '{"workdays": ["2026-04-11"], "weekend": ["Saturday", "fri"], "holidays": ["2026-04-02", "2026-04-01"]}'::jsonb::work_calendar;

-- Comparison: by the days that are worked
SELECT work_calendar('weekend sat,sun; holidays 2026-05-02') = 'weekend sun,sat' AS same_days,
  work_calendar('weekend sat,sun') <> 'weekend fri,sat' AS other_weekend,
  work_calendar('weekend sat,sun') < 'weekend sat,sun; holidays 2026-05-01' AS fewer_first;
SELECT c, count(*) FROM unnest('{"weekend fri,sat","weekend sat,fri","weekend sun"}'::work_calendar[]) AS c GROUP BY c ORDER BY c;

-- A table with calendars through COPY
CREATE TABLE region (id int, calendar work_calendar);
COPY region FROM stdin;
1	weekend fri,sat; holidays 2026-04-02; workdays 2026-04-11
2	weekend none
3	\N
\.
INSERT INTO region SELECT 4, work_calendar_agg('{fri,sat}', date '2000-01-01' + d) FROM generate_series(0, 3000, 3) AS d;
COPY (SELECT * FROM region WHERE id < 4 ORDER BY id) TO stdout;
\copy region to program 'cat > "$PG_ABS_BUILDDIR/results/work_calendar.bin"' with (format binary)
CREATE TABLE region_again (LIKE region);
\copy region_again from program 'cat "$PG_ABS_BUILDDIR/results/work_calendar.bin"' with (format binary)
SELECT count(*) AS rows, count(*) FILTER (WHERE a.calendar::text IS NOT DISTINCT FROM b.calendar::text) AS same
FROM region a JOIN region_again b USING (id);

-- What is refused
CREATE FUNCTION refused(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  message text;
  detail text;
  hint text;
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(' | ', SQLSTATE, message, nullif(detail, ''), nullif(hint, ''));
END
$$;

\pset format unaligned
\pset tuples_only on
SELECT format(E'%s\n  %s', t, refused(format('SELECT %L::work_calendar', t)))
FROM unnest(ARRAY[
  '', 'x', '{fri,sat}', 'weekend', 'weekend fri,', 'weekend fri sat', 'weekend fry', 'weekend freitag', 'weekend none,sat',
  'holidays 2026-04-02', 'weekend fri; weekend sat', 'weekend fri; holidays 2026-04-02; holidays 2026-04-03', 'weekend fri;',
  'weekend fri; holidays', 'weekend fri; holidays 02.04.2026', 'weekend fri; holidays 2026-02-29', 'weekend fri; holidays 2026-13-01',
  'weekend fri; holidays 2026-04-02..2026-04-01', 'weekend fri; holidays 2026-04-02...2026-04-03', 'weekend fri; holidays infinity',
  'weekend fri; holidays 0000-01-01', 'weekend fri; holidays 5874898-01-01', 'weekend fri; holidays 1900-01-01..2000-12-31',
  'weekend fri; holidays 2026-04-02; workdays 2026-04-02', 'weekend fri; dienst 2026-04-02'
]) AS t;

SELECT format(E'%s\n  %s', q, refused(q))
FROM unnest(ARRAY[
  $$SELECT work_calendar('{fri,sat}')$$,
  $$SELECT work_calendar(ARRAY['fri','sut'])$$,
  $$SELECT work_calendar(ARRAY['fri',NULL])$$,
  $$SELECT work_calendar(ARRAY[ARRAY['fri','sat']])$$,
  $$SELECT work_calendar(array_fill('fri'::text, ARRAY[8]))$$,
  $$SELECT work_calendar('{fri}', '{2026-04-02,NULL}')$$,
  $$SELECT work_calendar('{fri}', '{infinity}')$$,
  $$SELECT work_calendar('{fri}', NULL, '{-infinity}')$$,
  $$SELECT work_calendar('{fri}', '{{2026-04-02}}')$$,
  $$SELECT work_calendar('{fri}', '{2026-04-02}', '{2026-04-02}')$$,
  $$SELECT work_calendar('{fri}', array_fill(date '2026-04-02', ARRAY[36526]))$$,
  $$SELECT work_calendar_agg('{fri}', 'infinity')$$,
  $$SELECT work_calendar_agg('{fri}', '-infinity', true)$$,
  $$SELECT work_calendar_agg('{fry}', '2026-04-02')$$,
  $$SELECT work_calendar_agg(w, '2026-04-02') FROM unnest('{fri,sat}'::text[]) AS u CROSS JOIN LATERAL (SELECT ARRAY[u]) AS v (w)$$,
  $$SELECT work_calendar_agg('{fri}', '2026-04-02', works) FROM unnest('{true,false}'::boolean[]) AS works$$,
  $$SELECT workdays('weekend fri', '[2026-01-01,)')$$,
  $$SELECT workdays('weekend fri', '[1900-01-01,2001-01-01)')$$,
  $$SELECT is_workday('weekend fri', 'infinity')$$,
  $$SELECT add_workdays('weekend fri', '-infinity', 1)$$,
  $$SELECT add_workdays('weekend sat,sun', '2026-04-02', 30000)$$,
  $$SELECT add_workdays('weekend sat,sun', '2026-04-02', -2147483648)$$,
  $$SELECT add_workdays('weekend mon,tue,wed,thu,fri,sat,sun', '2026-04-02', 0)$$,
  $$SELECT '[]'::jsonb::work_calendar$$,
  $$SELECT '"weekend fri"'::jsonb::work_calendar$$,
  $$SELECT '{}'::jsonb::work_calendar$$,
  $$SELECT '{"weekend": "fri"}'::jsonb::work_calendar$$,
  $$SELECT '{"weekend": ["fry"]}'::jsonb::work_calendar$$,
  $$SELECT '{"weekend": [["fri"]]}'::jsonb::work_calendar$$,
  $$SELECT '{"weekend": [], "holidays": [20260402]}'::jsonb::work_calendar$$,
  $$SELECT '{"weekend": [], "holidays": ["2 Apr 2026"]}'::jsonb::work_calendar$$,
  $$SELECT '{"weekend": [], "holidays": {"2026-04-02": 1}}'::jsonb::work_calendar$$,
  $$SELECT '{"weekend": [], "days": []}'::jsonb::work_calendar$$,
  $$SELECT '{"weekend": [], "holidays": ["2026-04-02"], "workdays": ["2026-04-02"]}'::jsonb::work_calendar$$
]) AS q;

DROP FUNCTION refused;
DROP TABLE country, holiday, region, region_again;
