/*
 * abc_cuts.c
 *		Weighted selection: the values at which the sum of values, largest
 *		first, reaches given goals.  Linear, without a sort.
 */
#include "kam.h"

#include "abc_cuts.h"
#include "miscadmin.h"
#include "utils/memutils.h"

/* Segments up to this length are sorted, longer ones split into buckets. */
#define SORTED_LENGTH 32
#define BUCKETS 256

/*
 * Values of a partition that lie in one range, and the goals that are reached
 * among them; above is the sum of all values beyond that range.
 */
typedef struct Segment
{
	int128 *values;
	int64 count;
	int128 above;
	int first_goal;
	int end_goal;
} Segment;

/*
 * The values of a segment that lie in one part of its range.
 */
typedef struct Bucket
{
	int128 sum;
	int64 count;
} Bucket;

static void cuts_by_sorting(const Segment *segment, const int128 *goals,
							int128 *cuts);
static void value_range(const Segment *segment, int128 *least, int128 *most);
static void fill_buckets(const Segment *segment, int128 least, int shift,
						 Bucket *buckets);
static int128 *take_bucket(const Segment *segment, int128 least, int shift,
						   int bucket, int64 count);

/*
 * Finds for each goal the value at which the sum, largest values first,
 * reaches it.  Goals don't fall and lie between 1 and the total.
 *
 * The range of the values is split into buckets with a sum each, and only the
 * buckets in which a goal is reached are split again.  Each level takes eight
 * bits off the range: no order of rows, no spread of values and no ties need
 * more than sixteen of them.
 */
void
abc_find_cuts(int128 *values, int64 count, const int128 *goals, int goal_count,
			  int128 *cuts)
{
	Segment pending[ABC_MOST_CUTOFFS];
	Bucket buckets[BUCKETS];
	int segments = 1;

	pending[0] = (Segment){values, count, 0, 0, goal_count};
	while (segments > 0)
	{
		Segment segment = pending[--segments];
		int128 above = segment.above;
		int bucket = BUCKETS - 1;
		int shift = 0;
		int128 least;
		int128 most;
		int goal;

		CHECK_FOR_INTERRUPTS();
		if (segment.count <= SORTED_LENGTH)
		{
			cuts_by_sorting(&segment, goals, cuts);
			segment.first_goal = segment.end_goal;
		}
		else
		{
			value_range(&segment, &least, &most);
			while (((most - least) >> shift) >= BUCKETS)
				shift++;
			fill_buckets(&segment, least, shift, buckets);
		}

		for (goal = segment.first_goal; goal < segment.end_goal;)
		{
			int first_goal = goal;

			while (above + buckets[bucket].sum < goals[goal])
				above += buckets[bucket--].sum;
			while (goal < segment.end_goal &&
				   goals[goal] <= above + buckets[bucket].sum)
				cuts[goal++] = least + bucket;
			if (shift > 0)
				pending[segments++] =
					(Segment){take_bucket(&segment, least, shift, bucket,
										  buckets[bucket].count),
							  buckets[bucket].count, above, first_goal, goal};
		}
		if (segment.values != values)
			pfree(segment.values);
	}
}

/*
 * As abc_find_cuts, for a segment of few values.
 */
static void
cuts_by_sorting(const Segment *segment, const int128 *goals, int128 *cuts)
{
	int128 sorted[SORTED_LENGTH];
	int128 sum = segment->above;
	int goal = segment->first_goal;
	int count = 0;

	for (int64 i = 0; i < segment->count; i++)
	{
		int128 value = segment->values[i];
		int place;

		if (value <= 0)
			continue;
		for (place = count++; place > 0 && sorted[place - 1] < value; place--)
			sorted[place] = sorted[place - 1];
		sorted[place] = value;
	}
	for (int i = 0; i < count; i++)
	{
		sum += sorted[i];
		while (goal < segment->end_goal && goals[goal] <= sum)
			cuts[goal++] = sorted[i];
	}
}

/*
 * The smallest and the largest value above zero of a segment, which has one.
 */
static void
value_range(const Segment *segment, int128 *least, int128 *most)
{
	*least = 0;
	*most = 0;
	for (int64 i = 0; i < segment->count; i++)
	{
		int128 value = segment->values[i];

		CHECK_FOR_INTERRUPTS();
		if (value > *most)
			*most = value;
		if (value > 0 && (value < *least || *least == 0))
			*least = value;
	}
}

/*
 * Sums and counts the values above zero of a segment by bucket.
 */
static void
fill_buckets(const Segment *segment, int128 least, int shift, Bucket *buckets)
{
	memset(buckets, 0, sizeof(Bucket) * BUCKETS);
	for (int64 i = 0; i < segment->count; i++)
	{
		int128 value = segment->values[i];

		CHECK_FOR_INTERRUPTS();
		if (value > 0)
		{
			Bucket *bucket = &buckets[(int) ((value - least) >> shift)];

			bucket->sum += value;
			bucket->count++;
		}
	}
}

/*
 * A copy of the values of a segment that lie in one of its buckets.
 */
static int128 *
take_bucket(const Segment *segment, int128 least, int shift, int bucket,
			int64 count)
{
	int128 *taken = MemoryContextAllocHuge(CurrentMemoryContext,
										   sizeof(int128) * (Size) count);
	int128 from = least + ((int128) bucket << shift);
	int128 to = from + (((int128) 1 << shift) - 1);
	int64 filled = 0;

	for (int64 i = 0; i < segment->count; i++)
	{
		int128 value = segment->values[i];

		CHECK_FOR_INTERRUPTS();
		if (value >= from && value <= to)
			taken[filled++] = value;
	}
	Assert(filled == count);
	return taken;
}
