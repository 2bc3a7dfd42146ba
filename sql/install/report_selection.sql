-- Reports of a model: who belongs into the key account programme, and how much of the business hangs on it

CREATE FUNCTION amount_within(amount numeric, period daterange, part daterange)
RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN period && part AND lower(part) >= '0002-01-01' AND upper(part) <= '9999-12-31' THEN amount * (upper(period * part) - lower(period * part))
  / CASE WHEN isfinite(lower(period)) AND isfinite(upper(period)) THEN upper(period) - lower(period)
      ELSE upper(part) - (upper(part) - interval '1 year')::date END END;

COMMENT ON FUNCTION amount_within(numeric, daterange, daterange) IS
'what of an amount of a period falls on a part of it, by days; of a period without an end it is the amount of a year';

INSERT INTO kam_model_object (place, kind, name, comment, body) VALUES
(60, 'alter', 'setting', 'settings of the reports of key accounts', $body$
ALTER TABLE setting
  ADD COLUMN IF NOT EXISTS changed_months integer NOT NULL DEFAULT 12 CHECK (changed_months BETWEEN 0 AND 1200),
  ADD COLUMN IF NOT EXISTS regular_from integer NOT NULL DEFAULT 2 CHECK (regular_from BETWEEN 0 AND 1000),
  ADD COLUMN IF NOT EXISTS unrealised_from numeric CHECK (unrealised_from >= 0 AND unrealised_from < 'infinity'),
  ADD COLUMN IF NOT EXISTS won_months integer NOT NULL DEFAULT 24 CHECK (won_months BETWEEN 1 AND 1200),
  ADD COLUMN IF NOT EXISTS review_months integer NOT NULL DEFAULT 3 CHECK (review_months BETWEEN 1 AND 1200),
  ADD COLUMN IF NOT EXISTS dossier_months integer NOT NULL DEFAULT 12 CHECK (dossier_months BETWEEN 1 AND 1200);
COMMENT ON COLUMN setting.changed_months IS 'a customer whose people changed within so many months is to be protected';
COMMENT ON COLUMN setting.regular_from IS 'who bought in fewer buckets is an occasional customer, and no key account';
COMMENT ON COLUMN setting.unrealised_from IS 'potential that is not used up makes room for growth from this amount on; NULL: any';
COMMENT ON COLUMN setting.won_months IS 'months in which the customers were won that tell how long it takes to replace one';
COMMENT ON COLUMN setting.review_months IS 'months from one business review to the next';
COMMENT ON COLUMN setting.dossier_months IS 'months after which a section of a dossier is out of date'
$body$);

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(3100, 'report', 'kam_selection', '{sale,sale.cost,sale.quantity,customer,customer.satisfied,customer.competitor_active,customer.contact_changed_on,customer.known_name,customer.leader,customer.demanding,customer.market_knowledge,customer.need,customer.solvency,customer.authority,contact.valid,complaint,product.category,outlet.potential,person.hours}', 'who belongs into the key account programme, in which group and why, of which type he is, and whether he is in it', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
period: the days that are looked at
first_sale: day of the first purchase ever, up to as_of
amount: sales
profit: sales less cost
profit_share: that over the profit of all customers
active_buckets: buckets with a purchase
candidate: bought in at least regular_from buckets, and is not closed
dissatisfied: his last answer was no
competitor_active: does business with a competitor
contact_changed: his owner or people changed within changed_months
open_complaint: a complaint is not settled
protection: one of these four
xyz: XYZ class
abc: ABC class by sales
abc_profit: ABC class by profit
size_class: large, medium or small by sales
score: by the criteria of the company, 0 to 1
cutoff: strategic from this score on
strategic: the score reaches it; without a cutoff: buys regularly, X or Y, and is A by sales and by profit
potential: what he could buy in the period
unrealised: potential less amount
white_space: categories on sale that he did not buy
growth: unrealised potential, or white space
groups: all groups that apply to a candidate, the first the most urgent
proposed: the group of the programme that he belongs into; NULL: none
member: the group that he is in
joined: first day ever in the programme
proposal: join, move, leave or keep; NULL: neither in it nor to be
reasons: why, in words
place: place among those proposed, by score, then by sales
manager_id: his account manager, or else who is in charge
hours: hours in a month that the group proposed takes
hours_so_far: hours of all proposed to his manager that come before, and his
fits: his manager has the hours
types: breadwinner, prospect, image_maker, expert
primary_type: the first of these
p_score: how many of the three Ps he meets: need, solvency, authority
qualified: he meets all; NULL: not known
acquired_by: how he was found
value: score
goal: cutoff
status: 1 where value reaches goal, 0 within the tolerance of setting, else -1
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, (a.as_of - make_interval(months => a.changed_months))::date AS changed_since FROM {asked} AS a WHERE a.as_of >= '0001-01-01'),
taken AS (
  SELECT c.customer_id, min(first_sale(c.amount)) AS first_sale, rollup(c.amount, (SELECT closed FROM asked)) FILTER (WHERE c.period && (SELECT closed FROM asked)) AS s,
         total(rollup(c.margin, (SELECT closed FROM asked)) FILTER (WHERE c.period && (SELECT closed FROM asked))) AS profit
  FROM customer_series AS c
  WHERE c.grain = 'month' AND c.year <= (SELECT calendar_year(as_of) FROM asked) GROUP BY c.customer_id),
classed AS (
  SELECT t.customer_id, t.amount, t.profit, active_buckets(t.s) AS active_buckets, sum(t.amount) OVER () AS all_amount, sum(t.profit) OVER () AS all_profit,
         xyz_class(t.s, a.xyz_cutoffs, a.deviation, a.since_first) AS xyz, abc_class(t.amount, a.abc_cutoffs, boundary => a.abc_boundary) OVER () AS abc,
         CASE WHEN t.profit IS NOT NULL THEN abc_class(t.profit, a.abc_cutoffs, boundary => a.abc_boundary) OVER () END AS abc_profit,
         size_class(t.amount, a.size_thresholds) OVER () AS size_class
  FROM (SELECT t.customer_id, regrain(t.s, a.grain) AS s, total(t.s) AS amount, t.profit FROM taken AS t CROSS JOIN asked AS a WHERE sale_days(t.s) > 0 OR total(t.s) <> 0 OFFSET 0) AS t
  CROSS JOIN asked AS a),
