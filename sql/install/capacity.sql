-- Capacity: how many key accounts the hours are enough for

CREATE FUNCTION kam_capacity(hours numeric, hours_per_account numeric)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_capacity'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION kam_capacity(numeric, numeric) IS
'how many key accounts the hours are enough for: hours / hours_per_account, rounded down';

CREATE FUNCTION kam_load(required numeric, hours numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_load'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION kam_load(numeric, numeric) IS
'required / hours: 1 is a manager without an hour left; NULL when there are no hours';
