-- States of clients and stages of customers, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/error_of.sql

-- Contract and sales

SELECT is(client_state(has_contract, sold, bought_before)::text, CASE
    WHEN has_contract IS NULL OR sold IS NULL THEN NULL
    WHEN has_contract AND sold THEN '(active,f)'
    WHEN sold THEN '(active,t)'
    WHEN has_contract AND bought_before IS DISTINCT FROM false THEN '(lost,f)'
    WHEN has_contract THEN '(not_started,f)'
    WHEN bought_before THEN '(lost,f)'
    ELSE '(potential,f)' END,
  format('contract %s, sold %s, bought before %s', has_contract, sold, bought_before))
FROM unnest('{t,f,NULL}'::boolean[]) AS has_contract, unnest('{t,f,NULL}'::boolean[]) AS sold, unnest('{t,f,NULL}'::boolean[]) AS bought_before;
SELECT results_eq('SELECT (client_state(c = 1, s = 1)).state FROM (VALUES (1, 1), (1, 0), (0, 0), (0, 1)) AS x (c, s)', ARRAY['active', 'lost', 'potential', 'active'], 'the truth table without history');
SELECT is(count(DISTINCT client_state(i % 2 = 0, i % 3 = 0, i % 5 = 0)), 5::bigint, 'many rows') FROM generate_series(1, 3000) AS i;

-- Stages by dates: the thresholds are passed strictly

SELECT is(lifecycle_stage(first_sale::date, previous_sale::date, last_sale::date, as_of::date), stage, format('%s, %s, %s at %s', first_sale, previous_sale, last_sale, as_of))
FROM (VALUES
  (NULL, NULL, NULL, '2026-06-30', 'potential'),
  ('2026-06-30', NULL, '2026-06-30', '2026-06-30', 'new'),
  ('2026-05-01', NULL, '2026-05-01', '2026-06-30', 'new'),
  ('2026-04-30', NULL, '2026-04-30', '2026-06-30', 'at_risk'),
  ('2026-04-01', NULL, '2026-04-01', '2026-06-30', 'at_risk'),
  ('2026-03-31', NULL, '2026-03-31', '2026-06-30', 'lost'),
  ('2026-04-01', '2026-04-01', '2026-06-30', '2026-06-30', 'new'),
  ('2026-03-31', '2026-04-01', '2026-06-30', '2026-06-30', 'active'),
  ('2026-03-31', '2026-03-31', '2026-06-30', '2026-06-30', 'returning'),
  ('2020-01-01', '2026-03-31', '2026-06-29', '2026-06-30', 'active'),
  ('2020-01-01', '2026-03-30', '2026-06-29', '2026-06-30', 'returning'),
  ('2020-01-01', '2026-01-30', '2026-05-01', '2026-06-30', 'returning'),
  ('2020-01-01', '2026-01-30', '2026-04-30', '2026-06-30', 'at_risk'),
  ('2020-01-01', NULL, '2026-06-01', '2026-06-30', 'active'),
  (NULL, '2026-04-01', '2026-06-30', '2026-06-30', NULL),
  (NULL, '2026-03-31', '2026-06-30', '2026-06-30', 'returning'),
  (NULL, NULL, '2026-06-30', '2026-06-30', NULL),
  (NULL, NULL, '2026-04-30', '2026-06-30', 'at_risk'),
  (NULL, NULL, '2026-03-31', '2026-06-30', 'lost'),
  ('2023-11-30', NULL, '2023-11-30', '2024-02-29', 'lost'),
  ('2023-12-01', NULL, '2023-12-01', '2024-02-29', 'at_risk'),
  ('2024-02-29', NULL, '2024-02-29', '2024-04-29', 'new'),
  ('4713-01-01 BC', NULL, '4713-01-01 BC', '5874897-12-31', 'lost'),
  ('5874897-12-31', NULL, '5874897-12-31', '5874897-12-31', 'new'),
  ('4713-01-01 BC', '4713-01-01 BC', '5874897-12-31', '5874897-12-31', 'returning')
) AS x (first_sale, previous_sale, last_sale, as_of, stage);
SELECT is(lifecycle_stage(date '2020-01-01', '2025-01-01', '2026-06-01', '2026-06-30', new_for => days), stage, 'back 29 days ago, new for ' || days)
FROM (VALUES (28, 'active'), (29, 'returning')) AS x (days, stage);
SELECT is(lifecycle_stage(first_sale => '2020-01-01', previous_sale => '2026-05-01', last_sale => '2026-06-01', as_of => '2026-06-30', at_risk_after => risk, lost_after => lost), stage, format('at risk after %s, lost after %s', risk, lost))
FROM (VALUES (0, 1, 'lost'), (28, 29, 'at_risk'), (29, 30, 'returning'), (29, 31, 'active'), (2147483646, 2147483647, 'active')) AS x (risk, lost, stage);
SELECT is(lifecycle_stage(last_sale - 400, last_sale - gap, last_sale, '2026-06-30', lost_after => greatest(90, ceil(3 * mean))::integer), stage, 'thresholds that differ by row')
FROM (VALUES (date '2026-04-01', 30, 45.5, 'at_risk'), ('2026-02-01', 60, 45.5, 'lost'), ('2026-06-20', 120, 30.0, 'returning'), ('2026-06-20', 120, 45.5, 'active')) AS x (last_sale, gap, mean, stage);
SELECT is(ARRAY[lifecycle_stage(date '2026-01-01', '2026-01-01', '2026-03-01', NULL), lifecycle_stage(date '2026-01-01', '2026-01-01', '2026-03-01', '2026-04-01', NULL),
    lifecycle_stage(date '2026-01-01', '2026-01-01', '2026-03-01', '2026-04-01', lost_after => NULL), lifecycle_stage(date '2026-01-01', '2026-01-01', '2026-03-01', '2026-04-01', new_for => NULL)],
  ARRAY[NULL, NULL, NULL, NULL]::text[], 'NULL settings');

