/*
 * state.h
 *		What the states of aggregates share.  A state is a bytea, or a value
 *		that anybody can make and hand in.
 */
#ifndef KAM_STATE_H
#define KAM_STATE_H

#include "kam.h"

/*
 * A copy of a state that may be changed.
 */
static inline void *
state_copy(const void *state)
{
	return memcpy(palloc(VARSIZE(state)), state, VARSIZE(state));
}

/*
 * Brings a state into memory, where its integers of 8 bytes are aligned: a
 * bytea in a row is aligned for an int only.
 */
static inline void *
state_detoast(Datum datum)
{
	struct varlena *state = PG_DETOAST_DATUM(datum);

	return (uintptr_t) state % MAXIMUM_ALIGNOF == 0 ? state : state_copy(state);
}

/*
 * A state that came as an argument, as one to be changed: outside an
 * aggregate, a copy.
 */
static inline void *
state_own(FunctionCallInfo fcinfo, void *state)
{
	return AggCheckCallContext(fcinfo, NULL) ? state : state_copy(state);
}

/*
 * The state in argument 0 as it came, for a row that is left out.
 */
static inline Datum
state_unchanged(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

/*
 * Refuses a state or a value that no function of kam has made.
 */
pg_noreturn static inline void
state_malformed(const char *name, const void *state)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("malformed %s of %d bytes", name, (int) VARSIZE(state))));
}

#endif /* KAM_STATE_H */
