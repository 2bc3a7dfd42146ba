-- Pace: elapsed_share, required_rate and run_rate by every way of counting,
-- against published numbers and plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(169);

\ir ../helpers/error_of.sql
\ir ../helpers/unit_start.sql

-- Published numbers: working days

CREATE TABLE week AS SELECT name, work_calendar(days) AS calendar, days
FROM (VALUES ('mon-fri', ARRAY['sat', 'sun']), ('sun-thu', ARRAY['fri', 'sat'])) AS w (name, days);

SELECT is(round(run_rate(50000, period, as_of, calendar), 6), expected, format('run_rate %s of %s at %s', name, period, as_of))
FROM week, (VALUES
  (daterange '[2024-02-01,2024-03-01)', date '2024-02-15', 95454.545455),
  ('[2023-02-01,2023-03-01)', '2023-02-15', 90909.090909),
  ('[2024-06-01,2024-07-01)', '2024-06-01', NULL)) AS x (period, as_of, expected);
SELECT is(round(run_rate(50000, '[2024-01-01,2025-01-01)', '2024-02-29', calendar), 6), 297727.272727, 'a leap year to 29 February') FROM week WHERE name = 'mon-fri';
SELECT is(run_rate(50000, '[2024-01-01,2025-01-01)', '2024-02-29'), 305000.0000000000, 'the same by days');
SELECT is(ARRAY[elapsed_share('[2024-06-01,2024-07-01)', '2024-06-01', calendar), required_rate(2100, 0, '[2024-06-01,2024-07-01)', '2024-06-01', calendar)], ARRAY[0, days_rate],
  'before the first working day: nothing gone, all to come, ' || name)
FROM week JOIN (VALUES ('mon-fri', 105.0), ('sun-thu', 100.0)) AS x (name, days_rate) USING (name);
SELECT is(run_rate(100, '[2026-05-01,2026-05-11)', '2026-05-05', calendar), 500.0, 'holidays and a moved workday count')
FROM (SELECT work_calendar(ARRAY['sat', 'sun'], '{2026-05-01,2026-05-04}', '{2026-05-09}') AS calendar) AS x;

-- W-40 and W-41

SELECT is(round(required_rate(1200000, 270000, '[2026-01-01,2027-01-01)', '2026-03-31'), 2), 3381.82, 'W-40: 930,000 over 275 days');
SELECT is(required_rate(1200000, 270000, '[2026-01-01,2027-01-01)', '2026-03-31', 'months'), 930000 / 9.0, 'W-40: over 9 months');
SELECT is(elapsed_share('[2026-01-01,2027-01-01)', '2026-03-31'), 90 / 365.0, 'W-40: 90 of 365 days');
SELECT is(elapsed_share('[2026-01-01,2027-01-01)', '2026-03-31', 'months'), 0.25, 'W-40: 3 of 12 months');
SELECT is(1200000 * elapsed_share('[2026-01-01,2027-01-01)', '2026-03-31'), 1200000 * (90 / 365.0), 'W-40: what is due');
SELECT is(run_rate(93000, '[2026-03-01,2027-01-01)', '2026-03-31'), 918000.0, 'W-41');

-- Edges

SELECT is(trim_scale(required_rate(target, actual, period, as_of)), rate, name)
FROM (VALUES
  ('reached', 100, 100, daterange '[2026-01-01,2027-01-01)', date '2026-03-31', 0),
  ('more than reached', 100, 101.5, '[2026-01-01,2027-01-01)', '2026-03-31', 0),
  ('reached on the last day', 100, 100, '[2026-01-01,2027-01-01)', '2026-12-31', 0),
  ('open on the last day', 100, 99.99, '[2026-01-01,2027-01-01)', '2026-12-31', NULL),
  ('open long after', 100, 0, '[2026-01-01,2027-01-01)', '2036-12-31', NULL),
  ('open on the last day but one', 100, 99, '[2026-01-01,2027-01-01)', '2026-12-30', 1),
  ('before the start the whole period is left', 730, 0, '[2026-01-01,2027-01-01)', '2025-12-31', 2),
  ('long before', 730, 0, '[2026-01-01,2027-01-01)', '1999-12-31', 2),
  ('returns', 100, -175, '[2026-01-01,2027-01-01)', '2026-03-31', 1),
  ('a target of zero', 0, 0, '[2026-01-01,2027-01-01)', '2026-03-31', 0),
  ('a target of zero after returns', 0, -275, '[2026-01-01,2027-01-01)', '2026-03-31', 1),
  ('NULL target', NULL, 5, '[2026-01-01,2027-01-01)', '2026-03-31', NULL),
  ('NULL actual', 5, NULL, '[2026-01-01,2027-01-01)', '2026-03-31', NULL),
  ('NULL period', 5, 5, NULL, '2026-03-31', NULL),
  ('NULL as_of', 5, 5, '[2026-01-01,2027-01-01)', NULL, NULL),
  ('huge', 1e120, 0, '[2026-01-01,2026-01-11)', '2026-01-06', 2.5e119)
) AS x (name, target, actual, period, as_of, rate);
SELECT is(elapsed_share(period, as_of), share, format('elapsed_share(%s, %s)', period, as_of))
FROM (VALUES
  (daterange '[2026-01-01,2027-01-01)', date '2025-12-31', 0::numeric), ('[2026-01-01,2027-01-01)', '2026-12-31', 1), ('[2026-01-01,2027-01-01)', '2027-01-01', 1),
  ('[2024-01-01,2025-01-01)', '2024-02-29', 60 / 366.0), ('[2026-05-05,2026-05-06)', '2026-05-05', 1), ('[2026-05-05,2026-05-06)', '2026-05-04', 0), (NULL, '2026-05-04', NULL), ('[2026-05-05,2026-05-06)', NULL, NULL)
) AS x (period, as_of, share);

