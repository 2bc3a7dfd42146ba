-- Reports of a model: what was ordered and what came, and how near the forecasts were

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2700, 'report', 'supply', '{order_line,order_line.promised_on,order_line.delivered_on,order_line.ordered_amount,order_line.delivered_amount,customer,product}', 'how much of what customers ordered came, on time and in full, by product and month', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
product_id: the product
product: its name
category: its category
brand: its brand
month: first day of the month in which the goods were due: the day promised, or that of the order
lines: order lines that were due
ordered: quantity of them
delivered: what came of it, late or not, of each line up to what was ordered
delivered_on_time: what came of it on time
missing: what did not come
lines_perfect: lines on time and in full
fill_rate: delivered_on_time over ordered
fill_rate_lenient: delivered over ordered
fill_rate_amount: fill_rate by amount
otif: lines_perfect over lines
value: fill_rate
goal: that of kpi_goal for fill_rate: of the customer, his person, team, channel, territory, or of all
status: 1 where value reaches goal, 0 within the tolerance, else -1
trend: 1 where fill_rate is above that of the last month with orders, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT a.*, 'order_line.promised_on' = ANY (a.bound) AND 'order_line.delivered_on' = ANY (a.bound) AS timed,
    'order_line.ordered_amount' = ANY (a.bound) AND 'order_line.delivered_amount' = ANY (a.bound) AS priced FROM {asked} AS a),
line AS (
  SELECT o.customer_id, o.product_id, date_trunc('month', d.due_on::timestamp)::date AS month, o.ordered, o.ordered_amount,
         CASE WHEN d.came THEN o.delivered END AS delivered, CASE WHEN d.came THEN o.delivered_amount END AS delivered_amount,
         CASE WHEN a.timed THEN coalesce(o.delivered_on <= o.promised_on, false) END AS on_time, a.timed, a.priced
  FROM order_line AS o CROSS JOIN asked AS a
  CROSS JOIN LATERAL (SELECT coalesce(o.promised_on, o.ordered_on) AS due_on, coalesce(o.delivered_on <= a.as_of, true) AS came) AS d
  WHERE o.ordered > 0 AND o.ordered_on <= a.as_of AND d.due_on <= a.as_of AND d.due_on >= lower(a.period) AND d.due_on < upper(a.period)),
supplied AS (
  SELECT l.customer_id, l.product_id, l.month, count(*) AS lines, sum(l.ordered) AS ordered,
         sum(least(greatest(l.delivered, 0), l.ordered)) AS delivered,
         sum(CASE WHEN l.on_time THEN least(greatest(l.delivered, 0), l.ordered) WHEN l.timed THEN 0 END) AS delivered_on_time,
         CASE WHEN bool_and(l.timed) THEN count(*) FILTER (WHERE l.on_time AND l.delivered >= l.ordered AND (l.delivered_amount >= l.ordered_amount) IS NOT FALSE) END AS lines_perfect,
         CASE WHEN bool_and(l.timed) THEN fill_rate(l.ordered, l.delivered, l.on_time) END AS fill_rate,
         fill_rate_lenient(l.ordered, l.delivered) AS fill_rate_lenient,
         CASE WHEN bool_and(l.timed AND l.priced) THEN fill_rate(l.ordered_amount, l.delivered_amount, l.on_time) END AS fill_rate_amount,
         CASE WHEN bool_and(l.timed) THEN otif(l.on_time, l.delivered >= l.ordered AND (l.delivered_amount >= l.ordered_amount) IS NOT FALSE) END AS otif
  FROM line AS l GROUP BY l.customer_id, l.product_id, l.month)
SELECT x.customer_id, k.name, k.channel, k.territory, k.person_id, x.product_id, p.name AS product, p.category, p.brand, x.month, x.lines, x.ordered,
       coalesce(x.delivered, 0) AS delivered, x.delivered_on_time, x.ordered - coalesce(x.delivered, 0) AS missing, x.lines_perfect,
       x.fill_rate, x.fill_rate_lenient, x.fill_rate_amount, x.otif, x.fill_rate AS value, g.goal,
       kpi_status(x.fill_rate, g.goal, g.tolerance) AS status, kpi_trend(x.fill_rate, x.before) AS trend, a.as_of
FROM (SELECT s.*, lag(s.fill_rate) OVER (PARTITION BY s.customer_id, s.product_id ORDER BY s.month) AS before FROM supplied AS s) AS x
CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = x.customer_id
LEFT JOIN product AS p ON p.product_id = x.product_id
$body$ || kam_model_goal('fill_rate', 'x.customer_id', 'k.person_id', 'k.channel', 'k.territory')),

