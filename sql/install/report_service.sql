-- Reports of a model: how customers are served, what more they could buy, and whether plans are made and fit together

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(3050, 'alter', 'setting', '{}', 'settings of service', '', $body$
ALTER TABLE setting ADD COLUMN IF NOT EXISTS response_hours numeric NOT NULL DEFAULT 24 CHECK (response_hours > 0 AND response_hours < 'infinity');
ALTER TABLE setting ADD COLUMN IF NOT EXISTS resolution_hours numeric NOT NULL DEFAULT 48 CHECK (resolution_hours > 0 AND resolution_hours < 'infinity');
COMMENT ON COLUMN setting.response_hours IS 'hours within which a request is to be answered';
COMMENT ON COLUMN setting.resolution_hours IS 'hours within which a request is to be settled'
$body$),

(3051, 'report', 'response_time', '{service_request,service_request.first_response_at,service_request.resolved_at,service_request.person_id,service_request.kind,customer.person_id,person.team}', 'how fast requests of the period were answered and settled, in all, by customer, person, team and kind', $columns$
dimension: all, or what the requests are cut by: customer, person, team, kind
key: which, as text; '' for all
customer_id: the customer, where dimension is customer
person_id: who answered, or else who is in charge, where dimension is person; who is in charge, where it is customer
name: name of the customer or person
requests: requests opened in the period up to as_of
answered: those answered by the end of as_of
response_mean: mean hours to the first answer
response_median: median of them
response_90: nine of ten were answered within so many hours
answered_in_time: share answered within response_hours; what still waits for longer was not, what waits for less is left out
unanswered: requests that are still to be answered
waiting: hours that the oldest of them has been waiting
settled: requests settled by the end of as_of
resolution_mean: mean hours until they were settled
resolution_median: median of them
settled_in_time: share settled within resolution_hours, as answered_in_time
unsettled: requests that are still to be settled
response_before: mean hours to the first answer, of as many days before
value: answered_in_time
goal: that of kpi_goal for answered_in_time, of the customer, person, team, or of all
status: 1 where value reaches goal, 0 within the tolerance, else -1
trend: 1 where response_mean is below response_before, -1 where it is above, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, s.response_hours, s.resolution_hours, lower(a.days)::timestamptz AS since, upper(a.days)::timestamptz AS until,
         (lower(a.days) - (upper(a.days) - lower(a.days)))::timestamptz AS before, 'service_request.first_response_at' = ANY (a.bound) AS answers,
         'service_request.resolved_at' = ANY (a.bound) AS settles, 'service_request.person_id' = ANY (a.bound) AS persons, 'service_request.kind' = ANY (a.bound) AS kinds
  FROM (SELECT a.*, CASE WHEN lower(a.period) BETWEEN '0002-01-01' AND a.as_of THEN daterange(lower(a.period), least(upper(a.period), a.as_of + 1)) END AS days FROM {asked} AS a) AS a
  CROSS JOIN setting AS s
  WHERE a.as_of < '9999-12-31' AND upper(a.days) - lower(a.days) < 700000),
request AS NOT MATERIALIZED (
  SELECT r.customer_id, coalesce(r.person_id, k.person_id) AS person_id, k.person_id AS in_charge, k.name, coalesce(r.kind, '') AS kind, r.opened_at >= a.since AS now,
         CASE WHEN r.first_response_at < a.until THEN extract(epoch FROM greatest(r.first_response_at, r.opened_at) - r.opened_at) / 3600 END AS response,
         CASE WHEN r.resolved_at < a.until THEN extract(epoch FROM greatest(r.resolved_at, r.opened_at) - r.opened_at) / 3600 END AS resolution,
         extract(epoch FROM a.until - r.opened_at) / 3600 AS age, r.first_response_at < a.until AS answered, r.resolved_at < a.until AS settled
  FROM service_request AS r JOIN asked AS a ON r.opened_at >= a.before AND r.opened_at < a.until
  LEFT JOIN customer AS k ON k.customer_id = r.customer_id),
cut AS (
  SELECT 'customer'::text AS dimension, r.customer_id::text AS key, r.customer_id, r.in_charge AS person_id, r.name, r.now, r.response, r.resolution, r.age, r.answered, r.settled
  FROM request AS r WHERE r.customer_id IS NOT NULL
UNION ALL
  SELECT d.dimension, d.key, NULL AS customer_id, d.person_id, d.name, r.now, r.response, r.resolution, r.age, r.answered, r.settled
  FROM request AS r CROSS JOIN asked AS a LEFT JOIN person AS p ON p.person_id = r.person_id
  CROSS JOIN LATERAL (VALUES ('all', '', NULL, NULL), ('person', r.person_id::text, r.person_id, p.name), ('team', p.team, NULL, NULL),
                             ('kind', CASE WHEN a.kinds THEN r.kind END, NULL, NULL)) AS d (dimension, key, person_id, name)
  WHERE d.key IS NOT NULL)
SELECT x.dimension, x.key, x.customer_id, x.person_id, x.name, x.requests, CASE WHEN a.answers THEN x.answered END AS answered, x.response_mean, x.response_median, x.response_90,
       x.answered_in_time, CASE WHEN a.answers THEN x.requests - x.answered END AS unanswered, CASE WHEN a.answers THEN x.waiting END AS waiting,
       CASE WHEN a.settles THEN x.settled END AS settled, x.resolution_mean, x.resolution_median, x.settled_in_time, CASE WHEN a.settles THEN x.requests - x.settled END AS unsettled,
       x.response_before, x.answered_in_time AS value, g.goal, kpi_status(x.answered_in_time, g.goal, g.tolerance) AS status,
       kpi_trend(x.response_mean, x.response_before, 0, 'down') AS trend, a.as_of
