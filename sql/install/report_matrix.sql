-- Report of a model: the KPI matrix

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2140, 'report', 'kpi_matrix', '{sale,sale.quantity,sale.cost,product.category,outlet,outlet.territory,outlet.person_id,visit_plan,route_cost,receivable,payment,payment_plan,audit,audit.on_planogram}', 'the 24 indicators of an active customer base by month, quarter and the whole period, of the company, of territories and of people', $columns$
dimension: all, territory or person
key: which, as text; '' for all
name: name of the person
grain: month, quarter, or period for all of it
bucket: the days; a month or quarter that the period cuts is cut, too
days: of these, those up to as_of, which the indicators are of
okb: general base: outlets in the census, and open in the bucket
pakb: planned base: of these, planned for a visit
akb: active base: outlets that bought
akb_monthly: active base of a month, the mean of the complete months
pakb_coverage: akb over pakb
pakb_coverage_strict: outlets that were planned and bought over pakb
okb_coverage: akb over okb
akb_stable: of the active base, those active in every complete month; NULL: no month is complete
stability: akb_stable over akb
systemic: outlets with productive orders for more than systemic_share of the planned visits
systemic_share: that over akb
akb_category: of the active base, those that took enough products of every category
category_coverage: that over akb
planned_visits: visits planned at outlets of the okb, a day once
orders: days with a delivery, summed over outlets
productive_orders: of these, with min_amount and min_products
visit_effectiveness: orders over planned_visits
visit_effectiveness_strict: orders of planned outlets over planned_visits
productive_effectiveness: productive_orders over planned_visits
visit_cost: wage, car and fuel over planned_visits
order_cost: wage, car and fuel over orders
order_margin: sales less cost of goods over orders
useful_income_share: (order_margin - order_cost) over order_margin
overdue_share: overdue over all open receivables, of buckets that have as_of in them
payment_discipline: paid over planned
payment_discipline_strict: the same by customer and day
planogram_coverage: audited outlets with the full standard on the planogram
mml_distribution: positions of the must-stock list that were present at the last audits
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, to_date(a.period * daterange(NULL, a.as_of + 1), a.as_of) AS days, date_trunc('month', (a.as_of + 1)::timestamp)::date AS open_month
  FROM {asked} AS a WHERE a.as_of >= lower(a.period)),
bucket AS MATERIALIZED (
  SELECT b.grain, b.start, b.bucket, b.bucket * a.days AS days,
         (SELECT count(*) FROM generate_series(date_trunc('month', lower(b.bucket)::timestamp), upper(b.bucket) - interval '1 day', interval '1 month') AS m
          WHERE m < a.open_month) AS months
  FROM asked AS a
  CROSS JOIN LATERAL (
    SELECT x.grain, m::date AS start, a.period * daterange(m::date, (m + x.step)::date) AS bucket
    FROM (VALUES ('month', interval '1 month'), ('quarter', '3 months')) AS x (grain, step)
    CROSS JOIN LATERAL unnest(ARRAY(SELECT g FROM generate_series(date_trunc(x.grain, lower(a.period)::timestamp), upper(a.days) - interval '1 day', x.step) AS g)) AS m
    UNION ALL
    SELECT 'period' AS grain, NULL AS start, a.period AS bucket) AS b),
category AS MATERIALIZED (
  SELECT g.product_id, g.category, count(*) OVER (PARTITION BY g.category) AS products
  FROM (SELECT g.product_id, min(g.category) AS category FROM product AS g GROUP BY g.product_id) AS g WHERE g.category IS NOT NULL),
sold AS MATERIALIZED (
  SELECT s.outlet_id, CASE grouping(s.month, s.quarter) WHEN 1 THEN 'month' WHEN 2 THEN 'quarter' ELSE 'period' END AS grain, coalesce(s.month, s.quarter) AS start,
         akb_active(s.amount, s.product_id, a.min_amount, nullif(a.min_products, 0), a.activity) AS active,
         akb_active(s.amount, NULL, a.activity) AS worked,
         order_days(s.amount, s.sold_on) AS orders,
         productive_orders(s.amount, s.product_id, s.sold_on, a.min_amount, nullif(a.min_products, 0), a.activity) AS productive,
         categories_worked(s.product_id, c.category, s.quantity, c.products, a.min_category_products, a.activity) AS categories,
         sum(s.amount - s.cost) AS margin
  FROM (SELECT s.outlet_id, s.product_id, s.sold_on, s.amount, s.quantity, s.cost,
               date_trunc('month', s.sold_on::timestamp)::date AS month, date_trunc('quarter', s.sold_on::timestamp)::date AS quarter
        FROM sale AS s JOIN asked AS a ON s.sold_on >= lower(a.days) AND s.sold_on < upper(a.days) WHERE s.outlet_id IS NOT NULL) AS s
  CROSS JOIN asked AS a
  LEFT JOIN category AS c ON c.product_id = s.product_id
  GROUP BY GROUPING SETS ((s.outlet_id, s.month), (s.outlet_id, s.quarter), (s.outlet_id))),
