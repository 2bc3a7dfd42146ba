-- Report of a model: was it sold evenly, to many, in the planned mix, and is it sold on

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2630, 'report', 'sales_discipline', '{sale,sale.person_id,sale.channel,sale.territory,sale.ship_to_territory,customer.person_id,customer.channel,person.team,product.category,product.brand,product.pack,stock.sell_out}', 'how people and teams sold in each complete month of the period: evenly or in the last week, to one customer, off the planned mix, to stuffed customers', $columns$
dimension: all, person or team
key: which, as text; '' for all
name: name of the person
month: first day of the month
amount: sales
evenness: 1 where all weeks of the month sold alike, 0 where one has it all
last_week_share: share of its last week, from day 22 on
customers: customers with sales above zero
top_share: share of the largest of them
mix_channel: share of the sales in another channel than planned
mix_category: the same of categories
mix_brand: the same of brands
mix_pack: the same of packs
diverted_share: share of the sales that went to another territory
stock_cover: months that the stock of the customers in charge lasts, by the last counts of the month
stuffed: how many of them have stock for too long
value: evenness
goal: evenness in kpi_goal, of the person, the team, or all
status: 1 where it is reached, 0 within the tolerance, else -1
trend: 1 where evenness is above that of the month before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, date_trunc('month', lower(a.period) + interval '1 month' - interval '1 day')::date AS first_on,
         date_trunc('month', least(upper(a.period), a.as_of + 1)::timestamp)::date AS next_on,
         'sale.person_id' = ANY (a.bound) AS sellers
  FROM {asked} AS a),
sold AS MATERIALIZED (
  SELECT CASE WHEN a.sellers THEN s.person_id ELSE k.person_id END AS person_id, date_trunc('month', s.sold_on::timestamp)::date AS month, min(s.sold_on) AS day,
         s.customer_id, sum(s.amount) AS amount, sum(s.amount) FILTER (WHERE s.ship_to_territory <> s.territory) AS diverted
  FROM asked AS a JOIN sale AS s ON s.sold_on >= a.first_on AND s.sold_on < a.next_on
  LEFT JOIN customer AS k ON k.customer_id = s.customer_id
  GROUP BY 1, 2, least((extract(day FROM s.sold_on)::integer - 1) / 7, 3), 4),
cut AS MATERIALIZED (
  SELECT d.dimension, d.key, s.month, s.day, s.customer_id, s.amount, s.diverted
  FROM sold AS s
  LEFT JOIN person AS p ON p.person_id = s.person_id
  CROSS JOIN LATERAL (VALUES ('all', ''), ('person', s.person_id::text), ('team', p.team)) AS d (dimension, key)
  WHERE d.key IS NOT NULL),
whole AS MATERIALIZED (
  SELECT c.dimension, c.key, c.month, sum(c.amount) AS amount, sum(c.diverted) AS diverted,
         sales_series(c.amount, c.day, daterange(c.month, (c.month + interval '1 month')::date), 'month-week') AS s
  FROM cut AS c GROUP BY c.dimension, c.key, c.month),
top AS (
  SELECT c.dimension, c.key, c.month, count(*) FILTER (WHERE c.amount > 0) AS customers, top_share(c.amount, 1) AS share
  FROM (SELECT dimension, key, month, customer_id, sum(amount) AS amount FROM cut GROUP BY dimension, key, month, customer_id) AS c
  GROUP BY c.dimension, c.key, c.month),
planned AS (
  SELECT m.month, p.dimension AS part, p.key AS value, p.share
  FROM (SELECT DISTINCT month FROM whole) AS m
  CROSS JOIN LATERAL (SELECT DISTINCT ON (p.dimension) p.dimension, p.period FROM mix_plan AS p WHERE p.period @> m.month
                      ORDER BY p.dimension, upper(p.period) - lower(p.period), p.period) AS q
  JOIN mix_plan AS p ON p.dimension = q.dimension AND p.period = q.period),
mixed AS (
  SELECT d.dimension, d.key, s.month, v.part, v.value, sum(s.amount) AS sold
  FROM (
    SELECT CASE WHEN a.sellers THEN s.person_id ELSE k.person_id END AS person_id, date_trunc('month', s.sold_on::timestamp)::date AS month,
           coalesce(s.channel, k.channel, '') AS channel, coalesce(g.category, '') AS category, coalesce(g.brand, '') AS brand, coalesce(g.pack, '') AS pack, sum(s.amount) AS amount
    FROM asked AS a JOIN sale AS s ON s.sold_on >= a.first_on AND s.sold_on < a.next_on
    LEFT JOIN customer AS k ON k.customer_id = s.customer_id
    LEFT JOIN product AS g ON g.product_id = s.product_id
    WHERE EXISTS (SELECT FROM mix_plan)
    GROUP BY 1, 2, 3, 4, 5, 6) AS s
  LEFT JOIN person AS p ON p.person_id = s.person_id
  CROSS JOIN LATERAL (VALUES ('all', ''), ('person', s.person_id::text), ('team', p.team)) AS d (dimension, key)
  CROSS JOIN LATERAL (VALUES ('channel', s.channel), ('category', s.category), ('brand', s.brand), ('pack', s.pack)) AS v (part, value)
  WHERE d.key IS NOT NULL GROUP BY d.dimension, d.key, s.month, v.part, v.value),
