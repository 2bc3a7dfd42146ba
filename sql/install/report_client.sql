-- Reports of a model: the list of the client base, those who were lost, and the visits to the outlets

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2110, 'report', 'client_base', '{sale,customer,outlet,outlet.potential,visit_plan,receivable}', 'the client base, a row an outlet, and a row a customer without one: who could buy, who is planned for visits, who buys', $columns$
outlet_id: the outlet; NULL: a customer without one
customer_id: whom it belongs to, or who bought there
name: its name, or else that of the customer
outlet_type: type of outlet
channel: its channel, or else that of the customer
territory: its territory, or else that of the customer
route: the route that visits it
person_id: who visits it, or else who is in charge of the customer
period: the days looked at
okb: general base: in the census, and open in the period
pakb: planned base: of these, planned for a visit in the period, up to as_of
akb: active base: bought in the period, up to as_of
akb_stable: of these, in every complete month of the period; NULL: no month is complete
state: new, active, at_risk, lost, potential or closed
class: class of the outlet, or else the class of the customer in class_history, the last up to as_of
first_order: day of the first purchase
last_order: day of the last one up to as_of
amount: sales of the period, up to as_of
orders: days with a delivery in it
planned_visits: days in it that a visit was planned for
potential: what the outlet could buy in a year
debt: what the customer owes, all his outlets together
overdue: of that, what was due before as_of
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, a.period * daterange(NULL, a.as_of + 1) AS days,
         daterange(lower(a.period), greatest(lower(a.period), least(upper(a.period), date_trunc('month', (a.as_of + 1)::timestamp)::date))) AS months
  FROM {asked} AS a WHERE a.as_of IS NOT NULL),
base AS (
  SELECT b.customer_id, b.outlet_id, bool_or(b.listed) AS listed, (order_days(1, b.planned_on) FILTER (WHERE b.planned_on IS NOT NULL))::bigint AS visits,
         min(b.sold_on) FILTER (WHERE b.amount > 0) AS first_order, max(b.sold_on) FILTER (WHERE b.amount > 0) AS last_order,
         sum(b.amount) FILTER (WHERE b.sold_on <@ (SELECT days FROM asked)) AS amount,
         order_days(b.amount, b.sold_on) FILTER (WHERE b.sold_on <@ (SELECT days FROM asked)) AS orders,
         akb_active(b.amount, b.product_id, (SELECT min_amount FROM asked), (SELECT nullif(min_products, 0) FROM asked), (SELECT activity FROM asked))
           FILTER (WHERE b.sold_on <@ (SELECT days FROM asked)) AS active,
         akb_stable(sales_series(b.amount, b.sold_on, (SELECT months FROM asked), 'month') FILTER (WHERE b.sold_on <@ (SELECT months FROM asked)), NULL,
                    (SELECT activity FROM asked)) AS stable
  FROM (SELECT s.customer_id, s.outlet_id, s.product_id, s.sold_on, s.amount, NULL::date AS planned_on, false AS listed
        FROM sale AS s WHERE s.outlet_id IS NOT NULL AND calendar_year(s.sold_on) IS NOT NULL AND s.sold_on <= (SELECT as_of FROM asked)
        UNION ALL
        SELECT o.customer_id, o.outlet_id, NULL AS product_id, NULL AS sold_on, NULL AS amount, NULL AS planned_on, true AS listed
        FROM outlet AS o WHERE o.outlet_id IS NOT NULL AND EXISTS (SELECT FROM asked)
        UNION ALL
        SELECT o.customer_id, o.outlet_id, NULL AS product_id, NULL AS sold_on, NULL AS amount, v.planned_on, false AS listed
        FROM outlet AS o JOIN visit_plan AS v ON v.outlet_id = o.outlet_id AND v.planned_on <@ (SELECT days FROM asked)) AS b
  GROUP BY b.customer_id, b.outlet_id
  UNION ALL
  SELECT k.customer_id, NULL AS outlet_id, false AS listed, NULL AS visits, NULL AS first_order, NULL AS last_order, NULL AS amount, NULL AS orders, NULL AS active, NULL AS stable
  FROM customer AS k
  WHERE k.customer_id IS NOT NULL AND NOT EXISTS (SELECT FROM outlet AS o WHERE o.customer_id = k.customer_id AND o.outlet_id IS NOT NULL)
    AND NOT EXISTS (SELECT FROM sale AS s JOIN asked AS a ON s.sold_on <= a.as_of
                    WHERE s.customer_id = k.customer_id AND s.outlet_id IS NOT NULL AND s.sold_on >= '0001-01-01'))
