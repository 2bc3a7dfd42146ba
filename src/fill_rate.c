/*
 * fill_rate.c
 *		How customers are supplied: the share of what they ordered that was
 *		delivered, and of orders that came on time and in full.
 */
#include "kam.h"

#include "part.h"
#include "state.h"

/* The argument with the price, of forms that have none. */
#define NO_PRICE 0

static Datum add_line(FunctionCallInfo fcinfo, bool in_time, int price_number);

PG_FUNCTION_INFO_V1(kam_fill_rate_accumulate);
PG_FUNCTION_INFO_V1(kam_fill_rate_amount_accumulate);
PG_FUNCTION_INFO_V1(kam_fill_rate_lenient_accumulate);
PG_FUNCTION_INFO_V1(kam_fill_rate_lenient_amount_accumulate);
PG_FUNCTION_INFO_V1(kam_otif_accumulate);

/*
 * Adds the order line in arguments 1 and 2 to the state in argument 0, at the
 * price in the argument of that number.  What was delivered counts up to what
 * was ordered, and only if the line is in time.
 */
static Datum
add_line(FunctionCallInfo fcinfo, bool in_time, int price_number)
{
	PartOfWhole *state;
	Decimal ordered;
	Decimal delivered;
	Decimal price = {1, 0, 1};
	Decimal filled = {0, 0, 0};

	if (PG_ARGISNULL(1) ||
		(price_number != NO_PRICE && PG_ARGISNULL(price_number)))
		return state_unchanged(fcinfo);
	decimal_from_numeric(PG_GETARG_DATUM(1), "ordered", &ordered);
	decimal_argument(fcinfo, 2, "delivered", &delivered);
	if (price_number != NO_PRICE)
		decimal_from_numeric(PG_GETARG_DATUM(price_number), "price", &price);
	if (ordered.value <= 0 || price.value <= 0)
		return state_unchanged(fcinfo);

	if (in_time && delivered.value > 0)
		filled = *decimal_least(&delivered, &ordered);
	if (price_number != NO_PRICE)
	{
		decimal_multiply(&filled, &price, &filled);
		decimal_multiply(&ordered, &price, &ordered);
	}
	state = part_state(fcinfo);
	part_add(state, &filled, &ordered);
	PG_RETURN_POINTER(state);
}

/*
 * Transition of fill_rate(ordered, delivered, on_time).
 */
Datum
kam_fill_rate_accumulate(PG_FUNCTION_ARGS)
{
	return add_line(fcinfo, !PG_ARGISNULL(3) && PG_GETARG_BOOL(3), NO_PRICE);
}

/*
 * Transition of fill_rate(ordered, delivered, on_time, price).
 */
Datum
kam_fill_rate_amount_accumulate(PG_FUNCTION_ARGS)
{
	return add_line(fcinfo, !PG_ARGISNULL(3) && PG_GETARG_BOOL(3), 4);
}

/*
 * Transition of fill_rate_lenient(ordered, delivered).
 */
Datum
kam_fill_rate_lenient_accumulate(PG_FUNCTION_ARGS)
{
	return add_line(fcinfo, true, NO_PRICE);
}

/*
 * Transition of fill_rate_lenient(ordered, delivered, price).
 */
Datum
kam_fill_rate_lenient_amount_accumulate(PG_FUNCTION_ARGS)
{
	return add_line(fcinfo, true, 3);
}

/*
 * Transition of otif(on_time, in_full).  What is not known, as of a line that
 * was not delivered, is not so.
 */
Datum
kam_otif_accumulate(PG_FUNCTION_ARGS)
{
	const Decimal line = {1, 0, 1};
	Decimal perfect = line;
	PartOfWhole *state;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || !PG_GETARG_BOOL(1) ||
		!PG_GETARG_BOOL(2))
		perfect.value = 0;
	state = part_state(fcinfo);
	part_add(state, &perfect, &line);
	PG_RETURN_POINTER(state);
}
