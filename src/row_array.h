/*
 * row_array.h
 *		Arrays of rows as arguments.
 */
#ifndef KAM_ROW_ARRAY_H
#define KAM_ROW_ARRAY_H

#include "kam.h"

#include "utils/array.h"

/*
 * An element of an array of rows, taken apart.
 */
typedef struct RowElement
{
	int place; /* in the array, from 1 */
	Datum *values;
	bool *nulls;
} RowElement;

extern RowElement *row_array_read(ArrayType *array, const char *argument,
								  int columns, int *count);

#endif /* KAM_ROW_ARRAY_H */
