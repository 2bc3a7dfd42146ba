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

#endif /* KAM_KEPT_H */
