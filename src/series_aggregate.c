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
	int bucket; /* of sold_on */
	int grain_size;
	char grain_bytes[GRAIN_MEMO_BYTES];
} SeriesSettings;

static SeriesSettings *read_settings(FunctionCallInfo fcinfo);
static Series *series_state(FunctionCallInfo fcinfo,
							const SeriesSettings *settings);

PG_FUNCTION_INFO_V1(kam_series_accumulate);
PG_FUNCTION_INFO_V1(kam_series_combine);
PG_FUNCTION_INFO_V1(kam_series_finish);

/*
 * Reads the arguments period and, where there is one, grain.
 */
static SeriesSettings *
read_settings(FunctionCallInfo fcinfo)
{
	text *grain = PG_NARGS() > 4 ? PG_GETARG_TEXT_PP(4) : NULL;
	int grain_size = grain != NULL ? VARSIZE_ANY_EXHDR(grain) : 0;
	SeriesSettings *settings = fcinfo->flinfo->fn_extra;

	if (settings == NULL)
	{
		settings = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
										  sizeof(SeriesSettings));
		settings->grain_size = -1;
		fcinfo->flinfo->fn_extra = settings;
	}
	if (period_recall(&settings->memo, PG_GETARG_DATUM(3), "period") &&
		settings->grain_size == grain_size &&
		(grain == NULL ||
		 memcmp(settings->grain_bytes, VARDATA_ANY(grain), grain_size) == 0))
		return settings;

	settings->grain_size = -1;
	settings->grain = grain != NULL ? grain_from_text(grain) : GRAIN_MONTH;
	settings->origin = bucket_origin(settings->grain, settings->memo.period);
	settings->sold_on = settings->memo.period.lower;
	settings->bucket = 0;
	if (grain_size <= GRAIN_MEMO_BYTES)
	{
		settings->grain_size = grain_size;
		if (grain != NULL)
			memcpy(settings->grain_bytes, VARDATA_ANY(grain), grain_size);
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
			 errhint("Add the period to GROUP BY.")));
	return series;
}

/*
 * Transition of sales_series(amount, sold_on, period [, grain]) and of the
 * measures over the same arguments.
 */
Datum
kam_series_accumulate(PG_FUNCTION_ARGS)
{
	SeriesSettings *settings;
	Series *series;
	DateADT sold_on;
	Decimal amount;
	int day;

	if (PG_ARGISNULL(3) || (PG_NARGS() > 4 && PG_ARGISNULL(4)))
		return state_unchanged(fcinfo);
	settings = read_settings(fcinfo);
	series = series_state(fcinfo, settings);

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_POINTER(series);
	sold_on = PG_GETARG_DATEADT(2);
	if (sold_on < settings->memo.period.lower ||
		sold_on >= settings->memo.period.upper)
		PG_RETURN_POINTER(series);

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
	PG_RETURN_POINTER(series);
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
