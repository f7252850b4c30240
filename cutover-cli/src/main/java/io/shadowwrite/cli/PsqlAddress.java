package io.shadowwrite.cli;

import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;

/** An address for psql, without user and password. */
final class PsqlAddress {

    private PsqlAddress() {}

    /** The connection string that leads where this JDBC URL leads, for an argument of psql between double quotes. */
    static String of(String jdbcUrl) throws SQLException {
        DriverPropertyInfo[] parts = DriverManager.getDriver(jdbcUrl).getPropertyInfo(jdbcUrl, new Properties());
        return "host=%s port=%s dbname=%s"
                .formatted(quoted(parts, "PGHOST"), quoted(parts, "PGPORT"), quoted(parts, "PGDBNAME"));
    }

    private static String quoted(DriverPropertyInfo[] parts, String name) {
        String value = Arrays.stream(parts)
                .filter(part -> part.name.equals(name) && part.value != null)
                .map(part -> part.value)
                .findFirst()
                .orElse("");
        return "'%s'".formatted(value.replace("\\", "\\\\").replace("'", "\\'").replace("\"", "\"\""));
    }
}
