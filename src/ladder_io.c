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
#include "miscadmin.h"
#include "params.h"
#include "scan.h"
#include "utils/builtins.h"

#define TYPE_NAME "tier_ladder"

#define TEXT_HINT "Write it like 0 => 0%, 100000 => 1%, 300000 => 3% + 500."

/* Decimals of a percentage: a rate has two more, and 16383 at most. */
#define PERCENT_MAX_SCALE 16381

/* The fixed part of the binary form of a numeric. */
#define NUMERIC_WIRE_HEADER 8

static bool number_input(Scan *scan, char *token, Numeric *value);
static bool read_number(Scan *scan, const char *what, Numeric *value);
static bool read_step(Scan *scan, LadderStep *step);
static int read_steps(Scan *scan, LadderStep **steps);
static LadderStep *room_for(LadderStep *steps, int count);
static Numeric wire_number(StringInfo message);

PG_FUNCTION_INFO_V1(kam_ladder_in);
PG_FUNCTION_INFO_V1(kam_ladder_out);
PG_FUNCTION_INFO_V1(kam_ladder_recv);
PG_FUNCTION_INFO_V1(kam_ladder_send);

/*
 * Hands a number's text to numeric; false when that reported a soft error.
 */
static bool
number_input(Scan *scan, char *token, Numeric *value)
{
	Datum result;

#if PG_VERSION_NUM >= 160000
	scan->problem.code = 0;
	if (!DirectInputFunctionCallSafe(numeric_in, token, InvalidOid, -1,
									 scan->soft, &result))
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
read_number(Scan *scan, const char *what, Numeric *value)
{
	static const char *const special[] = {"nan", "infinity", "inf"};
	const char *start;
	const char *at;
	const char *exponent;
	int digits = 0;

	scan_space(scan);
	start = at = scan->at;
	if (*at == '+' || *at == '-')
		at++;
	for (int i = 0; i < (int) lengthof(special); i++)
	{
		if (pg_strncasecmp(at, special[i], strlen(special[i])) == 0)
		{
			return problem_is(&scan->problem, ERRCODE_INVALID_PARAMETER_VALUE,
							  psprintf("%s must be a finite number, not %s",
									   what,
									   i == 0		   ? "NaN"
									   : *start == '-' ? "-infinity"
													   : "infinity"),
							  NULL);
		}
	}

	for (; isdigit((unsigned char) *at); at++)
		digits++;
	if (*at == '.')
		at++;
	for (; isdigit((unsigned char) *at); at++)
		digits++;
	if (digits == 0)
		return scan_malformed(scan, psprintf("a number (%s)", what));
	exponent = at;
	if (*exponent == 'e' || *exponent == 'E')
	{
		exponent++;
		if (*exponent == '+' || *exponent == '-')
			exponent++;
		if (!isdigit((unsigned char) *exponent))
		{
			scan->at = exponent;
			return scan_malformed(scan, "the digits of an exponent");
		}
		while (isdigit((unsigned char) *exponent))
			exponent++;
		at = exponent;
	}

	scan->at = at;
	return number_input(scan, pnstrdup(start, at - start), value);
}

/*
 * Reads one step: threshold => rate [%] [+ fixed].
 */
static bool
read_step(Scan *scan, LadderStep *step)
{
	if (!read_number(scan, "threshold", &step->threshold))
		return false;
	if (!scan_take(scan, "=>"))
		return scan_malformed(scan, "\"=>\"");
	if (!read_number(scan, "rate", &step->rate))
		return false;
	step->percent = scan_take(scan, "%");
	if (step->percent)
	{
		if (number_scale(step->rate) > PERCENT_MAX_SCALE)
		{
			return problem_is(&scan->problem,
							  ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
							  "rate has too many decimals", "Round it.");
		}
		step->rate =
			number_multiply(step->rate, int64_div_fast_to_numeric(1, 2));
	}
	step->fixed = int64_to_numeric(0);
	if (scan_take(scan, "+") && !read_number(scan, "fixed", &step->fixed))
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
read_steps(Scan *scan, LadderStep **steps)
{
	int count = 0;

	*steps = NULL;
	scan_space(scan);
	if (*scan->at == '\0')
		return 0;
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		if (count == LADDER_MAX_STEPS)
		{
			ladder_too_long(&scan->problem);
			return -1;
		}
		*steps = room_for(*steps, count);
		if (!read_step(scan, &(*steps)[count++]))
			return -1;
		if (scan_take(scan, ","))
			continue;
		if (*scan->at == '\0')
			return count;
		scan_malformed(scan, "\"+\", \",\" or the end");
		return -1;
	}
}

/*
 * Reads '0 => 0%, 100000 => 1%, 300000 => 3% + 500'.
 */
Datum
kam_ladder_in(PG_FUNCTION_ARGS)
{
	Scan scan = {.type = TYPE_NAME,
				 .hint = TEXT_HINT,
				 .start = PG_GETARG_CSTRING(0),
				 .at = PG_GETARG_CSTRING(0),
				 .soft = fcinfo->context};
	LadderStep *steps;
	int count = read_steps(&scan, &steps);

	if (count >= 0 && ladder_accept(steps, count, &scan.problem))
		PG_RETURN_POINTER(ladder_build(steps, count));
	return scan_refuse(&scan, fcinfo);
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
 * A number of the binary form: its length and what numeric's own send
 * function wrote.  The length is checked against numeric's count of digits,
 * so that numeric can neither read too far nor get an overflow.
 */
static Numeric
wire_number(StringInfo message)
{
	int64 length = wire_integer(message, TYPE_NAME, sizeof(int32));
	const uint8 *bytes = (uint8 *) message->data + message->cursor;
	StringInfoData part;
	int digits;

	if (length < NUMERIC_WIRE_HEADER || length > message->len - message->cursor)
		wire_refuse(TYPE_NAME, "a number has a wrong length");
	digits = bytes[0] << 8 | bytes[1];
	if (length != NUMERIC_WIRE_HEADER + 2 * digits ||
		(digits > 0 && bytes[NUMERIC_WIRE_HEADER] == 0 &&
		 bytes[NUMERIC_WIRE_HEADER + 1] == 0))
		wire_refuse(TYPE_NAME, "a number has wrong digits");

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
	Problem problem;
	LadderStep *steps;
	int64 count;

	if (wire_integer(message, TYPE_NAME, sizeof(uint8)) != LADDER_VERSION)
		wire_refuse(TYPE_NAME, "its version is unknown");
	count = wire_integer(message, TYPE_NAME, sizeof(int32));
	if (count < 0 || count > LADDER_MAX_STEPS)
		wire_refuse(TYPE_NAME, "it has too many steps");

	steps = palloc(sizeof(LadderStep) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		int64 flags = wire_integer(message, TYPE_NAME, sizeof(uint8));

		CHECK_FOR_INTERRUPTS();
		if ((flags & ~(int64) LADDER_PERCENT) != 0)
			wire_refuse(TYPE_NAME, "a step has unknown flags");
		steps[i].percent = (flags & LADDER_PERCENT) != 0;
		steps[i].threshold = wire_number(message);
		steps[i].rate = wire_number(message);
		steps[i].fixed = wire_number(message);
		if (i > 0 &&
			number_compare(steps[i - 1].threshold, steps[i].threshold) >= 0)
			wire_refuse(TYPE_NAME, "its thresholds do not rise");
	}
	if (message->cursor != message->len)
		wire_refuse(TYPE_NAME, "bytes follow it");
	if (!ladder_accept(steps, (int) count, &problem))
		wire_refuse(TYPE_NAME, problem.message);
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
