-- What all reports stand on: the settings in force, and sales over time. Reports read sales of several buckets
-- from the series only, so that tables kept up to date can take the place of these views.
--
-- The series have a branch for each grain, and what leaves out rows stands above them: then a condition on the grain
-- and the others fold into one, and PostgreSQL drops a branch before it plans it.
--
-- In a body {asked} is in_force for a view, and in_force(as_of, period) for the function beside it. LIMIT 1 in in_force
-- tells the planner that it is one row: of a table of one row nobody ever gathers statistics, and a report that took
-- it for many would be planned for as many times its sales.

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(1000, 'report', 'in_force', '{sale}', 'the settings that reports work with, as of a day', $columns$
as_of: the last day that counts
period: the days that reports look at
closed: the last complete buckets, which classes are read off
bound: the sources that are bound, and their columns: sale, sale.amount, ...
grain: as in setting
buckets: as in setting
calendar: as in setting
unit: as in setting
tolerance: as in setting
abc_cutoffs: as in setting
abc_boundary: as in setting
xyz_cutoffs: as in setting
deviation: as in setting
since_first: as in setting
frequency_shares: as in setting
bins: as in setting
size_thresholds: as in setting
k: as in setting
recent: as in setting
base: as in setting
churn_tolerance: as in setting
compare: as in setting
at_risk_after: as in setting
lost_after: as in setting
new_for: as in setting
activity: as in setting
min_amount: as in setting
min_products: as in setting
min_category_products: as in setting
systemic_share: as in setting
share: as in setting
new_months: as in setting
typical_from: as in setting
typical_to: as in setting
reactive_to: as in setting
planned_from: as in setting
plan_months: as in setting
stuffed_from: as in setting
near_from: as in setting
visit_tolerance: as in setting
growth: as in setting
gap_share: as in setting
goal_tolerance: as in setting
top_n: as in setting
changed_months: as in setting
regular_from: as in setting
unrealised_from: as in setting
won_months: as in setting
review_months: as in setting
dossier_months: as in setting
$columns$, $body$
SELECT d.as_of,
       coalesce(asked.period, s.period, CASE WHEN d.as_of IS NOT NULL THEN days_of_year(d.year) END) AS period,
       closed_period(d.as_of, s.buckets, s.grain) AS closed,
       ARRAY(SELECT source FROM binding UNION ALL SELECT source || '.' || part AS source FROM binding CROSS JOIN unnest(columns) AS part) AS bound,
       s.grain, s.buckets, s.calendar, s.unit, s.tolerance, s.abc_cutoffs, s.abc_boundary, s.xyz_cutoffs, s.deviation, s.since_first,
       s.frequency_shares, s.bins, s.size_thresholds, s.k, s.recent, s.base, s.churn_tolerance, s.compare, s.at_risk_after, s.lost_after,
       s.new_for, s.activity, s.min_amount, s.min_products, s.min_category_products, s.systemic_share, s.share, s.new_months, s.typical_from,
       s.typical_to, s.reactive_to, s.planned_from, s.plan_months, s.stuffed_from, s.near_from, s.visit_tolerance, s.growth, s.gap_share,
       s.goal_tolerance, s.top_n, s.changed_months, s.regular_from, s.unrealised_from, s.won_months, s.review_months, s.dossier_months
FROM setting AS s
CROSS JOIN {asked} AS asked
CROSS JOIN LATERAL (
  SELECT as_of, calendar_year(as_of) AS year
  FROM (SELECT coalesce(asked.as_of, s.as_of, (SELECT max(sold_on) FROM sale WHERE isfinite(sold_on))) AS as_of OFFSET 0) AS day) AS d
WHERE s.single LIMIT 1
$body$);

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(1010, 'view', 'sale_of_year', '{sale}', 'sales with their calendar year, NULL for a day that nobody can mean; those rows are in data_exceptions', $columns$
customer_id: the customer
outlet_id: the outlet
product_id: the product
sold_on: the day
amount: the amount
quantity: the quantity
cost: the cost
year: the calendar year
$columns$, $body$
SELECT customer_id, outlet_id, product_id, sold_on, amount, quantity, cost, calendar_year(sold_on) AS year
FROM sale
$body$);

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body)
SELECT 1020 + s.place, 'view', s.subject || '_series', '{sale,sale.quantity,sale.cost}',
       format('sales of %ss by calendar year, as series by day, week, month and quarter', s.subject),
       replace($columns$
{subject}_id: the {subject}
year: the calendar year
grain: the buckets: day, week, month or quarter
period: the days of the year
amount: its sales
quantity: the quantities sold
margin: amount less cost, of what the cost is known of
$columns$, '{subject}', s.subject),
       format($body$
SELECT %1$I, year, grain, days_of_year(year) AS period, amount, quantity, margin
FROM (
%2$s) AS s
WHERE %1$I IS NOT NULL AND year IS NOT NULL
$body$, s.subject || '_id', string_agg(format($body$
SELECT %1$I, year, %2$L::text AS grain, year_series(amount, sold_on, %2$L) AS amount,
       year_series(quantity, sold_on, %2$L) FILTER (WHERE quantity IS NOT NULL) AS quantity,
       year_series(amount - cost, sold_on, %2$L) FILTER (WHERE cost IS NOT NULL) AS margin
FROM sale_of_year GROUP BY %1$I, year
$body$, s.subject || '_id', g.grain), 'UNION ALL' ORDER BY g.place))
FROM unnest('{customer,outlet,product}'::text[]) WITH ORDINALITY AS s (subject, place)
CROSS JOIN unnest('{day,week,month,quarter}'::text[]) WITH ORDINALITY AS g (grain, place)
GROUP BY s.place, s.subject;
