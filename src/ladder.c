/*
 * ladder.c
 *		The tier_ladder type: its stored form, what it refuses, the constructor
 *		and the aggregate.
 *
 * A ladder is small and has few steps, so changing one builds it anew; no
 * function here writes into an argument.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "ladder.h"
#include "miscadmin.h"
#include "params.h"
#include "state.h"
#include "utils/array.h"
#include "utils/builtins.h"

#define LADDER_HEADER offsetof(TierLadder, data)

/* A hundred times this is still far from numeric's own limit. */
#define PERCENT_MAX_RATE INT64CONST(1000000000000000000)

static Numeric ladder_percentage(Numeric rate);
static bool number_accept(Numeric value, const char *what, bool percent,
						  Problem *problem);
static bool step_accept(LadderStep *step, Problem *problem);
static int step_compare(const void *one, const void *other);
static bool steps_sort(LadderStep *steps, int count, Problem *problem);
static Numeric next_number(const char *end, const char **at);
static char *put_number(char *at, Numeric value);
static int number_array(ArrayType *array, const char *argument,
						Datum **elements);

PG_FUNCTION_INFO_V1(kam_ladder_make);
PG_FUNCTION_INFO_V1(kam_ladder_accumulate);
PG_FUNCTION_INFO_V1(kam_ladder_combine);

/*
 * The problem of a ladder with too many steps; always false.
 */
bool
ladder_too_long(Problem *problem)
{
	return problem_is(problem, ERRCODE_INVALID_PARAMETER_VALUE,
					  psprintf("a ladder has more than %d steps",
							   LADDER_MAX_STEPS),
					  psprintf("At most %d are allowed.", LADDER_MAX_STEPS));
}

/*
 * Whether a number of a step is finite and not negative.
 */
static bool
number_accept(Numeric value, const char *what, bool percent, Problem *problem)
{
	if (numeric_is_nan(value) || numeric_is_inf(value))
	{
		return problem_is(problem, ERRCODE_INVALID_PARAMETER_VALUE,
						  psprintf("%s must be a finite number, not %s", what,
								   numeric_is_nan(value)	? "NaN"
								   : number_sign(value) < 0 ? "-infinity"
															: "infinity"),
						  NULL);
	}
	if (number_sign(value) < 0)
	{
		return problem_is(
			problem, ERRCODE_INVALID_PARAMETER_VALUE,
			psprintf("%s must not be negative, but is %s%s", what,
					 param_shown(percent ? ladder_percentage(value) : value),
					 percent ? "%" : ""),
			"Give zero or more.");
	}
	return true;
}

/*
 * Whether a step may stand in a ladder; gives a rate in percent its two
 * decimals.
 */
static bool
step_accept(LadderStep *step, Problem *problem)
{
	if (!number_accept(step->threshold, "threshold", false, problem) ||
		!number_accept(step->rate, "rate", step->percent, problem) ||
		!number_accept(step->fixed, "fixed", false, problem))
		return false;
	if (step->percent &&
		number_compare(step->rate, int64_to_numeric(PERCENT_MAX_RATE)) > 0)
	{
		return problem_is(problem, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
						  "rate is too large for a percentage",
						  "Write it as a number.");
	}
	if (step->percent && number_scale(step->rate) < 2)
		step->rate = number_round(step->rate, 2);
	return true;
}

/*
 * The order of two steps by threshold, for qsort.
 */
static int
step_compare(const void *one, const void *other)
{
	return number_compare(((const LadderStep *) one)->threshold,
						  ((const LadderStep *) other)->threshold);
}

/*
 * Sorts steps that were checked; false, and the problem, when they make no
 * ladder.
 */
static bool
steps_sort(LadderStep *steps, int count, Problem *problem)
{
	if (count > LADDER_MAX_STEPS)
		return ladder_too_long(problem);
	if (count > 1)
		qsort(steps, count, sizeof(LadderStep), step_compare);
	for (int i = 1; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (step_compare(&steps[i - 1], &steps[i]) == 0)
		{
			return problem_is(problem, ERRCODE_INVALID_PARAMETER_VALUE,
							  psprintf("threshold %s is given twice",
									   param_shown(steps[i].threshold)),
							  "Give each threshold one step.");
		}
	}
	return true;
}

/*
 * Checks steps and sorts them; false, and the problem, when they make no
 * ladder.
 */
bool
ladder_accept(LadderStep *steps, int count, Problem *problem)
{
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!step_accept(&steps[i], problem))
			return false;
	}
	return steps_sort(steps, count, problem);
}

