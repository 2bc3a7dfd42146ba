-- target_split, suggest_target, history and ratios: edges, refusals, properties, comparison with plain SQL
\set QUIET 1
BEGIN;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();
\ir ../helpers/error_of.sql

-- target_split: edges

SELECT is(target_split(target, weights::numeric[], scale)::text, parts, what)
FROM (VALUES
  ('one part', 100.01, '{3}', 2, '{100.01}'),
  ('even', 100, '{1,1,1,1}', 2, '{25.00,25.00,25.00,25.00}'),
  ('ties go to the earlier parts', 100, '{1,1,1}', 2, '{33.34,33.33,33.33}'),
  ('two units over', 0.05, '{1,1,1}', 2, '{0.02,0.02,0.01}'),
  ('the largest rest first', 10, '{1,2,4}', 0, '{1,3,6}'),
  ('zero weights get nothing', 10, '{0,1,0,1,1}', 0, '{0,4,0,3,3}'),
  ('no unit for a zero weight', 1, '{0,0,5}', 0, '{0,0,1}'),
  ('fewer units than parts', 2, '{1,1,1,1,1}', 0, '{1,1,0,0,0}'),
  ('a target of zero', 0, '{1,2}', 2, '{0.00,0.00}'),
  ('below zero: the mirror image', -100, '{1,1,1}', 2, '{-33.34,-33.33,-33.33}'),
  ('weights of any size', 10, '{0.000001,0.000002,0.000004}', 0, '{1,3,6}'),
  ('weights of any decimals', 10, '{1,2.0,4.000}', 0, '{1,3,6}'),
  ('thousands', 1200000, '{3,2,2}', -3, '{514000,343000,343000}'),
  ('the coarsest scale', 3e12, '{1,1}', -12, '{2000000000000,1000000000000}'),
  ('the finest scale', 1, '{1,1,1}', 20, '{0.33333333333333333334,0.33333333333333333333,0.33333333333333333333}'),
  ('zeros behind the scale are no decimals', 100.000000, '{1,1}', 0, '{50,50}'),
  ('a zero with many decimals', 0.00000000000000000000000000000000000000000000000000, '{1,1}', -12, '{0,0}'),
  ('38 digits', 99999999999999999999999999999999999999, '{1,1}', 0, '{50000000000000000000000000000000000000,49999999999999999999999999999999999999}'),
  ('38 digits and long weights', 99999999999999999999999999999999999999, '{33333333333333333333333333333333333333,0,66666666666666666666666666666666666666}', 0,
    '{33333333333333333333333333333333333333,0,66666666666666666666666666666666666666}'),
  ('long weights of a short target', 1, '{33333333333333333333333333333333333333,66666666666666666666666666666666666666}', 2, '{0.33,0.67}'),
  ('one weight above the rest', 100, '{1e30,1,1}', 2, '{100.00,0.00,0.00}'),
  ('all weights zero', 100, '{0,0.00}', 2, NULL),
  ('no weights', 100, '{}', 2, NULL),
  ('bounds of the array', 10, '[5:6]={1,1}', 0, '{5,5}')
) AS v (what, target, weights, scale, parts);
SELECT is(target_split(NULL, '{1}'), NULL, 'target NULL');
SELECT is(target_split(1, NULL), NULL, 'weights NULL');
SELECT is(target_split(1, '{1}', NULL), NULL, 'scale NULL');
SELECT is(target_split(1, '{1,1}'), '{0.50,0.50}'::numeric[], 'the default scale is cents');
SELECT is(target_split(100::bigint, ARRAY[1, 2, 1]), '{25.00,50.00,25.00}'::numeric[], 'of integers');

-- target_split: refusals

