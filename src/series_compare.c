/*
 * series_compare.c
 *		Equality of series, and an order for DISTINCT, UNION and indexes.
 *
 * Two series are equal when they have the same period, grain, totals, decimals
 * and sale days, which is when their stored forms are the same.  The order
 * means nothing to a reader.
 */
#include "kam.h"

#include "common/hashfn.h"
#include "series.h"

static Series *finished_argument(FunctionCallInfo fcinfo, int number);
static int compare(FunctionCallInfo fcinfo);

PG_FUNCTION_INFO_V1(kam_series_eq);
PG_FUNCTION_INFO_V1(kam_series_ne);
PG_FUNCTION_INFO_V1(kam_series_lt);
PG_FUNCTION_INFO_V1(kam_series_le);
PG_FUNCTION_INFO_V1(kam_series_gt);
PG_FUNCTION_INFO_V1(kam_series_ge);
PG_FUNCTION_INFO_V1(kam_series_cmp);
PG_FUNCTION_INFO_V1(kam_series_hash);

/*
 * An argument in the one form that its content has.  The caller frees it, and
 * nothing else stays: a sort compares many times in one memory context.
 */
static Series *
finished_argument(FunctionCallInfo fcinfo, int number)
{
	Series *given = series_from_datum(PG_GETARG_DATUM(number));
	Series *series = series_finish(given);

	PG_FREE_IF_COPY(given, number);
	return series;
}

/*
 * The order of two series: negative, zero or positive.
 */
static int
compare(FunctionCallInfo fcinfo)
{
	Series *a = finished_argument(fcinfo, 0);
	Series *b = finished_argument(fcinfo, 1);
	int result =
		memcmp(VARDATA(a), VARDATA(b), Min(VARSIZE(a), VARSIZE(b)) - VARHDRSZ);

	if (result == 0)
		result = (VARSIZE(a) > VARSIZE(b)) - (VARSIZE(a) < VARSIZE(b));
	pfree(a);
	pfree(b);
	return result;
}

/*
 * Operator =.
 */
Datum
kam_series_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) == 0);
}

/*
 * Operator <>.
 */
Datum
kam_series_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) != 0);
}

/*
 * Operator <.
 */
Datum
kam_series_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) < 0);
}

/*
 * Operator <=.
 */
Datum
kam_series_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) <= 0);
}

/*
 * Operator >.
 */
Datum
kam_series_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) > 0);
}

/*
 * Operator >=.
 */
Datum
kam_series_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) >= 0);
}

/*
 * The order of two series, for btree.
 */
Datum
kam_series_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare(fcinfo));
}

/*
 * A hash that equal series share.
 */
Datum
kam_series_hash(PG_FUNCTION_ARGS)
{
	Series *series = finished_argument(fcinfo, 0);
	uint32 hash = hash_bytes((const unsigned char *) VARDATA(series),
							 VARSIZE(series) - VARHDRSZ);

	pfree(series);
	PG_RETURN_UINT32(hash);
}
