-- Churn: the signs that a customer is leaving

CREATE TYPE churn_result AS (
  order_value_recent numeric,
  order_value_base numeric,
  shrinking boolean,
  volume_recent numeric,
  volume_base numeric,
  falling boolean,
  declines integer,
  latest_gap integer,
  open_gap integer,
  mean_gap numeric,
  widening boolean,
  signs integer,
  level text
);

COMMENT ON TYPE churn_result IS
'three signs that a customer is leaving, each with its numbers, and their level: none, watch, at_risk, critical';

CREATE FUNCTION churn_signs(
  s sales_series,
  as_of date,
  k numeric DEFAULT 2,
  recent integer DEFAULT 3,
  base integer DEFAULT 12,
  tolerance numeric DEFAULT 0,
  compare text DEFAULT 'preceding'
)
RETURNS churn_result
AS 'MODULE_PATHNAME', 'kam_churn_signs'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION churn_signs(sales_series, date, numeric, integer, integer, numeric, text) IS
'whether orders shrink and purchases fall, in the recent months against the base months before (or the same months a year before), and whether the latest or the open gap is wider than k times the mean';

