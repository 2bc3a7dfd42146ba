-- Several rebates on one base, and what to book before the period's end, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(68);

\ir ../helpers/error_of.sql

-- stack_rebates

SELECT is((SELECT array_agg(format('%s:%s:%s:%s', no, order_no, trim_scale(base), trim_scale(amount)) ORDER BY n) FROM stack_rebates(b, r, o) WITH ORDINALITY AS s (no, order_no, rate, base, amount, n)), expected::text[], what)
FROM (VALUES
  ('each from what is left', 1000, '{0.1,0.05,0.02}'::numeric[], NULL::integer[], '{1:1:1000:100,2:2:900:45,3:3:855:17.1}'),
  ('all from the same base', 1000, '{0.1,0.05,0.02}', '{1,1,1}', '{1:1:1000:100,2:1:1000:50,3:1:1000:20}'),
  ('two, then one', 1000, '{0.1,0.05,0.02}', '{1,1,2}', '{1:1:1000:100,2:1:1000:50,3:2:850:17}'),
  ('in the order of their numbers', 1000, '{0.1,0.05,0.02}', '{30,-2,7}', '{2:-2:1000:50,3:7:950:19,1:30:931:93.1}'),
  ('one', 1000, '{0.1}', NULL, '{1:1:1000:100}'),
  ('a rate of zero', 1000, '{0,0.1}', NULL, '{1:1:1000:0,2:2:1000:100}'),
  ('everything, then nothing is left', 1000, '{1,0.1}', NULL, '{1:1:1000:1000,2:2:0:0}'),
  ('more than everything from one base', 100, '{0.6,0.6,0.1}', '{1,1,2}', '{1:1:100:60,2:1:100:60,3:2:0:0}'),
  ('a return', -1000, '{0.1,0.05}', NULL, '{1:1:-1000:-100,2:2:-900:-45}'),
  ('a return, more than everything', -100, '{0.6,0.6,0.1}', '{1,1,2}', '{1:1:-100:-60,2:1:-100:-60,3:2:0:0}'),
  ('a base of zero', 0, '{0.1,0.1}', NULL, '{1:1:0:0,2:2:0:0}'),
  ('huge', 1e30, '{0.1,0.1}', NULL, '{1:1:1000000000000000000000000000000:100000000000000000000000000000,2:2:900000000000000000000000000000:90000000000000000000000000000}'),
  ('array bounds do not matter', 1000, '[5:6]={0.1,0.05}', '[0:1]={2,1}', '{2:1:1000:50,1:2:950:95}'),
  ('no rebates', 1000, '{}', NULL, NULL),
  ('no rebates, no orders', 1000, '{}', '{}', NULL),
  ('NULL rates', 1000, NULL, NULL, NULL),
  ('NULL base', NULL, '{0.1}', NULL, NULL)
) AS x (what, b, r, o, expected);

SELECT setseed(0.46);
CREATE TABLE stacked AS
SELECT i AS id, round((random() * 20000 - 4000)::numeric, 2) AS base, rates, orders
FROM generate_series(1, 500) AS i
CROSS JOIN LATERAL (SELECT array_agg(round((random() * 0.4)::numeric, 3)) AS rates, array_agg((random() * 4)::integer - 2) AS orders FROM generate_series(1, 1 + i % 7)) AS r;
-- the base of an order number is what the product of the order numbers before leaves
CREATE TABLE by_hand AS
WITH part AS (SELECT id, base, no, rates[no] AS rate, orders[no] AS order_no FROM stacked, generate_subscripts(rates, 1) AS no),
orders AS (SELECT id, order_no, greatest(1 - sum(rate), 0) AS leaves FROM part GROUP BY id, order_no)
SELECT p.id, no, order_no, rate, base * coalesce(left_over, 1) AS base, base * coalesce(left_over, 1) * rate AS amount
FROM part AS p
CROSS JOIN LATERAL (SELECT CASE WHEN bool_or(leaves = 0) THEN 0 ELSE exp(sum(ln(nullif(leaves, 0)))) END AS left_over FROM orders AS o WHERE o.id = p.id AND o.order_no < p.order_no) AS x;
SELECT is_empty($$
  SELECT * FROM by_hand AS h FULL JOIN (SELECT id, r.* FROM stacked AS s CROSS JOIN LATERAL stack_rebates(s.base, rates, orders) AS r) AS s USING (id, no, order_no, rate)
  WHERE (abs(s.base - h.base) < 1e-9 AND abs(s.amount - h.amount) < 1e-9) IS NOT TRUE
$$, 'stack_rebates = plain SQL');
SELECT cmp_ok((SELECT count(*) FROM by_hand), '>', 1500::bigint, 'over many rebates');
SELECT is_empty($$
  SELECT s.id FROM stacked AS s CROSS JOIN LATERAL stack_rebates(s.base, rates) AS r GROUP BY s.id, s.base, rates
  HAVING abs(sum(amount)) > abs(s.base) OR s.base <> 0 AND abs(s.base - sum(amount) - s.base * (SELECT exp(sum(ln(1 - rate))) FROM unnest(rates) AS rate)) > 1e-9
$$, 'each from what is left: what remains is the product of what the rates leave');

