-- A tiered programme with parameters and gates, and customers' statements

CREATE TYPE programme_parameter AS (
  name text,
  actual numeric,
  target numeric,
  weight numeric
);

COMMENT ON TYPE programme_parameter IS
'a target beside the amount that qualifies; without a target it is left out, without a weight it counts 1';

CREATE TYPE programme_gate AS (name text, met boolean);

COMMENT ON TYPE programme_gate IS
'a condition that is not an amount';

CREATE TYPE reward_step AS (
  no integer,
  step text,
  detail text,
  amount numeric
);

COMMENT ON TYPE reward_step IS 'a step on the way to what a customer is due';

CREATE FUNCTION programme_reward(
  qualifying numeric,
  ladder tier_ladder,
  base numeric DEFAULT NULL,
  mode text DEFAULT 'retrospective',
  boundary text DEFAULT 'reach',
  cap numeric DEFAULT NULL,
  parameters programme_parameter[] DEFAULT NULL,
  combine text DEFAULT 'all',
  gates programme_gate[] DEFAULT NULL
)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_programme_reward'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION programme_reward(numeric, tier_ladder, numeric, text, text, numeric, programme_parameter[], text, programme_gate[]) IS
'what a customer earns in a tiered programme; combine: all, weighted or min';

CREATE FUNCTION explain_reward(
  qualifying numeric,
  ladder tier_ladder,
  base numeric DEFAULT NULL,
  mode text DEFAULT 'retrospective',
  boundary text DEFAULT 'reach',
  cap numeric DEFAULT NULL,
  parameters programme_parameter[] DEFAULT NULL,
  combine text DEFAULT 'all',
  gates programme_gate[] DEFAULT NULL,
  paid numeric DEFAULT NULL,
  scale integer DEFAULT 2
)
RETURNS SETOF reward_step
AS 'MODULE_PATHNAME', 'kam_explain_reward'
LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 8;

COMMENT ON FUNCTION explain_reward(numeric, tier_ladder, numeric, text, text, numeric, programme_parameter[], text, programme_gate[], numeric, integer) IS
'the steps from what a customer bought to what he is due, and what the next tier would pay';

CREATE FUNCTION explain_turnover(
  actual numeric,
  target numeric,
  rate numeric,
  fixed numeric DEFAULT 0,
  paid numeric DEFAULT NULL,
  scale integer DEFAULT 2
)
RETURNS SETOF reward_step
AS 'MODULE_PATHNAME', 'kam_explain_turnover'
LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 6;

COMMENT ON FUNCTION explain_turnover(numeric, numeric, numeric, numeric, numeric, integer) IS
'the steps of turnover_bonus, and what is due';

CREATE FUNCTION explain_framework(
  gross numeric,
  base_discount numeric,
  extra_discount numeric,
  mode text DEFAULT 'additive',
  commitment numeric DEFAULT NULL,
  drawn numeric DEFAULT NULL
)
RETURNS SETOF reward_step
AS 'MODULE_PATHNAME', 'kam_explain_framework'
LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 8;

COMMENT ON FUNCTION explain_framework(numeric, numeric, numeric, text, numeric, numeric) IS
'the steps of framework_price, and how much of the commitment was ordered';

