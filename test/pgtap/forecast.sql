-- Forecasts: accuracy, bias, wape, mape and mase, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(144);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql
\ir ../helpers/surprises_of.sql

-- By hand

SELECT is(ARRAY[forecast_accuracy(a, f), forecast_bias(a, f), wape(a, f), mape(a, f)], ARRAY[accuracy, bias, weighted, mean]::numeric[], name)
FROM (VALUES
  ('50 of 350', 0.85714285714285714286, 0.08571428571428571429, 0.14285714285714285714, 0.08333333333333333333, 100::numeric, 90::numeric), ('50 of 350', 0.85714285714285714286, 0.08571428571428571429, 0.14285714285714285714, 0.08333333333333333333, 200, 230),
  ('50 of 350', 0.85714285714285714286, 0.08571428571428571429, 0.14285714285714285714, 0.08333333333333333333, 0, 10), ('50 of 350', 0.85714285714285714286, 0.08571428571428571429, 0.14285714285714285714, 0.08333333333333333333, 50, 50),
  ('right', 1, 0, 0, 0, 100, 100), ('too little', 0.9, -0.1, 0.1, 0.1, 100, 90), ('too much', 0.9, 0.1, 0.1, 0.1, 100, 110), ('nothing forecast', 0, -1, 1, 1, 100, 0), ('twice as much', 0, 1, 1, 1, 100, 200),
  ('far too much: below zero', -1.5, 2.5, 2.5, 2.5, 100, 350), ('below nothing', -0.5, -1.5, 1.5, 1.5, 100, -50),
  ('nothing sold', NULL, NULL, NULL, NULL, 0, 10), ('nothing sold, as forecast', NULL, NULL, NULL, NULL, 0, 0), ('nothing sold, among others', 0.8, 0.2, 0.2, 0, 100, 100), ('nothing sold, among others', 0.8, 0.2, 0.2, 0, 0, 20),
  ('errors that cancel out', 0.5, 0, 0.5, 0.5, 100, 50), ('errors that cancel out', 0.5, 0, 0.5, 0.5, 100, 150),
  ('only returns', NULL, NULL, 1.5, 1.5, -100, 50), ('only returns, as forecast', NULL, NULL, 0, 0, -100, -100), ('returns, among others', 0.33333333333333333333, 0, 0.4, 0.625, 160, 200), ('returns, among others', 0.33333333333333333333, 0, 0.4, 0.625, -40, -80),
  ('sales and returns that cancel out', NULL, NULL, 0.5, 0.5, 100, 150), ('sales and returns that cancel out', NULL, NULL, 0.5, 0.5, -100, -150),
  ('no forecast', NULL, NULL, NULL, NULL, 100, NULL), ('not known what was sold', NULL, NULL, NULL, NULL, NULL, 100), ('NULL', NULL, NULL, NULL, NULL, NULL, NULL),
  ('NULL among others', 0.75, -0.25, 0.25, 0.25, 100, 75), ('NULL among others', 0.75, -0.25, 0.25, 0.25, 100, NULL), ('NULL among others', 0.75, -0.25, 0.25, 0.25, NULL, 100),
  ('different decimals', 0.5, -0.5, 0.5, 0.5, 0.25, 0.125), ('huge', 0.5, 0.5, 0.5, 0.5, 2e36, 3e36), ('tiny', 0.5, 0.5, 0.5, 0.5, 2e-37, 3e-37),
  ('a huge one beside a small one', 0.999999999999999999999999999999, 0.000000000000000000000000000001, 0.000000000000000000000000000001, 0.5, 1, 2), ('a huge one beside a small one', 0.999999999999999999999999999999, 0.000000000000000000000000000001, 0.000000000000000000000000000001, 0.5, 999999999999999999999999999999, 999999999999999999999999999999)
) AS x (name, accuracy, bias, weighted, mean, a, f)
GROUP BY name, accuracy, bias, weighted, mean;
SELECT is(ARRAY[forecast_accuracy(i, i), forecast_bias(i, i), wape(i, i), mape(i, i)], ARRAY[NULL, NULL, NULL, NULL]::numeric[], 'no rows') FROM generate_series(1, 0) AS i;
SELECT is(round(mape(a, f), 16), 0.3273809523809524, 'mape: a published one') FROM (VALUES (3, 2.5), (-0.5, 0.0), (2, 2), (7, 8)) AS x (a, f);
SELECT is(ARRAY[round(forecast_bias(a, f), 4), round(mape(a, f), 4)], ARRAY[-0.0319, 0.0526], 'three months') FROM (VALUES (65, 60), (60, 62), (63, 60)) AS x (a, f);
SELECT is(forecast_accuracy(f, a), 1 - 50::numeric / 380, 'the arguments swapped: over the forecast') FROM (VALUES (100, 90), (200, 230), (0, 10), (50, 50)) AS x (a, f);

