/*
 * problem.c
 *		Why a value was refused.
 */
#include "kam.h"

#include "problem.h"

/*
 * Says what the problem is; without a detail.  Always false.
 */
bool
problem_is(Problem *problem, int code, const char *message, const char *hint)
{
	problem->code = code;
	problem->message = message;
	problem->detail = NULL;
	problem->hint = hint;
	return false;
}

/*
 * Reports a problem; softly, if the caller collects such errors.
 */
void
problem_save(const Problem *problem, Node *soft)
{
	errsave(soft,
			(errcode(problem->code), errmsg_internal("%s", problem->message),
			 problem->detail ? errdetail_internal("%s", problem->detail) : 0,
			 problem->hint ? errhint("%s", problem->hint) : 0));
}

/*
 * Reports a problem as an error.
 */
void
problem_refuse(const Problem *problem)
{
	problem_save(problem, NULL);
	pg_unreachable();
}
