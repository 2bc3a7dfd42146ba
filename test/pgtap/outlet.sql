-- Measures of one outlet, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(194);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql
\ir ../helpers/surprises_of.sql

-- Examples: the outlets of a quarter, 34 delivery notes

CREATE TABLE note AS
SELECT outlet, day::date AS sold_on, CASE WHEN n <= productive THEN 120 ELSE 40 END::numeric AS amount, skus[1 + (n - 1) % cardinality(skus)] AS sku, n
FROM (VALUES
  ('T1', 10, '{a1,a2,a3,a4,b1,b2,b3}'::text[], '{2017-01-09,2017-01-16,2017-01-23,2017-01-30,2017-02-06,2017-02-13,2017-02-20,2017-03-06,2017-03-13,2017-03-20}'::text[]),
  ('T2', 9, '{a1,a2,a3,b1,b2}', '{2017-01-10,2017-01-17,2017-01-24,2017-02-07,2017-02-14,2017-02-21,2017-03-07,2017-03-14,2017-03-21}'),
  ('T3', 2, '{a1,a2,b1,b2}', '{2017-01-11,2017-01-25,2017-02-08,2017-02-22}'),
  ('T5', 5, '{a1,a2,a3,b1,b2,b3}', '{2017-01-12,2017-01-26,2017-02-09,2017-02-23,2017-03-09,2017-03-23}'),
  ('T6', 0, '{a1}', '{2017-03-03,2017-03-17,2017-03-31}')) AS v (outlet, productive, skus, days), unnest(days) WITH ORDINALITY AS d (day, n);
INSERT INTO note VALUES ('T1', '2017-01-09', 15, 'a1', 0), ('T4', '2017-02-01', -30, 'a1', 0), ('T9', '2017-02-10', 20, 'a1', 1), ('T9', '2017-02-10', 20, 'b1', 2);
CREATE TABLE planned AS SELECT 'T' || i AS outlet, CASE WHEN i <= 4 THEN 12 ELSE 6 END AS visits FROM generate_series(1, 8) AS i;
CREATE VIEW quarter AS
SELECT outlet, akb_active(amount) AS active, akb_stable(amount, sold_on, '[2017-01-01,2017-04-01)') AS stable, order_days(amount, sold_on) AS orders, productive_orders(amount, sku, sold_on, 100, 1) AS productive,
  categories_worked(sku, left(sku, 1), amount, NULL, 3) AS categories
FROM note GROUP BY outlet;
SELECT is(array_agg(outlet ORDER BY outlet) FILTER (WHERE active), '{T1,T2,T3,T5,T6,T9}', 'AKB: an outlet with only a return is not in it') FROM quarter;
SELECT is(array_agg(outlet ORDER BY outlet) FILTER (WHERE active AND stable), '{T1,T2,T5}', 'stable AKB') FROM quarter;
SELECT is(array_agg(outlet ORDER BY outlet) FILTER (WHERE akb_systemic(productive, visits)), '{T1,T5}', 'systemic outlets: 9 of 12 is not more than 75 %') FROM quarter JOIN planned USING (outlet);
SELECT is(array_agg(outlet ORDER BY outlet) FILTER (WHERE categories = 2), '{T1,T5}', 'outlets that work all categories') FROM quarter;
SELECT is(ARRAY[sum(orders), sum(productive)], ARRAY[33, 26]::bigint[], 'orders: two notes of a day are one, and productive ones') FROM quarter;
SELECT is(order_days(1, d::date), 2, 'two orders from three notes') FROM unnest(ARRAY['2026-01-05', '2026-01-05', '2026-01-06']) AS d;
SELECT is(categories_worked(p, c, 1, 10, 3), worked, name)
FROM (VALUES ('P: 3 and 3', 2, '{1,2,3,4,5,6}'::int[], '{a,a,a,b,b,b}'::text[]), ('Q: 5 and 2', 1, '{1,2,3,4,5,6,7}', '{a,a,a,a,a,b,b}'), ('R: a product bought twice counts once', 0, '{1,2,2,1}', '{a,a,a,a}')) AS v (name, worked, ps, cs), unnest(ps, cs) AS u (p, c)
GROUP BY name, worked;
SELECT is(akb_systemic(productive, planned), systemic, format('%s productive orders of %s planned visits', productive, planned))
FROM (VALUES (9::bigint, 12::bigint, false), (10, 12, true), (5, 6, true), (0, 0, false), (5, 0, false), (13, 12, true), (NULL, 12, NULL), (3, NULL, NULL), (6917529027641081853, 9223372036854775804, false), (6917529027641081854, 9223372036854775804, true)) AS v (productive, planned, systemic);
SELECT is(ARRAY[akb_systemic(1, 3, 0.33333333333333333333), akb_systemic(1, 3, 0.33333333333333333334), akb_systemic(1, 1, 1), akb_systemic(2, 1, 1), akb_systemic(0, 1, 0), akb_systemic(1, 9, 0), akb_systemic(1, 1, NULL)], ARRAY[true, false, false, true, false, true, NULL], 'any share, exactly');

-- Edge cases of one outlet

