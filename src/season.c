/*
 * season.c
 *		Seasons: a name for each month of the year, the runs of months that have
 *		one name, and what a sales_series sold in them.
 */
#include "kam.h"

#include "calendar.h"
#include "catalog/pg_type.h"
#include "kept.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "row.h"
#include "series.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#define YEAR_MONTHS 12

#define TOTAL_COLUMNS 9
#define INDEX_COLUMNS 3

/*
 * The seasons of a year.  A run is months in a row with one name; it may go on
 * from December to January.
 */
typedef struct SeasonMap
{
	text *names[YEAR_MONTHS];
	int back[YEAR_MONTHS];	 /* months since the first of the run */
	int length[YEAR_MONTHS]; /* months of the run */
	int first[YEAR_MONTHS];	 /* the first month, from January, of that name */
} SeasonMap;

/*
 * The map that a call site saw last.
 */
typedef struct SeasonMemo
{
	MemoryContext context;
	SeasonMap map;
	struct varlena *array; /* NULL while there is none */
} SeasonMemo;

/*
 * A run of a season, as far as a period has it.
 */
typedef struct SeasonRun
{
	int start;	/* number of its first month, over all time */
	int month;	/* the same from 0, January */
	int months; /* how many it has, inside the period or not */
	Period days;
	bool complete;
} SeasonRun;

static void read_map(Datum seasons, SeasonMap *map);
static const SeasonMap *recall_map(FunctionCallInfo fcinfo, Datum seasons);
static int shown_year(int year);
static SeasonRun run_of(const SeasonMap *map, Period period, int ordinal);
static Numeric parts_to_months(int64 parts);

PG_FUNCTION_INFO_V1(kam_season);
PG_FUNCTION_INFO_V1(kam_season_year);
PG_FUNCTION_INFO_V1(kam_season_totals);
PG_FUNCTION_INFO_V1(kam_seasonal_index);

/*
 * Reads an array of twelve names.  The names of the map are parts of the
 * array.
 */
static void
read_map(Datum seasons, SeasonMap *map)
{
	ArrayType *array = DatumGetArrayTypeP(seasons);
	Datum *names;
	bool *nulls;
	int count;
	int start = 0;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("seasons must be an array of one dimension, "
							   "not %d",
							   ARR_NDIM(array)),
						errhint("Give twelve names, January first.")));
	count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (count != YEAR_MONTHS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("seasons has %d elements", count),
						errhint("Give twelve names, January first.")));

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls,
					  &count);
	for (int i = 0; i < YEAR_MONTHS; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (nulls[i] || VARSIZE_ANY_EXHDR(DatumGetPointer(names[i])) == 0)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("element %d of seasons is %s", i + 1,
								   nulls[i] ? "null" : "empty"),
							errhint("Give every month a season.")));
		map->names[i] = DatumGetTextPP(names[i]);
		map->first[i] = i;
		for (int j = 0; j < i; j++)
			if (kept_same(map->names[i], map->names[j]))
			{
				map->first[i] = j;
				break;
			}
	}

	/* a year that begins where the name changes has no run cut at its ends */
	for (int i = YEAR_MONTHS - 1; i > 0; i--)
		if (map->first[i] != map->first[i - 1])
			start = i;
	if (map->first[0] != map->first[YEAR_MONTHS - 1])
		start = 0;

	for (int i = 0; i < YEAR_MONTHS; i++)
	{
		int month = (start + i) % YEAR_MONTHS;
		int before = (month + YEAR_MONTHS - 1) % YEAR_MONTHS;

		map->back[month] = 0;
		if (i > 0 && map->first[month] == map->first[before])
			map->back[month] = map->back[before] + 1;
		for (int j = 0; j <= map->back[month]; j++)
			map->length[(month + YEAR_MONTHS - j) % YEAR_MONTHS] =
				map->back[month] + 1;
	}
}

/*
 * The map in an argument, read anew only when it changed.
 */
