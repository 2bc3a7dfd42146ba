-- Where a customer stands: by contract and sales, and by the days bought on

CREATE TYPE client_state_result AS (
  state text,
  contract_missing boolean
);

COMMENT ON TYPE client_state_result IS
'active, lost, not_started or potential; and whether there are sales without a contract';

CREATE FUNCTION client_state(
  has_contract boolean,
  sold boolean,
  bought_before boolean DEFAULT NULL)
RETURNS client_state_result
AS 'MODULE_PATHNAME', 'kam_client_state'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION client_state(boolean, boolean, boolean) IS
'the state of a client by contract and deliveries of the period; bought_before tells new contracts and ex-clients apart';

CREATE FUNCTION lifecycle_stage(
  first_sale date,
  previous_sale date,
  last_sale date,
  as_of date,
  at_risk_after integer DEFAULT 60,
  lost_after integer DEFAULT 90,
  new_for integer DEFAULT 90)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_lifecycle_stage'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION lifecycle_stage(date, date, date, date, integer, integer, integer) IS
'potential, new, active, returning, at_risk or lost, by the days since the first and the last purchase';

CREATE FUNCTION lifecycle_stage(
  s sales_series,
  as_of date,
  first_sale date,
  at_risk_after integer DEFAULT 60,
  lost_after integer DEFAULT 90,
  new_for integer DEFAULT 90)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_lifecycle_stage_series'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION lifecycle_stage(sales_series, date, date, integer, integer, integer) IS
'potential, new, active, returning, at_risk or lost, by the days bought on up to as_of and the first purchase ever';
