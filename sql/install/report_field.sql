-- Reports of a model: salespeople and their teams, the outlets that they look after, and what stands there

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2900, 'report', 'person_scorecard', '{person,sale,sale.person_id,outlet.person_id,customer.person_id,receivable,visit.steps_done,visit.steps_required}', 'the four metrics of each salesperson beside their goals, and the score: sales, active outlets, special tasks, receivables', $columns$
person_id: the person
name: the name
role: the role
team: the team
territory: the territory
no: number of the metric, 1 to 4
metric: sales, active outlets, special tasks or receivables
days: the days looked at: the period up to as_of, of active outlets and special tasks those of the target where there is one; of receivables as_of
value: sales; outlets that bought; share of the tasks due that are done; overdue share of the receivables
goal: sales due by now of person_target, or else of kpi_goal; the others of person_target, or else of kpi_goal; of special tasks, or else 1
attainment: value over goal; of receivables that of the share that is not overdue
status: 1 where the goal is reached, 0 within the tolerance, else -1; of receivables less is better
trend: 1 where value is above that of the same days of the year before, -1 where it is below, else 0; of receivables NULL
weight: weight of the metric in kpi_goal, or else 1
score: the four as one number, the mean of the attainments by weight; the same in all four rows
steps_share: steps of the procedure that were done in his visits of the period up to as_of, over those that it has; the same in all four rows
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT d.*, CASE WHEN lower(d.days) > '0002-01-01' AND upper(d.days) - lower(d.days) <= 36525 THEN prior_year(d.days) END AS before
  FROM (SELECT a.*, a.period * daterange(NULL, a.as_of + 1) AS days, 'sale.person_id' = ANY (a.bound) AS sellers FROM {asked} AS a WHERE a.as_of >= lower(a.period)) AS d),
who AS MATERIALIZED (
  SELECT DISTINCT ON (p.person_id) p.person_id, p.name, p.role, p.team, p.territory
  FROM person AS p JOIN asked AS a ON coalesce(p.joined_on <= a.as_of, true) AND coalesce(p.left_on >= lower(a.period), true)
  WHERE p.person_id IS NOT NULL ORDER BY p.person_id, p.name, p.role, p.team, p.territory),
aimed AS MATERIALIZED (
  SELECT DISTINCT ON (t.person_id, t.measure) t.person_id, t.measure, t.period, t.target
  FROM person_target AS t JOIN asked AS a ON t.period <@ a.period AND lower(t.period) <= a.as_of
  WHERE t.measure IN ('active outlets', 'special tasks', 'overdue_share')
  ORDER BY t.person_id, t.measure, t.period @> a.as_of DESC, upper(t.period) DESC, lower(t.period) DESC),
frame AS MATERIALIZED (
  SELECT w.person_id, m.no, m.metric, m.direction, t.target, CASE WHEN m.no IN (2, 3) THEN coalesce(t.period * a.days, a.days) WHEN m.no = 4 THEN daterange(a.as_of, a.as_of + 1) ELSE a.days END AS days,
         CASE WHEN a.before IS NULL OR m.no = 4 THEN NULL WHEN m.no IN (2, 3) THEN prior_year(coalesce(t.period * a.days, a.days)) ELSE a.before END AS before
  FROM who AS w CROSS JOIN asked AS a
  CROSS JOIN (VALUES (1, 'sales', NULL, 'up'), (2, 'active outlets', 'active outlets', 'up'), (3, 'special tasks', 'special tasks', 'up'),
                     (4, 'receivables', 'overdue_share', 'down')) AS m (no, metric, measure, direction)
  LEFT JOIN aimed AS t ON t.person_id = w.person_id AND t.measure = m.measure),
sold AS MATERIALIZED (
  SELECT s.person_id, s.outlet_id, sum(s.amount) FILTER (WHERE s.sold_on <@ a.days) AS amount, sum(s.amount) FILTER (WHERE s.sold_on <@ a.before) AS before,
         akb_active(s.amount, s.product_id, a.min_amount, nullif(a.min_products, 0), a.activity) FILTER (WHERE s.sold_on <@ f.days) AS active,
         akb_active(s.amount, s.product_id, a.min_amount, nullif(a.min_products, 0), a.activity) FILTER (WHERE s.sold_on <@ f.before) AS active_before
  FROM (SELECT CASE WHEN a.sellers THEN s.person_id ELSE coalesce(o.person_id, k.person_id) END AS person_id, s.outlet_id, s.product_id, s.sold_on, s.amount
        FROM asked AS a JOIN sale AS s ON s.sold_on >= coalesce(lower(a.before), lower(a.days)) AND s.sold_on < upper(a.days)
        LEFT JOIN outlet AS o ON o.outlet_id = s.outlet_id
        LEFT JOIN customer AS k ON k.customer_id = s.customer_id) AS s
  CROSS JOIN asked AS a
  JOIN frame AS f ON f.person_id = s.person_id AND f.no = 2
  GROUP BY s.person_id, s.outlet_id),
