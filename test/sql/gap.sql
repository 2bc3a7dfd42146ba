-- Gaps between orders as an analyst writes them
SET DateStyle = ISO;

CREATE TABLE sale (customer text, sold_on date, amount numeric(12, 2));
INSERT INTO sale VALUES
  ('Adler',  '2026-01-01', 100), ('Adler',  '2026-01-31', 120), ('Adler', '2026-03-02', 80), ('Adler', '2026-04-01', 90), ('Adler', '2026-04-01', 10),
  ('Baltic', '2026-01-05', 300), ('Baltic', '2026-01-12', 310), ('Baltic', '2026-01-26', 280), ('Baltic', '2026-02-23', 290), ('Baltic', '2026-04-20', 300), ('Baltic', '2026-05-04', -50),
  ('Como',   '2026-02-10', 500), ('Como',   '2026-02-13', 500),
  ('Doric',  '2026-03-09', 750),
  ('Elba',   '2026-03-09', -75),
  ('Faro',   NULL, 10);
CREATE VIEW customer AS
SELECT customer, sales_series(amount, sold_on, '[2026-01-01,2026-07-01)') AS s FROM sale GROUP BY customer;

SELECT customer, order_gaps(s), round(order_gap(s), 4) AS order_gap, open_gap(s, '2026-06-01'), next_order(s), gap_trend(s), order_value(s)
FROM customer ORDER BY customer;
-- The same at the end of March
SELECT customer, order_gaps(s, '2026-03-31'), round(order_gap(s, '2026-03-31'), 4) AS order_gap, open_gap(s, '2026-03-31'), next_order(s, '2026-03-31'),
  gap_trend(s, '2026-03-31'), order_value(s, '[2026-01-01,2026-04-01)')
FROM customer ORDER BY customer;
-- By name; the last gaps only
SELECT customer, gap_trend(s => s, as_of => '2026-06-30', gaps => 3) AS last_three, gap_trend(s, '2026-06-30', 4) AS four, gap_trend(s, '2026-06-30', NULL) AS "all", order_value(s => s, part => '[2026-04-01,2026-05-01)') AS april
FROM customer ORDER BY customer;

-- Literals, NULL, before the period
SELECT order_gaps(NULL), order_gaps(NULL, '2026-01-01'), order_gap(NULL), order_gap(NULL, NULL), open_gap(NULL, '2026-01-01'), next_order(NULL), next_order(NULL, NULL), gap_trend(NULL), gap_trend(NULL, '2026-01-01'), order_value(NULL), order_value(NULL, NULL);
SELECT order_gap(s, NULL), gap_trend(s, NULL), order_gaps(s, '2025-12-31'), order_gap(s, '2025-12-31'), open_gap(s, '2025-12-31'), next_order(s, '2025-12-31'), gap_trend(s, '2025-12-31')
FROM customer WHERE customer = 'Adler';

-- What is wrong is said
SELECT open_gap(s, '2026-07-01') FROM customer WHERE customer = 'Adler';
SELECT gap_trend(s, '2026-06-30', 2) FROM customer WHERE customer = 'Adler';
SELECT order_value(s, '[2026-01-01,2026-01-15)') FROM customer WHERE customer = 'Adler';

DROP VIEW customer;
DROP TABLE sale;
