-- Tiered programmes with parameters and gates against plain SQL, and statements that say how an amount came about.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(140);

\ir ../helpers/error_of.sql

-- the row of one step; of several, the first
CREATE FUNCTION pg_temp.row_of(wanted text, steps reward_step[]) RETURNS text
RETURN (SELECT format('%s | %s', detail, trim_scale(amount)) FROM unnest(steps) WHERE step = wanted ORDER BY no LIMIT 1);

-- W-38, W-39 as programmes

SELECT is(programme_reward(a, '100000 => 1%, 200000 => 2%, 300000 => 3%', mode => mode), reward::numeric, format('three steps: %s %s', mode, a))
FROM (VALUES (99999, 0, 0), (100000, 1000, 0), (250000, 5000, 2000), (300000, 9000, 3000)) AS x (a, retrospective, stepped),
  LATERAL (VALUES ('retrospective', retrospective), ('stepped', stepped)) AS m (mode, reward);
SELECT is(programme_reward(100000, '0 => 1%', parameters => ARRAY[('volume', 120, 100, 0.5), ('mix A', 10, 10, 0.3), ('mix B', mix_b, 10, 0.2)]::programme_parameter[], combine => combine), reward::numeric, format('mix B %s of 10, %s', mix_b, combine))
FROM (VALUES (9, 'all', 0), (9, 'weighted', 800), (10, 'all', 1000), (10, 'weighted', 1000)) AS x (mix_b, combine, reward);
SELECT is(programme_reward(100000, '0.9 => 1%, 1 => 2%', parameters => ARRAY[('volume', 120, 100, 0.5), ('mix A', 10, 10, 0.3), ('mix B', mix_b, 10, 0.2)]::programme_parameter[], combine => 'min'), reward::numeric, format('mix B %s of 10, the lowest decides', mix_b))
FROM (VALUES (8.9, 0), (9, 1000), (10, 2000), (30, 2000)) AS x (mix_b, reward);

-- Edges

