-- Reports of a model: the care that key accounts get, and the people who look after them

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(3120, 'report', 'account_care', '{sale,customer,customer.contact_cadence,contact,contact.decides,contact.role,contact.attitude,contact.birthday,contact.valid,contact_log,contact_log.kind,contact_log.planned_on,contact_log.answered_on,contact_log.minutes,visit,outlet,complaint,competitor,competitor.share,tender}', 'whether each key account gets the care that he was promised: dossier, contacts, people, reviews, and the mistakes that cost an account', $columns$
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
kam_group: protection, growth or strategic
manager_id: his account manager; NULL: none
vacant_days: days of the period that he was in the programme and had none
period: the days looked at, up to as_of
filled: sections of the dossier with something in them, of general, history, decisions and competitors
fresh: of these, those brought up to date within dossier_months
missing: sections that are empty or out of date
dossier_on: the last day that it was brought up to date
contact_cadence: how often he is to be called
contacts: days with a contact in the period
contacts_due: contacts that the cadence asks for in it
last_contact: day of the last contact
next_contact: when the next is due
contact_overdue: that day is over
planned: contacts that were planned for a day of the period, and held
punctual: of these, those held by that day, and visit_tolerance
punctuality: punctual over planned
hours: hours in contact in the period
feedback: feedback that he gave in the period
unanswered: his feedback that is not answered yet
last_touch: day of the last contact, visit or purchase
forgotten: that is longer ago than his cadence, or without one than lost_after
complaints: complaints of the period
open_complaints: complaints that are not settled
people: people known at the customer
deciders: of these, those who decide
opponents: those who are against us
new_people: those who came within changed_months
next_birthday: the next birthday of one of them
birthday_of: whose
competitors: other suppliers known
competitor_share: their shares of what he buys, together
tenders_won: tenders of the period that were won
tenders_lost: those that were lost
win_rate: won over won and lost
reviewed_on: day of the last business review
next_review: when the next is due
review_overdue: that day is over
mistakes: what is wrong: no manager, dossier, no decider, forgotten, contact overdue, feedback unanswered, open complaint, review overdue
value: fresh sections over all four
goal: that of kpi_goal for dossier_completeness
status: 1 where value reaches goal, 0 within the tolerance, else -1
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, CASE WHEN lower(a.period) <= a.as_of AND upper(a.period) - lower(a.period) <= 36525 THEN daterange(lower(a.period), least(upper(a.period), a.as_of + 1)) END AS days,
         (a.as_of - make_interval(months => a.dossier_months))::date AS fresh_since, (a.as_of - make_interval(months => a.changed_months))::date AS changed_since
  FROM {asked} AS a WHERE a.as_of >= '0001-01-01')
