-- The measures on real sales: every figure of every customer against plain SQL.
--
-- The data are the 541,909 lines of UCI Online Retail (December 2010 to 9 December 2011) in
-- $KAM_DATA/online_retail/online_retail.csv.gz. Retail is sparse: at 0.10 and 0.25 nearly everybody
-- is Z, so the classes are compared at 0.50 and 1.00 as well.

\set QUIET 1
\set readable `[ -r "$KAM_DATA/online_retail/online_retail.csv.gz" ] && command -v gzip >/dev/null && echo yes || echo no`
\if :readable
\else
  \echo 1..0 # SKIP KAM_DATA names no directory that has online_retail/online_retail.csv.gz
  \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL work_mem = '64MB';
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT set_config('search_path', 'kam_online_retail, ' || current_setting('search_path'), true) AS path \gset
SELECT no_plan();

\ir ../helpers/online_retail.sql
\ir ../helpers/plan_of.sql

SELECT is(count(*), 541909::bigint, 'all lines are there') FROM line;
SELECT is(count(DISTINCT customer_id), 4372::bigint, 'and all customers') FROM sale;

-- The oracle. A year of full months; its weeks, month-weeks, quarters and years are clipped by it.

\set year '\'[2010-12-01,2011-12-01)\''

CREATE FUNCTION pg_temp.unit_start(day date, grain text) RETURNS date
IMMUTABLE
RETURN CASE grain
  WHEN 'week-sunday' THEN date_trunc('week', (day + 1)::timestamp)::date - 1
  WHEN 'month-week' THEN date_trunc('month', day::timestamp)::date + least((extract(day FROM day)::integer - 1) / 7, 3) * 7
  ELSE date_trunc(grain, day::timestamp)::date
END;

-- each day of the year with the number of its bucket
CREATE TEMP TABLE day AS
SELECT grain, day::date, dense_rank() OVER (PARTITION BY grain ORDER BY pg_temp.unit_start(day::date, grain)) AS bucket
FROM unnest('{week,week-sunday,month,month-week,quarter,year}'::text[]) AS grain,
  generate_series(timestamp '2010-12-01', timestamp '2011-11-30', '1 day') AS day;

CREATE TEMP TABLE daily AS
SELECT customer_id, sold_on, sum(amount) AS amount, bool_or(amount > 0) AS bought
FROM sale
WHERE sold_on <@ :year::daterange
GROUP BY 1, 2;

-- the total of each customer in each bucket
CREATE TEMP TABLE cell AS
SELECT grain, customer_id, bucket, coalesce(t, 0) AS t, coalesce(bought, false) AS bought
FROM (SELECT DISTINCT grain, bucket FROM day) AS b
  CROSS JOIN (SELECT DISTINCT customer_id FROM sale) AS c
  LEFT JOIN (
    SELECT grain, customer_id, bucket, sum(amount) AS t, bool_or(bought) AS bought
    FROM daily JOIN day ON day = sold_on
    GROUP BY 1, 2, 3) AS s USING (grain, customer_id, bucket);

CREATE TEMP TABLE expected AS
SELECT grain, customer_id, n, first_bucket,
  array_agg(t ORDER BY bucket) AS totals,
  count(*) FILTER (WHERE t > 0) AS active,
  bool_and(t > 0) AS net, bool_and(bought) AS ordered, min(t) AS least,
  bool_and(t = 0) AS nothing, bool_and(t = 0) FILTER (WHERE bucket >= first_bucket) AS rest_nothing,
  avg(t) AS mean,
  stddev_pop(t) AS population, stddev_samp(t) AS sample,
  count(*) FILTER (WHERE bucket >= first_bucket) AS rest,
  avg(t) FILTER (WHERE bucket >= first_bucket) AS rest_mean,
  stddev_pop(t) FILTER (WHERE bucket >= first_bucket) AS rest_population,
  stddev_samp(t) FILTER (WHERE bucket >= first_bucket) AS rest_sample,
  regr_slope(t::float8, bucket::float8) AS slope
FROM (
  SELECT *, count(*) OVER customer AS n,
    coalesce(min(bucket) FILTER (WHERE bought) OVER customer, 1) AS first_bucket
  FROM cell
  WINDOW customer AS (PARTITION BY grain, customer_id)) AS c
