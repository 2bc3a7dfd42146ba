-- Overdue receivables and payment discipline, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(96);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql

-- Overdue share by hand: as of 31 March 2026

SELECT is(overdue_share(a, d, '2026-03-31', f), expected::numeric, name)
FROM (VALUES
  ('1200 of 8000 deferred', 0.15, 1200::numeric, date '2026-03-15', true), ('1200 of 8000 deferred', 0.15, 6800, '2026-04-15', true),
  ('1200 of 8000 deferred', 0.15, 500, '2026-03-15', false), ('1200 of 8000 deferred', 0.15, 1500, '2026-04-15', false),
  ('due today', 0, 100, '2026-03-31', true), ('due yesterday', 1, 100, '2026-03-30', true), ('due tomorrow', 0, 100, '2026-04-01', true),
  ('due on a leap day', 1, 100, '2024-02-29', true),
  ('due long ago', 1, 100, '4714-11-24 BC', true), ('due in a far future', 0, 100, '5874897-12-31', true),
  ('only on delivery', NULL, 100, '2026-03-01', false),
  ('a credit balance', NULL, -100, '2026-03-01', true), ('nothing open', NULL, 0, '2026-03-01', true), ('nothing open, with decimals', NULL, 0.00, '2026-03-01', true),
  ('a credit balance is not netted', 0.25, 100, '2026-03-01', true), ('a credit balance is not netted', 0.25, 300, '2026-04-01', true), ('a credit balance is not netted', 0.25, -1000, '2026-03-01', true),
  ('no day: open, not overdue', 0.25, 100, '2026-03-01', true), ('no day: open, not overdue', 0.25, 300, NULL, true),
  ('no day alone', 0, 100, NULL, true), ('no day, on delivery', NULL, 100, NULL, false),
  ('no amount', NULL, NULL, '2026-03-01', true), ('terms not known', NULL, 100, '2026-03-01', NULL),
  ('NULL among others', 0.25, 100, '2026-03-01', true), ('NULL among others', 0.25, 300, '2026-04-01', true), ('NULL among others', 0.25, NULL, '2026-03-01', true), ('NULL among others', 0.25, 900, '2026-03-01', NULL),
  ('cents', 0.01, 0.01, '2026-03-01', true), ('cents', 0.01, 0.99, '2026-04-01', true),
  ('a huge and a small one', 1e-30, 1, '2026-03-01', true), ('a huge and a small one', 1e-30, 999999999999999999999999999999, '2026-04-01', true)
) AS x (name, expected, a, d, f)
GROUP BY name, expected;
SELECT is(ARRAY[overdue_share(i, '2026-03-01', '2026-03-31'), overdue_share(i, '2026-03-01', '2026-03-31', true)], ARRAY[NULL, NULL]::numeric[], 'no rows') FROM generate_series(1, 0) AS i;
SELECT is(overdue_share(100, '2026-03-01', o, true), NULL, 'as_of NULL') FROM (VALUES (NULL::date)) AS x (o);
SELECT is(overdue_share(100, d, o), 0.5, 'each row has its own as_of, as at the end of each month') FROM (VALUES (date '2026-01-15', date '2026-01-31'), ('2026-02-28', '2026-02-28'), ('2026-03-31', '2026-03-31'), ('2026-03-31', '2026-04-30')) AS x (d, o);

-- Payment discipline by hand

