package io.shadowwrite.testsupport;

import java.sql.SQLException;
import java.util.Objects;

/** A statement or connection of {@link Database} that failed; the cause is the driver's own exception. */
public final class DatabaseFailure extends RuntimeException {

    private final String sqlState;

    DatabaseFailure(Database database, SQLException cause) {
        super(database.jdbcUrl() + ": " + cause.getMessage(), cause);
        this.sqlState = Objects.requireNonNullElse(cause.getSQLState(), "");
    }

    /** The five-character SQLSTATE, or an empty text when the driver gave none. */
    public String sqlState() {
        return sqlState;
    }
}
