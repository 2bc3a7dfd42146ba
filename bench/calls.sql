-- What a call costs, in microseconds: the least of three runs over 100,000 rows, less what the rows
-- themselves take. Prints a table in Markdown.
SET jit = off;
SET max_parallel_workers_per_gather = 0;

CREATE TEMP TABLE call AS
SELECT n, n * 7919 % 400000 + 0.25 AS amount, date '2025-01-01' + n % 365 AS day,
  (SELECT sales_series(m * 100 + n % 50, make_date(2024, m, 15), '[2024-01-01,2025-01-01)') FROM generate_series(1, 12) AS m) AS s,
  work_calendar(ARRAY['sat', 'sun'], ARRAY(SELECT date '2020-01-01' + 37 * i FROM generate_series(1, 60) AS i)) AS calendar,
  tier_ladder '100000 => 1%, 200000 => 2%, 300000 => 3% + 500' AS ladder,
  ARRAY[('volume', 104, 100, 0.5), ('group A', 31, 30, 0.3), ('group B', 18, 20, 0.2)]::programme_parameter[] AS parameters,
  ARRAY[('overdue below 7.5 %', true)]::programme_gate[] AS gates,
  ARRAY[8, 7, 8, 9, 10, 9, 8, 8, 9, 8, 8, 8]::numeric[] AS weights
FROM generate_series(1, 100000) AS n;
CREATE TEMP TABLE cost (n serial, call text, microseconds numeric);
ANALYZE call;

DO $$
DECLARE
  calls text[][] := ARRAY[
    ['run_rate, by days', 'count(run_rate(amount, ''[2025-01-01,2026-01-01)'', ''2025-09-17''))'],
    ['run_rate, as_of of its own in each row', 'count(run_rate(amount, ''[2025-01-01,2026-01-01)'', day))'],
    ['run_rate, by working days', 'count(run_rate(amount, ''[2025-01-01,2026-01-01)'', ''2025-09-17'', calendar))'],
    ['run_rate, by a prior series of its own in each row', 'count(run_rate(amount, ''[2025-01-01,2026-01-01)'', ''2025-09-17'', s))'],
    ['plan_progress', 'count((plan_progress(400000, amount, 300000, 200000, ''[2025-01-01,2026-01-01)'', ''2025-09-17'')).status)'],
    ['workdays, 60 holidays, half a year', 'count(workdays(calendar, daterange(day, day + 182)))'],
    ['counting them with generate_series', 'count((SELECT count(*) FROM generate_series(day, day + 181, interval ''1 day'') AS d WHERE extract(isodow FROM d) < 6))'],
    ['is_workday', 'count(is_workday(calendar, day))'],
    ['add_workdays, 30 days', 'count(add_workdays(calendar, day, 30))'],
    ['tier_reward', 'count(tier_reward(amount, ladder))'],
    ['tier_attainment', 'count((tier_attainment(amount, ladder)).next_reward)'],
    ['tier_accrual', 'count(tier_accrual(amount, amount * 2, ladder))'],
    ['programme_reward', 'count(programme_reward(amount, ladder))'],
    ['programme_reward, three parameters and a gate', 'count(programme_reward(amount, ladder, parameters => parameters, gates => gates))'],
    ['explain_reward, three parameters and a gate', 'sum((SELECT count(*) FROM explain_reward(amount, ladder, parameters => parameters, gates => gates)))'],
    ['turnover_bonus', 'count(turnover_bonus(amount, 100000, 0.03))'],
    ['framework_price', 'count(framework_price(amount, 0.10, 0.05))'],
    ['settlement', 'count(settlement(amount, 100))'],
    ['bonus_earned, a row', 'bonus_earned(amount, 1)'],
    ['suggest_target', 'count(suggest_target(amount, 100000))'],
    ['target_split, 12 parts', 'count(target_split(amount, weights))'],
    ['retention_bonus of a series', 'count((retention_bonus(s, ''2024-12-31'')).status)'],
    ['series_changes of 12 months', 'sum((SELECT count(*) FROM series_changes(s)))'],
    ['season_totals of 12 months', 'sum((SELECT count(*) FROM season_totals(s, ''{w,w,p,p,p,s,s,s,a,a,a,w}'')))']];
  started timestamptz;
  took numeric;
  least_took numeric;
  base numeric;
BEGIN
  FOR i IN 0 .. array_length(calls, 1) LOOP
    least_took := NULL;
    FOR run IN 1 .. 3 LOOP
      started := clock_timestamp();
      EXECUTE format('SELECT %s FROM call', CASE i WHEN 0 THEN 'count(amount)' ELSE calls[i][2] END);
      took := extract(epoch FROM clock_timestamp() - started) * 10;
      least_took := least(least_took, took);
    END LOOP;
    IF i = 0 THEN
      base := least_took;
    ELSE
      INSERT INTO cost (call, microseconds) VALUES (calls[i][1], greatest(least_took - base, 0));
    END IF;
  END LOOP;
END $$;

SELECT '| call | microseconds |' UNION ALL SELECT '| --- | ---: |';
SELECT format('| %s | %s |', call, round(microseconds, 2)) FROM cost ORDER BY n;