GROUP BY 1, 2, 3, 4;

-- the class of buckets with this mean and deviation
CREATE FUNCTION pg_temp.expected_class(n bigint, nothing boolean, mean numeric, deviation numeric, x numeric, y numeric)
RETURNS text
IMMUTABLE
RETURN CASE
  WHEN n < 3 OR nothing THEN NULL
  WHEN mean <= 0 THEN 'Z'
  WHEN deviation <= x * mean THEN 'X'
  WHEN deviation <= y * mean THEN 'Y'
  ELSE 'Z'
END;

CREATE TEMP TABLE series AS
SELECT grain, customer_id, sales_series(amount, sold_on, :year, grain) AS s
FROM sale CROSS JOIN unnest('{week,week-sunday,month,month-week,quarter,year}'::text[]) AS grain
GROUP BY 1, 2;

CREATE TEMP TABLE compared AS
SELECT * FROM series JOIN expected USING (grain, customer_id);

SELECT is(count(*), 6 * 4372::bigint, 'six grains of each customer are compared') FROM compared;

-- Totals

SELECT is_empty($$
  SELECT grain, customer_id, totals(s), totals FROM compared
  WHERE totals(s) IS DISTINCT FROM totals $$, 'totals');

SELECT is_empty($$
  SELECT grain, customer_id, total(s), total
  FROM compared LEFT JOIN (
    SELECT customer_id, sum(amount) AS total FROM sale WHERE sold_on <@ daterange('2010-12-01', '2011-12-01') GROUP BY 1
  ) AS t USING (customer_id)
  WHERE total(s)::text IS DISTINCT FROM coalesce(total, 0)::text $$, 'total, to the last digit');

SELECT is_empty($$
  SELECT grain, customer_id, mean(s), mean FROM compared WHERE mean(s) IS DISTINCT FROM mean $$, 'mean');

SELECT is_empty($$
  SELECT grain, customer_id, trend(s), slope FROM compared
  WHERE (trend(s) IS NULL) <> (slope IS NULL)
    OR abs(trend(s) - slope) > 1e-9 * (abs(slope) + abs(mean)) $$, 'trend');

SELECT is_empty($$
  SELECT grain, customer_id, s FROM compared LEFT JOIN (
    SELECT customer_id, count(*) AS days, min(sold_on) AS first, max(sold_on) AS last FROM daily WHERE bought GROUP BY 1
  ) AS d USING (customer_id)
  WHERE (sale_days(s), first_sale(s), last_sale(s)) IS DISTINCT FROM (coalesce(days, 0)::integer, first, last) $$,
  'sale_days, first_sale and last_sale');

-- Coefficients and classes

SELECT is_empty(format($$
  SELECT grain, customer_id, cv(s, %1$L), %1$I / nullif(mean, 0) FROM compared
  WHERE (cv(s, %1$L) IS NULL) <> (mean <= 0 OR %1$I IS NULL)
    OR abs(cv(s, %1$L) - %1$I / nullif(mean, 0)) > 1e-12 * %1$I / nullif(mean, 0) $$, deviation), 'cv of a ' || deviation)
FROM unnest('{population,sample}'::text[]) AS deviation;

SELECT is_empty(format($$
  SELECT grain, customer_id, xyz_class(s, %1$L, %2$L), totals
  FROM compared, LATERAL (SELECT (%1$L::numeric[])[1] AS x, (%1$L::numeric[])[2] AS y) AS cutoffs
  WHERE xyz_class(s, %1$L, %2$L) IS DISTINCT FROM pg_temp.expected_class(n, nothing, mean, %2$I, x, y) $$,
  cutoffs, deviation), format('xyz_class at %s, %s', cutoffs, deviation))
FROM unnest('{"{0.10,0.25}","{0.50,1.00}"}'::text[]) AS cutoffs, unnest('{population,sample}'::text[]) AS deviation;

