-- The groups of the programme and the three Ps, as an analyst writes them
\pset null '(null)'

SELECT * FROM kam_group(true, true, false);
SELECT customer, kam_group, groups
FROM (VALUES ('Acorn', true, true, true), ('Beacon', false, true, true), ('Cedar', NULL, false, true), ('Delta', false, NULL, NULL)) AS f (customer, protection, strategic, growth)
CROSS JOIN LATERAL kam_group(protection, strategic, growth) ORDER BY customer;
SELECT (kam_group(protection => false, strategic => false, growth => true)).kam_group, kam_group(NULL, NULL, NULL) AS outside;

SELECT * FROM three_p(true, true, true);
SELECT candidate, score, qualified
FROM (VALUES ('Acorn', true, true, true), ('Beacon', true, true, false), ('Cedar', true, true, NULL), ('Delta', NULL, NULL, NULL), ('Elm', false, NULL, NULL)) AS c (candidate, need, solvency, authority)
CROSS JOIN LATERAL three_p(need, solvency, authority) ORDER BY candidate;
SELECT (three_p(need => true, solvency => true, authority => NULL)).qualified IS NULL AS open;
