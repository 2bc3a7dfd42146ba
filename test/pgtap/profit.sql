-- The profit and loss of customers, and margins, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(134);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql
\ir ../helpers/surprises_of.sql

CREATE FUNCTION pg_temp.shown(p profit_and_loss_result) RETURNS text
RETURN concat_ws(' ', coalesce(trim_scale((p).net_revenue)::text, '-'), coalesce(trim_scale((p).gross_margin)::text, '-'), coalesce(trim_scale(round((p).gross_margin_share, 4))::text, '-'), coalesce(trim_scale((p).contribution)::text, '-'),
  coalesce(trim_scale(round((p).contribution_share, 4))::text, '-'), coalesce(trim_scale(round((p).return_on_spend, 4))::text, '-'), coalesce((p).profitable::text, '-'), (p).missing);

-- By hand: the row, and the aggregate over it alone

SELECT is(ARRAY[pg_temp.shown(profit_and_loss(g, d, c, t, l, o)), pg_temp.shown(profit_and_loss_agg(g, d, c, t, l, o))], ARRAY[expected, expected], what)
FROM (VALUES
  ('a profit', 1000::numeric, 100::numeric, 600::numeric, 150::numeric, 60::numeric, 40::numeric, '900 300 0.3333 50 0.0556 2 true {}'),
  ('nothing left', 1000, 100, 600, 150, 60, 90, '900 300 0.3333 0 0 2 false {}'),
  ('a cent left', 1000, 100, 600, 150, 60, 89.99, '900 300 0.3333 0.01 0 2 true {}'),
  ('a loss', 1000, 100, 600, 250, 60, 40, '900 300 0.3333 -50 -0.0556 1.2 false {}'),
  ('sold below cost', 1000, 100, 950, 0, 0, 0, '900 -50 -0.0556 -50 -0.0556 - false {}'),
  ('nothing sold', 0, 0, 0, 50, 0, 0, '0 0 - -50 - 0 false {}'),
  ('nothing at all', 0, 0, 0, 0, 0, 0, '0 0 - 0 - - false {}'),
  ('everything discounted', 100, 100, 60, 0, 0, 0, '0 -60 - -60 - - false {}'),
  ('returns only', -200, -20, -120, 0, 0, 0, '-180 -60 - -60 - - false {}'),
  ('returns with a profit', -200, -20, -250, 0, 0, 0, '-180 70 - 70 - - true {}'),
  ('spend taken back', 100, 0, 80, -10, 0, 0, '100 20 0.2 30 0.3 - true {}'),
  ('gross unknown', NULL, 100, 600, 150, 60, 40, '- - - - - - - {gross}'),
  ('discounts unknown', 1000, NULL, 600, 150, 60, 40, '- - - - - - - {discounts}'),
  ('cost of goods unknown', 1000, 100, NULL, 150, 60, 40, '900 - - - - - - {cost_of_goods}'),
  ('trade spend unknown', 1000, 100, 600, NULL, 60, 40, '900 300 0.3333 - - - - {trade_spend}'),
  ('logistics unknown', 1000, 100, 600, 150, NULL, 40, '900 300 0.3333 - - 2 - {logistics}'),
  ('other unknown', 1000, 100, 600, 150, 60, NULL, '900 300 0.3333 - - 2 - {other}'),
  ('two unknown', 1000, 100, NULL, 150, NULL, 40, '900 - - - - - - {cost_of_goods,logistics}'),
  ('only other known', NULL, NULL, NULL, NULL, NULL, 40, '- - - - - - - {gross,discounts,cost_of_goods,trade_spend,logistics}'),
  ('huge', 9e37, 1, 4e37, 0, 0, 0, '89999999999999999999999999999999999999 49999999999999999999999999999999999999 0.5556 49999999999999999999999999999999999999 0.5556 - true {}'),
  ('tiny', 3e-30, 1e-30, 1e-30, 1e-30, 0, 0, '0.000000000000000000000000000002 0.000000000000000000000000000001 0.5 0 0 1 false {}')
) AS x (what, g, d, c, t, l, o, expected)
GROUP BY what, g, d, c, t, l, o, expected;
SELECT is(pg_temp.shown(profit_and_loss(NULL, NULL, NULL, NULL, NULL, NULL)), '- - - - - - - {gross,discounts,cost_of_goods,trade_spend,logistics,other}', 'nothing known: a row that says so');
SELECT is((profit_and_loss_agg(NULL, NULL, NULL, NULL, NULL, NULL))::text, NULL, 'nothing known is no row of the aggregate');
SELECT is(profit_and_loss_agg(i, i, i)::text, NULL, 'no rows') FROM generate_series(1, 0) AS i;
SELECT is((profit_and_loss(1e300, 1, 1)).contribution, 1e300 - 2, 'one row has as many digits as it needs');