SELECT is(pg_temp.error_of('SELECT ' || call), wanted, call)
FROM (VALUES
  ($$target_split(100.005, '{1,1}')$$, '22023 | target 100.005 is finer than scale 2 | Round it first: round(target, 2), or raise scale.'),
  ($$target_split(1e-30, '{1,1}', 20)$$, '22023 | target 0.000000000000000000000000000001 is finer than scale 20 | Round it first: round(target, 20), or raise scale.'),
  ($$target_split(1e-37, '{1,1}', -12)$$, '22023 | target 0.0000000000000000000000000000000000001 is finer than scale -12 | Round it first: round(target, -12), or raise scale.'),
  ($$target_split(1250, '{1,1}', -3)$$, '22023 | target 1250 is finer than scale -3 | Round it first: round(target, -3), or raise scale.'),
  ($$target_split(100, '{1,-0.5,1}')$$, '22023 | weights must not be negative, but is -0.5 | Give zero or more.'),
  ($$target_split(0, '{0,-1}')$$, '22023 | weights must not be negative, but is -1 | Give zero or more.'),
  ($$target_split(100, '{1,NULL}')$$, '22023 | element 2 of weights is null | Leave the element out or give it a value.'),
  ($$target_split(100, '{1,NaN}')$$, '22023 | weights must be a finite number, not NaN'),
  ($$target_split(100, '{1,Infinity}')$$, '22023 | weights must be a finite number, not infinity'),
  ($$target_split(100, '{{1,1},{1,1}}')$$, '22023 | weights must be an array of one dimension, not 2 | Give one flat list of elements.'),
  ($$target_split(100, array_fill(1.0, ARRAY[100001]))$$, '22023 | weights has 100001 elements | From 1 to 100000 elements are allowed.'),
  ($$target_split('NaN', '{1,1}')$$, '22023 | target must be a finite number, not NaN'),
  ($$target_split('-infinity', '{}')$$, '22023 | target must be a finite number, not -infinity'),
  ($$target_split(100, '{1,1}', 21)$$, '22023 | scale must be from -12 to 20, but is 21 | 2 splits to cents, 0 to whole units, -3 to thousands.'),
  ($$target_split(100, '{1,1}', -13)$$, '22023 | scale must be from -12 to 20, but is -13 | 2 splits to cents, 0 to whole units, -3 to thousands.'),
  ($$target_split(1e37, '{1,1}', 2)$$, '22003 | amounts with 38 digits before and 2 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ($$target_split(1, '{1e30,1e-20}')$$, '22003 | amounts with 31 digits before and 20 after the decimal point cannot be added exactly | Round the amounts to fewer decimals.'),
  ($$target_split(1, '{9e37,9e37}')$$, '22003 | a sum of amounts passes 38 digits | Round the amounts to fewer decimals.'),
  ($$suggest_target(100, 200, 5)$$, '22023 | growth must be from -1 to 1, but is 5 | It is a fraction: 5 % is written 0.05.'),
  ($$suggest_target(100, 200, -1.01)$$, '22023 | growth must be from -1 to 1, but is -1.01 | It is a fraction: 5 % is written 0.05.'),
  ($$suggest_target(100, 200, 'NaN')$$, '22023 | growth must be a finite number, not NaN'),
  ($$suggest_target(100, 200, 0, 50)$$, '22023 | gap_share must be from 0 to 1, but is 50 | It is a fraction: 5 % is written 0.05.'),
  ($$suggest_target(100, 200, 0, -0.1)$$, '22023 | gap_share must be from 0 to 1, but is -0.1 | It is a fraction: 5 % is written 0.05.'),
  ($$suggest_target(100, 200, 0, 'infinity')$$, '22023 | gap_share must be a finite number, not infinity'),
  ($$suggest_target('infinity', 200)$$, '22023 | prior must be a finite number, not infinity'),
  ($$suggest_target(100, 'NaN')$$, '22023 | peer_average must be a finite number, not NaN'),
  ($$history_months('infinity', '2026-01-01')$$, '22023 | first_sale must be a finite date, not infinity'),
  ($$history_months('2026-01-01', '-infinity')$$, '22023 | as_of must be a finite date, not -infinity'),
  ($$history_state('-infinity', '2026-01-01')$$, '22023 | first_sale must be a finite date, not -infinity'),
  ($$history_state('2024-01-01', '2026-01-01', -1)$$, '22023 | minimum must not be negative, but is -1 | Give a number of months.'),
  ($$history_state('2024-01-01', '2023-01-01', 12, 11)$$, '22023 | recommended is 11, less than minimum, which is 12 | Give at least as many months as minimum.'),
  ($$share_of_potential('NaN', 1)$$, '22023 | actual must be a finite number, not NaN'),
  ($$share_of_potential(1, 'infinity')$$, '22023 | potential must be a finite number, not infinity'),
  ($$gross_margin('-infinity', 1)$$, '22023 | amount must be a finite number, not -infinity'),
  ($$gross_margin(1, 'NaN')$$, '22023 | cost must be a finite number, not NaN'),
  ($$growth_rate('NaN', 1)$$, '22023 | now_value must be a finite number, not NaN'),
  ($$growth_rate(1, 'NaN')$$, '22023 | before_value must be a finite number, not NaN')
) AS refused (call, wanted);

-- target_split: properties and plain SQL over random targets

SELECT setseed(0.42);
CREATE TEMP TABLE split AS
SELECT id, target, scale, weights, target_split(target, weights, scale) AS parts
FROM (SELECT id, scale, round(((random() - 0.3) * 10 ^ (id % 9 + 1))::numeric, scale) AS target,
             ARRAY(SELECT CASE WHEN (i + id) % 7 = 3 THEN 0 ELSE round((random() * 10 ^ (id % 5))::numeric, id % 4) END
                   FROM generate_series(1, 1 + id % 40) AS i) AS weights
      FROM generate_series(1, 2000) AS id, LATERAL (SELECT id % 6 - 2 AS scale) AS s) AS t;
-- the same with products beyond 38 digits
INSERT INTO split
SELECT id + 10000, target, scale, weights, target_split(target, weights, scale)
FROM (SELECT id, scale, round(target * 1234567890123456789 + 0.12345, scale) AS target,
             ARRAY(SELECT round(w * 9876543210987654321 / 7, 8) FROM unnest(weights) AS w) AS weights
      FROM split WHERE id % 10 = 1) AS t;

-- the largest remainder in plain numeric
CREATE FUNCTION pg_temp.plain_split(target numeric, weights numeric[], scale int)
RETURNS numeric[] LANGUAGE sql AS $$
  WITH p AS (
    SELECT i, w, abs($1) * 10::numeric ^ $3 AS units, sum(w) OVER () AS whole FROM unnest($2) WITH ORDINALITY AS u (w, i)),
  f AS (
    SELECT i, units, div(units * w, whole) AS part, mod(units * w, whole) AS rest FROM p WHERE whole > 0),
  r AS (
    SELECT i, part, row_number() OVER (ORDER BY rest DESC, i) <= units - sum(part) OVER () AS gets FROM f)
  SELECT array_agg(sign($1) * (part + gets::int) / 10::numeric ^ $3 ORDER BY i) FROM r
$$;

SELECT cmp_ok(count(*), '>', 150::bigint, 'some products are beyond 38 digits') FROM split
WHERE length(trunc(abs(target) * 10::numeric ^ scale)::text) + length(trunc((SELECT max(w * 10 ^ scale(w)) FROM unnest(weights) w))::text) > 40;
SELECT cmp_ok(count(*), '>', 400::bigint, 'some targets are below zero') FROM split WHERE target < 0;
SELECT is(count(*), 0::bigint, 'as in plain SQL') FROM split WHERE parts IS DISTINCT FROM pg_temp.plain_split(target, weights, scale);
SELECT is(count(*), 0::bigint, 'the parts add up to the target')
FROM split WHERE parts IS NOT NULL AND (SELECT sum(p) FROM unnest(parts) AS p) <> target;
SELECT is(count(*), 0::bigint, 'as many parts as weights, NULL only where no weight is above zero')
FROM split WHERE cardinality(parts) IS DISTINCT FROM CASE WHEN (SELECT max(w) FROM unnest(weights) AS w) > 0 THEN cardinality(weights) END;
SELECT is(count(*), 0::bigint, 'each part is within one unit of its exact share, and of the scale')
FROM split, LATERAL (SELECT sum(w) AS whole FROM unnest(weights) AS w) AS s, unnest(parts, weights) AS u (p, w)
WHERE abs(p * whole - target * w) >= whole / 10::numeric ^ scale OR round(p, scale) <> p OR scale(p) <> greatest(scale, 0);
SELECT is(count(*), 0::bigint, 'a weight of zero gets zero') FROM split, unnest(parts, weights) AS u (p, w) WHERE w = 0 AND p <> 0;
SELECT is(count(*), 0::bigint, 'a larger weight never gets less')
FROM split, LATERAL (SELECT abs(p) AS p, lag(abs(p)) OVER (ORDER BY w, abs(p)) AS before FROM unnest(parts, weights) AS u (p, w)) AS o WHERE p < before;
SELECT is(count(*), 0::bigint, 'below zero is the mirror image')
FROM split WHERE target_split(-target, weights, scale) IS DISTINCT FROM ARRAY(SELECT -p FROM unnest(parts) WITH ORDINALITY AS u (p, i) ORDER BY i) AND parts IS NOT NULL;

CREATE TEMP TABLE many AS
SELECT target_split(123456789.01, array_agg(i % 1000 + 0.001 ORDER BY i)) AS parts FROM generate_series(1, 100000) AS i;
SELECT is((SELECT sum(p) FROM many, unnest(parts) AS p), 123456789.01, '100,000 parts');
SELECT is((SELECT array_agg(DISTINCT abs(p - 123456789.01 * (i % 1000 + 0.001) / 49950100) < 0.01) FROM many, unnest(parts) WITH ORDINALITY AS u (p, i)), '{t}', 'each within a cent');
SELECT cmp_ok((SELECT sum(p) FROM unnest(target_split(99999999999999999999999999999999999.99, (SELECT array_agg(i * 1000003.000007) FROM generate_series(1, 10000) AS i))) AS p),
              '=', 99999999999999999999999999999999999.99, '10,000 parts with products beyond 38 digits');

-- suggest_target

SELECT is(suggest_target(prior, average, growth, gap), target, format('prior %s, average %s, growth %s, gap %s', prior, average, growth, gap))
FROM (VALUES
  (100, 200, 0, 0.5, 150), (200, 200, 0, 0.5, 200), (250, 200, 0, 0.5, 250), (0, 200, 0, 0.5, 100),
  (100, 200, 0.05, 0.5, 155), (250, 200, 0.05, 0.5, 262.5), (199.99, 200, 0, 1, 200), (100, 200, 0, 0, 100),
  (-100, 200, 0, 0.5, 50), (-100, 200, 0.1, 0.5, 40), (-100, -200, 0, 0.5, -100), (-200, -100, 0, 0.5, -150),
  (100, 200, -1, 0, 0), (100, 100, -1, 1, 0), (100, 50, 1, 0.5, 200), (0, 0, 0.05, 0.5, 0)
) AS v (prior, average, growth, gap, target);
SELECT is(suggest_target(100, 200), 150::numeric, 'no growth, half of the gap');
SELECT is(suggest_target(p, a, g, s), NULL, 'NULL') FROM (VALUES (NULL::numeric, 1::numeric, 0::numeric, 0::numeric), (1, NULL, 0, 0), (1, 1, NULL, 0), (1, 1, 0, NULL)) AS v (p, a, g, s);
SELECT is(count(*), 0::bigint, 'suggest_target as in plain SQL')
FROM (SELECT round((random() * 1000 - 100)::numeric, 2) AS p, round((random() * 1000 - 100)::numeric, 2) AS a, round((random() * 2 - 1)::numeric, 3) AS g, round(random()::numeric, 2) AS s
      FROM generate_series(1, 5000)) AS r
WHERE suggest_target(p, a, g, s) IS DISTINCT FROM CASE WHEN p >= a THEN p * (1 + g) ELSE p * (1 + g) + s * (a - p) END;

-- History

SELECT is(history_months(first_sale::date, as_of::date), months, format('%s to %s', first_sale, as_of))
FROM (VALUES
  ('2025-01-01', '2024-12-31', NULL), ('2025-01-01', '2025-01-01', 0), ('2025-01-01', '2025-01-30', 0), ('2025-01-01', '2025-01-31', 1),
  ('2025-01-01', '2025-11-30', 11), ('2025-01-01', '2025-12-30', 11), ('2025-01-01', '2025-12-31', 12), ('2023-01-01', '2025-12-31', 36),
  ('2025-01-15', '2025-02-13', 0), ('2025-01-15', '2025-02-14', 1), ('2025-01-15', '2026-01-14', 12),
  ('2025-01-31', '2025-02-26', 0), ('2025-01-31', '2025-02-27', 1), ('2025-01-31', '2025-03-29', 1), ('2025-01-31', '2025-03-30', 2), ('2025-01-31', '2025-04-29', 3),
  ('2024-02-29', '2025-02-27', 12), ('2024-02-29', '2025-02-26', 11), ('2024-01-31', '2024-02-28', 1), ('2024-01-31', '2024-02-27', 0),
  ('2025-02-01', '2025-02-28', 1), ('2024-02-01', '2024-02-28', 0), ('2024-02-01', '2024-02-29', 1),
  ('0001-01-01', '9999-12-31', 9999 * 12), ('4714-11-24 BC', '4714-12-31 BC', 1), ('5874897-11-30', '5874897-12-31', 1)
) AS v (first_sale, as_of, months);
SELECT is(count(*), 0::bigint, 'history_months: the most months that end by as_of')
FROM (SELECT date '2019-01-01' + (random() * 800)::int AS f, date '2019-06-01' + (random() * 1500)::int AS a FROM generate_series(1, 5000)) AS r
WHERE history_months(f, a) IS DISTINCT FROM
  CASE WHEN a >= f THEN (SELECT max(n) FROM generate_series(0, 100) AS n WHERE f + make_interval(months => n) <= a + 1) END;

SELECT is(history_state('2020-01-01', as_of::date), state, format('%s months', history_months('2020-01-01', as_of::date)))
FROM (VALUES ('2019-12-31', NULL), ('2020-01-01', 'insufficient'), ('2020-11-30', 'insufficient'), ('2020-12-30', 'insufficient'), ('2020-12-31', 'ok'),
             ('2022-12-30', 'ok'), ('2022-12-31', 'full'), ('2030-01-01', 'full')) AS v (as_of, state);
SELECT is(history_state('2020-01-01', '2020-06-30', 6, 6), 'full', 'minimum and recommended alike');
SELECT is(history_state('2020-01-01', '2020-01-01', 0, 6), 'ok', 'no minimum');
SELECT is(history_state(f, a, m, r), NULL, 'NULL') FROM (VALUES (NULL::date, date '2026-01-01', 12, 36), ('2026-01-01', NULL, 12, 36), ('2026-01-01', '2026-01-01', NULL, 36), ('2026-01-01', '2026-01-01', 12, NULL)) AS v (f, a, m, r);
SELECT is(history_months(NULL, '2026-01-01'), NULL, 'no first sale');

-- Ratios

SELECT is(share_of_potential(a, p), wanted, format('%s of %s', a, p))
FROM (VALUES (30, 120, 0.25), (120, 120, 1), (180, 120, 1.5), (0, 120, 0), (-5, 120, 0), (5, 0, NULL), (5, -1, NULL), (5, NULL, NULL), (NULL, 5, NULL), (-5, NULL, NULL)) AS v (a, p, wanted);
SELECT is(gross_margin(a, c), wanted, format('sold for %s, cost %s', a, c))
FROM (VALUES (100, 60, 0.4), (100, 0, 1), (100, 130, -0.3), (100, -10, 1.1), (0, 0, NULL), (-10, -6, NULL), (100, NULL, NULL), (NULL, 60, NULL)) AS v (a, c, wanted);
SELECT is(growth_rate(n, b), wanted, format('%s after %s', n, b))
FROM (VALUES (120, 100, 0.2), (80, 100, -0.2), (100, 100, 0), (0, 100, -1), (-50, 100, -1.5), (100, 0, NULL), (0, 0, NULL), (100, -5, NULL), (NULL, 5, NULL), (5, NULL, NULL)) AS v (n, b, wanted);
SELECT is(count(*), 0::bigint, 'ratios as in plain SQL, to the last digit')
FROM (SELECT round((random() * 100 - 20)::numeric, 2) AS x, round((random() * 100 - 20)::numeric, i % 5) AS y FROM generate_series(1, 5000) AS i) AS r
WHERE gross_margin(y, x)::text IS DISTINCT FROM CASE WHEN y > 0 THEN ((y - x) / y)::text END
   OR growth_rate(x, y)::text IS DISTINCT FROM CASE WHEN y > 0 THEN ((x - y) / y)::text END
   OR share_of_potential(x, y) IS DISTINCT FROM CASE WHEN y > 0 THEN greatest(x, 0) / y END;

SELECT * FROM finish();
ROLLBACK;
