/*
 * credit.c
 *		Receivables by age, the days that sales stay unpaid, and the credit
 *		limit.
 */
#include "kam.h"

#include "calendar.h"
#include "catalog/pg_type.h"
#include "kept.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "row.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#define MOST_LIMITS 100

/*
 * The columns of credit_result.
 */
enum
{
	COLUMN_UTILISATION,
	COLUMN_HEADROOM,
	COLUMN_OVER_LIMIT,
	COLUMN_STATE,
	CREDIT_COLUMNS
};

/*
 * The buckets of an ageing table.  Their names begin with what is not due and
 * end with what is over the last limit, so there are two more than limits.
 */
typedef struct Ageing
{
	int count; /* of limits */
	int32 *limits;
	text **names;
} Ageing;

/*
 * What a call site keeps: the limits as they were given, and their buckets.
 */
typedef struct AgeingCache
{
	MemoryContext context;
	struct varlena *given;
	Ageing ageing;
} AgeingCache;

static const char *const term_names[] = {"date", "month-end", NULL};

static int days_late(FunctionCallInfo fcinfo);
static text *bucket_name(const Ageing *ageing, int bucket);
static void read_limits(ArrayType *array, Ageing *ageing);
static const Ageing *find_ageing(FunctionCallInfo fcinfo, Datum limits);
static const char *limit_state(Numeric exposure, Numeric limit,
							   Numeric near_from);

PG_FUNCTION_INFO_V1(kam_due_date);
PG_FUNCTION_INFO_V1(kam_days_overdue);
PG_FUNCTION_INFO_V1(kam_ageing_bucket);
PG_FUNCTION_INFO_V1(kam_ageing_buckets);
PG_FUNCTION_INFO_V1(kam_days_sales_outstanding);
PG_FUNCTION_INFO_V1(kam_credit_state);

/*
 * due_date(started_on, terms_days, term_start): the last day to pay
 */
Datum
kam_due_date(PG_FUNCTION_ARGS)
{
	DateADT started_on = PG_GETARG_DATEADT(0);
	int terms_days = PG_GETARG_INT32(1);
	int64 due_on = started_on;

	param_date(started_on, "started_on");
	if (terms_days < 0 || terms_days > PERIOD_MAX_DAYS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("terms_days must be from 0 to %d, but is %d",
							   PERIOD_MAX_DAYS, terms_days),
						errhint("0 is due at once.")));
	if (param_choice(PG_GETARG_TEXT_PP(2), "term_start", term_names) != 0)
	{
		int year, month, day;

		calendar_civil(started_on, &year, &month, &day);
		due_on += month_days(year, month) - day;
	}
	due_on += terms_days;
	if (due_on >= DATE_END_JULIAN - POSTGRES_EPOCH_JDATE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a term of %d days from %s ends after the last date",
						terms_days, date_text(started_on)),
				 errhint("Give the day of an invoice or of a delivery.")));
	PG_RETURN_DATEADT((DateADT) due_on);
}

/*
 * By how many days the date in argument 0 is before the one in argument 1;
 * zero when it is not.
 */
static int
days_late(FunctionCallInfo fcinfo)
{
	DateADT due_on = PG_GETARG_DATEADT(0);
	DateADT as_of = PG_GETARG_DATEADT(1);

	param_date(due_on, "due_on");
	param_date(as_of, "as_of");
	return due_on < as_of ? as_of - due_on : 0;
}

/*
 * days_overdue(due_on, as_of)
 */
Datum
kam_days_overdue(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(days_late(fcinfo));
}

/*
 * The name of a bucket; 0 is what is not due.
 */
static text *
bucket_name(const Ageing *ageing, int bucket)
{
	const int32 *limits = ageing->limits;
	int first;

	if (bucket == 0)
		return cstring_to_text("not due");
	if (bucket > ageing->count)
		return cstring_to_text(psprintf("over %d", limits[bucket - 2]));
	first = bucket > 1 ? limits[bucket - 2] + 1 : 1;
	if (first == limits[bucket - 1])
		return cstring_to_text(psprintf("%d", first));
	return cstring_to_text(psprintf("%d-%d", first, limits[bucket - 1]));
}

/*
 * Makes the buckets of limits.
 */
static void
read_limits(ArrayType *array, Ageing *ageing)
{
	Datum *elements;

	ageing->count =
		param_array(array, "limits", INT4OID, MOST_LIMITS, &elements);
	ageing->limits = palloc(sizeof(int32) * ageing->count);
	ageing->names = palloc(sizeof(text *) * (ageing->count + 2));
	for (int i = 0; i < ageing->count; i++)
	{
		int32 limit = DatumGetInt32(elements[i]);

		CHECK_FOR_INTERRUPTS();
		if (limit < 1)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("limits must be above zero, but is %d", limit),
					 errhint("Give the last day of each bucket, such as "
							 "{30,60,90}.")));
		if (i > 0 && limit <= ageing->limits[i - 1])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("limits must rise, but %d follows %d", limit,
							ageing->limits[i - 1]),
					 errhint("Sort them from the smallest to the largest, each "
							 "once.")));
		ageing->limits[i] = limit;
	}
	for (int i = 0; i < ageing->count + 2; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ageing->names[i] = bucket_name(ageing, i);
	}
}

