-- The views of a model on itself: every measure with its places, goals and settings, and every column with its comment.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(47);

CREATE TABLE delivery (buyer integer, article integer, day date, net numeric);
SELECT kam_create_model('crm', 'integer');

-- what the maps name is there

SELECT is_empty('SELECT DISTINCT kpi FROM kam_model_kpi_place EXCEPT SELECT name FROM kpi_catalog()', 'places are of measures');
SELECT is_empty($$ SELECT kpi, report, report_column FROM kam_model_kpi_place AS p WHERE NOT EXISTS (SELECT FROM kam_model_object AS o WHERE o.kind = 'report' AND o.name = p.report)
  OR report_column IS NOT NULL AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = format('crm.%I', report)::regclass AND attname = report_column) $$, 'in reports and columns that are there');
SELECT is_empty($$ SELECT kpi, report FROM kam_model_kpi_place GROUP BY kpi, report HAVING count(*) > count(report_column) AND count(*) > 1 $$, 'or in none of a report');
SELECT is_empty($$ SELECT kpi, report, report_column FROM kam_model_kpi_place WHERE report_column = split_part(kpi, '.', 1) $$, 'a measure under its own name is found without a row');
SELECT is_empty($$ SELECT kpi FROM kam_model_kpi EXCEPT (SELECT name FROM kpi_catalog() UNION SELECT split_part(name, '.', 1) FROM kpi_catalog()) $$, 'what is said of measures is said of some that are there');
SELECT is_empty($$ SELECT kpi FROM kam_model_kpi WHERE num_nonnulls(goal, settings, remark) = 0 $$, 'and is something');
SELECT is_empty($$ SELECT kpi, name FROM kam_model_kpi CROSS JOIN unnest(settings) AS name
  WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'crm.setting'::regclass AND attnum > 0 AND attname = name) $$, 'settings are those of the table');
SELECT is_empty($$ SELECT kpi, name FROM kam_model_kpi CROSS JOIN unnest(settings) AS name GROUP BY kpi, name HAVING count(*) > 1 $$, 'none twice');
SELECT is_empty($$ SELECT k.name, k.report, s.name FROM crm.kpi_catalog AS k
  CROSS JOIN LATERAL (SELECT split_part(part, '=', 1) AS name FROM regexp_split_to_table(k.settings, ', (?=[a-z])') AS part) AS s
  WHERE k.report IS NOT NULL AND NOT EXISTS (SELECT FROM kam_model_object AS o WHERE o.name = k.report AND o.kind = 'report'
    AND (o.body ~ format('(\m[a-z]+\.|\(SELECT (nullif\()?)%s\M', s.name) OR s.name IN ('grain', 'buckets') AND o.body ~ '\mclosed')) $$, 'a report with a measure reads the settings that it depends on');

-- every measure, once without a report or in each that has it

SELECT results_eq('SELECT DISTINCT name, title, formula, unit, direction, module, indicator, page FROM crm.kpi_catalog ORDER BY name',
  'SELECT name, title, formula, unit, direction, module, indicator, page FROM kpi_catalog() ORDER BY name', 'all measures are there, word by word');
SELECT is_empty('SELECT name, report, report_column FROM crm.kpi_catalog GROUP BY name, report, report_column HAVING count(*) > 1', 'no place is there twice');
SELECT is_empty($$ SELECT name FROM crm.kpi_catalog WHERE num_nonnulls(report, report_column, state) NOT IN (0, 3) $$, 'a place is a report, its column and its state');
SELECT is_empty($$ SELECT name FROM crm.kpi_catalog WHERE (report IS NULL) <> (remark IS NOT NULL) $$, 'a measure without a report has a reason');
SELECT is_empty($$ SELECT name, remark FROM crm.kpi_catalog WHERE remark !~ '^[a-z]' OR remark ~ '[.;:]$' OR length(remark) > 120 $$, 'in a few words');
SELECT is_empty($$ SELECT DISTINCT name, word FROM crm.kpi_catalog CROSS JOIN regexp_matches(remark, '\m[a-z]+(?:_[a-z]+)+\M', 'g') AS w CROSS JOIN unnest(w) AS word
  WHERE word NOT IN (SELECT relation FROM crm.dictionary UNION SELECT column_name FROM crm.dictionary UNION SELECT proname FROM pg_proc) $$, 'that names what there is');
