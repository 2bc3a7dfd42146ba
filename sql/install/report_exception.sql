-- Report of a model: what in the data contradicts the model
--
-- Its text is put together from the sources and tables that there are, so it comes behind all that define some. Each is
-- scanned once, by GROUPING SETS: a row a key with its rows, amount and days. The set of the first key has with it what is
-- wrong with the other columns (trouble, NULL of a sound row), that of an outlet the customer (beside), and a last one finds
-- rows that are there twice. What is unknown, twice or missing is then found among these rows, masters included, by windows
-- and not by joins, whose size nobody can estimate. LIMIT 1 and the test of trouble are for the planner, too: it would expect
-- so many rows that it compiled all expressions.

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body)
WITH store AS (
  SELECT s.source AS name, true AS is_source, s.unique_by FROM kam_model_source AS s
  UNION ALL
  SELECT o.name, false, NULL FROM kam_model_object AS o WHERE o.kind = 'table' AND o.place >= 100),
typed AS (
  SELECT c.source AS store, c.place, c.name, c.type, c.required, c.signed, c.not_before FROM kam_model_column AS c
  UNION ALL
  SELECT o.name, o.place * 100 + r.n, r.part[1], r.part[2], false, true, NULL
  FROM kam_model_object AS o CROSS JOIN LATERAL regexp_matches(o.body, '(?:^|ADD COLUMN IF NOT EXISTS)\s+(\w+) (?:\{(\w+_key)\}|(daterange|date)\M)', 'gn') WITH ORDINALITY AS m (part, n)
  CROSS JOIN LATERAL (SELECT ARRAY[m.part[1], coalesce(m.part[2], m.part[3])] AS part, m.n::integer AS n) AS r
  WHERE o.kind IN ('table', 'alter')),
-- the keys of each, and of which master they are
keyed AS (
  SELECT t.store, t.name, t.required, s.is_source, left(t.type, -4) AS master, t.name = left(t.type, -4) || '_id' AND t.store = left(t.type, -4) AS own,
         row_number() OVER (PARTITION BY t.store ORDER BY t.place) AS n
  FROM typed AS t JOIN store AS s ON s.name = t.store WHERE t.type LIKE '%\_key'),
-- what of a master plans may name
worded (store, name, word) AS (VALUES
  ('product', 'category', 'category'), ('product', 'brand', 'brand'), ('product', 'pack', 'pack'), ('customer', 'channel', 'channel'), ('customer', 'territory', 'territory'),
  ('outlet', 'channel', 'channel'), ('outlet', 'territory', 'territory'), ('outlet', 'outlet_type', 'outlet_type'), ('person', 'team', 'team'), ('person', 'territory', 'territory')),
grouped AS (
  SELECT k.store, k.name AS part, array_remove(ARRAY[k.name, b.name, CASE WHEN k.n = 1 THEN 'trouble' END], NULL) AS columns, format('q.%I::text', k.name) AS key, 'q.' || quote_ident(b.name) || '::text' AS beside
  FROM keyed AS k LEFT JOIN keyed AS b ON b.store = k.store AND b.name = 'customer_id' AND b.master = 'customer' AND k.name = 'outlet_id' AND k.master = 'outlet'
  UNION ALL
  SELECT w.store, w.name, ARRAY[w.name], format('q.%I', w.name), NULL FROM worded AS w
  UNION ALL
  SELECT s.name, '', s.unique_by, (SELECT format('concat_ws('' '', %s)', string_agg(format('q.%I::text', u), ', ' ORDER BY n)) FROM unnest(s.unique_by) WITH ORDINALITY AS u (u, n)), NULL
  FROM store AS s WHERE cardinality(s.unique_by) > 1),
listed AS (
  SELECT g.store, array_agg(DISTINCT c) AS columns FROM grouped AS g CROSS JOIN unnest(g.columns) AS c GROUP BY g.store),
masked AS (
  SELECT g.store, g.part, g.columns, g.key, g.beside,
         (SELECT sum(CASE WHEN c = ANY (g.columns) THEN 0 ELSE 1 << (cardinality(l.columns) - n)::integer END) FROM unnest(l.columns) WITH ORDINALITY AS u (c, n)) AS mask
  FROM grouped AS g JOIN listed AS l ON l.store = g.store),
