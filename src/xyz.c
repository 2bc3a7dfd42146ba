/*
 * xyz.c
 *		Evenness of sales: coefficient of variation, XYZ class, and the class by
 *		frequency of purchase.
 *
 * With n buckets, S the sum of their totals and Q the sum of the squares, the
 * spread D = n * Q - S^2 is a whole number and
 *
 *		cv = sqrt(D) / S						(population)
 *		cv = sqrt(D * n / (n - 1)) / S			(sample)
 *
 * A class compares D with (cut-off * S)^2, in exact arithmetic where the two
 * are close, so that a coefficient of exactly 0.10 is X.
 */
#include "kam.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "number.h"
#include "params.h"
#include "series.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"

/* Fewer buckets than this say nothing about evenness. */
#define LEAST_BUCKETS 3

/* A cut-off from here on is taken for a percentage. */
#define CUTOFF_LIMIT 5

/* Relative distance above which the double decides a comparison. */
#define CLOSE_CALL 1e-12

/* The bytes of a cut-offs array that are kept to know it again. */
#define KNOWN_CUTOFF_BYTES 256

/*
 * The two cut-offs between three classes.
 */
typedef struct Cutoffs
{
	Numeric exact[2];
	double rounded[2];
} Cutoffs;

/*
 * Cut-offs that were checked for an earlier row.
 */
typedef struct KnownCutoffs
{
	int size;
	char bytes[KNOWN_CUTOFF_BYTES];
	Cutoffs cutoffs;
} KnownCutoffs;

/*
 * Whether the deviation is that of a population or of a sample.
 */
typedef enum Deviation
{
	DEVIATION_POPULATION,
	DEVIATION_SAMPLE
} Deviation;

static const char *const deviation_names[] = {"population", "sample", NULL};

/*
 * Number of buckets, spread and sum; exactly as int128 where they are small,
 * else as numeric.
 */
typedef struct Moments
{
	int count;
	bool small;
	int128 spread;
	int128 sum;
	Numeric large_spread;
	Numeric large_sum;
} Moments;

static bool all_zero(const Series *series, int first);
static Moments moments_of(const Series *series, int first);
static Numeric spread_numeric(const Moments *moments);
static Numeric sum_numeric(const Moments *moments);
static double moments_cv(const Moments *moments, Deviation deviation);
static bool cv_within(const Moments *moments, Deviation deviation, double cv,
					  Numeric cutoff, double rounded);
static const Cutoffs *read_cutoffs(FunctionCallInfo fcinfo,
								   const char *argument, bool falling);
static void check_cutoffs(Datum *elements, int count);
static void check_shares(Datum *elements);
static text *class_text(int place);
static Datum classify(const Series *series, const Cutoffs *cutoffs,
					  Deviation deviation, bool since_first, bool *isnull);

PG_FUNCTION_INFO_V1(kam_cv);
PG_FUNCTION_INFO_V1(kam_xyz_class_series);
PG_FUNCTION_INFO_V1(kam_xyz_class_cv);
PG_FUNCTION_INFO_V1(kam_xyz_class_final);
PG_FUNCTION_INFO_V1(kam_frequency_class);

/*
 * X, Y or Z.
 */
static text *
class_text(int place)
{
	static const char *const names[] = {"X", "Y", "Z"};

	return cstring_to_text_with_len(names[place], 1);
}

/*
 * Whether no bucket from first on has anything but zero.
 */
static bool
all_zero(const Series *series, int first)
{
	for (int i = first; i < series->bucket_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (series_total(series, i) != 0)
			return false;
	}
	return true;
}

/*
 * The moments of the buckets from first on.  Products stay inside 126 bits
 * where n times the largest total does inside 62.
 */
static Moments
moments_of(const Series *series, int first)
{
	Moments moments = {series->bucket_count - first, true, 0, 0, NULL, NULL};
	int128 bound = ((int128) 1 << 62) / Max(moments.count, 1);
	int128 squares = 0;
	Numeric count;

	for (int i = first; i < series->bucket_count; i++)
	{
		int128 total = series_total(series, i);

		CHECK_FOR_INTERRUPTS();
		if (total > bound || total < -bound)
		{
			moments.small = false;
			break;
		}
		moments.sum += total;
		squares += total * total;
	}
	if (moments.small)
	{
		moments.spread = moments.count * squares - moments.sum * moments.sum;
		return moments;
	}

	count = int64_to_numeric(moments.count);
	moments.sum = series_sum(series, first, series->bucket_count);
	moments.large_sum = decimal_to_numeric(moments.sum, 0);
	moments.large_spread = int64_to_numeric(0);
	for (int i = first; i < series->bucket_count; i++)
	{
		Numeric total = decimal_to_numeric(series_total(series, i), 0);

		CHECK_FOR_INTERRUPTS();
		moments.large_spread =
			number_add(moments.large_spread,
					   number_multiply(number_multiply(total, total), count));
	}
	moments.large_spread =
		number_subtract(moments.large_spread,
						number_multiply(moments.large_sum, moments.large_sum));
	return moments;
}

