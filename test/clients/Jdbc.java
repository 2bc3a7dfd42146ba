import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import javax.net.SocketFactory;

/**
 * Reads the reports of report.sql through JDBC as a BI tool does: finds tables and columns, their comments
 * and types, reads the rows, sends parameters. What it reads must be what psql reads, which the directory
 * given as argument has in a file for each view.
 */
public class Jdbc
{
	static final String CLASS_COLUMNS = """
		customer 12 text 2147483647 0
		region 12 varchar 20 0
		sales 2 numeric 14 2
		abc 12 text 2147483647 0
		xyz 12 text 2147483647 0
		cell 12 text 2147483647 0
		recency 4 int4 10 0
		frequency 4 int4 10 0
		monetary 4 int4 10 0
		rfm 4 int4 10 0
		segment 12 text 2147483647 0
		stable -7 bool 1 0
		order_days 4 int4 10 0
		first_sale 91 date 13 0
		last_sale 91 date 13 0
		variation 8 float8 17 17
		""";
	static final String RAW_COLUMNS = """
		customer 12 text
		series 1111 "kam"."sales_series"
		period 1111 daterange
		totals 2003 _numeric
		buckets 2003 "kam"."_series_bucket"
		series_json 1111 jsonb
		ladder 1111 "kam"."tier_ladder"
		calendar 1111 "kam"."work_calendar"
		attainment 2002 "kam"."tier_result"
		rfm 2002 "kam"."rfm_result"
		""";

	static int checks = 0;
	static int wrong = 0;

	/** Makes sockets that reach the server by a file's name, for a driver that knows only TCP */
	public static class Local extends SocketFactory
	{
		final String path;

		public Local(String path) { this.path = path; }
		@Override public Socket createSocket() { return new LocalSocket(path); }
		@Override public Socket createSocket(String host, int port) { return createSocket(); }
		@Override public Socket createSocket(String host, int port, InetAddress address, int from) { return createSocket(); }
		@Override public Socket createSocket(InetAddress host, int port) { return createSocket(); }
		@Override public Socket createSocket(InetAddress host, int port, InetAddress address, int from) { return createSocket(); }
	}

	static class LocalSocket extends Socket
	{
		final String path;
		SocketChannel channel;

		LocalSocket(String path) { this.path = path; }
		@Override public void connect(SocketAddress address, int timeout) throws IOException { channel = SocketChannel.open(UnixDomainSocketAddress.of(path)); }
		@Override public InputStream getInputStream() { return Channels.newInputStream(channel); }
		@Override public OutputStream getOutputStream() { return Channels.newOutputStream(channel); }
		@Override public boolean isConnected() { return channel != null; }
		@Override public boolean isClosed() { return channel != null && !channel.isOpen(); }
		@Override public void close() throws IOException { channel.close(); }
		@Override public void setTcpNoDelay(boolean on) { }
		@Override public void setKeepAlive(boolean on) { }
		@Override public void setSoTimeout(int timeout) { }
		@Override public int getSoTimeout() { return 0; }
	}

	static void check(String what, Object got, Object want)
	{
		checks++;
		if (!Objects.equals(got, want))
		{
			wrong++;
			System.out.println(what + ":\n  is        " + got + "\n  should be " + want);
		}
	}

	/** A value as COPY writes it */
	static String copied(ResultSet rows, int i) throws SQLException
	{
		String text;

		switch (rows.getMetaData().getColumnType(i))
		{
			case Types.BIT:
				text = rows.getBoolean(i) ? "t" : "f";
				break;
			case Types.NUMERIC:
				BigDecimal number = rows.getBigDecimal(i);
				text = number == null ? null : number.toPlainString();
				break;
			case Types.DATE:
				Date date = rows.getDate(i);
				text = date == null ? null : date.toLocalDate().toString();
				break;
			case Types.DOUBLE:
				text = String.valueOf(rows.getDouble(i));
				break;
			default:
				text = rows.getString(i);
		}
		if (rows.wasNull())
			return "\\N";
		return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
	}

