-- Reports of a model: categories by quarter and season, and what a customer does not buy yet

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(1023, 'view', 'customer_category_series', '{sale,sale.quantity,sale.cost,product.category}', 'sales of customers by category and calendar year, as series by month', $columns$
customer_id: the customer
category: the category; NULL: products without one
year: the calendar year
grain: the buckets: month
period: the days of the year
amount: its sales
quantity: the quantities sold
margin: amount less cost, of what the cost is known of
$columns$, $body$
SELECT s.customer_id, p.category, s.year, 'month'::text AS grain, days_of_year(s.year) AS period,
       year_series(s.amount, s.sold_on, 'month') AS amount,
       year_series(s.quantity, s.sold_on, 'month') FILTER (WHERE s.quantity IS NOT NULL) AS quantity,
       year_series(s.amount - s.cost, s.sold_on, 'month') FILTER (WHERE s.cost IS NOT NULL) AS margin
FROM sale_of_year AS s LEFT JOIN product AS p ON p.product_id = s.product_id
WHERE s.customer_id IS NOT NULL AND s.year IS NOT NULL GROUP BY s.customer_id, p.category, s.year
$body$),

(3140, 'report', 'category_season', '{sale,sale.quantity,sale.cost,product.category,customer}', 'what customers bought of each category by quarter and season, of the period and the two years before, up to the last that is over', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
category: the category; NULL: products without one
grain: quarter or season
bucket: the days
year: the calendar year; of a season, that in which it began
part: which: Q1 to Q4, or the name of the season
amount: sales
quantity: the quantities sold
margin: amount less cost, of what the cost is known of
margin_share: that over amount; NULL where amount is not above zero
orders: days with a delivery of the category
share: share in all that he bought in these days; returns that outweigh purchases count for nothing
place: place of the category among his, 1 the largest; NULL where amount is not above zero
previous: sales of the quarter or season before
change: amount less that
growth: change over it
direction: grew, shrank or unchanged against it
year_before: sales of the same quarter or season a year before
year_change: amount less that
year_growth: year_change over it
share_before: share in all that he bought in the same days a year before
potential: what he could buy of the category in these days, by the table potential
realised: amount over potential
value: amount
goal: year_before
status: 1 above it, 0 within the tolerance, -1 below
trend: 1 where amount is above the quarter or season before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
span AS MATERIALIZED (
  SELECT a.as_of, a.goal_tolerance, d.since, daterange(make_date(date_part('year', d.since)::integer - 2, 1, 1), upper(closed_period(a.as_of, 1, 'month'))) AS days
  FROM asked AS a CROSS JOIN LATERAL (SELECT (lower(a.period) - interval '2 years')::date AS since) AS d
  WHERE d.since <= a.as_of AND d.since > '0003-01-01'),
map AS MATERIALIZED (SELECT m.category, array_agg(m.season ORDER BY m.month) AS seasons FROM season_map AS m GROUP BY m.category HAVING count(*) = 12),
mixed AS MATERIALIZED (SELECT count(*) > 0 AS maps FROM map AS m WHERE m.category <> ''),
one AS (
  SELECT t.customer_id, t.category, t.amount, t.quantity, t.margin, array_agg(t.amount) OVER (PARTITION BY t.customer_id) AS basket
  FROM (SELECT c.customer_id, c.category, rollup(c.amount, (SELECT days FROM span)) AS amount, rollup(c.quantity, (SELECT days FROM span)) AS quantity,
               rollup(c.margin, (SELECT days FROM span)) AS margin
        FROM customer_category_series AS c
        WHERE c.grain = 'month' AND c.year BETWEEN (SELECT calendar_year(lower(days)) FROM span) AND (SELECT calendar_year(upper(days) - 1) FROM span)
        GROUP BY c.customer_id, c.category) AS t
  WHERE sale_days(t.amount) > 0 OR total(t.amount) <> 0)
SELECT o.customer_id, k.name, k.channel, k.territory, k.person_id, o.category, x.grain, x.bucket, x.year, x.part, x.amount, total(o.quantity, x.bucket) AS quantity, m.margin,
       CASE WHEN x.amount > 0 THEN m.margin / x.amount END AS margin_share, sale_days(slice(o.amount, x.bucket)) AS orders,
       greatest(x.amount, 0) / nullif(CASE WHEN n.other THEN b.bought ELSE sum(greatest(x.amount, 0)) OVER w END, 0) AS share,
       CASE WHEN x.amount > 0 THEN CASE WHEN n.other THEN b.place ELSE rank() OVER (w ORDER BY x.amount DESC) END END AS place, x.previous, x.change, x.growth, x.direction, x.year_before, x.year_change, x.year_growth,
       greatest(x.year_before, 0) / nullif(CASE WHEN n.other THEN b.bought_before ELSE sum(greatest(x.year_before, 0)) OVER w END, 0) AS share_before, q.amount AS potential, share_of_potential(x.amount, q.amount) AS realised,
       x.amount AS value, x.year_before AS goal,
       CASE WHEN abs(x.year_change) <= p.goal_tolerance * abs(x.year_before) THEN 0 ELSE sign(x.year_change)::integer END AS status, sign(x.change)::integer AS trend, p.as_of
FROM one AS o CROSS JOIN span AS p CROSS JOIN mixed AS y
LEFT JOIN customer AS k ON k.customer_id = o.customer_id
LEFT JOIN map AS s ON s.category = o.category
LEFT JOIN map AS d ON d.category = ''
LEFT JOIN (SELECT t.customer_id, t.category, array_agg(t.amount) AS amounts, array_agg(t.period) AS periods FROM potential AS t GROUP BY t.customer_id, t.category) AS t
  ON t.customer_id = o.customer_id AND t.category = o.category
$body$ || kam_model_parts('coalesce(s.seasons, d.seasons)') || $body$
CROSS JOIN LATERAL (SELECT x.grain = 'season' AND y.maps AS other) AS n
CROSS JOIN LATERAL (
  SELECT sum(greatest(total(u.s, x.bucket), 0)) AS bought, sum(greatest(total(u.s, prior_year(x.bucket)), 0)) AS bought_before, 1 + count(*) FILTER (WHERE total(u.s, x.bucket) > x.amount) AS place
  FROM unnest(CASE WHEN n.other THEN o.basket END) AS u (s)) AS b
CROSS JOIN LATERAL (SELECT total(o.margin, x.bucket) AS margin) AS m
CROSS JOIN LATERAL (SELECT sum(amount_within(u.amount, u.period, x.bucket)) AS amount FROM unnest(t.amounts, t.periods) AS u (amount, period)) AS q
WINDOW w AS (PARTITION BY o.customer_id, x.grain, x.bucket)
$body$),

