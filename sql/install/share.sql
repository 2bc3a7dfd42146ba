-- Share at the customer: of his purchases, and whether it was won or lost

CREATE TYPE share_change_result AS (
  own_growth numeric,
  market_growth numeric,
  gap numeric,
  relative numeric,
  verdict text
);

COMMENT ON TYPE share_change_result IS
'own growth beside that of the market or the customer, and what became of the share';

CREATE FUNCTION share_change(own_now numeric, own_before numeric, market_now numeric, market_before numeric)
RETURNS share_change_result
AS 'MODULE_PATHNAME', 'kam_share_change'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION share_change(numeric, numeric, numeric, numeric) IS
'whether a share was won, held or lost: own growth against that of the market or the customer';

CREATE FUNCTION share_of_wallet(own numeric, wallet numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_share_of_wallet'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION share_of_wallet(numeric, numeric) IS
'what the customer buys from us over all he buys of the kind; NULL when that is not above zero';

CREATE FUNCTION wallet_allocation(rank numeric, brands bigint)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_wallet_allocation'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION wallet_allocation(numeric, bigint) IS
'the share of wallet that a rank among so many brands leads to: (1 - rank / (brands + 1)) * 2 / brands';

CREATE FUNCTION growth_verdict(growth numeric, wallet_share_now numeric, wallet_share_before numeric DEFAULT 1)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_growth_verdict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION growth_verdict(numeric, numeric, numeric) IS
'growing, splitting, both, shrinking or steady: whether a customer buys more, and gives us less of what he buys';
