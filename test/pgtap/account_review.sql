-- The review of key accounts: queries of the manual on their edges.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(24);

-- What loyalty has come to: all purchases over those of the first day

CREATE TABLE sale (customer text, sold_on date, amount numeric, cost numeric);
INSERT INTO sale VALUES
  ('loyal', '2024-01-10', 500, 300), ('loyal', '2025-03-01', 2500, 1500), ('loyal', '2026-02-01', 2000, 1300),
  ('two invoices on the first day', '2025-05-05', 300, 100), ('two invoices on the first day', '2025-05-05', 200, 100), ('two invoices on the first day', '2026-01-01', 500, 200),
  ('one deal', '2026-04-01', 800, 500), ('free sample first', '2025-01-01', 0, 10), ('free sample first', '2025-02-01', 300, 100),
  ('returned first', '2025-01-01', -20, -10), ('returned first', '2025-02-01', 300, 100), ('returned in all', '2025-01-01', 100, 60), ('returned in all', '2026-01-01', -150, -90),
  ('sold at a loss', '2026-05-01', 1000, 2500);
CREATE VIEW multiple AS
SELECT customer, round(lifetime / nullif(greatest(first_day, 0), 0), 1) AS multiple
FROM (SELECT customer, sum(amount) FILTER (WHERE sold_on = first_sale) AS first_day, sum(amount) AS lifetime
      FROM (SELECT *, min(sold_on) OVER (PARTITION BY customer) AS first_sale FROM sale) AS s GROUP BY customer) AS l;
SELECT is(multiple, expected, 'value multiple: ' || customer)
FROM multiple JOIN (VALUES ('loyal', 10.0), ('two invoices on the first day', 2.0), ('one deal', 1.0), ('free sample first', NULL), ('returned first', NULL), ('returned in all', -0.5)) AS x (customer, expected) USING (customer);

-- If he left: parts of the company, which may pass 1, and NULL where the company earns nothing

CREATE FUNCTION pg_temp.exposure(profits numeric[], target numeric) RETURNS text
RETURN (SELECT string_agg(coalesce(trim_scale(round(part, 3))::text, '-') || ' ' || coalesce(trim_scale(round(without, 3))::text, '-'), ', ' ORDER BY n)
        FROM (SELECT n, profit / nullif(greatest(sum(profit) OVER (), 0), 0) AS part, achieved(sum(profit) OVER () - profit, target) AS without
              FROM unnest(profits) WITH ORDINALITY AS p (profit, n)) AS x);
SELECT is(pg_temp.exposure(profits::numeric[], target), expected, what)
FROM (VALUES
  ('two customers', '{60,40}', 100::numeric, '0.6 0.4, 0.4 0.6'), ('another loses money', '{150,-50}', 100, '1.5 -0.5, -0.5 1.5'), ('all together earn nothing', '{50,-50}', 100, '- -0.5, - 0.5'),
  ('and lose', '{50,-60}', 100, '- -0.6, - 0.5'), ('one customer', '{80}', 100, '1 0'), ('no target', '{60,40}', NULL, '0.6 -, 0.4 -'), ('a target of zero', '{60,40}', 0, '0.6 -, 0.4 -')
) AS x (what, profits, target, expected);

-- How long it takes to replace him

SELECT is(round(a_month / nullif(inflow, 0)), expected, what)
FROM (VALUES ('as much as is won in ten months', 1000::numeric, 100::numeric, 10::numeric), ('nobody was won', 1000, 0, NULL), ('nothing known', 1000, NULL, NULL), ('he buys nothing', 0, 100, 0)) AS x (what, a_month, inflow, expected);

-- Resolved within the norm of three days: an open request that is older has missed it

CREATE FUNCTION pg_temp.within(opened date[], resolved date[]) RETURNS numeric
RETURN (SELECT round(numeric_distribution(CASE WHEN r IS NOT NULL THEN r - o <= 3 WHEN date '2026-12-31' - o > 3 THEN false END), 2) FROM unnest(opened, resolved) AS q (o, r));
SELECT is(pg_temp.within(o::date[], r::date[]), expected, what)
FROM (VALUES
  ('in time', '{2026-03-01}', '{2026-03-04}', 1.00), ('a day too late', '{2026-03-01}', '{2026-03-05}', 0.00), ('one of each', '{2026-03-01,2026-03-01}', '{2026-03-04,2026-03-05}', 0.50),
  ('open and young', '{2026-12-28}', '{NULL}', NULL), ('open and old', '{2026-12-27}', '{NULL}', 0.00), ('in time beside one that is old', '{2026-03-01,2026-01-01}', '{2026-03-02,NULL}', 0.50), ('none', '{}', '{}', NULL)
) AS x (what, o, r, expected);

SELECT * FROM finish();
ROLLBACK;
