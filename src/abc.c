/*
 * abc.c
 *		Window functions over a whole partition: classes by cumulative share,
 *		and the shares they rest on.
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
#include "decimal.h"
#include "miscadmin.h"
#include "nodes/supportnodes.h"
#include "params.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "windowapi.h"

#define MOST_SETTINGS 3
#define MOST_CUTOFFS 25
#define MOST_LABELS (MOST_CUTOFFS + 1)

/* Rows read between two resets of the memory that their values are made in. */
#define ROWS_PER_RESET 64

/* What Rows.values holds for NULL, and for zero and below. */
#define VALUE_NULL (-1)
#define VALUE_NOTHING 0

/* The class of NULL, and the places of rows that have no sum of their own. */
#define CLASS_NULL 255
#define PLACE_NULL (-1)
#define PLACE_LAST (-2)

/* Decimals up to which a cut-off times a total is tried as an integer. */
#define SHORT_SCALE 9

/* Segments up to this length are sorted, longer ones split into buckets. */
#define SORTED_LENGTH 32
#define BUCKETS 256

/*
 * One argument that must not change within a partition.
 */
typedef struct Setting
{
	Datum value;
	bool null;
	bool constant;
	bool by_value;
	int16 length;
} Setting;

/*
 * What is kept between the partitions of one query: the settings as they came,
 * and what was made of them.
 */
typedef struct Call
{
	MemoryContext row_memory;
	MemoryContext setting_memory;
	bool loaded;
	bool all_constant;
	Setting settings[MOST_SETTINGS];

	int cutoff_count;
	Datum *cutoffs;
	Decimal fractions[MOST_CUTOFFS];
	text *labels[MOST_LABELS];
	bool reach;
} Call;

/*
 * The values of a partition by row, as integers at one scale, and the sum of
 * those above zero.
 */
typedef struct Rows
{
	int64 count;
	int128 *values;
	int scale;
	int128 total;
} Rows;

/*
 * Values of a partition that lie in one range, and the goals that are reached
 * among them; above is the sum of all values beyond that range.
 */
typedef struct Segment
{
	int128 *values;
	int64 count;
	int128 above;
	int first_goal;
	int end_goal;
} Segment;

/*
 * The values of a segment that lie in one part of its range.
 */
typedef struct Bucket
{
	int128 sum;
	int64 count;
} Bucket;

/*
 * A value above zero and the row it comes from.
 */
typedef struct Entry
{
	int128 value;
	int32 row;
} Entry;

/* What is kept in the memory of a partition, one struct a function. */
typedef struct ClassState
{
	bool ready;
	uint8 *classes;
} ClassState;

typedef struct ShareState
{
	bool ready;
	Numeric total;
} ShareState;

typedef struct CumShareState
{
	bool ready;
	Numeric total;
	int scale;
	int32 *places;
	int128 *sums;
} CumShareState;

/* Arguments 1 and up of each function; argument 0 is the value. */
static const char *const no_settings[] = {NULL};
static const char *const class_settings[] = {"cutoffs", "labels", "boundary",
											 NULL};
static const char *const cum_share_settings[] = {"inclusive", NULL};

static const char *const boundary_names[] = {"reach", "below", NULL};

static WindowObject window_of(FunctionCallInfo fcinfo);
static Call *call_of(FunctionCallInfo fcinfo, const char *const *names);
static bool setting_differs(WindowObject window, const Call *call, int i);
static bool read_settings(WindowObject window, Call *call,
						  const char *const *names);
static void check_settings(WindowObject window, const Call *call,
						   const char *const *names);
static void read_class_settings(Call *call);
static void read_cutoffs(Call *call, ArrayType *array);
static void read_labels(Call *call, ArrayType *array);
static void read_rows(WindowObject window, Call *call, bool keep, Rows *rows);
static void grow_scale(Rows *rows, int64 filled, DecimalSum *sum, int scale);
static int128 goal_of(const Call *call, int i, int128 total);
static void find_cuts(const Rows *rows, const int128 *goals, int count,
					  int128 *cuts);
