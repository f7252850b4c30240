package io.shadowwrite.cli;

import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.DeadLetterPage;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.LetterFilter;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ShadowApi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads letters page by page; nothing is changed. */
@Command(name = "list", description = "Lists dead letters by their number.", mixinStandardHelpOptions = true)
final class DlqListCommand implements Callable<Integer> {

    private static final int LONGEST_PAGE = 1_000;

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    ApiOptions api = new ApiOptions();

    @Mixin
    LetterQuery query = new LetterQuery();

    @Option(names = "--state", description = "${COMPLETION-CANDIDATES} (default: OPEN).", defaultValue = "OPEN")
    LetterState state = LetterState.OPEN;

    @Option(names = "--any-state", description = "Whatever became of them.")
    boolean anyState;

    @Option(names = "--limit", description = "Most letters to show (default: ${DEFAULT-VALUE}).", defaultValue = "100")
    int limit = 100;

    @Override
    public Integer call() {
        if (limit < 1) {
            throw CommandFailed.usage("--limit is at least 1");
        }
        ShadowApi connected = api.connect();
        LetterFilter filter = query.filter(anyState ? null : state);
        List<DeadLetter> letters = new ArrayList<>();
        @Nullable Long after = null;
        do {
            DeadLetterPage page = page(connected, filter, after, Math.min(LONGEST_PAGE, limit - letters.size()));
            letters.addAll(page.letters());
            after = page.next();
        } while (after != null && letters.size() < limit);
        print(letters, after != null);
        return ExitCode.DONE.code();
    }

    private static DeadLetterPage page(ShadowApi api, LetterFilter filter, @Nullable Long after, int limit) {
        return api.deadLetters(
                filter.state(),
                filter.letterClass(),
                filter.sourceTable(),
                filter.sourceKey(),
                filter.problem(),
                filter.fromLsn(),
                filter.toLsn(),
                after,
                limit);
    }

    private void print(List<DeadLetter> letters, boolean more) {
        String summary = "%d letter(s)%s".formatted(letters.size(), more ? ", and there are more: --limit" : "");
        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION, "dlq list", more ? "CUT" : "DONE", summary, letters, List.of(), List.of()),
                out -> {
                    LettersTable.print(out, letters);
                    out.println(summary);
                });
    }
}
