/*
 * explain.c
 *		The steps that lead from what a customer bought to what he is due in a
 *		tiered programme.
 */
#include "kam.h"

#include "miscadmin.h"
#include "params.h"
#include "programme.h"
#include "statement.h"

/* decimals that a parameter is shown with, at most */
#define ACTUAL_SCALE 6

static Numeric ladder_pay(const TierCall *tier);
static char *actual_text(Numeric actual);
static char *threshold_text(const Programme *programme, Numeric threshold);
static char *entry_text(const Programme *programme, Numeric threshold);
static char *rate_text(const LadderStep *step);
static char *share_of_text(const LadderStep *step, const char *base);
static char *terms_text(const Programme *programme, const LadderStep *step);
static char *reward_text(const Statement *statement,
						 const Programme *programme);
static void add_qualifying(Statement *statement, const Programme *programme);
static void add_tier(Statement *statement, const Programme *programme);
static void add_bands(Statement *statement, const Programme *programme);
static void add_parameters(Statement *statement, const Programme *programme);
static void add_share(Statement *statement, const Programme *programme,
					  Numeric share);
static void add_gates(Statement *statement, const Programme *programme,
					  Numeric share);
static void add_cap(Statement *statement, const Programme *programme,
					Numeric share);
static void add_next(Statement *statement, const Programme *programme,
					 Numeric reward);

PG_FUNCTION_INFO_V1(kam_explain_reward);

/*
 * What the ladder pays, without the zeros that a division leaves.
 */
static Numeric
ladder_pay(const TierCall *tier)
{
	Numeric pay = tier_pay(tier);

	return tier->mode == MODE_INTERPOLATED ? number_trim(pay) : pay;
}

/*
 * What there is of a parameter. A share is a quotient with many decimals; they
 * are cut, so that what is just missed does not look like the target.
 */
static char *
actual_text(Numeric actual)
{
	if (number_scale(actual) <= ACTUAL_SCALE)
		return param_shown(actual);
	return param_trimmed(number_trunc(actual, ACTUAL_SCALE));
}

/*
 * A threshold, in percent where it is an attainment.
 */
static char *
threshold_text(const Programme *programme, Numeric threshold)
{
	if (programme->combine == COMBINE_MIN)
		return shown_percent(threshold);
	return param_shown(threshold);
}

/*
 * Where a step begins.
 */
static char *
entry_text(const Programme *programme, Numeric threshold)
{
	bool exceed =
		programme->boundary == BOUNDARY_EXCEED && number_sign(threshold) != 0;

	return psprintf("%s %s", exceed ? "above" : "from",
					threshold_text(programme, threshold));
}

/*
 * A rate as its author wrote it where that was in percent, and in percent up
 * to one; above, it is an amount per unit.
 */
static char *
rate_text(const LadderStep *step)
{
	if (step->percent)
		return ladder_rate_shown(step);
	if (number_compare(step->rate, int64_to_numeric(1)) <= 0)
		return shown_percent(step->rate);
	return param_shown(step->rate);
}

/*
 * A rate of something, and the fixed sum.
 */
static char *
share_of_text(const LadderStep *step, const char *base)
{
	bool unit =
		!step->percent && number_compare(step->rate, int64_to_numeric(1)) > 0;
	char *text =
		psprintf("%s %s %s", rate_text(step), unit ? "times" : "of", base);

	if (number_sign(step->fixed) == 0)
		return text;
	return psprintf("%s + %s", text, param_shown(step->fixed));
}

/*
 * What a step pays by its terms.
 */
static char *
terms_text(const Programme *programme, const LadderStep *step)
{
	if (programme->tier.mode == MODE_FIXED)
		return param_shown(step->fixed);
	if (number_sign(step->fixed) == 0)
		return rate_text(step);
	return psprintf("%s + %s", rate_text(step), param_shown(step->fixed));
}

/*
 * How the reward of the ladder came about.
 */
static char *
reward_text(const Statement *statement, const Programme *programme)
{
	const TierCall *tier = &programme->tier;
	const LadderStep *step = &tier->cache->steps[Max(tier->tier - 1, 0)];

	if (tier->cache->count == 0)
		return "nothing";
	if (tier->tier == 0)
		return "nothing below the first tier";
	if (tier->mode == MODE_STEPPED)
		return tier->tier == 1 ? "the band" : "the bands together";
	if (tier->mode == MODE_FIXED)
		return psprintf("the fixed sum of tier %d", tier->tier);
	if (tier->mode == MODE_INTERPOLATED && tier->tier < tier->cache->count)
		return psprintf(
			"%s of the way from tier %d, which pays %s, to tier %d, which "
			"pays %s",
			shown_attainment(number_divide(
				number_subtract(tier->qualifying, step->threshold),
				number_subtract(step[1].threshold, step->threshold))),
			tier->tier,
			shown_money(statement,
						tier_whole_pay(tier->cache, tier->tier, tier->base)),
			tier->tier + 1,
			shown_money(statement, tier_whole_pay(tier->cache, tier->tier + 1,
												  tier->base)));
	return share_of_text(step, param_shown(tier->base));
}

