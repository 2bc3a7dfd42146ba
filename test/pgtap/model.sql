-- Making, upgrading and dropping a model; what its tables refuse; two models, one with a hostile name.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(67);

\ir ../helpers/error_of.sql

-- the relations of a schema and their columns, comments and options, as one text
CREATE FUNCTION pg_temp.content(schema text) RETURNS text LANGUAGE sql AS $$
  SELECT md5(string_agg(concat_ws('|', relname, relkind, reloptions, obj_description(c.oid, 'pg_class'), attnum, attname, format_type(atttypid, atttypmod), attcollation, col_description(c.oid, attnum)), E'\n' ORDER BY relname, attnum))
  FROM pg_class AS c JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 WHERE relnamespace = quote_ident(schema)::regnamespace $$;

-- the definitions

SELECT is_empty($$ SELECT source, name FROM kam_model_column WHERE type NOT IN ('customer_key', 'outlet_key', 'product_key', 'person_key', 'text', 'numeric', 'date', 'daterange', 'integer', 'boolean', 'timestamptz') $$, 'columns are of known types');
SELECT is_empty($$ SELECT source FROM kam_model_column GROUP BY source HAVING min(place) <> 1 OR max(place) <> count(*) $$, 'their places are counted from 1');
SELECT is_empty($$ SELECT source FROM kam_model_column EXCEPT SELECT source FROM kam_model_source $$, 'of sources that are there');
SELECT is_empty($$ SELECT source FROM kam_model_source EXCEPT SELECT source FROM kam_model_column WHERE required $$, 'each with something required');
SELECT is_empty($$ SELECT need FROM kam_model_object CROSS JOIN unnest(needs) AS need EXCEPT (SELECT source FROM kam_model_source UNION SELECT source || '.' || name FROM kam_model_column) $$, 'reports need what there is');
SELECT is_empty($$ SELECT name FROM kam_model_object WHERE kind <> 'alter' GROUP BY name HAVING count(*) > 1 $$, 'a name is used once');

-- a model

SELECT lives_ok($$ SELECT kam_create_model('crm') $$, 'a model is made');
SELECT is_empty($$ SELECT relname, attname FROM pg_class AS c JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 WHERE relnamespace = 'crm'::regnamespace AND relkind IN ('r', 'v') AND col_description(c.oid, attnum) IS NULL $$, 'every column has a comment');
SELECT is_empty($$ SELECT relname FROM pg_class AS c WHERE relnamespace = 'crm'::regnamespace AND relkind IN ('r', 'v') AND obj_description(c.oid, 'pg_class') IS NULL $$, 'and every relation');
SELECT is_empty($$ SELECT proname FROM pg_proc WHERE pronamespace = 'crm'::regnamespace AND (obj_description(oid, 'pg_proc') IS NULL OR prosqlbody IS NULL OR prosecdef OR provolatile <> 's' OR proparallel <> 's') $$, 'and every function, whose body is bound, and which runs with the rights of its caller');
SELECT is_empty($$ SELECT o.name, line FROM kam_model_object AS o CROSS JOIN regexp_split_to_table(btrim(columns, E'\n'), E'\n') AS line
                   WHERE kind <> 'alter' AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = format('crm.%I', o.name)::regclass AND attname = split_part(line, ': ', 1)) $$, 'no comment is for a column that is not there');
SELECT is_empty($$ SELECT name FROM kam_model_object AS o WHERE kind IN ('view', 'report') AND ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = format('crm.%I', o.name)::regclass AND attnum > 0 ORDER BY attnum)
                   <> ARRAY(SELECT split_part(line, ': ', 1) FROM regexp_split_to_table(btrim(columns, E'\n'), E'\n') WITH ORDINALITY AS l (line, n) ORDER BY n) $$, 'comments stand in the order of the columns');
