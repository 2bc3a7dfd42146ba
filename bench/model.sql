-- What the reports of a model cost: each for the whole company and for one customer or one route, against a full
-- scan of the deliveries. Prints a table in Markdown. The demo company and its model are there (examples/company.sql,
-- examples/model.sql).
--
-- "lines read" is how many of the lines a report has read, in multiples of the table. The customer and the route are
-- those with the median number of lines; for the route a report is asked for its outlets.
\set QUIET on
\pset format unaligned
\pset tuples_only on
SET search_path = kam, public;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET work_mem = '64MB';

CREATE TEMP TABLE measured (report text, scope text, ms numeric, reads numeric);

CREATE FUNCTION pg_temp.measure(query text, OUT ms numeric, OUT reads numeric) LANGUAGE plpgsql AS $$
DECLARE
  plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ' || query INTO plan;
  ms := (plan->0->>'Planning Time')::numeric + (plan->0->>'Execution Time')::numeric;
  SELECT coalesce(sum(((node->>'Actual Rows')::numeric + coalesce((node->>'Rows Removed by Filter')::numeric, 0)) * (node->>'Actual Loops')::numeric), 0)
         / (SELECT reltuples FROM pg_class WHERE oid = 'demo.delivery_line'::regclass)::numeric
  INTO reads FROM jsonb_path_query(plan, 'strict $.** ? (@."Relation Name" == "delivery_line")') AS node;
END $$;

-- the median of three runs that follow one to warm up; a run of more than a second is enough
CREATE PROCEDURE pg_temp.measure(report text, scope text, query text) LANGUAGE plpgsql AS $$
DECLARE
  first record;
BEGIN
  SELECT * INTO first FROM pg_temp.measure(query);
  IF first.ms > 1000 THEN
    INSERT INTO measured VALUES (report, scope, first.ms, first.reads);
  ELSE
    INSERT INTO measured
    SELECT report, scope, percentile_disc(0.5) WITHIN GROUP (ORDER BY m.ms), max(m.reads)
    FROM generate_series(1, 3) AS i CROSS JOIN LATERAL pg_temp.measure(query || repeat(' ', i)) AS m;
  END IF;
END $$;

DO $$
DECLARE
  report record;
  customer integer := (SELECT customer_id FROM (SELECT customer_id, percent_rank() OVER (ORDER BY count(*)) AS rank FROM demo.delivery_line GROUP BY customer_id) AS c
                       WHERE rank >= 0.5 ORDER BY rank, customer_id LIMIT 1);
  route text := (SELECT route FROM (SELECT o.route, percent_rank() OVER (ORDER BY count(*)) AS rank FROM crm.outlet AS o JOIN demo.delivery_line USING (outlet_id) GROUP BY o.route) AS r
                 WHERE rank >= 0.5 ORDER BY rank, route LIMIT 1);
BEGIN
  CALL pg_temp.measure('a full scan', 'whole', 'SELECT count(*), max(sold_on), sum(amount) FROM demo.delivery_line');
  FOR report IN
    SELECT o.name, o.columns ~ '\mcustomer_id: ' AS by_customer, o.columns ~ '\moutlet_id: ' AS by_outlet
    FROM kam_model_object AS o WHERE o.kind = 'report' ORDER BY o.name COLLATE "C"
  LOOP
    CALL pg_temp.measure(report.name, 'whole', format('SELECT count(r) FROM crm.%I AS r', report.name));
    IF report.by_customer THEN
      CALL pg_temp.measure(report.name, 'customer', format('SELECT count(r) FROM crm.%I AS r WHERE customer_id = %s', report.name, customer));
    END IF;
    IF report.by_outlet THEN
      CALL pg_temp.measure(report.name, 'route', format('SELECT count(r) FROM crm.%I AS r WHERE outlet_id = ANY (ARRAY(SELECT outlet_id FROM crm.outlet WHERE route = %L))', report.name, route));
    END IF;
  END LOOP;
END $$;

SELECT format(E'%s, kam %s; %s delivery lines, %s customers; a full scan takes %s ms\n', split_part(version(), ' (', 1),
  (SELECT extversion FROM pg_extension WHERE extname = 'kam'), (SELECT count(*) FROM demo.delivery_line), (SELECT count(*) FROM demo.customer),
  (SELECT round(ms) FROM measured WHERE report = 'a full scan'));
SELECT '| report | whole company, ms | scans'' time | lines read | one customer, ms | scans'' time | one route, ms | scans'' time |';
SELECT '|---|---:|---:|---:|---:|---:|---:|---:|';
SELECT concat('| ', w.report, ' | ', round(w.ms), ' | ', round(w.ms / s.ms, 1), ' | ', round(w.reads, 1), ' | ', round(c.ms, 1), ' | ', round(c.ms / s.ms, 3), ' | ',
  round(r.ms, 1), ' | ', round(r.ms / s.ms, 3), ' |')
FROM measured AS w
CROSS JOIN (SELECT ms FROM measured WHERE report = 'a full scan') AS s
LEFT JOIN measured AS c ON c.report = w.report AND c.scope = 'customer'
LEFT JOIN measured AS r ON r.report = w.report AND r.scope = 'route'
WHERE w.scope = 'whole' ORDER BY w.report <> 'a full scan', w.report COLLATE "C";
