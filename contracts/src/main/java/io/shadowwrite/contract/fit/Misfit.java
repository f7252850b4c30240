package io.shadowwrite.contract.fit;

import org.jspecify.annotations.Nullable;

/**
 * One way in which a contract and a live database do not fit.
 *
 * @param blocks whether changes would be lost or refused; otherwise it costs something, or may one day
 * @param pointer RFC 6901 pointer to what the contract says of it, or to where it would
 * @param what what is wrong
 * @param fix what to do about it
 * @param sql the statements that do it, where some can; null otherwise
 */
public record Misfit(
        boolean blocks,
        String pointer,
        String what,
        String fix,
        @Nullable String sql) {

    /** What somebody has to decide. */
    public static Misfit of(String pointer, String what, String fix) {
        return new Misfit(true, pointer, what, fix, null);
    }

    /** What these statements mend. */
    public static Misfit mended(String pointer, String what, String sql) {
        return new Misfit(true, pointer, what, "run: " + sql, sql);
    }

    /** The same, as something that can be lived with. */
    public Misfit tolerable() {
        return new Misfit(false, pointer, what, fix, sql);
    }

    @Override
    public String toString() {
        return what + "; " + fix;
    }
}