-- Days as a set: what was bought on, ever

CREATE FUNCTION pg_temp.series(days text, period daterange, grain text DEFAULT 'month') RETURNS sales_series
RETURN (SELECT sales_series(1, day::date, period, grain) FROM string_to_table(days, ',') AS day);

SELECT is(lifecycle_stage(pg_temp.series(days, '[2026-01-01,2026-07-01)'), as_of::date, first_sale::date), stage, format('%s, first on %s, at %s', days, first_sale, as_of))
FROM (VALUES
  ('2026-06-30', '2026-06-30', '2026-06-30', 'new'),
  ('2026-06-30', '2026-04-01', '2026-06-30', 'new'),
  ('2026-06-30', '2026-03-31', '2026-06-30', 'returning'),
  ('2026-06-30,2026-04-01', '2026-03-31', '2026-06-30', 'active'),
  ('2026-06-30', '2020-01-01', '2026-06-30', 'returning'),
  ('2026-06-30', NULL, '2026-06-30', NULL),
  ('2026-06-30,2026-03-31', NULL, '2026-06-30', 'returning'),
  ('2026-06-30,2026-03-31,2026-05-01', NULL, '2026-06-30', 'active'),
  ('2026-06-30,2026-03-31,2026-05-01', '2020-01-01', '2026-06-30', 'active'),
  -- the gap ended 90 days ago, and 91
  ('2026-06-30,2026-05-15,2026-04-01', '2020-01-01', '2026-06-30', 'returning'),
  ('2026-06-30,2026-05-15,2026-03-31', '2020-01-01', '2026-06-30', 'active'),
  -- the first day of the series is new to it, not to the company
  ('2026-01-01', '2026-01-01', '2026-03-02', 'new'),
  ('2026-01-01', '2026-01-01', '2026-03-03', 'at_risk'),
  ('2026-01-01', '2026-01-01', '2026-04-02', 'lost'),
  ('2026-01-01,2026-03-01', '2025-12-31', '2026-03-31', 'new'),
  -- first on a day that the series has not
  ('2026-05-01', '2026-01-20', '2026-05-31', 'returning'),
  ('2026-04-20', '2026-01-20', '2026-05-31', 'active'),
  ('2026-06-30', '2026-05-20', '2026-06-01', 'new'),
  ('2025-01-01', '2026-03-20', '2026-05-20', 'at_risk'),
  -- what comes after as_of is not known yet
  ('2026-06-30', '2026-06-30', '2026-06-29', 'potential'),
  ('2026-02-01,2026-06-30', '2026-02-01', '2026-06-29', 'lost'),
  ('2026-02-01,2026-06-30', '2026-02-01', '2026-06-30', 'returning'),
  -- no day up to as_of
  ('2025-01-01', NULL, '2026-06-30', 'potential'),
  ('2025-01-01', '2025-01-01', '2026-06-30', 'lost'),
  ('2025-12-31', '2025-12-31', '2026-03-31', 'at_risk'),
  ('2025-12-31', '2025-12-30', '2026-04-01', 'lost'),
  ('2025-12-31', '2025-12-01', '2026-01-29', 'new'),
  ('2025-12-31', '2025-12-20', '2026-03-02', 'at_risk'),
  ('2026-06-30', '2020-01-01', '2026-06-01', 'lost'),
  -- the first day of the period
  ('2026-01-01', '2026-01-01', '2026-01-01', 'new'),
  ('2025-01-01', NULL, '2026-01-01', 'potential')
) AS x (days, first_sale, as_of, stage);
SELECT is(lifecycle_stage(s, '2024-02-29', '2024-02-29'), 'new', 'a leap day by ' || grain)
FROM unnest('{day,week,week-sunday,month,month-week,quarter,year,fiscal-quarter,4-4-5}'::text[]) AS grain, LATERAL (SELECT pg_temp.series('2024-02-29', '[2024-02-01,2024-06-01)', grain) AS s) AS x;
SELECT is(lifecycle_stage(sales_series(a, d, '[2026-01-01,2026-07-01)'), '2026-06-30', '2020-01-01'), 'lost', 'returns do not reset the days')
FROM (VALUES (10, date '2026-03-01'), (-10, '2026-06-01'), (0, '2026-06-10')) AS x (a, d);
SELECT is(ARRAY[lifecycle_stage(NULL::sales_series, '2026-06-30', '2026-01-01'), lifecycle_stage(s, NULL, '2026-01-01'), lifecycle_stage(s, '2026-06-30', '2026-01-01', NULL), lifecycle_stage(s, '2026-06-30', '2026-01-01', lost_after => NULL), lifecycle_stage(s, '2026-06-30', '2026-01-01', new_for => NULL)],
  ARRAY[NULL, NULL, NULL, NULL, NULL]::text[], 'a NULL series, day or setting') FROM (SELECT pg_temp.series('2026-06-01', '[2026-01-01,2026-07-01)') AS s) AS x;
