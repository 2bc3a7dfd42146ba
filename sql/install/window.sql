-- What window functions over a whole partition share

CREATE FUNCTION kam_window_support(internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'kam_window_support'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION kam_window_support(internal) IS
'for the planner: the frame has no part in kam''s window functions';

