-- ABC: classes of customers by cumulative share of money

CREATE FUNCTION abc_class(
    value numeric,
    cutoffs numeric[] DEFAULT '{0.80,0.95}',
    labels text[] DEFAULT NULL,
    boundary text DEFAULT 'reach')
RETURNS text
AS 'MODULE_PATHNAME', 'kam_abc_class'
LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE
SUPPORT kam_window_support;

COMMENT ON FUNCTION abc_class(numeric, numeric[], text[], text) IS
'class by cumulative share of the partition''s total, largest values first: A, B, C, ...';

CREATE FUNCTION abc_share(value numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_abc_share'
LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE
SUPPORT kam_window_support;

COMMENT ON FUNCTION abc_share(numeric) IS
'the value''s share of the partition''s total; 0 for values up to zero';

CREATE FUNCTION abc_cum_share(value numeric, inclusive boolean DEFAULT true)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_abc_cum_share'
LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE
SUPPORT kam_window_support;

COMMENT ON FUNCTION abc_cum_share(numeric, boolean) IS
'share of all values at least as large (or only the larger ones) in the partition''s total';