-- What is left out is zero, not unknown

SELECT is(profit_and_loss(1000, 100, 600), profit_and_loss(1000, 100, 600, 0, 0, 0), 'three items');
SELECT is(profit_and_loss(1000, 100, 600, 150), profit_and_loss(1000, 100, 600, 150, 0, 0), 'four items');
SELECT is(profit_and_loss(1000, 100, 600, other => 40), profit_and_loss(1000, 100, 600, 0, 0, 40), 'one by name');
SELECT is((profit_and_loss(1000, 100, 600, NULL)).missing, '{trade_spend}', 'NULL is unknown all the same');
SELECT is(profit_and_loss_agg(i, 1, 1), profit_and_loss_agg(i, 1, 1, 0, 0, 0), 'three items of the aggregate') FROM generate_series(1, 9) AS i;
SELECT is(profit_and_loss_agg(i, 1, 1, i), profit_and_loss_agg(i, 1, 1, i, 0, 0), 'four items') FROM generate_series(1, 9) AS i;
SELECT is(profit_and_loss_agg(i, 1, 1, i, 2), profit_and_loss_agg(i, 1, 1, i, 2, 0), 'five items') FROM generate_series(1, 9) AS i;

-- Rows of the aggregate

SELECT is(pg_temp.shown(profit_and_loss_agg(g, d, c, t)), expected, what)
FROM (VALUES
  ('lines and spend', '900 300 0.3333 50 0.0556 1.2 true {}', 600::numeric, 60::numeric, 400::numeric, 0::numeric), ('lines and spend', '900 300 0.3333 50 0.0556 1.2 true {}', 400, 40, 200, 0), ('lines and spend', '900 300 0.3333 50 0.0556 1.2 true {}', 0, 0, 0, 250),
  ('a cost unknown in one of them', '900 - - - - - - {cost_of_goods}', 600, 60, NULL, 0), ('a cost unknown in one of them', '900 - - - - - - {cost_of_goods}', 400, 40, 200, 0),
  ('different ones unknown', '900 - - - - - - {cost_of_goods,trade_spend}', 600, 60, NULL, 0), ('different ones unknown', '900 - - - - - - {cost_of_goods,trade_spend}', 400, 40, 200, NULL),
  ('rows of NULL do not count', '100 40 0.4 30 0.3 4 true {}', 100, 0, 60, 10), ('rows of NULL do not count', '100 40 0.4 30 0.3 4 true {}', NULL, NULL, NULL, NULL),
  ('decimals of all kinds', '1.001 0.001 0.001 0.0009 0.0009 10 true {}', 1.5, 0.4990, 1, 0), ('decimals of all kinds', '1.001 0.001 0.001 0.0009 0.0009 10 true {}', 0, 0, 0, 0.0001),
  ('a return takes back', '100 40 0.4 40 0.4 - true {}', 200, 0, 120, 0), ('a return takes back', '100 40 0.4 40 0.4 - true {}', -100, 0, -60, 0)
) AS x (what, expected, g, d, c, t)
GROUP BY what, expected;

-- Against plain SQL over random rows

SELECT setseed(0.37);
CREATE TABLE line AS
SELECT i, (random() * 25)::integer AS customer, (random() * 4)::integer AS brand, round((random() * 900 - 60)::numeric, (random() * 3)::integer) AS gross,
  CASE WHEN random() < 0.001 THEN NULL ELSE round((random() * 90)::numeric, 2) END AS discounts, CASE WHEN random() < 0.002 THEN NULL WHEN random() < 0.002 THEN 1e20 * random()::numeric ELSE round((random() * 500)::numeric, 3) END AS cost,
  CASE WHEN random() < 0.5 THEN 0 ELSE round((random() * 120)::numeric, 2) END AS spend, CASE WHEN random() < 0.0005 THEN NULL ELSE round((random() * 30)::numeric, 1) END AS logistics, (random() * 9)::integer::numeric AS other
