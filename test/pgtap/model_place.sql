-- A model in hostile surroundings: what is refused, a search_path that lies, kam in another schema, who may what.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(37);

\ir ../helpers/error_of.sql

-- what is refused

SELECT is(pg_temp.error_of(query), message, why) FROM (VALUES
  ($$ SELECT kam_create_model(NULL) $$, '22023 | schema must not be NULL', 'no schema'),
  ($$ SELECT kam_create_model('crm', security_invoker => NULL) $$, '22023 | security_invoker must not be NULL', 'no rights'),
  ($$ SELECT kam_create_model('crm', 'numeric') $$, '22023 | customer_key cannot be of type numeric | Keys are bigint, integer, smallint, text or uuid; text holds varchar and char.', 'keys of a type that is none'),
  ($$ SELECT kam_create_model('crm', person_key => 'varchar') $$, '22023 | person_key cannot be of type character varying | Keys are bigint, integer, smallint, text or uuid; text holds varchar and char.', 'varchar'),
  ($$ SELECT kam_create_model('crm', NULL) $$, '22023 | customer_key cannot be of type NULL | Keys are bigint, integer, smallint, text or uuid; text holds varchar and char.', 'no type'),
  ($$ SELECT kam_create_model('public') $$, '22023 | schema "public" is the one that kam is in | Give the model a schema of its own: SELECT kam_create_model(''crm'').', 'the schema of kam'),
  ($$ SELECT kam_create_model('pg_model') $$, '42939 | unacceptable schema name "pg_model"', 'a reserved name'),
  ($$ SELECT kam_bind('crm', 'sale', 'SELECT 1') $$, '42704 | schema "crm" has no model of kam | SELECT kam_create_model(''crm'') makes one.', 'binding without a model'),
  ($$ SELECT kam_unbind('crm', 'sale') $$, '42704 | schema "crm" has no model of kam | SELECT kam_create_model(''crm'') makes one.', 'unbinding'),
  ($$ SELECT kam_drop_model('cr"m') $$, '42704 | schema "cr"m" has no model of kam | SELECT kam_create_model(''cr"m'') makes one.', 'dropping'),
  ($$ SELECT kam_upgrade_model('crm') $$, '42704 | schema "crm" has no model of kam | SELECT kam_create_model(''crm'') makes one.', 'upgrading'),
  ($$ SELECT * FROM kam_check_model('crm') $$, '42704 | schema "crm" has no model of kam | SELECT kam_create_model(''crm'') makes one.', 'checking'),
  ($$ SELECT kam_snapshot('crm') $$, '42704 | schema "crm" has no model of kam | SELECT kam_create_model(''crm'') makes one.', 'keeping classes')) AS v (query, message, why);
SELECT is(count(*), 1::bigint, 'NULL in, nothing done') FROM kam_drop_model(NULL);

-- a schema that is there, with a table of the same name, and without

CREATE SCHEMA taken;
CREATE TABLE taken.plan (x integer);
SELECT matches(pg_temp.error_of($$ SELECT kam_create_model('taken') $$), '^42(809|P07|703) ', 'a table of the same name is not touched');
SELECT is((SELECT count(*) FROM pg_class WHERE relnamespace = 'taken'::regnamespace), 1::bigint, 'and nothing is left behind');
DROP TABLE taken.plan;
CREATE TABLE taken.own (x integer);
SELECT lives_ok($$ SELECT kam_create_model('taken') $$, 'else the schema is used');
SELECT is(pg_temp.error_of($$ SELECT kam_create_model('taken') $$), '42710 | schema "taken" has a model, or a table of that name | SELECT kam_upgrade_model(''taken'') brings it up to date.', 'once');
CREATE VIEW taken.mine AS SELECT * FROM taken.customer_class;
SELECT matches(pg_temp.error_of($$ SELECT kam_drop_model('taken') $$), '^2BP01 \| cannot drop .* because other objects depend on', 'it is not dropped under a view that reads it');
DROP VIEW taken.mine;
SELECT lives_ok($$ SELECT kam_drop_model('taken') $$, 'it is dropped');
SELECT results_eq($$ SELECT relname::text COLLATE "C" FROM pg_class WHERE relnamespace = 'taken'::regnamespace $$, $$ VALUES ('own'::text COLLATE "C") $$, 'what it did not make stays');

-- a search_path that lies: functions, operators, types and casts in front of the true ones

