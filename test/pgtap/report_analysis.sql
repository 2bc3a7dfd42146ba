-- Reports on what customers bought by quarter and season, and on their place among the others, against plain SQL over random sales.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(44);

\ir ../helpers/plan_of.sql

-- Sales with returns, zeros, large amounts, customers who come late; 50 customers
CREATE TABLE sold AS
SELECT (noise % 50)::integer AS customer, (noise / 80 % 12)::integer AS product, date '2022-12-15' + (noise / 960 % 1250)::integer AS day,
  round((noise / 864000 % 1400 - 200) * CASE WHEN noise % 50 = 40 THEN 1e20 ELSE 0.25 END, 2) AS amount, (noise / 77 % 9 - 2)::integer AS pieces, round((noise / 864000 % 900) * 0.2, 2) AS cost
FROM generate_series(1, 8000) AS i, LATERAL (SELECT hashint8extended(i, 13) & 9007199254740991 AS noise) AS n
WHERE noise % 50 % 7 <> 3 OR noise / 960 % 1250 > 400 + noise % 50 * 8;
INSERT INTO sold VALUES (7, 1, '2024-02-29', 250, 5, 2), (101, 1, '2024-08-01', -5, -1, 0), (102, 1, '2025-02-01', 0, 0, 0), (103, 1, '2025-05-05', 70, 1, 20);
CREATE INDEX ON sold (customer, day);
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, CASE i % 3 WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' END AS channel FROM generate_series(0, 59) AS i;
ANALYZE sold, buyer;

SELECT kam_create_model('crm', 'integer');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
INSERT INTO crm.season_map SELECT '', m, (ARRAY['winter','winter','spring','spring','spring','summer','summer','summer','autumn','autumn','autumn','winter'])[m] FROM generate_series(1, 11) AS m;

SELECT is_empty('SELECT * FROM crm.customer_analysis WHERE name IS NOT NULL OR quantity IS NOT NULL OR margin IS NOT NULL OR margin_share IS NOT NULL', 'what is not bound is NULL');
SELECT is((SELECT count(*) FROM crm.customer_analysis WHERE grain = 'season'), 0::bigint, 'seasons of eleven months are none');
SELECT is((SELECT count(DISTINCT customers) FROM crm.customer_position), 1::bigint, 'without channels all are compared with all');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, day AS sold_on, amount, pieces AS quantity, cost FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel FROM buyer');
INSERT INTO crm.season_map VALUES ('', 12, 'winter'), ('ice', 1, 'low');

-- quarters and seasons

CREATE FUNCTION pg_temp.plain(as_of date, since date, kind text) RETURNS TABLE (customer integer, bucket daterange, amount numeric, pieces numeric, margin numeric, previous numeric, year_before numeric, year integer) LANGUAGE sql AS $$
  WITH part AS (
    SELECT daterange(d::date, (d + interval '3 months')::date) AS bucket, d
    FROM generate_series(timestamp '2019-01-01' - CASE $3 WHEN 'season' THEN interval '1 month' ELSE '0' END, $1::timestamp, '3 months') AS d WHERE d + interval '3 months' <= $1 + 1),
  come AS (SELECT customer, min(day) FILTER (WHERE amount > 0 AND day >= make_date(extract(year FROM $2)::integer - 2, 1, 1) AND day < date_trunc('month', $1 + 1)) AS first,
      sum(amount) FILTER (WHERE day >= make_date(extract(year FROM $2)::integer - 2, 1, 1) AND day < date_trunc('month', $1 + 1)) AS amount FROM sold GROUP BY 1),
  total AS (SELECT c.customer, c.first, p.*, s.* FROM come AS c CROSS JOIN part AS p CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount), 0) AS amount, coalesce(sum(pieces), 0)::numeric AS pieces, coalesce(sum(amount - cost), 0) AS margin FROM sold AS s WHERE s.customer = c.customer AND day <@ p.bucket) AS s WHERE c.first IS NOT NULL OR c.amount <> 0)
  SELECT customer, bucket, trim_scale(amount), pieces, trim_scale(margin), trim_scale(lag(amount) OVER w), trim_scale(lag(amount, 4) OVER w), extract(year FROM d)::integer
  FROM total WINDOW w AS (PARTITION BY customer ORDER BY d) $$;

