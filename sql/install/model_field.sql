-- Tables of a model: the standards of the field, and its plans where no other system has them

INSERT INTO kam_model_object (place, kind, name, comment, columns, body) VALUES
(400, 'table', 'service_policy', 'how often and how long outlets of a class are visited', $columns$
channel: the channel; '' for all others
class: the class of outlet; '' for all others
visits: visits in a month
minutes: minutes a visit
$columns$, $body$
  channel text NOT NULL DEFAULT '',
  class text NOT NULL DEFAULT '',
  visits numeric NOT NULL CHECK (visits >= 0 AND visits < 'infinity'),
  minutes numeric CHECK (minutes > 0 AND minutes < 'infinity'),
  PRIMARY KEY (channel, class)
$body$),

(401, 'table', 'mml', 'the must-stock list: products that an outlet has to have', $columns$
channel: the channel; '' for all
outlet_type: the type of outlet; '' for all
product_id: the product
valid: the days
$columns$, $body$
  channel text NOT NULL DEFAULT '',
  outlet_type text NOT NULL DEFAULT '',
  product_id {product_key} NOT NULL,
  valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
  EXCLUDE USING gist (channel WITH =, outlet_type WITH =, product_id WITH =, valid WITH &&)
$body$),

(402, 'table', 'visit_standard', 'standards that are checked in outlets', $columns$
channel: the channel; '' for all
standard: the standard, as in store_check
target: the score to reach
weight: its weight
$columns$, $body$
  channel text NOT NULL DEFAULT '',
  standard text NOT NULL CHECK (standard <> ''),
  target numeric NOT NULL CHECK (target >= 0 AND target < 'infinity'),
  weight numeric NOT NULL DEFAULT 1 CHECK (weight >= 0 AND weight < 'infinity'),
  PRIMARY KEY (channel, standard)
$body$),

(403, 'table', 'planned_visit', 'planned visits, where no other system has them; bind visit_plan to it', $columns$
outlet_id: where to
planned_on: the day
person_id: who is to go
route: the route
$columns$, $body$
  outlet_id {outlet_key} NOT NULL,
  planned_on date NOT NULL CHECK (isfinite(planned_on)),
  person_id {person_key},
  route text,
  PRIMARY KEY (outlet_id, planned_on)
$body$),

(404, 'table', 'activity_norm', 'what is done with each class of customer', $columns$
class: the class
base: active, potential or lost
channel: the channel; '' for all
activity: what is done
hours: hours in a month
$columns$, $body$
  class text NOT NULL,
  base text NOT NULL CHECK (base IN ('active', 'potential', 'lost')),
  channel text NOT NULL DEFAULT '',
  activity text NOT NULL CHECK (activity <> ''),
  hours numeric CHECK (hours >= 0 AND hours < 'infinity'),
  PRIMARY KEY (class, base, channel, activity)
$body$);
