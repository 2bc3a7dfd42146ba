-- tier_attainment and tier_reward as an analyst writes them

-- Every short form, with literals
SELECT * FROM tier_attainment(250000, '0 => 0%, 100000 => 1%, 300000 => 3% + 500');
SELECT * FROM tier_attainment(250000, '0 => 0%, 100000 => 1%, 300000 => 3% + 500', 200000);
SELECT * FROM tier_attainment(250000, '0 => 0%, 100000 => 1%, 300000 => 3% + 500', NULL, 'stepped');
SELECT * FROM tier_attainment(300000, '0 => 0%, 100000 => 1%, 300000 => 3% + 500', NULL, 'retrospective', 'exceed');
SELECT * FROM tier_attainment(250000, '0 => 0%, 100000 => 1%, 300000 => 3% + 500', NULL, 'retrospective', 'reach', 2000);
SELECT * FROM tier_attainment(250000, '0 => 0%, 100000 => 1%, 300000 => 3% + 500', NULL, 'retrospective', 'reach', NULL, false);
SELECT tier_reward(250000, '100000 => 1%'), tier_reward('250000', '100000 => 1%', '200000'),
  tier_reward(250000, '100000 => 1%', NULL, 'stepped'), tier_reward(100000, '100000 => 1%', NULL, 'retrospective', 'exceed'),
  tier_reward(250000, '100000 => 1%', NULL, 'retrospective', 'reach', 2000),
  tier_reward(250000, '100000 => 1%', NULL, 'retrospective', 'reach', NULL, false);

-- Named arguments
SELECT * FROM tier_attainment(250000, '100000 => 1%, 300000 => 3%', mode => 'interpolated');
SELECT * FROM tier_attainment(250000, '100000 => 1% + 10, 300000 => 3% + 30', mode => 'fixed', boundary => 'exceed');
SELECT * FROM tier_attainment(qualifying => 1.05, ladder => '0.90 => 1%, 1 => 2%, 1.10 => 3%', base => 84000, cap => 1500);
SELECT tier_reward(250000, '100000 => 1%', gate => false), tier_reward(250000, '100000 => 1%', cap => 2000.00);

-- All modes around each threshold
SELECT q AS qualifying, m AS mode, reach.tier, reach.rate, round(reach.reward, 2) AS reward, reach.gap, reach.next_reward,
  exceed.tier AS tier_exceed, round(exceed.reward, 2) AS reward_exceed
FROM unnest('{-5,0,99,100,150,200,250}'::numeric[]) WITH ORDINALITY AS q(q, n)
CROSS JOIN unnest('{retrospective,stepped,fixed,interpolated}'::text[]) WITH ORDINALITY AS m(m, k)
CROSS JOIN LATERAL tier_attainment(q, '0 => 1%, 100 => 2% + 1, 200 => 4% + 3', mode => m) reach
CROSS JOIN LATERAL tier_attainment(q, '0 => 1%, 100 => 2% + 1, 200 => 4% + 3', mode => m, boundary => 'exceed') exceed
ORDER BY k, n;

-- A column of the result, and a result in a view
SELECT (tier_attainment(250000, '100000 => 1%, 300000 => 3%')).gap;
CREATE VIEW attained AS
SELECT c.customer, t.*
FROM (VALUES ('north', 99999.99), ('south', 100000), ('west', NULL), ('east', 312000)) AS c (customer, bought)
CROSS JOIN LATERAL tier_attainment(c.bought, '100000 => 1%, 300000 => 3%') AS t;
SELECT * FROM attained ORDER BY customer;
DROP VIEW attained;

-- NULL, no steps
SELECT tier_attainment(NULL, '100 => 1%') IS NULL AS qualifying, tier_attainment(1, NULL) IS NULL AS ladder,
  tier_attainment(1, '100 => 1%', NULL, NULL) IS NULL AS mode,
  tier_attainment(1, '100 => 1%', boundary => NULL) IS NULL AS boundary,
  tier_attainment(1, '100 => 1%', gate => NULL) IS NULL AS gate,
  tier_attainment(1, '100 => 1%', base => NULL, cap => NULL) IS NULL AS base_and_cap;
SELECT * FROM tier_attainment(250000, '');

-- What is refused
CREATE FUNCTION refused(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  message text;
  hint text;
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(' | ', SQLSTATE, message, nullif(hint, ''));
END
$$;

\pset format unaligned
\pset tuples_only on
SELECT format(E'%s\n  %s', q, refused(q))
FROM (
  SELECT format(e, f) AS q
  FROM unnest(ARRAY[
    $$SELECT %s('NaN', '100 => 1%%')$$,
    $$SELECT %s('-Infinity', '100 => 1%%')$$,
    $$SELECT %s(1, '100 => 1%%', 'NaN')$$,
    $$SELECT %s(1, '100 => 1%%', 'Infinity')$$,
    $$SELECT %s(1, '100 => 1%%', cap => 'NaN')$$,
    $$SELECT %s(1, '100 => 1%%', cap => 'Infinity')$$,
    $$SELECT %s(1, '100 => 1%%', cap => -0.01)$$,
    $$SELECT %s(1, '100 => 1%%', mode => 'Stepped')$$,
    $$SELECT %s(1, '100 => 1%%', mode => '')$$,
    $$SELECT %s(1, '100 => 1%%', boundary => 'below')$$,
    $$SELECT %s(1, '100 => 1%%', 2, 'stepped')$$,
    $$SELECT %s(1, '100 => 1%%', 2, 'stepped', gate => false)$$,
    $$SELECT %s(1, '100 - 1%%')$$,
    $$SELECT %s(1e131000, '0 => 1e131000')$$
  ]) WITH ORDINALITY AS e (e, n), unnest('{tier_attainment,tier_reward}'::text[]) f
  ORDER BY f, n
) x;

DROP FUNCTION refused;
