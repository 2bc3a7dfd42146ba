/*
 * product_sum.c
 *		Exact sums of products of two amounts, for weighted means.
 */
#include "kam.h"

#include "product_sum.h"
#include "utils/fmgrprotos.h"

/* The digits that one division takes off a sum, which fit into a word. */
#define DIGITS_STEP 19

/* The digits of 320 bits in whole steps, a sign, a point and an end. */
#define TEXT_SIZE (6 * DIGITS_STEP + 3)

static bool is_negative(const ProductSum *sum);
static void negate(ProductSum *sum);
static bool multiply(ProductSum *magnitude, uint64 factor);
static uint64 divide(ProductSum *magnitude, uint64 divisor);

/*
 * Refuses products that would need more digits than a sum can hold.
 */
void
product_check_digits(int whole_digits, int scale)
{
	if (whole_digits + scale > PRODUCT_MAX_DIGITS)
		ereport(
			ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("products with %d digits before and %d after the decimal "
					"point cannot be added exactly",
					whole_digits, scale),
			 errdetail("A sum has %d digits in all.", PRODUCT_MAX_DIGITS),
			 errhint("Round the numbers to fewer decimals.")));
}

/*
 * Whether a sum is below zero.
 */
static bool
is_negative(const ProductSum *sum)
{
	return (int64) sum->words[PRODUCT_WORDS - 1] < 0;
}

/*
 * Turns a sum's sign around.
 */
static void
negate(ProductSum *sum)
{
	uint64 carry = 1;

	for (int i = 0; i < PRODUCT_WORDS; i++)
	{
		sum->words[i] = ~sum->words[i] + carry;
		carry = carry && sum->words[i] == 0;
	}
}

/*
 * Multiplies a sum that is not negative.  Returns false when there is no room.
 */
static bool
multiply(ProductSum *magnitude, uint64 factor)
{
	uint64 carry = 0;

	for (int i = 0; i < PRODUCT_WORDS; i++)
	{
		uint128 word = (uint128) magnitude->words[i] * factor + carry;

		magnitude->words[i] = (uint64) word;
		carry = (uint64) (word >> 64);
	}
	return carry == 0 && !is_negative(magnitude);
}

/*
 * Divides a sum that is not negative.  Returns the remainder.
 */
static uint64
divide(ProductSum *magnitude, uint64 divisor)
{
	uint64 rest = 0;

	for (int i = PRODUCT_WORDS - 1; i >= 0; i--)
	{
		uint128 word = (uint128) rest << 64 | magnitude->words[i];

		magnitude->words[i] = (uint64) (word / divisor);
		rest = (uint64) (word % divisor);
	}
	return rest;
}

/*
 * The product of two integers.
 */
void
product_of(ProductSum *product, int128 one, int128 other)
{
	bool negative = (one < 0) != (other < 0);
	uint128 left = one < 0 ? -(uint128) one : (uint128) one;
	uint128 right = other < 0 ? -(uint128) other : (uint128) other;

	memset(product, 0, sizeof(ProductSum));
	for (int i = 0; i < 2 && left >> (64 * i) != 0; i++)
	{
		uint64 factor = (uint64) (left >> (64 * i));
		uint64 carry = 0;

		for (int j = 0; j < 2; j++)
		{
			uint128 word = (uint128) factor * (uint64) (right >> (64 * j)) +
						   product->words[i + j] + carry;

			product->words[i + j] = (uint64) word;
			carry = (uint64) (word >> 64);
		}
		product->words[i + 2] = carry;
	}
	if (negative)
		negate(product);
}

/*
 * Adds one sum to another.
 */
void
product_sum_merge(ProductSum *sum, const ProductSum *other)
{
	uint64 carry = 0;

	for (int i = 0; i < PRODUCT_WORDS; i++)
	{
		uint128 word = (uint128) sum->words[i] + other->words[i] + carry;

		sum->words[i] = (uint64) word;
		carry = (uint64) (word >> 64);
	}
}

/*
 * Takes the sign off a sum.
 */
void
product_sum_magnitude(ProductSum *sum)
{
	if (is_negative(sum))
		negate(sum);
}

/*
 * Multiplies a sum by 10^exponent, as when its scale grows.  Returns false
 * when there is no room, as no sum of products gets to.
 */
bool
product_sum_rescale(ProductSum *sum, int exponent)
{
	bool negative = is_negative(sum);

	if (negative)
		negate(sum);
	while (exponent > 0)
	{
		int step = Min(exponent, DIGITS_STEP);

		if (!multiply(sum, (uint64) decimal_pow10(step)))
			return false;
		exponent -= step;
	}
	if (negative)
		negate(sum);
	return true;
}

/*
 * A sum divided by 10^scale as a numeric that shows scale decimals.
 */
Numeric
product_sum_numeric(const ProductSum *sum, int scale)
{
	ProductSum rest = *sum;
	bool negative = is_negative(sum);
	char text[TEXT_SIZE];
	char *start = text + TEXT_SIZE - 1;
	int written = 0;
	bool narrow = true;
	bool more;

	for (int i = 1; i < PRODUCT_WORDS; i++)
		narrow &= sum->words[i] == (uint64) ((int64) sum->words[0] >> 63);
	if (narrow)
		return int64_div_fast_to_numeric((int64) sum->words[0], scale);

	if (negative)
		negate(&rest);
	*start = '\0';
	do
	{
		uint64 digits = divide(&rest, (uint64) decimal_pow10(DIGITS_STEP));

		for (int i = 0; i < DIGITS_STEP; i++)
		{
			if (written++ == scale && scale > 0)
				*--start = '.';
			*--start = '0' + (char) (digits % 10);
			digits /= 10;
		}
		more = false;
		for (int i = 0; i < PRODUCT_WORDS; i++)
			more |= rest.words[i] != 0;
	} while (more || written <= scale);
	if (negative)
		*--start = '-';
	return DatumGetNumeric(
		DirectFunctionCall3(numeric_in, CStringGetDatum(start),
							ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}
