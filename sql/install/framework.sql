-- Framework orders: instalments of a commitment, and its price

CREATE TYPE instalment AS (no integer, due_on date, amount numeric);

COMMENT ON TYPE instalment IS 'a payment of a commitment and its due date';

CREATE FUNCTION instalments(
  total numeric,
  n integer,
  first_due date,
  step interval DEFAULT '1 month',
  scale integer DEFAULT 2
)
RETURNS SETOF instalment
AS 'MODULE_PATHNAME', 'kam_instalments'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 12;

COMMENT ON FUNCTION instalments(numeric, integer, date, interval, integer) IS
'n payments that add up to the total; the last one takes what rounding left';

CREATE FUNCTION framework_price(
  gross numeric,
  base_discount numeric,
  extra_discount numeric,
  mode text DEFAULT 'additive'
)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_framework_price'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION framework_price(numeric, numeric, numeric, text) IS
'gross less the fixed discount and that of the framework order, together (additive) or one after the other (chained)';

