-- The model of the demo company (load company.sql first): its tables bound, its plans copied in, its settings.
--
--     psql -X -f model.sql
--
-- This is what a database administrator writes for a company of his own. kam is expected in a schema "kam" (or in
-- public); the model goes into a new schema "crm", and SELECT kam_drop_model('crm') takes it away again. A source
-- that the company has no table for stays unbound: its columns are NULL in the reports, never 0.

\set ON_ERROR_STOP on
\set quiet_before :QUIET
\set QUIET on
\o /dev/null

BEGIN;
SET LOCAL search_path = demo, kam, public;

SELECT kam_create_model('crm', 'integer');


-- ---------------------------------------------------------------------------------------------
-- Sources: one query each. Columns are found by their names, in any order
-- ---------------------------------------------------------------------------------------------

-- Who sold it is who drives the route of the outlet. LEFT JOIN on primary keys: PostgreSQL leaves these joins
-- out of every report that does not ask for the person.
SELECT kam_bind('crm', 'sale', $$
  SELECT line.customer_id, line.outlet_id, product_id, sold_on, amount, quantity, cost,
         agent_id AS person_id, note_no AS document_no
  FROM delivery_line AS line
  LEFT JOIN outlet ON outlet.outlet_id = line.outlet_id
  LEFT JOIN route ON route.route_id = outlet.route_id $$);

-- Customers are who buys and who could: an outlet of the census that belongs to nobody we know is a customer to
-- be won, under the number of the outlet. A contract runs up to its last day, so the range includes it: '[]'.
SELECT kam_bind('crm', 'customer', $$
  SELECT customer_id, customer AS name, channel, territory, agent_id AS person_id, discount AS base_discount,
         contract_from AS since, daterange(contract_from, contract_to, '[]') AS contract, NULL::boolean AS of_interest
  FROM customer
  JOIN channel USING (channel_id)
  JOIN agent USING (agent_id)
  JOIN territory USING (territory_id)
  UNION ALL
  SELECT outlet_id, outlet, channel, territory, agent_id, NULL, NULL, NULL, true
  FROM census
  JOIN channel USING (channel_id)
  JOIN route USING (route_id)
  JOIN agent USING (agent_id)
  JOIN territory USING (territory_id)
  WHERE NOT EXISTS (SELECT FROM outlet WHERE outlet.outlet_id = census.outlet_id) $$);

-- Outlets of the customers, and of those to be won: UNION ALL rather than coalesce(customer_id, outlet_id), so that
-- PostgreSQL finds the outlets of a customer by an index. Potential is wanted by the year, and the census has it by
-- the month.
SELECT kam_bind('crm', 'outlet', $$
  SELECT outlet_id, customer_id, census.outlet AS name, channel AS outlet_type,
         channel, territory, route, agent_id AS person_id, opened_on, closed_on, 12 * potential AS potential
  FROM (SELECT outlet_id, customer_id, opened_on FROM outlet
        UNION ALL
        SELECT outlet_id, outlet_id, NULL FROM census
        WHERE NOT EXISTS (SELECT FROM outlet WHERE outlet.outlet_id = census.outlet_id)) AS place
  JOIN census USING (outlet_id)
  JOIN channel USING (channel_id)
  JOIN route ON route.route_id = census.route_id
  JOIN agent USING (agent_id)
  JOIN territory USING (territory_id) $$);

SELECT kam_bind('crm', 'product', $$
  SELECT product_id, product AS name, category, brand, unit_cost, list_price AS price, daterange(launched_on, NULL) AS on_sale
  FROM product
  JOIN category USING (category_id) $$);

-- The agents of a territory are a team.
SELECT kam_bind('crm', 'person', $$
  SELECT agent_id AS person_id, agent AS name, 'sales agent' AS role, territory AS team, territory
  FROM agent
  JOIN territory USING (territory_id) $$);

SELECT kam_bind('crm', 'visit_plan', $$
  SELECT outlet_id, planned_on, agent_id AS person_id
  FROM visit_plan $$);

SELECT kam_bind('crm', 'route_cost', $$
  SELECT agent_id AS person_id, daterange(month, (month + interval '1 month')::date) AS period, wage, car, fuel
  FROM agent_cost $$);

