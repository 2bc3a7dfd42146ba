-- Retention bonuses: the worked examples, edges, and random contracts against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL datestyle = 'ISO';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(148);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql

-- a contract of 2026: what was sold in the middle of January, February, …
CREATE FUNCTION pg_temp.contract(totals text, period daterange DEFAULT '[2026-01-01,2027-01-01)', grain text DEFAULT 'month') RETURNS sales_series
IMMUTABLE
BEGIN ATOMIC
  SELECT sales_series(total::numeric, make_date(2026 + (n::integer - 1) / 12, (n::integer - 1) % 12 + 1, 15), period, grain)
  FROM string_to_table(totals, ' ') WITH ORDINALITY AS t (total, n);
END;

-- a result without the decimals of zero
CREATE FUNCTION pg_temp.shown(r retention_result) RETURNS text
IMMUTABLE
RETURN CASE WHEN r IS NULL THEN 'NULL'
  ELSE concat_ws('|', (r).status, (r).month, coalesce(trim_scale((r).bonus)::text, '-'), coalesce(trim_scale((r).kept)::text, '-'),
    trim_scale((r).revenue), coalesce(trim_scale(round((r).rate, 10))::text, '-'), coalesce(trim_scale(round((r).overload, 10))::text, '-')) END;

CREATE FUNCTION pg_temp.figures(p retention_portfolio_result) RETURNS text
IMMUTABLE
RETURN concat_ws('|', (p).contracts, (p).pending, (p).vested, (p).clawed_back, trim_scale((p).bonus), trim_scale((p).kept), trim_scale((p).revenue),
  coalesce(trim_scale(round((p).vest_rate, 10))::text, '-'), coalesce(trim_scale(round((p).realised_rate, 10))::text, '-'),
  coalesce(trim_scale(round((p).bonus_per_vested, 10))::text, '-'));

CREATE FUNCTION pg_temp.ledger(s sales_series, as_of date, multiplier numeric DEFAULT 2, months integer DEFAULT 4) RETURNS text
IMMUTABLE
BEGIN ATOMIC
  SELECT coalesce(string_agg(concat_ws(' ', posted_on, month, kind, trim_scale(amount)), ', ' ORDER BY n), '')
  FROM retention_ledger(s, as_of, multiplier, months) WITH ORDINALITY AS l (posted_on, month, kind, amount, n);
END;

-- The worked examples

SELECT is(pg_temp.shown(retention_bonus(pg_temp.contract(totals), as_of::date)), result, name)
FROM (VALUES
  ('W-01: 500 in the first month give an advance of 1000', '500', '2026-01-31', 'pending|1|1000|-|500|-|-'),
  ('W-02: five months of 500 vest at 40 %', '500 500 500 500 500', '2026-05-31', 'vested|5|1000|1000|2500|0.4|1'),
  ('W-03: 300 in the third month takes the whole advance back', '500 500 300', '2026-03-31', 'clawed_back|3|1000|0|1300|0|1.25'),
  ('W-04: four months are not yet enough', '500 500 500 500', '2026-04-30', 'pending|4|1000|-|2000|-|1'),
  ('W-04: 499.99 in the fifth is less', '500 500 500 500 499.99', '2026-05-31', 'clawed_back|5|1000|0|2499.99|0|1.000005'),
  ('W-04: 500 in the fifth is the same volume', '500 500 500 500 500', '2026-05-31', 'vested|5|1000|1000|2500|0.4|1'),
  ('W-04: a missing fifth month is a shrink', '500 500 500 500', '2026-05-31', 'clawed_back|5|1000|0|2000|0|1.3333333333'),
  ('W-04: 700 in the third and 500 in the fourth, no ratchet', '500 500 700 500 500', '2026-05-31', 'vested|5|1000|1000|2700|0.3703703704|0.9090909091')
) AS x (name, totals, as_of, result);

SELECT is((r).bonus::text, '1000', 'W-01, as numeric has it') FROM retention_bonus(pg_temp.contract('500'), '2026-01-31') AS r;
SELECT is((r).rate = 0.40, true, 'W-02: 1000 of 2500 is 0.40 exactly') FROM retention_bonus(pg_temp.contract('500 500 500 500 500'), '2026-12-31') AS r;
SELECT is(pg_temp.ledger(pg_temp.contract('500 500 300'), '2026-12-31'), '2026-01-31 1 advance 1000, 2026-03-31 3 clawback -1000', 'W-03: the ledger');
SELECT is((SELECT sum(amount) FROM retention_ledger(pg_temp.contract('500 500 300'), '2026-12-31')), 0::numeric, 'W-03: which comes to nothing');

