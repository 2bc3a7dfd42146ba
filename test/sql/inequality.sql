-- How much hangs on few customers
CREATE TABLE customer_year (team text, customer text, total numeric(12,2));
INSERT INTO customer_year VALUES
  ('harbour', 'Middleman', 700000), ('harbour', 'Adler', 180000), ('harbour', 'Baltic', 120000),
  ('hills', 'Como', 210000), ('hills', 'Doric', 150000), ('hills', 'Elm', 160000), ('hills', 'Fjord', 0), ('hills', 'Gale', -5000),
  ('lakes', 'Holm', NULL), ('lakes', 'Isle', 0);

SELECT team, count(*), hhi(total), round(1 / hhi(total), 2) AS effective, gini(total), gini(total, true) AS corrected, top_share(total, 1) AS top, top_share(total, 2) AS top_2, top_share(total, 10) AS top_10
FROM customer_year GROUP BY ROLLUP (team) ORDER BY team;

-- published: 50/30/20 has 3,800 of 10,000
SELECT name, round(10000 * hhi(share)) AS hhi
FROM (VALUES ('50/30/20', '{50,30,20}'::numeric[]), ('ten of 10', array_fill(10, ARRAY[10])), ('60/30/10', '{60,30,10}'), ('40/30/20/10', '{40,30,20,10}'), ('4 x 25', '{25,25,25,25}'), ('30/30/20/20', '{30,30,20,20}')) AS x (name, shares), unnest(shares) AS share
GROUP BY name ORDER BY name;

-- as a window aggregate
SELECT team, customer, round(top_share(total, 1) OVER teams, 2) AS top, round(hhi(total) OVER teams, 2) AS hhi FROM customer_year WHERE total > 0 WINDOW teams AS (PARTITION BY team) ORDER BY team, customer;

-- on whom does the company depend?
SELECT key_share_state(top_share(total, 1)) AS on_one, key_share_state(top_share(total, 2)) AS on_two, key_share_state(top_share(total, 1), 0.10, 0.25) AS other_limits FROM customer_year;

-- With literals
SELECT hhi(7), hhi('7') AS text, hhi(7.50) AS decimals, gini(7), gini('7') AS text, gini(7, false) AS plain, gini(7, true) AS corrected, gini('7', 't') AS both, top_share(7, 1), top_share('7', '2') AS text, top_share(7.50, 3) AS decimals;
SELECT hhi(NULL), gini(NULL), gini(NULL, true) AS corrected, gini(7, NULL) AS setting, top_share(NULL, 1) AS top, top_share(7, NULL) AS n, top_share(NULL, NULL) AS both;
SELECT hhi(total), gini(total), gini(total, true) AS corrected, top_share(total, 1) FROM customer_year WHERE false;

-- What is wrong is said
SELECT top_share(total, 0) FROM customer_year;
SELECT top_share(total, -1) FROM customer_year;
SELECT top_share(total, 1000001) FROM customer_year;
SELECT top_share(total, CASE team WHEN 'hills' THEN 1 ELSE 2 END) FROM customer_year;
SELECT gini(total, team = 'hills') FROM customer_year;
SELECT hhi('NaN');
SELECT gini('Infinity', true);
SELECT top_share('-Infinity', 1);
SELECT hhi_final('\x00');
SELECT top_share_final('\x00');
SELECT gini_final('\x00');
\set VERBOSITY terse
SELECT hhi(1.5::float8);
SELECT top_share(total, 0.20) FROM customer_year;

DROP TABLE customer_year;
