-- Reports of a model: what is left of a customer's sales, what the money spent on him brings, and how long stock lasts

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(3000, 'alter', 'setting', '{}', 'settings of stock at customers', '', $body$
ALTER TABLE setting ADD COLUMN IF NOT EXISTS old_from integer NOT NULL DEFAULT 180 CHECK (old_from >= 0);
COMMENT ON COLUMN setting.old_from IS 'stock at customers is old from so many days on'
$body$),

(3010, 'report', 'customer_profit', '{sale,sale.cost,sale.list_amount,sale.discount,trade_spend,trade_spend.fixed,customer_cost,customer_cost.kind,customer,customer.base_discount}', 'the profit and loss of each customer in the period, from list sales to contribution, beside the year before', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
list_sales: his sales by the price list: list_amount, or else amount and discount
discounts: that less net_sales
net_sales: sales of the period up to as_of
cost_of_goods: what they cost
gross_margin: net_sales less cost_of_goods
margin_share: gross_margin over net_sales
trade_spend: money spent at the customer
spend_fixed: what of it is fixed, such as fees for listing
spend_variable: the rest of it
bonuses: bonuses of programmes that were paid to him, of programme_payment
customer_cost: what serving him cost
logistics: what of that is of kind logistics
credit: what of it is of kind credit
service: what of it is of kind service
retention: what of it is of kind retention
other_cost: the rest of it
contribution: gross_margin less trade_spend, bonuses and customer_cost
contribution_share: contribution over net_sales
profitable: contribution is above zero
missing: what is not known: list_sales, net_sales, cost_of_goods, trade_spend, customer_cost
uncosted: net_sales of lines without a cost
share: contribution over that of all customers whose contribution is known
cost_to_serve: trade_spend, bonuses and customer_cost over net_sales
return_on_spend: gross_margin for 1 of trade_spend
return_on_variable: gross_margin for 1 of spend_variable
back_margin: trade_spend and bonuses over net_sales: what he gets back of what he pays
discount_share: discounts over list_sales
base_discount: the discount that he always has
discount_gap: discount_share less base_discount
net_sales_before: net_sales of the same days of the year before
gross_margin_before: gross_margin of them
contribution_before: contribution of them
margin_change: margin_share less that of them
contribution_change: contribution_share less that of them
value: contribution_share
goal: that of kpi_goal for contribution_share: of the customer, his person, team, channel, territory, or of all
status: 1 where value reaches goal, 0 within the tolerance, else -1
trend: 1 where contribution_share is above that of the year before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, prior_year(a.days) AS before, 'sale' = ANY (a.bound) AS sells, 'sale.cost' = ANY (a.bound) AS costed, 'trade_spend' = ANY (a.bound) AS spends,
         'sale.list_amount' = ANY (a.bound) OR 'sale.discount' = ANY (a.bound) AS listed, 'trade_spend.fixed' = ANY (a.bound) AS fixes,
         'customer_cost' = ANY (a.bound) AS serves, 'customer_cost.kind' = ANY (a.bound) AS kinds
  FROM (SELECT a.*, CASE WHEN lower(a.period) BETWEEN '0002-01-01' AND a.as_of THEN daterange(lower(a.period), least(upper(a.period), a.as_of + 1)) END AS days FROM {asked} AS a) AS a),
