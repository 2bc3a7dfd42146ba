/*
 * outlet.c
 *		Measures of one outlet: whether it bought enough, its orders, the
 *		categories it works.  Here its rows are kept and merged.
 */
#include "kam.h"

#include "kept.h"
#include "miscadmin.h"
#include "outlet.h"
#include "params.h"
#include "state.h"

/* The bytes of a key that are put together without palloc. */
#define OUTLET_KEY_BYTES 128

/*
 * Which argument of a transition function is what; zero where it has none.
 */
typedef struct OutletArguments
{
	OutletUnit unit;
	const char *amount_name;
	int amount;
	int product;
	int sold_on;
	int category;
	int available;
	int min_amount;
	int min_products;
	int activity;
} OutletArguments;

/*
 * What a call site keeps: the settings of the row before as they came, and
 * what they mean.
 */
typedef struct OutletCall
{
	bool loaded;
	KeyType product;
	KeyType category;
	KeptSetting min_amount;
	KeptSetting activity;
	int64 min_products;
	bool keeps_returns;
	int key_size;
	OutletNote note;
} OutletCall;

static int64 count_argument(FunctionCallInfo fcinfo, int argument,
							const char *name);
static void set_min_amount(OutletNote *note, Numeric min_amount);
static OutletCall *read_settings(FunctionCallInfo fcinfo,
								 const OutletArguments *at);
static char *put(char *end, Key part, bool measured);
static Key make_key(FunctionCallInfo fcinfo, const OutletArguments *at,
					const OutletCall *call, bool is_return, int64 available,
					char *buffer);
static bool has_argument(FunctionCallInfo fcinfo, int argument);
static Datum accumulate(FunctionCallInfo fcinfo, const OutletArguments *at);
static char *min_amount_text(const OutletNote *note);
static char *min_products_text(const OutletNote *note);
pg_noreturn static void refuse_change(const Keys *keys, const OutletNote *note);

PG_FUNCTION_INFO_V1(kam_akb_active_accumulate);
PG_FUNCTION_INFO_V1(kam_akb_active_product_accumulate);
PG_FUNCTION_INFO_V1(kam_order_days_accumulate);
PG_FUNCTION_INFO_V1(kam_productive_orders_accumulate);
PG_FUNCTION_INFO_V1(kam_categories_worked_accumulate);
PG_FUNCTION_INFO_V1(kam_outlet_combine);

/*
 * An argument that counts things, from 1 up; zero where it is NULL or there is
 * none.
 */
static int64
count_argument(FunctionCallInfo fcinfo, int argument, const char *name)
{
	int64 count;

	if (argument == 0 || PG_ARGISNULL(argument))
		return 0;
	count = PG_GETARG_INT64(argument);
	if (count < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must be at least 1, but is %lld", name,
							   (long long) count),
						errhint("Where it is not known or not asked for, give "
								"NULL.")));
	return count;
}

/*
 * Sets the least amount, in the one form that its value has.
 */
static void
set_min_amount(OutletNote *note, Numeric min_amount)
{
	Decimal least;

	param_not_negative(min_amount, "min_amount");
	decimal_from_numeric(NumericGetDatum(min_amount), "min_amount", &least);
	for (; least.scale > 0 && least.value % 10 == 0; least.scale--)
		least.value /= 10;
	note->min_amount = least.value;
	note->min_amount_scale = least.scale;
	note->has_min_amount = true;
}

/*
 * Reads the settings; NULL where the activity is NULL.
 */
static OutletCall *
read_settings(FunctionCallInfo fcinfo, const OutletArguments *at)
{
	OutletCall *call = kept_memory(fcinfo, sizeof(OutletCall));
	OutletNote *note = &call->note;
	int64 min_products =
		count_argument(fcinfo, at->min_products, "min_products");
	struct varlena *min_amount = NULL;
	struct varlena *activity = NULL;

	if (at->min_amount > 0 && at->min_amount < PG_NARGS() &&
		!PG_ARGISNULL(at->min_amount))
		min_amount = PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(at->min_amount));
	if (at->activity > 0 && at->activity < PG_NARGS())
	{
		if (PG_ARGISNULL(at->activity))
			return NULL;
		activity = PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(at->activity));
	}
	if (call->loaded && call->min_products == min_products &&
		kept_again(&call->min_amount, min_amount) &&
		kept_again(&call->activity, activity))
		return call;

	if (call->product == KEY_NONE && at->product > 0)
		call->product = key_type(fcinfo, at->product);
	if (call->category == KEY_NONE && at->category > 0)
		call->category = key_type(fcinfo, at->category);

	call->loaded = false;
	memset(note, 0, sizeof(*note));
	note->unit = at->unit;
	note->activity =
		activity != NULL ? activity_from_text(activity) : ACTIVITY_NET;
	if (min_amount != NULL)
	{
		Numeric least = PG_GETARG_NUMERIC(at->min_amount);

		set_min_amount(note, least);
		if (at->unit == UNIT_OUTLET)
			activity_refuse_total(note->activity, least, "min_amount");
	}
	note->min_products = min_products;
	if (at->unit == UNIT_CATEGORY)
		note->min_products = Max(min_products, 1);
	if (note->min_products > 0)
		note->product = call->product;
	note->category = call->category;

	call->key_size = outlet_key_size(note);
	call->keeps_returns = outlet_keeps_returns(note);
	call->min_products = min_products;
	kept_setting(&call->min_amount, min_amount);
	kept_setting(&call->activity, activity);
	call->loaded = true;
	return call;
}

