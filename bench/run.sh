#!/bin/sh
# Times each query of kam and its twin in turn and prints a table of medians and ratios.
#
#   sh bench/run.sh [rows]
#
# Works in the database that PGHOST, PGPORT, PGUSER and PGDATABASE name, in the schemas kam_bench and
# kam_bench_check, which it makes anew; dev/bench runs it on a private server. Stops with an error
# when a query fails or when kam and plain SQL do not give the same rows; a missed aim is no error.
# From 1,000,000 rows on it also prints what single calls cost (calls.sql), and from 10,000,000 on
# everything is written to bench/RESULTS.md.

set -eu

rows=${1:-10000000}
pairs=5
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

case $rows in
  *[!0-9]* | '' | 0* | ? | ?? | ??? | ????)
    echo "run.sh: rows must be a number from 10000 on, not '$rows'" >&2
    exit 2
    ;;
esac

serial="SET jit = off; SET work_mem = '1GB'; SET max_parallel_workers_per_gather = 0;"
small="SET work_mem = '4MB';"
workers='SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET min_parallel_table_scan_size = 0;'

# list: a line for each row of the table: measure, against, at most, query, twin, settings for the
# query. Two queries that count the same columns must give the same rows.
list()
{
  cat <<END
xyz_class of a series, by customer|sum(amount), by customer|1.00|xyz_kam|sum_plain|
the same|generate_series of dates, left join|0.35|xyz_kam|xyz_dates_plain|
the same|months by number (one year), left join|0.35|xyz_kam|xyz_spine_plain|
the same|two group-bys, zero months by arithmetic|0.55|xyz_kam|xyz_groups_plain|
five measures of one series|xyz_class alone|1.15|five_kam|xyz_kam|
the same|best plain SQL for these columns|0.25|five_kam|five_plain|
abc_class OVER ()|best plain windows|0.20|abc_kam|abc_windows_plain|
the same|cut values by a subquery, no windows|0.40|abc_kam|abc_cuts_plain|
abc_class OVER (PARTITION BY region)|best plain windows|0.35|abc_region_kam|abc_region_plain|
series of 1,000 branches, two workers|no workers|0.65|branch_kam|branch_kam|$workers
xyz_class, work_mem 4 MB|work_mem 1 GB|2.00|xyz_kam|xyz_kam|$small
tier_reward, by customer|a CASE for the same ladder|2.00|tier_kam|tier_plain|
plan_facts, by customer|sum(amount), by customer|1.30|plan_facts_kam|sum_plain|
the same|three sums with FILTER|0.80|plan_facts_kam|plan_facts_filter_plain|
plan tables, three levels|FILTER, the formulas by hand|1.00|plan_tables_kam|plan_tables_plain|
run_rate by working days, by customer|the formula, days counted once|2.00|pace_kam|pace_plain|
retention_bonus, by customer|months in an array, two group-bys|0.50|retention_kam|retention_plain|
assortment_breadth, by customer|two group-bys|0.70|breadth_kam|breadth_plain|
size_class OVER ()|rank() and count() windows|0.35|size_class_kam|size_class_plain|
peer_index and peer_action by region|one avg() window|1.25|peer_kam|peer_plain|
KPI matrix, 100 territories|count(DISTINCT ...)|0.33|matrix_kam|matrix_distinct_plain|
the same|group-bys, returns netted by product|0.30|matrix_kam|matrix_groups_plain|
rfm_score OVER ()|three rank() windows|0.40|rfm_kam|rfm_rank_plain|
churn_signs, by customer|lag() and FILTER|0.20|churn_kam|churn_plain|
base_movement of stored series|months in a grid, lag()|0.20|movement_kam|movement_plain|
concentration|running sum in a window|0.30|concentration_kam|concentration_plain|
fill_rate, by customer|sum(least(...)) / sum(...)|0.80|fill_rate_kam|fill_rate_plain|
hhi and gini|shares and row_number() in windows|0.30|gini_kam|gini_plain|
END
}

# sql [ROWS]: runs what comes in; what it prints goes to $work/out
sql()
{
  psql -X -q -A -t -v ON_ERROR_STOP=1 -v rows="${1:-0}" >"$work/out"
}

# tables SCHEMA ROWS
tables()
{
  sql "$2" <<END
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS $1 CASCADE;
CREATE SCHEMA $1;
SET search_path = $1, public;
\i '$here/tables.sql'
CHECKPOINT;
END
}

# rows_of QUERY: the query inside the count, which is on the first and the last line
rows_of()
{
  sed '1d;$d' "$here/sql/$1.sql"
}

