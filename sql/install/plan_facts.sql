-- What a target plan is measured by: sales since its launch and in the year before

CREATE TYPE plan_sums AS (actual numeric, prior_year numeric, prior_to_date numeric);

COMMENT ON TYPE plan_sums IS
'sums for a target plan: since its launch, the whole year before, and the same days of that year';

CREATE FUNCTION plan_facts_accumulate(bytea, amount numeric, sold_on date, plan_year daterange, launched_on date, as_of date)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_plan_facts_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION plan_facts_accumulate(bytea, numeric, date, daterange, date, date) IS
'adds a sales row to the sums of a plan (transition function)';

CREATE FUNCTION plan_facts_combine(bytea, bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_plan_facts_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION plan_facts_combine(bytea, bytea) IS
'merges two unfinished sums of a plan (combine function)';

CREATE FUNCTION plan_facts_final(bytea)
RETURNS plan_sums
AS 'MODULE_PATHNAME', 'kam_plan_facts_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION plan_facts_final(bytea) IS
'the sums of a group once all its rows are in (final function)';

CREATE AGGREGATE plan_facts(amount numeric, sold_on date, plan_year daterange, launched_on date, as_of date) (
  SFUNC = plan_facts_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = plan_facts_final,
  COMBINEFUNC = plan_facts_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE plan_facts(numeric, date, daterange, date, date) IS
'sales since the launch up to as_of, in the whole year before the plan, and in the same days of that year';
