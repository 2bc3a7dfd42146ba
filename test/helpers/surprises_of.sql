-- what queries over $1, a state that nobody of kam made, end with, unless they give a result or refuse it with one of
-- these SQLSTATEs; '' if that is all they do
CREATE FUNCTION pg_temp.surprises_of(state bytea, queries text[], VARIADIC refusals text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  outcome text := '';
  query text;
BEGIN
  FOREACH query IN ARRAY queries LOOP
    BEGIN
      EXECUTE query USING state;
    EXCEPTION WHEN OTHERS THEN
      IF SQLSTATE <> ALL (refusals) THEN
        outcome := concat_ws(' ', outcome, query, SQLSTATE, SQLERRM);
      END IF;
    END;
  END LOOP;
  RETURN outcome;
END $$;
