-- Mix: how far what was sold lies from the planned proportions

CREATE FUNCTION mix_deviation_accumulate(bytea, plan numeric, actual numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_mix_deviation_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION mix_deviation_accumulate(bytea, numeric, numeric) IS
'adds a part of the mix, planned and actual, to those of a group (transition function)';

CREATE FUNCTION mix_deviation_final(bytea)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_mix_deviation_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION mix_deviation_final(bytea) IS
'the deviation of a mix once all its parts are in (final function)';

CREATE AGGREGATE mix_deviation(plan numeric, actual numeric) (
  SFUNC = mix_deviation_accumulate,
  STYPE = bytea,
  SSPACE = 256,
  FINALFUNC = mix_deviation_final,
  COMBINEFUNC = values_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE mix_deviation(numeric, numeric) IS
'half the sum of the distances between actual and planned shares: 0 as planned, 0.20 when a fifth of the volume is in the wrong place, 1 when all is';
