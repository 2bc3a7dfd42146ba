/*
 * params.c
 *		Checks of settings, with one wording for all functions.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static bool follows(Numeric value, Numeric before, bool falling);

/*
 * A number as a message shows it.
 */
char *
param_shown(Numeric value)
{
	return DatumGetCString(
		DirectFunctionCall1(numeric_out, NumericGetDatum(value)));
}

/*
 * The same without zeros at the end of the decimals.
 */
char *
param_trimmed(Numeric value)
{
	return param_shown(number_trim(value));
}

/*
 * The place of a name in a NULL-terminated list; -1 if it is not there.
 */
int
param_find(const char *name, int length, const char *const *choices)
{
	for (int i = 0; choices[i] != NULL; i++)
		if ((int) strlen(choices[i]) == length &&
			memcmp(choices[i], name, length) == 0)
			return i;
	return -1;
}

/*
 * The place of a name in a NULL-terminated list of allowed ones.
 */
int
param_choice(text *value, const char *argument, const char *const *choices)
{
	int place =
		param_find(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), choices);
	StringInfoData allowed;

	if (place >= 0)
		return place;

	initStringInfo(&allowed);
	for (int i = 0; choices[i] != NULL; i++)
		appendStringInfo(&allowed, "%s\"%s\"", i > 0 ? ", " : "", choices[i]);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown %s: \"%s\"", argument, text_to_cstring(value)),
			 errhint("Allowed are %s.", allowed.data)));
}

/*
 * Refuses NaN and infinity.
 */
Numeric
param_finite(Numeric value, const char *argument)
{
	if (numeric_is_nan(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be a finite number, not NaN", argument)));
	if (numeric_is_inf(value))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must be a finite number, not %sinfinity",
							   argument, number_sign(value) < 0 ? "-" : "")));
	return value;
}

/*
 * Refuses NaN, infinity and numbers below zero.
 */
Numeric
param_not_negative(Numeric value, const char *argument)
{
	param_finite(value, argument);
	if (number_sign(value) < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must not be negative, but is %s", argument,
							   param_shown(value)),
						errhint("Give zero or more.")));
	return value;
}

/*
 * Refuses a fraction, of which 1 is the whole, that is out of bounds.
 */
Numeric
param_between(Numeric value, const char *argument, int least, int most)
{
	param_finite(value, argument);
	if (number_compare(value, int64_to_numeric(least)) < 0 ||
		number_compare(value, int64_to_numeric(most)) > 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must be from %d to %d, but is %s", argument,
							   least, most, param_shown(value)),
						errhint("It is a fraction: 5 %% is written 0.05.")));
	return value;
}

/*
 * Refuses what is not a fraction from 0 to 1.
 */
Numeric
param_fraction(Numeric value, const char *argument)
{
	return param_between(value, argument, 0, 1);
}

/*
 * Refuses NaN, infinity, zero and numbers below it; hint says what to give.
 */
Numeric
param_above_zero(Numeric value, const char *argument, const char *hint)
{
	param_finite(value, argument);
	if (number_sign(value) <= 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must be above zero, but is %s", argument,
							   param_shown(value)),
						errhint("%s", hint)));
	return value;
}

/*
 * Refuses a number of decimals that no amount is rounded to; does says what
 * the function does to it.
 */
int
param_scale(int scale, const char *does)
{
	if (scale < PARAM_MIN_SCALE || scale > PARAM_MAX_SCALE)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("scale must be from %d to %d, but is %d",
							   PARAM_MIN_SCALE, PARAM_MAX_SCALE, scale),
						errhint("2 %s to cents, 0 to whole units, -3 to "
								"thousands.",
								does)));
	return scale;
}

/*
 * Refuses a number of months, gaps and the like that is out of bounds.
 */
int
param_count(int count, const char *argument, const char *what, int least,
			int most)
{
	if (count < least || count > most)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must be a number of %s, not %d", argument,
							   what, count),
						errhint("From %d to %d are allowed.", least, most)));
	return count;
}

/*
 * Refuses a setting of an aggregate that differs between the rows of a group.
 */
void
param_not_same(const char *argument)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must be the same for all rows of a group", argument),
			 errhint("Give one value, or name the column that decides "
					 "it in GROUP BY.")));
}

/*
 * Refuses the dates infinity and -infinity.
 */
void
param_date(DateADT date, const char *argument)
{
	if (DATE_NOT_FINITE(date))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must be a finite date, not %sinfinity",
							   argument, DATE_IS_NOBEGIN(date) ? "-" : "")));
}

/*
 * Takes a setting's array apart: one dimension, no NULL, from 1 to most
 * elements.  Returns how many there are.
 */
int
param_array(ArrayType *array, const char *argument, Oid element_type, int most,
			Datum **elements)
{
	int16 length;
	bool by_value;
	char align;
	bool *nulls;
	int count;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must be an array of one dimension, not %d",
							   argument, ARR_NDIM(array)),
						errhint("Give one flat list of elements.")));
	count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (count < 1 || count > most)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s has %d elements", argument, count),
						errhint("From 1 to %d elements are allowed.", most)));

	get_typlenbyvalalign(element_type, &length, &by_value, &align);
	deconstruct_array(array, element_type, length, by_value, align, elements,
					  &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("element %d of %s is null", i + 1, argument),
							errhint("Leave the element out or give it a "
									"value.")));
	}
	return count;
}

/*
 * Whether a number is above the one before, or below it where they fall.
 */
static bool
follows(Numeric value, Numeric before, bool falling)
{
	int order = number_compare(value, before);

	return falling ? order < 0 : order > 0;
}

/*
 * As param_array, for finite numbers from zero up that rise, or fall, without
 * repeating.
 */
int
param_sorted(ArrayType *array, const char *argument, bool falling, int most,
			 Datum **elements)
{
	int count = param_array(array, argument, NUMERICOID, most, elements);

	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		param_not_negative(DatumGetNumeric((*elements)[i]), argument);
		if (i > 0 && !follows(DatumGetNumeric((*elements)[i]),
							  DatumGetNumeric((*elements)[i - 1]), falling))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s must %s, but %s follows %s", argument,
							falling ? "fall" : "rise",
							param_shown(DatumGetNumeric((*elements)[i])),
							param_shown(DatumGetNumeric((*elements)[i - 1]))),
					 errhint("Sort them from the %s, each once.",
							 falling ? "largest to the smallest"
									 : "smallest to the largest")));
	}
	return count;
}
