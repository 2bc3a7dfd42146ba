/*
 * work_calendar_io.c
 *		The text and binary forms of work_calendar.
 */
#include "kam.h"

#include <ctype.h>

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "params.h"
#include "parser/scansup.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "work_calendar.h"

#define TEXT_HINT                                                              \
	"Write it like weekend fri,sat; holidays 2026-04-02,2026-04-03; workdays " \
	"2026-04-12."

/* How much of a malformed text its error message shows, in bytes. */
#define SHOWN_TEXT 80
#define SHOWN_REST 20

/* Digits of the longest year there is. */
#define YEAR_DIGITS 7

/*
 * A text that is being read.
 */
typedef struct Reader
{
	const char *start;
	const char *at;
	CalendarProblem *problem;
} Reader;

static bool malformed(Reader *reader, const char *expected);
static void skip_space(Reader *reader);
static bool take(Reader *reader, const char *token);
static int word_length(Reader *reader);
static bool take_word(Reader *reader, const char *word);
static bool read_weekend(Reader *reader, CalendarDraft *draft);
static bool read_date(Reader *reader, DateADT *date);
static bool read_dates(Reader *reader, CalendarDraft *draft, int list);
static bool read_calendar(Reader *reader, CalendarDraft *draft);
static int read_digits(const char **at, int most);
static void show_dates(StringInfo text, const char *name, const DateADT *dates,
					   int count);
static void bad_message(const char *message);
static int wire_integer(StringInfo message, int bytes);

PG_FUNCTION_INFO_V1(kam_work_calendar_in);
PG_FUNCTION_INFO_V1(kam_work_calendar_out);
PG_FUNCTION_INFO_V1(kam_work_calendar_recv);
PG_FUNCTION_INFO_V1(kam_work_calendar_send);

/*
 * The problem of a text that does not go on as expected; always false.
 */
static bool
malformed(Reader *reader, const char *expected)
{
	int whole = (int) strlen(reader->start);
	int rest = (int) strlen(reader->at);
	int shown = pg_mbcliplen(reader->start, whole, SHOWN_TEXT);
	int found = pg_mbcliplen(reader->at, rest, SHOWN_REST);
	int position =
		pg_mbstrlen_with_len(reader->start, (int) (reader->at - reader->start));

	reader->problem->code = ERRCODE_INVALID_TEXT_REPRESENTATION;
	reader->problem->message =
		psprintf("invalid input syntax for type work_calendar: \"%.*s%s\"",
				 shown, reader->start, shown < whole ? "..." : "");
	if (rest == 0)
		reader->problem->detail =
			psprintf("Expected %s at position %d, found the end of the text.",
					 expected, position + 1);
	else
		reader->problem->detail =
			psprintf("Expected %s at position %d, found \"%.*s%s\".", expected,
					 position + 1, found, reader->at,
					 found < rest ? "..." : "");
	reader->problem->hint = TEXT_HINT;
	return false;
}

/*
 * Moves behind white space.
 */
static void
skip_space(Reader *reader)
{
	while (scanner_isspace(*reader->at))
		reader->at++;
}

/*
 * Moves behind white space and a token, if the token stands there.
 */
static bool
take(Reader *reader, const char *token)
{
	skip_space(reader);
	if (strncmp(reader->at, token, strlen(token)) != 0)
		return false;
	reader->at += strlen(token);
	return true;
}

/*
 * How many letters stand here.
 */
static int
word_length(Reader *reader)
{
	int length = 0;

	while ((reader->at[length] >= 'a' && reader->at[length] <= 'z') ||
		   (reader->at[length] >= 'A' && reader->at[length] <= 'Z'))
		length++;
	return length;
}

/*
 * Moves behind white space and a word in any case, if the word stands there.
 */
static bool
take_word(Reader *reader, const char *word)
{
	int length = (int) strlen(word);

	skip_space(reader);
	if (word_length(reader) != length ||
		pg_strncasecmp(reader->at, word, length) != 0)
		return false;
	reader->at += length;
	return true;
}

/*
 * Reads the weekdays of the weekend, or none.
 */
static bool
read_weekend(Reader *reader, CalendarDraft *draft)
{
	if (take_word(reader, "none"))
		return true;
	do
	{
		int length;
		int day;

		CHECK_FOR_INTERRUPTS();
		skip_space(reader);
		length = word_length(reader);
		day = weekday_find(reader->at, length);
		if (day < 0)
			return malformed(reader, "a weekday");
		draft->weekend |= 1 << day;
		reader->at += length;
	} while (take(reader, ","));
	return true;
}

/*
 * The number that the digits here make, and moves behind them; -1 when there
 * is none or it has too many.
 */
static int
read_digits(const char **at, int most)
{
	int number = 0;
	int digits = 0;

	for (; isdigit((unsigned char) **at); (*at)++)
	{
		if (++digits > most)
			return -1;
		number = number * 10 + (**at - '0');
	}
	return digits > 0 ? number : -1;
}

/*
 * Reads a date in ISO form, whatever DateStyle says, and moves behind it;
 * false when there is none, or none that exists.
 */
