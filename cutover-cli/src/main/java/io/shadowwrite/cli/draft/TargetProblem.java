package io.shadowwrite.cli.draft;

import java.sql.SQLException;

/** The target cannot be asked; the message says why and what to do. */
public final class TargetProblem extends RuntimeException {

    private TargetProblem(String message, SQLException cause) {
        super(message, cause);
    }

    /**
     * Names what the target answered.
     *
     * @param action what was tried: "connecting to the target"
     */
    public static TargetProblem of(String action, SQLException cause) {
        String state = cause.getSQLState() == null ? "" : cause.getSQLState();
        String first = String.valueOf(cause.getMessage()).lines().findFirst().orElse("no message");
        return new TargetProblem("%s failed (SQLSTATE %s): %s. %s".formatted(action, state, first, fix(state)), cause);
    }

    private static String fix(String state) {
        if (state.equals("3D000")) {
            return "Check the database's name at the end of --target-url";
        }
        if (state.startsWith("28")) {
            return "Check --target-user, SHADOW_TARGET_PASSWORD and pg_hba.conf";
        }
        if (state.equals("42501")) {
            return "Give --target-user the privilege that is named";
        }
        return state.startsWith("08") || state.startsWith("57P") || state.equals("53300")
                ? "Check --target-url, and that the target is up and reachable"
                : "See the server log of the target";
    }
}