SELECT is(lifecycle_stage(pg_temp.series('2020-01-01', '[1990-01-01,2089-12-31)', 'year'), '2089-12-30', '1700-01-01', 2147483645, 2147483646, 2147483647), 'new', 'the largest settings');
SELECT is(ARRAY[lifecycle_stage(pg_temp.series('4713-01-05 BC', '[4713-01-01 BC,4712-01-01 BC)'), '4713-01-20 BC', '4713-01-05 BC'), lifecycle_stage(pg_temp.series('5874897-12-30', '[5874897-01-01,5874897-12-31)'), '5874897-12-30', '4713-01-05 BC')],
  ARRAY['new', 'returning'], 'the first and the last days that there are');

-- Random customers, with settings of their own, against plain SQL over all their days

CREATE TABLE customer AS
SELECT c, date '2024-01-01' + (noise % 900)::integer AS as_of, 1 + (noise / 1000 % 40)::integer AS risk, 1 + (noise / 100000 % 80)::integer AS more, (noise / 10000000 % 150)::integer AS new_for, (noise / 1000000000 % 7)::integer AS density
FROM generate_series(1, 3000) AS c, LATERAL (SELECT hashint8extended(c, 11) & 9007199254740991 AS noise) AS n;
ALTER TABLE customer ADD lost integer;
UPDATE customer SET lost = risk + more;
CREATE TABLE bought AS
SELECT c, date '2023-06-01' + d AS day FROM customer, generate_series(0, 1200) AS d
WHERE density > 0 AND (hashint8extended(c * 10000 + d, 3) & 1023) < CASE density WHEN 1 THEN 2 WHEN 2 THEN 6 WHEN 3 THEN 15 WHEN 4 THEN 30 WHEN 5 THEN 60 ELSE 200 END;
CREATE INDEX ON bought (c);
ANALYZE bought;
CREATE TABLE expected AS
SELECT customer.*, first_sale, last_sale, previous_sale, coalesce(returned, false) AS returned,
  CASE WHEN last_sale IS NULL THEN 'potential' WHEN as_of - last_sale > lost THEN 'lost' WHEN as_of - last_sale > risk THEN 'at_risk'
    WHEN as_of - first_sale <= new_for THEN 'new' WHEN returned THEN 'returning' ELSE 'active' END AS stage
