-- Price, volume and mix as an analyst asks for them

CREATE TABLE product (category text, name text, quantity_before numeric, amount_before numeric(12, 2), quantity_now numeric, amount_now numeric(12, 2));
INSERT INTO product VALUES
  ('juice', 'apple', 100, 1000, 120, 1320),
  ('juice', 'pear', 50, 1000, 40, 840),
  ('water', 'still', 200, 400, 260, 520),
  ('water', 'lemon', NULL, NULL, 30, 90),
  ('water', 'old', 10, 50, NULL, NULL);

SELECT (pvm(quantity_before, amount_before, quantity_now, amount_now)).* FROM product;
SELECT (pvm(quantity_before, amount_before, quantity_now, amount_now)).* FROM product WHERE quantity_before > 0 AND quantity_now > 0 AND category = 'juice';

-- By category: the lines add up in all but volume and mix
SELECT category, r.*
FROM (SELECT category, pvm(quantity_before, amount_before, quantity_now, amount_now) AS p FROM product GROUP BY ROLLUP (category)) AS x, LATERAL (SELECT (p).*) AS r
ORDER BY category;

-- Straight from sales rows
CREATE TABLE sale (product text, sold_on date, quantity numeric, amount numeric);
INSERT INTO sale VALUES ('a', '2025-03-01', 10, 100), ('a', '2026-03-01', 12, 132), ('b', '2025-04-01', 5, 75), ('b', '2025-05-01', -1, -15), ('c', '2026-01-07', 2, 9.99);
SELECT (pvm(q0, a0, q1, a1)).*
FROM (SELECT sum(quantity) FILTER (WHERE sold_on <@ daterange '[2025-01-01,2026-01-01)') AS q0, sum(amount) FILTER (WHERE sold_on <@ daterange '[2025-01-01,2026-01-01)') AS a0,
        sum(quantity) FILTER (WHERE sold_on <@ daterange '[2026-01-01,2027-01-01)') AS q1, sum(amount) FILTER (WHERE sold_on <@ daterange '[2026-01-01,2027-01-01)') AS a1
      FROM sale GROUP BY product) AS p;

SELECT pvm(1, 2, 3, 4), pvm(NULL, NULL, NULL, NULL) AS nothing;
SELECT pvm(1, 2, 3, 4) FROM product WHERE false;
SELECT pvm('NaN', 2, 3, 4);

DROP TABLE product, sale;
