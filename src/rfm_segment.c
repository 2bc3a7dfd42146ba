/*
 * rfm_segment.c
 *		Named segments of customers by their RFM scores.
 */
#include "kam.h"

#include "executor/executor.h"
#include "kept.h"
#include "miscadmin.h"
#include "rfm.h"
#include "row.h"
#include "row_array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* The columns of rfm_segment_rule: the name, and two bounds a measure. */
#define RULE_COLUMNS (1 + 2 * RFM_MEASURES)

/*
 * From which to which score of each measure a segment goes.
 */
typedef struct Bounds
{
	int from[RFM_MEASURES];
	int to[RFM_MEASURES];
} Bounds;

typedef struct DefaultSegment
{
	const char *name;
	Bounds bounds;
} DefaultSegment;

typedef struct Segment
{
	text *name;
	Bounds bounds;
} Segment;

/* What a call site keeps: the segments as they came, and taken apart. */
typedef struct SegmentCall
{
	MemoryContext memory;
	bool loaded;
	ArrayType *array; /* NULL: the default segments */
	int count;
	Segment *segments;
	text *others;
} SegmentCall;

/* The segments of the R package rfm, for scores 1 to 5. */
static const DefaultSegment default_segments[] = {
	{"Champions", {{5, 5, 5}, {5, 5, 5}}},
	{"Potential Loyalist", {{3, 3, 2}, {5, 5, 5}}},
	{"Loyal Customers", {{2, 2, 2}, {4, 4, 4}}},
	{"Promising", {{3, 1, 3}, {4, 3, 5}}},
	{"New Customers", {{4, 1, 1}, {5, 3, 5}}},
	{"Can't Lose Them", {{1, 3, 4}, {2, 4, 5}}},
	{"At Risk", {{1, 2, 4}, {2, 5, 5}}},
	{"Need Attention", {{1, 3, 3}, {3, 5, 5}}},
	{"About To Sleep", {{2, 1, 1}, {3, 3, 4}}},
	{"Lost", {{1, 1, 1}, {1, 5, 5}}},
};

static const char *const bound_names[] = {"recency_from",	"recency_to",
										  "frequency_from", "frequency_to",
										  "monetary_from",	"monetary_to"};

static int read_bound(const RowElement *row, int i, int otherwise);
static void read_segment(const RowElement *row, Segment *segment);
static void load_segments(FunctionCallInfo fcinfo, SegmentCall *call);
static bool read_scores(HeapTupleHeader row, int *scores);
static bool is_within(const int *scores, const Bounds *bounds);

PG_FUNCTION_INFO_V1(kam_rfm_segments);
PG_FUNCTION_INFO_V1(kam_rfm_segment);

/*
 * rfm_segments(): the default segments
 */
Datum
kam_rfm_segments(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = rows_start(fcinfo, RULE_COLUMNS);

	for (int i = 0; i < lengthof(default_segments); i++)
	{
		const Bounds *bounds = &default_segments[i].bounds;
		Datum values[RULE_COLUMNS];
		bool nulls[RULE_COLUMNS] = {false};

		values[0] = CStringGetTextDatum(default_segments[i].name);
		for (int j = 0; j < RFM_MEASURES; j++)
		{
			values[1 + 2 * j] = Int32GetDatum(bounds->from[j]);
			values[2 + 2 * j] = Int32GetDatum(bounds->to[j]);
		}
		rows_add(rows, values, nulls);
	}
	return (Datum) 0;
}

/*
 * A bound of a segment, a score; where it is NULL there is none.
 */
static int
read_bound(const RowElement *row, int i, int otherwise)
{
	int bound;

	if (row->nulls[1 + i])
		return otherwise;
	bound = DatumGetInt32(row->values[1 + i]);
	if (bound < 1 || bound > RFM_MOST_BINS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of segment \"%s\" must be from 1 to %d, but is %d",
						bound_names[i], TextDatumGetCString(row->values[0]),
						RFM_MOST_BINS, bound),
				 errhint("It is a score; NULL is no bound.")));
	return bound;
}

