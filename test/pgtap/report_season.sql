-- Categories by quarter and season, and what a customer does not buy yet, against plain SQL over random rows; what is not bound; hostile rows; plans of queries.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(38);

\ir ../helpers/plan_of.sql

CREATE TABLE sold AS
SELECT (noise % 20)::integer AS customer, (noise / 20 % 9)::integer AS product, date '2021-11-01' + (noise / 180 % 1450)::integer AS day, round((noise / 261000 % 1400 - 300) * CASE WHEN noise % 20 = 9 THEN 1e20 ELSE 0.25 END, 2) AS amount,
  (noise / 77 % 9 - 2)::integer AS pieces, CASE WHEN noise % 11 > 0 THEN round((noise / 261000 % 900) * 0.2, 2) END AS cost
FROM generate_series(1, 5000) AS i, LATERAL (SELECT hashint8extended(i, 51) & 9007199254740991 AS noise) AS n
WHERE (noise % 20 <> 4 OR noise / 180 % 1450 > 900) AND (noise % 20 % 5 <> 2 OR noise / 20 % 9 % 4 > 0) AND (noise % 20 % 7 <> 3 OR noise / 20 % 9 % 4 <> 2 OR noise / 180 % 1450 < 700) AND (noise % 20 % 6 <> 1 OR noise / 20 % 9 % 4 <> 3 OR noise / 180 % 1450 > 1100);
INSERT INTO sold VALUES (3, 2, '2024-02-29', 250, 5, 20), (17, 8, '2025-08-05', 99, 1, 1), (18, 0, '2024-05-05', -70, -3, -20);
DELETE FROM sold WHERE customer = 18 AND product <> 0 OR customer = 17 AND product = 8 AND day < '2025-08-01' OR customer = 18 AND amount > 0;
CREATE INDEX ON sold (customer, day);
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, CASE i % 4 WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' WHEN 2 THEN 'kiosk' END AS channel, 'north' AS region FROM generate_series(0, 18) AS i;
CREATE TABLE article AS SELECT i AS id, 'product ' || i AS name, CASE WHEN i < 8 THEN 'category ' || i % 4 END AS category, CASE i WHEN 1 THEN daterange('2020-01-01', '2025-01-01') WHEN 5 THEN daterange('2020-01-01', '2025-02-01') END AS days FROM generate_series(0, 8) AS i;
ANALYZE sold, buyer, article;

SELECT kam_create_model('crm', 'integer');
SELECT is_empty(format('SELECT * FROM crm.%1$s UNION ALL SELECT * FROM crm.%1$s(''2025-08-20'')', name), 'nothing bound, nothing in ' || name) FROM unnest('{category_season,cross_sell}'::text[]) AS name;
UPDATE crm.setting SET as_of = '2025-08-20', goal_tolerance = 0.1;
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
SELECT is_empty('SELECT * FROM crm.category_season WHERE num_nonnulls(name, category, quantity, margin, margin_share, potential, realised) > 0 OR grain <> ''quarter''', 'without products one category that has no name, and no season');
SELECT set_eq('SELECT customer_id, bucket, trim_scale(amount), year_before, share FROM crm.category_season WHERE amount > 0', 'SELECT customer_id, bucket, trim_scale(amount), year_before, 1::numeric FROM crm.customer_analysis WHERE amount > 0', 'which is all that was bought');
SELECT is_empty('SELECT * FROM crm.cross_sell', 'and nothing to sell');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, pieces AS quantity, cost FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, region AS territory FROM buyer');
SELECT kam_bind('crm', 'product', 'SELECT id AS product_id, name, category, days AS on_sale FROM article');
INSERT INTO crm.season_map SELECT '', m, (ARRAY['winter', 'winter', 'spring', 'spring', 'spring', 'summer', 'summer', 'summer', 'autumn', 'autumn', 'autumn', 'winter'])[m] FROM generate_series(1, 12) AS m;
INSERT INTO crm.season_map SELECT 'category 1', m, CASE WHEN m BETWEEN 4 AND 9 THEN 'warm' ELSE 'cold' END FROM generate_series(1, 12) AS m;
INSERT INTO crm.season_map SELECT 'category 2', m, 'half a map' FROM generate_series(1, 6) AS m;
INSERT INTO crm.potential SELECT i, 'category ' || i % 4, '[2024-01-01,2025-01-01)', 3660 FROM generate_series(0, 19) AS i;
INSERT INTO crm.potential SELECT i, 'category ' || i % 4, '[2025-01-01,2026-01-01)', CASE WHEN i = 8 THEN 0 ELSE 7300 END FROM generate_series(0, 19, 2) AS i;
INSERT INTO crm.potential VALUES (0, '', '[2024-01-01,2025-01-01)', 5);