bool
work_calendar_date(const char **at, DateADT *date)
{
	static const char era[] = " BC";
	const char *end = *at;
	int year = read_digits(&end, YEAR_DIGITS);
	int month = 0;
	int day = 0;

	if (year > 0 && *end == '-')
	{
		end++;
		month = read_digits(&end, 2);
	}
	if (month > 0 && month <= MONTHS_PER_YEAR && *end == '-')
	{
		end++;
		day = read_digits(&end, 2);
	}
	if (day < 1)
		return false;
	if (strncmp(end, era, strlen(era)) == 0)
	{
		year = 1 - year;
		end += strlen(era);
	}
	if (!IS_VALID_JULIAN(year, month, day) || day > month_days(year, month))
		return false;
	*date = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
	if (!IS_VALID_DATE(*date))
		return false;
	*at = end;
	return true;
}

/*
 * Reads a date.
 */
static bool
read_date(Reader *reader, DateADT *date)
{
	skip_space(reader);
	if (!work_calendar_date(&reader->at, date))
		return malformed(reader, "a date that exists, like 2026-04-02");
	return true;
}

/*
 * Reads a list of dates and of first..last.
 */
static bool
read_dates(Reader *reader, CalendarDraft *draft, int list)
{
	do
	{
		const char *start;
		DateADT first;
		DateADT last;

		CHECK_FOR_INTERRUPTS();
		if (!read_date(reader, &first))
			return false;
		last = first;
		start = reader->at;
		if (take(reader, ".."))
		{
			skip_space(reader);
			start = reader->at;
			if (!read_date(reader, &last))
				return false;
		}
		if (last < first)
		{
			reader->at = start;
			return malformed(reader,
							 psprintf("a date from %s on", date_text(first)));
		}
		if (!work_calendar_gather(draft, list, first, last, reader->problem))
			return false;
	} while (take(reader, ","));
	return true;
}

/*
 * Reads a whole calendar: its parts in any order, of which the weekend must be
 * there.
 */
static bool
read_calendar(Reader *reader, CalendarDraft *draft)
{
	bool weekend = false;
	bool lists[2] = {false, false};

	do
	{
		bool *part;
		const char *start;
		bool sound;

		skip_space(reader);
		start = reader->at;
		if (take_word(reader, "weekend"))
		{
			part = &weekend;
			sound = *part || read_weekend(reader, draft);
		}
		else if (take_word(reader, "holidays"))
		{
			part = &lists[HOLIDAYS];
			sound = *part || read_dates(reader, draft, HOLIDAYS);
		}
		else if (take_word(reader, "workdays"))
		{
			part = &lists[WORKDAYS];
			sound = *part || read_dates(reader, draft, WORKDAYS);
		}
		else
			return malformed(reader, weekend ? "\"holidays\" or \"workdays\""
											 : "\"weekend\"");
		if (!sound)
			return false;
		if (*part)
		{
			reader->at = start;
			return malformed(reader, "each part once");
		}
		*part = true;
	} while (take(reader, ";"));

	if (*reader->at != '\0')
		return malformed(reader, "\",\", \";\" or the end");
	if (!weekend)
		return malformed(reader, "\"; weekend\"");
	return true;
}

/*
 * Reads 'weekend fri,sat; holidays 2026-04-02; workdays 2026-04-12'.
 */
Datum
kam_work_calendar_in(PG_FUNCTION_ARGS)
{
	CalendarProblem problem = {0};
	CalendarDraft draft = {0};
	Reader reader;

	reader.start = reader.at = PG_GETARG_CSTRING(0);
	reader.problem = &problem;
	if (read_calendar(&reader, &draft) &&
		work_calendar_accept(&draft, &problem))
		PG_RETURN_POINTER(work_calendar_build(&draft));

	errsave(fcinfo->context,
			(errcode(problem.code), errmsg_internal("%s", problem.message),
			 problem.detail ? errdetail_internal("%s", problem.detail) : 0,
			 problem.hint ? errhint("%s", problem.hint) : 0));
	PG_RETURN_NULL();
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
 * Refuses a binary form.
 */
static void
bad_message(const char *message)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid binary form of work_calendar: %s", message)));
}

/*
 * An integer of the binary form, once it is sure to be there.
 */
static int
wire_integer(StringInfo message, int bytes)
{
	if (message->len - message->cursor < bytes)
		bad_message("it ends too early");
	return (int) pq_getmsgint(message, bytes);
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

	if (wire_integer(message, sizeof(uint8)) != WORK_CALENDAR_VERSION)
		bad_message("its version is unknown");
	weekend = wire_integer(message, sizeof(uint8));
	for (int i = 0; i < 2; i++)
	{
		counts[i] = wire_integer(message, sizeof(int32));
		if (counts[i] < 0 || counts[i] > WORK_CALENDAR_MAX_DATES)
			bad_message("it has too many dates");
	}
	size = sizeof(DateADT) * (counts[0] + counts[1]);
	if (message->len - message->cursor != (int) size)
		bad_message("it has a wrong length");

	calendar = palloc0(WORK_CALENDAR_HEADER + size);
	SET_VARSIZE(calendar, WORK_CALENDAR_HEADER + size);
	calendar->version = WORK_CALENDAR_VERSION;
	calendar->weekend = (uint8) weekend;
	calendar->holidays = counts[HOLIDAYS];
	calendar->workdays = counts[WORKDAYS];
	for (int i = 0; i < counts[0] + counts[1]; i++)
	{
		CHECK_FOR_INTERRUPTS();
		calendar->dates[i] = wire_integer(message, sizeof(DateADT));
	}
	if (!work_calendar_sound(calendar, true))
		bad_message("its weekend or its dates are not as they are sent");
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
