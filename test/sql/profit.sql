-- What is left of a customer's sales

SELECT * FROM profit_and_loss(1000, 100, 600, 150, 60, 40);
SELECT * FROM profit_and_loss(1000, 100, 600, 150, 60, 90);
SELECT * FROM profit_and_loss('1000', '100', '600', '150', '60', '40');
SELECT * FROM profit_and_loss(1000.50, 100, 600);
SELECT * FROM profit_and_loss(1000, 100, 600, 150);
SELECT * FROM profit_and_loss(1000, 100, 600, other => 350);
SELECT * FROM profit_and_loss(gross => 1000, discounts => 0, cost_of_goods => 700, logistics => 20);

-- What is not known is said, and is no zero
SELECT * FROM profit_and_loss(1000, 100, 600, 150, NULL, 40);
SELECT * FROM profit_and_loss(1000, 100, NULL, 150, 60, 40);
SELECT * FROM profit_and_loss(1000, NULL, 600, NULL, 60);
SELECT * FROM profit_and_loss(NULL, NULL, NULL, NULL, NULL, NULL);

-- Zero, returns, nothing spent
SELECT * FROM profit_and_loss(0, 0, 0, 50);
SELECT * FROM profit_and_loss(-200, -20, -120, 0);
SELECT * FROM profit_and_loss(100, 0, 80, 10, 10);
SELECT * FROM profit_and_loss(100, 0, 80, -10);

-- By customer, and in all
CREATE TABLE customer_year (customer text, gross numeric(12, 2), discounts numeric(12, 2), cost numeric(12, 2), spend numeric(12, 2));
INSERT INTO customer_year VALUES ('Adler', 5000, 500, 3000, 900), ('Baltic', 3000, 0, 2100, 1100), ('Como', 800, 40, 400, NULL);
SELECT customer, net_revenue, gross_margin, round(gross_margin_share, 3) AS gross_share, contribution, round(contribution_share, 3) AS share, round(return_on_spend, 2) AS return, profitable, missing
FROM customer_year CROSS JOIN LATERAL profit_and_loss(gross, discounts, cost, spend) ORDER BY customer;
-- sum() passes over what is not known; the aggregate does not
SELECT (p).contribution, (p).profitable, (p).missing FROM (SELECT profit_and_loss(sum(gross), sum(discounts), sum(cost), sum(spend)) AS p FROM customer_year) AS x;
SELECT customer, (p).* FROM (SELECT customer, profit_and_loss_agg(gross, discounts, cost, spend) AS p FROM customer_year GROUP BY ROLLUP (customer)) AS x ORDER BY customer;
SELECT (profit_and_loss_agg(gross, discounts, cost)).*, count(*) FROM customer_year;
SELECT (profit_and_loss_agg(1000, 100, 600)).contribution AS three, (profit_and_loss_agg('1000', 100, '600', 150)).contribution AS four, (profit_and_loss_agg(1000, 100, 600, 150, 60)).contribution AS five, (profit_and_loss_agg(1000.50, 100, 600, 150, 60, 40)).contribution AS six;
SELECT profit_and_loss_agg(gross, discounts, cost, spend, 0, 0) AS no_rows FROM customer_year WHERE false;
SELECT profit_and_loss_agg(NULL, NULL, NULL) AS nothing, (profit_and_loss_agg(NULL, NULL, NULL, 5)).missing AS only_spend;

-- Shares and margins
SELECT cost_to_serve(120, 1000), cost_to_serve('120', '960.00') AS text, cost_to_serve(0, 1000) AS nothing, cost_to_serve(1200, 1000) AS more, cost_to_serve(10, 0) AS no_revenue, cost_to_serve(10, -5) AS returns, cost_to_serve(NULL, 5) AS unknown, cost_to_serve(5, NULL) AS unknown_revenue;
SELECT margin_change(270, 1000, 300, 1000) AS eroded, margin_change('450', '1500', 250, 1000) AS gained, margin_change(1, 3, 2, 6) AS same, margin_change(-10, 100, 10, 100) AS into_loss, margin_change(1, 0, 1, 1) AS no_revenue, margin_change(1, 1, 1, -1) AS returns, margin_change(1, 1, NULL, 1) AS unknown;
SELECT front_margin(10, 7.50) AS front, front_margin('12', '9') AS text, front_margin(7, 7) AS none, front_margin(6, 7) AS below_cost, front_margin(0, 7) AS no_price, front_margin(NULL, 7) AS unknown, front_margin(7, NULL) AS unknown_cost;
SELECT back_margin(90, 750) AS back, back_margin('90', '750') AS text, back_margin(0, 750) AS none, back_margin(10, 0) AS no_purchases, back_margin(10, -1) AS returns, back_margin(NULL, 1) AS unknown;

-- What is wrong is said
SELECT profit_and_loss('NaN', 0, 0);
SELECT profit_and_loss(1, 2, 'Infinity', NULL);
SELECT profit_and_loss(NULL, 0, 0, 0, 0, '-Infinity');
SELECT profit_and_loss_agg(1, 'NaN', 0);
SELECT profit_and_loss_agg(1e38, 0, 0, 0);
SELECT profit_and_loss_final('\x00');
SELECT cost_to_serve('NaN', 1);
SELECT margin_change(1, 1, 1, 'Infinity');
SELECT front_margin(1, 'NaN');
SELECT back_margin('NaN', 1);
\set VERBOSITY terse
SELECT profit_and_loss(100, 1);
SELECT profit_and_loss_agg(100, 1);
SELECT cost_to_serve(1.5::float8, 2);
\set VERBOSITY default

DROP TABLE customer_year;