SELECT is_empty(format($$
  SELECT grain, customer_id, first_bucket, totals
  FROM compared, LATERAL (SELECT (%1$L::numeric[])[1] AS x, (%1$L::numeric[])[2] AS y) AS cutoffs
  WHERE xyz_class(s, %1$L, %2$L, since_first => true)
    IS DISTINCT FROM pg_temp.expected_class(rest, rest_nothing, rest_mean, %3$I, x, y) $$,
  cutoffs, deviation, 'rest_' || deviation), format('xyz_class since the first sale at %s, %s', cutoffs, deviation))
FROM unnest('{"{0.10,0.25}","{0.50,1.00}"}'::text[]) AS cutoffs, unnest('{population,sample}'::text[]) AS deviation;

SELECT is_empty($$
  SELECT grain, customer_id, xyz_class(s), xyz_class(s, '{0.10,0.25}') FROM compared
  WHERE xyz_class(s) IS DISTINCT FROM xyz_class(s, '{0.10,0.25}') $$, 'xyz_class at the default cut-offs');

SELECT is_empty($$
  SELECT grain, customer_id, a.class, s
  FROM (SELECT grain, customer_id, xyz_class(amount, sold_on, '[2010-12-01,2011-12-01)', grain) AS class
    FROM sale CROSS JOIN unnest('{week,month}'::text[]) AS grain GROUP BY 1, 2) AS a
    JOIN compared USING (grain, customer_id)
  WHERE a.class IS DISTINCT FROM xyz_class(s) $$, 'xyz_class as an aggregate');

SELECT is_empty($$
  SELECT grain, customer_id, cv(s) FROM compared
  WHERE n >= 3 AND mean > 0 AND xyz_class(cv(s), '{0.50,1.00}') IS DISTINCT FROM xyz_class(s, '{0.50,1.00}') $$,
  'xyz_class of a coefficient');

SELECT set_eq(format('SELECT DISTINCT xyz_class(s, ''{0.50,1.00}'') FROM compared WHERE grain = %L AND NOT nothing', grain),
  '{X,Y,Z}'::text[], 'all three classes by ' || grain)
FROM unnest('{month,quarter}'::text[]) AS grain;

SELECT is_empty($$
  SELECT grain, customer_id, frequency_class(s), active, n FROM compared
  WHERE active_buckets(s) <> active OR frequency_class(s) IS DISTINCT FROM CASE
    WHEN n < 3 OR nothing THEN NULL WHEN active >= 0.9 * n THEN 'X' WHEN active >= 0.5 * n THEN 'Y' ELSE 'Z' END $$,
  'active_buckets and frequency_class');

SELECT is_empty($$
  SELECT grain, customer_id, frequency_class(s, '{0.75,0.25}'), active, n FROM compared
  WHERE frequency_class(s, '{0.75,0.25}') IS DISTINCT FROM CASE
    WHEN n < 3 OR nothing THEN NULL WHEN active >= 0.75 * n THEN 'X' WHEN active >= 0.25 * n THEN 'Y' ELSE 'Z' END $$,
  'frequency_class at other shares');

-- Run rates: by days actual * total / elapsed, by months with the share of the days that are inside


CREATE TEMP TABLE pace AS
SELECT *,
  CASE WHEN as_of >= '2011-11-30' THEN actual
    WHEN as_of >= '2010-12-01' THEN actual * 365 / (as_of - date '2010-11-30') END AS by_days,
  CASE WHEN as_of >= '2011-11-30' THEN actual
    WHEN as_of >= '2010-12-01' THEN actual * 12 / months END AS by_months
FROM (
  SELECT as_of, months, customer_id, coalesce(sum(amount) FILTER (WHERE sold_on <= as_of), 0) AS actual
  FROM (VALUES (date '2010-11-30', NULL), ('2010-12-01', 1 / 31.0), ('2011-02-28', 3), ('2011-03-15', 3 + 15 / 31.0),
      ('2011-10-31', 11), ('2011-11-29', 11 + 29 / 30.0), ('2011-11-30', 12), ('2011-12-09', 12)) AS a (as_of, months)
    CROSS JOIN (SELECT DISTINCT customer_id FROM sale) AS c
    LEFT JOIN daily USING (customer_id)
  GROUP BY 1, 2, 3) AS a;