FROM (
  SELECT c.dimension, c.key, c.customer_id, c.person_id, min(c.name) AS name, count(*) FILTER (WHERE c.now) AS requests,
         count(*) FILTER (WHERE c.now AND c.answered) AS answered, avg(c.response) FILTER (WHERE c.now) AS response_mean,
         (percentile_cont(0.5) WITHIN GROUP (ORDER BY c.response) FILTER (WHERE c.now))::numeric AS response_median,
         percentile_disc(0.9) WITHIN GROUP (ORDER BY c.response) FILTER (WHERE c.now) AS response_90,
         CASE WHEN bool_or(a.answers) THEN numeric_distribution(CASE WHEN c.answered THEN c.response <= a.response_hours WHEN c.age > a.response_hours THEN false END) FILTER (WHERE c.now) END AS answered_in_time,
         max(c.age) FILTER (WHERE c.now AND c.answered IS NOT TRUE) AS waiting,
         count(*) FILTER (WHERE c.now AND c.settled) AS settled, avg(c.resolution) FILTER (WHERE c.now) AS resolution_mean,
         (percentile_cont(0.5) WITHIN GROUP (ORDER BY c.resolution) FILTER (WHERE c.now))::numeric AS resolution_median,
         CASE WHEN bool_or(a.settles) THEN numeric_distribution(CASE WHEN c.settled THEN c.resolution <= a.resolution_hours WHEN c.age > a.resolution_hours THEN false END) FILTER (WHERE c.now) END AS settled_in_time,
         avg(c.response) FILTER (WHERE NOT c.now) AS response_before
  FROM cut AS c CROSS JOIN asked AS a GROUP BY c.dimension, c.key, c.customer_id, c.person_id) AS x
CROSS JOIN asked AS a
$body$ || kam_model_goal('answered_in_time', 'x.customer_id', 'x.person_id', 'NULL', 'NULL', $$CASE x.dimension WHEN 'team' THEN x.key ELSE (SELECT min(t.team) FROM person AS t WHERE t.person_id = x.person_id) END$$) || $body$
WHERE x.requests > 0
$body$),

(3060, 'report', 'customer_service', '{order_line,order_line.intake_channel,order_line.price_compared,complaint,complaint.closed_on,tender,tender.asked_to_match,tender.our_price,tender.competitor_price,tender.reason,customer}', 'how customers order, ask for prices, complain and decide on offers in the period', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
orders: orders of the period up to as_of
intake: how most of them came in
past_salesperson: share of the orders that did not come in by salesperson, of those of which it is known
past_salesperson_before: the same of as many days before
price_compared: share of the orders with a comparison of prices, of those of which it is known
complaints: complaints opened in the period
complaints_open: complaints that are open at the end of as_of, of any age
complaint_oldest: days since the oldest of them was opened
complaint_days: mean days until complaints were settled, of those settled in the period
offers: tenders and quotes of the period
won: those that were won
lost: those that were lost
win_rate: won over won and lost
asked_to_match: those for which we were asked to match a price
won_when_asked: of them, won over won and lost
price_index: our price over the best other price, of the offers with both
won_dearer: of the offers at a price above the other, won over won and lost
lost_reason: the reason that most were lost for
value: win_rate
goal: that of kpi_goal for win_rate: of the customer, his person, team, channel, territory, or of all
status: 1 where value reaches goal, 0 within the tolerance, else -1
trend: 1 where win_rate is above that of as many days before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, lower(a.days) - (upper(a.days) - lower(a.days)) AS before, 'order_line' = ANY (a.bound) AS orders, 'order_line.intake_channel' = ANY (a.bound) AS intake,
         'order_line.price_compared' = ANY (a.bound) AS compares, 'complaint' = ANY (a.bound) AS complains, 'complaint.closed_on' = ANY (a.bound) AS closes,
         'tender' = ANY (a.bound) AS offers, 'tender.asked_to_match' = ANY (a.bound) AS matches
  FROM (SELECT a.*, CASE WHEN lower(a.period) BETWEEN '0002-01-01' AND a.as_of THEN daterange(lower(a.period), least(upper(a.period), a.as_of + 1)) END AS days FROM {asked} AS a) AS a),
