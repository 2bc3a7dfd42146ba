-- What targets earn: all or nothing, over several parameters, in goods, and what is left to pay.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(83);

\ir ../helpers/error_of.sql
\ir ../helpers/plan_of.sql

-- W-37, W-39

SELECT is(turnover_bonus(500000, 500000, 0.03), 15000.00, 'the target reached exactly');
SELECT is(turnover_bonus(499999.99, 500000, 0.03), 0::numeric, 'a cent short');
SELECT is((in_kind(15000, 100, 60))::text, '(150,15000,0,9000,6000)', '15,000 in goods: 150 units, cost 9,000, saving 6,000');

CREATE TABLE three (name text, attainment numeric, weight numeric);
INSERT INTO three VALUES ('volume', 1.2, 0.5), ('mix A', 1.0, 0.3), ('mix B', 0.9, 0.2);
SELECT is(bonus_earned(attainment, weight), 0::numeric, 'one parameter is missed: no full bonus') FROM three;
SELECT is(bonus_earned(attainment, weight, 'all'), 0::numeric, 'the same by its mode') FROM three;
SELECT is(bonus_earned(attainment, weight, 'weighted'), 0.8, 'weighted: 0.8') FROM three;
SELECT is(bonus_earned(attainment, weight, 'min'), 0.9, 'the lowest attainment') FROM three;
SELECT is(bonus_earned(greatest(attainment, 1.0), weight), 1::numeric, 'all met: the full bonus') FROM three;

-- turnover_bonus and in_kind

SELECT is(turnover_bonus(a, t, r, f), expected, what)
FROM (VALUES
  ('on everything', 620000, 500000, 0.03, 0, 18600.00),
  ('and a fixed sum', 620000, 500000, 0.03, 1000, 19600.00),
  ('the fixed sum alone', 500000, 500000, 0, 1000, 1000),
  ('nothing short of the target', 100, 500000, 0.03, 1000, 0),
  ('returns only', -100, 500000, 0.03, 1000, 0),
  ('no target', 100, 0, 0.03, 1000, NULL),
  ('a negative target', 100, -1, 0.03, 1000, NULL),
  ('a rate of one', 5, 5, 1, 0, 5),
  ('huge', 1e30, 1e30, 0.5, 0, 5e29),
  ('actual unknown', NULL, 1, 0.03, 0, NULL),
  ('target unknown', 1, NULL, 0.03, 0, NULL),
  ('rate unknown', 1, 1, NULL, 0, NULL),
  ('fixed unknown', 1, 1, 0.03, NULL, NULL)
) AS x (what, a, t, r, f, expected);
SELECT setseed(0.37);
CREATE TABLE turnover AS
SELECT round((random() * 200 - 20)::numeric, 1) AS actual, round((random() * 100)::numeric, 1) AS target, round(random()::numeric, 3) AS rate, round((random() * 10)::numeric, 2) AS fixed
FROM generate_series(1, 3000);
SELECT is_empty('SELECT * FROM turnover WHERE turnover_bonus(actual, target, rate, fixed) IS DISTINCT FROM CASE WHEN target > 0 THEN CASE WHEN actual >= target THEN rate * actual + fixed ELSE 0 END END', 'turnover_bonus = plain SQL');
SELECT is_empty('SELECT * FROM turnover WHERE target > 0 AND turnover_bonus(actual, target, rate, fixed) <> tier_reward(actual, tier_ladder(ARRAY[target], ARRAY[rate], ARRAY[fixed]))', 'and a ladder of one step');
SELECT is_empty($$
  SELECT t.*, k.* FROM turnover AS t CROSS JOIN LATERAL in_kind(abs(actual), target + 0.1, fixed) AS k
  WHERE (units, value, remainder, cost, saving) IS DISTINCT FROM
    (floor(abs(actual) / (target + 0.1)), units * (target + 0.1), abs(actual) - units * (target + 0.1), units * fixed, abs(actual) - units * fixed)
    OR remainder < 0 OR remainder >= target + 0.1
$$, 'in_kind = plain SQL, and less than a unit remains');
SELECT is((in_kind(0, 100, 60))::text, '(0,0,0,0,0)', 'no bonus, no goods');
SELECT is((in_kind(99.99, 100, 60))::text, '(0,0,99.99,0,99.99)', 'less than one unit');
SELECT is((in_kind(1e30, 0.01, 0)).units, 1e32, 'many units, counted exactly');
SELECT is((in_kind(0.3, 0.1, 0)).units, 3::numeric, 'three dimes');
SELECT is((in_kind(100, 10, 15)).saving, -50::numeric, 'goods that cost more than they count');
SELECT is(ARRAY[in_kind(NULL, 1, 1) IS NULL, in_kind(1, NULL, 1) IS NULL, in_kind(1, 1, NULL) IS NULL], '{t,t,t}', 'NULL gives NULL');

