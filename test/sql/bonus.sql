-- turnover_bonus, in_kind, bonus_earned and settlement as an analyst writes them

-- All or nothing
SELECT turnover_bonus(500000, 500000, 0.03), turnover_bonus(499999.99, 500000, 0.03) AS short, turnover_bonus(620000, 500000, 0.03, 1000) AS and_fixed,
  turnover_bonus(actual => 620000, target => 500000, rate => 0, fixed => 2500) AS fixed_only, turnover_bonus(100, 0, 0.03) AS no_target, turnover_bonus(100, NULL, 0.03) AS null_target;
SELECT customer, bought, turnover_bonus(bought, target, 0.03)
FROM (VALUES ('north', 520000, 500000), ('south', 480000, 500000), ('west', 90000, 80000), ('new', 4000, NULL)) AS c (customer, bought, target) ORDER BY customer;

-- In goods
SELECT * FROM in_kind(15000, 100, 60);
SELECT * FROM in_kind(bonus => 15049.50, price => 100, unit_cost => 60);
SELECT (in_kind(99, 100, 60)).*;
SELECT * FROM in_kind(15000, 100, NULL);

-- Several parameters
CREATE TABLE parameter (customer text, name text, actual numeric, target numeric, weight numeric);
INSERT INTO parameter VALUES
  ('north', 'volume', 120000, 100000, 0.5), ('north', 'mix A', 10, 10, 0.3), ('north', 'mix B', 9, 10, 0.2),
  ('south', 'volume', 100000, 100000, 0.5), ('south', 'mix A', 12, 10, 0.3), ('south', 'mix B', 10, 10, 0.2),
  ('west', 'volume', 80000, 100000, NULL), ('west', 'mix A', 10, 10, NULL), ('west', 'mix B', 3, NULL, NULL),
  ('new', 'volume', 5000, NULL, 1);
SELECT customer, bonus_earned(actual / target, weight), bonus_earned(actual / target, weight, 'all') AS all_met,
  round(bonus_earned(actual / target, weight, 'weighted'), 4) AS weighted, round(bonus_earned(actual / target, weight, 'min'), 4) AS lowest
FROM parameter GROUP BY customer ORDER BY customer;
SELECT bonus_earned(1.2, 0.5), bonus_earned(0.9, 0.5, 'weighted') AS weighted, bonus_earned(NULL, 1) AS none;

-- The lowest attainment decides the tier
SELECT customer, t.tier, t.reward
FROM (SELECT customer, bonus_earned(actual / target, weight, 'min') AS lowest, max(actual) FILTER (WHERE name = 'volume') AS bought FROM parameter GROUP BY customer) AS p
CROSS JOIN LATERAL tier_attainment(lowest, '0.8 => 1%, 0.9 => 2%, 1 => 3%', base => bought) AS t
ORDER BY customer;

-- What is left to pay
SELECT settlement(1080, 140), settlement(1000.005, 1000), settlement(900, 1000) AS back, settlement(earned => 1234.5, paid => 1000, scale => 0) AS whole;

-- NULL
SELECT turnover_bonus(NULL, 1, 0.1), turnover_bonus(1, 1, NULL), turnover_bonus(1, 1, 0.1, NULL), settlement(NULL, 1), settlement(1, NULL);

-- What is refused
SELECT turnover_bonus(500000, 500000, 3);
SELECT turnover_bonus(500000, 500000, 0.03, -1);
SELECT turnover_bonus('NaN', 500000, 0.03);
SELECT in_kind(-1, 100, 60);
SELECT in_kind(1, 0, 60);
SELECT in_kind(1, 100, -60);
SELECT bonus_earned(1, -1);
SELECT bonus_earned(1, 1, 'most');
SELECT bonus_earned(1, 1, mode) FROM (VALUES ('all'), ('min')) AS m (mode);
SELECT settlement(1, 1, 21);
DROP TABLE parameter;