-- nothing that counts in the whole period
SELECT is(ARRAY[run_rate(7, p, d, c), elapsed_share(p, d, c), required_rate(9, 7, p, d, c)], expected, format('no working day at all, %s', d))
FROM (SELECT work_calendar(ARRAY['sat', 'sun']) AS c, daterange '[2026-08-01,2026-08-03)' AS p) AS x,
  (VALUES (date '2026-07-31', ARRAY[NULL, 0, NULL]::numeric[]), ('2026-08-01', ARRAY[NULL, NULL, NULL]::numeric[]), ('2026-08-02', ARRAY[7, 1, NULL]::numeric[])) AS y (d, expected);
SELECT is(ARRAY[run_rate(7, p, d, w, 'quarter'), elapsed_share(p, d, w, 'quarter'), required_rate(9, 7, p, d, w, 'quarter')], expected, format('weights of zero, %s', d))
FROM (SELECT ARRAY[0, 0, 0, 0]::numeric[] AS w, daterange '[2026-01-01,2027-01-01)' AS p) AS x,
  (VALUES (date '2025-12-31', ARRAY[NULL, 0, NULL]::numeric[]), ('2026-05-31', ARRAY[NULL, NULL, NULL]::numeric[]), ('2026-12-31', ARRAY[7, 1, NULL]::numeric[])) AS y (d, expected);

-- NULL in any place
SELECT is(ARRAY[
    run_rate(1, p, d, NULL::work_calendar), run_rate(1, p, d, NULL::sales_series), run_rate(1, p, d, NULL::sales_series, c), run_rate(1, p, d, s, NULL), run_rate(1, p, d, NULL::numeric[], 'month'),
    run_rate(1, p, d, ARRAY[1.0], NULL), run_rate(1, p, d, ARRAY[1.0], 'month', NULL), elapsed_share(p, d, NULL::text), elapsed_share(p, d, NULL::work_calendar), elapsed_share(p, d, NULL::sales_series),
    elapsed_share(p, d, s, NULL), elapsed_share(p, d, NULL::numeric[], 'month'), required_rate(1, 0, p, d, NULL::text), required_rate(1, 0, p, d, NULL::work_calendar), required_rate(1, 0, p, d, s, NULL)],
  array_fill(NULL::numeric, ARRAY[15]), 'NULL for how to count')
FROM (SELECT daterange '[2026-01-01,2026-02-01)' AS p, date '2026-01-10' AS d, work_calendar(ARRAY['sun']) AS c, sales_series(1, '2025-01-01', '[2025-01-01,2025-02-01)') AS s) AS x;

-- The season

