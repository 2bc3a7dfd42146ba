/*
 * values.h
 *		All values of a group, exactly: a state for aggregates that must see
 *		them sorted, such as those of concentration.
 */
#ifndef KAM_VALUES_H
#define KAM_VALUES_H

#include "kam.h"

#include "decimal.h"

/* The most values of a group, which fit into a bytea even when they are wide. */
#define VALUES_MOST 60000000

#define VALUES_NARROW 8 /* values are int64 */
#define VALUES_WIDE 16	/* values are int128 */

/* The decimals that a setting which is a fraction may have. */
#define VALUES_MOST_DECIMALS 30

/*
 * The setting that an aggregate has beside its value, as it is stored: a
 * number never changes its meaning.
 */
typedef enum ValuesSetting
{
	VALUES_NO_SETTING = 0,
	VALUES_SHARE = 1,
	VALUES_TOP = 2,
	VALUES_POINTS = 3,
	VALUES_CORRECTED = 4,
	VALUES_PAIRS = 5 /* no setting: two values a row, one behind the other */
} ValuesSetting;

/*
 * The stored form, a bytea: a header, values in the order in which they came,
 * and zeros in the room for more.  All values are integers of 10^-scale, of 8
 * bytes, or of 16 once one has no room.
 */
typedef struct Values
{
	int32 vl_len_;
	uint8 version;
	uint8 width;
	uint8 scale;
	uint8 whole_digits; /* most digits before the point of any value */
	int32 count;
	uint8 setting;		 /* which it is: a ValuesSetting */
	uint8 setting_scale; /* the setting is setting_value / 10^setting_scale */
	uint8 reserved[2];	 /* zero */
	int128 setting_value;
	char data[FLEXIBLE_ARRAY_MEMBER];
} Values;

/*
 * The values of a group, largest first.
 */
typedef struct SortedValues
{
	int64 count;
	int64 positive; /* the first so many are above zero */
	int scale;
	int width;
	void *values;
} SortedValues;

extern Values *values_from_datum(Datum datum);
extern void values_check(const Values *values);
extern Values *values_state(FunctionCallInfo fcinfo);
extern Values *values_add(Values *values, const Decimal *value);
extern Values *values_merge(Values *values, const Values *other);

extern const Decimal *values_fraction(FunctionCallInfo fcinfo, int argument,
									  ValuesSetting setting);
extern void values_set(Values *values, ValuesSetting setting,
					   const Decimal *given);
extern void values_setting(const Values *values, ValuesSetting setting,
						   Decimal *given);

extern SortedValues *values_sorted(FunctionCallInfo fcinfo,
								   ValuesSetting setting, Decimal *given);
extern int128 sorted_total(const SortedValues *sorted);

/*
 * A value by its place, in the order in which they came.
 */
static inline int128
values_at(const Values *values, int64 place)
{
	if (values->width == VALUES_NARROW)
		return ((const int64 *) values->data)[place];
	return ((const int128 *) values->data)[place];
}

/*
 * A sorted value by its place, whatever the width.
 */
static inline int128
sorted_at(const SortedValues *sorted, int64 place)
{
	if (sorted->width == VALUES_NARROW)
		return ((const int64 *) sorted->values)[place];
	return ((const int128 *) sorted->values)[place];
}

#endif /* KAM_VALUES_H */
