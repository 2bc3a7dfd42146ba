"""Reads the model and the reports of report.sql through ODBC as a BI tool does: finds tables and columns, asks for
their types, reads the rows, sends parameters. What it reads must be what psql reads, which the directory given as
argument has in a file for each view."""

import datetime
import decimal
import os
import sys

import pyodbc

TEXT, VARCHAR, LONG, NUMERIC, INTEGER, BIGINT, DOUBLE, DATE, BIT = -9, 12, -10, 2, 4, -5, 6, 91, -7
# what the driver makes of the types of the columns: its type, the name of the type, size and digits where they are said
TYPES = {
    'text': (LONG, 'text', 8190, None), 'integer': (INTEGER, 'int4', 10, 0), 'bigint': (BIGINT, 'int8', 19, 0), 'date': (DATE, 'date', 10, None),
    'double precision': (DOUBLE, 'float8', 17, 0), 'boolean': (VARCHAR, 'bool', 5, 0), 'numeric': (NUMERIC, 'numeric'),
    'daterange': (TEXT, 'daterange'), 'timestamp with time zone': (93, 'timestamptz'),
    'text[]': (TEXT, '_text'), 'numeric[]': (TEXT, '_numeric'), 'kam.sales_series': (TEXT, 'sales_series'), 'kam.work_calendar': (TEXT, 'work_calendar'),
}
CLASS_COLUMNS = {
    'customer_id': (LONG, 'text', 8190, None), 'name': (LONG, 'text', 8190, None), 'channel': (LONG, 'text', 8190, None), 'territory': (LONG, 'text', 8190, None),
    'person_id': (INTEGER, 'int4', 10, 0), 'period_from': (DATE, 'date', 10, None), 'period_to': (DATE, 'date', 10, None), 'amount': (NUMERIC, 'numeric', 28, 10),
}

directory = sys.argv[1]
checks = 0
wrong = 0


def check(what, got, want):
    global checks, wrong
    checks += 1
    if got != want:
        wrong += 1
        print(f'{what}:\n  is        {got!r}\n  should be {want!r}')


def connect(settings=''):
    driver = [name for name in pyodbc.drivers() if name.startswith('PostgreSQL') and 'ANSI' not in name][0]
    return pyodbc.connect(f"Driver={{{driver}}};Servername={os.environ['PGHOST']};Port={os.environ['PGPORT']};"
                          f"Database={os.environ['PGDATABASE']};Username={os.environ['PGUSER']};{settings}")


def copied(value, is_boolean):
    """a value as COPY writes it"""
    if value is None:
        return '\\N'
    if is_boolean:
        return {'1': 't', '0': 'f', True: 't', False: 'f'}[value]
    if isinstance(value, decimal.Decimal):
        return format(value, 'f')
    if isinstance(value, datetime.datetime):
        return f'{value}+00'
    return str(value).replace('\\', '\\\\').replace('\t', '\\t').replace('\n', '\\n')


def rows_of(cursor, booleans):
    names = [column[0] for column in cursor.description]
    return sorted('\t'.join(copied(value, name in booleans) for name, value in zip(names, row)) for row in cursor.fetchall())


def fails(cursor, query, *parameters):
    """the SQLSTATE and the message of a query that fails"""
    try:
        cursor.execute(query, *parameters)
        return ('', '')
    except pyodbc.Error as error:
        return error.args[0], error.args[1]


connection = connect()
cursor = connection.cursor()
views = sorted(name for name in os.listdir(directory) if not name.startswith('.'))
added = [view for view in views if view.startswith('report.')]
modelled = [view for view in views if view.startswith('crm.')]
expected = {}
for view in views:
    with open(os.path.join(directory, view), encoding='utf-8', newline='\n') as lines:
        expected[view] = sorted(line.rstrip('\n') for line in lines)

# What the model says of itself, which this driver has no other way to tell
dictionary = {}
for relation, kind, column, type_name, comment in cursor.execute('SELECT relation, kind, column_name, type, comment FROM crm.dictionary ORDER BY relation, no'):
    dictionary.setdefault(relation, {})[column] = (kind, type_name, comment)
kinds = {relation: {kind for kind, _, _ in columns.values()}.pop() for relation, columns in dictionary.items()}
reports = [relation for relation, kind in kinds.items() if kind == 'report']
check('the reports are views with a comment a column', [relation for relation in reports if f'crm.{relation}' not in views or not all(comment for _, _, comment in dictionary[relation].values())], [])
check('a comment', dictionary['customer_class']['cell'], ('report', 'text', 'both: AX to CZ'))

