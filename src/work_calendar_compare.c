/*
 * work_calendar_compare.c
 *		Operators on work_calendar: equality, an order and hashes, so that a
 *		query can group by a calendar.
 *
 * Two calendars are equal when they work the same days, which is when their
 * stored forms are the same.  The order means nothing to a reader.
 */
#include "kam.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "work_calendar.h"

static int calendar_compare(FunctionCallInfo fcinfo);

PG_FUNCTION_INFO_V1(kam_work_calendar_eq);
PG_FUNCTION_INFO_V1(kam_work_calendar_ne);
PG_FUNCTION_INFO_V1(kam_work_calendar_lt);
PG_FUNCTION_INFO_V1(kam_work_calendar_le);
PG_FUNCTION_INFO_V1(kam_work_calendar_gt);
PG_FUNCTION_INFO_V1(kam_work_calendar_ge);
PG_FUNCTION_INFO_V1(kam_work_calendar_cmp);
PG_FUNCTION_INFO_V1(kam_work_calendar_hash);
PG_FUNCTION_INFO_V1(kam_work_calendar_hash_extended);

/*
 * The order of two calendars: by weekend, number of holidays and of workdays,
 * and then date by date.  Nothing that it allocates stays: a sort compares many
 * times in one memory context.
 */
static int
calendar_compare(FunctionCallInfo fcinfo)
{
	WorkCalendar *one = work_calendar_from_datum(PG_GETARG_DATUM(0));
	WorkCalendar *other = work_calendar_from_datum(PG_GETARG_DATUM(1));
	int order = one->weekend - other->weekend;

	if (order == 0)
		order = one->holidays - other->holidays;
	if (order == 0)
		order = one->workdays - other->workdays;
	for (int i = 0; order == 0 && i < one->holidays + one->workdays; i++)
	{
		CHECK_FOR_INTERRUPTS();
		order = (one->dates[i] > other->dates[i]) -
				(one->dates[i] < other->dates[i]);
	}
	PG_FREE_IF_COPY(one, 0);
	PG_FREE_IF_COPY(other, 1);
	return order;
}

/*
 * Operator =.
 */
Datum
kam_work_calendar_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(calendar_compare(fcinfo) == 0);
}

/*
 * Operator <>.
 */
Datum
kam_work_calendar_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(calendar_compare(fcinfo) != 0);
}

/*
 * Operator <.
 */
Datum
kam_work_calendar_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(calendar_compare(fcinfo) < 0);
}

/*
 * Operator <=.
 */
Datum
kam_work_calendar_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(calendar_compare(fcinfo) <= 0);
}

/*
 * Operator >.
 */
Datum
kam_work_calendar_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(calendar_compare(fcinfo) > 0);
}

/*
 * Operator >=.
 */
Datum
kam_work_calendar_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(calendar_compare(fcinfo) >= 0);
}

/*
 * The order of two calendars, for btree.
 */
Datum
kam_work_calendar_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(calendar_compare(fcinfo));
}

/*
 * A hash that equal calendars share.
 */
Datum
kam_work_calendar_hash(PG_FUNCTION_ARGS)
{
	WorkCalendar *calendar = work_calendar_from_datum(PG_GETARG_DATUM(0));
	uint32 hash = hash_bytes((const unsigned char *) VARDATA(calendar),
							 VARSIZE(calendar) - VARHDRSZ);

	PG_FREE_IF_COPY(calendar, 0);
	PG_RETURN_UINT32(hash);
}

/*
 * The same with 64 bits and a seed, for hash partitioning.
 */
Datum
kam_work_calendar_hash_extended(PG_FUNCTION_ARGS)
{
	WorkCalendar *calendar = work_calendar_from_datum(PG_GETARG_DATUM(0));
	uint64 hash = hash_bytes_extended((const unsigned char *) VARDATA(calendar),
									  VARSIZE(calendar) - VARHDRSZ,
									  (uint64) PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(calendar, 0);
	PG_RETURN_UINT64(hash);
}
