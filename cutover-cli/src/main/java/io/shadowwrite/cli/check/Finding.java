package io.shadowwrite.cli.check;

import io.shadowwrite.contract.fit.Misfit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One thing that should be different before a window is opened.
 *
 * @param side where
 * @param severity how bad it is
 * @param code a stable name; that of a problem of the source where the runbook has one
 * @param pointer RFC 6901 pointer into the contract; empty when it is not about the contract
 * @param what what is wrong
 * @param fix what to do about it
 * @param sql the statements that do it, where some can; null otherwise
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Finding(
        Side side,
        Severity severity,
        String code,
        String pointer,
        String what,
        String fix,
        @Nullable String sql) {

    /** Which database. */
    public enum Side {
        SOURCE,
        TARGET
    }

    /** How bad it is. */
    public enum Severity {
        /** A window that is opened like this halts, loses changes, or proves nothing. */
        BLOCKS,
        /** It costs something, or will fail one day; somebody should know. */
        WARNS
    }

    /** Something that keeps a window from being opened, which somebody has to mend. */
    static Finding blocks(Side side, String code, String what, String fix) {
        return new Finding(side, Severity.BLOCKS, code, "", what, fix, null);
    }

    /** Something to know. */
    static Finding warns(Side side, String code, String what, String fix) {
        return new Finding(side, Severity.WARNS, code, "", what, fix, null);
    }

    /** A disagreement of contract and database. */
    public static Finding of(Side side, Misfit misfit) {
        return new Finding(
                side,
                misfit.blocks() ? Severity.BLOCKS : Severity.WARNS,
                "CONTRACT_MISFIT",
                misfit.pointer(),
                misfit.what(),
                misfit.fix(),
                misfit.sql());
    }

    /** A side that cannot be asked. */
    public static Finding unreachable(Side side, String message) {
        return blocks(side, UNREACHABLE, message, "mend this first; nothing else could be looked at there");
    }

    /** The code of {@link #unreachable}. */
    public static final String UNREACHABLE = "UNREACHABLE";

    /** The same with the statements that mend it. */
    Finding mendedBy(String statements) {
        return new Finding(side, severity, code, pointer, what, fix, statements);
    }

    /** The same about a place of the contract. */
    Finding at(String place) {
        return new Finding(side, severity, code, place, what, fix, sql);
    }

    public boolean blocks() {
        return severity == Severity.BLOCKS;
    }
}
