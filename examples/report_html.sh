#!/bin/sh
# Writes the page report.html of the demo company to the standard output.
#
#   sh report_html.sh >report.html
#
# Runs report_html.sql with psql (PGHOST, PGDATABASE and so on say where; the demo company and kam are
# there), and puts its data and the library Chart.js into report.html.in. The page needs nothing else.
#
# The library is that of Debian's package libjs-chart.js, or the file that CHART_JS names (version 3
# or 4, the build for browsers); its licence is the package's, or the file CHART_JS_LICENSE.

set -eu
here=$(cd "$(dirname "$0")" && pwd)

fail()
{
  printf 'report_html: %s\n' "$1" >&2
  exit 1
}

library=${CHART_JS:-/usr/share/javascript/chart.js/chart.min.js}
if [ -n "${CHART_JS:-}" ]; then
  license=${CHART_JS_LICENSE:-}
  [ -r "$license" ] || fail 'CHART_JS is set: CHART_JS_LICENSE must name the file with its licence'
else
  license=/usr/share/doc/libjs-chart.js/copyright
fi
[ -r "$library" ] || fail "there is no Chart.js at $library; apt-get install libjs-chart.js"
head -c 300 "$library" | grep -q 'Chart\.js v[34]\.' || fail "$library is not Chart.js 3 or 4"
! grep -q '</script' "$library" || fail "$library holds the end of a script element and cannot stand in a page"
[ -r "$license" ] || fail "there is no licence at $license"

data=$(psql -X -q -f "$here/report_html.sql") || fail 'the queries failed'
case $data in
  '{'*'}') ;;
  *) fail 'the queries gave no document' ;;
esac

while IFS= read -r line; do
  case $line in
    @library@) cat "$library" ;;
    @license@) sed 's/--*>/>/g' "$license" ;;
    @data@) printf '%s\n' "$data" ;;
    *) printf '%s\n' "$line" ;;
  esac
done <"$here/report.html.in"
