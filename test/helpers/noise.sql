-- a number from 0 to below - 1, the same for the same i and part: rows at random that are the same every time
CREATE FUNCTION pg_temp.noise(i bigint, part integer, below integer) RETURNS integer LANGUAGE sql IMMUTABLE
RETURN ((hashint8extended(i, part) & 9007199254740991) % below)::integer;