SELECT b.outlet_id, b.customer_id, coalesce(o.name, k.name) AS name, o.outlet_type, coalesce(o.channel, k.channel) AS channel,
       coalesce(o.territory, k.territory) AS territory, o.route, coalesce(o.person_id, k.person_id) AS person_id, a.period, x.okb,
       CASE WHEN 'visit_plan' = ANY (a.bound) THEN x.okb AND coalesce(b.visits, 0) > 0 END AS pakb,
       CASE WHEN x.known THEN coalesce(b.active, false) END AS akb,
       CASE WHEN x.known AND NOT isempty(a.months) THEN coalesce(b.active, false) AND coalesce(b.stable, false) END AS akb_stable,
       CASE WHEN coalesce(o.closed_on, k.closed_on) <= a.as_of THEN 'closed'
         WHEN x.known THEN lifecycle_stage(b.first_order, NULL, b.last_order, a.as_of, a.at_risk_after, a.lost_after, a.new_for) END AS state,
       coalesce(o.class, h.class) AS class, b.first_order, b.last_order,
       CASE WHEN x.known THEN coalesce(b.amount, 0) END AS amount,
       CASE WHEN x.known THEN coalesce(b.orders, 0) END AS orders,
       CASE WHEN 'visit_plan' = ANY (a.bound) THEN coalesce(b.visits, 0) END AS planned_visits,
       o.potential,
       CASE WHEN 'receivable' = ANY (a.bound) THEN coalesce(r.debt, 0) END AS debt,
       CASE WHEN 'receivable' = ANY (a.bound) THEN coalesce(r.overdue, 0) END AS overdue, a.as_of
FROM base AS b CROSS JOIN asked AS a
LEFT JOIN outlet AS o ON o.outlet_id = b.outlet_id AND o.customer_id IS NOT DISTINCT FROM b.customer_id AND b.listed
LEFT JOIN customer AS k ON k.customer_id = b.customer_id
LEFT JOIN (
  SELECT i.customer_id, sum(i.open_amount) AS debt, sum(i.open_amount) FILTER (WHERE i.due_on < a.as_of) AS overdue
  FROM receivable AS i JOIN asked AS a ON i.invoiced_on <= a.as_of WHERE i.open_amount > 0 GROUP BY i.customer_id) AS r ON r.customer_id = b.customer_id
LEFT JOIN (
  SELECT DISTINCT ON (h.customer_id) h.customer_id, coalesce(h.manual_class, h.abc) AS class
  FROM class_history AS h JOIN asked AS a ON h.as_of <= a.as_of
  WHERE coalesce(h.manual_class, h.abc) IS NOT NULL ORDER BY h.customer_id, h.as_of DESC) AS h ON h.customer_id = b.customer_id
CROSS JOIN LATERAL (
  SELECT 'sale' = ANY (a.bound) AS known,
         CASE WHEN 'outlet' = ANY (a.bound) THEN
           b.listed AND coalesce(o.closed_on >= lower(a.period), true) AND coalesce(o.opened_on < upper(a.days), true) END AS okb) AS x
$body$),

