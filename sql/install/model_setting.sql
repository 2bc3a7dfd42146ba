-- Tables of a model: what it was made with, what is bound, and the settings of the reports.
-- A new column of a table is a row of kind 'alter', with ALTER TABLE ... ADD COLUMN IF NOT EXISTS.

INSERT INTO kam_model_object (place, kind, name, comment, columns, body) VALUES
(10, 'table', 'binding', 'the sources that are bound, written by kam_bind', $columns$
source: the source
columns: the columns that the query gives; the others are NULL
query: the query as it was given
$columns$, $body$
  source text PRIMARY KEY,
  columns text[] NOT NULL,
  query text NOT NULL
$body$),

(20, 'table', 'setting', 'the settings of all reports, one row', $columns$
single: there is one row
as_of: the last day that counts; NULL: the last day with sales
period: the days that reports look at; NULL: the calendar year of as_of
grain: the buckets that classes and the movement of the base are read off: month or quarter
buckets: how many complete buckets classes and the movement of the base look at
calendar: which days are worked; NULL counts calendar days
unit: how plans are paced without a calendar: days or months
tolerance: a plan is on course within this part of what is due
abc_cutoffs: cut-offs of abc_class
abc_boundary: boundary of abc_class: reach or below
xyz_cutoffs: cut-offs of xyz_class
deviation: deviation of xyz_class: population or sample
since_first: xyz_class looks at a customer from his first purchase on
frequency_shares: shares of frequency_class
bins: bins of rfm_score
size_thresholds: thresholds of size_class; NULL makes thirds
k: a gap between orders is too wide at k times the mean, for churn_signs
recent: recent months of churn_signs
base: base months of churn_signs
churn_tolerance: tolerance of churn_signs
compare: what churn_signs compares with: preceding or season
at_risk_after: days without a purchase after which a customer is at risk
lost_after: days without a purchase after which a customer is lost
new_for: days for which a customer is new
activity: what makes an outlet or a customer active: net or order
min_amount: an outlet is active, and an order productive, from this amount on; NULL: any
min_products: the same for the number of products
min_category_products: products that make a category worked; NULL: all
systemic_share: an outlet is systemic with productive orders at more than this share of the planned visits
share: a breadwinner brings this share of the profit
new_months: months for which a customer is a prospect
typical_from: share of the key accounts in sales that is typical, from
typical_to: the same, up to
reactive_to: promotions submitted up to so many days ahead are reactive
planned_from: those submitted from so many days ahead are planned
plan_months: months that a market plan is to be submitted ahead
stuffed_from: months of stock from which a customer is stuffed
near_from: share of the credit limit from which a customer is near it; NULL: none
visit_tolerance: days that a visit may be off its planned day
growth: growth of proposed targets, a fraction
gap_share: share of the gap to the peers that a proposed target closes
goal_tolerance: an indicator within this part of its goal has status 0
top_n: how many customers a list of the top has
$columns$, $body$
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  as_of date CHECK (isfinite(as_of)),
  period daterange CHECK (NOT isempty(period) AND NOT lower_inf(period) AND NOT upper_inf(period)),
  grain text NOT NULL DEFAULT 'month' CHECK (grain IN ('month', 'quarter')),
  buckets integer NOT NULL DEFAULT 12 CHECK (buckets BETWEEN 1 AND 1000),
  calendar work_calendar,
  unit text NOT NULL DEFAULT 'days' CHECK (unit IN ('days', 'months')),
  tolerance numeric NOT NULL DEFAULT 0 CHECK (tolerance BETWEEN 0 AND 1),
  abc_cutoffs numeric[] NOT NULL DEFAULT '{0.80,0.95}',
  abc_boundary text NOT NULL DEFAULT 'reach' CHECK (abc_boundary IN ('reach', 'below')),
  xyz_cutoffs numeric[] NOT NULL DEFAULT '{0.10,0.25}',
  deviation text NOT NULL DEFAULT 'population' CHECK (deviation IN ('population', 'sample')),
  since_first boolean NOT NULL DEFAULT false,
  frequency_shares numeric[] NOT NULL DEFAULT '{0.9,0.5}',
  bins integer NOT NULL DEFAULT 5 CHECK (bins BETWEEN 1 AND 9),
  size_thresholds numeric[],
  k numeric NOT NULL DEFAULT 2 CHECK (k > 0 AND k < 'infinity'),
  recent integer NOT NULL DEFAULT 3 CHECK (recent BETWEEN 1 AND 120),
  base integer NOT NULL DEFAULT 12 CHECK (base BETWEEN 1 AND 120),
  churn_tolerance numeric NOT NULL DEFAULT 0 CHECK (churn_tolerance BETWEEN 0 AND 1),
  compare text NOT NULL DEFAULT 'preceding' CHECK (compare IN ('preceding', 'season')),
  at_risk_after integer NOT NULL DEFAULT 60 CHECK (at_risk_after > 0),
  lost_after integer NOT NULL DEFAULT 90 CHECK (lost_after > 0),
  new_for integer NOT NULL DEFAULT 90 CHECK (new_for > 0),
  activity text NOT NULL DEFAULT 'net' CHECK (activity IN ('net', 'order')),
  min_amount numeric CHECK (min_amount >= 0 AND min_amount < 'infinity'),
  min_products bigint CHECK (min_products >= 0),
  min_category_products bigint CHECK (min_category_products > 0),
  systemic_share numeric NOT NULL DEFAULT 0.75 CHECK (systemic_share BETWEEN 0 AND 1),
  share numeric NOT NULL DEFAULT 0.10 CHECK (share BETWEEN 0 AND 1),
  new_months integer NOT NULL DEFAULT 12 CHECK (new_months > 0),
  typical_from numeric NOT NULL DEFAULT 0.30 CHECK (typical_from BETWEEN 0 AND 1),
  typical_to numeric NOT NULL DEFAULT 0.55 CHECK (typical_to BETWEEN 0 AND 1),
  reactive_to integer NOT NULL DEFAULT 14,
  planned_from integer NOT NULL DEFAULT 45,
  plan_months integer NOT NULL DEFAULT 2 CHECK (plan_months >= 0),
  stuffed_from numeric NOT NULL DEFAULT 6 CHECK (stuffed_from > 0 AND stuffed_from < 'infinity'),
  near_from numeric CHECK (near_from BETWEEN 0 AND 1),
  visit_tolerance integer NOT NULL DEFAULT 0 CHECK (visit_tolerance >= 0),
  growth numeric NOT NULL DEFAULT 0 CHECK (growth > -1 AND growth < 'infinity'),
  gap_share numeric NOT NULL DEFAULT 0.5 CHECK (gap_share BETWEEN 0 AND 1),
  goal_tolerance numeric NOT NULL DEFAULT 0 CHECK (goal_tolerance BETWEEN 0 AND 1),
  top_n integer NOT NULL DEFAULT 10 CHECK (top_n > 0),
  CHECK (lost_after >= at_risk_after),
  CHECK (typical_to >= typical_from),
  CHECK (planned_from > reactive_to)
$body$),

(21, 'alter', 'setting', 'the one row of setting, which the planner has to know as one', '', $body$
INSERT INTO setting DEFAULT VALUES ON CONFLICT DO NOTHING;
ANALYZE setting
$body$),

(30, 'table', 'class_history', 'classes of customers as they were, written by kam_snapshot; manual_class may be filled in by hand', $columns$
customer_id: the customer
as_of: the day that the classes are of
amount: sales of the complete buckets up to it
share: share of them in all sales
abc: ABC class
xyz: XYZ class
cell: both
rfm: RFM score
segment: RFM segment
manual_class: class that people gave him, which counts in place of abc
note: why
$columns$, $body$
  customer_id {customer_key} NOT NULL,
  as_of date NOT NULL CHECK (isfinite(as_of)),
  amount numeric,
  share numeric,
  abc text,
  xyz text,
  cell text,
  rfm integer,
  segment text,
  manual_class text CHECK (manual_class <> ''),
  note text,
  PRIMARY KEY (customer_id, as_of)
$body$);
