-- Reports of a model: the customer base as it grows and shrinks: losses, winning back, activating, where customers came from, and how clean it is

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2950, 'report', 'loss_movement', '{sale,sale.cost,customer.channel,customer.territory,customer.segment,customer.person_id}', 'customers lost and back, month by month of the period: how many, with what sales and profit, by reason, channel, territory, segment and person', $columns$
dimension: all, reason, channel, territory, segment or person
key: which, as text; '' for all; of reason, not known where loss_event has none
month: first day of the month; months that begin in the period, up to that of as_of
lost: customers who had not bought for longer than lost_after in it for the first day
change: lost less that of the month before
growth: change over it
cumulative: lost since the first month
share: lost over that of all in the month
returned: customers lost earlier or in it who bought again in it
amount: sales of the lost in their last twelve months, up to that of the last purchase
profit: the same less cost
profit_share: profit over that of all in the month
value: lost
goal: goal of lost in kpi_goal, of the channel, the territory, the person, his team, or all
status: 1 up to it, 0 within the tolerance, -1 above
trend: 1 where fewer were lost than in the month before, -1 where more, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, m.first_on, (m.first_on - interval '1 month')::date AS before_on, least(upper(a.period), a.as_of + 1) AS next_on
  FROM {asked} AS a CROSS JOIN LATERAL (SELECT date_trunc('month', lower(a.period) + interval '1 month' - interval '1 day')::date AS first_on) AS m
  WHERE a.as_of >= m.first_on AND 'sale' = ANY (a.bound)),
year AS MATERIALIZED (
  SELECT s.customer_id, s.year, order_gaps(s.amount, least(a.as_of, upper(s.period) - 1)) AS gaps, a.as_of, a.lost_after, a.before_on,
         CASE WHEN first_sale(s.amount) <= a.as_of THEN first_sale(s.amount) END AS first_on,
         CASE WHEN upper(s.period) <= a.as_of + 1 THEN last_sale(s.amount) ELSE a.as_of - open_gap(s.amount, a.as_of) END AS last_on
  FROM customer_series AS s JOIN asked AS a ON lower(s.period) <= a.as_of WHERE s.grain = 'month'),
gap AS (
  SELECT y.customer_id, y.first_on + g.upto - g.gap AS last_order, y.first_on + g.upto AS returned_on, y.as_of, y.lost_after, y.before_on
  FROM year AS y CROSS JOIN LATERAL (SELECT u.gap, (sum(u.gap) OVER (ORDER BY u.no))::integer AS upto FROM unnest(y.gaps) WITH ORDINALITY AS u (gap, no)) AS g
  WHERE g.gap > y.lost_after
  UNION ALL
  SELECT y.customer_id, y.last_on AS last_order, lead(y.first_on) OVER (PARTITION BY y.customer_id ORDER BY y.year) AS returned_on, y.as_of, y.lost_after, y.before_on
  FROM year AS y WHERE y.last_on IS NOT NULL),
loss AS (
  SELECT g.customer_id, g.last_order, g.lost_on, g.returned_on,
         daterange((date_trunc('month', g.last_order::timestamp) - interval '11 months')::date, (date_trunc('month', g.last_order::timestamp) + interval '1 month')::date) AS year
  FROM (SELECT g.customer_id, g.last_order, g.last_order + g.lost_after + 1 AS lost_on, g.returned_on, g.before_on
        FROM gap AS g WHERE coalesce(g.returned_on, g.as_of) - g.last_order > g.lost_after OFFSET 0) AS g
  WHERE g.lost_on >= g.before_on OR g.returned_on >= g.before_on),
worth AS (
  SELECT l.customer_id, l.last_order, l.lost_on, l.returned_on, total(rollup(s.amount, l.year)) AS amount, total(rollup(s.margin, l.year)) AS profit
  FROM loss AS l JOIN customer_series AS s ON s.customer_id = l.customer_id AND s.grain = 'month' AND s.period && l.year
  GROUP BY l.customer_id, l.last_order, l.lost_on, l.returned_on),
event AS MATERIALIZED (
  SELECT d.dimension, d.key, t.month, t.lost, t.amount, t.profit
  FROM worth AS w CROSS JOIN asked AS a
  LEFT JOIN customer AS k ON k.customer_id = w.customer_id
  LEFT JOIN LATERAL (
    SELECT e.reason FROM loss_event AS e
    WHERE e.customer_id = w.customer_id AND e.lost_on >= w.last_order AND e.lost_on <= coalesce(w.returned_on, a.as_of) ORDER BY e.lost_on DESC LIMIT 1) AS e ON true
  CROSS JOIN LATERAL (VALUES (date_trunc('month', w.lost_on::timestamp)::date, w.lost_on, true, w.amount, w.profit),
                             (date_trunc('month', w.returned_on::timestamp)::date, w.returned_on, false, NULL, NULL)) AS t (month, day, lost, amount, profit)
  CROSS JOIN LATERAL (VALUES ('all', ''), ('reason', coalesce(e.reason, 'not known')), ('channel', k.channel), ('territory', k.territory), ('segment', k.segment),
                             ('person', k.person_id::text)) AS d (dimension, key)
  WHERE d.key IS NOT NULL AND t.month >= a.before_on AND t.day < a.next_on),
month AS MATERIALIZED (
  SELECT m::date AS month FROM asked AS a
  CROSS JOIN LATERAL unnest(ARRAY(SELECT g FROM generate_series(a.before_on::timestamp, a.next_on - interval '1 day', interval '1 month') AS g)) AS m),
line AS (
  SELECT p.dimension, p.key, m.month, count(e.month) FILTER (WHERE e.lost) AS lost, count(e.month) FILTER (WHERE NOT e.lost) AS returned, sum(e.amount) AS amount, sum(e.profit) AS profit
  FROM (SELECT 'all' AS dimension, '' AS key UNION SELECT dimension, key FROM event) AS p CROSS JOIN month AS m
  LEFT JOIN event AS e ON e.dimension = p.dimension AND e.key = p.key AND e.month = m.month
  GROUP BY p.dimension, p.key, m.month),
