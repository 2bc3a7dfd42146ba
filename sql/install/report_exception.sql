-- Report of a model: what in the data contradicts the model

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2300, 'report', 'data_exceptions', '{sale,customer,outlet,product,person}', 'rows that break what the model relies on: keys that are missing, unknown or not unique, impossible dates, plans and members outside the base', $columns$
kind: what is wrong
source: the source or table
key: of what, as text; the missing or unknown key
rows: how many rows
amount: their sales, of source sale
first_on: first day of them
last_on: last day of them
message: what it means for the reports
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
sold AS MATERIALIZED (
  SELECT grouping(outlet_id, product_id) AS part, customer_id, outlet_id, product_id, person_id, count(*) AS rows, sum(amount) AS amount,
         min(sold_on) AS first_on, max(sold_on) AS last_on,
         count(*) FILTER (WHERE sold_on IS NULL) AS no_date,
         count(*) FILTER (WHERE NOT sold_on BETWEEN '0001-01-01' AND '9999-12-31') AS bad_date,
         count(*) FILTER (WHERE amount IS NULL) AS no_amount,
         count(*) FILTER (WHERE NOT (amount > '-infinity' AND amount < 'infinity')) AS bad_amount
  FROM sale GROUP BY GROUPING SETS ((customer_id, outlet_id), (product_id), (person_id))),
