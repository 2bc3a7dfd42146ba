-- The movement of a base as an analyst writes it

CREATE TABLE sale (customer text, manager text, sold_on date, amount numeric(12, 2));
INSERT INTO sale VALUES
  ('Adler', 'Dana', '2025-12-05', 100), ('Adler', 'Dana', '2026-01-05', 110), ('Adler', 'Dana', '2026-02-05', 120), ('Adler', 'Dana', '2026-03-05', 130),
  ('Baltic', 'Dana', '2025-12-10', 50), ('Baltic', 'Dana', '2026-02-10', 60),
  ('Como', 'Dana', '2025-05-10', 40), ('Como', 'Dana', '2026-01-10', 45),
  ('Delta', 'Eli', '2026-02-11', 70), ('Delta', 'Eli', '2026-03-11', 70), ('Delta', 'Eli', '2026-03-20', -70),
  ('Etna', 'Eli', '2025-12-11', 80), ('Etna', 'Eli', '2026-01-11', 80), ('Etna', 'Eli', '2026-03-11', -20);

CREATE TABLE base AS
SELECT customer, manager, sales_series(amount, sold_on, '[2025-12-01,2026-04-01)') AS s, min(sold_on) FILTER (WHERE amount > 0) AS first_sale
FROM sale GROUP BY customer, manager;

SELECT m.bucket, m.opening, m.new, m.returned, m.lost, m.closing, round(m.attrition, 4) AS attrition, round(m.retention, 4) AS retention, m.opening_amount, m.lost_amount, round(m.revenue_attrition, 4) AS revenue_attrition
FROM (SELECT base_movement(s, first_sale) AS rows FROM base) AS x, unnest(rows) AS m;
SELECT m.bucket, m.opening, m.new, m.returned, m.lost, m.closing
FROM (SELECT base_movement(s, first_sale, 'order') AS rows FROM base) AS x, unnest(rows) AS m;
SELECT manager, m.bucket, m.opening, m.new, m.returned, m.lost, m.closing, m.lost_amount
FROM (SELECT manager, base_movement(s, first_sale, 'net') AS rows FROM base GROUP BY ROLLUP (manager)) AS x, unnest(rows) AS m ORDER BY manager, m.bucket;

-- How many are active, by month and in the quarter
SELECT manager, akb_by_bucket(s) AS net, akb_by_bucket(s, 'order') AS by_order FROM base GROUP BY ROLLUP (manager) ORDER BY manager;
SELECT akb_by_bucket(regrain(s, 'quarter')), akb_by_bucket(slice(s, '[2026-01-01,2026-04-01)')) FROM base;

-- Nobody, and bare literals
SELECT base_movement(s, first_sale), akb_by_bucket(s), akb_by_bucket(s, 'net') FROM base WHERE false;
SELECT base_movement(NULL, '2026-01-01'), base_movement(NULL, '2026-01-01', 'net'), akb_by_bucket(NULL);
SELECT base_movement('{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [10, 0], "sale_days": [0, 31]}', '2026-01-01') AS net,
  base_movement('{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [10, 0], "sale_days": [0, 31]}', '2026-01-01', 'order') AS by_order,
  akb_by_bucket('{"version": 1, "period": "[2026-01-01,2026-03-01)", "grain": "month", "totals": [10, 0], "sale_days": [0, 31]}', 'order') AS active;

-- What is wrong is said
SELECT base_movement(s, NULL) FROM base;
SELECT base_movement(s, first_sale, 'visits') FROM base;
SELECT base_movement(CASE customer WHEN 'Como' THEN slice(s, '[2026-01-01,2026-04-01)') ELSE s END, first_sale ORDER BY customer) FROM base;
SELECT akb_by_bucket(s, CASE customer WHEN 'Como' THEN 'order' ELSE 'net' END) FROM base;
SELECT base_movement_final('\x00');

DROP TABLE sale, base;