SELECT is((
  SELECT ARRAY[akb_active(a)::text, akb_active(a, 10)::text, akb_active(a, NULL, 'order')::text, akb_active(a, p, NULL, 2)::text, akb_active(a, p, NULL, 2, 'order')::text, order_days(a, d)::text, productive_orders(a, p, d, NULL, 1)::text, productive_orders(a, p, d, 10, NULL)::text, productive_orders(a, p, d, NULL, 1, 'order')::text,
    categories_worked(p, 'c'::text, a, NULL, 2)::text, categories_worked(p, 'c'::text, a, 1, 2, 'order')::text]
  FROM unnest(amounts, products, days) AS u (a, p, d)), expected, name)
FROM (VALUES
  ('no rows', '{}'::numeric[], '{}'::integer[], '{}'::date[], '{false,false,false,false,false,0,0,0,0,0,0}'::text[]),
  ('one row', '{10}', '{1}', '{2026-01-05}', '{true,true,true,false,false,1,1,1,1,0,1}'),
  ('two products', '{5,5.00}', '{1,2}', '{2026-01-05,2026-01-05}', '{true,true,true,true,true,1,1,1,1,1,1}'),
  ('only a return', '{-5}', '{1}', '{2026-01-05}', '{false,false,false,false,false,0,0,0,0,0,0}'),
  ('only zeros', '{0,0.00}', '{1,2}', '{2026-01-05,2026-01-06}', '{false,false,false,false,false,0,0,0,0,0,0}'),
  ('only NULLs', '{NULL,NULL}', '{1,NULL}', '{2026-01-05,NULL}', '{false,false,false,false,false,0,0,0,0,0,0}'),
  ('returned the same day', '{5,-5}', '{1,1}', '{2026-01-05,2026-01-05}', '{false,false,true,false,false,1,0,0,1,0,1}'),
  ('returned the next day', '{5,-5}', '{1,1}', '{2026-01-05,2026-01-06}', '{false,false,true,false,false,1,1,0,1,0,1}'),
  ('returned in parts', '{15,-10,-5.000}', '{1,1,1}', '{2026-01-05,2026-01-06,2026-01-07}', '{false,false,true,false,false,1,1,1,1,0,1}'),
  ('one product returned', '{5,5,-6,1}', '{1,2,2,1}', '{2026-01-05,2026-01-05,2026-01-05,2026-01-05}', '{true,false,true,false,true,1,1,0,1,0,1}'),
  ('return before the sale', '{-5,6,9}', '{1,1,2}', '{2026-01-05,2026-01-06,2026-01-06}', '{true,true,true,true,true,1,1,1,1,1,1}'),
  ('money of no product', '{10}', '{NULL}', '{2026-01-05}', '{true,true,true,false,false,1,0,1,0,0,0}'),
  ('a row of no day', '{20,1}', '{1,1}', '{NULL,2026-01-05}', '{true,true,true,false,false,1,1,0,1,0,1}'),
  ('leap day', '{10,10}', '{1,1}', '{2024-02-29,2024-03-01}', '{true,true,true,false,false,2,2,2,2,0,1}'),
  ('the first and the last day', '{10,10}', '{1,1}', '{4714-11-24 BC,5874897-12-31}', '{true,true,true,false,false,2,2,2,2,0,1}'),
  ('more than 38 digits', '{9.9e37,9.9e37}', '{1,1}', '{2026-01-05,2026-01-05}', '{true,true,true,false,false,1,1,1,1,0,1}'),
  ('a remainder of 1e-19', '{9e18,1e-19,-9e18}', '{1,1,1}', '{2026-01-05,2026-01-06,2026-01-07}', '{true,false,true,false,false,2,2,1,2,0,1}')) AS x (name, amounts, products, days, expected);

SELECT is(array_agg(active ORDER BY n), '{t,t,f,t,f,f,t}', 'exactly at the least amount, whatever the decimals')
FROM (SELECT n, akb_active(amount, least) AS active
      FROM (VALUES (1, 10::numeric, 10.000::numeric), (2, 10.00, 10), (3, 10, 10.0000001), (4, 10.0000001, 10), (5, 9.99, 10), (6, 1e-30, 2e-30), (7, 9e37, 9e37)) AS v (n, amount, least) GROUP BY n, least) AS x;
SELECT is(akb_active(1, least), true, 'one least amount in two writings') FROM (VALUES (1), (1.00), (1.0)) AS v (least);
SELECT is(ARRAY[akb_active(a, NULL, activity), akb_active(5, NULL, NULL)], ARRAY[false, false], 'rows without an activity are left out') FROM (VALUES (NULL, 5), ('net', -1)) AS v (activity, a);
SELECT is(ARRAY[categories_worked(p, c, 1, n, 3), categories_worked(p, c, 1, n, NULL), categories_worked(p, c, 1, n, 9223372036854775807)], ARRAY[2, 3, 2], 'a category is worked with all products it has; any product where none are asked for')
FROM (VALUES (1, 'small', 2), (2, 'small', 2), (1, 'large', 9223372036854775807), (7, 'one', 1)) AS v (p, c, n);
SELECT is(categories_worked(p, c, 1, NULL, 2), 3, 'texts are equal when their bytes are, and never run together') FROM (VALUES ('', ''), ('a', ''), ('', 'a'), ('b', 'a'), ('c', 'ab'), ('bc', 'a'), ('x', 'A'), ('y', 'A'), ('b', 'a')) AS v (p, c);
SELECT is(ARRAY[akb_active(1, t, NULL, 3), akb_active(1, t, NULL, 4)], '{t,f}', 'an empty text is a product, NULL is none') FROM (VALUES (''), (NULL), ('a'), ('a '), ('a')) AS v (t);
SELECT is(ARRAY[akb_active(1, i, NULL, 3), akb_active(1, i, NULL, 4)], '{t,f}', 'zero is a product, NULL is none') FROM (VALUES (0::bigint), (NULL), (9223372036854775807), (-9223372036854775808)) AS v (i);
SELECT is(ARRAY[akb_active(1, u, NULL, 2), akb_active(1, u, NULL, 3)], '{t,f}', 'so is the zero uuid') FROM (VALUES ('00000000-0000-0000-0000-000000000000'::uuid), (NULL), ('00000000-0000-0000-0000-000000000001')) AS v (u);
SELECT is(ARRAY[productive_orders(1, repeat(t, 5000), '2026-01-01', NULL, 2), categories_worked(repeat(t, 5000), repeat(t, 4000), 1, NULL, 1), productive_orders(q, repeat(t, 5000), '2026-01-01', NULL, 2)], '{1,2,0}', 'long texts') FROM (VALUES ('ab', 1), ('ac', 1), ('ab', -1)) AS v (t, q);
SELECT is(ARRAY[order_days(1, '2000-01-01'::date + i), productive_orders(1, i, '2000-01-01'::date + i / 5, 5, 5), categories_worked(i, i / 10, 1, NULL, 10)], '{50000,10000,5000}', 'many days, products, categories') FROM generate_series(0, 49999) AS i;

