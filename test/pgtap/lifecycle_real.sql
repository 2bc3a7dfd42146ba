-- Stages, movement, retention and cohorts of real customers, every one of them against plain SQL.
--
-- The data are the 69,659 transactions of the 23,570 customers of CDNOW (January 1997 to June 1998) in
-- $KAM_DATA/cdnow/CDNOW_master.txt.gz and the 541,909 lines of UCI Online Retail (December 2010 to
-- 9 December 2011), which have returns, in $KAM_DATA/online_retail/online_retail.csv.gz.

\set QUIET 1
\set readable `[ -r "$KAM_DATA/cdnow/CDNOW_master.txt.gz" ] && [ -r "$KAM_DATA/online_retail/online_retail.csv.gz" ] && command -v gzip >/dev/null && echo yes || echo no`
\if :readable
\else
  \echo 1..0 # SKIP KAM_DATA names no directory that has cdnow/CDNOW_master.txt.gz and online_retail/online_retail.csv.gz
  \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL work_mem = '64MB';
SET LOCAL jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/online_retail.sql
\ir ../helpers/cdnow.sql
\ir ../helpers/plan_of.sql

CREATE TABLE sale AS
SELECT 'cdnow' AS shop, customer, bought_on AS sold_on, amount FROM purchase
UNION ALL
SELECT 'online_retail', customer_id, invoiced_at::date, quantity * price FROM line WHERE customer_id IS NOT NULL;
ANALYZE sale;
SELECT results_eq('SELECT shop, count(DISTINCT customer), count(*) FROM sale GROUP BY shop ORDER BY shop',
  $$ VALUES ('cdnow', 23570::bigint, 69659::bigint), ('online_retail', 4372, 406829) $$, 'all customers are there');

-- a period of whole months, of which the first is only the opening of the second
CREATE TABLE shop (shop text, days daterange);
INSERT INTO shop VALUES ('cdnow', '[1997-01-01,1998-07-01)'), ('online_retail', '[2010-12-01,2011-12-01)');

CREATE TABLE base AS
SELECT shop, customer, sales_series(amount, sold_on, days) AS s, sales_series(amount, sold_on, days, 'week') AS weeks, min(sold_on) FILTER (WHERE amount > 0) AS first_sale
FROM sale JOIN shop USING (shop) GROUP BY shop, customer;
SELECT cmp_ok(count(*), '>', 30::bigint, 'some have never bought, only returned') FROM base WHERE first_sale IS NULL;

-- Stages on five days, with the usual thresholds and with others

CREATE TABLE daily AS
SELECT shop, customer, sold_on, sum(amount) FILTER (WHERE amount > 0) AS amount, sum(amount) AS net, bool_or(amount > 0) AS bought FROM sale GROUP BY 1, 2, 3;
CREATE TABLE bought AS SELECT shop, customer, sold_on AS day FROM daily WHERE bought;
CREATE TABLE gap AS SELECT *, lag(day) OVER (PARTITION BY customer, shop ORDER BY day) AS before FROM bought;
CREATE TABLE moment AS
SELECT shop, as_of, risk, lost, new_for FROM shop, LATERAL (
  SELECT upper(days) - 1 - back AS as_of FROM unnest(ARRAY[0, 1, 77, 150, upper(days) - lower(days) - 40]) AS back) AS d,
  (VALUES (60, 90, 90), (30, 45, 60), (14, 100, 20)) AS t (risk, lost, new_for);
CREATE TABLE expected AS
SELECT shop, customer, as_of, risk, lost, new_for, first_sale, previous_sale, last_sale,
  CASE WHEN last_sale IS NULL THEN 'potential' WHEN as_of - last_sale > lost THEN 'lost' WHEN as_of - last_sale > risk THEN 'at_risk'
    WHEN as_of - first_sale <= new_for THEN 'new' WHEN returned THEN 'returning' ELSE 'active' END AS stage
FROM (
  SELECT shop, as_of, risk, lost, new_for, customer, min(day) AS first_sale, max(day) FILTER (WHERE day <= as_of) AS last_sale, max(before) FILTER (WHERE day <= as_of) AS previous_sale,
    coalesce(bool_or(day <= as_of AND as_of - day <= new_for AND day - before > lost), false) AS returned
  FROM moment JOIN gap USING (shop) GROUP BY 1, 2, 3, 4, 5, 6) AS moment;
