-- Reports of a model: key accounts and their managers

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2600, 'report', 'market_share', '{market,sale,market.customer_id,market.segment,market.territory,market.channel,product.category,customer}', 'our share of the market, or of what a customer sells or buys, and whether it was won or lost within a year', $columns$
customer_id: the customer whose market it is; NULL: not that of a customer
name: his name
person_id: who is in charge of him
segment: segment of the market; NULL: all
territory: territory of the market, or else of the customer
channel: channel of the market, or else of the customer
period: the days
own: our sales in it
market: the sales of all
share: own over market
own_before: our sales in the same days of the year before
market_before: the sales of all in them
share_before: own_before over market_before
own_growth: growth of own
market_growth: growth of the market
gap: own_growth less market_growth
relative: change of the share
verdict: won, held or lost
value: share
goal: target of the market share in a plan of the customer, or else that of kpi_goal for market_share
status: 1 where value reaches goal, 0 within the tolerance, else -1
trend: 1 won, 0 held, -1 lost
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
sized AS NOT MATERIALIZED (
  SELECT m.customer_id, m.segment, m.territory, m.channel, m.period, sum(m.amount) AS amount
  FROM market AS m WHERE lower(m.period) > '-infinity' AND upper(m.period) < 'infinity'
  GROUP BY m.customer_id, m.segment, m.territory, m.channel, m.period),
marketed AS NOT MATERIALIZED (
  SELECT m.customer_id, m.segment, m.territory, m.channel, m.period, prior_year(m.period) AS prior, m.amount AS market, b.amount AS market_before
  FROM sized AS m
  JOIN asked AS a ON m.period && a.period AND upper(m.period) - 1 <= a.as_of
  LEFT JOIN sized AS b ON b.period = prior_year(m.period) AND b.customer_id IS NOT DISTINCT FROM m.customer_id AND b.segment IS NOT DISTINCT FROM m.segment
    AND b.territory IS NOT DISTINCT FROM m.territory AND b.channel IS NOT DISTINCT FROM m.channel),
compared AS (
  SELECT m.customer_id, m.segment, m.territory, m.channel, m.period, m.market, m.market_before,
         sum(s.amount) FILTER (WHERE s.sold_on >= lower(m.period)) AS own, sum(s.amount) FILTER (WHERE s.sold_on < upper(m.prior)) AS own_before
  FROM marketed AS m
  LEFT JOIN sale AS s ON s.customer_id = m.customer_id AND s.sold_on >= lower(m.prior) AND s.sold_on < upper(m.period)
    AND (m.segment IS NULL OR EXISTS (SELECT FROM product AS p WHERE p.product_id = s.product_id AND p.category = m.segment))
    AND (m.territory IS NULL OR EXISTS (SELECT FROM customer AS k WHERE k.customer_id = m.customer_id AND k.territory = m.territory))
    AND (m.channel IS NULL OR s.channel = m.channel
      OR s.channel IS NULL AND EXISTS (SELECT FROM customer AS k WHERE k.customer_id = m.customer_id AND k.channel = m.channel))
  WHERE m.customer_id IS NOT NULL
  GROUP BY m.customer_id, m.segment, m.territory, m.channel, m.period, m.market, m.market_before
UNION ALL
  SELECT NULL AS customer_id, m.segment, m.territory, m.channel, m.period, m.market, m.market_before,
         sum(s.amount) FILTER (WHERE s.sold_on >= lower(m.period)) AS own, sum(s.amount) FILTER (WHERE s.sold_on < upper(m.prior)) AS own_before
  FROM marketed AS m
  LEFT JOIN (
    SELECT s.sold_on, p.category, k.territory, coalesce(s.channel, k.channel) AS channel, sum(s.amount) AS amount
    FROM sale AS s LEFT JOIN product AS p ON p.product_id = s.product_id LEFT JOIN customer AS k ON k.customer_id = s.customer_id
    WHERE EXISTS (SELECT FROM market AS m WHERE m.customer_id IS NULL)
    GROUP BY s.sold_on, p.category, k.territory, coalesce(s.channel, k.channel)) AS s
    ON s.sold_on >= lower(m.prior) AND s.sold_on < upper(m.period)
    AND (m.segment IS NULL OR s.category = m.segment) AND (m.territory IS NULL OR s.territory = m.territory) AND (m.channel IS NULL OR s.channel = m.channel)
  WHERE m.customer_id IS NULL
  GROUP BY m.segment, m.territory, m.channel, m.period, m.market, m.market_before),
