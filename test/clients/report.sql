-- A company as BI tools meet it: its own tables in the schema "company", a model in "crm" over them, and in "report"
-- what people add: copies of reports for tools that need plain types, a stored report, a function with an argument, and
-- values at the edges. The role named by the variable "reader" may read the model; of the company's customers he sees
-- those of his own region.

CREATE SCHEMA kam;
CREATE EXTENSION kam SCHEMA kam;
CREATE SCHEMA company;
CREATE SCHEMA report;
SET search_path = company, kam, public;

CREATE TABLE customer (
  customer varchar(40) PRIMARY KEY,
  region varchar(20) NOT NULL,
  seller integer,
  key_account boolean,
  since date
);
INSERT INTO customer VALUES
  ('Adler', 'North', 1, true, '2019-02-28'), ('Müller & Söhne "Süd"', 'South', 2, false, '2024-02-29'),
  ('O''Brien', 'North', 1, true, NULL), ('Пятёрочка; DROP', 'South', NULL, NULL, '2025-12-31'),
  ('new', 'South', 2, NULL, '2026-07-01');

CREATE TABLE sale (customer text NOT NULL REFERENCES customer, article integer, sold_on date NOT NULL, pieces integer, amount numeric(12,2) NOT NULL, cost numeric(12,4));
INSERT INTO sale
SELECT customer, 1 + n % 5, day::date, 1 + n % 7, amount + n * step, (amount + n * step) * 0.7123
FROM (VALUES ('Adler', 1250.50, 0.25, 7), ('Müller & Söhne "Süd"', 880, -20, 14), ('O''Brien', 95.99, 30, 30), ('Пятёрочка; DROP', 310, -5, 10)) AS c (customer, amount, step, every),
     generate_series(timestamp '2024-07-07', timestamp '2026-06-30', every * interval '1 day') WITH ORDINALITY AS d (day, n);
INSERT INTO sale VALUES ('Adler', 1, '2026-03-03', -1, -400.00, NULL), ('O''Brien', 2, '2026-06-15', 0, -5000, -3500);
INSERT INTO sale SELECT 'Adler', 6, date '2026-01-20' + n * 25, 2, 77.70 - n, 50 FROM generate_series(0, 5) AS n;

SELECT kam_create_model('crm', 'text', product_key => 'integer', person_key => 'integer');
SELECT kam_bind('crm', 'sale', 'SELECT customer AS customer_id, ''outlet '' || article AS outlet_id, article AS product_id, sold_on, amount, pieces AS quantity, cost FROM sale');
SELECT kam_bind('crm', 'customer', 'SELECT customer AS customer_id, customer AS name, ''shop'' AS channel, region AS territory, seller AS person_id, since, 5000.00 AS credit_limit FROM customer');

-- all other sources, with a dozen rows each
CREATE FUNCTION pg_temp.cell(source text, place integer, name text, type text) RETURNS text LANGUAGE sql AS $$
SELECT CASE type
  WHEN 'customer_key' THEN '(ARRAY[''Adler'', ''Müller & Söhne "Süd"'', ''O''''Brien'', ''Пятёрочка; DROP''])[1 + i % 4]'
  WHEN 'outlet_key' THEN CASE place WHEN 1 THEN '''outlet '' || i' ELSE '''outlet '' || 1 + i % 5' END
  WHEN 'product_key' THEN CASE place WHEN 1 THEN 'i' ELSE '1 + i % 5' END
  WHEN 'person_key' THEN CASE place WHEN 1 THEN 'i' ELSE '1 + i % 3' END
  WHEN 'text' THEN CASE place WHEN 1 THEN format('%L || i', name || ' ') ELSE format('%L || i %% 3', name || ' ') END
  WHEN 'date' THEN 'date ''2026-01-05'' + i * 13'
  WHEN 'daterange' THEN '(ARRAY[daterange ''[2026-01-01,2026-07-01)'', ''[2026-01-01,2026-02-01)''])[1 + i % 2]'
  WHEN 'timestamptz' THEN 'timestamptz ''2026-01-05 08:00+00'' + i * interval ''13 days'''
  WHEN 'boolean' THEN 'i % 2 = 0'
  WHEN 'numeric' THEN 'i * 10.25'
  ELSE 'i' END;
$$;
SELECT format('CREATE TABLE %I AS SELECT %s FROM generate_series(1, 12) AS i', source, string_agg(format('%s AS %I', pg_temp.cell(source, place, name, type), name), ', ' ORDER BY place))
FROM kam_model_column WHERE source NOT IN (SELECT source FROM crm.binding) GROUP BY source
\gexec
UPDATE forecast SET forecast_on = NULL;
SELECT count(kam_bind('crm', source, format('SELECT * FROM %I', source)))
FROM kam_model_source WHERE source NOT IN (SELECT source FROM crm.binding)
\g /dev/null

