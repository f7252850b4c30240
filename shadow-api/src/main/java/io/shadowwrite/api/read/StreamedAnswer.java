package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.api.problem.ProblemAdvice;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.RowStreamWriter;
import io.shadowwrite.protocol.ShadowProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer that goes out line by line. Before the first byte a failure has a status of its own, behind it the last line
 * tells it. Belongs to one request.
 */
final class StreamedAnswer {

    private static final Logger LOG = LoggerFactory.getLogger(StreamedAnswer.class);

    private final ReadDatabase database;
    private final String model;
    private final Supplier<OutputStream> body;
    private final long startNanos = System.nanoTime();

    private @Nullable RowStreamWriter writer;

    /** @param body asked for once everything is ready to go out */
    StreamedAnswer(ReadDatabase database, String model, Supplier<OutputStream> body) {
        this.database = database;
        this.model = model;
        this.body = body;
    }

    /**
     * Lets all of it be written, or as much as goes and then why not more.
     *
     * @throws RuntimeException of the work, while nothing was written
     */
    void run(Runnable work) {
        try {
            work.run();
        } catch (UncheckedIOException gone) {
            LOG.info("A reader of model {} left before the end", model);
        } catch (RuntimeException failure) {
            if (writer == null) {
                throw failure;
            }
            tell(writer, ProblemAdvice.problemOf(failure));
        }
    }

    private static void tell(RowStreamWriter writer, ShadowProblem problem) {
        try {
            writer.problem(problem);
        } catch (IOException gone) {
            // Without its last line the stream is not whole either.
            LOG.info("A stream broke off: {}", problem.getMessage());
        }
    }

    /** From here on bytes go out. */
    RowStreamWriter begin() {
        RowStreamWriter begun = new RowStreamWriter(body.get());
        writer = begun;
        return begun;
    }

    /** Ends a stream that is read too slowly: its snapshot holds up the vacuum of the target. */
    void checkTime() {
        if (System.nanoTime() - startNanos > database.limits().scanTimeout().toNanos()) {
            throw new ShadowProblem(
                    ProblemType.READ_TOO_LONG,
                    "the stream was ended after %d s; read it faster, or raise shadow.read.scan-timeout"
                            .formatted(database.limits().scanTimeout().toSeconds()));
        }
    }
}
