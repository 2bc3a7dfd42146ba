-- Run rate: what a period will come to if it goes on as it began

CREATE FUNCTION run_rate(actual numeric, period daterange, as_of date)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_run_rate'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION run_rate(numeric, daterange, date) IS
'projected value at the end of the period, by calendar days with as_of';

CREATE FUNCTION run_rate(actual numeric, period daterange, as_of date, unit text)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_run_rate'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION run_rate(numeric, daterange, date, text) IS
'projected value at the end of the period, by days or months';

CREATE FUNCTION run_rate(actual numeric, period daterange, as_of date, calendar work_calendar)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_run_rate_calendar'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION run_rate(numeric, daterange, date, work_calendar) IS
'projected value at the end of the period, by working days';

CREATE FUNCTION run_rate(actual numeric, period daterange, as_of date, prior sales_series)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_run_rate_prior'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION run_rate(numeric, daterange, date, sales_series) IS
'projected value at the end of the period, by the season of the year before';

CREATE FUNCTION run_rate(actual numeric, period daterange, as_of date, prior sales_series, calendar work_calendar)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_run_rate_prior'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION run_rate(numeric, daterange, date, sales_series, work_calendar) IS
'projected value at the end of the period, by the season of the year before and the working days of the bucket that as_of is in';

CREATE FUNCTION run_rate(actual numeric, period daterange, as_of date, weights numeric[], grain text)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_run_rate_weights'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION run_rate(numeric, daterange, date, numeric[], text) IS
'projected value at the end of the period, by a weight for each bucket of the grain';

CREATE FUNCTION run_rate(actual numeric, period daterange, as_of date, weights numeric[], grain text, calendar work_calendar)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_run_rate_weights'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION run_rate(numeric, daterange, date, numeric[], text, work_calendar) IS
'projected value at the end of the period, by a weight for each bucket and the working days of the bucket that as_of is in';

CREATE FUNCTION run_rate(s sales_series, as_of date)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_run_rate_series'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION run_rate(sales_series, date) IS
'projected total of the series, by calendar days, from the buckets up to as_of';

CREATE FUNCTION run_rate_accumulate(bytea, amount numeric, sold_on date, period daterange, as_of date, unit text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_run_rate_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION run_rate_accumulate(bytea, numeric, date, daterange, date, text) IS
'adds a sales row to a run rate (transition function)';

CREATE FUNCTION run_rate_combine(bytea, bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_run_rate_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION run_rate_combine(bytea, bytea) IS
'merges two unfinished run rates (combine function)';

CREATE FUNCTION run_rate_final(bytea)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_run_rate_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION run_rate_final(bytea) IS
'the run rate of a group once all its rows are in (final function)';

CREATE AGGREGATE run_rate(amount numeric, sold_on date, period daterange, as_of date, unit text) (
  SFUNC = run_rate_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = run_rate_final,
  COMBINEFUNC = run_rate_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE run_rate(numeric, date, daterange, date, text) IS
'projected total of sales rows at the end of the period; rows after as_of are left out';

