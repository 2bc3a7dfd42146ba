-- Assortment: how wide a customer buys, and what he does not

CREATE FUNCTION assortment_breadth_accumulate(bytea, product bigint, quantity numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_assortment_breadth_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION assortment_breadth_accumulate(bytea, bigint, numeric) IS
'adds a sales row to the products of a group (transition function)';

CREATE FUNCTION assortment_breadth_accumulate(bytea, product text, quantity numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_assortment_breadth_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION assortment_breadth_accumulate(bytea, text, numeric) IS
'adds a sales row to the products of a group (transition function)';

CREATE FUNCTION assortment_breadth_accumulate(bytea, product uuid, quantity numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_assortment_breadth_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION assortment_breadth_accumulate(bytea, uuid, numeric) IS
'adds a sales row to the products of a group (transition function)';

CREATE FUNCTION assortment_breadth_combine(bytea, bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_assortment_breadth_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION assortment_breadth_combine(bytea, bytea) IS
'merges the products of two groups (combine function)';

CREATE FUNCTION assortment_breadth_final(bytea)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_assortment_breadth_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION assortment_breadth_final(bytea) IS
'the number of products of a group once all its rows are in (final function)';

CREATE AGGREGATE assortment_breadth(product bigint, quantity numeric) (
  SFUNC = assortment_breadth_accumulate,
  STYPE = bytea,
  SSPACE = 512,
  FINALFUNC = assortment_breadth_final,
  COMBINEFUNC = assortment_breadth_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE assortment_breadth(bigint, numeric) IS
'how many products, known by whole numbers, have a positive net quantity; a product fully returned does not count';

CREATE AGGREGATE assortment_breadth(product text, quantity numeric) (
  SFUNC = assortment_breadth_accumulate,
  STYPE = bytea,
  SSPACE = 512,
  FINALFUNC = assortment_breadth_final,
  COMBINEFUNC = assortment_breadth_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE assortment_breadth(text, numeric) IS
'how many products, known by text, have a positive net quantity; a product fully returned does not count';

CREATE AGGREGATE assortment_breadth(product uuid, quantity numeric) (
  SFUNC = assortment_breadth_accumulate,
  STYPE = bytea,
  SSPACE = 512,
  FINALFUNC = assortment_breadth_final,
  COMBINEFUNC = assortment_breadth_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE assortment_breadth(uuid, numeric) IS
'how many products, known by uuids, have a positive net quantity; a product fully returned does not count';

CREATE FUNCTION white_space(offered text[], bought text[])
RETURNS text[]
AS 'MODULE_PATHNAME', 'kam_white_space'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION white_space(text[], text[]) IS
'what is offered and not bought, each once, in the order offered';