happened AS (
  SELECT e.customer_id, count(*) FILTER (WHERE e.what = 'order' AND e.now) AS orders, mode() WITHIN GROUP (ORDER BY e.intake) FILTER (WHERE e.now) AS intake,
         numeric_distribution(e.intake <> 'salesperson') FILTER (WHERE e.now) AS past_salesperson, numeric_distribution(e.intake <> 'salesperson') FILTER (WHERE NOT e.now) AS past_before,
         numeric_distribution(e.compared) FILTER (WHERE e.now) AS compared,
         count(*) FILTER (WHERE e.what = 'complaint' AND e.now) AS complaints, count(*) FILTER (WHERE e.what = 'complaint' AND e.closed_on IS NULL) AS complaints_open,
         max(e.days) FILTER (WHERE e.what = 'complaint' AND e.closed_on IS NULL) AS oldest, avg(e.days) FILTER (WHERE e.what = 'complaint' AND e.closed_on >= lower(a.days)) AS complaint_days,
         count(*) FILTER (WHERE e.what = 'tender' AND e.now) AS offers, count(*) FILTER (WHERE e.now AND e.won) AS won, count(*) FILTER (WHERE e.now AND NOT e.won) AS lost,
         numeric_distribution(e.won) FILTER (WHERE e.now) AS win_rate, numeric_distribution(e.won) FILTER (WHERE NOT e.now) AS win_before,
         count(*) FILTER (WHERE e.now AND e.asked) AS asked, numeric_distribution(e.won) FILTER (WHERE e.now AND e.asked) AS won_when_asked,
         sum(e.our_price) FILTER (WHERE e.now) AS our_price, sum(e.competitor_price) FILTER (WHERE e.now) AS competitor_price,
         numeric_distribution(e.won) FILTER (WHERE e.now AND e.our_price > e.competitor_price) AS won_dearer,
         mode() WITHIN GROUP (ORDER BY CASE WHEN e.now AND NOT e.won THEN e.reason END) AS lost_reason
  FROM (
    SELECT o.customer_id, 'order'::text AS what, o.ordered_on >= lower(a.days) AS now, o.intake COLLATE "C" AS intake, o.compared, NULL::date AS closed_on, NULL::integer AS days, NULL::boolean AS won,
           NULL::boolean AS asked, NULL::numeric AS our_price, NULL::numeric AS competitor_price, NULL::text COLLATE "C" AS reason
    FROM (
      SELECT o.customer_id, o.order_no, min(o.ordered_on) AS ordered_on, min(o.intake_channel COLLATE "C") AS intake, bool_or(o.price_compared) AS compared
      FROM order_line AS o JOIN asked AS a ON o.ordered_on >= a.before AND o.ordered_on < upper(a.days) GROUP BY o.customer_id, o.order_no) AS o
    CROSS JOIN asked AS a
  UNION ALL
    SELECT c.customer_id, 'complaint' AS what, c.opened_on >= lower(a.days) AS now, NULL AS intake, NULL AS compared, d.closed_on, coalesce(d.closed_on, a.as_of) - c.opened_on AS days,
           NULL AS won, NULL AS asked, NULL AS our_price, NULL AS competitor_price, NULL AS reason
    FROM complaint AS c JOIN asked AS a ON c.opened_on >= '0001-01-01' AND c.opened_on < upper(a.days)
    CROSS JOIN LATERAL (SELECT CASE WHEN c.closed_on < upper(a.days) THEN greatest(c.closed_on, c.opened_on) END AS closed_on) AS d
    WHERE (a.closes OR c.opened_on >= lower(a.days)) AND (d.closed_on >= lower(a.days)) IS NOT FALSE
  UNION ALL
    SELECT t.customer_id, 'tender' AS what, t.offered_on >= lower(a.days) AS now, NULL AS intake, NULL AS compared, NULL AS closed_on, NULL AS days,
           CASE t.result WHEN 'won' THEN true WHEN 'lost' THEN false END AS won, t.asked_to_match AS asked,
           CASE WHEN t.competitor_price > 0 THEN t.our_price END AS our_price, CASE WHEN t.our_price IS NOT NULL AND t.competitor_price > 0 THEN t.competitor_price END AS competitor_price,
           t.reason COLLATE "C" AS reason
    FROM tender AS t JOIN asked AS a ON t.offered_on >= a.before AND t.offered_on < upper(a.days)) AS e
  CROSS JOIN asked AS a
  WHERE e.customer_id IS NOT NULL GROUP BY e.customer_id)
SELECT h.customer_id, k.name, k.channel, k.territory, k.person_id, CASE WHEN a.orders THEN h.orders END AS orders, h.intake COLLATE "default" AS intake, h.past_salesperson,
       h.past_before AS past_salesperson_before, h.compared AS price_compared,
       CASE WHEN a.complains THEN h.complaints END AS complaints, CASE WHEN a.closes THEN h.complaints_open END AS complaints_open, CASE WHEN a.closes THEN h.oldest END AS complaint_oldest,
       h.complaint_days, CASE WHEN a.offers THEN h.offers END AS offers, CASE WHEN a.offers THEN h.won END AS won, CASE WHEN a.offers THEN h.lost END AS lost, h.win_rate,
       CASE WHEN a.matches THEN h.asked END AS asked_to_match, h.won_when_asked, cost_to_serve(h.our_price, h.competitor_price) AS price_index, h.won_dearer,
       h.lost_reason COLLATE "default" AS lost_reason, h.win_rate AS value, g.goal, kpi_status(h.win_rate, g.goal, g.tolerance) AS status, kpi_trend(h.win_rate, h.win_before) AS trend, a.as_of
FROM happened AS h CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = h.customer_id
$body$ || kam_model_goal('win_rate', 'h.customer_id', 'k.person_id', 'k.channel', 'k.territory')),

(3070, 'report', 'first_purchases', '{sale,sale.cost,sale.intake_channel,product.category,competitor,competitor.share,customer}', 'what customers bought for the first time in the period, how much of the range they buy, and beside whom', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
first_order: day of his first purchase ever
new_customer: he bought for the first time in the period: all is new to him, and none of it is cross-sell
amount: sales of the period up to as_of
products: products bought in the period, net of returns
categories: categories of them
new_products: products that he bought in the period for the first time
new_categories: categories that he bought in it for the first time
new_amount: sales of the new products
new_margin: sales less cost of them
cross_sell_share: new_amount over amount
not_by_salesperson: share of his sales that did not come in by salesperson, of those of which it is known
suppliers: suppliers beside us that are known by as_of
own_share: what they leave us of his purchases: 1 less the sum of their last shares
value: cross_sell_share
goal: that of kpi_goal for cross_sell_share: of the customer, his person, team, channel, territory, or of all
status: 1 where value reaches goal, 0 within the tolerance, else -1
trend: 1 where more products are bought than in the same days of the year before, -1 where fewer, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, prior_year(a.days) AS before, 'sale.cost' = ANY (a.bound) AS costed, 'product.category' = ANY (a.bound) AS categories
  FROM (SELECT a.*, CASE WHEN lower(a.period) BETWEEN '0002-01-01' AND a.as_of THEN daterange(lower(a.period), least(upper(a.period), a.as_of + 1)) END AS days FROM {asked} AS a) AS a),
bought AS (
  SELECT b.customer_id, p.category, min(b.first_on) AS first_on, sum(b.amount) AS amount, count(*) FILTER (WHERE b.amount > 0) AS products, count(*) FILTER (WHERE b.before > 0) AS products_before,
         sum(b.known) AS known, sum(b.past) AS past, count(*) FILTER (WHERE b.first_on >= lower(a.days)) AS new_products, sum(b.amount) FILTER (WHERE b.first_on >= lower(a.days)) AS new_amount,
         sum(b.margin) FILTER (WHERE b.first_on >= lower(a.days)) AS new_margin, sum(b.uncosted) FILTER (WHERE b.first_on >= lower(a.days)) AS uncosted
  FROM (
    SELECT s.customer_id, s.product_id, min(s.sold_on) FILTER (WHERE s.amount > 0) AS first_on,
           sum(s.amount) FILTER (WHERE s.sold_on >= lower(a.days)) AS amount, sum(s.amount) FILTER (WHERE s.sold_on <@ a.before) AS before,
           sum(s.amount - s.cost) FILTER (WHERE s.sold_on >= lower(a.days)) AS margin, count(s.amount) FILTER (WHERE s.sold_on >= lower(a.days) AND s.cost IS NULL) AS uncosted,
           sum(s.amount) FILTER (WHERE s.sold_on >= lower(a.days) AND s.intake_channel IS NOT NULL) AS known, sum(s.amount) FILTER (WHERE s.sold_on >= lower(a.days) AND s.intake_channel <> 'salesperson') AS past
    FROM sale AS s JOIN asked AS a ON s.sold_on >= '0001-01-01' AND s.sold_on < upper(a.days)
    WHERE s.customer_id IS NOT NULL GROUP BY s.customer_id, s.product_id) AS b
  CROSS JOIN asked AS a LEFT JOIN product AS p ON p.product_id = b.product_id
  GROUP BY b.customer_id, p.category),
