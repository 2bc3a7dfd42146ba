-- The catalogue of measures as a report reads it

-- the columns
SELECT attname AS "column", atttypid::regtype AS type FROM pg_attribute
WHERE attrelid = 'kpi_catalog_entry'::regclass AND attnum > 0 ORDER BY attnum;

-- a measure, and one that is a column of a row
\x on
SELECT * FROM kpi_catalog() WHERE name IN ('overdue_share', 'kpi_matrix_result.overdue_share');
\x off

-- the classes that a customer has
SELECT name, title, formula FROM kpi_catalog() WHERE name IN ('abc_class', 'xyz_class', 'size_class', 'churn_result.level');

-- titles for the columns of a plan table
SELECT string_agg(coalesce(title, column_name), ', ' ORDER BY no) AS titles
FROM unnest('{customer,target,actual,run_rate,attainment}'::text[]) WITH ORDINALITY AS c (column_name, no)
LEFT JOIN kpi_catalog() ON name = 'plan_result.' || column_name;

-- in the select list, and one by its name
SELECT (k).title, (k).page FROM (SELECT kpi_catalog() AS k) AS x WHERE (k).name = 'trade_roi';
SELECT unit, direction FROM kpi_catalog() WHERE name = 'stock_cover';
SELECT unit FROM kpi_catalog() WHERE name = 'no such measure';

-- no arguments
\set VERBOSITY terse
SELECT * FROM kpi_catalog('sales');
\set VERBOSITY default
