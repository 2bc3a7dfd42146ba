-- Report of a model: the statement of a framework order

INSERT INTO kam_model_object (place, kind, name, needs, comment, columns, body) VALUES
(3150, 'report', 'framework_statement', '{sale,sale.list_amount,sale.document_no,customer,customer.base_discount}', 'the statement of each framework order that the period meets: its instalments, its invoices with the extra discount, and how far paying and ordering have come', $columns$
programme_id: the programme
customer_id: the customer
name: his name
channel: his channel
territory: his territory
person_id: who is in charge
programme: name of the programme
period: the days of the programme
commitment: what he committed to
no: number of the row, in order of the days
kind: instalment or invoice
on_date: the day that the instalment is due, or that of the invoice
document_no: number of the invoice; NULL: all of the day
gross: the invoice before discounts, by the price list
base_discount: discount that he always has, a fraction
extra_discount: discount of the framework order, a fraction
discount: both in money
net: what the invoice should come to: gross less discount
charged: what it came to; negative for a return
difference: charged less net
instalment: amount that is due on the day
due_so_far: instalments due up to and with the row
drawn_so_far: invoices up to and with the row
drawn_share: that over commitment
undrawn: commitment less drawn_so_far; negative: beyond it
balance: due_so_far less drawn_so_far: what he has paid for and not ordered yet
value: drawn_so_far
goal: due_so_far
status: 1 where value reaches goal, 0 within the tolerance of setting, else -1; NULL after as_of
as_of: the last day that counts
$columns$, $body$
WITH asked AS MATERIALIZED (SELECT * FROM {asked}),
entry AS (
  SELECT p.programme_id, m.customer_id, 'instalment'::text AS kind, i.due_on AS on_date, NULL::text AS document_no, NULL::numeric AS gross, NULL::numeric AS charged, i.amount AS instalment
  FROM programme AS p JOIN programme_customer AS m ON m.programme_id = p.programme_id JOIN asked AS a ON p.period && a.period
  CROSS JOIN LATERAL instalments(m.target, least(p.instalments, 1200), lower(p.period)) AS i
  WHERE p.kind = 'framework' AND coalesce(m.joined_on, lower(p.period)) < upper(p.period)
UNION ALL
  SELECT p.programme_id, m.customer_id, 'invoice'::text AS kind, s.sold_on AS on_date, s.document_no, sum(s.list_amount) AS gross, sum(s.amount) AS charged, NULL::numeric AS instalment
  FROM programme AS p JOIN programme_customer AS m ON m.programme_id = p.programme_id JOIN asked AS a ON p.period && a.period
  JOIN sale AS s ON s.customer_id = m.customer_id AND s.sold_on >= greatest(m.joined_on, lower(p.period)) AND s.sold_on < upper(p.period) AND s.sold_on <= a.as_of
  WHERE p.kind = 'framework'
  GROUP BY p.programme_id, m.customer_id, s.sold_on, s.document_no)
SELECT e.programme_id, e.customer_id, k.name, k.channel, k.territory, k.person_id, p.name AS programme, p.period, m.target AS commitment, e.no, e.kind, e.on_date, e.document_no,
       e.gross, CASE WHEN e.kind = 'invoice' THEN d.base END AS base_discount, CASE WHEN e.kind = 'invoice' THEN p.extra_discount END AS extra_discount,
       e.gross - n.net AS discount, n.net, e.charged, e.charged - n.net AS difference, e.instalment, r.due AS due_so_far, r.drawn AS drawn_so_far, achieved(r.drawn, m.target) AS drawn_share,
       m.target - r.drawn AS undrawn, r.due - r.drawn AS balance, r.drawn AS value, r.due AS goal, CASE WHEN e.on_date <= a.as_of THEN kpi_status(r.drawn, r.due, a.goal_tolerance) END AS status, a.as_of
FROM (SELECT e.programme_id, e.customer_id, e.kind, e.on_date, e.document_no, e.gross, e.charged, e.instalment, row_number() OVER w AS no, sum(e.instalment) OVER w AS due, sum(e.charged) OVER w AS drawn
      FROM entry AS e WINDOW w AS (PARTITION BY e.customer_id, e.programme_id ORDER BY e.on_date, e.kind, e.document_no COLLATE "C")) AS e
CROSS JOIN asked AS a
JOIN programme AS p ON p.programme_id = e.programme_id
JOIN programme_customer AS m ON m.programme_id = e.programme_id AND m.customer_id = e.customer_id
LEFT JOIN customer AS k ON k.customer_id = e.customer_id
CROSS JOIN LATERAL (SELECT CASE WHEN 'customer.base_discount' = ANY (a.bound) AND coalesce(k.base_discount, 0) BETWEEN 0 AND 1 THEN coalesce(k.base_discount, 0) END AS base) AS d
CROSS JOIN LATERAL (SELECT framework_price(e.gross, d.base, p.extra_discount, p.discount_mode) AS net) AS n
CROSS JOIN LATERAL (SELECT CASE WHEN m.target IS NOT NULL THEN coalesce(e.due, 0) END AS due, CASE WHEN 'sale' = ANY (a.bound) THEN coalesce(e.drawn, 0) END AS drawn) AS r
$body$);
