/*
 * distribution.c
 *		How widely a product is carried: the share of outlets, counted or
 *		weighted, that handle it.
 */
#include "kam.h"

#include "part.h"
#include "state.h"

PG_FUNCTION_INFO_V1(kam_numeric_distribution_accumulate);
PG_FUNCTION_INFO_V1(kam_weighted_distribution_accumulate);

/*
 * Transition of numeric_distribution(handled).
 */
Datum
kam_numeric_distribution_accumulate(PG_FUNCTION_ARGS)
{
	const Decimal outlet = {1, 0, 1};
	Decimal handling = outlet;
	PartOfWhole *state;

	if (PG_ARGISNULL(1))
		return state_unchanged(fcinfo);
	if (!PG_GETARG_BOOL(1))
		handling.value = 0;
	state = part_state(fcinfo);
	part_add(state, &handling, &outlet);
	PG_RETURN_POINTER(state);
}

/*
 * Transition of weighted_distribution(handled, weight).
 */
Datum
kam_weighted_distribution_accumulate(PG_FUNCTION_ARGS)
{
	Decimal weight;
	Decimal handling;
	PartOfWhole *state;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	decimal_from_numeric(PG_GETARG_DATUM(2), "weight", &weight);
	if (weight.value <= 0)
		return state_unchanged(fcinfo);
	handling = weight;
	if (!PG_GETARG_BOOL(1))
		handling.value = 0;
	state = part_state(fcinfo);
	part_add(state, &handling, &weight);
	PG_RETURN_POINTER(state);
}
