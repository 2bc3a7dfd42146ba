SELECT count(class) FROM (
SELECT customer_id, size_class(total) OVER () AS class
FROM customer_total
) AS q;
