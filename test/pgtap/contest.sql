-- The contest of doc/contest.md: standings with joint winners, teams without a score, and the award rows.

\set QUIET 1
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS kam;
SELECT plan(15);

CREATE TEMP TABLE team_member (team text, rep text, valid daterange);
CREATE TEMP TABLE team_target (team text, month date, target numeric);
CREATE TEMP TABLE sale (rep text, sold_on date, amount numeric);
CREATE TEMP TABLE prize (place integer, award text, cost numeric);
CREATE TEMP TABLE team_award (team text, month date, award text, cost numeric, PRIMARY KEY (month, team, award));

CREATE TEMP VIEW standing AS
SELECT month, team, actual, target, score,
       CASE WHEN score IS NOT NULL
            THEN rank() OVER (PARTITION BY month ORDER BY round(score, 4) DESC NULLS LAST) END AS place
FROM (SELECT t.month, t.team, coalesce(sum(s.amount), 0) AS actual, t.target,
             coalesce(sum(s.amount), 0) / nullif(t.target, 0) AS score
      FROM team_target AS t
      LEFT JOIN team_member AS m USING (team)
      LEFT JOIN sale AS s ON s.rep = m.rep AND s.sold_on <@ m.valid
                         AND s.sold_on >= t.month AND s.sold_on < t.month + interval '1 month'
      GROUP BY t.month, t.team, t.target) AS x;

-- April: two ties that a division does not show, one team below, one at zero, one below zero, two without a score
INSERT INTO team_member SELECT team, team || ' rep', '[2026-01-01,)' FROM unnest('{A,B,C,D,E,F,G}'::text[]) AS team;
INSERT INTO team_target VALUES
  ('A', '2026-04-01', 9000), ('B', '2026-04-01', 12000), ('C', '2026-04-01', 30000), ('D', '2026-04-01', 5000),
  ('E', '2026-04-01', 5000), ('F', '2026-04-01', 0), ('G', '2026-04-01', NULL);
INSERT INTO sale VALUES
  ('A rep', '2026-04-01', 12000), ('B rep', '2026-04-30', 16000), ('C rep', '2026-04-11', 31500), ('E rep', '2026-04-12', -10),
  ('F rep', '2026-04-12', 99999), ('G rep', '2026-04-12', 99999), ('A rep', '2026-03-31', 99999), ('B rep', '2026-05-01', 99999);

SELECT results_eq($$ SELECT team, actual, round(score, 4), place FROM standing WHERE month = '2026-04-01' ORDER BY team $$,
  $$ VALUES ('A', 12000::numeric, 1.3333, 1::bigint), ('B', 16000, 1.3333, 1), ('C', 31500, 1.0500, 3), ('D', 0, 0, 4), ('E', -10, -0.0020, 5),
     ('F', 99999, NULL, NULL), ('G', 99999, NULL, NULL) $$, 'joint winners, the third place behind them, no place without a score');
SELECT isnt(12000::numeric / 9000, 16000::numeric / 12000, 'equal attainments differ as numeric has them: hence the rounding');
SELECT is((SELECT array_agg(team ORDER BY place, team) FROM (SELECT team, rank() OVER (ORDER BY score DESC) AS place FROM standing) AS x WHERE place = 1), '{F,G}',
  'rank() alone puts teams without a score first');
SELECT is((SELECT count(*) FROM standing WHERE place = 1), 2::bigint, 'two winners');
SELECT is((SELECT count(*) FROM standing WHERE place = 2), 0::bigint, 'and no second place');

-- Awards

INSERT INTO prize VALUES (1, 'dinner', 1200), (1, 'cup', 0), (2, 'nobody gets it', 500), (3, 'cinema', 150), (99, 'nor this', 1);
PREPARE award AS
INSERT INTO team_award (team, month, award, cost)
SELECT team, month, award, cost
FROM standing JOIN prize USING (place)
WHERE month = '2026-04-01'
ON CONFLICT DO NOTHING;

EXECUTE award;
SELECT set_eq('SELECT team, month, award, cost FROM team_award',
  $$ VALUES ('A', date '2026-04-01', 'dinner', 1200::numeric), ('B', '2026-04-01', 'dinner', 1200), ('A', '2026-04-01', 'cup', 0), ('B', '2026-04-01', 'cup', 0),
     ('C', '2026-04-01', 'cinema', 150) $$, 'both winners get each award of the first place');
