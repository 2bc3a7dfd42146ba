-- the purchases of CDNOW's 23,570 customers, in temporary table purchase; who includes this has made sure that
-- KAM_DATA has them
CREATE TEMP TABLE purchase_line (line text);
\copy purchase_line FROM PROGRAM 'gzip -dc "$KAM_DATA/cdnow/CDNOW_master.txt.gz"'
CREATE TEMP TABLE purchase AS
SELECT field[1]::integer AS customer, field[2]::date AS bought_on, field[3]::integer AS discs, field[4]::numeric AS amount
FROM purchase_line, LATERAL regexp_split_to_array(btrim(line, E' \r'), ' +') AS field
WHERE line ~ '\d';
DROP TABLE purchase_line;
