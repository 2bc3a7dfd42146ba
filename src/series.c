/*
 * series.c
 *		The sales_series type: its stored form, and reading it.
 */
#include "kam.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "series.h"
#include "state.h"
#include "utils/builtins.h"

static Size series_size(int bucket_count, int width, Period period);

/*
 * The bytes that a series takes.
 */
static Size
series_size(int bucket_count, int width, Period period)
{
	return offsetof(Series, data) +
		   series_bitmap_size(period.lower, period.upper) +
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
		if (period_valid(period) && grain_fits(series->grain, period) &&
			series->bucket_count == bucket_count(series->grain, period) &&
			VARSIZE(series) ==
				series_size(series->bucket_count, series->width, period))
			return series;
	}
	state_malformed("sales_series", series);
}

/*
 * A series whose buckets make up months; months says of what.
 */
Series *
series_monthly(Datum datum, const char *months)
{
	Series *series = series_from_datum(datum);

	if (!grain_nests(series->grain, GRAIN_MONTH))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("buckets of grain \"%s\" do not make up %s",
							   grain_name(series->grain), months),
						errhint("Build the series with grain \"month\", "
								"\"month-week\" or \"day\".")));
	return series;
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
			return series_small_totals(series)[bucket];
		case SERIES_NARROW:
			return series_narrow_totals(series)[bucket];
		case SERIES_SUM:
			return decimal_sum_value(&series_sum_totals(series)[bucket]);
		default:
			limbs = (const uint64 *) series_totals_of(series) + 2 * bucket;
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
		{
			CHECK_FOR_INTERRUPTS();
			bucket++;
		}
	if (bucket == last)
		return narrow;

	for (bucket = first; bucket < last; bucket++)
	{
		CHECK_FOR_INTERRUPTS();
		decimal_sum_add(&sum, series_total(series, bucket));
	}
	return decimal_sum_value(&sum);
}

/*
 * The sum of the days of a part of the period that cuts no bucket.
 */
int128
series_sum_of(const Series *series, Period days)
{
	int first;
	int last;

	series_range_buckets(series, days, &first, &last);
	return series_sum(series, first, last);
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
			series_small_totals(series)[bucket] = (int32) total;
			break;
		case SERIES_NARROW:
			series_narrow_totals(series)[bucket] = (int64) total;
			break;
		default:
			Assert(series->width == SERIES_WIDE);
			limbs = (uint64 *) series_totals_of(series) + 2 * bucket;
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
	return series_sale_days_in(series, 0, period_days(series_period(series)));
}

/*
 * How many days from first up to, but without, last were bought on.  Days
 * count from the period's first.
 */
int
series_sale_days_in(const Series *series, int first, int last)
{
	const uint8 *days = series_days(series);
	int begin = first / 8;
	int end = (last - 1) / 8;

	if (first >= last)
		return 0;
	return (int) pg_popcount((const char *) days + begin, end - begin + 1) -
		   pg_popcount32(days[begin] & ((1 << first % 8) - 1)) -
		   pg_popcount32(days[end] & (0xfe << (last - 1) % 8) & 0xff);
}

/*
 * The first day bought on, counted from the period's first; -1 if none.
 */
int
series_first_day(const Series *series)
{
	return series_day_from(series, 0);
}

/*
 * The last day bought on, counted from the period's first; -1 if none.
 */
int
series_last_day(const Series *series)
{
	return series_day_before(series, period_days(series_period(series)));
}

/*
 * The first day bought on at or after a day; -1 if none.  Days count from the
 * period's first.
 */
int
series_day_from(const Series *series, int day)
{
	const uint8 *days = series_days(series);
	int bytes = series_day_bytes(series);
	int mask = 0xff << day % 8;

	for (int i = day / 8; i < bytes; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if ((days[i] & mask) != 0)
			return 8 * i + pg_rightmost_one_pos32(days[i] & mask);
		mask = 0xff;
	}
	return -1;
}

/*
 * The last day bought on before a day; -1 if none.  Days count from the
 * period's first.
 */
int
series_day_before(const Series *series, int day)
{
	const uint8 *days = series_days(series);
	int mask = 0xff >> (7 - (day + 7) % 8);

	for (int i = (day + 7) / 8 - 1; i >= 0; i--)
	{
		CHECK_FOR_INTERRUPTS();
		if ((days[i] & mask) != 0)
			return 8 * i + pg_leftmost_one_pos32(days[i] & mask);
		mask = 0xff;
	}
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
	{
		CHECK_FOR_INTERRUPTS();
		active += series_total(series, i) > 0;
	}
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
		CHECK_FOR_INTERRUPTS();
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
	*first = bucket_of(series->grain, period, range.lower);
	*last = bucket_of(series->grain, period, range.upper - 1) + 1;
}
