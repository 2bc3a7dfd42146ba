-- Periods: what a report counts, without the unfinished part

CREATE FUNCTION closed_period(as_of date, n integer, grain text)
RETURNS daterange
AS 'MODULE_PATHNAME', 'kam_closed_period'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION closed_period(date, integer, text) IS
'the last n buckets of the grain that were complete at the end of the day as_of';

CREATE FUNCTION to_date(period daterange, as_of date)
RETURNS daterange
AS 'MODULE_PATHNAME', 'kam_to_date'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION to_date(daterange, date) IS
'the part of the period up to and with as_of; NULL when it has not started';

CREATE FUNCTION prior_year(period daterange)
RETURNS daterange
AS 'MODULE_PATHNAME', 'kam_prior_year'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION prior_year(daterange) IS
'the same days of the year before; 29 February becomes the 28th';

