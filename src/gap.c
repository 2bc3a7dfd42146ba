/*
 * gap.c
 *		The gaps between a customer's orders, read off a sales_series: how long
 *		they are, the one that is open, the next order to expect.
 *
 * An order is a day bought on, however many invoices it has.
 */
#include "kam.h"

#include "calendar.h"
#include "catalog/pg_type.h"
#include "gap.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "utils/array.h"

/* Fewer gaps than this have no trend. */
#define LEAST_GAPS 3

static int known_days(FunctionCallInfo fcinfo, const Series *series);
static double slope_of_gaps(const Series *series, int last, int gaps);

PG_FUNCTION_INFO_V1(kam_order_gaps);
PG_FUNCTION_INFO_V1(kam_order_gap);
PG_FUNCTION_INFO_V1(kam_open_gap);
PG_FUNCTION_INFO_V1(kam_next_order);
PG_FUNCTION_INFO_V1(kam_gap_trend);
PG_FUNCTION_INFO_V1(kam_order_value);

/*
 * How many days of the period are over at the end of as_of; refuses a day
 * that the series does not have.
 */
int
gap_known_days(const Series *series, DateADT as_of)
{
	param_date(as_of, "as_of");
	if (as_of >= series->upper)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of %s is after the period %s of the series",
						date_text(as_of), period_text(series_period(series))),
				 errhint("What was bought in the days between is not known: "
						 "build the series of a period that has as_of in "
						 "it.")));
	return as_of < series->lower ? 0 : as_of - series->lower + 1;
}

/*
 * The days bought on among the first days of the period that are known.
 */
OrderDays
gap_order_days(const Series *series, int known)
{
	OrderDays days = {0, -1, -1, -1};

	days.count = series_sale_days_in(series, 0, known);
	if (days.count > 0)
	{
		days.first = series_first_day(series);
		days.last = series_day_before(series, known);
	}
	if (days.count > 1)
		days.previous = series_day_before(series, days.last);
	return days;
}

/*
 * The mean gap; NULL without any.
 */
Numeric
gap_mean(const OrderDays *days)
{
	if (days->count < 2)
		return NULL;
	return number_divide(int64_to_numeric(days->last - days->first),
						 int64_to_numeric(days->count - 1));
}

/*
 * A total over the days bought on; NULL without any.
 */
Numeric
gap_order_value(const Series *series, int128 total, int days)
{
	if (days == 0)
		return NULL;
	return number_divide(series_numeric(series, total), int64_to_numeric(days));
}

/*
 * The days of the period up to the argument as_of, or all where it is left
 * out.
 */
static int
known_days(FunctionCallInfo fcinfo, const Series *series)
{
	if (PG_NARGS() < 2)
		return period_days(series_period(series));
	return gap_known_days(series, PG_GETARG_DATEADT(1));
}

/*
 * order_gaps(s[, as_of]): the days from each order to the next.
 */
Datum
kam_order_gaps(PG_FUNCTION_ARGS)
{
	Series *series = series_from_datum(PG_GETARG_DATUM(0));
	OrderDays days = gap_order_days(series, known_days(fcinfo, series));
	int count = Max(days.count - 1, 0);
	Datum *gaps = palloc(sizeof(Datum) * Max(count, 1));
	int day = days.first;

	for (int i = 0; i < count; i++)
	{
		int next = series_day_from(series, day + 1);

		CHECK_FOR_INTERRUPTS();
		gaps[i] = Int32GetDatum(next - day);
		day = next;
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(gaps, count, INT4OID, sizeof(int32),
										  true, TYPALIGN_INT));
}

/*
 * order_gap(s[, as_of]): the mean gap.
 */
Datum
kam_order_gap(PG_FUNCTION_ARGS)
{
	Series *series = series_from_datum(PG_GETARG_DATUM(0));
	OrderDays days = gap_order_days(series, known_days(fcinfo, series));

	return number_result(fcinfo, gap_mean(&days));
}

/*
 * open_gap(s, as_of): the days since the last order; NULL without one.
 */
Datum
kam_open_gap(PG_FUNCTION_ARGS)
{
	Series *series = series_from_datum(PG_GETARG_DATUM(0));
	int known = gap_known_days(series, PG_GETARG_DATEADT(1));
	int last = series_day_before(series, known);

	if (last < 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(known - 1 - last);
}

/*
 * next_order(s[, as_of]): the last order and the mean gap, half a day rounded
 * up; NULL without a gap.
 */
Datum
kam_next_order(PG_FUNCTION_ARGS)
{
	Series *series = series_from_datum(PG_GETARG_DATUM(0));
	OrderDays days = gap_order_days(series, known_days(fcinfo, series));
	int gaps = days.count - 1;
	DateADT last = series->lower + days.last;
	DateADT next;

	if (gaps < 1)
		PG_RETURN_NULL();
	next = last + (2 * (days.last - days.first) + gaps) / (2 * gaps);
	if (!IS_VALID_DATE(next))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the order after %s is later than any date",
							   date_text(last))));
	PG_RETURN_DATEADT(next);
}

/*
 * The slope of the least-squares line through the gaps that end with a day
 * bought on.  With w = 2i - (n - 1) it is 6 * sum(w * gap) / (n * (n^2 - 1)).
 */
static double
slope_of_gaps(const Series *series, int last, int gaps)
{
	int64 n = gaps;
	int64 moment = 0;

	for (int64 i = n - 1; i >= 0; i--)
	{
		int before = series_day_before(series, last);

		CHECK_FOR_INTERRUPTS();
		moment += (2 * i - (n - 1)) * (last - before);
		last = before;
	}
	return (double) (6 * moment) / (double) (n * (n * n - 1));
}

/*
 * gap_trend(s[, as_of, gaps]): by how many days the gaps grow from order to
 * order, over the last so many; NULL for fewer than three.
 */
Datum
kam_gap_trend(PG_FUNCTION_ARGS)
{
	Series *series;
	OrderDays days;
	int gaps;

	if (PG_ARGISNULL(0) || (PG_NARGS() > 1 && PG_ARGISNULL(1)))
		PG_RETURN_NULL();
	series = series_from_datum(PG_GETARG_DATUM(0));
	days = gap_order_days(series, known_days(fcinfo, series));
	gaps = days.count - 1;
	if (PG_NARGS() > 2 && !PG_ARGISNULL(2))
	{
		int most = param_count(PG_GETARG_INT32(2), "gaps", "gaps", LEAST_GAPS,
							   PERIOD_MAX_DAYS);

		gaps = Min(gaps, most);
	}
	if (gaps < LEAST_GAPS)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(slope_of_gaps(series, days.last, gaps));
}

/*
 * order_value(s[, part]): the net total over the days bought on.
 */
Datum
kam_order_value(PG_FUNCTION_ARGS)
{
	Series *series = series_from_datum(PG_GETARG_DATUM(0));
	Period part = series_period(series);
	int128 total;
	int orders;

	if (PG_NARGS() > 1)
		part = period_from_range(PG_GETARG_RANGE_P(1), "part");
	total = series_sum_of(series, part);
	orders = series_sale_days_in(series, part.lower - series->lower,
								 part.upper - series->lower);
	return number_result(fcinfo, gap_order_value(series, total, orders));
}
