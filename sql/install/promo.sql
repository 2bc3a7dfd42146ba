-- Promotions: lead time, uplift and depth

CREATE TYPE promo_lead_result AS (days integer, class text);

COMMENT ON TYPE promo_lead_result IS
'days from the submission of a promotion to its start, and their class: late, reactive, transitional or planned';

CREATE FUNCTION promo_lead(
  submitted_on date,
  starts_on date,
  reactive_to integer DEFAULT 14,
  planned_from integer DEFAULT 45
)
RETURNS promo_lead_result
AS 'MODULE_PATHNAME', 'kam_promo_lead'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION promo_lead(date, date, integer, integer) IS
'how many days before its start a promotion was submitted, and whether that is late, reactive, transitional or planned';

CREATE FUNCTION plan_submitted_in_time(
  submitted_on date,
  plan_month date,
  months integer DEFAULT 2
)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_plan_submitted_in_time'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION plan_submitted_in_time(date, date, integer) IS
'whether a plan was submitted so many months, or more, before the first day of its month';

CREATE FUNCTION promo_uplift(volume numeric, baseline numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_promo_uplift'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION promo_uplift(numeric, numeric) IS
'volume with a promotion over that without it, less 1; NULL when the baseline is not above zero';

CREATE FUNCTION price_depth(price numeric, list_price numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_price_depth'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION price_depth(numeric, numeric) IS
'the share of the list price that a price takes off; NULL when the list price is not above zero';
