/*
 * abc_cuts.h
 *		Where cumulative shares pass a cut-off.
 */
#ifndef KAM_ABC_CUTS_H
#define KAM_ABC_CUTS_H

#include "kam.h"

#define ABC_MOST_CUTOFFS 25

extern void abc_find_cuts(int128 *values, int64 count, const int128 *goals,
						  int goal_count, int128 *cuts);

#endif /* KAM_ABC_CUTS_H */
