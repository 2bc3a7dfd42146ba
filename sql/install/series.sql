-- sales_series: exact totals by bucket of a period, and the days bought on

CREATE TYPE sales_series;

CREATE FUNCTION sales_series_in(cstring)
RETURNS sales_series
AS 'MODULE_PATHNAME', 'kam_series_in'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_in(cstring) IS
'reads a sales_series from its text, a JSON object';

CREATE FUNCTION sales_series_out(sales_series)
RETURNS cstring
AS 'MODULE_PATHNAME', 'kam_series_out'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_out(sales_series) IS
'writes a sales_series as text, a JSON object';

CREATE FUNCTION sales_series_recv(internal)
RETURNS sales_series
AS 'MODULE_PATHNAME', 'kam_series_recv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_recv(internal) IS
'reads a sales_series from its binary form';

CREATE FUNCTION sales_series_send(sales_series)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_series_send'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_send(sales_series) IS
'writes a sales_series in binary form';

CREATE TYPE sales_series (
  INPUT = sales_series_in,
  OUTPUT = sales_series_out,
  RECEIVE = sales_series_recv,
  SEND = sales_series_send,
  INTERNALLENGTH = VARIABLE,
  ALIGNMENT = double,
  STORAGE = extended
);

COMMENT ON TYPE sales_series IS
'exact sales totals by bucket (day to year) of a period, and the days bought on';

CREATE FUNCTION sales_series_jsonb(sales_series)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'kam_series_to_jsonb'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_jsonb(sales_series) IS
'a sales_series as jsonb, for the cast';

CREATE FUNCTION sales_series(jsonb)
RETURNS sales_series
AS 'MODULE_PATHNAME', 'kam_series_from_jsonb'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series(jsonb) IS
'a sales_series from jsonb, for the cast';

CREATE CAST (sales_series AS jsonb) WITH FUNCTION sales_series_jsonb(sales_series);

COMMENT ON CAST (sales_series AS jsonb) IS
'the period, grain, totals and sale days of a series';

CREATE CAST (jsonb AS sales_series) WITH FUNCTION sales_series(jsonb);

COMMENT ON CAST (jsonb AS sales_series) IS
'the series that the cast to jsonb was made from';

CREATE TYPE series_bucket AS (bucket daterange, total numeric);

COMMENT ON TYPE series_bucket IS 'a bucket of a sales_series and its total';

-- Building and merging

CREATE FUNCTION sales_series_accumulate(sales_series, amount numeric, sold_on date, period daterange)
RETURNS sales_series
AS 'MODULE_PATHNAME', 'kam_series_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_accumulate(sales_series, numeric, date, daterange) IS
'adds a sales row to a series by month (transition function)';

CREATE FUNCTION sales_series_accumulate(sales_series, amount numeric, sold_on date, period daterange, grain text)
RETURNS sales_series
AS 'MODULE_PATHNAME', 'kam_series_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_accumulate(sales_series, numeric, date, daterange, text) IS
'adds a sales row to a series (transition function)';

CREATE FUNCTION sales_series_accumulate_year(sales_series, amount numeric, sold_on date, grain text)
RETURNS sales_series
AS 'MODULE_PATHNAME', 'kam_series_accumulate_year'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_accumulate_year(sales_series, numeric, date, text) IS
'adds a sales row to the series of its calendar year (transition function)';

CREATE FUNCTION sales_series_combine(sales_series, sales_series)
RETURNS sales_series
AS 'MODULE_PATHNAME', 'kam_series_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_combine(sales_series, sales_series) IS
'merges two unfinished series (combine function)';

CREATE FUNCTION sales_series_finish(sales_series)
RETURNS sales_series
AS 'MODULE_PATHNAME', 'kam_series_finish'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_finish(sales_series) IS
'the series of a group once all its rows are in (final function)';