one AS (
  SELECT b.customer_id, min(b.first_on) AS first_on, coalesce(sum(b.amount), 0) AS amount, sum(b.products)::bigint AS products, sum(b.products_before)::bigint AS products_before,
         count(b.category) FILTER (WHERE b.products > 0) AS categories, count(b.category) FILTER (WHERE b.first_on >= lower(a.days)) AS new_categories, sum(b.new_products)::bigint AS new_products,
         coalesce(sum(b.new_amount), 0) AS new_amount, coalesce(sum(b.new_margin), 0) AS new_margin, coalesce(sum(b.uncosted), 0) AS uncosted, sum(b.known) AS known, coalesce(sum(b.past), 0) AS past
  FROM bought AS b CROSS JOIN asked AS a GROUP BY b.customer_id)
SELECT o.customer_id, k.name, k.channel, k.territory, k.person_id, o.first_on AS first_order, n.new AS new_customer, o.amount, o.products, CASE WHEN a.categories THEN o.categories END AS categories,
       CASE WHEN NOT n.new THEN o.new_products END AS new_products, CASE WHEN NOT n.new AND a.categories THEN o.new_categories END AS new_categories,
       CASE WHEN NOT n.new THEN o.new_amount END AS new_amount, CASE WHEN NOT n.new AND a.costed AND o.uncosted = 0 THEN o.new_margin END AS new_margin, n.share AS cross_sell_share,
       cost_to_serve(o.past, o.known) AS not_by_salesperson, CASE WHEN 'competitor' = ANY (a.bound) THEN coalesce(c.suppliers, 0) END AS suppliers, 1 - c.share AS own_share,
       n.share AS value, g.goal, kpi_status(n.share, g.goal, g.tolerance) AS status, sign(o.products - o.products_before)::integer AS trend, a.as_of
FROM one AS o CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = o.customer_id
LEFT JOIN (
  SELECT c.customer_id, count(*) AS suppliers, CASE WHEN count(c.share) = count(*) THEN sum(c.share) END AS share
  FROM (SELECT DISTINCT ON (c.customer_id, c.competitor) c.customer_id, c.competitor, c.share
        FROM competitor AS c JOIN asked AS a ON coalesce(c.seen_on <= a.as_of, true)
        WHERE c.competitor IS NOT NULL ORDER BY c.customer_id, c.competitor, c.seen_on DESC NULLS LAST, c.share DESC NULLS LAST) AS c
  GROUP BY c.customer_id) AS c ON c.customer_id = o.customer_id
CROSS JOIN LATERAL (SELECT o.first_on >= lower(a.days) AS new, CASE WHEN o.first_on < lower(a.days) THEN cost_to_serve(o.new_amount, o.amount) END AS share) AS n
$body$ || kam_model_goal('cross_sell_share', 'o.customer_id', 'k.person_id', 'k.channel', 'k.territory') || $body$
WHERE o.first_on IS NOT NULL
$body$),

(3076, 'report', 'membership_effect', '{sale,sale.cost,customer}', 'each customer of the key account programme before he joined it and since, in windows of the same length, beside the customers who never did', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
joined: first day ever in the programme
months: complete months from joining up to as_of, twelve at most; as many before are compared
before: the days before
after: the days since
amount_before: what he bought in a month before
amount_after: the same since
amount_change: growth of it
margin_before: amount less cost of a month before
margin_after: the same since
margin_change: growth of it
others_change: growth, in the same months, of the sales to customers who never were in the programme
value: amount_change
goal: others_change
status: 1 where value reaches goal, else -1
trend: 1 where he buys more than before, -1 where less, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT a.*, 'sale.cost' = ANY (a.bound) AS costed FROM {asked} AS a WHERE a.as_of >= '0004-01-01' AND a.as_of <= '9999-12-31' AND 'sale' = ANY (a.bound)),
joined AS NOT MATERIALIZED (
  SELECT j.customer_id, j.joined, w.months, daterange((j.start - w.months * interval '1 month')::date, j.start) AS before, daterange(j.start, (j.start + w.months * interval '1 month')::date) AS after
  FROM (SELECT m.customer_id, min(lower(m.valid)) AS joined, date_trunc('month', min(lower(m.valid)) + interval '1 month - 1 day')::date AS start
        FROM kam_member AS m GROUP BY m.customer_id HAVING NOT bool_or(lower_inf(m.valid)) AND min(lower(m.valid)) > '0003-01-01') AS j
  JOIN asked AS a ON j.start <= a.as_of
  CROSS JOIN LATERAL (SELECT least(history_months(j.start, a.as_of), 12) AS months) AS w
  WHERE w.months > 0),
others AS MATERIALIZED (
  SELECT date_trunc('month', s.sold_on::timestamp)::date AS month, sum(s.amount) AS amount
  FROM sale AS s JOIN asked AS a ON s.sold_on >= '0001-01-01' AND s.sold_on <= a.as_of
  WHERE s.customer_id IS NOT NULL AND NOT EXISTS (SELECT FROM kam_member AS m WHERE m.customer_id = s.customer_id) GROUP BY 1)
