#!/bin/sh
# The page doc/companies.md shows the statements of examples/bind_*.sql, which test/pgtap/company_*.sql run on real
# data: each paragraph of a file stands in the page as it is, and the page binds nothing beside.
set -eu

page=doc/companies.md
work=$(mktemp -d "${KAM_WORK:-${TMPDIR:-/tmp}}/companies.XXXXXX")
trap 'rm -rf "$work"' EXIT
sed 's/^```.*//' "$page" > "$work/page"

failed=0
statements=0
for file in examples/bind_*.sql; do
  awk -v file="$file" -v page="$page" 'BEGIN { RS = "" }
    NR == FNR { shown[$0]; next }
    !/^--/ { n++; if (!($0 in shown)) { printf "%s: not in %s:\n%s\n", file, page, $0; bad = 1 } }
    END { exit bad || !n }' "$work/page" "$file" || failed=1
  statements=$((statements + $(grep -c "kam_bind('" "$file")))
done
[ "$(grep -c "kam_bind('" "$page")" = "$statements" ] || { echo "$page: binds what no file has"; failed=1; }

echo "companies: $statements binds in the page and in the files"
[ "$statements" -gt 0 ] && [ "$failed" -eq 0 ]
