-- Hours and accounts as an analyst writes them

SELECT kam_capacity(112, 18) AS accounts, kam_capacity(108, 18) AS exactly, kam_capacity(107.99, 18) AS short, kam_capacity(0, 18) AS no_hours, kam_capacity(17, 18) AS less_than_one,
  kam_capacity(hours => 0.3, hours_per_account => 0.1) AS exact;
SELECT kam_load(126, 112) AS over, kam_load(required => 56, hours => 112) AS half, kam_load(0, 112) AS idle, kam_load(5, 0) AS no_hours;
SELECT kam_capacity(NULL, 18), kam_capacity(112, NULL), kam_load(NULL, 1), kam_load(1, NULL);

SELECT manager, hours, kam_capacity(hours, 18) AS accounts, round(kam_load(count(account) * 18, hours), 2) AS load
FROM (VALUES ('Dana', 112.0), ('Eli', 40), ('Gil', 0)) AS m (manager, hours)
LEFT JOIN (VALUES ('Dana', 1), ('Dana', 2), ('Eli', 3), ('Eli', 4), ('Eli', 5)) AS a (manager, account) USING (manager)
GROUP BY manager, hours ORDER BY manager;

-- What is refused
SELECT kam_capacity(112, 0);
SELECT kam_capacity(112, -18);
SELECT kam_capacity(-1, 18);
SELECT kam_capacity('NaN', 18);
SELECT kam_capacity(112, 'Infinity');
SELECT kam_capacity(1e12, 1);
SELECT kam_load(-1, 112);
SELECT kam_load(1, -112);
SELECT kam_load(1, 'NaN');