FROM generate_series(1, 15000) AS i;
INSERT INTO line SELECT i, 30 + i % 5, 1, NULL, NULL, NULL, NULL, NULL, NULL FROM generate_series(20001, 20100) AS i;
CREATE FUNCTION pg_temp.plain(g numeric, d numeric, c numeric, t numeric, l numeric, o numeric) RETURNS profit_and_loss_result
RETURN ROW(g - d, g - d - c, CASE WHEN g - d > 0 THEN (g - d - c) / (g - d) END, g - d - c - t - l - o, CASE WHEN g - d > 0 THEN (g - d - c - t - l - o) / (g - d) END, CASE WHEN t > 0 THEN (g - d - c) / t END, g - d - c - t - l - o > 0,
  ARRAY(SELECT name FROM (VALUES (1, 'gross', g), (2, 'discounts', d), (3, 'cost_of_goods', c), (4, 'trade_spend', t), (5, 'logistics', l), (6, 'other', o)) AS i (place, name, value) WHERE value IS NULL ORDER BY place))::profit_and_loss_result;
SELECT is_empty('SELECT * FROM line WHERE profit_and_loss(gross, discounts, cost, spend, logistics, other)::text IS DISTINCT FROM pg_temp.plain(gross, discounts, cost, spend, logistics, other)::text', 'rows, to the last digit');

CREATE VIEW plain AS
SELECT customer, brand, level, pg_temp.plain(g, d, c, t, l, o) AS p
FROM (SELECT customer, brand, grouping(customer, brand) AS level, CASE WHEN count(gross) = count(*) THEN sum(gross) END AS g, CASE WHEN count(discounts) = count(*) THEN sum(discounts) END AS d, CASE WHEN count(cost) = count(*) THEN sum(cost) END AS c, CASE WHEN count(spend) = count(*) THEN sum(spend) END AS t,
        CASE WHEN count(logistics) = count(*) THEN sum(logistics) END AS l, CASE WHEN count(other) = count(*) THEN sum(other) END AS o
      FROM line WHERE num_nonnulls(gross, discounts, cost, spend, logistics, other) > 0 GROUP BY GROUPING SETS ((customer, brand), (customer), (brand), ())) AS x;
CREATE VIEW kam AS
SELECT customer, brand, grouping(customer, brand) AS level, profit_and_loss_agg(gross, discounts, cost, spend, logistics, other) AS p FROM line GROUP BY GROUPING SETS ((customer, brand), (customer), (brand), ());
-- sums have the decimals of all items, so quotients may have more digits than the plain ones
CREATE FUNCTION pg_temp.rounded(p profit_and_loss_result) RETURNS text
RETURN concat_ws(' ', coalesce(trim_scale((p).net_revenue)::text, '-'), coalesce(trim_scale((p).gross_margin)::text, '-'), coalesce(trim_scale(round((p).gross_margin_share, 14))::text, '-'), coalesce(trim_scale((p).contribution)::text, '-'),
  coalesce(trim_scale(round((p).contribution_share, 14))::text, '-'), coalesce(trim_scale(round((p).return_on_spend, 12))::text, '-'), coalesce((p).profitable::text, '-'), (p).missing);
SELECT is_empty('SELECT k.*, p.* FROM kam AS k LEFT JOIN plain AS p ON (k.customer, k.brand, k.level) IS NOT DISTINCT FROM (p.customer, p.brand, p.level) WHERE k.p IS NOT NULL AND pg_temp.rounded(k.p) IS DISTINCT FROM pg_temp.rounded(p.p)', 'in GROUPING SETS');
SELECT is((SELECT count(*) FROM kam WHERE (p).missing IS NOT NULL), count(*), 'all groups that have a row') FROM plain;
SELECT is(count(*) FILTER (WHERE (p).missing IS NULL), 10::bigint, 'and groups of rows of NULL have none: five customers, by themselves and by brand') FROM kam;
SELECT ok(count(*) FILTER (WHERE (p).profitable) > 20 AND count(*) FILTER (WHERE NOT (p).profitable) > 10 AND count(*) FILTER (WHERE (p).missing <> '{}') > 20, 'profits, losses and unknown ones are among them') FROM kam;
SELECT is((SELECT pg_temp.rounded(p) FROM kam WHERE level = 3), pg_temp.rounded((SELECT profit_and_loss_agg(g, d, c, t, l, o) FROM (
  SELECT CASE WHEN bool_and(gross IS NOT NULL) THEN sum(gross) END AS g, CASE WHEN bool_and(discounts IS NOT NULL) THEN sum(discounts) END AS d, CASE WHEN bool_and(cost IS NOT NULL) THEN sum(cost) END AS c, sum(spend) AS t, CASE WHEN bool_and(logistics IS NOT NULL) THEN sum(logistics) END AS l, sum(other) AS o
  FROM line WHERE gross IS NOT NULL GROUP BY customer) AS x)), 'the total of customers is the total of lines, with what is missing in any');

