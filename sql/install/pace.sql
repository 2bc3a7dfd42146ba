-- Pace: how much of a period is gone, and what the rest of it has to bring

CREATE FUNCTION elapsed_share(period daterange, as_of date)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_elapsed_share'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION elapsed_share(daterange, date) IS
'the share of the period that is gone with as_of, by calendar days';

CREATE FUNCTION elapsed_share(period daterange, as_of date, unit text)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_elapsed_share'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION elapsed_share(daterange, date, text) IS
'the share of the period that is gone with as_of, by days or months';

CREATE FUNCTION elapsed_share(period daterange, as_of date, calendar work_calendar)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_elapsed_share_calendar'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION elapsed_share(daterange, date, work_calendar) IS
'the share of the period that is gone with as_of, by working days';

CREATE FUNCTION elapsed_share(period daterange, as_of date, prior sales_series)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_elapsed_share_prior'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION elapsed_share(daterange, date, sales_series) IS
'the share of the period that is gone with as_of, by the season of the year before';

CREATE FUNCTION elapsed_share(period daterange, as_of date, prior sales_series, calendar work_calendar)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_elapsed_share_prior'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION elapsed_share(daterange, date, sales_series, work_calendar) IS
'the share of the period that is gone with as_of, by the season of the year before and the working days of the bucket that as_of is in';

CREATE FUNCTION elapsed_share(period daterange, as_of date, weights numeric[], grain text)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_elapsed_share_weights'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION elapsed_share(daterange, date, numeric[], text) IS
'the share of the period that is gone with as_of, by a weight for each bucket of the grain';

CREATE FUNCTION elapsed_share(period daterange, as_of date, weights numeric[], grain text, calendar work_calendar)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_elapsed_share_weights'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION elapsed_share(daterange, date, numeric[], text, work_calendar) IS
'the share of the period that is gone with as_of, by a weight for each bucket and the working days of the bucket that as_of is in';

CREATE FUNCTION required_rate(target numeric, actual numeric, period daterange, as_of date)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_required_rate'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION required_rate(numeric, numeric, daterange, date) IS
'what each day that is left has to bring to reach the target; 0 once it is reached';

CREATE FUNCTION required_rate(target numeric, actual numeric, period daterange, as_of date, unit text)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_required_rate'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION required_rate(numeric, numeric, daterange, date, text) IS
'what each day or month that is left has to bring to reach the target; 0 once it is reached';

CREATE FUNCTION required_rate(target numeric, actual numeric, period daterange, as_of date, calendar work_calendar)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_required_rate_calendar'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION required_rate(numeric, numeric, daterange, date, work_calendar) IS
'what each working day that is left has to bring to reach the target; 0 once it is reached';

CREATE FUNCTION required_rate(target numeric, actual numeric, period daterange, as_of date, prior sales_series)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_required_rate_prior'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION required_rate(numeric, numeric, daterange, date, sales_series) IS
'what each unit of last year''s sales that is left has to bring to reach the target; 0 once it is reached';

CREATE FUNCTION required_rate(target numeric, actual numeric, period daterange, as_of date, prior sales_series, calendar work_calendar)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_required_rate_prior'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION required_rate(numeric, numeric, daterange, date, sales_series, work_calendar) IS
'what each unit of last year''s sales that is left has to bring to reach the target (by the season of the year before and the working days of the bucket that as_of is in); 0 once it is reached';

CREATE FUNCTION required_rate(target numeric, actual numeric, period daterange, as_of date, weights numeric[], grain text)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_required_rate_weights'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION required_rate(numeric, numeric, daterange, date, numeric[], text) IS
'what each unit of weight that is left has to bring to reach the target; 0 once it is reached';

CREATE FUNCTION required_rate(target numeric, actual numeric, period daterange, as_of date, weights numeric[], grain text, calendar work_calendar)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_required_rate_weights'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION required_rate(numeric, numeric, daterange, date, numeric[], text, work_calendar) IS
'what each unit of weight that is left has to bring to reach the target (by a weight for each bucket and the working days of the bucket that as_of is in); 0 once it is reached';