measured AS (
  SELECT s.person_id, 1 AS no, sum(s.amount) AS value, sum(s.before) AS before FROM sold AS s GROUP BY s.person_id
  UNION ALL
  SELECT s.person_id, 2 AS no, count(*) FILTER (WHERE s.active) AS value, count(*) FILTER (WHERE s.active_before) AS before
  FROM sold AS s WHERE s.outlet_id IS NOT NULL GROUP BY s.person_id
  UNION ALL
  SELECT t.person_id, 3 AS no, avg((t.done_on <= a.as_of AND t.done_on IS NOT NULL)::integer) FILTER (WHERE t.due_on <@ f.days) AS value,
         avg((t.done_on < upper(f.before) AND t.done_on IS NOT NULL)::integer) FILTER (WHERE t.due_on <@ f.before) AS before
  FROM task AS t CROSS JOIN asked AS a JOIN frame AS f ON f.person_id = t.person_id AND f.no = 3 GROUP BY t.person_id
  UNION ALL
  SELECT coalesce(i.person_id, k.person_id) AS person_id, 4 AS no, overdue_share(i.open_amount, i.due_on, a.as_of, coalesce(i.deferred, true)) AS value, NULL AS before
  FROM receivable AS i JOIN asked AS a ON i.invoiced_on <= a.as_of AND isfinite(i.due_on)
  LEFT JOIN customer AS k ON k.customer_id = i.customer_id GROUP BY coalesce(i.person_id, k.person_id)),
visited AS (
  SELECT coalesce(v.person_id, o.person_id, k.person_id) AS person_id, sum(v.steps_done)::numeric / nullif(sum(v.steps_required), 0) AS steps_share
  FROM asked AS a JOIN visit AS v ON v.visited_on >= lower(a.days) AND v.visited_on < upper(a.days)
  LEFT JOIN outlet AS o ON o.outlet_id = v.outlet_id
  LEFT JOIN customer AS k ON k.customer_id = o.customer_id
  WHERE v.steps_done IS NOT NULL AND v.steps_required IS NOT NULL GROUP BY coalesce(v.person_id, o.person_id, k.person_id)),
due AS (
  SELECT t.person_id, sum(r.prorata_target) AS goal
  FROM person_target AS t JOIN asked AS a ON t.measure = 'amount' AND CASE WHEN t.period <@ a.period AND lower(t.period) <= a.as_of THEN upper(t.period) - lower(t.period) <= 36525 END
  CROSS JOIN LATERAL plan_progress(t.target, 0, NULL, NULL, t.period, a.as_of, a.calendar, a.tolerance, CASE WHEN a.calendar IS NULL THEN a.unit ELSE 'days' END) AS r
  GROUP BY t.person_id),
general AS (
$body$ || (
  SELECT string_agg(format('SELECT w.person_id, %s AS no, g.goal, g.tolerance, g.weight FROM who AS w CROSS JOIN asked AS a %s', no,
                           kam_model_goal(kpi, NULL, 'w.person_id', NULL, 'w.territory', 'w.team')), E'\nUNION ALL\n' ORDER BY no)
  FROM unnest('{sales,akb,special_tasks,overdue_share}'::text[]) WITH ORDINALITY AS k (kpi, no)) || $body$),
