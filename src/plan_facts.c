/*
 * plan_facts.c
 *		The sums that a target plan is measured by, in one pass over sales:
 *		since its launch, in the whole year before, and in the same days of
 *		that year.
 */
#include "kam.h"

#include "calendar.h"
#include "decimal.h"
#include "kept.h"
#include "params.h"
#include "row.h"
#include "state.h"
#include "utils/builtins.h"

#define FACTS_VERSION 1

#define FACTS_NARROW 8 /* sums are int64 */
#define FACTS_WIDE 24  /* sums are DecimalSum */

/*
 * The sums, in the order of the columns of plan_sums.
 */
typedef enum FactsSum
{
	FACTS_ACTUAL,
	FACTS_PRIOR_YEAR,
	FACTS_PRIOR_TO_DATE,
	FACTS_SUMS
} FactsSum;

/*
 * State of the aggregate, a bytea.  It starts with sums of 8 bytes and gets
 * wide ones when they have no room: what a query over many groups waits for is
 * memory.
 */
typedef struct FactsState
{
	int32 vl_len_;
	uint8 version;
	uint8 width;
	uint8 scale;		/* of all sums */
	uint8 whole_digits; /* most digits before the point of any amount added */
	int64 data[FLEXIBLE_ARRAY_MEMBER];
} FactsState;

/*
 * Settings that were read for an earlier row, and the days that each sum
 * takes.  Zeroed, it knows none.
 */
typedef struct FactsSettings
{
	PeriodMemo plan_year;
	bool known;
	DateADT launched_on;
	DateADT as_of;
	DateADT lower[FACTS_SUMS];
	uint32 days[FACTS_SUMS];
} FactsSettings;

static const FactsSettings *read_settings(FunctionCallInfo fcinfo);
static void settings_set(FactsSettings *settings, DateADT launched_on,
						 DateADT as_of);
static inline bool settings_take(const FactsSettings *settings, FactsSum sum,
								 DateADT sold_on);
static inline DecimalSum *wide_sums(const FactsState *state);
static Size state_size(int width);
static FactsState *state_new(int width);
static FactsState *state_from_datum(Datum datum);
static FactsState *state_widen(const FactsState *state);
static bool rescale_in_place(FactsState *state, int exponent);
static FactsState *state_rescale(FactsState *state, int whole_digits,
								 int scale);
static inline bool add_in_place(FactsState *state, const int128 *values);
static DecimalSum state_sum(const FactsState *state, FactsSum sum);

PG_FUNCTION_INFO_V1(kam_plan_facts_accumulate);
PG_FUNCTION_INFO_V1(kam_plan_facts_combine);
PG_FUNCTION_INFO_V1(kam_plan_facts_final);

/*
 * Works out the days of each sum.  Before the launch nothing has begun, and
 * the two sums to date are empty.
 */
static void
settings_set(FactsSettings *settings, DateADT launched_on, DateADT as_of)
{
	Period plan = settings->plan_year.period;
	Period prior = period_year_before(plan);
	Period gone = {Max(plan.lower, launched_on), plan.upper};
	Period gone_before;

	memset(settings->lower, 0, sizeof(settings->lower));
	memset(settings->days, 0, sizeof(settings->days));
	settings->launched_on = launched_on;
	settings->as_of = as_of;

	settings->lower[FACTS_PRIOR_YEAR] = prior.lower;
	settings->days[FACTS_PRIOR_YEAR] = period_days(prior);
	if (as_of < plan.upper)
		gone.upper = as_of + 1;
	if (gone.upper <= gone.lower)
		return;
	gone_before = period_year_before(gone);
	settings->lower[FACTS_ACTUAL] = gone.lower;
	settings->days[FACTS_ACTUAL] = period_days(gone);
	settings->lower[FACTS_PRIOR_TO_DATE] = gone_before.lower;
	settings->days[FACTS_PRIOR_TO_DATE] = period_days(gone_before);
}

/*
 * The settings of a row: the arguments plan_year, launched_on and as_of.
 */
