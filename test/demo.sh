#!/bin/sh
# Loads the demo company, compares it with its checksum, makes the model over it, and prints its reports: the same
# rows on every machine, no row that breaks the model, no report without its source but two, and numbers that agree
# with plain SQL over the company's tables.
set -eu

database=kam_demo_$$
work=$(mktemp -d "${KAM_WORK:-${TMPDIR:-/tmp}}/demo.XXXXXX")
trap 'rm -rf "$work"; psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $database" 2>/dev/null || :' EXIT

run() {
  psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$database" "$@"
}

psql -X -q -d postgres -c "CREATE DATABASE $database"
run -f examples/company.sql > "$work/load" 2>&1 || { cat "$work/load"; exit 1; }
expected=$(cat examples/company.checksum)
actual=$(run -c 'SELECT checksum FROM demo.summary')
if [ "$actual" != "$expected" ]; then
  echo "the demo company's checksum is $actual, not $expected"
  exit 1
fi

run -c 'CREATE SCHEMA kam' -c 'CREATE EXTENSION kam SCHEMA kam'
run -f examples/model.sql > "$work/model" 2>&1 || { cat "$work/model"; exit 1; }
[ -s "$work/model" ] && { cat "$work/model"; exit 1; }
run -c "SET client_min_messages = notice" -c "SELECT kam.kam_upgrade_model('crm')" > "$work/upgrade" 2>&1 || { cat "$work/upgrade"; exit 1; }
if grep . "$work/upgrade"; then
  echo 'an upgrade of the model has something to say'
  exit 1
fi

