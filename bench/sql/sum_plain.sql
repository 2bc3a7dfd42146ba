SELECT count(total) FROM (
SELECT customer_id, sum(amount) AS total
FROM sale
GROUP BY customer_id
) AS q;