-- mape: each row to 20 decimals, a half up, whatever its size

SELECT is(mape(a, f), expected, format('%s forecast, %s sold', f, a))
FROM (VALUES (3::numeric, 2::numeric, 0.33333333333333333333), (3, 1, 0.66666666666666666667), (1e16, 1e16 + 0.00004, 0), (1e16, 1e16 + 0.00005, 1e-20), (1e16, 1e16 - 0.00005, 1e-20), (-1e16, -1e16 + 0.00006, 1e-20),
  (3, 1e17, 33333333333333332.33333333333333333333), (3e21, 1e21, 0.66666666666666666667), (3e30, 1e31, 2.33333333333333333333), (3e37, 9e37, 2), (7e-16, 1, 1428571428571427.57142857142857142857), (0.7, 100000, 142856.14285714285714285714),
  (1e37, 1e37 + 5e16, 1e-20), (1e37, 1e37 + 4.9e16, 0), (1e37, 1e37 + 5e16 - 1, 0), (1e-22, 2, 19999999999999999999999), (2e15, 2e15 + 0.00001, 1e-20), (2e15, 2e15 + 0.0000099, 0),
  (3, 3 + 99999999999999999, 33333333333333333), (3, 3 + 100000000000000000, 33333333333333333.33333333333333333333), (9, 9 + 100000000000000001, 11111111111111111.22222222222222222222)) AS x (a, f, expected) GROUP BY a, f, expected;
SELECT is(mape(a, f), 1e17 / 2, 'a large one and a small one') FROM (VALUES (1, 1e17 + 1), (1, 1)) AS x (a, f);

-- Against plain SQL over random rows

CREATE TABLE forecasts AS
SELECT i, noise % 20 AS customer, noise / 20 % 4 AS product,
  CASE noise / 100 % 43 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN (noise / 7 % 1000)::numeric * 1e7 WHEN 3 THEN (noise / 7 % 1000)::numeric * 1e-6 WHEN 4 THEN -12.5 ELSE ((noise / 7 % 100000 - 5000) / 100.0)::numeric(12, 2) END AS actual,
  CASE noise / 200 % 43 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN (noise / 11 % 1000)::numeric * 1e7 WHEN 3 THEN (noise / 11 % 1000)::numeric * 1e-7 WHEN 4 THEN -3 ELSE ((noise / 11 % 100000) / 1000.0)::numeric(12, 3) END AS forecast
FROM generate_series(1, 40000) AS i, LATERAL (SELECT hashint8extended(i, 29) & 9007199254740991 AS noise) AS n;
CREATE VIEW both_known AS SELECT *, abs(forecast - actual) AS error FROM forecasts WHERE actual IS NOT NULL AND forecast IS NOT NULL;
CREATE TABLE plain AS
SELECT customer, product, grouping(customer, product) AS level,
  1 - sum(error) / nullif(greatest(sum(actual), 0), 0) AS accuracy, (sum(forecast) - sum(actual)) / nullif(greatest(sum(actual), 0), 0) AS bias, sum(error) / nullif(sum(abs(actual)), 0) AS weighted,
  sum(div(200000000000000000000 * error + abs(actual), 2 * abs(actual)) * 1e-20) FILTER (WHERE actual <> 0) / nullif(count(*) FILTER (WHERE actual <> 0), 0) AS mean, avg(error / abs(actual)) FILTER (WHERE actual <> 0) AS average
