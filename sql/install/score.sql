-- The weighted score of several criteria

CREATE FUNCTION weighted_score_accumulate(bytea, value numeric, weight numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_weighted_score_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION weighted_score_accumulate(bytea, numeric, numeric) IS
'adds a criterion to a score (transition function)';

CREATE FUNCTION weighted_score_accumulate(bytea, value numeric, weight numeric, cap numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_weighted_score_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION weighted_score_accumulate(bytea, numeric, numeric, numeric) IS
'adds a criterion, cut to its cap, to a score (transition function)';

CREATE FUNCTION weighted_score_combine(bytea, bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_weighted_score_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION weighted_score_combine(bytea, bytea) IS
'the criteria of two states in one (combine function)';

CREATE FUNCTION weighted_score_final(bytea)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_weighted_score_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION weighted_score_final(bytea) IS
'the weighted score once all criteria are in (final function)';

CREATE AGGREGATE weighted_score(value numeric, weight numeric) (
  SFUNC = weighted_score_accumulate,
  STYPE = bytea,
  SSPACE = 80,
  FINALFUNC = weighted_score_final,
  COMBINEFUNC = weighted_score_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE weighted_score(numeric, numeric) IS
'the sum of weight * value over the sum of the weights; a value that is NULL leaves with its weight';

CREATE AGGREGATE weighted_score(value numeric, weight numeric, cap numeric) (
  SFUNC = weighted_score_accumulate,
  STYPE = bytea,
  SSPACE = 80,
  FINALFUNC = weighted_score_final,
  COMBINEFUNC = weighted_score_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE weighted_score(numeric, numeric, numeric) IS
'the same, with each value cut to its cap first; a cap of NULL is none';
