/*
 * scorecard.c
 *		How an indicator stands to its goal and to the period before, and the
 *		scorecard of a key account's five indicators.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "number.h"
#include "params.h"
#include "row.h"
#include "utils/builtins.h"

/*
 * The indicators, in their order; each has a value and a goal among the
 * arguments.
 */
enum
{
	SALES,
	SHARE,
	EXECUTION,
	PROFIT,
	FILL_RATE,
	INDICATORS
};

/*
 * The arguments that follow.
 */
enum
{
	ARG_WEIGHTS = 2 * INDICATORS,
	ARG_CAP,
	ARG_TOLERANCE,
	ARG_MIX,
	ARG_MIX_GOAL
};

/*
 * The columns of scorecard_line.
 */
enum
{
	COLUMN_NO,
	COLUMN_INDICATOR,
	COLUMN_VALUE,
	COLUMN_GOAL,
	COLUMN_ATTAINMENT,
	COLUMN_COUNTED,
	COLUMN_STATUS,
	COLUMN_WEIGHT,
	LINE_COLUMNS
};

/*
 * One line of a scorecard; what is not known is NULL.
 */
typedef struct ScorecardLine
{
	Numeric value;
	Numeric goal;
	Numeric attainment;
	Numeric counted;
	Numeric weight;
	int status;
	bool has_status;
} ScorecardLine;

static const char *const direction_names[] = {"up", "down", NULL};

static const char *const indicator_names[INDICATORS] = {"sales", "share",
														"execution", "profit",
														"fill rate"};

static const char *const argument_names[2 * INDICATORS] = {
	"sales",	 "sales_target",	 "share",  "share_target",
	"execution", "execution_target", "profit", "profit_target",
	"fill_rate", "fill_rate_target"};

static bool is_down(FunctionCallInfo fcinfo, int place);
static int status_of(Numeric value, Numeric goal, Numeric tolerance, bool down);
static Numeric argument(FunctionCallInfo fcinfo, int place, const char *name);
static void judge_sales(FunctionCallInfo fcinfo, ScorecardLine *sales);
static void read_weights(ArrayType *array, ScorecardLine *lines);
static bool read_scorecard(FunctionCallInfo fcinfo, ScorecardLine *lines);

PG_FUNCTION_INFO_V1(kam_kpi_status);
PG_FUNCTION_INFO_V1(kam_kpi_trend);
PG_FUNCTION_INFO_V1(kam_kpi_attainment);
PG_FUNCTION_INFO_V1(kam_scorecard);
PG_FUNCTION_INFO_V1(kam_scorecard_score);

/*
 * Whether less is better.
 */
static bool
is_down(FunctionCallInfo fcinfo, int place)
{
	return param_choice(PG_GETARG_TEXT_PP(place), "direction",
						direction_names) == 1;
}

/*
 * 1 where the goal is reached, 0 where it is missed by no more than a fraction
 * of it, else -1.
 */
static int
status_of(Numeric value, Numeric goal, Numeric tolerance, bool down)
{
	int order = number_compare(value, goal);

	if (down ? order <= 0 : order >= 0)
		return 1;
	return number_side(value, goal, tolerance) == 0 ? 0 : -1;
}

/*
 * kpi_status(value, goal, tolerance, direction)
 */
Datum
kam_kpi_status(PG_FUNCTION_ARGS)
{
	Numeric value = param_finite(PG_GETARG_NUMERIC(0), "value");
	Numeric goal = param_finite(PG_GETARG_NUMERIC(1), "goal");
	Numeric tolerance = param_fraction(PG_GETARG_NUMERIC(2), "tolerance");

	PG_RETURN_INT32(status_of(value, goal, tolerance, is_down(fcinfo, 3)));
}

/*
 * kpi_trend(value, before, tolerance, direction)
 */
Datum
kam_kpi_trend(PG_FUNCTION_ARGS)
{
	Numeric value = param_finite(PG_GETARG_NUMERIC(0), "value");
	Numeric before = param_finite(PG_GETARG_NUMERIC(1), "before");
	Numeric tolerance = param_fraction(PG_GETARG_NUMERIC(2), "tolerance");
	bool down = is_down(fcinfo, 3);
	int side = number_side(value, before, tolerance);

	PG_RETURN_INT32(down ? -side : side);
}

/*
 * kpi_attainment(value, goal, direction): value / goal, or goal / value where
 * less is better
 */
Datum
kam_kpi_attainment(PG_FUNCTION_ARGS)
{
	Numeric value = param_finite(PG_GETARG_NUMERIC(0), "value");
	Numeric goal = param_finite(PG_GETARG_NUMERIC(1), "goal");

	if (!is_down(fcinfo, 2))
		return number_result(fcinfo, number_over(value, goal));
	if (number_sign(goal) < 0)
		PG_RETURN_NULL();
	return number_result(fcinfo, number_over(goal, value));
}

/*
 * A number among the arguments; NULL if it is missing.
 */
static Numeric
argument(FunctionCallInfo fcinfo, int place, const char *name)
{
	return PG_ARGISNULL(place) ? NULL
							   : param_finite(PG_GETARG_NUMERIC(place), name);
}

