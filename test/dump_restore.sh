#!/bin/sh
# Dumps a database that uses kam in every way a database can, restores it from
# the plain and the custom format, and compares what came back.  Run from the
# project root; needs psql, pg_dump and pg_restore.
set -eu

topic=dump_restore
# shellcheck source=test/helpers/dump.sh
. test/helpers/dump.sh

$psql -d "$from" >"$work/made" <<'SQL'
CREATE SCHEMA kam;
CREATE EXTENSION kam SCHEMA kam;
CREATE SCHEMA crm;
SET search_path = crm, kam, public;

CREATE TABLE sale (customer text, sold_on date, amount numeric);
INSERT INTO sale
SELECT 'customer ' || i % 7, date '2026-01-01' + i % 365, (i % 13 - 3) * 1.25 FROM generate_series(1, 2000) AS i;
INSERT INTO sale VALUES ('large', '2026-01-05', 4e37), ('large', '2026-02-05', -12345678901234567890), ('small', '2026-01-05', 1e-38), ('nothing', NULL, NULL);

CREATE TABLE stored (
  customer text PRIMARY KEY,
  s sales_series NOT NULL CHECK (total(s) > -1e30),
  class text GENERATED ALWAYS AS (xyz_class(s, '{0.5,1.0}')) STORED,
  last date GENERATED ALWAYS AS (last_sale(s)) STORED,
  empty sales_series DEFAULT '{"version": 1, "period": "[2026-01-01,2026-02-01)", "grain": "month", "totals": [0], "sale_days": []}');
INSERT INTO stored (customer, s) SELECT customer, sales_series(amount, sold_on, '[2026-01-01,2027-01-01)') FROM sale GROUP BY customer;
CREATE TABLE by_grain AS SELECT grain, sales_series(amount, sold_on, '[2026-01-15,2026-12-20)', grain) AS s
FROM sale, unnest(ARRAY['day', 'week', 'week-sunday', 'month', 'month-week', 'quarter', 'year', 'fiscal-quarter', '4-4-5', '4-5-4', '5-4-4']) AS grain WHERE customer LIKE 'c%' GROUP BY grain;
CREATE TABLE lists AS SELECT array_agg(s ORDER BY customer) AS list, array_agg(s::jsonb ORDER BY customer) AS json FROM stored;
CREATE INDEX ON stored (total(s));
CREATE INDEX ON stored (s);
CREATE INDEX ON stored USING hash (s);

CREATE VIEW report AS
SELECT customer, xyz_class(s) AS xyz, xyz_class(s, deviation => 'sample', since_first => true) AS strict, cv(s) AS cv, frequency_class(s) AS frequency, akb_stable(s) AS stable,
  akb_stable(s, 1, 'net') AS stable_1, run_rate(s, '2026-06-30') AS rate, trend(s) AS trend, total(s, '[2026-01-01,2026-07-01)') AS half, regrain(s, 'quarter') AS quarters, slice(s, '[2026-01-01,2026-03-01)') + slice(s, '[2026-01-01,2026-03-01)') AS doubled
FROM stored;
CREATE VIEW from_rows AS
SELECT customer, sales_series(amount, sold_on, closed_period('2026-10-05', 3, 'month')) AS s, xyz_class(amount, sold_on, prior_year('[2027-01-01,2028-01-01)'), 'month') AS class,
  run_rate(amount, sold_on, '[2026-01-01,2027-01-01)', '2026-06-30', 'months') AS rate, akb_stable(amount, sold_on, kam.to_date('[2026-01-01,2027-01-01)'::daterange, '2026-03-31')) AS stable
FROM sale GROUP BY customer;
CREATE VIEW buckets AS SELECT customer, b.bucket, b.total FROM stored CROSS JOIN LATERAL kam.buckets(s) AS b;
CREATE MATERIALIZED VIEW everything AS SELECT rollup(s) AS s FROM stored WHERE customer NOT IN ('large', 'small');
CREATE FUNCTION crm.mean_of(customer text) RETURNS numeric RETURN (SELECT mean(s) FROM stored WHERE stored.customer = mean_of.customer);
CREATE AGGREGATE crm.merge_all(sales_series) (SFUNC = sales_series_combine, STYPE = sales_series, FINALFUNC = sales_series_finish, COMBINEFUNC = sales_series_combine,
  INITCOND = '{"version": 1, "period": "[2026-01-01,2027-01-01)", "grain": "month", "totals": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "sale_days": []}');

