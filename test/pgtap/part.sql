-- A part and the whole it is of: the state that several aggregates share.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(71);

\ir ../helpers/error_of.sql
\ir ../helpers/surprises_of.sql

-- a state of a part and a whole of any digits
CREATE FUNCTION pg_temp.state(part numeric, whole numeric) RETURNS bytea RETURN payment_discipline_accumulate(NULL, part, whole);
CREATE AGGREGATE pg_temp.unfinished(part numeric, whole numeric) (SFUNC = payment_discipline_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.merged(bytea) (SFUNC = part_combine, STYPE = bytea, FINALFUNC = part_final);

-- Which aggregates share it

SELECT is(array_agg(aggfnoid::regprocedure::text ORDER BY aggfnoid::regprocedure::text) @>
  '{numeric_distribution(boolean),"overdue_share(numeric,date,date)","overdue_share(numeric,date,date,boolean)","payment_discipline(numeric,numeric)","payment_discipline_strict(numeric,numeric)","weighted_distribution(boolean,numeric)"}',
  true, 'aggregates with this state') FROM pg_aggregate WHERE aggcombinefn = 'part_combine'::regproc;
SELECT is(length(pg_temp.state(1, 2)) + 4, 56, 'a state has 56 bytes');
SELECT is(length(pg_temp.state(1e37, -9e37)) + 4, 56, 'whatever it counts');

-- The ratio

SELECT is(part_final(pg_temp.state(part, whole))::text, (part / nullif(whole, 0))::text, format('%s of %s', part, whole))
FROM (VALUES (1::numeric, 3::numeric), (0, 3), (3, 1), (-1, 3), (0.5, 100), (100, 0.125), (1e-20, 7), (7, 1e-17), (9e36, 7), (7, 9e36), (1e18, 1e-18), (0.10, 0.20), (0, 0.001)) AS x (part, whole);
SELECT is(part_final(pg_temp.state(part, whole)), NULL, format('%s of %s is nothing', part, whole))
FROM (VALUES (0::numeric, 0::numeric), (5, 0), (-5, 0), (5, -1), (-5, -1), (5, -1e-20), (0, 0.000)) AS x (part, whole);
SELECT is(part_final(NULL), NULL, 'no state');
SELECT is(part_combine(pg_temp.state(1, 2), NULL), NULL, 'a state and none');

-- Sums of any size, in any order

CREATE TABLE amounts AS
SELECT i, noise % 20 AS grp,
  CASE noise % 53 WHEN 0 THEN (noise / 1000 % 1000)::numeric * 1e18 WHEN 1 THEN (noise / 1000 % 1000 - 500)::numeric * 1e-13 WHEN 2 THEN -9e18 ELSE ((noise / 1000 % 100000 - 30000) / 100.0)::numeric(12, 2) END AS part,
  CASE noise / 53 % 53 WHEN 0 THEN (noise / 1000 % 977)::numeric * 1e18 WHEN 1 THEN (noise / 1000 % 977 - 300)::numeric * 1e-12 WHEN 2 THEN 9e17 ELSE ((noise / 1000 % 99999) / 10.0)::numeric(12, 3) END AS whole
FROM generate_series(1, 20000) AS i, LATERAL (SELECT hashint8extended(i, 7) & 9007199254740991 AS noise) AS n;
CREATE TABLE plain AS SELECT grp, sum(part) / nullif(greatest(sum(whole), 0), 0) AS ratio FROM amounts GROUP BY grp;

SELECT results_eq('SELECT grp, payment_discipline(part, whole)::text FROM amounts GROUP BY 1 ORDER BY 1', 'SELECT grp, ratio::text FROM plain ORDER BY 1', 'sum over sum, to the last digit');
SELECT cmp_ok(count(DISTINCT ratio), '>', 15::bigint, 'of many values') FROM plain;
SELECT results_eq(format('SELECT grp, payment_discipline(part, whole ORDER BY %s)::text FROM amounts GROUP BY 1 ORDER BY 1', way), 'SELECT grp, ratio::text FROM plain ORDER BY 1', 'in the order of ' || way)
FROM unnest(ARRAY['part, whole', 'part DESC', 'whole', 'scale(part), scale(whole) DESC', 'scale(part) DESC', 'md5(i::text)']) AS way;
SELECT is(payment_discipline(part, whole), 1::numeric, 'past 38 digits on the way, and back')
FROM (VALUES (9e37::numeric, 9e37::numeric), (9e37, 9e37), (9e37, 9e37), (-9e37, -9e37), (-9e37, -9e37), (-9e37, -9e37), (1, 1)) AS x (part, whole);

-- Merging

SELECT is(part_final(part_combine(pg_temp.state(a, b), pg_temp.state(c, d)))::text, ((a + c) / (b + d))::text, format('%s of %s and %s of %s', a, b, c, d))
FROM (VALUES (1::numeric, 2::numeric, 3::numeric, 4::numeric), (1.5, 2, 3, 4), (1, 2, 3, 4.25), (1e17, 1, 1e-20, 1), (1e-20, 1, 1e17, 1), (0, 0, 1, 2), (9e18, 9e18, 9e18, 9e19), (5, -1, 5, 11)) AS x (a, b, c, d);
SELECT is(pg_temp.merged(s)::text, (SELECT payment_discipline(part, whole)::text FROM amounts), 'merging the states of groups')
FROM (SELECT pg_temp.unfinished(part, whole) AS s FROM amounts GROUP BY grp) AS x;
SELECT is(pg_temp.merged(s ORDER BY grp DESC)::text, (SELECT payment_discipline(part, whole)::text FROM amounts), 'in any order')
FROM (SELECT grp, pg_temp.unfinished(part, whole) AS s FROM amounts GROUP BY grp) AS x;

-- What does not fit

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT pg_temp.state(1e38, 1)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT pg_temp.state(1e30, 1e-10)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT part_combine(pg_temp.state(1, 1e-10), pg_temp.state(1, 1e30))', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT part_final(part_combine(pg_temp.state(1, 9e37), pg_temp.state(1, 9e37)))', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('SELECT part_final(part_combine(pg_temp.state(-9e37, 1), pg_temp.state(-9e37, 1)))', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.')
) AS x (query, expected);

-- Hostile states: the state is a bytea, which anybody can make

CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text RETURN pg_temp.surprises_of(state, ARRAY[
    'SELECT part_final($1)',
    'SELECT part_combine($1, $1)',
    'SELECT part_final(part_combine($1, pg_temp.state(1.5, 2.25)))',
    'SELECT part_final(part_combine(pg_temp.state(1.5, 2.25), $1))',
    'SELECT part_final(numeric_distribution_accumulate($1, true))',
    'SELECT part_final(weighted_distribution_accumulate($1, true, 1e-19))',
    'SELECT part_final(overdue_share_accumulate($1, 1e37, ''2026-01-05'', ''2026-01-31''))',
    'SELECT part_final(overdue_share_accumulate($1, 1.125, ''2026-01-05'', ''2026-01-31'', true))',
    'SELECT part_final(payment_discipline_accumulate($1, 1e-38, 0))',
    'SELECT part_final(payment_discipline_strict_accumulate($1, 7, 6.5))',
    'SELECT pg_temp.merged(s) FROM unnest(ARRAY[$1, $1, $1]) AS s'],
  'XX001', '22003');
CREATE TABLE states (kind text, state bytea);
ALTER TABLE states ALTER state SET STORAGE plain;
INSERT INTO states VALUES ('small', pg_temp.state(12.50, 100)), ('large', part_combine(pg_temp.state(9e37, 9e37), pg_temp.state(9e37, -9e37)));

SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(state, i, value)), ''), '; '), NULL, 'a state with any one byte changed: refused, or a number: ' || kind)
FROM states, LATERAL generate_series(0, length(state) - 1) AS i, unnest(ARRAY[0, 1, 2, 38, 39, 127, 128, 255]) AS value GROUP BY kind ORDER BY kind;
SELECT is(count(*) FILTER (WHERE pg_temp.error_of(format('SELECT part_final(%L)', substr(state, 1, i))) LIKE 'XX001 | malformed %'), length(state)::bigint, 'a state cut anywhere: refused, ' || kind)
FROM states, LATERAL generate_series(0, length(state) - 1) AS i GROUP BY kind, state ORDER BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(overlay(state PLACING decode(md5(i::text) || md5((-i)::text), 'hex') FROM 1 + i % 20)), ''), '; '), NULL, 'a state with noise in it: refused, or a number: ' || kind)
FROM states, generate_series(1, 300) AS i GROUP BY kind ORDER BY kind;