SELECT m.customer_id, k.name, k.channel, k.territory, k.person_id, m.kam_group, r.person_id AS manager_id, u.vacant_days, a.days AS period, coalesce(d.filled, 0) AS filled, coalesce(array_length(d.fresh, 1), 0) AS fresh,
       x.missing, d.dossier_on, k.contact_cadence, CASE WHEN y.logged THEN coalesce(c.contacts, 0) END AS contacts,
       CASE WHEN a.days IS NOT NULL AND n.every IS NOT NULL THEN cardinality(ARRAY(SELECT generate_series(lower(a.days) + n.every, upper(a.days)::timestamp, n.every))) END AS contacts_due,
       c.last_contact, x.next_contact, x.next_contact < a.as_of AS contact_overdue,
       CASE WHEN y.planned THEN coalesce(c.planned, 0) END AS planned, CASE WHEN y.planned THEN coalesce(c.punctual, 0) END AS punctual,
       CASE WHEN y.planned THEN c.punctual::numeric / nullif(c.planned, 0) END AS punctuality, CASE WHEN 'contact_log.minutes' = ANY (a.bound) THEN coalesce(c.minutes, 0) / 60 END AS hours,
       CASE WHEN y.kinds THEN coalesce(c.feedback, 0) END AS feedback, CASE WHEN y.answers THEN coalesce(c.unanswered, 0) END AS unanswered, x.last_touch, x.forgotten,
       CASE WHEN y.complaints THEN coalesce(q.complaints, 0) END AS complaints, CASE WHEN y.complaints THEN coalesce(q.open_complaints, 0) END AS open_complaints,
       CASE WHEN y.people THEN coalesce(p.people, 0) END AS people, CASE WHEN y.deciders THEN coalesce(p.deciders, 0) END AS deciders,
       CASE WHEN 'contact.attitude' = ANY (a.bound) THEN coalesce(p.opponents, 0) END AS opponents, CASE WHEN 'contact.valid' = ANY (a.bound) THEN coalesce(p.new_people, 0) END AS new_people,
       p.next_birthday, p.birthday_of, CASE WHEN 'competitor' = ANY (a.bound) THEN coalesce(e.competitors, 0) END AS competitors, e.competitor_share,
       CASE WHEN 'tender' = ANY (a.bound) THEN coalesce(t.won, 0) END AS tenders_won, CASE WHEN 'tender' = ANY (a.bound) THEN coalesce(t.lost, 0) END AS tenders_lost,
       t.won::numeric / nullif(t.won + t.lost, 0) AS win_rate, v.reviewed_on, x.next_review, x.next_review < a.as_of AS review_overdue,
       array_remove(ARRAY[CASE WHEN r.person_id IS NULL THEN 'no manager' END, CASE WHEN x.missing <> '{}' THEN 'dossier' END, CASE WHEN y.deciders AND coalesce(p.deciders, 0) = 0 THEN 'no decider' END,
         CASE WHEN x.forgotten THEN 'forgotten' END, CASE WHEN x.next_contact < a.as_of THEN 'contact overdue' END, CASE WHEN y.answers AND c.unanswered > 0 THEN 'feedback unanswered' END,
         CASE WHEN q.open_complaints > 0 THEN 'open complaint' END, CASE WHEN x.next_review < a.as_of THEN 'review overdue' END], NULL) AS mistakes,
       x.completeness AS value, g.goal, kpi_status(x.completeness, g.goal, g.tolerance) AS status, a.as_of
FROM kam_member AS m JOIN asked AS a ON m.valid @> a.as_of
CROSS JOIN LATERAL (
  SELECT 'contact_log' = ANY (a.bound) AS logged, 'contact_log.planned_on' = ANY (a.bound) AS planned, 'contact_log.kind' = ANY (a.bound) AS kinds,
         'contact_log.kind' = ANY (a.bound) AND 'contact_log.answered_on' = ANY (a.bound) AS answers, 'complaint' = ANY (a.bound) AS complaints, 'contact' = ANY (a.bound) AS people,
         '{contact.decides,contact.role}' && a.bound AS deciders, '{sale,visit,contact_log}' && a.bound AS touched) AS y
LEFT JOIN customer AS k ON k.customer_id = m.customer_id
LEFT JOIN kam_assignment AS r ON r.customer_id = m.customer_id AND r.role = 'manager' AND r.valid @> a.as_of
LEFT JOIN (
  SELECT h.customer_id, min(lower(h.valid)) FILTER (WHERE isfinite(lower(h.valid))) AS joined, range_agg(h.valid) AS inside
  FROM kam_member AS h JOIN asked AS a ON h.valid && daterange(NULL, a.as_of + 1) GROUP BY h.customer_id) AS j ON j.customer_id = m.customer_id
LEFT JOIN (SELECT g.customer_id, range_agg(g.valid) AS managed FROM kam_assignment AS g WHERE g.role = 'manager' GROUP BY g.customer_id) AS h ON h.customer_id = m.customer_id
CROSS JOIN LATERAL (
  SELECT CASE WHEN a.days IS NOT NULL THEN coalesce(sum(upper(v) - lower(v)), 0) END AS vacant_days
  FROM unnest(j.inside * datemultirange(a.days) - coalesce(h.managed, '{}')) AS v) AS u
LEFT JOIN (
  SELECT q.customer_id, count(*)::integer AS filled, array_agg(q.section) FILTER (WHERE q.updated_on > a.fresh_since) AS fresh, max(q.updated_on) AS dossier_on
  FROM dossier AS q JOIN asked AS a ON q.updated_on <= a.as_of WHERE q.content ~ '\S' GROUP BY q.customer_id) AS d ON d.customer_id = m.customer_id