SELECT is(pg_temp.figures(retention_portfolio(retention_bonus(pg_temp.contract(CASE WHEN n <= 5 THEN '500 500 500 500 500' ELSE '500 500 300' END), '2026-05-31'))),
  '8|0|5|3|8000|5000|16400|0.625|0.3048780488|1000', 'W-05: 5 of 8 contracts vest, over what they brought')
FROM generate_series(1, 8) AS n;
SELECT is(pg_temp.figures(retention_portfolio(ROW(r.status, r.month, r.bonus, r.kept, r.bonus / 2 * 5, NULL, NULL)::retention_result)),
  '8|0|5|3|8000|5000|20000|0.625|0.25|1000', 'W-05: 25 % over what was contracted')
FROM generate_series(1, 8) AS n
CROSS JOIN LATERAL retention_bonus(pg_temp.contract(CASE WHEN n <= 5 THEN '500 500 500 500 500' ELSE '500 500 300' END), '2026-05-31') AS r;
SELECT unnest(ARRAY[is(pg_temp.figures(p), '28|0|13|15|28000|13000|52000|0.4642857143|0.25|1000', 'W-06: 13 vest and 15 fail'),
  is(ARRAY[(p).realised_rate = 0.25, (p).vest_rate = 13 / 28.0], '{true,true}', 'W-06: exactly 25 %, 13 of 28')])
FROM (SELECT retention_portfolio(retention_bonus(pg_temp.contract(CASE WHEN n <= 13 THEN '500 500 500 500 500' ELSE '500 500 300' END), '2026-05-31')) AS p
  FROM generate_series(1, 28) AS n) AS x;

SELECT is(bonus_share(1500, 1000) = 0.40, true, 'W-07: 1000 beside 1500 fixed is 40 % of the pay');
SELECT is(bonus_for_share(1500, 0.40) = 1000, true, 'W-07: and back');

-- Months, one after another

SELECT is(pg_temp.shown(retention_bonus(pg_temp.contract(totals), as_of::date, multiplier, months)), result, name)
FROM (VALUES
  ('before the first month nobody knows of it', '0 0 500', '2026-02-28', 2, 4, 'NULL'),
  ('the first month runs', '0 0 500', '2026-03-01', 2, 4, 'pending|0|-|-|0|-|-'),
  ('the first month runs, to the last day but one', '0 0 500', '2026-03-30', 2, 4, 'pending|0|-|-|0|-|-'),
  ('the first month is complete', '0 0 500', '2026-03-31', 2, 4, 'pending|1|1000|-|500|-|-'),
  ('a month that runs is not judged', '500 500 300', '2026-03-30', 2, 4, 'pending|2|1000|-|1000|-|1'),
  ('what happens after the clawback counts for nothing', '500 500 300 9000 9000', '2026-12-31', 2, 4, 'clawed_back|3|1000|0|1300|0|1.25'),
  ('only the first shrinking month counts', '500 300 200 100', '2026-12-31', 2, 4, 'clawed_back|2|1000|0|800|0|1.6666666667'),
  ('a shrink after the window has no effect', '500 500 500 500 500 1', '2026-12-31', 2, 4, 'vested|5|1000|1000|2500|0.4|1'),
  ('larger months do not raise the bonus', '500 900 900 900 900', '2026-12-31', 2, 4, 'vested|5|1000|1000|4100|0.243902439|0.5555555556'),
  ('the first month with sales is the first', '0 0 500 500 500 500 500', '2026-07-31', 2, 4, 'vested|5|1000|1000|2500|0.4|1'),
  ('a month of returns is not the first', '-100 500 500 500 500 500', '2026-06-30', 2, 4, 'vested|5|1000|1000|2500|0.4|1'),
  ('a month of returns is a shrink', '500 -100', '2026-02-28', 2, 4, 'clawed_back|2|1000|0|400|0|-'),
  ('more came back than was bought', '500 -700', '2026-02-28', 2, 4, 'clawed_back|2|1000|0|-200|0|-'),
  ('all came back: no rate', '500 -500', '2026-02-28', 2, 4, 'clawed_back|2|1000|0|0|-|-'),
  ('nothing was bought any more', '500 0', '2026-02-28', 2, 4, 'clawed_back|2|1000|0|500|0|-'),
  ('one month after the first', '500 500', '2026-02-28', 2, 1, 'vested|2|1000|1000|1000|1|1'),
  ('a year of months', '1 1 1 1 1 1 1 1 1 1 1 1', '2026-12-31', 2, 11, 'vested|12|2|2|12|0.1666666667|1'),
  ('more months than the series has', '1 1 1 1 1 1 1 1 1 1 1 1', '2030-12-31', 2, 12, 'pending|12|2|-|12|-|1'),
  ('the longest window', '1 1 1 1 1 1 1 1 1 1 1 1', '2030-12-31', 2, 120, 'pending|12|2|-|12|-|1'),
  ('multiplier 0', '500 500', '2026-02-28', 0, 1, 'vested|2|0|0|1000|0|1'),
  ('multiplier 0.5', '500 500', '2026-02-28', 0.5, 1, 'vested|2|250|250|1000|0.25|1'),
  ('only returns', '-5 -5', '2026-12-31', 2, 4, 'NULL'),
  ('only zeros', '0 0', '2026-12-31', 2, 4, 'NULL'),
  ('a first month that overloads', '1000 250 250', '2026-03-31', 2, 4, 'clawed_back|2|2000|0|1250|0|4'),
  ('tiny', '0.00000000000000000001 0.00000000000000000001', '2026-02-28', 2, 1, 'vested|2|0.00000000000000000002|0.00000000000000000002|0.00000000000000000002|1|1'),
  ('tiny less', '0.00000000000000000002 0.00000000000000000001', '2026-02-28', 1, 1, 'clawed_back|2|0.00000000000000000002|0|0.00000000000000000003|0|2'),
  ('huge', '4e37 4e37', '2026-02-28', 2, 1, 'vested|2|80000000000000000000000000000000000000|80000000000000000000000000000000000000|80000000000000000000000000000000000000|1|1'),
  ('a bonus beyond 38 digits', '9e37', '2026-01-31', 1000, 1, 'pending|1|90000000000000000000000000000000000000000|-|90000000000000000000000000000000000000|-|-')
) AS x (name, totals, as_of, multiplier, months, result);