CREATE TABLE country (
  code text PRIMARY KEY,
  calendar work_calendar NOT NULL DEFAULT 'weekend sat,sun',
  days integer GENERATED ALWAYS AS (workdays(calendar, '[2026-01-01,2027-01-01)')) STORED);
INSERT INTO country VALUES ('IL', 'weekend fri,sat; holidays 2026-04-02..2026-04-08; workdays 2026-04-10'), ('US', DEFAULT), ('none', 'weekend none');
CREATE INDEX ON country (calendar);
CREATE INDEX ON country USING hash (calendar);
CREATE VIEW plan_table AS
SELECT customer, code, size_class((f).actual) OVER (PARTITION BY code) AS size, peer_action((f).actual) OVER (PARTITION BY code) AS action, p.*
FROM (SELECT customer, plan_facts(amount, sold_on, '[2026-01-01,2027-01-01)', '2026-02-01', '2026-06-30') AS f FROM sale WHERE customer LIKE 'c%' GROUP BY GROUPING SETS ((customer), ())) AS facts
CROSS JOIN country
CROSS JOIN LATERAL plan_progress(1000, (f).actual, (f).prior_year, (f).prior_to_date, '[2026-02-01,2027-01-01)', '2026-06-30', calendar => country.calendar, tolerance => 0.02) AS p;
CREATE VIEW retained AS SELECT customer, r.*, retention_ledger(s, '2026-12-31') AS entry FROM stored CROSS JOIN LATERAL retention_bonus(s, '2026-12-31', months => 2) AS r;
CREATE VIEW statement AS
SELECT customer, step.* FROM stored
CROSS JOIN LATERAL explain_reward(total(s), '0 => 1%, 100 => 2% + 5', cap => 50, parameters => ARRAY[('days', sale_days(s), 40, 1)]::programme_parameter[], gates => ARRAY[('always', true)]::programme_gate[], paid => 3) AS step;

CREATE TABLE programme (name text PRIMARY KEY, ladder tier_ladder DEFAULT '0 => 0%, 100 => 1%', paid numeric GENERATED ALWAYS AS (tier_reward(250, ladder)) STORED);
INSERT INTO programme (name, ladder) VALUES ('plain', '0 => 0%, 100 => 1%, 300 => 3% + 500'), ('none', ''), ('amounts', '5 => 6.50, 10 => 6 + 1.25');
CREATE VIEW rewards AS SELECT name, paid, tier_attainment(total(s, '[2026-01-01,2026-02-01)'), ladder, mode => 'stepped') AS result FROM programme CROSS JOIN stored WHERE customer = 'customer 3';
SQL

# everything that a user sees, table by table, as text
contents()
{
  $psql -At -d "$1" <<'SQL'
SET search_path = crm, kam;
SELECT 'stored', * FROM stored ORDER BY customer;
SELECT 'by_grain', * FROM by_grain ORDER BY grain;
SELECT 'lists', * FROM lists;
SELECT 'report', * FROM report ORDER BY customer;
SELECT 'from_rows', * FROM from_rows ORDER BY customer;
SELECT 'buckets', * FROM buckets ORDER BY customer, bucket;
SELECT 'everything', * FROM everything;
SELECT 'mean', mean_of(customer) FROM stored ORDER BY customer;
SELECT 'merged', merge_all(s) FROM stored WHERE customer NOT IN ('large', 'small');
SELECT 'country', * FROM country ORDER BY code;
SELECT 'plan_table', * FROM plan_table ORDER BY customer, code;
SELECT 'retained', * FROM retained ORDER BY customer, entry;
SELECT 'statement', * FROM statement ORDER BY customer, no;
SELECT 'programme', * FROM programme ORDER BY name;
SELECT 'rewards', * FROM rewards ORDER BY name;
SELECT 'indexed', count(*) FROM stored AS a JOIN stored AS b ON a.s = b.s;
SELECT 'schema', extversion, extnamespace::regnamespace FROM pg_extension WHERE extname = 'kam';
INSERT INTO stored (customer, s) SELECT 'new', s FROM everything RETURNING customer, class, last, empty;
DELETE FROM stored WHERE customer = 'new';
SQL
}

further() { :; }

round_trip 150 '^(CREATE|COMMENT ON) (FUNCTION|TYPE|AGGREGATE|OPERATOR|CAST) kam\.'
