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

#define WINDOW_MOST_VALUES 3
#define WINDOW_MOST_SETTINGS 3

/* Rows read between two resets of the memory that their values are made in. */
#define WINDOW_ROWS_PER_RESET 64

/* What WindowValues.values holds for NULL, below all amounts, and for nothing. */
#define VALUE_NULL ((int128) ((uint128) 1 << 127))
#define VALUE_NOTHING 0

/*
 * How values are read: kept by row, or only added up; with their sign, or
 * those below zero as nothing; those of a row each for itself, or together, so
 * that a NULL among them makes all of them NULL.
 */
#define VALUES_KEPT 0x01
#define VALUES_SIGNED 0x02
#define VALUES_TOGETHER 0x04

/*
 * The arguments of a window function by name: the values, of which each row
 * has its own, and behind them the settings, which must not change within a
 * partition.  Both end with a NULL.
 */
typedef struct WindowArguments
{
	const char *values[WINDOW_MOST_VALUES + 1];
	const char *settings[WINDOW_MOST_SETTINGS + 1];
} WindowArguments;

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
 * columns are those of a row as the result, NULL at first.
 */
typedef struct WindowCall
{
	const WindowArguments *arguments;
	int value_count;
	bool integers[WINDOW_MOST_VALUES];
	MemoryContext row_memory;
	MemoryContext setting_memory;
	bool loaded;
	bool all_constant;
	WindowSetting settings[WINDOW_MOST_SETTINGS];
	void *made;
	TupleDesc columns;
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
 * One of the values of a partition by row, as integers at one scale, how many
 * of them are not NULL, and their sum: of those above zero, or signed, of all.
 */
typedef struct WindowValues
{
	int64 count;
	int64 known;
	int128 *values;
	int scale;
	WindowSum sum;
} WindowValues;

extern WindowObject window_of(FunctionCallInfo fcinfo);
extern WindowCall *window_call(FunctionCallInfo fcinfo,
							   const WindowArguments *arguments);
extern bool window_read_settings(WindowObject window, WindowCall *call);
extern void window_check_settings(WindowObject window, const WindowCall *call);
extern int64 window_row_count(WindowObject window);
extern void window_read_values(WindowObject window, WindowCall *call, int how,
							   WindowValues *values);
extern int128 window_total(const WindowValues *values);
extern bool window_current_value(WindowObject window, const WindowCall *call,
								 int i, Decimal *value);
extern Numeric window_number(int128 value, int scale, MemoryContext memory);

#endif /* KAM_WINDOW_H */
