/*
 * series.c
 *		The sales_series type: its stored form, and adding to it.
 */
#include "kam.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "series.h"
#include "utils/builtins.h"

static Size series_size(int bucket_count, int width, Period period);
static Series *series_widen(const Series *series);
static inline bool add_in_place(Series *series, int bucket, int128 value);
static bool rescale_in_place(Series *series, int exponent);
static Series *series_rescale(Series *series, int scale);
static bool merge_in_place(Series *series, const Series *other, int bucket,
						   int exponent);
static inline Size bitmap_size(DateADT lower, DateADT upper);
static inline char *totals_of(const Series *series);
static inline int32 *small_totals(const Series *series);
static inline int64 *narrow_totals(const Series *series);
static inline DecimalSum *sum_totals(const Series *series);

/*
 * The bytes that the bitmap takes, so that the totals stay aligned.
 */
static inline Size
bitmap_size(DateADT lower, DateADT upper)
{
	return TYPEALIGN(sizeof(int64), (upper - lower + 7) / 8);
}

static inline char *
totals_of(const Series *series)
{
	return (char *) series->data + bitmap_size(series->lower, series->upper);
}

static inline int32 *
small_totals(const Series *series)
{
	return (int32 *) totals_of(series);
}

static inline int64 *
narrow_totals(const Series *series)
{
	return (int64 *) totals_of(series);
}

static inline DecimalSum *
sum_totals(const Series *series)
{
	return (DecimalSum *) totals_of(series);
}

/*
 * The bytes that a series takes.
 */
static Size
series_size(int bucket_count, int width, Period period)
{
	return offsetof(Series, data) + bitmap_size(period.lower, period.upper) +
		   (Size) bucket_count * width;
}

/*
 * A series of zeros.
 */
Series *
series_new(Grain grain, Period period, int width)
{
	int buckets = bucket_count(grain, period);
	Size size = series_size(buckets, width, period);
	Series *series = palloc0(size);

	SET_VARSIZE(series, size);
	series->version = SERIES_VERSION;
	series->grain = grain;
	series->width = width;
	series->lower = period.lower;
	series->upper = period.upper;
	series->bucket_count = buckets;
	return series;
}

/*
 * Brings a series into memory and checks that its header and its size agree,
 * so that nothing behind this point reads past its end.
 */
Series *
series_from_datum(Datum datum)
{
	Series *series = (Series *) PG_DETOAST_DATUM(datum);
	Period period;

	if (VARSIZE(series) >= offsetof(Series, data) &&
		series->version == SERIES_VERSION && grain_valid(series->grain) &&
		(series->width == SERIES_SMALL || series->width == SERIES_NARROW ||
		 series->width == SERIES_WIDE || series->width == SERIES_SUM) &&
		series->scale + series->whole_digits <= DECIMAL_MAX_DIGITS)
	{
		period = series_period(series);
		if (period_valid(period) &&
			series->bucket_count == bucket_count(series->grain, period) &&
			VARSIZE(series) ==
				series_size(series->bucket_count, series->width, period))
			return series;
	}
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
					errmsg("malformed sales_series of %d bytes",
						   (int) VARSIZE(series))));
}

/*
 * A copy that may be changed.
 */
Series *
series_copy(const Series *series)
{
	Series *copy = palloc(VARSIZE(series));

	memcpy(copy, series, VARSIZE(series));
	return copy;
}

/*
 * The period of a series.
 */
Period
series_period(const Series *series)
{
	Period period = {series->lower, series->upper};

	return period;
}

/*
 * The total of a bucket, in units of 10^-scale.
 */
int128
series_total(const Series *series, int bucket)
{
	const uint64 *limbs;

	switch (series->width)
	{
		case SERIES_SMALL:
			return small_totals(series)[bucket];
		case SERIES_NARROW:
			return narrow_totals(series)[bucket];
		case SERIES_SUM:
			return decimal_sum_value(&sum_totals(series)[bucket]);
		default:
			limbs = (const uint64 *) totals_of(series) + 2 * bucket;
			return (int128) (((uint128) limbs[1] << 64) | limbs[0]);
	}
}

/*
 * The sum of the buckets from first up to, but without, last.
 */
int128
series_sum(const Series *series, int first, int last)
{
	DecimalSum sum = {0, 0, 0};
	int64 narrow = 0;
	int bucket = first;

	if (series->width <= SERIES_NARROW)
		while (bucket < last &&
			   !__builtin_add_overflow(narrow,
									   (int64) series_total(series, bucket),
									   &narrow))
			bucket++;
	if (bucket == last)
		return narrow;

	for (bucket = first; bucket < last; bucket++)
		decimal_sum_add(&sum, series_total(series, bucket));
	return decimal_sum_value(&sum);
}

/*
 * Sets a total of a series that is finished, and so not of width 24.
 */
void
series_set_total(Series *series, int bucket, int128 total)
{
	uint64 *limbs;

	switch (series->width)
	{
		case SERIES_SMALL:
			small_totals(series)[bucket] = (int32) total;
			break;
		case SERIES_NARROW:
			narrow_totals(series)[bucket] = (int64) total;
			break;
		default:
			Assert(series->width == SERIES_WIDE);
			limbs = (uint64 *) totals_of(series) + 2 * bucket;
			limbs[0] = (uint64) total;
			limbs[1] = (uint64) ((uint128) total >> 64);
	}
}

/*
 * The bitmap of the days bought on; bit 0 of byte 0 is the period's first day.
 */
