-- The reports of a model, which is the first schema of the search path, against plain SQL over the company's tables as they were put into
-- fact (customer, product, day, amount, quantity, cost, seller, lines), who (customer, name, channel, territory, person: the customers that are bound,
-- each of them an outlet where has_outlets), goods (product, category) and people (person, name, team).
-- delivery has what was ordered (customer, product, ordered_on, due_on, came_on, ordered, delivered), ladder (threshold, rate) what a
-- programme pays, and rule (at_risk_after, lost_after) when a customer is at risk and lost.

-- whether a report gives the rows that plain SQL gives, in any order; there have to be some, but where none is all that there is
CREATE FUNCTION pg_temp.agree(report text, plain text, name text, any_rows boolean DEFAULT true) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  rows bigint;
  wrong text;
BEGIN
  EXECUTE 'CREATE TEMP TABLE report_row AS ' || report;
  CREATE TEMP TABLE plain_row (LIKE report_row);
  EXECUTE 'INSERT INTO plain_row ' || plain;
  SELECT count(*) INTO rows FROM report_row;
  SELECT string_agg(line, E'\n') INTO wrong
  FROM (SELECT 'report ' || r::text AS line FROM (SELECT * FROM report_row EXCEPT ALL SELECT * FROM plain_row LIMIT 5) AS r UNION ALL
        SELECT 'plain  ' || p::text FROM (SELECT * FROM plain_row EXCEPT ALL SELECT * FROM report_row LIMIT 5) AS p) AS w;
  DROP TABLE report_row, plain_row;
  RETURN ok(wrong IS NULL AND (rows > 0) = any_rows, format('%s: %s rows', name, rows)) || coalesce(E'\n' || diag(wrong), '');
END $$;

-- what each customer bought on each day; a day with nothing but returns is no order
CREATE TEMP TABLE daily AS
SELECT customer, day, seller, sum(amount) AS amount, bool_or(amount > 0) AS bought, sum(quantity) AS quantity, sum(amount - cost) AS margin, sum(lines) AS lines FROM fact GROUP BY customer, day, seller;
CREATE INDEX ON daily (customer, day);
ANALYZE fact, daily;

CREATE TEMP TABLE clock AS
SELECT as_of, year, (year + interval '1 year')::date AS year_next, (next - interval '1 year')::date AS first, next, at_risk_after, lost_after
FROM (SELECT max(day) AS as_of, date_trunc('year', max(day)::timestamp)::date AS year, date_trunc('month', (max(day) + 1)::timestamp)::date AS next FROM daily) AS d CROSS JOIN rule;

SELECT results_eq('SELECT as_of, period, closed FROM in_force', 'SELECT as_of, daterange(year, year_next), daterange(first, next) FROM clock', 'in_force: the last day with sales, its year, and the twelve months that are over');

-- customer_class, customer_position

CREATE TEMP TABLE bought AS
SELECT customer, sum(amount) AS amount, count(DISTINCT day) FILTER (WHERE bought) AS days, next - 1 - max(day) FILTER (WHERE bought) AS recency
FROM daily CROSS JOIN clock WHERE day >= first AND day < next AND customer IS NOT NULL
GROUP BY customer, next HAVING sum(amount) <> 0 OR bool_or(bought);
ANALYZE bought;

CREATE TEMP TABLE classed AS
SELECT b.*, name, channel, territory, m.cv, m.busy, greatest(b.amount, 0) / w.whole AS share,
  CASE WHEN b.amount <= 0 THEN 'C' WHEN above < 0.80 * w.whole THEN 'A' WHEN above < 0.95 * w.whole THEN 'B' ELSE 'C' END AS abc,
  CASE WHEN m.nothing THEN NULL WHEN m.mean <= 0 THEN 'Z' WHEN m.deviation <= 0.10 * m.mean THEN 'X' WHEN m.deviation <= 0.25 * m.mean THEN 'Y' ELSE 'Z' END AS xyz,
  CASE WHEN nothing THEN NULL WHEN busy >= 0.9 * 12 THEN 'X' WHEN busy >= 0.5 * 12 THEN 'Y' ELSE 'Z' END AS frequency,
  CASE WHEN recency IS NOT NULL THEN 1 + 5 * (rank() OVER (PARTITION BY recency IS NULL ORDER BY recency DESC) - 1) / n END AS r,
  CASE WHEN recency IS NOT NULL THEN 1 + 5 * (rank() OVER (PARTITION BY recency IS NULL ORDER BY days) - 1) / n END AS f,
  CASE WHEN recency IS NOT NULL THEN CASE WHEN b.amount > 0 THEN 1 + 5 * (rank() OVER (PARTITION BY recency IS NULL ORDER BY b.amount) - 1) / n ELSE 1 END END AS m
