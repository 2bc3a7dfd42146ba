-- the lines of UCI Online Retail, in temporary table line; who includes this has made sure that KAM_DATA has them
CREATE TEMP TABLE line (
  line_no integer, invoice text, product text, description text, quantity integer,
  invoiced_at timestamp, price numeric, customer_id integer, country text);
\copy line FROM PROGRAM 'gzip -dc "$KAM_DATA/online_retail/online_retail.csv.gz"' WITH (FORMAT csv, HEADER)
