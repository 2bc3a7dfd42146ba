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

/* What WindowValues.values holds for NULL, and for zero and below. */
#define VALUE_NULL (-1)
#define VALUE_NOTHING 0

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
 * The values of a partition by row, as integers at one scale, and the sum of
 * those above zero.
 */
typedef struct WindowValues
{
	int64 count;
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
extern void window_read_values(WindowObject window, WindowCall *call, bool keep,
							   WindowValues *rows);

#endif /* KAM_WINDOW_H */