SELECT ok(count(*) FILTER (WHERE report IS NULL) < 120, 'without a report: ' || count(*) FILTER (WHERE report IS NULL) || ' of ' || count(DISTINCT name)) FROM crm.kpi_catalog;
SELECT is_empty($$ SELECT k.name, k.unit, k.report, k.report_column FROM crm.kpi_catalog AS k JOIN pg_attribute ON attrelid = to_regclass('crm.' || report) AND attname = report_column
  WHERE NOT CASE unit WHEN 'boolean' THEN atttypid = 'boolean'::regtype WHEN 'class' THEN atttypid IN ('text'::regtype, 'text[]'::regtype) WHEN 'date' THEN atttypid = 'date'::regtype
    ELSE atttypid IN ('numeric'::regtype, 'integer'::regtype, 'bigint'::regtype, 'double precision'::regtype) END$$, 'the columns have the types of the units');
SELECT results_eq($$ SELECT report, report_column FROM crm.kpi_catalog WHERE name = 'fill_rate' AND report = 'supply' $$, $$ VALUES ('supply', 'fill_rate') $$, 'a function''s name');
SELECT results_eq($$ SELECT report FROM crm.kpi_catalog WHERE name = 'plan_result.required_rate' AND report_column = 'required_rate' $$, $$ VALUES ('plan_progress') $$, 'a column of a type''s');
SELECT results_eq($$ SELECT report, report_column FROM crm.kpi_catalog WHERE name = 'tier_result.gap' $$, $$ VALUES ('programme_result', 'gap') $$, 'one of a type that a function gives in an array or beside others');
SELECT is_empty($$ SELECT name FROM crm.kpi_catalog WHERE name IN ('rfm_result.frequency', 'plan_result.gap') AND report || '.' || report_column IN ('customer_class.frequency', 'programme_result.gap') $$,
  'a name that means something else is not taken');
SELECT is_empty($$ SELECT name FROM crm.kpi_catalog WHERE report = 'in_force' $$, 'settings are no measures');

-- what a report is fed with

CREATE FUNCTION pg_temp.states() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT format('%s %s %s', k.report, k.state, f.state) FROM crm.kpi_catalog AS k LEFT JOIN kam_check_model('crm') AS f ON f.kind = 'report' AND f.name = k.report
  WHERE k.report IS NOT NULL AND k.state IS DISTINCT FROM f.state;
$$;
SELECT is((SELECT array_agg(DISTINCT state) FROM crm.kpi_catalog WHERE report IS NOT NULL), '{empty}', 'nothing is bound, all is empty');
SELECT is_empty('SELECT pg_temp.states()', 'as kam_check_model says');
SELECT kam_bind('crm', 'sale', 'SELECT buyer AS customer_id, buyer AS outlet_id, article AS product_id, day AS sold_on, net AS amount FROM delivery');
SELECT results_eq($$ SELECT DISTINCT state FROM crm.kpi_catalog WHERE report = 'churn_watch' $$, $$ VALUES ('in part') $$, 'sales without customers');
SELECT is_empty('SELECT pg_temp.states()', 'as kam_check_model says');
SELECT kam_bind('crm', 'customer', 'SELECT DISTINCT buyer AS customer_id, ''c'' AS name FROM delivery');
SELECT results_eq($$ SELECT DISTINCT state FROM crm.kpi_catalog WHERE report = 'churn_watch' $$, $$ VALUES ('complete') $$, 'sales and customers');
SELECT is_empty('SELECT pg_temp.states()', 'as kam_check_model says');
SELECT is(kam_model_state('{sale.cost,customer}', '{sale}'), 'in part', 'without a column of its first source a report is not empty');
SELECT is(kam_model_state('{}', '{}'), 'complete', 'one that needs nothing is complete');

-- goals

INSERT INTO crm.kpi_goal (kpi, scope, key, goal, tolerance) VALUES ('fill_rate', 'all', '', 0.95, NULL), ('fill_rate', 'customer', '1', 0.9, 0.1), ('fill_rate', 'channel', 'shop', 0.8, 0.1),
  ('market_share', 'all', '', 0.3, 0.05), ('kpi_matrix_result.okb_coverage', 'all', '', 0.6, 0.2), ('okb_coverage', 'all', '', 0.5, 0.1), ('okb_coverage', 'person', '7', 0.5, 0.1),
  ('accuracy', 'all', '', 0.7, NULL), ('otif', 'person', '7', 0.7, NULL);