-- the series

SELECT results_eq($$ SELECT total(rollup(amount, '[2024-02-01,2025-08-01)')), total(rollup(quantity, '[2024-02-01,2025-08-01)')), total(rollup(margin, '[2024-02-01,2025-08-01)')) FROM crm.customer_category_series WHERE grain = 'month' AND category IS NOT NULL $$,
  $$ SELECT sum(amount), sum(pieces)::numeric, sum(amount - cost) FROM sold WHERE day >= '2024-02-01' AND day < '2025-08-01' AND product < 8 $$, 'of categories');
SELECT set_eq('SELECT customer_id, category, year, period, grain, trim_scale(total(amount)) AS amount FROM crm.customer_category_series', $$ SELECT customer, category, extract(year FROM day)::integer, daterange(make_date(extract(year FROM day)::integer, 1, 1), make_date(extract(year FROM day)::integer + 1, 1, 1)), 'month', trim_scale(sum(amount)) AS amount
  FROM sold JOIN article ON product = id GROUP BY 1, 2, 3 $$, 'a row a year');

-- categories by quarter

CREATE FUNCTION pg_temp.sales(who integer, kind text, span daterange, what text DEFAULT 'amount') RETURNS numeric LANGUAGE sql AS $$
  SELECT CASE what WHEN 'amount' THEN coalesce(sum(amount), 0) WHEN 'pieces' THEN coalesce(sum(pieces), 0) WHEN 'margin' THEN coalesce(sum(amount - cost), 0) ELSE count(DISTINCT day) FILTER (WHERE amount > 0) END
  FROM sold JOIN article ON product = id WHERE customer = who AND category IS NOT DISTINCT FROM kind AND day <@ span $$;
CREATE TABLE pair AS SELECT customer, category, min(day) FILTER (WHERE amount > 0) AS first FROM sold JOIN article ON product = id WHERE day < '2025-08-01' GROUP BY 1, 2;
CREATE TABLE bucket AS
SELECT p.customer, p.category, 'quarter' AS grain, daterange(q::date, (q + interval '3 months')::date) AS bucket, extract(year FROM q)::integer AS year, 'Q' || extract(quarter FROM q) AS part, daterange((q - interval '3 months')::date, q::date) AS earlier
FROM pair AS p, generate_series(timestamp '2023-01-01', '2025-04-01', '3 months') AS q WHERE q + interval '3 months' > coalesce(first, '2023-01-01')
UNION ALL
SELECT p.customer, p.category, 'season', daterange(q::date, (q + interval '3 months')::date), extract(year FROM q)::integer, (ARRAY['winter', 'spring', 'summer', 'autumn'])[extract(month FROM q)::integer / 3 % 4 + 1], daterange((q - interval '3 months')::date, q::date)
FROM pair AS p, generate_series(timestamp '2022-12-01', '2025-03-01', '3 months') AS q WHERE q + interval '3 months' > coalesce(first, '2023-01-01') AND category IS DISTINCT FROM 'category 1'
UNION ALL
SELECT p.customer, p.category, 'season', daterange(q::date, (q + interval '6 months')::date), extract(year FROM q)::integer, CASE extract(month FROM q) WHEN 4 THEN 'warm' ELSE 'cold' END, daterange((q - interval '6 months')::date, q::date)
FROM pair AS p, generate_series(timestamp '2022-10-01', '2024-10-01', '6 months') AS q WHERE q + interval '6 months' > coalesce(first, '2023-01-01') AND category = 'category 1';
CREATE TABLE expected AS SELECT *, pg_temp.sales(customer, category, bucket) AS amount, pg_temp.sales(customer, category, earlier) AS previous, pg_temp.sales(customer, category, prior_year(bucket)) AS year_before FROM bucket;

