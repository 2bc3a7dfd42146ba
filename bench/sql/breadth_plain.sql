SELECT count(breadth) FROM (
SELECT customer_id, count(*) FILTER (WHERE net > 0) AS breadth
FROM (
  SELECT customer_id, product_id, sum(quantity) AS net
  FROM product_sale
  GROUP BY customer_id, product_id) AS p
GROUP BY customer_id
) AS q;
