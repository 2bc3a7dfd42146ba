-- Inequality and mix of real customers, against numbers that were worked out apart from the database, in exact
-- fractions, and against plain SQL.
--
-- The data are the 440 customers of a wholesaler (UCI Wholesale customers: what each spent in a year on six
-- groups of products) in $KAM_DATA/wholesale_customers, and the 60,855 lines that Microsoft's AdventureWorksDW
-- in $KAM_DATA/adventureworks_dw sold to 635 resellers, with the quotas of its salespeople.

\set QUIET 1
\set readable `[ -r "$KAM_DATA/wholesale_customers/wholesale_customers.csv" ] && [ -r "$KAM_DATA/adventureworks_dw/fact_sales_quota.csv" ] && [ -r "$KAM_DATA/adventureworks_dw/fact_reseller_sales.csv.gz" ] && [ -r "$KAM_DATA/adventureworks_dw/dim_product.csv" ] && [ -r "$KAM_DATA/adventureworks_dw/dim_product_subcategory.csv" ] && command -v gzip >/dev/null && echo yes || echo no`
\if :readable
\else
  \echo 1..0 # SKIP KAM_DATA names no directory that has wholesale_customers/wholesale_customers.csv and adventureworks_dw
  \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(39);

CREATE TEMP TABLE customer (
  no integer, channel integer, region integer, fresh numeric, milk numeric, grocery numeric, frozen numeric, detergents_paper numeric, delicassen numeric);
\copy customer FROM PROGRAM 'cat "$KAM_DATA/wholesale_customers/wholesale_customers.csv"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE spent AS
SELECT no, channel, region, product, amount
FROM customer, LATERAL (VALUES ('all', fresh + milk + grocery + frozen + detergents_paper + delicassen), ('fresh', fresh), ('milk', milk), ('grocery', grocery),
  ('frozen', frozen), ('detergents_paper', detergents_paper), ('delicassen', delicassen)) AS p (product, amount);

SELECT is(ARRAY[round(hhi(amount), 16), round(gini(amount), 16), round(gini(amount, true), 16), round(top_share(amount, 1), 16), round(top_share(amount, 44), 16)], ARRAY[h, g, c, t1, t44], 'hhi, gini and top shares of ' || product)
FROM spent JOIN (VALUES
  ('all', 0.0036995447568847, 0.3640222371117032, 0.3648514449411149, 0.0136729026300489, 0.2760101918670269),
  ('fresh', 0.0047914058502489, 0.5094748927630773, 0.5106354278263189, 0.0212401927149156, 0.3391074956284229),
  ('milk', 0.0059491012174097, 0.5295118068497148, 0.5307179840862746, 0.0288187104785722, 0.3863082697834068),
  ('grocery', 0.0055118075529200, 0.5248365016567066, 0.5260320289953324, 0.0265194671410711, 0.3701317855736157),
  ('frozen', 0.0079358509523474, 0.5903085151817812, 0.5916531815033798, 0.0450331076832020, 0.4368157437206377),
  ('detergents_paper', 0.0084809880689264, 0.6797875810772178, 0.6813360721502867, 0.0322015810931359, 0.4845183644527735),
  ('delicassen', 0.0100284828462630, 0.5485349012847996, 0.5497844113105053, 0.0714561445607153, 0.4108486115810136)) AS apart (product, h, g, c, t1, t44) USING (product)
GROUP BY product, h, g, c, t1, t44 ORDER BY product;
SELECT is_empty($$
  SELECT channel, region, product, hhi(amount), gini(amount), top_share(amount, 3)
  FROM (SELECT *, row_number() OVER w AS place, count(*) OVER (PARTITION BY channel, region, product) AS n FROM spent WINDOW w AS (PARTITION BY channel, region, product ORDER BY amount)) AS s
  GROUP BY channel, region, product, n
  HAVING abs(hhi(amount) - sum(amount * amount) / (sum(amount) * sum(amount))) > 1e-15 OR abs(gini(amount) - (2 * sum(place * amount) / sum(amount) - (n + 1)) / n) > 1e-15
    OR abs(top_share(amount, 3) - sum(amount) FILTER (WHERE place > n - 3) / sum(amount)) > 1e-15 $$, 'every channel, region and product against plain SQL');

