/*
 * evenness.c
 *		How evenly sales are spread over the parts of a period, and what share
 *		its last part brings.
 *
 * With parts t that add up to T and weights w that add up to W, of which m is
 * the least, evenness is
 *
 *		1 - sum(|t / T - w / W|) / (2 * (1 - m / W))
 *
 * where 1 is as even as the weights and 0 is all of it in the part that weighs
 * least.  Multiplied by T * W that is a quotient of whole numbers:
 *
 *		(sum(min(t * W, w * T)) - m * T) / (T * (W - m))
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "decimal.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "series.h"
#include "utils/array.h"
#include "work_calendar.h"

/* The parts of an array. */
#define MOST_PARTS 100000

static int128 sum_of(const int128 *values, int count);
static bool drop_returns(int128 *parts, int count);
static Numeric even_small(const int128 *parts, int128 total,
						  const int128 *weights, int128 weight, int128 least,
						  int count);
static Numeric even_large(const int128 *parts, int128 total,
						  const int128 *weights, int128 weight, int128 least,
						  int count);
static Numeric evenness_of(int128 *parts, const int128 *weights, int count);
static int128 *series_parts(const Series *series);
static int128 *weigh_buckets(const Series *series,
							 const WorkCalendar *calendar);
static int read_parts(ArrayType *array, const char *argument, bool negative,
					  int128 **values);

PG_FUNCTION_INFO_V1(kam_evenness_series);
PG_FUNCTION_INFO_V1(kam_evenness_array);
PG_FUNCTION_INFO_V1(kam_last_share);

/*
 * The sum of some integers, which must not pass 38 digits.
 */
static int128
sum_of(const int128 *values, int count)
{
	DecimalSum sum = {0, 0, 0};

	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		decimal_sum_add(&sum, values[i]);
	}
	return decimal_sum_value(&sum);
}

/*
 * Lets parts below zero, where more came back than was sold, count as nothing;
 * false when the parts with them are not above zero in all.
 */
static bool
drop_returns(int128 *parts, int count)
{
	if (sum_of(parts, count) <= 0)
		return false;
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		parts[i] = Max(parts[i], 0);
	}
	return true;
}

/*
 * The quotient above, where T * W fits an integer.
 */
static Numeric
even_small(const int128 *parts, int128 total, const int128 *weights,
		   int128 weight, int128 least, int count)
{
	int128 even = -least * total;

	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		even += Min(parts[i] * weight, weights[i] * total);
	}
	return number_divide(decimal_to_numeric(even, 0),
						 decimal_to_numeric(total * (weight - least), 0));
}

/*
 * The same of numbers of any length.
 */
static Numeric
even_large(const int128 *parts, int128 total, const int128 *weights,
		   int128 weight, int128 least, int count)
{
	Numeric all = decimal_to_numeric(total, 0);
	Numeric all_weight = decimal_to_numeric(weight, 0);
	Numeric even =
		number_subtract(int64_to_numeric(0),
						number_multiply(decimal_to_numeric(least, 0), all));

	for (int i = 0; i < count; i++)
	{
		Numeric part =
			number_multiply(decimal_to_numeric(parts[i], 0), all_weight);
		Numeric due = number_multiply(decimal_to_numeric(weights[i], 0), all);

		CHECK_FOR_INTERRUPTS();
		even = number_add(even, number_at_most(part, due));
	}
	return number_divide(even,
						 number_multiply(all, decimal_to_numeric(weight - least,
																 0)));
}

/*
 * Evenness of parts, which it changes; NULL for one part, and where the parts
 * or the weights are not above zero in all.
 */
static Numeric
evenness_of(int128 *parts, const int128 *weights, int count)
{
	int128 weight = sum_of(weights, count);
	int128 total;
	int128 least;

	if (count < 2 || weight == 0 || !drop_returns(parts, count))
		return NULL;
	total = sum_of(parts, count);
	least = weights[0];
	for (int i = 1; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		least = Min(least, weights[i]);
	}
	if (decimal_digits(total) + decimal_digits(weight) <= DECIMAL_MAX_DIGITS)
		return even_small(parts, total, weights, weight, least, count);
	return even_large(parts, total, weights, weight, least, count);
}

