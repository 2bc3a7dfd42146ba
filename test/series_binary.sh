#!/bin/sh
# Feeds broken binary series to the server, through COPY: every one must be
# refused with 22P03 or read as a series that can be written back, and the
# server must stay up.  Run from the project root; needs psql and perl.
set -eu

rounds=${1:-3000}
work=${KAM_WORK:-$(mktemp -d)}/series_binary
psql="psql -X -q -v ON_ERROR_STOP=1"
database=kam_series_binary
watcher=

rm -rf "$work"
mkdir -p "$work/streams"
# shellcheck disable=SC2317,SC2329  # called by trap
tidy()
{
  [ -z "$watcher" ] || $psql -At -c "SELECT pg_terminate_backend($watcher)" >/dev/null 2>&1 || :
  $psql -d postgres -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" 2>/dev/null || :
}
trap tidy EXIT
trap 'exit 130' HUP INT TERM

$psql -d postgres -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" -c "CREATE DATABASE $database" 2>"$work/notices"
PGDATABASE=$database
export PGDATABASE

# Seeds: narrow and wide, with returns and a zero, few and many buckets, every grain
$psql <<'SQL'
CREATE EXTENSION kam;
CREATE TABLE seed (n integer GENERATED ALWAYS AS IDENTITY, s sales_series);
INSERT INTO seed (s)
SELECT sales_series(a, d, '[2026-01-01,2026-04-01)')
FROM (VALUES (100.50, date '2026-01-05'), (20, '2026-01-07'), (-7.25, '2026-02-01')) AS x (a, d);
INSERT INTO seed (s)
SELECT sales_series(a, '2026-01-05', p, 'quarter')
FROM unnest(ARRAY[9e37, -12345678901234567890]) AS a, unnest(ARRAY[daterange '[2026-01-01,2026-01-06)', '[0044-01-01 BC,0043-07-02 BC)']) AS p GROUP BY p;
INSERT INTO seed (s)
SELECT sales_series(i * 1.125, date '2024-02-20' + i, '[2024-02-20,2024-03-12)', g)
FROM generate_series(-3, 30, 2) AS i, unnest(ARRAY['day', 'week', 'week-sunday', 'month-week', 'year', 'fiscal-quarter', '4-4-5', '4-5-4', '5-4-4']) AS g GROUP BY g;
INSERT INTO seed (s) SELECT sales_series(1e-38, '2026-01-01', '[2026-01-01,2026-01-02)', 'day');
CREATE TABLE got (n integer, s sales_series);
SQL

# a session that dies with the server: if it is there at the end, nothing crashed
PGAPPNAME=kam_watcher $psql -c 'SELECT pg_sleep(600)' >/dev/null 2>&1 &
tries=0
while [ -z "$watcher" ] && [ "$tries" -lt 100 ]; do
  tries=$((tries + 1))
  sleep 0.1
  watcher=$($psql -At -c "SELECT pid FROM pg_stat_activity WHERE application_name = 'kam_watcher' AND datname = current_database()")
done
[ -n "$watcher" ] || { echo 'the watching session did not start'; exit 1; }

$psql -At -c "SELECT encode(sales_series_send(s), 'hex') FROM seed ORDER BY n" >"$work/seeds"

