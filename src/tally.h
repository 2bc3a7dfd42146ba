/*
 * tally.h
 *		Aggregate states of a few exact numbers, a numeric[] in SQL, for
 *		aggregates over rows that are few.
 */
#ifndef KAM_TALLY_H
#define KAM_TALLY_H

#include "kam.h"
#include "utils/numeric.h"

extern void tally_read(Datum state, Numeric *numbers, int count);
extern Datum tally_write(const Numeric *numbers, int count);

#endif /* KAM_TALLY_H */