/*
 * The spread as a numeric, however large.
 */
static Numeric
spread_numeric(const Moments *moments)
{
	return moments->small ? decimal_to_numeric(moments->spread, 0)
						  : moments->large_spread;
}

/*
 * The sum as a numeric, however large.
 */
static Numeric
sum_numeric(const Moments *moments)
{
	return moments->small ? decimal_to_numeric(moments->sum, 0)
						  : moments->large_sum;
}

/*
 * The coefficient of variation; the sum must be positive.
 */
static double
moments_cv(const Moments *moments, Deviation deviation)
{
	double factor = deviation == DEVIATION_SAMPLE
						? (double) moments->count / (moments->count - 1)
						: 1;
	Numeric ratio;

	if (moments->small)
		return sqrt((double) moments->spread * factor) / (double) moments->sum;

	ratio =
		number_divide(moments->large_spread,
					  number_multiply(moments->large_sum, moments->large_sum));
	return sqrt(DatumGetFloat8(DirectFunctionCall1(numeric_float8,
												   NumericGetDatum(ratio))) *
				factor);
}

/*
 * Whether the coefficient is at or below a cut-off.
 */
static bool
cv_within(const Moments *moments, Deviation deviation, double cv,
		  Numeric cutoff, double rounded)
{
	Numeric left;
	Numeric right;

	if (fabs(cv - rounded) > CLOSE_CALL * (cv + rounded))
		return cv < rounded;

	left = spread_numeric(moments);
	right = number_multiply(sum_numeric(moments), cutoff);
	right = number_multiply(right, right);
	if (deviation == DEVIATION_SAMPLE)
	{
		left = number_multiply(left, int64_to_numeric(moments->count));
		right = number_multiply(right, int64_to_numeric(moments->count - 1));
	}
	return number_compare(left, right) <= 0;
}

/*
 * Refuses cut-offs for xyz_class that do not rise or look like percentages.
 */
static void
check_cutoffs(Datum *elements, int count)
{
	Numeric last = DatumGetNumeric(elements[count - 1]);

	if (number_compare(last, int64_to_numeric(CUTOFF_LIMIT)) >= 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("cutoffs must be below %d, but one is %s",
							   CUTOFF_LIMIT, param_shown(last)),
						errhint("They are ratios: write 10 %% as 0.10.")));
}

/*
 * Refuses shares for frequency_class above 1.
 */
static void
check_shares(Datum *elements)
{
	Numeric first = DatumGetNumeric(elements[0]);

	if (number_compare(first, int64_to_numeric(1)) > 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("shares must be from 0 to 1, but one is %s",
							   param_shown(first)),
						errhint("They are fractions: write 90 %% as 0.9.")));
}

/*
 * Reads argument 1, two cut-offs that rise or fall, or the one kept from an
 * earlier row.
 */
static const Cutoffs *
read_cutoffs(FunctionCallInfo fcinfo, const char *argument, bool falling)
{
	struct varlena *array = PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(1));
	int size = VARSIZE_ANY_EXHDR(array);
	KnownCutoffs *known = fcinfo->flinfo->fn_extra;
	MemoryContext previous;
	Datum *elements;
	int count;

	if (known != NULL && known->size == size &&
		memcmp(known->bytes, VARDATA_ANY(array), size) == 0)
		return &known->cutoffs;

	count =
		param_sorted(PG_GETARG_ARRAYTYPE_P(1), argument, falling, 2, &elements);
	if (count != 2)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s has %d element", argument, count),
						errhint("The three classes X, Y and Z need two.")));
	if (falling)
		check_shares(elements);
	else
		check_cutoffs(elements, count);

	previous = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	if (known == NULL)
	{
		known = palloc0(sizeof(KnownCutoffs));
		fcinfo->flinfo->fn_extra = known;
	}
	known->size = -1;
	for (int i = 0; i < 2; i++)
	{
		if (known->cutoffs.exact[i] != NULL)
			pfree(known->cutoffs.exact[i]);
		known->cutoffs.exact[i] =
			DatumGetNumeric(datumCopy(elements[i], false, -1));
		known->cutoffs.rounded[i] = DatumGetFloat8(
			DirectFunctionCall1(numeric_float8_no_overflow, elements[i]));
	}
	MemoryContextSwitchTo(previous);
	if (size <= KNOWN_CUTOFF_BYTES)
	{
		known->size = size;
		memcpy(known->bytes, VARDATA_ANY(array), size);
	}
	return &known->cutoffs;
}