one AS NOT MATERIALIZED (
  SELECT i.customer_id, coalesce(sum(i.sold) FILTER (WHERE i.now), 0) AS net, coalesce(sum(i.sold) FILTER (WHERE i.past), 0) AS net_before,
         coalesce(sum(i.listed) FILTER (WHERE i.now), 0) AS listed, count(i.sold) FILTER (WHERE i.now AND i.listed IS NULL) AS unlisted,
         coalesce(sum(i.cost) FILTER (WHERE i.now), 0) AS cost, coalesce(sum(i.cost) FILTER (WHERE i.past), 0) AS cost_before,
         count(i.sold) FILTER (WHERE i.now AND i.cost IS NULL) AS uncosted, count(i.sold) FILTER (WHERE i.past AND i.cost IS NULL) AS uncosted_before,
         coalesce(sum(i.sold) FILTER (WHERE i.now AND i.cost IS NULL), 0) AS uncosted_net,
         coalesce(sum(i.spent) FILTER (WHERE i.now), 0) AS spent, coalesce(sum(i.spent) FILTER (WHERE i.past), 0) AS spent_before,
         coalesce(sum(i.spent) FILTER (WHERE i.now AND i.fixed), 0) AS fixed,
         coalesce(sum(i.served) FILTER (WHERE i.now), 0) AS served, coalesce(sum(i.served) FILTER (WHERE i.past), 0) AS served_before,
         coalesce(sum(i.served) FILTER (WHERE i.now AND i.kind = 'logistics'), 0) AS logistics, coalesce(sum(i.served) FILTER (WHERE i.now AND i.kind = 'credit'), 0) AS credit,
         coalesce(sum(i.served) FILTER (WHERE i.now AND i.kind = 'service'), 0) AS service, coalesce(sum(i.served) FILTER (WHERE i.now AND i.kind = 'retention'), 0) AS retention,
         coalesce(sum(i.bonus) FILTER (WHERE i.now), 0) AS bonus, coalesce(sum(i.bonus) FILTER (WHERE i.past), 0) AS bonus_before
  FROM (
    SELECT s.customer_id, s.sold_on >= lower(a.days) AS now, s.sold_on < upper(a.before) AS past, s.amount AS sold, coalesce(s.list_amount, s.amount + s.discount) AS listed, s.cost,
           NULL::numeric AS spent, NULL::boolean AS fixed, NULL::numeric AS served, NULL::text AS kind, NULL::numeric AS bonus
    FROM sale AS s JOIN asked AS a ON s.sold_on >= lower(a.before) AND s.sold_on < upper(a.days) WHERE s.amount IS NOT NULL
  UNION ALL
    SELECT t.customer_id, t.spent_on >= lower(a.days) AS now, t.spent_on < upper(a.before) AS past, NULL AS sold, NULL AS listed, NULL AS cost,
           t.amount AS spent, t.fixed, NULL AS served, NULL AS kind, NULL AS bonus
    FROM trade_spend AS t JOIN asked AS a ON t.spent_on >= lower(a.before) AND t.spent_on < upper(a.days)
  UNION ALL
    SELECT c.customer_id, c.cost_on >= lower(a.days) AS now, c.cost_on < upper(a.before) AS past, NULL AS sold, NULL AS listed, NULL AS cost,
           NULL AS spent, NULL AS fixed, c.amount AS served, c.kind, NULL AS bonus
    FROM customer_cost AS c JOIN asked AS a ON c.cost_on >= lower(a.before) AND c.cost_on < upper(a.days)
  UNION ALL
    SELECT p.customer_id, p.paid_on >= lower(a.days) AS now, p.paid_on < upper(a.before) AS past, NULL AS sold, NULL AS listed, NULL AS cost,
           NULL AS spent, NULL AS fixed, NULL AS served, NULL AS kind, p.amount AS bonus
    FROM programme_payment AS p JOIN asked AS a ON p.paid_on >= lower(a.before) AND p.paid_on < upper(a.days)) AS i
  WHERE i.customer_id IS NOT NULL AND (i.now OR i.past) GROUP BY i.customer_id),
told AS NOT MATERIALIZED (
  SELECT o.customer_id, CASE WHEN a.sells AND a.listed AND o.unlisted = 0 THEN o.listed END AS list_sales, CASE WHEN a.sells THEN o.net END AS net,
         CASE WHEN a.costed AND o.uncosted = 0 THEN o.cost END AS cost, CASE WHEN a.costed THEN o.uncosted_net END AS uncosted,
         CASE WHEN a.spends THEN o.spent END AS spent, CASE WHEN a.fixes THEN o.fixed END AS fixed, CASE WHEN a.fixes THEN o.spent - o.fixed END AS variable, o.bonus,
         CASE WHEN a.serves THEN o.served END AS served, CASE WHEN a.kinds THEN o.logistics END AS logistics, CASE WHEN a.kinds THEN o.credit END AS credit,
         CASE WHEN a.kinds THEN o.service END AS service, CASE WHEN a.kinds THEN o.retention END AS retention,
         CASE WHEN a.kinds THEN o.served - o.logistics - o.credit - o.service - o.retention END AS other_cost, n, b, a.as_of
  FROM one AS o CROSS JOIN asked AS a
  CROSS JOIN LATERAL profit_and_loss(CASE WHEN a.sells THEN o.net END, 0, CASE WHEN a.costed AND o.uncosted = 0 THEN o.cost END, CASE WHEN a.spends THEN o.spent END,
    CASE WHEN a.serves THEN o.served END, o.bonus) AS n
  CROSS JOIN LATERAL profit_and_loss(CASE WHEN a.sells THEN o.net_before END, 0, CASE WHEN a.costed AND o.uncosted_before = 0 THEN o.cost_before END,
    CASE WHEN a.spends THEN o.spent_before END, CASE WHEN a.serves THEN o.served_before END, o.bonus_before) AS b)
