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

-- Fiscal years of whole weeks: retail's ends on the Saturday nearest to 31 January
SELECT fiscal_year('2017-06-15', 1) AS fy_2017, fiscal_year('2018-06-15', 1) AS fy_2018;
SELECT fiscal_year('2023-09-30', 9, 'Saturday', 'last'), fiscal_year('2024-01-01', 12, last_weekday => 'Sun');
SELECT fiscal_year(on_date => '2024-02-03', last_month => 1, rule => 'last');
SELECT b.bucket, (upper(b.bucket) - lower(b.bucket)) / 7 AS weeks, b.total
FROM (SELECT sales_series(amount, sold_on, fiscal_year('2017-06-15', 1), '4-5-4') AS s
      FROM (VALUES (100, date '2017-01-29'), (70, '2018-01-27'), (30, '2018-02-03'), (500, '2018-02-04')) AS sale (amount, sold_on)) AS x,
  buckets(s) AS b;
SELECT grain(s), array_agg((upper(b.bucket) - lower(b.bucket)) / 7) AS weeks
FROM (SELECT sales_series(NULL, NULL, fiscal_year('2016-06-15', 1), grain) AS s FROM unnest(ARRAY['4-4-5', '4-5-4', '5-4-4']) AS grain GROUP BY grain) AS x, buckets(s) AS b
GROUP BY grain(s) ORDER BY grain(s);

-- Quarters of a fiscal year that begins on 1 April, and on the last day of January
SELECT totals(sales_series(amount, sold_on, '[2025-04-01,2026-04-01)', 'fiscal-quarter'))
FROM (VALUES (1, date '2025-06-30'), (2, '2025-07-01'), (4, '2026-03-31')) AS sale (amount, sold_on);
SELECT b.bucket FROM (SELECT sales_series(NULL, NULL, '[2026-01-31,2027-01-31)', 'fiscal-quarter') AS s) AS x, buckets(s) AS b;

-- The year before by weeks: 2017 restated, as compared with 2018, begins a week later
SELECT prior_year(fiscal_year('2018-06-15', 1), '4-5-4') AS restated, prior_year('[2018-02-04,2018-02-11)', 'week-sunday') AS first_week;
SELECT prior_year('[2026-03-01,2026-04-01)', 'month');
SELECT prior_year(period => '[2026-03-02,2026-03-09)', grain => 'week');

-- What is wrong is said
SELECT sales_series(1, '2026-01-05', '[2026-01-01,2027-01-08)', '4-4-5');
SELECT closed_period('2026-03-31', 1, '4-4-5');
SELECT fiscal_year('2026-01-05', 13);
SELECT fiscal_year('2026-01-05', 1, 'shabbat');
SELECT fiscal_year('2026-01-05', 1, 'sat', 'closest');
SELECT prior_year('[2026-01-01,2026-02-01)', '454');
SELECT closed_period('2026-03-31', 3, 'months');
SELECT closed_period('2026-03-31', 0, 'month');
SELECT closed_period('2026-03-31', 1000000, 'day');
SELECT to_date(daterange '[2026-01-01,)', '2026-03-31');
SELECT prior_year('empty');
