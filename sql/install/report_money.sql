-- Reports of a model: what customers owe, what promotions brought, and how agreements are kept

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2600, 'report', 'receivables', '{receivable,receivable.paid_on,receivable.deferred,receivable.disputed,payment,payment_plan,customer,customer.credit_limit}', 'what customers owe: open, overdue, by age, days sales outstanding, credit, and who pays as planned', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
invoices: invoices that are open
open_amount: what is open on them
credit: credit balances and prepayments, below zero
balance: both
not_due: open, and not due before as_of
days_1_30: overdue for 1 to 30 days
days_31_60: overdue for 31 to 60 days
days_61_90: overdue for 61 to 90 days
days_over_90: overdue for more than 90 days
no_date: open, without a due date
overdue: overdue, of any age
overdue_share: share of what is overdue, of invoices with deferred payment
days_overdue: days that the oldest of them is overdue, 0: none is
disputed: open, and disputed
invoiced: invoices less credit notes of the period up to as_of
days_sales_outstanding: open_amount over that, in days
days_within_terms: the same without what is overdue: what the terms allow
credit_limit: his credit limit
utilisation: balance over it
headroom: what is left of it
credit_state: ok, near_limit, over_limit or no_limit
planned: payments planned in the period up to as_of
paid: payments that came in
payment_discipline: paid over planned, whichever day
payment_discipline_strict: the same of what came in on its day, up to what was planned for it
collected_on_time: of what fell due in the period up to as_of, the share of invoices paid in full by their day
value: overdue_share
goal: the most that it should be: overdue_share in kpi_goal, of the customer, or else of who is in charge, his team, the channel, the territory, or all
status: 1 where it is no more than that, 0 above it within the tolerance, else -1
trend: 1 where a smaller share is overdue than a month before, -1 where a larger one is, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, a.period * daterange(NULL, a.as_of + 1) AS span, (a.as_of - interval '1 month')::date AS before, 'receivable' = ANY (a.bound) AS owes,
         'receivable.paid_on' = ANY (a.bound) AS pays, 'payment' = ANY (a.bound) AND 'payment_plan' = ANY (a.bound) AS plans
  FROM {asked} AS a),