-- what may be wrong with a column that is no key
wrong AS (
  SELECT t.store, t.place, x.no, x.kind || ' ' || t.name AS label, replace(x.condition, '@', format('s.%I', t.name)) AS condition
  FROM typed AS t JOIN store AS s ON s.name = t.store AND s.is_source
  CROSS JOIN LATERAL (SELECT CASE WHEN t.type IN ('date', 'daterange', 'timestamptz') THEN 'date' WHEN t.type NOT IN ('numeric', 'integer') THEN 'value'
                        WHEN t.name LIKE '%amount' THEN 'amount' ELSE 'number' END AS kind) AS k
  CROSS JOIN LATERAL (VALUES
    (1, k.kind || '_missing', CASE WHEN t.required THEN '@ IS NULL' END),
    (2, k.kind || '_impossible', CASE t.type WHEN 'date' THEN 'NOT @ BETWEEN ''0001-01-01'' AND ''9999-12-31'''
        WHEN 'timestamptz' THEN 'NOT @ BETWEEN ''0001-01-01 00:00+00'' AND ''9999-12-31 00:00+00'''
        WHEN 'daterange' THEN 'isempty(@) OR lower(@) > ''-infinity'' AND lower(@) < ''0001-01-01'' OR upper(@) < ''infinity'' AND upper(@) > ''9999-12-31'''
        WHEN 'numeric' THEN 'NOT (@ > ''-infinity'' AND @ < ''infinity'')' END),
    (3, 'date_open', CASE WHEN t.required AND t.type = 'daterange' THEN 'lower_inf(@) OR upper_inf(@) OR lower(@) = ''-infinity'' OR upper(@) = ''infinity''' END),
    (4, 'date_reversed', '@ < s.' || quote_ident(t.not_before)),
    (5, k.kind || '_negative', CASE WHEN t.type IN ('numeric', 'integer') AND NOT t.signed THEN '@ < 0' END)) AS x (no, kind, condition)
  WHERE t.type NOT LIKE '%\_key' AND x.condition IS NOT NULL),
-- the days and the amount of each
dated AS (
  SELECT DISTINCT ON (t.store) t.store, t.name, CASE t.type WHEN 'daterange' THEN format('min(lower(q.%1$I)) AS first_on, max(CASE WHEN upper(q.%1$I) > ''0001-01-01'' THEN upper(q.%1$I) - 1 END) AS last_on', t.name)
           WHEN 'date' THEN format('min(q.%1$I) AS first_on, max(q.%1$I) AS last_on', t.name)
           ELSE format('min((q.%1$I AT TIME ZONE ''UTC'')::date) AS first_on, max((q.%1$I AT TIME ZONE ''UTC'')::date) AS last_on', t.name) END AS days
  FROM typed AS t JOIN store AS s ON s.name = t.store AND (t.required OR NOT s.is_source) WHERE t.type IN ('date', 'daterange', 'timestamptz') ORDER BY t.store, t.place),
scanned AS (
  SELECT m.store, format($scan$  SELECT %1$L::text AS source, CASE %2$s %3$s END AS part, CASE %2$s %4$s END AS key, %5$s AS beside,
         q.trouble, count(*) AS rows, %6$s AS amount, %7$s
  FROM (SELECT %11$s, %8$s AS trouble FROM {schema}.%1$I AS s) AS q
  GROUP BY GROUPING SETS (%9$s)%10$s$scan$,
      m.store, l.mask, string_agg(format('WHEN %s THEN %L', m.mask, m.part), ' ' ORDER BY m.part), string_agg(format('WHEN %s THEN %s', m.mask, m.key), ' ' ORDER BY m.part),
      coalesce('CASE ' || l.mask || ' ' || string_agg(format('WHEN %s THEN %s', m.mask, m.beside), ' ' ORDER BY m.part) FILTER (WHERE m.beside IS NOT NULL) || ' END', 'NULL::text'),
      CASE WHEN EXISTS (SELECT FROM kam_model_column AS c WHERE c.source = m.store AND c.name = 'amount') THEN 'sum(q.amount)' ELSE 'NULL::numeric' END,
      coalesce(min(d.days), 'NULL::date AS first_on, NULL::date AS last_on'),
      coalesce((SELECT 'CASE WHEN ' || string_agg(w.condition, ' OR ' ORDER BY w.place, w.no) || ' THEN array_remove(ARRAY['
                  || string_agg(format('CASE WHEN %s THEN %L::text END', w.condition, w.label), ', ' ORDER BY w.place, w.no) || '], NULL) END' FROM wrong AS w WHERE w.store = m.store), 'NULL::text[]'),
      string_agg(format('(%s)', (SELECT string_agg(format('q.%I', c), ', ') FROM unnest(m.columns) AS c)), ', ' ORDER BY m.part),
      string_agg(format(' HAVING %s <> %s OR count(*) > 1', l.mask, m.mask), '') FILTER (WHERE m.part = ''),
      (SELECT string_agg(format('s.%I', x.name), ', ' ORDER BY x.place) FROM typed AS x WHERE x.store = m.store AND (x.name = ANY (l.columns) OR x.name IN ('amount', min(d.name))))) AS text
  FROM masked AS m
  JOIN (SELECT l.store, l.columns, format('grouping(%s)', (SELECT string_agg(format('q.%I', c), ', ' ORDER BY n) FROM unnest(l.columns) WITH ORDINALITY AS u (c, n))) AS mask FROM listed AS l) AS l ON l.store = m.store
  LEFT JOIN dated AS d ON d.store = m.store
  GROUP BY m.store, l.columns, l.mask)
