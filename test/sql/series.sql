-- sales_series as an analyst writes it
SET DateStyle = ISO;

CREATE TABLE sale (customer text, sold_on date, amount numeric(12, 2));
INSERT INTO sale VALUES
  ('Aral', '2026-01-05', 100.00), ('Aral', '2026-01-05', 20.50), ('Aral', '2026-02-10', 110.25), ('Aral', '2026-03-31', 95.00),
  ('Baikal', '2026-01-20', 300.00), ('Baikal', '2026-01-21', -300.00), ('Baikal', '2026-03-01', 40.00),
  ('Como', '2026-02-14', -15.00), ('Como', '2026-04-01', 500.00), ('Como', '2025-12-31', 500.00), ('Como', '2026-01-07', NULL), ('Como', NULL, 9.00);

-- Building
CREATE TABLE series AS
SELECT customer, sales_series(amount, sold_on, '[2026-01-01,2026-04-01)') AS s FROM sale GROUP BY customer;
SELECT * FROM series ORDER BY customer;
SELECT sales_series(amount, sold_on, '[2026-01-01,2026-04-01)', 'week') FROM sale WHERE customer = 'Aral';
SELECT grain, totals(sales_series(amount, sold_on, '[2026-01-15,2026-03-02)', grain))
FROM sale, unnest(ARRAY['week', 'week-sunday', 'month', 'month-week', 'quarter', 'year']) AS grain GROUP BY grain ORDER BY grain;
SELECT customer, total(sales_series(amount, sold_on, daterange('2026-01-01', '2027-01-01'))) AS year, total(sales_series(amount, sold_on, daterange('2025-01-01', '2026-01-01'))) AS year_before
FROM sale GROUP BY ROLLUP (customer) ORDER BY customer;
SELECT sales_series(amount, sold_on, '[2026-01-01,2026-04-01)') FROM sale WHERE false;

-- Reading
SELECT customer, total(s), totals(s), sale_days(s), first_sale(s), last_sale(s), active_buckets(s), mean(s), round(trend(s)::numeric, 4) AS trend
FROM series ORDER BY customer;
SELECT customer, b.* FROM series, buckets(s) AS b WHERE customer < 'C' ORDER BY customer, bucket;
SELECT customer, (buckets(s)).* FROM series WHERE customer = 'Como';
SELECT customer, total(s, '[2026-02-01,2026-04-01)') FROM series ORDER BY customer;
SELECT period(s), grain(s) FROM series WHERE customer = 'Aral';
SELECT seasonality(regrain(s, 'quarter')) FROM series WHERE customer = 'Aral';

-- Series out of series
SELECT rollup(s) FROM series;
SELECT rollup(s, '[2025-12-01,2026-03-01)') FROM series;
SELECT a.s + b.s FROM series AS a, series AS b WHERE a.customer = 'Aral' AND b.customer = 'Baikal';
SELECT customer, regrain(s, 'quarter') FROM series ORDER BY customer;
SELECT customer, slice(s, '[2026-02-01,2026-04-01)') FROM series ORDER BY customer;
SELECT regrain(s => s, grain => 'year'), slice(s => s, part => '[2026-01-01,2026-02-01)') FROM series WHERE customer = 'Aral';
SELECT count(DISTINCT s), count(*) FROM (SELECT s FROM series UNION ALL SELECT s FROM series) AS x;

-- As a window over months of a report
SELECT sold_on, amount, total(sales_series(amount, sold_on, '[2026-01-01,2026-04-01)') OVER (ORDER BY sold_on)) AS so_far
FROM sale WHERE customer = 'Aral' ORDER BY sold_on, amount;

-- Text, jsonb
SELECT s::jsonb FROM series WHERE customer = 'Aral';
SELECT s::jsonb -> 'totals' AS totals, s::jsonb ->> 'grain' AS grain FROM series ORDER BY customer;
SELECT total('{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100, 0.5], "sale_days": [0, 40]}');
SELECT sales_series '{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100, 0.5], "sale_days": [0, 40]}';
SELECT '{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100, 0.5], "sale_days": [0, 40]}'::jsonb::sales_series;
SELECT count(*) FROM series WHERE s::text::sales_series::text = s::text AND s::jsonb::sales_series::text = s::text;

-- COPY, as text and binary
CREATE TABLE copied (customer text, s sales_series);
\copy series TO 'results/series.txt'
\copy copied FROM 'results/series.txt'
\copy series TO 'results/series.bin' WITH (FORMAT binary)
\copy copied FROM 'results/series.bin' WITH (FORMAT binary)
SELECT customer, count(*), count(*) FILTER (WHERE copied.s::text = series.s::text) AS same FROM copied JOIN series USING (customer) GROUP BY customer ORDER BY customer;
COPY copied FROM stdin;
Dover	{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [1, 2], "sale_days": [0, 40]}
\.
SELECT * FROM copied WHERE customer = 'Dover';

-- Many sales: summed in part by parallel workers
CREATE TABLE many AS SELECT i % 100 AS customer, date '2026-01-01' + i % 90 AS sold_on, 1.25 AS amount FROM generate_series(1, 10000) AS i;
ANALYZE many;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT sales_series(amount, sold_on, '[2026-01-01,2026-04-01)') FROM many;
SELECT totals(s), sale_days(s) FROM (SELECT sales_series(amount, sold_on, '[2026-01-01,2026-04-01)') AS s FROM many) AS x;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;

-- What is wrong is said
SELECT sales_series(amount, sold_on, '[2026-01-01,2026-04-01)', 'hour') FROM sale;
SELECT sales_series(amount, sold_on, '[2026-01-01,)') FROM sale;
SELECT sales_series(amount, sold_on, daterange(NULL, NULL)) FROM sale;
SELECT sales_series(amount, sold_on, '[1900-01-01,2026-04-01)') FROM sale;
SELECT sales_series(amount, sold_on, p) FROM sale, (VALUES (daterange '[2026-01-01,2026-04-01)'), ('[2026-01-01,2026-05-01)')) AS x (p);
SELECT sales_series('NaN', '2026-01-05', '[2026-01-01,2026-04-01)');
SELECT sales_series(1e38, '2026-01-05', '[2026-01-01,2026-04-01)');
SELECT s + regrain(s, 'quarter') FROM series;
SELECT rollup(s, '[2026-01-15,2026-04-01)') FROM series;
SELECT regrain(s, 'week') FROM series;
SELECT total(s, '[2026-01-15,2026-04-01)') FROM series;
SELECT slice(s, '[2026-01-01,2026-05-01)') FROM series;
SELECT seasonality(regrain(s, 'year')) FROM series;
SELECT 'January'::sales_series;
SELECT '{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100], "sale_days": [0]}'::sales_series;
SELECT '{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [100, 1], "sale_days": [0]}'::sales_series;

DROP TABLE sale, series, copied, many;
