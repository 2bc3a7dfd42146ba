/*
 * ladder_check.c
 *		The steps of a ladder as rows, and what its author should look at twice.
 *
 * Findings are about the retrospective reading, in which the rate of the
 * reached step is paid on everything.
 */
#include "kam.h"

#include "ladder.h"
#include "miscadmin.h"
#include "params.h"
#include "row.h"
#include "utils/builtins.h"

#define STEP_COLUMNS 4
#define FINDING_COLUMNS 3

static void add_finding(ReturnSetInfo *rows, int tier, const char *finding,
						const char *detail);
static Numeric pays(const LadderStep *step, Numeric qualifying);
static void check_step(ReturnSetInfo *rows, const LadderStep *steps, int count,
					   int i);

PG_FUNCTION_INFO_V1(kam_ladder_tiers);
PG_FUNCTION_INFO_V1(kam_ladder_check);

/*
 * tiers(ladder): the steps as rows.
 */
Datum
kam_ladder_tiers(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = rows_start(fcinfo, STEP_COLUMNS);
	LadderStep *steps;
	int count = ladder_read(ladder_from_datum(PG_GETARG_DATUM(0)), &steps);

	for (int i = 0; i < count; i++)
	{
		Datum values[STEP_COLUMNS];
		bool nulls[STEP_COLUMNS] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = Int32GetDatum(i + 1);
		values[1] = NumericGetDatum(steps[i].threshold);
		values[2] = NumericGetDatum(steps[i].rate);
		values[3] = NumericGetDatum(steps[i].fixed);
		rows_add(rows, values, nulls);
	}
	return (Datum) 0;
}

/*
 * Adds one finding to the result.
 */
static void
add_finding(ReturnSetInfo *rows, int tier, const char *finding,
			const char *detail)
{
	Datum values[FINDING_COLUMNS];
	bool nulls[FINDING_COLUMNS] = {false};

	values[0] = Int32GetDatum(tier);
	values[1] = CStringGetTextDatum(finding);
	values[2] = CStringGetTextDatum(detail);
	rows_add(rows, values, nulls);
}

/*
 * What a step pays on everything, once reached.
 */
static Numeric
pays(const LadderStep *step, Numeric qualifying)
{
	return number_add(number_multiply(qualifying, step->rate), step->fixed);
}

/*
 * Adds what is odd about one step, always in the same order.
 */
static void
check_step(ReturnSetInfo *rows, const LadderStep *steps, int count, int i)
{
	const LadderStep *step = &steps[i];

	if (i > 0)
	{
		const LadderStep *below = step - 1;
		Numeric before = pays(below, step->threshold);
		Numeric after = pays(step, step->threshold);
		int rates = number_compare(step->rate, below->rate);

		if (number_compare(after, before) < 0)
			add_finding(rows, i + 1, "cliff",
						psprintf("at %s it pays %s, just below it %s was paid",
								 param_trimmed(step->threshold),
								 param_trimmed(after), param_trimmed(before)));
		if (rates < 0)
			add_finding(rows, i + 1, "falling_rate",
						psprintf("the rate falls from %s to %s",
								 ladder_rate_shown(below),
								 ladder_rate_shown(step)));

		if (i + 1 < count)
		{
			Numeric most = pays(step, step[1].threshold);

			if (number_compare(most, before) < 0)
				add_finding(
					rows, i + 1, "unreachable_step",
					psprintf("from %s to %s it pays at most %s, the step "
							 "before paid up to %s",
							 param_trimmed(step->threshold),
							 param_trimmed(step[1].threshold),
							 param_trimmed(most), param_trimmed(before)));
		}
		else if (number_sign(step->rate) == 0 &&
				 number_compare(after, before) < 0)
			add_finding(rows, i + 1, "unreachable_step",
						psprintf("from %s on it pays %s, the step before paid "
								 "up to %s",
								 param_trimmed(step->threshold),
								 param_trimmed(after), param_trimmed(before)));

		if (rates == 0 && number_compare(step->fixed, below->fixed) == 0)
			add_finding(
				rows, i + 1, "no_effect",
				psprintf("the rate %s and the fixed sum %s are those of the "
						 "step before%s",
						 ladder_rate_shown(step), param_trimmed(step->fixed),
						 number_sign(step->fixed) == 0
							 ? ""
							 : "; only in mode stepped the sum is paid again"));
	}

	if (!step->percent && number_compare(step->rate, int64_to_numeric(1)) > 0)
		add_finding(rows, i + 1, "rate_above_1",
					psprintf("a rate of %s pays %s for every 1 of the base: "
							 "did you mean %s%%?",
							 param_trimmed(step->rate),
							 param_trimmed(step->rate),
							 param_trimmed(step->rate)));
}

/*
 * ladder_check(ladder): one row for everything odd, by tier.
 */
Datum
kam_ladder_check(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = rows_start(fcinfo, FINDING_COLUMNS);
	LadderStep *steps;
	int count = ladder_read(ladder_from_datum(PG_GETARG_DATUM(0)), &steps);

	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		check_step(rows, steps, count, i);
	}
	return (Datum) 0;
}
