-- The plan table: a target, what came of it so far, and what will come of it

CREATE FUNCTION achieved(actual numeric, target numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_achieved'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION achieved(numeric, numeric) IS
'what came in, over the target; NULL when the target is not above zero';

CREATE TYPE plan_result AS (
  target numeric,
  balance numeric,
  actual numeric,
  run_rate numeric,
  attainment numeric,
  prior_year numeric,
  growth numeric,
  gap numeric,
  achieved numeric,
  prorata_target numeric,
  prorata_gap numeric,
  current_rate numeric,
  required_rate numeric,
  growth_like_for_like numeric,
  projected_growth numeric,
  elapsed_share numeric,
  status integer
);

COMMENT ON TYPE plan_result IS
'a row of a plan table: its seven columns, and what they leave open';

CREATE FUNCTION plan_progress(
  target numeric,
  actual numeric,
  prior_year numeric,
  prior_to_date numeric,
  period daterange,
  as_of date,
  calendar work_calendar DEFAULT NULL,
  tolerance numeric DEFAULT 0,
  unit text DEFAULT 'days',
  prior sales_series DEFAULT NULL,
  weights numeric[] DEFAULT NULL,
  grain text DEFAULT 'month',
  measure text DEFAULT 'flow'
)
RETURNS plan_result
AS 'MODULE_PATHNAME', 'kam_plan_progress'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION plan_progress(numeric, numeric, numeric, numeric, daterange, date, work_calendar, numeric, text, sales_series, numeric[], text, text) IS
'where a plan stands at as_of and where it will end; counted by calendar days, or months (unit), working days (calendar) or season (prior or weights); measure: flow or level';