whole AS (SELECT sum(c.amount) AS amount, sum(c.profit) AS profit FROM classed AS c),
offer AS (
  SELECT array_agg(p.category ORDER BY p.category COLLATE "C") AS offered
  FROM (SELECT DISTINCT p.category FROM product AS p JOIN asked AS a ON p.on_sale @> a.as_of OR p.on_sale IS NULL WHERE p.category IS NOT NULL) AS p),
known AS (
  SELECT k.customer_id FROM customer AS k WHERE k.customer_id IS NOT NULL
  UNION SELECT t.customer_id FROM taken AS t JOIN asked AS a ON t.first_sale <= a.as_of
  UNION SELECT m.customer_id FROM kam_member AS m JOIN asked AS a ON m.valid @> a.as_of),
flagged AS (
  SELECT b.customer_id, k.name, k.channel, k.territory, k.person_id, k.acquired_by, CASE WHEN t.first_sale <= a.as_of THEN t.first_sale END AS first_sale,
         CASE WHEN d.known THEN coalesce(c.amount, 0) END AS amount, CASE WHEN d.costed AND c.customer_id IS NULL THEN 0 ELSE c.profit END AS profit,
         CASE WHEN w.profit > 0 THEN CASE WHEN c.customer_id IS NULL THEN 0 ELSE c.profit END / w.profit END AS profit_share,
         CASE WHEN d.known THEN coalesce(c.active_buckets, 0) END AS active_buckets,
         CASE WHEN d.known THEN coalesce(c.active_buckets, 0) >= a.regular_from AND (k.closed_on <= a.as_of) IS NOT TRUE END AS candidate,
         NOT k.satisfied AS dissatisfied, k.competitor_active,
         CASE WHEN 'customer.contact_changed_on' = ANY (a.bound) OR 'contact.valid' = ANY (a.bound) THEN
           coalesce(k.contact_changed_on > a.changed_since AND k.contact_changed_on <= a.as_of, false) OR x.customer_id IS NOT NULL END AS contact_changed,
         CASE WHEN 'complaint' = ANY (a.bound) THEN l.customer_id IS NOT NULL END AS open_complaint, c.xyz, c.abc, c.abc_profit, c.size_class, s.score, u.cutoff,
         CASE WHEN u.cutoff IS NOT NULL THEN s.score >= u.cutoff
           WHEN d.known THEN coalesce(c.xyz IN ('X', 'Y') AND c.abc = 'A', false) AND CASE WHEN d.costed THEN coalesce(c.abc_profit = 'A', false) END END AS strategic,
         coalesce(p.amount, o.amount) AS potential, CASE WHEN d.known THEN coalesce(p.amount, o.amount) - coalesce(c.amount, 0) END AS unrealised,
         CASE WHEN d.known AND 'product.category' = ANY (a.bound) THEN white_space(f.offered, coalesce(v.bought, '{}')) END AS white_space, m.kam_group AS member, j.joined,
         coalesce(g.person_id, k.person_id) AS manager_id,
         CASE WHEN d.costed OR '{customer.known_name,customer.leader,customer.demanding,customer.market_knowledge}' && a.bound THEN
           account_types(CASE WHEN d.costed THEN CASE WHEN c.customer_id IS NULL THEN 0 ELSE c.profit END END, CASE WHEN d.costed THEN w.profit END, CASE WHEN t.first_sale <= a.as_of THEN t.first_sale END, a.as_of,
                         CASE WHEN w.amount > 0 THEN coalesce(p.amount, o.amount) * w.profit / w.amount END,
                         k.known_name, k.leader, k.demanding, k.market_knowledge, a.share, least(a.new_months, 1200)) END AS types,
         CASE WHEN '{customer.need,customer.solvency,customer.authority}' && a.bound THEN three_p(k.need, k.solvency, k.authority) END AS p
  FROM known AS b CROSS JOIN asked AS a CROSS JOIN whole AS w CROSS JOIN offer AS f
  CROSS JOIN LATERAL (SELECT 'sale' = ANY (a.bound) AS known, 'sale.cost' = ANY (a.bound) AS costed) AS d
  LEFT JOIN (SELECT min(c.cutoff) AS cutoff FROM criterion AS c WHERE c.criterion = '') AS u ON true
  LEFT JOIN customer AS k ON k.customer_id = b.customer_id
  LEFT JOIN taken AS t ON t.customer_id = b.customer_id
  LEFT JOIN classed AS c ON c.customer_id = b.customer_id
  LEFT JOIN kam_member AS m ON m.customer_id = b.customer_id AND m.valid @> a.as_of
  LEFT JOIN (SELECT h.customer_id, min(lower(h.valid)) AS joined FROM kam_member AS h JOIN asked AS a ON h.valid && daterange(NULL, a.as_of + 1) GROUP BY h.customer_id) AS j ON j.customer_id = b.customer_id
  LEFT JOIN kam_assignment AS g ON g.customer_id = b.customer_id AND g.role = 'manager' AND g.valid @> a.as_of
  LEFT JOIN (
    SELECT q.customer_id, weighted_score(q.value, r.weight) AS score
    FROM customer_criterion AS q JOIN criterion AS r ON r.criterion = q.criterion WHERE r.criterion <> '' GROUP BY q.customer_id) AS s ON s.customer_id = b.customer_id
  LEFT JOIN (
    SELECT DISTINCT q.customer_id FROM complaint AS q JOIN asked AS a ON q.opened_on <= a.as_of AND (q.closed_on > a.as_of OR q.closed_on IS NULL)) AS l ON l.customer_id = b.customer_id
  LEFT JOIN (
    SELECT DISTINCT q.customer_id
    FROM contact AS q JOIN asked AS a ON lower(q.valid) > a.changed_since AND lower(q.valid) <= a.as_of
    JOIN contact AS r ON r.customer_id = q.customer_id AND r.role IS NOT DISTINCT FROM q.role AND r.name <> q.name AND upper(r.valid) <= lower(q.valid)) AS x ON x.customer_id = b.customer_id
  LEFT JOIN (
    SELECT q.customer_id, coalesce(sum(q.part) FILTER (WHERE q.category = ''), sum(q.part)) AS amount
    FROM (SELECT q.customer_id, q.category, amount_within(q.amount, q.period, a.closed) AS part FROM potential AS q CROSS JOIN asked AS a) AS q GROUP BY q.customer_id) AS p ON p.customer_id = b.customer_id
  LEFT JOIN (
    SELECT q.customer_id, sum(amount_within(q.potential, '(,)', a.closed)) AS amount FROM outlet AS q CROSS JOIN asked AS a GROUP BY q.customer_id) AS o ON o.customer_id = b.customer_id
  LEFT JOIN (
    SELECT q.customer_id, array_agg(q.category) AS bought
    FROM (SELECT s.customer_id, p.category, sum(s.amount) AS amount, sum(s.quantity) AS quantity
          FROM sale AS s JOIN product AS p ON p.product_id = s.product_id JOIN asked AS a ON s.sold_on >= lower(a.closed) AND s.sold_on < upper(a.closed)
          GROUP BY s.customer_id, p.category) AS q
    JOIN asked AS a ON CASE WHEN 'sale.quantity' = ANY (a.bound) THEN q.quantity ELSE q.amount END > 0
    GROUP BY q.customer_id) AS v ON v.customer_id = b.customer_id),
