-- Concentration of real customers, against totals that were worked out apart from the database, in exact
-- fractions, and against plain SQL.
--
-- The data are the 440 customers of a wholesaler (UCI Wholesale customers: what each spent in a year on six
-- groups of products, by channel and region) in $KAM_DATA/wholesale_customers/wholesale_customers.csv.

\set QUIET 1
\set readable `[ -r "$KAM_DATA/wholesale_customers/wholesale_customers.csv" ] && echo yes || echo no`
\if :readable
\else
  \echo 1..0 # SKIP KAM_DATA names no directory that has wholesale_customers/wholesale_customers.csv
  \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/limits.sql

CREATE TEMP TABLE customer (
  no integer, channel integer, region integer, fresh numeric, milk numeric, grocery numeric, frozen numeric, detergents_paper numeric, delicassen numeric);
\copy customer FROM PROGRAM 'cat "$KAM_DATA/wholesale_customers/wholesale_customers.csv"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE spent AS
SELECT no, channel, region, product, amount
FROM customer, LATERAL (VALUES ('all', fresh + milk + grocery + frozen + detergents_paper + delicassen), ('fresh', fresh), ('milk', milk), ('grocery', grocery),
  ('frozen', frozen), ('detergents_paper', detergents_paper), ('delicassen', delicassen)) AS p (product, amount);
SELECT is(count(*), 440::bigint, 'all customers are there') FROM customer;

SELECT is(
  ARRAY[(l).a_from, (l).b_from, (l).a_customers, (l).b_customers, (l).c_customers, round((l).a_share, 12), round((l).b_share, 12)],
  ARRAY[a_from, b_from, a, b, c, a_share, b_share], 'limits of ' || product)
FROM (SELECT product, abc_limits(amount) AS l FROM spent GROUP BY product) AS kam
JOIN (VALUES
  ('all', 33336, 25603, 164, 76, 200, 0.628912001094, 0.151813468313),
  ('fresh', 13134, 8885, 145, 66, 229, 0.700495688459, 0.135623718427),
  ('milk', 6200, 3922, 139, 62, 239, 0.701888010188, 0.122355027159),
  ('grocery', 8552, 5249, 139, 61, 240, 0.707348047569, 0.119462224765),
  ('frozen', 3157, 2181, 124, 56, 260, 0.723373654422, 0.107146080716),
  ('detergents_paper', 3712, 1777, 117, 47, 276, 0.792914342864, 0.101934997401),
  ('delicassen', 1550, 1104, 134, 61, 245, 0.698242622697, 0.119537725261)) AS apart (product, a_from, b_from, a, b, c, a_share, b_share) USING (product)
ORDER BY product;

SELECT is(ARRAY[concentration(amount), pareto_share(amount)], ARRAY[customers / 440.0, top / total], 'concentration and Pareto share of ' || product)
FROM spent JOIN (VALUES
  ('all', 252, 6272473, 14619500.0), ('fresh', 191, 2781220, 5280131), ('milk', 187, 1429581, 2550357), ('grocery', 184, 1948257, 3498562), ('frozen', 162, 843178, 1351650),
  ('detergents_paper', 120, 883780, 1267857), ('delicassen', 185, 385050, 670943)) AS apart (product, customers, top, total) USING (product)
GROUP BY product, customers, top, total ORDER BY product;

-- by channel the break-even point comes before the Pareto point
SELECT is(ARRAY[(l).a_from, (l).b_from, (l).a_customers, (l).b_customers, (l).c_customers], ARRAY[a_from, b_from, a, b, c]::numeric[], 'limits in channel ' || channel)
FROM (SELECT channel, abc_limits(amount) AS l FROM spent WHERE product = 'all' GROUP BY channel) AS kam
JOIN (VALUES (1, 26883, 19667, 106, 53, 139), (2, 46662, 35079, 51, 32, 59)) AS apart (channel, a_from, b_from, a, b, c) USING (channel)
ORDER BY channel;

SELECT is_empty($$
  SELECT channel, region, product FROM spent GROUP BY GROUPING SETS ((channel, product), (region, product), (channel, region, product))
  HAVING pg_temp.limits_shown(abc_limits(amount)) IS DISTINCT FROM pg_temp.limits_of(array_agg(amount))
    OR concentration(amount) IS DISTINCT FROM pg_temp.concentration_of(array_agg(amount), 0.8)
    OR pareto_share(amount, 0.05) IS DISTINCT FROM pg_temp.pareto_of(array_agg(amount), 0.05) $$, 'every channel, region and product against plain SQL');

SELECT is_empty($$
  SELECT product, class, count(*) FROM (
    SELECT product, l, abc_class(amount, (l).cutoffs) OVER (PARTITION BY product) AS class
    FROM spent JOIN (SELECT product, abc_limits(amount) AS l FROM spent GROUP BY product) AS x USING (product)) AS classed
  GROUP BY product, class, l
  HAVING count(*) <> CASE class WHEN 'A' THEN (l).a_customers WHEN 'B' THEN (l).b_customers ELSE (l).c_customers END $$, 'abc_class at the cut-offs makes the same classes');

SELECT * FROM finish();
ROLLBACK;
