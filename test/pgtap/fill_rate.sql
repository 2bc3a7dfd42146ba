-- Fill rates and orders on time in full, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(113);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql
\ir ../helpers/surprises_of.sql

-- By hand

SELECT is(ARRAY[fill_rate(o, d, t), fill_rate_lenient(o, d)], ARRAY[strict, lenient]::numeric[], name)
FROM (VALUES
  ('190 and 260 of 300', 0.63333333333333333333, 0.86666666666666666667, 100::numeric, 100::numeric, true), ('190 and 260 of 300', 0.63333333333333333333, 0.86666666666666666667, 50, 60, true),
  ('190 and 260 of 300', 0.63333333333333333333, 0.86666666666666666667, 80, 40, true), ('190 and 260 of 300', 0.63333333333333333333, 0.86666666666666666667, 70, 70, false),
  ('a published one: 1885 of 2130', 0.88497652582159624413, 0.88497652582159624413, 100, 75, true), ('a published one: 1885 of 2130', 0.88497652582159624413, 0.88497652582159624413, 450, 450, true),
  ('a published one: 1885 of 2130', 0.88497652582159624413, 0.88497652582159624413, 230, 210, true), ('a published one: 1885 of 2130', 0.88497652582159624413, 0.88497652582159624413, 1000, 800, true),
  ('a published one: 1885 of 2130', 0.88497652582159624413, 0.88497652582159624413, 350, 350, true),
  ('all of it', 1, 1, 100, 100, true), ('nothing', 0, 0, 100, 0, true), ('late', 0, 1, 100, 100, false), ('not known to be on time', 0, 1, 100, 100, NULL),
  ('too much is as much as ordered', 1, 1, 100, 1000, true), ('too much of one line is not for another', 0.5, 0.5, 100, 200, true), ('too much of one line is not for another', 0.5, 0.5, 100, 0, true),
  ('not delivered', 0, 0, 100, NULL, NULL), ('not delivered, but on time', 0, 0, 100, NULL, true), ('not delivered, among others', 0.25, 0.25, 25, 25, true), ('not delivered, among others', 0.25, 0.25, 75, NULL, NULL),
  ('taken back', 0, 0, 100, -40, true), ('taken back does not lessen another', 0.5, 0.5, 100, 100, true), ('taken back does not lessen another', 0.5, 0.5, 100, -100, true),
  ('cancelled', NULL, NULL, 0, 0, true), ('cancelled, and delivered', NULL, NULL, 0, 10, true), ('cancelled, among others', 0.5, 0.5, 100, 50, true), ('cancelled, among others', 0.5, 0.5, 0, 50, true), ('cancelled, among others', 0.5, 0.5, 0.00, NULL, NULL),
  ('ordered less than nothing', NULL, NULL, -100, -100, true), ('ordered less than nothing, among others', 0.5, 0.5, 100, 50, true), ('ordered less than nothing, among others', 0.5, 0.5, -100, 100, true),
  ('not known what was ordered', NULL, NULL, NULL, 100, true), ('not known what was ordered, among others', 0.5, 0.5, 100, 50, true), ('not known what was ordered, among others', 0.5, 0.5, NULL, 50, true),
  ('all NULL', NULL, NULL, NULL, NULL, NULL),
  ('different decimals', 0.5, 0.5, 0.25, 0.125, true), ('equal, with different decimals', 1, 1, 100.00, 100.000, true), ('just too little', 0.999, 0.999, 100, 99.9, true), ('just too much', 1, 1, 100, 100.1, true),
  ('huge', 0.5, 0.5, 2e36, 1e36, true), ('huge and small', 1e-30, 1e-30, 999999999999999999999999999999, 0, true), ('huge and small', 1e-30, 1e-30, 1, 1, true), ('tiny', 0.5, 0.5, 2e-37, 1e-37, true)
) AS x (name, strict, lenient, o, d, t)
GROUP BY name, strict, lenient;
SELECT is(ARRAY[fill_rate(ordered, in_time, true), fill_rate_lenient(ordered, delivered)], ARRAY[0.65, 0.9], 'a line that comes in parts, added up first')
FROM (SELECT line, ordered, sum(quantity) FILTER (WHERE on_time) AS in_time, sum(quantity) AS delivered
      FROM (VALUES (1, 100, 60, true), (1, 100, 50, false), (2, 50, 30, true), (2, 50, 40, true), (3, 50, 10, false), (3, 50, 20, true), (3, 50, NULL, NULL)) AS d (line, ordered, quantity, on_time) GROUP BY line, ordered) AS l;
