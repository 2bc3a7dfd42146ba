/*
 * keys.h
 *		The distinct keys of a group, each with an exact sum: a state for
 *		aggregates that count products, categories, outlets or days.
 */
#ifndef KAM_KEYS_H
#define KAM_KEYS_H

#include "kam.h"

#include "decimal.h"

/* The most keys of a group, and the most bytes of its keys of any length. */
#define KEYS_MOST 10000000
#define KEYS_MOST_BYTES (128 * 1024 * 1024)

/* Up to so many bytes palloc rounds up to a power of two. */
#define KEYS_ROUNDED_SIZE 8192

/* Places of the index, as powers of two; at most half of them are used. */
#define KEYS_LEAST_PLACES 2
#define KEYS_MOST_PLACES 25

/*
 * The bytes of a key: up to so many where all keys have the same size, or any
 * number of them, such as a text; keys are equal when their bytes are.
 */
#define KEY_MOST_SIZE 40
#define KEY_BYTES 0
#define KEYS_ANY (-1) /* as an argument: whatever the state has */

#define KEYS_SMALL 4  /* sums are int32 */
#define KEYS_NARROW 8 /* sums are int64 */
#define KEYS_WIDE 24  /* sums are DecimalSum */

/* The bytes that are fetched ahead, and those of a line of the cache. */
#define KEYS_FETCHED 320
#define KEYS_LINE 64

/*
 * The types of arguments that keys are made of, as they are stored: a number
 * never changes its meaning.
 */
typedef enum KeyType
{
	KEY_NONE = 0,
	KEY_BIGINT = 1,
	KEY_TEXT = 2,
	KEY_UUID = 3
} KeyType;

/*
 * The bytes of a key, wherever they are.
 */
typedef struct Key
{
	const char *bytes;
	int size;
} Key;

/*
 * The stored form, a bytea.  Behind the header stand
 *		a note of who uses the keys, such as its settings,
 *		an index: a hash table with open addressing, each place with the number
 *		of a key plus one, in 1, 2 or 4 bytes, or zero,
 *		the entries in the order in which their keys came: a sum and a key; a
 *		key of any length is there its hash and its place among
 *		the bytes of keys of any length, where its length stands before it.
 *
 * The width of a sum is 4 bytes (int32), 8 (int64), or 24 (DecimalSum),
 * whatever the largest needs.  Small states matter: nothing is aligned, and
 * there is room for as many entries as fit into what palloc gives anyway.
 */
typedef struct Keys
{
	int32 vl_len_;
	uint8 version;
	uint8 key_size; /* or KEY_BYTES */
	uint8 width;
	uint8 scale; /* of all sums */
	int32 capacity;
	int32 count;
	int32 bytes_size;
	int32 bytes_used;
	uint8 whole_digits; /* most digits before the point of any amount added */
	uint8 note_size;
	uint8 places;	/* of the index, as a power of two */
	uint8 reserved; /* zero */
	char data[FLEXIBLE_ARRAY_MEMBER];
} Keys;

/*
 * What an entry has in place of a key of any length.
 */
typedef struct KeyPlace
{
	uint32 hash;
	uint32 offset; /* of its length, which the key follows */
} KeyPlace;

extern KeyType key_type(FunctionCallInfo fcinfo, int argument);
extern Key key_of(KeyType type, Datum value, int64 *number);

extern Keys *keys_new(int key_size, const void *note, int note_size);
extern Keys *keys_from_datum(Datum datum, int key_size, int note_size);
extern void keys_check(const Keys *keys);
extern Keys *keys_state(FunctionCallInfo fcinfo, int key_size, const void *note,
						int note_size);
extern Keys *keys_states(FunctionCallInfo fcinfo, int note_size, Keys **other);
extern Keys *keys_finished(FunctionCallInfo fcinfo, int note_size);
pg_noreturn extern void keys_corrupted(const Keys *keys);

extern Keys *keys_add(Keys *keys, Key key, const Decimal *amount);
extern Keys *keys_merge(Keys *keys, const Keys *other);
extern Keys *keys_take(Keys *keys, Key key, int *number);
extern int keys_number(const Keys *keys, Key key);
extern Key keys_key(const Keys *keys, int number);
extern DecimalSum keys_sum(const Keys *keys, int number);

/* for keys.c and keys_add.c only */
extern Keys *keys_alloc(int key_size, int width, int note_size, int wanted,
						int64 bytes_size);
extern uint32 keys_hash(const Keys *keys, Key key);
extern int keys_find(const Keys *keys, Key key, uint32 hash, uint32 *place);

/*
 * Has the processor fetch a state that is needed soon: its header and its
 * index where that is small.  What a query over many groups waits for is
 * memory.
 */
static inline void
keys_fetch(const void *state)
{
	for (int i = 0; i < KEYS_FETCHED; i += KEYS_LINE)
		__builtin_prefetch((const char *) state + i);
}

/*
 * The bytes that values of a type have as keys.
 */
static inline int
key_type_size(KeyType type)
{
	return type == KEY_BIGINT ? 8 : type == KEY_UUID ? 16 : KEY_BYTES;
}

/*
 * The note of a state.
 */
static inline char *
keys_note(const Keys *keys)
{
	return (char *) keys->data;
}

/*
 * Whether a state has this note; it has one of this size.
 */
static inline bool
keys_noted(const Keys *keys, const void *note)
{
	return keys->note_size == 0 ||
		   memcmp(keys_note(keys), note, keys->note_size) == 0;
}

/*
 * The bytes of a place of the index.
 */
static inline int
keys_place_size(int places)
{
	return places <= 8 ? 1 : places <= 16 ? 2 : 4;
}

/*
 * The bytes of the index.
 */
static inline Size
keys_index_size(int places)
{
	return (Size) keys_place_size(places) << places;
}

/*
 * The bytes of an entry.
 */
static inline Size
keys_entry_size(int key_size, int width)
{
	return width + (key_size == KEY_BYTES ? (int) sizeof(KeyPlace) : key_size);
}

/*
 * Where the entry of a key is: its sum, which the key follows.
 */
static inline char *
keys_entry(const Keys *keys, int number)
{
	return (char *) keys->data + keys->note_size +
		   keys_index_size(keys->places) +
		   number * keys_entry_size(keys->key_size, keys->width);
}

/*
 * Where the bytes of keys of any length are.
 */
static inline char *
keys_bytes(const Keys *keys)
{
	return keys_entry(keys, keys->capacity);
}

/*
 * What the index has in a place.
 */
static inline uint32
keys_indexed(const Keys *keys, uint32 place)
{
	const char *index = keys->data + keys->note_size;
	uint16 medium;
	uint32 large;

	if (keys->places <= 8)
		return ((const uint8 *) index)[place];
	if (keys->places <= 16)
	{
		memcpy(&medium, index + 2 * place, sizeof(medium));
		return medium;
	}
	memcpy(&large, index + 4 * (Size) place, sizeof(large));
	return large;
}

#endif /* KAM_KEYS_H */