/*
 * Reads a segment, which must have a name.
 */
static void
read_segment(const RowElement *row, Segment *segment)
{
	Bounds *bounds = &segment->bounds;

	if (row->nulls[0])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("segment %d of segments has no name", row->place),
				 errhint("Name each segment.")));
	segment->name = DatumGetTextPCopy(row->values[0]);
	for (int i = 0; i < RFM_MEASURES; i++)
	{
		bounds->from[i] = read_bound(row, 2 * i, 1);
		bounds->to[i] = read_bound(row, 2 * i + 1, RFM_MOST_BINS);
		if (bounds->from[i] > bounds->to[i])
			ereport(
				ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("segment \"%s\" has %s %d above %s %d",
						text_to_cstring(segment->name), bound_names[2 * i],
						bounds->from[i], bound_names[2 * i + 1], bounds->to[i]),
				 errhint("No score is in it: give the lower bound first.")));
	}
}

/*
 * Takes the segments in argument 1 apart, or makes the default ones, unless
 * they are those of the row before.
 */
static void
load_segments(FunctionCallInfo fcinfo, SegmentCall *call)
{
	ArrayType *array = PG_ARGISNULL(1) ? NULL : PG_GETARG_ARRAYTYPE_P(1);
	MemoryContext outer;

	if (call->loaded &&
		kept_same((struct varlena *) array, (struct varlena *) call->array))
		return;

	call->loaded = false;
	call->array = NULL;
	if (call->memory == NULL)
		call->memory =
			AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "kam segments",
								  ALLOCSET_SMALL_SIZES);
	MemoryContextReset(call->memory);
	outer = MemoryContextSwitchTo(call->memory);
	call->others = cstring_to_text("Others");
	if (array == NULL)
	{
		call->count = lengthof(default_segments);
		call->segments = palloc(sizeof(Segment) * call->count);
		for (int i = 0; i < call->count; i++)
		{
			call->segments[i].name = cstring_to_text(default_segments[i].name);
			call->segments[i].bounds = default_segments[i].bounds;
		}
	}
	else
	{
		RowElement *rows;

		call->array =
			(ArrayType *) kept_copy(call->memory, (struct varlena *) array);
		rows =
			row_array_read(call->array, "segments", RULE_COLUMNS, &call->count);
		call->segments = palloc(sizeof(Segment) * Max(call->count, 1));
		for (int i = 0; i < call->count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			read_segment(&rows[i], &call->segments[i]);
		}
	}
	MemoryContextSwitchTo(outer);
	call->loaded = true;
}

/*
 * Reads the scores of a row of rfm_result; false when one of them is NULL.
 */
static bool
read_scores(HeapTupleHeader row, int *scores)
{
	for (int i = 0; i < RFM_MEASURES; i++)
	{
		bool null;

		scores[i] =
			DatumGetInt32(GetAttributeByNum(row, (AttrNumber) (i + 1), &null));
		if (null)
			return false;
	}
	return true;
}

/*
 * Whether scores are within the bounds of a segment.
 */
static bool
is_within(const int *scores, const Bounds *bounds)
{
	for (int i = 0; i < RFM_MEASURES; i++)
		if (scores[i] < bounds->from[i] || scores[i] > bounds->to[i])
			return false;
	return true;
}

/*
 * rfm_segment(score, segments): the first segment that the scores are within
 */
Datum
kam_rfm_segment(PG_FUNCTION_ARGS)
{
	SegmentCall *call = kept_memory(fcinfo, sizeof(SegmentCall));
	int scores[RFM_MEASURES];

	if (PG_ARGISNULL(0) || !read_scores(PG_GETARG_HEAPTUPLEHEADER(0), scores))
		PG_RETURN_NULL();
	load_segments(fcinfo, call);
	for (int i = 0; i < call->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (is_within(scores, &call->segments[i].bounds))
			PG_RETURN_TEXT_P(call->segments[i].name);
	}
	PG_RETURN_TEXT_P(call->others);
}