SELECT t.customer_id, k.name, k.channel, k.territory, k.person_id, t.list_sales, t.list_sales - t.net AS discounts, t.net AS net_sales, t.cost AS cost_of_goods,
       (t.n).gross_margin, (t.n).gross_margin_share AS margin_share, t.spent AS trade_spend, t.fixed AS spend_fixed, t.variable AS spend_variable, t.bonus AS bonuses,
       t.served AS customer_cost, t.logistics, t.credit, t.service, t.retention, t.other_cost, (t.n).contribution, (t.n).contribution_share, (t.n).profitable,
       array_remove(ARRAY[CASE WHEN t.list_sales IS NULL THEN 'list_sales' END, CASE WHEN t.net IS NULL THEN 'net_sales' END, CASE WHEN t.cost IS NULL THEN 'cost_of_goods' END,
         CASE WHEN t.spent IS NULL THEN 'trade_spend' END, CASE WHEN t.served IS NULL THEN 'customer_cost' END], NULL) AS missing,
       t.uncosted, (t.n).contribution / (SELECT CASE WHEN sum((w.n).contribution) > 0 THEN sum((w.n).contribution) END FROM told AS w) AS share,
       cost_to_serve(t.spent + t.bonus + t.served, t.net) AS cost_to_serve, (t.n).return_on_spend, spend_efficiency((t.n).gross_margin, t.variable) AS return_on_variable,
       back_margin(t.spent + t.bonus, t.net) AS back_margin, price_depth(t.net, t.list_sales) AS discount_share, k.base_discount,
       price_depth(t.net, t.list_sales) - k.base_discount AS discount_gap,
       (t.b).net_revenue AS net_sales_before, (t.b).gross_margin AS gross_margin_before, (t.b).contribution AS contribution_before,
       margin_change((t.n).gross_margin, (t.n).net_revenue, (t.b).gross_margin, (t.b).net_revenue) AS margin_change,
       margin_change((t.n).contribution, (t.n).net_revenue, (t.b).contribution, (t.b).net_revenue) AS contribution_change,
       (t.n).contribution_share AS value, g.goal, kpi_status((t.n).contribution_share, g.goal, g.tolerance) AS status,
       sign(margin_change((t.n).contribution, (t.n).net_revenue, (t.b).contribution, (t.b).net_revenue))::integer AS trend, t.as_of
FROM told AS t CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = t.customer_id
$body$ || kam_model_goal('contribution_share', 't.customer_id', 'k.person_id', 'k.channel', 'k.territory')),

(3015, 'report', 'profit_part', '{sale,sale.cost,sale.quantity,trade_spend,trade_spend.product_id,customer_cost,product,product.category,product.brand,product.pack,audit.price,outlet,customer}', 'the profit of each customer by category, brand and pack, and the margins of both sides', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
dimension: all, or what his purchases are cut by: category, brand, pack
key: which; '' for all, and where it is not known
quantity: the quantities sold in the period up to as_of
net_sales: sales of it
mix: net_sales over that of all that he bought
cost_of_goods: what they cost
gross_margin: net_sales less cost_of_goods
margin_share: gross_margin over net_sales
spend: trade spend on these products
spend_shared: its part of trade spend on no product and of bonuses paid, by net_sales
cost_shared: its part of what serving him cost, by net_sales
contribution: gross_margin less these three
contribution_share: contribution over net_sales
profitable: contribution is above zero
front_margin: what the customer makes on the shelf: shelf price less what he pays, over the shelf price, of products whose price was audited at him
back_margin: spend and spend_shared over net_sales: what he gets back of what he pays
net_sales_before: net_sales of the same days of the year before
gross_margin_before: gross_margin of them
margin_change: margin_share less that of them
value: margin_share
goal: that of kpi_goal for margin_share: of the customer, his person, team, channel, territory, or of all
status: 1 where value reaches goal, 0 within the tolerance, else -1
trend: 1 where margin_share is above that of the year before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, prior_year(a.days) AS before, 'sale.cost' = ANY (a.bound) AS costed, 'sale.quantity' = ANY (a.bound) AS counts, 'trade_spend' = ANY (a.bound) AS spends,
         'trade_spend.product_id' = ANY (a.bound) AS places, 'customer_cost' = ANY (a.bound) AS serves, 'product.category' = ANY (a.bound) AS categories,
         'product.brand' = ANY (a.bound) AS brands, 'product.pack' = ANY (a.bound) AS packs
  FROM (SELECT a.*, CASE WHEN lower(a.period) >= '0002-01-01' AND lower(a.period) <= a.as_of AND 'sale' = ANY (a.bound) THEN daterange(lower(a.period), least(upper(a.period), a.as_of + 1)) END AS days FROM {asked} AS a) AS a),
item AS (
  SELECT i.customer_id, i.product_id, coalesce(sum(i.sold) FILTER (WHERE i.now), 0) AS net, coalesce(sum(i.sold) FILTER (WHERE i.past), 0) AS net_before, sum(i.quantity) FILTER (WHERE i.now) AS quantity,
         sum(i.cost) FILTER (WHERE i.now) AS cost, sum(i.cost) FILTER (WHERE i.past) AS cost_before, count(i.sold) FILTER (WHERE i.now AND i.cost IS NULL) AS uncosted,
         count(i.sold) FILTER (WHERE i.past AND i.cost IS NULL) AS uncosted_before, sum(i.spent) AS spent
  FROM (
    SELECT s.customer_id, s.product_id, s.sold_on >= lower(a.days) AS now, s.sold_on < upper(a.before) AS past, s.amount AS sold, s.quantity, s.cost, NULL::numeric AS spent
    FROM sale AS s JOIN asked AS a ON s.sold_on >= lower(a.before) AND s.sold_on < upper(a.days) WHERE s.amount IS NOT NULL
  UNION ALL
    SELECT t.customer_id, t.product_id, true AS now, false AS past, NULL AS sold, NULL AS quantity, NULL AS cost, t.amount AS spent
    FROM trade_spend AS t JOIN asked AS a ON t.spent_on >= lower(a.days) AND t.spent_on < upper(a.days) WHERE t.product_id IS NOT NULL) AS i
  WHERE i.customer_id IS NOT NULL AND (i.now OR i.past) GROUP BY i.customer_id, i.product_id),
