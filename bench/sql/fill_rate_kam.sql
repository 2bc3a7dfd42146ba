SELECT count(rate) FROM (
SELECT customer_id, fill_rate(ordered, delivered, on_time) AS rate FROM order_line GROUP BY customer_id
) AS q;