-- Any order, workers, spilled, states merged

CREATE TABLE serial AS SELECT customer, profit_and_loss_agg(gross, discounts, cost, spend, logistics, other)::text AS p FROM line GROUP BY customer;
SELECT results_eq(format('SELECT customer, profit_and_loss_agg(gross, discounts, cost, spend, logistics, other ORDER BY %s)::text FROM line GROUP BY 1 ORDER BY 1', way), 'SELECT * FROM serial ORDER BY 1', 'in the order of ' || way)
FROM unnest(ARRAY['gross', 'scale(gross)', 'cost DESC', 'discounts NULLS FIRST', 'md5(i::text)']) AS way;

ANALYZE line;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
\set query 'SELECT customer, profit_and_loss_agg(gross, discounts, cost, spend, logistics, other)::text FROM line GROUP BY 1'
SELECT matches(pg_temp.plan_of(:'query'), 'Partial .*Aggregate', 'workers share the work');
SELECT results_eq(:'query' || ' ORDER BY 1', 'SELECT * FROM serial ORDER BY 1', 'and come to the same');
SET LOCAL max_parallel_workers_per_gather = 0;

CREATE TABLE sorted AS SELECT i % 7500 AS n, profit_and_loss_agg(gross, discounts, cost, spend)::text AS p FROM line GROUP BY 1;
SET LOCAL work_mem = '64kB';
SET LOCAL hash_mem_multiplier = 1;
SET LOCAL enable_sort = off;
SELECT matches(pg_temp.plan_of('SELECT i % 7500, profit_and_loss_agg(gross, discounts, cost, spend) FROM line GROUP BY 1'), '^HashAggregate', 'a hash aggregate with little memory');
SELECT is(count(*), 0::bigint, 'spilled to disk it is the same')
FROM (SELECT i % 7500, profit_and_loss_agg(gross, discounts, cost, spend)::text FROM line GROUP BY 1 EXCEPT ALL SELECT * FROM sorted) AS x;
RESET work_mem;
RESET hash_mem_multiplier;
RESET enable_sort;

CREATE AGGREGATE pg_temp.unfinished(gross numeric, discounts numeric, cost_of_goods numeric, trade_spend numeric, logistics numeric, other numeric) (SFUNC = profit_and_loss_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.merged(bytea) (SFUNC = profit_and_loss_combine, STYPE = bytea, FINALFUNC = profit_and_loss_final);
SELECT results_eq('SELECT customer, pg_temp.merged(s)::text FROM (SELECT customer, i % 7, pg_temp.unfinished(gross, discounts, cost, spend, logistics, other) AS s FROM line GROUP BY 1, 2) AS x GROUP BY 1 ORDER BY 1', 'SELECT * FROM serial ORDER BY 1', 'states of parts, merged');
SELECT is_empty($$
  SELECT FROM (SELECT pg_temp.rounded(profit_and_loss_agg(gross, discounts, cost, spend, logistics, other) OVER w) AS k, CASE WHEN count(discounts) OVER w = count(gross) OVER w THEN sum(gross - discounts) OVER w END AS net, sum(gross) OVER w AS any
    FROM line WHERE customer < 3 WINDOW w AS (PARTITION BY customer ORDER BY i ROWS 10 PRECEDING)) AS x WHERE split_part(k, ' ', 1) IS DISTINCT FROM coalesce(trim_scale(net)::text, '-')
$$, 'over a moving frame');

-- Hostile states: the state is a bytea, which anybody can make

SELECT is(pg_temp.error_of(format('SELECT profit_and_loss_final(%L)', state)), 'XX001 | malformed state of a profit and loss of ' || length(state) + 4 || ' bytes', 'profit_and_loss_final(' || left(state::text, 20) || '…) of ' || length(state))
FROM unnest(ARRAY['\x', '\x00', decode(repeat('00', 148), 'hex'), decode(repeat('ff', 148), 'hex'), decode('01000040' || repeat('00', 144), 'hex'), decode('01130014' || repeat('00', 144), 'hex') || '\x00', decode('01131400' || repeat('00', 144), 'hex')]::bytea[]) AS state;
CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text RETURN pg_temp.surprises_of(state, ARRAY[
    'SELECT profit_and_loss_final($1)',
    'SELECT profit_and_loss_combine($1, $1)',
    'SELECT profit_and_loss_combine($1, profit_and_loss_accumulate(NULL, 7, 1.25, 3))',
    'SELECT profit_and_loss_combine(profit_and_loss_accumulate(NULL, 7, 1.25, NULL), $1)',
    'SELECT profit_and_loss_accumulate($1, 7, 1.2345, NULL, 1e10)',
    'SELECT pg_temp.merged(s) FROM unnest(ARRAY[$1, $1, $1]) AS s'],
  'XX001', '22003');
CREATE TABLE states AS SELECT pg_temp.unfinished(i * 1e15, i, NULL, i / 4.0, -i, 0) AS state FROM generate_series(1, 3) AS i;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(state, i, value)), ''), '; '), NULL, 'a state with any one byte changed: refused, or a number') FROM states, generate_series(0, length(state) - 1) AS i, unnest(ARRAY[0, 1, 3, 38, 64, 127, 128, 255]) AS value;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(substr(state, 1, i)), ''), '; '), NULL, 'a state cut anywhere: refused') FROM states, generate_series(0, length(state) - 1) AS i;
SELECT is(ARRAY[profit_and_loss_final(state)::text, profit_and_loss_combine(state, state)::text], ARRAY[profit_and_loss_final(state)::text, profit_and_loss_combine(state, state)::text], 'a state that is handed in is not changed') FROM states;
SELECT is(octet_length(state) + 4, 152, 'the size of a state') FROM states;

