/*
 * values_sorted.c
 *		All values of a group, largest first.
 */
#include "kam.h"

#include "miscadmin.h"
#include "utils/memutils.h"
#include "values.h"

#define ST_SORT sort_narrow
#define ST_ELEMENT_TYPE int64
#define ST_COMPARE(a, b) (*(a) > *(b) ? -1 : *(a) < *(b))
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

#define ST_SORT sort_wide
#define ST_ELEMENT_TYPE int128
#define ST_COMPARE(a, b) (*(a) > *(b) ? -1 : *(a) < *(b))
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * The values of the state in argument 0, largest first, and its setting, if it
 * has one: else given stays as it is, as does the state.
 */
SortedValues *
values_sorted(FunctionCallInfo fcinfo, ValuesSetting setting, Decimal *given)
{
	const Values *values = values_from_datum(PG_GETARG_DATUM(0));
	SortedValues *sorted = palloc(sizeof(SortedValues));
	Size size = (Size) values->width * (Size) values->count;
	int64 low = 0;
	int64 high = values->count;

	values_setting(values, setting, given);
	values_check(values);
	sorted->count = values->count;
	sorted->scale = values->scale;
	sorted->width = values->width;
	sorted->values = MemoryContextAllocHuge(CurrentMemoryContext, Max(size, 1));
	memcpy(sorted->values, values->data, size);
	if (sorted->width == VALUES_NARROW)
		sort_narrow(sorted->values, (size_t) sorted->count);
	else
		sort_wide(sorted->values, (size_t) sorted->count);

	while (low < high)
	{
		int64 middle = (low + high) / 2;

		if (sorted_at(sorted, middle) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	sorted->positive = low;
	return sorted;
}

/*
 * The sum of the values above zero.
 */
int128
sorted_total(const SortedValues *sorted)
{
	DecimalSum sum = {0, 0, 0};

	for (int64 i = 0; i < sorted->positive; i++)
	{
		CHECK_FOR_INTERRUPTS();
		decimal_sum_add(&sum, sorted_at(sorted, i));
	}
	return decimal_sum_value(&sum);
}
