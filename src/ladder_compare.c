/*
 * ladder_compare.c
 *		Operators on tier_ladder: equality, an order and hashes, so that a query
 *		can group by a ladder.
 */
#include "kam.h"

#include "common/hashfn.h"
#include "ladder.h"
#include "miscadmin.h"

static int ladder_compare(FunctionCallInfo fcinfo);

PG_FUNCTION_INFO_V1(kam_ladder_eq);
PG_FUNCTION_INFO_V1(kam_ladder_ne);
PG_FUNCTION_INFO_V1(kam_ladder_lt);
PG_FUNCTION_INFO_V1(kam_ladder_le);
PG_FUNCTION_INFO_V1(kam_ladder_gt);
PG_FUNCTION_INFO_V1(kam_ladder_ge);
PG_FUNCTION_INFO_V1(kam_ladder_cmp);
PG_FUNCTION_INFO_V1(kam_ladder_hash);
PG_FUNCTION_INFO_V1(kam_ladder_hash_extended);

/*
 * The order of two ladders: step by step by threshold, rate and fixed sum,
 * a ladder that ends earlier first.  How rates were written does not count.
 * Nothing that it allocates stays: a sort compares many times in one memory
 * context.
 */
static int
ladder_compare(FunctionCallInfo fcinfo)
{
	TierLadder *one_ladder = ladder_from_datum(PG_GETARG_DATUM(0));
	TierLadder *other_ladder = ladder_from_datum(PG_GETARG_DATUM(1));
	LadderStep *one;
	LadderStep *other;
	int one_count = ladder_read(one_ladder, &one);
	int other_count = ladder_read(other_ladder, &other);
	int order = 0;

	for (int i = 0; i < Min(one_count, other_count) && order == 0; i++)
	{
		CHECK_FOR_INTERRUPTS();
		order = number_compare(one[i].threshold, other[i].threshold);
		if (order == 0)
			order = number_compare(one[i].rate, other[i].rate);
		if (order == 0)
			order = number_compare(one[i].fixed, other[i].fixed);
	}
	pfree(one);
	pfree(other);
	PG_FREE_IF_COPY(one_ladder, 0);
	PG_FREE_IF_COPY(other_ladder, 1);
	return order != 0 ? order : one_count - other_count;
}

/*
 * Operator =.
 */
Datum
kam_ladder_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ladder_compare(fcinfo) == 0);
}

/*
 * Operator <>.
 */
Datum
kam_ladder_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ladder_compare(fcinfo) != 0);
}

/*
 * Operator <.
 */
Datum
kam_ladder_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ladder_compare(fcinfo) < 0);
}

/*
 * Operator <=.
 */
Datum
kam_ladder_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ladder_compare(fcinfo) <= 0);
}

/*
 * Operator >.
 */
Datum
kam_ladder_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ladder_compare(fcinfo) > 0);
}

/*
 * Operator >=.
 */
Datum
kam_ladder_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ladder_compare(fcinfo) >= 0);
}

/*
 * The order of two ladders, for btree.
 */
Datum
kam_ladder_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(ladder_compare(fcinfo));
}

/*
 * A hash that equal ladders share.
 */
Datum
kam_ladder_hash(PG_FUNCTION_ARGS)
{
	TierLadder *ladder = ladder_from_datum(PG_GETARG_DATUM(0));
	LadderStep *steps;
	int count = ladder_read(ladder, &steps);
	uint32 hash = (uint32) count;

	for (int i = 0; i < count; i++)
	{
		Numeric numbers[] = {steps[i].threshold, steps[i].rate, steps[i].fixed};

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < 3; j++)
			hash =
				hash_combine(hash,
							 DatumGetUInt32(DirectFunctionCall1(
								 hash_numeric, NumericGetDatum(numbers[j]))));
	}
	pfree(steps);
	PG_FREE_IF_COPY(ladder, 0);
	PG_RETURN_UINT32(hash);
}

/*
 * The same with 64 bits and a seed, for hash partitioning.
 */
Datum
kam_ladder_hash_extended(PG_FUNCTION_ARGS)
{
	TierLadder *ladder = ladder_from_datum(PG_GETARG_DATUM(0));
	LadderStep *steps;
	int count = ladder_read(ladder, &steps);
	Datum seed = PG_GETARG_DATUM(1);
	uint64 hash = DatumGetUInt64(seed) + count;

	for (int i = 0; i < count; i++)
	{
		Numeric numbers[] = {steps[i].threshold, steps[i].rate, steps[i].fixed};

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < 3; j++)
			hash =
				hash_combine64(hash, DatumGetUInt64(DirectFunctionCall2(
										 hash_numeric_extended,
										 NumericGetDatum(numbers[j]), seed)));
	}
	pfree(steps);
	PG_FREE_IF_COPY(ladder, 0);
	PG_RETURN_UINT64(hash);
}
