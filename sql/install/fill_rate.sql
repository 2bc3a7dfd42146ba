-- Supply: how much of what customers ordered was delivered, on time and in full

CREATE FUNCTION fill_rate_accumulate(bytea, ordered numeric, delivered numeric, on_time boolean)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_fill_rate_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION fill_rate_accumulate(bytea, numeric, numeric, boolean) IS
'adds an order line to what was ordered and delivered on time (transition function)';

CREATE AGGREGATE fill_rate(ordered numeric, delivered numeric, on_time boolean) (
  SFUNC = fill_rate_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE fill_rate(numeric, numeric, boolean) IS
'what was delivered on time, of each line up to what was ordered, over what was ordered';

CREATE FUNCTION fill_rate_accumulate(bytea, ordered numeric, delivered numeric, on_time boolean, price numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_fill_rate_amount_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION fill_rate_accumulate(bytea, numeric, numeric, boolean, numeric) IS
'adds an order line at its price to what was ordered and delivered on time (transition function)';

CREATE AGGREGATE fill_rate(ordered numeric, delivered numeric, on_time boolean, price numeric) (
  SFUNC = fill_rate_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE fill_rate(numeric, numeric, boolean, numeric) IS
'the amount that was delivered on time, of each line up to what was ordered, over the amount that was ordered';

CREATE FUNCTION fill_rate_lenient_accumulate(bytea, ordered numeric, delivered numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_fill_rate_lenient_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION fill_rate_lenient_accumulate(bytea, numeric, numeric) IS
'adds an order line to what was ordered and delivered (transition function)';

CREATE AGGREGATE fill_rate_lenient(ordered numeric, delivered numeric) (
  SFUNC = fill_rate_lenient_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE fill_rate_lenient(numeric, numeric) IS
'what was delivered, late or not, of each line up to what was ordered, over what was ordered';

CREATE FUNCTION fill_rate_lenient_accumulate(bytea, ordered numeric, delivered numeric, price numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_fill_rate_lenient_amount_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION fill_rate_lenient_accumulate(bytea, numeric, numeric, numeric) IS
'adds an order line at its price to what was ordered and delivered (transition function)';

CREATE AGGREGATE fill_rate_lenient(ordered numeric, delivered numeric, price numeric) (
  SFUNC = fill_rate_lenient_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE fill_rate_lenient(numeric, numeric, numeric) IS
'the amount that was delivered, late or not, of each line up to what was ordered, over the amount that was ordered';

CREATE FUNCTION otif_accumulate(bytea, on_time boolean, in_full boolean)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_otif_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION otif_accumulate(bytea, boolean, boolean) IS
'adds a line or an order to those that came on time and in full or did not (transition function)';

CREATE AGGREGATE otif(on_time boolean, in_full boolean) (
  SFUNC = otif_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE otif(boolean, boolean) IS
'the share of lines or orders that came on time and in full; where it is not known, they did not';

