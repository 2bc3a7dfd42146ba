/*
 * grain.c
 *		Grains, and the buckets that they cut a period into.
 *
 * A calendar grain numbers its units over all time (the ordinal); a bucket is
 * the unit's ordinal less that of the period's first day.  An anchored grain
 * counts from the period's first day.  Either way, finding a bucket needs
 * arithmetic only and no table.
 */
#include "kam.h"

#include "calendar.h"
#include "miscadmin.h"
#include "params.h"
#include "utils/datetime.h"

/* The first Sunday and Monday since day 0, a Saturday. */
#define FIRST_SUNDAY 1
#define FIRST_MONDAY 2

/* A fiscal year by weeks: four quarters of 13, and perhaps a 53rd week. */
#define WEEKS_IN_QUARTER 13
#define WEEKS_IN_YEAR 52
#define BUCKETS_IN_QUARTER 3
#define BUCKETS_IN_YEAR 12

/* The names of grains, each at its number less one. */
static const char *const grain_names[] = {
	"day",	"week",			  "week-sunday", "month", "month-week", "quarter",
	"year", "fiscal-quarter", "4-4-5",		 "4-5-4", "5-4-4",		NULL};

static const int *week_pattern(Grain grain);
static int week_bucket(Grain grain, int week);
static DateADT week_bucket_start(Grain grain, DateADT first, int bucket);
static int fiscal_quarter(DateADT first, DateADT date);
static DateADT bucket_start(Grain grain, int origin, int bucket);

/*
 * The grain that a name stands for.
 */
Grain
grain_from_text(text *name)
{
	return (Grain) (GRAIN_DAY + param_choice(name, "grain", grain_names));
}

/*
 * The same for a name that may be anything; false if it is no grain's.
 */
bool
grain_find(const char *name, int length, Grain *grain)
{
	int place = param_find(name, length, grain_names);

	*grain = (Grain) (GRAIN_DAY + place);
	return place >= 0;
}

/*
 * The name of a grain.
 */
const char *
grain_name(Grain grain)
{
	return grain_names[grain - GRAIN_DAY];
}

/*
 * Whether a stored number is a grain.
 */
bool
grain_valid(int grain)
{
	return grain >= GRAIN_DAY && grain <= GRAIN_5_4_4;
}

/*
 * Whether a grain counts from the period's first day.
 */
bool
grain_anchored(Grain grain)
{
	return grain >= GRAIN_FISCAL_QUARTER;
}

/*
 * Whether a grain is a pattern of weeks over one fiscal year.
 */
bool
grain_by_pattern(Grain grain)
{
	return grain >= GRAIN_4_4_5;
}

/*
 * Whether a grain's buckets are whole weeks, so that years compare by weeks.
 */
bool
grain_by_week(Grain grain)
{
	return grain == GRAIN_WEEK || grain == GRAIN_WEEK_SUNDAY ||
		   grain_by_pattern(grain);
}

/*
 * Whether a grain can cut a period of this length.
 */
bool
grain_fits(Grain grain, Period period)
{
	return !grain_by_pattern(grain) ||
		   period_days(period) <= FISCAL_YEAR_MAX_DAYS;
}

/*
 * Whether buckets of the fine grain make up whole ones of the coarse in any
 * period.
 */
bool
grain_nests(Grain fine, Grain coarse)
{
	if (fine == coarse || fine == GRAIN_DAY)
		return true;
	switch (fine)
	{
		case GRAIN_MONTH_WEEK:
			return coarse == GRAIN_MONTH || coarse == GRAIN_QUARTER ||
				   coarse == GRAIN_YEAR;
		case GRAIN_MONTH:
			return coarse == GRAIN_QUARTER || coarse == GRAIN_YEAR;
		case GRAIN_QUARTER:
			return coarse == GRAIN_YEAR;
		default:
			return false;
	}
}

/*
 * The number of the calendar unit that a date is in.
 */
