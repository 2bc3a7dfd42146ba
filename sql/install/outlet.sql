-- Measures of one outlet: whether it is active, its orders, the categories it works

CREATE FUNCTION outlet_combine(bytea, bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_outlet_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION outlet_combine(bytea, bytea) IS
'merges the sales of two groups (combine function)';

CREATE FUNCTION akb_active_accumulate(bytea, amount numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_akb_active_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_active_accumulate(bytea, numeric) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION akb_active_accumulate(bytea, amount numeric, min_amount numeric)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_akb_active_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_active_accumulate(bytea, numeric, numeric) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION akb_active_accumulate(bytea, amount numeric, min_amount numeric, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_akb_active_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_active_accumulate(bytea, numeric, numeric, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION akb_active_accumulate(bytea, amount numeric, product bigint, min_amount numeric, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_akb_active_product_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_active_accumulate(bytea, numeric, bigint, numeric, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION akb_active_accumulate(bytea, amount numeric, product bigint, min_amount numeric, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_akb_active_product_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_active_accumulate(bytea, numeric, bigint, numeric, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION akb_active_accumulate(bytea, amount numeric, product text, min_amount numeric, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_akb_active_product_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_active_accumulate(bytea, numeric, text, numeric, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION akb_active_accumulate(bytea, amount numeric, product text, min_amount numeric, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_akb_active_product_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_active_accumulate(bytea, numeric, text, numeric, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION akb_active_accumulate(bytea, amount numeric, product uuid, min_amount numeric, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_akb_active_product_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_active_accumulate(bytea, numeric, uuid, numeric, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION akb_active_accumulate(bytea, amount numeric, product uuid, min_amount numeric, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_akb_active_product_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_active_accumulate(bytea, numeric, uuid, numeric, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION akb_active_final(bytea)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_akb_active_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION akb_active_final(bytea) IS
'whether an outlet is active once all its rows are in (final function)';

CREATE AGGREGATE akb_active(amount numeric) (
  SFUNC = akb_active_accumulate,
  STYPE = bytea,
  SSPACE = 128,
  FINALFUNC = akb_active_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE akb_active(numeric) IS
'true when an outlet is active: its net total is positive';

CREATE AGGREGATE akb_active(amount numeric, min_amount numeric) (
  SFUNC = akb_active_accumulate,
  STYPE = bytea,
  SSPACE = 128,
  FINALFUNC = akb_active_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE akb_active(numeric, numeric) IS
'true when an outlet is active: its net total is positive and reaches min_amount';

CREATE AGGREGATE akb_active(amount numeric, min_amount numeric, activity text) (
  SFUNC = akb_active_accumulate,
  STYPE = bytea,
  SSPACE = 128,
  FINALFUNC = akb_active_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE akb_active(numeric, numeric, text) IS
'true when an outlet is active, by its net total of at least min_amount or by an order';

CREATE AGGREGATE akb_active(amount numeric, product bigint, min_amount numeric, min_products bigint) (
  SFUNC = akb_active_accumulate,
  STYPE = bytea,
  SSPACE = 512,
  FINALFUNC = akb_active_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE akb_active(numeric, bigint, numeric, bigint) IS
'true when an outlet is active: at least min_amount net, at least min_products products, known by whole numbers';

CREATE AGGREGATE akb_active(amount numeric, product bigint, min_amount numeric, min_products bigint, activity text) (
  SFUNC = akb_active_accumulate,
  STYPE = bytea,
  SSPACE = 512,
  FINALFUNC = akb_active_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE akb_active(numeric, bigint, numeric, bigint, text) IS
'true when an outlet is active, net or by an order: at least min_amount, at least min_products products, known by whole numbers';

CREATE AGGREGATE akb_active(amount numeric, product text, min_amount numeric, min_products bigint) (
  SFUNC = akb_active_accumulate,
  STYPE = bytea,
  SSPACE = 512,
  FINALFUNC = akb_active_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE akb_active(numeric, text, numeric, bigint) IS
'true when an outlet is active: at least min_amount net, at least min_products products, known by text';

CREATE AGGREGATE akb_active(amount numeric, product text, min_amount numeric, min_products bigint, activity text) (
  SFUNC = akb_active_accumulate,
  STYPE = bytea,
  SSPACE = 512,
  FINALFUNC = akb_active_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE akb_active(numeric, text, numeric, bigint, text) IS
'true when an outlet is active, net or by an order: at least min_amount, at least min_products products, known by text';

CREATE AGGREGATE akb_active(amount numeric, product uuid, min_amount numeric, min_products bigint) (
  SFUNC = akb_active_accumulate,
  STYPE = bytea,
  SSPACE = 512,
  FINALFUNC = akb_active_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE akb_active(numeric, uuid, numeric, bigint) IS
'true when an outlet is active: at least min_amount net, at least min_products products, known by uuids';

CREATE AGGREGATE akb_active(amount numeric, product uuid, min_amount numeric, min_products bigint, activity text) (
  SFUNC = akb_active_accumulate,
  STYPE = bytea,
  SSPACE = 512,
  FINALFUNC = akb_active_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE akb_active(numeric, uuid, numeric, bigint, text) IS
'true when an outlet is active, net or by an order: at least min_amount, at least min_products products, known by uuids';

CREATE FUNCTION order_days_accumulate(bytea, amount numeric, sold_on date)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_order_days_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION order_days_accumulate(bytea, numeric, date) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION productive_orders_final(bytea)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_productive_orders_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION productive_orders_final(bytea) IS
'the number of orders of an outlet once all its rows are in (final function)';

CREATE AGGREGATE order_days(amount numeric, sold_on date) (
  SFUNC = order_days_accumulate,
  STYPE = bytea,
  SSPACE = 512,
  FINALFUNC = productive_orders_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE order_days(numeric, date) IS
'the orders of an outlet: days with a positive row';

CREATE FUNCTION productive_orders_accumulate(bytea, amount numeric, product bigint, sold_on date, min_amount numeric, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_productive_orders_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION productive_orders_accumulate(bytea, numeric, bigint, date, numeric, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION productive_orders_accumulate(bytea, amount numeric, product bigint, sold_on date, min_amount numeric, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_productive_orders_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION productive_orders_accumulate(bytea, numeric, bigint, date, numeric, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION productive_orders_accumulate(bytea, amount numeric, product text, sold_on date, min_amount numeric, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_productive_orders_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION productive_orders_accumulate(bytea, numeric, text, date, numeric, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION productive_orders_accumulate(bytea, amount numeric, product text, sold_on date, min_amount numeric, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_productive_orders_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION productive_orders_accumulate(bytea, numeric, text, date, numeric, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION productive_orders_accumulate(bytea, amount numeric, product uuid, sold_on date, min_amount numeric, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_productive_orders_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION productive_orders_accumulate(bytea, numeric, uuid, date, numeric, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION productive_orders_accumulate(bytea, amount numeric, product uuid, sold_on date, min_amount numeric, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_productive_orders_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION productive_orders_accumulate(bytea, numeric, uuid, date, numeric, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE AGGREGATE productive_orders(amount numeric, product bigint, sold_on date, min_amount numeric, min_products bigint) (
  SFUNC = productive_orders_accumulate,
  STYPE = bytea,
  SSPACE = 2048,
  FINALFUNC = productive_orders_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE productive_orders(numeric, bigint, date, numeric, bigint) IS
'order days of an outlet with at least min_amount net and min_products products, known by whole numbers';

CREATE AGGREGATE productive_orders(amount numeric, product bigint, sold_on date, min_amount numeric, min_products bigint, activity text) (
  SFUNC = productive_orders_accumulate,
  STYPE = bytea,
  SSPACE = 2048,
  FINALFUNC = productive_orders_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE productive_orders(numeric, bigint, date, numeric, bigint, text) IS
'order days of an outlet with at least min_amount net and min_products products, net or delivered, known by whole numbers';

CREATE AGGREGATE productive_orders(amount numeric, product text, sold_on date, min_amount numeric, min_products bigint) (
  SFUNC = productive_orders_accumulate,
  STYPE = bytea,
  SSPACE = 2048,
  FINALFUNC = productive_orders_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE productive_orders(numeric, text, date, numeric, bigint) IS
'order days of an outlet with at least min_amount net and min_products products, known by text';

CREATE AGGREGATE productive_orders(amount numeric, product text, sold_on date, min_amount numeric, min_products bigint, activity text) (
  SFUNC = productive_orders_accumulate,
  STYPE = bytea,
  SSPACE = 2048,
  FINALFUNC = productive_orders_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE productive_orders(numeric, text, date, numeric, bigint, text) IS
'order days of an outlet with at least min_amount net and min_products products, net or delivered, known by text';

CREATE AGGREGATE productive_orders(amount numeric, product uuid, sold_on date, min_amount numeric, min_products bigint) (
  SFUNC = productive_orders_accumulate,
  STYPE = bytea,
  SSPACE = 2048,
  FINALFUNC = productive_orders_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE productive_orders(numeric, uuid, date, numeric, bigint) IS
'order days of an outlet with at least min_amount net and min_products products, known by uuids';

CREATE AGGREGATE productive_orders(amount numeric, product uuid, sold_on date, min_amount numeric, min_products bigint, activity text) (
  SFUNC = productive_orders_accumulate,
  STYPE = bytea,
  SSPACE = 2048,
  FINALFUNC = productive_orders_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE productive_orders(numeric, uuid, date, numeric, bigint, text) IS
'order days of an outlet with at least min_amount net and min_products products, net or delivered, known by uuids';

CREATE FUNCTION categories_worked_accumulate(bytea, product bigint, category bigint, quantity numeric, products_in_category bigint, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, bigint, bigint, numeric, bigint, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product bigint, category bigint, quantity numeric, products_in_category bigint, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, bigint, bigint, numeric, bigint, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product bigint, category text, quantity numeric, products_in_category bigint, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, bigint, text, numeric, bigint, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product bigint, category text, quantity numeric, products_in_category bigint, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, bigint, text, numeric, bigint, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product bigint, category uuid, quantity numeric, products_in_category bigint, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, bigint, uuid, numeric, bigint, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product bigint, category uuid, quantity numeric, products_in_category bigint, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, bigint, uuid, numeric, bigint, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product text, category bigint, quantity numeric, products_in_category bigint, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, text, bigint, numeric, bigint, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product text, category bigint, quantity numeric, products_in_category bigint, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, text, bigint, numeric, bigint, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product text, category text, quantity numeric, products_in_category bigint, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, text, text, numeric, bigint, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product text, category text, quantity numeric, products_in_category bigint, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, text, text, numeric, bigint, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product text, category uuid, quantity numeric, products_in_category bigint, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, text, uuid, numeric, bigint, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product text, category uuid, quantity numeric, products_in_category bigint, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, text, uuid, numeric, bigint, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product uuid, category bigint, quantity numeric, products_in_category bigint, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, uuid, bigint, numeric, bigint, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product uuid, category bigint, quantity numeric, products_in_category bigint, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, uuid, bigint, numeric, bigint, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product uuid, category text, quantity numeric, products_in_category bigint, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, uuid, text, numeric, bigint, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product uuid, category text, quantity numeric, products_in_category bigint, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, uuid, text, numeric, bigint, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product uuid, category uuid, quantity numeric, products_in_category bigint, min_products bigint)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, uuid, uuid, numeric, bigint, bigint) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_accumulate(bytea, product uuid, category uuid, quantity numeric, products_in_category bigint, min_products bigint, activity text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'kam_categories_worked_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_accumulate(bytea, uuid, uuid, numeric, bigint, bigint, text) IS
'adds a sales row to the sales of an outlet (transition function)';

CREATE FUNCTION categories_worked_final(bytea)
RETURNS integer
AS 'MODULE_PATHNAME', 'kam_categories_worked_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION categories_worked_final(bytea) IS
'the number of categories that an outlet works once all its rows are in (final function)';

CREATE AGGREGATE categories_worked(product bigint, category bigint, quantity numeric, products_in_category bigint, min_products bigint) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(bigint, bigint, numeric, bigint, bigint) IS
'categories, known by whole numbers, of which an outlet has min_products products or all there are, known by whole numbers';

CREATE AGGREGATE categories_worked(product bigint, category bigint, quantity numeric, products_in_category bigint, min_products bigint, activity text) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(bigint, bigint, numeric, bigint, bigint, text) IS
'categories, known by whole numbers, of which an outlet has min_products products or all there are, net or delivered, known by whole numbers';

CREATE AGGREGATE categories_worked(product bigint, category text, quantity numeric, products_in_category bigint, min_products bigint) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(bigint, text, numeric, bigint, bigint) IS
'categories, known by text, of which an outlet has min_products products or all there are, known by whole numbers';

CREATE AGGREGATE categories_worked(product bigint, category text, quantity numeric, products_in_category bigint, min_products bigint, activity text) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(bigint, text, numeric, bigint, bigint, text) IS
'categories, known by text, of which an outlet has min_products products or all there are, net or delivered, known by whole numbers';

CREATE AGGREGATE categories_worked(product bigint, category uuid, quantity numeric, products_in_category bigint, min_products bigint) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(bigint, uuid, numeric, bigint, bigint) IS
'categories, known by uuids, of which an outlet has min_products products or all there are, known by whole numbers';

CREATE AGGREGATE categories_worked(product bigint, category uuid, quantity numeric, products_in_category bigint, min_products bigint, activity text) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(bigint, uuid, numeric, bigint, bigint, text) IS
'categories, known by uuids, of which an outlet has min_products products or all there are, net or delivered, known by whole numbers';

CREATE AGGREGATE categories_worked(product text, category bigint, quantity numeric, products_in_category bigint, min_products bigint) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(text, bigint, numeric, bigint, bigint) IS
'categories, known by whole numbers, of which an outlet has min_products products or all there are, known by text';

CREATE AGGREGATE categories_worked(product text, category bigint, quantity numeric, products_in_category bigint, min_products bigint, activity text) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(text, bigint, numeric, bigint, bigint, text) IS
'categories, known by whole numbers, of which an outlet has min_products products or all there are, net or delivered, known by text';

CREATE AGGREGATE categories_worked(product text, category text, quantity numeric, products_in_category bigint, min_products bigint) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(text, text, numeric, bigint, bigint) IS
'categories, known by text, of which an outlet has min_products products or all there are, known by text';

CREATE AGGREGATE categories_worked(product text, category text, quantity numeric, products_in_category bigint, min_products bigint, activity text) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(text, text, numeric, bigint, bigint, text) IS
'categories, known by text, of which an outlet has min_products products or all there are, net or delivered, known by text';

CREATE AGGREGATE categories_worked(product text, category uuid, quantity numeric, products_in_category bigint, min_products bigint) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(text, uuid, numeric, bigint, bigint) IS
'categories, known by uuids, of which an outlet has min_products products or all there are, known by text';

CREATE AGGREGATE categories_worked(product text, category uuid, quantity numeric, products_in_category bigint, min_products bigint, activity text) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(text, uuid, numeric, bigint, bigint, text) IS
'categories, known by uuids, of which an outlet has min_products products or all there are, net or delivered, known by text';

CREATE AGGREGATE categories_worked(product uuid, category bigint, quantity numeric, products_in_category bigint, min_products bigint) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(uuid, bigint, numeric, bigint, bigint) IS
'categories, known by whole numbers, of which an outlet has min_products products or all there are, known by uuids';

CREATE AGGREGATE categories_worked(product uuid, category bigint, quantity numeric, products_in_category bigint, min_products bigint, activity text) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(uuid, bigint, numeric, bigint, bigint, text) IS
'categories, known by whole numbers, of which an outlet has min_products products or all there are, net or delivered, known by uuids';

CREATE AGGREGATE categories_worked(product uuid, category text, quantity numeric, products_in_category bigint, min_products bigint) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(uuid, text, numeric, bigint, bigint) IS
'categories, known by text, of which an outlet has min_products products or all there are, known by uuids';

CREATE AGGREGATE categories_worked(product uuid, category text, quantity numeric, products_in_category bigint, min_products bigint, activity text) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(uuid, text, numeric, bigint, bigint, text) IS
'categories, known by text, of which an outlet has min_products products or all there are, net or delivered, known by uuids';

CREATE AGGREGATE categories_worked(product uuid, category uuid, quantity numeric, products_in_category bigint, min_products bigint) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(uuid, uuid, numeric, bigint, bigint) IS
'categories, known by uuids, of which an outlet has min_products products or all there are, known by uuids';

CREATE AGGREGATE categories_worked(product uuid, category uuid, quantity numeric, products_in_category bigint, min_products bigint, activity text) (
  SFUNC = categories_worked_accumulate,
  STYPE = bytea,
  SSPACE = 1024,
  FINALFUNC = categories_worked_final,
  COMBINEFUNC = outlet_combine,
  PARALLEL = SAFE
);

COMMENT ON AGGREGATE categories_worked(uuid, uuid, numeric, bigint, bigint, text) IS
'categories, known by uuids, of which an outlet has min_products products or all there are, net or delivered, known by uuids';

CREATE FUNCTION akb_systemic(productive bigint, planned bigint, share numeric DEFAULT 0.75)
RETURNS boolean
AS 'MODULE_PATHNAME', 'kam_akb_systemic'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION akb_systemic(bigint, bigint, numeric) IS
'true when more than this share of the planned visits brought a productive order';