-- tier_accrual

SELECT is(trim_scale(tier_accrual(a, p, l::tier_ladder, b, m, e, c, g)), expected, what)
FROM (VALUES
  ('at the tier that will be reached', 150000, 320000, '100000 => 1%, 300000 => 3%', NULL, 'retrospective', 'reach', NULL, true, 4500),
  ('of the fixed sum its part', 150000, 300000, '100000 => 1%, 300000 => 3% + 500', NULL, 'retrospective', 'reach', NULL, true, 4750),
  ('no tier will be reached', 50000, 90000, '100000 => 1%', NULL, 'retrospective', 'reach', NULL, true, 0),
  ('a tier that was reached will be lost', 120000, 90000, '100000 => 1%', NULL, 'retrospective', 'reach', NULL, true, 0),
  ('stepped at the blended rate', 150000, 300000, '100000 => 1%, 300000 => 3% + 500', NULL, 'stepped', 'reach', NULL, true, 1250),
  ('stepped with the same base', 150000, 300000, '100000 => 1%, 300000 => 3% + 500', 150000, 'stepped', 'reach', NULL, true, 1250),
  ('fixed', 150000, 300000, '100000 => 0 + 100, 300000 => 0 + 500', NULL, 'fixed', 'reach', NULL, true, 250),
  ('interpolated', 100, 400, '0 => 0, 800 => 10%', NULL, 'interpolated', 'reach', NULL, true, 5),
  ('exceed', 150000, 300000, '100000 => 1%, 300000 => 3%', NULL, 'retrospective', 'exceed', NULL, true, 1500),
  ('the cap is on the whole', 150000, 300000, '100000 => 1%, 300000 => 3%', NULL, 'retrospective', 'reach', 4000, true, 2000),
  ('gate closed', 150000, 300000, '100000 => 1%, 300000 => 3%', NULL, 'retrospective', 'reach', NULL, false, 0),
  ('the base grows alike', 150000, 300000, '300000 => 3% + 500', 140000, 'retrospective', 'reach', NULL, true, 4450),
  ('attainment pays on money', 0.45, 0.9, '0.9 => 1%', 45000, 'retrospective', 'reach', NULL, true, 450),
  ('at the end: the reward', 300000, 300000.00, '300000 => 3% + 500', 290000, 'retrospective', 'reach', NULL, true, 9200),
  ('at the end, nothing bought', 0, 0, '0 => 3% + 7', NULL, 'retrospective', 'reach', NULL, true, 7),
  ('nothing yet', 0, 100, '0 => 3% + 7', NULL, 'retrospective', 'reach', NULL, true, 0),
  ('nothing yet, but a base', 0, 100, '0 => 3% + 7', 50, 'retrospective', 'reach', NULL, true, 0),
  ('nothing projected', 100, 0, '0 => 3% + 7', NULL, 'retrospective', 'reach', NULL, true, 0),
  ('returns projected', 100, -5, '0 => 3% + 7', NULL, 'retrospective', 'reach', NULL, true, 0),
  ('returns so far take back', -10, 100, '0 => 3%', NULL, 'retrospective', 'reach', NULL, true, -0.3),
  ('no tiers', 10, 100, '', NULL, 'retrospective', 'reach', NULL, true, 0),
  ('actual unknown', NULL, 100, '0 => 3%', NULL, 'retrospective', 'reach', NULL, true, NULL),
  ('projected unknown', 1, NULL, '0 => 3%', NULL, 'retrospective', 'reach', NULL, true, NULL),
  ('no ladder', 1, 2, NULL, NULL, 'retrospective', 'reach', NULL, true, NULL),
  ('mode NULL', 1, 2, '0 => 1%', NULL, NULL, 'reach', NULL, true, NULL),
  ('boundary NULL', 1, 2, '0 => 1%', NULL, 'fixed', NULL, NULL, true, NULL),
  ('gate NULL', 1, 2, '0 => 1%', NULL, 'fixed', 'reach', NULL, NULL, NULL)
) AS x (what, a, p, l, b, m, e, c, g, expected);