grouped AS (
  SELECT f.*, e.protection, e.growth, r.kam_group AS proposed, CASE WHEN f.candidate IS NOT NULL THEN r.groups END AS groups
  FROM flagged AS f CROSS JOIN asked AS a
  CROSS JOIN LATERAL (
    SELECT CASE WHEN num_nonnulls(f.dissatisfied, f.competitor_active, f.contact_changed, f.open_complaint) > 0 THEN
             coalesce(f.dissatisfied, false) OR coalesce(f.competitor_active, false) OR coalesce(f.contact_changed, false) OR coalesce(f.open_complaint, false) END AS protection,
           CASE WHEN num_nonnulls(f.unrealised, f.white_space) > 0 THEN
             coalesce(f.unrealised > 0 AND f.unrealised >= coalesce(a.unrealised_from, 0), false) OR coalesce(f.white_space <> '{}', false) END AS growth) AS e
  CROSS JOIN LATERAL kam_group(f.candidate AND e.protection, f.candidate AND f.strategic, f.candidate AND e.growth) AS r),
ranked AS (
  SELECT g.*, h.hours, p.hours AS has,
         CASE WHEN g.proposed IS NOT NULL THEN rank() OVER (PARTITION BY g.proposed IS NULL ORDER BY g.score DESC NULLS LAST, g.amount DESC NULLS LAST) END AS place,
         CASE WHEN g.proposed IS NOT NULL AND g.manager_id IS NOT NULL AND count(*) OVER w = count(h.hours) OVER w THEN sum(h.hours) OVER w END AS hours_so_far
  FROM grouped AS g
  LEFT JOIN (SELECT p.person_id, min(p.hours) AS hours, min(p.hours_per_account) AS hours_per_account FROM person AS p GROUP BY p.person_id) AS p ON p.person_id = g.manager_id
  LEFT JOIN (SELECT v.kam_group, sum(v.hours * v.times) AS hours FROM kam_service AS v GROUP BY v.kam_group) AS n ON n.kam_group = g.proposed
  CROSS JOIN LATERAL (SELECT CASE WHEN g.proposed IS NOT NULL THEN coalesce(n.hours, p.hours_per_account) END AS hours) AS h
  WINDOW w AS (PARTITION BY g.manager_id, g.proposed IS NULL ORDER BY g.score DESC NULLS LAST, g.amount DESC NULLS LAST))
SELECT r.customer_id, r.name, r.channel, r.territory, r.person_id, a.closed AS period, r.first_sale, r.amount, r.profit, r.profit_share, r.active_buckets, r.candidate,
       r.dissatisfied, r.competitor_active, r.contact_changed, r.open_complaint, r.protection, r.xyz, r.abc, r.abc_profit, r.size_class, r.score, r.cutoff, r.strategic,
       r.potential, r.unrealised, r.white_space, r.growth, r.groups, r.proposed, r.member, r.joined,
       CASE WHEN r.candidate IS NULL THEN NULL WHEN r.member IS NULL THEN CASE WHEN r.proposed IS NOT NULL THEN 'join' END
         WHEN r.proposed IS NULL THEN 'leave' WHEN r.proposed = r.member THEN 'keep' ELSE 'move' END AS proposal,
       concat_ws(', ', CASE WHEN NOT r.candidate THEN 'no candidate' END, CASE WHEN r.dissatisfied THEN 'dissatisfied' END, CASE WHEN r.competitor_active THEN 'competitor' END,
         CASE WHEN r.contact_changed THEN 'contact changed' END, CASE WHEN r.open_complaint THEN 'open complaint' END,
         CASE WHEN r.strategic THEN CASE WHEN r.cutoff IS NOT NULL THEN 'score ' || round(r.score, 2) ELSE 'ABC ' || r.abc || r.abc_profit || ', XYZ ' || r.xyz END END,
         CASE WHEN r.unrealised > 0 AND r.unrealised >= coalesce(a.unrealised_from, 0) THEN 'unrealised ' || round(r.unrealised) END,
         'white space ' || array_to_string(nullif(r.white_space, '{}'), '+')) AS reasons,
       r.place, r.manager_id, r.hours, r.hours_so_far, r.hours_so_far <= r.has AS fits, r.types, r.types[1] AS primary_type, (r.p).score AS p_score, (r.p).qualified,
       r.acquired_by, r.score AS value, r.cutoff AS goal, kpi_status(r.score, r.cutoff, a.goal_tolerance) AS status, a.as_of