told AS (
  SELECT l.dimension, l.key, l.month, l.lost, l.returned, l.amount, l.profit, lag(l.lost) OVER one AS before, sum(l.lost) FILTER (WHERE l.month >= a.first_on) OVER one AS cumulative
  FROM line AS l CROSS JOIN asked AS a WINDOW one AS (PARTITION BY l.dimension, l.key ORDER BY l.month))
SELECT t.dimension, t.key, t.month, t.lost, t.lost - t.before AS change, (t.lost - t.before)::numeric / nullif(t.before, 0) AS growth, t.cumulative::bigint AS cumulative,
       t.lost::numeric / nullif(w.lost, 0) AS share, t.returned, t.amount, t.profit, t.profit / nullif(w.profit, 0) AS profit_share, t.lost AS value, g.goal,
       kpi_status(t.lost, g.goal, g.tolerance, 'down') AS status, kpi_trend(t.lost, t.before, 0, 'down') AS trend, a.as_of
FROM told AS t CROSS JOIN asked AS a
JOIN told AS w ON w.dimension = 'all' AND w.month = t.month
$body$ || kam_model_goal('lost', NULL, $$CASE t.dimension WHEN 'person' THEN t.key END$$, $$CASE t.dimension WHEN 'channel' THEN t.key END$$, $$CASE t.dimension WHEN 'territory' THEN t.key END$$,
  $$CASE t.dimension WHEN 'person' THEN (SELECT min(q.team) FROM person AS q WHERE q.person_id::text = t.key) END$$) || $body$
WHERE t.month >= a.first_on
$body$),

(2955, 'report', 'winback_result', '{sale,sale.cost,customer}', 'campaigns to win customers back that meet the period: planned, offered and won back, what that brought and cost, and what a new customer costs beside it', $columns$
dimension: all, offer, channel, territory, person or customer
key: which, as text; '' for all
customer_id: the customer, of dimension customer
name: name of the customer or the person
channel: channel of the customer, or the dimension
territory: territory of the customer, or the dimension
person_id: who is to do it, of a customer; or the person of the dimension
planned: customers who were to be won back; one with two campaigns counts twice
offered: of these, those who had the offer
returned: of the planned, those who were lost, and bought again in the campaign, not before the offer
return_rate: returned over planned
offer_rate: those offered who returned over offered
last_order: day of the last purchase before, of dimension customer
returned_on: day of the purchase that he came back with, of dimension customer
amount: sales of those who returned, since then up to as_of
profit: the same less cost
cost: cost of the campaigns
cost_per_returned: that over returned
cost_per_new: what activation_plan cost in the period for each new customer, of all, the channel, the territory or the person; else NULL
cost_ratio: cost_per_returned over cost_per_new; below 1 it is cheaper to win back
value: return_rate
goal: goal of return_rate in kpi_goal, of the customer, the person, his team, the channel, the territory, or all
status: 1 where it is reached, 0 within the tolerance, else -1
trend: 1 where value is above that of the campaigns of the same days of the year before, as it was then, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT d.*, CASE WHEN lower(d.days) > '0002-01-01' AND upper(d.days) - lower(d.days) <= 36525 THEN prior_year(d.days) END AS before
  FROM (SELECT a.*, a.period * daterange(NULL, a.as_of + 1) AS days FROM {asked} AS a WHERE a.as_of >= lower(a.period) AND 'sale' = ANY (a.bound)) AS d),
campaign AS (
  SELECT t.no, false AS fresh, w.customer_id, w.person_id, w.period, coalesce(w.offer, '') AS offer, CASE WHEN w.offered_on <= t.upto THEN w.offered_on END AS offered_on, w.cost, t.upto
  FROM winback AS w CROSS JOIN asked AS a
  JOIN LATERAL (VALUES (0, a.days, a.as_of), (1, a.before, (a.as_of - interval '1 year')::date)) AS t (no, days, upto) ON w.period && t.days
  UNION ALL
  SELECT 0 AS no, true AS fresh, p.customer_id, p.person_id, p.period, NULL AS offer, NULL AS offered_on, p.cost, a.as_of AS upto
  FROM activation_plan AS p JOIN asked AS a ON p.period && a.days),
bought AS (
  SELECT c.no, c.fresh, c.customer_id, c.person_id, c.period, c.offer, c.offered_on, c.cost,
         max(s.sold_on) FILTER (WHERE s.amount > 0 AND s.sold_on < greatest(lower(c.period), c.offered_on)) AS last_order,
         min(s.sold_on) FILTER (WHERE s.amount > 0 AND s.sold_on >= greatest(lower(c.period), c.offered_on)) AS next_order,
         min(s.sold_on) FILTER (WHERE s.amount > 0) AS first_order
  FROM campaign AS c
  LEFT JOIN sale AS s ON s.customer_id = c.customer_id AND s.sold_on <= c.upto AND s.sold_on >= '0001-01-01'
  GROUP BY c.no, c.fresh, c.customer_id, c.person_id, c.period, c.offer, c.offered_on, c.cost),
back AS (
  SELECT b.no, b.fresh, b.customer_id, b.person_id, b.period, b.offer, b.offered_on, b.cost, b.last_order,
         CASE WHEN b.fresh THEN CASE WHEN b.period @> b.first_order THEN b.first_order END
           WHEN b.period @> b.next_order AND b.next_order - b.last_order > a.lost_after THEN b.next_order END AS won_on
  FROM bought AS b CROSS JOIN asked AS a),
