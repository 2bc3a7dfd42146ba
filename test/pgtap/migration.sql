-- How customers move between classes.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/error_of.sql

SELECT is(class_move(before, now, classes), move, format('%s -> %s in %s', before, now, classes))
FROM (VALUES
  ('A', 'A', NULL::text[], 'same'), ('A', 'B', NULL, 'down'), ('C', 'B', NULL, 'up'), ('A', 'E', NULL, 'down'), (NULL, 'C', NULL, 'entered'), ('C', NULL, NULL, 'left'), (NULL, NULL, NULL, NULL),
  ('AX', 'AZ', NULL, 'down'), ('A', 'AX', NULL, 'down'), ('', 'A', NULL, 'down'), ('', '', NULL, 'same'),
  -- by bytes, whatever the collation: capitals come first, and letters beyond ASCII last
  ('a', 'B', NULL, 'up'), ('Z', 'ä', NULL, 'down'), ('10', '9', NULL, 'down'),
  ('gold', 'silver', '{gold,silver,bronze}', 'down'), ('bronze', 'silver', '{gold,silver,bronze}', 'up'), ('gold', 'gold', '{gold,silver,bronze}', 'same'),
  (NULL, 'gold', '{gold,silver}', 'entered'), ('gold', NULL, '{gold,silver}', 'left'), (NULL, NULL, '{gold}', NULL), ('a', 'a', '{a}', 'same'),
  ('A', 'B', '{B,A}', 'up'), ('B', 'A', '[5:6]={B,A}', 'down')
) AS x (before, now, classes, move);
SELECT is(class_move(repeat('x', 100000) || a, repeat('x', 100000) || b), move, format('long names that end in %s and %s', a, b)) FROM (VALUES ('a', 'b', 'down'), ('b', 'a', 'up'), ('a', 'a', 'same'), ('a', '', 'up')) AS x (a, b, move);

-- All moves among many classes, against their places
CREATE TABLE class AS SELECT place, 'class ' || md5(place::text) AS name FROM generate_series(1, 100) AS place;
SELECT is_empty($$
  SELECT b.name, n.name FROM class AS b, class AS n, (SELECT array_agg(name ORDER BY place) AS classes FROM class) AS c
  WHERE class_move(b.name, n.name, classes) <> CASE sign(n.place - b.place) WHEN 0 THEN 'same' WHEN 1 THEN 'down' ELSE 'up' END $$, 'moves by place');
SELECT is_empty($$
  SELECT b.name, n.name FROM class AS b, class AS n
  WHERE class_move(b.name, n.name) <> CASE WHEN b.name = n.name THEN 'same' WHEN n.name > b.name COLLATE "C" THEN 'down' ELSE 'up' END $$, 'moves by bytes');
SELECT is_empty($$
  SELECT b.name, n.name FROM class AS b, class AS n
  WHERE (class_move(b.name, n.name) = 'up') <> (class_move(n.name, b.name) = 'down') $$, 'up one way is down the other');

-- A migration loses nobody: every customer of one date or the other has one move
CREATE TABLE history AS
SELECT customer, as_of, chr(65 + (noise % 5)::integer) AS class, noise % 1000 AS total
FROM generate_series(1, 2000) AS customer, unnest('{2024-12-31,2025-12-31}'::date[]) AS as_of, LATERAL (SELECT hashint8extended(customer, extract(year FROM as_of)::integer) & 1048575 AS noise) AS n
WHERE noise % 7 > 0;
CREATE TABLE moved AS
SELECT before.class AS before, now.class AS now, class_move(before.class, now.class) AS move, before.total AS total_before, now.total AS total_now
FROM (SELECT * FROM history WHERE as_of = '2024-12-31') AS before FULL JOIN (SELECT * FROM history WHERE as_of = '2025-12-31') AS now USING (customer);
SELECT is((SELECT count(*) FROM moved WHERE move IS NOT NULL), (SELECT count(DISTINCT customer) FROM history), 'everybody has a move');
SELECT is((SELECT sum(total_before) + sum(total_now) FROM moved), (SELECT sum(total) FROM history), 'and the money is all there');
SELECT set_eq('SELECT DISTINCT move FROM moved', '{up,down,same,entered,left}'::text[], 'there are all moves');

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT class_move(''A'', ''D'', ''{A,B,C}'')', '22023 | now is "D", which is not among classes | List all classes, the best first.'),
  ('SELECT class_move(''D'', ''D'', ''{A,B,C}'')', '22023 | now is "D", which is not among classes | List all classes, the best first.'),
  ('SELECT class_move(''D'', NULL, ''{A,B,C}'')', '22023 | before is "D", which is not among classes | List all classes, the best first.'),
  ('SELECT class_move(''a'', ''A'', ''{A,B,C}'')', '22023 | before is "a", which is not among classes | List all classes, the best first.'),
  ('SELECT class_move(''A'', ''B'', ''{A,B,A}'')', '22023 | classes has "A" twice | List each class once, the best first.'),
  ('SELECT class_move(NULL, NULL, ''{A,A}'')', '22023 | classes has "A" twice | List each class once, the best first.'),
  ('SELECT class_move(''A'', ''B'', ''{}'')', '22023 | classes has 0 elements | From 1 to 100 elements are allowed.'),
  ('SELECT class_move(''A'', ''B'', ''{A,NULL}'')', '22023 | element 2 of classes is null | Leave the element out or give it a value.'),
  ('SELECT class_move(''A'', ''B'', ''{{A,B}}'')', '22023 | classes must be an array of one dimension, not 2 | Give one flat list of elements.'),
  ('SELECT class_move(''1'', ''2'', array_agg(i::text)) FROM generate_series(1, 101) AS i', '22023 | classes has 101 elements | From 1 to 100 elements are allowed.')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