-- the mix of products of a channel or a region against that of all
SELECT is(round(mix_deviation(plan, sold), 16), expected, format('mix of products of %s %s', level, no))
FROM (SELECT product, sum(amount) AS plan FROM spent WHERE product <> 'all' GROUP BY 1) AS p
JOIN (SELECT 'channel' AS level, channel AS no, product, sum(amount) AS sold FROM spent WHERE product <> 'all' GROUP BY 2, 3 UNION ALL SELECT 'region', region, product, sum(amount) FROM spent WHERE product <> 'all' GROUP BY 2, 3) AS s USING (product)
JOIN (VALUES ('channel', 1, 0.1948493751097283), ('channel', 2, 0.2354572911405201), ('region', 1, 0.0068834108789408), ('region', 2, 0.0938423218506429), ('region', 3, 0.0142618329875042)) AS apart (level, no, expected) USING (level, no)
GROUP BY level, no, expected ORDER BY level, no;
SELECT is(round(mix_deviation(one, two), 16), 0.4303066662502485, 'and of one channel against the other')
FROM (SELECT sum(amount) FILTER (WHERE channel = 1) AS one, sum(amount) FILTER (WHERE channel = 2) AS two FROM spent WHERE product <> 'all' GROUP BY product) AS x;

-- AdventureWorks

CREATE TEMP TABLE quota_line (quota_key integer, person integer, date_key integer, year integer, quarter integer, quota numeric, starts date);
\copy quota_line FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/fact_sales_quota.csv"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE sale_line (
  product integer, order_date_key integer, reseller integer, person integer, promotion integer, currency integer, territory integer,
  order_no text, line_no integer, quantity integer, unit_price numeric, gross numeric, discount_share numeric, discount numeric,
  unit_cost numeric, cost numeric, amount numeric, tax numeric, freight numeric, customer_order text, sold_on date, due_on date, shipped_on date);
\copy sale_line FROM PROGRAM 'gzip -dc "$KAM_DATA/adventureworks_dw/fact_reseller_sales.csv.gz"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE product (
  product integer, code text, subcategory integer, name text, cost numeric, finished boolean, safety integer, reorder integer, price numeric, dealer numeric, starts date, ends date, status text);
\copy product FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/dim_product.csv"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE subcategory (subcategory integer, code text, name text, spanish text, french text, category integer);
\copy subcategory FROM PROGRAM 'cat "$KAM_DATA/adventureworks_dw/dim_product_subcategory.csv"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE sale AS
SELECT extract(year FROM sold_on)::integer AS year, s.person, s.reseller, s.territory, category, amount
FROM sale_line AS s JOIN product USING (product) JOIN subcategory USING (subcategory);
SELECT is((SELECT sum(amount) FROM sale), 80450596.9823, 'all sales are there');

SELECT is(ARRAY[count(*), round(hhi(total), 16), round(gini(total), 16), round(gini(total, true), 16), round(top_share(total, 1), 16), round(top_share(total, 10), 16)],
  ARRAY[635, 0.0045240187267537, 0.6562784330404402, 0.6573135725247311, 0.0109024323647092, 0.0984709459140861], 'the resellers')
FROM (SELECT reseller, sum(amount) AS total FROM sale GROUP BY 1) AS x;

