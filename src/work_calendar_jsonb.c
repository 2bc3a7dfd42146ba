/*
 * work_calendar_jsonb.c
 *		The casts between work_calendar and jsonb.
 */
#include "kam.h"

#include "miscadmin.h"
#include "scan.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "work_calendar.h"

#define JSONB_HINT                                                     \
	"Write it like {\"weekend\": [\"fri\", \"sat\"], \"holidays\": "   \
	"[\"2026-04-02\"], \"workdays\": [\"2026-04-12\"]}; holidays and " \
	"workdays "                                                        \
	"may be left out."

static void show_dates(StringInfo text, const char *name, const DateADT *dates,
					   int count);
static void bad_jsonb(char *message);
static void read_weekday(CalendarDraft *draft, const char *name);
static void read_date(CalendarDraft *draft, int list, const char *text);
static void read_list(JsonbIterator **iterator, const char *key,
					  CalendarDraft *draft);

PG_FUNCTION_INFO_V1(kam_work_calendar_to_jsonb);
PG_FUNCTION_INFO_V1(kam_work_calendar_from_jsonb);

/*
 * Writes a list of dates as a member of an object, if there are any.
 */
static void
show_dates(StringInfo text, const char *name, const DateADT *dates, int count)
{
	if (count == 0)
		return;
	appendStringInfo(text, ", \"%s\": [", name);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfo(text, "%s\"%s\"", i > 0 ? "," : "",
						 date_text(dates[i]));
	}
	appendStringInfoChar(text, ']');
}

/*
 * A calendar as a jsonb object of weekend, holidays and workdays, the last two
 * only where there are any.
 */
Datum
kam_work_calendar_to_jsonb(PG_FUNCTION_ARGS)
{
	WorkCalendar *calendar = work_calendar_from_datum(PG_GETARG_DATUM(0));
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoString(&text, "{\"weekend\": [");
	weekend_show(&text, calendar->weekend, "\"");
	appendStringInfoChar(&text, ']');
	show_dates(&text, calendar_list_names[HOLIDAYS], calendar->dates,
			   calendar->holidays);
	show_dates(&text, calendar_list_names[WORKDAYS],
			   calendar->dates + calendar->holidays, calendar->workdays);
	appendStringInfoChar(&text, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(text.data));
}

/*
 * Refuses a jsonb.
 */
static void
bad_jsonb(char *message)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid jsonb for type work_calendar"),
					errdetail_internal("%s", message), errhint(JSONB_HINT)));
}

/*
 * Adds a weekday to the weekend.
 */
static void
read_weekday(CalendarDraft *draft, const char *name)
{
	int day = weekday_find(name, (int) strlen(name));

	if (day < 0)
		bad_jsonb(psprintf("\"%s\" is not a weekday.", name));
	draft->weekend |= 1 << day;
}

/*
 * Adds a date to a list.
 */
static void
read_date(CalendarDraft *draft, int list, const char *text)
{
	Problem problem;
	const char *at = text;
	DateADT date;

	if (!scan_date(&at, &date) || *at != '\0')
		bad_jsonb(psprintf("\"%s\" is not a date, like 2026-04-02.", text));
	if (!work_calendar_gather(draft, list, date, date, &problem))
		problem_refuse(&problem);
}

/*
 * Reads the value of a key, which must be an array of strings.
 */
static void
read_list(JsonbIterator **iterator, const char *key, CalendarDraft *draft)
{
	JsonbValue value;

	if (JsonbIteratorNext(iterator, &value, false) != WJB_BEGIN_ARRAY ||
		value.val.array.rawScalar)
		bad_jsonb(psprintf("\"%s\" is not an array.", key));
	while (JsonbIteratorNext(iterator, &value, false) != WJB_END_ARRAY)
	{
		char *text;

		CHECK_FOR_INTERRUPTS();
		if (value.type != jbvString)
			bad_jsonb(
				psprintf("\"%s\" has an element that is not a string.", key));
		text = pnstrdup(value.val.string.val, value.val.string.len);
		if (strcmp(key, "weekend") == 0)
			read_weekday(draft, text);
		else
			read_date(draft,
					  strcmp(key, calendar_list_names[HOLIDAYS]) == 0
						  ? HOLIDAYS
						  : WORKDAYS,
					  text);
		pfree(text);
	}
}

/*
 * The calendar of a jsonb object.
 */
Datum
kam_work_calendar_from_jsonb(PG_FUNCTION_ARGS)
{
	Jsonb *jsonb = PG_GETARG_JSONB_P(0);
	CalendarDraft draft = {0};
	Problem problem;
	JsonbIterator *iterator;
	JsonbValue value;
	bool weekend = false;

	if (!JB_ROOT_IS_OBJECT(jsonb))
		bad_jsonb("It is not an object.");
	iterator = JsonbIteratorInit(&jsonb->root);
	JsonbIteratorNext(&iterator, &value, false);
	while (JsonbIteratorNext(&iterator, &value, false) == WJB_KEY)
	{
		char *key = pnstrdup(value.val.string.val, value.val.string.len);

		if (strcmp(key, "weekend") == 0)
			weekend = true;
		else if (strcmp(key, calendar_list_names[HOLIDAYS]) != 0 &&
				 strcmp(key, calendar_list_names[WORKDAYS]) != 0)
			bad_jsonb(psprintf("There is an unknown key \"%s\".", key));
		read_list(&iterator, key, &draft);
	}
	if (!weekend)
		bad_jsonb("There is no \"weekend\".");
	if (!work_calendar_accept(&draft, &problem))
		problem_refuse(&problem);
	PG_RETURN_POINTER(work_calendar_build(&draft));
}
