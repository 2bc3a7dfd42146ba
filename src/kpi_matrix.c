/*
 * kpi_matrix.c
 *		The 24 indicators of an active customer base, from the totals of a
 *		territory, a route or a company.
 */
#include "kam.h"

#include "number.h"
#include "params.h"
#include "row.h"

/*
 * The arguments: what was counted, then money, then the indicators that come
 * from receivables and audits.
 */
typedef enum KpiInput
{
	IN_OKB,
	IN_PAKB,
	IN_AKB,
	IN_AKB_PLANNED,
	IN_AKB_STABLE,
	IN_SYSTEMIC,
	IN_AKB_CATEGORY,
	IN_PLANNED_VISITS,
	IN_ORDERS,
	IN_ORDERS_PLANNED,
	IN_PRODUCTIVE_ORDERS,
	IN_COST,
	IN_MARGIN,
	IN_OVERDUE_SHARE,
	IN_PAYMENT_DISCIPLINE,
	IN_PAYMENT_DISCIPLINE_STRICT,
	IN_PLANOGRAM_COVERAGE,
	IN_MML_DISTRIBUTION,
	KPI_INPUTS
} KpiInput;

static const char *const input_names[] = {"okb",
										  "pakb",
										  "akb",
										  "akb_planned",
										  "akb_stable",
										  "systemic",
										  "akb_category",
										  "planned_visits",
										  "orders",
										  "orders_planned",
										  "productive_orders",
										  "cost",
										  "margin",
										  "overdue_share",
										  "payment_discipline",
										  "payment_discipline_strict",
										  "planogram_coverage",
										  "mml_distribution"};

#define KPI_COLUMNS 27

/*
 * A row that is filled from the left.
 */
typedef struct KpiRow
{
	int filled;
	Datum values[KPI_COLUMNS];
	bool nulls[KPI_COLUMNS];
} KpiRow;

static Numeric read_input(FunctionCallInfo fcinfo, KpiInput input);
static void put_number(KpiRow *row, Numeric number);
static void put_count(KpiRow *row, Numeric count);
static Numeric over(Numeric part, Numeric whole);

PG_FUNCTION_INFO_V1(kam_kpi_matrix);

/*
 * An argument, checked; NULL if it is missing.
 */
static Numeric
read_input(FunctionCallInfo fcinfo, KpiInput input)
{
	const char *name = input_names[input];
	Numeric value;

	if (PG_ARGISNULL(input))
		return NULL;
	value = PG_GETARG_NUMERIC(input);
	if (input >= IN_COST)
		return param_finite(value, name);

	param_not_negative(value, name);
	if (number_compare(number_trunc(value, 0), value) != 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must be a whole number, but is %s", name,
							   param_shown(value)),
						errhint("It is a count.")));
	return value;
}

/*
 * The next column is a number.
 */
static void
put_number(KpiRow *row, Numeric number)
{
	row_number(&row->values[row->filled], &row->nulls[row->filled], number);
	row->filled++;
}

/*
 * The next column is a count.
 */
static void
put_count(KpiRow *row, Numeric count)
{
	row->nulls[row->filled] = count == NULL;
	if (count != NULL)
		row->values[row->filled] =
			DirectFunctionCall1(numeric_int8, NumericGetDatum(count));
	row->filled++;
}

/*
 * A part over a whole; NULL where one is missing or the whole is not above
 * zero.
 */
static Numeric
over(Numeric part, Numeric whole)
{
	return part != NULL && whole != NULL ? number_over(part, whole) : NULL;
}

/*
 * kpi_matrix(…): an indicator whose inputs are missing is NULL.
 */
Datum
kam_kpi_matrix(PG_FUNCTION_ARGS)
{
	Numeric in[KPI_INPUTS];
	KpiRow row = {0};
	Numeric order_cost;
	Numeric order_margin;
	Numeric income = NULL;

	for (int i = 0; i < KPI_INPUTS; i++)
		in[i] = read_input(fcinfo, i);
	order_cost = over(in[IN_COST], in[IN_ORDERS]);
	order_margin = over(in[IN_MARGIN], in[IN_ORDERS]);
	if (order_cost != NULL && order_margin != NULL)
		income = number_subtract(in[IN_MARGIN], in[IN_COST]);

	put_count(&row, in[IN_OKB]);
	put_count(&row, in[IN_PAKB]);
	put_count(&row, in[IN_AKB]);
	put_number(&row, over(in[IN_AKB], in[IN_PAKB]));
	put_number(&row, over(in[IN_AKB_PLANNED], in[IN_PAKB]));
	put_number(&row, over(in[IN_AKB], in[IN_OKB]));
	put_count(&row, in[IN_AKB_STABLE]);
	put_number(&row, over(in[IN_AKB_STABLE], in[IN_AKB]));
	put_count(&row, in[IN_SYSTEMIC]);
	put_number(&row, over(in[IN_SYSTEMIC], in[IN_AKB]));
	put_count(&row, in[IN_AKB_CATEGORY]);
	put_number(&row, over(in[IN_AKB_CATEGORY], in[IN_AKB]));
	put_count(&row, in[IN_PLANNED_VISITS]);
	put_count(&row, in[IN_ORDERS]);
	put_count(&row, in[IN_PRODUCTIVE_ORDERS]);
	put_number(&row, over(in[IN_ORDERS], in[IN_PLANNED_VISITS]));
	put_number(&row, over(in[IN_ORDERS_PLANNED], in[IN_PLANNED_VISITS]));
	put_number(&row, over(in[IN_PRODUCTIVE_ORDERS], in[IN_PLANNED_VISITS]));
	put_number(&row, over(in[IN_COST], in[IN_PLANNED_VISITS]));
	put_number(&row, order_cost);
	put_number(&row, order_margin);
	put_number(&row, over(income, in[IN_MARGIN]));
	for (int i = IN_OVERDUE_SHARE; i < KPI_INPUTS; i++)
		put_number(&row, in[i]);
	return row_result(fcinfo, NULL, KPI_COLUMNS, row.values, row.nulls);
}
