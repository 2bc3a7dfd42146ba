/*
 * keys.c
 *		The distinct keys of a group, each with an exact sum: making, checking
 *		and reading them.
 *
 * While an aggregate runs, only the header of its state is checked at each
 * row, and every place that the state names is checked before it is read: what
 * comes out of a state that somebody made may be nonsense, but it never reads
 * or writes outside.  keys_check() reads it all, where that costs no more than
 * what is done with it.
 */
#include "kam.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "keys.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "state.h"
#include "utils/lsyscache.h"
#include "utils/uuid.h"

#define KEYS_VERSION 2

/* The bytes of the smallest state. */
#define KEYS_LEAST_SIZE 128
#define KEYS_FEWEST_BYTES 32

static Size keys_size(int key_size, int width, int note_size, int capacity,
					  int places, int bytes_size);
static int capacity_within(Size size, int key_size, int width, int note_size,
						   int *places);
static inline uint64 mixed(uint64 word);
static inline bool same_bytes(const char *one, const char *other, int size);
static inline bool entry_holds(const Keys *keys, int number, Key key,
							   uint32 hash);

/*
 * The type that a function declares for an argument.
 */
KeyType
key_type(FunctionCallInfo fcinfo, int argument)
{
	Oid *types;
	int count;

	get_func_signature(fcinfo->flinfo->fn_oid, &types, &count);
	switch (argument < count ? types[argument] : InvalidOid)
	{
		case INT8OID:
			return KEY_BIGINT;
		case TEXTOID:
			return KEY_TEXT;
		case UUIDOID:
			return KEY_UUID;
		default:
			elog(ERROR, "argument %d of function %u is no key", argument,
				 fcinfo->flinfo->fn_oid);
	}
}

/*
 * A value as a key; a number is kept in *number.
 */
Key
key_of(KeyType type, Datum value, int64 *number)
{
	Key key = {(const char *) number, sizeof(*number)};
	text *stored;

	switch (type)
	{
		case KEY_BIGINT:
			*number = DatumGetInt64(value);
			break;
		case KEY_UUID:
			key.bytes = (const char *) DatumGetUUIDP(value)->data;
			key.size = UUID_LEN;
			break;
		default:
			stored = DatumGetTextPP(value);
			key.bytes = VARDATA_ANY(stored);
			key.size = VARSIZE_ANY_EXHDR(stored);
			break;
	}
	return key;
}

/*
 * Refuses a state that no function of kam has made.
 */
void
keys_corrupted(const Keys *keys)
{
	state_malformed("state of keys", keys);
}

/*
 * The bytes that a state takes.
 */
static Size
keys_size(int key_size, int width, int note_size, int capacity, int places,
		  int bytes_size)
{
	return offsetof(Keys, data) + note_size + keys_index_size(places) +
		   capacity * keys_entry_size(key_size, width) + bytes_size;
}

/*
 * How many keys have room in a state of so many bytes without the bytes of
 * keys of any length, and the places of its index.
 */
static int
capacity_within(Size size, int key_size, int width, int note_size, int *places)
{
	int capacity = 0;

	for (int i = KEYS_LEAST_PLACES; i <= KEYS_MOST_PLACES; i++)
	{
		Size taken = keys_size(key_size, width, note_size, 0, i, 0);
		Size most;

		if (taken >= size)
			break;
		most = (size - taken) / keys_entry_size(key_size, width);
		most = Min(most, (Size) 1 << (i - 1));
		if (most <= (Size) capacity)
			break;
		capacity = (int) Min(most, (Size) KEYS_MOST);
		*places = i;
	}
	return capacity;
}

/*
 * No keys, with room for as many as are wanted or more.
 */
Keys *
keys_alloc(int key_size, int width, int note_size, int wanted, int64 bytes_size)
{
	Size size = KEYS_LEAST_SIZE;
	int places = KEYS_LEAST_PLACES;
	int capacity;
	Keys *keys;

	while ((capacity = capacity_within(size, key_size, width, note_size,
									   &places)) < wanted)
		size *= 2;
	size = keys_size(key_size, width, note_size, capacity, places,
					 (int) bytes_size);
	if (key_size == KEY_BYTES && size < KEYS_ROUNDED_SIZE)
	{
		bytes_size += pg_nextpower2_32((uint32) size) - size;
		size = pg_nextpower2_32((uint32) size);
	}

	keys = palloc0(size);
	SET_VARSIZE(keys, size);
	keys->version = KEYS_VERSION;
	keys->key_size = key_size;
	keys->width = width;
	keys->note_size = note_size;
	keys->capacity = capacity;
	keys->places = places;
	keys->bytes_size = (int32) bytes_size;
	return keys;
}

