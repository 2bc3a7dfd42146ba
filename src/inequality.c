/*
 * inequality.c
 *		How unequally money is spread over customers, as one number: the index
 *		of Herfindahl and Hirschman, and the coefficient of Gini.
 */
#include "kam.h"

#include "decimal.h"
#include "miscadmin.h"
#include "number.h"
#include "product_sum.h"
#include "state.h"
#include "values.h"

#define HHI_VERSION 1

/*
 * State of hhi, a bytea: the sums of the values above zero and of their
 * squares, which have twice the scale.
 */
typedef struct HhiState
{
	int32 vl_len_;
	uint8 version;
	uint8 scale;
	uint8 whole_digits; /* most digits before the point of any value */
	uint8 reserved;		/* zero */
	DecimalSum total;
	ProductSum squares;
} HhiState;

static HhiState *hhi_from_datum(Datum datum);
static HhiState *hhi_state(FunctionCallInfo fcinfo);
static void hhi_rescale(const HhiState *state, DecimalSum *total,
						ProductSum *squares, int exponent);
static void hhi_make_room(HhiState *state, int whole_digits, int scale);
static Numeric sum_of_distances(const SortedValues *sorted);

PG_FUNCTION_INFO_V1(kam_hhi_accumulate);
PG_FUNCTION_INFO_V1(kam_hhi_combine);
PG_FUNCTION_INFO_V1(kam_hhi_final);
PG_FUNCTION_INFO_V1(kam_gini_accumulate);
PG_FUNCTION_INFO_V1(kam_gini_final);

/*
 * Brings a state into memory and checks it; it is a bytea that anybody can
 * make.
 */
static HhiState *
hhi_from_datum(Datum datum)
{
	HhiState *state = state_detoast(datum);

	if (VARSIZE(state) != sizeof(HhiState) || state->version != HHI_VERSION ||
		state->reserved != 0 ||
		state->scale + state->whole_digits > DECIMAL_MAX_DIGITS ||
		state->total.high < 0 ||
		(int64) state->squares.words[PRODUCT_WORDS - 1] < 0)
		state_malformed("hhi state", state);
	return state;
}

/*
 * The state in argument 0 as one to be changed; sums of zero if there is none.
 */
static HhiState *
hhi_state(FunctionCallInfo fcinfo)
{
	HhiState *state;

	if (!PG_ARGISNULL(0))
		return state_own(fcinfo, hhi_from_datum(PG_GETARG_DATUM(0)));
	state = palloc0(sizeof(HhiState));
	SET_VARSIZE(state, sizeof(HhiState));
	state->version = HHI_VERSION;
	return state;
}

/*
 * Brings sums of a state to a scale larger by so much; only squares that no
 * values have made have no room for it.
 */
static void
hhi_rescale(const HhiState *state, DecimalSum *total, ProductSum *squares,
			int exponent)
{
	decimal_sum_rescale(total, exponent);
	if (!product_sum_rescale(squares, 2 * exponent))
		state_malformed("hhi state", state);
}

/*
 * Makes room for values of these digits.
 */
static void
hhi_make_room(HhiState *state, int whole_digits, int scale)
{
	whole_digits = Max(whole_digits, state->whole_digits);
	scale = Max(scale, state->scale);
	decimal_check_digits(whole_digits, scale);
	hhi_rescale(state, &state->total, &state->squares, scale - state->scale);
	state->whole_digits = whole_digits;
	state->scale = scale;
}

/*
 * Transition of hhi(value): a value up to zero has no share.
 */
Datum
kam_hhi_accumulate(PG_FUNCTION_ARGS)
{
	HhiState *state;
	Decimal value;
	int128 unscaled;
	ProductSum square;

	if (PG_ARGISNULL(1))
		return state_unchanged(fcinfo);
	decimal_from_numeric(PG_GETARG_DATUM(1), "value", &value);
	if (value.value <= 0)
		return state_unchanged(fcinfo);

	state = hhi_state(fcinfo);
	if (value.scale > state->scale || value.whole_digits > state->whole_digits)
		hhi_make_room(state, value.whole_digits, value.scale);
	unscaled = value.value * decimal_pow10(state->scale - value.scale);
	decimal_sum_add(&state->total, unscaled);
	product_of(&square, unscaled, unscaled);
	product_sum_merge(&state->squares, &square);
	PG_RETURN_POINTER(state);
}

/*
 * Merges two states.
 */
Datum
kam_hhi_combine(PG_FUNCTION_ARGS)
{
	HhiState *state = hhi_state(fcinfo);
	HhiState *other = hhi_from_datum(PG_GETARG_DATUM(1));
	DecimalSum total = other->total;
	ProductSum squares = other->squares;

	hhi_make_room(state, other->whole_digits, other->scale);
	hhi_rescale(other, &total, &squares, state->scale - other->scale);
	decimal_sum_merge(&state->total, &total);
	product_sum_merge(&state->squares, &squares);
	PG_RETURN_POINTER(state);
}

/*
 * The sum of the squared shares of a group.
 */
Datum
kam_hhi_final(PG_FUNCTION_ARGS)
{
	HhiState *state = hhi_from_datum(PG_GETARG_DATUM(0));
	Numeric total = decimal_to_numeric(decimal_sum_value(&state->total), 0);

	return number_result(fcinfo,
						 number_over(product_sum_numeric(&state->squares, 0),
									 number_multiply(total, total)));
}

/*
 * Transition of gini(value, corrected).
 */
Datum
kam_gini_accumulate(PG_FUNCTION_ARGS)
{
	Decimal corrected = {.scale = 0};
	Decimal value;
	Values *values;

	if (PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	corrected.value = PG_GETARG_BOOL(2);
	values = values_state(fcinfo);
	values_set(values, VALUES_CORRECTED, &corrected);
	if (PG_ARGISNULL(1))
		PG_RETURN_POINTER(values);
	decimal_from_numeric(PG_GETARG_DATUM(1), "value", &value);
	PG_RETURN_POINTER(values_add(values, &value));
}

/*
 * The sum of the distances of all pairs of values, those below zero taken as
 * zero: the largest is above n - 1 others, the next above n - 2 and below
 * one, and so on.
 */
static Numeric
sum_of_distances(const SortedValues *sorted)
{
	ProductSum sum = {{0}};

	for (int64 i = 0; i < sorted->positive; i++)
	{
		ProductSum product;

		CHECK_FOR_INTERRUPTS();
		product_of(&product, sorted->count - 1 - 2 * i, sorted_at(sorted, i));
		product_sum_merge(&sum, &product);
	}
	return product_sum_numeric(&sum, 0);
}

/*
 * The coefficient of a group: the sum of the distances over n times the total,
 * or, corrected, over n - 1 times the total.
 */
Datum
kam_gini_final(PG_FUNCTION_ARGS)
{
	Decimal corrected = {.value = 0};
	SortedValues *sorted = values_sorted(fcinfo, VALUES_CORRECTED, &corrected);
	Numeric total;
	Numeric others;

	if (corrected.value > 1 || corrected.scale != 0)
		state_malformed("state of values",
						PG_DETOAST_DATUM(PG_GETARG_DATUM(0)));
	total = decimal_to_numeric(sorted_total(sorted), 0);
	others = int64_to_numeric(sorted->count - (int64) corrected.value);
	return number_result(fcinfo, number_over(sum_of_distances(sorted),
											 number_multiply(others, total)));
}
