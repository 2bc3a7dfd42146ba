/*
 * framework.c
 *		Framework orders: the instalments of a commitment, and the price with
 *		the discount that it earns.
 */
#include "kam.h"

#include "calendar.h"
#include "datatype/timestamp.h"
#include "miscadmin.h"
#include "params.h"
#include "programme.h"
#include "row.h"
#include "utils/datetime.h"

#define INSTALMENT_COLUMNS 3
#define MAX_INSTALMENTS 1200

/* The decimals that tell on which side of a half a quotient lies. */
#define GUARD_DECIMALS 5

static const char *const mode_names[] = {"additive", "chained", NULL};

static Numeric each_instalment(Numeric total, int count, int scale);
static void check_step(const Interval *step);
static DateADT due_date(DateADT first_due, const Interval *step, int steps);

PG_FUNCTION_INFO_V1(kam_instalments);
PG_FUNCTION_INFO_V1(kam_framework_price);

/*
 * What every instalment but the last pays: the total over their number,
 * rounded; rounded down where the last one would else be below zero.
 */
static Numeric
each_instalment(Numeric total, int count, int scale)
{
	Numeric parts = int64_to_numeric(count);
	Numeric each =
		number_divide(number_round(total, Max(number_scale(total), scale) +
											  GUARD_DECIMALS),
					  parts);
	Numeric rounded = number_round(each, scale);
	Numeric others = number_multiply(rounded, int64_to_numeric(count - 1));

	if (number_compare(others, total) > 0)
		return number_trunc(each, scale);
	return rounded;
}

/*
 * Refuses a step that is not made of whole months and days, or does not go
 * forward.
 */
static void
check_step(const Interval *step)
{
	if (step->time != 0 || step->month < 0 || step->day < 0 ||
		(step->month == 0 && step->day == 0))
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("step must be a positive number of months and days, but is "
					"%s",
					DatumGetCString(DirectFunctionCall1(
						interval_out, IntervalPGetDatum(step)))),
			 errhint("Write it like '1 month', '3 months' or '14 days'.")));
}

/*
 * The day that many steps after the first due date, at the month's end where
 * the month is too short.
 */
static DateADT
due_date(DateADT first_due, const Interval *step, int steps)
{
	int year;
	int month;
	int day;
	int64 months = (int64) step->month * steps;
	int64 date;

	calendar_civil(first_due, &year, &month, &day);
	if (((int64) year * 12 + (month - 1) + months) / 12 >= JULIAN_MAXYEAR)
		date = DATEVAL_NOEND;
	else
		date = date_add_months(first_due, (int) months);
	date += (int64) step->day * steps;
	if (date >= DATE_END_JULIAN - POSTGRES_EPOCH_JDATE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("instalment %d would be due after the last date that "
						"there is",
						steps + 1),
				 errhint("Give a shorter step or an earlier first_due.")));
	return (DateADT) date;
}

/*
 * instalments(total, n, first_due, step, scale): what is paid when, adding up
 * to the total.
 */
Datum
kam_instalments(PG_FUNCTION_ARGS)
{
	Numeric total =
		param_above_zero(PG_GETARG_NUMERIC(0), "total",
						 "Give the amount that the customer commits to.");
	int count = PG_GETARG_INT32(1);
	DateADT first_due = PG_GETARG_DATEADT(2);
	const Interval *step = PG_GETARG_INTERVAL_P(3);
	int scale = param_scale(PG_GETARG_INT32(4), "rounds");
	ReturnSetInfo *rows;
	Numeric each;
	Numeric rest;

	if (count < 1 || count > MAX_INSTALMENTS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("n is %d", count),
						errhint("From 1 to %d instalments are allowed.",
								MAX_INSTALMENTS)));
	param_date(first_due, "first_due");
	check_step(step);
	due_date(first_due, step, count - 1);

	rows = rows_start(fcinfo, INSTALMENT_COLUMNS);
	each = each_instalment(total, count, scale);
	rest = number_subtract(total,
						   number_multiply(each, int64_to_numeric(count - 1)));
	for (int i = 0; i < count; i++)
	{
		Datum values[INSTALMENT_COLUMNS];
		bool nulls[INSTALMENT_COLUMNS] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = Int32GetDatum(i + 1);
		values[1] = DateADTGetDatum(due_date(first_due, step, i));
		values[2] = NumericGetDatum(i < count - 1 ? each : rest);
		rows_add(rows, values, nulls);
	}
	return (Datum) 0;
}

/*
 * What is left of a gross amount after the fixed discount alone, and after
 * both.  A discount takes no more than there is.
 */
void
framework_net(Numeric gross, Numeric base_discount, Numeric extra_discount,
			  text *mode, Numeric *listed, Numeric *net)
{
	Numeric one = int64_to_numeric(1);
	Numeric zero = int64_to_numeric(0);
	bool chained = param_choice(mode, "mode", mode_names) == 1;
	Numeric stays;
	Numeric part;

	param_finite(gross, "gross");
	param_fraction(base_discount, "base_discount");
	param_fraction(extra_discount, "extra_discount");
	stays = number_subtract(one, base_discount);
	*listed = number_multiply(gross, stays);
	if (chained)
		part = number_multiply(stays, number_subtract(one, extra_discount));
	else
		part = number_subtract(stays, extra_discount);
	if (number_sign(part) < 0)
		part = zero;
	*net = number_multiply(gross, part);
}

/*
 * framework_price(gross, base_discount, extra_discount, mode)
 */
Datum
kam_framework_price(PG_FUNCTION_ARGS)
{
	Numeric listed;
	Numeric net;

	framework_net(PG_GETARG_NUMERIC(0), PG_GETARG_NUMERIC(1),
				  PG_GETARG_NUMERIC(2), PG_GETARG_TEXT_PP(3), &listed, &net);
	PG_RETURN_NUMERIC(net);
}