SELECT results_eq('SELECT customer_id, category COLLATE "C", grain COLLATE "C", bucket, year, part COLLATE "C", trim_scale(amount), trim_scale(previous), trim_scale(year_before) FROM crm.category_season ORDER BY 1, 2, 3, 4',
  'SELECT customer, category COLLATE "C", grain COLLATE "C", bucket, year, part COLLATE "C", trim_scale(amount), trim_scale(previous), trim_scale(year_before) FROM expected ORDER BY 1, 2, 3, 4', 'quarters and seasons, with their sales');
SELECT ok((SELECT count(DISTINCT part) = 10 AND count(*) FILTER (WHERE category IS NULL) > 50 FROM crm.category_season), 'of two maps, and without a category');
SELECT is_empty($$ SELECT * FROM crm.category_season WHERE customer_id = 17 AND category IS NULL OR customer_id = 18 AND category <> 'category 0' $$, 'what was first bought later is not there');
SELECT isnt_empty($$ SELECT * FROM crm.category_season WHERE customer_id = 18 $$, 'what only came back is');
SELECT is_empty($$ SELECT customer_id FROM crm.category_season WHERE change <> amount - previous OR round(growth, 9) IS DISTINCT FROM CASE WHEN previous > 0 THEN round(change / previous, 9) END OR direction <> CASE sign(change) WHEN 1 THEN 'grew' WHEN 0 THEN 'unchanged' ELSE 'shrank' END
  OR year_change <> amount - year_before OR round(year_growth, 9) IS DISTINCT FROM CASE WHEN year_before > 0 THEN round(year_change / year_before, 9) END OR trend <> sign(change) OR value <> amount OR goal <> year_before
  OR status <> CASE WHEN abs(year_change) <= 0.1 * abs(year_before) THEN 0 ELSE sign(year_change) END OR num_nulls(change, year_change, status, trend, direction) > 0 $$, 'growth and status');
SELECT is_empty($$ SELECT customer_id, category, bucket FROM crm.category_season WHERE quantity <> pg_temp.sales(customer_id, category, bucket, 'pieces') OR margin <> pg_temp.sales(customer_id, category, bucket, 'margin') OR orders <> pg_temp.sales(customer_id, category, bucket, 'orders')
  OR round(margin_share, 9) IS DISTINCT FROM CASE WHEN amount > 0 THEN round(margin / amount, 9) END OR num_nulls(quantity, orders) > 0 $$, 'quantities, margins and orders');
SELECT is_empty($$ SELECT s.customer_id, s.category, s.bucket FROM crm.category_season AS s CROSS JOIN LATERAL (SELECT sum(greatest(pg_temp.sales(customer, p.category, s.bucket), 0)) AS bought, sum(greatest(pg_temp.sales(customer, p.category, prior_year(s.bucket)), 0)) AS before, count(*) FILTER (WHERE pg_temp.sales(customer, p.category, s.bucket) > s.amount) AS above FROM pair AS p WHERE customer = s.customer_id) AS e
  WHERE round(share, 9) IS DISTINCT FROM round(greatest(amount, 0) / nullif(bought, 0), 9) OR round(share_before, 9) IS DISTINCT FROM round(greatest(year_before, 0) / nullif(before, 0), 9) OR place IS DISTINCT FROM CASE WHEN amount > 0 THEN above + 1 END $$, 'the mix');
SELECT is_empty($$ SELECT customer_id, bucket FROM crm.category_season WHERE grain = 'quarter' GROUP BY 1, 2 HAVING round(sum(share), 9) <> 1 $$, 'adds up');
SELECT is_empty($$ SELECT customer_id FROM crm.category_season WHERE round(potential, 6) IS DISTINCT FROM CASE WHEN category = 'category ' || customer_id % 4 THEN (SELECT round(sum(amount * (upper(period * bucket) - lower(period * bucket)) / (upper(period) - lower(period))), 6) FROM crm.potential AS p WHERE p.customer_id = category_season.customer_id AND p.category <> '' AND period && bucket) END
  OR round(realised, 9) IS DISTINCT FROM CASE WHEN potential > 0 THEN round(greatest(amount, 0) / potential, 9) END $$, 'what of the potential is used');
