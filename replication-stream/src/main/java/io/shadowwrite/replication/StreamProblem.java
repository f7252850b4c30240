package io.shadowwrite.replication;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** Why the source cannot be read, by code, with the one thing to do about it. Callers decide by code. */
public final class StreamProblem extends RuntimeException {

    /** What is wrong. */
    public enum Code {
        /** Another reader holds the slot; wait for it. */
        SLOT_IN_USE(true),
        SLOT_MISSING(false),
        SLOT_EXISTS(false),
        SLOT_OTHER_PLUGIN(false),
        SLOT_OTHER_DATABASE(false),
        /** The slot confirmed more than the caller has stored: changes are lost. */
        SLOT_AHEAD(false),
        /** The source removed WAL the slot needed. */
        SLOT_LOST(false),
        /** All of max_replication_slots or max_wal_senders are taken. */
        NO_FREE_SLOT(false),
        /** Creating a slot waited too long for older transactions. */
        SLOT_WAIT(true),
        WAL_LEVEL(false),
        /** The source is a standby; only a primary decodes for us. */
        STANDBY(false),
        PLUGIN_MISSING(false),
        PLUGIN_NOT_ALLOWED(false),
        /** This release of the plug-in does not know an option that every reader sends. */
        PLUGIN_OPTIONS(false),
        SESSION_SETTING(false),
        SERVER_VERSION(false),
        SERVER_ENCODING(false),
        /** Another system identifier or timeline than expected: LSNs mean something else now. */
        SYSTEM_CHANGED(false),
        CONNECTION_LOST(true),
        CONNECTION_REFUSED(true),
        /** The server has no database of that name. */
        DATABASE_MISSING(false),
        PRIVILEGE(false),
        /** A message that is not what this dialect of wal2json says. */
        UNDECODABLE(false),
        MESSAGE_TOO_LARGE(false),
        REPLICA_IDENTITY(false),
        TABLE_MISSING(false),
        /** A prepared or long transaction would hold up slot creation. */
        OLD_TRANSACTION(true),
        /** The exported snapshot is gone: its holder or its transaction ended. */
        SNAPSHOT_GONE(false),
        /** The source is short of memory or disk, or cancelled the work; it may succeed in a moment. */
        SOURCE_BUSY(true),
        /** The source is not what the contract describes. */
        SCHEMA_DRIFT(false),
        /** The stream stopped moving without an error. */
        STALLED(true),
        /** An error of the source without a code of its own; see the cause. */
        SOURCE_ERROR(false);

        private final boolean retryable;

        Code(boolean retryable) {
            this.retryable = retryable;
        }

        /** Whether the same call can succeed later without anybody's help. */
        public boolean retryable() {
            return retryable;
        }
    }

    private final Code code;
    private final String what;
    private final String fix;

    /** A problem found by looking. */
    public StreamProblem(Code code, String message, String fix) {
        this(code, message, fix, null);
    }

    /** A problem some exception told us of. */
    public StreamProblem(Code code, String message, String fix, @Nullable Throwable cause) {
        super(code + ": " + message + ". " + fix, cause);
        this.code = code;
        this.what = message;
        this.fix = fix;
    }

    /**
     * Names what the source answered, by SQLSTATE.
     *
     * @param action what was tried, for the message: "opening slot x"
     */
    public static StreamProblem of(String action, SQLException cause) {
        String state = cause.getSQLState() == null ? "" : cause.getSQLState();
        Code code = isOfDriver(cause) && state.equals("55000")
                ? Code.CONNECTION_LOST
                : codeOf(state, String.valueOf(cause.getMessage()));
        return of(action, state, code, cause);
    }

    /**
     * The same for an ordinary question about tables or their rows, where no SQLSTATE speaks of a slot or of the plug-in: what
     * fails inside the server while definitions change is worth another try, and a name it does not know is drift.
     */
    public static StreamProblem ofQuestion(String action, SQLException cause) {
        String state = cause.getSQLState() == null ? "" : cause.getSQLState();
        return of(action, state, isOfDriver(cause) ? ofDriver(state) : codeOfQuestion(state), cause);
    }

    private static StreamProblem of(String action, String state, Code code, SQLException cause) {
        String message = action + " failed (SQLSTATE " + state + "): " + firstLine(cause);
        String fix = state.equals("53300")
                ? "Close unused connections or raise max_connections and max_wal_senders, then retry"
                : standardFix(code);
        return new StreamProblem(code, message, fix, cause);
    }