/*
 * The XYZ class of a series.
 */
static Datum
classify(const Series *series, const Cutoffs *cutoffs, Deviation deviation,
		 bool since_first, bool *isnull)
{
	int first = 0;
	Moments moments;
	double cv;
	int place = 0;

	if (since_first)
	{
		int day = series_first_day(series);

		if (day >= 0)
			first = bucket_of(series->grain, series_period(series),
							  series->lower + day);
	}
	*isnull =
		series->bucket_count - first < LEAST_BUCKETS || all_zero(series, first);
	if (*isnull)
		return (Datum) 0;

	moments = moments_of(series, first);
	if (moments.sum <= 0)
		return PointerGetDatum(class_text(2));
	cv = moments_cv(&moments, deviation);
	while (place < 2 &&
		   !cv_within(&moments, deviation, cv, cutoffs->exact[place],
					  cutoffs->rounded[place]))
		place++;
	return PointerGetDatum(class_text(place));
}

/*
 * cv(s, deviation): deviation of the totals over their mean; NULL where the
 * mean is not positive, or for a sample of one.
 */
Datum
kam_cv(PG_FUNCTION_ARGS)
{
	Series *series = series_from_datum(PG_GETARG_DATUM(0));
	Deviation deviation =
		param_choice(PG_GETARG_TEXT_PP(1), "deviation", deviation_names);
	Moments moments = moments_of(series, 0);

	if (moments.sum <= 0 ||
		(deviation == DEVIATION_SAMPLE && moments.count < 2))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(moments_cv(&moments, deviation));
}

/*
 * xyz_class(s, cutoffs, deviation, since_first)
 */
Datum
kam_xyz_class_series(PG_FUNCTION_ARGS)
{
	Series *series = series_from_datum(PG_GETARG_DATUM(0));
	const Cutoffs *cutoffs = read_cutoffs(fcinfo, "cutoffs", false);
	Deviation deviation =
		param_choice(PG_GETARG_TEXT_PP(2), "deviation", deviation_names);
	Datum result = classify(series, cutoffs, deviation, PG_GETARG_BOOL(3),
							&fcinfo->isnull);

	PG_RETURN_DATUM(result);
}

/*
 * Final function of xyz_class(amount, sold_on, period, grain): the class at
 * the default cut-offs.
 */
Datum
kam_xyz_class_final(PG_FUNCTION_ARGS)
{
	Series *series = series_from_datum(PG_GETARG_DATUM(0));
	Cutoffs cutoffs = {{int64_div_fast_to_numeric(10, 2),
						int64_div_fast_to_numeric(25, 2)},
					   {0.10, 0.25}};
	Datum result = classify(series, &cutoffs, DEVIATION_POPULATION, false,
							&fcinfo->isnull);

	PG_RETURN_DATUM(result);
}

/*
 * xyz_class(cv, cutoffs): the class of a coefficient computed elsewhere.
 */
Datum
kam_xyz_class_cv(PG_FUNCTION_ARGS)
{
	double cv = PG_GETARG_FLOAT8(0);
	const Cutoffs *cutoffs = read_cutoffs(fcinfo, "cutoffs", false);
	int place = 0;

	if (isnan(cv) || isinf(cv))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("cv must be a finite number, not %s",
							   isnan(cv) ? "NaN"
							   : cv > 0	 ? "infinity"
										 : "-infinity")));
	if (cv < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("cv must not be negative, but is %g", cv),
						errhint("A coefficient of variation is zero or "
								"more.")));
	while (place < 2 && cv > cutoffs->rounded[place])
		place++;
	PG_RETURN_TEXT_P(class_text(place));
}

/*
 * frequency_class(s, shares): the class by the share of buckets with a
 * positive net total.
 */
Datum
kam_frequency_class(PG_FUNCTION_ARGS)
{
	Series *series = series_from_datum(PG_GETARG_DATUM(0));
	const Cutoffs *shares = read_cutoffs(fcinfo, "shares", true);
	Numeric active = int64_to_numeric(series_active(series));
	Numeric count = int64_to_numeric(series->bucket_count);
	int place = 0;

	if (series->bucket_count < LEAST_BUCKETS || all_zero(series, 0))
		PG_RETURN_NULL();
	while (place < 2 &&
		   number_compare(active,
						  number_multiply(count, shares->exact[place])) < 0)
		place++;
	PG_RETURN_TEXT_P(class_text(place));
}