# check QUERY TWIN SETTINGS: compares the rows of two queries
check()
{
  [ "$(head -n 1 "$here/sql/$1.sql")" = "$(head -n 1 "$here/sql/$2.sql")" ] || return 0
  sql <<END
SET search_path = kam_bench_check, public;
$serial
CREATE TEMP TABLE twin AS $(rows_of "$2");
$3
CREATE TEMP TABLE query AS $(rows_of "$1");
SELECT (SELECT count(*) FROM query), (SELECT count(*) FROM twin),
  (SELECT count(*) FROM (TABLE query EXCEPT ALL TABLE twin) AS d);
END
  IFS='|' read -r queried twins different <"$work/out"
  if [ "$queried" = 0 ] || [ "$queried" != "$twins" ] || [ "$different" != 0 ]; then
    echo "run.sh: $1 gives $queried rows and $2 $twins; $different differ" >&2
    exit 1
  fi
}

# measure QUERY TWIN SETTINGS: prints the median of each in ms and the median of the ratios of the
# pairs; the first pair is for warming up
measure()
{
  start="RESET ALL; SET search_path = kam_bench, public; $serial"
  {
    pair=0
    while [ "$pair" -le "$pairs" ]; do
      printf '%s\n' "$start $3" '\timing on' "\\i '$here/sql/$1.sql'" '\timing off'
      printf '%s\n' "$start" '\timing on' "\\i '$here/sql/$2.sql'" '\timing off'
      pair=$((pair + 1))
    done
  } | sql
  awk '
    function median(v, n,   i, j, x) {
      for (i = 2; i <= n; i++) {
        x = v[i]
        for (j = i - 1; j > 0 && v[j] > x; j--) v[j + 1] = v[j]
        v[j + 1] = x
      }
      return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
    }
    /^Time: / && ++times > 2 {
      if (times % 2) query[++n] = $2
      else { twin[n] = $2; ratio[n] = query[n] / $2 }
    }
    END { printf "%.0f %.0f %.2f\n", median(query, n), median(twin, n), median(ratio, n) }' "$work/out"
}

# line WORD...: a line of the table, also kept in $work/table
line()
{
  printf '| %-38s | %-40s | %7s | %7s | %5s | %7s | %-3s |\n' "$@" | tee -a "$work/table"
}

# about: the machine, the versions and the data
about()
{
  sql <<END
SELECT 'PostgreSQL ' || current_setting('server_version') || ', kam ' || extversion
FROM pg_extension WHERE extname = 'kam';
END
  # shellcheck source=/dev/null
  . /etc/os-release
  cat <<END
$(cat "$work/out"); $PRETTY_NAME; $(git -C "$here" log -1 --format=%cs 2>/dev/null || date +%Y-%m-%d)
$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | sed 1q), $(nproc) cores, $(awk '/^MemTotal:/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GB
$rows sales lines, $((rows / 100)) customers; $((rows / 10)) customer totals, $((rows / 100)) regions; $pairs pairs
END
}

echo 'CREATE EXTENSION IF NOT EXISTS kam;' | PGOPTIONS='-c client_min_messages=warning' sql
echo 'comparing the rows of kam and of plain SQL, on 100000 sales lines'
tables kam_bench_check 100000
list >"$work/list"
while IFS='|' read -r name against aim query twin settings; do
  check "$query" "$twin" "$settings"
done <"$work/list"

echo "making $rows sales lines"
tables kam_bench "$rows"
about >"$work/about"
cat "$work/about"
line measure against kam against ratio 'at most' met
line --- --- ---: ---: ---: ---: ---
while IFS='|' read -r name against aim query twin settings; do
  figures=$(measure "$query" "$twin" "$settings")
  # shellcheck disable=SC2086  # three numbers
  line "$name" "$against" $figures "$aim" \
    "$(awk "BEGIN { print (${figures##* } <= $aim ? \"yes\" : \"no\") }")"
done <"$work/list"
echo 'Medians in milliseconds; the ratio is the median of the ratios of the pairs.'

if [ "$rows" -ge 1000000 ]; then
  PGOPTIONS='-c client_min_messages=warning' psql -X -q -A -t -v ON_ERROR_STOP=1 -f "$here/calls.sql" >"$work/calls"
  cat "$work/calls"
fi

if [ "$rows" -ge 10000000 ]; then
  {
    printf '# Results of the benchmark\n\nMedians in milliseconds; the ratio is the median of the ratios of the pairs. README.md says what\neach line is, and why some miss their aim.\n\n'
    sed 's/^/- /' "$work/about"
    echo
    cat "$work/table"
    printf '\n## A call\n\nWhat one call costs in microseconds, without the row it is in (calls.sql).\n\n'
    cat "$work/calls"
  } >"$here/RESULTS.md"
  echo "written to bench/RESULTS.md"
fi
