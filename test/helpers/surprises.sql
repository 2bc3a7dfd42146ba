-- what queries over a state made by hand ($1) fail with, other than that it is refused or has no sum
CREATE FUNCTION pg_temp.surprises(state bytea, VARIADIC queries text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  outcome text := '';
  query text;
BEGIN
  FOREACH query IN ARRAY queries LOOP
    BEGIN
      EXECUTE query USING state;
    EXCEPTION WHEN OTHERS THEN
      IF SQLSTATE NOT IN ('XX001', '22003') THEN
        outcome := concat_ws(' ', outcome, SQLSTATE, SQLERRM);
      END IF;
    END;
  END LOOP;
  RETURN outcome;
END $$;