-- the buckets that are complete, and the cut one by its days: by months 100, 200, 300, …
CREATE TABLE profile AS
SELECT sales_series(100 * extract(month FROM t)::numeric, t::date, '[2025-01-01,2026-01-01)') AS prior FROM generate_series(date '2025-01-15', date '2025-12-15', interval '1 month') AS t;
SELECT is(elapsed_share('[2026-01-01,2027-01-01)', as_of, prior), share / 7800, format('by last year''s months at %s', as_of))
FROM profile, (VALUES (date '2025-12-31', 0::numeric), ('2026-01-31', 100), ('2026-02-14', 200), ('2026-02-28', 300), ('2026-11-30', 6600), ('2026-12-31', 7800), ('2027-12-31', 7800)) AS x (as_of, share);
SELECT is(trim_scale(required_rate(8100, 3000, '[2026-01-01,2027-01-01)', '2026-06-30', prior)), trim_scale(5100 / 5700.0), 'per unit of last year''s rest') FROM profile;
SELECT is(trim_scale(required_rate(9270, 3000, '[2026-01-01,2027-01-01)', '2026-06-30', prior)), 1.1, 'ten per cent above last year''s rest') FROM profile;
SELECT is(trim_scale(required_rate(8580, 0, '[2026-01-01,2027-01-01)', '2025-06-30', prior)), 1.1, 'before the start: above all of last year') FROM profile;
SELECT is(trim_scale(run_rate(300, '[2026-01-01,2027-01-01)', '2026-02-14', prior)), 11700.0, 'run_rate by last year''s months') FROM profile;
SELECT is(round(elapsed_share('[2026-01-01,2027-01-01)', '2026-02-13', prior, calendar), 16), round((100 + 200 * expected) / 7800, 16), 'the cut month by its working days, ' || name)
FROM profile, week JOIN (VALUES ('mon-fri', 10 / 20.0), ('sun-thu', 10 / 20.0)) AS x (name, expected) USING (name);
SELECT is(elapsed_share('[2026-01-01,2027-01-01)', '2026-02-01', prior, calendar), expected / 7800.0, 'a Sunday does not count for some, ' || name)
FROM profile, week JOIN (VALUES ('mon-fri', 100), ('sun-thu', 110)) AS x (name, expected) USING (name);
SELECT is(elapsed_share('[2026-01-01,2027-01-01)', '2026-02-14', prior, calendar), 200 / 7800.0, 'a month without a working day counts by its days')
FROM profile, (SELECT work_calendar(ARRAY['sat', 'sun'], array_agg(t::date)) AS calendar FROM generate_series(date '2026-02-01', date '2026-02-28', interval '1 day') AS t) AS c;

-- buckets are matched in order, days by their date
SELECT is(elapsed_share('[2026-04-01,2026-07-01)', '2026-04-30', sales_series(a, d, '[2025-01-01,2025-04-01)')), 0.1, 'another quarter''s months in order')
FROM (VALUES (10, date '2025-01-01'), (20, '2025-02-01'), (70, '2025-03-01')) AS x (a, d);
SELECT is(elapsed_share(p, as_of, (SELECT sales_series(1, t::date, prior_year(p), 'day') FROM generate_series(lower(prior_year(p)), upper(prior_year(p)) - 1, interval '1 day') AS t)), share, format('days by date: %s of %s', as_of, p))
FROM (VALUES
  (daterange '[2025-01-01,2026-01-01)', date '2025-02-28', 60 / 366.0), ('[2025-01-01,2026-01-01)', '2025-03-01', 61 / 366.0), ('[2024-01-01,2025-01-01)', '2024-02-28', 59 / 365.0),
  ('[2024-01-01,2025-01-01)', '2024-02-29', 59 / 365.0), ('[2024-01-01,2025-01-01)', '2024-03-01', 60 / 365.0), ('[2024-01-01,2025-01-01)', '2024-12-30', 364 / 365.0), ('[2024-01-01,2025-01-01)', '2024-12-31', 1),
  ('[2024-02-29,2024-03-02)', '2024-02-28', 0), ('[2024-02-29,2024-03-02)', '2024-02-29', 0.5), ('[2023-03-01,2024-02-29)', '2023-03-01', 1 / 365.0), ('[2023-03-01,2024-02-29)', '2024-02-27', 364 / 365.0)
) AS x (p, as_of, share);
SELECT is(count(*), 0::bigint, 'days by date are what plan_facts takes of the year before, over leap years too')
FROM (VALUES (daterange '[2024-01-01,2025-01-01)'), ('[2025-01-01,2026-01-01)'), ('[2024-02-29,2025-02-28)'), ('[2023-07-01,2024-07-01)')) AS x (p)
CROSS JOIN LATERAL (
  SELECT sales_series(n, day, prior_year(p), 'day') AS prior, array_agg(n) AS amounts, array_agg(day) AS days
  FROM (SELECT 100 + n * 7919 % 90 AS n, lower(prior_year(p)) + n AS day FROM generate_series(0, upper(prior_year(p)) - lower(prior_year(p)) - 1) AS n) AS d) AS s
CROSS JOIN LATERAL generate_series(lower(p), upper(p) - 2, interval '1 day') AS as_of
CROSS JOIN LATERAL (SELECT plan_facts(a, d, p, lower(p), as_of::date) AS facts FROM unnest(amounts, days) AS u (a, d)) AS f
WHERE elapsed_share(p, as_of::date, prior) IS DISTINCT FROM (facts).prior_to_date / (facts).prior_year;