static void cuts_by_sorting(const Segment *segment, const int128 *goals,
							int128 *cuts);
static void value_range(const Segment *segment, int128 *least, int128 *most);
static void fill_buckets(const Segment *segment, int128 least, int shift,
						 Bucket *buckets);
static int128 *take_bucket(const Segment *segment, int128 least, int shift,
						   int bucket, int64 count);
static uint8 *classify(const Call *call, const Rows *rows,
					   MemoryContext memory);
static void cumulate(const Rows *rows, bool inclusive, CumShareState *state,
					 MemoryContext memory);

PG_FUNCTION_INFO_V1(kam_abc_class);
PG_FUNCTION_INFO_V1(kam_abc_share);
PG_FUNCTION_INFO_V1(kam_abc_cum_share);
PG_FUNCTION_INFO_V1(kam_window_support);

#define ST_SORT sort_entries
#define ST_ELEMENT_TYPE Entry
#define ST_COMPARE(a, b) \
	((a)->value > (b)->value ? -1 : (a)->value < (b)->value)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * The window a function was called in.
 */
static WindowObject
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
static Call *
call_of(FunctionCallInfo fcinfo, const char *const *names)
{
	FmgrInfo *function = fcinfo->flinfo;
	Call *call = function->fn_extra;

	if (call != NULL)
		return call;

	call = MemoryContextAllocZero(function->fn_mcxt, sizeof(Call));
	call->row_memory = AllocSetContextCreate(function->fn_mcxt, "kam values",
											 ALLOCSET_SMALL_SIZES);
	call->setting_memory =
		AllocSetContextCreate(function->fn_mcxt, "kam settings",
							  ALLOCSET_SMALL_SIZES);
	call->all_constant = true;
	for (int i = 0; names[i] != NULL; i++)
	{
		Setting *setting = &call->settings[i];

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
setting_differs(WindowObject window, const Call *call, int i)
{
	const Setting *setting = &call->settings[i];
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
static bool
read_settings(WindowObject window, Call *call, const char *const *names)
{
	bool differs = !call->loaded;

	for (int i = 0; names[i] != NULL && !differs; i++)
		differs = setting_differs(window, call, i);
	if (!differs)
		return false;

	MemoryContextReset(call->setting_memory);
	for (int i = 0; names[i] != NULL; i++)
	{
		Setting *setting = &call->settings[i];

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
static void
check_settings(WindowObject window, const Call *call, const char *const *names)
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
 * Makes cut-offs, labels and boundary of the settings of abc_class, none of
 * which is NULL but perhaps the labels.
 */
static void
read_class_settings(Call *call)
{
	MemoryContext outer = MemoryContextSwitchTo(call->setting_memory);

	read_cutoffs(call, DatumGetArrayTypeP(call->settings[0].value));
	read_labels(call, call->settings[1].null
						  ? NULL
						  : DatumGetArrayTypeP(call->settings[1].value));
	call->reach = param_choice(DatumGetTextPP(call->settings[2].value),
							   "boundary", boundary_names) == 0;
	MemoryContextSwitchTo(outer);
}

/*
 * Cut-offs are fractions of the total, above zero and at most one.
 */
static void
read_cutoffs(Call *call, ArrayType *array)
{
	Datum zero = NumericGetDatum(int64_to_numeric(0));
	Datum one = NumericGetDatum(int64_to_numeric(1));

	call->cutoff_count =
		param_sorted(array, "cutoffs", false, MOST_CUTOFFS, &call->cutoffs);
	for (int i = 0; i < call->cutoff_count; i++)
	{
		Datum cutoff = call->cutoffs[i];

		if (DatumGetBool(DirectFunctionCall2(numeric_eq, cutoff, zero)) ||
			DatumGetBool(DirectFunctionCall2(numeric_gt, cutoff, one)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cutoffs must be above 0 and at most 1, but %s "
							"is among them",
							param_shown(DatumGetNumeric(cutoff))),
					 errhint(
						 "Cut-offs are fractions: 80 %% is written 0.80.")));
		call->fractions[i].scale =
			DatumGetInt32(DirectFunctionCall1(numeric_scale, cutoff));
		if (call->fractions[i].scale <= SHORT_SCALE)
			decimal_from_numeric(cutoff, "cutoffs", &call->fractions[i]);
	}
}

/*
 * Labels are one more than cut-offs; without them the classes are A, B, C
 * and so on.
 */
static void
read_labels(Call *call, ArrayType *array)
{
	int classes = call->cutoff_count + 1;
	Datum *given;
	int count;

	if (array == NULL)
	{
		for (int i = 0; i < classes; i++)
		{
			char letter = 'A' + i;

			call->labels[i] = cstring_to_text_with_len(&letter, 1);
		}
		return;
	}

	count = param_array(array, "labels", TEXTOID, MOST_LABELS, &given);
	if (count != classes)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("labels has %d elements, but cutoffs makes %d classes",
						count, classes),
				 errhint("Give one label more than cut-offs.")));
	for (int i = 0; i < classes; i++)
		call->labels[i] = DatumGetTextPCopy(given[i]);
}

/*
 * Reads the values of all rows of a partition.  With keep, they stay in
 * memory of the current context.
 */
static void
read_rows(WindowObject window, Call *call, bool keep, Rows *rows)
{
	DecimalSum sum = {0, 0, 0};
	int whole_digits = 0;
	MemoryContext outer;

	rows->count = WinGetPartitionRowCount(window);
	rows->values = NULL;
	rows->scale = 0;
	if (rows->count > PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a partition has %lld rows", (long long) rows->count),
				 errhint("Up to %d rows are allowed.", PG_INT32_MAX)));
	if (keep)
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
		if (i % ROWS_PER_RESET == 0)
			MemoryContextReset(call->row_memory);
		amount = WinGetFuncArgInPartition(window, 0, (int) i, WINDOW_SEEK_HEAD,
										  false, &null, &beyond);
		if (!null)
		{
			Decimal decimal;

			decimal_from_numeric(amount, "value", &decimal);
			value = Max(decimal.value, VALUE_NOTHING);
			if (value > VALUE_NOTHING)
			{
				if (decimal.whole_digits > whole_digits ||
					decimal.scale > rows->scale)
				{
					whole_digits = Max(whole_digits, decimal.whole_digits);
					decimal_check_digits(whole_digits,
										 Max(rows->scale, decimal.scale));
					grow_scale(rows, i, &sum, decimal.scale);
				}
				if (decimal.scale < rows->scale)
					value *= decimal_pow10(rows->scale - decimal.scale);
				decimal_sum_add(&sum, value);
			}
		}
		if (keep)
			rows->values[i] = value;
	}
	MemoryContextSwitchTo(outer);
	MemoryContextReset(call->row_memory);
	rows->total = decimal_sum_value(&sum);
}