-- Against plain SQL over random rows with returns, for every kind of key and both activities

CREATE TABLE sales AS
SELECT i, outlet, CASE WHEN noise / 7 % 23 = 0 THEN NULL WHEN outlet % 3 = 0 THEN noise / 300 % 4 ELSE (noise / 300 % 12 - 5) * 4294967297 END AS product, noise / 50000 % 4 AS category,
  date '2023-12-30' + (noise / 1000000 % CASE outlet % 4 WHEN 0 THEN 5 ELSE 80 END)::integer AS sold_on,
  CASE noise / 200000 % 61 WHEN 0 THEN NULL WHEN 1 THEN 9e18 WHEN 2 THEN -9e18 WHEN 3 THEN 1e-9 WHEN 4 THEN 0 WHEN 5 THEN 0.00 ELSE round((noise / 200000 % 11 - 3) * (1 + noise / 90000 % 300) / 100.0, 2) END AS amount
FROM generate_series(1, 12000) AS i, LATERAL (SELECT hashint8extended(i, 7) & 9007199254740991 AS noise) AS n, LATERAL (SELECT noise % 60 AS outlet) AS o;
INSERT INTO sales SELECT -i, 60 + i, i, 1, '2024-01-01', 0 - i FROM generate_series(1, 3) AS i;
ALTER TABLE sales ADD available bigint;
UPDATE sales SET available = CASE category WHEN 0 THEN 1 WHEN 1 THEN 4 WHEN 2 THEN 100 END;
CREATE TABLE setting (n integer, min_amount numeric, min_products bigint, activity text);
INSERT INTO setting VALUES (1, NULL, NULL, 'net'), (2, 5, NULL, 'net'), (3, NULL, 2, 'net'), (4, 2.5, 3, 'net'), (5, 0, 1, 'net'), (6, 1e-9, 1, 'net'), (7, 9e18, 2, 'net'), (8, 0.0000000001, NULL, 'net'), (9, NULL, 9, 'net'),
  (11, NULL, NULL, 'order'), (12, NULL, 2, 'order'), (13, NULL, 10, 'order'), (14, 2.5, 2, 'order');

CREATE TABLE plain_active AS
SELECT outlet, n, CASE activity WHEN 'net' THEN total > 0 AND total >= coalesce(min_amount, 0) AND products >= coalesce(min_products, 0) ELSE sold AND touched >= coalesce(min_products, 0) END AS active
FROM setting, (
  SELECT outlet, sum(total) AS total, bool_or(sold) AS sold, count(product) FILTER (WHERE total > 0) AS products, count(product) FILTER (WHERE sold) AS touched
  FROM (SELECT outlet, product, sum(amount) AS total, bool_or(amount > 0) AS sold FROM sales WHERE amount IS NOT NULL GROUP BY 1, 2) AS p GROUP BY 1) AS o
WHERE activity = 'net' OR min_amount IS NULL;
CREATE TABLE plain_orders AS
SELECT outlet, n, count(*) FILTER (WHERE sold AND total >= coalesce(min_amount, total) AND CASE activity WHEN 'net' THEN products ELSE touched END >= coalesce(min_products, 0))::integer AS orders
FROM setting, (
  SELECT outlet, sold_on, sum(total) AS total, bool_or(sold) AS sold, count(product) FILTER (WHERE total > 0) AS products, count(product) FILTER (WHERE sold) AS touched
  FROM (SELECT outlet, sold_on, product, sum(amount) AS total, bool_or(amount > 0) AS sold FROM sales WHERE amount IS NOT NULL GROUP BY 1, 2, 3) AS p GROUP BY 1, 2) AS o
GROUP BY 1, 2;
CREATE TABLE plain_categories AS
SELECT outlet, n, count(*) FILTER (WHERE CASE activity WHEN 'net' THEN products ELSE touched END >= least(coalesce(min_products, 1), available))::integer AS categories
FROM setting, (
  SELECT outlet, category, available, count(*) FILTER (WHERE total > 0) AS products, count(*) FILTER (WHERE sold) AS touched
  FROM (SELECT outlet, category, product, available, sum(amount) AS total, bool_or(amount > 0) AS sold FROM sales WHERE amount IS NOT NULL AND product IS NOT NULL GROUP BY 1, 2, 3, 4) AS p GROUP BY 1, 2, 3) AS o
