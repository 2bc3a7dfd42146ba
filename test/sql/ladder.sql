-- tier_ladder as an analyst writes it

-- Text in and out
SELECT t AS given, t::tier_ladder AS ladder
FROM unnest(ARRAY[
  '',
  '   ',
  '0 => 0%, 100000 => 1%, 300000 => 3% + 500',
  '300000=>3%+500,0=>0%,100000=>1%',
  '100 => 1.50%, 200 => 2.250%',
  '100 => 0.015, 200 => 0.02250',
  '100 => 1%, 200 => 0.02',
  '100.00 => 1% + 0, 200.00 => 2% + 0.00',
  '0 => 7, 5 => 6.5, 10 => 6 + 1.25',
  '1e3 => 1E-2, 1e4 => 2e-1%, .5 => 5. + 1e2',
  '+1 => +1% + +1',
  '00100 => 000%',
  '0.00000000000000000001 => 0.00000000000000000001%, 1e30 => 1%',
  E'\t0 => 1%\n,\r\n 5 => 2%\n'
]) AS t;

SELECT t::tier_ladder::text::tier_ladder::text = t::tier_ladder::text AS round_trip, count(*)
FROM unnest(ARRAY['', '0 => 0%', '1.00 => 1.50% + 2.50, 2 => 0.0200 + 0.0', '1e30 => 1e-20']) AS t
GROUP BY 1;

-- Constructor
SELECT tier_ladder('{0,100000,300000}', '{0,0.01,0.03}');
SELECT tier_ladder(ARRAY[0, 100000, 300000], ARRAY[0, 0.01, 0.03], ARRAY[0, 0, 500]);
SELECT tier_ladder(thresholds => '{300000,100000}', rates => '{0.03,0.01}', fixed => '{500,0}');
SELECT tier_ladder('{}', '{}') = '' AS empty, tier_ladder('{}', '{}', '{}') = '' AS empty_with_fixed;
SELECT tier_ladder(NULL, '{0.01}') IS NULL AS no_thresholds, tier_ladder('{1}', NULL) IS NULL AS no_rates,
  tier_ladder('{1}', '{0.01}', NULL) AS no_fixed;
SELECT tier_ladder('100 => 1%') AS a_lone_literal_is_text;

-- Aggregate
CREATE TABLE programme_tier (programme text, threshold numeric, rate numeric, fixed numeric);
INSERT INTO programme_tier VALUES
  ('gold', 300000, 0.03, 500), ('gold', 100000, 0.01, NULL), ('gold', 0, 0, 0),
  ('silver', 50000, 0.02, 100), ('silver', NULL, NULL, NULL),
  ('none', NULL, 0.5, 7);
SELECT programme, tier_ladder_agg(threshold, rate) FROM programme_tier GROUP BY programme ORDER BY programme;
SELECT programme, tier_ladder_agg(threshold, rate, fixed) FROM programme_tier GROUP BY programme ORDER BY programme;
SELECT tier_ladder_agg(threshold, rate) FROM programme_tier WHERE false;
SELECT tier_ladder_agg(100000, 0.01), tier_ladder_agg('100000', '0.01'), tier_ladder_agg(100000, 0.01, 500);

-- Steps as rows
SELECT * FROM tiers('0 => 0%, 100000 => 1.50%, 300000 => 3% + 500');
SELECT p.programme, t.*
FROM (SELECT programme, tier_ladder_agg(threshold, rate, fixed) AS ladder FROM programme_tier GROUP BY programme) p
CROSS JOIN LATERAL tiers(p.ladder) t
ORDER BY p.programme, t.tier;
SELECT count(*) FROM tiers('');
SELECT count(*) FROM tiers(NULL);
SELECT (tiers('5 => 1%')).threshold;
SELECT tier_ladder_agg(threshold, rate, fixed) FROM tiers('0 => 0%, 100000 => 1%, 300000 => 3% + 500');

-- Findings
SELECT * FROM ladder_check('0 => 0%, 100000 => 1%, 300000 => 3% + 500');
SELECT * FROM ladder_check('0 => 5%, 1000 => 1%, 2000 => 1%, 3000 => 3, 3100 => 0');
SELECT * FROM ladder_check('100 => 1% + 50, 200 => 1% + 50, 300 => 2%');
SELECT * FROM ladder_check('0 => 7, 5 => 6.50, 10 => 6');
SELECT * FROM ladder_check('0 => 0 + 100, 5 => 0 + 50');
SELECT * FROM ladder_check('');
SELECT * FROM ladder_check(NULL);

-- jsonb
SELECT '100 => 1.50%, 200 => 0.02 + 500'::tier_ladder::jsonb;
SELECT '[{"threshold": 200, "rate": 0.02, "fixed": 500}, {"threshold": 100, "rate": 0.0150, "percent": true}]'::jsonb::tier_ladder;
SELECT '[]'::jsonb::tier_ladder = '' AS empty, ''::tier_ladder::jsonb;

-- Comparison
SELECT '1 => 1%'::tier_ladder = '1.0 => 0.010 + 0.0' AS same_value,
  '1 => 1%'::tier_ladder <> '1 => 2%' AS other_rate,
  '1 => 1%'::tier_ladder IS DISTINCT FROM '1 => 1% + 1' AS other_fixed,
  ''::tier_ladder < '1 => 1%' AS shorter_first;
