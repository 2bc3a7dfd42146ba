/*
 * base.c
 *		The state of aggregates over the series of many customers.
 */
#include "kam.h"

#include "base.h"
#include "miscadmin.h"
#include "state.h"

#define BASE_VERSION 1

/* So many that no sum of two counts, and one more, overflows. */
#define MAX_CUSTOMERS (PG_INT64_MAX / 4)

static Size base_size(BaseKind kind, int bucket_count);
static Base *base_new(BaseKind kind, const Series *series, Activity activity);
static bool counts_agree(const Base *base);
static void check_same(const Base *base, int grain, Period period,
					   int activity);

PG_FUNCTION_INFO_V1(kam_base_combine);

/*
 * The bytes that a state takes.
 */
static Size
base_size(BaseKind kind, int bucket_count)
{
	Size bucket =
		sizeof(int64) + (kind == BASE_MOVEMENT ? sizeof(BaseFlow) : 0);

	return offsetof(Base, active) + bucket_count * bucket;
}

/*
 * A base without customers, over the buckets of a series.
 */
Base *
base_new(BaseKind kind, const Series *series, Activity activity)
{
	Size size = base_size(kind, series->bucket_count);
	Base *base = palloc0(size);

	SET_VARSIZE(base, size);
	base->version = BASE_VERSION;
	base->kind = kind;
	base->activity = activity;
	base->grain = series->grain;
	base->lower = series->lower;
	base->upper = series->upper;
	base->bucket_count = series->bucket_count;
	return base;
}

/*
 * Whether the counts of a state can be those of customers.
 */
static bool
counts_agree(const Base *base)
{
	for (int i = 0; i < base->bucket_count; i++)
	{
		const BaseFlow *flow;
		int64 stayed;

		CHECK_FOR_INTERRUPTS();
		if (base->active[i] < 0 || base->active[i] > MAX_CUSTOMERS)
			return false;
		if (base->kind != BASE_MOVEMENT)
			continue;
		flow = &base_flows(base)[i];
		if (i == 0)
		{
			if (flow->added != 0 || flow->lost != 0)
				return false;
			continue;
		}
		if (flow->added < 0 || flow->lost < 0 ||
			flow->lost > base->active[i - 1])
			return false;
		stayed = base->active[i - 1] - flow->lost;
		if (flow->added > base->active[i] - stayed)
			return false;
	}
	return true;
}

/*
 * Brings a state into memory and checks it; it is a bytea that anybody can
 * make.
 */
Base *
base_from_datum(Datum datum, BaseKind kind)
{
	Base *base = state_detoast(datum);

	if (VARSIZE(base) >= offsetof(Base, active) &&
		base->version == BASE_VERSION &&
		(base->kind == BASE_ACTIVE || base->kind == BASE_MOVEMENT) &&
		(kind == BASE_ANY || base->kind == kind) &&
		base->activity <= ACTIVITY_ORDER && grain_valid(base->grain) &&
		base->scale + base->whole_digits <= DECIMAL_MAX_DIGITS)
	{
		Period period = {base->lower, base->upper};

		if (period_valid(period) && grain_fits(base->grain, period) &&
			base->bucket_count == bucket_count(base->grain, period) &&
			VARSIZE(base) == base_size(base->kind, base->bucket_count) &&
			counts_agree(base))
			return base;
	}
	state_malformed("state of a customer base", base);
}

/*
 * Refuses customers whose series or settings are not those of the state.
 */
static void
check_same(const Base *base, int grain, Period period, int activity)
{
	Period had = {base->lower, base->upper};

	if (base->grain != grain || had.lower != period.lower ||
		had.upper != period.upper)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("period and grain must be the same in all rows of a group"),
			 errdetail("They are %s by %s in one row, and %s by %s in another.",
					   period_text(had), grain_name(base->grain),
					   period_text(period), grain_name(grain)),
			 errhint("Build all series with one period and grain.")));
	if (base->activity != activity)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("activity must be the same in all rows of a group"),
				 errhint(
					 "Give it as a constant, or add the column to GROUP BY.")));
}

/*
 * The state of the group, begun if need be; it is the caller's to change.
 */
Base *
base_state(FunctionCallInfo fcinfo, BaseKind kind, const Series *series,
		   Activity activity)
{
	Base *base;

	if (PG_ARGISNULL(0))
		return base_new(kind, series, activity);
	base = base_from_datum(PG_GETARG_DATUM(0), kind);
	check_same(base, series->grain, series_period(series), activity);
	return state_own(fcinfo, base);
}

/*
 * Makes room for amounts of these digits.
 */
void
base_make_room(Base *base, int whole_digits, int scale)
{
	BaseFlow *flows = base_flows(base);
	int grown = Max(scale - base->scale, 0);

	whole_digits = Max(whole_digits, base->whole_digits);
	decimal_check_digits(whole_digits, base->scale + grown);
	base->whole_digits = whole_digits;
	if (grown == 0)
		return;
	base->scale += grown;
	for (int i = 0; i < base->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		decimal_sum_rescale(&flows[i].amount, grown);
		decimal_sum_rescale(&flows[i].lost_of, grown);
	}
}

/*
 * Merges two states of either aggregate.
 */
Datum
kam_base_combine(PG_FUNCTION_ARGS)
{
	Base *base =
		state_own(fcinfo, base_from_datum(PG_GETARG_DATUM(0), BASE_ANY));
	Base *other = base_from_datum(PG_GETARG_DATUM(1), base->kind);
	Period period = {other->lower, other->upper};

	check_same(base, other->grain, period, other->activity);
	for (int i = 0; i < base->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		base->active[i] += other->active[i];
	}
	if (base->kind != BASE_MOVEMENT)
		PG_RETURN_POINTER(base);

	base_make_room(base, other->whole_digits, other->scale);
	for (int i = 0; i < base->bucket_count; i++)
	{
		BaseFlow *flow = &base_flows(base)[i];
		BaseFlow more = base_flows(other)[i];

		CHECK_FOR_INTERRUPTS();
		flow->added += more.added;
		flow->lost += more.lost;
		decimal_sum_rescale(&more.amount, base->scale - other->scale);
		decimal_sum_merge(&flow->amount, &more.amount);
		decimal_sum_rescale(&more.lost_of, base->scale - other->scale);
		decimal_sum_merge(&flow->lost_of, &more.lost_of);
	}
	PG_RETURN_POINTER(base);
}
