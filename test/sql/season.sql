-- Seasons as an analyst writes them
SET DateStyle = ISO;

SELECT season('2026-01-15', '{winter,winter,spring,spring,spring,summer,summer,summer,autumn,autumn,autumn,winter}'),
  season_year('2026-01-15', '{winter,winter,spring,spring,spring,summer,summer,summer,autumn,autumn,autumn,winter}');
SELECT d AS day, season(on_date => d, seasons => map), season_year(on_date => d, seasons => map)
FROM unnest(ARRAY['2025-11-30', '2025-12-01', '2025-12-31', '2026-01-01', '2026-02-28', '2026-03-01']::date[]) AS d,
  (VALUES (ARRAY['winter', 'winter', 'spring', 'spring', 'spring', 'summer', 'summer', 'summer', 'autumn', 'autumn', 'autumn', 'winter'])) AS m (map);

CREATE TABLE sale (customer text, sold_on date, amount numeric(12, 2));
INSERT INTO sale
SELECT 'Coats', make_date(y, m, 10), CASE WHEN m IN (1, 2, 10, 11, 12) THEN 300 ELSE 50 END * (y - 2022)
FROM generate_series(2023, 2025) AS y, generate_series(1, 12) AS m
UNION ALL SELECT 'Ices', make_date(y, m, 10), 120 FROM generate_series(2024, 2025) AS y, generate_series(6, 8) AS m
UNION ALL SELECT 'Ices', '2025-08-31', -60;

\set seasons '''{winter,winter,spring,spring,spring,summer,summer,summer,autumn,autumn,autumn,winter}'''
-- Each season of each year, empty ones too
SELECT customer, t.*
FROM (SELECT customer, sales_series(amount, sold_on, '[2023-01-01,2026-01-01)') AS s FROM sale GROUP BY customer) AS c,
  season_totals(s, :seasons) AS t
ORDER BY customer, days;
-- The index, in the order of the map
SELECT i.season, round(i.index, 4) AS index, i.months
FROM (SELECT sales_series(amount, sold_on, '[2023-01-01,2026-01-01)') AS s FROM sale WHERE customer = 'Coats') AS c, seasonal_index(s, :seasons) AS i;

-- A period that cuts seasons and months
SELECT t.* FROM (SELECT sales_series(amount, sold_on, '[2024-11-16,2025-07-11)', 'day') AS s FROM sale) AS c, season_totals(s, :seasons) AS t;
SELECT i.* FROM (SELECT sales_series(amount, sold_on, '[2024-11-16,2025-07-11)', 'day') AS s FROM sale) AS c, seasonal_index(s, :seasons) AS i;

-- Straight from the rows
SELECT season(sold_on, :seasons), season_year(sold_on, :seasons), sum(amount)
FROM sale WHERE customer = 'Ices' GROUP BY 1, 2 ORDER BY 2, 1;

-- By quarter
SELECT seasonality(regrain(sales_series(amount, sold_on, '[2024-01-01,2026-01-01)'), 'quarter')) FROM sale WHERE customer = 'Coats';

-- What is wrong is said
SELECT season('2026-01-15', '{winter,spring,summer,autumn}');
SELECT season('2026-01-15', '{winter,winter,spring,spring,spring,summer,NULL,summer,autumn,autumn,autumn,winter}');
SELECT season_year('infinity', :seasons);
SELECT * FROM season_totals((SELECT sales_series(amount, sold_on, '[2024-01-01,2026-01-01)', 'week') FROM sale), :seasons);
SELECT * FROM seasonal_index((SELECT sales_series(amount, sold_on, '[2024-01-01,2026-01-01)', 'quarter') FROM sale), :seasons);

DROP TABLE sale;