SELECT is(ARRAY[fill_rate(i, i, true), fill_rate(i, i, true, i), fill_rate_lenient(i, i), fill_rate_lenient(i, i, i), otif(true, true)], ARRAY[NULL, NULL, NULL, NULL, NULL]::numeric[], 'no rows') FROM generate_series(1, 0) AS i;

-- By amount

SELECT is(ARRAY[fill_rate(o, d, t, p), fill_rate_lenient(o, d, p)], ARRAY[strict, lenient]::numeric[], name)
FROM (VALUES
  ('600 and 900 of 1000', 0.6, 0.9, 10::numeric, 10::numeric, true, 50::numeric), ('600 and 900 of 1000', 0.6, 0.9, 20, 10, true, 10), ('600 and 900 of 1000', 0.6, 0.9, 3, 3, false, 100),
  ('too much of a dear line', 0.9, 0.9, 9, 90, true, 100), ('too much of a dear line', 0.9, 0.9, 10, 0, true, 10),
  ('free of charge', 0.5, 0.5, 100, 50, true, 1), ('free of charge', 0.5, 0.5, 100, 0, true, 0), ('free of charge', 0.5, 0.5, 100, 0, true, 0.00), ('only free of charge', NULL, NULL, 100, 100, true, 0),
  ('no price', 0.5, 0.5, 100, 50, true, 1), ('no price', 0.5, 0.5, 100, 100, true, NULL), ('a price below zero', 0.5, 0.5, 100, 50, true, 1), ('a price below zero', 0.5, 0.5, 100, 100, true, -1), ('two minus make no plus', NULL, NULL, -100, -100, true, -1),
  ('not ordered', NULL, NULL, NULL, 5, true, 1), ('not delivered', 0, 0, 100, NULL, NULL, 7.77), ('late', 0, 1, 100, 100, NULL, 7.77),
  ('prices with many decimals', 0.5, 0.5, 3, 1.5, true, 4.16666666666666666667), ('a price of a fraction of a cent', 0.5, 0.5, 1000, 500, true, 0.00001),
  ('zeros at the end', 0.5, 0.5, 100.000000000000000000, 50.0000000000000000000, true, 12.50000000000000000000), ('large, with zeros at the end', 0.5, 0.5, 1000000000000.00000000000000, 500000000000, true, 1000000000000.000000000000),
  ('huge', 0.5, 0.5, 2e17, 1e17, true, 1e18), ('tiny', 0.5, 0.5, 2e-18, 1e-18, true, 1e-19)
) AS x (name, strict, lenient, o, d, t, p)
GROUP BY name, strict, lenient;

-- On time and in full

SELECT is(otif(t, f), expected::numeric, format('on time %s, in full %s', coalesce(t::text, 'unknown'), coalesce(f::text, 'unknown')))
FROM (VALUES (true, true, 1), (true, false, 0), (false, true, 0), (false, false, 0), (true, NULL, 0), (NULL, true, 0), (false, NULL, 0), (NULL, false, 0), (NULL, NULL, 0)) AS x (t, f, expected) GROUP BY t, f, expected;
SELECT is(round(otif(t, f), 4), 0.25, 'a quarter is perfect') FROM (VALUES (true, true), (true, false), (false, true), (NULL, NULL)) AS x (t, f);
SELECT is(ARRAY[otif(t, f), otif(t, true) * otif(true, f)], ARRAY[together, product]::numeric[], 'not the product of two rates: ' || name)
FROM (VALUES ('apart', 0, 0.25, true, false), ('apart', 0, 0.25, false, true), ('together', 0.5, 0.25, true, true), ('together', 0.5, 0.25, false, false)) AS x (name, together, product, t, f) GROUP BY name, together, product;