(2120, 'report', 'lost_clients', '{sale,sale.cost,customer,contact_log}', 'customers who have not bought for longer than lost_after, when and why they were lost, and the top of them by profit and potential', $columns$
customer_id: the customer
name: his name
channel: his channel
segment: his segment
territory: his territory
person_id: who is in charge
first_order: day of the first purchase
last_order: day of the last one
days: days since then
lost_on: the day that he counted as lost
loss_month: first day of its month
reason: why, from loss_event; NULL: not known
has_contract: a supply contract covers as_of
amount: sales of his last twelve months, up to that of the last purchase
profit: the same less cost
potential: what he could buy in a year: of the table potential, or else of his outlets
profit_rank: his place by profit, 1 the largest
potential_rank: his place by potential
top: among the first top_n by profit or by potential
last_contact: day of the last contact
winback_person_id: who is to win him back
winback_period: days of the campaign
offer: what he is offered
offered_on: the day of the offer; NULL: not yet
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
gone AS (
  SELECT g.customer_id, g.first_order, g.last_order, g.last_order + a.lost_after + 1 AS lost_on, g.amounts, g.margins,
         daterange((date_trunc('month', g.last_order::timestamp) - interval '11 months')::date, (date_trunc('month', g.last_order::timestamp) + interval '1 month')::date) AS year
  FROM (SELECT s.customer_id, min(first_sale(s.amount)) AS first_order, array_agg(s.amount) AS amounts, array_agg(s.margin) AS margins,
               max(CASE WHEN upper(s.period) <= (SELECT as_of FROM asked) THEN last_sale(s.amount)
                     ELSE (SELECT as_of FROM asked) - open_gap(s.amount, (SELECT as_of FROM asked)) END) AS last_order
        FROM customer_series AS s
        WHERE s.grain = 'month' AND s.year <= (SELECT calendar_year(as_of) FROM asked) GROUP BY s.customer_id) AS g
  JOIN asked AS a ON a.as_of - g.last_order > a.lost_after),
worth AS (
  SELECT g.customer_id, g.first_order, g.last_order, g.lost_on,
         (SELECT total(rollup(x.s, g.year)) FROM unnest(g.amounts) AS x (s) WHERE period(x.s) && g.year) AS amount,
         (SELECT total(rollup(x.s, g.year)) FROM unnest(g.margins) AS x (s) WHERE period(x.s) && g.year) AS profit
  FROM gone AS g),
ranked AS (
  SELECT w.*, coalesce(p.amount, o.amount) AS potential,
         CASE WHEN w.profit IS NOT NULL THEN rank() OVER (ORDER BY w.profit DESC NULLS LAST) END AS profit_rank,
         CASE WHEN coalesce(p.amount, o.amount) IS NOT NULL THEN rank() OVER (ORDER BY coalesce(p.amount, o.amount) DESC NULLS LAST) END AS potential_rank
  FROM worth AS w
  LEFT JOIN (
    SELECT p.customer_id, coalesce(sum(p.amount) FILTER (WHERE p.category = ''), sum(p.amount)) AS amount
    FROM potential AS p JOIN asked AS a ON p.period @> a.as_of GROUP BY p.customer_id) AS p ON p.customer_id = w.customer_id
  LEFT JOIN (
    SELECT o.customer_id, sum(o.potential) AS amount
    FROM outlet AS o GROUP BY o.customer_id) AS o ON o.customer_id = w.customer_id)
SELECT w.customer_id, k.name, k.channel, k.segment, k.territory, k.person_id, w.first_order, w.last_order, a.as_of - w.last_order AS days, w.lost_on,
       date_trunc('month', w.lost_on::timestamp)::date AS loss_month, e.reason, k.contract @> a.as_of AS has_contract, w.amount, w.profit, w.potential,
       w.profit_rank, w.potential_rank,
       CASE WHEN coalesce(w.profit_rank, w.potential_rank) IS NOT NULL THEN
         coalesce(w.profit_rank <= a.top_n, false) OR coalesce(w.potential_rank <= a.top_n, false) END AS top,
       c.last_contact, b.person_id AS winback_person_id, b.period AS winback_period, b.offer, b.offered_on, a.as_of
FROM ranked AS w CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = w.customer_id
LEFT JOIN LATERAL (
  SELECT e.reason FROM loss_event AS e
  WHERE e.customer_id = w.customer_id AND e.lost_on >= w.last_order AND e.lost_on <= a.as_of ORDER BY e.lost_on DESC LIMIT 1) AS e ON true
LEFT JOIN LATERAL (
  SELECT b.person_id, b.period, b.offer, b.offered_on FROM winback AS b
  WHERE b.customer_id = w.customer_id AND b.period && daterange(w.last_order, a.as_of + 1) ORDER BY lower(b.period) DESC LIMIT 1) AS b ON true
LEFT JOIN (
  SELECT l.customer_id, max(l.contacted_on) AS last_contact
  FROM contact_log AS l JOIN asked AS a ON l.contacted_on <= a.as_of GROUP BY l.customer_id) AS c ON c.customer_id = w.customer_id
$body$),

