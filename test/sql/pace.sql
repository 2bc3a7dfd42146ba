-- elapsed_share and required_rate as an analyst writes them
SET DateStyle = ISO;

-- How much of the period is gone
SELECT elapsed_share('[2026-01-01,2027-01-01)', '2026-03-31') AS by_days, elapsed_share('[2026-01-01,2027-01-01)', '2026-03-31', 'months') AS by_months, elapsed_share('[2026-01-01,2027-01-01)', '2026-03-31', work_calendar(ARRAY['fri', 'sat'])) AS by_working_days;
SELECT elapsed_share(period => '[2026-01-01,2027-01-01)', as_of => '2026-03-31', weights => ARRAY[1, 2, 3, 4], grain => 'quarter') AS by_weights,
  elapsed_share('[2026-01-01,2027-01-01)', '2026-05-15', ARRAY[1, 2, 3, 4], 'quarter', work_calendar(ARRAY['sat', 'sun'])) AS by_weights_and_working_days;
SELECT as_of::date, elapsed_share('[2026-01-01,2027-01-01)', as_of::date)
FROM unnest(ARRAY['2025-12-31', '2026-01-01', '2026-12-30', '2026-12-31', '2027-01-01']) AS as_of;

-- What the rest has to bring: a target of 1,200,000, of which 270,000 came in by March
SELECT required_rate(1200000, 270000, '[2026-01-01,2027-01-01)', '2026-03-31') AS a_day, required_rate(1200000, 270000, '[2026-01-01,2027-01-01)', '2026-03-31', 'months') AS a_month,
  required_rate(1200000, 270000, '[2026-01-01,2027-01-01)', '2026-03-31', work_calendar(ARRAY['fri', 'sat'])) AS a_working_day;
SELECT required_rate(target => 1200000, actual => 270000, period => '[2026-01-01,2027-01-01)', as_of => '2026-03-31', weights => ARRAY[20, 30, 20, 30], grain => 'quarter') AS a_unit_of_weight,
  required_rate(1200000, 270000, '[2026-01-01,2027-01-01)', '2026-05-15', ARRAY[20, 30, 20, 30], 'quarter', work_calendar(ARRAY['sat', 'sun'])) AS in_mid_quarter;
SELECT as_of::date, required_rate(1000, actual, '[2026-01-01,2027-01-01)', as_of::date)
FROM (VALUES ('2025-12-31', 0), ('2026-03-31', 1000), ('2026-12-30', 990), ('2026-12-31', 990), ('2026-12-31', 1000)) AS x (as_of, actual);

-- By last year's sales, month by month and day by day
CREATE TABLE sale (sold_on date, amount numeric(12, 2));
INSERT INTO sale VALUES ('2025-01-10', 100), ('2025-02-10', 300), ('2025-03-10', 200), ('2025-07-01', -50), ('2025-12-20', 1850);
SELECT elapsed_share('[2026-01-01,2027-01-01)', '2026-03-31', months) AS to_march, elapsed_share('[2026-01-01,2027-01-01)', '2026-03-15', months) AS inside_march, elapsed_share('[2026-01-01,2027-01-01)', '2026-03-15', months, work_calendar(ARRAY['sat', 'sun'])) AS by_working_days,
  elapsed_share('[2026-01-01,2027-01-01)', '2026-03-09', days) AS the_day_before_a_sale, elapsed_share('[2026-01-01,2027-01-01)', '2026-03-10', days) AS on_the_day
FROM (SELECT sales_series(amount, sold_on, '[2025-01-01,2026-01-01)') AS months, sales_series(amount, sold_on, '[2025-01-01,2026-01-01)', 'day') AS days FROM sale) AS last_year;
SELECT required_rate(2580, 600, '[2026-01-01,2027-01-01)', '2026-03-31', months) AS ten_per_cent_above_last_year, required_rate(2580, 600, '[2026-01-01,2027-01-01)', '2026-03-31', months, work_calendar(ARRAY['sun'])) AS the_same_at_the_end_of_a_month
FROM (SELECT sales_series(amount, sold_on, '[2025-01-01,2026-01-01)') AS months FROM sale) AS last_year;

-- What is wrong is said
SELECT elapsed_share('[2026-01-01,2027-01-01)', '2026-03-31', 'weeks');
SELECT elapsed_share('[2026-01-01,2027-01-01)', '2026-03-31', ARRAY[1, 2, 3], 'quarter');
SELECT elapsed_share('[2026-01-01,2027-01-01)', '2026-03-31', sales_series(amount, sold_on, '[2025-01-01,2025-07-01)')) FROM sale;
SELECT elapsed_share('[2026-01-01,2027-01-01)', '2026-03-31', sales_series(amount, sold_on, '[2024-01-01,2025-01-01)', 'day')) FROM sale;
SELECT required_rate(-1, 0, '[2026-01-01,2027-01-01)', '2026-03-31');
SELECT required_rate(1, 0, '[2026-01-01,)', '2026-03-31');

DROP TABLE sale;
