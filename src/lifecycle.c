/*
 * lifecycle.c
 *		Where a customer stands: by contract and sales, and by the days that
 *		were bought on.
 */
#include "kam.h"

#include "calendar.h"
#include "miscadmin.h"
#include "params.h"
#include "row.h"
#include "series.h"
#include "utils/builtins.h"

#define STATE_COLUMNS 2

typedef enum Stage
{
	STAGE_POTENTIAL,
	STAGE_NEW,
	STAGE_ACTIVE,
	STAGE_RETURNING,
	STAGE_AT_RISK,
	STAGE_LOST,
	STAGE_UNKNOWN /* for want of first_sale */
} Stage;

static const char *const stage_names[] = {"potential", "new",	  "active",
										  "returning", "at_risk", "lost"};

/*
 * The settings, all in days.
 */
typedef struct StageDays
{
	int32 at_risk_after;
	int32 lost_after;
	int32 new_for;
} StageDays;

/*
 * A date argument that may be missing.
 */
typedef struct KnownDate
{
	bool known;
	DateADT date;
} KnownDate;

static bool any_null(FunctionCallInfo fcinfo, int first, int last);
static KnownDate read_date(FunctionCallInfo fcinfo, int number,
						   const char *argument);
static StageDays read_stage_days(FunctionCallInfo fcinfo, int number);
static void refuse_after(KnownDate earlier, const char *name, KnownDate later,
						 const char *later_name, const char *hint);
static void check_purchases(KnownDate first, KnownDate previous, KnownDate last,
							KnownDate as_of);
static Stage stage_by_days(DateADT as_of, DateADT last, DateADT earliest,
						   bool is_first, const StageDays *days);
static bool gap_loses(int64 from, int64 to, const StageDays *days);
pg_noreturn static void refuse_late_start(const Series *series, DateADT as_of,
										  const StageDays *days);
static bool has_returned(const Series *series, DateADT as_of,
						 DateADT first_sale, const StageDays *days);
static Stage stage_without_days(const Series *series, DateADT as_of,
								KnownDate first_sale, const StageDays *days);
static Stage stage_of_series(const Series *series, DateADT as_of,
							 KnownDate first_sale, const StageDays *days);
static Datum stage_result(FunctionCallInfo fcinfo, Stage stage);

PG_FUNCTION_INFO_V1(kam_client_state);
PG_FUNCTION_INFO_V1(kam_lifecycle_stage);
PG_FUNCTION_INFO_V1(kam_lifecycle_stage_series);

/*
 * Whether an argument from first up to last is NULL.
 */
static bool
any_null(FunctionCallInfo fcinfo, int first, int last)
{
	for (int i = first; i <= last; i++)
		if (PG_ARGISNULL(i))
			return true;
	return false;
}

/*
 * Reads a date argument.
 */
static KnownDate
read_date(FunctionCallInfo fcinfo, int number, const char *argument)
{
	KnownDate result = {!PG_ARGISNULL(number), 0};

	if (result.known)
	{
		result.date = PG_GETARG_DATEADT(number);
		param_date(result.date, argument);
	}
	return result;
}

/*
 * Reads the three settings, the first of which has this number.
 */
static StageDays
read_stage_days(FunctionCallInfo fcinfo, int number)
{
	StageDays days = {PG_GETARG_INT32(number), PG_GETARG_INT32(number + 1),
					  PG_GETARG_INT32(number + 2)};

	if (days.at_risk_after < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("at_risk_after must not be negative, but is %d",
							   days.at_risk_after),
						errhint("Give the days without a purchase that are "
								"still usual.")));
	if (days.lost_after <= days.at_risk_after)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lost_after must be above at_risk_after, but they are "
						"%d and %d",
						days.lost_after, days.at_risk_after),
				 errhint("A customer is at risk first and lost later, such as "
						 "after 60 and 90 days.")));
	if (days.new_for < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("new_for must not be negative, but is %d",
							   days.new_for),
						errhint("Give the days for which a customer is new.")));
	return days;
}

/*
 * Refuses a date after another, if both are known.
 */
static void
refuse_after(KnownDate earlier, const char *name, KnownDate later,
			 const char *later_name, const char *hint)
{
	if (earlier.known && later.known && earlier.date > later.date)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %s is after %s %s", name, date_text(earlier.date),
						later_name, date_text(later.date)),
				 errhint("%s", hint)));
}

