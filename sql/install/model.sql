-- The model of a company: what its parts are made from. The rows of these tables stand in other pieces;
-- a model is made of them by kam_create_model.

CREATE TABLE kam_model_source (
  source text PRIMARY KEY,
  comment text NOT NULL,
  unique_by text[]
);

COMMENT ON TABLE kam_model_source IS
'the sources of a model: views that a company binds to its own tables; unique_by has the columns of which no two rows have the same';

CREATE TABLE kam_model_column (
  source text NOT NULL,
  place integer NOT NULL,
  name text NOT NULL,
  type text NOT NULL,
  required boolean NOT NULL,
  comment text NOT NULL,
  signed boolean NOT NULL DEFAULT false,
  not_before text,
  PRIMARY KEY (source, name),
  UNIQUE (source, place)
);

COMMENT ON TABLE kam_model_column IS
'the columns of the sources; type is a type, or the kind of key: customer_key, outlet_key, product_key, person_key; signed: numbers below zero are right in it; not_before: a column of the source that its day does not precede. New columns come last';

CREATE TABLE kam_model_object (
  name text NOT NULL,
  place integer NOT NULL,
  kind text NOT NULL,
  needs text[] NOT NULL DEFAULT '{}',
  comment text NOT NULL,
  columns text NOT NULL DEFAULT '',
  body text NOT NULL,
  PRIMARY KEY (name, kind, place),
  CHECK (kind IN ('table', 'alter', 'view', 'report'))
);

COMMENT ON TABLE kam_model_object IS
'the tables, views and reports of a model in the order of place: needs is what of the sources they read, columns a comment a line (name: comment), body the text';

GRANT SELECT ON kam_model_source, kam_model_column, kam_model_object TO PUBLIC;

CREATE TYPE kam_model_info AS (
  schema name,
  kam name,
  version text,
  customer_key regtype,
  outlet_key regtype,
  product_key regtype,
  person_key regtype,
  security_invoker boolean,
  own_schema boolean
);

COMMENT ON TYPE kam_model_info IS
'a model: its schema and that of kam, the version that it was made by, the types of its keys';

CREATE TYPE kam_model_statement AS (statement text, names text[], types regtype[], relations regclass[]);

COMMENT ON TYPE kam_model_statement IS
'a query: its one statement, the names and types of its columns, and the relations that it reads';

CREATE FUNCTION kam_model_query(query text)
RETURNS kam_model_statement
AS 'MODULE_PATHNAME', 'kam_model_query'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;

COMMENT ON FUNCTION kam_model_query(text) IS
'reads a query without executing it; it must be one SELECT that only reads (for kam_bind)';

CREATE FUNCTION kam_model_schema()
RETURNS name
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'kam');

COMMENT ON FUNCTION kam_model_schema() IS 'the schema that kam is in';

CREATE FUNCTION kam_model_version()
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT extversion FROM pg_extension WHERE extname = 'kam');

COMMENT ON FUNCTION kam_model_version() IS 'the version of kam that is installed';

CREATE FUNCTION kam_model_goal(kpi text, customer_id text, person_id text, channel text, territory text, team text DEFAULT NULL)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format($join$LEFT JOIN LATERAL (
  SELECT g.goal, coalesce(g.tolerance, a.goal_tolerance) AS tolerance, g.weight
  FROM kpi_goal AS g
  WHERE g.kpi = %L AND g.key = CASE g.scope WHEN 'customer' THEN (%s)::text WHEN 'person' THEN (%s)::text WHEN 'team' THEN %s
    WHEN 'channel' THEN %s WHEN 'territory' THEN %s ELSE '' END
  ORDER BY array_position('{customer,person,team,channel,territory,all}'::text[], g.scope) LIMIT 1) AS g ON true$join$,
  kpi, coalesce(customer_id, 'NULL'), person_id, coalesce(team, format('(SELECT min(t.team) FROM person AS t WHERE t.person_id = %s)', person_id)),
  coalesce(channel, 'NULL'), coalesce(territory, 'NULL'));

COMMENT ON FUNCTION kam_model_goal(text, text, text, text, text, text) IS
'a join of a report that gives as g the goal, the tolerance and the weight of an indicator in kpi_goal: the nearest of those of the customer, his person, team, channel, territory, or of all. The arguments are expressions; the team is that of the person, unless given';

CREATE FUNCTION kam_model_parts(seasons text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format($join$CROSS JOIN LATERAL (
  SELECT 'quarter'::text AS grain, b.bucket, date_part('year', lower(b.bucket))::integer AS year, 'Q' || date_part('quarter', lower(b.bucket)) AS part,
         b.total AS amount, b.previous, b.change, b.growth, b.direction, b.year_before, b.year_change, b.year_growth
  FROM series_changes(regrain(o.amount, 'quarter')) AS b
  WHERE NOT b.clipped AND upper(b.bucket) > greatest(p.since, first_sale(o.amount))
UNION ALL
  SELECT 'season'::text AS grain, s.days AS bucket, s.year, s.season AS part, s.total AS amount, s.previous, s.total - s.previous AS change,
         CASE WHEN s.previous > 0 THEN (s.total - s.previous) / s.previous END AS growth,
         CASE sign(s.total - s.previous) WHEN 1 THEN 'grew' WHEN 0 THEN 'unchanged' WHEN -1 THEN 'shrank' END AS direction,
         s.total_before AS year_before, s.change AS year_change, s.growth AS year_growth
  FROM (SELECT b.season, b.year, b.days, b.total, b.complete, b.total_before, b.change, b.growth,
               CASE WHEN lag(b.complete) OVER w THEN lag(b.total) OVER w END AS previous
        FROM season_totals(o.amount, %s) AS b WINDOW w AS (ORDER BY b.days)) AS s
  WHERE s.complete AND upper(s.days) > greatest(p.since, first_sale(o.amount))) AS x$join$, seasons);

COMMENT ON FUNCTION kam_model_parts(text) IS
'a join of a report that gives as x the quarters and seasons of the series o.amount that are over, from p.since on; the argument is an expression for the seasons of the months';
