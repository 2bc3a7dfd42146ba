/*
 * decimal.h
 *		Exact money: amounts as 128-bit integers with a count of decimals, and
 *		sums of them that no order of addition can overflow.
 */
#ifndef KAM_DECIMAL_H
#define KAM_DECIMAL_H

#include "kam.h"
#include "nodes/nodes.h"
#include "utils/numeric.h"

/* Digits that an amount, or a sum of amounts, may have in all. */
#define DECIMAL_MAX_DIGITS 38

/*
 * One amount: value / 10^scale.  whole_digits counts the digits before the
 * decimal point; whole_digits + scale never passes DECIMAL_MAX_DIGITS.
 */
typedef struct Decimal
{
	int128 value;
	int scale;
	int whole_digits;
} Decimal;

/*
 * A sum in two's complement over 192 bits.  Amounts of 38 digits need 127
 * bits, so 2^63 of them fit: adding never overflows, whatever the order.
 */
typedef struct DecimalSum
{
	uint64 low;
	uint64 middle;
	int64 high;
} DecimalSum;

extern void decimal_from_numeric(Datum amount, const char *argument,
								 Decimal *result);
extern void decimal_measure(Datum amount, const char *argument,
							Decimal *result);
extern void decimal_align(const Datum *amounts, int count, const char *argument,
						  int128 *values);
extern Numeric decimal_to_numeric(int128 value, int scale);
extern int128 decimal_floor(const Decimal *amount, int scale);
extern int128 decimal_pow10(int exponent);
extern int decimal_digits(int128 value);
extern void decimal_check_digits(int whole_digits, int scale);
extern bool decimal_save_digits(int whole_digits, int scale, Node *soft);
extern void decimal_argument(FunctionCallInfo fcinfo, int number,
							 const char *argument, Decimal *result);
extern const Decimal *decimal_least(const Decimal *one, const Decimal *other);
extern void decimal_subtract(const Decimal *one, const Decimal *other,
							 Decimal *difference);
extern void decimal_multiply(const Decimal *one, const Decimal *other,
							 Decimal *product);

extern void decimal_sum_add(DecimalSum *sum, int128 value);
extern void decimal_sum_merge(DecimalSum *sum, const DecimalSum *other);
extern void decimal_sum_rescale(DecimalSum *sum, int exponent);
extern int128 decimal_sum_value(const DecimalSum *sum);

/*
 * Below zero, zero or above zero, as one sum is below, equal to or above
 * another of the same scale.
 */
static inline int
decimal_sum_compare(const DecimalSum *one, const DecimalSum *other)
{
	if (one->high != other->high)
		return one->high < other->high ? -1 : 1;
	if (one->middle != other->middle)
		return one->middle < other->middle ? -1 : 1;
	return (one->low > other->low) - (one->low < other->low);
}

/*
 * Below zero, zero or above zero, as the sum is.
 */
static inline int
decimal_sum_sign(const DecimalSum *sum)
{
	const DecimalSum zero = {0, 0, 0};

	return decimal_sum_compare(sum, &zero);
}

#endif /* KAM_DECIMAL_H */