# One COPY BINARY stream a file: header, a row of (n, series), trailer.  The
# numbers are deterministic: a linear congruence instead of rand().
cat >"$work/streams.pl" <<'PERL'
use strict;
my ($dir, $rounds) = @ARGV;
my $state = 20260101;
sub pick { $state = ($state * 1103515245 + 12345) % 2147483648; return int($state / 65536) % $_[0] }
my @seeds = map { chomp; pack 'H*', $_ } <STDIN>;
my @numbers = (0, 1, 2, 7, 8, 38, 39, 0x7f, 0x80, 0xff);
my @dates = (0, 1, -1, 9496, 9500, 36525, 36526, -2451507, -2451508, 2145031947, 2145031948, 2147483647, -2147483648);
my @cuts = map { my $seed = $_; map { substr($seed, 0, $_) } 0 .. length($seed) - 1 } @seeds;
open my $script, '>', "$dir/feed.sql" or die;
for my $n (1 .. $rounds) {
    my $bytes = $seeds[pick(scalar @seeds)];
    my $how = pick(7);
    for (0 .. pick(3)) {
        my $at = pick(length($bytes) + 1);
        if ($how == 0 && $at < length $bytes) { substr($bytes, $at, 1) = chr pick(256) }
        elsif ($how == 1 && $at < length $bytes) { substr($bytes, $at, 1) = chr $numbers[pick(scalar @numbers)] }
        elsif ($how == 2) { substr($bytes, $at, 0) = join '', map { chr pick(256) } 0 .. pick(20) }
        elsif ($how == 3) { substr($bytes, $at, 1 + pick(20)) = '' if $at < length $bytes }
        elsif ($how == 4) { substr($bytes, pick(3), 1) = chr $numbers[pick(scalar @numbers)] if length $bytes > 3 }
        elsif ($how == 5) { substr($bytes, 3 + 4 * pick(2), 4) = pack 'N', $dates[pick(scalar @dates)] & 0xffffffff if length $bytes >= 11 }
        elsif ($how == 6) { my $from = 11 + 16 * pick(4); substr($bytes, $from, 16) = ("\x4b\x3b\x4c\xa8\x5a\x86\xc4\x7a\x09\x8a\x22\x40\0\0\0\0", "\x7f" . "\xff" x 15, "\x80" . "\0" x 15, "\xff" x 16)[pick(4)] if length $bytes >= $from + 16 }
    }
    $bytes = shift @cuts if @cuts;    # first, every truncation of every seed
    open my $out, '>:raw', "$dir/$n" or die;
    print $out "PGCOPY\n\xff\r\n\0", pack('NN', 0, 0), pack('nNN', 2, 4, $n), pack('N', length $bytes), $bytes, pack('n', 0xffff);
    close $out;
    print $script "\\copy got from '$dir/$n' with (format binary)\n";
}
PERL
perl "$work/streams.pl" "$work/streams" "$rounds" <"$work/seeds"

psql -X -q -v VERBOSITY=verbose -v SHOW_CONTEXT=never -f "$work/streams/feed.sql" 2>&1 | grep -v '^LOCATION: ' >"$work/messages" || :

read_back=$($psql -At -c 'SELECT count(*) FROM got')
refused=$(grep -c 'ERROR:  22P03: malformed binary sales_series: ' "$work/messages" || :)
other=$(grep -v 'ERROR:  22P03: malformed binary sales_series: ' "$work/messages" | sed 's/^[^ ]* //' | sort | uniq -c | head -20 || :)
echo "$rounds broken series: $refused refused with 22P03, $read_back read"
if [ -n "$other" ]; then
  echo "other messages: $other"
  exit 1
fi
if [ $((read_back + refused)) -ne "$rounds" ] || [ "$refused" -lt $((rounds / 4)) ] || [ "$read_back" -lt $((rounds / 50)) ]; then
  echo "not all streams were fed: see $work"
  exit 1
fi
for reason in 'it ends too early' 'its version is unknown' 'its grain is unknown' 'it has too many decimals' \
  'its period is not a range of up to a hundred years' 'its period is longer than a fiscal year of 53 weeks' 'a total passes 38 digits' 'it does not end where it should' \
  'a day bought on is past the period' 'a bucket with a positive total has no day bought on'; do
  if ! grep -q "malformed binary sales_series: $reason\$" "$work/messages"; then
    echo "no stream was refused because $reason"
    exit 1
  fi
done
if [ "$($psql -At -c "SELECT count(*) FROM pg_stat_activity WHERE pid = $watcher AND application_name = 'kam_watcher'")" != 1 ]; then
  echo 'a session that ran beside this one has gone: the server crashed'
  exit 1
fi

# What was read is a series like any other
lost=$($psql -At -c "SELECT count(*) FROM got
  WHERE s::text::sales_series::text <> s::text OR s::jsonb::sales_series::text <> s::text
    OR sales_series_send(s::text::sales_series) <> sales_series_send(s)
    OR sales_series_finish(s)::text <> s::text OR slice(s, period(s))::text <> s::text
    OR sale_days(s) < active_buckets(s) OR cardinality(totals(s)) <> (SELECT count(*) FROM buckets(s))")
if [ "$lost" != 0 ]; then
  echo "$lost of the series read do not survive a round trip"
  exit 1
fi

# Good streams come back as they went
$psql <<SQL
\\copy seed (s) TO '$work/seed.bin' WITH (FORMAT binary)
CREATE TABLE again (n integer GENERATED ALWAYS AS IDENTITY, s sales_series);
\\copy again (s) FROM '$work/seed.bin' WITH (FORMAT binary)
SQL
different=$($psql -At -c "SELECT count(*) FROM seed FULL JOIN again USING (n)
  WHERE seed.s::text IS DISTINCT FROM again.s::text OR pg_column_size(seed.s) <> pg_column_size(again.s)")
if [ "$different" != 0 ]; then
  echo "$different series did not come back through COPY BINARY"
  exit 1
fi
rm -rf "$work"
