package io.shadowwrite.api.problem;

import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a failure of the target means for the caller, by SQLSTATE and never by text. Messages of the server are not passed
 * on, because they quote row values; but for those about names and privileges, which quote none.
 *
 * @param sqlState five characters, empty when the failure did not come from the server
 * @param fromServer whether the server said so, and not the driver
 * @param constraint the constraint that refused, if one did
 * @param table the table whose row was refused, if the server says so
 * @param unfit what the server says of a table, column or privilege that is not there
 */
public record SqlProblem(
        String sqlState,
        boolean fromServer,
        @Nullable String constraint,
        @Nullable QualifiedName table,
        @Nullable String unfit) {

    private static final String STACK_DEPTH = "54001";

    private static final QualifiedName LEDGER = new QualifiedName("shadow", "event_ledger");

    /** Those that the server itself defines; any other comes from code in the target's own functions. */
    private static final Set<String> KNOWN_CLASSES = Set.of(
            "00", "01", "02", "03", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20", "21", "22", "23", "24",
            "25", "26", "27", "28", "2B", "2D", "2F", "34", "38", "39", "3B", "3D", "3F", "40", "42", "44", "53", "54",
            "55", "57", "58", "72", "F0", "HV", "P0", "XX");

    /** The database failure underneath; null when there is none. */
    public static @Nullable SqlProblem of(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (cause instanceof SQLException sql) {
                return of(sql);
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static SqlProblem of(SQLException failure) {
        String sqlState = Objects.requireNonNullElse(failure.getSQLState(), "");
        ServerErrorMessage message =
                failure instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        return message == null
                ? new SqlProblem(sqlState, false, null, null, null)
                : new SqlProblem(
                        sqlState,
                        sqlState.length() == 5,
                        message.getConstraint(),
                        table(message),
                        sqlState.startsWith("42") ? message.getMessage() : null);
    }

    private static @Nullable QualifiedName table(ServerErrorMessage message) {
        String schema = message.getSchema();
        String table = message.getTable();
        return schema == null || table == null ? null : new QualifiedName(schema, table);
    }

    /**
     * The target refuses the data: constraint, value, view check, a limit such as the size of an index entry, or whatever a
     * trigger raises, under a class of the server or one of its own.
     */
    public boolean refusesData() {
        return !missesPartition()
                && (inClass("09", "20", "21", "22", "23", "27", "38", "39", "44", "P0")
                        || (inClass("54") && !sqlState.equals(STACK_DEPTH))
                        || (fromServer && !KNOWN_CLASSES.contains(sqlState.substring(0, 2))));
    }

    /** No partition of our ledger takes a receipt, which the server reports like a constraint that a row violates. */
    public boolean missesPartition() {
        return sqlState.equals("23514") && constraint == null && LEDGER.equals(table);
    }

    /** The statement took longer than it may, or somebody cancelled it. */
    public boolean cancelled() {
        return sqlState.equals("57014");
    }

    /** Another transaction got in the way; the same again may succeed. */
    public boolean conflict() {
        return inClass("40") || sqlState.equals("55P03") || missesPartition();
    }

    /** The server is gone, going, or out of resources. Without a code it is the pool that lost the connection. */
    public boolean unavailable() {
        return sqlState.isEmpty()
                || inClass("08", "57", "53", "58")
                || sqlState.equals("25P03")
                || sqlState.equals("25006");
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
            return new ShadowProblem(ProblemType.TARGET_CONFLICT, describe(), failure);
        }
        if (unavailable()) {
            return new ShadowProblem(ProblemType.TARGET_UNAVAILABLE, "SQLSTATE " + sqlState, failure);
        }
        if (refusesData()) {
            return new ShadowProblem(ProblemType.WRITE_REJECTED, describe(), failure);
        }
        return new ShadowProblem(
                ProblemType.INTERNAL,
                "%s; compare the target with the contract, and check the privileges of shadow.target.user"
                        .formatted(describe()),
                failure);
    }

    /** SQLSTATE and what it is about, for people. */
    public String describe() {
        if (sqlState.isEmpty()) {
            return "the connection to the target is gone";
        }
        if (missesPartition()) {
            return "SQLSTATE 23514, no partition of shadow.event_ledger takes the receipts; look whether one was detached";
        }
        if (constraint != null) {
            return "SQLSTATE %s, constraint %s".formatted(sqlState, constraint);
        }
        return unfit == null ? "SQLSTATE " + sqlState : "SQLSTATE %s, %s".formatted(sqlState, unfit);
    }
}
