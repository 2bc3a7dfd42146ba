/*
 * ladder_io.c
 *		The text and binary forms of tier_ladder.  Both give back the ladder
 *		they were made from, to the last digit and percent sign.
 */
#include "kam.h"

#include <ctype.h>

#include "ladder.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "params.h"
#include "parser/scansup.h"
#include "utils/builtins.h"

#define TEXT_HINT "Write it like 0 => 0%, 100000 => 1%, 300000 => 3% + 500."

/* How much of a malformed text its error message shows, in bytes. */
#define SHOWN_TEXT 80
#define SHOWN_REST 20

/* Decimals of a percentage: a rate has two more, and 16383 at most. */
#define PERCENT_MAX_SCALE 16381

/* The fixed part of the binary form of a numeric. */
#define NUMERIC_WIRE_HEADER 8

/*
 * A text that is being read.
 */
typedef struct Reader
{
	const char *start;
	const char *at;
	Node *soft; /* where PostgreSQL 16 and later collect soft errors */
	LadderProblem *problem;
} Reader;

static bool malformed(Reader *reader, const char *expected);
static void skip_space(Reader *reader);
static bool take(Reader *reader, const char *token);
static bool number_input(Reader *reader, char *token, Numeric *value);
static bool read_number(Reader *reader, const char *what, Numeric *value);
static bool read_step(Reader *reader, LadderStep *step);
static int read_steps(Reader *reader, LadderStep **steps);
static LadderStep *room_for(LadderStep *steps, int count);
static void bad_message(const char *message);
static int64 wire_integer(StringInfo message, int bytes);
static Numeric wire_number(StringInfo message);

PG_FUNCTION_INFO_V1(kam_ladder_in);
PG_FUNCTION_INFO_V1(kam_ladder_out);
PG_FUNCTION_INFO_V1(kam_ladder_recv);
PG_FUNCTION_INFO_V1(kam_ladder_send);

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
		psprintf("invalid input syntax for type tier_ladder: \"%.*s%s\"", shown,
				 reader->start, shown < whole ? "..." : "");
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
 * Hands a number's text to numeric; false when that reported a soft error.
 */