found AS (
  SELECT x.kind, 'sale' AS source, x.key, x.rows, s.amount, s.first_on, s.last_on, x.message
  FROM sold AS s
  CROSS JOIN LATERAL (VALUES
    (1, 'customer_missing', '', CASE WHEN s.customer_id IS NULL THEN s.rows END, 'left out of the reports by customer'),
    (1, 'outlet_missing', '', CASE WHEN s.outlet_id IS NULL THEN s.rows END, 'left out of the reports by outlet'),
    (2, 'product_missing', '', CASE WHEN s.product_id IS NULL THEN s.rows END, 'left out of the reports by product'),
    (1, 'date_missing', coalesce(s.customer_id::text, ''), nullif(s.no_date, 0), 'left out of all reports'),
    (1, 'date_impossible', coalesce(s.customer_id::text, ''), nullif(s.bad_date, 0), 'left out of all reports'),
    (1, 'amount_missing', coalesce(s.customer_id::text, ''), nullif(s.no_amount, 0), 'counted without an amount'),
    (1, 'amount_impossible', coalesce(s.customer_id::text, ''), nullif(s.bad_amount, 0), 'NaN or infinite: the reports that read it fail')) AS x (part, kind, key, rows, message)
  WHERE x.part = s.part AND x.rows > 0
UNION ALL
  SELECT 'customer_unknown' AS kind, 'sale' AS source, s.customer_id::text AS key, s.rows, s.amount, s.first_on, s.last_on, 'in the reports without a name' AS message
  FROM sold AS s JOIN asked AS a ON s.part = 1 AND 'customer' = ANY (a.bound)
  WHERE s.customer_id IS NOT NULL AND NOT EXISTS (SELECT FROM customer AS k WHERE k.customer_id = s.customer_id)
UNION ALL
  SELECT 'outlet_unknown' AS kind, 'sale' AS source, s.outlet_id::text AS key, s.rows, s.amount, s.first_on, s.last_on, 'sales outside the general base' AS message
  FROM sold AS s JOIN asked AS a ON s.part = 1 AND 'outlet' = ANY (a.bound)
  WHERE s.outlet_id IS NOT NULL AND NOT EXISTS (SELECT FROM outlet AS o WHERE o.outlet_id = s.outlet_id)
UNION ALL
  SELECT 'outlet_of_other_customer' AS kind, 'sale' AS source, s.outlet_id::text AS key, s.rows, s.amount, s.first_on, s.last_on, 'sold to one customer, in the outlet of another' AS message
  FROM sold AS s JOIN outlet AS o ON s.part = 1 AND o.outlet_id = s.outlet_id WHERE o.customer_id <> s.customer_id
UNION ALL
  SELECT 'product_unknown' AS kind, 'sale' AS source, s.product_id::text AS key, s.rows, s.amount, s.first_on, s.last_on, 'in no category or brand' AS message
  FROM sold AS s JOIN asked AS a ON s.part = 2 AND 'product' = ANY (a.bound)
  WHERE s.product_id IS NOT NULL AND NOT EXISTS (SELECT FROM product AS g WHERE g.product_id = s.product_id)
UNION ALL
  SELECT 'person_unknown' AS kind, 'sale' AS source, s.person_id::text AS key, s.rows, s.amount, s.first_on, s.last_on, 'in no team' AS message
  FROM sold AS s JOIN asked AS a ON s.part = 3 AND 'person' = ANY (a.bound)
  WHERE s.person_id IS NOT NULL AND NOT EXISTS (SELECT FROM person AS p WHERE p.person_id = s.person_id)
UNION ALL
  SELECT 'key_missing' AS kind, x.source, '' AS key, count(*) AS rows, NULL AS amount, NULL AS first_on, NULL AS last_on, 'found by nothing' AS message
  FROM (SELECT 'customer' AS source FROM customer WHERE customer_id IS NULL UNION ALL SELECT 'outlet' AS source FROM outlet WHERE outlet_id IS NULL UNION ALL
        SELECT 'product' AS source FROM product WHERE product_id IS NULL UNION ALL SELECT 'person' AS source FROM person WHERE person_id IS NULL) AS x GROUP BY x.source
UNION ALL
  SELECT 'key_twice' AS kind, x.source, x.key, count(*) AS rows, NULL AS amount, NULL AS first_on, NULL AS last_on, 'what is joined to it counts more than once' AS message
  FROM (SELECT 'customer' AS source, customer_id::text AS key FROM customer UNION ALL SELECT 'outlet' AS source, outlet_id::text AS key FROM outlet UNION ALL
        SELECT 'product' AS source, product_id::text AS key FROM product UNION ALL SELECT 'person' AS source, person_id::text AS key FROM person) AS x
  WHERE x.key IS NOT NULL GROUP BY x.source, x.key HAVING count(*) > 1
UNION ALL
  SELECT 'customer_unknown' AS kind, 'outlet' AS source, o.customer_id::text AS key, 1 AS rows, NULL AS amount, NULL AS first_on, NULL AS last_on, 'an outlet of nobody' AS message
  FROM outlet AS o JOIN asked AS a ON 'customer' = ANY (a.bound)
  WHERE NOT EXISTS (SELECT FROM customer AS k WHERE k.customer_id = o.customer_id)
UNION ALL
  SELECT 'outlet_unknown' AS kind, x.source, x.outlet_id::text AS key, 1 AS rows, NULL AS amount, x.day AS first_on, x.day AS last_on, 'a visit to nowhere' AS message
  FROM (SELECT 'visit' AS source, outlet_id, visited_on AS day FROM visit UNION ALL SELECT 'visit_plan' AS source, outlet_id, planned_on AS day FROM visit_plan) AS x
  JOIN asked AS a ON 'outlet' = ANY (a.bound)
  WHERE NOT EXISTS (SELECT FROM outlet AS o WHERE o.outlet_id = x.outlet_id)
UNION ALL
  SELECT 'customer_unknown' AS kind, x.source, x.customer_id::text AS key, 1 AS rows, NULL AS amount, x.first_on, x.last_on, 'outside the base' AS message
  FROM (SELECT 'plan' AS source, customer_id, lower(period) AS first_on, upper(period) - 1 AS last_on FROM plan UNION ALL
        SELECT 'kam_member' AS source, customer_id, lower(valid) AS first_on, upper(valid) - 1 AS last_on FROM kam_member UNION ALL
        SELECT 'kam_assignment' AS source, customer_id, lower(valid) AS first_on, upper(valid) - 1 AS last_on FROM kam_assignment UNION ALL
        SELECT 'agreement' AS source, customer_id, lower(period) AS first_on, upper(period) - 1 AS last_on FROM agreement UNION ALL
        SELECT 'programme_customer' AS source, customer_id, NULL AS first_on, NULL AS last_on FROM programme_customer) AS x
  JOIN asked AS a ON 'customer' = ANY (a.bound)
  WHERE NOT EXISTS (SELECT FROM customer AS k WHERE k.customer_id = x.customer_id)
UNION ALL
  SELECT 'key_unknown' AS kind, 'plan_line' AS source, concat_ws(' ', l.parameter, l.key) AS key, 1 AS rows, NULL AS amount, lower(p.period) AS first_on, upper(p.period) - 1 AS last_on, 'a target of nothing that is sold' AS message
  FROM plan_line AS l JOIN plan AS p ON p.plan_id = l.plan_id
  JOIN asked AS a ON 'product' = ANY (a.bound) AND (l.parameter = 'product' OR 'product.' || l.parameter = ANY (a.bound))
  WHERE l.parameter <> 'total' AND NOT EXISTS (
    SELECT FROM product AS g WHERE l.key = CASE l.parameter WHEN 'category' THEN g.category WHEN 'brand' THEN g.brand ELSE g.product_id::text END)
UNION ALL
  SELECT 'line_twice' AS kind, 'plan_line' AS source, concat_ws(' ', p.customer_id::text, l.parameter, l.key, l.measure) AS key, 2 AS rows, NULL AS amount, lower(p.period * q.period) AS first_on, upper(p.period * q.period) - 1 AS last_on, 'two plans of one kind have a target for the same days' AS message
  FROM plan AS p JOIN plan_line AS l ON l.plan_id = p.plan_id
  JOIN plan AS q ON q.customer_id = p.customer_id AND q.kind = p.kind AND q.plan_id > p.plan_id AND q.period && p.period AND q.status <> 'draft'
  JOIN plan_line AS m ON m.plan_id = q.plan_id AND m.parameter = l.parameter AND m.key = l.key AND m.measure = l.measure
  WHERE p.status <> 'draft'
UNION ALL
  SELECT 'manager_missing' AS kind, 'kam_member' AS source, m.customer_id::text AS key, 1 AS rows, NULL AS amount, lower(m.valid) AS first_on, upper(m.valid) - 1 AS last_on, 'a key account that nobody looks after' AS message
  FROM kam_member AS m JOIN asked AS a ON m.valid @> a.as_of
  WHERE NOT EXISTS (SELECT FROM kam_assignment AS g WHERE g.customer_id = m.customer_id AND g.role = 'manager' AND g.valid @> a.as_of))
SELECT f.kind, f.source, f.key, sum(f.rows)::bigint AS rows, sum(f.amount) AS amount, min(f.first_on) AS first_on, max(f.last_on) AS last_on, f.message, a.as_of
FROM found AS f CROSS JOIN asked AS a
GROUP BY f.kind, f.source, f.key, f.message, a.as_of
$body$);
