-- Reports of a model: classes of customers, and signs that they leave

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2000, 'report', 'customer_class', '{sale,sale.cost,customer}', 'customers by ABC, XYZ, RFM and their segment, and by profit and potential, over the last complete buckets', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
period: the days that the classes are of
amount: sales
share: his share of all sales
cumulative_share: share of all customers at least as large
abc: ABC class
cv: coefficient of variation of the buckets
xyz: XYZ class
cell: both: AX to CZ
frequency: X, Y or Z by the share of buckets with a purchase
recency_score: RFM: by the days since the last purchase, 1 the worst
frequency_score: RFM: by the days bought on
monetary_score: RFM: by sales
rfm: the three as a number
segment: RFM segment
manual_class: class given by hand, the last up to as_of
class: that, or else the ABC class
as_of: the last day that counts
place: his place by sales, 1 the largest
profit: sales less cost
potential: what he could buy in a year: of the table potential, or else of his outlets
profit_rank: his place by profit in his channel, 1 the largest
potential_rank: his place by potential in his channel
abcde: class by both in his channel: A both high, B profit, C potential, D none, E a loss; NULL: not known
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT a.*, calendar_year(lower(a.closed)) AS first_year, calendar_year(upper(a.closed) - 1) AS last_year FROM {asked} AS a),
taken AS (
  SELECT c.customer_id, rollup(c.amount, (SELECT closed FROM asked)) AS s, total(rollup(c.margin, (SELECT closed FROM asked))) AS profit
  FROM customer_series AS c
  WHERE c.grain = 'month' AND c.year BETWEEN (SELECT first_year FROM asked) AND (SELECT last_year FROM asked) GROUP BY c.customer_id),
classed AS (
  SELECT t.customer_id, t.amount, t.profit, rank() OVER (ORDER BY t.amount DESC) AS place, abc_share(t.amount) OVER () AS share, abc_cum_share(t.amount) OVER () AS cumulative_share,
         abc_class(t.amount, a.abc_cutoffs, boundary => a.abc_boundary) OVER () AS abc, cv(t.s, a.deviation) AS cv,
         xyz_class(t.s, a.xyz_cutoffs, a.deviation, a.since_first) AS xyz, frequency_class(t.s, a.frequency_shares) AS frequency,
         rfm_score((upper(a.closed) - 1 - last_sale(t.s))::numeric, sale_days(t.s)::numeric, t.amount, a.bins) OVER () AS score,
         a.closed, a.as_of
  FROM (SELECT t.customer_id, regrain(t.s, a.grain) AS s, total(t.s) AS amount, t.profit
        FROM taken AS t CROSS JOIN asked AS a WHERE sale_days(t.s) > 0 OR total(t.s) <> 0 OFFSET 0) AS t
  CROSS JOIN asked AS a)
SELECT c.customer_id, k.name, k.channel, k.territory, k.person_id, c.closed AS period, c.amount, c.share, c.cumulative_share, c.abc, c.cv,
       c.xyz, c.abc || c.xyz AS cell, c.frequency, (c.score).recency AS recency_score, (c.score).frequency AS frequency_score,
       (c.score).monetary AS monetary_score, (c.score).score AS rfm, rfm_segment(c.score) AS segment, h.manual_class,
       coalesce(h.manual_class, c.abc) AS class, c.as_of, c.place, c.profit, p.amount AS potential,
       CASE WHEN c.profit IS NOT NULL THEN rank() OVER (PARTITION BY k.channel ORDER BY c.profit DESC NULLS LAST) END AS profit_rank,
       CASE WHEN p.amount IS NOT NULL THEN rank() OVER (PARTITION BY k.channel ORDER BY p.amount DESC NULLS LAST) END AS potential_rank,
       CASE WHEN count(p.amount) OVER () > 0 THEN abcde_class(c.profit, p.amount) OVER (PARTITION BY k.channel) END AS abcde
FROM classed AS c
LEFT JOIN customer AS k ON k.customer_id = c.customer_id
LEFT JOIN (
  SELECT w.customer_id, coalesce(sum(w.amount) FILTER (WHERE w.stated), sum(w.amount)) AS amount
  FROM (
    SELECT q.customer_id, coalesce(sum(q.amount) FILTER (WHERE q.category = ''), sum(q.amount)) AS amount, true AS stated
    FROM potential AS q JOIN asked AS a ON q.period @> a.as_of GROUP BY q.customer_id
    UNION ALL
    SELECT o.customer_id, sum(o.potential) AS amount, false AS stated FROM outlet AS o GROUP BY o.customer_id) AS w
  GROUP BY w.customer_id) AS p ON p.customer_id = c.customer_id
LEFT JOIN (
  SELECT DISTINCT ON (h.customer_id) h.customer_id, h.manual_class
  FROM class_history AS h JOIN asked AS a ON h.as_of <= a.as_of
  WHERE h.manual_class IS NOT NULL ORDER BY h.customer_id, h.as_of DESC) AS h ON h.customer_id = c.customer_id
$body$),

(2010, 'report', 'churn_watch', '{sale,customer}', 'signs that a customer is leaving, with their numbers', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
level: none, watch, at_risk or critical
signs: how many of the three signs are on
shrinking: sign 1: orders get smaller
falling: sign 2: less is bought in a month
widening: sign 3: the gap between orders widens
order_value_recent: mean order in the recent months
order_value_base: the same in the months that they are compared with
volume_recent: sales a month in the recent months
volume_base: the same in the months that they are compared with
at_stake: what a year with the customer was worth: 12 times volume_base
declines: months in a row that were lower than the one before
latest_gap: days between the last two orders
open_gap: days since the last order
mean_gap: mean days between orders
last_order: day of the last order in the months looked at
next_order: when the next order is due
stage: stage of the customer: new, active, at_risk, lost, returning
first_sale: day of the first purchase ever
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, daterange(lower(closed_period(a.as_of, a.recent + greatest(a.base, 12), 'month')), upper(closed_period(a.as_of, 1, 'month')) + 31) AS near
  FROM {asked} AS a),
span AS MATERIALIZED (SELECT a.*, daterange(lower(a.near), upper(a.near) - extract(day FROM upper(a.near))::integer + 1) AS days FROM asked AS a)
SELECT c.customer_id, k.name, k.channel, k.territory, k.person_id, r.level, r.signs, r.shrinking, r.falling, r.widening,
       r.order_value_recent, r.order_value_base, r.volume_recent, r.volume_base, round(12 * r.volume_base, 6) AS at_stake, r.declines, r.latest_gap,
       r.open_gap, r.mean_gap, a.as_of - r.open_gap AS last_order, next_order(c.s, a.as_of) AS next_order,
       lifecycle_stage(c.s, a.as_of, c.first_sale, a.at_risk_after, a.lost_after, a.new_for) AS stage, c.first_sale, a.as_of
FROM (SELECT s.customer_id, rollup(s.amount, (SELECT days FROM span)) FILTER (WHERE s.period && (SELECT days FROM span)) AS s, min(first_sale(s.amount)) AS first_sale
      FROM customer_series AS s
      WHERE s.grain = 'month' AND s.year <= (SELECT calendar_year(upper(days) - 1) FROM span) GROUP BY s.customer_id) AS c
CROSS JOIN span AS a
LEFT JOIN customer AS k ON k.customer_id = c.customer_id
CROSS JOIN LATERAL churn_signs(c.s, a.as_of, a.k, a.recent, a.base, a.churn_tolerance, a.compare) AS r
WHERE sale_days(c.s) > 0 AND c.first_sale <= a.as_of
$body$);