SELECT is(ARRAY[payment_discipline(p, q), payment_discipline_strict(p, q)], ARRAY[literal, strict]::numeric[], name)
FROM (VALUES
  ('540 and 450 of 600', 0.90, 0.75, 100::numeric, 100::numeric), ('540 and 450 of 600', 0.90, 0.75, 50, 200), ('540 and 450 of 600', 0.90, 0.75, 390, 300),
  ('as planned', 1, 1, 100, 100), ('nothing paid', 0, 0, 0, 100), ('nothing paid, NULL', 0, 0, NULL, 100), ('too much', 1.2, 1, 120, 100),
  ('nothing planned', NULL, NULL, 100, 0), ('nothing planned, NULL', NULL, NULL, 100, NULL), ('neither', NULL, NULL, NULL, NULL), ('both zero', NULL, NULL, 0, 0),
  ('NULL among others', 0.5, 0.5, 50, 100), ('NULL among others', 0.5, 0.5, NULL, NULL),
  ('a day late', 1, 0, NULL, 100), ('a day late', 1, 0, 100, NULL),
  ('an unplanned payment', 1.5, 1, 100, 100), ('an unplanned payment', 1.5, 1, 50, 0),
  ('a refund', 0.5, 0.5, 100, 100), ('a refund', 0.5, 0.5, -50, NULL),
  ('a refund on a planned day', 0.25, 0.25, 100, 100), ('a refund on a planned day', 0.25, 0.25, -50, 100),
  ('only a refund', -0.5, -0.5, -50, 100),
  ('a plan taken back', 2, 1, 100, 100), ('a plan taken back', 2, 1, 0, -50),
  ('all of the plan taken back', NULL, NULL, 100, 100), ('all of the plan taken back', NULL, NULL, NULL, -100),
  ('a negative plan', NULL, NULL, 100, -100),
  ('different decimals', 0.5, 0.5, 0.125, 0.25), ('equal, with different decimals', 1, 1, 100, 100.00), ('just above', 1.001, 1, 100.1, 100), ('just below', 0.999, 0.999, 99.9, 100),
  ('huge', 0.5, 0.5, 1e30, 2e30), ('tiny', 0.5, 0.5, 1e-30, 2e-30)
) AS x (name, literal, strict, p, q)
GROUP BY name, literal, strict;
SELECT is(ARRAY[payment_discipline(i, i), payment_discipline_strict(i, i)], ARRAY[NULL, NULL]::numeric[], 'no rows') FROM generate_series(1, 0) AS i;

-- Against plain SQL over random rows

CREATE TABLE invoices AS
SELECT i, noise % 20 AS customer, noise / 20 % 4 AS agent,
  CASE noise / 100 % 41 WHEN 0 THEN NULL ELSE date '2026-02-20' + (noise / 4100 % 60)::integer END AS due_on,
  CASE noise / 200 % 29 WHEN 0 THEN NULL ELSE noise / 5800 % 4 > 0 END AS deferred,
  CASE noise / 300 % 47 WHEN 0 THEN NULL WHEN 1 THEN -1e35 WHEN 2 THEN 0 WHEN 3 THEN (noise / 7 % 1000)::numeric * 1e15 WHEN 4 THEN (noise / 7 % 1000)::numeric * 1e-11
    ELSE ((noise / 7 % 100000 - 9000) / 100.0)::numeric(12, 2) END AS open_amount
FROM generate_series(1, 30000) AS i, LATERAL (SELECT hashint8extended(i, 17) & 9007199254740991 AS noise) AS n;
CREATE VIEW plain_overdue AS
SELECT customer, agent, grouping(customer, agent) AS level, as_of,
  (coalesce(sum(open_amount) FILTER (WHERE open_amount > 0 AND deferred AND due_on < as_of), 0) / sum(open_amount) FILTER (WHERE open_amount > 0 AND deferred))::text AS deferred,
  (coalesce(sum(open_amount) FILTER (WHERE open_amount > 0 AND due_on < as_of), 0) / sum(open_amount) FILTER (WHERE open_amount > 0))::text AS everything
FROM invoices, unnest(ARRAY['2026-02-20', '2026-02-28', '2026-03-31', '2026-12-31']::date[]) AS as_of GROUP BY GROUPING SETS ((as_of, customer, agent), (as_of, customer), (as_of, agent), (as_of));
CREATE VIEW kam_overdue AS
SELECT customer, agent, grouping(customer, agent) AS level, as_of, overdue_share(open_amount, due_on, as_of, deferred)::text AS deferred, overdue_share(open_amount, due_on, as_of)::text AS everything
FROM invoices, unnest(ARRAY['2026-02-20', '2026-02-28', '2026-03-31', '2026-12-31']::date[]) AS as_of GROUP BY GROUPING SETS ((as_of, customer, agent), (as_of, customer), (as_of, agent), (as_of));

