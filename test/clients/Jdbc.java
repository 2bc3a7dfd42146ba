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
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.net.SocketFactory;

/**
 * Reads the model and the reports of report.sql through JDBC as a BI tool does: finds tables and columns, their
 * comments and types, reads the rows, sends parameters. What it reads must be what psql reads, which the
 * directory given as argument has in a file for each view.
 */
public class Jdbc
{
	/** What the driver makes of the types of the columns: its type and the name of the type, size and digits where they are said */
	static final Map<String, String> TYPES = Map.ofEntries(
		Map.entry("text", "12 text 2147483647 0"), Map.entry("integer", "4 int4 10 0"), Map.entry("bigint", "-5 int8 19 0"), Map.entry("date", "91 date 13 0"),
		Map.entry("double precision", "8 float8 17 17"), Map.entry("boolean", "-7 bool 1 0"), Map.entry("numeric", "2 numeric 0 null"), Map.entry("daterange", "1111 daterange"),
		Map.entry("timestamp with time zone", "93 timestamptz"), Map.entry("text[]", "2003 _text"), Map.entry("numeric[]", "2003 _numeric"),
		Map.entry("kam.sales_series", "1111 \"kam\".\"sales_series\""), Map.entry("kam.work_calendar", "1111 \"kam\".\"work_calendar\""));
	static final String CLASS_COLUMNS = """
		customer_id 12 text 2147483647 0
		name 12 text 2147483647 0
		channel 12 text 2147483647 0
		territory 12 text 2147483647 0
		person_id 4 int4 10 0
		period_from 91 date 13 0
		period_to 91 date 13 0
		amount 2 numeric 28 10
		share 2 numeric 28 10
		cumulative_share 2 numeric 28 10
		abc 12 text 2147483647 0
		cv 8 float8 17 17
		xyz 12 text 2147483647 0
		cell 12 text 2147483647 0
		frequency 12 text 2147483647 0
		recency_score 4 int4 10 0
		frequency_score 4 int4 10 0
		monetary_score 4 int4 10 0
		rfm 4 int4 10 0
		segment 12 text 2147483647 0
		manual_class 12 text 2147483647 0
		class 12 text 2147483647 0
		as_of 91 date 13 0
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

	/** An element of an array as PostgreSQL writes it */
	static String quoted(String element)
	{
		if (element == null)
			return "NULL";
		if (!element.isEmpty() && !element.equalsIgnoreCase("null") && !element.matches("(?s).*[\\s{},\"\\\\].*"))
			return element;
		return "\"" + element.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
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
				text = new BigDecimal(String.valueOf(rows.getDouble(i))).stripTrailingZeros().toPlainString();
				break;
			case Types.TIMESTAMP:
				OffsetDateTime moment = rows.getObject(i, OffsetDateTime.class);
				text = moment == null ? null : moment.withOffsetSameInstant(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")) + "+00";
				break;
			default:
				text = rows.getString(i);
				/* An array of texts in its binary form is given with more quotes than COPY writes. */
				if (text != null && rows.getMetaData().getColumnTypeName(i).equals("_text"))
					text = Arrays.stream((String[]) rows.getArray(i).getArray()).map(Jdbc::quoted).collect(Collectors.joining(",", "{", "}"));
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

	static List<String> sorted(List<String> lines)
	{
		return lines.stream().sorted().toList();
	}

	/** The first column of a query's rows */
	static List<String> read(Connection connection, String query) throws SQLException
	{
		List<String> lines = new ArrayList<>();

		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query))
		{
			while (rows.next())
				lines.add(rows.getString(1));
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

	static void discovery(Connection connection, List<String> views) throws SQLException
	{
		DatabaseMetaData meta = connection.getMetaData();
		List<String> added = views.stream().filter(view -> view.startsWith("report.")).toList();
		Map<String, String> found = new TreeMap<>();
		Map<String, String> expected = new TreeMap<>();
		List<String> about;

		for (String view : added)
			expected.put(view, view.equals("report.customer_class_stored") ? "MATERIALIZED VIEW" : "VIEW");
		try (ResultSet rows = meta.getTables(null, "report", "%", null))
		{
			while (rows.next())
				found.put("report." + rows.getString("TABLE_NAME"), rows.getString("TABLE_TYPE"));
		}
		check("views of the company", found, expected);
		check("views of the model", list(meta.getTables(null, "crm", "%", new String[] {"VIEW"}), "TABLE_SCHEM", "TABLE_NAME").stream().map(name -> name.replace(' ', '.')).sorted().toList(),
			views.stream().filter(view -> view.startsWith("crm.")).sorted().toList());
		check("its tables", sorted(list(meta.getTables(null, "crm", "%", new String[] {"TABLE"}), "TABLE_NAME")), sorted(read(connection, "SELECT DISTINCT relation FROM crm.dictionary WHERE kind = 'table'")));
		check("tables of kam", list(meta.getTables(null, "kam", "%", new String[] {"TABLE", "VIEW", "MATERIALIZED VIEW"}), "TABLE_NAME").stream().allMatch(name -> name.startsWith("kam_model_")), true);
		check("schemas", list(meta.getSchemas(), "TABLE_SCHEM").containsAll(List.of("company", "crm", "kam", "report")), true);

		/* The comments are those of the dictionary, of every table and column. */
		check("comments of the relations", sorted(list(meta.getTables(null, "crm", "%", new String[] {"TABLE", "VIEW"}), "TABLE_NAME", "REMARKS")),
			sorted(read(connection, "SELECT DISTINCT concat_ws(' ', relation, relation_comment) FROM crm.dictionary")));
		check("comments of the columns", sorted(list(meta.getColumns(null, "crm", "%", "%"), "TABLE_NAME", "ORDINAL_POSITION", "COLUMN_NAME", "REMARKS")),
			sorted(read(connection, "SELECT concat_ws(' ', relation, no, column_name, coalesce(comment, 'null')) FROM crm.dictionary")));
		check("a comment", list(meta.getColumns(null, "crm", "customer_class", "cell"), "REMARKS"), List.of("both: AX to CZ"));
		check("a comment of one's own", list(meta.getColumns(null, "report", "customer_class", "name"), "REMARKS"), List.of("umlauts, \"quotes\", 'apostrophes' and Кириллица"));
		check("comment of a materialized view", list(meta.getTables(null, "report", "customer_class_stored", null), "REMARKS"), List.of("Classes of the customers, as of the last refresh"));

		about = new ArrayList<>();
		for (String line : read(connection, "SELECT concat_ws('|', relation, no, column_name, type) FROM crm.dictionary"))
		{
			String[] column = line.split("\\|");

			about.add(column[0] + " " + column[1] + " " + column[2] + " " + TYPES.get(column[3]));
		}
		check("types of the columns", sorted(list(meta.getColumns(null, "crm", "%", "%"), "TABLE_NAME", "ORDINAL_POSITION", "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE", "DECIMAL_DIGITS")
			.stream().map(line -> line.replaceAll("( (1111|2003|93) \\S+) .*", "$1")).toList()), sorted(about));
		check("columns of a report with plain types", list(meta.getColumns(null, "report", "customer_class", "%"), "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE", "DECIMAL_DIGITS").subList(0, lines(CLASS_COLUMNS).size()), lines(CLASS_COLUMNS));
		check("what is no plain column", list(meta.getColumns(null, "report", "as_it_is", "%"), "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME"), lines(RAW_COLUMNS));
		check("numerics", list(meta.getColumns(null, "report", "number", "%"), "COLUMN_NAME", "COLUMN_SIZE", "DECIMAL_DIGITS"), List.of("what 2147483647 0", "plain 0 null", "fixed 28 10"));
		check("keys of a view", list(meta.getPrimaryKeys(null, "crm", "customer_class"), "COLUMN_NAME"), List.of());
		check("keys of a table", list(meta.getPrimaryKeys(null, "crm", "plan_line"), "COLUMN_NAME"), List.of("plan_line_id"));
		check("indexes of a view", list(meta.getIndexInfo(null, "crm", "customer_class", false, true), "INDEX_NAME"), List.of());
		check("who may read a view", list(meta.getTablePrivileges(null, "crm", "customer_class"), "GRANTEE", "PRIVILEGE").contains(System.getenv("PGUSER") + " SELECT"), true);

		check("types of the driver", list(meta.getTypeInfo(), "TYPE_NAME").contains("numeric"), true);
		check("types of kam", list(meta.getUDTs(null, "kam", "%", null), "TYPE_NAME").containsAll(List.of("tier_result", "plan_result")), true);
		check("functions", list(meta.getFunctions(null, "kam", "%"), "FUNCTION_NAME").containsAll(List.of("plan_progress", "xyz_class", "total")), true);
		check("a function beside each report", list(meta.getFunctions(null, "crm", "%"), "FUNCTION_NAME").containsAll(read(connection, "SELECT DISTINCT relation FROM crm.dictionary WHERE kind = 'report'")), true);
		check("their arguments", list(meta.getFunctionColumns(null, "kam", "%", "%"), "COLUMN_NAME", "TYPE_NAME").size() > 1000, true);
		check("procedures", list(meta.getProcedures(null, "kam", "%"), "PROCEDURE_NAME"), List.of());
	}

	/** The rows of a view: at once, a few at a time, and in binary forms */
	static void rows(Connection connection, Connection binary, String view, List<String> expected) throws SQLException
	{
		String query = "SELECT * FROM " + view;
		List<String> names = list(connection.getMetaData().getColumns(null, view.split("\\.")[0], view.split("\\.")[1], "%"), "COLUMN_NAME");

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
		try (PreparedStatement statement = binary.prepareStatement(query))
		{
			check("rows of " + view + " in binary forms", rowsOf(statement.executeQuery()), expected);
		}
		check("count of " + view, one(connection, "SELECT count(*) FROM " + view), (long) expected.size());
	}

	static void types(Connection connection) throws SQLException
	{
		Map<String, String> classes = new LinkedHashMap<>();

		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT customer_id, amount, rfm, as_of, cv, share, share::text FROM crm.customer_class WHERE customer_id = 'Adler'"))
		{
			ResultSetMetaData meta = rows.getMetaData();

			rows.next();
			for (int i = 1; i <= 5; i++)
			{
				classes.put(meta.getColumnName(i), rows.getObject(i).getClass().getName());
				check("promised class of " + meta.getColumnName(i), classes.get(meta.getColumnName(i)), meta.getColumnClassName(i));
			}
			check("digits of a numeric that says none", meta.getPrecision(2) + " " + meta.getScale(2), "0 0");
			check("a share has all its digits", rows.getBigDecimal(6).toPlainString(), rows.getString(7));
			check("they are many", rows.getBigDecimal(6).scale() >= 16, true);
		}
		check("classes", classes.toString(), "{customer_id=java.lang.String, amount=java.math.BigDecimal, rfm=java.lang.Integer, as_of=java.sql.Date, cv=java.lang.Double}");
		check("a boolean", one(connection, "SELECT key_account FROM company.customer WHERE customer = 'Adler'"), true);
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT amount FROM report.customer_class"))
		{
			check("digits of a numeric that says them", rows.getMetaData().getPrecision(1) + " " + rows.getMetaData().getScale(1), "28 10");
		}
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT totals, total FROM report.as_it_is, LATERAL (SELECT sum(t) AS total FROM unnest(totals) AS t) AS t WHERE customer = 'Adler'"))
		{
			BigDecimal sum = BigDecimal.ZERO;

			rows.next();
			for (Object number : (Object[]) rows.getArray(1).getArray())
				sum = sum.add((BigDecimal) number);
			check("an array of numbers", sum, rows.getBigDecimal(2));
		}
	}

	static void parameters(Connection connection) throws SQLException
	{
		String query = "SELECT customer_id FROM crm.customer_class WHERE channel = ? AND amount > ? AND as_of >= ? AND rfm > ? AND person_id = ?";

		for (int i = 0; i < 7; i++)
			check("parameters", one(connection, query, "shop", new BigDecimal("40000.25"), Date.valueOf("2026-01-01"), 100, 1), "Adler");
		for (String name : new String[] {"Müller & Söhne \"Süd\"", "O'Brien", "Пятёрочка; DROP"})
			check("a customer as parameter", one(connection, "SELECT count(*) FROM crm.customer_class WHERE customer_id = ?", name), 1L);
		check("NULL as parameter", one(connection, "SELECT count(*) FROM crm.customer_class WHERE customer_id = ?", (Object) null), 0L);
		check("a boolean as parameter", one(connection, "SELECT count(*) FROM crm.churn_watch WHERE widening = ? OR widening = ?", true, false), 4L);
		check("a day of the past", one(connection, "SELECT as_of FROM crm.customer_class(?) WHERE customer_id = ? AND amount > 0", Date.valueOf("2025-12-31"), "Adler"), Date.valueOf("2025-12-31"));
		check("a period", one(connection, "SELECT concat_ws(' ', as_of, days) FROM crm.visit_execution(?, daterange(?, ?, '[]')) WHERE dimension = ?",
			Date.valueOf("2026-05-15"), Date.valueOf("2026-03-01"), Date.valueOf("2026-04-30"), "all"), "2026-05-15 [2026-03-01,2026-05-01)");
		check("a day as text", fails(connection, "SELECT count(*) FROM crm.customer_class WHERE as_of >= ?", "2026-06-01").substring(0, 5), "42883");
		check("a day as text, cast", one(connection, "SELECT count(*) FROM crm.customer_class WHERE as_of >= ?::date", "2026-06-01"), 4L);
		check("dates of JDBC", one(connection, "SELECT count(*) FROM crm.customer_class WHERE as_of >= {d '2026-06-01'}"), 4L);
		check("a function", one(connection, "SELECT reward > 0 FROM report.bonus_by(?) WHERE customer = 'Adler'", "stepped"), true);
		check("a number", one(connection, "SELECT report.reward_of(?)", new BigDecimal("250.5")), new BigDecimal("2.505"));
		begins("a floating point number for a numeric", fails(connection, "SELECT report.reward_of(?)", 250.5), "42883 ERROR: function report.reward_of(double precision) does not exist");
		check("a floating point number, cast", one(connection, "SELECT report.reward_of(?::numeric)", 250.5), new BigDecimal("2.505"));
		check("totals", one(connection, "SELECT round(sum(share), 9) FROM crm.customer_class WHERE channel = ? OR channel IS NULL", "shop"), new BigDecimal("1.000000000"));
		check("measures and their reports", one(connection, "SELECT string_agg(concat_ws(' ', report, report_column, state, settings), '; ' ORDER BY report) FROM crm.kpi_catalog WHERE name = ? AND state = 'complete'", "xyz_class"),
			"customer_class xyz complete xyz_cutoffs={0.10,0.25}, deviation=population, since_first=false, grain=month, buckets=12");
	}

	static void rights(Connection connection) throws SQLException
	{
		check("customers of one's own region", one(connection, "SELECT string_agg(customer_id, '|' ORDER BY customer_id) FROM crm.customer"), "Adler|O'Brien");
		check("the same in a report", one(connection, "SELECT string_agg(customer_id, '|' ORDER BY customer_id) FROM crm.customer_class WHERE name IS NOT NULL"), "Adler|O'Brien");
		check("a view with the rights of its owner", one(connection, "SELECT count(*) FROM report.region"), 2L);
		begins("a table of the company", fails(connection, "SELECT * FROM company.payroll"), "42501");
		begins("the functions of kam", fails(connection, "SELECT kam.total(NULL)"), "42501 ERROR: permission denied for schema kam");
		begins("an error of kam", fails(connection, "SELECT * FROM report.bonus_by(?)", "yearly"), "22023 ERROR: unknown mode: \"yearly\"   Hint: ");
		check("after an error", one(connection, "SELECT count(*) FROM crm.churn_watch"), 4L);
	}

	public static void main(String[] arguments) throws Exception
	{
		Properties settings = new Properties();
		Properties binary = new Properties();
		List<String> views = new ArrayList<>();

		settings.setProperty("user", System.getenv("PGUSER"));
		settings.setProperty("socketFactory", Local.class.getName());
		settings.setProperty("socketFactoryArg", System.getenv("PGHOST") + "/.s.PGSQL." + System.getenv("PGPORT"));
		try (var files = Files.list(Paths.get(arguments[0])))
		{
			files.map(Path::getFileName).map(Path::toString).filter(name -> !name.startsWith(".")).sorted().forEach(views::add);
		}
		binary.putAll(settings);
		binary.setProperty("prepareThreshold", "-1");
		try (Connection connection = DriverManager.getConnection("jdbc:postgresql:" + System.getenv("PGDATABASE"), settings);
			Connection other = DriverManager.getConnection("jdbc:postgresql:" + System.getenv("PGDATABASE"), binary))
		{
			discovery(connection, views);
			for (String view : views)
			{
				List<String> expected = new ArrayList<>(Files.readAllLines(Paths.get(arguments[0], view)));

				Collections.sort(expected);
				rows(connection, other, view, expected);
			}
			types(connection);
			parameters(connection);
			rights(connection);
			System.out.println(wrong > 0 ? wrong + " of " + checks + " checks failed" : "pgJDBC " + connection.getMetaData().getDriverVersion() + ", " + views.size() + " views, " + checks + " checks");
		}
		System.exit(wrong > 0 ? 1 : 0);
	}
}
