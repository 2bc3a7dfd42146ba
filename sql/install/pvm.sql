-- Price, volume and mix: why sales changed from one period to another

CREATE TYPE pvm_result AS (
  before numeric,
  price numeric,
  volume numeric,
  mix numeric,
  new_products numeric,
  lost_products numeric,
  now numeric,
  change numeric
);

COMMENT ON TYPE pvm_result IS
'the change of sales between two periods, by effects that add up to it';

CREATE FUNCTION pvm_accumulate(numeric[], quantity_before numeric, amount_before numeric, quantity_now numeric, amount_now numeric)
RETURNS numeric[]
AS 'MODULE_PATHNAME', 'kam_pvm_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION pvm_accumulate(numeric[], numeric, numeric, numeric, numeric) IS
'adds a product to a price-volume-mix bridge (transition function)';

CREATE FUNCTION pvm_combine(numeric[], numeric[])
RETURNS numeric[]
AS 'MODULE_PATHNAME', 'kam_pvm_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION pvm_combine(numeric[], numeric[]) IS
'merges two unfinished price-volume-mix bridges (combine function)';

CREATE FUNCTION pvm_final(numeric[])
RETURNS pvm_result
AS 'MODULE_PATHNAME', 'kam_pvm_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION pvm_final(numeric[]) IS
'the price-volume-mix bridge of a group once all its products are in (final function)';

CREATE AGGREGATE pvm(quantity_before numeric, amount_before numeric, quantity_now numeric, amount_now numeric) (
  SFUNC = pvm_accumulate,
  STYPE = numeric[],
  SSPACE = 256,
  FINALFUNC = pvm_final,
  COMBINEFUNC = pvm_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE pvm(numeric, numeric, numeric, numeric) IS
'why sales changed: price, volume, mix, new and lost products, adding up to the change exactly; a row is a product';

