#!/bin/sh
# Makes the page report.html of the demo company: its data are complete and agree with plain SQL, and it
# asks for nothing from outside. In a headless Chromium, where there is one, every chart is drawn, the
# console stays empty and nothing is wider than a phone.
set -eu

database=kam_report_html_$$
work=$(mktemp -d "${KAM_WORK:-${TMPDIR:-/tmp}}/report_html.XXXXXX")
trap 'rm -rf "$work"; psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $database" 2>/dev/null || :' EXIT

if [ -z "${CHART_JS:-}" ] && ! { [ -e /usr/share/javascript/chart.js/chart.min.js ] && [ -r /usr/share/doc/libjs-chart.js/copyright ]; }; then
  echo 'Chart.js is not there, or not its licence (apt-get install libjs-chart.js)'
  exit 77
fi

run() {
  psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$database" "$@"
}

bad() {
  printf '%s\n' "$*"
  exit 1
}

psql -X -q -d postgres -c "CREATE DATABASE $database"
run -f examples/company.sql >"$work/load" 2>&1 || { cat "$work/load"; exit 1; }
run -c 'CREATE SCHEMA kam' -c 'CREATE EXTENSION kam SCHEMA kam'
run -f examples/model.sql
# A name that would end the script element, and markup, if it were believed
run -c "UPDATE demo.customer SET customer = '</script><b>&\"''\\' WHERE customer_id =
          (SELECT customer_id FROM demo.plan ORDER BY target DESC, customer_id LIMIT 1)"

PGDATABASE=$database sh examples/report_html.sh >"$work/page.html" 2>"$work/errors" || { cat "$work/errors"; exit 1; }
[ -s "$work/errors" ] && { cat "$work/errors"; exit 1; }