EXECUTE award;
SELECT is((SELECT count(*) FROM team_award), 5::bigint, 'once, however often it runs');
SELECT is((SELECT sum(cost) FROM team_award), 2550::numeric, 'what the contest cost');
SELECT results_eq($$
    SELECT month, sum(a.cost), sum(s.actual - s.target)
    FROM (SELECT month, team, sum(cost) AS cost FROM team_award GROUP BY month, team) AS a
    JOIN standing AS s USING (month, team)
    GROUP BY month ORDER BY month $$,
  $$ VALUES (date '2026-04-01', 2550::numeric, 8500::numeric) $$, 'beside what it brought, each team once');

-- Months are contests of their own, and a member's sales count for the team of that day

INSERT INTO team_target VALUES ('A', '2026-06-01', 1000), ('B', '2026-06-01', 1000);
INSERT INTO team_member VALUES ('A', 'mover', '[2026-01-01,2026-06-16)'), ('B', 'mover', '[2026-06-16,)');
INSERT INTO sale VALUES ('mover', '2026-06-15', 100), ('mover', '2026-06-16', 1000);
SELECT results_eq($$ SELECT team, actual, place FROM standing WHERE month = '2026-06-01' ORDER BY place $$,
  $$ VALUES ('B', 1000::numeric, 1::bigint), ('A', 100, 2) $$, 'a member who moves in mid-month');
SELECT is((SELECT sum(actual) FROM standing WHERE month = '2026-06-01'), 1100::numeric, 'no sale is counted twice');
SELECT is((SELECT place FROM standing WHERE month = '2026-04-01' AND team = 'C'), 3::bigint, 'April is as it was');

-- All equal; and a score of another kind, the stable outlets of a team

INSERT INTO team_target SELECT team, '2026-08-01', 100 FROM unnest('{A,B,C}'::text[]) AS team;
SELECT is((SELECT array_agg(DISTINCT place) FROM standing WHERE month = '2026-08-01'), '{1}', 'all equal, all first');

SELECT results_eq($$
    SELECT team, score, rank() OVER (ORDER BY score DESC NULLS LAST)
    FROM (SELECT team, count(*) FILTER (WHERE akb_stable(s)) AS score
          FROM (SELECT team, outlet, sales_series(amount, sold_on, '[2026-01-01,2026-04-01)') AS s
                FROM (VALUES ('A', 1, 5, date '2026-01-05'), ('A', 1, 5, '2026-02-05'), ('A', 1, 5, '2026-03-05'), ('A', 2, 5, '2026-01-05'),
                      ('B', 3, 5, '2026-01-05'), ('B', 3, 5, '2026-02-05'), ('B', 3, 5, '2026-03-31'), ('C', 4, 5, '2026-01-05')) AS x (team, outlet, amount, sold_on)
                GROUP BY team, outlet) AS o
          GROUP BY team) AS t
    ORDER BY 3, 1 $$,
  $$ VALUES ('A', 1::bigint, 1::bigint), ('B', 1, 1), ('C', 0, 3) $$, 'stable outlets as the score');
SELECT results_eq($$
    SELECT team, rank() OVER (ORDER BY round(kept / nullif(revenue, 0), 4))
    FROM (SELECT team, (retention_portfolio(retention_bonus(s, '2026-03-31', 2, 1))).*
          FROM (SELECT team, client, sales_series(amount, sold_on, '[2026-01-01,2026-04-01)') AS s
                FROM (VALUES ('A', 1, 10, date '2026-01-05'), ('A', 1, 10, '2026-02-05'), ('B', 2, 10, '2026-02-05'), ('B', 2, 30, '2026-03-05')) AS x (team, client, amount, sold_on)
                GROUP BY team, client) AS c
          GROUP BY team) AS t
    ORDER BY 2 $$,
  $$ VALUES ('B', 1::bigint), ('A', 2) $$, 'the cheapest retained revenue as the score, less is better');

SELECT * FROM finish();
ROLLBACK;
