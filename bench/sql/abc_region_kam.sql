SELECT count(class) FROM (
SELECT customer_id, abc_class(total) OVER (PARTITION BY region) AS class
FROM customer_total
) AS q;