FROM ranked AS r CROSS JOIN asked AS a
$body$);

-- The two reports that follow stand on one text: the sales of each customer in the period, one, five and ten years, read
-- in one scan by the pieces that the ends of these cut time into.

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body)
SELECT r.place, 'report', r.name, r.needs, r.comment, r.columns, money.body || r.body
FROM (VALUES ($body$
WITH asked AS MATERIALIZED (SELECT a.*, 'sale' = ANY (a.bound) AS known, 'sale.cost' = ANY (a.bound) AS costed FROM {asked} AS a WHERE a.as_of > '0030-01-01'),
span AS MATERIALIZED (
  SELECT w.span, w.days, w.before
  FROM asked AS a
  CROSS JOIN LATERAL (SELECT CASE WHEN lower(a.period) <= a.as_of AND upper(a.period) - lower(a.period) <= 36525 THEN daterange(lower(a.period), least(upper(a.period), a.as_of + 1)) END AS days, (a.as_of + 1)::timestamp AS next) AS d
  CROSS JOIN LATERAL (VALUES
    ('period', d.days, prior_year(d.days)),
    ('1 year', daterange((d.next - interval '1 year')::date, d.next::date), daterange((d.next - interval '2 years')::date, (d.next - interval '1 year')::date)),
    ('5 years', daterange((d.next - interval '5 years')::date, d.next::date), daterange((d.next - interval '10 years')::date, (d.next - interval '5 years')::date)),
    ('10 years', daterange((d.next - interval '10 years')::date, d.next::date), daterange((d.next - interval '20 years')::date, (d.next - interval '10 years')::date))) AS w (span, days, before)
  WHERE w.days IS NOT NULL),
edge AS MATERIALIZED (
  SELECT array_agg(e.day ORDER BY e.day) AS edges
  FROM (SELECT lower(p.days) AS day FROM span AS p UNION SELECT upper(p.days) AS day FROM span AS p UNION SELECT lower(p.before) AS day FROM span AS p UNION SELECT upper(p.before) AS day FROM span AS p) AS e),
cut AS MATERIALIZED (
  SELECT p.span, p.days, p.before, int4range(width_bucket(lower(p.days), e.edges), width_bucket(upper(p.days), e.edges)) AS now,
         int4range(width_bucket(lower(p.before), e.edges), width_bucket(upper(p.before), e.edges)) AS earlier
  FROM span AS p CROSS JOIN edge AS e),
sold AS (
  SELECT s.customer_id, width_bucket(s.sold_on, e.edges) AS piece, h.kam_group, sum(s.amount) AS amount, sum(s.amount - s.cost) AS profit, min(s.sold_on) AS first_sale
  FROM sale AS s JOIN edge AS e ON s.sold_on >= e.edges[1] AND s.sold_on < e.edges[cardinality(e.edges)]
  LEFT JOIN kam_member AS h ON h.customer_id = s.customer_id AND h.valid @> s.sold_on
  WHERE s.customer_id IS NOT NULL
  GROUP BY s.customer_id, width_bucket(s.sold_on, e.edges), h.kam_group),
summed AS (
  SELECT s.customer_id, c.span, sum(s.amount) FILTER (WHERE s.piece <@ c.now) AS sales, sum(s.profit) FILTER (WHERE s.piece <@ c.now) AS profit,
         sum(s.amount) FILTER (WHERE s.piece <@ c.earlier) AS before, min(s.first_sale) FILTER (WHERE s.piece <@ c.now) AS first_sale,
         sum(s.amount) FILTER (WHERE s.piece <@ c.now AND s.kam_group IS NOT NULL) AS at_all, sum(s.amount) FILTER (WHERE s.piece <@ c.now AND s.kam_group = 'protection') AS at_protection,
         sum(s.amount) FILTER (WHERE s.piece <@ c.now AND s.kam_group = 'strategic') AS at_strategic, sum(s.amount) FILTER (WHERE s.piece <@ c.now AND s.kam_group = 'growth') AS at_growth
  FROM sold AS s CROSS JOIN cut AS c
  GROUP BY s.customer_id, c.span),
$body$)) AS money (body)
CROSS JOIN (VALUES
(3101, 'key_share', '{sale,sale.cost,customer,customer.channel,customer.territory}'::text[], 'how much of the business the key accounts are, in the period and in the last one, five and ten years, and how they grow', $columns$
dimension: all, group, channel or territory
key: which; '' for all
span: period, 1 year, 5 years or 10 years
days: the days, up to as_of
months: full months in them since the first sale of all
key_accounts: customers in the programme on the day
with_plan: of these, those with an active plan on the day
without_manager: those without an account manager
customers: all customers who bought
of_customers: share of the key accounts in them
sales: sales of the key accounts
sales_all: sales of all; of a group, those of all customers
share: sales over sales_all
share_at_the_time: the same of who was in the programme on the day of the sale
state: below, typical or dependent: share beside typical_from and typical_to of setting; NULL for a group
profit: sales less cost of the key accounts
profit_all: the same of all
profit_share: profit over profit_all
sales_before: sales in the days before of who was a key account on their last day; days before are those of the year before, or else as many years
growth: growth from sales_before to sales
like_for_like: growth of those who were in the programme on both days
share_before: sales_before over sales of all in the days before
value: share
goal: that of kpi_goal for key_share; NULL for a group
status: 1 where value reaches goal, 0 within the tolerance, else -1
trend: 1 where share is above share_before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$base AS (
  SELECT s.customer_id FROM sold AS s
  UNION SELECT m.customer_id FROM kam_member AS m JOIN asked AS a ON m.valid @> a.as_of),
member AS MATERIALIZED (
  SELECT b.customer_id, m.kam_group, m.kam_group IS NOT NULL AND EXISTS (SELECT FROM plan AS p WHERE p.customer_id = b.customer_id AND p.status = 'active' AND p.period @> a.as_of) AS planned,
         m.kam_group IS NOT NULL AND NOT EXISTS (SELECT FROM kam_assignment AS g WHERE g.customer_id = b.customer_id AND g.role = 'manager' AND g.valid @> a.as_of) AS unmanaged
  FROM base AS b CROSS JOIN asked AS a
  LEFT JOIN kam_member AS m ON m.customer_id = b.customer_id AND m.valid @> a.as_of),
line AS (
  SELECT d.dimension, d.key, c.span, c.days, min(s.first_sale) AS first_sale, count(*) FILTER (WHERE d.is_key) AS key_accounts, count(*) FILTER (WHERE d.is_key AND m.planned) AS with_plan,
         count(*) FILTER (WHERE d.is_key AND m.unmanaged) AS without_manager, count(*) FILTER (WHERE s.sales > 0) AS customers, count(*) FILTER (WHERE s.sales > 0 AND d.is_key) AS key_customers,
         sum(s.sales) FILTER (WHERE d.is_key) AS sales, sum(s.sales) AS sales_all, sum(d.at_the_time) AS at_the_time, sum(s.profit) FILTER (WHERE d.is_key) AS profit, sum(s.profit) AS profit_all,
         sum(s.before) FILTER (WHERE d.was_key) AS before, sum(s.before) AS before_all, sum(s.sales) FILTER (WHERE d.is_key AND d.was_key) AS like_now, sum(s.before) FILTER (WHERE d.is_key AND d.was_key) AS like_before
  FROM member AS m CROSS JOIN cut AS c
  LEFT JOIN summed AS s ON s.customer_id = m.customer_id AND s.span = c.span
  LEFT JOIN kam_member AS h ON h.customer_id = m.customer_id AND h.valid @> (upper(c.before) - 1)
  LEFT JOIN (SELECT k.customer_id, min(k.channel) AS channel, min(k.territory) AS territory FROM customer AS k GROUP BY k.customer_id) AS k ON k.customer_id = m.customer_id
  CROSS JOIN LATERAL (VALUES
    ('all', '', m.kam_group IS NOT NULL, h.kam_group IS NOT NULL, s.at_all), ('channel', k.channel, m.kam_group IS NOT NULL, h.kam_group IS NOT NULL, s.at_all),
    ('territory', k.territory, m.kam_group IS NOT NULL, h.kam_group IS NOT NULL, s.at_all),
    ('group', 'protection', m.kam_group IS NOT DISTINCT FROM 'protection', h.kam_group IS NOT DISTINCT FROM 'protection', s.at_protection),
    ('group', 'strategic', m.kam_group IS NOT DISTINCT FROM 'strategic', h.kam_group IS NOT DISTINCT FROM 'strategic', s.at_strategic),
    ('group', 'growth', m.kam_group IS NOT DISTINCT FROM 'growth', h.kam_group IS NOT DISTINCT FROM 'growth', s.at_growth)) AS d (dimension, key, is_key, was_key, at_the_time)
  WHERE d.key IS NOT NULL
  GROUP BY d.dimension, d.key, c.span, c.days)
SELECT l.dimension, l.key, l.span, l.days, history_months(l.first_sale, upper(l.days) - 1) AS months, l.key_accounts, l.with_plan, l.without_manager,
       CASE WHEN a.known THEN l.customers END AS customers, CASE WHEN a.known THEN l.key_customers::numeric / nullif(l.customers, 0) END AS of_customers,
       x.sales, x.sales_all, x.share, CASE WHEN x.sales_all > 0 THEN coalesce(l.at_the_time, 0) / x.sales_all END AS share_at_the_time,
       CASE WHEN x.share IS NOT NULL AND l.dimension <> 'group' THEN key_share_state(greatest(least(x.share, 2), -1), a.typical_from, a.typical_to) END AS state, x.profit, x.profit_all, CASE WHEN x.profit_all > 0 THEN x.profit / x.profit_all END AS profit_share,
       CASE WHEN a.known THEN coalesce(l.before, 0) END AS sales_before, growth_rate(x.sales, l.before) AS growth, growth_rate(coalesce(l.like_now, 0), l.like_before) AS like_for_like,
       x.share_before, x.share AS value, y.goal, kpi_status(x.share, y.goal, g.tolerance) AS status, kpi_trend(x.share, x.share_before) AS trend, a.as_of
FROM line AS l CROSS JOIN asked AS a
CROSS JOIN LATERAL (
  SELECT CASE WHEN a.known THEN coalesce(l.sales, 0) END AS sales, CASE WHEN a.known THEN coalesce(l.sales_all, 0) END AS sales_all,
         CASE WHEN l.sales_all > 0 THEN coalesce(l.sales, 0) / l.sales_all END AS share, CASE WHEN a.costed THEN coalesce(l.profit, 0) END AS profit,
         CASE WHEN a.costed THEN coalesce(l.profit_all, 0) END AS profit_all, CASE WHEN l.before_all > 0 THEN coalesce(l.before, 0) / l.before_all END AS share_before) AS x
$body$ || kam_model_goal('key_share', NULL, 'NULL', $$CASE l.dimension WHEN 'channel' THEN l.key END$$, $$CASE l.dimension WHEN 'territory' THEN l.key END$$) || $body$
CROSS JOIN LATERAL (SELECT CASE WHEN l.dimension <> 'group' THEN g.goal END AS goal) AS y
$body$),
(3110, 'kam_review', '{sale,sale.cost,customer,customer.cooperation,customer_cost.kind,contact_log.person_id}', 'the questions of a yearly review, for each key account: what he brings and costs, whether he grows or splits his orders, and what if he left', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
kam_group: protection, growth or strategic
manager_id: his account manager; NULL: none
joined: first day ever in the programme
months_in_programme: full months since then
first_sale: day of the first purchase ever, up to as_of
months_as_customer: full months since then
has_plan: an active plan covers the day
period: the days looked at, up to as_of
sales: sales in them
sales_before: the same in the year before
growth: growth from that
profit: sales less cost
sales_share_1: share in the sales of the company in the year up to as_of
sales_share_5: the same in five years, or what there is of them
sales_share_10: the same in ten years
profit_share_1: share in its profit in the year up to as_of
profit_share_5: the same in five years
profit_share_10: the same in ten years
invested: what was spent to keep him: customer_cost of kind retention
invested_share: that over sales
profit_for_1: profit over invested
wallet: what he could buy in the period, from all suppliers
share_of_wallet: sales over wallet
share_of_wallet_before: the same in the year before
verdict: growing, splitting, both, shrinking or steady
cooperation: how well he cooperates, a score
strategic_since: in strategic cooperation since
touch_points: our people who were in contact with him in the period
exposure: his share in the sales of the company in the period
exposure_profit: his share in its profit
attainment: sales of the company over its target of the period
attainment_without: the same without him
margin: profit of the company over its sales
margin_without: the same without him
lost_profit: his profit of the year up to as_of
a_month: his sales of a month in that year
months_to_replace: that over what was won in a month by the customers of the last won_months
value: exposure
goal: at most that: kpi_goal for exposure
status: 1 where value is not above goal, 0 within the tolerance, else -1
trend: 1 where the exposure is above that of the year before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$company AS MATERIALIZED (SELECT s.span, sum(s.sales) AS sales, sum(s.profit) AS profit, sum(s.before) AS before FROM summed AS s GROUP BY s.span),
life AS (
  SELECT s.customer_id, min(s.sold_on) FILTER (WHERE s.amount > 0) AS first_sale, max(s.sold_on) FILTER (WHERE s.amount > 0) AS last_sale, sum(s.amount) AS amount
  FROM sale AS s JOIN asked AS a ON s.sold_on BETWEEN '0001-01-01' AND a.as_of GROUP BY s.customer_id),
inflow AS MATERIALIZED (
  SELECT sum(l.amount / greatest(history_months(date_trunc('month', l.first_sale::timestamp)::date, a.as_of), 1)) / min(a.won_months) AS a_month
  FROM life AS l JOIN asked AS a ON l.first_sale > (a.as_of - make_interval(months => a.won_months))::date
  WHERE date_trunc('month', l.first_sale::timestamp) < date_trunc('month', l.last_sale::timestamp)),
wallet AS (
  SELECT q.customer_id, coalesce(sum(q.part) FILTER (WHERE q.category = ''), sum(q.part)) AS now, coalesce(sum(q.earlier) FILTER (WHERE q.category = ''), sum(q.earlier)) AS before
  FROM (SELECT q.customer_id, q.category, amount_within(q.amount, q.period, p.days) AS part, amount_within(q.amount, q.period, p.before) AS earlier
        FROM potential AS q JOIN span AS p ON p.span = 'period') AS q
  GROUP BY q.customer_id),
account AS (
  SELECT m.customer_id, m.kam_group, p.days, y.known, y.costed, CASE WHEN y.known AND p.days IS NOT NULL THEN coalesce(n.sales, 0) END AS sales,
         CASE WHEN y.known AND p.days IS NOT NULL THEN coalesce(n.before, 0) END AS before, CASE WHEN y.costed AND p.days IS NOT NULL THEN coalesce(n.profit, 0) END AS profit,
         n.year_sales, n.year_profit, n.sales_1, n.sales_5, n.sales_10, n.profit_1, n.profit_5, n.profit_10
  FROM kam_member AS m JOIN asked AS y ON m.valid @> y.as_of
  LEFT JOIN span AS p ON p.span = 'period'
  LEFT JOIN (
    SELECT s.customer_id, max(s.sales) FILTER (WHERE s.span = 'period') AS sales, max(s.before) FILTER (WHERE s.span = 'period') AS before, max(s.profit) FILTER (WHERE s.span = 'period') AS profit,
           max(s.sales) FILTER (WHERE s.span = '1 year') AS year_sales, max(s.profit) FILTER (WHERE s.span = '1 year') AS year_profit,
           max(s.sales / nullif(greatest(c.sales, 0), 0)) FILTER (WHERE s.span = '1 year') AS sales_1, max(s.sales / nullif(greatest(c.sales, 0), 0)) FILTER (WHERE s.span = '5 years') AS sales_5,
           max(s.sales / nullif(greatest(c.sales, 0), 0)) FILTER (WHERE s.span = '10 years') AS sales_10, max(s.profit / nullif(greatest(c.profit, 0), 0)) FILTER (WHERE s.span = '1 year') AS profit_1,
           max(s.profit / nullif(greatest(c.profit, 0), 0)) FILTER (WHERE s.span = '5 years') AS profit_5, max(s.profit / nullif(greatest(c.profit, 0), 0)) FILTER (WHERE s.span = '10 years') AS profit_10
    FROM summed AS s JOIN company AS c ON c.span = s.span GROUP BY s.customer_id) AS n ON n.customer_id = m.customer_id)
SELECT m.customer_id, k.name, k.channel, k.territory, k.person_id, m.kam_group, r.person_id AS manager_id, j.joined, history_months(j.joined, a.as_of) AS months_in_programme, l.first_sale,
       history_months(l.first_sale, a.as_of) AS months_as_customer, EXISTS (SELECT FROM plan AS p WHERE p.customer_id = m.customer_id AND p.status = 'active' AND p.period @> a.as_of) AS has_plan,
       m.days AS period, m.sales, m.before AS sales_before, x.growth, m.profit, m.sales_1 AS sales_share_1, m.sales_5 AS sales_share_5, m.sales_10 AS sales_share_10, m.profit_1 AS profit_share_1, m.profit_5 AS profit_share_5, m.profit_10 AS profit_share_10,
       i.invested, i.invested / nullif(greatest(m.sales, 0), 0) AS invested_share, m.profit / nullif(i.invested, 0) AS profit_for_1,
       w.now AS wallet, x.wallet_share AS share_of_wallet, x.wallet_share_before AS share_of_wallet_before, growth_verdict(x.growth, x.wallet_share, coalesce(x.wallet_share_before, 1)) AS verdict, k.cooperation, k.strategic_since,
       CASE WHEN 'contact_log.person_id' = ANY (a.bound) THEN coalesce(t.people, 0) END AS touch_points, x.exposure, CASE WHEN c.profit > 0 THEN m.profit / c.profit END AS exposure_profit,
       achieved(c.sales, d.target) AS attainment, achieved(c.sales - m.sales, d.target) AS attainment_without,
       CASE WHEN c.sales > 0 AND m.costed THEN c.profit / c.sales END AS margin, CASE WHEN c.sales - m.sales > 0 AND m.costed THEN (c.profit - m.profit) / (c.sales - m.sales) END AS margin_without,
       CASE WHEN m.costed THEN coalesce(m.year_profit, 0) END AS lost_profit, CASE WHEN m.known THEN coalesce(m.year_sales, 0) / 12 END AS a_month,
       CASE WHEN f.a_month > 0 AND m.year_sales > 0 THEN m.year_sales / 12 / f.a_month END AS months_to_replace,
       x.exposure AS value, g.goal, kpi_status(x.exposure, g.goal, g.tolerance, 'down') AS status, kpi_trend(x.exposure, x.exposure_before) AS trend, a.as_of
FROM account AS m CROSS JOIN asked AS a CROSS JOIN inflow AS f
LEFT JOIN company AS c ON c.span = 'period'
LEFT JOIN customer AS k ON k.customer_id = m.customer_id
LEFT JOIN kam_assignment AS r ON r.customer_id = m.customer_id AND r.role = 'manager' AND r.valid @> a.as_of
LEFT JOIN (SELECT h.customer_id, min(lower(h.valid)) AS joined FROM kam_member AS h JOIN asked AS a ON h.valid && daterange(NULL, a.as_of + 1) WHERE isfinite(lower(h.valid)) GROUP BY h.customer_id) AS j ON j.customer_id = m.customer_id
LEFT JOIN life AS l ON l.customer_id = m.customer_id
LEFT JOIN wallet AS w ON w.customer_id = m.customer_id
LEFT JOIN (
  SELECT q.customer_id, count(DISTINCT q.person_id) AS people
  FROM contact_log AS q JOIN span AS p ON p.span = 'period' AND q.contacted_on >= lower(p.days) AND q.contacted_on < upper(p.days) GROUP BY q.customer_id) AS t ON t.customer_id = m.customer_id
LEFT JOIN (
  SELECT q.customer_id, sum(q.amount) AS invested
  FROM customer_cost AS q JOIN span AS p ON p.span = 'period' AND q.cost_on >= lower(p.days) AND q.cost_on < upper(p.days) WHERE q.kind = 'retention' GROUP BY q.customer_id) AS e ON e.customer_id = m.customer_id
LEFT JOIN company_target AS d ON d.scope = 'company' AND d.measure = 'amount' AND d.period = a.period
CROSS JOIN LATERAL (SELECT CASE WHEN 'customer_cost.kind' = ANY (a.bound) AND m.days IS NOT NULL THEN coalesce(e.invested, 0) END AS invested) AS i
CROSS JOIN LATERAL (
  SELECT growth_rate(m.sales, m.before) AS growth, share_of_wallet(m.sales, w.now) AS wallet_share, share_of_wallet(m.before, w.before) AS wallet_share_before,
         CASE WHEN c.sales > 0 THEN m.sales / c.sales END AS exposure, CASE WHEN c.before > 0 THEN m.before / c.before END AS exposure_before) AS x
$body$ || kam_model_goal('exposure', 'm.customer_id', 'k.person_id', 'k.channel', 'k.territory'))) AS r (place, name, needs, comment, columns, body);

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(3102, 'report', 'programme_effect', '{sale,sale.cost}', 'whether the key account programme works: churn and growth of its customers beside the others, and each before and after he joined', $columns$
part: key accounts, others, or a group: protection, strategic, growth; by the membership on the first day of the period
period: the days looked at, up to as_of
customers: customers who bought in the period of the year before
lost: those of them who have bought nothing in the period
churn: lost over customers
retention: 1 less that
amount_before: what they bought in the period of the year before
lost_amount: what the lost of them bought
revenue_churn: lost_amount over amount_before
profit: profit of these customers in the days of the period
profit_before: the same in the same days of the year before
profit_growth: growth from that
joined: customers ever in the programme, by their group on the day or the last, who bought in a full month before joining, and had one after
profit_a_month_before: their profit of a month in up to twelve full months before they joined, the sum of all
profit_a_month_after: the same in as many full months after
profit_change: growth from profit_a_month_before
value: retention
goal: retention of the others
status: 1 where value reaches goal, 0 within the tolerance of setting, else -1
trend: 1 where profit is above profit_before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, 'sale.cost' = ANY (a.bound) AS costed, d.days, prior_year(d.whole) AS prior, prior_year(d.days) AS prior_days
  FROM {asked} AS a
  CROSS JOIN LATERAL (
    SELECT CASE WHEN c.counts THEN a.period END AS whole, CASE WHEN c.counts THEN daterange(lower(a.period), least(upper(a.period), a.as_of + 1)) END AS days
    FROM (SELECT lower(a.period) <= a.as_of AND upper(a.period) - lower(a.period) <= 36525 AS counts) AS c) AS d
  WHERE a.as_of >= '0101-01-01' AND d.days IS NOT NULL AND 'sale' = ANY (a.bound)),
