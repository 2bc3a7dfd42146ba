-- Inequality: how much hangs on few customers, as one number

CREATE FUNCTION hhi_accumulate(bytea, value numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_hhi_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION hhi_accumulate(bytea, numeric) IS
'adds a value and its square to the sums of a group (transition function)';

CREATE FUNCTION hhi_combine(bytea, bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_hhi_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hhi_combine(bytea, bytea) IS
'merges the sums of two groups (combine function)';

CREATE FUNCTION hhi_final(bytea)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_hhi_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hhi_final(bytea) IS
'the index of Herfindahl and Hirschman of a group once all values are in (final function)';

CREATE AGGREGATE hhi(value numeric) (
  SFUNC = hhi_accumulate,
  STYPE = bytea,
  SSPACE = 72,
  FINALFUNC = hhi_final,
  COMBINEFUNC = hhi_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE hhi(numeric) IS
'the index of Herfindahl and Hirschman, the sum of the squared shares: 1 when one customer has all, 1/n when n have the same';

CREATE FUNCTION gini_accumulate(bytea, value numeric, corrected boolean)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_gini_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION gini_accumulate(bytea, numeric, boolean) IS
'adds a value to those of a group, with the choice of the divisor (transition function)';

CREATE FUNCTION gini_final(bytea)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_gini_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION gini_final(bytea) IS
'the coefficient of Gini of a group once all values are in (final function)';

CREATE AGGREGATE gini(value numeric) (
  SFUNC = values_accumulate,
  STYPE = bytea,
  SSPACE = 256,
  FINALFUNC = gini_final,
  COMBINEFUNC = values_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE gini(numeric) IS
'the coefficient of Gini: 0 when all customers have the same, (n - 1)/n when one of n has all';

CREATE AGGREGATE gini(value numeric, corrected boolean) (
  SFUNC = gini_accumulate,
  STYPE = bytea,
  SSPACE = 256,
  FINALFUNC = gini_final,
  COMBINEFUNC = values_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE gini(numeric, boolean) IS
'the coefficient of Gini, if corrected n/(n - 1) times as large: 1 when one customer has all, however many there are';

CREATE FUNCTION top_share_accumulate(bytea, value numeric, n integer)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_top_share_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION top_share_accumulate(bytea, numeric, integer) IS
'adds a value to the sum of a group and keeps it if it is one of the n largest (transition function)';

CREATE FUNCTION top_share_combine(bytea, bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_top_share_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION top_share_combine(bytea, bytea) IS
'merges the sums and the largest values of two groups (combine function)';

CREATE FUNCTION top_share_final(bytea)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_top_share_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION top_share_final(bytea) IS
'the share of the n largest values of a group once all values are in (final function)';

CREATE AGGREGATE top_share(value numeric, n integer) (
  SFUNC = top_share_accumulate,
  STYPE = bytea,
  SSPACE = 128,
  FINALFUNC = top_share_final,
  COMBINEFUNC = top_share_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE top_share(numeric, integer) IS
'the share of the money that the n largest customers make';
