-- Visits: planned and made, with and without an order, and the size of the orders

CREATE FUNCTION visit_reach_accumulate(bytea, planned boolean, visited boolean)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_visit_reach_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION visit_reach_accumulate(bytea, boolean, boolean) IS
'adds a planned visit to those that were made or were not (transition function)';

CREATE AGGREGATE visit_reach(planned boolean, visited boolean) (
  SFUNC = visit_reach_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE visit_reach(boolean, boolean) IS
'the share of the planned visits that were made; visits that were not planned do not count';

CREATE FUNCTION visit_success_accumulate(bytea, visited boolean, ordered boolean)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_visit_success_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION visit_success_accumulate(bytea, boolean, boolean) IS
'adds a visit to those that brought an order or did not (transition function)';

CREATE AGGREGATE visit_success(visited boolean, ordered boolean) (
  SFUNC = visit_success_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE visit_success(boolean, boolean) IS
'the strike rate: the share of the visits made that brought an order; orders without a visit do not count';

CREATE FUNCTION lines_per_call_accumulate(bytea, lines bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_lines_per_call_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION lines_per_call_accumulate(bytea, bigint) IS
'adds the lines of a productive call (transition function)';

CREATE AGGREGATE lines_per_call(lines bigint) (
  SFUNC = lines_per_call_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE lines_per_call(bigint) IS
'the lines of an order in the mean, over the calls that have any';

CREATE FUNCTION drop_size_accumulate(bytea, amount numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_drop_size_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION drop_size_accumulate(bytea, numeric) IS
'adds the sales of a call (transition function)';

CREATE AGGREGATE drop_size(amount numeric) (
  SFUNC = drop_size_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE drop_size(numeric) IS
'net sales over the calls with a positive amount: what a productive call brings';

CREATE TYPE visit_pair AS (
  planned_on date,
  visited_on date,
  delay integer
);

COMMENT ON TYPE visit_pair IS
'a planned day, the visit that was made for it, and how many days it was late; one day is NULL for a visit that is missing, or was not planned';

CREATE FUNCTION visit_match(planned date[], visited date[], tolerance integer DEFAULT 0, early integer DEFAULT NULL)
RETURNS SETOF visit_pair
AS 'MODULE_PATHNAME', 'kam_visit_match'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION visit_match(date[], date[], integer, integer) IS
'the planned days of an outlet and the days it was visited on, matched one to one within a tolerance of days';
