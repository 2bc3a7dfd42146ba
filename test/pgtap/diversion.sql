-- Sold outside the territory: the query of the manual on its edges, and against a loop over the rows.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(12);

CREATE TABLE team (team text, territory text, target numeric);
CREATE TABLE sale (team text, shipped_to text, amount numeric);
CREATE VIEW audit AS
SELECT team, coalesce(sum(amount), 0) AS sold, coalesce(sum(amount) FILTER (WHERE shipped_to <> territory), 0) / nullif(sum(amount), 0) AS diverted,
  achieved(coalesce(sum(amount), 0), target) AS reported, achieved(coalesce(sum(amount) FILTER (WHERE shipped_to = territory), 0), target) AS local
FROM team LEFT JOIN sale USING (team) GROUP BY team, target;
CREATE FUNCTION pg_temp.shown(which text) RETURNS text
RETURN (SELECT concat_ws(' ', trim_scale(sold), coalesce(trim_scale(round(diverted, 6))::text, '-'), coalesce(trim_scale(round(reported, 6))::text, '-'), coalesce(trim_scale(round(local, 6))::text, '-')) FROM audit WHERE team = which);

INSERT INTO team VALUES ('published', 'city', 1000000), ('nothing sold', 'city', 500), ('no target', 'city', NULL), ('target of zero', 'city', 0), ('all at home', 'city', 100), ('all elsewhere', 'city', 100), ('returned', 'city', 100), ('returned from elsewhere', 'city', 100), ('place unknown', 'city', 100), ('a cent', 'city', 1);
INSERT INTO sale VALUES ('published', 'middleman', 700000), ('published', 'city', 300000), ('no target', 'coast', 30), ('no target', 'city', 70), ('target of zero', 'city', 5), ('all at home', 'city', 80), ('all elsewhere', 'coast', 120),
  ('returned', 'city', 50), ('returned', 'city', -50), ('returned from elsewhere', 'coast', 60), ('returned from elsewhere', 'coast', -20), ('returned from elsewhere', 'city', 60), ('place unknown', NULL, 50), ('place unknown', 'city', 30), ('place unknown', 'coast', 20),
  ('a cent', 'coast', 0.01), ('a cent', 'city', 0.99);

SELECT is(pg_temp.shown(which), expected, which)
FROM (VALUES
  ('published', '1000000 0.7 1 0.3'), ('nothing sold', '0 - 0 0'), ('no target', '100 0.3 - -'), ('target of zero', '5 0 - -'), ('all at home', '80 0 0.8 0.8'), ('all elsewhere', '120 1 1.2 0'),
  ('returned', '0 - 0 0'), ('returned from elsewhere', '100 0.4 1 0.6'), ('place unknown', '100 0.2 1 0.3'), ('a cent', '1 0.01 1 0.99')
) AS x (which, expected);

SELECT is(round(max(share), 6), 0.7, 'without the place, one customer is far too large')
FROM (SELECT mix_share(sum(amount)) OVER () AS share FROM (VALUES ('middleman', 700000), ('Adler', 180000), ('Baltic', 120000)) AS s (customer, amount) GROUP BY customer) AS c;
SELECT is_empty('SELECT * FROM audit WHERE sold > 0 AND local > reported', 'the local part is never more than the whole, where nothing came back');

SELECT * FROM finish();
ROLLBACK;
