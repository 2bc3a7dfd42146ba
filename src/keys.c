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

#include "common/hashfn.h"
#include "keys.h"
#include "miscadmin.h"
#include "state.h"

#define KEYS_VERSION 1
#define KEYS_FEWEST_BYTES 64

static Size keys_size(int kind, int width, int slots, int bytes_size);
static inline uint64 mixed(uint64 word);
static inline bool slot_holds(const Keys *keys, int slot, Key key, uint32 hash);

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
keys_size(int kind, int width, int slots, int bytes_size)
{
	return offsetof(Keys, data) + keys_bitmap_size(slots) +
		   (Size) slots * (width + keys_key_size(kind)) + bytes_size;
}

/*
 * No keys, with room for some.
 */
Keys *
keys_alloc(KeyKind kind, int width, int slots, int bytes_size)
{
	Size size = keys_size(kind, width, slots, bytes_size);
	Keys *keys = palloc0(size);

	SET_VARSIZE(keys, size);
	keys->version = KEYS_VERSION;
	keys->kind = kind;
	keys->width = width;
	keys->slots = slots;
	keys->bytes_size = bytes_size;
	return keys;
}

/*
 * No keys.
 */
Keys *
keys_new(KeyKind kind)
{
	return keys_alloc(kind, KEYS_NARROW, KEYS_FEWEST_SLOTS,
					  kind == KEY_BYTES ? KEYS_FEWEST_BYTES : 0);
}

/*
 * Brings a state into memory and checks its header; it is a bytea that anybody
 * can make.
 */
Keys *
keys_from_datum(Datum datum, KeyKind kind)
{
	Keys *keys = state_detoast(datum);

	if (VARSIZE(keys) < offsetof(Keys, data) || keys->version != KEYS_VERSION ||
		keys->kind < KEY_BIGINT || keys->kind > KEY_BYTES ||
		(kind != KEY_ANY && keys->kind != kind) ||
		(keys->width != KEYS_NARROW && keys->width != KEYS_WIDE) ||
		keys->scale + keys->whole_digits > DECIMAL_MAX_DIGITS ||
		keys->slots < KEYS_FEWEST_SLOTS || keys->slots > KEYS_MOST_SLOTS ||
		(keys->slots & (keys->slots - 1)) != 0 || keys->count < 0 ||
		keys->count > keys->slots / 4 * 3 || keys->bytes_used < 0 ||
		keys->bytes_used > keys->bytes_size ||
		keys->bytes_size > KEYS_MOST_BYTES ||
		VARSIZE(keys) !=
			keys_size(keys->kind, keys->width, keys->slots, keys->bytes_size))
		keys_corrupted(keys);
	return keys;
}

/*
 * Checks all keys: each is where it is looked for, and so is there once.
 */
void
keys_check(const Keys *keys)
{
	int count = 0;

	for (int i = 0; i < keys->slots; i++)
	{
		bool found;
		Key key;

		CHECK_FOR_INTERRUPTS();
		if (!keys_slot_used(keys, i))
			continue;
		key = keys_slot_key(keys, i);
		if (keys_find(keys, key, keys_hash(keys, key), &found) != i)
			keys_corrupted(keys);
		count++;
	}
	if (count != keys->count)
		keys_corrupted(keys);
}

/*
 * The state in argument 0 of a transition or combine function, begun if it is
 * NULL; it is the caller's to change: outside an aggregate, a copy.
 */
Keys *
keys_state(FunctionCallInfo fcinfo, KeyKind kind)
{
	Keys *keys;

	if (PG_ARGISNULL(0))
		return keys_new(kind);
	keys = keys_from_datum(PG_GETARG_DATUM(0), kind);
	if (AggCheckCallContext(fcinfo, NULL))
		return keys;
	keys_check(keys);
	return state_copy(keys);
}

/*
 * The key of a slot that is used.
 */
Key
keys_slot_key(const Keys *keys, int slot)
{
	char *stored = keys_slot(keys, slot) + keys->width;
	Key key = {stored, keys_key_size(keys->kind)};
	KeyPlace *place = (KeyPlace *) stored;
	uint32 size;

	if (keys->kind != KEY_BYTES)
		return key;
	if ((int64) place->offset + (int) sizeof(size) > keys->bytes_used)
		keys_corrupted(keys);
	memcpy(&size, keys_bytes(keys) + place->offset, sizeof(size));
	if ((int64) place->offset + (int) sizeof(size) + size > keys->bytes_used)
		keys_corrupted(keys);
	key.bytes = keys_bytes(keys) + place->offset + sizeof(size);
	key.size = size;
	return key;
}

/*
 * The sum of a slot, whatever the width.
 */
DecimalSum
keys_slot_sum(const Keys *keys, int slot)
{
	DecimalSum sum = {0, 0, 0};

	if (keys->width == KEYS_WIDE)
		return *(DecimalSum *) keys_slot(keys, slot);
	decimal_sum_add(&sum, *(int64 *) keys_slot(keys, slot));
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
 * The hash of a key.
 */
uint32
keys_hash(const Keys *keys, Key key)
{
	uint64 words[2];

	switch (keys->kind)
	{
		case KEY_BIGINT:
			memcpy(words, key.bytes, 8);
			return (uint32) mixed(words[0]);
		case KEY_UUID:
			memcpy(words, key.bytes, 16);
			return (uint32) mixed(words[0] ^ mixed(words[1]));
		default:
			return hash_bytes((const unsigned char *) key.bytes, key.size);
	}
}

/*
 * Whether a slot that is used has this key.
 */
static inline bool
slot_holds(const Keys *keys, int slot, Key key, uint32 hash)
{
	const char *stored = keys_slot(keys, slot) + keys->width;
	Key other;

	switch (keys->kind)
	{
		case KEY_BIGINT:
			return memcmp(stored, key.bytes, 8) == 0;
		case KEY_UUID:
			return memcmp(stored, key.bytes, 16) == 0;
		default:
			if (((const KeyPlace *) stored)->hash != hash)
				return false;
			other = keys_slot_key(keys, slot);
			return other.size == key.size &&
				   memcmp(other.bytes, key.bytes, key.size) == 0;
	}
}

/*
 * The slot of a key, or the free one where it belongs.  Steps that grow by one
 * reach every slot of a power of two, and do not pile up as merged tables
 * would with steps of one.
 */
int
keys_find(const Keys *keys, Key key, uint32 hash, bool *found)
{
	uint32 mask = keys->slots - 1;
	uint32 slot = hash & mask;

	for (int step = 1; step <= keys->slots; step++)
	{
		*found = keys_slot_used(keys, slot);
		if (!*found || slot_holds(keys, slot, key, hash))
			return slot;
		slot = (slot + step) & mask;
	}
	keys_corrupted(keys);
	return 0; /* not reached */
}

/*
 * Whether a key is there.
 */
bool
keys_has(const Keys *keys, Key key)
{
	bool found;

	keys_find(keys, key, keys_hash(keys, key), &found);
	return found;
}

/*
 * The next key and its sum, in no order that means anything; false at the end.
 * *place starts at zero.
 */
bool
keys_next(const Keys *keys, int *place, Key *key, DecimalSum *sum)
{
	while (*place < keys->slots && !keys_slot_used(keys, *place))
	{
		CHECK_FOR_INTERRUPTS();
		(*place)++;
	}
	if (*place >= keys->slots)
		return false;
	*key = keys_slot_key(keys, *place);
	*sum = keys_slot_sum(keys, *place);
	(*place)++;
	return true;
}
