/*
 * statement.c
 *		The rows of a customer's statement, and the statements of a turnover
 *		target and of a framework order.
 */
#include "kam.h"

#include "params.h"
#include "programme.h"
#include "row.h"
#include "statement.h"
#include "utils/builtins.h"

#define STEP_COLUMNS 4

/* The decimals of an attainment in percent. */
#define ATTAINMENT_SCALE 2

static char *rounding_text(int scale);

PG_FUNCTION_INFO_V1(kam_explain_turnover);
PG_FUNCTION_INFO_V1(kam_explain_framework);

/*
 * Gets the result set ready.
 */
void
statement_start(Statement *statement, FunctionCallInfo fcinfo)
{
	statement->rows = rows_start(fcinfo, STEP_COLUMNS);
	statement->count = 0;
	statement->scale = 2;
}

/*
 * Adds a row; amount may be NULL.
 */
void
statement_add(Statement *statement, const char *step, Numeric amount,
			  const char *detail)
{
	Datum values[STEP_COLUMNS] = {0};
	bool nulls[STEP_COLUMNS] = {false};

	values[0] = Int32GetDatum(++statement->count);
	values[1] = CStringGetTextDatum(step);
	values[2] = CStringGetTextDatum(detail);
	row_number(&values[3], &nulls[3], amount);
	rows_add(statement->rows, values, nulls);
}

/*
 * How money is rounded.
 */
static char *
rounding_text(int scale)
{
	if (scale > 0)
		return psprintf("rounded to %d decimal%s", scale, scale > 1 ? "s" : "");
	if (scale == 0)
		return "rounded to whole units";
	return psprintf("rounded to 1%.*s", -scale, "000000000000");
}

/*
 * Adds what is earned of a reward, what was paid, and what is due.  Without a
 * payment all of it is due.
 */
void
statement_settle(Statement *statement, Numeric reward, Numeric paid)
{
	Numeric earned = number_round(reward, statement->scale);
	Numeric due = paid ? number_subtract(earned, paid) : earned;
	int order = number_sign(due);

	statement_add(statement, "earned", earned, rounding_text(statement->scale));
	if (paid != NULL)
		statement_add(statement, "paid", paid, "paid before");
	statement_add(statement, "due", due,
				  order > 0	  ? "to pay"
				  : order < 0 ? "to pay back"
							  : "nothing to pay");
}

/*
 * Money that was computed, rounded as the statement rounds.
 */
char *
shown_money(const Statement *statement, Numeric value)
{
	return param_shown(number_round(value, statement->scale));
}

/*
 * A fraction in percent, with all its digits.
 */
char *
shown_percent(Numeric fraction)
{
	return psprintf("%s%%",
					param_trimmed(
						number_multiply(fraction, int64_to_numeric(100))));
}

/*
 * An attainment in percent, cut so that none looks better than it is.
 */
char *
shown_attainment(Numeric fraction)
{
	Numeric percent = number_multiply(fraction, int64_to_numeric(100));

	return psprintf("%s%%",
					param_trimmed(number_trunc(percent, ATTAINMENT_SCALE)));
}

/*
 * explain_turnover(actual, target, rate, fixed, paid, scale)
 */
Datum
kam_explain_turnover(PG_FUNCTION_ARGS)
{
	Statement statement;
	Numeric actual;
	Numeric target;
	Numeric rate;
	Numeric fixed;
	Numeric paid = NULL;
	Numeric reward;
	char *attainment;
	char *terms;
	bool reached;

	statement_start(&statement, fcinfo);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) ||
		PG_ARGISNULL(3) || PG_ARGISNULL(5))
		return (Datum) 0;
	actual = PG_GETARG_NUMERIC(0);
	target = PG_GETARG_NUMERIC(1);
	rate = PG_GETARG_NUMERIC(2);
	fixed = PG_GETARG_NUMERIC(3);
	reward = turnover_pay(actual, target, rate, fixed);
	if (!PG_ARGISNULL(4))
		paid = param_finite(PG_GETARG_NUMERIC(4), "paid");
	statement.scale = param_scale(PG_GETARG_INT32(5), "rounds");
	if (reward == NULL)
		return (Datum) 0;

	reached = number_compare(actual, target) >= 0;
	attainment = shown_attainment(number_divide(actual, target));
	statement_add(&statement, "qualifying", actual,
				  psprintf("%s counts towards the target",
						   param_shown(actual)));
	statement_add(&statement, "target", target,
				  psprintf("%s of %s: the target is %s", attainment,
						   param_shown(target),
						   reached ? "reached" : "not reached"));
	terms = psprintf("%s of %s", shown_percent(rate), param_shown(actual));
	if (number_sign(fixed) != 0)
		terms = psprintf("%s + %s", terms, param_shown(fixed));
	statement_add(&statement, "reward", reward,
				  reached ? terms : "nothing below the target");
	statement_settle(&statement, reward, paid);
	if (!reached)
	{
		reward = turnover_pay(target, target, rate, fixed);
		statement_add(&statement, "next", reward,
					  psprintf("%s more reaches the target and pays %s",
							   param_shown(number_subtract(target, actual)),
							   shown_money(&statement, reward)));
	}
	return (Datum) 0;
}

/*
 * explain_framework(gross, base_discount, extra_discount, mode, commitment,
 * drawn)
 */
Datum
kam_explain_framework(PG_FUNCTION_ARGS)
{
	Statement statement;
	Numeric gross;
	Numeric listed;
	Numeric net;
	Numeric discount;
	Numeric commitment;
	Numeric drawn;
	Numeric undrawn;

	statement_start(&statement, fcinfo);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) ||
		PG_ARGISNULL(3))
		return (Datum) 0;
	gross = PG_GETARG_NUMERIC(0);
	framework_net(gross, PG_GETARG_NUMERIC(1), PG_GETARG_NUMERIC(2),
				  PG_GETARG_TEXT_PP(3), &listed, &net);

	statement_add(&statement, "gross", gross, "before discounts");
	statement_add(&statement, "base_discount", listed,
				  psprintf("the fixed discount of %s takes %s",
						   shown_percent(PG_GETARG_NUMERIC(1)),
						   param_trimmed(number_subtract(gross, listed))));
	statement_add(&statement, "extra_discount", net,
				  psprintf("the framework discount of %s takes %s",
						   shown_percent(PG_GETARG_NUMERIC(2)),
						   param_trimmed(number_subtract(listed, net))));
	discount = number_subtract(gross, net);
	statement_add(&statement, "discount", discount,
				  number_sign(gross) == 0
					  ? "both together"
					  : psprintf("both together: %s",
								 shown_percent(
									 number_divide(discount, gross))));
	statement_add(&statement, "net", net, "after discounts");
	if (PG_ARGISNULL(4))
		return (Datum) 0;

	commitment = param_above_zero(PG_GETARG_NUMERIC(4), "commitment",
								  "Leave it out where there is none.");
	statement_add(&statement, "commitment", commitment,
				  "what the customer committed to");
	if (PG_ARGISNULL(5))
		return (Datum) 0;

	drawn = param_finite(PG_GETARG_NUMERIC(5), "drawn");
	statement_add(&statement, "drawn", drawn,
				  psprintf("ordered so far: %s of the commitment",
						   shown_attainment(number_divide(drawn, commitment))));
	undrawn = number_subtract(commitment, drawn);
	statement_add(&statement, "undrawn", undrawn,
				  number_sign(undrawn) < 0 ? "ordered beyond the commitment"
										   : "still to be ordered");
	return (Datum) 0;
}