-- fiscal quarters and 4-4-5 periods, counted from the first day; a 53rd week joins the last one
SELECT is(elapsed_share(p, as_of, w, grain), share, format('by %s at %s of %s', grain, as_of, p))
FROM (VALUES
  (daterange '[2026-02-01,2027-02-01)', date '2026-04-30', ARRAY[10, 20, 30, 40]::numeric[], 'fiscal-quarter', 0.1), ('[2026-02-01,2027-02-01)', '2026-06-15', ARRAY[10, 20, 30, 40], 'fiscal-quarter', 0.2),
  ('[2026-02-01,2027-01-31)', '2026-02-28', ARRAY[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], '4-4-5', 1 / 78.0), ('[2026-02-01,2027-01-31)', '2026-03-14', ARRAY[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], '4-4-5', 2 / 78.0),
  ('[2026-02-01,2027-02-07)', date '2026-02-01' + 329 + 20, ARRAY[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], '4-4-5', 72 / 78.0)
) AS x (p, as_of, w, grain, share);
SELECT is(elapsed_share('[2026-02-01,2027-01-31)', '2026-03-28', sales_series(a, d, '[2025-02-01,2026-02-07)', '4-4-5')), 0.75, 'a year of 53 weeks before one of 52')
FROM (VALUES (10, date '2025-02-01'), (20, '2025-03-05'), (10, '2026-02-06')) AS x (a, d);

-- returns last year: a season that is not positive tells nothing
SELECT is(ARRAY[run_rate(100, p, as_of, s), elapsed_share(p, as_of, s), required_rate(200, 100, p, as_of, s)], expected, format('returns last year, %s', as_of))
FROM (SELECT daterange '[2026-01-01,2026-04-01)' AS p, sales_series(a, d, '[2025-01-01,2025-04-01)') AS s FROM (VALUES (10, date '2025-01-01'), (-30, '2025-02-01'), (10, '2025-03-01')) AS x (a, d)) AS y,
  (VALUES (date '2026-01-31', ARRAY[NULL, NULL, NULL]::numeric[]), ('2026-02-28', ARRAY[NULL, NULL, 10]), ('2026-03-31', ARRAY[100, 1, NULL])) AS z (as_of, expected);
SELECT is(ARRAY[run_rate(100, p, as_of, s), elapsed_share(p, as_of, s), required_rate(200, 100, p, as_of, s)], expected::numeric[], format('returns in one month of last year, %s', as_of))
FROM (SELECT daterange '[2026-01-01,2026-04-01)' AS p, sales_series(a, d, '[2025-01-01,2025-04-01)') AS s FROM (VALUES (-10, date '2025-01-01'), (50, '2025-02-01'), (-20, '2025-03-01')) AS x (a, d)) AS y,
  (VALUES (date '2026-01-31', ARRAY[NULL, -0.5, 100 / 30.0]), ('2026-02-28', ARRAY[50, 2, NULL])) AS z (as_of, expected);

-- Every way of counting against plain SQL: each day of a period has a weight.
-- By a season, a bucket's number is spread over its days, or its working days
-- where there are any.

SELECT setseed(0.3);
CREATE TABLE case_ AS
SELECT row_number() OVER () AS id, lower + offset_ AS lower, period, grain, weekend, holidays, workdays,
  CASE WHEN weekend IS NOT NULL THEN work_calendar(weekend, holidays, workdays) END AS calendar
FROM (VALUES
    (daterange '[2024-01-01,2025-01-01)'), ('[2025-01-01,2026-01-01)'), ('[2025-11-14,2026-03-08)'), ('[2026-02-01,2026-03-01)'), ('[2024-02-29,2024-06-30)'), ('[2023-07-01,2026-07-01)')) AS p (period)
  CROSS JOIN (VALUES (NULL), ('day'), ('week'), ('week-sunday'), ('month'), ('month-week'), ('quarter'), ('year')) AS g (grain)
  CROSS JOIN (VALUES (NULL::text[], NULL::date[], NULL::date[]), (ARRAY['fri', 'sat'], NULL, NULL),
    (ARRAY['sat', 'sun'], ARRAY['2024-03-08', '2024-05-01', '2025-01-01', '2025-11-17', '2025-12-31', '2026-02-02', '2026-02-03']::date[], ARRAY['2024-04-27', '2025-11-22', '2026-02-07']::date[]),
    (ARRAY['sat', 'sun'], (SELECT array_agg(t::date) FROM generate_series(date '2026-01-01', date '2026-02-15', interval '1 day') AS t WHERE extract(isodow FROM t) < 6), NULL),
    (ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], NULL, NULL)) AS c (weekend, holidays, workdays)
  CROSS JOIN LATERAL (SELECT lower(period) AS lower, 0 AS offset_) AS l;

