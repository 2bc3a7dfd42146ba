-- tier_attainment and tier_reward: published numbers, edges, properties, and
-- every mode against plain SQL
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;

SELECT no_plan();

-- Published numbers.  Billing's up_to is inclusive, so its tables are entered
-- with boundary exceed at the upper end of the tier before.
CREATE TABLE published (source text, ladder tier_ladder, mode text, boundary text, qualifying numeric, reward numeric);
INSERT INTO published
SELECT source, ladder, mode, boundary, q, r
FROM (VALUES
  ('Dynamics 365 stepped', '0 => 10%, 1000 => 25%', 'stepped', 'reach', '{2000}', '{350}'),
  ('Dynamics 365 cumulative', '0 => 10%, 1000 => 25%', 'retrospective', 'reach', '{2000}', '{500}'),
  ('Oracle flat', '0 => 1%, 10000 => 2%, 50000 => 3%, 100000 => 4%', 'retrospective', 'reach',
    '{5000,15000,60000}', '{50,300,1800}'),
  ('Stripe volume', '0 => 7, 5 => 6.5, 10 => 6', 'retrospective', 'exceed', '{1,5,6,20,25}', '{7,35,39,120,150}'),
  ('Stripe graduated', '0 => 7, 5 => 6.5, 10 => 6', 'stepped', 'exceed', '{6,20,25}', '{41.5,127.5,157.5}'),
  ('Stripe five tiers, volume', '0 => 5, 5 => 4, 10 => 3, 15 => 2, 20 => 1', 'retrospective', 'exceed',
    '{1,5,6,20,25}', '{5,25,24,40,25}'),
  ('Stripe five tiers, graduated', '0 => 5, 5 => 4, 10 => 3, 15 => 2, 20 => 1', 'stepped', 'exceed',
    '{6,20,25}', '{29,70,75}'),
  ('Lago graduated', '0 => 10 + 2, 10 => 5 + 3, 20 => 5 + 3', 'stepped', 'exceed',
    '{0,1,10,11,12,21}', '{2,12,102,110,115,163}'),
  ('Lago graduated percentage', '0 => 1% + 200, 10 => 2% + 300, 20 => 3% + 400', 'stepped', 'exceed',
    '{0,1,10,11,12,21}', '{200,200.01,200.10,500.12,500.14,900.33}'),
  ('OpenMeter graduated', '0 => 0 + 100, 5 => 0 + 50, 10 => 5, 15 => 1', 'stepped', 'exceed', '{22}', '{182}'),
  ('Azure', '0 => 1, 199 => 0.9, 499 => 0.8', 'stepped', 'exceed', '{250}', '{244.9}'),
  ('Zuplo graduated', '0 => 0.10, 1000 => 0.05, 10000 => 0.01', 'stepped', 'exceed', '{15000}', '{600}'),
  ('Zuplo volume', '0 => 0.10, 1000 => 0.05, 10000 => 0.01', 'retrospective', 'exceed', '{15000}', '{150}'),
  ('Autumn', '0 => 0.01, 1000 => 0.008, 10000 => 0.005', 'stepped', 'exceed', '{15000}', '{107}'),
  ('FOCUS, lower inclusive', '0 => 1.00, 10 => 0.50', 'retrospective', 'reach', '{10}', '{5.00}'),
  ('FOCUS, upper inclusive', '0 => 1.00, 10 => 0.50', 'retrospective', 'exceed', '{10}', '{10.00}'),
  ('FOCUS, graduated', '0 => 1.00, 10 => 0.50', 'stepped', 'reach', '{10}', '{10.00}'),
  ('flexprice volume', '0 => 0.001, 10000 => 0.0008, 50000 => 0.0006', 'retrospective', 'exceed', '{65000}', '{39}'),
  ('Kong', '0 => 0 + 500, 1000 => 0.1', 'stepped', 'exceed', '{2000}', '{600}'),
  ('Kill Bill all tiers', '0 => 1.40, 10000 => 1.32', 'stepped', 'exceed', '{10500}', '{14660}'),
  ('Kill Bill top tier', '0 => 1.40, 10000 => 1.32', 'retrospective', 'exceed', '{10500}', '{13860}'),
  ('target 500,000 at 3%', '500000 => 3%', 'retrospective', 'reach', '{500000,499999.99}', '{15000,0}'),
  ('three steps, retroactive', '100000 => 1%, 200000 => 2%, 300000 => 3%', 'retrospective', 'reach',
    '{99999,100000,250000,300000}', '{0,1000,5000,9000}'),
  ('three steps, marginal', '100000 => 1%, 200000 => 2%, 300000 => 3%', 'stepped', 'reach',
    '{99999,100000,250000,300000}', '{0,0,2000,3000}')
) AS v (source, ladder_text, mode, boundary, qs, rs)
CROSS JOIN LATERAL (SELECT ladder_text::tier_ladder AS ladder) l
CROSS JOIN LATERAL unnest(qs::numeric[], rs::numeric[]) AS u (q, r);

