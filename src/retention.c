/*
 * retention.c
 *		retention_bonus and retention_ledger: a bonus paid in advance on a
 *		customer's first month, kept when the following months are no smaller.
 */
#include "kam.h"

#include "calendar.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "programme.h"
#include "retention.h"
#include "row.h"
#include "series.h"
#include "utils/builtins.h"

/* The months after the first that a programme may look at. */
#define MAX_MONTHS 120

#define ENTRY_COLUMNS 4

const char *const retention_status_names[] = {"pending", "vested",
											  "clawed_back", NULL};

/*
 * A contract as it stands at the end of a day.
 */
typedef struct Contract
{
	const Series *series;
	RetentionStatus status;
	int month;		  /* the deciding month, or how many were judged */
	DateADT first_on; /* last day of the first month */
	DateADT last_on;  /* last day of the last month judged */
	int128 first;	  /* total of the first month, once it is complete */
	DecimalSum after; /* totals of the months judged after it */
	Numeric bonus;	  /* NULL until the first month is complete */
} Contract;

static void check_first_month(const Series *series);
static bool month_complete(Period days, DateADT as_of);
static bool judge(Contract *contract, DateADT as_of, int months);
static bool read_contract(FunctionCallInfo fcinfo, Contract *contract);
static Numeric overload(const Contract *contract, Numeric first, Numeric after);
static void put_entry(ReturnSetInfo *result, DateADT posted_on, int month,
					  const char *kind, Numeric amount);

PG_FUNCTION_INFO_V1(kam_retention_bonus);
PG_FUNCTION_INFO_V1(kam_retention_ledger);
PG_FUNCTION_INFO_V1(kam_bonus_share);
PG_FUNCTION_INFO_V1(kam_bonus_for_share);

/*
 * Refuses a series whose first month is cut.
 */
static void
check_first_month(const Series *series)
{
	Period period = series_period(series);
	int year;
	int month;
	int day;

	calendar_civil(period.lower, &year, &month, &day);
	if (day != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("period %s of the series begins inside a month",
						period_text(period)),
				 errhint("Begin the period on the first day of a month: what "
						 "was sold before counts as well.")));
}

/*
 * Whether a month, as the series has it, is the whole month and over at the
 * end of as_of.
 */
static bool
month_complete(Period days, DateADT as_of)
{
	int year;
	int month;
	int day;

	if (days.upper - 1 > as_of)
		return false;
	calendar_civil(days.upper, &year, &month, &day);
	return day == 1;
}

/*
 * Finds the first month and judges the complete ones from it on; false when
 * no month begun up to as_of has a positive total.
 */
static bool
judge(Contract *contract, DateADT as_of, int months)
{
	const Series *series = contract->series;
	Period period = series_period(series);
	int count = bucket_count(GRAIN_MONTH, period);
	bool found = false;

	for (int i = 0; i < count && contract->month <= months; i++)
	{
		Period days = bucket_period(GRAIN_MONTH, period, i);
		int128 total;

		CHECK_FOR_INTERRUPTS();
		if (days.lower > as_of)
			break;
		total = series_sum_of(series, days);
		if (!found && total <= 0)
			continue;
		found = true;
		if (!month_complete(days, as_of))
			break;

		contract->month++;
		contract->last_on = days.upper - 1;
		if (contract->month == 1)
		{
			contract->first = total;
			contract->first_on = days.upper - 1;
			continue;
		}
		decimal_sum_add(&contract->after, total);
		if (total < contract->first)
		{
			contract->status = RETENTION_CLAWED_BACK;
			return true;
		}
	}
	if (contract->month > months)
		contract->status = RETENTION_VESTED;
	return found;
}

/*
 * Reads the arguments and judges the contract; false when there is none.
 */
static bool
read_contract(FunctionCallInfo fcinfo, Contract *contract)
{
	const Series *series = series_monthly(PG_GETARG_DATUM(0), "months");
	DateADT as_of = PG_GETARG_DATEADT(1);
	Numeric multiplier = param_not_negative(PG_GETARG_NUMERIC(2), "multiplier");
	int32 months = PG_GETARG_INT32(3);

	check_first_month(series);
	param_date(as_of, "as_of");
	param_count(months, "months", "months", 1, MAX_MONTHS);

	*contract = (Contract){.series = series, .status = RETENTION_PENDING};
	if (!judge(contract, as_of, months))
		return false;
	if (contract->month > 0)
		contract->bonus =
			number_multiply(multiplier,
							series_numeric(series, contract->first));
	return true;
}

