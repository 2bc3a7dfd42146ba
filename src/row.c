/*
 * row.c
 *		Rows as results: one, or a set of them.
 */
#include "kam.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "number.h"
#include "row.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

static void check_columns(TupleDesc columns, int count);

/*
 * Makes sure that a result type has the columns that will be filled.
 */
static void
check_columns(TupleDesc columns, int count)
{
	if (columns->natts != count)
		elog(ERROR, "result type has %d columns, not %d", columns->natts,
			 count);
}

/*
 * A row as the result of a function.  kept is where the call site keeps the
 * columns, NULL at first; without it the call site keeps nothing else.
 */
Datum
row_result(FunctionCallInfo fcinfo, TupleDesc *kept, int count, Datum *values,
		   bool *nulls)
{
	if (kept == NULL)
		kept = (TupleDesc *) &fcinfo->flinfo->fn_extra;
	if (*kept == NULL)
	{
		TupleDesc columns;
		MemoryContext caller;

		if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "result type is not a row type");
		check_columns(columns, count);
		caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		*kept = BlessTupleDesc(CreateTupleDescCopy(columns));
		MemoryContextSwitchTo(caller);
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(*kept, values, nulls)));
}

/*
 * The columns of the rows in the array that a function returns, and their
 * type.
 */
TupleDesc
row_element_columns(FunctionCallInfo fcinfo, int count, Oid *type)
{
	TupleDesc columns;

	*type = get_element_type(get_func_rettype(fcinfo->flinfo->fn_oid));
	columns = lookup_rowtype_tupdesc_copy(*type, -1);
	check_columns(columns, count);
	return BlessTupleDesc(columns);
}

/*
 * Gets the result set of a function ready.
 */
ReturnSetInfo *
rows_start(FunctionCallInfo fcinfo, int count)
{
	ReturnSetInfo *rows = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	check_columns(rows->setDesc, count);
	return rows;
}

/*
 * Adds a row to a result set.
 */
void
rows_add(ReturnSetInfo *rows, Datum *values, bool *nulls)
{
	tuplestore_putvalues(rows->setResult, rows->setDesc, values, nulls);
}

/*
 * A number as a column: NULL where there is none.
 */
void
row_number(Datum *value, bool *null, Numeric number)
{
	*value = NumericGetDatum(number);
	*null = number == NULL;
}

/*
 * An earlier total, the change from it and the growth as three columns; NULLs
 * where there is no earlier one.  Returns the change.
 */
Numeric
row_change(Numeric total, Numeric earlier, Datum *values, bool *nulls)
{
	Numeric change = earlier ? number_subtract(total, earlier) : NULL;
	Numeric growth = earlier ? number_over(change, earlier) : NULL;

	row_number(&values[0], &nulls[0], earlier);
	row_number(&values[1], &nulls[1], change);
	row_number(&values[2], &nulls[2], growth);
	return change;
}