SELECT 2300, 'report', 'data_exceptions', '{sale,customer,outlet,product,person}',
       'rows that break what the model relies on: keys that are missing, unknown or not unique, impossible dates and numbers, plans outside the base, settings that contradict', $columns$
kind: what is wrong
source: the source or table
key: of what, as text; the missing or unknown key
rows: how many rows
amount: their amount, of a source that has one
first_on: first day of them
last_on: last day of them
message: what it means for the reports
as_of: the last day that counts
column_name: in which column; NULL: in the row, or between rows
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked} LIMIT 1),
gathered AS MATERIALIZED (
$body$ || (SELECT string_agg(s.text, E'\nUNION ALL\n' ORDER BY s.store COLLATE "C") FROM scanned AS s) || $body$),
part (source, name, master, own, required, bound, word) AS (VALUES
$body$ || (
  SELECT string_agg(format('  (%L, %L, %L, %L::boolean, %L::boolean, %L::boolean, %L)', p.store, p.name, p.master, p.own, p.required, p.is_source, p.word), E',\n' ORDER BY p.store COLLATE "C", p.name COLLATE "C")
  FROM (SELECT k.store, k.name, k.master, k.own, k.required, k.is_source, CASE WHEN k.own THEN k.master END AS word FROM keyed AS k
        UNION ALL SELECT w.store, w.name, NULL, false, false, true, w.word FROM worded AS w) AS p) || $body$),
-- each key with what its master has of it: how many rows (listed), of which customers (owners)
joined AS MATERIALIZED (
  SELECT g.source, g.part, g.key, g.beside, g.rows, g.amount, g.first_on, g.last_on, p.master, p.own, p.required, p.bound, p.word,
         sum(g.rows) FILTER (WHERE p.own) OVER same AS listed, array_agg(g.beside) FILTER (WHERE p.own AND g.beside IS NOT NULL) OVER same AS owners
  FROM gathered AS g JOIN part AS p ON p.source = g.source AND p.name = g.part
  WINDOW same AS (PARTITION BY p.master, g.key)),
