/*
 * churn.c
 *		churn_signs: does a customer's behaviour say that he is leaving?  His
 *		orders shrink, his purchases fall, the gaps between his orders grow.
 */
#include "kam.h"

#include "calendar.h"
#include "gap.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "row.h"
#include "series.h"
#include "utils/builtins.h"

/* The months that a window may have. */
#define MAX_MONTHS 120

#define YEAR_MONTHS 12

/*
 * The columns of churn_result, by place.
 */
enum
{
	COLUMN_ORDER_VALUE_RECENT,
	COLUMN_ORDER_VALUE_BASE,
	COLUMN_SHRINKING,
	COLUMN_VOLUME_RECENT,
	COLUMN_VOLUME_BASE,
	COLUMN_FALLING,
	COLUMN_DECLINES,
	COLUMN_LATEST_GAP,
	COLUMN_OPEN_GAP,
	COLUMN_MEAN_GAP,
	COLUMN_WIDENING,
	COLUMN_SIGNS,
	COLUMN_LEVEL,
	COLUMNS
};

/*
 * What the recent months are compared with: the months before them, or the
 * same months a year before.
 */
typedef enum Comparison
{
	COMPARE_PRECEDING,
	COMPARE_SEASON
} Comparison;

static const char *const comparison_names[] = {"preceding", "season", NULL};

/*
 * A sign as it was judged.
 */
typedef enum Sign
{
	SIGN_UNKNOWN,
	SIGN_OFF,
	SIGN_ON
} Sign;

/*
 * Whole months of a series, what they sold, and the days bought on in them.
 */
typedef struct Window
{
	Period days;
	int months;
	int128 total;
	int orders;
} Window;

/*
 * A row being made.
 */
typedef struct Row
{
	Datum values[COLUMNS];
	bool nulls[COLUMNS];
	int judged;
	int signs;
} Row;

static int months_argument(FunctionCallInfo fcinfo, int place,
						   const char *argument);
static Period months_of(int first, int count);
static Window read_window(const Series *series, int first, int months);
static void check_reach(const Series *series, Period base);
static bool fell(const Series *series, const Window *recent, int recent_count,
				 const Window *base, int base_count, Numeric tolerance);
static int count_declines(const Series *series, const OrderDays *days, int next,
						  Comparison comparison);
static void put_number(Row *row, int column, Numeric number);
static void put_integer(Row *row, int column, int value, bool known);
static void put_sign(Row *row, int column, Sign sign);
static Sign judge_orders(const Series *series, const Window *recent,
						 const Window *base, Numeric tolerance);
static Sign judge_volume(const Series *series, const Window *recent,
						 const Window *base, Numeric tolerance);
static Sign judge_gaps(const OrderDays *days, int open, Numeric k);

PG_FUNCTION_INFO_V1(kam_churn_signs);

/*
 * An argument that is a number of months.
 */
static int
months_argument(FunctionCallInfo fcinfo, int place, const char *argument)
{
	return param_count(PG_GETARG_INT32(place), argument, "months", 1,
					   MAX_MONTHS);
}

/*
 * So many months from one on, which is numbered over all time.
 */
static Period
months_of(int first, int count)
{
	Period days = {grain_start(GRAIN_MONTH, first),
				   grain_start(GRAIN_MONTH, first + count)};

	return days;
}

/*
 * Reads months that the series has.
 */
static Window
read_window(const Series *series, int first, int months)
{
	Window window = {.days = months_of(first, months), .months = months};

	window.total = series_sum_of(series, window.days);
	window.orders =
		series_sale_days_in(series, window.days.lower - series->lower,
							window.days.upper - series->lower);
	return window;
}

/*
 * Refuses a series that does not reach back over the months that are to be
 * compared; forward it reaches to as_of.
 */
static void
check_reach(const Series *series, Period base)
{
	Period needed = {base.lower, series->upper};

	if (series->lower <= base.lower)
		return;
	if (!IS_VALID_DATE(base.lower))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("there are not so many months before as_of")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the series begins on %s, but the base months are %s",
					date_text(series->lower), period_text(base)),
			 errhint("Build the series of the period %s, or a longer one.",
					 period_text(needed))));
}

/*
 * Whether the recent total over a count is below the base total over another
 * by more than the tolerance, compared without dividing.
 */
static bool
fell(const Series *series, const Window *recent, int recent_count,
	 const Window *base, int base_count, Numeric tolerance)
{
	Numeric now = number_multiply(series_numeric(series, recent->total),
								  int64_to_numeric(base_count));
	Numeric before = number_multiply(series_numeric(series, base->total),
									 int64_to_numeric(recent_count));
	Numeric kept = number_subtract(int64_to_numeric(1), tolerance);

	return number_compare(now, number_multiply(before, kept)) < 0;
}

/*
 * How many months in a row, up to the last one before next, are below the
 * month before or, by season, the same month a year before.  A month without
 * sales is a decline in itself, but by season: there it may be as it should.
 * The months before the first order do not count.  -1 when no month is left.
 */
static int
count_declines(const Series *series, const OrderDays *days, int next,
			   Comparison comparison)
{
	int back = comparison == COMPARE_SEASON ? YEAR_MONTHS : 1;
	int whole = grain_ordinal(GRAIN_MONTH, series->lower);
	int begin;
	int month = next - 1;

	if (days->count == 0)
		return -1;
	if (grain_start(GRAIN_MONTH, whole) < series->lower)
		whole++;
	begin = Max(whole, grain_ordinal(GRAIN_MONTH, series->lower + days->first));
	if (month < begin)
		return -1;

	for (; month >= begin; month--)
	{
		int128 total = series_sum_of(series, months_of(month, 1));

		CHECK_FOR_INTERRUPTS();
		if (comparison == COMPARE_PRECEDING && total <= 0)
			continue;
		if (month - back < whole ||
			total >= series_sum_of(series, months_of(month - back, 1)))
			break;
	}
	return next - 1 - month;
}