one AS NOT MATERIALIZED (
  SELECT b.no, b.fresh, b.customer_id, b.person_id, b.period, b.offer, b.offered_on, b.cost, b.last_order, b.won_on, sum(s.amount) AS amount, sum(s.amount - s.cost) AS profit
  FROM back AS b CROSS JOIN asked AS a
  LEFT JOIN sale AS s ON s.customer_id = b.customer_id AND s.sold_on >= b.won_on AND s.sold_on <= a.as_of AND NOT b.fresh AND b.no = 0
  GROUP BY b.no, b.fresh, b.customer_id, b.person_id, b.period, b.offer, b.offered_on, b.cost, b.last_order, b.won_on),
line AS (
  SELECT 'customer' AS dimension, o.customer_id::text AS key, o.customer_id, k.name, k.channel, k.territory,
         (array_agg(o.person_id ORDER BY o.period DESC) FILTER (WHERE o.no = 0))[1] AS person_id,
         count(*) FILTER (WHERE o.no = 0) AS planned, count(o.offered_on) FILTER (WHERE o.no = 0) AS offered, count(o.won_on) FILTER (WHERE o.no = 0) AS returned,
         count(o.won_on) FILTER (WHERE o.no = 0 AND o.offered_on IS NOT NULL) AS offered_back, max(o.last_order) FILTER (WHERE o.no = 0) AS last_order,
         max(o.won_on) FILTER (WHERE o.no = 0) AS returned_on, sum(o.amount) AS amount, sum(o.profit) AS profit, sum(o.cost) FILTER (WHERE o.no = 0) AS cost,
         NULL::numeric AS cost_per_new, count(o.won_on) FILTER (WHERE o.no = 1)::numeric / nullif(count(*) FILTER (WHERE o.no = 1), 0) AS before
  FROM one AS o LEFT JOIN customer AS k ON k.customer_id = o.customer_id
  WHERE NOT o.fresh GROUP BY o.customer_id, k.name, k.channel, k.territory
  UNION ALL
  SELECT d.dimension, d.key, NULL AS customer_id, NULL AS name, d.channel, d.territory, d.person_id,
         count(*) FILTER (WHERE o.no = 0 AND NOT o.fresh) AS planned, count(o.offered_on) FILTER (WHERE o.no = 0) AS offered, count(o.won_on) FILTER (WHERE o.no = 0 AND NOT o.fresh) AS returned,
         count(o.won_on) FILTER (WHERE o.no = 0 AND o.offered_on IS NOT NULL) AS offered_back, NULL AS last_order, NULL AS returned_on, sum(o.amount) AS amount, sum(o.profit) AS profit,
         sum(o.cost) FILTER (WHERE o.no = 0 AND NOT o.fresh) AS cost,
         sum(o.cost) FILTER (WHERE o.fresh) / nullif(count(o.won_on) FILTER (WHERE o.fresh), 0) AS cost_per_new,
         count(o.won_on) FILTER (WHERE o.no = 1)::numeric / nullif(count(*) FILTER (WHERE o.no = 1), 0) AS before
  FROM one AS o LEFT JOIN customer AS k ON k.customer_id = o.customer_id
  CROSS JOIN LATERAL (VALUES ('all', '', NULL, NULL, NULL), ('offer', nullif(o.offer, ''), NULL, NULL, NULL), ('channel', k.channel, k.channel, NULL, NULL),
                             ('territory', k.territory, NULL, k.territory, NULL), ('person', o.person_id::text, NULL, NULL, o.person_id)) AS d (dimension, key, channel, territory, person_id)
  WHERE d.key IS NOT NULL GROUP BY d.dimension, d.key, d.channel, d.territory, d.person_id)
SELECT l.dimension, l.key, l.customer_id, coalesce(l.name, p.name) AS name, l.channel, l.territory, l.person_id, l.planned, l.offered, l.returned,
       l.returned::numeric / nullif(l.planned, 0) AS return_rate, l.offered_back::numeric / nullif(l.offered, 0) AS offer_rate, l.last_order, l.returned_on,
       l.amount, l.profit, l.cost, l.cost / nullif(l.returned, 0) AS cost_per_returned, l.cost_per_new,
       l.cost / nullif(l.returned, 0) / nullif(l.cost_per_new, 0) AS cost_ratio,
       l.returned::numeric / nullif(l.planned, 0) AS value, g.goal, kpi_status(l.returned::numeric / nullif(l.planned, 0), g.goal, g.tolerance) AS status,
       kpi_trend(l.returned::numeric / nullif(l.planned, 0), l.before) AS trend, a.as_of
FROM line AS l CROSS JOIN asked AS a
LEFT JOIN (SELECT DISTINCT ON (p.person_id) p.person_id, p.name FROM person AS p ORDER BY p.person_id, p.name) AS p ON l.dimension = 'person' AND p.person_id = l.person_id
$body$ || kam_model_goal('return_rate', 'l.customer_id', 'l.person_id', 'l.channel', 'l.territory') || $body$
WHERE l.planned > 0
$body$),

