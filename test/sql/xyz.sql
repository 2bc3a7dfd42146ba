-- xyz_class, cv and frequency_class as an analyst writes them

CREATE TABLE sale (customer text, sold_on date, amount numeric(12, 2));
INSERT INTO sale
SELECT customer, make_date(2026, i::integer, 10), amount
FROM (VALUES
  ('Aral', ARRAY[100, 100, 100, 100, 100, 100]), ('Baikal', ARRAY[90, 110, 90, 110, 90, 110]), ('Como', ARRAY[75, 125, 75, 125, 75, 125]),
  ('Dover', ARRAY[120, 0, 0, 120, 0, 0]), ('Erie', ARRAY[NULL, NULL, 100, 100, 100, 100]), ('Faro', ARRAY[10, -20, NULL, NULL, NULL, NULL]),
  ('Garda', ARRAY[NULL, NULL, NULL, NULL, NULL, NULL]::integer[])) AS t (customer, amounts),
  unnest(amounts) WITH ORDINALITY AS u (amount, i);

CREATE VIEW half_year AS
SELECT customer, sales_series(amount, sold_on, '[2026-01-01,2026-07-01)') AS s FROM sale GROUP BY customer;

-- All in one table
SELECT customer, round(cv(s)::numeric, 4) AS cv, round(cv(s, 'sample')::numeric, 4) AS sample_cv, xyz_class(s), xyz_class(s, '{0.5,1}') AS retail,
  xyz_class(s, deviation => 'sample') AS sample, xyz_class(s, since_first => true) AS since_first, frequency_class(s)
FROM half_year ORDER BY customer;

-- The same straight from the sales rows
SELECT customer, xyz_class(amount, sold_on, '[2026-01-01,2026-07-01)', 'month') FROM sale GROUP BY customer ORDER BY customer;
SELECT xyz_class(amount, sold_on, '[2026-01-01,2026-07-01)', 'quarter') AS two_quarters, xyz_class(amount, sold_on, '[2026-01-01,2026-07-01)', 'month') FILTER (WHERE customer < 'C') AS some_customers FROM sale;

-- Every argument, by place and by name
SELECT xyz_class(s, ARRAY[0.15, 0.30], 'sample', false), xyz_class(s, cutoffs => '{0.15,0.30}', deviation => 'population', since_first => false), cv(s, deviation => 'sample'), frequency_class(s, shares => '{0.8,0.2}'), frequency_class(s, ARRAY[1, 0])
FROM half_year WHERE customer = 'Como';

-- A coefficient computed elsewhere
SELECT xyz_class(0.10), xyz_class(0.106), xyz_class(0.3), xyz_class(0.3, '{0.50,1.00}'), xyz_class(cv => 1.2, cutoffs => ARRAY[0.5, 1]), xyz_class(NULL::double precision);

-- A customer with and without the month that has just begun
SELECT customer, xyz_class(sales_series(amount, sold_on, '[2026-01-01,2026-08-01)')) AS with_july, xyz_class(sales_series(amount, sold_on, closed_period('2026-07-02', 6, 'month'))) AS closed
FROM sale WHERE customer = 'Aral' GROUP BY customer;

-- What is wrong is said
SELECT xyz_class(s, '{10,25}') FROM half_year;
SELECT xyz_class(s, '{0.25,0.10}') FROM half_year;
SELECT xyz_class(s, '{0.10}') FROM half_year;
SELECT xyz_class(s, deviation => 'stddev') FROM half_year;
SELECT xyz_class(-0.1);
SELECT xyz_class('NaN'::double precision);
SELECT frequency_class(s, '{90,50}') FROM half_year;
SELECT frequency_class(s, '{0.5,0.9}') FROM half_year;

DROP TABLE sale CASCADE;
