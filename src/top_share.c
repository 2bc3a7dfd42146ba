/*
 * top_share.c
 *		The share of the n largest customers in the money, from a state that
 *		keeps no more than these n.
 */
#include "kam.h"

#include "decimal.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "state.h"

#define TOP_VERSION 1
#define TOP_FEWEST 4
#define TOP_MOST 1000000

/*
 * State of top_share, a bytea: the sum of all values above zero, and a heap of
 * the n largest of them, the least on top, with room for more.
 */
typedef struct TopValues
{
	int32 vl_len_;
	uint8 version;
	uint8 scale;
	uint8 whole_digits; /* most digits before the point of any value */
	uint8 reserved;		/* zero */
	int32 n;
	int32 count;
	DecimalSum total;
	int128 values[FLEXIBLE_ARRAY_MEMBER];
} TopValues;

static void top_corrupted(const TopValues *top);
static TopValues *top_alloc(int n, int room);
static inline int top_room(const TopValues *top);
static TopValues *top_from_datum(Datum datum);
static void top_check(const TopValues *top);
static TopValues *top_state(FunctionCallInfo fcinfo, int n);
static void rescale(TopValues *top, int whole_digits, int scale);
static void sift_up(int128 *values, int place, int128 value);
static void sift_down(int128 *values, int count, int128 value);
static inline TopValues *keep(TopValues *top, int128 value);

PG_FUNCTION_INFO_V1(kam_top_share_accumulate);
PG_FUNCTION_INFO_V1(kam_top_share_combine);
PG_FUNCTION_INFO_V1(kam_top_share_final);

/*
 * Refuses a state that no function of kam has made.
 */
static void
top_corrupted(const TopValues *top)
{
	state_malformed("top_share state", top);
}

/*
 * No values, with room for some.
 */
static TopValues *
top_alloc(int n, int room)
{
	Size size = offsetof(TopValues, values) + sizeof(int128) * (Size) room;
	TopValues *top = palloc0(size);

	SET_VARSIZE(top, size);
	top->version = TOP_VERSION;
	top->n = n;
	return top;
}

/*
 * How many values there is room for.
 */
static inline int
top_room(const TopValues *top)
{
	return (int) ((VARSIZE(top) - offsetof(TopValues, values)) /
				  sizeof(int128));
}

/*
 * Brings a state into memory and checks its header; it is a bytea that anybody
 * can make.
 */
static TopValues *
top_from_datum(Datum datum)
{
	TopValues *top = state_detoast(datum);

	if (VARSIZE(top) < offsetof(TopValues, values) ||
		(VARSIZE(top) - offsetof(TopValues, values)) % sizeof(int128) != 0 ||
		top->version != TOP_VERSION || top->reserved != 0 ||
		top->scale + top->whole_digits > DECIMAL_MAX_DIGITS || top->n < 1 ||
		top->n > TOP_MOST || top->count < 0 || top->count > top->n ||
		top->count > top_room(top) || top->total.high < 0)
		top_corrupted(top);
	return top;
}

/*
 * Checks all values: they are above zero, and none has more digits than the
 * state says.
 */
static void
top_check(const TopValues *top)
{
	int128 limit = decimal_pow10(top->whole_digits + top->scale);

	for (int i = 0; i < top->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (top->values[i] <= 0 || top->values[i] >= limit)
			top_corrupted(top);
	}
}

/*
 * The state in argument 0, begun if it is NULL, as one to be changed; its
 * setting must be n.
 */
static TopValues *
top_state(FunctionCallInfo fcinfo, int n)
{
	TopValues *top;

	if (PG_ARGISNULL(0))
		return top_alloc(n, Min(n, TOP_FEWEST));
	top = top_from_datum(PG_GETARG_DATUM(0));
	if (top->n != n)
		param_not_same("n");
	return state_own(fcinfo, top);
}

/*
 * Makes room for the digits of more values.
 */
