-- Periods as an analyst writes them
SET DateStyle = ISO;

-- The last complete buckets: as_of counts as a full day
SELECT as_of::date, grain, closed_period(as_of::date, n, grain)
FROM (VALUES
  ('2026-03-31', 3, 'month'), ('2026-03-30', 3, 'month'), ('2026-11-15', 1, 'week'), ('2026-11-14', 1, 'week'),
  ('2026-11-14', 1, 'week-sunday'), ('2026-11-14', 2, 'month-week'), ('2026-11-14', 4, 'quarter'),
  ('2026-11-14', 2, 'year'), ('2026-11-14', 10, 'day')) AS t (as_of, n, grain);
SELECT closed_period('2026-03-31', 12, 'month');
SELECT closed_period(as_of => '2024-02-29', n => 1, grain => 'month');

-- The part of a period that has passed; to_date(text, text) of PostgreSQL is not in the way
SELECT to_date(daterange '[2024-01-01,2025-01-01)', '2024-03-15');
SELECT to_date('[2024-01-01,2025-01-01)', date '2024-03-15');
SELECT to_date(daterange('2024-01-01', '2025-01-01'), '2023-12-31') IS NULL AS not_started;
SELECT to_date(period => '[2024-01-01,2024-12-31]', as_of => '2026-01-01') AS over;
SELECT to_date('2024-03-15', 'YYYY-MM-DD');

-- The same days a year ago
SELECT prior_year('[2026-01-01,2027-01-01)');
SELECT prior_year(to_date(daterange '[2024-01-01,2025-01-01)', '2024-02-29')) AS year_to_date;
SELECT prior_year(period => '[2024-02-28,2024-02-29)');
SELECT prior_year('[2024-02-29,2024-03-01)');

-- In a report: a year so far against the year before
SELECT total(sales_series(amount, sold_on, this_year)), total(sales_series(amount, sold_on, prior_year(this_year)))
FROM (VALUES (100, date '2026-03-10'), (80, '2026-03-12'), (70, '2025-03-11'), (60, '2025-03-12')) AS sale (amount, sold_on),
  to_date(daterange '[2026-03-01,2026-04-01)', '2026-03-11') AS this_year
GROUP BY this_year;

-- What is wrong is said
SELECT closed_period('2026-03-31', 3, 'months');
SELECT closed_period('2026-03-31', 0, 'month');
SELECT closed_period('2026-03-31', 1000000, 'day');
SELECT to_date(daterange '[2026-01-01,)', '2026-03-31');
SELECT prior_year('empty');
