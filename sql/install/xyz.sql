-- Evenness of sales: coefficient of variation, XYZ and frequency classes

CREATE FUNCTION cv(s sales_series, deviation text DEFAULT 'population')
RETURNS double precision
AS 'MODULE_PATHNAME', 'kam_cv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION cv(sales_series, text) IS
'coefficient of variation of the bucket totals: standard deviation over mean';

CREATE FUNCTION xyz_class(
  s sales_series,
  cutoffs numeric[] DEFAULT '{0.10,0.25}',
  deviation text DEFAULT 'population',
  since_first boolean DEFAULT false)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_xyz_class_series'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION xyz_class(sales_series, numeric[], text, boolean) IS
'X, Y or Z by the coefficient of variation of the bucket totals';

CREATE FUNCTION xyz_class(cv double precision, cutoffs numeric[] DEFAULT '{0.10,0.25}')
RETURNS text
AS 'MODULE_PATHNAME', 'kam_xyz_class_cv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION xyz_class(double precision, numeric[]) IS
'X, Y or Z for a coefficient of variation';

CREATE FUNCTION xyz_class_final(sales_series)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_xyz_class_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION xyz_class_final(sales_series) IS
'the XYZ class of a group once all its rows are in (final function)';

CREATE AGGREGATE xyz_class(amount numeric, sold_on date, period daterange, grain text) (
  SFUNC = sales_series_accumulate,
  STYPE = sales_series,
  SSPACE = 128,
  FINALFUNC = xyz_class_final,
  COMBINEFUNC = sales_series_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE xyz_class(numeric, date, daterange, text) IS
'X, Y or Z of sales rows by bucket of the period, at the cut-offs 0.10 and 0.25';

CREATE FUNCTION frequency_class(s sales_series, shares numeric[] DEFAULT '{0.9,0.5}')
RETURNS text
AS 'MODULE_PATHNAME', 'kam_frequency_class'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION frequency_class(sales_series, numeric[]) IS
'X, Y or Z by the share of buckets with a purchase';

