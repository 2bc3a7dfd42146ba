/*
 * work_calendar_aggregate.c
 *		Building a work_calendar from the rows of a holiday table.
 *
 * The state has the layout of a calendar but keeps all dates, so that a day
 * which is both a holiday and a workday is found in whatever order the rows
 * come.
 */
#include "kam.h"

#include "miscadmin.h"
#include "params.h"
#include "work_calendar.h"

static WorkCalendar *state_from_datum(Datum datum);
static CalendarDraft state_draft(WorkCalendar *state);
static void same_weekend(int one, int other);
static bool has_date(const DateList *list, DateADT date);
static bool merge_dates(const DateList *one, const DateList *other,
						DateList *merged);
static WorkCalendar *merge(const CalendarDraft *one,
						   const CalendarDraft *other);

PG_FUNCTION_INFO_V1(kam_work_calendar_accumulate);
PG_FUNCTION_INFO_V1(kam_work_calendar_combine);
PG_FUNCTION_INFO_V1(kam_work_calendar_final);

/*
 * A state, which anybody can make by hand and so is checked.
 */
static WorkCalendar *
state_from_datum(Datum datum)
{
	WorkCalendar *state = (WorkCalendar *) PG_DETOAST_DATUM(datum);

	if (!work_calendar_sound(state, false))
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("malformed state of work_calendar_agg: %d bytes",
							   (int) VARSIZE(state))));
	return state;
}

/*
 * A draft that looks into a state.
 */
static CalendarDraft
state_draft(WorkCalendar *state)
{
	CalendarDraft draft = {.weekend = state->weekend};

	draft.lists[HOLIDAYS].dates = state->dates;
	draft.lists[HOLIDAYS].count = state->holidays;
	draft.lists[WORKDAYS].dates = state->dates + state->holidays;
	draft.lists[WORKDAYS].count = state->workdays;
	return draft;
}

/*
 * Refuses rows of one group with different weekends.
 */
static void
same_weekend(int one, int other)
{
	StringInfoData texts[2];

	if (one == other)
		return;
	for (int i = 0; i < 2; i++)
	{
		initStringInfo(&texts[i]);
		weekend_show(&texts[i], i == 0 ? one : other, "");
	}
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("weekend must be the same in all rows of a group"),
					errdetail("It is {%s} in one row, and {%s} in another.",
							  texts[0].data, texts[1].data),
					errhint("Add the country to GROUP BY.")));
}

/*
 * Whether a sorted list has a date.
 */
static bool
has_date(const DateList *list, DateADT date)
{
	int low = 0;
	int high = list->count;

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (list->dates[middle] < date)
			low = middle + 1;
		else
			high = middle;
	}
	return low < list->count && list->dates[low] == date;
}

/*
 * The dates of two sorted lists in one; false when they are too many.
 */
static bool
merge_dates(const DateList *one, const DateList *other, DateList *merged)
{
	int i = 0;
	int j = 0;

	merged->room = Max(one->count + other->count, 1);
	merged->dates = palloc(sizeof(DateADT) * merged->room);
	merged->count = 0;
	while (i < one->count || j < other->count)
	{
		CHECK_FOR_INTERRUPTS();
		if (j == other->count ||
			(i < one->count && one->dates[i] < other->dates[j]))
			merged->dates[merged->count++] = one->dates[i++];
		else
		{
			if (i < one->count && one->dates[i] == other->dates[j])
				i++;
			merged->dates[merged->count++] = other->dates[j++];
		}
	}
	return merged->count <= WORK_CALENDAR_MAX_DATES;
}

/*
 * The state with the dates of two.
 */
static WorkCalendar *
merge(const CalendarDraft *one, const CalendarDraft *other)
{
	CalendarDraft merged = {.weekend = one->weekend};
	Problem problem;
	WorkCalendar *state;
	bool sound = true;

	for (int list = HOLIDAYS; sound && list <= WORKDAYS; list++)
		if (!merge_dates(&one->lists[list], &other->lists[list],
						 &merged.lists[list]))
			sound = work_calendar_too_long(list, &problem);
	if (!sound || !work_calendar_apart(&merged, &problem))
		problem_refuse(&problem);
	state = work_calendar_build(&merged);
	pfree(merged.lists[HOLIDAYS].dates);
	pfree(merged.lists[WORKDAYS].dates);
	return state;
}

/*
 * Transition of work_calendar_agg(weekend, holiday) and (weekend, day, works):
 * adds a holiday, or a workday where works is true.  A row without a weekend
 * is left out; one without a day, or without works, gives its weekend only.
 */
Datum
kam_work_calendar_accumulate(PG_FUNCTION_ARGS)
{
	WorkCalendar *state = NULL;
	CalendarDraft draft = {0};
	CalendarDraft row = {0};
	DateADT date;
	int list;

	if (!PG_ARGISNULL(0))
		state = state_from_datum(PG_GETARG_DATUM(0));
	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}

	row.weekend = weekend_from_array(PG_GETARG_ARRAYTYPE_P(1));
	if (state == NULL)
		draft.weekend = row.weekend;
	else
	{
		draft = state_draft(state);
		same_weekend(draft.weekend, row.weekend);
	}
	if (!PG_ARGISNULL(2) && (PG_NARGS() < 4 || !PG_ARGISNULL(3)))
	{
		date = PG_GETARG_DATEADT(2);
		list = PG_NARGS() > 3 && PG_GETARG_BOOL(3) ? WORKDAYS : HOLIDAYS;
		param_date(date, PG_NARGS() > 3 ? "day" : "holiday");
		if (!has_date(&draft.lists[list], date))
		{
			row.lists[list].dates = &date;
			row.lists[list].count = 1;
			PG_RETURN_POINTER(merge(&draft, &row));
		}
	}
	PG_RETURN_POINTER(state != NULL ? state : work_calendar_build(&draft));
}

/*
 * Combine function of work_calendar_agg: the dates of both.
 */
Datum
kam_work_calendar_combine(PG_FUNCTION_ARGS)
{
	CalendarDraft one = state_draft(state_from_datum(PG_GETARG_DATUM(0)));
	CalendarDraft other = state_draft(state_from_datum(PG_GETARG_DATUM(1)));

	same_weekend(one.weekend, other.weekend);
	PG_RETURN_POINTER(merge(&one, &other));
}

/*
 * Final function of work_calendar_agg: the calendar.
 */
Datum
kam_work_calendar_final(PG_FUNCTION_ARGS)
{
	WorkCalendar *state = state_from_datum(PG_GETARG_DATUM(0));
	CalendarDraft draft;
	Problem problem;
	WorkCalendar *copy = palloc(VARSIZE(state));

	memcpy(copy, state, VARSIZE(state));
	draft = state_draft(copy);
	if (!work_calendar_accept(&draft, &problem))
		problem_refuse(&problem);
	PG_RETURN_POINTER(work_calendar_build(&draft));
}
