/*
 * decimal.c
 *		Exact money.  The only file that reads the stored form of numeric: a
 *		16-bit header (for long numbers with a 16-bit weight behind it) and
 *		base-10000 digits, the same in every version of PostgreSQL.
 */
#include "kam.h"

#include "decimal.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#define NUMERIC_HEADER_MASK 0xC000
#define NUMERIC_SPECIAL_HEADER 0xC000
#define NUMERIC_NAN_HEADER 0xC000
#define NUMERIC_INFINITY_HEADER 0xD000
#define NUMERIC_SHORT_HEADER 0x8000
#define NUMERIC_SHORT_NEGATIVE 0x2000
#define NUMERIC_SHORT_SCALE_MASK 0x1F80
#define NUMERIC_SHORT_SCALE_SHIFT 7
#define NUMERIC_SHORT_WEIGHT_NEGATIVE 0x0040
#define NUMERIC_SHORT_WEIGHT_MASK 0x003F
#define NUMERIC_LONG_NEGATIVE 0x4000
#define NUMERIC_LONG_SCALE_MASK 0x3FFF

/* The largest power of ten in 64 bits. */
#define POW10_STEP 19

static const uint64 small_pow10[POW10_STEP + 1] = {
	UINT64CONST(1),
	UINT64CONST(10),
	UINT64CONST(100),
	UINT64CONST(1000),
	UINT64CONST(10000),
	UINT64CONST(100000),
	UINT64CONST(1000000),
	UINT64CONST(10000000),
	UINT64CONST(100000000),
	UINT64CONST(1000000000),
	UINT64CONST(10000000000),
	UINT64CONST(100000000000),
	UINT64CONST(1000000000000),
	UINT64CONST(10000000000000),
	UINT64CONST(100000000000000),
	UINT64CONST(1000000000000000),
	UINT64CONST(10000000000000000),
	UINT64CONST(100000000000000000),
	UINT64CONST(1000000000000000000),
	UINT64CONST(10000000000000000000)};

/*
 * The stored form of a numeric, taken apart.  digits may be unaligned.
 */
typedef struct NumericParts
{
	const char *digits;
	int count;
	int weight;
	int scale;
	bool negative;
} NumericParts;

static pg_attribute_always_inline void
take_apart(struct varlena *stored, const char *argument, NumericParts *parts);
static inline uint16 digit_at(const NumericParts *parts, int i);
static int needed_scale(const NumericParts *parts);
static inline void measure(const NumericParts *parts, Decimal *result);
static inline int last_exponent(const NumericParts *parts, int scale);
static inline int128 at_scale(const Decimal *amount, int scale);
static void trim_zeros(Decimal *amount);

/*
 * 10^exponent, for 0 <= exponent <= DECIMAL_MAX_DIGITS.
 */
int128
decimal_pow10(int exponent)
{
	Assert(exponent >= 0 && exponent <= DECIMAL_MAX_DIGITS);
	if (exponent <= POW10_STEP)
		return (int128) small_pow10[exponent];
	return (int128) small_pow10[POW10_STEP] *
		   (int128) small_pow10[exponent - POW10_STEP];
}

/*
 * How many decimal digits the magnitude of an integer has; zero has none.
 */
int
decimal_digits(int128 value)
{
	uint128 magnitude = value < 0 ? -(uint128) value : (uint128) value;
	int digits = 0;

	for (; magnitude >= small_pow10[POW10_STEP]; digits += POW10_STEP)
		magnitude /= small_pow10[POW10_STEP];
	for (int i = 0; i < POW10_STEP && magnitude >= small_pow10[i]; i++)
		digits++;
	return digits;
}

/*
 * Refuses amounts that would need more digits than a sum can hold.
 */
void
decimal_check_digits(int whole_digits, int scale)
{
	decimal_save_digits(whole_digits, scale, NULL);
}

/*
 * The same, softly if the caller collects such errors: whether a sum can hold
 * the digits.
 */
bool
decimal_save_digits(int whole_digits, int scale, Node *soft)
{
	if (whole_digits + scale > DECIMAL_MAX_DIGITS)
	{
		errsave(soft,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("amounts with %d digits before and %d after the "
						"decimal point cannot be added exactly",
						whole_digits, scale),
				 errdetail("A sum has %d digits in all.", DECIMAL_MAX_DIGITS),
				 errhint("Round the amounts to fewer decimals.")));
		return false;
	}
	return true;
}

