/*
 * concentration.c
 *		How few customers bring how much: aggregates over the values of a
 *		group, largest first.
 */
#include "kam.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "number.h"
#include "row.h"
#include "state.h"
#include "utils/array.h"
#include "values.h"

#define POINT_COLUMNS 2

/* The points that a curve is drawn with. */
#define FEWEST_POINTS 2
#define MOST_POINTS 100000

static Datum accumulate(FunctionCallInfo fcinfo, ValuesSetting setting,
						const Decimal *given);
static int128 ceil_of_product(const Decimal *fraction, int128 whole);
static int64 customers_reaching(const SortedValues *sorted, int128 goal);
static int128 money_of(const SortedValues *sorted, int64 from, int64 to);

PG_FUNCTION_INFO_V1(kam_concentration_accumulate);
PG_FUNCTION_INFO_V1(kam_concentration_final);
PG_FUNCTION_INFO_V1(kam_pareto_share_accumulate);
PG_FUNCTION_INFO_V1(kam_pareto_share_final);
PG_FUNCTION_INFO_V1(kam_pareto_points_accumulate);
PG_FUNCTION_INFO_V1(kam_pareto_points_final);

/*
 * Adds the value in argument 1 to the state in argument 0, with a setting.
 */
static Datum
accumulate(FunctionCallInfo fcinfo, ValuesSetting setting, const Decimal *given)
{
	Values *values = values_state(fcinfo);
	Decimal value;

	values_set(values, setting, given);
	if (PG_ARGISNULL(1))
		PG_RETURN_POINTER(values);
	decimal_from_numeric(PG_GETARG_DATUM(1), "value", &value);
	PG_RETURN_POINTER(values_add(values, &value));
}

/*
 * A fraction of a whole, rounded up to the next integer.
 */
static int128
ceil_of_product(const Decimal *fraction, int128 whole)
{
	Numeric exact =
		number_multiply(decimal_to_numeric(fraction->value, fraction->scale),
						decimal_to_numeric(whole, 0));
	Decimal result;

	decimal_from_numeric(DirectFunctionCall1(numeric_ceil,
											 NumericGetDatum(exact)),
						 "value", &result);
	return result.value;
}

/*
 * How many customers, from the largest down, bring so much.
 */
static int64
customers_reaching(const SortedValues *sorted, int128 goal)
{
	int128 sum = 0;
	int64 customers = 0;

	while (sum < goal && customers < sorted->positive)
	{
		CHECK_FOR_INTERRUPTS();
		sum += sorted_at(sorted, customers++);
	}
	return customers;
}

/*
 * What the customers of these places bring; those that bring nothing, or
 * less, count for nothing.
 */
static int128
money_of(const SortedValues *sorted, int64 from, int64 to)
{
	int128 sum = 0;

	for (int64 i = from; i < Min(to, sorted->positive); i++)
	{
		CHECK_FOR_INTERRUPTS();
		sum += sorted_at(sorted, i);
	}
	return sum;
}

/*
 * Transition of concentration(value, share).
 */
Datum
kam_concentration_accumulate(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	return accumulate(fcinfo, VALUES_SHARE,
					  values_fraction(fcinfo, 2, VALUES_SHARE));
}

/*
 * The share of all customers that make the share of the money, 0.80 where
 * none is given.
 */
Datum
kam_concentration_final(PG_FUNCTION_ARGS)
{
	Decimal share = {.value = 80, .scale = 2};
	SortedValues *sorted = values_sorted(fcinfo, VALUES_SHARE, &share);
	int128 goal;
	int64 customers;

	if (sorted->positive == 0)
		PG_RETURN_NULL();
	goal = ceil_of_product(&share, sorted_total(sorted));
	customers = customers_reaching(sorted, goal);
	PG_RETURN_NUMERIC(number_divide(int64_to_numeric(customers),
									int64_to_numeric(sorted->count)));
}

/*
 * Transition of pareto_share(value, top).
 */
Datum
kam_pareto_share_accumulate(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	return accumulate(fcinfo, VALUES_TOP,
					  values_fraction(fcinfo, 2, VALUES_TOP));
}

/*
 * The share of the money that the top customers bring, a share of all of them
 * rounded up, 0.20 where none is given.
 */
Datum
kam_pareto_share_final(PG_FUNCTION_ARGS)
{
	Decimal top = {.value = 20, .scale = 2};
	SortedValues *sorted = values_sorted(fcinfo, VALUES_TOP, &top);
	int128 customers;

	if (sorted->positive == 0)
		PG_RETURN_NULL();
	customers = ceil_of_product(&top, sorted->count);
	PG_RETURN_NUMERIC(
		number_divide(decimal_to_numeric(money_of(sorted, 0, (int64) customers),
										 0),
					  decimal_to_numeric(sorted_total(sorted), 0)));
}

/*
 * Transition of pareto_points(value, points).
 */
Datum
kam_pareto_points_accumulate(PG_FUNCTION_ARGS)
{
	Decimal points = {.scale = 0};

	if (PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	points.value = PG_GETARG_INT32(2);
	if (points.value < FEWEST_POINTS || points.value > MOST_POINTS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("points must be from %d to %d, but is %d",
						FEWEST_POINTS, MOST_POINTS, PG_GETARG_INT32(2)),
				 errhint("A chart of 100 points looks like the whole curve.")));
	return accumulate(fcinfo, VALUES_POINTS, &points);
}

/*
 * Points of the curve over all customers, evenly spread, the first and the
 * last among them.
 */
Datum
kam_pareto_points_final(PG_FUNCTION_ARGS)
{
	Decimal points = {.value = MOST_POINTS};
	int128 money = 0;
	SortedValues *sorted = values_sorted(fcinfo, VALUES_POINTS, &points);
	int64 before = 0;
	int64 steps;
	Numeric count;
	Numeric whole;
	TupleDesc columns;
	Datum *elements;
	Oid type;

	if (sorted->positive == 0)
		PG_RETURN_NULL();
	if (points.value < FEWEST_POINTS || points.value > MOST_POINTS)
		state_malformed("state of values",
						PG_DETOAST_DATUM(PG_GETARG_DATUM(0)));
	steps = Min((int64) points.value - 1, sorted->count);
	count = int64_to_numeric(sorted->count);
	whole = decimal_to_numeric(sorted_total(sorted), 0);
	columns = row_element_columns(fcinfo, POINT_COLUMNS, &type);
	elements = palloc(sizeof(Datum) * (Size) (steps + 1));

	for (int64 i = 0; i <= steps; i++)
	{
		int64 customers = i * sorted->count / steps;
		Datum values[POINT_COLUMNS];
		bool nulls[POINT_COLUMNS] = {false};

		CHECK_FOR_INTERRUPTS();
		money += money_of(sorted, before, customers);
		before = customers;
		values[0] = NumericGetDatum(
			number_trim(number_divide(int64_to_numeric(customers), count)));
		values[1] = NumericGetDatum(
			number_trim(number_divide(decimal_to_numeric(money, 0), whole)));
		elements[i] =
			HeapTupleGetDatum(heap_form_tuple(columns, values, nulls));
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, (int) (steps + 1), type, -1,
										  false, TYPALIGN_DOUBLE));
}