(3160, 'report', 'cross_sell', '{sale,sale.quantity,product.category,customer,customer.channel}', 'categories that the peers of a customer buy and he does not, with the size of the chance, and those that he took up, over the last complete buckets', $columns$
customer_id: the customer; one who buys
name: his name
channel: his channel; those without one are the peers of each other
territory: his territory
person_id: who is in charge
period: the days that are looked at
category: the category
state: open: he never bought it; lapsed: he bought it before; won: he bought it for the first time
first_bought: day of his first purchase of it, up to the end of the period
last_bought: day of the last one
amount: his sales of it in the period
share: that over all his sales in the period
peers: other customers of his channel who buy
buyers: those of them who buy the category
buyers_share: buyers over peers
buyers_mean: what a buyer buys of it in the period, the mean
chance: what a peer buys of it, the mean of all peers
place: place among his open and lapsed categories by chance, 1 the largest
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT a.* FROM {asked} AS a WHERE 'product.category' = ANY (a.bound)),
fact AS (
  SELECT f.customer_id, f.category, f.first_bought, f.last_bought, coalesce(f.amount, 0) AS amount,
         coalesce(CASE WHEN 'sale.quantity' = ANY (a.bound) THEN f.quantity ELSE f.amount END > 0, false) AS bought
  FROM (SELECT s.customer_id, p.category, min(s.sold_on) FILTER (WHERE s.amount > 0) AS first_bought, max(s.sold_on) FILTER (WHERE s.amount > 0) AS last_bought,
               sum(s.amount) FILTER (WHERE s.sold_on >= lower(a.closed)) AS amount, sum(s.quantity) FILTER (WHERE s.sold_on >= lower(a.closed)) AS quantity
        FROM sale AS s JOIN asked AS a ON s.sold_on >= '0001-01-01' AND s.sold_on < upper(a.closed)
        LEFT JOIN product AS p ON p.product_id = s.product_id
        WHERE s.customer_id IS NOT NULL GROUP BY s.customer_id, p.category) AS f
  CROSS JOIN asked AS a),
