/*
 * rfm.c
 *		Scores of customers by how recently, how often and for how much they
 *		buy: among those of a partition, or by given cut points.
 */
#include "kam.h"

#include "decimal.h"
#include "kept.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "rfm.h"
#include "row.h"
#include "select.h"
#include "utils/memutils.h"
#include "window.h"

#define MEASURE_RECENCY 0
#define MEASURE_MONETARY 2

#define LEAST_BINS 2
#define MOST_CUTS (RFM_MOST_BINS - 1)

typedef enum Rule
{
	RULE_RANK,
	RULE_QUANTILE
} Rule;

/* What the settings of a call come to. */
typedef struct Binning
{
	int bins;
	Rule rule;
} Binning;

/*
 * Where the scores of a measure change, as integers at one scale: a value
 * passes those that are not above it.
 */
typedef struct Cuts
{
	int count;
	int scale;
	int128 values[MOST_CUTS];
} Cuts;

/* What is kept in the memory of a partition. */
typedef struct ScoreState
{
	bool ready;
	Cuts cuts[RFM_MEASURES];
} ScoreState;

/* Cut points as they came, and taken apart. */
typedef struct GivenCuts
{
	ArrayType *array;
	int count;
	Datum *points;
} GivenCuts;

/* What a call site with given cut points keeps. */
typedef struct CutsCall
{
	TupleDesc columns;
	MemoryContext memory;
	bool loaded;
	GivenCuts cuts[RFM_MEASURES];
} CutsCall;

static const WindowArguments score_arguments = {{"recency", "frequency",
												 "monetary"},
												{"bins", "rule"}};
static const char *const rule_names[] = {"rank", "quantile", NULL};
static const char *const cuts_names[] = {"recency_cuts", "frequency_cuts",
										 "monetary_cuts"};

static void read_binning(WindowCall *call);
static void cut_by_rank(const WindowValues *values, bool falling, Cuts *cuts);
static int128 past_quantile(int128 low, int128 high, int part, int parts,
							int128 unit);
static void cut_by_quantile(const WindowValues *values, Cuts *cuts);
static void find_cuts(WindowObject window, WindowCall *call, ScoreState *state);
static int score_of(int measure, int passed, int cuts);
static Datum score_row(FunctionCallInfo fcinfo, TupleDesc *columns,
					   const int *scores);
static void load_cuts(FunctionCallInfo fcinfo, CutsCall *call);

PG_FUNCTION_INFO_V1(kam_rfm_score);
PG_FUNCTION_INFO_V1(kam_rfm_score_cuts);

/*
 * Makes bins and rule of the settings, neither of which is NULL.
 */
static void
read_binning(WindowCall *call)
{
	Binning *binning =
		MemoryContextAlloc(call->setting_memory, sizeof(Binning));

	binning->bins = DatumGetInt32(call->settings[0].value);
	if (binning->bins < LEAST_BINS || binning->bins > RFM_MOST_BINS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("bins must be from %d to %d, but is %d",
							   LEAST_BINS, RFM_MOST_BINS, binning->bins),
						errhint("A score has one digit for each measure; 5 is "
								"usual.")));
	binning->rule = (Rule) param_choice(DatumGetTextPP(call->settings[1].value),
										"rule", rule_names);
	call->made = binning;
}

/*
 * Finds the cuts of scores by rank: score i + 1 is from the value on that has
 * i / bins of all values before it.  Falling, the largest value comes first.
 */
static void
cut_by_rank(const WindowValues *values, bool falling, Cuts *cuts)
{
	int bins = cuts->count + 1;
	int64 places[MOST_CUTS];

	for (int i = 0; i < cuts->count; i++)
	{
		int64 before = ((i + 1) * values->known + bins - 1) / bins;

		places[i] = falling ? before : values->known - before + 1;
	}
	select_by_place(values->values, values->count, places, cuts->count,
					cuts->values);
	for (int i = 0; i < cuts->count && !falling; i++)
		cuts->values[i]++;
}

/*
 * The least integer that is not below low + (high - low) * part / parts + unit,
 * or 10^38 if it would pass that.
 */
static int128
past_quantile(int128 low, int128 high, int part, int parts, int128 unit)
{
	uint128 apart = (uint128) high - (uint128) low;
	uint128 step =
		apart / parts * part + (apart % parts * part + parts - 1) / parts;
	int128 quantile = (int128) ((uint128) low + step);
	int128 most = decimal_pow10(DECIMAL_MAX_DIGITS);

	return quantile > most - unit ? most : quantile + unit;
}

/*
 * Finds the cuts of scores by quantile: the quantile i / bins, interpolated
 * between the two values that it lies between, and one more.
 */
static void
cut_by_quantile(const WindowValues *values, Cuts *cuts)
{
	int bins = cuts->count + 1;
	int128 unit = decimal_pow10(values->scale);
	int64 places[2 * MOST_CUTS];
	int128 found[2 * MOST_CUTS];
	int parts[MOST_CUTS];

	for (int i = 0; i < cuts->count; i++)
	{
		int64 way = (i + 1) * (values->known - 1);

		parts[i] = (int) (way % bins);
		places[2 * i] = values->known - way / bins;
		places[2 * i + 1] = places[2 * i] - (parts[i] > 0);
	}
	select_by_place(values->values, values->count, places, 2 * cuts->count,
					found);
	for (int i = 0; i < cuts->count; i++)
		cuts->values[i] =
			past_quantile(found[2 * i], found[2 * i + 1], parts[i], bins, unit);
}

