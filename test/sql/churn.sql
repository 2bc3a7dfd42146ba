-- Signs of churn as an analyst writes them
SET DateStyle = ISO;

CREATE TABLE sale (customer text, sold_on date, amount numeric(12, 2));
-- Adler buys every month; Baltic ever less and ever later; Como has stopped; Doric is new; Elba sells coats, from October to January; Faro has only returned
INSERT INTO sale
SELECT 'Adler', make_date(2025, 1, 5) + make_interval(months => m), 400 FROM generate_series(0, 16) AS m UNION ALL
SELECT 'Baltic', date '2025-02-01' + 6 * n * n, 900 - 40 * n FROM generate_series(0, 8) AS n UNION ALL
SELECT 'Como', date '2025-01-10' + 14 * n, 120 FROM generate_series(0, 24) AS n UNION ALL
SELECT 'Doric', date '2026-04-20' + 3 * n, 50 FROM generate_series(0, 3) AS n UNION ALL
SELECT 'Elba', make_date(2024, 10, 7) + make_interval(months => m + 12 * y), 1000 - 100 * y FROM generate_series(0, 3) AS m, generate_series(0, 1) AS y UNION ALL
VALUES ('Faro', date '2025-06-06', -70);
CREATE VIEW customer AS
SELECT customer, sales_series(amount, sold_on, '[2024-10-01,2026-07-01)') AS s FROM sale GROUP BY customer;

SELECT customer, round(order_value_recent, 2) AS order_value, round(order_value_base, 2) AS before, shrinking, round(volume_recent, 2) AS volume, round(volume_base, 2) AS before, falling, declines
FROM customer CROSS JOIN LATERAL churn_signs(s, '2026-05-31') ORDER BY customer;
SELECT customer, latest_gap, open_gap, round(mean_gap, 2) AS mean_gap, widening, signs, level
FROM customer CROSS JOIN LATERAL churn_signs(s, '2026-05-31') ORDER BY customer;
-- The list of the end of November, from the same series; the season against the season before
SELECT customer, signs, level, declines FROM customer CROSS JOIN LATERAL churn_signs(s, '2025-11-30', base => 10) ORDER BY customer;
SELECT customer, shrinking, falling, declines, widening, level FROM customer CROSS JOIN LATERAL churn_signs(s, '2026-01-31', compare => 'season') ORDER BY customer;
-- Every setting, by place and by name
SELECT customer, (churn_signs(s, '2026-05-31', 3, 6, 6, 0.10, 'preceding')).level AS by_place, (churn_signs(as_of => '2026-05-31', s => s, compare => 'preceding', tolerance => 0.1, base => 6, recent => 6, k => 3)).level AS by_name,
  (churn_signs(s, '2026-05-31', 1.5)).level AS k, (churn_signs(s, '2026-05-31', 2, 1)).level AS recent, (churn_signs(s, '2026-05-31', 2, 3, 12, '0.5')).level AS tolerance
FROM customer ORDER BY customer;

-- The open gap: 61 days are more than twice 30, 60 are not
SELECT as_of, c.open_gap, c.mean_gap, c.widening
FROM (SELECT sales_series(100, d, '[2025-02-01,2026-07-01)') AS s FROM unnest('{2026-01-01,2026-01-31,2026-03-02,2026-04-01}'::date[]) AS d) AS x,
  unnest('{2026-05-31,2026-06-01}'::date[]) AS as_of, churn_signs(s, as_of) AS c;

-- NULL, and no sales at all
SELECT churn_signs(NULL, '2026-05-31'), churn_signs(s, NULL), churn_signs(s, '2026-05-31', NULL), churn_signs(s, '2026-05-31', compare => NULL) FROM customer WHERE customer = 'Adler';
SELECT churn_signs(sales_series(NULL, NULL, '[2024-10-01,2026-07-01)'), '2026-05-31');

-- What is wrong is said
SELECT churn_signs(s, '2026-07-01') FROM customer WHERE customer = 'Adler';
SELECT churn_signs(s, '2025-11-30') FROM customer WHERE customer = 'Adler';
SELECT churn_signs(s, '2026-05-31', tolerance => 10) FROM customer WHERE customer = 'Adler';
SELECT churn_signs(s, '2026-05-31', compare => 'year') FROM customer WHERE customer = 'Adler';
SELECT churn_signs(regrain(s, 'quarter'), '2026-05-31') FROM customer WHERE customer = 'Adler';

DROP VIEW customer;
DROP TABLE sale;