/*
 * Sales that reach their goal have not reached it while too few of them are
 * of high margin, and nothing is known while that share is not.
 */
static void
judge_sales(FunctionCallInfo fcinfo, ScorecardLine *sales)
{
	Numeric mix = argument(fcinfo, ARG_MIX, "high_margin_share");

	if (PG_ARGISNULL(ARG_MIX_GOAL))
		return;
	param_fraction(PG_GETARG_NUMERIC(ARG_MIX_GOAL), "high_margin_required");
	if (!sales->has_status || sales->status < 1)
		return;
	if (mix == NULL)
		sales->has_status = false;
	else if (number_compare(mix, PG_GETARG_NUMERIC(ARG_MIX_GOAL)) < 0)
		sales->status = 0;
}

/*
 * The weights of the indicators.
 */
static void
read_weights(ArrayType *array, ScorecardLine *lines)
{
	int count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	Datum *weights;

	if (count != INDICATORS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weights has %d elements, not %d", count, INDICATORS),
				 errhint("Give those of sales, share, execution, profit and "
						 "fill rate, in this order.")));
	param_array(array, "weights", NUMERICOID, INDICATORS, &weights);
	for (int i = 0; i < INDICATORS; i++)
		lines[i].weight =
			param_not_negative(DatumGetNumeric(weights[i]), "weights");
}

/*
 * The lines of a scorecard from the arguments; false if a setting is NULL.
 */
static bool
read_scorecard(FunctionCallInfo fcinfo, ScorecardLine *lines)
{
	Numeric cap = NULL;
	Numeric tolerance;

	if (PG_ARGISNULL(ARG_WEIGHTS) || PG_ARGISNULL(ARG_TOLERANCE))
		return false;
	read_weights(PG_GETARG_ARRAYTYPE_P(ARG_WEIGHTS), lines);
	if (!PG_ARGISNULL(ARG_CAP))
		cap = param_above_zero(PG_GETARG_NUMERIC(ARG_CAP), "cap",
							   "1.2 lets an indicator count 120 % at most.");
	tolerance = param_fraction(PG_GETARG_NUMERIC(ARG_TOLERANCE), "tolerance");

	for (int i = 0; i < INDICATORS; i++)
	{
		ScorecardLine *line = &lines[i];

		line->value = argument(fcinfo, 2 * i, argument_names[2 * i]);
		line->goal = argument(fcinfo, 2 * i + 1, argument_names[2 * i + 1]);
		if (line->goal != NULL && (i == SHARE || i == FILL_RATE))
			param_fraction(line->goal, argument_names[2 * i + 1]);
		line->has_status = line->value != NULL && line->goal != NULL;
		if (!line->has_status)
			continue;
		line->status = status_of(line->value, line->goal, tolerance, false);
		line->attainment = number_over(line->value, line->goal);
		if (line->attainment != NULL)
			line->counted = number_at_most(line->attainment, cap);
	}
	judge_sales(fcinfo, &lines[SALES]);
	return true;
}

/*
 * scorecard(…): a line for each of the five indicators.
 */
Datum
kam_scorecard(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = rows_start(fcinfo, LINE_COLUMNS);
	ScorecardLine lines[INDICATORS] = {0};

	if (!read_scorecard(fcinfo, lines))
		return (Datum) 0;
	for (int i = 0; i < INDICATORS; i++)
	{
		const ScorecardLine *line = &lines[i];
		Datum values[LINE_COLUMNS];
		bool nulls[LINE_COLUMNS] = {false};

		values[COLUMN_NO] = Int32GetDatum(i + 1);
		values[COLUMN_INDICATOR] = CStringGetTextDatum(indicator_names[i]);
		row_number(&values[COLUMN_VALUE], &nulls[COLUMN_VALUE], line->value);
		row_number(&values[COLUMN_GOAL], &nulls[COLUMN_GOAL], line->goal);
		row_number(&values[COLUMN_ATTAINMENT], &nulls[COLUMN_ATTAINMENT],
				   line->attainment);
		row_number(&values[COLUMN_COUNTED], &nulls[COLUMN_COUNTED],
				   line->counted);
		values[COLUMN_STATUS] = Int32GetDatum(line->status);
		nulls[COLUMN_STATUS] = !line->has_status;
		values[COLUMN_WEIGHT] = NumericGetDatum(line->weight);
		rows_add(rows, values, nulls);
	}
	return (Datum) 0;
}

/*
 * scorecard_score(…): what the five indicators come to; one that has no
 * attainment leaves with its weight.
 */
Datum
kam_scorecard_score(PG_FUNCTION_ARGS)
{
	ScorecardLine lines[INDICATORS] = {0};
	Numeric points = int64_to_numeric(0);
	Numeric weights = int64_to_numeric(0);

	if (!read_scorecard(fcinfo, lines))
		PG_RETURN_NULL();
	for (int i = 0; i < INDICATORS; i++)
	{
		if (lines[i].counted == NULL)
			continue;
		points = number_add(points,
							number_multiply(lines[i].weight, lines[i].counted));
		weights = number_add(weights, lines[i].weight);
	}
	return number_result(fcinfo, number_over(points, weights));
}
