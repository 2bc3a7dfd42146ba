/*
 * abc_limits.c
 *		Limits of the classes A, B and C that are computed from the values, not
 *		chosen: the ABCanalysis of Ultsch and Loetsch.
 *
 * The curve of concentration has a point for each number of customers, taken
 * from the largest down: their share of all customers, and the share of the
 * money that they bring.  It is concave, so its distance from any point above
 * it falls and then rises: the nearest point is found by halving.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "number.h"
#include "row.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "values.h"

#define LIMITS_COLUMNS 8

/* The decimals that cut-offs have at least. */
#define CUTOFF_SCALE 4

/*
 * Where a group of equal values ends: that many customers bring that much.
 */
typedef struct CurvePoint
{
	int64 customers;
	int128 money;
} CurvePoint;

/*
 * The curve over the values above zero.
 */
typedef struct Curve
{
	const SortedValues *sorted;
	int64 customers;
	int128 money;
	int64 count;
	CurvePoint *points;
} Curve;

static Numeric whole_number(int128 value);
static void make_curve(const SortedValues *sorted, int128 total, Curve *curve);
static Numeric square_distance(const Curve *curve, int64 point,
							   int64 customers);
static int64 nearest_point(const Curve *curve, int64 customers);
static int64 break_even_point(const Curve *curve);
static int128 money_before(const Curve *curve, int64 point);
static Numeric value_until(const Curve *curve, int64 point);
static Numeric cut_units(const Curve *curve, int64 point, int scale);
static bool cut_holds(const Curve *curve, int64 point, Numeric units,
					  int scale);
static Numeric power_of_ten(int exponent);
static ArrayType *make_cutoffs(const Curve *curve, int64 last_of_a,
							   int64 last_of_b);

PG_FUNCTION_INFO_V1(kam_abc_limits_final);

/*
 * An integer as a number.
 */
static Numeric
whole_number(int128 value)
{
	return decimal_to_numeric(value, 0);
}

/*
 * The curve over the values above zero, with a point where a group of equal
 * ones ends.
 */
static void
make_curve(const SortedValues *sorted, int128 total, Curve *curve)
{
	int128 sum = 0;

	curve->sorted = sorted;
	curve->customers = sorted->positive;
	curve->money = total;
	curve->count = 0;
	curve->points =
		MemoryContextAllocHuge(CurrentMemoryContext,
							   sizeof(CurvePoint) * (Size) sorted->positive);
	for (int64 i = 0; i < sorted->positive; i++)
	{
		int128 value = sorted_at(sorted, i);

		CHECK_FOR_INTERRUPTS();
		sum += value;
		if (i + 1 == sorted->positive || sorted_at(sorted, i + 1) != value)
			curve->points[curve->count++] = (CurvePoint){i + 1, sum};
	}
}

/*
 * The square of the distance of a point of the curve from the point where so
 * many customers bring all the money, in units of 1 / (customers x money).
 */
static Numeric
square_distance(const Curve *curve, int64 point, int64 customers)
{
	const CurvePoint *end = &curve->points[point];
	Numeric across =
		number_multiply(int64_to_numeric(end->customers - customers),
						whole_number(curve->money));
	Numeric up = number_multiply(int64_to_numeric(curve->customers),
								 whole_number(curve->money - end->money));

	return number_add(number_multiply(across, across), number_multiply(up, up));
}

/*
 * The point of the curve that is nearest to the one where so many customers
 * bring all the money; of two, the first.
 */
