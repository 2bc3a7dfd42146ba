/*
 * series_io.c
 *		sales_series as text (a JSON object), jsonb and binary.
 */
#include "kam.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "params.h"
#include "scan.h"
#include "series.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

/* The keys of the JSON object, all of them required. */
#define KEY_VERSION "version"
#define KEY_PERIOD "period"
#define KEY_GRAIN "grain"
#define KEY_TOTALS "totals"
#define KEY_SALE_DAYS "sale_days"
#define KEY_COUNT 5

static void malformed_text(Node *soft, const char *what);
static void malformed_binary(const char *what);
static char *series_to_json(const Series *series);
static const char *find_value(Jsonb *object, const char *key, enum jbvType type,
							  JsonbValue *value);
static const char *read_int(const JsonbValue *number, const char *what,
							int *value);
static const char *read_period(const JsonbValue *text, Period *period);
static const char *read_head(Jsonb *object, Series **series);
static const char *find_totals(Jsonb *object, int buckets,
							   JsonbContainer **totals, Decimal *digits);
static Series *add_totals(Series *series, JsonbContainer *totals);
static const char *read_days(Jsonb *object, Series *series);
static Series *series_from_json(Jsonb *object, Node *soft);
static bool parse_date(const char *text, int length, DateADT *date);
static const char *check_days(const Series *series);
static void need_bytes(StringInfo message, Size bytes);

PG_FUNCTION_INFO_V1(kam_series_in);
PG_FUNCTION_INFO_V1(kam_series_out);
PG_FUNCTION_INFO_V1(kam_series_from_jsonb);
PG_FUNCTION_INFO_V1(kam_series_to_jsonb);
PG_FUNCTION_INFO_V1(kam_series_recv);
PG_FUNCTION_INFO_V1(kam_series_send);

/*
 * Refuses a text; softly, if the caller collects such errors.
 */
static void
malformed_text(Node *soft, const char *what)
{
	errsave(soft,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("malformed sales_series: %s", what),
			 errhint("Write it like {\"version\": 1, \"period\": "
					 "\"[2026-01-01,2026-03-01)\", \"grain\": \"month\", "
					 "\"totals\": [100.00, 0.00], \"sale_days\": [0, 14]}.")));
}

/*
 * Refuses a message.
 */
static void
malformed_binary(const char *what)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					errmsg("malformed binary sales_series: %s", what)));
}

/*
 * What is wrong with the days of a series; NULL if nothing is.  A positive
 * total comes from a positive row, so its bucket has a day bought on.
 */
static const char *
check_days(const Series *series)
{
	const uint8 *days = series_days(series);
	int count = period_days(series_period(series));

	if (count % 8 != 0 && days[count / 8] >> count % 8 != 0)
		return "a day bought on is past the period";
	for (int i = 0; i < series->bucket_count; i++)
	{
		int first;
		int last;

		CHECK_FOR_INTERRUPTS();
		if (series_total(series, i) <= 0)
			continue;
		series_bucket_days(series, i, &first, &last);
		if (!series_day_in(series, first, last))
			return "a bucket with a positive total has no day bought on";
	}
	return NULL;
}

/*
 * The text of a series.
 */
static char *
series_to_json(const Series *series)
{
	const char *comma = "";
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfo(&json,
					 "{\"" KEY_VERSION "\": %d, \"" KEY_PERIOD
					 "\": \"%s\", \"" KEY_GRAIN "\": \"%s\", \"" KEY_TOTALS
					 "\": [",
					 SERIES_VERSION, period_text(series_period(series)),
					 grain_name(series->grain));
	for (int i = 0; i < series->bucket_count; i++)
	{
		Numeric total = series_numeric(series, series_total(series, i));

		CHECK_FOR_INTERRUPTS();
		appendStringInfo(&json, "%s%s", comma, param_shown(total));
		comma = ", ";
	}
	appendStringInfoString(&json, "], \"" KEY_SALE_DAYS "\": [");
	comma = "";
	for (int day = 0; day < period_days(series_period(series)); day++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!series_day_in(series, day, day + 1))
			continue;
		appendStringInfo(&json, "%s%d", comma, day);
		comma = ", ";
	}
	appendStringInfoString(&json, "]}");
	return json.data;
}

/*
 * Finds the value of a key, which must be there and of this type.  This and
 * the functions behind it return what is wrong, or NULL.
 */
static const char *
find_value(Jsonb *object, const char *key, enum jbvType type, JsonbValue *value)
{
	if (getKeyJsonValueFromContainer(&object->root, key, strlen(key), value) ==
		NULL)
		return psprintf("key \"%s\" is missing", key);
	if (value->type != type ||
		(type == jbvBinary && !JsonContainerIsArray(value->val.binary.data)))
		return psprintf("key \"%s\" has a value of the wrong type", key);
	return NULL;
}

/*
 * Reads a whole number from zero to a hundred years of days.
 */
