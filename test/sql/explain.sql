-- programme_reward, explain_reward, explain_turnover and explain_framework as an analyst writes them

-- The short form, and every argument by place
SELECT * FROM explain_reward(250000, '0 => 0%, 100000 => 1%, 300000 => 3% + 500');
SELECT * FROM explain_reward(250000, '100000 => 1%, 300000 => 3% + 500', 240000, 'retrospective', 'reach', 1500,
  ARRAY[('volume', 250000, 240000, 0.5), ('mix A', 10, 10, 0.3), ('mix B', 9, 10, 0.2), ('mix C', 9, NULL, 0.2)]::programme_parameter[], 'weighted',
  ARRAY[('overdue share below 7.5%', 0.02 < 0.075), ('contract signed', true)]::programme_gate[], 1000, 0);
SELECT programme_reward(250000, '100000 => 1%, 300000 => 3% + 500'), programme_reward(250000, '100000 => 1%, 300000 => 3% + 500', 240000, 'retrospective', 'reach', 1500,
  ARRAY[('volume', 250000, 240000, 0.5), ('mix B', 9, 10, 0.2)]::programme_parameter[], 'weighted', ARRAY[('contract signed', true)]::programme_gate[]) AS all_arguments;

-- The four modes
SELECT step, detail, amount FROM explain_reward(250000, '0 => 1%, 100000 => 2% + 100, 300000 => 3% + 500', mode => 'stepped', paid => 5000);
SELECT step, detail, amount FROM explain_reward(250000, '100000 => 1%, 300000 => 3% + 500', mode => 'interpolated');
SELECT step, detail, amount FROM explain_reward(250000, '100000 => 0 + 100, 300000 => 0 + 500', mode => 'fixed', boundary => 'exceed');
SELECT step, detail, amount FROM explain_reward(25, '0 => 7, 5 => 6.50, 10 => 6', boundary => 'exceed');

-- Every parameter must be met; the lowest attainment decides
SELECT step, detail, amount FROM explain_reward(104000, '90000 => 1%, 100000 => 2%', parameters => '{"(volume,104000,100000,)","(mix,9,10,)","(new products,2,0,)"}');
SELECT step, detail, amount FROM explain_reward(104000, '90000 => 1%, 100000 => 2%', parameters => '{"(volume,104000,100000,)","(mix,10,10,)"}', paid => 2080);
SELECT step, detail, amount FROM explain_reward(104000, '0.9 => 1%, 1 => 2%', parameters => '{"(volume,104000,100000,)","(mix,9,10,)"}', combine => 'min');

-- Gates
SELECT step, detail, amount FROM explain_reward(95000, '90000 => 1%, 100000 => 2%', gates => '{"(overdue share below 7.5%,f)","(contract signed,)"}', cap => 5000, paid => 100);

-- Below the first tier, without tiers, with returns only
SELECT step, detail, amount FROM explain_reward(50000, '90000 => 1%, 100000 => 2%');
SELECT step, detail, amount FROM explain_reward(50000, '');
SELECT step, detail, amount FROM explain_reward(-50, '0 => 1% + 5', -50);

-- The other two programmes
SELECT * FROM explain_turnover(500000, 500000, 0.03);
SELECT * FROM explain_turnover(499999.99, 500000, 0.03, 100, 2000, 0);
SELECT * FROM explain_framework(1000, 0.10, 0.05);
SELECT * FROM explain_framework(1000, 0.10, 0.05, 'chained', 120000, 40000);
SELECT * FROM explain_framework(1000, 0.80, 0.30, 'additive', 120000, 130000);

-- NULL gives no rows
SELECT (SELECT count(*) FROM explain_reward(NULL, '1 => 1')), (SELECT count(*) FROM explain_reward(1, NULL)), (SELECT count(*) FROM explain_turnover(1, 0, 0.1)), (SELECT count(*) FROM explain_framework(1, NULL, 0.1));
SELECT programme_reward(NULL, '1 => 1'), programme_reward(1, '1 => 1', combine => NULL), programme_reward(1, '1 => 1', combine => 'min');

-- What is refused
SELECT * FROM explain_reward(1, '1 => 1', combine => 'most');
SELECT * FROM explain_reward(1, '1 => 1', mode => 'stepped', combine => 'min');
SELECT * FROM explain_reward(1, '1 => 1', 2, 'stepped');
SELECT * FROM explain_reward(1, '1 => 1', parameters => '{"(mix,NaN,1,)"}');
SELECT * FROM explain_reward(1, '1 => 1', parameters => '{"(mix,1,-1,)"}');
SELECT * FROM explain_reward(1, '1 => 1', parameters => '{"(mix,1,1,-1)"}');
SELECT * FROM explain_reward(1, '1 => 1', scale => 21);
SELECT * FROM explain_turnover(1, 1, 3);
SELECT * FROM explain_framework(1, 0.1, 0.1, commitment => 0);
