-- run_rate as an analyst writes it
SET DateStyle = ISO;

SELECT run_rate(270000, '[2026-01-01,2027-01-01)', '2026-03-31') AS by_days, run_rate(270000, '[2026-01-01,2027-01-01)', '2026-03-31', 'months') AS by_months;
SELECT run_rate(93000, '[2026-03-01,2026-12-31]', '2026-03-31') AS launched_in_march;
SELECT run_rate(50000, '[2024-02-01,2024-03-01)', '2024-02-15') AS leap_year, run_rate(50000, '[2023-02-01,2023-03-01)', '2023-02-15') AS other_year;
SELECT run_rate(actual => 1000.50, period => '[2026-01-01,2027-01-01)', as_of => '2026-03-15', unit => 'month');
SELECT as_of::date, run_rate(1000, '[2026-01-01,2027-01-01)', as_of::date)
FROM unnest(ARRAY['2025-12-31', '2026-01-01', '2026-12-30', '2026-12-31', '2027-01-01']) AS as_of;

-- By working days, by last year's season, by given weights, and both together
SELECT name, round(run_rate(50000, '[2024-02-01,2024-03-01)', '2024-02-15', calendar), 6) AS february, round(run_rate(50000, '[2024-01-01,2025-01-01)', '2024-02-29', calendar), 6) AS year,
  run_rate(50000, '[2024-06-01,2024-07-01)', '2024-06-01', calendar) AS first_day_is_saturday
FROM (VALUES ('Monday to Friday', work_calendar(ARRAY['sat', 'sun'])), ('Sunday to Thursday', work_calendar(ARRAY['fri', 'sat']))) AS c (name, calendar);
SELECT run_rate(50000, '[2024-02-01,2024-03-01)', '2024-02-15', work_calendar(ARRAY['sat', 'sun'])) AS literal_calendar, run_rate(50000, '[2024-02-01,2024-03-01)', '2024-02-15', 'months') AS literal_unit;
SELECT run_rate(50000, '[2024-01-01,2025-01-01)', '2024-06-30', ARRAY[1,2,3,4], 'quarter') AS two_of_four_quarters, run_rate(50000, '[2024-01-01,2025-01-01)', '2024-05-15', ARRAY[1,2,3,4], 'quarter') AS inside_the_second,
  run_rate(50000, '[2024-01-01,2025-01-01)', '2024-05-15', ARRAY[1,2,3,4], 'quarter', work_calendar(ARRAY['sat', 'sun'])) AS by_its_working_days;
SELECT run_rate(300, '[2026-01-01,2027-01-01)', '2026-03-31', prior) AS by_last_year, run_rate(300, '[2026-01-01,2027-01-01)', '2026-03-15', prior) AS inside_march, run_rate(300, '[2026-01-01,2027-01-01)', '2026-03-15', prior, work_calendar(ARRAY['sat', 'sun'])) AS by_its_working_days
FROM (SELECT sales_series(amount, sold_on, '[2025-01-01,2026-01-01)') AS prior FROM (VALUES (100, date '2025-01-10'), (300, '2025-02-10'), (200, '2025-03-10'), (1800, '2025-12-20')) AS s (amount, sold_on)) AS last_year;

CREATE TABLE sale (customer text, sold_on date, amount numeric(12, 2));
INSERT INTO sale VALUES ('Aral', '2026-01-10', 150), ('Aral', '2026-02-10', 120), ('Aral', '2026-04-05', 90), ('Baikal', '2026-03-31', -90), ('Baikal', '2025-12-31', 500), ('Como', '2026-05-01', 1);

-- From the sales rows: what came after as_of is left out
SELECT customer, run_rate(amount, sold_on, '[2026-01-01,2027-01-01)', '2026-03-31', 'days') AS by_days, run_rate(amount, sold_on, '[2026-01-01,2027-01-01)', '2026-03-31', 'months') AS by_months,
  run_rate(amount, sold_on, '[2026-01-01,2027-01-01)', '2025-12-31', 'days') AS not_started, run_rate(amount, sold_on, '[2026-01-01,2027-01-01)', '2027-12-31', 'days') AS over
FROM sale GROUP BY customer ORDER BY customer;

-- Of a series, at the end of a bucket
SELECT customer, run_rate(sales_series(amount, sold_on, '[2026-01-01,2027-01-01)'), '2026-03-31'), run_rate(sales_series(amount, sold_on, '[2026-01-01,2027-01-01)', 'day'), as_of => '2026-04-04')
FROM sale GROUP BY customer ORDER BY customer;

-- A state that was stored in a row unpacked, as only COPY does it
CREATE TABLE state (n integer, half bytea);
INSERT INTO state SELECT i, run_rate_accumulate(NULL, i, '2026-01-05', '[2026-01-01,2026-02-01)', '2026-01-31', 'days') FROM generate_series(1, 2) AS i;
CREATE TABLE unpacked (n integer, half bytea);
ALTER TABLE unpacked ALTER half SET STORAGE plain;
\copy state TO 'results/run_rate.txt'
\copy unpacked FROM 'results/run_rate.txt'
SELECT n, pg_column_size(half) > (SELECT max(pg_column_size(half)) FROM state) AS unpacked, run_rate_final(half), run_rate_final(run_rate_combine(half, half)) AS twice FROM unpacked;
DROP TABLE state, unpacked;

-- What is wrong is said
SELECT run_rate(sales_series(amount, sold_on, '[2026-01-01,2027-01-01)'), '2026-03-15') FROM sale;
SELECT run_rate(1000, '[2026-01-01,2027-01-01)', '2026-03-15', 'weeks');
SELECT run_rate(1000, '[2026-01-01,)', '2026-03-15');
SELECT run_rate('NaN', '[2026-01-01,2027-01-01)', '2026-03-15');
SELECT run_rate(1000, '[2026-01-01,2027-01-01)', 'infinity');
SELECT run_rate(amount, sold_on, '[2026-01-01,2027-01-01)', sold_on, 'days') FROM sale;

SELECT run_rate(1000, '[2026-01-01,2027-01-01)', '2026-03-15', ARRAY[1,2,3], 'quarter');
SELECT run_rate(1000, '[2026-01-01,2027-01-01)', '2026-03-15', ARRAY[1,2,-3,4], 'quarter');
SELECT run_rate(1000, '[2026-01-01,2027-01-01)', '2026-03-15', sales_series(amount, sold_on, '[2025-12-01,2026-01-01)')) FROM sale;

DROP TABLE sale;
