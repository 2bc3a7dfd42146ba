-- Promotions as an analyst asks about them
SET DateStyle = ISO;

SELECT date '2026-06-01' - before AS submitted_on, days, class
FROM unnest(ARRAY[-3, 0, 7, 14, 15, 44, 45, 60, 90]) AS before, promo_lead(date '2026-06-01' - before, '2026-06-01');
SELECT (promo_lead('2026-05-01', '2026-06-01')).class, (promo_lead('2026-05-01', '2026-06-01', 30)).class AS stricter, (promo_lead('2026-05-01', '2026-06-01', 7, 31)).class AS looser, (promo_lead(submitted_on => '2026-05-01', starts_on => '2026-06-01', planned_from => 30)).class AS by_name;
SELECT promo_lead(NULL, '2026-06-01') AS unknown, promo_lead('2026-05-01', '2026-06-01', NULL) AS no_setting;

SELECT plan_submitted_in_time('2026-04-01', '2026-06-01') AS in_time, plan_submitted_in_time('2026-04-02', '2026-06-01') AS a_day_late, plan_submitted_in_time('2026-04-02', '2026-06-30') AS any_day_of_june,
  plan_submitted_in_time('2026-04-02', '2026-06-01', 1) AS one_month, plan_submitted_in_time(submitted_on => '2026-03-01', plan_month => '2026-06-01', months => 3) AS three_months, plan_submitted_in_time('2026-04-02', NULL) AS unknown;

SELECT promo_uplift(150, 100) AS uplift, promo_uplift(80, 100) AS less, promo_uplift(0, 100) AS nothing, promo_uplift(150, 0) AS no_baseline, promo_uplift(150, NULL) AS unknown;
SELECT price_depth(75, 100) AS depth, price_depth(100, 100) AS none, price_depth(110, 100) AS above_list, price_depth(0, 100) AS free, price_depth(75, 0) AS no_list_price, price_depth(price => 0.99, list_price => 1.49) AS by_name;

-- What is wrong is said
SELECT promo_lead('infinity', '2026-06-01');
SELECT promo_lead('2026-05-01', '2026-06-01', -1);
SELECT promo_lead('2026-05-01', '2026-06-01', 45, 45);
SELECT plan_submitted_in_time('2026-05-01', '2026-06-01', -2);
SELECT promo_uplift('NaN', 1);
SELECT price_depth(1, 'infinity');
\set VERBOSITY terse
SELECT promo_lead(timestamp '2026-05-01 10:00', '2026-06-01');