SELECT is(pg_temp.error_of(format('SELECT %s', call)), 'XX001 | malformed state of a part and a whole of 8 bytes', call)
FROM unnest(ARRAY['part_combine(''\x01000000'', pg_temp.state(1, 1))', 'part_combine(pg_temp.state(1, 1), ''\x01000000'')', 'numeric_distribution_accumulate(''\x01000000'', true)', 'weighted_distribution_accumulate(''\x01000000'', true, 1)',
  'overdue_share_accumulate(''\x01000000'', 1, ''2026-01-01'', ''2026-01-01'')', 'overdue_share_accumulate(''\x01000000'', 1, ''2026-01-01'', ''2026-01-01'', true)', 'payment_discipline_accumulate(''\x01000000'', 1, 1)', 'payment_discipline_strict_accumulate(''\x01000000'', 1, 1)']) AS call;
SELECT is(pg_temp.error_of(format('SELECT part_final(set_byte(%L, %s, %s))', state, byte, value)), 'XX001 | malformed state of a part and a whole of 56 bytes', format('byte %s is %s', byte, value))
FROM states, (VALUES (0, 0), (0, 2), (1, 37), (2, 39), (3, 1)) AS x (byte, value) WHERE kind = 'small';

CREATE AGGREGATE pg_temp.begun_badly(handled boolean) (SFUNC = numeric_distribution_accumulate, STYPE = bytea, FINALFUNC = part_final, INITCOND = 'nonsense');
SELECT is(pg_temp.error_of('SELECT pg_temp.begun_badly(true)'), 'XX001 | malformed state of a part and a whole of 12 bytes', 'a bad first state');

-- hand-made states are not scribbled on
CREATE TABLE before AS SELECT kind, state::text AS state FROM states;
SELECT is(count(*), 2::bigint, 'states can be used by hand')
FROM states
WHERE part_combine(state, state) <> state AND numeric_distribution_accumulate(state, true) <> state AND weighted_distribution_accumulate(state, true, 7) <> state
  AND overdue_share_accumulate(state, 5, '2026-01-01', '2026-01-31') <> state AND payment_discipline_accumulate(state, 1, 2) <> state AND payment_discipline_strict_accumulate(state, 1, 2) <> state;
SELECT is(count(*), 2::bigint, 'and stay as they were') FROM states JOIN before USING (kind) WHERE states.state::text = before.state;

SELECT * FROM finish();
ROLLBACK;