SELECT is_empty($$ SELECT relname FROM pg_class WHERE relnamespace = 'crm'::regnamespace AND relkind = 'v' AND reloptions IS DISTINCT FROM '{security_invoker=true}' $$, 'every view reads with the rights of whoever asks');
SELECT is_empty($$ SELECT c.relname FROM pg_class AS c WHERE relnamespace = 'crm'::regnamespace AND relkind IN ('r', 'v') AND relowner <> current_user::regrole $$, 'all belongs to who made it');
SELECT is((SELECT count(*) FROM kam_check_model('crm') WHERE kind = 'source' AND state = 'not bound'), (SELECT count(*) FROM kam_model_source), 'no source is bound');
SELECT is_empty($$ SELECT name FROM kam_check_model('crm') WHERE kind = 'report' AND state <> 'empty' $$, 'and every report is empty');
SELECT is((SELECT count(*) FROM kam_check_model('crm') WHERE kind = 'rows'), 0::bigint, 'nothing is wrong in no rows');
SELECT is((SELECT count(*) FROM crm.customer_class) + (SELECT count(*) FROM crm.base_movement) + (SELECT count(*) FROM crm.churn_watch) + (SELECT count(*) FROM crm.plan_progress) + (SELECT count(*) FROM crm.data_exceptions), 0::bigint, 'reports have no rows');
SELECT is((SELECT count(*) FROM crm.customer_class('2026-06-30')) + (SELECT count(*) FROM crm.base_movement('2026-06-30')) + (SELECT count(*) FROM crm.plan_progress('2026-06-30', '[2026-01-01,2026-07-01)')), 0::bigint, 'as functions, too');
SELECT is((SELECT as_of FROM crm.in_force), NULL, 'there is no last day');
SELECT results_eq($$ SELECT as_of, period, closed FROM crm.in_force('2026-06-29') $$, $$ VALUES (date '2026-06-29', daterange '[2026-01-01,2027-01-01)', daterange '[2025-06-01,2026-06-01)') $$, 'as of a day');
SELECT results_eq($$ SELECT as_of, period FROM crm.in_force('2026-06-29', '[2026-04-01,2026-07-01)') $$, $$ VALUES (date '2026-06-29', daterange '[2026-04-01,2026-07-01)') $$, 'and of a period');
UPDATE crm.setting SET as_of = '2026-05-31', buckets = 4, grain = 'quarter', period = '[2025-07-01,2026-07-01)';
SELECT results_eq($$ SELECT as_of, period, closed FROM crm.in_force $$, $$ VALUES (date '2026-05-31', daterange '[2025-07-01,2026-07-01)', daterange '[2025-04-01,2026-04-01)') $$, 'settings are in force');
SELECT results_eq($$ SELECT as_of, period FROM crm.in_force(NULL) $$, $$ VALUES (date '2026-05-31', daterange '[2025-07-01,2026-07-01)') $$, 'NULL is what they say');
UPDATE crm.setting SET as_of = NULL, buckets = DEFAULT, grain = DEFAULT, period = NULL;

-- tables refuse what makes no sense

