-- Shares at the customer, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(94);

\ir ../helpers/error_of.sql

CREATE FUNCTION pg_temp.shown(c share_change_result) RETURNS text
RETURN concat_ws(' ', coalesce(round((c).own_growth, 4)::text, '-'), coalesce(round((c).market_growth, 4)::text, '-'), coalesce(round((c).gap, 4)::text, '-'), coalesce(round((c).relative, 4)::text, '-'), coalesce((c).verdict, '-'));

-- share_change by hand

SELECT is(pg_temp.shown(share_change(a, b, c, d)), expected, what)
FROM (VALUES
  ('a published case: 50 % at a customer who grew 60 %', 150, 100, 160, 100, '0.5000 0.6000 -0.1000 -0.0625 lost'),
  ('faster than the market', 120, 100, 1100, 1000, '0.2000 0.1000 0.1000 0.0909 won'),
  ('as fast', 110, 100, 1100, 1000, '0.1000 0.1000 0.0000 0.0000 held'),
  ('as fast, by numbers without an exact quotient', 4, 3, 8, 6, '0.3333 0.3333 0.0000 0.0000 held'),
  ('shrinking less than the market', 90, 100, 80, 100, '-0.1000 -0.2000 0.1000 0.1250 won'),
  ('shrinking in a market that stands', 90, 100, 100, 100, '-0.1000 0.0000 -0.1000 -0.1000 lost'),
  ('everything lost', 0, 100, 100, 100, '-1.0000 0.0000 -1.0000 -1.0000 lost'),
  ('the market is gone', 50, 100, 0, 100, '-0.5000 -1.0000 0.5000 - won'),
  ('both are gone', 0, 100, 0, 100, '-1.0000 -1.0000 0.0000 - held'),
  ('more returns than purchases', -10, 100, 100, 100, '-1.1000 0.0000 -1.1000 -1.1000 lost'),
  ('a market of returns', 50, 100, -10, 100, '-0.5000 -1.1000 0.6000 - won'),
  ('new at the customer', 50, 0, 110, 100, '- 0.1000 - - -'),
  ('only returns before', 50, -5, 110, 100, '- 0.1000 - - -'),
  ('a new market', 50, 40, 110, 0, '0.2500 - - - -'),
  ('both new', 50, 0, 110, 0, '- - - - -'),
  ('own now unknown', NULL, 100, 110, 100, '- 0.1000 - - -'), ('own before unknown', 120, NULL, 110, 100, '- 0.1000 - - -'),
  ('market now unknown', 120, 100, NULL, 100, '0.2000 - - - -'), ('market before unknown', 120, 100, 110, NULL, '0.2000 - - - -'), ('nothing known', NULL, NULL, NULL, NULL, '- - - - -')
) AS x (what, a, b, c, d, expected);
SELECT is((share_change(a, b, c, d)).verdict, expected, what)
FROM (VALUES
  ('one in 10^30 more', 1000000000000000000000000000001, 1e30, 1e30, 1e30, 'won'), ('one in 10^30 less', 999999999999999999999999999999, 1e30, 1e30, 1e30, 'lost'),
  ('huge and tiny', 2e-300, 1e-300, 2e300, 1e300, 'held'), ('a market a hair faster', 2, 1, 2.00000000000000000000000000000000000001, 1, 'lost')
) AS x (what, a, b, c, d, expected);
SELECT ok((share_change(999999999999999999999999999999, 1e30, 1e30, 1e30)).gap < 0, 'a gap of 10^-30 is a gap');

-- and against plain SQL

SELECT setseed(0.24);
CREATE TABLE pair AS
SELECT i, CASE WHEN random() < 0.05 THEN NULL WHEN random() < 0.05 THEN 0 WHEN random() < 0.05 THEN -round((random() * 50)::numeric, 2) WHEN random() < 0.1 THEN (10 * random())::integer ELSE round((random() * 1000)::numeric, (random() * 3)::integer) END AS a,
  CASE WHEN random() < 0.05 THEN NULL WHEN random() < 0.1 THEN 0 WHEN random() < 0.05 THEN -5 WHEN random() < 0.1 THEN (10 * random())::integer ELSE round((random() * 1000)::numeric, 2) END AS b,
  CASE WHEN random() < 0.05 THEN NULL WHEN random() < 0.05 THEN 0 WHEN random() < 0.05 THEN -7 WHEN random() < 0.1 THEN (10 * random())::integer ELSE round((random() * 9000)::numeric, 2) END AS c,
  CASE WHEN random() < 0.05 THEN NULL WHEN random() < 0.05 THEN 0 WHEN random() < 0.1 THEN (10 * random())::integer ELSE round((random() * 9000)::numeric, 2) END AS d
