-- ABCDE classes as an analyst writes them

CREATE TABLE customer (customer text, channel text, profit numeric(12, 2), potential numeric(12, 2));
INSERT INTO customer VALUES
  ('Aral', 'retail', 900, 4000), ('Baikal', 'retail', 700, 600), ('Como', 'retail', 150, 5000), ('Dvina', 'retail', 60, 300),
  ('Elbe', 'retail', -40, 6000), ('Fulda', 'retail', 0, 200), ('Garda', 'retail', 90, NULL), ('Havel', 'retail', NULL, 7000),
  ('Indus', 'wholesale', 50, 50), ('Jordan', 'wholesale', 50, 50), ('Kama', 'wholesale', -1, NULL);

-- Every form, with literals
SELECT abcde_class(5, 10) OVER () AS two, abcde_class(5, 10, 0.5) OVER () AS cutoff, abcde_class('-5', '10', '0.5') OVER () AS unknown,
  abcde_class(profit => 5, potential => NULL, cutoff => 1) OVER () AS named, abcde_class(NULL, 10) OVER () AS nothing;
SELECT abcde_class(5, 10, 5, 10) AS limits, abcde_class('5', '10', '5', '11') AS unknown, abcde_class(4, 10, high_profit => 5, high_potential => 10) AS named,
  abcde_class(4, NULL, 5, 10) AS no_potential, abcde_class(-0.01, 10, 5, 10) AS loss, abcde_class(NULL, 10, 5, 10) AS nothing;

-- Within each channel
SELECT channel, customer, profit, potential, abcde_class(profit, potential) OVER (PARTITION BY channel) AS class
FROM customer ORDER BY channel, class, customer;

-- How many, and what they bring
SELECT channel, class, count(*) AS customers, sum(profit) AS profit, sum(potential) AS potential
FROM (SELECT *, abcde_class(profit, potential, 0.70) OVER (PARTITION BY channel) AS class FROM customer) AS classed
GROUP BY channel, class ORDER BY channel, class;

-- By the means of the channel
SELECT customer, abcde_class(profit, potential, avg(profit) OVER w, avg(potential) OVER w) AS by_mean
FROM customer WINDOW w AS (PARTITION BY channel) ORDER BY customer;

-- What is wrong is said
SELECT abcde_class(5, 10, 80) OVER ();
SELECT abcde_class(5, 10, 0) OVER ();
SELECT abcde_class('NaN', 10) OVER ();
SELECT abcde_class(5, 'infinity', 5, 10);
SELECT abcde_class(profit, potential, profit / 1000) OVER () FROM customer WHERE profit > 0;
SELECT abcde_class(5, 10);

DROP TABLE customer;