-- on how few resellers does a salesperson depend?
CREATE TEMP TABLE persons AS
SELECT person, count(*) AS resellers, hhi(total) AS h, gini(total, true) AS c, top_share(total, 1) AS t1, top_share(total, 5) AS t5
FROM (SELECT person, reseller, sum(amount) AS total FROM sale WHERE year = 2013 GROUP BY 1, 2) AS x GROUP BY 1;
SELECT is(ARRAY[p.resellers, round(p.h, 16), round(p.c, 16), round(p.t1, 16), round(p.t5, 16)], ARRAY[a.resellers, a.h, a.c, a.t1, a.t5], 'salesperson ' || person)
FROM persons AS p JOIN (VALUES
  (272, 17, 0.1902142413019140, 0.7165068608761190, 0.3555372821589656, 0.8104581662625314),
  (281, 51, 0.0473105029259031, 0.6245838296884467, 0.0824429323881620, 0.3228146241499158),
  (282, 43, 0.0576715948098939, 0.6348896792830119, 0.1083658352965242, 0.4243939772827576),
  (283, 54, 0.0487557264119852, 0.6498944202490022, 0.1074919568527827, 0.3574779803989301),
  (284, 28, 0.0785427937953881, 0.6023976487690608, 0.1376429096747944, 0.4965739275795702),
  (285, 47, 0.0601105114277667, 0.6690803469446102, 0.1290528947878860, 0.4226101329938075),
  (286, 6, 0.1719880689155938, 0.1135666577114452, 0.2239850621232901, 0.8682893394167002),
  (287, 27, 0.0741977502809704, 0.5185378572240502, 0.1763259184702590, 0.4651067241283327),
  (288, 35, 0.0815511301231015, 0.6979542452883914, 0.1223402606605178, 0.5453213876486473),
  (289, 23, 0.1344678296333361, 0.7263546692893612, 0.1891351501719844, 0.7511094856759961),
  (290, 22, 0.1275119547946636, 0.6892431283489004, 0.2264629382889364, 0.7337269894470884),
  (291, 50, 0.0489488212314723, 0.6288499577841839, 0.0945220122938950, 0.3602206494549707),
  (292, 33, 0.0819434746875913, 0.6736318812559596, 0.1424984181649449, 0.5501074697916842),
  (293, 25, 0.0834950086101803, 0.5801303575784470, 0.1271740799555979, 0.5204579467474701),
  (294, 14, 0.1934629594751273, 0.6803425507039371, 0.3348613121079826, 0.8752890861965731),
  (295, 31, 0.1024210046032377, 0.7065362191665953, 0.2092264754688135, 0.5968209139697242),
  (296, 33, 0.0776772313922032, 0.6561402455304997, 0.1190959640774407, 0.5235242340201625)) AS a (person, resellers, h, c, t1, t5) USING (person)
ORDER BY person;
SELECT results_eq('SELECT key_share_state(t1), count(*) FROM persons GROUP BY 1 ORDER BY 1', $$ VALUES ('below', 15::bigint), ('typical', 2) $$, 'two have a third of their sales from one reseller');

-- the mix of categories, from year to year and from territory to territory
SELECT is(round(mix_deviation(before, now), 16), expected, format('categories in %s against %s', now_year, before_year))
FROM (VALUES (2011, 2012, 0.1002101501517474), (2012, 2013, 0.0091612334251189), (2011, 2013, 0.0971872768595157)) AS apart (before_year, now_year, expected),
  LATERAL (SELECT sum(amount) FILTER (WHERE year = before_year) AS before, sum(amount) FILTER (WHERE year = now_year) AS now FROM sale GROUP BY category) AS x
GROUP BY before_year, now_year, expected ORDER BY before_year, now_year;
SELECT results_eq('SELECT territory, round(mix_deviation(plan, sold), 16)
  FROM (SELECT category, sum(amount) AS plan FROM sale WHERE year = 2012 GROUP BY 1) AS p JOIN (SELECT territory, category, sum(amount) AS sold FROM sale WHERE year = 2013 GROUP BY 1, 2) AS s USING (category) GROUP BY 1 ORDER BY 1',
  'VALUES (1, 0.0084233770113386), (2, 0.0171007174632918), (3, 0.0262331647935987), (4, 0.0273392607936417), (5, 0.0231101484114153), (6, 0.0185620527468991), (7, 0.0252041385095584), (8, 0.0218706224044547), (9, 0.0428309787368797), (10, 0.0094327607488001)',
  'territories in 2013 against 2012');
-- the quotas are a plan of the mix of salespeople
SELECT is(round(mix_deviation(quota, sold), 16), 0.0143161401747406, 'quotas and sales: one and a half in a hundred was sold by others than planned')
FROM (SELECT person, sum(quota) AS quota FROM quota_line GROUP BY 1) AS q FULL JOIN (SELECT person, sum(amount) AS sold FROM sale GROUP BY 1) AS s USING (person);

SELECT * FROM finish();
ROLLBACK;