FROM generate_series(1, 6000) AS i;
INSERT INTO pair SELECT 10000 + i, i * k, i, 3 * i * k, 3 * i FROM generate_series(1, 50) AS i, (VALUES (0.7), (1), (1.5)) AS f (k);
SELECT is_empty($$
  SELECT * FROM pair CROSS JOIN LATERAL share_change(a, b, c, d) AS s
  WHERE own_growth::text IS DISTINCT FROM (CASE WHEN b > 0 THEN (a - b) / b END)::text OR market_growth::text IS DISTINCT FROM (CASE WHEN d > 0 THEN (c - d) / d END)::text
$$, 'the growths, to the last digit');
SELECT is_empty('SELECT * FROM pair CROSS JOIN LATERAL share_change(a, b, c, d) AS s WHERE own_growth IS DISTINCT FROM growth_rate(a, b) OR market_growth IS DISTINCT FROM growth_rate(c, d)', 'are growth_rate');
SELECT is_empty('SELECT * FROM pair CROSS JOIN LATERAL share_change(a, b, c, d) AS s WHERE round(gap, 12) IS DISTINCT FROM round(own_growth - market_growth, 12)', 'the gap is their difference');
SELECT is_empty('SELECT * FROM pair CROSS JOIN LATERAL share_change(a, b, c, d) AS s WHERE round(relative, 8) IS DISTINCT FROM CASE WHEN c > 0 THEN round((1 + own_growth) / nullif(1 + market_growth, 0) - 1, 8) END', 'relative is (1 + own) / (1 + market) - 1');
SELECT is_empty('SELECT * FROM pair CROSS JOIN LATERAL share_change(a, b, c, d) AS s WHERE b > 0 AND d > 0 AND c > 0 AND round(relative, 8) IS DISTINCT FROM round(((a / c) / (b / d)) - 1, 8)', 'and the change of the share itself');
SELECT is_empty('SELECT * FROM pair CROSS JOIN LATERAL share_change(a, b, c, d) AS s WHERE verdict IS DISTINCT FROM CASE WHEN gap > 0 THEN ''won'' WHEN gap < 0 THEN ''lost'' WHEN gap = 0 THEN ''held'' END', 'the verdict is the sign of the gap');
SELECT is_empty('SELECT * FROM pair CROSS JOIN LATERAL share_change(a, b, c, d) AS s WHERE relative IS NOT NULL AND sign(relative) <> sign(gap)', 'and of the relative change');
SELECT ok(count(*) FILTER (WHERE verdict = 'won') > 500 AND count(*) FILTER (WHERE verdict = 'lost') > 500 AND count(*) FILTER (WHERE verdict = 'held') >= 150 AND count(*) FILTER (WHERE verdict IS NULL) > 500
  AND count(*) FILTER (WHERE relative IS NULL AND gap IS NOT NULL) > 100, 'every outcome is among them') FROM pair CROSS JOIN LATERAL share_change(a, b, c, d) AS s;
SELECT is(count(*), 150::bigint, 'equal growth is held, whatever the quotients') FROM pair CROSS JOIN LATERAL share_change(a, b, c, d) AS s WHERE i > 10000 AND verdict = 'held' AND gap = 0 AND relative = 0;

-- share_of_wallet

SELECT is(share_of_wallet(o, w), expected, what)
FROM (VALUES ('a quarter', 30, 120, 0.25), ('all of it', 120, 120, 1), ('nothing', 0, 120, 0), ('an estimate that is out of date', 150, 120, 1.25), ('returns', -30, 120, -0.25), ('no wallet', 5, 0, NULL), ('a negative wallet', 5, -1, NULL), ('own unknown', NULL, 5, NULL), ('wallet unknown', 5, NULL, NULL)) AS x (what, o, w, expected);
SELECT is_empty('SELECT * FROM pair WHERE share_of_wallet(a, d)::text IS DISTINCT FROM CASE WHEN d > 0 THEN a / d END::text', 'plain SQL');

-- wallet_allocation

SELECT is(round(wallet_allocation(r, n), 4), expected, format('published: %s of %s', r, n)) FROM (VALUES (1, 2, 0.6667), (2, 2, 0.3333), (1, 3, 0.5), (2, 3, 0.3333), (3, 3, 0.1667)) AS x (r, n, expected);
SELECT is(wallet_allocation(1, 1), 1::numeric, 'the only brand has it all');
SELECT is(wallet_allocation(1.5, 2), 0.5, 'two in one place share it evenly');
SELECT is(ARRAY[wallet_allocation(NULL, 2), wallet_allocation(1, NULL)], '{NULL,NULL}', 'NULL gives NULL');
SELECT is_empty('SELECT n, r FROM generate_series(1, 30) AS n, generate_series(1, n) AS r WHERE wallet_allocation(r, n)::text IS DISTINCT FROM (2 * (n::numeric + 1 - r) / (n::numeric * (n + 1)))::text', 'plain SQL, to the last digit');
SELECT is_empty('SELECT n, r FROM generate_series(1, 30) AS n, generate_series(1, n) AS r WHERE round(wallet_allocation(r, n), 12) IS DISTINCT FROM round((1 - r::numeric / (n + 1)) * 2 / n, 12)', 'as the rule is written');
SELECT is_empty('SELECT n FROM generate_series(1, 60) AS n, generate_series(1, n) AS r GROUP BY n HAVING round(sum(wallet_allocation(r, n)), 15) <> 1', 'all brands come to one wallet');
SELECT is_empty('SELECT n, r FROM generate_series(2, 30) AS n, generate_series(2, n) AS r WHERE wallet_allocation(r, n) >= wallet_allocation(r - 1, n)', 'a worse place has less');
SELECT is(round(sum(wallet_allocation(rank, n)), 12), 1::numeric, 'and so do averaged places: ' || ratings)
FROM (SELECT ratings, rank() OVER w + (count(*) OVER (PARTITION BY ratings, rating) - 1) / 2.0 AS rank, count(*) OVER (PARTITION BY ratings) AS n
      FROM unnest(ARRAY['{9,9,6,2}', '{5,5,5}', '{1,2,2,2,3,3}', '{7}']) AS ratings, unnest(ratings::integer[]) AS rating WINDOW w AS (PARTITION BY ratings ORDER BY rating DESC)) AS x