# What is there. The kind of a materialized view is a word of this driver's own.
found = {row.table_name: row.table_type for row in cursor.tables(schema='crm')}
check('tables and views of the model', found, {relation: 'TABLE' if kind == 'table' else 'VIEW' for relation, kind in kinds.items()})
found = {f'report.{row.table_name}': row.table_type for row in cursor.tables(schema='report')}
check('views of the company', found, {view: 'MATVIEW' if view == 'report.customer_class_stored' else 'VIEW' for view in added})
check('by their kind', {row.table_name for row in cursor.tables(schema='crm', tableType='VIEW')}, {view[4:] for view in modelled})
check('tables of kam', {row.table_name[:10] for row in cursor.tables(schema='kam')}, {'kam_model_'})
check('schemas', {'crm', 'report', 'company'} <= {row.table_schem for row in cursor.tables(catalog='', schema='%', table='')}, True)
# The driver has no comments, or those that are there.
check('a comment of a view', all(row.remarks in (None, '', 'customers by ABC, XYZ, RFM and their segment, over the last complete buckets') for row in cursor.tables(schema='crm', table='customer_class')), True)

# What type each column is
columns = {view: {row.column_name: row for row in cursor.columns(schema=view.split('.')[0], table=view.split('.')[1])} for view in views}
types = {view: {name: (row.data_type, row.type_name, row.column_size, row.decimal_digits) for name, row in columns[view].items()} for view in views}
booleans = {view: {name for name, row in columns[view].items() if row.type_name == 'bool'} for view in views}
for view in modelled:
    stated = {name: TYPES[type_name] for name, (_, type_name, _) in dictionary[view[4:]].items()}
    check(f'types of {view}', {name: type[:len(stated.get(name, ()))] for name, type in types[view].items()}, stated)
    check(f'columns of {view} in their order', list(columns[view]), list(stated))
for view in ('report.customer_class', 'report.customer_class_stored'):
    check(f'columns of {view}', {name: types[view][name] for name in CLASS_COLUMNS}, CLASS_COLUMNS)
check('a numeric with its digits', types['report.number']['fixed'], (NUMERIC, 'numeric', 28, 10))
check('a numeric without', types['report.number']['plain'][:2], (NUMERIC, 'numeric'))
check('what is no plain column is text', {name: type[:2] for name, type in types['report.as_it_is'].items()}, {
    'customer': (LONG, 'text'), 'series': (TEXT, 'sales_series'), 'period': (TEXT, 'daterange'), 'totals': (TEXT, '_numeric'),
    'buckets': (TEXT, '_series_bucket'), 'series_json': (TEXT, 'jsonb'), 'ladder': (TEXT, 'tier_ladder'),
    'calendar': (TEXT, 'work_calendar'), 'attainment': (TEXT, 'tier_result'), 'rfm': (TEXT, 'rfm_result')})
check('keys of a view', (cursor.primaryKeys('customer_class', schema='crm').fetchall(), cursor.statistics('customer_class', schema='crm').fetchall()), ([], []))
check('keys of a table', [row.column_name for row in cursor.primaryKeys('plan_line', schema='crm')], ['plan_line_id'])
check('types of the driver', len(cursor.getTypeInfo().fetchall()) > 10, True)
check('functions', len(cursor.procedures(schema='kam').fetchall()) > 300, True)
check('a function beside each report', set(reports) <= {row.procedure_name for row in cursor.procedures(schema='crm')}, True)
check('their arguments', len(cursor.procedureColumns(schema='kam').fetchall()) > 1000, True)

# The rows, all at once and a few at a time, with every way to give a boolean or a number
for settings in ('', 'BoolsAsChar=0', 'UseDeclareFetch=1;Fetch=2', 'UnknownsAsLongVarchar=1;TextAsLongVarchar=0', 'NumericAs=12'):
    with connect(settings) as other:
        for view in views if settings in ('', 'UseDeclareFetch=1;Fetch=2') else added:
            rows = other.cursor().execute(f'SELECT * FROM {view}')
            check(f'columns of the rows of {view}', [column[0] for column in rows.description], list(columns[view]))
            check(f'rows of {view} {settings}', rows_of(rows, booleans[view]), expected[view])
        for view in added:
            check(f'count of {view}', other.cursor().execute(f'SELECT count(*) FROM {view}').fetchval(), len(expected[view]))
        named = other.cursor().execute("SELECT key_account FROM company.customer WHERE customer = 'Adler'").fetchval()
        check(f'a boolean {settings}', named, True if settings == 'BoolsAsChar=0' else '1')
check('reports with rows', {report for report in reports if not expected[f'crm.{report}']} & set(
    'customer_class customer_position customer_analysis churn_watch base_movement client_base lost_clients visit_execution kpi_matrix plan_progress programme_result '
    'programme_explanation bonus_ledger kam_portfolio key_account_scorecard market_share supply forecast_quality receivables promo_quality agreement_execution '
    'sales_discipline data_exceptions in_force'.split()), set())
check('python types', [type(value) for value in cursor.execute("SELECT customer_id, amount, rfm, as_of, cv FROM crm.customer_class WHERE customer_id = 'Adler'").fetchone()],
      [str, decimal.Decimal, int, datetime.date, float])
for settings, kind in (('NumericAs=8', float), ('NumericAs=12', str)):
    with connect(settings) as other:
        check(f'a numeric with {settings}', type(other.cursor().execute('SELECT amount FROM crm.customer_class').fetchval()), kind)
share = cursor.execute("SELECT share, share::text FROM crm.customer_class WHERE customer_id = 'Adler'").fetchone()
check('a share has all its digits', (str(share[0]), len(share[1]) > 20), (share[1], True))

