-- tier_ladder: thresholds, and the rate and fixed sum that each of them pays

CREATE TYPE tier_ladder;

CREATE FUNCTION tier_ladder_in(cstring)
RETURNS tier_ladder
AS 'MODULE_PATHNAME', 'kam_ladder_in'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_in(cstring) IS
'reads a tier_ladder from its text';

CREATE FUNCTION tier_ladder_out(tier_ladder)
RETURNS cstring
AS 'MODULE_PATHNAME', 'kam_ladder_out'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_out(tier_ladder) IS
'writes a tier_ladder as text';

CREATE FUNCTION tier_ladder_recv(internal)
RETURNS tier_ladder
AS 'MODULE_PATHNAME', 'kam_ladder_recv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_recv(internal) IS
'reads a tier_ladder from its binary form';

CREATE FUNCTION tier_ladder_send(tier_ladder)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_ladder_send'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_send(tier_ladder) IS
'writes a tier_ladder in binary form';

CREATE TYPE tier_ladder (
  INPUT = tier_ladder_in,
  OUTPUT = tier_ladder_out,
  RECEIVE = tier_ladder_recv,
  SEND = tier_ladder_send,
  INTERNALLENGTH = VARIABLE,
  ALIGNMENT = int4,
  STORAGE = extended
);

COMMENT ON TYPE tier_ladder IS
'thresholds with the rate and fixed sum each pays, like 0 => 0%, 100000 => 1%, 300000 => 3% + 500';

CREATE FUNCTION tier_ladder_jsonb(tier_ladder)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'kam_ladder_to_jsonb'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_jsonb(tier_ladder) IS
'a tier_ladder as jsonb, for the cast';

CREATE FUNCTION tier_ladder(jsonb)
RETURNS tier_ladder
AS 'MODULE_PATHNAME', 'kam_ladder_from_jsonb'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder(jsonb) IS
'a tier_ladder from jsonb, for the cast';

CREATE CAST (tier_ladder AS jsonb) WITH FUNCTION tier_ladder_jsonb(tier_ladder);

COMMENT ON CAST (tier_ladder AS jsonb) IS
'the steps of a ladder as an array of objects';

CREATE CAST (jsonb AS tier_ladder) WITH FUNCTION tier_ladder(jsonb);

COMMENT ON CAST (jsonb AS tier_ladder) IS
'the ladder that the cast to jsonb was made from';

-- Making one

CREATE FUNCTION tier_ladder(thresholds numeric[], rates numeric[], fixed numeric[] DEFAULT NULL)
RETURNS tier_ladder
AS 'MODULE_PATHNAME', 'kam_ladder_make'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder(numeric[], numeric[], numeric[]) IS
'a ladder from arrays of one length: thresholds, rates and, if given, fixed sums';

CREATE FUNCTION tier_ladder_accumulate(tier_ladder, threshold numeric, rate numeric)
RETURNS tier_ladder
AS 'MODULE_PATHNAME', 'kam_ladder_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_accumulate(tier_ladder, numeric, numeric) IS
'adds a step to a ladder (transition function)';

CREATE FUNCTION tier_ladder_accumulate(tier_ladder, threshold numeric, rate numeric, fixed numeric)
RETURNS tier_ladder
AS 'MODULE_PATHNAME', 'kam_ladder_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_accumulate(tier_ladder, numeric, numeric, numeric) IS
'adds a step with a fixed sum to a ladder (transition function)';

CREATE FUNCTION tier_ladder_combine(tier_ladder, tier_ladder)
RETURNS tier_ladder
AS 'MODULE_PATHNAME', 'kam_ladder_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_combine(tier_ladder, tier_ladder) IS
'the steps of two ladders in one (combine function)';