/*
 * The value of an amount at a scale that is no smaller than its own.
 */
static inline int128
at_scale(const Decimal *amount, int scale)
{
	return amount->scale == scale
			   ? amount->value
			   : amount->value * decimal_pow10(scale - amount->scale);
}

/*
 * The lesser of two amounts, the first if they are equal.  One sum must have
 * room for both.
 */
const Decimal *
decimal_least(const Decimal *one, const Decimal *other)
{
	int scale = Max(one->scale, other->scale);

	decimal_check_digits(Max(one->whole_digits, other->whole_digits), scale);
	return at_scale(one, scale) <= at_scale(other, scale) ? one : other;
}

/*
 * One amount less another.  One sum must have room for both, and for the
 * difference.
 */
void
decimal_subtract(const Decimal *one, const Decimal *other, Decimal *difference)
{
	int scale = Max(one->scale, other->scale);
	int whole_digits = Max(one->whole_digits, other->whole_digits);
	int128 limit;
	int128 value;

	decimal_check_digits(whole_digits, scale);
	limit = decimal_pow10(whole_digits + scale);
	if (__builtin_sub_overflow(at_scale(one, scale), at_scale(other, scale),
							   &value) ||
		value >= limit || value <= -limit)
		decimal_check_digits(++whole_digits, scale);
	difference->value = value;
	difference->scale = scale;
	difference->whole_digits = whole_digits;
}

/*
 * Takes zeros off the end of the decimals.
 */
static void
trim_zeros(Decimal *amount)
{
	for (; amount->scale > 0 && amount->value % 10 == 0; amount->scale--)
		amount->value /= 10;
}

/*
 * The product of two amounts, with all its decimals, or, if that may pass 38
 * digits, with those of the amounts that are not trailing zeros.
 */
void
decimal_multiply(const Decimal *one, const Decimal *other, Decimal *product)
{
	Decimal first = *one;
	Decimal second = *other;

	if (unlikely(first.whole_digits + second.whole_digits + first.scale +
					 second.scale >
				 DECIMAL_MAX_DIGITS))
	{
		trim_zeros(&first);
		trim_zeros(&second);
		decimal_check_digits(first.whole_digits + second.whole_digits,
							 first.scale + second.scale);
	}
	product->value = first.value * second.value;
	product->scale = first.scale + second.scale;
	product->whole_digits = first.whole_digits + second.whole_digits;
}

/*
 * Splits a numeric into its parts; NaN and infinity are refused.
 */
static pg_attribute_always_inline void
take_apart(struct varlena *stored, const char *argument, NumericParts *parts)
{
	const char *data = VARDATA_ANY(stored);
	int size = VARSIZE_ANY_EXHDR(stored);
	uint16 header;

	if (size < (int) sizeof(uint16))
		elog(ERROR, "numeric value of %d bytes", size);
	memcpy(&header, data, sizeof(header));
	data += sizeof(header);
	size -= sizeof(header);

	if ((header & NUMERIC_HEADER_MASK) == NUMERIC_SPECIAL_HEADER)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be a finite number, not %s", argument,
						header == NUMERIC_NAN_HEADER		? "NaN"
						: header == NUMERIC_INFINITY_HEADER ? "infinity"
															: "-infinity")));

	if (header & NUMERIC_SHORT_HEADER)
	{
		parts->negative = (header & NUMERIC_SHORT_NEGATIVE) != 0;
		parts->scale =
			(header & NUMERIC_SHORT_SCALE_MASK) >> NUMERIC_SHORT_SCALE_SHIFT;
		parts->weight = header & NUMERIC_SHORT_WEIGHT_MASK;
		if (header & NUMERIC_SHORT_WEIGHT_NEGATIVE)
			parts->weight -= NUMERIC_SHORT_WEIGHT_MASK + 1;
	}
	else
	{
		int16 weight;

		if (size < (int) sizeof(weight))
			elog(ERROR, "numeric value without its weight");
		memcpy(&weight, data, sizeof(weight));
		data += sizeof(weight);
		size -= sizeof(weight);
		parts->negative = (header & NUMERIC_LONG_NEGATIVE) != 0;
		parts->scale = header & NUMERIC_LONG_SCALE_MASK;
		parts->weight = weight;
	}
	parts->digits = data;
	parts->count = size / (int) sizeof(uint16);
}

/*
 * One base-10000 digit of a numeric that was taken apart.
 */
