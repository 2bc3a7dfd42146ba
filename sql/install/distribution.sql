-- Distribution: how many outlets handle a product, and how large they are

CREATE FUNCTION numeric_distribution_accumulate(bytea, handled boolean)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_numeric_distribution_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION numeric_distribution_accumulate(bytea, boolean) IS
'adds an outlet to those that handle a product or do not (transition function)';

CREATE AGGREGATE numeric_distribution(handled boolean) (
  SFUNC = numeric_distribution_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE numeric_distribution(boolean) IS
'the share of outlets that handle a product; an outlet of which it is not known does not count';

CREATE FUNCTION weighted_distribution_accumulate(bytea, handled boolean, weight numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_weighted_distribution_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION weighted_distribution_accumulate(bytea, boolean, numeric) IS
'adds the weight of an outlet to those that handle a product or do not (transition function)';

CREATE AGGREGATE weighted_distribution(handled boolean, weight numeric) (
  SFUNC = weighted_distribution_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE weighted_distribution(boolean, numeric) IS
'the weight of the outlets that handle a product over the weight of all, of those whose weight is above zero';

