/*
 * values.c
 *		All values of a group, exactly: making, checking and merging them.
 *
 * While an aggregate runs, only the header of its state is checked at each
 * row: it says where values are, so nothing outside is read or written, and
 * values that nobody can have added are found out when they are sorted.
 */
#include "kam.h"

#include "kept.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "state.h"
#include "values.h"

#define VALUES_VERSION 1
#define VALUES_FEWEST 8

/* The bytes of a setting that are kept to know it again. */
#define FRACTION_MEMO_BYTES 24

/*
 * A setting that was read for an earlier row.
 */
typedef struct FractionMemo
{
	Decimal fraction;
	int size; /* zero: it is not known */
	char bytes[FRACTION_MEMO_BYTES];
} FractionMemo;

/* The settings, by ValuesSetting; those without a name have no value. */
static const char *const setting_names[] = {NULL,	  "share",	   "top",
											"points", "corrected", NULL};

static void values_corrupted(const Values *values);
static Values *values_alloc(int width, int64 room);
static inline int64 values_room(const Values *values);
static Values *values_remake(const Values *values, int width, int64 room);
static Values *make_room(Values *values, int64 more);
static Values *values_rescale(Values *values, int whole_digits, int scale);
static inline bool put_in_place(Values *values, int128 value);
static inline bool fits_narrow(int128 value);
static int128 value_limit(const Values *values);

PG_FUNCTION_INFO_V1(kam_values_accumulate);
PG_FUNCTION_INFO_V1(kam_values_combine);

/*
 * Refuses a state that no function of kam has made.
 */
static void
values_corrupted(const Values *values)
{
	state_malformed("state of values", values);
}

/*
 * No values, with room for some.
 */
static Values *
values_alloc(int width, int64 room)
{
	Size size = offsetof(Values, data) + (Size) width * (Size) room;
	Values *values = palloc0(size);

	SET_VARSIZE(values, size);
	values->version = VALUES_VERSION;
	values->width = width;
	return values;
}

/*
 * How many values there is room for.
 */
static inline int64
values_room(const Values *values)
{
	return (int64) ((VARSIZE(values) - offsetof(Values, data)) / values->width);
}

/*
 * Brings a state into memory and checks its header; it is a bytea that anybody
 * can make.
 */
Values *
values_from_datum(Datum datum)
{
	Values *values = state_detoast(datum);

	if (VARSIZE(values) < offsetof(Values, data) ||
		values->version != VALUES_VERSION ||
		(values->width != VALUES_NARROW && values->width != VALUES_WIDE) ||
		values->scale + values->whole_digits > DECIMAL_MAX_DIGITS ||
		(VARSIZE(values) - offsetof(Values, data)) % values->width != 0 ||
		values->count < 0 || values->count > values_room(values) ||
		values->count > VALUES_MOST ||
		values->setting >= lengthof(setting_names) ||
		values->setting_scale > VALUES_MOST_DECIMALS ||
		values->setting_value < 0 ||
		values->setting_value > decimal_pow10(VALUES_MOST_DECIMALS) ||
		(setting_names[values->setting] == NULL &&
		 (values->setting_scale != 0 || values->setting_value != 0)))
		values_corrupted(values);
	return values;
}

/*
 * What every value, at the scale of a state, must be below.
 */
static int128
value_limit(const Values *values)
{
	return decimal_pow10(values->whole_digits + values->scale);
}

/*
 * Checks all values: none has more digits than the state says.
 */
void
values_check(const Values *values)
{
	int128 limit = value_limit(values);

	for (int64 i = 0; i < values->count; i++)
	{
		int128 value = values_at(values, i);

		CHECK_FOR_INTERRUPTS();
		if (value >= limit || value <= -limit)
			values_corrupted(values);
	}
}

/*
 * The state in argument 0 of a transition or combine function, begun if it is
 * NULL; it is the caller's to change: outside an aggregate, a copy.
 */
