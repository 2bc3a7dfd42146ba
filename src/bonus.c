/*
 * bonus.c
 *		What targets earn: the turnover bonus, a bonus over several parameters,
 *		its value in goods, and what is left to pay.
 */
#include "kam.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "params.h"
#include "programme.h"
#include "tally.h"
#include "utils/builtins.h"

#define IN_KIND_COLUMNS 5

/*
 * The state of bonus_earned, a tally: how the parameters are combined, how many
 * there are, how many of them are met, the weights of both, and the lowest
 * attainment.
 */
enum
{
	STATE_COMBINE,
	STATE_COUNT,
	STATE_MET,
	STATE_WEIGHTS,
	STATE_MET_WEIGHTS,
	STATE_LOWEST,
	STATE_NUMBERS
};

const char *const combine_names[] = {"all", "weighted", "min", NULL};

static int state_combine(const Numeric *state);
static void check_combine(const Numeric *state, int combine);
static void state_add(Numeric *state, int which, Numeric value);

PG_FUNCTION_INFO_V1(kam_turnover_bonus);
PG_FUNCTION_INFO_V1(kam_in_kind);
PG_FUNCTION_INFO_V1(kam_bonus_earned_accumulate);
PG_FUNCTION_INFO_V1(kam_bonus_earned_combine);
PG_FUNCTION_INFO_V1(kam_bonus_earned_final);
PG_FUNCTION_INFO_V1(kam_settlement);

/*
 * A number of decimals for money, if it is one.
 */
int
money_scale(int scale)
{
	if (scale < MONEY_MIN_SCALE || scale > MONEY_MAX_SCALE)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("scale must be from %d to %d, but is %d",
							   MONEY_MIN_SCALE, MONEY_MAX_SCALE, scale),
						errhint("2 rounds to cents, 0 to whole units, -3 to "
								"thousands.")));
	return scale;
}

/*
 * The bonus of a turnover target, all or nothing; NULL without a target.
 */
Numeric
turnover_pay(Numeric actual, Numeric target, Numeric rate, Numeric fixed)
{
	param_finite(actual, "actual");
	param_finite(target, "target");
	param_fraction(rate, "rate");
	param_not_negative(fixed, "fixed");
	if (number_compare(target, int64_to_numeric(0)) <= 0)
		return NULL;
	if (number_compare(actual, target) < 0)
		return int64_to_numeric(0);
	return number_add(number_multiply(rate, actual), fixed);
}

/*
 * turnover_bonus(actual, target, rate, fixed)
 */
Datum
kam_turnover_bonus(PG_FUNCTION_ARGS)
{
	Numeric pay = turnover_pay(PG_GETARG_NUMERIC(0), PG_GETARG_NUMERIC(1),
							   PG_GETARG_NUMERIC(2), PG_GETARG_NUMERIC(3));

	if (pay == NULL)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(pay);
}

/*
 * in_kind(bonus, price, unit_cost): the whole units that a bonus buys, and
 * what they cost the company.
 */
Datum
kam_in_kind(PG_FUNCTION_ARGS)
{
	Numeric bonus = param_not_negative(PG_GETARG_NUMERIC(0), "bonus");
	Numeric price = param_finite(PG_GETARG_NUMERIC(1), "price");
	Numeric unit_cost = param_not_negative(PG_GETARG_NUMERIC(2), "unit_cost");
	TupleDesc columns;
	Datum values[IN_KIND_COLUMNS];
	bool nulls[IN_KIND_COLUMNS] = {false};
	Numeric units;
	Numeric value;
	Numeric cost;

	if (number_compare(price, int64_to_numeric(0)) <= 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("price must be above zero, but is %s",
							   param_shown(price)),
						errhint("Give the price at which a unit counts.")));
	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE ||
		columns->natts != IN_KIND_COLUMNS)
		elog(ERROR, "in_kind must return an in_kind_result of %d columns",
			 IN_KIND_COLUMNS);

	units = DatumGetNumeric(DirectFunctionCall2(numeric_div_trunc,
												NumericGetDatum(bonus),
												NumericGetDatum(price)));
	value = number_multiply(units, price);
	cost = number_multiply(units, unit_cost);
	values[0] = NumericGetDatum(units);
	values[1] = NumericGetDatum(value);
	values[2] = NumericGetDatum(number_subtract(bonus, value));
	values[3] = NumericGetDatum(cost);
	values[4] = NumericGetDatum(number_subtract(bonus, cost));
	PG_RETURN_DATUM(HeapTupleGetDatum(
		heap_form_tuple(BlessTupleDesc(columns), values, nulls)));
}

/*
 * How a state combines parameters.
 */
static int
state_combine(const Numeric *state)
{
	for (int i = 0; combine_names[i] != NULL; i++)
		if (number_compare(state[STATE_COMBINE], int64_to_numeric(i)) == 0)
			return i;
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
					errmsg("malformed state: there is no mode %s",
						   param_shown(state[STATE_COMBINE]))));
}