-- The period of the series, and its grain

SELECT is(pg_temp.shown(retention_bonus(pg_temp.contract('500 500 500 500 500 500', period::daterange, grain), as_of::date)), result,
  format('period %s by %s, at %s', period, grain, as_of))
FROM (VALUES
  ('[2026-01-01,2026-06-01)', 'month', '2026-12-31', 'vested|5|1000|1000|2500|0.4|1'),
  ('[2026-01-01,2026-05-31)', 'month', '2026-12-31', 'pending|4|1000|-|2000|-|1'),
  ('[2026-01-01,2026-05-31)', 'day', '2026-12-31', 'pending|4|1000|-|2000|-|1'),
  ('[2026-01-01,2026-05-01)', 'month', '2026-12-31', 'pending|4|1000|-|2000|-|1'),
  ('[2026-01-01,2026-01-31)', 'month', '2026-12-31', 'pending|0|-|-|0|-|-'),
  ('[2026-01-01,2026-02-01)', 'month', '2026-12-31', 'pending|1|1000|-|500|-|-'),
  ('[2026-02-01,2026-07-01)', 'month', '2026-12-31', 'vested|5|1000|1000|2500|0.4|1'),
  ('[2026-01-01,2026-06-01)', 'month-week', '2026-05-31', 'vested|5|1000|1000|2500|0.4|1'),
  ('[2026-01-01,2026-06-01)', 'month-week', '2026-05-30', 'pending|4|1000|-|2000|-|1'),
  ('[2026-01-01,2026-06-01)', 'day', '2026-05-31', 'vested|5|1000|1000|2500|0.4|1'),
  ('[2026-01-01,2026-06-01)', 'day', '2026-05-30', 'pending|4|1000|-|2000|-|1'),
  ('[1990-01-01,2026-06-01)', 'month', '2026-05-31', 'vested|5|1000|1000|2500|0.4|1')
) AS x (period, grain, as_of, result);

-- February of a leap year is over on the 29th; a window may cross the year end
SELECT unnest(ARRAY[is(pg_temp.shown(retention_bonus(s, '2024-02-28', 2, 2)), 'pending|2|200|-|200|-|1', '28 February of a leap year is not the end'),
  is(pg_temp.shown(retention_bonus(s, '2024-02-29', 2, 2)), 'vested|3|200|200|300|0.6666666667|1', '29 February is'),
  is(pg_temp.ledger(s, '2024-02-29', 2, 2), '2023-12-31 1 advance 200', 'the advance is posted on the last day of December')])
FROM (SELECT sales_series(100, d::date, '[2023-12-01,2024-03-01)') AS s FROM unnest('{2023-12-03,2024-01-31,2024-02-29}'::date[]) AS d) AS x;

-- several sales in the first month are its sum, and a return is in the month that it is dated in
SELECT is(pg_temp.shown(retention_bonus(sales_series(amount, sold_on, '[2026-01-01,2026-07-01)'), '2026-06-30', 2, 1)), 'clawed_back|2|1000|0|990|0|1.0204081633', 'sums and returns')
FROM (VALUES (300, date '2026-01-05'), (250, '2026-01-31'), (-50, '2026-01-31'), (500, '2026-02-01'), (-10, '2026-02-28')) AS x (amount, sold_on);