-- The must-stock list is the company's planogram.
SELECT kam_bind('crm', 'audit', $$
  SELECT outlet_id, audited_on, product_id, present, present AS on_planogram
  FROM audit $$);

-- The day of the order is not kept: the promised one stands for it.
SELECT kam_bind('crm', 'order_line', $$
  SELECT note_no AS order_no, customer_id, product_id, promised_on AS ordered_on, promised_on, ordered, delivered_on, delivered,
         ordered * price AS ordered_amount, delivered * price AS delivered_amount
  FROM order_line $$);

-- What is open on an invoice is its amount less the payments; it was paid on the day of the last of them. LATERAL
-- looks up the payments of the invoices that are asked for, and no others.
SELECT kam_bind('crm', 'receivable', $$
  SELECT invoice_no, customer_id, invoiced_on, due_on, deferred, amount, amount - coalesce(paid, 0) AS open_amount,
         CASE WHEN paid >= amount THEN last_paid_on END AS paid_on
  FROM invoice
  CROSS JOIN LATERAL (SELECT sum(payment.amount) AS paid, max(paid_on) AS last_paid_on
                      FROM payment WHERE payment.invoice_no = invoice.invoice_no) AS p $$);

SELECT kam_bind('crm', 'payment', $$
  SELECT customer_id, paid_on, payment.amount, invoice_no
  FROM payment
  JOIN invoice USING (invoice_no) $$);

SELECT kam_bind('crm', 'payment_plan', $$
  SELECT customer_id, due_on, amount
  FROM invoice
  WHERE amount > 0 $$);

SELECT kam_bind('crm', 'promo', $$
  SELECT promotion_id AS promo_id, customer_id, product_id, lower(period) AS starts_on, upper(period) - 1 AS ends_on,
         submitted_on, initiator, cost AS spend
  FROM promotion $$);

SELECT kam_bind('crm', 'trade_spend', $$
  SELECT customer_id, month AS spent_on, amount, kind, kind = 'listing' AS fixed
  FROM trade_spend $$);

-- The purchases of both years are those of the same days, up to as_of.
SELECT kam_bind('crm', 'market', $$
  SELECT customer_id, daterange(lower(year), (lower(year) + age(as_of + 1, lower(plan_year)))::date) AS period, purchases AS amount
  FROM market
  CROSS JOIN setting $$);


-- ---------------------------------------------------------------------------------------------
-- Settings: how the company reads its reports
-- ---------------------------------------------------------------------------------------------

-- Nothing is delivered at weekends and on holidays. Seasons differ, so customers are compared with the same months
-- of the year before. An order is productive from 100 EUR and two products on.
UPDATE crm.setting
SET (as_of, period) = (SELECT as_of, plan_year FROM setting),
    calendar = (SELECT work_calendar_agg('{sat,sun}', day) FROM holiday),
    tolerance = 0.02, goal_tolerance = 0.05,
    compare = 'season', churn_tolerance = 0.10,
    min_amount = 100, min_products = 2, min_category_products = 3;


-- ---------------------------------------------------------------------------------------------
-- Plans: rows of the model's own tables
-- ---------------------------------------------------------------------------------------------

-- In the model a table may have the name of one of the company's: write the schema before it.
INSERT INTO crm.plan (customer_id, period, launched_on)
SELECT customer_id, period, launched_on
FROM demo.plan
ORDER BY customer_id, period;

-- The targets of a plan: in all, by category, and of the key accounts the other four of their five goals.
INSERT INTO crm.plan_line (plan_id, parameter, key, measure, target)
SELECT plan_id, parameter, key, measure, target
FROM crm.plan
JOIN (SELECT customer_id, period, 1 AS place, 'total' AS parameter, '' AS key, 'amount' AS measure, target FROM demo.plan
      UNION ALL
      SELECT customer_id, period, 1 + category_id, 'category', category, 'amount', target FROM demo.plan_line JOIN category USING (category_id)
      UNION ALL
      SELECT customer_id, year, place, 'total', '', measure, target
      FROM account_goal
      CROSS JOIN LATERAL (VALUES (11, 'market_share', share), (12, 'execution', execution), (13, 'margin', profit), (14, 'fill_rate', fill_rate))
                 AS goal (place, measure, target)) AS line USING (customer_id, period)
ORDER BY plan_id, place;