static bool
number_input(Reader *reader, char *token, Numeric *value)
{
	Datum result;

#if PG_VERSION_NUM >= 160000
	reader->problem->code = 0;
	if (!DirectInputFunctionCallSafe(numeric_in, token, InvalidOid, -1,
									 reader->soft, &result))
		return false;
#else
	result =
		DirectFunctionCall3(numeric_in, CStringGetDatum(token),
							ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
#endif
	*value = DatumGetNumeric(result);
	return true;
}

/*
 * Reads a decimal number, with or without an exponent.
 */
static bool
read_number(Reader *reader, const char *what, Numeric *value)
{
	static const char *const special[] = {"nan", "infinity", "inf"};
	const char *start;
	const char *at;
	const char *exponent;
	int digits = 0;

	skip_space(reader);
	start = at = reader->at;
	if (*at == '+' || *at == '-')
		at++;
	for (int i = 0; i < (int) lengthof(special); i++)
	{
		if (pg_strncasecmp(at, special[i], strlen(special[i])) == 0)
		{
			reader->problem->code = ERRCODE_INVALID_PARAMETER_VALUE;
			reader->problem->message =
				psprintf("%s must be a finite number, not %s", what,
						 i == 0			 ? "NaN"
						 : *start == '-' ? "-infinity"
										 : "infinity");
			return false;
		}
	}

	for (; isdigit((unsigned char) *at); at++)
		digits++;
	if (*at == '.')
		at++;
	for (; isdigit((unsigned char) *at); at++)
		digits++;
	if (digits == 0)
		return malformed(reader, psprintf("a number (%s)", what));
	exponent = at;
	if (*exponent == 'e' || *exponent == 'E')
	{
		exponent++;
		if (*exponent == '+' || *exponent == '-')
			exponent++;
		if (!isdigit((unsigned char) *exponent))
		{
			reader->at = exponent;
			return malformed(reader, "the digits of an exponent");
		}
		while (isdigit((unsigned char) *exponent))
			exponent++;
		at = exponent;
	}

	reader->at = at;
	return number_input(reader, pnstrdup(start, at - start), value);
}

/*
 * Reads one step: threshold => rate [%] [+ fixed].
 */
static bool
read_step(Reader *reader, LadderStep *step)
{
	if (!read_number(reader, "threshold", &step->threshold))
		return false;
	if (!take(reader, "=>"))
		return malformed(reader, "\"=>\"");
	if (!read_number(reader, "rate", &step->rate))
		return false;
	step->percent = take(reader, "%");
	if (step->percent)
	{
		if (number_scale(step->rate) > PERCENT_MAX_SCALE)
		{
			reader->problem->code = ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE;
			reader->problem->message = "rate has too many decimals";
			reader->problem->hint = "Round it.";
			return false;
		}
		step->rate =
			number_multiply(step->rate, int64_div_fast_to_numeric(1, 2));
	}
	step->fixed = int64_to_numeric(0);
	if (take(reader, "+") && !read_number(reader, "fixed", &step->fixed))
		return false;
	return true;
}

/*
 * The array of steps with room for one more, grown when it is full.
 */
static LadderStep *
room_for(LadderStep *steps, int count)
{
	if (steps == NULL)
		return palloc(sizeof(LadderStep) * 8);
	if (count >= 8 && (count & (count - 1)) == 0)
		return repalloc(steps, sizeof(LadderStep) * count * 2);
	return steps;
}

/*
 * Reads a whole ladder.  Returns how many steps it has, or -1 with the
 * problem.
 */
static int
read_steps(Reader *reader, LadderStep **steps)
{
	int count = 0;

	*steps = NULL;
	skip_space(reader);
	if (*reader->at == '\0')
		return 0;
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		if (count == LADDER_MAX_STEPS)
		{
			ladder_too_long(reader->problem);
			return -1;
		}
		*steps = room_for(*steps, count);
		if (!read_step(reader, &(*steps)[count++]))
			return -1;
		if (take(reader, ","))
			continue;
		if (*reader->at == '\0')
			return count;
		malformed(reader, "\"+\", \",\" or the end");
		return -1;
	}
}

/*
 * Reads '0 => 0%, 100000 => 1%, 300000 => 3% + 500'.
 */
Datum
kam_ladder_in(PG_FUNCTION_ARGS)
{
	LadderProblem problem = {0};
	Reader reader = {0};
	LadderStep *steps;
	int count;

	reader.start = reader.at = PG_GETARG_CSTRING(0);
	reader.soft = fcinfo->context;
	reader.problem = &problem;

	count = read_steps(&reader, &steps);
	if (count >= 0 && ladder_accept(steps, count, &problem))
		PG_RETURN_POINTER(ladder_build(steps, count));

	/* without a code, numeric has reported a soft error of its own */
	if (problem.code != 0)
		errsave(fcinfo->context,
				(errcode(problem.code), errmsg_internal("%s", problem.message),
				 problem.detail ? errdetail_internal("%s", problem.detail) : 0,
				 problem.hint ? errhint("%s", problem.hint) : 0));
	PG_RETURN_NULL();
}

/*
 * Writes the text form.
 */
Datum
kam_ladder_out(PG_FUNCTION_ARGS)
{
	LadderStep *steps;
	int count = ladder_read(ladder_from_datum(PG_GETARG_DATUM(0)), &steps);
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfo(&text, "%s%s => %s", i > 0 ? ", " : "",
						 param_shown(steps[i].threshold),
						 ladder_rate_shown(&steps[i]));
		if (ladder_fixed_shown(&steps[i]))
			appendStringInfo(&text, " + %s", param_shown(steps[i].fixed));
	}
	PG_RETURN_CSTRING(text.data);
}

/*
 * Refuses a binary form.
 */
