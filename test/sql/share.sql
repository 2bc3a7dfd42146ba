-- Shares at the customer, as an analyst writes them
\pset null '(null)'

-- Own growth of 50 % at a customer who grew 60 %
SELECT * FROM share_change(150, 100, 160, 100);
SELECT customer, round(own_growth, 3) AS own, round(market_growth, 3) AS market, round(gap, 3) AS gap, round(relative, 4) AS relative, verdict
FROM (VALUES ('north', 120, 100, 1100, 1000), ('south', 110, 100, 1100, 1000), ('west', 90, 100, 1000, 1000), ('new', 90, 0, 1000, 900), ('closed', 0, 100, 0, 500), ('unknown', 120, 100, NULL, NULL)) AS v (customer, a, b, c, d)
CROSS JOIN LATERAL share_change(a, b, c, d) ORDER BY customer;
SELECT (share_change(own_now => 5, own_before => 4, market_now => 10, market_before => 8)).verdict;

-- Share of wallet
SELECT share_of_wallet(30, 120), share_of_wallet(130, 120) AS stale, share_of_wallet(-5, 120) AS returned, share_of_wallet(5, 0) AS no_wallet, share_of_wallet(5, NULL) AS unknown, share_of_wallet(own => 1, wallet => 4) AS by_name;

-- The Wallet Allocation Rule
SELECT round(wallet_allocation(1, 2), 4) AS first_of_2, round(wallet_allocation(2, 2), 4) AS second_of_2, round(wallet_allocation(1, 3), 4) AS first_of_3, round(wallet_allocation(2, 3), 4) AS second_of_3,
  round(wallet_allocation(3, 3), 4) AS third_of_3, wallet_allocation(1, 1) AS alone, wallet_allocation(NULL, 2) AS no_rank, wallet_allocation(rank => 1.5, brands => 2) AS tied;
SELECT brand, rating, rank, round(wallet_allocation(rank, count(*) OVER ()), 4) AS share
FROM (SELECT brand, rating, rank() OVER (ORDER BY rating DESC) + (count(*) OVER (PARTITION BY rating) - 1) / 2.0 AS rank
      FROM (VALUES ('ours', 9), ('theirs', 9), ('third', 6), ('fourth', 2)) AS b (brand, rating)) AS ranked ORDER BY rank, brand;

-- Grows, or splits
SELECT growth, share, before, growth_verdict(growth, share) AS of_the_whole, growth_verdict(growth, share, before) AS against_before
FROM (VALUES (0.1, 0.5, 0.4), (0.1, 0.4, 0.5), (-0.1, 0.4, 0.5), (-0.1, 0.5, 0.5), (0, 1, 1), (0.1, 1, 0.9), (0.1, NULL, 0.5), (NULL, 0.5, 0.5)) AS v (growth, share, before);

-- What is refused
SELECT * FROM share_change('NaN', 100, 160, 100);
SELECT * FROM share_change(150, 100, 160, 'Infinity');
SELECT share_of_wallet('NaN', 1);
SELECT wallet_allocation(0, 3);
SELECT wallet_allocation(4, 3);
SELECT wallet_allocation(1, 0);
SELECT wallet_allocation('NaN', 3);
SELECT growth_verdict(0.1, '-Infinity');
