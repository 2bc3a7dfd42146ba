SELECT count(opening), count(new), count(returned), count(lost), count(closing) FROM (
SELECT lower(bucket) AS month, opening, new, returned, lost, closing
FROM (SELECT base_movement(s, first_sale) AS rows FROM customer_series) AS b, unnest(rows)
) AS q;
