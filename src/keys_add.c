/*
 * keys_add.c
 *		Adding to the sums of keys, and merging states.
 *
 * A state that has no room, for a key or for a sum, is made anew, twice as
 * large or with wider sums.  The numbers of its keys stay.
 */
#include "kam.h"

#include "keys.h"
#include "miscadmin.h"

static inline uint32 entry_hash(const Keys *keys, int number);
static uint32 free_place(const Keys *keys, uint32 hash);
static inline void set_indexed(Keys *keys, uint32 place, uint32 indexed);
static inline bool fits(int128 sum, int width);
static void set_sum(Keys *keys, int number, const DecimalSum *sum);
static Keys *keys_remake(const Keys *keys, int width, int wanted,
						 int64 bytes_size);
static Keys *keys_widen(const Keys *keys);
static Keys *make_room(Keys *keys, Key key);
static bool rescale_in_place(Keys *keys, int exponent);
static Keys *keys_rescale(Keys *keys, int whole_digits, int scale);
static inline bool add_in_place(Keys *keys, int number, int128 value);

/*
 * The hash of the key of a number.
 */
static inline uint32
entry_hash(const Keys *keys, int number)
{
	KeyPlace place;

	if (keys->key_size != KEY_BYTES)
		return keys_hash(keys, keys_key(keys, number));
	memcpy(&place, keys_entry(keys, number) + keys->width, sizeof(place));
	return place.hash;
}

/*
 * The first free place on the way of a hash.
 */
static uint32
free_place(const Keys *keys, uint32 hash)
{
	uint32 mask = ((uint32) 1 << keys->places) - 1;
	uint32 place = hash & mask;

	for (uint32 step = 1; step <= mask + 1; step++)
	{
		if (keys_indexed(keys, place) == 0)
			return place;
		place = (place + step) & mask;
	}
	keys_corrupted(keys);
}

/*
 * Sets what the index has in a place.
 */
static inline void
set_indexed(Keys *keys, uint32 place, uint32 indexed)
{
	char *index = keys->data + keys->note_size;
	uint16 medium = (uint16) indexed;

	if (keys->places <= 8)
		((uint8 *) index)[place] = (uint8) indexed;
	else if (keys->places <= 16)
		memcpy(index + 2 * place, &medium, sizeof(medium));
	else
		memcpy(index + 4 * (Size) place, &indexed, sizeof(indexed));
}

/*
 * Whether a sum has room in a width that is not the widest.
 */
static inline bool
fits(int128 sum, int width)
{
	return width == KEYS_SMALL ? sum == (int32) sum : sum == (int64) sum;
}

/*
 * Sets a sum that there is room for.
 */
static void
set_sum(Keys *keys, int number, const DecimalSum *sum)
{
	char *entry = keys_entry(keys, number);
	int64 narrow = (int64) sum->low;
	int32 small = (int32) narrow;

	if (keys->width == KEYS_SMALL)
		memcpy(entry, &small, sizeof(small));
	else if (keys->width == KEYS_NARROW)
		memcpy(entry, &narrow, sizeof(narrow));
	else
		memcpy(entry, sum, sizeof(*sum));
}

/*
 * The same keys and sums with other room.
 */
static Keys *
keys_remake(const Keys *keys, int width, int wanted, int64 bytes_size)
{
	Keys *made =
		keys_alloc(keys->key_size, width, keys->note_size, wanted, bytes_size);

	made->scale = keys->scale;
	made->whole_digits = keys->whole_digits;
	made->count = keys->count;
	made->bytes_used = keys->bytes_used;
	memcpy(keys_note(made), keys_note(keys), keys->note_size);
	memcpy(keys_bytes(made), keys_bytes(keys), keys->bytes_used);

	if (width == keys->width)
		memcpy(keys_entry(made, 0), keys_entry(keys, 0),
			   keys_entry(keys, keys->count) - keys_entry(keys, 0));
	else
	{
		Size key_size = keys_entry_size(keys->key_size, 0);

		for (int i = 0; i < keys->count; i++)
		{
			DecimalSum sum = keys_sum(keys, i);

			CHECK_FOR_INTERRUPTS();
			set_sum(made, i, &sum);
			memcpy(keys_entry(made, i) + width,
				   keys_entry(keys, i) + keys->width, key_size);
		}
	}

	for (int i = 0; i < keys->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		set_indexed(made, free_place(made, entry_hash(keys, i)), i + 1);
	}
	return made;
}

/*
 * The same keys with room for larger sums.
 */
static Keys *
keys_widen(const Keys *keys)
{
	int width = keys->width == KEYS_SMALL ? KEYS_NARROW : KEYS_WIDE;

	return keys_remake(keys, width, Max(keys->count, 1), keys->bytes_size);
}

/*
 * Makes room for one more key, and if there is none, for many.  Returns the
 * keys, or larger ones in their place.
 */
static Keys *
make_room(Keys *keys, Key key)
{
	int64 bytes_size = keys->bytes_size;
	int64 needed = 0;

	if (keys->count >= KEYS_MOST)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a group has more than %d distinct keys", KEYS_MOST),
				 errhint("Group the rows more finely, or count with two "
						 "GROUP BYs.")));
	if (keys->key_size == KEY_BYTES)
	{
		needed = keys->bytes_used + (int) sizeof(uint32) + (int64) key.size;
		if (needed > KEYS_MOST_BYTES)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("the distinct keys of a group pass %d bytes",
							KEYS_MOST_BYTES),
					 errhint("Use numbers or uuids as keys, or count with two "
							 "GROUP BYs.")));
	}
	if (keys->count < keys->capacity && needed <= bytes_size)
		return keys;

	/* what a small state takes is rounded up, which gives it more bytes */
	if (VARSIZE(keys) < KEYS_ROUNDED_SIZE)
		bytes_size = needed + needed / 8;
	else if (needed > bytes_size)
		bytes_size = needed + needed / 2;
	return keys_remake(keys, keys->width, Max(keys->count + 1, keys->capacity),
					   Min(bytes_size, KEYS_MOST_BYTES));
}