/*
 * Refuses dates that contradict each other.
 */
static void
check_purchases(KnownDate first, KnownDate previous, KnownDate last,
				KnownDate as_of)
{
	const char *ever = "first_sale is the first purchase ever.";

	if (!last.known && (first.known || previous.known))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("last_sale is null, but %s is %s",
						first.known ? "first_sale" : "previous_sale",
						date_text(first.known ? first.date : previous.date)),
				 errhint("Take the last of all purchases up to as_of, not only "
						 "of those in a period.")));
	refuse_after(last, "last_sale", as_of, "as_of",
				 "Leave out the sales after as_of.");
	refuse_after(first, "first_sale", last, "last_sale", ever);
	refuse_after(first, "first_sale", previous, "previous_sale", ever);
	if (previous.known && previous.date >= last.date)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("previous_sale %s is not before last_sale %s",
						date_text(previous.date), date_text(last.date)),
				 errhint("The sales of one day are one purchase: take the day "
						 "bought on before it.")));
}

/*
 * The stage, but for returning, which shows as active.  earliest is the first
 * purchase known, and is_first whether it is the first of all.
 */
static Stage
stage_by_days(DateADT as_of, DateADT last, DateADT earliest, bool is_first,
			  const StageDays *days)
{
	int64 since = (int64) as_of - last;

	if (since > days->lost_after)
		return STAGE_LOST;
	if (since > days->at_risk_after)
		return STAGE_AT_RISK;
	if ((int64) as_of - earliest > days->new_for)
		return STAGE_ACTIVE;
	return is_first ? STAGE_NEW : STAGE_UNKNOWN;
}

/*
 * Whether a customer who bought on one day was lost before he did on another.
 */
static bool
gap_loses(int64 from, int64 to, const StageDays *days)
{
	return to - from > days->lost_after;
}

/*
 * Says that a series begins too late to tell the stage.
 */
pg_noreturn static void
refuse_late_start(const Series *series, DateADT as_of, const StageDays *days)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("a series that begins on %s does not tell the stage on %s",
					date_text(series->lower), date_text(as_of)),
			 errdetail("first_sale is before it, and the last purchase before "
					   "it is not known."),
			 errhint("Begin the period %lld days before as_of, or earlier.",
					 (long long) days->lost_after + days->new_for)));
}

/*
 * Whether an active customer came back in the last new_for days, having been
 * lost.
 */
static bool
has_returned(const Series *series, DateADT as_of, DateADT first_sale,
			 const StageDays *days)
{
	int today = as_of - series->lower;
	int day = series_day_before(series, today + 1);
	int64 first = (int64) first_sale - series->lower;

	while (day >= 0 && today - day <= days->new_for)
	{
		int before = series_day_before(series, day);

		CHECK_FOR_INTERRUPTS();
		if (before >= 0)
		{
			if (gap_loses(before, day, days))
				return true;
		}
		else if (first < day)
		{
			/* he bought on first, and may have again before the series begins */
			if (gap_loses(Max(first, -1), day, days))
				return true;
			if (gap_loses(first, day, days))
				refuse_late_start(series, as_of, days);
		}
		day = before;
	}
	return false;
}

/*
 * The stage of a customer whose series has no day bought on up to as_of: the
 * last one is first_sale, or any from there until the series begins.
 */
static Stage
stage_without_days(const Series *series, DateADT as_of, KnownDate first_sale,
				   const StageDays *days)
{
	DateADT latest = Max(first_sale.date, series->lower - 1);
	Stage stage;

	if (!first_sale.known || first_sale.date > as_of)
		return STAGE_POTENTIAL;
	stage = stage_by_days(as_of, latest, first_sale.date, true, days);
	if (stage !=
		stage_by_days(as_of, first_sale.date, first_sale.date, true, days))
		refuse_late_start(series, as_of, days);
	return stage;
}

/*
 * The stage by the days of a series; first_sale is a day bought on as well.
 */
