-- Migration: how customers move between the classes of two dates

CREATE FUNCTION class_move(
  before text,
  now text,
  classes text[] DEFAULT NULL
)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_class_move'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION class_move(text, text, text[]) IS
'up, down, same, entered or left: how a customer moved between two classes; the best class is the first of classes, or in the alphabet';
