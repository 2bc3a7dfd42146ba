/*
 * spend.c
 *		What the money spent on a customer brings: volume for a unit of it, how
 *		that changed, and whether it came back.
 */
#include "kam.h"

#include "number.h"
#include "params.h"
#include "row.h"
#include "utils/builtins.h"

/*
 * The columns of spend_change_result, by place.
 */
enum
{
	COLUMN_EFFICIENCY_BEFORE,
	COLUMN_EFFICIENCY_NOW,
	COLUMN_EFFICIENCY_CHANGE,
	COLUMN_COST_BEFORE,
	COLUMN_COST_NOW,
	COLUMN_COST_CHANGE,
	COLUMN_INCREMENTAL,
	NUMBERS, /* the columns up to here are numeric */
	COLUMN_QUADRANT = NUMBERS,
	COLUMNS
};

static Numeric change_of_ratio(Numeric part_before, Numeric whole_before,
							   Numeric part_now, Numeric whole_now);
static const char *quadrant(int spend, int volume);

PG_FUNCTION_INFO_V1(kam_spend_efficiency);
PG_FUNCTION_INFO_V1(kam_cost_per_unit);
PG_FUNCTION_INFO_V1(kam_spend_change);
PG_FUNCTION_INFO_V1(kam_spend_ahead);
PG_FUNCTION_INFO_V1(kam_trade_roi);

/*
 * spend_efficiency(volume, spend): volume / spend
 */
Datum
kam_spend_efficiency(PG_FUNCTION_ARGS)
{
	Numeric volume = param_finite(PG_GETARG_NUMERIC(0), "volume");
	Numeric spend = param_finite(PG_GETARG_NUMERIC(1), "spend");

	return number_result(fcinfo, number_over(volume, spend));
}

/*
 * cost_per_unit(spend, volume): spend / volume
 */
Datum
kam_cost_per_unit(PG_FUNCTION_ARGS)
{
	Numeric spend = param_finite(PG_GETARG_NUMERIC(0), "spend");
	Numeric volume = param_finite(PG_GETARG_NUMERIC(1), "volume");

	return number_result(fcinfo, number_over(spend, volume));
}

/*
 * The growth of a ratio, (now - before) / before, with one division; NULL
 * unless the ratio before is above zero and there is one now.
 */
static Numeric
change_of_ratio(Numeric part_before, Numeric whole_before, Numeric part_now,
				Numeric whole_now)
{
	Numeric now;
	Numeric before;

	if (number_sign(part_before) <= 0 || number_sign(whole_before) <= 0 ||
		number_sign(whole_now) <= 0)
		return NULL;
	now = number_multiply(part_now, whole_before);
	before = number_multiply(part_before, whole_now);
	return number_divide(number_subtract(now, before), before);
}

/*
 * What a change of spend, below, at or above zero, did to the volume.
 */
static const char *
quadrant(int spend, int volume)
{
	if (spend > 0 && volume > 0)
		return "expanded";
	if (spend < 0 && volume < 0)
		return "reduced";
	if (spend == 0 && volume == 0)
		return "unchanged";
	return volume > 0 || spend < 0 ? "improved" : "wasted";
}

/*
 * spend_change(volume_before, spend_before, volume_now, spend_now)
 */
Datum
kam_spend_change(PG_FUNCTION_ARGS)
{
	Numeric volume_before = param_finite(PG_GETARG_NUMERIC(0), "volume_before");
	Numeric spend_before = param_finite(PG_GETARG_NUMERIC(1), "spend_before");
	Numeric volume_now = param_finite(PG_GETARG_NUMERIC(2), "volume_now");
	Numeric spend_now = param_finite(PG_GETARG_NUMERIC(3), "spend_now");
	Numeric more_volume = number_subtract(volume_now, volume_before);
	Numeric more_spend = number_subtract(spend_now, spend_before);
	Numeric columns[NUMBERS];
	Datum values[COLUMNS];
	bool nulls[COLUMNS] = {false};

	columns[COLUMN_EFFICIENCY_BEFORE] =
		number_over(volume_before, spend_before);
	columns[COLUMN_EFFICIENCY_NOW] = number_over(volume_now, spend_now);
	columns[COLUMN_EFFICIENCY_CHANGE] =
		change_of_ratio(volume_before, spend_before, volume_now, spend_now);
	columns[COLUMN_COST_BEFORE] = number_over(spend_before, volume_before);
	columns[COLUMN_COST_NOW] = number_over(spend_now, volume_now);
	columns[COLUMN_COST_CHANGE] =
		change_of_ratio(spend_before, volume_before, spend_now, volume_now);
	columns[COLUMN_INCREMENTAL] = number_ratio(more_volume, more_spend);

	for (int i = 0; i < NUMBERS; i++)
		row_number(&values[i], &nulls[i], columns[i]);
	values[COLUMN_QUADRANT] = PointerGetDatum(cstring_to_text(
		quadrant(number_sign(more_spend), number_sign(more_volume))));
	return row_result(fcinfo, NULL, COLUMNS, values, nulls);
}

/*
 * spend_ahead(spend, budget, volume, target): spend / budget >
 * volume / target
 */
Datum
kam_spend_ahead(PG_FUNCTION_ARGS)
{
	Numeric spend = param_finite(PG_GETARG_NUMERIC(0), "spend");
	Numeric budget = param_finite(PG_GETARG_NUMERIC(1), "budget");
	Numeric volume = param_finite(PG_GETARG_NUMERIC(2), "volume");
	Numeric target = param_finite(PG_GETARG_NUMERIC(3), "target");

	if (number_sign(budget) <= 0 || number_sign(target) <= 0)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(number_compare(number_multiply(spend, target),
								  number_multiply(volume, budget)) > 0);
}

/*
 * trade_roi(margin, spend): (margin - spend) / spend
 */
Datum
kam_trade_roi(PG_FUNCTION_ARGS)
{
	Numeric margin = param_finite(PG_GETARG_NUMERIC(0), "margin");
	Numeric spend = param_finite(PG_GETARG_NUMERIC(1), "spend");

	return number_result(fcinfo,
						 number_over(number_subtract(margin, spend), spend));
}
