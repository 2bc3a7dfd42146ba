-- What targets earn: turnover bonus, bonus over parameters, goods, settlement

CREATE FUNCTION turnover_bonus(
  actual numeric,
  target numeric,
  rate numeric,
  fixed numeric DEFAULT 0
)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_turnover_bonus'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION turnover_bonus(numeric, numeric, numeric, numeric) IS
'rate of everything bought plus the fixed sum once the target is reached, else nothing; NULL without a target';

CREATE TYPE in_kind_result AS (
  units numeric,
  value numeric,
  remainder numeric,
  cost numeric,
  saving numeric
);

COMMENT ON TYPE in_kind_result IS 'a bonus given in goods, and its cost';

CREATE FUNCTION in_kind(bonus numeric, price numeric, unit_cost numeric)
RETURNS in_kind_result
AS 'MODULE_PATHNAME', 'kam_in_kind'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION in_kind(numeric, numeric, numeric) IS
'the whole units that a bonus buys, what is left of it, and what the units cost the company';

CREATE FUNCTION bonus_earned_accumulate(numeric[], attainment numeric, weight numeric)
RETURNS numeric[]
AS 'MODULE_PATHNAME', 'kam_bonus_earned_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION bonus_earned_accumulate(numeric[], numeric, numeric) IS
'adds a parameter to a bonus (transition function)';

CREATE FUNCTION bonus_earned_accumulate(numeric[], attainment numeric, weight numeric, mode text)
RETURNS numeric[]
AS 'MODULE_PATHNAME', 'kam_bonus_earned_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION bonus_earned_accumulate(numeric[], numeric, numeric, text) IS
'adds a parameter to a bonus of any mode (transition function)';

CREATE FUNCTION bonus_earned_combine(numeric[], numeric[])
RETURNS numeric[]
AS 'MODULE_PATHNAME', 'kam_bonus_earned_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION bonus_earned_combine(numeric[], numeric[]) IS
'the parameters of two states in one (combine function)';

CREATE FUNCTION bonus_earned_final(numeric[])
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_bonus_earned_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION bonus_earned_final(numeric[]) IS
'the share of the bonus once all parameters are in (final function)';

CREATE AGGREGATE bonus_earned(attainment numeric, weight numeric) (
  SFUNC = bonus_earned_accumulate,
  STYPE = numeric[],
  SSPACE = 120,
  FINALFUNC = bonus_earned_final,
  COMBINEFUNC = bonus_earned_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE bonus_earned(numeric, numeric) IS
'1 when every parameter is met, else 0; parameters without an attainment are left out';

CREATE AGGREGATE bonus_earned(attainment numeric, weight numeric, mode text) (
  SFUNC = bonus_earned_accumulate,
  STYPE = numeric[],
  SSPACE = 120,
  FINALFUNC = bonus_earned_final,
  COMBINEFUNC = bonus_earned_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE bonus_earned(numeric, numeric, text) IS
'mode all: 1 when every parameter is met, else 0; weighted: the weight of those that are met; min: the lowest attainment';

CREATE FUNCTION settlement(earned numeric, paid numeric, scale integer DEFAULT 2)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_settlement'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION settlement(numeric, numeric, integer) IS
'what is left to pay: the cumulative amount earned, rounded, less what was paid; negative to pay back';