GROUP BY 1, 2;

CREATE FUNCTION uuid_of(text) RETURNS uuid IMMUTABLE PARALLEL SAFE RETURN md5($1)::uuid;
SELECT results_eq(format('SELECT outlet, n, akb_active(amount, %s, min_amount, min_products%s) FROM sales, setting WHERE %s GROUP BY outlet, n, min_amount, min_products ORDER BY 1, 2', product, argument, condition),
  format('SELECT outlet, n, active FROM plain_active JOIN setting USING (n) WHERE %s ORDER BY 1, 2', condition), format('akb_active by %s, %s', product, condition))
FROM unnest(ARRAY['product', '''p'' || product', 'uuid_of(product::text)']) AS product, (VALUES ('', 'activity = ''net'''), (', ''order''', 'activity = ''order'' AND min_amount IS NULL'), (', activity', 'activity = ''net'' OR min_amount IS NULL')) AS v (argument, condition);
SELECT results_eq(format('SELECT outlet, n, productive_orders(amount, %s, sold_on, min_amount, min_products%s) FROM sales, setting WHERE %s GROUP BY outlet, n, min_amount, min_products, activity ORDER BY 1, 2', product, argument, condition),
  format('SELECT outlet, n, orders FROM plain_orders JOIN setting USING (n) WHERE %s ORDER BY 1, 2', condition), format('productive_orders by %s, %s', product, condition))
FROM unnest(ARRAY['product', '''p'' || product', 'uuid_of(product::text)']) AS product, (VALUES ('', 'activity = ''net'''), (', activity', 'true')) AS v (argument, condition);
SELECT results_eq(format('SELECT outlet, n, categories_worked(%s, %s, amount, available, min_products%s) FROM sales, setting WHERE %s GROUP BY outlet, n, min_products, activity ORDER BY 1, 2', product, category, argument, condition),
  format('SELECT o.outlet, n, coalesce(categories, 0) FROM (SELECT DISTINCT outlet FROM sales) AS o CROSS JOIN setting LEFT JOIN plain_categories USING (outlet, n) WHERE %s ORDER BY 1, 2', condition), format('categories_worked by %s and %s, %s', product, category, condition))
