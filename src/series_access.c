/*
 * series_access.c
 *		What is read off a sales_series, and series made from series.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "row.h"
#include "series.h"
#include "state.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

static Series *series_argument(FunctionCallInfo fcinfo, int number);
static void check_slice(const Series *series, Period part, int first);

PG_FUNCTION_INFO_V1(kam_series_plus);
PG_FUNCTION_INFO_V1(kam_series_period);
PG_FUNCTION_INFO_V1(kam_series_grain);
PG_FUNCTION_INFO_V1(kam_series_total);
PG_FUNCTION_INFO_V1(kam_series_total_part);
PG_FUNCTION_INFO_V1(kam_series_totals);
PG_FUNCTION_INFO_V1(kam_series_buckets);
PG_FUNCTION_INFO_V1(kam_series_regrain);
PG_FUNCTION_INFO_V1(kam_series_slice);
PG_FUNCTION_INFO_V1(kam_series_sale_days);
PG_FUNCTION_INFO_V1(kam_series_first_sale);
PG_FUNCTION_INFO_V1(kam_series_last_sale);
PG_FUNCTION_INFO_V1(kam_series_active_buckets);
PG_FUNCTION_INFO_V1(kam_series_mean);
PG_FUNCTION_INFO_V1(kam_series_trend);
PG_FUNCTION_INFO_V1(kam_series_seasonality);

/*
 * An argument that is a series.
 */
static Series *
series_argument(FunctionCallInfo fcinfo, int number)
{
	return series_from_datum(PG_GETARG_DATUM(number));
}

/*
 * a + b
 */
Datum
kam_series_plus(PG_FUNCTION_ARGS)
{
	Series *sum = series_merge(state_copy(series_argument(fcinfo, 0)),
							   series_argument(fcinfo, 1));

	PG_RETURN_POINTER(series_finish(sum));
}

/*
 * period(s): what the series covers.
 */
Datum
kam_series_period(PG_FUNCTION_ARGS)
{
	PG_RETURN_RANGE_P(
		period_to_range(series_period(series_argument(fcinfo, 0))));
}

/*
 * grain(s): the name of its grain.
 */
Datum
kam_series_grain(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(
		cstring_to_text(grain_name(series_argument(fcinfo, 0)->grain)));
}

/*
 * total(s): the sum of all buckets.
 */
Datum
kam_series_total(PG_FUNCTION_ARGS)
{
	Series *series = series_argument(fcinfo, 0);

	PG_RETURN_NUMERIC(
		series_numeric(series, series_sum(series, 0, series->bucket_count)));
}

/*
 * total(s, part): the sum of some buckets.
 */
Datum
kam_series_total_part(PG_FUNCTION_ARGS)
{
	Series *series = series_argument(fcinfo, 0);
	Period part = period_from_range(PG_GETARG_RANGE_P(1), "part");

	PG_RETURN_NUMERIC(series_numeric(series, series_sum_of(series, part)));
}

/*
 * totals(s): all buckets as an array.
 */
Datum
kam_series_totals(PG_FUNCTION_ARGS)
{
	Series *series = series_argument(fcinfo, 0);
	Datum *totals = palloc(series->bucket_count * sizeof(Datum));

	for (int i = 0; i < series->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		totals[i] =
			NumericGetDatum(series_numeric(series, series_total(series, i)));
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(totals, series->bucket_count,
										  NUMERICOID, -1, false, TYPALIGN_INT));
}

/*
 * buckets(s): a row for each bucket.
 */
Datum
kam_series_buckets(PG_FUNCTION_ARGS)
{
	Series *series = series_argument(fcinfo, 0);
	ReturnSetInfo *rows = rows_start(fcinfo, 2);

	for (int i = 0; i < series->bucket_count; i++)
	{
		Period days = bucket_period(series->grain, series_period(series), i);
		Datum values[2];
		bool nulls[2] = {false, false};

		CHECK_FOR_INTERRUPTS();
		values[0] = RangeTypePGetDatum(period_to_range(days));
		values[1] =
			NumericGetDatum(series_numeric(series, series_total(series, i)));
		rows_add(rows, values, nulls);
	}
	return (Datum) 0;
}

