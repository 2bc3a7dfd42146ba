SELECT count(share) FROM (
SELECT round((1 + count(*) FILTER (WHERE reached < 0.80 * whole))::numeric / (SELECT count(total) FROM customer_total), 10) AS share
FROM (SELECT sum(total) OVER (ORDER BY total DESC ROWS UNBOUNDED PRECEDING) AS reached, sum(total) OVER () AS whole
      FROM customer_total WHERE total > 0) AS c
) AS q;
