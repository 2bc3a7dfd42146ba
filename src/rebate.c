/*
 * rebate.c
 *		Several rebates on one base, and what to book before the period's end.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "params.h"
#include "programme.h"
#include "row.h"
#include "utils/array.h"

#define PART_COLUMNS 5
#define MAX_REBATES 100

/*
 * One of several rebates.
 */
typedef struct Rebate
{
	int place; /* in the array, from 1 */
	int order;
	Numeric rate;
} Rebate;

static Rebate *read_rebates(ArrayType *rates, ArrayType *orders, int *count);
static int rebate_compare(const void *one, const void *other);
static Numeric reduced(Numeric base, Numeric taken);

PG_FUNCTION_INFO_V1(kam_stack_rebates);
PG_FUNCTION_INFO_V1(kam_tier_accrual);

/*
 * The order of two rebates: by order number, then as they stand in the array.
 */
static int
rebate_compare(const void *one, const void *other)
{
	const Rebate *left = one;
	const Rebate *right = other;

	if (left->order != right->order)
		return left->order < right->order ? -1 : 1;
	return left->place - right->place;
}

/*
 * The rebates in the order in which they are taken.  Without order numbers
 * each stands alone.
 */
static Rebate *
read_rebates(ArrayType *rates, ArrayType *orders, int *count)
{
	Datum *rate_values;
	Datum *order_values = NULL;
	Rebate *rebates;
	int order_count =
		orders ? ArrayGetNItems(ARR_NDIM(orders), ARR_DIMS(orders)) : 0;

	*count = ArrayGetNItems(ARR_NDIM(rates), ARR_DIMS(rates));
	if (orders != NULL && order_count != *count)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("orders has %d elements, but rates has %d",
							   order_count, *count),
						errhint("Give each rate its order number.")));
	if (*count == 0)
		return NULL;
	param_array(rates, "rates", NUMERICOID, MAX_REBATES, &rate_values);
	if (orders != NULL)
		param_array(orders, "orders", INT4OID, MAX_REBATES, &order_values);

	rebates = palloc(sizeof(Rebate) * *count);
	for (int i = 0; i < *count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		rebates[i].place = i + 1;
		rebates[i].order = orders ? DatumGetInt32(order_values[i]) : i + 1;
		rebates[i].rate =
			param_fraction(DatumGetNumeric(rate_values[i]), "rate");
	}
	qsort(rebates, *count, sizeof(Rebate), rebate_compare);
	return rebates;
}

/*
 * A base less what was taken from it, which does not cross zero.
 */
static Numeric
reduced(Numeric base, Numeric taken)
{
	Numeric zero = int64_to_numeric(0);
	Numeric rest = number_subtract(base, taken);

	if (number_sign(base) >= 0 ? number_sign(rest) < 0 : number_sign(rest) > 0)
		return zero;
	return rest;
}

/*
 * stack_rebates(base, rates, orders): what each rebate takes.  Rebates of one
 * order number are taken from one base, which the next order number finds
 * reduced.
 */
Datum
kam_stack_rebates(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = rows_start(fcinfo, PART_COLUMNS);
	Numeric base;
	Numeric taken = int64_to_numeric(0);
	Rebate *rebates;
	int count;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	base = param_finite(PG_GETARG_NUMERIC(0), "base");
	rebates =
		read_rebates(PG_GETARG_ARRAYTYPE_P(1),
					 PG_ARGISNULL(2) ? NULL : PG_GETARG_ARRAYTYPE_P(2), &count);

	for (int i = 0; i < count; i++)
	{
		const Rebate *rebate = &rebates[i];
		Datum values[PART_COLUMNS];
		bool nulls[PART_COLUMNS] = {false};
		Numeric amount;

		CHECK_FOR_INTERRUPTS();
		if (i > 0 && rebate->order != rebates[i - 1].order)
		{
			base = reduced(base, taken);
			taken = int64_to_numeric(0);
		}
		amount = number_multiply(base, rebate->rate);
		taken = number_add(taken, amount);
		values[0] = Int32GetDatum(rebate->place);
		values[1] = Int32GetDatum(rebate->order);
		values[2] = NumericGetDatum(rebate->rate);
		values[3] = NumericGetDatum(base);
		values[4] = NumericGetDatum(amount);
		rows_add(rows, values, nulls);
	}
	return (Datum) 0;
}

/*
 * tier_accrual(actual, projected, ladder, base, mode, boundary, cap, gate):
 * the part of the reward at the projected amount that the actual one has
 * earned.
 */
Datum
kam_tier_accrual(PG_FUNCTION_ARGS)
{
	TierCall call;
	TierBoundary boundary;
	Numeric zero = int64_to_numeric(0);
	Numeric actual;
	Numeric projected;
	Numeric base;
	Numeric reward;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) ||
		PG_ARGISNULL(4) || PG_ARGISNULL(5) || PG_ARGISNULL(7))
		PG_RETURN_NULL();
	actual = param_finite(PG_GETARG_NUMERIC(0), "actual");
	projected = param_finite(PG_GETARG_NUMERIC(1), "projected");
	base =
		PG_ARGISNULL(3) ? actual : param_finite(PG_GETARG_NUMERIC(3), "base");
	call.mode = tier_mode(PG_GETARG_TEXT_PP(4));
	boundary = tier_boundary(PG_GETARG_TEXT_PP(5));
	call.cap = PG_ARGISNULL(6)
				   ? NULL
				   : param_not_negative(PG_GETARG_NUMERIC(6), "cap");
	call.gate = PG_GETARG_BOOL(7);
	call.cache = tier_cache(fcinfo, PG_GETARG_DATUM(2));

	tier_place(&call, "actual", actual, base, boundary);
	if (number_compare(actual, projected) == 0)
		PG_RETURN_NUMERIC(tier_pay(&call));
	if (number_sign(projected) <= 0 || number_sign(actual) == 0)
		PG_RETURN_NUMERIC(zero);
	if (PG_ARGISNULL(3) || call.mode == MODE_STEPPED)
		base = projected;
	else
		base = number_divide(number_multiply(base, projected), actual);
	tier_place(&call, "projected", projected, base, boundary);
	reward = tier_pay(&call);
	if (number_sign(reward) == 0)
		PG_RETURN_NUMERIC(zero);
	PG_RETURN_NUMERIC(
		number_divide(number_multiply(actual, reward), projected));
}