sold AS (
  SELECT s.customer_id, sum(s.amount) FILTER (WHERE s.sold_on < upper(a.prior)) AS before, sum(s.amount) FILTER (WHERE s.sold_on >= lower(a.period)) AS now,
         sum(s.amount - s.cost) FILTER (WHERE s.sold_on < upper(a.prior_days)) AS profit_before, sum(s.amount - s.cost) FILTER (WHERE s.sold_on >= lower(a.period)) AS profit
  FROM sale AS s JOIN asked AS a ON s.sold_on >= lower(a.prior) AND s.sold_on < upper(a.days)
  WHERE s.customer_id IS NOT NULL GROUP BY s.customer_id),
bought AS MATERIALIZED (
  SELECT s.customer_id, m.kam_group, s.before, (s.now > 0) IS TRUE AS stayed, coalesce(s.profit, 0) AS profit, coalesce(s.profit_before, 0) AS profit_before
  FROM sold AS s JOIN asked AS a ON s.before > 0
  LEFT JOIN kam_member AS m ON m.customer_id = s.customer_id AND m.valid @> lower(a.period)),
joiner AS (
  SELECT DISTINCT ON (m.customer_id) m.customer_id, m.kam_group, a.as_of,
         date_trunc('month', (min(lower(m.valid)) OVER (PARTITION BY m.customer_id) + interval '1 month - 1 day'))::date AS start
  FROM kam_member AS m JOIN asked AS a ON lower(m.valid) BETWEEN '0101-01-01' AND a.as_of ORDER BY m.customer_id, m.valid DESC),
