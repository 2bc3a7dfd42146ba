-- Spend: what the money spent on a customer brings

CREATE FUNCTION spend_efficiency(volume numeric, spend numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_spend_efficiency'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION spend_efficiency(numeric, numeric) IS
'volume for a unit of spend; NULL when spend is not above zero';

CREATE FUNCTION cost_per_unit(spend numeric, volume numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_cost_per_unit'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION cost_per_unit(numeric, numeric) IS
'spend for a unit of volume; NULL when volume is not above zero';

CREATE TYPE spend_change_result AS (
  efficiency_before numeric,
  efficiency_now numeric,
  efficiency_change numeric,
  cost_before numeric,
  cost_now numeric,
  cost_change numeric,
  incremental numeric,
  quadrant text
);

COMMENT ON TYPE spend_change_result IS
'volume for a unit of spend and spend for a unit of volume in two periods, and what the change of spend did';

CREATE FUNCTION spend_change(
  volume_before numeric,
  spend_before numeric,
  volume_now numeric,
  spend_now numeric
)
RETURNS spend_change_result
AS 'MODULE_PATHNAME', 'kam_spend_change'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION spend_change(numeric, numeric, numeric, numeric) IS
'how the efficiency of spend changed, the volume that a unit more of it brought, and the quadrant: expanded, improved, reduced, wasted';

CREATE FUNCTION spend_ahead(spend numeric, budget numeric, volume numeric, target numeric)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_spend_ahead'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION spend_ahead(numeric, numeric, numeric, numeric) IS
'whether a larger share of the budget is spent than of the target reached; NULL when budget or target is not above zero';

CREATE FUNCTION trade_roi(margin numeric, spend numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_trade_roi'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION trade_roi(numeric, numeric) IS
'(incremental margin - spend) / spend; NULL when spend is not above zero';