SELECT throws_ok(query, code, NULL, why) FROM (VALUES
  ($$ INSERT INTO crm.setting DEFAULT VALUES $$, '23505', 'a second row of settings'),
  ($$ UPDATE crm.setting SET period = 'empty' $$, '23514', 'an empty period'),
  ($$ UPDATE crm.setting SET period = '[2026-01-01,)' $$, '23514', 'an unbounded one'),
  ($$ UPDATE crm.setting SET as_of = 'infinity' $$, '23514', 'a day that never comes'),
  ($$ UPDATE crm.setting SET tolerance = 2 $$, '23514', 'a tolerance in percent'),
  ($$ UPDATE crm.setting SET k = 'NaN' $$, '23514', 'NaN'),
  ($$ INSERT INTO crm.plan (customer_id, period) VALUES (1, 'empty') $$, '23514', 'a plan of no days'),
  ($$ INSERT INTO crm.plan (customer_id, period, launched_on) VALUES (1, '[2026-01-01,2027-01-01)', '2027-01-01') $$, '23514', 'a launch after the end'),
  ($$ INSERT INTO crm.plan (customer_id, period) VALUES (1, '[2026-01-01,2027-01-01)'), (1, '[2026-01-01,2027-01-01)') $$, '23505', 'the same plan twice'),
  ($$ WITH p AS (INSERT INTO crm.plan (customer_id, period) VALUES (1, '[2026-01-01,2027-01-01)') RETURNING plan_id) INSERT INTO crm.plan_line (plan_id, target) SELECT plan_id, -1 FROM p $$, '23514', 'a negative target'),
  ($$ WITH p AS (INSERT INTO crm.plan (customer_id, period) VALUES (1, '[2026-01-01,2027-01-01)') RETURNING plan_id) INSERT INTO crm.plan_line (plan_id, parameter, target) SELECT plan_id, 'category', 1 FROM p $$, '23514', 'a category without its name'),
  ($$ INSERT INTO crm.plan_line (plan_id, target) VALUES (77, 1) $$, '23503', 'a line of no plan'),
  ($$ INSERT INTO crm.kam_member VALUES (1, 'growth', '[2026-01-01,2026-07-01)'), (1, 'strategic', '[2026-06-30,)') $$, '23P01', 'two groups at a time'),
  ($$ INSERT INTO crm.kam_assignment (customer_id, person_id, valid) VALUES (1, 7, '[2026-01-01,2026-07-01)'), (1, 8, '[2026-06-30,)') $$, '23P01', 'two managers at a time'),
  ($$ INSERT INTO crm.kam_member VALUES (1, 'large', '[2026-01-01,)') $$, '23514', 'an unknown group'),
  ($$ INSERT INTO crm.potential VALUES (1, '', '[2026-01-01,2027-01-01)', 5), (1, '', '[2026-06-01,2027-06-01)', 6) $$, '23P01', 'two potentials at a time'),
  ($$ INSERT INTO crm.agreement (customer_id, period) VALUES (1, '[2026-01-01,2027-01-01)'), (1, '[2026-12-31,2027-06-01)') $$, '23P01', 'two agreements at a time'),
  ($$ INSERT INTO crm.programme (name, kind, period) VALUES ('x', 'turnover', '[2026-01-01,2027-01-01)') $$, '23514', 'a turnover programme that pays nothing'),
  ($$ INSERT INTO crm.company_target VALUES ('territory', '', '[2026-01-01,2027-01-01)', 'amount', 5) $$, '23514', 'a target of no territory')) AS v (query, code, why);
SELECT lives_ok($$ INSERT INTO crm.kam_assignment VALUES (1, 7, 'manager', '[2026-01-01,2026-07-01)'), (1, 8, 'manager', '[2026-07-01,)'), (1, 9, 'expert', '[2026-01-01,)'), (2, 7, 'manager', '(,)') $$, 'one after the other, and a team');

-- the same again changes nothing, and nothing is lost

INSERT INTO crm.plan (customer_id, period) VALUES (1, '[2026-01-01,2027-01-01)');
SELECT pg_temp.content('crm') AS before \gset
SELECT lives_ok($$ SELECT kam_upgrade_model('crm') $$, 'an upgrade to the same version');
SELECT is(pg_temp.content('crm'), :'before', 'changes nothing');
SELECT is((SELECT count(*) FROM crm.plan), 1::bigint, 'and keeps plans');

-- an older model: a report and a table are missing, a source lacks columns, another view stands on it
SELECT kam_bind('crm', 'customer', $$ SELECT 1::bigint AS customer_id, 'Adler' AS name, 'shop' AS channel $$);
DROP VIEW crm.churn_watch, crm.contest_result CASCADE;
DROP TABLE crm.contest;
INSERT INTO kam_model_column VALUES ('customer', (SELECT max(place) + 1 FROM kam_model_column WHERE source = 'customer'), 'rating', 'integer', false, 'his rating');
UPDATE crm.model SET version = '0.0.1';
CREATE VIEW public.stands AS SELECT customer_id, name, channel FROM crm.customer;
SELECT is((SELECT count(*) FROM kam_check_model('crm') WHERE kind = 'model' AND state = 'older'), 1::bigint, 'an older model is told');
SELECT lives_ok($$ SELECT kam_upgrade_model('crm') $$, 'and brought up to date');
SELECT results_eq('SELECT customer_id, name, channel, rating FROM crm.customer', $$ VALUES (1::bigint, 'Adler', 'shop', NULL::integer) $$, 'what is bound stays, with a new column');
SELECT is(pg_temp.content('crm') <> :'before' AND to_regclass('crm.churn_watch') IS NOT NULL AND to_regprocedure('crm.churn_watch(date,daterange)') IS NOT NULL AND to_regclass('crm.contest') IS NOT NULL, true, 'what was missing is there');
SELECT is((SELECT reloptions FROM pg_class WHERE oid = 'crm.customer'::regclass), '{security_invoker=true}', 'with its options');
SELECT is(col_description('crm.customer'::regclass, (SELECT max(attnum) FROM pg_attribute WHERE attrelid = 'crm.customer'::regclass)), 'his rating', 'and comment');
SELECT kam_bind('crm', 'customer', $$ SELECT 1::bigint AS customer_id, 'Adler' AS name, 5 AS rating $$);
SELECT is((SELECT rating FROM crm.customer), 5, 'the new column can be bound');
SELECT is((SELECT count(*) FROM kam_check_model('crm') WHERE kind = 'model'), 0::bigint, 'nothing is told any more');

