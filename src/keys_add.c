/*
 * keys_add.c
 *		Adding to the sums of keys, and merging states.
 *
 * A state that has no room, for a key or for a sum, is made anew, twice as
 * large or with wider sums.
 */
#include "kam.h"

#include "keys.h"
#include "miscadmin.h"

static inline uint32 slot_hash(const Keys *keys, int slot);
static int free_slot(const Keys *keys, uint32 hash);
static void slot_set_sum(Keys *keys, int slot, DecimalSum sum);
static Keys *keys_remake(const Keys *keys, int width, int slots,
						 int64 bytes_size);
static Keys *make_room(Keys *keys, Key key);
static Keys *keys_take(Keys *keys, Key key, int *slot);
static bool rescale_in_place(Keys *keys, int exponent);
static Keys *keys_rescale(Keys *keys, int whole_digits, int scale);
static inline bool add_in_place(Keys *keys, int slot, int128 value);

/*
 * The hash of the key of a slot that is used.
 */
static inline uint32
slot_hash(const Keys *keys, int slot)
{
	if (keys->kind == KEY_BYTES)
		return ((KeyPlace *) (keys_slot(keys, slot) + keys->width))->hash;
	return keys_hash(keys, keys_slot_key(keys, slot));
}

/*
 * The first free slot on the way of a hash.
 */
static int
free_slot(const Keys *keys, uint32 hash)
{
	uint32 mask = keys->slots - 1;
	uint32 slot = hash & mask;

	for (int step = 1; step <= keys->slots; step++)
	{
		if (!keys_slot_used(keys, slot))
			return slot;
		slot = (slot + step) & mask;
	}
	keys_corrupted(keys);
	return 0; /* not reached */
}

/*
 * Sets a sum that there is room for.
 */
static void
slot_set_sum(Keys *keys, int slot, DecimalSum sum)
{
	if (keys->width == KEYS_WIDE)
		*(DecimalSum *) keys_slot(keys, slot) = sum;
	else
		*(int64 *) keys_slot(keys, slot) = (int64) sum.low;
}

/*
 * The same keys and sums with other room.
 */
static Keys *
keys_remake(const Keys *keys, int width, int slots, int64 bytes_size)
{
	Keys *made = keys_alloc(keys->kind, width, slots, (int) bytes_size);

	made->scale = keys->scale;
	made->whole_digits = keys->whole_digits;
	made->bytes_used = keys->bytes_used;
	memcpy(keys_bytes(made), keys_bytes(keys), keys->bytes_used);
	for (int i = 0; i < keys->slots; i++)
	{
		int slot;

		CHECK_FOR_INTERRUPTS();
		if (!keys_slot_used(keys, i))
			continue;
		slot = free_slot(made, slot_hash(keys, i));
		made->data[slot / 8] |= 1 << slot % 8;
		slot_set_sum(made, slot, keys_slot_sum(keys, i));
		memcpy(keys_slot(made, slot) + width, keys_slot(keys, i) + keys->width,
			   keys_key_size(keys->kind));
	}
	made->count = keys->count;
	return made;
}

/*
 * Makes room for one more key, twice as much as there is.  Returns the keys,
 * or larger ones in their place.
 */
static Keys *
make_room(Keys *keys, Key key)
{
	int slots = keys->slots;
	int64 bytes_size = keys->bytes_size;
	int64 needed = keys->bytes_used;

	if (keys->count >= KEYS_MOST)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a group has more than %d distinct keys", KEYS_MOST),
				 errhint("Group the rows more finely, or count with two "
						 "GROUP BYs.")));
	if (keys->count >= slots / 4 * 3)
		slots *= 2;
	if (keys->kind == KEY_BYTES)
	{
		needed += (int) sizeof(uint32) + (int64) key.size;
		if (needed > KEYS_MOST_BYTES)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("the distinct keys of a group pass %d bytes",
							KEYS_MOST_BYTES),
					 errhint("Use numbers or uuids as keys, or count with two "
							 "GROUP BYs.")));
		if (needed > bytes_size)
			bytes_size = Min(Max(needed, 2 * bytes_size), KEYS_MOST_BYTES);
	}
	if (slots == keys->slots && bytes_size == keys->bytes_size)
		return keys;
	return keys_remake(keys, keys->width, slots, bytes_size);
}

/*
 * Finds the slot of a key, which is taken with a sum of zero if there is none.
 * Returns the keys, or larger ones in their place.
 */