FROM unnest(ARRAY['product', '''p'' || product', 'uuid_of(product::text)']) AS product, unnest(ARRAY['category', '''c'' || category', 'uuid_of(category::text)']) AS category, (VALUES ('', 'activity = ''net'''), (', activity', 'true')) AS v (argument, condition);
SELECT results_eq('SELECT outlet, akb_active(amount) FROM sales GROUP BY 1 ORDER BY 1', 'SELECT outlet, active FROM plain_active WHERE n = 1 ORDER BY 1', 'akb_active(amount)');
SELECT results_eq('SELECT outlet, n, akb_active(amount, min_amount) FROM sales, setting WHERE min_products IS NULL AND activity = ''net'' GROUP BY outlet, n, min_amount ORDER BY 1, 2', 'SELECT outlet, n, active FROM plain_active WHERE n IN (1, 2, 8) ORDER BY 1, 2', 'akb_active(amount, min_amount)');
SELECT results_eq('SELECT outlet, n, akb_active(amount, min_amount, activity) FROM sales, setting WHERE min_products IS NULL GROUP BY outlet, n, min_amount, activity ORDER BY 1, 2', 'SELECT outlet, n, active FROM plain_active WHERE n IN (1, 2, 8, 11) ORDER BY 1, 2', 'akb_active(amount, min_amount, activity)');
SELECT results_eq('SELECT outlet, order_days(amount, sold_on) FROM sales GROUP BY 1 ORDER BY 1', 'SELECT outlet, count(DISTINCT sold_on) FILTER (WHERE amount > 0)::integer FROM sales GROUP BY 1 ORDER BY 1', 'order_days');
SELECT cmp_ok(count(DISTINCT (n, active)), '>', 19::bigint, 'outlets of both kinds in most settings') FROM plain_active;

-- Properties

CREATE TABLE measured AS
SELECT outlet, akb_active(amount) AS active, akb_stable(amount, sold_on, '[2023-12-01,2024-04-01)') AS stable, sale_days(sales_series(amount, sold_on, '[2023-12-01,2024-04-01)')) AS sale_days, order_days(amount, sold_on) AS days,
  (SELECT array_agg(active ORDER BY n) FROM plain_active AS p WHERE p.outlet = sales.outlet) AS actives
FROM sales GROUP BY outlet;
SELECT is(count(*) FILTER (WHERE stable AND NOT active), 0::bigint, 'the stable AKB is part of the AKB') FROM measured;
SELECT is(count(*) FILTER (WHERE sale_days <> days), 0::bigint, 'order_days are the sale days of a series') FROM measured;
SELECT is(count(*) FILTER (WHERE p.orders > days), 0::bigint, 'productive orders are orders') FROM measured JOIN plain_orders AS p USING (outlet);
SELECT is_empty('SELECT outlet FROM sales GROUP BY outlet HAVING productive_orders(amount, product, sold_on, NULL, NULL) <> order_days(amount, sold_on) OR productive_orders(amount, product, sold_on, NULL, NULL, ''order'') <> order_days(amount, sold_on)', 'without criteria all orders are productive');
SELECT is_empty('SELECT outlet FROM sales GROUP BY outlet HAVING akb_active(amount, product, 3, NULL) <> akb_active(amount, 3) OR akb_active(amount, product, NULL, NULL) <> akb_active(amount) OR akb_active(amount, product, NULL, NULL, ''order'') <> akb_active(amount, NULL, ''order'')', 'without a number of products they do not matter');
SELECT is_empty('SELECT outlet FROM sales GROUP BY outlet HAVING akb_active(amount) AND NOT akb_active(amount, NULL, ''order'') OR akb_active(amount, NULL, ''order'') <> (order_days(amount, sold_on) > 0)', 'who is active net is active by an order');
SELECT is_empty(format('SELECT outlet FROM sales GROUP BY outlet HAVING akb_active(amount, product, %1$s, %2$s) > akb_active(amount, product, %3$s, %4$s) OR productive_orders(amount, product, sold_on, %1$s, %2$s) > productive_orders(amount, product, sold_on, %3$s, %4$s) OR categories_worked(product, category, amount, available, %2$s) > categories_worked(product, category, amount, available, %4$s)', a, b, c, d),
  format('no more pass at %s and %s than at %s and %s', a, b, c, d))
FROM (VALUES (1, 1, 0, 1), (5, 2, 5, 1), (5, 3, 2, 3), (9, 9, 8, 8), (0.02, 4, 0.01, 3)) AS v (a, b, c, d);

-- However the rows are ordered, split or spilled

CREATE FUNCTION pg_temp.measures(rest text DEFAULT 'GROUP BY outlet ORDER BY outlet', way text DEFAULT '') RETURNS text RETURN format($q$
SELECT outlet, akb_active(amount%2$s), akb_active(amount, 2, 'net'%2$s), akb_active(amount, product, 2, 2%2$s), akb_active(amount, product::text, NULL, 2, 'order'%2$s), akb_active(amount, uuid_of(product::text), 2, 2%2$s), order_days(amount, sold_on%2$s),
  productive_orders(amount, product, sold_on, 2, 1%2$s), productive_orders(amount, product::text, sold_on, NULL, 2, 'order'%2$s), productive_orders(amount, uuid_of(product::text), sold_on, 0, 1%2$s),
  categories_worked(product, category, amount, available, 3%2$s), categories_worked(product::text, category::text, amount, available, 3%2$s), categories_worked(product, category::text, amount, NULL, 3, 'order'%2$s), categories_worked(uuid_of(product::text), category, amount, available, 3%2$s)
FROM sales %1$s$q$, rest, CASE way WHEN '' THEN '' ELSE ' ORDER BY ' || way END);
SELECT pg_temp.measures() AS measures \gset
CREATE TABLE serial (outlet, a1, a2, a3, a4, a5, d, p1, p2, p3, c1, c2, c3, c4) AS :measures;
ANALYZE sales;
SELECT results_eq(pg_temp.measures(way => way), 'TABLE serial', 'in the order of ' || way) FROM unnest(ARRAY['amount, i', 'amount DESC, i', 'product, i', 'md5(i::text)', 'i DESC']) AS way;

SET LOCAL enable_sort = off;
SET LOCAL work_mem = '64kB';
SET LOCAL hash_mem_multiplier = 1;
SELECT matches(pg_temp.plan_of(pg_temp.measures('GROUP BY outlet'), 'ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF'), 'HashAggregate.*Batches: ([2-9]|[0-9]{2,}) .*Disk Usage', 'a hash aggregate spills');
CREATE TABLE spilled (outlet, a1, a2, a3, a4, a5, d, p1, p2, p3, c1, c2, c3, c4) AS :measures;
SELECT results_eq('TABLE spilled ORDER BY outlet', 'TABLE serial', 'spilled = in memory');
RESET work_mem;
RESET hash_mem_multiplier;
RESET enable_sort;
SET LOCAL enable_hashagg = off;
SELECT results_eq(pg_temp.measures(), 'TABLE serial', 'sorted = hashed');
RESET enable_hashagg;

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SELECT matches(pg_temp.plan_of(:'measures'), 'Partial .*Aggregate', 'workers share the work');
SELECT results_eq(:'measures', 'TABLE serial', 'and come to the same');
RESET max_parallel_workers_per_gather;

SELECT results_eq(pg_temp.measures('GROUP BY GROUPING SETS ((outlet), ()) HAVING grouping(outlet) = 0 ORDER BY outlet'), 'TABLE serial', 'in grouping sets');
SELECT results_eq(pg_temp.measures('GROUP BY GROUPING SETS ((outlet), ()) HAVING grouping(outlet) = 1'), replace(pg_temp.measures(''), 'SELECT outlet', 'SELECT NULL::bigint'), 'and all outlets as one');

SELECT is(count(*), 0::bigint, 'over a moving frame') FROM (
  SELECT productive_orders(amount, product, sold_on, 1, 2) OVER w AS kam, array_agg(sold_on) OVER w AS days, array_agg(product) OVER w AS products, array_agg(amount) OVER w AS amounts
  FROM sales WHERE outlet IN (0, 4) WINDOW w AS (PARTITION BY outlet ORDER BY i ROWS 30 PRECEDING)) AS x
WHERE kam IS DISTINCT FROM (SELECT count(*) FROM (SELECT FROM (SELECT d, p, sum(a) AS a, bool_or(a > 0) AS sold FROM unnest(days, products, amounts) AS u (d, p, a) WHERE a IS NOT NULL GROUP BY d, p) AS y GROUP BY d HAVING bool_or(sold) AND sum(a) >= 1 AND count(p) FILTER (WHERE a > 0) >= 2) AS z);

-- Merging states by hand

CREATE AGGREGATE pg_temp.orders_of(amount numeric, product bigint, sold_on date, min_amount numeric, min_products bigint) (SFUNC = productive_orders_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.orders_of(amount numeric, product text, sold_on date, min_amount numeric, min_products bigint) (SFUNC = productive_orders_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.categories_of(product uuid, category text, quantity numeric, products_in_category bigint, min_products bigint, activity text) (SFUNC = categories_worked_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.categories_of(product bigint, category uuid, quantity numeric, products_in_category bigint, min_products bigint) (SFUNC = categories_worked_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.active_of(amount numeric, min_amount numeric) (SFUNC = akb_active_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.active_of(amount numeric, product text, min_amount numeric, min_products bigint) (SFUNC = akb_active_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.orders_merged(bytea) (SFUNC = outlet_combine, STYPE = bytea, FINALFUNC = productive_orders_final);
CREATE AGGREGATE pg_temp.active_merged(bytea) (SFUNC = outlet_combine, STYPE = bytea, FINALFUNC = akb_active_final);
SELECT results_eq('SELECT outlet, pg_temp.orders_merged(s), pg_temp.orders_merged(t) FROM (SELECT outlet, pg_temp.orders_of(amount, product, sold_on, 2, 2) AS s, pg_temp.orders_of(amount, product::text, sold_on, 2, 2) AS t FROM sales GROUP BY outlet, i % 7) AS x GROUP BY 1 ORDER BY 1',
  'SELECT outlet, productive_orders(amount, product, sold_on, 2, 2), productive_orders(amount, product::text, sold_on, 2, 2) FROM sales GROUP BY 1 ORDER BY 1', 'merged states of parts = the whole');
SELECT results_eq('SELECT outlet, pg_temp.active_merged(s), pg_temp.active_merged(t) FROM (SELECT outlet, pg_temp.active_of(amount, 2) AS s, pg_temp.active_of(amount, product::text, 2, 2) AS t FROM sales GROUP BY outlet, i % 7) AS x GROUP BY 1 ORDER BY 1',
  'SELECT outlet, akb_active(amount, 2), akb_active(amount, product::text, 2, 2) FROM sales GROUP BY 1 ORDER BY 1', 'so for the activity');

-- Hostile states: the state is a bytea, which anybody can make

CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text RETURN pg_temp.surprises_of(state, ARRAY[
    'SELECT akb_active_final($1)', 'SELECT productive_orders_final($1)', 'SELECT categories_worked_final($1)',
    'SELECT outlet_combine($1, $1)',
    'SELECT akb_active_accumulate($1, -1.5, 2)',
    'SELECT productive_orders_accumulate($1, -7, 3, ''2024-01-03'', 2, 2)',
    'SELECT categories_worked_accumulate($1, uuid ''00000000-0000-0000-0000-000000000007'', text ''a longer name of a category than has room in the state, so that it must grow'', -1, 4, 2, ''net'')',
    -- inside an aggregate only the header is checked; nothing may be read or written outside all the same
    'SELECT pg_temp.orders_merged(s) FROM unnest(ARRAY[$1, $1, $1]) AS s', 'SELECT pg_temp.active_merged(s) FROM unnest(ARRAY[$1, $1]) AS s', 'SELECT pg_temp.categories_merged(s) FROM unnest(ARRAY[$1, $1]) AS s'],
  'XX001', '22003', '22023', '54000');
CREATE AGGREGATE pg_temp.categories_merged(bytea) (SFUNC = outlet_combine, STYPE = bytea, FINALFUNC = categories_worked_final);
CREATE TABLE states (kind text, state bytea);
ALTER TABLE states ALTER state SET STORAGE plain;
INSERT INTO states
SELECT 'outlet', pg_temp.active_of(a, 2) FROM unnest(ARRAY[10, -3]) AS a UNION ALL
SELECT 'outlet by text', pg_temp.active_of(a, 'p' || a, 2, 2) FROM unnest(ARRAY[10, -3.5]) AS a UNION ALL
SELECT 'day', pg_temp.orders_of(a, 3, '2024-01-03', 2, 2) FROM unnest(ARRAY[7, -2]) AS a UNION ALL
SELECT 'day by text', pg_temp.orders_of(a * 3e9, 'p', '2024-01-03', 2, 2) FROM unnest(ARRAY[7, -2]) AS a UNION ALL
SELECT 'category by uuid', pg_temp.categories_of(1, '00000000-0000-0000-0000-000000000007', a * 9e18, 4, 2) FROM unnest(ARRAY[7, -2]) AS a UNION ALL
SELECT 'category by text', pg_temp.categories_of('00000000-0000-0000-0000-000000000007', 'tea', a, 4, 2, 'net') FROM unnest(ARRAY[7, -2]) AS a;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(state, i, value)), ''), '; '), NULL, 'a state with any one byte changed: refused, or a result: ' || kind)
FROM states, LATERAL generate_series(0, length(state) - 1) AS i, unnest(ARRAY[0, 1, 3, 64, 255]) AS value GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(substr(state, 1, i)), ''), '; '), NULL, 'a state cut anywhere: refused: ' || kind)
FROM states, LATERAL generate_series(0, length(state)) AS i GROUP BY kind;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(overlay(state PLACING decode(left(md5(i::text), 2 + i % 30 / 2 * 2), 'hex') FROM 1 + i % (length(state) - 16))), ''), '; '), NULL, 'a state with noise in it: refused, or a result: ' || kind)
FROM states, generate_series(1, 400) AS i GROUP BY kind;
-- so it is with one that an aggregate begins with, and adds to until it has been made anew
CREATE FUNCTION pg_temp.surprise_of_beginning(state bytea, measure text, arguments text, types text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE OR REPLACE AGGREGATE pg_temp.begun(%s) (SFUNC = %s_accumulate, STYPE = bytea, FINALFUNC = %2$s_final, INITCOND = %L)', types, measure, state);
  EXECUTE format('SELECT pg_temp.begun(%s) FROM generate_series(1, 40) AS i', arguments);
  RETURN NULL;
EXCEPTION WHEN data_corrupted OR invalid_parameter_value OR numeric_value_out_of_range OR program_limit_exceeded THEN
  RETURN NULL;
WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT is(string_agg(DISTINCT pg_temp.surprise_of_beginning(set_byte(state, i, value), measure, arguments, types), '; '), NULL, 'a state to begin with, and one byte changed: ' || kind)
FROM (VALUES ('outlet by text', 'akb_active', '1e9 * (i - 15), repeat(''p'', i), 2, 2', 'numeric, text, numeric, bigint'), ('day', 'productive_orders', '1e9 * (i - 15), 3 + i % 2, date ''2024-01-01'' + i, 2, 2', 'numeric, bigint, date, numeric, bigint')) AS v (kind, measure, arguments, types)
  JOIN states USING (kind), LATERAL generate_series(0, length(state) - 1) AS i, unnest(ARRAY[1, 255]) AS value GROUP BY kind;
SELECT is(pg_temp.error_of(format('SELECT %s(%L)', name, state)), format('XX001 | malformed state of keys of %s bytes', length(state) + 4), format('%s(%s…)', name, left(state::text, 20)))
FROM unnest(ARRAY['akb_active_final', 'productive_orders_final', 'categories_worked_final']) AS name, unnest(ARRAY['\x', '\x00', decode(repeat('00', 60), 'hex'), decode(repeat('ff', 128), 'hex')]::bytea[]) AS state;
SELECT is(pg_temp.error_of(format('SELECT %s(%L)', name, state)), format('XX001 | malformed state of keys of %s bytes', length(state) + 4), format('%s of another state: %s', name, kind))
FROM (VALUES ('akb_active_final', 'day'), ('productive_orders_final', 'outlet'), ('categories_worked_final', 'day by text'), ('assortment_breadth_final', 'outlet'), ('akb_active_final', 'category by uuid')) AS v (name, kind) JOIN states USING (kind);
SELECT is(pg_temp.error_of(format('SELECT akb_active_final(set_byte(%L, %s, 2))', state, place)), format('XX001 | malformed state of keys of %s bytes', length(state) + 4), 'a setting that no call makes, at ' || place)
FROM states, unnest(ARRAY[49, 54, 55]) AS place WHERE kind = 'outlet';
SELECT is(pg_temp.error_of(format('SELECT outlet_combine(%L, %L)', a.state, b.state)) LIKE 'XX001 %', true, format('%s with %s', a.kind, b.kind)) FROM states AS a, states AS b WHERE (a.kind, b.kind) IN (('day', 'day by text'), ('category by uuid', 'category by text'));
SELECT is(pg_temp.error_of(format('SELECT outlet_combine(%L, assortment_breadth_accumulate(NULL, 1, 1))', state)) LIKE 'XX001 %', true, 'a state of another measure') FROM states WHERE kind = 'day';
CREATE TABLE before AS SELECT kind, state::text AS state FROM states;
SELECT is(count(*), 6::bigint, 'states can be used by hand') FROM states WHERE outlet_combine(state, state) <> state;
SELECT is(productive_orders_final(productive_orders_accumulate(productive_orders_accumulate(NULL, 5, 1, '2024-01-01', 5, 2), 5, 2, '2024-01-01', 5, 2)), 1, 'and row by row');
SELECT is(count(*), 6::bigint, 'and stay as they were') FROM states JOIN before USING (kind) WHERE states.state::text = before.state;

-- What is refused

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT akb_active(''NaN'')', '22023 | amount must be a finite number, not NaN'),
  ('SELECT akb_active(''Infinity'', 1)', '22023 | amount must be a finite number, not infinity'),
  ('SELECT akb_active(1, ''NaN'')', '22023 | min_amount must be a finite number, not NaN'),
  ('SELECT akb_active(NULL, ''-Infinity'')', '22023 | min_amount must be a finite number, not -infinity'),
  ('SELECT akb_active(1, -0.01)', '22023 | min_amount must not be negative, but is -0.01 | Give zero or more.'),
  ('SELECT akb_active(1, 1e38)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT akb_active(1e38)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('SELECT akb_active(1, NULL, ''gross'')', '22023 | unknown activity: "gross" | Allowed are "net", "order".'),
  ('SELECT akb_active(1, 0, ''order'')', '22023 | min_amount is 0, but activity "order" has no total | Leave min_amount out, or use activity "net".'),
  ('SELECT akb_active(1, 7, 100, 3, ''order'')', '22023 | min_amount is 100, but activity "order" has no total | Leave min_amount out, or use activity "net".'),
  ('SELECT akb_active(1, 7, 100, 0)', '22023 | min_products must be at least 1, but is 0 | Where it is not known or not asked for, give NULL.'),
  ('SELECT akb_active(1, ''tea'', 100, -9223372036854775808)', '22023 | min_products must be at least 1, but is -9223372036854775808 | Where it is not known or not asked for, give NULL.'),
  ('SELECT order_days(1, ''infinity'')', '22023 | sold_on must be a finite date, not infinity'),
  ('SELECT productive_orders(1, 7, ''-infinity'', 1, 1)', '22023 | sold_on must be a finite date, not -infinity'),
  ('SELECT productive_orders(''NaN'', 7, ''2026-01-01'', 1, 1)', '22023 | amount must be a finite number, not NaN'),
  ('SELECT productive_orders(1, 7, ''2026-01-01'', -1, 1)', '22023 | min_amount must not be negative, but is -1 | Give zero or more.'),
  ('SELECT productive_orders(1, 7, ''2026-01-01'', 1, 0)', '22023 | min_products must be at least 1, but is 0 | Where it is not known or not asked for, give NULL.'),
  ('SELECT categories_worked(1, 2, ''NaN'', 1, 1)', '22023 | quantity must be a finite number, not NaN'),
  ('SELECT categories_worked(1, 2, 1, 0, 1)', '22023 | products_in_category must be at least 1, but is 0 | Where it is not known or not asked for, give NULL.'),
  ('SELECT categories_worked(1, 2, NULL, -5, 1)', '22023 | products_in_category must be at least 1, but is -5 | Where it is not known or not asked for, give NULL.'),
  ('SELECT categories_worked(1, 2, 1, 1, 0)', '22023 | min_products must be at least 1, but is 0 | Where it is not known or not asked for, give NULL.'),
  ('SELECT akb_active(1, v) FROM (VALUES (1), (2)) AS x (v)', '22023 | min_amount must be the same for all rows of a group | Add it to GROUP BY.'),
  ('SELECT akb_active(1, v) FROM (VALUES (1), (NULL)) AS x (v)', '22023 | min_amount must be the same for all rows of a group | Add it to GROUP BY.'),
  ('SELECT akb_active(1, NULL, v) FROM (VALUES (''net''), (''order'')) AS x (v)', '22023 | activity must be the same for all rows of a group | Add it to GROUP BY.'),
  ('SELECT akb_active(1, ''tea'', 1, v) FROM (VALUES (1), (2)) AS x (v)', '22023 | min_products must be the same for all rows of a group | Add it to GROUP BY.'),
  ('SELECT akb_active(1, 7, 1, v) FROM (VALUES (NULL), (2)) AS x (v)', '22023 | min_products must be the same for all rows of a group | Add it to GROUP BY.'),
  ('SELECT productive_orders(1, 7, ''2026-01-01'', v, 1) FROM (VALUES (1), (2)) AS x (v)', '22023 | min_amount must be the same for all rows of a group | Add it to GROUP BY.'),
  ('SELECT categories_worked(1, 2, 1, 1, v) FROM (VALUES (2), (3)) AS x (v)', '22023 | min_products must be the same for all rows of a group | Add it to GROUP BY.'),
  ('SELECT categories_worked(1, 2, 1, v, 1) FROM (VALUES (2), (3)) AS x (v)', '22023 | products_in_category must be the same for all rows of a category | Count the products of each category once.'),
  ('SELECT categories_worked(p, ''tea'', 1, v, 1) FROM (VALUES (1, 2), (2, NULL)) AS x (p, v)', '22023 | products_in_category must be the same for all rows of a category | Count the products of each category once.'),
  ('SELECT outlet_combine(pg_temp.active_of(1, 2), pg_temp.active_of(1, 3))', '22023 | min_amount must be the same for all rows of a group | Add it to GROUP BY.'),
  ('SELECT akb_systemic(-1, 12)', '22023 | productive must not be negative, but is -1 | Give zero or more.'),
  ('SELECT akb_systemic(1, -12)', '22023 | planned must not be negative, but is -12 | Give zero or more.'),
  ('SELECT akb_systemic(1, 12, 75)', '22023 | share must be from 0 to 1, but is 75 | It is a fraction: 5 % is written 0.05.'),
  ('SELECT akb_systemic(1, 12, ''NaN'')', '22023 | share must be a finite number, not NaN')
) AS x (query, expected);
SELECT is(akb_active(a, v), true, 'settings of rows that are left out may differ') FROM (VALUES (1, 1), (NULL, 2), (0, 3)) AS x (a, v);

-- Settings as rows have them, with a short header and other columns right behind

CREATE TABLE stored (min_amount numeric, mark "char");
INSERT INTO stored VALUES (100, (-48)::"char"), (100, (-64)::"char"), (100, (-16)::"char");
SELECT is(array_agg(a), '{t,t,t}', 'a setting is read to its own end') FROM (SELECT akb_active(150, min_amount) AS a FROM stored GROUP BY mark) AS x;

SELECT * FROM finish();
ROLLBACK;
