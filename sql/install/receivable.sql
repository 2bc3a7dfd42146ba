-- Receivables: what is overdue, and how payments keep to the plan

CREATE FUNCTION overdue_share_accumulate(bytea, open_amount numeric, due_on date, as_of date)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_overdue_share_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION overdue_share_accumulate(bytea, numeric, date, date) IS
'adds an invoice to what is open and overdue (transition function)';

CREATE FUNCTION overdue_share_accumulate(bytea, open_amount numeric, due_on date, as_of date, deferred boolean)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_overdue_share_deferred_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION overdue_share_accumulate(bytea, numeric, date, date, boolean) IS
'adds an invoice with deferred payment to what is open and overdue (transition function)';

CREATE AGGREGATE overdue_share(open_amount numeric, due_on date, as_of date) (
  SFUNC = overdue_share_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE overdue_share(numeric, date, date) IS
'what was due before as_of over all that is open; credit balances do not count';

CREATE AGGREGATE overdue_share(open_amount numeric, due_on date, as_of date, deferred boolean) (
  SFUNC = overdue_share_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE overdue_share(numeric, date, date, boolean) IS
'what was due before as_of over all that is open; credit balances and invoices paid on delivery do not count';

CREATE FUNCTION payment_discipline_accumulate(bytea, paid numeric, planned numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_payment_discipline_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION payment_discipline_accumulate(bytea, numeric, numeric) IS
'adds what was paid on a day and what was planned (transition function)';

CREATE AGGREGATE payment_discipline(paid numeric, planned numeric) (
  SFUNC = payment_discipline_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE payment_discipline(numeric, numeric) IS
'what was paid over what was planned, whichever day it was paid on';

CREATE FUNCTION payment_discipline_strict_accumulate(bytea, paid numeric, planned numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_payment_discipline_strict_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION payment_discipline_strict_accumulate(bytea, numeric, numeric) IS
'adds what was paid on a day, up to what was planned, and what was planned (transition function)';

CREATE AGGREGATE payment_discipline_strict(paid numeric, planned numeric) (
  SFUNC = payment_discipline_strict_accumulate,
  STYPE = bytea,
  SSPACE = 64,
  FINALFUNC = part_final,
  COMBINEFUNC = part_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE payment_discipline_strict(numeric, numeric) IS
'what was paid on the day it was planned over what was planned; a row is a day of a customer';