one AS (
  SELECT f.customer_id, count(*) FILTER (WHERE f.open_amount > 0) AS invoices, sum(f.open_amount) FILTER (WHERE f.open_amount > 0) AS open_amount,
         sum(f.open_amount) FILTER (WHERE f.open_amount < 0) AS credit,
         sum(f.open_amount) FILTER (WHERE f.open_amount > 0 AND f.bucket = 'not due') AS not_due,
         sum(f.open_amount) FILTER (WHERE f.open_amount > 0 AND f.bucket = '1-30') AS days_1_30,
         sum(f.open_amount) FILTER (WHERE f.open_amount > 0 AND f.bucket = '31-60') AS days_31_60,
         sum(f.open_amount) FILTER (WHERE f.open_amount > 0 AND f.bucket = '61-90') AS days_61_90,
         sum(f.open_amount) FILTER (WHERE f.open_amount > 0 AND f.bucket = 'over 90') AS days_over_90,
         sum(f.open_amount) FILTER (WHERE f.open_amount > 0 AND f.bucket IS NULL) AS no_date,
         sum(f.open_amount) FILTER (WHERE f.open_amount > 0 AND f.due_on < a.as_of) AS overdue,
         overdue_share(f.open_amount, f.due_on, a.as_of, coalesce(f.deferred, true)) AS overdue_share,
         overdue_share(f.open_before, f.due_on, a.before, coalesce(f.deferred, true)) AS share_before,
         max(days_overdue(f.due_on, a.as_of)) FILTER (WHERE f.open_amount > 0) AS days_overdue,
         sum(f.open_amount) FILTER (WHERE f.open_amount > 0 AND f.disputed) AS disputed,
         sum(f.amount) FILTER (WHERE f.invoiced_on <@ a.span) AS invoiced,
         payment_discipline_strict(CASE WHEN f.paid_on <= f.due_on THEN f.amount ELSE 0 END, f.amount) FILTER (WHERE f.amount > 0 AND f.due_on <@ a.span) AS on_time,
         sum(f.planned) AS planned, sum(f.paid) AS paid, payment_discipline(f.paid, f.planned) AS discipline, payment_discipline_strict(f.paid, f.planned) AS strict
  FROM (
    SELECT r.customer_id, r.invoiced_on, d.due_on, r.amount, r.paid_on, r.deferred, r.disputed, CASE WHEN r.paid_on > a.as_of THEN r.amount ELSE r.open_amount END AS open_amount,
           CASE WHEN r.invoiced_on <= a.before THEN CASE WHEN r.paid_on > a.before THEN r.amount ELSE r.open_amount END END AS open_before,
           ageing_bucket(d.due_on, a.as_of) AS bucket, NULL::numeric AS paid, NULL::numeric AS planned
    FROM receivable AS r JOIN asked AS a ON r.invoiced_on <= a.as_of
    CROSS JOIN LATERAL (SELECT CASE WHEN r.due_on BETWEEN '0001-01-01' AND '9999-12-31' THEN r.due_on END AS due_on) AS d
    WHERE r.customer_id IS NOT NULL
  UNION ALL
    SELECT x.customer_id, NULL AS invoiced_on, NULL AS due_on, NULL AS amount, NULL AS paid_on, NULL AS deferred, NULL AS disputed, NULL AS open_amount,
           NULL AS open_before, NULL AS bucket, sum(x.paid) AS paid, sum(x.planned) AS planned
    FROM (SELECT p.customer_id, p.paid_on AS day, p.amount AS paid, NULL::numeric AS planned FROM payment AS p UNION ALL
          SELECT p.customer_id, p.due_on AS day, NULL AS paid, p.amount AS planned FROM payment_plan AS p) AS x
    JOIN asked AS a ON x.day >= lower(a.span) AND x.day < upper(a.span)
    WHERE x.customer_id IS NOT NULL GROUP BY x.customer_id, x.day
  UNION ALL
    SELECT k.customer_id, NULL AS invoiced_on, NULL AS due_on, NULL AS amount, NULL AS paid_on, NULL AS deferred, NULL AS disputed, NULL AS open_amount,
           NULL AS open_before, NULL AS bucket, NULL AS paid, NULL AS planned
    FROM customer AS k WHERE k.credit_limit IS NOT NULL AND k.customer_id IS NOT NULL) AS f
  CROSS JOIN asked AS a WHERE a.as_of IS NOT NULL GROUP BY f.customer_id)
SELECT o.customer_id, k.name, k.channel, k.territory, k.person_id, CASE WHEN a.owes THEN o.invoices END AS invoices,
       s.open_amount, CASE WHEN a.owes THEN coalesce(o.credit, 0) END AS credit, s.balance,
       CASE WHEN a.owes THEN coalesce(o.not_due, 0) END AS not_due, CASE WHEN a.owes THEN coalesce(o.days_1_30, 0) END AS days_1_30,
       CASE WHEN a.owes THEN coalesce(o.days_31_60, 0) END AS days_31_60, CASE WHEN a.owes THEN coalesce(o.days_61_90, 0) END AS days_61_90,
       CASE WHEN a.owes THEN coalesce(o.days_over_90, 0) END AS days_over_90, CASE WHEN a.owes THEN coalesce(o.no_date, 0) END AS no_date,
       CASE WHEN a.owes THEN coalesce(o.overdue, 0) END AS overdue, o.overdue_share, CASE WHEN a.owes THEN coalesce(o.days_overdue, 0) END AS days_overdue,
       CASE WHEN 'receivable.disputed' = ANY (a.bound) THEN coalesce(o.disputed, 0) END AS disputed, s.invoiced,
       CASE WHEN NOT isempty(a.span) THEN days_sales_outstanding(s.open_amount, s.invoiced, a.span) END AS days_sales_outstanding,
       CASE WHEN NOT isempty(a.span) THEN days_sales_outstanding(s.open_amount - coalesce(o.overdue, 0), s.invoiced, a.span) END AS days_within_terms,
       k.credit_limit, c.utilisation, c.headroom, CASE WHEN a.owes AND 'customer.credit_limit' = ANY (a.bound) THEN c.state END AS credit_state,
       CASE WHEN 'payment_plan' = ANY (a.bound) THEN coalesce(o.planned, 0) END AS planned, CASE WHEN 'payment' = ANY (a.bound) THEN coalesce(o.paid, 0) END AS paid,
       CASE WHEN a.plans THEN o.discipline END AS payment_discipline, CASE WHEN a.plans THEN o.strict END AS payment_discipline_strict,
       CASE WHEN a.pays THEN o.on_time END AS collected_on_time, o.overdue_share AS value, g.goal,
       kpi_status(o.overdue_share, g.goal, g.tolerance, 'down') AS status,
       CASE WHEN a.pays THEN kpi_trend(o.overdue_share, o.share_before, 0, 'down') END AS trend, a.as_of
