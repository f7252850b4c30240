package io.shadowwrite.cli;

import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.DeadLetterContent;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Everything about one letter; row values only when asked for, because terminals are shared. */
@Command(name = "show", description = "Shows one dead letter.", mixinStandardHelpOptions = true)
final class DlqShowCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    ApiOptions api = new ApiOptions();

    @Parameters(paramLabel = "LETTER", description = "Its number.")
    long letter;

    @Option(names = "--values", description = "Show what the source sent and the writes: values of rows.")
    boolean values;

    @Override
    public Integer call() {
        DeadLetterContent content = api.connect().deadLetter(letter);
        DeadLetter found = content.letter();
        DeadLetterContent shown = values ? content : new DeadLetterContent(found, content.behind(), null, null, null);

        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION,
                        "dlq show",
                        found.state().name(),
                        found.detail(),
                        shown,
                        List.of(found.problem()),
                        List.of()),
                out -> LettersTable.print(out, content, values));
        return ExitCode.DONE.code();
    }
}