SELECT is(count(*) FILTER (WHERE (k.deferred, k.everything) IS DISTINCT FROM (p.deferred, p.everything)), 0::bigint, 'overdue share in GROUPING SETS, to the last digit')
FROM kam_overdue AS k JOIN plain_overdue AS p ON (k.customer, k.agent, k.level, k.as_of) IS NOT DISTINCT FROM (p.customer, p.agent, p.level, p.as_of);
SELECT is(count(*), 4 * (20 * 4 + 20 + 4 + 1)::bigint, 'all groups') FROM kam_overdue;
SELECT cmp_ok(count(DISTINCT deferred), '>', 80::bigint, 'many different ones') FROM kam_overdue;
SELECT is(count(*) FILTER (WHERE deferred::numeric NOT BETWEEN 0 AND 1 OR everything::numeric NOT BETWEEN 0 AND 1), 0::bigint, 'a share is from 0 to 1') FROM kam_overdue;
SELECT is(count(*) FILTER (WHERE k.deferred::numeric > later.deferred::numeric), 0::bigint, 'never less a day later')
FROM kam_overdue AS k JOIN kam_overdue AS later ON (k.customer, k.agent, k.level) IS NOT DISTINCT FROM (later.customer, later.agent, later.level) AND k.as_of < later.as_of;
SELECT is(count(*) FILTER (WHERE all_deferred::text IS DISTINCT FROM short::text), 0::bigint, 'without deferred, all are deferred')
FROM (SELECT overdue_share(open_amount, due_on, '2026-03-31', true) AS all_deferred, overdue_share(open_amount, due_on, '2026-03-31') AS short FROM invoices GROUP BY customer) AS x;

CREATE TABLE payment_days AS
SELECT i, noise % 20 AS customer, noise / 20 % 4 AS agent,
  CASE noise / 100 % 43 WHEN 0 THEN NULL WHEN 1 THEN (noise / 7 % 1000)::numeric * 1e16 WHEN 2 THEN (noise / 7 % 1000)::numeric * 1e-12 WHEN 3 THEN 0 ELSE ((noise / 7 % 100000) / 100.0)::numeric(12, 2) END AS paid,
  CASE noise / 200 % 43 WHEN 0 THEN NULL WHEN 1 THEN (noise / 11 % 1000)::numeric * 1e16 WHEN 2 THEN (noise / 11 % 1000)::numeric * 1e-13 WHEN 3 THEN 0 ELSE ((noise / 11 % 100000) / 1000.0)::numeric(12, 3) END AS planned
FROM generate_series(1, 30000) AS i, LATERAL (SELECT hashint8extended(i, 19) & 9007199254740991 AS noise) AS n;
-- the same with refunds and plans taken back
CREATE TABLE signed_days AS
SELECT i, customer, agent, CASE WHEN i % 9 = 0 THEN -paid ELSE paid END AS paid, CASE WHEN i % 11 = 0 THEN -planned ELSE planned END AS planned FROM payment_days WHERE paid IS NULL OR paid < 1e10;
CREATE FUNCTION pg_temp.least_of(paid numeric, planned numeric) RETURNS numeric IMMUTABLE RETURN CASE WHEN paid IS NOT NULL OR planned IS NOT NULL THEN least(coalesce(paid, 0), coalesce(planned, 0)) END;

SELECT is(count(*) FILTER (WHERE literal IS DISTINCT FROM (paid / planned)::text OR round(strict, 16) IS DISTINCT FROM round(in_time / planned, 16)), 0::bigint, 'payment discipline in GROUPING SETS: ' || name)
FROM (
  SELECT name, payment_discipline(paid, planned)::text AS literal, payment_discipline_strict(paid, planned) AS strict,
    sum(coalesce(paid, 0)) FILTER (WHERE paid IS NOT NULL OR planned IS NOT NULL) AS paid, nullif(greatest(sum(coalesce(planned, 0)), 0), 0) AS planned, sum(pg_temp.least_of(paid, planned)) AS in_time
  FROM (SELECT 'paid and planned' AS name, * FROM payment_days UNION ALL SELECT 'with refunds and plans taken back', * FROM signed_days) AS d
  GROUP BY GROUPING SETS ((name, customer, agent), (name, customer), (name, agent), (name))) AS x
GROUP BY name;
SELECT is(count(*) FILTER (WHERE strict > literal OR strict > 1), 0::bigint, 'strict <= literal and strict <= 1, whatever the signs: ' || name)
FROM (
  SELECT name, payment_discipline(paid, planned) AS literal, payment_discipline_strict(paid, planned) AS strict
  FROM (SELECT 'paid and planned' AS name, * FROM payment_days UNION ALL SELECT 'with refunds and plans taken back', * FROM signed_days) AS d GROUP BY name, customer, agent, i % 30) AS x