FROM one AS o CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = o.customer_id
CROSS JOIN LATERAL (
  SELECT CASE WHEN a.owes THEN coalesce(o.open_amount, 0) END AS open_amount, CASE WHEN a.owes THEN coalesce(o.open_amount, 0) + coalesce(o.credit, 0) END AS balance,
         CASE WHEN a.owes THEN coalesce(o.invoiced, 0) END AS invoiced) AS s
CROSS JOIN LATERAL credit_state(s.balance, k.credit_limit, a.near_from) AS c
$body$ || kam_model_goal('overdue_share', 'o.customer_id', 'k.person_id', 'k.channel', 'k.territory')),

(2610, 'report', 'promo_quality', '{promo,promo.submitted_on,promo.initiator,promo.kind,promo.product_id,promo.promo_price,promo.list_price,promo.baseline,promo.spend,sale.quantity,trade_spend.promo_id,customer}', 'promotions that start in the period: how long ahead they were submitted, by whom, what they sold more and what they cost', $columns$
promo_id: the promotion
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
product_id: the product; NULL: all that he buys
kind: its kind
initiator: who wanted it
month: first day of the month that it starts in
starts_on: first day
ends_on: last day
submitted_on: the day that it was submitted
lead_days: days from that to the first day
lead_class: late, reactive, transitional or planned
depth: how far its price is below the list price, a fraction
volume: quantity sold while it ran, up to as_of
baseline: quantity that would have been sold without it: as given, or else that of as many days of the four weeks before it
baseline_days: days of the four weeks without another promotion, which baseline is from; NULL: it was given
uplift: volume over baseline, less 1, once it is over
spend: what it cost: as given, or else the trade spend on it
cost_per_unit: spend over volume
cost_per_extra_unit: spend over what was sold more, once it is over
value: lead_days
goal: days that make a promotion planned
status: 1 planned, 0 transitional, -1 reactive or late
trend: 1 where lead_days are more than those of the promotion before it in the period, -1 where they are fewer, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
begun AS (
  SELECT p.promo_id, p.customer_id, p.product_id, p.kind, p.initiator, p.starts_on, p.ends_on, p.submitted_on, p.promo_price, p.list_price, p.baseline, p.spend,
         row_number() OVER (PARTITION BY p.customer_id ORDER BY p.starts_on, p.promo_id, p.product_id, p.ends_on, p.submitted_on) AS line,
         count(p.spend) OVER (PARTITION BY p.customer_id, p.promo_id) = 0
         AND row_number() OVER (PARTITION BY p.customer_id, p.promo_id ORDER BY p.starts_on, p.product_id, p.ends_on, p.submitted_on) = 1 AS takes_spend,
         CASE WHEN p.ends_on >= p.starts_on AND p.ends_on < '9999-12-31' THEN p.ends_on - p.starts_on + 1 END AS days
  FROM promo AS p JOIN asked AS a ON p.starts_on >= lower(a.period) AND p.starts_on < upper(a.period)
  WHERE p.customer_id IS NOT NULL),
apart AS (
  SELECT b.promo_id, b.customer_id, b.product_id, b.kind, b.initiator, b.starts_on, b.ends_on, b.submitted_on, b.promo_price, b.list_price, b.baseline, b.spend,
         b.line, b.takes_spend, b.days,
         datemultirange(daterange(b.starts_on - 28, b.starts_on)) - coalesce(range_agg(daterange(q.starts_on, q.ends_on, '[]')) FILTER (WHERE q.starts_on IS NOT NULL), '{}') AS free
  FROM begun AS b
  LEFT JOIN promo AS q ON q.customer_id = b.customer_id AND q.starts_on < b.starts_on AND q.ends_on >= b.starts_on - 28 AND q.ends_on >= q.starts_on AND q.ends_on < 'infinity'
    AND (q.product_id = b.product_id OR q.product_id IS NULL OR b.product_id IS NULL)
  GROUP BY b.promo_id, b.customer_id, b.product_id, b.kind, b.initiator, b.starts_on, b.ends_on, b.submitted_on, b.promo_price, b.list_price, b.baseline, b.spend,
           b.line, b.takes_spend, b.days),
sold AS (
  SELECT p.promo_id, p.customer_id, p.product_id, p.kind, p.initiator, p.starts_on, p.ends_on, p.submitted_on, p.promo_price, p.list_price, p.baseline, p.spend,
         p.line, p.takes_spend, p.days, p.free, coalesce(sum(s.quantity) FILTER (WHERE s.sold_on >= p.starts_on), 0) AS volume,
         coalesce(sum(s.quantity) FILTER (WHERE p.free @> s.sold_on), 0) AS before
  FROM apart AS p CROSS JOIN asked AS a
  LEFT JOIN sale AS s ON s.customer_id = p.customer_id AND s.sold_on >= p.starts_on - 28 AND s.sold_on <= p.ends_on AND s.sold_on <= a.as_of
    AND (p.product_id IS NULL OR s.product_id = p.product_id)
  GROUP BY p.promo_id, p.customer_id, p.product_id, p.kind, p.initiator, p.starts_on, p.ends_on, p.submitted_on, p.promo_price, p.list_price, p.baseline, p.spend,
           p.line, p.takes_spend, p.days, p.free)
SELECT p.promo_id, p.customer_id, k.name, k.channel, k.territory, k.person_id, p.product_id, p.kind, p.initiator, date_trunc('month', p.starts_on::timestamp)::date AS month,
       p.starts_on, p.ends_on, p.submitted_on, l.days AS lead_days, l.class AS lead_class, price_depth(p.promo_price, p.list_price) AS depth,
       v.volume, v.baseline, CASE WHEN v.sells AND p.baseline IS NULL THEN v.free END AS baseline_days,
       CASE WHEN p.ends_on <= a.as_of THEN promo_uplift(v.volume, v.baseline) END AS uplift, v.spend, cost_per_unit(v.spend, v.volume) AS cost_per_unit,
       CASE WHEN p.ends_on <= a.as_of THEN cost_per_unit(v.spend, v.volume - v.baseline) END AS cost_per_extra_unit,
       l.days AS value, a.planned_from AS goal, CASE l.class WHEN 'planned' THEN 1 WHEN 'transitional' THEN 0 WHEN 'reactive' THEN -1 WHEN 'late' THEN -1 END AS status,
       sign(l.days - lag(l.days) OVER (PARTITION BY p.customer_id ORDER BY p.line))::integer AS trend, a.as_of
FROM sold AS p CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = p.customer_id
LEFT JOIN (SELECT t.customer_id, t.promo_id, sum(t.amount) AS spend FROM trade_spend AS t WHERE t.promo_id IS NOT NULL GROUP BY t.customer_id, t.promo_id) AS t
  ON t.customer_id = p.customer_id AND t.promo_id = p.promo_id AND p.takes_spend
CROSS JOIN LATERAL promo_lead(CASE WHEN isfinite(p.submitted_on) THEN p.submitted_on END, p.starts_on, a.reactive_to, a.planned_from) AS l
CROSS JOIN LATERAL (SELECT coalesce(sum(upper(r) - lower(r)), 0)::integer AS free FROM unnest(p.free) AS r) AS f
CROSS JOIN LATERAL (
  SELECT f.free, coalesce(p.spend, t.spend) AS spend, 'sale.quantity' = ANY (a.bound) AND p.days IS NOT NULL AS sells,
         CASE WHEN 'sale.quantity' = ANY (a.bound) AND p.days IS NOT NULL AND p.starts_on <= a.as_of THEN p.volume END AS volume,
         coalesce(p.baseline, CASE WHEN 'sale.quantity' = ANY (a.bound) AND p.starts_on <= a.as_of THEN p.before * p.days / nullif(f.free, 0) END) AS baseline) AS v
$body$),