SELECT results_eq(format('SELECT customer_id, bucket, trim_scale(amount), trim_scale(quantity), trim_scale(margin), trim_scale(previous), trim_scale(year_before), year FROM crm.customer_analysis(%L) WHERE grain = %L ORDER BY 1, 2', as_of, kind),
  format($$ SELECT p.* FROM pg_temp.plain(%1$L, %2$L, %3$L) AS p JOIN (SELECT customer, min(day) FILTER (WHERE amount > 0 AND day >= make_date(extract(year FROM date %2$L)::integer - 2, 1, 1) AND day < date_trunc('month', date %1$L + 1)) AS first FROM sold GROUP BY 1) AS f USING (customer)
            WHERE upper(bucket) > greatest(date %2$L, first) ORDER BY 1, 2 $$, as_of, since, kind), format('by %s as of %s', kind, as_of))
FROM (VALUES (date '2025-06-30', date '2023-01-01'), ('2025-06-29', '2023-01-01'), ('2026-02-28', '2024-01-01'), ('2025-12-31', '2023-01-01')) AS v (as_of, since), (VALUES ('quarter'), ('season')) AS k (kind);
SELECT set_eq($$ SELECT DISTINCT bucket FROM crm.customer_analysis('2025-06-30', '[2025-04-01,2026-04-01)') WHERE grain = 'quarter' AND lower(bucket) < '2023-10-01' $$, $$ VALUES (daterange '[2023-04-01,2023-07-01)'), ('[2023-07-01,2023-10-01)') $$, 'a period of one''s own');
SELECT is_empty($$ SELECT * FROM crm.customer_analysis('2025-06-30') WHERE change IS DISTINCT FROM amount - previous OR growth IS DISTINCT FROM CASE WHEN previous > 0 THEN change / previous END OR year_change IS DISTINCT FROM amount - year_before
  OR year_growth IS DISTINCT FROM CASE WHEN year_before > 0 THEN year_change / year_before END OR margin_share IS DISTINCT FROM margin / nullif(amount, 0) OR value <> amount OR goal IS DISTINCT FROM year_before
  OR status IS DISTINCT FROM sign(year_change) OR trend IS DISTINCT FROM sign(change) OR direction IS DISTINCT FROM CASE sign(change) WHEN 1 THEN 'grew' WHEN -1 THEN 'shrank' WHEN 0 THEN 'unchanged' END $$, 'the other columns follow');
SELECT results_eq($$ SELECT v.as_of, count(c.bucket) FROM (VALUES (date '2025-05-31'), ('2025-06-29'), ('2025-06-30')) AS v (as_of) LEFT JOIN LATERAL crm.customer_analysis(v.as_of) AS c ON c.customer_id = 103 AND c.grain = 'quarter' GROUP BY 1 ORDER BY 1 $$,
  $$ VALUES (date '2025-05-31', 0::bigint), ('2025-06-29', 0), ('2025-06-30', 1) $$, 'who first bought in May has no quarter before that one is over');
SELECT is_empty($$ SELECT * FROM crm.customer_analysis('2025-04-30') WHERE customer_id IN (102, 103) $$, 'and none as of a day before, nor has who never bought');
SELECT is_empty($$ SELECT customer_id, grain, year FROM crm.customer_analysis('2025-12-31') GROUP BY 1, 2, 3 HAVING sum(amount) > 0 AND round(sum(share), 12) <> 1 OR sum(amount) = 0 AND count(share) > 0 $$, 'shares of a year add up');
SELECT set_eq($$ SELECT DISTINCT grain, part FROM crm.customer_analysis $$, $$ VALUES ('quarter', 'Q1'), ('quarter', 'Q2'), ('quarter', 'Q3'), ('quarter', 'Q4'), ('season', 'winter'), ('season', 'spring'), ('season', 'summer'), ('season', 'autumn') $$, 'parts');
SELECT is((SELECT string_agg(DISTINCT year::text, ' ') FROM crm.customer_analysis('2025-12-31') WHERE part = 'winter' AND date '2025-01-15' <@ bucket), '2024', 'January is in the winter of the year before');
UPDATE crm.setting SET goal_tolerance = 0.5, as_of = '2025-06-30';
SELECT is_empty('SELECT * FROM crm.customer_analysis WHERE status IS DISTINCT FROM CASE WHEN abs(year_change) <= 0.5 * abs(year_before) THEN 0 ELSE sign(year_change) END', 'the tolerance is heard');
SELECT results_eq('SELECT * FROM crm.customer_analysis ORDER BY customer_id, grain, bucket', $$ SELECT * FROM crm.customer_analysis('2025-06-30') ORDER BY customer_id, grain, bucket $$, 'the view is the function as of the day of setting');
SELECT is((SELECT count(*) FROM crm.customer_analysis('2020-06-30')), 0::bigint, 'before the first sale there is nothing');
SELECT is((SELECT count(*) FROM crm.customer_analysis('2020-06-30', '[2021-01-01,2022-01-01)') ), 0::bigint, 'nor of a period that is to come');
SELECT lives_ok($$ SELECT * FROM crm.customer_analysis('0001-06-30') $$, 'nor in the first year');

