-- Fill rates as an analyst writes them

CREATE TABLE order_line (customer text, key_account boolean, order_no integer, line integer, ordered numeric(12, 2), price numeric(12, 2), promised_on date, delivered numeric(12, 2), delivered_on date);
INSERT INTO order_line VALUES
  ('Adler',  true,  1, 1, 100, 2.50, '2026-03-02', 100, '2026-03-02'), ('Adler',  true,  1, 2,  50, 4.00, '2026-03-02',  60, '2026-03-01'),
  ('Adler',  true,  2, 1,  80, 1.25, '2026-03-09',  40, '2026-03-09'), ('Adler',  true,  2, 2,  70, 3.00, '2026-03-09',  70, '2026-03-12'),
  ('Baltic', false, 3, 1,  30, 5.00, '2026-03-10',  30, '2026-03-10'), ('Baltic', false, 3, 2,  20, 5.00, '2026-03-10', NULL, NULL),
  ('Baltic', false, 4, 1,   0, 5.00, '2026-03-11',  10, '2026-03-11'), ('Baltic', false, 4, 2, NULL, 5.00, '2026-03-11',  10, '2026-03-11'),
  ('Como',   false, 5, 1,  40, NULL, '2026-03-12',  40, '2026-03-12'), ('Como',   false, 5, 2,  10, 8.00, NULL,         10, '2026-03-12');

-- 190 and 260 of 300; without the cap for each line it would be 270
SELECT round(fill_rate(ordered, delivered, delivered_on <= promised_on), 4) AS strict, round(fill_rate_lenient(ordered, delivered), 4) AS lenient, round(sum(delivered) / sum(ordered), 4) AS uncapped FROM order_line WHERE customer = 'Adler';
SELECT customer, round(fill_rate(ordered, delivered, delivered_on <= promised_on), 4) AS strict, round(fill_rate_lenient(ordered, delivered), 4) AS lenient,
  round(fill_rate(ordered, delivered, delivered_on <= promised_on, price), 4) AS amount, round(fill_rate_lenient(ordered, delivered, price), 4) AS lenient_amount
FROM order_line GROUP BY ROLLUP (customer) ORDER BY customer;
SELECT round(fill_rate(ordered, delivered, delivered_on <= promised_on) FILTER (WHERE key_account), 4) AS key_accounts, round(fill_rate(ordered, delivered, delivered_on <= promised_on) FILTER (WHERE NOT key_account), 4) AS others FROM order_line;

-- Lines and orders
SELECT round(otif(true, delivered >= ordered), 4) AS line_fill_rate, round(otif(delivered_on <= promised_on, true), 4) AS on_time, round(otif(delivered_on <= promised_on, delivered >= ordered), 4) AS otif FROM order_line WHERE ordered > 0;
SELECT round(otif(true, in_full), 4) AS order_fill_rate, round(otif(on_time, true), 4) AS on_time, round(otif(on_time, in_full), 4) AS otif
FROM (SELECT order_no, bool_and((delivered_on <= promised_on) IS TRUE) AS on_time, bool_and((delivered >= ordered) IS TRUE) AS in_full FROM order_line WHERE ordered > 0 GROUP BY order_no) AS o;

-- Literals
SELECT fill_rate(100, 60, true) AS short, fill_rate(100, 160, true) AS more, fill_rate(100, 60, false) AS late, fill_rate(100, 60, NULL) AS unknown, fill_rate('100', '60.5', 'yes') AS text;
SELECT fill_rate(100, NULL, true) AS undelivered, fill_rate(100, -60, true) AS returned, fill_rate(0, 60, true) AS cancelled, fill_rate(-1, 60, true) AS negative, fill_rate(NULL, 60, true) AS not_ordered;
SELECT fill_rate(100, 60, true, 2.50) AS amount, fill_rate(100, 60, true, 0) AS free, fill_rate(100, 60, true, -1) AS negative, fill_rate(100, 60, true, NULL) AS no_price, fill_rate('100', '60', 't', '2.50') AS text;
SELECT fill_rate_lenient(100, 60) AS short, fill_rate_lenient(100, 160) AS more, fill_rate_lenient(100, NULL) AS undelivered, fill_rate_lenient(NULL, 60) AS not_ordered, fill_rate_lenient('100', '60') AS text;
SELECT fill_rate_lenient(100, 60, 2.50) AS amount, fill_rate_lenient(100, 60, 0) AS free, fill_rate_lenient(100, 60, NULL) AS no_price, fill_rate_lenient('100', '60', '2.50') AS text;
SELECT otif(true, true) AS perfect, otif(true, false) AS short, otif(false, true) AS late, otif(NULL, true) AS unknown, otif(true, NULL) AS undelivered, otif(NULL, NULL) AS neither, otif('t', 't') AS text;
SELECT fill_rate(ordered, delivered, true) AS none, fill_rate(ordered, delivered, true, price) AS none_amount, fill_rate_lenient(ordered, delivered) AS none_lenient, fill_rate_lenient(ordered, delivered, price) AS none_lenient_amount, otif(true, true) AS none_otif FROM order_line WHERE false;

-- What is wrong is said
SELECT fill_rate('NaN', 60, true);
SELECT fill_rate(100, 'Infinity', false);
SELECT fill_rate(100, 60, true, '-Infinity');
SELECT fill_rate_lenient(100, 'NaN');
SELECT fill_rate_lenient(100, 60, 'NaN');
SELECT fill_rate(1e20, 1e20, true, 1e20);
\set VERBOSITY terse
SELECT fill_rate(100::double precision, 60, true);
SELECT otif(1, 1);
\set VERBOSITY default
SELECT fill_rate_accumulate('\x00', 100, 60, true);

DROP TABLE order_line;
