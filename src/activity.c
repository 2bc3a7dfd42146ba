/*
 * activity.c
 *		What makes an outlet, a bucket or a day active: one setting for all
 *		measures of the customer base.
 */
#include "kam.h"

#include "activity.h"
#include "params.h"

static const char *const activity_names[] = {"net", "order", NULL};

/*
 * The activity that a setting names.
 */
Activity
activity_from_text(text *name)
{
	return param_choice(name, "activity", activity_names);
}

/*
 * The name of an activity.
 */
const char *
activity_name(Activity activity)
{
	return activity_names[activity];
}

/*
 * Refuses a least total where orders are asked for, which have none.
 */
void
activity_refuse_total(Activity activity, Numeric minimum, const char *argument)
{
	if (minimum != NULL && activity == ACTIVITY_ORDER)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is %s, but activity \"order\" has no total",
						argument, param_shown(minimum)),
				 errhint("Leave %s out, or use activity \"net\".", argument)));
}

/*
 * Whether a bucket of a series is active.
 */
bool
activity_in_bucket(const Series *series, int bucket, Activity activity)
{
	int first;
	int last;

	if (activity == ACTIVITY_NET)
		return series_total(series, bucket) > 0;
	series_bucket_days(series, bucket, &first, &last);
	return series_day_in(series, first, last);
}