SELECT is(trim_scale(programme_reward(q, l::tier_ladder, b, 'retrospective', 'reach', c, p::programme_parameter[], m, g::programme_gate[])), expected::numeric, what)
FROM (VALUES
  ('no parameters, no gates', 1000, '0 => 10%', NULL, NULL, NULL, 'all', NULL, 100),
  ('empty lists', 1000, '0 => 10%', NULL, NULL, '{}', 'all', '{}', 100),
  ('another base', 1000, '0 => 10%', 500, NULL, NULL, 'all', NULL, 50),
  ('all met', 1000, '0 => 10%', NULL, NULL, '{"(a,5,5,)","(b,7,5,)"}', 'all', '{"(g,t)"}', 100),
  ('one missed', 1000, '0 => 10%', NULL, NULL, '{"(a,5,5,)","(b,4.99,5,)"}', 'all', NULL, 0),
  ('one without a target is left out', 1000, '0 => 10%', NULL, NULL, '{"(a,5,5,)","(b,0,,)"}', 'all', NULL, 100),
  ('a target of zero is met', 1000, '0 => 10%', NULL, NULL, '{"(a,5,5,)","(b,-3,0,)"}', 'all', NULL, 100),
  ('nothing bought counts as zero', 1000, '0 => 10%', NULL, NULL, '{"(a,5,5,)","(b,,5,)"}', 'all', NULL, 0),
  ('none with a target', 1000, '0 => 10%', NULL, NULL, '{"(a,5,,1)"}', 'weighted', NULL, 100),
  ('empty rows, as of a left join', 1000, '0 => 10%', NULL, NULL, '{"(,,,)",NULL}', 'all', '{"(,)",NULL}', 100),
  ('no weights count 1 each', 1000, '0 => 10%', NULL, NULL, '{"(a,5,5,)","(b,4,5,)","(c,1,5,)","(d,9,5,)"}', 'weighted', NULL, 50),
  ('a weight of zero', 1000, '0 => 10%', NULL, NULL, '{"(a,5,5,1)","(b,4,5,0)"}', 'weighted', NULL, 100),
  ('weights of zero only', 1000, '0 => 10%', NULL, NULL, '{"(a,5,5,0)","(b,4,5,0)"}', 'weighted', NULL, NULL),
  ('weights of zero only, all', 1000, '0 => 10%', NULL, NULL, '{"(a,5,5,0)","(b,5,5,0)"}', 'all', NULL, 100),
  ('one gate closed', 1000, '0 => 10%', NULL, NULL, NULL, 'all', '{"(g,t)","(h,f)"}', 0),
  ('one gate not known', 1000, '0 => 10%', NULL, NULL, NULL, 'all', '{"(g,t)","(h,)"}', 0),
  ('the cap is on what the parameters leave', 1000, '0 => 10%', NULL, 60, '{"(a,5,5,)","(b,4,5,)"}', 'weighted', NULL, 50),
  ('and cuts it', 1000, '0 => 10%', NULL, 40, '{"(a,5,5,)","(b,4,5,)"}', 'weighted', NULL, 40),
  ('min: the base is what qualifies', 1000, '0.8 => 1%, 1 => 2%', NULL, NULL, '{"(a,5,5,)","(b,4,5,)"}', 'min', NULL, 10),
  ('min: or another', 1000, '0.8 => 1%, 1 => 2%', 500, NULL, '{"(a,5,5,)","(b,4,5,)"}', 'min', NULL, 5),
  ('min: a target of zero has no attainment', 1000, '0.8 => 1%, 1 => 2%', NULL, NULL, '{"(a,5,5,)","(b,4,0,)"}', 'min', NULL, 20),
  ('min: no attainment', 1000, '0.8 => 1%, 1 => 2%', NULL, NULL, '{"(b,4,0,)","(c,4,,)"}', 'min', NULL, NULL),
  ('min: no parameters', 1000, '0.8 => 1%, 1 => 2%', NULL, NULL, NULL, 'min', NULL, NULL),
  ('min: returns', 1000, '0 => 1%', NULL, NULL, '{"(a,-5,5,)"}', 'min', NULL, 0),
  ('no tiers', 1000, '', NULL, NULL, '{"(a,5,5,)"}', 'all', NULL, 0),
  ('a negative base', 1000, '0 => 10%', -100, NULL, '{"(a,5,5,)","(b,4,5,)"}', 'weighted', NULL, -5),
  ('qualifying unknown', NULL, '0 => 10%', 5, NULL, '{"(a,5,5,)"}', 'all', NULL, NULL),
  ('no ladder', 1000, NULL, NULL, NULL, NULL, 'all', NULL, NULL),
  ('combine NULL', 1000, '0 => 10%', NULL, NULL, NULL, NULL, NULL, NULL)
) AS x (what, q, l, b, c, p, m, g, expected);

-- Over random customers

SELECT setseed(0.2);
CREATE TABLE parameter AS
SELECT customer, format('p%s', n) AS name, CASE WHEN random() < 0.9 THEN round((random() * 60 + 70)::numeric, 1) END AS actual,
  CASE WHEN random() < 0.7 THEN round((random() * 40 + 60)::numeric) WHEN random() < 0.4 THEN 0 END AS target, CASE WHEN random() < 0.7 THEN (random() * 3)::integer END AS weight
FROM generate_series(1, 1200) AS customer, LATERAL generate_series(1, customer % 4) AS n;
CREATE TABLE gate AS SELECT customer, format('g%s', n) AS name, CASE WHEN random() < 0.95 THEN random() < 0.9 END AS met FROM generate_series(1, 1200) AS customer, LATERAL generate_series(1, customer % 3) AS n;
CREATE TABLE customer AS
SELECT customer, round((random() * 5000 - 300)::numeric, 2) AS bought, CASE WHEN random() < 0.3 THEN round((random() * 4000)::numeric, 2) END AS base,
  (ARRAY['0 => 1%, 1000 => 2% + 5, 3000 => 4%', '500 => 1.5%, 900 => 2.5%', '0 => 3%, 2000 => 1%', '1000 => 0 + 40, 2000 => 0 + 90', ''])[1 + (random() * 4)::integer]::tier_ladder AS ladder,
  '0.7 => 1%, 0.95 => 2% + 1, 1.05 => 3%'::tier_ladder AS attainments,
  (ARRAY['retrospective', 'stepped', 'fixed', 'interpolated'])[1 + (random() * 3)::integer] AS mode, (ARRAY['reach', 'exceed'])[1 + (random())::integer] AS boundary,
  CASE WHEN random() < 0.3 THEN 25 END AS cap, CASE WHEN random() < 0.6 THEN round((random() * 100)::numeric, 2) END AS paid, (random() * 4)::integer AS scale
