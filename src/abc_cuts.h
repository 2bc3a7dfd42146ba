/*
 * abc_cuts.h
 *		Cut-offs of cumulative shares, and the values that they fall on.
 */
#ifndef KAM_ABC_CUTS_H
#define KAM_ABC_CUTS_H

#include "kam.h"

#include "decimal.h"
#include "window.h"

#define ABC_MOST_CUTOFFS 25

/*
 * A fraction of a total; exact is it as an integer where that is short.
 */
typedef struct AbcCutoff
{
	Numeric number;
	Decimal exact;
} AbcCutoff;

extern void abc_cutoff(Numeric number, const char *argument, bool among,
					   AbcCutoff *cutoff);
extern bool abc_find_least(const WindowValues *values, const AbcCutoff *cutoffs,
						   int count, bool reach, int128 *least);

#endif /* KAM_ABC_CUTS_H */