-- the place among the others

CREATE FUNCTION pg_temp.place(first date, next date) RETURNS TABLE (customer integer, channel text, amount numeric, prior numeric, n bigint, place bigint, mean numeric, share numeric, abc text, overall bigint) LANGUAGE sql AS $$
  WITH t AS (
    SELECT s.customer, b.channel, sum(amount) FILTER (WHERE day >= $1) AS amount, coalesce(sum(amount) FILTER (WHERE day < $1), 0) AS prior
    FROM sold AS s LEFT JOIN buyer AS b ON b.id = s.customer WHERE day >= $1 - interval '1 year' AND day < $2 GROUP BY 1, 2
    HAVING sum(amount) FILTER (WHERE day >= $1) <> 0 OR count(*) FILTER (WHERE day >= $1 AND amount > 0) > 0)
  SELECT t.customer, t.channel, trim_scale(t.amount), trim_scale(t.prior), p.n, p.above + 1, p.mean, greatest(t.amount, 0) / nullif(p.whole, 0),
    CASE WHEN t.amount <= 0 THEN 'C' WHEN p.above_sum < 0.80 * p.whole THEN 'A' WHEN p.above_sum < 0.95 * p.whole THEN 'B' ELSE 'C' END, (SELECT count(*) + 1 FROM t AS o WHERE o.amount > t.amount)
  FROM t CROSS JOIN LATERAL (SELECT count(*) AS n, count(*) FILTER (WHERE o.amount > t.amount) AS above, avg(o.amount) AS mean, coalesce(sum(o.amount) FILTER (WHERE o.amount > 0), 0) AS whole,
    coalesce(sum(o.amount) FILTER (WHERE o.amount > t.amount AND o.amount > 0), 0) AS above_sum FROM t AS o WHERE o.channel IS NOT DISTINCT FROM t.channel) AS p $$;

SELECT results_eq(format('SELECT customer_id, channel COLLATE "C", trim_scale(amount), trim_scale(prior_year), customers, place, round(mean, 6), round(share, 12), abc COLLATE "C", overall_place FROM crm.customer_position(%L) ORDER BY 1', as_of),
  format('SELECT customer, channel COLLATE "C", amount, prior, n, place, round(mean, 6), round(share, 12), abc COLLATE "C", overall FROM pg_temp.place(%L, %L) ORDER BY 1', first, next), format('places as of %s', as_of))
FROM (VALUES (date '2025-06-30', date '2024-07-01', date '2025-07-01'), ('2025-06-29', '2024-06-01', '2025-06-01'), ('2025-02-28', '2024-03-01', '2025-03-01')) AS v (as_of, first, next);
UPDATE crm.setting SET goal_tolerance = DEFAULT;
SELECT is_empty($$ SELECT * FROM crm.customer_position WHERE round(peer_index, 12) IS DISTINCT FROM CASE WHEN mean > 0 THEN round(amount / mean, 12) END OR action <> CASE WHEN amount < mean THEN 'growth_engine' ELSE 'preserve' END OR growth <> amount - prior_year
  OR value <> amount OR goal <> mean OR trend <> sign(growth) OR period <> '[2024-07-01,2025-07-01)' OR abs(amount - mean) > 1e-6 AND status <> sign(amount - mean) $$, 'the other columns follow');