/*
 * Brings what was read so far to a larger scale.
 */
static void
grow_scale(Rows *rows, int64 filled, DecimalSum *sum, int scale)
{
	int exponent = scale - rows->scale;
	int128 factor;

	if (exponent <= 0)
		return;
	factor = decimal_pow10(exponent);
	for (int64 i = 0; i < filled && rows->values != NULL; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (rows->values[i] > VALUE_NOTHING)
			rows->values[i] *= factor;
	}
	decimal_sum_rescale(sum, exponent);
	rows->scale = scale;
}

/*
 * The smallest sum, largest values first, that ends class i: the one that is
 * cutoff x total or more ('reach') or that passes it ('below').  The product
 * may be longer than an integer holds.
 */
static int128
goal_of(const Call *call, int i, int128 total)
{
	const Decimal *fraction = &call->fractions[i];
	Decimal goal;
	Datum exact;

	if (fraction->scale <= SHORT_SCALE &&
		total < decimal_pow10(DECIMAL_MAX_DIGITS - SHORT_SCALE))
	{
		int128 unit = decimal_pow10(fraction->scale);
		int128 product = fraction->value * total;

		if (call->reach)
			return (product + unit - 1) / unit;
		return product / unit + 1;
	}

	exact = DirectFunctionCall2(numeric_mul, call->cutoffs[i],
								NumericGetDatum(decimal_to_numeric(total, 0)));
	exact =
		DirectFunctionCall1(call->reach ? numeric_ceil : numeric_floor, exact);
	decimal_from_numeric(exact, "cutoffs", &goal);
	return call->reach ? goal.value : goal.value + 1;
}

