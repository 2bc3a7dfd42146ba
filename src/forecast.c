/*
 * forecast.c
 *		How good forecasts were: accuracy, bias, and errors in relation to what
 *		was sold or to a forecast that anybody can make.
 */
#include "kam.h"

#include "calendar.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "part.h"
#include "state.h"

/* The decimals that the relative error of one row is rounded to. */
#define RELATIVE_SCALE 20

/* Digits that RELATIVE_SCALE more, and a doubling, leave within 128 bits. */
#define RELATIVE_MAX_DIGITS 17

static bool read_forecast(FunctionCallInfo fcinfo, Decimal *actual,
						  Decimal *deviation);
static Decimal magnitude(const Decimal *amount);
static Decimal relative_error(const Decimal *error, const Decimal *actual);
static int read_numbers(ArrayType *array, const char *argument,
						Datum **elements);
static Numeric total_distance(const Datum *ones, const Datum *others,
							  int count);

PG_FUNCTION_INFO_V1(kam_forecast_accuracy_accumulate);
PG_FUNCTION_INFO_V1(kam_forecast_accuracy_final);
PG_FUNCTION_INFO_V1(kam_forecast_bias_accumulate);
PG_FUNCTION_INFO_V1(kam_wape_accumulate);
PG_FUNCTION_INFO_V1(kam_mape_accumulate);
PG_FUNCTION_INFO_V1(kam_mase);

/*
 * Reads what was sold in argument 1, and by how much the forecast in argument
 * 2 is above it.  False if one of them is NULL.
 */
static bool
read_forecast(FunctionCallInfo fcinfo, Decimal *actual, Decimal *deviation)
{
	Decimal forecast;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return false;
	decimal_from_numeric(PG_GETARG_DATUM(1), "actual", actual);
	decimal_from_numeric(PG_GETARG_DATUM(2), "forecast", &forecast);
	decimal_subtract(&forecast, actual, deviation);
	return true;
}

/*
 * An amount without its sign.
 */
static Decimal
magnitude(const Decimal *amount)
{
	Decimal result = *amount;

	if (result.value < 0)
		result.value = -result.value;
	return result;
}

/*
 * Transition of forecast_accuracy(actual, forecast).
 */
Datum
kam_forecast_accuracy_accumulate(PG_FUNCTION_ARGS)
{
	PartOfWhole *state;
	Decimal actual;
	Decimal deviation;
	Decimal error;

	if (!read_forecast(fcinfo, &actual, &deviation))
		return state_unchanged(fcinfo);
	error = magnitude(&deviation);
	state = part_state(fcinfo);
	part_add(state, &error, &actual);
	PG_RETURN_POINTER(state);
}

/*
 * Final function of forecast_accuracy: 1 less the part of the errors.
 */
Datum
kam_forecast_accuracy_final(PG_FUNCTION_ARGS)
{
	Numeric share = part_over_whole(part_from_datum(PG_GETARG_DATUM(0)));

	if (share == NULL)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(number_subtract(int64_to_numeric(1), share));
}

/*
 * Transition of forecast_bias(actual, forecast).
 */
Datum
kam_forecast_bias_accumulate(PG_FUNCTION_ARGS)
{
	PartOfWhole *state;
	Decimal actual;
	Decimal deviation;

	if (!read_forecast(fcinfo, &actual, &deviation))
		return state_unchanged(fcinfo);
	state = part_state(fcinfo);
	part_add(state, &deviation, &actual);
	PG_RETURN_POINTER(state);
}

/*
 * Transition of wape(actual, forecast).
 */
Datum
kam_wape_accumulate(PG_FUNCTION_ARGS)
{
	PartOfWhole *state;
	Decimal actual;
	Decimal deviation;
	Decimal error;

	if (!read_forecast(fcinfo, &actual, &deviation))
		return state_unchanged(fcinfo);
	error = magnitude(&deviation);
	actual = magnitude(&actual);
	state = part_state(fcinfo);
	part_add(state, &error, &actual);
	PG_RETURN_POINTER(state);
}