FROM (SELECT * FROM both_known UNION ALL SELECT i, customer, 4 + i % 7, -actual, forecast, abs(forecast + actual) FROM both_known WHERE i % 50 = 0) AS b GROUP BY GROUPING SETS ((customer, product), (customer), (product), ());
CREATE TABLE ours AS
SELECT customer, product, grouping(customer, product) AS level, forecast_accuracy(actual, forecast) AS accuracy, forecast_bias(actual, forecast) AS bias, wape(actual, forecast) AS weighted, mape(actual, forecast) AS mean
FROM (SELECT * FROM forecasts UNION ALL SELECT i, customer, 4 + i % 7, -actual, forecast FROM forecasts WHERE i % 50 = 0) AS b GROUP BY GROUPING SETS ((customer, product), (customer), (product), ());

SELECT is(count(*), 252::bigint, 'all groups') FROM ours;
SELECT is_empty($$ SELECT k, p FROM ours AS k JOIN plain AS p ON (k.customer, k.product, k.level) IS NOT DISTINCT FROM (p.customer, p.product, p.level)
  WHERE (round(k.accuracy, 14), round(k.bias, 14), round(k.weighted, 14), round(k.mean, 14)) IS DISTINCT FROM (round(p.accuracy, 14), round(p.bias, 14), round(p.weighted, 14), round(p.mean, 14)) $$, 'accuracy, bias, wape and mape in GROUPING SETS');
SELECT is_empty($$ SELECT k, p FROM ours AS k JOIN plain AS p ON (k.customer, k.product, k.level) IS NOT DISTINCT FROM (p.customer, p.product, p.level)
  WHERE (k.accuracy IS NULL, k.bias IS NULL, k.weighted IS NULL, k.mean IS NULL) <> (p.accuracy IS NULL, p.bias IS NULL, p.weighted IS NULL, p.mean IS NULL) OR abs(k.mean - p.average) > 1e-12 * k.mean $$, 'and mape is the mean that avg() makes');
SELECT cmp_ok(count(DISTINCT accuracy) + count(DISTINCT mean), '>', 300::bigint, 'many different ones') FROM ours;
SELECT cmp_ok(count(*) FILTER (WHERE accuracy < 0), '>', 10::bigint, 'many below zero') FROM ours;
SELECT cmp_ok(count(*) FILTER (WHERE accuracy IS NULL), '>', 10::bigint, 'some without an accuracy') FROM ours;
SELECT is_empty('SELECT * FROM ours WHERE (accuracy IS NULL) <> (bias IS NULL) OR weighted < 0 OR mean < 0 OR accuracy > 1', 'bounds');
SELECT is_empty('SELECT * FROM ours WHERE abs(bias) > 1 - accuracy', 'bias is never more than the errors');
SELECT is_empty('SELECT customer FROM forecasts WHERE actual >= 0 GROUP BY customer, product HAVING forecast_accuracy(actual, forecast) <> 1 - wape(actual, forecast)', 'where nothing is returned, accuracy is 1 - wape to the last digit');
SELECT is_empty('SELECT customer FROM forecasts GROUP BY customer, product HAVING wape(actual, actual) <> 0 OR mape(actual, actual) <> 0 OR forecast_accuracy(abs(actual), abs(actual)) <> 1 OR forecast_bias(abs(actual), abs(actual)) <> 0', 'what was sold is a good forecast');
SELECT is_empty('SELECT customer FROM forecasts GROUP BY customer, product HAVING round(wape(3 * actual, 3 * forecast), 15) <> round(wape(actual, forecast), 15) OR round(mape(3 * actual, 3 * forecast), 14) <> round(mape(actual, forecast), 14)', 'the unit does not matter');
SELECT ok(total BETWEEN least AND most, 'wape of all lies between those of the customers') FROM (SELECT wape(actual, forecast) AS total FROM forecasts) AS t, (SELECT min(r) AS least, max(r) AS most FROM (SELECT wape(actual, forecast) AS r FROM forecasts GROUP BY customer) AS x) AS parts;

