-- The movement of a customer base, and the active customers of each bucket

CREATE TYPE base_movement_row AS (
  bucket daterange,
  opening bigint,
  new bigint,
  returned bigint,
  lost bigint,
  closing bigint,
  attrition numeric,
  retention numeric,
  opening_amount numeric,
  lost_amount numeric,
  revenue_attrition numeric
);

COMMENT ON TYPE base_movement_row IS
'a bucket of a customer base: opening + new + returned - lost = closing, what the lost bought before, and the rates';

CREATE FUNCTION base_movement_accumulate(bytea, s sales_series, first_sale date)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_base_movement_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION base_movement_accumulate(bytea, sales_series, date) IS
'adds a customer to a base, active by net total (transition function)';

CREATE FUNCTION base_movement_accumulate(bytea, s sales_series, first_sale date, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_base_movement_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION base_movement_accumulate(bytea, sales_series, date, text) IS
'adds a customer to a base (transition function)';

CREATE FUNCTION base_movement_combine(bytea, bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_base_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION base_movement_combine(bytea, bytea) IS
'merges two unfinished bases (combine function)';

CREATE FUNCTION base_movement_final(bytea)
RETURNS base_movement_row[]
AS 'MODULE_PATHNAME', 'kam_base_movement_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION base_movement_final(bytea) IS
'the movement of a base once all its customers are in (final function)';

CREATE AGGREGATE base_movement(s sales_series, first_sale date) (
  SFUNC = base_movement_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = base_movement_final,
  COMBINEFUNC = base_movement_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE base_movement(sales_series, date) IS
'a row for each bucket but the first: customers at its opening, new, returned, lost and at its closing; active is a positive net total';

CREATE AGGREGATE base_movement(s sales_series, first_sale date, activity text) (
  SFUNC = base_movement_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = base_movement_final,
  COMBINEFUNC = base_movement_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE base_movement(sales_series, date, text) IS
'a row for each bucket but the first: customers at its opening, new, returned, lost and at its closing; active by net total or by order';

CREATE FUNCTION akb_by_bucket_accumulate(bytea, s sales_series)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_akb_by_bucket_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_by_bucket_accumulate(bytea, sales_series) IS
'adds a customer to the counts of a group, active by net total (transition function)';

CREATE FUNCTION akb_by_bucket_accumulate(bytea, s sales_series, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_akb_by_bucket_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_by_bucket_accumulate(bytea, sales_series, text) IS
'adds a customer to the counts of a group (transition function)';

CREATE FUNCTION akb_by_bucket_combine(bytea, bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_base_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION akb_by_bucket_combine(bytea, bytea) IS
'merges the counts of two groups (combine function)';

CREATE FUNCTION akb_by_bucket_final(bytea)
RETURNS bigint[]
AS 'MODULE_PATHNAME', 'kam_akb_by_bucket_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION akb_by_bucket_final(bytea) IS
'the active customers by bucket once all are in (final function)';

CREATE AGGREGATE akb_by_bucket(s sales_series) (
  SFUNC = akb_by_bucket_accumulate,
  STYPE = bytea,
  SSPACE = 128,
  FINALFUNC = akb_by_bucket_final,
  COMBINEFUNC = akb_by_bucket_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE akb_by_bucket(sales_series) IS
'how many customers have a positive net total in each bucket, in order';

CREATE AGGREGATE akb_by_bucket(s sales_series, activity text) (
  SFUNC = akb_by_bucket_accumulate,
  STYPE = bytea,
  SSPACE = 128,
  FINALFUNC = akb_by_bucket_final,
  COMBINEFUNC = akb_by_bucket_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE akb_by_bucket(sales_series, text) IS
'how many customers are active in each bucket, in order, by net total or by order';