/*
 * regrain(s, grain): the same totals in coarser buckets.
 */
Datum
kam_series_regrain(PG_FUNCTION_ARGS)
{
	Series *series = series_argument(fcinfo, 0);
	Grain grain = grain_from_text(PG_GETARG_TEXT_PP(1));
	Period period = series_period(series);
	Series *result;
	int origin;

	if (!buckets_nest(series->grain, grain, period))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("buckets of grain \"%s\" do not make up those of "
						"grain \"%s\"",
						grain_name(series->grain), grain_name(grain)),
				 errhint("Build the series with grain \"day\", or from the "
						 "sales rows with grain \"%s\".",
						 grain_name(grain))));

	result = series_new(grain, period, SERIES_SUM);
	origin = bucket_origin(grain, period);
	for (int i = 0; i < series->bucket_count; i++)
	{
		Period days = bucket_period(series->grain, period, i);
		Decimal total = {series_total(series, i), series->scale,
						 series->whole_digits};

		CHECK_FOR_INTERRUPTS();
		result =
			series_add(result, bucket_from(grain, origin, days.lower), &total);
	}
	memcpy(series_days(result), series_days(series), series_day_bytes(series));
	PG_RETURN_POINTER(series_finish(result));
}

/*
 * Refuses a part that begins where the grain, counted from there, would cut
 * other buckets than the series has, or number the buckets of a quarter anew.
 */
static void
check_slice(const Series *series, Period part, int first)
{
	Period period = series_period(series);
	int count = bucket_count(series->grain, part);
	bool same = !grain_by_pattern(series->grain) ||
				(part.lower - period.lower) % FISCAL_QUARTER_DAYS == 0;

	if (!grain_anchored(series->grain))
		return;
	for (int i = 0; same && i < count; i++)
	{
		Period own = bucket_period(series->grain, part, i);
		Period had = bucket_period(series->grain, period, first + i);

		CHECK_FOR_INTERRUPTS();
		same = own.lower == had.lower && own.upper == had.upper;
	}
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("grain \"%s\", counted from %s, has other buckets than "
						"the series",
						grain_name(series->grain), date_text(part.lower)),
				 errhint("Begin the part with the period of the series%s, or "
						 "build a series of it from the sales rows.",
						 grain_by_pattern(series->grain)
							 ? " or with a quarter of 13 weeks"
							 : "")));
}

/*
 * slice(s, part): the series of a part of its period.
 */
Datum
kam_series_slice(PG_FUNCTION_ARGS)
{
	Series *series = series_argument(fcinfo, 0);
	Period part = period_from_range(PG_GETARG_RANGE_P(1), "part");
	Series *result;
	int offset;
	int first;
	int last;

	series_range_buckets(series, part, &first, &last);
	check_slice(series, part, first);
	result = series_new(series->grain, part, SERIES_SUM);
	for (int i = first; i < last; i++)
	{
		Decimal total = {series_total(series, i), series->scale,
						 series->whole_digits};

		CHECK_FOR_INTERRUPTS();
		result = series_add(result, i - first, &total);
	}
	offset = part.lower - series->lower;
	for (int day = 0; day < period_days(part); day++)
	{
		CHECK_FOR_INTERRUPTS();
		if (series_day_in(series, offset + day, offset + day + 1))
			series_days(result)[day / 8] |= 1 << day % 8;
	}
	PG_RETURN_POINTER(series_finish(result));
}

/*
 * sale_days(s): the days with a positive row.
 */
Datum
kam_series_sale_days(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(series_sale_days(series_argument(fcinfo, 0)));
}