mix AS (
  SELECT x.dimension, x.key, x.month, mix_deviation(x.planned, x.sold) FILTER (WHERE x.part = 'channel') AS channel,
         mix_deviation(x.planned, x.sold) FILTER (WHERE x.part = 'category') AS category,
         mix_deviation(x.planned, x.sold) FILTER (WHERE x.part = 'brand') AS brand, mix_deviation(x.planned, x.sold) FILTER (WHERE x.part = 'pack') AS pack
  FROM (
    SELECT u.dimension, u.key, u.month, u.part, u.value, sum(u.planned) AS planned, sum(u.sold) AS sold
    FROM (
      SELECT w.dimension, w.key, w.month, p.part, p.value, p.share AS planned, NULL::numeric AS sold FROM whole AS w JOIN planned AS p ON p.month = w.month
      UNION ALL
      SELECT m.dimension, m.key, m.month, m.part, m.value, NULL::numeric AS planned, m.sold FROM mixed AS m) AS u
    GROUP BY u.dimension, u.key, u.month, u.part, u.value) AS x
  GROUP BY x.dimension, x.key, x.month),
lain AS (
  SELECT d.dimension, d.key, s.month, stock_cover(sum(s.quantity), sum(s.sell_out)) AS cover, count(*) FILTER (WHERE s.state = 'stuffed') AS stuffed
  FROM (
    SELECT l.customer_id, l.month, sum(l.quantity) AS quantity, sum(l.sell_out) AS sell_out, stock_state(sum(l.quantity), sum(l.sell_out), min(l.stuffed_from)) AS state
    FROM (
      SELECT DISTINCT ON (s.customer_id, s.product_id, m.month) s.customer_id, m.month, s.quantity, s.sell_out, a.stuffed_from
      FROM asked AS a JOIN stock AS s ON s.counted_on >= a.first_on AND s.counted_on < a.next_on
      CROSS JOIN LATERAL (SELECT date_trunc('month', s.counted_on::timestamp)::date AS month) AS m
      WHERE s.quantity IS NOT NULL AND s.sell_out IS NOT NULL
      ORDER BY s.customer_id, s.product_id, m.month, s.counted_on DESC, s.quantity DESC, s.sell_out) AS l
    GROUP BY l.customer_id, l.month) AS s
  LEFT JOIN customer AS k ON k.customer_id = s.customer_id
  LEFT JOIN person AS p ON p.person_id = k.person_id
  CROSS JOIN LATERAL (VALUES ('all', ''), ('person', k.person_id::text), ('team', p.team)) AS d (dimension, key)
  WHERE d.key IS NOT NULL GROUP BY d.dimension, d.key, s.month)
SELECT w.dimension, w.key, w.name, w.month, w.amount, w.evenness, w.last_week_share, t.customers, t.share AS top_share,
       CASE WHEN 'sale.channel' = ANY (a.bound) OR 'customer.channel' = ANY (a.bound) THEN x.channel END AS mix_channel,
       CASE WHEN 'product.category' = ANY (a.bound) THEN x.category END AS mix_category, CASE WHEN 'product.brand' = ANY (a.bound) THEN x.brand END AS mix_brand,
       CASE WHEN 'product.pack' = ANY (a.bound) THEN x.pack END AS mix_pack,
       CASE WHEN 'sale.territory' = ANY (a.bound) AND 'sale.ship_to_territory' = ANY (a.bound) AND w.amount > 0 THEN coalesce(w.diverted, 0) / w.amount END AS diverted_share,
       l.cover AS stock_cover, l.stuffed, w.evenness AS value, g.goal, kpi_status(w.evenness, g.goal, g.tolerance) AS status,
       kpi_trend(w.evenness, b.evenness) AS trend, a.as_of
FROM (SELECT w.dimension, w.key, n.name, n.team, w.month, w.amount, w.diverted, evenness(w.s, a.calendar) AS evenness, last_share(w.s) AS last_week_share
      FROM whole AS w CROSS JOIN asked AS a LEFT JOIN person AS n ON w.dimension = 'person' AND n.person_id::text = w.key) AS w
CROSS JOIN asked AS a
LEFT JOIN (SELECT b.dimension, b.key, (b.month + interval '1 month')::date AS month, evenness(b.s, a.calendar) AS evenness FROM whole AS b CROSS JOIN asked AS a) AS b
  ON b.dimension = w.dimension AND b.key = w.key AND b.month = w.month
LEFT JOIN top AS t ON t.dimension = w.dimension AND t.key = w.key AND t.month = w.month
LEFT JOIN mix AS x ON x.dimension = w.dimension AND x.key = w.key AND x.month = w.month
LEFT JOIN lain AS l ON l.dimension = w.dimension AND l.key = w.key AND l.month = w.month
$body$ || kam_model_goal('evenness', NULL, $$CASE w.dimension WHEN 'person' THEN w.key END$$, NULL, NULL, $$CASE w.dimension WHEN 'team' THEN w.key ELSE w.team END$$));
