-- All values of a group: the states of aggregates that see them sorted

CREATE FUNCTION values_accumulate(bytea, value numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_values_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION values_accumulate(bytea, numeric) IS
'adds a value to those of a group (transition function)';

CREATE FUNCTION values_combine(bytea, bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_values_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION values_combine(bytea, bytea) IS
'merges the values of two groups (combine function)';
