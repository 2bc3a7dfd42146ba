/*
 * profit.c
 *		What is left of a customer's sales, and the margins on both sides of
 *		the deal.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "decimal.h"
#include "number.h"
#include "params.h"
#include "row.h"
#include "state.h"
#include "utils/array.h"
#include "utils/builtins.h"

/*
 * The arguments of profit_and_loss: sales, and what is taken off them, in the
 * order of the lines.
 */
typedef enum ProfitItem
{
	ITEM_GROSS,
	ITEM_DISCOUNTS,
	ITEM_COST_OF_GOODS,
	ITEM_TRADE_SPEND,
	ITEM_LOGISTICS,
	ITEM_OTHER,
	PROFIT_ITEMS
} ProfitItem;

/*
 * The columns of profit_and_loss_result.
 */
enum
{
	COLUMN_NET_REVENUE,
	COLUMN_GROSS_MARGIN,
	COLUMN_GROSS_MARGIN_SHARE,
	COLUMN_CONTRIBUTION,
	COLUMN_CONTRIBUTION_SHARE,
	COLUMN_RETURN_ON_SPEND,
	COLUMN_PROFITABLE,
	COLUMN_MISSING,
	PROFIT_COLUMNS
};

#define SUMS_VERSION 1

/*
 * The state of profit_and_loss_agg, a bytea: the sums of the items, and which
 * of them are not known in some row.
 */
typedef struct ProfitSums
{
	int32 vl_len_;
	uint8 version;
	uint8 scale;		/* of all sums */
	uint8 whole_digits; /* most digits before the point of any amount added */
	uint8 missing;		/* a bit for each item */
	DecimalSum sums[PROFIT_ITEMS];
} ProfitSums;

static const char *const item_names[] = {"gross",		  "discounts",
										 "cost_of_goods", "trade_spend",
										 "logistics",	  "other"};

static Numeric less(Numeric sum, Numeric item);
static Numeric share_of(Numeric part, Numeric whole);
static Datum missing_items(const Numeric *items);
static Datum profit_row(FunctionCallInfo fcinfo, const Numeric *items);
static ProfitSums *sums_from_datum(Datum datum);
static ProfitSums *sums_state(FunctionCallInfo fcinfo);
static void make_room(ProfitSums *state, int whole_digits, int scale);
static int read_row(FunctionCallInfo fcinfo, Decimal *amounts, int *missing);

PG_FUNCTION_INFO_V1(kam_profit_and_loss);
PG_FUNCTION_INFO_V1(kam_profit_and_loss_accumulate);
PG_FUNCTION_INFO_V1(kam_profit_and_loss_combine);
PG_FUNCTION_INFO_V1(kam_profit_and_loss_final);
PG_FUNCTION_INFO_V1(kam_cost_to_serve);
PG_FUNCTION_INFO_V1(kam_margin_change);
PG_FUNCTION_INFO_V1(kam_front_margin);
PG_FUNCTION_INFO_V1(kam_back_margin);

/*
 * A sum less an item; NULL if either is not known.
 */
static Numeric
less(Numeric sum, Numeric item)
{
	return sum && item ? number_subtract(sum, item) : NULL;
}

/*
 * A part over a whole; NULL if either is not known, or the whole is not above
 * zero.
 */
static Numeric
share_of(Numeric part, Numeric whole)
{
	return part && whole ? number_over(part, whole) : NULL;
}

/*
 * The names of the items that are not known, as an array of texts.
 */