shared AS (
  SELECT c.customer_id, c.segment, c.territory, c.channel, c.period, c.market, c.market_before,
         CASE WHEN n.known THEN coalesce(c.own, 0) END AS own, CASE WHEN n.known THEN coalesce(c.own_before, 0) END AS own_before
  FROM compared AS c CROSS JOIN asked AS a
  CROSS JOIN LATERAL (
    SELECT 'sale' = ANY (a.bound) AND (c.segment IS NULL OR 'product.category' = ANY (a.bound)) AND (c.territory IS NULL OR 'customer.territory' = ANY (a.bound))
           AND (c.channel IS NULL OR 'sale.channel' = ANY (a.bound) OR 'customer.channel' = ANY (a.bound)) AS known) AS n)
SELECT x.customer_id, k.name, k.person_id, x.segment, coalesce(x.territory, k.territory) AS territory, coalesce(x.channel, k.channel) AS channel, x.period,
       x.own, x.market, share_of_wallet(x.own, x.market) AS share, x.own_before, x.market_before, share_of_wallet(x.own_before, x.market_before) AS share_before,
       r.own_growth, r.market_growth, r.gap, r.relative, r.verdict, share_of_wallet(x.own, x.market) AS value, coalesce(t.target, g.goal) AS goal,
       kpi_status(share_of_wallet(x.own, x.market), coalesce(t.target, g.goal), CASE WHEN t.target IS NULL THEN g.tolerance ELSE a.goal_tolerance END) AS status,
       CASE r.verdict WHEN 'won' THEN 1 WHEN 'held' THEN 0 WHEN 'lost' THEN -1 END AS trend, a.as_of
FROM shared AS x CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = x.customer_id
CROSS JOIN LATERAL share_change(x.own, x.own_before, x.market, x.market_before) AS r
LEFT JOIN LATERAL (
  SELECT l.target FROM plan AS p JOIN plan_line AS l ON l.plan_id = p.plan_id AND l.measure = 'market_share'
  WHERE p.customer_id = x.customer_id AND p.status <> 'draft' AND p.period @> lower(x.period) AND x.segment IS NULL AND x.territory IS NULL AND x.channel IS NULL
  ORDER BY array_position('{annual,customer,joint,internal,rolling}'::text[], p.kind), lower(p.period) DESC, p.plan_id LIMIT 1) AS t ON true
$body$ || kam_model_goal('market_share', 'x.customer_id', 'k.person_id', 'coalesce(x.channel, k.channel)', 'coalesce(x.territory, k.territory)')),

