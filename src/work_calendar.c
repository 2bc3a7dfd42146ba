/*
 * work_calendar.c
 *		The work_calendar type: its stored form, what it refuses, and the
 *		constructor.
 *
 * A calendar in which every date changes something has one stored form, so
 * what is on a weekend anyway is dropped when it is made.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "kept.h"
#include "miscadmin.h"
#include "params.h"
#include "utils/datetime.h"
#include "work_calendar.h"

const char *const calendar_list_names[] = {"holidays", "workdays"};

static bool on_weekend(int weekend, DateADT date);
static void drop_idle(CalendarDraft *draft, int list);
static void gather_array(CalendarDraft *draft, int list, ArrayType *array);

PG_FUNCTION_INFO_V1(kam_work_calendar_make);

/*
 * Whether a date's weekday is in the set.
 */
static bool
on_weekend(int weekend, DateADT date)
{
	return (weekend >> j2day(date + POSTGRES_EPOCH_JDATE) & 1) != 0;
}

/*
 * Whether the bytes of a calendar may be believed.  In one that is finished
 * every date changes something; the state of an aggregate has all it was given.
 */
bool
work_calendar_sound(const WorkCalendar *calendar, bool finished)
{
	int64 count;

	if (VARSIZE(calendar) < WORK_CALENDAR_HEADER ||
		calendar->version != WORK_CALENDAR_VERSION ||
		(calendar->weekend & ~WEEKDAYS_ALL) != 0 || calendar->reserved != 0 ||
		calendar->holidays < 0 ||
		calendar->holidays > WORK_CALENDAR_MAX_DATES ||
		calendar->workdays < 0 || calendar->workdays > WORK_CALENDAR_MAX_DATES)
		return false;
	count = (int64) calendar->holidays + calendar->workdays;
	if (VARSIZE(calendar) != WORK_CALENDAR_HEADER + count * sizeof(DateADT))
		return false;

	for (int i = 0; i < count; i++)
	{
		DateADT date = calendar->dates[i];

		CHECK_FOR_INTERRUPTS();
		if (!IS_VALID_DATE(date) ||
			(i > 0 && i != calendar->holidays &&
			 calendar->dates[i - 1] >= date) ||
			(finished &&
			 on_weekend(calendar->weekend, date) != (i >= calendar->holidays)))
			return false;
	}
	return true;
}

/*
 * A calendar with a whole header of its own, checked.
 */
WorkCalendar *
work_calendar_from_datum(Datum datum)
{
	WorkCalendar *calendar = (WorkCalendar *) PG_DETOAST_DATUM(datum);

	if (!work_calendar_sound(calendar, true))
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("invalid work_calendar of %d bytes",
							   (int) VARSIZE(calendar))));
	return calendar;
}

/*
 * The calendar in argument 0.  It is checked when it is another than at the
 * call before, and the call site's memory holds nothing else.
 */
const WorkCalendar *
work_calendar_recall(FunctionCallInfo fcinfo)
{
	struct varlena **kept = kept_memory(fcinfo, sizeof(struct varlena *));
	struct varlena *given = PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(0));
	struct varlena *copy;

	if (*kept == NULL || !kept_same(*kept, given))
	{
		copy = kept_copy(fcinfo->flinfo->fn_mcxt, given);
		work_calendar_from_datum(PointerGetDatum(copy));
		if (*kept != NULL)
			pfree(*kept);
		*kept = copy;
	}
	return (const WorkCalendar *) *kept;
}

/*
 * The problem of a list with too many dates; always false.
 */
bool
work_calendar_too_long(int list, Problem *problem)
{
	return problem_is(
		problem, ERRCODE_INVALID_PARAMETER_VALUE,
		psprintf("a work_calendar has more than %d %s", WORK_CALENDAR_MAX_DATES,
				 calendar_list_names[list]),
		psprintf("At most %d are allowed, a hundred years of days.",
				 WORK_CALENDAR_MAX_DATES));
}

/*
 * Adds the days from first to last to a list of a draft; false, and the
 * problem, when they are too many.
 */
bool
work_calendar_gather(CalendarDraft *draft, int list, DateADT first,
					 DateADT last, Problem *problem)
{
	DateList *dates = &draft->lists[list];

	if ((int64) last - first >= WORK_CALENDAR_MAX_DATES - dates->count)
		return work_calendar_too_long(list, problem);
	if (dates->dates == NULL)
	{
		dates->room = 16;
		dates->dates = palloc(sizeof(DateADT) * dates->room);
	}
	if (dates->room <= dates->count + (last - first))
	{
		dates->room = Max(dates->room * 2, dates->count + (last - first) + 1);
		dates->dates = repalloc(dates->dates, sizeof(DateADT) * dates->room);
	}
	for (DateADT date = first; date <= last; date++)
		dates->dates[dates->count++] = date;
	return true;
}

/*
 * Whether no date is in both lists of a draft, which are sorted; otherwise
 * there is a problem.
 */
