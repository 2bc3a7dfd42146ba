/*
 * work_calendar_io.c
 *		The text and binary forms of work_calendar.
 */
#include "kam.h"

#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "params.h"
#include "scan.h"
#include "utils/builtins.h"
#include "work_calendar.h"

#define TYPE_NAME "work_calendar"

#define TEXT_HINT                                                              \
	"Write it like weekend fri,sat; holidays 2026-04-02,2026-04-03; workdays " \
	"2026-04-12."

static int word_length(Scan *scan);
static bool take_word(Scan *scan, const char *word);
static bool read_weekend(Scan *scan, CalendarDraft *draft);
static bool read_date(Scan *scan, DateADT *date);
static bool read_dates(Scan *scan, CalendarDraft *draft, int list);
static bool read_calendar(Scan *scan, CalendarDraft *draft);
static void show_dates(StringInfo text, const char *name, const DateADT *dates,
					   int count);

PG_FUNCTION_INFO_V1(kam_work_calendar_in);
PG_FUNCTION_INFO_V1(kam_work_calendar_out);
PG_FUNCTION_INFO_V1(kam_work_calendar_recv);
PG_FUNCTION_INFO_V1(kam_work_calendar_send);

/*
 * How many letters stand here.
 */
static int
word_length(Scan *scan)
{
	int length = 0;

	while ((scan->at[length] >= 'a' && scan->at[length] <= 'z') ||
		   (scan->at[length] >= 'A' && scan->at[length] <= 'Z'))
		length++;
	return length;
}

/*
 * Moves behind white space and a word in any case, if the word stands there.
 */
static bool
take_word(Scan *scan, const char *word)
{
	int length = (int) strlen(word);

	scan_space(scan);
	if (word_length(scan) != length ||
		pg_strncasecmp(scan->at, word, length) != 0)
		return false;
	scan->at += length;
	return true;
}

/*
 * Reads the weekdays of the weekend, or none.
 */
static bool
read_weekend(Scan *scan, CalendarDraft *draft)
{
	if (take_word(scan, "none"))
		return true;
	do
	{
		int length;
		int day;

		CHECK_FOR_INTERRUPTS();
		scan_space(scan);
		length = word_length(scan);
		day = weekday_find(scan->at, length);
		if (day < 0)
			return scan_malformed(scan, "a weekday");
		draft->weekend |= 1 << day;
		scan->at += length;
	} while (scan_take(scan, ","));
	return true;
}

/*
 * Reads a date.
 */
static bool
read_date(Scan *scan, DateADT *date)
{
	scan_space(scan);
	if (!scan_date(&scan->at, date))
		return scan_malformed(scan, "a date that exists, like 2026-04-02");
	return true;
}

/*
 * Reads a list of dates and of first..last.
 */
static bool
read_dates(Scan *scan, CalendarDraft *draft, int list)
{
	do
	{
		const char *start;
		DateADT first;
		DateADT last;

		CHECK_FOR_INTERRUPTS();
		if (!read_date(scan, &first))
			return false;
		last = first;
		start = scan->at;
		if (scan_take(scan, ".."))
		{
			scan_space(scan);
			start = scan->at;
			if (!read_date(scan, &last))
				return false;
		}
		if (last < first)
		{
			scan->at = start;
			return scan_malformed(scan, psprintf("a date from %s on",
												 date_text(first)));
		}
		if (!work_calendar_gather(draft, list, first, last, &scan->problem))
			return false;
	} while (scan_take(scan, ","));
	return true;
}

/*
 * Reads a whole calendar: its parts in any order, of which the weekend must be
 * there.
 */
static bool
read_calendar(Scan *scan, CalendarDraft *draft)
{
	bool weekend = false;
	bool lists[2] = {false, false};

	do
	{
		bool *part;
		const char *start;
		bool sound;

		scan_space(scan);
		start = scan->at;
		if (take_word(scan, "weekend"))
		{
			part = &weekend;
			sound = *part || read_weekend(scan, draft);
		}
		else if (take_word(scan, "holidays"))
		{
			part = &lists[HOLIDAYS];
			sound = *part || read_dates(scan, draft, HOLIDAYS);
		}
		else if (take_word(scan, "workdays"))
		{
			part = &lists[WORKDAYS];
			sound = *part || read_dates(scan, draft, WORKDAYS);
		}
		else
			return scan_malformed(scan, weekend ? "\"holidays\" or \"workdays\""
												: "\"weekend\"");
		if (!sound)
			return false;
		if (*part)
		{
			scan->at = start;
			return scan_malformed(scan, "each part once");
		}
		*part = true;
	} while (scan_take(scan, ";"));

	if (*scan->at != '\0')
		return scan_malformed(scan, "\",\", \";\" or the end");
	if (!weekend)
		return scan_malformed(scan, "\"; weekend\"");
	return true;
}