FROM (SELECT *, coalesce(sum(greatest(amount, 0)) OVER (ORDER BY amount DESC GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS above FROM bought) AS b
CROSS JOIN (SELECT sum(greatest(amount, 0)) AS whole, count(recency) AS n FROM bought) AS w
JOIN (
  SELECT customer, avg(total) AS mean, stddev_pop(total) AS deviation, stddev_pop(total) / nullif(avg(total), 0) AS cv, count(*) FILTER (WHERE total > 0) AS busy, bool_and(total = 0) AS nothing
  FROM (SELECT customer, month, coalesce(total, 0) AS total
        FROM bought CROSS JOIN (SELECT generate_series(first::timestamp, next - interval '1 month', '1 month')::date AS month FROM clock) AS g
        LEFT JOIN (SELECT customer, date_trunc('month', day::timestamp)::date AS month, sum(amount) AS total FROM daily GROUP BY 1, 2) AS s USING (customer, month)) AS t
  GROUP BY customer) AS m USING (customer)
LEFT JOIN who USING (customer);

CREATE TEMP TABLE got_customer_class AS SELECT * FROM customer_class;
SELECT pg_temp.agree('SELECT customer_id, name, channel, territory, amount, round(share, 12) AS share, abc, xyz, frequency, class FROM got_customer_class',
  'SELECT customer, name, channel, territory, amount, round(share, 12), abc, xyz, frequency, abc FROM classed', 'customer_class: amounts, shares, ABC and XYZ');
SELECT pg_temp.agree('SELECT customer_id, recency_score::bigint, frequency_score::bigint, monetary_score::bigint, rfm::bigint, segment FROM got_customer_class', $$
  SELECT customer, r, f, m, 100 * r + 10 * f + m, CASE WHEN r IS NULL THEN NULL WHEN r = 5 AND f = 5 AND m = 5 THEN 'Champions' WHEN r >= 3 AND f >= 3 AND m >= 2 THEN 'Potential Loyalist'
    WHEN r BETWEEN 2 AND 4 AND f BETWEEN 2 AND 4 AND m BETWEEN 2 AND 4 THEN 'Loyal Customers' WHEN r BETWEEN 3 AND 4 AND f <= 3 AND m >= 3 THEN 'Promising' WHEN r >= 4 AND f <= 3 THEN 'New Customers'
    WHEN r <= 2 AND f BETWEEN 3 AND 4 AND m >= 4 THEN 'Can''t Lose Them' WHEN r <= 2 AND f >= 2 AND m >= 4 THEN 'At Risk' WHEN r <= 3 AND f >= 3 AND m >= 3 THEN 'Need Attention'
    WHEN r BETWEEN 2 AND 3 AND f <= 3 AND m <= 4 THEN 'About To Sleep' WHEN r = 1 AND m >= 1 THEN 'Lost' ELSE 'Others' END FROM classed $$, 'customer_class: RFM and segments');
SELECT is_empty('SELECT customer_id FROM got_customer_class JOIN classed ON customer = customer_id WHERE abs(classed.cv - got_customer_class.cv) > 1e-9 * classed.cv OR (got_customer_class.cv IS NULL) <> (classed.cv <= 0 OR classed.cv IS NULL)', 'customer_class: coefficients of variation');

SELECT pg_temp.agree('SELECT customer_id, channel, customers, place, amount, prior_year, growth, round(mean, 6) AS mean, round(peer_index, 9) AS peer_index, size_class, overall_place, status, trend FROM customer_position', $$
  SELECT customer, channel, n, place, amount, prior, amount - prior, round(mean, 6), CASE WHEN mean > 0 THEN round(amount / mean, 9) END,
    CASE WHEN place <= ceil(n / 3.0) THEN 'large' WHEN place <= ceil(n / 3.0) + ceil((n - ceil(n / 3.0)) / 2) THEN 'medium' ELSE 'small' END, overall, sign(amount - mean)::integer, sign(amount - prior)::integer
  FROM (SELECT c.customer, channel, c.amount, coalesce(prior, 0) AS prior, count(*) OVER w AS n, rank() OVER (PARTITION BY channel ORDER BY c.amount DESC) AS place, rank() OVER (ORDER BY c.amount DESC) AS overall, avg(c.amount) OVER w AS mean
        FROM classed AS c LEFT JOIN (SELECT customer, sum(amount) AS prior FROM daily CROSS JOIN clock WHERE day >= first - interval '1 year' AND day < next - interval '1 year' GROUP BY customer) AS p USING (customer)
        WINDOW w AS (PARTITION BY channel)) AS x $$, 'customer_position: places, means, the year before');

-- customer_analysis: quarters that are over, of this year and the two before it, from the one with his first purchase on

SELECT pg_temp.agree($$ SELECT customer_id, bucket, part, amount, quantity, margin, previous, year_before, status, trend FROM customer_analysis WHERE grain = 'quarter' $$, $$
  SELECT customer, daterange(d, (d + interval '3 months')::date), 'Q' || extract(quarter FROM d), amount, quantity, margin, before, year_before, sign(amount - year_before)::integer, sign(amount - before)::integer
  FROM (SELECT *, lag(amount) OVER w AS before, lag(amount, 4) OVER w AS year_before
        FROM (SELECT customer, d, coalesce(amount, 0) AS amount, CASE WHEN has_quantity THEN coalesce(quantity, 0) END AS quantity, CASE WHEN has_cost THEN coalesce(margin, 0) END AS margin
              FROM (SELECT customer FROM daily CROSS JOIN clock WHERE day < next AND customer IS NOT NULL GROUP BY customer HAVING bool_or(bought) OR sum(amount) <> 0) AS c
              CROSS JOIN (SELECT generate_series(year - interval '4 years', next - interval '3 months', '3 months')::date AS d FROM clock) AS q
              CROSS JOIN (SELECT count(quantity) > 0 AS has_quantity, count(margin) > 0 AS has_cost FROM daily) AS h
              LEFT JOIN (SELECT customer, date_trunc('quarter', day::timestamp)::date AS d, sum(amount) AS amount, sum(quantity) AS quantity, sum(margin) AS margin FROM daily GROUP BY 1, 2) AS s USING (customer, d)) AS t
        WINDOW w AS (PARTITION BY customer ORDER BY d)) AS x
  JOIN clock ON true LEFT JOIN (SELECT customer, min(day) AS first_on FROM daily, clock WHERE bought AND day < next GROUP BY customer) AS b USING (customer)
  WHERE d + interval '3 months' > greatest(year - interval '2 years', first_on) $$, 'customer_analysis: quarter by quarter');

-- churn_watch

CREATE TEMP TABLE ordered AS
SELECT customer, min(day) AS first_on, max(day) AS last_on, max(gap) FILTER (WHERE place = 1) AS latest_gap, (max(day) FILTER (WHERE near) - min(day) FILTER (WHERE near))::numeric AS span, count(*) FILTER (WHERE near) AS near_orders,
  coalesce(bool_or(gap > lost_after AND as_of - day <= 90), false) AS returned
FROM (SELECT customer, day, as_of, lost_after, row_number() OVER w AS place, day - lead(day) OVER w AS gap, day >= next - interval '15 months' AS near
      FROM (SELECT DISTINCT customer, day FROM daily WHERE bought AND customer IS NOT NULL) AS d CROSS JOIN clock WINDOW w AS (PARTITION BY customer ORDER BY day DESC)) AS o GROUP BY customer;

CREATE TEMP TABLE got_churn_watch AS SELECT * FROM churn_watch;
SELECT pg_temp.agree('SELECT customer_id, volume_recent, volume_base, at_stake, round(order_value_recent, 9) AS order_value_recent, falling, first_sale, last_order, open_gap, round(mean_gap, 9) AS mean_gap FROM got_churn_watch', $$
  SELECT customer, recent / 3, base / 12, base, round(recent / nullif(recent_days, 0), 9), CASE WHEN base > 0 THEN recent * 4 < base END, first_on, last_on, as_of - last_on, round(span / nullif(near_orders - 1, 0), 9)
  FROM ordered CROSS JOIN clock JOIN (
    SELECT customer, coalesce(sum(amount) FILTER (WHERE day >= next - interval '3 months' AND day < next), 0) AS recent, count(DISTINCT day) FILTER (WHERE bought AND day >= next - interval '3 months' AND day < next) AS recent_days,
      coalesce(sum(amount) FILTER (WHERE day >= next - interval '15 months' AND day < next - interval '3 months'), 0) AS base
    FROM daily CROSS JOIN clock GROUP BY customer) AS s USING (customer)
  WHERE near_orders > 0 $$, 'churn_watch: volumes, gaps and what is at stake');
SELECT pg_temp.agree('SELECT customer_id, shrinking, widening, signs, level, stage FROM got_churn_watch', $$
  SELECT customer, shrinking, widening, signs, ('{none,watch,at_risk,critical}'::text[])[signs + 1],
    CASE WHEN as_of - last_on > lost_after THEN 'lost' WHEN as_of - last_on > at_risk_after THEN 'at_risk' WHEN as_of - first_on <= 90 THEN 'new' WHEN returned THEN 'returning' ELSE 'active' END
  FROM ordered CROSS JOIN clock LEFT JOIN (
    SELECT customer, coalesce(sum(amount) FILTER (WHERE recent), 0) AS recent, count(DISTINCT day) FILTER (WHERE bought AND recent) AS recent_days,
      coalesce(sum(amount) FILTER (WHERE NOT recent), 0) AS base, count(DISTINCT day) FILTER (WHERE bought AND NOT recent) AS base_days
    FROM (SELECT customer, day, amount, bought, day >= next - interval '3 months' AS recent FROM daily CROSS JOIN clock WHERE day >= next - interval '15 months' AND day < next) AS d GROUP BY customer) AS s USING (customer)
  CROSS JOIN LATERAL (SELECT CASE WHEN recent_days >= 2 AND base_days >= 2 AND base > 0 THEN recent * base_days < base * recent_days END AS shrinking, CASE WHEN base > 0 THEN recent * 4 < base END AS falling,
                             CASE WHEN near_orders >= 3 THEN greatest(latest_gap, as_of - last_on) * (near_orders - 1) > 2 * span END AS widening) AS sign
  CROSS JOIN LATERAL (SELECT CASE WHEN num_nonnulls(shrinking, falling, widening) > 0 THEN coalesce(shrinking::integer, 0) + coalesce(falling::integer, 0) + coalesce(widening::integer, 0) END AS signs) AS c
  WHERE near_orders > 0 $$, 'churn_watch: signs, levels and stages');

-- client_base, lost_clients

CREATE TEMP TABLE got_client_base AS SELECT * FROM client_base;
SELECT pg_temp.agree('SELECT outlet_id, customer_id, name, territory, okb, akb, state, first_order, last_order, amount, orders::bigint FROM got_client_base', $$
  SELECT CASE WHEN has_outlets OR f.customer IS NOT NULL THEN coalesce(w.customer, f.customer) END, coalesce(w.customer, f.customer), name, territory, CASE WHEN has_outlets THEN w.customer IS NOT NULL END, coalesce(amount > 0, false),
    CASE WHEN last_on IS NULL THEN 'potential' WHEN as_of - last_on > lost_after THEN 'lost' WHEN as_of - last_on > at_risk_after THEN 'at_risk' WHEN as_of - first_on <= 90 THEN 'new' ELSE 'active' END,
    first_on, last_on, coalesce(amount, 0), coalesce(orders, 0)
  FROM who AS w FULL JOIN (SELECT customer, min(day) FILTER (WHERE bought) AS first_on, max(day) FILTER (WHERE bought) AS last_on, sum(amount) FILTER (WHERE day >= year) AS amount, count(DISTINCT day) FILTER (WHERE bought AND day >= year) AS orders
                           FROM daily CROSS JOIN clock WHERE customer IS NOT NULL GROUP BY customer) AS f ON f.customer = w.customer
  CROSS JOIN clock $$, 'client_base: who could buy, who buys, since when and for how much');
SELECT pg_temp.agree('SELECT count(*) FILTER (WHERE akb_stable) AS stable FROM got_client_base', $$
  SELECT count(*) FROM (SELECT customer FROM (SELECT customer, date_trunc('month', day::timestamp) AS month FROM daily CROSS JOIN clock WHERE day >= year AND day < next AND customer IS NOT NULL GROUP BY 1, 2 HAVING sum(amount) > 0) AS m GROUP BY customer
                        HAVING count(*) = (SELECT extract(month FROM next - interval '1 day') FROM clock)) AS s JOIN (SELECT customer FROM daily CROSS JOIN clock WHERE day >= year GROUP BY customer HAVING sum(amount) > 0) AS a USING (customer) $$, 'client_base: who bought in every month that is over');

SELECT pg_temp.agree('SELECT customer_id, name, first_order, last_order, days, lost_on, amount, profit, profit_rank FROM lost_clients', $$
  SELECT customer, name, first_on, last_on, as_of - last_on, last_on + lost_after + 1, amount, profit, CASE WHEN profit IS NOT NULL THEN rank() OVER (ORDER BY profit DESC) END
  FROM ordered CROSS JOIN clock LEFT JOIN who USING (customer)
  CROSS JOIN LATERAL (SELECT sum(amount) AS amount, sum(margin) AS profit FROM daily AS f WHERE f.customer = ordered.customer AND day >= date_trunc('month', last_on::timestamp) - interval '11 months' AND day < date_trunc('month', last_on::timestamp) + interval '1 month') AS s
  WHERE as_of - last_on > lost_after $$, 'lost_clients: who, since when, and what he brought in his last year');

-- base_movement

SELECT pg_temp.agree('SELECT dimension, key, bucket, opening, new, returned, lost, closing, opening_amount, lost_amount FROM base_movement', $$
  SELECT dimension, key, daterange(month, (month + interval '1 month')::date), count(*) FILTER (WHERE before > 0), count(*) FILTER (WHERE now > 0 AND NOT before > 0 AND first_on >= month), count(*) FILTER (WHERE now > 0 AND NOT before > 0 AND first_on < month),
    count(*) FILTER (WHERE before > 0 AND NOT now > 0), count(*) FILTER (WHERE now > 0), coalesce(sum(before) FILTER (WHERE before > 0), 0), coalesce(sum(before) FILTER (WHERE before > 0 AND NOT now > 0), 0)
  FROM (SELECT customer, first_on, month::date AS month, coalesce(now.total, 0) AS now, coalesce(ago.total, 0) AS before
        FROM (SELECT customer, min(day) FILTER (WHERE bought) AS first_on FROM daily WHERE customer IS NOT NULL GROUP BY customer) AS c CROSS JOIN clock CROSS JOIN generate_series(first::timestamp, next - interval '1 month', '1 month') AS month
        LEFT JOIN (SELECT customer, date_trunc('month', day::timestamp) AS month, sum(amount) AS total FROM daily GROUP BY 1, 2) AS now USING (customer, month)
        LEFT JOIN (SELECT customer, date_trunc('month', day::timestamp) + interval '1 month' AS month, sum(amount) AS total FROM daily GROUP BY 1, 2) AS ago USING (customer, month)) AS x
  LEFT JOIN who USING (customer) CROSS JOIN LATERAL (VALUES ('all', ''), ('channel', channel), ('territory', territory), ('person', person::text)) AS d (dimension, key)
  WHERE key IS NOT NULL GROUP BY 1, 2, 3 $$, 'base_movement: month by month, of all and of the parts');

-- kpi_matrix

SELECT pg_temp.agree('SELECT dimension, key, grain, lower(bucket) AS d, okb, akb, round(okb_coverage, 9) AS coverage, round(akb_monthly, 9) AS monthly, akb_stable, orders::bigint, round(order_margin, 9) AS margin FROM kpi_matrix', $$
  WITH bucket AS (SELECT grain, g::date AS d, least((g + step)::date, as_of + 1) AS e, (SELECT count(*) FROM generate_series(g, least(g + step, next) - interval '1 day', '1 month')) AS months
                  FROM clock CROSS JOIN (VALUES ('month', interval '1 month'), ('quarter', '3 months'), ('period', '1 year')) AS s (grain, step) CROSS JOIN generate_series(year::timestamp, as_of, step) AS g),
  one AS (SELECT grain, d, customer, sum(amount) AS amount, count(DISTINCT day) FILTER (WHERE bought) AS orders, sum(margin) AS margin FROM bucket JOIN daily ON day >= d AND day < e WHERE customer IS NOT NULL GROUP BY 1, 2, 3),
  busy AS (SELECT grain, d, customer, count(*) AS busy FROM bucket JOIN (SELECT customer, date_trunc('month', day::timestamp)::date AS month FROM daily CROSS JOIN clock WHERE day < next GROUP BY 1, 2 HAVING sum(amount) > 0) AS m ON month >= d AND month < e GROUP BY 1, 2, 3),
  part AS (SELECT grain, d, months, w.customer IS NOT NULL AND census AS listed, CASE WHEN census THEN territory END AS territory, CASE WHEN census THEN person END AS person, amount > 0 AS active, coalesce(busy, 0) AS busy, orders, margin
           FROM (SELECT grain, d, w.* FROM bucket CROSS JOIN who AS w) AS w FULL JOIN one AS o USING (grain, d, customer) LEFT JOIN busy USING (grain, d, customer) JOIN bucket USING (grain, d) CROSS JOIN (SELECT bool_or(has_outlets) AS census FROM who) AS h)
  SELECT dimension, key, grain, d, CASE WHEN census THEN count(*) FILTER (WHERE listed) END, count(*) FILTER (WHERE active), CASE WHEN census THEN round(count(*) FILTER (WHERE active)::numeric / count(*) FILTER (WHERE listed), 9) END,
    round(sum(busy) / nullif(months, 0), 9), CASE WHEN months > 0 THEN count(*) FILTER (WHERE active AND busy = months) END, coalesce(sum(orders), 0)::bigint, round(sum(margin) / nullif(sum(orders), 0), 9)
  FROM part CROSS JOIN LATERAL (VALUES ('all', ''), ('territory', territory), ('person', person::text)) AS v (dimension, key) CROSS JOIN (SELECT bool_or(has_outlets) AS census FROM who) AS h
  WHERE key IS NOT NULL GROUP BY 1, 2, 3, 4, months, census $$, 'kpi_matrix: the base, orders and their margin by month, quarter and year');

-- sales_discipline

SELECT pg_temp.agree('SELECT dimension, key, name, month, amount, round(evenness, 9) AS evenness, round(last_week_share, 9) AS last, customers, round(top_share, 9) AS top FROM sales_discipline', $$
  WITH cut AS (SELECT dimension, key, CASE dimension WHEN 'person' THEN p.name END AS name, date_trunc('month', day::timestamp)::date AS month, least((extract(day FROM day)::integer - 1) / 7, 3) AS week, customer, amount
               FROM daily CROSS JOIN clock LEFT JOIN people AS p ON p.person = seller CROSS JOIN LATERAL (VALUES ('all', ''), ('person', seller::text), ('team', team)) AS d (dimension, key) WHERE key IS NOT NULL AND day >= year AND day < next),
  total AS (SELECT dimension, key, name, month, sum(amount) AS amount FROM cut GROUP BY 1, 2, 3, 4),
  part AS (SELECT dimension, key, month, week, greatest(sum(amount), 0) AS amount FROM cut GROUP BY 1, 2, 3, 4),
  share AS (SELECT dimension, key, month, week, amount / nullif(sum(amount) OVER (PARTITION BY dimension, key, month), 0) AS share FROM part),
  even AS (SELECT dimension, key, month, 1 - sum(greatest(share - 0.25, 0)) / 0.75 AS evenness, coalesce(sum(share) FILTER (WHERE week = 3), CASE WHEN sum(share) IS NOT NULL THEN 0 END) AS last FROM share GROUP BY 1, 2, 3),
  top AS (SELECT dimension, key, month, count(*) FILTER (WHERE amount > 0) AS customers, max(amount) / nullif(sum(amount) FILTER (WHERE amount > 0), 0) AS top FROM (SELECT dimension, key, month, customer, sum(amount) AS amount FROM cut GROUP BY 1, 2, 3, 4) AS c GROUP BY 1, 2, 3)
  SELECT dimension, key, name, month, amount, round(evenness, 9), round(last, 9), customers, round(top, 9) FROM total JOIN even USING (dimension, key, month) JOIN top USING (dimension, key, month) $$, 'sales_discipline: weeks of a month, and its largest customer');

-- plan_progress: what he bought last year and a tenth more, in all and of each category

INSERT INTO plan (customer_id, period)
SELECT customer, daterange(year, year_next) FROM fact CROSS JOIN clock WHERE day >= year - interval '1 year' AND day < year AND customer IS NOT NULL GROUP BY 1, 2 HAVING sum(amount) > 0;
INSERT INTO plan_line (plan_id, parameter, key, target)
SELECT plan_id, CASE WHEN grouping(category) = 1 THEN 'total' ELSE 'category' END, CASE WHEN grouping(category) = 1 THEN '' ELSE category END, sum(amount) * 1.1
FROM plan JOIN fact ON customer = customer_id LEFT JOIN goods USING (product) CROSS JOIN clock WHERE day >= year - interval '1 year' AND day < year
GROUP BY GROUPING SETS ((plan_id, category), (plan_id)) HAVING sum(amount) > 0 AND (grouping(category) = 1 OR category IS NOT NULL);
ANALYZE plan, plan_line;
SELECT pg_temp.agree('SELECT customer_id, parameter, key, target, actual, prior_year, growth_like_for_like, round(run_rate, 6) AS run_rate, round(attainment, 9) AS attainment, balance, round(goal, 6) AS goal, status, trend FROM plan_progress', $$
  SELECT customer, parameter, key, prior * 1.1, actual, prior, actual - prior_to_date, round(actual * days / gone, 6), round(actual * days / gone / (prior * 1.1), 9), prior * 1.1 - actual, round(prior * 1.1 * gone / days, 6),
    sign(actual - prior * 1.1 * gone / days)::integer, sign(actual - prior_to_date)::integer
  FROM (SELECT customer, CASE WHEN grouping(category) = 1 THEN 'total' ELSE 'category' END AS parameter, CASE WHEN grouping(category) = 1 THEN '' ELSE category END AS key,
          coalesce(sum(amount) FILTER (WHERE day >= year), 0) AS actual, coalesce(sum(amount) FILTER (WHERE day < year), 0) AS prior, coalesce(sum(amount) FILTER (WHERE day <= as_of - interval '1 year'), 0) AS prior_to_date, year_next - year AS days, as_of + 1 - year AS gone
        FROM fact LEFT JOIN goods USING (product) CROSS JOIN clock WHERE day >= year - interval '1 year' AND customer IN (SELECT customer_id FROM plan)
        GROUP BY GROUPING SETS ((customer, category, year, year_next, as_of), (customer, year, year_next, as_of))) AS x
  WHERE prior > 0 AND key IS NOT NULL $$, 'plan_progress: the plan table of every customer');

-- programme_result: a ladder for the hundred largest of the last twelve months

INSERT INTO programme (programme_id, name, kind, period) OVERRIDING SYSTEM VALUE SELECT 1, 'ladder', 'tiered', daterange(year, year_next) FROM clock;
INSERT INTO programme_tier (programme_id, threshold, rate) SELECT 1, threshold, rate FROM ladder;
INSERT INTO programme_customer (programme_id, customer_id) SELECT 1, customer FROM bought ORDER BY amount DESC, customer LIMIT 100;
CREATE TEMP TABLE got_programme_result AS SELECT * FROM programme_result;
SELECT pg_temp.agree('SELECT customer_id, qualifying, tier::bigint, rate, earned, round(run_rate, 6) AS run_rate, next_threshold, gap FROM got_programme_result', $$
  SELECT customer, amount, tier, rate, round(amount * rate, 2), round(amount * (year_next - year) / (as_of + 1 - year), 6), above, above - amount
  FROM (SELECT customer, coalesce((SELECT sum(amount) FROM daily AS f CROSS JOIN clock WHERE f.customer = b.customer AND day >= year), 0) AS amount FROM (SELECT customer FROM bought ORDER BY amount DESC, customer LIMIT 100) AS b) AS s
  CROSS JOIN LATERAL (SELECT count(*) AS tier, coalesce(max(rate), 0) AS rate FROM ladder WHERE threshold <= amount) AS t CROSS JOIN LATERAL (SELECT min(threshold) AS above FROM ladder WHERE threshold > amount) AS n CROSS JOIN clock $$, 'programme_result: tiers, what was earned, and the next tier');
SELECT is((SELECT sum(amount) FROM programme_explanation WHERE step = 'earned'), (SELECT sum(earned) FROM got_programme_result), 'programme_explanation: the explained comes to the same');
SELECT ok((SELECT count(DISTINCT tier) > 1 FROM got_programme_result), 'not all of one tier');

-- agreement_execution: the largest customer of the year is to buy what he bought the year before

INSERT INTO agreement (agreement_id, customer_id, period) OVERRIDING SYSTEM VALUE SELECT 1, customer, daterange(year, year_next) FROM bought CROSS JOIN clock ORDER BY amount DESC, customer LIMIT 1;
INSERT INTO agreement_item (agreement_id, side, kind, description, target)
SELECT 1, 'customer', kind, 'as last year', CASE kind WHEN 'turnover' THEN sum(amount) ELSE sum(quantity) END FROM agreement JOIN daily ON customer = customer_id CROSS JOIN clock CROSS JOIN (VALUES ('turnover'), ('volume')) AS k (kind)
WHERE day >= year - interval '1 year' AND day < year GROUP BY kind;
SELECT pg_temp.agree('SELECT customer_id, kind, agreed, executed, round(execution, 9) AS execution FROM agreement_execution', $$
  SELECT customer, kind, prior, actual, round(least(actual / prior, 1), 9)
  FROM (SELECT customer, kind, sum(CASE kind WHEN 'turnover' THEN amount ELSE quantity END) FILTER (WHERE day >= year) AS actual, sum(CASE kind WHEN 'turnover' THEN amount ELSE quantity END) FILTER (WHERE day < year) AS prior
        FROM daily CROSS JOIN clock CROSS JOIN (VALUES ('turnover'), ('volume')) AS k (kind) WHERE day >= year - interval '1 year' AND customer = (SELECT customer_id FROM agreement) GROUP BY 1, 2) AS x $$, 'agreement_execution: turnover and volume');

-- data_exceptions, of sales

SELECT pg_temp.agree($$ SELECT kind, rows, amount, first_on, last_on FROM data_exceptions WHERE source = 'sale' $$, $$
  SELECT kind, sum(lines), sum(amount), min(day), max(day) FROM daily CROSS JOIN (VALUES ('customer_missing'), ('outlet_missing')) AS k (kind) WHERE customer IS NULL GROUP BY kind $$, 'data_exceptions: sales to nobody, and no other', (SELECT bool_or(customer IS NULL) FROM daily));

-- supply, where orders are known

SELECT pg_temp.agree('SELECT customer_id, product_id, month, lines, ordered, delivered, delivered_on_time, round(fill_rate, 9) AS fill_rate, round(otif, 9) AS otif FROM supply', $$
  SELECT customer, product, date_trunc('month', due_on::timestamp), count(*), sum(ordered), sum(delivered), coalesce(sum(delivered) FILTER (WHERE came_on <= due_on), 0),
    round(coalesce(sum(delivered) FILTER (WHERE came_on <= due_on), 0) / sum(ordered), 9), round(count(*) FILTER (WHERE came_on <= due_on AND delivered = ordered)::numeric / count(*), 9)
  FROM delivery CROSS JOIN clock WHERE due_on >= year AND due_on <= as_of GROUP BY 1, 2, 3 $$, 'supply: what was due, what came, and what of it on time', EXISTS (SELECT FROM delivery));

-- key_account_scorecard: the five largest are key accounts, with a goal for the fill rate

INSERT INTO kam_member (customer_id, kam_group, valid) SELECT customer, 'growth', daterange(year, NULL) FROM bought CROSS JOIN clock ORDER BY amount DESC, customer LIMIT 5;
INSERT INTO kpi_goal (kpi, goal) VALUES ('fill_rate', 0.95);
SELECT pg_temp.agree('SELECT customer_id, indicator, value, round(goal, 6) AS goal, status FROM key_account_scorecard WHERE indicator IN ($$sales$$, $$profit$$)', $$
  SELECT customer, indicator, value, CASE indicator WHEN 'sales' THEN round(goal, 6) END, CASE indicator WHEN 'sales' THEN CASE WHEN value >= goal THEN 1 WHEN value < goal THEN -1 END END
  FROM (SELECT customer, sum(amount) FILTER (WHERE day >= year) AS sales, sum(margin) FILTER (WHERE day >= year) AS profit, sum(amount) FILTER (WHERE day < year) * 1.1 * (max(as_of) + 1 - max(year)) / (max(year_next) - max(year)) AS goal
        FROM daily CROSS JOIN clock WHERE customer IN (SELECT customer_id FROM kam_member) AND day >= year - interval '1 year' GROUP BY customer) AS x
  CROSS JOIN LATERAL (VALUES ('sales', sales), ('profit', profit)) AS i (indicator, value) $$, 'key_account_scorecard: sales and profit');
SELECT pg_temp.agree('SELECT customer_id, round(value, 9) AS value, goal, status FROM key_account_scorecard WHERE indicator = $$fill rate$$', $$
  SELECT customer, round(value, 9), 0.95, CASE WHEN value >= 0.95 THEN 1 WHEN value < 0.95 THEN -1 END
  FROM (SELECT m.customer_id AS customer, coalesce(sum(delivered) FILTER (WHERE came_on <= due_on), 0)::numeric / sum(ordered) AS value
        FROM kam_member AS m CROSS JOIN clock LEFT JOIN delivery AS d ON d.customer = m.customer_id AND due_on >= year AND due_on <= as_of GROUP BY 1) AS x $$, 'key_account_scorecard: fill rates, where orders are known');

-- bonus_ledger: twice the first month of whoever is won this year, taken back in the first of the four months after it that is smaller

INSERT INTO retention_programme (name, period) SELECT 'won', daterange(year, year_next) FROM clock;
SELECT pg_temp.agree('SELECT outlet_id, kind, month, amount FROM bonus_ledger', $$
  WITH month AS (SELECT customer, date_trunc('month', day::timestamp)::date AS month, sum(amount) AS total FROM daily GROUP BY 1, 2),
  won AS (SELECT customer, min(month) AS month FROM ordered CROSS JOIN clock JOIN month USING (customer) WHERE first_on >= year AND total > 0 AND month < next GROUP BY customer),
  later AS (SELECT w.customer, w.month, f.total, n, coalesce(l.total, 0) AS next_total FROM won AS w JOIN month AS f USING (customer, month) CROSS JOIN clock CROSS JOIN generate_series(2, 5) AS n
            LEFT JOIN month AS l ON l.customer = w.customer AND l.month = (w.month + make_interval(months => n - 1))::date WHERE (w.month + make_interval(months => n - 1))::date < next)
  SELECT customer, 'advance', 1, 2 * total FROM won JOIN month USING (customer, month)
  UNION ALL SELECT customer, 'clawback', min(n), -2 * total FROM later WHERE next_total < total GROUP BY customer, total $$, 'bonus_ledger: advances, and those taken back');

-- what is not bound: the reports that need it are empty, and kam_check_model says so

CREATE FUNCTION pg_temp.rows_of(report text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  rows bigint;
BEGIN
  EXECUTE format('SELECT count(*) FROM %I', report) INTO rows;
  RETURN rows;
END $$;
SELECT is(pg_temp.rows_of(name), 0::bigint, format('%s: %s', name, message)) FROM kam_check_model(current_schema()) WHERE kind = 'report' AND state = 'empty';
