-- the lines of UCI Online Retail as the table line, and those of known customers as the table sale in
-- the schema kam_online_retail, which is no temporary one, so that parallel workers can read it
CREATE TEMP TABLE line (
  line_no integer, invoice text, product text, description text, quantity integer,
  invoiced_at timestamp, price numeric, customer_id integer, country text);
\copy line FROM PROGRAM 'gzip -dc "$KAM_DATA/online_retail/online_retail.csv.gz"' WITH (FORMAT csv, HEADER)

CREATE SCHEMA kam_online_retail;
CREATE UNLOGGED TABLE kam_online_retail.sale AS
SELECT customer_id, invoiced_at::date AS sold_on, quantity * price AS amount, country
FROM line
WHERE customer_id IS NOT NULL;
ANALYZE kam_online_retail.sale;
