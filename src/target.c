/*
 * target.c
 *		Setting a customer's target: a proposal, its split over parts, and the
 *		figures that it rests on.
 */
#include "kam.h"

#include "calendar.h"
#include "catalog/pg_type.h"
#include "decimal.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "utils/builtins.h"

/* The parts of a target. */
#define MOST_PARTS 100000

/* Growth above this is taken for a percentage. */
#define MOST_GROWTH 1

/*
 * A part of a target: whole units, and what is left of its exact share, in
 * units divided by the sum of the weights.
 */
typedef struct Part
{
	int128 units;
	int128 rest;
	int32 place;
} Part;

static void refuse_scale(Numeric target, int scale);
static int128 target_units(Numeric target, int scale);
static int128 read_weights(const Datum *elements, int count, int128 *weights);
static void take_share(int128 units, int128 weight, int128 sum, Part *part);
static Numeric units_to_numeric(int128 units, int scale);
static int months_of_history(DateADT first_sale, DateADT as_of);

PG_FUNCTION_INFO_V1(kam_target_split);
PG_FUNCTION_INFO_V1(kam_suggest_target);
PG_FUNCTION_INFO_V1(kam_share_of_potential);
PG_FUNCTION_INFO_V1(kam_gross_margin);
PG_FUNCTION_INFO_V1(kam_growth_rate);
PG_FUNCTION_INFO_V1(kam_history_months);
PG_FUNCTION_INFO_V1(kam_history_state);

#define ST_SORT sort_parts
#define ST_ELEMENT_TYPE Part
#define ST_COMPARE(a, b)                                       \
	((a)->rest != (b)->rest ? ((a)->rest > (b)->rest ? -1 : 1) \
							: (a)->place - (b)->place)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * Says that a target is not made of whole units.
 */
static void
refuse_scale(Numeric target, int scale)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("target %s is finer than scale %d",
						   param_shown(target), scale),
					errhint("Round it first: round(target, %d), or raise "
							"scale.",
							scale)));
}

/*
 * A target in units of 10^-scale.
 */
static int128
target_units(Numeric target, int scale)
{
	Decimal decimal;
	int exponent;

	decimal_from_numeric(NumericGetDatum(target), "target", &decimal);
	exponent = scale - decimal.scale;
	if (exponent >= 0)
	{
		decimal_check_digits(decimal.whole_digits, scale);
		return decimal.value * decimal_pow10(exponent);
	}
	if (decimal.value == 0)
		return 0;
	if (-exponent > DECIMAL_MAX_DIGITS ||
		decimal.value % decimal_pow10(-exponent) != 0)
		refuse_scale(target, scale);
	return decimal.value / decimal_pow10(-exponent);
}

/*
 * Weights as integers at one scale.  Returns their sum.
 */
static int128
read_weights(const Datum *elements, int count, int128 *weights)
{
	DecimalSum sum = {0, 0, 0};

	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		param_not_negative(DatumGetNumeric(elements[i]), "weights");
	}
	decimal_align(elements, count, "weights", weights);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		decimal_sum_add(&sum, weights[i]);
	}
	return decimal_sum_value(&sum);
}

/*
 * A part of units >= 0: units * weight / sum, whole and rest.  The product may
 * be longer than an integer holds.
 */
static void
take_share(int128 units, int128 weight, int128 sum, Part *part)
{
	if (decimal_digits(units) + decimal_digits(weight) <= DECIMAL_MAX_DIGITS)
	{
		part->units = units * weight / sum;
		part->rest = units * weight % sum;
	}
	else
	{
		Numeric product = number_multiply(decimal_to_numeric(units, 0),
										  decimal_to_numeric(weight, 0));
		Numeric divisor = decimal_to_numeric(sum, 0);
		Numeric whole = number_quotient(product, divisor);
		Datum rest = DirectFunctionCall2(numeric_mod, NumericGetDatum(product),
										 NumericGetDatum(divisor));
		Decimal decimal;

		decimal_from_numeric(NumericGetDatum(whole), "target", &decimal);
		part->units = decimal.value;
		decimal_from_numeric(rest, "target", &decimal);
		part->rest = decimal.value;
	}
}

/*
 * units of 10^-scale as a number.
 */
static Numeric
units_to_numeric(int128 units, int scale)
{
	if (scale >= 0)
		return decimal_to_numeric(units, scale);
	return decimal_to_numeric(units * decimal_pow10(-scale), 0);
}

/*
 * target_split(target, weights, scale): each part gets the whole units of its
 * exact share; what is left goes out in single units, largest rest first.
 */
