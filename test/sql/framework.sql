-- instalments and framework_price as an analyst writes them

-- A commitment of 120,000 and one that does not divide evenly
SELECT * FROM instalments(120000, 12, '2026-01-01');
SELECT * FROM instalments(100000, 12, '2026-01-31');

-- Every argument, by place and by name
SELECT * FROM instalments(1000, 3, '2026-01-15', '3 months');
SELECT * FROM instalments(1000, 3, '2026-01-15', '14 days', 0);
SELECT * FROM instalments(total => 1000, n => 3, first_due => '2024-02-29', step => '1 year', scale => -2);
SELECT * FROM instalments(0.08, 12, '2026-01-01') WHERE amount <> 0;
SELECT * FROM instalments(99.99, 1, '2026-01-01');

-- For every customer of a plan
SELECT customer, count(*), min(amount), max(amount), sum(amount), max(due_on)
FROM (VALUES ('north', 120000), ('south', 50000.01), ('west', 7)) AS plan (customer, commitment)
CROSS JOIN LATERAL instalments(commitment, 12, '2026-01-01')
GROUP BY customer ORDER BY customer;

-- Discounts: additive, chained, a return, more than everything
SELECT framework_price(1000, 0.10, 0.05), framework_price(1000, 0.10, 0.05, 'additive') AS additive,
  framework_price(1000, 0.10, 0.05, 'chained') AS chained, framework_price(-1000, 0.10, 0.05) AS returned,
  framework_price(1000, 0.80, 0.30) AS floored, framework_price(gross => 1000, base_discount => 0, extra_discount => 0, mode => 'chained') AS plain;
SELECT invoice, gross, framework_price(gross, 0.10, extra) AS net
FROM (VALUES (1, 1000.00, 0.05), (2, 99.90, 0.05), (3, -99.90, 0.05), (4, 250, 0)) AS line (invoice, gross, extra) ORDER BY invoice;

-- NULL
SELECT count(*) FROM instalments(NULL, 12, '2026-01-01');
SELECT framework_price(NULL, 0.1, 0.1), framework_price(1, NULL, 0.1), framework_price(1, 0.1, NULL), framework_price(1, 0.1, 0.1, NULL);

-- What is refused
SELECT * FROM instalments(0, 12, '2026-01-01');
SELECT * FROM instalments(1000, 0, '2026-01-01');
SELECT * FROM instalments(1000, 12, 'infinity');
SELECT * FROM instalments(1000, 12, '2026-01-01', '12 hours');
SELECT * FROM instalments(1000, 12, '2026-01-01', scale => 21);
SELECT framework_price(1000, 10, 5);
SELECT framework_price(1000, 0.10, -0.05);
SELECT framework_price(1000, 0.10, 0.05, 'both');