SELECT set_eq('SELECT DISTINCT shop, stage FROM expected', $$ SELECT shop, stage FROM shop, unnest('{potential,new,active,returning,at_risk,lost}'::text[]) AS stage $$, 'all stages in both');
SELECT is(count(*) FILTER (WHERE lifecycle_stage(s, as_of, b.first_sale, risk, lost, new_for) IS DISTINCT FROM stage), 0::bigint, format('%s by series, of %s', shop, count(*)))
FROM expected JOIN base AS b USING (shop, customer) GROUP BY shop;
SELECT is(count(*) FILTER (WHERE dated IS DISTINCT FROM CASE WHEN stage = 'returning' AND last_sale - previous_sale <= lost THEN 'active' ELSE stage END), 0::bigint, format('%s by dates, of %s', shop, count(*)))
FROM expected, LATERAL (SELECT lifecycle_stage(CASE WHEN first_sale <= as_of THEN first_sale END, previous_sale, last_sale, as_of, risk, lost, new_for) AS dated) AS d GROUP BY shop;
-- a series that reaches back as far as the manual says is enough
SELECT is(count(*) FILTER (WHERE lifecycle_stage(short, as_of, first_sale, risk, lost, new_for) IS DISTINCT FROM stage), 0::bigint, format('%s by a series of %s days, of %s', shop, lost + new_for, count(*)))
FROM (SELECT shop, customer, as_of, risk, lost, new_for, sales_series(amount, sold_on, daterange(as_of - lost - new_for, as_of + 1)) AS short FROM daily JOIN moment USING (shop) WHERE risk = 30 GROUP BY 1, 2, 3, 4, 5, 6) AS x
JOIN expected USING (shop, customer, as_of, risk, lost, new_for) GROUP BY shop, lost, new_for;

-- Movement by month, and by week where there are fewer customers

CREATE TABLE unit AS
SELECT shop, grain, lower, least(coalesce(lead(lower) OVER (PARTITION BY shop, grain ORDER BY lower), upper(days)), upper(days)) AS upper, row_number() OVER (PARTITION BY shop, grain ORDER BY lower) AS n
FROM (SELECT DISTINCT shop, days, grain, greatest(date_trunc(grain, day)::date, lower(days)) AS lower
  FROM shop, unnest('{month,week}'::text[]) AS grain, generate_series(lower(days)::timestamp, upper(days) - 1, '1 day') AS day WHERE grain = 'month' OR shop = 'online_retail') AS x;
CREATE TABLE day AS SELECT shop, grain, n, lower + i AS day FROM unit, LATERAL generate_series(0, upper - lower - 1) AS i;
ANALYZE day;
CREATE TABLE state AS
SELECT unit.*, customer, first_sale, coalesce(total, 0) AS total, coalesce(total, 0) > 0 AS net, coalesce(bought, false) AS "order"
FROM unit JOIN (SELECT shop, customer, first_sale FROM base) AS b USING (shop) LEFT JOIN (
  SELECT daily.shop, grain, n, customer, sum(net) AS total, bool_or(bought) AS bought FROM daily JOIN day ON day.shop = daily.shop AND day = sold_on GROUP BY 1, 2, 3, 4) AS t USING (shop, grain, n, customer);
CREATE TABLE flow AS
SELECT shop, grain, activity, bucket, first_sale, lower, active, before, total_before
FROM (SELECT shop, grain, daterange(lower, upper) AS bucket, first_sale, lower, net, "order", lag(net) OVER w AS net_before, lag("order") OVER w AS order_before, lag(total) OVER w AS total_before
  FROM state WINDOW w AS (PARTITION BY customer, grain, shop ORDER BY n)) AS x,
  LATERAL (VALUES ('net', net, net_before), ('order', "order", order_before)) AS a (activity, active, before)
WHERE active OR before;
CREATE VIEW wanted AS
SELECT *, lost / nullif(opening, 0)::numeric AS attrition, 1 - lost / nullif(opening, 0)::numeric AS retention, lost_amount / nullif(opening_amount, 0) AS revenue_attrition
FROM (
  SELECT shop, grain, activity, bucket, count(*) FILTER (WHERE before) AS opening, count(*) FILTER (WHERE active AND NOT before AND first_sale >= lower) AS new, count(*) FILTER (WHERE active AND NOT before AND first_sale < lower) AS returned,
    count(*) FILTER (WHERE before AND NOT active) AS lost, count(*) FILTER (WHERE active) AS closing, coalesce(sum(total_before) FILTER (WHERE before), 0) AS opening_amount, coalesce(sum(total_before) FILTER (WHERE before AND NOT active), 0) AS lost_amount
  FROM flow WHERE before IS NOT NULL GROUP BY 1, 2, 3, 4) AS x;

CREATE FUNCTION pg_temp.movement(series text, activity text) RETURNS text
RETURN format($$ SELECT shop, m.* FROM (SELECT shop, base_movement(%s, first_sale, %L) AS rows FROM base WHERE %1$L = 's' OR shop = 'online_retail' GROUP BY shop) AS x, unnest(rows) AS m $$, series, activity);
SELECT set_eq(pg_temp.movement(CASE grain WHEN 'week' THEN 'weeks' ELSE 's' END, activity),
  format('SELECT shop, bucket, opening, new, returned, lost, closing, attrition, retention, opening_amount, lost_amount, revenue_attrition FROM wanted WHERE grain = %L AND activity = %L', grain, activity), format('movement by %s, %s', grain, activity))