UPDATE crm.setting SET goal_tolerance = 0.02;
SELECT results_eq($$ SELECT * FROM (SELECT DISTINCT name, goal, tolerance, narrower_goals FROM crm.kpi_catalog
  WHERE goal IS NOT NULL AND name IN ('fill_rate', 'share_of_wallet', 'kpi_matrix_result.okb_coverage', 'forecast_accuracy') AND report <> 'key_account_scorecard' OR narrower_goals > 0) AS k ORDER BY name COLLATE "C" $$, $$ VALUES
  ('fill_rate', 0.95, 0.02, 2::bigint), ('forecast_accuracy', 0.7, 0.02, 0), ('kpi_matrix_result.okb_coverage', 0.6, 0.2, 1), ('otif', NULL, NULL, 1), ('share_of_wallet', 0.3, 0.05, 0) $$,
  'of its own name before that of the column; the tolerance is that of setting unless said');

-- settings with their values

SELECT is((SELECT DISTINCT settings FROM crm.kpi_catalog WHERE name = 'abc_class'), 'abc_cutoffs={0.80,0.95}, abc_boundary=reach, grain=month, buckets=12', 'settings as they are');
UPDATE crm.setting SET abc_cutoffs = '{0.5}', abc_boundary = 'below', buckets = 6, grain = 'quarter', min_amount = 12.50, calendar = 'weekend sat,sun', size_thresholds = NULL;
SELECT is((SELECT DISTINCT settings FROM crm.kpi_catalog WHERE name = 'abc_class'), 'abc_cutoffs={0.5}, abc_boundary=below, grain=quarter, buckets=6', 'they follow the table');
SELECT is((SELECT DISTINCT settings FROM crm.kpi_catalog WHERE name = 'kpi_matrix_result.akb'), 'activity=net, min_amount=12.50, min_products=NULL', 'one without a value says so');
SELECT is((SELECT DISTINCT settings FROM crm.kpi_catalog WHERE name = 'plan_result.run_rate'), 'calendar=weekend sat,sun, unit=days', 'a calendar is its text');
SELECT is((SELECT DISTINCT settings FROM crm.kpi_catalog WHERE name = 'fill_rate'), NULL, 'a measure without settings has none');

-- a report that is new is found by the names of its columns

INSERT INTO kam_model_object (place, kind, name, comment, columns, body) VALUES
  (9100, 'view', 'helper', 'a view between', $c$gini: the index$c$, 'SELECT gini(net) AS gini FROM public.delivery'),
  (9101, 'report', 'newest', 'a report', $c$gross_margin: a share
trend: not the measure
hhi: a text
rank: a number
gini: the index
change: of something
mape: without a call$c$, $b$SELECT 0.5 AS gross_margin, 1 AS trend, 'x'::text AS hhi, 2 AS rank, h.gini, 3 AS change, 4.0 AS mape FROM helper AS h$b$),
  (9102, 'report', 'effect', 'a report', $c$change: of sales
price: effect$c$, $b$SELECT (x.p).change, (x.p).price FROM (SELECT pvm(1, 2, 3, net) AS p FROM public.delivery) AS x$b$),
  (9103, 'report', 'earning', 'a report', $c$gross_margin: in money$c$, $b$SELECT p.gross_margin FROM public.delivery AS d CROSS JOIN LATERAL profit_and_loss(d.net, 0, 1, 0, 0, 0) AS p$b$);
SELECT kam_upgrade_model('crm');
SELECT results_eq($$ SELECT name, report, report_column, remark FROM crm.kpi_catalog WHERE report IN ('newest', 'effect', 'earning') ORDER BY name COLLATE "C" $$, $$ VALUES
  ('gini', 'newest', 'gini', NULL::text), ('gross_margin', 'newest', 'gross_margin', NULL), ('mape', 'newest', 'mape', NULL), ('profit_and_loss_result.gross_margin', 'earning', 'gross_margin', NULL), ('pvm_result.change', 'effect', 'change', NULL), ('pvm_result.price', 'effect', 'price', NULL) $$,
  'by its name, type and unit; of a row only where the report calls its function');