    /** The driver uses the server's states for its own complaints about a stream that has ended. */
    private static boolean isOfDriver(SQLException cause) {
        return cause instanceof PSQLException complaint && complaint.getServerErrorMessage() == null;
    }

    private static Code ofDriver(String state) {
        return state.equals("55000") ? Code.CONNECTION_LOST : codeOfQuestion(state);
    }

    private static Code codeOfQuestion(String state) {
        return switch (state) {
            case "42501" -> Code.PRIVILEGE;
            case "57014", "55P03", "40P01" -> Code.STALLED;
            case "53300", "57P03", "08001", "08004" -> Code.CONNECTION_REFUSED;
            case "3D000" -> Code.DATABASE_MISSING;
            case "XX000" -> Code.SOURCE_BUSY;
            default -> state.startsWith("42") ? Code.SCHEMA_DRIFT : codeOfClass(state);
        };
    }

    private static Code codeOf(String state, String message) {
        return switch (state) {
            case "55006" -> Code.SLOT_IN_USE;
            case "55000" -> Code.SLOT_LOST;
            case "42704" -> Code.SLOT_MISSING;
            case "42710" -> Code.SLOT_EXISTS;
            case "53400" -> Code.NO_FREE_SLOT;
            case "58P01" -> Code.PLUGIN_MISSING;
            // The name of a library is the same in every message language.
            case "42501" -> message.contains("\"wal2json\"") ? Code.PLUGIN_NOT_ALLOWED : Code.PRIVILEGE;
            case "54000" -> Code.MESSAGE_TOO_LARGE;
            case "57014", "55P03", "40P01" -> Code.STALLED;
            case "53300", "57P03", "08001", "08004" -> Code.CONNECTION_REFUSED;
            case "3D000" -> Code.DATABASE_MISSING;
            default -> codeOfClass(state);
        };
    }

    private static Code codeOfClass(String state) {
        if (state.startsWith("08") || state.startsWith("57P")) {
            return Code.CONNECTION_LOST;
        }
        if (state.startsWith("53") || state.startsWith("58") || state.startsWith("40")) {
            return Code.SOURCE_BUSY;
        }
        return state.startsWith("28") ? Code.PRIVILEGE : Code.SOURCE_ERROR;
    }

    private static String standardFix(Code code) {
        return switch (code) {
            case SLOT_IN_USE -> "Wait until the other reader stops";
            case SLOT_LOST -> "Drop the slot, load the target again and start a new window";
            case SLOT_MISSING -> "Create the slot again together with a new load of the target";
            case SLOT_EXISTS -> "Drop the slot first, or choose another name";
            case NO_FREE_SLOT -> "Drop unused slots or raise max_replication_slots and max_wal_senders";
            case PLUGIN_MISSING -> "Install the package postgresql-<version>-wal2json on the source server";
            case PLUGIN_NOT_ALLOWED ->
                "Run on the source: ALTER SYSTEM SET output_plugin_libraries = pgoutput, test_decoding, wal2json;"
                        + " SELECT pg_reload_conf();";
            case PRIVILEGE ->
                "Check user and password, pg_hba.conf, and run on the source: ALTER ROLE <user> REPLICATION;";
            case MESSAGE_TOO_LARGE ->
                "Keep such rows out of the source, or move what is large out of the table, then open a new window";
            case DATABASE_MISSING -> "Check the database's name at the end of the URL of the source";
            case STALLED ->
                "See what holds the locks it waits for: SELECT * FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
            case SOURCE_BUSY ->
                "Wait: it is tried again. See the server log of the source for memory, disk and cancelled work";
            case SCHEMA_DRIFT ->
                "Undo the change of the source's definitions, or write it into the contract and open a new window";
            case CONNECTION_REFUSED, CONNECTION_LOST -> "Check that the source is up and reachable, then retry";
            default -> "See the server log of the source";
        };
    }

    private static String firstLine(SQLException cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no message");
    }

    /** What is wrong. */
    public Code code() {
        return code;
    }

    /** The same in words, without what to do about it. */
    public String what() {
        return what;
    }

    /** What to do about it: a sentence or the SQL that repairs it. */
    public String fix() {
        return fix;
    }

    /** Whether the same call can succeed later without anybody's help. */
    public boolean retryable() {
        return code.retryable();
    }
}
