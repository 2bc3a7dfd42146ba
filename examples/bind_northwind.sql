-- The model nw over Northwind in the schema northwind, as its script makes it: CREATE SCHEMA northwind, and then
-- PGOPTIONS='-c search_path=northwind' psql -f northwind.sql
-- What each statement decides is on the page doc/companies.md.

CREATE INDEX ON northwind.orders (customer_id, shipped_date);
CREATE INDEX ON northwind.orders (shipped_date);

SELECT kam_create_model('nw', 'text', product_key => 'smallint', person_key => 'smallint');

SELECT kam_bind('nw', 'sale', $$
  SELECT o.customer_id, o.customer_id AS outlet_id, d.product_id, o.shipped_date AS sold_on, p.price * d.quantity * (1 - p.discount) AS amount, d.quantity,
         p.price * d.quantity AS list_amount, p.price * d.quantity * p.discount AS discount, o.employee_id AS person_id, o.order_id::text AS document_no
  FROM northwind.orders AS o JOIN northwind.order_details AS d ON d.order_id = o.order_id
  CROSS JOIN LATERAL (SELECT d.unit_price::numeric AS price, d.discount::numeric AS discount) AS p
  WHERE o.shipped_date IS NOT NULL $$);

SELECT kam_bind('nw', 'order_line', $$
  SELECT o.order_id::text AS order_no, o.customer_id, d.product_id, o.order_date AS ordered_on, d.quantity AS ordered, s.quantity AS delivered,
         o.required_date AS promised_on, o.shipped_date AS delivered_on, p.price * d.quantity AS ordered_amount, p.price * s.quantity AS delivered_amount
  FROM northwind.orders AS o JOIN northwind.order_details AS d ON d.order_id = o.order_id
  CROSS JOIN LATERAL (SELECT d.unit_price::numeric * (1 - d.discount::numeric) AS price) AS p
  CROSS JOIN LATERAL (SELECT CASE WHEN o.shipped_date IS NULL THEN 0 ELSE d.quantity END AS quantity) AS s $$);

SELECT kam_bind('nw', 'customer', 'SELECT customer_id, company_name AS name, country AS territory FROM northwind.customers');
SELECT kam_bind('nw', 'outlet', 'SELECT customer_id AS outlet_id, customer_id FROM northwind.customers');
SELECT kam_bind('nw', 'contact', 'SELECT customer_id, contact_name AS name, contact_title AS role FROM northwind.customers');

SELECT kam_bind('nw', 'product', $$
  SELECT p.product_id, p.product_name AS name, c.category_name AS category, s.company_name AS brand, p.quantity_per_unit AS pack, p.unit_price::numeric AS price
  FROM northwind.products AS p
  LEFT JOIN northwind.categories AS c ON c.category_id = p.category_id
  LEFT JOIN northwind.suppliers AS s ON s.supplier_id = p.supplier_id $$);

SELECT kam_bind('nw', 'person', $$
  SELECT e.employee_id AS person_id, e.first_name || ' ' || e.last_name AS name, e.title AS role, r.territory AS team, r.territory, e.reports_to AS manager_id, e.hire_date AS joined_on
  FROM northwind.employees AS e
  LEFT JOIN (SELECT et.employee_id, min(r.region_description) AS territory FROM northwind.employee_territories AS et
             JOIN northwind.territories AS t ON t.territory_id = et.territory_id JOIN northwind.region AS r ON r.region_id = t.region_id
             GROUP BY et.employee_id) AS r ON r.employee_id = e.employee_id $$);
