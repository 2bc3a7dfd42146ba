/*
 * window.c
 *		What window functions over a whole partition share.
 *
 * The first row of a partition reads the values of all its rows once, forward;
 * a partition that has spilled to disk allows nothing else.  What the rows
 * need later is kept in the partition's memory.  The frame and the order of
 * the rows have no part in it.
 *
 * No mark is set for the rows that are done with: for a partition in memory it
 * frees no more than work_mem, for one on disk it costs a second reading.
 */
#include "kam.h"

#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "nodes/supportnodes.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "window.h"

static bool setting_differs(WindowObject window, const WindowCall *call, int i);
static void grow_scale(WindowValues *rows, int64 filled, int scale);

PG_FUNCTION_INFO_V1(kam_window_support);

/*
 * The window a function was called in.
 */
WindowObject
window_of(FunctionCallInfo fcinfo)
{
	WindowObject window = PG_WINDOW_OBJECT();

	if (!WindowObjectIsValid(window))
		ereport(ERROR, (errcode(ERRCODE_WINDOWING_ERROR),
						errmsg("window function called without a window"),
						errhint("Write OVER () after the call.")));
#if PG_VERSION_NUM >= 190000
	WinCheckAndInitializeNullTreatment(window, false, fcinfo);
#endif
	return window;
}

/*
 * What is kept for this call between the partitions of the query.
 */
WindowCall *
window_call(FunctionCallInfo fcinfo, const char *const *names)
{
	FmgrInfo *function = fcinfo->flinfo;
	WindowCall *call = function->fn_extra;

	if (call != NULL)
		return call;

	call = MemoryContextAllocZero(function->fn_mcxt, sizeof(WindowCall));
	call->row_memory = AllocSetContextCreate(function->fn_mcxt, "kam values",
											 ALLOCSET_SMALL_SIZES);
	call->setting_memory =
		AllocSetContextCreate(function->fn_mcxt, "kam settings",
							  ALLOCSET_SMALL_SIZES);
	call->all_constant = true;
	for (int i = 0; names[i] != NULL; i++)
	{
		WindowSetting *setting = &call->settings[i];

		setting->constant = get_fn_expr_arg_stable(function, i + 1);
		get_typlenbyval(get_fn_expr_argtype(function, i + 1), &setting->length,
						&setting->by_value);
		call->all_constant = call->all_constant && setting->constant;
	}
	function->fn_extra = call;
	return call;
}

/*
 * Whether a setting has another value at the current row than when it was
 * last read.
 */
static bool
setting_differs(WindowObject window, const WindowCall *call, int i)
{
	const WindowSetting *setting = &call->settings[i];
	bool null;
	Datum value;

	if (setting->constant)
		return false;
	value = WinGetFuncArgCurrent(window, i + 1, &null);
	if (null || setting->null)
		return null != setting->null;
	return !datum_image_eq(value, setting->value, setting->by_value,
						   setting->length);
}

/*
 * Reads the settings of a partition from the current row, unless they are
 * those of the partition before.  Says whether they were read.
 */
bool
window_read_settings(WindowObject window, WindowCall *call,
					 const char *const *names)
{
	bool differs = !call->loaded;

	for (int i = 0; names[i] != NULL && !differs; i++)
		differs = setting_differs(window, call, i);
	if (!differs)
		return false;

	MemoryContextReset(call->setting_memory);
	for (int i = 0; names[i] != NULL; i++)
	{
		WindowSetting *setting = &call->settings[i];

		setting->value = WinGetFuncArgCurrent(window, i + 1, &setting->null);
		if (!setting->null && !setting->by_value)
		{
			MemoryContext outer = MemoryContextSwitchTo(call->setting_memory);

			setting->value =
				PointerGetDatum(PG_DETOAST_DATUM_COPY(setting->value));
			MemoryContextSwitchTo(outer);
		}
	}
	call->loaded = true;
	return true;
}

/*
 * Refuses settings of the current row that are not those of its partition.
 */
