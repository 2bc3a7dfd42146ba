#!/bin/sh
# Every function is on a page and every page in doc/index.md, the catalogue names pages that are there, every report
# of a model has its section with its columns, and each thing that may be forgotten is noticed, and told with what to do.
set -eu

sh dev/manual-index --check

tree=$(mktemp -d "${KAM_WORK:-${TMPDIR:-/tmp}}/manual.XXXXXX")
trap 'rm -rf "$tree"' EXIT
wrong=0

# notices TEXT COMMAND...: after this change to a copy of the manual the check fails and says TEXT
notices()
{
  text=$1
  shift
  rm -rf "$tree/kam"
  mkdir "$tree/kam"
  cp -R dev doc kam.control "$tree/kam/"
  (cd "$tree/kam" && "$@")
  if sh "$tree/kam/dev/manual-index" --check >"$tree/output" 2>&1 || ! grep -q -F -e "$text" "$tree/output"; then
    echo "the check does not say '$text' after $*, but"
    cat "$tree/output"
    wrong=1
  fi
}

notices 'doc/index.md is not what sh dev/manual-index writes now' sed -i 's/^# Index/# An index/' doc/index.md
notices 'doc/index.md is not what' rm doc/index.md
notices '+- [More](more.md)' sh -c 'echo "# More" >doc/more.md'
notices 'doc/more.md does not begin with a heading' sh -c 'echo "More" >doc/more.md'
notices 'there is no doc/stock.md' rm doc/stock.md
# shellcheck disable=SC2016  # no shell's backticks
{
  notices 'stock_cover() is on no page: add a row `stock_cover(…)` to the table of calls of its topic' sed -i '/^| `stock_cover(/d' doc/stock.md
  notices 'the type promo_lead_result is on no page: no table of calls has promo_lead()' sed -i '/^| `promo_lead(/d' doc/promo.md
  notices 'doc/stock.md has stock_kover() in its table of calls' sed -i 's/^| `stock_cover(/| `stock_kover(/' doc/stock.md
  notices 'the module churn in sql/install/kpi_catalog.sql (churn_result.declines) is not in the table' sed -i '/^| `churn` |/d' doc/kpi_catalog.md
}
notices 'tiers() is neither in the catalogue nor a tool' sed -i 's/ tiers / /' dev/manual-index
notices 'the report churn_watch is on no page: there is to be one section "## churn_watch: …"' sed -i 's/^## churn_watch/## who_leaves/' doc/report_customer.md
notices 'the report supply has sections on report_customer, report_supply' sh -c 'echo "## supply" >>doc/report_customer.md'
notices "doc/report_supply.md does not list the columns of the report supply: its section is to have SELECT * FROM columns_of('supply');" sed -i "s/^SELECT \* FROM columns_of('supply');/SELECT * FROM columns_of('supply') LIMIT 5;/" doc/report_supply.md
# shellcheck disable=SC2016  # no shell's backticks
{
  notices 'the table in doc/report.md lacks the report supply: add | `supply` | the question it answers? | [report_supply](report_supply.md) |' sed -i '/^| `supply` |/d' doc/report.md
  notices 'the table in doc/report.md has the report demand, and there is none' sed -i 's/^| `supply` |/| `demand` |/' doc/report.md
  notices 'the table in doc/report.md says that the report supply is on the page report_base, and it is on report_supply' sed -i '/^| `supply` |/s/report_supply/report_base/g' doc/report.md
  notices 'doc/systems.md says that inputs go to outlet.kind, and a model has no such source, table or column' sed -i 's/`outlet.outlet_type`/`outlet.kind`/' doc/systems.md
  notices 'season_map of a model is in no line of doc/systems.md' sed -i 's/`season_map`, //' doc/systems.md
  notices 'doc/systems.md says that the report kpi_matrix is on the page report_supply, and there is none' sed -i 's/\[kpi_matrix\](report_base/[kpi_matrix](report_supply/' doc/systems.md
}
notices "    ('series_bucket.total', 'TITLE', 'FORMULA', 'UNIT', 'up, down or none', 'MODULE', 'INDICATOR' or NULL, 'SOURCE', 'series')," sed -i 's/ buckets / /' dev/manual-index
notices 'abc_class is in the list of tools in dev/manual-index, and kpi_catalog() has it as a measure' sed -i 's/ tiers / tiers abc_class /' dev/manual-index
notices 'tier is in the list of tools in dev/manual-index, and there is no such public function' sed -i 's/ tiers / tiers tier /' dev/manual-index

[ "$wrong" = 0 ] || exit 1
sh dev/manual-index --check
