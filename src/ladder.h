/*
 * ladder.h
 *		The tier_ladder type: thresholds, and the rate and fixed sum that each
 *		of them pays.
 */
#ifndef KAM_LADDER_H
#define KAM_LADDER_H

#include "kam.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#define LADDER_VERSION 1
#define LADDER_MAX_STEPS 1000

/*
 * The stored form.  Behind the header stand the steps by rising threshold,
 * each a 32-bit word of flags and the numerics threshold, rate and fixed sum.
 * Every numeric has a 4-byte length header and starts on a multiple of 4.
 */
typedef struct TierLadder
{
	int32 vl_len_;
	uint8 version;
	uint8 reserved; /* zero */
	uint16 count;
	char data[FLEXIBLE_ARRAY_MEMBER];
} TierLadder;

/* The step's rate was written with a percent sign. */
#define LADDER_PERCENT 1

/*
 * One step of a ladder that was taken apart.  A rate in percent has at least
 * two decimals, so that the percentage can be written back as it came.
 */
typedef struct LadderStep
{
	Numeric threshold;
	Numeric rate;
	Numeric fixed;
	bool percent;
} LadderStep;

/*
 * Why a ladder was refused, for callers that choose how to say it.
 */
typedef struct LadderProblem
{
	int code;
	char *message;
	char *detail;
	char *hint;
} LadderProblem;

extern TierLadder *ladder_from_datum(Datum datum);
extern int ladder_read(const TierLadder *ladder, LadderStep **steps);
extern TierLadder *ladder_build(const LadderStep *steps, int count);
extern bool ladder_accept(LadderStep *steps, int count, LadderProblem *problem);
extern bool ladder_too_long(LadderProblem *problem);
extern void ladder_refuse(const LadderProblem *problem);
extern Numeric ladder_percentage(Numeric rate);
extern char *ladder_rate_shown(const LadderStep *step);
extern bool ladder_fixed_shown(const LadderStep *step);

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
 * How many decimals a number shows.
 */
static inline int
number_scale(Numeric value)
{
	return DatumGetInt32(
		DirectFunctionCall1(numeric_scale, NumericGetDatum(value)));
}

#endif /* KAM_LADDER_H */
