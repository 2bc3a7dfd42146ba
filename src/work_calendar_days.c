/*
 * work_calendar_days.c
 *		What a work_calendar is asked: whether a day is worked, how many are in
 *		a period, and which is the n-th.
 *
 * Days are counted by weeks and a binary search, whatever the length of the
 * period.
 */
#include "kam.h"

#include "params.h"
#include "utils/datetime.h"
#include "work_calendar.h"

static int dates_before(const DateADT *dates, int count, DateADT date);
static int set_size(int weekdays);
static int weekend_days(int weekend, Period period);
static int days_within(const WorkCalendar *calendar, DateADT start,
					   int distance);
static int reach(const WorkCalendar *calendar, DateADT start, int sign,
				 int wanted);
pg_noreturn static void too_few(DateADT start, int32 n);
static bool works(const WorkCalendar *calendar, DateADT date);

PG_FUNCTION_INFO_V1(kam_workdays);
PG_FUNCTION_INFO_V1(kam_is_workday);
PG_FUNCTION_INFO_V1(kam_add_workdays);

/*
 * How many of the sorted dates are before a date.
 */
static int
dates_before(const DateADT *dates, int count, DateADT date)
{
	int low = 0;
	int high = count;

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (dates[middle] < date)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * How many weekdays a set has.
 */
static int
set_size(int weekdays)
{
	int size = 0;

	for (; weekdays != 0; weekdays &= weekdays - 1)
		size++;
	return size;
}

/*
 * How many days of a period fall on the weekdays of a set.
 */
static int
weekend_days(int weekend, Period period)
{
	int days = period_days(period);
	int first = j2day(period.lower + POSTGRES_EPOCH_JDATE);
	int rest;

	/* the set as seen from the first day, of which the rest of a week counts */
	weekend = weekend >> first | weekend << (7 - first);
	rest = weekend & ((1 << days % 7) - 1);
	return days / 7 * set_size(weekend & WEEKDAYS_ALL) + set_size(rest);
}

/*
 * How many days of a period are worked; none of an empty one.
 */
int
work_calendar_days(const WorkCalendar *calendar, Period period)
{
	const DateADT *holidays = calendar->dates;
	const DateADT *workdays = calendar->dates + calendar->holidays;

	if (period.upper <= period.lower)
		return 0;
	return period_days(period) - weekend_days(calendar->weekend, period) -
		   dates_before(holidays, calendar->holidays, period.upper) +
		   dates_before(holidays, calendar->holidays, period.lower) +
		   dates_before(workdays, calendar->workdays, period.upper) -
		   dates_before(workdays, calendar->workdays, period.lower);
}

/*
 * Whether a day is worked.
 */
static bool
works(const WorkCalendar *calendar, DateADT date)
{
	Period day = {.lower = date, .upper = date + 1};

	return work_calendar_days(calendar, day) == 1;
}

/*
 * How many days are worked of those up to a distance: from the start on, or,
 * where the distance is negative, before it.
 */
static int
days_within(const WorkCalendar *calendar, DateADT start, int distance)
{
	Period period = {.lower = Min(start, start + distance),
					 .upper = Max(start, start + distance)};

	return work_calendar_days(calendar, period);
}

/*
 * The smallest distance in one direction within which so many days are worked,
 * or 0 when there is none.
 */
static int
reach(const WorkCalendar *calendar, DateADT start, int sign, int wanted)
{
	int64 room =
		sign > 0 ? (int64) DATE_END_JULIAN - POSTGRES_EPOCH_JDATE - start
				 : (int64) start - (DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE);
	int low = 1;
	int high = (int) Min(room, PERIOD_MAX_DAYS);

	if (days_within(calendar, start, sign * high) < wanted)
		return 0;
	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (days_within(calendar, start, sign * middle) < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * workdays(calendar, period): how many days of the period are worked.
 */
Datum
kam_workdays(PG_FUNCTION_ARGS)
{
	const WorkCalendar *calendar = work_calendar_recall(fcinfo);
	RangeType *range = PG_GETARG_RANGE_P(1);

	if (RangeIsEmpty(range))
		PG_RETURN_INT32(0);
	PG_RETURN_INT32(
		work_calendar_days(calendar, period_from_range(range, "period")));
}

/*
 * is_workday(calendar, on_date): whether the day is worked.
 */
Datum
kam_is_workday(PG_FUNCTION_ARGS)
{
	const WorkCalendar *calendar = work_calendar_recall(fcinfo);
	DateADT date = PG_GETARG_DATEADT(1);

	param_date(date, "on_date");
	PG_RETURN_BOOL(works(calendar, date));
}

/*
 * Reports that the n-th working day is not there.
 */
static void
too_few(DateADT start, int32 n)
{
	char *message =
		n == 0
			? psprintf("there is no working day from %s on", date_text(start))
			: psprintf("there is no working day number %lld %s %s",
					   n < 0 ? -(long long) n : (long long) n,
					   n < 0 ? "before" : "after", date_text(start));

	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg_internal("%s", message),
					errhint("They are looked for within %d days (a hundred "
							"years).",
							PERIOD_MAX_DAYS)));
}

/*
 * add_workdays(calendar, start, n): the n-th working day after the start, or
 * before it where n is negative; for 0 the first one from the start on.
 */
Datum
kam_add_workdays(PG_FUNCTION_ARGS)
{
	const WorkCalendar *calendar = work_calendar_recall(fcinfo);
	DateADT start = PG_GETARG_DATEADT(1);
	int32 n = PG_GETARG_INT32(2);
	int distance = 0;

	param_date(start, "start");
	if (n < 0 && n >= -PERIOD_MAX_DAYS)
		distance = -reach(calendar, start, -1, -n);
	else if (n == 0)
		distance = reach(calendar, start, 1, 1);
	else if (n > 0 && n <= PERIOD_MAX_DAYS)
		distance = reach(calendar, start + 1, 1, n);

	if (distance == 0)
		too_few(start, n);
	if (distance < 0 || n > 0)
		PG_RETURN_DATEADT(start + distance);
	PG_RETURN_DATEADT(start + distance - 1);
}
