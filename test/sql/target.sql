-- Setting a customer's target, the way an analyst writes it
SET DateStyle = ISO;

-- Splitting to the last cent
SELECT target_split(100, '{1,1,1}') AS thirds, target_split(100, '{1,1,1}', 0) AS whole,
       target_split(target => 1000.10, weights => ARRAY[5, 0, 3, 2], scale => 2) AS weighted,
       target_split(-100, '{1,1,1}') AS negative, target_split(1200000, '{3,2,2}', -3) AS thousands;
SELECT target_split(100, '{0,0}') AS no_weight, target_split(100, '{}') AS no_parts,
       target_split(0, '{1,2}') AS nothing, target_split(NULL, '{1,2}') AS no_target;

-- By last year's months
CREATE TABLE sale (sold_on date, amount numeric(12,2));
INSERT INTO sale SELECT ('2025-' || m || '-15')::date, 1000 + m * m * 10.5 FROM generate_series(1, 12) AS m;
SELECT target_split(20000, totals(sales_series(amount, sold_on, '[2025-01-01,2026-01-01)'))) FROM sale;
SELECT p.no, p.part
  FROM (SELECT totals(sales_series(amount, sold_on, '[2025-01-01,2026-01-01)', 'quarter')) AS prior FROM sale) AS s,
       unnest(target_split(20000, prior, 0)) WITH ORDINALITY AS p (part, no)
 ORDER BY no;
DROP TABLE sale;

-- A proposal
SELECT suggest_target(100000, 200000) AS below, suggest_target(250000, 200000) AS above,
       suggest_target(100000, 200000, 0.05) AS growing, suggest_target(100000, 200000, 0.05, 0.25) AS slower,
       suggest_target(prior => 0, peer_average => 200000, gap_share => 1) AS new_customer;

-- History: minimum one year, recommended three
SELECT as_of::date, history_months('2023-01-01', as_of::date) AS months, history_state('2023-01-01', as_of::date) AS state,
       history_state('2023-01-01', as_of::date, 6, 24) AS shorter, history_state('2023-01-01', as_of::date, recommended => 12) AS one_year
  FROM unnest('{2022-12-31,2023-01-01,2023-11-30,2023-12-31,2025-12-30,2025-12-31}'::text[]) AS as_of;

-- Ratios
SELECT share_of_potential(30000, 120000) AS share, share_of_potential(150000, 120000) AS stale, share_of_potential(-5, 120000) AS returned, share_of_potential(5, 0) AS no_potential;
SELECT gross_margin(100, 60) AS margin, gross_margin(100, 130) AS loss, gross_margin(0, 0) AS nothing_sold, gross_margin(100, NULL) AS cost_unknown;
SELECT growth_rate(120, 100) AS grew, growth_rate(80, 100) AS shrank, growth_rate(100, 100) AS unchanged, growth_rate(100, 0) AS new, growth_rate(100, -5) AS after_returns;

-- What is wrong is said
SELECT target_split(100.005, '{1,1}');
SELECT target_split(1250, '{1,1}', -3);
SELECT target_split(100, '{1,-1}');
SELECT target_split(100, '{1,NULL}');
SELECT target_split(100, '{1,1}', 21);
SELECT suggest_target(100, 200, 5.5);
SELECT suggest_target(100, 200, 0.05, 50);
SELECT history_state('2023-01-01', '2024-01-01', 36, 12);
SELECT gross_margin('NaN', 5);