-- the days of each case, their bucket, and whether they are worked
CREATE TABLE day_ AS
SELECT id, day, grain, dense_rank() OVER (PARTITION BY id ORDER BY CASE WHEN grain IS NULL THEN day ELSE pg_temp.unit_start(grain, day) END) AS bucket,
  CASE WHEN weekend IS NULL THEN 1
    WHEN day = ANY (coalesce(workdays, '{}')) THEN 1
    WHEN lower(to_char(day, 'dy')) = ANY (weekend) OR day = ANY (coalesce(holidays, '{}')) THEN 0 ELSE 1 END AS worked
FROM case_, generate_series(lower(period), upper(period) - 1, interval '1 day') AS t, LATERAL (SELECT t::date AS day) AS d;

-- a random weight for each bucket, some zero, some with decimals
CREATE TABLE weight_ AS
SELECT id, bucket, CASE WHEN random() < 0.2 THEN 0 ELSE round((random() * 1000)::numeric, (random() * 3)::integer) END AS weight
FROM (SELECT DISTINCT id, bucket FROM day_ WHERE grain IS NOT NULL ORDER BY id, bucket) AS b;
CREATE TABLE plain AS
SELECT id, day, CASE WHEN grain IS NULL THEN worked
    WHEN sum(worked) OVER bucket > 0 THEN weight * worked / sum(worked) OVER bucket::numeric(40, 25)
    ELSE weight / count(*) OVER bucket::numeric(40, 25) END AS part
FROM day_ LEFT JOIN weight_ USING (id, bucket)
WINDOW bucket AS (PARTITION BY id, bucket);
CREATE INDEX ON plain (id, day);
ANALYZE plain;

-- where to look: around the ends, around months, and anywhere
CREATE TABLE look AS
SELECT id, as_of, coalesce((SELECT sum(part) FROM plain AS p WHERE p.id = c.id AND day <= as_of), 0) AS elapsed, (SELECT sum(part) FROM plain AS p WHERE p.id = c.id) AS total
FROM case_ AS c, LATERAL (
  SELECT lower(period) + unnest(ARRAY[-400, -1, 0, 1, 6, 30, 31, 59]) UNION SELECT upper(period) + unnest(ARRAY[-32, -2, -1, 0, 500])
  UNION SELECT lower(period) + (random() * (upper(period) - lower(period) - 1))::integer FROM generate_series(1, 12)) AS d (as_of);

CREATE FUNCTION pg_temp.about(one numeric, other numeric) RETURNS boolean
RETURN CASE WHEN one IS NULL OR other IS NULL THEN one IS NULL AND other IS NULL ELSE abs(one - other) <= 1e-12 * (1 + abs(other)) END;

CREATE TABLE outcome AS
SELECT c.id, period, grain, weekend, as_of, elapsed, total, as_of >= upper(period) - 1 AS over, as_of >= lower(period) AS begun,
  CASE WHEN grain IS NULL AND weekend IS NULL THEN ARRAY[elapsed_share(period, as_of), run_rate(777.77, period, as_of), required_rate(5000.5, 777.77, period, as_of)]
    WHEN grain IS NULL THEN ARRAY[elapsed_share(period, as_of, calendar), run_rate(777.77, period, as_of, calendar), required_rate(5000.5, 777.77, period, as_of, calendar)]
    WHEN weekend IS NULL THEN ARRAY[elapsed_share(period, as_of, weights, grain), run_rate(777.77, period, as_of, weights, grain), required_rate(5000.5, 777.77, period, as_of, weights, grain)]
    ELSE ARRAY[elapsed_share(period, as_of, weights, grain, calendar), run_rate(777.77, period, as_of, weights, grain, calendar), required_rate(5000.5, 777.77, period, as_of, weights, grain, calendar)]
  END AS kam
FROM case_ AS c JOIN look USING (id) LEFT JOIN (SELECT id, array_agg(weight ORDER BY bucket) AS weights FROM weight_ GROUP BY id) AS w USING (id);

SELECT is(count(*) FILTER (WHERE NOT pg_temp.about(kam[1], CASE WHEN NOT begun THEN 0 WHEN over THEN 1 ELSE elapsed / nullif(total, 0) END)
    OR NOT pg_temp.about(kam[2], CASE WHEN over THEN 777.77 WHEN begun AND elapsed > 1e-15 THEN 777.77 * total / elapsed END)
    OR NOT pg_temp.about(kam[3], CASE WHEN total - elapsed > 1e-15 THEN (5000.5 - 777.77) / (total - elapsed) END)), 0::bigint,
  format('plain SQL agrees on %s places: %s', count(*), concat_ws(', ', coalesce('weights by ' || grain, 'no weights'), coalesce('weekend ' || weekend::text, 'no calendar'))))
