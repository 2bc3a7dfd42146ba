-- Gaps between orders: how long they are, the one that is open, the next order to expect

CREATE FUNCTION order_gaps(s sales_series)
RETURNS integer[]
AS 'MODULE_PATHNAME', 'kam_order_gaps'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION order_gaps(sales_series) IS
'the days from each day bought on to the next, in order of time';

CREATE FUNCTION order_gaps(s sales_series, as_of date)
RETURNS integer[]
AS 'MODULE_PATHNAME', 'kam_order_gaps'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION order_gaps(sales_series, date) IS
'the same of the days up to as_of';

CREATE FUNCTION order_gap(s sales_series)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_order_gap'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION order_gap(sales_series) IS
'mean days from one day bought on to the next';

CREATE FUNCTION order_gap(s sales_series, as_of date)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_order_gap'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION order_gap(sales_series, date) IS
'mean days from one day bought on to the next, of the days up to as_of';

CREATE FUNCTION open_gap(s sales_series, as_of date)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_open_gap'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION open_gap(sales_series, date) IS
'days from the last day bought on up to as_of';

CREATE FUNCTION next_order(s sales_series)
RETURNS date
AS 'MODULE_PATHNAME', 'kam_next_order'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION next_order(sales_series) IS
'the day to expect the next order on: the last day bought on and the mean gap';

CREATE FUNCTION next_order(s sales_series, as_of date)
RETURNS date
AS 'MODULE_PATHNAME', 'kam_next_order'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION next_order(sales_series, date) IS
'the same as it was expected at as_of';

CREATE FUNCTION gap_trend(s sales_series)
RETURNS double precision
AS 'MODULE_PATHNAME', 'kam_gap_trend'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION gap_trend(sales_series) IS
'days by which the gaps grow from order to order: slope of the least-squares line';

CREATE FUNCTION gap_trend(s sales_series, as_of date, gaps integer DEFAULT NULL)
RETURNS double precision
AS 'MODULE_PATHNAME', 'kam_gap_trend'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION gap_trend(sales_series, date, integer) IS
'the same over the last gaps up to as_of; NULL takes all';

CREATE FUNCTION order_value(s sales_series)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_order_value'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION order_value(sales_series) IS
'average order value: the net total over the days bought on';

CREATE FUNCTION order_value(s sales_series, part daterange)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_order_value'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION order_value(sales_series, daterange) IS
'the same of a part of the period, which begins and ends where buckets do';

