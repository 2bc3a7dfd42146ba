/*
 * share.c
 *		Share at the customer: of his purchases, and whether it was won or lost.
 */
#include "kam.h"

#include "number.h"
#include "params.h"
#include "row.h"
#include "utils/builtins.h"

/*
 * The arguments of share_change, in their order.
 */
enum
{
	OWN_NOW,
	OWN_BEFORE,
	MARKET_NOW,
	MARKET_BEFORE,
	CHANGE_ARGUMENTS
};

/*
 * The columns of share_change_result.
 */
enum
{
	COLUMN_OWN_GROWTH,
	COLUMN_MARKET_GROWTH,
	COLUMN_GAP,
	COLUMN_RELATIVE,
	COLUMN_VERDICT,
	CHANGE_COLUMNS
};

static const char *const change_names[] = {"own_now", "own_before",
										   "market_now", "market_before"};

static Numeric growth_of(Numeric now, Numeric before);
static const char *verdict_of(int order);

PG_FUNCTION_INFO_V1(kam_share_change);
PG_FUNCTION_INFO_V1(kam_share_of_wallet);
PG_FUNCTION_INFO_V1(kam_wallet_allocation);
PG_FUNCTION_INFO_V1(kam_growth_verdict);

/*
 * (now - before) / before; NULL when one of them is unknown, or before is not
 * above zero.
 */
static Numeric
growth_of(Numeric now, Numeric before)
{
	if (now == NULL || before == NULL)
		return NULL;
	return number_over(number_subtract(now, before), before);
}

/*
 * What became of the share when own growth is above, at or below the
 * market's.
 */
static const char *
verdict_of(int order)
{
	return order > 0 ? "won" : order < 0 ? "lost" : "held";
}

/*
 * share_change(own_now, own_before, market_now, market_before); an argument
 * that is NULL is not known.  Both growths are compared, and taken from each
 * other, as own_now * market_before and market_now * own_before.
 */
Datum
kam_share_change(PG_FUNCTION_ARGS)
{
	Numeric numbers[CHANGE_ARGUMENTS];
	Numeric growths[2];
	Datum values[CHANGE_COLUMNS] = {0};
	bool nulls[CHANGE_COLUMNS];

	for (int i = 0; i < CHANGE_ARGUMENTS; i++)
		numbers[i] = PG_ARGISNULL(i)
						 ? NULL
						 : param_finite(PG_GETARG_NUMERIC(i), change_names[i]);
	memset(nulls, true, sizeof(nulls));
	growths[0] = growth_of(numbers[OWN_NOW], numbers[OWN_BEFORE]);
	growths[1] = growth_of(numbers[MARKET_NOW], numbers[MARKET_BEFORE]);
	row_number(&values[COLUMN_OWN_GROWTH], &nulls[COLUMN_OWN_GROWTH],
			   growths[0]);
	row_number(&values[COLUMN_MARKET_GROWTH], &nulls[COLUMN_MARKET_GROWTH],
			   growths[1]);

	if (growths[0] != NULL && growths[1] != NULL)
	{
		Numeric own = number_multiply(numbers[OWN_NOW], numbers[MARKET_BEFORE]);
		Numeric market =
			number_multiply(numbers[MARKET_NOW], numbers[OWN_BEFORE]);
		Numeric before =
			number_multiply(numbers[OWN_BEFORE], numbers[MARKET_BEFORE]);
		Numeric difference = number_subtract(own, market);

		row_number(&values[COLUMN_GAP], &nulls[COLUMN_GAP],
				   number_divide(difference, before));
		row_number(&values[COLUMN_RELATIVE], &nulls[COLUMN_RELATIVE],
				   number_over(difference, market));
		values[COLUMN_VERDICT] =
			CStringGetTextDatum(verdict_of(number_sign(difference)));
		nulls[COLUMN_VERDICT] = false;
	}
	return row_result(fcinfo, NULL, CHANGE_COLUMNS, values, nulls);
}

/*
 * share_of_wallet(own, wallet): own / wallet
 */
Datum
kam_share_of_wallet(PG_FUNCTION_ARGS)
{
	Numeric own = param_finite(PG_GETARG_NUMERIC(0), "own");
	Numeric wallet = param_finite(PG_GETARG_NUMERIC(1), "wallet");

	return number_result(fcinfo, number_over(own, wallet));
}

/*
 * wallet_allocation(rank, brands): (1 - rank / (brands + 1)) * 2 / brands, as
 * one division
 */
Datum
kam_wallet_allocation(PG_FUNCTION_ARGS)
{
	Numeric rank = param_finite(PG_GETARG_NUMERIC(0), "rank");
	int64 count = PG_GETARG_INT64(1);
	Numeric brands = int64_to_numeric(count);
	Numeric places;

	if (count < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("brands must be at least 1, but is %lld",
							   (long long) count),
						errhint("Count every brand that the customer uses.")));
	if (number_compare(rank, int64_to_numeric(1)) < 0 ||
		number_compare(rank, brands) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rank must be from 1 to %lld, but is %s",
						(long long) count, param_shown(rank)),
				 errhint("1 is the brand the customer likes best; brands that "
						 "share a place have the mean of their places.")));

	places = number_add(brands, int64_to_numeric(1));
	PG_RETURN_NUMERIC(
		number_divide(number_multiply(int64_to_numeric(2),
									  number_subtract(places, rank)),
					  number_multiply(brands, places)));
}

/*
 * growth_verdict(growth, wallet_share_now, wallet_share_before)
 */
Datum
kam_growth_verdict(PG_FUNCTION_ARGS)
{
	Numeric growth = param_finite(PG_GETARG_NUMERIC(0), "growth");
	Numeric share = param_finite(PG_GETARG_NUMERIC(1), "wallet_share_now");
	Numeric before = param_finite(PG_GETARG_NUMERIC(2), "wallet_share_before");
	bool splitting = number_compare(share, before) < 0;
	int sign = number_sign(growth);
	const char *verdict;

	if (sign > 0)
		verdict = splitting ? "both" : "growing";
	else if (splitting)
		verdict = "splitting";
	else
		verdict = sign < 0 ? "shrinking" : "steady";
	PG_RETURN_TEXT_P(cstring_to_text(verdict));
}