GROUP BY ratings;
SELECT is(wallet_allocation(9223372036854775807, 9223372036854775807) > 0, true, 'as many brands as there are numbers');
SELECT is(pg_typeof(wallet_allocation(rank() OVER (ORDER BY i), count(*) OVER ()))::text, 'numeric', 'rank() and count() as they come') FROM generate_series(1, 1) AS i;

-- growth_verdict

SELECT is(growth_verdict(g, n, b), expected, format('growth %s, share %s after %s', g, n, b))
FROM (VALUES
  (0.1, 0.5, 0.5, 'growing'), (0.1, 0.6, 0.5, 'growing'), (0.1, 0.4, 0.5, 'both'), (-0.1, 0.4, 0.5, 'splitting'), (0, 0.4, 0.5, 'splitting'), (-0.1, 0.5, 0.5, 'shrinking'), (-0.1, 0.6, 0.5, 'shrinking'), (0, 0.5, 0.5, 'steady'), (0.00, 0.6, 0.5, 'steady'),
  (1e-400, 1, 1.0, 'growing'), (-1e-400, 1.1, 1, 'shrinking'), (NULL, 0.5, 0.5, NULL), (0.1, NULL, 0.5, NULL), (0.1, 0.5, NULL, NULL)
) AS x (g, n, b, expected);
SELECT is(growth_verdict(g, n), growth_verdict(g, n, 1), format('without a share before: of the whole wallet, growth %s, share %s', g, n)) FROM (VALUES (0.1, 1::numeric), (-0.1, 0.99), (0.1, 0.5)) AS x (g, n);
SELECT is_empty($$
  SELECT * FROM (SELECT a - 500 AS g, c, d FROM pair) AS p WHERE growth_verdict(g, c, d) IS DISTINCT FROM
    CASE WHEN g > 0 AND c < d THEN 'both' WHEN g > 0 AND c >= d THEN 'growing' WHEN g <= 0 AND c < d THEN 'splitting' WHEN g < 0 AND c >= d THEN 'shrinking' WHEN g = 0 AND c >= d THEN 'steady' END
$$, 'plain SQL');

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || query), expected, query)
FROM (VALUES
  ('share_change(''NaN'', 1, 1, 1)', '22023 | own_now must be a finite number, not NaN'),
  ('share_change(NULL, ''Infinity'', 1, 1)', '22023 | own_before must be a finite number, not infinity'),
  ('share_change(1, 0, ''-Infinity'', NULL)', '22023 | market_now must be a finite number, not -infinity'),
  ('share_change(NULL, NULL, NULL, ''NaN'')', '22023 | market_before must be a finite number, not NaN'),
  ('share_of_wallet(''NaN'', 1)', '22023 | own must be a finite number, not NaN'),
  ('share_of_wallet(1, ''Infinity'')', '22023 | wallet must be a finite number, not infinity'),
  ('wallet_allocation(0.99, 2)', '22023 | rank must be from 1 to 2, but is 0.99 | 1 is the brand the customer likes best; brands that share a place have the mean of their places.'),
  ('wallet_allocation(2.01, 2)', '22023 | rank must be from 1 to 2, but is 2.01 | 1 is the brand the customer likes best; brands that share a place have the mean of their places.'),
  ('wallet_allocation(1, 0)', '22023 | brands must be at least 1, but is 0 | Count every brand that the customer uses.'),
  ('wallet_allocation(1, -3)', '22023 | brands must be at least 1, but is -3 | Count every brand that the customer uses.'),
  ('wallet_allocation(''NaN'', 2)', '22023 | rank must be a finite number, not NaN'),
  ('growth_verdict(''NaN'', 1)', '22023 | growth must be a finite number, not NaN'),
  ('growth_verdict(1, ''Infinity'', 1)', '22023 | wallet_share_now must be a finite number, not infinity'),
  ('growth_verdict(1, 1, ''NaN'')', '22023 | wallet_share_before must be a finite number, not NaN')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
