SELECT count(r), count(f), count(m) FROM (
SELECT customer_id, (rfm).recency AS r, (rfm).frequency AS f, (rfm).monetary AS m
FROM (SELECT customer_id, rfm_score(region % 365, customer_id % 40, total) OVER () AS rfm FROM customer_total WHERE total IS NOT NULL) AS s
) AS q;
