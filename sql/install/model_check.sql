-- What a model has and lacks, and the classes of a day kept

CREATE TYPE kam_model_finding AS (
  kind text,
  name text,
  state text,
  rows bigint,
  message text
);

COMMENT ON TYPE kam_model_finding IS
'what kam_check_model finds: of which kind (model, source, report, rows), where, its state, how many rows, and what it means';

CREATE FUNCTION kam_model_exceptions(info kam_model_info)
RETURNS SETOF kam_model_finding
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT ''rows'', source, kind, sum(rows)::bigint, message FROM %I.data_exceptions GROUP BY source, kind, message', info.schema);
END $$;

COMMENT ON FUNCTION kam_model_exceptions(kam_model_info) IS 'the report data_exceptions of a model, a row a kind';

CREATE FUNCTION kam_model_bound(info kam_model_info)
RETURNS text[]
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  bound text[];
BEGIN
  EXECUTE format('SELECT ARRAY(SELECT source FROM %1$I.binding UNION ALL SELECT source || ''.'' || part FROM %1$I.binding CROSS JOIN unnest(columns) AS part)', info.schema) INTO bound;
  RETURN bound;
END $$;

COMMENT ON FUNCTION kam_model_bound(kam_model_info) IS 'the sources of a model that are bound, and their columns';

CREATE FUNCTION kam_model_state(needs text[], bound text[])
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN needs[1] NOT LIKE '%.%' AND NOT needs[1] = ANY (bound) THEN 'empty' WHEN needs <@ bound THEN 'complete' ELSE 'in part' END;

COMMENT ON FUNCTION kam_model_state(text[], text[]) IS
'what a report is fed with, by what it needs and what is bound: complete, in part, or empty without its first source';

CREATE FUNCTION kam_check_model(schema name)
RETURNS SETOF kam_model_finding
LANGUAGE sql STABLE STRICT
ROWS 50
BEGIN ATOMIC
  WITH model AS MATERIALIZED (
    SELECT i, kam_model_bound(i) AS bound, kam_model_version() AS version FROM kam_model_info(schema, kam_model_schema()) AS i),
  found AS (
    SELECT 1 AS place, 'model' AS kind, (m.i).schema::text AS name, 'older' AS state, NULL::bigint AS rows,
           format('its views are of version %s, and %s is installed: SELECT kam_upgrade_model(%L)', (m.i).version, m.version, (m.i).schema) AS message
    FROM model AS m WHERE (m.i).version <> m.version
    UNION ALL
    SELECT 2, 'source', s.source, CASE WHEN s.source = ANY (m.bound) THEN 'bound' ELSE 'not bound' END, NULL,
           CASE WHEN s.source = ANY (m.bound) THEN 'without ' || string_agg(c.name, ', ' ORDER BY c.place) FILTER (WHERE NOT s.source || '.' || c.name = ANY (m.bound))
                ELSE 'needs ' || string_agg(c.name, ', ' ORDER BY c.place) FILTER (WHERE c.required) END
    FROM kam_model_source AS s JOIN kam_model_column AS c ON c.source = s.source CROSS JOIN model AS m
    GROUP BY s.source, m.bound
    UNION ALL
    SELECT 3, 'report', o.name,
           kam_model_state(o.needs, m.bound), NULL,
           'lacks ' || string_agg(n.need, ', ' ORDER BY n.place)
    FROM kam_model_object AS o CROSS JOIN model AS m
    LEFT JOIN LATERAL unnest(o.needs) WITH ORDINALITY AS n (need, place) ON NOT n.need = ANY (m.bound)
    WHERE o.kind = 'report' GROUP BY o.name, o.needs, m.bound
    UNION ALL
    SELECT 4, e.kind, e.name, e.state, e.rows, e.message FROM model AS m CROSS JOIN LATERAL kam_model_exceptions(m.i) AS e)
  SELECT kind, name, state, rows, message FROM found ORDER BY place, name COLLATE "C", state COLLATE "C";
END;

COMMENT ON FUNCTION kam_check_model(name) IS
'what of a model is bound, what each report still lacks, and which rows break what the model relies on';

CREATE FUNCTION kam_model_snapshot(info kam_model_info, as_of date)
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  written bigint;
BEGIN
  EXECUTE format($snapshot$
    INSERT INTO %1$I.class_history AS h (customer_id, as_of, amount, share, abc, xyz, cell, rfm, segment)
    SELECT customer_id, as_of, amount, share, abc, xyz, cell, rfm, segment FROM %1$I.customer_class($1)
    ON CONFLICT (customer_id, as_of) DO UPDATE SET amount = excluded.amount, share = excluded.share, abc = excluded.abc, xyz = excluded.xyz,
      cell = excluded.cell, rfm = excluded.rfm, segment = excluded.segment$snapshot$, info.schema) USING as_of;
  GET DIAGNOSTICS written = ROW_COUNT;
  RETURN written;
END $$;

COMMENT ON FUNCTION kam_model_snapshot(kam_model_info, date) IS 'writes the classes of a day into class_history';

CREATE FUNCTION kam_snapshot(schema name, as_of date DEFAULT NULL)
RETURNS bigint
LANGUAGE sql VOLATILE
BEGIN ATOMIC
  SELECT kam_model_snapshot(kam_model_info(schema, kam_model_schema()), as_of);
END;

COMMENT ON FUNCTION kam_snapshot(name, date) IS
'keeps the classes of a day in class_history, and gives how many customers; a manual class that stands there stays';
