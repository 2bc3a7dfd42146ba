/*
 * plan_progress.c
 *		The row of a plan table: target, actual and last year at a point of the
 *		plan's period, and what follows from them.
 */
#include "kam.h"

#include "kept.h"
#include "number.h"
#include "pace.h"
#include "params.h"
#include "row.h"
#include "utils/fmgrprotos.h"

/*
 * The arguments, by place.
 */
enum
{
	ARG_TARGET,
	ARG_ACTUAL,
	ARG_PRIOR_YEAR,
	ARG_PRIOR_TO_DATE,
	ARG_PERIOD,
	ARG_AS_OF,
	ARG_CALENDAR,
	ARG_TOLERANCE,
	ARG_UNIT,
	ARG_PRIOR,
	ARG_WEIGHTS,
	ARG_GRAIN,
	ARG_MEASURE
};

/*
 * The columns of plan_result, by place.
 */
enum
{
	COLUMN_TARGET,
	COLUMN_BALANCE,
	COLUMN_ACTUAL,
	COLUMN_RUN_RATE,
	COLUMN_ATTAINMENT,
	COLUMN_PRIOR_YEAR,
	COLUMN_GROWTH,
	COLUMN_GAP,
	COLUMN_ACHIEVED,
	COLUMN_PRORATA_TARGET,
	COLUMN_PRORATA_GAP,
	COLUMN_CURRENT_RATE,
	COLUMN_REQUIRED_RATE,
	COLUMN_GROWTH_LIKE_FOR_LIKE,
	COLUMN_PROJECTED_GROWTH,
	COLUMN_ELAPSED_SHARE,
	NUMBERS, /* the columns up to here are numeric */
	COLUMN_STATUS = NUMBERS,
	COLUMNS
};

/*
 * A flow adds up over the period, as sales do; a level stands at some height
 * at any time, as a margin or a number of products does.
 */
typedef enum Measure
{
	MEASURE_FLOW,
	MEASURE_LEVEL
} Measure;

static const char *const measure_names[] = {"flow", "level", NULL};

/*
 * What a call site keeps.
 */
typedef struct PlanCache
{
	PaceCache *pace;
	TupleDesc result;
} PlanCache;

static Numeric number_argument(FunctionCallInfo fcinfo, int place,
							   const char *name);
static Numeric difference(Numeric one, Numeric other);
static Numeric quotient(Numeric one, Numeric other);
static void exclude(FunctionCallInfo fcinfo, int place, const char *name,
					const char *other);
static void check_ways(FunctionCallInfo fcinfo);
static const Pace *find_pace(FunctionCallInfo fcinfo, PlanCache *cache);
static void progress(const Pace *pace, Measure measure, Numeric *columns);

PG_FUNCTION_INFO_V1(kam_achieved);
PG_FUNCTION_INFO_V1(kam_plan_progress);

/*
 * An argument that may be NULL.
 */
static Numeric
number_argument(FunctionCallInfo fcinfo, int place, const char *name)
{
	return PG_ARGISNULL(place) ? NULL
							   : param_finite(PG_GETARG_NUMERIC(place), name);
}

/*
 * One number less another; NULL if either is missing.
 */
static Numeric
difference(Numeric one, Numeric other)
{
	return one && other ? number_subtract(one, other) : NULL;
}

/*
 * One number over another; NULL if either is missing or there is nothing to
 * divide by.
 */
static Numeric
quotient(Numeric one, Numeric other)
{
	return one && other ? number_ratio(one, other) : NULL;
}

/*
 * Refuses an argument beside another that counts in its own way.
 */
static void
exclude(FunctionCallInfo fcinfo, int place, const char *name, const char *other)
{
	if (!PG_ARGISNULL(place))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s and %s are two ways of counting", other, name),
				 errhint("Give one: unit \"months\", a calendar, prior or "
						 "weights. A calendar may stand beside prior or "
						 "weights.")));
}

/*
 * Refuses ways of counting that contradict each other.
 */
static void
check_ways(FunctionCallInfo fcinfo)
{
	if (pace_unit(PG_GETARG_TEXT_PP(ARG_UNIT)) == PACE_MONTHS)
	{
		exclude(fcinfo, ARG_CALENDAR, "calendar", "unit \"months\"");
		exclude(fcinfo, ARG_PRIOR, "prior", "unit \"months\"");
		exclude(fcinfo, ARG_WEIGHTS, "weights", "unit \"months\"");
	}
	if (!PG_ARGISNULL(ARG_PRIOR))
		exclude(fcinfo, ARG_WEIGHTS, "weights", "prior");
	grain_from_text(PG_GETARG_TEXT_PP(ARG_GRAIN));
}

/*
 * The pace of this call.
 */
static const Pace *
find_pace(FunctionCallInfo fcinfo, PlanCache *cache)
{
	static const int places[PACE_PARTS] = {
		[PACE_PERIOD] = ARG_PERIOD,		[PACE_UNIT] = ARG_UNIT,
		[PACE_CALENDAR] = ARG_CALENDAR, [PACE_PRIOR] = ARG_PRIOR,
		[PACE_WEIGHTS] = ARG_WEIGHTS,	[PACE_GRAIN] = ARG_GRAIN};
	PaceSetting setting = {0};

	check_ways(fcinfo);
	setting.as_of = PG_GETARG_DATEADT(ARG_AS_OF);
	for (PacePart part = 0; part < PACE_PARTS; part++)
		if (!PG_ARGISNULL(places[part]))
			setting.parts[part] =
				PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(places[part]));
	return pace_find(&cache->pace, fcinfo->flinfo->fn_mcxt, &setting);
}

