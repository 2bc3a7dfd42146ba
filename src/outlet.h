/*
 * outlet.h
 *		The sales of one outlet, as an aggregate keeps them to judge the
 *		outlet, its days or its categories.
 */
#ifndef KAM_OUTLET_H
#define KAM_OUTLET_H

#include "kam.h"

#include "activity.h"
#include "keys.h"

/*
 * What is judged.
 */
typedef enum OutletUnit
{
	UNIT_OUTLET,
	UNIT_DAY,
	UNIT_CATEGORY
} OutletUnit;

/*
 * The note of a state: the settings of its group, and what its keys are.  The
 * parts of a key, one behind the other, are
 *		marks (1 byte),
 *		for a day, the date (4 bytes),
 *		for a category, how many products it has, or zero (4 bytes), and its
 *		name, a text with its length before it (4 bytes),
 *		the product, where products are kept, zero where it has none.
 */
typedef struct OutletNote
{
	int128 min_amount;	/* without zeros at the end of its decimals */
	int64 min_products; /* zero: any */
	uint8 min_amount_scale;
	uint8 has_min_amount;
	uint8 activity;
	uint8 unit;
	uint8 product;	   /* a KeyType; KEY_NONE: products are not kept */
	uint8 category;	   /* a KeyType */
	uint8 reserved[2]; /* zero */
} OutletNote;

#define OUTLET_RETURN 0x01	   /* the amounts are below zero */
#define OUTLET_NO_PRODUCT 0x02 /* of no product */
#define OUTLET_MARKS 0x03

extern int outlet_key_size(const OutletNote *note);
extern void outlet_note(const Keys *keys, OutletNote *note);

/*
 * Whether rows below zero make a difference to what is judged.
 */
static inline bool
outlet_keeps_returns(const OutletNote *note)
{
	if (note->activity == ACTIVITY_ORDER)
		return note->has_min_amount;
	return note->unit != UNIT_DAY || note->has_min_amount ||
		   note->min_products > 0;
}

#endif /* KAM_OUTLET_H */
