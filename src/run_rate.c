/*
 * run_rate.c
 *		What a period will come to if it goes on as it began:
 *		actual * total / elapsed.
 */
#include "kam.h"

#include "calendar.h"
#include "decimal.h"
#include "number.h"
#include "params.h"
#include "series.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

/* The parts of a month: the least number that 28, 29, 30 and 31 divide. */
#define MONTH_PARTS 377580

#define RUN_RATE_VERSION 1

/*
 * How time is counted.
 */
typedef enum Unit
{
	UNIT_DAYS,
	UNIT_MONTHS
} Unit;

static const char *const unit_names[] = {"days", "months", "day", "month",
										 NULL};

/*
 * State of the aggregate, a bytea: the sum of what was sold up to as_of.
 */
typedef struct RunRateState
{
	int32 vl_len_;
	uint8 version;
	uint8 unit;
	uint8 scale;
	uint8 whole_digits;
	DateADT lower;
	DateADT upper;
	DateADT as_of;
	int32 reserved; /* zero */
	DecimalSum sum;
} RunRateState;

static Unit read_unit(text *name);
static int64 length_in(Period period, Unit unit);
static Numeric project(Numeric actual, Period period, DateADT as_of, Unit unit);
static const Period *read_period(FunctionCallInfo fcinfo);
static RunRateState *state_from_datum(Datum datum);
static RunRateState *state_new(Period period, DateADT as_of, Unit unit);
static RunRateState *own_state(FunctionCallInfo fcinfo);
static void check_same(const RunRateState *state, Period period, DateADT as_of,
					   Unit unit);
static void state_rescale(RunRateState *state, int whole_digits, int scale);

PG_FUNCTION_INFO_V1(kam_run_rate);
PG_FUNCTION_INFO_V1(kam_run_rate_series);
PG_FUNCTION_INFO_V1(kam_run_rate_accumulate);
PG_FUNCTION_INFO_V1(kam_run_rate_combine);
PG_FUNCTION_INFO_V1(kam_run_rate_final);

/*
 * The unit that a name stands for, in the singular or the plural.
 */
static Unit
read_unit(text *name)
{
	return param_choice(name, "unit", unit_names) % 2;
}

/*
 * The length of a period, in days or in parts of a month: each calendar month
 * counts by the share of its days that are inside.
 */
static int64
length_in(Period period, Unit unit)
{
	int64 parts = 0;
	int months = bucket_count(GRAIN_MONTH, period);

	if (unit == UNIT_DAYS)
		return period_days(period);
	for (int i = 0; i < months; i++)
	{
		Period month = bucket_period(GRAIN_MONTH, period, i);
		int year;
		int number;
		int day;

		calendar_civil(month.lower, &year, &number, &day);
		parts += (int64) period_days(month) *
				 (MONTH_PARTS / month_days(year, number));
	}
	return parts;
}

/*
 * actual * total / elapsed, with the fraction of months in lowest terms.  The
 * period must have begun.
 */
static Numeric
project(Numeric actual, Period period, DateADT as_of, Unit unit)
{
	Period gone = {period.lower, as_of + 1};
	int64 total;
	int64 elapsed;

	if (as_of >= period.upper - 1)
		return actual;
	total = length_in(period, unit);
	elapsed = length_in(gone, unit);
	if (unit == UNIT_MONTHS)
	{
		int64 divisor =
			DatumGetInt64(DirectFunctionCall2(int8gcd, Int64GetDatum(total),
											  Int64GetDatum(elapsed)));

		total /= divisor;
		elapsed /= divisor;
	}
	return number_divide(number_multiply(actual, int64_to_numeric(total)),
						 int64_to_numeric(elapsed));
}

/*
 * run_rate(actual, period, as_of [, unit])
 */
Datum
kam_run_rate(PG_FUNCTION_ARGS)
{
	Numeric actual = param_finite(PG_GETARG_NUMERIC(0), "actual");
	Period period = period_from_range(PG_GETARG_RANGE_P(1), "period");
	DateADT as_of = PG_GETARG_DATEADT(2);
	Unit unit = PG_NARGS() > 3 ? read_unit(PG_GETARG_TEXT_PP(3)) : UNIT_DAYS;

	param_date(as_of, "as_of");
	if (as_of < period.lower)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(project(actual, period, as_of, unit));
}

/*
 * run_rate(s, as_of): by days, over the buckets up to as_of, none of which
 * may be cut.
 */
Datum
kam_run_rate_series(PG_FUNCTION_ARGS)
{
	Series *series = series_from_datum(PG_GETARG_DATUM(0));
	DateADT as_of = PG_GETARG_DATEADT(1);
	Period period = series_period(series);
	int buckets = series->bucket_count;

	param_date(as_of, "as_of");
	if (as_of < period.lower)
		PG_RETURN_NULL();
	if (as_of < period.upper - 1)
	{
		if (!bucket_edge(series->grain, period, as_of + 1))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("as_of %s is inside a bucket of grain \"%s\"",
							date_text(as_of), grain_name(series->grain)),
					 errhint(
						 "Build the series with a finer grain, such as "
						 "\"day\", or use the aggregate run_rate(amount, "
						 "sold_on, period, as_of, unit), which leaves out the "
						 "rows after as_of.")));
		buckets = grain_ordinal(series->grain, as_of) -
				  grain_ordinal(series->grain, period.lower) + 1;
	}
	PG_RETURN_NUMERIC(
		project(series_numeric(series, series_sum(series, 0, buckets)), period,
				as_of, UNIT_DAYS));
}

