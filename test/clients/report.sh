# shellcheck shell=sh
# What the tests of clients share: a database kam_NAME with the reports of report.sql, a role kam_NAME_reader
# who reads them, and what psql reads in their place.  Sourced from the project root.
#
#   client_begin NAME    sets $work, a directory that has a file VIEW for each view of the schema "report",
#                        a line a row as COPY writes it, and sets PGDATABASE and PGUSER for the client
#   skip REASON          ends the test as skipped

psql="psql -X -q -v ON_ERROR_STOP=1"

skip()
{
  echo "$1"
  exit 77
}

# shellcheck disable=SC2317,SC2329  # called by trap
client_tidy()
{
  PGUSER=$owner
  $psql -d postgres -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" -c "DROP ROLE IF EXISTS $reader" 2>/dev/null || :
  rm -rf "$work"
}

client_begin()
{
  database=kam_$1
  reader=kam_$1_reader
  owner=${PGUSER:-$(id -un)}
  work=$(mktemp -d "${KAM_WORK:-${TMPDIR:-/tmp}}/$1.XXXXXX")
  trap client_tidy EXIT
  trap 'exit 130' HUP INT TERM
  $psql -d postgres -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" -c "DROP ROLE IF EXISTS $reader" -c "CREATE DATABASE $database" 2>"$work/.notices"
  $psql -d "$database" -v reader="$reader" -f test/clients/report.sql

  # shellcheck disable=SC2034  # for the client
  PGDATABASE=$database PGUSER=$reader
  export PGDATABASE PGUSER
  for view in $($psql -At -c "SELECT relname FROM pg_class WHERE relnamespace = 'report'::regnamespace AND relkind IN ('v', 'm')"); do
    $psql -c "COPY (SELECT * FROM report.$view) TO STDOUT" >"$work/$view"
  done
}