-- bonus_earned over random parameters

SELECT setseed(0.39);
CREATE TABLE parameter AS
SELECT (i % 400) + 1 AS customer, CASE WHEN random() < 0.8 THEN round((0.8 + random() * 0.6)::numeric, 1) WHEN random() < 0.7 THEN round((random() * 3 - 1)::numeric, 3) END AS attainment,
  CASE WHEN random() < 0.2 THEN NULL WHEN random() < 0.2 THEN 0 ELSE round((random() * 5)::numeric, 2) END AS weight, random() AS r
FROM generate_series(1, 1500) AS i;
INSERT INTO parameter SELECT 500 + i, 1.5, 0, 0 FROM generate_series(1, 5) AS i;
INSERT INTO parameter SELECT 510 + i, NULL, 1, 0 FROM generate_series(1, 5) AS i;

CREATE VIEW by_hand AS
SELECT customer,
  CASE WHEN count(attainment) > 0 THEN bool_and(attainment >= 1)::integer::numeric END AS every,
  sum(coalesce(weight, 1)) FILTER (WHERE attainment >= 1) AS met,
  nullif(sum(coalesce(weight, 1)) FILTER (WHERE attainment IS NOT NULL), 0) AS weights,
  min(attainment) AS lowest
FROM parameter GROUP BY customer;
CREATE VIEW earned AS
SELECT customer, bonus_earned(attainment, weight) AS short, bonus_earned(attainment, weight, 'all') AS every, bonus_earned(attainment, weight, 'weighted') AS weighted, bonus_earned(attainment, weight, 'min') AS lowest
FROM parameter GROUP BY customer;
SELECT is_empty($$
  SELECT * FROM earned AS e JOIN by_hand AS h USING (customer)
  WHERE (e.short, e.every, e.weighted, e.lowest) IS DISTINCT FROM (h.every, h.every, CASE WHEN weights IS NOT NULL THEN coalesce(met, 0) / weights END, h.lowest)
$$, 'bonus_earned = plain SQL in every mode');
SELECT ok(count(*) FILTER (WHERE short = 1) > 30 AND count(*) FILTER (WHERE short = 0) > 30 AND count(*) FILTER (WHERE short IS NULL) >= 5
  AND count(*) FILTER (WHERE weighted IS NULL AND lowest IS NOT NULL) >= 5 AND count(*) FILTER (WHERE weighted > 0 AND weighted < 1) > 30, 'every outcome is among them') FROM earned;
SELECT is_empty($$
  SELECT customer, bonus_earned(attainment, weight), bonus_earned(attainment, weight, 'weighted'), bonus_earned(attainment, weight, 'min')
  FROM (SELECT * FROM parameter ORDER BY r) AS x GROUP BY customer
  EXCEPT SELECT customer, short, weighted, lowest FROM earned
$$, 'the order of rows does not matter');
SELECT is_empty('SELECT * FROM earned WHERE (short = 1) <> (lowest >= 1) OR (short = 1 AND weighted <> 1)', 'the full bonus is where the lowest attainment is 1 or more');

ANALYZE parameter;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE TABLE in_parallel AS
SELECT bonus_earned(attainment, weight) AS short, bonus_earned(attainment, weight, 'weighted') AS weighted, bonus_earned(attainment, weight, 'min') AS lowest FROM parameter;
SELECT matches(pg_temp.plan_of('SELECT bonus_earned(attainment, weight) FROM parameter'), 'Partial Aggregate', 'the plan is parallel');
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT results_eq('SELECT * FROM in_parallel', 'SELECT bonus_earned(attainment, weight), bonus_earned(attainment, weight, ''weighted''), bonus_earned(attainment, weight, ''min'') FROM parameter', 'parallel = serial');

