-- Types of key account, and how much depends on them.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT no_plan();

\ir ../helpers/error_of.sql

-- Breadwinners, at the limit

SELECT is(account_types(profit, total, '2000-01-01', '2026-06-30', NULL, NULL, NULL, NULL, NULL, share), CASE WHEN yes THEN '{breadwinner}' ELSE '{}' END::text[], format('%s of %s at %s', profit, total, share))
FROM (VALUES
  (100.00, 1000, 0.10, true), (99.99, 1000, 0.10, false), (100, 1000.0000000001, 0.1, false), (99.9999999999999999999, 1000, 0.1, false),
  (1e30, 1e31, 0.10, true), (1e30 - 1, 1e31, 0.10, false), (333.33, 1000, 0.33333, true), (333.33, 1000, 0.33333000001, false),
  (500, 1000, 0.5, true), (1000, 1000, 1, true), (1200, 1000, 1, true), (0, 1000, 0, true), (-1, 1000, 0, false), (-100, 1000, 0.1, false),
  (100, 0, 0.1, false), (100, -1000, 0.1, false), (-100, -1000, 0.1, false), (100, NULL, 0.1, false), (NULL, 1000, 0.1, false)
) AS x (profit, total, share, yes);

-- Prospects

SELECT is('prospect' = ANY (account_types(0, 1000, first_sale::date, as_of::date, potential, NULL, NULL, NULL, NULL, new_months => months)), yes, format('first sale %s, %s months before %s, potential %s', first_sale, months, as_of, potential))
FROM (VALUES
  ('2025-07-01', '2026-06-30', 12, 100, true), ('2025-06-30', '2026-06-30', 12, 100, false), ('2025-07-01', '2026-07-01', 12, 100, false),
  ('2025-07-01', '2026-06-30', 12, 99.99, false), ('2025-07-01', '2026-06-30', 12, NULL, false), ('2025-07-01', '2026-06-30', 12, -5, false),
  ('2026-06-30', '2026-06-30', 1, 100, true), ('2026-06-30', '2026-06-30', 0, 100, false), ('2026-07-01', '2026-06-30', 0, 100, true),
  (NULL, '2026-06-30', 12, 100, true), (NULL, NULL, 12, 100, true), ('2025-07-01', NULL, 12, 100, false), (NULL, '2026-06-30', 0, 100, true),
  ('2024-02-29', '2025-02-27', 12, 100, true), ('2024-02-29', '2025-02-28', 12, 100, false), ('2024-02-29', '2028-02-28', 48, 100, true), ('2024-02-29', '2028-02-29', 48, 100, false),
  ('2026-01-31', '2026-02-27', 1, 100, true), ('2026-01-31', '2026-02-28', 1, 100, false),
  ('4714-11-24 BC', '5874897-12-31', 1200, 100, false), ('5874897-12-31', '4714-11-24 BC', 12, 100, true), ('5874897-01-01', '5874897-12-31', 1200, 100, true)
) AS x (first_sale, as_of, months, potential, yes);
SELECT is(account_types(0, total, NULL, '2026-06-30', 1000, NULL, NULL, NULL, NULL), '{}', 'no prospect without a total: ' || coalesce(total::text, 'none'))
FROM unnest(ARRAY[0, -1, NULL]) AS total;

-- Flags, order and missing settings

SELECT is(account_types(NULL, NULL, NULL, NULL, NULL, a, b, NULL, NULL), CASE WHEN a AND b THEN '{image_maker}' ELSE '{}' END::text[], concat('known name, leader: ', a, ' ', b))
FROM unnest(ARRAY[true, false, NULL]) AS a, unnest(ARRAY[true, false, NULL]) AS b;
SELECT is(account_types(NULL, NULL, NULL, NULL, NULL, NULL, NULL, a, b), CASE WHEN a AND b THEN '{expert}' ELSE '{}' END::text[], concat('demanding, market knowledge: ', a, ' ', b))
FROM unnest(ARRAY[true, false, NULL]) AS a, unnest(ARRAY[true, false, NULL]) AS b;
SELECT is(account_types(100, 1000, NULL, '2026-06-30', 100, true, true, true, true), '{breadwinner,prospect,image_maker,expert}', 'all types, the primary one first');
SELECT is((account_types(1, 1000, NULL, '2026-06-30', 1, false, true, true, true))[1], 'expert', 'the first type is the primary one');
SELECT is((account_types(1, 1000, NULL, '2026-06-30', 1, false, true, true, false))[1], NULL, 'which is NULL without any');
SELECT is(account_types(100, 1000, NULL, NULL, 1, true, true, true, true, share, months), NULL, concat('settings ', share, ' and ', months))
FROM (VALUES (NULL, 12), (0.1, NULL), (NULL, NULL)) AS x (share, months);

-- Against plain SQL over random rows

