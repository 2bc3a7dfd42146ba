-- Peers: where a customer stands among those it is compared with

CREATE FUNCTION size_class(value numeric, thresholds numeric[] DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_size_class'
LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE
SUPPORT kam_window_support;

COMMENT ON FUNCTION size_class(numeric, numeric[]) IS
'large, medium or small: by thresholds, or by thirds of the partition, largest values first';

CREATE FUNCTION peer_index(value numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_peer_index'
LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE
SUPPORT kam_window_support;

COMMENT ON FUNCTION peer_index(numeric) IS
'value over the mean of the partition; NULL when the mean is not above zero';

CREATE FUNCTION peer_action(value numeric)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_peer_action'
LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE
SUPPORT kam_window_support;

COMMENT ON FUNCTION peer_action(numeric) IS
'growth_engine for a value below the mean of the partition, else preserve';

CREATE FUNCTION mix_share(value numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kam_abc_share'
LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE
SUPPORT kam_window_support;

COMMENT ON FUNCTION mix_share(numeric) IS
'the value''s share of the partition''s total, as of a category in a customer''s purchases; 0 for values up to zero';

CREATE FUNCTION sells_much_earns_little(amount numeric, cost numeric, products bigint)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_sells_much_earns_little'
LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE
SUPPORT kam_window_support;

COMMENT ON FUNCTION sells_much_earns_little(numeric, numeric, bigint) IS
'whether a row of the partition is above its mean in amount, below it in products and below its margin';

