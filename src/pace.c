/*
 * pace.c
 *		How far a period has gone, by every way of counting.
 *
 * A season is a number for each bucket of the period: last year's sales or
 * given weights.  Buckets that are complete count whole, the one that as_of is
 * in by the share of its days that is gone.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "kept.h"
#include "miscadmin.h"
#include "number.h"
#include "pace.h"
#include "params.h"
#include "series.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "work_calendar.h"

static const char *const unit_names[] = {"days", "months", "day", "month",
										 NULL};

/*
 * The pace that a call site asked for last, and what it was made of.  Only an
 * aid: compared by content, and made anew when it is missing.
 */
struct PaceCache
{
	MemoryContext parts_context;
	MemoryContext pace_context; /* what belongs to the pace */
	bool known;
	PaceSetting setting;	/* its parts are copies */
	WorkCalendar *calendar; /* the copy, once it is checked; else NULL */
	Pace pace;
};

/*
 * Where as_of stands in a season: the bucket it is in, and gone of its days.
 * Before the first day none of bucket 0 is gone; at the end of a bucket gone
 * and days are 1.
 */
typedef struct SeasonPlace
{
	int bucket;
	int gone;
	int days;
} SeasonPlace;

static Fraction fraction(int64 value, int64 parts);
static Fraction lowest_terms(int64 value, int64 parts);
static void set_place(Pace *pace, Period period, DateADT as_of);
static void set_counts(Pace *pace, int64 elapsed, int64 total, int64 parts);
static Period part_gone(Period period, DateADT as_of);
static void set_units(Pace *pace, Period period, DateADT as_of, PaceUnit unit);
static void set_workdays(Pace *pace, Period period, DateADT as_of,
						 const WorkCalendar *calendar);
static SeasonPlace season_place(Grain grain, Period period, DateADT as_of,
								const WorkCalendar *calendar);
static void set_season(Pace *pace, const SeasonPlace *place, Numeric complete,
					   Numeric cut, Numeric total);
static void set_prior(Pace *pace, Period period, DateADT as_of,
					  const Series *prior, const WorkCalendar *calendar);
static void set_weights(Pace *pace, Period period, DateADT as_of,
						ArrayType *weights, Grain grain,
						const WorkCalendar *calendar);
static void keep_part(PaceCache *cache, PacePart part,
					  const struct varlena *value);
static void compute(PaceCache *cache);

/*
 * The unit that a name stands for, in the singular or the plural.
 */
PaceUnit
pace_unit(text *name)
{
	int place =
		param_find(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), unit_names);

	if (place < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown unit: \"%s\"", text_to_cstring(name)),
				 errhint(
					 "Allowed are \"days\" and \"months\". For working days "
					 "give a work_calendar, for example work_calendar "
					 "'weekend sat,sun'.")));
	return (PaceUnit) (place % 2);
}

/*
 * A fraction of whole numbers, as it is.
 */
static Fraction
fraction(int64 value, int64 parts)
{
	Fraction result = {int64_to_numeric(value), int64_to_numeric(parts)};

	return result;
}

/*
 * A fraction in lowest terms; parts is not zero.
 */
static Fraction
lowest_terms(int64 value, int64 parts)
{
	int64 divisor = number_divisor(value, parts);

	return fraction(value / divisor, parts / divisor);
}

/*
 * Where as_of stands.
 */
static void
set_place(Pace *pace, Period period, DateADT as_of)
{
	pace->begun = as_of >= period.lower;
	pace->over = as_of >= period.upper - 1;
}

/*
 * A pace of whole numbers of parts, so many of which make up a unit.
 */
static void
set_counts(Pace *pace, int64 elapsed, int64 total, int64 parts)
{
	Fraction (*made)(int64, int64) = parts > 1 ? lowest_terms : fraction;

	pace->gone = made(elapsed, parts);
	pace->left = made(total - elapsed, parts);
	pace->share = made(elapsed, total);
	pace->some_gone = elapsed > 0;
	pace->some_left = total > elapsed;
	pace->some_all = total > 0;
}

/*
 * The part of a period up to and with as_of; of no days before it begins.
 */
static Period
part_gone(Period period, DateADT as_of)
{
	if (as_of < period.lower)
		period.upper = period.lower;
	else if (as_of < period.upper)
		period.upper = as_of + 1;
	return period;
}

/*
 * The pace in days or months.
 */
static void
set_units(Pace *pace, Period period, DateADT as_of, PaceUnit unit)
{
	Period gone = part_gone(period, as_of);

	if (unit == PACE_MONTHS)
		set_counts(pace, period_month_parts(gone), period_month_parts(period),
				   MONTH_PARTS);
	else
		set_counts(pace, period_days(gone), period_days(period), 1);
}

