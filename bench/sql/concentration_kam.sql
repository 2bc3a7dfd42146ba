SELECT count(share) FROM (
SELECT round(concentration(total), 10) AS share FROM customer_total
) AS q;