-- Key accounts: who they are, in which group, and who looks after them.
INSERT INTO crm.kam_member (customer_id, kam_group, valid)
SELECT customer_id, CASE channel WHEN 'Supermarket chain' THEN 'strategic' ELSE 'growth' END, daterange(lower(year), NULL)
FROM account_goal
JOIN customer USING (customer_id)
JOIN channel USING (channel_id);

INSERT INTO crm.kam_assignment (customer_id, person_id, valid)
SELECT customer_id, agent_id, daterange(contract_from, NULL)
FROM account_goal
JOIN customer USING (customer_id);

-- What they agreed to: to have every product of the must-stock list, in every outlet that is audited.
INSERT INTO crm.mml (channel, product_id)
SELECT channel, product_id
FROM must_stock
JOIN channel USING (channel_id);

INSERT INTO crm.agreement (customer_id, period, signed_on)
SELECT customer_id, year, lower(year)
FROM account_goal;

INSERT INTO crm.agreement_item (agreement_id, side, kind, description)
SELECT agreement_id, 'customer', 'listing', product
FROM crm.agreement
JOIN customer USING (customer_id)
JOIN must_stock USING (channel_id)
JOIN product USING (product_id)
ORDER BY agreement_id, product_id;

INSERT INTO crm.agreement_check (item_id, outlet_id, checked_on, executed)
SELECT item_id, outlet_id, audited_on, present
FROM audit
JOIN product USING (product_id)
JOIN outlet USING (outlet_id)
JOIN crm.agreement USING (customer_id)
JOIN crm.agreement_item ON agreement_item.agreement_id = agreement.agreement_id AND description = product;

-- Goals of indicators that are the same for all
INSERT INTO crm.kpi_goal (kpi, goal) VALUES ('evenness', 0.90), ('fill_rate', 0.95), ('overdue_share', 0.10);


-- ---------------------------------------------------------------------------------------------
-- Programmes: their ladders, the mix they ask for, who takes part, what was paid
-- ---------------------------------------------------------------------------------------------

INSERT INTO crm.programme (programme_id, name, kind, period, parameter, key, mode, combine, cap)
SELECT programme_id, programme, 'tiered', period, CASE WHEN category IS NULL THEN 'total' ELSE 'category' END, coalesce(category, ''),
       mode, combine, cap
FROM demo.programme
LEFT JOIN category USING (category_id);

INSERT INTO crm.programme_tier (programme_id, threshold, rate, fixed)
SELECT programme_id, threshold, rate, fixed
FROM demo.programme_tier;

INSERT INTO crm.programme_parameter (programme_id, name, parameter, key, measure, target, weight)
SELECT programme_id, category || ', share of purchases', 'category', category, 'share', least_share, weight
FROM programme_mix
JOIN category USING (category_id);

INSERT INTO crm.programme_customer (programme_id, customer_id)
SELECT programme_id, customer_id
FROM demo.programme_customer;

-- A gate is met or not; who decides it is the company.
INSERT INTO crm.programme_gate (programme_id, customer_id, name, met)
SELECT programme_id, customer_id, format('past due below %s %%', trim_scale(100 * overdue_limit)), overdue_share < overdue_limit
FROM demo.programme_customer
JOIN demo.programme USING (programme_id)
WHERE overdue_limit IS NOT NULL;

INSERT INTO crm.programme_payment (programme_id, customer_id, paid_on, amount)
SELECT programme_id, customer_id, paid_on, amount
FROM demo.programme_payment;

-- Agents get a bonus on the first month of an outlet that they win, by its type, and lose it when the outlet shrinks
-- in the four months after.
INSERT INTO crm.retention_programme (name, period)
SELECT 'Welcome bonus', plan_year
FROM setting;

INSERT INTO crm.retention_rate (retention_programme_id, outlet_type, multiplier)
SELECT retention_programme_id, channel, welcome_bonus
FROM crm.retention_programme, channel;

COMMIT;

ANALYZE crm.plan, crm.plan_line, crm.kam_member, crm.kam_assignment, crm.mml, crm.agreement, crm.agreement_item, crm.agreement_check,
  crm.programme, crm.programme_tier, crm.programme_parameter, crm.programme_customer, crm.programme_gate, crm.programme_payment,
  crm.retention_programme, crm.retention_rate;

\o
\set QUIET :quiet_before
