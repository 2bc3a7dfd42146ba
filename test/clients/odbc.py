"""Reads the reports of report.sql through ODBC as a BI tool does: finds tables and columns, asks for their
types, reads the rows, sends parameters. What it reads must be what psql reads, which the directory given as
argument has in a file for each view."""

import datetime
import decimal
import os
import sys

import pyodbc

TEXT, VARCHAR, LONG, NUMERIC, INTEGER, BIGINT, DOUBLE, DATE, BIT = -9, 12, -10, 2, 4, -5, 6, 91, -7
CLASS_COLUMNS = {
    'customer': (LONG, 'text', 8190, None), 'region': (TEXT, 'varchar', 20, None), 'sales': (NUMERIC, 'numeric', 14, 2),
    'abc': (LONG, 'text', 8190, None), 'xyz': (LONG, 'text', 8190, None), 'cell': (LONG, 'text', 8190, None),
    'recency': (INTEGER, 'int4', 10, 0), 'frequency': (INTEGER, 'int4', 10, 0), 'monetary': (INTEGER, 'int4', 10, 0),
    'rfm': (INTEGER, 'int4', 10, 0), 'segment': (LONG, 'text', 8190, None), 'stable': (VARCHAR, 'bool', 5, 0),
    'order_days': (INTEGER, 'int4', 10, 0), 'first_sale': (DATE, 'date', 10, None), 'last_sale': (DATE, 'date', 10, None),
    'variation': (DOUBLE, 'float8', 17, 0),
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

# What is there. The kind of a materialized view is a word of this driver's own.
found = {row.table_name: row.table_type for row in cursor.tables(schema='report')}
check('tables', found, {view: 'MATVIEW' if view == 'customer_class_stored' else 'VIEW' for view in views})
check('tables of the types TABLE and VIEW', {row.table_name for row in cursor.tables(schema='report', tableType='TABLE,VIEW')} >= set(views) - {'customer_class_stored'}, True)
check('tables of kam', [row.table_name for row in cursor.tables(schema='kam')], ['kam_model_column', 'kam_model_object', 'kam_model_source'])
check('schemas', {'report', 'company'} <= {row.table_schem for row in cursor.tables(catalog='', schema='%', table='')}, True)
# The driver has no comments, or those that are there.
check('a comment', all(row.remarks in (None, '', 'Classes of the customers, first half of 2026') for row in cursor.tables(schema='report', table='customer_class')), True)

# What type each column is
columns = {view: {row.column_name: row for row in cursor.columns(schema='report', table=view)} for view in views}
types = {view: {name: (row.data_type, row.type_name, row.column_size, row.decimal_digits) for name, row in columns[view].items()} for view in views}
booleans = {view: {name for name, row in columns[view].items() if row.type_name == 'bool'} for view in views}
check('columns of customer_class', types['customer_class'], CLASS_COLUMNS)
check('columns of customer_class_stored', types['customer_class_stored'], CLASS_COLUMNS)
check('columns in their order', list(columns['customer_class']), list(CLASS_COLUMNS))
check('a count', types['kpi_matrix']['okb'], (BIGINT, 'int8', 19, 0))
check('a numeric with its digits', types['number']['fixed'], (NUMERIC, 'numeric', 28, 10))
check('a numeric without', types['number']['plain'][:2], (NUMERIC, 'numeric'))
check('what is no plain column is text', {name: type[:2] for name, type in types['as_it_is'].items()}, {
    'customer': (LONG, 'text'), 'series': (TEXT, 'sales_series'), 'period': (TEXT, 'daterange'), 'totals': (TEXT, '_numeric'),
    'buckets': (TEXT, '_series_bucket'), 'series_json': (TEXT, 'jsonb'), 'ladder': (TEXT, 'tier_ladder'),
    'calendar': (TEXT, 'work_calendar'), 'attainment': (TEXT, 'tier_result'), 'rfm': (TEXT, 'rfm_result')})
check('keys of a view', (cursor.primaryKeys('customer_class', schema='report').fetchall(), cursor.statistics('customer_class', schema='report').fetchall()), ([], []))
check('types of the driver', len(cursor.getTypeInfo().fetchall()) > 10, True)
check('functions', len(cursor.procedures(schema='kam').fetchall()) > 300, True)
check('their arguments', len(cursor.procedureColumns(schema='kam').fetchall()) > 1000, True)

# The rows, all at once and a few at a time, with every way to give a boolean
for settings in ('', 'BoolsAsChar=0', 'UseDeclareFetch=1;Fetch=2', 'UnknownsAsLongVarchar=1;TextAsLongVarchar=0'):
    with connect(settings) as other:
        for view in views:
            with open(os.path.join(directory, view), encoding='utf-8', newline='\n') as lines:
                expected = sorted(line.rstrip('\n') for line in lines)
            rows = other.cursor().execute(f'SELECT * FROM report.{view}')
            check(f'columns of the rows of {view}', [column[0] for column in rows.description], list(columns[view]))
            check(f'rows of {view} {settings}', rows_of(rows, booleans[view]), expected)
            check(f'count of {view}', other.cursor().execute(f'SELECT count(*) FROM report.{view}').fetchval(), len(expected))
        stable = other.cursor().execute("SELECT stable FROM report.customer_class WHERE customer = 'Adler'").fetchval()
        check(f'a boolean {settings}', stable, True if settings == 'BoolsAsChar=0' else '1')
check('python types', [type(value) for value in cursor.execute("SELECT customer, sales, rfm, last_sale, variation FROM report.customer_class WHERE customer = 'Adler'").fetchone()],
      [str, decimal.Decimal, int, datetime.date, float])

# Parameters, and the dates and functions of ODBC's own
check('a floating point number for a numeric', cursor.execute('SELECT report.reward_of(?)', 250.5).fetchval(), decimal.Decimal('2.505'))
query = 'SELECT customer, sales FROM report.customer_class WHERE region = ? AND sales > ? AND stable = ? AND last_sale >= ? AND rfm > ?'
check('parameters', [tuple(row) for row in cursor.execute(query, 'North', decimal.Decimal('32538.74'), True, datetime.date(2026, 1, 1), 100)], [('Adler', decimal.Decimal('32538.75'))])
for name in ('Müller & Söhne "Süd"', "O'Brien", 'Пятёрочка; DROP'):
    check('a text as parameter', cursor.execute('SELECT count(*) FROM report.customer_class WHERE customer = ?', name).fetchval(), 1)
check('NULL as parameter', cursor.execute('SELECT count(*) FROM report.customer_class WHERE customer = ?', None).fetchval(), 0)
check('dates of ODBC', cursor.execute("SELECT count(*) FROM report.customer_class WHERE last_sale >= {d '2026-06-01'} AND {fn year(last_sale)} = 2026").fetchval(), 4)
check('totals', tuple(cursor.execute('SELECT region, count(*), sum(sales), max(last_sale) FROM report.customer_class GROUP BY region ORDER BY sum(sales) DESC').fetchone()),
      ('North', 2, decimal.Decimal('30904.69'), datetime.date(2026, 6, 30)))

# Who may read what: reports without rights on the tables or on kam, and rows of one's own region
check('a report without rights on its tables', cursor.execute('SELECT count(*) FROM report.plan_progress').fetchval(), 4)
check('its table', fails(cursor, 'SELECT * FROM company.plan')[0], '42501')
check('a table with row-level security', cursor.execute('SELECT count(*) FROM company.customer').fetchval(), 2)
check('a report with the rights of its reader', [row[0] for row in cursor.execute('SELECT customer FROM report.own_customer ORDER BY customer')], ['Adler', "O'Brien"])
check('a report with the rights of its owner', cursor.execute('SELECT count(DISTINCT region) FROM report.customer_class').fetchval(), 2)
state, message = fails(cursor, 'SELECT kam.total(NULL)')
check('the functions of kam', (state, 'permission denied for schema kam' in message), ('42501', True))

# An error of kam has its own words, and the connection lives on.
state, message = fails(cursor, "SELECT * FROM report.customer_class WHERE {fn length(customer)} / 0 = 1")
check('an error', (state, 'division by zero' in message), ('22012', True))
state, message = fails(cursor, 'SELECT * FROM report.bonus_by(?)', 'yearly')
check('an error of kam', (state, message.startswith('[22023] ERROR: unknown mode: "yearly"')), ('22023', True))
check('a function', cursor.execute("SELECT reward FROM report.bonus_by(?) WHERE customer = 'Adler'", 'stepped').fetchval(), decimal.Decimal('763.46875'))
check('after an error', cursor.execute('SELECT count(*) FROM report.churn').fetchval(), 5)

print(f'{wrong} of {checks} checks failed' if wrong else f'psqlODBC {connection.getinfo(pyodbc.SQL_DRIVER_VER)}, {len(views)} views, {checks} checks')
sys.exit(1 if wrong else 0)