-- as a window function: what each further parameter leaves
CREATE TABLE running AS
SELECT customer, r, bonus_earned(attainment, weight, 'min') OVER w AS so_far, bonus_earned(attainment, weight, 'min') OVER (PARTITION BY customer) AS whole,
  bonus_earned(attainment, weight, 'weighted') OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS two
FROM parameter WHERE customer < 100 WINDOW w AS (PARTITION BY customer ORDER BY r);
SELECT is_empty('SELECT * FROM running AS x WHERE so_far IS DISTINCT FROM (SELECT min(attainment) FROM parameter AS p WHERE p.customer = x.customer AND p.r <= x.r)', 'running, over a window');
SELECT is_empty('SELECT * FROM running JOIN earned USING (customer) WHERE whole IS DISTINCT FROM lowest', 'over a partition');
SELECT is_empty($$
  SELECT * FROM running AS x WHERE two IS DISTINCT FROM (
    SELECT bonus_earned(attainment, weight, 'weighted') FROM (SELECT * FROM parameter AS p WHERE p.customer = x.customer AND p.r <= x.r ORDER BY p.r DESC LIMIT 2) AS l)
$$, 'over two rows');

-- bonus_earned: edges
SELECT is(bonus_earned(attainment, weight), NULL, 'no rows') FROM three WHERE false;
SELECT is(bonus_earned(attainment, weight, 'weighted'), NULL, 'no rows, weighted') FROM three WHERE false;
SELECT is(bonus_earned(attainment, weight, NULL), NULL, 'rows without a mode are left out') FROM three;
SELECT is(bonus_earned(a, 1), 1::numeric, 'a parameter without a target is left out') FROM (VALUES (1.0), (NULL)) AS x (a);
SELECT is(bonus_earned(a, w, 'weighted'), 0.75, 'no weight counts 1') FROM (VALUES (1.0, NULL), (1, 2), (0.99, 1)) AS x (a, w);
SELECT is(bonus_earned(a, 0, 'weighted'), NULL, 'weights of zero only') FROM (VALUES (1.0), (2)) AS x (a);
SELECT is(bonus_earned(a, 0), 1::numeric, 'weights do not matter in mode all') FROM (VALUES (1.0), (2)) AS x (a);
SELECT is(bonus_earned(0.99999999999999999999999999999, 1), 0::numeric, 'nearly met is not met');
SELECT is(bonus_earned(-0.5, 1, 'min'), -0.5, 'returns only');
SELECT is(bonus_earned(a, 1, 'min' ORDER BY n)::text || bonus_earned(a, 1, 'min' ORDER BY -n), '0.80.8', 'the same decimals in any order') FROM (VALUES (1, 0.8), (2, 0.80)) AS x (n, a);

-- A state made by hand
SELECT is(bonus_earned_final('{0,2,1,2,1,0.5}'), 0::numeric, 'a sound state');
SELECT is(bonus_earned_final(bonus_earned_combine('{1,2,1,2,1,0.5}', '{1,1,1,2,2,1.5}')), 0.75, 'two sound states');
SELECT is(bonus_earned_combine(NULL, '{1,1,1,2,2,1.5}'), NULL, 'nothing to combine');

-- settlement

SELECT is(ARRAY[settlement(140, 0), settlement(1080, 140)], '{140.00,940.00}', 'a published settlement: 140, then 940 of 1,080 in all');
SELECT is(settlement(900, 1080), -180.00, 'returns after a payment: to pay back');
SELECT is(ARRAY[settlement(2.345, 0), settlement(-2.345, 0), settlement(2.344, 0), settlement(1250, 0, -2), settlement(2.5, 1.25, 0)], '{2.35,-2.35,2.34,1300,1.75}', 'rounded, half away from zero');
SELECT is(ARRAY[settlement(NULL, 1), settlement(1, NULL), settlement(1, 1, NULL)], '{NULL,NULL,NULL}', 'NULL gives NULL');
SELECT setseed(0.16);
CREATE TABLE closing AS SELECT customer, month, tier_reward(sum(bought) OVER (PARTITION BY customer ORDER BY month), '1000 => 1.234%, 3000 => 2.345% + 10') AS earned
FROM (SELECT customer, month, round((random() * 900 - 150)::numeric, 2) AS bought FROM generate_series(1, 50) AS customer, generate_series(1, 12) AS month) AS x;
CREATE FUNCTION pg_temp.payments(customer_id integer) RETURNS numeric[] LANGUAGE plpgsql AS $$
DECLARE
  paid numeric = 0;
  payments numeric[] = '{}';
  due numeric;
  c record;