LEFT JOIN (
  SELECT q.customer_id, max(q.contacted_on) FILTER (WHERE isfinite(q.contacted_on)) AS last_contact, count(DISTINCT q.contacted_on) FILTER (WHERE a.days @> q.contacted_on)::integer AS contacts,
         count(*) FILTER (WHERE a.days @> q.planned_on) AS planned, count(*) FILTER (WHERE a.days @> q.planned_on AND CASE WHEN isfinite(q.planned_on) AND isfinite(q.contacted_on) THEN q.contacted_on - q.planned_on <= a.visit_tolerance END) AS punctual,
         sum(q.minutes) FILTER (WHERE a.days @> q.contacted_on) AS minutes, count(*) FILTER (WHERE q.kind = 'feedback' AND a.days @> q.contacted_on) AS feedback,
         count(*) FILTER (WHERE q.kind = 'feedback' AND (q.answered_on > a.as_of OR q.answered_on IS NULL)) AS unanswered
  FROM contact_log AS q JOIN asked AS a ON q.contacted_on <= a.as_of GROUP BY q.customer_id) AS c ON c.customer_id = m.customer_id
LEFT JOIN (
  SELECT q.customer_id, max(q.sold_on) AS last_order
  FROM sale AS q JOIN asked AS a ON q.sold_on >= '0001-01-01' AND q.sold_on <= a.as_of AND q.amount > 0 GROUP BY q.customer_id) AS s ON s.customer_id = m.customer_id
LEFT JOIN (
  SELECT o.customer_id, max(q.visited_on) AS last_visit
  FROM outlet AS o JOIN visit AS q ON q.outlet_id = o.outlet_id JOIN asked AS a ON q.visited_on BETWEEN '0001-01-01' AND a.as_of GROUP BY o.customer_id) AS w ON w.customer_id = m.customer_id
LEFT JOIN (
  SELECT q.customer_id, count(*) FILTER (WHERE a.days @> q.opened_on) AS complaints, count(*) FILTER (WHERE q.closed_on > a.as_of OR q.closed_on IS NULL) AS open_complaints
  FROM complaint AS q JOIN asked AS a ON q.opened_on <= a.as_of GROUP BY q.customer_id) AS q ON q.customer_id = m.customer_id
LEFT JOIN (
  SELECT q.customer_id, count(*) AS people, count(*) FILTER (WHERE q.decides OR q.role = 'decider') AS deciders, count(*) FILTER (WHERE q.attitude = 'against') AS opponents,
         count(*) FILTER (WHERE lower(q.valid) > a.changed_since) AS new_people, min(b.day) AS next_birthday, (array_agg(q.name ORDER BY b.day, q.name COLLATE "C") FILTER (WHERE b.day IS NOT NULL))[1] AS birthday_of
  FROM contact AS q JOIN asked AS a ON q.valid @> a.as_of OR q.valid IS NULL
  CROSS JOIN LATERAL (SELECT CASE WHEN q.birthday BETWEEN '0001-01-01' AND a.as_of THEN q.birthday END AS born) AS d
  CROSS JOIN LATERAL (
    SELECT min(n.day) AS day
    FROM (VALUES (0), (1)) AS l (later)
    CROSS JOIN LATERAL (SELECT (d.born + make_interval(years => (date_part('year', a.as_of) - date_part('year', d.born))::integer + l.later))::date AS day) AS n
    WHERE n.day >= a.as_of) AS b
  GROUP BY q.customer_id) AS p ON p.customer_id = m.customer_id
LEFT JOIN (
  SELECT l.customer_id, count(*) AS competitors, sum(l.share) AS competitor_share
  FROM (SELECT DISTINCT ON (q.customer_id, q.competitor) q.customer_id, q.share
        FROM competitor AS q JOIN asked AS a ON q.seen_on <= a.as_of OR q.seen_on IS NULL ORDER BY q.customer_id, q.competitor, q.seen_on DESC NULLS LAST, q.share DESC NULLS LAST) AS l
  GROUP BY l.customer_id) AS e ON e.customer_id = m.customer_id
LEFT JOIN (
  SELECT q.customer_id, count(*) FILTER (WHERE q.result = 'won') AS won, count(*) FILTER (WHERE q.result = 'lost') AS lost
  FROM tender AS q JOIN asked AS a ON a.days @> q.offered_on GROUP BY q.customer_id) AS t ON t.customer_id = m.customer_id
LEFT JOIN (
  SELECT q.customer_id, max(q.reviewed_on) FILTER (WHERE q.reviewed_on <= a.as_of AND isfinite(q.reviewed_on)) AS reviewed_on, max(q.next_review_on) FILTER (WHERE q.period @> a.as_of) AS next_review_on
  FROM agreement AS q CROSS JOIN asked AS a GROUP BY q.customer_id) AS v ON v.customer_id = m.customer_id
