-- The tables of the benchmark, the same rows on every machine. The variable rows is the number of
-- sales lines; tables are made in the first schema of the search path.
--
-- A customer has 100 lines between 28 December 2024 and 3 January 2026, and its kind is
-- customer_id % 4: 0 steady, 1 up and down by the month, 2 very uneven, 3 buys in some months only.

CREATE TABLE sale AS
SELECT customer_id, sold_on,
  CASE WHEN chance % 97 = 0 THEN -1 ELSE 1 END * round(least(
    (20 + customer_id * 7919 % 1800) * CASE customer_id % 4
      WHEN 0 THEN 0.95 + chance % 100 / 1000.0
      WHEN 1 THEN 0.95 + chance % 100 / 1000.0 + (1 - line / 8 % 2 * 2) * (customer_id / 4 % 40) / 100.0
      ELSE 0.05 + (chance % 1000 / 400.0) ^ 2 END, 9999.99), 2)::numeric(12,2) AS amount
FROM (
  SELECT n % (:rows / 100) + 1 AS customer_id,
    n / (:rows / 100) AS line,
    (n % (:rows / 100) * 7919 + n / (:rows / 100) * 104729 + 1) * 2654435761 % 4294967296 AS chance
  FROM generate_series(0::bigint, :rows - 1) AS n) AS l,
  LATERAL (SELECT CASE
    WHEN customer_id % 4 < 2 THEN line * 372 / 100
    WHEN customer_id % 4 = 3 THEN line / 34 * 120 + customer_id % 60 + line % 34
    ELSE chance / 128 % 372 END::int + date '2024-12-28' AS sold_on) AS d
ORDER BY sold_on, chance, customer_id;

-- The same lines by 1,000 branches
CREATE TABLE branch_sale AS
SELECT customer_id % 1000 AS branch_id, sold_on, amount FROM sale;

-- Totals in a long tail, a few of them NULL, zero or negative; ten in a region
CREATE TABLE customer_total AS
SELECT n AS customer_id,
  CASE WHEN chance % 500 = 0 THEN NULL
    WHEN chance % 100 = 1 THEN 0
    WHEN chance % 100 = 2 THEN -50.25
    ELSE round(20000 * ((0.0001 + chance / 4294967296.0) ^ -0.8 - 0.999), 2) END AS total,
  (n * 7919 % (:rows / 100))::int AS region
FROM (SELECT n, n * 2654435761 % 4294967296 AS chance FROM generate_series(1::bigint, :rows / 10) AS n) AS c;

-- The lines of the first tenth of the customers with products, twenty for each customer, in five categories
CREATE TABLE product_sale AS
SELECT customer_id, product_id, product_id % 5 + 1 AS category_id, sold_on, amount,
  sign(amount) * (1 + abs(amount * 100)::bigint % 9) AS quantity
FROM sale, LATERAL (SELECT (customer_id * 7 + (sold_on - date '2024-12-28') * 13 % 20) % 500 + 1 AS product_id) AS p
WHERE customer_id <= :rows / 1000;

-- Plan lines for all customers of these lines, their categories and their products (level 3, 1 and 2)
CREATE TABLE plan_line AS
SELECT customer_id, grouping(category_id, product_id) AS level, coalesce(product_id, category_id, 0) AS key,
  round(1.1 * sum(abs(amount)), -1) AS target
FROM product_sale
GROUP BY GROUPING SETS ((customer_id), (customer_id, category_id), (customer_id, product_id));

-- All lines with the outlet they went to, a product and its category, ten products in each of five
CREATE TABLE outlet_sale AS
SELECT customer_id AS outlet_id, sold_on, product_id, product_id % 5 + 1 AS category_id, amount,
  (sign(amount) * (1 + abs(amount * 100)::bigint % 9))::int AS quantity
FROM sale, LATERAL (SELECT ((customer_id * 7 + (sold_on - date '2024-12-28') * 13 + abs(amount * 100)::bigint % 3) % CASE customer_id % 3 WHEN 0 THEN 12 ELSE 50 END + 1)::int AS product_id) AS p;

-- A territory and planned visits for each outlet; every twentieth is in no plan
CREATE TABLE outlet AS
SELECT n AS outlet_id, n % 100 AS territory_id, CASE WHEN n % 20 <> 7 THEN 12 + n % 5 * 20 ELSE 0 END AS visits
FROM generate_series(1, :rows / 100) AS n;

-- The year of each customer as a stored series, with his first purchase
CREATE TABLE customer_series AS
SELECT customer_id, sales_series(amount, sold_on, '[2025-01-01,2026-01-01)') AS s, min(sold_on) FILTER (WHERE amount > 0) AS first_sale
FROM sale GROUP BY customer_id;

-- The same as a line a month
CREATE TABLE customer_month AS
SELECT customer_id, date_trunc('month', sold_on)::date AS month, sum(amount) AS total
FROM sale WHERE sold_on >= '2025-01-01' AND sold_on < '2026-01-01'
GROUP BY customer_id, date_trunc('month', sold_on);

-- A tenth of the lines as they were ordered and delivered
CREATE TABLE order_line AS
SELECT customer_id, (10 + abs(amount * 100)::bigint % 90)::numeric AS ordered, (8 + abs(amount * 100)::bigint % 91)::numeric AS delivered, abs(amount * 100)::bigint % 13 > 0 AS on_time
FROM sale WHERE customer_id <= :rows / 1000;

VACUUM ANALYZE sale;
VACUUM ANALYZE branch_sale;
VACUUM ANALYZE customer_total;
VACUUM ANALYZE product_sale;
VACUUM ANALYZE outlet_sale;
VACUUM ANALYZE outlet;
VACUUM ANALYZE customer_series;
VACUUM ANALYZE customer_month;
VACUUM ANALYZE order_line;
VACUUM ANALYZE plan_line;