/*
 * No keys, with a note.
 */
Keys *
keys_new(int key_size, const void *note, int note_size)
{
	Keys *keys = keys_alloc(key_size, KEYS_SMALL, note_size, 1,
							key_size == KEY_BYTES ? KEYS_FEWEST_BYTES : 0);

	if (note_size > 0)
		memcpy(keys_note(keys), note, note_size);
	return keys;
}

/*
 * Brings a state into memory and checks its header; it is a bytea that anybody
 * can make.
 */
Keys *
keys_from_datum(Datum datum, int key_size, int note_size)
{
	Keys *keys = (Keys *) PG_DETOAST_DATUM(datum);

	if (VARSIZE(keys) < offsetof(Keys, data) || keys->version != KEYS_VERSION ||
		keys->key_size > KEY_MOST_SIZE ||
		(key_size != KEYS_ANY && keys->key_size != key_size) ||
		keys->note_size != note_size ||
		(keys->width != KEYS_SMALL && keys->width != KEYS_NARROW &&
		 keys->width != KEYS_WIDE) ||
		keys->scale + keys->whole_digits > DECIMAL_MAX_DIGITS ||
		keys->places < KEYS_LEAST_PLACES || keys->places > KEYS_MOST_PLACES ||
		keys->capacity < 1 || keys->capacity > 1 << (keys->places - 1) ||
		keys->capacity > KEYS_MOST || keys->count < 0 ||
		keys->count > keys->capacity || keys->bytes_used < 0 ||
		keys->bytes_used > keys->bytes_size ||
		keys->bytes_size > KEYS_MOST_BYTES ||
		VARSIZE(keys) != keys_size(keys->key_size, keys->width, keys->note_size,
								   keys->capacity, keys->places,
								   keys->bytes_size))
		keys_corrupted(keys);
	return keys;
}

/*
 * Checks all keys: each is where it is looked for, and so is there once.
 */
void
keys_check(const Keys *keys)
{
	int used = 0;

	for (int i = 0; i < keys->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (keys_number(keys, keys_key(keys, i)) != i)
			keys_corrupted(keys);
	}
	for (uint32 i = 0; i < (uint32) 1 << keys->places; i++)
	{
		CHECK_FOR_INTERRUPTS();
		used += keys_indexed(keys, i) != 0;
	}
	if (used != keys->count)
		keys_corrupted(keys);
}

/*
 * The state in argument 0 of a transition function, begun with a note if it is
 * NULL.  It is the caller's to change: outside an aggregate, a copy.  Its note
 * may be another, which is for the caller to look at, and then so may the size
 * of its keys.
 */
Keys *
keys_state(FunctionCallInfo fcinfo, int key_size, const void *note,
		   int note_size)
{
	Keys *keys;

	if (PG_ARGISNULL(0))
		return keys_new(key_size, note, note_size);
	keys = keys_from_datum(PG_GETARG_DATUM(0), KEYS_ANY, note_size);
	if (keys->key_size != key_size && keys_noted(keys, note))
		keys_corrupted(keys);
	if (AggCheckCallContext(fcinfo, NULL))
		return keys;
	keys_check(keys);
	return state_copy(keys);
}

/*
 * The states in arguments 0, which is the caller's to change, and 1 of a
 * combine function.
 */
Keys *
keys_states(FunctionCallInfo fcinfo, int note_size, Keys **other)
{
	Keys *keys = keys_from_datum(PG_GETARG_DATUM(0), KEYS_ANY, note_size);

	*other = keys_from_datum(PG_GETARG_DATUM(1), KEYS_ANY, note_size);
	if (AggCheckCallContext(fcinfo, NULL))
		return keys;
	keys_check(keys);
	keys_check(*other);
	return state_copy(keys);
}

/*
 * The state in argument 0 of a final function.
 */
Keys *
keys_finished(FunctionCallInfo fcinfo, int note_size)
{
	Keys *keys = keys_from_datum(PG_GETARG_DATUM(0), KEYS_ANY, note_size);

	if (!AggCheckCallContext(fcinfo, NULL))
		keys_check(keys);
	return keys;
}

/*
 * The key of a number.
 */
