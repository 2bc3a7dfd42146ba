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

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "nodes/supportnodes.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "window.h"

static bool setting_differs(WindowObject window, const WindowCall *call, int i);
static void read_value(const WindowCall *call, int i, Datum argument,
					   Decimal *value);
static int read_row(WindowObject window, const WindowCall *call, int64 row,
					Decimal *amounts, bool *nulls);
static inline int128 sum_add(WindowSum *sum, const Decimal *amount);
static void grow_scale(WindowValues *values, int64 filled, int scale);

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
window_call(FunctionCallInfo fcinfo, const WindowArguments *arguments)
{
	FmgrInfo *function = fcinfo->flinfo;
	WindowCall *call = function->fn_extra;

	if (call != NULL)
		return call;

	call = MemoryContextAllocZero(function->fn_mcxt, sizeof(WindowCall));
	call->arguments = arguments;
	for (int i = 0; arguments->values[i] != NULL; i++)
	{
		call->integers[i] = get_fn_expr_argtype(function, i) == INT8OID;
		call->value_count++;
	}
	call->row_memory = AllocSetContextCreate(function->fn_mcxt, "kam values",
											 ALLOCSET_SMALL_SIZES);
	call->setting_memory =
		AllocSetContextCreate(function->fn_mcxt, "kam settings",
							  ALLOCSET_SMALL_SIZES);
	call->all_constant = true;
	for (int i = 0; arguments->settings[i] != NULL; i++)
	{
		WindowSetting *setting = &call->settings[i];
		int argument = call->value_count + i;

		setting->constant = get_fn_expr_arg_stable(function, argument);
		get_typlenbyval(get_fn_expr_argtype(function, argument),
						&setting->length, &setting->by_value);
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
	value = WinGetFuncArgCurrent(window, call->value_count + i, &null);
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
window_read_settings(WindowObject window, WindowCall *call)
{
	const char *const *names = call->arguments->settings;
	bool differs = !call->loaded;

	for (int i = 0; names[i] != NULL && !differs; i++)
		differs = setting_differs(window, call, i);
	if (!differs)
		return false;

	MemoryContextReset(call->setting_memory);
	for (int i = 0; names[i] != NULL; i++)
	{
		WindowSetting *setting = &call->settings[i];

		setting->value =
			WinGetFuncArgCurrent(window, call->value_count + i, &setting->null);
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
window_check_settings(WindowObject window, const WindowCall *call)
{
	const char *const *names = call->arguments->settings;

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
 * Reads one of the values, a numeric or a bigint.
 */
static void
read_value(const WindowCall *call, int i, Datum argument, Decimal *value)
{
	if (call->integers[i])
	{
		value->value = DatumGetInt64(argument);
		value->scale = 0;
		value->whole_digits = decimal_digits(value->value);
	}
	else
		decimal_from_numeric(argument, call->arguments->values[i], value);
}

/*
 * Reads the values of a row, each before the next one, which reads the row
 * anew and frees what the one before is in.  Returns how many are not NULL.
 */
static int
read_row(WindowObject window, const WindowCall *call, int64 row,
		 Decimal *amounts, bool *nulls)
{
	int known = 0;

	for (int i = 0; i < call->value_count; i++)
	{
		bool beyond;
		Datum argument =
			WinGetFuncArgInPartition(window, i, (int) row, WINDOW_SEEK_HEAD,
									 false, &nulls[i], &beyond);

		if (nulls[i])
			continue;
		read_value(call, i, argument, &amounts[i]);
		known++;
	}
	return known;
}

/*
 * Adds an amount to a sum.  Returns it as an integer at the sum's scale.
 */
static inline int128
sum_add(WindowSum *sum, const Decimal *amount)
{
	int128 value = amount->value;

	if (amount->whole_digits > sum->whole_digits || amount->scale > sum->scale)
	{
		int grown = Max(amount->scale - sum->scale, 0);

		sum->whole_digits = Max(sum->whole_digits, amount->whole_digits);
		sum->scale += grown;
		decimal_check_digits(sum->whole_digits, sum->scale);
		if (grown > 0)
			decimal_sum_rescale(&sum->sum, grown);
	}
	if (amount->scale < sum->scale)
		value *= decimal_pow10(sum->scale - amount->scale);
	decimal_sum_add(&sum->sum, value);
	return value;
}

/*
 * Reads the values of all rows of a partition, one WindowValues for each that
 * the function has.  Kept, they stay in memory of the current context.
 */
void
window_read_values(WindowObject window, WindowCall *call, int how,
				   WindowValues *values)
{
	bool with_sign = (how & VALUES_SIGNED) != 0;
	bool together = (how & VALUES_TOGETHER) != 0;
	int64 count = window_row_count(window);
	MemoryContext outer;

	memset(values, 0, sizeof(WindowValues) * call->value_count);
	for (int i = 0; i < call->value_count; i++)
	{
		values[i].count = count;
		if ((how & VALUES_KEPT) != 0)
			values[i].values =
				MemoryContextAllocHuge(CurrentMemoryContext,
									   sizeof(int128) * (Size) count);
	}

	outer = MemoryContextSwitchTo(call->row_memory);
	for (int64 row = 0; row < count; row++)
	{
		Decimal amounts[WINDOW_MOST_VALUES];
		bool nulls[WINDOW_MOST_VALUES];
		bool none;

		CHECK_FOR_INTERRUPTS();
		if (row % WINDOW_ROWS_PER_RESET == 0)
			MemoryContextReset(call->row_memory);
		none =
			read_row(window, call, row, amounts, nulls) < call->value_count &&
			together;
		for (int i = 0; i < call->value_count; i++)
		{
			int128 value = VALUE_NULL;

			if (!nulls[i] && !none)
			{
				values[i].known++;
				value = VALUE_NOTHING;
				if (amounts[i].value > VALUE_NOTHING || with_sign)
				{
					value = sum_add(&values[i].sum, &amounts[i]);
					if (values[i].sum.scale > values[i].scale)
						grow_scale(&values[i], row, values[i].sum.scale);
				}
			}
			if (values[i].values != NULL)
				values[i].values[row] = value;
		}
	}
	MemoryContextSwitchTo(outer);
	MemoryContextReset(call->row_memory);
}

/*
 * The sum of values, which must not pass 38 digits.
 */
int128
window_total(const WindowValues *values)
{
	return decimal_sum_value(&values->sum.sum);
}

/*
 * Reads one of the values of the current row; false when it is NULL.
 */
bool
window_current_value(WindowObject window, const WindowCall *call, int i,
					 Decimal *value)
{
	bool null;
	Datum argument = WinGetFuncArgCurrent(window, i, &null);

	if (!null)
		read_value(call, i, argument, value);
	return !null;
}

/*
 * Brings the values that were kept so far to a larger scale.
 */
static void
grow_scale(WindowValues *values, int64 filled, int scale)
{
	int128 factor = decimal_pow10(scale - values->scale);

	values->scale = scale;
	if (values->values == NULL)
		return;
	for (int64 i = 0; i < filled; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (values->values[i] != VALUE_NULL)
			values->values[i] *= factor;
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
