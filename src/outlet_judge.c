/*
 * outlet_judge.c
 *		Measures of one outlet: what its rows come to by outlet, by day or by
 *		category, and which of these are active, productive or worked.
 */
#include "kam.h"

#include "miscadmin.h"
#include "number.h"
#include "outlet.h"
#include "params.h"

/*
 * What a day, a category or the whole outlet comes to.
 */
typedef struct OutletSum
{
	DecimalSum total;
	int64 products;	 /* that count by the activity */
	int32 available; /* products that a category has; zero: not known */
	bool sold;		 /* at least one row is above zero */
} OutletSum;

/*
 * A key of a state, taken apart.
 */
typedef struct OutletKey
{
	uint8 marks;
	int32 available;
	Key unit; /* the day or the category */
} OutletKey;

static OutletKey take_apart(const Keys *keys, const OutletNote *note, Key key);
static bool undone_by_returns(const Keys *keys, int returned);
static Keys *find_unit(Keys *units, const OutletNote *note,
					   const OutletKey *parts, OutletSum *sums, int *number);
static int outlet_sums(const Keys *keys, const OutletNote *note,
					   OutletSum **sums);
static DecimalSum least_total(const Keys *keys, const OutletNote *note);
static bool passes(const OutletNote *note, const DecimalSum *least,
				   const OutletSum *sum);
static int32 count_passing(FunctionCallInfo fcinfo, OutletUnit unit);

PG_FUNCTION_INFO_V1(kam_akb_active_final);
PG_FUNCTION_INFO_V1(kam_productive_orders_final);
PG_FUNCTION_INFO_V1(kam_categories_worked_final);
PG_FUNCTION_INFO_V1(kam_akb_systemic);

/*
 * The size of the keys that a note describes.
 */
int
outlet_key_size(const OutletNote *note)
{
	int size = sizeof(uint8);

	if (note->product == KEY_TEXT || note->category == KEY_TEXT)
		return KEY_BYTES;
	if (note->unit != UNIT_OUTLET)
		size += sizeof(int32);
	if (note->category != KEY_NONE)
		size += key_type_size(note->category);
	if (note->product != KEY_NONE)
		size += key_type_size(note->product);
	return size;
}

/*
 * Reads the note of a state, which anybody can make and so is checked.
 */
void
outlet_note(const Keys *keys, OutletNote *note)
{
	memcpy(note, keys_note(keys), sizeof(*note));
	if (note->min_amount < 0 ||
		note->min_amount >= decimal_pow10(DECIMAL_MAX_DIGITS) ||
		note->min_amount_scale > DECIMAL_MAX_DIGITS ||
		note->has_min_amount > 1 || note->min_products < 0 ||
		note->activity > ACTIVITY_ORDER || note->unit > UNIT_CATEGORY ||
		note->product > KEY_UUID || note->category > KEY_UUID ||
		note->reserved[0] != 0 || note->reserved[1] != 0 ||
		(note->category != KEY_NONE) != (note->unit == UNIT_CATEGORY) ||
		keys->key_size != outlet_key_size(note))
		keys_corrupted(keys);
}

/*
 * Takes a key apart.
 */
static OutletKey
take_apart(const Keys *keys, const OutletNote *note, Key key)
{
	OutletKey parts = {0, 0, {key.bytes, 0}};
	const char *bytes = key.bytes + sizeof(uint8);
	int left = key.size - (int) sizeof(uint8);
	uint32 size;

	if (left < (note->unit == UNIT_OUTLET ? 0 : (int) sizeof(int32)))
		keys_corrupted(keys);
	parts.marks = (uint8) key.bytes[0];
	if (note->unit == UNIT_DAY)
	{
		parts.unit.bytes = bytes;
		parts.unit.size = sizeof(int32);
	}
	if (note->unit != UNIT_CATEGORY)
		return parts;

	memcpy(&parts.available, bytes, sizeof(int32));
	bytes += sizeof(int32);
	left -= sizeof(int32);
	size = key_type_size(note->category);
	if (note->category == KEY_TEXT)
	{
		if (left < (int) sizeof(size))
			keys_corrupted(keys);
		memcpy(&size, bytes, sizeof(size));
		bytes += sizeof(size);
		left -= sizeof(size);
	}
	if (size > (uint32) left)
		keys_corrupted(keys);
	parts.unit.bytes = bytes;
	parts.unit.size = (int) size;
	return parts;
}

/*
 * Whether the rows below zero of a product leave nothing of those above zero;
 * false where there are none above.
 */
static bool
undone_by_returns(const Keys *keys, int returned)
{
	Key key = keys_key(keys, returned);
	DecimalSum net = keys_sum(keys, returned);
	char buffer[KEY_MOST_SIZE];
	char *bytes = key.size <= KEY_MOST_SIZE ? buffer : palloc(key.size);
	DecimalSum gross;
	int number;

	memcpy(bytes, key.bytes, key.size);
	bytes[0] &= ~OUTLET_RETURN;
	key.bytes = bytes;
	number = keys_number(keys, key);
	if (bytes != buffer)
		pfree(bytes);
	if (number < 0)
		return false;
	gross = keys_sum(keys, number);
	decimal_sum_merge(&net, &gross);
	return decimal_sum_sign(&net) <= 0;
}

/*
 * Finds the number of a day or a category.  Returns the units, or larger ones
 * in their place.
 */