SELECT setseed(0.64);
CREATE TABLE step AS
SELECT id, n, 1000.0 * n + round((random() * 900)::numeric, 1) AS threshold, round((random() * 0.1)::numeric, 4) AS rate, (random() * 2)::integer * 25.5 AS fixed
FROM generate_series(1, 40) AS id, LATERAL generate_series(0, 1 + id % 6) AS n;
CREATE TABLE asked AS
SELECT id, ladder, mode, boundary, actual, round(actual * share, 2) AS projected, CASE WHEN mode <> 'stepped' AND id % 2 = 0 THEN round(actual * 0.83 + 5, 2) END AS base, CASE WHEN id % 5 = 0 THEN 150 END AS cap
FROM (SELECT id, tier_ladder_agg(threshold, rate, fixed) AS ladder FROM step GROUP BY id) AS l,
  unnest('{retrospective,stepped,fixed,interpolated}'::text[]) AS mode, unnest('{reach,exceed}'::text[]) AS boundary,
  LATERAL (SELECT round((random() * 6000 + 1 + n)::numeric, 2) AS actual, round((1 + random() * 3)::numeric, 2) AS share FROM generate_series(1, 10) AS n WHERE id > 0 AND mode > '' AND boundary > '') AS q;
SELECT is_empty($$
  SELECT * FROM asked
  WHERE projected <> actual AND abs(tier_accrual(actual, projected, ladder, base, mode, boundary, cap)
    - actual * tier_reward(projected, ladder, base * projected / actual, mode, boundary, cap) / projected) > 1e-12
$$, 'tier_accrual = actual * reward(projected) / projected');
SELECT is_empty($$
  SELECT * FROM asked AS a
  CROSS JOIN LATERAL (SELECT max(n) AS n FROM step AS s WHERE s.id = a.id AND (projected > threshold OR projected = threshold AND boundary = 'reach')) AS t
  LEFT JOIN step AS s ON s.id = a.id AND s.n = t.n
  WHERE mode = 'retrospective' AND cap IS NULL AND projected <> actual
    AND abs(tier_accrual(actual, projected, ladder, base, mode, boundary) - coalesce(coalesce(base, actual) * rate + fixed * actual / projected, 0)) > 1e-9
$$, 'retrospective: the rate of the projected tier on what was paid on, and the part of its fixed sum');
SELECT is_empty('SELECT * FROM asked WHERE tier_accrual(projected, projected, ladder, base, mode, boundary, cap) <> tier_reward(projected, ladder, base, mode, boundary, cap)', 'at the end it is the reward, to the last digit');
SELECT cmp_ok(count(*), '>', 3000::bigint, 'over many questions') FROM asked;

-- What is refused

SELECT is(pg_temp.error_of('SELECT * FROM ' || query), expected, query)
FROM (VALUES
  ('stack_rebates(1, ''{5}'')', '22023 | rate must be from 0 to 1, but is 5 | It is a fraction: 5 % is written 0.05.'),
  ('stack_rebates(1, ''{-0.1}'')', '22023 | rate must be from 0 to 1, but is -0.1 | It is a fraction: 5 % is written 0.05.'),
  ('stack_rebates(1, ''{NaN}'')', '22023 | rate must be a finite number, not NaN'),
  ('stack_rebates(1, ''{0.1,NULL}'')', '22023 | element 2 of rates is null | Leave the element out or give it a value.'),
  ('stack_rebates(1, ''{{0.1},{0.1}}'')', '22023 | rates must be an array of one dimension, not 2 | Give one flat list of elements.'),
  ('stack_rebates(1, ''{0.1,0.2}'', ''{1}'')', '22023 | orders has 1 elements, but rates has 2 | Give each rate its order number.'),
  ('stack_rebates(1, ''{}'', ''{1}'')', '22023 | orders has 1 elements, but rates has 0 | Give each rate its order number.'),
  ('stack_rebates(1, ''{0.1,0.2}'', ''{1,NULL}'')', '22023 | element 2 of orders is null | Leave the element out or give it a value.'),
  ('stack_rebates(1, array_fill(0.1, ARRAY[101]))', '22023 | rates has 101 elements | From 1 to 100 elements are allowed.'),
  ('stack_rebates(''Infinity'', ''{0.1}'')', '22023 | base must be a finite number, not infinity'),
  ('tier_accrual(1, 2, ''0 => 1%'', 3, ''stepped'')', '22023 | base is 3, but actual is 1 in mode stepped | Stepped pays each part of actual at its own rate: leave base out.'),
  ('tier_accrual(''NaN'', 2, ''0 => 1%'')', '22023 | actual must be a finite number, not NaN'),
  ('tier_accrual(1, ''Infinity'', ''0 => 1%'')', '22023 | projected must be a finite number, not infinity'),
  ('tier_accrual(1, 2, ''0 => 1%'', ''NaN'')', '22023 | base must be a finite number, not NaN'),
  ('tier_accrual(1, 2, ''0 => 1%'', cap => -1)', '22023 | cap must not be negative, but is -1 | Give zero or more.'),
  ('tier_accrual(1, 2, ''0 => 1%'', mode => ''all'')', '22023 | unknown mode: "all" | Allowed are "retrospective", "stepped", "fixed", "interpolated".'),
  ('tier_accrual(1, 2, ''0 => 1%'', boundary => ''at'')', '22023 | unknown boundary: "at" | Allowed are "reach", "exceed".')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