SELECT l, count(*) FROM unnest('{"1 => 1%","1 => 2%",1 => 0.02,""}'::tier_ladder[]) AS l GROUP BY l ORDER BY l;

-- A table with ladders through COPY
CREATE TABLE programme (id int, ladder tier_ladder);
COPY programme FROM stdin;
1	0 => 0%, 100000 => 1%, 300000 => 3% + 500
2	
3	\N
4	1.00 => 1.50% + 2.50, 2 => 0.0200 + 0.0
\.
INSERT INTO programme SELECT 5, tier_ladder_agg(t, t / 1000.0) FROM generate_series(1, 1000) t;
COPY (SELECT * FROM programme WHERE id < 5 ORDER BY id) TO stdout;
\copy programme to program 'cat > "$PG_ABS_BUILDDIR/results/ladder.bin"' with (format binary)
CREATE TABLE programme_again (LIKE programme);
\copy programme_again from program 'cat "$PG_ABS_BUILDDIR/results/ladder.bin"' with (format binary)
SELECT count(*) AS rows, count(*) FILTER (WHERE a.ladder::text IS NOT DISTINCT FROM b.ladder::text) AS same
FROM programme a JOIN programme_again b USING (id);

-- What is refused
CREATE FUNCTION refused(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  message text;
  detail text;
  hint text;
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(' | ', SQLSTATE, message, nullif(detail, ''), nullif(hint, ''));
END
$$;

\pset format unaligned
\pset tuples_only on
SELECT format(E'%s\n  %s', t, refused(format('SELECT %L::tier_ladder', t)))
FROM unnest(ARRAY[
  'x', '0', '0 =>', '0 = 1', '0 => 1 %%', '0 => 1%,', ',', '0 => 1% 5 => 2%', '0 => 1% - 5',
  '0 => 1e', '0 => .', '0 => 1_000', '0 => 0x10', '0 => 1% + x', 'zwölf => 1%', '0 => 1%, zwölf',
  'NaN => 1%', '0 => Infinity', '0 => 1% + -inf', '-1 => 1%', '0 => -1%', '0 => 1% + -0.5',
  '1 => 1%, 2 => 2%, 1.00 => 3%', repeat('1', 200) || ' => x'
]) AS t;

SELECT format(E'%s\n  %s', q, refused(q))
FROM unnest(ARRAY[
  $$SELECT tier_ladder('{1,2}', '{0.1}')$$,
  $$SELECT tier_ladder('{1,2}', '{0.1,0.2}', '{5}')$$,
  $$SELECT tier_ladder('{}', '{0.1}')$$,
  $$SELECT tier_ladder('{1,NULL}', '{0.1,0.2}')$$,
  $$SELECT tier_ladder('{1,2}', '{0.1,NULL}')$$,
  $$SELECT tier_ladder('{{1,2}}', '{0.1,0.2}')$$,
  $$SELECT tier_ladder('{1,1}', '{0.1,0.2}')$$,
  $$SELECT tier_ladder('{-1}', '{0.1}')$$,
  $$SELECT tier_ladder('{1}', '{-0.1}')$$,
  $$SELECT tier_ladder('{1}', '{0.1}', '{NaN}')$$,
  $$SELECT tier_ladder('{Infinity}', '{0.1}')$$,
  $$SELECT tier_ladder(array_fill(1::numeric, ARRAY[1000000]), array_fill(1::numeric, ARRAY[1000000]))$$,
  $$SELECT tier_ladder_agg(1, NULL)$$,
  $$SELECT tier_ladder_agg(t, 0.1) FROM unnest('{1,2,1}'::numeric[]) t$$,
  $$SELECT tier_ladder_agg(-1, 0.1)$$,
  $$SELECT tier_ladder_agg(1, 0.1, 'Infinity')$$,
  $$SELECT tier_ladder_agg(t, 0.1) FROM generate_series(1, 1001) t$$,
  $$SELECT 'null'::jsonb::tier_ladder$$,
  $$SELECT '{"threshold": 1, "rate": 1}'::jsonb::tier_ladder$$,
  $$SELECT '[1]'::jsonb::tier_ladder$$,
  $$SELECT '[[]]'::jsonb::tier_ladder$$,
  $$SELECT '[{"threshold": 1}]'::jsonb::tier_ladder$$,
  $$SELECT '[{"rate": 1}]'::jsonb::tier_ladder$$,
  $$SELECT '[{"threshold": "1", "rate": 1}]'::jsonb::tier_ladder$$,
  $$SELECT '[{"threshold": 1, "rate": 1, "fixed": null}]'::jsonb::tier_ladder$$,
  $$SELECT '[{"threshold": 1, "rate": {"x": [1]}}]'::jsonb::tier_ladder$$,
  $$SELECT '[{"threshold": 1, "rate": 1, "percent": 1}]'::jsonb::tier_ladder$$,
  $$SELECT '[{"threshold": 1, "rate": 1, "label": "gold"}]'::jsonb::tier_ladder$$,
  $$SELECT '[{"threshold": 1, "rate": -1}]'::jsonb::tier_ladder$$,
  $$SELECT '[{"threshold": 1, "rate": 1}, {"threshold": 1, "rate": 2}]'::jsonb::tier_ladder$$
]) AS q;

DROP FUNCTION refused;
DROP TABLE programme_tier, programme, programme_again;
