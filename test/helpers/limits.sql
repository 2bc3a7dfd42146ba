-- what abc_limits gives, by plain SQL over exact numbers; the fields of the result but for the cut-offs
CREATE FUNCTION pg_temp.limits_of(given numeric[]) RETURNS text LANGUAGE sql AS $$
  WITH point AS MATERIALIZED (
    SELECT v, sum(c) OVER w AS k, sum(v * c) OVER w AS s, sum(c) OVER () AS n, sum(v * c) OVER () AS t
    FROM (SELECT v, count(*) AS c FROM unnest(given) AS v WHERE v > 0 GROUP BY v) AS g
    WINDOW w AS (ORDER BY v DESC)
  ), pareto AS (
    SELECT k FROM point ORDER BY (k * t) * (k * t) + (n * (t - s)) * (n * (t - s)), k LIMIT 1
  ), break_even AS (
    SELECT max(k) AS k FROM point WHERE v * n >= t
  ), a AS (
    SELECT point.* FROM point, pareto, break_even WHERE point.k = least(pareto.k, break_even.k)
  ), b AS (
    SELECT point.*
    FROM point, (SELECT greatest(pareto.k, break_even.k) AS later FROM pareto, break_even) AS x
    ORDER BY ((k - later) * t) * ((k - later) * t) + (n * (t - s)) * (n * (t - s)), k LIMIT 1
  )
  SELECT concat_ws(' ', trim_scale(a.v), coalesce(trim_scale(CASE WHEN b.k > a.k THEN b.v END)::text, 'none'), a.k, b.k - a.k,
    (SELECT count(*) FROM unnest(given) AS v WHERE v IS NOT NULL) - b.k, round(a.s / a.t, 15), round((b.s - a.s) / b.t, 15))
  FROM a, b
$$;
-- the same fields of a result of abc_limits
CREATE FUNCTION pg_temp.limits_shown(l abc_limits_result) RETURNS text LANGUAGE sql RETURN
  CASE WHEN l.a_customers IS NOT NULL THEN concat_ws(' ', trim_scale(l.a_from), coalesce(trim_scale(l.b_from)::text, 'none'), l.a_customers, l.b_customers, l.c_customers, round(l.a_share, 15), round(l.b_share, 15)) END;
-- the share of the customers that make a share of the money
CREATE FUNCTION pg_temp.concentration_of(given numeric[], share numeric) RETURNS numeric LANGUAGE sql AS $$
  SELECT count(*) FILTER (WHERE v > 0 AND before < share * total)::numeric / count(*)
  FROM (SELECT v, sum(greatest(v, 0)) OVER w - greatest(v, 0) AS before, nullif(sum(greatest(v, 0)) OVER (), 0) AS total
    FROM unnest(given) WITH ORDINALITY AS u (v, i) WHERE v IS NOT NULL WINDOW w AS (ORDER BY v DESC, i ROWS UNBOUNDED PRECEDING)) AS x
  HAVING bool_or(v > 0)
$$;
-- the share of the money that the top customers make
CREATE FUNCTION pg_temp.pareto_of(given numeric[], top numeric) RETURNS numeric LANGUAGE sql AS $$
  SELECT coalesce(sum(v) FILTER (WHERE v > 0 AND place <= ceil(top * n)), 0) / sum(v) FILTER (WHERE v > 0)
  FROM (SELECT v, row_number() OVER (ORDER BY v DESC) AS place, count(*) OVER () AS n FROM unnest(given) AS v WHERE v IS NOT NULL) AS x
$$;
