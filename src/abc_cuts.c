/*
 * abc_cuts.c
 *		Cut-offs of cumulative shares, and the values that they fall on.
 */
#include "kam.h"

#include "abc_cuts.h"
#include "number.h"
#include "params.h"
#include "select.h"

/* Decimals up to which a cut-off times a total is tried as an integer. */
#define SHORT_SCALE 9

static int128 goal_of(const AbcCutoff *cutoff, bool reach, int128 total);

StaticAssertDecl(ABC_MOST_CUTOFFS <= SELECT_MOST, "all cut-offs in one go");

/*
 * Makes a cut-off of a number, a fraction above zero and at most one, which
 * stays where it is.  among says that the argument is a list of them.
 */
void
abc_cutoff(Numeric number, const char *argument, bool among, AbcCutoff *cutoff)
{
	param_finite(number, argument);
	if (number_sign(number) <= 0 ||
		number_compare(number, int64_to_numeric(1)) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg(among ? "%s must be above 0 and at most 1, but %s is "
								"among them"
							  : "%s must be above 0 and at most 1, but is %s",
						argument, param_shown(number)),
				 errhint("Cut-offs are fractions: 80 %% is written 0.80.")));
	cutoff->number = number;
	cutoff->exact.scale = number_scale(number);
	if (cutoff->exact.scale <= SHORT_SCALE)
		decimal_from_numeric(NumericGetDatum(number), argument, &cutoff->exact);
}

/*
 * The smallest sum, largest values first, that ends a class: the one that is
 * cutoff x total or more ('reach') or that passes it ('below').  The product
 * may be longer than an integer holds.
 */
static int128
goal_of(const AbcCutoff *cutoff, bool reach, int128 total)
{
	Decimal goal;
	Numeric product;

	if (cutoff->exact.scale <= SHORT_SCALE &&
		total < decimal_pow10(DECIMAL_MAX_DIGITS - SHORT_SCALE))
	{
		int128 unit = decimal_pow10(cutoff->exact.scale);
		int128 short_product = cutoff->exact.value * total;

		if (reach)
			return (short_product + unit - 1) / unit;
		return short_product / unit + 1;
	}

	product = number_multiply(cutoff->number, decimal_to_numeric(total, 0));
	decimal_from_numeric(DirectFunctionCall1(reach ? numeric_ceil
												   : numeric_floor,
											 NumericGetDatum(product)),
						 "cutoffs", &goal);
	return reach ? goal.value : goal.value + 1;
}

/*
 * The least value above each cut-off, of those that rise: by 'reach', the
 * smallest set of largest values that reaches cutoff x total ends with it, and
 * by 'below', no larger set stays within that.  False when nothing is above
 * zero.
 */
bool
abc_find_least(const WindowValues *values, const AbcCutoff *cutoffs, int count,
			   bool reach, int128 *least)
{
	int128 total = window_total(values);
	int128 goals[ABC_MOST_CUTOFFS];
	int goal_count = 0;

	if (total <= 0)
		return false;
	for (int i = 0; i < count; i++)
	{
		int128 goal = goal_of(&cutoffs[i], reach, total);

		least[i] = 1;
		if (goal <= total)
			goals[goal_count++] = goal;
	}
	select_by_sum(values->values, values->count, goals, goal_count, least);
	for (int i = 0; i < goal_count && !reach; i++)
		least[i]++;
	return true;
}