SELECT is(tier_reward(qualifying, ladder, mode => mode, boundary => boundary), reward, format('%s: %s pays %s', source, qualifying, reward))
FROM published;
SELECT is((tier_attainment(qualifying, ladder, mode => mode, boundary => boundary)).reward, reward, format('%s: %s', source, qualifying))
FROM published;

SELECT is((tier_attainment(q, '100000 => 1%, 200000 => 2%, 300000 => 3%')).tier, tier, format('three steps: tier of %s', q))
FROM (VALUES (99999, 0), (100000, 1), (250000, 2), (300000, 3)) v (q, tier);
SELECT is(tier_reward(22, l, mode => 'stepped', boundary => 'exceed') - tier_reward(12, l, mode => 'stepped', boundary => 'exceed'), 22::numeric,
  'OpenMeter: ten more after twelve, as a difference of two totals')
FROM (SELECT '0 => 0 + 100, 5 => 0 + 50, 10 => 5, 15 => 1'::tier_ladder AS l) x;

-- Edges
CREATE FUNCTION shown(tier_result) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN $1 IS NULL THEN 'NULL' ELSE format('%s|%s|%s|%s|%s|%s|%s', $1.tier, $1.threshold,
    trim_scale($1.rate), trim_scale($1.reward), $1.next_threshold, trim_scale($1.gap), trim_scale($1.next_reward)) END
