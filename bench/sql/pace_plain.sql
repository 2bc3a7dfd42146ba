SELECT count(run_rate) FROM (
SELECT customer_id, round(total * days.all_days / days.gone, 4) AS run_rate
FROM customer_total,
  (SELECT count(*) AS all_days, count(*) FILTER (WHERE day <= '2025-09-17') AS gone
   FROM generate_series('2025-01-01', '2025-12-31', interval '1 day') AS day
   WHERE extract(isodow FROM day) < 6 AND day NOT IN ('2025-01-01', '2025-12-25')) AS days
) AS q;