CREATE AGGREGATE sales_series(amount numeric, sold_on date, period daterange) (
  SFUNC = sales_series_accumulate,
  STYPE = sales_series,
  SSPACE = 128,
  FINALFUNC = sales_series_finish,
  COMBINEFUNC = sales_series_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE sales_series(numeric, date, daterange) IS
'sales by month of the period; rows outside it are ignored';

CREATE AGGREGATE sales_series(amount numeric, sold_on date, period daterange, grain text) (
  SFUNC = sales_series_accumulate,
  STYPE = sales_series,
  SSPACE = 128,
  FINALFUNC = sales_series_finish,
  COMBINEFUNC = sales_series_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE sales_series(numeric, date, daterange, text) IS
'sales by bucket of the period: day, week, week-sunday, month, month-week, quarter or year';

CREATE AGGREGATE year_series(amount numeric, sold_on date, grain text) (
  SFUNC = sales_series_accumulate_year,
  STYPE = sales_series,
  SSPACE = 128,
  FINALFUNC = sales_series_finish,
  COMBINEFUNC = sales_series_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE year_series(numeric, date, text) IS
'sales by bucket of a calendar year, the one of all rows of the group: GROUP BY calendar_year(sold_on)';

CREATE AGGREGATE rollup(sales_series) (
  SFUNC = sales_series_combine,
  STYPE = sales_series,
  SSPACE = 128,
  FINALFUNC = sales_series_finish,
  COMBINEFUNC = sales_series_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE rollup(sales_series) IS
'one series out of many of the same period and grain';

CREATE FUNCTION sales_series_gather(sales_series, s sales_series, period daterange)
RETURNS sales_series
AS 'MODULE_PATHNAME', 'kam_series_gather'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_gather(sales_series, sales_series, daterange) IS
'adds the buckets of a series that lie in a period (transition function)';

CREATE AGGREGATE rollup(s sales_series, period daterange) (
  SFUNC = sales_series_gather,
  STYPE = sales_series,
  SSPACE = 128,
  FINALFUNC = sales_series_finish,
  COMBINEFUNC = sales_series_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE rollup(sales_series, daterange) IS
'one series of the period from series of other periods, such as calendar years: their buckets that lie in it';

CREATE FUNCTION sales_series_add(sales_series, sales_series)
RETURNS sales_series
AS 'MODULE_PATHNAME', 'kam_series_plus'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_add(sales_series, sales_series) IS
'implementation of + operator';

CREATE OPERATOR + (
  LEFTARG = sales_series,
  RIGHTARG = sales_series,
  FUNCTION = sales_series_add,
  COMMUTATOR = +
);

COMMENT ON OPERATOR + (sales_series, sales_series) IS
'the sum of two series of the same period and grain';

-- Reading

CREATE FUNCTION period(s sales_series)
RETURNS daterange
AS 'MODULE_PATHNAME', 'kam_series_period'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION period(sales_series) IS 'the period of the series';

CREATE FUNCTION grain(s sales_series)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_series_grain'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION grain(sales_series) IS 'the grain of the buckets';

CREATE FUNCTION total(s sales_series)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_series_total'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION total(sales_series) IS 'the sum of all buckets';

CREATE FUNCTION total(s sales_series, part daterange)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_series_total_part'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION total(sales_series, daterange) IS
'the sum of the buckets of a part of the period, which begins and ends where buckets do';

CREATE FUNCTION totals(s sales_series)
RETURNS numeric[]
AS 'MODULE_PATHNAME', 'kam_series_totals'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION totals(sales_series) IS 'the totals of the buckets, in order';

CREATE FUNCTION buckets(s sales_series)
RETURNS SETOF series_bucket
AS 'MODULE_PATHNAME', 'kam_series_buckets'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
ROWS 12;

COMMENT ON FUNCTION buckets(sales_series) IS 'a row for each bucket: its days and its total';

CREATE FUNCTION regrain(s sales_series, grain text)
RETURNS sales_series
AS 'MODULE_PATHNAME', 'kam_series_regrain'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION regrain(sales_series, text) IS
'the same series in coarser buckets, into which the present ones nest';

CREATE FUNCTION slice(s sales_series, part daterange)
RETURNS sales_series
AS 'MODULE_PATHNAME', 'kam_series_slice'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION slice(sales_series, daterange) IS
'a part of the series, which begins and ends where buckets do';

CREATE FUNCTION sale_days(s sales_series)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_series_sale_days'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sale_days(sales_series) IS 'how many days have a positive sale';

CREATE FUNCTION first_sale(s sales_series)
RETURNS date
AS 'MODULE_PATHNAME', 'kam_series_first_sale'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION first_sale(sales_series) IS
'the first day of the period with a positive sale';

CREATE FUNCTION last_sale(s sales_series)
RETURNS date
AS 'MODULE_PATHNAME', 'kam_series_last_sale'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION last_sale(sales_series) IS
'the last day of the period with a positive sale';

CREATE FUNCTION active_buckets(s sales_series)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_series_active_buckets'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION active_buckets(sales_series) IS
'how many buckets have a positive net total';

CREATE FUNCTION mean(s sales_series)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_series_mean'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION mean(sales_series) IS 'the mean total of a bucket';

CREATE FUNCTION trend(s sales_series)
RETURNS double precision
AS 'MODULE_PATHNAME', 'kam_series_trend'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION trend(sales_series) IS
'the change of the total from bucket to bucket: slope of the least-squares line';

CREATE FUNCTION seasonality(s sales_series)
RETURNS double precision[]
AS 'MODULE_PATHNAME', 'kam_series_seasonality'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION seasonality(sales_series) IS
'seasonal indices by place in the year: mean of the bucket over the years, over the mean of all';