FROM outcome GROUP BY grain, weekend;
SELECT cmp_ok(count(*) FILTER (WHERE kam[1] > 0 AND kam[1] < 1), '>', 2000::bigint, 'and most of them are inside a period') FROM outcome;

-- the whole bucket counts from its last working day on
SELECT is(count(*) FILTER (WHERE share <> whole), 0::bigint, 'past the last working day a month is over')
FROM (SELECT elapsed_share('[2026-01-01,2026-07-01)', d, w, 'month', c) AS share, elapsed_share('[2026-01-01,2026-07-01)', e, w, 'month') AS whole
  FROM (SELECT ARRAY[5, 1, 3, 2, 7, 4]::numeric[] AS w, work_calendar(ARRAY['sat', 'sun']) AS c) AS x, (VALUES (date '2026-01-30', date '2026-01-31'), ('2026-02-27', '2026-02-28'), ('2026-05-29', '2026-05-31')) AS y (d, e)) AS z;

-- A prior series is the same as its totals for weights, and by day as sums by date

CREATE TABLE sale_ AS
SELECT date '2022-01-01' + (random() * 1500)::integer AS day, round((random() * 400 - 80)::numeric, 2) AS amount FROM generate_series(1, 6000);
SELECT is(count(*) FILTER (WHERE NOT pg_temp.about(by_prior[1], by_weights[1]) OR NOT pg_temp.about(by_prior[2], by_weights[2]) OR NOT pg_temp.about(by_prior[3], by_weights[3])), 0::bigint,
  format('a prior by %s is its totals as weights, %s', grain, period))
FROM (
  SELECT grain, period,
    CASE WHEN calendar IS NULL THEN ARRAY[elapsed_share(period, as_of, prior), run_rate(10, period, as_of, prior), required_rate(100, 10, period, as_of, prior)]
      ELSE ARRAY[elapsed_share(period, as_of, prior, calendar), run_rate(10, period, as_of, prior, calendar), required_rate(100, 10, period, as_of, prior, calendar)] END AS by_prior,
    CASE WHEN calendar IS NULL THEN ARRAY[elapsed_share(period, as_of, totals(prior), grain), run_rate(10, period, as_of, totals(prior), grain), required_rate(100, 10, period, as_of, totals(prior), grain)]
      ELSE ARRAY[elapsed_share(period, as_of, totals(prior), grain, calendar), run_rate(10, period, as_of, totals(prior), grain, calendar), required_rate(100, 10, period, as_of, totals(prior), grain, calendar)] END AS by_weights
  FROM case_ JOIN look USING (id), LATERAL (SELECT sales_series(abs(amount), day, prior_year(period), grain) AS prior FROM sale_) AS s
  WHERE (grain IN ('month', 'month-week', 'quarter') AND period NOT IN ('[2023-07-01,2026-07-01)'))
) AS x GROUP BY grain, period;
SELECT is(count(*) FILTER (WHERE NOT pg_temp.about(elapsed_share(period, as_of, prior), CASE WHEN as_of < lower(period) THEN 0 WHEN as_of >= upper(period) - 1 THEN 1 ELSE elapsed / total END)
    OR NOT pg_temp.about(elapsed_share(period, as_of, prior, work_calendar(ARRAY['sun'])), elapsed_share(period, as_of, prior))
    OR NOT pg_temp.about(run_rate(10, period, as_of, prior), CASE WHEN as_of >= upper(period) - 1 THEN 10 WHEN as_of >= lower(period) AND elapsed > 0 THEN 10 * total / elapsed END)
    OR NOT pg_temp.about(required_rate(100, 10, period, as_of, prior), CASE WHEN as_of < upper(period) - 1 AND total - coalesce(elapsed, 0) > 0 THEN 90 / (total - coalesce(elapsed, 0)) END)), 0::bigint,
  format('a prior by day is matched by date, returns and all, %s', period))
FROM (
  SELECT period, t::date AS as_of, sum(amount) AS total,
    CASE WHEN t::date >= lower(period) THEN sum(amount) FILTER (WHERE day <= (t - interval '1 year')::date) END AS elapsed, sales_series(amount, day, prior_year(period), 'day') AS prior
  FROM (SELECT DISTINCT period FROM case_ WHERE upper(period) - lower(period) < 400) AS p, generate_series(lower(period) - 1, upper(period), interval '3 days') AS t, LATERAL (SELECT * FROM sale_ WHERE day <@ prior_year(period)) AS s
  GROUP BY period, t) AS x
GROUP BY period;

-- Properties

SELECT is(count(*) FILTER (WHERE run_rate(12345.67, period, as_of, ones, 'day') <> run_rate(12345.67, period, as_of) OR elapsed_share(period, as_of, ones, 'day') <> elapsed_share(period, as_of)
    OR required_rate(99999, 12345.67, period, as_of, ones, 'day') IS DISTINCT FROM required_rate(99999, 12345.67, period, as_of)), 0::bigint, 'equal weights by day are days')