/*
 * Finds for each goal the value at which the sum, largest values first,
 * reaches it.  Goals don't fall and lie between 1 and the total.
 *
 * The range of the values is split into buckets with a sum each, and only the
 * buckets in which a goal is reached are split again.  Each level takes eight
 * bits off the range: no order of rows, no spread of values and no ties need
 * more than sixteen of them.
 */
static void
find_cuts(const Rows *rows, const int128 *goals, int count, int128 *cuts)
{
	Segment pending[MOST_CUTOFFS];
	Bucket buckets[BUCKETS];
	int segments = 1;

	pending[0] = (Segment){rows->values, rows->count, 0, 0, count};
	while (segments > 0)
	{
		Segment segment = pending[--segments];
		int128 above = segment.above;
		int bucket = BUCKETS - 1;
		int shift = 0;
		int128 least;
		int128 most;
		int goal;

		CHECK_FOR_INTERRUPTS();
		if (segment.count <= SORTED_LENGTH)
		{
			cuts_by_sorting(&segment, goals, cuts);
			segment.first_goal = segment.end_goal;
		}
		else
		{
			value_range(&segment, &least, &most);
			while (((most - least) >> shift) >= BUCKETS)
				shift++;
			fill_buckets(&segment, least, shift, buckets);
		}

		for (goal = segment.first_goal; goal < segment.end_goal;)
		{
			int first_goal = goal;

			while (above + buckets[bucket].sum < goals[goal])
				above += buckets[bucket--].sum;
			while (goal < segment.end_goal &&
				   goals[goal] <= above + buckets[bucket].sum)
				cuts[goal++] = least + bucket;
			if (shift > 0)
				pending[segments++] =
					(Segment){take_bucket(&segment, least, shift, bucket,
										  buckets[bucket].count),
							  buckets[bucket].count, above, first_goal, goal};
		}
		if (segment.values != rows->values)
			pfree(segment.values);
	}
}

/*
 * As find_cuts, for a segment of few values.
 */
static void
cuts_by_sorting(const Segment *segment, const int128 *goals, int128 *cuts)
{
	int128 sorted[SORTED_LENGTH];
	int128 sum = segment->above;
	int goal = segment->first_goal;
	int count = 0;

	for (int64 i = 0; i < segment->count; i++)
	{
		int128 value = segment->values[i];
		int place;

		if (value <= VALUE_NOTHING)
			continue;
		for (place = count++; place > 0 && sorted[place - 1] < value; place--)
			sorted[place] = sorted[place - 1];
		sorted[place] = value;
	}
	for (int i = 0; i < count; i++)
	{
		sum += sorted[i];
		while (goal < segment->end_goal && goals[goal] <= sum)
			cuts[goal++] = sorted[i];
	}
}

/*
 * The smallest and the largest value above zero of a segment, which has one.
 */
static void
value_range(const Segment *segment, int128 *least, int128 *most)
{
	*least = 0;
	*most = 0;
	for (int64 i = 0; i < segment->count; i++)
	{
		int128 value = segment->values[i];

		CHECK_FOR_INTERRUPTS();
		if (value > *most)
			*most = value;
		if (value > VALUE_NOTHING && (value < *least || *least == 0))
			*least = value;
	}
}