static const char *
read_int(const JsonbValue *number, const char *what, int *value)
{
	char *digits;
	size_t length;

	if (number->type != jbvNumeric)
		return psprintf("%s is not a number", what);
	digits = param_shown(number->val.numeric);
	length = strspn(digits, "0123456789");
	if (digits[length] != '\0' || length > 5 || atoi(digits) > PERIOD_MAX_DAYS)
		return psprintf("%s is not a whole number in its limits", what);
	*value = atoi(digits);
	return NULL;
}

/*
 * A date in ISO form and no other.
 */
static bool
parse_date(const char *text, int length, DateADT *date)
{
	const char *written = pnstrdup(text, length);
	const char *at = written;

	return scan_date(&at, date) && *at == '\0' &&
		   strcmp(date_text(*date), written) == 0;
}

/*
 * Reads a period written as [date,date).
 */
static const char *
read_period(const JsonbValue *text, Period *period)
{
	const char *start = text->val.string.val;
	int length = text->val.string.len;
	const char *comma = memchr(start, ',', length);

	if (length < 2 || start[0] != '[' || start[length - 1] != ')' ||
		comma == NULL ||
		!parse_date(start + 1, comma - start - 1, &period->lower) ||
		!parse_date(comma + 1, start + length - comma - 2, &period->upper) ||
		!period_valid(*period))
		return "the period is not a range of up to a hundred years like "
			   "[2026-01-01,2027-01-01)";
	return NULL;
}

/*
 * Reads version, period and grain, and begins the series.
 */
static const char *
read_head(Jsonb *object, Series **series)
{
	const char *fault;
	JsonbValue value;
	Period period;
	Grain grain;
	int version;

	if (!JB_ROOT_IS_OBJECT(object) || JB_ROOT_COUNT(object) != KEY_COUNT)
		return "it is not a JSON object of five keys";
	if ((fault = find_value(object, KEY_VERSION, jbvNumeric, &value)) ||
		(fault = read_int(&value, KEY_VERSION, &version)))
		return fault;
	if (version != SERIES_VERSION)
		return "its version is unknown";
	if ((fault = find_value(object, KEY_PERIOD, jbvString, &value)) ||
		(fault = read_period(&value, &period)) ||
		(fault = find_value(object, KEY_GRAIN, jbvString, &value)))
		return fault;
	if (!grain_find(value.val.string.val, value.val.string.len, &grain))
		return "its grain is unknown";
	if (!grain_fits(grain, period))
		return "its period is longer than a fiscal year of 53 weeks";
	*series = series_new(grain, period, SERIES_SMALL);
	return NULL;
}

/*
 * Finds the totals, and the digits that they need all together.
 */
static const char *
find_totals(Jsonb *object, int buckets, JsonbContainer **totals,
			Decimal *digits)
{
	JsonbContainer *array;
	JsonbValue value;
	const char *fault = find_value(object, KEY_TOTALS, jbvBinary, &value);

	if (fault != NULL)
		return fault;
	array = value.val.binary.data;
	if (JsonContainerSize(array) != (uint32) buckets)
		return psprintf("it has %u totals where the period has %d buckets",
						JsonContainerSize(array), buckets);
	for (int i = 0; i < buckets; i++)
	{
		JsonbValue *total = getIthJsonbValueFromContainer(array, i);
		Decimal amount;

		CHECK_FOR_INTERRUPTS();
		if (total->type != jbvNumeric)
			return "a total is not a number";
		decimal_measure(NumericGetDatum(total->val.numeric), "total", &amount);
		digits->whole_digits = Max(digits->whole_digits, amount.whole_digits);
		digits->scale = Max(digits->scale, amount.scale);
	}
	*totals = array;
	return NULL;
}

/*
 * Adds totals that were found, whose digits fit.  Returns the series, or a
 * wider one in its place.
 */
static Series *
add_totals(Series *series, JsonbContainer *totals)
{
	for (int i = 0; i < series->bucket_count; i++)
	{
		JsonbValue *total = getIthJsonbValueFromContainer(totals, i);
		Decimal amount;

		CHECK_FOR_INTERRUPTS();
		decimal_from_numeric(NumericGetDatum(total->val.numeric), "total",
							 &amount);
		series = series_add(series, i, &amount);
	}
	return series;
}

/*
 * Reads the days bought on into a series.
 */
static const char *
read_days(Jsonb *object, Series *series)
{
	int previous = -1;
	JsonbContainer *array;
	JsonbValue value;
	int count;
	const char *fault = find_value(object, KEY_SALE_DAYS, jbvBinary, &value);

	if (fault != NULL)
		return fault;
	array = value.val.binary.data;
	count = JsonContainerSize(array);
	for (int i = 0; i < count; i++)
	{
		int day;

		CHECK_FOR_INTERRUPTS();
		fault = read_int(getIthJsonbValueFromContainer(array, i), "a sale day",
						 &day);
		if (fault != NULL)
			return fault;
		if (day <= previous || day >= period_days(series_period(series)))
			return "its sale days do not rise inside the period";
		series_days(series)[day / 8] |= 1 << day % 8;
		previous = day;
	}
	return check_days(series);
}

/*
 * The series that a JSON object describes; NULL after a soft error.
 */