(2960, 'report', 'base_activation', '{sale,customer,customer.of_interest,customer.contact_cadence,contact_log}', 'the potential base: who was to be activated by a plan that meets the period, contacts, what came of it, and how far the base is worked', $columns$
dimension: all, channel, territory, person or customer; of customer those with a plan
key: which, as text; '' for all
customer_id: the customer, of dimension customer
name: name of the customer or the person
channel: channel of the customer, or the dimension
territory: territory of the customer, or the dimension
person_id: who is to activate him, or else who is in charge; or the person of the dimension
days: the days looked at
customers: customers known and open in the days
active: of these, those with sales above zero in the days
coverage: active over customers
potential_base: of customers, those of interest who had never bought before the days
planned: customers with a plan
activated: of these, those whose first purchase ever was in the days of the plan
unplanned: customers without a plan whose first purchase ever was in the days
of_plan: activated over planned
conversion: of potential_base, the share whose first purchase was in the days
contacts: contacts with the planned in the days of the plan
last_contact: day of the last contact with them
next_contact: day of the next by contact_cadence, of dimension customer
contact_overdue: of the planned not activated whose plan is on, those without a contact, or whose next one is past
first_order: day of the first purchase, of dimension customer
amount: sales of the activated in the days
cost: cost of the plans
cost_per_activated: that over activated
opening: customers with sales above zero in as many days before
lost: of these, those without in the days
attrition: lost over opening
value: of_plan
goal: goal of of_plan in kpi_goal, of the customer, the person, his team, the channel, the territory, or all
status: 1 where it is reached, 0 within the tolerance, else -1
trend: 1 where more customers bought than in as many days before, -1 where fewer did, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT d.*, CASE WHEN lower(d.days) > '0002-01-01' AND upper(d.days) - lower(d.days) <= 36525 THEN daterange(lower(d.days) - (upper(d.days) - lower(d.days)), lower(d.days)) END AS before
  FROM (SELECT a.*, a.period * daterange(NULL, a.as_of + 1) AS days FROM {asked} AS a WHERE a.as_of >= lower(a.period) AND 'sale' = ANY (a.bound)) AS d),
part AS (
  SELECT k.customer_id, true AS listed, coalesce(k.of_interest, true) AS of_interest, k.name, k.channel, k.territory, k.person_id, k.contact_cadence,
         NULL::date AS first_on, NULL::numeric AS amount, NULL::numeric AS before, NULL::daterange AS period, NULL::numeric AS cost, NULL::{person_key} AS planner
  FROM customer AS k JOIN asked AS a ON coalesce(k.closed_on >= lower(a.days), true)
  UNION ALL
  SELECT s.customer_id, false AS listed, NULL AS of_interest, NULL AS name, NULL AS channel, NULL AS territory, NULL AS person_id, NULL AS contact_cadence,
         CASE WHEN first_sale(s.amount) <= a.as_of THEN first_sale(s.amount) END AS first_on, NULL AS amount, NULL AS before, NULL AS period, NULL AS cost, NULL AS planner
  FROM customer_series AS s JOIN asked AS a ON lower(s.period) <= a.as_of WHERE s.grain = 'month'
  UNION ALL
  SELECT s.customer_id, false AS listed, NULL AS of_interest, NULL AS name, NULL AS channel, NULL AS territory, NULL AS person_id, NULL AS contact_cadence,
         NULL AS first_on, CASE WHEN s.sold_on >= lower(a.days) THEN s.amount END AS amount, CASE WHEN s.sold_on < lower(a.days) THEN s.amount END AS before, NULL AS period, NULL AS cost, NULL AS planner
  FROM asked AS a JOIN sale AS s ON s.sold_on >= coalesce(lower(a.before), lower(a.days)) AND s.sold_on < upper(a.days)
  UNION ALL
  SELECT p.customer_id, false AS listed, NULL AS of_interest, NULL AS name, NULL AS channel, NULL AS territory, NULL AS person_id, NULL AS contact_cadence,
         NULL AS first_on, NULL AS amount, NULL AS before, p.period, p.cost, p.person_id AS planner
  FROM activation_plan AS p JOIN asked AS a ON p.period && a.days),
card AS (
  SELECT p.customer_id, bool_or(p.listed) AS listed, bool_and(p.of_interest) AS of_interest, min(p.name) AS name, min(p.channel) AS channel, min(p.territory) AS territory, min(p.contact_cadence) AS cadence,
         coalesce((array_agg(p.planner ORDER BY p.period DESC) FILTER (WHERE p.planner IS NOT NULL))[1], (array_agg(p.person_id ORDER BY p.person_id) FILTER (WHERE p.person_id IS NOT NULL))[1]) AS person_id,
         min(p.first_on) AS first_on, sum(p.amount) AS amount, sum(p.before) AS before, range_agg(p.period) AS plans, sum(p.cost) AS cost
  FROM part AS p WHERE p.customer_id IS NOT NULL GROUP BY p.customer_id),
one AS NOT MATERIALIZED (
  SELECT c.customer_id, c.name, c.channel, c.territory, c.person_id, x.known::integer AS known, coalesce(x.known AND c.amount > 0, false)::integer AS active,
         (x.known AND c.of_interest AND x.before IS NOT TRUE)::integer AS potential, (x.known AND c.of_interest AND x.fresh)::integer AS converted, (x.plan)::integer AS planned,
         (x.plan AND x.done)::integer AS activated, (x.fresh AND NOT x.plan)::integer AS unplanned, CASE WHEN 'contact_log' = ANY (a.bound) THEN coalesce(l.contacts, 0) END AS contacts,
         CASE WHEN x.plan THEN l.last_on END AS last_on, CASE WHEN x.plan THEN n.next_on END AS next_on,
         CASE WHEN 'contact_log' = ANY (a.bound) THEN coalesce(c.plans @> a.as_of AND NOT x.done AND (l.last_on IS NULL OR n.next_on < a.as_of), false)::integer END AS overdue,
         c.first_on, CASE WHEN x.plan AND x.done THEN coalesce(c.amount, 0) END AS amount, c.cost,
         coalesce(c.before > 0, false)::integer AS opening, coalesce(c.before > 0 AND (c.amount > 0) IS NOT TRUE, false)::integer AS lost, coalesce(c.amount > 0, false)::integer AS buying
  FROM card AS c CROSS JOIN asked AS a
  LEFT JOIN (
    SELECT l.customer_id, count(p.customer_id) AS contacts, max(l.contacted_on) AS last_on
    FROM contact_log AS l JOIN asked AS a ON l.contacted_on <= a.as_of AND isfinite(l.contacted_on)
    LEFT JOIN activation_plan AS p ON p.customer_id = l.customer_id AND p.period && a.days AND p.period @> l.contacted_on
    GROUP BY l.customer_id) AS l ON l.customer_id = c.customer_id AND c.plans IS NOT NULL
  CROSS JOIN LATERAL (
    SELECT (l.last_on + make_interval(months => CASE c.cadence WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 WHEN 'year' THEN 12 END))::date AS next_on) AS n
  CROSS JOIN LATERAL (
    SELECT c.listed AS known, c.plans IS NOT NULL AS plan, coalesce(c.plans @> c.first_on, false) AS done, coalesce(c.first_on >= lower(a.days), false) AS fresh, c.first_on < lower(a.days) AS before) AS x),
