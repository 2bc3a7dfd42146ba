/*
 * window.h
 *		What window functions over a whole partition share: settings that must
 *		not change within it, and its values, read once.
 */
#ifndef KAM_WINDOW_H
#define KAM_WINDOW_H

#include "kam.h"

#include "decimal.h"
#include "windowapi.h"

#define WINDOW_MOST_SETTINGS 3

/* Rows read between two resets of the memory that their values are made in. */
#define WINDOW_ROWS_PER_RESET 64

/* What WindowValues.values holds for NULL, below all amounts, and for nothing. */
#define VALUE_NULL ((int128) ((uint128) 1 << 127))
#define VALUE_NOTHING 0

/*
 * How values are read: kept by row, or only added up; with their sign, or
 * those below zero as nothing.
 */
#define VALUES_KEPT 0x01
#define VALUES_SIGNED 0x02

/*
 * One argument that must not change within a partition.
 */
typedef struct WindowSetting
{
	Datum value;
	bool null;
	bool constant;
	bool by_value;
	int16 length;
} WindowSetting;

/*
 * What is kept for a call between the partitions of one query: the settings
 * as they came, and what the function made of them, both in setting_memory.
 */
typedef struct WindowCall
{
	MemoryContext row_memory;
	MemoryContext setting_memory;
	bool loaded;
	bool all_constant;
	WindowSetting settings[WINDOW_MOST_SETTINGS];
	void *made;
} WindowCall;

/*
 * An exact sum of amounts, at the largest scale among them.
 */
typedef struct WindowSum
{
	DecimalSum sum;
	int scale;
	int whole_digits;
} WindowSum;

/*
 * The values of a partition by row, as integers at one scale, how many of
 * them are not NULL, and their sum: of those above zero, or signed, of all.
 */
typedef struct WindowValues
{
	int64 count;
	int64 known;
	int128 *values;
	int scale;
	int128 total;
} WindowValues;

extern WindowObject window_of(FunctionCallInfo fcinfo);
extern WindowCall *window_call(FunctionCallInfo fcinfo,
							   const char *const *names);
extern bool window_read_settings(WindowObject window, WindowCall *call,
								 const char *const *names);
extern void window_check_settings(WindowObject window, const WindowCall *call,
								  const char *const *names);
extern int64 window_row_count(WindowObject window);
extern void window_read_values(WindowObject window, WindowCall *call, int how,
							   WindowValues *rows);
extern Numeric window_number(int128 value, int scale, MemoryContext memory);

/*
 * Adds an amount to a sum.  Returns it as an integer at the sum's scale.
 */
static inline int128
window_sum_add(WindowSum *sum, const Decimal *amount)
{
	int128 value = amount->value;

	if (amount->whole_digits > sum->whole_digits || amount->scale > sum->scale)
	{
		int grown = Max(amount->scale - sum->scale, 0);

		sum->whole_digits = Max(sum->whole_digits, amount->whole_digits);
		sum->scale += grown;
		decimal_check_digits(sum->whole_digits, sum->scale);
		if (grown > 0)
			decimal_sum_rescale(&sum->sum, grown);
	}
	if (amount->scale < sum->scale)
		value *= decimal_pow10(sum->scale - amount->scale);
	decimal_sum_add(&sum->sum, value);
	return value;
}

#endif /* KAM_WINDOW_H */