static void
bad_message(const char *message)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					errmsg("invalid binary form of tier_ladder: %s", message)));
}

/*
 * An integer of the binary form, once it is sure to be there.
 */
static int64
wire_integer(StringInfo message, int bytes)
{
	if (message->len - message->cursor < bytes)
		bad_message("it ends too early");
	return (int32) pq_getmsgint(message, bytes);
}

/*
 * A number of the binary form: its length and what numeric's own send
 * function wrote.  The length is checked against numeric's count of digits,
 * so that numeric can neither read too far nor get an overflow.
 */
static Numeric
wire_number(StringInfo message)
{
	int64 length = wire_integer(message, sizeof(int32));
	const uint8 *bytes = (uint8 *) message->data + message->cursor;
	StringInfoData part;
	int digits;

	if (length < NUMERIC_WIRE_HEADER || length > message->len - message->cursor)
		bad_message("a number has a wrong length");
	digits = bytes[0] << 8 | bytes[1];
	if (length != NUMERIC_WIRE_HEADER + 2 * digits ||
		(digits > 0 && bytes[NUMERIC_WIRE_HEADER] == 0 &&
		 bytes[NUMERIC_WIRE_HEADER + 1] == 0))
		bad_message("a number has wrong digits");

	initStringInfo(&part);
	appendBinaryStringInfo(&part, (const char *) bytes, (int) length);
	message->cursor += (int) length;
	return DatumGetNumeric(
		DirectFunctionCall3(numeric_recv, PointerGetDatum(&part),
							ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

/*
 * Reads the binary form: version, count of steps, and for each step its flags
 * and three numbers, sorted.
 */
Datum
kam_ladder_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	LadderProblem problem;
	LadderStep *steps;
	int64 count;

	if (wire_integer(message, sizeof(uint8)) != LADDER_VERSION)
		bad_message("its version is unknown");
	count = wire_integer(message, sizeof(int32));
	if (count < 0 || count > LADDER_MAX_STEPS)
		bad_message("it has too many steps");

	steps = palloc(sizeof(LadderStep) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		int64 flags = wire_integer(message, sizeof(uint8));

		CHECK_FOR_INTERRUPTS();
		if ((flags & ~(int64) LADDER_PERCENT) != 0)
			bad_message("a step has unknown flags");
		steps[i].percent = (flags & LADDER_PERCENT) != 0;
		steps[i].threshold = wire_number(message);
		steps[i].rate = wire_number(message);
		steps[i].fixed = wire_number(message);
		if (i > 0 &&
			number_compare(steps[i - 1].threshold, steps[i].threshold) >= 0)
			bad_message("its thresholds do not rise");
	}
	if (message->cursor != message->len)
		bad_message("bytes follow it");
	if (!ladder_accept(steps, (int) count, &problem))
		bad_message(problem.message);
	PG_RETURN_POINTER(ladder_build(steps, (int) count));
}

/*
 * Writes the binary form.
 */
Datum
kam_ladder_send(PG_FUNCTION_ARGS)
{
	LadderStep *steps;
	int count = ladder_read(ladder_from_datum(PG_GETARG_DATUM(0)), &steps);
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendint8(&message, LADDER_VERSION);
	pq_sendint32(&message, count);
	for (int i = 0; i < count; i++)
	{
		Numeric numbers[] = {steps[i].threshold, steps[i].rate, steps[i].fixed};

		CHECK_FOR_INTERRUPTS();
		pq_sendint8(&message, steps[i].percent ? LADDER_PERCENT : 0);
		for (int j = 0; j < (int) lengthof(numbers); j++)
		{
			bytea *bytes = DatumGetByteaPP(
				DirectFunctionCall1(numeric_send, NumericGetDatum(numbers[j])));

			pq_sendint32(&message, VARSIZE_ANY_EXHDR(bytes));
			pq_sendbytes(&message, VARDATA_ANY(bytes),
						 VARSIZE_ANY_EXHDR(bytes));
		}
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
