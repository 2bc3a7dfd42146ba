-- Stock at the customer's, beside what he sells

CREATE FUNCTION stock_cover(stock numeric, monthly_sell_out numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_stock_cover'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION stock_cover(numeric, numeric) IS
'how many months the stock lasts; NULL when monthly_sell_out is not above zero';

CREATE FUNCTION stock_state(
  stock numeric,
  monthly_sell_out numeric,
  stuffed_from numeric DEFAULT 6
)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_stock_state'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION stock_state(numeric, numeric, numeric) IS
'out_of_stock, ok or stuffed: stuffed is a stock of stuffed_from months or more, or one that does not sell';