/*
 * The pace in working days.
 */
static void
set_workdays(Pace *pace, Period period, DateADT as_of,
			 const WorkCalendar *calendar)
{
	set_counts(pace, work_calendar_days(calendar, part_gone(period, as_of)),
			   work_calendar_days(calendar, period), 1);
}

/*
 * Where as_of stands among the buckets of a grain.  Days are working days if
 * there is a calendar and the bucket has any.
 */
static SeasonPlace
season_place(Grain grain, Period period, DateADT as_of,
			 const WorkCalendar *calendar)
{
	SeasonPlace place = {0, 0, 1};
	Period bucket;
	Period gone;

	if (as_of < period.lower)
		return place;
	as_of = Min(as_of, period.upper - 1);
	place.bucket = bucket_of(grain, period, as_of);
	bucket = bucket_period(grain, period, place.bucket);
	gone = part_gone(bucket, as_of);
	place.days = calendar ? work_calendar_days(calendar, bucket) : 0;
	if (place.days > 0)
		place.gone = work_calendar_days(calendar, gone);
	else
	{
		place.days = period_days(bucket);
		place.gone = period_days(gone);
	}
	if (place.gone == place.days)
		place.gone = place.days = 1;
	return place;
}

/*
 * The pace of a season: the sum of the complete buckets, the number of the one
 * that as_of is in, and the sum of all.
 */
static void
set_season(Pace *pace, const SeasonPlace *place, Numeric complete, Numeric cut,
		   Numeric total)
{
	Numeric days = int64_to_numeric(place->days);
	Numeric elapsed =
		number_add(number_multiply(complete, days),
				   number_multiply(cut, int64_to_numeric(place->gone)));

	total = number_multiply(total, days);
	pace->gone.value = elapsed;
	pace->gone.parts = days;
	pace->left.value = number_subtract(total, elapsed);
	pace->left.parts = days;
	pace->share.value = elapsed;
	pace->share.parts = total;
	pace->some_gone = number_sign(elapsed) > 0;
	pace->some_left = number_sign(pace->left.value) > 0;
	pace->some_all = number_sign(total) > 0;
}

/*
 * The pace of last year's sales.  Buckets are matched in order, and days by
 * their date.
 */
static void
set_prior(Pace *pace, Period period, DateADT as_of, const Series *prior,
		  const WorkCalendar *calendar)
{
	Grain grain = (Grain) prior->grain;
	Period covered = series_period(prior);
	SeasonPlace place;
	int complete;
	int128 cut;

	if (grain == GRAIN_DAY)
	{
		Period before = period_year_before(period);

		if (covered.lower != before.lower || covered.upper != before.upper)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("prior covers %s by day, but the year before the "
							"period is %s",
							period_text(covered), period_text(before)),
					 errhint("Build it with prior_year(period), or by a "
							 "coarser grain.")));
	}
	else if (prior->bucket_count != bucket_count(grain, period))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("prior must have %d buckets of grain \"%s\", as the "
						"period has, not %d",
						bucket_count(grain, period), grain_name(grain),
						prior->bucket_count),
				 errhint("Build it with prior_year(period), or by a coarser "
						 "grain.")));

	place = season_place(grain, period, as_of, calendar);
	complete = place.bucket;
	cut = series_total(prior, Min(complete, prior->bucket_count - 1));
	if (grain == GRAIN_DAY && pace->begun)
	{
		Period gone = period_year_before(part_gone(period, as_of));

		complete = gone.upper - covered.lower;
		cut = 0;
	}
	set_season(pace, &place,
			   series_numeric(prior, series_sum(prior, 0, complete)),
			   series_numeric(prior, cut),
			   series_numeric(prior,
							  series_sum(prior, 0, prior->bucket_count)));
}

/*
 * The pace of given weights.
 */
static void
set_weights(Pace *pace, Period period, DateADT as_of, ArrayType *weights,
			Grain grain, const WorkCalendar *calendar)
{
	Datum *elements;
	int count =
		param_array(weights, "weights", NUMERICOID, PERIOD_MAX_DAYS, &elements);
	int buckets = bucket_count(grain, period);
	SeasonPlace place;
	Numeric complete = int64_to_numeric(0);
	Numeric total = int64_to_numeric(0);

	if (count != buckets)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weights must have %d elements, one for each bucket of "
						"grain \"%s\" in the period, not %d",
						buckets, grain_name(grain), count),
				 errhint("Give a weight for each of them, or another grain.")));
	place = season_place(grain, period, as_of, calendar);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i == place.bucket)
			complete = total;
		total =
			number_add(total, param_not_negative(DatumGetNumeric(elements[i]),
												 "weights"));
	}
	set_season(pace, &place, complete, DatumGetNumeric(elements[place.bucket]),
			   total);
}

