/*
 * kam.h
 *		What every file of kam includes: PostgreSQL's own headers and the
 *		differences between its versions.
 */
#ifndef KAM_H
#define KAM_H

#include "postgres.h"

#include "fmgr.h"
#include "utils/rangetypes.h"

#if PG_VERSION_NUM < 150000
#error "kam needs PostgreSQL 15 or newer"
#endif

#ifndef HAVE_INT128
#error "kam needs a compiler with 128-bit integers"
#endif

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#else
/* 16 lets a caller collect the errors of input functions; 15 raises them. */
#define errsave(context, ...) ereport(ERROR, __VA_ARGS__)
#endif

/* 18 moved the word to the front. */
#ifndef pg_noreturn
#define pg_noreturn pg_attribute_noreturn()
#endif

/*
 * Builds a range; 16 added an error context to make_range.
 */
static inline RangeType *
kam_make_range(TypeCacheEntry *typcache, RangeBound *lower, RangeBound *upper)
{
#if PG_VERSION_NUM >= 160000
	return make_range(typcache, lower, upper, false, NULL);
#else
	return make_range(typcache, lower, upper, false);
#endif
}

#endif /* KAM_H */