Values *
values_state(FunctionCallInfo fcinfo)
{
	Values *values;

	if (PG_ARGISNULL(0))
		return values_alloc(VALUES_NARROW, VALUES_FEWEST);
	values = values_from_datum(PG_GETARG_DATUM(0));
	if (AggCheckCallContext(fcinfo, NULL))
		return values;
	values_check(values);
	return state_copy(values);
}

/*
 * Whether a value needs no more than 8 bytes.
 */
static inline bool
fits_narrow(int128 value)
{
	return value >= PG_INT64_MIN && value <= PG_INT64_MAX;
}

/*
 * The same values with other room.
 */
static Values *
values_remake(const Values *values, int width, int64 room)
{
	Values *made = values_alloc(width, room);

	memcpy((char *) made + VARHDRSZ, (const char *) values + VARHDRSZ,
		   offsetof(Values, data) - VARHDRSZ);
	made->width = width;
	if (width == values->width)
		memcpy(made->data, values->data, (Size) width * (Size) values->count);
	else
		for (int64 i = 0; i < values->count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			((int128 *) made->data)[i] = values_at(values, i);
		}
	return made;
}

/*
 * Makes room for more values, twice as much as there is.  Returns the values,
 * or larger ones in their place.
 */
static Values *
make_room(Values *values, int64 more)
{
	int64 room = values_room(values);
	int64 needed = values->count + more;

	if (needed <= room)
		return values;
	if (needed > VALUES_MOST)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("a group has more than %d values", VALUES_MOST),
						errhint("Group the rows more finely.")));
	room = Min(Max(needed, 2 * room), VALUES_MOST);
	return values_remake(values, values->width, room);
}

/*
 * Makes room for the digits of more values.  Returns the values, or wider ones
 * in their place.
 */
static Values *
values_rescale(Values *values, int whole_digits, int scale)
{
	int128 factor;

	whole_digits = Max(whole_digits, values->whole_digits);
	scale = Max(scale, values->scale);
	decimal_check_digits(whole_digits, scale);
	factor = decimal_pow10(scale - values->scale);
	values->whole_digits = whole_digits;
	if (factor == 1)
		return values;

	values->scale = scale;
	for (int64 i = 0; i < values->count && values->width == VALUES_NARROW; i++)
	{
		int64 limit = (int64) (PG_INT64_MAX / factor);
		int64 value = ((int64 *) values->data)[i];

		CHECK_FOR_INTERRUPTS();
		if (value > limit || value < -limit)
			values = values_remake(values, VALUES_WIDE, values_room(values));
	}
	for (int64 i = 0; i < values->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (values->width == VALUES_NARROW)
			((int64 *) values->data)[i] *= (int64) factor;
		else
			((int128 *) values->data)[i] *= factor;
	}
	return values;
}

/*
 * Puts a value behind the others, where there is room for one more, unless it
 * is too wide.
 */
static inline bool
put_in_place(Values *values, int128 value)
{
	if (values->width == VALUES_WIDE)
		((int128 *) values->data)[values->count++] = value;
	else if (fits_narrow(value))
		((int64 *) values->data)[values->count++] = (int64) value;
	else
		return false;
	return true;
}

/*
 * Adds a value.  Returns the values, or others in their place.
 */
Values *
values_add(Values *values, const Decimal *value)
{
	int128 unscaled = value->value;

	if (value->scale != values->scale ||
		value->whole_digits > values->whole_digits)
	{
		values = values_rescale(values, value->whole_digits, value->scale);
		unscaled *= decimal_pow10(values->scale - value->scale);
	}
	values = make_room(values, 1);
	if (!put_in_place(values, unscaled))
	{
		values = values_remake(values, VALUES_WIDE, values_room(values));
		put_in_place(values, unscaled);
	}
	return values;
}

/*
 * Adds the values of another state.  Returns the values, or others in their
 * place.
 */