static Keys *
keys_take(Keys *keys, Key key, int *slot)
{
	uint32 hash = keys_hash(keys, key);
	bool found;
	Keys *roomy;
	char *stored;

	*slot = keys_find(keys, key, hash, &found);
	if (found)
		return keys;
	roomy = make_room(keys, key);
	if (roomy != keys)
		*slot = free_slot(roomy, hash);

	stored = keys_slot(roomy, *slot) + roomy->width;
	if (roomy->kind == KEY_BYTES)
	{
		KeyPlace *place = (KeyPlace *) stored;
		char *end = keys_bytes(roomy) + roomy->bytes_used;
		uint32 size = key.size;

		place->hash = hash;
		place->offset = roomy->bytes_used;
		memcpy(end, &size, sizeof(size));
		memcpy(end + sizeof(size), key.bytes, key.size);
		roomy->bytes_used += sizeof(size) + size;
	}
	else
		memcpy(stored, key.bytes, keys_key_size(roomy->kind));
	memset(keys_slot(roomy, *slot), 0, roomy->width);
	roomy->data[*slot / 8] |= 1 << *slot % 8;
	roomy->count++;
	return roomy;
}

/*
 * Multiplies all sums by 10^exponent, unless one has no room for it.
 */
static bool
rescale_in_place(Keys *keys, int exponent)
{
	int128 factor = decimal_pow10(exponent);
	int64 limit = (int64) (PG_INT64_MAX / factor);

	for (int i = 0; i < keys->slots && keys->width == KEYS_NARROW; i++)
	{
		int64 sum = *(int64 *) keys_slot(keys, i);

		CHECK_FOR_INTERRUPTS();
		if (keys_slot_used(keys, i) && (sum > limit || sum < -limit))
			return false;
	}
	for (int i = 0; i < keys->slots; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!keys_slot_used(keys, i))
			continue;
		if (keys->width == KEYS_WIDE)
			decimal_sum_rescale((DecimalSum *) keys_slot(keys, i), exponent);
		else
			*(int64 *) keys_slot(keys, i) *= (int64) factor;
	}
	return true;
}

/*
 * Makes room for amounts of these digits.  Returns the keys, or wider ones in
 * their place.
 */
static Keys *
keys_rescale(Keys *keys, int whole_digits, int scale)
{
	int exponent;

	whole_digits = Max(whole_digits, keys->whole_digits);
	scale = Max(scale, keys->scale);
	decimal_check_digits(whole_digits, scale);
	exponent = scale - keys->scale;
	if (exponent > 0 && !rescale_in_place(keys, exponent))
	{
		keys = keys_remake(keys, KEYS_WIDE, keys->slots, keys->bytes_size);
		rescale_in_place(keys, exponent);
	}
	keys->whole_digits = whole_digits;
	keys->scale = scale;
	return keys;
}

/*
 * Adds to a sum, unless it has no room.
 */
static inline bool
add_in_place(Keys *keys, int slot, int128 value)
{
	int64 *narrow = (int64 *) keys_slot(keys, slot);
	int64 sum;

	if (keys->width == KEYS_WIDE)
	{
		decimal_sum_add((DecimalSum *) keys_slot(keys, slot), value);
		return true;
	}
	if (value < PG_INT64_MIN || value > PG_INT64_MAX ||
		__builtin_add_overflow(*narrow, (int64) value, &sum))
		return false;
	*narrow = sum;
	return true;
}

/*
 * Adds an amount to the sum of a key.  Returns the keys, or others in their
 * place.  The keys and sums do not depend on the order of the amounts.
 */
Keys *
keys_add(Keys *keys, Key key, const Decimal *amount)
{
	int128 value = amount->value;
	int slot;

	if (amount->scale != keys->scale ||
		amount->whole_digits > keys->whole_digits)
	{
		keys = keys_rescale(keys, amount->whole_digits, amount->scale);
		value *= decimal_pow10(keys->scale - amount->scale);
	}
	keys = keys_take(keys, key, &slot);
	if (!add_in_place(keys, slot, value))
	{
		keys = keys_remake(keys, KEYS_WIDE, keys->slots, keys->bytes_size);
		keys = keys_take(keys, key, &slot);
		add_in_place(keys, slot, value);
	}
	return keys;
}

/*
 * Adds the keys and sums of another state of the same kind.  Returns the keys,
 * or others in their place.
 */
Keys *
keys_merge(Keys *keys, const Keys *other)
{
	int place = 0;
	Key key;
	DecimalSum sum;

	if (keys->kind != other->kind)
		keys_corrupted(other);
	keys = keys_rescale(keys, other->whole_digits, other->scale);
	if (keys->width == KEYS_NARROW &&
		(other->width == KEYS_WIDE || other->scale != keys->scale))
		keys = keys_remake(keys, KEYS_WIDE, keys->slots, keys->bytes_size);

	while (keys_next(other, &place, &key, &sum))
	{
		int slot;

		CHECK_FOR_INTERRUPTS();
		keys = keys_take(keys, key, &slot);
		if (keys->width == KEYS_NARROW &&
			!add_in_place(keys, slot, (int64) sum.low))
		{
			keys = keys_remake(keys, KEYS_WIDE, keys->slots, keys->bytes_size);
			keys = keys_take(keys, key, &slot);
		}
		else if (keys->width == KEYS_NARROW)
			continue;
		decimal_sum_rescale(&sum, keys->scale - other->scale);
		decimal_sum_merge((DecimalSum *) keys_slot(keys, slot), &sum);
	}
	return keys;
}
