-- What CREATE EXTENSION puts into the catalogue: documented, safe, movable, and gone again with DROP EXTENSION.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(31);

-- the objects of the extension, but for the types that come with others (arrays, rows)
CREATE TABLE members AS
SELECT classid, objid, pg_describe_object(classid, objid, 0) AS name
FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'kam') AND deptype = 'e';

CREATE TABLE functions AS
SELECT p.*, objid::regprocedure::text AS name, proname ~ '^kam_(model_.*|(create|upgrade|drop|check)_model|bind|unbind|snapshot)$' AS of_model
FROM members JOIN pg_proc AS p ON p.oid = objid WHERE classid = 'pg_proc'::regclass;

SELECT ok(count(*) > 40, 'there are functions') FROM functions;

SELECT is(array_agg(name), NULL, 'everything has a comment')
FROM members
WHERE obj_description(objid, classid::regclass::text) IS NULL
  AND NOT EXISTS (SELECT FROM pg_type WHERE classid = 'pg_type'::regclass AND oid = objid AND (typelem <> 0 AND typcategory = 'A' OR typrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r')))
  AND classid NOT IN ('pg_class'::regclass, 'pg_opfamily'::regclass);
SELECT is(array_agg(name), NULL, 'no comment is empty, or begins or ends with a blank')
FROM members WHERE obj_description(objid, classid::regclass::text) ~ '^\s*$|^\s|\s$';

SELECT is(array_agg(name), NULL, 'every function is IMMUTABLE, but for those of the model') FROM functions WHERE provolatile <> 'i' AND NOT of_model;
SELECT is(array_agg(name), NULL, 'and PARALLEL SAFE') FROM functions WHERE proparallel <> 's' AND NOT of_model;
SELECT is(array_agg(name), NULL, 'every function is C, internal for aggregates, SQL with a body bound at creation, or PL/pgSQL of the model') FROM functions
WHERE prolang NOT IN (SELECT oid FROM pg_language WHERE lanname = 'c') AND NOT (prokind IN ('a', 'w') AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'internal'))
  AND NOT (prolang = (SELECT oid FROM pg_language WHERE lanname = 'sql') AND prosqlbody IS NOT NULL)
  AND NOT (prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql') AND proname LIKE 'kam\_model\_%');
SELECT is(array_agg(name), NULL, 'no function is SECURITY DEFINER, or has settings of its own but for the search_path of PL/pgSQL') FROM functions
WHERE prosecdef OR proconfig IS DISTINCT FROM CASE WHEN prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql') THEN '{"search_path=pg_catalog, pg_temp"}'::text[] END;
SELECT is(array_agg(member), NULL, 'tables are read by all, and written by none') FROM (
  SELECT members.name AS member FROM members JOIN pg_class AS c ON c.oid = objid AND classid = 'pg_class'::regclass AND relkind = 'r'
  WHERE NOT has_table_privilege('public', c.oid, 'SELECT') OR has_table_privilege('public', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')) AS x;
SELECT is(array_agg(members.name), NULL, 'and have a comment') FROM members WHERE classid = 'pg_class'::regclass AND obj_description(objid, 'pg_class') IS NULL
  AND (SELECT relkind FROM pg_class WHERE oid = objid) <> 'c';
SELECT is(array_agg(name), NULL, 'every argument that is called by name has one: functions with defaults') FROM functions
WHERE pronargdefaults > 0 AND (proargnames IS NULL OR '' = ANY (proargnames));
SELECT is(array_agg(name), NULL, 'no function returns or takes a pseudo-type but input, output and support functions') FROM functions
WHERE NOT of_model AND name !~ '^(sales_series|tier_ladder|work_calendar)_(in|out|recv)\(' AND oid NOT IN (SELECT prosupport FROM pg_proc) AND (SELECT bool_or(typtype = 'p') FROM pg_type WHERE oid = ANY (proargtypes::oid[] || prorettype));

CREATE TABLE aggregates AS SELECT a.*, name FROM pg_aggregate AS a JOIN functions AS f ON f.oid = aggfnoid;
SELECT ok(count(*) > 5, 'there are aggregates') FROM aggregates;
SELECT is(array_agg(name), NULL, 'every aggregate has a combine function') FROM aggregates WHERE aggcombinefn = 0;
SELECT is(array_agg(name), NULL, 'every final function leaves the state as it is') FROM aggregates WHERE aggfinalmodify <> 'r' OR aggfinalextra;
SELECT is(array_agg(name), NULL, 'no state is a pseudo-type') FROM aggregates JOIN pg_type AS t ON t.oid = aggtranstype WHERE typtype = 'p';
SELECT is(array_agg(name), NULL, 'every aggregate says how large its state is') FROM aggregates WHERE aggtransspace = 0;
SELECT is(array_agg(name), NULL, 'every aggregate is an ordinary one') FROM aggregates WHERE aggkind <> 'n' OR aggminitval IS NOT NULL OR agginitval IS NOT NULL;
SELECT is(array_agg(transition), NULL, 'aggregates over the same transition function have states of one size')
FROM (SELECT aggtransfn::text AS transition FROM aggregates GROUP BY aggtransfn HAVING count(DISTINCT aggtransspace) > 1) AS x;

SELECT is(count(*), 0::bigint, 'no cast is implicit') FROM members JOIN pg_cast AS c ON c.oid = objid WHERE classid = 'pg_cast'::regclass AND castcontext <> 'e';

-- Everything goes to another schema, is called there, and goes without a trace

CREATE SCHEMA kam_elsewhere;
ALTER EXTENSION kam SET SCHEMA kam_elsewhere;
SELECT is(array_agg(DISTINCT pronamespace::regnamespace::text), '{kam_elsewhere}', 'the functions have moved')
FROM pg_proc WHERE oid IN (SELECT objid FROM members WHERE classid = 'pg_proc'::regclass);
SELECT is(kam_elsewhere.xyz_class(kam_elsewhere.sales_series(100, d::date, '[2026-01-01,2026-05-01)')), 'X', 'and work where they are not in the search path')
FROM generate_series(timestamp '2026-01-05', '2026-04-05', '1 month') AS d;
SELECT is(kam_elsewhere.total(s OPERATOR(kam_elsewhere.+) s), 2::numeric, 'the operator, too')
FROM (SELECT kam_elsewhere.sales_series(1, '2026-01-05', '[2026-01-01,2026-05-01)') AS s) AS x;
SELECT is(count(*), 4::bigint, 'and functions that return rows of a type of kam')
FROM kam_elsewhere.buckets('{"version": 1, "period": "[2026-01-01,2026-05-01)", "grain": "month", "totals": [1, 0, 0, 0], "sale_days": [0]}');

DROP EXTENSION kam;
SELECT is(count(*), 0::bigint, 'DROP EXTENSION leaves nothing of it')
FROM members WHERE (classid, objid) IN (
  SELECT 'pg_proc'::regclass, oid FROM pg_proc UNION ALL SELECT 'pg_type', oid FROM pg_type UNION ALL SELECT 'pg_operator', oid FROM pg_operator
  UNION ALL SELECT 'pg_opclass', oid FROM pg_opclass UNION ALL SELECT 'pg_opfamily', oid FROM pg_opfamily
  UNION ALL SELECT 'pg_cast', oid FROM pg_cast UNION ALL SELECT 'pg_class', oid FROM pg_class);
SELECT is((SELECT count(*) FROM pg_depend WHERE refobjid IN (SELECT objid FROM members) OR objid IN (SELECT objid FROM members)), 0::bigint, 'nor anything that hangs on it');
SELECT is(count(*), 0::bigint, 'nor a comment') FROM pg_description WHERE objoid IN (SELECT objid FROM members) AND classoid IN (SELECT classid FROM members);
SELECT is(count(*), 0::bigint, 'nor anything in its schema') FROM (
  SELECT oid FROM pg_proc WHERE pronamespace = 'kam_elsewhere'::regnamespace UNION ALL SELECT oid FROM pg_type WHERE typnamespace = 'kam_elsewhere'::regnamespace) AS x;

-- A user who may create objects in the database installs it, without being superuser

CREATE ROLE kam_test_installer;
CREATE ROLE kam_test_reader;
SELECT format('GRANT CREATE ON DATABASE %I TO kam_test_installer', current_database()) AS grant_create \gset
:grant_create;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO kam_test_installer, kam_test_reader;
GRANT ALL ON ALL TABLES IN SCHEMA public TO kam_test_installer, kam_test_reader;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO kam_test_installer, kam_test_reader;
SELECT is((SELECT rolsuper FROM pg_roles WHERE rolname = 'kam_test_installer'), false, 'the installer is no superuser');
SET LOCAL ROLE kam_test_installer;
CREATE SCHEMA kam_trusted;
CREATE EXTENSION kam SCHEMA kam_trusted;
GRANT USAGE ON SCHEMA kam_trusted TO kam_test_reader;
RESET ROLE;
SELECT is((SELECT extowner::regrole::text FROM pg_extension WHERE extname = 'kam'), 'kam_test_installer', 'and owns the extension');
SET LOCAL ROLE kam_test_reader;
SELECT kam_trusted.akb_stable(1::numeric, date '2026-01-05', daterange '[2026-01-01,2026-02-01)') AS stable, kam_trusted.run_rate(31, '[2026-01-01,2026-02-01)', '2026-01-01') AS rate \gset
RESET ROLE;
SELECT is(ARRAY[:'stable', trunc(:'rate'::numeric)::text], '{t,961}', 'others can use it');
SET LOCAL ROLE kam_test_installer;
DROP EXTENSION kam;
RESET ROLE;
SELECT is((SELECT count(*) FROM pg_extension WHERE extname = 'kam'), 0::bigint, 'the installer can drop it');

SELECT * FROM finish();
ROLLBACK;