place AS MATERIALIZED (
  SELECT DISTINCT ON (o.outlet_id) o.outlet_id, o.opened_on, o.closed_on, o.channel, o.outlet_type,
         coalesce(o.territory, k.territory) AS territory, coalesce(o.person_id, k.person_id) AS person_id
  FROM outlet AS o LEFT JOIN customer AS k ON k.customer_id = o.customer_id
  WHERE o.outlet_id IS NOT NULL ORDER BY o.outlet_id, o.territory, o.person_id),
fact AS (
  SELECT s.outlet_id, s.grain, s.start, false AS listed, s.active, s.orders, s.productive, s.categories, s.margin, NULL::bigint AS visits, NULL::bigint AS worked
  FROM sold AS s
  UNION ALL
  SELECT s.outlet_id, b.grain, b.start, false AS listed, NULL AS active, NULL AS orders, NULL AS productive, NULL AS categories, NULL AS margin, NULL AS visits, count(*) AS worked
  FROM sold AS s CROSS JOIN asked AS a
  JOIN bucket AS b ON b.grain = 'month' AND b.start = s.start OR b.grain = 'quarter' AND b.start = date_trunc('quarter', s.start::timestamp)::date OR b.grain = 'period'
  WHERE s.grain = 'month' AND s.worked AND s.start < a.open_month GROUP BY s.outlet_id, b.grain, b.start
  UNION ALL
  SELECT v.outlet_id, CASE grouping(v.month, v.quarter) WHEN 1 THEN 'month' WHEN 2 THEN 'quarter' ELSE 'period' END AS grain, coalesce(v.month, v.quarter) AS start,
         false AS listed, NULL AS active, NULL AS orders, NULL AS productive, NULL AS categories, NULL AS margin, count(DISTINCT v.planned_on) AS visits, NULL AS worked
  FROM (SELECT v.outlet_id, v.planned_on, date_trunc('month', v.planned_on::timestamp)::date AS month, date_trunc('quarter', v.planned_on::timestamp)::date AS quarter
        FROM visit_plan AS v JOIN asked AS a ON v.planned_on >= lower(a.days) AND v.planned_on < upper(a.days) WHERE v.outlet_id IS NOT NULL) AS v
  GROUP BY GROUPING SETS ((v.outlet_id, v.month), (v.outlet_id, v.quarter), (v.outlet_id))
  UNION ALL
  SELECT p.outlet_id, b.grain, b.start, true AS listed, NULL AS active, NULL AS orders, NULL AS productive, NULL AS categories, NULL AS margin, NULL AS visits, NULL AS worked
  FROM place AS p JOIN bucket AS b ON coalesce(p.closed_on >= lower(b.bucket), true) AND coalesce(p.opened_on < upper(b.days), true)),
one AS (
  SELECT f.outlet_id, f.grain, f.start, bool_or(f.listed) AS listed, coalesce(bool_or(f.active), false) AS active, coalesce(max(f.orders), 0) AS orders,
         coalesce(max(f.productive), 0) AS productive, max(f.categories) AS categories, sum(f.margin) AS margin,
         CASE WHEN bool_or(f.listed) THEN coalesce(max(f.visits), 0) ELSE 0 END AS visits, coalesce(max(f.worked), 0) AS worked
  FROM fact AS f GROUP BY f.outlet_id, f.grain, f.start),
base AS (
  SELECT d.dimension, d.key, b.grain, b.start, count(*) FILTER (WHERE o.listed) AS okb, count(*) FILTER (WHERE o.visits > 0) AS pakb,
         count(*) FILTER (WHERE o.active) AS akb, count(*) FILTER (WHERE o.active AND o.visits > 0) AS akb_planned,
         count(*) FILTER (WHERE o.active AND o.worked = b.months) AS akb_stable, sum(o.worked) AS worked,
         count(*) FILTER (WHERE akb_systemic(o.productive, o.visits, a.systemic_share)) AS systemic,
         count(*) FILTER (WHERE o.active AND o.categories = (SELECT count(DISTINCT c.category) FROM category AS c)) AS akb_category,
         sum(o.visits) AS planned_visits, sum(o.orders) AS orders, sum(o.orders) FILTER (WHERE o.visits > 0) AS orders_planned,
         sum(o.productive) AS productive_orders, sum(o.margin) AS margin
  FROM one AS o CROSS JOIN asked AS a
  JOIN bucket AS b ON b.grain = o.grain AND b.start IS NOT DISTINCT FROM o.start
  LEFT JOIN place AS p ON p.outlet_id = o.outlet_id
  CROSS JOIN LATERAL (VALUES ('all', ''), ('territory', p.territory), ('person', p.person_id::text)) AS d (dimension, key)
  WHERE d.key IS NOT NULL GROUP BY d.dimension, d.key, b.grain, b.start),
