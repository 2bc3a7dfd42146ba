/*
 * calendar.c
 *		Dates and periods, and the SQL functions that make periods.
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

static const char *const weekday_names[] = {"sun", "mon", "tue", "wed",
											"thu", "fri", "sat"};
static const char *const weekday_long_names[] = {"sunday",	 "monday",
												 "tuesday",	 "wednesday",
												 "thursday", "friday",
												 "saturday"};

/* The names of rules for the end of a fiscal year. */
static const char *const rule_names[] = {"nearest", "last", NULL};

static DateADT year_before(DateADT date, int late_day);
static int date_compare(const void *one, const void *other);
static void need_year_before(DateADT lower);
static int read_weekday(text *name);
static DateADT fiscal_year_end(int year, int month, int weekday, bool nearest);
static bool same_letters(const char *name, int length, const char *english);

/* The last year that people write dates of. */
#define YEAR_MAX 9999

PG_FUNCTION_INFO_V1(kam_closed_period);
PG_FUNCTION_INFO_V1(kam_to_date);
PG_FUNCTION_INFO_V1(kam_prior_year);
PG_FUNCTION_INFO_V1(kam_prior_year_grain);
PG_FUNCTION_INFO_V1(kam_fiscal_year);
PG_FUNCTION_INFO_V1(kam_calendar_year);
PG_FUNCTION_INFO_V1(kam_days_of_year);

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
DateADT
date_of_month(int year, int month)
{
	return date2j(year, month, 1) - POSTGRES_EPOCH_JDATE;
}

/*
 * Division that rounds down, for ordinals before day 0.
 */
int
floor_divide(int dividend, int divisor)
{
	int quotient = dividend / divisor;

	return quotient - (dividend % divisor < 0);
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
 * The day so many months after another: the same day of the month, or the
 * month's last day where it has none such.
 */
DateADT
date_add_months(DateADT date, int months)
{
	int year;
	int month;
	int day;

	calendar_civil(date, &year, &month, &day);
	months += month - 1;
	year += floor_divide(months, 12);
	month = months - floor_divide(months, 12) * 12 + 1;
	return date_of_month(year, month) + Min(day, month_days(year, month)) - 1;
}

/*
 * Full months from one day to a later one.  A month that begins on the 31st
 * ends where a month has no such day with the last one it has.
 */
int
date_full_months(DateADT from, DateADT to)
{
	int first_year, first_month, first_day;
	int year, month, day;
	int months;

	calendar_civil(from, &first_year, &first_month, &first_day);
	calendar_civil(to, &year, &month, &day);
	months = (year - first_year) * 12 + month - first_month;
	if (day < Min(first_day, month_days(year, month)))
		months--;
	return months;
}

/*
 * Whether a name is a lower-case English one, in any case and any locale.
 */
static bool
same_letters(const char *name, int length, const char *english)
{
	if (length != (int) strlen(english))
		return false;
	for (int i = 0; i < length; i++)
		if (pg_ascii_tolower((unsigned char) name[i]) != english[i])
			return false;
	return true;
}

/*
 * The number of a weekday by its English name, whole or three letters of it,
 * in any case; -1 if it is none.
 */
int
weekday_find(const char *name, int length)
{
	for (int i = 0; i < (int) lengthof(weekday_names); i++)
		if (same_letters(name, length, weekday_names[i]) ||
			same_letters(name, length, weekday_long_names[i]))
			return i;
	return -1;
}

/*
 * The short name of a weekday, such as "sun".
 */
const char *
weekday_name(int weekday)
{
	return weekday_names[weekday];
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
 * The length of a period in parts of a month: each calendar month counts by
 * the share of its days that are inside.
 */
int64
period_month_parts(Period period)
{
	int64 parts = 0;
	int months;

	if (period.lower >= period.upper)
		return 0;
	months = bucket_count(GRAIN_MONTH, period);
	for (int i = 0; i < months; i++)
	{
		Period month = bucket_period(GRAIN_MONTH, period, i);
		int year;
		int number;
		int day;

		CHECK_FOR_INTERRUPTS();
		calendar_civil(month.lower, &year, &number, &day);
		parts += (int64) period_days(month) *
				 (MONTH_PARTS / month_days(year, number));
	}
	return parts;
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
	if (grain_anchored(grain))
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("grain \"%s\" counts from the first day of a period, "
					"and here is none",
					grain_name(grain)),
			 errhint(
				 "Use a grain of the calendar, or cut a fiscal year "
				 "with to_date(fiscal_year(on_date, last_month), as_of).")));
	param_count(count, "n", "buckets", 1, PERIOD_MAX_DAYS);
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
 * Refuses a first day of the year before that is no date.
 */
static void
need_year_before(DateADT lower)
{
	if (!IS_VALID_DATE(lower))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("there is no year before the period")));
}

/*
 * The order of two dates, for qsort.
 */
static int
date_compare(const void *one, const void *other)
{
	DateADT a = *(const DateADT *) one;
	DateADT b = *(const DateADT *) other;

	return (a > b) - (a < b);
}

/*
 * Sorts dates and leaves each once.  Returns how many are left.
 */
int
dates_sort(DateADT *dates, int count)
{
	int kept = 0;

	if (count > 1)
		qsort(dates, count, sizeof(DateADT), date_compare);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (kept == 0 || dates[kept - 1] != dates[i])
			dates[kept++] = dates[i];
	}
	return kept;
}

/*
 * A day of the year before; 29 February becomes the 28th.
 */
DateADT
date_year_before(DateADT date)
{
	DateADT before = year_before(date, 28);

	if (!IS_VALID_DATE(before))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("there is no year before %s", date_text(date))));
	return before;
}

