#!/bin/sh
# Feeds broken binary ladders to the server: see test/helpers/binary.sh.
set -eu

# shellcheck source=test/helpers/binary.sh
. test/helpers/binary.sh
binary_begin ladder_binary tier_ladder ladder
$psql <<'SQL'
INSERT INTO seed (ladder) VALUES ('0 => 0%, 100000 => 1.50%, 300000 => 3% + 500'), (''), ('1e-5 => 0.00010001, 1e12 => 2 + 0.50');
SQL
binary_feed "${1:-4000}" 40

binary_reasons 'invalid binary form of tier_ladder' 'it ends too early' 'its version is unknown' 'it has too many steps' \
  'a step has unknown flags' 'a number has a wrong length' 'a number has wrong digits' 'its thresholds do not rise' 'bytes follow it'

# What was read is a ladder like any other
binary_end "ladder::text::tier_ladder::text <> ladder::text
  OR ladder::jsonb::tier_ladder::text <> ladder::text
  OR ladder <> (SELECT coalesce(tier_ladder_agg(threshold, rate, fixed), '') FROM tiers(ladder))"