FROM customer LEFT JOIN (
  SELECT c, min(day) AS first_sale, max(day) FILTER (WHERE day <= as_of) AS last_sale, max(before) FILTER (WHERE day <= as_of) AS previous_sale,
    bool_or(day <= as_of AND as_of - day <= new_for AND day - before > lost) AS returned
  FROM (SELECT *, lag(day) OVER (PARTITION BY c ORDER BY day) AS before FROM bought) AS b JOIN customer USING (c) GROUP BY c) AS b USING (c);

SELECT set_eq('SELECT DISTINCT stage FROM expected', '{potential,new,active,returning,at_risk,lost}'::text[], 'there are all stages');
SELECT is(count(*) FILTER (WHERE kam IS DISTINCT FROM CASE WHEN stage = 'returning' AND (previous_sale IS NULL OR last_sale - previous_sale <= lost) THEN 'active' ELSE stage END), 0::bigint, 'by dates: of ' || count(*))
FROM expected, LATERAL (SELECT lifecycle_stage(first_sale, previous_sale, last_sale, as_of, risk, lost, new_for) AS kam) AS k
WHERE last_sale IS NOT NULL OR first_sale IS NULL;

-- series that reach back as far as is needed, and all the way
CREATE TABLE told AS
SELECT reach, e.*, s FROM (VALUES ('just enough'), ('all')) AS r (reach) CROSS JOIN expected AS e
  LEFT JOIN LATERAL (SELECT sales_series(1, day, daterange(CASE reach WHEN 'all' THEN '2023-01-01' ELSE as_of - lost - new_for END, as_of + 1 + c % 50), CASE c % 3 WHEN 0 THEN 'month' WHEN 1 THEN 'week' ELSE 'year' END) AS s FROM bought WHERE bought.c = e.c) AS x ON true;
SELECT is(count(*) FILTER (WHERE lifecycle_stage(s, as_of, first_sale, risk, lost, new_for) IS DISTINCT FROM stage), 0::bigint, format('by series, %s: of %s', reach, count(*)))
FROM told WHERE s IS NOT NULL GROUP BY reach;
SELECT is(count(*) FILTER (WHERE lifecycle_stage(s, as_of, NULL, risk, lost, new_for) IS DISTINCT FROM CASE WHEN stage IN ('new', 'returning', 'active') AND as_of - first_sale <= new_for THEN NULL ELSE stage END), 0::bigint, 'without the first purchase, where the series has it')
FROM told WHERE s IS NOT NULL AND reach = 'all';
SELECT is(count(*) FILTER (WHERE NOT (stage = dated OR (stage = 'returning' AND dated = 'active'))), 0::bigint, 'a series tells what dates tell, and returning for longer')
FROM expected, LATERAL (SELECT lifecycle_stage(first_sale, previous_sale, last_sale, as_of, risk, lost, new_for) AS dated) AS d WHERE last_sale IS NOT NULL;

