package io.shadowwrite.delivery;

import io.shadowwrite.program.StartFailure;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.replication.StreamProblem;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** A reader's thread as a part of the program: started once the program stands, stopped first. */
public final class ReaderThread implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ReaderThread.class);

    /** What an interrupted reader needs to close its stream. */
    private static final Duration CLOSE_BOUND = Duration.ofMillis(2500);

    private final String name;
    private final boolean disabled;
    private final SourceChecks checks;
    private final Runnable loop;
    private final StopSignal stop;
    private final Duration stopWithin;

    private @Nullable Thread thread;

    /**
     * @param disabled whether the program stays up without reading anything
     * @param stopWithin how long the call in flight may still take when the program stops
     */
    public ReaderThread(
            String name, boolean disabled, SourceChecks checks, Runnable loop, StopSignal stop, Duration stopWithin) {
        this.name = name;
        this.disabled = disabled;
        this.checks = checks;
        this.loop = loop;
        this.stop = stop;
        this.stopWithin = stopWithin;
    }

    @Override
    public boolean isAutoStartup() {
        if (disabled) {
            LOG.info("shadow.disabled is set: nothing is read");
        }
        return !disabled;
    }

    /**
     * Starts the thread.
     *
     * @throws StartFailure when the source does not let us in or cannot be decoded
     */
    @Override
    public void start() {
        try {
            List<String> problems = checks.server();
            if (!problems.isEmpty()) {
                throw new StartFailure(ExitCode.UNREACHABLE, String.join(" | ", problems), null);
            }
        } catch (StreamProblem problem) {
            throw new StartFailure(ExitCode.UNREACHABLE, String.valueOf(problem.getMessage()), problem);
        }
        thread = Thread.ofPlatform().name(name).start(loop);
    }

    /** Lets the call in flight end, confirms what it applied, and closes the stream. */
    @Override
    public void stop() {
        Thread running = thread;
        thread = null;
        if (running == null) {
            return;
        }
        stop.raise();
        try {
            if (!running.join(stopWithin)) {
                LOG.warn("{} is still waiting for an answer and is interrupted; it will be sent again", name);
                running.interrupt();
                running.join(CLOSE_BOUND);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }
}