people AS MATERIALIZED (
  SELECT DISTINCT ON (p.person_id) p.person_id, p.name, p.territory FROM person AS p WHERE p.person_id IS NOT NULL ORDER BY p.person_id, p.name),
payer AS MATERIALIZED (
  SELECT DISTINCT ON (k.customer_id) k.customer_id, k.territory, k.person_id FROM customer AS k WHERE k.customer_id IS NOT NULL ORDER BY k.customer_id, k.territory, k.person_id),
cost AS (
  SELECT d.dimension, d.key, b.grain, b.start,
         sum((c.wage + coalesce(c.car, 0) + coalesce(c.fuel, 0)) * (upper(c.period * b.days) - lower(c.period * b.days)) / (upper(c.period) - lower(c.period))) AS cost
  FROM route_cost AS c JOIN bucket AS b ON b.days && c.period
  LEFT JOIN people AS p ON p.person_id = c.person_id
  CROSS JOIN LATERAL (VALUES ('all', ''), ('territory', p.territory), ('person', c.person_id::text)) AS d (dimension, key)
  WHERE d.key IS NOT NULL AND lower(c.period) > '-infinity' AND upper(c.period) < 'infinity' GROUP BY d.dimension, d.key, b.grain, b.start),
debt AS (
  SELECT d.dimension, d.key, overdue_share(i.open_amount, i.due_on, a.as_of, coalesce(i.deferred, true)) AS overdue_share
  FROM receivable AS i JOIN asked AS a ON i.invoiced_on <= a.as_of AND isfinite(i.due_on)
  LEFT JOIN payer AS k ON k.customer_id = i.customer_id
  CROSS JOIN LATERAL (VALUES ('all', ''), ('territory', k.territory), ('person', coalesce(i.person_id, k.person_id)::text)) AS d (dimension, key)
  WHERE d.key IS NOT NULL GROUP BY d.dimension, d.key),
ledger AS (
  SELECT d.dimension, d.key, b.grain, b.start, payment_discipline(l.paid, l.planned) AS discipline, payment_discipline_strict(l.paid, l.planned) AS strict
  FROM (SELECT x.customer_id, x.day, sum(x.paid) AS paid, sum(x.planned) AS planned
        FROM (SELECT p.customer_id, p.paid_on AS day, p.amount AS paid, NULL::numeric AS planned FROM payment AS p
              UNION ALL
              SELECT p.customer_id, p.due_on AS day, NULL AS paid, p.amount AS planned FROM payment_plan AS p) AS x
        JOIN asked AS a ON x.day >= lower(a.days) AND x.day < upper(a.days) GROUP BY x.customer_id, x.day) AS l
  JOIN bucket AS b ON b.days @> l.day
  LEFT JOIN payer AS k ON k.customer_id = l.customer_id
  CROSS JOIN LATERAL (VALUES ('all', ''), ('territory', k.territory), ('person', k.person_id::text)) AS d (dimension, key)
  WHERE d.key IS NOT NULL GROUP BY d.dimension, d.key, b.grain, b.start),
checked AS (
  SELECT x.outlet_id, x.grain, x.start, p.territory, p.person_id, bool_and(x.present AND x.on_planogram) AS complete,
         count(*) FILTER (WHERE x.present AND x.asked_for) AS present, count(*) FILTER (WHERE x.present IS NOT NULL AND x.asked_for) AS positions
  FROM (SELECT u.outlet_id, u.product_id, b.grain, b.start, u.present, u.on_planogram, u.audited_on,
               max(u.audited_on) OVER (PARTITION BY u.outlet_id, b.grain, b.start) AS last_on,
               NOT EXISTS (SELECT FROM mml AS m) OR EXISTS (
                 SELECT FROM mml AS m WHERE m.product_id = u.product_id AND m.valid @> u.audited_on
                   AND m.channel IN (coalesce(o.channel, ''), '') AND m.outlet_type IN (coalesce(o.outlet_type, ''), '')) AS asked_for
        FROM audit AS u JOIN bucket AS b ON b.days @> u.audited_on LEFT JOIN place AS o ON o.outlet_id = u.outlet_id WHERE u.outlet_id IS NOT NULL) AS x
  LEFT JOIN place AS p ON p.outlet_id = x.outlet_id
  WHERE x.audited_on = x.last_on GROUP BY x.outlet_id, x.grain, x.start, p.territory, p.person_id),
