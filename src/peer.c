/*
 * peer.c
 *		Window functions over a whole partition: where a customer stands among
 *		those it is compared with.
 */
#include "kam.h"

#include "decimal.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "window.h"

/* Arguments of sells_much_earns_little. */
#define ARGUMENT_AMOUNT 0
#define ARGUMENT_COST 1
#define ARGUMENT_PRODUCTS 2
#define MUCH_ARGUMENTS 3

/*
 * What is kept in the memory of a partition, one struct a function.  Numbers
 * are NULL where there are none to compare with.
 */
typedef struct IndexState
{
	bool ready;
	Numeric count;
	Numeric total;
} IndexState;

typedef struct ActionState
{
	bool ready;
	Numeric preserve_from;
} ActionState;

typedef struct MuchState
{
	bool ready;
	int64 count;
	Numeric amount_above;
	Numeric amount;
	Numeric cost;
	int128 products;
} MuchState;

static const WindowArguments peer_arguments = {{"value"}, {NULL}};
static const WindowArguments much_arguments = {{"amount", "cost", "products"},
											   {NULL}};

static int128 floor_mean(int128 total, int64 count);
static void read_much(WindowObject window, WindowCall *call, MuchState *state);
static bool earns_little(const MuchState *state, const Datum *arguments);

PG_FUNCTION_INFO_V1(kam_peer_index);
PG_FUNCTION_INFO_V1(kam_peer_action);
PG_FUNCTION_INFO_V1(kam_sells_much_earns_little);

/*
 * The largest integer that is not above total / count.
 */
static int128
floor_mean(int128 total, int64 count)
{
	int128 quotient = total / count;

	return total % count < 0 ? quotient - 1 : quotient;
}

/*
 * peer_index(value): value * count / total
 */
Datum
kam_peer_index(PG_FUNCTION_ARGS)
{
	WindowObject window = window_of(fcinfo);
	WindowCall *call = window_call(fcinfo, &peer_arguments);
	IndexState *state = WinGetPartitionLocalMemory(window, sizeof(IndexState));
	Numeric product;
	bool null;
	Datum value;

	if (!state->ready)
	{
		MemoryContext memory = GetMemoryChunkContext(state);
		WindowValues rows;
		int128 total;

		window_read_values(window, call, VALUES_SIGNED, &rows);
		total = window_total(&rows);
		if (total > 0)
		{
			state->count = window_number(rows.known, 0, memory);
			state->total = window_number(total, rows.scale, memory);
		}
		state->ready = true;
	}

	value = WinGetFuncArgCurrent(window, 0, &null);
	if (null || state->total == NULL)
		PG_RETURN_NULL();
	product = number_multiply(param_finite(DatumGetNumeric(value), "value"),
							  state->count);
	PG_RETURN_NUMERIC(number_divide(product, state->total));
}

/*
 * peer_action(value)
 *
 * A value is below the mean when it is below the mean rounded up to the last
 * decimal that values have.
 */
Datum
kam_peer_action(PG_FUNCTION_ARGS)
{
	WindowObject window = window_of(fcinfo);
	WindowCall *call = window_call(fcinfo, &peer_arguments);
	ActionState *state =
		WinGetPartitionLocalMemory(window, sizeof(ActionState));
	bool below;
	bool null;
	Datum value;

	if (!state->ready)
	{
		WindowValues rows;

		window_read_values(window, call, VALUES_SIGNED, &rows);
		if (rows.known > 0)
			state->preserve_from =
				window_number(-floor_mean(-window_total(&rows), rows.known),
							  rows.scale, GetMemoryChunkContext(state));
		state->ready = true;
	}

	value = WinGetFuncArgCurrent(window, 0, &null);
	if (null || state->preserve_from == NULL)
		PG_RETURN_NULL();
	below = number_compare(DatumGetNumeric(value), state->preserve_from) < 0;
	PG_RETURN_TEXT_P(cstring_to_text(below ? "growth_engine" : "preserve"));
}

/*
 * Adds up a partition for sells_much_earns_little.
 */
static void
read_much(WindowObject window, WindowCall *call, MuchState *state)
{
	MemoryContext memory = GetMemoryChunkContext(state);
	WindowValues read[MUCH_ARGUMENTS];
	const WindowValues *amounts = &read[ARGUMENT_AMOUNT];
	const WindowValues *costs = &read[ARGUMENT_COST];
	int128 total;

	window_read_values(window, call, VALUES_SIGNED | VALUES_TOGETHER, read);
	state->count = amounts->known;
	if (state->count == 0)
		return;
	total = window_total(amounts);
	state->amount_above =
		window_number(floor_mean(total, state->count), amounts->scale, memory);
	state->amount = window_number(total, amounts->scale, memory);
	state->cost = window_number(window_total(costs), costs->scale, memory);
	state->products = window_total(&read[ARGUMENT_PRODUCTS]);
}

/*
 * Whether a row is above its partition's mean in amount, below it in products,
 * and below the partition's margin.  With amounts above zero the margin is the
 * lower one where cost / amount is the higher one.
 */
static bool
earns_little(const MuchState *state, const Datum *arguments)
{
	Numeric amount = DatumGetNumeric(arguments[ARGUMENT_AMOUNT]);
	Numeric cost = DatumGetNumeric(arguments[ARGUMENT_COST]);
	int128 products = DatumGetInt64(arguments[ARGUMENT_PRODUCTS]);

	if (products * state->count >= state->products ||
		number_compare(amount, state->amount_above) <= 0 ||
		number_sign(amount) <= 0 || number_sign(state->amount) <= 0)
		return false;
	return number_compare(number_multiply(cost, state->amount),
						  number_multiply(state->cost, amount)) > 0;
}

/*
 * sells_much_earns_little(amount, cost, products)
 */
Datum
kam_sells_much_earns_little(PG_FUNCTION_ARGS)
{
	WindowObject window = window_of(fcinfo);
	WindowCall *call = window_call(fcinfo, &much_arguments);
	MuchState *state = WinGetPartitionLocalMemory(window, sizeof(MuchState));
	Datum arguments[MUCH_ARGUMENTS];

	if (!state->ready)
	{
		read_much(window, call, state);
		state->ready = true;
	}

	for (int i = 0; i < MUCH_ARGUMENTS; i++)
	{
		bool null;

		arguments[i] = WinGetFuncArgCurrent(window, i, &null);
		if (null || state->count == 0)
			PG_RETURN_NULL();
	}
	PG_RETURN_BOOL(earns_little(state, arguments));
}
