/*
 * programme.h
 *		What the customer programmes share: checks of their settings, the sums
 *		they pay, and a tiered programme with its parameters and gates.
 */
#ifndef KAM_PROGRAMME_H
#define KAM_PROGRAMME_H

#include "kam.h"

#include "tier.h"

/*
 * What becomes of the reward when a parameter is not met.
 */
typedef enum Combine
{
	COMBINE_ALL,	  /* nothing is paid */
	COMBINE_WEIGHTED, /* the weights of those that are met are paid */
	COMBINE_MIN		  /* the lowest attainment decides the tier */
} Combine;

/*
 * A target that a customer has beside the amount that qualifies.
 */
typedef struct Parameter
{
	char *name;
	Numeric actual;
	Numeric target; /* NULL: left out */
	Numeric weight;
	Numeric attainment; /* NULL: none, the target is zero or missing */
	bool met;
} Parameter;

/*
 * A condition that is not an amount.
 */
typedef struct Gate
{
	char *name;
	bool known;
	bool met;
} Gate;

/*
 * A customer in a tiered programme.
 */
typedef struct Programme
{
	TierCall tier; /* without the cap, which comes last */
	Numeric given; /* qualifying, as it was given */
	bool own_base; /* base is not what qualifies */
	TierBoundary boundary;
	Numeric cap; /* NULL: none */
	Combine combine;
	Parameter *parameters;
	int parameter_count;
	int target_count; /* parameters that are not left out */
	int met_count;
	Numeric weights; /* of those, and of the ones that are met */
	Numeric met_weights;
	const Parameter *lowest; /* NULL: no parameter has an attainment */
	Gate *gates;
	int gate_count;
	bool gates_met;
} Programme;

extern const char *const combine_names[];
extern bool programme_read(FunctionCallInfo fcinfo, Programme *programme);
extern Numeric programme_share(const Programme *programme, Numeric reward);
extern Numeric programme_capped(const Programme *programme, Numeric reward);
extern Numeric programme_pay(const Programme *programme, Numeric reward);

extern Numeric turnover_pay(Numeric actual, Numeric target, Numeric rate,
							Numeric fixed);
extern void framework_net(Numeric gross, Numeric base_discount,
						  Numeric extra_discount, text *mode, Numeric *listed,
						  Numeric *net);

#endif /* KAM_PROGRAMME_H */
