/*
 * product_sum.h
 *		Exact sums of products of two amounts, for weighted means.
 */
#ifndef KAM_PRODUCT_SUM_H
#define KAM_PRODUCT_SUM_H

#include "kam.h"
#include "decimal.h"
#include "utils/numeric.h"

/* Digits that a product of amounts, or a sum of such, may have in all. */
#define PRODUCT_MAX_DIGITS (2 * DECIMAL_MAX_DIGITS)

#define PRODUCT_WORDS 5

/*
 * A sum in two's complement over 320 bits, the lowest word first.  Products of
 * 76 digits need 254 bits, so 2^63 of them fit: adding never overflows,
 * whatever the order.
 */
typedef struct ProductSum
{
	uint64 words[PRODUCT_WORDS];
} ProductSum;

extern void product_of(ProductSum *product, int128 one, int128 other);
extern void product_sum_merge(ProductSum *sum, const ProductSum *other);
extern void product_sum_magnitude(ProductSum *sum);
extern bool product_sum_rescale(ProductSum *sum, int exponent);
extern Numeric product_sum_numeric(const ProductSum *sum, int scale);
extern void product_check_digits(int whole_digits, int scale);

#endif /* KAM_PRODUCT_SUM_H */
