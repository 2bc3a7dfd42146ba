-- Visits as an analyst writes them
\pset null '(null)'

CREATE TABLE visit (agent text, outlet text, day date, planned boolean, visited boolean, ordered boolean, lines integer, amount numeric(10, 2));
INSERT INTO visit VALUES
  ('Ann', 'Acorn',  '2026-03-02', true,  true,  true,  5,   250.00), ('Ann', 'Beacon', '2026-03-02', true,  true,  false, 0, 0),
  ('Ann', 'Cedar',  '2026-03-02', true,  false, false, 0,   0),      ('Ann', 'Dune',   '2026-03-02', false, true,  true,  2, 90.00),
  ('Ann', 'Acorn',  '2026-03-09', true,  true,  true,  3,   110.50), ('Bob', 'Ember',  '2026-03-03', true,  true,  true,  7, 610.00),
  ('Bob', 'Fern',   '2026-03-03', true,  false, true,  4,   75.00),  ('Bob', 'Grove',  '2026-03-03', true,  NULL,  NULL,  NULL, NULL),
  ('Bob', 'Ember',  '2026-03-10', true,  true,  false, 0,   -60.00), ('Cid', 'Harbour', '2026-03-04', false, true, NULL, NULL, NULL);

-- Reach, strike rate, lines per call and drop size, by agent and in all
SELECT agent, round(visit_reach(planned, visited), 4) AS reach, round(visit_success(visited, ordered), 4) AS success,
  round(lines_per_call(lines) FILTER (WHERE visited), 4) AS lines, round(drop_size(amount) FILTER (WHERE visited), 2) AS drop_size
FROM visit GROUP BY ROLLUP (agent) ORDER BY agent;

-- Outlets that were reached at all, of those planned
SELECT agent, round(visit_reach(planned, visited), 2) AS outlets_reached
FROM (SELECT agent, outlet, bool_or(planned) AS planned, bool_or(visited) AS visited FROM visit GROUP BY agent, outlet) AS o GROUP BY agent ORDER BY agent;
SELECT outlet, day, visit_reach(planned, visited) OVER (PARTITION BY outlet ORDER BY day), drop_size(amount) OVER (PARTITION BY outlet ORDER BY day) FROM visit WHERE agent = 'Bob' ORDER BY outlet, day;

-- Literals
SELECT visit_reach(true, true), visit_reach(true, false) AS missed, visit_reach(false, true) AS unplanned, visit_reach(NULL, true) AS plan_unknown, visit_reach(true, NULL) AS visit_unknown, visit_reach('t', 'f') AS text;
SELECT visit_success(true, true), visit_success(true, false) AS no_order, visit_success(false, true) AS no_visit, visit_success(true, NULL) AS unknown, visit_success(1 > 0, 2 > 1) AS conditions;
SELECT lines_per_call(4), lines_per_call(0) AS no_lines, lines_per_call(NULL) AS unknown, lines_per_call(3::smallint) AS smallint, lines_per_call('12') AS text, lines_per_call(i) AS integer FROM (VALUES (4)) AS x (i);
SELECT drop_size(12.50), drop_size(0) AS nothing, drop_size(-5) AS returns, drop_size(NULL) AS unknown, drop_size(7) AS integer, drop_size('12.50') AS text;
SELECT visit_reach(planned, visited), visit_success(visited, ordered), lines_per_call(lines), drop_size(amount) FROM visit WHERE false;

-- Which visit was made for which planned day
SELECT * FROM visit_match('{2026-03-02,2026-03-09,2026-03-16}', '{2026-03-02,2026-03-10,2026-03-20}');
SELECT * FROM visit_match('{2026-03-02,2026-03-09,2026-03-16}', '{2026-03-02,2026-03-10,2026-03-20}', 1);
SELECT * FROM visit_match('{2026-03-02,2026-03-09}', '{2026-03-01,2026-03-11}', tolerance => 2, early => 0);
SELECT * FROM visit_match(planned => ARRAY[date '2026-03-02', '2026-03-03'], visited => ARRAY[date '2026-03-03', NULL, '2026-03-03'], tolerance => 1);
SELECT * FROM visit_match('{}', '{2026-03-03}') UNION ALL SELECT * FROM visit_match('{2026-03-03}', NULL) UNION ALL SELECT * FROM visit_match(NULL, NULL, 3) UNION ALL SELECT * FROM visit_match('{2026-03-03}', '{}', NULL);
SELECT outlet, visit_reach(planned_on IS NOT NULL, visited_on IS NOT NULL), count(*) FILTER (WHERE planned_on IS NULL) AS unplanned, round(avg(delay), 2) AS mean_delay
FROM (VALUES ('Acorn', '{2026-03-02,2026-03-09}'::date[], '{2026-03-02,2026-03-10}'::date[]), ('Beacon', '{2026-03-02}', '{2026-03-06,2026-03-07}'), ('Cedar', '{2026-03-02}', NULL)) AS o (outlet, planned, visited)
CROSS JOIN LATERAL visit_match(planned, visited, 1) GROUP BY outlet ORDER BY outlet;

-- What is refused
SELECT lines_per_call(-1);
SELECT drop_size('NaN');
SELECT drop_size('-Infinity');
SELECT drop_size(1e38);
SELECT * FROM visit_match('{2026-03-02}', '{infinity}');
SELECT * FROM visit_match('{-infinity}', '{}');
SELECT * FROM visit_match('{2026-03-02}', '{2026-03-02}', -1);
SELECT * FROM visit_match('{2026-03-02}', '{2026-03-02}', 0, 367);
SELECT count(*) FROM visit_match(ARRAY(SELECT date '2020-01-01' + i FROM generate_series(0, 3660) AS i), '{}');
\set VERBOSITY terse
SELECT visit_reach(1, 1);
SELECT lines_per_call(1.5);
SELECT drop_size(1::double precision);
DROP TABLE visit;
