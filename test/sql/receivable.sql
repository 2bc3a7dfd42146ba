-- Receivables as an analyst writes them

CREATE TABLE invoice (customer text, agent text, due_on date, deferred boolean, open_amount numeric(12, 2));
INSERT INTO invoice VALUES
  ('Adler',  'Ann', '2026-03-20', true,   700), ('Adler',  'Ann', '2026-04-15', true,  3300),
  ('Baltic', 'Ann', '2026-02-10', true,   500), ('Baltic', 'Ann', '2026-03-31', true,  1500), ('Baltic', 'Ann', '2026-03-01', true, -250),
  ('Como',   'Bob', NULL,         true,  2000), ('Como',   'Bob', '2026-03-05', false,  500), ('Como',   'Bob', '2026-04-01', false, 1500),
  ('Delta',  'Bob', '2026-03-01', true,     0), ('Elm',    'Bob', '2026-01-01', true,  NULL), ('Fjord',  'Bob', '2026-01-01', NULL,  100);

-- 1200 of 8000: what was paid on delivery and the credit balance stay out, what is due today is not overdue
SELECT round(overdue_share(open_amount, due_on, '2026-03-31', deferred), 4) AS deferred, round(overdue_share(open_amount, due_on, '2026-03-31') FILTER (WHERE deferred IS NOT NULL), 4) AS all_invoices FROM invoice;
SELECT overdue_share(open_amount, due_on, '2026-03-31', deferred) AS today, overdue_share(open_amount, due_on, '2026-04-01', deferred) AS tomorrow FROM invoice;
SELECT agent, customer, round(overdue_share(open_amount, due_on, '2026-03-31', deferred), 4) AS overdue FROM invoice GROUP BY GROUPING SETS ((agent, customer), (agent), ()) ORDER BY agent, customer;

-- Literals
SELECT overdue_share(100, '2026-03-30', '2026-03-31') AS late, overdue_share(100, '2026-03-31', '2026-03-31') AS due_today, overdue_share(100.50, NULL, '2026-03-31') AS no_day, overdue_share('100', '2026-03-30', '2026-03-31') AS text;
SELECT overdue_share(100, '2026-03-30', '2026-03-31', true) AS late, overdue_share(100, '2026-03-30', '2026-03-31', false) AS on_delivery, overdue_share(100, '2026-03-30', '2026-03-31', NULL) AS unknown, overdue_share(100, '2026-03-30', NULL, true) AS no_as_of;
SELECT overdue_share(NULL, '2026-03-30', '2026-03-31') AS unknown, overdue_share(-100, '2026-03-30', '2026-03-31') AS credit, overdue_share(0, '2026-03-30', '2026-03-31') AS paid;
SELECT overdue_share(open_amount, due_on, '2026-03-31') AS none, overdue_share(open_amount, due_on, '2026-03-31', deferred) AS none_deferred FROM invoice WHERE false;

-- Payments and the plan
CREATE TABLE payment (customer text, paid_on date, amount numeric(12, 2));
CREATE TABLE payment_plan (customer text, due_on date, amount numeric(12, 2));
INSERT INTO payment VALUES ('Adler', '2026-03-02', 100), ('Adler', '2026-03-09', 50), ('Adler', '2026-03-16', 390), ('Baltic', '2026-03-03', 40), ('Baltic', '2026-03-03', 20);
INSERT INTO payment_plan VALUES ('Adler', '2026-03-02', 100), ('Adler', '2026-03-09', 200), ('Adler', '2026-03-16', 300), ('Baltic', '2026-03-10', 60);

CREATE VIEW payment_day AS
SELECT customer, day, paid, planned
FROM (SELECT customer, paid_on AS day, sum(amount) AS paid FROM payment GROUP BY customer, paid_on) AS p
FULL JOIN (SELECT customer, due_on AS day, sum(amount) AS planned FROM payment_plan GROUP BY customer, due_on) AS d USING (customer, day);

SELECT customer, round(payment_discipline(paid, planned), 4) AS literal, round(payment_discipline_strict(paid, planned), 4) AS strict FROM payment_day GROUP BY ROLLUP (customer) ORDER BY customer;
SELECT day, round(payment_discipline(paid, planned), 4) AS literal, round(payment_discipline_strict(paid, planned), 4) AS strict FROM payment_day GROUP BY day ORDER BY day;

SELECT payment_discipline(90, 100) AS integer, payment_discipline(90.5, '100') AS mixed, payment_discipline('90', '100') AS text, payment_discipline(NULL, 100) AS nothing_paid, payment_discipline(90, NULL) AS unplanned, payment_discipline(NULL, NULL) AS neither;
SELECT payment_discipline_strict(90, 100) AS less, payment_discipline_strict(110, 100) AS more, payment_discipline_strict('90', '100') AS text, payment_discipline_strict(NULL, 100) AS nothing_paid, payment_discipline_strict(90, NULL) AS unplanned, payment_discipline_strict(NULL, NULL) AS neither;
SELECT payment_discipline(-10, 100) AS refund, payment_discipline_strict(-10, 100) AS refund_strict, payment_discipline(10, -100) AS minus_plan, payment_discipline_strict(10, 0) AS no_plan;
SELECT payment_discipline(paid, planned) AS none, payment_discipline_strict(paid, planned) AS none_strict FROM payment_day WHERE false;

-- What is wrong is said
SELECT overdue_share('NaN', '2026-03-30', '2026-03-31');
SELECT overdue_share(100, 'infinity', '2026-03-31', true);
SELECT overdue_share(100, '2026-03-30', '-infinity');
SELECT payment_discipline('Infinity', 100);
SELECT payment_discipline_strict(100, 'NaN');
\set VERBOSITY terse
SELECT overdue_share(100, timestamp '2026-03-30', '2026-03-31');
\set VERBOSITY default
SELECT part_final('\x00');

DROP VIEW payment_day;
DROP TABLE invoice, payment, payment_plan;