weighed AS (
  SELECT j.customer_id, j.kam_group, j.start, least(12, history_months(j.start, j.as_of), history_months(date_trunc('month', min(s.sold_on)::timestamp)::date, j.start - 1)) AS months
  FROM joiner AS j JOIN sale AS s ON s.customer_id = j.customer_id AND s.sold_on >= '0001-01-01' AND s.sold_on < j.start AND s.amount > 0
  WHERE j.start <= j.as_of GROUP BY j.customer_id, j.kam_group, j.start, j.as_of),
turned AS MATERIALIZED (
  SELECT j.customer_id, j.kam_group, coalesce(sum(s.amount - s.cost) FILTER (WHERE s.sold_on < j.start), 0) / j.months AS before, coalesce(sum(s.amount - s.cost) FILTER (WHERE s.sold_on >= j.start), 0) / j.months AS after
  FROM weighed AS j
  LEFT JOIN sale AS s ON s.customer_id = j.customer_id AND s.sold_on >= j.start - make_interval(months => j.months) AND s.sold_on < j.start + make_interval(months => j.months)
  WHERE j.months > 0 GROUP BY j.customer_id, j.kam_group, j.start, j.months),
line AS (
  SELECT v.part, b.customers, b.lost, b.before, b.lost_amount, b.profit, b.profit_before, t.joined, t.before AS month_before, t.after AS month_after
  FROM (VALUES ('key accounts'), ('others'), ('protection'), ('strategic'), ('growth')) AS v (part)
  CROSS JOIN LATERAL (
    SELECT count(*) AS customers, count(*) FILTER (WHERE NOT b.stayed) AS lost, sum(b.before) AS before, coalesce(sum(b.before) FILTER (WHERE NOT b.stayed), 0) AS lost_amount, coalesce(sum(b.profit), 0) AS profit, coalesce(sum(b.profit_before), 0) AS profit_before
    FROM bought AS b WHERE CASE v.part WHEN 'key accounts' THEN b.kam_group IS NOT NULL WHEN 'others' THEN b.kam_group IS NULL ELSE b.kam_group = v.part END) AS b
  CROSS JOIN LATERAL (
    SELECT count(*) AS joined, sum(t.before) AS before, sum(t.after) AS after FROM turned AS t WHERE v.part IN ('key accounts', t.kam_group)) AS t)
