-- Reports of a model: what customers bought by quarter and season, and where they stand among the others

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2020, 'report', 'customer_analysis', '{sale,sale.quantity,sale.cost,customer}', 'what customers bought in each quarter and season, of the period and the two years before, up to the last that is over', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
grain: quarter or season
bucket: the days
year: the calendar year; of a season, that in which it began
part: which: Q1 to Q4, or the name of the season
amount: sales
quantity: the quantities sold
margin: amount less cost, of what the cost is known of
margin_share: that over amount
share: share in what he bought in the quarters, or seasons, of the year
previous: sales of the quarter or season before
change: amount less that
growth: change over it
direction: grew, shrank or unchanged against it
year_before: sales of the same quarter or season a year before
year_change: amount less that
year_growth: year_change over it
value: amount
goal: year_before
status: 1 above it, 0 within the tolerance, -1 below
trend: 1 where amount is above the quarter or season before, -1 where it is below, else 0
as_of: the last day that counts
orders: days with a delivery
potential: what he could buy in these days: that of the table potential for all, or else the sum of its categories
realised: amount over potential
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
span AS MATERIALIZED (
  SELECT a.as_of, a.goal_tolerance, m.seasons, d.since, daterange(make_date(date_part('year', d.since)::integer - 2, 1, 1), upper(closed_period(a.as_of, 1, 'month'))) AS days
  FROM asked AS a
  CROSS JOIN LATERAL (SELECT (lower(a.period) - interval '2 years')::date AS since) AS d
  LEFT JOIN (SELECT array_agg(season ORDER BY month) AS seasons FROM season_map WHERE category = '' HAVING count(*) = 12) AS m ON true
  WHERE d.since <= a.as_of AND d.since > '0003-01-01'),
one AS (
  SELECT c.customer_id, rollup(c.amount, (SELECT days FROM span)) AS amount, rollup(c.quantity, (SELECT days FROM span)) AS quantity,
         rollup(c.margin, (SELECT days FROM span)) AS margin
  FROM customer_series AS c
  WHERE c.grain = 'month' AND c.year BETWEEN (SELECT calendar_year(lower(days)) FROM span) AND (SELECT calendar_year(upper(days) - 1) FROM span)
  GROUP BY c.customer_id)
SELECT o.customer_id, k.name, k.channel, k.territory, k.person_id, x.grain, x.bucket, x.year, x.part, x.amount,
       total(o.quantity, x.bucket) AS quantity, total(o.margin, x.bucket) AS margin, total(o.margin, x.bucket) / nullif(x.amount, 0) AS margin_share,
       x.amount / nullif(sum(x.amount) OVER (PARTITION BY o.customer_id, x.grain, x.year), 0) AS share,
       x.previous, x.change, x.growth, x.direction, x.year_before, x.year_change, x.year_growth,
       x.amount AS value, x.year_before AS goal,
       CASE WHEN abs(x.year_change) <= p.goal_tolerance * abs(x.year_before) THEN 0 ELSE sign(x.year_change)::integer END AS status,
       sign(x.change)::integer AS trend, p.as_of, sale_days(slice(o.amount, x.bucket)) AS orders, q.amount AS potential, share_of_potential(x.amount, q.amount) AS realised
FROM one AS o CROSS JOIN span AS p
LEFT JOIN customer AS k ON k.customer_id = o.customer_id
LEFT JOIN (SELECT t.customer_id, array_agg(t.category) AS categories, array_agg(t.amount) AS amounts, array_agg(t.period) AS periods FROM potential AS t GROUP BY t.customer_id) AS t ON t.customer_id = o.customer_id
$body$ || kam_model_parts('p.seasons') || $body$
CROSS JOIN LATERAL (
  SELECT coalesce(sum(u.part) FILTER (WHERE u.category = ''), sum(u.part)) AS amount
  FROM (SELECT u.category, amount_within(u.amount, u.period, x.bucket) AS part FROM unnest(t.categories, t.amounts, t.periods) AS u (category, amount, period)) AS u) AS q
WHERE sale_days(o.amount) > 0 OR total(o.amount) <> 0
$body$),

(2030, 'report', 'customer_position', '{sale,customer,customer.channel}', 'where each customer stands among those of his channel, over the last complete buckets', $columns$
customer_id: the customer
name: his name
channel: his channel; those without one are compared with each other
territory: his territory
person_id: who is in charge
period: the days that are looked at
amount: sales
customers: how many customers the channel has
place: his place among them, 1 the largest
share: his share of their sales
cumulative_share: share of all of them at least as large
abc: ABC class among them
size_class: large, medium or small among them
mean: mean of them
peer_index: amount over it
action: growth_engine below it, else preserve
overall_place: his place among all customers
overall_share: his share of all sales
prior_year: sales of the same days a year before
growth: amount less that
value: amount
goal: mean
status: 1 above it, 0 within the tolerance, -1 below
trend: 1 where amount is above prior_year, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
span AS MATERIALIZED (SELECT a.*, prior_year(a.closed) AS before FROM asked AS a WHERE lower(a.closed) > '0002-01-01'),
taken AS (
  SELECT c.customer_id, rollup(c.amount, (SELECT closed FROM span)) FILTER (WHERE c.period && (SELECT closed FROM span)) AS s,
         coalesce(total(rollup(c.amount, (SELECT before FROM span)) FILTER (WHERE c.period && (SELECT before FROM span))), 0) AS prior_year
  FROM customer_series AS c
  WHERE c.grain = 'month' AND c.year BETWEEN (SELECT calendar_year(lower(before)) FROM span) AND (SELECT calendar_year(upper(closed) - 1) FROM span)
  GROUP BY c.customer_id),
placed AS (
  SELECT t.customer_id, t.amount, t.prior_year, k.name, k.channel, k.territory, k.person_id, a.closed, a.as_of, a.goal_tolerance,
         count(*) OVER peers AS customers, rank() OVER (PARTITION BY k.channel ORDER BY t.amount DESC) AS place,
         abc_share(t.amount) OVER peers AS share, abc_cum_share(t.amount) OVER peers AS cumulative_share,
         abc_class(t.amount, a.abc_cutoffs, boundary => a.abc_boundary) OVER peers AS abc, size_class(t.amount, a.size_thresholds) OVER peers AS size_class,
         avg(t.amount) OVER peers AS mean, peer_index(t.amount) OVER peers AS peer_index, peer_action(t.amount) OVER peers AS action,
         rank() OVER (ORDER BY t.amount DESC) AS overall_place, abc_share(t.amount) OVER () AS overall_share
  FROM (SELECT t.customer_id, total(t.s) AS amount, t.prior_year FROM taken AS t WHERE sale_days(t.s) > 0 OR total(t.s) <> 0 OFFSET 0) AS t
  CROSS JOIN span AS a
  LEFT JOIN customer AS k ON k.customer_id = t.customer_id
  WINDOW peers AS (PARTITION BY k.channel))
SELECT p.customer_id, p.name, p.channel, p.territory, p.person_id, p.closed AS period, p.amount, p.customers, p.place, p.share, p.cumulative_share,
       p.abc, p.size_class, p.mean, p.peer_index, p.action, p.overall_place, p.overall_share, p.prior_year, p.amount - p.prior_year AS growth,
       p.amount AS value, p.mean AS goal,
       CASE WHEN abs(p.amount - p.mean) <= p.goal_tolerance * abs(p.mean) THEN 0 ELSE sign(p.amount - p.mean)::integer END AS status,
       sign(p.amount - p.prior_year)::integer AS trend, p.as_of
FROM placed AS p
$body$);
