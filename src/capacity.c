/*
 * capacity.c
 *		How many key accounts a manager has the hours for, and how full they
 *		are.
 */
#include "kam.h"

#include "number.h"
#include "params.h"

PG_FUNCTION_INFO_V1(kam_capacity);
PG_FUNCTION_INFO_V1(kam_load);

/*
 * kam_capacity(hours, hours_per_account): the whole accounts that the hours
 * are enough for
 */
Datum
kam_capacity(PG_FUNCTION_ARGS)
{
	Numeric hours = param_not_negative(PG_GETARG_NUMERIC(0), "hours");
	Numeric hours_per_account =
		param_above_zero(PG_GETARG_NUMERIC(1), "hours_per_account",
						 "Give the hours that one account needs in the same "
						 "period.");
	Numeric accounts = number_quotient(hours, hours_per_account);

	PG_RETURN_DATUM(
		DirectFunctionCall1(numeric_int4, NumericGetDatum(accounts)));
}

/*
 * kam_load(required, hours): required / hours
 */
Datum
kam_load(PG_FUNCTION_ARGS)
{
	Numeric required = param_not_negative(PG_GETARG_NUMERIC(0), "required");
	Numeric hours = param_not_negative(PG_GETARG_NUMERIC(1), "hours");

	return number_result(fcinfo, number_ratio(required, hours));
}
