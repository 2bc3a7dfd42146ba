-- Reports on kam as a company has them for its BI tools: tables in the schema "company", views of plain
-- columns in "report", and there also a view that shows the types of kam as they are. The role named by
-- the variable "reader" may read the reports, and of the tables behind one of them its own region's rows.

CREATE SCHEMA kam;
CREATE EXTENSION kam SCHEMA kam;
CREATE SCHEMA company;
CREATE SCHEMA report;
SET search_path = company, kam, public;

CREATE TABLE customer (
  customer text PRIMARY KEY,
  region text NOT NULL,
  key_account boolean,
  since date
);
INSERT INTO customer VALUES
  ('Adler', 'North', true, '2019-02-28'), ('Müller & Söhne "Süd"', 'South', false, '2024-02-29'),
  ('O''Brien', 'North', true, NULL), ('Пятёрочка; DROP', 'South', NULL, '2025-12-31'),
  ('new', 'South', NULL, '2026-07-01');

CREATE TABLE sale (customer text NOT NULL REFERENCES customer, sold_on date NOT NULL, amount numeric(12,2) NOT NULL);
INSERT INTO sale
SELECT customer, day::date, amount + n * step
FROM (VALUES ('Adler', 1250.50, 0.25, 7), ('Müller & Söhne "Süd"', 880, -20, 14), ('O''Brien', 95.99, 30, 30), ('Пятёрочка; DROP', 310, -5, 10)) AS c (customer, amount, step, every),
     generate_series(timestamp '2025-01-07', timestamp '2026-06-30', every * interval '1 day') WITH ORDINALITY AS d (day, n);
INSERT INTO sale VALUES ('Adler', '2026-03-03', -400.00), ('O''Brien', '2026-06-15', -5000);

CREATE TABLE plan (customer text REFERENCES customer, period daterange, target numeric(12,2), PRIMARY KEY (customer, period));
INSERT INTO plan
SELECT customer, '[2026-01-01,2027-01-01)', target
FROM (VALUES ('Adler', 70000.00), ('Müller & Söhne "Süd"', 9000), ('O''Brien', 4000), ('Пятёрочка; DROP', NULL)) AS p (customer, target);

CREATE TABLE programme (name text PRIMARY KEY, ladder tier_ladder NOT NULL);
INSERT INTO programme VALUES ('yearly', '10000 => 1%, 30000 => 2.5% + 500, 60000 => 4% + 500');

CREATE VIEW customer_half AS
SELECT customer, region, sales_series(amount, sold_on, '[2026-01-01,2026-07-01)') AS s
FROM customer LEFT JOIN sale USING (customer) GROUP BY customer, region;

-- the reports: one row a line, one value a column, every number with its digits
CREATE VIEW report.customer_class AS
SELECT customer, region::varchar(20), total(s)::numeric(14,2) AS sales, abc, xyz, abc || xyz AS cell,
       (rfm).recency, (rfm).frequency, (rfm).monetary, (rfm).score AS rfm, rfm_segment(rfm) AS segment,
       akb_stable(s) AS stable, sale_days(s) AS order_days, first_sale(s) AS first_sale, last_sale(s) AS last_sale, cv(s) AS variation
FROM (SELECT customer, region, s, abc_class(total(s)) OVER () AS abc, xyz_class(s) AS xyz,
             rfm_score(date '2026-06-30' - last_sale(s), sale_days(s), total(s)) OVER () AS rfm
      FROM customer_half) AS c;
COMMENT ON VIEW report.customer_class IS 'Classes of the customers, first half of 2026';
COMMENT ON COLUMN report.customer_class.customer IS 'Customer: the name as in the contract; umlauts, "quotes", ''apostrophes'' and Кириллица';
COMMENT ON COLUMN report.customer_class.cell IS 'ABC and XYZ together: AX to CZ';
COMMENT ON COLUMN report.customer_class.stable IS 'bought in each of the six months';

CREATE VIEW report.plan_progress AS
SELECT customer, lower(period) AS period_from, upper(period) - 1 AS period_to,
       p.target::numeric(14,2), p.balance::numeric(14,2), p.actual::numeric(14,2), p.run_rate::numeric(14,2), p.attainment::numeric(10,4),
       p.prior_year::numeric(14,2), p.growth::numeric(14,2), p.gap::numeric(14,2), p.required_rate::numeric(14,4), p.elapsed_share::numeric(10,4), p.status
FROM (SELECT plan.*, plan_facts(amount, sold_on, period, lower(period), '2026-06-30') AS f FROM plan LEFT JOIN sale USING (customer) GROUP BY plan.customer, period) AS plan
CROSS JOIN LATERAL kam.plan_progress(target, (f).actual, (f).prior_year, (f).prior_to_date, period, '2026-06-30') AS p;
COMMENT ON VIEW report.plan_progress IS 'Plans of the year: where they stand, and where they will end';

SELECT format('COMMENT ON COLUMN report.plan_progress.%I IS %L', attname, concat(title, ': ', formula))
FROM pg_attribute JOIN kpi_catalog() ON name = 'plan_result.' || attname
WHERE attrelid = 'report.plan_progress'::regclass
\gexec

CREATE VIEW report.kpi_matrix AS
SELECT region, k.okb, k.akb, k.akb_stable, k.okb_coverage::numeric(10,4), k.stability::numeric(10,4), k.orders, k.visit_effectiveness::numeric(10,4)
FROM (SELECT region, count(*) AS okb, count(*) FILTER (WHERE total(s) > 0) AS akb, count(*) FILTER (WHERE akb_stable(s)) AS stable, sum(sale_days(s)) AS orders
      FROM customer_half GROUP BY region) AS o
