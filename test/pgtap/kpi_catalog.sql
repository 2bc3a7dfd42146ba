-- The catalogue: every line names something that is there, and says all about it in the words of closed lists.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(39);

CREATE TABLE kpi AS SELECT row_number() OVER () AS no, k.* FROM kpi_catalog() AS k;
CREATE TABLE members AS
SELECT classid, objid FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'kam') AND deptype = 'e';

SELECT cmp_ok(count(*), '>', 190::bigint, 'there are measures') FROM kpi;

-- Names

SELECT is(array_agg(name), NULL, 'a name without a dot is a function of kam') FROM kpi
WHERE name NOT LIKE '%.%' AND name NOT IN (SELECT proname FROM members JOIN pg_proc ON oid = objid WHERE classid = 'pg_proc'::regclass);
SELECT is(array_agg(name), NULL, 'one with a dot is a column of a type of kam') FROM kpi
WHERE name LIKE '%.%' AND name NOT IN (
  SELECT typname || '.' || attname FROM members JOIN pg_type AS t ON t.oid = objid JOIN pg_attribute ON attrelid = typrelid
  WHERE classid = 'pg_type'::regclass AND attnum > 0 AND NOT attisdropped);
SELECT is(array_agg(name), NULL, 'of a type that a function gives') FROM kpi
WHERE name LIKE '%.%' AND split_part(name, '.', 1) NOT IN (
  SELECT typname FROM members JOIN pg_proc ON pg_proc.oid = objid JOIN pg_type AS t ON prorettype IN (t.oid, t.typarray) WHERE classid = 'pg_proc'::regclass);
SELECT is(array_agg(name), NULL, 'no name stands twice') FROM (SELECT name FROM kpi GROUP BY name HAVING count(*) > 1) AS x;
SELECT is(array_agg(name), NULL, 'none is a function that only an aggregate calls') FROM kpi WHERE name ~ '_(accumulate|combine|final|finish)$';
SELECT is(array_agg(DISTINCT title), NULL, 'what has one title has one unit and one direction') FROM (
  SELECT title FROM kpi GROUP BY title HAVING count(DISTINCT unit) > 1 OR count(DISTINCT direction) > 1) AS x;

-- Texts

SELECT is(array_agg(name) FILTER (WHERE value IS NULL OR value !~ '^\S(.*\S)?$' OR value ~ '[\n\t]|  '), NULL, 'every measure has a ' || what || ', a line without blanks around it')
FROM kpi, LATERAL (VALUES ('name', name), ('title', title), ('formula', formula), ('unit', unit), ('direction', direction), ('module', module), ('source', source), ('page', page)) AS v (what, value)
GROUP BY what;
SELECT is(array_agg(name), NULL, 'a title begins with a capital, ends without a full stop and is short') FROM kpi WHERE title !~ '^[A-Z]' OR title ~ '[.:]$' OR length(title) > 40;
SELECT is(array_agg(name), NULL, 'a formula ends without a full stop and fits a line') FROM kpi WHERE formula ~ '[.:;]$' OR length(formula) > 130;
SELECT is(array_agg(name), NULL, 'brackets in a formula are in pairs') FROM kpi WHERE length(translate(formula, '(', '')) <> length(translate(formula, ')', ''));
SELECT is(array_agg(name), NULL, 'a page is a name') FROM kpi WHERE page !~ '^[a-z_]+$';

-- Closed lists, as on the page kpi_catalog

SELECT is(array_agg(name || ': ' || unit), NULL, 'units') FROM kpi WHERE unit NOT IN ('money', 'share', 'ratio', 'count', 'days', 'months', 'date', 'score', 'class', 'boolean');
SELECT is(array_agg(name || ': ' || direction), NULL, 'directions') FROM kpi WHERE direction NOT IN ('up', 'down', 'none');
SELECT is(array_agg(name || ': ' || module), NULL, 'modules') FROM kpi
WHERE module NOT IN ('time', 'sales', 'planning', 'programme', 'customer base', 'classification', 'lifecycle', 'churn', 'supply', 'agreement', 'receivables', 'execution', 'resources', 'organisation');
SELECT is(array_agg(name || ': ' || indicator), NULL, 'indicators') FROM kpi WHERE indicator NOT IN ('sales', 'share', 'execution', 'profit', 'fill rate');

-- Units that the type of a result does not fit

CREATE TABLE typed AS
SELECT name, unit, direction, array_agg(DISTINCT type ORDER BY type) AS types
FROM kpi, LATERAL (
  SELECT CASE WHEN proretset AND typrelid <> 0 THEN NULL ELSE prorettype::regtype::text END FROM members JOIN pg_proc ON pg_proc.oid = objid JOIN pg_type ON pg_type.oid = prorettype
  WHERE classid = 'pg_proc'::regclass AND proname = name
  UNION ALL
  SELECT atttypid::regtype::text FROM members JOIN pg_type AS t ON t.oid = objid JOIN pg_attribute ON attrelid = typrelid
  WHERE classid = 'pg_type'::regclass AND attnum > 0 AND typname || '.' || attname = name) AS x (type)
GROUP BY name, unit, direction;
SELECT is((SELECT count(*) FROM typed), (SELECT count(*) FROM kpi), 'every measure has a type');
SELECT is(array_agg(name || ': ' || types::text) FILTER (WHERE name IS NOT NULL), NULL, what) FROM (VALUES
  ('what is true or false is a boolean', 'boolean', '{boolean}'::text[]),
  ('a date is a date', 'date', '{date}'),
  ('a class is a text, or several', 'class', '{text,text[]}'),
  ('money is numeric, but for slopes', 'money', '{numeric,double precision}'),
  ('a share is numeric', 'share', '{numeric}'),
  ('a ratio is numeric, but for statistics', 'ratio', '{numeric,double precision,double precision[]}'),
  ('a count is a whole number', 'count', '{integer,bigint,numeric,bigint[]}')) AS u (what, of_unit, allowed)
LEFT JOIN typed ON unit = of_unit AND NOT types <@ allowed
GROUP BY what;
SELECT is(array_agg(name || ': ' || unit), NULL, 'and the other way round') FROM typed
WHERE types = '{boolean}' AND unit <> 'boolean' OR types = '{date}' AND unit <> 'date' OR types = '{text}' AND unit <> 'class';
SELECT is(array_agg(name), NULL, 'a class or a date has no direction') FROM kpi WHERE unit IN ('class', 'date') AND direction <> 'none';

-- Rows that are made of measures are there with all their columns

SELECT is(array_agg(attname ORDER BY attnum) FILTER (WHERE type || '.' || attname NOT IN (SELECT name FROM kpi)), NULL, 'the catalogue has every column of ' || type)
FROM unnest('{kpi_matrix_result,plan_result,churn_result}'::text[]) AS type JOIN pg_attribute ON attrelid = type::regclass AND attnum > 0
GROUP BY type ORDER BY type;

-- As a function

SELECT results_eq('SELECT name FROM kpi ORDER BY no', 'SELECT name FROM kpi ORDER BY module COLLATE "C", name COLLATE "C"', 'rows come by module and name');
SELECT cmp_ok(prorows::bigint, '>', count(*) * 2 / 3, 'the planner expects about as many rows as there are: ' || count(*)) FROM kpi, pg_proc WHERE proname = 'kpi_catalog' GROUP BY prorows;
SELECT cmp_ok(prorows::bigint, '<', count(*) * 3 / 2, 'and not many more') FROM kpi, pg_proc WHERE proname = 'kpi_catalog' GROUP BY prorows;

SELECT * FROM finish();
ROLLBACK;
