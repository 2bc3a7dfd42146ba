/*
 * model_query.c
 *		What a query that is to be bound to a source of a model is: one plain
 *		SELECT, and the columns that it gives.  Nothing is executed.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "parser/analyze.h"
#include "row.h"
#include "tcop/tcopprot.h"
#include "utils/array.h"
#include "utils/builtins.h"

static void explain_error(void *arg);
static RawStmt *parse_one(const char *query);
static void check_kind(bool is_select);
static void check_reads_only(const Query *query);
static text *statement_text(const char *query, const RawStmt *statement);
static bool collect_relations(Node *node, List **relations);
static ArrayType *oid_array(const List *oids, Oid type);

PG_FUNCTION_INFO_V1(kam_model_query);

/*
 * Error context: what is wrong is in the query that was given, not in the
 * statement that called kam_bind.
 */
static void
explain_error(void *arg)
{
	int position = geterrposition();

	if (position > 0)
	{
		errposition(0);
		internalerrposition(position);
		internalerrquery((const char *) arg);
	}
	errcontext("query of kam_bind");
}

/*
 * The one statement that a query has to be.
 */
static RawStmt *
parse_one(const char *query)
{
	List *statements = pg_parse_query(query);

	if (list_length(statements) != 1)
		ereport(
			ERROR,
			(errcode(ERRCODE_SYNTAX_ERROR),
			 errmsg("the query of a source is one SELECT, not %d statements",
					list_length(statements)),
			 errhint("Put what belongs together into a WITH clause or a "
					 "view of your own.")));
	return linitial_node(RawStmt, statements);
}

/*
 * Refuses a statement of another kind.
 */
static void
check_kind(bool is_select)
{
	if (!is_select)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
						errmsg("the query of a source is a SELECT"),
						errhint("Give the query alone, without CREATE VIEW, "
								"INTO or EXPLAIN.")));
}

/*
 * Refuses a SELECT that does more than read.
 */
static void
check_reads_only(const Query *query)
{
	if (query->hasModifyingCTE)
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR),
				 errmsg("the query of a source only reads"),
				 errhint("Leave INSERT, UPDATE and DELETE out of WITH.")));
	if (query->hasForUpdate)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
						errmsg("the query of a source locks no rows"),
						errhint("Leave FOR UPDATE and FOR SHARE out.")));
}

/*
 * The statement without what stands behind it, such as a semicolon.
 */
static text *
statement_text(const char *query, const RawStmt *statement)
{
	const char *begin = query + Max(statement->stmt_location, 0);
	int length = statement->stmt_len;

	return cstring_to_text_with_len(begin,
									length > 0 ? length : (int) strlen(begin));
}

/*
 * Walks through a query and its parts for the relations that they read.
 */
static bool
collect_relations(Node *node, List **relations)
{
	CHECK_FOR_INTERRUPTS();
	if (node == NULL)
		return false;
	if (IsA(node, RangeTblEntry))
	{
		if (OidIsValid(((RangeTblEntry *) node)->relid))
			*relations =
				list_append_unique_oid(*relations,
									   ((RangeTblEntry *) node)->relid);
		return false;
	}
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, collect_relations, relations,
								 QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, collect_relations, relations);
}

/*
 * An array of regtype or regclass.
 */
static ArrayType *
oid_array(const List *oids, Oid type)
{
	Datum *values = palloc(list_length(oids) * sizeof(Datum));
	int count = 0;
	ListCell *cell;

	foreach (cell, oids)
	{
		CHECK_FOR_INTERRUPTS();
		values[count++] = ObjectIdGetDatum(lfirst_oid(cell));
	}
	return construct_array(values, count, type, sizeof(Oid), true,
						   TYPALIGN_INT);
}

/*
 * model_query(query): its statement, the names and types of its columns, and
 * the relations that it reads.
 */
Datum
kam_model_query(PG_FUNCTION_ARGS)
{
	char *given = text_to_cstring(PG_GETARG_TEXT_PP(0));
	ErrorContextCallback callback = {error_context_stack, explain_error, given};
	RawStmt *statement;
	Query *query;
	Datum *names;
	List *types = NIL;
	List *relations = NIL;
	Datum values[4];
	bool nulls[4] = {false, false, false, false};
	int count = 0;
	ListCell *cell;

	error_context_stack = &callback;
	statement = parse_one(given);
	check_kind(IsA(statement->stmt, SelectStmt));
	query = parse_analyze_fixedparams(statement, given, NULL, 0, NULL);
	check_kind(query->commandType == CMD_SELECT);
	check_reads_only(query);
	error_context_stack = callback.previous;

	names = palloc(list_length(query->targetList) * sizeof(Datum));
	foreach (cell, query->targetList)
	{
		TargetEntry *entry = lfirst_node(TargetEntry, cell);

		CHECK_FOR_INTERRUPTS();
		if (entry->resjunk)
			continue;
		names[count++] = CStringGetTextDatum(entry->resname);
		types = lappend_oid(types, exprType((Node *) entry->expr));
	}
	collect_relations((Node *) query, &relations);

	values[0] = PointerGetDatum(statement_text(given, statement));
	values[1] = PointerGetDatum(
		construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
	values[2] = PointerGetDatum(oid_array(types, REGTYPEOID));
	values[3] = PointerGetDatum(oid_array(relations, REGCLASSOID));
	return row_result(fcinfo, NULL, 4, values, nulls);
}
