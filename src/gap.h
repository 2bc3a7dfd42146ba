/*
 * gap.h
 *		The days bought on up to a day, and the gaps between them.
 */
#ifndef KAM_GAP_H
#define KAM_GAP_H

#include "kam.h"

#include "series.h"

/*
 * Days bought on, counted from the period's first; -1 for one that there is
 * not.
 */
typedef struct OrderDays
{
	int count;
	int first;
	int previous; /* the one before the last */
	int last;
} OrderDays;

extern int gap_known_days(const Series *series, DateADT as_of);
extern OrderDays gap_order_days(const Series *series, int known);
extern Numeric gap_mean(const OrderDays *days);
extern Numeric gap_order_value(const Series *series, int128 total, int days);

#endif /* KAM_GAP_H */