static int64
nearest_point(const Curve *curve, int64 customers)
{
	int64 low = 0;
	int64 high = curve->count - 1;

	while (low < high)
	{
		int64 middle = (low + high) / 2;

		CHECK_FOR_INTERRUPTS();
		if (number_compare(square_distance(curve, middle, customers),
						   square_distance(curve, middle + 1, customers)) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * The last point up to which the curve rises at least as steeply as to the
 * right: where the last customer brings no less than the mean.
 */
static int64
break_even_point(const Curve *curve)
{
	int128 mean =
		(curve->money + curve->customers - 1) / (int128) curve->customers;
	int64 low = 0;
	int64 high = curve->count - 1;

	while (low < high)
	{
		int64 middle = (low + high + 1) / 2;

		CHECK_FOR_INTERRUPTS();
		if (sorted_at(curve->sorted, curve->points[middle].customers - 1) >=
			mean)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/*
 * What is brought by the customers before the group that ends at a point.
 */
static int128
money_before(const Curve *curve, int64 point)
{
	return point > 0 ? curve->points[point - 1].money : 0;
}

/*
 * The value of the group that ends at a point.
 */
static Numeric
value_until(const Curve *curve, int64 point)
{
	int64 last = curve->points[point].customers - 1;

	return decimal_to_numeric(sorted_at(curve->sorted, last),
							  curve->sorted->scale);
}

/*
 * 10^exponent.
 */
static Numeric
power_of_ten(int exponent)
{
	if (exponent < 0)
		return int64_div_fast_to_numeric(1, -exponent);
	return number_trunc(number_divide(int64_to_numeric(1),
									  int64_div_fast_to_numeric(1, exponent)),
						0);
}

/*
 * The share of the money up to a point, cut to so many decimals, in units of
 * the last one.
 */
static Numeric
cut_units(const Curve *curve, int64 point, int scale)
{
	Numeric money = whole_number(curve->points[point].money);

	return number_quotient(number_multiply(money, power_of_ten(scale)),
						   whole_number(curve->money));
}

/*
 * Whether a share is above the share of the money before the group that ends
 * at a point.
 */
static bool
cut_holds(const Curve *curve, int64 point, Numeric units, int scale)
{
	Numeric before = whole_number(money_before(curve, point));

	return number_compare(number_multiply(units, whole_number(curve->money)),
						  number_multiply(before, power_of_ten(scale))) > 0;
}

/*
 * The shares, with as few decimals as will do, at which abc_class ends its
 * classes at these two points.  A class B without customers lies within the
 * last customer of A.
 */
static ArrayType *
make_cutoffs(const Curve *curve, int64 last_of_a, int64 last_of_b)
{
	Numeric apart = int64_to_numeric(last_of_a == last_of_b ? 1 : 0);
	int scale = CUTOFF_SCALE;
	Numeric a;
	Numeric b;
	Datum cutoffs[2];

	for (;; scale++)
	{
		CHECK_FOR_INTERRUPTS();
		a = number_subtract(cut_units(curve, last_of_a, scale), apart);
		b = cut_units(curve, last_of_b, scale);
		if (cut_holds(curve, last_of_a, a, scale) &&
			cut_holds(curve, last_of_b, b, scale))
			break;
	}
	cutoffs[0] = NumericGetDatum(number_multiply(a, power_of_ten(-scale)));
	cutoffs[1] = NumericGetDatum(number_multiply(b, power_of_ten(-scale)));
	return construct_array(cutoffs, 2, NUMERICOID, -1, false, TYPALIGN_INT);
}

/*
 * The computed limits of the classes A, B and C.
 */
Datum
kam_abc_limits_final(PG_FUNCTION_ARGS)
{
	SortedValues *sorted = values_sorted(fcinfo, VALUES_NO_SETTING, NULL);
	int128 total;
	Datum values[LIMITS_COLUMNS] = {0};
	bool nulls[LIMITS_COLUMNS] = {false};
	Curve curve;
	int64 pareto;
	int64 break_even;
	int64 last_of_a;
	int64 last_of_b;
	const CurvePoint *a;
	const CurvePoint *b;

	if (sorted->positive == 0)
		PG_RETURN_NULL();
	total = sorted_total(sorted);
	make_curve(sorted, total, &curve);
	pareto = nearest_point(&curve, 0);
	break_even = break_even_point(&curve);
	last_of_a = Min(pareto, break_even);
	last_of_b =
		nearest_point(&curve, curve.points[Max(pareto, break_even)].customers);
	a = &curve.points[last_of_a];
	b = &curve.points[last_of_b];

	row_number(&values[0], &nulls[0], value_until(&curve, last_of_a));
	row_number(&values[1], &nulls[1],
			   last_of_b > last_of_a ? value_until(&curve, last_of_b) : NULL);
	values[2] = Int64GetDatum(a->customers);
	values[3] = Int64GetDatum(b->customers - a->customers);
	values[4] = Int64GetDatum(sorted->count - b->customers);
	values[5] = NumericGetDatum(
		number_divide(whole_number(a->money), whole_number(total)));
	values[6] = NumericGetDatum(
		number_divide(whole_number(b->money - a->money), whole_number(total)));
	values[7] = PointerGetDatum(make_cutoffs(&curve, last_of_a, last_of_b));
	return row_result(fcinfo, NULL, LIMITS_COLUMNS, values, nulls);
}
