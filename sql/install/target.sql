-- Targets: a proposal for a customer, its split over parts, and the figures that it rests on

CREATE FUNCTION target_split(target numeric, weights numeric[], scale integer DEFAULT 2)
RETURNS numeric[]
AS 'MODULE_PATHNAME', 'kam_target_split'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION target_split(numeric, numeric[], integer) IS
'parts in proportion to weights, rounded to scale decimals, that add up to the target exactly';

CREATE FUNCTION suggest_target(
    prior numeric,
    peer_average numeric,
    growth numeric DEFAULT 0,
    gap_share numeric DEFAULT 0.5)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_suggest_target'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION suggest_target(numeric, numeric, numeric, numeric) IS
'the prior year with growth, and below the peers'' average a share of the gap to it more';

CREATE FUNCTION history_months(first_sale date, as_of date)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_history_months'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION history_months(date, date) IS
'full months from the first sale up to and with as_of';

CREATE FUNCTION history_state(
    first_sale date,
    as_of date,
    minimum integer DEFAULT 12,
    recommended integer DEFAULT 36)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_history_state'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION history_state(date, date, integer, integer) IS
'insufficient, ok or full: whether the history is long enough to plan by, in full months';

CREATE FUNCTION share_of_potential(actual numeric, potential numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_share_of_potential'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION share_of_potential(numeric, numeric) IS
'actual over potential; returns count for nothing, NULL without a potential above zero';

CREATE FUNCTION gross_margin(amount numeric, cost numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_gross_margin'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION gross_margin(numeric, numeric) IS
'(amount - cost) / amount; NULL when amount is not above zero';

CREATE FUNCTION growth_rate(now_value numeric, before_value numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_growth_rate'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION growth_rate(numeric, numeric) IS
'(now_value - before_value) / before_value; NULL when before_value is not above zero';