-- series that are too short: the right stage or an error, never a wrong stage
CREATE FUNCTION pg_temp.stage_or_error(s sales_series, as_of date, first_sale date, risk integer, lost integer, new_for integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN lifecycle_stage(s, as_of, first_sale, risk, lost, new_for);
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN regexp_replace(SQLERRM, '[0-9-]{8,}', 'D', 'g');
END $$;
CREATE TABLE short AS
SELECT e.*, lower(period) AS lower, pg_temp.stage_or_error(s, as_of, first_sale, risk, lost, new_for) AS kam
FROM expected AS e, LATERAL (SELECT daterange(as_of - (c * 7 % (lost + new_for)), as_of + 1) AS period) AS p, LATERAL (SELECT sales_series(1, day, period) AS s FROM bought WHERE bought.c = e.c) AS x WHERE s IS NOT NULL;
SELECT is(array_agg(DISTINCT kam), NULL, 'a short series: right or refused') FROM short WHERE kam <> stage AND kam <> 'a series that begins on D does not tell the stage on D';
SELECT cmp_ok(count(*), '>', 100::bigint, 'some are refused') FROM short WHERE kam LIKE 'a series%';
SELECT cmp_ok(count(*), '>', 1000::bigint, 'most are not') FROM short WHERE kam = stage;
-- what is refused could be either: bought on every day from the first purchase to the series, or on none between
SELECT is(count(*) FILTER (WHERE pg_temp.stage_or_error(every, as_of, first_sale, risk, lost, new_for) = pg_temp.stage_or_error(none, as_of, first_sale, risk, lost, new_for)), 0::bigint, 'and only those that could be either')
FROM short AS h, LATERAL (
  SELECT sales_series(1, day, daterange('2023-01-01', as_of + 1)) AS every, sales_series(1, day, daterange('2023-01-01', as_of + 1)) FILTER (WHERE day >= lower OR day = first_sale) AS none
  FROM (SELECT day FROM bought WHERE bought.c = h.c AND day >= lower UNION SELECT first_sale + i FROM generate_series(0, lower - 1 - first_sale) AS i) AS d) AS l
WHERE kam LIKE 'a series%';

-- What is refused

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT lifecycle_stage(''2026-01-01'', NULL, NULL, date ''2026-06-30'')', '22023 | last_sale is null, but first_sale is 2026-01-01 | Take the last of all purchases up to as_of, not only of those in a period.'),
  ('SELECT lifecycle_stage(NULL, ''2026-01-01'', NULL, date ''2026-06-30'')', '22023 | last_sale is null, but previous_sale is 2026-01-01 | Take the last of all purchases up to as_of, not only of those in a period.'),
  ('SELECT lifecycle_stage(date ''2026-01-01'', NULL, ''2026-07-01'', ''2026-06-30'')', '22023 | last_sale 2026-07-01 is after as_of 2026-06-30 | Leave out the sales after as_of.'),
  ('SELECT lifecycle_stage(date ''2026-05-02'', NULL, ''2026-05-01'', ''2026-06-30'')', '22023 | first_sale 2026-05-02 is after last_sale 2026-05-01 | first_sale is the first purchase ever.'),
  ('SELECT lifecycle_stage(date ''2026-05-02'', ''2026-05-01'', ''2026-06-01'', ''2026-06-30'')', '22023 | first_sale 2026-05-02 is after previous_sale 2026-05-01 | first_sale is the first purchase ever.'),
  ('SELECT lifecycle_stage(date ''2026-01-01'', ''2026-06-01'', ''2026-06-01'', ''2026-06-30'')', '22023 | previous_sale 2026-06-01 is not before last_sale 2026-06-01 | The sales of one day are one purchase: take the day bought on before it.'),
  ('SELECT lifecycle_stage(date ''infinity'', NULL, ''2026-06-01'', ''2026-06-30'')', '22023 | first_sale must be a finite date, not infinity'),
  ('SELECT lifecycle_stage(NULL, date ''-infinity'', ''2026-06-01'', ''2026-06-30'')', '22023 | previous_sale must be a finite date, not -infinity'),
  ('SELECT lifecycle_stage(NULL, NULL, date ''infinity'', ''2026-06-30'')', '22023 | last_sale must be a finite date, not infinity'),
  ('SELECT lifecycle_stage(NULL, NULL, NULL, date ''infinity'')', '22023 | as_of must be a finite date, not infinity'),
  ('SELECT lifecycle_stage(NULL, NULL, NULL, date ''2026-06-30'', 90)', '22023 | lost_after must be above at_risk_after, but they are 90 and 90 | A customer is at risk first and lost later, such as after 60 and 90 days.'),
  ('SELECT lifecycle_stage(NULL, NULL, NULL, date ''2026-06-30'', -1)', '22023 | at_risk_after must not be negative, but is -1 | Give the days without a purchase that are still usual.'),
  ('SELECT lifecycle_stage(NULL, NULL, NULL, date ''2026-06-30'', new_for => -1)', '22023 | new_for must not be negative, but is -1 | Give the days for which a customer is new.'),
  ('SELECT lifecycle_stage(pg_temp.series(''2026-06-01'', ''[2026-01-01,2026-07-01)''), ''2026-07-01'', ''2026-01-01'')', '22023 | as_of 2026-07-01 is not in the period [2026-01-01,2026-07-01) of the series | Build the series with a period that has as_of in it.'),
  ('SELECT lifecycle_stage(pg_temp.series(''2026-06-01'', ''[2026-01-01,2026-07-01)''), ''2025-12-31'', ''2026-01-01'')', '22023 | as_of 2025-12-31 is not in the period [2026-01-01,2026-07-01) of the series | Build the series with a period that has as_of in it.'),
  ('SELECT lifecycle_stage(pg_temp.series(''2026-06-01'', ''[2026-01-01,2026-07-01)''), ''infinity'', ''2026-01-01'')', '22023 | as_of must be a finite date, not infinity'),
  ('SELECT lifecycle_stage(pg_temp.series(''2026-06-01'', ''[2026-01-01,2026-07-01)''), ''2026-06-30'', ''-infinity'')', '22023 | first_sale must be a finite date, not -infinity'),
  ('SELECT lifecycle_stage(pg_temp.series(''2026-06-01'', ''[2026-01-01,2026-07-01)''), ''2026-06-30'', ''2026-06-02'')', '22023 | first_sale 2026-06-02 is after 2026-06-01, which the series has as a day bought on | first_sale is the first purchase ever.'),
  ('SELECT lifecycle_stage(pg_temp.series(''2026-06-01'', ''[2026-01-01,2026-07-01)''), ''2026-05-01'', ''2026-06-02'')', '22023 | first_sale 2026-06-02 is after 2026-06-01, which the series has as a day bought on | first_sale is the first purchase ever.'),
  ('SELECT lifecycle_stage(pg_temp.series(''2026-06-01'', ''[2026-01-01,2026-07-01)''), ''2026-06-30'', ''2026-06-01'', 10, 10)', '22023 | lost_after must be above at_risk_after, but they are 10 and 10 | A customer is at risk first and lost later, such as after 60 and 90 days.'),
  -- nothing since January: lost on 1 April, but on 31 March he may have bought on 31 December
  ('SELECT lifecycle_stage(pg_temp.series(''2025-01-01'', ''[2026-01-01,2026-07-01)''), ''2026-03-30'', ''2025-01-01'')', '22023 | a series that begins on 2026-01-01 does not tell the stage on 2026-03-30 | Begin the period 180 days before as_of, or earlier.'),
  ('SELECT lifecycle_stage(pg_temp.series(''2026-03-30'', ''[2026-01-01,2026-07-01)''), ''2026-05-01'', ''2025-01-01'')', '22023 | a series that begins on 2026-01-01 does not tell the stage on 2026-05-01 | Begin the period 180 days before as_of, or earlier.')
) AS x (query, expected);
SELECT is(lifecycle_stage(pg_temp.series('2026-04-01', '[2026-01-01,2026-07-01)'), '2026-05-01', '2025-01-01'), 'returning', 'no purchase for 91 days from the first of the series');

SELECT * FROM finish();
ROLLBACK;