static const SeasonMap *
recall_map(FunctionCallInfo fcinfo, Datum seasons)
{
	SeasonMemo *memo = kept_memory(fcinfo, sizeof(SeasonMemo));
	struct varlena *packed = PG_DETOAST_DATUM_PACKED(seasons);
	struct varlena *array;
	MemoryContext caller;

	if (kept_same(memo->array, packed))
		return &memo->map;
	if (memo->context == NULL)
		memo->context =
			AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "kam seasons",
								  ALLOCSET_SMALL_SIZES);

	memo->array = NULL;
	MemoryContextReset(memo->context);
	caller = MemoryContextSwitchTo(memo->context);
	array = kept_copy(memo->context, packed);
	read_map(PointerGetDatum(array), &memo->map);
	MemoryContextSwitchTo(caller);
	memo->array = array;
	return &memo->map;
}

/*
 * A year as extract(year) has it: before the year 1 comes -1.
 */
static int
shown_year(int year)
{
	return year > 0 ? year : year - 1;
}

/*
 * season(on_date date, seasons text[]): the season of a day.
 */
Datum
kam_season(PG_FUNCTION_ARGS)
{
	const SeasonMap *map = recall_map(fcinfo, PG_GETARG_DATUM(1));
	DateADT date = PG_GETARG_DATEADT(0);
	text *name;
	int year;
	int month;
	int day;

	param_date(date, "on_date");
	calendar_civil(date, &year, &month, &day);
	name = map->names[month - 1];
	PG_RETURN_TEXT_P(
		cstring_to_text_with_len(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name)));
}

/*
 * season_year(on_date date, seasons text[]): the year in which the season
 * that a day is in began.
 */
Datum
kam_season_year(PG_FUNCTION_ARGS)
{
	const SeasonMap *map = recall_map(fcinfo, PG_GETARG_DATUM(1));
	DateADT date = PG_GETARG_DATEADT(0);
	int year;
	int month;
	int day;

	param_date(date, "on_date");
	calendar_civil(date, &year, &month, &day);
	PG_RETURN_INT32(
		shown_year(map->back[month - 1] >= month ? year - 1 : year));
}

/*
 * The run that has a month of the period, the month numbered over all time.
 */
static SeasonRun
run_of(const SeasonMap *map, Period period, int ordinal)
{
	int month = ordinal - floor_divide(ordinal, YEAR_MONTHS) * YEAR_MONTHS;
	int begin = grain_ordinal(GRAIN_MONTH, period.lower);
	int end = grain_ordinal(GRAIN_MONTH, period.upper - 1);
	int last;
	SeasonRun run;

	run.start = ordinal - map->back[month];
	run.month = (month + YEAR_MONTHS - map->back[month]) % YEAR_MONTHS;
	run.months = map->length[month];
	last = run.start + run.months - 1;
	run.days = period;
	if (run.start > begin)
		run.days.lower = grain_start(GRAIN_MONTH, run.start);
	if (last < end)
		run.days.upper = grain_start(GRAIN_MONTH, last + 1);
	run.complete =
		(run.start > begin ||
		 (run.start == begin &&
		  grain_start(GRAIN_MONTH, begin) == period.lower)) &&
		(last < end ||
		 (last == end && grain_start(GRAIN_MONTH, end + 1) == period.upper));
	return run;
}

/*
 * Parts of a month as a number of months.
 */
static Numeric
parts_to_months(int64 parts)
{
	if (parts % MONTH_PARTS == 0)
		return int64_to_numeric(parts / MONTH_PARTS);
	return number_divide(int64_to_numeric(parts),
						 int64_to_numeric(MONTH_PARTS));
}

/*
 * season_totals(s sales_series, seasons text[]): a row for each run of months
 * with one name, in order of time, beside the same run a year before.
 */