-- the first days and the last that there are
SELECT is(pg_temp.shown(retention_bonus(sales_series(7, '5874897-11-30', '[5874897-11-01,5874897-12-31)'), '5874897-12-31')), 'pending|1|14|-|7|-|-', 'the last month there is cannot be complete');
SELECT is(pg_temp.shown(retention_bonus(sales_series(7, '4714-12-01 BC', '[4714-12-01 BC,4713-02-01 BC)'), '4713-01-31 BC', 2, 1)), 'clawed_back|2|14|0|7|0|-', 'the first months there are');

-- The ledger

SELECT is(pg_temp.ledger(pg_temp.contract(totals), as_of::date, multiplier, months), result, format('ledger of %s at %s', totals, as_of))
FROM (VALUES
  ('0 0 500', '2026-02-28', 2, 4, ''),
  ('0 0 500', '2026-03-30', 2, 4, ''),
  ('0 0 500', '2026-03-31', 2, 4, '2026-03-31 1 advance 1000'),
  ('500 500 300', '2026-03-30', 2, 4, '2026-01-31 1 advance 1000'),
  ('500 500 300', '2026-03-31', 2, 4, '2026-01-31 1 advance 1000, 2026-03-31 3 clawback -1000'),
  ('500 500 300', '2026-03-31', 1.5, 1, '2026-01-31 1 advance 750'),
  ('500 -500', '2026-03-31', 1.5, 1, '2026-01-31 1 advance 750, 2026-02-28 2 clawback -750'),
  ('500 500 500 500 500 300', '2026-12-31', 2, 4, '2026-01-31 1 advance 1000'),
  ('500 300', '2026-12-31', 0, 4, '2026-01-31 1 advance 0, 2026-02-28 2 clawback 0'),
  ('-500', '2026-12-31', 2, 4, '')
) AS x (totals, as_of, multiplier, months, result);

-- NULL

SELECT is(ARRAY[retention_bonus(NULL, '2026-01-31') IS NULL, retention_bonus(s, NULL) IS NULL, retention_bonus(s, '2026-01-31', NULL) IS NULL, retention_bonus(s, '2026-01-31', 2, NULL) IS NULL,
    retention_bonus(s, '2026-01-31', months => NULL) IS NULL, retention_bonus(s, '2026-01-31') IS NULL], '{true,true,true,true,true,false}', 'NULL gives NULL')
FROM (SELECT pg_temp.contract('500') AS s) AS x;
SELECT is((SELECT count(*) FROM pg_temp.contract('500') AS s, LATERAL (
    SELECT FROM retention_ledger(NULL, '2026-01-31') UNION ALL SELECT FROM retention_ledger(s, NULL)
    UNION ALL SELECT FROM retention_ledger(s, '2026-01-31', NULL) UNION ALL SELECT FROM retention_ledger(s, '2026-01-31', 2, NULL)) AS l), 0::bigint, 'and no lines');
SELECT is((SELECT count(*) FROM retention_bonus(pg_temp.contract('-1'), '2026-01-31') AS r WHERE r.status IS NULL), 1::bigint, 'without a contract, as a row source: one row of NULLs');

-- The bonus in the pay

SELECT is(trim_scale(bonus_share(fixed_pay, bonus)), share::numeric, format('share of %s beside %s', bonus, fixed_pay))
FROM (VALUES (1500, 0, 0), (0, 100, 1), (0, 0, NULL), (1500, -500, -0.5), (1500, -1500, NULL), (1500, -2000, NULL), (NULL, 1, NULL), (1, NULL, NULL), (1e100, 1e100, 0.5)) AS x (fixed_pay, bonus, share);
SELECT is(trim_scale(bonus_for_share(fixed_pay, share)), bonus::numeric, format('bonus for %s beside %s', share, fixed_pay))
FROM (VALUES (1500, 0, 0), (0, 0.4, 0), (1500, 1, NULL), (1500, 0.5, 1500), (100, 0.99, 9900), (NULL, 0.4, NULL), (1, NULL, NULL)) AS x (fixed_pay, share, bonus);
SELECT is(count(*) FILTER (WHERE abs(bonus_share(fixed_pay, bonus_for_share(fixed_pay, share)) - share) > 1e-15), 0::bigint, 'one undoes the other')
FROM generate_series(0.01, 0.99, 0.01) AS share, generate_series(100, 5000, 700) AS fixed_pay;

-- Random contracts against plain SQL: months, pace and settings of all kinds