cut AS (
  SELECT c.customer_id, d.dimension, d.key, sum(c.net) AS net, sum(c.net_before) AS net_before, coalesce(sum(c.quantity), 0) AS quantity, coalesce(sum(c.cost), 0) AS cost, coalesce(sum(c.cost_before), 0) AS cost_before,
         sum(c.uncosted) AS uncosted, sum(c.uncosted_before) AS uncosted_before, coalesce(sum(c.spent), 0) AS spent,
         sum(c.quantity * h.price) FILTER (WHERE c.quantity > 0) AS shelf, sum(c.net) FILTER (WHERE c.quantity > 0 AND h.price IS NOT NULL) AS paid
  FROM item AS c CROSS JOIN asked AS a
  LEFT JOIN product AS p ON p.product_id = c.product_id
  LEFT JOIN (
    SELECT o.customer_id, u.product_id, avg(u.price) AS price
    FROM audit AS u JOIN asked AS a ON u.audited_on >= lower(a.days) AND u.audited_on < upper(a.days) JOIN outlet AS o ON o.outlet_id = u.outlet_id
    WHERE u.price > 0 GROUP BY o.customer_id, u.product_id) AS h ON h.customer_id = c.customer_id AND h.product_id = c.product_id
  CROSS JOIN LATERAL (VALUES ('all', '', true), ('category', coalesce(p.category, ''), a.categories), ('brand', coalesce(p.brand, ''), a.brands), ('pack', coalesce(p.pack, ''), a.packs)) AS d (dimension, key, known)
  WHERE d.known GROUP BY c.customer_id, d.dimension, d.key),
burden AS (
  SELECT b.customer_id, sum(b.spent) AS spent, sum(b.served) AS served
  FROM (
    SELECT t.customer_id, t.amount AS spent, NULL::numeric AS served FROM trade_spend AS t JOIN asked AS a ON t.spent_on >= lower(a.days) AND t.spent_on < upper(a.days) WHERE t.product_id IS NULL
    UNION ALL SELECT p.customer_id, p.amount AS spent, NULL AS served FROM programme_payment AS p JOIN asked AS a ON p.paid_on >= lower(a.days) AND p.paid_on < upper(a.days)
    UNION ALL SELECT c.customer_id, NULL AS spent, c.amount AS served FROM customer_cost AS c JOIN asked AS a ON c.cost_on >= lower(a.days) AND c.cost_on < upper(a.days)) AS b
  GROUP BY b.customer_id),