FROM unnest('{month,week}'::text[]) AS grain, unnest('{net,order}'::text[]) AS activity;
SELECT is(count(*) FILTER (WHERE opening + new + returned - lost <> closing), 0::bigint, 'the identity in buckets: ' || count(*))
FROM (SELECT (unnest(base_movement(s, first_sale))).* FROM base GROUP BY shop UNION ALL SELECT (unnest(base_movement(weeks, first_sale, 'order'))).* FROM base GROUP BY shop) AS m;
SELECT cmp_ok(min(returned), '>', 0::bigint, 'customers return in every later month of ' || shop) FROM wanted WHERE grain = 'month' AND lower(bucket) >= '1997-03-01' AND activity = 'net' AND lower(bucket) NOT BETWEEN '2011-01-01' AND '2011-01-31' GROUP BY shop;

-- The sum of what each customer does, and every order of the rows

SELECT set_eq($$ SELECT shop, m.bucket, sum(m.opening)::bigint AS opening, sum(m.new)::bigint AS new, sum(m.returned)::bigint AS returned, sum(m.lost)::bigint AS lost, sum(m.closing)::bigint AS closing, sum(m.lost_amount) AS lost_amount
    FROM (SELECT shop, base_movement(s, first_sale) AS rows FROM base GROUP BY shop, customer) AS x, unnest(rows) AS m GROUP BY 1, 2 $$,
  $$ SELECT shop, bucket, opening, new, returned, lost, closing, lost_amount FROM wanted WHERE grain = 'month' AND activity = 'net' $$, 'one by one, added up');
SELECT is(count(DISTINCT rows::text), 1::bigint, 'in any order: ' || shop)
FROM (SELECT shop, base_movement(s, first_sale ORDER BY md5(customer || way)) AS rows FROM base, unnest('{a,b,c}'::text[]) AS way GROUP BY shop, way) AS x GROUP BY shop;

-- The active base, its mean, and cohorts by the month of the first purchase

SELECT results_eq('SELECT shop, akb_by_bucket(s), CASE shop WHEN ''online_retail'' THEN akb_by_bucket(weeks, ''order'') END FROM base GROUP BY shop ORDER BY shop',
  $$ SELECT shop, array_agg(active ORDER BY n) FILTER (WHERE grain = 'month'), array_agg(ordered ORDER BY n) FILTER (WHERE grain = 'week')
     FROM (SELECT shop, grain, n, count(*) FILTER (WHERE net) AS active, count(*) FILTER (WHERE "order") AS ordered FROM state GROUP BY 1, 2, 3) AS x GROUP BY shop ORDER BY shop $$, 'akb_by_bucket');
CREATE TABLE cohort AS
SELECT shop, date_trunc('month', first_sale)::date AS won, akb_by_bucket(s, 'order') AS akb FROM base JOIN shop USING (shop) WHERE first_sale < upper(days) GROUP BY 1, 2;
SELECT set_eq($$ SELECT shop, won, won + make_interval(months => since::integer - 1) AS month, active FROM cohort JOIN shop USING (shop),
    LATERAL (SELECT (extract(year FROM age(won, lower(days))) * 12 + extract(month FROM age(won, lower(days))))::integer AS gone) AS g, unnest(akb[gone + 1:]) WITH ORDINALITY AS u (active, since) WHERE active > 0 $$,
  $$ SELECT shop, date_trunc('month', first_sale)::date AS won, date_trunc('month', day) AS month, count(DISTINCT customer) AS active FROM bought JOIN base USING (shop, customer) JOIN shop USING (shop) WHERE day <@ days GROUP BY 1, 2, 3 $$, 'cohorts, aligned by the months since the first purchase');
SELECT is(count(*) FILTER (WHERE akb[gone + 1] <> customers OR (gone > 0 AND akb[gone] <> 0)), 0::bigint, 'a cohort begins with all of its customers, and not before')
FROM cohort JOIN shop USING (shop), LATERAL (SELECT (extract(year FROM age(won, lower(days))) * 12 + extract(month FROM age(won, lower(days))))::integer AS gone) AS g,
  LATERAL (SELECT count(*) AS customers FROM base WHERE base.shop = cohort.shop AND date_trunc('month', first_sale) = won) AS c;

-- Parallel

ANALYZE base;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
SELECT matches(pg_temp.plan_of('SELECT shop, base_movement(s, first_sale), akb_by_bucket(s) FROM base GROUP BY shop'), 'Finalize.*Gather.*Partial', 'the next query runs in parallel');
SELECT set_eq('SELECT shop, base_movement(s, first_sale), akb_by_bucket(s) FROM base GROUP BY shop',
  $$ SELECT shop, array_agg((bucket, opening, new, returned, lost, closing, attrition, retention, opening_amount, lost_amount, revenue_attrition)::base_movement_row ORDER BY bucket), (array_agg(opening ORDER BY bucket))[1:1] || array_agg(closing ORDER BY bucket)
     FROM wanted WHERE grain = 'month' AND activity = 'net' GROUP BY shop $$, 'and gives the same');

SELECT * FROM finish();
ROLLBACK;
