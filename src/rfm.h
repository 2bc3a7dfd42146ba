/*
 * rfm.h
 *		What scores by recency, frequency and monetary value share.
 */
#ifndef KAM_RFM_H
#define KAM_RFM_H

#include "kam.h"

/* The measures, and the scores that one of them may be split into. */
#define RFM_MEASURES 3
#define RFM_MOST_BINS 9

#endif /* KAM_RFM_H */
