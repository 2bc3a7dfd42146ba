-- Measures of one outlet as an analyst writes them

CREATE TABLE sale (outlet text, product integer, category text, sold_on date, quantity integer, amount numeric(12, 2));
INSERT INTO sale VALUES
  ('corner shop', 1, 'tea', '2026-01-12', 10, 50), ('corner shop', 2, 'tea', '2026-01-12', 5, 40), ('corner shop', 3, 'rice', '2026-01-12', 2, 20), ('corner shop', 1, 'tea', '2026-01-12', 4, 20),
  ('corner shop', 1, 'tea', '2026-02-09', 10, 50), ('corner shop', 3, 'rice', '2026-02-09', -2, -20), ('corner shop', 3, 'rice', '2026-02-16', -1, -10),
  ('station', 4, 'rice', '2026-01-05', 8, 80), ('station', 4, 'rice', '2026-01-06', -8, -80),
  ('market', 1, 'tea', '2026-01-07', -1, -5), ('kiosk', NULL, 'tea', '2026-01-08', 1, 3), ('kiosk', 2, 'tea', '2026-01-09', 1, NULL), ('kiosk', 2, 'tea', '2026-01-10', 0, 0);

-- The active customer base
SELECT outlet, akb_active(amount), akb_active(amount, 150) AS from_150, akb_active(amount, 0, 'net') AS from_0, akb_active(amount, NULL, 'order') AS by_order,
  akb_active(amount, product, 100, 2) AS two_products, akb_active(amount, product, NULL, 3) AS three, akb_active(amount, product, NULL, 3, 'order') AS three_by_order, akb_active(quantity, product, 25, NULL) AS pieces
FROM sale GROUP BY outlet ORDER BY outlet;
SELECT count(*) FILTER (WHERE active) AS akb, count(*) AS outlets FROM (SELECT akb_active(amount) AS active FROM sale GROUP BY outlet) AS o;

-- Orders
SELECT outlet, count(*) AS rows, order_days(amount, sold_on), productive_orders(amount, product, sold_on, 100, 3) AS productive, productive_orders(amount, product, sold_on, 30, NULL) AS from_30,
  productive_orders(amount, product, sold_on, NULL, NULL) AS "all", productive_orders(amount, product, sold_on, 30, 1, 'order') AS by_order
FROM sale GROUP BY outlet ORDER BY outlet;

-- Categories
SELECT outlet, categories_worked(product, category, quantity, NULL, 1) AS any, categories_worked(product, category, quantity, 10, 2) AS two, categories_worked(product, category, quantity, CASE category WHEN 'rice' THEN 1 ELSE 10 END, 2, 'order') AS by_order
FROM sale GROUP BY outlet ORDER BY outlet;

-- Every overload, with literals too
SELECT akb_active(100), akb_active(100, 101), akb_active(100, NULL), akb_active(100, NULL, 'order'), akb_active(99.5, 99.50, 'net');
SELECT akb_active(100, 1, 50, 1), akb_active(100, 'tea', 50, 1), akb_active(100, gen_random_uuid(), 50, 1), akb_active(100, 1, 50, 1, 'net'), akb_active(100, 'tea', NULL, 1, 'order'), akb_active(100, gen_random_uuid(), NULL, NULL, 'order');
SELECT order_days(100, '2026-01-01'), productive_orders(100, 1, '2026-01-01', 100, 1), productive_orders(100, 'tea', '2026-01-01', 100, 1), productive_orders(100, gen_random_uuid(), '2026-01-01', 100, 1),
  productive_orders(100, 1, '2026-01-01', 100, 2, 'net'), productive_orders(100, 'tea', '2026-01-01', NULL, 1, 'order'), productive_orders(100, gen_random_uuid(), '2026-01-01', 101, 1, 'order');
SELECT categories_worked(1, 2, 5, 1, 3) AS nn, categories_worked(1, 'tea', 5, 1, 3) AS nt, categories_worked(1, u, 5, 1, 3) AS nu, categories_worked('x', 2, 5, 1, 3) AS tn, categories_worked('x', 'tea', 5, 1, 3) AS tt, categories_worked('x', u, 5, 1, 3) AS tu,
  categories_worked(u, 2, 5, 1, 3) AS un, categories_worked(u, 'tea', 5, 1, 3) AS ut, categories_worked(u, u, 5, 1, 3) AS uu FROM gen_random_uuid() AS u;
SELECT categories_worked(1, 2, 5, 1, 3, 'order') AS nn, categories_worked(1, 'tea', 5, 1, 3, 'order') AS nt, categories_worked(1, u, 5, 1, 3, 'order') AS nu, categories_worked('x', 2, 5, 1, 3, 'order') AS tn, categories_worked('x', 'tea', 5, 1, 3, 'order') AS tt, categories_worked('x', u, 5, 1, 3, 'order') AS tu,
  categories_worked(u, 2, 5, 1, 3, 'order') AS un, categories_worked(u, 'tea', 5, 1, 3, 'order') AS ut, categories_worked(u, u, 5, 1, 3, 'order') AS uu FROM gen_random_uuid() AS u;
SELECT akb_active(amount, product::smallint, 1, 1::smallint) AS small, akb_active(amount, category::varchar, 1, 1) AS varchar, akb_active(amount, category::char(4), 1, 1::integer) AS char, productive_orders(amount, category::name, sold_on, 1, 1) AS name,
  categories_worked(product::smallint, category::varchar, quantity::smallint, (SELECT count(*) FROM sale WHERE category = 'oil' OR product = 4), 3) AS counted
FROM sale WHERE outlet = 'station' AND amount > 0;
SELECT akb_active(amount), akb_active(amount, product, 1, 1), order_days(amount, sold_on), productive_orders(amount, product, sold_on, 1, 1), categories_worked(product, category, quantity, 1, 1) FROM sale WHERE false;

-- Systemic outlets: more than three quarters of the planned visits
SELECT productive, planned, akb_systemic(productive, planned), akb_systemic(productive, planned, 0.50) AS half FROM (VALUES (9, 12), (10, 12), (5, 6), (6, 12), (0, 0), (3, NULL)) AS v (productive, planned);
SELECT akb_systemic(9, 12), akb_systemic(productive => 9, planned => 12, share => 0.7);

-- What is wrong is said
SELECT akb_active(amount, -1) FROM sale;
SELECT akb_active(amount, product, 100, 0) FROM sale;
SELECT akb_active(amount, 100, 'order') FROM sale;
SELECT akb_active(amount, amount) FROM sale;
SELECT productive_orders(amount, product, sold_on, 100, 3, 'orders') FROM sale;
SELECT categories_worked(product, category, quantity, 0, 3) FROM sale;
SELECT categories_worked(product, category, quantity, product, 3) FROM sale;
SELECT akb_systemic(9, 12, 75);
SELECT akb_active_final('\x00');

DROP TABLE sale;
