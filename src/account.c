/*
 * account.c
 *		What kind of key account a customer is, and how much a company depends
 *		on its key accounts.
 */
#include "kam.h"

#include "calendar.h"
#include "catalog/pg_type.h"
#include "number.h"
#include "params.h"
#include "utils/array.h"
#include "utils/builtins.h"

#define MOST_TYPES 4

/* The months within which a customer may be called new. */
#define MOST_NEW_MONTHS 1200

/*
 * A share of sales may pass 1, or be negative, where returns outweigh what
 * others bought; beyond these bounds it is taken for a percentage.
 */
#define LEAST_SHARE (-1)
#define MOST_SHARE 2

/* The arguments of account_types. */
enum
{
	ARGUMENT_PROFIT,
	ARGUMENT_TOTAL_PROFIT,
	ARGUMENT_FIRST_SALE,
	ARGUMENT_AS_OF,
	ARGUMENT_POTENTIAL,
	ARGUMENT_KNOWN_NAME,
	ARGUMENT_LEADER,
	ARGUMENT_DEMANDING,
	ARGUMENT_MARKET_KNOWLEDGE,
	ARGUMENT_SHARE,
	ARGUMENT_NEW_MONTHS
};

static Numeric money_argument(FunctionCallInfo fcinfo, int number,
							  const char *argument);
static bool flag_argument(FunctionCallInfo fcinfo, int number);
static Numeric least_profit(FunctionCallInfo fcinfo);
static bool is_new(FunctionCallInfo fcinfo);

PG_FUNCTION_INFO_V1(kam_account_types);
PG_FUNCTION_INFO_V1(kam_key_share_state);

/*
 * An amount; NULL if it is not known.
 */
static Numeric
money_argument(FunctionCallInfo fcinfo, int number, const char *argument)
{
	if (PG_ARGISNULL(number))
		return NULL;
	return param_finite(PG_GETARG_NUMERIC(number), argument);
}

/*
 * A flag; one that is not known is not set.
 */
static bool
flag_argument(FunctionCallInfo fcinfo, int number)
{
	return !PG_ARGISNULL(number) && PG_GETARG_BOOL(number);
}

/*
 * What a breadwinner earns at least; NULL where there is no total to take the
 * share of.
 */
static Numeric
least_profit(FunctionCallInfo fcinfo)
{
	Numeric total =
		money_argument(fcinfo, ARGUMENT_TOTAL_PROFIT, "total_profit");
	Numeric share = param_fraction(PG_GETARG_NUMERIC(ARGUMENT_SHARE), "share");

	if (total == NULL || number_sign(total) <= 0)
		return NULL;
	return number_multiply(share, total);
}

/*
 * Whether the first sale lies in the months up to and with as_of, or there is
 * none so far.  Without as_of nobody who has bought is known to be new.
 */
static bool
is_new(FunctionCallInfo fcinfo)
{
	int new_months = param_count(PG_GETARG_INT32(ARGUMENT_NEW_MONTHS),
								 "new_months", "months", 0, MOST_NEW_MONTHS);
	bool sold = !PG_ARGISNULL(ARGUMENT_FIRST_SALE);
	bool dated = !PG_ARGISNULL(ARGUMENT_AS_OF);
	DateADT first_sale = sold ? PG_GETARG_DATEADT(ARGUMENT_FIRST_SALE) : 0;
	DateADT as_of = dated ? PG_GETARG_DATEADT(ARGUMENT_AS_OF) : 0;

	param_date(first_sale, "first_sale");
	param_date(as_of, "as_of");
	if (!sold)
		return true;
	return dated && (first_sale > as_of ||
					 date_full_months(first_sale, as_of) < new_months);
}

/*
 * account_types(profit, total_profit, first_sale, as_of, potential,
 * known_name, leader, demanding, market_knowledge, share, new_months): the
 * types of key account that a customer is, the primary one first.
 */
Datum
kam_account_types(PG_FUNCTION_ARGS)
{
	Datum types[MOST_TYPES];
	int count = 0;
	Numeric profit;
	Numeric potential;
	Numeric least;
	bool new_customer;

	if (PG_ARGISNULL(ARGUMENT_SHARE) || PG_ARGISNULL(ARGUMENT_NEW_MONTHS))
		PG_RETURN_NULL();
	profit = money_argument(fcinfo, ARGUMENT_PROFIT, "profit");
	potential = money_argument(fcinfo, ARGUMENT_POTENTIAL, "potential");
	least = least_profit(fcinfo);
	new_customer = is_new(fcinfo);

	if (profit != NULL && least != NULL && number_compare(profit, least) >= 0)
		types[count++] = CStringGetTextDatum("breadwinner");
	if (new_customer && potential != NULL && least != NULL &&
		number_compare(potential, least) >= 0)
		types[count++] = CStringGetTextDatum("prospect");
	if (flag_argument(fcinfo, ARGUMENT_KNOWN_NAME) &&
		flag_argument(fcinfo, ARGUMENT_LEADER))
		types[count++] = CStringGetTextDatum("image_maker");
	if (flag_argument(fcinfo, ARGUMENT_DEMANDING) &&
		flag_argument(fcinfo, ARGUMENT_MARKET_KNOWLEDGE))
		types[count++] = CStringGetTextDatum("expert");
	PG_RETURN_ARRAYTYPE_P(
		construct_array(types, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * key_share_state(share, typical_from, typical_to): whether the share of the
 * key accounts in all sales is below what is typical, typical, or so large that
 * the company depends on them.
 */
Datum
kam_key_share_state(PG_FUNCTION_ARGS)
{
	Numeric share =
		param_between(PG_GETARG_NUMERIC(0), "share", LEAST_SHARE, MOST_SHARE);
	Numeric from = param_fraction(PG_GETARG_NUMERIC(1), "typical_from");
	Numeric to = param_fraction(PG_GETARG_NUMERIC(2), "typical_to");
	const char *state = "typical";

	if (number_compare(to, from) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("typical_to is %s, less than typical_from, which is %s",
						param_shown(to), param_shown(from)),
				 errhint("Give at least as much as typical_from.")));
	if (number_compare(share, from) < 0)
		state = "below";
	else if (number_compare(share, to) > 0)
		state = "dependent";
	PG_RETURN_TEXT_P(cstring_to_text(state));
}
