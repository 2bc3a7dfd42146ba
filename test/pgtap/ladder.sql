-- The type tier_ladder: forms, aggregate, findings, and what it refuses
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;

SELECT no_plan();

\ir ../helpers/plan_of.sql

-- A number from 0 to below n that depends on the seed only
CREATE FUNCTION pick(seed text, n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT (('x' || left(md5(seed), 8))::bit(32)::bigint % n)::int
$$;

-- Random ladders: up to 12 steps, all sizes and scales, some in percent
CREATE TABLE made AS
SELECT id, n,
  (pick(id || 't' || n, 1000) + 1000 * n) * ('1e' || pick(id || 'e', 40) - 20)::numeric AS threshold,
  pick(id || 'r' || n, 10000) / 10000.0 AS rate,
  round(pick(id || 'f' || n, 3) * 12.5, pick(id || 's', 4)) AS fixed
FROM generate_series(1, 300) id
CROSS JOIN LATERAL generate_series(1, pick('count' || id, 13)) n;

CREATE TABLE ladders AS
SELECT id, tier_ladder_agg(threshold, rate, fixed ORDER BY md5(n::text)) AS ladder
FROM made GROUP BY id;
INSERT INTO ladders VALUES (0, '');
INSERT INTO ladders
SELECT 1000 + id, string_agg(format('%s => %s%% + %s', threshold, rate, fixed), ', ')::tier_ladder
FROM made GROUP BY id;

SELECT cmp_ok((SELECT count(*) FROM ladders), '>', 500::bigint, 'there are ladders to try');

-- Round trips
SELECT is_empty('SELECT id FROM ladders WHERE ladder::text::tier_ladder::text <> ladder::text', 'text and back');
SELECT is_empty('SELECT id FROM ladders WHERE ladder::text::tier_ladder <> ladder', 'text and back is equal');
SELECT is_empty('SELECT id FROM ladders WHERE ladder::jsonb::tier_ladder::text <> ladder::text', 'jsonb and back');
SELECT is_empty('SELECT id FROM ladders WHERE ladder::jsonb::text::jsonb::tier_ladder::text <> ladder::text',
  'jsonb as text and back');
SELECT is_empty($$
  SELECT id FROM ladders WHERE id < 1000 AND
    tier_ladder(coalesce((SELECT array_agg(threshold) FROM tiers(ladder)), '{}'),
                coalesce((SELECT array_agg(rate) FROM tiers(ladder)), '{}'),
                coalesce((SELECT array_agg(fixed) FROM tiers(ladder)), '{}'))::text <> ladder::text
$$, 'tiers and the constructor');
SELECT is_empty($$
  (SELECT id, row_number() OVER (PARTITION BY id ORDER BY threshold), threshold, rate, fixed FROM made)
  EXCEPT
  (SELECT id, tier, threshold, rate, fixed FROM ladders, tiers(ladder) WHERE id < 1000)
$$, 'tiers gives back the rows that went in, sorted');
SELECT is_empty($$
  SELECT id, threshold, rate / 100, fixed FROM made
  EXCEPT
  SELECT id - 1000, threshold, rate, fixed FROM ladders, tiers(ladder) WHERE id > 1000
$$, 'a percentage is a hundredth, exactly');

SELECT is(t::tier_ladder::text, coalesce(u, t), format('text of %L', t))
FROM (VALUES
  ('', NULL), (' ', ''), ('0 => 0%', NULL), ('1.00 => 1.50% + 2.50', NULL), ('5 => 0.0150', NULL),
  ('2=>2%,1=>1%', '1 => 1%, 2 => 2%'), ('1e2 => 1e-3 + 1e1', '100 => 0.001 + 10'), ('1 => 1e2%', '1 => 100%'),
  ('1 => 1% + 0', '1 => 1%'), ('1 => 1% + 0.0', NULL), ('.5 => 5.', '0.5 => 5'),
  ('1e-20 => 1%', '0.00000000000000000001 => 1%'), ('1 => 1e20%', '1 => 100000000000000000000%')
) AS v (t, u);

-- Ladders of many steps
SELECT is((SELECT count(*) FROM tiers((SELECT tier_ladder_agg(t, t / 1e6) FROM generate_series(1, 1000) t))), 1000::bigint,
  'a thousand steps');
SELECT is((SELECT string_agg(t || ' => ' || t || '%', ',' ORDER BY -t)::tier_ladder FROM generate_series(1, 1000) t),
  (SELECT tier_ladder_agg(t, t / 100.0) FROM generate_series(1, 1000) t), 'a thousand steps as text');
SELECT is((SELECT tier_ladder(array_agg(t), array_agg(t / 100.0)) FROM generate_series(1, 1000) t),
  (SELECT tier_ladder_agg(t, t / 100.0) FROM generate_series(1, 1000) t), 'a thousand steps as arrays');
CREATE TABLE kept AS SELECT tier_ladder_agg(t, t / 100.0) AS ladder FROM generate_series(1, 1000) t;
SELECT is((SELECT count(*) FROM kept, tiers(ladder)), 1000::bigint, 'a thousand steps from a table');
SELECT is(ladder::jsonb::tier_ladder, ladder, 'a thousand steps as jsonb') FROM kept;

-- The aggregate
SELECT is((SELECT tier_ladder_agg(t, r) FROM (VALUES (NULL::numeric, NULL::numeric)) v (t, r)), NULL, 'only rows left out: NULL');
SELECT is((SELECT tier_ladder_agg(t, t, t) FROM unnest('{}'::numeric[]) t), NULL, 'no rows: NULL');
SELECT is((SELECT tier_ladder_agg(t, r, f) FROM (VALUES (1, 0.1, NULL), (NULL, NULL, 5), (NULL, 0.5, NULL)) v (t, r, f)),
  '1 => 0.1', 'a row without a threshold is left out, a missing fixed sum is 0');
SELECT is_empty($$
  SELECT id FROM made JOIN ladders l USING (id) GROUP BY id, l.ladder::text
  HAVING tier_ladder_agg(threshold, rate, fixed ORDER BY n)::text <> l.ladder::text
    OR tier_ladder_agg(threshold, rate, fixed ORDER BY n DESC)::text <> l.ladder::text
    OR tier_ladder_agg(threshold, rate, fixed)::text <> l.ladder::text
$$, 'the order of rows does not matter');
SELECT is((SELECT tier_ladder_agg(DISTINCT t, r) FROM (VALUES (1, 0.1), (2, 0.2), (1, 0.1)) v (t, r)), '1 => 0.1, 2 => 0.2', 'DISTINCT');
SELECT is((SELECT tier_ladder_agg(t, 0.1) FILTER (WHERE t < 3) FROM generate_series(1, 9) t), '1 => 0.1, 2 => 0.1', 'FILTER');
SELECT results_eq($$
    SELECT grouping(id), id, tier_ladder_agg(threshold + id * 1e30, rate)::text
    FROM made WHERE id <= 20 GROUP BY GROUPING SETS ((id), ()) ORDER BY 1, 2
  $$, $$
    SELECT * FROM (
      SELECT 0, id, tier_ladder_agg(threshold + id * 1e30, rate)::text FROM made WHERE id <= 20 GROUP BY id
      UNION ALL
      SELECT 1, NULL, tier_ladder_agg(threshold + id * 1e30, rate)::text FROM made WHERE id <= 20
    ) x ORDER BY 1, 2
  $$, 'GROUPING SETS');

SELECT is_empty(format($$
  SELECT t FROM (
    SELECT t, tier_ladder_agg(t, t / 100.0, t %% 3) OVER (%s) AS got FROM generate_series(1, 40) t
  ) x
  WHERE got::text IS DISTINCT FROM (SELECT tier_ladder_agg(s, s / 100.0, s %% 3)::text FROM generate_series(1, 40) s WHERE %s)
$$, frame, member), 'OVER (' || frame || ')')
FROM (VALUES
  ('', 'true'),
  ('ORDER BY t', 's <= t'),
  ('ORDER BY t ROWS BETWEEN 3 PRECEDING AND CURRENT ROW', 's BETWEEN t - 3 AND t'),
  ('ORDER BY t ROWS BETWEEN 2 FOLLOWING AND 4 FOLLOWING', 's BETWEEN t + 2 AND t + 4'),
  ('ORDER BY t GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING', 's BETWEEN t - 1 AND t + 1'),
  ('ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW', 's <> t'),
  ('PARTITION BY t % 4 ORDER BY t DESC', 's % 4 = t % 4 AND s >= t')
) AS f (frame, member);

-- States by hand: the argument stays as it was
SELECT is(tier_ladder_accumulate(ladder, 5, 0.05)::text || ' / ' || tier_ladder_combine(ladder, '9 => 9%')::text || ' / ' || ladder::text,
  '1 => 1%, 5 => 0.05 / 1 => 1%, 9 => 9% / 1 => 1%', 'transition and combine functions called by hand')
FROM (SELECT '1 => 1%'::tier_ladder AS ladder OFFSET 0) x;
SELECT is(tier_ladder_accumulate(NULL, 5, 0.05, 1)::text, '5 => 0.05 + 1', 'transition function without a state');
SELECT is(tier_ladder_accumulate(NULL, NULL, 0.05, 1), NULL, 'transition function without anything');
SELECT is(tier_ladder_accumulate('1 => 1%', NULL, NULL), '1 => 1%', 'transition function without a threshold');
SELECT is(tier_ladder_combine('', ''), '', 'two empty states');
SELECT is(tier_ladder_combine(NULL, '1 => 1%'), NULL, 'combine function without a state');

-- Parallel, spilled and partitionwise are the same as plain
CREATE TABLE many (programme int, threshold numeric, rate numeric, fixed numeric) PARTITION BY HASH (programme);
CREATE TABLE many_0 PARTITION OF many FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE many_1 PARTITION OF many FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO many
SELECT p, nullif(t, 3) * 1000, t / 100.0, nullif(t % 3, 0)
FROM generate_series(1, 6) t, generate_series(1, 5000) p;
ANALYZE many;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TABLE plain AS
SELECT programme, tier_ladder_agg(threshold, rate, fixed) AS ladder, tier_ladder_agg(threshold, rate) AS rates
FROM many GROUP BY programme;
SELECT is((SELECT count(DISTINCT ladder::text) FROM plain), 1::bigint, 'serial: every programme has the same steps');
CREATE VIEW again AS
SELECT programme, tier_ladder_agg(threshold, rate, fixed) AS ladder, tier_ladder_agg(threshold, rate) AS rates
FROM many GROUP BY programme;
CREATE VIEW differing AS
SELECT programme FROM plain p FULL JOIN again a USING (programme)
WHERE (p.ladder::text, p.rates::text) IS DISTINCT FROM (a.ladder::text, a.rates::text);

SET LOCAL enable_sort = off;
SET LOCAL work_mem = '64kB';
SELECT matches(pg_temp.plan_of('SELECT * FROM again'), 'HashAggregate', 'small work_mem: a HashAggregate');
SELECT is_empty('SELECT * FROM differing', 'spilled = in memory');
SET LOCAL work_mem = '64MB';

SET LOCAL enable_partitionwise_aggregate = on;
SELECT matches(pg_temp.plan_of('SELECT * FROM again'), 'Append.*Aggregate', 'partitionwise: aggregates under an Append');
SELECT is_empty('SELECT * FROM differing', 'partitionwise = plain');
SET LOCAL enable_partitionwise_aggregate = off;

SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
ALTER TABLE many_0 SET (parallel_workers = 2);
ALTER TABLE many_1 SET (parallel_workers = 2);
SET LOCAL enable_hashagg = off;
SET LOCAL enable_sort = on;
SELECT matches(pg_temp.plan_of('SELECT tier_ladder_agg(programme * 10000 + threshold, rate) FROM many WHERE programme <= 150', 'VERBOSE, COSTS OFF'),
  'Partial Aggregate.*PARTIAL tier_ladder_agg', 'parallel: a Partial Aggregate');
CREATE TABLE in_parallel AS
SELECT tier_ladder_agg(programme * 10000 + threshold, rate, fixed) AS ladder FROM many WHERE programme <= 150;
SELECT matches(pg_temp.plan_of('SELECT * FROM again', 'VERBOSE, COSTS OFF'), 'Partial (Group|Hash)Aggregate.*PARTIAL tier_ladder_agg', 'parallel: partial groups');
SELECT is_empty('SELECT * FROM differing', 'parallel = serial by programme');
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is(ladder::text,
  (SELECT tier_ladder_agg(programme * 10000 + threshold, rate, fixed)::text FROM many WHERE programme <= 150),
  'parallel = serial')
FROM in_parallel;
SET LOCAL max_parallel_workers_per_gather = 2;
SELECT throws_ok($$SELECT tier_ladder_agg(threshold, rate) FROM many$$, '22023', NULL, 'parallel: a threshold that comes twice');
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL enable_hashagg = on;

-- Equality, order, grouping
SELECT is(
  ARRAY[a::tier_ladder = b::tier_ladder, NOT a::tier_ladder <> b::tier_ladder,
    tier_ladder_hash(a::tier_ladder) = tier_ladder_hash(b::tier_ladder),
    tier_ladder_hash(a::tier_ladder, 7) = tier_ladder_hash(b::tier_ladder, 7)],
  array_fill(same, ARRAY[4]), format('equality and hashes of %L and %L', a, b))
FROM (VALUES
  ('', '', true), ('', '0 => 0', false), ('1 => 1%', '1.00 => 0.0100 + 0.0', true), ('1 => 1%', '1 => 1', false),
  ('1 => 1%', '2 => 1%', false), ('1 => 1%', '1 => 1% + 1', false), ('1 => 1%', '1 => 1%, 2 => 2%', false),
  ('2 => 2%, 1 => 1%', '1 => 1%, 2 => 2%', true)
) v (a, b, same);
SELECT is_empty($$
  SELECT a.id, b.id FROM ladders a, ladders b
  WHERE a.id % 7 = 0 AND b.id % 11 = 0
    AND ((a.ladder < b.ladder)::int + (a.ladder = b.ladder)::int + (a.ladder > b.ladder)::int <> 1
      OR (a.ladder <= b.ladder) <> (NOT a.ladder > b.ladder)
      OR (a.ladder >= b.ladder) <> (NOT a.ladder < b.ladder)
      OR sign(tier_ladder_cmp(a.ladder, b.ladder)) <> - sign(tier_ladder_cmp(b.ladder, a.ladder)))
$$, 'exactly one of <, = and > holds');
SET LOCAL enable_hashagg = off;
CREATE TABLE grouped AS SELECT ladder, count(*) AS n FROM ladders GROUP BY ladder;
SET LOCAL enable_hashagg = on;
SET LOCAL enable_sort = off;
SELECT set_eq('SELECT ladder, count(*) FROM ladders GROUP BY ladder', 'SELECT ladder, n FROM grouped', 'grouping by hash = by sort');
SET LOCAL enable_sort = on;
CREATE INDEX ON ladders (ladder);
CREATE INDEX ON ladders USING hash (ladder);

-- Findings
SELECT is((SELECT string_agg(tier || ' ' || finding, ', ') FROM ladder_check(ladder::tier_ladder)), findings, format('findings of %L', ladder))
FROM (VALUES
  ('', NULL),
  ('0 => 0%, 100000 => 1%, 300000 => 3% + 500', NULL),
  ('500000 => 3%', NULL),
  ('0 => 1', NULL),
  ('0 => 1.01', '1 rate_above_1'),
  ('0 => 101%', NULL),
  ('100 => 2%, 200 => 1%', '2 cliff, 2 falling_rate'),
  ('100 => 2%, 200 => 1%, 300 => 1.5%', '2 cliff, 2 falling_rate, 2 unreachable_step'),
  ('100 => 2%, 200 => 1%, 400 => 1.5%', '2 cliff, 2 falling_rate'),
  ('100 => 2%, 200 => 1%, 401 => 1.5%', '2 cliff, 2 falling_rate'),
  ('100 => 2%, 200 => 1% + 2', '2 falling_rate'),
  ('100 => 2%, 200 => 0%', '2 cliff, 2 falling_rate, 2 unreachable_step'),
  ('100 => 2%, 200 => 0% + 4', '2 falling_rate'),
  ('100 => 2%, 200 => 2%', '2 no_effect'),
  ('100 => 2%, 200 => 0.02 + 0.00', '2 no_effect'),
  ('100 => 0 + 5, 200 => 0 + 5', '2 no_effect'),
  ('100 => 0 + 5, 200 => 0 + 4', '2 cliff, 2 unreachable_step'),
  ('100 => 1% + 50, 200 => 2%', '2 cliff'),
  ('0 => 7, 5 => 6.5', '1 rate_above_1, 2 cliff, 2 falling_rate, 2 rate_above_1')
) v (ladder, findings);
SELECT is((SELECT detail FROM ladder_check('100000 => 2.00%, 200000 => 1% + 500') WHERE finding = 'cliff'),
  'at 200000 it pays 2500, just below it 4000 was paid', 'a cliff in numbers');
SELECT results_eq($$SELECT tier FROM ladders, ladder_check(ladder) WHERE id = 5$$,
  $$SELECT tier FROM ladders, ladder_check(ladder) WHERE id = 5 ORDER BY tier$$, 'findings come by tier');
SELECT is_empty($$
  SELECT l.id, b.tier FROM ladders l, tiers(ladder) a, tiers(ladder) b
  WHERE b.tier = a.tier + 1
    AND (b.threshold * b.rate + b.fixed < b.threshold * a.rate + a.fixed)
      <> EXISTS (SELECT FROM ladder_check(ladder) c WHERE c.tier = b.tier AND c.finding = 'cliff')
$$, 'a cliff is found where plain SQL finds one');

-- What is refused, and how
SELECT throws_ok(query, code, message)
FROM (VALUES
  ($$SELECT 'x'::tier_ladder$$, '22P02', 'invalid input syntax for type tier_ladder: "x"'),
  ($$SELECT '1 => 1%,'::tier_ladder$$, '22P02', 'invalid input syntax for type tier_ladder: "1 => 1%,"'),
  ($$SELECT '1 -> 1%'::tier_ladder$$, '22P02', 'invalid input syntax for type tier_ladder: "1 -> 1%"'),
  ($$SELECT '1 => 1%%'::tier_ladder$$, '22P02', 'invalid input syntax for type tier_ladder: "1 => 1%%"'),
  ($$SELECT '1 => NaN'::tier_ladder$$, '22023', 'rate must be a finite number, not NaN'),
  ($$SELECT 'inf => 1'::tier_ladder$$, '22023', 'threshold must be a finite number, not infinity'),
  ($$SELECT '-1 => 1'::tier_ladder$$, '22023', 'threshold must not be negative, but is -1'),
  ($$SELECT '1 => -2.5%'::tier_ladder$$, '22023', 'rate must not be negative, but is -2.5%'),
  ($$SELECT '1 => 1 + -1'::tier_ladder$$, '22023', 'fixed must not be negative, but is -1'),
  ($$SELECT '1 => 1, 2 => 1, 1.0 => 2'::tier_ladder$$, '22023', 'threshold 1.0 is given twice'),
  ($$SELECT (repeat('1 => 1, ', 1000) || '1 => 1')::tier_ladder$$, '22023', 'a ladder has more than 1000 steps'),
  ($$SELECT '1 => 1e999999'::tier_ladder$$, '22003', 'value overflows numeric format'),
  ($$SELECT ('1 => 0.' || repeat('1', 16382) || '%')::tier_ladder$$, '22003', 'rate has too many decimals'),
  ($$SELECT '1 => 1e21%'::tier_ladder$$, '22003', 'rate is too large for a percentage'),
  ($$SELECT '[{"threshold": 1, "rate": 1e19, "percent": true}]'::jsonb::tier_ladder$$, '22003', 'rate is too large for a percentage'),
  ($$SELECT tier_ladder('{1,2}', '{1}')$$, '22023', 'rates has 1 elements, but thresholds has 2'),
  ($$SELECT tier_ladder('{1}', '{1}', '{}')$$, '22023', 'fixed has 0 elements, but thresholds has 1'),
  ($$SELECT tier_ladder('{NULL}', '{1}')$$, '22023', 'element 1 of thresholds is null'),
  ($$SELECT tier_ladder('{1}', '{1}', '{NULL}')$$, '22023', 'element 1 of fixed is null'),
  ($$SELECT tier_ladder('{1}', '{{1},{2}}')$$, '22023', 'rates must be an array of one dimension, not 2'),
  ($$SELECT tier_ladder(array_fill(1.5, ARRAY[1000000]), '{1}')$$, '22023', 'a ladder has more than 1000 steps'),
  ($$SELECT tier_ladder(array_fill(1.5, ARRAY[1000,1000]), '{1}')$$, '22023', 'thresholds must be an array of one dimension, not 2'),
  ($$SELECT tier_ladder('{3,1,3}', '{1,1,1}')$$, '22023', 'threshold 3 is given twice'),
  ($$SELECT tier_ladder('{-3}', '{1}')$$, '22023', 'threshold must not be negative, but is -3'),
  ($$SELECT tier_ladder('{3}', '{NaN}')$$, '22023', 'rate must be a finite number, not NaN'),
  ($$SELECT tier_ladder_agg(7, NULL)$$, '22023', 'the rate of threshold 7 is null'),
  ($$SELECT tier_ladder_agg(7, -0.1)$$, '22023', 'rate must not be negative, but is -0.1'),
  ($$SELECT tier_ladder_agg(7, 0.1, '-Infinity')$$, '22023', 'fixed must be a finite number, not -infinity'),
  ($$SELECT tier_ladder_agg(t, 0.1) FROM generate_series(1, 1001) t$$, '22023', 'a ladder has more than 1000 steps'),
  ($$SELECT tier_ladder_agg(t, 0.1) FROM unnest('{5,5.0}'::numeric[]) t$$, '22023', 'threshold 5.0 is given twice'),
  ($$SELECT tier_ladder_combine('1 => 1', '1 => 2')$$, '22023', 'threshold 1 is given twice'),
  ($$SELECT tier_ladder_combine(ladder, '5000 => 1') FROM kept$$, '22023', 'a ladder has more than 1000 steps'),
  ($$SELECT '"1 => 1"'::jsonb::tier_ladder$$, '22P02', 'invalid jsonb for type tier_ladder'),
  ($$SELECT '[{"threshold": 1, "rate": 1, "x": 1}]'::jsonb::tier_ladder$$, '22P02', 'invalid jsonb for type tier_ladder'),
  ($$SELECT '[{"threshold": 1, "rate": -1}]'::jsonb::tier_ladder$$, '22023', 'rate must not be negative, but is -1'),
  ($$SELECT jsonb_agg('{"threshold": 1, "rate": 1}'::jsonb)::tier_ladder FROM generate_series(1, 100000)$$, '22023', 'a ladder has more than 1000 steps')
) AS v (query, code, message);

-- Broken text: refused or read, and what is read can be written back
CREATE FUNCTION fuzz(rounds int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  seeds text[] = ARRAY['0 => 0%, 100000 => 1%, 300000 => 3% + 500', '1.5e3=>1E-2+.5, 2e3 => 7', '5 => 1', ''];
  letters text[] = ARRAY['0', '9', '.', 'e', 'E', '%', '+', '-', ',', '=', '>', ' ', E'\t', 'N', 'nan', 'inf', '=>', 'ö', '1e9', '1e-9', '\', '"'];
  given text;
  place int;
  ladder tier_ladder;
  accepted int = 0;
  refused int = 0;
BEGIN
  FOR i IN 1..rounds LOOP
    given = seeds[1 + pick('seed' || i, 4)];
    FOR j IN 0..pick('many' || i, 4) LOOP
      place = pick(i || 'place' || j, length(given) + 1);
      given = CASE pick(i || 'how' || j, 3)
        WHEN 0 THEN left(given, place) || letters[1 + pick(i || 'letter' || j, 22)] || substr(given, place + 1)
        WHEN 1 THEN left(given, place) || letters[1 + pick(i || 'letter' || j, 22)] || substr(given, place + 2)
        ELSE left(given, place) || substr(given, place + 1 + pick(i || 'cut' || j, 5))
      END;
    END LOOP;
    BEGIN
      ladder = given::tier_ladder;
      IF ladder::text::tier_ladder::text <> ladder::text OR ladder::jsonb::tier_ladder::text <> ladder::text THEN
        RETURN 'no round trip: ' || given;
      END IF;
      accepted = accepted + 1;
    EXCEPTION WHEN invalid_text_representation OR invalid_parameter_value OR numeric_value_out_of_range THEN
      refused = refused + 1;
    END;
  END LOOP;
  RETURN CASE WHEN least(accepted, refused) > rounds / 20 THEN 'fine' ELSE accepted || ' accepted, ' || refused || ' refused' END;
END
$$;
SELECT is(fuzz(4000), 'fine', '4000 broken texts');

-- A sort compares many times in one memory context: what comparisons allocate there must not stay until it ends
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TABLE sorted AS SELECT tier_ladder_agg(n * 7919 % 200000, 0.01) AS ladder, n FROM generate_series(1, 200000) AS n GROUP BY n;
SELECT cmp_ok(bytes, '<', 100000000::numeric, 'memory that a sort of 200000 ladders holds')
FROM (SELECT (SELECT sum(total_bytes) FROM pg_backend_memory_contexts WHERE s.n > 0) AS bytes FROM (SELECT * FROM sorted ORDER BY ladder, n OFFSET 0) AS s WHERE n = 1) AS x;

-- Broken stored bytes: every function looks before it believes them
CREATE CAST (bytea AS tier_ladder) WITHOUT FUNCTION;
CREATE CAST (tier_ladder AS bytea) WITHOUT FUNCTION;
CREATE FUNCTION corrupted(bytes bytea) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  uses text[] = ARRAY['$1::text', '$1::jsonb', 'tier_ladder_send($1)', '(SELECT count(*) FROM tiers($1))',
    '(SELECT count(*) FROM ladder_check($1))', '$1 = $1', 'tier_ladder_hash($1)', 'tier_ladder_hash($1, 1)',
    'tier_ladder_accumulate($1, 999, 1)', 'tier_ladder_combine($1, $1)', 'tier_reward(150, $1)'];
  use text;
  caught int = 0;
BEGIN
  FOREACH use IN ARRAY uses LOOP
    BEGIN
      EXECUTE 'SELECT ' || use USING bytes::tier_ladder;
    EXCEPTION WHEN data_corrupted THEN
      caught = caught + 1;
    END;
  END LOOP;
  RETURN caught = cardinality(uses);
END
$$;
CREATE TABLE stored AS SELECT '100 => 1.5%, 200 => 0.025 + 7.5'::tier_ladder::bytea AS bytes;
SELECT is(bytes::tier_ladder::text, '100 => 1.5%, 200 => 0.025 + 7.5', 'stored bytes as they are') FROM stored;
SELECT is_empty('SELECT n FROM stored, generate_series(0, length(bytes) - 1) n WHERE NOT corrupted(substr(bytes, 1, n))',
  'every truncation is corrupt');
SELECT ok(corrupted(bytes || '\x00') AND corrupted(bytes || bytes), 'and so is what is too long') FROM stored;
SELECT is_empty($$
  SELECT place, value FROM stored, generate_series(0, 3) place, unnest('{0,1,2,3,4,127,128,254,255}'::int[]) value
  WHERE value <> get_byte(bytes, place) AND NOT corrupted(set_byte(bytes, place, value))
$$, 'version, reserved byte and count of steps');
SELECT is_empty($$
  SELECT place, value FROM stored, generate_series(4, 11) place, unnest('{64,127,128,254,255}'::int[]) value
  WHERE NOT corrupted(set_byte(bytes, place, value))
$$, 'flags of a step and length of a number');
SELECT ok(corrupted(substr('200 => 1, 300 => 1'::tier_ladder::bytea, 1, 4)
  || substr('200 => 1'::tier_ladder::bytea, 5) || substr('100 => 1'::tier_ladder::bytea, 5)), 'steps that do not rise');
SELECT is((substr('200 => 1, 300 => 1'::tier_ladder::bytea, 1, 4)
  || substr('200 => 1'::tier_ladder::bytea, 5) || substr('300 => 1'::tier_ladder::bytea, 5))::tier_ladder::text,
  '200 => 1, 300 => 1', 'the same bytes with steps that rise');

SELECT * FROM finish();
ROLLBACK;
