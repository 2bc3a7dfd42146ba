-- Customers among their peers, the way an analyst writes it
CREATE TABLE customer_year (customer text, region text, amount numeric(12,2), cost numeric(12,2), products bigint);
INSERT INTO customer_year VALUES
    ('Aria', 'north', 900, 810, 2), ('Birch', 'north', 500, 300, 12), ('Cedar', 'north', 400, 200, 10),
    ('Dune', 'north', 400, 280, 9), ('Elm', 'north', 100, 60, 8), ('Fjord', 'north', 0, 0, 0),
    ('Grove', 'north', -20, -12, 1), ('Jade', 'south', 40, 30, 2), ('Kite', 'south', 40, 20, 4),
    ('Loch', 'south', NULL, NULL, NULL);

-- Every form
SELECT size_class(5) OVER () AS size, size_class(5, '{10,5}') OVER () AS medium, size_class(5, NULL) OVER () AS thirds,
       size_class(value => 5, thresholds => ARRAY[3, 1]) OVER () AS named, peer_index(5) OVER () AS index,
       peer_action(5) OVER () AS action, mix_share(5) OVER () AS mix, sells_much_earns_little(100, 90, 3) OVER () AS little;

SELECT customer, amount,
       size_class(amount) OVER () AS size,
       size_class(amount, '{500,100}') OVER () AS by_thresholds,
       round(peer_index(amount) OVER (), 3) AS index,
       peer_action(amount) OVER () AS action,
       round(mix_share(amount) OVER (), 3) AS mix,
       sells_much_earns_little(amount, cost, products) OVER () AS little
  FROM customer_year
 WHERE region = 'north'
 ORDER BY amount DESC;

-- One group of peers a region
SELECT region, customer, amount,
       size_class(amount) OVER w AS size,
       round(peer_index(amount) OVER w, 3) AS index,
       peer_action(amount) OVER w AS action,
       sells_much_earns_little(amount, cost, products) OVER w AS little
  FROM customer_year
WINDOW w AS (PARTITION BY region)
 ORDER BY region, amount DESC NULLS LAST, customer;

-- Peers are customers of one size: the mean of the class, and the index within it
SELECT size, customer, amount,
       round(avg(amount) OVER w, 2) AS class_mean,
       round(peer_index(amount) OVER w, 3) AS index
  FROM (SELECT customer, amount, size_class(amount) OVER () AS size
          FROM customer_year
         WHERE amount > 0) AS sized
WINDOW w AS (PARTITION BY size)
 ORDER BY size, amount DESC, customer;

-- Thresholds from a table, another pair for each region
SELECT region, customer, amount, size_class(amount, thresholds) OVER (PARTITION BY region) AS size
  FROM customer_year
  JOIN (VALUES ('north', '{500,400}'::numeric[]), ('south', NULL)) AS rule (region, thresholds) USING (region)
 ORDER BY region, amount DESC NULLS LAST, customer;

-- Straight from sales rows: the window is over the groups
CREATE TABLE sale (customer text, category text, product text, amount numeric(12,2), cost numeric(12,2));
INSERT INTO sale VALUES
    ('Aria', 'tea', 'green', 300, 280), ('Aria', 'tea', 'green', 500, 460), ('Aria', 'tea', 'green', -20, -18),
    ('Birch', 'tea', 'black', 100, 60), ('Birch', 'tea', 'green', 50, 30), ('Birch', 'milk', 'oat', 90, 50),
    ('Cedar', 'milk', 'oat', 60, 40), ('Cedar', 'tea', 'mint', 20, 10), ('Cedar', 'tea', 'black', 20, 12);

SELECT customer, sum(amount) AS amount, count(DISTINCT product) AS products,
       sells_much_earns_little(sum(amount), sum(cost), count(DISTINCT product)) OVER () AS little
  FROM sale
 GROUP BY customer
 ORDER BY customer;

SELECT customer, category, sum(amount) AS amount, round(mix_share(sum(amount)) OVER (PARTITION BY customer), 4) AS share
  FROM sale
 GROUP BY customer, category
 ORDER BY customer, category;

-- What is wrong is said
SELECT size_class(5, '{10}') OVER ();
SELECT size_class(5, '{5,10}') OVER ();
SELECT size_class(5, '{10,5,1}') OVER ();
SELECT size_class('NaN') OVER ();
SELECT size_class(amount, ARRAY[products, products - 1]) OVER () FROM customer_year;
SELECT peer_index('infinity') OVER ();
SELECT sells_much_earns_little(5, 'NaN', 1) OVER ();
SELECT peer_action(5);

DROP TABLE customer_year, sale;
