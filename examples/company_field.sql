-- The field work of the demo company, read in by company.sql: the census of its territories, planned
-- visits, audits of the must-stock list, what agents cost, invoices and payments.

CREATE TABLE census (
  outlet_id   int PRIMARY KEY,
  outlet      text NOT NULL,
  channel_id  int NOT NULL REFERENCES channel,
  city_id     int NOT NULL REFERENCES city,
  route_id    int NOT NULL REFERENCES route,
  potential   numeric(12,2) NOT NULL,
  surveyed_on date NOT NULL,
  closed_on   date
);
COMMENT ON TABLE  census IS
  'Every outlet of the territories that could buy: those of the customers under their own number, others from 100001 on';
COMMENT ON COLUMN census.potential IS 'What it could buy in a month, net';
COMMENT ON COLUMN census.surveyed_on IS 'When somebody looked';
COMMENT ON COLUMN census.closed_on IS 'Last day, NULL when it is open';

INSERT INTO census
SELECT outlet_id, outlet, channel_id, city_id, outlet.route_id,
       round(outlet_base * (90 + roll(outlet_seed, 100, 81)) / 10000.0, 2),
       date '2025-02-01' + roll(outlet_seed, 101, 120), closed_on
FROM outlet
JOIN place_of_sale USING (outlet_id, city_id);

-- Beside every third outlet of a customer stands one that buys from somebody else.
INSERT INTO census
SELECT 100000 + row_number() OVER (ORDER BY outlet_id),
       (ARRAY['Old Town','Harbour','Market','Station','Hillside','Park'])[1 + roll(outlet_seed, 102, 6)] || ' '
         || channel || ' ' || city || ' ' || outlet_id,
       channel_id, city_id, outlet.route_id, round(outlet_base * (40 + roll(outlet_seed, 103, 101)) / 10000.0, 2),
       date '2025-02-01' + roll(outlet_seed, 104, 120), NULL
FROM outlet
JOIN place_of_sale USING (outlet_id, city_id)
JOIN channel USING (channel_id)
JOIN city USING (city_id)
WHERE roll(outlet_seed, 105, 3) = 0 AND closed_on IS NULL AND channel_id > 3;


-- Visits of 2025, on the weekday of the route: every second week to wholesalers and kiosks, every week
-- to the other open outlets but for one in thirty, and once a month to every fourth of those that do not
-- buy yet.
CREATE TABLE visit_plan (
  outlet_id  int NOT NULL REFERENCES census,
  agent_id   int NOT NULL REFERENCES agent,
  planned_on date NOT NULL,
  PRIMARY KEY (outlet_id, planned_on)
);
COMMENT ON TABLE visit_plan IS 'Which agent should be where, and when';

INSERT INTO visit_plan
SELECT outlet_id, agent_id, day
FROM setting
CROSS JOIN (SELECT census.*, outlet.outlet_id IS NOT NULL AS customer_of_ours, opened_on,
                   CASE WHEN outlet.outlet_id IS NULL THEN 4 WHEN channel_id <= 7 THEN 1 ELSE 2 END AS weeks
            FROM census LEFT JOIN outlet USING (outlet_id)) AS known
JOIN route USING (route_id)
CROSS JOIN LATERAL (SELECT lower(plan_year) + 7 * (week * weeks + roll(outlet_id, 106, weeks))
                           + (weekday - extract(isodow FROM lower(plan_year))::int + 7) % 7 AS day
                    FROM generate_series(0, 51 / weeks) AS week) AS round
WHERE day < upper(plan_year) AND day > coalesce(opened_on, day - 1) AND day <= coalesce(closed_on, day)
  AND CASE WHEN customer_of_ours THEN roll(outlet_id, 107, 30) > 0 ELSE roll(outlet_id, 107, 4) = 0 END
  AND day NOT IN (SELECT holiday.day FROM holiday);


CREATE TABLE agent_cost (
  agent_id int NOT NULL REFERENCES agent,
  month    date NOT NULL,
  wage     numeric(12,2) NOT NULL,
  car      numeric(12,2) NOT NULL,
  fuel     numeric(12,2) NOT NULL,
  PRIMARY KEY (agent_id, month)
);
COMMENT ON TABLE  agent_cost IS 'What an agent costs in a month';
COMMENT ON COLUMN agent_cost.car IS 'Depreciation of the car';