SELECT ok((SELECT count(realised) > 30 AND count(potential) > count(realised) FROM crm.category_season), 'where there is one');
SELECT results_eq('SELECT * FROM crm.category_season ORDER BY customer_id, category, grain, bucket', $$ SELECT * FROM crm.category_season('2025-08-20', '[2025-01-01,2026-01-01)') ORDER BY customer_id, category, grain, bucket $$, 'the view is the function as of the day of setting');
SELECT results_eq($$ SELECT max(upper(bucket)), min(lower(bucket)) FROM crm.category_season('2024-12-31', '[2024-07-01,2025-07-01)') WHERE grain = 'quarter' $$, $$ VALUES (date '2025-01-01', date '2022-07-01') $$, 'as of another day');

-- all categories together

SELECT is_empty($$ SELECT a.customer_id, a.bucket FROM crm.customer_analysis AS a WHERE orders IS DISTINCT FROM (SELECT count(DISTINCT day) FROM sold WHERE customer = customer_id AND amount > 0 AND day <@ bucket)
  OR round(potential, 6) IS DISTINCT FROM (SELECT round(coalesce(sum(part) FILTER (WHERE category = ''), sum(part)), 6) FROM (SELECT category, amount * (upper(period * a.bucket) - lower(period * a.bucket)) / (upper(period) - lower(period)) AS part FROM crm.potential AS p WHERE p.customer_id = a.customer_id AND period && a.bucket) AS x)
  OR round(realised, 9) IS DISTINCT FROM CASE WHEN potential > 0 THEN round(greatest(amount, 0) / potential, 9) END $$, 'orders and potential of the customer');
SELECT ok((SELECT count(realised) > 50 AND count(*) FILTER (WHERE customer_id = 0 AND potential < 3) > 0 AND max(orders) > 9 FROM crm.customer_analysis), 'are there, one for all before those of categories');

-- what else he could buy: over the twelve months from August 2024

CREATE TABLE taken AS SELECT customer, category, min(day) FILTER (WHERE amount > 0) AS first, max(day) FILTER (WHERE amount > 0) AS last, coalesce(sum(amount) FILTER (WHERE day >= '2024-08-01'), 0) AS amount, coalesce(sum(pieces) FILTER (WHERE day >= '2024-08-01') > 0, false) AS bought
FROM sold JOIN article ON product = id WHERE day < '2025-08-01' GROUP BY 1, 2;
CREATE TABLE active AS SELECT customer, channel, sum(amount) AS total, min(first) AS since FROM taken LEFT JOIN buyer ON id = customer GROUP BY 1, 2 HAVING sum(amount) > 0;
CREATE TABLE chance AS
SELECT a.customer, a.channel, a.total, a.since, c.category, t.first, t.last, coalesce(t.amount, 0) AS amount, coalesce(t.bought, false) AS bought, (SELECT count(*) FROM active AS p WHERE p.channel IS NOT DISTINCT FROM a.channel AND p.customer <> a.customer) AS peers, e.buyers, e.sum,
  (SELECT bool_or(days IS NULL OR days @> date '2025-08-20') FROM article WHERE category = c.category) AS offered
FROM active AS a CROSS JOIN (SELECT DISTINCT category FROM article WHERE category IS NOT NULL) AS c LEFT JOIN taken AS t ON t.customer = a.customer AND t.category = c.category
CROSS JOIN LATERAL (SELECT count(*) AS buyers, sum(q.amount) AS sum FROM taken AS q JOIN active AS p USING (customer) WHERE q.category = c.category AND q.bought AND p.channel IS NOT DISTINCT FROM a.channel AND p.customer <> a.customer) AS e;
CREATE TABLE wanted AS
SELECT *, CASE WHEN bought THEN 'won' WHEN first < '2024-08-01' THEN 'lapsed' ELSE 'open' END AS state FROM chance WHERE CASE WHEN bought THEN first >= '2024-08-01' AND since < '2024-08-01' ELSE offered AND buyers > 0 END;
SELECT results_eq('SELECT customer_id, category COLLATE "C", state COLLATE "C", first_bought, last_bought, trim_scale(amount), round(share, 9), peers, buyers, round(buyers_share, 9), round(buyers_mean, 9), round(chance, 9) FROM crm.cross_sell ORDER BY 1, 2', $$
  SELECT customer, category COLLATE "C", state COLLATE "C", first, last, trim_scale(amount), round(amount / total, 9), peers, buyers, round(buyers::numeric / nullif(peers, 0), 9), round(sum / nullif(buyers, 0), 9), round(CASE WHEN buyers = 0 THEN 0 ELSE sum END / nullif(peers, 0), 9) FROM wanted ORDER BY 1, 2 $$, 'open, lapsed and won');