/*
 * Brings a state into memory and checks it; it is a bytea that anybody can
 * make.
 */
static RunRateState *
state_from_datum(Datum datum)
{
	RunRateState *state = (RunRateState *) PG_DETOAST_DATUM(datum);
	Period period;

	/* a bytea in a row is aligned for an int only */
	if ((uintptr_t) state % MAXIMUM_ALIGNOF != 0)
		state = memcpy(palloc(VARSIZE(state)), state, VARSIZE(state));
	if (VARSIZE(state) == sizeof(RunRateState) &&
		state->version == RUN_RATE_VERSION && state->unit <= UNIT_MONTHS &&
		state->scale + state->whole_digits <= DECIMAL_MAX_DIGITS &&
		!DATE_NOT_FINITE(state->as_of))
	{
		period.lower = state->lower;
		period.upper = state->upper;
		if (period_valid(period))
			return state;
	}
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
					errmsg("malformed run_rate state of %d bytes",
						   (int) VARSIZE(state))));
}

static RunRateState *
state_new(Period period, DateADT as_of, Unit unit)
{
	RunRateState *state = palloc0(sizeof(RunRateState));

	SET_VARSIZE(state, sizeof(RunRateState));
	state->version = RUN_RATE_VERSION;
	state->unit = unit;
	state->lower = period.lower;
	state->upper = period.upper;
	state->as_of = as_of;
	return state;
}

/*
 * The state in argument 0, which is the caller's to change: outside an
 * aggregate, a copy.
 */
static RunRateState *
own_state(FunctionCallInfo fcinfo)
{
	RunRateState *state = state_from_datum(PG_GETARG_DATUM(0));

	if (AggCheckCallContext(fcinfo, NULL))
		return state;
	return memcpy(palloc(sizeof(RunRateState)), state, sizeof(RunRateState));
}

/*
 * Refuses settings that are not those of the state.
 */
static void
check_same(const RunRateState *state, Period period, DateADT as_of, Unit unit)
{
	if (state->lower != period.lower || state->upper != period.upper ||
		state->as_of != as_of || state->unit != unit)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("period, as_of and unit must be the same in all rows "
						"of a group"),
				 errhint("Add them to GROUP BY.")));
}

/*
 * Makes room for amounts of these digits.
 */
static void
state_rescale(RunRateState *state, int whole_digits, int scale)
{
	whole_digits = Max(whole_digits, state->whole_digits);
	scale = Max(scale, state->scale);
	decimal_check_digits(whole_digits, scale);
	decimal_sum_rescale(&state->sum, scale - state->scale);
	state->whole_digits = whole_digits;
	state->scale = scale;
}

/*
 * The argument period of the transition function.
 */
static const Period *
read_period(FunctionCallInfo fcinfo)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(PeriodMemo));
	period_recall(fcinfo->flinfo->fn_extra, PG_GETARG_DATUM(3), "period");
	return &((PeriodMemo *) fcinfo->flinfo->fn_extra)->period;
}

/*
 * Transition of run_rate(amount, sold_on, period, as_of, unit).
 */
Datum
kam_run_rate_accumulate(PG_FUNCTION_ARGS)
{
	RunRateState *state;
	Period period;
	DateADT as_of;
	DateADT sold_on;
	Unit unit;
	Decimal amount;

	if (PG_ARGISNULL(3) || PG_ARGISNULL(4) || PG_ARGISNULL(5))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	period = *read_period(fcinfo);
	as_of = PG_GETARG_DATEADT(4);
	param_date(as_of, "as_of");
	unit = read_unit(PG_GETARG_TEXT_PP(5));

	if (PG_ARGISNULL(0))
		state = state_new(period, as_of, unit);
	else
	{
		state = own_state(fcinfo);
		check_same(state, period, as_of, unit);
	}

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	sold_on = PG_GETARG_DATEADT(2);
	if (sold_on < period.lower || sold_on >= period.upper || sold_on > as_of)
		PG_RETURN_POINTER(state);

	decimal_from_numeric(PG_GETARG_DATUM(1), "amount", &amount);
	if (amount.scale != state->scale ||
		amount.whole_digits > state->whole_digits)
		state_rescale(state, amount.whole_digits, amount.scale);
	decimal_sum_add(&state->sum,
					amount.value * decimal_pow10(state->scale - amount.scale));
	PG_RETURN_POINTER(state);
}

/*
 * Merges two states.
 */
Datum
kam_run_rate_combine(PG_FUNCTION_ARGS)
{
	RunRateState *state = own_state(fcinfo);
	RunRateState *other = state_from_datum(PG_GETARG_DATUM(1));
	Period period = {other->lower, other->upper};
	DecimalSum sum = other->sum;

	check_same(state, period, other->as_of, other->unit);
	state_rescale(state, other->whole_digits, other->scale);
	decimal_sum_rescale(&sum, state->scale - other->scale);
	decimal_sum_merge(&state->sum, &sum);
	PG_RETURN_POINTER(state);
}

/*
 * The projection of a group.
 */
Datum
kam_run_rate_final(PG_FUNCTION_ARGS)
{
	RunRateState *state = state_from_datum(PG_GETARG_DATUM(0));
	Period period = {state->lower, state->upper};

	if (state->as_of < state->lower)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(project(decimal_to_numeric(decimal_sum_value(&state->sum),
												 state->scale),
							  period, state->as_of, state->unit));
}