-- Shares and margins

SELECT is(cost_to_serve(c, r), expected, 'cost to serve: ' || what)
FROM (VALUES ('an eighth', 120::numeric, 960::numeric, 0.125), ('nothing', 0, 960, 0), ('more than is sold', 1200, 960, 1.25), ('a credit', -96, 960, -0.1), ('no revenue', 5, 0, NULL), ('returns', 5, -1, NULL), ('cost unknown', NULL, 5, NULL), ('revenue unknown', 5, NULL, NULL)) AS x (what, c, r, expected);
SELECT is(margin_change(a, b, c, d), expected, 'margin change: ' || what)
FROM (VALUES
  ('three points less', 270::numeric, 1000::numeric, 300::numeric, 1000::numeric, -0.03), ('five points more', 450, 1500, 250, 1000, 0.05), ('the same', 1, 3, 2, 6, 0), ('the same money of more revenue', 100, 500, 100, 400, -0.05), ('into loss', -10, 100, 10, 100, -0.2), ('out of loss', 10, 100, -10, 100, 0.2), ('more than all', 150, 100, 100, 100, 0.5), ('huge and tiny', 1e300, 2e300, 1e-300, 4e-300, 0.25),
  ('no revenue now', 1, 0, 1, 1, NULL), ('none before', 1, 1, 1, 0, NULL), ('returns now', -1, -1, 1, 1, NULL), ('returns before', 1, 1, 1, -1, NULL), ('both returns', 1, -1, 1, -1, NULL), ('unknown', NULL, 1, 1, 1, NULL)
) AS x (what, a, b, c, d, expected);
SELECT is_empty('SELECT * FROM line WHERE margin_change(cost, gross, discounts, other)::text IS DISTINCT FROM (CASE WHEN gross > 0 AND other > 0 THEN (cost * other - discounts * gross) / (gross * other) END)::text', 'margin_change = plain SQL, to the last digit');
SELECT is_empty('SELECT * FROM line WHERE gross > 0 AND margin_change(gross - cost, gross, gross - cost, gross) <> 0', 'no change is none, whatever the quotients');
SELECT is_empty('SELECT * FROM line WHERE gross > 0 AND other > 0 AND cost < 1e10 AND abs(margin_change(gross - cost, gross, other - spend, other) - (gross_margin(gross, cost) - gross_margin(other, spend))) > 1e-12', 'the difference of two gross margins');
SELECT is(front_margin(r, p), expected, 'front margin: ' || what)
FROM (VALUES ('a quarter', 10::numeric, 7.5::numeric, 0.25), ('none', 7, 7, 0), ('sold below the purchase price', 8, 10, -0.25), ('bought for nothing', 8, 0, 1), ('no price', 0, 5, NULL), ('negative', -1, 5, NULL), ('price unknown', NULL, 5, NULL), ('purchase price unknown', 5, NULL, NULL)) AS x (what, r, p, expected);
SELECT is(back_margin(b, p), expected, 'back margin: ' || what)
FROM (VALUES ('twelve percent', 90::numeric, 750::numeric, 0.12), ('none', 0, 750, 0), ('claimed back', -75, 750, -0.1), ('no purchases', 5, 0, NULL), ('returns', 5, -1, NULL), ('unknown', NULL, 5, NULL), ('purchases unknown', 5, NULL, NULL)) AS x (what, b, p, expected);
SELECT is_empty('SELECT * FROM line WHERE (cost_to_serve(cost, gross)::text, front_margin(gross, cost)::text, back_margin(cost, gross)::text) IS DISTINCT FROM ((CASE WHEN gross > 0 THEN cost / gross END)::text, (CASE WHEN gross > 0 THEN (gross - cost) / gross END)::text, (CASE WHEN gross > 0 THEN cost / gross END)::text)', 'plain SQL, to the last digit');
SELECT is_empty('SELECT * FROM line WHERE front_margin(gross, cost) IS DISTINCT FROM gross_margin(gross, cost)', 'the front margin is the retailer''s gross margin');

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || query), expected, query)
FROM (VALUES
  ('profit_and_loss(''NaN'', NULL, NULL)', '22023 | gross must be a finite number, not NaN'),
  ('profit_and_loss(1, ''Infinity'', 1)', '22023 | discounts must be a finite number, not infinity'),
  ('profit_and_loss(1, 1, ''-Infinity'')', '22023 | cost_of_goods must be a finite number, not -infinity'),
  ('profit_and_loss(1, 1, NULL, ''NaN'')', '22023 | trade_spend must be a finite number, not NaN'),
  ('profit_and_loss(1, 1, 1, logistics => ''NaN'')', '22023 | logistics must be a finite number, not NaN'),
  ('profit_and_loss(1, 1, 1, other => ''NaN'')', '22023 | other must be a finite number, not NaN'),
  ('profit_and_loss_agg(''NaN'', 1, 1)', '22023 | gross must be a finite number, not NaN'),
  ('profit_and_loss_agg(1, ''Infinity'', 1, 1)', '22023 | discounts must be a finite number, not infinity'),
  ('profit_and_loss_agg(1, NULL, ''-Infinity'', 1, 1)', '22023 | cost_of_goods must be a finite number, not -infinity'),
  ('profit_and_loss_agg(1, 1, 1, ''NaN'', 1, 1)', '22023 | trade_spend must be a finite number, not NaN'),
  ('profit_and_loss_agg(1, 1, 1, 1, ''NaN'')', '22023 | logistics must be a finite number, not NaN'),
  ('profit_and_loss_agg(NULL, NULL, NULL, NULL, NULL, ''NaN'')', '22023 | other must be a finite number, not NaN'),
  ('profit_and_loss_agg(1e38, 0, 0)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('profit_and_loss_agg(1e30, 1e-10, 0)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('profit_and_loss_agg(9e37, 0, 0) FROM generate_series(1, 2)', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('profit_and_loss_agg(9e37 * i, 0, 0) FROM unnest(''{1,1,-1}''::integer[]) AS i', 'no error'),
  ('cost_to_serve(''NaN'', 1)', '22023 | cost must be a finite number, not NaN'), ('cost_to_serve(1, ''Infinity'')', '22023 | revenue must be a finite number, not infinity'),
  ('margin_change(''NaN'', 1, 1, 1)', '22023 | margin_now must be a finite number, not NaN'), ('margin_change(1, ''Infinity'', 1, 1)', '22023 | revenue_now must be a finite number, not infinity'),
  ('margin_change(1, 0, ''NaN'', 1)', '22023 | margin_before must be a finite number, not NaN'), ('margin_change(1, 0, 1, ''-Infinity'')', '22023 | revenue_before must be a finite number, not -infinity'),
  ('front_margin(''NaN'', 1)', '22023 | retail_price must be a finite number, not NaN'), ('front_margin(1, ''NaN'')', '22023 | purchase_price must be a finite number, not NaN'),
  ('back_margin(''NaN'', 1)', '22023 | paid_back must be a finite number, not NaN'), ('back_margin(1, ''Infinity'')', '22023 | purchases must be a finite number, not infinity')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
