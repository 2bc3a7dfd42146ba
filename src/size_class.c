/*
 * size_class.c
 *		Window function over a whole partition: large, medium and small
 *		customers.
 */
#include "kam.h"

#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "select.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "window.h"

typedef enum SizeClass
{
	SIZE_LARGE,
	SIZE_MEDIUM,
	SIZE_SMALL,
	SIZE_NULL
} SizeClass;

static const char *const class_names[] = {"large", "medium", "small"};

/*
 * Where large and where medium begin; both NULL for terciles.
 */
typedef struct SizeRule
{
	Numeric large_from;
	Numeric medium_from;
} SizeRule;

/* What is kept in the memory of a partition; classes for terciles only. */
typedef struct SizeState
{
	bool ready;
	uint8 *classes;
} SizeState;

static const WindowArguments size_arguments = {{"value"}, {"thresholds"}};

static void read_thresholds(WindowCall *call);
static uint8 *terciles(const WindowValues *rows, MemoryContext memory);

PG_FUNCTION_INFO_V1(kam_size_class);

/*
 * Makes a rule of the setting, which is NULL for terciles.
 */
static void
read_thresholds(WindowCall *call)
{
	MemoryContext outer = MemoryContextSwitchTo(call->setting_memory);
	SizeRule *rule = palloc0(sizeof(SizeRule));

	if (!call->settings[0].null)
	{
		ArrayType *array = DatumGetArrayTypeP(call->settings[0].value);
		int count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
		Datum *thresholds;

		if (count != 2)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("thresholds must have two elements, not %d", count),
					 errhint("Give two numbers: where large begins, and where "
							 "medium begins.")));
		param_sorted(array, "thresholds", true, count, &thresholds);
		rule->large_from = DatumGetNumeric(thresholds[0]);
		rule->medium_from = DatumGetNumeric(thresholds[1]);
	}
	call->made = rule;
	MemoryContextSwitchTo(outer);
}

/*
 * The class of each row of a partition: thirds by value, the largest first.
 * The first thirds take what three does not divide; rows of one value are all
 * in the third that the first of them is in.
 */
static uint8 *
terciles(const WindowValues *rows, MemoryContext memory)
{
	uint8 *classes = MemoryContextAllocHuge(memory, (Size) rows->count);
	int64 large = (rows->known + 2) / 3;
	int64 medium = (rows->known + 1) / 3;
	int64 places[] = {large, large + medium};
	int128 from[lengthof(places)];

	if (rows->known > 0)
		select_by_place(rows->values, rows->count, places, lengthof(places),
						from);
	for (int64 i = 0; i < rows->count; i++)
	{
		int128 value = rows->values[i];

		CHECK_FOR_INTERRUPTS();
		if (value == VALUE_NULL)
			classes[i] = SIZE_NULL;
		else if (value >= from[0])
			classes[i] = SIZE_LARGE;
		else
			classes[i] = value >= from[1] ? SIZE_MEDIUM : SIZE_SMALL;
	}
	return classes;
}

/*
 * size_class(value, thresholds)
 */
Datum
kam_size_class(PG_FUNCTION_ARGS)
{
	WindowObject window = window_of(fcinfo);
	WindowCall *call = window_call(fcinfo, &size_arguments);
	SizeState *state = WinGetPartitionLocalMemory(window, sizeof(SizeState));
	SizeRule *rule;
	SizeClass class = SIZE_SMALL;

	if (state->ready)
		window_check_settings(window, call);
	else if (window_read_settings(window, call))
		read_thresholds(call);
	rule = call->made;

	if (rule->large_from == NULL)
	{
		if (!state->ready)
		{
			WindowValues rows;

			window_read_values(window, call, VALUES_KEPT | VALUES_SIGNED,
							   &rows);
			state->classes = terciles(&rows, GetMemoryChunkContext(state));
			pfree(rows.values);
		}
		class = state->classes[WinGetCurrentPosition(window)];
	}
	else
	{
		bool null;
		Datum datum = WinGetFuncArgCurrent(window, 0, &null);

		if (null)
			class = SIZE_NULL;
		else
		{
			Numeric value = param_finite(DatumGetNumeric(datum), "value");

			if (number_compare(value, rule->large_from) >= 0)
				class = SIZE_LARGE;
			else if (number_compare(value, rule->medium_from) >= 0)
				class = SIZE_MEDIUM;
		}
	}
	state->ready = true;
	if (class == SIZE_NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(class_names[class]));
}
