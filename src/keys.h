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

#define KEYS_FEWEST_SLOTS 4
#define KEYS_MOST_SLOTS (1 << 24)

#define KEYS_NARROW 8 /* sums are int64 */
#define KEYS_WIDE 24  /* sums are DecimalSum */

/*
 * What keys are, as it is stored: a number never changes its meaning.
 */
typedef enum KeyKind
{
	KEY_ANY = 0,	/* as an argument: whichever it is */
	KEY_BIGINT = 1, /* 8 bytes */
	KEY_UUID = 2,	/* 16 bytes */
	KEY_BYTES = 3	/* any length, such as text; equal when the bytes are */
} KeyKind;

/*
 * The bytes of a key, wherever they are.
 */
typedef struct Key
{
	const char *bytes;
	int size;
} Key;

/*
 * The stored form, a bytea: a hash table with open addressing.  Behind the
 * header stand a bitmap with a bit for each slot that is used, in whole units
 * of 8 bytes, then the slots, then the bytes of keys of any length.  A slot is
 * a sum and a key; the key of any length is its hash and its place among the
 * bytes, where its length stands before it.
 *
 * The width of a sum is 8 bytes (int64), or 24 (DecimalSum) once one has no
 * room.
 */
typedef struct Keys
{
	int32 vl_len_;
	uint8 version;
	uint8 kind;
	uint8 width;
	uint8 scale; /* of all sums */
	int32 slots; /* a power of two */
	int32 count; /* of keys */
	int32 bytes_size;
	int32 bytes_used;
	uint8 whole_digits; /* most digits before the point of any amount added */
	uint8 reserved[7];	/* zero */
	char data[FLEXIBLE_ARRAY_MEMBER];
} Keys;

/*
 * What a slot has in place of a key of any length.
 */
typedef struct KeyPlace
{
	uint32 hash;
	uint32 offset; /* of its length, which the key follows */
} KeyPlace;

extern Keys *keys_new(KeyKind kind);
extern Keys *keys_from_datum(Datum datum, KeyKind kind);
extern void keys_check(const Keys *keys);
extern Keys *keys_state(FunctionCallInfo fcinfo, KeyKind kind);

extern Keys *keys_add(Keys *keys, Key key, const Decimal *amount);
extern Keys *keys_merge(Keys *keys, const Keys *other);
extern bool keys_has(const Keys *keys, Key key);
extern bool keys_next(const Keys *keys, int *place, Key *key, DecimalSum *sum);

/* for keys.c and keys_add.c only */
extern Keys *keys_alloc(KeyKind kind, int width, int slots, int bytes_size);
extern void keys_corrupted(const Keys *keys);
extern Key keys_slot_key(const Keys *keys, int slot);
extern DecimalSum keys_slot_sum(const Keys *keys, int slot);
extern uint32 keys_hash(const Keys *keys, Key key);
extern int keys_find(const Keys *keys, Key key, uint32 hash, bool *found);

/*
 * The bytes that the bitmap takes, so that the slots stay aligned.
 */
static inline Size
keys_bitmap_size(int slots)
{
	return TYPEALIGN(sizeof(int64), (slots + 7) / 8);
}

/*
 * The bytes that a slot has for its key.
 */
static inline int
keys_key_size(int kind)
{
	return kind == KEY_UUID ? 16 : 8;
}

/*
 * Where a slot is.
 */
static inline char *
keys_slot(const Keys *keys, int slot)
{
	return (char *) keys->data + keys_bitmap_size(keys->slots) +
		   (Size) slot * (keys->width + keys_key_size(keys->kind));
}

/*
 * Whether a slot has a key.
 */
static inline bool
keys_slot_used(const Keys *keys, int slot)
{
	return (keys->data[slot / 8] >> (slot % 8)) & 1;
}

/*
 * Where the bytes of keys of any length are.
 */
static inline char *
keys_bytes(const Keys *keys)
{
	return keys_slot(keys, keys->slots);
}

#endif /* KAM_KEYS_H */