FROM generate_series(1, 1200) AS customer;
UPDATE customer SET base = NULL WHERE mode = 'stepped';

CREATE TABLE programme AS
SELECT c.*, combine, CASE WHEN combine = 'min' THEN attainments ELSE ladder END AS steps, CASE WHEN combine = 'min' AND mode = 'stepped' THEN 'fixed' ELSE mode END AS paid_mode, p.parameters, g.gates
FROM customer AS c
CROSS JOIN unnest('{all,weighted,min}'::text[]) AS combine
LEFT JOIN (SELECT customer, array_agg((name, actual, target, weight)::programme_parameter ORDER BY name) AS parameters FROM parameter GROUP BY customer) AS p USING (customer)
LEFT JOIN (SELECT customer, array_agg((name, met)::programme_gate ORDER BY name) AS gates FROM gate GROUP BY customer) AS g USING (customer);
CREATE TABLE result AS
SELECT *, programme_reward(bought, steps, base, paid_mode, boundary, cap, parameters, combine, gates) AS reward,
  ARRAY(SELECT s FROM explain_reward(bought, steps, base, paid_mode, boundary, cap, parameters, combine, gates, paid, scale) AS s) AS statement
FROM programme;

CREATE TABLE by_hand AS
SELECT customer, combine,
  CASE WHEN combine = 'min' AND lowest IS NULL OR combine = 'weighted' AND targets > 0 AND weights = 0 THEN NULL
    ELSE least(cap, CASE WHEN NOT gates_met THEN 0
      WHEN combine = 'min' THEN tier_reward(lowest, steps, coalesce(base, bought), paid_mode, boundary)
      WHEN targets = met THEN full_reward
      WHEN combine = 'all' THEN 0
      ELSE full_reward * met_weights / weights END) END AS reward
FROM programme
CROSS JOIN LATERAL (SELECT CASE WHEN combine <> 'min' THEN tier_reward(bought, steps, base, paid_mode, boundary) END AS full_reward) AS f
CROSS JOIN LATERAL (
  SELECT count(target) AS targets, count(*) FILTER (WHERE coalesce(actual, 0) >= target) AS met, min(coalesce(actual, 0) / nullif(target, 0)) AS lowest,
    coalesce(sum(coalesce(weight, 1)) FILTER (WHERE target IS NOT NULL), 0) AS weights, coalesce(sum(coalesce(weight, 1)) FILTER (WHERE coalesce(actual, 0) >= target), 0) AS met_weights
  FROM parameter AS p WHERE p.customer = programme.customer) AS p
CROSS JOIN LATERAL (SELECT coalesce(bool_and(coalesce(met, false)), true) AS gates_met FROM gate AS g WHERE g.customer = programme.customer) AS g;
SELECT is_empty('SELECT r.*, h.reward FROM result AS r JOIN by_hand AS h USING (customer, combine) WHERE r.reward IS DISTINCT FROM h.reward', 'programme_reward = plain SQL');
SELECT ok(count(*) = 3600 AND count(*) FILTER (WHERE reward IS NULL) > 30 AND count(*) FILTER (WHERE reward > 0) > 1000 AND count(*) FILTER (WHERE reward = 0) > 500 AND count(*) FILTER (WHERE reward = cap) > 100, 'over every outcome') FROM result;
SELECT is_empty('SELECT * FROM customer WHERE programme_reward(bought, ladder, base, mode, boundary, cap) IS DISTINCT FROM tier_reward(bought, ladder, base, mode, boundary, cap)', 'without parameters and gates it is tier_reward');

