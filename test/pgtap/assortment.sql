-- Breadth and white space of an assortment, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(93);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql
\ir ../helpers/surprises_of.sql

-- Examples

SELECT is(ARRAY[assortment_breadth(p, q), assortment_breadth(p::text, q), assortment_breadth(md5(p::text)::uuid, q)], ARRAY[breadth, breadth, breadth], name)
FROM (VALUES
  ('two products', 2, 1, 5::numeric), ('two products', 2, 1, 5), ('two products', 2, 2, 0.001),
  ('fully returned', 1, 1, 5), ('fully returned', 1, 1, -5), ('fully returned', 1, 2, 1),
  ('returned in parts', 0, 1, 5), ('returned in parts', 0, 1, -2.5), ('returned in parts', 0, 1, -2.50),
  ('partly returned', 1, 1, 5), ('partly returned', 1, 1, -4.999),
  ('only returns', 0, 1, -5), ('only returns', 0, 2, -1),
  ('returned before it was sold', 1, 1, -5), ('returned before it was sold', 1, 1, 6),
  ('zero', 0, 1, 0), ('one row', 1, 1, 1),
  ('NULL product', 0, NULL, 1), ('NULL quantity', 0, 1, NULL), ('NULL among others', 1, NULL, 1), ('NULL among others', 1, 1, NULL), ('NULL among others', 1, 2, 3)
) AS x (name, breadth, p, q)
GROUP BY name, breadth;
SELECT is(ARRAY[assortment_breadth(i, 1), assortment_breadth(i::text, 1), assortment_breadth(md5(i::text)::uuid, 1)], ARRAY[0, 0, 0], 'no rows are no products')
FROM generate_series(1, 0) AS i;
SELECT is(assortment_breadth(i, 1), 4, 'the largest and smallest numbers') FROM unnest(ARRAY[0, -1, 9223372036854775807, -9223372036854775808, 0]::bigint[]) AS i;
SELECT is(assortment_breadth(t, 1), 6, 'texts are equal when their bytes are') FROM unnest(ARRAY['', ' ', 'a', 'A', 'a ', 'ä', 'a', '']) AS t;
SELECT is(assortment_breadth(u, 1), 3, 'uuids that differ in one half only')
FROM unnest(ARRAY['00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000001', '00000001-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000001']::uuid[]) AS u;
SELECT is(assortment_breadth(repeat(t, 5000), 1), 2, 'long texts') FROM unnest(ARRAY['ab', 'ac', 'ab']) AS t;
SELECT is(pg_typeof(assortment_breadth(i::smallint, i))::text, 'integer', 'smallint products and whole quantities') FROM generate_series(1, 3) AS i;
SELECT is(ARRAY[assortment_breadth(t::varchar(5), 1), assortment_breadth(t::char(5), 1), assortment_breadth(t::name, 1)], ARRAY[2, 2, 2], 'the kinds of text') FROM unnest(ARRAY['a', 'b', 'a']) AS t;

-- Against two GROUP BYs over random rows with returns, few and many products

CREATE TABLE sales AS
SELECT i, noise % 30 AS customer, CASE noise % 30 % 3 WHEN 0 THEN noise / 40 % 5 WHEN 1 THEN noise / 40 % 100 WHEN 2 THEN (noise / 40 % 3000 - 1500) * 4294967296 END AS product,
  CASE noise / 200000 % 50 WHEN 0 THEN NULL WHEN 1 THEN 9e18 WHEN 2 THEN -9e18 WHEN 3 THEN 1e-9 ELSE (noise / 200000 % 7 - 3) END AS quantity
FROM generate_series(1, 30000) AS i, LATERAL (SELECT hashint8extended(i, 5) & 9007199254740991 AS noise) AS n;
INSERT INTO sales SELECT i, 1, NULL, 1 FROM generate_series(1, 100) AS i;
CREATE TABLE plain AS
SELECT customer, count(*) FILTER (WHERE net > 0)::integer AS breadth FROM (SELECT customer, product, sum(quantity) AS net FROM sales WHERE product IS NOT NULL GROUP BY 1, 2) AS p GROUP BY customer;

