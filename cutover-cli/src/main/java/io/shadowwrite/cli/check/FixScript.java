package io.shadowwrite.cli.check;

import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.cli.draft.SourceFit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What SQL can mend, as a script for psql that somebody reads before running it: each side after a \connect to it, as the
 * user of the session. What only warns, and what SQL cannot mend, is a comment.
 */
public final class FixScript {

    /** A window can be opened without it, and it may hold for more than this suite: somebody decides. */
    private static final String PROPOSAL = "--   if you decide so: ";

    private final List<String> lines = new ArrayList<>();

    private FixScript() {}

    /** The lines of the script for both sides, each reached by its psql connection string without user. */
    public static List<String> of(List<Finding> findings, String source, String target) {
        FixScript script = new FixScript();
        script.lines.add("-- Printed by preflight, and not run by it. Read it, then run it with psql as a superuser.");
        script.lines.add("\\set ON_ERROR_STOP on");
        script.side(Side.SOURCE, source, findings);
        script.side(Side.TARGET, target, findings);
        return List.copyOf(script.lines);
    }

    private void side(Side side, String address, List<Finding> findings) {
        List<Finding> own =
                findings.stream().filter(finding -> finding.side() == side).toList();
        if (own.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("\\connect -reuse-previous=on \"%s\"".formatted(address));
        lines.add(SourceFit.LOCK_BOUND);
        Set<String> done = new LinkedHashSet<>();
        boolean reload = false;
        for (Finding finding : own) {
            lines.add("-- %s %s: %s".formatted(finding.severity(), finding.code(), inOneLine(finding.what())));
            String sql = finding.sql();
            if (sql == null) {
                lines.add("--   not by this script: %s".formatted(inOneLine(finding.fix())));
            } else if (done.add(sql)) {
                lines.add(finding.blocks() ? sql : PROPOSAL + inOneLine(sql));
                reload |= sql.startsWith("ALTER SYSTEM ");
            }
        }
        if (reload) {
            lines.add("SELECT pg_catalog.pg_reload_conf();");
        }
    }

    /** A name may hold a line feed, and what follows it would no longer be a comment. */
    private static String inOneLine(@Nullable String text) {
        return String.valueOf(text).replaceAll("\\R|\\p{Cntrl}", " ");
    }
}
