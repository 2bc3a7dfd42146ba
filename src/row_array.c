/*
 * row_array.c
 *		Arrays of rows as arguments.
 */
#include "kam.h"

#include "access/htup_details.h"
#include "miscadmin.h"
#include "row_array.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/*
 * The elements of an array of rows, without those that are NULL or have
 * nothing but NULLs, as the empty row of a left join has.
 */
RowElement *
row_array_read(ArrayType *array, const char *argument, int columns, int *count)
{
	TupleDesc type;
	int16 length;
	bool by_value;
	char align;
	Datum *elements;
	bool *element_nulls;
	int element_count;
	RowElement *rows;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must be an array of one dimension, not %d",
							   argument, ARR_NDIM(array)),
						errhint("Collect the rows with array_agg.")));
	type = lookup_rowtype_tupdesc(ARR_ELEMTYPE(array), -1);
	if (type->natts != columns)
		elog(ERROR, "%s must be rows of %d columns", argument, columns);
	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align,
					  &elements, &element_nulls, &element_count);
	rows = palloc(sizeof(RowElement) * Max(element_count, 1));
	*count = 0;
	for (int i = 0; i < element_count; i++)
	{
		RowElement *row = &rows[*count];
		HeapTupleData tuple = {0};

		CHECK_FOR_INTERRUPTS();
		if (element_nulls[i])
			continue;
		row->place = i + 1;
		row->values = palloc(sizeof(Datum) * columns);
		row->nulls = palloc(sizeof(bool) * columns);
		tuple.t_data = DatumGetHeapTupleHeader(elements[i]);
		tuple.t_len = HeapTupleHeaderGetDatumLength(tuple.t_data);
		heap_deform_tuple(&tuple, type, row->values, row->nulls);
		for (int j = 0; j < columns; j++)
			if (!row->nulls[j])
			{
				(*count)++;
				break;
			}
	}
	ReleaseTupleDesc(type);
	return rows;
}
