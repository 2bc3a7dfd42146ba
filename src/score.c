/*
 * score.c
 *		The weighted score: what several criteria come to, each with its weight.
 */
#include "kam.h"

#include "decimal.h"
#include "number.h"
#include "params.h"
#include "product_sum.h"
#include "state.h"

#define SCORE_VERSION 1

/*
 * State of weighted_score, a bytea: the sum of the weights and that of the
 * weights times the values, each with the most digits before the point of what
 * was added to it.
 */
typedef struct ScoreState
{
	int32 vl_len_;
	uint8 version;
	uint8 scale;
	uint8 whole_digits;
	uint8 weight_scale;
	uint8 weight_whole_digits;
	uint8 reserved[7];
	DecimalSum weights;
	ProductSum products;
} ScoreState;

static ScoreState *state_new(void);
static ScoreState *state_from_datum(Datum datum);
static void rescale(const ScoreState *state, ProductSum *products,
					int exponent);
static void make_room(ScoreState *state, int whole_digits, int scale);
static void make_weight_room(ScoreState *state, int whole_digits, int scale);
static Numeric value_argument(FunctionCallInfo fcinfo);

PG_FUNCTION_INFO_V1(kam_weighted_score_accumulate);
PG_FUNCTION_INFO_V1(kam_weighted_score_combine);
PG_FUNCTION_INFO_V1(kam_weighted_score_final);

/*
 * Sums of zero.
 */
static ScoreState *
state_new(void)
{
	ScoreState *state = palloc0(sizeof(ScoreState));

	SET_VARSIZE(state, sizeof(ScoreState));
	state->version = SCORE_VERSION;
	return state;
}

/*
 * Brings a state into memory and checks it; it is a bytea that anybody can
 * make.
 */
static ScoreState *
state_from_datum(Datum datum)
{
	ScoreState *state = state_detoast(datum);

	if (VARSIZE(state) != sizeof(ScoreState) ||
		state->version != SCORE_VERSION ||
		state->whole_digits + state->scale > PRODUCT_MAX_DIGITS ||
		state->weight_whole_digits + state->weight_scale > DECIMAL_MAX_DIGITS ||
		state->weights.high < 0)
		state_malformed("weighted_score state", state);
	return state;
}

/*
 * Multiplies a sum of products by 10^exponent; only one that no products add
 * up to has no room for it.
 */
static void
rescale(const ScoreState *state, ProductSum *products, int exponent)
{
	if (!product_sum_rescale(products, exponent))
		state_malformed("weighted_score state", state);
}

/*
 * Makes room for products of these digits.
 */
static void
make_room(ScoreState *state, int whole_digits, int scale)
{
	whole_digits = Max(whole_digits, state->whole_digits);
	product_check_digits(whole_digits, Max(scale, state->scale));
	state->whole_digits = whole_digits;
	if (scale > state->scale)
	{
		rescale(state, &state->products, scale - state->scale);
		state->scale = scale;
	}
}

/*
 * Makes room for weights of these digits.
 */
static void
make_weight_room(ScoreState *state, int whole_digits, int scale)
{
	whole_digits = Max(whole_digits, state->weight_whole_digits);
	decimal_check_digits(whole_digits, Max(scale, state->weight_scale));
	state->weight_whole_digits = whole_digits;
	if (scale > state->weight_scale)
	{
		decimal_sum_rescale(&state->weights, scale - state->weight_scale);
		state->weight_scale = scale;
	}
}

/*
 * The value of a row, cut to the cap where there is one.
 */
static Numeric
value_argument(FunctionCallInfo fcinfo)
{
	Numeric value = PG_GETARG_NUMERIC(1);

	if (PG_NARGS() <= 3 || PG_ARGISNULL(3))
		return value;
	return number_at_most(param_finite(value, "value"),
						  param_finite(PG_GETARG_NUMERIC(3), "cap"));
}

/*
 * Transition of weighted_score(value, weight [, cap]): a row without a value,
 * or without a weight, is left out.
 */
Datum
kam_weighted_score_accumulate(PG_FUNCTION_ARGS)
{
	ScoreState *state;
	Decimal value;
	Decimal weight;
	ProductSum product;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	decimal_from_numeric(NumericGetDatum(value_argument(fcinfo)), "value",
						 &value);
	decimal_from_numeric(PG_GETARG_DATUM(2), "weight", &weight);
	if (weight.value < 0)
		param_not_negative(PG_GETARG_NUMERIC(2), "weight");

	state = PG_ARGISNULL(0)
				? state_new()
				: state_own(fcinfo, state_from_datum(PG_GETARG_DATUM(0)));
	make_weight_room(state, weight.whole_digits, weight.scale);
	make_room(state, value.whole_digits + weight.whole_digits,
			  value.scale + weight.scale);

	decimal_sum_add(&state->weights,
					weight.value *
						decimal_pow10(state->weight_scale - weight.scale));
	product_of(&product, value.value, weight.value);
	if (state->scale > value.scale + weight.scale)
		rescale(state, &product, state->scale - value.scale - weight.scale);
	product_sum_merge(&state->products, &product);
	PG_RETURN_POINTER(state);
}

/*
 * Merges two states.
 */
Datum
kam_weighted_score_combine(PG_FUNCTION_ARGS)
{
	ScoreState *state = state_own(fcinfo, state_from_datum(PG_GETARG_DATUM(0)));
	ScoreState *other = state_from_datum(PG_GETARG_DATUM(1));
	DecimalSum weights = other->weights;
	ProductSum products = other->products;

	make_weight_room(state, other->weight_whole_digits, other->weight_scale);
	make_room(state, other->whole_digits, other->scale);

	decimal_sum_rescale(&weights, state->weight_scale - other->weight_scale);
	decimal_sum_merge(&state->weights, &weights);
	rescale(other, &products, state->scale - other->scale);
	product_sum_merge(&state->products, &products);
	PG_RETURN_POINTER(state);
}

/*
 * The score of a group: the sum of weight * value over the sum of the weights;
 * NULL when all weights are zero.
 */
Datum
kam_weighted_score_final(PG_FUNCTION_ARGS)
{
	ScoreState *state = state_from_datum(PG_GETARG_DATUM(0));
	Numeric weights = decimal_to_numeric(decimal_sum_value(&state->weights),
										 state->weight_scale);

	return number_result(fcinfo,
						 number_over(product_sum_numeric(&state->products,
														 state->scale),
									 weights));
}
