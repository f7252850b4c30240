package io.shadowwrite.replication;

import org.jspecify.annotations.Nullable;

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
        PLUGIN_MISSING(false),
        PLUGIN_NOT_ALLOWED(false),
        SESSION_SETTING(false),
        SERVER_VERSION(false),
        SERVER_ENCODING(false),
        /** Another system identifier or timeline than expected: LSNs mean something else now. */
        SYSTEM_CHANGED(false),
        CONNECTION_LOST(true),
        CONNECTION_REFUSED(true),
        PRIVILEGE(false),
        /** A message that is not what this dialect of wal2json says. */
        UNDECODABLE(false),
        TRANSACTION_TOO_LARGE(false),
        MESSAGE_TOO_LARGE(false),
        REPLICA_IDENTITY(false),
        TABLE_MISSING(false),
        /** A prepared or long transaction would hold up slot creation. */
        OLD_TRANSACTION(true),
        /** The exported snapshot is gone: its holder or its transaction ended. */
        SNAPSHOT_GONE(false),
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
    private final String fix;

    /** A problem found by looking. */
    public StreamProblem(Code code, String message, String fix) {
        this(code, message, fix, null);
    }

    /** A problem some exception told us of. */
    public StreamProblem(Code code, String message, String fix, @Nullable Throwable cause) {
        super(code + ": " + message + ". " + fix, cause);
        this.code = code;
        this.fix = fix;
    }

    /** What is wrong. */
    public Code code() {
        return code;
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
