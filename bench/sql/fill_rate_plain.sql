SELECT count(rate) FROM (
SELECT customer_id, coalesce(sum(least(delivered, ordered)) FILTER (WHERE on_time), 0) / sum(ordered) AS rate FROM order_line GROUP BY customer_id
) AS q;
