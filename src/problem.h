/*
 * problem.h
 *		Why a value was refused, for callers that choose how to say it.
 */
#ifndef KAM_PROBLEM_H
#define KAM_PROBLEM_H

#include "kam.h"

typedef struct Problem
{
	int code;
	const char *message;
	const char *detail; /* or NULL */
	const char *hint;	/* or NULL */
} Problem;

extern bool problem_is(Problem *problem, int code, const char *message,
					   const char *hint);
extern void problem_save(const Problem *problem, Node *soft);
pg_noreturn extern void problem_refuse(const Problem *problem);

#endif /* KAM_PROBLEM_H */