/*
 * Reads 'weekend fri,sat; holidays 2026-04-02; workdays 2026-04-12'.
 */
Datum
kam_work_calendar_in(PG_FUNCTION_ARGS)
{
	CalendarDraft draft = {0};
	Scan scan = {.type = TYPE_NAME,
				 .hint = TEXT_HINT,
				 .start = PG_GETARG_CSTRING(0),
				 .at = PG_GETARG_CSTRING(0),
				 .soft = fcinfo->context};

	if (read_calendar(&scan, &draft) &&
		work_calendar_accept(&draft, &scan.problem))
		PG_RETURN_POINTER(work_calendar_build(&draft));
	return scan_refuse(&scan, fcinfo);
}

/*
 * Writes a list of dates behind its name, if there are any.
 */
static void
show_dates(StringInfo text, const char *name, const DateADT *dates, int count)
{
	for (int i = 0; i < count; i++)
	{
		char *date = date_text(dates[i]);

		CHECK_FOR_INTERRUPTS();
		if (i == 0)
			appendStringInfo(text, "; %s %s", name, date);
		else
			appendStringInfo(text, ",%s", date);
		pfree(date);
	}
}

/*
 * Writes the weekdays of a set, from Monday on, each in the given quotes.
 */
void
weekend_show(StringInfo text, int weekend, const char *quote)
{
	bool first = true;

	for (int i = 1; i <= 7; i++)
	{
		if ((weekend >> i % 7 & 1) == 0)
			continue;
		appendStringInfo(text, "%s%s%s%s", first ? "" : ",", quote,
						 weekday_name(i % 7), quote);
		first = false;
	}
}

/*
 * Writes the text form.
 */
Datum
kam_work_calendar_out(PG_FUNCTION_ARGS)
{
	WorkCalendar *calendar = work_calendar_from_datum(PG_GETARG_DATUM(0));
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoString(&text, "weekend ");
	if (calendar->weekend == 0)
		appendStringInfoString(&text, "none");
	weekend_show(&text, calendar->weekend, "");
	show_dates(&text, calendar_list_names[HOLIDAYS], calendar->dates,
			   calendar->holidays);
	show_dates(&text, calendar_list_names[WORKDAYS],
			   calendar->dates + calendar->holidays, calendar->workdays);
	PG_RETURN_CSTRING(text.data);
}

/*
 * Reads the binary form: version, weekend, counts of holidays and workdays,
 * and the dates, sorted.
 */
Datum
kam_work_calendar_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	WorkCalendar *calendar;
	int weekend;
	int counts[2];
	Size size;

	if (wire_integer(message, TYPE_NAME, sizeof(uint8)) !=
		WORK_CALENDAR_VERSION)
		wire_refuse(TYPE_NAME, "its version is unknown");
	weekend = wire_integer(message, TYPE_NAME, sizeof(uint8));
	for (int i = 0; i < 2; i++)
	{
		counts[i] = wire_integer(message, TYPE_NAME, sizeof(int32));
		if (counts[i] < 0 || counts[i] > WORK_CALENDAR_MAX_DATES)
			wire_refuse(TYPE_NAME, "it has too many dates");
	}
	size = sizeof(DateADT) * (counts[0] + counts[1]);
	if (message->len - message->cursor != (int) size)
		wire_refuse(TYPE_NAME, "it has a wrong length");

	calendar = palloc0(WORK_CALENDAR_HEADER + size);
	SET_VARSIZE(calendar, WORK_CALENDAR_HEADER + size);
	calendar->version = WORK_CALENDAR_VERSION;
	calendar->weekend = (uint8) weekend;
	calendar->holidays = counts[HOLIDAYS];
	calendar->workdays = counts[WORKDAYS];
	for (int i = 0; i < counts[0] + counts[1]; i++)
	{
		CHECK_FOR_INTERRUPTS();
		calendar->dates[i] = wire_integer(message, TYPE_NAME, sizeof(DateADT));
	}
	if (!work_calendar_sound(calendar, true))
		wire_refuse(TYPE_NAME,
					"its weekend or its dates are not as they are sent");
	PG_RETURN_POINTER(calendar);
}

/*
 * Writes the binary form.
 */
Datum
kam_work_calendar_send(PG_FUNCTION_ARGS)
{
	WorkCalendar *calendar = work_calendar_from_datum(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendint8(&message, calendar->version);
	pq_sendint8(&message, calendar->weekend);
	pq_sendint32(&message, calendar->holidays);
	pq_sendint32(&message, calendar->workdays);
	for (int i = 0; i < calendar->holidays + calendar->workdays; i++)
	{
		CHECK_FOR_INTERRUPTS();
		pq_sendint32(&message, calendar->dates[i]);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