(2610, 'report', 'key_account_scorecard', '{sale,sale.cost,market.customer_id,trade_spend,customer_cost,order_line.promised_on,order_line.delivered_on,product.high_margin,customer}', 'the five indicators of each key account beside their goals, and the score', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
kam_group: protection, growth or strategic
plan_id: the plan that the goals are of: in force on the day, annual before others
period: the days looked at: those of the plan since its launch, or else of the period, up to as_of
no: number of the indicator, 1 to 5
indicator: sales, share, execution, profit, fill rate
value: what it came to
goal: its goal up to as_of
attainment: value over goal
status: 1 where value reaches goal, 0 within the tolerance of setting, else -1
trend: 1 where value is above that of the same days of the year before, -1 where it is below, else 0
weight: weight of the indicator
score: the five as one number, the mean of the attainments by weight; the same in all five rows
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
planned AS (
  SELECT DISTINCT ON (p.customer_id) p.customer_id, p.plan_id, daterange(greatest(p.launched_on, lower(p.period)), upper(p.period)) AS period
  FROM plan AS p JOIN asked AS a ON p.status <> 'draft' AND p.period && a.period AND greatest(p.launched_on, lower(p.period)) <= a.as_of
  ORDER BY p.customer_id, p.period @> a.as_of DESC, array_position('{annual,customer,joint,internal,rolling}'::text[], p.kind), upper(p.period) DESC, p.plan_id),
turned AS (
  SELECT m.customer_id, m.kam_group, p.plan_id, p.period, t.turn, CASE t.turn WHEN 0 THEN d.days ELSE prior_year(d.days) END AS days
  FROM kam_member AS m JOIN asked AS a ON m.valid @> a.as_of
  LEFT JOIN planned AS p ON p.customer_id = m.customer_id
  CROSS JOIN LATERAL (
    SELECT CASE WHEN lower(q.period) <= a.as_of THEN daterange(lower(q.period), least(upper(q.period), a.as_of + 1)) END AS days
    FROM (SELECT coalesce(p.period, a.period) AS period) AS q) AS d
  CROSS JOIN (VALUES (0), (1)) AS t (turn)),
marketed AS (
  SELECT t.customer_id, t.turn, sum(m.amount) AS market, range_agg(m.period) AS days
  FROM turned AS t JOIN market AS m ON m.customer_id = t.customer_id AND m.period <@ t.days AND NOT isempty(m.period)
  WHERE m.segment IS NULL AND m.territory IS NULL AND m.channel IS NULL
  GROUP BY t.customer_id, t.turn),
measured AS (
  SELECT t.customer_id, t.turn, CASE WHEN 'sale' = ANY (a.bound) AND t.days IS NOT NULL THEN coalesce(f.sales, 0) END AS sales,
         CASE WHEN 'sale' = ANY (a.bound) THEN share_of_wallet(coalesce(f.own, 0), m.market) END AS share, e.execution,
         CASE WHEN 'sale.cost' = ANY (a.bound) AND t.days IS NOT NULL THEN coalesce(f.margin, 0) - coalesce(s.spend, 0) - coalesce(c.cost, 0) END AS profit, o.fill_rate,
         CASE WHEN 'product.high_margin' = ANY (a.bound) AND f.sales > 0 THEN coalesce(f.high, 0) / f.sales END AS high_margin_share
  FROM turned AS t CROSS JOIN asked AS a
  LEFT JOIN marketed AS m ON m.customer_id = t.customer_id AND m.turn = t.turn
  LEFT JOIN (
    SELECT t.customer_id, t.turn, sum(s.amount) AS sales, sum(s.amount) FILTER (WHERE m.days @> s.sold_on) AS own, sum(s.amount - s.cost) AS margin,
           sum(s.amount) FILTER (WHERE EXISTS (SELECT FROM product AS p WHERE p.product_id = s.product_id AND p.high_margin)) AS high
    FROM turned AS t JOIN sale AS s ON s.customer_id = t.customer_id AND s.sold_on >= lower(t.days) AND s.sold_on < upper(t.days)
    LEFT JOIN marketed AS m ON m.customer_id = t.customer_id AND m.turn = t.turn
    GROUP BY t.customer_id, t.turn) AS f ON f.customer_id = t.customer_id AND f.turn = t.turn
  LEFT JOIN (
    SELECT t.customer_id, t.turn, sum(s.amount) AS spend
    FROM turned AS t JOIN trade_spend AS s ON s.customer_id = t.customer_id AND s.spent_on >= lower(t.days) AND s.spent_on < upper(t.days)
    GROUP BY t.customer_id, t.turn) AS s ON s.customer_id = t.customer_id AND s.turn = t.turn
  LEFT JOIN (
    SELECT t.customer_id, t.turn, sum(s.amount) AS cost
    FROM turned AS t JOIN customer_cost AS s ON s.customer_id = t.customer_id AND s.cost_on >= lower(t.days) AND s.cost_on < upper(t.days)
    GROUP BY t.customer_id, t.turn) AS c ON c.customer_id = t.customer_id AND c.turn = t.turn
  LEFT JOIN (
    SELECT t.customer_id, t.turn, fill_rate(s.ordered, CASE WHEN s.delivered_on <= a.as_of THEN s.delivered END, s.delivered_on <= s.promised_on) AS fill_rate
    FROM turned AS t JOIN asked AS a ON 'order_line.promised_on' = ANY (a.bound) AND 'order_line.delivered_on' = ANY (a.bound)
    JOIN order_line AS s ON s.customer_id = t.customer_id AND s.ordered_on <= a.as_of
      AND coalesce(s.promised_on, s.ordered_on) >= lower(t.days) AND coalesce(s.promised_on, s.ordered_on) < upper(t.days)
    GROUP BY t.customer_id, t.turn) AS o ON o.customer_id = t.customer_id AND o.turn = t.turn
  LEFT JOIN (
    SELECT x.customer_id, x.turn, count(*) FILTER (WHERE x.executed)::numeric / count(*) AS execution
    FROM (
      SELECT DISTINCT ON (t.customer_id, t.turn, k.item_id, k.outlet_id) t.customer_id, t.turn, k.executed
      FROM turned AS t JOIN agreement AS g ON g.customer_id = t.customer_id JOIN agreement_item AS i ON i.agreement_id = g.agreement_id
      JOIN agreement_check AS k ON k.item_id = i.item_id AND k.checked_on <@ t.days
      ORDER BY t.customer_id, t.turn, k.item_id, k.outlet_id, k.checked_on DESC) AS x
    GROUP BY x.customer_id, x.turn) AS e ON e.customer_id = t.customer_id AND e.turn = t.turn),
told AS (
  SELECT customer_id, max(sales) FILTER (WHERE turn = 0) AS sales, max(share) FILTER (WHERE turn = 0) AS share, max(execution) FILTER (WHERE turn = 0) AS execution,
         max(profit) FILTER (WHERE turn = 0) AS profit, max(fill_rate) FILTER (WHERE turn = 0) AS fill_rate, max(high_margin_share) FILTER (WHERE turn = 0) AS high_margin_share,
         ARRAY[max(sales) FILTER (WHERE turn = 1), max(share) FILTER (WHERE turn = 1), max(execution) FILTER (WHERE turn = 1),
               max(profit) FILTER (WHERE turn = 1), max(fill_rate) FILTER (WHERE turn = 1)] AS before
  FROM measured GROUP BY customer_id),
aimed AS (
  SELECT plan_id, max(target) FILTER (WHERE measure = 'amount') AS sales, max(target) FILTER (WHERE measure = 'market_share') AS share,
         max(target) FILTER (WHERE measure = 'execution') AS execution, max(target) FILTER (WHERE measure = 'margin') AS profit, max(target) FILTER (WHERE measure = 'fill_rate') AS fill_rate,
         ARRAY[max(weight) FILTER (WHERE measure = 'amount'), max(weight) FILTER (WHERE measure = 'market_share'), max(weight) FILTER (WHERE measure = 'execution'),
               max(weight) FILTER (WHERE measure = 'margin'), max(weight) FILTER (WHERE measure = 'fill_rate')] AS weights
  FROM plan_line WHERE parameter = 'total' GROUP BY plan_id)
SELECT t.customer_id, k.name, k.channel, k.territory, k.person_id, t.kam_group, t.plan_id, t.days AS period, r.no, r.indicator, r.value, r.goal, r.attainment,
       r.status, kpi_trend(r.value, v.before[r.no]) AS trend, r.weight,
       scorecard_score(v.sales, w.sales, v.share, w.share, v.execution, w.execution, v.profit, w.profit, v.fill_rate, w.fill_rate, w.weights, tolerance => a.goal_tolerance,
                       high_margin_share => v.high_margin_share, high_margin_required => g.high_margin) AS score, a.as_of
FROM turned AS t CROSS JOIN asked AS a
JOIN told AS v ON v.customer_id = t.customer_id
LEFT JOIN aimed AS p ON p.plan_id = t.plan_id
LEFT JOIN customer AS k ON k.customer_id = t.customer_id
CROSS JOIN LATERAL (
  SELECT max(n.goal) FILTER (WHERE n.kpi = 'market_share') AS share, max(n.goal) FILTER (WHERE n.kpi = 'execution') AS execution, max(n.goal) FILTER (WHERE n.kpi = 'fill_rate') AS fill_rate,
         max(n.goal) FILTER (WHERE n.kpi = 'high_margin_share') AS high_margin,
         ARRAY[NULL, max(n.weight) FILTER (WHERE n.kpi = 'market_share'), max(n.weight) FILTER (WHERE n.kpi = 'execution'), NULL, max(n.weight) FILTER (WHERE n.kpi = 'fill_rate')] AS weights
  FROM (
    SELECT DISTINCT ON (g.kpi) g.kpi, g.goal, g.weight
    FROM kpi_goal AS g
    WHERE g.kpi IN ('market_share', 'execution', 'fill_rate', 'high_margin_share') AND (g.scope = 'all'
      OR g.key = CASE g.scope WHEN 'customer' THEN t.customer_id::text WHEN 'person' THEN k.person_id::text WHEN 'channel' THEN k.channel WHEN 'territory' THEN k.territory END
      OR (g.scope = 'team' AND EXISTS (SELECT FROM person AS q WHERE q.person_id = k.person_id AND q.team = g.key)))
    ORDER BY g.kpi, array_position('{customer,person,team,channel,territory,all}'::text[], g.scope)) AS n) AS g
CROSS JOIN LATERAL (
  SELECT (plan_progress(p.sales, 0, NULL, NULL, t.period, a.as_of, a.calendar, a.tolerance, CASE WHEN a.calendar IS NULL THEN a.unit ELSE 'days' END)).prorata_target AS sales,
         (plan_progress(p.profit, 0, NULL, NULL, t.period, a.as_of, a.calendar, a.tolerance, CASE WHEN a.calendar IS NULL THEN a.unit ELSE 'days' END)).prorata_target AS profit,
         coalesce(p.share, g.share) AS share, coalesce(p.execution, g.execution) AS execution, coalesce(p.fill_rate, g.fill_rate) AS fill_rate,
         ARRAY[coalesce(p.weights[1], 1), coalesce(p.weights[2], g.weights[2], 1), coalesce(p.weights[3], g.weights[3], 1),
               coalesce(p.weights[4], 1), coalesce(p.weights[5], g.weights[5], 1)] AS weights) AS w
CROSS JOIN LATERAL scorecard(v.sales, w.sales, v.share, w.share, v.execution, w.execution, v.profit, w.profit, v.fill_rate, w.fill_rate, w.weights, tolerance => a.goal_tolerance,
                             high_margin_share => v.high_margin_share, high_margin_required => g.high_margin) AS r
WHERE t.turn = 0
$body$),