-- a later version appends a column to a report and to the settings, under a view of somebody's own
CREATE VIEW public.watched AS SELECT * FROM crm.churn_watch;
UPDATE kam_model_object SET body = replace(body, 'c.first_sale, a.as_of
FROM', 'c.first_sale, a.as_of, c.s AS series
FROM'), columns = columns || 'series: his sales' WHERE name = 'churn_watch';
INSERT INTO kam_model_object (place, kind, name, comment, body) VALUES (22, 'alter', 'setting', 'a new setting', 'ALTER TABLE setting ADD COLUMN IF NOT EXISTS newest integer DEFAULT 7; COMMENT ON COLUMN setting.newest IS $$the newest$$');
SELECT lives_ok($$ SELECT kam_upgrade_model('crm') $$, 'a report with one more column');
SELECT lives_ok($$ SELECT kam_upgrade_model('crm') $$, 'and again');
SELECT kam_bind('crm', 'sale', $$ SELECT 1::bigint AS customer_id, 1::bigint AS outlet_id, 1::bigint AS product_id, date '2026-05-05' AS sold_on, 10 AS amount $$);
SELECT is((SELECT total(series) FROM crm.churn_watch) + (SELECT total(series) FROM crm.churn_watch('2026-05-20')), 20::numeric, 'as a view and as a function');
SELECT is((SELECT count(*) FROM public.watched), 1::bigint, 'what stands on it stands');
SELECT is((SELECT newest FROM crm.setting), 7, 'a table has its new column');

-- two models, one of them with a name that hurts, its keys of four types

SELECT lives_ok($$ SELECT kam_create_model('we"ird %I $1 ''; DROP TABLE x; --', 'text', 'uuid', 'integer', person_key => 'smallint', security_invoker => false) $$, 'a second model');
SELECT results_eq($$ SELECT (string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum))::text COLLATE "C" FROM pg_attribute WHERE attrelid = '"we""ird %I $1 ''; DROP TABLE x; --".sale'::regclass AND (attname LIKE '%\_id' AND atttypid <> 'text'::regtype OR attname = 'customer_id') $$,
  $$ VALUES ('customer_id text, outlet_id uuid, product_id integer, person_id smallint'::text COLLATE "C") $$, 'with keys of its own');
SELECT is_empty($$ SELECT relname FROM pg_class WHERE relnamespace = quote_ident('we"ird %I $1 ''; DROP TABLE x; --')::regnamespace AND relkind = 'v' AND reloptions IS DISTINCT FROM '{security_invoker=false}' $$, 'and views with the rights of their owner');
SELECT lives_ok($$ SELECT kam_upgrade_model('we"ird %I $1 ''; DROP TABLE x; --') $$, 'it is upgraded');
SELECT is((SELECT count(*) FROM crm.plan), 1::bigint, 'the first does not feel it');
SELECT lives_ok($$ SELECT kam_drop_model('we"ird %I $1 ''; DROP TABLE x; --') $$, 'it is dropped');
SELECT is(to_regnamespace(quote_ident('we"ird %I $1 ''; DROP TABLE x; --'))::text, NULL, 'with its schema');

SELECT * FROM finish();
ROLLBACK;
