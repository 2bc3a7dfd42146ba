/*
 * promo.c
 *		Promotions: how long before they start they are planned, what they sell
 *		more, and how deep they cut the price.
 */
#include "kam.h"

#include "calendar.h"
#include "number.h"
#include "params.h"
#include "row.h"
#include "utils/builtins.h"

#define LEAD_COLUMNS 2

static const char *lead_class(int days, int reactive_to, int planned_from);
static int64 month_number(DateADT date, int *day);

PG_FUNCTION_INFO_V1(kam_promo_lead);
PG_FUNCTION_INFO_V1(kam_plan_submitted_in_time);
PG_FUNCTION_INFO_V1(kam_promo_uplift);
PG_FUNCTION_INFO_V1(kam_price_depth);

/*
 * The class of a lead time in days.
 */
static const char *
lead_class(int days, int reactive_to, int planned_from)
{
	if (days < 0)
		return "late";
	if (days <= reactive_to)
		return "reactive";
	return days < planned_from ? "transitional" : "planned";
}

/*
 * promo_lead(submitted_on, starts_on, reactive_to, planned_from)
 */
Datum
kam_promo_lead(PG_FUNCTION_ARGS)
{
	DateADT submitted_on = PG_GETARG_DATEADT(0);
	DateADT starts_on = PG_GETARG_DATEADT(1);
	int32 reactive_to = PG_GETARG_INT32(2);
	int32 planned_from = PG_GETARG_INT32(3);
	Datum values[LEAD_COLUMNS];
	bool nulls[LEAD_COLUMNS] = {false};
	int days;

	param_date(submitted_on, "submitted_on");
	param_date(starts_on, "starts_on");
	if (reactive_to < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("reactive_to must not be negative, but is %d",
						reactive_to),
				 errhint("Give a number of days: a lead of so many is still "
						 "reactive.")));
	if (planned_from <= reactive_to)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("planned_from is %d, not more than reactive_to, which "
						"is %d",
						planned_from, reactive_to),
				 errhint("Give more days: a lead of so many, or more, is "
						 "planned.")));

	/* the dates that there are span less than 2^31 days */
	days = starts_on - submitted_on;
	values[0] = Int32GetDatum(days);
	values[1] = PointerGetDatum(
		cstring_to_text(lead_class(days, reactive_to, planned_from)));
	return row_result(fcinfo, NULL, LEAD_COLUMNS, values, nulls);
}

/*
 * The month of a date, numbered over all time, and the day in it.
 */
static int64
month_number(DateADT date, int *day)
{
	int year;
	int month;

	calendar_civil(date, &year, &month, day);
	return (int64) year * 12 + month;
}

/*
 * plan_submitted_in_time(submitted_on, plan_month, months): whether so many
 * months after the submission the month of the plan has at most just begun.
 */
Datum
kam_plan_submitted_in_time(PG_FUNCTION_ARGS)
{
	DateADT submitted_on = PG_GETARG_DATEADT(0);
	DateADT plan_month = PG_GETARG_DATEADT(1);
	int32 months = PG_GETARG_INT32(2);
	int64 left;
	int day;
	int plan_day;

	param_date(submitted_on, "submitted_on");
	param_date(plan_month, "plan_month");
	if (months < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("months must not be negative, but is %d", months),
				 errhint("Give a number of months before the plan's "
						 "first day.")));
	left = month_number(plan_month, &plan_day) -
		   month_number(submitted_on, &day) - months;
	PG_RETURN_BOOL(left > 0 || (left == 0 && day == 1));
}

/*
 * promo_uplift(volume, baseline): (volume - baseline) / baseline
 */
Datum
kam_promo_uplift(PG_FUNCTION_ARGS)
{
	Numeric volume = param_finite(PG_GETARG_NUMERIC(0), "volume");
	Numeric baseline = param_finite(PG_GETARG_NUMERIC(1), "baseline");

	return number_result(fcinfo, number_over(number_subtract(volume, baseline),
											 baseline));
}

/*
 * price_depth(price, list_price): (list_price - price) / list_price
 */
Datum
kam_price_depth(PG_FUNCTION_ARGS)
{
	Numeric price = param_finite(PG_GETARG_NUMERIC(0), "price");
	Numeric list_price = param_finite(PG_GETARG_NUMERIC(1), "list_price");

	return number_result(fcinfo, number_over(number_subtract(list_price, price),
											 list_price));
}