(2620, 'report', 'kam_portfolio', '{sale,sale.cost,person,person.hours,person.hours_per_account}', 'the portfolio of each account manager: accounts and what he has time for, sales, profit, customers lost', $columns$
person_id: the manager
name: his name
team: his team
territory: his territory
accounts: customers whom he manages on the day
key_accounts: those of them who are in the programme
hours: his working hours in a month
hours_required: hours that his accounts take in a month: those of kam_service for their group, else hours_per_account
capacity: accounts that his hours are enough for
load: hours_required over hours; above 1 he has too many accounts
sales: sales of the period up to as_of, of each customer while he managed him
sales_before: the same of the year before
profit: sales less cost of the goods
profit_share: profit over that of all customers, his or not
at_start: customers whom he managed on the first day of the period, and who bought in the year before
lost: those of them who have bought nothing in the period
churn: lost over at_start
value: sales
goal: his target of sales due by now, of the targets within the period
status: 1 where value reaches goal, 0 within the tolerance of setting, else -1
trend: 1 where sales are above those before, -1 where they are below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, CASE WHEN lower(a.period) <= a.as_of THEN daterange(lower(a.period), least(upper(a.period), a.as_of + 1)) END AS days,
         'sale' = ANY (a.bound) AS known, 'sale.cost' = ANY (a.bound) AS costed
  FROM {asked} AS a),
