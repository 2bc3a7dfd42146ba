/*
 * series_aggregate.c
 *		Building a sales_series from sales rows, and merging series.
 */
#include "kam.h"

#include "params.h"
#include "series.h"
#include "state.h"

/* The bytes of a grain's name that are kept to know it again. */
#define GRAIN_MEMO_BYTES 16

/*
 * The settings of the last row, and the bucket of its date: sales rows mostly
 * lie in the order of time.
 */
typedef struct SeriesSettings
{
	PeriodMemo memo;
	Grain grain;
	int origin; /* of the period's buckets */
	DateADT sold_on;
	int bucket;		 /* of sold_on */
	const char *key; /* what the groups of such series are by */
	int grain_size;
	char grain_bytes[GRAIN_MEMO_BYTES];
} SeriesSettings;

static SeriesSettings *settings_of(FunctionCallInfo fcinfo, const char *key);
static void set_grain(SeriesSettings *settings, text *grain);
static bool same_grain(const SeriesSettings *settings, text *grain);
static SeriesSettings *read_settings(FunctionCallInfo fcinfo);
static SeriesSettings *read_year(FunctionCallInfo fcinfo);
static Series *add_sale(FunctionCallInfo fcinfo, SeriesSettings *settings);
static Series *series_state(FunctionCallInfo fcinfo,
							const SeriesSettings *settings);

PG_FUNCTION_INFO_V1(kam_series_accumulate);
PG_FUNCTION_INFO_V1(kam_series_accumulate_year);
PG_FUNCTION_INFO_V1(kam_series_combine);
PG_FUNCTION_INFO_V1(kam_series_finish);

/*
 * The settings that the function keeps from row to row.
 */
static SeriesSettings *
settings_of(FunctionCallInfo fcinfo, const char *key)
{
	SeriesSettings *settings = fcinfo->flinfo->fn_extra;

	if (settings == NULL)
	{
		settings = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
										  sizeof(SeriesSettings));
		settings->grain_size = -1;
		settings->key = key;
		fcinfo->flinfo->fn_extra = settings;
	}
	return settings;
}

/*
 * Is this the grain of the last row?  NULL is the default one.
 */
static bool
same_grain(const SeriesSettings *settings, text *grain)
{
	int size = grain != NULL ? VARSIZE_ANY_EXHDR(grain) : 0;

	return settings->grain_size == size &&
		   (grain == NULL ||
			memcmp(settings->grain_bytes, VARDATA_ANY(grain), size) == 0);
}

/*
 * Settles what follows from a grain and the period of the settings.
 */
static void
set_grain(SeriesSettings *settings, text *grain)
{
	int size = grain != NULL ? VARSIZE_ANY_EXHDR(grain) : 0;

	settings->grain_size = -1;
	settings->grain = grain != NULL ? grain_from_text(grain) : GRAIN_MONTH;
	settings->origin = bucket_origin(settings->grain, settings->memo.period);
	settings->sold_on = settings->memo.period.lower;
	settings->bucket = 0;
	if (size <= GRAIN_MEMO_BYTES)
	{
		settings->grain_size = size;
		if (grain != NULL)
			memcpy(settings->grain_bytes, VARDATA_ANY(grain), size);
	}
}

/*
 * Reads the arguments period and, where there is one, grain.
 */
static SeriesSettings *
read_settings(FunctionCallInfo fcinfo)
{
	SeriesSettings *settings = settings_of(fcinfo, "the period");
	text *grain = PG_NARGS() > 4 ? PG_GETARG_TEXT_PP(4) : NULL;

	if (!period_recall(&settings->memo, PG_GETARG_DATUM(3), "period") ||
		!same_grain(settings, grain))
		set_grain(settings, grain);
	return settings;
}

/*
 * Reads the argument grain; the period is the calendar year of sold_on.
 */
static SeriesSettings *
read_year(FunctionCallInfo fcinfo)
{
	SeriesSettings *settings = settings_of(fcinfo, "calendar_year(sold_on)");
	DateADT sold_on = PG_GETARG_DATEADT(2);
	text *grain = PG_GETARG_TEXT_PP(3);

	if (sold_on < settings->memo.period.lower ||
		sold_on >= settings->memo.period.upper || !same_grain(settings, grain))
	{
		settings->memo.period = calendar_year_of(sold_on, "sold_on");
		set_grain(settings, grain);
	}
	return settings;
}

/*
 * The state of the group, begun if need be; it is the caller's to change.
 */
static Series *
series_state(FunctionCallInfo fcinfo, const SeriesSettings *settings)
{
	Series *series;

	if (PG_ARGISNULL(0))
		return series_new(settings->grain, settings->memo.period, SERIES_SMALL);

	if (AggCheckCallContext(fcinfo, NULL))
		series = (Series *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	else
		series = state_copy(series_from_datum(PG_GETARG_DATUM(0)));
	if (series->lower != settings->memo.period.lower ||
		series->upper != settings->memo.period.upper ||
		series->grain != settings->grain)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("period and grain must be the same in all rows of a group"),
			 errdetail("They are %s by %s in one row, and %s by %s in another.",
					   period_text(series_period(series)),
					   grain_name(series->grain),
					   period_text(settings->memo.period),
					   grain_name(settings->grain)),
			 errhint("Add %s to GROUP BY.", settings->key)));
	return series;
}

/*
 * The state of the group with the row of the call added.
 */
static Series *
add_sale(FunctionCallInfo fcinfo, SeriesSettings *settings)
{
	Series *series = series_state(fcinfo, settings);
	DateADT sold_on;
	Decimal amount;
	int day;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return series;
	sold_on = PG_GETARG_DATEADT(2);
	if (sold_on < settings->memo.period.lower ||
		sold_on >= settings->memo.period.upper)
		return series;

	decimal_from_numeric(PG_GETARG_DATUM(1), "amount", &amount);
	if (sold_on != settings->sold_on)
	{
		settings->sold_on = sold_on;
		settings->bucket =
			bucket_from(settings->grain, settings->origin, sold_on);
	}
	series = series_add(series, settings->bucket, &amount);
	if (amount.value > 0)
	{
		day = sold_on - settings->memo.period.lower;
		series_days(series)[day / 8] |= 1 << day % 8;
	}
	return series;
}

/*
 * Transition of sales_series(amount, sold_on, period [, grain]) and of the
 * measures over the same arguments.
 */
Datum
kam_series_accumulate(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(3) || (PG_NARGS() > 4 && PG_ARGISNULL(4)))
		return state_unchanged(fcinfo);
	PG_RETURN_POINTER(add_sale(fcinfo, read_settings(fcinfo)));
}

/*
 * Transition of year_series(amount, sold_on, grain).
 */
Datum
kam_series_accumulate_year(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return state_unchanged(fcinfo);
	PG_RETURN_POINTER(add_sale(fcinfo, read_year(fcinfo)));
}

/*
 * Merges two states; also the transition of rollup(), and strict.
 */
Datum
kam_series_combine(PG_FUNCTION_ARGS)
{
	Series *series = state_own(fcinfo, series_from_datum(PG_GETARG_DATUM(0)));
	Series *other = series_from_datum(PG_GETARG_DATUM(1));

	PG_RETURN_POINTER(series_merge(series, other));
}

/*
 * The finished series of a group.
 */
Datum
kam_series_finish(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(series_finish(series_from_datum(PG_GETARG_DATUM(0))));
}