line AS (
  SELECT f.person_id, f.no, f.metric, f.direction, f.days, coalesce(g.tolerance, a.goal_tolerance) AS tolerance, coalesce(g.weight, 1) AS weight,
         CASE WHEN f.no <= 2 AND f.before IS NOT NULL AND 'sale' = ANY (a.bound) THEN coalesce(v.before, 0) WHEN f.before IS NOT NULL THEN v.before END AS before,
         CASE WHEN f.no <= 2 AND 'sale' = ANY (a.bound) THEN coalesce(v.value, 0) ELSE v.value END AS value,
         CASE f.no WHEN 1 THEN coalesce(d.goal, p.prorata_target) WHEN 3 THEN coalesce(f.target, g.goal, 1) ELSE coalesce(f.target, g.goal) END AS goal
  FROM frame AS f CROSS JOIN asked AS a
  LEFT JOIN measured AS v ON v.person_id = f.person_id AND v.no = f.no
  LEFT JOIN due AS d ON d.person_id = f.person_id
  LEFT JOIN general AS g ON g.person_id = f.person_id AND g.no = f.no
  LEFT JOIN LATERAL plan_progress(CASE WHEN g.goal > 0 THEN g.goal END, 0, NULL, NULL, CASE WHEN upper(a.period) - lower(a.period) <= 36525 THEN a.period END, a.as_of, a.calendar, a.tolerance, CASE WHEN a.calendar IS NULL THEN a.unit ELSE 'days' END) AS p ON f.no = 1)
SELECT l.person_id, w.name, w.role, w.team, w.territory, l.no, l.metric, l.days, l.value, l.goal, n.attainment,
       kpi_status(l.value, l.goal, l.tolerance, l.direction) AS status, kpi_trend(l.value, l.before) AS trend, l.weight,
       weighted_score(n.attainment, l.weight) OVER (PARTITION BY l.person_id) AS score, v.steps_share, a.as_of
FROM line AS l CROSS JOIN asked AS a
JOIN who AS w ON w.person_id = l.person_id
LEFT JOIN visited AS v ON v.person_id = l.person_id
CROSS JOIN LATERAL (SELECT CASE l.no WHEN 4 THEN kpi_attainment(1 - l.value, 1 - l.goal) ELSE kpi_attainment(l.value, l.goal) END AS attainment) AS n
$body$),

(2910, 'report', 'contest_result', '{person,person.team,sale,sale.person_id,outlet.person_id,customer.person_id}', 'contests that meet the period, team by team: the measure up to as_of, the place, and who wins', $columns$
contest_id: the contest
name: its name
period: its days
state: planned, running or over
measure: what is compared: amount, attainment, active outlets or new outlets
team: the team
people: people in it
value: what it came to; NULL: of another measure, or without a target
goal: target of the team for the measure amount or attainment: of company_target for the days, or else those of its people
place: 1 the largest; equal values, to four decimals, share a place
gap: what is lacking to the place before
wins: the place is rewarded, as it stands
prize: the prize of who wins
status: 1 where the team wins, else -1
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT a.*, 'sale.person_id' = ANY (a.bound) AS sellers FROM {asked} AS a WHERE a.as_of IS NOT NULL),
held AS MATERIALIZED (
  SELECT c.contest_id, c.name, c.period, c.measure, c.prize, c.winners, c.period * daterange(NULL, a.as_of + 1) AS days, a.sellers, a.as_of
  FROM contest AS c JOIN asked AS a ON c.period && a.period),
member AS MATERIALIZED (
  SELECT DISTINCT h.contest_id, p.person_id, p.team
  FROM held AS h JOIN person AS p ON p.team IS NOT NULL AND coalesce(p.joined_on < upper(h.period), true) AND coalesce(p.left_on >= lower(h.period), true)
  WHERE p.person_id IS NOT NULL),
sold AS MATERIALIZED (
  SELECT x.contest_id, m.team, x.outlet_id, sum(x.amount) AS amount, akb_active(x.amount, x.product_id, a.min_amount, nullif(a.min_products, 0), a.activity) AS active,
         min(x.sold_on) FILTER (WHERE x.amount > 0) AS first_on
  FROM (
    SELECT h.contest_id, CASE WHEN h.sellers THEN s.person_id ELSE coalesce(o.person_id, k.person_id) END AS person_id, s.outlet_id, s.product_id, s.sold_on, s.amount
    FROM held AS h JOIN sale AS s ON s.sold_on >= lower(h.days) AND s.sold_on < upper(h.days)
    LEFT JOIN outlet AS o ON o.outlet_id = s.outlet_id
    LEFT JOIN customer AS k ON k.customer_id = s.customer_id) AS x
  CROSS JOIN asked AS a
  JOIN member AS m ON m.contest_id = x.contest_id AND m.person_id = x.person_id
  GROUP BY x.contest_id, m.team, x.outlet_id),
