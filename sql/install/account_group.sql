-- The groups of the key account programme, and who qualifies for it

CREATE TYPE kam_group_result AS (
  kam_group text,
  groups text[]
);

COMMENT ON TYPE kam_group_result IS
'the group of the key account programme that comes first, and all that apply';

CREATE FUNCTION kam_group(protection boolean, strategic boolean, growth boolean)
RETURNS kam_group_result
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ROW(
  CASE WHEN protection THEN 'protection' WHEN strategic THEN 'strategic' WHEN growth THEN 'growth' END,
  array_remove(ARRAY[
    CASE WHEN protection THEN 'protection' END,
    CASE WHEN strategic THEN 'strategic' END,
    CASE WHEN growth THEN 'growth' END], NULL))::kam_group_result;

COMMENT ON FUNCTION kam_group(boolean, boolean, boolean) IS
'the group of the key account programme: protection before strategic before growth, NULL outside it; and all that apply';

CREATE TYPE three_p_result AS (
  score integer,
  qualified boolean
);

COMMENT ON TYPE three_p_result IS
'how many of the three Ps a candidate meets, and whether he qualifies';

CREATE FUNCTION three_p(need boolean, solvency boolean, authority boolean)
RETURNS three_p_result
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ROW(
  coalesce(need, false)::integer + coalesce(solvency, false)::integer + coalesce(authority, false)::integer,
  need AND solvency AND authority)::three_p_result;

COMMENT ON FUNCTION three_p(boolean, boolean, boolean) IS
'need, solvency and authority to decide: how many are met, and whether all are; NULL while none is missing and one is unknown';