/*
 * Sums and counts the values above zero of a segment by bucket.
 */
static void
fill_buckets(const Segment *segment, int128 least, int shift, Bucket *buckets)
{
	memset(buckets, 0, sizeof(Bucket) * BUCKETS);
	for (int64 i = 0; i < segment->count; i++)
	{
		int128 value = segment->values[i];

		CHECK_FOR_INTERRUPTS();
		if (value > VALUE_NOTHING)
		{
			Bucket *bucket = &buckets[(int) ((value - least) >> shift)];

			bucket->sum += value;
			bucket->count++;
		}
	}
}

/*
 * A copy of the values of a segment that lie in one of its buckets.
 */
static int128 *
take_bucket(const Segment *segment, int128 least, int shift, int bucket,
			int64 count)
{
	int128 *taken = MemoryContextAllocHuge(CurrentMemoryContext,
										   sizeof(int128) * (Size) count);
	int128 from = least + ((int128) bucket << shift);
	int128 to = from + (((int128) 1 << shift) - 1);
	int64 filled = 0;

	for (int64 i = 0; i < segment->count; i++)
	{
		int128 value = segment->values[i];

		CHECK_FOR_INTERRUPTS();
		if (value >= from && value <= to)
			taken[filled++] = value;
	}
	Assert(filled == count);
	return taken;
}

/*
 * The class of each row of a partition.
 */
static uint8 *
classify(const Call *call, const Rows *rows, MemoryContext memory)
{
	uint8 *classes = MemoryContextAllocHuge(memory, (Size) rows->count);
	int128 goals[MOST_CUTOFFS];
	int128 least[MOST_CUTOFFS];
	int goal_count = 0;

	if (rows->total > 0)
	{
		for (int i = 0; i < call->cutoff_count; i++)
		{
			int128 goal = goal_of(call, i, rows->total);

			least[i] = 1;
			if (goal <= rows->total)
				goals[goal_count++] = goal;
		}
		find_cuts(rows, goals, goal_count, least);
		for (int i = 0; i < goal_count && !call->reach; i++)
			least[i]++;
	}

	for (int64 i = 0; i < rows->count; i++)
	{
		int128 value = rows->values[i];
		int place = call->cutoff_count;

		CHECK_FOR_INTERRUPTS();
		if (value == VALUE_NULL)
			place = CLASS_NULL;
		else if (value > VALUE_NOTHING)
			for (place = 0; place < call->cutoff_count; place++)
				if (value >= least[place])
					break;
		classes[i] = (uint8) place;
	}
	return classes;
}

/*
 * The sums of a partition, largest values first, one for each distinct value,
 * and the place of each row's sum among them.
 */
static void
cumulate(const Rows *rows, bool inclusive, CumShareState *state,
		 MemoryContext memory)
{
	Entry *entries = MemoryContextAllocHuge(CurrentMemoryContext,
											sizeof(Entry) * (Size) rows->count);
	int64 count = 0;
	int64 distinct = 0;
	int32 place = -1;
	int128 sum = 0;

	state->places =
		MemoryContextAllocHuge(memory, sizeof(int32) * (Size) rows->count);
	for (int64 i = 0; i < rows->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		state->places[i] =
			rows->values[i] == VALUE_NULL ? PLACE_NULL : PLACE_LAST;
		if (rows->values[i] > VALUE_NOTHING)
			entries[count++] = (Entry){rows->values[i], (int32) i};
	}
	sort_entries(entries, (size_t) count);

	for (int64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i == 0 || entries[i].value != entries[i - 1].value)
			distinct++;
	}
	state->sums =
		MemoryContextAllocHuge(memory, sizeof(int128) * (Size) distinct);
	for (int64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i == 0 || entries[i].value != entries[i - 1].value)
			state->sums[++place] = sum;
		sum += entries[i].value;
		if (inclusive)
			state->sums[place] = sum;
		state->places[entries[i].row] = place;
	}
	pfree(entries);
}