SELECT set_eq('SELECT DISTINCT state FROM crm.cross_sell', '{open,lapsed,won}'::text[], 'there are all three');
SELECT is_empty($$ SELECT customer_id FROM crm.cross_sell AS c WHERE place IS DISTINCT FROM CASE WHEN state <> 'won' THEN (SELECT 1 + count(*) FROM crm.cross_sell AS o WHERE o.customer_id = c.customer_id AND o.state <> 'won' AND o.chance > c.chance) END
  OR name IS DISTINCT FROM (SELECT b.name FROM buyer AS b WHERE id = customer_id) OR channel IS DISTINCT FROM (SELECT b.channel FROM buyer AS b WHERE id = customer_id) OR period <> '[2024-08-01,2025-08-01)' $$, 'the largest first');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
SELECT is_empty($$ SELECT customer_id FROM crm.cross_sell WHERE state <> 'won' AND amount > 0 OR state = 'won' AND amount <= 0 $$, 'without quantities, by amounts');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, pieces AS quantity, cost FROM sold');
SELECT results_eq('SELECT * FROM crm.cross_sell ORDER BY customer_id, category', $$ SELECT * FROM crm.cross_sell('2025-08-20') ORDER BY customer_id, category $$, 'the view is the function as of the day of setting');
SELECT ok((SELECT count(*) > 0 AND bool_and(period = '[2024-01-01,2025-01-01)') FROM crm.cross_sell('2024-12-31')), 'as of another day');

-- hostile rows: without keys, days or amounts, twice; impossible days

INSERT INTO sold VALUES (NULL, NULL, '2025-02-02', 5, 1, 1), (1, NULL, '2025-02-02', 5, 1, 1), (NULL, 2, '2025-02-02', 5, 1, 1), (1, 2, NULL, 5, 1, 1), (1, 2, 'infinity', 5, 1, 1), (1, 2, '-infinity', 5, 1, 1), (1, 2, '0044-03-15 BC', 5, 1, 1), (1, 2, '2025-02-02', NULL, NULL, NULL), (1, 77, '2025-02-02', 1, 1, 1);
INSERT INTO buyer (id) VALUES (NULL);
INSERT INTO article VALUES (NULL, NULL, NULL, NULL), (NULL, NULL, 'category 9', 'empty'), (90, NULL, '', '(,infinity)');
INSERT INTO crm.potential VALUES (1, 'category 2', '(,)', 5), (2, 'category 3', '[-infinity,infinity)', 5);
INSERT INTO crm.season_map SELECT NULL, 1, 'x' WHERE false;
SELECT lives_ok(format('SELECT * FROM crm.%s', name), name || ' bears them') FROM unnest('{category_season,cross_sell}'::text[]) AS name;
SELECT lives_ok(format('SELECT * FROM crm.%s(%L, %L)', name, as_of, period), format('%s as of %s, %s', name, as_of, period)) FROM unnest('{category_season,cross_sell}'::text[]) AS name, (VALUES (date '0001-01-01', NULL), ('9998-12-31', '[9998-01-01,9999-01-01)'), ('2025-08-20', '[2030-01-01,2031-01-01)')) AS v (as_of, period);

-- one customer's page reads one customer's rows

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of('SELECT * FROM ' || report || ' WHERE customer_id = 7') ~ 'sold_customer_day_idx[^\n]*\n[^\n]*Index Cond: [^\n]*customer = 7', report) FROM unnest('{crm.category_season,crm.category_season(''2025-05-05''),crm.customer_category_series}'::text[]) AS report;

SELECT * FROM finish();
ROLLBACK;