$$;
SELECT is(shown(tier_attainment(q, l::tier_ladder, b, m, e, c, g)), result, what)
FROM (VALUES
  ('empty ladder', 5, '', NULL, 'retrospective', 'reach', NULL, true, '0||0|0|||'),
  ('empty ladder, stepped', 5, '', NULL, 'stepped', 'reach', 3, true, '0||0|0|||'),
  ('empty ladder, no gate', 5, '', NULL, 'interpolated', 'exceed', 3, false, '0||0|0|||'),
  ('below the first', 99, '100 => 1%, 200 => 2%', NULL, 'retrospective', 'reach', NULL, true, '0||0|0|100|1|1'),
  ('at a threshold, reach', 200, '100 => 1%, 200 => 2%', NULL, 'retrospective', 'reach', NULL, true, '2|200|0.02|4|||'),
  ('at a threshold, exceed', 200, '100 => 1%, 200 => 2%', NULL, 'retrospective', 'exceed', NULL, true, '1|100|0.01|2|200|0|4'),
  ('at a threshold, stepped reach', 200, '100 => 1%, 200 => 2%', NULL, 'stepped', 'reach', NULL, true, '2|200|0.02|1|||'),
  ('at a threshold, stepped exceed', 200, '100 => 1%, 200 => 2%', NULL, 'stepped', 'exceed', NULL, true, '1|100|0.01|1|200|0|1'),
  ('negative', -50, '0 => 1% + 7, 100 => 2%', NULL, 'retrospective', 'reach', NULL, true, '0||0|0|0|50|7'),
  ('negative, exceed', -50, '0 => 1% + 7, 100 => 2%', NULL, 'stepped', 'exceed', NULL, true, '0||0|0|0|50|7'),
  ('zero at threshold 0', 0, '0 => 1% + 7', NULL, 'retrospective', 'reach', NULL, true, '1|0|0.01|7|||'),
  ('zero at threshold 0, exceed', 0, '0 => 1% + 7', NULL, 'retrospective', 'exceed', NULL, true, '1|0|0.01|7|||'),
  ('zero at threshold 0.00, exceed', 0, '0.00 => 1% + 7', NULL, 'fixed', 'exceed', NULL, true, '1|0.00|0.01|7|||'),
  ('all zero, first threshold above', 0, '10 => 1%', NULL, 'retrospective', 'reach', NULL, true, '0||0|0|10|10|0.1'),
  ('above the last', 1e9, '100 => 1%, 200 => 2%', NULL, 'retrospective', 'reach', NULL, true, '2|200|0.02|20000000|||'),
  ('above the last, interpolated', 1e9, '100 => 1%, 200 => 2%', NULL, 'interpolated', 'reach', NULL, true, '2|200|0.02|20000000|||'),
  ('one step at 0 is a flat rate', 123.45, '0 => 10%', NULL, 'retrospective', 'reach', NULL, true, '1|0|0.1|12.345|||'),
  ('unsorted steps', 150, '200 => 2%, 100 => 1%', NULL, 'retrospective', 'reach', NULL, true, '1|100|0.01|1.5|200|50|4'),
  ('falling rates', 200, '100 => 2%, 200 => 1%', NULL, 'retrospective', 'reach', NULL, true, '2|200|0.01|2|||'),
  ('attainment pays on another base', 1.05, '0.9 => 1%, 1 => 2%, 1.1 => 3%', 84000, 'retrospective', 'reach', NULL, true, '2|1|0.02|1680|1.1|0.05|2520.0015'),
  ('a base of zero', 1.05, '0.9 => 1% + 5', 0, 'retrospective', 'reach', NULL, true, '1|0.9|0.01|5|||'),
  ('a negative base', 1.05, '0.9 => 1%', -100, 'retrospective', 'reach', NULL, true, '1|0.9|0.01|-1|||'),
  ('base equal to qualifying, stepped', 150, '100 => 1%', 150.00, 'stepped', 'reach', NULL, true, '1|100|0.01|0.5|||'),
  ('cap not reached', 150, '100 => 1%, 200 => 2%', NULL, 'retrospective', 'reach', 3, true, '1|100|0.01|1.5|200|50|3'),
  ('cap reached', 150, '100 => 1%, 200 => 2%', NULL, 'retrospective', 'reach', 1, true, '1|100|0.01|1|200|50|1'),
  ('cap of zero', 150, '100 => 1%, 200 => 2%', NULL, 'fixed', 'reach', 0, true, '1|100|0.01|0|200|50|0'),
  ('gate closed', 150, '100 => 1%, 200 => 2%', NULL, 'retrospective', 'reach', NULL, false, '0||0|0|200|50|0'),
  ('gate closed above the last', 250, '100 => 1%, 200 => 2%', NULL, 'stepped', 'reach', NULL, false, '0||0|0|||'),
  ('fixed', 150, '100 => 0 + 10, 200 => 0 + 40, 300 => 0 + 90', NULL, 'fixed', 'reach', NULL, true, '1|100|0|10|200|50|40'),
  ('interpolated fixed sums', 150, '100 => 0 + 10, 200 => 0 + 40', NULL, 'interpolated', 'reach', NULL, true, '1|100|0|25|200|50|40'),
  ('interpolated rates', 150, '100 => 1%, 200 => 2%', NULL, 'interpolated', 'reach', NULL, true, '1|100|0.015|2.25|200|50|4'),
  ('interpolated at the next, exceed', 200, '100 => 1%, 200 => 2%', NULL, 'interpolated', 'exceed', NULL, true, '1|100|0.02|4|200|0|4'),
  ('tiny amounts', 1e-20, '1e-20 => 100%', NULL, 'retrospective', 'reach', NULL, true, '1|0.00000000000000000001|1|0.00000000000000000001|||'),
  ('huge amounts', 1e30, '1e29 => 100%', NULL, 'stepped', 'reach', NULL, true, '1|100000000000000000000000000000|1|900000000000000000000000000000|||'),
  ('qualifying NULL', NULL, '100 => 1%', 5, 'retrospective', 'reach', 5, true, 'NULL'),
  ('ladder NULL', 5, NULL, 5, 'retrospective', 'reach', 5, true, 'NULL'),
  ('mode NULL', 5, '100 => 1%', 5, NULL, 'reach', 5, true, 'NULL'),
  ('boundary NULL', 5, '100 => 1%', 5, 'fixed', NULL, 5, true, 'NULL'),
  ('gate NULL', 5, '100 => 1%', 5, 'fixed', 'reach', 5, NULL, 'NULL')
) AS v (what, q, l, b, m, e, c, g, result);
SELECT is(tier_reward(NULL, '1 => 1%'), NULL, 'tier_reward of NULL');
SELECT is(tier_reward(5, NULL), NULL, 'tier_reward without a ladder');
SELECT is((SELECT count(*) FROM tier_attainment(NULL, '1 => 1%') t WHERE t IS NULL), 1::bigint, 'a NULL result is one row of NULLs');
SELECT is(tier_reward(1.10 / NULLIF(0, 0), '1 => 1%'), NULL, 'attainment of a target of zero');

