-- Evenness: how a period's sales are spread over its parts

CREATE FUNCTION evenness(s sales_series, calendar work_calendar DEFAULT NULL)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_evenness_series'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION evenness(sales_series, work_calendar) IS
'1 when all buckets sell alike, or as their working days, 0 when one has it all; buckets below zero count as nothing';

CREATE FUNCTION evenness(parts numeric[], weights numeric[] DEFAULT NULL)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_evenness_array'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION evenness(numeric[], numeric[]) IS
'1 when all parts are alike, or as their weights, 0 when one has it all; parts below zero count as nothing';

CREATE FUNCTION last_share(s sales_series, n integer DEFAULT 1)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_last_share'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION last_share(sales_series, integer) IS
'the share that the last n buckets have in the total; buckets below zero count as nothing';
