/*
 * akb.c
 *		The active customer base (AKB): outlets that bought in every bucket.
 */
#include "kam.h"

#include "activity.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "series.h"

static bool every_bucket_active(const Series *series, Activity activity);
static bool every_total_reaches(const Series *series, Numeric min_total);

PG_FUNCTION_INFO_V1(kam_akb_stable);
PG_FUNCTION_INFO_V1(kam_akb_stable_final);

/*
 * Whether the outlet was active in each bucket.
 */
static bool
every_bucket_active(const Series *series, Activity activity)
{
	for (int i = 0; i < series->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!activity_in_bucket(series, i, activity))
			return false;
	}
	return true;
}

/*
 * Whether each bucket has at least this total.
 */
static bool
every_total_reaches(const Series *series, Numeric min_total)
{
	int128 least = series_total(series, 0);

	for (int i = 1; i < series->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		least = Min(least, series_total(series, i));
	}
	return number_compare(series_numeric(series, least), min_total) >= 0;
}

/*
 * akb_stable(s, min_total, activity); min_total may be NULL.
 */
Datum
kam_akb_stable(PG_FUNCTION_ARGS)
{
	Series *series;
	Activity activity;
	Numeric min_total = NULL;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	series = series_from_datum(PG_GETARG_DATUM(0));
	activity = activity_from_text(PG_GETARG_TEXT_PP(2));
	if (!PG_ARGISNULL(1))
		min_total = param_not_negative(PG_GETARG_NUMERIC(1), "min_total");
	activity_refuse_total(activity, min_total, "min_total");

	PG_RETURN_BOOL(
		every_bucket_active(series, activity) &&
		(min_total == NULL || every_total_reaches(series, min_total)));
}

/*
 * Final function of akb_stable(amount, sold_on, period [, grain]): an outlet
 * without rows is not stable.
 */
Datum
kam_akb_stable_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!PG_ARGISNULL(0) &&
				   every_bucket_active(series_from_datum(PG_GETARG_DATUM(0)),
									   ACTIVITY_NET));
}
