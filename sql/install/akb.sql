-- The active customer base: outlets that bought in every bucket

CREATE FUNCTION akb_stable(
  s sales_series,
  min_total numeric DEFAULT NULL,
  activity text DEFAULT 'net')
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_akb_stable'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_stable(sales_series, numeric, text) IS
'true when every bucket of the period is active';

CREATE FUNCTION akb_stable_final(sales_series)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_akb_stable_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_stable_final(sales_series) IS
'whether a group is stable once all its rows are in (final function)';

CREATE AGGREGATE akb_stable(amount numeric, sold_on date, period daterange) (
  SFUNC = sales_series_accumulate,
  STYPE = sales_series,
  SSPACE = 128,
  FINALFUNC = akb_stable_final,
  COMBINEFUNC = sales_series_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE akb_stable(numeric, date, daterange) IS
'true when every month of the period has a positive net total';

CREATE AGGREGATE akb_stable(amount numeric, sold_on date, period daterange, grain text) (
  SFUNC = sales_series_accumulate,
  STYPE = sales_series,
  SSPACE = 128,
  FINALFUNC = akb_stable_final,
  COMBINEFUNC = sales_series_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE akb_stable(numeric, date, daterange, text) IS
'true when every bucket of the period has a positive net total';