SELECT is_empty($$
  SELECT as_of, customer_id, actual, run_rate(actual, '[2010-12-01,2011-12-01)', as_of), by_days FROM pace
  WHERE run_rate(actual, '[2010-12-01,2011-12-01)', as_of) IS DISTINCT FROM by_days
    OR run_rate(actual, '[2010-12-01,2011-12-01)', as_of, 'days') IS DISTINCT FROM by_days $$, 'run_rate by days');

SELECT is_empty($$
  SELECT as_of, customer_id, actual, run_rate(actual, '[2010-12-01,2011-12-01)', as_of, 'months'), by_months FROM pace
  WHERE (run_rate(actual, '[2010-12-01,2011-12-01)', as_of, 'months') IS NULL) <> (by_months IS NULL)
    OR abs(run_rate(actual, '[2010-12-01,2011-12-01)', as_of, 'months') - by_months) > 1e-12 * abs(by_months) $$,
  'run_rate by months');

SELECT is_empty(format($$
  SELECT as_of, customer_id, r.rate, by_%1$s
  FROM (SELECT as_of, customer_id, run_rate(amount, sold_on, '[2010-12-01,2011-12-01)', as_of, %1$L) AS rate
    FROM sale CROSS JOIN (SELECT DISTINCT as_of FROM pace) AS a GROUP BY 1, 2) AS r
    JOIN pace USING (as_of, customer_id)
  WHERE (r.rate IS NULL) <> (by_%1$s IS NULL) OR abs(r.rate - by_%1$s) > 1e-12 * abs(by_%1$s) $$, unit),
  'run_rate as an aggregate, by ' || unit)
FROM unnest('{days,months}'::text[]) AS unit;

SELECT is_empty($$
  SELECT as_of, customer_id, run_rate(d.s, as_of), by_days
  FROM (SELECT customer_id, sales_series(amount, sold_on, '[2010-12-01,2011-12-01)', 'day') AS s FROM sale GROUP BY 1) AS d
    JOIN pace USING (customer_id)
  WHERE run_rate(d.s, as_of) IS DISTINCT FROM by_days $$, 'run_rate of a series by day');

SELECT is_empty($$
  SELECT as_of, customer_id, run_rate(s, as_of), by_days
  FROM compared JOIN pace USING (customer_id)
  WHERE grain IN ('month', 'month-week') AND (months = floor(months) OR months IS NULL)
    AND run_rate(s, as_of) IS DISTINCT FROM by_days $$, 'run_rate of a series by month, at the ends of months');

-- Stable customers

SELECT is_empty($$
  SELECT grain, customer_id, totals FROM compared
  WHERE akb_stable(s) IS DISTINCT FROM net OR akb_stable(s, activity => 'net') IS DISTINCT FROM net $$, 'akb_stable by net total');

SELECT is_empty($$
  SELECT grain, customer_id, totals FROM compared
  WHERE akb_stable(s, 250) IS DISTINCT FROM (net AND least >= 250) $$, 'akb_stable with a least total');

SELECT is_empty($$
  SELECT grain, customer_id, totals FROM compared
  WHERE akb_stable(s, activity => 'order') IS DISTINCT FROM ordered $$, 'akb_stable by orders');

SELECT is_empty($$
  SELECT grain, customer_id, a.stable, totals
  FROM (SELECT grain, customer_id, akb_stable(amount, sold_on, '[2010-12-01,2011-12-01)', grain) AS stable
    FROM sale CROSS JOIN unnest('{month,quarter}'::text[]) AS grain GROUP BY 1, 2) AS a
    JOIN compared USING (grain, customer_id)
  WHERE a.stable IS DISTINCT FROM net $$, 'akb_stable as an aggregate');

SELECT is_empty($$
  SELECT customer_id, akb_stable(amount, sold_on, '[2011-07-01,2011-10-01)'),
    array_agg(DISTINCT date_trunc('month', sold_on)) FROM sale
  GROUP BY 1
  HAVING akb_stable(amount, sold_on, '[2011-07-01,2011-10-01)') IS DISTINCT FROM (
    coalesce(sum(amount) FILTER (WHERE sold_on BETWEEN '2011-07-01' AND '2011-07-31') > 0, false)
    AND coalesce(sum(amount) FILTER (WHERE sold_on BETWEEN '2011-08-01' AND '2011-08-31') > 0, false)
    AND coalesce(sum(amount) FILTER (WHERE sold_on BETWEEN '2011-09-01' AND '2011-09-30') > 0, false)) $$,
  'akb_stable of the third quarter by month');

