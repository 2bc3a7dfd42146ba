-- retention_bonus, its ledger and portfolio, as an analyst writes them

-- Three contracts: one that stays, one that shrinks in its third month, one that is young
CREATE TABLE sale (client text, rep text, sold_on date, amount numeric(12, 2));
INSERT INTO sale VALUES
  ('stays', 'Dana', '2026-01-12', 300), ('stays', 'Dana', '2026-01-28', 200), ('stays', 'Dana', '2026-02-10', 500),
  ('stays', 'Dana', '2026-03-10', 500), ('stays', 'Dana', '2026-04-10', 500), ('stays', 'Dana', '2026-05-29', 500),
  ('shrinks', 'Dana', '2026-02-03', 500), ('shrinks', 'Dana', '2026-03-03', 500), ('shrinks', 'Dana', '2026-04-30', 300),
  ('shrinks', 'Dana', '2026-05-30', 900), ('young', 'Eli', '2026-05-02', 450), ('young', 'Eli', '2026-06-02', 450);

CREATE TABLE contract AS
SELECT client, rep, sales_series(amount, sold_on, '[2026-01-01,2027-01-01)') AS s FROM sale GROUP BY client, rep;

-- Every overload, with literals
SELECT client, (retention_bonus(s, '2026-06-15')).* FROM contract ORDER BY client;
SELECT client, (retention_bonus(s, '2026-06-15', 1.5)).* FROM contract ORDER BY client;
SELECT client, (retention_bonus(s, '2026-06-15', 2, 1)).* FROM contract ORDER BY client;
SELECT client, r.* FROM contract CROSS JOIN LATERAL retention_bonus(s, as_of => '2026-06-30', multiplier => 2, months => 1) AS r ORDER BY client;
SELECT r.* FROM retention_bonus('{"version": 1, "period": "[2026-01-01,2026-04-01)", "grain": "month", "totals": [500, 500, 300], "sale_days": [0, 40, 60]}', '2026-03-31') AS r;
SELECT r.* FROM retention_ledger('{"version": 1, "period": "[2026-01-01,2026-04-01)", "grain": "month", "totals": [500, 500, 300], "sale_days": [0, 40, 60]}', '2026-03-31') AS r;

-- The ledger
SELECT client, l.* FROM contract CROSS JOIN LATERAL retention_ledger(s, '2026-06-15') AS l ORDER BY posted_on, client;
SELECT client, l.* FROM contract CROSS JOIN LATERAL retention_ledger(s, '2026-06-15', 1.5, 1) AS l ORDER BY posted_on, client;
SELECT client, sum(l.amount) AS held FROM contract CROSS JOIN LATERAL retention_ledger(s, '2026-06-15', months => 1) AS l GROUP BY client ORDER BY client;

-- As it stood, month by month
SELECT as_of, r.* FROM contract CROSS JOIN unnest('{2026-01-31,2026-02-27,2026-02-28,2026-03-31,2026-04-29,2026-04-30,2026-05-31}'::date[]) AS as_of
CROSS JOIN LATERAL retention_bonus(s, as_of) AS r
WHERE client = 'shrinks' ORDER BY as_of;

-- The portfolio, by representative and in all
SELECT rep, p.* FROM (SELECT rep, retention_portfolio(retention_bonus(s, '2026-06-15')) AS p FROM contract GROUP BY ROLLUP (rep)) AS x
CROSS JOIN LATERAL (SELECT (x.p).*) AS p ORDER BY rep;
SELECT (retention_portfolio(NULL)).*;
SELECT (retention_portfolio(r)).* FROM contract CROSS JOIN LATERAL retention_bonus(s, '2026-06-15') AS r WHERE false;

-- The multiplier by the size of the outlet
SELECT potential, r.bonus, r.kept
FROM unnest('{100,1000,9000}'::numeric[]) AS potential, contract
CROSS JOIN LATERAL retention_bonus(s, '2026-06-15', (tier_attainment(potential, '0 => 0.5, 1000 => 1, 5000 => 2')).rate) AS r
WHERE client = 'stays' ORDER BY potential;

-- The bonus in the pay
SELECT bonus_share(1500, 1000), bonus_for_share(1500, 0.40), bonus_share(1500, -500), bonus_share(0, 0), bonus_for_share(1500, 1);

-- No contract
SELECT retention_bonus(sales_series(-5, '2026-01-01', '[2026-01-01,2026-02-01)'), '2026-01-31') IS NULL AS only_returns,
  retention_bonus(NULL, '2026-01-31') IS NULL AS no_series;
SELECT * FROM retention_ledger(NULL, '2026-01-31');

-- What is wrong is said
SELECT retention_bonus(sales_series(1, '2026-01-05', '[2026-01-01,2026-02-01)', 'week'), '2026-01-31');
SELECT retention_bonus(sales_series(1, '2026-01-15', '[2026-01-15,2026-06-01)'), '2026-01-31');
SELECT retention_bonus(s, '2026-06-15', -1) FROM contract;
SELECT retention_bonus(s, '2026-06-15', 2, 0) FROM contract;
SELECT * FROM contract CROSS JOIN LATERAL retention_ledger(s, 'infinity');
SELECT bonus_for_share(1500, 40);

DROP TABLE sale, contract;