Key
keys_key(const Keys *keys, int number)
{
	const char *stored = keys_entry(keys, number) + keys->width;
	Key key = {stored, keys->key_size};
	KeyPlace place;
	uint32 size;

	if (keys->key_size != KEY_BYTES)
		return key;
	memcpy(&place, stored, sizeof(place));
	if ((int64) place.offset + (int) sizeof(size) > keys->bytes_used)
		keys_corrupted(keys);
	memcpy(&size, keys_bytes(keys) + place.offset, sizeof(size));
	if ((int64) place.offset + (int) sizeof(size) + size > keys->bytes_used)
		keys_corrupted(keys);
	key.bytes = keys_bytes(keys) + place.offset + sizeof(size);
	key.size = (int) size;
	return key;
}

/*
 * The sum of the key of a number, whatever the width.
 */
DecimalSum
keys_sum(const Keys *keys, int number)
{
	const char *entry = keys_entry(keys, number);
	DecimalSum sum = {0, 0, 0};
	int64 narrow;
	int32 small;

	switch (keys->width)
	{
		case KEYS_SMALL:
			memcpy(&small, entry, sizeof(small));
			decimal_sum_add(&sum, small);
			break;
		case KEYS_NARROW:
			memcpy(&narrow, entry, sizeof(narrow));
			decimal_sum_add(&sum, narrow);
			break;
		default:
			memcpy(&sum, entry, sizeof(sum));
			break;
	}
	return sum;
}

/*
 * A number whose lower half depends on all bits of the given one.
 */
static inline uint64
mixed(uint64 word)
{
	word ^= word >> 32;
	word *= UINT64CONST(0xd6e8feb86659fd93);
	word ^= word >> 32;
	word *= UINT64CONST(0xd6e8feb86659fd93);
	return word ^ word >> 32;
}

/*
 * The hash of a key: of one of a given size word by word, the last word
 * overlapping the one before.
 */
uint32
keys_hash(const Keys *keys, Key key)
{
	uint64 hash = 0;
	uint64 word = 0;

	if (keys->key_size == KEY_BYTES)
		return hash_bytes((const unsigned char *) key.bytes, key.size);
	if (keys->key_size < (int) sizeof(word))
	{
		memcpy(&word, key.bytes, keys->key_size);
		return (uint32) mixed(word);
	}
	for (int i = 0; i + (int) sizeof(word) < keys->key_size; i += sizeof(word))
	{
		memcpy(&word, key.bytes + i, sizeof(word));
		hash = mixed(hash ^ word);
	}
	memcpy(&word, key.bytes + keys->key_size - sizeof(word), sizeof(word));
	return (uint32) mixed(hash ^ word);
}

/*
 * Whether two keys of a given size are the same, word by word, the last word
 * overlapping the one before.
 */
static inline bool
same_bytes(const char *one, const char *other, int size)
{
	uint64 own;
	uint64 word;

	if (size < (int) sizeof(word))
		return memcmp(one, other, size) == 0;
	for (int i = 0; i + (int) sizeof(word) < size; i += sizeof(word))
	{
		memcpy(&own, one + i, sizeof(own));
		memcpy(&word, other + i, sizeof(word));
		if (own != word)
			return false;
	}
	memcpy(&own, one + size - sizeof(own), sizeof(own));
	memcpy(&word, other + size - sizeof(word), sizeof(word));
	return own == word;
}

/*
 * Whether an entry has this key.
 */
static inline bool
entry_holds(const Keys *keys, int number, Key key, uint32 hash)
{
	const char *stored = keys_entry(keys, number) + keys->width;
	KeyPlace place;
	Key other;

	if (keys->key_size != KEY_BYTES)
		return same_bytes(stored, key.bytes, keys->key_size);
	memcpy(&place, stored, sizeof(place));
	if (place.hash != hash)
		return false;
	other = keys_key(keys, number);
	return other.size == key.size &&
		   memcmp(other.bytes, key.bytes, key.size) == 0;
}

/*
 * The number of a key, -1 if it is not there, and its place in the index, or
 * the free one where it belongs.  Steps that grow by one reach every place of
 * a power of two.
 */
int
keys_find(const Keys *keys, Key key, uint32 hash, uint32 *place)
{
	uint32 mask = ((uint32) 1 << keys->places) - 1;

	*place = hash & mask;
	for (uint32 step = 1; step <= mask + 1; step++)
	{
		uint32 indexed = keys_indexed(keys, *place);

		if (indexed == 0)
			return -1;
		if (indexed > (uint32) keys->count)
			keys_corrupted(keys);
		if (entry_holds(keys, (int) indexed - 1, key, hash))
			return (int) indexed - 1;
		*place = (*place + step) & mask;
	}
	keys_corrupted(keys);
}

/*
 * The number of a key; -1 if it is not there.
 */
int
keys_number(const Keys *keys, Key key)
{
	uint32 place;

	return keys_find(keys, key, keys_hash(keys, key), &place);
}
