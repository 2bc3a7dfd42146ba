-- RFM scores and segments as an analyst writes them

CREATE TABLE customer (customer text, region text, last_bought date, orders integer, amount numeric(12, 2));
INSERT INTO customer VALUES
  ('Aral', 'north', '2026-06-28', 24, 8200), ('Baikal', 'north', '2026-06-20', 15, 9100), ('Como', 'north', '2026-05-30', 15, 2400),
  ('Dvina', 'north', '2026-03-02', 8, 5100), ('Elbe', 'north', '2026-01-15', 2, 300), ('Fulda', 'north', '2026-06-29', 1, 120),
  ('Garda', 'north', '2026-02-10', 3, -40), ('Havel', 'north', NULL, 0, 0), ('Indus', 'south', '2026-06-01', 4, 700),
  ('Jordan', 'south', '2026-06-01', 4, 700), ('Kama', 'south', '2025-09-09', 1, 650);

-- Every form, with literals
SELECT rfm_score(10, 3, 500) OVER () AS three, rfm_score(10, 3, 500, 4) OVER () AS bins, rfm_score(10, 3, 500, 5, 'quantile') OVER () AS quantile,
  rfm_score(10, 3, 500, rule => 'rank') OVER () AS named, rfm_score('10', '3', '500') OVER () AS unknown, rfm_score('10', '3', '500', '9', 'rank') OVER () AS all_unknown;
SELECT rfm_score(10, 3, 500, '{30,90,180}', '{2,4,8}', '{100,1000}') AS cuts, rfm_score('10', '3', '500', '{30}', ARRAY[2, 4], '{100}') AS unknown,
  rfm_score(recency => 10, frequency => 3, monetary => 500, recency_cuts => '{30}', frequency_cuts => '{3}', monetary_cuts => '{500.01}') AS named;
SELECT rfm_segment('(5,5,5,555)') AS literal, rfm_segment(ROW(1, 1, 1, 111)) AS a_row, rfm_segment((3, 1, 2, 312)::rfm_result) AS typed, rfm_segment(NULL) AS nothing,
  rfm_segment('(5,5,5,555)', '{"(all,,,,,,)"}') AS rules, rfm_segment(score => '(5,5,5,555)', segments => '{}') AS no_rules,
  rfm_segment('(2,2,2,222)', ARRAY[('new', 4, 5, 1, 2, NULL, NULL), ('rest', NULL, NULL, NULL, NULL, NULL, NULL)]::rfm_segment_rule[]) AS own;

-- Scores of customers; who never bought has none, and does not count
SELECT customer, date '2026-06-30' - last_bought AS recency, orders, amount, s.*
FROM (SELECT *, rfm_score(date '2026-06-30' - last_bought, orders, amount) OVER () AS score FROM customer) AS scored,
  LATERAL (SELECT (score).*) AS s
ORDER BY score DESC NULLS LAST, customer;

-- A score among the customers of a region, by rank and by quantile
SELECT region, customer, (rfm_score(date '2026-06-30' - last_bought, orders, amount, 3) OVER w).score AS by_rank,
  (rfm_score(date '2026-06-30' - last_bought, orders, amount, 3, 'quantile') OVER w).score AS by_quantile
FROM customer WINDOW w AS (PARTITION BY region) ORDER BY region, customer;

-- From a series
SELECT customer, rfm_score(date '2026-06-30' - last_sale(s), sale_days(s), total(s), 3) OVER () AS score
FROM (SELECT customer, sales_series(amount, last_bought, '[2026-01-01,2026-07-01)') AS s FROM customer GROUP BY customer) AS x
ORDER BY customer;

-- Segments: the default ones, and one's own
SELECT no, r.* FROM rfm_segments() WITH ORDINALITY AS r (segment, recency_from, recency_to, frequency_from, frequency_to, monetary_from, monetary_to, no);
SELECT customer, score, rfm_segment(score) AS segment, rfm_segment(score, '{"(Core,3,,3,,,)","(Asleep,,2,,,,)"}') AS own
FROM (SELECT customer, rfm_score(date '2026-06-30' - last_bought, orders, amount) OVER () AS score FROM customer) AS scored ORDER BY customer;

-- What is wrong is said
SELECT rfm_score(10, 3, 500, 10) OVER ();
SELECT rfm_score(10, 3, 500, 5, 'ntile') OVER ();
SELECT rfm_score(orders, orders, amount, orders) OVER () FROM customer WHERE orders > 1;
SELECT rfm_score('NaN', 3, 500) OVER ();
SELECT rfm_score(10, 3, 500, '{90,30}', '{2}', '{100}');
SELECT rfm_segment('(5,5,5,555)', '{"(Core,3,2,,,,)"}');
SELECT rfm_segment('(5,5,5,555)', '{"(Core,0,,,,,)"}');
SELECT rfm_segment('(5,5,5,555)', '{"(,1,5,,,,)"}');
SELECT rfm_score(10, 3, 500);

DROP TABLE customer;
