-- Binding sources: what a query must give, what is refused, and whose rights it is read with.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(72);

\ir ../helpers/error_of.sql

CREATE TABLE buyer (id integer PRIMARY KEY, title varchar(40), region char(5), since timestamp, joined timestamptz, lim double precision, big bigint, code uuid, flag boolean, ref name);
INSERT INTO buyer VALUES (1, 'Adler', 'north', '2020-05-05 10:00', '2020-05-05 23:00+00', 5.5, 12345678901, '00000000-0000-0000-0000-000000000001', true, 'x'), (2, 'Baltic', 'south', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE line (buyer smallint, item bigint, day date, money numeric(10,2), pieces integer, note integer);
INSERT INTO line VALUES (1, 7, '2026-01-05', 100.50, 3, 11), (1, 8, '2026-02-05', -20, -1, 12), (2, 7, '2026-02-07', 40, 2, NULL);
SELECT kam_create_model('crm', 'integer', product_key => 'bigint');

-- what fits

SELECT lives_ok(format('SELECT kam_bind(%L, %L, %L)', 'crm', 'sale', query), why) FROM (VALUES
  ('SELECT buyer AS customer_id, buyer AS outlet_id, item AS product_id, day AS sold_on, money AS amount FROM line', 'what is required, of narrower types'),
  (E'  -- a comment; with a semicolon\n SELECT day AS sold_on, money AS amount, item AS product_id, buyer AS outlet_id, buyer AS customer_id FROM line -- at the end', 'in any order, with comments'),
  (E'SELECT buyer AS customer_id, buyer AS outlet_id, item AS product_id, day AS sold_on, money AS amount FROM line;\n\n ', 'with a semicolon'),
  ('WITH l AS (SELECT * FROM line) SELECT buyer AS customer_id, buyer AS outlet_id, item AS product_id, day AS sold_on, money AS amount FROM l', 'with WITH'),
  ('SELECT buyer AS customer_id, buyer AS outlet_id, item AS product_id, day AS sold_on, money AS amount FROM line WHERE buyer = 1 UNION ALL SELECT buyer, buyer, item, day, money FROM line WHERE buyer = 2', 'a union'),
  ('SELECT buyer AS customer_id, buyer AS outlet_id, item AS product_id, day AS sold_on, money AS amount FROM line ORDER BY day LIMIT 3', 'with ORDER BY and LIMIT')) AS v (query, why);
SELECT results_eq('SELECT customer_id, outlet_id, product_id, sold_on, amount, quantity, cost, channel FROM crm.sale ORDER BY sold_on',
  $$ VALUES (1, 1, 7::bigint, date '2026-01-05', 100.50, NULL::numeric, NULL::numeric, NULL::text), (1, 1, 8, '2026-02-05', -20, NULL, NULL, NULL), (2, 2, 7, '2026-02-07', 40, NULL, NULL, NULL) $$, 'the rows are there, what is not given is NULL');
SELECT is((SELECT reloptions FROM pg_class WHERE oid = 'crm.sale'::regclass), '{security_invoker=true}', 'the options of the view are restated');
SELECT kam_bind('crm', 'sale', 'SELECT buyer AS customer_id, buyer AS outlet_id, item AS product_id, day AS sold_on, money AS amount, pieces AS quantity, note AS document_no, CASE WHEN pieces > 0 THEN ''shop'' END AS channel, buyer AS person_id FROM line');
SELECT results_eq('SELECT quantity, document_no, channel FROM crm.sale ORDER BY sold_on', $$ VALUES (3::numeric, '11', 'shop'), (-1, '12', NULL), (2, NULL, 'shop') $$, 'a replaced bind, with more columns; anything becomes a text');
SELECT is((SELECT columns FROM crm.binding), '{customer_id,outlet_id,product_id,sold_on,amount,quantity,document_no,channel,person_id}', 'what is bound is written down');
SELECT is((SELECT query FROM crm.binding), 'SELECT buyer AS customer_id, buyer AS outlet_id, item AS product_id, day AS sold_on, money AS amount, pieces AS quantity, note AS document_no, CASE WHEN pieces > 0 THEN ''shop'' END AS channel, buyer AS person_id FROM line', 'with the query');
SELECT lives_ok($$ SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, title AS name, region AS territory, ref AS channel, since::date AS since, (joined AT TIME ZONE ''UTC'')::date AS closed_on, lim::numeric AS credit_limit, flag AS satisfied, ''x'' AS segment, 5::smallint AS terms_days FROM buyer') $$, 'columns of many types');
SELECT results_eq('SELECT name, territory, channel, since, closed_on, credit_limit, satisfied, segment, terms_days FROM crm.customer WHERE customer_id = 1',
  $$ VALUES ('Adler', 'north', 'x', date '2020-05-05', date '2020-05-05', 5.5, true, 'x', 5) $$, 'their values');
SELECT is_empty($$ SELECT attname FROM pg_attribute WHERE attrelid IN ('crm.sale'::regclass, 'crm.customer'::regclass) AND attcollation NOT IN (0, 'pg_catalog.default'::regcollation) $$, 'every text is of the default collation');
SELECT lives_ok($$ SELECT kam_bind('crm', 'customer', 'SELECT id AS customer_id, title COLLATE "C" AS name, NULL::date AS since FROM buyer') $$, 'whatever the query has');
CREATE DOMAIN key AS integer CHECK (VALUE > 0);
CREATE DOMAIN key_of_key AS key;
SELECT lives_ok($$ SELECT kam_bind('crm', 'customer', 'SELECT id::key_of_key AS customer_id, title AS name FROM buyer') $$, 'domains are what they are over');
SELECT lives_ok($$ SELECT kam_bind('crm', 'forecast', 'SELECT 7 AS product_id, daterange ''[2026-01-01,2026-02-01)'' AS period, 5 AS quantity') $$, 'without a table');
SELECT lives_ok($$ SELECT kam_bind('crm', 'service_request', 'SELECT id AS customer_id, joined AS opened_at FROM buyer') $$, 'a time');
SELECT results_eq($$ SELECT state, message FROM kam_check_model('crm') WHERE name = 'forecast' $$, $$ VALUES ('bound', 'without customer_id, forecast_on') $$, 'the check says so');

-- what does not

CREATE TABLE counter (x integer);
CREATE FUNCTION pg_temp.bind_error(source text, query text) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.error_of(format('SELECT kam_bind(%L, %L, %L)', 'crm', source, query)) $$;
SELECT is(pg_temp.bind_error(source, query), message, why) FROM (VALUES
  ('sales', 'SELECT 1', '22023 | there is no source "sales" | kam_check_model lists the sources; kam_model_column has their columns.', 'an unknown source'),
  ('customer', 'SELECT id AS customer_id FROM buyer', '42703 | the query lacks the column name text that source "customer" needs | Name the columns of the query so, with AS.', 'a required column is missing'),
  ('sale', 'SELECT buyer AS customer_id, item AS product_id, day AS sold_on, money AS amount FROM line', '42703 | the query lacks the column outlet_id integer that source "sale" needs | A company without outlets gives customer_id AS outlet_id.', 'outlets are missing'),
  ('sale', 'SELECT 1 AS a', '42703 | source "sale" has no column "a" | Its columns are customer_id, outlet_id, product_id, sold_on, amount, quantity, cost, list_amount, discount, channel, intake_channel, person_id, territory, ship_to_territory, document_no, promo_id.', 'an unknown column'),
  ('customer', 'SELECT id AS customer_id, title AS name, title AS name FROM buyer', '42701 | the query has two columns "name"', 'a column twice'),
  ('customer', 'SELECT big AS customer_id, title AS name FROM buyer', '42804 | column "customer_id" of the query is of type bigint, and source "customer" needs integer | Cast it in the query, or make the model with keys of type bigint.', 'a wider key'),
  ('customer', 'SELECT title AS customer_id, title AS name FROM buyer', '42804 | column "customer_id" of the query is of type character varying, and source "customer" needs integer | Cast it in the query, or make the model with keys of type character varying.', 'a key of another kind'),
  ('customer', 'SELECT id AS customer_id, title AS name, since FROM buyer', '42804 | column "since" of the query is of type timestamp without time zone, and source "customer" needs date | Write (since)::date in the query.', 'a timestamp'),
  ('customer', 'SELECT id AS customer_id, title AS name, joined AS since FROM buyer', '42804 | column "since" of the query is of type timestamp with time zone, and source "customer" needs date | Write (since AT TIME ZONE ''Europe/Berlin'')::date, with your own time zone.', 'a time with its zone'),
  ('customer', 'SELECT id AS customer_id, title AS name, lim AS credit_limit FROM buyer', '42804 | column "credit_limit" of the query is of type double precision, and source "customer" needs numeric | Write (credit_limit)::numeric in the query.', 'a float'),
  ('customer', 'SELECT id AS customer_id, title AS name, NULL AS credit_limit FROM buyer', '42804 | column "credit_limit" of the query is of type text, and source "customer" needs numeric | Write (credit_limit)::numeric in the query.', 'a NULL without a type'),
  ('service_request', 'SELECT id AS customer_id, since AS opened_at FROM buyer', '42804 | column "opened_at" of the query is of type timestamp without time zone, and source "service_request" needs timestamp with time zone | Write (opened_at)::timestamp with time zone in the query.', 'a time without its zone'),
  ('customer', 'SELECT id AS customer_id, title AS name, id AS satisfied FROM buyer', '42804 | column "satisfied" of the query is of type integer, and source "customer" needs boolean | Write (satisfied)::boolean in the query.', 'a number for true and false'),
  ('customer', '', '42601 | the query of a source is one SELECT, not 0 statements | Put what belongs together into a WITH clause or a view of your own.', 'nothing'),
  ('customer', '-- nothing', '42601 | the query of a source is one SELECT, not 0 statements | Put what belongs together into a WITH clause or a view of your own.', 'only a comment'),
  ('customer', 'SELECT id AS customer_id, title AS name FROM buyer; DROP TABLE counter', '42601 | the query of a source is one SELECT, not 2 statements | Put what belongs together into a WITH clause or a view of your own.', 'two statements'),
  ('customer', 'SELECT 1 AS customer_id, ''x'' AS name) AS q; DROP TABLE counter; SELECT * FROM (SELECT 1', '42601 | syntax error at or near ")"', 'half a statement'),
  ('customer', 'DROP TABLE counter', '42601 | the query of a source is a SELECT | Give the query alone, without CREATE VIEW, INTO or EXPLAIN.', 'DROP'),
  ('customer', 'INSERT INTO counter VALUES (1) RETURNING x AS customer_id, ''x'' AS name', '42601 | the query of a source is a SELECT | Give the query alone, without CREATE VIEW, INTO or EXPLAIN.', 'INSERT'),
  ('customer', 'EXPLAIN SELECT 1', '42601 | the query of a source is a SELECT | Give the query alone, without CREATE VIEW, INTO or EXPLAIN.', 'EXPLAIN'),
  ('customer', 'SELECT id AS customer_id, title AS name INTO made FROM buyer', '42601 | the query of a source is a SELECT | Give the query alone, without CREATE VIEW, INTO or EXPLAIN.', 'SELECT INTO'),
  ('customer', 'WITH x AS (DELETE FROM counter RETURNING x) SELECT x AS customer_id, ''x'' AS name FROM x', '42601 | the query of a source only reads | Leave INSERT, UPDATE and DELETE out of WITH.', 'a DELETE in WITH'),
  ('customer', 'SELECT id AS customer_id, title AS name FROM buyer FOR UPDATE', '42601 | the query of a source locks no rows | Leave FOR UPDATE and FOR SHARE out.', 'locks'),
  ('customer', 'SELECT $1 AS customer_id, ''x'' AS name', '42P02 | there is no parameter $1', 'a parameter'),
  ('customer', 'SELECT id AS customer_id, nosuch AS name FROM buyer', '42703 | column "nosuch" does not exist', 'a column that the table has not'),
  ('customer', 'SELECT id AS customer_id, title AS name FROM nosuch', '42P01 | relation "nosuch" does not exist', 'a table that is not there'),
  ('customer', 'SELECT customer_id, name FROM crm.customer', '42P17 | the query of source "customer" reads the source itself | Read the tables of the company, not the views of the model.', 'itself'),
  ('customer', 'SELECT customer_id, name FROM (SELECT DISTINCT customer_id, name FROM crm.customer_class WHERE customer_id IN (SELECT id FROM buyer)) AS x', '42P17 | the query of source "customer" reads the source itself | Read the tables of the company, not the views of the model.', 'a report that reads it'),
  ('customer', 'SELECT id AS customer_id, (SELECT min(name) FROM crm.customer) AS name FROM buyer', '42P17 | the query of source "customer" reads the source itself | Read the tables of the company, not the views of the model.', 'itself in a subquery')) AS v (source, query, message, why);
CREATE TEMP TABLE passing (id integer, title text);
SELECT matches(pg_temp.bind_error('customer', 'SELECT id AS customer_id, title AS name FROM passing'), '^42P16 \| cannot create temporary relation in non-temporary schema|^42P16 ', 'a temporary table');
SELECT is((SELECT count(*) FROM crm.customer), 2::bigint, 'after all that the source is what it was');
SELECT is(to_regclass('counter') IS NOT NULL AND to_regclass('made') IS NULL, true, 'and nothing else was done');
SELECT is(pg_temp.error_of($$ SELECT kam_unbind('crm', 'sales') $$), '22023 | there is no source "sales" | kam_check_model lists the sources; kam_model_column has their columns.', 'unbinding what is no source');
SELECT is((SELECT count(*) FROM kam_bind('crm', 'sale', NULL)), 1::bigint, 'NULL in, nothing done');
SELECT is((SELECT count(*) FROM crm.sale), 3::bigint, 'nothing');

-- what depends on a source stays, and unbound it is empty

SELECT lives_ok($$ SELECT kam_unbind('crm', 'sale') $$, 'unbound');
SELECT is((SELECT count(*) FROM crm.sale), 0::bigint, 'a source is empty');
SELECT is((SELECT count(*) FROM crm.binding WHERE source = 'sale'), 0::bigint, 'and not written down');
SELECT lives_ok($$ SELECT kam_unbind('crm', 'sale') $$, 'once more does no harm');
SELECT lives_ok($$ DROP TABLE line $$, 'its table can be dropped');
SELECT throws_ok('DROP TABLE buyer', '2BP01', NULL, 'that of a bound one cannot');
SELECT is((SELECT count(*) FROM crm.customer_class), 0::bigint, 'reports have no rows');

-- keys of each type, one type a kind

CREATE TABLE k AS SELECT 'ALFKI'::varchar(5) AS t, 'beta'::text AS tt, 7::smallint AS s, 8::integer AS i, 9::bigint AS b, '00000000-0000-0000-0000-00000000000a'::uuid AS u;
SELECT lives_ok(format($$ SELECT kam_create_model(%L, %L, %L, %L, %L) $$, 'm_' || n, c, o, p, q), concat_ws(' ', 'keys of', c, o, p, q)) FROM (VALUES
  (1, 'text', 'uuid', 'integer', 'bigint'), (2, 'uuid', 'text', 'bigint', 'smallint'), (3, 'smallint', 'smallint', 'text', 'text'), (4, 'bigint', NULL, NULL, 'uuid')) AS v (n, c, o, p, q);
SELECT lives_ok(format($$ SELECT kam_bind(%L, 'sale', %L) $$, 'm_' || n, format($$ SELECT %s AS customer_id, %s AS outlet_id, %s AS product_id, %s AS person_id, date '2026-01-05' AS sold_on, 5 AS amount, 2 AS quantity, 1 AS cost FROM k $$, c, o, p, q)), 'are bound')
FROM (VALUES (1, 't', 'u', 'i', 'i'), (2, 'u', 'tt', 'i', 's'), (3, 's', 's', 'tt', 't'), (4, 'b', 'i', 's', 'u')) AS v (n, c, o, p, q);
SELECT results_eq($$ SELECT customer_id::text, abc FROM m_1.customer_class('2026-02-01') UNION ALL SELECT customer_id::text, abc FROM m_2.customer_class('2026-02-01') UNION ALL SELECT customer_id::text, abc FROM m_3.customer_class('2026-02-01') UNION ALL SELECT customer_id::text, abc FROM m_4.customer_class('2026-02-01') $$,
  $$ VALUES ('ALFKI', 'A'), ('00000000-0000-0000-0000-00000000000a', 'A'), ('7', 'A'), ('9', 'A') $$, 'and read');
INSERT INTO m_1.plan (customer_id, period) VALUES ('ALFKI', '[2026-01-01,2027-01-01)');
INSERT INTO m_1.plan_line (plan_id, parameter, key, measure, target) SELECT plan_id, 'product', '8', 'margin', 10 FROM m_1.plan;
SELECT results_eq('SELECT actual, customer_id FROM m_1.plan_progress', $$ VALUES (4::numeric, 'ALFKI') $$, 'plans have the keys, too');
INSERT INTO m_2.kam_member VALUES ('00000000-0000-0000-0000-00000000000a', 'growth', '(,)');
SELECT throws_ok($$ INSERT INTO m_2.kam_member VALUES ('00000000-0000-0000-0000-00000000000a', 'strategic', '[2026-01-01,)') $$, '23P01', NULL, 'members of any key cannot overlap');

SELECT * FROM finish();
ROLLBACK;