CREATE TABLE customer AS
SELECT i, nullif(noise % 40 * 25, 0)::numeric AS profit, (noise / 40 % 5 * 500 - 500)::numeric AS total, nullif(date '2024-01-01' + (noise / 200 % 800)::integer, date '2024-01-01') AS first_sale,
  nullif(date '2025-02-20' + (noise / 160000 % 400)::integer, date '2025-02-20') AS as_of, nullif(noise / 64000000 % 30 * 10, 0)::numeric AS potential,
  (ARRAY[true, false, NULL])[1 + i % 3] AS known_name, (ARRAY[true, false, NULL])[1 + i / 3 % 3] AS leader, (ARRAY[true, false, NULL])[1 + i / 9 % 3] AS demanding, (ARRAY[true, false, NULL])[1 + i / 27 % 3] AS market_knowledge,
  (ARRAY[0.10, 0.25, 0])[1 + i / 81 % 3] AS share, (ARRAY[12, 3, 0, 24])[1 + i / 243 % 4] AS months
FROM generate_series(1, 20000) AS i, LATERAL (SELECT hashint8extended(i, 11) & 9007199254740991 AS noise) AS n;
CREATE TABLE typed AS
SELECT *, account_types(profit, total, first_sale, as_of, potential, known_name, leader, demanding, market_knowledge, share, months) AS types,
  array_remove(ARRAY[
    CASE WHEN total > 0 AND profit >= share * total THEN 'breadwinner' END,
    CASE WHEN total > 0 AND potential >= share * total AND (first_sale IS NULL OR first_sale > as_of OR as_of < first_sale + make_interval(months => months)) THEN 'prospect' END,
    CASE WHEN known_name AND leader THEN 'image_maker' END,
    CASE WHEN demanding AND market_knowledge THEN 'expert' END], NULL) AS expected
FROM customer;
SELECT is_empty('SELECT * FROM typed WHERE types IS DISTINCT FROM expected', 'types of random customers');
SELECT cmp_ok(count(DISTINCT types), '=', 16::bigint, 'all sets of types are among them') FROM typed;

-- The share of the key accounts

SELECT is(key_share_state(share), state, format('%s of all sales', share))
FROM (VALUES (0.2999, 'below'), (0.30, 'typical'), (0.55, 'typical'), (0.5501, 'dependent'), (0, 'below'), (1, 'dependent'), (0.3000000000000000000000000000000000000001, 'typical'), (0.29999999999999999999999999999999999999999, 'below'),
  (-0.02, 'below'), (-1, 'below'), (1.04, 'dependent'), (2, 'dependent'), (NULL, NULL)) AS x (share, state);
SELECT is(key_share_state(0.5, typical_from, typical_to), state, format('from %s to %s', typical_from, typical_to))
FROM (VALUES (0.5, 0.5, 'typical'), (0, 1, 'typical'), (0.6, 0.7, 'below'), (0, 0.4, 'dependent'), (NULL, 0.4, NULL), (0.4, NULL, NULL)) AS x (typical_from, typical_to, state);

-- What is refused

SELECT is(pg_temp.error_of(query), expected, query)
FROM (VALUES
  ('SELECT account_types(''NaN'', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL)', '22023 | profit must be a finite number, not NaN'),
  ('SELECT account_types(1, ''Infinity'', NULL, NULL, NULL, NULL, NULL, NULL, NULL)', '22023 | total_profit must be a finite number, not infinity'),
  ('SELECT account_types(1, 1, NULL, NULL, ''-Infinity'', NULL, NULL, NULL, NULL)', '22023 | potential must be a finite number, not -infinity'),
  ('SELECT account_types(1, 1, ''-infinity'', NULL, NULL, NULL, NULL, NULL, NULL)', '22023 | first_sale must be a finite date, not -infinity'),
  ('SELECT account_types(1, 1, NULL, ''infinity'', NULL, NULL, NULL, NULL, NULL)', '22023 | as_of must be a finite date, not infinity'),
  ('SELECT account_types(1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10)', '22023 | share must be from 0 to 1, but is 10 | It is a fraction: 5 % is written 0.05.'),
  ('SELECT account_types(1, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ''NaN'')', '22023 | share must be a finite number, not NaN'),
  ('SELECT account_types(1, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, new_months => -1)', '22023 | new_months must be a number of months, not -1 | From 0 to 1200 are allowed.'),
  ('SELECT account_types(1, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, new_months => 1201)', '22023 | new_months must be a number of months, not 1201 | From 0 to 1200 are allowed.'),
  ('SELECT key_share_state(30)', '22023 | share must be from -1 to 2, but is 30 | It is a fraction: 5 % is written 0.05.'),
  ('SELECT key_share_state(''NaN'')', '22023 | share must be a finite number, not NaN'),
  ('SELECT key_share_state(0.5, -0.1)', '22023 | typical_from must be from 0 to 1, but is -0.1 | It is a fraction: 5 % is written 0.05.'),
  ('SELECT key_share_state(0.5, 0.3, 55)', '22023 | typical_to must be from 0 to 1, but is 55 | It is a fraction: 5 % is written 0.05.'),
  ('SELECT key_share_state(0.5, 0.55, 0.3)', '22023 | typical_to is 0.3, less than typical_from, which is 0.55 | Give at least as much as typical_from.')
) AS x (query, expected);

SELECT * FROM finish();
ROLLBACK;