int
grain_ordinal(Grain grain, DateADT date)
{
	int year;
	int month;
	int day;

	switch (grain)
	{
		case GRAIN_DAY:
			return date;
		case GRAIN_WEEK:
			return floor_divide(date - FIRST_MONDAY, 7);
		case GRAIN_WEEK_SUNDAY:
			return floor_divide(date - FIRST_SUNDAY, 7);
		case GRAIN_MONTH:
			calendar_civil(date, &year, &month, &day);
			return year * 12 + month - 1;
		case GRAIN_MONTH_WEEK:
			calendar_civil(date, &year, &month, &day);
			return (year * 12 + month - 1) * 4 + Min((day - 1) / 7, 3);
		case GRAIN_QUARTER:
			calendar_civil(date, &year, &month, &day);
			return year * 4 + (month - 1) / 3;
		case GRAIN_YEAR:
			calendar_civil(date, &year, &month, &day);
			return year;
		default:
			elog(ERROR, "grain %d is not one of the calendar", (int) grain);
	}
}

/*
 * The first day of the calendar unit with this number.
 */
DateADT
grain_start(Grain grain, int ordinal)
{
	int year;

	switch (grain)
	{
		case GRAIN_DAY:
			return ordinal;
		case GRAIN_WEEK:
			return ordinal * 7 + FIRST_MONDAY;
		case GRAIN_WEEK_SUNDAY:
			return ordinal * 7 + FIRST_SUNDAY;
		case GRAIN_MONTH:
			year = floor_divide(ordinal, 12);
			return date_of_month(year, ordinal - year * 12 + 1);
		case GRAIN_MONTH_WEEK:
			year = floor_divide(ordinal, 48);
			ordinal -= year * 48;
			return date_of_month(year, ordinal / 4 + 1) + ordinal % 4 * 7;
		case GRAIN_QUARTER:
			year = floor_divide(ordinal, 4);
			return date_of_month(year, (ordinal - year * 4) * 3 + 1);
		case GRAIN_YEAR:
			return date_of_month(ordinal, 1);
		default:
			elog(ERROR, "grain %d is not one of the calendar", (int) grain);
	}
}

/*
 * The weeks of a quarter that begin its buckets.
 */
static const int *
week_pattern(Grain grain)
{
	static const int patterns[][BUCKETS_IN_QUARTER] = {{0, 4, 8},
													   {0, 4, 9},
													   {0, 5, 9}};

	return patterns[grain - GRAIN_4_4_5];
}

/*
 * The bucket that a week of a fiscal year is in.  A 53rd week belongs to the
 * last one.
 */
static int
week_bucket(Grain grain, int week)
{
	const int *pattern = week_pattern(grain);
	int quarter = Min(week, WEEKS_IN_YEAR - 1) / WEEKS_IN_QUARTER;

	week -= quarter * WEEKS_IN_QUARTER;
	return quarter * BUCKETS_IN_QUARTER + (week >= pattern[1]) +
		   (week >= pattern[2]);
}

/*
 * The first day of a bucket in a pattern of weeks; there is no thirteenth.
 */
static DateADT
week_bucket_start(Grain grain, DateADT first, int bucket)
{
	if (bucket >= BUCKETS_IN_YEAR)
		return DATEVAL_NOEND;
	return first + 7 * (bucket / BUCKETS_IN_QUARTER * WEEKS_IN_QUARTER +
						week_pattern(grain)[bucket % BUCKETS_IN_QUARTER]);
}

/*
 * The number of three months' time, counted from the first day, that a date
 * is in.
 */
static int
fiscal_quarter(DateADT first, DateADT date)
{
	int first_year;
	int first_month;
	int first_day;
	int year;
	int month;
	int day;
	int months;

	calendar_civil(first, &first_year, &first_month, &first_day);
	calendar_civil(date, &year, &month, &day);
	months = (year - first_year) * 12 + month - first_month;
	if (day < Min(first_day, month_days(year, month)))
		months--;
	return months / 3;
}

/*
 * What bucket_from counts from: it means something to that function only.
 */
int
bucket_origin(Grain grain, Period period)
{
	return grain_anchored(grain) ? period.lower
								 : grain_ordinal(grain, period.lower);
}