-- Any order, workers, spilled, states merged

CREATE TABLE serial AS SELECT customer, forecast_accuracy(actual, forecast)::text AS a, forecast_bias(actual, forecast)::text AS b, wape(actual, forecast)::text AS w, mape(actual, forecast)::text AS m FROM forecasts GROUP BY customer;
SELECT results_eq(format('SELECT customer, forecast_accuracy(actual, forecast ORDER BY %1$s)::text, forecast_bias(actual, forecast ORDER BY %1$s)::text, wape(actual, forecast ORDER BY %1$s)::text, mape(actual, forecast ORDER BY %1$s)::text FROM forecasts GROUP BY 1 ORDER BY 1', way),
  'SELECT * FROM serial ORDER BY 1', 'in the order of ' || way)
FROM unnest(ARRAY['actual', 'forecast DESC, actual DESC', 'scale(actual), scale(forecast)', 'scale(forecast) DESC', 'abs(forecast - actual)', 'md5(i::text)']) AS way;

ANALYZE forecasts;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
\set query 'SELECT customer, forecast_accuracy(actual, forecast)::text, forecast_bias(actual, forecast)::text, wape(actual, forecast)::text, mape(actual, forecast)::text FROM forecasts GROUP BY 1'
SELECT matches(pg_temp.plan_of(:'query'), 'Partial .*Aggregate', 'workers share the work');
SELECT results_eq(:'query' || ' ORDER BY 1', 'SELECT * FROM serial ORDER BY 1', 'and come to the same');
SET LOCAL max_parallel_workers_per_gather = 0;

CREATE TABLE sorted AS SELECT i % 15000 AS n, forecast_accuracy(actual, forecast) AS a, forecast_bias(actual, forecast) AS b, wape(actual, forecast) AS w, mape(actual, forecast) AS m FROM forecasts GROUP BY 1;
SET LOCAL work_mem = '64kB';
SET LOCAL hash_mem_multiplier = 1;
SET LOCAL enable_sort = off;
SELECT matches(pg_temp.plan_of('SELECT i % 15000, wape(actual, forecast) FROM forecasts GROUP BY 1'), '^HashAggregate', 'a hash aggregate with little memory');
SELECT is(count(*), 0::bigint, 'spilled to disk it is the same')
FROM (SELECT i % 15000, forecast_accuracy(actual, forecast), forecast_bias(actual, forecast), wape(actual, forecast), mape(actual, forecast) FROM forecasts GROUP BY 1 EXCEPT ALL SELECT * FROM sorted) AS x;
RESET work_mem;
RESET hash_mem_multiplier;
RESET enable_sort;

