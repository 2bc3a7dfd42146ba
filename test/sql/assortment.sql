-- Breadth and white space as an analyst writes them

CREATE TABLE sale (customer text, product integer, category text, quantity numeric(10, 3));
INSERT INTO sale VALUES
  ('Aral', 1, 'tea', 10), ('Aral', 1, 'tea', 5), ('Aral', 2, 'tea', 4), ('Aral', 2, 'tea', -4), ('Aral', 7, 'rice', 0.5),
  ('Baikal', 1, 'tea', 3), ('Baikal', 9, 'oil', -1), ('Como', NULL, 'tea', 1), ('Como', 3, 'tea', NULL);

SELECT customer, assortment_breadth(product, quantity), count(DISTINCT product) AS touched FROM sale GROUP BY customer ORDER BY customer;
SELECT assortment_breadth(product::smallint, quantity), assortment_breadth(product::bigint, quantity), assortment_breadth(category, quantity), assortment_breadth(category::varchar, 1), assortment_breadth(category::char(4), 1),
  assortment_breadth(md5(category)::uuid, quantity) FROM sale;
SELECT assortment_breadth(7, 1) AS number, assortment_breadth('tea', 1) AS literal, assortment_breadth(NULL::bigint, 1) AS unknown;
SELECT assortment_breadth(product, quantity) AS none FROM sale WHERE false;

-- The share of what is offered, by category as well
SELECT customer, category, assortment_breadth(product, quantity) AS breadth, round(assortment_breadth(product, quantity)::numeric / 20, 2) AS share
FROM sale GROUP BY GROUPING SETS ((customer), (customer, category)) ORDER BY customer, category;

-- What is offered and not bought
SELECT white_space('{tea,rice,oil}', '{tea}'), white_space(ARRAY['tea', 'rice', 'oil'], ARRAY['oil', 'salt', 'tea', 'rice']) AS all_bought;
SELECT white_space(offered => '{oil,NULL,rice,oil,tea}', bought => '{NULL,tea}');
SELECT customer, white_space('{tea,rice,oil}', array_agg(category)) FROM (
  SELECT customer, category FROM sale GROUP BY customer, category HAVING sum(quantity) > 0) AS bought
GROUP BY customer ORDER BY customer;

-- What is wrong is said
SELECT assortment_breadth(product, 'NaN') FROM sale;
\set VERBOSITY terse
SELECT assortment_breadth(1.5, 1);
\set VERBOSITY default
SELECT assortment_breadth_final('\x00');

DROP TABLE sale;