/*
 * Writes a numeric into a ladder and returns the place behind it.
 */
static char *
put_number(char *at, Numeric value)
{
	memcpy(at, value, VARSIZE(value));
	return at + INTALIGN(VARSIZE(value));
}

/*
 * The stored form of steps that are sorted and checked.
 */
TierLadder *
ladder_build(const LadderStep *steps, int count)
{
	Size size = LADDER_HEADER;
	TierLadder *ladder;
	char *at;

	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		size += sizeof(uint32) + INTALIGN(VARSIZE(steps[i].threshold)) +
				INTALIGN(VARSIZE(steps[i].rate)) +
				INTALIGN(VARSIZE(steps[i].fixed));
	}

	ladder = palloc0(size);
	SET_VARSIZE(ladder, size);
	ladder->version = LADDER_VERSION;
	ladder->count = (uint16) count;
	at = ladder->data;
	for (int i = 0; i < count; i++)
	{
		uint32 flags = steps[i].percent ? LADDER_PERCENT : 0;

		CHECK_FOR_INTERRUPTS();
		memcpy(at, &flags, sizeof(flags));
		at = put_number(at + sizeof(flags), steps[i].threshold);
		at = put_number(at, steps[i].rate);
		at = put_number(at, steps[i].fixed);
	}
	return ladder;
}

/*
 * A ladder with a whole header of its own.
 */
TierLadder *
ladder_from_datum(Datum datum)
{
	TierLadder *ladder = (TierLadder *) PG_DETOAST_DATUM(datum);

	if (VARSIZE(ladder) < LADDER_HEADER || ladder->version != LADDER_VERSION ||
		ladder->reserved != 0 || ladder->count > LADDER_MAX_STEPS)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("invalid tier_ladder: %d bytes, version %d",
							   (int) VARSIZE(ladder),
							   VARSIZE(ladder) < LADDER_HEADER
								   ? 0
								   : (int) ladder->version)));
	return ladder;
}

/*
 * The numeric at a place in a ladder, NULL when there is no sound one; moves
 * the place behind it.
 */
static Numeric
next_number(const char *end, const char **at)
{
	const char *value = *at;
	Size size;

	if ((Size) (end - value) < VARHDRSZ || !VARATT_IS_4B_U(value))
		return NULL;
	size = VARSIZE(value);
	if (size < VARHDRSZ + sizeof(uint16) ||
		INTALIGN(size) > (Size) (end - value) ||
		numeric_is_nan((Numeric) value) || numeric_is_inf((Numeric) value))
		return NULL;
	*at += INTALIGN(size);
	return (Numeric) value;
}

/*
 * Takes a ladder apart, trusting none of its bytes.  The numbers point into
 * the ladder; the steps are allocated.  Returns how many there are.
 */
int
ladder_read(const TierLadder *ladder, LadderStep **steps)
{
	const char *at = ladder->data;
	const char *end = (const char *) ladder + VARSIZE(ladder);
	int count = ladder->count;
	bool sound = true;

	*steps = palloc(sizeof(LadderStep) * Max(count, 1));
	for (int i = 0; i < count && sound; i++)
	{
		LadderStep *step = *steps + i;
		uint32 flags;

		CHECK_FOR_INTERRUPTS();
		if ((Size) (end - at) < sizeof(flags))
			sound = false;
		else
		{
			memcpy(&flags, at, sizeof(flags));
			at += sizeof(flags);
			step->percent = (flags & LADDER_PERCENT) != 0;
			sound = (flags & ~(uint32) LADDER_PERCENT) == 0 &&
					(step->threshold = next_number(end, &at)) &&
					(step->rate = next_number(end, &at)) &&
					(step->fixed = next_number(end, &at)) &&
					(i == 0 ||
					 number_compare(step[-1].threshold, step->threshold) < 0);
		}
	}
	if (!sound || at != end)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("invalid tier_ladder: %d steps in %d bytes",
							   count, (int) VARSIZE(ladder))));
	return count;
}

/*
 * A rate times 100, with two decimals less.
 */
static Numeric
ladder_percentage(Numeric rate)
{
	Numeric hundredfold = number_multiply(rate, int64_to_numeric(100));

	return number_round(hundredfold, Max(number_scale(rate) - 2, 0));
}

/*
 * A rate as it was written, in percent or plain.
 */
char *
ladder_rate_shown(const LadderStep *step)
{
	if (step->percent)
		return psprintf("%s%%", param_shown(ladder_percentage(step->rate)));
	return param_shown(step->rate);
}