wanted AS (
  SELECT 'plan_line' AS source, l.parameter AS word, l.key, lower(p.period) AS first_on, upper(p.period) - 1 AS last_on
  FROM {schema}.plan_line AS l JOIN {schema}.plan AS p ON p.plan_id = l.plan_id
UNION ALL
  SELECT 'programme_parameter' AS source, q.parameter AS word, q.key, lower(p.period) AS first_on, upper(p.period) - 1 AS last_on
  FROM {schema}.programme_parameter AS q JOIN {schema}.programme AS p ON p.programme_id = q.programme_id
UNION ALL
  SELECT 'mix_plan' AS source, m.dimension AS word, m.key, lower(m.period) AS first_on, upper(m.period) - 1 AS last_on FROM {schema}.mix_plan AS m
UNION ALL
  SELECT 'company_target' AS source, t.scope AS word, t.key, lower(t.period) AS first_on, upper(t.period) - 1 AS last_on FROM {schema}.company_target AS t
UNION ALL
  SELECT 'potential' AS source, 'category' AS word, p.category AS key, lower(p.period) AS first_on, CASE WHEN upper(p.period) > '0001-01-01' THEN upper(p.period) - 1 END AS last_on FROM {schema}.potential AS p WHERE p.category <> ''
UNION ALL
  SELECT x.source, x.word, x.key, NULL AS first_on, NULL AS last_on
  FROM (SELECT 'kpi_goal' AS source, g.scope AS word, g.key FROM {schema}.kpi_goal AS g UNION ALL
        SELECT 'season_map' AS source, 'category' AS word, m.category AS key FROM {schema}.season_map AS m UNION ALL
        SELECT 'service_policy' AS source, 'channel' AS word, p.channel AS key FROM {schema}.service_policy AS p UNION ALL
        SELECT 'visit_standard' AS source, 'channel' AS word, v.channel AS key FROM {schema}.visit_standard AS v UNION ALL
        SELECT 'mml' AS source, 'channel' AS word, m.channel AS key FROM {schema}.mml AS m UNION ALL
        SELECT 'mml' AS source, 'outlet_type' AS word, m.outlet_type AS key FROM {schema}.mml AS m UNION ALL
        SELECT 'retention_rate' AS source, 'outlet_type' AS word, r.outlet_type AS key FROM {schema}.retention_rate AS r) AS x
  WHERE x.key <> ''),
named AS (
  SELECT w.source, w.word, w.key, w.first_on, w.last_on, bool_or(w.there) OVER (PARTITION BY w.word, w.key) AS there
  FROM (SELECT w.source, w.word, w.key, w.first_on, w.last_on, false AS there FROM wanted AS w
        UNION ALL
        SELECT NULL AS source, j.word, j.key, NULL AS first_on, NULL AS last_on, true AS there FROM joined AS j WHERE j.word IS NOT NULL AND j.key IS NOT NULL) AS w),
