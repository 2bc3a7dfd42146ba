-- Forecasts: how near they came to what was sold

CREATE FUNCTION forecast_accuracy_accumulate(bytea, actual numeric, forecast numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_forecast_accuracy_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION forecast_accuracy_accumulate(bytea, numeric, numeric) IS
'adds the error of a forecast to those of others (transition function)';

CREATE FUNCTION forecast_accuracy_final(bytea)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_forecast_accuracy_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION forecast_accuracy_final(bytea) IS
'the accuracy of a group once all its rows are in (final function)';

CREATE AGGREGATE forecast_accuracy(actual numeric, forecast numeric) (
  SFUNC = forecast_accuracy_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = forecast_accuracy_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE forecast_accuracy(numeric, numeric) IS
'1 less the sum of the errors over the sum of what was sold; 0 where the errors are as large or larger';

CREATE FUNCTION forecast_bias_accumulate(bytea, actual numeric, forecast numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_forecast_bias_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION forecast_bias_accumulate(bytea, numeric, numeric) IS
'adds what a forecast is above what was sold (transition function)';

CREATE AGGREGATE forecast_bias(actual numeric, forecast numeric) (
  SFUNC = forecast_bias_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE forecast_bias(numeric, numeric) IS
'the sum of the forecasts less the sum of what was sold over the latter: above 0 when too much was forecast';

CREATE FUNCTION wape_accumulate(bytea, actual numeric, forecast numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_wape_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION wape_accumulate(bytea, numeric, numeric) IS
'adds the error of a forecast to those of others, and what was sold without its sign (transition function)';

CREATE AGGREGATE wape(actual numeric, forecast numeric) (
  SFUNC = wape_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE wape(numeric, numeric) IS
'the sum of the errors over the sum of what was sold, both without signs (weighted absolute percentage error)';

CREATE FUNCTION mape_accumulate(bytea, actual numeric, forecast numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_mape_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION mape_accumulate(bytea, numeric, numeric) IS
'adds the error of a forecast over what was sold (transition function)';

CREATE AGGREGATE mape(actual numeric, forecast numeric) (
  SFUNC = mape_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE mape(numeric, numeric) IS
'the mean of the errors over what was sold, of rows where that is not zero (mean absolute percentage error)';

CREATE FUNCTION mase(actual numeric[], forecast numeric[], training numeric[], season integer DEFAULT 1)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_mase'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION mase(numeric[], numeric[], numeric[], integer) IS
'the mean error of a forecast over that of repeating the season before, in the training series (mean absolute scaled error)';

