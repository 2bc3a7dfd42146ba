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


CREATE FUNCTION prior_year(period daterange, grain text)
RETURNS daterange
AS 'MODULE_PATHNAME', 'kam_prior_year_grain'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION prior_year(daterange, text) IS
'the period 52 weeks earlier for a grain of weeks, else the same days of the year before';

CREATE FUNCTION fiscal_year(on_date date, last_month integer,
  last_weekday text DEFAULT 'sat', rule text DEFAULT 'nearest')
RETURNS daterange
AS 'MODULE_PATHNAME', 'kam_fiscal_year'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION fiscal_year(date, integer, text, text) IS
'the fiscal year of 52 or 53 weeks that the date is in; it ends on the weekday nearest to the end of last_month, or on the last such one in it';

CREATE FUNCTION calendar_year(day date)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_calendar_year'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION calendar_year(date) IS
'the calendar year of the day, 1 to 9999; NULL for infinity and days outside of that';

CREATE FUNCTION days_of_year(year integer)
RETURNS daterange
AS 'MODULE_PATHNAME', 'kam_days_of_year'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION days_of_year(integer) IS
'the days of a calendar year, 1 to 9999';