Datum
kam_season_totals(PG_FUNCTION_ARGS)
{
	Series *series =
		series_monthly(PG_GETARG_DATUM(0), "the months of a season");
	Period period = series_period(series);
	ReturnSetInfo *rows;
	Numeric earlier[YEAR_MONTHS] = {NULL}; /* the last complete one by month */
	SeasonMap map;
	SeasonRun run;
	int final = grain_ordinal(GRAIN_MONTH, period.upper - 1);

	read_map(PG_GETARG_DATUM(1), &map);
	rows = rows_start(fcinfo, TOTAL_COLUMNS);
	for (int i = grain_ordinal(GRAIN_MONTH, period.lower); i <= final;
		 i = run.start + run.months)
	{
		Datum values[TOTAL_COLUMNS] = {0};
		bool nulls[TOTAL_COLUMNS] = {false};
		Numeric total;
		Numeric before;

		CHECK_FOR_INTERRUPTS();
		run = run_of(&map, period, i);
		total = series_numeric(series, series_sum_of(series, run.days));
		before = run.complete ? earlier[run.month] : NULL;
		values[0] = PointerGetDatum(map.names[run.month]);
		values[1] =
			Int32GetDatum(shown_year(floor_divide(run.start, YEAR_MONTHS)));
		values[2] = RangeTypePGetDatum(period_to_range(run.days));
		values[3] = NumericGetDatum(total);
		values[4] =
			NumericGetDatum(parts_to_months(period_month_parts(run.days)));
		values[5] = BoolGetDatum(run.complete);
		row_change(total, before, &values[6], &nulls[6]);
		earlier[run.month] = run.complete ? total : NULL;
		rows_add(rows, values, nulls);
	}
	return (Datum) 0;
}

/*
 * seasonal_index(s sales_series, seasons text[]): for each season, what a
 * month of it sold over what a month of the period sold.
 */
Datum
kam_seasonal_index(PG_FUNCTION_ARGS)
{
	Series *series =
		series_monthly(PG_GETARG_DATUM(0), "the months of a season");
	Period period = series_period(series);
	ReturnSetInfo *rows;
	int128 all = series_sum(series, 0, series->bucket_count);
	int64 all_parts = period_month_parts(period);
	DecimalSum sums[YEAR_MONTHS] = {0};
	int64 parts[YEAR_MONTHS] = {0};
	SeasonMap map;
	SeasonRun run;
	int final = grain_ordinal(GRAIN_MONTH, period.upper - 1);

	read_map(PG_GETARG_DATUM(1), &map);
	for (int i = grain_ordinal(GRAIN_MONTH, period.lower); i <= final;
		 i = run.start + run.months)
	{
		int season;

		CHECK_FOR_INTERRUPTS();
		run = run_of(&map, period, i);
		season = map.first[run.month];
		decimal_sum_add(&sums[season], series_sum_of(series, run.days));
		parts[season] += period_month_parts(run.days);
	}

	rows = rows_start(fcinfo, INDEX_COLUMNS);
	for (int i = 0; i < YEAR_MONTHS; i++)
	{
		Datum values[INDEX_COLUMNS] = {0};
		bool nulls[INDEX_COLUMNS] = {false};

		if (map.first[i] != i)
			continue;
		values[0] = PointerGetDatum(map.names[i]);
		nulls[1] = all <= 0 || parts[i] == 0;
		if (!nulls[1])
		{
			int64 divisor = number_divisor(all_parts, parts[i]);
			Numeric sold = series_numeric(series, decimal_sum_value(&sums[i]));
			Numeric sold_in_all = series_numeric(series, all);

			values[1] = NumericGetDatum(number_divide(
				number_multiply(sold, int64_to_numeric(all_parts / divisor)),
				number_multiply(sold_in_all,
								int64_to_numeric(parts[i] / divisor))));
		}
		values[2] = NumericGetDatum(parts_to_months(parts[i]));
		rows_add(rows, values, nulls);
	}
	return (Datum) 0;
}