/*
 * Refuses a second mode in one group.
 */
static void
check_combine(const Numeric *state, int combine)
{
	int before = state_combine(state);

	if (before != combine)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("mode must be the same in all rows of a group"),
				 errdetail("It is \"%s\" in one row, and \"%s\" in another.",
						   combine_names[before], combine_names[combine]),
				 errhint("Add the mode to GROUP BY.")));
}

/*
 * Adds to one of the sums of a state.
 */
static void
state_add(Numeric *state, int which, Numeric value)
{
	state[which] = number_add(state[which], value);
}

/*
 * Transition of bonus_earned(attainment, weight [, mode]): a row without an
 * attainment, or without a mode, is left out.
 */
Datum
kam_bonus_earned_accumulate(PG_FUNCTION_ARGS)
{
	Numeric state[STATE_NUMBERS];
	Numeric one = int64_to_numeric(1);
	Numeric attainment;
	Numeric weight;
	int combine = COMBINE_ALL;

	if (PG_ARGISNULL(1) || (PG_NARGS() > 3 && PG_ARGISNULL(3)))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	attainment = param_finite(PG_GETARG_NUMERIC(1), "attainment");
	weight = PG_ARGISNULL(2)
				 ? one
				 : param_not_negative(PG_GETARG_NUMERIC(2), "weight");
	if (PG_NARGS() > 3)
		combine = param_choice(PG_GETARG_TEXT_PP(3), "mode", combine_names);

	if (PG_ARGISNULL(0))
	{
		for (int i = 0; i < STATE_NUMBERS; i++)
			state[i] = int64_to_numeric(0);
		state[STATE_COMBINE] = int64_to_numeric(combine);
		state[STATE_LOWEST] = attainment;
	}
	else
	{
		tally_read(PG_GETARG_DATUM(0), state, STATE_NUMBERS);
		check_combine(state, combine);
		if (number_compare(attainment, state[STATE_LOWEST]) < 0)
			state[STATE_LOWEST] = attainment;
	}
	state_add(state, STATE_COUNT, one);
	state_add(state, STATE_WEIGHTS, weight);
	if (number_compare(attainment, one) >= 0)
	{
		state_add(state, STATE_MET, one);
		state_add(state, STATE_MET_WEIGHTS, weight);
	}
	PG_RETURN_DATUM(tally_write(state, STATE_NUMBERS));
}

/*
 * Merges two states.
 */
Datum
kam_bonus_earned_combine(PG_FUNCTION_ARGS)
{
	Numeric state[STATE_NUMBERS];
	Numeric other[STATE_NUMBERS];

	tally_read(PG_GETARG_DATUM(0), state, STATE_NUMBERS);
	tally_read(PG_GETARG_DATUM(1), other, STATE_NUMBERS);
	check_combine(state, state_combine(other));
	for (int i = STATE_COUNT; i < STATE_LOWEST; i++)
		state_add(state, i, other[i]);
	if (number_compare(other[STATE_LOWEST], state[STATE_LOWEST]) < 0)
		state[STATE_LOWEST] = other[STATE_LOWEST];
	PG_RETURN_DATUM(tally_write(state, STATE_NUMBERS));
}

/*
 * Final function of bonus_earned: the share of the bonus, or the attainment
 * that decides it.
 */
Datum
kam_bonus_earned_final(PG_FUNCTION_ARGS)
{
	Numeric state[STATE_NUMBERS];

	tally_read(PG_GETARG_DATUM(0), state, STATE_NUMBERS);
	switch ((Combine) state_combine(state))
	{
		case COMBINE_ALL:
			PG_RETURN_NUMERIC(int64_to_numeric(
				number_compare(state[STATE_MET], state[STATE_COUNT]) == 0));
		case COMBINE_WEIGHTED:
			if (number_compare(state[STATE_WEIGHTS], int64_to_numeric(0)) == 0)
				PG_RETURN_NULL();
			PG_RETURN_NUMERIC(
				number_divide(state[STATE_MET_WEIGHTS], state[STATE_WEIGHTS]));
		case COMBINE_MIN:
			break;
	}
	PG_RETURN_NUMERIC(state[STATE_LOWEST]);
}

/*
 * settlement(earned, paid, scale): what is left to pay of a cumulative amount.
 */
Datum
kam_settlement(PG_FUNCTION_ARGS)
{
	Numeric earned = param_finite(PG_GETARG_NUMERIC(0), "earned");
	Numeric paid = param_finite(PG_GETARG_NUMERIC(1), "paid");
	int scale = money_scale(PG_GETARG_INT32(2));

	PG_RETURN_NUMERIC(number_subtract(number_round(earned, scale), paid));
}
