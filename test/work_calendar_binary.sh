#!/bin/sh
# Feeds broken binary calendars to the server: see test/helpers/binary.sh.
set -eu

# shellcheck source=test/helpers/binary.sh
. test/helpers/binary.sh
binary_begin work_calendar_binary work_calendar calendar
$psql <<'SQL'
INSERT INTO seed (calendar) VALUES ('weekend fri,sat; holidays 2026-04-01,2026-04-02; workdays 2026-04-11'), ('weekend none'), ('weekend sun; holidays 2026-01-01..2026-02-01');
SQL
binary_feed "${1:-4000}" 40

binary_reasons 'invalid binary form of work_calendar' 'it ends too early' 'its version is unknown' 'it has too many dates' \
  'it has a wrong length' 'its weekend or its dates are not as they are sent'

# What was read is a calendar like any other
binary_end "calendar::text::work_calendar::text <> calendar::text
  OR calendar::jsonb::work_calendar::text <> calendar::text
  OR calendar <> work_calendar(
    ARRAY(SELECT jsonb_array_elements_text(calendar::jsonb -> 'weekend')),
    ARRAY(SELECT jsonb_array_elements_text(calendar::jsonb -> 'holidays')::date),
    ARRAY(SELECT jsonb_array_elements_text(calendar::jsonb -> 'workdays')::date))"
