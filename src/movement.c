/*
 * movement.c
 *		base_movement and akb_by_bucket: how a customer base moves from bucket
 *		to bucket, and how many are active in each.
 */
#include "kam.h"

#include "access/htup_details.h"
#include "base.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "row.h"
#include "state.h"
#include "utils/array.h"

#define MOVEMENT_COLUMNS 11

/* In place of the bucket of the first purchase, where that is not known. */
#define FIRST_UNKNOWN (-2)

static void add_total(DecimalSum *sum, const Series *series, int bucket,
					  int scale);
static int bucket_of_first(const Series *series, DateADT first_sale);
static void add_movement(Base *base, const Series *series, Activity activity,
						 int first);
static Numeric amount_of(const Base *base, const DecimalSum *sum);
static Datum movement_row(const Base *base, int bucket, TupleDesc columns);

PG_FUNCTION_INFO_V1(kam_base_movement_accumulate);
PG_FUNCTION_INFO_V1(kam_base_movement_final);
PG_FUNCTION_INFO_V1(kam_akb_by_bucket_accumulate);
PG_FUNCTION_INFO_V1(kam_akb_by_bucket_final);

/*
 * Adds the total of a bucket to a sum of this scale.
 */
static void
add_total(DecimalSum *sum, const Series *series, int bucket, int scale)
{
	DecimalSum total = {0, 0, 0};

	decimal_sum_add(&total, series_total(series, bucket));
	decimal_sum_rescale(&total, scale - series->scale);
	decimal_sum_merge(sum, &total);
}

/*
 * The last bucket in which a customer can be new: that of the first purchase;
 * -1 where it was before the period.
 */
static int
bucket_of_first(const Series *series, DateADT first_sale)
{
	if (first_sale < series->lower)
		return -1;
	if (first_sale >= series->upper)
		return series->bucket_count;
	return bucket_of(series->grain, series_period(series), first_sale);
}

/*
 * Adds a customer to a movement: where he is new up to the bucket first, and
 * returns after it.
 */
static void
add_movement(Base *base, const Series *series, Activity activity, int first)
{
	BaseFlow *flows = base_flows(base);
	bool before = false;

	base_make_room(base, series->whole_digits, series->scale);
	for (int i = 0; i < series->bucket_count; i++)
	{
		bool now = activity_in_bucket(series, i, activity);

		CHECK_FOR_INTERRUPTS();
		if (now && first == FIRST_UNKNOWN)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("first_sale of an active customer is null"),
					 errhint("Give the first purchase ever: min(sold_on) "
							 "FILTER (WHERE amount > 0) over all sales, not "
							 "only those of the period.")));
		if (now)
		{
			base->active[i]++;
			add_total(&flows[i].amount, series, i, base->scale);
			flows[i].added += i > 0 && !before && i <= first;
		}
		else if (before)
		{
			flows[i].lost++;
			add_total(&flows[i].lost_of, series, i - 1, base->scale);
		}
		before = now;
	}
}

/*
 * Transition of base_movement(s, first_sale [, activity]).
 */
Datum
kam_base_movement_accumulate(PG_FUNCTION_ARGS)
{
	Activity activity = ACTIVITY_NET;
	Series *series;
	Base *base;
	int first = FIRST_UNKNOWN;

	if (PG_ARGISNULL(1) || (PG_NARGS() > 3 && PG_ARGISNULL(3)))
		return state_unchanged(fcinfo);
	if (PG_NARGS() > 3)
		activity = activity_from_text(PG_GETARG_TEXT_PP(3));
	series = series_from_datum(PG_GETARG_DATUM(1));
	base = base_state(fcinfo, BASE_MOVEMENT, series, activity);

	if (!PG_ARGISNULL(2))
	{
		param_date(PG_GETARG_DATEADT(2), "first_sale");
		first = bucket_of_first(series, PG_GETARG_DATEADT(2));
	}
	add_movement(base, series, activity, first);
	PG_RETURN_POINTER(base);
}

