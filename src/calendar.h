/*
 * calendar.h
 *		Periods and the grains that cut them into buckets.
 */
#ifndef KAM_CALENDAR_H
#define KAM_CALENDAR_H

#include "kam.h"
#include "utils/date.h"

/* A period may have this many days, a hundred years. */
#define PERIOD_MAX_DAYS 36525

/* The parts of a month: the least number that 28, 29, 30 and 31 divide. */
#define MONTH_PARTS 377580

/* A fiscal year by weeks has 52 or 53 of them. */
#define FISCAL_QUARTER_DAYS 91
#define FISCAL_YEAR_DAYS 364
#define FISCAL_YEAR_MAX_DAYS 371

/* The most places that buckets have in a year: ISO weeks. */
#define GRAIN_PLACES_MAX 53

/*
 * Grains as they are stored: a number never changes its meaning.
 */
typedef enum Grain
{
	GRAIN_DAY = 1,
	GRAIN_WEEK = 2,
	GRAIN_WEEK_SUNDAY = 3,
	GRAIN_MONTH = 4,
	GRAIN_MONTH_WEEK = 5,
	GRAIN_QUARTER = 6,
	GRAIN_YEAR = 7,
	/* these count from the period's first day */
	GRAIN_FISCAL_QUARTER = 8,
	GRAIN_4_4_5 = 9,
	GRAIN_4_5_4 = 10,
	GRAIN_5_4_4 = 11
} Grain;

/*
 * A half-open period of whole days: lower is in it, upper is not.
 */
typedef struct Period
{
	DateADT lower;
	DateADT upper;
} Period;

/* The bytes of a range that are kept to know it again. */
#define PERIOD_MEMO_BYTES 32

/*
 * A period argument that was read for an earlier row.  Zeroed, it knows none.
 */
typedef struct PeriodMemo
{
	Period period;
	int size;
	char bytes[PERIOD_MEMO_BYTES];
} PeriodMemo;

extern Period calendar_year_of(DateADT date, const char *argument);
extern Period period_from_range(RangeType *range, const char *argument);
extern bool period_recall(PeriodMemo *memo, Datum range, const char *argument);
extern RangeType *period_to_range(Period period);
extern int period_days(Period period);
extern int64 period_month_parts(Period period);
extern bool period_valid(Period period);
extern char *period_text(Period period);
extern char *date_text(DateADT date);
extern Period period_year_before(Period period);
extern DateADT date_year_before(DateADT date);
extern int dates_sort(DateADT *dates, int count);

extern Grain grain_from_text(text *name);
extern bool grain_find(const char *name, int length, Grain *grain);
extern const char *grain_name(Grain grain);
extern bool grain_valid(int grain);
extern bool grain_nests(Grain fine, Grain coarse);
extern bool grain_anchored(Grain grain);
extern bool grain_by_pattern(Grain grain);
extern bool grain_by_week(Grain grain);
extern bool grain_fits(Grain grain, Period period);
extern int grain_places(Grain grain);

/* Weekdays are numbered from Sunday, 0, to Saturday, 6. */
extern int weekday_find(const char *name, int length);
extern const char *weekday_name(int weekday);

extern void calendar_civil(DateADT date, int *year, int *month, int *day);
extern int month_days(int year, int month);
extern int floor_divide(int dividend, int divisor);
extern DateADT date_of_month(int year, int month);
extern DateADT date_add_months(DateADT date, int months);
extern int date_full_months(DateADT from, DateADT to);

/* For grains of the calendar only: the others have buckets, but no units. */
extern int grain_ordinal(Grain grain, DateADT date);
extern DateADT grain_start(Grain grain, int ordinal);

extern int bucket_count(Grain grain, Period period);
extern int bucket_of(Grain grain, Period period, DateADT date);
extern Period bucket_period(Grain grain, Period period, int bucket);
extern bool bucket_edge(Grain grain, Period period, DateADT date);
extern int bucket_place(Grain grain, Period period, int bucket);
extern bool buckets_nest(Grain fine, Grain coarse, Period period);

/* As bucket_of, for many dates of one period. */
extern int bucket_origin(Grain grain, Period period);
extern int bucket_from(Grain grain, int origin, DateADT date);

#endif /* KAM_CALENDAR_H */