/*
 * first_sale(s): the first day with a positive row; NULL if none has.
 */
Datum
kam_series_first_sale(PG_FUNCTION_ARGS)
{
	Series *series = series_argument(fcinfo, 0);
	int day = series_first_day(series);

	if (day < 0)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(series->lower + day);
}

/*
 * last_sale(s): the last day with a positive row; NULL if none has.
 */
Datum
kam_series_last_sale(PG_FUNCTION_ARGS)
{
	Series *series = series_argument(fcinfo, 0);
	int day = series_last_day(series);

	if (day < 0)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(series->lower + day);
}

/*
 * active_buckets(s): the buckets with a positive net total.
 */
Datum
kam_series_active_buckets(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(series_active(series_argument(fcinfo, 0)));
}

/*
 * mean(s): the total over the number of buckets.
 */
Datum
kam_series_mean(PG_FUNCTION_ARGS)
{
	Series *series = series_argument(fcinfo, 0);
	Numeric total =
		series_numeric(series, series_sum(series, 0, series->bucket_count));

	PG_RETURN_NUMERIC(
		number_divide(total, int64_to_numeric(series->bucket_count)));
}

/*
 * trend(s): the slope of the least-squares line through the totals, per
 * bucket; NULL for one bucket.  With w = 2i - (n - 1) it is
 * 6 * sum(w * total) / (n * (n^2 - 1)).
 */
Datum
kam_series_trend(PG_FUNCTION_ARGS)
{
	Series *series = series_argument(fcinfo, 0);
	double n = series->bucket_count;
	double moment = 0;

	if (series->bucket_count < 2)
		PG_RETURN_NULL();
	for (int i = 0; i < series->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		moment += (2.0 * i - (n - 1)) * (double) series_total(series, i);
	}
	PG_RETURN_FLOAT8(6 * moment / (n * (n * n - 1)) /
					 (double) decimal_pow10(series->scale));
}

/*
 * seasonality(s): for each place in the year, the mean of its buckets over
 * the years, divided by the mean of all buckets.
 */
Datum
kam_series_seasonality(PG_FUNCTION_ARGS)
{
	Series *series = series_argument(fcinfo, 0);
	Period period = series_period(series);
	int places = grain_places(series->grain);
	double total = (double) series_sum(series, 0, series->bucket_count);
	DecimalSum sums[GRAIN_PLACES_MAX] = {0};
	int counts[GRAIN_PLACES_MAX] = {0};
	Datum values[GRAIN_PLACES_MAX];
	bool nulls[GRAIN_PLACES_MAX];
	int dimension;
	int lower_bound = 1;

	if (places == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("buckets of grain \"%s\" have no place in the year",
						grain_name(series->grain)),
				 errhint("Use a series by \"quarter\", \"month\", "
						 "\"month-week\", \"week\", \"fiscal-quarter\", "
						 "\"4-4-5\", \"4-5-4\" or \"5-4-4\".")));
	if (total <= 0)
		PG_RETURN_NULL();

	for (int i = 0; i < series->bucket_count; i++)
	{
		int place = bucket_place(series->grain, period, i);

		CHECK_FOR_INTERRUPTS();
		decimal_sum_add(&sums[place], series_total(series, i));
		counts[place]++;
	}
	for (int i = 0; i < places; i++)
	{
		CHECK_FOR_INTERRUPTS();
		nulls[i] = counts[i] == 0;
		values[i] = (Datum) 0;
		if (!nulls[i])
			values[i] =
				Float8GetDatum((double) decimal_sum_value(&sums[i]) *
							   series->bucket_count / counts[i] / total);
	}
	dimension = places;
	PG_RETURN_ARRAYTYPE_P(construct_md_array(values, nulls, 1, &dimension,
											 &lower_bound, FLOAT8OID,
											 sizeof(float8), FLOAT8PASSBYVAL,
											 TYPALIGN_DOUBLE));
}
