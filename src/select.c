/*
 * select.c
 *		Weighted selection: the values at which the weight of values, largest
 *		first, reaches given goals.  A value weighs what it is, or one.
 *		Linear, without a sort.
 */
#include "kam.h"

#include "miscadmin.h"
#include "select.h"
#include "utils/memutils.h"
#include "window.h"

/* Segments up to this length are sorted, longer ones split into buckets. */
#define SORTED_LENGTH 32
#define BUCKETS 256

/*
 * What is looked for: goals, which don't fall and lie between 1 and the weight
 * of all values, and where the values that reach them go.  Values up to below
 * have no part in it.
 */
typedef struct Search
{
	bool by_place;
	int128 below;
	const int128 *goals;
	int128 *found;
} Search;

/*
 * Values of a partition that lie in one range, and the goals that are reached
 * among them; above is the weight of all values beyond that range.
 */
typedef struct Segment
{
	const int128 *values;
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
	int128 weight;
	int64 count;
} Bucket;

static void find_goals(const Search *search, const int128 *values, int64 count,
					   int goal_count);
static void find_by_sorting(const Search *search, const Segment *segment);
static void value_range(const Search *search, const Segment *segment,
						int128 *least, int128 *most);
static void fill_buckets(const Search *search, const Segment *segment,
						 int128 least, int shift, Bucket *buckets);
static int128 *take_bucket(const Segment *segment, int128 least, int shift,
						   int bucket, int64 count);

/*
 * Finds for each goal the value at which the sum of the values above zero,
 * largest first, reaches it.  Goals don't fall and lie between 1 and the sum.
 */
void
select_by_sum(const int128 *values, int64 count, const int128 *goals,
			  int goal_count, int128 *found)
{
	Search by_sum = {false, VALUE_NOTHING, goals, found};

	find_goals(&by_sum, values, count, goal_count);
}

/*
 * Finds the values at given places among those that are not NULL, counted from
 * 1 at the largest.
 */
void
select_by_place(const int128 *values, int64 count, const int64 *places,
				int place_count, int128 *found)
{
	int128 goals[SELECT_MOST];
	int128 at_goals[SELECT_MOST];
	int order[SELECT_MOST];
	Search by_place = {true, VALUE_NULL, goals, at_goals};

	Assert(place_count <= SELECT_MOST);
	for (int i = 0; i < place_count; i++)
	{
		int j = i;

		for (; j > 0 && goals[j - 1] > places[i]; j--)
		{
			goals[j] = goals[j - 1];
			order[j] = order[j - 1];
		}
		goals[j] = places[i];
		order[j] = i;
	}
	find_goals(&by_place, values, count, place_count);
	for (int i = 0; i < place_count; i++)
		found[order[i]] = at_goals[i];
}

/*
 * Finds all goals of a search.
 *
 * The range of the values is split into buckets with a weight each, and only
 * the buckets in which a goal is reached are split again.  Each level takes
 * eight bits off the range: no order of rows, no spread of values and no ties
 * need more than sixteen of them.
 */
static void
find_goals(const Search *search, const int128 *values, int64 count,
		   int goal_count)
{
	Segment pending[SELECT_MOST];
	Bucket buckets[BUCKETS];
	int segments = 0;

	Assert(goal_count <= SELECT_MOST);
	if (goal_count > 0)
		pending[segments++] = (Segment){values, count, 0, 0, goal_count};
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
			find_by_sorting(search, &segment);
			segment.first_goal = segment.end_goal;
		}
		else
		{
			uint128 range;

			value_range(search, &segment, &least, &most);
			range = (uint128) most - (uint128) least;
			while ((range >> shift) >= BUCKETS)
				shift++;
			fill_buckets(search, &segment, least, shift, buckets);
		}

		for (goal = segment.first_goal; goal < segment.end_goal;)
		{
			const int128 *goals = search->goals;
			int first_goal = goal;

			while (above + buckets[bucket].weight < goals[goal])
				above += buckets[bucket--].weight;
			while (goal < segment.end_goal &&
				   goals[goal] <= above + buckets[bucket].weight)
				search->found[goal++] = least + bucket;
			if (shift > 0)
				pending[segments++] =
					(Segment){take_bucket(&segment, least, shift, bucket,
										  buckets[bucket].count),
							  buckets[bucket].count, above, first_goal, goal};
		}
		if (segment.values != values)
			pfree(unconstify(int128 *, segment.values));
	}
}

/*
 * The same in a segment of few values.
 */
static void
find_by_sorting(const Search *search, const Segment *segment)
{
	int128 sorted[SORTED_LENGTH];
	int128 weight = segment->above;
	int goal = segment->first_goal;
	int count = 0;

	for (int64 i = 0; i < segment->count; i++)
	{
		int128 value = segment->values[i];
		int place;

		if (value <= search->below)
			continue;
		for (place = count++; place > 0 && sorted[place - 1] < value; place--)
			sorted[place] = sorted[place - 1];
		sorted[place] = value;
	}
	for (int i = 0; i < count; i++)
	{
		weight += search->by_place ? 1 : sorted[i];
		while (goal < segment->end_goal && search->goals[goal] <= weight)
			search->found[goal++] = sorted[i];
	}
}

/*
 * The smallest and the largest of the values of a segment that have a part,
 * of which there is one at least.
 */
static void
value_range(const Search *search, const Segment *segment, int128 *least,
			int128 *most)
{
	int128 below = search->below;
	bool any = false;

	*least = 0;
	*most = 0;
	for (int64 i = 0; i < segment->count; i++)
	{
		int128 value = segment->values[i];

		CHECK_FOR_INTERRUPTS();
		if (value <= below)
			continue;
		if (!any || value > *most)
			*most = value;
		if (!any || value < *least)
			*least = value;
		any = true;
	}
}

/*
 * Weighs and counts the values of a segment by bucket.
 */
static void
fill_buckets(const Search *search, const Segment *segment, int128 least,
			 int shift, Bucket *buckets)
{
	int128 below = search->below;
	bool by_place = search->by_place;

	memset(buckets, 0, sizeof(Bucket) * BUCKETS);
	for (int64 i = 0; i < segment->count; i++)
	{
		int128 value = segment->values[i];

		CHECK_FOR_INTERRUPTS();
		if (value > below)
		{
			uint128 offset = (uint128) value - (uint128) least;
			Bucket *bucket = &buckets[(int) (offset >> shift)];

			bucket->weight += by_place ? 1 : value;
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
	int128 from = (int128) ((uint128) least + ((uint128) bucket << shift));
	int128 to = (int128) ((uint128) from + (((uint128) 1 << shift) - 1));
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
