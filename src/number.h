/*
 * number.h
 *		Arithmetic of numeric, without the wrapping of its arguments.
 */
#ifndef KAM_NUMBER_H
#define KAM_NUMBER_H

#include "kam.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

/*
 * Below zero, zero or above zero, as one number is below, equal to or above
 * another.
 */
static inline int
number_compare(Numeric one, Numeric other)
{
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp, NumericGetDatum(one),
											 NumericGetDatum(other)));
}

/*
 * The sum of two numbers.
 */
static inline Numeric
number_add(Numeric one, Numeric other)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_add,
											   NumericGetDatum(one),
											   NumericGetDatum(other)));
}

/*
 * One number less another.
 */
static inline Numeric
number_subtract(Numeric one, Numeric other)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_sub,
											   NumericGetDatum(one),
											   NumericGetDatum(other)));
}

/*
 * The product of two numbers, with all its digits.
 */
static inline Numeric
number_multiply(Numeric one, Numeric other)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_mul,
											   NumericGetDatum(one),
											   NumericGetDatum(other)));
}

/*
 * One number divided by another, which must not be zero, with the decimals
 * that numeric gives a quotient.
 */
static inline Numeric
number_divide(Numeric one, Numeric other)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_div,
											   NumericGetDatum(one),
											   NumericGetDatum(other)));
}

/*
 * The whole part of one number divided by another, which must not be zero.
 */
static inline Numeric
number_quotient(Numeric one, Numeric other)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_div_trunc,
											   NumericGetDatum(one),
											   NumericGetDatum(other)));
}

/*
 * Below zero, zero or above zero, as the number is.
 */
static inline int
number_sign(Numeric value)
{
	return number_compare(value, int64_to_numeric(0));
}

/*
 * The distance of a number from zero.
 */
static inline Numeric
number_abs(Numeric value)
{
	return DatumGetNumeric(
		DirectFunctionCall1(numeric_abs, NumericGetDatum(value)));
}

/*
 * -1, 0 or 1: a number is below a mark, no further from it than a fraction of
 * the mark, or above it.
 */
static inline int
number_side(Numeric value, Numeric mark, Numeric fraction)
{
	Numeric distance = number_subtract(value, mark);
	Numeric band = number_multiply(mark, fraction);

	if (number_compare(number_abs(distance), number_abs(band)) <= 0)
		return 0;
	return number_sign(distance) > 0 ? 1 : -1;
}

/*
 * A part divided by a whole; NULL where the whole is zero.
 */
static inline Numeric
number_ratio(Numeric part, Numeric whole)
{
	return number_sign(whole) != 0 ? number_divide(part, whole) : NULL;
}

/*
 * A part divided by a whole; NULL where the whole is not above zero.
 */
static inline Numeric
number_over(Numeric part, Numeric whole)
{
	return number_sign(whole) > 0 ? number_divide(part, whole) : NULL;
}

/*
 * A number, or the most it may be where that is less; NULL is no bound.
 */
static inline Numeric
number_at_most(Numeric value, Numeric most)
{
	return most == NULL || number_compare(value, most) <= 0 ? value : most;
}

/*
 * How many decimals a number shows.
 */
static inline int
number_scale(Numeric value)
{
	return DatumGetInt32(
		DirectFunctionCall1(numeric_scale, NumericGetDatum(value)));
}

/*
 * A number rounded to so many decimals, a half away from zero; -3 is
 * thousands.
 */
static inline Numeric
number_round(Numeric value, int scale)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_round,
											   NumericGetDatum(value),
											   Int32GetDatum(scale)));
}

/*
 * A number without zeros at its end, as a division leaves them.
 */
static inline Numeric
number_trim(Numeric value)
{
	return DatumGetNumeric(
		DirectFunctionCall1(numeric_trim_scale, NumericGetDatum(value)));
}

/*
 * A number as the result of a function: NULL where there is none.
 */
static inline Datum
number_result(FunctionCallInfo fcinfo, Numeric value)
{
	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(value);
}

/*
 * A number cut to so many decimals.
 */
static inline Numeric
number_trunc(Numeric value, int scale)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_trunc,
											   NumericGetDatum(value),
											   Int32GetDatum(scale)));
}

/*
 * The greatest integer that divides both.
 */
static inline int64
number_divisor(int64 one, int64 other)
{
	return DatumGetInt64(
		DirectFunctionCall2(int8gcd, Int64GetDatum(one), Int64GetDatum(other)));
}

#endif /* KAM_NUMBER_H */