found=$(run <<'SQL'
SET search_path = demo, kam;
SELECT string_agg(problem, '; ')
FROM (VALUES
  ('there are rows that break the model', NOT EXISTS (SELECT FROM kam_check_model('crm') WHERE kind IN ('rows', 'model'))),
  ('reports are empty that should not be', (SELECT string_agg(name, ' ' ORDER BY name) FROM kam_check_model('crm') WHERE state = 'empty') = 'customer_stock forecast_quality inventory_turnover response_time standard_check visit_execution'),
  ('not nine ABC-XYZ cells', (SELECT count(DISTINCT cell) FROM crm.customer_class) = 9),
  ('customer_class: other sales', (SELECT array_agg((customer_id, amount) ORDER BY customer_id) FROM crm.customer_class)
   = (SELECT array_agg((customer_id, amount) ORDER BY customer_id) FROM (
        SELECT customer_id, sum(amount) AS amount FROM delivery_line WHERE sold_on >= '2024-10-01' AND sold_on < '2025-10-01' GROUP BY customer_id) AS s)),
  ('plan_progress: other plans, or other sales', NOT EXISTS (
     SELECT FROM (SELECT customer_id, key, target, actual FROM crm.plan_progress WHERE measure = 'amount') AS m
     FULL JOIN (SELECT l.*, (SELECT coalesce(sum(amount), 0) FROM delivery_line AS d JOIN product USING (product_id) JOIN category USING (category_id)
                             WHERE d.customer_id = l.customer_id AND sold_on >= '2025-01-01' AND key IN ('', category)) AS actual
                FROM (SELECT customer_id, '' AS key, target FROM plan WHERE lower(period) = '2025-01-01' UNION ALL
                      SELECT customer_id, category, target FROM plan_line JOIN category USING (category_id) WHERE lower(period) = '2025-01-01') AS l) AS p USING (customer_id, key)
     WHERE m.target IS DISTINCT FROM p.target OR m.actual IS DISTINCT FROM p.actual)),
  ('programme_result: other purchases, or payments', NOT EXISTS (
     SELECT FROM (SELECT programme_id, customer_id, actual, paid FROM crm.programme_result) AS m
     FULL JOIN (SELECT c.programme_id, c.customer_id, paid,
                       (SELECT coalesce(sum(amount), 0) FROM delivery_line AS d JOIN product USING (product_id)
                        WHERE d.customer_id = c.customer_id AND sold_on <@ p.period AND category_id = coalesce(p.category_id, product.category_id)) AS bought
                FROM programme_customer AS c JOIN programme AS p USING (programme_id)
                CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS paid FROM programme_payment AS y WHERE (y.programme_id, y.customer_id) = (c.programme_id, c.customer_id)) AS y) AS p
       ON p.programme_id = m.programme_id AND p.customer_id = m.customer_id
     WHERE m.actual IS DISTINCT FROM bought OR m.paid IS DISTINCT FROM p.paid)),
  ('kpi_matrix: another active base', (SELECT array_agg((key, akb, orders) ORDER BY key) FROM crm.kpi_matrix(NULL, '[2025-07-01,2025-10-01)') WHERE grain = 'period' AND dimension = 'territory')
   = (SELECT array_agg((territory, akb, orders) ORDER BY territory) FROM (
        SELECT territory, count(*) AS akb, sum(days)::bigint AS orders
        FROM (SELECT outlet_id, count(DISTINCT sold_on) FILTER (WHERE amount > 0) AS days FROM delivery_line
              WHERE sold_on >= '2025-07-01' AND sold_on < '2025-10-01' GROUP BY outlet_id HAVING sum(amount) >= 100 AND count(DISTINCT product_id) FILTER (WHERE amount > 0) >= 2) AS o
        JOIN outlet USING (outlet_id) JOIN route USING (route_id) JOIN agent USING (agent_id) JOIN territory USING (territory_id) GROUP BY territory) AS t)),
  ('receivables: another debt', (SELECT (sum(open_amount), sum(overdue)) FROM crm.receivables)
   = (SELECT (sum(o), sum(o) FILTER (WHERE due_on < '2025-10-17'))
      FROM (SELECT due_on, amount - coalesce((SELECT sum(amount) FROM payment AS p WHERE p.invoice_no = i.invoice_no), 0) AS o FROM invoice AS i) AS i WHERE o > 0)),
  ('key_account_scorecard: another execution, or profit', NOT EXISTS (
     SELECT FROM (SELECT customer_id, max(value) FILTER (WHERE no = 3) AS execution, max(value) FILTER (WHERE no = 4) AS profit FROM crm.key_account_scorecard GROUP BY customer_id) AS m
     FULL JOIN (SELECT g.customer_id, (SELECT avg(present::int) FROM audit JOIN outlet USING (outlet_id) WHERE outlet.customer_id = g.customer_id) AS execution,
                       (SELECT coalesce(sum(amount - cost), 0) FROM delivery_line AS d WHERE d.customer_id = g.customer_id AND sold_on >= '2025-01-01')
                       - (SELECT sum(amount) FROM trade_spend AS s WHERE s.customer_id = g.customer_id) AS profit
                FROM account_goal AS g) AS p USING (customer_id)
     WHERE round(m.execution, 10) IS DISTINCT FROM round(p.execution, 10) OR m.profit IS DISTINCT FROM p.profit)),
  ('supply: other orders', (SELECT (sum(lines), sum(ordered), sum(missing)) FROM crm.supply)
   = (SELECT (count(*)::numeric, sum(ordered)::numeric, sum(ordered - delivered)::numeric) FROM order_line))
) AS t (problem, holds)
WHERE holds IS NOT TRUE;
SQL
)
[ -z "$found" ] || { echo "the model of the demo company: $found"; exit 1; }

psql -X -d "$database" -f examples/reports.sql > "$work/reports" 2> "$work/errors" || { cat "$work/errors"; exit 1; }
[ -s "$work/errors" ] && { cat "$work/errors"; exit 1; }
for title in 'Reports of the model' 'ABC-XYZ matrix' 'Plan of the ten largest customers' 'Plan tables of' \
  'Where the year ends' 'Programmes: the fifteen' 'Programmes: earned, to book and due' 'Chain volume rebate: two statements' \
  'Retention bonus' 'The ledger' 'Stable outlets by quarter' 'KPI matrix of the last closed quarter' 'Customers at risk' 'Customers lost' \
  'Movement of the active customers' 'Segments of the customers' 'The client base by channel' 'Scorecard of the fifteen' \
  'Share won and lost' 'Promotions by lead time' 'Spend and what it moves' 'Evenness of the last closed month'; do
  [ "$(sed -n "/^ *$title/,/^\$/p" "$work/reports" | grep -c '^|')" -ge 2 ] || { echo "the reports have no '$title', or nothing in it"; exit 1; }
done
if grep -Eil '\<demo\.|search_path *= *demo' examples/reports*.sql examples/indicators.sql examples/report_html.sql; then
  echo 'a report reads the tables of the company'
  exit 1
fi
echo "the demo company has checksum $actual, nine cells and fourteen reports, all of them over the model"
