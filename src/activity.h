/*
 * activity.h
 *		What makes an outlet, a bucket or a day active.
 */
#ifndef KAM_ACTIVITY_H
#define KAM_ACTIVITY_H

#include "kam.h"

#include "series.h"

typedef enum Activity
{
	ACTIVITY_NET,  /* a positive net total */
	ACTIVITY_ORDER /* a positive delivery */
} Activity;

extern Activity activity_from_text(text *name);
extern const char *activity_name(Activity activity);
extern void activity_refuse_total(Activity activity, Numeric minimum,
								  const char *argument);
extern bool activity_in_bucket(const Series *series, int bucket,
							   Activity activity);

#endif /* KAM_ACTIVITY_H */