CREATE SCHEMA evil;
CREATE FUNCTION evil.raise() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'evil was called'; END $$;
CREATE FUNCTION evil.format(text, name) RETURNS text RETURN evil.raise();
CREATE FUNCTION evil.format(text, name, name) RETURNS text RETURN evil.raise();
CREATE FUNCTION evil.format(text, text, text) RETURNS text RETURN evil.raise();
CREATE FUNCTION evil.to_regclass(text) RETURNS regclass RETURN evil.raise()::regclass;
CREATE FUNCTION evil.quote_ident(name) RETURNS text RETURN evil.raise();
CREATE FUNCTION evil.set_config(text, text, boolean) RETURNS text RETURN evil.raise();
CREATE FUNCTION evil.total(text) RETURNS text RETURN evil.raise();
CREATE FUNCTION evil.eq(name, name) RETURNS boolean RETURN evil.raise()::boolean;
CREATE FUNCTION evil.eq(text, text) RETURNS boolean RETURN evil.raise()::boolean;
CREATE FUNCTION evil.cat(text, text) RETURNS text RETURN evil.raise();
CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.eq);
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.eq);
CREATE OPERATOR evil.|| (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.cat);
CREATE DOMAIN evil.text AS integer;
CREATE DOMAIN evil.int8 AS integer CHECK (VALUE < 0);
CREATE DOMAIN evil.date AS integer;
CREATE TABLE evil.pg_class (x integer);
CREATE TABLE evil.setting (x integer);
CREATE TABLE evil.kam_model_object (x integer);
CREATE TABLE evil.sold AS SELECT 1::pg_catalog.int8 AS customer, pg_catalog.date '2026-05-05' AS day, 10::numeric AS amount;
SET LOCAL search_path = evil, pg_catalog, public;
-- an error would end the test here
SELECT public.kam_create_model('crm');
SELECT public.kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, customer AS product_id, day AS sold_on, amount FROM sold');
SELECT public.kam_upgrade_model('crm');
SELECT public.kam_snapshot('crm') AS kept, pg_catalog.current_setting('search_path') AS path \gset
SELECT pg_catalog.count(*) AS found FROM public.kam_check_model('crm') \gset
SELECT pg_catalog.count(*) AS classed FROM crm.customer_class('2026-06-30') \gset
SELECT pg_catalog.count(*) AS watched FROM crm.churn_watch \gset
SELECT pg_catalog.count(*) AS moved FROM crm.base_movement('2026-06-30') \gset
SELECT public.kam_unbind('crm', 'sale');
SELECT pg_catalog.count(*) AS unbound FROM crm.sale \gset
SELECT public.kam_drop_model('crm');
RESET search_path;
SELECT is(:'path'::text, 'evil, pg_catalog, public', 'the path is what it was');
SELECT is(ARRAY[:kept, :classed, :watched, :unbound]::text, '{0,1,1,0}', 'a model is made, bound with the names of the caller, upgraded, read, unbound and dropped under a path that lies');
SELECT ok(:found > 30, 'and checked');
SELECT is(:moved::integer, 12, 'its functions, too');

-- kam is moved, and gone

SELECT kam_create_model('crm');
CREATE SCHEMA "ka""m";
ALTER EXTENSION kam SET SCHEMA "ka""m";
SELECT lives_ok($$ SELECT "ka""m".kam_upgrade_model('crm') $$, 'a model is upgraded after kam has moved');
SELECT lives_ok($$ SELECT "ka""m".kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, customer AS product_id, day AS sold_on, amount FROM evil.sold') $$, 'and bound');
SELECT is((SELECT count(*) FROM crm.customer_class('2026-06-30')), 1::bigint, 'and read');
SELECT lives_ok($$ SELECT "ka""m".kam_create_model('public', 'text') $$, 'another is made where kam was');
SELECT matches(pg_temp.error_of('DROP EXTENSION kam'), '^2BP01 \| cannot drop extension kam because other objects depend on it', 'DROP EXTENSION says that something depends on it');
SELECT lives_ok($$ SELECT "ka""m".kam_drop_model('public') $$, 'the other is dropped');
ALTER EXTENSION kam SET SCHEMA public;

-- somebody who is no superuser makes one, and others may not touch it

CREATE ROLE kam_test_owner;
CREATE ROLE kam_test_other;
SELECT format('GRANT CREATE ON DATABASE %I TO kam_test_owner', current_database()) AS grant_create \gset
:grant_create;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO kam_test_owner, kam_test_other;
GRANT ALL ON ALL TABLES IN SCHEMA public TO kam_test_owner, kam_test_other;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO kam_test_owner, kam_test_other;
SELECT kam_drop_model('crm');
DROP EXTENSION btree_gist;
SET LOCAL ROLE kam_test_other;
SELECT matches(pg_temp.error_of($$ SELECT kam_create_model('crm') $$), '^42501 \| permission denied for database', 'who may not make a schema makes no model');
RESET ROLE;
CREATE SCHEMA others AUTHORIZATION kam_test_other;
SET LOCAL ROLE kam_test_other;
SELECT matches(pg_temp.error_of($$ SELECT kam_create_model('others') $$), '^42501 \| the model needs the extension btree_gist, .* \| Ask who may for CREATE EXTENSION btree_gist', 'nor one without btree_gist, who may not make that');
SET LOCAL ROLE kam_test_owner;
SELECT lives_ok($$ SELECT kam_create_model('crm') $$, 'who may makes one, with btree_gist');
SELECT is_empty($$ SELECT relname FROM pg_class AS c WHERE relnamespace = 'crm'::regnamespace AND relowner <> 'kam_test_owner'::regrole $$, 'and owns it');
RESET ROLE;
GRANT USAGE ON SCHEMA crm TO kam_test_other;
GRANT SELECT ON ALL TABLES IN SCHEMA crm TO kam_test_other;
SET LOCAL ROLE kam_test_other;
SELECT is_empty($$ SELECT query FROM unnest(ARRAY[$q$ SELECT kam_bind('crm', 'competitor', 'SELECT 1::bigint AS customer_id, ''x'' AS competitor') $q$, $q$ SELECT kam_unbind('crm', 'sale') $q$,
  $q$ SELECT kam_upgrade_model('crm') $q$, $q$ SELECT kam_drop_model('crm') $q$]) AS query WHERE pg_temp.error_of(query) !~ '^42501 \| (must be owner of|permission denied for)' $$, 'who does not own it can read it, and not change it');
SELECT lives_ok($$ SELECT * FROM kam_check_model('crm') $$, 'but check it');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
