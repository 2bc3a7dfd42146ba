/*
 * part.c
 *		A part and the whole it is of, as two exact sums.
 *
 * Both sums have one scale, the finest of any amount added so far.  Neither
 * overflows before the last row, so the order of the rows does not matter.
 */
#include "kam.h"

#include "number.h"
#include "part.h"
#include "state.h"

#define PART_VERSION 1

static void make_room(PartOfWhole *state, int whole_digits, int scale);
static inline void add_amount(DecimalSum *sum, const Decimal *amount,
							  int scale);
static Numeric sum_numeric(const DecimalSum *sum, int scale);

PG_FUNCTION_INFO_V1(kam_part_combine);
PG_FUNCTION_INFO_V1(kam_part_final);

/*
 * Brings a state into memory and checks it; it is a bytea that anybody can
 * make.
 */
PartOfWhole *
part_from_datum(Datum datum)
{
	PartOfWhole *state = state_detoast(datum);

	if (VARSIZE(state) != sizeof(PartOfWhole) ||
		state->version != PART_VERSION || state->reserved != 0 ||
		state->scale + state->whole_digits > DECIMAL_MAX_DIGITS)
		state_malformed("state of a part and a whole", state);
	return state;
}

/*
 * The state in argument 0 as one to be changed; two sums of zero if there is
 * none.
 */
PartOfWhole *
part_state(FunctionCallInfo fcinfo)
{
	PartOfWhole *state;

	if (!PG_ARGISNULL(0))
		return state_own(fcinfo, part_from_datum(PG_GETARG_DATUM(0)));
	state = palloc0(sizeof(PartOfWhole));
	SET_VARSIZE(state, sizeof(PartOfWhole));
	state->version = PART_VERSION;
	return state;
}

/*
 * Makes room for amounts of these digits.
 */
static void
make_room(PartOfWhole *state, int whole_digits, int scale)
{
	int exponent;

	whole_digits = Max(whole_digits, state->whole_digits);
	scale = Max(scale, state->scale);
	decimal_check_digits(whole_digits, scale);
	exponent = scale - state->scale;
	decimal_sum_rescale(&state->part, exponent);
	decimal_sum_rescale(&state->whole, exponent);
	state->whole_digits = whole_digits;
	state->scale = scale;
}

/*
 * Adds an amount to a sum whose scale is no smaller.
 */
static inline void
add_amount(DecimalSum *sum, const Decimal *amount, int scale)
{
	int128 value = amount->value;

	if (amount->scale != scale)
		value *= decimal_pow10(scale - amount->scale);
	decimal_sum_add(sum, value);
}

/*
 * Adds a row to a part and to the whole.
 */
void
part_add(PartOfWhole *state, const Decimal *part, const Decimal *whole)
{
	int whole_digits = Max(part->whole_digits, whole->whole_digits);
	int scale = Max(part->scale, whole->scale);

	if (scale > state->scale || whole_digits > state->whole_digits)
		make_room(state, whole_digits, scale);
	add_amount(&state->part, part, state->scale);
	add_amount(&state->whole, whole, state->scale);
}

/*
 * Adds the sums of another state.
 */
void
part_merge(PartOfWhole *state, const PartOfWhole *other)
{
	DecimalSum part = other->part;
	DecimalSum whole = other->whole;
	int exponent;

	make_room(state, other->whole_digits, other->scale);
	exponent = state->scale - other->scale;
	decimal_sum_rescale(&part, exponent);
	decimal_sum_rescale(&whole, exponent);
	decimal_sum_merge(&state->part, &part);
	decimal_sum_merge(&state->whole, &whole);
}

/*
 * A sum as a number.
 */
static Numeric
sum_numeric(const DecimalSum *sum, int scale)
{
	return decimal_to_numeric(decimal_sum_value(sum), scale);
}

/*
 * The part divided by the whole; NULL where the whole is not above zero.
 */
Numeric
part_over_whole(const PartOfWhole *state)
{
	return number_over(sum_numeric(&state->part, state->scale),
					   sum_numeric(&state->whole, state->scale));
}

/*
 * Merges two states.
 */
Datum
kam_part_combine(PG_FUNCTION_ARGS)
{
	PartOfWhole *state = part_state(fcinfo);

	part_merge(state, part_from_datum(PG_GETARG_DATUM(1)));
	PG_RETURN_POINTER(state);
}

/*
 * The ratio of a group.
 */
Datum
kam_part_final(PG_FUNCTION_ARGS)
{
	return number_result(fcinfo,
						 part_over_whole(part_from_datum(PG_GETARG_DATUM(0))));
}
