-- What aggregates share whose result is a part over its whole

CREATE FUNCTION part_combine(bytea, bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_part_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION part_combine(bytea, bytea) IS
'merges the parts and the wholes of two groups (combine function)';

CREATE FUNCTION part_final(bytea)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_part_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION part_final(bytea) IS
'the part over the whole of a group once all its rows are in (final function)';

