-- RFM: scores by recency, frequency and monetary value, and segments of them

CREATE TYPE rfm_result AS (
  recency integer,
  frequency integer,
  monetary integer,
  score integer
);

COMMENT ON TYPE rfm_result IS
'scores of recency, frequency and monetary value, 1 the worst, and the number that they make: 543';

CREATE FUNCTION rfm_score(
  recency numeric,
  frequency numeric,
  monetary numeric,
  bins integer DEFAULT 5,
  rule text DEFAULT 'rank'
)
RETURNS rfm_result
AS 'MODULE_PATHNAME', 'kam_rfm_score'
LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE
SUPPORT kam_window_support;

COMMENT ON FUNCTION rfm_score(numeric, numeric, numeric, integer, text) IS
'scores 1 to bins of days since the last purchase, number of purchases and amount among the rows of the partition';

CREATE FUNCTION rfm_score(
  recency numeric,
  frequency numeric,
  monetary numeric,
  recency_cuts numeric[],
  frequency_cuts numeric[],
  monetary_cuts numeric[]
)
RETURNS rfm_result
AS 'MODULE_PATHNAME', 'kam_rfm_score_cuts'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION rfm_score(numeric, numeric, numeric, numeric[], numeric[], numeric[]) IS
'scores by given cut points, from each of which on the next score begins; k cut points make k + 1 scores';

CREATE TYPE rfm_segment_rule AS (
  segment text,
  recency_from integer,
  recency_to integer,
  frequency_from integer,
  frequency_to integer,
  monetary_from integer,
  monetary_to integer
);

COMMENT ON TYPE rfm_segment_rule IS
'the scores of a named segment, both bounds included; NULL is no bound';

CREATE FUNCTION rfm_segments()
RETURNS SETOF rfm_segment_rule
AS 'MODULE_PATHNAME', 'kam_rfm_segments'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
ROWS 10;

COMMENT ON FUNCTION rfm_segments() IS
'the ten default segments of scores 1 to 5, in the order in which they are tried';

CREATE FUNCTION rfm_segment(score rfm_result, segments rfm_segment_rule[] DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'kam_rfm_segment'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION rfm_segment(rfm_result, rfm_segment_rule[]) IS
'the first segment that the scores are within, or Others';
