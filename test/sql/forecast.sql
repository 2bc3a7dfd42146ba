-- Forecasts and how near they came, as an analyst writes them

CREATE TABLE forecast (customer text, sku text, month date, made_on date, forecast numeric(12, 2), actual numeric(12, 2));
INSERT INTO forecast VALUES
  ('Adler',  'tea',  '2026-01-01', '2025-12-15',  90, 100), ('Adler',  'rice', '2026-01-01', '2025-12-15', 230, 200),
  ('Adler',  'oil',  '2026-01-01', '2025-12-15',  10,   0), ('Adler',  'salt', '2026-01-01', '2025-12-15',  50,  50),
  ('Baltic', 'tea',  '2026-01-01', '2025-11-15', 120,  40), ('Baltic', 'rice', '2026-01-01', '2025-11-15',  60,  20),
  ('Como',   'tea',  '2026-01-01', '2025-12-15', NULL,  30), ('Como',   'rice', '2026-01-01', '2025-12-15',  30, NULL),
  ('Delta',  'tea',  '2026-01-01', '2025-12-15',  20, -20), ('Delta',  'rice', '2026-01-01', '2025-12-15',  70,  80);

-- 50 of 350 are wrong, 30 too much
SELECT round(forecast_accuracy(actual, forecast), 5) AS accuracy, round(forecast_bias(actual, forecast), 5) AS bias, round(wape(actual, forecast), 5) AS wape, round(mape(actual, forecast), 5) AS mape FROM forecast WHERE customer = 'Adler';
SELECT customer, sku, round(forecast_accuracy(actual, forecast), 4) AS accuracy, round(forecast_bias(actual, forecast), 4) AS bias, round(wape(actual, forecast), 4) AS wape, round(mape(actual, forecast), 4) AS mape
FROM forecast GROUP BY GROUPING SETS ((customer, sku), (customer), ()) ORDER BY customer, sku;
-- By how long before it was made
SELECT (month - made_on) / 30 AS months_ahead, round(forecast_accuracy(actual, forecast), 4) AS accuracy FROM forecast GROUP BY 1 ORDER BY 1;
-- Over the forecast: the arguments swapped
SELECT round(forecast_accuracy(forecast, actual), 4) AS over_forecast FROM forecast WHERE customer = 'Adler';

-- Literals
SELECT forecast_accuracy(100, 90) AS integer, forecast_accuracy(100, 350) AS far_off, forecast_accuracy(0, 10) AS nothing_sold, forecast_accuracy(NULL, 10) AS unknown, forecast_accuracy(10, NULL) AS no_forecast, forecast_accuracy('100', '90.5') AS text;
SELECT forecast_bias(100, 90) AS too_little, forecast_bias(100, 350) AS too_much, forecast_bias(0, 10) AS nothing_sold, forecast_bias(NULL, 10) AS unknown, forecast_bias('100', '90.5') AS text;
SELECT wape(100, 90) AS integer, wape(-100, 90) AS returns, wape(0, 10) AS nothing_sold, wape(NULL, 10) AS unknown, wape('100', '90.5') AS text;
SELECT mape(100, 90) AS integer, mape(-100, 90) AS returns, mape(0, 10) AS nothing_sold, mape(3, NULL) AS no_forecast, mape('3', '2') AS text;
SELECT forecast_accuracy(actual, forecast) AS accuracy, forecast_bias(actual, forecast) AS bias, wape(actual, forecast) AS wape, mape(actual, forecast) AS mape FROM forecast WHERE false;

-- Against repeating the last step, or the season before
SELECT mase('{3,-0.5,2,7,2}', '{2.5,0,2,8,1.25}', '{5,0.5,4,6,3,5,2}') AS steps, mase('{3,-0.5,2,7,2}', '{2.5,0,2,8,1.25}', '{5,0.5,4,6,3,5,2}', 2) AS season, mase(ARRAY[10, 20], ARRAY[12, 20], ARRAY[1, 2, 3, 4], season => 1) AS integers;
SELECT mase(actual => '{10}', forecast => '{12}', training => '{5,5,5}') AS flat, mase('{10}', '{12}', '{5}') AS short, mase('{10}', '{12}', '{1,2,3}', 3) AS no_season, mase('{}', '{}', '{1,2,3}') AS no_forecast, mase('{10}', '{12}', '{}') AS no_training, mase(NULL, '{12}', '{1,2}') AS unknown, mase('{10}', '{12}', '{1,2}', NULL) AS unknown_season;
SELECT round(mase(totals(slice(s, '[2026-01-01,2026-07-01)')), totals(slice(s, '[2025-01-01,2025-07-01)')), totals(slice(s, '[2024-01-01,2026-01-01)')), 12), 4) AS last_year_again
FROM (SELECT sales_series(100 + 10 * (d % 12) + d, (date '2024-01-01' + make_interval(months => d))::date, '[2024-01-01,2026-07-01)') AS s FROM generate_series(0, 29) AS d) AS x;

-- What is wrong is said
SELECT forecast_accuracy('NaN', 10);
SELECT forecast_bias(10, 'Infinity');
SELECT wape('-Infinity', 10);
SELECT mape(0, 'NaN');
SELECT mape(3e-19, 1e18);
SELECT wape(9e37, -9e37);
SELECT mase('{1,2}', '{1}', '{1,2,3}');
SELECT mase('{1,NULL}', '{1,2}', '{1,2,3}');
SELECT mase('{1,2}', '{1,2}', '{1,NaN,3}');
SELECT mase('{1,2}', '{1,2}', '{{1,2},{3,4}}');
SELECT mase('{1,2}', '{1,2}', '{1,2,3}', 0);
\set VERBOSITY terse
SELECT wape(10::double precision, 10);
\set VERBOSITY default
SELECT forecast_accuracy_final('\x00');

DROP TABLE forecast;