FROM (SELECT id, period, array_agg(1.0::numeric) AS ones FROM case_ JOIN day_ USING (id) WHERE case_.grain = 'day' AND weekend IS NULL GROUP BY id, period) AS c JOIN look USING (id);
SELECT is(count(*) FILTER (WHERE abs(kam[2] * kam[1] - 777.77) > 1e-9), 0::bigint, 'run_rate * elapsed_share is the actual') FROM outcome WHERE kam[2] IS NOT NULL;
SELECT is(count(*) FILTER (WHERE kam[2] IS DISTINCT FROM 777.77 OR kam[1] <> 1 OR kam[3] IS NOT NULL), 0::bigint, 'at the period''s end the run rate is the actual') FROM outcome WHERE over;
SELECT is(count(*) FILTER (WHERE kam[1] < before), 0::bigint, 'the share never falls')
FROM (SELECT kam, lag(kam[1]) OVER (PARTITION BY id ORDER BY as_of) AS before FROM outcome) AS x;
SELECT is(count(*) FILTER (WHERE abs(777.77 + (1 - kam[1]) * total * kam[3] - 5000.5) > 1e-9), 0::bigint, 'what is required for what is left reaches the target') FROM outcome WHERE kam[3] IS NOT NULL AND total > 0;

-- What a call site remembers changes nothing: the same rows in another order, and one by one

SELECT is((SELECT md5(string_agg(kam::text, ',' ORDER BY id, as_of)) FROM outcome), (SELECT md5(string_agg(kam::text, ',' ORDER BY id, as_of)) FROM (
  SELECT id, as_of, CASE WHEN grain IS NULL AND weekend IS NULL THEN ARRAY[elapsed_share(period, as_of), run_rate(777.77, period, as_of), required_rate(5000.5, 777.77, period, as_of)]
    WHEN grain IS NULL THEN ARRAY[elapsed_share(period, as_of, calendar), run_rate(777.77, period, as_of, calendar), required_rate(5000.5, 777.77, period, as_of, calendar)]
    WHEN weekend IS NULL THEN ARRAY[elapsed_share(period, as_of, weights, grain), run_rate(777.77, period, as_of, weights, grain), required_rate(5000.5, 777.77, period, as_of, weights, grain)]
    ELSE ARRAY[elapsed_share(period, as_of, weights, grain, calendar), run_rate(777.77, period, as_of, weights, grain, calendar), required_rate(5000.5, 777.77, period, as_of, weights, grain, calendar)]
  END AS kam
  FROM (SELECT * FROM case_ JOIN look USING (id) LEFT JOIN (SELECT id, array_agg(weight ORDER BY bucket) AS weights FROM weight_ GROUP BY id) AS w USING (id) ORDER BY md5(id::text || as_of)) AS shuffled) AS x),
  'in any order of rows');

-- a call site that has just failed computes the next call rightly
CREATE FUNCTION pg_temp.tried(period daterange, as_of date, weights numeric[], grain text) RETURNS numeric LANGUAGE plpgsql AS $$
BEGIN
  RETURN elapsed_share(period, as_of, weights, grain);
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN -1;
END $$;
SELECT is(array_agg(trim_scale(pg_temp.tried(p, d, w, g)) ORDER BY n), ARRAY[0.75, -1, 0.75, -1, -1, 0.5, -1, 0.75], 'after an error')
FROM (VALUES (1, daterange '[2026-01-01,2026-05-01)', date '2026-02-28', ARRAY[1, 2, 1, 0]::numeric[], 'month'), (2, 'empty', '2026-02-28', ARRAY[1, 2, 1, 0], 'month'), (3, '[2026-01-01,2026-05-01)', '2026-02-28', ARRAY[1, 2, 1, 0], 'month'),
  (4, '[2026-01-01,2026-05-01)', '2026-02-28', ARRAY[1, 2, -1, 0], 'month'), (5, '[2026-01-01,2026-05-01)', '2026-02-28', ARRAY[1, 2, 1, 0], 'quarter'), (6, '[2026-01-01,2026-05-01)', '2026-03-31', ARRAY[1, 1], 'quarter'),
  (7, '[2026-01-01,2026-05-01)', 'infinity', ARRAY[1, 2, 1, 0], 'month'), (8, '[2026-01-01,2026-05-01)', '2026-02-28', ARRAY[1, 2, 1, 0], 'month')) AS x (n, p, d, w, g);