-- Against plain SQL over random rows

CREATE TABLE lines AS
SELECT i, noise % 20 AS customer, noise / 20 % 4 AS product, i % 4000 AS order_no,
  CASE noise / 100 % 41 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN -5 WHEN 3 THEN (noise / 7 % 1000)::numeric * 1e9 WHEN 4 THEN (noise / 7 % 1000)::numeric * 1e-9 ELSE ((noise / 7 % 10000) / 10.0)::numeric(12, 1) END AS ordered,
  CASE noise / 200 % 37 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN -7.5 WHEN 3 THEN (noise / 11 % 1000)::numeric * 1e9 WHEN 4 THEN (noise / 11 % 1000)::numeric * 1e-8 ELSE ((noise / 11 % 100000) / 100.0)::numeric(12, 2) END AS delivered,
  CASE noise / 300 % 11 WHEN 0 THEN NULL ELSE noise / 3300 % 3 > 0 END AS on_time,
  CASE noise / 400 % 31 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN -2 WHEN 3 THEN (noise / 13 % 100)::numeric * 1e3 WHEN 4 THEN (noise / 13 % 100)::numeric * 1e-7 ELSE ((noise / 13 % 90000) / 100.0)::numeric(12, 2) END AS price
FROM generate_series(1, 40000) AS i, LATERAL (SELECT hashint8extended(i, 23) & 9007199254740991 AS noise) AS n;
CREATE VIEW counted AS
SELECT *, least(greatest(coalesce(delivered, 0), 0), ordered) AS filled, price > 0 AS priced FROM lines WHERE ordered > 0;
CREATE TABLE plain AS
SELECT customer, product, grouping(customer, product) AS level,
  coalesce(sum(filled) FILTER (WHERE on_time), 0) / sum(ordered) AS strict, sum(filled) / sum(ordered) AS lenient,
  coalesce(sum(filled * price) FILTER (WHERE on_time AND priced), 0) / sum(ordered * price) FILTER (WHERE priced) AS amount, sum(filled * price) FILTER (WHERE priced) / sum(ordered * price) FILTER (WHERE priced) AS lenient_amount
FROM counted GROUP BY GROUPING SETS ((customer, product), (customer), (product), ());
CREATE TABLE ours AS
SELECT customer, product, grouping(customer, product) AS level,
  fill_rate(ordered, delivered, on_time) AS strict, fill_rate_lenient(ordered, delivered) AS lenient, fill_rate(ordered, delivered, on_time, price) AS amount, fill_rate_lenient(ordered, delivered, price) AS lenient_amount
FROM lines GROUP BY GROUPING SETS ((customer, product), (customer), (product), ());

SELECT is(count(*), 105::bigint, 'all groups') FROM ours;
SELECT is_empty($$ SELECT k, p FROM ours AS k JOIN plain AS p ON (k.customer, k.product, k.level) IS NOT DISTINCT FROM (p.customer, p.product, p.level)
  WHERE (round(k.strict, 16), round(k.lenient, 16), round(k.amount, 16), round(k.lenient_amount, 16)) IS DISTINCT FROM (round(p.strict, 16), round(p.lenient, 16), round(p.amount, 16), round(p.lenient_amount, 16)) $$, 'fill rates in GROUPING SETS');
SELECT cmp_ok(count(DISTINCT strict) + count(DISTINCT amount), '>', 180::bigint, 'many different ones') FROM ours;
SELECT is_empty($$ SELECT * FROM ours WHERE strict NOT BETWEEN 0 AND 1 OR lenient NOT BETWEEN 0 AND 1 OR amount NOT BETWEEN 0 AND 1 OR lenient_amount NOT BETWEEN 0 AND 1 $$, 'a rate is from 0 to 1');
SELECT is_empty($$ SELECT * FROM ours WHERE strict > lenient OR amount > lenient_amount $$, 'strictly never more than leniently');
SELECT is_empty($$ SELECT customer FROM lines GROUP BY customer, product
  HAVING fill_rate(ordered, delivered, true) IS DISTINCT FROM fill_rate_lenient(ordered, delivered) OR fill_rate(ordered, delivered, true, price) IS DISTINCT FROM fill_rate_lenient(ordered, delivered, price) $$, 'with everything on time, the strict one is the lenient one');