BEGIN
  FOR c IN SELECT * FROM closing WHERE customer = customer_id ORDER BY month LOOP
    due = settlement(c.earned, paid);
    payments = payments || due;
    paid = paid + due;
  END LOOP;
  RETURN payments;
END $$;
CREATE TABLE payment AS SELECT c AS customer, pg_temp.payments(c) AS payments FROM generate_series(1, 50) AS c;
SELECT is_empty('SELECT customer FROM payment JOIN closing USING (customer) WHERE month = 12 AND (SELECT sum(p) FROM unnest(payments) AS p) <> round(earned, 2)', 'the payments add up to the last earned amount');
SELECT ok(bool_or(p < 0), 'some are negative') FROM payment, unnest(payments) AS p;

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || query), expected, query)
FROM (VALUES
  ('turnover_bonus(1, 1, 3)', '22023 | rate must be from 0 to 1, but is 3 | It is a fraction: 5 % is written 0.05.'),
  ('turnover_bonus(1, 1, -0.1)', '22023 | rate must be from 0 to 1, but is -0.1 | It is a fraction: 5 % is written 0.05.'),
  ('turnover_bonus(1, 0, 3)', '22023 | rate must be from 0 to 1, but is 3 | It is a fraction: 5 % is written 0.05.'),
  ('turnover_bonus(1, 1, 0.1, -1)', '22023 | fixed must not be negative, but is -1 | Give zero or more.'),
  ('turnover_bonus(''NaN'', 1, 0.1)', '22023 | actual must be a finite number, not NaN'),
  ('turnover_bonus(1, ''Infinity'', 0.1)', '22023 | target must be a finite number, not infinity'),
  ('in_kind(-0.01, 1, 1)', '22023 | bonus must not be negative, but is -0.01 | Give zero or more.'),
  ('in_kind(1, 0, 1)', '22023 | price must be above zero, but is 0 | Give the price at which a unit counts.'),
  ('in_kind(1, -1, 1)', '22023 | price must be above zero, but is -1 | Give the price at which a unit counts.'),
  ('in_kind(1, ''NaN'', 1)', '22023 | price must be a finite number, not NaN'),
  ('in_kind(1, 1, -1)', '22023 | unit_cost must not be negative, but is -1 | Give zero or more.'),
  ('bonus_earned(''NaN'', 1)', '22023 | attainment must be a finite number, not NaN'),
  ('bonus_earned(1, ''-Infinity'')', '22023 | weight must be a finite number, not -infinity'),
  ('bonus_earned(1, -1)', '22023 | weight must not be negative, but is -1 | Give zero or more.'),
  ('bonus_earned(1, 1, ''ALL'')', '22023 | unknown mode: "ALL" | Allowed are "all", "weighted", "min".'),
  ('bonus_earned(1, 1, m) FROM (VALUES (''all''), (''min'')) AS x (m)', '22023 | mode must be the same in all rows of a group | Add the mode to GROUP BY.'),
  ('bonus_earned_combine(''{0,2,1,2,1,0.5}'', ''{1,2,1,2,1,0.5}'')', '22023 | mode must be the same in all rows of a group | Add the mode to GROUP BY.'),
  ('bonus_earned_final(''{3,2,1,2,1,0.5}'')', 'XX001 | malformed state: there is no mode 3'),
  ('bonus_earned_final(''{0,2,1,2,1}'')', 'XX001 | malformed state: 6 numbers are expected'),
  ('bonus_earned_final(''{0,2,1,2,1,NaN}'')', 'XX001 | malformed state: number 6 is not finite'),
  ('bonus_earned_accumulate(''{{0,1,1,1,1,1}}'', 1, 1)', 'XX001 | malformed state: 6 numbers are expected'),
  ('bonus_earned_accumulate(''{0,1,1,1,1,NULL}'', 1, 1, ''all'')', 'XX001 | malformed state: 6 numbers are expected'),
  ('settlement(''NaN'', 1)', '22023 | earned must be a finite number, not NaN'),
  ('settlement(1, ''Infinity'')', '22023 | paid must be a finite number, not infinity'),
  ('settlement(1, 1, 21)', '22023 | scale must be from -12 to 20, but is 21 | 2 rounds to cents, 0 to whole units, -3 to thousands.')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