static Stage
stage_of_series(const Series *series, DateADT as_of, KnownDate first_sale,
				const StageDays *days)
{
	int first = series_first_day(series);
	int last = series_day_before(series, as_of - series->lower + 1);
	DateADT earliest = series->lower + first;
	Stage stage;

	if (first >= 0 && first_sale.known && first_sale.date > earliest)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("first_sale %s is after %s, which the series has as a "
						"day bought on",
						date_text(first_sale.date), date_text(earliest)),
				 errhint("first_sale is the first purchase ever.")));
	if (last < 0)
		return stage_without_days(series, as_of, first_sale, days);

	if (first_sale.known)
		earliest = first_sale.date;
	stage = stage_by_days(as_of, series->lower + last, earliest,
						  first_sale.known, days);
	if (stage == STAGE_ACTIVE && has_returned(series, as_of, earliest, days))
		return STAGE_RETURNING;
	return stage;
}

/*
 * The name of a stage; NULL for an unknown one.
 */
static Datum
stage_result(FunctionCallInfo fcinfo, Stage stage)
{
	if (stage == STAGE_UNKNOWN)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(stage_names[stage]));
}

/*
 * client_state(has_contract, sold, bought_before): the state by contract and
 * sales of a period, and whether a contract is missing.
 */
Datum
kam_client_state(PG_FUNCTION_ARGS)
{
	bool has_contract;
	bool sold;
	bool known;
	bool before;
	const char *state;
	Datum values[STATE_COLUMNS];
	bool nulls[STATE_COLUMNS] = {false};

	if (any_null(fcinfo, 0, 1))
		PG_RETURN_NULL();
	has_contract = PG_GETARG_BOOL(0);
	sold = PG_GETARG_BOOL(1);
	known = !PG_ARGISNULL(2);
	before = known && PG_GETARG_BOOL(2);

	if (sold)
		state = "active";
	else if (has_contract)
		state = known && !before ? "not_started" : "lost";
	else
		state = before ? "lost" : "potential";
	values[0] = CStringGetTextDatum(state);
	values[1] = BoolGetDatum(sold && !has_contract);
	return row_result(fcinfo, NULL, STATE_COLUMNS, values, nulls);
}

/*
 * lifecycle_stage(first_sale, previous_sale, last_sale, as_of, at_risk_after,
 * lost_after, new_for)
 */
Datum
kam_lifecycle_stage(PG_FUNCTION_ARGS)
{
	KnownDate first;
	KnownDate previous;
	KnownDate last;
	KnownDate as_of;
	StageDays days;
	DateADT earliest;
	Stage stage;

	if (any_null(fcinfo, 3, 6))
		PG_RETURN_NULL();
	first = read_date(fcinfo, 0, "first_sale");
	previous = read_date(fcinfo, 1, "previous_sale");
	last = read_date(fcinfo, 2, "last_sale");
	as_of = read_date(fcinfo, 3, "as_of");
	days = read_stage_days(fcinfo, 4);
	check_purchases(first, previous, last, as_of);
	if (!last.known)
		return stage_result(fcinfo, STAGE_POTENTIAL);

	earliest = first.known		? first.date
			   : previous.known ? previous.date
								: last.date;
	stage = stage_by_days(as_of.date, last.date, earliest, first.known, &days);
	if (stage == STAGE_ACTIVE && previous.known &&
		gap_loses(previous.date, last.date, &days) &&
		(int64) as_of.date - last.date <= days.new_for)
		stage = STAGE_RETURNING;
	return stage_result(fcinfo, stage);
}

/*
 * lifecycle_stage(s, as_of, first_sale, at_risk_after, lost_after, new_for)
 */
Datum
kam_lifecycle_stage_series(PG_FUNCTION_ARGS)
{
	Series *series;
	DateADT as_of;
	KnownDate first_sale;
	StageDays days;

	if (any_null(fcinfo, 0, 1) || any_null(fcinfo, 3, 5))
		PG_RETURN_NULL();
	series = series_from_datum(PG_GETARG_DATUM(0));
	as_of = read_date(fcinfo, 1, "as_of").date;
	first_sale = read_date(fcinfo, 2, "first_sale");
	days = read_stage_days(fcinfo, 3);
	if (as_of < series->lower || as_of >= series->upper)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of %s is not in the period %s of the series",
						date_text(as_of), period_text(series_period(series))),
				 errhint("Build the series with a period that has as_of in "
						 "it.")));
	return stage_result(fcinfo,
						stage_of_series(series, as_of, first_sale, &days));
}
