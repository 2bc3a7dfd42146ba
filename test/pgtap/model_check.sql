-- kam_check_model names what each report lacks; a model of an older kam is brought up to date and loses nothing.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(28);

-- what the reports lack

CREATE FUNCTION pg_temp.bind(what text, without text) RETURNS void LANGUAGE sql AS $$
  SELECT kam_bind('crm', what, 'SELECT ' || string_agg(format('NULL::%s AS %I', CASE WHEN type LIKE '%\_key' THEN 'bigint' ELSE type END, name), ', ' ORDER BY place) || ' WHERE false')
  FROM kam_model_column WHERE source = what AND name IS DISTINCT FROM without $$;
CREATE FUNCTION pg_temp.lacking() RETURNS TABLE (report text, state text, lacks text) LANGUAGE sql AS $$
  SELECT name, state, substr(message, 7) FROM kam_check_model('crm') WHERE kind = 'report' AND state <> 'complete' $$;
SELECT kam_create_model('crm');
SELECT set_eq('SELECT report, state, lacks FROM pg_temp.lacking()', $$ SELECT name, 'empty', array_to_string(needs, ', ') FROM kam_model_object WHERE kind = 'report' $$, 'all that they need, where nothing is bound');
SELECT pg_temp.bind(source, NULL) FROM kam_model_source;
SELECT is_empty('SELECT * FROM pg_temp.lacking()', 'nothing, where all is');
SELECT is((SELECT count(*) FROM kam_check_model('crm') WHERE kind = 'report' AND message IS NULL), (SELECT count(*) FROM kam_model_object WHERE kind = 'report'), 'and each report is told');

-- each source, and each column that a report may do without, taken away by itself
CREATE TABLE told (taken text, report text, state text, lacks text);
DO $$
DECLARE
  part record;
BEGIN
  FOR part IN SELECT DISTINCT split_part(need, '.', 1) AS source, nullif(split_part(need, '.', 2), '') AS name, need FROM kam_model_object CROSS JOIN unnest(needs) AS need WHERE kind = 'report' LOOP
    CONTINUE WHEN part.name IN (SELECT name FROM kam_model_column WHERE source = part.source AND required);
    IF part.name IS NULL THEN
      PERFORM kam_unbind('crm', part.source);
    ELSE
      PERFORM pg_temp.bind(part.source, part.name);
    END IF;
    INSERT INTO told SELECT part.need, l.* FROM pg_temp.lacking() AS l;
    PERFORM pg_temp.bind(part.source, NULL);
  END LOOP;
END $$;
SELECT cmp_ok((SELECT count(DISTINCT taken) FROM told), '>', 30::bigint, 'many things are needed');
SELECT set_eq('SELECT taken, report, state, lacks FROM told', $$
  SELECT taken, o.name, CASE WHEN o.needs[1] = taken THEN 'empty' ELSE 'in part' END, array_to_string(ARRAY(SELECT need FROM unnest(o.needs) WITH ORDINALITY AS n (need, place) WHERE need = taken OR need LIKE taken || '.%' ORDER BY place), ', ')
  FROM (SELECT DISTINCT taken FROM told) AS t JOIN kam_model_object AS o ON o.kind = 'report' AND EXISTS (SELECT FROM unnest(o.needs) AS need WHERE need = taken OR need LIKE taken || '.%') $$, 'the reports that need it, and no others, with what of it');
SELECT is_empty('SELECT * FROM pg_temp.lacking()', 'and nothing once it is back');
SELECT results_eq($$ SELECT DISTINCT kind COLLATE "C", state COLLATE "C" FROM kam_check_model('crm') ORDER BY 1, 2 $$, $$ VALUES ('report' COLLATE "C", 'complete' COLLATE "C"), ('source', 'bound') $$, 'of a model that is up to date and has no wrong rows, that is all');

-- a model that is worked with

