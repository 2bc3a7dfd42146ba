-- plan_facts as an analyst writes it
SET DateStyle = ISO;

CREATE TABLE sale (customer text, category text, sold_on date, amount numeric(12, 2), cost numeric(12, 2));
INSERT INTO sale VALUES
  ('Aral', 'tea', '2025-02-10', 240000, 180000), ('Aral', 'tea', '2025-04-01', 60000, 45000), ('Aral', 'rice', '2025-11-20', 700000, 600000),
  ('Aral', 'tea', '2026-01-01', 100000, 80000), ('Aral', 'tea', '2026-03-31', 180000, 140000), ('Aral', 'rice', '2026-03-02', -10000, -8000), ('Aral', 'rice', '2026-04-01', 5000, 4000),
  ('Baikal', 'tea', '2026-02-20', 50000, 30000), ('Baikal', 'tea', '2026-03-15', 93000, 70000), ('Como', 'rice', '2024-12-31', 1, 1);

SELECT customer, (plan_facts(amount, sold_on, '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31')).*
FROM sale GROUP BY customer ORDER BY customer;

-- Each customer's own plan
CREATE TABLE plan (customer text, plan_year daterange, launched_on date);
INSERT INTO plan VALUES ('Aral', '[2026-01-01,2027-01-01)', '2026-01-01'), ('Baikal', '[2026-01-01,2027-01-01)', '2026-03-01'), ('Como', NULL, NULL), ('Dal', '[2026-01-01,2027-01-01)', '2026-01-01');
SELECT customer, f, (f).actual FROM (
  SELECT customer, plan_facts(amount, sold_on, plan_year, launched_on, '2026-03-31') AS f
  FROM plan LEFT JOIN sale USING (customer) GROUP BY ROLLUP (customer)) AS x
ORDER BY customer;

-- Every level of the plan in one scan; margin and quantity by the same function
SELECT customer, category, grouping(category) AS level, (plan_facts(amount, sold_on, '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31')).*,
  (plan_facts(amount - cost, sold_on, '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31')).actual AS margin
FROM sale GROUP BY GROUPING SETS ((customer), (customer, category)) ORDER BY customer, level DESC, category;

-- Before the launch nothing has begun; no rows at all
SELECT plan_facts(amount, sold_on, '[2026-01-01,2027-01-01)', '2026-01-01', '2025-12-31') FROM sale;
SELECT plan_facts(amount, sold_on, '[2026-01-01,2027-01-01)', '2026-01-01', '2026-12-31') FROM sale WHERE false;

-- What is wrong is said
SELECT plan_facts(amount, sold_on, '[2026-01-01,)', '2026-01-01', '2026-03-31') FROM sale;
SELECT plan_facts(amount, sold_on, '[2026-01-01,2027-01-01)', '2026-01-01', 'infinity') FROM sale;
SELECT plan_facts(amount, sold_on, '[2026-01-01,2027-01-01)', '-infinity', '2026-03-31') FROM sale;
SELECT plan_facts('NaN', sold_on, '[2026-01-01,2027-01-01)', '2026-01-01', '2026-03-31') FROM sale;
SELECT plan_facts_final('\x00');

DROP TABLE sale, plan;