SELECT j.customer_id, k.name, k.channel, k.territory, k.person_id, j.joined, j.months, j.before, j.after, c.amount_before / j.months AS amount_before, c.amount_after / j.months AS amount_after,
       r.change AS amount_change, CASE WHEN a.costed AND c.uncosted_before = 0 THEN c.margin_before / j.months END AS margin_before, CASE WHEN a.costed AND c.uncosted_after = 0 THEN c.margin_after / j.months END AS margin_after,
       CASE WHEN a.costed AND c.uncosted_before = 0 AND c.uncosted_after = 0 THEN growth_rate(c.margin_after, c.margin_before) END AS margin_change, o.change AS others_change,
       r.change AS value, o.change AS goal, kpi_status(r.change, o.change) AS status, sign(c.amount_after - c.amount_before)::integer AS trend, a.as_of
FROM joined AS j CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = j.customer_id
LEFT JOIN (
  SELECT j.customer_id, sum(s.amount) FILTER (WHERE s.sold_on < upper(j.before)) AS amount_before, sum(s.amount) FILTER (WHERE s.sold_on >= lower(j.after)) AS amount_after,
         sum(s.amount - s.cost) FILTER (WHERE s.sold_on < upper(j.before)) AS margin_before, sum(s.amount - s.cost) FILTER (WHERE s.sold_on >= lower(j.after)) AS margin_after,
         count(s.amount) FILTER (WHERE s.cost IS NULL AND s.sold_on < upper(j.before)) AS uncosted_before, count(s.amount) FILTER (WHERE s.cost IS NULL AND s.sold_on >= lower(j.after)) AS uncosted_after
  FROM joined AS j JOIN sale AS s ON s.customer_id = j.customer_id AND s.sold_on >= lower(j.before) AND s.sold_on < upper(j.after) GROUP BY j.customer_id) AS s ON s.customer_id = j.customer_id
CROSS JOIN LATERAL (
  SELECT coalesce(s.amount_before, 0) AS amount_before, coalesce(s.amount_after, 0) AS amount_after, coalesce(s.margin_before, 0) AS margin_before, coalesce(s.margin_after, 0) AS margin_after,
         coalesce(s.uncosted_before, 0) AS uncosted_before, coalesce(s.uncosted_after, 0) AS uncosted_after) AS c
CROSS JOIN LATERAL (SELECT growth_rate(c.amount_after, c.amount_before) AS change) AS r
LEFT JOIN LATERAL (
  SELECT growth_rate(coalesce(sum(o.amount) FILTER (WHERE j.after @> o.month), 0), coalesce(sum(o.amount) FILTER (WHERE j.before @> o.month), 0)) AS change FROM others AS o) AS o ON true
$body$),

(3080, 'report', 'planning_discipline', '{sale,customer,customer.strategic_since}', 'which plans and agreements of the period each key account has, and whether they were there in time', $columns$
customer_id: the customer: in the programme on the day, or with a plan or an agreement of the period
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
kam_group: protection, growth or strategic
strategic: in strategic cooperation on the day: a joint plan is asked for
annual_plan: there is a plan of the period of kind annual or customer that is no draft
indicators: how many of the five indicators these plans have a target for: sales, market share, profit, execution, fill rate
internal_plan: there is one of kind internal
joint_plan: there is one of kind joint
next_annual_plan: there is an annual plan of the days after the period, be it a draft
rolling_months: how many of the three months after that of as_of have a rolling plan
plans_due: plans, but for those of kind customer, that begin in the period and were to be submitted by as_of (plan_months)
plans_in_time: those of them that were submitted so long ahead
in_time: plans_in_time over plans_due
agreement: there is an agreement of the period
signed_on: the day that it was signed; NULL: not yet
signed_in_time: it was signed before its first day
next_review_on: its next business review
review_overdue: days that this review is overdue, 0: it is not
plan_coverage: share of what is asked for that is there: annual, internal and, in strategic cooperation, joint plan, the signed agreement, and the three rolling months as one
value: plan_coverage
goal: plan_coverage in kpi_goal: of the customer, his person, team, channel, territory, or of all; else 1
status: 1 where value reaches goal, 0 within the tolerance, else -1
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, date_trunc('month', a.as_of::timestamp)::date AS month, 'customer.strategic_since' = ANY (a.bound) AS told
  FROM {asked} AS a WHERE a.as_of BETWEEN '0002-01-01' AND '9999-01-01'),
planned AS (
  SELECT p.customer_id, coalesce(bool_or(p.kind IN ('annual', 'customer') AND p.period && a.period AND p.status <> 'draft'), false) AS annual,
         coalesce(bool_or(p.kind = 'internal' AND p.period && a.period AND p.status <> 'draft'), false) AS internal,
         coalesce(bool_or(p.kind = 'joint' AND p.period && a.period AND p.status <> 'draft'), false) AS joint,
         coalesce(bool_or(p.kind IN ('annual', 'customer') AND lower(p.period) >= upper(a.period)), false) AS next,
         coalesce(range_agg(p.period) FILTER (WHERE p.kind = 'rolling' AND p.status <> 'draft'), '{}') AS rolling,
         count(*) FILTER (WHERE d.due) AS due, count(*) FILTER (WHERE d.due AND plan_submitted_in_time(p.submitted_on, lower(p.period), a.plan_months)) AS in_time
  FROM plan AS p CROSS JOIN asked AS a
  CROSS JOIN LATERAL (
    SELECT p.kind <> 'customer' AND lower(p.period) >= lower(a.period) AND lower(p.period) < upper(a.period) AND lower(p.period) <= a.as_of + a.plan_months * interval '1 month' AS due) AS d
  GROUP BY p.customer_id),
aimed AS (
  SELECT p.customer_id, count(DISTINCT CASE l.measure WHEN 'quantity' THEN 'amount' ELSE l.measure END) AS indicators
  FROM plan AS p JOIN asked AS a ON p.period && a.period AND p.kind IN ('annual', 'customer') AND p.status <> 'draft'
  JOIN plan_line AS l ON l.plan_id = p.plan_id AND l.parameter = 'total' AND l.measure IN ('amount', 'quantity', 'market_share', 'margin', 'execution', 'fill_rate')
  GROUP BY p.customer_id),
