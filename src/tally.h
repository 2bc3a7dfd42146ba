/*
 * tally.h
 *		Aggregate states of a few exact numbers, a numeric[] in SQL, for
 *		aggregates over rows that are few.
 */
#ifndef KAM_TALLY_H
#define KAM_TALLY_H

#include "kam.h"
#include "number.h"

extern void tally_read(Datum state, Numeric *numbers, int count);
extern Datum tally_write(const Numeric *numbers, int count);
extern void tally_zero(Numeric *numbers, int count);
extern void tally_add(Numeric *numbers, const Numeric *others, int count);

/*
 * Adds to one number of a state.
 */
static inline void
tally_raise(Numeric *number, Numeric value)
{
	*number = number_add(*number, value);
}

#endif /* KAM_TALLY_H */
