-- Reports of a model against plain SQL over random sales; as of any day; NULL where nothing is bound; plans of queries.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(54);

\ir ../helpers/plan_of.sql

-- Sales with returns, ties, zeros, large amounts, gaps of months, a leap day; 80 customers, 12 products
CREATE TABLE sold AS
SELECT (noise % 80)::integer AS customer, (noise % 80 / 2)::integer AS outlet, (noise / 80 % 12)::integer AS product, date '2023-12-15' + (noise / 960 % 900)::integer AS day,
  round((noise / 864000 % 1400 - 200) * CASE WHEN noise % 80 % 40 = 0 THEN 1e20 ELSE 0.25 END, 2) AS amount, (noise / 77 % 9 - 2)::integer AS pieces, round((noise / 864000 % 900) * 0.2, 2) AS cost
FROM generate_series(1, 9000) AS i, LATERAL (SELECT hashint8extended(i, 11) & 9007199254740991 AS noise) AS n
WHERE (noise % 80 % 7 <> 3 OR noise / 960 % 900 < 500) AND (noise % 80 % 11 <> 5 OR noise / 960 % 900 > 700);
INSERT INTO sold VALUES (7, 3, 1, '2024-02-29', 250, 5, 20);
CREATE INDEX ON sold (customer, day);
CREATE INDEX ON sold (outlet, day);
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, CASE i % 3 WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' END AS channel, 'north' AS region FROM generate_series(0, 79) AS i;
CREATE INDEX ON buyer (id);
CREATE TABLE article AS SELECT i AS id, 'product ' || i AS name, 'category ' || i % 4 AS category, 'brand ' || i % 3 AS brand FROM generate_series(0, 11) AS i;
ANALYZE sold, buyer, article;

SELECT kam_create_model('crm', 'integer');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, product AS product_id, day AS sold_on, amount FROM sold');
INSERT INTO crm.plan (customer_id, period, launched_on, status)
SELECT id, '[2025-01-01,2026-01-01)', CASE WHEN id % 3 = 0 THEN date '2025-03-01' + id END, CASE WHEN id % 10 = 9 THEN 'draft' ELSE 'active' END FROM buyer;
INSERT INTO crm.plan_line (plan_id, parameter, key, measure, target)
SELECT plan_id, parameter, CASE parameter WHEN 'total' THEN '' WHEN 'product' THEN (customer_id % 12)::text ELSE parameter || ' ' || customer_id % 3 END, measure, CASE WHEN measure IN ('margin_share', 'fill_rate') THEN 0.3 ELSE 100 + customer_id END
FROM crm.plan, unnest('{total,category,brand,product}'::text[]) AS parameter, unnest('{amount,quantity,margin,products,margin_share,categories,fill_rate}'::text[]) AS measure
WHERE parameter = 'total' OR measure NOT IN ('categories', 'fill_rate', 'margin_share', 'products');
ANALYZE crm.plan, crm.plan_line;

SELECT ok(pg_temp.plan_of(format('SELECT * FROM crm.%s', form), 'COSTS ON') ~ '^[^\n]* rows=1 ', form || ' is planned as the one row that it is')
FROM (VALUES ('in_force'), ($$in_force('2025-06-30')$$)) AS v (form);

-- what is not bound is NULL, never 0

SELECT is((SELECT as_of FROM crm.in_force), (SELECT max(day) FROM sold), 'the last day is the last with sales');
SELECT is_empty('SELECT * FROM crm.customer_class WHERE name IS NOT NULL OR channel IS NOT NULL', 'customers have no names');
SELECT set_eq('SELECT dimension FROM crm.base_movement', '{all}'::text[], 'the base has no parts');
SELECT results_eq($$ SELECT DISTINCT parameter COLLATE "C", measure COLLATE "C" FROM crm.plan_progress('2025-06-30') WHERE actual IS NOT NULL ORDER BY 1, 2 $$,
  $$ VALUES ('product'::text COLLATE "C", 'amount'::text COLLATE "C"), ('total', 'amount') $$, 'actual is known of sales only: no quantities, no margins, no categories');
SELECT is_empty($$ SELECT * FROM crm.plan_progress('2025-06-30') WHERE measure <> 'amount' AND (run_rate IS NOT NULL OR prior_year IS NOT NULL OR growth IS NOT NULL OR value IS NOT NULL OR status IS NOT NULL OR trend IS NOT NULL) $$, 'and what follows from it');
SELECT is((SELECT count(*) FROM crm.customer_series WHERE margin IS NOT NULL OR quantity IS NOT NULL), 0::bigint, 'series of nothing are NULL');

SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, product AS product_id, day AS sold_on, amount, pieces AS quantity, cost FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel, region AS territory FROM buyer');
SELECT kam_bind('crm', 'product', 'SELECT id AS product_id, name, category, brand FROM article');

-- the series

SELECT results_eq($$ SELECT total(rollup(amount, '[2024-02-01,2025-08-01)')), total(rollup(quantity, '[2024-02-01,2025-08-01)')), total(rollup(margin, '[2024-02-01,2025-08-01)')) FROM crm.customer_series WHERE grain = 'month' $$,
  $$ SELECT sum(amount), sum(pieces)::numeric, sum(amount - cost) FROM sold WHERE day >= '2024-02-01' AND day < '2025-08-01' $$, 'of customers');
SELECT set_eq($$ SELECT outlet_id, year, grain, trim_scale(total(amount)), sale_days(amount) FROM crm.outlet_series $$,
  $$ SELECT outlet, extract(year FROM day)::integer, grain, trim_scale(sum(amount)), count(DISTINCT day) FILTER (WHERE amount > 0)::integer FROM sold, unnest('{day,week,month,quarter}'::text[]) AS grain GROUP BY 1, 2, 3 $$, 'of outlets, by all grains');
SELECT set_eq($$ SELECT product_id, period, trim_scale(total(amount)) AS amount, trim_scale(total(quantity)) AS quantity FROM crm.product_series WHERE grain = 'quarter' $$,
  $$ SELECT product, daterange(make_date(extract(year FROM day)::integer, 1, 1), make_date(extract(year FROM day)::integer + 1, 1, 1)) AS period, trim_scale(sum(amount)) AS amount, sum(pieces)::numeric AS quantity FROM sold GROUP BY 1, 2 $$, 'of products');

-- classes

CREATE FUNCTION pg_temp.plain_class(first date, next date) RETURNS TABLE (customer_id integer, amount numeric, abc text, months integer, cv numeric, days integer, rec integer) LANGUAGE sql AS $$
  WITH bought AS (SELECT customer, sum(amount) AS amount, count(DISTINCT day) FILTER (WHERE amount > 0) AS days, max(day) FILTER (WHERE amount > 0) AS last FROM sold WHERE day >= first AND day < next GROUP BY customer),
  month AS (SELECT b.customer, coalesce((SELECT sum(s.amount) FROM sold AS s WHERE s.customer = b.customer AND s.day >= m AND s.day < m + interval '1 month'), 0) AS total
            FROM bought AS b, generate_series(first::timestamp, next - interval '1 month', '1 month') AS m),
  spread AS (SELECT customer, stddev_pop(total) / nullif(avg(total), 0) AS cv, count(*) FILTER (WHERE total > 0) AS months FROM month GROUP BY customer),
  ranked AS (SELECT *, (SELECT coalesce(sum(o.amount), 0) FROM bought AS o WHERE o.amount > b.amount) AS above, sum(greatest(b.amount, 0)) OVER () AS whole FROM bought AS b)
  SELECT r.customer, r.amount, CASE WHEN r.amount <= 0 THEN 'C' WHEN above < 0.80 * whole THEN 'A' WHEN above < 0.95 * whole THEN 'B' ELSE 'C' END, s.months::integer, s.cv, r.days::integer, next - 1 - r.last
  FROM ranked AS r JOIN spread AS s USING (customer) WHERE r.days > 0 OR r.amount <> 0 $$;

SELECT results_eq(format('SELECT customer_id, trim_scale(amount), abc COLLATE "C", round(cv::numeric, 9) FROM crm.customer_class(%L) ORDER BY 1', as_of),
  format('SELECT customer_id, trim_scale(amount), abc COLLATE "C", round(cv, 9) FROM pg_temp.plain_class(%L, %L) WHERE cv > 0 UNION ALL SELECT customer_id, trim_scale(amount), abc COLLATE "C", NULL FROM pg_temp.plain_class(%L, %L) WHERE cv <= 0 OR cv IS NULL ORDER BY 1', first, next, first, next), format('classes as of %s', as_of))
