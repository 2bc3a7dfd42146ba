-- ABC classes and shares, the way an analyst writes them
CREATE TABLE customer_sales (customer text, region text, total numeric);
INSERT INTO customer_sales VALUES
    ('Aria', 'north', 500), ('Birch', 'north', 250), ('Cedar', 'north', 100),
    ('Dune', 'north', 60), ('Elm', 'north', 40), ('Fjord', 'north', 30),
    ('Grove', 'north', 20), ('Hill', 'north', 0), ('Isle', 'north', -10),
    ('Jade', 'south', 40), ('Kite', 'south', 40), ('Loch', 'south', 10),
    ('Moor', 'south', 10), ('Nook', 'south', NULL);

-- Every form
SELECT customer, total,
       abc_class(total) OVER () AS class,
       abc_class(total, '{0.70,0.90}') OVER () AS at_70_90,
       abc_class(total, ARRAY[0.50, 0.80, 0.95, 0.99]) OVER () AS five,
       abc_class(total, '{0.80}', '{key,other}') OVER () AS key,
       abc_class(total, '{0.80,0.95}', NULL, 'below') OVER () AS below,
       abc_class(total, boundary => 'below') OVER () AS named,
       abc_class(total, labels => ARRAY['gold', 'silver', 'bronze']) OVER () AS metal
  FROM customer_sales
 WHERE region = 'north'
 ORDER BY total DESC;

SELECT customer, total,
       round(abc_share(total) OVER (), 4) AS share,
       round(abc_cum_share(total) OVER (), 4) AS cum_share,
       round(abc_cum_share(total, false) OVER (), 4) AS before,
       round(abc_cum_share(total, inclusive => true) OVER (), 4) AS named
  FROM customer_sales
 WHERE region = 'north'
 ORDER BY total DESC;

-- One class a region
SELECT region, customer, total,
       abc_class(total) OVER w AS class,
       round(abc_share(total) OVER w, 2) AS share,
       round(abc_cum_share(total) OVER w, 2) AS cum_share
  FROM customer_sales
WINDOW w AS (PARTITION BY region)
 ORDER BY region, total DESC NULLS LAST, customer;

-- Over totals of a GROUP BY, and over whole numbers
SELECT region, sum(total), abc_class(sum(total)) OVER () AS class
  FROM customer_sales
 GROUP BY region
 ORDER BY region;

SELECT abc_class(5) OVER () AS one_customer,
       abc_class(5, boundary => 'below') OVER () AS one_below,
       abc_class(0) OVER () AS no_sales,
       abc_share(5) OVER () AS share,
       abc_cum_share(5) OVER () AS cum_share;

-- Published and worked examples
SELECT example, boundary, cutoffs, string_agg(class, ',' ORDER BY place) AS classes
  FROM (SELECT example, e.boundary, e.cutoffs, place,
               abc_class(value, e.cutoffs, NULL, e.boundary)
                   OVER (PARTITION BY example, e.boundary, e.cutoffs) AS class
          FROM (VALUES
                ('seven items', 'below', '{0.70,0.90}'::numeric[], '{27000,24000,18000,16000,6000,5000,4000}'::numeric[]),
                ('seven items', 'reach', '{0.70,0.90}', '{27000,24000,18000,16000,6000,5000,4000}'),
                ('seven items', 'below', '{0.80,0.95}', '{27000,24000,18000,16000,6000,5000,4000}'),
                ('seven items', 'reach', '{0.80,0.95}', '{27000,24000,18000,16000,6000,5000,4000}'),
                ('one', 'reach', '{0.80,0.95}', '{7}'),
                ('one', 'below', '{0.80,0.95}', '{7}'),
                ('dominant', 'reach', '{0.80,0.95}', '{850,100,50}'),
                ('dominant', 'below', '{0.80,0.95}', '{850,100,50}'),
                ('exact hits', 'reach', '{0.80,0.95}', '{80,15,5}'),
                ('exact hits', 'below', '{0.80,0.95}', '{80,15,5}'),
                ('five classes', 'reach', '{0.50,0.80,0.95,0.99}', '{50,30,15,4,1}'),
                ('five classes', 'below', '{0.50,0.80,0.95,0.99}', '{50,30,15,4,1}'),
                ('nine', 'reach', '{0.80,0.95}', '{500,250,100,60,40,30,20,0,-10}'),
                ('pairs', 'reach', '{0.80,0.95}', '{40,40,10,10}'),
                ('tie at the cut', 'reach', '{0.80,0.95}', '{50,20,20,10}'),
                ('tie after', 'reach', '{0.80,0.95}', '{60,20,20}'),
                ('tie after', 'below', '{0.80,0.95}', '{60,20,20}'),
                ('all equal', 'reach', '{0.80,0.95}', '{50,50,50,50}'),
                ('all equal', 'below', '{0.80,0.95}', '{50,50,50,50}'),
                ('nothing sold', 'reach', '{0.80,0.95}', '{0,0,-5}')
               ) AS e (example, boundary, cutoffs, vals),
               unnest(e.vals) WITH ORDINALITY AS u (value, place)) AS classed
 GROUP BY example, boundary, cutoffs
 ORDER BY example, boundary, cutoffs;

-- What is refused
CREATE FUNCTION refusal(call text, OUT state text, OUT message text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'SELECT ' || call;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE,
                            message = MESSAGE_TEXT,
                            hint = PG_EXCEPTION_HINT;
END $$;

\x on
SELECT call, r.*
  FROM (VALUES
        ($$abc_class(5)$$),
        ($$abc_class(5, '{80,95}') OVER ()$$),
        ($$abc_class(5, '{0.95,0.80}') OVER ()$$),
        ($$abc_class(5, '{0.80,0.80}') OVER ()$$),
        ($$abc_class(5, '{0,0.80}') OVER ()$$),
        ($$abc_class(5, '{-0.5,0.80}') OVER ()$$),
        ($$abc_class(5, '{0.5,NaN}') OVER ()$$),
        ($$abc_class(5, '{}') OVER ()$$),
        ($$abc_class(5, '{{0.80,0.95}}') OVER ()$$),
        ($$abc_class(5, '{0.80,NULL}') OVER ()$$),
        ($$abc_class(5, labels => '{A,B}') OVER ()$$),
        ($$abc_class(5, labels => '{A,B,C,D}') OVER ()$$),
        ($$abc_class(5, labels => '{A,B,NULL}') OVER ()$$),
        ($$abc_class(5, boundary => 'above') OVER ()$$),
        ($$abc_class('NaN') OVER ()$$),
        ($$abc_share('-infinity') OVER ()$$),
        ($$abc_cum_share('infinity') OVER ()$$),
        ($$abc_class(v) OVER () FROM (VALUES (6e37), (6e37)) AS t (v)$$),
        ($$abc_class(v, boundary => b) OVER () FROM (VALUES (1, 'reach'), (2, 'below')) AS t (v, b)$$),
        ($$abc_cum_share(v, i) OVER () FROM (VALUES (1, true), (2, false)) AS t (v, i)$$)
       ) AS c (call), refusal(call) AS r;
\x off

DROP FUNCTION refusal(text);
DROP TABLE customer_sales;