/*
 * Transition of akb_by_bucket(s [, activity]).
 */
Datum
kam_akb_by_bucket_accumulate(PG_FUNCTION_ARGS)
{
	Activity activity = ACTIVITY_NET;
	Series *series;
	Base *base;

	if (PG_ARGISNULL(1) || (PG_NARGS() > 2 && PG_ARGISNULL(2)))
		return state_unchanged(fcinfo);
	if (PG_NARGS() > 2)
		activity = activity_from_text(PG_GETARG_TEXT_PP(2));
	series = series_from_datum(PG_GETARG_DATUM(1));
	base = base_state(fcinfo, BASE_ACTIVE, series, activity);

	for (int i = 0; i < series->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		base->active[i] += activity_in_bucket(series, i, activity);
	}
	PG_RETURN_POINTER(base);
}

/*
 * A sum of amounts as a numeric.
 */
static Numeric
amount_of(const Base *base, const DecimalSum *sum)
{
	return decimal_to_numeric(decimal_sum_value(sum), base->scale);
}

/*
 * The movement of a bucket, which is not the first.
 */
static Datum
movement_row(const Base *base, int bucket, TupleDesc columns)
{
	const BaseFlow *flow = &base_flows(base)[bucket];
	Period period = {base->lower, base->upper};
	int64 opening = base->active[bucket - 1];
	int64 closing = base->active[bucket];
	int64 returned = closing - opening - flow->added + flow->lost;
	Numeric attrition =
		number_ratio(int64_to_numeric(flow->lost), int64_to_numeric(opening));
	Numeric retention =
		attrition ? number_subtract(int64_to_numeric(1), attrition) : NULL;
	Numeric opening_amount = amount_of(base, &flow[-1].amount);
	Numeric lost_amount = amount_of(base, &flow->lost_of);
	Datum values[MOVEMENT_COLUMNS];
	bool nulls[MOVEMENT_COLUMNS] = {false};

	values[0] = RangeTypePGetDatum(
		period_to_range(bucket_period(base->grain, period, bucket)));
	values[1] = Int64GetDatum(opening);
	values[2] = Int64GetDatum(flow->added);
	values[3] = Int64GetDatum(returned);
	values[4] = Int64GetDatum(flow->lost);
	values[5] = Int64GetDatum(closing);
	row_number(&values[6], &nulls[6], attrition);
	row_number(&values[7], &nulls[7], retention);
	values[8] = NumericGetDatum(opening_amount);
	values[9] = NumericGetDatum(lost_amount);
	row_number(&values[10], &nulls[10],
			   number_over(lost_amount, opening_amount));
	return HeapTupleGetDatum(heap_form_tuple(columns, values, nulls));
}

/*
 * The movement of a group, a row for each bucket but the first.
 */
Datum
kam_base_movement_final(PG_FUNCTION_ARGS)
{
	Base *base = base_from_datum(PG_GETARG_DATUM(0), BASE_MOVEMENT);
	Datum *rows = palloc(sizeof(Datum) * base->bucket_count);
	Oid row_type;
	TupleDesc columns =
		row_element_columns(fcinfo, MOVEMENT_COLUMNS, &row_type);

	for (int i = 1; i < base->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		rows[i - 1] = movement_row(base, i, columns);
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(rows, base->bucket_count - 1,
										  row_type, -1, false,
										  TYPALIGN_DOUBLE));
}

/*
 * The active customers of a group by bucket.
 */
Datum
kam_akb_by_bucket_final(PG_FUNCTION_ARGS)
{
	Base *base = base_from_datum(PG_GETARG_DATUM(0), BASE_ACTIVE);
	Datum *counts = palloc(sizeof(Datum) * base->bucket_count);

	for (int i = 0; i < base->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		counts[i] = Int64GetDatum(base->active[i]);
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(counts, base->bucket_count, INT8OID,
										  sizeof(int64), FLOAT8PASSBYVAL,
										  TYPALIGN_DOUBLE));
}