CREATE TABLE stepped_row AS SELECT customer, combine, cap, paid, scale, reward, s.* FROM result, unnest(statement) AS s;
SELECT is_empty('SELECT customer FROM result WHERE (reward IS NULL) <> (cardinality(statement) = 0)', 'no reward, no statement');
SELECT is_empty('SELECT * FROM stepped_row WHERE step = ''earned'' AND (amount <> round(reward, scale) OR scale(amount) <> scale)', 'earned is the reward, rounded');
SELECT is_empty('SELECT customer, combine FROM stepped_row GROUP BY customer, combine HAVING count(*) FILTER (WHERE step = ''earned'') <> 1 OR count(*) FILTER (WHERE step = ''due'') <> 1 OR count(*) FILTER (WHERE step = ''reward'') <> 1 OR count(*) FILTER (WHERE step = ''qualifying'') <> 1 OR count(*) FILTER (WHERE step = ''tier'') <> 1', 'each statement has these steps once');
SELECT is_empty('SELECT * FROM stepped_row WHERE step = ''due'' AND amount <> settlement(reward, coalesce(paid, 0), scale)', 'due is the settlement');
SELECT is_empty('SELECT customer, combine FROM stepped_row GROUP BY customer, combine, cap, paid HAVING count(*) FILTER (WHERE step = ''cap'') <> (cap IS NOT NULL)::integer OR count(*) FILTER (WHERE step = ''paid'') <> (paid IS NOT NULL)::integer', 'cap and paid stand there when they are given');
SELECT is_empty('SELECT customer, combine FROM stepped_row GROUP BY customer, combine HAVING min(no) <> 1 OR max(no) <> count(*) OR count(DISTINCT no) <> count(*)', 'the rows are numbered');
SELECT is_empty($$SELECT customer, combine FROM stepped_row GROUP BY customer, combine HAVING count(*) FILTER (WHERE step = 'parameter') <> (SELECT count(*) FROM parameter AS p WHERE p.customer = stepped_row.customer) OR count(*) FILTER (WHERE step = 'gate') <> (SELECT count(*) FROM gate AS g WHERE g.customer = stepped_row.customer)$$, 'each parameter and each gate has a row');
SELECT is_empty($$SELECT * FROM stepped_row WHERE step NOT IN ('qualifying', 'base', 'tier', 'band', 'reward', 'parameter', 'share', 'gate', 'cap', 'earned', 'paid', 'due', 'next')$$, 'no other steps');
SELECT is_empty($$SELECT customer FROM result, unnest(statement) AS s WHERE paid_mode = 'stepped' GROUP BY customer, combine HAVING coalesce(sum(amount) FILTER (WHERE step = 'band'), 0) <> max(amount) FILTER (WHERE step = 'reward')$$, 'the bands add up to the reward');
SELECT is_empty($$
  SELECT r.* FROM result AS r, unnest(statement) AS s
  CROSS JOIN LATERAL (SELECT (tier_attainment(bought, steps, mode => paid_mode, boundary => boundary)).next_reward) AS n
  WHERE step = 'next' AND base IS NULL AND combine = 'all' AND parameters IS NULL AND gates IS NULL AND amount <> least(cap, next_reward) - reward
$$, 'next is what tier_attainment says the next tier pays, less what is earned');
SELECT is_empty($$SELECT customer FROM result AS r WHERE reward IS NOT NULL AND EXISTS (SELECT FROM unnest(statement) AS s WHERE step = 'next') <> ((tier_attainment(CASE WHEN combine = 'min' THEN (SELECT amount FROM unnest(statement) WHERE step = 'qualifying') ELSE bought END, steps, mode => 'fixed', boundary => boundary)).next_threshold IS NOT NULL)$$, 'there is a next tier below the top only');
SELECT is_empty('SELECT customer, combine FROM stepped_row WHERE detail IS NULL OR detail = '''' OR detail ~ ''^\s|\s$|NULL|null''', 'every row says something');

-- The wording

