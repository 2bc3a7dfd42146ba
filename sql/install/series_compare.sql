-- Comparing: for DISTINCT, UNION, GROUP BY and indexes

CREATE FUNCTION sales_series_eq(sales_series, sales_series)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_series_eq'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_eq(sales_series, sales_series) IS
'implementation of = operator';

CREATE FUNCTION sales_series_ne(sales_series, sales_series)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_series_ne'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_ne(sales_series, sales_series) IS
'implementation of <> operator';

CREATE FUNCTION sales_series_lt(sales_series, sales_series)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_series_lt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_lt(sales_series, sales_series) IS
'implementation of < operator';

CREATE FUNCTION sales_series_le(sales_series, sales_series)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_series_le'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_le(sales_series, sales_series) IS
'implementation of <= operator';

CREATE FUNCTION sales_series_gt(sales_series, sales_series)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_series_gt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_gt(sales_series, sales_series) IS
'implementation of > operator';

CREATE FUNCTION sales_series_ge(sales_series, sales_series)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_series_ge'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_ge(sales_series, sales_series) IS
'implementation of >= operator';

CREATE FUNCTION sales_series_cmp(sales_series, sales_series)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_series_cmp'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_cmp(sales_series, sales_series) IS
'less, equal or greater, for indexes';

CREATE FUNCTION sales_series_hash(sales_series)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_series_hash'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sales_series_hash(sales_series) IS 'hash of a series';

CREATE OPERATOR = (
  LEFTARG = sales_series,
  RIGHTARG = sales_series,
  FUNCTION = sales_series_eq,
  COMMUTATOR = =,
  NEGATOR = <>,
  RESTRICT = eqsel,
  JOIN = eqjoinsel,
  HASHES,
  MERGES
);

COMMENT ON OPERATOR = (sales_series, sales_series) IS 'same period, grain, totals, decimals and sale days';

CREATE OPERATOR <> (
  LEFTARG = sales_series,
  RIGHTARG = sales_series,
  FUNCTION = sales_series_ne,
  COMMUTATOR = <>,
  NEGATOR = =,
  RESTRICT = neqsel,
  JOIN = neqjoinsel
);

COMMENT ON OPERATOR <> (sales_series, sales_series) IS 'not equal';

CREATE OPERATOR < (
  LEFTARG = sales_series,
  RIGHTARG = sales_series,
  FUNCTION = sales_series_lt,
  COMMUTATOR = >,
  NEGATOR = >=,
  RESTRICT = scalarltsel,
  JOIN = scalarltjoinsel
);

COMMENT ON OPERATOR < (sales_series, sales_series) IS 'earlier in the order of stored forms';

CREATE OPERATOR <= (
  LEFTARG = sales_series,
  RIGHTARG = sales_series,
  FUNCTION = sales_series_le,
  COMMUTATOR = >=,
  NEGATOR = >,
  RESTRICT = scalarlesel,
  JOIN = scalarlejoinsel
);

COMMENT ON OPERATOR <= (sales_series, sales_series) IS 'not later in the order of stored forms';

CREATE OPERATOR > (
  LEFTARG = sales_series,
  RIGHTARG = sales_series,
  FUNCTION = sales_series_gt,
  COMMUTATOR = <,
  NEGATOR = <=,
  RESTRICT = scalargtsel,
  JOIN = scalargtjoinsel
);

COMMENT ON OPERATOR > (sales_series, sales_series) IS 'later in the order of stored forms';

CREATE OPERATOR >= (
  LEFTARG = sales_series,
  RIGHTARG = sales_series,
  FUNCTION = sales_series_ge,
  COMMUTATOR = <=,
  NEGATOR = <,
  RESTRICT = scalargesel,
  JOIN = scalargejoinsel
);

COMMENT ON OPERATOR >= (sales_series, sales_series) IS 'not earlier in the order of stored forms';

CREATE OPERATOR CLASS sales_series_ops
DEFAULT FOR TYPE sales_series USING btree AS
  OPERATOR 1 <,
  OPERATOR 2 <=,
  OPERATOR 3 =,
  OPERATOR 4 >=,
  OPERATOR 5 >,
  FUNCTION 1 sales_series_cmp(sales_series, sales_series);

COMMENT ON OPERATOR CLASS sales_series_ops USING btree IS
'series in the order of their stored forms';

CREATE OPERATOR CLASS sales_series_ops
DEFAULT FOR TYPE sales_series USING hash AS
  OPERATOR 1 =,
  FUNCTION 1 sales_series_hash(sales_series);

COMMENT ON OPERATOR CLASS sales_series_ops USING hash IS 'equality of series';