/*
 * The columns that follow from the pace.
 */
static void
progress(const Pace *pace, Measure measure, Numeric *columns)
{
	Numeric target = columns[COLUMN_TARGET];
	Numeric actual = columns[COLUMN_ACTUAL];

	columns[COLUMN_ELAPSED_SHARE] = pace_share(pace);
	if (measure == MEASURE_LEVEL)
	{
		columns[COLUMN_RUN_RATE] = pace->begun ? actual : NULL;
		columns[COLUMN_PRORATA_TARGET] = target;
		return;
	}
	if (actual != NULL)
	{
		columns[COLUMN_RUN_RATE] = pace_run_rate(pace, actual);
		columns[COLUMN_CURRENT_RATE] = pace_current_rate(pace, actual);
	}
	if (target != NULL)
		columns[COLUMN_PRORATA_TARGET] = pace_prorated(pace, target);
	if (actual != NULL && target != NULL)
		columns[COLUMN_REQUIRED_RATE] =
			pace_required_rate(pace, target, actual);
}

/*
 * achieved(actual, target): actual / target
 */
Datum
kam_achieved(PG_FUNCTION_ARGS)
{
	Numeric actual = param_finite(PG_GETARG_NUMERIC(0), "actual");
	Numeric target = param_finite(PG_GETARG_NUMERIC(1), "target");

	return number_result(fcinfo, number_over(actual, target));
}

/*
 * plan_progress(target, actual, prior_year, prior_to_date, period, as_of,
 * calendar, tolerance, unit, prior, weights, grain, measure)
 */
Datum
kam_plan_progress(PG_FUNCTION_ARGS)
{
	PlanCache *cache;
	const Pace *pace;
	Measure measure;
	Numeric tolerance;
	Numeric columns[NUMBERS] = {0};
	Datum values[COLUMNS] = {0};
	bool nulls[COLUMNS];

	if (PG_ARGISNULL(ARG_PERIOD) || PG_ARGISNULL(ARG_AS_OF) ||
		PG_ARGISNULL(ARG_TOLERANCE) || PG_ARGISNULL(ARG_UNIT) ||
		PG_ARGISNULL(ARG_GRAIN) || PG_ARGISNULL(ARG_MEASURE))
		PG_RETURN_NULL();

	columns[COLUMN_TARGET] = number_argument(fcinfo, ARG_TARGET, "target");
	if (columns[COLUMN_TARGET] != NULL)
		param_not_negative(columns[COLUMN_TARGET], "target");
	columns[COLUMN_ACTUAL] = number_argument(fcinfo, ARG_ACTUAL, "actual");
	columns[COLUMN_PRIOR_YEAR] =
		number_argument(fcinfo, ARG_PRIOR_YEAR, "prior_year");
	tolerance = param_fraction(PG_GETARG_NUMERIC(ARG_TOLERANCE), "tolerance");
	measure = (Measure) param_choice(PG_GETARG_TEXT_PP(ARG_MEASURE), "measure",
									 measure_names);
	columns[COLUMN_GROWTH_LIKE_FOR_LIKE] =
		difference(columns[COLUMN_ACTUAL],
				   number_argument(fcinfo, ARG_PRIOR_TO_DATE, "prior_to_date"));

	cache = kept_memory(fcinfo, sizeof(PlanCache));
	pace = find_pace(fcinfo, cache);
	progress(pace, measure, columns);

	columns[COLUMN_BALANCE] =
		difference(columns[COLUMN_TARGET], columns[COLUMN_ACTUAL]);
	columns[COLUMN_ATTAINMENT] =
		quotient(columns[COLUMN_RUN_RATE], columns[COLUMN_TARGET]);
	columns[COLUMN_GROWTH] =
		difference(columns[COLUMN_ACTUAL], columns[COLUMN_PRIOR_YEAR]);
	columns[COLUMN_GAP] =
		difference(columns[COLUMN_ATTAINMENT], int64_to_numeric(1));
	columns[COLUMN_ACHIEVED] =
		quotient(columns[COLUMN_ACTUAL], columns[COLUMN_TARGET]);
	columns[COLUMN_PRORATA_GAP] =
		difference(columns[COLUMN_ACTUAL], columns[COLUMN_PRORATA_TARGET]);
	columns[COLUMN_PROJECTED_GROWTH] =
		difference(columns[COLUMN_RUN_RATE], columns[COLUMN_PRIOR_YEAR]);

	for (int i = 0; i < NUMBERS; i++)
		row_number(&values[i], &nulls[i], columns[i]);
	nulls[COLUMN_STATUS] = !pace->begun || nulls[COLUMN_PRORATA_GAP];
	if (!nulls[COLUMN_STATUS])
		values[COLUMN_STATUS] = Int32GetDatum(
			number_side(columns[COLUMN_ACTUAL], columns[COLUMN_PRORATA_TARGET],
						tolerance));
	return row_result(fcinfo, &cache->result, COLUMNS, values, nulls);
}
