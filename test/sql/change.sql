-- Changes of a series as an analyst asks for them
SET DateStyle = ISO;

CREATE TABLE sale (customer text, sold_on date, amount numeric(12, 2));
INSERT INTO sale
SELECT 'Adler', make_date(2024 + n / 12, 1 + n % 12, 15), 1000 + 100 * (n % 5) FROM generate_series(0, 15) AS n
UNION ALL VALUES ('Baltic', date '2024-05-05', 500), ('Baltic', '2024-08-01', -40), ('Baltic', '2025-02-10', 90), ('Baltic', '2025-08-08', 10);

SELECT bucket, total, previous, change, round(growth, 4) AS growth, direction, year_before, year_change, round(year_growth, 4) AS year_growth, clipped
FROM (SELECT sales_series(amount, sold_on, '[2024-01-01,2025-05-01)') AS s FROM sale WHERE customer = 'Adler') AS c, series_changes(s);

-- From nothing, to nothing, and below
SELECT customer, c.* FROM (SELECT customer, sales_series(amount, sold_on, '[2024-01-01,2025-10-01)', 'quarter') AS s FROM sale GROUP BY customer) AS x, series_changes(s => s) AS c
WHERE customer = 'Baltic';

-- Who fell against the same quarter of last year
SELECT customer, bucket, year_change FROM (SELECT customer, sales_series(amount, sold_on, '[2024-01-01,2025-07-01)', 'quarter') AS s FROM sale GROUP BY customer) AS x, series_changes(s)
WHERE year_change < 0 ORDER BY customer;

-- An unfinished month says so
SELECT bucket, total, direction, clipped FROM series_changes((SELECT sales_series(amount, sold_on, '[2024-02-10,2024-05-10)') FROM sale));
-- 29 February stands beside 28 February of the year before
SELECT bucket, year_before, year_change FROM series_changes((SELECT sales_series(i, '2023-02-26'::date + i, '[2023-02-26,2025-03-02)', 'day') FROM generate_series(0, 800) AS i))
WHERE lower(bucket) IN ('2024-02-28', '2024-02-29', '2024-03-01', '2025-02-28', '2025-03-01');

DROP TABLE sale;