CREATE TABLE sale AS
SELECT id, month, sold_on, amount
FROM (
  SELECT id, month, sold_on,
    CASE kind
      WHEN 0 THEN 100
      WHEN 1 THEN 100 + (chance >> 8) % 40 - 3
      WHEN 2 THEN (chance >> 8) % 7 - 2
      ELSE CASE WHEN month < (chance0 >> 5) % 9 THEN 0 ELSE 50 + month - CASE WHEN (chance >> 8) % 11 = 0 THEN 30 ELSE 0 END END
    END / 4.0 AS amount
  FROM (
    SELECT id, month, line, hashint8(id) & 2147483647 AS chance0, (hashint8(id) & 2147483647) % 4 AS kind,
      hashint8(id * 1000 + month * 10 + line) & 2147483647 AS chance
    FROM generate_series(1, 1500) AS id, generate_series(0, 17) AS month, generate_series(1, 2) AS line) AS r
  CROSS JOIN LATERAL (SELECT (date '2024-11-01' + make_interval(months => month))::date + chance % 28 AS sold_on) AS d) AS s
WHERE amount <> 0;
CREATE INDEX ON sale (id, sold_on);
ANALYZE sale;

CREATE TABLE asked AS
SELECT id, (date '2024-10-01' + (hashint8(id * 7 + n) & 2147483647) % 620)::date AS as_of,
  (ARRAY[0, 0.5, 1, 2, 2.25])[1 + (hashint8(id * 5 + n) & 2147483647) % 5] AS multiplier,
  (ARRAY[1, 2, 4, 4, 6, 11, 30])[1 + (hashint8(id * 3 + n) & 2147483647) % 7] AS months
FROM generate_series(1, 1500) AS id, generate_series(1, 8) AS n;

-- the series reaches from November 2024 to 15 April 2026
CREATE TABLE series AS
SELECT id, grain, sales_series(amount, sold_on, '[2024-11-01,2026-04-16)', grain) AS s
FROM sale CROSS JOIN unnest('{day,month-week,month}'::text[]) AS grain GROUP BY id, grain;

CREATE TABLE plain AS
SELECT a.id, a.as_of, a.multiplier, a.months,
  CASE WHEN shrank IS NOT NULL THEN 'clawed_back' WHEN judged = a.months + 1 THEN 'vested' ELSE 'pending' END AS status,
  coalesce(shrank, judged) AS month, multiplier * first AS bonus,
  CASE WHEN shrank IS NOT NULL THEN 0 WHEN judged = a.months + 1 THEN multiplier * first END AS kept,
  (SELECT coalesce(sum(t), 0) FROM unnest(totals[1:coalesce(shrank, judged)]) AS t) AS revenue,
  (SELECT CASE WHEN sum(t) > 0 THEN first * count(*) / sum(t) END FROM unnest(totals[2:coalesce(shrank, judged)]) AS t) AS overload
FROM asked AS a
JOIN LATERAL (
  SELECT array_agg(total ORDER BY start) FILTER (WHERE complete) AS totals, count(*) FILTER (WHERE complete)::integer AS judged
  FROM (
    SELECT *, start + interval '1 month' <= least(date '2026-04-16', a.as_of + 1) AS complete,
      min(start) FILTER (WHERE total > 0) OVER () AS first_start,
      row_number() OVER (ORDER BY start) AS n
    FROM (
      SELECT g::date AS start, coalesce(sum(amount), 0) AS total
      FROM generate_series(timestamp '2024-11-01', a.as_of, '1 month') AS g
      LEFT JOIN sale AS s ON s.id = a.id AND s.sold_on >= g AND s.sold_on < g + interval '1 month' AND s.sold_on < '2026-04-16'
      WHERE g < '2026-04-16'
      GROUP BY g) AS m) AS m
  WHERE start >= first_start AND start < first_start + make_interval(months => a.months + 1)
  HAVING count(*) > 0) AS w ON true
CROSS JOIN LATERAL (SELECT totals[1] AS first, (SELECT min(n) FROM unnest(totals) WITH ORDINALITY AS t (t, n) WHERE t < totals[1])::integer AS shrank) AS d;

CREATE TABLE given AS
SELECT grain, a.id, a.as_of, a.multiplier, a.months, r.*
FROM asked AS a JOIN series AS s USING (id) CROSS JOIN LATERAL retention_bonus(s, a.as_of, a.multiplier, a.months) AS r
WHERE r.status IS NOT NULL;

SELECT is(count(*) FILTER (WHERE g.id IS NULL OR p.id IS NULL OR (g.status, g.month, g.bonus, g.kept, g.revenue, g.rate, g.overload) IS DISTINCT FROM
    (p.status, p.month, p.bonus, p.kept, p.revenue, p.kept / nullif(p.revenue, 0), p.overload)), 0::bigint, 'random contracts by ' || grain)