SELECT kam_create_model('older', 'integer', security_invoker => false);
CREATE TABLE sold (customer integer, day date, amount numeric);
INSERT INTO sold SELECT 1 + n % 3, date '2026-01-01' + n, 10 FROM generate_series(0, 80) AS n;
SELECT kam_bind('older', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, 1 AS product_id, day AS sold_on, amount FROM sold');
SELECT kam_bind('older', 'customer', $$ SELECT * FROM (VALUES (1, 'Adler'), (2, 'Baltic')) AS c (customer_id, name) $$);
INSERT INTO older.plan (customer_id, period) VALUES (1, '[2026-01-01,2027-01-01)');
INSERT INTO older.plan_line (plan_id, target) SELECT plan_id, 700 FROM older.plan;
INSERT INTO older.plan_note SELECT plan_line_id, '2026-03-01', 'late' FROM older.plan_line;
UPDATE older.setting SET k = 1.5, as_of = '2026-03-15';
SELECT kam_snapshot('older', '2026-03-15');
UPDATE older.class_history SET manual_class = 'A' WHERE customer_id = 3;
CREATE ROLE kam_reader;
GRANT USAGE ON SCHEMA older TO kam_reader;
GRANT SELECT ON older.customer_class, older.plan_progress, older.customer, older.data_exceptions TO kam_reader;
GRANT SELECT (customer_id, name) ON older.lost_clients TO kam_reader;
GRANT INSERT, UPDATE ON older.plan TO kam_reader;
REVOKE EXECUTE ON FUNCTION older.customer_class(date, daterange) FROM PUBLIC;
CREATE VIEW public.mine AS SELECT e.*, c.class FROM older.data_exceptions AS e LEFT JOIN older.customer_class AS c ON c.customer_id::text = e.key;
CREATE VIEW public.names AS SELECT customer_id, name FROM older.customer;
CREATE FUNCTION public.best(as_of date) RETURNS integer RETURN (SELECT customer_id FROM older.customer_class(as_of) ORDER BY amount DESC, customer_id LIMIT 1);
SELECT set_eq('SELECT kind, key, class FROM public.mine', $$ VALUES ('customer_unknown', '3', 'A') $$, 'reports and views over them');
UPDATE older.model SET version = '0.0.9';
CREATE TEMP TABLE before AS SELECT * FROM older.binding;

-- a later kam: with one more source, table and report, and more columns of sources, of a table and of a report

INSERT INTO kam_model_source (source, comment) VALUES ('rating', 'ratings');
INSERT INTO kam_model_column (source, place, name, type, required, comment) VALUES ('rating', 1, 'customer_id', 'customer_key', true, 'the customer'), ('rating', 2, 'grade', 'text', true, 'his rating');
INSERT INTO kam_model_column (source, place, name, type, required, comment)
SELECT source, max(place) + 1, 'newest_id', 'customer_key', false, 'a column that came later' FROM kam_model_column WHERE source IN ('sale', 'customer', 'visit') GROUP BY source;
UPDATE kam_model_object SET body = replace(body, E'f.column_name\nFROM', E'f.column_name, upper(f.kind) AS newest\nFROM'),
  columns = columns || E'newest: the kind, louder\n', comment = 'what is wrong, and louder' WHERE name = 'data_exceptions';
INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
  (103, 'alter', 'plan_note', '{}', 'a column that came later', '', 'ALTER TABLE plan_note ADD COLUMN IF NOT EXISTS settled_on date; COMMENT ON COLUMN plan_note.settled_on IS $$the day that it was settled$$'),
  (104, 'table', 'promise', '{}', 'promises', E'customer_id: the customer\nwhat: what was promised', 'customer_id {customer_key} PRIMARY KEY, what text NOT NULL'),
  (2900, 'report', 'rated', '{rating,customer}', 'customers by their rating', E'customer_id: the customer\nname: his name\ngrade: his rating\npromised: what he was promised\nas_of: the last day that counts',
   'SELECT r.customer_id, k.name, r.grade, p.what AS promised, a.as_of FROM rating AS r CROSS JOIN {asked} AS a LEFT JOIN customer AS k ON k.customer_id = r.customer_id LEFT JOIN promise AS p ON p.customer_id = r.customer_id');
SELECT set_eq($$ SELECT name, message FROM kam_check_model('older') WHERE kind = 'model' $$, $$ SELECT 'older', format('its views are of version 0.0.9, and %s is installed: SELECT kam_upgrade_model(''older'')', extversion) FROM pg_extension WHERE extname = 'kam' $$, 'an older model is told, with what to do');
SELECT lives_ok($$ SELECT kam_upgrade_model('older') $$, 'it is brought up to date');
SELECT kam_create_model('newer', 'integer', security_invoker => false);
SELECT kam_bind('newer', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, 1 AS product_id, day AS sold_on, amount FROM sold');
CREATE FUNCTION pg_temp.content(schema text) RETURNS TABLE (line text) LANGUAGE sql AS $$
  SELECT concat_ws('|', relname, relkind, reloptions, obj_description(c.oid, 'pg_class'), attname, format_type(atttypid, atttypmod), attcollation, attnotnull, col_description(c.oid, attnum),
    CASE WHEN relkind = 'v' THEN rank() OVER (PARTITION BY c.oid ORDER BY attnum) END)
  FROM pg_class AS c JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 WHERE relnamespace = quote_ident(schema)::regnamespace AND relkind IN ('r', 'v')
  UNION ALL SELECT concat_ws('|', proname, replace(pg_get_function_identity_arguments(p.oid), schema, ''), replace(pg_get_function_result(p.oid), schema, ''), obj_description(p.oid, 'pg_proc'), provolatile, proparallel) FROM pg_proc AS p WHERE pronamespace = quote_ident(schema)::regnamespace $$;
SELECT set_eq($$ SELECT * FROM pg_temp.content('older') $$, $$ SELECT * FROM pg_temp.content('newer') $$, 'and is what a new one is: relations, columns, comments, options, functions');
SELECT set_eq($$ SELECT replace(replace(pg_get_viewdef(c.oid), 'older.', 'newer.'), 'older', 'newer') FROM pg_class AS c JOIN kam_model_object AS o ON o.name = relname AND o.kind IN ('view', 'report') WHERE relnamespace = 'older'::regnamespace $$,
  $$ SELECT pg_get_viewdef(c.oid) FROM pg_class AS c JOIN kam_model_object AS o ON o.name = relname AND o.kind IN ('view', 'report') WHERE relnamespace = 'newer'::regnamespace $$, 'with the same reports');
SELECT is((SELECT count(*) FROM kam_check_model('older') WHERE kind = 'model'), 0::bigint, 'nothing is told any more');
SELECT results_eq('SELECT customer_id, target, actual FROM older.plan_progress', $$ VALUES (1, 700::numeric, (SELECT sum(amount) FROM sold WHERE customer = 1 AND day <= '2026-03-15')) $$, 'plans are followed');
SELECT set_eq('SELECT noted_on, reason, settled_on FROM older.plan_note', $$ VALUES (date '2026-03-01', 'late', NULL::date) $$, 'a table has its new column, and its rows');
SELECT results_eq('SELECT k, as_of FROM older.setting', $$ VALUES (1.5, date '2026-03-15') $$, 'settings stay');
SELECT set_eq('SELECT customer_id, manual_class FROM older.class_history', $$ VALUES (1, NULL), (2, NULL), (3, 'A') $$, 'classes kept stay');
SELECT set_eq('SELECT * FROM older.binding', 'SELECT * FROM before', 'and what is bound');
SELECT set_eq('SELECT customer_id, name, newest_id FROM older.customer', $$ VALUES (1, 'Adler', NULL::integer), (2, 'Baltic', NULL) $$, 'a source that is bound has its new column');
SELECT set_eq('SELECT kind, key, class FROM public.mine', $$ VALUES ('customer_unknown', '3', 'A') $$, 'views of one''s own over reports stand');
SELECT results_eq('SELECT customer_id FROM public.names ORDER BY 1', '{1,2}'::integer[], 'over sources, too');
SELECT is(public.best('2026-03-15'), 1, 'and functions');
SELECT results_eq($$ SELECT has_table_privilege('kam_reader', 'older.customer_class', 'SELECT'), has_table_privilege('kam_reader', 'older.customer', 'SELECT'), has_table_privilege('kam_reader', 'older.data_exceptions', 'SELECT'),
  has_column_privilege('kam_reader', 'older.lost_clients', 'name', 'SELECT'), has_column_privilege('kam_reader', 'older.lost_clients', 'amount', 'SELECT'), has_table_privilege('kam_reader', 'older.plan', 'UPDATE'),
  has_function_privilege('kam_reader', 'older.customer_class(date, daterange)', 'EXECUTE'), has_table_privilege('kam_reader', 'older.rated', 'SELECT') $$, $$ VALUES (true, true, true, true, false, true, false, false) $$, 'so do grants, and nothing is granted that was not');
SET LOCAL ROLE kam_reader;
SELECT is((SELECT count(*) FROM older.customer_class), 3::bigint, 'who could read reads');
RESET ROLE;
SELECT set_eq('SELECT newest, key FROM older.data_exceptions', $$ VALUES ('CUSTOMER_UNKNOWN'::text, '3'::text) $$, 'a report has its new column');
INSERT INTO older.promise VALUES (1, 'a visit');
SELECT kam_bind('older', 'rating', $$ SELECT * FROM (VALUES (1, 'good'), (3, 'poor')) AS r (customer_id, grade) $$);
SELECT set_eq('SELECT * FROM older.rated', $$ VALUES (1, 'Adler', 'good', 'a visit', date '2026-03-15'), (3, NULL, 'poor', NULL, '2026-03-15') $$, 'what is new is worked with');
SELECT kam_unbind('older', 'rating');
SELECT lives_ok($$ SELECT kam_upgrade_model('older') $$, 'once more changes nothing');
SELECT set_eq($$ SELECT * FROM pg_temp.content('older') $$, $$ SELECT * FROM pg_temp.content('newer') $$, 'nothing at all');

SELECT * FROM finish();
ROLLBACK;
