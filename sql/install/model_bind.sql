-- Binding the sources of a model to a company's own tables

CREATE FUNCTION kam_model_refuse(source text, name text, given regtype, wanted regtype, is_key boolean)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION 'column "%" of the query is of type %, and source "%" needs %', name, given, source, wanted
    USING ERRCODE = '42804', HINT = CASE
      WHEN is_key THEN format('Cast it in the query, or make the model with keys of type %s.', given)
      WHEN wanted = 'date'::regtype AND given = 'timestamptz'::regtype THEN
        format('Write (%I AT TIME ZONE ''Europe/Berlin'')::date, with your own time zone.', name)
      ELSE format('Write (%I)::%s in the query.', name, wanted) END;
END $$;

COMMENT ON FUNCTION kam_model_refuse(text, text, regtype, regtype, boolean) IS
'says that a column of a query has the wrong type, and what to write';

CREATE FUNCTION kam_model_fits(given regtype, wanted regtype, is_key boolean)
RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  WITH RECURSIVE base (type) AS (
    SELECT given::oid
    UNION ALL
    SELECT typbasetype FROM pg_type JOIN base ON oid = type WHERE typtype = 'd')
  SELECT bool_or(type = wanted
    OR (wanted = 'text'::regtype AND NOT is_key)
    OR (wanted <> 'timestamptz'::regtype AND EXISTS (SELECT FROM pg_cast WHERE castsource = type AND casttarget = wanted AND castcontext = 'i')))
  FROM base;
END;

COMMENT ON FUNCTION kam_model_fits(regtype, regtype, boolean) IS
'whether values of a type, or of a domain over it, become those of another without anything lost; any become a text that is no key';

CREATE FUNCTION kam_model_bind(info kam_model_info, source text, query kam_model_statement, given text, wanted kam_model_column[], types regtype[], fits boolean[], statement text, path text)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  names CONSTANT text[] := ARRAY(SELECT c.name FROM unnest(wanted) AS c ORDER BY c.place);
  missing CONSTANT text[] := ARRAY(SELECT format('%s %s', c.name, types[c.place]) FROM unnest(wanted) AS c
                                   WHERE c.required AND NOT c.name = ANY (query.names) ORDER BY c.place);
  place integer;
BEGIN
  FOR i IN 1..cardinality(query.names) LOOP
    place := array_position(names, query.names[i]);
    IF place IS NULL THEN
      RAISE EXCEPTION 'source "%" has no column "%"', source, query.names[i]
        USING ERRCODE = '42703', HINT = format('Its columns are %s.', array_to_string(names, ', '));
    ELSIF query.names[i] = ANY (query.names[1:i - 1]) THEN
      RAISE EXCEPTION 'the query has two columns "%"', query.names[i] USING ERRCODE = '42701';
    ELSIF NOT fits[i] THEN
      EXECUTE format('SELECT %I.kam_model_refuse($1, $2, $3, $4, $5)', info.kam)
        USING source, query.names[i], query.types[i], types[place], wanted[place].type LIKE '%\_key';
    END IF;
  END LOOP;
  IF cardinality(missing) > 0 THEN
    RAISE EXCEPTION 'the query lacks the column % that source "%" needs', missing[1], source
      USING ERRCODE = '42703', DETAIL = format('Columns that it lacks: %s.', array_to_string(missing, ', ')),
      HINT = CASE WHEN cardinality(missing) = 1 AND missing[1] LIKE 'outlet\_id %' THEN 'A company without outlets gives customer_id AS outlet_id.'
                  ELSE 'Name the columns of the query so, with AS.' END;
  END IF;

  IF EXISTS (
    WITH RECURSIVE reads (oid) AS (
      SELECT unnest(query.relations)::oid
      UNION
      SELECT refobjid FROM reads JOIN pg_rewrite ON ev_class = reads.oid
      JOIN pg_depend ON classid = 'pg_rewrite'::regclass AND objid = pg_rewrite.oid AND refclassid = 'pg_class'::regclass)
    SELECT FROM reads WHERE oid = to_regclass(format('%I.%I', info.schema, source))) THEN
    RAISE EXCEPTION 'the query of source "%" reads the source itself', source
      USING ERRCODE = '42P17', HINT = 'Read the tables of the company, not the views of the model.';
  END IF;

  PERFORM set_config('search_path', path, true);
  EXECUTE statement;
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  EXECUTE format('INSERT INTO %I.binding (source, columns, query) VALUES ($1, $2, $3) '
                 'ON CONFLICT (source) DO UPDATE SET columns = excluded.columns, query = excluded.query', info.schema)
    USING source, query.names, given;