FROM (SELECT DISTINCT grain, a.* FROM asked AS a CROSS JOIN (SELECT DISTINCT grain FROM series) AS x) AS a
LEFT JOIN given AS g USING (grain, id, as_of, multiplier, months) LEFT JOIN plain AS p USING (id, as_of, multiplier, months)
WHERE g.id IS NOT NULL OR p.id IS NOT NULL
GROUP BY grain;
SELECT ok(count(*) FILTER (WHERE status = 'pending' AND month = 0) > 50 AND count(*) FILTER (WHERE status = 'pending' AND month > 0) > 200 AND count(*) FILTER (WHERE status = 'vested') > 200
  AND count(*) FILTER (WHERE status = 'clawed_back') > 200 AND count(DISTINCT month) FILTER (WHERE status = 'clawed_back') > 5 AND count(*) < (SELECT count(*) FROM asked), 'contracts of every kind are met') FROM plain;

-- Properties

SELECT is(count(*) FILTER (WHERE rate > multiplier / (1 + months)), 0::bigint, 'no rate is above multiplier / (1 + months)') FROM given;
SELECT ok(count(*) FILTER (WHERE rate = multiplier / (1 + months)) > 10, 'and equal months reach it') FROM given WHERE status = 'vested';
SELECT is(count(*) FILTER (WHERE l.held IS DISTINCT FROM coalesce(g.kept, g.bonus) OR l.lines <> CASE WHEN g.month = 0 THEN 0 WHEN g.status = 'clawed_back' THEN 2 ELSE 1 END), 0::bigint,
  'the ledger comes to what is kept, or to the advance while that is open')
FROM given AS g JOIN series USING (id, grain)
CROSS JOIN LATERAL (SELECT sum(amount) AS held, count(*) AS lines FROM retention_ledger(s, g.as_of, g.multiplier, g.months)) AS l;
SELECT is(count(*) FILTER (WHERE l.posted_on > g.as_of OR l.posted_on <> (date_trunc('month', l.posted_on) + interval '1 month' - interval '1 day')::date
    OR l.month IS DISTINCT FROM CASE l.kind WHEN 'advance' THEN 1 ELSE g.month END
    OR l.amount IS DISTINCT FROM CASE l.kind WHEN 'advance' THEN g.bonus ELSE -g.bonus END), 0::bigint, 'lines are posted at the ends of months up to as_of')
FROM given AS g JOIN series USING (id, grain) CROSS JOIN LATERAL retention_ledger(s, g.as_of, g.multiplier, g.months) AS l;
SELECT is(count(*) FILTER (WHERE (before.status <> 'pending' AND before IS DISTINCT FROM after) OR before.month > after.month), 0::bigint, 'what is decided stays decided')
FROM (SELECT s FROM series WHERE grain = 'month' AND id <= 200) AS x, generate_series(0, 16) AS n
CROSS JOIN LATERAL (SELECT (date '2024-11-30' + make_interval(months => n))::date AS as_of) AS d
CROSS JOIN LATERAL retention_bonus(s, as_of) AS before CROSS JOIN LATERAL retention_bonus(s, as_of + 33) AS after
WHERE before.status IS NOT NULL;
SELECT is(count(*) FILTER (WHERE scaled.status <> given.status OR scaled.month <> given.month OR scaled.bonus <> 3 * given.bonus OR scaled.rate <> given.rate), 0::bigint, 'in another currency nothing changes but the sums')
FROM (SELECT id, sales_series(3 * amount, sold_on, '[2024-11-01,2026-04-16)') AS s FROM sale GROUP BY id) AS x JOIN given USING (id)
CROSS JOIN LATERAL retention_bonus(s, as_of, multiplier, months) AS scaled
WHERE grain = 'month';

-- The portfolio against plain SQL, in any order and in parallel

CREATE TABLE contract AS
SELECT id, as_of, id % 7 AS rep, retention_bonus(s, as_of, multiplier, months) AS r
FROM asked JOIN series USING (id) WHERE grain = 'month';
ANALYZE contract;

CREATE VIEW portfolio AS SELECT rep, retention_portfolio(r) AS p FROM contract GROUP BY rep;
CREATE TABLE serial AS TABLE portfolio;
SELECT is(count(*) FILTER (WHERE x.p IS DISTINCT FROM s.p), 0::bigint, 'portfolios by representative')
FROM serial AS s JOIN (
  SELECT rep, ROW(count((r).status), count(*) FILTER (WHERE (r).status = 'pending'), vested, count(*) FILTER (WHERE (r).status = 'clawed_back'),
    sum((r).bonus) FILTER (WHERE (r).status <> 'pending'), sum((r).kept), revenue, vested / nullif(count((r).kept), 0)::numeric,
    sum((r).kept) / nullif(revenue, 0), sum((r).kept) / nullif(vested, 0))::retention_portfolio_result AS p
  FROM contract JOIN (
    SELECT rep, count(*) FILTER (WHERE (r).status = 'vested') AS vested, sum((r).revenue) FILTER (WHERE (r).status <> 'pending') AS revenue
    FROM contract GROUP BY rep) AS v USING (rep)
  GROUP BY rep, vested, revenue) AS x USING (rep);