-- Against plain SQL
CREATE FUNCTION pick(seed text, n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT (('x' || left(md5(seed), 8))::bit(32)::bigint % n)::int
$$;
CREATE TABLE step AS
SELECT id, n,
  (CASE WHEN pick('zero' || id, 3) = 0 AND n = 1 THEN 0 ELSE 1000 * n + pick(id || 't' || n, 1000) END)
    / (10 ^ pick(id || 'e', 3))::int::numeric AS threshold,
  pick(id || 'r' || n, 900) / 10000.0 AS rate,
  pick(id || 'f' || n, 3) * 12.5 AS fixed
FROM generate_series(1, 40) id CROSS JOIN LATERAL generate_series(1, 1 + pick('count' || id, 9)) n;
CREATE TABLE programme AS SELECT id, tier_ladder_agg(threshold, rate, fixed) AS ladder FROM step GROUP BY id;

CREATE TABLE asked AS
SELECT p.id, p.ladder, q.qualifying, mode, boundary, gate, cap,
  CASE WHEN mode = 'stepped' THEN CASE WHEN other THEN q.qualifying END
    WHEN other THEN round(q.qualifying * 1.37 + 11, 3) END AS base
FROM programme p
CROSS JOIN LATERAL (
  SELECT threshold AS qualifying FROM step s WHERE s.id = p.id
  UNION SELECT threshold - 0.01 FROM step s WHERE s.id = p.id
  UNION SELECT threshold + 0.001 FROM step s WHERE s.id = p.id
  UNION SELECT pick(p.id || 'q' || i, 1200000) / 100.0 FROM generate_series(1, 6) i
  UNION VALUES (0), (-17.5), (1e12)
) q
CROSS JOIN unnest('{retrospective,stepped,fixed,interpolated}'::text[]) mode
CROSS JOIN unnest('{reach,exceed}'::text[]) boundary
CROSS JOIN (VALUES (false, NULL::numeric, true), (true, NULL, true), (false, 100.25, true), (true, 33, false)) o (other, cap, gate);
ANALYZE asked;

CREATE VIEW by_hand AS
SELECT a.*,
  CASE WHEN gate THEN k.tier ELSE 0 END AS tier,
  CASE WHEN gate THEN this.threshold END AS threshold,
  CASE WHEN NOT gate OR k.tier = 0 THEN 0
    WHEN mode = 'interpolated' AND next.n IS NOT NULL
      THEN this.rate + (next.rate - this.rate) * (qualifying - this.threshold) / (next.threshold - this.threshold)
    ELSE this.rate END AS rate,
  CASE WHEN NOT gate OR k.tier = 0 THEN 0 ELSE least(cap, CASE
    WHEN mode = 'retrospective' THEN c.base * this.rate + this.fixed
    WHEN mode = 'fixed' THEN this.fixed
    WHEN mode = 'stepped' THEN (
      SELECT sum(s.rate * (least(qualifying, coalesce(t.threshold, qualifying)) - s.threshold) + s.fixed)
      FROM step s LEFT JOIN step t ON t.id = s.id AND t.n = s.n + 1
      WHERE s.id = a.id AND s.n <= k.tier)
    WHEN next.n IS NULL THEN c.base * this.rate + this.fixed
    ELSE c.base * this.rate + this.fixed
      + (c.base * (next.rate - this.rate) + (next.fixed - this.fixed))
        * (qualifying - this.threshold) / (next.threshold - this.threshold) END) END AS reward,
  next.threshold AS next_threshold,
  next.threshold - qualifying AS gap,
  CASE WHEN next.n IS NULL THEN NULL WHEN NOT gate THEN 0 ELSE least(cap, CASE
    WHEN mode = 'fixed' THEN next.fixed
    WHEN mode = 'stepped' THEN (
      SELECT sum(s.fixed + CASE WHEN s.n < next.n THEN s.rate * (t.threshold - s.threshold) ELSE 0 END)
      FROM step s LEFT JOIN step t ON t.id = s.id AND t.n = s.n + 1
      WHERE s.id = a.id AND s.n <= next.n)
    ELSE (c.base + next.threshold - qualifying) * next.rate + next.fixed END) END AS next_reward
FROM asked a
CROSS JOIN LATERAL (SELECT coalesce(a.base, a.qualifying) AS base) c
CROSS JOIN LATERAL (
  SELECT count(*)::int AS tier FROM step s
  WHERE s.id = a.id AND (qualifying > s.threshold OR (qualifying = s.threshold AND (boundary = 'reach' OR s.threshold = 0)))
) k
LEFT JOIN step this ON this.id = a.id AND this.n = k.tier
LEFT JOIN step next ON next.id = a.id AND next.n = k.tier + 1;

SELECT cmp_ok((SELECT count(*) FROM asked), '>', 20000::bigint, 'many questions');
SELECT is((SELECT count(DISTINCT tier) FROM by_hand), 10::bigint, 'tiers 0 to 9 are among the answers');
SELECT is_empty(format($$
  SELECT h.*, t.* FROM by_hand h
  CROSS JOIN LATERAL tier_attainment(qualifying, ladder, base, mode, boundary, cap, gate) t
  WHERE h.mode = %L AND (h.tier, h.threshold, h.rate, h.reward, h.next_threshold, h.gap, h.next_reward) IS DISTINCT FROM
    (t.tier, t.threshold, t.rate, t.reward, t.next_threshold, t.gap, t.next_reward)
$$, mode), mode || ' = plain SQL, every column to the last digit')
FROM unnest('{retrospective,stepped,fixed,interpolated}'::text[]) mode;
SELECT is_empty($$
  SELECT * FROM asked
  WHERE tier_reward(qualifying, ladder, base, mode, boundary, cap, gate) IS DISTINCT FROM
    (tier_attainment(qualifying, ladder, base, mode, boundary, cap, gate)).reward
$$, 'tier_reward is the reward of tier_attainment');
SELECT is(
  (SELECT array_agg(tier_reward(qualifying, ladder, base, mode, boundary, cap, gate) ORDER BY id, qualifying, mode, boundary, gate, cap, base) FROM asked),
  (SELECT array_agg(r ORDER BY id, qualifying, mode, boundary, gate, cap, base) FROM (
    SELECT *, tier_reward(qualifying, ladder, base, mode, boundary, cap, gate) AS r FROM asked ORDER BY md5(asked::text)) x),
  'the order of rows and ladders does not matter');

-- Properties
SELECT is_empty($$
  SELECT id, qualifying FROM asked
  WHERE mode = 'retrospective' AND boundary = 'reach' AND gate AND cap IS NULL AND base IS NULL
    AND (tier_attainment(qualifying, ladder)).next_reward <>
      tier_reward((tier_attainment(qualifying, ladder)).next_threshold, ladder)
$$, 'next_reward is the reward at next_threshold');
CREATE TABLE rising AS
SELECT id, tier_ladder_agg(threshold, rate) AS ladder
FROM (SELECT id, threshold, sum(rate) OVER (PARTITION BY id ORDER BY n) AS rate FROM step) x GROUP BY id;
SELECT is_empty($$
  SELECT id, q FROM (
    SELECT id, q, r, lag(r) OVER w AS before, lag(q) OVER w AS q_before FROM (
      SELECT id, q, tier_reward(q, ladder, mode => m) AS r, m
      FROM rising, unnest('{retrospective,stepped,interpolated}'::text[]) m, generate_series(-100, 12000, 37.77) q
    ) x WINDOW w AS (PARTITION BY id, m ORDER BY q)
  ) y WHERE r < before OR r < 0
$$, 'rising rates: more never pays less');
SELECT is_empty($$
  SELECT id, q FROM rising, generate_series(-100, 12000, 37.77) q
  WHERE tier_reward(q, ladder) < tier_reward(q, ladder, mode => 'stepped')
$$, 'rising rates: retrospective pays at least what stepped does');
SELECT is_empty($$
  SELECT r.id, s.n FROM rising r JOIN step s USING (id), unnest('{stepped,interpolated}'::text[]) m
  WHERE s.n > (m = 'interpolated')::int AND
    abs(tier_reward(s.threshold + 1e-9, ladder, mode => m) - tier_reward(greatest(s.threshold - 1e-9, 0), ladder, mode => m)) > 1e-5
$$, 'stepped without fixed sums, and interpolated from the first step on, have no jumps');
SELECT is_empty($$
  SELECT r.id, s.n FROM rising r JOIN step s USING (id)
  WHERE tier_reward(s.threshold, ladder, mode => 'stepped', boundary => 'reach')
    <> tier_reward(s.threshold, ladder, mode => 'stepped', boundary => 'exceed')
$$, 'stepped without fixed sums pays the same at either boundary');
SELECT is_empty($$
  SELECT * FROM asked WHERE cap IS NULL AND gate AND tier_reward(qualifying, ladder, base, mode, boundary, 50)
    <> least(50, tier_reward(qualifying, ladder, base, mode, boundary))
$$, 'cap is the lesser of two');

-- Ladders from a table: short, long, compressed
CREATE TABLE stored (id int, ladder tier_ladder);
INSERT INTO stored VALUES (1, '5 => 1'), (2, '5 => 2'), (3, '');
INSERT INTO stored SELECT 4, tier_ladder_agg(t, t) FROM generate_series(1, 1000) t;
SELECT is((SELECT array_agg(trim_scale(tier_reward(q, ladder, mode => m)) ORDER BY m, q, id) FROM stored, unnest('{4,10}'::numeric[]) q, unnest('{retrospective,stepped}'::text[]) m),
  '{0,0,0,16,10,20,0,100,0,0,0,6,5,10,0,45}'::numeric[], 'ladders of a table, in turn');
PREPARE reward(numeric, tier_ladder) AS SELECT tier_reward($1, $2);
SELECT results_eq($$EXECUTE reward(200, '100 => 1%')$$, 'SELECT 2.00', 'a prepared statement');
SELECT results_eq($$EXECUTE reward(200, '100 => 2%')$$, 'SELECT 4.00', 'the same with another ladder');
CREATE FUNCTION in_turn() RETURNS numeric[] LANGUAGE plpgsql AS $$
DECLARE
  l tier_ladder;
  r numeric[];
BEGIN
  FOREACH l IN ARRAY '{100 => 1%,100 => 2%,"",100 => 1%}'::tier_ladder[] LOOP
    r = r || tier_reward(200, l);
    BEGIN
      r = r || tier_reward(200, l, mode => 'none');
    EXCEPTION WHEN invalid_parameter_value THEN
      NULL;
    END;
  END LOOP;
  RETURN r;
END
$$;
SELECT is(in_turn(), '{2.00,4.00,0,2.00}'::numeric[], 'ladders in turn in PL/pgSQL, with errors between');
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE TABLE in_parallel AS SELECT sum(tier_reward(qualifying, ladder, base, mode, boundary, cap, gate)) AS r FROM asked;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is(r, (SELECT sum(tier_reward(qualifying, ladder, base, mode, boundary, cap, gate)) FROM asked), 'parallel = serial') FROM in_parallel;

-- What is refused, and how
SELECT throws_ok(format(query, f), code, message)
FROM (VALUES
  ($$SELECT %s('NaN', '1 => 1')$$, '22023', 'qualifying must be a finite number, not NaN'),
  ($$SELECT %s('Infinity', '1 => 1')$$, '22023', 'qualifying must be a finite number, not infinity'),
  ($$SELECT %s(1, '1 => 1', 'NaN')$$, '22023', 'base must be a finite number, not NaN'),
  ($$SELECT %s(1, '1 => 1', '-Infinity')$$, '22023', 'base must be a finite number, not -infinity'),
  ($$SELECT %s(1, '1 => 1', cap => 'NaN')$$, '22023', 'cap must be a finite number, not NaN'),
  ($$SELECT %s(1, '1 => 1', cap => 'Infinity')$$, '22023', 'cap must be a finite number, not infinity'),
  ($$SELECT %s(1, '1 => 1', cap => -1)$$, '22023', 'cap must not be negative, but is -1'),
  ($$SELECT %s(1, '1 => 1', mode => 'volume')$$, '22023', 'unknown mode: "volume"'),
  ($$SELECT %s(1, '1 => 1', boundary => 'Reach')$$, '22023', 'unknown boundary: "Reach"'),
  ($$SELECT %s(1, '1 => 1', 2, 'stepped')$$, '22023', 'base is 2, but qualifying is 1 in mode stepped'),
  ($$SELECT %s(1, '', 2, 'stepped')$$, '22023', 'base is 2, but qualifying is 1 in mode stepped'),
  ($$SELECT %s(1, '1 => 1, 1 => 2')$$, '22023', 'threshold 1 is given twice'),
  ($$SELECT %s(1, 'gold')$$, '22P02', 'invalid input syntax for type tier_ladder: "gold"'),
  ($$SELECT %s(1e131000, '0 => 1e131000')$$, '22003', 'value overflows numeric format')
) AS v (query, code, message), unnest('{tier_attainment,tier_reward}'::text[]) f;

SELECT * FROM finish();
ROLLBACK;