/*
 * An error over what was sold, both above zero, to RELATIVE_SCALE decimals, a
 * half up.  The error has no fewer decimals.
 */
static Decimal
relative_error(const Decimal *error, const Decimal *actual)
{
	uint128 sold =
		(uint128) actual->value * decimal_pow10(error->scale - actual->scale);
	Decimal result;

	if (error->value < decimal_pow10(RELATIVE_MAX_DIGITS))
	{
		result.value =
			(2 * (uint128) error->value * decimal_pow10(RELATIVE_SCALE) +
			 sold) /
			(2 * sold);
		result.scale = RELATIVE_SCALE;
		result.whole_digits =
			Max(decimal_digits(result.value) - RELATIVE_SCALE, 0);
	}
	else
	{
		Numeric two = int64_to_numeric(2);
		Numeric divisor = decimal_to_numeric(sold, 0);
		Numeric dividend =
			number_multiply(decimal_to_numeric(error->value, 0),
							decimal_to_numeric(decimal_pow10(RELATIVE_SCALE),
											   0));
		Numeric quotient =
			number_quotient(number_add(number_multiply(two, dividend), divisor),
							number_multiply(two, divisor));

		quotient =
			number_multiply(quotient, decimal_to_numeric(1, RELATIVE_SCALE));
		decimal_from_numeric(NumericGetDatum(quotient), "mape", &result);
	}
	return result;
}

/*
 * Transition of mape(actual, forecast).
 */
Datum
kam_mape_accumulate(PG_FUNCTION_ARGS)
{
	const Decimal row = {1, 0, 1};
	PartOfWhole *state;
	Decimal actual;
	Decimal deviation;
	Decimal error;

	if (!read_forecast(fcinfo, &actual, &deviation) || actual.value == 0)
		return state_unchanged(fcinfo);
	error = magnitude(&deviation);
	actual = magnitude(&actual);
	error = relative_error(&error, &actual);
	state = part_state(fcinfo);
	part_add(state, &error, &row);
	PG_RETURN_POINTER(state);
}

/*
 * The numbers of an array; it may be empty.
 */
static int
read_numbers(ArrayType *array, const char *argument, Datum **elements)
{
	int count;

	if (ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) == 0)
		return 0;
	count = param_array(array, argument, NUMERICOID, PERIOD_MAX_DAYS, elements);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		param_finite(DatumGetNumeric((*elements)[i]), argument);
	}
	return count;
}

/*
 * The sum of the distances of numbers from others.
 */
static Numeric
total_distance(const Datum *ones, const Datum *others, int count)
{
	Numeric total = int64_to_numeric(0);

	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		total =
			number_add(total,
					   number_abs(number_subtract(DatumGetNumeric(ones[i]),
												  DatumGetNumeric(others[i]))));
	}
	return total;
}

/*
 * mase(actual, forecast, training, season): the mean error of a forecast over
 * the mean error, in the training series, of repeating what was sold a season
 * before.
 */
Datum
kam_mase(PG_FUNCTION_ARGS)
{
	Datum *actual;
	Datum *forecast;
	Datum *training;
	int count = read_numbers(PG_GETARG_ARRAYTYPE_P(0), "actual", &actual);
	int forecasts =
		read_numbers(PG_GETARG_ARRAYTYPE_P(1), "forecast", &forecast);
	int steps = read_numbers(PG_GETARG_ARRAYTYPE_P(2), "training", &training);
	int season = PG_GETARG_INT32(3);
	Numeric error;
	Numeric naive;

	if (count != forecasts)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("actual has %d elements, but forecast has %d", count,
						forecasts),
				 errhint("Give each number its forecast, in the same order.")));
	if (season < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("season must be 1 or more, but is %d", season),
						errhint("1 is the step before, 12 the same month of "
								"the year before.")));
	steps -= Min(season, steps);
	if (count == 0 || steps == 0)
		PG_RETURN_NULL();

	error = number_multiply(total_distance(actual, forecast, count),
							int64_to_numeric(steps));
	naive = number_multiply(total_distance(training + season, training, steps),
							int64_to_numeric(count));
	return number_result(fcinfo, number_ratio(error, naive));
}
