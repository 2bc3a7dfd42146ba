/*
 * bonus.c
 *		What targets earn: the turnover bonus, a bonus over several parameters,
 *		its value in goods, and what is left to pay.
 */
#include "kam.h"

#include "params.h"
#include "programme.h"
#include "row.h"
#include "state.h"
#include "tally.h"

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

PG_FUNCTION_INFO_V1(kam_turnover_bonus);
PG_FUNCTION_INFO_V1(kam_in_kind);
PG_FUNCTION_INFO_V1(kam_bonus_earned_accumulate);
PG_FUNCTION_INFO_V1(kam_bonus_earned_combine);
PG_FUNCTION_INFO_V1(kam_bonus_earned_final);
PG_FUNCTION_INFO_V1(kam_settlement);

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
	if (number_sign(target) <= 0)
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
	return number_result(fcinfo, turnover_pay(PG_GETARG_NUMERIC(0),
											  PG_GETARG_NUMERIC(1),
											  PG_GETARG_NUMERIC(2),
											  PG_GETARG_NUMERIC(3)));
}

/*
 * in_kind(bonus, price, unit_cost): the whole units that a bonus buys, and
 * what they cost the company.
 */
Datum
kam_in_kind(PG_FUNCTION_ARGS)
{
	Numeric bonus = param_not_negative(PG_GETARG_NUMERIC(0), "bonus");
	Numeric price = param_above_zero(PG_GETARG_NUMERIC(1), "price",
									 "Give the price at which a unit counts.");
	Numeric unit_cost = param_not_negative(PG_GETARG_NUMERIC(2), "unit_cost");
	Datum values[IN_KIND_COLUMNS];
	bool nulls[IN_KIND_COLUMNS] = {false};
	Numeric units;
	Numeric value;
	Numeric cost;

	units = number_quotient(bonus, price);
	value = number_multiply(units, price);
	cost = number_multiply(units, unit_cost);
	values[0] = NumericGetDatum(units);
	values[1] = NumericGetDatum(value);
	values[2] = NumericGetDatum(number_subtract(bonus, value));
	values[3] = NumericGetDatum(cost);
	values[4] = NumericGetDatum(number_subtract(bonus, cost));
	return row_result(fcinfo, NULL, IN_KIND_COLUMNS, values, nulls);
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
		return state_unchanged(fcinfo);
	attainment = param_finite(PG_GETARG_NUMERIC(1), "attainment");
	weight = PG_ARGISNULL(2)
				 ? one
				 : param_not_negative(PG_GETARG_NUMERIC(2), "weight");
	if (PG_NARGS() > 3)
		combine = param_choice(PG_GETARG_TEXT_PP(3), "mode", combine_names);

	if (PG_ARGISNULL(0))
	{
		tally_zero(state, STATE_NUMBERS);
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
	tally_raise(&state[STATE_COUNT], one);
	tally_raise(&state[STATE_WEIGHTS], weight);
	if (number_compare(attainment, one) >= 0)
	{
		tally_raise(&state[STATE_MET], one);
		tally_raise(&state[STATE_MET_WEIGHTS], weight);
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
	tally_add(state + STATE_COUNT, other + STATE_COUNT,
			  STATE_LOWEST - STATE_COUNT);
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
			return number_result(fcinfo, number_ratio(state[STATE_MET_WEIGHTS],
													  state[STATE_WEIGHTS]));
		case COMBINE_MIN:
			break;
	}
	PG_RETURN_NUMERIC(number_trim(state[STATE_LOWEST]));
}

/*
 * settlement(earned, paid, scale): what is left to pay of a cumulative amount.
 */
Datum
kam_settlement(PG_FUNCTION_ARGS)
{
	Numeric earned = param_finite(PG_GETARG_NUMERIC(0), "earned");
	Numeric paid = param_finite(PG_GETARG_NUMERIC(1), "paid");
	int scale = param_scale(PG_GETARG_INT32(2), "rounds");

	PG_RETURN_NUMERIC(number_subtract(number_round(earned, scale), paid));
}