(2710, 'report', 'forecast_quality', '{forecast,forecast.customer_id,forecast.forecast_on,sale.quantity,customer,product}', 'how near the forecasts were to what was sold, by product, customer and month', $columns$
product_id: the product
product: its name
category: its category
brand: its brand
customer_id: the customer; NULL where the forecast is of all customers
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
month: first day of the month in which the forecast periods begin
periods: forecast periods that are over
forecast: what was forecast for them, by the last forecast made up to their first day
actual: what was sold in them
error: the sum of their errors, without signs
accuracy: 1 less error over actual, not below 0
bias: forecast less actual, over actual; above 0 too much was forecast
wape: error over what was sold without signs
value: accuracy
goal: that of kpi_goal for forecast_accuracy: of the customer, his person, team, channel, territory, or of all
status: 1 where value reaches goal, 0 within the tolerance, else -1
trend: 1 where accuracy is above that of the last month with a forecast, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT a.*, 'sale.quantity' = ANY (a.bound) AS known FROM {asked} AS a),
compared AS (
  SELECT f.customer_id, f.product_id, f.period, f.quantity, sum(s.quantity) AS actual
  FROM (
    SELECT DISTINCT ON (v.customer_id, v.product_id, v.period) v.customer_id, v.product_id, v.period, v.quantity
    FROM (
      SELECT f.customer_id, f.product_id, f.period, f.forecast_on, sum(f.quantity) AS quantity
      FROM forecast AS f CROSS JOIN asked AS a
      WHERE f.customer_id IS NOT NULL AND f.product_id IS NOT NULL AND f.period && a.period AND lower(f.period) > '-infinity' AND upper(f.period) - 1 <= a.as_of
      AND (f.forecast_on <= lower(f.period)) IS NOT FALSE
      GROUP BY f.customer_id, f.product_id, f.period, f.forecast_on) AS v
    ORDER BY v.customer_id, v.product_id, v.period, v.forecast_on DESC NULLS LAST) AS f
  LEFT JOIN sale AS s ON s.customer_id = f.customer_id AND s.product_id = f.product_id AND s.sold_on >= lower(f.period) AND s.sold_on < upper(f.period)
  GROUP BY f.customer_id, f.product_id, f.period, f.quantity
UNION ALL
  SELECT NULL AS customer_id, f.product_id, f.period, f.quantity, sum(s.quantity) AS actual
  FROM (
    SELECT DISTINCT ON (v.product_id, v.period) v.product_id, v.period, v.quantity
    FROM (
      SELECT f.product_id, f.period, f.forecast_on, sum(f.quantity) AS quantity
      FROM forecast AS f CROSS JOIN asked AS a
      WHERE f.customer_id IS NULL AND f.product_id IS NOT NULL AND f.period && a.period AND lower(f.period) > '-infinity' AND upper(f.period) - 1 <= a.as_of
      AND (f.forecast_on <= lower(f.period)) IS NOT FALSE
      GROUP BY f.product_id, f.period, f.forecast_on) AS v
    ORDER BY v.product_id, v.period, v.forecast_on DESC NULLS LAST) AS f
  LEFT JOIN sale AS s ON s.product_id = f.product_id AND s.sold_on >= lower(f.period) AND s.sold_on < upper(f.period)
  GROUP BY f.product_id, f.period, f.quantity),
monthly AS (
  SELECT c.customer_id, c.product_id, date_trunc('month', lower(c.period)::timestamp)::date AS month, count(*) AS periods, sum(c.quantity) AS forecast,
         sum(c.actual) AS actual, sum(abs(c.quantity - c.actual)) AS error, forecast_accuracy(c.actual, c.quantity) AS accuracy,
         forecast_bias(c.actual, c.quantity) AS bias, wape(c.actual, c.quantity) AS wape
  FROM (SELECT c.customer_id, c.product_id, c.period, c.quantity, CASE WHEN a.known THEN coalesce(c.actual, 0) END AS actual
        FROM compared AS c CROSS JOIN asked AS a) AS c
  GROUP BY c.customer_id, c.product_id, date_trunc('month', lower(c.period)::timestamp)::date)
SELECT x.product_id, p.name AS product, p.category, p.brand, x.customer_id, k.name, k.channel, k.territory, k.person_id, x.month, x.periods,
       x.forecast, x.actual, x.error, x.accuracy, x.bias, x.wape, x.accuracy AS value, g.goal,
       kpi_status(x.accuracy, g.goal, g.tolerance) AS status, kpi_trend(x.accuracy, x.before) AS trend, a.as_of
FROM (SELECT m.*, lag(m.accuracy) OVER (PARTITION BY m.customer_id, m.product_id ORDER BY m.month) AS before FROM monthly AS m) AS x
CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = x.customer_id
LEFT JOIN product AS p ON p.product_id = x.product_id
$body$ || kam_model_goal('forecast_accuracy', 'x.customer_id', 'k.person_id', 'k.channel', 'k.territory'));
