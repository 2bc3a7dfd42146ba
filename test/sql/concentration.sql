-- Concentration as an analyst asks for it

CREATE TABLE customer_year (region text, customer text, total numeric(12, 2));
INSERT INTO customer_year VALUES
  ('north', 'Aria', 500), ('north', 'Birch', 300), ('north', 'Cedar', 60), ('north', 'Dune', 40), ('north', 'Elm', 30),
  ('north', 'Fjord', 25), ('north', 'Grove', 20), ('north', 'Hill', 15), ('north', 'Isle', 8), ('north', 'Jade', 2),
  ('south', 'Kite', 120.50), ('south', 'Loch', 90), ('south', 'Moor', 90), ('south', 'Nook', 0), ('south', 'Oak', -30), ('south', 'Pine', NULL);

SELECT region, concentration(total), concentration(total, 0.5) AS half, pareto_share(total), pareto_share(total, 0.10) AS tenth
FROM customer_year GROUP BY region ORDER BY region;
SELECT region, round(concentration(total), 3), round(pareto_share(total), 3) FROM customer_year GROUP BY ROLLUP (region) ORDER BY region;

-- Computed limits
SELECT region, l.* FROM (SELECT region, abc_limits(total) AS l FROM customer_year GROUP BY region) AS x, LATERAL (SELECT (l).*) AS l ORDER BY region;
SELECT customer, total, abc_class(total, (SELECT (abc_limits(total)).cutoffs FROM customer_year)) OVER () AS class FROM customer_year ORDER BY total DESC NULLS LAST, customer;

-- The curve
SELECT pareto_points(total, 5) FROM customer_year WHERE region = 'north';
SELECT round(100 * customer_share) AS "customers %", round(100 * value_share, 1) AS "money %"
FROM unnest((SELECT pareto_points(total, 6) FROM customer_year WHERE region = 'north')) AS p;
SELECT region, count(*), min(value_share), max(value_share)
FROM (SELECT region, pareto_points(total, 1000) AS points FROM customer_year GROUP BY region) AS x, unnest(points) AS p GROUP BY region ORDER BY region;

-- With literals
SELECT abc_limits(7), concentration(7), concentration(7, 0.8), concentration(7, '0.8') AS text, pareto_share(7), pareto_share(7, 1), pareto_points(7, 3), pareto_points('7', 2) AS two;
SELECT abc_limits(NULL), concentration(NULL), concentration(NULL, NULL) AS both, pareto_share(7, NULL) AS top, pareto_points(7, NULL) AS points;
SELECT abc_limits(total), concentration(total), pareto_share(total), pareto_points(total, 9) FROM customer_year WHERE false;

-- What is wrong is said
SELECT concentration(total, 80) FROM customer_year;
SELECT pareto_share(total, -0.2) FROM customer_year;
SELECT pareto_points(total, 1) FROM customer_year;
SELECT concentration(total, CASE region WHEN 'north' THEN 0.5 ELSE 0.8 END) FROM customer_year;
SELECT abc_limits('NaN');
SELECT concentration_final('\x00');
\set VERBOSITY terse
SELECT concentration(1.5::float8);

DROP TABLE customer_year;
