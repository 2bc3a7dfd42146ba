-- Report of a model: the movement of the customer base

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(2100, 'report', 'base_movement', '{sale,customer.channel,customer.territory,customer.person_id,customer.customer_type}', 'customers won, back and lost, bucket by bucket, of the whole base and of its parts', $columns$
dimension: all, or what the base is cut by: channel, territory, person, customer_type
key: which part, as text; '' for all
bucket: the days
opening: customers at the start
new: customers won
returned: customers who are back
lost: customers lost
closing: customers at the end: opening + new + returned - lost
attrition: lost over opening
retention: 1 less that
opening_amount: what those of opening bought in the bucket before
lost_amount: what the lost of them bought
revenue_attrition: lost_amount over opening_amount
trend: 1 where closing is above opening, -1 where it is below, else 0
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT a.*, closed_period(a.as_of, a.buckets + 1, a.grain) AS days FROM {asked} AS a),
one AS (
  SELECT s.customer_id, rollup(s.amount, (SELECT days FROM asked)) FILTER (WHERE s.period && (SELECT days FROM asked)) AS s, min(first_sale(s.amount)) AS first_sale
  FROM customer_series AS s
  WHERE s.grain = 'month' AND s.year <= (SELECT calendar_year(upper(days) - 1) FROM asked) GROUP BY s.customer_id)
SELECT p.dimension, p.key, m.bucket, m.opening, m.new, m.returned, m.lost, m.closing, m.attrition, m.retention, m.opening_amount, m.lost_amount,
       m.revenue_attrition, sign(m.closing - m.opening)::integer AS trend, a.as_of
FROM (SELECT d.dimension, d.key, base_movement(regrain(one.s, a.grain), one.first_sale, a.activity) AS moves
      FROM one CROSS JOIN asked AS a
      LEFT JOIN customer AS k ON k.customer_id = one.customer_id
      CROSS JOIN LATERAL (VALUES ('all', ''), ('channel', k.channel), ('territory', k.territory), ('person', k.person_id::text),
                                 ('customer_type', k.customer_type)) AS d (dimension, key)
      WHERE d.key IS NOT NULL GROUP BY d.dimension, d.key) AS p
CROSS JOIN asked AS a
CROSS JOIN LATERAL unnest(p.moves) AS m
$body$);