SELECT set_eq($$
  SELECT DISTINCT grain, akb_stable(s) FROM compared WHERE grain IN ('month', 'quarter') $$,
  $$ VALUES ('month', true), ('month', false), ('quarter', true), ('quarter', false) $$, 'some are stable, some are not');

-- One way and another to the same series

SELECT is_empty(format($$
  SELECT customer_id, regrain(s.s, %2$L), compared.s
  FROM series AS s JOIN compared USING (customer_id)
  WHERE s.grain = %1$L AND compared.grain = %2$L AND regrain(s.s, %2$L) IS DISTINCT FROM compared.s $$, fine, coarse),
  format('regrain from %s to %s', fine, coarse))
FROM (VALUES ('month-week', 'month'), ('month', 'quarter'), ('quarter', 'year')) AS x (fine, coarse);

SELECT is_empty($$
  SELECT grain, customer_id, s FROM series WHERE s::text::sales_series <> s OR s::jsonb::sales_series <> s $$,
  'text and jsonb and back');

SELECT results_eq(
  $$ SELECT rollup(s) FROM series GROUP BY grain ORDER BY grain COLLATE "C" $$,
  $$ SELECT sales_series(amount, sold_on, '[2010-12-01,2011-12-01)', grain)
     FROM sale CROSS JOIN unnest('{week,week-sunday,month,month-week,quarter,year}'::text[]) AS grain
     GROUP BY grain ORDER BY grain COLLATE "C" $$, 'rollup of all customers');

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;

SELECT matches(pg_temp.plan_of($$ SELECT customer_id, sales_series(amount, sold_on, '[2010-12-01,2011-12-01)', 'month') FROM sale GROUP BY 1 $$),
  'Finalize.*Gather.*Partial', 'the next query runs in parallel');

CREATE TEMP TABLE parallel AS
SELECT customer_id, sales_series(amount, sold_on, '[2010-12-01,2011-12-01)', 'month') AS s,
  run_rate(amount, sold_on, '[2010-12-01,2011-12-01)', '2011-03-15', 'days') AS rate
FROM sale GROUP BY 1;

SET LOCAL max_parallel_workers_per_gather = 0;

SELECT is_empty($$
  SELECT customer_id, p.s, compared.s, rate, by_days
  FROM parallel AS p FULL JOIN compared USING (customer_id) JOIN pace USING (customer_id)
  WHERE grain = 'month' AND as_of = '2011-03-15' AND (p.s, rate) IS DISTINCT FROM (compared.s, by_days) $$,
  'parallel workers give the same');

SET LOCAL work_mem = '64kB';
SET LOCAL enable_sort = off;

SELECT matches(pg_temp.plan_of($$ SELECT customer_id, sales_series(amount, sold_on, '[2010-12-01,2011-12-01)', 'month') FROM sale GROUP BY 1 $$, 'COSTS'),
  'HashAggregate.*Planned Partitions', 'the next query spills to disk');

CREATE TEMP TABLE spilled AS
SELECT customer_id, sales_series(amount, sold_on, '[2010-12-01,2011-12-01)', 'month') AS s FROM sale GROUP BY 1;

SET LOCAL work_mem = '64MB';
SET LOCAL enable_sort = on;

SELECT is_empty($$
  SELECT customer_id, p.s, compared.s FROM spilled AS p FULL JOIN compared USING (customer_id)
  WHERE grain = 'month' AND p.s IS DISTINCT FROM compared.s $$, 'an aggregation that spills to disk gives the same');

-- ABC: over customers, over the customers of each country, over products