shelf AS (
  SELECT d.dimension, d.key, c.grain, c.start, numeric_distribution(c.complete) AS planogram, sum(c.present) / nullif(sum(c.positions), 0) AS mml
  FROM checked AS c
  CROSS JOIN LATERAL (VALUES ('all', ''), ('territory', c.territory), ('person', c.person_id::text)) AS d (dimension, key)
  WHERE d.key IS NOT NULL GROUP BY d.dimension, d.key, c.grain, c.start),
line AS (
  SELECT x.dimension, x.key, b.grain, b.start, b.bucket, b.days, b.months
  FROM (SELECT 'all' AS dimension, '' AS key UNION SELECT dimension, key FROM base UNION SELECT dimension, key FROM cost) AS x CROSS JOIN bucket AS b)
SELECT l.dimension, l.key, p.name, l.grain, l.bucket, l.days, k.okb, k.pakb, k.akb,
       CASE WHEN h.sale THEN coalesce(t.worked, 0) / nullif(l.months, 0)::numeric END AS akb_monthly,
       k.pakb_coverage, k.pakb_coverage_strict, k.okb_coverage, k.akb_stable, k.stability, k.systemic, k.systemic_share,
       k.akb_category, k.category_coverage, k.planned_visits, k.orders, k.productive_orders, k.visit_effectiveness, k.visit_effectiveness_strict,
       k.productive_effectiveness, k.visit_cost, k.order_cost, k.order_margin, k.useful_income_share, k.overdue_share, k.payment_discipline,
       k.payment_discipline_strict, k.planogram_coverage, k.mml_distribution, a.as_of
FROM line AS l CROSS JOIN asked AS a
LEFT JOIN base AS t ON t.dimension = l.dimension AND t.key = l.key AND t.grain = l.grain AND t.start IS NOT DISTINCT FROM l.start
LEFT JOIN cost AS c ON c.dimension = l.dimension AND c.key = l.key AND c.grain = l.grain AND c.start IS NOT DISTINCT FROM l.start
LEFT JOIN debt AS d ON d.dimension = l.dimension AND d.key = l.key AND l.bucket @> a.as_of
LEFT JOIN ledger AS e ON e.dimension = l.dimension AND e.key = l.key AND e.grain = l.grain AND e.start IS NOT DISTINCT FROM l.start
LEFT JOIN shelf AS s ON s.dimension = l.dimension AND s.key = l.key AND s.grain = l.grain AND s.start IS NOT DISTINCT FROM l.start
LEFT JOIN people AS p ON l.dimension = 'person' AND p.person_id::text = l.key
CROSS JOIN LATERAL (SELECT 'sale' = ANY (a.bound) AS sale, 'outlet' = ANY (a.bound) AS census, 'visit_plan' = ANY (a.bound) AND 'outlet' = ANY (a.bound) AS plan) AS h
CROSS JOIN LATERAL kpi_matrix(
  okb => CASE WHEN h.census THEN coalesce(t.okb, 0) END, pakb => CASE WHEN h.plan THEN coalesce(t.pakb, 0) END,
  akb => CASE WHEN h.sale THEN coalesce(t.akb, 0) END, akb_planned => CASE WHEN h.sale AND h.plan THEN coalesce(t.akb_planned, 0) END,
  akb_stable => CASE WHEN h.sale AND l.months > 0 THEN coalesce(t.akb_stable, 0) END,
  systemic => CASE WHEN h.sale AND h.plan THEN coalesce(t.systemic, 0) END,
  akb_category => CASE WHEN h.sale AND 'sale.quantity' = ANY (a.bound) AND 'product.category' = ANY (a.bound) THEN coalesce(t.akb_category, 0) END,
  planned_visits => CASE WHEN h.plan THEN coalesce(t.planned_visits, 0) END,
  orders => CASE WHEN h.sale THEN coalesce(t.orders, 0) END, orders_planned => CASE WHEN h.sale AND h.plan THEN coalesce(t.orders_planned, 0) END,
  productive_orders => CASE WHEN h.sale THEN coalesce(t.productive_orders, 0) END, cost => c.cost, margin => t.margin, overdue_share => d.overdue_share,
  payment_discipline => CASE WHEN 'payment' = ANY (a.bound) AND 'payment_plan' = ANY (a.bound) THEN e.discipline END,
  payment_discipline_strict => CASE WHEN 'payment' = ANY (a.bound) AND 'payment_plan' = ANY (a.bound) THEN e.strict END,
  planogram_coverage => CASE WHEN 'audit.on_planogram' = ANY (a.bound) THEN s.planogram END, mml_distribution => s.mml) AS k
$body$);