CREATE AGGREGATE tier_ladder_agg(threshold numeric, rate numeric) (
  SFUNC = tier_ladder_accumulate,
  STYPE = tier_ladder,
  SSPACE = 200,
  COMBINEFUNC = tier_ladder_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE tier_ladder_agg(numeric, numeric) IS
'the ladder of a programme whose steps are rows; rows without a threshold are left out';

CREATE AGGREGATE tier_ladder_agg(threshold numeric, rate numeric, fixed numeric) (
  SFUNC = tier_ladder_accumulate,
  STYPE = tier_ladder,
  SSPACE = 200,
  COMBINEFUNC = tier_ladder_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE tier_ladder_agg(numeric, numeric, numeric) IS
'the same with a fixed sum for each step; NULL is 0';

-- Reading one

CREATE TYPE ladder_step AS (tier integer, threshold numeric, rate numeric, fixed numeric);

COMMENT ON TYPE ladder_step IS 'a step of a tier_ladder';

CREATE FUNCTION tiers(ladder tier_ladder)
RETURNS SETOF ladder_step
AS 'MODULE_PATHNAME', 'kam_ladder_tiers'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 5;

COMMENT ON FUNCTION tiers(tier_ladder) IS
'the steps of a ladder, the lowest first';

CREATE TYPE ladder_finding AS (tier integer, finding text, detail text);

COMMENT ON TYPE ladder_finding IS 'something odd about a step of a tier_ladder';

CREATE FUNCTION ladder_check(ladder tier_ladder)
RETURNS SETOF ladder_finding
AS 'MODULE_PATHNAME', 'kam_ladder_check'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 2;

COMMENT ON FUNCTION ladder_check(tier_ladder) IS
'what to look at twice: cliff, falling_rate, unreachable_step, no_effect, rate_above_1';

-- Comparing two

CREATE FUNCTION tier_ladder_eq(tier_ladder, tier_ladder)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_ladder_eq'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_eq(tier_ladder, tier_ladder) IS
'implementation of =';

CREATE FUNCTION tier_ladder_ne(tier_ladder, tier_ladder)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_ladder_ne'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_ne(tier_ladder, tier_ladder) IS
'implementation of <>';

CREATE FUNCTION tier_ladder_lt(tier_ladder, tier_ladder)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_ladder_lt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_lt(tier_ladder, tier_ladder) IS
'implementation of <';

CREATE FUNCTION tier_ladder_le(tier_ladder, tier_ladder)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_ladder_le'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_le(tier_ladder, tier_ladder) IS
'implementation of <=';

CREATE FUNCTION tier_ladder_gt(tier_ladder, tier_ladder)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_ladder_gt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_gt(tier_ladder, tier_ladder) IS
'implementation of >';

CREATE FUNCTION tier_ladder_ge(tier_ladder, tier_ladder)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_ladder_ge'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_ge(tier_ladder, tier_ladder) IS
'implementation of >=';

CREATE FUNCTION tier_ladder_cmp(tier_ladder, tier_ladder)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_ladder_cmp'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_cmp(tier_ladder, tier_ladder) IS
'below zero, zero or above zero, for btree';

CREATE FUNCTION tier_ladder_hash(tier_ladder)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_ladder_hash'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_hash(tier_ladder) IS
'a hash that equal ladders share';

CREATE FUNCTION tier_ladder_hash(tier_ladder, bigint)
RETURNS bigint
AS 'MODULE_PATHNAME', 'kam_ladder_hash_extended'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION tier_ladder_hash(tier_ladder, bigint) IS
'a hash of 64 bits that equal ladders share';

CREATE OPERATOR = (
  LEFTARG = tier_ladder,
  RIGHTARG = tier_ladder,
  FUNCTION = tier_ladder_eq,
  COMMUTATOR = =,
  NEGATOR = <>,
  RESTRICT = eqsel,
  JOIN = eqjoinsel,
  HASHES,
  MERGES
);

COMMENT ON OPERATOR = (tier_ladder, tier_ladder) IS
'the same steps, however their rates are written';

CREATE OPERATOR <> (
  LEFTARG = tier_ladder,
  RIGHTARG = tier_ladder,
  FUNCTION = tier_ladder_ne,
  COMMUTATOR = <>,
  NEGATOR = =,
  RESTRICT = neqsel,
  JOIN = neqjoinsel
);

COMMENT ON OPERATOR <> (tier_ladder, tier_ladder) IS
'other steps';

CREATE OPERATOR < (
  LEFTARG = tier_ladder,
  RIGHTARG = tier_ladder,
  FUNCTION = tier_ladder_lt,
  COMMUTATOR = >,
  NEGATOR = >=,
  RESTRICT = scalarltsel,
  JOIN = scalarltjoinsel
);

COMMENT ON OPERATOR < (tier_ladder, tier_ladder) IS
'before, in the order of a sort';

CREATE OPERATOR <= (
  LEFTARG = tier_ladder,
  RIGHTARG = tier_ladder,
  FUNCTION = tier_ladder_le,
  COMMUTATOR = >=,
  NEGATOR = >,
  RESTRICT = scalarlesel,
  JOIN = scalarlejoinsel
);

COMMENT ON OPERATOR <= (tier_ladder, tier_ladder) IS
'before or the same, in the order of a sort';

CREATE OPERATOR > (
  LEFTARG = tier_ladder,
  RIGHTARG = tier_ladder,
  FUNCTION = tier_ladder_gt,
  COMMUTATOR = <,
  NEGATOR = <=,
  RESTRICT = scalargtsel,
  JOIN = scalargtjoinsel
);

COMMENT ON OPERATOR > (tier_ladder, tier_ladder) IS
'after, in the order of a sort';

CREATE OPERATOR >= (
  LEFTARG = tier_ladder,
  RIGHTARG = tier_ladder,
  FUNCTION = tier_ladder_ge,
  COMMUTATOR = <=,
  NEGATOR = <,
  RESTRICT = scalargesel,
  JOIN = scalargejoinsel
);

COMMENT ON OPERATOR >= (tier_ladder, tier_ladder) IS
'after or the same, in the order of a sort';

CREATE OPERATOR CLASS tier_ladder_ops
DEFAULT FOR TYPE tier_ladder USING btree AS
  OPERATOR 1 <,
  OPERATOR 2 <=,
  OPERATOR 3 =,
  OPERATOR 4 >=,
  OPERATOR 5 >,
  FUNCTION 1 tier_ladder_cmp(tier_ladder, tier_ladder);

COMMENT ON OPERATOR CLASS tier_ladder_ops USING btree IS
'sorting and grouping by a ladder';

CREATE OPERATOR CLASS tier_ladder_ops
DEFAULT FOR TYPE tier_ladder USING hash AS
  OPERATOR 1 =,
  FUNCTION 1 tier_ladder_hash(tier_ladder),
  FUNCTION 2 tier_ladder_hash(tier_ladder, bigint);

COMMENT ON OPERATOR CLASS tier_ladder_ops USING hash IS
'grouping by a ladder';

