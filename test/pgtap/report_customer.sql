-- Classes of customers by profit and potential, in the report of the classes, against plain SQL over random rows; NULL where nothing is bound.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(16);

\ir ../helpers/noise.sql

CREATE TABLE sold AS
SELECT customer, customer % 20 AS outlet, date '2024-01-01' + pg_temp.noise(i, 2, 520) AS day, amount, CASE WHEN i % 30 > 0 THEN round(amount * (0.4 + customer % 9 * 0.09), 2) END AS cost
FROM (SELECT i, pg_temp.noise(i, 1, 50) AS customer, round(pg_temp.noise(i, 3, 1000) * pg_temp.noise(i, 1, 50) * 0.1 - 40, 2) AS amount FROM generate_series(1, 1500) AS i) AS s;
CREATE TABLE buyer AS SELECT i AS id, 'customer ' || i AS name, CASE i % 3 WHEN 0 THEN 'shop' WHEN 1 THEN 'cafe' END AS channel FROM generate_series(0, 46) AS i;
CREATE TABLE shop AS SELECT i AS id, i % 40 AS owner, CASE WHEN i % 5 > 0 THEN 1000 * (i % 13) END AS potential FROM generate_series(0, 90) AS i;
ANALYZE;

SELECT kam_create_model('crm', 'integer');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, 1 AS product_id, day AS sold_on, amount FROM sold');
SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, name, channel FROM buyer');
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, owner AS customer_id, potential FROM shop');
SELECT is_empty($$ SELECT * FROM crm.customer_class('2025-05-31') WHERE num_nonnulls(profit, profit_rank, abcde) > 0 $$, 'no cost, no profit, no class by it');
SELECT isnt_empty($$ SELECT * FROM crm.customer_class('2025-05-31') WHERE potential_rank = 1 $$, 'but the potential has its order');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, outlet AS outlet_id, 1 AS product_id, day AS sold_on, amount, cost FROM sold');
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, owner AS customer_id FROM shop');
SELECT is_empty($$ SELECT * FROM crm.customer_class('2025-05-31') WHERE num_nonnulls(potential, potential_rank, abcde) > 0 OR profit IS NULL $$, 'no potential, no class by it');
SELECT kam_bind('crm', 'outlet', 'SELECT id AS outlet_id, owner AS customer_id, potential FROM shop');
INSERT INTO crm.potential (customer_id, category, period, amount) VALUES (7, '', '[2025-01-01,2026-01-01)', 99999), (7, 'tea', '[2025-01-01,2026-01-01)', 5), (8, 'tea', '[2025-01-01,2026-01-01)', 40), (8, 'rice', '(,2025-05-31]', 2), (9, '', '[2025-06-01,2026-01-01)', 77777), (45, '', '(,)', 0);

CREATE FUNCTION pg_temp.worth(as_of date) RETURNS TABLE (customer_id integer, channel text, amount numeric, profit numeric, potential numeric) LANGUAGE sql STABLE AS $$
  SELECT customer, b.channel, sum(s.amount), sum(s.amount - cost), coalesce(stated, (SELECT sum(potential) FROM shop WHERE owner = customer))
  FROM sold AS s LEFT JOIN buyer AS b ON b.id = customer, LATERAL (SELECT coalesce(sum(amount) FILTER (WHERE category = ''), sum(amount)) AS stated FROM crm.potential AS p WHERE p.customer_id = customer AND period @> $1) AS p
  WHERE day >= date_trunc('month', ($1 + 1)::timestamp) - interval '1 year' AND day < date_trunc('month', ($1 + 1)::timestamp) GROUP BY customer, b.channel, stated $$;
