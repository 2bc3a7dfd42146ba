-- Report of a model: target plans, line by line

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2200, 'report', 'plan_progress', '{sale,sale.quantity,sale.cost,product.category,product.brand,customer}', 'the lines of the plans that the period meets, with the seven columns of a plan table and what they leave open', $columns$
plan_id: the plan
plan_line_id: its line
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
kind: kind of the plan
period: the days of the plan
parameter: total, category, brand or product
key: which
measure: what is measured
target: the target of the period
balance: what is still to come; negative: a surplus
actual: what came in since the launch
run_rate: what the period will come to at this pace
attainment: that over the target
prior_year: the whole year before
growth: actual less that
gap: attainment - 1
achieved: actual over target
prorata_target: what was due by now
prorata_gap: actual less that
current_rate: what a day brought so far
required_rate: what each day that is left has to bring
growth_like_for_like: growth against the same days of the year before
projected_growth: growth at this pace
elapsed_share: how much of the period is gone
value: actual
goal: what was due by now
status: 1 ahead, 0 on course, -1 behind
trend: 1 where actual is above the same days of the year before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
fact AS (
  SELECT p.plan_id, p.customer_id, CASE WHEN n.by_product THEN s.product_id END AS product_id, g.category, g.brand,
         plan_facts(s.amount, s.sold_on, p.period, coalesce(p.launched_on, lower(p.period)), (SELECT as_of FROM asked)) AS amount,
         plan_facts(s.quantity, s.sold_on, p.period, coalesce(p.launched_on, lower(p.period)), (SELECT as_of FROM asked)) FILTER (WHERE n.counted) AS quantity,
         plan_facts(s.amount - s.cost, s.sold_on, p.period, coalesce(p.launched_on, lower(p.period)), (SELECT as_of FROM asked)) FILTER (WHERE n.costed) AS margin
  FROM plan AS p
  CROSS JOIN LATERAL (
    SELECT bool_or(l.parameter = 'product' OR l.measure = 'products') AS by_product, bool_or(l.measure IN ('quantity', 'products', 'categories')) AS counted,
           bool_or(l.measure IN ('margin', 'margin_share')) AS costed
    FROM plan_line AS l WHERE l.plan_id = p.plan_id) AS n
  JOIN sale AS s ON s.customer_id = p.customer_id AND s.sold_on >= lower(prior_year(p.period)) AND s.sold_on < upper(p.period)
  LEFT JOIN product AS g ON g.product_id = s.product_id
  WHERE p.status <> 'draft' AND p.period && (SELECT period FROM asked)
  GROUP BY p.plan_id, p.customer_id, CASE WHEN n.by_product THEN s.product_id END, g.category, g.brand),
line AS (
  SELECT l.plan_line_id, p.plan_id, p.customer_id, p.kind, p.period, p.launched_on, l.parameter, l.key, l.measure, l.target,
         CASE l.measure WHEN 'products' THEN count(*) FILTER (WHERE (m.sums).actual > 0)
           WHEN 'categories' THEN assortment_breadth(f.category, (m.sums).actual) FILTER (WHERE l.measure = 'categories')
           WHEN 'margin_share' THEN sum((m.sums).actual) / nullif(sum((f.amount).actual), 0)
           ELSE coalesce(sum((m.sums).actual), 0) END AS actual,
         CASE l.measure WHEN 'products' THEN count(*) FILTER (WHERE (m.sums).prior_year > 0)
           WHEN 'categories' THEN assortment_breadth(f.category, (m.sums).prior_year) FILTER (WHERE l.measure = 'categories')
           WHEN 'margin_share' THEN sum((m.sums).prior_year) / nullif(sum((f.amount).prior_year), 0)
           ELSE coalesce(sum((m.sums).prior_year), 0) END AS prior_year,
         CASE l.measure WHEN 'products' THEN count(*) FILTER (WHERE (m.sums).prior_to_date > 0)
           WHEN 'categories' THEN assortment_breadth(f.category, (m.sums).prior_to_date) FILTER (WHERE l.measure = 'categories')
           WHEN 'margin_share' THEN sum((m.sums).prior_to_date) / nullif(sum((f.amount).prior_to_date), 0)
           ELSE coalesce(sum((m.sums).prior_to_date), 0) END AS prior_to_date
  FROM plan AS p JOIN plan_line AS l ON l.plan_id = p.plan_id
  LEFT JOIN fact AS f ON f.plan_id = p.plan_id AND f.customer_id = p.customer_id
    AND (l.parameter = 'total' OR l.key = CASE l.parameter WHEN 'category' THEN f.category WHEN 'brand' THEN f.brand ELSE f.product_id::text END)
  CROSS JOIN LATERAL (SELECT CASE WHEN l.measure = 'amount' THEN f.amount WHEN l.measure IN ('margin', 'margin_share') THEN f.margin ELSE f.quantity END AS sums) AS m
  WHERE p.status <> 'draft' AND p.period && (SELECT period FROM asked)
  GROUP BY l.plan_line_id, p.plan_id, p.customer_id, p.kind, p.period, p.launched_on, l.parameter, l.key, l.measure, l.target)
SELECT l.plan_id, l.plan_line_id, l.customer_id, k.name, k.channel, k.territory, k.person_id, l.kind, l.period, l.parameter, l.key, l.measure,
       r.target, r.balance, r.actual, r.run_rate, r.attainment, r.prior_year, r.growth, r.gap, r.achieved, r.prorata_target, r.prorata_gap,
       r.current_rate, r.required_rate, r.growth_like_for_like, r.projected_growth, r.elapsed_share,
       r.actual AS value, r.prorata_target AS goal, r.status, sign(r.growth_like_for_like)::integer AS trend, a.as_of
FROM line AS l CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = l.customer_id
CROSS JOIN LATERAL (
  SELECT 'sale' = ANY (a.bound)
         AND (l.parameter NOT IN ('category', 'brand') OR 'product.' || l.parameter = ANY (a.bound))
         AND (l.measure NOT IN ('quantity', 'products', 'categories') OR 'sale.quantity' = ANY (a.bound))
         AND (l.measure NOT IN ('margin', 'margin_share') OR 'sale.cost' = ANY (a.bound))
         AND (l.measure <> 'categories' OR 'product.category' = ANY (a.bound))
         AND l.measure NOT IN ('market_share', 'execution', 'fill_rate') AS known,
         l.measure NOT IN ('amount', 'quantity', 'margin') AS level) AS m
CROSS JOIN LATERAL plan_progress(l.target, CASE WHEN m.known THEN l.actual END, CASE WHEN m.known THEN l.prior_year END,
  CASE WHEN m.known THEN l.prior_to_date END,
  daterange(greatest(l.launched_on, lower(l.period)), upper(l.period)), a.as_of, a.calendar, a.tolerance,
  CASE WHEN a.calendar IS NULL THEN a.unit ELSE 'days' END, measure => CASE WHEN m.level THEN 'level' ELSE 'flow' END) AS r
$body$);
