#!/bin/sh
# Reads a model and reports beside it as BI tools do through ODBC: test/clients/odbc.py
set -eu

# shellcheck source=test/clients/report.sh
. test/clients/report.sh

python=
for program in /usr/bin/python3 python3; do
  [ -n "$python" ] || ! "$program" -c 'import pyodbc' 2>/dev/null || python=$program
done
[ -n "$python" ] || skip 'needs pyodbc, Debian has it as python3-pyodbc (sh dev/test --clients installs it)'
"$python" -c 'import pyodbc; assert any(d.startswith("PostgreSQL") for d in pyodbc.drivers())' 2>/dev/null ||
  skip 'needs the ODBC driver of PostgreSQL, Debian has it as odbc-postgresql (sh dev/test --clients installs it)'

client_begin odbc
"$python" test/clients/odbc.py "$work"
