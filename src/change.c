/*
 * change.c
 *		series_changes: each bucket of a sales_series beside the one before it
 *		and beside the same one a year before.
 */
#include "kam.h"

#include "calendar.h"
#include "miscadmin.h"
#include "number.h"
#include "row.h"
#include "series.h"
#include "utils/builtins.h"

#define CHANGE_COLUMNS 10

static int bucket_a_year_before(const Series *series, int bucket);
static bool is_clipped(const Series *series, int bucket);

PG_FUNCTION_INFO_V1(kam_series_changes);

/*
 * The number of the bucket a year before another; negative if the series has
 * none.
 */
static int
bucket_a_year_before(const Series *series, int bucket)
{
	DateADT day = series->lower + bucket;

	switch ((Grain) series->grain)
	{
		case GRAIN_DAY:
			/* the first year of all has none before it */
			return IS_VALID_DATE(day - 366)
					   ? date_year_before(day) - series->lower
					   : -1;
		case GRAIN_WEEK:
		case GRAIN_WEEK_SUNDAY:
			return bucket - 52;
		case GRAIN_MONTH:
			return bucket - 12;
		case GRAIN_MONTH_WEEK:
			return bucket - 48;
		case GRAIN_QUARTER:
		case GRAIN_FISCAL_QUARTER:
			return bucket - 4;
		case GRAIN_YEAR:
			return bucket - 1;
		case GRAIN_4_4_5:
		case GRAIN_4_5_4:
		case GRAIN_5_4_4:
			return -1; /* the period is one year */
	}
	elog(ERROR, "unknown grain %d", series->grain);
}

/*
 * Whether the period's edge cuts a bucket.
 */
static bool
is_clipped(const Series *series, int bucket)
{
	Grain grain = (Grain) series->grain;
	Period wider = {series->lower, series->upper + 1};

	if (!grain_anchored(grain))
		wider.lower--;
	if (grain_by_pattern(grain))
		wider.upper = Max(series->upper, series->lower + FISCAL_YEAR_DAYS);
	return (bucket == 0 && !bucket_edge(grain, wider, series->lower)) ||
		   (bucket == series->bucket_count - 1 &&
			!bucket_edge(grain, wider, series->upper));
}

/*
 * series_changes(s sales_series): a row for each bucket.
 */
Datum
kam_series_changes(PG_FUNCTION_ARGS)
{
	static const char *const directions[] = {"shrank", "unchanged", "grew"};
	Series *series = series_from_datum(PG_GETARG_DATUM(0));
	ReturnSetInfo *rows = rows_start(fcinfo, CHANGE_COLUMNS);
	Numeric *totals = palloc(sizeof(Numeric) * series->bucket_count);

	for (int i = 0; i < series->bucket_count; i++)
	{
		Period days = bucket_period(series->grain, series_period(series), i);
		int before = bucket_a_year_before(series, i);
		Datum values[CHANGE_COLUMNS] = {0};
		bool nulls[CHANGE_COLUMNS] = {false};
		Numeric change;

		CHECK_FOR_INTERRUPTS();
		totals[i] = series_numeric(series, series_total(series, i));
		values[0] = RangeTypePGetDatum(period_to_range(days));
		values[1] = NumericGetDatum(totals[i]);
		change = row_change(totals[i], i > 0 ? totals[i - 1] : NULL, &values[2],
							&nulls[2]);
		nulls[5] = change == NULL;
		if (change != NULL)
		{
			int order = number_sign(change);
			int place = 1 + (order > 0) - (order < 0);

			values[5] = PointerGetDatum(cstring_to_text(directions[place]));
		}
		row_change(totals[i], before >= 0 ? totals[before] : NULL, &values[6],
				   &nulls[6]);
		values[9] = BoolGetDatum(is_clipped(series, i));
		rows_add(rows, values, nulls);
	}
	return (Datum) 0;
}