line AS (
  SELECT 'customer' AS dimension, o.customer_id::text AS key, o.customer_id, o.name, o.channel, o.territory, o.person_id, o.known AS customers, o.active, o.potential, o.converted, o.planned, o.activated, o.unplanned,
         o.contacts, o.last_on, o.next_on, o.overdue, o.first_on, o.amount, o.cost, o.opening, o.lost, o.buying
  FROM one AS o WHERE o.planned > 0
  UNION ALL
  SELECT d.dimension, d.key, NULL AS customer_id, NULL AS name, d.channel, d.territory, d.person_id, sum(o.known) AS customers, sum(o.active) AS active, sum(o.potential) AS potential, sum(o.converted) AS converted,
         sum(o.planned) AS planned, sum(o.activated) AS activated, sum(o.unplanned) AS unplanned, sum(o.contacts)::bigint AS contacts, max(o.last_on) AS last_on, NULL AS next_on, sum(o.overdue) AS overdue, NULL AS first_on,
         sum(o.amount) AS amount, sum(o.cost) AS cost, sum(o.opening) AS opening, sum(o.lost) AS lost, sum(o.buying) AS buying
  FROM one AS o
  CROSS JOIN LATERAL (VALUES ('all', '', NULL, NULL, NULL), ('channel', o.channel, o.channel, NULL, NULL), ('territory', o.territory, NULL, o.territory, NULL),
                             ('person', o.person_id::text, NULL, NULL, o.person_id)) AS d (dimension, key, channel, territory, person_id)
  WHERE d.key IS NOT NULL GROUP BY d.dimension, d.key, d.channel, d.territory, d.person_id)
SELECT l.dimension, l.key, l.customer_id, coalesce(l.name, p.name) AS name, l.channel, l.territory, l.person_id, a.days, h.customers, h.active, h.active::numeric / nullif(h.customers, 0) AS coverage,
       h.potential AS potential_base, l.planned, l.activated, l.unplanned, l.activated::numeric / nullif(l.planned, 0) AS of_plan,
       h.converted::numeric / nullif(h.potential, 0) AS conversion, l.contacts, l.last_on AS last_contact, l.next_on AS next_contact, l.overdue AS contact_overdue, l.first_on AS first_order,
       l.amount, l.cost, l.cost / nullif(l.activated, 0) AS cost_per_activated, l.opening, l.lost, l.lost::numeric / nullif(l.opening, 0) AS attrition,
       l.activated::numeric / nullif(l.planned, 0) AS value, g.goal, kpi_status(l.activated::numeric / nullif(l.planned, 0), g.goal, g.tolerance) AS status,
       sign(l.buying - l.opening)::integer AS trend, a.as_of
FROM line AS l CROSS JOIN asked AS a
LEFT JOIN (SELECT DISTINCT ON (p.person_id) p.person_id, p.name FROM person AS p ORDER BY p.person_id, p.name) AS p ON l.dimension = 'person' AND p.person_id = l.person_id
CROSS JOIN LATERAL (
  SELECT CASE WHEN 'customer' = ANY (a.bound) THEN l.customers END AS customers, CASE WHEN 'customer' = ANY (a.bound) THEN l.active END AS active,
         CASE WHEN 'customer' = ANY (a.bound) THEN l.potential END AS potential, CASE WHEN 'customer' = ANY (a.bound) THEN l.converted END AS converted) AS h
$body$ || kam_model_goal('of_plan', 'l.customer_id', 'l.person_id', 'l.channel', 'l.territory') || $body$
$body$),

(2965, 'report', 'base_extension', '{sale,sale.cost,customer,customer.acquired_by,customer.satisfied,customer_cost,customer_cost.kind}', 'how customers were found, and what each way brought: customers won in the period, their sales and profit, what one cost, how many stayed, and what they are worth', $columns$
dimension: all or method
key: which way, of customer.acquired_by; not known where it is not said; '' for all
days: the days looked at
customers: customers known of it
won: customers whose first purchase ever was in the days
won_share: won over that of all
amount: sales of the won in the days
profit: the same less cost
cost: what finding customers cost: customer_cost of the kind acquisition in the days, and activation_plan that begin in them
cost_per_won: that over won
profit_per_cost: profit over cost
won_before: customers whose first purchase was in the same days of the year before
retained: of these, those who are not lost: bought within lost_after
retained_share: retained over won_before
multiple: sales of all customers who bought up to as_of over those of the day of their first purchase, where these are above zero
satisfied_share: satisfied customers over those who said so or not
value: cost_per_won
goal: goal of cost_per_won in kpi_goal for all
status: 1 up to it, 0 within the tolerance, -1 above
trend: 1 where value is below that of the same days of the year before, -1 where it is above, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT d.*, CASE WHEN lower(d.days) > '0002-01-01' AND upper(d.days) - lower(d.days) <= 36525 THEN prior_year(d.days) END AS before
  FROM (SELECT a.*, a.period * daterange(NULL, a.as_of + 1) AS days FROM {asked} AS a WHERE a.as_of >= lower(a.period) AND 'sale' = ANY (a.bound)) AS d),