SELECT is(pg_temp.row_of(step, ARRAY(SELECT s FROM explain_reward(q, l::tier_ladder, b, m, e, c, p::programme_parameter[], k, g::programme_gate[], paid) AS s)), expected, format('%s of %s on %s', step, q, l))
FROM (VALUES
  ('tier', 250, '0 => 1%, 200 => 2% + 5', NULL, 'retrospective', 'reach', NULL, NULL, 'all', NULL, NULL, 'tier 2 of 2, from 200: 2% + 5 | '),
  ('tier', 250, '0 => 0.01, 200 => 0.0250', NULL, 'retrospective', 'exceed', NULL, NULL, 'all', NULL, NULL, 'tier 2 of 2, above 200: 2.5% | '),
  ('tier', 150, '0 => 0.01, 200 => 0.0250', NULL, 'retrospective', 'exceed', NULL, NULL, 'all', NULL, NULL, 'tier 1 of 2, from 0: 1% | '),
  ('tier', 250, '100 => 6.50', NULL, 'retrospective', 'reach', NULL, NULL, 'all', NULL, NULL, 'tier 1 of 1, from 100: 6.50 | '),
  ('tier', 99, '100 => 6.50', NULL, 'retrospective', 'reach', NULL, NULL, 'all', NULL, NULL, 'none: tier 1 is from 100 | '),
  ('tier', 250, '100 => 150%', NULL, 'retrospective', 'reach', NULL, NULL, 'all', NULL, NULL, 'tier 1 of 1, from 100: 150% | '),
  ('tier', 250, '', NULL, 'retrospective', 'reach', NULL, NULL, 'all', NULL, NULL, 'the programme has no tiers | '),
  ('reward', 250, '100 => 6.50', NULL, 'retrospective', 'reach', NULL, NULL, 'all', NULL, NULL, '6.50 times 250 | 1625'),
  ('reward', 250, '100 => 2% + 5', 200, 'retrospective', 'reach', NULL, NULL, 'all', NULL, NULL, '2% of 200 + 5 | 9'),
  ('reward', 250, '100 => 1%, 300 => 2%', NULL, 'interpolated', 'reach', NULL, NULL, 'all', NULL, NULL, '75% of the way from tier 1, which pays 2.50, to tier 2, which pays 5.00 | 4.375'),
  ('reward', 350, '100 => 1%, 300 => 2%', NULL, 'interpolated', 'reach', NULL, NULL, 'all', NULL, NULL, '2% of 350 | 7'),
  ('reward', 350, '100 => 1%', NULL, 'stepped', 'reach', NULL, NULL, 'all', NULL, NULL, 'the band | 2.5'),
  ('band', 350, '100 => 1% + 3, 300 => 2%', NULL, 'stepped', 'reach', NULL, NULL, 'all', NULL, NULL, 'tier 1, 100 to 300: 1% of 200 + 3 | 5'),
  ('base', 350, '100 => 1%', 300, 'retrospective', 'reach', NULL, NULL, 'all', NULL, NULL, 'paid on 300 | 300'),
  ('base', 350, '100 => 1%', 350.00, 'retrospective', 'reach', NULL, NULL, 'all', NULL, NULL, NULL),
  ('parameter', 350, '100 => 1%', NULL, 'retrospective', 'reach', NULL, '{"(mix,199.999,200,)"}', 'all', NULL, NULL, 'mix: 199.999 of 200 is 99.99%, not met | '),
  ('parameter', 350, '100 => 1%', NULL, 'retrospective', 'reach', NULL, '{"(mix,0.13499999999999999999,0.135,)"}', 'all', NULL, NULL, 'mix: 0.134999 of 0.135 is 99.99%, not met | '),
  ('parameter', 350, '100 => 1%', NULL, 'retrospective', 'reach', NULL, '{"(mix,0.1500000000000000,0.135,)"}', 'all', NULL, NULL, 'mix: 0.15 of 0.135 is 111.11%, met | '),
  ('parameter', 350, '100 => 1%', NULL, 'retrospective', 'reach', NULL, '{"(mix,0.150000,0.135,)"}', 'all', NULL, NULL, 'mix: 0.150000 of 0.135 is 111.11%, met | '),
  ('parameter', 350, '100 => 1%', NULL, 'retrospective', 'reach', NULL, '{"(,5,4,3)"}', 'weighted', NULL, NULL, 'parameter 1: 5 of 4 is 125%, met, weight 3 | '),
  ('share', 350, '100 => 1%', NULL, 'retrospective', 'reach', NULL, '{"(a,5,4,3)","(b,1,4,1)"}', 'weighted', NULL, NULL, 'weight 3 of 4 is met: 75% of the reward | 2.625'),
  ('share', 350, '100 => 1%', NULL, 'retrospective', 'reach', NULL, '{"(a,5,,3)"}', 'weighted', NULL, NULL, NULL),
  ('gate', 350, '100 => 1%', NULL, 'retrospective', 'reach', NULL, NULL, 'all', '{"(,t)"}', NULL, 'gate 1: met | 3.5'),
  ('cap', 350, '100 => 1%', NULL, 'retrospective', 'reach', 3, NULL, 'all', NULL, NULL, '3.50 is cut to the cap of 3 | 3'),
  ('cap', 350, '100 => 1%', NULL, 'retrospective', 'reach', 3.50, NULL, 'all', NULL, NULL, 'within the cap of 3.50 | 3.5'),
  ('due', 350, '100 => 1%', NULL, 'retrospective', 'reach', NULL, NULL, 'all', NULL, 3.5, 'nothing to pay | 0'),
  ('due', 350, '100 => 1%', NULL, 'retrospective', 'reach', NULL, NULL, 'all', NULL, 4, 'to pay back | -0.5'),
  ('next', 350, '100 => 1%, 400 => 2%', NULL, 'retrospective', 'reach', NULL, NULL, 'all', NULL, NULL, '50 more (from 400): tier 2, 2%, pays 4.50 more | 4.5'),
  ('next', 350, '100 => 1%, 400 => 2%', 175, 'retrospective', 'exceed', NULL, NULL, 'all', NULL, NULL, '50 more (above 400): tier 2, 2%, pays 2.25 more on 200.00 | 2.25'),
  ('next', 350, '100 => 2%, 400 => 1%', NULL, 'retrospective', 'reach', NULL, NULL, 'all', NULL, NULL, '50 more (from 400): tier 2, 1%, pays 3.00 less | -3'),
  ('next', 350, '100 => 1%', NULL, 'retrospective', 'reach', NULL, NULL, 'all', NULL, NULL, NULL),
  ('qualifying', 350, '0.5 => 1%, 1 => 2%', NULL, 'retrospective', 'reach', NULL, '{"(a,5,4,3)","(b,3,4,1)"}', 'min', NULL, NULL, 'the lowest attainment decides: b with 75% | 0.75'),
  ('next', 350, '0.5 => 1%, 1 => 2%', NULL, 'retrospective', 'reach', NULL, '{"(a,5,4,3)","(b,3,4,1)"}', 'min', NULL, NULL, 'every attainment from 100%: tier 2, 2%, pays 3.50 more on 350.00 | 3.5')
) AS x (step, q, l, b, m, e, c, p, k, g, paid, expected);