sold AS (
  SELECT s.customer_id, x.person_id, sum(s.amount) FILTER (WHERE s.sold_on >= lower(a.days)) AS sales,
         sum(s.amount) FILTER (WHERE s.sold_on <@ prior_year(a.days)) AS sales_before, sum(s.amount) FILTER (WHERE s.sold_on <@ prior_year(a.period)) AS amount_before,
         sum(s.amount - s.cost) FILTER (WHERE s.sold_on >= lower(a.days)) AS profit
  FROM sale AS s JOIN asked AS a ON s.sold_on >= lower(prior_year(a.period)) AND s.sold_on < upper(a.days)
  LEFT JOIN kam_assignment AS x ON x.customer_id = s.customer_id AND x.role = 'manager' AND x.valid @> s.sold_on
  GROUP BY s.customer_id, x.person_id),
whole AS (SELECT sum(s.profit) AS profit FROM sold AS s),
folio AS (SELECT s.person_id, sum(s.sales) AS sales, sum(s.sales_before) AS sales_before, sum(s.profit) AS profit FROM sold AS s WHERE s.person_id IS NOT NULL GROUP BY s.person_id),
started AS (
  SELECT x.person_id, count(*) AS at_start, count(*) FILTER (WHERE (c.sales > 0) IS NOT TRUE) AS lost
  FROM (SELECT s.customer_id, sum(s.sales) AS sales, sum(s.amount_before) AS amount_before FROM sold AS s GROUP BY s.customer_id) AS c
  JOIN asked AS a ON c.amount_before > 0
  JOIN kam_assignment AS x ON x.customer_id = c.customer_id AND x.role = 'manager' AND x.valid @> lower(a.days)
  GROUP BY x.person_id),
