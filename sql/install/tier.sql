-- tier_attainment: the step of a ladder that was reached, and what it pays

CREATE TYPE tier_result AS (
  tier integer,
  threshold numeric,
  rate numeric,
  reward numeric,
  next_threshold numeric,
  gap numeric,
  next_reward numeric
);

COMMENT ON TYPE tier_result IS
'the step reached, its reward, and what reaching the next one would pay';

CREATE FUNCTION tier_attainment(
  qualifying numeric,
  ladder tier_ladder,
  base numeric DEFAULT NULL,
  mode text DEFAULT 'retrospective',
  boundary text DEFAULT 'reach',
  cap numeric DEFAULT NULL,
  gate boolean DEFAULT true
)
RETURNS tier_result
AS 'MODULE_PATHNAME', 'kam_tier_attainment'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION tier_attainment(numeric, tier_ladder, numeric, text, text, numeric, boolean) IS
'the step that qualifying reached, what it pays on base, and the next step; mode: retrospective, stepped, fixed or interpolated; boundary: reach or exceed';

CREATE FUNCTION tier_reward(
  qualifying numeric,
  ladder tier_ladder,
  base numeric DEFAULT NULL,
  mode text DEFAULT 'retrospective',
  boundary text DEFAULT 'reach',
  cap numeric DEFAULT NULL,
  gate boolean DEFAULT true
)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_tier_reward'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION tier_reward(numeric, tier_ladder, numeric, text, text, numeric, boolean) IS
'the reward of tier_attainment alone';
