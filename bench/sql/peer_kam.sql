SELECT count(index), count(action) FROM (
SELECT customer_id, round(peer_index(total) OVER w, 6) AS index, peer_action(total) OVER w AS action
FROM customer_total
WINDOW w AS (PARTITION BY region)
) AS q;