/*
 * Adds what decides the tier, and what is paid on where that is another
 * amount.
 */
static void
add_qualifying(Statement *statement, const Programme *programme)
{
	const TierCall *tier = &programme->tier;

	if (programme->combine == COMBINE_MIN)
		statement_add(statement, "qualifying", tier->qualifying,
					  psprintf("the lowest attainment decides: %s with %s",
							   programme->lowest->name,
							   shown_attainment(
								   programme->lowest->attainment)));
	else
		statement_add(statement, "qualifying", tier->qualifying,
					  psprintf("%s decides the tier",
							   param_shown(tier->qualifying)));
	if (programme->own_base)
		statement_add(statement, "base", tier->base,
					  psprintf("paid on %s", param_shown(tier->base)));
}

/*
 * Adds the step of the ladder that was reached.
 */
static void
add_tier(Statement *statement, const Programme *programme)
{
	const TierCall *tier = &programme->tier;
	const LadderStep *step = &tier->cache->steps[Max(tier->tier - 1, 0)];

	if (tier->cache->count == 0)
		statement_add(statement, "tier", NULL, "the programme has no tiers");
	else if (tier->tier == 0)
		statement_add(statement, "tier", NULL,
					  psprintf("none: tier 1 is %s",
							   entry_text(programme, step->threshold)));
	else
		statement_add(statement, "tier", NULL,
					  psprintf("tier %d of %d, %s: %s", tier->tier,
							   tier->cache->count,
							   entry_text(programme, step->threshold),
							   terms_text(programme, step)));
}

/*
 * Adds what each band pays.
 */
static void
add_bands(Statement *statement, const Programme *programme)
{
	const TierCall *tier = &programme->tier;

	if (tier->mode != MODE_STEPPED)
		return;
	for (int i = 0; i < tier->tier; i++)
	{
		const LadderStep *step = &tier->cache->steps[i];
		Numeric end = i + 1 < tier->tier ? step[1].threshold : tier->qualifying;
		Numeric width = number_subtract(end, step->threshold);

		CHECK_FOR_INTERRUPTS();
		statement_add(statement, "band",
					  number_add(number_multiply(width, step->rate),
								 step->fixed),
					  psprintf("tier %d, %s to %s: %s", i + 1,
							   param_shown(step->threshold), param_shown(end),
							   share_of_text(step, param_shown(width))));
	}
}

/*
 * Adds the parameters.
 */
static void
add_parameters(Statement *statement, const Programme *programme)
{
	for (int i = 0; i < programme->parameter_count; i++)
	{
		const Parameter *parameter = &programme->parameters[i];
		char *detail;

		CHECK_FOR_INTERRUPTS();
		if (parameter->target == NULL)
			detail = psprintf("%s: no target, left out", parameter->name);
		else if (parameter->attainment == NULL)
			detail = psprintf("%s: target 0, met", parameter->name);
		else
			detail = psprintf("%s: %s of %s is %s, %s", parameter->name,
							  actual_text(parameter->actual),
							  param_shown(parameter->target),
							  shown_attainment(parameter->attainment),
							  parameter->met ? "met" : "not met");
		if (parameter->target != NULL && programme->combine == COMBINE_WEIGHTED)
			detail = psprintf("%s, weight %s", detail,
							  param_shown(parameter->weight));
		statement_add(statement, "parameter", NULL, detail);
	}
}

/*
 * Adds what the parameters leave of the reward.
 */
static void
add_share(Statement *statement, const Programme *programme, Numeric share)
{
	char *detail;

	if (programme->target_count == 0)
		return;
	if (programme->combine == COMBINE_WEIGHTED)
		detail = psprintf("weight %s of %s is met: %s of the reward",
						  param_shown(programme->met_weights),
						  param_shown(programme->weights),
						  shown_attainment(number_divide(programme->met_weights,
														 programme->weights)));
	else if (programme->met_count == programme->target_count)
		detail = "every parameter is met: the full reward";
	else
		detail = psprintf("%d of %d parameters met: nothing without all of "
						  "them",
						  programme->met_count, programme->target_count);
	statement_add(statement, "share", share, detail);
}

/*
 * Adds the gates, each with what is left of the reward behind it.
 */
