/*
 * statement.h
 *		A customer's statement: ordered rows of a step, its wording and an
 *		amount.
 */
#ifndef KAM_STATEMENT_H
#define KAM_STATEMENT_H

#include "kam.h"

#include "nodes/execnodes.h"
#include "utils/numeric.h"

/*
 * A statement that is being written.
 */
typedef struct Statement
{
	ReturnSetInfo *rows;
	int count;
	int scale; /* decimals of money that was computed */
} Statement;

extern void statement_start(Statement *statement, FunctionCallInfo fcinfo);
extern void statement_add(Statement *statement, const char *step,
						  Numeric amount, const char *detail);
extern void statement_settle(Statement *statement, Numeric reward,
							 Numeric paid);
extern char *shown_money(const Statement *statement, Numeric value);
extern char *shown_percent(Numeric fraction);
extern char *shown_attainment(Numeric fraction);

#endif /* KAM_STATEMENT_H */