CROSS JOIN LATERAL (
  SELECT CASE lower(btrim(k.contact_cadence)) WHEN 'day' THEN interval '1 day' WHEN 'week' THEN interval '7 days' WHEN 'fortnight' THEN interval '14 days' WHEN 'month' THEN interval '1 month'
           WHEN 'quarter' THEN interval '3 months' WHEN 'half-year' THEN interval '6 months' WHEN 'year' THEN interval '1 year' END AS every) AS n
CROSS JOIN LATERAL (
  SELECT ARRAY(SELECT u.section FROM unnest('{general,history,decisions,competitors}'::text[]) WITH ORDINALITY AS u (section, place) WHERE NOT u.section = ANY (coalesce(d.fresh, '{}')) ORDER BY u.place) AS missing,
         coalesce(array_length(d.fresh, 1), 0) / 4.0 AS completeness, greatest(c.last_contact, w.last_visit, s.last_order) AS last_touch,
         CASE WHEN y.logged THEN (coalesce(c.last_contact, j.joined) + n.every)::date END AS next_contact,
         CASE WHEN y.touched THEN coalesce(CASE WHEN n.every IS NULL THEN a.as_of - greatest(c.last_contact, w.last_visit, s.last_order) > a.lost_after
           ELSE greatest(c.last_contact, w.last_visit, s.last_order) + n.every < a.as_of END, true) END AS forgotten,
         CASE WHEN v.next_review_on > v.reviewed_on OR v.reviewed_on IS NULL AND v.next_review_on IS NOT NULL THEN v.next_review_on
           ELSE (coalesce(v.reviewed_on, j.joined) + make_interval(months => a.review_months))::date END AS next_review) AS x
$body$ || kam_model_goal('dossier_completeness', 'm.customer_id', 'k.person_id', 'k.channel', 'k.territory')),

(3130, 'report', 'assessment_gap', '{sale,person}', 'what people can do beside what is asked of them, module by module, by their last assessment', $columns$
person_id: the person
name: his name
role: his role
team: his team
territory: his territory
manager_id: his superior
module: the module, or skill
assessed_on: day of the last assessment
score: 1 to 5
norm: what is asked for
gap: score less norm
below: the score is below the norm
score_before: score of the assessment before
people: how many people are assessed in the module
module_mean: mean of their last scores
module_gap: mean of their gaps
module_below: how many of them are below the norm
train_first: place among his gaps, 1 the widest; NULL: no gap
value: score
goal: norm
status: 1 where value reaches goal, else -1
trend: 1 where score is above score_before, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
latest AS (
  SELECT s.person_id, s.module, s.assessed_on, s.score, s.norm, s.score_before, count(*) OVER module AS people, avg(s.score) OVER module AS module_mean, avg(s.score - s.norm) OVER module AS module_gap,
         count(*) FILTER (WHERE s.score < s.norm) OVER module AS module_below,
         CASE WHEN s.score < s.norm THEN rank() OVER (PARTITION BY s.person_id, s.score < s.norm ORDER BY s.score - s.norm) END AS train_first, s.as_of
  FROM (SELECT q.person_id, q.module, q.assessed_on, q.score, q.norm, lead(q.score) OVER w AS score_before, row_number() OVER w AS place, a.as_of
        FROM assessment AS q JOIN asked AS a ON q.assessed_on <= a.as_of WINDOW w AS (PARTITION BY q.person_id, q.module ORDER BY q.assessed_on DESC)) AS s
  WHERE s.place = 1 AND NOT EXISTS (SELECT FROM person AS p WHERE p.person_id = s.person_id AND p.left_on <= s.as_of)
  WINDOW module AS (PARTITION BY s.module))
SELECT s.person_id, p.name, p.role, p.team, p.territory, p.manager_id, s.module, s.assessed_on, s.score, s.norm, s.score - s.norm AS gap, s.score < s.norm AS below, s.score_before,
       s.people, s.module_mean, s.module_gap, s.module_below, s.train_first, s.score::numeric AS value, s.norm::numeric AS goal, CASE WHEN s.score >= s.norm THEN 1 WHEN s.score < s.norm THEN -1 END AS status,
       sign(s.score - s.score_before)::integer AS trend, s.as_of
FROM latest AS s
LEFT JOIN person AS p ON p.person_id = s.person_id
$body$),

