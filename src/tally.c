/*
 * tally.c
 *		Aggregate states of a few exact numbers.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "tally.h"
#include "utils/array.h"

/*
 * The numbers of a state, which anybody can make by hand and so is checked.
 */
void
tally_read(Datum state, Numeric *numbers, int count)
{
	ArrayType *array = DatumGetArrayTypeP(state);
	Datum *elements;
	int length;

	if (ARR_NDIM(array) != 1 || ARR_ELEMTYPE(array) != NUMERICOID ||
		ARR_DIMS(array)[0] != count || array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("malformed state: %d numbers are expected", count)));
	deconstruct_array(array, NUMERICOID, -1, false, TYPALIGN_INT, &elements,
					  NULL, &length);
	for (int i = 0; i < length; i++)
	{
		numbers[i] = DatumGetNumeric(elements[i]);
		if (numeric_is_nan(numbers[i]) || numeric_is_inf(numbers[i]))
			ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
							errmsg("malformed state: number %d is not finite",
								   i + 1)));
	}
}

/*
 * A state of these numbers.
 */
Datum
tally_write(const Numeric *numbers, int count)
{
	Datum *elements = palloc(sizeof(Datum) * count);

	for (int i = 0; i < count; i++)
		elements[i] = NumericGetDatum(numbers[i]);
	return PointerGetDatum(
		construct_array(elements, count, NUMERICOID, -1, false, TYPALIGN_INT));
}

/*
 * Numbers of zero.
 */
void
tally_zero(Numeric *numbers, int count)
{
	for (int i = 0; i < count; i++)
		numbers[i] = int64_to_numeric(0);
}

/*
 * Adds the numbers of one state to those of another.
 */
void
tally_add(Numeric *numbers, const Numeric *others, int count)
{
	for (int i = 0; i < count; i++)
		tally_raise(&numbers[i], others[i]);
}
