/*
 * retention.h
 *		What the functions of retention bonuses share.
 */
#ifndef KAM_RETENTION_H
#define KAM_RETENTION_H

#include "kam.h"

/*
 * What has become of an advance.
 */
typedef enum RetentionStatus
{
	RETENTION_PENDING,
	RETENTION_VESTED,
	RETENTION_CLAWED_BACK
} RetentionStatus;

/*
 * The columns of retention_result.
 */
typedef enum RetentionColumn
{
	COLUMN_STATUS,
	COLUMN_MONTH,
	COLUMN_BONUS,
	COLUMN_KEPT,
	COLUMN_REVENUE,
	COLUMN_RATE,
	COLUMN_OVERLOAD,
	RETENTION_COLUMNS
} RetentionColumn;

extern const char *const retention_status_names[];

#endif /* KAM_RETENTION_H */
