/*
 * series.h
 *		The sales_series type: exact totals by bucket of a period, and the days
 *		that were bought on.
 */
#ifndef KAM_SERIES_H
#define KAM_SERIES_H

#include "kam.h"

#include "calendar.h"
#include "decimal.h"

#define SERIES_VERSION 1

/*
 * The stored form.  Behind the header stand a bitmap with a bit for each day
 * of the period that has a positive row, in whole units of 8 bytes, then the
 * totals, bucket by bucket, as integers of 10^-scale.
 *
 * The width of a total is 4 bytes (int32), 8 (int64) or 16 (int128, as two
 * uint64, the low one first), whichever holds them all.  While an aggregate
 * runs it may be 24 (DecimalSum): an aggregate never overflows before its last
 * row.  Small states matter: what a query over many groups waits for is memory.
 */
typedef struct Series
{
	int32 vl_len_;
	uint8 version;
	uint8 grain;
	uint8 width;
	uint8 scale;
	DateADT lower;
	DateADT upper;
	int32 bucket_count;
	uint8 whole_digits; /* most digits before the point of any amount added */
	uint8 reserved[3];	/* zero */
	char data[FLEXIBLE_ARRAY_MEMBER];
} Series;

#define SERIES_SMALL 4
#define SERIES_NARROW 8
#define SERIES_WIDE 16
#define SERIES_SUM 24

extern Series *series_new(Grain grain, Period period, int width);
extern Series *series_from_datum(Datum datum);
extern Series *series_finish(const Series *series);
extern Series *series_add(Series *series, int bucket, const Decimal *amount);
extern Series *series_merge(Series *series, const Series *other);

extern Period series_period(const Series *series);
extern int128 series_total(const Series *series, int bucket);
extern int128 series_sum(const Series *series, int first, int last);
extern int128 series_sum_of(const Series *series, Period days);
extern Series *series_monthly(Datum datum, const char *months);
extern void series_set_total(Series *series, int bucket, int128 total);
extern uint8 *series_days(const Series *series);
extern int series_day_bytes(const Series *series);
extern int series_sale_days(const Series *series);
extern int series_sale_days_in(const Series *series, int first, int last);
extern int series_first_day(const Series *series);
extern int series_last_day(const Series *series);
extern int series_day_from(const Series *series, int day);
extern int series_day_before(const Series *series, int day);
extern int series_active(const Series *series);
extern bool series_day_in(const Series *series, int first, int last);
extern void series_bucket_days(const Series *series, int bucket, int *first,
							   int *last);
extern Numeric series_numeric(const Series *series, int128 value);

extern void series_range_buckets(const Series *series, Period range, int *first,
								 int *last);

/*
 * The bytes that the bitmap takes, so that the totals stay aligned.
 */
static inline Size
series_bitmap_size(DateADT lower, DateADT upper)
{
	return TYPEALIGN(sizeof(int64), (upper - lower + 7) / 8);
}

/*
 * Where the totals are, whatever their width.
 */
static inline char *
series_totals_of(const Series *series)
{
	return (char *) series->data +
		   series_bitmap_size(series->lower, series->upper);
}

/*
 * The totals of a series of width 4.
 */
static inline int32 *
series_small_totals(const Series *series)
{
	return (int32 *) series_totals_of(series);
}

/*
 * The totals of a series of width 8.
 */
static inline int64 *
series_narrow_totals(const Series *series)
{
	return (int64 *) series_totals_of(series);
}

/*
 * The totals of a series of width 24.
 */
static inline DecimalSum *
series_sum_totals(const Series *series)
{
	return (DecimalSum *) series_totals_of(series);
}

#endif /* KAM_SERIES_H */
