-- Reports of a model: what customers earn in their programmes, and what people earn by customers who stay
--
-- A turnover programme is a ladder of one step, at the customer's own target. The first two reports stand on one text.

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body)
SELECT r.place, 'report', r.name, '{sale,sale.quantity,product.category,product.brand,customer}', r.comment, r.columns, standing.body || r.body
FROM (VALUES ($body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
member AS NOT MATERIALIZED (
  SELECT p.programme_id, m.customer_id, p.name, p.kind, p.period, greatest(m.joined_on, lower(p.period)) AS launched,
         CASE p.kind WHEN 'turnover' THEN 'retrospective' ELSE p.mode END AS mode, p.boundary, p.qualifies_by, p.combine, p.rate, p.fixed,
         p.cap, p.in_kind, p.instalments, p.parameter, p.key, m.target
  FROM programme AS p JOIN programme_customer AS m ON m.programme_id = p.programme_id CROSS JOIN asked AS a
  WHERE p.period && a.period AND coalesce(m.joined_on, lower(p.period)) < upper(p.period)),
fact AS (
  SELECT m.programme_id, m.customer_id, s.product_id,
         plan_facts(s.amount, s.sold_on, m.period, m.launched, a.as_of) AS amount,
         plan_facts(s.quantity, s.sold_on, m.period, m.launched, a.as_of) AS quantity
  FROM member AS m CROSS JOIN asked AS a
  JOIN sale AS s ON s.customer_id = m.customer_id AND s.sold_on >= lower(prior_year(m.period)) AND s.sold_on < upper(m.period)
  GROUP BY m.programme_id, m.customer_id, s.product_id),
line AS (
  SELECT m.programme_id, m.customer_id, m.period, m.launched, q.name, q.parameter, q.measure, q.target, q.weight,
         coalesce(sum((f.amount).actual), 0) AS amount, coalesce(sum((f.amount).prior_year), 0) AS amount_before,
         coalesce(sum((f.amount).prior_to_date), 0) AS amount_to_date, coalesce(sum((f.quantity).actual), 0) AS quantity,
         coalesce(sum((f.quantity).prior_year), 0) AS quantity_before, coalesce(sum((f.quantity).prior_to_date), 0) AS quantity_to_date,
         CASE q.measure WHEN 'amount' THEN coalesce(sum((f.amount).actual) FILTER (WHERE x.hit), 0)
           WHEN 'quantity' THEN coalesce(sum((f.quantity).actual) FILTER (WHERE x.hit), 0)
           WHEN 'products' THEN count(*) FILTER (WHERE x.hit AND (f.quantity).actual > 0)
           ELSE coalesce(sum((f.amount).actual) FILTER (WHERE x.hit), 0) / nullif(sum((f.amount).actual), 0) END AS actual
  FROM member AS m
  LEFT JOIN {schema}.programme_parameter AS q ON q.programme_id = m.programme_id
  LEFT JOIN (fact AS f LEFT JOIN product AS g ON g.product_id = f.product_id) ON f.programme_id = m.programme_id AND f.customer_id = m.customer_id
    AND (m.parameter = 'total' OR m.key = CASE m.parameter WHEN 'category' THEN g.category WHEN 'brand' THEN g.brand ELSE f.product_id::text END)
  CROSS JOIN LATERAL (
    SELECT q.parameter = 'total' OR q.key = CASE q.parameter WHEN 'category' THEN g.category WHEN 'brand' THEN g.brand ELSE f.product_id::text END AS hit) AS x
  GROUP BY m.programme_id, m.customer_id, m.period, m.launched, q.name, q.parameter, q.measure, q.target, q.weight),
standing AS (
  SELECT l.programme_id, l.customer_id, l.amount, l.amount_before, l.amount_to_date, l.quantity, l.quantity_before, l.quantity_to_date,
         count(l.name) AS parameters, count(*) FILTER (WHERE coalesce(l.actual, 0) >= l.target) AS parameters_met,
         array_agg(ROW(l.name, l.actual, l.target, l.weight)::programme_parameter ORDER BY l.name COLLATE "C") FILTER (WHERE l.name IS NOT NULL) AS wanted,
         array_agg(ROW(l.name, CASE WHEN l.measure IN ('amount', 'quantity')
             THEN CASE WHEN a.calendar IS NULL THEN run_rate(l.actual, daterange(l.launched, upper(l.period)), a.as_of, a.unit)
               ELSE run_rate(l.actual, daterange(l.launched, upper(l.period)), a.as_of, a.calendar) END
             ELSE l.actual END, l.target, l.weight)::programme_parameter ORDER BY l.name COLLATE "C") FILTER (WHERE l.name IS NOT NULL) AS wanted_ahead,
         bool_and(l.name IS NULL OR (l.measure NOT IN ('quantity', 'products') OR 'sale.quantity' = ANY (a.bound))
                  AND (l.parameter NOT IN ('category', 'brand') OR 'product.' || l.parameter = ANY (a.bound))) AS known
  FROM line AS l CROSS JOIN asked AS a
  GROUP BY l.programme_id, l.customer_id, l.amount, l.amount_before, l.amount_to_date, l.quantity, l.quantity_before, l.quantity_to_date),
given AS (
  SELECT m.programme_id, m.customer_id, m.name AS programme, m.kind, m.period, m.launched, m.qualifies_by, m.mode, m.boundary, m.combine, m.cap,
         m.in_kind, m.instalments, m.target, b.sales, b.known, s.parameters, s.parameters_met, g.gates, g.gates_met, g.conditions, p.paid,
         r.actual, r.run_rate, r.prorata_target, r.status, r.growth_like_for_like, r.elapsed_share, e.amount, e.amount_ahead,
         CASE WHEN b.known AND m.kind <> 'framework' THEN CASE WHEN m.combine = 'min' THEN e.amount WHEN m.qualifies_by = 'attainment' THEN e.amount / m.target ELSE r.actual END END AS qualifying,
         CASE WHEN b.known AND m.kind <> 'framework' THEN CASE WHEN m.combine = 'min' THEN e.amount_ahead WHEN m.qualifies_by = 'attainment' THEN e.amount_ahead / m.target ELSE r.run_rate END END AS qualifying_ahead,
         CASE WHEN m.combine <> 'min' AND (m.qualifies_by = 'attainment' OR m.qualifies_by = 'quantity' AND m.kind = 'turnover') THEN e.amount END AS base,
         CASE WHEN m.combine <> 'min' AND (m.qualifies_by = 'attainment' OR m.qualifies_by = 'quantity' AND m.kind = 'turnover') THEN e.amount_ahead END AS base_ahead,
         CASE WHEN m.combine = 'min' THEN ROW('volume', e.amount, m.target, 1)::programme_parameter || s.wanted ELSE s.wanted END AS wanted,
         CASE WHEN m.combine = 'min' THEN ROW('volume', e.amount_ahead, m.target, 1)::programme_parameter || s.wanted_ahead ELSE s.wanted_ahead END AS wanted_ahead,
         CASE WHEN m.kind = 'tiered' THEN t.ladder
           WHEN m.kind = 'turnover' AND m.target IS NOT NULL THEN
             tier_ladder(ARRAY[CASE WHEN m.qualifies_by = 'attainment' THEN 1 ELSE m.target END], ARRAY[coalesce(m.rate, 0)], ARRAY[coalesce(m.fixed, 0)]) END AS ladder
  FROM member AS m CROSS JOIN asked AS a
  JOIN standing AS s ON s.programme_id = m.programme_id AND s.customer_id = m.customer_id
  CROSS JOIN LATERAL (
    SELECT b.sales, b.sales AND s.known AND (m.qualifies_by <> 'quantity' OR 'sale.quantity' = ANY (a.bound)) AS known,
           daterange(m.launched, upper(m.period)) AS days, CASE WHEN a.calendar IS NULL THEN a.unit ELSE 'days' END AS unit,
           b.sales AND (m.qualifies_by <> 'quantity' OR 'sale.quantity' = ANY (a.bound)) AS counted
    FROM (SELECT 'sale' = ANY (a.bound) AND (m.parameter NOT IN ('category', 'brand') OR 'product.' || m.parameter = ANY (a.bound)) AS sales) AS b) AS b
  CROSS JOIN LATERAL (
    SELECT CASE WHEN b.sales THEN s.amount END AS amount,
           CASE WHEN NOT b.sales THEN NULL WHEN a.calendar IS NULL THEN run_rate(s.amount, b.days, a.as_of, a.unit) ELSE run_rate(s.amount, b.days, a.as_of, a.calendar) END AS amount_ahead) AS e
  CROSS JOIN LATERAL plan_progress(m.target, CASE WHEN b.counted THEN CASE m.qualifies_by WHEN 'quantity' THEN s.quantity ELSE s.amount END END,
    CASE WHEN b.counted THEN CASE m.qualifies_by WHEN 'quantity' THEN s.quantity_before ELSE s.amount_before END END,
    CASE WHEN b.counted THEN CASE m.qualifies_by WHEN 'quantity' THEN s.quantity_to_date ELSE s.amount_to_date END END,
    b.days, a.as_of, a.calendar, a.tolerance, b.unit) AS r
  CROSS JOIN LATERAL (
    SELECT count(*) AS gates, count(*) FILTER (WHERE g.met) AS gates_met, array_agg(ROW(g.name, g.met)::programme_gate ORDER BY g.name COLLATE "C") AS conditions
    FROM {schema}.programme_gate AS g WHERE g.programme_id = m.programme_id AND g.customer_id = m.customer_id) AS g
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(y.amount), 0) AS paid FROM programme_payment AS y
    WHERE y.programme_id = m.programme_id AND y.customer_id = m.customer_id AND y.paid_on <= a.as_of) AS p
  CROSS JOIN LATERAL (SELECT tier_ladder_agg(t.threshold, t.rate, t.fixed) AS ladder FROM programme_tier AS t WHERE t.programme_id = m.programme_id) AS t)$body$)) AS standing (body)
