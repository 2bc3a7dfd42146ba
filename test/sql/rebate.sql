-- stack_rebates and tier_accrual as an analyst writes them

-- Each from what the ones before left, two from the same base, all from the same base
SELECT * FROM stack_rebates(1000, '{0.10,0.05,0.02}');
SELECT * FROM stack_rebates(1000, ARRAY[0.10, 0.05, 0.02], ARRAY[1, 1, 2]);
SELECT * FROM stack_rebates(base => 1000, rates => '{0.10,0.05,0.02}', orders => '{3,2,1}');
SELECT sum(amount) FROM stack_rebates(1000, '{0.10,0.05,0.02}', '{1,1,1}');

-- A return, a base used up, none
SELECT * FROM stack_rebates(-1000, '{0.10,0.05}');
SELECT * FROM stack_rebates(100, '{0.60,0.60,0.10}', '{1,1,2}');
SELECT * FROM stack_rebates(100, '{}');
SELECT * FROM stack_rebates(100, NULL);

-- Customers with rebates of their own
SELECT customer, bought, sum(amount) AS rebates, bought - sum(amount) AS net
FROM (VALUES ('north', 1000, '{0.10,0.05}'::numeric[]), ('south', 500, '{0.02}')) AS c (customer, bought, rates)
CROSS JOIN LATERAL stack_rebates(bought, rates)
GROUP BY customer, bought ORDER BY customer;

-- What to book today
SELECT tier_accrual(150000, 320000, '100000 => 1%, 300000 => 3%'), tier_reward(150000, '100000 => 1%, 300000 => 3%') AS tier_of_today;
SELECT tier_accrual(150000, 300000, '100000 => 1%, 300000 => 3% + 500', 140000) AS base,
  tier_accrual(150000, 300000, '100000 => 1%, 300000 => 3% + 500', NULL, 'stepped') AS stepped,
  tier_accrual(150000, 300000, '100000 => 1%, 300000 => 3% + 500', NULL, 'retrospective', 'exceed') AS exceed,
  tier_accrual(150000, 300000, '100000 => 1%, 300000 => 3% + 500', NULL, 'retrospective', 'reach', 4000) AS capped,
  tier_accrual(150000, 300000, '100000 => 1%, 300000 => 3% + 500', NULL, 'retrospective', 'reach', NULL, false) AS gate;
SELECT tier_accrual(actual => 0.45, projected => 0.9, ladder => '0.9 => 1%', base => 45000) AS attainment, tier_accrual(300000, 300000, '100000 => 1%, 300000 => 3% + 500') AS at_the_end,
  tier_accrual(10, 0, '0 => 1%') AS nothing_projected, tier_accrual(0, 10, '0 => 1%') AS nothing_yet, tier_accrual(NULL, 1, '0 => 1%') AS unknown;

-- What is refused
SELECT * FROM stack_rebates(100, '{5}');
SELECT * FROM stack_rebates(100, '{0.1,0.2}', '{1}');
SELECT * FROM stack_rebates(100, '{0.1,NULL}');
SELECT * FROM stack_rebates('NaN', '{0.1}');
SELECT tier_accrual(1, 2, '0 => 1%', 3, 'stepped');
SELECT tier_accrual(1, 'Infinity', '0 => 1%');
SELECT tier_accrual(1, 2, '0 => 1%', cap => -1);