bool
work_calendar_apart(const CalendarDraft *draft, Problem *problem)
{
	const DateList *holidays = &draft->lists[HOLIDAYS];
	const DateList *workdays = &draft->lists[WORKDAYS];
	int i = 0;
	int j = 0;

	while (i < holidays->count && j < workdays->count)
	{
		CHECK_FOR_INTERRUPTS();
		if (holidays->dates[i] == workdays->dates[j])
		{
			return problem_is(problem, ERRCODE_INVALID_PARAMETER_VALUE,
							  psprintf("%s is both a holiday and a workday",
									   date_text(holidays->dates[i])),
							  "Leave it out of one of them.");
		}
		if (holidays->dates[i] < workdays->dates[j])
			i++;
		else
			j++;
	}
	return true;
}

/*
 * Drops the dates of a list that change nothing: holidays on a weekend day and
 * workdays on another.
 */
static void
drop_idle(CalendarDraft *draft, int list)
{
	DateList *dates = &draft->lists[list];
	int kept = 0;

	for (int i = 0; i < dates->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (on_weekend(draft->weekend, dates->dates[i]) == (list == WORKDAYS))
			dates->dates[kept++] = dates->dates[i];
	}
	dates->count = kept;
}

/*
 * Brings the dates of a draft into the order of the stored form; false, and
 * the problem, when they make no calendar.
 */
bool
work_calendar_accept(CalendarDraft *draft, Problem *problem)
{
	draft->lists[HOLIDAYS].count =
		dates_sort(draft->lists[HOLIDAYS].dates, draft->lists[HOLIDAYS].count);
	draft->lists[WORKDAYS].count =
		dates_sort(draft->lists[WORKDAYS].dates, draft->lists[WORKDAYS].count);
	if (!work_calendar_apart(draft, problem))
		return false;
	drop_idle(draft, HOLIDAYS);
	drop_idle(draft, WORKDAYS);
	return true;
}

/*
 * The stored form of a draft whose lists are sorted.
 */
WorkCalendar *
work_calendar_build(const CalendarDraft *draft)
{
	const DateList *holidays = &draft->lists[HOLIDAYS];
	const DateList *workdays = &draft->lists[WORKDAYS];
	Size size = WORK_CALENDAR_HEADER +
				sizeof(DateADT) * (holidays->count + workdays->count);
	WorkCalendar *calendar = palloc0(size);

	SET_VARSIZE(calendar, size);
	calendar->version = WORK_CALENDAR_VERSION;
	calendar->weekend = (uint8) draft->weekend;
	calendar->holidays = holidays->count;
	calendar->workdays = workdays->count;
	if (holidays->count > 0)
		memcpy(calendar->dates, holidays->dates,
			   sizeof(DateADT) * holidays->count);
	if (workdays->count > 0)
		memcpy(calendar->dates + holidays->count, workdays->dates,
			   sizeof(DateADT) * workdays->count);
	return calendar;
}

/*
 * The set of weekdays that an array names; an empty one names none.
 */
int
weekend_from_array(ArrayType *names)
{
	Datum *elements;
	int weekend = 0;
	int count = 0;

	if (ArrayGetNItems(ARR_NDIM(names), ARR_DIMS(names)) > 0)
		count = param_array(names, "weekend", TEXTOID, 7, &elements);
	for (int i = 0; i < count; i++)
	{
		text *name = DatumGetTextPP(elements[i]);
		int day = weekday_find(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));

		CHECK_FOR_INTERRUPTS();
		if (day < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("unknown weekday: \"%.*s\"",
							(int) VARSIZE_ANY_EXHDR(name), VARDATA_ANY(name)),
					 errhint("Allowed are mon, tue, wed, thu, fri, sat "
							 "and sun, or their full names.")));
		weekend |= 1 << day;
	}
	return weekend;
}

/*
 * Adds an array of dates, which may be empty, to a list of a draft.
 */
static void
gather_array(CalendarDraft *draft, int list, ArrayType *array)
{
	Problem problem;
	Datum *elements;
	int count = 0;

	if (ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) > 0)
		count = param_array(array, calendar_list_names[list], DATEOID,
							WORK_CALENDAR_MAX_DATES, &elements);
	for (int i = 0; i < count; i++)
	{
		DateADT date = DatumGetDateADT(elements[i]);

		CHECK_FOR_INTERRUPTS();
		param_date(date, calendar_list_names[list]);
		if (!work_calendar_gather(draft, list, date, date, &problem))
			problem_refuse(&problem);
	}
}

/*
 * work_calendar(weekend, holidays, workdays): a calendar from arrays; NULL
 * holidays and workdays are none.
 */
Datum
kam_work_calendar_make(PG_FUNCTION_ARGS)
{
	CalendarDraft draft = {0};
	Problem problem;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	draft.weekend = weekend_from_array(PG_GETARG_ARRAYTYPE_P(0));
	if (!PG_ARGISNULL(1))
		gather_array(&draft, HOLIDAYS, PG_GETARG_ARRAYTYPE_P(1));
	if (!PG_ARGISNULL(2))
		gather_array(&draft, WORKDAYS, PG_GETARG_ARRAYTYPE_P(2));
	if (!work_calendar_accept(&draft, &problem))
		problem_refuse(&problem);
	PG_RETURN_POINTER(work_calendar_build(&draft));
}
