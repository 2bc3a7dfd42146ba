/*
 * retention_portfolio.c
 *		retention_portfolio: how many advances vested, and what the programme
 *		paid for the revenue it brought.
 */
#include "kam.h"

#include "executor/executor.h"
#include "number.h"
#include "params.h"
#include "retention.h"
#include "row.h"
#include "state.h"
#include "tally.h"
#include "utils/builtins.h"

#define PORTFOLIO_COLUMNS 10

/* So many that four counts of them add up to a bigint. */
#define MAX_CONTRACTS (PG_INT64_MAX / 4)

/*
 * The state: contracts by status, then the sums over the decided ones.
 */
typedef enum Tally
{
	TALLY_PENDING,
	TALLY_VESTED,
	TALLY_CLAWED_BACK,
	TALLY_BONUS,
	TALLY_KEPT,
	TALLY_REVENUE,
	TALLY_COUNT
} Tally;

static int64 to_int64(Numeric number);
static bool is_count(Numeric number);
static void read_tally(Datum state, Numeric *numbers);
static void read_state(FunctionCallInfo fcinfo, Numeric *numbers);
static Numeric decided_sum(HeapTupleHeader row, RetentionColumn column,
						   const char *name, const char *status);

PG_FUNCTION_INFO_V1(kam_retention_portfolio_accumulate);
PG_FUNCTION_INFO_V1(kam_retention_portfolio_combine);
PG_FUNCTION_INFO_V1(kam_retention_portfolio_final);

/*
 * A number as an integer.
 */
static int64
to_int64(Numeric number)
{
	return DatumGetInt64(
		DirectFunctionCall1(numeric_int8, NumericGetDatum(number)));
}

/*
 * Whether a number can be a count of contracts.
 */
static bool
is_count(Numeric number)
{
	return number_sign(number) >= 0 &&
		   number_compare(number, int64_to_numeric(MAX_CONTRACTS)) <= 0 &&
		   number_compare(number, int64_to_numeric(to_int64(number))) == 0;
}

/*
 * The numbers of a state, whose counts must be counts.
 */
static void
read_tally(Datum state, Numeric *numbers)
{
	tally_read(state, numbers, TALLY_COUNT);
	for (int i = TALLY_PENDING; i <= TALLY_CLAWED_BACK; i++)
		if (!is_count(numbers[i]))
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("malformed state: %s is no number of contracts",
							param_shown(numbers[i]))));
}

/*
 * The numbers of the first argument; zeros where there is none yet.
 */
static void
read_state(FunctionCallInfo fcinfo, Numeric *numbers)
{
	if (!PG_ARGISNULL(0))
		read_tally(PG_GETARG_DATUM(0), numbers);
	else
		tally_zero(numbers, TALLY_COUNT);
}

/*
 * A sum of a contract that is decided.
 */
static Numeric
decided_sum(HeapTupleHeader row, RetentionColumn column, const char *name,
			const char *status)
{
	bool null;
	Datum value = GetAttributeByNum(row, column + 1, &null);

	if (null)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s of a contract that is %s must not be null",
							   name, status),
						errhint("Give rows as retention_bonus returns them.")));
	return param_finite(DatumGetNumeric(value), name);
}

/*
 * Transition: one more contract.  A row without a status is none.
 */
Datum
kam_retention_portfolio_accumulate(PG_FUNCTION_ARGS)
{
	Numeric numbers[TALLY_COUNT];
	HeapTupleHeader row;
	Datum value;
	bool null;
	RetentionStatus status;
	const char *name;

	if (PG_ARGISNULL(1))
		return state_unchanged(fcinfo);
	row = PG_GETARG_HEAPTUPLEHEADER(1);
	value = GetAttributeByNum(row, COLUMN_STATUS + 1, &null);
	read_state(fcinfo, numbers);
	if (null)
		PG_RETURN_DATUM(tally_write(numbers, TALLY_COUNT));

	status = (RetentionStatus) param_choice(DatumGetTextPP(value), "status",
											retention_status_names);
	name = retention_status_names[status];
	tally_raise(&numbers[TALLY_PENDING + status], int64_to_numeric(1));
	if (status != RETENTION_PENDING)
	{
		tally_raise(&numbers[TALLY_BONUS],
					decided_sum(row, COLUMN_BONUS, "bonus", name));
		tally_raise(&numbers[TALLY_KEPT],
					decided_sum(row, COLUMN_KEPT, "kept", name));
		tally_raise(&numbers[TALLY_REVENUE],
					decided_sum(row, COLUMN_REVENUE, "revenue", name));
	}
	PG_RETURN_DATUM(tally_write(numbers, TALLY_COUNT));
}

/*
 * Merges two states.
 */
Datum
kam_retention_portfolio_combine(PG_FUNCTION_ARGS)
{
	Numeric numbers[TALLY_COUNT];
	Numeric others[TALLY_COUNT];

	read_tally(PG_GETARG_DATUM(0), numbers);
	read_tally(PG_GETARG_DATUM(1), others);
	tally_add(numbers, others, TALLY_COUNT);
	PG_RETURN_DATUM(tally_write(numbers, TALLY_COUNT));
}

/*
 * The figures of a group; without contracts, counts of zero.
 */
Datum
kam_retention_portfolio_final(PG_FUNCTION_ARGS)
{
	Numeric numbers[TALLY_COUNT];
	Numeric decided;
	Numeric contracts;
	Datum values[PORTFOLIO_COLUMNS] = {0};
	bool nulls[PORTFOLIO_COLUMNS] = {false};

	read_state(fcinfo, numbers);
	decided = number_add(numbers[TALLY_VESTED], numbers[TALLY_CLAWED_BACK]);
	contracts = number_add(numbers[TALLY_PENDING], decided);
	values[0] = Int64GetDatum(to_int64(contracts));
	for (int i = TALLY_PENDING; i <= TALLY_CLAWED_BACK; i++)
		values[1 + i] = Int64GetDatum(to_int64(numbers[i]));
	for (int i = TALLY_BONUS; i <= TALLY_REVENUE; i++)
		values[1 + i] = NumericGetDatum(numbers[i]);
	row_number(&values[7], &nulls[7],
			   number_ratio(numbers[TALLY_VESTED], decided));
	row_number(&values[8], &nulls[8],
			   number_ratio(numbers[TALLY_KEPT], numbers[TALLY_REVENUE]));
	row_number(&values[9], &nulls[9],
			   number_ratio(numbers[TALLY_KEPT], numbers[TALLY_VESTED]));
	return row_result(fcinfo, NULL, PORTFOLIO_COLUMNS, values, nulls);
}