SELECT is((SELECT retention_portfolio(r ORDER BY md5(id::text || as_of)) FROM contract), (SELECT retention_portfolio(r ORDER BY id) FROM contract), 'any order');
SELECT is(retention_portfolio_final(retention_portfolio_combine(one, other)), whole, 'two halves')
FROM (SELECT retention_portfolio(r) AS whole FROM contract) AS w,
  (SELECT ARRAY[(p).pending, (p).vested, (p).clawed_back, (p).bonus, (p).kept, (p).revenue] AS one FROM (SELECT retention_portfolio(r) AS p FROM contract WHERE id % 3 = 0) AS x) AS a,
  (SELECT ARRAY[(p).pending, (p).vested, (p).clawed_back, (p).bonus, (p).kept, (p).revenue] AS other FROM (SELECT retention_portfolio(r) AS p FROM contract WHERE id % 3 <> 0) AS x) AS b;

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL enable_sort = off;
SELECT matches(pg_temp.plan_of('TABLE portfolio'), 'Finalize.*Partial', 'the portfolio runs in parallel');
SELECT set_eq('TABLE portfolio', 'TABLE serial', 'to the same figures');
RESET enable_sort;
SET LOCAL max_parallel_workers_per_gather = 0;

SELECT is(count(*) FILTER (WHERE (running).contracts <> n), 0::bigint, 'as a window function')
FROM (SELECT retention_portfolio(r) OVER (ORDER BY id, as_of ROWS UNBOUNDED PRECEDING) AS running, count((r).status) OVER (ORDER BY id, as_of ROWS UNBOUNDED PRECEDING) AS n FROM contract) AS x;
SELECT is(count(*) FILTER (WHERE (moving).vested <> n), 0::bigint, 'in a frame that moves')
FROM (SELECT retention_portfolio(r) OVER w AS moving, count(*) FILTER (WHERE (r).status = 'vested') OVER w AS n FROM contract WINDOW w AS (PARTITION BY rep ORDER BY id, as_of ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING)) AS x;

SELECT is(pg_temp.figures((SELECT retention_portfolio(r) FROM contract WHERE false)), '0|0|0|0|0|0|0|-|-|-', 'no rows');
SELECT is(pg_temp.figures(retention_portfolio(r)), '1|1|0|0|0|0|0|-|-|-', 'only pending, among NULLs')
FROM (VALUES (NULL::retention_result), (ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL)::retention_result), (retention_bonus(pg_temp.contract('5'), '2026-01-31')), (NULL)) AS x (r);
SELECT is(pg_temp.figures(retention_portfolio(retention_bonus(pg_temp.contract('500 1'), '2026-02-28'))), '1|0|0|1|1000|0|501|0|0|-', 'none vested');
SELECT is(pg_temp.figures(retention_portfolio(retention_bonus(pg_temp.contract('500 -500'), '2026-02-28'))), '1|0|0|1|1000|0|0|0|-|-', 'no revenue');
SELECT is(pg_temp.figures(retention_portfolio_final(NULL)), '0|0|0|0|0|0|0|-|-|-', 'the final function of no state');

