/*
 * tier.h
 *		Where an amount stands on a ladder and what the step pays, for every
 *		function that asks.
 */
#ifndef KAM_TIER_H
#define KAM_TIER_H

#include "kam.h"

#include "ladder.h"

typedef enum TierMode
{
	MODE_RETROSPECTIVE,
	MODE_STEPPED,
	MODE_FIXED,
	MODE_INTERPOLATED
} TierMode;

typedef enum TierBoundary
{
	BOUNDARY_REACH,
	BOUNDARY_EXCEED
} TierBoundary;

/*
 * The last ladder that a call site saw, taken apart, and the columns of the
 * result.  Only an aid: compared by content, and made anew when it is missing.
 */
typedef struct TierCache
{
	MemoryContext context; /* what belongs to the ladder */
	TierLadder *ladder;	   /* NULL while there is none */
	LadderStep *steps;
	bool *adds; /* whether a step's fixed sum is more than zero */
	int count;
	Numeric *entered; /* what each step pays on entering it in mode stepped;
					   * NULL until needed */
	TupleDesc result;
} TierCache;

/*
 * One call: its arguments and the ladder.
 */
typedef struct TierCall
{
	TierCache *cache;
	Numeric qualifying;
	Numeric base;
	Numeric cap; /* NULL: none */
	TierMode mode;
	bool gate;
	int tier; /* the step reached, from 1; 0 below the first */
} TierCall;

extern TierMode tier_mode(text *name);
extern TierBoundary tier_boundary(text *name);
extern TierCache *tier_cache(FunctionCallInfo fcinfo, Datum ladder);
extern void tier_place(TierCall *call, const char *argument, Numeric qualifying,
					   Numeric base, TierBoundary boundary);
extern Numeric tier_whole_pay(const TierCache *cache, int tier, Numeric base);
extern Numeric tier_pay(const TierCall *call);

#endif /* KAM_TIER_H */