CREATE AGGREGATE pg_temp.accurate(actual numeric, forecast numeric) (SFUNC = forecast_accuracy_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.biased(actual numeric, forecast numeric) (SFUNC = forecast_bias_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.weighted(actual numeric, forecast numeric) (SFUNC = wape_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.averaged(actual numeric, forecast numeric) (SFUNC = mape_accumulate, STYPE = bytea);
CREATE AGGREGATE pg_temp.merged(bytea) (SFUNC = part_combine, STYPE = bytea, FINALFUNC = part_final);
CREATE AGGREGATE pg_temp.merged_accuracy(bytea) (SFUNC = part_combine, STYPE = bytea, FINALFUNC = forecast_accuracy_final);
SELECT results_eq('SELECT customer, pg_temp.merged_accuracy(a)::text, pg_temp.merged(b)::text, pg_temp.merged(w)::text, pg_temp.merged(m)::text FROM (
    SELECT customer, i % 7, pg_temp.accurate(actual, forecast) AS a, pg_temp.biased(actual, forecast) AS b, pg_temp.weighted(actual, forecast) AS w, pg_temp.averaged(actual, forecast) AS m FROM forecasts GROUP BY 1, 2) AS x GROUP BY 1 ORDER BY 1',
  'SELECT * FROM serial ORDER BY 1', 'states of parts, merged');

-- As window aggregates over frames

SELECT is(count(*) FILTER (WHERE (k, m) IS DISTINCT FROM (SELECT (forecast_accuracy(a, f), mape(a, f)) FROM unnest(actuals, forecasts) AS u (a, f))), 0::bigint, 'over a moving frame')
FROM (SELECT forecast_accuracy(actual, forecast) OVER w, mape(actual, forecast) OVER w, array_agg(actual) OVER w, array_agg(forecast) OVER w FROM forecasts WHERE customer < 3 WINDOW w AS (PARTITION BY customer ORDER BY i ROWS 10 PRECEDING)) AS x (k, m, actuals, forecasts);

-- mase by hand

SELECT is(round(mase(a, f, t, season), 10), round(expected, 10), name)
FROM (VALUES
  ('a published one', '{3,-0.5,2,7,2}'::numeric[], '{2.5,0,2,8,1.25}'::numeric[], '{5,0.5,4,6,3,5,2}'::numeric[], 1, 0.1833333333::numeric),
  ('another', '{0.5,-1,7}', '{0,-1,8}', '{0.5,-1,7}', 1, 0.1052631579), ('and its second column', '{1,1,-6}', '{2,2,-5}', '{1,1,-6}', 1, 0.2857142857),
  ('right', '{1,2,3}', '{1,2,3}', '{1,2}', 1, 0), ('no better than the step before', '{4,5}', '{3,4}', '{1,2,3}', 1, 1), ('worse', '{4,5}', '{2,3}', '{1,2,3}', 1, 2),
  ('a season', '{10,20}', '{12,22}', '{6,16,8,18}', 2, 1), ('a season of all but one', '{10}', '{12}', '{1,9,9,5}', 3, 0.5), ('one pair', '{1}', '{0}', '{3,5}', 1, 0.5),
  ('flat', '{1}', '{0}', '{5,5,5}', 1, NULL), ('flat by the season', '{1}', '{0}', '{5,7,5,7}', 2, NULL), ('flat, and right', '{1}', '{1}', '{5,5}', 1, NULL), ('equal with other decimals is flat', '{1}', '{0}', '{5,5.000}', 1, NULL),
  ('too short', '{1}', '{0}', '{5}', 1, NULL), ('too short by one', '{1}', '{0}', '{1,2,3}', 3, NULL), ('much too short', '{1}', '{0}', '{1,2,3}', 2147483647, NULL),
  ('nothing forecast', '{}', '{}', '{1,2}', 1, NULL), ('no training', '{1}', '{2}', '{}', 1, NULL), ('all empty', '{}', '{}', '{}', 1, NULL),
  ('other bounds', '[5:6]={10,20}', '[0:1]={12,22}', '[-1:1]={1,2,3}', 1, 2), ('huge', '{1e1000}', '{3e1000}', '{1e1000,2e1000}', 1, 2), ('tiny', '{1e-400}', '{3e-400}', '{1e-400,2e-400}', 1, 2),
  ('returns', '{-10}', '{10}', '{-5,5}', 1, 2), ('no array', NULL, '{1}', '{1,2}', 1, NULL), ('no season', '{1}', '{1}', '{1,2}', NULL, NULL)
) AS x (name, a, f, t, season, expected);
SELECT is(mase('{1,2}', '{2,4}', '{1,3,2}'), mase('{1,2}', '{2,4}', '{1,3,2}', 1), 'the season is 1 if it is not said');
SELECT is(mase(array_fill(1, ARRAY[36525]), array_fill(2, ARRAY[36525]), array_agg(i % 2)), 1::numeric, 'as long as a period may be') FROM generate_series(1, 36525) AS i;

-- against plain SQL
CREATE TABLE trained AS
SELECT id, id % 6 + 1 AS season, (SELECT array_agg(((hashint8extended(id * 100 + n, 3) & 16383) - 4000) / (10.0 ^ (id % 4)) ORDER BY n) FROM generate_series(1, id % 23) AS n) AS training,
  (SELECT array_agg((hashint8extended(id * 100 + n, 4) & 4095) / 8.0 ORDER BY n) FROM generate_series(1, 1 + id % 5) AS n) AS actual, (SELECT array_agg((hashint8extended(id * 100 + n, 5) & 4095) / 100.0 ORDER BY n) FROM generate_series(1, 1 + id % 5) AS n) AS forecast
FROM generate_series(1, 500) AS id;
SELECT is_empty($$ SELECT id, ours, plain FROM (
    SELECT id, mase(actual, forecast, training, season) AS ours, (SELECT avg(abs(a - f)) FROM unnest(actual, forecast) AS u (a, f)) / nullif((SELECT avg(abs(value - before)) FROM (SELECT value, lag(value, season) OVER (ORDER BY n) AS before FROM unnest(training) WITH ORDINALITY AS t (value, n)) AS pairs), 0) AS plain
    FROM trained) AS x WHERE round(ours, 12) IS DISTINCT FROM round(plain, 12) $$, 'mase of random series');
SELECT cmp_ok(count(DISTINCT mase(actual, forecast, training, season)), '>', 350::bigint, 'many different ones') FROM trained;

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || call), expected, call)
FROM (VALUES
  ('forecast_accuracy(''NaN'', 1)', '22023 | actual must be a finite number, not NaN'),
  ('forecast_accuracy(1, ''Infinity'')', '22023 | forecast must be a finite number, not infinity'),
  ('forecast_accuracy(''NaN'', NULL)', 'no error'),
  ('forecast_bias(''-Infinity'', 1)', '22023 | actual must be a finite number, not -infinity'),
  ('forecast_bias(1, ''NaN'')', '22023 | forecast must be a finite number, not NaN'),
  ('forecast_bias(NULL, ''NaN'')', 'no error'),
  ('wape(''NaN'', 1)', '22023 | actual must be a finite number, not NaN'),
  ('wape(0, ''-Infinity'')', '22023 | forecast must be a finite number, not -infinity'),
  ('mape(''Infinity'', 1)', '22023 | actual must be a finite number, not infinity'),
  ('mape(0, ''NaN'')', '22023 | forecast must be a finite number, not NaN'),
  ('forecast_accuracy(1e38, 1)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('forecast_bias(1e30, 1e-10)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('wape(a, a) FROM (VALUES (1e30), (1e-10)) AS x (a)', '22003 | amounts with 31 digits before and 10 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('wape(9e37, 9e37) FROM generate_series(1, 2)', '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ('wape(-4e37, 4e37)', 'no error'),
  ('wape(-5e37, 5e37)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('forecast_bias(-99999999999999999999999999999999999999, 99999999999999999999999999999999999999)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('forecast_bias(99999999999999999999999999999999999999, -99999999999999999999999999999999999999)', '22003 | amounts with 39 digits before and 0 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('mape(3e-19, 1e18)', '22003 | amounts with 37 digits before and 20 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ('mase(''{1}'', ''{1,2}'', ''{1,2}'')', '22023 | actual has 1 elements, but forecast has 2 | Give each number its forecast, in the same order.'),
  ('mase(''{}'', ''{1}'', ''{}'')', '22023 | actual has 0 elements, but forecast has 1 | Give each number its forecast, in the same order.'),
  ('mase(''{NULL}'', ''{1}'', ''{1,2}'')', '22023 | element 1 of actual is null | Leave the element out or give it a value.'),
  ('mase(''{1}'', ''{NULL}'', ''{1,2}'')', '22023 | element 1 of forecast is null | Leave the element out or give it a value.'),
  ('mase(''{1}'', ''{1}'', ''{1,NULL,2}'')', '22023 | element 2 of training is null | Leave the element out or give it a value.'),
  ('mase(''{NaN}'', ''{1}'', ''{1,2}'')', '22023 | actual must be a finite number, not NaN'),
  ('mase(''{1}'', ''{Infinity}'', ''{1,2}'')', '22023 | forecast must be a finite number, not infinity'),
  ('mase(''{1}'', ''{1}'', ''{1,-Infinity}'')', '22023 | training must be a finite number, not -infinity'),
  ('mase(''{{1,2},{3,4}}'', ''{1,2,3,4}'', ''{1,2}'')', '22023 | actual must be an array of one dimension, not 2 | Give one flat list of elements.'),
  ('mase(''{1}'', ''{1}'', ''{1,2}'', 0)', '22023 | season must be 1 or more, but is 0 | 1 is the step before, 12 the same month of the year before.'),
  ('mase(''{1}'', ''{1}'', ''{1,2}'', -2147483648)', '22023 | season must be 1 or more, but is -2147483648 | 1 is the step before, 12 the same month of the year before.'),
  ('mase(''{1}'', ''{1}'', array_fill(1, ARRAY[36526]))', '22023 | training has 36526 elements | From 1 to 36525 elements are allowed.')
) AS x (call, expected);

-- States made by hand: refused, or a number

CREATE FUNCTION pg_temp.feed(state bytea) RETURNS text RETURN pg_temp.surprises_of(state, (SELECT array_agg(format('SELECT forecast_accuracy_final(%s)', call)) FROM unnest(ARRAY['forecast_accuracy_accumulate($1, 7, 6.5)', 'forecast_bias_accumulate($1, 1e37, -1e36)', 'wape_accumulate($1, 1e-38, 0)', 'mape_accumulate($1, 3, 1)', 'part_combine($1, $1)']) AS call),
  'XX001', '22003');
CREATE TABLE states (state bytea);
ALTER TABLE states ALTER state SET STORAGE plain;
INSERT INTO states VALUES (wape_accumulate(NULL, 12.50, 10)), (forecast_bias_accumulate(NULL, 9e17, 0));
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(set_byte(state, i, value)), ''), '; '), NULL, 'any one byte changed')
FROM states, LATERAL generate_series(0, length(state) - 1) AS i, unnest(ARRAY[0, 1, 2, 38, 39, 127, 128, 255]) AS value;
SELECT is(string_agg(DISTINCT nullif(pg_temp.feed(overlay(state PLACING decode(md5(i::text) || md5((-i)::text), 'hex') FROM 1 + i % 20)), ''), '; '), NULL, 'noise in it') FROM states, generate_series(1, 200) AS i;
SELECT is(pg_temp.error_of(format('SELECT %s', call)), 'XX001 | malformed state of a part and a whole of 8 bytes', call)
FROM unnest(ARRAY['forecast_accuracy_accumulate(''\x01000000'', 1, 1)', 'forecast_bias_accumulate(''\x01000000'', 1, 1)', 'wape_accumulate(''\x01000000'', 1, 1)', 'mape_accumulate(''\x01000000'', 1, 1)', 'forecast_accuracy_final(''\x01000000'')']) AS call;
SELECT is(mape_accumulate('\x01000000', 0, 1), '\x01000000', 'a row that is left out hands the state on as it is');
SELECT is(forecast_accuracy_final(NULL), NULL, 'no state');
CREATE TABLE before AS SELECT state::text AS shown, forecast_accuracy_accumulate(state, 3, 2) <> state AND forecast_bias_accumulate(state, 3, 2) <> state AND wape_accumulate(state, 3, 2) <> state AND mape_accumulate(state, 2, 3) <> state AS used FROM states;
SELECT is(count(*) FILTER (WHERE used), 2::bigint, 'a state that is used by hand stays as it was') FROM before JOIN states ON shown = state::text;

SELECT * FROM finish();
ROLLBACK;