-- What is refused

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT retention_bonus(sales_series(1, ''2026-01-01'', ''[2026-01-01,2026-02-01)'', ''week''), ''2026-01-31'')', '22023 | buckets of grain "week" do not make up months | Build the series with grain "month", "month-week" or "day".'),
  ('SELECT retention_bonus(sales_series(1, ''2026-01-01'', ''[2026-01-01,2026-02-01)'', ''week-sunday''), ''2026-01-31'')', '22023 | buckets of grain "week-sunday" do not make up months | Build the series with grain "month", "month-week" or "day".'),
  ('SELECT retention_bonus(sales_series(1, ''2026-01-01'', ''[2026-01-01,2026-02-01)'', ''quarter''), ''2026-01-31'')', '22023 | buckets of grain "quarter" do not make up months | Build the series with grain "month", "month-week" or "day".'),
  ('SELECT * FROM retention_ledger((SELECT sales_series(1, ''2026-01-01'', ''[2026-01-01,2026-02-01)'', ''year'')), ''2026-01-31'')', '22023 | buckets of grain "year" do not make up months | Build the series with grain "month", "month-week" or "day".'),
  ('SELECT retention_bonus(sales_series(1, ''2026-01-31'', ''[2026-01-02,2026-05-01)''), ''2026-01-31'')', '22023 | period [2026-01-02,2026-05-01) of the series begins inside a month | Begin the period on the first day of a month: what was sold before counts as well.'),
  ('SELECT retention_bonus(sales_series(-1, ''2026-01-31'', ''[2026-01-31,2026-05-01)'', ''day''), ''2026-01-31'')', '22023 | period [2026-01-31,2026-05-01) of the series begins inside a month | Begin the period on the first day of a month: what was sold before counts as well.'),
  ('SELECT retention_bonus(pg_temp.contract(''1''), ''infinity'')', '22023 | as_of must be a finite date, not infinity'),
  ('SELECT * FROM retention_ledger(pg_temp.contract(''1''), ''-infinity'')', '22023 | as_of must be a finite date, not -infinity'),
  ('SELECT retention_bonus(pg_temp.contract(''1''), ''2026-01-31'', -0.01)', '22023 | multiplier must not be negative, but is -0.01 | Give zero or more.'),
  ('SELECT retention_bonus(pg_temp.contract(''1''), ''2026-01-31'', ''NaN'')', '22023 | multiplier must be a finite number, not NaN'),
  ('SELECT * FROM retention_ledger(pg_temp.contract(''1''), ''2026-01-31'', ''Infinity'')', '22023 | multiplier must be a finite number, not infinity'),
  ('SELECT retention_bonus(pg_temp.contract(''1''), ''2026-01-31'', 2, 0)', '22023 | months must be a number of months, not 0 | From 1 to 120 are allowed.'),
  ('SELECT retention_bonus(pg_temp.contract(''1''), ''2026-01-31'', 2, 121)', '22023 | months must be a number of months, not 121 | From 1 to 120 are allowed.'),
  ('SELECT * FROM retention_ledger(pg_temp.contract(''1''), ''2026-01-31'', 2, -4)', '22023 | months must be a number of months, not -4 | From 1 to 120 are allowed.'),
  ('SELECT retention_bonus(pg_temp.contract(''6e37 6e37 6e37''), ''2026-12-31'')', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('SELECT retention_portfolio(ROW(''lost'', 1, 1, 1, 1, 1, 1)::retention_result)', '22023 | unknown status: "lost" | Allowed are "pending", "vested", "clawed_back".'),
  ('SELECT retention_portfolio(ROW(''vested'', 1, NULL, 1, 1, 1, 1)::retention_result)', '22023 | bonus of a contract that is vested must not be null | Give rows as retention_bonus returns them.'),
  ('SELECT retention_portfolio(ROW(''vested'', 1, 1, NULL, 1, 1, 1)::retention_result)', '22023 | kept of a contract that is vested must not be null | Give rows as retention_bonus returns them.'),
  ('SELECT retention_portfolio(ROW(''clawed_back'', 1, 1, 1, NULL, 1, 1)::retention_result)', '22023 | revenue of a contract that is clawed_back must not be null | Give rows as retention_bonus returns them.'),
  ('SELECT retention_portfolio(ROW(''clawed_back'', 1, 1, ''NaN'', 1, 1, 1)::retention_result)', '22023 | kept must be a finite number, not NaN'),
  ('SELECT retention_portfolio(ROW(''vested'', 1, 1, 1, ''Infinity'', 1, 1)::retention_result)', '22023 | revenue must be a finite number, not infinity'),
  ('SELECT retention_portfolio_final(''{1,2,3}'')', 'XX001 | malformed state: 6 numbers are expected'),
  ('SELECT retention_portfolio_final(''{1,2,3,4,5,NaN}'')', 'XX001 | malformed state: number 6 is not finite'),
  ('SELECT retention_portfolio_final(''{1,2.5,3,4,5,6}'')', 'XX001 | malformed state: 2.5 is no number of contracts'),
  ('SELECT retention_portfolio_final(''{1,2,-3,4,5,6}'')', 'XX001 | malformed state: -3 is no number of contracts'),
  ('SELECT retention_portfolio_combine(''{0,0,0,0,0,0}'', ''{9000000000000000000,2,3,4,5,6}'')', 'XX001 | malformed state: 9000000000000000000 is no number of contracts'),
  ('SELECT retention_portfolio_accumulate(''{}'', NULL), retention_portfolio_accumulate(''{}'', ROW(''pending'', 1, 1, 1, 1, 1, 1)::retention_result)', 'XX001 | malformed state: 6 numbers are expected'),
  ('SELECT bonus_share(-1, 5)', '22023 | fixed_pay must not be negative, but is -1 | Give zero or more.'),
  ('SELECT bonus_share(1, ''NaN'')', '22023 | bonus must be a finite number, not NaN'),
  ('SELECT bonus_for_share(''Infinity'', 0.4)', '22023 | fixed_pay must be a finite number, not infinity'),
  ('SELECT bonus_for_share(1500, 40)', '22023 | share must be from 0 to 1, but is 40 | It is a fraction: 5 % is written 0.05.'),
  ('SELECT bonus_for_share(1500, -0.1)', '22023 | share must be from 0 to 1, but is -0.1 | It is a fraction: 5 % is written 0.05.')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