/*
 * Fills a column with a number; NULL where there is none.
 */
static void
put_number(Row *row, int column, Numeric number)
{
	row_number(&row->values[column], &row->nulls[column], number);
}

/*
 * Fills a column with an integer; NULL where it is not known.
 */
static void
put_integer(Row *row, int column, int value, bool known)
{
	row->values[column] = Int32GetDatum(value);
	row->nulls[column] = !known;
}

/*
 * Fills a column with a sign, and counts it.
 */
static void
put_sign(Row *row, int column, Sign sign)
{
	row->values[column] = BoolGetDatum(sign == SIGN_ON);
	row->nulls[column] = sign == SIGN_UNKNOWN;
	row->judged += sign != SIGN_UNKNOWN;
	row->signs += sign == SIGN_ON;
}

/*
 * Whether the orders shrink.
 */
static Sign
judge_orders(const Series *series, const Window *recent, const Window *base,
			 Numeric tolerance)
{
	if (recent->orders < 2 || base->orders < 2 || base->total <= 0)
		return SIGN_UNKNOWN;
	return fell(series, recent, recent->orders, base, base->orders, tolerance)
			   ? SIGN_ON
			   : SIGN_OFF;
}

/*
 * Whether the purchases of a month fall.
 */
static Sign
judge_volume(const Series *series, const Window *recent, const Window *base,
			 Numeric tolerance)
{
	if (base->total <= 0)
		return SIGN_UNKNOWN;
	return fell(series, recent, recent->months, base, base->months, tolerance)
			   ? SIGN_ON
			   : SIGN_OFF;
}

/*
 * Whether the latest gap, or the one that is open, is wider than k times the
 * mean.
 */
static Sign
judge_gaps(const OrderDays *days, int open, Numeric k)
{
	int64 gap;

	if (days->count < 3)
		return SIGN_UNKNOWN;
	gap = Max(days->last - days->previous, open);
	return number_compare(int64_to_numeric(gap * (days->count - 1)),
						  number_multiply(k, int64_to_numeric(days->last -
															  days->first))) > 0
			   ? SIGN_ON
			   : SIGN_OFF;
}

/*
 * churn_signs(s, as_of, k, recent, base, tolerance, compare)
 */
Datum
kam_churn_signs(PG_FUNCTION_ARGS)
{
	static const char *const levels[] = {"none", "watch", "at_risk",
										 "critical"};
	Series *series = series_monthly(PG_GETARG_DATUM(0), "months");
	DateADT as_of = PG_GETARG_DATEADT(1);
	Numeric k = param_above_zero(PG_GETARG_NUMERIC(2), "k",
								 "2 is for a gap of twice the mean gap.");
	int recent_months = months_argument(fcinfo, 3, "recent");
	int base_months = months_argument(fcinfo, 4, "base");
	Numeric tolerance = param_fraction(PG_GETARG_NUMERIC(5), "tolerance");
	Comparison comparison =
		param_choice(PG_GETARG_TEXT_PP(6), "compare", comparison_names);
	int known = gap_known_days(series, as_of);
	int next = grain_ordinal(GRAIN_MONTH, as_of + 1);
	int first = next - recent_months;
	int first_base = first - base_months;
	OrderDays days;
	int declines;
	int open;
	Window recent;
	Window base;
	Row row = {0};

	if (comparison == COMPARE_SEASON)
	{
		if (recent_months > YEAR_MONTHS)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("recent is %d months, but compare \"season\" "
							"looks at one year",
							recent_months),
					 errhint("From 1 to %d are allowed.", YEAR_MONTHS)));
		first_base = first - YEAR_MONTHS;
		base_months = recent_months;
	}
	check_reach(series, months_of(first_base, base_months));

	days = gap_order_days(series, known);
	recent = read_window(series, first, recent_months);
	base = read_window(series, first_base, base_months);
	declines = count_declines(series, &days, next, comparison);
	open = known - 1 - days.last;

	put_number(&row, COLUMN_ORDER_VALUE_RECENT,
			   gap_order_value(series, recent.total, recent.orders));
	put_number(&row, COLUMN_ORDER_VALUE_BASE,
			   gap_order_value(series, base.total, base.orders));
	put_sign(&row, COLUMN_SHRINKING,
			 judge_orders(series, &recent, &base, tolerance));

	put_number(&row, COLUMN_VOLUME_RECENT,
			   number_divide(series_numeric(series, recent.total),
							 int64_to_numeric(recent.months)));
	put_number(&row, COLUMN_VOLUME_BASE,
			   number_divide(series_numeric(series, base.total),
							 int64_to_numeric(base.months)));
	put_sign(&row, COLUMN_FALLING,
			 judge_volume(series, &recent, &base, tolerance));
	put_integer(&row, COLUMN_DECLINES, declines, declines >= 0);

	put_integer(&row, COLUMN_LATEST_GAP, days.last - days.previous,
				days.count > 1);
	put_integer(&row, COLUMN_OPEN_GAP, open, days.count > 0);
	put_number(&row, COLUMN_MEAN_GAP, gap_mean(&days));
	put_sign(&row, COLUMN_WIDENING, judge_gaps(&days, open, k));

	put_integer(&row, COLUMN_SIGNS, row.signs, row.judged > 0);
	row.nulls[COLUMN_LEVEL] = row.judged == 0;
	if (row.judged > 0)
		row.values[COLUMN_LEVEL] = CStringGetTextDatum(levels[row.signs]);
	return row_result(fcinfo, NULL, COLUMNS, row.values, row.nulls);
}
