#!/bin/sh
# The version stands in kam.control; whatever repeats it must say the same.
set -eu

version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" kam.control)
wrong=0

[ -n "$version" ] || { echo "kam.control names no version"; exit 1; }
grep -o '"version": "[0-9][^"]*"' META.json | grep -v '"1.0.0"' > "${KAM_WORK:-/tmp}/versions.$$" || :
if [ "$(grep -c . "${KAM_WORK:-/tmp}/versions.$$")" -ne 2 ] ||
   grep -qv "\"$version\"" "${KAM_WORK:-/tmp}/versions.$$"; then
  echo "META.json does not say $version twice"
  wrong=1
fi
rm -f "${KAM_WORK:-/tmp}/versions.$$"
grep -q "sql/kam--$version.sql" META.json || { echo "META.json does not name sql/kam--$version.sql"; wrong=1; }
grep -q "^## $version" CHANGELOG.md || { echo "CHANGELOG.md has no heading for $version"; wrong=1; }
exit $wrong
