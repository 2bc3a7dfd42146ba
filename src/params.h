/*
 * params.h
 *		Checks of settings (cut-offs, names of modes, finite numbers), with one
 *		wording for all functions.
 */
#ifndef KAM_PARAMS_H
#define KAM_PARAMS_H

#include "kam.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/numeric.h"

/* The decimals that an amount is rounded to; -3 is thousands. */
#define PARAM_MIN_SCALE (-12)
#define PARAM_MAX_SCALE 20

extern int param_find(const char *name, int length, const char *const *choices);
extern int param_choice(text *value, const char *argument,
						const char *const *choices);
extern Numeric param_finite(Numeric value, const char *argument);
extern Numeric param_not_negative(Numeric value, const char *argument);
extern Numeric param_between(Numeric value, const char *argument, int least,
							 int most);
extern Numeric param_fraction(Numeric value, const char *argument);
extern Numeric param_above_zero(Numeric value, const char *argument,
								const char *hint);
extern int param_scale(int scale, const char *does);
extern int param_count(int count, const char *argument, const char *what,
					   int least, int most);
pg_noreturn extern void param_not_same(const char *argument);
extern void param_date(DateADT date, const char *argument);
extern int param_array(ArrayType *array, const char *argument, Oid element_type,
					   int most, Datum **elements);
extern int param_sorted(ArrayType *array, const char *argument, bool falling,
						int most, Datum **elements);
extern char *param_shown(Numeric value);
extern char *param_trimmed(Numeric value);

#endif /* KAM_PARAMS_H */
