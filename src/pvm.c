/*
 * pvm.c
 *		The price-volume-mix bridge between two periods, an aggregate over
 *		products whose effects add up to the change exactly.
 */
#include "kam.h"

#include "number.h"
#include "params.h"
#include "row.h"
#include "tally.h"

#define RESULT_COLUMNS 8

/* The decimals to which what is divided is rounded, at least. */
#define EFFECT_SCALE 16

/*
 * The numbers of the state.
 */
enum
{
	PVM_BEFORE,			 /* amounts before, of all products */
	PVM_NOW,			 /* amounts now */
	PVM_QUANTITY_BEFORE, /* of products sold in both periods */
	PVM_QUANTITY_NOW,	 /* of the same */
	PVM_AMOUNT_BEFORE,	 /* of the same */
	PVM_PRICE,			 /* effect of prices */
	PVM_NEW,			 /* effect of products not sold before */
	PVM_LOST,			 /* effect of products not sold now */
	PVM_NUMBERS
};

static Numeric number_argument(FunctionCallInfo fcinfo, int number,
							   const char *argument);
static Numeric tidy(Numeric value, int scale);
static Numeric at_old_price(Numeric quantity_before, Numeric amount_before,
							Numeric quantity_now);

PG_FUNCTION_INFO_V1(kam_pvm_accumulate);
PG_FUNCTION_INFO_V1(kam_pvm_combine);
PG_FUNCTION_INFO_V1(kam_pvm_final);

/*
 * An argument; zero if it is NULL, as of a product that was not sold.
 */
static Numeric
number_argument(FunctionCallInfo fcinfo, int number, const char *argument)
{
	if (PG_ARGISNULL(number))
		return int64_to_numeric(0);
	return param_finite(PG_GETARG_NUMERIC(number), argument);
}

/*
 * A number without the zeros that end its decimals, but with so many decimals
 * at least.
 */
static Numeric
tidy(Numeric value, int scale)
{
	Numeric trimmed = number_trim(value);

	return number_scale(trimmed) >= scale ? trimmed
										  : number_round(trimmed, scale);
}

/*
 * What more quantity brings at the price before: (now - before) * amount /
 * before, to EFFECT_SCALE decimals or as many as the product has.
 */
static Numeric
at_old_price(Numeric quantity_before, Numeric amount_before,
			 Numeric quantity_now)
{
	Numeric product =
		tidy(number_multiply(number_subtract(quantity_now, quantity_before),
							 amount_before),
			 EFFECT_SCALE);

	/* a dividend of so many decimals gives a quotient of as many, or more */
	return number_round(number_divide(product, quantity_before),
						number_scale(product));
}

/*
 * Transition of pvm(quantity_before, amount_before, quantity_now,
 * amount_now).
 */
Datum
kam_pvm_accumulate(PG_FUNCTION_ARGS)
{
	Numeric quantity_before = number_argument(fcinfo, 1, "quantity_before");
	Numeric amount_before = number_argument(fcinfo, 2, "amount_before");
	Numeric quantity_now = number_argument(fcinfo, 3, "quantity_now");
	Numeric amount_now = number_argument(fcinfo, 4, "amount_now");
	bool sold_before = number_sign(quantity_before) > 0;
	bool sold_now = number_sign(quantity_now) > 0;
	Numeric state[PVM_NUMBERS];

	if (PG_ARGISNULL(0))
		tally_zero(state, PVM_NUMBERS);
	else
		tally_read(PG_GETARG_DATUM(0), state, PVM_NUMBERS);

	tally_raise(&state[PVM_BEFORE], amount_before);
	tally_raise(&state[PVM_NOW], amount_now);
	if (sold_before && sold_now)
	{
		tally_raise(&state[PVM_QUANTITY_BEFORE], quantity_before);
		tally_raise(&state[PVM_QUANTITY_NOW], quantity_now);
		tally_raise(&state[PVM_AMOUNT_BEFORE], amount_before);
		tally_raise(&state[PVM_PRICE],
					number_subtract(number_subtract(amount_now, amount_before),
									at_old_price(quantity_before, amount_before,
												 quantity_now)));
	}
	else
	{
		/* what was not sold in either period comes and goes in full */
		int of_before = sold_now ? PVM_NEW : PVM_LOST;
		int of_now = sold_before ? PVM_LOST : PVM_NEW;

		state[of_before] = number_subtract(state[of_before], amount_before);
		tally_raise(&state[of_now], amount_now);
	}
	PG_RETURN_DATUM(tally_write(state, PVM_NUMBERS));
}

/*
 * Merges two states.
 */
Datum
kam_pvm_combine(PG_FUNCTION_ARGS)
{
	Numeric state[PVM_NUMBERS];
	Numeric other[PVM_NUMBERS];

	tally_read(PG_GETARG_DATUM(0), state, PVM_NUMBERS);
	tally_read(PG_GETARG_DATUM(1), other, PVM_NUMBERS);
	tally_add(state, other, PVM_NUMBERS);
	PG_RETURN_DATUM(tally_write(state, PVM_NUMBERS));
}

/*
 * The bridge of a group.
 */
Datum
kam_pvm_final(PG_FUNCTION_ARGS)
{
	Numeric state[PVM_NUMBERS];
	Numeric volume = int64_to_numeric(0);
	Numeric change;
	Numeric mix;
	Datum values[RESULT_COLUMNS];
	bool nulls[RESULT_COLUMNS] = {false};
	int scale;

	tally_read(PG_GETARG_DATUM(0), state, PVM_NUMBERS);
	if (number_sign(state[PVM_QUANTITY_BEFORE]) > 0)
		volume =
			at_old_price(state[PVM_QUANTITY_BEFORE], state[PVM_AMOUNT_BEFORE],
						 state[PVM_QUANTITY_NOW]);
	change = number_subtract(state[PVM_NOW], state[PVM_BEFORE]);
	mix = number_subtract(
		number_subtract(number_subtract(change,
										number_add(state[PVM_PRICE], volume)),
						state[PVM_NEW]),
		state[PVM_LOST]);

	scale = number_scale(change);
	values[0] = NumericGetDatum(tidy(state[PVM_BEFORE], scale));
	values[1] = NumericGetDatum(tidy(state[PVM_PRICE], scale));
	values[2] = NumericGetDatum(tidy(volume, scale));
	values[3] = NumericGetDatum(tidy(mix, scale));
	values[4] = NumericGetDatum(tidy(state[PVM_NEW], scale));
	values[5] = NumericGetDatum(tidy(state[PVM_LOST], scale));
	values[6] = NumericGetDatum(tidy(state[PVM_NOW], scale));
	values[7] = NumericGetDatum(tidy(change, scale));
	return row_result(fcinfo, NULL, RESULT_COLUMNS, values, nulls);
}