found AS (
  SELECT CASE WHEN j.own THEN 'key' ELSE j.master END || '_missing' AS kind, j.source, '' AS key, j.rows, j.amount, j.first_on, j.last_on, j.part AS column_name,
         CASE WHEN j.own THEN 'found by nothing' ELSE 'left out of the reports by ' || j.master END AS message
  FROM joined AS j WHERE j.required AND j.key IS NULL
UNION ALL
  SELECT j.master || '_unknown' AS kind, j.source, j.key, j.rows, j.amount, j.first_on, j.last_on, j.part AS column_name,
         CASE WHEN j.source = j.master THEN 'refers to nothing' WHEN j.source = 'outlet' AND j.master = 'customer' THEN 'an outlet of nobody' WHEN j.source IN ('visit', 'visit_plan') AND j.master = 'outlet' THEN 'a visit to nowhere'
           WHEN j.master = 'product' THEN 'in no category or brand' WHEN j.master = 'person' THEN 'without a name and a team' WHEN j.master = 'outlet' THEN 'outside the general base'
           WHEN j.bound THEN 'in the reports without a name' ELSE 'outside the base' END AS message
  FROM joined AS j JOIN asked AS a ON j.master = ANY (a.bound) WHERE NOT j.own AND j.key IS NOT NULL AND j.listed IS NULL
UNION ALL
  SELECT 'key_twice' AS kind, j.source, j.key, j.rows, NULL AS amount, NULL AS first_on, NULL AS last_on, NULL AS column_name, 'what is joined to it counts more than once' AS message
  FROM joined AS j WHERE j.own AND j.key IS NOT NULL AND j.listed > 1
UNION ALL
  SELECT 'row_twice' AS kind, g.source, g.key, g.rows, g.amount, g.first_on, g.last_on, NULL AS column_name, 'counts more than once' AS message
  FROM gathered AS g WHERE g.part = ''
UNION ALL
  SELECT 'outlet_of_other_customer' AS kind, j.source, j.key, j.rows, j.amount, j.first_on, j.last_on, j.part AS column_name, 'of one customer, in the outlet of another' AS message
  FROM joined AS j WHERE NOT j.own AND NOT j.beside = ANY (j.owners)
UNION ALL
  SELECT t.kind, g.source, coalesce(g.key, '') AS key, g.rows, g.amount, g.first_on, g.last_on, t.column_name,
         CASE WHEN t.kind IN ('date_missing', 'date_impossible') AND g.source = 'sale' THEN 'left out of all reports'
           WHEN t.kind IN ('date_missing', 'date_impossible') THEN 'left out of what is by this day' WHEN t.kind = 'date_open' THEN 'a period without an end is left out'
           WHEN t.kind = 'date_reversed' THEN 'ends before it begins: how long it took is not known' WHEN t.kind = 'amount_missing' THEN 'counted without an amount'
           WHEN t.kind = 'amount_impossible' AND g.source = 'sale' THEN 'NaN or infinite: the reports that read it fail' WHEN t.kind LIKE '%\_impossible' THEN 'NaN or infinite, and so is what is computed of it'
           WHEN t.kind LIKE '%\_negative' THEN 'below zero, and taken off the rest' ELSE 'counted without it' END AS message
  FROM gathered AS g CROSS JOIN LATERAL (SELECT split_part(x, ' ', 1) AS kind, split_part(x, ' ', 2) AS column_name FROM unnest(g.trouble) AS x) AS t WHERE cardinality(g.trouble) > 0
UNION ALL
  SELECT 'key_unknown' AS kind, w.source, concat_ws(' ', w.word, w.key) AS key, 1 AS rows, NULL AS amount, w.first_on, w.last_on, NULL AS column_name,
         CASE WHEN w.word IN ('category', 'brand', 'pack', 'product') THEN 'a target of nothing that is sold' ELSE 'of nothing that the sources have' END AS message
  FROM named AS w
  WHERE NOT w.there AND w.word IN (SELECT p.word FROM part AS p JOIN asked AS a ON p.source || '.' || p.name = ANY (a.bound) AND NOT (p.word = 'channel' AND 'sale.channel' = ANY (a.bound)))
UNION ALL
  SELECT 'plan_twice' AS kind, 'plan' AS source, p.customer_id::text AS key, 2 AS rows, NULL AS amount, lower(p.period * q.period) AS first_on, upper(p.period * q.period) - 1 AS last_on, NULL AS column_name, 'two annual plans for the same days' AS message
  FROM {schema}.plan AS p JOIN {schema}.plan AS q ON q.customer_id = p.customer_id AND q.plan_id > p.plan_id AND q.period && p.period AND q.kind = 'annual' AND q.status <> 'draft'
  WHERE p.kind = 'annual' AND p.status <> 'draft'
UNION ALL
  SELECT 'line_twice' AS kind, 'plan_line' AS source, concat_ws(' ', p.customer_id::text, l.parameter, l.key, l.measure) AS key, 2 AS rows, NULL AS amount, lower(p.period * q.period) AS first_on, upper(p.period * q.period) - 1 AS last_on, NULL AS column_name, 'two plans of one kind have a target for the same days' AS message
  FROM {schema}.plan AS p JOIN {schema}.plan_line AS l ON l.plan_id = p.plan_id
  JOIN {schema}.plan AS q ON q.customer_id = p.customer_id AND q.kind = p.kind AND q.plan_id > p.plan_id AND q.period && p.period AND q.status <> 'draft'
  JOIN {schema}.plan_line AS m ON m.plan_id = q.plan_id AND m.parameter = l.parameter AND m.key = l.key AND m.measure = l.measure
  WHERE p.status <> 'draft'
UNION ALL
  SELECT 'line_missing' AS kind, 'plan' AS source, p.customer_id::text AS key, 1 AS rows, NULL AS amount, lower(p.period) AS first_on, upper(p.period) - 1 AS last_on, NULL AS column_name, 'a plan without targets is not followed' AS message
  FROM {schema}.plan AS p WHERE p.kind IN ('customer', 'annual') AND p.status <> 'draft' AND NOT EXISTS (SELECT FROM {schema}.plan_line AS l WHERE l.plan_id = p.plan_id)
UNION ALL
  SELECT x.kind, 'programme' AS source, p.name AS key, 1 AS rows, NULL AS amount, lower(p.period) AS first_on, upper(p.period) - 1 AS last_on, NULL AS column_name, x.message
  FROM {schema}.programme AS p
  CROSS JOIN LATERAL (VALUES
    ('tier_missing', p.kind = 'tiered' AND NOT EXISTS (SELECT FROM {schema}.programme_tier AS t WHERE t.programme_id = p.programme_id), 'a tiered programme without tiers pays nothing'),
    ('member_missing', NOT EXISTS (SELECT FROM {schema}.programme_customer AS c WHERE c.programme_id = p.programme_id), 'nobody takes part')) AS x (kind, holds, message)
  WHERE x.holds
UNION ALL
  SELECT 'target_missing' AS kind, 'programme_customer' AS source, c.customer_id::text AS key, 1 AS rows, NULL AS amount, lower(p.period) AS first_on, upper(p.period) - 1 AS last_on, 'target' AS column_name, 'what he earns is not known' AS message
  FROM {schema}.programme AS p JOIN {schema}.programme_customer AS c ON c.programme_id = p.programme_id
  WHERE c.target IS NULL AND (p.kind IN ('turnover', 'framework') OR p.qualifies_by = 'attainment')
UNION ALL
  SELECT 'share_above_one' AS kind, 'mix_plan' AS source, m.dimension AS key, count(*) AS rows, NULL AS amount, lower(m.period) AS first_on, upper(m.period) - 1 AS last_on, 'share' AS column_name, 'the planned shares are more than a whole' AS message
  FROM {schema}.mix_plan AS m GROUP BY m.dimension, m.period HAVING sum(m.share) > 1
UNION ALL
  SELECT 'manager_missing' AS kind, 'kam_member' AS source, m.customer_id::text AS key, 1 AS rows, NULL AS amount, lower(m.valid) AS first_on, upper(m.valid) - 1 AS last_on, NULL AS column_name, 'a key account that nobody looks after' AS message
  FROM {schema}.kam_member AS m JOIN asked AS a ON m.valid @> a.as_of
  WHERE NOT EXISTS (SELECT FROM {schema}.kam_assignment AS g WHERE g.customer_id = m.customer_id AND g.role = 'manager' AND g.valid @> a.as_of)
UNION ALL
  SELECT 'setting_wrong' AS kind, 'setting' AS source, '' AS key, 1 AS rows, NULL AS amount, x.first_on, x.last_on, x.column_name, x.message
  FROM asked AS a
  CROSS JOIN LATERAL (VALUES
    ('period', lower(a.period) > a.as_of, lower(a.period), upper(a.period) - 1, 'begins after as_of: nothing has come of it yet'),
    ('abc_cutoffs', cardinality(a.abc_cutoffs) = 0 OR a.abc_cutoffs <> ARRAY(SELECT DISTINCT c FROM unnest(a.abc_cutoffs) AS c WHERE c > 0 AND c <= 1 ORDER BY c), NULL, NULL, 'does not rise within 0 and 1: the reports that read it fail'),
    ('xyz_cutoffs', cardinality(a.xyz_cutoffs) <> 2 OR a.xyz_cutoffs <> ARRAY(SELECT DISTINCT c FROM unnest(a.xyz_cutoffs) AS c WHERE c >= 0 AND c < 'infinity' ORDER BY c), NULL, NULL, 'not two numbers that rise: the reports that read it fail'),
    ('frequency_shares', cardinality(a.frequency_shares) <> 2 OR a.frequency_shares <> ARRAY(SELECT DISTINCT c FROM unnest(a.frequency_shares) AS c WHERE c >= 0 AND c <= 1 ORDER BY c DESC), NULL, NULL, 'not two shares that fall: the reports that read it fail'),
    ('size_thresholds', cardinality(a.size_thresholds) <> 2 OR a.size_thresholds <> ARRAY(SELECT DISTINCT c FROM unnest(a.size_thresholds) AS c WHERE c >= 0 AND c < 'infinity' ORDER BY c DESC), NULL, NULL, 'not two numbers that fall: the reports that read it fail')) AS x (column_name, holds, first_on, last_on, message)
  WHERE x.holds)
SELECT f.kind, f.source, f.key, sum(f.rows)::bigint AS rows, sum(f.amount) AS amount, min(f.first_on) AS first_on, max(f.last_on) AS last_on, f.message, (SELECT a.as_of FROM asked AS a) AS as_of, f.column_name
FROM found AS f
GROUP BY f.kind, f.source, f.key, f.message, f.column_name
$body$;
