/*
 * part.h
 *		A part and the whole it is of, as two exact sums: the state of
 *		aggregates whose result is a ratio of totals.
 */
#ifndef KAM_PART_H
#define KAM_PART_H

#include "kam.h"

#include "decimal.h"

/*
 * The stored form, a bytea.
 */
typedef struct PartOfWhole
{
	int32 vl_len_;
	uint8 version;
	uint8 scale;		/* of both sums */
	uint8 whole_digits; /* most digits before the point of any amount added */
	uint8 reserved;		/* zero */
	DecimalSum part;
	DecimalSum whole;
} PartOfWhole;

extern PartOfWhole *part_state(FunctionCallInfo fcinfo);
extern PartOfWhole *part_from_datum(Datum datum);
extern void part_add(PartOfWhole *state, const Decimal *part,
					 const Decimal *whole);
extern void part_merge(PartOfWhole *state, const PartOfWhole *other);
extern Numeric part_over_whole(const PartOfWhole *state);

#endif /* KAM_PART_H */