/*
 * Whether a step's fixed sum is written out: it is, unless it is zero without
 * decimals, as where none was given.
 */
bool
ladder_fixed_shown(const LadderStep *step)
{
	return strcmp(param_shown(step->fixed), "0") != 0;
}

/*
 * The elements of an array of numbers, which may be empty.
 */
static int
number_array(ArrayType *array, const char *argument, Datum **elements)
{
	Problem problem;
	int count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));

	*elements = NULL;
	if (count == 0)
		return 0;
	if (ARR_NDIM(array) == 1 && count > LADDER_MAX_STEPS)
	{
		ladder_too_long(&problem);
		problem_refuse(&problem);
	}
	return param_array(array, argument, NUMERICOID, LADDER_MAX_STEPS, elements);
}

/*
 * tier_ladder(thresholds, rates, fixed): a ladder from arrays of one length;
 * fixed may be NULL.
 */
Datum
kam_ladder_make(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"thresholds", "rates", "fixed"};
	Datum *values[3] = {NULL, NULL, NULL};
	LadderStep *steps;
	Problem problem;
	Numeric zero = int64_to_numeric(0);
	int count = 0;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	for (int i = 0; i < 3; i++)
	{
		int length;

		if (PG_ARGISNULL(i))
			continue;
		length = number_array(PG_GETARG_ARRAYTYPE_P(i), names[i], &values[i]);
		if (i == 0)
			count = length;
		else if (length != count)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s has %d elements, but thresholds has %d",
							names[i], length, count),
					 errhint("Give each threshold its rate and, if fixed is "
							 "given, its fixed sum.")));
	}

	steps = palloc(sizeof(LadderStep) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		steps[i].threshold = DatumGetNumeric(values[0][i]);
		steps[i].rate = DatumGetNumeric(values[1][i]);
		steps[i].fixed = values[2] ? DatumGetNumeric(values[2][i]) : zero;
		steps[i].percent = false;
	}
	if (!ladder_accept(steps, count, &problem))
		problem_refuse(&problem);
	PG_RETURN_POINTER(ladder_build(steps, count));
}

/*
 * Transition of tier_ladder_agg: adds a step.  A row without a threshold is
 * left out; fixed may be missing or NULL.
 */
Datum
kam_ladder_accumulate(PG_FUNCTION_ARGS)
{
	LadderStep *old = NULL;
	LadderStep *steps;
	LadderStep step;
	Problem problem;
	int count = 0;

	if (PG_ARGISNULL(1))
		return state_unchanged(fcinfo);
	step.threshold = PG_GETARG_NUMERIC(1);
	if (PG_ARGISNULL(2))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the rate of threshold %s is null",
							   param_shown(step.threshold)),
						errhint("Give it a rate, like coalesce(rate, 0).")));
	step.rate = PG_GETARG_NUMERIC(2);
	step.fixed = PG_NARGS() > 3 && !PG_ARGISNULL(3) ? PG_GETARG_NUMERIC(3)
													: int64_to_numeric(0);
	step.percent = false;
	if (!step_accept(&step, &problem))
		problem_refuse(&problem);

	if (!PG_ARGISNULL(0))
		count = ladder_read(ladder_from_datum(PG_GETARG_DATUM(0)), &old);
	steps = palloc(sizeof(LadderStep) * (count + 1));
	if (count > 0)
		memcpy(steps, old, sizeof(LadderStep) * count);
	steps[count++] = step;
	if (!steps_sort(steps, count, &problem))
		problem_refuse(&problem);
	PG_RETURN_POINTER(ladder_build(steps, count));
}

/*
 * Combine function of tier_ladder_agg: the steps of both.
 */
Datum
kam_ladder_combine(PG_FUNCTION_ARGS)
{
	LadderStep *one;
	LadderStep *other;
	LadderStep *steps;
	Problem problem;
	int one_count = ladder_read(ladder_from_datum(PG_GETARG_DATUM(0)), &one);
	int other_count =
		ladder_read(ladder_from_datum(PG_GETARG_DATUM(1)), &other);

	steps = palloc(sizeof(LadderStep) * Max(one_count + other_count, 1));
	memcpy(steps, one, sizeof(LadderStep) * one_count);
	memcpy(steps + one_count, other, sizeof(LadderStep) * other_count);
	if (!steps_sort(steps, one_count + other_count, &problem))
		problem_refuse(&problem);
	PG_RETURN_POINTER(ladder_build(steps, one_count + other_count));
}
