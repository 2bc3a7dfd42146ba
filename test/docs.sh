#!/bin/sh
# Runs every ```sql block of the README and the manual and compares what psql
# prints with the ```text block behind it.  A page is one session in a database
# of its own, with kam in the schema kam.  A block without a ```text block must
# run without an error.
set -eu

work=$(mktemp -d "${KAM_WORK:-${TMPDIR:-/tmp}}/docs.XXXXXX")
database=kam_docs_$$
trap 'rm -rf "$work"; psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $database" 2>/dev/null || :' EXIT

# split PAGE: page.sql with a marker line before each block, expected.N
split() {
  awk -v work="$work" '
    function open_sql() { n++; print "\\echo @@" n > (work "/page.sql"); in_sql = 1; has_text[n] = 0; last = n; where[n] = FNR }
    /^```sql$/ { open_sql(); next }
    /^```text$/ && last { in_text = 1; has_text[last] = 1; printf "" > (work "/expected." last); next }
    /^```/ { in_sql = 0; if (in_text) last = 0; in_text = 0; next }
    in_sql { print > (work "/page.sql"); next }
    in_text { print > (work "/expected." last); next }
    END { for (i = 1; i <= n; i++) print i, where[i], has_text[i] > (work "/blocks") }
  ' "$1"
}

pages=0
blocks=0
failed=0
for page in README.md doc/*.md; do
  rm -f "$work"/*
  : > "$work/page.sql"
  : > "$work/blocks"
  split "$page"
  [ -s "$work/blocks" ] || continue
  pages=$((pages + 1))

  psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $database" -c "CREATE DATABASE $database" 2>"$work/log"
  psql -X -q -d "$database" -c 'CREATE SCHEMA kam' -c 'CREATE EXTENSION kam SCHEMA kam' \
    -c "ALTER DATABASE $database SET search_path = \"\$user\", public, kam" \
    -c "ALTER DATABASE $database SET max_parallel_workers_per_gather = 0"
  psql -X -q -d "$database" < "$work/page.sql" > "$work/output" 2>&1 || :
  awk -v work="$work" '/^@@[0-9]+$/ { n = substr($0, 3); printf "" > (work "/actual." n); next } n { print > (work "/actual." n) }' "$work/output"

  while read -r number line has_text; do
    blocks=$((blocks + 1))
    actual=$work/actual.$number
    [ -f "$actual" ] || : > "$actual"
    # psql ends a result with an empty line, a page need not
    sed -e 's/[[:space:]]*$//' "$actual" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' > "$work/a"
    if [ "$has_text" = 1 ]; then
      sed -e 's/[[:space:]]*$//' "$work/expected.$number" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' > "$work/e"
      if ! diff -u "$work/e" "$work/a" > "$work/diff"; then
        echo "$page:$line: the page and psql differ (-page +psql)"
        sed 1,2d "$work/diff"
        failed=$((failed + 1))
      fi
    elif grep -q '^ERROR' "$work/a"; then
      echo "$page:$line: the block fails"
      cat "$work/a"
      failed=$((failed + 1))
    fi
  done < "$work/blocks"
done

echo "docs: $blocks examples in $pages pages, $failed wrong"
[ "$blocks" -gt 0 ] && [ "$failed" -eq 0 ]
