-- Receivables by age, days sales outstanding, the credit limit

-- When it is due
SELECT due_date('2026-01-15', 30) AS net_30, due_date('2026-01-15', 0) AS on_delivery, due_date('2024-01-30', 30) AS leap_day, due_date('2026-01-15', 30, 'date') AS by_date;
SELECT due_date('2026-01-15', 30, 'month-end') AS month_end, due_date('2026-02-28', 0, 'month-end') AS last_day, due_date('2024-02-01', 0, 'month-end') AS leap_year, due_date(started_on => '2026-12-31', terms_days => 1, term_start => 'month-end') AS named;
SELECT due_date(NULL, 30) AS not_delivered, due_date('2026-01-15', NULL) AS no_terms, due_date('2026-01-15', 30, NULL) AS no_start;

-- By how many days, and in which bucket
SELECT due_on, days_overdue(due_on, '2026-03-31'), ageing_bucket(due_on, '2026-03-31'), ageing_bucket(due_on, '2026-03-31', '{1,14,30}') AS short
FROM (VALUES (date '2026-04-15'), ('2026-03-31'), ('2026-03-30'), ('2026-03-29'), ('2026-03-01'), ('2026-02-28'), ('2026-01-30'), ('2026-01-29'), ('2025-12-31'), ('2025-12-30'), (NULL)) AS x (due_on);
SELECT days_overdue('2026-03-01', '2026-03-31') AS days, ageing_bucket('2026-03-01', '2026-03-31') AS bucket, ageing_bucket('2026-03-01', '2026-03-31', ARRAY[29]) AS one_limit, ageing_bucket('2026-03-01', '2026-03-31', limits => '{10,20}') AS named;
SELECT days_overdue('2026-03-01', NULL), ageing_bucket(NULL, '2026-03-31') AS no_day, ageing_bucket('2026-03-01', NULL) AS no_as_of, ageing_bucket('2026-03-01', '2026-03-31', NULL) AS no_limits;
SELECT ageing_buckets(), ageing_buckets('{7}') AS one, ageing_buckets(ARRAY[1, 2, 30]) AS three;

-- An ageing table
CREATE TABLE receivable (customer text, due_on date, open_amount numeric(12, 2));
INSERT INTO receivable VALUES ('Adler', '2026-04-15', 3300), ('Adler', '2026-03-20', 700), ('Baltic', '2026-02-10', 500), ('Baltic', '2025-12-01', 120), ('Baltic', '2026-03-31', 1500), ('Como', NULL, 2000);
SELECT customer, sum(open_amount) AS open, sum(open_amount) FILTER (WHERE bucket = 'not due') AS not_due, sum(open_amount) FILTER (WHERE bucket = '1-30') AS "1-30", sum(open_amount) FILTER (WHERE bucket = '31-60') AS "31-60",
       sum(open_amount) FILTER (WHERE bucket = '61-90') AS "61-90", sum(open_amount) FILTER (WHERE bucket = 'over 90') AS over_90, sum(open_amount) FILTER (WHERE bucket IS NULL) AS no_day
FROM (SELECT *, ageing_bucket(due_on, '2026-03-31') AS bucket FROM receivable) AS r GROUP BY ROLLUP (customer) ORDER BY customer;
SELECT bucket, coalesce(sum(open_amount), 0) AS open FROM unnest(ageing_buckets()) WITH ORDINALITY AS b (bucket, place) LEFT JOIN receivable ON ageing_bucket(due_on, '2026-03-31') = bucket GROUP BY bucket, place ORDER BY place;

-- Days sales outstanding
SELECT days_sales_outstanding(60000, 180000, '[2026-01-01,2026-04-01)') AS quarter, days_sales_outstanding(100.50, '402', daterange('2026-02-01', '2026-03-01')) AS february, days_sales_outstanding('1', '2', '[2024-02-01,2024-03-01)') AS text;
SELECT days_sales_outstanding(0, 180000, '[2026-01-01,2026-04-01)') AS nothing_open, days_sales_outstanding(-600, 1800, '[2026-01-01,2026-04-01)') AS prepaid, days_sales_outstanding(600, 0, '[2026-01-01,2026-04-01)') AS no_sales, days_sales_outstanding(600, -1, '[2026-01-01,2026-04-01)') AS returns;
SELECT days_sales_outstanding(NULL, 1, '[2026-01-01,2026-04-01)') AS a, days_sales_outstanding(1, NULL, '[2026-01-01,2026-04-01)') AS b, days_sales_outstanding(1, 1, NULL) AS c;

-- The credit limit
SELECT exposure, credit_limit, (credit_state(exposure, credit_limit)).*, (credit_state(exposure, credit_limit, 0.90)).state AS near_90
FROM (VALUES (8000, 10000), (9000, 10000), (10000, 10000), (10000.01, 10000), (0, 10000), (-500, 10000), (0, 0), (100, 0), (-100, 0), (100, NULL), (NULL, 100), (NULL, NULL)) AS x (exposure, credit_limit);
SELECT * FROM credit_state(9000, 10000);
SELECT * FROM credit_state('9000', '10000', '0.9');
SELECT (credit_state(9000, 10000, near_from => 1)).state AS below_1, (credit_state(10000, 10000, near_from => 1)).state AS at_1, (credit_state(1, 10000, near_from => 0)).state AS from_0, (credit_state(-1, 10000, near_from => 0)).state AS prepaid;

-- What is wrong is said
SELECT due_date('2026-01-15', -1);
SELECT due_date('2026-01-15', 36526);
SELECT due_date('infinity', 30);
SELECT due_date('2026-01-15', 30, 'month');
SELECT due_date('5874897-12-31', 1);
SELECT days_overdue('infinity', '2026-03-31');
SELECT ageing_bucket('2026-03-01', '-infinity');
SELECT ageing_bucket('2026-03-01', '2026-03-31', '{}');
SELECT ageing_bucket('2026-03-01', '2026-03-31', '{0,30}');
SELECT ageing_bucket('2026-03-01', '2026-03-31', '{30,30}');
SELECT ageing_bucket('2026-03-01', '2026-03-31', '{30,NULL}');
SELECT ageing_buckets('{90,60}');
SELECT days_sales_outstanding('NaN', 1, '[2026-01-01,2026-04-01)');
SELECT days_sales_outstanding(1, 1, '[2026-01-01,)');
SELECT credit_state('Infinity', 1);
SELECT credit_state(1, -1);
SELECT credit_state(1, 1, 90);
\set VERBOSITY terse
SELECT ageing_bucket(timestamp '2026-03-01', '2026-03-31');
\set VERBOSITY default

DROP TABLE receivable;
