-- Making a model, and bringing it up to date. The functions in PL/pgSQL see nothing but pg_catalog; what they need
-- of kam they are given by functions in SQL, whose bodies were bound when kam was installed. So no search_path
-- changes what they do, and kam may be moved.

CREATE FUNCTION kam_model_info(schema name, kam name)
RETURNS kam_model_info
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  info record;
BEGIN
  IF to_regclass(format('%I.model', schema)) IS NULL THEN
    RAISE EXCEPTION 'schema "%" has no model of kam', schema
      USING ERRCODE = '42704', HINT = format('SELECT kam_create_model(%L) makes one.', schema);
  END IF;
  EXECUTE format('SELECT $1, $2, version, customer_key::regtype, outlet_key::regtype, product_key::regtype, person_key::regtype, security_invoker, own_schema FROM %I.model', schema)
    INTO STRICT info USING schema, kam;
  RETURN info;
END $$;

COMMENT ON FUNCTION kam_model_info(name, name) IS 'reads how a model was made';

CREATE FUNCTION kam_model_type(type text, info kam_model_info)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT format('pg_catalog.%I', typname) FROM pg_type WHERE oid = CASE type
  WHEN 'customer_key' THEN (info).customer_key WHEN 'outlet_key' THEN (info).outlet_key
  WHEN 'product_key' THEN (info).product_key WHEN 'person_key' THEN (info).person_key
  ELSE format('pg_catalog.%I', CASE type WHEN 'integer' THEN 'int4' WHEN 'boolean' THEN 'bool' ELSE type END)::regtype END);

COMMENT ON FUNCTION kam_model_type(text, kam_model_info) IS 'the type of a column of a source, with its schema';

CREATE FUNCTION kam_model_source_view(info kam_model_info, wanted kam_model_column[], given text[], query text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
  SELECT format(E'CREATE OR REPLACE VIEW %I.%I WITH (security_invoker = %s) AS SELECT\n%s\n%s', (info).schema, min(c.source), (info).security_invoker::text,
    string_agg(format('  %s::%s%s AS %I', CASE WHEN c.name = ANY (given) THEN format('q.%I', c.name) ELSE 'NULL' END,
        t.type, CASE WHEN t.type = 'pg_catalog.text' THEN ' COLLATE pg_catalog."default"' END, c.name), E',\n' ORDER BY c.place),
    CASE WHEN query IS NULL THEN 'WHERE false' ELSE format(E'FROM (\n%s\n) AS q', query) END)
  FROM unnest(wanted) AS c CROSS JOIN LATERAL (SELECT kam_model_type(c.type, info) AS type) AS t);

COMMENT ON FUNCTION kam_model_source_view(kam_model_info, kam_model_column[], text[], text) IS
'the statement that makes a source of a query that gives some of its columns, or an empty one of none';