/*
 * The first month over the mean of the following ones, in one division; NULL
 * without any, or when they do not come to more than zero.
 */
static Numeric
overload(const Contract *contract, Numeric first, Numeric after)
{
	if (contract->month < 2)
		return NULL;
	return number_over(number_multiply(first,
									   int64_to_numeric(contract->month - 1)),
					   after);
}

/*
 * retention_bonus(s, as_of, multiplier, months): what has become of the
 * advance; NULL where there is no contract.
 */
Datum
kam_retention_bonus(PG_FUNCTION_ARGS)
{
	Contract contract;
	Datum values[RETENTION_COLUMNS] = {0};
	bool nulls[RETENTION_COLUMNS] = {false};
	Numeric first;
	Numeric after;
	Numeric revenue;
	Numeric kept = NULL;

	if (!read_contract(fcinfo, &contract))
		PG_RETURN_NULL();

	first = series_numeric(contract.series, contract.first);
	after = series_numeric(contract.series, decimal_sum_value(&contract.after));
	revenue = number_add(first, after);
	if (contract.status == RETENTION_VESTED)
		kept = contract.bonus;
	else if (contract.status == RETENTION_CLAWED_BACK)
		kept = int64_to_numeric(0);

	values[COLUMN_STATUS] =
		CStringGetTextDatum(retention_status_names[contract.status]);
	values[COLUMN_MONTH] = Int32GetDatum(contract.month);
	row_number(&values[COLUMN_BONUS], &nulls[COLUMN_BONUS], contract.bonus);
	row_number(&values[COLUMN_KEPT], &nulls[COLUMN_KEPT], kept);
	values[COLUMN_REVENUE] = NumericGetDatum(revenue);
	row_number(&values[COLUMN_RATE], &nulls[COLUMN_RATE],
			   kept ? number_ratio(kept, revenue) : NULL);
	row_number(&values[COLUMN_OVERLOAD], &nulls[COLUMN_OVERLOAD],
			   overload(&contract, first, after));
	return row_result(fcinfo, NULL, RETENTION_COLUMNS, values, nulls);
}

/*
 * Adds a line to the ledger.
 */
static void
put_entry(ReturnSetInfo *result, DateADT posted_on, int month, const char *kind,
		  Numeric amount)
{
	Datum values[ENTRY_COLUMNS];
	bool nulls[ENTRY_COLUMNS] = {false};

	values[0] = DateADTGetDatum(posted_on);
	values[1] = Int32GetDatum(month);
	values[2] = CStringGetTextDatum(kind);
	values[3] = NumericGetDatum(amount);
	rows_add(result, values, nulls);
}

/*
 * retention_ledger(s, as_of, multiplier, months): the advance, and its
 * clawback.
 */
Datum
kam_retention_ledger(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = rows_start(fcinfo, ENTRY_COLUMNS);
	Contract contract;

	if (!read_contract(fcinfo, &contract) || contract.bonus == NULL)
		return (Datum) 0;

	put_entry(result, contract.first_on, 1, "advance", contract.bonus);
	if (contract.status == RETENTION_CLAWED_BACK)
		put_entry(result, contract.last_on, contract.month, "clawback",
				  number_subtract(int64_to_numeric(0), contract.bonus));
	return (Datum) 0;
}

/*
 * bonus_share(fixed_pay, bonus): bonus / (fixed_pay + bonus); NULL when the
 * pay does not come to more than zero.
 */
Datum
kam_bonus_share(PG_FUNCTION_ARGS)
{
	Numeric fixed_pay = param_not_negative(PG_GETARG_NUMERIC(0), "fixed_pay");
	Numeric bonus = param_finite(PG_GETARG_NUMERIC(1), "bonus");
	Numeric pay = number_add(fixed_pay, bonus);

	return number_result(fcinfo, number_over(bonus, pay));
}

/*
 * bonus_for_share(fixed_pay, share): the bonus that is this share of the pay,
 * fixed_pay * share / (1 - share); NULL for a share of 1.
 */
Datum
kam_bonus_for_share(PG_FUNCTION_ARGS)
{
	Numeric fixed_pay = param_not_negative(PG_GETARG_NUMERIC(0), "fixed_pay");
	Numeric share = param_fraction(PG_GETARG_NUMERIC(1), "share");
	Numeric rest = number_subtract(int64_to_numeric(1), share);

	return number_result(fcinfo,
						 number_ratio(number_multiply(fixed_pay, share), rest));
}