CREATE TEMP TABLE item AS
SELECT 'customer' AS kind, '' AS part, customer_id::text AS key, sum(amount) FILTER (WHERE sold_on <@ :year::daterange) AS value
FROM sale GROUP BY customer_id
UNION ALL
SELECT 'customer of a country', country, customer_id::text, sum(amount) FILTER (WHERE sold_on <@ :year::daterange)
FROM sale GROUP BY country, customer_id
UNION ALL
SELECT 'product', '', product, sum(quantity * price) FROM line GROUP BY product;

CREATE TEMP TABLE expected_share AS
SELECT *, coalesce(sum(value) FILTER (WHERE value > 0) OVER (PARTITION BY kind, part), 0) AS whole,
  coalesce(sum(value) FILTER (WHERE value > 0) OVER (
    PARTITION BY kind, part ORDER BY value DESC NULLS LAST GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS above,
  coalesce(sum(value) FILTER (WHERE value > 0) OVER (
    PARTITION BY kind, part ORDER BY value DESC NULLS LAST GROUPS UNBOUNDED PRECEDING), 0) AS upto
FROM item;

SELECT set_eq($$ SELECT DISTINCT sign(value) FROM item WHERE kind <> 'product' $$, '{-1,0,1,NULL}'::numeric[],
  'there are customers with positive, zero, negative and no sales');

SELECT is_empty(format($$
  SELECT kind, part, key, value, whole, above, upto, class FROM (
    SELECT *, abc_class(value, %1$L, boundary => %2$L) OVER (PARTITION BY kind, part) AS class,
      (SELECT count(*) FROM unnest(%1$L::numeric[]) AS cutoff
       WHERE NOT CASE %2$L WHEN 'reach' THEN above < cutoff * whole ELSE upto <= cutoff * whole END) AS worse
    FROM expected_share) AS a
  WHERE class IS DISTINCT FROM CASE WHEN value > 0 THEN chr(65 + worse::integer)
    WHEN value <= 0 THEN chr(65 + cardinality(%1$L::numeric[])) END $$, cutoffs, boundary),
  format('abc_class at %s, %s', cutoffs, boundary))
FROM unnest('{"{0.80,0.95}","{0.50,0.80,0.95,0.99}"}'::text[]) AS cutoffs, unnest('{reach,below}'::text[]) AS boundary;

SELECT is_empty($$
  SELECT key, value FROM (
    SELECT *, abc_class(value) OVER () AS plain, abc_class(value, labels => '{gold,silver,bronze}') OVER (ORDER BY key) AS named,
      abc_class(value, '{0.80,0.95}') OVER (PARTITION BY kind) AS class
    FROM item WHERE kind = 'customer') AS a
  WHERE plain IS DISTINCT FROM class
    OR named IS DISTINCT FROM CASE class WHEN 'A' THEN 'gold' WHEN 'B' THEN 'silver' WHEN 'C' THEN 'bronze' END $$,
  'abc_class with default cut-offs, with labels, with an order');

SELECT set_eq($$ SELECT DISTINCT kind, abc_class(value) OVER (PARTITION BY kind) FROM item WHERE value IS NOT NULL $$,
  $$ SELECT kind, class FROM (SELECT DISTINCT kind FROM item) AS k, unnest('{A,B,C}'::text[]) AS class $$, 'all three classes');

SELECT is_empty($$
  SELECT kind, part, key, value, share, inclusive, before FROM (
    SELECT *, abc_share(value) OVER w AS share, abc_cum_share(value) OVER w AS inclusive,
      abc_cum_share(value, false) OVER w AS before
    FROM expected_share WINDOW w AS (PARTITION BY kind, part)) AS a
  WHERE abs(share - greatest(value, 0) / nullif(whole, 0)) > 1e-15 OR abs(inclusive - upto / nullif(whole, 0)) > 1e-15
    OR abs(before - above / nullif(whole, 0)) > 1e-15
    OR (whole > 0 AND (value IS NULL) <> (share IS NULL OR inclusive IS NULL OR before IS NULL)) $$,
  'abc_share and abc_cum_share');

-- Tiers: the thresholds are totals that customers have to the penny

CREATE TEMP TABLE step AS
SELECT no, threshold, rate, fixed,
  lead(threshold) OVER w AS next_threshold, lead(rate) OVER w AS next_rate, lead(fixed) OVER w AS next_fixed
FROM (
  SELECT no, percentile_disc(place) WITHIN GROUP (ORDER BY value) AS threshold, rate, fixed
  FROM item, (VALUES (1, 0.25, 0.01, 0), (2, 0.50, 0.02, 0), (3, 0.75, 0.035, 50), (4, 0.90, 0.05, 100.50),
    (5, 0.99, 0.04, 1000)) AS t (no, place, rate, fixed)
  WHERE kind = 'customer' AND value > 0
  GROUP BY no, place, rate, fixed) AS s
WINDOW w AS (ORDER BY no);

CREATE TEMP TABLE expected_tier AS
SELECT boundary, key, value, coalesce(no, 0) AS no, coalesce(rate, 0) AS rate, coalesce(fixed, 0) AS fixed,
  threshold,
  coalesce(rate + (next_rate - rate) * (value - threshold) / (next_threshold - threshold), rate, 0) AS run_rate,
  coalesce(fixed + (next_fixed - fixed) * (value - threshold) / (next_threshold - threshold), fixed, 0) AS run_fixed,
  coalesce((SELECT sum(e.fixed + e.rate * (least(value, e.next_threshold) - e.threshold)) FROM step AS e WHERE e.no <= s.no), 0)
    AS bands
FROM unnest('{reach,exceed}'::text[]) AS boundary
  CROSS JOIN (SELECT key, value FROM item WHERE kind = 'customer') AS i
  LEFT JOIN LATERAL (
    SELECT * FROM step
    WHERE value > threshold OR (value = threshold AND boundary = 'reach')
    ORDER BY no DESC LIMIT 1) AS s ON true;

SELECT tier_ladder_agg(threshold, rate, fixed) AS ladder FROM step \gset

SELECT cmp_ok(count(*), '>=', 5::bigint, 'the boundary matters to five customers or more')
FROM expected_tier AS r JOIN expected_tier AS e USING (key)
WHERE r.boundary = 'reach' AND e.boundary = 'exceed' AND r.no > e.no;

SELECT is_empty(format($$
  SELECT boundary, key, value, no, r.reward, r.expected FROM expected_tier, LATERAL (
    SELECT tier_reward(value, %1$L, mode => %2$L, boundary => boundary) AS reward, CASE %2$L
      WHEN 'retrospective' THEN value * rate + fixed
      WHEN 'stepped' THEN bands
      WHEN 'fixed' THEN fixed
      WHEN 'interpolated' THEN value * run_rate + run_fixed END AS expected) AS r
  WHERE (value IS NULL) <> (r.reward IS NULL)
    OR CASE WHEN no = 0 THEN r.reward <> 0 ELSE abs(r.reward - r.expected) > 1e-12 * r.expected END
    OR (%2$L <> 'interpolated' AND no > 0 AND r.reward <> r.expected) $$, :'ladder', mode), 'tier_reward, ' || mode)
FROM unnest('{retrospective,stepped,fixed,interpolated}'::text[]) AS mode;

SELECT is_empty(format($$
  SELECT key, value, no, reward FROM expected_tier, LATERAL (
    SELECT tier_reward(value, %1$L, value * 0.8, boundary => boundary, cap => 700) AS reward,
      tier_reward(value, %1$L, gate => false) AS closed) AS r
  WHERE reward IS DISTINCT FROM CASE WHEN value IS NOT NULL THEN least(value * 0.8 * rate + fixed, 700) * (no > 0)::integer END
    OR closed IS DISTINCT FROM value * 0 $$, :'ladder'), 'tier_reward with a base, a cap and a gate');

SELECT is_empty(format($$
  SELECT boundary, key, value, e.no, a FROM expected_tier AS e
    CROSS JOIN LATERAL tier_attainment(value, %1$L, boundary => boundary) AS a
    LEFT JOIN step AS n ON n.no = e.no + 1
  WHERE value IS NOT NULL AND a IS DISTINCT FROM (
    e.no, e.threshold, e.rate, value * e.rate + e.fixed, n.threshold, n.threshold - value,
    n.threshold * n.rate + n.fixed)::tier_result $$, :'ladder'), 'tier_attainment');

SELECT * FROM finish();
ROLLBACK;