total AS (SELECT s.contest_id, s.team, sum(s.amount) AS amount, count(s.outlet_id) FILTER (WHERE s.active) AS active FROM sold AS s GROUP BY s.contest_id, s.team),
fresh AS (
  SELECT f.contest_id, f.team, count(*) AS outlets
  FROM (SELECT s.contest_id, s.outlet_id, min(s.team) AS team
        FROM (SELECT s.contest_id, s.team, s.outlet_id, s.first_on, min(s.first_on) OVER (PARTITION BY s.contest_id, s.outlet_id) AS opened_on FROM sold AS s WHERE s.outlet_id IS NOT NULL) AS s
        JOIN held AS h ON h.contest_id = s.contest_id AND h.measure = 'new outlets'
        WHERE s.first_on = s.opened_on AND NOT EXISTS (SELECT FROM sale AS e WHERE e.outlet_id = s.outlet_id AND e.amount > 0 AND e.sold_on < s.first_on AND e.sold_on > '-infinity')
        GROUP BY s.contest_id, s.outlet_id) AS f
  GROUP BY f.contest_id, f.team),
aimed AS (
  SELECT t.contest_id, t.team, coalesce(c.target, t.target) AS target
  FROM (SELECT h.contest_id, h.period, m.team, sum(t.target) AS target
        FROM held AS h JOIN member AS m ON m.contest_id = h.contest_id
        LEFT JOIN person_target AS t ON t.person_id = m.person_id AND t.measure = 'amount' AND t.period <@ h.period
        GROUP BY h.contest_id, h.period, m.team) AS t
  LEFT JOIN LATERAL (SELECT sum(c.target) AS target FROM company_target AS c WHERE c.scope = 'team' AND c.key = t.team AND c.measure = 'amount' AND c.period <@ t.period) AS c ON true),
valued AS (
  SELECT h.contest_id, h.name, h.period, h.measure, h.prize, h.winners, h.as_of, m.team, m.people, CASE WHEN h.measure IN ('amount', 'attainment') THEN g.target END AS goal,
         CASE WHEN 'sale' = ANY (a.bound) THEN
           CASE h.measure WHEN 'amount' THEN coalesce(t.amount, 0) WHEN 'attainment' THEN coalesce(t.amount, 0) / nullif(g.target, 0)
             WHEN 'active outlets' THEN coalesce(t.active, 0) WHEN 'new outlets' THEN coalesce(f.outlets, 0) END END AS value
  FROM held AS h CROSS JOIN asked AS a
  JOIN (SELECT m.contest_id, m.team, count(DISTINCT m.person_id) AS people FROM member AS m GROUP BY m.contest_id, m.team) AS m ON m.contest_id = h.contest_id
  LEFT JOIN total AS t ON t.contest_id = h.contest_id AND t.team = m.team
  LEFT JOIN fresh AS f ON f.contest_id = h.contest_id AND f.team = m.team
  LEFT JOIN aimed AS g ON g.contest_id = h.contest_id AND g.team = m.team),
placed AS (
  SELECT v.*, CASE WHEN v.value IS NOT NULL AND lower(v.period) <= v.as_of THEN rank() OVER (PARTITION BY v.contest_id ORDER BY round(v.value, 4) DESC NULLS LAST) END AS place
  FROM valued AS v)
SELECT p.contest_id, p.name, p.period, CASE WHEN lower(p.period) > p.as_of THEN 'planned' WHEN upper(p.period) > p.as_of + 1 THEN 'running' ELSE 'over' END AS state,
       p.measure, p.team, p.people, p.value, p.goal, p.place, (SELECT min(q.value) FROM placed AS q WHERE q.contest_id = p.contest_id AND q.place < p.place) - p.value AS gap,
       p.place <= p.winners AS wins, CASE WHEN p.place <= p.winners THEN p.prize END AS prize, CASE WHEN p.place <= p.winners THEN 1 WHEN p.place > p.winners THEN -1 END AS status, p.as_of
FROM placed AS p
$body$),