/*
 * abc_class(value, cutoffs, labels, boundary)
 */
Datum
kam_abc_class(PG_FUNCTION_ARGS)
{
	WindowObject window = window_of(fcinfo);
	Call *call = call_of(fcinfo, class_settings);
	ClassState *state = WinGetPartitionLocalMemory(window, sizeof(ClassState));
	bool first = !state->ready;
	int place;

	if (!first)
		check_settings(window, call, class_settings);
	else if (read_settings(window, call, class_settings) &&
			 !call->settings[0].null && !call->settings[2].null)
		read_class_settings(call);
	state->ready = true;
	if (call->settings[0].null || call->settings[2].null)
		PG_RETURN_NULL();

	if (first)
	{
		Rows rows;

		read_rows(window, call, true, &rows);
		state->classes = classify(call, &rows, GetMemoryChunkContext(state));
		pfree(rows.values);
	}
	place = state->classes[WinGetCurrentPosition(window)];
	if (place == CLASS_NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(call->labels[place]);
}

/*
 * abc_share(value)
 */
Datum
kam_abc_share(PG_FUNCTION_ARGS)
{
	WindowObject window = window_of(fcinfo);
	Call *call = call_of(fcinfo, no_settings);
	ShareState *state = WinGetPartitionLocalMemory(window, sizeof(ShareState));
	Decimal decimal;
	bool null;
	Datum value;

	if (!state->ready)
	{
		MemoryContext outer;
		Rows rows;

		read_rows(window, call, false, &rows);
		if (rows.total > 0)
		{
			outer = MemoryContextSwitchTo(GetMemoryChunkContext(state));
			state->total = decimal_to_numeric(rows.total, rows.scale);
			MemoryContextSwitchTo(outer);
		}
		state->ready = true;
	}

	value = WinGetFuncArgCurrent(window, 0, &null);
	if (null)
		PG_RETURN_NULL();
	decimal_from_numeric(value, "value", &decimal);
	if (decimal.value <= 0 || state->total == NULL)
		PG_RETURN_NUMERIC(int64_to_numeric(0));
	PG_RETURN_DATUM(
		DirectFunctionCall2(numeric_div, value, NumericGetDatum(state->total)));
}

/*
 * abc_cum_share(value, inclusive)
 */
Datum
kam_abc_cum_share(PG_FUNCTION_ARGS)
{
	WindowObject window = window_of(fcinfo);
	Call *call = call_of(fcinfo, cum_share_settings);
	CumShareState *state =
		WinGetPartitionLocalMemory(window, sizeof(CumShareState));
	bool first = !state->ready;
	int32 place;
	Numeric sum;

	if (first)
		read_settings(window, call, cum_share_settings);
	else
		check_settings(window, call, cum_share_settings);
	state->ready = true;
	if (call->settings[0].null)
		PG_RETURN_NULL();

	if (first)
	{
		MemoryContext memory = GetMemoryChunkContext(state);
		Rows rows;

		read_rows(window, call, true, &rows);
		cumulate(&rows, DatumGetBool(call->settings[0].value), state, memory);
		pfree(rows.values);
		state->scale = rows.scale;
		if (rows.total > 0)
		{
			MemoryContext outer = MemoryContextSwitchTo(memory);

			state->total = decimal_to_numeric(rows.total, rows.scale);
			MemoryContextSwitchTo(outer);
		}
	}

	place = state->places[WinGetCurrentPosition(window)];
	if (place == PLACE_NULL || state->total == NULL)
		PG_RETURN_NULL();
	if (place == PLACE_LAST)
		PG_RETURN_NUMERIC(int64_to_numeric(1));
	sum = decimal_to_numeric(state->sums[place], state->scale);
	PG_RETURN_DATUM(DirectFunctionCall2(numeric_div, NumericGetDatum(sum),
										NumericGetDatum(state->total)));
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