	static List<String> rowsOf(ResultSet rows) throws SQLException
	{
		List<String> lines = new ArrayList<>();

		while (rows.next())
		{
			List<String> line = new ArrayList<>();

			for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++)
				line.add(copied(rows, i));
			lines.add(String.join("\t", line));
		}
		Collections.sort(lines);
		return lines;
	}

	/** The rows of a list that the driver gives, with these of its columns */
	static List<String> list(ResultSet rows, String... columns) throws SQLException
	{
		List<String> lines = new ArrayList<>();

		while (rows.next())
		{
			List<String> line = new ArrayList<>();

			for (String column : columns)
				line.add(rows.getString(column));
			lines.add(String.join(" ", line));
		}
		return lines;
	}

	static List<String> lines(String text)
	{
		return text.strip().lines().toList();
	}

	static Object one(Connection connection, String query, Object... parameters) throws SQLException
	{
		try (PreparedStatement statement = connection.prepareStatement(query))
		{
			for (int i = 0; i < parameters.length; i++)
				statement.setObject(i + 1, parameters[i]);
			try (ResultSet rows = statement.executeQuery())
			{
				return rows.next() ? rows.getObject(1) : null;
			}
		}
	}

	/** The SQLSTATE and the message of a query that fails */
	static String fails(Connection connection, String query, Object... parameters)
	{
		try
		{
			one(connection, query, parameters);
			return "";
		}
		catch (SQLException e)
		{
			return e.getSQLState() + " " + e.getMessage().replace("\n", " ");
		}
	}

	static void begins(String what, String got, String want)
	{
		check(what, got.startsWith(want) ? want : got, want);
	}

	static void discovery(DatabaseMetaData meta, List<String> views) throws SQLException
	{
		Map<String, String> found = new TreeMap<>();
		Map<String, String> expected = new TreeMap<>();

		for (String view : views)
			expected.put(view, view.equals("customer_class_stored") ? "MATERIALIZED VIEW" : "VIEW");
		try (ResultSet rows = meta.getTables(null, "report", "%", null))
		{
			while (rows.next())
				found.put(rows.getString("TABLE_NAME"), rows.getString("TABLE_TYPE"));
		}
		check("tables", found, expected);
		check("tables by type", list(meta.getTables(null, "report", "%", new String[] {"TABLE", "VIEW", "MATERIALIZED VIEW"}), "TABLE_NAME").size(), views.size());
		check("tables of kam", list(meta.getTables(null, "kam", "%", new String[] {"TABLE", "VIEW", "MATERIALIZED VIEW"}), "TABLE_NAME"),
			List.of("kam_model_column", "kam_model_object", "kam_model_source"));
		check("schemas", list(meta.getSchemas(), "TABLE_SCHEM").containsAll(List.of("company", "kam", "report")), true);
		check("a comment", list(meta.getTables(null, "report", "customer_class", null), "REMARKS"), List.of("Classes of the customers, first half of 2026"));
		check("comment of a materialized view", list(meta.getTables(null, "report", "customer_class_stored", null), "REMARKS"), List.of("Classes of the customers, as of the last refresh"));
		check("comment of a column", list(meta.getColumns(null, "report", "customer_class", "customer"), "REMARKS"),
			List.of("Customer: the name as in the contract; umlauts, \"quotes\", 'apostrophes' and Кириллица"));
		check("comment from the catalogue", list(meta.getColumns(null, "report", "plan_progress", "attainment"), "REMARKS"), List.of("Projected attainment: run_rate / target"));

		check("columns of customer_class", list(meta.getColumns(null, "report", "customer_class", "%"), "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE", "DECIMAL_DIGITS"), lines(CLASS_COLUMNS));
		check("what is no plain column", list(meta.getColumns(null, "report", "as_it_is", "%"), "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME"), lines(RAW_COLUMNS));
		check("numerics", list(meta.getColumns(null, "report", "number", "%"), "COLUMN_NAME", "COLUMN_SIZE", "DECIMAL_DIGITS"), List.of("what 2147483647 0", "plain 0 null", "fixed 28 10"));
		check("keys of a view", list(meta.getPrimaryKeys(null, "report", "customer_class"), "COLUMN_NAME"), List.of());
		check("indexes of a view", list(meta.getIndexInfo(null, "report", "customer_class", false, true), "INDEX_NAME"), List.of());
		check("who may read a view", list(meta.getTablePrivileges(null, "report", "customer_class"), "GRANTEE", "PRIVILEGE").contains(System.getenv("PGUSER") + " SELECT"), true);

		check("types of the driver", list(meta.getTypeInfo(), "TYPE_NAME").contains("numeric"), true);
		check("types of kam", list(meta.getUDTs(null, "kam", "%", null), "TYPE_NAME").containsAll(List.of("tier_result", "plan_result")), true);
		check("functions", list(meta.getFunctions(null, "kam", "%"), "FUNCTION_NAME").containsAll(List.of("plan_progress", "xyz_class", "total")), true);
		check("their arguments", list(meta.getFunctionColumns(null, "kam", "%", "%"), "COLUMN_NAME", "TYPE_NAME").size() > 1000, true);
		check("procedures", list(meta.getProcedures(null, "kam", "%"), "PROCEDURE_NAME"), List.of());
	}

	/** The rows of a view: at once, a few at a time, and by a prepared statement until it uses binary forms */
	static void rows(Connection connection, String view, List<String> expected) throws SQLException
	{
		String query = "SELECT * FROM report." + view;
		List<String> names = list(connection.getMetaData().getColumns(null, "report", view, "%"), "COLUMN_NAME");

		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query))
		{
			List<String> labels = new ArrayList<>();

			for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++)
				labels.add(rows.getMetaData().getColumnLabel(i));
			check("columns of the rows of " + view, labels, names);
			check("rows of " + view, rowsOf(rows), expected);
		}
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement())
		{
			statement.setFetchSize(2);
			check("rows of " + view + " by a cursor", rowsOf(statement.executeQuery(query)), expected);
		}
		connection.commit();
		connection.setAutoCommit(true);
		try (PreparedStatement statement = connection.prepareStatement(query))
		{
			for (int i = 0; i < 7; i++)
				check("rows of " + view + ", time " + i, rowsOf(statement.executeQuery()), expected);
		}
		check("count of " + view, one(connection, "SELECT count(*) FROM report." + view), (long) expected.size());
	}

	static void types(Connection connection) throws SQLException
	{
		Map<String, String> classes = new LinkedHashMap<>();

		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT customer, sales, rfm, stable, last_sale, variation FROM report.customer_class WHERE customer = 'Adler'"))
		{
			ResultSetMetaData meta = rows.getMetaData();

			rows.next();
			for (int i = 1; i <= meta.getColumnCount(); i++)
			{
				classes.put(meta.getColumnName(i), rows.getObject(i).getClass().getName());
				check("promised class of " + meta.getColumnName(i), classes.get(meta.getColumnName(i)), meta.getColumnClassName(i));
			}
			check("digits of a sum", meta.getPrecision(2) + " " + meta.getScale(2), "14 2");
		}
		check("classes", classes.toString(), "{customer=java.lang.String, sales=java.math.BigDecimal, rfm=java.lang.Integer, stable=java.lang.Boolean, last_sale=java.sql.Date, variation=java.lang.Double}");
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT totals FROM report.as_it_is WHERE customer = 'Adler'"))
		{
			rows.next();
			check("an array of numbers", List.of((Object[]) rows.getArray(1).getArray()).get(5), new BigDecimal("6347.50"));
		}
	}

	static void parameters(Connection connection) throws SQLException
	{
		String query = "SELECT customer FROM report.customer_class WHERE region = ? AND sales > ? AND stable = ? AND last_sale >= ? AND rfm > ?";

		for (int i = 0; i < 7; i++)
			check("parameters", one(connection, query, "North", new BigDecimal("32538.74"), true, Date.valueOf("2026-01-01"), 100), "Adler");
		for (String name : new String[] {"Müller & Söhne \"Süd\"", "O'Brien", "Пятёрочка; DROP"})
			check("a text as parameter", one(connection, "SELECT count(*) FROM report.customer_class WHERE customer = ?", name), 1L);
		check("NULL as parameter", one(connection, "SELECT count(*) FROM report.customer_class WHERE customer = ?", (Object) null), 0L);
		check("a day as text", fails(connection, "SELECT count(*) FROM report.customer_class WHERE last_sale >= ?", "2026-06-01").substring(0, 5), "42883");
		check("a day as text, cast", one(connection, "SELECT count(*) FROM report.customer_class WHERE last_sale >= ?::date", "2026-06-01"), 4L);
		check("dates of JDBC", one(connection, "SELECT count(*) FROM report.customer_class WHERE last_sale >= {d '2026-06-01'}"), 4L);
		check("a function", one(connection, "SELECT reward FROM report.bonus_by(?) WHERE customer = 'Adler'", "stepped"), new BigDecimal("763.46875"));
		check("a number", one(connection, "SELECT report.reward_of(?)", new BigDecimal("250.5")), new BigDecimal("2.505"));
		begins("a floating point number for a numeric", fails(connection, "SELECT report.reward_of(?)", 250.5), "42883 ERROR: function report.reward_of(double precision) does not exist");
		check("a floating point number, cast", one(connection, "SELECT report.reward_of(?::numeric)", 250.5), new BigDecimal("2.505"));
		check("totals", one(connection, "SELECT sum(sales) FROM report.customer_class WHERE region = ?", "North"), new BigDecimal("30904.69"));
	}

	static void rights(Connection connection) throws SQLException
	{
		check("a report without rights on its tables", one(connection, "SELECT count(*) FROM report.plan_progress"), 4L);
		begins("its table", fails(connection, "SELECT * FROM company.plan"), "42501");
		check("a table with row-level security", one(connection, "SELECT count(*) FROM company.customer"), 2L);
		check("a report with the rights of its reader", one(connection, "SELECT string_agg(customer, '|' ORDER BY customer) FROM report.own_customer"), "Adler|O'Brien");
		check("a report with the rights of its owner", one(connection, "SELECT count(DISTINCT region) FROM report.customer_class"), 2L);
		begins("the functions of kam", fails(connection, "SELECT kam.total(NULL)"), "42501 ERROR: permission denied for schema kam");
		begins("an error of kam", fails(connection, "SELECT * FROM report.bonus_by(?)", "yearly"), "22023 ERROR: unknown mode: \"yearly\"   Hint: ");
		check("after an error", one(connection, "SELECT count(*) FROM report.churn"), 5L);
	}

	public static void main(String[] arguments) throws Exception
	{
		Properties settings = new Properties();
		List<String> views = new ArrayList<>();

		settings.setProperty("user", System.getenv("PGUSER"));
		settings.setProperty("socketFactory", Local.class.getName());
		settings.setProperty("socketFactoryArg", System.getenv("PGHOST") + "/.s.PGSQL." + System.getenv("PGPORT"));
		try (var files = Files.list(Paths.get(arguments[0])))
		{
			files.map(Path::getFileName).map(Path::toString).filter(name -> !name.startsWith(".")).sorted().forEach(views::add);
		}
		try (Connection connection = DriverManager.getConnection("jdbc:postgresql:" + System.getenv("PGDATABASE"), settings))
		{
			discovery(connection.getMetaData(), views);
			for (String view : views)
			{
				List<String> expected = new ArrayList<>(Files.readAllLines(Paths.get(arguments[0], view)));

				Collections.sort(expected);
				rows(connection, view, expected);
			}
			types(connection);
			parameters(connection);
			rights(connection);
			System.out.println(wrong > 0 ? wrong + " of " + checks + " checks failed" : "pgJDBC " + connection.getMetaData().getDriverVersion() + ", " + views.size() + " views, " + checks + " checks");
		}
		System.exit(wrong > 0 ? 1 : 0);
	}
}
