-- Distribution as an analyst writes it

CREATE TABLE outlet (outlet text, region text, turnover numeric(12, 2));
INSERT INTO outlet VALUES ('Adler', 'north', 500), ('Baltic', 'north', 100), ('Como', 'south', 200), ('Delta', 'south', 150), ('Elm', 'south', 50), ('Fjord', 'west', -20);
CREATE TABLE audit (outlet text, present boolean);
INSERT INTO audit VALUES ('Adler', true), ('Baltic', true), ('Como', true), ('Delta', false), ('Elm', false), ('Fjord', NULL);

-- In 3 of 5 outlets, which have 800 of the 1000 of all
SELECT round(numeric_distribution(present), 4) AS numeric, round(weighted_distribution(present, turnover), 4) AS weighted FROM audit JOIN outlet USING (outlet);
SELECT region, numeric_distribution(present), weighted_distribution(present, turnover) FROM audit JOIN outlet USING (outlet) GROUP BY ROLLUP (region) ORDER BY region;
SELECT outlet, numeric_distribution(present) OVER (PARTITION BY region), weighted_distribution(present, turnover) OVER (ORDER BY outlet) FROM audit JOIN outlet USING (outlet) ORDER BY outlet;

-- Literals, and other types of weights
SELECT numeric_distribution(true) AS true, numeric_distribution('f') AS text, numeric_distribution(NULL) AS unknown, numeric_distribution(1 > 0) AS condition;
SELECT weighted_distribution(true, 7) AS integer, weighted_distribution(false, 7.5) AS numeric, weighted_distribution('t', '7') AS text, weighted_distribution(true, NULL) AS unknown, weighted_distribution(NULL, 1) AS not_known;
SELECT weighted_distribution(present, turnover::bigint) AS bigint, weighted_distribution(present, 1::smallint) AS smallint FROM audit JOIN outlet USING (outlet);
SELECT numeric_distribution(present) AS none, weighted_distribution(present, 1) AS none_weighted FROM audit WHERE false;
SELECT weighted_distribution(present, -turnover) AS negative, weighted_distribution(present, 0) AS zero FROM audit JOIN outlet USING (outlet) WHERE turnover > 0;

-- The coverage coefficient and the distribution coefficient of a planogram standard
WITH position (outlet, sku, present) AS (
  SELECT outlet, sku, sku <= (ARRAY[4, 4, 2, 1, 3])[outlet] FROM generate_series(1, 5) AS outlet, generate_series(1, 4) AS sku)
SELECT (SELECT numeric_distribution(complete) FROM (SELECT bool_and(present) AS complete FROM position GROUP BY outlet) AS o) AS coverage,
  numeric_distribution(present) AS distribution FROM position;

-- What is wrong is said
SELECT weighted_distribution(true, 'NaN');
SELECT weighted_distribution(false, '-Infinity');
SELECT weighted_distribution(present, 1e38) FROM audit;
\set VERBOSITY terse
SELECT numeric_distribution(1);
SELECT weighted_distribution(true, 7::double precision);
\set VERBOSITY default
SELECT part_final('\x00');

DROP TABLE outlet, audit;