(2130, 'report', 'visit_execution', '{visit,visit_plan,sale,outlet,customer.person_id}', 'visits of the period up to as_of, planned, made and with an order, by outlet, person and territory, and of all', $columns$
dimension: all, territory, person or outlet
key: which, as text; '' for all
outlet_id: the outlet, of dimension outlet
customer_id: whom it belongs to
name: name of the outlet or the person
territory: the territory, of an outlet or the dimension
person_id: who visits the outlet: as it says, or else whoever was planned or went last; or the person of the dimension
days: the days looked at
outlets: outlets that were planned, visited or have a norm
planned: visits planned, a day once
reached: of these, made within visit_tolerance
made: visits made, a day once
unplanned: of these, for no planned day
ordered: of those made, with an order on the day
reach: reached over planned
success: ordered over made
frequency: visits made an outlet and month
norm: visits an outlet and month that service_policy asks for, of outlets with a norm
norm_share: made over what the norm asks for, of outlets with a norm
value: visits made, of outlets with a norm
goal: what the norm asks for
status: 1 at the goal, 0 within goal_tolerance, -1 below
trend: 1 where more visits were made than in as many days before, -1 where fewer, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT d.*, (SELECT sum((upper(m.part) - lower(m.part))::numeric / m.length)
               FROM generate_series(date_trunc('month', lower(d.days)::timestamp), upper(d.days) - interval '1 day', interval '1 month') AS g (month)
               CROSS JOIN LATERAL (SELECT d.days * daterange(g.month::date, (g.month + interval '1 month')::date) AS part,
                                          (g.month + interval '1 month')::date - g.month::date AS length) AS m) AS months,
         daterange(lower(d.days) - (upper(d.days) - lower(d.days)), lower(d.days)) AS before
  FROM (SELECT a.as_of, a.bound, a.visit_tolerance, a.goal_tolerance, a.period * daterange(NULL, a.as_of + 1) AS days FROM {asked} AS a) AS d
  WHERE NOT isempty(d.days)),
call AS (
  SELECT c.outlet_id, c.customer_id, array_agg(c.day) FILTER (WHERE c.planned AND c.day <@ a.days) AS planned, array_agg(c.day) FILTER (WHERE NOT c.planned AND c.day <@ a.days) AS visited,
         array_agg(c.day) FILTER (WHERE c.sold) AS sold,
         count(DISTINCT c.day) FILTER (WHERE NOT c.planned AND c.day <@ a.before) AS before,
         (array_agg(c.person_id ORDER BY c.day DESC, c.planned, c.person_id) FILTER (WHERE c.person_id IS NOT NULL AND c.day <@ a.days))[1] AS person_id
  FROM (SELECT p.outlet_id, o.customer_id, p.planned_on AS day, true AS planned, p.person_id, false AS sold
        FROM visit_plan AS p LEFT JOIN outlet AS o ON o.outlet_id = p.outlet_id
        UNION ALL
        SELECT v.outlet_id, o.customer_id, v.visited_on AS day, false AS planned, v.person_id, false AS sold
        FROM visit AS v LEFT JOIN outlet AS o ON o.outlet_id = v.outlet_id
        UNION ALL
        SELECT o.outlet_id, o.customer_id, NULL AS day, NULL AS planned, NULL AS person_id, false AS sold FROM outlet AS o
        UNION ALL
        SELECT s.outlet_id, o.customer_id, s.sold_on AS day, NULL AS planned, NULL AS person_id, true AS sold
        FROM sale AS s LEFT JOIN outlet AS o ON o.outlet_id = s.outlet_id
        WHERE s.amount > 0 AND s.sold_on >= (SELECT lower(days) FROM asked) AND s.sold_on < (SELECT upper(days) FROM asked)) AS c
  CROSS JOIN asked AS a
  WHERE c.outlet_id IS NOT NULL AND (c.day IS NULL AND c.planned IS NULL OR c.day <@ a.days OR c.day <@ a.before)
  GROUP BY c.outlet_id, c.customer_id),