/*
 * Puts a part of a key behind what there is of it, where it is measured with
 * its length before it.  Returns the new end.
 */
static char *
put(char *end, Key part, bool measured)
{
	uint32 size = part.size;

	if (measured)
	{
		memcpy(end, &size, sizeof(size));
		end += sizeof(size);
	}
	memcpy(end, part.bytes, part.size);
	return end + part.size;
}

/*
 * The key of a row, in the buffer if it has room.
 */
static Key
make_key(FunctionCallInfo fcinfo, const OutletArguments *at,
		 const OutletCall *call, bool is_return, int64 available, char *buffer)
{
	static const char zeros[KEY_MOST_SIZE];
	const OutletNote *note = &call->note;
	int64 numbers[2];
	Key category = {NULL, 0};
	Key product = {NULL, 0};
	int32 value;
	char *end;
	Key key;
	uint8 marks = is_return ? OUTLET_RETURN : 0;

	if (note->unit == UNIT_CATEGORY)
		category =
			key_of(note->category, PG_GETARG_DATUM(at->category), &numbers[0]);
	if (note->product != KEY_NONE && PG_ARGISNULL(at->product))
	{
		marks |= OUTLET_NO_PRODUCT;
		product.bytes = zeros;
		product.size = key_type_size(note->product);
	}
	else if (note->product != KEY_NONE)
		product =
			key_of(note->product, PG_GETARG_DATUM(at->product), &numbers[1]);

	if (category.size + product.size > OUTLET_KEY_BYTES - 16)
		buffer = palloc((Size) category.size + product.size + 16);
	end = buffer;
	*end++ = (char) marks;
	if (note->unit != UNIT_OUTLET)
	{
		value = note->unit == UNIT_DAY ? PG_GETARG_DATEADT(at->sold_on)
									   : (int32) Min(available, PG_INT32_MAX);
		memcpy(end, &value, sizeof(value));
		end += sizeof(value);
	}
	if (note->unit == UNIT_CATEGORY)
		end = put(end, category, note->category == KEY_TEXT);
	if (note->product != KEY_NONE)
		end = put(end, product, false);
	key.bytes = buffer;
	key.size = (int) (end - buffer);
	return key;
}

/*
 * Whether the argument is not NULL, or there is none to be NULL.
 */
static bool
has_argument(FunctionCallInfo fcinfo, int argument)
{
	return argument == 0 || !PG_ARGISNULL(argument);
}

/*
 * Adds a row to the state of its outlet.  Rows of zero are neither a sale nor
 * a return; they are left out, as are rows with a NULL.
 */
static Datum
accumulate(FunctionCallInfo fcinfo, const OutletArguments *at)
{
	OutletCall *call;
	char buffer[OUTLET_KEY_BYTES];
	int64 available;
	Decimal amount;
	Keys *keys;
	Key key;

	if (!PG_ARGISNULL(0))
		keys_fetch(PG_GETARG_POINTER(0));
	call = read_settings(fcinfo, at);
	available = count_argument(fcinfo, at->available, "products_in_category");
	if (call == NULL || !has_argument(fcinfo, at->amount) ||
		!has_argument(fcinfo, at->sold_on) ||
		!has_argument(fcinfo, at->category) ||
		(at->unit == UNIT_CATEGORY && !has_argument(fcinfo, at->product)))
		return state_unchanged(fcinfo);
	decimal_from_numeric(PG_GETARG_DATUM(at->amount), at->amount_name, &amount);
	if (at->sold_on > 0)
		param_date(PG_GETARG_DATEADT(at->sold_on), "sold_on");
	if (amount.value == 0 || (amount.value < 0 && !call->keeps_returns))
		return state_unchanged(fcinfo);

	keys = keys_state(fcinfo, call->key_size, &call->note, sizeof(OutletNote));
	if (!keys_noted(keys, &call->note))
		refuse_change(keys, &call->note);
	key = make_key(fcinfo, at, call, amount.value < 0, available, buffer);
	PG_RETURN_POINTER(keys_add(keys, key, &amount));
}

