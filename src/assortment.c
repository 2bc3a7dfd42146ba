/*
 * assortment.c
 *		How wide a customer buys: the products that are left after returns, and
 *		what is offered and not bought.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "keys.h"
#include "miscadmin.h"
#include "state.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/uuid.h"

static Key text_key(Datum value);
static Datum add_quantity(FunctionCallInfo fcinfo, KeyKind kind, Key product);

PG_FUNCTION_INFO_V1(kam_assortment_breadth_bigint);
PG_FUNCTION_INFO_V1(kam_assortment_breadth_uuid);
PG_FUNCTION_INFO_V1(kam_assortment_breadth_text);
PG_FUNCTION_INFO_V1(kam_assortment_breadth_combine);
PG_FUNCTION_INFO_V1(kam_assortment_breadth_final);
PG_FUNCTION_INFO_V1(kam_white_space);

/*
 * A text as a key.
 */
static Key
text_key(Datum value)
{
	text *stored = DatumGetTextPP(value);
	Key key = {VARDATA_ANY(stored), VARSIZE_ANY_EXHDR(stored)};

	return key;
}

/*
 * Adds the quantity in argument 2 to a product of the state in argument 0.
 */
static Datum
add_quantity(FunctionCallInfo fcinfo, KeyKind kind, Key product)
{
	Decimal quantity;

	decimal_from_numeric(PG_GETARG_DATUM(2), "quantity", &quantity);
	PG_RETURN_POINTER(keys_add(keys_state(fcinfo, kind), product, &quantity));
}

/*
 * Transition of assortment_breadth(product bigint, quantity).
 */
Datum
kam_assortment_breadth_bigint(PG_FUNCTION_ARGS)
{
	int64 product;
	Key key = {(const char *) &product, sizeof(product)};

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	product = PG_GETARG_INT64(1);
	return add_quantity(fcinfo, KEY_BIGINT, key);
}

/*
 * Transition of assortment_breadth(product uuid, quantity).
 */
Datum
kam_assortment_breadth_uuid(PG_FUNCTION_ARGS)
{
	Key key = {NULL, UUID_LEN};

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	key.bytes = (const char *) PG_GETARG_UUID_P(1)->data;
	return add_quantity(fcinfo, KEY_UUID, key);
}

/*
 * Transition of assortment_breadth(product text, quantity).
 */
Datum
kam_assortment_breadth_text(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	return add_quantity(fcinfo, KEY_BYTES, text_key(PG_GETARG_DATUM(1)));
}

/*
 * Merges two states.
 */
Datum
kam_assortment_breadth_combine(PG_FUNCTION_ARGS)
{
	Keys *keys = keys_state(fcinfo, KEY_ANY);
	Keys *other = keys_from_datum(PG_GETARG_DATUM(1), keys->kind);

	if (!AggCheckCallContext(fcinfo, NULL))
		keys_check(other);
	PG_RETURN_POINTER(keys_merge(keys, other));
}

/*
 * How many products of a group have a positive net quantity.
 */
Datum
kam_assortment_breadth_final(PG_FUNCTION_ARGS)
{
	Keys *keys;
	int32 breadth = 0;
	int place = 0;
	Key product;
	DecimalSum net;

	if (PG_ARGISNULL(0))
		PG_RETURN_INT32(0);
	keys = keys_from_datum(PG_GETARG_DATUM(0), KEY_ANY);
	if (!AggCheckCallContext(fcinfo, NULL))
		keys_check(keys);
	while (keys_next(keys, &place, &product, &net))
	{
		CHECK_FOR_INTERRUPTS();
		breadth +=
			net.high > 0 || (net.high == 0 && (net.middle > 0 || net.low > 0));
	}
	PG_RETURN_INT32(breadth);
}

/*
 * white_space(offered text[], bought text[]): what is offered and not bought,
 * each once, in the order offered.
 */
Datum
kam_white_space(PG_FUNCTION_ARGS)
{
	const Decimal one = {1, 0, 1};
	Keys *seen = keys_new(KEY_BYTES);
	Datum *texts;
	bool *nulls;
	int count;
	int left = 0;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false,
					  TYPALIGN_INT, &texts, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!nulls[i])
			seen = keys_add(seen, text_key(texts[i]), &one);
	}

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false,
					  TYPALIGN_INT, &texts, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (nulls[i] || keys_has(seen, text_key(texts[i])))
			continue;
		seen = keys_add(seen, text_key(texts[i]), &one);
		texts[left++] = texts[i];
	}
	PG_RETURN_ARRAYTYPE_P(
		construct_array(texts, left, TEXTOID, -1, false, TYPALIGN_INT));
}