one AS NOT MATERIALIZED (
  SELECT c.outlet_id, c.customer_id, o.name, coalesce(o.territory, k.territory) AS territory, coalesce(o.person_id, c.person_id, k.person_id) AS person_id,
         m.planned, m.reached, m.made, m.unplanned, c.before, s.ordered, n.visits AS norm
  FROM call AS c CROSS JOIN asked AS a
  LEFT JOIN outlet AS o ON o.outlet_id = c.outlet_id AND o.customer_id IS NOT DISTINCT FROM c.customer_id
  LEFT JOIN customer AS k ON k.customer_id = c.customer_id
  CROSS JOIN LATERAL (
    SELECT count(v.planned_on) AS planned, count(v.planned_on) FILTER (WHERE v.visited_on IS NOT NULL) AS reached, count(v.visited_on) AS made,
           count(v.visited_on) FILTER (WHERE v.planned_on IS NULL) AS unplanned
    FROM visit_match(c.planned, c.visited, a.visit_tolerance) AS v) AS m
  CROSS JOIN LATERAL (SELECT count(*) AS ordered FROM (SELECT unnest(c.visited) INTERSECT SELECT unnest(c.sold)) AS d) AS s
  LEFT JOIN LATERAL (
    SELECT n.visits FROM service_policy AS n
    WHERE n.channel IN (coalesce(o.channel, k.channel), '') AND n.class IN (o.class, '') AND o.outlet_id IS NOT NULL
      AND coalesce(o.closed_on >= lower(a.days), true) AND coalesce(o.opened_on < upper(a.days), true)
    ORDER BY n.class = '', n.channel = '' LIMIT 1) AS n ON true
  WHERE c.planned IS NOT NULL OR c.visited IS NOT NULL OR n.visits IS NOT NULL),
line AS (
  SELECT 'outlet' AS dimension, t.outlet_id::text AS key, t.outlet_id, t.customer_id, t.name, t.territory, t.person_id, 1::bigint AS outlets,
         t.planned, t.reached, t.made, t.unplanned, t.before, t.ordered, (t.norm IS NOT NULL)::integer::bigint AS with_norm,
         t.norm, CASE WHEN t.norm IS NOT NULL THEN t.made END AS made_of_norm
  FROM one AS t
  UNION ALL
  SELECT d.dimension, d.key, NULL AS outlet_id, NULL AS customer_id, NULL AS name, d.territory, d.person_id, count(*) AS outlets,
         sum(t.planned)::bigint AS planned, sum(t.reached)::bigint AS reached, sum(t.made)::bigint AS made, sum(t.unplanned)::bigint AS unplanned,
         sum(t.before)::bigint AS before, sum(t.ordered)::bigint AS ordered, count(t.norm) AS with_norm, sum(t.norm) AS norm,
         sum(t.made) FILTER (WHERE t.norm IS NOT NULL)::bigint AS made_of_norm
  FROM one AS t
  CROSS JOIN LATERAL (VALUES ('all', '', NULL, NULL), ('territory', t.territory, t.territory, NULL), ('person', t.person_id::text, NULL, t.person_id)) AS d (dimension, key, territory, person_id)
  WHERE d.key IS NOT NULL GROUP BY d.dimension, d.key, d.territory, d.person_id)
SELECT l.dimension, l.key, l.outlet_id, l.customer_id, coalesce(l.name, p.name) AS name, l.territory, l.person_id, a.days, l.outlets,
       CASE WHEN x.plan THEN l.planned END AS planned, CASE WHEN x.plan AND x.visit THEN l.reached END AS reached,
       CASE WHEN x.visit THEN l.made END AS made, CASE WHEN x.plan AND x.visit THEN l.unplanned END AS unplanned,
       CASE WHEN x.visit AND x.sale THEN coalesce(l.ordered, 0) END AS ordered,
       CASE WHEN x.plan AND x.visit THEN l.reached::numeric / nullif(l.planned, 0) END AS reach,
       CASE WHEN x.visit AND x.sale THEN coalesce(l.ordered, 0)::numeric / nullif(l.made, 0) END AS success,
       CASE WHEN x.visit THEN l.made / (l.outlets * a.months) END AS frequency,
       l.norm / nullif(l.with_norm, 0) AS norm, x.value / nullif(x.goal, 0) AS norm_share, x.value, x.goal, kpi_status(x.value, x.goal, a.goal_tolerance) AS status,
       CASE WHEN x.visit THEN sign(l.made - l.before)::integer END AS trend, a.as_of
FROM line AS l CROSS JOIN asked AS a
LEFT JOIN person AS p ON l.dimension = 'person' AND p.person_id = l.person_id
CROSS JOIN LATERAL (
  SELECT 'visit' = ANY (a.bound) AS visit, 'visit_plan' = ANY (a.bound) AS plan, 'sale' = ANY (a.bound) AS sale,
         CASE WHEN 'visit' = ANY (a.bound) THEN l.made_of_norm::numeric END AS value, l.norm * a.months AS goal) AS x
$body$);
