-- Spend as an analyst asks about it

SELECT spend_efficiency(80, 100) AS before, spend_efficiency(120, 100) AS now, spend_efficiency(120, 0) AS nothing_spent, spend_efficiency(-20, 100) AS returned, spend_efficiency(volume => 120, spend => NULL) AS unknown;
SELECT cost_per_unit(100, 80) AS before, round(cost_per_unit(100, 120), 4) AS now, cost_per_unit(100, 0) AS nothing_sold, cost_per_unit(spend => 0, volume => 80) AS free;

SELECT efficiency_before, efficiency_now, round(efficiency_change, 4) AS efficiency_change, cost_before, round(cost_now, 4) AS cost_now, round(cost_change, 4) AS cost_change, incremental, quadrant
FROM spend_change(80, 100, 120, 100);

SELECT label, round(efficiency_change, 4) AS efficiency_change, round(cost_change, 4) AS cost_change, incremental, quadrant
FROM (VALUES (1, 'more for more', 80, 100, 120, 140), (2, 'more for the same', 80, 100, 120, 100), (3, 'more for less', 80, 100, 120, 90), (4, 'the same for less', 80, 100, 80, 90), (5, 'less for less', 80, 100, 60, 50),
             (6, 'the same for the same', 80, 100, 80, 100), (7, 'less for the same', 80, 100, 60, 100), (8, 'the same for more', 80, 100, 80, 140), (9, 'less for more', 80, 100, 60, 140), (10, 'nothing before', 0, 0, 60, 40), (11, 'nothing now', 80, 100, 0, 0)) AS v (n, label, v1, s1, v2, s2)
CROSS JOIN LATERAL spend_change(v1, s1, v2, s2) ORDER BY n;
SELECT spend_change(80, 100, 120, NULL) AS unknown;

SELECT spend_ahead(60, 100, 500, 1000) AS ahead, spend_ahead(50, 100, 500, 1000) AS level, spend_ahead(40, 100, 500, 1000) AS behind, spend_ahead(1, 3, 333333, 1000000) AS by_a_hair, spend_ahead(60, 0, 500, 1000) AS no_budget, spend_ahead(spend => 60, budget => 100, volume => 500, target => NULL) AS no_target;
SELECT trade_roi(150, 100) AS gain, trade_roi(100, 100) AS even, trade_roi(40, 100) AS loss, trade_roi(-10, 100) AS worse, trade_roi(150, 0) AS nothing_spent, trade_roi(margin => NULL, spend => 100) AS unknown;

-- What is wrong is said
SELECT spend_efficiency('NaN', 1);
SELECT cost_per_unit('infinity', 1);
SELECT spend_change(1, 1, 1, '-infinity');
SELECT spend_ahead(1, 1, 'NaN', 1);
SELECT trade_roi(1, 'NaN');