(3131, 'report', 'manager_performance', '{sale,person,person.successor_id,outlet,contact_log,contact_log.person_id,contact_log.kind,contact_log.answered_on}', 'what each account manager makes of his accounts: how long they stay, whether they grow like for like, contacts and feedback, what he can do, and who could take over', $columns$
person_id: the manager
name: his name
role: his role
team: his team
territory: his territory
period: the days looked at, up to as_of
accounts: customers whom he manages on the day
strategic: of these, those in the strategic group
key_accounts: those in the programme
outlets: outlets of his accounts that are open
tenure_months: full months that they have bought from us, the mean
managed_months: full months that he has managed them, the mean
with_plan: accounts with an active plan on the day
plan_coverage: with_plan over accounts
sales: sales of his accounts in the period, whoever managed them then
sales_before: the same in the year before
growth: growth from that
like_for_like: growth of those who bought in the year before
key_sales: sales of his key accounts in the period
key_growth: growth of these since the year before
stayed: accounts that bought in the year before, and in the period
retention: stayed over those that bought in the year before
contacted: accounts that he was in contact with in the period
contacts: contacts of his in the period
feedback: feedback of his accounts in the period
answered: of this, what was answered
skills: modules that he was assessed in
skills_below: modules in which he is below the norm
skill_gap: mean of score less norm
successor_id: who can take over; NULL: nobody
successor: his name
value: like_for_like
goal: that of kpi_goal for like_for_like
status: 1 where value reaches goal, 0 within the tolerance, else -1
trend: 1 where value is above zero, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (
  SELECT a.*, d.days, prior_year(d.days) AS prior, 'sale' = ANY (a.bound) AS known
  FROM {asked} AS a
  CROSS JOIN LATERAL (SELECT CASE WHEN lower(a.period) <= a.as_of AND upper(a.period) - lower(a.period) <= 36525 THEN daterange(lower(a.period), least(upper(a.period), a.as_of + 1)) END AS days) AS d),
account AS (
  SELECT g.person_id, g.customer_id, m.kam_group, CASE WHEN isfinite(lower(g.valid)) THEN history_months(lower(g.valid), a.as_of) END AS managed,
         history_months(s.first_sale, a.as_of) AS tenure, coalesce(s.sales, 0) AS sales, coalesce(s.before, 0) AS before,
         EXISTS (SELECT FROM plan AS p WHERE p.customer_id = g.customer_id AND p.status = 'active' AND p.period @> a.as_of) AS planned, o.outlets, c.feedback, c.answered
  FROM kam_assignment AS g JOIN asked AS a ON g.role = 'manager' AND g.valid @> a.as_of
  LEFT JOIN kam_member AS m ON m.customer_id = g.customer_id AND m.valid @> a.as_of
  LEFT JOIN (
    SELECT q.customer_id, min(q.sold_on) FILTER (WHERE q.amount > 0) AS first_sale, sum(q.amount) FILTER (WHERE q.sold_on <@ a.days) AS sales, sum(q.amount) FILTER (WHERE q.sold_on <@ a.prior) AS before
    FROM sale AS q JOIN asked AS a ON q.sold_on BETWEEN '0001-01-01' AND a.as_of GROUP BY q.customer_id) AS s ON s.customer_id = g.customer_id
  LEFT JOIN (
    SELECT q.customer_id, count(DISTINCT q.outlet_id) AS outlets FROM outlet AS q JOIN asked AS a ON (q.closed_on > a.as_of OR q.closed_on IS NULL) AND (q.opened_on <= a.as_of OR q.opened_on IS NULL) GROUP BY q.customer_id) AS o
    ON o.customer_id = g.customer_id
  LEFT JOIN (
    SELECT q.customer_id, count(*) AS feedback, count(*) FILTER (WHERE q.answered_on <= a.as_of) AS answered
    FROM contact_log AS q JOIN asked AS a ON q.kind = 'feedback' AND a.days @> q.contacted_on GROUP BY q.customer_id) AS c ON c.customer_id = g.customer_id),
folio AS (
  SELECT c.person_id, count(*) AS accounts, count(*) FILTER (WHERE c.kam_group = 'strategic') AS strategic, count(c.kam_group) AS key_accounts, coalesce(sum(c.outlets), 0)::bigint AS outlets,
         avg(c.tenure) AS tenure, avg(c.managed) AS managed, count(*) FILTER (WHERE c.planned) AS planned, sum(c.sales) AS sales, sum(c.before) AS before,
         sum(c.sales) FILTER (WHERE c.before > 0) AS like_now, sum(c.before) FILTER (WHERE c.before > 0) AS like_before, coalesce(sum(c.sales) FILTER (WHERE c.kam_group IS NOT NULL), 0) AS key_sales,
         sum(c.before) FILTER (WHERE c.kam_group IS NOT NULL) AS key_before, count(*) FILTER (WHERE c.before > 0 AND c.sales > 0) AS stayed, count(*) FILTER (WHERE c.before > 0) AS started,
         coalesce(sum(c.feedback), 0)::bigint AS feedback, coalesce(sum(c.answered), 0)::bigint AS answered
  FROM account AS c GROUP BY c.person_id)
SELECT f.person_id, p.name, p.role, p.team, p.territory, a.days AS period, f.accounts, f.strategic, f.key_accounts, CASE WHEN 'outlet' = ANY (a.bound) THEN f.outlets END AS outlets,
       f.tenure AS tenure_months, f.managed AS managed_months, f.planned AS with_plan, f.planned::numeric / f.accounts AS plan_coverage,
       x.sales, x.before AS sales_before, growth_rate(x.sales, x.before) AS growth, x.like_for_like, CASE WHEN x.counted THEN f.key_sales END AS key_sales,
       CASE WHEN x.counted THEN growth_rate(f.key_sales, f.key_before) END AS key_growth, CASE WHEN x.counted THEN f.stayed END AS stayed, CASE WHEN x.counted THEN f.stayed::numeric / nullif(f.started, 0) END AS retention,
       CASE WHEN 'contact_log.person_id' = ANY (a.bound) THEN coalesce(c.contacted, 0) END AS contacted, CASE WHEN 'contact_log.person_id' = ANY (a.bound) THEN coalesce(c.contacts, 0) END AS contacts,
       CASE WHEN 'contact_log.kind' = ANY (a.bound) THEN f.feedback END AS feedback, CASE WHEN 'contact_log.kind' = ANY (a.bound) AND 'contact_log.answered_on' = ANY (a.bound) THEN f.answered END AS answered,
       coalesce(s.skills, 0) AS skills, coalesce(s.below, 0) AS skills_below, s.gap AS skill_gap, p.successor_id, n.name AS successor,
       x.like_for_like AS value, g.goal, kpi_status(x.like_for_like, g.goal, g.tolerance) AS status, sign(x.like_for_like)::integer AS trend, a.as_of
FROM folio AS f CROSS JOIN asked AS a
LEFT JOIN person AS p ON p.person_id = f.person_id
LEFT JOIN person AS n ON n.person_id = p.successor_id
LEFT JOIN (
  SELECT q.person_id, count(*) AS contacts, count(DISTINCT g.customer_id) AS contacted
  FROM contact_log AS q JOIN asked AS a ON a.days @> q.contacted_on
  LEFT JOIN kam_assignment AS g ON g.customer_id = q.customer_id AND g.person_id = q.person_id AND g.role = 'manager' AND g.valid @> a.as_of
  GROUP BY q.person_id) AS c ON c.person_id = f.person_id
LEFT JOIN (
  SELECT q.person_id, count(*) AS skills, count(*) FILTER (WHERE q.score < q.norm) AS below, avg(q.score - q.norm) AS gap
  FROM (SELECT DISTINCT ON (q.person_id, q.module) q.person_id, q.score, q.norm FROM assessment AS q JOIN asked AS a ON q.assessed_on <= a.as_of ORDER BY q.person_id, q.module, q.assessed_on DESC) AS q
  GROUP BY q.person_id) AS s ON s.person_id = f.person_id
CROSS JOIN LATERAL (SELECT a.known AND a.days IS NOT NULL AS counted, CASE WHEN a.known AND a.days IS NOT NULL THEN f.sales END AS sales, CASE WHEN a.known AND a.days IS NOT NULL THEN f.before END AS before,
                           CASE WHEN a.known AND a.days IS NOT NULL THEN growth_rate(f.like_now, f.like_before) END AS like_for_like) AS x
$body$ || kam_model_goal('like_for_like', NULL, 'f.person_id', NULL, 'p.territory', 'p.team'));
