/*
 * mix.c
 *		How far the mix that was sold lies from the mix that was planned.
 *
 * With planned parts p that add up to P and actual ones a that add up to A,
 * the deviation is sum(|a / A - p / P|) / 2, that is, as one quotient of whole
 * numbers, sum(|a * P - p * A|) / (2 * A * P).
 */
#include "kam.h"

#include "decimal.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "product_sum.h"
#include "state.h"
#include "values.h"

static const Values *pairs_argument(FunctionCallInfo fcinfo);
static int128 total_of(const Values *values, int first);

PG_FUNCTION_INFO_V1(kam_mix_deviation_accumulate);
PG_FUNCTION_INFO_V1(kam_mix_deviation_final);

/*
 * Transition of mix_deviation(plan, actual): what is not known beside the
 * other is zero, and so is an actual part below zero.
 */
Datum
kam_mix_deviation_accumulate(PG_FUNCTION_ARGS)
{
	const Decimal zero = {.value = 0};
	Decimal plan;
	Decimal actual;
	Values *values;

	if (PG_ARGISNULL(1) && PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	decimal_argument(fcinfo, 1, "plan", &plan);
	decimal_argument(fcinfo, 2, "actual", &actual);
	if (plan.value < 0)
		param_not_negative(PG_GETARG_NUMERIC(1), "plan");
	if (actual.value < 0)
		actual = zero;

	values = values_state(fcinfo);
	values_set(values, VALUES_PAIRS, &zero);
	values = values_add(values, &plan);
	PG_RETURN_POINTER(values_add(values, &actual));
}

/*
 * The rows of the state in argument 0: a planned part and an actual one, each
 * from zero up.
 */
static const Values *
pairs_argument(FunctionCallInfo fcinfo)
{
	const Values *values = values_from_datum(PG_GETARG_DATUM(0));
	bool possible = values->setting == VALUES_PAIRS && values->count % 2 == 0;

	values_check(values);
	for (int64 i = 0; i < values->count && possible; i++)
	{
		CHECK_FOR_INTERRUPTS();
		possible = values_at(values, i) >= 0;
	}
	if (!possible)
		state_malformed("state of values", values);
	return values;
}

/*
 * The sum of every other value, from the first or the second on.
 */
static int128
total_of(const Values *values, int first)
{
	DecimalSum sum = {0, 0, 0};

	for (int64 i = first; i < values->count; i += 2)
	{
		CHECK_FOR_INTERRUPTS();
		decimal_sum_add(&sum, values_at(values, i));
	}
	return decimal_sum_value(&sum);
}

/*
 * The deviation of a group; NULL where nothing is planned, or nothing sold.
 */
Datum
kam_mix_deviation_final(PG_FUNCTION_ARGS)
{
	const Values *values = pairs_argument(fcinfo);
	int128 planned = total_of(values, 0);
	int128 sold = total_of(values, 1);
	ProductSum sum = {{0}};
	Numeric whole;

	for (int64 i = 0; i < values->count; i += 2)
	{
		ProductSum distance;
		ProductSum due;

		CHECK_FOR_INTERRUPTS();
		product_of(&distance, values_at(values, i + 1), planned);
		product_of(&due, -values_at(values, i), sold);
		product_sum_merge(&distance, &due);
		product_sum_magnitude(&distance);
		product_sum_merge(&sum, &distance);
	}
	whole = number_multiply(decimal_to_numeric(planned, 0),
							decimal_to_numeric(sold, 0));
	return number_result(fcinfo,
						 number_over(product_sum_numeric(&sum, 0),
									 number_multiply(int64_to_numeric(2),
													 whole)));
}