agreed AS (
  SELECT DISTINCT ON (g.customer_id) g.customer_id, g.period, CASE WHEN g.signed_on <= a.as_of THEN g.signed_on END AS signed_on, g.next_review_on, g.reviewed_on
  FROM agreement AS g JOIN asked AS a ON g.period && a.period ORDER BY g.customer_id, g.period @> a.as_of DESC, lower(g.period) DESC),
listed AS (
  SELECT x.customer_id, min(x.kam_group) AS kam_group
  FROM (SELECT m.customer_id, m.kam_group FROM kam_member AS m JOIN asked AS a ON m.valid @> a.as_of
        UNION ALL SELECT p.customer_id, NULL AS kam_group FROM plan AS p JOIN asked AS a ON p.period && a.period
        UNION ALL SELECT g.customer_id, NULL AS kam_group FROM agreement AS g JOIN asked AS a ON g.period && a.period) AS x
  GROUP BY x.customer_id)
SELECT c.customer_id, k.name, k.channel, k.territory, k.person_id, c.kam_group, m.strategic, m.annual AS annual_plan, coalesce(i.indicators, 0) AS indicators,
       m.internal AS internal_plan, m.joint AS joint_plan, coalesce(p.next, false) AS next_annual_plan, m.months AS rolling_months, coalesce(p.due, 0) AS plans_due,
       coalesce(p.in_time, 0) AS plans_in_time, achieved(p.in_time, p.due) AS in_time, e.customer_id IS NOT NULL AS agreement, e.signed_on, e.signed_on < lower(e.period) AS signed_in_time,
       e.next_review_on, CASE WHEN isfinite(e.next_review_on) THEN CASE WHEN e.reviewed_on >= e.next_review_on THEN 0 ELSE greatest(a.as_of - e.next_review_on, 0) END END AS review_overdue,
       v.value AS plan_coverage, v.value, t.goal, kpi_status(v.value, t.goal, t.tolerance) AS status, a.as_of
FROM listed AS c CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = c.customer_id
LEFT JOIN planned AS p ON p.customer_id = c.customer_id
LEFT JOIN aimed AS i ON i.customer_id = c.customer_id
LEFT JOIN agreed AS e ON e.customer_id = c.customer_id
CROSS JOIN LATERAL (
  SELECT CASE WHEN a.told THEN coalesce(k.strategic_since <= a.as_of, false) END AS strategic, coalesce(p.annual, false) AS annual, coalesce(p.internal, false) AS internal,
         coalesce(p.joint, false) AS joint, e.signed_on IS NOT NULL AS signed,
         (SELECT count(*) FROM unnest('{1,2,3}'::integer[]) AS n
          WHERE p.rolling @> daterange((a.month + n * interval '1 month')::date, (a.month + (n + 1) * interval '1 month')::date))::integer AS months) AS m
CROSS JOIN LATERAL (
  SELECT (3 * (m.annual::integer + m.internal::integer + m.signed::integer + (m.strategic IS TRUE AND m.joint)::integer) + m.months)::numeric
         / (3 * (4 + (m.strategic IS TRUE)::integer)) AS value) AS v
$body$ || kam_model_goal('plan_coverage', 'c.customer_id', 'k.person_id', 'k.channel', 'k.territory') || $body$
CROSS JOIN LATERAL (SELECT coalesce(g.goal, 1) AS goal, coalesce(g.tolerance, a.goal_tolerance) AS tolerance) AS t
$body$),