static Datum
missing_items(const Numeric *items)
{
	Datum names[PROFIT_ITEMS];
	int count = 0;

	for (int i = 0; i < PROFIT_ITEMS; i++)
		if (items[i] == NULL)
			names[count++] = CStringGetTextDatum(item_names[i]);
	return PointerGetDatum(
		construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * The lines from gross sales to contribution; from an item that is NULL on,
 * they are not known.
 */
static Datum
profit_row(FunctionCallInfo fcinfo, const Numeric *items)
{
	Numeric net_revenue = less(items[ITEM_GROSS], items[ITEM_DISCOUNTS]);
	Numeric gross_margin = less(net_revenue, items[ITEM_COST_OF_GOODS]);
	Numeric contribution = gross_margin;
	Datum values[PROFIT_COLUMNS] = {0};
	bool nulls[PROFIT_COLUMNS] = {false};

	for (int i = ITEM_TRADE_SPEND; i < PROFIT_ITEMS; i++)
		contribution = less(contribution, items[i]);

	row_number(&values[COLUMN_NET_REVENUE], &nulls[COLUMN_NET_REVENUE],
			   net_revenue);
	row_number(&values[COLUMN_GROSS_MARGIN], &nulls[COLUMN_GROSS_MARGIN],
			   gross_margin);
	row_number(&values[COLUMN_GROSS_MARGIN_SHARE],
			   &nulls[COLUMN_GROSS_MARGIN_SHARE],
			   share_of(gross_margin, net_revenue));
	row_number(&values[COLUMN_CONTRIBUTION], &nulls[COLUMN_CONTRIBUTION],
			   contribution);
	row_number(&values[COLUMN_CONTRIBUTION_SHARE],
			   &nulls[COLUMN_CONTRIBUTION_SHARE],
			   share_of(contribution, net_revenue));
	row_number(&values[COLUMN_RETURN_ON_SPEND], &nulls[COLUMN_RETURN_ON_SPEND],
			   share_of(gross_margin, items[ITEM_TRADE_SPEND]));
	nulls[COLUMN_PROFITABLE] = contribution == NULL;
	if (contribution != NULL)
		values[COLUMN_PROFITABLE] = BoolGetDatum(number_sign(contribution) > 0);
	values[COLUMN_MISSING] = missing_items(items);
	return row_result(fcinfo, NULL, PROFIT_COLUMNS, values, nulls);
}

/*
 * profit_and_loss(gross, discounts, cost_of_goods, trade_spend, logistics,
 * other)
 */
Datum
kam_profit_and_loss(PG_FUNCTION_ARGS)
{
	Numeric items[PROFIT_ITEMS];

	for (int i = 0; i < PROFIT_ITEMS; i++)
		items[i] = PG_ARGISNULL(i)
					   ? NULL
					   : param_finite(PG_GETARG_NUMERIC(i), item_names[i]);
	return profit_row(fcinfo, items);
}

/*
 * Brings a state into memory and checks it; it is a bytea that anybody can
 * make.
 */
static ProfitSums *
sums_from_datum(Datum datum)
{
	ProfitSums *state = state_detoast(datum);

	if (VARSIZE(state) != sizeof(ProfitSums) ||
		state->version != SUMS_VERSION || state->missing >> PROFIT_ITEMS != 0 ||
		state->scale + state->whole_digits > DECIMAL_MAX_DIGITS)
		state_malformed("state of a profit and loss", state);
	return state;
}

/*
 * The state in argument 0 as one to be changed; sums of zero if there is none.
 */
static ProfitSums *
sums_state(FunctionCallInfo fcinfo)
{
	ProfitSums *state;

	if (!PG_ARGISNULL(0))
		return state_own(fcinfo, sums_from_datum(PG_GETARG_DATUM(0)));
	state = palloc0(sizeof(ProfitSums));
	SET_VARSIZE(state, sizeof(ProfitSums));
	state->version = SUMS_VERSION;
	return state;
}

/*
 * Makes room for amounts of these digits.
 */
static void
make_room(ProfitSums *state, int whole_digits, int scale)
{
	whole_digits = Max(whole_digits, state->whole_digits);
	scale = Max(scale, state->scale);
	decimal_check_digits(whole_digits, scale);
	for (int i = 0; i < PROFIT_ITEMS; i++)
		decimal_sum_rescale(&state->sums[i], scale - state->scale);
	state->whole_digits = whole_digits;
	state->scale = scale;
}

/*
 * Reads the items of a row, which may be fewer than all; an item that is not
 * known is zero and gets its bit in missing.  Returns how many are known.
 */
static int
read_row(FunctionCallInfo fcinfo, Decimal *amounts, int *missing)
{
	int known = 0;

	memset(amounts, 0, sizeof(Decimal) * PROFIT_ITEMS);
	*missing = 0;
	for (int i = 0; i < PG_NARGS() - 1; i++)
	{
		if (PG_ARGISNULL(i + 1))
		{
			*missing |= 1 << i;
			continue;
		}
		decimal_from_numeric(PG_GETARG_DATUM(i + 1), item_names[i],
							 &amounts[i]);
		known++;
	}
	return known;
}

/*
 * Transition of profit_and_loss_agg, with three to six items.
 */
Datum
kam_profit_and_loss_accumulate(PG_FUNCTION_ARGS)
{
	Decimal amounts[PROFIT_ITEMS];
	ProfitSums *state;
	int missing;
	int whole_digits = 0;
	int scale = 0;

	if (read_row(fcinfo, amounts, &missing) == 0)
		return state_unchanged(fcinfo);
	state = sums_state(fcinfo);
	state->missing |= missing;
	for (int i = 0; i < PROFIT_ITEMS; i++)
	{
		whole_digits = Max(whole_digits, amounts[i].whole_digits);
		scale = Max(scale, amounts[i].scale);
	}
	if (whole_digits > state->whole_digits || scale > state->scale)
		make_room(state, whole_digits, scale);
	for (int i = 0; i < PROFIT_ITEMS; i++)
		decimal_sum_add(&state->sums[i],
						amounts[i].value *
							decimal_pow10(state->scale - amounts[i].scale));
	PG_RETURN_POINTER(state);
}

/*
 * Merges two states.
 */
Datum
kam_profit_and_loss_combine(PG_FUNCTION_ARGS)
{
	ProfitSums *state = sums_state(fcinfo);
	const ProfitSums *other = sums_from_datum(PG_GETARG_DATUM(1));

	make_room(state, other->whole_digits, other->scale);
	state->missing |= other->missing;
	for (int i = 0; i < PROFIT_ITEMS; i++)
	{
		DecimalSum sum = other->sums[i];

		decimal_sum_rescale(&sum, state->scale - other->scale);
		decimal_sum_merge(&state->sums[i], &sum);
	}
	PG_RETURN_POINTER(state);
}

/*
 * The profit and loss of a group.
 */
Datum
kam_profit_and_loss_final(PG_FUNCTION_ARGS)
{
	const ProfitSums *state = sums_from_datum(PG_GETARG_DATUM(0));
	Numeric items[PROFIT_ITEMS];

	for (int i = 0; i < PROFIT_ITEMS; i++)
		items[i] = state->missing & 1 << i
					   ? NULL
					   : decimal_to_numeric(decimal_sum_value(&state->sums[i]),
											state->scale);
	return profit_row(fcinfo, items);
}

/*
 * cost_to_serve(cost, revenue): cost / revenue
 */
Datum
kam_cost_to_serve(PG_FUNCTION_ARGS)
{
	Numeric cost = param_finite(PG_GETARG_NUMERIC(0), "cost");
	Numeric revenue = param_finite(PG_GETARG_NUMERIC(1), "revenue");

	return number_result(fcinfo, number_over(cost, revenue));
}

/*
 * margin_change(margin_now, revenue_now, margin_before, revenue_before):
 * margin_now / revenue_now - margin_before / revenue_before, as one division
 */
Datum
kam_margin_change(PG_FUNCTION_ARGS)
{
	Numeric margin_now = param_finite(PG_GETARG_NUMERIC(0), "margin_now");
	Numeric revenue_now = param_finite(PG_GETARG_NUMERIC(1), "revenue_now");
	Numeric margin_before = param_finite(PG_GETARG_NUMERIC(2), "margin_before");
	Numeric revenue_before =
		param_finite(PG_GETARG_NUMERIC(3), "revenue_before");

	if (number_sign(revenue_now) <= 0 || number_sign(revenue_before) <= 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(number_divide(
		number_subtract(number_multiply(margin_now, revenue_before),
						number_multiply(margin_before, revenue_now)),
		number_multiply(revenue_now, revenue_before)));
}

/*
 * front_margin(retail_price, purchase_price):
 * (retail_price - purchase_price) / retail_price
 */
Datum
kam_front_margin(PG_FUNCTION_ARGS)
{
	Numeric retail_price = param_finite(PG_GETARG_NUMERIC(0), "retail_price");
	Numeric purchase_price =
		param_finite(PG_GETARG_NUMERIC(1), "purchase_price");

	return number_result(fcinfo, number_over(number_subtract(retail_price,
															 purchase_price),
											 retail_price));
}

/*
 * back_margin(paid_back, purchases): paid_back / purchases
 */
Datum
kam_back_margin(PG_FUNCTION_ARGS)
{
	Numeric paid_back = param_finite(PG_GETARG_NUMERIC(0), "paid_back");
	Numeric purchases = param_finite(PG_GETARG_NUMERIC(1), "purchases");

	return number_result(fcinfo, number_over(paid_back, purchases));
}