static inline uint16
digit_at(const NumericParts *parts, int i)
{
	uint16 digit;

	memcpy(&digit, parts->digits + i * sizeof(digit), sizeof(digit));
	return digit;
}

/*
 * The decimals that a numeric needs, without trailing zeros.
 */
static int
needed_scale(const NumericParts *parts)
{
	int scale;
	int last;

	if (parts->count == 0)
		return 0;
	scale = 4 * (parts->count - 1 - parts->weight);
	for (last = digit_at(parts, parts->count - 1); last % 10 == 0 && last > 0;
		 last /= 10)
		scale--;
	return Max(scale, 0);
}

/*
 * The power of ten that the last base-10000 digit counts, in units of
 * 10^-scale.  It is above -4, since no numeric stores digits past its scale.
 */
static inline int
last_exponent(const NumericParts *parts, int scale)
{
	int exponent = scale + 4 * (parts->weight - parts->count + 1);

	if (unlikely(exponent <= -4))
		elog(ERROR, "numeric value has digits past its scale");
	return exponent;
}

/*
 * The digits that an amount needs before and after the decimal point: its
 * decimals are those it was written with, or, if that passes 38 digits, those
 * that are not trailing zeros.
 */
static inline void
measure(const NumericParts *parts, Decimal *result)
{
	result->whole_digits = 0;
	if (parts->count > 0 && parts->weight >= 0)
	{
		uint16 first = digit_at(parts, 0);

		result->whole_digits = 4 * parts->weight + 1 + (first >= 10) +
							   (first >= 100) + (first >= 1000);
	}
	result->scale = parts->scale;
	if (result->whole_digits + result->scale > DECIMAL_MAX_DIGITS)
		result->scale = needed_scale(parts);
}

/*
 * The digits that decimal_from_numeric() would read an amount with.  They may
 * pass 38, and there is no value.
 */
void
decimal_measure(Datum amount, const char *argument, Decimal *result)
{
	NumericParts parts;

	take_apart(PG_DETOAST_DATUM_PACKED(amount), argument, &parts);
	measure(&parts, result);
	result->value = 0;
}

/*
 * Reads an amount.  It keeps the decimals it was written with, or, if that
 * passes 38 digits, those that are not trailing zeros.  NaN and infinity are
 * refused in the name of the argument, longer numbers as out of range.
 */
void
decimal_from_numeric(Datum amount, const char *argument, Decimal *result)
{
	struct varlena *stored = PG_DETOAST_DATUM_PACKED(amount);
	NumericParts parts;
	int i;

	take_apart(stored, argument, &parts);
	measure(&parts, result);
	if (unlikely(result->whole_digits + result->scale > DECIMAL_MAX_DIGITS))
		decimal_check_digits(result->whole_digits, result->scale);

	if (parts.count == 0)
		result->value = 0;
	else if (parts.count <= 4 && last_exponent(&parts, result->scale) < 3)
	{
		int exponent = last_exponent(&parts, result->scale);
		int last = digit_at(&parts, parts.count - 1);
		int64 value = 0;

		for (i = 0; i < parts.count - 1; i++)
			value = value * 10000 + digit_at(&parts, i);
		if (exponent >= 0)
			value = (value * 10000 + last) * (int64) small_pow10[exponent];
		else
			value = value * (int64) small_pow10[4 + exponent] +
					last / (int) small_pow10[-exponent];
		result->value = parts.negative ? -value : value;
	}
	else
	{
		int exponent = last_exponent(&parts, result->scale);
		int last = digit_at(&parts, parts.count - 1);
		int128 value = 0;

		for (i = 0; i < parts.count - 1; i++)
			value = value * 10000 + digit_at(&parts, i);
		if (exponent >= 0)
			value = (value * 10000 + last) * decimal_pow10(exponent);
		else
			value = value * decimal_pow10(4 + exponent) +
					last / (int) small_pow10[-exponent];
		result->value = parts.negative ? -value : value;
	}
}

/*
 * Reads amounts as integers at one scale, the largest among them.
 */
void
decimal_align(const Datum *amounts, int count, const char *argument,
			  int128 *values)
{
	Decimal *decimals = palloc(sizeof(Decimal) * count);
	int whole_digits = 0;
	int scale = 0;

	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		decimal_from_numeric(amounts[i], argument, &decimals[i]);
		whole_digits = Max(whole_digits, decimals[i].whole_digits);
		scale = Max(scale, decimals[i].scale);
	}
	decimal_check_digits(whole_digits, scale);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		values[i] =
			decimals[i].value * decimal_pow10(scale - decimals[i].scale);
	}
	pfree(decimals);
}