split AS (
  SELECT c.customer_id, c.dimension, c.key, CASE WHEN a.counts THEN c.quantity END AS quantity, c.net, c.net_before, CASE WHEN a.costed AND c.uncosted = 0 THEN c.cost END AS cost,
         CASE WHEN a.costed AND c.uncosted_before = 0 THEN c.cost_before END AS cost_before, CASE WHEN a.places THEN c.spent END AS spent, front_margin(c.shelf, c.paid) AS front_margin,
         sum(c.net) OVER (PARTITION BY c.customer_id, c.dimension) AS whole,
         CASE WHEN a.spends THEN CASE WHEN c.dimension = 'all' OR x.spent = 0 THEN x.spent ELSE
           (target_split(round(x.spent, x.spent_scale), array_agg(greatest(c.net, 0)) OVER w, x.spent_scale))[row_number() OVER (PARTITION BY c.customer_id, c.dimension ORDER BY c.key COLLATE "C")] END END AS spend_shared,
         CASE WHEN a.serves THEN CASE WHEN c.dimension = 'all' OR x.served = 0 THEN x.served ELSE
           (target_split(round(x.served, x.served_scale), array_agg(greatest(c.net, 0)) OVER w, x.served_scale))[row_number() OVER (PARTITION BY c.customer_id, c.dimension ORDER BY c.key COLLATE "C")] END END AS cost_shared
  FROM cut AS c CROSS JOIN asked AS a
  LEFT JOIN burden AS b ON b.customer_id = c.customer_id
  CROSS JOIN LATERAL (
    SELECT coalesce(b.spent, 0) AS spent, coalesce(b.served, 0) AS served, least(greatest(scale(coalesce(b.spent, 0)), 2), 12) AS spent_scale,
           least(greatest(scale(coalesce(b.served, 0)), 2), 12) AS served_scale) AS x
  WINDOW w AS (PARTITION BY c.customer_id, c.dimension ORDER BY c.key COLLATE "C" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
SELECT t.customer_id, k.name, k.channel, k.territory, k.person_id, t.dimension, t.key, t.quantity, t.net AS net_sales, cost_to_serve(t.net, t.whole) AS mix, t.cost AS cost_of_goods,
       n.gross_margin, n.gross_margin_share AS margin_share, t.spent AS spend, t.spend_shared, t.cost_shared, n.contribution, n.contribution_share, n.profitable, t.front_margin,
       back_margin(coalesce(t.spent, 0) + t.spend_shared, t.net) AS back_margin, t.net_before AS net_sales_before, t.net_before - t.cost_before AS gross_margin_before,
       v.change AS margin_change, n.gross_margin_share AS value, g.goal, kpi_status(n.gross_margin_share, g.goal, g.tolerance) AS status, sign(v.change)::integer AS trend, a.as_of
FROM split AS t CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = t.customer_id
CROSS JOIN LATERAL profit_and_loss(t.net, 0, t.cost, coalesce(t.spent, 0) + t.spend_shared, t.cost_shared) AS n
CROSS JOIN LATERAL (SELECT margin_change(n.gross_margin, t.net, t.net_before - t.cost_before, t.net_before) AS change) AS v
$body$ || kam_model_goal('margin_share', 't.customer_id', 'k.person_id', 'k.channel', 'k.territory')),

(3020, 'report', 'spend_efficiency', '{trade_spend,trade_spend.kind,trade_spend.fixed,trade_spend.funded_by,sale,sale.quantity,sale.cost,customer}', 'what was spent on each customer in the period, in all, by kind and by budget, and what it brought', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
dimension: all, or what the spend is cut by: kind, funded_by
key: which; '' for all, and for spend of which it is not known
spent: spent in the period up to as_of
fixed: what of it is fixed, such as fees for listing
fixed_share: fixed over spent
budget: budgets of the period; of one that begins before it or ends after it the part of its days
balance: budget less spent
used: spent over budget
elapsed: how much of the period is gone
ahead: a larger part of the budget is spent than of the period is gone
sales: what the customer bought in the same days
spend_share: spent over sales
quantity: the quantities that he bought
efficiency: quantity for 1 of spent
efficiency_variable: quantity for 1 of what is not fixed
cost_per_unit: spent for 1 of quantity
spent_before: spent in the same days of the year before
quantity_before: the quantities that he bought in them
efficiency_before: quantity_before for 1 of spent_before
efficiency_change: growth of the efficiency
incremental: quantity that 1 more of spend brought, or 1 less took away
quadrant: expanded, improved, reduced, wasted or unchanged: what spend and quantity did
roi: return on what was spent more than in the year before: the margin won, less it, over it
value: spend_share
goal: the most that it should be: spend_share in kpi_goal, of the customer, his person, team, channel, territory, or of all; only where dimension is all
status: 1 where value is no more than goal, 0 above it within the tolerance, else -1
trend: 1 where spend_share is below that of the year before, -1 where it is above, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, prior_year(a.days) AS before, 'sale' = ANY (a.bound) AS sells, 'sale.quantity' = ANY (a.bound) AS counts, 'sale.cost' = ANY (a.bound) AS costed,
         'trade_spend' = ANY (a.bound) AS spends, 'trade_spend.fixed' = ANY (a.bound) AS fixes, 'trade_spend.kind' = ANY (a.bound) AS kinds, 'trade_spend.funded_by' = ANY (a.bound) AS funds,
         CASE WHEN upper(a.period) < 'infinity' THEN (upper(a.days) - lower(a.days))::numeric / (upper(a.period) - lower(a.period)) END AS elapsed
  FROM (SELECT a.*, CASE WHEN lower(a.period) BETWEEN '0002-01-01' AND a.as_of THEN daterange(lower(a.period), least(upper(a.period), a.as_of + 1)) END AS days FROM {asked} AS a) AS a),
one AS (
  SELECT i.customer_id, i.dimension, i.key, coalesce(sum(i.spent) FILTER (WHERE i.now), 0) AS spent, coalesce(sum(i.spent) FILTER (WHERE i.past), 0) AS spent_before,
         coalesce(sum(i.spent) FILTER (WHERE i.now AND i.fixed), 0) AS fixed, sum(i.budget) AS budget
  FROM (
    SELECT t.customer_id, d.dimension, d.key, t.spent_on >= lower(a.days) AS now, t.spent_on < upper(a.before) AS past, t.amount AS spent, t.fixed, NULL::numeric AS budget
    FROM trade_spend AS t JOIN asked AS a ON t.spent_on >= lower(a.before) AND t.spent_on < upper(a.days)
    CROSS JOIN LATERAL (VALUES ('all', '', true), ('kind', coalesce(t.kind, ''), a.kinds), ('funded_by', coalesce(t.funded_by, ''), a.funds)) AS d (dimension, key, known)
    WHERE d.known
  UNION ALL
    SELECT b.customer_id, d.dimension, d.key, true AS now, false AS past, NULL AS spent, NULL AS fixed,
           CASE WHEN b.period <@ a.period THEN b.amount ELSE b.amount * (upper(b.period * a.period) - lower(b.period * a.period)) / (upper(b.period) - lower(b.period)) END AS budget
    FROM budget AS b JOIN asked AS a ON b.period && a.period AND a.days IS NOT NULL AND lower(b.period) > '-infinity' AND upper(b.period) < 'infinity'
    CROSS JOIN LATERAL (VALUES ('all', ''), ('funded_by', b.funded_by)) AS d (dimension, key)) AS i
  WHERE i.customer_id IS NOT NULL AND (i.now OR i.past) GROUP BY i.customer_id, i.dimension, i.key)
SELECT o.customer_id, k.name, k.channel, k.territory, k.person_id, o.dimension, o.key, m.spent, m.fixed, achieved(m.fixed, m.spent) AS fixed_share,
       o.budget, o.budget - m.spent AS balance, achieved(m.spent, o.budget) AS used, a.elapsed, spend_ahead(m.spent, o.budget, a.elapsed, 1) AS ahead,
       m.sales, cost_to_serve(m.spent, m.sales) AS spend_share, m.quantity, c.efficiency_now AS efficiency, spend_efficiency(m.quantity, m.spent - m.fixed) AS efficiency_variable,
       c.cost_now AS cost_per_unit, m.spent_before, m.quantity_before, c.efficiency_before, c.efficiency_change, c.incremental, c.quadrant,
       trade_roi(m.margin - m.margin_before, m.spent - m.spent_before) AS roi, cost_to_serve(m.spent, m.sales) AS value, t.goal,
       kpi_status(cost_to_serve(m.spent, m.sales), t.goal, g.tolerance, 'down') AS status,
       -sign(margin_change(m.spent, m.sales, m.spent_before, m.sales_before))::integer AS trend, a.as_of
FROM one AS o CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = o.customer_id
LEFT JOIN (
  SELECT s.customer_id, sum(s.amount) FILTER (WHERE s.sold_on >= lower(a.days)) AS sales, sum(s.amount) FILTER (WHERE s.sold_on < upper(a.before)) AS sales_before,
         sum(s.quantity) FILTER (WHERE s.sold_on >= lower(a.days)) AS quantity, sum(s.quantity) FILTER (WHERE s.sold_on < upper(a.before)) AS quantity_before,
         sum(s.amount - s.cost) FILTER (WHERE s.sold_on >= lower(a.days)) AS margin, sum(s.amount - s.cost) FILTER (WHERE s.sold_on < upper(a.before)) AS margin_before,
         count(s.amount) FILTER (WHERE s.cost IS NULL AND (s.sold_on >= lower(a.days) OR s.sold_on < upper(a.before))) AS uncosted
  FROM sale AS s JOIN asked AS a ON s.sold_on >= lower(a.before) AND s.sold_on < upper(a.days) GROUP BY s.customer_id) AS s ON s.customer_id = o.customer_id
CROSS JOIN LATERAL (SELECT a.spends AND (o.dimension <> 'funded_by' OR a.funds) AS known) AS n
CROSS JOIN LATERAL (
  SELECT CASE WHEN n.known THEN o.spent END AS spent, CASE WHEN n.known THEN o.spent_before END AS spent_before, CASE WHEN n.known AND a.fixes THEN o.fixed END AS fixed,
         CASE WHEN a.sells THEN coalesce(s.sales, 0) END AS sales, CASE WHEN a.sells THEN coalesce(s.sales_before, 0) END AS sales_before,
         CASE WHEN a.counts THEN coalesce(s.quantity, 0) END AS quantity, CASE WHEN a.counts THEN coalesce(s.quantity_before, 0) END AS quantity_before,
         CASE WHEN a.costed AND coalesce(s.uncosted, 0) = 0 THEN coalesce(s.margin, 0) END AS margin,
         CASE WHEN a.costed AND coalesce(s.uncosted, 0) = 0 THEN coalesce(s.margin_before, 0) END AS margin_before) AS m
CROSS JOIN LATERAL spend_change(m.quantity_before, m.spent_before, m.quantity, m.spent) AS c
$body$ || kam_model_goal('spend_share', 'o.customer_id', 'k.person_id', 'k.channel', 'k.territory') || $body$
CROSS JOIN LATERAL (SELECT CASE WHEN o.dimension = 'all' THEN g.goal END AS goal) AS t
$body$),