SELECT l.part, a.days AS period, l.customers, l.lost, l.lost::numeric / nullif(l.customers, 0) AS churn, x.retention, l.before AS amount_before, l.lost_amount, l.lost_amount / nullif(l.before, 0) AS revenue_churn,
       CASE WHEN a.costed THEN l.profit END AS profit, CASE WHEN a.costed THEN l.profit_before END AS profit_before, CASE WHEN a.costed THEN growth_rate(l.profit, l.profit_before) END AS profit_growth,
       CASE WHEN l.part <> 'others' THEN l.joined END AS joined, CASE WHEN a.costed THEN l.month_before END AS profit_a_month_before, CASE WHEN a.costed THEN l.month_after END AS profit_a_month_after,
       CASE WHEN a.costed THEN growth_rate(l.month_after, l.month_before) END AS profit_change, x.retention AS value, y.retention AS goal, kpi_status(x.retention, y.retention, a.goal_tolerance) AS status,
       CASE WHEN a.costed THEN sign(l.profit - l.profit_before)::integer END AS trend, a.as_of
FROM line AS l CROSS JOIN asked AS a
LEFT JOIN (SELECT o.customers, o.lost FROM line AS o WHERE o.part = 'others') AS o ON l.part <> 'others'
CROSS JOIN LATERAL (SELECT 1 - l.lost::numeric / nullif(l.customers, 0) AS retention) AS x
CROSS JOIN LATERAL (SELECT 1 - o.lost::numeric / nullif(o.customers, 0) AS retention) AS y
$body$);
