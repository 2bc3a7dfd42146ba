/*
 * work_calendar.h
 *		The work_calendar type: the weekend, the holidays, and the weekend days
 *		that are worked.
 */
#ifndef KAM_WORK_CALENDAR_H
#define KAM_WORK_CALENDAR_H

#include "calendar.h"
#include "kam.h"
#include "lib/stringinfo.h"
#include "problem.h"
#include "utils/array.h"

#define WORK_CALENDAR_VERSION 1

/* This many holidays, and as many workdays. */
#define WORK_CALENDAR_MAX_DATES 36525

/* All seven days in a set of weekdays: bit 0 is Sunday, bit 6 Saturday. */
#define WEEKDAYS_ALL 0x7F

/*
 * The stored form.  Behind the header stand the holidays and then the
 * workdays, each in order and once.  A holiday is never on a weekend day and a
 * workday always is, so calendars with the same bytes work the same days, and
 * the other way round.
 */
typedef struct WorkCalendar
{
	int32 vl_len_;
	uint8 version;
	uint8 weekend;	 /* set of weekdays */
	uint16 reserved; /* zero */
	int32 holidays;
	int32 workdays;
	DateADT dates[FLEXIBLE_ARRAY_MEMBER];
} WorkCalendar;

#define WORK_CALENDAR_HEADER offsetof(WorkCalendar, dates)

/* For reading: a datum is checked once, in time linear in its dates. */
extern WorkCalendar *work_calendar_from_datum(Datum datum);
extern const WorkCalendar *work_calendar_recall(FunctionCallInfo fcinfo);
extern int work_calendar_days(const WorkCalendar *calendar, Period period);

/*
 * Dates that are gathered for a calendar, in any order.
 */
typedef struct DateList
{
	DateADT *dates;
	int count;
	int room;
} DateList;

/*
 * A calendar that is being made: its two lists of dates are those of holidays
 * and of workdays.
 */
enum
{
	HOLIDAYS,
	WORKDAYS
};

typedef struct CalendarDraft
{
	int weekend; /* set of weekdays */
	DateList lists[2];
} CalendarDraft;

extern const char *const calendar_list_names[];

/* For making one. */
extern bool work_calendar_gather(CalendarDraft *draft, int list, DateADT first,
								 DateADT last, Problem *problem);
extern bool work_calendar_too_long(int list, Problem *problem);
extern bool work_calendar_apart(const CalendarDraft *draft, Problem *problem);
extern bool work_calendar_accept(CalendarDraft *draft, Problem *problem);
extern WorkCalendar *work_calendar_build(const CalendarDraft *draft);
extern bool work_calendar_sound(const WorkCalendar *calendar, bool finished);

/* Weekdays as text. */
extern int weekend_from_array(ArrayType *names);
extern void weekend_show(StringInfo text, int weekend, const char *quote);

#endif /* KAM_WORK_CALENDAR_H */
