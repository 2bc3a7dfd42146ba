# shellcheck shell=sh
# Dumps a database, restores it from the plain and the custom format, and compares what came back. The test sets
# $topic, reads this file, makes its database in "$from", and calls round_trip LINES UNWANTED, having defined
#
#   contents DATABASE   prints everything that a user sees there, at least so many LINES
#   further DATABASE    what else is to hold of a restored database
#
# UNWANTED is a pattern of lines that no dump may have. Needs psql, pg_dump and pg_restore.

work=${KAM_WORK:-$(mktemp -d)}/${topic:?}
psql="psql -X -q -v ON_ERROR_STOP=1"
from=kam_${topic}_from
plain=kam_${topic}_plain
custom=kam_${topic}_custom

# shellcheck disable=SC2317,SC2329  # called by trap
tidy()
{
  for name in $from $plain $custom; do
    $psql -d postgres -c "DROP DATABASE IF EXISTS $name WITH (FORCE)" 2>/dev/null || :
  done
}

# differs WHAT EXPECTED ACTUAL: ends the test where two files are not the same
differs()
{
  if ! diff "$2" "$3" >"$work/diff"; then
    echo "$1:"
    head -n 20 "$work/diff"
    exit 1
  fi
}

# dump DATABASE: its dump as text, without the words that PostgreSQL makes up for each
dump()
{
  pg_dump -d "$1" | grep -v '^\\\(un\)\{0,1\}restrict '
}

round_trip()
{
  contents "$from" >"$work/contents"
  [ "$(wc -l <"$work/contents")" -gt "$1" ] || { echo 'there is too little to compare'; exit 1; }
  dump "$from" >"$work/plain.sql"
  pg_dump -d "$from" -F custom -f "$work/custom.dump"
  if grep -E "$2" "$work/plain.sql"; then
    echo 'the dump holds objects of the extension itself'
    exit 1
  fi
  $psql -d "$plain" -f "$work/plain.sql" >"$work/plain.log" || { echo 'the plain dump could not be restored'; exit 1; }
  pg_restore --exit-on-error -d "$custom" "$work/custom.dump" || { echo 'the custom dump could not be restored'; exit 1; }
  for name in $plain $custom; do
    contents "$name" >"$work/contents.$name"
    differs "$name differs from what was dumped" "$work/contents" "$work/contents.$name"
    dump "$name" >"$work/again.sql"
    differs "the dump of $name differs" "$work/plain.sql" "$work/again.sql"
    further "$name"
  done
  echo "$(wc -l <"$work/contents") lines are the same after two restores"
  rm -rf "$work"
}

rm -rf "$work"
mkdir -p "$work"
trap tidy EXIT
trap 'exit 130' HUP INT TERM
tidy
for name in $from $plain $custom; do
  $psql -d postgres -c "CREATE DATABASE $name"
done