held AS (
  SELECT x.person_id, count(*) AS accounts, count(m.customer_id) AS key_accounts,
         CASE WHEN count(*) = count(coalesce(s.hours, p.hours_per_account)) THEN sum(coalesce(s.hours, p.hours_per_account)) END AS hours_required
  FROM kam_assignment AS x JOIN asked AS a ON x.role = 'manager' AND x.valid @> a.as_of
  LEFT JOIN kam_member AS m ON m.customer_id = x.customer_id AND m.valid @> a.as_of
  LEFT JOIN (SELECT v.kam_group, sum(v.hours * v.times) AS hours FROM kam_service AS v GROUP BY v.kam_group) AS s ON s.kam_group = m.kam_group
  LEFT JOIN person AS p ON p.person_id = x.person_id
  GROUP BY x.person_id),
aimed AS (
  SELECT t.person_id, sum(r.prorata_target) AS goal
  FROM person_target AS t JOIN asked AS a ON t.measure = 'amount' AND t.period <@ a.period AND lower(t.period) <= a.as_of
  CROSS JOIN LATERAL plan_progress(t.target, 0, NULL, NULL, t.period, a.as_of, a.calendar, a.tolerance, CASE WHEN a.calendar IS NULL THEN a.unit ELSE 'days' END) AS r
  GROUP BY t.person_id)
SELECT m.person_id, p.name, p.team, p.territory, coalesce(h.accounts, 0) AS accounts, coalesce(h.key_accounts, 0) AS key_accounts, p.hours, n.hours_required,
       kam_capacity(p.hours, p.hours_per_account) AS capacity, kam_load(n.hours_required, p.hours) AS load, n.sales, n.sales_before, n.profit,
       CASE WHEN w.profit > 0 THEN n.profit / w.profit END AS profit_share, n.at_start, n.lost, n.lost::numeric / nullif(n.at_start, 0) AS churn,
       n.sales AS value, g.goal, kpi_status(n.sales, g.goal, a.goal_tolerance) AS status, kpi_trend(n.sales, n.sales_before) AS trend, a.as_of
FROM (SELECT DISTINCT x.person_id FROM kam_assignment AS x JOIN asked AS a ON x.role = 'manager' AND (x.valid @> a.as_of OR x.valid && a.days)) AS m
CROSS JOIN asked AS a CROSS JOIN whole AS w
LEFT JOIN person AS p ON p.person_id = m.person_id
LEFT JOIN held AS h ON h.person_id = m.person_id
LEFT JOIN folio AS f ON f.person_id = m.person_id
LEFT JOIN started AS s ON s.person_id = m.person_id
LEFT JOIN aimed AS g ON g.person_id = m.person_id
CROSS JOIN LATERAL (
  SELECT CASE WHEN h.accounts IS NULL THEN 0 ELSE h.hours_required END AS hours_required,
         CASE WHEN a.known AND a.days IS NOT NULL THEN coalesce(f.sales, 0) END AS sales, CASE WHEN a.known AND a.days IS NOT NULL THEN coalesce(f.sales_before, 0) END AS sales_before,
         CASE WHEN a.costed AND a.days IS NOT NULL THEN coalesce(f.profit, 0) END AS profit,
         CASE WHEN a.known AND a.days IS NOT NULL THEN coalesce(s.at_start, 0) END AS at_start, CASE WHEN a.known AND a.days IS NOT NULL THEN coalesce(s.lost, 0) END AS lost) AS n
$body$);