/*
 * Transition of akb_active(amount), (amount, min_amount) and (amount,
 * min_amount, activity).
 */
Datum
kam_akb_active_accumulate(PG_FUNCTION_ARGS)
{
	static const OutletArguments at = {.unit = UNIT_OUTLET,
									   .amount_name = "amount",
									   .amount = 1,
									   .min_amount = 2,
									   .activity = 3};

	return accumulate(fcinfo, &at);
}

/*
 * Transition of akb_active(amount, product, min_amount, min_products) and
 * (amount, product, min_amount, min_products, activity).
 */
Datum
kam_akb_active_product_accumulate(PG_FUNCTION_ARGS)
{
	static const OutletArguments at = {.unit = UNIT_OUTLET,
									   .amount_name = "amount",
									   .amount = 1,
									   .product = 2,
									   .min_amount = 3,
									   .min_products = 4,
									   .activity = 5};

	return accumulate(fcinfo, &at);
}

/*
 * Transition of order_days(amount, sold_on).
 */
Datum
kam_order_days_accumulate(PG_FUNCTION_ARGS)
{
	static const OutletArguments at = {.unit = UNIT_DAY,
									   .amount_name = "amount",
									   .amount = 1,
									   .sold_on = 2};

	return accumulate(fcinfo, &at);
}

/*
 * Transition of productive_orders(amount, product, sold_on, min_amount,
 * min_products) and (amount, product, sold_on, min_amount, min_products,
 * activity).
 */
Datum
kam_productive_orders_accumulate(PG_FUNCTION_ARGS)
{
	static const OutletArguments at = {.unit = UNIT_DAY,
									   .amount_name = "amount",
									   .amount = 1,
									   .product = 2,
									   .sold_on = 3,
									   .min_amount = 4,
									   .min_products = 5,
									   .activity = 6};

	return accumulate(fcinfo, &at);
}

/*
 * Transition of categories_worked(product, category, quantity,
 * products_in_category, min_products) and (product, category, quantity,
 * products_in_category, min_products, activity).
 */
Datum
kam_categories_worked_accumulate(PG_FUNCTION_ARGS)
{
	static const OutletArguments at = {.unit = UNIT_CATEGORY,
									   .amount_name = "quantity",
									   .product = 1,
									   .category = 2,
									   .amount = 3,
									   .available = 4,
									   .min_products = 5,
									   .activity = 6};

	return accumulate(fcinfo, &at);
}

/*
 * Merges two states.
 */
Datum
kam_outlet_combine(PG_FUNCTION_ARGS)
{
	Keys *other;
	Keys *keys = keys_states(fcinfo, sizeof(OutletNote), &other);
	OutletNote note;

	outlet_note(other, &note);
	if (!keys_noted(keys, &note))
		refuse_change(keys, &note);
	PG_RETURN_POINTER(keys_merge(keys, other));
}

/*
 * The least amount of a note as a message shows it.
 */
static char *
min_amount_text(const OutletNote *note)
{
	if (!note->has_min_amount)
		return "NULL";
	return param_shown(
		decimal_to_numeric(note->min_amount, note->min_amount_scale));
}

/*
 * The least number of products of a note as a message shows it.
 */
static char *
min_products_text(const OutletNote *note)
{
	if (note->min_products == 0)
		return "NULL";
	return psprintf(INT64_FORMAT, note->min_products);
}

/*
 * Refuses settings that are not those of the state.
 */
static void
refuse_change(const Keys *keys, const OutletNote *note)
{
	OutletNote begun;
	const char *setting;
	const char *one;
	const char *other;

	outlet_note(keys, &begun);
	if (begun.activity != note->activity)
	{
		setting = "activity";
		one = activity_name(begun.activity);
		other = activity_name(note->activity);
	}
	else if (begun.min_products != note->min_products)
	{
		setting = "min_products";
		one = min_products_text(&begun);
		other = min_products_text(note);
	}
	else if (begun.unit == note->unit && begun.product == note->product &&
			 begun.category == note->category)
	{
		setting = "min_amount";
		one = min_amount_text(&begun);
		other = min_amount_text(note);
	}
	else
		keys_corrupted(keys);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must be the same for all rows of a group", setting),
			 errdetail("It is %s in one row, and %s in another.", one, other),
			 errhint("Add it to GROUP BY.")));
}
