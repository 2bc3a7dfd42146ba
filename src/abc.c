/*
 * abc.c
 *		Window functions over a whole partition: classes by cumulative share,
 *		and the shares they rest on.
 */
#include "kam.h"

#include "abc_cuts.h"
#include "catalog/pg_type.h"
#include "decimal.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "window.h"

#define MOST_LABELS (ABC_MOST_CUTOFFS + 1)

/* The class of NULL, and the places of rows that have no sum of their own. */
#define CLASS_NULL 255
#define PLACE_NULL (-1)
#define PLACE_LAST (-2)

/*
 * What the settings of abc_class come to.
 */
typedef struct ClassRule
{
	int cutoff_count;
	AbcCutoff cutoffs[ABC_MOST_CUTOFFS];
	text *labels[MOST_LABELS];
	bool reach;
} ClassRule;

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

static const WindowArguments class_arguments = {{"value"},
												{"cutoffs", "labels",
												 "boundary"}};
static const WindowArguments share_arguments = {{"value"}, {NULL}};
static const WindowArguments cum_share_arguments = {{"value"}, {"inclusive"}};

static const char *const boundary_names[] = {"reach", "below", NULL};

static void read_class_settings(WindowCall *call);
static void read_cutoffs(ClassRule *rule, ArrayType *array);
static void read_labels(ClassRule *rule, ArrayType *array);
static uint8 *classify(const ClassRule *rule, const WindowValues *rows,
					   MemoryContext memory);
static void cumulate(const WindowValues *rows, bool inclusive,
					 CumShareState *state, MemoryContext memory);

PG_FUNCTION_INFO_V1(kam_abc_class);
PG_FUNCTION_INFO_V1(kam_abc_share);
PG_FUNCTION_INFO_V1(kam_abc_cum_share);

#define ST_SORT sort_entries
#define ST_ELEMENT_TYPE Entry
#define ST_COMPARE(a, b) \
	((a)->value > (b)->value ? -1 : (a)->value < (b)->value)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * Makes cut-offs, labels and boundary of the settings of abc_class, none of
 * which is NULL but perhaps the labels.
 */
static void
read_class_settings(WindowCall *call)
{
	MemoryContext outer = MemoryContextSwitchTo(call->setting_memory);
	ClassRule *rule = palloc0(sizeof(ClassRule));

	read_cutoffs(rule, DatumGetArrayTypeP(call->settings[0].value));
	read_labels(rule, call->settings[1].null
						  ? NULL
						  : DatumGetArrayTypeP(call->settings[1].value));
	rule->reach = param_choice(DatumGetTextPP(call->settings[2].value),
							   "boundary", boundary_names) == 0;
	call->made = rule;
	MemoryContextSwitchTo(outer);
}

/*
 * Cut-offs are fractions of the total, above zero and at most one, that rise.
 */
static void
read_cutoffs(ClassRule *rule, ArrayType *array)
{
	Datum *given;

	rule->cutoff_count =
		param_sorted(array, "cutoffs", false, ABC_MOST_CUTOFFS, &given);
	for (int i = 0; i < rule->cutoff_count; i++)
		abc_cutoff(DatumGetNumeric(given[i]), "cutoffs", true,
				   &rule->cutoffs[i]);
}

/*
 * Labels are one more than cut-offs; without them the classes are A, B, C
 * and so on.
 */
