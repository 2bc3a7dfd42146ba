/*
 * series_add.c
 *		Adding to a sales_series: amounts, and other series.
 *
 * A total that has no room for a sum makes the whole series wider; the last
 * width has room for any.  series_finish brings it back to the narrowest.
 */
#include "kam.h"

#include "miscadmin.h"
#include "series.h"
#include "state.h"

static Series *series_widen(const Series *series);
static inline bool add_in_place(Series *series, int bucket, int128 value);
static bool rescale_in_place(Series *series, int exponent);
static Series *series_rescale(Series *series, int scale);
static bool merge_in_place(Series *series, const Series *other, int bucket,
						   int exponent);

/*
 * The same series with room for larger sums: from 4 bytes to 8, from there to
 * the sums that nothing overflows.
 */
static Series *
series_widen(const Series *series)
{
	int width = series->width == SERIES_SMALL ? SERIES_NARROW : SERIES_SUM;
	Series *wide = series_new(series->grain, series_period(series), width);

	Assert(series->width != SERIES_SUM);
	wide->scale = series->scale;
	wide->whole_digits = series->whole_digits;
	for (int i = 0; i < series->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		add_in_place(wide, i, series_total(series, i));
	}
	memcpy(series_days(wide), series_days(series), series_day_bytes(series));
	return wide;
}

/*
 * Adds to a total, unless it has no room for the sum.
 */
static inline bool
add_in_place(Series *series, int bucket, int128 value)
{
	if (series->width == SERIES_SMALL)
	{
		int32 *total = &series_small_totals(series)[bucket];
		int32 sum;

		if (value < PG_INT32_MIN || value > PG_INT32_MAX ||
			__builtin_add_overflow(*total, (int32) value, &sum))
			return false;
		*total = sum;
		return true;
	}
	if (series->width == SERIES_NARROW)
	{
		int64 *total = &series_narrow_totals(series)[bucket];
		int64 sum;

		if (value < PG_INT64_MIN || value > PG_INT64_MAX ||
			__builtin_add_overflow(*total, (int64) value, &sum))
			return false;
		*total = sum;
		return true;
	}
	if (series->width != SERIES_SUM)
		return false;
	decimal_sum_add(&series_sum_totals(series)[bucket], value);
	return true;
}

/*
 * Multiplies all totals by 10^exponent, unless one has no room for it.
 */
static bool
rescale_in_place(Series *series, int exponent)
{
	int128 factor = decimal_pow10(exponent);
	int128 limit = series->width == SERIES_SMALL ? PG_INT32_MAX : PG_INT64_MAX;

	if (series->width == SERIES_WIDE)
		return false;
	if (series->width == SERIES_SUM)
	{
		for (int i = 0; i < series->bucket_count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			decimal_sum_rescale(&series_sum_totals(series)[i], exponent);
		}
		return true;
	}

	for (int i = 0; i < series->bucket_count; i++)
	{
		int128 total = series_total(series, i);

		CHECK_FOR_INTERRUPTS();
		if (total > limit / factor || total < -(limit / factor))
			return false;
	}
	for (int i = 0; i < series->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		series_set_total(series, i, series_total(series, i) * factor);
	}
	return true;
}

/*
 * Gives a series more decimals.
 */
static Series *
series_rescale(Series *series, int scale)
{
	while (!rescale_in_place(series, scale - series->scale))
		series = series_widen(series);
	series->scale = scale;
	return series;
}

/*
 * Adds an amount to a bucket.  Returns the series, or a wider one in its
 * place.  The outcome does not depend on the order of the amounts.
 */
Series *
series_add(Series *series, int bucket, const Decimal *amount)
{
	int128 value = amount->value;

	if (amount->scale != series->scale ||
		amount->whole_digits > series->whole_digits)
	{
		int whole = Max(amount->whole_digits, series->whole_digits);
		int scale = Max(amount->scale, series->scale);

		decimal_check_digits(whole, scale);
		series->whole_digits = whole;
		if (scale > series->scale)
			series = series_rescale(series, scale);
		if (scale > amount->scale)
			value *= decimal_pow10(scale - amount->scale);
	}

	while (!add_in_place(series, bucket, value))
		series = series_widen(series);
	return series;
}

/*
 * Adds a total of another series times 10^exponent, unless there is no room.
 */
static bool
merge_in_place(Series *series, const Series *other, int bucket, int exponent)
{
	DecimalSum sum = {0, 0, 0};

	if (other->width == SERIES_SUM)
		sum = series_sum_totals(other)[bucket];
	else
		decimal_sum_add(&sum, series_total(other, bucket));
	decimal_sum_rescale(&sum, exponent);

	if (series->width == SERIES_SUM)
	{
		decimal_sum_merge(&series_sum_totals(series)[bucket], &sum);
		return true;
	}
	return sum.high == (int64) sum.middle &&
		   sum.middle == 0 - (sum.low >> 63) &&
		   add_in_place(series, bucket, (int64) sum.low);
}

/*
 * Adds another series of the same period and grain, bucket by bucket.
 * Returns the series, or a wider one in its place.
 */
Series *
series_merge(Series *series, const Series *other)
{
	int scale = Max(series->scale, other->scale);
	int whole = Max(series->whole_digits, other->whole_digits);
	const uint8 *other_days = series_days(other);
	uint8 *days;

	if (series->lower != other->lower || series->upper != other->upper ||
		series->grain != other->grain)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg(
					 "series of different periods or grains cannot be merged"),
				 errdetail("One covers %s by %s, the other %s by %s.",
						   period_text(series_period(series)),
						   grain_name(series->grain),
						   period_text(series_period(other)),
						   grain_name(other->grain)),
				 errhint("Bring them together with slice() and regrain().")));

	decimal_check_digits(whole, scale);
	series->whole_digits = whole;
	if (scale > series->scale)
		series = series_rescale(series, scale);
	for (int i = 0; i < series->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		while (!merge_in_place(series, other, i, scale - other->scale))
			series = series_widen(series);
	}

	days = series_days(series);
	for (int i = 0; i < series_day_bytes(series); i++)
	{
		CHECK_FOR_INTERRUPTS();
		days[i] |= other_days[i];
	}
	return series;
}

/*
 * A copy in the one form that its content has: as narrow as its totals allow.
 * A total that passes 38 digits is refused.
 */
Series *
series_finish(const Series *series)
{
	int128 largest = 0;
	Series *result;
	int width;

	for (int i = 0; i < series->bucket_count; i++)
	{
		int128 total = series_total(series, i);

		CHECK_FOR_INTERRUPTS();
		largest = Max(largest, total < 0 ? -total : total);
	}
	width = largest <= PG_INT32_MAX	  ? SERIES_SMALL
			: largest <= PG_INT64_MAX ? SERIES_NARROW
									  : SERIES_WIDE;

	if (width == series->width)
		result = state_copy(series);
	else
	{
		result = series_new(series->grain, series_period(series), width);
		result->scale = series->scale;
		for (int i = 0; i < series->bucket_count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			series_set_total(result, i, series_total(series, i));
		}
		memcpy(series_days(result), series_days(series),
			   series_day_bytes(series));
	}
	result->whole_digits = Max(decimal_digits(largest) - series->scale, 0);
	return result;
}