(3030, 'report', 'inventory_turnover', '{inventory,sale,sale.cost,sale.quantity,product,product.unit_cost}', 'the stock of the company by product: how often it turned over in the period, and for how many days it lasts', $columns$
product_id: the product
product: its name
category: its category
brand: its brand
cost_of_sales: cost of what was sold in the period up to as_of: cost of the lines, or else quantity at unit_cost
days_valued: days that the stock was valued on
average_stock: mean value of the stock on them
stock: its value on the last of them
valued_on: that day
turnover: cost_of_sales over average_stock
days_of_stock: days of the period that average_stock lasted: the days over turnover
days_left: days that the last stock lasts at this pace
days_of_stock_before: days_of_stock in the same days of the year before
value: days_of_stock
goal: the most that it should be: days_of_stock in kpi_goal, of all
status: 1 where value is no more than goal, 0 above it within the tolerance, else -1
trend: 1 where the stock lasts for fewer days than in the year before, -1 where for more, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, prior_year(a.days) AS before, 'sale.cost' = ANY (a.bound) OR 'sale.quantity' = ANY (a.bound) AND 'product.unit_cost' = ANY (a.bound) AS costed
  FROM (SELECT a.*, CASE WHEN lower(a.period) BETWEEN '0002-01-01' AND a.as_of THEN daterange(lower(a.period), least(upper(a.period), a.as_of + 1)) END AS days FROM {asked} AS a) AS a),