static const FactsSettings *
read_settings(FunctionCallInfo fcinfo)
{
	FactsSettings *settings = kept_memory(fcinfo, sizeof(FactsSettings));
	DateADT launched_on = PG_GETARG_DATEADT(4);
	DateADT as_of = PG_GETARG_DATEADT(5);
	bool same;

	same = settings->known;
	settings->known = false;
	if (period_recall(&settings->plan_year, PG_GETARG_DATUM(3), "plan_year") &&
		same && settings->launched_on == launched_on &&
		settings->as_of == as_of)
	{
		settings->known = true;
		return settings;
	}
	param_date(launched_on, "launched_on");
	param_date(as_of, "as_of");
	settings_set(settings, launched_on, as_of);
	settings->known = true;
	return settings;
}

/*
 * Whether a sum takes the sales of a day.
 */
static inline bool
settings_take(const FactsSettings *settings, FactsSum sum, DateADT sold_on)
{
	return (uint32) sold_on - (uint32) settings->lower[sum] <
		   settings->days[sum];
}

/*
 * The sums of a state that has wide ones.
 */
static inline DecimalSum *
wide_sums(const FactsState *state)
{
	return (DecimalSum *) state->data;
}

/*
 * The bytes that a state takes.
 */
static Size
state_size(int width)
{
	return offsetof(FactsState, data) + FACTS_SUMS * width;
}

/*
 * Sums of zero.
 */
static FactsState *
state_new(int width)
{
	FactsState *state = palloc0(state_size(width));

	SET_VARSIZE(state, state_size(width));
	state->version = FACTS_VERSION;
	state->width = width;
	return state;
}

/*
 * Brings a state into memory and checks it; it is a bytea that anybody can
 * make.
 */
static FactsState *
state_from_datum(Datum datum)
{
	FactsState *state = state_detoast(datum);

	if (VARSIZE(state) < offsetof(FactsState, data) ||
		state->version != FACTS_VERSION ||
		(state->width != FACTS_NARROW && state->width != FACTS_WIDE) ||
		VARSIZE(state) != state_size(state->width) ||
		state->scale + state->whole_digits > DECIMAL_MAX_DIGITS)
		state_malformed("plan_facts state", state);
	return state;
}

/*
 * One of the sums, whatever the width.
 */
static DecimalSum
state_sum(const FactsState *state, FactsSum sum)
{
	DecimalSum value = {0, 0, 0};

	if (state->width == FACTS_WIDE)
		return wide_sums(state)[sum];
	decimal_sum_add(&value, state->data[sum]);
	return value;
}

/*
 * The same state with sums that nothing overflows.
 */
static FactsState *
state_widen(const FactsState *state)
{
	FactsState *wide = state_new(FACTS_WIDE);

	Assert(state->width == FACTS_NARROW);
	wide->scale = state->scale;
	wide->whole_digits = state->whole_digits;
	for (int i = 0; i < FACTS_SUMS; i++)
		wide_sums(wide)[i] = state_sum(state, i);
	return wide;
}

/*
 * Multiplies the sums by 10^exponent, unless one has no room for it.
 */
static bool
rescale_in_place(FactsState *state, int exponent)
{
	int128 factor = decimal_pow10(exponent);
	int64 limit = (int64) (PG_INT64_MAX / factor);

	if (state->width == FACTS_WIDE)
	{
		for (int i = 0; i < FACTS_SUMS; i++)
			decimal_sum_rescale(&wide_sums(state)[i], exponent);
		return true;
	}
	for (int i = 0; i < FACTS_SUMS; i++)
		if (state->data[i] > limit || state->data[i] < -limit)
			return false;
	for (int i = 0; i < FACTS_SUMS; i++)
		state->data[i] = (int64) (state->data[i] * factor);
	return true;
}

/*
 * Makes room for amounts of these digits.  Returns the state, or a wider one
 * in its place.
 */
static FactsState *
state_rescale(FactsState *state, int whole_digits, int scale)
{
	whole_digits = Max(whole_digits, state->whole_digits);
	scale = Max(scale, state->scale);
	decimal_check_digits(whole_digits, scale);
	if (!rescale_in_place(state, scale - state->scale))
	{
		state = state_widen(state);
		rescale_in_place(state, scale - state->scale);
	}
	state->whole_digits = whole_digits;
	state->scale = scale;
	return state;
}

