/*
 * calendar.c
 *		Periods, grains and buckets, and the SQL functions that make periods.
 *
 * A grain numbers its calendar units over all time (its ordinal); a bucket is
 * the unit's ordinal less that of the period's first day, so finding one needs
 * arithmetic only and no table.
 */
#include "kam.h"

#include "calendar.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "params.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/typcache.h"

/* Days from 1 March of the year 0 to 1 January 2000, PostgreSQL's day 0. */
#define DAYS_TO_EPOCH 730425
#define DAYS_PER_ERA 146097
#define YEARS_PER_ERA 400

/* The first Sunday and Monday since day 0, a Saturday. */
#define FIRST_SUNDAY 1
#define FIRST_MONDAY 2

/* The names of grains, each at its number less one. */
static const char *const grain_names[] = {"day",   "week",		 "week-sunday",
										  "month", "month-week", "quarter",
										  "year",  NULL};

static DateADT date_of_month(int year, int month);
static DateADT grain_start(Grain grain, int ordinal);
static DateADT year_before(DateADT date, int late_day);
static int floor_divide(int dividend, int divisor);

PG_FUNCTION_INFO_V1(kam_closed_period);
PG_FUNCTION_INFO_V1(kam_to_date);
PG_FUNCTION_INFO_V1(kam_prior_year);

/*
 * Division that rounds down, for ordinals before day 0.
 */
static int
floor_divide(int dividend, int divisor)
{
	int quotient = dividend / divisor;

	return quotient - (dividend % divisor < 0);
}

/*
 * The year, month and day of a date in the proleptic Gregorian calendar, by
 * counting from 1 March so that the leap day ends the year.
 */
void
calendar_civil(DateADT date, int *year, int *month, int *day)
{
	int64 shifted = (int64) date + DAYS_TO_EPOCH;
	int era = (int) ((shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) /
					 DAYS_PER_ERA);
	int day_of_era = (int) (shifted - (int64) era * DAYS_PER_ERA);
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
					   day_of_era / 146096) /
					  365;
	int day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int march_month = (5 * day_of_year + 2) / 153;

	*day = day_of_year - (153 * march_month + 2) / 5 + 1;
	*month = march_month < 10 ? march_month + 3 : march_month - 9;
	*year = year_of_era + era * YEARS_PER_ERA + (*month <= 2);
}

/*
 * The first day of a month.
 */
static DateADT
date_of_month(int year, int month)
{
	return date2j(year, month, 1) - POSTGRES_EPOCH_JDATE;
}

/*
 * How many days a month has.
 */
int
month_days(int year, int month)
{
	return day_tab[isleap(year)][month - 1];
}

/*
 * Whether a stored period may be believed: not empty, not too long, and made
 * of dates that exist.
 */
bool
period_valid(Period period)
{
	return IS_VALID_DATE(period.lower) && IS_VALID_DATE(period.upper) &&
		   period.upper > period.lower &&
		   (int64) period.upper - period.lower <= PERIOD_MAX_DAYS;
}

/*
 * Reads a daterange as a period; refuses what has no first or last day, is
 * empty, or is longer than a hundred years.
 */
Period
period_from_range(RangeType *range, const char *argument)
{
	TypeCacheEntry *typcache =
		lookup_type_cache(RangeTypeGetOid(range), TYPECACHE_RANGE_INFO);
	RangeBound lower;
	RangeBound upper;
	bool empty;
	Period period;

	range_deserialize(typcache, range, &lower, &upper, &empty);
	if (empty)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must not be an empty range", argument),
						errhint("A period has at least one day, like "
								"[2026-01-01,2027-01-01).")));
	period.lower = DatumGetDateADT(lower.val);
	period.upper = DatumGetDateADT(upper.val);
	if (lower.infinite || upper.infinite || DATE_NOT_FINITE(period.lower) ||
		DATE_NOT_FINITE(period.upper))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must have a first and a last day", argument),
						errhint("Give both bounds, like "
								"[2026-01-01,2027-01-01).")));
	if (!period_valid(period))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is %lld days long", argument,
						(long long) period.upper - period.lower),
				 errhint("At most %d days (a hundred years) are allowed.",
						 PERIOD_MAX_DAYS)));
	return period;
}

/*
 * Reads a daterange into a memo, unless it is the one that the memo has.
 * Returns whether it was.
 */
bool
period_recall(PeriodMemo *memo, Datum range, const char *argument)
{
	struct varlena *stored = PG_DETOAST_DATUM_PACKED(range);
	int size = VARSIZE_ANY_EXHDR(stored);

	if (memo->size == size &&
		memcmp(memo->bytes, VARDATA_ANY(stored), size) == 0)
		return true;

	memo->size = 0;
	memo->period = period_from_range(DatumGetRangeTypeP(range), argument);
	if (size <= PERIOD_MEMO_BYTES)
	{
		memo->size = size;
		memcpy(memo->bytes, VARDATA_ANY(stored), size);
	}
	return false;
}