/*
 * Finds the number of a key, which is taken with a sum of zero if there is
 * none.  Returns the keys, or larger ones in their place.
 */
Keys *
keys_take(Keys *keys, Key key, int *number)
{
	uint32 hash = keys_hash(keys, key);
	uint32 place;
	Keys *roomy;
	char *stored;

	/* most keys are new, and their entry is far from the index */
	__builtin_prefetch(keys_entry(keys, keys->count), 1);
	*number = keys_find(keys, key, hash, &place);
	if (*number >= 0)
		return keys;
	roomy = make_room(keys, key);
	if (roomy != keys)
		place = free_place(roomy, hash);

	*number = roomy->count++;
	set_indexed(roomy, place, roomy->count);
	stored = keys_entry(roomy, *number);
	memset(stored, 0, roomy->width);
	stored += roomy->width;
	if (roomy->key_size == KEY_BYTES)
	{
		KeyPlace entry = {hash, roomy->bytes_used};
		char *end = keys_bytes(roomy) + roomy->bytes_used;
		uint32 size = key.size;

		memcpy(stored, &entry, sizeof(entry));
		memcpy(end, &size, sizeof(size));
		memcpy(end + sizeof(size), key.bytes, size);
		roomy->bytes_used += sizeof(size) + size;
	}
	else
		memcpy(stored, key.bytes, roomy->key_size);
	return roomy;
}

/*
 * Multiplies all sums by 10^exponent, unless one has no room for it.
 */
static bool
rescale_in_place(Keys *keys, int exponent)
{
	int128 factor = decimal_pow10(exponent);
	int128 limit = keys->width == KEYS_SMALL ? PG_INT32_MAX : PG_INT64_MAX;

	for (int i = 0; i < keys->count && keys->width != KEYS_WIDE; i++)
	{
		int64 sum = (int64) keys_sum(keys, i).low;

		CHECK_FOR_INTERRUPTS();
		if (sum > limit / factor || sum < -(limit / factor))
			return false;
	}
	for (int i = 0; i < keys->count; i++)
	{
		DecimalSum sum = keys_sum(keys, i);

		CHECK_FOR_INTERRUPTS();
		decimal_sum_rescale(&sum, exponent);
		set_sum(keys, i, &sum);
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
	whole_digits = Max(whole_digits, keys->whole_digits);
	scale = Max(scale, keys->scale);
	decimal_check_digits(whole_digits, scale);
	if (scale > keys->scale)
		while (!rescale_in_place(keys, scale - keys->scale))
			keys = keys_widen(keys);
	keys->whole_digits = whole_digits;
	keys->scale = scale;
	return keys;
}

/*
 * Adds to a sum, unless it has no room.
 */
static inline bool
add_in_place(Keys *keys, int number, int128 value)
{
	char *entry = keys_entry(keys, number);
	DecimalSum wide;
	int64 narrow;
	int32 small;

	switch (keys->width)
	{
		case KEYS_SMALL:
			memcpy(&small, entry, sizeof(small));
			if (!fits(value, KEYS_SMALL) ||
				__builtin_add_overflow(small, (int32) value, &small))
				return false;
			memcpy(entry, &small, sizeof(small));
			return true;
		case KEYS_NARROW:
			memcpy(&narrow, entry, sizeof(narrow));
			if (!fits(value, KEYS_NARROW) ||
				__builtin_add_overflow(narrow, (int64) value, &narrow))
				return false;
			memcpy(entry, &narrow, sizeof(narrow));
			return true;
		default:
			memcpy(&wide, entry, sizeof(wide));
			decimal_sum_add(&wide, value);
			memcpy(entry, &wide, sizeof(wide));
			return true;
	}
}

/*
 * Adds an amount to the sum of a key.  Returns the keys, or others in their
 * place.  The keys and sums do not depend on the order of the amounts.
 */
Keys *
keys_add(Keys *keys, Key key, const Decimal *amount)
{
	int128 value = amount->value;
	int number;

	if (amount->scale != keys->scale ||
		amount->whole_digits > keys->whole_digits)
	{
		keys = keys_rescale(keys, amount->whole_digits, amount->scale);
		value *= decimal_pow10(keys->scale - amount->scale);
	}
	keys = keys_take(keys, key, &number);
	while (!add_in_place(keys, number, value))
		keys = keys_widen(keys);
	return keys;
}

/*
 * Adds the keys and sums of another state with keys of the same size.  Returns
 * the keys, or others in their place.
 */
Keys *
keys_merge(Keys *keys, const Keys *other)
{
	if (keys->key_size != other->key_size)
		keys_corrupted(other);
	keys = keys_rescale(keys, other->whole_digits, other->scale);

	for (int i = 0; i < other->count; i++)
	{
		DecimalSum sum = keys_sum(other, i);
		int number;

		CHECK_FOR_INTERRUPTS();
		keys = keys_take(keys, keys_key(other, i), &number);
		decimal_sum_rescale(&sum, keys->scale - other->scale);
		if (sum.high == (int64) sum.middle && sum.middle == 0 - (sum.low >> 63))
		{
			while (!add_in_place(keys, number, (int64) sum.low))
				keys = keys_widen(keys);
		}
		else
		{
			DecimalSum own;

			while (keys->width != KEYS_WIDE)
				keys = keys_widen(keys);
			own = keys_sum(keys, number);
			decimal_sum_merge(&own, &sum);
			set_sum(keys, number, &own);
		}
	}
	return keys;
}