(2920, 'report', 'distribution', '{audit,audit.on_planogram,audit.price,audit.facings,product.category,outlet.potential,outlet.territory,outlet.outlet_type,sale}', 'where products and categories stand by the last audit of each outlet in the period: numeric and weighted distribution, the must-stock list, prices; of all outlets, and by territory, channel and type', $columns$
dimension: product or category
key: which, as text
name: name of the product
category: its category
part: all, territory, channel or outlet_type
part_key: which; '' for all
days: the days that the audits are of
audited: outlets where it was looked for
present: outlets of these where it was there; of a category, any product of it
numeric_distribution: present over audited
weighted_distribution: the same by the size of the outlets: what they could buy, or else what they bought in the days
required: positions of the must-stock list that were looked for
required_present: of these, those that were there
mml_distribution: required_present over required
planogram_share: outlets with it in its place, over those where it was there and that was looked at
price: mean price in the outlets where it was there
facings: mean facings in the outlets where it was there
value: numeric_distribution
goal: its goal in kpi_goal, of the channel, the territory, or all
status: 1 where it is reached, 0 within the tolerance, else -1
trend: 1 where value is above that of as many days before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT a.*, a.period * daterange(NULL, a.as_of + 1) AS days FROM {asked} AS a WHERE a.as_of >= lower(a.period)),
turn AS MATERIALIZED (
  SELECT 0 AS no, a.days FROM asked AS a
  UNION ALL
  SELECT 1 AS no, daterange(lower(a.days) - (upper(a.days) - lower(a.days)), lower(a.days)) AS days
  FROM asked AS a WHERE lower(a.days) > '0002-01-01' AND upper(a.days) - lower(a.days) <= 36525),
place AS MATERIALIZED (
  SELECT DISTINCT ON (o.outlet_id) o.outlet_id, coalesce(o.channel, k.channel) AS channel, o.outlet_type, coalesce(o.territory, k.territory) AS territory, o.potential
  FROM outlet AS o LEFT JOIN customer AS k ON k.customer_id = o.customer_id
  WHERE o.outlet_id IS NOT NULL ORDER BY o.outlet_id, o.channel, k.channel, o.outlet_type, o.territory, k.territory, o.potential),
size AS (
  SELECT p.outlet_id, p.potential AS weight FROM place AS p JOIN asked AS a ON 'outlet.potential' = ANY (a.bound)
  UNION ALL
  SELECT s.outlet_id, sum(s.amount) AS weight
  FROM asked AS a JOIN sale AS s ON s.sold_on >= lower(a.days) AND s.sold_on < upper(a.days)
  WHERE s.outlet_id IS NOT NULL AND NOT 'outlet.potential' = ANY (a.bound) GROUP BY s.outlet_id),
last AS MATERIALIZED (
  SELECT t.no, u.outlet_id, max(u.audited_on) AS audited_on
  FROM turn AS t JOIN audit AS u ON u.audited_on >= lower(t.days) AND u.audited_on < upper(t.days) WHERE u.outlet_id IS NOT NULL GROUP BY t.no, u.outlet_id),
seen AS MATERIALIZED (
  SELECT u.no, u.outlet_id, u.product_id, bool_or(u.present) AS present, bool_or(u.on_planogram) FILTER (WHERE u.present) AS on_planogram,
         avg(u.price) FILTER (WHERE u.present) AS price, max(u.facings) FILTER (WHERE u.present) AS facings, bool_or(u.asked_for) AS asked_for
  FROM (SELECT l.no, u.outlet_id, u.product_id, u.present, u.on_planogram, u.price, u.facings,
               EXISTS (SELECT FROM mml AS m WHERE m.product_id = u.product_id AND m.valid @> u.audited_on
                         AND m.channel IN (coalesce(o.channel, ''), '') AND m.outlet_type IN (coalesce(o.outlet_type, ''), '')) AS asked_for
        FROM last AS l JOIN audit AS u ON u.outlet_id = l.outlet_id AND u.audited_on = l.audited_on LEFT JOIN place AS o ON o.outlet_id = u.outlet_id
        WHERE u.present IS NOT NULL AND u.product_id IS NOT NULL) AS u
  GROUP BY u.no, u.outlet_id, u.product_id),
item AS MATERIALIZED (
  SELECT DISTINCT ON (g.product_id) g.product_id, g.name, g.category FROM product AS g WHERE g.product_id IS NOT NULL ORDER BY g.product_id, g.name, g.category),