-- plans and what else no sales table has
INSERT INTO crm.plan (plan_id, customer_id, kind, period) SELECT row_number() OVER (ORDER BY customer), customer, 'annual', '[2026-01-01,2027-01-01)' FROM customer WHERE since IS NOT NULL;
INSERT INTO crm.plan_line (plan_id, measure, target) SELECT plan_id, measure, target * plan_id FROM crm.plan, (VALUES ('amount', 9000), ('margin', 3000.50), ('products', 2)) AS m (measure, target);
INSERT INTO crm.kpi_goal (kpi, goal, tolerance) VALUES ('fill_rate', 0.95, 0.05), ('overdue_share', 0.2, NULL), ('evenness', 0.6, NULL), ('forecast_accuracy', 0.7, 0.1), ('market_share', 0.3, NULL);
INSERT INTO crm.kpi_goal (kpi, scope, key, goal) VALUES ('fill_rate', 'customer', 'Adler', 0.99);
INSERT INTO crm.programme (programme_id, name, kind, period) VALUES (1, 'yearly', 'tiered', '[2026-01-01,2027-01-01)');
INSERT INTO crm.programme_tier VALUES (1, 10000, 0.01, 0), (1, 30000, 0.025, 500), (1, 60000, 0.04, 500);
INSERT INTO crm.programme_customer (programme_id, customer_id, target) VALUES (1, 'Adler', 60000), (1, 'O''Brien', 4000);
INSERT INTO crm.retention_programme (name, period) VALUES ('new outlets', '[2024-07-01,2027-01-01)');
INSERT INTO crm.kam_member SELECT customer, 'growth', '[2025-01-01,)' FROM customer WHERE key_account;
INSERT INTO crm.kam_assignment (customer_id, person_id, valid) SELECT customer, 1, '[2025-01-01,)' FROM customer WHERE key_account;
INSERT INTO crm.person_target (person_id, period, target) VALUES (1, '[2026-01-01,2027-01-01)', 90000);
INSERT INTO crm.agreement (agreement_id, customer_id, period, signed_on) VALUES (1, 'Adler', '[2026-01-01,2027-01-01)', '2025-12-15');
INSERT INTO crm.agreement_item (agreement_id, side, kind, target) VALUES (1, 'customer', 'turnover', 70000), (1, 'ours', 'spend', 3000);
INSERT INTO crm.mix_plan VALUES ('[2026-01-01,2027-01-01)', 'category', 'category 1', 0.4), ('[2026-01-01,2027-01-01)', 'category', 'category 2', 0.6);
INSERT INTO crm.service_policy (visits, minutes) VALUES (2, 20);
UPDATE crm.setting SET calendar = 'weekend sat,sun; holidays 2026-01-01';

-- reports as they are, with plain types: a period as two days, a number with its digits
SELECT format('CREATE VIEW report.%I WITH (security_invoker = true) AS SELECT %s FROM crm.%1$I', relation, string_agg(CASE type
    WHEN 'daterange' THEN format('lower(%1$I) AS %2$I, upper(%1$I) - 1 AS %3$I', column_name, column_name || '_from', column_name || '_to')
    WHEN 'numeric' THEN format('%1$I::numeric(28,10) AS %1$I', column_name)
    ELSE format('%I', column_name) END, ', ' ORDER BY no))
FROM crm.dictionary WHERE relation IN ('customer_class', 'plan_progress') GROUP BY relation
\gexec
SELECT format('COMMENT ON COLUMN report.%I.%I IS %L', relation, column_name, comment)
FROM crm.dictionary AS d WHERE EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('report.' || relation) AND attname = column_name)
\gexec
COMMENT ON COLUMN report.customer_class.name IS 'umlauts, "quotes", ''apostrophes'' and Кириллица';
CREATE MATERIALIZED VIEW report.customer_class_stored AS SELECT * FROM report.customer_class;
COMMENT ON MATERIALIZED VIEW report.customer_class_stored IS 'Classes of the customers, as of the last refresh';

-- with the rights of its owner, whoever reads it
CREATE VIEW report.region AS SELECT region, count(*) AS customers FROM customer GROUP BY region;

-- numbers at the edges of what kam computes with
CREATE VIEW report.number AS
SELECT what, plain, fixed::numeric(28,10)
FROM (VALUES ('widest', -12345678901234567890123456789012345678, 123456789012345678.9012345678), ('smallest', 1e-38, 1e-10),
             ('third', 1::numeric / 3, 1::numeric / 3), ('none', NULL, NULL)) AS n (what, plain, fixed);

-- texts that a client may stumble over
CREATE VIEW report.word AS
SELECT * FROM (VALUES ('empty', '', 'A'::char(3)), ('none', NULL, NULL), ('control', E'tab\t, line\nand line, back\\slash, ''quotes" {}', 'AB'),
                      ('far', 'Пятёрочка, €, 漢字, 😀', 'ABC'), ('long', repeat('0123456789', 2000), '')) AS w (what, word, code);

-- what no report exposes, but somebody will
CREATE VIEW report.as_it_is AS
SELECT customer, s AS series, period(s) AS period, totals(s) AS totals, (SELECT array_agg(b) FROM buckets(s) AS b) AS buckets, s::jsonb AS series_json,
       tier_ladder '10000 => 1%, 30000 => 2.5% + 500' AS ladder, work_calendar 'weekend sat,sun; holidays 2026-01-01' AS calendar,
       tier_attainment(total(s), '100 => 1%') AS attainment, rfm_score(1, 2, 3) OVER () AS rfm
FROM (SELECT customer, sales_series(amount, sold_on, '[2026-01-01,2026-07-01)') AS s FROM sale GROUP BY customer) AS c;
COMMENT ON VIEW report.as_it_is IS 'Types of kam, ranges, arrays and rows';

-- reports with an argument, which is a setting of kam
CREATE FUNCTION report.bonus_by(mode text) RETURNS TABLE (customer text, reward numeric)
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT customer_id, tier_reward(actual, '10000 => 1%, 30000 => 2.5% + 500', mode => bonus_by.mode) FROM crm.plan_progress WHERE measure = 'amount';
END;

CREATE FUNCTION report.reward_of(amount numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE
RETURN tier_reward(amount, '100 => 1%');

ANALYZE;
CREATE ROLE :"reader" LOGIN;
GRANT USAGE ON SCHEMA report, crm, company TO :"reader";
GRANT SELECT ON ALL TABLES IN SCHEMA report, crm, company TO :"reader";
ALTER TABLE company.customer ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_region ON company.customer FOR SELECT TO :"reader" USING (region = 'North');
CREATE TABLE company.payroll (person_id integer, pay numeric);