CROSS JOIN (VALUES
(2210, 'programme_result', 'what customers have earned in the programmes that the period meets, what to book and to pay, and the next tier', $columns$
programme_id: the programme
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
programme: name of the programme
kind: framework, turnover or tiered
period: the days of the programme
target: his own target, or the commitment of a framework order
actual: what he bought so far, in the unit of the target
run_rate: what the period will come to at this pace
attainment: actual over target
elapsed_share: how much of the period is gone
qualifying: what decides the tier: amount, quantity, or an attainment
tier: the tier reached, 0 below the first
rate: its rate
parameters: how many parameters the programme has beside the volume
parameters_met: how many of them are met
gates: how many conditions stand against him
gates_met: how many of them are met
earned: what he has earned, in money
at_run_rate: what he will have earned at this pace
to_book: the share of that which his purchases so far have
paid: what was paid
due: earned less paid; negative: to pay back
next_threshold: where the next tier begins
gap: what is missing to it
unlocks: what the next tier would pay more
cap: the most that is paid
in_kind: paid in goods
instalments_due: what of a framework order he was to have paid by now
value: actual
goal: what was due by now
status: 1 ahead, 0 on course, -1 behind
trend: 1 where actual is above the same days of the year before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
SELECT r.programme_id, r.customer_id, k.name, k.channel, k.territory, k.person_id, r.programme, r.kind, r.period, r.target, r.actual, r.run_rate,
       r.actual / r.target AS attainment, r.elapsed_share, d.qualifying, t.tier, t.rate, r.parameters, CASE WHEN r.known THEN r.parameters_met END AS parameters_met,
       r.gates, r.gates_met, round(now.reward, 2) AS earned, round(ahead.reward, 2) AS at_run_rate,
       round(CASE WHEN b.ahead = b.now THEN ahead.reward WHEN b.ahead > 0 THEN b.now * ahead.reward / b.ahead
         WHEN b.ahead <= 0 AND ahead.reward IS NOT NULL THEN 0 END, 2) AS to_book,
       r.paid, settlement(now.reward, r.paid) AS due, t.next_threshold, t.gap,
       (SELECT x.amount FROM explain_reward(r.qualifying, r.ladder, r.base, r.mode, r.boundary, r.cap, r.wanted, r.combine, r.conditions) AS x WHERE x.step = 'next') AS unlocks,
       r.cap, r.in_kind,
       CASE WHEN r.kind = 'framework' AND r.target IS NOT NULL THEN (
         SELECT coalesce(sum(i.amount), 0) FROM instalments(r.target, r.instalments, lower(r.period)) AS i WHERE i.due_on <= a.as_of) END AS instalments_due,
       r.actual AS value, r.prorata_target AS goal, r.status, sign(r.growth_like_for_like)::integer AS trend, a.as_of
FROM given AS r
CROSS JOIN LATERAL programme_reward(r.qualifying, r.ladder, r.base, r.mode, r.boundary, r.cap, r.wanted, r.combine, r.conditions) AS now (reward)
CROSS JOIN LATERAL programme_reward(r.qualifying_ahead, r.ladder, r.base_ahead, r.mode, r.boundary, r.cap, r.wanted_ahead, r.combine, r.conditions) AS ahead (reward)
CROSS JOIN asked AS a
CROSS JOIN LATERAL (
  SELECT CASE r.qualifies_by WHEN 'quantity' THEN r.actual ELSE r.amount END AS now, CASE r.qualifies_by WHEN 'quantity' THEN r.run_rate ELSE r.amount_ahead END AS ahead) AS b
LEFT JOIN customer AS k ON k.customer_id = r.customer_id
CROSS JOIN LATERAL (
  SELECT CASE WHEN r.combine = 'min' AND r.qualifying IS NOT NULL THEN (SELECT min(coalesce(w.actual, 0) / nullif(w.target, 0)) FROM unnest(r.wanted) AS w) ELSE r.qualifying END AS qualifying) AS d
CROSS JOIN LATERAL tier_attainment(d.qualifying, r.ladder, r.base, r.mode, r.boundary, r.cap) AS t
$body$),
(2211, 'programme_explanation', 'how each customer came to what he earned in a programme, step by step, fit to be shown to him', $columns$
programme_id: the programme
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
programme: name of the programme
kind: turnover or tiered
period: the days of the programme
no: number of the step
step: qualifying, base, tier, band, reward, parameter, share, gate, cap, earned, paid, due or next
detail: the step in words
amount: the money at that step
as_of: the last day that counts
$columns$, $body$
SELECT g.programme_id, g.customer_id, k.name, k.channel, k.territory, k.person_id, g.programme, g.kind, g.period, x.no, x.step, x.detail, x.amount, a.as_of
FROM given AS g CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = g.customer_id
CROSS JOIN LATERAL explain_reward(g.qualifying, g.ladder, g.base, g.mode, g.boundary, g.cap, g.wanted, g.combine, g.conditions, g.paid) AS x
$body$)) AS r (place, name, comment, columns, body);

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2215, 'report', 'bonus_ledger', '{sale,outlet,outlet.person_id,outlet.outlet_type,customer,person}', 'bonuses for outlets that are won and stay: advances, what was taken back, and what was paid, in the period', $columns$
person_id: who visits the outlet, or is in charge of the customer; of a payment, who was paid
person: his name
team: his team
outlet_id: the outlet
outlet_type: its type
customer_id: whose it is
name: name of the customer
channel: his channel
territory: his territory
retention_programme_id: the programme; NULL for a payment
programme: its name
won_on: day of the first purchase ever
multiplier: the advance is so many times the first month
posted_on: the day that it is posted
kind: advance, clawback or payment
month: month of the outlet that it belongs to, 1 the first
amount: what the person earned; negative where it is taken back; NULL for a payment
paid: what was paid; NULL for what was earned
status: what has become of the advance by now: pending, vested or clawed_back
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
campaign AS MATERIALIZED (
  SELECT p.retention_programme_id, p.name, p.period, p.multiplier, p.months, daterange(b.first, b.next) AS days
  FROM retention_programme AS p CROSS JOIN asked AS a
  CROSS JOIN LATERAL (SELECT date_trunc('month', lower(p.period)::timestamp)::date AS first, upper(closed_period(a.as_of, 1, 'month')) AS next) AS b
  WHERE b.first < b.next),
