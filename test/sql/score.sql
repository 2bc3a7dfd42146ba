-- weighted_score as an analyst writes it

-- Five indicators of a key account: one is not known and leaves with its weight
CREATE TABLE indicator (customer text, name text, attainment numeric, weight numeric, cap numeric);
INSERT INTO indicator VALUES
  ('Acorn',  'sales', 1.10, 0.4, 1.2), ('Acorn',  'market share', 0.90, 0.2, 1.2), ('Acorn',  'execution', 1.00, 0.1, 1), ('Acorn',  'profit', 0.80, 0.2, NULL), ('Acorn', 'fill rate', 0.95, 0.1, 1),
  ('Beacon', 'sales', 3.00, 0.4, 1.2), ('Beacon', 'market share', NULL, 0.2, 1.2), ('Beacon', 'execution', 0.50, 0.1, 1), ('Beacon', 'profit', 0.70, 0.2, NULL), ('Beacon', 'fill rate', 1.00, 0.1, 1),
  ('Cedar',  'sales', NULL, 0.4, 1.2), ('Cedar',  'market share', NULL, 0.2, 1.2);
SELECT customer, round(weighted_score(attainment, weight), 4) AS score, round(weighted_score(attainment, weight, cap), 4) AS capped,
  round(weighted_score(attainment, weight, 1), 4) AS capped_at_1, round(weighted_score(attainment, 1), 4) AS equal
FROM indicator GROUP BY customer ORDER BY customer;
SELECT customer, name, weighted_score(attainment, weight) FROM indicator WHERE customer <> 'Acorn' GROUP BY GROUPING SETS ((customer), (customer, name), ()) ORDER BY customer, name;

-- Literals
SELECT weighted_score(0.9, 0.5), weighted_score(1.5, 2, 1.2) AS capped, weighted_score(1.5, 2, NULL) AS no_cap, weighted_score(5, 0) AS no_weight, weighted_score(NULL, 1) AS no_value, weighted_score(1, NULL) AS weight_unknown;
SELECT weighted_score(score, weight) FROM (VALUES (1, 1), (2, 3)) AS whole (score, weight);
SELECT weighted_score(v, 1) AS no_rows FROM (VALUES (1)) AS x (v) WHERE false;
SELECT v, weighted_score(v, w) OVER (ORDER BY v) AS running FROM (VALUES (1, 1), (2, 3), (6, 4)) AS x (v, w);

-- What is refused
SELECT weighted_score(1, -1);
SELECT weighted_score('NaN', 1);
SELECT weighted_score(1, 'Infinity');
SELECT weighted_score(1, 1, 'NaN');
SELECT weighted_score(1e38, 1);
SELECT weighted_score_final('\x00');
\set VERBOSITY terse
SELECT weighted_score(1::double precision, 1);
DROP TABLE indicator;