buyer AS (
  SELECT f.customer_id, k.channel, f.total, f.since
  FROM (SELECT f.customer_id, sum(f.amount) AS total, min(f.first_bought) AS since FROM fact AS f GROUP BY f.customer_id HAVING sum(f.amount) > 0) AS f
  LEFT JOIN (SELECT k.customer_id, min(k.channel) AS channel FROM customer AS k GROUP BY k.customer_id) AS k ON k.customer_id = f.customer_id),
peer AS (SELECT b.channel, count(*) AS customers FROM buyer AS b GROUP BY b.channel),
taken AS (
  SELECT b.channel, f.category, count(*) AS buyers, sum(f.amount) AS amount
  FROM fact AS f JOIN buyer AS b ON b.customer_id = f.customer_id WHERE f.bought AND f.category IS NOT NULL GROUP BY b.channel, f.category),
offer AS (SELECT DISTINCT p.category FROM product AS p JOIN asked AS a ON p.on_sale @> a.as_of OR p.on_sale IS NULL WHERE p.category IS NOT NULL),
chance AS (
  SELECT b.customer_id, b.channel, b.total, t.category, x.state, f.first_bought, f.last_bought, coalesce(f.amount, 0) AS amount, p.customers - 1 AS peers,
         t.buyers - CASE WHEN f.bought THEN 1 ELSE 0 END AS buyers, t.amount - CASE WHEN f.bought THEN f.amount ELSE 0 END AS bought
  FROM buyer AS b CROSS JOIN asked AS a
  JOIN peer AS p ON p.channel IS NOT DISTINCT FROM b.channel
  JOIN taken AS t ON t.channel IS NOT DISTINCT FROM b.channel
  LEFT JOIN fact AS f ON f.customer_id = b.customer_id AND f.category = t.category
  CROSS JOIN LATERAL (
    SELECT CASE WHEN f.bought THEN CASE WHEN f.first_bought >= lower(a.closed) AND b.since < lower(a.closed) THEN 'won' END
             WHEN EXISTS (SELECT FROM offer AS o WHERE o.category = t.category) THEN CASE WHEN f.first_bought < lower(a.closed) THEN 'lapsed' ELSE 'open' END END AS state) AS x
  WHERE x.state IS NOT NULL)
SELECT c.customer_id, k.name, c.channel, k.territory, k.person_id, a.closed AS period, c.category, c.state, c.first_bought, c.last_bought, c.amount, c.amount / c.total AS share,
       c.peers, c.buyers, c.buyers::numeric / nullif(c.peers, 0) AS buyers_share, c.bought / nullif(c.buyers, 0) AS buyers_mean, c.bought / nullif(c.peers, 0) AS chance,
       CASE WHEN c.state <> 'won' THEN rank() OVER (PARTITION BY c.customer_id, c.state = 'won' ORDER BY c.bought DESC) END AS place, a.as_of
FROM chance AS c CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = c.customer_id
$body$);
