#!/bin/sh
# Feeds broken binary calendars to the server, through COPY: every one must be
# refused with 22P03 or read as a calendar that can be written back, and the
# server must stay up.  Run from the project root; needs psql and perl.
set -eu

rounds=${1:-4000}
work=${KAM_WORK:-$(mktemp -d)}/work_calendar_binary
mkdir -p "$work"
psql="psql -X -q -v ON_ERROR_STOP=1"
database=kam_work_calendar_binary

$psql -d postgres -c "DROP DATABASE IF EXISTS $database" -c "CREATE DATABASE $database" 2> "$work/notices"
PGDATABASE=$database
export PGDATABASE
trap '$psql -d postgres -c "DROP DATABASE IF EXISTS $database"' EXIT

$psql <<'SQL'
CREATE EXTENSION kam;
CREATE TABLE seed (calendar work_calendar);
INSERT INTO seed VALUES ('weekend fri,sat; holidays 2026-04-01,2026-04-02; workdays 2026-04-11'), ('weekend none'), ('weekend sun; holidays 2026-01-01..2026-02-01');
CREATE TABLE got (n int, calendar work_calendar);
SQL
$psql -At -c "SELECT encode(work_calendar_send(calendar), 'hex') FROM seed" > "$work/seeds"

# One COPY BINARY stream a file: header, a row of (n, calendar), trailer.  The
# numbers are deterministic: a linear congruence instead of rand().
cat > "$work/streams.pl" <<'PERL'
use strict;
my ($dir, $rounds) = @ARGV;
my $state = 20260101;
sub pick { $state = ($state * 1103515245 + 12345) % 2147483648; return int($state / 65536) % $_[0] }
my @seeds = map { chomp; pack 'H*', $_ } <STDIN>;
my @numbers = (0, 1, 0x7f, 0x80, 0xff);
open my $script, '>', "$dir/feed.sql" or die;
for my $n (1 .. $rounds) {
    my $bytes = $seeds[pick(scalar @seeds)];
    my $how = $n <= length($seeds[0]) ? 4 : pick(4);
    for (0 .. pick(3)) {
        my $at = pick(length($bytes) + 1);
        if ($how == 0 && $at < length $bytes) { substr($bytes, $at, 1) = chr pick(256) }
        elsif ($how == 1 && $at < length $bytes) { substr($bytes, $at, 1) = chr $numbers[pick(5)] }
        elsif ($how == 2) { substr($bytes, $at, 0) = join '', map { chr pick(256) } 0 .. pick(9) }
        elsif ($how == 3) { substr($bytes, $at, 1 + pick(9)) = '' if $at < length $bytes }
    }
    $bytes = substr($seeds[0], 0, $n - 1) if $how == 4;    # every truncation
    open my $out, '>:raw', "$dir/$n" or die;
    print $out "PGCOPY\n\xff\r\n\0", pack('NN', 0, 0), pack('nNN', 2, 4, $n), pack('N', length $bytes), $bytes, pack('n', 0xffff);
    close $out;
    print $script "\\copy got from '$dir/$n' with (format binary)\n";
}
PERL
rm -rf "$work/streams"
mkdir "$work/streams"
perl "$work/streams.pl" "$work/streams" "$rounds" < "$work/seeds"

server=$($psql -At -c 'SELECT pg_postmaster_start_time()')
psql -X -q -v VERBOSITY=sqlstate -f "$work/streams/feed.sql" 2> "$work/messages"

read_back=$($psql -At -c 'SELECT count(*) FROM got')
refused=$(grep -c 'ERROR:  22P03$' "$work/messages" || true)
other=$(grep -v 'ERROR:  22P03$' "$work/messages" | sort | uniq -c | head -20 || true)
echo "$rounds broken calendars: $refused refused with 22P03, $read_back read"
if [ -n "$other" ]; then
  echo "other messages: $other"
  exit 1
fi
if [ $((read_back + refused)) -ne "$rounds" ] || [ "$refused" -lt $((rounds / 2)) ] || [ "$read_back" -eq 0 ]; then
  echo "not all streams were fed: see $work"
  exit 1
fi
if [ "$($psql -At -c 'SELECT pg_postmaster_start_time()')" != "$server" ]; then
  echo "the server was restarted"
  exit 1
fi

# What was read is a calendar like any other
lost=$($psql -At -c "SELECT count(*) FROM got WHERE calendar::text::work_calendar::text <> calendar::text
  OR calendar::jsonb::work_calendar::text <> calendar::text
  OR calendar <> work_calendar(
    ARRAY(SELECT jsonb_array_elements_text(calendar::jsonb -> 'weekend')),
    ARRAY(SELECT jsonb_array_elements_text(calendar::jsonb -> 'holidays')::date),
    ARRAY(SELECT jsonb_array_elements_text(calendar::jsonb -> 'workdays')::date))")
if [ "$lost" -ne 0 ]; then
  echo "$lost of the calendars read do not survive a round trip"
  exit 1
fi

# A good stream comes back as it went
$psql <<SQL
\\copy seed to '$work/seed.bin' with (format binary)
CREATE TABLE again (calendar work_calendar);
\\copy again from '$work/seed.bin' with (format binary)
SQL
same=$($psql -At -c "SELECT count(*) FROM seed JOIN again ON seed.calendar::text = again.calendar::text")
if [ "$same" -ne 3 ]; then
  echo "only $same of 3 calendars came back through COPY BINARY"
  exit 1
fi
rm -rf "$work"
