package io.shadowwrite.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One database of a throw-away server: where it is and the few statements a test needs to prepare and inspect it.
 *
 * <p>Every method opens its own connection, so nothing stays behind; a value may be shared between threads. A statement
 * that fails throws {@link DatabaseFailure}, which carries the SQLSTATE.
 */
public record Database(String host, int port, String name, String user, String password) {

    /** The superuser of every server started here. */
    public static final String USER = "postgres";

    /** Its password. The servers trust every loopback connection, so it only has to be present. */
    public static final String PASSWORD = "postgres";

    /** The address for {@link DriverManager}, without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + name;
    }

    /** A new connection in auto-commit mode; the caller closes it. */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "test");
        return DriverManager.getConnection(jdbcUrl(), properties);
    }

    /** A source of connections without a pool. */
    public DataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(jdbcUrl());
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }

    /** The same server, another database, which may not exist yet. */
    public Database named(String other) {
        return new Database(host, port, other, user, password);
    }

    /** The same behind a proxy. */
    public Database through(TcpProxy proxy) {
        return new Database("127.0.0.1", proxy.port(), name, user, password);
    }

    /** Runs each string in auto-commit mode on one connection; results are dropped. */
    public void execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new DatabaseFailure(this, e);
        }
    }

    /** Runs a script of several statements as one implicit transaction. */
    public void runScript(String script) {
        execute(script);
    }

    /** Runs the script in {@code file}, read as UTF-8. */
    public void runScript(Path file) {
        try {
            execute(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The first column of the only row as text, null for SQL NULL; no row or a second row is a failure. A question mark in
     * {@code sql} is a parameter.
     */
    public @Nullable String queryForString(String sql, Object... parameters) {
        List<@Nullable String> values = queryForList(sql, parameters);
        if (values.size() != 1) {
            throw new IllegalStateException("Expected one row, got " + values.size() + ": " + sql);
        }
        return values.getFirst();
    }

    /** As {@link #queryForString}, for a number that is never NULL. */
    public long queryForLong(String sql, Object... parameters) {
        String value = queryForString(sql, parameters);
        if (value == null) {
            throw new IllegalStateException("Expected a number, got NULL: " + sql);
        }
        return Long.parseLong(value);
    }

    /** The first column of every row as text, in the order of the query. */
    public List<@Nullable String> queryForList(String sql, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return firstColumn(statement);
        } catch (SQLException e) {
            throw new DatabaseFailure(this, e);
        }
    }

    private static List<@Nullable String> firstColumn(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            List<@Nullable String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