static void
rescale(TopValues *top, int whole_digits, int scale)
{
	int128 factor;

	whole_digits = Max(whole_digits, top->whole_digits);
	scale = Max(scale, top->scale);
	decimal_check_digits(whole_digits, scale);
	if (scale > top->scale)
	{
		top_check(top);
		factor = decimal_pow10(scale - top->scale);
		for (int i = 0; i < top->count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			top->values[i] *= factor;
		}
		decimal_sum_rescale(&top->total, scale - top->scale);
	}
	top->whole_digits = whole_digits;
	top->scale = scale;
}

/*
 * Puts a value into a heap, at a place that is empty or nearer to the top.
 */
static void
sift_up(int128 *values, int place, int128 value)
{
	while (place > 0 && values[(place - 1) / 2] > value)
	{
		values[place] = values[(place - 1) / 2];
		place = (place - 1) / 2;
	}
	values[place] = value;
}

/*
 * Puts a value into a heap in place of the one on top.
 */
static void
sift_down(int128 *values, int count, int128 value)
{
	int place = 0;
	int below;

	while ((below = 2 * place + 1) < count)
	{
		if (below + 1 < count && values[below + 1] < values[below])
			below++;
		if (values[below] >= value)
			break;
		values[place] = values[below];
		place = below;
	}
	values[place] = value;
}

/*
 * Keeps a value if it is one of the n largest.  Returns the state, or a larger
 * one in its place.
 */
static inline TopValues *
keep(TopValues *top, int128 value)
{
	if (top->count == top->n)
	{
		if (value > top->values[0])
			sift_down(top->values, top->count, value);
		return top;
	}
	if (top->count == top_room(top))
	{
		TopValues *larger =
			top_alloc(top->n, Min(top->n, Max(2 * top->count, TOP_FEWEST)));

		memcpy((char *) larger + VARHDRSZ, (char *) top + VARHDRSZ,
			   VARSIZE(top) - VARHDRSZ);
		top = larger;
	}
	sift_up(top->values, top->count++, value);
	return top;
}

/*
 * Transition of top_share(value, n): a value up to zero has no share.
 */
Datum
kam_top_share_accumulate(PG_FUNCTION_ARGS)
{
	TopValues *top;
	Decimal value;
	int128 unscaled;

	if (PG_ARGISNULL(2))
		return state_unchanged(fcinfo);
	top = top_state(fcinfo, param_count(PG_GETARG_INT32(2), "n", "values", 1,
										TOP_MOST));
	if (PG_ARGISNULL(1))
		PG_RETURN_POINTER(top);
	decimal_from_numeric(PG_GETARG_DATUM(1), "value", &value);
	if (value.value <= 0)
		PG_RETURN_POINTER(top);

	if (value.scale > top->scale || value.whole_digits > top->whole_digits)
		rescale(top, value.whole_digits, value.scale);
	unscaled = value.value * decimal_pow10(top->scale - value.scale);
	decimal_sum_add(&top->total, unscaled);
	PG_RETURN_POINTER(keep(top, unscaled));
}

/*
 * Merges two states.
 */
Datum
kam_top_share_combine(PG_FUNCTION_ARGS)
{
	TopValues *other = top_from_datum(PG_GETARG_DATUM(1));
	TopValues *top = top_state(fcinfo, other->n);
	DecimalSum total = other->total;
	int128 factor;

	top_check(other);
	rescale(top, other->whole_digits, other->scale);
	factor = decimal_pow10(top->scale - other->scale);
	decimal_sum_rescale(&total, top->scale - other->scale);
	decimal_sum_merge(&top->total, &total);
	for (int i = 0; i < other->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		top = keep(top, other->values[i] * factor);
	}
	PG_RETURN_POINTER(top);
}

/*
 * The sum of the n largest values of a group over that of all above zero.
 */
Datum
kam_top_share_final(PG_FUNCTION_ARGS)
{
	TopValues *top = top_from_datum(PG_GETARG_DATUM(0));
	int128 total = decimal_sum_value(&top->total);
	DecimalSum largest = {0, 0, 0};

	top_check(top);
	for (int i = 0; i < top->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		decimal_sum_add(&largest, top->values[i]);
	}
	if (decimal_sum_value(&largest) > total)
		top_corrupted(top);
	return number_result(
		fcinfo, number_over(decimal_to_numeric(decimal_sum_value(&largest), 0),
							decimal_to_numeric(total, 0)));
}
