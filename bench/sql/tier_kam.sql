SELECT count(reward) FROM (
SELECT customer_id, tier_reward(total, '10000 => 1%, 50000 => 2%, 200000 => 3% + 5000') AS reward
FROM customer_total
) AS q;
