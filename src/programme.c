/*
 * programme.c
 *		A tiered programme with parameters and gates: what a customer earns.
 */
#include "kam.h"

#include "miscadmin.h"
#include "params.h"
#include "programme.h"
#include "row_array.h"
#include "utils/builtins.h"

/* The columns of programme_parameter and programme_gate. */
#define PARAMETER_COLUMNS 4
#define GATE_COLUMNS 2

static char *row_name(const RowElement *row, const char *kind);
static Numeric row_number(const RowElement *row, int column, Numeric otherwise);
static void read_parameters(ArrayType *array, Programme *programme);
static void read_gates(ArrayType *array, Programme *programme);

PG_FUNCTION_INFO_V1(kam_programme_reward);

/*
 * The name of a row, which is its first column, or else its kind and place.
 */
static char *
row_name(const RowElement *row, const char *kind)
{
	if (row->nulls[0])
		return psprintf("%s %d", kind, row->place);
	return TextDatumGetCString(row->values[0]);
}

/*
 * A number of a row.
 */
static Numeric
row_number(const RowElement *row, int column, Numeric otherwise)
{
	return row->nulls[column] ? otherwise
							  : DatumGetNumeric(row->values[column]);
}

/*
 * Reads the parameters and counts those with a target.
 */
static void
read_parameters(ArrayType *array, Programme *programme)
{
	Numeric zero = int64_to_numeric(0);
	int count;
	RowElement *rows =
		row_array_read(array, "parameters", PARAMETER_COLUMNS, &count);

	programme->parameters = palloc(sizeof(Parameter) * Max(count, 1));
	programme->parameter_count = count;
	for (int i = 0; i < count; i++)
	{
		const RowElement *row = &rows[i];
		Parameter *parameter = &programme->parameters[i];

		CHECK_FOR_INTERRUPTS();
		parameter->name = row_name(row, "parameter");
		parameter->actual = param_finite(row_number(row, 1, zero), "actual");
		parameter->target = row_number(row, 2, NULL);
		parameter->weight =
			param_not_negative(row_number(row, 3, int64_to_numeric(1)),
							   "weight");
		parameter->attainment = NULL;
		parameter->met = false;
		if (parameter->target == NULL)
			continue;

		programme->target_count++;
		programme->weights = number_add(programme->weights, parameter->weight);
		param_not_negative(parameter->target, "target");
		parameter->met = true;
		if (number_sign(parameter->target) > 0)
		{
			parameter->attainment = number_trim(
				number_divide(parameter->actual, parameter->target));
			parameter->met =
				number_compare(parameter->actual, parameter->target) >= 0;
			if (programme->lowest == NULL ||
				number_compare(parameter->attainment,
							   programme->lowest->attainment) < 0)
				programme->lowest = parameter;
		}
		if (parameter->met)
		{
			programme->met_count++;
			programme->met_weights =
				number_add(programme->met_weights, parameter->weight);
		}
	}
}

/*
 * Reads the gates and whether all of them are met.
 */
static void
read_gates(ArrayType *array, Programme *programme)
{
	int count;
	RowElement *rows = row_array_read(array, "gates", GATE_COLUMNS, &count);

	programme->gates = palloc(sizeof(Gate) * Max(count, 1));
	programme->gate_count = count;
	for (int i = 0; i < count; i++)
	{
		const RowElement *row = &rows[i];
		Gate *gate = &programme->gates[i];

		CHECK_FOR_INTERRUPTS();
		gate->name = row_name(row, "gate");
		gate->known = !row->nulls[1];
		gate->met = gate->known && DatumGetBool(row->values[1]);
		if (!gate->met)
			programme->gates_met = false;
	}
}

/*
 * Reads the arguments (qualifying, ladder, base, mode, boundary, cap,
 * parameters, combine, gates); false when the result is NULL.
 */
bool
programme_read(FunctionCallInfo fcinfo, Programme *programme)
{
	TierCall *tier = &programme->tier;
	Numeric qualifying;
	Numeric base;

	memset(programme, 0, sizeof(Programme));
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3) ||
		PG_ARGISNULL(4) || PG_ARGISNULL(7))
		return false;

	qualifying = param_finite(PG_GETARG_NUMERIC(0), "qualifying");
	base = PG_ARGISNULL(2) ? qualifying
						   : param_finite(PG_GETARG_NUMERIC(2), "base");
	tier->mode = tier_mode(PG_GETARG_TEXT_PP(3));
	tier->gate = true;
	programme->boundary = tier_boundary(PG_GETARG_TEXT_PP(4));
	if (!PG_ARGISNULL(5))
		programme->cap = param_not_negative(PG_GETARG_NUMERIC(5), "cap");
	programme->combine =
		(Combine) param_choice(PG_GETARG_TEXT_PP(7), "combine", combine_names);
	if (programme->combine == COMBINE_MIN && tier->mode == MODE_STEPPED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("combine is \"min\", but mode is \"stepped\""),
				 errhint("The bands of an attainment have no amounts: use "
						 "another mode, or combine \"all\" or \"weighted\".")));

	programme->weights = int64_to_numeric(0);
	programme->met_weights = int64_to_numeric(0);
	programme->gates_met = true;
	if (!PG_ARGISNULL(6))
		read_parameters(PG_GETARG_ARRAYTYPE_P(6), programme);
	if (!PG_ARGISNULL(8))
		read_gates(PG_GETARG_ARRAYTYPE_P(8), programme);
	if (programme->combine == COMBINE_WEIGHTED && programme->target_count > 0 &&
		number_sign(programme->weights) == 0)
		return false;

	programme->given = qualifying;
	programme->own_base = number_compare(base, qualifying) != 0;
	if (programme->combine == COMBINE_MIN)
	{
		if (programme->lowest == NULL)
			return false;
		qualifying = programme->lowest->attainment;
		programme->own_base = true;
	}
	tier->cache = tier_cache(fcinfo, PG_GETARG_DATUM(1));
	tier_place(tier, "qualifying", qualifying, base, programme->boundary);
	return true;
}

/*
 * What the parameters leave of a reward.
 */
Numeric
programme_share(const Programme *programme, Numeric reward)
{
	if (programme->combine == COMBINE_MIN ||
		programme->met_count == programme->target_count)
		return reward;
	if (programme->combine == COMBINE_ALL)
		return int64_to_numeric(0);
	return number_trim(
		number_divide(number_multiply(reward, programme->met_weights),
					  programme->weights));
}

/*
 * A reward, or the cap where that is less.
 */
Numeric
programme_capped(const Programme *programme, Numeric reward)
{
	return number_at_most(reward, programme->cap);
}

/*
 * What is earned of a reward of the ladder: the share that the parameters
 * leave, nothing unless all gates are met, and no more than the cap.
 */
Numeric
programme_pay(const Programme *programme, Numeric reward)
{
	Numeric share = programme_share(programme, reward);

	return programme_capped(programme,
							programme->gates_met ? share : int64_to_numeric(0));
}

/*
 * programme_reward(qualifying, ladder, base, mode, boundary, cap, parameters,
 * combine, gates): what is earned.
 */
Datum
kam_programme_reward(PG_FUNCTION_ARGS)
{
	Programme programme;

	if (!programme_read(fcinfo, &programme))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(programme_pay(&programme, tier_pay(&programme.tier)));
}