FROM (VALUES (date '2025-06-30', date '2024-07-01', date '2025-07-01'), ('2025-06-29', '2024-06-01', '2025-06-01'), ('2024-12-31', '2024-01-01', '2025-01-01'), ('2025-02-28', '2024-03-01', '2025-03-01'), ('2026-04-10', '2025-04-01', '2026-04-01')) AS v (as_of, first, next);
SELECT is_empty($$ SELECT * FROM crm.customer_class('2025-06-30') WHERE cell IS DISTINCT FROM abc || xyz OR class <> abc OR period <> '[2024-07-01,2025-07-01)' OR name <> 'customer ' || customer_id OR rfm <> 100 * recency_score + 10 * frequency_score + monetary_score OR segment IS NULL $$, 'the other columns follow');
SELECT is_empty($$ SELECT * FROM crm.customer_class('2025-06-30') AS c JOIN pg_temp.plain_class('2024-07-01', '2025-07-01') AS p USING (customer_id) WHERE xyz IS DISTINCT FROM CASE WHEN c.amount = 0 AND p.cv IS NULL AND p.months = 0 THEN xyz WHEN p.cv IS NULL OR c.amount <= 0 THEN 'Z' WHEN p.cv <= 0.10 THEN 'X' WHEN p.cv <= 0.25 THEN 'Y' ELSE 'Z' END
  OR frequency IS DISTINCT FROM CASE WHEN p.months >= 10.8 THEN 'X' WHEN p.months >= 6 THEN 'Y' ELSE 'Z' END $$, 'XYZ and frequency');
SELECT is_empty($$ SELECT a.customer_id FROM crm.customer_class('2025-06-30') AS a JOIN pg_temp.plain_class('2024-07-01', '2025-07-01') AS p USING (customer_id) JOIN crm.customer_class('2025-06-30') AS b ON true JOIN pg_temp.plain_class('2024-07-01', '2025-07-01') AS q ON q.customer_id = b.customer_id
  WHERE p.rec < q.rec AND a.recency_score < b.recency_score OR p.days > q.days AND a.frequency_score < b.frequency_score OR p.amount > q.amount AND a.monetary_score < b.monetary_score $$, 'scores are in the order of what they score');
SELECT is((SELECT round(sum(share), 12) FROM crm.customer_class('2025-06-30')), 1::numeric, 'shares add up');
UPDATE crm.setting SET as_of = '2025-06-30';
SELECT results_eq('SELECT * FROM crm.customer_class ORDER BY customer_id', $$ SELECT * FROM crm.customer_class('2025-06-30') ORDER BY customer_id $$, 'the view is the function as of the day of setting');
SELECT results_eq('SELECT * FROM crm.churn_watch ORDER BY customer_id', $$ SELECT * FROM crm.churn_watch('2025-06-30') ORDER BY customer_id $$, 'so is another');
SELECT results_eq('SELECT * FROM crm.plan_progress ORDER BY plan_line_id', $$ SELECT * FROM crm.plan_progress(period => '[2025-01-01,2026-01-01)', as_of => '2025-06-30') ORDER BY plan_line_id $$, 'and a third');
SELECT results_eq('SELECT * FROM crm.base_movement ORDER BY dimension, key, bucket', $$ SELECT * FROM crm.base_movement(date '2025-06-30', NULL) ORDER BY dimension, key, bucket $$, 'and a fourth');
UPDATE crm.setting SET abc_cutoffs = '{0.5}', abc_boundary = 'below', xyz_cutoffs = '{0.5,1.0}', buckets = 6, bins = 3;
SELECT is((SELECT count(*) FROM crm.customer_class WHERE abc NOT IN ('A', 'B') OR monetary_score > 3 OR period <> '[2025-01-01,2025-07-01)'), 0::bigint, 'settings are heard');
UPDATE crm.setting SET grain = 'quarter', buckets = 4;
SELECT is_empty($$ SELECT c.customer_id FROM crm.customer_class AS c JOIN (SELECT customer, sales_series(amount, day, '[2024-07-01,2025-07-01)', 'quarter') AS s FROM sold GROUP BY customer) AS x ON customer = customer_id WHERE c.xyz IS DISTINCT FROM xyz_class(s, '{0.5,1.0}') $$, 'quarters, too');
UPDATE crm.setting SET grain = DEFAULT, buckets = DEFAULT, abc_cutoffs = DEFAULT, abc_boundary = DEFAULT, xyz_cutoffs = DEFAULT, bins = DEFAULT;

