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
	GRAIN_YEAR = 7
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

extern Period period_from_range(RangeType *range, const char *argument);
extern bool period_recall(PeriodMemo *memo, Datum range, const char *argument);
extern RangeType *period_to_range(Period period);
extern int period_days(Period period);
extern bool period_valid(Period period);
extern char *period_text(Period period);
extern char *date_text(DateADT date);

extern Grain grain_from_text(text *name);
extern bool grain_find(const char *name, int length, Grain *grain);
extern const char *grain_name(Grain grain);
extern bool grain_valid(int grain);
extern bool grain_nests(Grain fine, Grain coarse);

extern void calendar_civil(DateADT date, int *year, int *month, int *day);
extern int month_days(int year, int month);
extern int grain_ordinal(Grain grain, DateADT date);

extern int bucket_count(Grain grain, Period period);
extern Period bucket_period(Grain grain, Period period, int bucket);
extern bool bucket_edge(Grain grain, Period period, DateADT date);

#endif /* KAM_CALENDAR_H */
