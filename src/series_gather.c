/*
 * series_gather.c
 *		Bringing series of other periods, such as calendar years, together in
 *		one of a period that spans them.
 */
#include "kam.h"

#include "miscadmin.h"
#include "params.h"
#include "series.h"
#include "state.h"

static Series *gather_state(FunctionCallInfo fcinfo, const Series *series,
							Period period);
static int gather_bucket(const Series *state, int origin, Period days);
static void gather_days(Series *state, const Series *series);

PG_FUNCTION_INFO_V1(kam_series_gather);

/*
 * The state of the group, begun if need be; it is the caller's to change.
 */
static Series *
gather_state(FunctionCallInfo fcinfo, const Series *series, Period period)
{
	Series *state;

	if (PG_ARGISNULL(0))
		return series_new(series->grain, period, SERIES_SMALL);

	state = state_own(fcinfo, series_from_datum(PG_GETARG_DATUM(0)));
	if (state->lower != period.lower || state->upper != period.upper ||
		state->grain != series->grain)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("period and grain must be the same in all rows of a group"),
			 errdetail("They are %s by %s in one row, and %s by %s in another.",
					   period_text(series_period(state)),
					   grain_name(state->grain), period_text(period),
					   grain_name(series->grain)),
			 errhint("Choose the series of one grain with WHERE.")));
	return state;
}

/*
 * The bucket of the state that some days belong to; refused when they lie in
 * more than one, or only partly in the period.
 */
static int
gather_bucket(const Series *state, int origin, Period days)
{
	int first;

	if (days.lower < state->lower || days.upper > state->upper)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("period %s cuts the bucket %s of a series",
						period_text(series_period(state)), period_text(days)),
				 errhint("Begin and end the period where buckets do, as those "
						 "of closed_period() do, or keep series by day.")));

	first = bucket_from(state->grain, origin, days.lower);
	if (bucket_from(state->grain, origin, days.upper - 1) != first)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bucket %s of a series lies in two buckets of the "
						"period %s by %s",
						period_text(days), period_text(series_period(state)),
						grain_name(state->grain)),
				 errhint("Begin the period with the period of a series, or "
						 "keep series by day.")));
	return first;
}

/*
 * Adds the days bought on that the state has room for.
 */
static void
gather_days(Series *state, const Series *series)
{
	uint8 *days = series_days(state);
	int offset = series->lower - state->lower;
	int last = Min(series->upper, state->upper) - series->lower;

	for (int day = series_day_from(series, Max(-offset, 0));
		 day >= 0 && day < last; day = series_day_from(series, day + 1))
	{
		CHECK_FOR_INTERRUPTS();
		days[(offset + day) / 8] |= 1 << (offset + day) % 8;
	}
}

/*
 * Transition of rollup(s, period): adds the buckets of a series that lie in
 * the period.
 */
Datum
kam_series_gather(PG_FUNCTION_ARGS)
{
	Series *series;
	Series *state;
	Period period;
	int origin;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	series = series_from_datum(PG_GETARG_DATUM(1));
	period = period_from_range(PG_GETARG_RANGE_P(2), "period");
	state = gather_state(fcinfo, series, period);

	origin = bucket_origin(state->grain, period);
	for (int i = 0; i < series->bucket_count; i++)
	{
		Period days = bucket_period(series->grain, series_period(series), i);
		Decimal total = {series_total(series, i), series->scale,
						 series->whole_digits};

		CHECK_FOR_INTERRUPTS();
		if (days.upper > period.lower && days.lower < period.upper)
			state =
				series_add(state, gather_bucket(state, origin, days), &total);
	}
	if (series->lower < period.upper && series->upper > period.lower)
		gather_days(state, series);
	PG_RETURN_POINTER(state);
}
