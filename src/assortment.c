/*
 * assortment.c
 *		How wide a customer buys: the products that are left after returns, and
 *		what is offered and not bought.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "kept.h"
#include "keys.h"
#include "miscadmin.h"
#include "state.h"
#include "utils/array.h"

PG_FUNCTION_INFO_V1(kam_assortment_breadth_accumulate);
PG_FUNCTION_INFO_V1(kam_assortment_breadth_combine);
PG_FUNCTION_INFO_V1(kam_assortment_breadth_final);
PG_FUNCTION_INFO_V1(kam_white_space);

/*
 * Transition of assortment_breadth(product, quantity).
 */
Datum
kam_assortment_breadth_accumulate(PG_FUNCTION_ARGS)
{
	KeyType *type = kept_memory(fcinfo, sizeof(KeyType));
	int64 number;
	Decimal quantity;
	Keys *keys;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	if (*type == KEY_NONE)
		*type = key_type(fcinfo, 1);
	decimal_from_numeric(PG_GETARG_DATUM(2), "quantity", &quantity);
	keys = keys_state(fcinfo, key_type_size(*type), NULL, 0);
	PG_RETURN_POINTER(
		keys_add(keys, key_of(*type, PG_GETARG_DATUM(1), &number), &quantity));
}

/*
 * Merges two states.
 */
Datum
kam_assortment_breadth_combine(PG_FUNCTION_ARGS)
{
	Keys *other;
	Keys *keys = keys_states(fcinfo, 0, &other);

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

	if (PG_ARGISNULL(0))
		PG_RETURN_INT32(0);
	keys = keys_finished(fcinfo, 0);
	for (int i = 0; i < keys->count; i++)
	{
		DecimalSum net = keys_sum(keys, i);

		CHECK_FOR_INTERRUPTS();
		breadth += decimal_sum_sign(&net) > 0;
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
	Keys *seen = keys_new(KEY_BYTES, NULL, 0);
	Datum *texts;
	bool *nulls;
	int count;
	int known;
	int number;
	int left = 0;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false,
					  TYPALIGN_INT, &texts, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!nulls[i])
			seen = keys_take(seen, key_of(KEY_TEXT, texts[i], NULL), &number);
	}

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false,
					  TYPALIGN_INT, &texts, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (nulls[i])
			continue;
		known = seen->count;
		seen = keys_take(seen, key_of(KEY_TEXT, texts[i], NULL), &number);
		if (number == known)
			texts[left++] = texts[i];
	}
	PG_RETURN_ARRAYTYPE_P(
		construct_array(texts, left, TEXTOID, -1, false, TYPALIGN_INT));
}