/*
 * The totals of a series.
 */
static int128 *
series_parts(const Series *series)
{
	int128 *parts = palloc(sizeof(int128) * series->bucket_count);

	for (int i = 0; i < series->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		parts[i] = series_total(series, i);
	}
	return parts;
}

/*
 * What the buckets of a series weigh: their working days, or, without a
 * calendar, the same each.
 */
static int128 *
weigh_buckets(const Series *series, const WorkCalendar *calendar)
{
	Period period = series_period(series);
	int128 *weights = palloc(sizeof(int128) * series->bucket_count);

	for (int i = 0; i < series->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		weights[i] = 1;
		if (calendar != NULL)
			weights[i] =
				work_calendar_days(calendar,
								   bucket_period(series->grain, period, i));
	}
	return weights;
}

/*
 * The elements of an array as integers at one scale.  Returns how many there
 * are; an empty array has none.
 */
static int
read_parts(ArrayType *array, const char *argument, bool negative,
		   int128 **values)
{
	Datum *elements;
	int count;

	if (ARR_NDIM(array) == 0)
		return 0;
	count = param_array(array, argument, NUMERICOID, MOST_PARTS, &elements);
	for (int i = 0; i < count && !negative; i++)
	{
		CHECK_FOR_INTERRUPTS();
		param_not_negative(DatumGetNumeric(elements[i]), argument);
	}
	*values = palloc(sizeof(int128) * count);
	decimal_align(elements, count, argument, *values);
	return count;
}

/*
 * evenness(s sales_series, calendar work_calendar)
 */
Datum
kam_evenness_series(PG_FUNCTION_ARGS)
{
	Series *series;
	WorkCalendar *calendar = NULL;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	series = series_from_datum(PG_GETARG_DATUM(0));
	if (!PG_ARGISNULL(1))
		calendar = work_calendar_from_datum(PG_GETARG_DATUM(1));
	return number_result(fcinfo, evenness_of(series_parts(series),
											 weigh_buckets(series, calendar),
											 series->bucket_count));
}

/*
 * evenness(parts numeric[], weights numeric[])
 */
Datum
kam_evenness_array(PG_FUNCTION_ARGS)
{
	int128 *parts;
	int128 *weights;
	int count;
	int weight_count;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	count = read_parts(PG_GETARG_ARRAYTYPE_P(0), "parts", true, &parts);
	if (!PG_ARGISNULL(1))
	{
		weight_count =
			read_parts(PG_GETARG_ARRAYTYPE_P(1), "weights", false, &weights);
		if (weight_count != count)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("weights has %d elements, but parts has %d",
								   weight_count, count),
							errhint("Give a weight for each part.")));
	}
	else
	{
		weights = palloc(sizeof(int128) * count);
		for (int i = 0; i < count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			weights[i] = 1;
		}
	}
	if (count == 0)
		PG_RETURN_NULL();
	return number_result(fcinfo, evenness_of(parts, weights, count));
}

/*
 * last_share(s sales_series, n integer): the share of the last n buckets.
 */
Datum
kam_last_share(PG_FUNCTION_ARGS)
{
	Series *series = series_from_datum(PG_GETARG_DATUM(0));
	int32 last = PG_GETARG_INT32(1);
	int count = series->bucket_count;
	int128 *parts = series_parts(series);

	if (last < 1 || last > count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("n must be a number of buckets, but is %d", last),
				 errhint("The series has %d.", count)));
	if (!drop_returns(parts, count))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(
		number_divide(series_numeric(series,
									 sum_of(parts + count - last, last)),
					  series_numeric(series, sum_of(parts, count))));
}
