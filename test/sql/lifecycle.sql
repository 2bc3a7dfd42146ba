-- States and stages as an analyst writes them

-- Contract and sales
SELECT has_contract, sold, bought_before, c.state, c.contract_missing
FROM (VALUES (true), (false)) AS k (has_contract), (VALUES (true), (false)) AS v (sold), (VALUES (NULL::boolean), (true), (false)) AS b (bought_before),
  LATERAL client_state(has_contract, sold, bought_before) AS c
ORDER BY 1 DESC, 2 DESC, 3 NULLS FIRST;
SELECT client_state(true, false) AS two, client_state('t', 'f', 'f') AS literals, client_state(sold => false, has_contract => false, bought_before => true) AS named, client_state(NULL, true) AS unknown;

-- Stages by dates: with bare literals, one of them needs the word date
CREATE TABLE customer (name text, first_sale date, previous_sale date, last_sale date);
INSERT INTO customer VALUES
  ('never bought', NULL, NULL, NULL), ('one purchase', '2026-06-01', NULL, '2026-06-01'), ('two purchases', '2026-05-01', '2026-05-01', '2026-06-01'),
  ('regular', '2020-01-15', '2026-06-01', '2026-06-20'), ('late', '2020-01-15', '2026-03-20', '2026-04-20'), ('gone', '2020-01-15', '2026-01-20', '2026-03-01'),
  ('back', '2020-01-15', '2026-01-20', '2026-06-20'), ('first not known', NULL, '2026-06-01', '2026-06-20');
SELECT name, lifecycle_stage(first_sale, previous_sale, last_sale, '2026-06-30') AS stage,
  lifecycle_stage(first_sale, previous_sale, last_sale, '2026-06-30', 30, 60, 365) AS strict,
  lifecycle_stage(first_sale, previous_sale, last_sale, '2026-06-30', lost_after => 200, new_for => 0) AS patient
FROM customer;
SELECT lifecycle_stage(date '2025-01-01', '2026-02-01', '2026-03-01', '2026-04-01') AS literals, lifecycle_stage(NULL, NULL, NULL, date '2026-04-01') AS never,
  lifecycle_stage(last_sale => '2026-03-01', first_sale => '2026-02-01', previous_sale => '2026-02-01', as_of => '2026-04-01', at_risk_after => 20) AS named;
\set VERBOSITY terse
SELECT lifecycle_stage('2025-01-01', '2026-02-01', '2026-03-01', '2026-04-01');
\set VERBOSITY default

-- Stages by a series
CREATE TABLE sale (customer text, sold_on date, amount numeric(12, 2));
INSERT INTO sale VALUES
  ('always', '2025-03-01', 10), ('always', '2025-11-20', 10), ('always', '2026-01-20', 10), ('always', '2026-03-01', 10), ('always', '2026-05-01', 10), ('always', '2026-06-15', 10),
  ('back', '2025-03-01', 10), ('back', '2026-05-01', 10), ('back', '2026-05-20', 10), ('back', '2026-06-20', 10),
  ('gone', '2025-03-01', 10), ('gone', '2026-03-01', 10), ('long gone', '2025-03-01', 10), ('new', '2026-05-02', 10), ('only returns', '2026-05-02', -10);
CREATE TABLE base AS
SELECT customer, sales_series(amount, sold_on, '[2026-01-01,2026-07-01)') AS s, min(sold_on) FILTER (WHERE amount > 0) AS first_sale FROM sale GROUP BY customer;
SELECT customer, lifecycle_stage(s, '2026-06-30', first_sale) AS june, lifecycle_stage(s, '2026-06-30', first_sale, 10, 20) AS strict,
  lifecycle_stage(s, '2026-04-30', first_sale, lost_after => 75, new_for => 40) AS april, lifecycle_stage(s, NULL, first_sale) AS unknown
FROM base ORDER BY customer;
SELECT lifecycle_stage('{"version": 1, "period": "[2026-01-01,2026-05-01)", "grain": "month", "totals": [1, 0, 0, 0], "sale_days": [0]}', '2026-04-01', '2026-01-01') AS literals,
  lifecycle_stage('{"version": 1, "period": "[2026-01-01,2026-05-01)", "grain": "month", "totals": [1, 0, 0, 0], "sale_days": [0]}', date '2026-04-01', '2026-01-01', 30, 100, 30) AS all_of_them;

-- What is wrong is said
SELECT lifecycle_stage(first_sale, previous_sale, last_sale, '2026-05-31') FROM customer;
SELECT lifecycle_stage(first_sale, previous_sale, last_sale, '2026-06-30', 60, 60) FROM customer;
SELECT lifecycle_stage(first_sale, last_sale, last_sale, '2026-06-30') FROM customer;
SELECT lifecycle_stage(s, '2026-07-01', first_sale) FROM base;
SELECT lifecycle_stage(s, '2026-03-15', first_sale) FROM base WHERE customer = 'long gone';
SELECT lifecycle_stage(s, '2026-06-30', last_sale(s)) FROM base WHERE customer = 'always';

DROP TABLE customer, sale, base;
