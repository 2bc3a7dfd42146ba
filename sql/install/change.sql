-- Changes of a series: bucket over bucket, and over the same bucket a year before

CREATE TYPE series_change AS (
  bucket daterange,
  total numeric,
  previous numeric,
  change numeric,
  growth numeric,
  direction text,
  year_before numeric,
  year_change numeric,
  year_growth numeric,
  clipped boolean
);

COMMENT ON TYPE series_change IS
'a bucket of a sales_series beside the bucket before and the one a year before';

CREATE FUNCTION series_changes(s sales_series)
RETURNS SETOF series_change
AS 'MODULE_PATHNAME', 'kam_series_changes'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION series_changes(sales_series) IS
'each bucket of the series beside the one before it and the same one a year before';