static Series *
series_from_json(Jsonb *object, Node *soft)
{
	Series *series = NULL;
	JsonbContainer *totals = NULL;
	Decimal digits = {0, 0, 0};
	const char *fault = read_head(object, &series);

	if (fault == NULL)
		fault = find_totals(object, series->bucket_count, &totals, &digits);
	if (fault == NULL)
	{
		if (!decimal_save_digits(digits.whole_digits, digits.scale, soft))
			return NULL;
		series = add_totals(series, totals);
		fault = read_days(object, series);
	}
	if (fault != NULL)
	{
		malformed_text(soft, fault);
		return NULL;
	}
	return series_finish(series);
}

/*
 * Text input.
 */
Datum
kam_series_in(PG_FUNCTION_ARGS)
{
	char *text = PG_GETARG_CSTRING(0);
	Node *soft = fcinfo->context;
	Datum object;

	if (text[strspn(text, " \t\r\n")] != '{')
	{
		malformed_text(soft, "it is not a JSON object of five keys");
		PG_RETURN_NULL();
	}
#if PG_VERSION_NUM >= 160000
	if (!DirectInputFunctionCallSafe(jsonb_in, text, InvalidOid, -1, soft,
									 &object))
		PG_RETURN_NULL();
#else
	object = DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
#endif
	PG_RETURN_POINTER(series_from_json(DatumGetJsonbP(object), soft));
}

/*
 * Text output.
 */
Datum
kam_series_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(series_to_json(series_from_datum(PG_GETARG_DATUM(0))));
}

/*
 * jsonb to sales_series.
 */
Datum
kam_series_from_jsonb(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(series_from_json(PG_GETARG_JSONB_P(0), NULL));
}

/*
 * sales_series to jsonb.
 */
Datum
kam_series_to_jsonb(PG_FUNCTION_ARGS)
{
	char *json = series_to_json(series_from_datum(PG_GETARG_DATUM(0)));

	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(json)));
}

/*
 * Binary output: version, grain, scale, the period's bounds as dates, each
 * total as 16 bytes, the bitmap of days.  All integers are big-endian.
 */
Datum
kam_series_send(PG_FUNCTION_ARGS)
{
	Series *series = series_from_datum(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendint8(&message, series->version);
	pq_sendint8(&message, series->grain);
	pq_sendint8(&message, series->scale);
	pq_sendint32(&message, series->lower);
	pq_sendint32(&message, series->upper);
	for (int i = 0; i < series->bucket_count; i++)
	{
		int128 total = series_total(series, i);

		CHECK_FOR_INTERRUPTS();
		pq_sendint64(&message, (uint64) ((uint128) total >> 64));
		pq_sendint64(&message, (uint64) total);
	}
	pq_sendbytes(&message, (const char *) series_days(series),
				 series_day_bytes(series));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/*
 * Refuses a message that is about to end.
 */
static void
need_bytes(StringInfo message, Size bytes)
{
	if ((Size) (message->len - message->cursor) < bytes)
		malformed_binary("it ends too early");
}

/*
 * Binary input.
 */
Datum
kam_series_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	int128 limit = decimal_pow10(DECIMAL_MAX_DIGITS);
	int grain;
	int scale;
	Period period;
	Series *series;
	const char *fault;

	need_bytes(message, 3 + 2 * sizeof(int32));
	if (pq_getmsgbyte(message) != SERIES_VERSION)
		malformed_binary("its version is unknown");
	grain = pq_getmsgbyte(message);
	scale = pq_getmsgbyte(message);
	period.lower = (DateADT) pq_getmsgint(message, sizeof(int32));
	period.upper = (DateADT) pq_getmsgint(message, sizeof(int32));
	if (!grain_valid(grain))
		malformed_binary("its grain is unknown");
	if (scale > DECIMAL_MAX_DIGITS)
		malformed_binary("it has too many decimals");
	if (!period_valid(period))
		malformed_binary("its period is not a range of up to a hundred years");
	if (!grain_fits((Grain) grain, period))
		malformed_binary("its period is longer than a fiscal year of 53 weeks");

	series = series_new((Grain) grain, period, SERIES_WIDE);
	series->scale = scale;
	need_bytes(message,
			   (Size) series->bucket_count * 16 + series_day_bytes(series));
	for (int i = 0; i < series->bucket_count; i++)
	{
		uint64 high = (uint64) pq_getmsgint64(message);
		uint64 low = (uint64) pq_getmsgint64(message);
		int128 total = (int128) (((uint128) high << 64) | low);

		CHECK_FOR_INTERRUPTS();
		if (total >= limit || total <= -limit)
			malformed_binary("a total passes 38 digits");
		series_set_total(series, i, total);
	}
	memcpy(series_days(series),
		   pq_getmsgbytes(message, series_day_bytes(series)),
		   series_day_bytes(series));
	if (message->cursor != message->len)
		malformed_binary("it does not end where it should");
	fault = check_days(series);
	if (fault != NULL)
		malformed_binary(fault);
	PG_RETURN_POINTER(series_finish(series));
}
