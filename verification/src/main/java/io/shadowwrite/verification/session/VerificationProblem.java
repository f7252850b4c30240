package io.shadowwrite.verification.session;

import org.jspecify.annotations.Nullable;

/** Why a tick cannot be decided, by code and with the one thing to do about it. Never carries row values. */
public final class VerificationProblem extends RuntimeException {

    /** What is wrong. */
    public enum Code {
        /** A database does not let us in. */
        UNREACHABLE,
        /** A session would spell values differently than the other side. */
        SESSION_SETTING,
        /** A policy hides rows from the verifier's role. */
        ROW_SECURITY,
        /** A query failed. */
        READ_FAILED,
        /** A side did not stay where it has to stand. */
        MOVED,
        /** The tick did not end in time. */
        TOO_SLOW,
        /** The comparison did not notice a difference that was put there on purpose. */
        SELF_TEST
    }

    private final Code code;

    /** A problem with its fix. */
    public VerificationProblem(Code code, String message, String fix, @Nullable Throwable cause) {
        super(message + ". " + fix, cause);
        this.code = code;
    }

    /** What is wrong. */
    public Code code() {
        return code;
    }
}
