-- work_calendar: which days are worked

CREATE TYPE work_calendar;

CREATE FUNCTION work_calendar_in(cstring)
RETURNS work_calendar
AS 'MODULE_PATHNAME', 'kam_work_calendar_in'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_in(cstring) IS
'reads a work_calendar from its text';

CREATE FUNCTION work_calendar_out(work_calendar)
RETURNS cstring
AS 'MODULE_PATHNAME', 'kam_work_calendar_out'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_out(work_calendar) IS
'writes a work_calendar as text';

CREATE FUNCTION work_calendar_recv(internal)
RETURNS work_calendar
AS 'MODULE_PATHNAME', 'kam_work_calendar_recv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_recv(internal) IS
'reads a work_calendar from its binary form';

CREATE FUNCTION work_calendar_send(work_calendar)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_work_calendar_send'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_send(work_calendar) IS
'writes a work_calendar in binary form';

CREATE TYPE work_calendar (
  INPUT = work_calendar_in,
  OUTPUT = work_calendar_out,
  RECEIVE = work_calendar_recv,
  SEND = work_calendar_send,
  INTERNALLENGTH = VARIABLE,
  ALIGNMENT = int4,
  STORAGE = extended
);

COMMENT ON TYPE work_calendar IS
'which days are worked, like weekend fri,sat; holidays 2026-04-02,2026-04-03; workdays 2026-04-12';

CREATE FUNCTION work_calendar_jsonb(work_calendar)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'kam_work_calendar_to_jsonb'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_jsonb(work_calendar) IS
'a work_calendar as jsonb, for the cast';

CREATE FUNCTION work_calendar(jsonb)
RETURNS work_calendar
AS 'MODULE_PATHNAME', 'kam_work_calendar_from_jsonb'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar(jsonb) IS
'a work_calendar from jsonb, for the cast';

CREATE CAST (work_calendar AS jsonb) WITH FUNCTION work_calendar_jsonb(work_calendar);

COMMENT ON CAST (work_calendar AS jsonb) IS
'weekend, holidays and workdays of a calendar as an object';

CREATE CAST (jsonb AS work_calendar) WITH FUNCTION work_calendar(jsonb);

COMMENT ON CAST (jsonb AS work_calendar) IS
'the calendar that the cast to jsonb was made from';

-- Making one

CREATE FUNCTION work_calendar(weekend text[], holidays date[] DEFAULT NULL, workdays date[] DEFAULT NULL)
RETURNS work_calendar
AS 'MODULE_PATHNAME', 'kam_work_calendar_make'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar(text[], date[], date[]) IS
'a calendar from the weekdays of the weekend, the holidays and the weekend days that are worked';

CREATE FUNCTION work_calendar_accumulate(bytea, weekend text[], holiday date)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_work_calendar_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_accumulate(bytea, text[], date) IS
'adds a holiday to the state of a calendar (transition function)';

CREATE FUNCTION work_calendar_accumulate(bytea, weekend text[], day date, works boolean)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_work_calendar_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_accumulate(bytea, text[], date, boolean) IS
'adds a holiday or a workday to the state of a calendar (transition function)';

