/*
 * scan.c
 *		Reading the text and binary forms of types.
 */
#include "kam.h"

#include <ctype.h>

#include "calendar.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "parser/scansup.h"
#include "scan.h"
#include "utils/datetime.h"

/* How much of a malformed text its error message shows, in bytes. */
#define SHOWN_TEXT 80
#define SHOWN_REST 20

/* Digits of the longest year there is. */
#define YEAR_DIGITS 7

static int read_digits(const char **at, int most);

/*
 * The problem of a text that does not go on as expected; always false.
 */
bool
scan_malformed(Scan *scan, const char *expected)
{
	int whole = (int) strlen(scan->start);
	int rest = (int) strlen(scan->at);
	int shown = pg_mbcliplen(scan->start, whole, SHOWN_TEXT);
	int found = pg_mbcliplen(scan->at, rest, SHOWN_REST);
	int position =
		pg_mbstrlen_with_len(scan->start, (int) (scan->at - scan->start));

	problem_is(&scan->problem, ERRCODE_INVALID_TEXT_REPRESENTATION,
			   psprintf("invalid input syntax for type %s: \"%.*s%s\"",
						scan->type, shown, scan->start,
						shown < whole ? "..." : ""),
			   scan->hint);
	if (rest == 0)
		scan->problem.detail =
			psprintf("Expected %s at position %d, found the end of the text.",
					 expected, position + 1);
	else
		scan->problem.detail =
			psprintf("Expected %s at position %d, found \"%.*s%s\".", expected,
					 position + 1, found, scan->at, found < rest ? "..." : "");
	return false;
}

/*
 * Moves behind white space.
 */
void
scan_space(Scan *scan)
{
	while (scanner_isspace(*scan->at))
		scan->at++;
}

/*
 * Moves behind white space and a token, if the token stands there.
 */
bool
scan_take(Scan *scan, const char *token)
{
	scan_space(scan);
	if (strncmp(scan->at, token, strlen(token)) != 0)
		return false;
	scan->at += strlen(token);
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
scan_date(const char **at, DateADT *date)
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
 * The result of an input function whose text was refused.
 */
Datum
scan_refuse(const Scan *scan, FunctionCallInfo fcinfo)
{
	if (scan->problem.code != 0)
		problem_save(&scan->problem, scan->soft);
	PG_RETURN_NULL();
}

/*
 * Refuses a binary form.
 */
void
wire_refuse(const char *type, const char *what)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					errmsg("invalid binary form of %s: %s", type, what)));
}

/*
 * An integer of a binary form, once it is sure to be there.
 */
int
wire_integer(StringInfo message, const char *type, int bytes)
{
	if (message->len - message->cursor < bytes)
		wire_refuse(type, "it ends too early");
	return (int) pq_getmsgint(message, bytes);
}