one AS (
  SELECT s.outlet_id, c.retention_programme_id, rollup(s.amount, c.days) FILTER (WHERE s.period && c.days) AS s, min(first_sale(s.amount)) AS won_on
  FROM outlet_series AS s CROSS JOIN campaign AS c
  WHERE s.grain = 'month' GROUP BY s.outlet_id, c.retention_programme_id),
entry AS (
  SELECT coalesce(t.person_id, k.person_id) AS person_id, o.outlet_id, t.outlet_type, t.customer_id, k.name, k.channel, k.territory,
         c.retention_programme_id, c.name AS programme, o.won_on, m.multiplier, e.posted_on, e.kind, e.month, e.amount, NULL::numeric AS paid, r.status
  FROM one AS o JOIN campaign AS c ON c.retention_programme_id = o.retention_programme_id AND o.won_on <@ c.period
  CROSS JOIN asked AS a
  LEFT JOIN outlet AS t ON t.outlet_id = o.outlet_id
  LEFT JOIN customer AS k ON k.customer_id = t.customer_id
  LEFT JOIN retention_rate AS x ON x.retention_programme_id = c.retention_programme_id AND x.outlet_type = t.outlet_type
  LEFT JOIN retention_rate AS y ON y.retention_programme_id = c.retention_programme_id AND y.outlet_type = ''
  CROSS JOIN LATERAL (SELECT coalesce(x.multiplier, y.multiplier, c.multiplier) AS multiplier) AS m
  CROSS JOIN LATERAL retention_ledger(o.s, a.as_of, m.multiplier, c.months) AS e
  CROSS JOIN LATERAL retention_bonus(o.s, a.as_of, m.multiplier, c.months) AS r
UNION ALL
  SELECT b.person_id, b.outlet_id, t.outlet_type, t.customer_id, k.name, k.channel, k.territory, NULL::bigint AS retention_programme_id,
         NULL::text AS programme, NULL::date AS won_on, NULL::numeric AS multiplier, b.paid_on AS posted_on, 'payment'::text AS kind,
         NULL::integer AS month, NULL::numeric AS amount, b.amount AS paid, NULL::text AS status
  FROM bonus_payment AS b
  LEFT JOIN outlet AS t ON t.outlet_id = b.outlet_id
  LEFT JOIN customer AS k ON k.customer_id = t.customer_id)
SELECT e.person_id, p.name AS person, p.team, e.outlet_id, e.outlet_type, e.customer_id, e.name, e.channel, e.territory, e.retention_programme_id,
       e.programme, e.won_on, e.multiplier, e.posted_on, e.kind, e.month, e.amount, e.paid, e.status, a.as_of
FROM entry AS e CROSS JOIN asked AS a
LEFT JOIN person AS p ON p.person_id = e.person_id
WHERE e.posted_on <= a.as_of AND e.posted_on <@ a.period
$body$);
