/*
 * stock.c
 *		A customer's stock beside what he sells: months of cover, and whether he
 *		was stuffed.
 */
#include "kam.h"

#include "number.h"
#include "params.h"
#include "utils/builtins.h"

static const char *state_of(Numeric stock, Numeric sell_out,
							Numeric stuffed_from);

PG_FUNCTION_INFO_V1(kam_stock_cover);
PG_FUNCTION_INFO_V1(kam_stock_state);

/*
 * stock_cover(stock, monthly_sell_out): stock / monthly_sell_out
 */
Datum
kam_stock_cover(PG_FUNCTION_ARGS)
{
	Numeric stock = param_finite(PG_GETARG_NUMERIC(0), "stock");
	Numeric sell_out = param_finite(PG_GETARG_NUMERIC(1), "monthly_sell_out");

	return number_result(fcinfo, number_over(stock, sell_out));
}

/*
 * The state of a stock.  What does not sell covers any number of months.
 */
static const char *
state_of(Numeric stock, Numeric sell_out, Numeric stuffed_from)
{
	if (number_sign(stock) <= 0)
		return "out_of_stock";
	if (number_sign(sell_out) <= 0 ||
		number_compare(stock, number_multiply(stuffed_from, sell_out)) >= 0)
		return "stuffed";
	return "ok";
}

/*
 * stock_state(stock, monthly_sell_out, stuffed_from)
 */
Datum
kam_stock_state(PG_FUNCTION_ARGS)
{
	Numeric stock = param_finite(PG_GETARG_NUMERIC(0), "stock");
	Numeric sell_out = param_finite(PG_GETARG_NUMERIC(1), "monthly_sell_out");
	Numeric stuffed_from =
		param_above_zero(PG_GETARG_NUMERIC(2), "stuffed_from",
						 "Give a number of months: a stock that lasts so long "
						 "is too large.");

	PG_RETURN_TEXT_P(cstring_to_text(state_of(stock, sell_out, stuffed_from)));
}
