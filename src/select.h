/*
 * select.h
 *		Values of a partition by their place or by the sum of the larger ones,
 *		found without a sort.
 */
#ifndef KAM_SELECT_H
#define KAM_SELECT_H

#include "kam.h"

/* Goals or places that are looked for in one go. */
#define SELECT_MOST 32

extern void select_by_sum(const int128 *values, int64 count,
						  const int128 *goals, int goal_count, int128 *found);
extern void select_by_place(const int128 *values, int64 count,
							const int64 *places, int place_count,
							int128 *found);

#endif /* KAM_SELECT_H */
