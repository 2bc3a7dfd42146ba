SELECT count(breadth) FROM (
SELECT customer_id, assortment_breadth(product_id, quantity) AS breadth
FROM product_sale
GROUP BY customer_id
) AS q;