static void
read_labels(ClassRule *rule, ArrayType *array)
{
	int classes = rule->cutoff_count + 1;
	Datum *given;
	int count;

	if (array == NULL)
	{
		for (int i = 0; i < classes; i++)
		{
			char letter = 'A' + i;

			rule->labels[i] = cstring_to_text_with_len(&letter, 1);
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
		rule->labels[i] = DatumGetTextPCopy(given[i]);
}

/*
 * The class of each row of a partition.
 */
static uint8 *
classify(const ClassRule *rule, const WindowValues *rows, MemoryContext memory)
{
	uint8 *classes = MemoryContextAllocHuge(memory, (Size) rows->count);
	int128 least[ABC_MOST_CUTOFFS];

	abc_find_least(rows, rule->cutoffs, rule->cutoff_count, rule->reach, least);
	for (int64 i = 0; i < rows->count; i++)
	{
		int128 value = rows->values[i];
		int place = rule->cutoff_count;

		CHECK_FOR_INTERRUPTS();
		if (value == VALUE_NULL)
			place = CLASS_NULL;
		else if (value > VALUE_NOTHING)
			for (place = 0; place < rule->cutoff_count; place++)
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
cumulate(const WindowValues *rows, bool inclusive, CumShareState *state,
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
	WindowCall *call = window_call(fcinfo, &class_arguments);
	ClassState *state = WinGetPartitionLocalMemory(window, sizeof(ClassState));
	bool first = !state->ready;
	int place;

	if (!first)
		window_check_settings(window, call);
	else if (window_read_settings(window, call) && !call->settings[0].null &&
			 !call->settings[2].null)
		read_class_settings(call);
	state->ready = true;
	if (call->settings[0].null || call->settings[2].null)
		PG_RETURN_NULL();

	if (first)
	{
		WindowValues rows;

		window_read_values(window, call, VALUES_KEPT, &rows);
		state->classes =
			classify(call->made, &rows, GetMemoryChunkContext(state));
		pfree(rows.values);
	}
	place = state->classes[WinGetCurrentPosition(window)];
	if (place == CLASS_NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(((ClassRule *) call->made)->labels[place]);
}

/*
 * abc_share(value)
 */
Datum
kam_abc_share(PG_FUNCTION_ARGS)
{
	WindowObject window = window_of(fcinfo);
	WindowCall *call = window_call(fcinfo, &share_arguments);
	ShareState *state = WinGetPartitionLocalMemory(window, sizeof(ShareState));
	Decimal decimal;
	bool null;
	Datum value;

	if (!state->ready)
	{
		WindowValues rows;
		int128 total;

		window_read_values(window, call, 0, &rows);
		total = window_total(&rows);
		if (total > 0)
			state->total =
				window_number(total, rows.scale, GetMemoryChunkContext(state));
		state->ready = true;
	}

	value = WinGetFuncArgCurrent(window, 0, &null);
	if (null)
		PG_RETURN_NULL();
	decimal_from_numeric(value, "value", &decimal);
	if (decimal.value <= 0 || state->total == NULL)
		PG_RETURN_NUMERIC(int64_to_numeric(0));
	PG_RETURN_NUMERIC(number_divide(DatumGetNumeric(value), state->total));
}

/*
 * abc_cum_share(value, inclusive)
 */
Datum
kam_abc_cum_share(PG_FUNCTION_ARGS)
{
	WindowObject window = window_of(fcinfo);
	WindowCall *call = window_call(fcinfo, &cum_share_arguments);
	CumShareState *state =
		WinGetPartitionLocalMemory(window, sizeof(CumShareState));
	bool first = !state->ready;
	int32 place;
	Numeric sum;

	if (first)
		window_read_settings(window, call);
	else
		window_check_settings(window, call);
	state->ready = true;
	if (call->settings[0].null)
		PG_RETURN_NULL();

	if (first)
	{
		MemoryContext memory = GetMemoryChunkContext(state);
		WindowValues rows;
		int128 total;

		window_read_values(window, call, VALUES_KEPT, &rows);
		total = window_total(&rows);
		cumulate(&rows, DatumGetBool(call->settings[0].value), state, memory);
		pfree(rows.values);
		state->scale = rows.scale;
		if (total > 0)
			state->total = window_number(total, rows.scale, memory);
	}

	place = state->places[WinGetCurrentPosition(window)];
	if (place == PLACE_NULL || state->total == NULL)
		PG_RETURN_NULL();
	if (place == PLACE_LAST)
		PG_RETURN_NUMERIC(int64_to_numeric(1));
	sum = decimal_to_numeric(state->sums[place], state->scale);
	PG_RETURN_NUMERIC(number_divide(sum, state->total));
}