static Keys *
find_unit(Keys *units, const OutletNote *note, const OutletKey *parts,
		  OutletSum *sums, int *number)
{
	int known = units->count;

	units = keys_take(units, parts->unit, number);
	if (note->unit != UNIT_CATEGORY)
		return units;
	if (*number == known)
		sums[*number].available = parts->available;
	else if (sums[*number].available != parts->available)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("products_in_category must be the same for all rows of "
						"a category"),
				 errdetail("A category of the group has two numbers, or a "
						   "number and NULL."),
				 errhint("Count the products of each category once.")));
	return units;
}

/*
 * What the days, the categories or the whole outlet come to.  Returns how many
 * there are.
 */
static int
outlet_sums(const Keys *keys, const OutletNote *note, OutletSum **sums)
{
	bool totals = note->unit == UNIT_OUTLET || note->has_min_amount;
	bool net = note->activity == ACTIVITY_NET;
	OutletKey before = {0, 0, {NULL, -1}};
	Keys *units =
		keys_new(note->unit == UNIT_CATEGORY ? key_type_size(note->category)
											 : (int) sizeof(int32),
				 NULL, 0);
	int number = 0;

	*sums = palloc0(sizeof(OutletSum) * Max(keys->count, 1));
	for (int i = 0; i < keys->count; i++)
	{
		OutletKey parts = take_apart(keys, note, keys_key(keys, i));
		bool is_return = (parts.marks & OUTLET_RETURN) != 0;
		OutletSum *sum;

		CHECK_FOR_INTERRUPTS();
		if (note->unit != UNIT_OUTLET &&
			(parts.unit.size != before.unit.size ||
			 parts.available != before.available ||
			 memcmp(parts.unit.bytes, before.unit.bytes, parts.unit.size) != 0))
			units = find_unit(units, note, &parts, *sums, &number);
		before = parts;

		sum = &(*sums)[number];
		if (totals)
		{
			DecimalSum amount = keys_sum(keys, i);

			decimal_sum_merge(&sum->total, &amount);
		}
		sum->sold |= !is_return;
		if (note->product == KEY_NONE || (parts.marks & OUTLET_NO_PRODUCT))
			continue;
		if (!is_return)
			sum->products++;
		else if (net && undone_by_returns(keys, i))
			sum->products--;
	}
	return note->unit == UNIT_OUTLET ? 1 : units->count;
}

/*
 * The least amount at the scale of a state's sums, where it is rounded up.
 */
static DecimalSum
least_total(const Keys *keys, const OutletNote *note)
{
	DecimalSum least = {0, 0, 0};
	int128 value = note->min_amount;

	if (note->min_amount_scale > keys->scale)
	{
		int128 unit = decimal_pow10(note->min_amount_scale - keys->scale);

		decimal_sum_add(&least, value / unit + (value % unit != 0));
	}
	else
	{
		decimal_sum_add(&least, value);
		decimal_sum_rescale(&least, keys->scale - note->min_amount_scale);
	}
	return least;
}

/*
 * Whether an outlet is active, a day is a productive order, or a category is
 * worked.
 */
static bool
passes(const OutletNote *note, const DecimalSum *least, const OutletSum *sum)
{
	if (note->unit == UNIT_CATEGORY && sum->available > 0)
		return sum->products >= Min(note->min_products, sum->available);
	if (note->unit == UNIT_OUTLET && note->activity == ACTIVITY_NET)
	{
		if (decimal_sum_sign(&sum->total) <= 0)
			return false;
	}
	else if (!sum->sold)
		return false;
	return (!note->has_min_amount ||
			decimal_sum_compare(&sum->total, least) >= 0) &&
		   (note->min_products == 0 || sum->products >= note->min_products);
}

/*
 * How many of the days, of the categories or, if it is one, of the outlets
 * pass.
 */
static int32
count_passing(FunctionCallInfo fcinfo, OutletUnit unit)
{
	Keys *keys;
	OutletNote note;
	OutletSum *sums;
	DecimalSum least = {0, 0, 0};
	int count;
	int32 passing = 0;

	if (PG_ARGISNULL(0))
		return 0;
	keys = keys_finished(fcinfo, sizeof(note));
	outlet_note(keys, &note);
	if (note.unit != unit)
		keys_corrupted(keys);
	if (note.has_min_amount)
		least = least_total(keys, &note);
	count = outlet_sums(keys, &note, &sums);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		passing += passes(&note, &least, &sums[i]);
	}
	return passing;
}

/*
 * Whether an outlet is active once all its rows are in.
 */
Datum
kam_akb_active_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(count_passing(fcinfo, UNIT_OUTLET) > 0);
}

/*
 * The number of order days, or of productive ones.
 */
Datum
kam_productive_orders_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(count_passing(fcinfo, UNIT_DAY));
}

/*
 * The number of categories worked.
 */
Datum
kam_categories_worked_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(count_passing(fcinfo, UNIT_CATEGORY));
}

/*
 * akb_systemic(productive, planned, share): whether more than this share of
 * the planned visits brought a productive order.
 */
Datum
kam_akb_systemic(PG_FUNCTION_ARGS)
{
	Numeric productive = int64_to_numeric(PG_GETARG_INT64(0));
	Numeric planned = int64_to_numeric(PG_GETARG_INT64(1));
	Numeric share = param_fraction(PG_GETARG_NUMERIC(2), "share");

	param_not_negative(productive, "productive");
	param_not_negative(planned, "planned");
	PG_RETURN_BOOL(PG_GETARG_INT64(1) > 0 &&
				   number_compare(productive, number_multiply(share, planned)) >
					   0);
}