-- What is refused

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT elapsed_share(''[2026-01-01,2027-01-01)'', ''2026-03-31'', ''weeks'')', '22023 | unknown unit: "weeks" | Allowed are "days" and "months". For working days give a work_calendar, for example work_calendar ''weekend sat,sun''.'),
  ('SELECT elapsed_share(''[2026-01-01,)'', ''2026-03-31'')', '22023 | period must have a first and a last day | Give both bounds, like [2026-01-01,2027-01-01).'),
  ('SELECT elapsed_share(''empty'', ''2026-03-31'', work_calendar(ARRAY[''sun'']))', '22023 | period must not be an empty range | A period has at least one day, like [2026-01-01,2027-01-01).'),
  ('SELECT elapsed_share(''[2026-01-01,2126-01-03)'', ''2026-03-31'')', '22023 | period is 36526 days long | At most 36525 days (a hundred years) are allowed.'),
  ('SELECT elapsed_share(''[2026-01-01,2027-01-01)'', ''-infinity'')', '22023 | as_of must be a finite date, not -infinity'),
  ('SELECT required_rate(-0.01, 1, ''[2026-01-01,2027-01-01)'', ''2026-03-31'')', '22023 | target must not be negative, but is -0.01 | Give zero or more.'),
  ('SELECT required_rate(''NaN'', 1, ''[2026-01-01,2027-01-01)'', ''2026-03-31'')', '22023 | target must be a finite number, not NaN'),
  ('SELECT required_rate(1, ''Infinity'', ''[2026-01-01,2027-01-01)'', ''2026-03-31'', ''months'')', '22023 | actual must be a finite number, not infinity'),
  ('SELECT run_rate(''NaN'', ''[2026-01-01,2027-01-01)'', ''2026-03-31'', ARRAY[1,2,3,4], ''quarter'')', '22023 | actual must be a finite number, not NaN'),
  ('SELECT run_rate(1, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', ARRAY[1,2,3], ''quarter'')', '22023 | weights must have 4 elements, one for each bucket of grain "quarter" in the period, not 3 | Give a weight for each of them, or another grain.'),
  ('SELECT run_rate(1, ''[2026-01-01,2027-01-01)'', ''2020-03-31'', ARRAY[1,2,3,4,5], ''quarter'')', '22023 | weights must have 4 elements, one for each bucket of grain "quarter" in the period, not 5 | Give a weight for each of them, or another grain.'),
  ('SELECT run_rate(1, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', ARRAY[1,2,-3,4], ''quarter'')', '22023 | weights must not be negative, but is -3 | Give zero or more.'),
  ('SELECT run_rate(1, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', ARRAY[1,2,NULL,4], ''quarter'')', '22023 | element 3 of weights is null | Leave the element out or give it a value.'),
  ('SELECT run_rate(1, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', ARRAY[1,2,''Infinity''::numeric,4], ''quarter'')', '22023 | weights must be a finite number, not infinity'),
  ('SELECT run_rate(1, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', ARRAY[]::numeric[], ''quarter'')', '22023 | weights has 0 elements | From 1 to 36525 elements are allowed.'),
  ('SELECT run_rate(1, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', ARRAY[[1,2],[3,4]], ''quarter'')', '22023 | weights must be an array of one dimension, not 2 | Give one flat list of elements.'),
  ('SELECT elapsed_share(''[2026-01-01,2027-01-01)'', ''2026-03-31'', sales_series(1, ''2025-03-01'', ''[2025-02-01,2026-01-01)''))', '22023 | prior must have 12 buckets of grain "month", as the period has, not 11 | Build it with prior_year(period), or by a coarser grain.'),
  ('SELECT elapsed_share(''[2026-01-01,2027-01-01)'', ''2027-03-31'', sales_series(1, ''2024-03-01'', ''[2024-01-01,2026-01-01)'', ''quarter''))', '22023 | prior must have 4 buckets of grain "quarter", as the period has, not 8 | Build it with prior_year(period), or by a coarser grain.'),
  ('SELECT elapsed_share(''[2026-01-01,2027-01-01)'', ''2026-03-31'', sales_series(1, ''2024-03-01'', ''[2024-01-01,2024-12-31)'', ''day''), work_calendar(ARRAY[''sun'']))', '22023 | prior covers [2024-01-01,2024-12-31) by day, but the year before the period is [2025-01-01,2026-01-01) | Build it with prior_year(period), or by a coarser grain.')
) AS x (query, expected);
SELECT matches(pg_temp.error_of('SELECT run_rate(1, ''[2026-01-01,2027-01-01)'', ''2026-03-31'', ARRAY[1,2,3], ''moon'')'), '^22023 \| unknown grain: "moon" \| Allowed are "day"', 'an unknown grain');

SELECT * FROM finish();
ROLLBACK;