CREATE FUNCTION work_calendar_combine(bytea, bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_work_calendar_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_combine(bytea, bytea) IS
'the dates of two states in one (combine function)';

CREATE FUNCTION work_calendar_final(bytea)
RETURNS work_calendar
AS 'MODULE_PATHNAME', 'kam_work_calendar_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_final(bytea) IS
'the calendar of a state (final function)';

CREATE AGGREGATE work_calendar_agg(weekend text[], holiday date) (
  SFUNC = work_calendar_accumulate,
  STYPE = bytea,
  SSPACE = 400,
  FINALFUNC = work_calendar_final,
  COMBINEFUNC = work_calendar_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE work_calendar_agg(text[], date) IS
'the calendar of a table of holidays; a row without a holiday gives the weekend only';

CREATE AGGREGATE work_calendar_agg(weekend text[], day date, works boolean) (
  SFUNC = work_calendar_accumulate,
  STYPE = bytea,
  SSPACE = 400,
  FINALFUNC = work_calendar_final,
  COMBINEFUNC = work_calendar_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE work_calendar_agg(text[], date, boolean) IS
'the calendar of a table that says of days whether they are worked: holidays, and weekend days moved into work';

-- Asking one

CREATE FUNCTION workdays(calendar work_calendar, period daterange)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_workdays'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION workdays(work_calendar, daterange) IS
'how many days of the period are worked';

CREATE FUNCTION is_workday(calendar work_calendar, on_date date)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_is_workday'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION is_workday(work_calendar, date) IS
'whether the day is worked';

CREATE FUNCTION add_workdays(calendar work_calendar, start date, n integer)
RETURNS date
AS 'MODULE_PATHNAME', 'kam_add_workdays'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION add_workdays(work_calendar, date, integer) IS
'the n-th working day after the start, before it for a negative n; for 0 the first one from the start on';

-- Comparing two

CREATE FUNCTION work_calendar_eq(work_calendar, work_calendar)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_work_calendar_eq'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_eq(work_calendar, work_calendar) IS
'implementation of =';

CREATE FUNCTION work_calendar_ne(work_calendar, work_calendar)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_work_calendar_ne'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_ne(work_calendar, work_calendar) IS
'implementation of <>';

CREATE FUNCTION work_calendar_lt(work_calendar, work_calendar)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_work_calendar_lt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_lt(work_calendar, work_calendar) IS
'implementation of <';

CREATE FUNCTION work_calendar_le(work_calendar, work_calendar)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_work_calendar_le'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_le(work_calendar, work_calendar) IS
'implementation of <=';

CREATE FUNCTION work_calendar_gt(work_calendar, work_calendar)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_work_calendar_gt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_gt(work_calendar, work_calendar) IS
'implementation of >';

CREATE FUNCTION work_calendar_ge(work_calendar, work_calendar)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_work_calendar_ge'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_ge(work_calendar, work_calendar) IS
'implementation of >=';

CREATE FUNCTION work_calendar_cmp(work_calendar, work_calendar)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_work_calendar_cmp'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_cmp(work_calendar, work_calendar) IS
'below zero, zero or above zero, for btree';

CREATE FUNCTION work_calendar_hash(work_calendar)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_work_calendar_hash'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_hash(work_calendar) IS
'a hash that equal calendars share';

CREATE FUNCTION work_calendar_hash(work_calendar, bigint)
RETURNS bigint
AS 'MODULE_PATHNAME', 'kam_work_calendar_hash_extended'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION work_calendar_hash(work_calendar, bigint) IS
'a hash of 64 bits that equal calendars share';

CREATE OPERATOR = (
  LEFTARG = work_calendar,
  RIGHTARG = work_calendar,
  FUNCTION = work_calendar_eq,
  COMMUTATOR = =,
  NEGATOR = <>,
  RESTRICT = eqsel,
  JOIN = eqjoinsel,
  HASHES,
  MERGES
);

COMMENT ON OPERATOR = (work_calendar, work_calendar) IS
'the same days are worked';

CREATE OPERATOR <> (
  LEFTARG = work_calendar,
  RIGHTARG = work_calendar,
  FUNCTION = work_calendar_ne,
  COMMUTATOR = <>,
  NEGATOR = =,
  RESTRICT = neqsel,
  JOIN = neqjoinsel
);

COMMENT ON OPERATOR <> (work_calendar, work_calendar) IS
'other days are worked';

CREATE OPERATOR < (
  LEFTARG = work_calendar,
  RIGHTARG = work_calendar,
  FUNCTION = work_calendar_lt,
  COMMUTATOR = >,
  NEGATOR = >=,
  RESTRICT = scalarltsel,
  JOIN = scalarltjoinsel
);

COMMENT ON OPERATOR < (work_calendar, work_calendar) IS
'before, in the order of a sort';

CREATE OPERATOR <= (
  LEFTARG = work_calendar,
  RIGHTARG = work_calendar,
  FUNCTION = work_calendar_le,
  COMMUTATOR = >=,
  NEGATOR = >,
  RESTRICT = scalarlesel,
  JOIN = scalarlejoinsel
);

COMMENT ON OPERATOR <= (work_calendar, work_calendar) IS
'before or the same, in the order of a sort';

CREATE OPERATOR > (
  LEFTARG = work_calendar,
  RIGHTARG = work_calendar,
  FUNCTION = work_calendar_gt,
  COMMUTATOR = <,
  NEGATOR = <=,
  RESTRICT = scalargtsel,
  JOIN = scalargtjoinsel
);

COMMENT ON OPERATOR > (work_calendar, work_calendar) IS
'after, in the order of a sort';

CREATE OPERATOR >= (
  LEFTARG = work_calendar,
  RIGHTARG = work_calendar,
  FUNCTION = work_calendar_ge,
  COMMUTATOR = <=,
  NEGATOR = <,
  RESTRICT = scalargesel,
  JOIN = scalargejoinsel
);

COMMENT ON OPERATOR >= (work_calendar, work_calendar) IS
'after or the same, in the order of a sort';

CREATE OPERATOR CLASS work_calendar_ops
DEFAULT FOR TYPE work_calendar USING btree AS
  OPERATOR 1 <,
  OPERATOR 2 <=,
  OPERATOR 3 =,
  OPERATOR 4 >=,
  OPERATOR 5 >,
  FUNCTION 1 work_calendar_cmp(work_calendar, work_calendar);

COMMENT ON OPERATOR CLASS work_calendar_ops USING btree IS
'sorting and grouping by a calendar';

CREATE OPERATOR CLASS work_calendar_ops
DEFAULT FOR TYPE work_calendar USING hash AS
  OPERATOR 1 =,
  FUNCTION 1 work_calendar_hash(work_calendar),
  FUNCTION 2 work_calendar_hash(work_calendar, bigint);

COMMENT ON OPERATOR CLASS work_calendar_ops USING hash IS
'grouping by a calendar';