one AS (
  SELECT s.no, s.outlet_id, d.dimension, d.key, bool_or(s.present) AS present, count(*) FILTER (WHERE s.asked_for) AS required,
         count(*) FILTER (WHERE s.asked_for AND s.present) AS required_present, bool_or(s.on_planogram) AS on_planogram, sum(s.price) AS price, count(s.price) AS prices,
         sum(s.facings) AS facings
  FROM seen AS s LEFT JOIN item AS g ON g.product_id = s.product_id
  CROSS JOIN LATERAL (VALUES ('product', s.product_id::text), ('category', g.category)) AS d (dimension, key)
  WHERE d.key IS NOT NULL GROUP BY s.no, s.outlet_id, d.dimension, d.key),
line AS (
  SELECT x.dimension, x.key, x.part, x.part_key, count(*) FILTER (WHERE x.no = 0) AS audited, count(*) FILTER (WHERE x.no = 0 AND x.present) AS present,
         numeric_distribution(x.present) FILTER (WHERE x.no = 0) AS numeric_distribution, weighted_distribution(x.present, x.weight) FILTER (WHERE x.no = 0) AS weighted_distribution,
         sum(x.required) FILTER (WHERE x.no = 0) AS required, sum(x.required_present) FILTER (WHERE x.no = 0) AS required_present,
         numeric_distribution(x.on_planogram) FILTER (WHERE x.no = 0 AND x.present) AS planogram_share, sum(x.price) FILTER (WHERE x.no = 0) / nullif(sum(x.prices) FILTER (WHERE x.no = 0), 0) AS price,
         avg(x.facings) FILTER (WHERE x.no = 0 AND x.present) AS facings, numeric_distribution(x.present) FILTER (WHERE x.no = 1) AS before
  FROM (SELECT o.no, o.dimension, o.key, d.part, d.part_key, o.present, o.required, o.required_present, o.on_planogram, o.price, o.prices, o.facings, w.weight
        FROM one AS o LEFT JOIN place AS p ON p.outlet_id = o.outlet_id LEFT JOIN size AS w ON w.outlet_id = o.outlet_id
        CROSS JOIN LATERAL (VALUES ('all', ''), ('territory', p.territory), ('channel', p.channel), ('outlet_type', p.outlet_type)) AS d (part, part_key)
        WHERE d.part_key IS NOT NULL) AS x
  GROUP BY x.dimension, x.key, x.part, x.part_key)
SELECT l.dimension, l.key, i.name, coalesce(i.category, CASE l.dimension WHEN 'category' THEN l.key END) AS category, l.part, l.part_key, a.days, l.audited, l.present,
       l.numeric_distribution, l.weighted_distribution, l.required::bigint AS required, l.required_present::bigint AS required_present,
       l.required_present / nullif(l.required, 0) AS mml_distribution, l.planogram_share, l.price, l.facings, l.numeric_distribution AS value, g.goal,
       kpi_status(l.numeric_distribution, g.goal, g.tolerance) AS status, kpi_trend(l.numeric_distribution, l.before) AS trend, a.as_of
FROM line AS l CROSS JOIN asked AS a
LEFT JOIN item AS i ON l.dimension = 'product' AND i.product_id::text = l.key
$body$ || kam_model_goal('numeric_distribution', NULL, 'NULL', $$CASE l.part WHEN 'channel' THEN l.part_key END$$, $$CASE l.part WHEN 'territory' THEN l.part_key END$$, 'NULL') || $body$
WHERE l.audited > 0
$body$),

(2930, 'report', 'standard_check', '{store_check,store_check.target,outlet.territory,outlet.channel,outlet.outlet_type,store_check.person_id}', 'standards of execution by their last check in each outlet of the period, beside the score that is asked for; of all outlets, and by territory, channel, type of outlet and person', $columns$
standard: the standard
part: all, territory, channel, outlet_type or person
part_key: which, as text; '' for all
days: the days that the checks are of
outlets: outlets where it was checked
reached: of these with a target, those whose score reaches it
reached_share: that over those with a target
score: mean score
target: mean target, of the check, or else of visit_standard
gap: mean of score less target, of those with a target
weight: weight of the standard in visit_standard
last_checked_on: day of the last check
value: score
goal: target
status: 1 where it is reached, 0 within goal_tolerance, else -1
trend: 1 where the mean score is above that of as many days before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT a.*, a.period * daterange(NULL, a.as_of + 1) AS days FROM {asked} AS a WHERE a.as_of >= lower(a.period)),
turn AS MATERIALIZED (
  SELECT 0 AS no, a.days FROM asked AS a
  UNION ALL
  SELECT 1 AS no, daterange(lower(a.days) - (upper(a.days) - lower(a.days)), lower(a.days)) AS days
  FROM asked AS a WHERE lower(a.days) > '0002-01-01' AND upper(a.days) - lower(a.days) <= 36525),
