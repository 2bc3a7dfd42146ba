-- The key accounts of the demo company, read in by company.sql: the five goals of the year, what was ordered
-- and when it was promised, what the customers buy in all, promotions and what they cost.

CREATE TABLE account_goal (
  customer_id int NOT NULL REFERENCES customer,
  year        daterange NOT NULL,
  share       numeric(4,3) NOT NULL,
  execution   numeric(4,3) NOT NULL,
  profit      numeric(12,2) NOT NULL,
  fill_rate   numeric(4,3) NOT NULL,
  PRIMARY KEY (customer_id, year)
);
COMMENT ON TABLE  account_goal IS
  'Goals of the key accounts beside the sales of the plan; the key accounts are the supermarket and convenience chains with a plan';
COMMENT ON COLUMN account_goal.share IS 'Our part of what the customer buys';
COMMENT ON COLUMN account_goal.execution IS 'Must-stock positions that should be on the shelf';
COMMENT ON COLUMN account_goal.profit IS 'Margin of the year less what is spent on the customer';
COMMENT ON COLUMN account_goal.fill_rate IS 'What should be delivered in full and in time';

INSERT INTO account_goal
SELECT customer_id, period, (22 + roll(customer_id, 125, 18)) / 100.0, (70 + roll(customer_id, 126, 15)) / 100.0,
       round(target * (17 + roll(customer_id, 127, 5)) / 100, -2), 0.95
FROM plan
JOIN customer USING (customer_id)
CROSS JOIN setting
WHERE channel_id <= 2 AND period = plan_year;

CREATE TABLE market (
  customer_id int NOT NULL REFERENCES customer,
  year        daterange NOT NULL,
  purchases   numeric(12,2) NOT NULL,
  PRIMARY KEY (customer_id, year)
);
COMMENT ON TABLE  market IS 'What the key accounts buy of our categories, from everybody';
COMMENT ON COLUMN market.purchases IS 'Of the same days for both years: January to as_of';

INSERT INTO market
SELECT customer_id, y.year, round(sum(amount) * 100 / (20 + roll(customer_id, 128, 25) + (roll(customer_id, 129, 9) - 4) * n), -2)
FROM setting
CROSS JOIN LATERAL (VALUES (1, plan_year), (0, daterange((lower(plan_year) - interval '1 year')::date, lower(plan_year)))) AS y (n, year)
CROSS JOIN account_goal
JOIN delivery_line USING (customer_id)
WHERE sold_on >= lower(y.year) AND sold_on <= as_of - CASE n WHEN 1 THEN 0 ELSE 365 END
GROUP BY customer_id, y.year, n
HAVING sum(amount) > 0;


-- What was ordered: mostly what was delivered; one line in twelve was cut, one delivery in twenty came late.
CREATE TABLE order_line (
  note_no      int NOT NULL,
  line_no      int NOT NULL,
  customer_id  int NOT NULL REFERENCES customer,
  product_id   int NOT NULL REFERENCES product,
  promised_on  date NOT NULL,
  ordered      int NOT NULL,
  delivered_on date,
  delivered    int NOT NULL,
  price        numeric(12,2) NOT NULL,
  PRIMARY KEY (note_no, line_no)
);
COMMENT ON TABLE order_line IS 'What the key accounts ordered in the last closed quarter, beside what they got';

INSERT INTO order_line
SELECT note_no, line_no, customer_id, product_id, sold_on - CASE WHEN roll(note_no, 130, 20) = 0 THEN 1 + roll(note_no, 131, 3) ELSE 0 END,
       quantity + CASE WHEN roll(note_no * 64::bigint + line_no, 132, 12) = 0 THEN 1 + quantity * roll(note_no * 64::bigint + line_no, 133, 60) / 100 ELSE 0 END,
       sold_on, quantity, price
FROM delivery_line
JOIN account_goal USING (customer_id)
WHERE sold_on >= '2025-07-01' AND sold_on < '2025-10-01' AND quantity > 0;


CREATE TABLE promotion (
  promotion_id int PRIMARY KEY,
  customer_id  int NOT NULL REFERENCES customer,
  product_id   int NOT NULL REFERENCES product,
  initiator    text NOT NULL CHECK (initiator IN ('company', 'customer')),
  submitted_on date NOT NULL,
  period       daterange NOT NULL,
  cost         numeric(12,2) NOT NULL
);
COMMENT ON TABLE promotion IS 'Promotions at key accounts in 2025';

INSERT INTO promotion
SELECT row_number() OVER (ORDER BY starts_on, customer_id, n), customer_id, product_id,
       CASE WHEN roll(seed, 134, 3) = 0 THEN 'customer' ELSE 'company' END,
       starts_on - CASE roll(seed, 134, 3) WHEN 0 THEN 4 + roll(seed, 135, 14) ELSE 20 + roll(seed, 135, 50) END,
       daterange(starts_on, starts_on + 14), 80 + roll(seed, 136, 30) * 15
FROM (SELECT customer_id, n, customer_id * 16::bigint + n AS seed, date '2025-01-13' + n * 28 + roll(customer_id * 16::bigint + n, 137, 20) AS starts_on,
             (SELECT product_id FROM must_stock WHERE must_stock.channel_id = customer.channel_id
              ORDER BY roll(customer.customer_id * 16::bigint + n + must_stock.product_id * 8192::bigint, 138, 100000), product_id LIMIT 1) AS product_id
      FROM account_goal JOIN customer USING (customer_id), generate_series(0, 8) AS n) AS p
WHERE roll(seed, 139, 5) < 3 AND starts_on + 14 <= (SELECT as_of FROM setting);


CREATE TABLE trade_spend (
  customer_id int NOT NULL REFERENCES customer,
  month       date NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('listing', 'promotion', 'display')),
  amount      numeric(12,2) NOT NULL,
  PRIMARY KEY (customer_id, month, kind)
);
COMMENT ON TABLE  trade_spend IS 'What is spent on a key account in a month';
COMMENT ON COLUMN trade_spend.kind IS 'listing is fixed; promotion and display vary with what is done';

INSERT INTO trade_spend
SELECT customer_id, month, 'promotion', sum(cost)
FROM (SELECT customer_id, date_trunc('month', lower(period))::date AS month, cost FROM promotion) AS p
GROUP BY customer_id, month;
INSERT INTO trade_spend
SELECT customer_id, month::date, kind, 40 + roll(customer_id * 32::bigint + extract(month FROM month)::int * 2 + k, 140, 20) * 10
FROM account_goal
CROSS JOIN setting
CROSS JOIN LATERAL generate_series(lower(plan_year)::timestamp, as_of, '1 month') AS month
CROSS JOIN (VALUES (0, 'listing'), (1, 'display')) AS k (k, kind)
WHERE k = 0 OR roll(customer_id * 32::bigint + extract(month FROM month)::int, 141, 3) = 0;

ANALYZE account_goal, market, order_line, promotion, trade_spend;

