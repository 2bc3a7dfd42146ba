/*
 * ladder.h
 *		The tier_ladder type: thresholds, and the rate and fixed sum that each
 *		of them pays.
 */
#ifndef KAM_LADDER_H
#define KAM_LADDER_H

#include "kam.h"

#include "number.h"
#include "problem.h"

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

extern TierLadder *ladder_from_datum(Datum datum);
extern int ladder_read(const TierLadder *ladder, LadderStep **steps);
extern TierLadder *ladder_build(const LadderStep *steps, int count);
extern bool ladder_accept(LadderStep *steps, int count, Problem *problem);
extern bool ladder_too_long(Problem *problem);
extern char *ladder_rate_shown(const LadderStep *step);
extern bool ladder_fixed_shown(const LadderStep *step);

#endif /* KAM_LADDER_H */