-- The other two programmes

SELECT is((SELECT amount FROM explain_turnover(a, t, 0.03, 10, 100) WHERE step = 'earned'), round(turnover_bonus(a, t, 0.03, 10), 2), format('turnover %s of %s: earned', a, t))
FROM (VALUES (500000, 500000), (499999.99, 500000), (-5, 10), (5, 0)) AS x (a, t);
SELECT is((SELECT amount FROM explain_turnover(a, 500000, 0.03, 10, 100) WHERE step = 'due'), settlement(turnover_bonus(a, 500000, 0.03, 10), 100), format('turnover %s: due', a))
FROM (VALUES (500000), (499999.99)) AS x (a);
SELECT is((SELECT format('%s | %s', detail, amount) FROM explain_turnover(499999.99, 500000, 0.03) WHERE step = 'next'), '0.01 more reaches the target and pays 15000.00 | 15000.00', 'turnover: what the target would pay');
SELECT is((SELECT count(*) FROM explain_turnover(500000, 500000, 0.03) WHERE step = 'next'), 0::bigint, 'turnover: nothing above the target');
SELECT is((SELECT array_agg(amount ORDER BY no) FROM explain_framework(g, 0.1, e, m)), ARRAY[g, g * 0.9, framework_price(g, 0.1, e, m), g - framework_price(g, 0.1, e, m), framework_price(g, 0.1, e, m)], format('framework order: %s less 10%% and %s, %s', g, e, m))
FROM (VALUES (1000, 0.05, 'additive'), (1000, 0.05, 'chained'), (-1000, 0.95, 'additive'), (0, 0.05, 'chained')) AS x (g, e, m);
SELECT is((SELECT array_agg(format('%s %s', step, amount) ORDER BY no) FROM explain_framework(1, 0.1, 0.1, 'additive', 120000, drawn) WHERE no > 5), expected::text[], format('framework order: %s of 120000 drawn', drawn))
FROM (VALUES (40000, '{commitment 120000,drawn 40000,undrawn 80000}'), (-50, '{commitment 120000,drawn -50,undrawn 120050}'), (130000, '{commitment 120000,drawn 130000,undrawn -10000}'), (NULL, '{commitment 120000}')) AS x (drawn, expected);
SELECT is((SELECT count(*) FROM explain_turnover(NULL, 1, 0.1)) + (SELECT count(*) FROM explain_turnover(1, 1, 0.1, scale => NULL)) + (SELECT count(*) FROM explain_framework(1, 0.1, NULL)) + (SELECT count(*) FROM explain_reward(1, '1 => 1', scale => NULL)), 0::bigint, 'NULL gives no rows');

