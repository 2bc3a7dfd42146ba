/*
 * visit_match.c
 *		Planned days and days of visits, matched one to one.
 */
#include "kam.h"

#include "calendar.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "params.h"
#include "row.h"
#include "utils/array.h"

#define MATCH_COLUMNS 3

/* The days in one list, ten years of them. */
#define MATCH_MAX_DAYS 3660

/* The most days that a visit may be off its plan. */
#define MATCH_MAX_TOLERANCE 366

/* What a pair counts for: more than all days that pairs can be apart. */
#define PAIR_VALUE (INT64CONST(1) << 32)

/*
 * How a list of planned days and one of visits end at their best.
 */
typedef enum Ending
{
	END_VISIT, /* the last visit is left over */
	END_PLAN,  /* the last planned day is */
	END_PAIR   /* they are a pair */
} Ending;

/*
 * Days, sorted, each once.
 */
typedef struct Days
{
	DateADT *dates;
	int count;
} Days;

static Days days_argument(FunctionCallInfo fcinfo, int place, const char *name);
static int tolerance_argument(FunctionCallInfo fcinfo, int place,
							  const char *name);
static int64 pair_value(DateADT planned, DateADT visited, int late, int early);
static uint8 *find_endings(const Days *planned, const Days *visited, int late,
						   int early);
static int *find_pairs(const Days *planned, const Days *visited, int late,
					   int early);
static void add_row(ReturnSetInfo *rows, const DateADT *planned,
					const DateADT *visited);

PG_FUNCTION_INFO_V1(kam_visit_match);

/*
 * The days in an array; NULL is none, and so is a NULL in it.
 */
static Days
days_argument(FunctionCallInfo fcinfo, int place, const char *name)
{
	Days days = {NULL, 0};
	ArrayType *array;
	Datum *elements;
	bool *nulls;
	int count;

	if (PG_ARGISNULL(place))
		return days;
	array = PG_GETARG_ARRAYTYPE_P(place);
	deconstruct_array(array, DATEOID, sizeof(DateADT), true, TYPALIGN_INT,
					  &elements, &nulls, &count);
	days.dates = palloc(sizeof(DateADT) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (nulls[i])
			continue;
		param_date(DatumGetDateADT(elements[i]), name);
		days.dates[days.count++] = DatumGetDateADT(elements[i]);
	}
	days.count = dates_sort(days.dates, days.count);
	if (days.count > MATCH_MAX_DAYS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has %d different days", name, days.count),
				 errhint("Up to %d are allowed: group by outlet and by year.",
						 MATCH_MAX_DAYS)));
	return days;
}

/*
 * A number of days that a visit may be off its plan.
 */
static int
tolerance_argument(FunctionCallInfo fcinfo, int place, const char *name)
{
	int days = PG_GETARG_INT32(place);

	if (days < 0 || days > MATCH_MAX_TOLERANCE)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must be from 0 to %d, but is %d", name,
							   MATCH_MAX_TOLERANCE, days),
						errhint("It is days: 0 asks for the visit on the very "
								"day.")));
	return days;
}

/*
 * What it is worth to take a visit for a planned day; 0 if it is too far off.
 */
static int64
pair_value(DateADT planned, DateADT visited, int late, int early)
{
	int64 off = (int64) visited - planned;

	if (off > late || -off > early)
		return 0;
	return PAIR_VALUE - (off < 0 ? -off : off);
}

/*
 * How the first i planned days and the first j visits end at their best, for
 * all i and j from 1 on.
 */
static uint8 *
find_endings(const Days *planned, const Days *visited, int late, int early)
{
	uint8 *endings = palloc((Size) planned->count * visited->count + 1);
	int64 *before = palloc0(sizeof(int64) * (visited->count + 1));
	int64 *now = palloc0(sizeof(int64) * (visited->count + 1));

	for (int i = 0; i < planned->count; i++)
	{
		int64 *filled = now;

		for (int j = 0; j < visited->count; j++)
		{
			int64 pair =
				pair_value(planned->dates[i], visited->dates[j], late, early);
			Ending ending = now[j] >= before[j + 1] ? END_VISIT : END_PLAN;

			CHECK_FOR_INTERRUPTS();
			now[j + 1] = Max(now[j], before[j + 1]);
			if (pair > 0 && before[j] + pair > now[j + 1])
			{
				now[j + 1] = before[j] + pair;
				ending = END_PAIR;
			}
			endings[(Size) i * visited->count + j] = ending;
		}
		now = before;
		before = filled;
	}
	return endings;
}

/*
 * The visit of each planned day, -1 for none, and behind them the planned day
 * of each visit: as many pairs as there can be, and of these the ones with the
 * fewest days between plan and visit.
 */
static int *
find_pairs(const Days *planned, const Days *visited, int late, int early)
{
	int count = planned->count + visited->count;
	int *pairs = palloc(sizeof(int) * Max(count, 1));
	uint8 *endings = find_endings(planned, visited, late, early);
	int i = planned->count;
	int j = visited->count;

	memset(pairs, -1, sizeof(int) * count);
	while (i > 0 && j > 0)
	{
		Ending ending = endings[(Size) (i - 1) * visited->count + j - 1];

		CHECK_FOR_INTERRUPTS();
		if (ending != END_VISIT)
			i--;
		if (ending != END_PLAN)
			j--;
		if (ending == END_PAIR)
		{
			pairs[i] = j;
			pairs[planned->count + j] = i;
		}
	}
	return pairs;
}

/*
 * Adds a row; the planned day or the visit may be missing.
 */
static void
add_row(ReturnSetInfo *rows, const DateADT *planned, const DateADT *visited)
{
	Datum values[MATCH_COLUMNS] = {0};
	bool nulls[MATCH_COLUMNS];

	nulls[0] = planned == NULL;
	nulls[1] = visited == NULL;
	nulls[2] = nulls[0] || nulls[1];
	if (planned != NULL)
		values[0] = DateADTGetDatum(*planned);
	if (visited != NULL)
		values[1] = DateADTGetDatum(*visited);
	if (!nulls[2])
		values[2] = Int32GetDatum(*visited - *planned);
	rows_add(rows, values, nulls);
}

/*
 * visit_match(planned, visited, tolerance, early): the planned days, each with
 * its visit, and the visits that were not planned, in the order of the days.
 */
Datum
kam_visit_match(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = rows_start(fcinfo, MATCH_COLUMNS);
	Days planned;
	Days visited;
	int late;
	int early;
	int *pairs;
	int i = 0;
	int j = 0;

	if (PG_ARGISNULL(2))
		return (Datum) 0;
	planned = days_argument(fcinfo, 0, "planned");
	visited = days_argument(fcinfo, 1, "visited");
	late = early = tolerance_argument(fcinfo, 2, "tolerance");
	if (!PG_ARGISNULL(3))
		early = tolerance_argument(fcinfo, 3, "early");
	pairs = find_pairs(&planned, &visited, late, early);

	while (i < planned.count || j < visited.count)
	{
		CHECK_FOR_INTERRUPTS();
		if (j < visited.count && pairs[planned.count + j] >= 0)
			j++;
		else if (j >= visited.count ||
				 (i < planned.count && planned.dates[i] <= visited.dates[j]))
		{
			add_row(rows, &planned.dates[i],
					pairs[i] >= 0 ? &visited.dates[pairs[i]] : NULL);
			i++;
		}
		else
			add_row(rows, NULL, &visited.dates[j++]);
	}
	return (Datum) 0;
}
