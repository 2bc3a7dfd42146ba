-- churn_signs in plain SQL, from tables sale (customer, sold_on, amount) and setting (n, days, as_of, k,
-- recent, base, tolerance, compare), days being the period of the series: a view churn_plain with a
-- row for each setting and customer, and the columns of churn_result
CREATE TEMP VIEW churn_setting AS
SELECT n, days, as_of, k, tolerance, compare, recent, CASE compare WHEN 'season' THEN recent ELSE base END AS base, r_from, r_to,
  (CASE compare WHEN 'season' THEN r_from - interval '1 year' ELSE r_from - make_interval(months => base) END)::date AS b_from,
  (CASE compare WHEN 'season' THEN r_to - interval '1 year' ELSE r_from END)::date AS b_to
FROM (SELECT *, date_trunc('month', as_of + 1)::date AS r_to, (date_trunc('month', as_of + 1) - make_interval(months => recent))::date AS r_from FROM setting) AS s;

CREATE TEMP VIEW churn_window AS
SELECT n, customer,
  coalesce(sum(amount) FILTER (WHERE sold_on >= r_from AND sold_on < r_to), 0) AS r_total, count(DISTINCT sold_on) FILTER (WHERE amount > 0 AND sold_on >= r_from AND sold_on < r_to) AS r_orders,
  coalesce(sum(amount) FILTER (WHERE sold_on >= b_from AND sold_on < b_to), 0) AS b_total, count(DISTINCT sold_on) FILTER (WHERE amount > 0 AND sold_on >= b_from AND sold_on < b_to) AS b_orders
FROM sale CROSS JOIN churn_setting
GROUP BY 1, 2;

CREATE TEMP VIEW churn_gap AS
SELECT n, customer, min(day) AS first, count(*) AS orders, max(as_of) - max(day) AS open, max(gap) FILTER (WHERE from_last = 1) AS latest, avg(gap) AS mean, sum(gap) AS sum
FROM (SELECT *, day - lag(day) OVER (PARTITION BY n, customer ORDER BY day) AS gap, row_number() OVER (PARTITION BY n, customer ORDER BY day DESC) AS from_last
      FROM (SELECT DISTINCT n, as_of, customer, sold_on AS day FROM sale JOIN churn_setting ON sold_on <@ days AND sold_on <= as_of WHERE amount > 0) AS d) AS g
GROUP BY 1, 2;

CREATE TEMP VIEW churn_decline AS
SELECT n, customer, count(*) FILTER (WHERE month > coalesce(steady, '-infinity')) AS declines
FROM (SELECT n, customer, month, max(month) FILTER (WHERE (total < before OR (compare = 'preceding' AND total <= 0)) IS NOT TRUE) OVER (PARTITION BY n, customer) AS steady
      FROM (SELECT n, compare, customer, m.month, coalesce(total, 0) AS total, first,
              lag(coalesce(total, 0), CASE compare WHEN 'season' THEN 12 ELSE 1 END) OVER (PARTITION BY n, customer ORDER BY m.month) AS before
            FROM churn_setting
            CROSS JOIN LATERAL generate_series(date_trunc('month', lower(days) + interval '1 month' - interval '1 day'), r_to - interval '1 day', '1 month') AS m (month)
            JOIN churn_gap AS g USING (n)
            LEFT JOIN (SELECT customer, date_trunc('month', sold_on::timestamp) AS month, sum(amount) AS total FROM sale GROUP BY 1, 2) AS s USING (customer, month)) AS t
      WHERE month >= date_trunc('month', first::timestamp)) AS r
GROUP BY 1, 2;

CREATE TEMP VIEW churn_plain AS
SELECT n, customer, r_total / nullif(r_orders, 0) AS order_value_recent, b_total / nullif(b_orders, 0) AS order_value_base, shrinking,
  r_total / recent AS volume_recent, b_total / base AS volume_base, falling, declines::integer, latest AS latest_gap, open AS open_gap, mean AS mean_gap, widening,
  CASE WHEN num_nonnulls(shrinking, falling, widening) > 0 THEN signs END AS signs,
  CASE WHEN num_nonnulls(shrinking, falling, widening) > 0 THEN ('{none,watch,at_risk,critical}'::text[])[signs + 1] END AS level
FROM churn_window JOIN churn_setting USING (n) LEFT JOIN churn_gap USING (n, customer) LEFT JOIN churn_decline USING (n, customer),
  LATERAL (SELECT CASE WHEN r_orders >= 2 AND b_orders >= 2 AND b_total > 0 THEN r_total * b_orders < b_total * r_orders * (1 - tolerance) END AS shrinking,
             CASE WHEN b_total > 0 THEN r_total * base < b_total * recent * (1 - tolerance) END AS falling,
             CASE WHEN orders >= 3 THEN greatest(latest, open) * (orders - 1) > k * sum END AS widening) AS sign,
  LATERAL (SELECT coalesce(shrinking, false)::integer + coalesce(falling, false)::integer + coalesce(widening, false)::integer AS signs) AS c;
