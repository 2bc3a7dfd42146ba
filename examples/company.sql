-- The demo company: a beverage and food distributor, made of plain SQL.
--
--     psql -X -f company.sql                     about 300,000 delivery lines
--     psql -X -v scale=5 -f company.sql          five times as many customers, outlets and lines
--
-- Everything lands in a new schema "demo"; kam is not needed to load it. The rows are the same on
-- every machine and every version of PostgreSQL: whatever looks like chance comes from demo.roll(),
-- integer arithmetic on the row's own number, and no step depends on row order, locale or time zone.

\if :{?scale}
\else
  \set scale 1
\endif
\set ON_ERROR_STOP on
\set quiet_before :QUIET
\set QUIET on

BEGIN;

CREATE SCHEMA demo;
COMMENT ON SCHEMA demo IS 'The demo company of kam: a beverage and food distributor with made-up sales';

SET LOCAL search_path = demo, pg_temp;
SET LOCAL jit = off;
SET LOCAL enable_mergejoin = off;
SET LOCAL work_mem = '128MB';

CREATE FUNCTION roll(seed bigint, salt int, sides int) RETURNS int
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ((((seed * 1009 + salt) % 2147483647 * 48271 % 2147483647 # 1431655765)
            * 69621 % 2147483647 # 858993459) * 39373 % 2147483647 % sides)::int;
COMMENT ON FUNCTION roll(bigint, int, int) IS
  'A die that always falls the same way: 0 to sides - 1 for this seed and this throw (salt, 0 to 1008)';


-- ---------------------------------------------------------------------------------------------
-- Setting: the day on which the company is looked at
-- ---------------------------------------------------------------------------------------------

CREATE TABLE setting (
  company   text NOT NULL,
  currency  text NOT NULL,
  as_of     date NOT NULL,
  plan_year daterange NOT NULL,
  scale     numeric NOT NULL CONSTRAINT scale_is_positive CHECK (scale > 0)
);
CREATE UNIQUE INDEX setting_is_one_row ON setting ((true));
COMMENT ON TABLE  setting IS 'One row: what every report of the demo company starts from';
COMMENT ON COLUMN setting.as_of IS
  'The last day with sales, a Friday in the middle of a month: October 2025 is not over, nor is the year';
COMMENT ON COLUMN setting.plan_year IS 'The year whose plan is running';
COMMENT ON COLUMN setting.scale IS 'Times the standard size of 400 customers';

INSERT INTO setting
VALUES ('Harbour & Hill Distribution', 'EUR', '2025-10-17', '[2025-01-01,2026-01-01)', :scale);

-- The months of the story, 0 = October 2022 to 36 = October 2025. "summer" is the shape of a year
-- in which people are thirsty in July: percent of a full swing, 0 on average.
CREATE TEMP TABLE story_month ON COMMIT DROP AS
SELECT m, first_day, last_day, last_day - first_day + 1 AS days, calendar_month,
       (ARRAY[-90,-85,-50,-5,45,85,100,90,35,-15,-60,-50])[calendar_month] AS summer,
       (ARRAY[910,940,970,1000])[extract(year FROM first_day)::int - 2021] AS price_level
FROM (SELECT m, (9 + m) % 12 + 1 AS calendar_month,
             make_date(2022 + (9 + m) / 12, (9 + m) % 12 + 1, 1) AS first_day,
             make_date(2022 + (10 + m) / 12, (10 + m) % 12 + 1, 1) - 1 AS last_day
      FROM generate_series(0, 36) AS m) AS month;


CREATE TABLE holiday (
  day     date PRIMARY KEY,
  holiday text NOT NULL
);
COMMENT ON TABLE holiday IS 'Days between Monday and Friday on which nothing is delivered';

INSERT INTO holiday
SELECT make_date(year, month, day), holiday
FROM generate_series(2022, 2026) AS year,
     (VALUES (1, 1, 'New Year''s Day'), (12, 25, 'Christmas Day')) AS h (month, day, holiday);


-- ---------------------------------------------------------------------------------------------
-- The sales force: territories, cities, agents, routes
-- ---------------------------------------------------------------------------------------------

CREATE TABLE territory (
  territory_id int PRIMARY KEY,
  territory    text NOT NULL
);
COMMENT ON TABLE territory IS 'The four sales territories';

INSERT INTO territory VALUES (1, 'North'), (2, 'East'), (3, 'South'), (4, 'Coast');

CREATE TABLE city (
  city_id      int PRIMARY KEY,
  city         text NOT NULL,
  territory_id int NOT NULL REFERENCES territory
);
COMMENT ON TABLE city IS 'Where the outlets are';

INSERT INTO city
SELECT n, (ARRAY['Kingsbridge','Alder Falls','Stonefield','Winterton',
                 'Millbrook','Eastham','Oakley','Redwater',
                 'Southgate','Fairmont','Vineyard Hill','Granby',
                 'Northport','Whitecliff','Sandhaven','Pearl Bay'])[n], (n + 3) / 4
FROM generate_series(1, 16) AS n;

CREATE TABLE agent (
  agent_id     int PRIMARY KEY,
  agent        text NOT NULL,
  territory_id int NOT NULL REFERENCES territory
);
COMMENT ON TABLE agent IS 'Sales agents; each works in one territory';

INSERT INTO agent
SELECT n,
       (ARRAY['Anna','Ben','Clara','David','Emma','Felix','Grace','Hugo','Ida','Jonas',
              'Kate','Leo','Mara','Nick','Olga','Paul','Rita','Sam','Tina','Victor'])[n % 20 + 1]
       || ' ' ||
       (ARRAY['Archer','Baker','Carter','Dyer','Ellis','Fisher','Grant','Hayes','Irwin','Jordan','Kemp','Lowe',
              'Marsh','Nolan','Owens','Porter','Quinn','Reed','Stone','Turner','Vance','Walsh','York'
             ])[n * 7 % 23 + 1],
       (n - 1) % 4 + 1
FROM setting, generate_series(1, 4 * ceil(4 * scale)::int) AS n;

CREATE TABLE route (
  route_id int PRIMARY KEY,
  route    text NOT NULL,
  agent_id int NOT NULL REFERENCES agent,
  weekday  int NOT NULL CHECK (weekday BETWEEN 1 AND 5)
);
COMMENT ON TABLE  route IS 'An agent''s round of one weekday';
COMMENT ON COLUMN route.weekday IS '1 Monday to 5 Friday';

INSERT INTO route
SELECT (agent_id - 1) * 5 + weekday,
       territory || ' ' || (agent_id + 3) / 4 || ' ' || (ARRAY['Mon','Tue','Wed','Thu','Fri'])[weekday],
       agent_id, weekday
FROM agent JOIN territory USING (territory_id), generate_series(1, 5) AS weekday;


-- ---------------------------------------------------------------------------------------------
-- The range: 6 categories of 50 products
-- ---------------------------------------------------------------------------------------------

CREATE TABLE category (
  category_id int PRIMARY KEY,
  category    text NOT NULL
);
COMMENT ON TABLE category IS 'Product categories';

INSERT INTO category VALUES
  (1, 'Water'), (2, 'Soft drinks'), (3, 'Beer'), (4, 'Coffee and tea'), (5, 'Snacks'), (6, 'Groceries');

CREATE TABLE product (
  product_id  int PRIMARY KEY,
  product     text NOT NULL,
  brand       text NOT NULL,
  category_id int NOT NULL REFERENCES category,
  list_price  numeric(12,2) NOT NULL,
  unit_cost   numeric(12,2) NOT NULL,
  launched_on date NOT NULL
);
COMMENT ON TABLE  product IS 'What is sold, by the case';
COMMENT ON COLUMN product.list_price IS 'Price of a case in 2025, before the customer''s discount';
COMMENT ON COLUMN product.unit_cost IS 'What a case costs the company in 2025';
COMMENT ON COLUMN product.launched_on IS 'First day on sale; two products in 25 came during the three years';

INSERT INTO product
SELECT product_id,
       brand || ' ' || kinds[n / 2 % 5 + 1] || ' ' || packs[n % 2 + 1],
       brand, category_id,
       cents / 100.0,
       cents * (690 + roll(product_id, 2, 81)) / 1000 / 100.0,
       CASE n % 25 WHEN 11 THEN make_date(2023, 2 + roll(product_id, 3, 10), 1)
                   WHEN 18 THEN make_date(2024, 3 + roll(product_id, 3, 9), 1)
                   ELSE make_date(2010 + roll(product_id, 3, 12), 1 + roll(product_id, 4, 12), 1) END
FROM (SELECT (category_id - 1) * 50 + n + 1 AS product_id, n, category_id, kinds, packs, brands[n / 10 + 1] AS brand,
             lowest + (highest - lowest) * (n % 2 * 40 + roll(category_id * 100 + n / 2, 1, 61)) / 100 AS cents
      FROM (VALUES
        (1,  420,  880, ARRAY['Alpina','Blue Spring','Crystalis','Monte','Nordia'],
             ARRAY['still water','sparkling water','mineral water','lemon water','spring water'],
             ARRAY['6 x 1.5 l','24 x 0.5 l']),
        (2,  900, 1780, ARRAY['Fizzo','Kolada','Sunny','Tropica','Zesto'],
             ARRAY['cola','orangeade','lemonade','tonic','iced tea'],
             ARRAY['12 x 1 l','24 x 0.33 l']),
        (3, 1590, 3190, ARRAY['Golden Stag','Old Mill','Red Fox','Harbour','Monks'],
             ARRAY['lager','pilsner','wheat beer','dark ale','alcohol-free beer'],
             ARRAY['20 x 0.5 l','24 x 0.33 l']),
        (4, 3450, 6900, ARRAY['Aromata','Barista','Morning','Ceylon Hill','Tea Garden'],
             ARRAY['ground coffee','coffee beans','instant coffee','black tea','green tea'],
             ARRAY['12 x 250 g','6 x 500 g']),
        (5, 1390, 2790, ARRAY['Crispo','Golden Bite','Munchy','Nutty','Salty Cat'],
             ARRAY['potato crisps','salted peanuts','pretzels','corn chips','chocolate bars'],
             ARRAY['20 x 90 g','12 x 180 g']),
        (6, 1190, 2590, ARRAY['Farmhouse','Golden Field','Mama Rosa','Village','Sunrise'],
             ARRAY['pasta','rice','tomato sauce','chickpeas','sugar'],
             ARRAY['12 x 500 g','6 x 1 kg'])
        ) AS maker (category_id, lowest, highest, brands, kinds, packs),
        generate_series(0, 49) AS n) AS item;

-- What was on offer in each month, and at which price. A product that is not out yet is replaced
-- by its neighbour; the price level rises every January.
CREATE TEMP TABLE offer ON COMMIT DROP AS
SELECT wish.product_id AS wanted_id, m, sold.product_id,
       (sold.list_price * 100)::int * price_level / 1000 AS price,
       (sold.unit_cost * 100)::int * price_level / 1000 AS cost
FROM product AS wish
CROSS JOIN story_month
JOIN product AS sold
  ON sold.product_id = wish.product_id - CASE WHEN wish.launched_on > first_day THEN 1 ELSE 0 END;


-- ---------------------------------------------------------------------------------------------
-- Channels, and how a customer of each behaves
-- ---------------------------------------------------------------------------------------------

CREATE TABLE channel (
  channel_id    int PRIMARY KEY,
  channel       text NOT NULL,
  welcome_bonus numeric(3,2) NOT NULL
);
COMMENT ON TABLE  channel IS 'Kinds of customer';
COMMENT ON COLUMN channel.welcome_bonus IS
  'What an agent gets at once for each EUR of a new customer''s first month, and loses if the customer shrinks';

INSERT INTO channel VALUES
  (1, 'Supermarket chain', 0.20), (2, 'Convenience chain', 0.20), (3, 'Petrol stations', 0.20),
  (4, 'Canteens', 0.15), (5, 'Hotel', 0.15), (6, 'Restaurant', 0.15), (7, 'Corner shop', 0.10),
  (8, 'Wholesale', 0.05), (9, 'Kiosk', 0.05);

-- customers, outlets: how many, at scale 1
-- lowest, highest:    EUR a month and outlet
-- swing:              how much July and January differ from the average, per mille, least and most
-- noise:              how much months differ for no reason, per mille, least and most
-- skips:              months without any order, per mille
-- notes, lines:       deliveries a month (3: two or four), lines on a note (least, and how many more)
-- discount:           percent off the list price, least and most
-- mix:                percent of money by category (water, soft drinks, beer, coffee, snacks, groceries)
CREATE TEMP TABLE habit ON COMMIT DROP AS
SELECT * FROM (VALUES
  (1,  14,  8, 24, 2900, 9000, 150, 230,  20,  50,  4, 4, 3, 1, 10, 16, ARRAY[18,22,24,10,14,12],
        ARRAY['Supermarkets','Food Stores','Hypermarkets','Discount']),
  (2,  26,  3,  9, 1500, 4200, 170, 260,  20,  70, 16, 4, 2, 2,  6, 11, ARRAY[16,24,26, 6,20, 8],
        ARRAY['Express','Minimarkets','Daily','Corner Stores']),
  (3,  12,  3,  8, 1100, 2600, 180, 260,  30,  80, 22, 4, 2, 2,  4,  9, ARRAY[20,28, 6,12,28, 6],
        ARRAY['Fuel','Service Stations','Motorway Services']),
  (4,  60,  1,  3,  260,15000,   5,  50,  10,  50,  0, 4, 2, 3,  3, 10, ARRAY[16,10, 2,16, 4,52],
        ARRAY['Works Canteens','Hospital Catering','Office Catering','School Meals']),
  (5,  36,  1,  3,  700, 7500, 600,1120,  60, 140, 30, 4, 2, 3,  2,  8, ARRAY[22,18,30,14, 4,12],
        ARRAY['Hotel','Beach Hotel','Resort','Guest House','Inn']),
  (6,  96,  1,  2,  380, 2900, 130, 260,  40, 220, 40, 3, 2, 3,  0,  6, ARRAY[16,18,34,16, 2,14],
        ARRAY['Restaurant','Bistro','Cafe','Grill','Pizzeria','Tavern']),
  (7, 116,  1,  2,  260, 1900, 140, 260,  40, 180, 46, 3, 2, 2,  0,  5, ARRAY[14,20,24, 8,18,16],
        ARRAY['Grocery','Corner Shop','Mini Mart','Food & Wine','General Store']),
  (8,  16,  1,  2, 6000,30000, 180, 320, 350, 800, 30, 4, 4, 4,  9, 14, ARRAY[16,22,34, 6,12,10],
        ARRAY['Cash & Carry','Wholesale','Event Catering','Trading']),
  (9,  24,  1,  2,  160,  620, 350, 600, 100, 250,150, 2, 1, 3,  0,  3, ARRAY[20,28,14,10,26, 2],
        ARRAY['Kiosk','Snack Bar','News & Snacks'])
  ) AS habit (channel_id, customers, outlets_from, outlets_to, lowest, highest, swing_from, swing_to,
              noise_from, noise_to, skips, notes, lines_from, lines_more, discount_from, discount_to,
              mix, endings);

-- A wheel of 200 slots for each channel and calendar month says which category a line is of: beer,
-- water and soft drinks take more of it in summer, coffee and groceries in winter, snacks at Christmas.
CREATE TEMP TABLE wheel ON COMMIT DROP AS
SELECT channel_id, calendar_month, slot, category_id
FROM (SELECT channel_id, calendar_month, category_id, weight,
             sum(weight) OVER (PARTITION BY channel_id, calendar_month ORDER BY category_id) AS reached,
             sum(weight) OVER (PARTITION BY channel_id, calendar_month) AS total
      FROM (SELECT channel_id, calendar_month, category_id,
                   mix[category_id] * (1000 + (ARRAY[300,220,350,-350,0,-200])[category_id] * summer / 100
                       + CASE WHEN calendar_month = 12
                              THEN (ARRAY[0,60,150,60,300,60])[category_id] ELSE 0 END) AS weight
            FROM habit, category, (SELECT * FROM story_month WHERE m < 12) AS year) AS weights) AS wedges
JOIN generate_series(0, 199) AS slot
  ON slot * total >= (reached - weight) * 200 AND slot * total < reached * 200;


-- ---------------------------------------------------------------------------------------------
-- Customers and outlets
-- ---------------------------------------------------------------------------------------------

-- Who they are before they have a number. seed is unique: channel and place in the channel.
-- joined and left_after are months of the story; away_from to away_to is a time without orders.
CREATE TEMP TABLE trait ON COMMIT DROP AS
SELECT seed, channel_id, place, ending,
       word || ' ' || ending || CASE WHEN round > 0 THEN ' ' || round + 1 ELSE '' END AS name,
       outlets, base, discount, growth,
       CASE WHEN steady THEN 30 ELSE swing END AS swing,
       CASE WHEN steady THEN 20 ELSE noise END AS noise,
       CASE WHEN fate IN ('new', 'short') THEN 2 + roll(seed, 10, 32)
            WHEN fate = 'signed' THEN 36 END AS joined,
       CASE fate WHEN 'lost'  THEN 3 + roll(seed, 11, 32)
                 WHEN 'short' THEN 2 + roll(seed, 10, 32) + 4 + roll(seed, 11, 9) END AS left_after,
       CASE WHEN fate = 'returned' THEN 7 + roll(seed, 12, 20) END AS away_from,
       CASE WHEN fate = 'returned' THEN 7 + roll(seed, 12, 20) + 3 + roll(seed, 13, 6) END AS away_to
FROM (SELECT seed, channel_id, place, outlets, base, swing, noise, discount, growth,
             endings[(place / 40 + place) % cardinality(endings) + 1] AS ending,
             place / 40 / cardinality(endings) AS round,
             (ARRAY['Anchor','Amber','Ashgrove','Bayview','Birch','Bluebell','Bridgeway','Castle','Cedar','Clover',
                    'Copper','Dolphin','Elm','Fairway','Falcon','Garden','Granite','Green','Hazel','Highland',
                    'Ivy','Juniper','Lakeside','Lantern','Maple','Meadow','Mill','Oak','Orchard','Pine',
                    'Quay','River','Rose','Saffron','Silver','Station','Summit','Swan','Union','Willow'])
                [(place * 13 + channel_id * 9) % 40 + 1] AS word,
             channel_id = 1 AND place % 4 = 3 AS steady,
             CASE WHEN channel_id = 1 THEN CASE place % 14 WHEN 9 THEN 'new' ELSE 'stays' END
                  WHEN luck < 66 THEN 'stays'
                  WHEN luck < 81 THEN 'new'
                  WHEN luck < 92 THEN 'lost'
                  WHEN luck < 96 THEN 'returned'
                  WHEN luck < 99 THEN 'short'
                  ELSE 'signed' END AS fate
      FROM (SELECT seed, channel_id, place, endings, roll(seed, 1, 100) AS luck,
                   CASE WHEN outlets_to > 3 OR roll(seed, 3, 100) < 50
                        THEN outlets_from + roll(seed, 2, outlets_to - outlets_from + 1) ELSE 1 END AS outlets,
                   lowest * 100 + (highest - lowest)::bigint * u * u * u / 10000000 AS base,
                   swing_from + roll(seed, 5, swing_to - swing_from + 1) AS swing,
                   noise_from + roll(seed, 6, noise_to - noise_from + 1) AS noise,
                   discount_from + roll(seed, 7, discount_to - discount_from + 1) AS discount,
                   roll(seed, 8, 221) - 100 AS growth
            FROM (SELECT *, channel_id * 10000000::bigint + place AS seed,
                         roll(channel_id * 10000000 + place, 4, 1001) AS u
                  FROM habit, setting, generate_series(0, round(customers * scale)::int - 1) AS place
                 ) AS one) AS two) AS three;

CREATE TABLE customer (
  customer_id   int PRIMARY KEY,
  customer      text NOT NULL,
  channel_id    int NOT NULL REFERENCES channel,
  agent_id      int NOT NULL REFERENCES agent,
  discount      numeric(4,3) NOT NULL,
  contract_from date NOT NULL,
  contract_to   date
);
COMMENT ON TABLE  customer IS 'Who pays: a company with one or more outlets';
COMMENT ON COLUMN customer.agent_id IS 'The agent who looks after the whole account';
COMMENT ON COLUMN customer.contract_from IS 'First day of the contract; sales may start later or not at all';
COMMENT ON COLUMN customer.discount IS 'Share taken off the list price';
COMMENT ON COLUMN customer.contract_to IS
  'Last day of the contract; NULL while it runs, and for customers who just stopped buying';

ALTER TABLE trait ADD COLUMN customer_id int, ADD COLUMN contract_from date, ADD COLUMN contract_to date;

UPDATE trait AS c
SET customer_id = numbered.customer_id, contract_from = numbered.signed_on,
    contract_to = CASE WHEN left_after < 36 AND roll(c.seed, 15, 2) = 0
                       THEN (SELECT last_day FROM story_month WHERE m = left_after) END
FROM (SELECT seed, signed_on, 1000 + row_number() OVER (ORDER BY signed_on, seed) AS customer_id
      FROM (SELECT seed, coalesce(first_day - 1 - roll(seed, 14, 20),
                                  date '2022-09-30' - roll(seed, 14, 60) * roll(seed, 16, 60)) AS signed_on
            FROM trait LEFT JOIN story_month ON m = joined) AS signed) AS numbered
WHERE numbered.seed = c.seed;

INSERT INTO customer
SELECT customer_id, name, channel_id, 1 + roll(seed, 17, agents), discount / 100.0, contract_from, contract_to
FROM trait, (SELECT count(*)::int AS agents FROM agent) AS force
ORDER BY customer_id;

CREATE TABLE outlet (
  outlet_id   int PRIMARY KEY,
  customer_id int NOT NULL REFERENCES customer,
  outlet      text NOT NULL,
  city_id     int NOT NULL REFERENCES city,
  route_id    int NOT NULL REFERENCES route,
  opened_on   date NOT NULL,
  closed_on   date
);
COMMENT ON TABLE  outlet IS 'Where goods are delivered: a shop, a bar, a canteen';
COMMENT ON COLUMN outlet.route_id IS 'The round on which it is delivered';
COMMENT ON COLUMN outlet.opened_on IS 'First day on which it could be delivered to';
COMMENT ON COLUMN outlet.closed_on IS 'Last day, NULL when it is open';

-- How each outlet buys: opens and closes are months of the story. Whoever opens in the last month has
-- signed and not bought yet.
CREATE TEMP TABLE place_of_sale ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY customer_id, n)::int AS outlet_id, *
FROM (SELECT c.*, n, c.seed * 64 + n AS outlet_seed,
             base * (70 + roll(c.seed * 64 + n, 20, 61)) / 100 AS outlet_base,
             CASE WHEN channel_id = 5 AND roll(c.seed * 64 + n, 21, 4) > 0 THEN 13 + roll(c.seed * 64 + n, 22, 4)
                  WHEN roll(c.seed * 64 + n, 21, 10) < 6 THEN 1 + roll(c.seed, 22, 16)
                  ELSE 1 + roll(c.seed * 64 + n, 22, 16) END AS city_id,
             greatest(joined, CASE WHEN outlets > 2 AND roll(c.seed * 64 + n, 23, 100) < 14
                                   THEN roll(c.seed * 64 + n, 24, 35) END) AS opens,
             least(left_after, CASE WHEN outlets > 2 AND roll(c.seed * 64 + n, 23, 100) >= 93
                                    THEN 4 + roll(c.seed * 64 + n, 24, 31) END) AS closes
      FROM trait AS c, generate_series(1, outlets) AS n) AS spread
WHERE opens IS NULL OR closes IS NULL OR opens < closes;

INSERT INTO outlet
SELECT outlet_id, customer_id,
       CASE WHEN outlets > 1 THEN name || ' ' || city
                      || CASE WHEN nth > 1 THEN ' ' || nth ELSE '' END ELSE name END,
       city_id,
       -- the agents of a territory are every fourth one; each has five rounds
       ((roll(outlet_seed, 25, agents / 4) * 4 + territory_id - 1) * 5) + 1 + roll(outlet_seed, 26, 5),
       coalesce((SELECT first_day FROM story_month WHERE m = opens), contract_from),
       (SELECT last_day FROM story_month WHERE m = closes AND m < 36)
FROM (SELECT *, row_number() OVER (PARTITION BY customer_id, city_id ORDER BY n) AS nth FROM place_of_sale) AS p
JOIN city USING (city_id)
CROSS JOIN (SELECT count(*)::int AS agents FROM agent) AS force
ORDER BY outlet_id;


-- ---------------------------------------------------------------------------------------------
-- Deliveries
-- ---------------------------------------------------------------------------------------------

-- What each outlet spends in each month, in cents: its size, grown or shrunk since October 2022,
-- times the season, times the chance of the customer's and of the outlet's month.
CREATE TEMP TABLE spending ON COMMIT DROP AS
SELECT outlet_id, outlet_seed, channel_id, customer_id, discount, m, month_seed, noise, notes, lines_from, lines_more,
       outlet_base * (1000 + growth * m / 12) / 1000
           * CASE WHEN ending = 'School Meals' AND calendar_month IN (7, 8) THEN 150
                  ELSE greatest(0, 1000 + swing * summer / 100) END / 1000
           * (1000 - noise + roll(seed * 64 + m, 30, 2 * noise + 1)) / 1000
           * (1000 - noise / 2 + roll(month_seed, 31, noise + 1)) / 1000 AS cents
FROM (SELECT *, outlet_seed * 64 + m AS month_seed FROM place_of_sale, story_month) AS p
JOIN habit USING (channel_id)
WHERE m >= coalesce(opens, 0) AND m <= coalesce(closes, 36) AND coalesce(opens, 0) < 36
  AND NOT (away_from IS NOT NULL AND m BETWEEN away_from AND away_to)
  AND roll(month_seed, 32, 1000) >= skips;

ANALYZE setting, story_month, outlet, route, place_of_sale, spending;

-- Deliveries of the month: spread evenly, on the weekday of the route (an outlet with eight notes a
-- month has a second weekday), never on 25 December or 1 January. Small money comes in fewer notes.
CREATE TEMP TABLE delivery ON COMMIT DROP AS
WITH budget AS MATERIALIZED (
  SELECT *, least(CASE WHEN notes = 3 THEN 2 + roll(outlet_seed, 43, 2) * 2
                       WHEN channel_id = 1 AND roll(outlet_seed, 43, 10) < 1 THEN 8
                       ELSE notes END, cents / 6000 + 1)::int AS n,
         roll(outlet_seed, 42, 1000) AS habitual
  FROM spending
  WHERE cents >= 3500
), spread AS MATERIALIZED (
  SELECT b.*, i, month_seed * 16 + i AS note_seed, first_day, last_day,
         first_day + (i * 1000 + habitual) * days / (n * 1000) AS around,
         CASE WHEN n > 5 AND i % 2 = 1 THEN (weekday + 2) % 6 + 1 ELSE weekday END AS weekday
  FROM budget AS b
  JOIN story_month USING (m)
  JOIN outlet USING (outlet_id)
  JOIN route USING (route_id)
  JOIN generate_series(0, 7) AS i ON i < n
), snapped AS MATERIALIZED (
  SELECT *, around + (weekday - extract(isodow FROM around)::int + 10) % 7 - 3 AS near
  FROM spread
), dated AS MATERIALIZED (
  SELECT *, near + CASE WHEN near < first_day THEN 7 WHEN near > last_day THEN -7 ELSE 0 END AS planned_on
  FROM snapped
)
SELECT outlet_id, outlet_seed, channel_id, customer_id, discount, m, note_seed,
       planned_on + CASE WHEN (extract(month FROM planned_on), extract(day FROM planned_on)) IN ((12, 25), (1, 1))
                         THEN 1 ELSE 0 END AS sold_on,
       cents / n * (1000 - noise + roll(note_seed, 40, 2 * noise + 1)) / 1000 AS cents,
       least(lines_from + roll(note_seed, 41, lines_more + 1), greatest(1, cents / n / 2500))::int AS lines
FROM dated
WHERE planned_on <= (SELECT as_of FROM setting);

ANALYZE offer, wheel, delivery;

-- Their lines. A line's money is a fixed part of the delivery's; an outlet keeps to eight products
-- of a category. Three deliveries in a hundred are written on two notes.
CREATE TEMP TABLE wanted_line ON COMMIT DROP AS
SELECT outlet_id, customer_id, m, sold_on, note_seed, copy, offer.product_id, net.price, cost,
       sum(greatest(1, (2 * line_cents + net.price) / (2 * net.price)))::int AS quantity
FROM (SELECT outlet_id, outlet_seed, channel_id, customer_id, discount, m, sold_on, note_seed,
             note_seed * 8 + i AS line_seed,
             CASE WHEN roll(note_seed, 50, 100) < 3 THEN i % 2 ELSE 0 END AS copy,
             cents * (lines + 2 * ((i + roll(note_seed, 51, lines)) % lines))
                 / (lines * (2 * lines - 1)) AS line_cents,
             roll(note_seed * 8 + i, 52, 200) AS slot
      FROM delivery JOIN generate_series(0, 7) AS i ON i < lines) AS line
JOIN story_month USING (m)
JOIN wheel USING (channel_id, calendar_month, slot)
CROSS JOIN LATERAL (SELECT roll(outlet_seed * 64 + category_id * 8 + roll(line_seed, 53, 8), 54, 1000) AS u) AS taste
JOIN offer USING (m)
CROSS JOIN LATERAL (SELECT offer.price * (100 - discount) / 100 AS price) AS net
WHERE wanted_id = (category_id - 1) * 50 + u * u / 20000 + 1
GROUP BY outlet_id, customer_id, m, sold_on, note_seed, copy, offer.product_id, net.price, cost;

CREATE TABLE delivery_line (
  note_no     int NOT NULL,
  line_no     int NOT NULL,
  sold_on     date NOT NULL,
  customer_id int NOT NULL,
  outlet_id   int NOT NULL,
  product_id  int NOT NULL,
  quantity    int NOT NULL,
  price       numeric(12,2) NOT NULL,
  amount      numeric(12,2) NOT NULL,
  cost        numeric(12,2) NOT NULL
);
COMMENT ON TABLE  delivery_line IS
  'The sales: one row for each product on a delivery note; returns are notes of their own with negative lines';
COMMENT ON COLUMN delivery_line.note_no IS 'Number of the delivery note; an outlet may get two notes on one day';
COMMENT ON COLUMN delivery_line.sold_on IS 'Day of the delivery, or of the return';
COMMENT ON COLUMN delivery_line.customer_id IS 'The customer that the outlet belongs to';
COMMENT ON COLUMN delivery_line.quantity IS 'Cases, negative when they came back';
COMMENT ON COLUMN delivery_line.price IS 'Price of a case on that day, after the customer''s discount';
COMMENT ON COLUMN delivery_line.amount IS 'quantity x price';
COMMENT ON COLUMN delivery_line.cost IS 'What the goods of the line cost the company';

-- Returns: of 3 lines in 200 some or all cases come back within ten days; of the outlets that closed,
-- every second one sends a third of its last month back, so that the month after is negative.
INSERT INTO delivery_line
SELECT 100000 + dense_rank() OVER (ORDER BY sold_on, outlet_id, copy),
       row_number() OVER (PARTITION BY sold_on, outlet_id, copy ORDER BY product_id, price, quantity),
       sold_on, customer_id, outlet_id, product_id, quantity, price / 100.0,
       quantity * price / 100.0, quantity * cost / 100.0
FROM (SELECT sold_on, customer_id, outlet_id, product_id, quantity, price, cost, copy
      FROM wanted_line
      UNION ALL
      SELECT back_on + CASE WHEN extract(isodow FROM back_on) = 7 THEN 1 ELSE 0 END,    -- not on a Sunday
             customer_id, outlet_id, product_id, -cases, price, cost, 2
      FROM (SELECT *, sold_on + 2 + roll(return_seed, 60, 8) AS back_on,
                   CASE WHEN roll(return_seed, 61, 4) = 0 THEN quantity
                        ELSE (quantity * (1 + roll(return_seed, 61, 4)) + 7) / 8 END AS cases
            FROM (SELECT *, note_seed * 512 + product_id AS return_seed FROM wanted_line) AS w
            WHERE roll(return_seed, 62, 200) < 3
            UNION ALL
            SELECT w.*, 0, closed_on + 3 + outlet_id % 4, (quantity + 2) / 3
            FROM wanted_line AS w
            JOIN outlet USING (outlet_id)
            WHERE outlet_id % 2 = 0 AND sold_on > closed_on - 30) AS sent_back) AS line
WHERE sold_on <= (SELECT as_of FROM setting)
ORDER BY 1, 2;

ANALYZE customer, outlet, product, delivery_line;

ALTER TABLE delivery_line
  ADD PRIMARY KEY (note_no, line_no),
  ADD FOREIGN KEY (customer_id) REFERENCES customer,
  ADD FOREIGN KEY (outlet_id) REFERENCES outlet,
  ADD FOREIGN KEY (product_id) REFERENCES product;
CREATE INDEX delivery_line_by_customer ON delivery_line (customer_id, sold_on);
CREATE INDEX delivery_line_by_outlet ON delivery_line (outlet_id, sold_on);
CREATE INDEX delivery_line_by_day ON delivery_line (sold_on);
CREATE INDEX outlet_by_customer ON outlet (customer_id);


-- ---------------------------------------------------------------------------------------------
-- Plans
-- ---------------------------------------------------------------------------------------------

CREATE TABLE plan (
  customer_id int NOT NULL REFERENCES customer,
  period      daterange NOT NULL,
  launched_on date NOT NULL,
  target      numeric(12,2) NOT NULL,
  PRIMARY KEY (customer_id, period)
);
COMMENT ON TABLE  plan IS
  'What a customer should buy in a year; a customer without sales in the year before has no plan';
COMMENT ON COLUMN plan.period IS 'The year planned for';
COMMENT ON COLUMN plan.launched_on IS 'The day from which purchases count';
COMMENT ON COLUMN plan.target IS 'Net sales that the customer should reach';

CREATE TABLE plan_line (
  customer_id int NOT NULL,
  period      daterange NOT NULL,
  category_id int NOT NULL REFERENCES category,
  target      numeric(12,2) NOT NULL,
  PRIMARY KEY (customer_id, period, category_id),
  FOREIGN KEY (customer_id, period) REFERENCES plan
);
COMMENT ON TABLE plan_line IS 'The plan by category; the lines of a plan add up to its target';

-- The year before, brought to twelve months for customers who joined in it, and 2 to 11 % more,
-- rounded. Who had stopped buying by November gets no plan.
INSERT INTO plan
SELECT customer_id, daterange(make_date(year, 1, 1), make_date(year + 1, 1, 1)), make_date(year, 1, 1),
       CASE WHEN wish >= 20000 THEN wish / 1000 * 1000 ELSE wish / 100 * 100 END
FROM (SELECT customer_id, year,
             div(sum(amount) * 12 * (1020 + roll(customer_id * 4096::bigint + year, 70, 91)),
                 1000 * (13 - CASE WHEN contract_from < make_date(year - 1, 1, 1) THEN 1
                                              ELSE extract(month FROM min(sold_on))::int END))::bigint AS wish
      FROM (VALUES (2024), (2025)) AS planned (year)
      JOIN delivery_line ON sold_on >= make_date(year - 1, 1, 1) AND sold_on < make_date(year, 1, 1)
      JOIN customer USING (customer_id)
      GROUP BY customer_id, year, contract_from
      HAVING max(sold_on) >= make_date(year - 1, 11, 1) AND sum(amount) >= 500) AS wished
ORDER BY customer_id, year;

-- By category in the proportions of the year before; the biggest category takes what rounding left.
INSERT INTO plan_line
SELECT customer_id, period, category_id,
       share + CASE WHEN row_number() OVER plan_line = 1
                    THEN target - sum(share) OVER (PARTITION BY customer_id, period) ELSE 0 END
FROM (SELECT customer_id, period, category_id, target, amount,
             div(target * amount, 100 * sum(amount) OVER (PARTITION BY customer_id, period)) * 100 AS share
      FROM (SELECT customer_id, period, category_id, target, sum(amount) AS amount
            FROM plan
            JOIN delivery_line USING (customer_id)
            JOIN product USING (product_id)
            WHERE sold_on >= (lower(period) - interval '1 year')::date AND sold_on < lower(period)
            GROUP BY customer_id, period, category_id, target
            HAVING sum(amount) > 0) AS bought) AS split
WINDOW plan_line AS (PARTITION BY customer_id, period ORDER BY amount DESC, category_id)
ORDER BY customer_id, period, category_id;


-- ---------------------------------------------------------------------------------------------
-- Programmes: who buys more is paid back more
-- ---------------------------------------------------------------------------------------------

CREATE TABLE programme (
  programme_id  int PRIMARY KEY,
  programme     text NOT NULL,
  period        daterange NOT NULL,
  category_id   int REFERENCES category,
  mode          text NOT NULL,
  combine       text NOT NULL,
  overdue_limit numeric(4,3),
  cap           numeric(12,2)
);
COMMENT ON TABLE  programme IS 'Rebate programmes of 2025';
COMMENT ON COLUMN programme.period IS 'The days whose sales count';
COMMENT ON COLUMN programme.category_id IS 'Only sales of this category count; NULL: all sales';
COMMENT ON COLUMN programme.mode IS
  'retrospective: the reached rate on everything; stepped: each band its own rate; '
  'interpolated: the rate grows from step to step; fixed: a sum for each step';
COMMENT ON COLUMN programme.combine IS
  'all: nothing unless the whole mix is met; weighted: the part of the reward whose mix is met';
COMMENT ON COLUMN programme.overdue_limit IS
  'Nothing is paid to who is past due with this share of the debt or more; NULL: no such rule';
COMMENT ON COLUMN programme.cap IS 'The most that a customer is paid; NULL: no limit';

CREATE TABLE programme_tier (
  programme_id int NOT NULL REFERENCES programme,
  threshold    numeric(12,2) NOT NULL,
  rate         numeric(6,4) NOT NULL,
  fixed        numeric(12,2) NOT NULL,
  PRIMARY KEY (programme_id, threshold)
);
COMMENT ON TABLE  programme_tier IS 'The ladder of a programme';
COMMENT ON COLUMN programme_tier.threshold IS 'Net sales in the programme''s period from which the step counts';
COMMENT ON COLUMN programme_tier.rate IS 'Share of net sales paid back: 0.02 is 2 %';
COMMENT ON COLUMN programme_tier.fixed IS 'A sum on top';

CREATE TABLE programme_mix (
  programme_id int NOT NULL REFERENCES programme,
  category_id  int NOT NULL REFERENCES category,
  least_share  numeric(4,3) NOT NULL,
  weight       numeric(3,2) NOT NULL,
  PRIMARY KEY (programme_id, category_id)
);
COMMENT ON TABLE  programme_mix IS 'The mix of products that a programme asks for';
COMMENT ON COLUMN programme_mix.least_share IS 'Share of the customer''s net sales that the category must have';
COMMENT ON COLUMN programme_mix.weight IS 'Part of the reward that hangs on it';

CREATE TABLE programme_customer (
  programme_id  int NOT NULL REFERENCES programme,
  customer_id   int NOT NULL REFERENCES customer,
  overdue_share numeric(4,3) NOT NULL,
  PRIMARY KEY (programme_id, customer_id)
);
COMMENT ON TABLE  programme_customer IS 'Who takes part in which programme';
COMMENT ON COLUMN programme_customer.overdue_share IS 'Share of what the customer owes that is past due on as_of';

CREATE TABLE programme_payment (
  programme_id int NOT NULL,
  customer_id  int NOT NULL,
  paid_on      date NOT NULL,
  amount       numeric(12,2) NOT NULL,
  PRIMARY KEY (programme_id, customer_id, paid_on),
  FOREIGN KEY (programme_id, customer_id) REFERENCES programme_customer
);
COMMENT ON TABLE programme_payment IS 'What was paid during the year, on account';

INSERT INTO programme VALUES
  (1, 'Chain volume rebate', '[2025-01-01,2026-01-01)', NULL, 'retrospective', 'weighted', 0.075, 60000),
  (2, 'Horeca partner',      '[2025-01-01,2026-01-01)', NULL, 'stepped',       'all',      0.150, NULL),
  (3, 'Canteen loyalty',     '[2025-01-01,2026-01-01)', NULL, 'interpolated',  'all',      0.075, NULL),
  (4, 'Summer beer',         '[2025-05-01,2025-09-01)', 3,    'fixed',         'all',      NULL,   NULL);

INSERT INTO programme_mix VALUES (1, 5, 0.135, 0.50), (1, 4, 0.090, 0.50), (2, 4, 0.120, 1.00);

INSERT INTO programme_tier VALUES
  (1,  50000, 0.0050, 0), (1,  100000, 0.0100, 0), (1, 200000, 0.0150, 0), (1, 400000, 0.0200, 0),
  (1, 750000, 0.0250, 0), (1, 1250000, 0.0300, 500), (1, 2000000, 0.0350, 1000),
  (2,   5000, 0.0100, 0), (2,   15000, 0.0200, 0), (2, 40000, 0.0300, 0), (2, 80000, 0.0400, 250),
  (3,  10000, 0.0050, 0), (3,   50000, 0.0150, 0), (3, 150000, 0.0250, 0),
  (4,    500, 0, 25), (4, 1000, 0, 60), (4, 2500, 0, 175), (4, 5000, 0, 400);

-- Who owes what: five customers in six are past due with less than 7 %.
INSERT INTO programme_customer
SELECT programme_id, customer_id,
       (CASE WHEN roll(customer_id, 81, 6) < 5 THEN roll(customer_id, 82, 70)
             ELSE 75 + roll(customer_id, 82, 225) END) / 1000.0
FROM customer
JOIN (VALUES (1, 1), (1, 2), (1, 3), (2, 5), (2, 6), (3, 4), (4, 7), (4, 9)) AS invited (programme_id, channel_id)
  USING (channel_id)
WHERE contract_from < '2025-05-01' AND coalesce(contract_to, 'infinity') > '2025-05-01'
  AND (channel_id = 1 OR roll(customer_id, 80, 10) < 7)
ORDER BY programme_id, customer_id;


-- On account in July: 1 % of the first half year's sales for chains and canteens.
INSERT INTO programme_payment
SELECT programme_id, customer_id, '2025-07-15', round(sum(amount) / 100, 2)
FROM programme_customer
JOIN delivery_line USING (customer_id)
WHERE programme_id IN (1, 3) AND sold_on >= '2025-01-01' AND sold_on < '2025-07-01'
GROUP BY programme_id, customer_id
HAVING sum(amount) > 0
ORDER BY programme_id, customer_id;


\ir company_field.sql
\ir company_account.sql

-- ---------------------------------------------------------------------------------------------
-- What was made, in one line
-- ---------------------------------------------------------------------------------------------

CREATE VIEW summary AS
SELECT (SELECT count(*) FROM customer) AS customers,
       (SELECT count(*) FROM outlet) AS outlets,
       (SELECT count(*) FROM product) AS products,
       lines, total,
       left(encode(sha256(convert_to(concat_ws('#', customer_rows, outlet_rows, product_rows, sales_force,
                                               lines, total, cost, line_hash, plan_hash, tier_rows, members, field_rows),
                                     'UTF8')), 'hex'), 16) AS checksum
FROM (SELECT count(*) AS lines, sum(amount) AS total, sum(cost) AS cost,
             sum(roll(roll(roll(roll(roll(roll(
                   note_no * 1000::bigint + line_no, 91, 2147483647)
                 * 2000000::bigint + (sold_on - date '2022-01-01'), 92, 2147483647)
                 * 2000000::bigint + customer_id, 93, 2147483647)
                 * 2000000::bigint + outlet_id, 94, 2147483647)
                 * 2000000::bigint + product_id * 2000 + quantity, 95, 2147483647)
                 * 2000000::bigint + (price * 100)::int, 96, 2147483647)::bigint) AS line_hash
      FROM delivery_line) AS sold,
     (SELECT string_agg(concat_ws('|', customer_id, customer, channel_id, agent_id, discount,
                                  contract_from - date '2022-01-01', contract_to - date '2022-01-01'),
                        ',' ORDER BY customer_id) AS customer_rows FROM customer) AS c,
     (SELECT string_agg(concat_ws('|', outlet_id, customer_id, outlet, city_id, route_id,
                                  opened_on - date '2022-01-01', closed_on - date '2022-01-01'),
                        ',' ORDER BY outlet_id) AS outlet_rows FROM outlet) AS o,
     (SELECT string_agg(concat_ws('|', product_id, product, category_id, list_price, unit_cost,
                                  launched_on - date '2022-01-01'),
                        ',' ORDER BY product_id) AS product_rows FROM product) AS p,
     (SELECT string_agg(concat_ws('|', route_id, route, weekday, agent_id, agent, territory_id),
                        ',' ORDER BY route_id) AS sales_force FROM route JOIN agent USING (agent_id)) AS f,
     (SELECT sum(roll((customer_id * 10::bigint + category_id) * 20000000 + target::bigint * 7
                      + extract(year FROM lower(period))::int, 97, 2147483647)::bigint)
             || '/' || sum(target) AS plan_hash
      FROM plan_line) AS pl,
     (SELECT string_agg(concat_ws('|', programme_id, threshold, rate, fixed),
                        ',' ORDER BY programme_id, threshold) AS tier_rows FROM programme_tier) AS t,
     (SELECT string_agg(concat_ws('|', programme_id, customer_id, overdue_share, paid),
                        ',' ORDER BY programme_id, customer_id) AS members
      FROM programme_customer
      LEFT JOIN (SELECT programme_id, customer_id, sum(amount) AS paid
                 FROM programme_payment GROUP BY programme_id, customer_id) AS p
        USING (programme_id, customer_id)) AS m,
     (SELECT string_agg(concat_ws('|', name, n, hash), ',' ORDER BY name) AS field_rows FROM (
        SELECT 'census' AS name, count(*) AS n,
               sum(roll(outlet_id * 4096::bigint + city_id * 16 + channel_id, 117, 2147483647)::bigint + potential) AS hash FROM census
        UNION ALL SELECT 'visit', count(*), sum(roll(outlet_id * 4096::bigint + (planned_on - date '2025-01-01'), 118, 2147483647)) FROM visit_plan
        UNION ALL SELECT 'agent', count(*), sum(roll(agent_id * 65536::bigint + (month - date '2025-01-01'), 119, 2147483647)::bigint + wage + car + fuel) FROM agent_cost
        UNION ALL SELECT 'must stock', count(*), sum(roll(channel_id * 4096::bigint + product_id, 120, 2147483647)) FROM must_stock
        UNION ALL SELECT 'audit', count(*), sum(roll((outlet_id * 4096::bigint + product_id) * 512 + (audited_on - date '2025-01-01'), 121, 2147483647)::bigint
                                              * CASE WHEN present THEN 1 ELSE 2 END) FROM audit
        UNION ALL SELECT 'invoice', count(*), sum(roll(invoice_no * 1024::bigint + (due_on - date '2025-01-01'), 122, 2147483647)::bigint + amount) FROM invoice
        UNION ALL SELECT 'payment', count(*), sum(roll(invoice_no * 1024::bigint + (paid_on - date '2025-01-01'), 123, 2147483647)::bigint + amount) FROM payment
        UNION ALL SELECT 'goal', count(*), sum(roll(customer_id, 142, 2147483647)::bigint + share + execution + profit + fill_rate) FROM account_goal
        UNION ALL SELECT 'market', count(*), sum(roll(customer_id, 143, 2147483647)::bigint + purchases) FROM market
        UNION ALL SELECT 'order', count(*), sum(roll((note_no * 64::bigint + line_no) * 4096 + ordered * 8 + (delivered_on - promised_on), 144, 2147483647)::bigint) FROM order_line
        UNION ALL SELECT 'promotion', count(*), sum(roll((customer_id * 512::bigint + product_id) * 512 + (lower(period) - submitted_on), 145, 2147483647)::bigint + cost) FROM promotion
        UNION ALL SELECT 'spend', count(*), sum(roll(customer_id * 64::bigint + extract(month FROM month)::int, 146, 2147483647)::bigint + amount) FROM trade_spend
      ) AS f) AS w;
COMMENT ON VIEW summary IS
  'How much there is, and a checksum over all rows: the same on every machine for the same scale';

COMMIT;

ANALYZE demo.territory, demo.city, demo.agent, demo.route, demo.category, demo.product, demo.channel,
  demo.holiday, demo.customer, demo.outlet, demo.plan, demo.plan_line, demo.programme, demo.programme_tier,
  demo.programme_mix, demo.programme_customer, demo.programme_payment;

SELECT format('The demo company: %s customers, %s outlets, %s products, %s delivery lines, total %s EUR, checksum %s',
              customers, outlets, products, to_char(lines, 'FM999,999,999'),
              to_char(total, 'FM999,999,999,990.00'), checksum) AS demo_made
FROM demo.summary \gset
\echo :demo_made
\set QUIET :quiet_before