bought AS MATERIALIZED (
  SELECT s.customer_id, min(s.sold_on) FILTER (WHERE s.amount > 0) AS first_on, max(s.sold_on) FILTER (WHERE s.amount > 0) AS last_on, sum(s.amount) AS total,
         sum(s.amount) FILTER (WHERE s.sold_on <@ a.days) AS amount, sum(s.amount - s.cost) FILTER (WHERE s.sold_on <@ a.days) AS profit
  FROM asked AS a JOIN sale AS s ON s.sold_on <= a.as_of AND s.sold_on >= '0001-01-01' WHERE s.customer_id IS NOT NULL GROUP BY s.customer_id),
began AS (
  SELECT b.customer_id, sum(s.amount) AS amount FROM bought AS b JOIN sale AS s ON s.customer_id = b.customer_id AND s.sold_on = b.first_on GROUP BY b.customer_id),
spent AS (
  SELECT c.customer_id, sum(c.amount) FILTER (WHERE NOT c.before) AS cost, sum(c.amount) FILTER (WHERE c.before) AS cost_before
  FROM (
    SELECT c.customer_id, c.amount, c.cost_on < lower(a.days) AS before FROM customer_cost AS c JOIN asked AS a ON c.kind = 'acquisition' AND (c.cost_on <@ a.days OR c.cost_on <@ a.before)
    UNION ALL
    SELECT p.customer_id, p.cost, lower(p.period) < lower(a.days) FROM activation_plan AS p JOIN asked AS a ON lower(p.period) <@ a.days OR lower(p.period) <@ a.before) AS c
  GROUP BY c.customer_id),
found AS (
  SELECT DISTINCT ON (k.customer_id) k.customer_id, nullif(k.acquired_by, '') AS method, k.satisfied
  FROM customer AS k WHERE k.customer_id IS NOT NULL ORDER BY k.customer_id, k.acquired_by, k.satisfied),
line AS (
  SELECT d.dimension, d.key, count(f.customer_id) AS customers, count(*) FILTER (WHERE b.first_on <@ a.days) AS won, sum(b.amount) FILTER (WHERE b.first_on <@ a.days) AS amount,
         sum(b.profit) FILTER (WHERE b.first_on <@ a.days) AS profit, sum(s.cost) AS cost, sum(s.cost_before) AS cost_before, count(*) FILTER (WHERE b.first_on <@ a.before) AS won_before,
         count(*) FILTER (WHERE b.first_on <@ a.before AND a.as_of - b.last_on <= a.lost_after) AS retained,
         sum(b.total) FILTER (WHERE n.amount > 0) / nullif(sum(n.amount) FILTER (WHERE n.amount > 0), 0) AS multiple,
         count(*) FILTER (WHERE f.satisfied)::numeric / nullif(count(f.satisfied), 0) AS satisfied_share
  FROM found AS f
  FULL JOIN bought AS b ON b.customer_id = f.customer_id
  FULL JOIN spent AS s ON s.customer_id = coalesce(f.customer_id, b.customer_id)
  LEFT JOIN began AS n ON n.customer_id = b.customer_id
  CROSS JOIN asked AS a
  CROSS JOIN LATERAL (VALUES ('all', ''), ('method', coalesce(f.method, 'not known'))) AS d (dimension, key)
  WHERE d.dimension = 'all' OR 'customer.acquired_by' = ANY (a.bound)
  GROUP BY d.dimension, d.key)
SELECT l.dimension, l.key, a.days, CASE WHEN 'customer' = ANY (a.bound) THEN l.customers END AS customers, l.won, l.won::numeric / nullif(w.won, 0) AS won_share, l.amount, l.profit, l.cost,
       l.cost / nullif(l.won, 0) AS cost_per_won, l.profit / nullif(l.cost, 0) AS profit_per_cost, l.won_before, l.retained, l.retained::numeric / nullif(l.won_before, 0) AS retained_share,
       l.multiple, l.satisfied_share, l.cost / nullif(l.won, 0) AS value, g.goal, kpi_status(l.cost / nullif(l.won, 0), g.goal, g.tolerance, 'down') AS status,
       kpi_trend(l.cost / nullif(l.won, 0), l.cost_before / nullif(l.won_before, 0), 0, 'down') AS trend, a.as_of
FROM line AS l CROSS JOIN asked AS a
JOIN line AS w ON w.dimension = 'all'
$body$ || kam_model_goal('cost_per_won', NULL, 'NULL', NULL, NULL, 'NULL') || $body$
$body$),

(2970, 'report', 'base_quality', '{customer,customer.closed_on,customer.contact_cadence,sale,contact,contact_log,visit,outlet}', 'how clean the customer file is: cards that are closed, double, incomplete, silent for a year, forgotten, or of an old class; when it was cleaned, and when to do it next', $columns$
dimension: all, territory, person or customer
key: which, as text; '' for all
customer_id: the customer, of dimension customer
name: name of the customer or the person
territory: territory of the customer, or the dimension
person_id: who is in charge of the customer; or the person of the dimension
cards: customers that are not closed
closed: customers closed up to as_of
double: cards of which there is another of the same name, but for case, blanks and signs, in the territory
incomplete: cards where something is missing
complete_share: what is filled in, over what should be: name and those of type, channel, segment, territory, person, since and a contact that are bound
silent: cards without a purchase or a contact for twelve months, and not new
forgotten: cards without a purchase, contact or visit for longer than contact_cadence
stale_class: cards whose class in class_history is older than a year, or missing
flawed: cards with at least one of these
last_sign: day of the last purchase, contact or visit
class: his class in class_history, the last that was given by hand, or else the last computed; of dimension customer
class_on: the last day that he has one of
cleaned_on: day of the last cleaning of all, or of the territory
due_on: a year after it; NULL: never cleaned
due: it is time
best_month: the month of the year with the lowest sales, 1 to 12, of the last one to three whole years
value: share of the cards without a flaw
goal: goal of clean_share in kpi_goal, of the customer, the person, his team, the territory, or all
status: 1 where it is reached, 0 within the tolerance, else -1
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, (a.as_of - interval '1 year')::date AS year_ago, ARRAY(SELECT f FROM unnest('{customer_type,channel,segment,territory,person_id,since}'::text[]) AS f WHERE 'customer.' || f = ANY (a.bound)) AS fields
  FROM {asked} AS a WHERE a.as_of IS NOT NULL),