SELECT is_empty($$ SELECT customer FROM lines GROUP BY customer, product HAVING round(fill_rate(ordered, delivered, on_time, 7.25), 15) IS DISTINCT FROM round(fill_rate(ordered, delivered, on_time), 15) $$, 'at one price, the amount is the quantity');
SELECT is_empty($$ SELECT customer FROM lines GROUP BY customer, product HAVING fill_rate(ordered, delivered, false) <> 0 OR fill_rate(ordered, delivered, NULL) <> 0 $$, 'nothing on time is nothing');
SELECT is_empty($$ SELECT customer FROM counted GROUP BY customer, product HAVING fill_rate(ordered, filled, on_time) IS DISTINCT FROM fill_rate(ordered, delivered, on_time) $$, 'what is capped already stays');
SELECT ok(total BETWEEN least AND most, 'the rate of all lies between those of the customers')
FROM (SELECT strict AS total FROM ours WHERE level = 3) AS t, (SELECT min(strict) AS least, max(strict) AS most FROM ours WHERE level = 1) AS parts;

-- lines and orders
CREATE TABLE level_of AS
SELECT customer, otif(on_time, delivered >= ordered) AS perfect, otif(on_time, true) AS on_time, otif(true, delivered >= ordered) AS in_full, avg(((on_time AND delivered >= ordered) IS TRUE)::integer) AS plain
FROM lines WHERE ordered > 0 GROUP BY ROLLUP (customer);
SELECT is_empty('SELECT * FROM level_of WHERE round(perfect, 12) IS DISTINCT FROM round(plain, 12)', 'otif is the mean of a perfect line');
SELECT is_empty('SELECT * FROM level_of WHERE perfect > least(on_time, in_full) OR perfect < on_time + in_full - 1', 'and between the bounds that its two sides set');
SELECT is_empty($$ SELECT * FROM (SELECT order_no, bool_and((on_time AND delivered >= ordered) IS TRUE) AS perfect, otif(on_time, delivered >= ordered) AS rate FROM lines WHERE ordered > 0 GROUP BY order_no) AS o WHERE perfect <> (rate = 1) $$, 'an order is perfect when each of its lines is');

-- Any order, workers, spilled, states merged

\set measures 'fill_rate(ordered, delivered, on_time)::text, fill_rate(ordered, delivered, on_time, price)::text, fill_rate_lenient(ordered, delivered)::text, fill_rate_lenient(ordered, delivered, price)::text, otif(on_time, delivered >= ordered)::text'
CREATE TABLE serial AS SELECT customer, fill_rate(ordered, delivered, on_time)::text AS a, fill_rate(ordered, delivered, on_time, price)::text AS b, fill_rate_lenient(ordered, delivered)::text AS c, fill_rate_lenient(ordered, delivered, price)::text AS d, otif(on_time, delivered >= ordered)::text AS e FROM lines GROUP BY customer;
SELECT results_eq(format('SELECT customer, fill_rate(ordered, delivered, on_time ORDER BY %1$s)::text, fill_rate(ordered, delivered, on_time, price ORDER BY %1$s)::text, fill_rate_lenient(ordered, delivered ORDER BY %1$s)::text, fill_rate_lenient(ordered, delivered, price ORDER BY %1$s)::text, otif(on_time, delivered >= ordered ORDER BY %1$s)::text FROM lines GROUP BY 1 ORDER BY 1', way),
  'SELECT * FROM serial ORDER BY 1', 'in the order of ' || way)
FROM unnest(ARRAY['ordered, price', 'ordered DESC, delivered DESC', 'scale(price), scale(ordered)', 'scale(price) DESC', 'on_time', 'md5(i::text)']) AS way;

ANALYZE lines;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SELECT format('SELECT customer, %s FROM lines GROUP BY 1', :'measures') AS query \gset
SELECT matches(pg_temp.plan_of(:'query'), 'Partial .*Aggregate', 'workers share the work');
SELECT results_eq(:'query' || ' ORDER BY 1', 'SELECT * FROM serial ORDER BY 1', 'and come to the same');
SET LOCAL max_parallel_workers_per_gather = 0;

