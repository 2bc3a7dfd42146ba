/*
 * ladder_jsonb.c
 *		The casts between tier_ladder and jsonb, which lose nothing either.
 */
#include "kam.h"

#include "ladder.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "params.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#define JSONB_HINT                                                         \
	"Write it like [{\"threshold\": 300000, \"rate\": 0.03, \"percent\": " \
	"true, \"fixed\": 500}]; percent and fixed may be left out."

static void bad_jsonb(char *message);
static void read_object(JsonbIterator **iterator, int number, LadderStep *step);

PG_FUNCTION_INFO_V1(kam_ladder_to_jsonb);
PG_FUNCTION_INFO_V1(kam_ladder_from_jsonb);

/*
 * A ladder as a jsonb array of {"threshold", "rate", "fixed", "percent"}, the
 * last two only where the text form shows them.
 */
Datum
kam_ladder_to_jsonb(PG_FUNCTION_ARGS)
{
	LadderStep *steps;
	int count = ladder_read(ladder_from_datum(PG_GETARG_DATUM(0)), &steps);
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoChar(&text, '[');
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfo(&text, "%s{\"threshold\": %s, \"rate\": %s",
						 i > 0 ? ", " : "", param_shown(steps[i].threshold),
						 param_shown(steps[i].rate));
		if (steps[i].percent)
			appendStringInfoString(&text, ", \"percent\": true");
		if (ladder_fixed_shown(&steps[i]))
			appendStringInfo(&text, ", \"fixed\": %s",
							 param_shown(steps[i].fixed));
		appendStringInfoChar(&text, '}');
	}
	appendStringInfoChar(&text, ']');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(text.data));
}

/*
 * Refuses a jsonb.
 */
static void
bad_jsonb(char *message)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid jsonb for type tier_ladder"),
					errdetail_internal("%s", message), errhint(JSONB_HINT)));
}

/*
 * Reads the keys of one step, whose object was just entered.
 */
static void
read_object(JsonbIterator **iterator, int number, LadderStep *step)
{
	JsonbValue key;
	JsonbValue value;

	step->threshold = step->rate = NULL;
	step->fixed = int64_to_numeric(0);
	step->percent = false;
	while (JsonbIteratorNext(iterator, &key, true) == WJB_KEY)
	{
		char *name = pnstrdup(key.val.string.val, key.val.string.len);
		Numeric *place = NULL;

		JsonbIteratorNext(iterator, &value, true);
		if (strcmp(name, "threshold") == 0)
			place = &step->threshold;
		else if (strcmp(name, "rate") == 0)
			place = &step->rate;
		else if (strcmp(name, "fixed") == 0)
			place = &step->fixed;
		else if (strcmp(name, "percent") != 0)
			bad_jsonb(
				psprintf("Step %d has an unknown key \"%s\".", number, name));

		if (place != NULL && value.type == jbvNumeric)
			*place = value.val.numeric;
		else if (place != NULL)
			bad_jsonb(
				psprintf("\"%s\" of step %d is not a number.", name, number));
		else if (value.type == jbvBool)
			step->percent = value.val.boolean;
		else
			bad_jsonb(psprintf("\"percent\" of step %d is not true or false.",
							   number));
	}
	if (step->threshold == NULL || step->rate == NULL)
		bad_jsonb(psprintf("Step %d has no \"%s\".", number,
						   step->threshold == NULL ? "threshold" : "rate"));
}

/*
 * The ladder of a jsonb array.
 */
Datum
kam_ladder_from_jsonb(PG_FUNCTION_ARGS)
{
	Jsonb *jsonb = PG_GETARG_JSONB_P(0);
	Problem problem;
	LadderStep *steps;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue value;
	int count = 0;

	if (!JB_ROOT_IS_ARRAY(jsonb) || JB_ROOT_IS_SCALAR(jsonb))
		bad_jsonb("It is not an array of steps.");
	if (JB_ROOT_COUNT(jsonb) > LADDER_MAX_STEPS)
	{
		ladder_too_long(&problem);
		problem_refuse(&problem);
	}

	steps = palloc(sizeof(LadderStep) * (JB_ROOT_COUNT(jsonb) + 1));
	iterator = JsonbIteratorInit(&jsonb->root);
	JsonbIteratorNext(&iterator, &value, false);
	while ((token = JsonbIteratorNext(&iterator, &value, false)) !=
		   WJB_END_ARRAY)
	{
		CHECK_FOR_INTERRUPTS();
		if (token != WJB_BEGIN_OBJECT)
			bad_jsonb(psprintf("Step %d is not an object.", count + 1));
		read_object(&iterator, count + 1, &steps[count]);
		count++;
	}
	if (!ladder_accept(steps, count, &problem))
		problem_refuse(&problem);
	PG_RETURN_POINTER(ladder_build(steps, count));
}
