/*
 * tier.c
 *		tier_attainment and tier_reward: which step of a ladder was reached,
 *		what it pays, and what the next one would.
 */
#include "kam.h"

#include "kept.h"
#include "miscadmin.h"
#include "params.h"
#include "row.h"
#include "tier.h"
#include "utils/memutils.h"

#define RESULT_COLUMNS 7

static const char *const mode_names[] = {"retrospective", "stepped", "fixed",
										 "interpolated", NULL};

static const char *const boundary_names[] = {"reach", "exceed", NULL};

static TierCache *find_cache(FunctionCallInfo fcinfo);
static void cache_ladder(TierCache *cache, Datum datum);
static void cache_entered(TierCache *cache);
static int tier_reached(const TierCache *cache, Numeric qualifying,
						TierBoundary boundary);
static bool read_call(FunctionCallInfo fcinfo, TierCall *call);
static Numeric interpolate(const TierCall *call, Numeric from, Numeric to);
static Numeric reward_next(const TierCall *call, Numeric gap);
static Numeric rate_now(const TierCall *call);

PG_FUNCTION_INFO_V1(kam_tier_attainment);
PG_FUNCTION_INFO_V1(kam_tier_reward);

/*
 * The cache of this call site.
 */
static TierCache *
find_cache(FunctionCallInfo fcinfo)
{
	TierCache *cache = kept_memory(fcinfo, sizeof(TierCache));

	if (cache->context == NULL)
		cache->context =
			AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "kam tier ladder",
								  ALLOCSET_SMALL_SIZES);
	return cache;
}

/*
 * Puts a ladder into the cache unless it is there.
 */
static void
cache_ladder(TierCache *cache, Datum datum)
{
	struct varlena *packed = PG_DETOAST_DATUM_PACKED(datum);
	TierLadder *ladder;
	Numeric zero;
	MemoryContext caller;

	if (kept_same((struct varlena *) cache->ladder, packed))
		return;

	cache->ladder = NULL;
	cache->entered = NULL;
	MemoryContextReset(cache->context);
	caller = MemoryContextSwitchTo(cache->context);
	ladder =
		ladder_from_datum(PointerGetDatum(kept_copy(cache->context, packed)));
	cache->count = ladder_read(ladder, &cache->steps);
	cache->adds = palloc(sizeof(bool) * (cache->count + 1));
	zero = int64_to_numeric(0);
	for (int i = 0; i < cache->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		cache->adds[i] = number_compare(cache->steps[i].fixed, zero) != 0;
	}
	cache->ladder = ladder;
	MemoryContextSwitchTo(caller);
}

/*
 * For mode stepped: what each step pays on entering it, which is what the
 * bands below it pay and every fixed sum up to its own.
 */
static void
cache_entered(TierCache *cache)
{
	MemoryContext caller;
	Numeric *entered;

	if (cache->entered != NULL)
		return;
	caller = MemoryContextSwitchTo(cache->context);
	entered = palloc(sizeof(Numeric) * (cache->count + 1));
	for (int i = 0; i < cache->count; i++)
	{
		const LadderStep *step = &cache->steps[i];

		CHECK_FOR_INTERRUPTS();
		entered[i] = step->fixed;
		if (i > 0)
			entered[i] = number_add(
				entered[i],
				number_add(
					entered[i - 1],
					number_multiply(step[-1].rate,
									number_subtract(step->threshold,
													step[-1].threshold))));
	}
	MemoryContextSwitchTo(caller);
	cache->entered = entered;
}

/*
 * Which step is reached, from 1; 0 below the first.
 */
static int
tier_reached(const TierCache *cache, Numeric qualifying, TierBoundary boundary)
{
	int low = 0;
	int high = cache->count;
	Numeric zero;

	while (low < high)
	{
		int middle = (low + high) / 2;
		int order = number_compare(qualifying, cache->steps[middle].threshold);

		if (order > 0 || (order == 0 && boundary == BOUNDARY_REACH))
			low = middle + 1;
		else
			high = middle;
	}
	if (low > 0 || cache->count == 0 || boundary == BOUNDARY_REACH)
		return low;

	zero = int64_to_numeric(0);
	return number_compare(cache->steps[0].threshold, zero) == 0 &&
		   number_compare(qualifying, zero) == 0;
}

/*
 * The mode of that name.
 */
TierMode
tier_mode(text *name)
{
	return (TierMode) param_choice(name, "mode", mode_names);
}

/*
 * The boundary of that name.
 */
TierBoundary
tier_boundary(text *name)
{
	return (TierBoundary) param_choice(name, "boundary", boundary_names);
}

/*
 * The cache of this call site, with this ladder in it.
 */
TierCache *
tier_cache(FunctionCallInfo fcinfo, Datum ladder)
{
	TierCache *cache = find_cache(fcinfo);

	cache_ladder(cache, ladder);
	return cache;
}

/*
 * Puts an amount, called argument, and the base that is paid on, on the ladder
 * of a call whose cache and mode are set.
 */
void
tier_place(TierCall *call, const char *argument, Numeric qualifying,
		   Numeric base, TierBoundary boundary)
{
	call->qualifying = qualifying;
	call->base = base;
	if (call->mode == MODE_STEPPED)
	{
		if (base != qualifying && number_compare(base, qualifying) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("base is %s, but %s is %s in mode stepped",
							param_shown(base), argument,
							param_shown(qualifying)),
					 errhint("Stepped pays each part of %s at its own rate: "
							 "leave base out.",
							 argument)));
		cache_entered(call->cache);
	}
	call->tier = tier_reached(call->cache, qualifying, boundary);
}

/*
 * Reads the arguments; false when the result is NULL.
 */
