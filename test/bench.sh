#!/bin/sh
# The queries of the benchmark run, and kam and its plain-SQL twins give the
# same rows, on a small sample.
set -eu

PGDATABASE=kam_bench_$$
export PGDATABASE
work=$(mktemp -d "${KAM_WORK:-${TMPDIR:-/tmp}}/bench.XXXXXX")
trap 'rm -rf "$work"; psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $PGDATABASE" 2>/dev/null || :' EXIT

psql -X -q -d postgres -c "CREATE DATABASE $PGDATABASE"
sh bench/run.sh 10000 > "$work/output" 2>&1 || { cat "$work/output"; exit 1; }
lines=$(grep -c '| \(yes\|no \) |$' "$work/output")
if [ "$lines" -ne "$(grep -c '|[0-9.]*|[a-z_]*|[a-z_]*|' bench/run.sh)" ]; then
  echo "the benchmark printed $lines lines"
  cat "$work/output"
  exit 1
fi
echo "the $lines lines of the benchmark run, and both sides agree"