SELECT results_eq('SELECT customer, assortment_breadth(product, quantity) FROM sales GROUP BY 1 ORDER BY 1', 'SELECT customer, breadth FROM plain ORDER BY 1', 'numbers');
SELECT results_eq('SELECT customer, assortment_breadth(''product '' || product, quantity) FROM sales GROUP BY 1 ORDER BY 1', 'SELECT customer, breadth FROM plain ORDER BY 1', 'texts');
SELECT results_eq('SELECT customer, assortment_breadth(md5(product::text)::uuid, quantity) FROM sales GROUP BY 1 ORDER BY 1', 'SELECT customer, breadth FROM plain ORDER BY 1', 'uuids');
SELECT cmp_ok(count(*) FILTER (WHERE touched > breadth), '>', 15::bigint, 'which is mostly less than the products touched')
FROM plain JOIN (SELECT customer, count(DISTINCT product) AS touched FROM sales GROUP BY 1) AS t USING (customer);
SELECT results_eq(format('SELECT customer, assortment_breadth(product, quantity ORDER BY %1$s), assortment_breadth(product::text, quantity ORDER BY %1$s) FROM sales GROUP BY 1 ORDER BY 1', way),
  'SELECT customer, breadth, breadth FROM plain ORDER BY 1', 'in the order of ' || way)
