-- Types of key account, as an analyst asks for them

CREATE TABLE customer (name text, profit numeric(12, 2), first_sale date, potential numeric, known_name boolean, leader boolean, demanding boolean, market_knowledge boolean);
INSERT INTO customer VALUES
  ('Aria', 420, '2019-03-01', 900, true, true, false, false),
  ('Birch', 100, '2026-02-11', 150, NULL, true, true, true),
  ('Cedar', 99.99, '2020-07-01', 5000, true, NULL, NULL, NULL),
  ('Dune', NULL, NULL, 100, NULL, NULL, NULL, NULL),
  ('Elm', 380.01, '2025-07-01', 99.99, false, false, true, true);

SELECT name, types, types[1] AS primary_type
FROM customer, LATERAL account_types(profit, (SELECT sum(profit) FROM customer), first_sale, '2026-06-30', potential, known_name, leader, demanding, market_knowledge) AS types
ORDER BY name;
SELECT name, account_types(profit, sum(profit) OVER (), first_sale, '2026-07-01', potential, known_name, leader, demanding, market_knowledge, share => 0.40, new_months => 3) AS types
FROM customer ORDER BY name;
SELECT type, count(*), sum(profit) FROM customer, unnest(account_types(profit, 1000, first_sale, '2026-06-30', potential, known_name, leader, demanding, market_knowledge)) AS type GROUP BY type ORDER BY type;

-- With literals
SELECT account_types(100, 1000, '2020-01-01', '2026-01-01') AS by_profit_alone, account_types(50, 1000, NULL, '2026-01-01', 120) AS with_potential,
  account_types(50, 1000, '2020-01-01', '2026-01-01', known_name => true, leader => true) AS with_flags, account_types(50, 1000, '2020-01-01', '2026-01-01', share => 0.05) AS with_share;
SELECT account_types(100, 1000, '2020-01-01', '2026-01-01', 100, true, true, true, true) AS old,
  account_types(99.99, 1000, NULL, '2026-01-01', 100, NULL, NULL, NULL, NULL) AS none_yet,
  account_types(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) AS nothing,
  account_types(100, 1000, NULL, NULL, 1, true, true, true, true, NULL) AS no_share;

-- How much depends on the key accounts
SELECT share, key_share_state(share) FROM unnest(ARRAY[0.2999, 0.30, 0.42, 0.55, 0.5501]) AS share;
SELECT key_share_state(0.25, 0.20, 0.25), key_share_state(share => 0.6, typical_to => 0.6) AS named, key_share_state(NULL) AS unknown, key_share_state(1) AS one;

-- What is wrong is said
SELECT account_types('NaN', 1000, NULL, NULL, 1, true, true, true, true);
SELECT account_types(1, 1000, NULL, NULL, 1, true, true, true, true, 10);
SELECT account_types(1, 1000, NULL, 'infinity', 1, true, true, true, true);
SELECT account_types(1, 1000, NULL, NULL, 1, true, true, true, true, new_months => -1);
SELECT key_share_state(42);
SELECT key_share_state(0.42, 30, 55);
SELECT key_share_state(0.42, 0.55, 0.30);

DROP TABLE customer;
