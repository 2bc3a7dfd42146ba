# shellcheck shell=sh
# What the tests of binary forms share: a database with seeds, broken forms fed through COPY, of which
# every one must be refused with 22P03 or read as a value that can be written back, and a server that
# stays up.  Sourced from the project root; needs psql and perl.
#
#   binary_begin NAME TYPE COLUMN    makes the database kam_NAME with the extension and the tables
#                                    seed and got (n, COLUMN of the TYPE)
#   binary_feed ROUNDS LEAST_READ [PERL]
#                                    feeds that many broken forms of the seeds; at least LEAST_READ of
#                                    them must be read, a quarter refused.  PERL is a way more to break
#                                    $bytes, with pick(N) for a number below N.
#   binary_end CONDITION             checks that no value read meets the condition, that the seeds come
#                                    back as they went, and that the server was not restarted

psql="psql -X -q -v ON_ERROR_STOP=1"
watcher=

# shellcheck disable=SC2317,SC2329  # called by trap
binary_tidy()
{
  [ -z "$watcher" ] || $psql -At -c "SELECT pg_terminate_backend($watcher)" >/dev/null 2>&1 || :
  $psql -d postgres -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" 2>/dev/null || :
}

# binary_fail MESSAGE
binary_fail()
{
  echo "$1"
  exit 1
}

binary_begin()
{
  name=$1
  type=$2
  column=$3
  database=kam_$name
  work=${KAM_WORK:-$(mktemp -d)}/$name
  rm -rf "$work"
  mkdir -p "$work/streams"
  trap binary_tidy EXIT
  trap 'exit 130' HUP INT TERM
  $psql -d postgres -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" -c "CREATE DATABASE $database" 2>"$work/notices"
  PGDATABASE=$database
  export PGDATABASE
  $psql -c "CREATE EXTENSION kam" -c "CREATE TABLE got (n integer, $column $type)" \
    -c "CREATE TABLE seed (n integer GENERATED ALWAYS AS IDENTITY, $column $type)"

  # a session that dies with the server: if it is there at the end, nothing crashed
  PGAPPNAME=kam_watcher $psql -c 'SELECT pg_sleep(600)' >/dev/null 2>&1 &
  tries=0
  while [ -z "$watcher" ] && [ "$tries" -lt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
    watcher=$($psql -At -c "SELECT pid FROM pg_stat_activity WHERE application_name = 'kam_watcher' AND datname = current_database()")
  done
  [ -n "$watcher" ] || binary_fail 'the watching session did not start'
}

binary_feed()
{
  rounds=$1
  least=$2
  $psql -At -c "SELECT encode(${type}_send($column), 'hex') FROM seed ORDER BY n" >"$work/seeds"

  # One COPY BINARY stream a file: header, a row of (n, value), trailer.  The numbers are
  # deterministic: a linear congruence instead of rand().
  cat >"$work/streams.pl" <<'PERL'
use strict;
my ($dir, $rounds, $own) = @ARGV;
my $state = 20260101;
sub pick { $state = ($state * 1103515245 + 12345) % 2147483648; return int($state / 65536) % $_[0] }
my $bytes;
my @seeds = map { chomp; pack 'H*', $_ } <STDIN>;
my @numbers = (0, 1, 2, 7, 8, 38, 39, 0x7f, 0x80, 0xff);
my $break = $own eq '' ? undef : (eval "sub { $own }" or die $@);
my @cuts = map { my $seed = $_; map { substr($seed, 0, $_) } 0 .. length($seed) - 1 } @seeds;
open my $script, '>', "$dir/feed.sql" or die;
for my $n (1 .. $rounds) {
    $bytes = $seeds[pick(scalar @seeds)];
    my $how = pick($break ? 6 : 4);
    for (0 .. pick(3)) {
        my $at = pick(length($bytes) + 1);
        if ($how == 0 && $at < length $bytes) { substr($bytes, $at, 1) = chr pick(256) }
        elsif ($how == 1 && $at < length $bytes) { substr($bytes, $at, 1) = chr $numbers[pick(scalar @numbers)] }
        elsif ($how == 2) { substr($bytes, $at, 0) = join '', map { chr pick(256) } 0 .. pick(20) }
        elsif ($how == 3) { substr($bytes, $at, 1 + pick(20)) = '' if $at < length $bytes }
        elsif ($how > 3) { $break->() }
    }
    $bytes = shift @cuts if @cuts;    # first, every truncation of every seed
    open my $out, '>:raw', "$dir/$n" or die;
    print $out "PGCOPY\n\xff\r\n\0", pack('NN', 0, 0), pack('nNN', 2, 4, $n), pack('N', length $bytes), $bytes, pack('n', 0xffff);
    close $out;
    print $script "\\copy got from '$dir/$n' with (format binary)\n";
}
PERL
  perl "$work/streams.pl" "$work/streams" "$rounds" "${3:-}" <"$work/seeds"
  psql -X -q -v VERBOSITY=verbose -v SHOW_CONTEXT=never -f "$work/streams/feed.sql" 2>&1 | grep -v '^LOCATION: ' >"$work/messages" || :

  read_back=$($psql -At -c 'SELECT count(*) FROM got')
  refused=$(grep -c 'ERROR:  22P03: ' "$work/messages" || :)
  other=$(grep -v 'ERROR:  22P03: ' "$work/messages" | sed 's/^[^ ]* //' | sort | uniq -c | head -20 || :)
  echo "$rounds broken forms of $type: $refused refused with 22P03, $read_back read"
  [ -z "$other" ] || binary_fail "other messages: $other"
  if [ $((read_back + refused)) -ne "$rounds" ] || [ "$refused" -lt $((rounds / 4)) ] || [ "$read_back" -lt "$least" ]; then
    binary_fail "not all streams were fed: see $work"
  fi
}

# binary_reasons PREFIX REASON...: each of these was why some form was refused
binary_reasons()
{
  prefix=$1
  shift
  for reason; do
    grep -q "$prefix: $reason\$" "$work/messages" || binary_fail "no stream was refused because $reason"
  done
}

binary_end()
{
  lost=$($psql -At -c "SELECT count(*) FROM got WHERE $1")
  [ "$lost" = 0 ] || binary_fail "$lost of the values read do not survive a round trip"

  $psql <<SQL
\\copy seed ($column) TO '$work/seed.bin' WITH (FORMAT binary)
CREATE TABLE again (n integer GENERATED ALWAYS AS IDENTITY, $column $type);
\\copy again ($column) FROM '$work/seed.bin' WITH (FORMAT binary)
SQL
  different=$($psql -At -c "SELECT count(*) FROM seed FULL JOIN again USING (n)
    WHERE seed.$column::text IS DISTINCT FROM again.$column::text OR pg_column_size(seed.$column) <> pg_column_size(again.$column)")
  [ "$different" = 0 ] || binary_fail "$different values did not come back through COPY BINARY"

  [ "$($psql -At -c "SELECT count(*) FROM pg_stat_activity WHERE pid = $watcher AND application_name = 'kam_watcher'")" = 1 ] ||
    binary_fail 'a session that ran beside this one has gone: the server crashed'
  rm -rf "$work"
}
