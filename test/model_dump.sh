#!/bin/sh
# Dumps a database with two models of kam, their plans, bindings and kept classes, restores it from the plain and
# the custom format, and compares every table and report before and after.  Run from the project root; needs psql,
# pg_dump and pg_restore.
set -eu

topic=model_dump
# shellcheck source=test/helpers/dump.sh
. test/helpers/dump.sh

$psql -d "$from" >"$work/made" <<'SQL'
CREATE SCHEMA kam;
CREATE EXTENSION kam SCHEMA kam;
SET search_path = kam, public;

CREATE SCHEMA erp;
CREATE TABLE erp.customer (no integer PRIMARY KEY, title varchar(50), channel text);
INSERT INTO erp.customer SELECT i, 'customer ' || i, CASE i % 2 WHEN 0 THEN 'shop' ELSE 'cafe' END FROM generate_series(1, 40) AS i;
CREATE TABLE erp.line (customer integer, product integer, day timestamptz, amount numeric(12,2), pieces integer);
INSERT INTO erp.line SELECT 1 + i % 40, i % 9, timestamptz '2025-01-01 12:00 UTC' + (i * 7 % 540) * interval '1 day', (i % 97 - 10) * 1.25, i % 5 FROM generate_series(1, 4000) AS i;
CREATE VIEW erp.delivery AS SELECT *, (day AT TIME ZONE 'UTC')::date AS delivered_on FROM erp.line;

SELECT kam_create_model('crm', 'integer');
SELECT kam_bind('crm', 'customer', 'SELECT no AS customer_id, title AS name, channel FROM erp.customer');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, customer AS outlet_id, product AS product_id, delivered_on AS sold_on, amount, pieces AS quantity FROM erp.delivery');
INSERT INTO crm.plan (customer_id, period) SELECT no, '[2026-01-01,2027-01-01)' FROM erp.customer;
INSERT INTO crm.plan_line (plan_id, target) SELECT plan_id, 1000 + customer_id FROM crm.plan;
INSERT INTO crm.kam_member VALUES (1, 'growth', '[2026-01-01,)');
INSERT INTO crm.programme (name, kind, period, rate) VALUES ('bonus', 'turnover', '[2026-01-01,2027-01-01)', 0.02);
UPDATE crm.setting SET k = 1.5, calendar = 'weekend sat,sun; holidays 2026-01-01';
SELECT kam_snapshot('crm', '2026-03-31');
UPDATE crm.class_history SET manual_class = 'A' WHERE customer_id = 7;
CREATE VIEW erp.overview AS SELECT c.*, w.level, w.at_stake FROM crm.customer_class AS c JOIN crm.churn_watch AS w ON w.customer_id = c.customer_id;
CREATE FUNCTION erp.best(as_of date) RETURNS SETOF integer RETURN (SELECT customer_id FROM crm.customer_class(as_of) ORDER BY amount DESC, customer_id LIMIT 1);

GRANT SELECT ON crm.customer_class, crm.plan TO pg_monitor;
INSERT INTO crm.programme_customer SELECT programme_id, 3, 5000, '2026-01-15' FROM crm.programme;
INSERT INTO crm.kpi_goal (kpi, goal) VALUES ('evenness', 0.6);
INSERT INTO crm.agreement (customer_id, period) VALUES (1, '[2026-01-01,2027-01-01)');
INSERT INTO crm.agreement_item (agreement_id, side, kind, target) SELECT agreement_id, 'customer', 'turnover', 500 FROM crm.agreement;
INSERT INTO crm.kam_assignment VALUES (1, 7, 'manager', '[2026-01-01,)'), (1, 8, 'expert', '(,)');

SELECT kam_create_model('b"o %ard', 'text', security_invoker => false);
SELECT kam_bind('b"o %ard', 'sale', 'SELECT customer::text AS customer_id, customer::text AS outlet_id, product::text AS product_id, delivered_on AS sold_on, amount FROM erp.delivery');
SQL

# everything that a user sees, as text
contents()
{
  $psql -At -d "$1" <<'SQL'
-- every table and every view of both models, the reports as of the day of the settings
SELECT format('SELECT %L, t.* FROM %I.%I AS t ORDER BY t::text COLLATE "C"', relname, nspname, relname)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace WHERE nspname IN ('crm', 'b"o %ard') AND relkind IN ('r', 'v') ORDER BY nspname, relname \gexec
SELECT 'class of', c.* FROM crm.customer_class('2026-02-15') AS c ORDER BY customer_id;
SELECT 'plan of', p.* FROM crm.plan_progress('2026-04-04', '[2026-01-01,2026-07-01)') AS p ORDER BY plan_line_id;
SELECT 'overview', o.* FROM erp.overview AS o ORDER BY customer_id;
SELECT 'best', erp.best('2026-03-31');
SELECT 'check', c.* FROM kam.kam_check_model('crm') AS c;
SELECT 'options', relname, reloptions FROM pg_class WHERE relkind = 'v' AND relnamespace IN ('crm'::regnamespace, '"b""o %ard"'::regnamespace) ORDER BY relnamespace::regnamespace::text, relname;
SELECT 'function', p.oid::regprocedure, proacl, obj_description(p.oid, 'pg_proc') FROM pg_proc AS p WHERE pronamespace IN ('crm'::regnamespace, '"b""o %ard"'::regnamespace) ORDER BY p.oid::regprocedure::text COLLATE "C";
SELECT 'grant', relname, relacl FROM pg_class WHERE relacl IS NOT NULL AND relnamespace = 'crm'::regnamespace ORDER BY relname;
SELECT 'comment', relname, attname, col_description(attrelid, attnum) FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid WHERE relnamespace = 'crm'::regnamespace AND attnum > 0 AND relkind IN ('r', 'v') ORDER BY relname, attnum;
SQL
}

# what can be done with a model that was restored
work_with()
{
  $psql -At -d "$1" <<'SQL'
BEGIN;
SELECT kam.kam_upgrade_model('crm');
SELECT kam.kam_bind('crm', 'product', 'SELECT DISTINCT product AS product_id, ''p'' || product AS name FROM erp.line');
INSERT INTO crm.plan (customer_id, period) VALUES (1, '[2027-01-01,2028-01-01)') RETURNING plan_id > 40;
SAVEPOINT overlap;
\set ON_ERROR_STOP off
INSERT INTO crm.kam_member VALUES (1, 'strategic', '[2026-06-01,)');
\set ON_ERROR_STOP on
ROLLBACK TO overlap;
SELECT kam.kam_unbind('crm', 'sale');
DROP VIEW erp.overview;
DROP FUNCTION erp.best(date);
SELECT kam.kam_drop_model('crm');
SELECT kam.kam_drop_model('b"o %ard');
DROP EXTENSION kam;
SELECT to_regnamespace('crm') IS NULL;
ROLLBACK;
SQL
}

further()
{
  work_with "$1" >"$work/further" 2>"$work/errors" || { cat "$work/errors"; exit 1; }
  if ! grep -q 'conflicting key value violates exclusion constraint' "$work/errors" || [ "$(grep -c '^t$' "$work/further")" != 2 ]; then
    echo "$1 cannot be worked with:"
    cat "$work/errors" "$work/further"
    exit 1
  fi
}

round_trip 2000 '^(CREATE TABLE|COPY|INSERT INTO) kam\.'
