-- ABCDE: classes of customers by profit and potential

CREATE FUNCTION abcde_class(
  profit numeric,
  potential numeric,
  cutoff numeric DEFAULT 0.80
)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_abcde_class'
LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE
SUPPORT kam_window_support;

COMMENT ON FUNCTION abcde_class(numeric, numeric, numeric) IS
'A to D by high or low profit and potential, high being the top rows that reach the cut-off of the partition''s total; E is a loss';

CREATE FUNCTION abcde_class(
  profit numeric,
  potential numeric,
  high_profit numeric,
  high_potential numeric
)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_abcde_class_limits'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION abcde_class(numeric, numeric, numeric, numeric) IS
'A to D by profit and potential that reach their limits or do not; E is a loss';
