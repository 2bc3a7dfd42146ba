-- Evenness as an analyst asks for it
SET DateStyle = ISO;

CREATE TABLE sale (team text, sold_on date, amount numeric(12, 2));
INSERT INTO sale VALUES
  ('even', '2026-04-02', 25), ('even', '2026-04-09', 25), ('even', '2026-04-16', 25), ('even', '2026-04-30', 25),
  ('month end', '2026-04-03', 10), ('month end', '2026-04-10', 10), ('month end', '2026-04-20', 10), ('month end', '2026-04-29', 70),
  ('last week', '2026-04-22', 100),
  ('returns', '2026-04-01', 60), ('returns', '2026-04-08', -20), ('returns', '2026-04-15', 60), ('returns', '2026-04-24', 80),
  ('nothing', '2026-04-05', 40), ('nothing', '2026-04-25', -40);

CREATE VIEW april AS
SELECT team, sales_series(amount, sold_on, '[2026-04-01,2026-05-01)', 'month-week') AS s FROM sale GROUP BY team;

SELECT team, totals(s), round(evenness(s), 4) AS evenness, round(evenness(s, 'weekend sat,sun'), 4) AS by_workdays, round(last_share(s), 2) AS last_week, round(1 - last_share(s), 2) AS first_three, round(last_share(s, 2), 2) AS last_two
FROM april ORDER BY team;
SELECT evenness(s => s, calendar => 'weekend none') IS DISTINCT FROM evenness(s) AS weighted_by_days, last_share(s => s, n => 4) AS all_of_it FROM april WHERE team = 'even';

-- Numbers that are no series
SELECT evenness(ARRAY[10, 10, 10, 70]) AS seed, evenness(ARRAY[5, 10, 15, 70]) AS same, evenness(ARRAY[25, 25, 25, 25]) AS even, evenness('{0,0,0,100}'::numeric[]) AS one;
SELECT evenness(parts => '{20,30,50}', weights => '{2,3,5}') AS as_weighed, evenness(ARRAY[20, 30, 50], ARRAY[5, 3, 2]) AS other, evenness(ARRAY[0.3, 0.3, 0.4], NULL) AS not_weighed;
SELECT evenness(array_agg(amount ORDER BY sold_on)) FROM sale WHERE team = 'month end';
SELECT evenness(ARRAY[7]) AS one_part, evenness('{}'::numeric[]) AS no_parts, evenness(ARRAY[0, 0]) AS nothing, evenness(ARRAY[-5, 3]) AS net_return, evenness(NULL::numeric[]) AS unknown, evenness(NULL::sales_series) AS no_series, evenness(ARRAY[1, 2], ARRAY[0, 0]) AS no_weight;

-- A quarter as one, and month by month
SELECT round(evenness(s), 4) AS quarter, b.bucket AS month, round(evenness(slice(s, b.bucket)), 4) AS evenness, round(last_share(slice(s, b.bucket)), 4) AS last_week
FROM (SELECT sales_series(100 + CASE WHEN d::date >= '2026-05-25' THEN 300 ELSE 0 END, d::date, '[2026-04-01,2026-07-01)', 'month-week') AS s
      FROM generate_series(timestamp '2026-04-01', '2026-06-30', '1 day') AS d) AS x, buckets(regrain(s, 'month')) AS b;

-- What is wrong is said
SELECT last_share(s, 5) FROM april;
SELECT last_share(s, 0) FROM april;
SELECT evenness(ARRAY[1, 2, NULL]);
SELECT evenness(ARRAY[1, 2], ARRAY[1, 2, 3]);
SELECT evenness(ARRAY[1, 2], ARRAY[1, -2]);
SELECT evenness(ARRAY[1, 'NaN']::numeric[]);
\set VERBOSITY terse
SELECT evenness('{10,10,10,70}');
\set VERBOSITY default

DROP VIEW april;
DROP TABLE sale;
