-- Retention: a bonus paid in advance, and taken back when the customer shrinks

CREATE TYPE retention_result AS (
  status text,
  month integer,
  bonus numeric,
  kept numeric,
  revenue numeric,
  rate numeric,
  overload numeric
);

COMMENT ON TYPE retention_result IS
'what has become of an advance: pending, vested or clawed_back, and its money';

CREATE TYPE retention_entry AS (
  posted_on date,
  month integer,
  kind text,
  amount numeric
);

COMMENT ON TYPE retention_entry IS
'a line of the bonus ledger: an advance or a clawback';

CREATE TYPE retention_portfolio_result AS (
  contracts bigint,
  pending bigint,
  vested bigint,
  clawed_back bigint,
  bonus numeric,
  kept numeric,
  revenue numeric,
  vest_rate numeric,
  realised_rate numeric,
  bonus_per_vested numeric
);

COMMENT ON TYPE retention_portfolio_result IS
'contracts by status, and the sums and rates of those that are decided';

CREATE FUNCTION retention_bonus(
  s sales_series,
  as_of date,
  multiplier numeric DEFAULT 2,
  months integer DEFAULT 4
)
RETURNS retention_result
AS 'MODULE_PATHNAME', 'kam_retention_bonus'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION retention_bonus(sales_series, date, numeric, integer) IS
'the advance of multiplier times the first month with sales, kept when each of the following months is no smaller';

CREATE FUNCTION retention_ledger(
  s sales_series,
  as_of date,
  multiplier numeric DEFAULT 2,
  months integer DEFAULT 4
)
RETURNS SETOF retention_entry
AS 'MODULE_PATHNAME', 'kam_retention_ledger'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
ROWS 2;

COMMENT ON FUNCTION retention_ledger(sales_series, date, numeric, integer) IS
'the advance on the last day of the first month, and its clawback on the last day of the month that shrank';

CREATE FUNCTION retention_portfolio_accumulate(numeric[], result retention_result)
RETURNS numeric[]
AS 'MODULE_PATHNAME', 'kam_retention_portfolio_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION retention_portfolio_accumulate(numeric[], retention_result) IS
'adds a contract to a portfolio (transition function)';

CREATE FUNCTION retention_portfolio_combine(numeric[], numeric[])
RETURNS numeric[]
AS 'MODULE_PATHNAME', 'kam_retention_portfolio_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION retention_portfolio_combine(numeric[], numeric[]) IS
'merges two unfinished portfolios (combine function)';

CREATE FUNCTION retention_portfolio_final(numeric[])
RETURNS retention_portfolio_result
AS 'MODULE_PATHNAME', 'kam_retention_portfolio_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION retention_portfolio_final(numeric[]) IS
'the figures of a portfolio once all its contracts are in (final function)';

CREATE AGGREGATE retention_portfolio(result retention_result) (
  SFUNC = retention_portfolio_accumulate,
  STYPE = numeric[],
  SSPACE = 128,
  FINALFUNC = retention_portfolio_final,
  COMBINEFUNC = retention_portfolio_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE retention_portfolio(retention_result) IS
'contracts by status, the share that vested, and the bonus kept over the revenue of those decided';

CREATE FUNCTION bonus_share(fixed_pay numeric, bonus numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_bonus_share'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION bonus_share(numeric, numeric) IS
'the share of the bonus in the total pay';

CREATE FUNCTION bonus_for_share(fixed_pay numeric, share numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_bonus_for_share'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION bonus_for_share(numeric, numeric) IS
'the bonus that comes to this share of the total pay';