(2620, 'report', 'agreement_execution', '{sale,sale.quantity,trade_spend,customer}', 'what agreements promise, item by item: agreed and executed, and the spend beside the volume', $columns$
agreement_id: the agreement
item_id: its item
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
period: the days of the agreement
signed_on: the day that it was signed; NULL: not yet
side: who promised: ours or customer
kind: what: volume, turnover, spend, or what is checked in outlets or fulfilled on a day
description: what was promised
due_on: until when
fulfilled_on: the day that it was kept
agreed: the target; without one the outlets checked, or else 1
executed: quantity or amount bought, money spent, outlets where it was found the last time, or all that was agreed, once fulfilled
execution: executed over agreed, at most 1
execution_total: executed over agreed of all such items of this side, each at most in full; without volume, turnover and spend
volume: quantity bought under the agreement, or the amount where it has a turnover and no volume
volume_target: what was agreed of it
reached: volume over volume_target
spend: trade spend in its days
budget: what was agreed of it
spent: spend over budget
spend_ahead: a larger share of the budget is spent than of the volume reached
value: execution; of spend: spent
goal: what should be by now: the elapsed share of the period for volume and turnover, reached for spend, 1 for what is due, else NULL
status: 1 where it is so, 0 within the tolerance, else -1
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
item AS (
  SELECT g.agreement_id, i.item_id, g.customer_id, g.period, g.signed_on, i.side, i.kind, i.description, i.due_on, i.fulfilled_on, i.target,
         i.kind IN ('volume', 'turnover', 'spend') AS counted,
         CASE WHEN i.kind IN ('volume', 'turnover', 'spend') THEN i.target ELSE coalesce(i.target, nullif(c.outlets, 0), 1) END AS agreed,
         CASE i.kind WHEN 'volume' THEN CASE WHEN 'sale.quantity' = ANY (a.bound) THEN coalesce(s.quantity, 0) END
           WHEN 'turnover' THEN CASE WHEN 'sale' = ANY (a.bound) THEN coalesce(s.amount, 0) END
           WHEN 'spend' THEN CASE WHEN 'trade_spend' = ANY (a.bound) THEN coalesce(t.amount, 0) END
           ELSE CASE WHEN c.outlets > 0 THEN c.executed WHEN i.fulfilled_on <= a.as_of THEN coalesce(i.target, 1) ELSE 0 END END AS executed,
         sum(i.target) FILTER (WHERE i.kind = 'volume') OVER w AS volume_target, sum(i.target) FILTER (WHERE i.kind = 'turnover') OVER w AS turnover_target,
         sum(i.target) FILTER (WHERE i.kind = 'spend') OVER w AS budget,
         CASE WHEN 'sale.quantity' = ANY (a.bound) THEN coalesce(s.quantity, 0) END AS quantity,
         CASE WHEN 'sale' = ANY (a.bound) THEN coalesce(s.amount, 0) END AS amount,
         CASE WHEN 'trade_spend' = ANY (a.bound) THEN coalesce(t.amount, 0) END AS spend
  FROM agreement AS g JOIN agreement_item AS i ON i.agreement_id = g.agreement_id
  JOIN asked AS a ON g.period && a.period AND lower(g.period) <= a.as_of
  LEFT JOIN (
    SELECT g.agreement_id, g.customer_id, sum(s.amount) AS amount, sum(s.quantity) AS quantity
    FROM agreement AS g CROSS JOIN asked AS a JOIN sale AS s ON s.customer_id = g.customer_id AND s.sold_on >= lower(g.period) AND s.sold_on < upper(g.period) AND s.sold_on <= a.as_of
    WHERE g.period && a.period GROUP BY g.agreement_id, g.customer_id) AS s ON s.agreement_id = g.agreement_id AND s.customer_id = g.customer_id
  LEFT JOIN (
    SELECT g.agreement_id, g.customer_id, sum(t.amount) AS amount
    FROM agreement AS g CROSS JOIN asked AS a JOIN trade_spend AS t ON t.customer_id = g.customer_id AND t.spent_on >= lower(g.period) AND t.spent_on < upper(g.period) AND t.spent_on <= a.as_of
    WHERE g.period && a.period GROUP BY g.agreement_id, g.customer_id) AS t ON t.agreement_id = g.agreement_id AND t.customer_id = g.customer_id
  CROSS JOIN LATERAL (
    SELECT count(*) AS outlets, count(*) FILTER (WHERE l.executed) AS executed
    FROM (SELECT DISTINCT ON (c.outlet_id) c.executed FROM agreement_check AS c
          WHERE c.item_id = i.item_id AND c.checked_on <= a.as_of ORDER BY c.outlet_id, c.checked_on DESC) AS l) AS c
  WINDOW w AS (PARTITION BY g.customer_id, g.agreement_id))
SELECT i.agreement_id, i.item_id, i.customer_id, k.name, k.channel, k.territory, k.person_id, i.period, i.signed_on, i.side, i.kind, i.description, i.due_on,
       i.fulfilled_on, i.agreed, i.executed, e.execution,
       sum(least(i.executed, i.agreed)) FILTER (WHERE NOT i.counted AND i.agreed > 0) OVER w / nullif(sum(i.agreed) FILTER (WHERE NOT i.counted AND i.agreed > 0) OVER w, 0) AS execution_total,
       v.volume, v.target AS volume_target, r.reached, i.spend, i.budget, achieved(i.spend, i.budget) AS spent,
       spend_ahead(i.spend, i.budget, v.volume, v.target) AS spend_ahead, x.value, x.goal,
       kpi_status(x.value, x.goal, a.goal_tolerance, CASE i.kind WHEN 'spend' THEN 'down' ELSE 'up' END) AS status, a.as_of
FROM item AS i CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = i.customer_id
CROSS JOIN LATERAL (SELECT CASE WHEN i.executed IS NOT NULL THEN achieved(least(i.executed, i.agreed), i.agreed) END AS execution) AS e
CROSS JOIN LATERAL (SELECT CASE WHEN i.volume_target IS NOT NULL THEN i.quantity WHEN i.turnover_target IS NOT NULL THEN i.amount END AS volume,
                           coalesce(i.volume_target, i.turnover_target) AS target) AS v
CROSS JOIN LATERAL (SELECT achieved(v.volume, v.target) AS reached) AS r
CROSS JOIN LATERAL (
  SELECT CASE i.kind WHEN 'spend' THEN achieved(i.executed, i.agreed) ELSE e.execution END AS value,
         CASE WHEN i.kind = 'spend' THEN r.reached
           WHEN i.counted THEN least((a.as_of - lower(i.period) + 1)::numeric / (upper(i.period) - lower(i.period)), 1)
           WHEN coalesce(i.due_on, upper(i.period) - 1) <= a.as_of THEN 1 END AS goal) AS x
WINDOW w AS (PARTITION BY i.customer_id, i.agreement_id, i.side)
$body$);
