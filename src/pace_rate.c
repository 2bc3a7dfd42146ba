/*
 * pace_rate.c
 *		What follows from how far a period has gone, and the SQL functions
 *		required_rate and elapsed_share.
 */
#include "kam.h"

#include "number.h"
#include "pace.h"
#include "params.h"

static Datum required_rate(FunctionCallInfo fcinfo, PaceForm form);
static Datum elapsed_share(FunctionCallInfo fcinfo, PaceForm form);

PG_FUNCTION_INFO_V1(kam_required_rate);
PG_FUNCTION_INFO_V1(kam_required_rate_calendar);
PG_FUNCTION_INFO_V1(kam_required_rate_prior);
PG_FUNCTION_INFO_V1(kam_required_rate_weights);
PG_FUNCTION_INFO_V1(kam_elapsed_share);
PG_FUNCTION_INFO_V1(kam_elapsed_share_calendar);
PG_FUNCTION_INFO_V1(kam_elapsed_share_prior);
PG_FUNCTION_INFO_V1(kam_elapsed_share_weights);

/*
 * What the period will come to: actual * total / elapsed.  NULL before it
 * begins, and while nothing that counts is gone.
 */
Numeric
pace_run_rate(const Pace *pace, Numeric actual)
{
	if (pace->over)
		return actual;
	if (!pace->begun || !pace->some_gone || !pace->some_all)
		return NULL;
	return number_divide(number_multiply(actual, pace->share.parts),
						 pace->share.value);
}

/*
 * What came in for each unit that is gone; NULL if none is.
 */
Numeric
pace_current_rate(const Pace *pace, Numeric actual)
{
	if (!pace->begun || !pace->some_gone)
		return NULL;
	return number_divide(number_multiply(actual, pace->gone.parts),
						 pace->gone.value);
}

/*
 * What each unit that is left has to bring: 0 once the target is reached, NULL
 * if it is not and nothing is left.
 */
Numeric
pace_required_rate(const Pace *pace, Numeric target, Numeric actual)
{
	Numeric open = number_subtract(target, actual);

	if (number_compare(actual, target) >= 0)
		return int64_to_numeric(0);
	if (!pace->some_left)
		return NULL;
	return number_divide(number_multiply(open, pace->left.parts),
						 pace->left.value);
}

/*
 * The part of a target that is due by now: target * elapsed / total; NULL where
 * the share is.
 */
Numeric
pace_prorated(const Pace *pace, Numeric target)
{
	if (pace->over)
		return target;
	if (!pace->begun)
		return int64_to_numeric(0);
	if (!pace->some_all)
		return NULL;
	return number_divide(number_multiply(target, pace->share.value),
						 pace->share.parts);
}

/*
 * The share of the period that is gone: 0 before it, 1 after it, and NULL in
 * between if there is nothing to take a share of.
 */
Numeric
pace_share(const Pace *pace)
{
	return pace_prorated(pace, int64_to_numeric(1));
}

/*
 * required_rate(target, actual, period, as_of, …)
 */
static Datum
required_rate(FunctionCallInfo fcinfo, PaceForm form)
{
	Numeric target = param_not_negative(PG_GETARG_NUMERIC(0), "target");
	Numeric actual = param_finite(PG_GETARG_NUMERIC(1), "actual");
	const Pace *pace = pace_argument(fcinfo, 2, form);

	return number_result(fcinfo, pace_required_rate(pace, target, actual));
}

/*
 * required_rate(target, actual, period, as_of[, unit])
 */
Datum
kam_required_rate(PG_FUNCTION_ARGS)
{
	return required_rate(fcinfo, PACE_BY_UNIT);
}

/*
 * required_rate(target, actual, period, as_of, calendar)
 */
Datum
kam_required_rate_calendar(PG_FUNCTION_ARGS)
{
	return required_rate(fcinfo, PACE_BY_CALENDAR);
}

/*
 * required_rate(target, actual, period, as_of, prior[, calendar])
 */
Datum
kam_required_rate_prior(PG_FUNCTION_ARGS)
{
	return required_rate(fcinfo, PACE_BY_PRIOR);
}

/*
 * required_rate(target, actual, period, as_of, weights, grain[, calendar])
 */
Datum
kam_required_rate_weights(PG_FUNCTION_ARGS)
{
	return required_rate(fcinfo, PACE_BY_WEIGHTS);
}

/*
 * elapsed_share(period, as_of, …)
 */
static Datum
elapsed_share(FunctionCallInfo fcinfo, PaceForm form)
{
	return number_result(fcinfo, pace_share(pace_argument(fcinfo, 0, form)));
}

/*
 * elapsed_share(period, as_of[, unit])
 */
Datum
kam_elapsed_share(PG_FUNCTION_ARGS)
{
	return elapsed_share(fcinfo, PACE_BY_UNIT);
}

/*
 * elapsed_share(period, as_of, calendar)
 */
Datum
kam_elapsed_share_calendar(PG_FUNCTION_ARGS)
{
	return elapsed_share(fcinfo, PACE_BY_CALENDAR);
}

/*
 * elapsed_share(period, as_of, prior[, calendar])
 */
Datum
kam_elapsed_share_prior(PG_FUNCTION_ARGS)
{
	return elapsed_share(fcinfo, PACE_BY_PRIOR);
}

/*
 * elapsed_share(period, as_of, weights, grain[, calendar])
 */
Datum
kam_elapsed_share_weights(PG_FUNCTION_ARGS)
{
	return elapsed_share(fcinfo, PACE_BY_WEIGHTS);
}