/*
 * Reads the amount of an argument; zero if it is NULL.
 */
void
decimal_argument(FunctionCallInfo fcinfo, int number, const char *argument,
				 Decimal *result)
{
	if (PG_ARGISNULL(number))
		memset(result, 0, sizeof(Decimal));
	else
		decimal_from_numeric(PG_GETARG_DATUM(number), argument, result);
}

/*
 * value / 10^scale as a numeric that shows scale decimals.
 */
Numeric
decimal_to_numeric(int128 value, int scale)
{
	char text[DECIMAL_MAX_DIGITS + 6];
	char *end = text + sizeof(text) - 1;
	char *start = end;
	uint128 rest;
	int written;

	if (value >= PG_INT64_MIN && value <= PG_INT64_MAX)
		return int64_div_fast_to_numeric((int64) value, scale);

	*end = '\0';
	rest = value < 0 ? -(uint128) value : (uint128) value;
	for (written = 0; rest > 0 || written <= scale; written++)
	{
		if (written == scale && scale > 0)
			*--start = '.';
		*--start = '0' + (int) (rest % 10);
		rest /= 10;
	}
	if (value < 0)
		*--start = '-';
	return DatumGetNumeric(
		DirectFunctionCall3(numeric_in, CStringGetDatum(start),
							ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

/*
 * The largest integer of units of 10^-scale that is not above an amount; where
 * it has more than 38 digits, 10^38 or -10^38.
 */
int128
decimal_floor(const Decimal *amount, int scale)
{
	int128 unit;

	if (amount->scale <= scale)
	{
		if (amount->whole_digits + scale > DECIMAL_MAX_DIGITS)
			return amount->value < 0 ? -decimal_pow10(DECIMAL_MAX_DIGITS)
									 : decimal_pow10(DECIMAL_MAX_DIGITS);
		return amount->value * decimal_pow10(scale - amount->scale);
	}
	unit = decimal_pow10(amount->scale - scale);
	return amount->value / unit - (amount->value % unit < 0);
}

/*
 * Adds one integer to a sum.
 */
void
decimal_sum_add(DecimalSum *sum, int128 value)
{
	DecimalSum other;

	other.low = (uint64) value;
	other.middle = (uint64) (value >> 64);
	other.high = value < 0 ? -1 : 0;
	decimal_sum_merge(sum, &other);
}

/*
 * Adds one sum to another.
 */
void
decimal_sum_merge(DecimalSum *sum, const DecimalSum *other)
{
	uint128 low = (uint128) sum->low + other->low;
	uint128 middle =
		(uint128) sum->middle + other->middle + (uint64) (low >> 64);

	sum->low = (uint64) low;
	sum->middle = (uint64) middle;
	sum->high = (int64) ((uint64) sum->high + (uint64) other->high +
						 (uint64) (middle >> 64));
}

/*
 * Multiplies a sum by 10^exponent, as when its scale grows.
 */
void
decimal_sum_rescale(DecimalSum *sum, int exponent)
{
	while (exponent > 0)
	{
		int step = Min(exponent, POW10_STEP - 1);
		uint64 factor = small_pow10[step];
		uint128 low = (uint128) sum->low * factor;
		uint128 middle = (uint128) sum->middle * factor + (uint64) (low >> 64);
		int64 high;

		if (__builtin_mul_overflow(sum->high, (int64) factor, &high) ||
			__builtin_add_overflow(high, (int64) (middle >> 64), &high))
			decimal_check_digits(DECIMAL_MAX_DIGITS, exponent);
		sum->low = (uint64) low;
		sum->middle = (uint64) middle;
		sum->high = high;
		exponent -= step;
	}
}

/*
 * The value of a sum, which must not pass 38 digits.
 */
int128
decimal_sum_value(const DecimalSum *sum)
{
	int128 value = (int128) (((uint128) sum->middle << 64) | sum->low);
	int128 limit = decimal_pow10(DECIMAL_MAX_DIGITS);

	if (sum->high != (value < 0 ? -1 : 0) || value >= limit || value <= -limit)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("a sum of amounts passes %d digits",
							   DECIMAL_MAX_DIGITS),
						errhint("Round the amounts to fewer decimals.")));
	return value;
}
