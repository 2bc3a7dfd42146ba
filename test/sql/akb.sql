-- akb_stable as an analyst writes it

CREATE TABLE sale (outlet integer, sold_on date, amount numeric(12, 2));
INSERT INTO sale VALUES
  (1, '2026-01-10', 100), (1, '2026-02-10', 50), (1, '2026-03-31', 10),
  (2, '2026-01-10', 100), (2, '2026-03-31', 10),
  (3, '2026-01-10', 100), (3, '2026-02-10', 50), (3, '2026-03-31', -10),
  (4, '2026-01-10', 100), (4, '2026-02-10', 50), (4, '2026-03-30', 10), (4, '2026-03-31', -10),
  (5, NULL, 100), (5, '2026-02-10', NULL);

SELECT outlet,
  akb_stable(amount, sold_on, '[2026-01-01,2026-04-01)') AS by_month,
  akb_stable(amount, sold_on, '[2026-01-01,2026-04-01)', 'quarter') AS by_quarter,
  akb_stable(sales_series(amount, sold_on, '[2026-01-01,2026-04-01)')) AS of_series,
  akb_stable(sales_series(amount, sold_on, '[2026-01-01,2026-04-01)'), 20) AS at_least_20,
  akb_stable(sales_series(amount, sold_on, '[2026-01-01,2026-04-01)'), activity => 'order') AS by_order,
  akb_stable(sales_series(amount, sold_on, '[2026-01-01,2026-04-01)'), min_total => 10, activity => 'net') AS named
FROM sale GROUP BY outlet ORDER BY outlet;

-- The stable base of a quarter, the outlets with a row, and nobody
SELECT count(*) FILTER (WHERE stable) AS stable, count(*) AS outlets
FROM (SELECT outlet, akb_stable(amount, sold_on, daterange('2026-01-01', '2026-04-01')) AS stable FROM sale GROUP BY outlet) AS o;
SELECT akb_stable(amount, sold_on, '[2026-01-01,2026-04-01)'), akb_stable(amount, sold_on, '[2026-01-01,2026-04-01)', 'month') FROM sale WHERE false;

-- An outlet on 15 April, with and without the month that runs
SELECT akb_stable(amount, sold_on, '[2026-01-01,2026-05-01)') AS with_april, akb_stable(amount, sold_on, closed_period('2026-04-15', 3, 'month')) AS closed
FROM sale WHERE outlet = 1;

-- What is wrong is said
SELECT akb_stable(sales_series(amount, sold_on, '[2026-01-01,2026-04-01)'), 20, 'order') FROM sale;
SELECT akb_stable(sales_series(amount, sold_on, '[2026-01-01,2026-04-01)'), -20) FROM sale;
SELECT akb_stable(sales_series(amount, sold_on, '[2026-01-01,2026-04-01)'), activity => 'visits') FROM sale;
SELECT akb_stable(amount, sold_on, '[2026-01-01,2026-04-01)', 'monthly') FROM sale;

DROP TABLE sale;
