-- Credit: receivables by age, days sales outstanding, and the credit limit

CREATE FUNCTION due_date(started_on date, terms_days integer, term_start text DEFAULT 'date')
RETURNS date
AS 'MODULE_PATHNAME', 'kam_due_date'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION due_date(date, integer, text) IS
'the last day to pay: so many days from a date, or from the end of its month';

CREATE FUNCTION days_overdue(due_on date, as_of date)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_days_overdue'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION days_overdue(date, date) IS
'the days from due_on to as_of; 0 when it is not overdue, as on the day itself';

CREATE FUNCTION ageing_bucket(due_on date, as_of date, limits integer[] DEFAULT '{30,60,90}')
RETURNS text
AS 'MODULE_PATHNAME', 'kam_ageing_bucket'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION ageing_bucket(date, date, integer[]) IS
'not due, 1-30, 31-60, 61-90 or over 90: how many days a receivable is overdue, in buckets';

CREATE FUNCTION ageing_buckets(limits integer[] DEFAULT '{30,60,90}')
RETURNS text[]
AS 'MODULE_PATHNAME', 'kam_ageing_buckets'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION ageing_buckets(integer[]) IS
'the names of all buckets of ageing_bucket, from not due to the oldest';

CREATE FUNCTION days_sales_outstanding(receivables numeric, sales numeric, period daterange)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_days_sales_outstanding'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION days_sales_outstanding(numeric, numeric, daterange) IS
'receivables / sales * days of the period; NULL when sales are not above zero';

CREATE TYPE credit_result AS (
  utilisation numeric,
  headroom numeric,
  over_limit boolean,
  state text
);

COMMENT ON TYPE credit_result IS
'an exposure beside the credit limit: the share that is used, what is left, and ok, near_limit, over_limit or no_limit';

CREATE FUNCTION credit_state(exposure numeric, credit_limit numeric, near_from numeric DEFAULT NULL)
RETURNS credit_result
AS 'MODULE_PATHNAME', 'kam_credit_state'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION credit_state(numeric, numeric, numeric) IS
'what a customer owes beside the credit limit; near_from is the utilisation from which the state is near_limit';