/*
 * Finds the cuts of a partition.
 */
static void
find_cuts(WindowObject window, WindowCall *call, ScoreState *state)
{
	const Binning *binning = call->made;
	WindowValues values[RFM_MEASURES];

	window_read_values(window, call,
					   VALUES_KEPT | VALUES_SIGNED | VALUES_TOGETHER, values);
	for (int i = 0; i < RFM_MEASURES; i++)
	{
		Cuts *cuts = &state->cuts[i];

		cuts->scale = values[i].scale;
		if (values[i].known > 0)
		{
			cuts->count = binning->bins - 1;
			if (binning->rule == RULE_RANK)
				cut_by_rank(&values[i], i == MEASURE_RECENCY, cuts);
			else
				cut_by_quantile(&values[i], cuts);
		}
		pfree(values[i].values);
	}
}

/*
 * The score of a value that passes so many cuts.  Of recency, less is better.
 */
static int
score_of(int measure, int passed, int cuts)
{
	return measure == MEASURE_RECENCY ? cuts + 1 - passed : passed + 1;
}

/*
 * Three scores, and the number that they make, as a row.
 */
static Datum
score_row(FunctionCallInfo fcinfo, TupleDesc *columns, const int *scores)
{
	Datum values[RFM_MEASURES + 1];
	bool nulls[RFM_MEASURES + 1] = {false};
	int score = 0;

	for (int i = 0; i < RFM_MEASURES; i++)
	{
		values[i] = Int32GetDatum(scores[i]);
		score = 10 * score + scores[i];
	}
	values[RFM_MEASURES] = Int32GetDatum(score);
	return row_result(fcinfo, columns, RFM_MEASURES + 1, values, nulls);
}

/*
 * rfm_score(recency, frequency, monetary, bins, rule)
 */
Datum
kam_rfm_score(PG_FUNCTION_ARGS)
{
	WindowObject window = window_of(fcinfo);
	WindowCall *call = window_call(fcinfo, &score_arguments);
	ScoreState *state = WinGetPartitionLocalMemory(window, sizeof(ScoreState));
	bool first = !state->ready;
	int scores[RFM_MEASURES];

	if (!first)
		window_check_settings(window, call);
	else if (window_read_settings(window, call) && !call->settings[0].null &&
			 !call->settings[1].null)
		read_binning(call);
	state->ready = true;
	if (call->settings[0].null || call->settings[1].null)
		PG_RETURN_NULL();

	if (first)
		find_cuts(window, call, state);
	for (int i = 0; i < RFM_MEASURES; i++)
	{
		const Cuts *cuts = &state->cuts[i];
		Decimal own;
		int128 value;
		int passed = 0;

		if (!window_current_value(window, call, i, &own))
			PG_RETURN_NULL();
		value = decimal_floor(&own, cuts->scale);
		for (int j = 0; j < cuts->count; j++)
			passed += cuts->values[j] <= value;
		scores[i] = score_of(i, passed, cuts->count);
		if (i == MEASURE_MONETARY && own.value <= 0 &&
			((Binning *) call->made)->rule == RULE_RANK)
			scores[i] = 1;
	}
	return score_row(fcinfo, &call->columns, scores);
}

/*
 * Takes the cut points in arguments 3 and up apart, unless they are those of
 * the row before.
 */
static void
load_cuts(FunctionCallInfo fcinfo, CutsCall *call)
{
	ArrayType *arrays[RFM_MEASURES];
	bool same = call->loaded;
	MemoryContext outer;

	for (int i = 0; i < RFM_MEASURES; i++)
	{
		arrays[i] = PG_GETARG_ARRAYTYPE_P(RFM_MEASURES + i);
		same = same && kept_same((struct varlena *) arrays[i],
								 (struct varlena *) call->cuts[i].array);
	}
	if (same)
		return;

	call->loaded = false;
	if (call->memory == NULL)
		call->memory = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt,
											 "kam cuts", ALLOCSET_SMALL_SIZES);
	MemoryContextReset(call->memory);
	outer = MemoryContextSwitchTo(call->memory);
	for (int i = 0; i < RFM_MEASURES; i++)
	{
		GivenCuts *cuts = &call->cuts[i];

		cuts->array =
			(ArrayType *) kept_copy(call->memory, (struct varlena *) arrays[i]);
		cuts->count = param_sorted(cuts->array, cuts_names[i], false, MOST_CUTS,
								   &cuts->points);
	}
	MemoryContextSwitchTo(outer);
	call->loaded = true;
}

/*
 * rfm_score(recency, frequency, monetary, recency_cuts, frequency_cuts,
 * monetary_cuts)
 */
Datum
kam_rfm_score_cuts(PG_FUNCTION_ARGS)
{
	CutsCall *call = kept_memory(fcinfo, sizeof(CutsCall));
	int scores[RFM_MEASURES];

	load_cuts(fcinfo, call);
	for (int i = 0; i < RFM_MEASURES; i++)
	{
		const GivenCuts *cuts = &call->cuts[i];
		Numeric value =
			param_finite(PG_GETARG_NUMERIC(i), score_arguments.values[i]);
		int passed = 0;

		while (passed < cuts->count &&
			   number_compare(value, DatumGetNumeric(cuts->points[passed])) >=
				   0)
			passed++;
		scores[i] = score_of(i, passed, cuts->count);
	}
	return score_row(fcinfo, &call->columns, scores);
}
