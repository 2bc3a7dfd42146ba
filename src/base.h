/*
 * base.h
 *		The state of aggregates over the series of many customers: how many are
 *		active in each bucket, and how they came and went.
 */
#ifndef KAM_BASE_H
#define KAM_BASE_H

#include "kam.h"

#include "activity.h"
#include "decimal.h"
#include "series.h"

/*
 * What is counted, as it is stored: a number never changes its meaning.
 */
typedef enum BaseKind
{
	BASE_ANY = 0, /* as an argument: whichever it is */
	BASE_ACTIVE = 1,
	BASE_MOVEMENT = 2
} BaseKind;

/*
 * State of the aggregates, a bytea.  Behind the header stand the active
 * customers of each bucket and, for the movement, a BaseFlow for each bucket.
 */
typedef struct Base
{
	int32 vl_len_;
	uint8 version;
	uint8 kind;
	uint8 activity;
	uint8 grain;
	DateADT lower;
	DateADT upper;
	int32 bucket_count;
	uint8 scale;		/* of all amounts */
	uint8 whole_digits; /* most digits before the point of any amount added */
	uint8 reserved[2];	/* zero */
	int64 active[FLEXIBLE_ARRAY_MEMBER];
} Base;

/*
 * A bucket against the one before it.  Who returned follows from the counts.
 */
typedef struct BaseFlow
{
	int64 added;		/* active, not before, and never until this bucket */
	int64 lost;			/* active before and no more */
	DecimalSum amount;	/* of the active */
	DecimalSum lost_of; /* of the lost, in the bucket before */
} BaseFlow;

extern Base *base_from_datum(Datum datum, BaseKind kind);
extern Base *base_state(FunctionCallInfo fcinfo, BaseKind kind,
						const Series *series, Activity activity);
extern void base_make_room(Base *base, int whole_digits, int scale);

/*
 * The flows of a state that has them.
 */
static inline BaseFlow *
base_flows(const Base *base)
{
	return (BaseFlow *) (base->active + base->bucket_count);
}

#endif /* KAM_BASE_H */