/*
 * Adds a value to each sum, unless one has no room for it.
 */
static inline bool
add_in_place(FactsState *state, const int128 *values)
{
	int64 sums[FACTS_SUMS];

	if (state->width == FACTS_WIDE)
	{
		for (int i = 0; i < FACTS_SUMS; i++)
			decimal_sum_add(&wide_sums(state)[i], values[i]);
		return true;
	}
	for (int i = 0; i < FACTS_SUMS; i++)
		if (values[i] < PG_INT64_MIN || values[i] > PG_INT64_MAX ||
			__builtin_add_overflow(state->data[i], (int64) values[i], &sums[i]))
			return false;
	memcpy(state->data, sums, sizeof(sums));
	return true;
}

/*
 * Transition of plan_facts(amount, sold_on, plan_year, launched_on, as_of).
 */
Datum
kam_plan_facts_accumulate(PG_FUNCTION_ARGS)
{
	const FactsSettings *settings;
	FactsState *state;
	DateADT sold_on;
	Decimal amount;
	int128 values[FACTS_SUMS];
	bool taken = false;

	if (PG_ARGISNULL(3) || PG_ARGISNULL(4) || PG_ARGISNULL(5))
		return state_unchanged(fcinfo);
	settings = read_settings(fcinfo);
	state = PG_ARGISNULL(0)
				? state_new(FACTS_NARROW)
				: state_own(fcinfo, state_from_datum(PG_GETARG_DATUM(0)));

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	sold_on = PG_GETARG_DATEADT(2);
	for (int i = 0; i < FACTS_SUMS; i++)
		taken |= settings_take(settings, i, sold_on);
	if (!taken)
		PG_RETURN_POINTER(state);

	decimal_from_numeric(PG_GETARG_DATUM(1), "amount", &amount);
	if (amount.scale != state->scale ||
		amount.whole_digits > state->whole_digits)
	{
		state = state_rescale(state, amount.whole_digits, amount.scale);
		amount.value *= decimal_pow10(state->scale - amount.scale);
	}
	for (int i = 0; i < FACTS_SUMS; i++)
		values[i] = settings_take(settings, i, sold_on) ? amount.value : 0;
	if (!add_in_place(state, values))
	{
		state = state_widen(state);
		add_in_place(state, values);
	}
	PG_RETURN_POINTER(state);
}

/*
 * Merges two states.
 */
Datum
kam_plan_facts_combine(PG_FUNCTION_ARGS)
{
	FactsState *state = state_own(fcinfo, state_from_datum(PG_GETARG_DATUM(0)));
	FactsState *other = state_from_datum(PG_GETARG_DATUM(1));

	state = state_rescale(state, other->whole_digits, other->scale);
	if (state->width == FACTS_NARROW)
	{
		if (other->width == FACTS_NARROW && other->scale == state->scale)
		{
			int128 values[FACTS_SUMS];

			for (int i = 0; i < FACTS_SUMS; i++)
				values[i] = other->data[i];
			if (add_in_place(state, values))
				PG_RETURN_POINTER(state);
		}
		state = state_widen(state);
	}
	for (int i = 0; i < FACTS_SUMS; i++)
	{
		DecimalSum sum = state_sum(other, i);

		decimal_sum_rescale(&sum, state->scale - other->scale);
		decimal_sum_merge(&wide_sums(state)[i], &sum);
	}
	PG_RETURN_POINTER(state);
}

/*
 * The sums of a group.
 */
Datum
kam_plan_facts_final(PG_FUNCTION_ARGS)
{
	FactsState *state = state_from_datum(PG_GETARG_DATUM(0));
	Datum values[FACTS_SUMS];
	bool nulls[FACTS_SUMS] = {false};

	for (int i = 0; i < FACTS_SUMS; i++)
	{
		DecimalSum sum = state_sum(state, i);

		values[i] = NumericGetDatum(
			decimal_to_numeric(decimal_sum_value(&sum), state->scale));
	}
	return row_result(fcinfo, NULL, FACTS_SUMS, values, nulls);
}
