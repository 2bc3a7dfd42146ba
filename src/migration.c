/*
 * migration.c
 *		How a customer moves between the classes of two dates.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "params.h"
#include "utils/array.h"
#include "utils/builtins.h"

#define MOST_CLASSES 100

/* The arguments of class_move. */
#define ARGUMENT_BEFORE 0
#define ARGUMENT_NOW 1
#define ARGUMENT_CLASSES 2

static int compare_bytes(const text *one, const text *other);
static void check_classes(const Datum *classes, int count);
static int place_of(const text *name, const char *argument,
					const Datum *classes, int count);

PG_FUNCTION_INFO_V1(kam_class_move);

/*
 * Below zero, zero or above zero, as the bytes of one text are before, equal
 * to or behind those of another.
 */
static int
compare_bytes(const text *one, const text *other)
{
	int one_size = VARSIZE_ANY_EXHDR(one);
	int other_size = VARSIZE_ANY_EXHDR(other);
	int order =
		memcmp(VARDATA_ANY(one), VARDATA_ANY(other), Min(one_size, other_size));

	return order != 0 ? order : one_size - other_size;
}

/*
 * Refuses a class that is listed twice.
 */
static void
check_classes(const Datum *classes, int count)
{
	for (int i = 1; i < count; i++)
		for (int j = 0; j < i; j++)
		{
			CHECK_FOR_INTERRUPTS();
			if (compare_bytes((text *) DatumGetPointer(classes[i]),
							  (text *) DatumGetPointer(classes[j])) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("classes has \"%s\" twice",
								TextDatumGetCString(classes[i])),
						 errhint("List each class once, the best first.")));
		}
}

/*
 * The place of a class in the list.
 */
static int
place_of(const text *name, const char *argument, const Datum *classes,
		 int count)
{
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (compare_bytes(name, (text *) DatumGetPointer(classes[i])) == 0)
			return i;
	}
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("%s is \"%s\", which is not among classes", argument,
						   text_to_cstring(name)),
					errhint("List all classes, the best first.")));
	return 0; /* not reached */
}

/*
 * class_move(before, now, classes): up, down or same, or entered and left
 * where there is no class before or now; NULL without any.
 */
Datum
kam_class_move(PG_FUNCTION_ARGS)
{
	text *before = PG_ARGISNULL(ARGUMENT_BEFORE)
					   ? NULL
					   : PG_GETARG_TEXT_PP(ARGUMENT_BEFORE);
	text *now =
		PG_ARGISNULL(ARGUMENT_NOW) ? NULL : PG_GETARG_TEXT_PP(ARGUMENT_NOW);
	int fall = 0;
	const char *move = "same";

	if (!PG_ARGISNULL(ARGUMENT_CLASSES))
	{
		Datum *classes;
		int count = param_array(PG_GETARG_ARRAYTYPE_P(ARGUMENT_CLASSES),
								"classes", TEXTOID, MOST_CLASSES, &classes);

		check_classes(classes, count);
		if (now != NULL)
			fall = place_of(now, "now", classes, count);
		if (before != NULL)
			fall -= place_of(before, "before", classes, count);
	}
	else if (before != NULL && now != NULL)
		fall = compare_bytes(now, before);

	if (before == NULL && now == NULL)
		PG_RETURN_NULL();
	if (before == NULL)
		move = "entered";
	else if (now == NULL)
		move = "left";
	else if (fall != 0)
		move = fall < 0 ? "up" : "down";
	PG_RETURN_TEXT_P(cstring_to_text(move));
}