static void
add_gates(Statement *statement, const Programme *programme, Numeric share)
{
	for (int i = 0; i < programme->gate_count; i++)
	{
		const Gate *gate = &programme->gates[i];

		CHECK_FOR_INTERRUPTS();
		if (!gate->met)
			share = int64_to_numeric(0);
		statement_add(statement, "gate", share,
					  psprintf("%s: %s", gate->name,
							   gate->met	 ? "met"
							   : gate->known ? "not met, nothing is paid"
											 : "not known, nothing is paid"));
	}
}

/*
 * Adds the cap.
 */
static void
add_cap(Statement *statement, const Programme *programme, Numeric share)
{
	Numeric left;

	if (programme->cap == NULL)
		return;
	left = programme_capped(programme, share);
	statement_add(statement, "cap", left,
				  left == share ? psprintf("within the cap of %s",
										   param_shown(programme->cap))
								: psprintf("%s is cut to the cap of %s",
										   shown_money(statement, share),
										   param_shown(programme->cap)));
}

/*
 * Adds what the next tier needs, and what it would pay more with all else as
 * it is.  What is paid on grows with what qualifies: by the same sum where it
 * is the same amount, in proportion where it is another; with the lowest
 * attainment it stays.
 */
static void
add_next(Statement *statement, const Programme *programme, Numeric earned)
{
	const TierCall *tier = &programme->tier;
	const LadderStep *step = &tier->cache->steps[tier->tier];
	TierCall next = *tier;
	Numeric gap;
	Numeric unlocked;
	char *needs;
	char *base = "";

	if (tier->tier == tier->cache->count)
		return;
	gap = number_subtract(step->threshold, tier->qualifying);
	next.tier = tier->tier + 1;
	next.qualifying = step->threshold;
	if (!programme->own_base || tier->mode == MODE_STEPPED)
		next.base = step->threshold;
	else
	{
		if (programme->combine != COMBINE_MIN &&
			number_sign(tier->qualifying) > 0)
			next.base = number_trim(
				number_divide(number_multiply(tier->base, step->threshold),
							  tier->qualifying));
		if (tier->mode != MODE_FIXED)
			base = psprintf(" on %s", shown_money(statement, next.base));
	}
	unlocked =
		number_subtract(programme_pay(programme, ladder_pay(&next)), earned);

	if (programme->combine == COMBINE_MIN)
		needs = psprintf("every attainment %s",
						 entry_text(programme, step->threshold));
	else
		needs = psprintf("%s more (%s)", param_shown(gap),
						 entry_text(programme, step->threshold));
	if (number_sign(unlocked) < 0)
		base =
			psprintf("pays %s less%s",
					 shown_money(statement, number_subtract(int64_to_numeric(0),
															unlocked)),
					 base);
	else
		base =
			psprintf("pays %s more%s", shown_money(statement, unlocked), base);
	if (!programme->gates_met ||
		(programme->combine == COMBINE_ALL &&
		 programme->met_count < programme->target_count))
		base = psprintf("%s while something is not met", base);
	statement_add(statement, "next", unlocked,
				  psprintf("%s: tier %d, %s, %s", needs, next.tier,
						   terms_text(programme, step), base));
}

/*
 * explain_reward(qualifying, ladder, base, mode, boundary, cap, parameters,
 * combine, gates, paid, scale)
 */
Datum
kam_explain_reward(PG_FUNCTION_ARGS)
{
	Statement statement;
	Programme programme;
	Numeric paid = NULL;
	Numeric reward;
	Numeric share;
	Numeric earned;

	statement_start(&statement, fcinfo);
	if (PG_ARGISNULL(10))
		return (Datum) 0;
	statement.scale = param_scale(PG_GETARG_INT32(10), "rounds");
	if (!PG_ARGISNULL(9))
		paid = param_finite(PG_GETARG_NUMERIC(9), "paid");
	if (!programme_read(fcinfo, &programme))
		return (Datum) 0;

	reward = ladder_pay(&programme.tier);
	share = programme_share(&programme, reward);
	earned = programme_pay(&programme, reward);

	if (programme.combine == COMBINE_MIN)
		add_parameters(&statement, &programme);
	add_qualifying(&statement, &programme);
	add_tier(&statement, &programme);
	add_bands(&statement, &programme);
	statement_add(&statement, "reward", reward,
				  reward_text(&statement, &programme));
	if (programme.combine != COMBINE_MIN)
	{
		add_parameters(&statement, &programme);
		add_share(&statement, &programme, share);
	}
	add_gates(&statement, &programme, share);
	add_cap(&statement, &programme,
			programme.gates_met ? share : int64_to_numeric(0));
	statement_settle(&statement, earned, paid);
	add_next(&statement, &programme, earned);
	return (Datum) 0;
}