lain AS (
  SELECT d.product_id, count(*) FILTER (WHERE d.valued_on >= lower(a.days)) AS days_valued, avg(d.value) FILTER (WHERE d.valued_on >= lower(a.days)) AS average_stock,
         avg(d.value) FILTER (WHERE d.valued_on < upper(a.before)) AS average_before, max(d.valued_on) FILTER (WHERE d.valued_on >= lower(a.days)) AS valued_on,
         (array_agg(d.value ORDER BY d.valued_on DESC) FILTER (WHERE d.valued_on >= lower(a.days)))[1] AS stock
  FROM (
    SELECT v.product_id, v.valued_on, sum(v.value) AS value
    FROM inventory AS v JOIN asked AS a ON v.valued_on >= lower(a.before) AND v.valued_on < upper(a.days)
    WHERE v.value IS NOT NULL AND v.product_id IS NOT NULL GROUP BY v.product_id, v.valued_on) AS d
  CROSS JOIN asked AS a
  WHERE d.valued_on >= lower(a.days) OR d.valued_on < upper(a.before) GROUP BY d.product_id),
sold AS (
  SELECT x.product_id, sum(x.cost) FILTER (WHERE x.sold_on >= lower(a.days)) AS cost, sum(x.cost) FILTER (WHERE x.sold_on < upper(a.before)) AS cost_before,
         count(*) FILTER (WHERE x.sold_on >= lower(a.days) AND x.cost IS NULL) AS uncosted, count(*) FILTER (WHERE x.sold_on < upper(a.before) AND x.cost IS NULL) AS uncosted_before
  FROM (
    SELECT s.product_id, s.sold_on, coalesce(s.cost, s.quantity * p.unit_cost) AS cost
    FROM sale AS s JOIN asked AS a ON s.sold_on >= lower(a.before) AND s.sold_on < upper(a.days)
    LEFT JOIN product AS p ON p.product_id = s.product_id
    WHERE s.amount IS NOT NULL) AS x
  CROSS JOIN asked AS a GROUP BY x.product_id)
SELECT l.product_id, p.name AS product, p.category, p.brand, c.cost AS cost_of_sales, l.days_valued, l.average_stock, l.stock, l.valued_on,
       spend_efficiency(c.cost, l.average_stock) AS turnover, f.days_of_stock, CASE WHEN c.cost > 0 THEN a.length * l.stock / c.cost END AS days_left, f.days_before AS days_of_stock_before,
       f.days_of_stock AS value, g.goal, kpi_status(f.days_of_stock, g.goal, g.tolerance, 'down') AS status, kpi_trend(f.days_of_stock, f.days_before, 0, 'down') AS trend, a.as_of
FROM lain AS l
CROSS JOIN (SELECT a.as_of, a.costed, a.goal_tolerance, upper(a.days) - lower(a.days) AS length, upper(a.before) - lower(a.before) AS length_before FROM asked AS a) AS a
LEFT JOIN sold AS s ON s.product_id = l.product_id
LEFT JOIN product AS p ON p.product_id = l.product_id
CROSS JOIN LATERAL (
  SELECT CASE WHEN a.costed AND coalesce(s.uncosted, 0) = 0 THEN coalesce(s.cost, 0) END AS cost,
         CASE WHEN a.costed AND coalesce(s.uncosted_before, 0) = 0 THEN coalesce(s.cost_before, 0) END AS cost_before) AS c
CROSS JOIN LATERAL (
  SELECT CASE WHEN c.cost > 0 THEN a.length * l.average_stock / c.cost END AS days_of_stock,
         CASE WHEN c.cost_before > 0 THEN a.length_before * l.average_before / c.cost_before END AS days_before) AS f