/*
 * The buckets of limits, made anew only when the limits are others than those
 * of the row before.
 */
static const Ageing *
find_ageing(FunctionCallInfo fcinfo, Datum limits)
{
	AgeingCache *cache = kept_memory(fcinfo, sizeof(AgeingCache));
	struct varlena *given = PG_DETOAST_DATUM_PACKED(limits);
	MemoryContext caller;
	struct varlena *copy;

	if (cache->context == NULL)
		cache->context =
			AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "kam ageing",
								  ALLOCSET_SMALL_SIZES);
	if (cache->given != NULL && kept_same(cache->given, given))
		return &cache->ageing;

	cache->given = NULL;
	MemoryContextReset(cache->context);
	caller = MemoryContextSwitchTo(cache->context);
	copy = kept_copy(cache->context, given);
	read_limits((ArrayType *) copy, &cache->ageing);
	MemoryContextSwitchTo(caller);
	cache->given = copy;
	return &cache->ageing;
}

/*
 * ageing_bucket(due_on, as_of, limits): the name of the bucket
 */
Datum
kam_ageing_bucket(PG_FUNCTION_ARGS)
{
	const Ageing *ageing = find_ageing(fcinfo, PG_GETARG_DATUM(2));
	int days = days_late(fcinfo);
	int bucket = 0;

	if (days > 0)
		for (bucket = 1; bucket <= ageing->count; bucket++)
		{
			CHECK_FOR_INTERRUPTS();
			if (days <= ageing->limits[bucket - 1])
				break;
		}
	PG_RETURN_TEXT_P(kept_copy(CurrentMemoryContext,
							   (struct varlena *) ageing->names[bucket]));
}

/*
 * ageing_buckets(limits): the names of all buckets, in their order
 */
Datum
kam_ageing_buckets(PG_FUNCTION_ARGS)
{
	Ageing ageing;
	Datum *names;

	read_limits(PG_GETARG_ARRAYTYPE_P(0), &ageing);
	names = palloc(sizeof(Datum) * (ageing.count + 2));
	for (int i = 0; i < ageing.count + 2; i++)
	{
		CHECK_FOR_INTERRUPTS();
		names[i] = PointerGetDatum(ageing.names[i]);
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(names, ageing.count + 2, TEXTOID, -1,
										  false, TYPALIGN_INT));
}

/*
 * days_sales_outstanding(receivables, sales, period):
 * receivables * days / sales
 */
Datum
kam_days_sales_outstanding(PG_FUNCTION_ARGS)
{
	Numeric receivables = param_finite(PG_GETARG_NUMERIC(0), "receivables");
	Numeric sales = param_finite(PG_GETARG_NUMERIC(1), "sales");
	PeriodMemo *memo = kept_memory(fcinfo, sizeof(PeriodMemo));
	Numeric days;

	period_recall(memo, PG_GETARG_DATUM(2), "period");
	days = int64_to_numeric(period_days(memo->period));
	return number_result(fcinfo, number_over(number_multiply(receivables, days),
											 sales));
}

/*
 * What an exposure is to a limit of zero or more.  near_from is the
 * utilisation from which it is near the limit; NULL where nothing is.
 */
static const char *
limit_state(Numeric exposure, Numeric limit, Numeric near_from)
{
	if (number_compare(exposure, limit) > 0)
		return "over_limit";
	if (near_from != NULL && number_sign(limit) > 0 &&
		number_compare(exposure, number_multiply(near_from, limit)) >= 0)
		return "near_limit";
	return "ok";
}

/*
 * credit_state(exposure, credit_limit, near_from); without a limit nothing is over
 * it, or within.
 */
Datum
kam_credit_state(PG_FUNCTION_ARGS)
{
	Numeric exposure = NULL;
	Numeric limit = NULL;
	Numeric near_from = NULL;
	const char *state = NULL;
	Datum values[CREDIT_COLUMNS] = {0};
	bool nulls[CREDIT_COLUMNS];

	if (!PG_ARGISNULL(0))
		exposure = param_finite(PG_GETARG_NUMERIC(0), "exposure");
	if (!PG_ARGISNULL(1))
		limit = param_not_negative(PG_GETARG_NUMERIC(1), "credit_limit");
	if (!PG_ARGISNULL(2))
		near_from = param_fraction(PG_GETARG_NUMERIC(2), "near_from");
	memset(nulls, true, sizeof(nulls));

	if (limit == NULL)
		state = "no_limit";
	else if (exposure != NULL)
	{
		row_number(&values[COLUMN_UTILISATION], &nulls[COLUMN_UTILISATION],
				   number_over(exposure, limit));
		row_number(&values[COLUMN_HEADROOM], &nulls[COLUMN_HEADROOM],
				   number_subtract(limit, exposure));
		values[COLUMN_OVER_LIMIT] =
			BoolGetDatum(number_compare(exposure, limit) > 0);
		nulls[COLUMN_OVER_LIMIT] = false;
		state = limit_state(exposure, limit, near_from);
	}
	if (state != NULL)
	{
		values[COLUMN_STATE] = CStringGetTextDatum(state);
		nulls[COLUMN_STATE] = false;
	}
	return row_result(fcinfo, NULL, CREDIT_COLUMNS, values, nulls);
}
