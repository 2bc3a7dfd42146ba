-- Concentration: how few customers bring how much

CREATE TYPE abc_limits_result AS (
  a_from numeric,
  b_from numeric,
  a_customers bigint,
  b_customers bigint,
  c_customers bigint,
  a_share numeric,
  b_share numeric,
  cutoffs numeric[]
);

COMMENT ON TYPE abc_limits_result IS
'computed limits of the classes A, B and C: least values, customers, shares of the money, and cut-offs for abc_class';

CREATE TYPE pareto_point AS (
  customer_share numeric,
  value_share numeric
);

COMMENT ON TYPE pareto_point IS
'a point of the curve of concentration: so many of the customers bring so much of the money';

CREATE FUNCTION concentration_accumulate(bytea, value numeric, share numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_concentration_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION concentration_accumulate(bytea, numeric, numeric) IS
'adds a value to those of a group, with the share of the money to be reached (transition function)';

CREATE FUNCTION concentration_final(bytea)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_concentration_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION concentration_final(bytea) IS
'the share of customers that make a share of the money, once all values are in (final function)';

CREATE AGGREGATE concentration(value numeric) (
  SFUNC = values_accumulate,
  STYPE = bytea,
  SSPACE = 256,
  FINALFUNC = concentration_final,
  COMBINEFUNC = values_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE concentration(numeric) IS
'the share of customers that make 80 % of the money';

CREATE AGGREGATE concentration(value numeric, share numeric) (
  SFUNC = concentration_accumulate,
  STYPE = bytea,
  SSPACE = 256,
  FINALFUNC = concentration_final,
  COMBINEFUNC = values_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE concentration(numeric, numeric) IS
'the share of customers, largest first, that make this share of the money';

CREATE FUNCTION pareto_share_accumulate(bytea, value numeric, top numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_pareto_share_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION pareto_share_accumulate(bytea, numeric, numeric) IS
'adds a value to those of a group, with the share of customers to look at (transition function)';

CREATE FUNCTION pareto_share_final(bytea)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_pareto_share_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION pareto_share_final(bytea) IS
'the share of the money that the top customers make, once all values are in (final function)';

CREATE AGGREGATE pareto_share(value numeric) (
  SFUNC = values_accumulate,
  STYPE = bytea,
  SSPACE = 256,
  FINALFUNC = pareto_share_final,
  COMBINEFUNC = values_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE pareto_share(numeric) IS
'the share of the money that the top 20 % of the customers make';

CREATE AGGREGATE pareto_share(value numeric, top numeric) (
  SFUNC = pareto_share_accumulate,
  STYPE = bytea,
  SSPACE = 256,
  FINALFUNC = pareto_share_final,
  COMBINEFUNC = values_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE pareto_share(numeric, numeric) IS
'the share of the money that this share of the customers, largest first, make';

CREATE FUNCTION pareto_points_accumulate(bytea, value numeric, points integer)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_pareto_points_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION pareto_points_accumulate(bytea, numeric, integer) IS
'adds a value to those of a group, with the number of points to draw (transition function)';

CREATE FUNCTION pareto_points_final(bytea)
RETURNS pareto_point[]
AS 'MODULE_PATHNAME', 'kam_pareto_points_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION pareto_points_final(bytea) IS
'the curve of concentration once all values are in (final function)';

CREATE AGGREGATE pareto_points(value numeric, points integer) (
  SFUNC = pareto_points_accumulate,
  STYPE = bytea,
  SSPACE = 256,
  FINALFUNC = pareto_points_final,
  COMBINEFUNC = values_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE pareto_points(numeric, integer) IS
'the curve of concentration for a chart: up to so many points from (0,0) to (1,1), evenly spread by customers';

CREATE FUNCTION abc_limits_final(bytea)
RETURNS abc_limits_result
AS 'MODULE_PATHNAME', 'kam_abc_limits_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION abc_limits_final(bytea) IS
'the computed limits of the classes A, B and C, once all values are in (final function)';

CREATE AGGREGATE abc_limits(value numeric) (
  SFUNC = values_accumulate,
  STYPE = bytea,
  SSPACE = 256,
  FINALFUNC = abc_limits_final,
  COMBINEFUNC = values_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE abc_limits(numeric) IS
'limits of the classes A, B and C computed from the curve of concentration (ABCanalysis), with cut-offs for abc_class';
