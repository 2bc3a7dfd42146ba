EXTENSION = kam
EXTVERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" kam.control)

MODULE_big = kam
OBJS = \
	src/abc.o \
	src/abc_cuts.o \
	src/abc_limits.o \
	src/abcde.o \
	src/account.o \
	src/activity.o \
	src/akb.o \
	src/assortment.o \
	src/base.o \
	src/bonus.o \
	src/calendar.o \
	src/capacity.o \
	src/change.o \
	src/churn.o \
	src/concentration.o \
	src/credit.o \
	src/decimal.o \
	src/distribution.o \
	src/evenness.o \
	src/explain.o \
	src/fill_rate.o \
	src/forecast.o \
	src/framework.o \
	src/gap.o \
	src/grain.o \
	src/inequality.o \
	src/kam.o \
	src/keys.o \
	src/keys_add.o \
	src/kpi_matrix.o \
	src/ladder.o \
	src/ladder_check.o \
	src/ladder_compare.o \
	src/ladder_io.o \
	src/ladder_jsonb.o \
	src/lifecycle.o \
	src/migration.o \
	src/mix.o \
	src/movement.o \
	src/model_query.o \
	src/outlet.o \
	src/outlet_judge.o \
	src/pace.o \
	src/pace_rate.o \
	src/params.o \
	src/part.o \
	src/peer.o \
	src/plan_facts.o \
	src/plan_progress.o \
	src/problem.o \
	src/product_sum.o \
	src/profit.o \
	src/programme.o \
	src/promo.o \
	src/pvm.o \
	src/rebate.o \
	src/receivable.o \
	src/retention.o \
	src/retention_portfolio.o \
	src/rfm.o \
	src/rfm_segment.o \
	src/row.o \
	src/row_array.o \
	src/run_rate.o \
	src/scan.o \
	src/score.o \
	src/scorecard.o \
	src/season.o \
	src/select.o \
	src/series.o \
	src/series_access.o \
	src/series_add.o \
	src/series_aggregate.o \
	src/series_compare.o \
	src/series_gather.o \
	src/series_io.o \
	src/share.o \
	src/size_class.o \
	src/spend.o \
	src/statement.o \
	src/stock.o \
	src/tally.o \
	src/target.o \
	src/tier.o \
	src/top_share.o \
	src/values.o \
	src/values_sorted.o \
	src/visit.o \
	src/visit_match.o \
	src/window.o \
	src/work_calendar.o \
	src/work_calendar_aggregate.o \
	src/work_calendar_compare.o \
	src/work_calendar_days.o \
	src/work_calendar_io.o \
	src/work_calendar_jsonb.o \
	src/xyz.o
PGFILEDESC = "kam - key account management"

# Not in sql/ itself: pg_regress would take sql/abc.sql for the test abc.
SQL_PIECES = $(addprefix sql/install/,$(shell cat sql/order))
DATA = $(wildcard sql/kam--*--*.sql)
DATA_built = sql/kam--$(EXTVERSION).sql

REGRESS = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test --load-extension=kam

# OPTFLAGS is for whoever builds for one machine only, for example -march=native.
PG_CPPFLAGS = -DKAM_VERSION='"$(EXTVERSION)"'
PG_CFLAGS = -ffp-contract=off $(OPTFLAGS)
SHLIB_LINK += $(filter -lm,$(LIBS))
EXTRA_CLEAN = sql/kam--$(EXTVERSION).sql output_iso

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

sql/kam--$(EXTVERSION).sql: kam.control sql/order $(SQL_PIECES)
	printf '%s\n' '\echo Use "CREATE EXTENSION kam" to load this file. \quit' | cat - $(SQL_PIECES) > $@

$(OBJS): $(wildcard src/*.h)

PG_PROVE ?= pg_prove
.PHONY: prove format format-check dist

# pgTAP tests against the server that PGHOST and friends name
prove:
	$(PG_PROVE) --ext .sql test/pgtap

CLANG_FORMAT ?= clang-format-14
format:
	$(CLANG_FORMAT) -i src/*.[ch]

format-check:
	$(CLANG_FORMAT) --dry-run --Werror src/*.[ch]

dist:
	git archive --format zip --prefix=kam-$(EXTVERSION)/ -o kam-$(EXTVERSION).zip HEAD