CREATE TABLE sorted AS
SELECT i % 15000 AS n, fill_rate(ordered, delivered, on_time) AS a, fill_rate(ordered, delivered, on_time, price) AS b, fill_rate_lenient(ordered, delivered) AS c, fill_rate_lenient(ordered, delivered, price) AS d, otif(on_time, delivered >= ordered) AS e FROM lines GROUP BY 1;
SET LOCAL work_mem = '64kB';
SET LOCAL hash_mem_multiplier = 1;
SET LOCAL enable_sort = off;
SELECT matches(pg_temp.plan_of('SELECT i % 15000, fill_rate(ordered, delivered, on_time) FROM lines GROUP BY 1'), '^HashAggregate', 'a hash aggregate with little memory');
SELECT is(count(*), 0::bigint, 'spilled to disk it is the same')
FROM (SELECT i % 15000, fill_rate(ordered, delivered, on_time), fill_rate(ordered, delivered, on_time, price), fill_rate_lenient(ordered, delivered), fill_rate_lenient(ordered, delivered, price), otif(on_time, delivered >= ordered) FROM lines GROUP BY 1 EXCEPT ALL SELECT * FROM sorted) AS x;
RESET work_mem;
RESET hash_mem_multiplier;
RESET enable_sort;

CREATE AGGREGATE pg_temp.filling(ordered numeric, delivered numeric, on_time boolean) (SFUNC = fill_rate_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.filling(ordered numeric, delivered numeric, on_time boolean, price numeric) (SFUNC = fill_rate_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.filling_late(ordered numeric, delivered numeric) (SFUNC = fill_rate_lenient_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.filling_late(ordered numeric, delivered numeric, price numeric) (SFUNC = fill_rate_lenient_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.coming(on_time boolean, in_full boolean) (SFUNC = otif_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.merged(bytea) (SFUNC = part_combine, STYPE = bytea, FINALFUNC = part_final);
SELECT results_eq('SELECT customer, pg_temp.merged(a)::text, pg_temp.merged(b)::text, pg_temp.merged(c)::text, pg_temp.merged(d)::text, pg_temp.merged(e)::text FROM (
    SELECT customer, i % 7, pg_temp.filling(ordered, delivered, on_time) AS a, pg_temp.filling(ordered, delivered, on_time, price) AS b, pg_temp.filling_late(ordered, delivered) AS c, pg_temp.filling_late(ordered, delivered, price) AS d, pg_temp.coming(on_time, delivered >= ordered) AS e FROM lines GROUP BY 1, 2) AS x GROUP BY 1 ORDER BY 1',
  'SELECT * FROM serial ORDER BY 1', 'states of parts, merged');

-- As window aggregates over frames

SELECT is(count(*) FILTER (WHERE k IS DISTINCT FROM (SELECT fill_rate(o, d, t) FROM unnest(os, ds, ts) AS u (o, d, t))), 0::bigint, 'over a moving frame')
FROM (SELECT fill_rate(ordered, delivered, on_time) OVER w, array_agg(ordered) OVER w, array_agg(delivered) OVER w, array_agg(on_time) OVER w FROM lines WHERE customer < 3 WINDOW w AS (PARTITION BY customer ORDER BY i ROWS 10 PRECEDING)) AS x (k, os, ds, ts);

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || call), expected, call)
FROM (VALUES
  ('fill_rate(''NaN'', 1, true)', '22023 | ordered must be a finite number, not NaN'),
  ('fill_rate(''-Infinity'', 1, false)', '22023 | ordered must be a finite number, not -infinity'),
  ('fill_rate(1, ''NaN'', false)', '22023 | delivered must be a finite number, not NaN'),
  ('fill_rate(0, ''Infinity'', NULL)', '22023 | delivered must be a finite number, not infinity'),
  ('fill_rate(NULL, ''NaN'', true)', 'no error'),
  ('fill_rate(1, NULL, true, ''NaN'')', '22023 | price must be a finite number, not NaN'),
  ('fill_rate(-1, 1, true, ''Infinity'')', '22023 | price must be a finite number, not infinity'),
  ('fill_rate(''NaN'', 1, true, NULL)', 'no error'),
  ('fill_rate_lenient(''Infinity'', NULL)', '22023 | ordered must be a finite number, not infinity'),
  ('fill_rate_lenient(1, ''-Infinity'')', '22023 | delivered must be a finite number, not -infinity'),
  ('fill_rate_lenient(1, ''NaN'', 1)', '22023 | delivered must be a finite number, not NaN'),
  ('fill_rate_lenient(1, 1, ''-Infinity'')', '22023 | price must be a finite number, not -infinity'),
  ('fill_rate_lenient(NULL, ''NaN'', ''NaN'')', 'no error'),
  ('fill_rate(1e38, 1, true)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('fill_rate(1e30, 1e-10, true)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('fill_rate(1e30, 1e-10, false)', 'no error'),
  ('fill_rate(o, o, true) FROM (VALUES (1e30), (1e-10)) AS x (o)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('fill_rate(9e37, 9e37, true) FROM generate_series(1, 2)', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('fill_rate(1e20, 1, true, 1e20)', '22003 | amounts with 42 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('fill_rate(1e-20, 1e-20, true, 1e-20)', '22003 | amounts with 0 digits before and 40 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('fill_rate_lenient(12345678901234567.1, 1, 1.00000000000000000001)', '22003 | amounts with 18 digits before and 21 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.')
) AS x (call, expected);

-- States made by hand: refused, or a number

CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text RETURN pg_temp.surprises_of(state, (SELECT array_agg(format('SELECT part_final(%s)', call)) FROM unnest(ARRAY['fill_rate_accumulate($1, 7, 6.5, true)', 'fill_rate_accumulate($1, 1e37, 1e36, false)', 'fill_rate_accumulate($1, 1e-19, 1, true, 1e-18)', 'fill_rate_lenient_accumulate($1, 1e-38, 1e-38)', 'fill_rate_lenient_accumulate($1, 1e18, 2, 1e18)', 'otif_accumulate($1, true, true)']) AS call),
  'XX001', '22003');
CREATE TABLE states (state bytea);
ALTER TABLE states ALTER state SET STORAGE plain;
INSERT INTO states VALUES (fill_rate_accumulate(NULL, 12.50, 10, true)), (fill_rate_accumulate(NULL, 9e37, 9e37, true));
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(state, i, value)), ''), '; '), NULL, 'any one byte changed')
FROM states, LATERAL generate_series(0, length(state) - 1) AS i, unnest(ARRAY[0, 1, 2, 38, 39, 127, 128, 255]) AS value;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(overlay(state PLACING decode(md5(i::text) || md5((-i)::text), 'hex') FROM 1 + i % 20)), ''), '; '), NULL, 'noise in it') FROM states, generate_series(1, 200) AS i;
SELECT is(pg_temp.error_of(format('SELECT %s', call)), 'XX001 | malformed state of a part and a whole of 8 bytes', call)
FROM unnest(ARRAY['fill_rate_accumulate(''\x01000000'', 1, 1, true)', 'fill_rate_accumulate(''\x01000000'', 1, 1, true, 1)', 'fill_rate_lenient_accumulate(''\x01000000'', 1, 1)', 'fill_rate_lenient_accumulate(''\x01000000'', 1, 1, 1)', 'otif_accumulate(''\x01000000'', true, true)']) AS call;
SELECT is(fill_rate_accumulate('\x01000000', NULL, 1, true), '\x01000000', 'a row that is left out hands the state on as it is');
CREATE TABLE before AS SELECT state::text AS shown, fill_rate_accumulate(state, 3, 2, true) <> state AND fill_rate_accumulate(state, 3, 2, true, 1) <> state AND fill_rate_lenient_accumulate(state, 3, 2) <> state AND fill_rate_lenient_accumulate(state, 3, 2, 1) <> state AND otif_accumulate(state, true, true) <> state AS used FROM states;
SELECT is(count(*), 2::bigint, 'a state that is used by hand stays as it was') FROM before JOIN states ON shown = state::text WHERE used;

SELECT * FROM finish();
ROLLBACK;
