-- Indicators and their goals, the scorecard of a key account, and what drives it

CREATE FUNCTION kpi_status(value numeric, goal numeric, tolerance numeric DEFAULT 0, direction text DEFAULT 'up')
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_kpi_status'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION kpi_status(numeric, numeric, numeric, text) IS
'1 where an indicator has reached its goal, 0 where it misses it by no more than the tolerance, else -1';

CREATE FUNCTION kpi_trend(value numeric, before numeric, tolerance numeric DEFAULT 0, direction text DEFAULT 'up')
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_kpi_trend'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION kpi_trend(numeric, numeric, numeric, text) IS
'1 where an indicator is better than before, 0 where it has moved by no more than the tolerance, -1 where it is worse';

CREATE FUNCTION kpi_attainment(value numeric, goal numeric, direction text DEFAULT 'up')
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_kpi_attainment'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION kpi_attainment(numeric, numeric, text) IS
'value / goal, or goal / value where less is better; 1 is the goal';

CREATE TYPE scorecard_line AS (
  no integer,
  indicator text,
  value numeric,
  goal numeric,
  attainment numeric,
  counted numeric,
  status integer,
  weight numeric
);

COMMENT ON TYPE scorecard_line IS
'one of the five indicators of a key account beside its goal';

CREATE FUNCTION scorecard(
  sales numeric DEFAULT NULL,
  sales_target numeric DEFAULT NULL,
  share numeric DEFAULT NULL,
  share_target numeric DEFAULT NULL,
  execution numeric DEFAULT NULL,
  execution_target numeric DEFAULT NULL,
  profit numeric DEFAULT NULL,
  profit_target numeric DEFAULT NULL,
  fill_rate numeric DEFAULT NULL,
  fill_rate_target numeric DEFAULT NULL,
  weights numeric[] DEFAULT '{1,1,1,1,1}',
  cap numeric DEFAULT NULL,
  tolerance numeric DEFAULT 0,
  high_margin_share numeric DEFAULT NULL,
  high_margin_required numeric DEFAULT NULL
)
RETURNS SETOF scorecard_line
AS 'MODULE_PATHNAME', 'kam_scorecard'
LANGUAGE C IMMUTABLE PARALLEL SAFE
ROWS 5;

COMMENT ON FUNCTION scorecard(numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric[], numeric, numeric, numeric, numeric) IS
'the five indicators of a key account, a line each: sales, share, execution, profit, fill rate';

CREATE FUNCTION scorecard_score(
  sales numeric DEFAULT NULL,
  sales_target numeric DEFAULT NULL,
  share numeric DEFAULT NULL,
  share_target numeric DEFAULT NULL,
  execution numeric DEFAULT NULL,
  execution_target numeric DEFAULT NULL,
  profit numeric DEFAULT NULL,
  profit_target numeric DEFAULT NULL,
  fill_rate numeric DEFAULT NULL,
  fill_rate_target numeric DEFAULT NULL,
  weights numeric[] DEFAULT '{1,1,1,1,1}',
  cap numeric DEFAULT NULL,
  tolerance numeric DEFAULT 0,
  high_margin_share numeric DEFAULT NULL,
  high_margin_required numeric DEFAULT NULL
)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_scorecard_score'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION scorecard_score(numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric[], numeric, numeric, numeric, numeric) IS
'the five indicators of a key account as one number: the mean of their attainments by weight';

CREATE TYPE module_relation AS (
  module text,
  topic text,
  indicator text,
  relation text
);

COMMENT ON TYPE module_relation IS
'an indicator that a module of the work with key accounts acts on, directly or through another one';

CREATE FUNCTION module_indicator()
RETURNS SETOF module_relation
LANGUAGE sql IMMUTABLE PARALLEL SAFE
ROWS 23
BEGIN ATOMIC
  SELECT module, topic, indicator, relation
  FROM (VALUES
    ('supply', 'delivery', 'fill rate', 'direct'),
    ('supply', 'delivery', 'sales', 'direct'),
    ('supply', 'delivery', 'share', 'indirect'),
    ('supply', 'annual agreement', 'sales', 'direct'),
    ('supply', 'annual agreement', 'spend efficiency', 'direct'),
    ('supply', 'annual agreement', 'profit', 'indirect'),
    ('supply', 'receivables', 'profit', 'direct'),
    ('planning', 'plans', 'sales', 'direct'),
    ('planning', 'plans', 'share', 'direct'),
    ('planning', 'plans', 'execution', 'direct'),
    ('planning', 'plans', 'profit', 'direct'),
    ('planning', 'plans', 'fill rate', 'direct'),
    ('execution', 'stores', 'sales', 'direct'),
    ('execution', 'stores', 'execution', 'direct'),
    ('execution', 'stores', 'share', 'indirect'),
    ('execution', 'stores', 'profit', 'indirect'),
    ('resources', 'spend', 'profit', 'direct'),
    ('resources', 'spend', 'spend efficiency', 'direct'),
    ('organisation', 'people', 'sales', 'direct'),
    ('organisation', 'people', 'share', 'direct'),
    ('organisation', 'people', 'execution', 'direct'),
    ('organisation', 'people', 'profit', 'direct'),
    ('organisation', 'people', 'fill rate', 'direct')
  ) AS relations (module, topic, indicator, relation);
END;

COMMENT ON FUNCTION module_indicator() IS
'which indicators the modules of the work with key accounts act on, directly or indirectly';
