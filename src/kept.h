/*
 * kept.h
 *		What a call site keeps from one row to the next.
 */
#ifndef KAM_KEPT_H
#define KAM_KEPT_H

#include "kam.h"

/*
 * The memory of this call site, zeroed at first.
 */
static inline void *
kept_memory(FunctionCallInfo fcinfo, Size size)
{
	FmgrInfo *function = fcinfo->flinfo;

	if (function->fn_extra == NULL)
		function->fn_extra = MemoryContextAllocZero(function->fn_mcxt, size);
	return function->fn_extra;
}

/*
 * Whether two values of any length have the same bytes, or are both missing.
 */
static inline bool
kept_same(const struct varlena *one, const struct varlena *other)
{
	if (one == NULL || other == NULL)
		return one == other;
	return VARSIZE_ANY_EXHDR(one) == VARSIZE_ANY_EXHDR(other) &&
		   memcmp(VARDATA_ANY(one), VARDATA_ANY(other),
				  VARSIZE_ANY_EXHDR(one)) == 0;
}

/*
 * A copy of a value, with a whole header, in the memory of a context.
 */
static inline struct varlena *
kept_copy(MemoryContext context, const struct varlena *value)
{
	Size size = VARSIZE_ANY_EXHDR(value);
	struct varlena *copy = MemoryContextAlloc(context, VARHDRSZ + size);

	SET_VARSIZE(copy, VARHDRSZ + size);
	memcpy(VARDATA(copy), VARDATA_ANY(value), size);
	return copy;
}

/* The most bytes of a setting that are kept to know it again. */
#define KEPT_MOST_BYTES 28

/*
 * A setting of any length as it was in the row before, all zero at first.
 */
typedef struct KeptSetting
{
	int known; /* nothing is kept: 0; NULL: 1; a value: its size and 2 */
	char bytes[KEPT_MOST_BYTES];
} KeptSetting;

/*
 * Whether a setting, NULL where it is missing, is as it was in the row before.
 */
static inline bool
kept_again(const KeptSetting *kept, const struct varlena *value)
{
	if (value == NULL)
		return kept->known == 1;
	return kept->known == (int) VARSIZE_ANY_EXHDR(value) + 2 &&
		   memcmp(kept->bytes, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)) ==
			   0;
}

/*
 * Keeps a setting, or nothing where it is long.
 */
static inline void
kept_setting(KeptSetting *kept, const struct varlena *value)
{
	int size = value != NULL ? (int) VARSIZE_ANY_EXHDR(value) : -1;

	kept->known = size <= KEPT_MOST_BYTES ? size + 2 : 0;
	if (size > 0 && size <= KEPT_MOST_BYTES)
		memcpy(kept->bytes, VARDATA_ANY(value), size);
}

#endif /* KAM_KEPT_H */