/*
 * The same days of the year before.  A first or last day of 29 February
 * becomes the 28th.
 */
Period
period_year_before(Period period)
{
	/* an upper bound of 29 February means that the 28th is the last day */
	Period before = {year_before(period.lower, 28),
					 year_before(period.upper, 29)};

	need_year_before(before.lower);
	return before;
}

/*
 * prior_year(period daterange)
 */
Datum
kam_prior_year(PG_FUNCTION_ARGS)
{
	Period period = period_from_range(PG_GETARG_RANGE_P(0), "period");

	PG_RETURN_RANGE_P(period_to_range(period_year_before(period)));
}

/*
 * prior_year(period daterange, grain text): the period 52 weeks earlier where
 * the grain is one of weeks, else the same days of the year before.
 */
Datum
kam_prior_year_grain(PG_FUNCTION_ARGS)
{
	Period period = period_from_range(PG_GETARG_RANGE_P(0), "period");

	if (!grain_by_week(grain_from_text(PG_GETARG_TEXT_PP(1))))
		PG_RETURN_RANGE_P(period_to_range(period_year_before(period)));
	period.lower -= FISCAL_YEAR_DAYS;
	period.upper -= FISCAL_YEAR_DAYS;
	need_year_before(period.lower);
	PG_RETURN_RANGE_P(period_to_range(period));
}

/*
 * The argument last_weekday.
 */
static int
read_weekday(text *name)
{
	int weekday = weekday_find(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));

	if (weekday < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown last_weekday: \"%s\"", text_to_cstring(name)),
				 errhint("Allowed are \"sun\", \"mon\", \"tue\", \"wed\", "
						 "\"thu\", \"fri\", \"sat\", or the whole English "
						 "names.")));
	return weekday;
}

/*
 * The last day of the fiscal year that ends around a month's end: the weekday
 * nearest to it, before or after, or the last such one in the month.
 */
static DateADT
fiscal_year_end(int year, int month, int weekday, bool nearest)
{
	DateADT month_end =
		date_of_month(year, month) + month_days(year, month) - 1;
	int since = (j2day(month_end + POSTGRES_EPOCH_JDATE) - weekday + 7) % 7;

	return month_end - since + (nearest && since > 3 ? 7 : 0);
}

/*
 * fiscal_year(on_date date, last_month integer, last_weekday text, rule text):
 * the fiscal year by weeks that a day is in.
 */
Datum
kam_fiscal_year(PG_FUNCTION_ARGS)
{
	DateADT on_date = PG_GETARG_DATEADT(0);
	int month = PG_GETARG_INT32(1);
	int weekday = read_weekday(PG_GETARG_TEXT_PP(2));
	bool nearest = param_choice(PG_GETARG_TEXT_PP(3), "rule", rule_names) == 0;
	Period period;
	int year;
	int civil_month;
	int day;

	param_date(on_date, "on_date");
	if (month < 1 || month > 12)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("last_month must be a month, not %d", month),
				 errhint("From 1 (January) to 12 (December) are allowed.")));

	/* no step below may leave the dates that there are */
	if (!IS_VALID_DATE(on_date - 2 * FISCAL_YEAR_MAX_DAYS) ||
		!IS_VALID_DATE(on_date + 2 * FISCAL_YEAR_MAX_DAYS))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("there is no whole fiscal year around on_date "
							   "%s",
							   date_text(on_date))));

	/* the year that ends last before on_date, or first after it */
	calendar_civil(on_date, &year, &civil_month, &day);
	year -= civil_month < month;
	if (fiscal_year_end(year, month, weekday, nearest) < on_date)
		year++;
	period.lower = fiscal_year_end(year - 1, month, weekday, nearest) + 1;
	period.upper = fiscal_year_end(year, month, weekday, nearest) + 1;
	PG_RETURN_RANGE_P(period_to_range(period));
}

/*
 * calendar_year(day date): the calendar year; NULL for days that no calendar
 * of people has.
 */
Datum
kam_calendar_year(PG_FUNCTION_ARGS)
{
	DateADT date = PG_GETARG_DATEADT(0);
	int year;
	int month;
	int day;

	if (!IS_VALID_DATE(date))
		PG_RETURN_NULL();
	calendar_civil(date, &year, &month, &day);
	if (year < 1 || year > YEAR_MAX)
		PG_RETURN_NULL();
	PG_RETURN_INT32(year);
}

/*
 * The days of a calendar year that people write dates of.
 */
static Period
year_period(int year)
{
	Period period;

	period.lower = date_of_month(year, 1);
	period.upper = date_of_month(year + 1, 1);
	return period;
}

/*
 * The calendar year that an argument lies in.
 */
Period
calendar_year_of(DateADT date, const char *argument)
{
	int year;
	int month;
	int day;

	param_date(date, argument);
	calendar_civil(date, &year, &month, &day);
	if (year < 1 || year > YEAR_MAX)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s %s is in no year from 1 to %d", argument,
							   date_text(date), YEAR_MAX),
						errhint("Leave such days out with WHERE.")));
	return year_period(year);
}

/*
 * days_of_year(year integer): the days of a calendar year.
 */
Datum
kam_days_of_year(PG_FUNCTION_ARGS)
{
	int year = PG_GETARG_INT32(0);

	if (year < 1 || year > YEAR_MAX)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("there is no year %d", year),
						errhint("From 1 to %d are allowed.", YEAR_MAX)));
	PG_RETURN_RANGE_P(period_to_range(year_period(year)));
}
