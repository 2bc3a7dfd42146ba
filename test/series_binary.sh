#!/bin/sh
# Feeds broken binary series to the server: see test/helpers/binary.sh.
set -eu

# shellcheck source=test/helpers/binary.sh
. test/helpers/binary.sh
binary_begin series_binary sales_series s

# Seeds: narrow and wide, with returns and a zero, few and many buckets, every grain
$psql <<'SQL'
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
SQL

# beside the rest: the version, grain and scale, the bounds of the period, and whole totals
rounds=${1:-3000}
# shellcheck disable=SC2016  # perl
binary_feed "$rounds" $((rounds / 50)) '
    my @dates = (0, 1, -1, 9496, 9500, 36525, 36526, -2451507, -2451508, 2145031947, 2145031948, 2147483647, -2147483648);
    my $what = pick(3);
    if ($what == 0) { substr($bytes, pick(3), 1) = chr $numbers[pick(scalar @numbers)] if length $bytes > 3 }
    elsif ($what == 1) { substr($bytes, 3 + 4 * pick(2), 4) = pack "N", $dates[pick(scalar @dates)] & 0xffffffff if length $bytes >= 11 }
    else { my $from = 11 + 16 * pick(4); substr($bytes, $from, 16) = ("\x4b\x3b\x4c\xa8\x5a\x86\xc4\x7a\x09\x8a\x22\x40\0\0\0\0", "\x7f" . "\xff" x 15, "\x80" . "\0" x 15, "\xff" x 16)[pick(4)] if length $bytes >= $from + 16 }
'
binary_reasons 'malformed binary sales_series' 'it ends too early' 'its version is unknown' 'its grain is unknown' 'it has too many decimals' \
  'its period is not a range of up to a hundred years' 'its period is longer than a fiscal year of 53 weeks' 'a total passes 38 digits' \
  'it does not end where it should' 'a day bought on is past the period' 'a bucket with a positive total has no day bought on'

# What was read is a series like any other
binary_end "s::text::sales_series::text <> s::text OR s::jsonb::sales_series::text <> s::text
  OR sales_series_send(s::text::sales_series) <> sales_series_send(s)
  OR sales_series_finish(s)::text <> s::text OR slice(s, period(s))::text <> s::text
  OR sale_days(s) < active_buckets(s) OR cardinality(totals(s)) <> (SELECT count(*) FROM buckets(s))"