taken AS MATERIALIZED (
  SELECT s.customer_id, max(CASE WHEN upper(s.period) <= a.as_of + 1 THEN last_sale(s.amount) ELSE a.as_of - open_gap(s.amount, a.as_of) END) AS last_on, min(first_sale(s.amount)) AS first_on,
         rollup(s.amount, y.days) FILTER (WHERE s.period && y.days) AS s
  FROM customer_series AS s JOIN asked AS a ON lower(s.period) <= a.as_of CROSS JOIN LATERAL (SELECT closed_period(a.as_of, 36, 'month') AS days) AS y
  WHERE s.grain = 'month' GROUP BY s.customer_id),
season AS MATERIALIZED (
  SELECT i.month
  FROM (SELECT rollup(t.s) AS s, min(t.first_on) AS first_on FROM taken AS t) AS t CROSS JOIN asked AS a
  CROSS JOIN LATERAL (SELECT max(n) AS n FROM unnest('{12,24,36}'::integer[]) AS n WHERE lower(closed_period(a.as_of, n, 'month')) + 6 >= t.first_on) AS n
  CROSS JOIN LATERAL unnest(seasonality(slice(t.s, closed_period(a.as_of, n.n, 'month')))) WITH ORDINALITY AS i (index, month)
  ORDER BY i.index, i.month LIMIT 1),
signed AS (
  SELECT l.customer_id, max(l.contacted_on) AS contact_on, NULL::date AS visit_on
  FROM contact_log AS l JOIN asked AS a ON l.contacted_on <= a.as_of AND isfinite(l.contacted_on) GROUP BY l.customer_id
  UNION ALL
  SELECT o.customer_id, NULL AS contact_on, max(v.visited_on) AS visit_on
  FROM visit AS v JOIN asked AS a ON v.visited_on <= a.as_of AND isfinite(v.visited_on) JOIN outlet AS o ON o.outlet_id = v.outlet_id GROUP BY o.customer_id),
classed AS (
  SELECT h.customer_id, max(h.as_of) AS class_on,
         coalesce((array_agg(h.manual_class ORDER BY h.as_of DESC) FILTER (WHERE h.manual_class IS NOT NULL))[1], (array_agg(h.abc ORDER BY h.as_of DESC))[1]) AS class
  FROM class_history AS h JOIN asked AS a ON h.as_of <= a.as_of GROUP BY h.customer_id),
card AS (
  SELECT k.customer_id, k.name, k.territory, k.person_id, k.contact_cadence, k.since, coalesce(k.closed_on <= a.as_of, false) AS closed,
         count(*) OVER (PARTITION BY coalesce(k.closed_on <= a.as_of, false), k.territory, n.name) > 1 AND n.name <> '' AS double,
         (nullif(n.name, '') IS NOT NULL)::integer + cardinality(ARRAY(
           SELECT f FROM unnest(a.fields) AS f
           WHERE CASE f WHEN 'customer_type' THEN k.customer_type <> '' WHEN 'channel' THEN k.channel <> '' WHEN 'segment' THEN k.segment <> '' WHEN 'territory' THEN k.territory <> ''
                        WHEN 'person_id' THEN k.person_id IS NOT NULL ELSE k.since IS NOT NULL END)) AS filled
  FROM customer AS k CROSS JOIN asked AS a
  CROSS JOIN LATERAL (SELECT regexp_replace(lower(k.name), '[^[:alnum:]]', '', 'g') AS name) AS n
  WHERE k.customer_id IS NOT NULL),
one AS MATERIALIZED (
  SELECT c.customer_id, c.name, c.territory, c.person_id, c.closed, x.filled, x.fields, h.class, h.class_on, x.last_sign, f.double, f.incomplete, f.silent, f.forgotten, f.stale_class
  FROM card AS c CROSS JOIN asked AS a
  LEFT JOIN taken AS t ON t.customer_id = c.customer_id
  LEFT JOIN (SELECT s.customer_id, max(s.contact_on) AS contact_on, max(s.visit_on) AS visit_on FROM signed AS s GROUP BY s.customer_id) AS s ON s.customer_id = c.customer_id
  LEFT JOIN (SELECT p.customer_id FROM contact AS p JOIN asked AS a ON coalesce(p.valid @> a.as_of, true) WHERE p.name <> '' GROUP BY p.customer_id) AS p ON p.customer_id = c.customer_id
  LEFT JOIN classed AS h ON h.customer_id = c.customer_id
  CROSS JOIN LATERAL (
    SELECT c.filled + (p.customer_id IS NOT NULL)::integer AS filled, 1 + cardinality(a.fields) + ('contact' = ANY (a.bound))::integer AS fields, greatest(t.last_on, s.contact_on, s.visit_on) AS last_sign,
           make_interval(months => CASE c.contact_cadence WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 WHEN 'year' THEN 12 END) AS every) AS x
  CROSS JOIN LATERAL (
    SELECT NOT c.closed AND c.double AS double, NOT c.closed AND x.filled < x.fields AS incomplete,
           CASE WHEN 'sale' = ANY (a.bound) THEN NOT c.closed AND coalesce(greatest(t.last_on, s.contact_on, c.since) < a.year_ago, true) END AS silent,
           CASE WHEN 'customer.contact_cadence' = ANY (a.bound) THEN NOT c.closed AND x.every IS NOT NULL AND coalesce((x.last_sign + x.every)::date < a.as_of, true) END AS forgotten,
           CASE WHEN EXISTS (SELECT FROM classed) THEN NOT c.closed AND coalesce(h.class_on < a.year_ago, true) END AS stale_class) AS f),
