-- Seasons: a name for each month of the year, January first

CREATE FUNCTION season(on_date date, seasons text[])
RETURNS text
AS 'MODULE_PATHNAME', 'kam_season'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION season(date, text[]) IS
'the season that a day is in; seasons names that of each month, January first';

CREATE FUNCTION season_year(on_date date, seasons text[])
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_season_year'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION season_year(date, text[]) IS
'the year in which the season that a day is in began';

CREATE TYPE season_total AS (
  season text,
  year integer,
  days daterange,
  total numeric,
  months numeric,
  complete boolean,
  total_before numeric,
  change numeric,
  growth numeric
);

COMMENT ON TYPE season_total IS
'what a season of a year sold, beside the same season a year before';

CREATE FUNCTION season_totals(s sales_series, seasons text[])
RETURNS SETOF season_total
AS 'MODULE_PATHNAME', 'kam_season_totals'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION season_totals(sales_series, text[]) IS
'each season inside the period of the series, in order of time, beside the same season a year before';

CREATE TYPE season_index AS (season text, index numeric, months numeric);

COMMENT ON TYPE season_index IS
'a season, what a month of it sells over what a month of the period sells, and its months';

CREATE FUNCTION seasonal_index(s sales_series, seasons text[])
RETURNS SETOF season_index
AS 'MODULE_PATHNAME', 'kam_seasonal_index'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION seasonal_index(sales_series, text[]) IS
'mean total per month of each season over the mean total per month of all';

