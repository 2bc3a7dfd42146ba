SELECT count(hhi), count(gini) FROM (
SELECT round(sum((total / whole) ^ 2), 12) AS hhi, round((2 * sum(place * total) / sum(total) - (count(*) + 1)) / count(*), 12) AS gini
FROM (SELECT total, sum(total) OVER () AS whole, row_number() OVER (ORDER BY total) AS place FROM customer_total WHERE total > 0) AS c
) AS q;
