-- Several rebates at once, and what to book before the period's end

CREATE TYPE rebate_part AS (
  no integer,
  order_no integer,
  rate numeric,
  base numeric,
  amount numeric
);

COMMENT ON TYPE rebate_part IS 'what one of several rebates takes, and from what';

CREATE FUNCTION stack_rebates(
  base numeric,
  rates numeric[],
  orders integer[] DEFAULT NULL
)
RETURNS SETOF rebate_part
AS 'MODULE_PATHNAME', 'kam_stack_rebates'
LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 3;

COMMENT ON FUNCTION stack_rebates(numeric, numeric[], integer[]) IS
'rebates one after the other, each from what the ones before left; those of one order number from the same base';

CREATE FUNCTION tier_accrual(
  actual numeric,
  projected numeric,
  ladder tier_ladder,
  base numeric DEFAULT NULL,
  mode text DEFAULT 'retrospective',
  boundary text DEFAULT 'reach',
  cap numeric DEFAULT NULL,
  gate boolean DEFAULT true
)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_tier_accrual'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION tier_accrual(numeric, numeric, tier_ladder, numeric, text, text, numeric, boolean) IS
'the part of the reward at the projected amount that the actual one has earned: what to book today';