uint8 *
series_days(const Series *series)
{
	return (uint8 *) series->data;
}

/*
 * The bytes of the bitmap.
 */
int
series_day_bytes(const Series *series)
{
	return (period_days(series_period(series)) + 7) / 8;
}

/*
 * How many days were bought on.
 */
int
series_sale_days(const Series *series)
{
	return (int) pg_popcount((const char *) series_days(series),
							 series_day_bytes(series));
}

/*
 * The first day bought on, counted from the period's first; -1 if none.
 */
int
series_first_day(const Series *series)
{
	const uint8 *days = series_days(series);
	int bytes = series_day_bytes(series);

	for (int i = 0; i < bytes; i++)
		if (days[i] != 0)
			return 8 * i + pg_rightmost_one_pos32(days[i]);
	return -1;
}

/*
 * The last day bought on, counted from the period's first; -1 if none.
 */
int
series_last_day(const Series *series)
{
	const uint8 *days = series_days(series);

	for (int i = series_day_bytes(series) - 1; i >= 0; i--)
		if (days[i] != 0)
			return 8 * i + pg_leftmost_one_pos32(days[i]);
	return -1;
}

/*
 * How many buckets have a positive total.
 */
int
series_active(const Series *series)
{
	int active = 0;

	for (int i = 0; i < series->bucket_count; i++)
		active += series_total(series, i) > 0;
	return active;
}

/*
 * Whether a day from first up to, but without, last was bought on.
 */
bool
series_day_in(const Series *series, int first, int last)
{
	const uint8 *days = series_days(series);

	while (first < last)
	{
		if (first % 8 == 0 && days[first / 8] == 0)
			first += 8;
		else if (days[first / 8] & (1 << first % 8))
			return true;
		else
			first++;
	}
	return false;
}

/*
 * The days of a bucket, counted from the period's first: from first up to,
 * but without, last.
 */
void
series_bucket_days(const Series *series, int bucket, int *first, int *last)
{
	Period days = bucket_period(series->grain, series_period(series), bucket);

	*first = days.lower - series->lower;
	*last = days.upper - series->lower;
}

/*
 * A total as a numeric.
 */
Numeric
series_numeric(const Series *series, int128 value)
{
	return decimal_to_numeric(value, series->scale);
}

/*
 * The buckets that make up a part of the period: from first up to, but
 * without, last.  The part must fall on bucket edges.
 */
void
series_range_buckets(const Series *series, Period range, int *first, int *last)
{
	Period period = series_period(series);
	int origin = grain_ordinal(series->grain, series->lower);

	if (range.lower < period.lower || range.upper > period.upper)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("range %s is not inside the period %s",
						period_text(range), period_text(period)),
				 errhint("Ask for a part of the period of the series.")));
	if (!bucket_edge(series->grain, period, range.lower) ||
		!bucket_edge(series->grain, period, range.upper))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("range %s would cut a bucket of grain \"%s\"",
						period_text(range), grain_name(series->grain)),
				 errhint(
					 "Begin and end the range where buckets do, or build the "
					 "series with a finer grain.")));
	*first = grain_ordinal(series->grain, range.lower) - origin;
	*last = grain_ordinal(series->grain, range.upper - 1) - origin + 1;
}

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
		add_in_place(wide, i, series_total(series, i));
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
		int32 *total = &small_totals(series)[bucket];
		int32 sum;

		if (value < PG_INT32_MIN || value > PG_INT32_MAX ||
			__builtin_add_overflow(*total, (int32) value, &sum))
			return false;
		*total = sum;
		return true;
	}
	if (series->width == SERIES_NARROW)
	{
		int64 *total = &narrow_totals(series)[bucket];
		int64 sum;

		if (value < PG_INT64_MIN || value > PG_INT64_MAX ||
			__builtin_add_overflow(*total, (int64) value, &sum))
			return false;
		*total = sum;
		return true;
	}
	if (series->width != SERIES_SUM)
		return false;
	decimal_sum_add(&sum_totals(series)[bucket], value);
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
			decimal_sum_rescale(&sum_totals(series)[i], exponent);
		return true;
	}

	for (int i = 0; i < series->bucket_count; i++)
	{
		int128 total = series_total(series, i);

		if (total > limit / factor || total < -(limit / factor))
			return false;
	}
	for (int i = 0; i < series->bucket_count; i++)
		series_set_total(series, i, series_total(series, i) * factor);
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
		sum = sum_totals(other)[bucket];
	else
		decimal_sum_add(&sum, series_total(other, bucket));
	decimal_sum_rescale(&sum, exponent);

	if (series->width == SERIES_SUM)
	{
		decimal_sum_merge(&sum_totals(series)[bucket], &sum);
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
		days[i] |= other_days[i];
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

		largest = Max(largest, total < 0 ? -total : total);
	}
	width = largest <= PG_INT32_MAX	  ? SERIES_SMALL
			: largest <= PG_INT64_MAX ? SERIES_NARROW
									  : SERIES_WIDE;

	if (width == series->width)
		result = series_copy(series);
	else
	{
		result = series_new(series->grain, series_period(series), width);
		result->scale = series->scale;
		for (int i = 0; i < series->bucket_count; i++)
			series_set_total(result, i, series_total(series, i));
		memcpy(series_days(result), series_days(series),
			   series_day_bytes(series));
	}
	result->whole_digits = Max(decimal_digits(largest) - series->scale, 0);
	return result;
}
