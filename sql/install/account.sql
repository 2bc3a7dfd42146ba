-- Key accounts: of which type a customer is, and how much depends on them

CREATE FUNCTION account_types(
  profit numeric,
  total_profit numeric,
  first_sale date,
  as_of date,
  potential numeric DEFAULT NULL,
  known_name boolean DEFAULT NULL,
  leader boolean DEFAULT NULL,
  demanding boolean DEFAULT NULL,
  market_knowledge boolean DEFAULT NULL,
  share numeric DEFAULT 0.10,
  new_months integer DEFAULT 12
)
RETURNS text[]
AS 'MODULE_PATHNAME', 'kam_account_types'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION account_types(numeric, numeric, date, date, numeric, boolean, boolean, boolean, boolean, numeric, integer) IS
'the types of key account that a customer is, of breadwinner, prospect, image_maker and expert in this order, the primary one first';

CREATE FUNCTION key_share_state(
  share numeric,
  typical_from numeric DEFAULT 0.30,
  typical_to numeric DEFAULT 0.55
)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_key_share_state'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION key_share_state(numeric, numeric, numeric) IS
'below, typical or dependent: how large the share of the key accounts in all sales is';
