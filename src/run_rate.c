/*
 * run_rate.c
 *		What a period will come to if it goes on as it began:
 *		actual * total / elapsed.
 */
#include "kam.h"

#include "calendar.h"
#include "decimal.h"
#include "kept.h"
#include "number.h"
#include "pace.h"
#include "params.h"
#include "series.h"
#include "state.h"

#define RUN_RATE_VERSION 1

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

static Datum run_rate(FunctionCallInfo fcinfo, PaceForm form);
static Numeric project(Numeric actual, Period period, DateADT as_of,
					   PaceUnit unit);
static const Period *read_period(FunctionCallInfo fcinfo);
static RunRateState *state_from_datum(Datum datum);
static RunRateState *state_new(Period period, DateADT as_of, PaceUnit unit);
static void check_same(const RunRateState *state, Period period, DateADT as_of,
					   PaceUnit unit);
static void state_rescale(RunRateState *state, int whole_digits, int scale);

PG_FUNCTION_INFO_V1(kam_run_rate);
PG_FUNCTION_INFO_V1(kam_run_rate_calendar);
PG_FUNCTION_INFO_V1(kam_run_rate_prior);
PG_FUNCTION_INFO_V1(kam_run_rate_weights);
PG_FUNCTION_INFO_V1(kam_run_rate_series);
PG_FUNCTION_INFO_V1(kam_run_rate_accumulate);
PG_FUNCTION_INFO_V1(kam_run_rate_combine);
PG_FUNCTION_INFO_V1(kam_run_rate_final);

/*
 * run_rate(actual, period, as_of, …)
 */
static Datum
run_rate(FunctionCallInfo fcinfo, PaceForm form)
{
	Numeric actual = param_finite(PG_GETARG_NUMERIC(0), "actual");

	return number_result(fcinfo,
						 pace_run_rate(pace_argument(fcinfo, 1, form), actual));
}

/*
 * run_rate(actual, period, as_of[, unit])
 */
Datum
kam_run_rate(PG_FUNCTION_ARGS)
{
	return run_rate(fcinfo, PACE_BY_UNIT);
}

/*
 * run_rate(actual, period, as_of, calendar)
 */
Datum
kam_run_rate_calendar(PG_FUNCTION_ARGS)
{
	return run_rate(fcinfo, PACE_BY_CALENDAR);
}

/*
 * run_rate(actual, period, as_of, prior[, calendar])
 */
Datum
kam_run_rate_prior(PG_FUNCTION_ARGS)
{
	return run_rate(fcinfo, PACE_BY_PRIOR);
}

/*
 * run_rate(actual, period, as_of, weights, grain[, calendar])
 */
Datum
kam_run_rate_weights(PG_FUNCTION_ARGS)
{
	return run_rate(fcinfo, PACE_BY_WEIGHTS);
}

/*
 * The projection of a value by days or months; NULL before the period begins.
 */
static Numeric
project(Numeric actual, Period period, DateADT as_of, PaceUnit unit)
{
	Pace pace;

	pace_by_unit(period, as_of, unit, &pace);
	return pace_run_rate(&pace, actual);
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
		buckets = bucket_of(series->grain, period, as_of) + 1;
	}
	PG_RETURN_NUMERIC(
		project(series_numeric(series, series_sum(series, 0, buckets)), period,
				as_of, PACE_DAYS));
}

/*
 * Brings a state into memory and checks it; it is a bytea that anybody can
 * make.
 */
static RunRateState *
state_from_datum(Datum datum)
{
	RunRateState *state = state_detoast(datum);
	Period period;

	if (VARSIZE(state) == sizeof(RunRateState) &&
		state->version == RUN_RATE_VERSION && state->unit <= PACE_MONTHS &&
		state->scale + state->whole_digits <= DECIMAL_MAX_DIGITS &&
		!DATE_NOT_FINITE(state->as_of))
	{
		period.lower = state->lower;
		period.upper = state->upper;
		if (period_valid(period))
			return state;
	}
	state_malformed("run_rate state", state);
}

/*
 * A state with nothing sold yet.
 */
static RunRateState *
state_new(Period period, DateADT as_of, PaceUnit unit)
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
 * Refuses settings that are not those of the state.
 */
static void
check_same(const RunRateState *state, Period period, DateADT as_of,
		   PaceUnit unit)
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
	PeriodMemo *memo = kept_memory(fcinfo, sizeof(PeriodMemo));

	period_recall(memo, PG_GETARG_DATUM(3), "period");
	return &memo->period;
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
	PaceUnit unit;
	Decimal amount;

	if (PG_ARGISNULL(3) || PG_ARGISNULL(4) || PG_ARGISNULL(5))
		return state_unchanged(fcinfo);
	period = *read_period(fcinfo);
	as_of = PG_GETARG_DATEADT(4);
	param_date(as_of, "as_of");
	unit = pace_unit(PG_GETARG_TEXT_PP(5));

	if (PG_ARGISNULL(0))
		state = state_new(period, as_of, unit);
	else
	{
		state = state_own(fcinfo, state_from_datum(PG_GETARG_DATUM(0)));
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
	RunRateState *state =
		state_own(fcinfo, state_from_datum(PG_GETARG_DATUM(0)));
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