# Parameters, dates and functions of ODBC's own
check('a floating point number for a numeric', cursor.execute('SELECT report.reward_of(?)', 250.5).fetchval(), decimal.Decimal('2.505'))
query = 'SELECT customer_id FROM crm.customer_class WHERE channel = ? AND amount > ? AND as_of >= ? AND rfm > ? AND person_id = ?'
check('parameters', [tuple(row) for row in cursor.execute(query, 'shop', decimal.Decimal('40000.25'), datetime.date(2026, 1, 1), 100, 1)], [('Adler',)])
for name in ('Müller & Söhne "Süd"', "O'Brien", 'Пятёрочка; DROP'):
    check('a customer as parameter', cursor.execute('SELECT count(*) FROM crm.customer_class WHERE customer_id = ?', name).fetchval(), 1)
check('NULL as parameter', cursor.execute('SELECT count(*) FROM crm.customer_class WHERE customer_id = ?', None).fetchval(), 0)
check('a boolean as parameter', cursor.execute('SELECT count(*) FROM crm.churn_watch WHERE widening = ? OR widening = ?', True, False).fetchval(), len(expected['crm.churn_watch']))
query = 'SELECT as_of, amount FROM crm.customer_class(?) WHERE customer_id = ?'
past = cursor.execute(query, datetime.date(2025, 12, 31), 'Adler').fetchone()
check('a day of the past', (past[0], past[1] > 0), (datetime.date(2025, 12, 31), True))
query = 'SELECT max(as_of), min(lower(days)), max(upper(days)) - 1 FROM crm.visit_execution(?, daterange(?, ?, \'[]\')) WHERE dimension = ?'
check('a period', tuple(cursor.execute(query, datetime.date(2026, 5, 15), datetime.date(2026, 3, 1), datetime.date(2026, 4, 30), 'all').fetchone()),
      (datetime.date(2026, 5, 15), datetime.date(2026, 3, 1), datetime.date(2026, 4, 30)))
check('dates of ODBC', cursor.execute("SELECT count(*) FROM crm.customer_class WHERE as_of >= {d '2026-06-01'} AND {fn year(as_of)} = 2026").fetchval(), 4)
check('totals', cursor.execute('SELECT sum(share) FROM crm.customer_class').fetchval().quantize(decimal.Decimal('1e-9')), decimal.Decimal(1))
check('measures and their reports', [tuple(row) for row in cursor.execute(
    "SELECT report, report_column, state, settings FROM crm.kpi_catalog WHERE name = ? AND state = 'complete' ORDER BY report", 'abc_class')],
    [(report, 'abc', 'complete', 'abc_cutoffs={0.80,0.95}, abc_boundary=reach, grain=month, buckets=12') for report in ('customer_class', 'customer_position')])
check('a goal', [tuple(row) for row in cursor.execute("SELECT DISTINCT goal, tolerance, narrower_goals FROM crm.kpi_catalog WHERE name = 'fill_rate'")], [(decimal.Decimal('0.95'), decimal.Decimal('0.05'), 1)])

# Who may read what: the model with the rights of who asks, and rows of one's own region
check('customers of one\'s own region', [row[0] for row in cursor.execute('SELECT customer_id FROM crm.customer ORDER BY customer_id')], ['Adler', "O'Brien"])
check('the same in a report', [row[0] for row in cursor.execute('SELECT customer_id FROM crm.customer_class WHERE name IS NOT NULL ORDER BY customer_id')], ['Adler', "O'Brien"])
check('a view with the rights of its owner', cursor.execute('SELECT sum(customers) FROM report.region').fetchval(), 5)
check('a table of the company', fails(cursor, 'SELECT * FROM company.payroll')[0], '42501')
check('a plan is not written', fails(cursor, 'UPDATE crm.plan_line SET target = 0')[0], '42501')
state, message = fails(cursor, 'SELECT kam.total(NULL)')
check('the functions of kam', (state, 'permission denied for schema kam' in message), ('42501', True))

# An error of kam has its own words, and the connection lives on.
state, message = fails(cursor, 'SELECT * FROM crm.customer_class WHERE {fn length(customer_id)} / 0 = 1')
check('an error', (state, 'division by zero' in message), ('22012', True))
state, message = fails(cursor, 'SELECT * FROM report.bonus_by(?)', 'yearly')
check('an error of kam', (state, message.startswith('[22023] ERROR: unknown mode: "yearly"')), ('22023', True))
check('a function', cursor.execute("SELECT reward > 0 FROM report.bonus_by(?) WHERE customer = 'Adler'", 'stepped').fetchval(), '1')
check('after an error', cursor.execute('SELECT count(*) FROM crm.churn_watch').fetchval(), len(expected['crm.churn_watch']))

print(f'{wrong} of {checks} checks failed' if wrong else
      f'psqlODBC {connection.getinfo(pyodbc.SQL_DRIVER_VER)}, {len(modelled)} views of the model and {len(added)} beside it, {checks} checks')
sys.exit(1 if wrong else 0)