INSERT INTO agent_cost
SELECT agent_id, month::date, 2200 + roll(agent_id, 108, 9) * 100, 260 + roll(agent_id, 109, 5) * 20,
       120 + roll(agent_id * 100 + extract(month FROM month)::int, 110, 80)
FROM setting, agent, generate_series(lower(plan_year)::timestamp, as_of, '1 month') AS month;


-- The eight products that a channel sells most are its must-stock list; every fifth outlet of the census
-- that is open was audited in the last closed quarter. Who did not buy a product lately shows it less often.
CREATE TABLE must_stock (
  channel_id int NOT NULL REFERENCES channel,
  product_id int NOT NULL REFERENCES product,
  PRIMARY KEY (channel_id, product_id)
);
COMMENT ON TABLE must_stock IS 'The must-stock list (MML): what an outlet of a channel should always have';

INSERT INTO must_stock
SELECT channel_id, product_id
FROM (SELECT channel_id, product_id, row_number() OVER (PARTITION BY channel_id ORDER BY sum(quantity) DESC, product_id) AS place
      FROM delivery_line JOIN customer USING (customer_id)
      WHERE sold_on >= '2025-01-01'
      GROUP BY channel_id, product_id) AS ranked
WHERE place <= 8;

CREATE TABLE audit (
  outlet_id  int NOT NULL REFERENCES census,
  audited_on date NOT NULL,
  product_id int NOT NULL REFERENCES product,
  present    boolean NOT NULL,
  PRIMARY KEY (outlet_id, audited_on, product_id)
);
COMMENT ON TABLE audit IS 'What was on the shelf when somebody looked';

INSERT INTO audit
SELECT outlet_id, date '2025-07-01' + roll(outlet_id, 111, 90), product_id,
       CASE WHEN bought.product_id IS NOT NULL THEN roll(outlet_id * 1000::bigint + product_id, 112, 100) < 98
            ELSE roll(outlet_id * 1000::bigint + product_id, 112, 100) < 55 END
FROM census
JOIN must_stock USING (channel_id)
LEFT JOIN (SELECT DISTINCT outlet_id, product_id FROM delivery_line
           WHERE sold_on >= '2025-05-01' AND sold_on < '2025-10-01') AS bought USING (outlet_id, product_id)
WHERE roll(outlet_id, 113, 5) = 0 AND closed_on IS NULL;


-- Invoices of 2025, one a delivery note; kiosks and corner shops pay on delivery. Three customers in ten
-- pay late as a habit.
CREATE TABLE invoice (
  invoice_no  int PRIMARY KEY,
  customer_id int NOT NULL REFERENCES customer,
  invoiced_on date NOT NULL,
  due_on      date NOT NULL,
  deferred    boolean NOT NULL,
  amount      numeric(12,2) NOT NULL
);
COMMENT ON TABLE  invoice IS 'What was invoiced for delivery notes; credit notes for returns are negative';
COMMENT ON COLUMN invoice.deferred IS 'False when it is paid on delivery';

INSERT INTO invoice
SELECT note_no, customer_id, sold_on,
       sold_on + CASE WHEN channel_id IN (7, 9) THEN 0 WHEN channel_id = 1 THEN 45 WHEN channel_id = 8 THEN 30 ELSE 21 END,
       channel_id NOT IN (7, 9), sum(amount)
FROM delivery_line
JOIN customer USING (customer_id)
WHERE sold_on >= '2025-01-01'
GROUP BY note_no, customer_id, sold_on, channel_id;
CREATE INDEX invoice_by_customer ON invoice (customer_id);

CREATE TABLE payment (
  invoice_no int NOT NULL REFERENCES invoice,
  paid_on    date NOT NULL,
  amount     numeric(12,2) NOT NULL,
  PRIMARY KEY (invoice_no, paid_on)
);
COMMENT ON TABLE payment IS 'What came in on an invoice';

INSERT INTO payment
SELECT invoice_no, paid_on, amount
FROM invoice
CROSS JOIN setting
CROSS JOIN LATERAL (SELECT due_on + CASE WHEN NOT deferred THEN 0
                           WHEN roll(customer_id, 114, 10) < 3 THEN roll(invoice_no, 115, 40)
                           ELSE roll(invoice_no, 115, 6) - 4 END AS paid_on) AS settled
WHERE amount > 0 AND paid_on <= as_of AND roll(invoice_no, 116, 200) > 0;

ANALYZE census, visit_plan, agent_cost, must_stock, audit, invoice, payment;