$body$ || kam_model_goal('days_of_stock', 'NULL', 'NULL', 'NULL', 'NULL', 'NULL')),

(3040, 'report', 'customer_stock', '{stock,stock.sell_out,stock.produced_on,sale.quantity,customer,product}', 'the stock at customers by product, of the last count of the period: how long it lasts, and how old it is', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
product_id: the product
product: its name
category: its category
brand: its brand
counted_on: the day of the last count
quantity: how much there was, of all lots
sell_out: what he sells in a month: the largest that the lots of the count say, or else what he bought in a month of the last twelve
sell_out_of: which of the two: count or purchases
cover: months that the stock lasts
state: out_of_stock, ok or stuffed
lots: lots with a day of production or delivery
oldest_days: age of the oldest of them
mean_days: mean age of their quantity
old_share: share of their quantity that is old (old_from)
quantity_before: quantity of the count before it in the period
value: cover
goal: months from which a customer is stuffed
status: 1 ok, 0 out_of_stock, -1 stuffed
trend: 1 where quantity is below that of the count before, -1 where it is above, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, (SELECT s.old_from FROM setting AS s) AS old_from, closed_period(a.as_of, 12, 'month') AS year, 'sale.quantity' = ANY (a.bound) AS buys,
         CASE WHEN lower(a.period) BETWEEN '0002-01-01' AND a.as_of THEN daterange(lower(a.period), least(upper(a.period), a.as_of + 1)) END AS days
  FROM {asked} AS a),
counted AS (
  SELECT s.customer_id, s.product_id, s.counted_on, sum(s.quantity) AS quantity, max(s.sell_out) AS sell_out, count(l.age) AS lots, max(l.age) AS oldest,
         sum(s.quantity) FILTER (WHERE l.age IS NOT NULL) AS aged, sum(s.quantity * l.age) AS age, coalesce(sum(s.quantity) FILTER (WHERE l.age >= a.old_from), 0) AS old
  FROM stock AS s JOIN asked AS a ON s.counted_on >= lower(a.days) AND s.counted_on < upper(a.days)
  CROSS JOIN LATERAL (SELECT CASE WHEN s.produced_on >= '0001-01-01' AND s.produced_on <= a.as_of AND s.quantity > 0 THEN a.as_of - s.produced_on END AS age) AS l
  WHERE s.quantity IS NOT NULL AND s.customer_id IS NOT NULL AND s.product_id IS NOT NULL
  GROUP BY s.customer_id, s.product_id, s.counted_on)
SELECT c.customer_id, k.name, k.channel, k.territory, k.person_id, c.product_id, p.name AS product, p.category, p.brand, c.counted_on, c.quantity,
       m.sell_out, CASE WHEN c.sell_out IS NOT NULL THEN 'count' WHEN m.sell_out IS NOT NULL THEN 'purchases' END AS sell_out_of,
       stock_cover(c.quantity, m.sell_out) AS cover, m.state, CASE WHEN 'stock.produced_on' = ANY (a.bound) THEN c.lots END AS lots, c.oldest AS oldest_days,
       CASE WHEN c.aged > 0 THEN c.age / c.aged END AS mean_days, CASE WHEN c.aged > 0 THEN c.old / c.aged END AS old_share, c.before AS quantity_before,
       stock_cover(c.quantity, m.sell_out) AS value, a.stuffed_from AS goal, CASE m.state WHEN 'ok' THEN 1 WHEN 'out_of_stock' THEN 0 WHEN 'stuffed' THEN -1 END AS status,
       sign(c.before - c.quantity)::integer AS trend, a.as_of
FROM (SELECT c.customer_id, c.product_id, c.counted_on, c.quantity, c.sell_out, c.lots, c.oldest, c.aged, c.age, c.old,
             row_number() OVER w AS no, lead(c.quantity) OVER w AS before
      FROM counted AS c WINDOW w AS (PARTITION BY c.customer_id, c.product_id ORDER BY c.counted_on DESC)) AS c
CROSS JOIN asked AS a
LEFT JOIN customer AS k ON k.customer_id = c.customer_id
LEFT JOIN product AS p ON p.product_id = c.product_id
LEFT JOIN (
  SELECT s.customer_id, s.product_id, sum(s.quantity) / 12 AS quantity
  FROM sale AS s JOIN asked AS a ON s.sold_on >= lower(a.year) AND s.sold_on < upper(a.year) GROUP BY s.customer_id, s.product_id) AS s
  ON s.customer_id = c.customer_id AND s.product_id = c.product_id
CROSS JOIN LATERAL (SELECT coalesce(c.sell_out, CASE WHEN a.buys THEN coalesce(s.quantity, 0) END) AS sell_out) AS q
CROSS JOIN LATERAL (SELECT q.sell_out, stock_state(c.quantity, q.sell_out, a.stuffed_from) AS state) AS m
WHERE c.no = 1
$body$);