place AS MATERIALIZED (
  SELECT DISTINCT ON (o.outlet_id) o.outlet_id, coalesce(o.channel, k.channel) AS channel, o.outlet_type, coalesce(o.territory, k.territory) AS territory, coalesce(o.person_id, k.person_id) AS person_id
  FROM outlet AS o LEFT JOIN customer AS k ON k.customer_id = o.customer_id
  WHERE o.outlet_id IS NOT NULL ORDER BY o.outlet_id, o.channel, k.channel, o.outlet_type, o.territory, k.territory, o.person_id, k.person_id),
checked AS (
  SELECT DISTINCT ON (t.no, c.outlet_id, c.standard) t.no, c.outlet_id, c.standard, c.checked_on, c.score, c.target, c.person_id
  FROM turn AS t JOIN store_check AS c ON c.checked_on >= lower(t.days) AND c.checked_on < upper(t.days)
  WHERE c.outlet_id IS NOT NULL AND c.standard IS NOT NULL AND c.score IS NOT NULL
  ORDER BY t.no, c.outlet_id, c.standard, c.checked_on DESC, c.score, c.target, c.person_id),
one AS (
  SELECT c.no, c.standard, c.checked_on, c.score, coalesce(c.target, v.target) AS target, v.weight, d.part, d.part_key
  FROM checked AS c
  LEFT JOIN place AS p ON p.outlet_id = c.outlet_id
  LEFT JOIN LATERAL (
    SELECT v.target, v.weight FROM visit_standard AS v WHERE v.standard = c.standard AND v.channel IN (coalesce(p.channel, ''), '') ORDER BY v.channel = '' LIMIT 1) AS v ON true
  CROSS JOIN LATERAL (VALUES ('all', ''), ('territory', p.territory), ('channel', p.channel), ('outlet_type', p.outlet_type), ('person', coalesce(c.person_id, p.person_id)::text)) AS d (part, part_key)
  WHERE d.part_key IS NOT NULL),
line AS (
  SELECT o.standard, o.part, o.part_key, count(*) FILTER (WHERE o.no = 0) AS outlets, count(*) FILTER (WHERE o.no = 0 AND o.score >= o.target) AS reached,
         count(o.target) FILTER (WHERE o.no = 0) AS aimed, avg(o.score) FILTER (WHERE o.no = 0) AS score, avg(o.target) FILTER (WHERE o.no = 0) AS target,
         avg(o.score - o.target) FILTER (WHERE o.no = 0) AS gap, avg(o.weight) FILTER (WHERE o.no = 0) AS weight, max(o.checked_on) AS last_checked_on,
         avg(o.score) FILTER (WHERE o.no = 1) AS before
  FROM one AS o GROUP BY o.standard, o.part, o.part_key)
SELECT l.standard, l.part, l.part_key, a.days, l.outlets, CASE WHEN l.aimed > 0 THEN l.reached END AS reached, l.reached::numeric / nullif(l.aimed, 0) AS reached_share,
       l.score, l.target, l.gap, l.weight, l.last_checked_on, l.score AS value, l.target AS goal, kpi_status(l.score, l.target, a.goal_tolerance) AS status,
       kpi_trend(l.score, l.before) AS trend, a.as_of
FROM line AS l CROSS JOIN asked AS a
WHERE l.outlets > 0
$body$),

