-- Months of cover and the state of a stock, against plain SQL.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/error_of.sql

-- the state looks at the numbers, not at the rounded quotient
SELECT is(ROW(round(stock_cover(stock, sell_out), 20), stock_state(stock, sell_out)), ROW(round(cover::numeric, 20), state), format('%s at %s a month', stock, sell_out))
FROM (VALUES
  (600, 100, 6, 'stuffed'), (599, 100, 5.99, 'ok'), (600.0000000000000000000000000000000001, 100, 6, 'stuffed'), (599.9999999999999999999999999999999999, 100, 6, 'ok'),
  (6000, 100, 60, 'stuffed'), (1, 100, 0.01, 'ok'), (0, 100, 0, 'out_of_stock'), (-0.00, 100, 0, 'out_of_stock'), (-50, 100, -0.5, 'out_of_stock'),
  (600, 0, NULL, 'stuffed'), (0.001, 0, NULL, 'stuffed'), (600, -100, NULL, 'stuffed'), (0, 0, NULL, 'out_of_stock'), (0, -5, NULL, 'out_of_stock'), (-5, 0, NULL, 'out_of_stock'), (-5, -5, NULL, 'out_of_stock'),
  (NULL, 100, NULL, NULL), (600, NULL, NULL, NULL), (6e100, 1e100, 6, 'stuffed'), (5.99e100, 1e100, 5.99, 'ok'), (6e-400, 1e-400, 6, 'stuffed'), (1e-400, 0, NULL, 'stuffed')
) AS v (stock, sell_out, cover, state);
SELECT is(stock_state(stock, sell_out, stuffed_from), state, format('%s at %s, stuffed from %s', stock, sell_out, stuffed_from))
FROM (VALUES (300, 100, 3, 'stuffed'), (299, 100, 3, 'ok'), (350, 100, 3.5, 'stuffed'), (349.99, 100, 3.5, 'ok'), (1, 100, 0.01, 'stuffed'), (0, 100, 0.01, 'out_of_stock'), (1e30, 1, 1e31, 'ok'), (1, 0, 1e31, 'stuffed'), (600, 100, NULL, NULL)) AS v (stock, sell_out, stuffed_from, state);

SELECT setseed(0.42);
CREATE TABLE shelf AS
SELECT round((random() * 1000 - 100)::numeric, i % 4) AS stock, round((random() * 120 - 10)::numeric, i % 3) AS sell_out, 1 + (i % 23)::numeric / 2 AS stuffed_from FROM generate_series(1, 5000) AS i
UNION ALL
SELECT a, b, c FROM unnest(ARRAY[0, 1, -1, 0.10, 6, 1e30, -1e30, 6e-20, 9.99e37]) AS a, unnest(ARRAY[0, 1, -1, 0.10, 1e30, 1e-20, 9.99e37]) AS b, unnest(ARRAY[6, 1e-20, 1e30]) AS c;
SELECT is(count(*), 0::bigint, 'cover, to the last digit') FROM shelf WHERE stock_cover(stock, sell_out)::text IS DISTINCT FROM CASE WHEN sell_out > 0 THEN (stock / sell_out)::text END;
SELECT is(count(*), 0::bigint, 'state') FROM shelf
WHERE stock_state(stock, sell_out, stuffed_from) IS DISTINCT FROM CASE WHEN stock <= 0 THEN 'out_of_stock' WHEN sell_out <= 0 OR stock >= stuffed_from * sell_out THEN 'stuffed' ELSE 'ok' END;
SELECT is(count(DISTINCT stock_state(stock, sell_out, stuffed_from)), 3::bigint, 'all states') FROM shelf;
SELECT is(count(*), 0::bigint, 'the state agrees with the cover') FROM shelf
WHERE stock > 0 AND abs(stock_cover(stock, sell_out) - stuffed_from) > 1e-9 AND (stock_state(stock, sell_out, stuffed_from) = 'stuffed') <> (stock_cover(stock, sell_out) > stuffed_from);
SELECT is(count(*), 0::bigint, 'more stock never makes it better') FROM shelf WHERE stock_state(stock, sell_out, stuffed_from) = 'stuffed' AND stock_state(stock + 1, sell_out, stuffed_from) <> 'stuffed';

-- A mean is rounded where it does not come out even; a total over its months is not
SELECT is(ARRAY[stock_state(400, mean(s)), stock_state(400 * 3, total(s))], '{ok,stuffed}', 'six months of 200 in three months')
FROM (SELECT sales_series(200, '2026-01-05', '[2026-01-01,2026-04-01)') AS s) AS x;

-- What is left of the deliveries: the latest, first in first out
CREATE TABLE delivery AS SELECT c AS customer, d, date '2026-01-01' + d * 9 AS delivered_on, 10 + (d * 7919 + c * 31) % 40 AS quantity FROM generate_series(1, 30) AS c, generate_series(0, 20) AS d;
CREATE TABLE remains AS
SELECT customer, delivered_on, least(quantity, greatest(stock - newer, 0)) AS remaining, stock
FROM (SELECT customer, delivered_on, quantity, 20 * customer AS stock, coalesce(sum(quantity) OVER (PARTITION BY customer ORDER BY delivered_on DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS newer FROM delivery) AS d;
CREATE FUNCTION pg_temp.fifo(who integer, stock integer) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
  left_over integer := stock;
  kept integer[] := '{}';
  one record;
BEGIN
  FOR one IN SELECT quantity FROM delivery WHERE customer = who ORDER BY delivered_on DESC LOOP
    kept := least(one.quantity, left_over) || kept;
    left_over := left_over - least(one.quantity, left_over);
  END LOOP;
  RETURN kept;
END $$;
SELECT is(array_agg(customer) FILTER (WHERE rest IS DISTINCT FROM pg_temp.fifo(customer, 20 * customer)), NULL, 'first in, first out') FROM (SELECT customer, array_agg(remaining::integer ORDER BY delivered_on) AS rest FROM remains GROUP BY customer) AS x;
SELECT is(array_agg(customer) FILTER (WHERE rest <> least(stock, delivered)), NULL, 'what is left adds up to the stock')
FROM (SELECT customer, sum(remaining) AS rest, min(stock) AS stock FROM remains GROUP BY customer) AS x JOIN (SELECT customer, sum(quantity) AS delivered FROM delivery GROUP BY customer) AS y USING (customer);

-- What is refused

SELECT is(pg_temp.error_of('SELECT ' || call), expected, call)
FROM (VALUES
  ($$stock_cover('NaN', 1)$$, '22023 | stock must be a finite number, not NaN'),
  ($$stock_cover(1, 'infinity')$$, '22023 | monthly_sell_out must be a finite number, not infinity'),
  ($$stock_state('-infinity', 1)$$, '22023 | stock must be a finite number, not -infinity'),
  ($$stock_state(1, 'NaN')$$, '22023 | monthly_sell_out must be a finite number, not NaN'),
  ($$stock_state(1, 1, 0)$$, '22023 | stuffed_from must be above zero, but is 0 | Give a number of months: a stock that lasts so long is too large.'),
  ($$stock_state(0, 1, -6)$$, '22023 | stuffed_from must be above zero, but is -6 | Give a number of months: a stock that lasts so long is too large.'),
  ($$stock_state(1, 1, 'infinity')$$, '22023 | stuffed_from must be a finite number, not infinity')
) AS refused (call, expected);

SELECT * FROM finish();
ROLLBACK;