GROUP BY name;
SELECT is(count(*) FILTER (WHERE strict < 0 OR literal < 0), 0::bigint, 'neither is negative without refunds') FROM (SELECT payment_discipline(paid, planned) AS literal, payment_discipline_strict(paid, planned) AS strict FROM payment_days GROUP BY customer, agent) AS x;
SELECT cmp_ok(count(DISTINCT strict), '>', 70::bigint, 'many different ones') FROM (SELECT payment_discipline_strict(paid, planned) AS strict FROM payment_days GROUP BY customer, agent) AS x;
SELECT is(count(*) FILTER (WHERE by_day > literal), 0::bigint, 'grouped more coarsely, strict is never less')
FROM (SELECT customer, payment_discipline_strict(paid, planned) AS by_day FROM payment_days GROUP BY customer) AS fine
JOIN (SELECT customer, payment_discipline_strict(paid, planned) AS literal FROM (SELECT customer, i % 50 AS week, sum(paid) AS paid, sum(planned) AS planned FROM payment_days GROUP BY 1, 2) AS w GROUP BY customer) AS coarse USING (customer);
SELECT ok(total BETWEEN least AND most, 'the ratio of the total lies between those of the parts')
FROM (SELECT payment_discipline(paid, planned) AS total FROM payment_days) AS t, (SELECT min(r) AS least, max(r) AS most FROM (SELECT payment_discipline(paid, planned) AS r FROM payment_days GROUP BY customer) AS x) AS parts;

-- Any order, workers, spilled, states merged

CREATE VIEW four AS SELECT * FROM invoices JOIN (SELECT i, paid, planned FROM payment_days) AS d USING (i);
CREATE TABLE serial AS
SELECT customer, overdue_share(open_amount, due_on, '2026-03-31')::text AS o, overdue_share(open_amount, due_on, '2026-03-31', deferred)::text AS d, payment_discipline(paid, planned)::text AS p, payment_discipline_strict(paid, planned)::text AS s
FROM four GROUP BY customer;
SELECT results_eq(format('SELECT customer, overdue_share(open_amount, due_on, ''2026-03-31'' ORDER BY %1$s)::text, overdue_share(open_amount, due_on, ''2026-03-31'', deferred ORDER BY %1$s)::text, payment_discipline(paid, planned ORDER BY %1$s)::text, payment_discipline_strict(paid, planned ORDER BY %1$s)::text FROM four GROUP BY 1 ORDER BY 1', way),
  'SELECT * FROM serial ORDER BY 1', 'in the order of ' || way)
FROM unnest(ARRAY['open_amount, paid', 'open_amount DESC, planned DESC', 'scale(planned), scale(open_amount)', 'due_on', 'md5(i::text)']) AS way;

CREATE TABLE together AS SELECT * FROM four;
ANALYZE together;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
\set query 'SELECT customer, overdue_share(open_amount, due_on, \'2026-03-31\')::text, overdue_share(open_amount, due_on, \'2026-03-31\', deferred)::text, payment_discipline(paid, planned)::text, payment_discipline_strict(paid, planned)::text FROM together GROUP BY 1'
SELECT matches(pg_temp.plan_of(:'query'), 'Partial .*Aggregate', 'workers share the work');
SELECT results_eq(:'query' || ' ORDER BY 1', 'SELECT * FROM serial ORDER BY 1', 'and come to the same');
SET LOCAL max_parallel_workers_per_gather = 0;

CREATE TABLE sorted AS
SELECT i % 15000 AS n, overdue_share(open_amount, due_on, '2026-03-31', deferred) AS o, payment_discipline(paid, planned) AS p, payment_discipline_strict(paid, planned) AS s FROM together GROUP BY 1;
SET LOCAL work_mem = '64kB';
SET LOCAL hash_mem_multiplier = 1;
SET LOCAL enable_sort = off;
SELECT matches(pg_temp.plan_of('SELECT i % 15000, payment_discipline(paid, planned) FROM together GROUP BY 1'), '^HashAggregate', 'a hash aggregate with little memory');
SELECT is(count(*), 0::bigint, 'spilled to disk it is the same')
FROM (SELECT i % 15000, overdue_share(open_amount, due_on, '2026-03-31', deferred), payment_discipline(paid, planned), payment_discipline_strict(paid, planned) FROM together GROUP BY 1 EXCEPT ALL SELECT * FROM sorted) AS x;
RESET work_mem;
RESET hash_mem_multiplier;
RESET enable_sort;

