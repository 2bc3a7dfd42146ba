# shellcheck shell=sh
# What the tests of clients share: a database kam_NAME with the model and the reports of report.sql, a role
# kam_NAME_reader who reads them, and what psql reads in their place.  Sourced from the project root.
#
#   client_begin NAME    sets $work, a directory that has a file SCHEMA.VIEW for each view of the schemas "crm" and
#                        "report", a line a row as COPY writes it, and sets PGDATABASE and PGUSER for the client
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
  $psql -d "$database" -v reader="$reader" -o /dev/null -f test/clients/report.sql

  # shellcheck disable=SC2034  # for the client
  PGDATABASE=$database PGUSER=$reader
  export PGDATABASE PGUSER
  $psql -At -v directory="$work" >"$work/.copies" <<'END'
SELECT format('COPY (SELECT * FROM %s) TO STDOUT \g %s/%s.%s', oid::regclass, :'directory', relnamespace::regnamespace, relname)
FROM pg_class WHERE relnamespace IN ('crm'::regnamespace, 'report'::regnamespace) AND relkind IN ('v', 'm');
END
  $psql -f "$work/.copies"
}
