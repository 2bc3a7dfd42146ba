-- What was sold against the planned mix
CREATE TABLE mix (channel text, brand text, plan numeric, sold numeric(12,2));
INSERT INTO mix VALUES
  ('modern', 'cola', 0.30, 400), ('modern', 'water', 0.20, 300),
  ('traditional', 'cola', 0.20, 150), ('traditional', 'water', 0.10, 50),
  ('distributors', 'cola', 0.15, 40), ('distributors', 'water', 0.05, 60);

-- 50/30/20 were planned, 70/20/10 were sold
SELECT mix_deviation(plan, sold) FROM (SELECT channel, sum(plan) AS plan, sum(sold) AS sold FROM mix GROUP BY channel) AS x;

-- by brand within each channel, and by channel and brand
SELECT channel, mix_deviation(plan, sold) FROM mix GROUP BY ROLLUP (channel) ORDER BY channel;

-- what is only planned, and what is only sold
SELECT mix_deviation(plan, sold) FROM (VALUES ('a', 60), ('b', 40)) AS p (brand, plan) FULL JOIN (VALUES ('b', 80), ('c', 20)) AS s (brand, sold) USING (brand);

-- returns, nothing planned, nothing sold
SELECT name, mix_deviation(plan, sold)
FROM (VALUES ('as planned', 5, 50), ('as planned', 5, 50), ('all elsewhere', 1, 0), ('all elsewhere', 0, 9), ('returns', 1, -3), ('returns', 1, 4),
  ('only returns', 1, -3), ('nothing sold', 1, 0), ('nothing sold', 1, NULL), ('nothing planned', 0, 4), ('nothing planned', NULL, 4), ('one part', 3, 11), ('unknown', NULL, NULL)) AS x (name, plan, sold)
GROUP BY name ORDER BY name;

-- With literals
SELECT mix_deviation(50, 70), mix_deviation('50', '70') AS text, mix_deviation(0.5, 70.25) AS decimals, mix_deviation(NULL, 70) AS no_plan, mix_deviation(50, NULL) AS not_sold, mix_deviation(NULL, NULL) AS neither;
SELECT mix_deviation(plan, sold) FROM mix WHERE false;

-- What is wrong is said
SELECT mix_deviation(-1, 5);
SELECT mix_deviation('NaN', 5);
SELECT mix_deviation(1, 'Infinity');
SELECT mix_deviation(1e30, 1e-10);
SELECT mix_deviation_final('\x00');
\set VERBOSITY terse
SELECT mix_deviation(1, 1.5::float8);

DROP TABLE mix;