CREATE AGGREGATE pg_temp.owing(open_amount numeric, due_on date, as_of date, deferred boolean) (SFUNC = overdue_share_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.owing(open_amount numeric, due_on date, as_of date) (SFUNC = overdue_share_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.paying(paid numeric, planned numeric) (SFUNC = payment_discipline_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.paying_in_time(paid numeric, planned numeric) (SFUNC = payment_discipline_strict_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.merged(bytea) (SFUNC = part_combine, STYPE = bytea, FINALFUNC = part_final);
SELECT results_eq('SELECT customer, pg_temp.merged(o)::text, pg_temp.merged(d)::text, pg_temp.merged(p)::text, pg_temp.merged(s)::text FROM (
    SELECT customer, i % 7, pg_temp.owing(open_amount, due_on, ''2026-03-31'') AS o, pg_temp.owing(open_amount, due_on, ''2026-03-31'', deferred) AS d, pg_temp.paying(paid, planned) AS p, pg_temp.paying_in_time(paid, planned) AS s FROM together GROUP BY 1, 2) AS x GROUP BY 1 ORDER BY 1',
  'SELECT * FROM serial ORDER BY 1', 'states of parts, merged');

-- As window aggregates over frames

SELECT is(count(*) FILTER (WHERE k IS DISTINCT FROM (SELECT payment_discipline_strict(p, q) FROM unnest(ps, qs) AS u (p, q))), 0::bigint, 'over a moving frame')
FROM (SELECT payment_discipline_strict(paid, planned) OVER w, array_agg(paid) OVER w, array_agg(planned) OVER w FROM together WHERE customer < 3 WINDOW w AS (PARTITION BY customer ORDER BY i ROWS 10 PRECEDING)) AS x (k, ps, qs);

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || call), expected, call)
FROM (VALUES
  ('overdue_share(''NaN'', ''2026-03-01'', ''2026-03-31'')', '22023 | open_amount must be a finite number, not NaN'),
  ('overdue_share(''Infinity'', ''2026-03-01'', ''2026-03-31'', true)', '22023 | open_amount must be a finite number, not infinity'),
  ('overdue_share(''-Infinity'', ''2026-03-01'', ''2026-03-31'', false)', '22023 | open_amount must be a finite number, not -infinity'),
  ('overdue_share(100, ''infinity'', ''2026-03-31'')', '22023 | due_on must be a finite date, not infinity'),
  ('overdue_share(-100, ''-infinity'', ''2026-03-31'', true)', '22023 | due_on must be a finite date, not -infinity'),
  ('overdue_share(100, ''2026-03-01'', ''infinity'')', '22023 | as_of must be a finite date, not infinity'),
  ('overdue_share(100, NULL, ''-infinity'', false)', '22023 | as_of must be a finite date, not -infinity'),
  ('overdue_share(''NaN'', ''2026-03-01'', NULL)', 'no error'),
  ('overdue_share(''NaN'', ''2026-03-01'', ''2026-03-31'', NULL)', 'no error'),
  ('overdue_share(NULL, ''infinity'', ''2026-03-31'')', 'no error'),
  ('overdue_share(1e38, ''2026-03-01'', ''2026-03-31'')', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('overdue_share(a, ''2026-04-01'', ''2026-03-31'') FROM (VALUES (1e30), (1e-10)) AS x (a)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('overdue_share(a, ''2026-04-01'', ''2026-03-31'') FROM (VALUES (-1e30), (1e-10)) AS x (a)', 'no error'),
  ('overdue_share(9e37, ''2026-04-01'', ''2026-03-31'') FROM generate_series(1, 2)', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('payment_discipline(''NaN'', 1)', '22023 | paid must be a finite number, not NaN'),
  ('payment_discipline(1, ''Infinity'')', '22023 | planned must be a finite number, not infinity'),
  ('payment_discipline(NULL, ''-Infinity'')', '22023 | planned must be a finite number, not -infinity'),
  ('payment_discipline_strict(''-Infinity'', NULL)', '22023 | paid must be a finite number, not -infinity'),
  ('payment_discipline_strict(1, ''NaN'')', '22023 | planned must be a finite number, not NaN'),
  ('payment_discipline_strict(''NaN'', 1)', '22023 | paid must be a finite number, not NaN'),
  ('payment_discipline(1e30, 1e-10)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('payment_discipline_strict(1e30, 1e-10)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('payment_discipline_strict(1e38, 1)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.')
) AS x (call, expected);

SELECT * FROM finish();
ROLLBACK;