CREATE FUNCTION kam_model_text(body text, info kam_model_info, asked text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN replace(replace(replace(replace(replace(replace(body, '{asked}', asked), '{schema}', format('%I', (info).schema)),
  '{customer_key}', kam_model_type('customer_key', info)), '{outlet_key}', kam_model_type('outlet_key', info)),
  '{product_key}', kam_model_type('product_key', info)), '{person_key}', kam_model_type('person_key', info));

COMMENT ON FUNCTION kam_model_text(text, kam_model_info, text) IS
'the text of a table, view or report, with the schema, the types of the keys, and what its settings are read from';

CREATE FUNCTION kam_model_comments(info kam_model_info, name text, kind text, comment text, columns text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN concat(format(E'COMMENT ON %s %I.%I IS %L;\n', CASE kind WHEN 'table' THEN 'TABLE' ELSE 'VIEW' END, (info).schema, name, comment),
  (SELECT string_agg(format(E'COMMENT ON COLUMN %I.%I.%I IS %L;\n', (info).schema, name, split_part(line, ': ', 1), substr(line, strpos(line, ': ') + 2)), '')
   FROM regexp_split_to_table(btrim(columns, E'\n'), E'\n') AS line WHERE line <> ''));

COMMENT ON FUNCTION kam_model_comments(kam_model_info, text, text, text, text) IS 'the statements that comment on a relation and its columns';

CREATE TYPE kam_model_step AS (place integer, step integer, when_missing text, statement text);

COMMENT ON TYPE kam_model_step IS
'a statement that makes a part of a model, or brings it up to date; only while the relation when_missing is missing, where there is one';

CREATE FUNCTION kam_model_statements(info kam_model_info)
RETURNS SETOF kam_model_step
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT 0, 0, format('%I.%I', (info).schema, s.source), kam_model_source_view(info, c.wanted, '{}', NULL)
  FROM kam_model_source AS s
  CROSS JOIN LATERAL (SELECT array_agg(c ORDER BY c.place) AS wanted, string_agg(c.name || ': ' || c.comment, E'\n' ORDER BY c.place) AS columns
                      FROM kam_model_column AS c WHERE c.source = s.source) AS c
  UNION ALL
  SELECT o.place, t.step, t.when_missing, t.statement
  FROM kam_model_object AS o
  CROSS JOIN LATERAL (VALUES
    (1, format('%I.%I', (info).schema, o.name), CASE WHEN o.kind = 'table' THEN
      format('CREATE TABLE %I.%I (%s)', (info).schema, o.name, kam_model_text(o.body, info, '')) END),
    (2, NULL, CASE WHEN o.kind = 'alter' THEN kam_model_text(o.body, info, '') END),
    (3, NULL, CASE WHEN o.kind IN ('view', 'report') THEN
      format('CREATE OR REPLACE VIEW %I.%I WITH (security_invoker = %s) AS %s', (info).schema, o.name, (info).security_invoker::text,
        kam_model_text(o.body, info, CASE o.name WHEN 'in_force' THEN '(SELECT NULL::date AS as_of, NULL::daterange AS period)' ELSE 'in_force' END)) END),
    (4, NULL, CASE WHEN o.kind <> 'alter' THEN kam_model_comments(info, o.name, o.kind, o.comment, o.columns) END),
    (5, NULL, CASE WHEN o.kind = 'report' THEN
      format('CREATE OR REPLACE FUNCTION %1$I.%2$I(as_of date, period daterange DEFAULT NULL) RETURNS SETOF %1$I.%2$I LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC %3$s; END; '
             'COMMENT ON FUNCTION %1$I.%2$I(date, daterange) IS %4$L', (info).schema, o.name,
        kam_model_text(o.body, info, CASE o.name WHEN 'in_force' THEN '(SELECT $1 AS as_of, $2 AS period)' ELSE 'in_force($1, $2)' END),
        o.comment || '; as of a day, and of a period of one''s own') END)) AS t (step, when_missing, statement)
  WHERE t.statement IS NOT NULL
  UNION ALL
  SELECT 1, 0, NULL, kam_model_comments(info, s.source, 'view', s.comment, c.columns)
  FROM kam_model_source AS s
  CROSS JOIN LATERAL (SELECT string_agg(c.name || ': ' || c.comment, E'\n' ORDER BY c.place) AS columns FROM kam_model_column AS c WHERE c.source = s.source) AS c
  ORDER BY 1, 2;
END;

COMMENT ON FUNCTION kam_model_statements(kam_model_info) IS
'what makes a model complete and brings its views up to date, statement by statement';

CREATE FUNCTION kam_model_begin(schema name, kam name, version text, keys regtype[], security_invoker boolean)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  kinds CONSTANT text[] := '{customer_key,outlet_key,product_key,person_key}';
  own boolean := false;
BEGIN
  IF schema IS NULL OR security_invoker IS NULL THEN
    RAISE EXCEPTION '% must not be NULL', CASE WHEN schema IS NULL THEN 'schema' ELSE 'security_invoker' END USING ERRCODE = '22023';
  END IF;
  FOR i IN 1..4 LOOP
    IF keys[i] IS NULL OR NOT keys[i] = ANY ('{bigint,integer,smallint,text,uuid}'::regtype[]) THEN
      RAISE EXCEPTION '% cannot be of type %', kinds[i], coalesce(keys[i]::text, 'NULL')
        USING ERRCODE = '22023', HINT = 'Keys are bigint, integer, smallint, text or uuid; text holds varchar and char.';
    END IF;
  END LOOP;
  IF schema = kam THEN
    RAISE EXCEPTION 'schema "%" is the one that kam is in', schema
      USING ERRCODE = '22023', HINT = 'Give the model a schema of its own: SELECT kam_create_model(''crm'').';
  END IF;
  IF to_regnamespace(quote_ident(schema)) IS NULL THEN
    EXECUTE format('CREATE SCHEMA %I', schema);
    own := true;
  ELSIF to_regclass(format('%I.model', schema)) IS NOT NULL THEN
    RAISE EXCEPTION 'schema "%" has a model, or a table of that name', schema
      USING ERRCODE = '42710', HINT = format('SELECT kam_upgrade_model(%L) brings it up to date.', schema);
  END IF;

  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist') THEN
    BEGIN
      EXECUTE format('CREATE EXTENSION btree_gist SCHEMA %I', CASE WHEN to_regnamespace('public') IS NULL THEN kam ELSE 'public' END);
    EXCEPTION WHEN OTHERS THEN
      RAISE EXCEPTION 'the model needs the extension btree_gist, for ranges of days that may not overlap: %', SQLERRM
        USING ERRCODE = SQLSTATE, HINT = 'Ask who may for CREATE EXTENSION btree_gist; it comes with PostgreSQL''s contrib modules.';
    END;
  END IF;

  EXECUTE format($make$
    CREATE TABLE %1$I.model (
      single boolean PRIMARY KEY DEFAULT true CHECK (single),
      version text NOT NULL,
      customer_key text NOT NULL,
      outlet_key text NOT NULL,
      product_key text NOT NULL,
      person_key text NOT NULL,
      security_invoker boolean NOT NULL,
      own_schema boolean NOT NULL);
    COMMENT ON TABLE %1$I.model IS 'how this model of kam was made; for kam_upgrade_model and its kin, not to be changed by hand';
    COMMENT ON COLUMN %1$I.model.single IS 'there is one row';
    COMMENT ON COLUMN %1$I.model.version IS 'the version of kam that its views are of';
    COMMENT ON COLUMN %1$I.model.customer_key IS 'type of the keys of customers';
    COMMENT ON COLUMN %1$I.model.outlet_key IS 'type of the keys of outlets';
    COMMENT ON COLUMN %1$I.model.product_key IS 'type of the keys of products';
    COMMENT ON COLUMN %1$I.model.person_key IS 'type of the keys of people';
    COMMENT ON COLUMN %1$I.model.security_invoker IS 'the views read with the rights of whoever asks, else with those of their owner';
    COMMENT ON COLUMN %1$I.model.own_schema IS 'the schema was made with the model, and goes with it'$make$, schema);
  EXECUTE format('INSERT INTO %I.model VALUES (true, $1, $2, $3, $4, $5, $6, $7)', schema)
    USING version, keys[1]::text, keys[2]::text, keys[3]::text, keys[4]::text, security_invoker, own;
END $$;

COMMENT ON FUNCTION kam_model_begin(name, name, text, regtype[], boolean) IS
'checks what a model is to be made with, and makes its schema and the table that remembers it';

CREATE FUNCTION kam_model_build(info kam_model_info, version text)
RETURNS void
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  part record;
  path CONSTANT text := format('pg_catalog, %I, %I, pg_temp', info.kam, info.schema);
  told CONSTANT text := current_setting('client_min_messages');
BEGIN
  -- no notices of columns that are there already
  PERFORM set_config('client_min_messages', CASE told WHEN 'error' THEN told ELSE 'warning' END, true);
  FOR part IN EXECUTE format('SELECT * FROM %I.kam_model_statements($1) ORDER BY place, step', info.kam) USING info LOOP
    CONTINUE WHEN to_regclass(part.when_missing) IS NOT NULL;
    PERFORM set_config('search_path', path, true);
    EXECUTE part.statement;
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  END LOOP;
  PERFORM set_config('client_min_messages', told, true);
  EXECUTE format('UPDATE %I.model SET version = $1 WHERE version IS DISTINCT FROM $1', info.schema) USING version;
END $$;

COMMENT ON FUNCTION kam_model_build(kam_model_info, text) IS 'makes what a model lacks, and brings its views up to date';

CREATE FUNCTION kam_model_extend(info kam_model_info, wanted kam_model_column[])
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  view regclass := to_regclass(format('%I.%I', info.schema, wanted[1].source));
  present text[] := ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = view AND attnum > 0 ORDER BY attnum);
  statement text;
BEGIN
  IF view IS NULL OR cardinality(present) = cardinality(wanted) THEN
    RETURN;
  END IF;
  EXECUTE format('SELECT %I.kam_model_source_view($1, $2, $3, $4)', info.kam) INTO statement
    USING info, wanted, present, rtrim(pg_get_viewdef(view), '; ');
  EXECUTE statement;
END $$;

COMMENT ON FUNCTION kam_model_extend(kam_model_info, kam_model_column[]) IS
'gives a source of an older model the columns that are new, as NULL';

CREATE FUNCTION kam_create_model(
  schema name,
  customer_key regtype DEFAULT 'bigint',
  outlet_key regtype DEFAULT NULL,
  product_key regtype DEFAULT NULL,
  person_key regtype DEFAULT NULL,
  security_invoker boolean DEFAULT true)
RETURNS void
LANGUAGE sql VOLATILE
BEGIN ATOMIC
  SELECT kam_model_begin(schema, kam_model_schema(), kam_model_version(),
    ARRAY[customer_key, coalesce(outlet_key, customer_key), coalesce(product_key, customer_key), coalesce(person_key, customer_key)], security_invoker);
  SELECT kam_model_build(kam_model_info(schema, kam_model_schema()), kam_model_version());
END;

COMMENT ON FUNCTION kam_create_model(name, regtype, regtype, regtype, regtype, boolean) IS
'makes a model in a schema: empty sources, tables for plans, and reports; keys of outlets, products and people are of the type of customers unless said otherwise';

CREATE FUNCTION kam_upgrade_model(schema name)
RETURNS void
LANGUAGE sql VOLATILE STRICT
BEGIN ATOMIC
  SELECT kam_model_extend(kam_model_info(schema, kam_model_schema()), c.wanted)
  FROM (SELECT array_agg(c ORDER BY c.place) AS wanted FROM kam_model_column AS c GROUP BY c.source) AS c;
  SELECT kam_model_build(kam_model_info(schema, kam_model_schema()), kam_model_version());
END;

COMMENT ON FUNCTION kam_upgrade_model(name) IS
'brings a model to the version of kam that is installed: new sources, columns, tables and reports; what is bound and stored stays';

CREATE FUNCTION kam_model_drop(info kam_model_info, views text[], reports text[], tables text[])
RETURNS void
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  list text;
BEGIN
  SELECT string_agg(format('%I.%I(date, daterange)', info.schema, name), ', ') INTO list FROM unnest(reports) AS name
  WHERE to_regprocedure(format('%I.%I(date, daterange)', info.schema, name)) IS NOT NULL;
  EXECUTE coalesce('DROP FUNCTION ' || list, 'SELECT');
  SELECT string_agg(format('%I.%I', info.schema, name), ', ') INTO list FROM unnest(views) AS name
  WHERE to_regclass(format('%I.%I', info.schema, name)) IS NOT NULL;
  EXECUTE coalesce('DROP VIEW ' || list, 'SELECT');
  SELECT string_agg(format('%I.%I', info.schema, name), ', ') INTO list FROM unnest(tables || '{model}') AS name
  WHERE to_regclass(format('%I.%I', info.schema, name)) IS NOT NULL;
  EXECUTE coalesce('DROP TABLE ' || list, 'SELECT');
  IF info.own_schema AND NOT EXISTS (
      SELECT FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = to_regnamespace(quote_ident(info.schema))) THEN
    EXECUTE format('DROP SCHEMA %I', info.schema);
  END IF;
END $$;

COMMENT ON FUNCTION kam_model_drop(kam_model_info, text[], text[], text[]) IS 'drops the parts of a model';

CREATE FUNCTION kam_drop_model(schema name)
RETURNS void
LANGUAGE sql VOLATILE STRICT
BEGIN ATOMIC
  SELECT kam_model_drop(kam_model_info(schema, kam_model_schema()),
    ARRAY(SELECT source FROM kam_model_source) || ARRAY(SELECT DISTINCT name FROM kam_model_object WHERE kind IN ('view', 'report')),
    ARRAY(SELECT DISTINCT name FROM kam_model_object WHERE kind = 'report'),
    ARRAY(SELECT DISTINCT name FROM kam_model_object WHERE kind = 'table'));
END;

COMMENT ON FUNCTION kam_drop_model(name) IS
'drops a model with all that its tables hold; stops where an object outside the model depends on it';