line AS (
  SELECT d.dimension, d.key, d.customer_id, min(o.name) FILTER (WHERE d.dimension = 'customer') AS name, d.territory, d.person_id, count(*) FILTER (WHERE NOT o.closed) AS cards, count(*) FILTER (WHERE o.closed) AS closed,
         count(*) FILTER (WHERE o.double) AS double, count(*) FILTER (WHERE o.incomplete) AS incomplete,
         sum(o.filled) FILTER (WHERE NOT o.closed)::numeric / nullif(sum(o.fields) FILTER (WHERE NOT o.closed), 0) AS complete_share,
         count(*) FILTER (WHERE o.silent) AS silent, count(*) FILTER (WHERE o.forgotten) AS forgotten, count(*) FILTER (WHERE o.stale_class) AS stale_class,
         count(*) FILTER (WHERE o.double OR o.incomplete OR o.silent OR o.forgotten OR o.stale_class) AS flawed, count(o.silent) AS told, count(o.forgotten) AS asked_after, count(o.stale_class) AS classed,
         max(o.last_sign) AS last_sign, max(o.class) FILTER (WHERE d.dimension = 'customer') AS class, max(o.class_on) FILTER (WHERE d.dimension = 'customer') AS class_on
  FROM one AS o
  CROSS JOIN LATERAL (VALUES ('all', '', NULL, NULL, NULL), ('territory', o.territory, NULL, o.territory, NULL), ('person', o.person_id::text, NULL, NULL, o.person_id),
                             ('customer', o.customer_id::text, o.customer_id, o.territory, o.person_id)) AS d (dimension, key, customer_id, territory, person_id)
  WHERE d.key IS NOT NULL GROUP BY d.dimension, d.key, d.customer_id, d.territory, d.person_id)
SELECT l.dimension, l.key, l.customer_id, coalesce(l.name, p.name) AS name, l.territory, l.person_id, l.cards, CASE WHEN 'customer.closed_on' = ANY (a.bound) THEN l.closed END AS closed,
       l.double, l.incomplete, l.complete_share, CASE WHEN l.told > 0 THEN l.silent END AS silent, CASE WHEN l.asked_after > 0 THEN l.forgotten END AS forgotten,
       CASE WHEN l.classed > 0 THEN l.stale_class END AS stale_class, l.flawed, l.last_sign, l.class, l.class_on, b.cleaned_on, b.due_on, coalesce(b.due_on <= a.as_of, true) AS due,
       (SELECT s.month FROM season AS s)::integer AS best_month, v.value, g.goal, kpi_status(v.value, g.goal, g.tolerance) AS status, a.as_of
FROM line AS l CROSS JOIN asked AS a
LEFT JOIN (SELECT DISTINCT ON (p.person_id) p.person_id, p.name FROM person AS p ORDER BY p.person_id, p.name) AS p ON l.dimension = 'person' AND p.person_id = l.person_id
LEFT JOIN LATERAL (
  SELECT max(b.cleaned_on) AS cleaned_on, (max(b.cleaned_on) + interval '1 year')::date AS due_on FROM base_cleaning AS b WHERE b.territory IN ('', coalesce(l.territory, '')) AND b.cleaned_on <= a.as_of) AS b ON true
CROSS JOIN LATERAL (SELECT 1 - l.flawed::numeric / nullif(l.cards, 0) AS value) AS v
$body$ || kam_model_goal('clean_share', 'l.customer_id', 'l.person_id', NULL, 'l.territory') || $body$
$body$),

(2980, 'report', 'activity_list', '{customer,sale,customer.channel,customer.person_id}', 'what activity_norm lays down for each customer, by his class and by whether he buys, did, or could', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
class: his class in class_history up to as_of, the last that was given by hand, or else the last computed
class_on: the last day that he has one of
base: active, lost (not bought for longer than lost_after) or potential (never bought); NULL: not known without sales
last_order: day of the last purchase
activity: what is to be done; NULL: nothing is laid down for him
hours: hours that it takes in a month
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT a.* FROM {asked} AS a WHERE a.as_of IS NOT NULL)
SELECT k.customer_id, k.name, k.channel, k.territory, k.person_id, h.class, h.class_on, b.base, s.last_on AS last_order, n.activity, n.hours, a.as_of
FROM customer AS k CROSS JOIN asked AS a
LEFT JOIN (
  SELECT s.customer_id, max(least(a.as_of, upper(s.period) - 1) - open_gap(s.amount, least(a.as_of, upper(s.period) - 1))) AS last_on
  FROM customer_series AS s JOIN asked AS a ON lower(s.period) <= a.as_of WHERE s.grain = 'month' GROUP BY s.customer_id) AS s ON s.customer_id = k.customer_id
LEFT JOIN (
  SELECT h.customer_id, max(h.as_of) AS class_on,
         coalesce((array_agg(h.manual_class ORDER BY h.as_of DESC) FILTER (WHERE h.manual_class IS NOT NULL))[1], (array_agg(h.abc ORDER BY h.as_of DESC))[1]) AS class
  FROM class_history AS h JOIN asked AS a ON h.as_of <= a.as_of GROUP BY h.customer_id) AS h ON h.customer_id = k.customer_id
CROSS JOIN LATERAL (
  SELECT CASE WHEN 'sale' = ANY (a.bound) THEN CASE WHEN s.last_on IS NULL THEN 'potential' WHEN a.as_of - s.last_on > a.lost_after THEN 'lost' ELSE 'active' END END AS base) AS b
LEFT JOIN LATERAL (
  SELECT DISTINCT ON (n.activity) n.activity, n.hours FROM activity_norm AS n
  WHERE n.class = h.class AND n.base = b.base AND n.channel IN (coalesce(k.channel, ''), '') ORDER BY n.activity, n.channel = '') AS n ON true
WHERE k.customer_id IS NOT NULL AND coalesce(k.closed_on > a.as_of, true)
$body$);