static bool
read_call(FunctionCallInfo fcinfo, TierCall *call)
{
	Numeric qualifying;
	Numeric base;
	TierBoundary boundary;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3) ||
		PG_ARGISNULL(4) || PG_ARGISNULL(6))
		return false;

	qualifying = param_finite(PG_GETARG_NUMERIC(0), "qualifying");
	base = PG_ARGISNULL(2) ? qualifying
						   : param_finite(PG_GETARG_NUMERIC(2), "base");
	call->mode = tier_mode(PG_GETARG_TEXT_PP(3));
	boundary = tier_boundary(PG_GETARG_TEXT_PP(4));
	call->cap = PG_ARGISNULL(5)
					? NULL
					: param_not_negative(PG_GETARG_NUMERIC(5), "cap");
	call->gate = PG_GETARG_BOOL(6);

	call->cache = tier_cache(fcinfo, PG_GETARG_DATUM(1));
	tier_place(call, "qualifying", qualifying, base, boundary);
	return true;
}

/*
 * The value between two steps that runs linearly from the first to the second:
 * from + (to - from) * (qualifying - first) / (second - first).  There must be
 * a step above the one reached.
 */
static Numeric
interpolate(const TierCall *call, Numeric from, Numeric to)
{
	const LadderStep *step = &call->cache->steps[call->tier - 1];
	Numeric part =
		number_multiply(number_subtract(to, from),
						number_subtract(call->qualifying, step->threshold));
	Numeric band = number_subtract(step[1].threshold, step->threshold);

	return number_add(from, number_divide(part, band));
}

/*
 * What a step, counted from 1, pays on the whole base.
 */
Numeric
tier_whole_pay(const TierCache *cache, int tier, Numeric base)
{
	const LadderStep *step = &cache->steps[tier - 1];
	Numeric pay = number_multiply(base, step->rate);

	return cache->adds[tier - 1] ? number_add(pay, step->fixed) : pay;
}

/*
 * The reward of a call.
 */
Numeric
tier_pay(const TierCall *call)
{
	const TierCache *cache = call->cache;
	const LadderStep *step;
	Numeric reward = NULL;

	if (call->tier == 0 || !call->gate)
		return int64_to_numeric(0);
	step = &cache->steps[call->tier - 1];
	switch (call->mode)
	{
		case MODE_RETROSPECTIVE:
			reward = tier_whole_pay(cache, call->tier, call->base);
			break;
		case MODE_STEPPED:
			reward =
				number_add(cache->entered[call->tier - 1],
						   number_multiply(step->rate,
										   number_subtract(call->qualifying,
														   step->threshold)));
			break;
		case MODE_FIXED:
			reward = step->fixed;
			break;
		case MODE_INTERPOLATED:
			reward = tier_whole_pay(cache, call->tier, call->base);
			if (call->tier < cache->count)
				reward = interpolate(call, reward,
									 tier_whole_pay(cache, call->tier + 1,
													call->base));
			break;
	}
	return number_at_most(reward, call->cap);
}

/*
 * The reward once the next step's threshold is reached and the step entered,
 * the base having grown as much as qualifying.
 */
static Numeric
reward_next(const TierCall *call, Numeric gap)
{
	const TierCache *cache = call->cache;

	if (!call->gate)
		return int64_to_numeric(0);
	if (call->mode == MODE_FIXED)
		return number_at_most(cache->steps[call->tier].fixed, call->cap);
	if (call->mode == MODE_STEPPED)
		return number_at_most(cache->entered[call->tier], call->cap);
	return number_at_most(tier_whole_pay(cache, call->tier + 1,
										 number_add(call->base, gap)),
						  call->cap);
}

/*
 * The rate at which a call pays.
 */
static Numeric
rate_now(const TierCall *call)
{
	const LadderStep *step;

	if (call->tier == 0 || !call->gate)
		return int64_to_numeric(0);
	step = &call->cache->steps[call->tier - 1];
	if (call->mode == MODE_INTERPOLATED && call->tier < call->cache->count)
		return interpolate(call, step->rate, step[1].rate);
	return step->rate;
}

/*
 * tier_attainment(qualifying, ladder, base, mode, boundary, cap, gate): the
 * step reached, its reward, and the way to the next.
 */
Datum
kam_tier_attainment(PG_FUNCTION_ARGS)
{
	TierCall call;
	Datum values[RESULT_COLUMNS] = {0};
	bool nulls[RESULT_COLUMNS] = {false};
	int tier;

	if (!read_call(fcinfo, &call))
		PG_RETURN_NULL();

	tier = call.gate ? call.tier : 0;
	values[0] = Int32GetDatum(tier);
	if (tier > 0)
		values[1] = NumericGetDatum(call.cache->steps[tier - 1].threshold);
	else
		nulls[1] = true;
	values[2] = NumericGetDatum(rate_now(&call));
	values[3] = NumericGetDatum(tier_pay(&call));
	if (call.tier < call.cache->count)
	{
		Numeric next = call.cache->steps[call.tier].threshold;
		Numeric gap = number_subtract(next, call.qualifying);

		values[4] = NumericGetDatum(next);
		values[5] = NumericGetDatum(gap);
		values[6] = NumericGetDatum(reward_next(&call, gap));
	}
	else
		nulls[4] = nulls[5] = nulls[6] = true;
	return row_result(fcinfo, &call.cache->result, RESULT_COLUMNS, values,
					  nulls);
}

/*
 * tier_reward(the same): the reward alone.
 */
Datum
kam_tier_reward(PG_FUNCTION_ARGS)
{
	TierCall call;

	if (!read_call(fcinfo, &call))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(tier_pay(&call));
}
