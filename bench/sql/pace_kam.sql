SELECT count(run_rate) FROM (
SELECT customer_id, round(run_rate(total, '[2025-01-01,2026-01-01)', '2025-09-17', work_calendar 'weekend sat,sun; holidays 2025-01-01,2025-12-25'), 4) AS run_rate
FROM customer_total
) AS q;