INSERT INTO kam_model_kpi_place VALUES ('gini', 'newest', NULL), ('mape', 'newest', 'rank');
SELECT results_eq($$ SELECT name, report_column FROM crm.kpi_catalog WHERE report = 'newest' ORDER BY name COLLATE "C" $$, $$ VALUES ('gross_margin', 'gross_margin'), ('mape', 'rank') $$, 'what the map says goes before names');

-- the dictionary

CREATE MATERIALIZED VIEW crm.kept AS SELECT customer_id, amount FROM crm.customer_class;
COMMENT ON COLUMN crm.kept.amount IS 'sales of the night';
SELECT results_eq('SELECT relation, no, column_name, type, comment, relation_comment FROM crm.dictionary ORDER BY relation, no', $$
  SELECT relname::text COLLATE "default", attnum::integer, attname::text COLLATE "default", format_type(atttypid, atttypmod), col_description(attrelid, attnum), obj_description(attrelid, 'pg_class')
  FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid WHERE relnamespace = 'crm'::regnamespace AND relkind IN ('r', 'v', 'm') AND attnum > 0 AND NOT attisdropped ORDER BY 1, 2 $$, 'every column of every relation');
SELECT results_eq($$ SELECT DISTINCT relation, kind FROM crm.dictionary WHERE relation IN ('sale', 'plan', 'setting', 'model', 'customer_series', 'customer_class', 'dictionary', 'kept') ORDER BY 1 $$, $$ VALUES
  ('customer_class', 'report'), ('customer_series', 'view'), ('dictionary', 'view'), ('kept', 'own'), ('model', 'table'), ('plan', 'table'), ('sale', 'source'), ('setting', 'table') $$, 'and what it is');
SELECT results_eq($$ SELECT kind, type, comment FROM crm.dictionary WHERE relation = 'sale' AND column_name = 'sold_on' $$, $$ SELECT 'source', 'date', comment FROM kam_model_column WHERE source = 'sale' AND name = 'sold_on' $$, 'comments are those of the model');
SELECT is_empty($$ SELECT relation, column_name FROM crm.dictionary WHERE comment IS NULL AND kind <> 'own' AND relation NOT IN ('setting') $$, 'nothing of the model is without one');

-- whose schema, and with which rights

SELECT kam_create_model('we"ird %I ''', 'text', security_invoker => false);
SELECT results_eq($$ SELECT name, report, report_column FROM "we""ird %I '".kpi_catalog ORDER BY 1, 2, 3 $$, 'SELECT name, report, report_column FROM crm.kpi_catalog ORDER BY 1, 2, 3', 'another model has the same measures');
SELECT is((SELECT array_agg(DISTINCT state) FROM "we""ird %I '".kpi_catalog WHERE report NOT IN ('newest', 'effect', 'earning')), '{empty}', 'fed by its own sources');
SELECT is((SELECT count(*) FROM "we""ird %I '".dictionary WHERE relation = 'kept'), 0::bigint, 'and a dictionary of its own schema');

CREATE ROLE kam_test_reader;
REVOKE ALL ON TABLE delivery FROM PUBLIC;
GRANT USAGE ON SCHEMA crm TO kam_test_reader;
GRANT SELECT ON crm.kpi_catalog, crm.dictionary, crm.setting, crm.binding, crm.kpi_goal TO kam_test_reader;
CREATE SCHEMA elsewhere;
CREATE TABLE elsewhere.setting (single boolean DEFAULT true);
CREATE TABLE elsewhere.kam_model_kpi (kpi text);
CREATE TABLE counted AS SELECT (SELECT count(*) FROM crm.kpi_catalog) AS kpi, (SELECT count(*) FROM crm.dictionary) AS dictionary;
GRANT SELECT ON counted TO kam_test_reader;
SET LOCAL search_path = elsewhere, public;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO kam_test_reader;
GRANT ALL ON ALL TABLES IN SCHEMA public TO kam_test_reader;
REVOKE ALL ON TABLE delivery FROM kam_test_reader;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO kam_test_reader;
SET LOCAL ROLE kam_test_reader;
SELECT results_eq('SELECT (SELECT count(*) FROM crm.kpi_catalog), (SELECT count(*) FROM crm.dictionary)', 'SELECT kpi, dictionary FROM counted', 'both are read without rights on the tables of the company');
RESET ROLE;

DELETE FROM crm.setting;
SELECT is_empty('SELECT * FROM crm.kpi_catalog', 'without the row of setting there is no model');

SELECT * FROM finish();
ROLLBACK;
