-- A customer's stock as an analyst asks about it

SELECT stock, sell_out, stock_cover(stock, sell_out) AS cover, stock_state(stock, sell_out) AS state, stock_state(stock, sell_out, 3) AS from_three
FROM (VALUES (600, 100), (599, 100), (250, 100), (300, 100), (0, 100), (-20, 100), (600, 0), (0, 0), (600, -5), (600, NULL), (NULL, 100)) AS v (stock, sell_out);
SELECT stock_cover(600, 100) AS months, stock_cover(stock => 600, monthly_sell_out => 80) AS by_name, stock_state(600, 100) AS state, stock_state(stock => 400, monthly_sell_out => 100, stuffed_from => 3.5) AS by_name, stock_state(600, 100, NULL) AS no_setting;

-- What a customer buys stands for what he sells where that is unknown
SELECT stock_cover(900, mean(s)) AS months, stock_state(900, mean(s)) AS state
FROM (SELECT sales_series(100 * m, make_date(2025, m, 15), '[2025-01-01,2026-01-01)') AS s FROM generate_series(1, 12) AS m) AS x;

-- What is wrong is said
SELECT stock_cover('NaN', 1);
SELECT stock_cover(1, 'infinity');
SELECT stock_state(1, 1, 0);
SELECT stock_state(1, 1, 'NaN');