FROM unnest(ARRAY['product, quantity', 'quantity', 'quantity DESC', 'md5(i::text)', 'i DESC']) AS way;
SELECT is(assortment_breadth(i, q), 100000, 'many products') FROM generate_series(1, 150000) AS i, LATERAL (VALUES (1), (CASE WHEN i > 100000 THEN -1 END)) AS x (q);
SELECT is_empty('SELECT n, assortment_breadth(i % n, 1), assortment_breadth((i % n)::text, 1.5)
  FROM unnest(ARRAY[1, 2, 3, 7, 8, 127, 128, 129, 255, 256, 257, 1000, 32768, 32769, 40000, 65537]) AS n, LATERAL generate_series(1, n * 2) AS i
  GROUP BY n HAVING assortment_breadth(i % n, 1) <> n OR assortment_breadth((i % n)::text, 1.5) <> n', 'any number of products');
SELECT is(assortment_breadth(i::text, q), 60000, 'many texts') FROM generate_series(1, 90000) AS i, LATERAL (VALUES (1), (CASE WHEN i > 60000 THEN -1 END)) AS x (q);

-- Quantities of any size, exactly

SELECT is(assortment_breadth(p, q), breadth, name)
FROM (VALUES
  ('1e-19 left of 9e18', 1, 1, 9e18::numeric), ('1e-19 left of 9e18', 1, 1, 1e-19), ('1e-19 left of 9e18', 1, 1, -9e18),
  ('nothing left of 1e25', 0, 1, 1e25), ('nothing left of 1e25', 0, 1, -1e25),
  ('more than 64 bits, and back', 1, 1, 9223372036854775807), ('more than 64 bits, and back', 1, 1, 9223372036854775807), ('more than 64 bits, and back', 1, 1, -18446744073709551613),
  ('less than 64 bits', 1, 1, -9223372036854775808), ('less than 64 bits', 1, 1, -1), ('less than 64 bits', 1, 2, 1),
  ('more than 38 digits', 1, 1, 9.9e37), ('more than 38 digits', 1, 1, 9.9e37),
  ('another product gets decimals', 2, 1, 9e18), ('another product gets decimals', 2, 2, 0.5)
) AS x (name, breadth, p, q)
GROUP BY name, breadth;

-- Merging

CREATE FUNCTION pg_temp.state(product bigint, quantity numeric) RETURNS bytea RETURN assortment_breadth_accumulate(NULL, product, quantity);
CREATE FUNCTION pg_temp.state(product text, quantity numeric) RETURNS bytea RETURN assortment_breadth_accumulate(NULL, product, quantity);

SELECT is(ARRAY[assortment_breadth_final(assortment_breadth_combine(pg_temp.state(p, a), pg_temp.state(q, b))), assortment_breadth_final(assortment_breadth_combine(pg_temp.state(p::text, a), pg_temp.state(q::text, b)))],
  ARRAY[breadth, breadth], format('%s of %s and %s of %s', a, p, b, q))
FROM (VALUES (1::bigint, 1::numeric, 2::bigint, 2::numeric, 2), (1, 1, 1, -1, 0), (1, 1.5, 1, -1, 1), (1, -9e18, 1, -9e18, 0), (1, 9e18, 1, 9e18, 1), (1, 9e18, 1, 1e-19, 1), (1, -1e-19, 1, 1e-18, 1), (1, 1e25, 1, -1e25, 0), (1, 1, 1, -1e25, 0)) AS x (p, a, q, b, breadth);

CREATE AGGREGATE pg_temp.merged(bytea) (SFUNC = assortment_breadth_combine, STYPE = bytea, FINALFUNC = assortment_breadth_final);
CREATE AGGREGATE pg_temp.unfinished(product bigint, quantity numeric) (SFUNC = assortment_breadth_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.unfinished(product text, quantity numeric) (SFUNC = assortment_breadth_accumulate, STYPE = bytea);
SELECT is((SELECT ARRAY[pg_temp.merged(s), pg_temp.merged(t)] FROM (SELECT pg_temp.unfinished(product, quantity) AS s, pg_temp.unfinished(product::text, quantity) AS t FROM sales GROUP BY customer) AS x),
  (SELECT ARRAY[count(*), count(*)]::integer[] FROM (SELECT FROM sales WHERE product IS NOT NULL GROUP BY product HAVING sum(quantity) > 0) AS x), 'merging the states of groups');

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
ANALYZE sales;
SELECT matches(pg_temp.plan_of('SELECT customer, assortment_breadth(product, quantity) FROM sales GROUP BY 1'), 'Partial .*Aggregate', 'workers share the work');
SELECT results_eq('SELECT customer, assortment_breadth(product, quantity), assortment_breadth(product::text, quantity), assortment_breadth(md5(product::text)::uuid, quantity) FROM sales GROUP BY 1 ORDER BY 1',
  'SELECT customer, breadth, breadth, breadth FROM plain ORDER BY 1', 'and come to the same');
RESET max_parallel_workers_per_gather;

-- As a window aggregate over frames
SELECT is(count(*), 0::bigint, 'over a moving frame') FROM (
  SELECT assortment_breadth(product, quantity) OVER w AS kam, array_agg(product) OVER w AS products, array_agg(quantity) OVER w AS quantities
  FROM sales WHERE customer IN (0, 1, 2) WINDOW w AS (PARTITION BY customer ORDER BY i ROWS 20 PRECEDING)) AS x
WHERE kam IS DISTINCT FROM (SELECT count(*) FROM (SELECT FROM unnest(products, quantities) AS u (p, q) WHERE p IS NOT NULL GROUP BY p HAVING sum(q) > 0) AS y);

-- Hostile states: the state is a bytea, which anybody can make

SELECT is(pg_temp.error_of(format('SELECT assortment_breadth_final(%L)', state)), 'XX001 | malformed state of keys of ' || length(state) + 4 || ' bytes', 'assortment_breadth_final(' || left(state::text, 20) || '…)')
FROM unnest(ARRAY['\x', '\x00', decode(repeat('00', 28), 'hex'), decode(repeat('00', 100), 'hex'), decode(repeat('ff', 100), 'hex')]::bytea[]) AS state;
SELECT is(pg_temp.error_of('SELECT assortment_breadth_combine(pg_temp.state(1, 1), pg_temp.state(''1'', 1))'), 'XX001 | malformed state of keys of 256 bytes', 'states of different kinds of keys');

CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text RETURN pg_temp.surprises_of(state, ARRAY[
    'SELECT assortment_breadth_final($1)',
    'SELECT assortment_breadth_combine($1, $1)',
    'SELECT assortment_breadth_combine($1, pg_temp.state(7, 1))',
    'SELECT assortment_breadth_combine(pg_temp.state(''7'', 1.5), $1)',
    'SELECT assortment_breadth_accumulate($1, 7, 1.5)',
    'SELECT assortment_breadth_accumulate($1, ''a longer key than the bytes that a new state has, so that it must grow'', 1.5)',
    -- inside an aggregate only the header is checked; nothing may be read or written outside all the same
    'SELECT pg_temp.merged(s) FROM unnest(ARRAY[$1, $1, $1]) AS s'],
  'XX001', '22003', '54000');
CREATE TABLE states (kind text, state bytea);
ALTER TABLE states ALTER state SET STORAGE plain;
INSERT INTO states
SELECT 'number', pg_temp.unfinished(i, i) FROM generate_series(1, 3) AS i UNION ALL
SELECT 'narrow', pg_temp.unfinished(i, i * 3e9) FROM generate_series(1, 4) AS i UNION ALL
SELECT 'wide', pg_temp.unfinished(i, i * 9e18) FROM generate_series(1, 5) AS i UNION ALL
SELECT 'text', pg_temp.unfinished('key ' || i, i) FROM generate_series(1, 5) AS i;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(state, i, value)), ''), '; '), NULL, 'a state with any one byte changed: refused, or a number: ' || kind)
FROM states, LATERAL generate_series(0, length(state) - 1) AS i, unnest(ARRAY[0, 1, 3, 24, 64, 255]) AS value GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(substr(state, 1, i)), ''), '; '), NULL, 'a state cut anywhere: refused: ' || kind)
FROM states, LATERAL generate_series(0, length(state)) AS i GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(overlay(state PLACING decode(md5(i::text) || md5((-i)::text), 'hex') FROM 1 + i % (length(state) - 32))), ''), '; '), NULL, 'a state with noise in it: refused, or a number: ' || kind)
FROM states, generate_series(1, 300) AS i GROUP BY kind;