Values *
values_merge(Values *values, const Values *other)
{
	int128 factor;

	if (values->setting != other->setting)
		values_corrupted(other);
	if (values->setting_value != other->setting_value ||
		values->setting_scale != other->setting_scale)
		param_not_same(setting_names[values->setting]);

	values = values_rescale(values, other->whole_digits, other->scale);
	values = make_room(values, other->count);
	factor = decimal_pow10(values->scale - other->scale);
	for (int64 i = 0; i < other->count; i++)
	{
		int128 value = values_at(other, i) * factor;

		CHECK_FOR_INTERRUPTS();
		if (!put_in_place(values, value))
		{
			values = values_remake(values, VALUES_WIDE, values_room(values));
			put_in_place(values, value);
		}
	}
	return values;
}

/*
 * Reads a setting that is a fraction, or takes it as it was read for an
 * earlier row.
 */
const Decimal *
values_fraction(FunctionCallInfo fcinfo, int argument, ValuesSetting setting)
{
	struct varlena *given = PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(argument));
	int size = VARSIZE_ANY_EXHDR(given);
	FractionMemo *memo = kept_memory(fcinfo, sizeof(FractionMemo));
	const char *name = setting_names[setting];
	Numeric fraction;

	if (memo->size == size &&
		memcmp(memo->bytes, VARDATA_ANY(given), size) == 0)
		return &memo->fraction;

	fraction = number_trim(param_fraction(PG_GETARG_NUMERIC(argument), name));
	if (number_scale(fraction) > VALUES_MOST_DECIMALS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has %d decimals", name, number_scale(fraction)),
				 errhint("Up to %d are allowed.", VALUES_MOST_DECIMALS)));
	memo->size = 0;
	decimal_from_numeric(NumericGetDatum(fraction), name, &memo->fraction);
	if (size <= FRACTION_MEMO_BYTES)
	{
		memo->size = size;
		memcpy(memo->bytes, VARDATA_ANY(given), size);
	}
	return &memo->fraction;
}

/*
 * Notes the setting of a row, which must be that of the rows before.
 */
void
values_set(Values *values, ValuesSetting setting, const Decimal *given)
{
	if (values->setting == VALUES_NO_SETTING && values->count == 0)
	{
		values->setting = setting;
		values->setting_scale = given->scale;
		values->setting_value = given->value;
	}
	else if (values->setting != setting)
		values_corrupted(values);
	else if (values->setting_scale != given->scale ||
			 values->setting_value != given->value)
		param_not_same(setting_names[setting]);
}

/*
 * Reads the setting of a group; given stays as it is if its aggregate has
 * none.  One that is not a number of points is at most 1.
 */
void
values_setting(const Values *values, ValuesSetting setting, Decimal *given)
{
	if (values->setting == VALUES_NO_SETTING)
		return;
	if (values->setting != setting ||
		(setting != VALUES_POINTS &&
		 values->setting_value > decimal_pow10(values->setting_scale)))
		values_corrupted(values);
	*given = (Decimal){.value = values->setting_value,
					   .scale = values->setting_scale};
}

/*
 * Transition of the aggregates over one value without a setting.
 */
Datum
kam_values_accumulate(PG_FUNCTION_ARGS)
{
	Decimal value;

	if (PG_ARGISNULL(1))
		return state_unchanged(fcinfo);
	decimal_from_numeric(PG_GETARG_DATUM(1), "value", &value);
	PG_RETURN_POINTER(values_add(values_state(fcinfo), &value));
}

/*
 * Merges two states.
 */
Datum
kam_values_combine(PG_FUNCTION_ARGS)
{
	Values *values = values_state(fcinfo);
	Values *other = values_from_datum(PG_GETARG_DATUM(1));

	if (!AggCheckCallContext(fcinfo, NULL))
		values_check(other);
	PG_RETURN_POINTER(values_merge(values, other));
}
