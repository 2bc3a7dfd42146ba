/*
 * receivable.c
 *		How customers pay: the overdue share of what is open, and payments
 *		against the plan.
 */
#include "kam.h"

#include "params.h"
#include "part.h"
#include "state.h"

static Datum add_invoice(FunctionCallInfo fcinfo, bool deferred);
static Datum add_payment(FunctionCallInfo fcinfo, bool strict);

PG_FUNCTION_INFO_V1(kam_overdue_share_accumulate);
PG_FUNCTION_INFO_V1(kam_overdue_share_deferred_accumulate);
PG_FUNCTION_INFO_V1(kam_payment_discipline_accumulate);
PG_FUNCTION_INFO_V1(kam_payment_discipline_strict_accumulate);

/*
 * Adds the invoice in arguments 1 to 3 to the state in argument 0.  What is
 * open without a day on which it is due is not overdue.
 */
static Datum
add_invoice(FunctionCallInfo fcinfo, bool deferred)
{
	PartOfWhole *state;
	Decimal open_amount;
	Decimal overdue;
	DateADT as_of;
	bool late = false;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(3))
		return state_unchanged(fcinfo);
	decimal_from_numeric(PG_GETARG_DATUM(1), "open_amount", &open_amount);
	as_of = PG_GETARG_DATEADT(3);
	param_date(as_of, "as_of");
	if (!PG_ARGISNULL(2))
	{
		param_date(PG_GETARG_DATEADT(2), "due_on");
		late = PG_GETARG_DATEADT(2) < as_of;
	}
	if (!deferred || open_amount.value <= 0)
		return state_unchanged(fcinfo);

	overdue = open_amount;
	if (!late)
		overdue.value = 0;
	state = part_state(fcinfo);
	part_add(state, &overdue, &open_amount);
	PG_RETURN_POINTER(state);
}

/*
 * Transition of overdue_share(open_amount, due_on, as_of).
 */
Datum
kam_overdue_share_accumulate(PG_FUNCTION_ARGS)
{
	return add_invoice(fcinfo, true);
}

/*
 * Transition of overdue_share(open_amount, due_on, as_of, deferred).
 */
Datum
kam_overdue_share_deferred_accumulate(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(4))
		return state_unchanged(fcinfo);
	return add_invoice(fcinfo, PG_GETARG_BOOL(4));
}

/*
 * Adds the payment in argument 1 and the plan in argument 2 to the state in
 * argument 0; strictly, a payment counts up to what was planned.  On a day
 * that has only one of them, the other is zero.
 */
static Datum
add_payment(FunctionCallInfo fcinfo, bool strict)
{
	PartOfWhole *state;
	Decimal paid;
	Decimal planned;

	if (PG_ARGISNULL(1) && PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	decimal_argument(fcinfo, 1, "paid", &paid);
	decimal_argument(fcinfo, 2, "planned", &planned);
	state = part_state(fcinfo);
	part_add(state, strict ? decimal_least(&paid, &planned) : &paid, &planned);
	PG_RETURN_POINTER(state);
}

/*
 * Transition of payment_discipline(paid, planned).
 */
Datum
kam_payment_discipline_accumulate(PG_FUNCTION_ARGS)
{
	return add_payment(fcinfo, false);
}

/*
 * Transition of payment_discipline_strict(paid, planned).
 */
Datum
kam_payment_discipline_strict_accumulate(PG_FUNCTION_ARGS)
{
	return add_payment(fcinfo, true);
}
