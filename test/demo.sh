#!/bin/sh
# Loads the demo company, compares it with its checksum, and prints its reports:
# the same rows on every machine, all nine ABC-XYZ cells filled, no error.
set -eu

database=kam_demo_$$
work=$(mktemp -d "${KAM_WORK:-${TMPDIR:-/tmp}}/demo.XXXXXX")
trap 'rm -rf "$work"; psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $database" 2>/dev/null || :' EXIT

run() {
  psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$database" "$@"
}

psql -X -q -d postgres -c "CREATE DATABASE $database"
run -f examples/company.sql > "$work/load" 2>&1 || { cat "$work/load"; exit 1; }
expected=$(cat examples/company.checksum)
actual=$(run -c 'SELECT checksum FROM demo.summary')
if [ "$actual" != "$expected" ]; then
  echo "the demo company's checksum is $actual, not $expected"
  exit 1
fi

run -c 'CREATE SCHEMA kam' -c 'CREATE EXTENSION kam SCHEMA kam'
cells=$(run <<'SQL'
SET search_path = demo, kam;
WITH totals AS (
  SELECT customer_id, sales_series(amount, sold_on, closed_period(as_of, 12, 'month')) AS s
  FROM setting, delivery_line GROUP BY customer_id
), classes AS (
  SELECT abc_class(total(s)) OVER () || xyz_class(s) AS class FROM totals
)
SELECT count(DISTINCT class) FROM classes;
SQL
)
if [ "$cells" != 9 ]; then
  echo "the demo company fills $cells of the nine ABC-XYZ cells"
  exit 1
fi

psql -X -d "$database" -f examples/reports.sql > "$work/reports" 2> "$work/errors" || { cat "$work/errors"; exit 1; }
for title in 'ABC-XYZ matrix' 'Plan of the ten largest customers' 'Plan tables of' \
  'Where the year ends' 'Programmes: the fifteen' 'Programmes: earned, to book and due' 'Chain volume rebate: two statements' \
  'Retention bonus' 'The ledger' 'Stable outlets by quarter' 'KPI matrix of the last closed quarter' 'Customers at risk' \
  'Movement of the active customers' 'Segments of the customers' 'Stages of the customers' 'Scorecard of the fifteen' \
  'Share won and lost' 'Promotions by lead time' 'Spend and what it moves' 'Evenness of the last closed month'; do
  grep -q "$title" "$work/reports" || { echo "the reports have no '$title'"; exit 1; }
done
echo "the demo company has checksum $actual, nine cells and fourteen reports"
