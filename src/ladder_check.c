/*
 * ladder_check.c
 *		The steps of a ladder as rows, and what its author should look at twice.
 *
 * Findings are about the retrospective reading, in which the rate of the
 * reached step is paid on everything.
 */
#include "kam.h"

#include "funcapi.h"
#include "ladder.h"
#include "miscadmin.h"
#include "params.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#define STEP_COLUMNS 4
#define FINDING_COLUMNS 3

static ReturnSetInfo *start_rows(FunctionCallInfo fcinfo, int columns);
static void add_finding(ReturnSetInfo *rows, int tier, const char *finding,
						const char *detail);
static char *trimmed(Numeric value);
static Numeric pays(const LadderStep *step, Numeric qualifying);
static void check_step(ReturnSetInfo *rows, const LadderStep *steps, int count,
					   int i);

PG_FUNCTION_INFO_V1(kam_ladder_tiers);
PG_FUNCTION_INFO_V1(kam_ladder_check);

/*
 * Gets the result set ready and makes sure that its type has the columns that
 * will be filled.
 */
static ReturnSetInfo *
start_rows(FunctionCallInfo fcinfo, int columns)
{
	ReturnSetInfo *rows = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	if (rows->setDesc->natts != columns)
		elog(ERROR, "result type has %d columns, not %d", rows->setDesc->natts,
			 columns);
	return rows;
}

/*
 * tiers(ladder): the steps as rows.
 */
Datum
kam_ladder_tiers(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = start_rows(fcinfo, STEP_COLUMNS);
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
		tuplestore_putvalues(rows->setResult, rows->setDesc, values, nulls);
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
	tuplestore_putvalues(rows->setResult, rows->setDesc, values, nulls);
}

/*
 * A number without the zeros behind its last decimal.
 */
static char *
trimmed(Numeric value)
{
	return param_shown(number_trim(value));
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
	Numeric zero = int64_to_numeric(0);

	if (i > 0)
	{
		const LadderStep *below = step - 1;
		Numeric before = pays(below, step->threshold);
		Numeric after = pays(step, step->threshold);
		int rates = number_compare(step->rate, below->rate);

		if (number_compare(after, before) < 0)
			add_finding(rows, i + 1, "cliff",
						psprintf("at %s it pays %s, just below it %s was paid",
								 trimmed(step->threshold), trimmed(after),
								 trimmed(before)));
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
							 trimmed(step->threshold),
							 trimmed(step[1].threshold), trimmed(most),
							 trimmed(before)));
		}
		else if (number_compare(step->rate, zero) == 0 &&
				 number_compare(after, before) < 0)
			add_finding(rows, i + 1, "unreachable_step",
						psprintf("from %s on it pays %s, the step before paid "
								 "up to %s",
								 trimmed(step->threshold), trimmed(after),
								 trimmed(before)));

		if (rates == 0 && number_compare(step->fixed, below->fixed) == 0)
			add_finding(
				rows, i + 1, "no_effect",
				psprintf("the rate %s and the fixed sum %s are those of the "
						 "step before%s",
						 ladder_rate_shown(step), trimmed(step->fixed),
						 number_compare(step->fixed, zero) == 0
							 ? ""
							 : "; only in mode stepped the sum is paid again"));
	}

	if (!step->percent && number_compare(step->rate, int64_to_numeric(1)) > 0)
		add_finding(rows, i + 1, "rate_above_1",
					psprintf("a rate of %s pays %s for every 1 of the base: "
							 "did you mean %s%%?",
							 trimmed(step->rate), trimmed(step->rate),
							 trimmed(step->rate)));
}

/*
 * ladder_check(ladder): one row for everything odd, by tier.
 */
Datum
kam_ladder_check(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = start_rows(fcinfo, FINDING_COLUMNS);
	LadderStep *steps;
	int count = ladder_read(ladder_from_datum(PG_GETARG_DATUM(0)), &steps);

	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		check_step(rows, steps, count, i);
	}
	return (Datum) 0;
}