-- the movement of the base

SELECT results_eq($$ SELECT bucket, opening, new, returned, lost, closing FROM crm.base_movement WHERE dimension = 'all' ORDER BY bucket $$, $$
  WITH active AS (SELECT customer, date_trunc('month', day::timestamp)::date AS month FROM sold GROUP BY 1, 2 HAVING sum(amount) > 0),
  first AS (SELECT customer, min(day) AS day FROM sold WHERE amount > 0 GROUP BY 1)
  SELECT daterange(m::date, (m + interval '1 month')::date), (SELECT count(*) FROM active WHERE month = m - interval '1 month'),
    (SELECT count(*) FROM active AS a JOIN first AS f USING (customer) WHERE month = m AND f.day >= m AND NOT EXISTS (SELECT FROM active AS b WHERE b.customer = a.customer AND b.month = m - interval '1 month')),
    (SELECT count(*) FROM active AS a JOIN first AS f USING (customer) WHERE month = m AND f.day < m AND NOT EXISTS (SELECT FROM active AS b WHERE b.customer = a.customer AND b.month = m - interval '1 month')),
    (SELECT count(*) FROM active AS a WHERE month = m - interval '1 month' AND NOT EXISTS (SELECT FROM active AS b WHERE b.customer = a.customer AND b.month = m)),
    (SELECT count(*) FROM active WHERE month = m)
  FROM generate_series(timestamp '2024-07-01', '2025-06-01', '1 month') AS m ORDER BY 1 $$, 'month by month');
SELECT is_empty('SELECT * FROM crm.base_movement WHERE opening + new + returned - lost <> closing OR trend <> sign(closing - opening)', 'what comes in and goes out is what is left');
SELECT set_eq('SELECT DISTINCT dimension, key FROM crm.base_movement', $$ VALUES ('all', ''), ('channel', 'shop'), ('channel', 'cafe'), ('territory', 'north') $$, 'by the parts that are known');
SELECT results_eq($$ SELECT bucket, opening, new, lost, closing FROM crm.base_movement WHERE dimension = 'all' ORDER BY bucket $$, $$ SELECT bucket, opening, new, lost, closing FROM crm.base_movement WHERE dimension = 'territory' ORDER BY bucket $$, 'a part that is all');

-- signs of churn

SELECT results_eq($$ SELECT customer_id, level, signs, order_value_recent, volume_base, latest_gap, open_gap, mean_gap, stage, first_sale, last_order FROM crm.churn_watch ORDER BY 1 $$, $$
  SELECT customer, r.level, r.signs, r.order_value_recent, r.volume_base, r.latest_gap, r.open_gap, r.mean_gap, lifecycle_stage(s, '2025-06-30', first), first, last
  FROM (SELECT customer, sales_series(amount, day, '[2024-04-01,2025-07-01)') AS s FROM sold GROUP BY customer) AS x
  JOIN (SELECT customer, min(day) AS first, max(day) FILTER (WHERE day <= '2025-06-30') AS last FROM sold WHERE amount > 0 GROUP BY customer) AS f USING (customer), churn_signs(s, '2025-06-30') AS r
  WHERE sale_days(s) > 0 ORDER BY 1 $$, 'signs are those of the series from the rows');