void
window_check_settings(WindowObject window, const WindowCall *call,
					  const char *const *names)
{
	if (call->all_constant)
		return;
	for (int i = 0; names[i] != NULL; i++)
		if (setting_differs(window, call, i))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("%s must be the same for all rows of a "
								   "partition",
								   names[i]),
							errhint("Give one value, or name the column that "
									"decides it in PARTITION BY.")));
}

/*
 * How many rows the partition has: as many as a row number can count.
 */
int64
window_row_count(WindowObject window)
{
	int64 count = WinGetPartitionRowCount(window);

	if (count > PG_INT32_MAX)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("a partition has %lld rows", (long long) count),
						errhint("Up to %d rows are allowed.", PG_INT32_MAX)));
	return count;
}

/*
 * Reads the values of all rows of a partition, the first argument of the
 * function.  Kept, they stay in memory of the current context.
 */
void
window_read_values(WindowObject window, WindowCall *call, int how,
				   WindowValues *rows)
{
	bool with_sign = (how & VALUES_SIGNED) != 0;
	WindowSum sum = {{0, 0, 0}, 0, 0};
	MemoryContext outer;

	rows->count = window_row_count(window);
	rows->known = 0;
	rows->values = NULL;
	rows->scale = 0;
	if ((how & VALUES_KEPT) != 0)
		rows->values =
			MemoryContextAllocHuge(CurrentMemoryContext,
								   sizeof(int128) * (Size) rows->count);

	outer = MemoryContextSwitchTo(call->row_memory);
	for (int64 i = 0; i < rows->count; i++)
	{
		int128 value = VALUE_NULL;
		bool null;
		bool beyond;
		Datum amount;

		CHECK_FOR_INTERRUPTS();
		if (i % WINDOW_ROWS_PER_RESET == 0)
			MemoryContextReset(call->row_memory);
		amount = WinGetFuncArgInPartition(window, 0, (int) i, WINDOW_SEEK_HEAD,
										  false, &null, &beyond);
		if (!null)
		{
			Decimal decimal;

			decimal_from_numeric(amount, "value", &decimal);
			rows->known++;
			value = VALUE_NOTHING;
			if (decimal.value > VALUE_NOTHING || with_sign)
			{
				value = window_sum_add(&sum, &decimal);
				if (sum.scale > rows->scale)
					grow_scale(rows, i, sum.scale);
			}
		}
		if (rows->values != NULL)
			rows->values[i] = value;
	}
	MemoryContextSwitchTo(outer);
	MemoryContextReset(call->row_memory);
	rows->total = decimal_sum_value(&sum.sum);
}

/*
 * Brings the values that were kept so far to a larger scale.
 */
static void
grow_scale(WindowValues *rows, int64 filled, int scale)
{
	int128 factor = decimal_pow10(scale - rows->scale);

	rows->scale = scale;
	if (rows->values == NULL)
		return;
	for (int64 i = 0; i < filled; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (rows->values[i] != VALUE_NULL)
			rows->values[i] *= factor;
	}
}

/*
 * Tells the planner what it may do with a window of these functions: as the
 * frame has no part in their results, it may be the cheapest one.
 */
Datum
kam_window_support(PG_FUNCTION_ARGS)
{
	Node *request = (Node *) PG_GETARG_POINTER(0);
	bool answered = false;

#if PG_VERSION_NUM >= 160000
	if (IsA(request, SupportRequestOptimizeWindowClause))
	{
		((SupportRequestOptimizeWindowClause *) request)->frameOptions =
			FRAMEOPTION_NONDEFAULT | FRAMEOPTION_ROWS |
			FRAMEOPTION_START_UNBOUNDED_PRECEDING | FRAMEOPTION_END_CURRENT_ROW;
		answered = true;
	}
#endif
	PG_RETURN_POINTER(answered ? request : NULL);
}

/*
 * A number in memory that outlives the row.
 */
Numeric
window_number(int128 value, int scale, MemoryContext memory)
{
	MemoryContext outer = MemoryContextSwitchTo(memory);
	Numeric number = decimal_to_numeric(value, scale);

	MemoryContextSwitchTo(outer);
	return number;
}
