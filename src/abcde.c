/*
 * abcde.c
 *		Classes of customers on two axes: what they bring, and what they could
 *		bring.
 */
#include "kam.h"

#include "abc_cuts.h"
#include "decimal.h"
#include "number.h"
#include "params.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "window.h"

/* The axes, which are arguments of both functions. */
#define AXIS_PROFIT 0
#define AXIS_POTENTIAL 1
#define AXES 2

/*
 * From which value on an axis is high, an integer at a scale; there is none
 * where nothing is above zero.
 */
typedef struct Limit
{
	bool known;
	int scale;
	int128 least;
} Limit;

/* What is kept in the memory of a partition. */
typedef struct ClassState
{
	bool ready;
	Limit limits[AXES];
} ClassState;

static const WindowArguments class_arguments = {{"profit", "potential"},
												{"cutoff"}};

static void read_cutoff(WindowCall *call);
static void find_limits(WindowObject window, WindowCall *call,
						ClassState *state);
static bool is_high(const Limit *limit, const Decimal *value);
static text *class_of(bool loss, bool high_profit, bool high_potential);

PG_FUNCTION_INFO_V1(kam_abcde_class);
PG_FUNCTION_INFO_V1(kam_abcde_class_limits);

/*
 * Makes a cut-off of the setting, which is not NULL.
 */
static void
read_cutoff(WindowCall *call)
{
	AbcCutoff *cutoff =
		MemoryContextAlloc(call->setting_memory, sizeof(AbcCutoff));

	abc_cutoff(DatumGetNumeric(call->settings[0].value), "cutoff", false,
			   cutoff);
	call->made = cutoff;
}

/*
 * Finds where high begins on both axes of a partition.
 */
static void
find_limits(WindowObject window, WindowCall *call, ClassState *state)
{
	WindowValues values[AXES];

	window_read_values(window, call, VALUES_KEPT, values);
	for (int i = 0; i < AXES; i++)
	{
		Limit *limit = &state->limits[i];

		limit->scale = values[i].scale;
		limit->known =
			abc_find_least(&values[i], call->made, 1, true, &limit->least);
		pfree(values[i].values);
	}
}

/*
 * Whether a value is high.
 */
static bool
is_high(const Limit *limit, const Decimal *value)
{
	return limit->known && decimal_floor(value, limit->scale) >= limit->least;
}

/*
 * The class of a customer: the loss-makers, or one of the four others.
 */
static text *
class_of(bool loss, bool high_profit, bool high_potential)
{
	char letter;

	if (loss)
		letter = 'E';
	else if (high_profit)
		letter = high_potential ? 'A' : 'B';
	else
		letter = high_potential ? 'C' : 'D';
	return cstring_to_text_with_len(&letter, 1);
}

/*
 * abcde_class(profit, potential, cutoff)
 */
Datum
kam_abcde_class(PG_FUNCTION_ARGS)
{
	WindowObject window = window_of(fcinfo);
	WindowCall *call = window_call(fcinfo, &class_arguments);
	ClassState *state = WinGetPartitionLocalMemory(window, sizeof(ClassState));
	bool first = !state->ready;
	Decimal profit;
	Decimal potential;
	bool high_potential;

	if (!first)
		window_check_settings(window, call);
	else if (window_read_settings(window, call) && !call->settings[0].null)
		read_cutoff(call);
	state->ready = true;
	if (call->settings[0].null)
		PG_RETURN_NULL();

	if (first)
		find_limits(window, call, state);
	if (!window_current_value(window, call, AXIS_PROFIT, &profit))
		PG_RETURN_NULL();
	high_potential =
		window_current_value(window, call, AXIS_POTENTIAL, &potential) &&
		is_high(&state->limits[AXIS_POTENTIAL], &potential);
	PG_RETURN_TEXT_P(class_of(profit.value < 0,
							  is_high(&state->limits[AXIS_PROFIT], &profit),
							  high_potential));
}

/*
 * abcde_class(profit, potential, high_profit, high_potential)
 */
Datum
kam_abcde_class_limits(PG_FUNCTION_ARGS)
{
	Numeric profit;
	Numeric high_profit;
	Numeric high_potential;
	bool potential_is_high = false;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	profit = param_finite(PG_GETARG_NUMERIC(0), "profit");
	high_profit = param_finite(PG_GETARG_NUMERIC(2), "high_profit");
	high_potential = param_finite(PG_GETARG_NUMERIC(3), "high_potential");
	if (!PG_ARGISNULL(1))
		potential_is_high =
			number_compare(param_finite(PG_GETARG_NUMERIC(1), "potential"),
						   high_potential) >= 0;
	PG_RETURN_TEXT_P(class_of(number_sign(profit) < 0,
							  number_compare(profit, high_profit) >= 0,
							  potential_is_high));
}