SELECT is_empty($$ SELECT * FROM crm.churn_watch WHERE open_gap <> '2025-06-30' - (SELECT max(day) FROM sold WHERE customer = customer_id AND amount > 0 AND day <= '2025-06-30') OR at_stake <> round(12 * volume_base, 6) OR channel IS DISTINCT FROM CASE customer_id % 3 WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' END $$, 'and plain');
UPDATE crm.setting SET k = 1.1, recent = 2, base = 6, churn_tolerance = 0.1, compare = 'season', at_risk_after = 20, lost_after = 30;
SELECT results_eq('SELECT customer_id, signs, stage FROM crm.churn_watch ORDER BY 1', $$
  SELECT customer, r.signs, lifecycle_stage(s, '2025-06-30', first, 20, 30) FROM (SELECT customer, sales_series(amount, day, '[2024-05-01,2025-07-01)') AS s FROM sold GROUP BY customer) AS x
  JOIN (SELECT customer, min(day) AS first FROM sold WHERE amount > 0 GROUP BY customer) AS f USING (customer), churn_signs(s, '2025-06-30', 1.1, 2, 6, 0.1, 'season') AS r WHERE sale_days(s) > 0 ORDER BY 1 $$, 'settings are heard');
UPDATE crm.setting SET k = DEFAULT, recent = DEFAULT, base = DEFAULT, churn_tolerance = DEFAULT, compare = DEFAULT, at_risk_after = DEFAULT, lost_after = DEFAULT;

-- plans

SELECT results_eq(format($$ SELECT plan_line_id, trim_scale(actual), trim_scale(prior_year), trim_scale(growth_like_for_like) FROM crm.plan_progress WHERE measure = %L ORDER BY 1 $$, measure), format($$
  SELECT plan_line_id, trim_scale(coalesce(sum(%1$s) FILTER (WHERE day >= greatest(launched_on, '2025-01-01') AND day <= '2025-06-30'), 0)), trim_scale(coalesce(sum(%1$s) FILTER (WHERE day < '2025-01-01'), 0)),
    trim_scale(coalesce(sum(%1$s) FILTER (WHERE day >= greatest(launched_on, '2025-01-01') AND day <= '2025-06-30'), 0) - coalesce(sum(%1$s) FILTER (WHERE day >= coalesce(launched_on - 365, '2024-01-01') AND day <= '2024-06-30'), 0))
  FROM crm.plan JOIN crm.plan_line USING (plan_id) LEFT JOIN (sold JOIN article ON article.id = product) ON customer = customer_id AND day >= '2024-01-01' AND day < '2026-01-01'
    AND CASE parameter WHEN 'total' THEN true WHEN 'product' THEN key = product::text WHEN 'brand' THEN key = brand ELSE key = category END
  WHERE status <> 'draft' AND measure = %2$L GROUP BY plan_line_id ORDER BY 1 $$, expression, measure), format('%s of totals, categories, brands and products', measure))
FROM (VALUES ('amount', 'amount'), ('quantity', 'pieces'), ('margin', 'amount - cost')) AS v (measure, expression);
SELECT results_eq($$ SELECT customer_id, measure COLLATE "C", trim_scale(actual) FROM crm.plan_progress WHERE measure IN ('products', 'categories', 'margin_share', 'fill_rate') ORDER BY 1, 2 $$, $$
  WITH taken AS (SELECT plan_id, customer_id, product, category, sum(pieces) AS pieces, sum(amount) AS amount, sum(amount - cost) AS margin FROM crm.plan JOIN sold ON customer = customer_id JOIN article ON article.id = product
                 WHERE day >= greatest(launched_on, '2025-01-01') AND day <= '2025-06-30' GROUP BY 1, 2, 3, 4),
  counted AS (SELECT customer_id, count(*) FILTER (WHERE pieces > 0) AS products, (SELECT count(*) FROM (SELECT FROM taken AS c WHERE c.plan_id = t.plan_id GROUP BY category HAVING sum(pieces) > 0) AS x) AS categories, sum(margin) / nullif(sum(amount), 0) AS share FROM taken AS t GROUP BY plan_id, customer_id)
  SELECT customer_id, measure COLLATE "C", trim_scale(CASE measure WHEN 'products' THEN coalesce(products, 0) WHEN 'categories' THEN coalesce(categories, 0) WHEN 'margin_share' THEN share END)
  FROM crm.plan LEFT JOIN counted USING (customer_id), unnest('{products,categories,margin_share,fill_rate}'::text[]) AS measure WHERE status <> 'draft' ORDER BY 1, 2 $$, 'products, categories and the share of the margin; what no source has is NULL');
SELECT is_empty($$ SELECT plan_line_id FROM crm.plan_progress AS r CROSS JOIN LATERAL plan_progress(r.target, r.actual, r.prior_year, r.actual - r.growth_like_for_like, daterange(greatest((SELECT launched_on FROM crm.plan AS p WHERE p.plan_id = r.plan_id), '2025-01-01'), '2026-01-01'), '2025-06-30', measure => CASE WHEN measure IN ('amount', 'quantity', 'margin') THEN 'flow' ELSE 'level' END) AS p
  WHERE (r.balance, r.run_rate, r.attainment, r.growth, r.status, r.prorata_target) IS DISTINCT FROM (p.balance, p.run_rate, p.attainment, p.growth, p.status, p.prorata_target) OR r.value IS DISTINCT FROM r.actual OR r.goal IS DISTINCT FROM r.prorata_target $$, 'the other columns are those of plan_progress');
UPDATE crm.setting SET calendar = 'weekend sat,sun', unit = 'months', tolerance = 0.5;
SELECT is_empty($$ SELECT plan_line_id FROM crm.plan_progress WHERE status = 0 AND abs(actual - goal) > 0.5 * abs(goal) $$, 'a calendar goes before months');
UPDATE crm.setting SET calendar = NULL;
SELECT is((SELECT DISTINCT round(elapsed_share, 9) FROM crm.plan_progress WHERE customer_id = 1 AND measure = 'amount'), 0.5::numeric(9, 9), 'months');
UPDATE crm.setting SET unit = DEFAULT, tolerance = DEFAULT;
SELECT is((SELECT count(*) FROM crm.plan_progress('2025-06-30', '[2026-01-01,2027-01-01)')), 0::bigint, 'plans of other periods are not asked for');

-- classes are kept, and a manual class counts

SELECT is(kam_snapshot('crm', '2025-03-31'), (SELECT count(*) FROM crm.customer_class('2025-03-31')), 'a snapshot keeps all');
UPDATE crm.class_history SET manual_class = 'A', note = 'key account' WHERE customer_id = 8;
SELECT is(kam_snapshot('crm', '2025-03-31'), (SELECT count(*) FROM crm.class_history), 'and again');
SELECT results_eq('SELECT manual_class, note, as_of FROM crm.class_history WHERE manual_class IS NOT NULL', $$ VALUES ('A', 'key account', date '2025-03-31') $$, 'a manual class stays');
SELECT is((SELECT class || coalesce(manual_class, '-') FROM crm.customer_class WHERE customer_id = 8) || (SELECT class || coalesce(manual_class, '-') FROM crm.customer_class('2025-03-30') WHERE customer_id = 8), 'AA' || (SELECT abc FROM crm.customer_class('2025-03-30') WHERE customer_id = 8) || '-', 'and counts from its day on');
SELECT kam_snapshot('crm') AS kept \gset
SELECT is(:kept::bigint, (SELECT count(*) FROM crm.class_history WHERE as_of = '2025-06-30'), 'without a day it is that of setting');

-- one customer's page reads one customer's rows

SET LOCAL enable_seqscan = off;
SELECT ok(pg_temp.plan_of(format('SELECT * FROM crm.%s WHERE customer_id = 17', name)) ~ 'Index Cond: [^\n]*customer = 17', name || ' of one customer reads his sales by their index')
FROM (VALUES ('churn_watch'), ('plan_progress'), ($$churn_watch('2025-01-01')$$), ($$plan_progress('2025-01-01')$$)) AS v (name);
SELECT ok(pg_temp.plan_of($$ SELECT * FROM crm.outlet_series WHERE outlet_id = 17 AND grain = 'month' $$) ~ 'Index Cond: [^\n]*outlet = 17', 'a series of one outlet, too');

-- through the casts and collations of a source: keys of varchar, days of a time with its zone
CREATE TABLE moment (buyer varchar(10), at timestamptz, amount numeric);
INSERT INTO moment SELECT 'b' || i % 50, timestamptz '2026-01-01 22:00+00' + i * interval '1 hour', i FROM generate_series(1, 2000) AS i;
CREATE INDEX ON moment (buyer, ((at AT TIME ZONE 'Asia/Jerusalem')::date));
CREATE INDEX ON moment (((at AT TIME ZONE 'Asia/Jerusalem')::date));
ANALYZE moment;
SELECT kam_create_model('shop', 'text');
SELECT kam_bind('shop', 'sale', $$ SELECT buyer AS customer_id, buyer AS outlet_id, buyer AS product_id, (at AT TIME ZONE 'Asia/Jerusalem')::date AS sold_on, amount FROM moment $$);
SELECT ok(pg_temp.plan_of($$ SELECT * FROM shop.churn_watch WHERE customer_id = 'b17' $$) ~ 'Index Cond: [^\n]*buyer[^\n]* = ''b17''', 'a key of varchar by its index');
SELECT ok(pg_temp.plan_of($$ SELECT as_of FROM shop.in_force $$) ~ 'Index (Only )?Scan Backward', 'the last day by the index on the expression');
SELECT is((SELECT as_of FROM shop.in_force), '2026-03-26', 'which is a day in that zone');

SELECT * FROM finish();
ROLLBACK;