# The data: a JSON document with everything in it
sed -n '/<script type="application\/json"/,/<\/script>/p' "$work/page.html" | sed '1d;$d' >"$work/data.json"
found=$(run <<SQL
SET search_path = demo, kam;
CREATE TEMP TABLE page (data jsonb);
\copy page FROM '$work/data.json' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02', ESCAPE E'\x02')
SELECT string_agg(problem, '; ')
FROM page CROSS JOIN LATERAL (VALUES
  ('not one document', (SELECT count(*) FROM page) = 1),
  ('no head', data ->> 'company' = 'Harbour & Hill Distribution' AND data ->> 'as_of' = '2025-10-17' AND data ->> 'currency' = 'EUR'),
  ('not nine classes', jsonb_array_length(data -> 'matrix') = 9),
  ('the classes miss customers or sales',
   (SELECT (sum((m ->> 'customers')::int)::bigint, abs(sum((m ->> 'sales')::numeric) - (SELECT sum(amount) FROM delivery_line WHERE sold_on >= '2024-10-01' AND sold_on < '2025-10-01')) < 5)
    FROM jsonb_array_elements(data -> 'matrix') AS m)
   = (SELECT (count(DISTINCT customer_id), true) FROM delivery_line WHERE sold_on >= '2024-10-01' AND sold_on < '2025-10-01')),
  ('the Pareto curve does not run from (0, 0) to (1, 1)',
   data #> '{pareto,points,0}' = '[0, 0]' AND data #> '{pareto,points,-1}' = '[1, 1]' AND jsonb_array_length(data #> '{pareto,points}') BETWEEN 20 AND 101),
  ('not ten plans, or the sales of one are wrong',
   jsonb_array_length(data -> 'plans') = 10 AND NOT EXISTS (
     SELECT FROM jsonb_array_elements(data -> 'plans') AS p JOIN customer ON customer = p ->> 'customer'
     WHERE (p ->> 'actual')::numeric <> (SELECT round(sum(amount)) FROM delivery_line AS d WHERE d.customer_id = customer.customer_id AND sold_on >= '2025-01-01'))),
  ('the name that is markup is not among them',
   data #>> '{plans,0,customer}' = '</script><b>&"''\\'),
  ('not a ladder for each running programme', jsonb_array_length(data -> 'ladders') = 3),
  ('a curve falls, or has no points', NOT EXISTS (
     SELECT FROM (SELECT l, (p ->> 1)::numeric AS y, lag((p ->> 1)::numeric) OVER (PARTITION BY l ORDER BY n) AS before
                  FROM jsonb_array_elements(data -> 'ladders') AS l, jsonb_array_elements(l -> 'curve') WITH ORDINALITY AS c (p, n)) AS c
     WHERE y IS NULL OR y < before)),
  ('the base does not add up', jsonb_array_length(data -> 'movement') = 12 AND NOT EXISTS (
     SELECT FROM jsonb_array_elements(data -> 'movement') AS m
     WHERE (m ->> 'opening')::int + (m ->> 'new')::int + (m ->> 'returned')::int - (m ->> 'lost')::int <> (m ->> 'closing')::int)),
  ('not 24 indicators of four territories and the company', (SELECT format('%s %s %s', count(DISTINCT k ->> 'no'), min(jsonb_array_length(k -> 'cells')), max(jsonb_array_length(k -> 'cells')))
     FROM jsonb_array_elements(data -> 'kpi') AS k) = '24 5 5'),
  ('the weeks are not the whole month', jsonb_array_length(data -> 'evenness') = 5 AND NOT EXISTS (
     SELECT FROM jsonb_array_elements(data -> 'evenness') AS e
     WHERE abs((SELECT sum(w::numeric) FROM jsonb_array_elements_text(e -> 'weeks') AS w) - 1) > 0.001)),
  ('no customers at risk', jsonb_array_length(data -> 'churn') = 15 AND jsonb_array_length(data -> 'churn_levels') = 4),
  ('not the customers of the model at risk', (SELECT array_agg(c ->> 'customer') FROM jsonb_array_elements(data -> 'churn') AS c) <@ (SELECT array_agg(name) FROM crm.churn_watch WHERE signs >= 2)),
  ('other working days', data -> 'working_days' = (SELECT jsonb_build_array(count(*) FILTER (WHERE d >= '2025-09-22'), count(*))
     FROM generate_series(timestamp '2025-09-01', '2025-09-30', '1 day') AS d WHERE extract(isodow FROM d) < 6)),
  ('no scorecard', (SELECT format('%s %s', count(*), min(jsonb_array_length(s -> 'lines'))) FROM jsonb_array_elements(data -> 'scorecard') AS s) = '15 5')
) AS t (problem, holds)
WHERE holds IS NOT TRUE;
SQL
)
[ -z "$found" ] || bad "the data of the page: $found"

# The page: all in one, nothing from elsewhere
size=$(wc -c <"$work/page.html")
if [ "$size" -lt 100000 ] || [ "$size" -gt 700000 ]; then
  bad "the page has $size bytes"
fi
[ "$(grep -c '</script>' "$work/page.html")" = 3 ] || bad 'the page has not three script elements'
! grep -Eq '^@[a-z]+@$' "$work/page.html" || bad 'something was not filled in'
grep -q 'Permission is hereby granted' "$work/page.html" || [ -n "${CHART_JS:-}" ] || bad 'the licence of the library is missing'
! grep -Ein '(src|href) *= *"?(https?:)?//|url\(|@import|https?://' examples/report.html.in || bad 'the page names an address'

# shellcheck disable=SC2209  # a program
browser=
for program in chromium chromium-browser google-chrome; do
  if command -v "$program" >/dev/null 2>&1; then
    browser=$program
    break
  fi
done
if [ -z "$browser" ]; then
  echo "a page of $size bytes with complete data, not drawn: there is no chromium here"
  exit 77
fi

# What the browser makes of it is asked by a script at the head of a copy. The copy stands in a frame, because a
# window is never as narrow as a phone; its answer goes into the document around it.
cat >"$work/probe" <<'HTML'
<script>
const wrong = [];
addEventListener('error', e => wrong.push(e.message || 'an element did not load'), true);
addEventListener('unhandledrejection', e => wrong.push(String(e.reason)));
document.addEventListener('securitypolicyviolation', e => wrong.push('asked for ' + e.blockedURI));
for (const name of ['error', 'warn', 'log'])
  console[name] = (...words) => wrong.push(words.join(' '));
addEventListener('load', () => setTimeout(() => {
  const painted = canvas => {
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data, colours = new Set();
    let count = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      if (pixels[i + 3] > 0) {
        count++;
        colours.add(pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2]);
      }
    }
    return count > 0.005 * canvas.width * canvas.height && colours.size > 5;
  };
  document.querySelectorAll('details').forEach(d => d.open = true);
  const charts = [...document.querySelectorAll('canvas')];
  const answer = {
    width: innerWidth, wider: [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll') && e.getBoundingClientRect().right > innerWidth + 0.5)
      .slice(0, 6).map(e => (e.id || e.className || e.tagName) + ''), scrolls: document.documentElement.scrollWidth - innerWidth, charts: charts.map(c => c.id),
    blank: charts.filter(c => !painted(c)).map(c => c.id), unnamed: charts.filter(c => !c.getAttribute('aria-label')).length,
    sections: document.querySelectorAll('section').length, heat: document.querySelectorAll('.heat-cell').length,
    kpi: document.querySelectorAll('#kpi-matrix tbody tr').length, tables: document.querySelectorAll('table').length,
    bold: document.querySelectorAll('main b b, main section > b').length, fetched: performance.getEntriesByType('resource').length,
    odd: [...document.querySelectorAll('main *')].filter(e => !e.children.length && /NaN|undefined|null|Infinity/.test(e.textContent)).map(e => e.textContent),
    page: getComputedStyle(document.body).backgroundColor, wrong
  };
  parent.postMessage(JSON.stringify(answer), '*');
}, 300));
</script>
HTML
sed '1r '"$work/probe" "$work/page.html" | sed 's/&/\&amp;/g;s/"/\&quot;/g' >"$work/frame"

# look WIDTH SCHEME: opens the page in a window of this width, in light (1) or dark (0)
look() {
  {
    echo '<!DOCTYPE html><title>probe</title><pre></pre>'
    echo "<script>addEventListener('message', e => document.querySelector('pre').textContent = 'ANSWER' + e.data + 'END')</script>"
    printf '<iframe style="width: %spx; height: 900px; border: 0" srcdoc="' "$1"
    cat "$work/frame"
    echo '"></iframe>'
  } >"$work/probe.html"
  status=0
  HOME=$work timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --disable-extensions \
    --host-resolver-rules='MAP * ~NOTFOUND' --user-data-dir="$work/profile" --window-size=1400,1000 \
    --blink-settings=preferredColorScheme="$2" --virtual-time-budget=10000 --enable-logging=stderr \
    --dump-dom "file://$work/probe.html" >"$work/dom" 2>"$work/browser" || status=$?
  sed -n 's/.*ANSWER\({.*}\)END.*/\1/p' "$work/dom" | sed 's/&lt;/</g;s/&gt;/>/g;s/&amp;/\&/g' >"$work/answer"
  [ -s "$work/answer" ] || { tail -n 20 "$work/browser"; bad "$browser ended with status $status and no answer at $1 pixels"; }
  ! grep 'CONSOLE' "$work/browser" || bad "the console is not empty at $1 pixels"
  found=$(run <<SQL
CREATE TEMP TABLE answer (a jsonb);
\copy answer FROM '$work/answer' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02', ESCAPE E'\x02')
SELECT string_agg(problem || ': ' || coalesce(what, 'nothing'), '; ')
FROM answer CROSS JOIN LATERAL (VALUES
  ('window', (a ->> 'width')::int = $1, a ->> 'width'),
  ('wider than the window', a ->> 'wider' = '[]' AND (a ->> 'scrolls')::int <= 0, format('%s, by %s pixels', a ->> 'wider', a ->> 'scrolls')),
  ('charts', a -> 'charts' @> '["chart-pareto", "chart-plan", "chart-ladder-1", "chart-ladder-3", "chart-movement", "chart-base", "chart-evenness", "chart-kpi"]', a ->> 'charts'),
  ('blank charts', a ->> 'blank' = '[]', a ->> 'blank'),
  ('charts without a description', a ->> 'unnamed' = '0', a ->> 'unnamed'),
  ('sections', a ->> 'sections' = '9', a ->> 'sections'),
  ('cells of the heat map', a ->> 'heat' = '9', a ->> 'heat'),
  ('lines of the matrix', a ->> 'kpi' = '28', a ->> 'kpi'),
  ('tables', (a ->> 'tables')::int >= 10, a ->> 'tables'),
  ('a name was taken for markup', a ->> 'bold' = '0', a ->> 'bold'),
  ('fetched', a ->> 'fetched' = '0', a ->> 'fetched'),
  ('odd texts', a ->> 'odd' = '[]', a ->> 'odd'),
  ('colours', a ->> 'page' = CASE $2 WHEN 1 THEN 'rgb(244, 246, 248)' ELSE 'rgb(15, 20, 26)' END, a ->> 'page'),
  ('errors', a ->> 'wrong' = '[]', a ->> 'wrong')
) AS t (problem, holds, what)
WHERE holds IS NOT TRUE;
SQL
  )
  [ -z "$found" ] || bad "in $browser at $1 pixels: $found"
}

look 390 1
look 1280 1
look 1280 0
echo "a page of $size bytes; at 390 and 1280 pixels all charts are drawn, nothing is fetched, the console is empty"