/*
 * A pace in days or months, for a caller that keeps no cache.
 */
void
pace_by_unit(Period period, DateADT as_of, PaceUnit unit, Pace *pace)
{
	set_place(pace, period, as_of);
	set_units(pace, period, as_of, unit);
}

/*
 * Puts a copy of a part into the cache.
 */
static void
keep_part(PaceCache *cache, PacePart part, const struct varlena *value)
{
	struct varlena *old = cache->setting.parts[part];

	if (part == PACE_CALENDAR)
		cache->calendar = NULL;
	cache->setting.parts[part] = NULL;
	if (old != NULL)
		pfree(old);
	if (value != NULL)
		cache->setting.parts[part] = kept_copy(cache->parts_context, value);
}

/*
 * Computes the pace of the setting in the cache.
 */
static void
compute(PaceCache *cache)
{
	struct varlena *const *parts = cache->setting.parts;
	DateADT as_of = cache->setting.as_of;
	Pace *pace = &cache->pace;
	Period period =
		period_from_range((RangeType *) parts[PACE_PERIOD], "period");
	PaceUnit unit = PACE_DAYS;

	param_date(as_of, "as_of");
	if (parts[PACE_UNIT] != NULL)
		unit = pace_unit((text *) parts[PACE_UNIT]);
	if (parts[PACE_CALENDAR] != NULL && cache->calendar == NULL)
		cache->calendar =
			work_calendar_from_datum(PointerGetDatum(parts[PACE_CALENDAR]));

	set_place(pace, period, as_of);
	if (parts[PACE_PRIOR] != NULL)
		set_prior(pace, period, as_of,
				  series_from_datum(PointerGetDatum(parts[PACE_PRIOR])),
				  cache->calendar);
	else if (parts[PACE_WEIGHTS] != NULL)
		set_weights(pace, period, as_of, (ArrayType *) parts[PACE_WEIGHTS],
					grain_from_text((text *) parts[PACE_GRAIN]),
					cache->calendar);
	else if (cache->calendar != NULL)
		set_workdays(pace, period, as_of, cache->calendar);
	else
		set_units(pace, period, as_of, unit);
}

/*
 * The pace of a setting.  place is where the call site keeps its cache, NULL
 * at first, and context one that lives as long.
 */
const Pace *
pace_find(PaceCache **place, MemoryContext context, const PaceSetting *setting)
{
	PaceCache *cache = *place;
	MemoryContext caller;

	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(context, sizeof(PaceCache));
		cache->parts_context = context;
		cache->pace_context =
			AllocSetContextCreate(context, "kam pace", ALLOCSET_SMALL_SIZES);
		*place = cache;
	}

	cache->known &= cache->setting.as_of == setting->as_of;
	cache->setting.as_of = setting->as_of;
	for (PacePart part = 0; part < PACE_PARTS; part++)
	{
		if (kept_same(cache->setting.parts[part], setting->parts[part]))
			continue;
		cache->known = false;
		keep_part(cache, part, setting->parts[part]);
	}
	if (cache->known)
		return &cache->pace;

	MemoryContextReset(cache->pace_context);
	caller = MemoryContextSwitchTo(cache->pace_context);
	compute(cache);
	MemoryContextSwitchTo(caller);
	cache->known = true;
	return &cache->pace;
}

/*
 * The pace that a call's arguments from first on tell: period, as_of and what
 * the form says.  None of them is NULL.
 */
const Pace *
pace_argument(FunctionCallInfo fcinfo, int first, PaceForm form)
{
	static const PacePart by_unit[] = {PACE_UNIT};
	static const PacePart by_calendar[] = {PACE_CALENDAR};
	static const PacePart by_prior[] = {PACE_PRIOR, PACE_CALENDAR};
	static const PacePart by_weights[] = {PACE_WEIGHTS, PACE_GRAIN,
										  PACE_CALENDAR};
	static const PacePart *const forms[] = {by_unit, by_calendar, by_prior,
											by_weights};
	PaceSetting setting = {0};

	setting.parts[PACE_PERIOD] =
		PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(first));
	setting.as_of = PG_GETARG_DATEADT(first + 1);
	for (int i = first + 2; i < PG_NARGS(); i++)
		setting.parts[forms[form][i - first - 2]] =
			PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(i));
	return pace_find((PaceCache **) &fcinfo->flinfo->fn_extra,
					 fcinfo->flinfo->fn_mcxt, &setting);
}
