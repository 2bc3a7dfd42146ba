/*
 * kam.c
 *		Tells the server what this library was built for.
 */
#include "kam.h"

#if PG_VERSION_NUM >= 180000
PG_MODULE_MAGIC_EXT(.name = "kam", .version = KAM_VERSION);
#else
PG_MODULE_MAGIC;
#endif