Datum
kam_target_split(PG_FUNCTION_ARGS)
{
	Numeric target = param_finite(PG_GETARG_NUMERIC(0), "target");
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(1);
	int scale = param_scale(PG_GETARG_INT32(2), "splits");
	Datum *elements;
	int128 *weights;
	Part *parts;
	int128 units;
	int128 left;
	int128 sum;
	bool negative;
	int count;

	units = target_units(target, scale);
	if (ARR_NDIM(array) == 0)
		PG_RETURN_NULL();
	count = param_array(array, "weights", NUMERICOID, MOST_PARTS, &elements);
	weights = palloc(sizeof(int128) * count);
	sum = read_weights(elements, count, weights);
	if (sum == 0)
		PG_RETURN_NULL();

	negative = units < 0;
	units = negative ? -units : units;
	left = units;
	parts = palloc(sizeof(Part) * count);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		take_share(units, weights[i], sum, &parts[i]);
		parts[i].place = i;
		left -= parts[i].units;
	}
	sort_parts(parts, (size_t) count);

	for (int i = 0; i < count; i++)
	{
		int128 part = parts[i].units + (i < left ? 1 : 0);

		CHECK_FOR_INTERRUPTS();
		elements[parts[i].place] =
			NumericGetDatum(units_to_numeric(negative ? -part : part, scale));
	}
	PG_RETURN_ARRAYTYPE_P(
		construct_array(elements, count, NUMERICOID, -1, false, TYPALIGN_INT));
}

/*
 * suggest_target(prior, peer_average, growth, gap_share):
 * prior * (1 + growth), and gap_share * (peer_average - prior) more where
 * prior is below the average
 */
Datum
kam_suggest_target(PG_FUNCTION_ARGS)
{
	Numeric prior = param_finite(PG_GETARG_NUMERIC(0), "prior");
	Numeric average = param_finite(PG_GETARG_NUMERIC(1), "peer_average");
	Numeric growth = PG_GETARG_NUMERIC(2);
	Numeric gap_share = PG_GETARG_NUMERIC(3);
	Numeric target;

	param_between(growth, "growth", -1, MOST_GROWTH);
	param_fraction(gap_share, "gap_share");
	target = number_multiply(prior, number_add(int64_to_numeric(1), growth));
	if (number_compare(prior, average) < 0)
		target = number_add(target,
							number_multiply(gap_share,
											number_subtract(average, prior)));
	PG_RETURN_NUMERIC(target);
}

/*
 * share_of_potential(actual, potential)
 */
Datum
kam_share_of_potential(PG_FUNCTION_ARGS)
{
	Numeric actual = param_finite(PG_GETARG_NUMERIC(0), "actual");
	Numeric potential = param_finite(PG_GETARG_NUMERIC(1), "potential");

	if (number_sign(actual) < 0)
		actual = int64_to_numeric(0);
	return number_result(fcinfo, number_over(actual, potential));
}

/*
 * gross_margin(amount, cost): (amount - cost) / amount
 */
Datum
kam_gross_margin(PG_FUNCTION_ARGS)
{
	Numeric amount = param_finite(PG_GETARG_NUMERIC(0), "amount");
	Numeric cost = param_finite(PG_GETARG_NUMERIC(1), "cost");

	return number_result(fcinfo,
						 number_over(number_subtract(amount, cost), amount));
}

/*
 * growth_rate(now_value, before_value): (now - before) / before
 */
Datum
kam_growth_rate(PG_FUNCTION_ARGS)
{
	Numeric now = param_finite(PG_GETARG_NUMERIC(0), "now_value");
	Numeric before = param_finite(PG_GETARG_NUMERIC(1), "before_value");

	return number_result(fcinfo,
						 number_over(number_subtract(now, before), before));
}

/*
 * Full months from the first sale up to and with as_of; -1 when as_of comes
 * before it.
 */
static int
months_of_history(DateADT first_sale, DateADT as_of)
{
	param_date(first_sale, "first_sale");
	param_date(as_of, "as_of");
	if (as_of < first_sale)
		return -1;
	return date_full_months(first_sale, as_of + 1);
}

/*
 * history_months(first_sale, as_of)
 */
Datum
kam_history_months(PG_FUNCTION_ARGS)
{
	int months = months_of_history(PG_GETARG_DATEADT(0), PG_GETARG_DATEADT(1));

	if (months < 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(months);
}

/*
 * history_state(first_sale, as_of, minimum, recommended)
 */
Datum
kam_history_state(PG_FUNCTION_ARGS)
{
	int months = months_of_history(PG_GETARG_DATEADT(0), PG_GETARG_DATEADT(1));
	int minimum = PG_GETARG_INT32(2);
	int recommended = PG_GETARG_INT32(3);
	const char *state = "ok";

	if (minimum < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("minimum must not be negative, but is %d", minimum),
				 errhint("Give a number of months.")));
	if (recommended < minimum)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("recommended is %d, less than minimum, which is "
							   "%d",
							   recommended, minimum),
						errhint("Give at least as many months as minimum.")));
	if (months < 0)
		PG_RETURN_NULL();
	if (months < minimum)
		state = "insufficient";
	else if (months >= recommended)
		state = "full";
	PG_RETURN_TEXT_P(cstring_to_text(state));
}
