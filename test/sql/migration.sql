-- How customers move between classes, as an analyst asks for it

SELECT before, now, class_move(before, now), class_move(before, now, '{gold,silver,bronze}') AS metal
FROM (VALUES ('silver', 'gold'), ('silver', 'bronze'), ('gold', 'gold'), (NULL, 'bronze'), ('bronze', NULL), (NULL, NULL)) AS v (before, now);
SELECT class_move('A', 'B'), class_move('C', 'A'), class_move('AX', 'AX'), class_move(NULL, 'E') AS new, class_move('E', NULL) AS lost;
SELECT class_move(before => 'B', now => 'A', classes => ARRAY['A', 'B', 'C']), class_move('1', '2', NULL) AS by_bytes;

CREATE TABLE class_history (customer text, as_of date, class char(1), total numeric);
INSERT INTO class_history VALUES
  ('Aria', '2024-12-31', 'A', 500), ('Birch', '2024-12-31', 'B', 90), ('Cedar', '2024-12-31', 'C', 10), ('Dune', '2024-12-31', 'C', 20),
  ('Aria', '2025-12-31', 'A', 450), ('Birch', '2025-12-31', 'C', 15), ('Cedar', '2025-12-31', 'B', 80), ('Elm', '2025-12-31', 'B', 70);
SELECT class_move(before.class, now.class) AS move, count(*) AS customers, sum(before.total) AS before, sum(now.total) AS now
FROM (SELECT * FROM class_history WHERE as_of = '2024-12-31') AS before
FULL JOIN (SELECT * FROM class_history WHERE as_of = '2025-12-31') AS now USING (customer)
GROUP BY move ORDER BY move;

-- What is wrong is said
SELECT class_move('A', 'D', '{A,B,C}');
SELECT class_move('D', NULL, '{A,B,C}');
SELECT class_move('A', 'B', '{A,B,A}');
SELECT class_move('A', 'B', '{}');
SELECT class_move('A', 'B', '{A,NULL}');

DROP TABLE class_history;