CROSS JOIN LATERAL kam.kpi_matrix(okb => okb, akb => akb, akb_stable => stable, orders => orders) AS k;
COMMENT ON VIEW report.kpi_matrix IS 'Indicators of the regions';

CREATE VIEW report.churn AS
SELECT customer, c.order_value_recent::numeric(14,2), c.order_value_base::numeric(14,2), c.shrinking, c.falling, c.widening, c.declines, c.open_gap, c.signs, c.level
FROM (SELECT customer, sales_series(amount, sold_on, '[2025-01-01,2026-07-01)') AS s FROM customer LEFT JOIN sale USING (customer) GROUP BY customer) AS b
CROSS JOIN LATERAL churn_signs(s, '2026-06-30', base => 6) AS c;
COMMENT ON VIEW report.churn IS 'Customers who may be leaving';

CREATE VIEW report.bonus AS
SELECT customer, name AS programme, t.tier, t.threshold::numeric(14,2), t.rate::numeric(10,6), t.reward::numeric(14,2), t.gap::numeric(14,2), t.next_reward::numeric(14,2),
       t.reward::numeric AS reward_exact
FROM customer_half CROSS JOIN programme CROSS JOIN LATERAL tier_attainment(total(s), ladder) AS t;
COMMENT ON VIEW report.bonus IS 'What the programmes pay';

CREATE VIEW report.customer_month AS
SELECT customer, lower(bucket) AS month, b.total::numeric(14,2) AS sales FROM customer_half CROSS JOIN LATERAL buckets(s) AS b;
COMMENT ON VIEW report.customer_month IS 'Sales by month, a row each';

CREATE VIEW report.kpi AS SELECT * FROM kpi_catalog();
COMMENT ON VIEW report.kpi IS 'What is measured, and how';

CREATE MATERIALIZED VIEW report.customer_class_stored AS SELECT * FROM report.customer_class;
COMMENT ON MATERIALIZED VIEW report.customer_class_stored IS 'Classes of the customers, as of the last refresh';

-- numbers at the edges of what kam computes with
CREATE VIEW report.number AS
SELECT what, plain, fixed::numeric(28,10)
FROM (VALUES ('widest', -12345678901234567890123456789012345678, 123456789012345678.9012345678), ('smallest', 1e-38, 1e-10),
             ('third', 1::numeric / 3, 1::numeric / 3), ('none', NULL, NULL)) AS n (what, plain, fixed);

-- texts that a client may stumble over
CREATE VIEW report.word AS
SELECT * FROM (VALUES ('empty', '', 'A'::char(3)), ('none', NULL, NULL), ('control', E'tab\t, line\nand line, back\\slash, ''quotes" {}', 'AB'),
                      ('far', 'Пятёрочка, €, 漢字, 😀', 'ABC'), ('long', repeat('0123456789', 2000), '')) AS w (what, word, code);

-- what a view should not expose, but somebody will
CREATE VIEW report.as_it_is AS
SELECT customer, s AS series, period(s) AS period, totals(s) AS totals, (SELECT array_agg(b) FROM buckets(s) AS b) AS buckets, s::jsonb AS series_json,
       (SELECT ladder FROM programme WHERE name = 'yearly') AS ladder, work_calendar 'weekend sat,sun; holidays 2026-01-01' AS calendar,
       tier_attainment(total(s), '100 => 1%') AS attainment, rfm_score(1, 2, 3) OVER () AS rfm
FROM customer_half;
COMMENT ON VIEW report.as_it_is IS 'Types of kam, ranges, arrays and rows';
COMMENT ON COLUMN report.as_it_is.series IS 'a sales_series';

-- run with the rights of who reads it
CREATE VIEW report.own_customer WITH (security_invoker = true) AS
SELECT customer, region::varchar(20), total(sales_series(amount, sold_on, '[2026-01-01,2026-07-01)'))::numeric(14,2) AS sales
FROM company.customer LEFT JOIN company.sale USING (customer) GROUP BY customer, region;
COMMENT ON VIEW report.own_customer IS 'The customers of one''s own region';

-- comments as rows, for clients that do not show them
CREATE VIEW report.column_comment AS
SELECT relname::text AS view, attname::text AS "column", format_type(atttypid, atttypmod) AS type, col_description(attrelid, attnum) AS comment
FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid
WHERE relnamespace = 'report'::regnamespace AND relkind IN ('v', 'm') AND attnum > 0;

-- a report with an argument, which is a setting of kam
CREATE FUNCTION report.bonus_by(mode text) RETURNS TABLE (customer text, reward numeric)
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT customer, tier_reward(sales, '10000 => 1%, 30000 => 2.5% + 500', mode => bonus_by.mode) FROM report.customer_class;
END;

CREATE FUNCTION report.reward_of(amount numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE
RETURN tier_reward(amount, '100 => 1%');

CREATE ROLE :"reader" LOGIN;
GRANT USAGE ON SCHEMA report, company TO :"reader";
GRANT SELECT ON ALL TABLES IN SCHEMA report TO :"reader";
GRANT SELECT ON company.customer, company.sale TO :"reader";
ALTER TABLE company.customer ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_region ON company.customer FOR SELECT TO :"reader" USING (region = 'North');