-- each key must be where it is looked for, and once
SELECT is(count(*) FILTER (WHERE pg_temp.error_of(format('SELECT assortment_breadth_final(set_byte(%L, %s, 201))', state, i)) LIKE 'XX001%') > 0, true, 'a key in the wrong place is found out')
FROM states, LATERAL generate_series(24, length(state) - 1) AS i WHERE kind = 'number';
SELECT is(pg_temp.error_of(format('SELECT assortment_breadth_final(set_byte(%L, 8, %s))', state, wrong)), 'XX001 | malformed state of keys of 128 bytes', 'a wrong count: ' || wrong)
FROM states, unnest(ARRAY[2, 4, 255]) AS wrong WHERE kind = 'number';

CREATE AGGREGATE pg_temp.begun_badly(product bigint, quantity numeric) (SFUNC = assortment_breadth_accumulate, STYPE = bytea, FINALFUNC = assortment_breadth_final, INITCOND = 'nonsense');
SELECT is(pg_temp.error_of('SELECT pg_temp.begun_badly(1, 1)'), 'XX001 | malformed state of keys of 12 bytes', 'a bad first state');

CREATE TABLE before AS SELECT kind, state::text AS state FROM states;
SELECT is(count(*), 4::bigint, 'states can be used by hand')
FROM states
WHERE assortment_breadth_combine(state, state) <> state AND assortment_breadth_final(state) > 0
  AND CASE WHEN kind = 'text' THEN assortment_breadth_accumulate(state, 'key 1', 7) ELSE assortment_breadth_accumulate(state, 1, 7) END <> state;
SELECT is(count(*), 4::bigint, 'and stay as they were') FROM states JOIN before USING (kind) WHERE states.state::text = before.state;

-- What is refused

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT assortment_breadth(1, ''NaN'')', '22023 | quantity must be a finite number, not NaN'),
  ('SELECT assortment_breadth(''a'', ''Infinity'')', '22023 | quantity must be a finite number, not infinity'),
  ('SELECT assortment_breadth(1, 1e38)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT assortment_breadth(i, q) FROM (VALUES (1, 1e30), (2, 1e-10)) AS x (i, q)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT assortment_breadth(repeat(i::text, 1000000), 1) FROM generate_series(1, 140) AS i', '54000 | the distinct keys of a group pass 134217728 bytes | Use numbers or uuids as keys, or count with two GROUP BYs.')
) AS x (query, expected);

-- White space

SELECT is(white_space(offered, bought), expected, format('white_space(%L, %L)', offered, bought))
FROM (VALUES
  ('{tea,rice,oil}'::text[], '{rice}'::text[], '{tea,oil}'::text[]),
  ('{oil,tea,rice}', '{}', '{oil,tea,rice}'),
  ('{tea}', '{tea,rice}', '{}'),
  ('{}', '{tea}', '{}'),
  ('{}', '{}', '{}'),
  ('{b,a,b,c,a}', '{c}', '{b,a}'),
  ('{NULL,a,NULL}', '{NULL,b}', '{a}'),
  ('{a,A,"a ",""}', '{a}', '{A,"a ",""}'),
  ('{{a,b},{c,d}}', '{{b},{c}}', '{a,d}'),
  ('[5:6]={a,b}', '[-1:-1]={b}', '{a}'),
  (NULL, '{a}', NULL),
  ('{a}', NULL, NULL)) AS x (offered, bought, expected);
SELECT is(white_space(array_agg(i::text ORDER BY i), array_agg(i::text) FILTER (WHERE i % 3 > 0)), array_agg(i::text ORDER BY i) FILTER (WHERE i % 3 = 0), 'many')
FROM generate_series(1, 20000) AS i;
SELECT is(white_space(array_agg(repeat(i::text, 3000)), ARRAY[repeat('1', 3000), repeat('3', 3000)]), ARRAY[repeat('2', 3000)], 'long ones') FROM generate_series(1, 3) AS i;

SELECT * FROM finish();
ROLLBACK;