END $$;

COMMENT ON FUNCTION kam_model_bind(kam_model_info, text, kam_model_statement, text, kam_model_column[], regtype[], boolean[], text, text) IS
'checks the columns of a query, puts it behind a source and remembers it';

CREATE FUNCTION kam_model_check_source(source text)
RETURNS void
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION 'there is no source "%"', source
    USING ERRCODE = '22023', HINT = 'kam_check_model lists the sources; kam_model_column has their columns.';
END $$;

COMMENT ON FUNCTION kam_model_check_source(text) IS 'says that there is no such source';

CREATE FUNCTION kam_bind(schema name, source text, query text)
RETURNS void
LANGUAGE sql VOLATILE STRICT
BEGIN ATOMIC
  SELECT kam_model_check_source(source)
  FROM kam_model_info(schema, kam_model_schema()) AS i
  WHERE NOT EXISTS (SELECT FROM kam_model_source AS s WHERE s.source = kam_bind.source);
  SELECT kam_model_bind(i, source, q, query, c.wanted, c.types,
    ARRAY(SELECT kam_model_fits(q.types[n], c.types[w.place], w.type LIKE '%\_key')
          FROM generate_subscripts(q.names, 1) AS n LEFT JOIN unnest(c.wanted) AS w ON w.name = q.names[n] ORDER BY n),
    kam_model_source_view(i, c.wanted, q.names, q.statement), current_setting('search_path'))
  FROM kam_model_info(schema, kam_model_schema()) AS i
  CROSS JOIN kam_model_query(query) AS q
  CROSS JOIN LATERAL (SELECT array_agg(w ORDER BY w.place) AS wanted, array_agg(kam_model_type(w.type, i)::regtype ORDER BY w.place) AS types
                      FROM kam_model_column AS w WHERE w.source = kam_bind.source) AS c;
END;

COMMENT ON FUNCTION kam_bind(name, text, text) IS
'puts a query over the company''s own tables behind a source of a model; its columns have the names of the source''s, optional ones may be left out';

CREATE FUNCTION kam_model_unbind(info kam_model_info, source text, statement text)
RETURNS void
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE statement;
  EXECUTE format('DELETE FROM %I.binding WHERE source = $1', info.schema) USING source;
END $$;

COMMENT ON FUNCTION kam_model_unbind(kam_model_info, text, text) IS 'makes a source empty again';

CREATE FUNCTION kam_unbind(schema name, source text)
RETURNS void
LANGUAGE sql VOLATILE STRICT
BEGIN ATOMIC
  SELECT kam_model_check_source(source)
  FROM kam_model_info(schema, kam_model_schema()) AS i
  WHERE NOT EXISTS (SELECT FROM kam_model_source AS s WHERE s.source = kam_unbind.source);
  SELECT kam_model_unbind(i, source, kam_model_source_view(i, c.wanted, '{}', NULL))
  FROM kam_model_info(schema, kam_model_schema()) AS i
  CROSS JOIN (SELECT array_agg(w ORDER BY w.place) AS wanted FROM kam_model_column AS w WHERE w.source = kam_unbind.source) AS c;
END;

COMMENT ON FUNCTION kam_unbind(name, text) IS 'makes a source of a model empty again, as before kam_bind';
