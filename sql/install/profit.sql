-- Profit: what is left of a customer's sales, and the margins on both sides of the deal

CREATE TYPE profit_and_loss_result AS (
  net_revenue numeric,
  gross_margin numeric,
  gross_margin_share numeric,
  contribution numeric,
  contribution_share numeric,
  return_on_spend numeric,
  profitable boolean,
  missing text[]
);

COMMENT ON TYPE profit_and_loss_result IS
'the profit and loss of a customer: net revenue, gross margin, contribution, and the items that are not known';

CREATE FUNCTION profit_and_loss(
    gross numeric,
    discounts numeric,
    cost_of_goods numeric,
    trade_spend numeric DEFAULT 0,
    logistics numeric DEFAULT 0,
    other numeric DEFAULT 0)
RETURNS profit_and_loss_result
AS 'MODULE_PATHNAME', 'kam_profit_and_loss'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION profit_and_loss(numeric, numeric, numeric, numeric, numeric, numeric) IS
'from gross sales to contribution; an item that is NULL is not known, and neither is what depends on it';

CREATE FUNCTION profit_and_loss_accumulate(bytea, gross numeric, discounts numeric, cost_of_goods numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_profit_and_loss_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION profit_and_loss_accumulate(bytea, numeric, numeric, numeric) IS
'adds a row to a profit and loss (transition function)';

CREATE FUNCTION profit_and_loss_accumulate(bytea, gross numeric, discounts numeric, cost_of_goods numeric, trade_spend numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_profit_and_loss_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION profit_and_loss_accumulate(bytea, numeric, numeric, numeric, numeric) IS
'adds a row to a profit and loss (transition function)';

CREATE FUNCTION profit_and_loss_accumulate(bytea, gross numeric, discounts numeric, cost_of_goods numeric, trade_spend numeric, logistics numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_profit_and_loss_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION profit_and_loss_accumulate(bytea, numeric, numeric, numeric, numeric, numeric) IS
'adds a row to a profit and loss (transition function)';

CREATE FUNCTION profit_and_loss_accumulate(bytea, gross numeric, discounts numeric, cost_of_goods numeric, trade_spend numeric, logistics numeric, other numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_profit_and_loss_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION profit_and_loss_accumulate(bytea, numeric, numeric, numeric, numeric, numeric, numeric) IS
'adds a row to a profit and loss (transition function)';

CREATE FUNCTION profit_and_loss_combine(bytea, bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_profit_and_loss_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION profit_and_loss_combine(bytea, bytea) IS
'merges two unfinished profit and losses (combine function)';

CREATE FUNCTION profit_and_loss_final(bytea)
RETURNS profit_and_loss_result
AS 'MODULE_PATHNAME', 'kam_profit_and_loss_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION profit_and_loss_final(bytea) IS
'the profit and loss of a group once all its rows are in (final function)';

CREATE AGGREGATE profit_and_loss_agg(gross numeric, discounts numeric, cost_of_goods numeric) (
  SFUNC = profit_and_loss_accumulate,
  STYPE = bytea,
  SSPACE = 160,
  FINALFUNC = profit_and_loss_final,
  COMBINEFUNC = profit_and_loss_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE profit_and_loss_agg(numeric, numeric, numeric) IS
'from gross sales to gross margin, over the rows of a group; an item that is NULL in one row is not known';

CREATE AGGREGATE profit_and_loss_agg(gross numeric, discounts numeric, cost_of_goods numeric, trade_spend numeric) (
  SFUNC = profit_and_loss_accumulate,
  STYPE = bytea,
  SSPACE = 160,
  FINALFUNC = profit_and_loss_final,
  COMBINEFUNC = profit_and_loss_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE profit_and_loss_agg(numeric, numeric, numeric, numeric) IS
'from gross sales to contribution with trade spend only, over the rows of a group; an item that is NULL in one row is not known';

CREATE AGGREGATE profit_and_loss_agg(gross numeric, discounts numeric, cost_of_goods numeric, trade_spend numeric, logistics numeric) (
  SFUNC = profit_and_loss_accumulate,
  STYPE = bytea,
  SSPACE = 160,
  FINALFUNC = profit_and_loss_final,
  COMBINEFUNC = profit_and_loss_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE profit_and_loss_agg(numeric, numeric, numeric, numeric, numeric) IS
'from gross sales to contribution without other costs, over the rows of a group; an item that is NULL in one row is not known';

CREATE AGGREGATE profit_and_loss_agg(gross numeric, discounts numeric, cost_of_goods numeric, trade_spend numeric, logistics numeric, other numeric) (
  SFUNC = profit_and_loss_accumulate,
  STYPE = bytea,
  SSPACE = 160,
  FINALFUNC = profit_and_loss_final,
  COMBINEFUNC = profit_and_loss_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE profit_and_loss_agg(numeric, numeric, numeric, numeric, numeric, numeric) IS
'from gross sales to contribution over the rows of a group; an item that is NULL in one row is not known';

CREATE FUNCTION cost_to_serve(cost numeric, revenue numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_cost_to_serve'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION cost_to_serve(numeric, numeric) IS
'cost over net revenue; NULL when revenue is not above zero';

CREATE FUNCTION margin_change(margin_now numeric, revenue_now numeric, margin_before numeric, revenue_before numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_margin_change'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION margin_change(numeric, numeric, numeric, numeric) IS
'margin over revenue now less that before, in points as a fraction; below zero it has eroded';

CREATE FUNCTION front_margin(retail_price numeric, purchase_price numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_front_margin'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION front_margin(numeric, numeric) IS
'what a retailer makes on the shelf: (retail_price - purchase_price) / retail_price';

CREATE FUNCTION back_margin(paid_back numeric, purchases numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_back_margin'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION back_margin(numeric, numeric) IS
'what a retailer gets back from the supplier, over purchases; NULL when purchases are not above zero';