(3085, 'report', 'target_alignment', '{sale,sale.quantity,sale.cost,product.category,customer.territory,customer.channel,customer.person_id,person.territory,person.team}', 'whether the targets of people and the plans of customers add up to the targets of the company, and the plans of his customers to those of a person; and what came in', $columns$
scope: of which target: company, territory, channel, category, team or person
key: which; '' for company; the person as text
name: name of the person
period: the days of the target
measure: amount, quantity or margin
target: the target of the company or its part, or of the person
people: how many people have a target for it within these days; NULL for person, channel and category
people_target: the sum of theirs
people_gap: target less people_target: what nobody has been given
people_coverage: people_target over target
customers: how many customers have a plan for it within these days
customers_target: the sum of theirs
customers_gap: target less customers_target: what no plan covers
customers_coverage: customers_target over target
actual: what was sold of it up to as_of, of a person to the customers whom he manages on the day
prorata_target: what was due by then
run_rate: what the days will come to at this pace
attainment: run_rate over target
pace: 1 ahead of what was due, 0 on course, -1 behind
value: customers_target
goal: target
status: 1 where value reaches goal, 0 within the tolerance of setting, else -1
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
target AS (
  SELECT c.scope, c.key, c.period, c.measure, c.target FROM company_target AS c JOIN asked AS a ON c.period && a.period
UNION ALL
  SELECT 'person' AS scope, t.person_id::text AS key, t.period, t.measure, t.target
  FROM person_target AS t JOIN asked AS a ON t.period && a.period WHERE t.measure IN ('amount', 'quantity', 'margin')),
planned AS (
  SELECT DISTINCT ON (p.customer_id, p.period, l.parameter, l.key, l.measure) p.customer_id, p.period, l.parameter, l.key, l.measure, l.target,
         k.channel, k.territory, coalesce(m.person_id, k.person_id)::text AS person, n.team
  FROM plan AS p CROSS JOIN asked AS a
  JOIN plan_line AS l ON l.plan_id = p.plan_id AND l.parameter IN ('total', 'category') AND l.measure IN ('amount', 'quantity', 'margin')
  LEFT JOIN customer AS k ON k.customer_id = p.customer_id
  LEFT JOIN kam_assignment AS m ON m.customer_id = p.customer_id AND m.role = 'manager' AND m.valid @> a.as_of
  LEFT JOIN person AS n ON n.person_id = coalesce(m.person_id, k.person_id)
  WHERE p.kind IN ('annual', 'customer') AND p.status <> 'draft'
  ORDER BY p.customer_id, p.period, l.parameter, l.key, l.measure, p.kind),
sold AS (
  SELECT s.sold_on, k.channel, k.territory, coalesce(m.person_id, k.person_id)::text AS person, n.team, g.category, sum(s.amount) AS amount, sum(s.quantity) AS quantity,
         sum(s.amount - s.cost) AS margin, count(s.amount) FILTER (WHERE s.cost IS NULL) AS uncosted
  FROM sale AS s JOIN asked AS a ON s.sold_on >= (SELECT min(lower(t.period)) FROM target AS t) AND s.sold_on <= a.as_of
  LEFT JOIN customer AS k ON k.customer_id = s.customer_id
  LEFT JOIN kam_assignment AS m ON m.customer_id = s.customer_id AND m.role = 'manager' AND m.valid @> a.as_of
  LEFT JOIN person AS n ON n.person_id = coalesce(m.person_id, k.person_id)
  LEFT JOIN product AS g ON g.product_id = s.product_id
  GROUP BY 1, 2, 3, 4, 5, 6),
came AS (
  SELECT t.scope, t.key, t.period, t.measure, sum(CASE t.measure WHEN 'amount' THEN s.amount WHEN 'quantity' THEN s.quantity ELSE s.margin END) AS actual, sum(s.uncosted) AS uncosted
  FROM target AS t JOIN sold AS s ON s.sold_on >= lower(t.period) AND s.sold_on < upper(t.period)
  WHERE t.scope = 'company' OR t.key = CASE t.scope WHEN 'territory' THEN s.territory WHEN 'channel' THEN s.channel WHEN 'team' THEN s.team WHEN 'person' THEN s.person ELSE s.category END
  GROUP BY t.scope, t.key, t.period, t.measure),
given AS (
  SELECT x.scope, x.key, x.period, x.measure, count(*) AS people, sum(x.target) AS target
  FROM (
    SELECT t.scope, t.key, t.period, t.measure, coalesce(max(p.target) FILTER (WHERE p.period = t.period), sum(p.target)) AS target
    FROM target AS t JOIN person_target AS p ON p.measure = t.measure AND p.period <@ t.period
    LEFT JOIN person AS n ON n.person_id = p.person_id
    WHERE t.scope = 'company' OR t.key = CASE t.scope WHEN 'territory' THEN n.territory WHEN 'team' THEN n.team END
    GROUP BY t.scope, t.key, t.period, t.measure, p.person_id) AS x
  GROUP BY x.scope, x.key, x.period, x.measure),
agreed AS (
  SELECT x.scope, x.key, x.period, x.measure, count(*) AS customers, sum(x.target) AS target
  FROM (
    SELECT t.scope, t.key, t.period, t.measure, coalesce(max(p.target) FILTER (WHERE p.period = t.period), sum(p.target)) AS target
    FROM target AS t JOIN planned AS p ON p.measure = t.measure AND p.period <@ t.period AND p.parameter = CASE t.scope WHEN 'category' THEN 'category' ELSE 'total' END
    WHERE t.scope = 'company' OR t.key = CASE t.scope WHEN 'territory' THEN p.territory WHEN 'channel' THEN p.channel WHEN 'team' THEN p.team WHEN 'person' THEN p.person ELSE p.key END
    GROUP BY t.scope, t.key, t.period, t.measure, p.customer_id) AS x
  GROUP BY x.scope, x.key, x.period, x.measure)
SELECT t.scope, t.key, n.name, t.period, t.measure, t.target, x.people, x.people_target, t.target - x.people_target AS people_gap, achieved(x.people_target, t.target) AS people_coverage,
       x.customers, x.customers_target, t.target - x.customers_target AS customers_gap, achieved(x.customers_target, t.target) AS customers_coverage,
       x.actual, r.prorata_target, r.run_rate, r.attainment, r.status AS pace, x.customers_target AS value, t.target AS goal, kpi_status(x.customers_target, t.target, a.goal_tolerance) AS status, a.as_of
FROM target AS t CROSS JOIN asked AS a
LEFT JOIN person AS n ON t.scope = 'person' AND n.person_id::text = t.key
LEFT JOIN given AS g ON g.scope = t.scope AND g.key = t.key AND g.period = t.period AND g.measure = t.measure
LEFT JOIN agreed AS c ON c.scope = t.scope AND c.key = t.key AND c.period = t.period AND c.measure = t.measure
LEFT JOIN came AS s ON s.scope = t.scope AND s.key = t.key AND s.period = t.period AND s.measure = t.measure
CROSS JOIN LATERAL (
  SELECT t.scope = 'company' OR t.scope IN ('territory', 'team') AND 'person.' || t.scope = ANY (a.bound) AS people,
         CASE t.scope WHEN 'territory' THEN 'customer.territory' = ANY (a.bound) WHEN 'channel' THEN 'customer.channel' = ANY (a.bound) WHEN 'team' THEN 'person.team' = ANY (a.bound) ELSE true END AS customers) AS b
CROSS JOIN LATERAL (
  SELECT CASE WHEN b.people THEN coalesce(g.people, 0) END AS people, CASE WHEN b.people THEN coalesce(g.target, 0) END AS people_target,
         CASE WHEN b.customers THEN coalesce(c.customers, 0) END AS customers, CASE WHEN b.customers THEN coalesce(c.target, 0) END AS customers_target,
         CASE WHEN b.customers AND (t.scope <> 'category' OR 'product.category' = ANY (a.bound)) AND lower(t.period) <= a.as_of
              AND CASE t.measure WHEN 'amount' THEN 'sale' = ANY (a.bound) WHEN 'quantity' THEN 'sale.quantity' = ANY (a.bound) ELSE 'sale.cost' = ANY (a.bound) AND coalesce(s.uncosted, 0) = 0 END
           THEN coalesce(s.actual, 0) END AS actual) AS x
CROSS JOIN LATERAL plan_progress(t.target, x.actual, NULL, NULL, CASE WHEN isfinite(lower(t.period)) AND isfinite(upper(t.period)) THEN t.period END, a.as_of, a.calendar, a.tolerance,
  CASE WHEN a.calendar IS NULL THEN a.unit ELSE 'days' END) AS r
$body$),