/*
 * A period as a daterange.
 */
RangeType *
period_to_range(Period period)
{
	RangeBound lower = {.val = DateADTGetDatum(period.lower),
						.infinite = false,
						.inclusive = true,
						.lower = true};
	RangeBound upper = {.val = DateADTGetDatum(period.upper),
						.infinite = false,
						.inclusive = false,
						.lower = false};

	return kam_make_range(lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO),
						  &lower, &upper);
}

/*
 * How many days a period has.
 */
int
period_days(Period period)
{
	return period.upper - period.lower;
}

/*
 * A date in ISO form, whatever DateStyle says.
 */
char *
date_text(DateADT date)
{
	struct pg_tm tm = {0};
	char *text = palloc(MAXDATELEN + 1);

	j2date(date + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	EncodeDateOnly(&tm, USE_ISO_DATES, text);
	return text;
}

/*
 * A period as text, in ISO form.
 */
char *
period_text(Period period)
{
	return psprintf("[%s,%s)", date_text(period.lower),
					date_text(period.upper));
}

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
	return grain >= GRAIN_DAY && grain <= GRAIN_YEAR;
}

/*
 * Whether buckets of the fine grain always make up whole ones of the coarse.
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
	}
	elog(ERROR, "unknown grain %d", (int) grain);
}

/*
 * The first day of the calendar unit with this number.
 */
static DateADT
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
	}
	elog(ERROR, "unknown grain %d", (int) grain);
}

/*
 * How many buckets a grain cuts a period into.
 */
int
bucket_count(Grain grain, Period period)
{
	return grain_ordinal(grain, period.upper - 1) -
		   grain_ordinal(grain, period.lower) + 1;
}

/*
 * The days of a bucket, clipped to the period.
 */
Period
bucket_period(Grain grain, Period period, int bucket)
{
	int ordinal = grain_ordinal(grain, period.lower) + bucket;
	Period days;

	days.lower = Max(period.lower, grain_start(grain, ordinal));
	days.upper = Min(period.upper, grain_start(grain, ordinal + 1));
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
			grain_start(grain, grain_ordinal(grain, date)) == date);
}

/*
 * closed_period(as_of date, n integer, grain text): the last n buckets that
 * were complete at the end of the day as_of.
 */
Datum
kam_closed_period(PG_FUNCTION_ARGS)
{
	DateADT as_of = PG_GETARG_DATEADT(0);
	int32 count = PG_GETARG_INT32(1);
	Grain grain = grain_from_text(PG_GETARG_TEXT_PP(2));
	int next;
	Period period;

	param_date(as_of, "as_of");
	if (count < 1 || count > PERIOD_MAX_DAYS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("n must be a number of buckets, not %d", count),
						errhint("From 1 to %d are allowed.", PERIOD_MAX_DAYS)));
	if (!IS_VALID_DATE(as_of + 1))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("as_of is the last day there is")));

	next = grain_ordinal(grain, as_of + 1);
	period.upper = grain_start(grain, next);
	period.lower = grain_start(grain, next - count);
	if (!period_valid(period))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("n is %d, but so many buckets of grain \"%s\" reach "
						"too far back",
						count, grain_name(grain)),
				 errhint("At most %d days (a hundred years) are allowed.",
						 PERIOD_MAX_DAYS)));
	PG_RETURN_RANGE_P(period_to_range(period));
}

/*
 * to_date(period daterange, as_of date): the part of the period up to and
 * with as_of; NULL when the period has not started.
 */
Datum
kam_to_date(PG_FUNCTION_ARGS)
{
	Period period = period_from_range(PG_GETARG_RANGE_P(0), "period");
	DateADT as_of = PG_GETARG_DATEADT(1);

	param_date(as_of, "as_of");
	if (as_of < period.lower)
		PG_RETURN_NULL();
	if (as_of < period.upper)
		period.upper = as_of + 1;
	PG_RETURN_RANGE_P(period_to_range(period));
}

/*
 * The same day a year earlier; where that year has no 29 February, the given
 * day of its February counts (29 is the day after the 28th).
 */
static DateADT
year_before(DateADT date, int late_day)
{
	int year;
	int month;
	int day;

	calendar_civil(date, &year, &month, &day);
	if (month == 2 && day == 29)
		day = late_day;
	return date_of_month(year - 1, month) + day - 1;
}

/*
 * prior_year(period daterange): the same days of the year before.  A first or
 * last day of 29 February becomes the 28th.
 */
Datum
kam_prior_year(PG_FUNCTION_ARGS)
{
	Period period = period_from_range(PG_GETARG_RANGE_P(0), "period");

	/* an upper bound of 29 February means that the 28th is the last day */
	period.lower = year_before(period.lower, 28);
	period.upper = year_before(period.upper, 29);
	if (!IS_VALID_DATE(period.lower))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("there is no year before the period")));
	PG_RETURN_RANGE_P(period_to_range(period));
}