(2940, 'report', 'route_load', '{outlet,outlet.person_id,outlet.route,outlet.class,outlet.channel,customer.person_id,customer.channel,person.hours}', 'the visits that service_policy asks for in a month against the hours of those who make them: load, and people needed, by person and route, and of all', $columns$
dimension: all, person or route
key: which, as text; '' for all
name: name of the person
team: his team
territory: his territory
person_id: the person
outlets: outlets open on as_of that belong to it
unassigned: of these, those that nobody is to visit
without_policy: of these, those that service_policy says nothing about
visits: visits that it asks for in a month
hours_required: hours that they take; NULL: the minutes of some are not known
people: people who visit them
hours: working hours of these people in a month; NULL: those of some are not known
load: hours_required over hours; above 1 it is too much
head_count: people that the hours ask for, at the mean of these hours, rounded up
value: load
goal: goal of load in kpi_goal, of the person, the team, the territory, or all; or else 1
status: 1 up to it, 0 within the tolerance, -1 above
trend: 1 where hours_required is below that of the outlets open before the period, -1 where it is above, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT a.* FROM {asked} AS a WHERE a.as_of >= lower(a.period)),
one AS (
  SELECT o.outlet_id, coalesce(o.person_id, k.person_id) AS person_id, o.route, n.visits, CASE WHEN n.visits = 0 THEN 0 ELSE n.visits * n.minutes END AS minutes, v.open, v.open_before
  FROM outlet AS o CROSS JOIN asked AS a
  LEFT JOIN customer AS k ON k.customer_id = o.customer_id
  LEFT JOIN LATERAL (
    SELECT n.visits, n.minutes FROM service_policy AS n
    WHERE n.channel IN (coalesce(o.channel, k.channel), '') AND n.class IN (o.class, '') ORDER BY n.class = '', n.channel = '' LIMIT 1) AS n ON true
  CROSS JOIN LATERAL (
    SELECT coalesce(o.closed_on > a.as_of, true) AND coalesce(o.opened_on <= a.as_of, true) AS open,
           coalesce(o.closed_on >= lower(a.period), true) AND coalesce(o.opened_on < lower(a.period), true) AS open_before) AS v
  WHERE o.outlet_id IS NOT NULL AND (v.open OR v.open_before)),
line AS (
  SELECT d.dimension, d.key, count(*) FILTER (WHERE t.open) AS outlets, count(*) FILTER (WHERE t.open AND t.person_id IS NULL) AS unassigned,
         count(*) FILTER (WHERE t.open AND t.visits IS NULL) AS without_policy, sum(t.visits) FILTER (WHERE t.open) AS visits,
         CASE WHEN count(t.visits) FILTER (WHERE t.open) = count(t.minutes) FILTER (WHERE t.open) THEN sum(t.minutes) FILTER (WHERE t.open) / 60 END AS required,
         CASE WHEN count(t.visits) FILTER (WHERE t.open_before) = count(t.minutes) FILTER (WHERE t.open_before) THEN sum(t.minutes) FILTER (WHERE t.open_before) / 60 END AS required_before,
         array_agg(DISTINCT t.person_id) FILTER (WHERE t.open AND t.person_id IS NOT NULL) AS people
  FROM one AS t
  CROSS JOIN LATERAL (VALUES ('all', ''), ('person', t.person_id::text), ('route', t.route)) AS d (dimension, key)
  WHERE d.key IS NOT NULL GROUP BY d.dimension, d.key)
SELECT l.dimension, l.key, p.name, p.team, p.territory, p.person_id, l.outlets, l.unassigned, l.without_policy, l.visits, l.required AS hours_required,
       cardinality(l.people) AS people, h.hours, kam_load(l.required, h.hours) AS load, ceil(l.required * cardinality(l.people) / nullif(h.hours, 0)) AS head_count,
       kam_load(l.required, h.hours) AS value, coalesce(g.goal, 1) AS goal, kpi_status(kam_load(l.required, h.hours), coalesce(g.goal, 1), coalesce(g.tolerance, a.goal_tolerance), 'down') AS status,
       kpi_trend(l.required, l.required_before, 0, 'down') AS trend, a.as_of
FROM line AS l CROSS JOIN asked AS a
LEFT JOIN LATERAL (SELECT min(p.name) AS name, min(p.team) AS team, min(p.territory) AS territory, p.person_id FROM person AS p WHERE l.dimension = 'person' AND p.person_id::text = l.key GROUP BY p.person_id) AS p ON true
LEFT JOIN LATERAL (
  SELECT CASE WHEN count(p.hours) = cardinality(l.people) THEN sum(p.hours) END AS hours
  FROM (SELECT p.person_id, max(p.hours) AS hours FROM person AS p WHERE p.person_id = ANY (l.people) GROUP BY p.person_id) AS p) AS h ON true
$body$ || kam_model_goal('load', NULL, $$CASE l.dimension WHEN 'person' THEN l.key END$$, NULL, 'p.territory', 'p.team') || $body$
WHERE l.outlets > 0
$body$);
