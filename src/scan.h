/*
 * scan.h
 *		Reading the text and binary forms of types.
 */
#ifndef KAM_SCAN_H
#define KAM_SCAN_H

#include "kam.h"

#include "lib/stringinfo.h"
#include "problem.h"
#include "utils/date.h"

/*
 * A text that is being read.  Without a code of the problem, what was refused
 * has been reported as a soft error already.
 */
typedef struct Scan
{
	const char *type;
	const char *hint; /* how to write it */
	const char *start;
	const char *at;
	Node *soft; /* where PostgreSQL 16 and later collect soft errors */
	Problem problem;
} Scan;

extern bool scan_malformed(Scan *scan, const char *expected);
extern void scan_space(Scan *scan);
extern bool scan_take(Scan *scan, const char *token);
extern bool scan_date(const char **at, DateADT *date);
extern Datum scan_refuse(const Scan *scan, FunctionCallInfo fcinfo);

pg_noreturn extern void wire_refuse(const char *type, const char *what);
extern int wire_integer(StringInfo message, const char *type, int bytes);

#endif /* KAM_SCAN_H */
