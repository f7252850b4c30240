package io.shadowwrite.cli;

import io.shadowwrite.protocol.DeadLetterContent;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.LetterCorrection;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.WireJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;

/** Writes down what a replay shall apply in place of a letter's own writes; those are kept. Nothing is applied yet. */
@Command(
        name = "correct",
        description = {
            "Says what a replay of a dead letter shall apply instead of its own writes, which are kept.",
            "'dlq show LETTER --values --json' has them as data.writes: a list, to be changed and given back whole."
        },
        mixinStandardHelpOptions = true)
final class DlqCorrectCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    ApiOptions api = new ApiOptions();

    @Mixin
    DecisionOptions decision = new DecisionOptions();

    @Parameters(paramLabel = "LETTER", description = "Its number.")
    long letter;

    @Option(
            names = "--writes",
            paramLabel = "FILE",
            required = true,
            description = "A JSON list of writes, all of them; an empty list applies nothing.")
    Path writes = Path.of("");

    @Override
    public Integer call() {
        DeadLetterContent content =
                api.connectAsOperator().correct(letter, new LetterCorrection(decision.who, read(), decision.reason));
        String reason = "letter %d: a replay applies the %d corrected write(s)"
                .formatted(
                        letter,
                        content.corrected() == null ? 0 : content.corrected().size());
        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION,
                        "dlq correct",
                        content.letter().state().name(),
                        reason,
                        new DeadLetterContent(content.letter(), content.behind(), null, null, null),
                        List.of(),
                        List.of("./shadow dlq replay %d --reason R".formatted(letter))),
                out -> out.println(reason));
        return ExitCode.DONE.code();
    }

    /** What is wrong with the file is told without the values in it. */
    private List<ShadowWrite> read() {
        try {
            return WireJson.mapper().readerForListOf(ShadowWrite.class).readValue(Files.readString(writes));
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.USAGE, "%s cannot be read: %s".formatted(writes, e.getMessage()), e);
        } catch (JacksonException e) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "%s is no list of writes (line %d): every write has %s"
                            .formatted(
                                    writes,
                                    e.getLocation() == null
                                            ? 0
                                            : e.getLocation().getLineNr(),
                                    "write_index, model, action, key, values and carry_from"),
                    null);
        }
    }
}
