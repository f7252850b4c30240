package io.shadowwrite.api.problem;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a failure of the target means for the caller, by SQLSTATE and never by text. Messages of the server are not passed
 * on, because they quote row values.
 *
 * @param sqlState five characters, empty when the failure did not come from the server
 * @param constraint the constraint that refused, if one did
 */
public record SqlProblem(String sqlState, @Nullable String constraint) {

    /** The database failure underneath; null when there is none. */
    public static @Nullable SqlProblem of(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (cause instanceof SQLException sql) {
                return new SqlProblem(Objects.requireNonNullElse(sql.getSQLState(), ""), constraintOf(sql));
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static @Nullable String constraintOf(SQLException failure) {
        ServerErrorMessage message =
                failure instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        return message == null ? null : message.getConstraint();
    }

    /** The target refuses the data: constraint, value, view check, or a trigger's own exception. */
    public boolean refusesData() {
        return inClass("23", "22", "44", "P0");
    }

    /** Another transaction got in the way; the same again may succeed. */
    public boolean conflict() {
        return inClass("40") || sqlState.equals("55P03");
    }

    /** The server is gone, going, or out of resources. */
    public boolean unavailable() {
        return inClass("08", "57", "53", "58") || sqlState.equals("25P03") || sqlState.equals("25006");
    }

    private boolean inClass(String... classes) {
        for (String one : classes) {
            if (sqlState.startsWith(one)) {
                return true;
            }
        }
        return false;
    }

    /** The problem to answer with when nothing more is known about where it happened. */
    public ShadowProblem asProblem(Throwable failure) {
        if (conflict()) {
            return new ShadowProblem(ProblemType.TARGET_CONFLICT, "SQLSTATE " + sqlState, failure);
        }
        if (unavailable()) {
            return new ShadowProblem(ProblemType.TARGET_UNAVAILABLE, "SQLSTATE " + sqlState, failure);
        }
        if (refusesData()) {
            return new ShadowProblem(ProblemType.WRITE_REJECTED, describe(), failure);
        }
        return new ShadowProblem(
                ProblemType.INTERNAL,
                "%s; see the log of shadow-api, and check the privileges of shadow.target.user".formatted(describe()),
                failure);
    }

    /** SQLSTATE and constraint, for people. */
    public String describe() {
        return constraint == null
                ? "SQLSTATE " + sqlState
                : "SQLSTATE %s, constraint %s".formatted(sqlState, constraint);
    }
}