-- In parallel

ANALYZE programme;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE TABLE in_parallel AS SELECT sum(programme_reward(bought, steps, base, paid_mode, boundary, cap, parameters, combine, gates)) AS reward FROM programme;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is(p.reward, (SELECT sum(reward) FROM result), 'parallel = serial') FROM in_parallel AS p;

-- What is refused

SELECT is(pg_temp.error_of(format('SELECT * FROM %s', query)), expected, query)
FROM (VALUES
  ('%s(1, ''1 => 1'', combine => ''most'')', '22023 | unknown combine: "most" | Allowed are "all", "weighted", "min".'),
  ('%s(1, ''1 => 1'', mode => ''stepped'', combine => ''min'', parameters => ''{"(a,1,1,)"}'')', '22023 | combine is "min", but mode is "stepped" | The bands of an attainment have no amounts: use another mode, or combine "all" or "weighted".'),
  ('%s(1, ''1 => 1'', 2, ''stepped'')', '22023 | base is 2, but qualifying is 1 in mode stepped | Stepped pays each part of qualifying at its own rate: leave base out.'),
  ('%s(''NaN'', ''1 => 1'')', '22023 | qualifying must be a finite number, not NaN'),
  ('%s(1, ''1 => 1'', cap => -1)', '22023 | cap must not be negative, but is -1 | Give zero or more.'),
  ('%s(1, ''1 => 1'', parameters => ''{"(a,NaN,1,)"}'')', '22023 | actual must be a finite number, not NaN'),
  ('%s(1, ''1 => 1'', parameters => ''{"(a,1,-1,)"}'')', '22023 | target must not be negative, but is -1 | Give zero or more.'),
  ('%s(1, ''1 => 1'', parameters => ''{"(a,1,Infinity,)"}'')', '22023 | target must be a finite number, not infinity'),
  ('%s(1, ''1 => 1'', parameters => ''{"(a,1,1,-1)"}'')', '22023 | weight must not be negative, but is -1 | Give zero or more.'),
  ('%s(1, ''1 => 1'', parameters => ''{{"(a,1,1,1)"},{"(a,1,1,1)"}}'')', '22023 | parameters must be an array of one dimension, not 2 | Collect the rows with array_agg.'),
  ('%s(1, ''1 => 1'', gates => ''{{"(a,t)"},{"(a,t)"}}'')', '22023 | gates must be an array of one dimension, not 2 | Collect the rows with array_agg.')
) AS x (template, expected), unnest('{programme_reward,explain_reward}'::text[]) AS f, LATERAL (SELECT format(template, f) AS query) AS q;
SELECT is(pg_temp.error_of('SELECT * FROM ' || query), expected, query)
FROM (VALUES
  ('explain_reward(1, ''1 => 1'', paid => ''NaN'')', '22023 | paid must be a finite number, not NaN'),
  ('explain_reward(1, ''1 => 1'', scale => 21)', '22023 | scale must be from -12 to 20, but is 21 | 2 rounds to cents, 0 to whole units, -3 to thousands.'),
  ('explain_turnover(1, 1, 3)', '22023 | rate must be from 0 to 1, but is 3 | It is a fraction: 5 % is written 0.05.'),
  ('explain_turnover(1, 1, 0.3, paid => ''NaN'')', '22023 | paid must be a finite number, not NaN'),
  ('explain_framework(1, 2, 0)', '22023 | base_discount must be from 0 to 1, but is 2 | It is a fraction: 5 % is written 0.05.'),
  ('explain_framework(1, 0, 0, commitment => 0)', '22023 | commitment must be above zero, but is 0 | Leave it out where there is none.'),
  ('explain_framework(1, 0, 0, commitment => 1, drawn => ''NaN'')', '22023 | drawn must be a finite number, not NaN')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