SELECT is_empty($$ SELECT channel FROM crm.customer_position GROUP BY channel HAVING round(sum(share), 12) <> 1 OR max(cumulative_share) <> 1 OR max(place) > max(customers) OR min(place) <> 1 $$, 'shares of a channel add up');
SELECT is((SELECT round(sum(overall_share), 12) FROM crm.customer_position), 1::numeric, 'and those of all');
SELECT is_empty($$ SELECT * FROM crm.customer_position WHERE size_class <> CASE WHEN place <= ceil(customers / 3.0) THEN 'large' WHEN place <= ceil(customers / 3.0) + ceil((customers - ceil(customers / 3.0)) / 2) THEN 'medium' ELSE 'small' END $$, 'thirds');
UPDATE crm.setting SET size_thresholds = '{3000,1000}', abc_cutoffs = '{0.5}', goal_tolerance = 0.2, grain = 'quarter', buckets = 2;
SELECT is_empty($$ SELECT * FROM crm.customer_position WHERE size_class <> CASE WHEN amount >= 3000 THEN 'large' WHEN amount >= 1000 THEN 'medium' ELSE 'small' END OR abc NOT IN ('A', 'B') OR abs(amount - mean) < 0.1 * mean AND status <> 0 OR period <> '[2025-01-01,2025-07-01)' $$, 'settings are heard');
SELECT results_eq($$ SELECT customer_id, amount, prior_year FROM crm.customer_position ORDER BY 1 $$, $$ SELECT customer, amount, prior FROM (SELECT customer, sum(amount) FILTER (WHERE day >= '2025-01-01') AS amount, coalesce(sum(amount) FILTER (WHERE day < '2024-07-01'), 0) AS prior, count(*) FILTER (WHERE day >= '2025-01-01' AND amount > 0) AS n
  FROM sold WHERE day >= '2024-01-01' AND day < '2025-07-01' GROUP BY 1) AS x WHERE n > 0 OR amount <> 0 ORDER BY 1 $$, 'half a year beside the same of the year before');
SELECT results_eq('SELECT * FROM crm.customer_position ORDER BY customer_id', $$ SELECT * FROM crm.customer_position('2025-06-30') ORDER BY customer_id $$, 'the view is the function');
SELECT lives_ok($$ SELECT * FROM crm.customer_position('0001-12-31') $$, 'in the first year');

-- one customer's page reads one customer's rows

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of(format('SELECT * FROM crm.%s WHERE customer_id = 17', name)) ~ 'Index Cond: [^\n]*customer = 17', name || ' of one customer reads his sales by their index')
FROM (VALUES ('customer_analysis'), ($$customer_analysis('2025-01-01')$$)) AS v (name);
SET LOCAL enable_seqscan = on;

-- hostile rows

SELECT count(*) AS analysed, sum(amount) AS amount FROM crm.customer_analysis \gset
INSERT INTO sold VALUES (NULL, 1, '2025-01-01', 5, 1, 1), (1, NULL, NULL, 5, 1, 1), (1, 1, 'infinity', 5, 1, 1), (1, 1, '2025-02-02', NULL, 1, 1), (1, 1, '0044-03-15 BC', 7, 1, 1);
SELECT results_eq('SELECT count(*), sum(amount) FROM crm.customer_analysis', format('VALUES (%s::bigint, %s::numeric)', :analysed, :amount), 'rows without a customer, a day or an amount');
SELECT lives_ok('SELECT * FROM crm.customer_position', 'and in the other');
INSERT INTO sold VALUES (1, 1, '2025-02-02', 'NaN', 1, 1);
SELECT throws_ok('SELECT * FROM crm.customer_analysis', '22023', NULL, 'NaN is refused');
SELECT throws_ok('SELECT * FROM crm.customer_position', '22023', NULL, 'in the other, too');
SELECT kam_unbind('crm', 'sale');
SELECT is_empty('SELECT * FROM crm.customer_analysis', 'without sales there are no rows');
SELECT is_empty('SELECT * FROM crm.customer_position', 'nor places');
UPDATE crm.setting SET as_of = NULL;
SELECT is_empty('SELECT * FROM crm.customer_analysis', 'and without a day');
SELECT is_empty('SELECT * FROM crm.customer_position', 'and without a day');

SELECT * FROM finish();
ROLLBACK;