/*
 * The bucket, counted from 0, that a day of the period is in, by the period's
 * origin.
 */
int
bucket_from(Grain grain, int origin, DateADT date)
{
	if (!grain_anchored(grain))
		return grain_ordinal(grain, date) - origin;
	if (grain == GRAIN_FISCAL_QUARTER)
		return fiscal_quarter(origin, date);
	return week_bucket(grain, (date - origin) / 7);
}

/*
 * The first day that a bucket has if it is whole.
 */
static DateADT
bucket_start(Grain grain, int origin, int bucket)
{
	if (!grain_anchored(grain))
		return grain_start(grain, origin + bucket);
	if (grain == GRAIN_FISCAL_QUARTER)
		return date_add_months(origin, 3 * bucket);
	return week_bucket_start(grain, origin, bucket);
}

/*
 * The bucket, counted from 0, that a day of the period is in.
 */
int
bucket_of(Grain grain, Period period, DateADT date)
{
	return bucket_from(grain, bucket_origin(grain, period), date);
}

/*
 * How many buckets a grain cuts a period into; refuses a period that is too
 * long for the grain.
 */
int
bucket_count(Grain grain, Period period)
{
	if (!grain_fits(grain, period))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("period is %d days long, too many for grain \"%s\"",
						period_days(period), grain_name(grain)),
				 errhint("The grain cuts one fiscal year of 52 or 53 weeks, at "
						 "most %d days; fiscal_year() makes such a period.",
						 FISCAL_YEAR_MAX_DAYS)));
	return bucket_of(grain, period, period.upper - 1) + 1;
}

/*
 * The days of a bucket, clipped to the period.
 */
Period
bucket_period(Grain grain, Period period, int bucket)
{
	int origin = bucket_origin(grain, period);
	Period days;

	days.lower = Max(period.lower, bucket_start(grain, origin, bucket));
	days.upper = Min(period.upper, bucket_start(grain, origin, bucket + 1));
	return days;
}

/*
 * Whether a date is the first day of a bucket or the day after the last.
 */
bool
bucket_edge(Grain grain, Period period, DateADT date)
{
	return date == period.lower || date == period.upper ||
		   (date > period.lower && date < period.upper &&
			bucket_period(grain, period, bucket_of(grain, period, date))
					.lower == date);
}

/*
 * Whether buckets of the fine grain make up whole ones of the coarse in this
 * period.
 */
bool
buckets_nest(Grain fine, Grain coarse, Period period)
{
	int count;

	if (grain_nests(fine, coarse))
		return true;
	if (!grain_anchored(fine) && !grain_anchored(coarse))
		return false;

	count = bucket_count(coarse, period);
	for (int i = 1; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!bucket_edge(fine, period, bucket_period(coarse, period, i).lower))
			return false;
	}
	return true;
}

/*
 * How many places the buckets of a grain have in the year; 0 where they have
 * no fixed ones.
 */
int
grain_places(Grain grain)
{
	switch (grain)
	{
		case GRAIN_QUARTER:
		case GRAIN_FISCAL_QUARTER:
			return 4;
		case GRAIN_MONTH:
		case GRAIN_4_4_5:
		case GRAIN_4_5_4:
		case GRAIN_5_4_4:
			return 12;
		case GRAIN_MONTH_WEEK:
			return 48;
		case GRAIN_WEEK:
			return GRAIN_PLACES_MAX;
		default:
			return 0;
	}
}

/*
 * The place of a bucket in its year, from 0: weeks by ISO 8601, buckets of an
 * anchored grain from the period's first day.
 */
int
bucket_place(Grain grain, Period period, int bucket)
{
	int places = grain_places(grain);
	int year;
	int month;
	int day;

	if (grain_anchored(grain))
		return bucket % places;
	if (grain != GRAIN_WEEK)
	{
		int ordinal = bucket_origin(grain, period) + bucket;

		return ordinal - floor_divide(ordinal, places) * places;
	}
	calendar_civil(bucket_period(grain, period, bucket).lower, &year, &month,
				   &day);
	return date2isoweek(year, month, day) - 1;
}
