/*
 * pace.h
 *		How far a period has gone: what is gone of what there is in all, counted
 *		in days, months, working days or units of a season.
 */
#ifndef KAM_PACE_H
#define KAM_PACE_H

#include "kam.h"

#include "calendar.h"
#include "utils/numeric.h"

typedef enum PaceUnit
{
	PACE_DAYS,
	PACE_MONTHS
} PaceUnit;

/*
 * An exact number: value / parts.
 */
typedef struct Fraction
{
	Numeric value;
	Numeric parts;
} Fraction;

typedef struct Pace
{
	bool begun;		/* as_of is the first day of the period or later */
	bool over;		/* as_of is the last day or later */
	bool some_gone; /* gone is more than zero */
	bool some_left; /* left is more than zero */
	bool some_all;	/* gone and left together are more than zero */
	Fraction gone;	/* in units: what has elapsed, with as_of */
	Fraction left;	/* in units: what is still to come */
	Fraction share; /* what has elapsed, over all there is */
} Pace;

/*
 * What a pace is made of, beside as_of.
 */
typedef enum PacePart
{
	PACE_PERIOD,
	PACE_UNIT,
	PACE_CALENDAR,
	PACE_PRIOR,
	PACE_WEIGHTS,
	PACE_GRAIN,
	PACE_PARTS
} PacePart;

/*
 * One call's way of counting.  A part is NULL where it is not given; the
 * period always is, and weights have a grain.
 */
typedef struct PaceSetting
{
	DateADT as_of;
	struct varlena *parts[PACE_PARTS];
} PaceSetting;

/*
 * What the arguments behind period and as_of are.
 */
typedef enum PaceForm
{
	PACE_BY_UNIT,	  /* [unit text] */
	PACE_BY_CALENDAR, /* calendar */
	PACE_BY_PRIOR,	  /* prior [, calendar] */
	PACE_BY_WEIGHTS	  /* weights, grain [, calendar] */
} PaceForm;

typedef struct PaceCache PaceCache;

extern PaceUnit pace_unit(text *name);
extern void pace_by_unit(Period period, DateADT as_of, PaceUnit unit,
						 Pace *pace);
extern const Pace *pace_find(PaceCache **place, MemoryContext context,
							 const PaceSetting *setting);
extern const Pace *pace_argument(FunctionCallInfo fcinfo, int first,
								 PaceForm form);

extern Numeric pace_run_rate(const Pace *pace, Numeric actual);
extern Numeric pace_current_rate(const Pace *pace, Numeric actual);
extern Numeric pace_required_rate(const Pace *pace, Numeric target,
								  Numeric actual);
extern Numeric pace_prorated(const Pace *pace, Numeric target);
extern Numeric pace_share(const Pace *pace);

#endif /* KAM_PACE_H */