(3090, 'report', 'target_proposal', '{sale,product.category,customer.channel,customer}', 'a proposed target of each customer for a year, in all and by category, and what it was made of', $columns$
customer_id: the customer
name: his name
channel: his channel; those without one are compared with each other
territory: his territory
person_id: who is in charge
parameter: total or category
key: which category; '' for total
period: the last twelve complete months
amount: sales in them; 0 in a category that he does not buy
before: sales of the same months a year before
change: amount less that
mix: share of the category in his sales
customers: customers of the channel who bought in these months
mean: mean of them, those who buy none of it included
peer_index: amount over it
action: growth_engine below it, else preserve
size_class: large, medium or small among them, by all that they bought
class_mean: mean of those of his size
history: insufficient, ok or full: whether he has bought for long enough to plan by
proposal: amount with the growth of setting, and below the mean gap_share of the gap to it more
growth_part: what of it is growth
gap_part: what of it closes the gap
potential: what he could buy of it, by the table of that name on the day
share_of_potential: amount over it
value: target of it in the first plan, annual or customer, that begins after as_of
goal: proposal
status: 1 where value reaches goal, 0 within the tolerance of setting, else -1
trend: 1 where amount is above before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT a.*, prior_year(a.year) AS before FROM (SELECT a.*, closed_period(a.as_of, 12, 'month') AS year FROM {asked} AS a) AS a WHERE lower(a.year) > '0002-01-01'),
sold AS MATERIALIZED (
  SELECT s.customer_id, p.category, grouping(p.category) = 1 AS total, coalesce(sum(s.amount) FILTER (WHERE s.sold_on >= lower(a.year)), 0) AS amount,
         coalesce(sum(s.amount) FILTER (WHERE s.sold_on <@ a.before), 0) AS before, min(s.sold_on) FILTER (WHERE s.amount > 0) AS first_on, count(s.amount) FILTER (WHERE s.sold_on >= lower(a.year)) AS lines
  FROM sale AS s JOIN asked AS a ON s.sold_on >= '0001-01-01' AND s.sold_on < upper(a.year)
  LEFT JOIN product AS p ON p.product_id = s.product_id
  WHERE s.customer_id IS NOT NULL
  GROUP BY s.customer_id, GROUPING SETS ((), (p.category))),
sized AS (
  SELECT t.customer_id, t.first_on, k.name, k.channel, k.territory, k.person_id, size_class(t.amount, a.size_thresholds) OVER (PARTITION BY k.channel) AS size_class
  FROM (SELECT s.customer_id, s.amount, s.first_on FROM sold AS s WHERE s.total AND s.lines > 0 OFFSET 0) AS t
  CROSS JOIN asked AS a LEFT JOIN customer AS k ON k.customer_id = t.customer_id),
gridded AS (
  SELECT z.customer_id, z.first_on, z.name, z.channel, z.territory, z.person_id, z.size_class, q.parameter, q.key, coalesce(s.amount, 0) AS amount, coalesce(s.before, 0) AS before
  FROM sized AS z
  CROSS JOIN (SELECT 'total'::text AS parameter, ''::text AS key, true AS total
              UNION ALL SELECT DISTINCT 'category' AS parameter, s.category AS key, false AS total FROM sold AS s WHERE NOT s.total AND s.lines > 0 AND s.category IS NOT NULL) AS q
  LEFT JOIN sold AS s ON s.customer_id = z.customer_id AND s.total = q.total AND coalesce(s.category, '') = q.key AND (s.total OR s.category IS NOT NULL)),
placed AS (
  SELECT x.customer_id, x.first_on, x.name, x.channel, x.territory, x.person_id, x.size_class, x.parameter, x.key, x.amount, x.before, count(*) OVER peers AS customers,
         avg(x.amount) OVER peers AS mean, peer_index(x.amount) OVER peers AS peer_index, peer_action(x.amount) OVER peers AS action,
         avg(x.amount) OVER (PARTITION BY x.channel, x.size_class, x.parameter, x.key) AS class_mean,
         CASE WHEN x.parameter = 'category' THEN mix_share(x.amount) OVER (PARTITION BY x.customer_id, x.parameter) END AS mix
  FROM gridded AS x WINDOW peers AS (PARTITION BY x.channel, x.parameter, x.key))
SELECT x.customer_id, x.name, x.channel, x.territory, x.person_id, x.parameter, x.key, a.year AS period, x.amount, x.before, x.amount - x.before AS change, x.mix, x.customers, x.mean,
       x.peer_index, x.action, x.size_class, x.class_mean, history_state(x.first_on, upper(a.year) - 1) AS history, y.proposal, x.amount * a.growth AS growth_part,
       y.proposal - x.amount - x.amount * a.growth AS gap_part, q.amount AS potential, share_of_potential(x.amount, q.amount) AS share_of_potential,
       t.target AS value, y.proposal AS goal, kpi_status(t.target, y.proposal, a.goal_tolerance) AS status, sign(x.amount - x.before)::integer AS trend, a.as_of
FROM placed AS x CROSS JOIN asked AS a
CROSS JOIN LATERAL (SELECT CASE WHEN a.growth <= 1 THEN suggest_target(x.amount, x.mean, a.growth, a.gap_share) END AS proposal) AS y
LEFT JOIN potential AS q ON q.customer_id = x.customer_id AND q.category = x.key AND q.period @> a.as_of
LEFT JOIN LATERAL (
  SELECT l.target FROM plan AS p JOIN plan_line AS l ON l.plan_id = p.plan_id
  WHERE p.customer_id = x.customer_id AND p.kind IN ('annual', 'customer') AND lower(p.period) > a.as_of AND l.parameter = x.parameter AND l.key = x.key AND l.measure = 'amount'
  ORDER BY lower(p.period), p.kind, p.plan_id LIMIT 1) AS t ON true
$body$);
