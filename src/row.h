/*
 * row.h
 *		Rows as results: one, or a set of them.
 */
#ifndef KAM_ROW_H
#define KAM_ROW_H

#include "kam.h"

#include "nodes/execnodes.h"
#include "utils/numeric.h"

extern Datum row_result(FunctionCallInfo fcinfo, TupleDesc *kept, int count,
						Datum *values, bool *nulls);
extern TupleDesc row_element_columns(FunctionCallInfo fcinfo, int count,
									 Oid *type);
extern ReturnSetInfo *rows_start(FunctionCallInfo fcinfo, int count);
extern void rows_add(ReturnSetInfo *rows, Datum *values, bool *nulls);
extern void row_number(Datum *value, bool *null, Numeric number);
extern Numeric row_change(Numeric total, Numeric earlier, Datum *values,
						  bool *nulls);

#endif /* KAM_ROW_H */
