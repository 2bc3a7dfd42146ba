SELECT count(hhi), count(gini) FROM (
SELECT round(hhi(total), 12) AS hhi, round(gini(total), 12) AS gini FROM customer_total WHERE total > 0
) AS q;
