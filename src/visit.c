/*
 * visit.c
 *		Visits: the share of the planned ones that were made, the share of those
 *		made that brought an order, and how large an order is.
 */
#include "kam.h"

#include "part.h"
#include "state.h"

static Datum add_part(FunctionCallInfo fcinfo, const Decimal *part,
					  bool counted);
static Datum add_flag(FunctionCallInfo fcinfo);

PG_FUNCTION_INFO_V1(kam_visit_reach_accumulate);
PG_FUNCTION_INFO_V1(kam_visit_success_accumulate);
PG_FUNCTION_INFO_V1(kam_lines_per_call_accumulate);
PG_FUNCTION_INFO_V1(kam_drop_size_accumulate);

/*
 * Adds to the part of the state in argument 0, and one visit to the whole if
 * it is counted.
 */
static Datum
add_part(FunctionCallInfo fcinfo, const Decimal *part, bool counted)
{
	const Decimal visit = {counted ? 1 : 0, 0, 1};
	PartOfWhole *state = part_state(fcinfo);

	part_add(state, part, &visit);
	PG_RETURN_POINTER(state);
}

/*
 * Adds a row to the state in argument 0 where argument 1 is true: to the part
 * as well if argument 2 is.  Where one of them is not known, it is left out.
 */
static Datum
add_flag(FunctionCallInfo fcinfo)
{
	Decimal part = {0, 0, 1};

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || !PG_GETARG_BOOL(1))
		return state_unchanged(fcinfo);
	part.value = PG_GETARG_BOOL(2) ? 1 : 0;
	return add_part(fcinfo, &part, true);
}

/*
 * Transition of visit_reach(planned, visited): a visit that was not planned
 * is left out.
 */
Datum
kam_visit_reach_accumulate(PG_FUNCTION_ARGS)
{
	return add_flag(fcinfo);
}

/*
 * Transition of visit_success(visited, ordered): an order without a visit is
 * left out.
 */
Datum
kam_visit_success_accumulate(PG_FUNCTION_ARGS)
{
	return add_flag(fcinfo);
}

/*
 * Transition of lines_per_call(lines): a visit without a line is left out.
 */
Datum
kam_lines_per_call_accumulate(PG_FUNCTION_ARGS)
{
	int64 count;
	Decimal lines = {0, 0, 1};

	if (PG_ARGISNULL(1))
		return state_unchanged(fcinfo);
	count = PG_GETARG_INT64(1);
	if (count < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("lines must not be negative, but is %lld",
							   (long long) count),
						errhint("Count the products of an order once, those "
								"fully returned not at all.")));
	if (count == 0)
		return state_unchanged(fcinfo);
	lines.value = count;
	lines.whole_digits = decimal_digits(count);
	return add_part(fcinfo, &lines, true);
}

/*
 * Transition of drop_size(amount): returns lower the sales and are no visit
 * with an order.
 */
Datum
kam_drop_size_accumulate(PG_FUNCTION_ARGS)
{
	Decimal amount;

	if (PG_ARGISNULL(1))
		return state_unchanged(fcinfo);
	decimal_from_numeric(PG_GETARG_DATUM(1), "amount", &amount);
	return add_part(fcinfo, &amount, amount.value > 0);
}