SELECT ok(bool_or(profit < 0) AND bool_or(profit > 0) AND bool_or(potential IS NULL) AND bool_or(potential = 0), 'there are losses, and those of whom nothing is known') FROM pg_temp.worth('2025-05-31');
SELECT results_eq(format('SELECT customer_id, trim_scale(amount), trim_scale(profit), trim_scale(potential) FROM crm.customer_class(%L) ORDER BY 1', as_of), format('SELECT customer_id, trim_scale(amount), trim_scale(profit), trim_scale(potential) FROM pg_temp.worth(%L) ORDER BY 1', as_of), 'profit and potential as of ' || as_of)
FROM (VALUES ('2025-05-31'), ('2025-02-14'), ('2024-12-31')) AS v (as_of);
CREATE TEMP TABLE w AS SELECT * FROM pg_temp.worth('2025-05-31');
SELECT results_eq($$ SELECT customer_id, place, profit_rank, potential_rank FROM crm.customer_class('2025-05-31') ORDER BY 1 $$, $$
  SELECT customer_id, (SELECT count(*) FROM pg_temp.w AS o WHERE o.amount > w.amount) + 1, (SELECT count(*) FROM pg_temp.w AS o WHERE o.channel IS NOT DISTINCT FROM w.channel AND o.profit > w.profit) + 1, CASE WHEN potential IS NOT NULL THEN (SELECT count(*) FROM pg_temp.w AS o WHERE o.channel IS NOT DISTINCT FROM w.channel AND o.potential > w.potential) + 1 END
  FROM pg_temp.w ORDER BY 1 $$, 'places');
SELECT results_eq($$ SELECT customer_id, abcde FROM crm.customer_class('2025-05-31') ORDER BY 1 $$, $$
  SELECT customer_id, CASE WHEN profit < 0 THEN 'E' ELSE (ARRAY['D', 'C', 'B', 'A'])[1 + 2 * by_profit::integer + by_potential::integer] END
  FROM (SELECT customer_id, profit, profit > 0 AND (SELECT coalesce(sum(o.profit), 0) FROM pg_temp.w AS o WHERE o.channel IS NOT DISTINCT FROM w.channel AND o.profit > w.profit) < 0.8 * (SELECT sum(o.profit) FROM pg_temp.w AS o WHERE o.channel IS NOT DISTINCT FROM w.channel AND o.profit > 0) AS by_profit,
    coalesce(potential > 0, false) AND (SELECT coalesce(sum(o.potential), 0) FROM pg_temp.w AS o WHERE o.channel IS NOT DISTINCT FROM w.channel AND o.potential > w.potential) < 0.8 * (SELECT sum(o.potential) FROM pg_temp.w AS o WHERE o.channel IS NOT DISTINCT FROM w.channel AND o.potential > 0) AS by_potential FROM pg_temp.w) AS x ORDER BY 1 $$, 'five classes in each channel');
SELECT is((SELECT count(DISTINCT abcde) FROM crm.customer_class('2025-05-31')), 5::bigint, 'all five are there');
SELECT results_eq($$ SELECT customer_id, potential FROM crm.customer_class('2025-05-31') WHERE customer_id IN (7, 8, 45, 48) ORDER BY 1 $$, $$ VALUES (7, 99999::numeric), (8, 42), (45, 0), (48, NULL) $$, 'what is stated of the customer counts before his outlets');
SELECT is((SELECT potential FROM crm.customer_class('2025-06-01') WHERE customer_id = 9), 77777::numeric, 'on its days');
UPDATE crm.setting SET as_of = '2025-05-31';
SELECT results_eq('SELECT * FROM crm.customer_class ORDER BY customer_id', $$ SELECT * FROM crm.customer_class('2025-05-31') ORDER BY customer_id $$, 'the view is the function as of the day of setting');
SELECT is(kam_snapshot('crm', '2025-05-31'), (SELECT count(*) FROM pg_temp.w), 'a snapshot still keeps all');

-- hostile rows

INSERT INTO sold VALUES (NULL, 1, '2025-02-02', 5, 1), (3, 1, NULL, 5, 1), (4, 1, 'infinity', 5, 1), (48, 1, '2025-02-02', NULL, 1), (999, 1, '2025-02-02', 5, NULL);
INSERT INTO buyer (id, channel) VALUES (NULL, 'shop'), (3, 'shop');
INSERT INTO shop VALUES (NULL, 3, 1), (200, NULL, 7);
SELECT lives_ok('SELECT * FROM crm.customer_class', 'it bears them');
SELECT results_eq('SELECT profit, abcde FROM crm.customer_class WHERE customer_id = 999', $$ VALUES (NULL::numeric, NULL::text) $$, 'who has sales without a cost has no class');

SELECT * FROM finish();
ROLLBACK;
